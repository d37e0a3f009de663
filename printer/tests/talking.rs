//! Printers that answer, and that go wrong in the middle of a slip: what is told of the paper is true.
#![allow(clippy::unwrap_used)]

mod office;

use std::path::Path;
use std::time::Duration;

use office::{FACES, profile, ticket_number, ticket_vi};
use printer::{
    Abilities, Cause, Condition, Confirmation, Job, Paper, Setup, Slip, TicketPrinter, draw, open,
};
use simulator::{Cut, Fault, Model, Printer, PtyLine, TcpLine};

/// A slip is out or given up by then, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

fn setup(device: &str, profile_name: &str) -> Setup {
    Setup {
        patience: PATIENCE,
        ..Setup::new(device.parse().unwrap(), profile(profile_name), FACES)
    }
}

fn on(device: &str, profile_name: &str) -> Box<dyn TicketPrinter> {
    open(setup(device, profile_name))
}

fn job() -> Job {
    Job {
        name: "A012-01J".to_owned(),
        slip: ticket_vi(),
    }
}

fn serial(folder: &Path, model: Model) -> PtyLine {
    PtyLine::start(Printer::new(model), &folder.join("line"))
}

fn is_the_ticket(cut: &Cut, profile_name: &str) -> bool {
    is_the_slip(cut, &ticket_vi(), profile_name)
}

/// Whether a piece of paper is the whole slip, dot by dot, but for the printer's own letters.
fn is_the_slip(cut: &Cut, slip: &Slip, profile_name: &str) -> bool {
    let profile = profile(profile_name);
    let picture = draw(slip, &profile, &FACES).unwrap();
    let own = |y: usize| {
        cut.texts
            .iter()
            .any(|text| (text.top..text.top + text.rows).contains(&y))
    };
    cut.is_whole()
        && cut.rows.len() >= picture.rows()
        && cut.rows.iter().enumerate().all(|(y, row)| {
            own(y) || (0..picture.width()).all(|x| row[x] == picture.is_black(x, y))
        })
}

fn tickets(cuts: &[Cut], profile: &str) -> usize {
    cuts.iter()
        .filter(|cut| is_the_ticket(cut, profile))
        .count()
}

#[test]
fn each_printer_is_asked_once_what_it_can_do() {
    let folder = tempfile::tempdir().unwrap();
    for (model, expected, paper) in [
        (Model::epson(), Confirmation::ProcessId, Paper::Printed),
        (Model::clone_80(), Confirmation::InTurn, Paper::Printed),
        (Model::clone_silent(), Confirmation::None, Paper::Sent),
        // It would say that all is well with its cover open.
        (Model::clone_constant(), Confirmation::None, Paper::Sent),
    ] {
        let name = model.name;
        let line = serial(folder.path(), model);
        let mut printer = on(&line.device(), "generic-80");
        let printout = printer.print(&job()).unwrap();
        assert_eq!(printout.paper, paper, "{name}");
        let found = printer.abilities(false).unwrap();
        assert_eq!(found.confirmation(), expected, "{name}: {found:?}");
        assert!(line.printer.wait(PATIENCE, |p| !p.cuts().is_empty()));
        let before = line.printer.lock().received();
        assert_eq!(
            tickets(line.printer.lock().cuts(), "generic-80"),
            1,
            "{name}"
        );
        assert_eq!(line.printer.lock().cuts()[0].errors, [], "{name}");
        drop(printer);
        let known = Setup {
            abilities: Some(found),
            ..setup(&line.device(), "generic-80")
        };
        open(known).print(&job()).unwrap();
        assert!(line.printer.wait(PATIENCE, |p| p.cuts().len() == 2));
        assert!(line.printer.lock().received() <= 2 * before, "{name}");
    }
}

#[test]
fn a_network_printer_confirms_too() {
    let line = TcpLine::start(Printer::new(Model::epson())).unwrap();
    let mut printer = on(&line.device(), "epson-80");
    for _ in 0..2 {
        assert_eq!(printer.print(&job()).unwrap().paper, Paper::Printed);
    }
    assert_eq!(tickets(line.printer.lock().cuts(), "epson-80"), 2);
}

