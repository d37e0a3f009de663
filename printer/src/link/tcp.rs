//! A network printer on its raw port, usually 9100.
//!
//! Writing to a socket only fills this machine's buffer. What counts as taken is what the other
//! side acknowledged, which the kernel lists in `/proc/net/tcp`.

use std::fs;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream, ToSocketAddrs};
use std::thread;
use std::time::{Duration, Instant};

use super::{Link, nothing_came, time_left};

/// A printer that is switched on answers at once; the rest of the deadline belongs to its paper.
const CONNECT_SECONDS_MAX: u64 = 5;
/// Between two looks at what is acknowledged at most this much is written.
const CHUNK_BYTES: usize = 4096;
/// While waiting for the rest, between two looks at what is acknowledged.
const LOOK_MS: u64 = 5;
/// How long a printer that has everything may take to close its side. Many never do.
const CLOSE_MS_MAX: u64 = 300;

pub(crate) struct TcpLink {
    stream: TcpStream,
    local: SocketAddr,
    peer: SocketAddr,
    written: usize,
    taken: usize,
}

impl TcpLink {
    pub(crate) fn connect(address: &str, deadline: Instant) -> io::Result<Self> {
        let mut last = io::Error::from(io::ErrorKind::NotFound);
        for peer in address.to_socket_addrs()? {
            let timeout = time_left(deadline)?.min(Duration::from_secs(CONNECT_SECONDS_MAX));
            match TcpStream::connect_timeout(&peer, timeout) {
                Ok(stream) => {
                    stream.set_nodelay(true)?;
                    let local = stream.local_addr()?;
                    return Ok(Self {
                        stream,
                        local,
                        peer,
                        written: 0,
                        taken: 0,
                    });
                }
                // Nobody answered, not even with no: it is switched off.
                Err(error) if is_silence(&error) => last = io::ErrorKind::HostUnreachable.into(),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// Writes a chunk, of which the socket may take a part.
    fn write(&mut self, bytes: &[u8], deadline: Instant) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(time_left(deadline)?))?;
        match self.stream.write(bytes) {
            Ok(0) => Err(io::ErrorKind::WriteZero.into()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(0),
            Err(error) if is_silence(&error) => Err(io::ErrorKind::TimedOut.into()),
            // Closed by the other side; a broken pipe is said only of cables.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                Err(io::ErrorKind::ConnectionReset.into())
            }
            outcome => outcome,
        }
    }

    /// Bytes written that the other side has not acknowledged. None: the connection is gone.
    fn unacknowledged(&self) -> Option<usize> {
        let table = match self.local {
            SocketAddr::V4(_) => "/proc/net/tcp",
            SocketAddr::V6(_) => "/proc/net/tcp6",
        };
        // Without the table the socket's own word has to do.
        fs::read_to_string(table).map_or(Some(0), |table| queued(&table, self.local, self.peer))
    }
}

impl Link for TcpLink {
    fn send(&mut self, bytes: &[u8], deadline: Instant) -> io::Result<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let count = self.write(&rest[..rest.len().min(CHUNK_BYTES)], deadline)?;
            self.written += count;
            // Once the connection is gone nobody can tell any more.
            self.taken();
            rest = &rest[count..];
        }
        Ok(())
    }

    fn settle(&mut self, deadline: Instant) -> io::Result<()> {
        while self.taken() < self.written {
            if self.unacknowledged().is_none() {
                return Err(io::ErrorKind::ConnectionReset.into());
            }
            thread::sleep(time_left(deadline)?.min(Duration::from_millis(LOOK_MS)));
        }
        Ok(())
    }

    fn written(&self) -> usize {
        self.written
    }

    fn taken(&mut self) -> usize {
        if let Some(waiting) = self.unacknowledged() {
            self.taken = self.written.saturating_sub(waiting);
        }
        self.taken
    }

    fn receive(&mut self, buffer: &mut [u8], deadline: Instant) -> io::Result<usize> {
        let left = deadline.saturating_duration_since(Instant::now());
        // A time of zero would mean: for ever.
        let left = left.max(Duration::from_millis(1));
        self.stream.set_read_timeout(Some(left))?;
        match self.stream.read(buffer) {
            // Closed by the other side.
            Ok(0) => Err(io::ErrorKind::ConnectionReset.into()),
            outcome => nothing_came(outcome),
        }
    }

    /// Says that no more will come, and waits a little for the other side to say the same. A
    /// printer that gave up in the middle shows it here at the latest, by a reset.
    fn finish(&mut self, deadline: Instant) -> io::Result<()> {
        self.settle(deadline)?;
        self.stream.shutdown(Shutdown::Write)?;
        let close_by = deadline.min(Instant::now() + Duration::from_millis(CLOSE_MS_MAX));
        let mut answer = [0; 64];
        while let Ok(left) = time_left(close_by) {
            self.stream.set_read_timeout(Some(left))?;
            match self.stream.read(&mut answer) {
                Ok(0) => break,
                // Status bytes that nobody asked for.
                Ok(_) => {}
                Err(error) if is_silence(&error) => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.stream.take_error()?.map_or(Ok(()), Err)
    }

    fn two_way(&self) -> bool {
        true
    }

    /// A network printer serves one connection at a time, and others may print on it too.
    fn stays(&self) -> bool {
        false
    }
}

/// A socket's time ran out; on Linux that comes as "would block".
fn is_silence(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
    )
}

/// The send queue of one connection in the kernel's table; none when it is gone.
///
/// Ports alone name the connection well enough: this machine's port is its own.
fn queued(table: &str, local: SocketAddr, peer: SocketAddr) -> Option<usize> {
    let ends_in = |field: &str, port: u16| field.ends_with(&format!(":{port:04X}"));
    table.lines().skip(1).find_map(|line| {
        let mut fields = line.split_ascii_whitespace().skip(1);
        let (here, there) = (fields.next()?, fields.next()?);
        let queues = fields.nth(1)?;
        if !ends_in(here, local.port()) || !ends_in(there, peer.port()) {
            return None;
        }
        usize::from_str_radix(queues.split_once(':')?.0, 16).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_table_tells_what_a_printer_has_not_taken() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when\n\
             0: 0100007F:238C 00000000:0000 0A 00000000:00000000 00:00000000 00000000\n\
             1: 0100007F:9C40 0100007F:238C 01 00000A2B:00000000 01:00000014 00000000\n";
        let local = "127.0.0.1:40000".parse().unwrap();
        let peer = "127.0.0.1:9100".parse().unwrap();
        assert_eq!(queued(table, local, peer), Some(0xa2b));
        assert_eq!(queued(table, peer, local), None);
    }
}
