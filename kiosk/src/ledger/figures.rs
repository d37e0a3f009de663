//! What figures say, and how each is computed.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

/// Durations: how many, their middle and their ninth tenth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Spread {
    /// How many durations there are.
    pub count: u64,
    /// The middle one in seconds; of an even count the mean of the two in the middle, rounded
    /// down. Null without any.
    pub median_seconds: Option<u64>,
    /// The 90th percentile in seconds by nearest rank: the shortest duration that at least nine
    /// tenths of all do not exceed. Null without any.
    pub p90_seconds: Option<u64>,
}

impl Spread {
    /// Of durations in ms, in any order.
    pub fn of(mut ms: Vec<u64>) -> Self {
        ms.sort_unstable();
        let count = ms.len();
        let middle = (ms.get(count.saturating_sub(1) / 2), ms.get(count / 2));
        let rank = (count * 9).div_ceil(10);
        Self {
            count: count as u64,
            median_seconds: match middle {
                (Some(a), Some(b)) if count > 0 => Some((a + b) / 2 / 1_000),
                _ => None,
            },
            p90_seconds: ms.get(rank.wrapping_sub(1)).map(|ms| ms / 1_000),
        }
    }
}

/// Tickets of a service, a day, or all. Every issued ticket is in exactly one of the columns
/// that follow: issued = served + no_shows + cancelled + changed + open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Tickets {
    /// Numbers given out, those of a paper roll included.
    pub issued: u64,
    /// Finished, in hand when the day closed, or entered as served with a paper roll.
    pub served: u64,
    /// Missed a call and did not come back. Who came back counts as what became of it then.
    pub no_shows: u64,
    /// Given up.
    pub cancelled: u64,
    /// Wrong tile: void, and another number given out instead, which is counted too.
    pub changed: u64,
    /// Waiting, called, being served or put aside; on a day that is over: not served.
    pub open: u64,
    /// Given out with priority, those changed left out.
    pub priority: u64,
    /// From the number given out to its first call that was not taken back. One of a paper roll
    /// has no such time.
    pub wait: Spread,
    /// From a call to its finish or transfer, the way to the counter included: a clerk need not
    /// say when service begins. Under the service of that call; work put aside, and what was in
    /// hand at closing, has no such time.
    pub service: Spread,
}

/// A service's tickets: those that were given out for it, wherever they were sent later.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ServiceFigures {
    /// Its letter.
    pub letter: String,
    /// By language.
    pub name: BTreeMap<String, String>,
    /// Its tickets.
    #[serde(flatten)]
    pub tickets: Tickets,
}

/// A day's tickets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct DayFigures {
    /// From 1, one more each service day.
    pub id: u64,
    /// Its date; null if never learnt.
    pub date: Option<String>,
    /// Whether it is open.
    #[serde(rename = "day_open")]
    pub open: bool,
    /// Its tickets.
    #[serde(flatten)]
    pub tickets: Tickets,
}

/// What a counter did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct CounterFigures {
    /// From 1.
    pub number: u32,
    /// Calls, those taken back left out.
    pub calls: u64,
    /// Calls that ended in a finish, or with the day.
    pub served: u64,
    /// Calls that nobody came to.
    pub no_shows: u64,
    /// Calls that ended in a transfer.
    pub transferred: u64,
    /// As in `Tickets`.
    pub service: Spread,
    /// Time open, breaks left out; of an open counter up to the newest record.
    pub open_seconds: u64,
    /// Time paused.
    pub paused_seconds: u64,
    /// Time open with nothing in hand.
    pub idle_seconds: u64,
}

/// Half an hour of the day, over all days.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct HalfHour {
    /// Its first moment in the office's time, such as 07:30.
    pub from: String,
    /// Numbers given out in it, those of a paper roll left out.
    pub issued: u64,
    /// Calls made in it.
    pub called: u64,
}

/// What became of slips: every ticket under the last that is known of its slip.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Paper {
    /// The device confirmed it.
    pub printed: u64,
    /// Every byte was taken by a device that cannot confirm.
    pub sent: u64,
    /// Nobody knows what came out.
    pub unknown: u64,
    /// Nothing came out.
    pub failed: u64,
    /// To be printed.
    pub pending: u64,
    /// No slip was wanted.
    pub none: u64,
    /// Slips marked as a reprint that reached a printer.
    pub reprints: u64,
}

/// Scans of one purpose.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ScanFigures {
    /// receive, supplement, return or look-up.
    pub purpose: String,
    /// All of them.
    pub scans: u64,
    /// The intake server has it.
    pub delivered: u64,
    /// To be forwarded.
    pub pending: u64,
    /// The intake server will not take it.
    pub refused: u64,
    /// A clerk decides.
    pub unknown: u64,
    /// No intake server was configured.
    pub kept: u64,
    /// From the scan to its delivery.
    pub delivery: Spread,
}

/// Figures of one or more service days.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Figures {
    /// First and last date asked for; null for a day asked for otherwise.
    pub from: Option<String>,
    /// See `from`.
    pub to: Option<String>,
    /// The record that they are up to.
    pub seq: u64,
    /// Its hash: a journal that no longer has it was cut off or rewritten.
    pub head: String,
    /// Records of the journal that are not in the figures yet.
    pub behind: u64,
    /// The office's name by language.
    pub office: BTreeMap<String, String>,
    /// In order.
    pub days: Vec<DayFigures>,
    /// Of all days.
    pub total: Tickets,
    /// In the order of the tiles; services that are no more come last.
    pub services: Vec<ServiceFigures>,
    /// By number.
    pub counters: Vec<CounterFigures>,
    /// From the first to the last in which anything happened; days without a known time are
    /// left out.
    pub half_hours: Vec<HalfHour>,
    /// Slips.
    pub paper: Paper,
    /// By purpose.
    pub scans: Vec<ScanFigures>,
}

impl Tickets {
    /// Share of priority among the numbers that were not changed, in thousandths.
    pub fn priority_permille(&self) -> Option<u64> {
        (self.priority * 1_000).checked_div(self.issued - self.changed.min(self.issued))
    }
}

impl Figures {
    /// The half hour in which most numbers were given out.
    pub fn peak(&self) -> Option<&HalfHour> {
        let busy = self.half_hours.iter().filter(|h| h.issued > 0);
        // The earliest of equals.
        busy.rev().max_by_key(|h| h.issued)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_median_and_the_ninth_tenth_are_what_a_person_would_count() {
        let of = |minutes: &[u64]| {
            let spread = Spread::of(minutes.iter().map(|m| m * 60_000).collect());
            let whole = |s: Option<u64>| s.map(|s| s as f64 / 60.0);
            (whole(spread.median_seconds), whole(spread.p90_seconds))
        };
        let cases: [(&[u64], _); 6] = [
            (&[], (None, None)),
            (&[7], (Some(7.0), Some(7.0))),
            (&[4, 1], (Some(2.5), Some(4.0))),
            (&[3, 1, 2], (Some(2.0), Some(3.0))),
            (&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], (Some(5.5), Some(9.0))),
            (
                &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
                (Some(6.0), Some(10.0)),
            ),
        ];
        for (minutes, expected) in cases {
            assert_eq!(of(minutes), expected, "{minutes:?}");
        }
    }
}