#[test]
fn nothing_is_sent_to_a_printer_that_says_it_cannot_print() {
    let folder = tempfile::tempdir().unwrap();
    for (fault, condition) in [
        (Fault::PaperOut, Condition::PaperOut),
        (Fault::CoverOpen, Condition::CoverOpen),
        (Fault::HeadHot, Condition::HeadHot),
        (Fault::Unrecoverable, Condition::Fault),
    ] {
        let line = serial(folder.path(), Model::epson());
        let mut printer = on(&line.device(), "epson-80");
        assert_eq!(printer.look(), Condition::Ready);
        line.printer.lock().fail(fault);
        assert_eq!(printer.look(), condition);
        let error = printer.print(&job()).unwrap_err();
        assert!(
            matches!(error.cause, Cause::Told(told) if told == condition),
            "{error}"
        );
        assert!(!error.begun, "{condition:?}");
        line.printer.lock().repair();
        assert_eq!(printer.print(&job()).unwrap().paper, Paper::Printed);
        assert_eq!(line.printer.lock().cuts().len(), 1, "{condition:?}");
    }
}

#[test]
fn low_paper_is_told_and_printed_on() {
    let folder = tempfile::tempdir().unwrap();
    let line = serial(folder.path(), Model::epson());
    line.printer.lock().fail(Fault::PaperLow);
    let mut printer = on(&line.device(), "epson-80");
    assert_eq!(printer.look(), Condition::PaperLow);
    assert_eq!(printer.print(&job()).unwrap().paper, Paper::Printed);
}

#[test]
fn a_silent_printer_that_once_answered_is_reported_as_silent() {
    let folder = tempfile::tempdir().unwrap();
    let line = serial(folder.path(), Model::epson());
    let mut printer = on(&line.device(), "epson-80");
    assert_eq!(printer.look(), Condition::Ready);
    line.printer.lock().fail(Fault::Silence);
    assert_eq!(printer.look(), Condition::Silent);
    let error = printer.print(&job()).unwrap_err();
    assert!(!error.begun, "{error}");
    line.printer.lock().repair();
    assert_eq!(printer.look(), Condition::Ready);
}

#[test]
fn a_jammed_cutter_is_recovered_from_once_it_is_freed() {
    let folder = tempfile::tempdir().unwrap();
    let line = serial(folder.path(), Model::epson());
    let mut printer = on(&line.device(), "epson-80");
    line.printer.lock().fail(Fault::CutterJam);
    let error = printer.print(&job()).unwrap_err();
    assert!(
        matches!(error.cause, Cause::Told(Condition::CutterJammed)),
        "{error}"
    );
    assert!(error.begun);
    line.printer.lock().repair();
    assert_eq!(printer.print(&job()).unwrap().paper, Paper::Printed);
    // Whether the jammed one was whole depends on how far it was when the clerk freed it.
    let cuts = line.printer.lock().take_cuts();
    assert!(is_the_ticket(cuts.last().unwrap(), "epson-80"));
}

/// Whatever happens at whatever byte: printed means whole, failed means nothing, and once all is
/// well again the next slip comes out whole and once.
fn whatever_happens(model: Model, profile_name: &str) {
    let faults = [
        Fault::PaperOut,
        Fault::CoverOpen,
        Fault::CutterJam,
        Fault::HeadHot,
        Fault::Silence,
        Fault::LateAnswers,
        Fault::GarbledAnswers,
        Fault::WrongKindAnswers,
        Fault::Unplug,
        Fault::PowerCycle(4_000),
        Fault::PowerCycle(40_000),
    ];
    // Most of it is waiting for a printer that says nothing: all of them at the same time.
    std::thread::scope(|offices| {
        for (index, fault) in faults.into_iter().enumerate() {
            let model = model.clone();
            // Early in one slip, late in another.
            offices.spawn(move || this_happens(model, profile_name, 1 + 941 * index, fault));
        }
    });
}

fn this_happens(model: Model, profile_name: &str, byte: usize, fault: Fault) {
    let folder = tempfile::tempdir().unwrap();
    let at = format!("{}: {fault:?} at {byte}", model.name);
    let line = serial(folder.path(), model);
    let abilities = on(&line.device(), profile_name).abilities(true);
    let mut printer = open(Setup {
        abilities,
        patience: Duration::from_secs(5),
        answer: Duration::from_millis(250),
        ..setup(&line.device(), profile_name)
    });
    line.printer.lock().fail_at(byte, fault);
    let first = printer.print(&job());
    line.printer.lock().repair();
    assert!(
        line.printer
            .wait(PATIENCE, |_| Path::new(&link(&line)).exists())
    );
    let came = tickets(&line.printer.lock().take_cuts(), profile_name);
    match &first {
        Ok(printout) => assert_eq!((printout.paper, came), (Paper::Printed, 1), "{at}"),
        Err(error) if !error.begun => assert_eq!(came, 0, "{at}: {error}"),
        Err(_) => assert!(came <= 1, "{at}"),
    }
    // The first may find the line still in disorder.
    let again = (0..3).find_map(|_| printer.print(&job()).ok());
    assert_eq!(again.map(|p| p.paper), Some(Paper::Printed), "{at}");
    let cuts = line.printer.lock().take_cuts();
    assert!(
        is_the_ticket(cuts.last().unwrap(), profile_name),
        "{at}: the last"
    );
}

