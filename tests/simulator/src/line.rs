//! How bytes reach the printer: a serial line, or the network.

use std::fs;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::net::sockopt;
use serialport::{SerialPort, TTYPort};

use crate::printer::Printer;

/// What the system keeps for a printer on the network: as little as it will, so that bytes wait at
/// the sender and not in a buffer that no printer has.
const KEPT_BYTES: usize = 4_096;
/// The line looks so often whether it is to end.
const LOOK: Duration = Duration::from_millis(20);

/// A printer that a line and a test both hold.
#[derive(Clone)]
pub struct Shared {
    printer: Arc<Mutex<Printer>>,
    changed: Arc<Condvar>,
    ending: Arc<AtomicBool>,
}

impl Shared {
    fn new(printer: Printer) -> Self {
        Self {
            printer: Arc::new(Mutex::new(printer)),
            changed: Arc::new(Condvar::new()),
            ending: Arc::new(AtomicBool::new(false)),
        }
    }

    /// The printer, held still.
    pub fn lock(&self) -> MutexGuard<'_, Printer> {
        self.printer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the printer is as wanted; whether it came to that in time.
    pub fn wait(&self, at_most: Duration, wanted: impl Fn(&Printer) -> bool) -> bool {
        let until = Instant::now() + at_most;
        let mut printer = self.lock();
        while !wanted(&printer) {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            let waited = self.changed.wait_timeout(printer, left);
            printer = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    fn ends(&self) -> bool {
        self.ending.load(Ordering::Relaxed)
    }

    /// Moves bytes both ways until the cable is pulled, the other side has gone, or the end.
    fn carry(&self, line: &mut (impl Read + Write)) -> io::Result<()> {
        let mut buffer = [0; 256];
        loop {
            let (takes, at_a_time) = {
                let mut printer = self.lock();
                let answers = printer.answers();
                let gone = printer.is_unplugged();
                let takes = (printer.takes(), printer.line_bytes());
                drop(printer);
                if gone || self.ends() {
                    return Ok(());
                }
                line.write_all(&answers)?;
                takes
            };
            if !takes {
                // A full printer takes nothing until somebody helps it.
                self.wait(LOOK, |printer| printer.takes() || printer.is_unplugged());
                continue;
            }
            if at_a_time.is_some() {
                // Nothing that the printer does makes its line faster.
                self.wait(LOOK, Printer::is_unplugged);
            }
            let room = at_a_time.unwrap_or(buffer.len()).clamp(1, buffer.len());
            match line.read(&mut buffer[..room]) {
                Ok(0) => return Ok(()),
                Ok(count) => {
                    let mut printer = self.lock();
                    for byte in &buffer[..count] {
                        if printer.is_unplugged() {
                            break;
                        }
                        printer.receive(*byte);
                    }
                    drop(printer);
                    self.changed.notify_all();
                }
                Err(error)
                    if matches!(
                        error.kind(),
                        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock
                    ) => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// A printer on a serial line: a pseudo terminal behind a path that stays.
pub struct PtyLine {
    /// The printer.
    pub printer: Shared,
    path: PathBuf,
    thread: Option<JoinHandle<()>>,
}

impl PtyLine {
    /// Plugs the printer in; `path` will lead to its line while it is plugged in.
    pub fn start(printer: Printer, path: &Path) -> Self {
        let printer = Shared::new(printer);
        let (shared, link) = (printer.clone(), path.to_owned());
        let (ready, is_ready) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            while !shared.ends() {
                if shared.lock().is_unplugged() {
                    shared.wait(LOOK, |printer| !printer.is_unplugged());
                    continue;
                }
                let (mut line, other_end) = TTYPort::pair().expect("the system has terminals");
                line.set_timeout(LOOK).expect("a terminal has a timeout");
                let name = other_end.name().expect("a terminal has a name");
                symlink(name, &link).expect("the folder can be written");
                // Whoever waits for the path must not miss it between a look and the wait.
                drop(shared.lock());
                shared.changed.notify_all();
                // The first time only: nobody listens later.
                let _ = ready.send(());
                // An error is a line that has gone, like any other.
                let _ = shared.carry(&mut line);
                fs::remove_file(&link).expect("the folder can be written");
            }
        });
        // A thread that panicked shows in the test that waits for its printer.
        let _ = is_ready.recv();
        Self {
            printer,
            path: path.to_owned(),
            thread: Some(thread),
        }
    }

    /// As the configuration names it.
    pub fn device(&self) -> String {
        format!("serial:{}?baud=115200", self.path.display())
    }
}

impl Drop for PtyLine {
    fn drop(&mut self) {
        end(&self.printer, &mut self.thread);
    }
}

/// A printer on the network; one connection at a time, as their raw port has it.
pub struct TcpLine {
    /// The printer.
    pub printer: Shared,
    address: SocketAddr,
    thread: Option<JoinHandle<()>>,
}

impl TcpLine {
    /// Puts the printer on the network of this machine alone.
    pub fn start(printer: Printer) -> io::Result<Self> {
        let printer = Shared::new(printer);
        let shared = printer.clone();
        let listener = TcpListener::bind("127.0.0.1:0")?;
        sockopt::set_socket_recv_buffer_size(&listener, KEPT_BYTES)?;
        let address = listener.local_addr()?;
        listener.set_nonblocking(true)?;
        let thread = std::thread::spawn(move || {
            while !shared.ends() {
                match listener.accept() {
                    Ok((stream, _)) => {
                        // An error is a connection that has gone, like any other.
                        let _ = serve(&shared, stream);
                    }
                    Err(_) => {
                        shared.wait(LOOK, |_| false);
                    }
                }
            }
        });
        Ok(Self {
            printer,
            address,
            thread: Some(thread),
        })
    }

    /// As the configuration names it.
    pub fn device(&self) -> String {
        format!("tcp:{}", self.address)
    }
}

fn serve(shared: &Shared, mut stream: TcpStream) -> io::Result<()> {
    if shared.lock().is_unplugged() {
        return reset(&stream);
    }
    stream.set_nonblocking(false)?;
    stream.set_read_timeout(Some(LOOK))?;
    let carried = shared.carry(&mut stream);
    if shared.lock().is_unplugged() {
        reset(&stream)?;
    }
    carried
}

/// Closes without a good-bye, as a printer does that has lost its power.
fn reset(stream: &TcpStream) -> io::Result<()> {
    Ok(sockopt::set_socket_linger(stream, Some(Duration::ZERO))?)
}

impl Drop for TcpLine {
    fn drop(&mut self) {
        end(&self.printer, &mut self.thread);
    }
}

fn end(printer: &Shared, thread: &mut Option<JoinHandle<()>>) {
    printer.ending.store(true, Ordering::Relaxed);
    printer.changed.notify_all();
    if let Some(thread) = thread.take() {
        // Its panic was told already.
        let _ = thread.join();
    }
}
