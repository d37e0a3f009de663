//! What a printer's worker does when its printer stays silent or a slip has nothing on it.
#![allow(clippy::unwrap_used)]

use printer::{Abilities, Cause};

use super::*;
use crate::config::{Config, PrinterRelay};
use crate::engine::tests::House;
use crate::pins::Board as _;
use crate::pins::tests::PaperBoard;

/// It answered once.
struct Silent;

impl TicketPrinter for Silent {
    fn print(&mut self, _job: &Job) -> Result<Printout, PrintError> {
        Err(PrintError {
            accepted: 0,
            begun: false,
            cause: Cause::Told(Condition::Silent),
        })
    }

    fn look(&mut self) -> Condition {
        Condition::Silent
    }

    fn abilities(&mut self, _probe: bool) -> Option<Abilities> {
        Some(Abilities {
            real_time: true,
            ..Abilities::default()
        })
    }
}

/// It has nothing to do.
struct Idle;

impl TicketPrinter for Idle {
    fn print(&mut self, job: &Job) -> Result<Printout, PrintError> {
        panic!("nothing of {} can be printed", job.name)
    }

    fn look(&mut self) -> Condition {
        Condition::Ready
    }

    fn abilities(&mut self, _probe: bool) -> Option<Abilities> {
        None
    }
}

/// The worker of the first printer of this house, of a daemon that stops: it does what there is to
/// do and ends.
fn worker(house: &House, config: &Config, parts: &Parts, power: Option<Power>) -> Worker {
    Worker {
        desk: Arc::new(Desk::new(
            config.printers.iter().map(Station::from).collect(),
            None,
            None,
        )),
        station: 0,
        book: Book::open(house.folder.path(), "printer", "preview", "generic-80"),
        engine: house.engine.clone(),
        data: house.folder.path().to_owned(),
        parts: parts.clone(),
        power,
        started: Instant::now(),
        stop: watch::channel(true).1,
    }
}

#[tokio::test]
async fn a_silent_printer_is_switched_off_and_on_and_everybody_is_told() {
    let house = House::new();
    let config = Config::load(None).unwrap();
    let parts = Parts::with_printers(config.printers.iter().map(|p| p.name.clone()));
    let board = PaperBoard::default();
    let relay = PrinterRelay {
        pin: 22,
        active_low: false,
        printer: config.printers[0].name.clone(),
        silent: Duration::ZERO,
        off: Duration::from_secs(3_600),
        between: Duration::from_secs(3_600),
    };
    let power = Power::new(board.output(22, false).unwrap(), &relay);
    // A daemon that stops looks once more, and gives the power back at once.
    let worker = worker(&house, &config, &parts, Some(power));
    worker.run(Box::new(Silent)).await;
    assert_eq!(board.told(22), [false, true, false]);
    let report = &parts.printers()[0];
    assert_eq!(report.resets, 1);
    let advice = report.advice.as_ref().unwrap();
    assert!(advice["vi"].ends_with("(P10)"), "{advice:?}");
}

#[tokio::test]
async fn a_day_report_that_may_be_out_stays_so_when_its_figures_cannot_be_read() {
    for (before, after) in [
        (PaperState::Pending, PaperState::Failed),
        (PaperState::Failed, PaperState::Failed),
        (PaperState::Unknown, PaperState::Unknown),
    ] {
        let house = House::new();
        let config = Config::load(None).unwrap();
        let parts = Parts::with_printers(config.printers.iter().map(|p| p.name.clone()));
        let slip = Id::from_bits(7);
        let ask = Command::AskSlip {
            slip,
            kind: queue::SlipKind::DayReport,
            service: None,
            ticket: None,
            language: "vi".to_owned(),
            printer: None,
        };
        house.engine.act(system(), ask).await.unwrap();
        if before != PaperState::Pending {
            let (printer, again, cause) = (None, false, None);
            let begin = Command::BeginPaper {
                slip,
                printer,
                again,
            };
            let paper = before;
            let report = Command::ReportPaper { slip, paper, cause };
            house.engine.act(system(), begin).await.unwrap();
            house.engine.act(system(), report).await.unwrap();
        }
        let elsewhere = tempfile::tempdir().unwrap();
        let mut worker = worker(&house, &config, &parts, None);
        worker.data = elsewhere.path().to_owned();
        worker.run(Box::new(Idle)).await;
        let paper = move |view: crate::engine::View<'_>| view.state.asked(slip).map(|s| s.paper);
        assert_eq!(house.engine.read(paper).await.unwrap(), Some(after));
    }
}