#[test]
fn printed_is_said_only_of_slips_that_came_out_whole() {
    whatever_happens(Model::epson(), "tm-t20ii");
}

#[test]
fn a_clone_that_only_answers_in_turn_tells_the_truth_too() {
    whatever_happens(Model::clone_80(), "generic-80");
}

fn number(n: usize) -> Job {
    Job {
        name: format!("A{n:03}"),
        slip: ticket_number(n),
    }
}

/// Tickets that a printer with RAM has learnt to put together from words and digits.
const LEARNT: usize = 30;

#[test]
fn a_ticket_whose_words_are_in_the_printer_takes_a_thousand_bytes() {
    let folder = tempfile::tempdir().unwrap();
    for (model, profile_name) in [
        (Model::epson(), "tm-t20ii"),
        (Model::epson(), "tm-m30"),
        (Model::epson_180(), "tm-t88"),
    ] {
        let line = serial(folder.path(), model);
        let mut printer = on(&line.device(), profile_name);
        printer.look();
        let mut bytes = Vec::new();
        for n in 1..=2 * LEARNT {
            let before = line.printer.lock().received();
            assert_eq!(printer.print(&number(n)).unwrap().paper, Paper::Printed);
            bytes.push(line.printer.lock().received() - before);
            let cut = line.printer.lock().take_cuts().remove(0);
            assert_eq!(cut.errors, [], "{profile_name}: {n}");
            assert!(is_the_slip(&cut, &ticket_number(n), profile_name), "{n}");
            let paged = cut.commands.contains(&"ESC L");
            assert!(paged || n <= LEARNT, "{profile_name}: {n}");
        }
        let later = bytes[LEARNT..].iter().sum::<usize>() / LEARNT;
        assert!(later <= 1_000, "{profile_name}: {bytes:?}");
    }
}

#[test]
fn a_page_torn_in_the_middle_is_never_printed_with_the_next_slip() {
    let folder = tempfile::tempdir().unwrap();
    let line = serial(folder.path(), Model::epson());
    let setup = Setup {
        patience: Duration::from_secs(3),
        answer: Duration::from_millis(250),
        ..setup(&line.device(), "tm-t20ii")
    };
    let mut printer = open(setup);
    let faults = [Fault::PaperOut, Fault::Unplug, Fault::PowerCycle(1_200)];
    for (index, byte) in (60..960).step_by(150).enumerate() {
        let fault = faults[index % faults.len()];
        let at = format!("{fault:?} at {byte}");
        for n in 1..=4 {
            printer.print(&number(n)).unwrap();
        }
        let learnt = line.printer.lock().take_cuts().pop().unwrap();
        assert!(learnt.commands.contains(&"ESC L"), "{at}");
        line.printer.lock().fail_at(byte, fault);
        let torn = printer.print(&number(9));
        line.printer.lock().repair();
        assert!(
            line.printer
                .wait(PATIENCE, |_| Path::new(&link(&line)).exists())
        );
        let came = line.printer.lock().take_cuts();
        let whole = |cut: &&Cut| is_the_slip(cut, &ticket_number(9), "tm-t20ii");
        match &torn {
            Ok(_) => assert_eq!(came.iter().filter(whole).count(), 1, "{at}"),
            Err(error) => assert!(error.begun || came.iter().find(whole).is_none(), "{at}"),
        }
        let again = (0..3).find_map(|_| printer.print(&number(10)).ok());
        assert_eq!(again.map(|p| p.paper), Some(Paper::Printed), "{at}");
        let last = line.printer.lock().take_cuts().pop().unwrap();
        assert!(is_the_slip(&last, &ticket_number(10), "tm-t20ii"), "{at}");
    }
}

fn link(line: &PtyLine) -> String {
    let device = line.device();
    device["serial:".len()..device.find('?').unwrap()].to_owned()
}

#[test]
fn a_printer_is_never_taken_for_another_that_answered_better() {
    let folder = tempfile::tempdir().unwrap();
    let line = serial(folder.path(), Model::clone_silent());
    // As remembered from the printer before it.
    let mut printer = open(Setup {
        abilities: Some(Abilities {
            process_id: true,
            real_time: true,
            ..Abilities::default()
        }),
        ..setup(&line.device(), "generic-80")
    });
    assert_eq!(printer.look(), Condition::Silent);
    let found = printer.abilities(true).unwrap();
    assert_eq!(found.confirmation(), Confirmation::None);
    assert_eq!(printer.print(&job()).unwrap().paper, Paper::Sent);
}
