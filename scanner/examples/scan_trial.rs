//! Scanners against the kernel's own drivers: one that types and one on a serial port, both a USB
//! gadget of the same machine. `tests/vm/run` starts it in a virtual machine.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::symlink;
use std::sync::mpsc::{Receiver, channel};
use std::thread::sleep;
use std::time::Duration;

use scanner::{Device, Event, Frame, Listener, Stop};

const GADGET: &str = "/sys/kernel/config/usb_gadget/scanner";
const DOSSIER: &str = "H05.114-250625-0002";
/// Scans of each scanner while the other one scans too.
const ROUNDS: u32 = 100;
/// Far more than an emulated machine takes for anything here.
const PATIENCE: Duration = Duration::from_secs(60);

/// A boot keyboard (Device Class Definition for HID 1.11, appendix B.1), without its lamps.
const KEYBOARD: &[u8] = &[
    0x05, 0x01, 0x09, 0x06, 0xa1, 0x01, // A keyboard:
    0x05, 0x07, 0x19, 0xe0, 0x29, 0xe7, 0x15, 0x00, 0x25, 0x01, // modifiers,
    0x75, 0x01, 0x95, 0x08, 0x81, 0x02, // a bit each;
    0x95, 0x01, 0x75, 0x08, 0x81, 0x01, // a byte of nothing;
    0x95, 0x06, 0x75, 0x08, 0x15, 0x00, 0x25, 0x65, // six keys,
    0x05, 0x07, 0x19, 0x00, 0x29, 0x65, 0x81, 0x00, // a byte each.
    0xc0,
];

fn main() {
    furnish();
    let hid = Desk::at("hid:0c2e:0300");
    let serial = Desk::at("serial:0c2e:0300");
    hid.hears("lost");
    serial.hears("lost");

    plug_in();
    hid.hears("found");
    serial.hears("found");
    let again = "hid:0c2e:0300".parse::<Device>().unwrap();
    assert!(Listener::open(again).is_err(), "it is read exclusively");

    // Two scanners at once.
    let other = std::thread::spawn(|| {
        let mut line = waited_for("/dev/ttyGS0");
        for round in 0..ROUNDS {
            write!(line, "{DOSSIER}{round:02}\r").unwrap();
        }
    });
    for _ in 0..ROUNDS {
        types(&format!("{DOSSIER}\r"));
        hid.hears(DOSSIER);
    }
    for round in 0..ROUNDS {
        serial.hears(&format!("{DOSSIER}{round:02}"));
    }
    other.join().unwrap();
    eprintln!("two scanners, {ROUNDS} scans each: as it should be");

    // The cable is pulled in the middle of a scan.
    types("H05.114-2506");
    moment();
    pull();
    hid.hears("!garbage");
    hid.hears("lost");
    serial.hears("lost");
    plug_in();
    hid.hears("found");
    serial.hears("found");
    types(&format!("{DOSSIER}\r"));
    hid.hears(DOSSIER);
    eprintln!("unplugged in the middle of a scan: as it should be");
}

/// Describes the scanner, not yet plugged in.
fn furnish() {
    let write = |file: &str, content: &[u8]| {
        fs::write(format!("{GADGET}/{file}"), content).unwrap();
    };
    for folder in [
        "",
        "strings/0x409",
        "configs/c.1",
        "functions/hid.0",
        "functions/acm.0",
    ] {
        fs::create_dir(format!("{GADGET}/{folder}")).unwrap();
    }
    write("idVendor", b"0x0c2e");
    write("idProduct", b"0x0300");
    write("strings/0x409/serialnumber", b"SCAN1");
    write("functions/hid.0/protocol", b"1");
    write("functions/hid.0/subclass", b"1");
    write("functions/hid.0/report_length", b"8");
    write("functions/hid.0/report_desc", KEYBOARD);
    for function in ["hid.0", "acm.0"] {
        let folder = format!("{GADGET}/functions/{function}");
        symlink(folder, format!("{GADGET}/configs/c.1/{function}")).unwrap();
    }
}

fn plug_in() {
    fs::write(format!("{GADGET}/UDC"), "dummy_udc.1\n").unwrap();
}

fn pull() {
    fs::write(format!("{GADGET}/UDC"), "\n").unwrap();
}

fn waited_for(path: &str) -> File {
    for _ in 0..600 {
        if let Ok(file) = OpenOptions::new().write(true).open(path) {
            return file;
        }
        moment();
    }
    panic!("{path} does not come");
}

/// For the kernel, which tells nobody when it is done.
fn moment() {
    sleep(Duration::from_millis(100));
}

/// Types as the scanner's side of the cable.
fn types(text: &str) {
    let mut keyboard = waited_for("/dev/hidg0");
    for sign in text.bytes() {
        let (shift, usage) = usage(sign);
        for report in [[shift, 0, usage, 0, 0, 0, 0, 0], [0; 8]] {
            keyboard.write_all(&report).unwrap();
        }
    }
}

/// Modifiers and key (HID Usage Tables 1.5, section 10).
fn usage(sign: u8) -> (u8, u8) {
    match sign {
        b'A'..=b'Z' => (2, sign - b'A' + 4),
        b'1'..=b'9' => (0, sign - b'1' + 30),
        b'0' => (0, 39),
        b'\r' => (0, 40),
        b'-' => (0, 45),
        b'.' => (0, 55),
        other => panic!("{other} is on no dossier"),
    }
}

/// A listener in its thread.
struct Desk(Receiver<String>);

impl Desk {
    fn at(name: &str) -> Self {
        let device = name.parse().unwrap();
        let (tell, told) = channel();
        std::thread::spawn(move || {
            Listener::new(device).run(&Stop::new(), |event| {
                let word = match event {
                    Event::Found => "found".to_owned(),
                    Event::Lost(_) => "lost".to_owned(),
                    Event::Frame(Frame::Text(text)) => text,
                    Event::Frame(Frame::Bad(kind)) => format!("!{kind}"),
                };
                let _ = tell.send(word);
            });
        });
        Self(told)
    }

    fn hears(&self, expected: &str) {
        assert_eq!(self.0.recv_timeout(PATIENCE).unwrap(), expected);
    }
}
