//! A printer on a serial line, or on a USB adapter that looks like one.

use std::io::{self, Write};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use serialport::{ClearBuffer, FlowControl, SerialPort, TTYPort};

use super::{Link, time_left};
use crate::device::Flow;

/// After its own wait the port writes blockingly, and the kernel promises room for 256 bytes only:
/// a larger piece to a printer that has stopped would hang for good.
const CHUNK_BYTES: usize = 64;
/// Between two looks at what the line still holds.
const LOOK_MS: u64 = 5;

pub(crate) struct SerialLink(TTYPort);

impl SerialLink {
    pub(crate) fn open(path: &Path, baud: u32, flow: Flow) -> io::Result<Self> {
        let flow = match flow {
            Flow::None => FlowControl::None,
            Flow::Hardware => FlowControl::Hardware,
            Flow::Software => FlowControl::Software,
        };
        let port = serialport::new(path.to_string_lossy(), baud).flow_control(flow);
        Ok(Self(TTYPort::open(&port)?))
    }

    fn write(
        &mut self,
        mut bytes: &[u8],
        deadline: Instant,
        written: &mut usize,
    ) -> io::Result<()> {
        while !bytes.is_empty() {
            self.0.set_timeout(time_left(deadline)?)?;
            match self.0.write(&bytes[..bytes.len().min(CHUNK_BYTES)]) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => {
                    *written += count;
                    bytes = &bytes[count..];
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Waits until the line is empty. Not by flushing: that has no deadline.
    fn drain(&self, deadline: Instant) -> io::Result<()> {
        while self.0.bytes_to_write()? > 0 {
            thread::sleep(time_left(deadline)?.min(Duration::from_millis(LOOK_MS)));
        }
        Ok(())
    }
}

impl Link for SerialLink {
    fn send(&mut self, bytes: &[u8], deadline: Instant, taken: &mut usize) -> io::Result<()> {
        let mut written = 0;
        let outcome = self
            .write(bytes, deadline, &mut written)
            .and_then(|()| self.drain(deadline));
        let mut waiting = 0;
        if outcome.is_err() {
            waiting = self.0.bytes_to_write().unwrap_or(0) as usize;
            // What a stopped printer did not take would hold up closing for half a minute. Where
            // the line is gone there is nothing to clear.
            let _ = self.0.clear(ClearBuffer::Output);
        }
        *taken += written.saturating_sub(waiting);
        outcome
    }
}
