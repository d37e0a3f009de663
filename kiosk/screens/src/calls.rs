//! Which call the lobby shows large.
//!
//! Pure: time comes in as `now_ms`. The newest call is gold for eight seconds, then it joins
//! the list and stays large, but quiet. Several calls at once take turns, each for at least
//! four seconds; a recall is a call again; an undone call is gone at once.

use std::collections::VecDeque;

use crate::board::Call;

/// How long a call is gold.
pub const GOLD_MS: u64 = 8_000;
/// How long it is while others wait for their turn.
pub const TURN_MS: u64 = 4_000;
/// More calls at once than this are not all worth the minute they would take: the list
/// shows them.
const TURNS_MAX: usize = 6;

/// The calls of a lobby screen.
#[derive(Debug, Default)]
pub struct Calls {
    all: Vec<Call>,
    /// The newest id that was seen; `None` before the first snapshot.
    seen: Option<u64>,
    turns: VecDeque<Call>,
    gold: Option<(Call, u64)>,
}

impl Calls {
    /// Takes in the calls of a new state, newest first.
    pub fn update(&mut self, calls: &[Call], now: u64) {
        self.pass_time(now);
        let newest = calls.iter().map(|call| call.id).max().unwrap_or(0);
        // A smaller newest id than before means another journal: nothing there is news. What
        // is there when the screen starts was called before anybody looked.
        let seen = self.seen.unwrap_or(newest).min(newest.max(1));
        let still = |call: &Call| calls.iter().any(|other| other.id == call.id);
        self.turns.retain(still);
        if self.gold.as_ref().is_some_and(|(call, _)| !still(call)) {
            self.gold = None;
        }
        let mut news: Vec<&Call> = calls.iter().filter(|call| call.id > seen).collect();
        news.sort_by_key(|call| call.id);
        self.turns.extend(news.into_iter().cloned());
        while self.turns.len() > TURNS_MAX {
            self.turns.pop_front();
        }
        self.seen = Some(newest.max(self.seen.filter(|seen| *seen <= newest).unwrap_or(0)));
        self.all = calls.to_vec();
        self.pass_time(now);
    }

    /// Ends what has been gold long enough, and begins the next.
    pub fn pass_time(&mut self, now: u64) {
        if self.ends_at().is_some_and(|end| now >= end) {
            self.gold = None;
        }
        if self.gold.is_none() {
            self.gold = self.turns.pop_front().map(|call| (call, now));
        }
    }

    /// The call shown large, and whether it is gold.
    pub fn large(&self) -> Option<(&Call, bool)> {
        match &self.gold {
            Some((call, _)) => Some((call, true)),
            None => self.all.first().map(|call| (call, false)),
        }
    }

    /// The other calls, newest first. One that waits for its turn is not given away before.
    pub fn list(&self) -> Vec<&Call> {
        let large = self.large().map(|(call, _)| call.id);
        self.all
            .iter()
            .filter(|call| Some(call.id) != large)
            .filter(|call| !self.turns.iter().any(|turn| turn.id == call.id))
            .collect()
    }

    /// When the gold ends or goes to the next.
    pub fn ends_at(&self) -> Option<u64> {
        let (_, since) = self.gold.as_ref()?;
        Some(
            since
                + if self.turns.is_empty() {
                    GOLD_MS
                } else {
                    TURN_MS
                },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `A012/3#57`: number, counter, id.
    fn calls(text: &str) -> Vec<Call> {
        let call = |word: &str| {
            let (number, rest) = word.split_once('/').expect("number/counter#id");
            let (counter, id) = rest.split_once('#').expect("counter#id");
            Call {
                number: number.to_owned(),
                counter: counter.parse().expect("a counter"),
                times: 1,
                id: id.parse().expect("an id"),
            }
        };
        text.split_whitespace().map(call).collect()
    }

    /// Each line: seconds, then the calls of a new state (`=` for none), `->`, the large one
    /// (`*` when gold) and the list.
    fn check(script: &str) {
        let mut lobby = Calls::default();
        for line in script
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
        {
            let (before, after) = line.split_once("->").expect("an arrow");
            let (at, state) = before
                .trim()
                .split_once(' ')
                .unwrap_or((before.trim(), "="));
            let now = (at.parse::<f64>().expect("seconds") * 1000.0) as u64;
            match state.trim() {
                "=" => lobby.pass_time(now),
                "none" => lobby.update(&[], now),
                state => lobby.update(&calls(state), now),
            }
            let mut shown = String::new();
            if let Some((call, gold)) = lobby.large() {
                shown = format!("{}{}", call.number, if gold { "*" } else { "" });
            }
            for call in lobby.list() {
                shown = format!("{shown} {}", call.number);
            }
            assert_eq!(shown.trim(), after.trim(), "at {line:?}");
        }
    }

    #[test]
    fn a_new_call_is_gold_for_eight_seconds_then_it_stays_quietly() {
        check(
            "0    none                 ->
             1    A001/1#1             -> A001*
             8.9                       -> A001*
             9                         -> A001
             20   A002/2#2 A001/1#1    -> A002* A001
             28                        -> A002 A001",
        );
    }

    #[test]
    fn calls_at_once_take_turns_of_four_seconds() {
        check(
            "0    A001/1#1                        -> A001
             1    B002/2#3 B001/3#2 A001/1#1      -> B001* A001
             4.9                                  -> B001* A001
             5                                    -> B002* B001 A001
             12.9                                 -> B002* B001 A001
             13                                   -> B002 B001 A001",
        );
    }

    #[test]
    fn a_recall_is_gold_again_and_an_undone_call_is_gone() {
        check(
            "0    A002/2#2 A001/1#1   -> A002 A001
             1    A001/1#3 A002/2#2   -> A001* A002
             2    A002/2#2            -> A002
             3    A003/1#4 A002/2#2   -> A003* A002",
        );
    }

    #[test]
    fn a_screen_that_starts_shows_old_calls_quietly() {
        check("0 A009/2#9 A008/1#8 -> A009 A008");
    }

    #[test]
    fn another_journal_brings_no_flood() {
        check(
            "0    A009/2#9 A008/1#8   -> A009 A008
             1    A002/2#2 A001/1#1   -> A002 A001
             2    A003/2#3 A002/2#2   -> A003* A002",
        );
    }
}
