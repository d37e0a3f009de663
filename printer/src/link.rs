//! Bytes to a device: a node or file, a TCP peer, a serial line.
//!
//! Promises, for each of them:
//! - a job ends by its deadline, also when the device takes nothing any more;
//! - `taken` counts what the device took, as far as the system under us can tell, also on failure.

mod file;
mod serial;
mod tcp;

use std::io;
use std::time::{Duration, Instant};

use crate::device::Device;

/// A way to a device, open for one job.
pub(crate) trait Link {
    /// Hands all of `bytes` over by `deadline`, adding to `taken` as the device takes them.
    fn send(&mut self, bytes: &[u8], deadline: Instant, taken: &mut usize) -> io::Result<()>;
}

/// Opens the way to a device. `None`: bytes do not go to this one.
pub(crate) fn connect(device: &Device, deadline: Instant) -> io::Result<Option<Box<dyn Link>>> {
    Ok(match device {
        Device::Preview | Device::None => None,
        Device::File(path) => Some(Box::new(file::FileLink::open(path)?)),
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
