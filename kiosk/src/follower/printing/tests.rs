//! A printer that stays silent, and what its worker does about it.
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
    // A daemon that stops looks once more, and gives the power back at once.
    let (_stop, stop) = watch::channel(true);
    let worker = Worker {
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
        power: Some(Power::new(board.output(22, false).unwrap(), &relay)),
        started: Instant::now(),
        stop,
    };
    worker.run(Box::new(Silent)).await;
    assert_eq!(board.told(22), [false, true, false]);
    let report = &parts.printers()[0];
    assert_eq!(report.resets, 1);
    let advice = report.advice.as_ref().unwrap();
    assert!(advice["vi"].ends_with("(P10)"), "{advice:?}");
}
