//! `kiosk check --printer` says of every fault what a clerk can do about it, in both languages.

use std::path::Path;

use simulator::{Fault, Model, Printer, PtyLine, Shared, TcpLine};
use tests::office::Office;
use tests::wait;

/// The sentences for staff, where they are written down.
const ADVICE: &str = include_str!("../../kiosk/src/advice.rs");
/// A port where no daemon answers.
const NOBODY: &str = "127.0.0.1:9";

/// What is wrong, how both sentences begin, and the code for the phone call.
type Told = (Fault, &'static str, &'static str, &'static str);

const FAULTS: [Told; 10] = [
    (
        Fault::PaperLow,
        "Máy in sắp hết giấy.",
        "The printer is low on paper.",
        "(P1)",
    ),
    (
        Fault::PaperOut,
        "Máy in hết giấy.",
        "The printer is out of paper.",
        "(P2)",
    ),
    (
        Fault::CoverOpen,
        "Nắp máy in đang mở.",
        "The printer's cover is open.",
        "(P3)",
    ),
    (
        Fault::CutterJam,
        "Dao cắt của máy in bị kẹt.",
        "The printer's cutter is jammed.",
        "(P4)",
    ),
    (
        Fault::HeadHot,
        "Đầu in đang quá nóng.",
        "The print head is too hot.",
        "(P5)",
    ),
    (
        Fault::Unrecoverable,
        "Máy in báo lỗi.",
        "The printer reports a fault.",
        "(P6)",
    ),
    (
        Fault::Offline,
        "Máy in không nhận phiếu.",
        "The printer takes no slips.",
        "(P7)",
    ),
    (
        Fault::Silence,
        "Máy in không trả lời.",
        "The printer does not answer.",
        "(P8)",
    ),
    (
        Fault::GarbledAnswers,
        "Máy in không trả lời.",
        "The printer does not answer.",
        "(P8)",
    ),
    (
        Fault::Unplug,
        "Không thấy máy in.",
        "The printer is not there.",
        "(P9)",
    ),
];

fn settings(device: &str) -> String {
    format!("[printer]\ndevice = \"{device}\"\nprofile = \"tm-t20ii\"\n")
}

/// The lines about the printer, and whether all is well.
async fn checked(office: &Office, daemon: &str) -> (String, bool) {
    said(office, &["check", "--printer", "--listen", daemon]).await
}

async fn said(office: &Office, words: &[&str]) -> (String, bool) {
    let output = office.run(words).await;
    let said = String::from_utf8(output.stdout).unwrap();
    let from = said.find(" printer: ").expect(&said);
    // "good " or "bad  " stand before it.
    (said[from - 5..].to_owned(), output.status.success())
}

/// The printer has a fault that shows at once. A cutter jams only when it cuts.
fn fail(printer: &Shared, fault: Fault) {
    let mut printer = printer.lock();
    printer.fail(fault);
    if fault == Fault::CutterJam {
        for byte in *b"\x1dV\0" {
            printer.receive(byte);
        }
    }
}

fn is_told(said: &str, (fault, vi, en, code): &Told) {
    for begins in [vi, en] {
        let line = said.lines().find(|line| line.contains(begins));
        let line = line.unwrap_or_else(|| panic!("{fault:?}: no {begins:?} in {said}"));
        let sentence = &line[line.find(begins).unwrap()..];
        assert!(sentence.ends_with(code), "{fault:?}: {line}");
        let whole = format!("\"{sentence}\"");
        assert!(ADVICE.contains(&whole), "{whole} is not in advice.rs");
    }
}

/// `link`: what is there while the printer is plugged in.
async fn every_fault_is_told(device: &str, printer: &Shared, link: Option<&Path>) {
    let office = Office::furnished(&settings(device));
    let (said, good) = checked(&office, NOBODY).await;
    assert!(good && said.starts_with("good  printer: "), "{said}");
    let ready = format!("{device} is ready; it says itself when a slip is on paper\n");
    assert!(said.contains(&ready), "{said}");
    for told in &FAULTS {
        fail(printer, told.0);
        let unplugged = |link: &Path| (told.0 != Fault::Unplug || !link.exists()).then_some(());
        if let Some(link) = link {
            wait::until("the cable is out", async || unplugged(link)).await;
        }
        let (said, good) = checked(&office, NOBODY).await;
        is_told(&said, told);
        // Slips still come out on the last of a roll.
        assert_eq!(good, told.0 == Fault::PaperLow, "{said}");
        let mark = if good { "good  " } else { "bad   " };
        assert!(said.starts_with(mark), "{said}");
        printer.lock().repair();
        wait::until("all is well again", async || {
            let (said, _) = checked(&office, NOBODY).await;
            said.contains(&ready).then_some(())
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_is_told_what_to_do_about_a_printer_on_a_serial_line() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("printer");
    let line = PtyLine::start(Printer::new(Model::epson()), &link);
    every_fault_is_told(&line.device(), &line.printer, Some(&link)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_is_told_what_to_do_about_a_printer_on_the_network() {
    let line = TcpLine::start(Printer::new(Model::epson())).unwrap();
    every_fault_is_told(&line.device(), &line.printer, None).await;
}

/// A daemon has its printer to itself, so the check asks the daemon.
#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_is_told_the_same_while_the_daemon_has_the_printer() {
    let line = TcpLine::start(Printer::new(Model::epson())).unwrap();
    let office = Office::open(&settings(&line.device())).await;
    let daemon = office.url().trim_start_matches("http://").to_owned();
    for told in FAULTS.iter().filter(|told| {
        let at_a_cut_only = told.0 == Fault::CutterJam;
        !at_a_cut_only
    }) {
        fail(&line.printer, told.0);
        let said = wait::until("the daemon has seen it", async || {
            let (said, _) = checked(&office, &daemon).await;
            said.contains(told.3).then_some(said)
        });
        is_told(&said.await, told);
        line.printer.lock().repair();
    }
}

/// A printer without paper leaves half of the questions unanswered.
#[tokio::test(flavor = "multi_thread")]
async fn a_printer_that_was_met_without_paper_is_asked_again_what_it_can_do() {
    let without_paper = || {
        let line = TcpLine::start(Printer::new(Model::epson())).unwrap();
        line.printer.lock().fail(Fault::PaperOut);
        line
    };
    let knows = "it says itself when a slip is on paper";
    let as_known = ["check", "--listen", NOBODY];

    let line = without_paper();
    let office = Office::furnished(&settings(&line.device()));
    let (told, good) = checked(&office, NOBODY).await;
    assert!(!good && told.contains("(P2)"), "{told}");
    line.printer.lock().repair();
    let (told, _) = said(&office, &as_known).await;
    assert!(told.contains(knows), "{told}");

    let line = without_paper();
    let mut office = Office::open(&settings(&line.device())).await;
    let daemon = office.url().trim_start_matches("http://").to_owned();
    let seen = async |sentence: &str| {
        wait::until(sentence, async || {
            let (told, _) = checked(&office, &daemon).await;
            told.contains(sentence).then_some(())
        })
        .await;
    };
    seen("(P2)").await;
    line.printer.lock().repair();
    seen("ready, says the running daemon").await;
    office.stop().await;
    let (told, _) = said(&office, &as_known).await;
    assert!(told.contains(knows), "{told}");
}
