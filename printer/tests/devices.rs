//! Printers that misbehave: whatever they do, a slip ends in time and the office knows how far it got.
#![allow(clippy::unwrap_used)]

mod office;

use std::fs::{self, File, OpenOptions};
use std::io::Read;
use std::net::TcpListener;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use office::{FACES, endless_slip, on_paper, profile, ticket_vi};
use printer::{
    Abilities, Cause, Job, PREVIEWS_MAX, Paper, PrintError, Setup, Slip, SlipError, TicketPrinter,
    encode, open,
};
use rustix::fs::{CWD, FileType, Mode, OFlags, mknodat};
use serialport::{SerialPort, TTYPort};

const SHORT: Duration = Duration::from_millis(400);
/// A busy build machine may wake a thread late; nobody waits longer than this for a short deadline.
const LATE: Duration = Duration::from_secs(20);

/// A printer that was found to answer nothing.
fn printer_within(device: &str, patience: Duration) -> Box<dyn TicketPrinter> {
    open(Setup {
        abilities: Some(Abilities::default()),
        patience,
        ..setup(device)
    })
}

fn setup(device: &str) -> Setup {
    Setup::new(device.parse().unwrap(), profile("generic-80"), FACES)
}

fn preview(folder: &Path) -> Box<dyn TicketPrinter> {
    open(Setup {
        previews: folder.to_owned(),
        ..setup("preview")
    })
}

fn job(slip: Slip) -> Job {
    Job {
        name: "A012-01J".to_owned(),
        slip,
    }
}

fn bytes(slip: &Slip) -> Vec<u8> {
    encode(slip, &profile("generic-80"), &FACES).unwrap()
}

/// Prints on a device that takes only a part, and checks that it ends in time.
fn fails_in_time(printer: &mut dyn TicketPrinter, slip: Slip) -> PrintError {
    let whole = bytes(&slip).len();
    let start = Instant::now();
    let error = printer.print(&job(slip)).unwrap_err();
    assert!(start.elapsed() < SHORT + LATE, "took {:?}", start.elapsed());
    assert!(
        error.accepted < whole,
        "{} of {whole} bytes",
        error.accepted
    );
    error
}

#[test]
fn a_network_printer_gets_every_byte() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let paper = thread::spawn(move || {
        let mut got = Vec::new();
        listener.accept().unwrap().0.read_to_end(&mut got).unwrap();
        got
    });
    let mut printer = printer_within(&format!("tcp:{address}"), LATE);
    assert_eq!(printer.print(&job(ticket_vi())).unwrap().paper, Paper::Sent);
    assert!(paper.join().unwrap() == bytes(&ticket_vi()));
}

#[test]
fn a_network_printer_that_is_off_is_reported_as_not_there() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let device = format!("tcp:{}", listener.local_addr().unwrap());
    drop(listener);
    let error = fails_in_time(&mut *printer_within(&device, SHORT), ticket_vi());
    assert!(matches!(error.cause, Cause::Unplugged(_)), "{error}");
    assert_eq!(error.accepted, 0);
}

#[test]
fn a_network_printer_that_stops_reading_is_given_up_at_the_deadline() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    // A kernel with much room would take the whole slip for the printer.
    rustix::net::sockopt::set_socket_recv_buffer_size(&listener, 4_096).unwrap();
    let device = format!("tcp:{}", listener.local_addr().unwrap());
    let mut printer = printer_within(&device, SHORT);
    // The kernel answers the call; nobody ever reads.
    let error = fails_in_time(&mut *printer, endless_slip());
    assert!(matches!(error.cause, Cause::TimedOut), "{error}");
    assert!(error.accepted > 0);
    drop(listener);
}

#[test]
fn a_network_printer_that_hangs_up_half_way_is_noticed() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let device = format!("tcp:{}", listener.local_addr().unwrap());
    let peer = thread::spawn(move || {
        let mut half = vec![0; 5_000];
        listener.accept().unwrap().0.read_exact(&mut half).unwrap();
    });
    let error = fails_in_time(&mut *printer_within(&device, LATE), endless_slip());
    assert!(matches!(error.cause, Cause::Io(_)), "{error}");
    assert!(error.accepted >= 4_096, "{}", error.accepted);
    peer.join().unwrap();
}

