//! The power of a printer that stays silent: taken away for a moment, and given back.
//!
//! When that is due is decided without a clock of its own. The printer's worker does it between two
//! slips, so that none can be under way; and one that nobody confirmed has had its time to come out.

use std::time::Duration;

use printer::{Condition, PRINT_SECONDS_MAX};

use crate::config::PrinterRelay;
use crate::pins::Output;

/// A slip that was not confirmed may still move for so long.
const MOVES: Duration = Duration::from_secs(PRINT_SECONDS_MAX);

/// A printer that has its power back answers by then.
const STARTS: Duration = Duration::from_secs(30);

/// When a silent printer is switched off and on.
#[derive(Debug)]
pub struct Resets {
    silent: Duration,
    between: Duration,
    /// From the moment it is switched off until it should answer.
    back: Duration,
    silent_since: Option<Duration>,
    last_slip: Option<Duration>,
    last: Option<Duration>,
    /// It has not answered since.
    unanswered: bool,
    count: u32,
}

impl Resets {
    /// As configured.
    pub fn new(wanted: &PrinterRelay) -> Self {
        Self {
            silent: wanted.silent,
            between: wanted.between,
            back: wanted.off + STARTS,
            silent_since: None,
            last_slip: None,
            last: None,
            unanswered: false,
            count: 0,
        }
    }

    /// A slip was on its way to the printer until `now`, since the worker's start.
    pub fn printed(&mut self, now: Duration) {
        self.last_slip = Some(now);
    }

    /// The printer was seen like this. Whether it is switched off and on now.
    pub fn seen(&mut self, now: Duration, condition: Condition) -> bool {
        if condition != Condition::Silent {
            self.silent_since = None;
            // One that is not there has not answered yet.
            self.unanswered &= condition == Condition::Unplugged;
            return false;
        }
        let since = *self.silent_since.get_or_insert(now);
        let passed = |since: Option<Duration>, wait| since.is_none_or(|since| now - since >= wait);
        let due = now - since >= self.silent
            && passed(self.last_slip, MOVES)
            && passed(self.last, self.between);
        if due {
            self.last = Some(now);
            self.silent_since = None;
            self.unanswered = true;
            self.count += 1;
        }
        due
    }

    /// Whether it was switched off and on and has not answered since; true while it may still.
    pub fn under_way(&self, now: Duration) -> Option<bool> {
        let since = self.last.filter(|_| self.unanswered)?;
        Some(now - since < self.back)
    }

    /// How often it was switched off and on.
    pub fn count(&self) -> u32 {
        self.count
    }
}

/// The relay of a printer, and when it acts.
pub struct Power {
    /// On: the printer has no power.
    relay: Box<dyn Output>,
    off: Duration,
    /// When.
    pub resets: Resets,
}

impl Power {
    /// As configured.
    pub fn new(relay: Box<dyn Output>, wanted: &PrinterRelay) -> Self {
        Self {
            relay,
            off: wanted.off,
            resets: Resets::new(wanted),
        }
    }

    /// Takes the power away for as long as configured, or until `stopped`; it is back also if this
    /// is never waited for to its end.
    pub async fn cut(&mut self, stopped: impl Future<Output = ()>) {
        let _off = Off::of(&mut *self.relay);
        tokio::select! {
            () = tokio::time::sleep(self.off) => {}
            () = stopped => {}
        }
    }
}

/// A printer has no power while this lives.
struct Off<'a>(&'a mut dyn Output);

impl<'a> Off<'a> {
    fn of(relay: &'a mut dyn Output) -> Self {
        relay.set(true);
        Self(relay)
    }
}

