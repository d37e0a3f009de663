//! Around a slip: a line that breaks before it begins.
#![allow(clippy::unwrap_used)]

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::*;
use crate::ability::Abilities;
use crate::link::Link;
use crate::print::{Job, Paper, Setup, TicketPrinter};
use crate::profile::Profile;
use crate::slip::{Slip, Weight};
use crate::type_case::tests::FACES;
use simulator::{Model, Printer as Simulator};

/// What a test and the line both hold.
struct Office {
    printer: Simulator,
    /// So many bytes of the order to forget arrive; then the line breaks.
    breaks_in_forgetting: Option<usize>,
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