#[test]
fn a_torn_slip_is_cut_off_before_the_next_one() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let device = format!("tcp:{}", listener.local_addr().unwrap());
    let (hung_up, paper) = mpsc::channel();
    let peer = thread::spawn(move || {
        let mut torn = vec![0; 6_000];
        listener.accept().unwrap().0.read_exact(&mut torn).unwrap();
        hung_up.send(()).unwrap();
        listener.accept().unwrap().0.read_to_end(&mut torn).unwrap();
        torn
    });
    let mut printer = printer_within(&device, LATE);
    fails_in_time(&mut *printer, endless_slip());
    paper.recv().unwrap();
    printer.print(&job(ticket_vi())).unwrap();
    // A printer that saw both connections as one stream: first a torn slip, then a whole one.
    let mut strips = on_paper(&peer.join().unwrap(), &profile("generic-80")).unwrap();
    let whole = strips.pop().unwrap();
    assert_eq!(
        strips.len(),
        1,
        "the torn slip is a piece of paper of its own"
    );
    let alone = on_paper(&bytes(&ticket_vi()), &profile("generic-80"))
        .unwrap()
        .pop()
        .unwrap();
    assert!(whole.rows == alone.rows && whole.commands == alone.commands);
}

#[test]
fn a_serial_printer_gets_every_byte() {
    let (mut master, slave) = TTYPort::pair().unwrap();
    let path = slave.name().unwrap();
    let whole = bytes(&ticket_vi()).len();
    let paper = thread::spawn(move || {
        master.set_timeout(LATE).unwrap();
        let mut got = vec![0; whole];
        master.read_exact(&mut got).unwrap();
        // Kept open: a line that is gone would be an error, also after the last byte.
        (got, master)
    });
    let mut printer = printer_within(&format!("serial:{path}?baud=115200"), LATE);
    assert_eq!(printer.print(&job(ticket_vi())).unwrap().paper, Paper::Sent);
    assert!(paper.join().unwrap().0 == bytes(&ticket_vi()));
}

#[test]
fn a_serial_printer_that_stalls_is_given_up_at_the_deadline() {
    let (_master, slave) = TTYPort::pair().unwrap();
    let mut printer = printer_within(&format!("serial:{}", slave.name().unwrap()), SHORT);
    let error = fails_in_time(&mut *printer, endless_slip());
    assert!(matches!(error.cause, Cause::TimedOut), "{error}");
    assert!(error.accepted > 0, "what the line took is counted");
}

#[test]
fn a_serial_adapter_that_is_pulled_out_is_reported_as_not_there() {
    let error = fails_in_time(
        &mut *printer_within("serial:/dev/ttyUSB99", SHORT),
        ticket_vi(),
    );
    assert!(matches!(error.cause, Cause::Unplugged(_)), "{error}");
}

#[test]
fn a_device_node_that_stalls_is_given_up_at_the_deadline() {
    let folder = tempfile::tempdir().unwrap();
    let (path, reader) = pipe(folder.path());
    let error = fails_in_time(
        &mut *printer_within(&format!("file:{path}"), SHORT),
        endless_slip(),
    );
    assert!(matches!(error.cause, Cause::TimedOut), "{error}");
    assert!(error.accepted > 0);
    drop(reader);
    // Nobody at the other end: what a node says whose printer is gone.
    let error = fails_in_time(
        &mut *printer_within(&format!("file:{path}"), SHORT),
        ticket_vi(),
    );
    assert!(matches!(error.cause, Cause::Unplugged(_)), "{error}");
    assert_eq!(error.accepted, 0);
}