impl Drop for Off<'_> {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::future::{pending, ready};

    use super::*;
    use crate::pins::Board as _;
    use crate::pins::tests::PaperBoard;

    fn relay(off_seconds: u64) -> PrinterRelay {
        PrinterRelay {
            pin: 22,
            active_low: false,
            printer: "printer".to_owned(),
            silent: Duration::from_secs(60),
            off: Duration::from_secs(off_seconds),
            between: Duration::from_secs(1_800),
        }
    }

    const NEVER: [u64; 0] = [];

    /// What happens at which second: how the printer is seen, or a slip that ends.
    enum Then {
        Seen(Condition),
        Slip,
    }

    /// Seconds at which the printer is switched off, silent for 60 s, at most every 30 minutes.
    fn switched_off(story: &[(u64, Then)]) -> Vec<u64> {
        let mut resets = Resets::new(&relay(10));
        let mut when = Vec::new();
        for (second, then) in story {
            let now = Duration::from_secs(*second);
            match then {
                Then::Seen(condition) => {
                    if resets.seen(now, *condition) {
                        when.push(*second);
                    }
                }
                Then::Slip => resets.printed(now),
            }
        }
        assert_eq!(resets.count() as usize, when.len());
        when
    }

    /// Silence from one second to another, looked at every 3 s.
    fn silence(from: u64, to: u64) -> Vec<(u64, Then)> {
        let looks = (from..to).step_by(3);
        looks
            .map(|second| (second, Then::Seen(Condition::Silent)))
            .collect()
    }

    #[test]
    fn a_printer_that_is_silent_for_a_minute_is_switched_off_and_on() {
        assert_eq!(switched_off(&silence(0, 100)), [60]);
        assert_eq!(switched_off(&silence(0, 60)), NEVER);
    }

    #[test]
    fn it_is_done_again_only_after_half_an_hour() {
        assert_eq!(switched_off(&silence(0, 4_000)), [60, 1_860, 3_660]);
    }

    #[test]
    fn an_answer_in_between_begins_the_minute_anew() {
        let mut story = silence(0, 57);
        story.push((58, Then::Seen(Condition::Ready)));
        story.extend(silence(60, 130));
        assert_eq!(switched_off(&story), [120]);
    }

    #[test]
    fn other_troubles_are_for_people() {
        for condition in [
            Condition::Unplugged,
            Condition::CoverOpen,
            Condition::PaperOut,
            Condition::CutterJammed,
            Condition::HeadHot,
            Condition::Fault,
            Condition::Offline,
            Condition::PaperLow,
            Condition::Ready,
        ] {
            let look = |second| (second, Then::Seen(condition));
            let story: Vec<(u64, Then)> = (0..4_000).step_by(3).map(look).collect();
            assert_eq!(switched_off(&story), NEVER, "{condition:?}");
        }
    }

    #[test]
    fn never_while_a_slip_may_still_move() {
        // Nobody confirmed a slip at second 50: it has 30 s to come out.
        let mut story = silence(0, 48);
        story.push((50, Then::Slip));
        story.extend(silence(51, 100));
        assert_eq!(switched_off(&story), [81]);
    }

    #[test]
    fn a_reset_was_in_vain_unless_the_printer_answers_in_time() {
        let mut resets = Resets::new(&relay(10));
        let mut seen = |second, condition| {
            let now = Duration::from_secs(second);
            resets.seen(now, condition);
            resets.under_way(now)
        };
        assert_eq!(seen(0, Condition::Silent), None);
        assert_eq!(seen(60, Condition::Silent), Some(true));
        assert_eq!(seen(75, Condition::Unplugged), Some(true), "it starts");
        assert_eq!(seen(99, Condition::Silent), Some(true));
        assert_eq!(seen(100, Condition::Silent), Some(false));
        assert_eq!(seen(130, Condition::CoverOpen), None, "it answers");
        assert_eq!(seen(140, Condition::Silent), None);
    }

    #[tokio::test]
    async fn the_printer_always_gets_its_power_back() {
        let board = PaperBoard::default();
        let output = || board.output(22, false).unwrap();
        let mut power = Power::new(output(), &relay(0));
        power.cut(pending()).await;
        assert_eq!(board.told(22), [false, true, false]);
        // The daemon stops meanwhile.
        let mut power = Power::new(output(), &relay(3_600));
        power.cut(ready(())).await;
        assert_eq!(board.told(22)[3..], [false, true, false]);
        // Nobody waits for it any longer.
        let mut power = Power::new(output(), &relay(3_600));
        let waited = tokio::time::timeout(Duration::ZERO, power.cut(pending())).await;
        assert!(waited.is_err());
        assert_eq!(board.told(22)[6..], [false, true, false]);
    }
}
