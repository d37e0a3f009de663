//! Around a slip: a line that breaks before it begins, and a printer's list that gets lost behind it.
#![allow(clippy::unwrap_used)]

use std::sync::{Arc, Mutex};

use super::*;
use crate::ability::Abilities;
use crate::link::Link;
use crate::print::{Job, Paper, PrintError, Printout, Setup, TicketPrinter};
use crate::profile::Profile;
use crate::slip::{Slip, Weight};
use crate::type_case::tests::FACES;
use simulator::{Model, Printer as Simulator};

/// What a test and the line both hold.
struct Office {
    printer: Simulator,
    /// So many bytes of the order to forget arrive; then the line breaks.
    breaks_in_forgetting: Option<usize>,
    /// The order to forget gets lost as a whole.
    loses_forgetting: bool,
    /// So many questions for the list get lost.
    loses_lists: usize,
    /// How often the list was asked for.
    lists: usize,
}

/// A line without time: what is said is heard at once, or never.
struct Line {
    office: Arc<Mutex<Office>>,
    written: usize,
}

impl Link for Line {
    fn send(&mut self, bytes: &[u8], _deadline: Instant) -> io::Result<()> {
        let mut office = self.office.lock().unwrap();
        let mut arrives = bytes.len();
        if bytes == escpos::forget_graphics() {
            arrives = office.breaks_in_forgetting.unwrap_or(arrives);
            if office.loses_forgetting {
                return Ok(());
            }
        }
        if bytes == escpos::LIST_GRAPHICS {
            office.lists += 1;
            if office.lists <= office.loses_lists {
                return Ok(());
            }
        }
        self.written += arrives;
        for byte in &bytes[..arrives] {
            office.printer.receive(*byte);
        }
        match arrives == bytes.len() {
            true => Ok(()),
            false => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn settle(&mut self, _deadline: Instant) -> io::Result<()> {
        Ok(())
    }

    fn written(&self) -> usize {
        self.written
    }

    fn taken(&mut self) -> usize {
        self.written
    }

    fn receive(&mut self, buffer: &mut [u8], _deadline: Instant) -> io::Result<usize> {
        let answers = self.office.lock().unwrap().printer.answers();
        assert!(answers.len() < buffer.len(), "short answers only");
        buffer[..answers.len()].copy_from_slice(&answers);
        Ok(answers.len())
    }

    fn finish(&mut self, _deadline: Instant) -> io::Result<()> {
        Ok(())
    }

    fn two_way(&self) -> bool {
        true
    }

    fn stays(&self) -> bool {
        true
    }
}

impl Office {
    fn new() -> Self {
        Self {
            printer: Simulator::new(Model::epson()),
            breaks_in_forgetting: None,
            loses_forgetting: false,
            loses_lists: 0,
            lists: 0,
        }
    }
}

fn profile() -> Profile {
    Profile::named("tm-t20ii").unwrap()
}

fn job() -> Job {
    Job {
        name: "A012".to_owned(),
        slip: Slip::new().centred("Hộ tịch", 34, Weight::Bold),
    }
}

fn plug_in(driver: &mut Driver, office: &Arc<Mutex<Office>>) {
    let line = Line {
        office: office.clone(),
        written: 0,
    };
    let by = Instant::now() + Duration::from_secs(1);
    driver.meet(Box::new(line), by).unwrap();
}

/// A driver on a line to this office.
fn driver(office: Office) -> (Driver, Arc<Mutex<Office>>) {
    let office = Arc::new(Mutex::new(office));
    let abilities = Abilities {
        real_time: true,
        in_turn: true,
        process_id: true,
        graphics: true,
        ..Abilities::default()
    };
    let mut driver = Driver::new(Setup {
        abilities: Some(abilities),
        answer: Duration::from_millis(20),
        ..Setup::new("tcp:192.0.2.7:9100".parse().unwrap(), profile(), FACES)
    });
    plug_in(&mut driver, &office);
    (driver, office)
}

#[test]
fn a_line_that_breaks_before_a_slip_costs_the_next_one_nothing() {
    let picture = crate::draw(&job().slip, &profile(), &FACES).unwrap();
    for arrives in 0..escpos::forget_graphics().len() {
        let (mut driver, office) = driver(Office {
            breaks_in_forgetting: Some(arrives),
            ..Office::new()
        });
        let error = driver.print(&job()).unwrap_err();
        assert!(!error.begun, "{arrives}: no byte of the slip itself");
        office.lock().unwrap().breaks_in_forgetting = None;
        plug_in(&mut driver, &office);
        assert_eq!(driver.print(&job()).unwrap().paper, Paper::Printed);
        let cut = office.lock().unwrap().printer.take_cuts().pop().unwrap();
        assert_eq!(cut.errors, [], "{arrives}");
        assert_eq!(cut.texts, [], "{arrives}: dots as letters");
        assert_eq!(cut.rows.len(), picture.rows(), "{arrives}");
    }
}

/// How a slip ends, and how often the list was asked for.
fn printed(office: Office) -> (Result<Printout, PrintError>, usize) {
    let (mut driver, office) = driver(office);
    let result = driver.print(&job());
    let lists = office.lock().unwrap().lists;
    (result, lists)
}

#[test]
fn a_list_that_gets_lost_once_does_not_make_a_slip_doubtful() {
    let losing = |loses_lists| Office {
        loses_lists,
        ..Office::new()
    };
    for (lost, asked) in [(0, 1), (1, 2)] {
        let (result, lists) = printed(losing(lost));
        assert_eq!((result.unwrap().paper, lists), (Paper::Printed, asked));
    }
    let (result, lists) = printed(losing(2));
    let error = result.unwrap_err();
    assert!(matches!(error.cause, Cause::Interrupted), "{error}");
    assert_eq!(lists, LIST_ASKS_MAX);
}

#[test]
fn another_list_than_there_should_be_is_believed_at_once() {
    let (result, lists) = printed(Office {
        loses_forgetting: true,
        ..Office::new()
    });
    let error = result.unwrap_err();
    assert!(matches!(error.cause, Cause::Interrupted), "{error}");
    assert_eq!(lists, 1);
}

#[test]
fn a_long_list_is_given_the_time_that_a_slow_line_takes_for_it() {
    let answer = Duration::from_millis(700);
    for keys in [40_usize, 100, 200] {
        // Two bytes each and four around each block of 40, whose acknowledgement is one more, at
        // 960 bytes a second.
        let bytes = 2 * keys + 5 * keys.div_ceil(40);
        let on_the_line = Duration::from_micros(bytes as u64 * 1_000_000 / 960);
        assert!(list_wait(answer, keys) > answer + 2 * on_the_line, "{keys}");
    }
}
