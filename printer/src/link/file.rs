//! A device node such as `/dev/usb/lp0`, or a plain file.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Instant;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;
use rustix::io::Errno;

use super::{Link, time_left};

/// Half of what the kernel's USB printer driver takes at once.
const CHUNK_BYTES: usize = 4096;

pub(crate) struct FileLink(File);

impl FileLink {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new()
            .append(true)
            // A plain file may begin here. A missing node may not: with its printer unplugged,
            // /dev would get a file of that name, and the printer would never be found again.
            .create(!path.starts_with("/dev"))
            .custom_flags(OFlags::NONBLOCK.bits() as i32)
            .open(path)?;
        Ok(Self(file))
    }

    fn wait(&self, deadline: Instant) -> io::Result<()> {
        loop {
            let timeout = Timespec::try_from(time_left(deadline)?).ok();
            let mut polled = [PollFd::new(&self.0, PollFlags::OUT)];
            match poll(&mut polled, timeout.as_ref()) {
                Ok(0) => return Err(io::ErrorKind::TimedOut.into()),
                Ok(_)
                    if polled[0]
                        .revents()
                        .intersects(PollFlags::HUP | PollFlags::ERR) =>
                {
                    return Err(Errno::NODEV.into());
                }
                Ok(_) => return Ok(()),
                Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

impl Link for FileLink {
    fn send(&mut self, bytes: &[u8], deadline: Instant, taken: &mut usize) -> io::Result<()> {
        let mut rest = bytes;
        // usblp answers a write at once and transfers afterwards. Only when it is ready again has
        // the printer taken the chunk, and closing before that would throw the chunk away.
        let mut under_way = 0;
        loop {
            self.wait(deadline)?;
            *taken += std::mem::take(&mut under_way);
            if rest.is_empty() {
                return Ok(());
            }
            match self.0.write(&rest[..rest.len().min(CHUNK_BYTES)]) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => {
                    under_way = count;
                    rest = &rest[count..];
                }
                // Ready for less than a chunk counts as busy; the deadline still holds.
                Err(error)
                    if matches!(
                        error.kind(),
                        io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted
                    ) => {}
                Err(error) => return Err(error),
            }
        }
    }
}
