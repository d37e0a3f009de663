//! Printing a job: the one trait that the kiosk asks of a ticket printer, and its errors.

use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::io::Errno;
use thiserror::Error;
use tracing::debug;

use crate::device::Device;
use crate::escpos;
use crate::link;
use crate::preview::Preview;
use crate::profile::Profile;
use crate::sheet::Sheet;
use crate::slip::{Slip, SlipError};
use crate::type_case::Faces;

/// The preview folder keeps so many slips: a busy day, and never a full card.
pub const PREVIEWS_MAX: usize = 500;
/// A slip is out by then or has failed. A long one takes 20 s on a line of 9600 baud; a printer
/// that is waiting for paper is not worth more of a citizen's time.
pub const PRINT_SECONDS_MAX: u64 = 30;
/// Letters in a job name, well within what file systems allow.
const JOB_NAME_CHARS_MAX: usize = 100;

/// What the kiosk asks of a ticket printer, and no more.
pub trait TicketPrinter: Send {
    /// Prints and cuts one slip.
    fn print(&mut self, job: &Job) -> Result<Paper, PrintError>;
}

/// A slip to print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Names the job in the preview folder, such as "A012-01J…": 1 to 100 letters, digits, '-', '_'.
    pub name: String,
    /// What to print.
    pub slip: Slip,
}

/// What is known of the paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// The device took every byte and cannot confirm more.
    Sent,
}

/// A job that did not get out.
#[derive(Debug, Error)]
#[error("{cause}, after {accepted} bytes")]
pub struct PrintError {
    /// Bytes that the device took before. With none of them there is no paper; with some there may
    /// be a torn slip.
    pub accepted: usize,
    /// What went wrong.
    pub cause: Cause,
}

/// What went wrong, by what a caller does about it.
#[derive(Debug, Error)]
pub enum Cause {
    /// The office has none: nothing to repair and nothing to try again.
    #[error("no printer is configured")]
    NoPrinter,
    /// The device is not there: switched off, unplugged, or under another name.
    #[error("the printer is not there: {0}")]
    Unplugged(io::Error),
    /// The device takes nothing any more: out of paper, cover open, or hung.
    #[error("the printer did not take the slip in time")]
    TimedOut,
    /// The slip itself cannot be printed; trying again is no use.
    #[error("the slip cannot be printed: {0}")]
    Slip(#[from] SlipError),
    /// Anything else between here and the paper.
    #[error("the printer could not be written to: {0}")]
    Io(io::Error),
}

impl From<io::Error> for Cause {
    fn from(error: io::Error) -> Self {
        use io::ErrorKind::{
            BrokenPipe, ConnectionRefused, HostUnreachable, NetworkUnreachable, NotFound, TimedOut,
        };
        match error.kind() {
            TimedOut => Self::TimedOut,
            // A broken pipe is how a serial adapter says that it was pulled out.
            NotFound | ConnectionRefused | HostUnreachable | NetworkUnreachable | BrokenPipe => {
                Self::Unplugged(error)
            }
            _ => match Errno::from_io_error(&error) {
                Some(Errno::NXIO | Errno::NODEV) => Self::Unplugged(error),
                _ => Self::Io(error),
            },
        }
    }
}

/// The printer behind a device. It connects anew for every job, so nothing has to be reopened
/// after a fault; a device that is not there shows with the first job.
pub fn open(
    device: &Device,
    profile: &Profile,
    faces: &Faces,
    preview_folder: &Path,
) -> Box<dyn TicketPrinter> {
    let patience = Duration::from_secs(PRINT_SECONDS_MAX);
    open_within(device, profile, faces, preview_folder, patience)
}

/// As [`open`], with another time for one job than [`PRINT_SECONDS_MAX`].
pub fn open_within(
    device: &Device,
    profile: &Profile,
    faces: &Faces,
    preview_folder: &Path,
    patience: Duration,
) -> Box<dyn TicketPrinter> {
    Box::new(DevicePrinter {
        device: device.clone(),
        profile: profile.clone(),
        faces: *faces,
        preview: Preview::into_folder(preview_folder),
        patience,
        recovery: Vec::new(),
    })
}

struct DevicePrinter {
    device: Device,
    profile: Profile,
    faces: Faces,
    preview: Preview,
    patience: Duration,
    /// What the device needs before it understands anything again; empty unless a slip was torn.
    recovery: Vec<u8>,
}

impl TicketPrinter for DevicePrinter {
    fn print(&mut self, job: &Job) -> Result<Paper, PrintError> {
        let untouched = |cause| PrintError { accepted: 0, cause };
        if !file_name_safe(&job.name) {
            return Err(untouched(SlipError::JobName.into()));
        }
        let sheet = Sheet::compose(&job.slip, &self.profile, &self.faces)
            .map_err(|error| untouched(error.into()))?;
        match self.device {
            Device::None => Err(untouched(Cause::NoPrinter)),
            Device::Preview => {
                let (picture, bytes) = (sheet.picture().png(), escpos::bytes(&sheet));
                let kept = self.preview.keep(&job.name, &picture, &bytes);
                kept.map_err(|error| untouched(Cause::Io(error)))?;
                Ok(Paper::Sent)
            }
            Device::File(_) | Device::Tcp(_) | Device::Serial { .. } => self.send(job, &sheet),
        }
    }
}

impl DevicePrinter {
    fn send(&mut self, job: &Job, sheet: &Sheet) -> Result<Paper, PrintError> {
        let deadline = Instant::now() + self.patience;
        let mut bytes = self.recovery.clone();
        bytes.append(&mut escpos::bytes(sheet));
        let mut taken = 0;
        let outcome = link::connect(&self.device, deadline).and_then(|link| match link {
            Some(mut link) => link.send(&bytes, deadline, &mut taken),
            None => Ok(()),
        });
        let accepted = taken.saturating_sub(self.recovery.len());
        if let Err(error) = outcome {
            // Anything taken, even a part of an earlier recovery, leaves the device in the middle.
            if taken > 0 {
                let needed = escpos::recovery(sheet);
                if needed.len() > self.recovery.len() {
                    self.recovery = needed;
                }
            }
            return Err(PrintError {
                accepted,
                cause: error.into(),
            });
        }
        self.recovery.clear();
        debug!(job = %job.name, bytes = accepted, "Slip sent");
        Ok(Paper::Sent)
    }
}

fn file_name_safe(name: &str) -> bool {
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=JOB_NAME_CHARS_MAX).contains(&name.len()) && name.bytes().all(safe)
}
