//! Printing a job: the one trait that the kiosk asks of a ticket printer, and its errors.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use rustix::io::Errno;
use thiserror::Error;

use crate::ability::Abilities;
use crate::answer::Condition;
use crate::device::Device;
use crate::driver::Driver;
use crate::escpos;
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
/// A printer answers questions about itself in milliseconds, unless something is in the way.
pub const ANSWER_MS_MAX: u64 = 700;
/// Letters in a job name, well within what file systems allow.
const JOB_NAME_CHARS_MAX: usize = 100;

/// What the kiosk asks of a ticket printer, and no more.
pub trait TicketPrinter: Send {
    /// Prints and cuts one slip.
    fn print(&mut self, job: &Job) -> Result<Printout, PrintError>;

    /// How it fares, without moving paper. Brings it back from errors that it can be brought
    /// back from.
    fn look(&mut self) -> Condition;

    /// What it was found to do; `None` until it was asked. `probe` asks anew.
    fn abilities(&mut self, probe: bool) -> Option<Abilities>;
}

/// A slip to print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Names the job in the preview folder, such as "A012-01J…": 1 to 100 letters, digits, '-', '_'.
    pub name: String,
    /// What to print.
    pub slip: Slip,
}

/// A slip that is out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Printout {
    /// What is known of it.
    pub paper: Paper,
    /// Length of paper that it took.
    pub mm: f32,
}

/// What is known of the paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// The device confirmed it.
    Printed,
    /// The device took every byte and cannot confirm more.
    Sent,
}

/// A job that is not known to be out.
#[derive(Debug, Error)]
#[error("{cause}, after {accepted} bytes")]
pub struct PrintError {
    /// Bytes of the slip that the device is known to have taken.
    pub accepted: usize,
    /// Whether any byte of the slip may have reached the device. If none did there is no paper;
    /// else there may be a torn slip, or a whole one that nobody confirmed.
    pub begun: bool,
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
    /// The device told what is wrong with it.
    #[error("the printer says {}", .0.as_str())]
    Told(Condition),
    /// The device took the slip and did not confirm it in time, though it can.
    #[error("the printer did not confirm the slip in time")]
    Unconfirmed,
    /// The device was off for a moment while it printed: it missed questions.
    #[error("the printer was interrupted while it printed")]
    Interrupted,
    /// The slip itself cannot be printed; trying again is no use.
    #[error("the slip cannot be printed: {0}")]
    Slip(#[from] SlipError),
    /// Anything else between here and the paper.
    #[error("the printer could not be written to: {0}")]
    Io(io::Error),
}

impl Cause {
    /// Its name in journal and API.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::NoPrinter => "no-printer",
            Self::Unplugged(_) => Condition::Unplugged.as_str(),
            Self::TimedOut => "timed-out",
            Self::Told(condition) => condition.as_str(),
            Self::Unconfirmed => "unconfirmed",
            Self::Interrupted => "interrupted",
            Self::Slip(_) => "bad-slip",
            Self::Io(_) => "write-failed",
        }
    }

    /// How the device fares, as far as this cause tells.
    pub fn condition(&self) -> Option<Condition> {
        match self {
            Self::Told(condition) => Some(*condition),
            Self::Unplugged(_) | Self::Io(_) => Some(Condition::Unplugged),
            Self::TimedOut => Some(Condition::Offline),
            Self::Unconfirmed | Self::Interrupted => Some(Condition::Silent),
            Self::NoPrinter | Self::Slip(_) => None,
        }
    }
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

/// Which printer, and what is known of it.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Where slips go.
    pub device: Device,
    /// What the model can do.
    pub profile: Profile,
    /// Letters.
    pub faces: Faces,
    /// Where the preview keeps its pictures.
    pub previews: PathBuf,
    /// What this very printer was found to do; `None`: it is asked when it is first met.
    pub abilities: Option<Abilities>,
    /// Whether an earlier run may have left a slip half way.
    pub torn: bool,
    /// How long one slip may take, at most.
    pub patience: Duration,
    /// How long an answer may take.
    pub answer: Duration,
}

impl Setup {
    /// A printer that nothing is known of yet.
    pub fn new(device: Device, profile: Profile, faces: Faces) -> Self {
        Self {
            device,
            profile,
            faces,
            previews: PathBuf::from("slips"),
            abilities: None,
            torn: false,
            patience: Duration::from_secs(PRINT_SECONDS_MAX),
            answer: Duration::from_millis(ANSWER_MS_MAX),
        }
    }
}

/// The printer behind a device. Nothing has to be reopened after a fault: it is looked for again
/// with every job. A device that is not there shows with the first job or look.
pub fn open(setup: Setup) -> Box<dyn TicketPrinter> {
    match setup.device {
        Device::None => Box::new(NoPrinter),
        Device::Preview => Box::new(PreviewPrinter {
            preview: Preview::into_folder(&setup.previews),
            profile: setup.profile,
            faces: setup.faces,
        }),
        Device::File(_) | Device::Usb(_) | Device::Tcp(_) | Device::Serial { .. } => {
            Box::new(Driver::new(setup))
        }
    }
}

/// The sheet of a job, or why it can never be printed.
pub(crate) fn composed(job: &Job, profile: &Profile, faces: &Faces) -> Result<Sheet, PrintError> {
    let untouched = |error: SlipError| PrintError {
        accepted: 0,
        begun: false,
        cause: error.into(),
    };
    if !file_name_safe(&job.name) {
        return Err(untouched(SlipError::JobName));
    }
    Sheet::compose(&job.slip, profile, faces).map_err(untouched)
}

struct NoPrinter;

impl TicketPrinter for NoPrinter {
    fn print(&mut self, _job: &Job) -> Result<Printout, PrintError> {
        Err(PrintError {
            accepted: 0,
            begun: false,
            cause: Cause::NoPrinter,
        })
    }

    fn look(&mut self) -> Condition {
        Condition::Unplugged
    }

    fn abilities(&mut self, _probe: bool) -> Option<Abilities> {
        None
    }
}

struct PreviewPrinter {
    preview: Preview,
    profile: Profile,
    faces: Faces,
}

impl TicketPrinter for PreviewPrinter {
    fn print(&mut self, job: &Job) -> Result<Printout, PrintError> {
        let sheet = composed(job, &self.profile, &self.faces)?;
        let (picture, bytes) = (sheet.picture(), escpos::bytes(&sheet));
        let kept = self.preview.keep(&job.name, &picture.png(), &bytes);
        kept.map_err(|error| PrintError {
            accepted: 0,
            begun: false,
            cause: Cause::Io(error),
        })?;
        Ok(Printout {
            paper: Paper::Sent,
            mm: self.profile.paper_mm(picture.rows()),
        })
    }

    fn look(&mut self) -> Condition {
        Condition::Ready
    }

    fn abilities(&mut self, _probe: bool) -> Option<Abilities> {
        Some(Abilities::default())
    }
}

fn file_name_safe(name: &str) -> bool {
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=JOB_NAME_CHARS_MAX).contains(&name.len()) && name.bytes().all(safe)
}
