//! A keyboard scanner, read below the desktop: exclusively, so that its scans reach no window.

use std::io;
use std::path::Path;
use std::time::Duration;

use evdev::raw_stream::RawDevice;
use evdev::{EventSummary, KeyCode, SynchronizationCode};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::UsbId;
use super::keys::{Keys, LOST};

/// A scanner's event files, grabbed.
#[derive(Debug)]
pub(super) struct Keyboard {
    nodes: Vec<RawDevice>,
    keys: Keys,
    /// Events were lost; those up to the next report belong to them.
    dropped: bool,
}

impl Keyboard {
    /// Grabs every event file of the scanner that types; it is released when this is dropped.
    /// Fails with `ResourceBusy` while another program has it.
    pub(super) fn open(id: &UsbId) -> io::Result<Self> {
        let mut nodes = Vec::new();
        for path in id.keyboards(Path::new("/sys"))? {
            let mut node = RawDevice::open(path)?;
            // A scanner may also be a mouse or have a volume knob, to the kernel.
            let types = |keys: &evdev::AttributeSetRef<KeyCode>| {
                keys.contains(KeyCode::KEY_ENTER) && keys.contains(KeyCode::KEY_0)
            };
            if node.supported_keys().is_some_and(types) {
                node.grab()?;
                nodes.push(node);
            }
        }
        match nodes.is_empty() {
            true => Err(io::ErrorKind::NotFound.into()),
            false => Ok(Self {
                nodes,
                keys: Keys::default(),
                dropped: false,
            }),
        }
    }

    /// What was typed. Fails with `TimedOut` when nothing came within `wait`.
    pub(super) fn read(&mut self, wait: Duration) -> io::Result<Vec<u8>> {
        let timeout = Timespec {
            tv_sec: wait.as_secs().try_into().unwrap_or(i64::MAX),
            tv_nsec: wait.subsec_nanos().into(),
        };
        let mut ready: Vec<PollFd<'_>> = self
            .nodes
            .iter()
            .map(|node| PollFd::new(node, PollFlags::IN))
            .collect();
        if poll(&mut ready, Some(&timeout))? == 0 {
            return Err(io::ErrorKind::TimedOut.into());
        }
        let ready: Vec<bool> = ready.iter().map(|fd| !fd.revents().is_empty()).collect();
        let mut bytes = Vec::new();
        for (node, _) in self.nodes.iter_mut().zip(ready).filter(|(_, ready)| *ready) {
            // An unplugged one is ready, and its reading fails.
            for event in node.fetch_events()? {
                match event.destructure() {
                    EventSummary::Synchronization(_, SynchronizationCode::SYN_DROPPED, _) => {
                        self.dropped = true;
                        self.keys = Keys::default();
                        bytes.push(LOST);
                    }
                    EventSummary::Synchronization(_, SynchronizationCode::SYN_REPORT, _) => {
                        self.dropped = false;
                    }
                    EventSummary::Key(_, key, value @ (0 | 1)) if !self.dropped => {
                        bytes.extend(self.keys.take(key, value == 1));
                    }
                    _ => {}
                }
            }
        }
        Ok(bytes)
    }
}
