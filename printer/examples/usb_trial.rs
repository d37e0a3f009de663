//! The driver against the kernel's own: a printer that is a USB gadget of the same machine.
//!
//! `usb_trial gadget` is the printer's side: it answers as an Epson does and keeps what it gets.
//! `usb_trial STEP` is the kiosk's side. `tests/vm/run` starts both in a virtual machine and pulls
//! the plug in between.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;
use std::time::Duration;

use printer::{
    Abilities, Cause, Condition, Device, Faces, Job, Paper, Profile, Setup, Slip, TicketPrinter,
    Weight, encode, open, usb_printers,
};

const FACES: Faces = Faces {
    regular: include_bytes!("../../kiosk/screens/fonts/NotoSans_400Regular.ttf"),
    semibold: include_bytes!("../../kiosk/screens/fonts/NotoSans_600SemiBold.ttf"),
    bold: include_bytes!("../../kiosk/screens/fonts/NotoSans_700Bold.ttf"),
};

/// What the gadget got so far.
const GOT: &str = "/tmp/got";

fn main() {
    let step = std::env::args().nth(1).unwrap_or_default();
    match step.as_str() {
        "gadget" => gadget(),
        "confirmed" => confirmed(),
        "unplugged" => unplugged(),
        "away" => away(),
        other => panic!("{other} is no step"),
    }
    eprintln!("{step}: as it should be");
}

/// Reads as the printer does, and answers what it is asked.
fn gadget() {
    let mut device = OpenOptions::new()
        .read(true)
        .write(true)
        .open("/dev/g_printer0")
        .unwrap();
    let mut got = OpenOptions::new()
        .create(true)
        .append(true)
        .open(GOT)
        .unwrap();
    let mut buffer = [0; 8192];
    let mut last: Vec<u8> = Vec::new();
    loop {
        let Ok(count) = device.read(&mut buffer) else {
            return;
        };
        got.write_all(&buffer[..count]).unwrap();
        // A question may be torn apart by the end of a read.
        last.extend_from_slice(&buffer[..count]);
        let mut answers = Vec::new();
        let mut at = 0;
        while at + 3 <= last.len() {
            match &last[at..at + 3] {
                [0x10, 4, 1..=4] => answers.push(0x12),
                [0x1d, b'r', 1] => answers.push(0x00),
                _ => {
                    at += 1;
                    continue;
                }
            }
            at += 3;
        }
        last.drain(..at);
        if !answers.is_empty() && device.write_all(&answers).is_err() {
            return;
        }
    }
}

fn slip() -> Slip {
    Slip::new()
        .centred("Trung tâm Phục vụ hành chính công", 28, Weight::Bold)
        .number("A012")
        .qr("7KQ2MZ4V9X3B", None)
}

/// More than the kernel and the gadget hold between them.
fn long_slip() -> Slip {
    (0..12).fold(Slip::new(), |slip, _| slip.mark("Ậ".repeat(14)))
}

fn printer(abilities: Option<Abilities>) -> Box<dyn TicketPrinter> {
    // By its identity, as the only one of its kind.
    let device: Device = "usb:0c2e:0200:TEST1".parse().unwrap();
    let profile = Profile::named("generic-80").unwrap();
    open(Setup {
        abilities,
        patience: Duration::from_secs(10),
        ..Setup::new(device, profile, FACES)
    })
}

fn job(slip: Slip) -> Job {
    Job {
        name: "A012".to_owned(),
        slip,
    }
}

/// A slip comes out, and the printer's own answers say so.
fn confirmed() {
    let listed = usb_printers();
    eprintln!("plugged in: {listed:?}");
    let before = fs::read(GOT).map_or(0, |got| got.len());
    let mut printer = printer(None);
    assert_eq!(printer.look(), Condition::Ready);
    let abilities = printer.abilities(false).unwrap();
    eprintln!("found: {abilities:?}");
    assert!(abilities.real_time && abilities.in_turn, "{abilities:?}");
    let printout = printer.print(&job(slip())).unwrap();
    assert_eq!(printout.paper, Paper::Printed);
    let got = fs::read(GOT).unwrap().split_off(before);
    let wanted = encode(&slip(), &Profile::named("generic-80").unwrap(), &FACES).unwrap();
    let found = strip_questions(&got);
    assert!(
        found.windows(wanted.len()).any(|part| part == wanted),
        "{} bytes came, {} are the slip",
        got.len(),
        wanted.len()
    );
}

fn strip_questions(bytes: &[u8]) -> Vec<u8> {
    let mut rest = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match &bytes[at..bytes.len().min(at + 3)] {
            [0x10, 4, _] => at += 3,
            _ => {
                rest.push(bytes[at]);
                at += 1;
            }
        }
    }
    rest
}

/// The cable is pulled in the middle of a slip.
fn unplugged() {
    let known = Abilities {
        real_time: true,
        in_turn: true,
        ..Abilities::default()
    };
    let mut printer = printer(Some(known));
    let before = fs::metadata(GOT).map_or(0, |got| got.len());
    let puller = std::thread::spawn(move || {
        while fs::metadata(GOT).map_or(0, |got| got.len()) < before + 4_096 {
            std::thread::yield_now();
        }
        File::create(Path::new("/sys/kernel/config/usb_gadget/g1/UDC"))
            .and_then(|mut udc| udc.write_all(b"\n"))
            .unwrap();
    });
    let error = printer.print(&job(long_slip())).unwrap_err();
    puller.join().unwrap();
    eprintln!("the plug was pulled: {error}");
    assert!(error.begun);
    assert!(
        matches!(error.cause, Cause::Unplugged(_) | Cause::Io(_)),
        "{error:?}"
    );
    assert_eq!(printer.look(), Condition::Unplugged);
}

/// Nothing is plugged in.
fn away() {
    assert!(usb_printers().is_empty());
    let error = printer(Some(Abilities::default()))
        .print(&job(slip()))
        .unwrap_err();
    eprintln!("without a printer: {error}");
    assert!(
        !error.begun && matches!(error.cause, Cause::Unplugged(_)),
        "{error:?}"
    );
    assert!(!Path::new("/dev/usb/lp0").exists(), "no file in its place");
}
