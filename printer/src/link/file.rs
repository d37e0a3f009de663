//! A device node such as `/dev/usb/lp0`, or a plain file.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;
use std::time::Instant;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;
use rustix::io::Errno;

use super::{Link, nothing_came, time_left};

/// Half of what the kernel's USB printer driver takes at once.
const CHUNK_BYTES: usize = 4096;

pub(crate) struct FileLink {
    file: File,
    /// A character device: a printer that may answer.
    device: bool,
    written: usize,
    taken: usize,
    /// usblp answers a write at once and transfers afterwards. Only when it is ready again has
    /// the printer taken the chunk, and closing before that would throw the chunk away.
    under_way: usize,
}

impl FileLink {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let device = path
            .metadata()
            .is_ok_and(|found| found.file_type().is_char_device());
        let file = OpenOptions::new()
            .append(true)
            .read(device)
            // A plain file may begin here. A missing node may not: with its printer unplugged,
            // /dev would get a file of that name, and the printer would never be found again.
            .create(!path.starts_with("/dev"))
            .custom_flags(OFlags::NONBLOCK.bits() as i32)
            .open(path)?;
        Ok(Self {
            file,
            device,
            written: 0,
            taken: 0,
            under_way: 0,
        })
    }

    fn wait(&self, wanted: PollFlags, deadline: Instant) -> io::Result<()> {
        loop {
            let timeout = Timespec::try_from(time_left(deadline)?).ok();
            let mut polled = [PollFd::new(&self.file, wanted)];
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
    fn send(&mut self, bytes: &[u8], deadline: Instant) -> io::Result<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            self.settle(deadline)?;
            match self.file.write(&rest[..rest.len().min(CHUNK_BYTES)]) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => {
                    self.under_way = count;
                    self.written += count;
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
        Ok(())
    }

    fn settle(&mut self, deadline: Instant) -> io::Result<()> {
        self.wait(PollFlags::OUT, deadline)?;
        self.taken += std::mem::take(&mut self.under_way);
        Ok(())
    }

    fn written(&self) -> usize {
        self.written
    }

    fn taken(&mut self) -> usize {
        self.taken
    }

    fn receive(&mut self, buffer: &mut [u8], deadline: Instant) -> io::Result<usize> {
        if !self.device {
            return Ok(0);
        }
        // First what is there already, also when the time is up.
        match nothing_came(self.file.read(buffer))? {
            0 => match nothing_came(self.wait(PollFlags::IN, deadline).map(|()| 1))? {
                0 => Ok(0),
                _ => nothing_came(self.file.read(buffer)),
            },
            count => Ok(count),
        }
    }

    fn finish(&mut self, deadline: Instant) -> io::Result<()> {
        self.settle(deadline)
    }

    fn two_way(&self) -> bool {
        self.device
    }

    fn stays(&self) -> bool {
        self.device
    }
}
