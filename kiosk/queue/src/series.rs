//! The numbers of one letter today: which are taken, by whom, and which is next.
//!
//! Numbers rise; a gap is left only where staff said so: they handed out numbers from a paper
//! roll meanwhile, or a machine that is lost may have given out what nobody wrote down.

use std::collections::BTreeMap;

use crate::TicketId;

/// The numbers of one letter today.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Series {
    /// Runs without a gap, by their first number. A day without a paper roll is one run.
    runs: BTreeMap<u32, Vec<TicketId>>,
    /// The highest number that is taken or left out; the machine goes on behind it.
    last: u32,
}

impl Series {
    /// The number the machine gives out next; `None` once there are no more.
    pub(crate) fn next(&self) -> Option<u32> {
        self.last.checked_add(1)
    }

    /// The highest number that is taken or left out; 0: none.
    pub(crate) fn last(&self) -> u32 {
        self.last
    }

    /// Numbers taken.
    pub(crate) fn len(&self) -> usize {
        self.runs.values().map(Vec::len).sum()
    }

    /// The ticket with number `n`.
    pub(crate) fn get(&self, n: u32) -> Option<TicketId> {
        let (first, ids) = self.runs.range(..=n).next_back()?;
        ids.get(usize::try_from(n - first).ok()?).copied()
    }

    /// The highest number that is taken.
    pub(crate) fn newest(&self) -> Option<u32> {
        let (first, ids) = self.runs.last_key_value()?;
        first
            .checked_add(u32::try_from(ids.len()).ok()?)?
            .checked_sub(1)
    }

    /// Whether any number from `from` to `to` is taken.
    pub(crate) fn any(&self, from: u32, to: u32) -> bool {
        let last_before_end = self.runs.range(..=to).next_back();
        last_before_end.is_some_and(|(first, ids)| {
            // Runs do not overlap, so only the last that begins before the end can reach in.
            u64::from(*first) + ids.len() as u64 > u64::from(from)
        })
    }

    /// `n` is this ticket's.
    pub(crate) fn take(&mut self, n: u32, ticket: TicketId) {
        let run = self.runs.range_mut(..n).next_back();
        match run.filter(|(first, ids)| u64::from(**first) + ids.len() as u64 == u64::from(n)) {
            Some((_, ids)) => ids.push(ticket),
            None => {
                self.runs.insert(n, vec![ticket]);
            }
        }
        self.last = self.last.max(n);
    }

    /// The machine goes on from `next`, never back.
    pub(crate) fn go_on_from(&mut self, next: u32) {
        self.last = self.last.max(next.saturating_sub(1));
    }

    /// Every number taken, rising.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, TicketId)> + '_ {
        let runs = self.runs.iter();
        runs.flat_map(|(first, ids)| (*first..).zip(ids.iter().copied()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_roll_leaves_a_gap_and_a_gap_can_be_filled() {
        let id = |n: u32| TicketId::from_bits(u128::from(n));
        let mut series = Series::default();
        let take = |series: &mut Series, numbers: std::ops::RangeInclusive<u32>| {
            for n in numbers {
                assert_eq!(series.get(n), None, "{n}");
                series.take(n, id(n));
            }
        };
        take(&mut series, 1..=3);
        take(&mut series, 101..=103);
        assert_eq!((series.next(), series.len()), (Some(104), 6));
        assert_eq!(series.newest(), Some(103));
        take(&mut series, 104..=104);
        take(&mut series, 98..=100);
        assert_eq!(series.next(), Some(105));
        series.go_on_from(201);
        series.go_on_from(50);
        assert_eq!((series.next(), series.newest()), (Some(201), Some(104)));
        for (from, to, any) in [
            (4, 97, false),
            (4, 98, true),
            (104, 110, true),
            (105, 300, false),
        ] {
            assert_eq!(series.any(from, to), any, "{from} to {to}");
        }
        let numbers: Vec<u32> = series.iter().map(|(n, _)| n).collect();
        assert_eq!(numbers, [1, 2, 3, 98, 99, 100, 101, 102, 103, 104]);
        for n in numbers {
            assert_eq!(series.get(n), Some(id(n)));
        }
        assert_eq!(
            (series.get(0), series.get(97), series.get(105)),
            (None, None, None)
        );
    }
}
