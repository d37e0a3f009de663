//! Prints the slips that are not out yet, and reports what became of their paper.
//!
//! The ticket is a fact before its paper: a lost printer stops nothing. Before a slip reaches a
//! printer that is journalled, so that after a crash at any byte it is known which slips may be
//! out: those are printed again marked *BẢN IN LẠI*, the others as if nothing had happened. A
//! slip known to be out is never printed again by itself.
//!
//! Each printer has its own task and prints its own kiosks' slips, and those of a printer that
//! it stands in for while that one does not print.

pub mod book;
mod desk;
mod draft;
pub mod power;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use printer::{Condition, Job, Paper, PrintError, Printout, Setup, TicketPrinter};
use queue::{Command, Id, PaperState};
use tokio::sync::watch;
use tracing::{error, info, warn};

use self::book::Book;
use self::desk::Wanted;
pub use self::desk::{Desk, Station};
use self::draft::Draft;
use self::power::{Power, Resets};
use crate::engine::{Engine, Failure, system};
use crate::fonts::FACES;
use crate::status::{Parts, PrinterReport};
use crate::{advice, config};

/// Between two looks at a printer that has nothing to do: an open cover shows on the counter
/// pages by then.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Between two looks at a printer in trouble, and two tries to journal.
const TRY_AGAIN: Duration = Duration::from_secs(3);
/// A record that only counts paper is written so often: a forecast is not worth a card.
const KEEP_EVERY: Duration = Duration::from_secs(120);
/// Cause of a slip that a printer had when the daemon ended.
const RESTARTED: &str = "restarted";
/// Cause of a day report whose figures cannot be read.
const NO_FIGURES: &str = "no-figures";

/// One printer at work.
pub struct Worker {
    /// All printers, and who has which slip.
    pub desk: Arc<Desk>,
    /// Which of them this is.
    pub station: usize,
    /// The record of this printer.
    pub book: Book,
    /// The journal's side.
    pub engine: Engine,
    /// The data folder, for the figures of a day.
    pub data: PathBuf,
    /// Where its state shows.
    pub parts: Parts,
    /// Its power, where a relay switches that.
    pub power: Option<Power>,
    /// For the times of its resets.
    pub started: Instant,
    /// True once the daemon stops.
    pub stop: watch::Receiver<bool>,
}

/// Slips that a printer had when the daemon ended may be out, whole or torn. Whether there are any.
pub async fn doubt_unfinished(engine: &Engine) -> bool {
    let unfinished = engine.read(|view| {
        let slips = view.state.unprinted().filter(|s| s.life().under_way);
        slips.map(|slip| slip.id()).collect::<Vec<_>>()
    });
    let unfinished = unfinished.await.unwrap_or_default();
    let any = !unfinished.is_empty();
    for slip in unfinished {
        let report = Command::ReportPaper {
            slip,
            paper: PaperState::Unknown,
            cause: Some(RESTARTED.to_owned()),
        };
        if let Err(failure) = engine.act(system(), report).await {
            warn!(%failure, "a slip of before the start could not be reported");
        }
    }
    any
}

/// A printer's record, and what it takes to open the printer.
pub fn setup(printer: &config::Printer, data: &Path) -> (Book, Setup) {
    let (device, profile) = (printer.device.to_string(), printer.profile.name.to_string());
    let book = Book::open(data, &printer.name, &device, &profile);
    let mut setup = Setup::new(printer.device.clone(), printer.profile.clone(), FACES);
    setup.previews = data.join("slips");
    setup.abilities = book.record.abilities;
    (book, setup)
}