#[test]
fn an_unplugged_device_node_is_not_replaced_by_a_file() {
    let mut printer = printer_within("file:/dev/usb/lp99", SHORT);
    let error = fails_in_time(&mut *printer, ticket_vi());
    assert!(matches!(error.cause, Cause::Unplugged(_)), "{error}");
    assert!(!Path::new("/dev/usb/lp99").exists());
}

#[test]
fn a_plain_file_collects_slips_one_after_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("slips.bin");
    let mut printer = printer_within(&format!("file:{}", path.display()), LATE);
    printer.print(&job(ticket_vi())).unwrap();
    printer.print(&job(ticket_vi())).unwrap();
    assert!(fs::read(&path).unwrap() == [bytes(&ticket_vi()), bytes(&ticket_vi())].concat());
}

#[test]
fn an_office_without_a_printer_is_told_so() {
    let error = printer_within("none", SHORT)
        .print(&job(ticket_vi()))
        .unwrap_err();
    assert!(matches!(error.cause, Cause::NoPrinter));
}

#[test]
fn a_preview_keeps_the_picture_and_the_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let slips = folder.path().join("slips");
    let mut printer = preview(&slips);
    assert_eq!(printer.print(&job(ticket_vi())).unwrap().paper, Paper::Sent);
    assert!(fs::read(slips.join("A012-01J.bin")).unwrap() == bytes(&ticket_vi()));
    let picture = File::open(slips.join("A012-01J.png")).unwrap();
    let info = png::Decoder::new(std::io::BufReader::new(picture))
        .read_info()
        .unwrap();
    assert_eq!(info.info().width, 576);
    assert_eq!(
        fs::read_dir(&slips).unwrap().count(),
        2,
        "nothing unfinished is left"
    );
}

#[test]
fn a_preview_folder_never_fills_the_card() {
    let folder = tempfile::tempdir().unwrap();
    let old = std::time::UNIX_EPOCH + Duration::from_secs(1_000_000);
    for number in 0..PREVIEWS_MAX as u64 {
        for kind in ["png", "bin"] {
            let file = File::create(folder.path().join(format!("A{number}.{kind}"))).unwrap();
            file.set_modified(old + Duration::from_secs(number))
                .unwrap();
        }
    }
    fs::write(folder.path().join("notes.txt"), "not a slip").unwrap();
    let mut printer = preview(folder.path());
    printer.print(&job(ticket_vi())).unwrap();
    let here = |name: &str| folder.path().join(name).exists();
    assert!(!here("A0.png") && !here("A0.bin"), "the oldest slip went");
    assert!(
        here("A1.png") && here("A1.bin") && here("A012-01J.png"),
        "the others stay"
    );
    assert!(here("notes.txt"), "what is no slip is not ours");
}

#[test]
fn a_job_name_cannot_leave_the_preview_folder() {
    let folder = tempfile::tempdir().unwrap();
    let mut printer = preview(folder.path());
    for name in [
        "",
        "../A012",
        "A/1",
        ".hidden",
        "A012.png",
        &"x".repeat(101),
    ] {
        let job = Job {
            name: name.to_owned(),
            slip: ticket_vi(),
        };
        let error = printer.print(&job).unwrap_err();
        assert!(
            matches!(error.cause, Cause::Slip(SlipError::JobName)),
            "{name}"
        );
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_slip_that_cannot_be_printed_never_reaches_the_printer() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("slips.bin");
    let mut printer = printer_within(&format!("file:{}", path.display()), SHORT);
    let error = printer.print(&job(Slip::new().number(""))).unwrap_err();
    assert!(matches!(error.cause, Cause::Slip(SlipError::Number { .. })));
    assert!(!path.exists());
}

/// A named pipe and its reading end, which is never read.
fn pipe(folder: &Path) -> (String, File) {
    let path = folder.join("lp0");
    mknodat(CWD, &path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    let reader = OpenOptions::new()
        .read(true)
        .custom_flags(OFlags::NONBLOCK.bits() as i32)
        .open(&path)
        .unwrap();
    (path.to_string_lossy().into_owned(), reader)
}
