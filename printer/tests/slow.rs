//! Slow lines: a slip is out or has failed by its deadline, and what the line took is counted.
#![allow(clippy::unwrap_used)]

mod office;

use std::path::Path;
use std::time::{Duration, Instant};

use office::{FACES, profile, ticket_vi};
use printer::{Cause, Condition, Job, Paper, Setup, TicketPrinter, encode, open};
use simulator::{Fault, Model, Printer, PtyLine, Shared, TcpLine};

/// 115,200 baud.
const FAST: Fault = Fault::SlowLine(228);
/// 9,600 baud: the whole slip takes 25 s.
const SLOW: Fault = Fault::SlowLine(19);
const SHORT: Duration = Duration::from_secs(3);
/// A busy build machine may wake a thread late.
const LATE: Duration = Duration::from_secs(20);

fn job() -> Job {
    Job {
        name: "A012-01J".to_owned(),
        slip: ticket_vi(),
    }
}

fn within(device: &str, patience: Duration) -> Box<dyn TicketPrinter> {
    open(Setup {
        patience,
        ..Setup::new(device.parse().unwrap(), profile("generic-80"), FACES)
    })
}

/// The same on a serial line and on the network.
fn on_each_line(what_happens: impl Fn(&str, &Shared)) {
    let folder = tempfile::tempdir().unwrap();
    let line = PtyLine::start(Printer::new(Model::clone_80()), &folder.path().join("line"));
    what_happens(&line.device(), &line.printer);
    let line = TcpLine::start(Printer::new(Model::clone_80())).unwrap();
    what_happens(&line.device(), &line.printer);
}

#[test]
fn a_slip_on_a_slow_line_is_printed_once_and_confirmed() {
    on_each_line(|device, line| {
        let mut printer = within(device, LATE);
        assert_eq!(printer.look(), Condition::Ready, "{device}");
        line.lock().fail(FAST);
        let printout = printer.print(&job()).unwrap();
        assert_eq!(printout.paper, Paper::Printed, "{device}");
        let cuts = line.lock().take_cuts();
        assert!(cuts.len() == 1 && cuts[0].is_whole(), "{device}");
    });
}

#[test]
fn a_slip_on_too_slow_a_line_fails_by_its_deadline_with_the_bytes_taken() {
    on_each_line(|device, line| {
        let mut printer = within(device, SHORT);
        assert_eq!(printer.look(), Condition::Ready, "{device}");
        let before = line.lock().received();
        line.lock().fail(SLOW);
        let start = Instant::now();
        let error = printer.print(&job()).unwrap_err();
        let received = line.lock().received() - before;
        assert!(start.elapsed() < SHORT + LATE, "{:?}", start.elapsed());
        assert!(
            matches!(error.cause, Cause::TimedOut | Cause::Unconfirmed),
            "{device}: {error}"
        );
        assert!(error.begun, "{device}");
        // Questions come on top of the slip's bytes, and what waits in the system counts as taken.
        let whole = encode(&ticket_vi(), &profile("generic-80"), &FACES).unwrap();
        assert!(error.accepted > 0 && received > 0, "{device}: {error}");
        assert!(error.accepted < 2 * whole.len(), "{device}: {error}");
        assert!(error.accepted + QUESTIONS >= received, "{device}: {error}");

        // The line is quick again: whatever was left of that slip is no part of the next.
        line.lock().repair();
        if let Some(path) = device.strip_prefix("serial:") {
            let path = path.split('?').next().unwrap().to_owned();
            assert!(line.wait(LATE, |_| Path::new(&path).exists()));
        }
        // A network printer hears of a new connection once it is through with the old one.
        assert!((0..20).any(|_| printer.look() == Condition::Ready));
        let again = (0..3).find_map(|_| printer.print(&job()).ok());
        assert_eq!(again.map(|p| p.paper), Some(Paper::Printed), "{device}");
        let cuts = line.lock().take_cuts();
        assert!(cuts.len() <= 2 && cuts.last().unwrap().is_whole());
    });
}

/// Bytes of the look before a slip, which are none of it.
const QUESTIONS: usize = 64;

/// A pseudo terminal takes a whole slip at once, as adapters and print servers do, and carries it
/// in its own time: here 1,500 bytes a second.
#[test]
fn a_slip_in_a_buffer_is_waited_for_while_the_line_moves() {
    let folder = tempfile::tempdir().unwrap();
    let line = PtyLine::start(Printer::new(Model::epson()), &folder.path().join("line"));
    let mut printer = open(Setup {
        patience: LATE,
        ..Setup::new(line.device().parse().unwrap(), profile("tm-t20ii"), FACES)
    });
    assert_eq!(printer.look(), Condition::Ready);
    line.printer.lock().fail(Fault::SlowLine(30));
    assert_eq!(printer.print(&job()).unwrap().paper, Paper::Printed);
    let cuts = line.printer.lock().take_cuts();
    assert!(cuts.len() == 1 && cuts[0].is_whole());
}

#[test]
fn the_slowest_line_still_tells_how_its_printer_fares() {
    on_each_line(|device, line| {
        line.lock().fail(Fault::SlowLine(1));
        let mut printer = within(device, SHORT);
        assert_eq!(printer.look(), Condition::Ready, "{device}");
        line.lock().fail(Fault::CoverOpen);
        assert_eq!(printer.look(), Condition::CoverOpen, "{device}");
    });
}
