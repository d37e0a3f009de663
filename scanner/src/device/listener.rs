//! Listens to one scanner for as long as the program runs.
//!
//! A scanner that is unplugged, switched off or taken by another program is reported once
//! and tried again every second, for ever: a lost scanner never stops anything.
//!
//! `run` blocks, so it has a thread of its own. It writes nothing to the device and leaves
//! its modem lines alone: a scanner needs neither, and a pty or a cheap adapter answers such
//! requests with an error.

use std::io::{self, Read};
use std::time::{Duration, Instant};

use serialport::{SerialPort, TTYPort};
use tracing::debug;

use super::keyboard::Keyboard;
use super::{Connection, Device, Stop};
use crate::framing::{Frame, Framer, Framing};

/// How often a scanner that is away is tried.
const RETRY: Duration = Duration::from_secs(1);
/// Longest wait for a byte while a frame is half read: well below the idle gap.
const WAIT_IN_FRAME: Duration = Duration::from_millis(20);
/// Longest wait between frames. A byte ends it at once, so it only bounds how late a stop
/// is noticed; a shorter one would wake a Pi for nothing all day.
const WAIT_BETWEEN_FRAMES: Duration = Duration::from_millis(200);
/// Bytes taken at once: a scan is below 256, and more stays in the kernel until the next read.
const READ_BYTES: usize = 256;

/// What a listener has to tell.
#[derive(Debug)]
pub enum Event {
    /// The scanner is there: at the start, and each time it comes back.
    Found,
    /// The scanner is away, and why; said once until it is found.
    Lost(io::Error),
    /// Something was scanned.
    Frame(Frame),
}

/// One scanner, there or not.
#[derive(Debug)]
pub struct Listener {
    device: Device,
    port: Option<Port>,
}

/// A scanner that is there.
#[derive(Debug)]
enum Port {
    Serial(TTYPort),
    Keyboard(Keyboard),
}

impl Port {
    /// What it sent. Fails with `TimedOut` when nothing came within `wait`, with anything else
    /// when it is gone.
    fn read(&mut self, wait: Duration) -> io::Result<Vec<u8>> {
        match self {
            Self::Keyboard(keyboard) => keyboard.read(wait),
            Self::Serial(port) => {
                port.set_timeout(wait)?;
                let mut buffer = [0; READ_BYTES];
                match port.read(&mut buffer)? {
                    // A device that hung up reads as an endless end of file.
                    0 => Err(io::ErrorKind::UnexpectedEof.into()),
                    count => Ok(buffer[..count].to_vec()),
                }
            }
        }
    }
}

impl Listener {
    /// For a scanner that may be plugged in later.
    pub fn new(device: Device) -> Self {
        Self { device, port: None }
    }

    /// For a scanner that must be there now, as a self test asks.
    pub fn open(device: Device) -> io::Result<Self> {
        let port = Some(open(&device)?);
        Ok(Self { device, port })
    }

    /// Reports until `stop` is requested. The first event is `Found` or `Lost`.
    pub fn run(mut self, stop: &Stop, mut report: impl FnMut(Event)) {
        let mut lost = false;
        while !stop.is_requested() {
            let opened = match self.port.take() {
                Some(port) => Ok(port),
                None => open(&self.device),
            };
            let cause = match opened {
                Ok(port) => {
                    report(Event::Found);
                    lost = false;
                    match listen(port, self.device.framing, stop, &mut report) {
                        Some(cause) => cause,
                        None => return,
                    }
                }
                Err(cause) => cause,
            };
            if lost {
                debug!(device = %self.device, %cause, "Scanner is still away");
            } else {
                report(Event::Lost(cause));
                lost = true;
            }
            stop.wait(RETRY);
        }
    }
}

/// Exclusive: a second reader would take bytes out of the middle of a code.
fn open(device: &Device) -> io::Result<Port> {
    match &device.connection {
        Connection::Serial { line, baud } => {
            let path = line.path()?.to_string_lossy().into_owned();
            Ok(Port::Serial(serialport::new(path, *baud).open_native()?))
        }
        Connection::Hid(id) => Ok(Port::Keyboard(Keyboard::open(id)?)),
    }
}

/// Listens until the port fails, which is the answer, or a stop, which is `None`. Closes the
/// port: one held open after an unplug makes the kernel give the scanner another name.
fn listen(
    mut port: Port,
    framing: Framing,
    stop: &Stop,
    report: &mut impl FnMut(Event),
) -> Option<io::Error> {
    // One framer per plugging in: the next scanner in this place may send another suffix.
    let mut framer = Framer::new(framing);
    let start = Instant::now();
    let cause = loop {
        if stop.is_requested() {
            return None;
        }
        let wait = if framer.is_pending() {
            WAIT_IN_FRAME
        } else {
            WAIT_BETWEEN_FRAMES
        };
        let before_ms = elapsed_ms(start);
        match port.read(wait) {
            Ok(bytes) => {
                for frame in framer.push(&bytes, elapsed_ms(start)) {
                    report(Event::Frame(frame));
                }
            }
            // The time before the wait, not after it: should this thread be woken late, bytes
            // may have come since, and their frame must not be cut. A silence so only ever
            // looks shorter than it was.
            Err(cause) if cause.kind() == io::ErrorKind::TimedOut => {
                if let Some(frame) = framer.poll(before_ms) {
                    report(Event::Frame(frame));
                }
            }
            // A signal to the program is no news of the scanner.
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
            Err(cause) => break cause,
        }
    };
    if let Some(half) = framer.abandon() {
        report(Event::Frame(half));
    }
    Some(cause)
}

fn elapsed_ms(start: Instant) -> u64 {
    u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX)
}
