//! A printer on a serial line, or on a USB adapter that looks like one.

use std::io::{self, Read, Write};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use serialport::{ClearBuffer, FlowControl, SerialPort, TTYPort};

use super::{Link, nothing_came, time_left};
use crate::device::Flow;

/// After its own wait the port writes blockingly, and the kernel promises room for 256 bytes only:
/// a larger piece to a printer that has stopped would hang for good.
const CHUNK_BYTES: usize = 64;
/// Between two looks at what the line still holds.
const LOOK_MS: u64 = 5;

pub(crate) struct SerialLink {
    port: TTYPort,
    written: usize,
    /// The printer stopped taking bytes.
    stuck: bool,
}

impl SerialLink {
    pub(crate) fn open(path: &Path, baud: u32, flow: Flow) -> io::Result<Self> {
        let flow = match flow {
            Flow::None => FlowControl::None,
            Flow::Hardware => FlowControl::Hardware,
            Flow::Software => FlowControl::Software,
        };
        let port = serialport::new(path.to_string_lossy(), baud).flow_control(flow);
        Ok(Self {
            port: TTYPort::open(&port)?,
            written: 0,
            stuck: false,
        })
    }
}

impl SerialLink {
    fn write(&mut self, mut bytes: &[u8], deadline: Instant) -> io::Result<()> {
        while !bytes.is_empty() {
            self.port.set_timeout(time_left(deadline)?)?;
            match self.port.write(&bytes[..bytes.len().min(CHUNK_BYTES)]) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => {
                    self.written += count;
                    bytes = &bytes[count..];
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Not by flushing: that has no deadline.
    fn drain(&self, deadline: Instant) -> io::Result<()> {
        while self.port.bytes_to_write()? > 0 {
            thread::sleep(time_left(deadline)?.min(Duration::from_millis(LOOK_MS)));
        }
        Ok(())
    }
}

impl Link for SerialLink {
    fn send(&mut self, bytes: &[u8], deadline: Instant) -> io::Result<()> {
        self.stuck = true;
        self.write(bytes, deadline)?;
        self.stuck = false;
        Ok(())
    }

    fn settle(&mut self, deadline: Instant) -> io::Result<()> {
        self.stuck = true;
        self.drain(deadline)?;
        self.stuck = false;
        Ok(())
    }

    fn written(&self) -> usize {
        self.written
    }

    fn taken(&mut self) -> usize {
        // A line that is gone took what it took; the system does not know better.
        let waiting = self.port.bytes_to_write().unwrap_or(0) as usize;
        self.written.saturating_sub(waiting)
    }

    fn receive(&mut self, buffer: &mut [u8], deadline: Instant) -> io::Result<usize> {
        let left = deadline.saturating_duration_since(Instant::now());
        self.port.set_timeout(left)?;
        nothing_came(self.port.read(buffer))
    }

    fn finish(&mut self, deadline: Instant) -> io::Result<()> {
        self.settle(deadline)
    }

    fn two_way(&self) -> bool {
        true
    }

    fn stays(&self) -> bool {
        true
    }
}

impl Drop for SerialLink {
    fn drop(&mut self) {
        // What a stopped printer did not take would hold up closing for half a minute. Where the
        // line is gone there is nothing to clear.
        if self.stuck {
            let _ = self.port.clear(ClearBuffer::Output);
        }
    }
}
