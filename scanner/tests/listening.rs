//! A scanner as the kernel shows it, over a pty: scans, noise, unplugging.
//!
//! The configured path is a symbolic link, as `/dev/serial/by-id/…` is, so that the
//! "replugged" scanner can be another pty.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use scanner::{Device, Event, Frame, Listener, Stop};
use serialport::{SerialPort, TTYPort};

/// Far more than anything here takes; only a failing test waits so long.
const PATIENCE: Duration = Duration::from_secs(20);

/// A place to plug scanners into.
struct Socket(PathBuf);

impl Socket {
    fn new(test: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("{test}-{}", std::process::id()));
        let _ = fs::remove_file(&path);
        Self(path)
    }

    fn device(&self) -> Device {
        format!("serial:{}", self.0.display()).parse().unwrap()
    }

    fn plug_in(&self) -> Scanner {
        let (master, slave) = TTYPort::pair().unwrap();
        symlink(slave.name().unwrap(), &self.0).unwrap();
        Scanner {
            link: self.0.clone(),
            master,
            _slave: slave,
        }
    }
}

/// A scanner; dropping it pulls the cable.
struct Scanner {
    link: PathBuf,
    master: TTYPort,
    _slave: TTYPort,
}

impl Scanner {
    fn send(&mut self, bytes: &[u8]) {
        self.master.write_all(bytes).unwrap();
    }
}

impl Drop for Scanner {
    /// Before the pty closes: its name may be another test's a moment later.
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.link);
    }
}

/// A listener in its thread, with what it told as plain words.
struct Desk {
    told: Receiver<String>,
    stop: Stop,
    thread: JoinHandle<()>,
}

impl Desk {
    fn listening(listener: Listener) -> Self {
        let (tell, told) = channel();
        let stop = Stop::new();
        let thread = thread::spawn({
            let stop = stop.clone();
            move || listener.run(&stop, |event| tell.send(word(event)).unwrap())
        });
        Self { told, stop, thread }
    }

    fn expect(&self, expected: &[&str]) {
        for expected in expected {
            assert_eq!(self.told.recv_timeout(PATIENCE).unwrap(), *expected);
        }
    }

    /// Stops, and makes sure that nothing more was told.
    fn close(self) {
        self.stop.stop();
        let rest = self.told.recv_timeout(PATIENCE);
        assert_eq!(rest, Err(RecvTimeoutError::Disconnected));
        self.thread.join().unwrap();
    }
}

fn word(event: Event) -> String {
    match event {
        Event::Found => "found".to_owned(),
        Event::Lost(_) => "lost".to_owned(),
        Event::Frame(Frame::Text(text)) => text,
        Event::Frame(Frame::Bad(kind)) => format!("!{kind}"),
    }
}

#[test]
fn scans_with_a_suffix_are_told_in_order() {
    let socket = Socket::new("suffix");
    let mut scanner = socket.plug_in();
    let desk = Desk::listening(Listener::open(socket.device()).unwrap());
    desk.expect(&["found"]);
    scanner.send(b"H05.114-250625-0002\r");
    desk.expect(&["H05.114-250625-0002"]);
    scanner.send(b"A012\r\nG22.99.08-260921-896048\r\n");
    desk.expect(&["A012", "G22.99.08-260921-896048"]);
    desk.close();
}

#[test]
fn a_scanner_without_suffix_is_heard() {
    let socket = Socket::new("bare");
    let mut scanner = socket.plug_in();
    let desk = Desk::listening(Listener::open(socket.device()).unwrap());
    desk.expect(&["found"]);
    for code in ["H05.114-250625-0002", "A012"] {
        scanner.send(code.as_bytes());
        desk.expect(&[code]);
    }
    desk.close();
}

#[test]
fn a_noisy_line_harms_no_scan() {
    let socket = Socket::new("noise");
    let mut scanner = socket.plug_in();
    let desk = Desk::listening(Listener::open(socket.device()).unwrap());
    desk.expect(&["found"]);
    scanner.send(b"\0\0\x11\x13\0\r");
    scanner.send(b"H05\xff\xfe\r\0\x02A012\x03\r");
    desk.expect(&["!garbage", "A012"]);
    let flood = [b'9'; 250];
    (0..10).for_each(|_| scanner.send(&flood));
    scanner.send(b"\rA013\r");
    desk.expect(&["!too-long", "A013"]);
    desk.close();
}

#[test]
fn an_unplugged_scanner_is_told_once_and_works_again_when_plugged_in() {
    let socket = Socket::new("unplug");
    let mut scanner = socket.plug_in();
    let desk = Desk::listening(Listener::open(socket.device()).unwrap());
    desk.expect(&["found"]);
    scanner.send(b"A012\r");
    desk.expect(&["A012"]);

    drop(scanner);
    desk.expect(&["lost"]);

    // The next one sends no suffix: what was learnt of the first is forgotten.
    let mut scanner = socket.plug_in();
    desk.expect(&["found"]);
    scanner.send(b"A013");
    desk.expect(&["A013"]);
    desk.close();
}

#[test]
fn a_scan_cut_off_by_the_cable_is_garbage() {
    let socket = Socket::new("cut");
    let mut scanner = socket.plug_in();
    let desk = Desk::listening(Listener::open(socket.device()).unwrap());
    desk.expect(&["found"]);
    // After a suffix only the cable can end the half frame early. The whole one before it
    // in the same write tells that both were read.
    scanner.send(b"A012\rG22.99.08-260921-8960");
    desk.expect(&["A012"]);
    drop(scanner);
    desk.expect(&["!garbage", "lost"]);
    desk.close();
}

#[test]
fn a_scanner_may_be_plugged_in_after_the_start() {
    let socket = Socket::new("late");
    assert!(Listener::open(socket.device()).is_err());
    let desk = Desk::listening(Listener::new(socket.device()));
    desk.expect(&["lost"]);
    let mut scanner = socket.plug_in();
    desk.expect(&["found"]);
    scanner.send(b"A012\r");
    desk.expect(&["A012"]);
    desk.close();
}

#[test]
fn a_scanner_that_never_comes_does_not_keep_the_program_from_ending() {
    let socket = Socket::new("never");
    let desk = Desk::listening(Listener::new(socket.device()));
    desk.expect(&["lost"]);
    desk.close();
}

#[test]
fn a_scanner_is_read_by_one_program_only() {
    let socket = Socket::new("taken");
    let _scanner = socket.plug_in();
    let first = Listener::open(socket.device()).unwrap();
    assert!(Listener::open(socket.device()).is_err());
    let desk = Desk::listening(Listener::new(socket.device()));
    desk.expect(&["lost"]);
    drop(first);
    desk.expect(&["found"]);
    desk.close();
}