impl Worker {
    /// Prints until the daemon stops. `printer` is used by one blocking thread at a time.
    pub async fn run(mut self, mut printer: Box<dyn TicketPrinter>) {
        let mut newest = self.engine.newest();
        let mut looked: Option<Instant> = None;
        let mut kept = Instant::now();
        loop {
            let prints = self
                .desk
                .condition(self.station)
                .is_some_and(Condition::prints);
            let every = if prints { LOOK_EVERY } else { TRY_AGAIN };
            if looked.is_none_or(|looked| looked.elapsed() >= every) {
                // Met in trouble it left half of the questions unanswered: they are asked again.
                let asks = !prints && looked.is_some() && self.book.record.abilities.is_none();
                let Some((back, condition)) = on_thread(printer, move |p| look(p, asks)).await
                else {
                    return self.gave_up();
                };
                printer = back;
                looked = Some(Instant::now());
                self.saw(condition, &mut *printer);
                self.reset_if_due(condition, &mut *printer).await;
            }
            let next = self.desk.clone().next(self.station, &self.engine).await;
            match next {
                Err(Failure::Stopping) => return,
                Ok(Some(Wanted::Print(slip))) => {
                    let id = slip.id;
                    let Some(back) = self.print(printer, *slip).await else {
                        return self.gave_up();
                    };
                    printer = back;
                    self.desk.let_go(id);
                    if kept.elapsed() > KEEP_EVERY {
                        kept = Instant::now();
                        self.book.keep();
                    }
                    continue;
                }
                Ok(Some(Wanted::Report(slip, condition))) => {
                    let cause = Some(condition.as_str().to_owned());
                    self.report(slip, PaperState::Failed, cause).await;
                    self.desk.let_go(slip);
                    continue;
                }
                Ok(None) | Err(_) => {}
            }
            let wait = every.saturating_sub(looked.map_or(every, |looked| looked.elapsed()));
            let mut stop = self.stop.clone();
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => break,
                changed = newest.changed() => if changed.is_err() { break },
                () = self.desk.changed() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
        self.book.keep();
    }

    /// One slip, from the record that it is begun to the record of what became of it.
    async fn print(
        &mut self,
        printer: Box<dyn TicketPrinter>,
        slip: desk::Slip,
    ) -> Option<Box<dyn TicketPrinter>> {
        let Some(lines) = lines(slip.draft, self.data.clone()).await else {
            self.desk.hopeless(&slip.attempt);
            let cause = Some(NO_FIGURES.to_owned());
            let paper = after(slip.paper, PaperState::Failed);
            self.report(slip.id, paper, cause).await;
            return Some(printer);
        };
        let begin = Command::BeginPaper {
            slip: slip.id,
            printer: slip.elsewhere,
            again: slip.again,
        };
        match self.engine.act(system(), begin).await {
            Ok(_) => {}
            Err(Failure::Refused(_)) => return Some(printer),
            Err(failure) => {
                warn!(%failure, "nothing is printed that cannot be journalled first");
                self.pause().await;
                return Some(printer);
            }
        }
        let job = Job {
            name: format!("{}-{}", slip.what, slip.id),
            slip: lines,
        };
        let (mut printer, result) = on_thread(printer, move |p| p.print(&job)).await?;
        let (paper, cause) = outcome(&result);
        if let Some(power) = &mut self.power {
            power.resets.printed(self.started.elapsed());
        }
        match &result {
            Ok(printout) => {
                self.book.record.roll.printed(printout.mm);
                let known = self.desk.condition(self.station);
                let known = known.filter(|known| known.prints());
                self.saw(known.unwrap_or(Condition::Ready), &mut *printer);
            }
            Err(error) => {
                let what = slip.what;
                warn!(what, %error, "A slip did not come out; a number stays on the screen");
                if let Some(condition) = error.cause.condition() {
                    self.saw(condition, &mut *printer);
                }
            }
        }
        self.desk.tried(&slip.attempt, &result);
        let paper = after(slip.paper, paper);
        self.report(slip.id, paper, cause).await;
        Some(printer)
    }

    /// Until its outcome is kept no slip is printed: this one would come out again and again.
    async fn report(&mut self, slip: Id, paper: PaperState, cause: Option<String>) {
        let report = Command::ReportPaper { slip, paper, cause };
        while let Err(failure) = self.engine.act(system(), report.clone()).await {
            match failure {
                Failure::Stopping | Failure::Refused(_) => return,
                failure => warn!(%failure, "what became of a slip cannot be journalled yet"),
            }
            if self.pause().await {
                return;
            }
        }
    }

    /// Waits a little; whether the daemon stops.
    async fn pause(&mut self) -> bool {
        tokio::select! {
            _ = self.stop.wait_for(|stop| *stop) => true,
            () = tokio::time::sleep(TRY_AGAIN) => false,
        }
    }

    /// Switches a printer that stays silent off and on. Nothing is printed meanwhile: it is done
    /// by the task that prints.
    async fn reset_if_due(&mut self, condition: Condition, printer: &mut dyn TicketPrinter) {
        let now = self.started.elapsed();
        let Some(mut power) = self.power.take() else {
            return;
        };
        if power.resets.seen(now, condition) {
            let name = &self.desk.station(self.station).name;
            let resets = power.resets.count();
            warn!(
                name,
                resets, "The printer stays silent; its power is off for a moment"
            );
            self.tell(condition, printer, Some(advice::reset(true)), resets);
            let mut stop = self.stop.clone();
            let stopped = async move {
                let _ = stop.wait_for(|stop| *stop).await;
            };
            power.cut(stopped).await;
            let name = &self.desk.station(self.station).name;
            info!(name, resets, "The printer has power again");
        }
        self.power = Some(power);
    }

    /// Notes how the printer fares, for everybody who asks.
    fn saw(&mut self, condition: Condition, printer: &mut dyn TicketPrinter) {
        let station = self.desk.station(self.station);
        let changed = self.desk.note(self.station, condition);
        self.book.record.roll.seen(condition);
        let abilities = printer.abilities(false);
        // A printer that said nothing may have been off: it is asked again at the next start.
        // So is one in trouble, which leaves what it would answer in turn unanswered.
        let found = abilities.filter(|found| found.answers() && condition.prints());
        if found.is_some() && found != self.book.record.abilities {
            self.book.record.abilities = found;
            self.book.keep();
        }
        let resets = self.power.as_ref().map(|power| &power.resets);
        let under_way = resets.and_then(|resets| resets.under_way(self.started.elapsed()));
        let advice = match (condition, under_way) {
            (Condition::Silent | Condition::Unplugged, Some(true)) => Some(advice::reset(true)),
            (Condition::Silent, Some(false)) => Some(advice::reset(false)),
            (condition, _) => advice::printer(condition),
        };
        let resets = resets.map_or(0, Resets::count);
        self.tell(condition, printer, advice, resets);
        if changed {
            self.book.keep();
            let name = &station.name;
            match condition.prints() {
                true => info!(name, condition = condition.as_str(), "The printer prints"),
                false => warn!(
                    name,
                    condition = condition.as_str(),
                    "The printer does not print; numbers stay on the screen"
                ),
            }
        }
    }

    /// Tells everybody who asks.
    fn tell(
        &self,
        condition: Condition,
        printer: &mut dyn TicketPrinter,
        advice: Option<advice::Sentence>,
        resets: u32,
    ) {
        let station = self.desk.station(self.station);
        let told = printer.abilities(false).unwrap_or_default();
        let slips_left = self.book.record.roll.slips_left(station.roll_mm);
        self.parts.set_printer(PrinterReport {
            name: station.name.clone(),
            place: station.place.clone(),
            condition,
            confirms: told.confirmation() != printer::Confirmation::None,
            slips_left: told.real_time.then_some(slips_left),
            resets,
            advice: advice.map(|sentence| match self.desk.stood_in(self.station) {
                true => sentence.while_stood_in(),
                false => sentence.texts(),
            }),
        });
    }

    fn gave_up(&self) {
        error!("printing a slip panicked; nothing is printed here until the daemon starts again");
        self.desk.note(self.station, Condition::Unplugged);
        self.parts.set("printer", crate::status::Health::Trouble);
    }
}

/// How a printer fares. `asks`: once it prints it is asked what it can do.
fn look(printer: &mut dyn TicketPrinter, asks: bool) -> Condition {
    let condition = printer.look();
    if asks && condition.prints() {
        printer.abilities(true);
    }
    condition
}

/// The lines of a slip; a day report's figures are read now. Nothing if they cannot be.
async fn lines(draft: Draft, data: PathBuf) -> Option<printer::Slip> {
    let report = match draft {
        Draft::Ready(lines) => return Some(lines),
        Draft::DayReport(report) => report,
    };
    let read = tokio::task::spawn_blocking(move || report.read(&data));
    match read.await {
        Ok(Ok(lines)) => Some(lines),
        Ok(Err(error)) => {
            warn!(%error, "The figures of a day report cannot be read");
            None
        }
        Err(error) => {
            error!(%error, "reading the figures of a day report panicked");
            None
        }
    }
}

/// Has `act` done with the printer on a thread of its own; nothing if it panicked.
async fn on_thread<T: Send + 'static>(
    mut printer: Box<dyn TicketPrinter>,
    act: impl FnOnce(&mut dyn TicketPrinter) -> T + Send + 'static,
) -> Option<(Box<dyn TicketPrinter>, T)> {
    let acting = tokio::task::spawn_blocking(move || {
        let done = act(&mut *printer);
        (printer, done)
    });
    acting.await.ok()
}

/// What is known of the paper after one more try. What once may have left the printer stays so: a
/// later failure with no byte out does not make it unprinted.
fn after(before: PaperState, now: PaperState) -> PaperState {
    match (before, now) {
        (PaperState::Unknown, PaperState::Failed) => PaperState::Unknown,
        (_, now) => now,
    }
}

/// What is known of the paper, and the cause if it is not out.
fn outcome(result: &Result<Printout, PrintError>) -> (PaperState, Option<String>) {
    match result {
        Ok(printout) => match printout.paper {
            Paper::Printed => (PaperState::Printed, None),
            Paper::Sent => (PaperState::Sent, None),
        },
        Err(error) => {
            let paper = match error.begun {
                true => PaperState::Unknown,
                false => PaperState::Failed,
            };
            (paper, Some(error.cause.as_str().to_owned()))
        }
    }
}
