//! Bytes to a device and back: a node or file, a TCP peer, a serial line.
//!
//! Promises, for each of them:
//! - nothing waits beyond its deadline, also when the device takes nothing any more;
//! - `taken` counts what the device took, as far as the system under us can tell, also on failure.

mod file;
mod serial;
mod tcp;
pub(crate) mod usb;

use std::io;
use std::time::{Duration, Instant};

use crate::device::Device;

/// A way to a device, open.
pub(crate) trait Link: Send {
    /// Hands all of `bytes` to the system under us by `deadline`.
    fn send(&mut self, bytes: &[u8], deadline: Instant) -> io::Result<()>;

    /// Waits until the device has taken everything sent.
    fn settle(&mut self, deadline: Instant) -> io::Result<()>;

    /// How many bytes were handed over on this link. Any of them may have reached the device.
    fn written(&self) -> usize;

    /// How many of them the device has taken, as far as is known.
    fn taken(&mut self) -> usize;

    /// Puts what the device said into `buffer`. `Ok(0)`: nothing came by `deadline`.
    fn receive(&mut self, buffer: &mut [u8], deadline: Instant) -> io::Result<usize>;

    /// Ends the job in order. A link that does not stay open hears here of a device that gave up.
    fn finish(&mut self, deadline: Instant) -> io::Result<()>;

    /// Whether a device on this link can say anything at all.
    fn two_way(&self) -> bool;

    /// Whether the link stays open between jobs.
    fn stays(&self) -> bool;
}

/// Opens the way to a device. `None`: bytes do not go to this one.
pub(crate) fn connect(device: &Device, deadline: Instant) -> io::Result<Option<Box<dyn Link>>> {
    Ok(match device {
        Device::Preview | Device::None => None,
        Device::File(path) => Some(Box::new(file::FileLink::open(path)?)),
        Device::Usb(id) => Some(Box::new(file::FileLink::open(&usb::node(id)?)?)),
        Device::Tcp(address) => Some(Box::new(tcp::TcpLink::connect(address, deadline)?)),
        Device::Serial { path, baud, flow } => {
            Some(Box::new(serial::SerialLink::open(path, *baud, *flow)?))
        }
    })
}

/// The time left, or the error that says there is none.
fn time_left(deadline: Instant) -> io::Result<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(io::ErrorKind::TimedOut.into());
    }
    Ok(left)
}

/// A read whose time ran out is an answer too: nothing came.
fn nothing_came(outcome: io::Result<usize>) -> io::Result<usize> {
    match outcome {
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted
            ) =>
        {
            Ok(0)
        }
        outcome => outcome,
    }
}
