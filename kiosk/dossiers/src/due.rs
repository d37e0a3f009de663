//! Whether a dossier is late, and by how much.

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::DossierState;

/// Ten years: what is later than that is a mistake in the data, not a dossier that somebody waits
/// for day by day.
const LATE_DAYS_MAX: u32 = 3_660;

/// A dossier against its due date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing is owed any more.
    Over,
    /// The citizen is to bring something: the office's time stands still (the reports of
    /// TT 01/2020/TT-VPCP count such a dossier as in time).
    Paused,
    /// No source knows when it is due.
    NoDate,
    /// Due today or later, in so many calendar days.
    InTime(u32),
    /// Past its date.
    Late {
        /// Calendar days.
        days: u32,
        /// Of them, days on which the office works.
        working_days: u32,
    },
}

/// Where a dossier stands on `today`.
pub fn standing(
    state: &DossierState,
    due_on: Option<Date>,
    finished_on: Option<Date>,
    today: Date,
    works: impl Fn(Date) -> bool,
) -> Standing {
    if finished_on.is_some() || state.is_over() {
        return Standing::Over;
    }
    if *state == DossierState::SupplementAsked {
        return Standing::Paused;
    }
    let Some(due) = due_on else {
        return Standing::NoDate;
    };
    match days(due, today) {
        Ok(late) if late > 0 => Standing::Late {
            days: late,
            working_days: working_days(due, today, works),
        },
        Ok(_) => Standing::InTime(0),
        Err(ahead) => Standing::InTime(ahead),
    }
}

/// Days from `from` to `to`; the error is how far `to` is before it.
fn days(from: Date, to: Date) -> Result<u32, u32> {
    let span = from.until(to).map_or(0, |span| span.get_days());
    match u32::try_from(span) {
        Ok(days) => Ok(days),
        Err(_) => Err(span.unsigned_abs()),
    }
}

/// Working days after `from` up to and with `to`.
pub fn working_days(from: Date, to: Date, works: impl Fn(Date) -> bool) -> u32 {
    let days = days(from, to).unwrap_or(0).min(LATE_DAYS_MAX);
    let dates = (1..=i64::from(days)).filter_map(|day| from.checked_add(day.days()).ok());
    dates.filter(|date| works(*date)).map(|_| 1).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{Weekday, date};

    fn weekdays(date: Date) -> bool {
        // 20/11/2026 is a Friday; the Monday after it is a day off here.
        !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
            && date != jiff::civil::date(2026, 11, 23)
    }

    #[test]
    fn a_dossier_is_late_from_the_day_after_its_date_and_only_while_something_is_owed() {
        let due = date(2026, 11, 20);
        let on = |state: DossierState, today: Date, finished: Option<Date>| {
            standing(&state, Some(due), finished, today, weekdays)
        };
        use DossierState::{Done, InProgress, Received, SupplementAsked};
        let late = |days, working_days| Standing::Late { days, working_days };
        for (state, today, expected) in [
            (Received, date(2026, 11, 18), Standing::InTime(2)),
            (InProgress, due, Standing::InTime(0)),
            (InProgress, date(2026, 11, 21), late(1, 0)),
            (InProgress, date(2026, 11, 25), late(5, 2)),
            (SupplementAsked, date(2026, 11, 25), Standing::Paused),
            (Done, date(2026, 11, 25), Standing::Over),
        ] {
            assert_eq!(
                on(state.clone(), today, None),
                expected,
                "{state:?} {today}"
            );
        }
        let finished = on(InProgress, date(2026, 11, 25), Some(date(2026, 11, 24)));
        assert_eq!(finished, Standing::Over);
        let none = standing(&InProgress, None, None, due, weekdays);
        assert_eq!(none, Standing::NoDate);
        // A mistyped year makes no endless count.
        let Standing::Late { working_days, .. } = on(InProgress, date(9999, 1, 1), None) else {
            panic!("late");
        };
        assert!(working_days <= LATE_DAYS_MAX);
    }
}
