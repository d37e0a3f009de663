//! Why no numbers are given out, and when they are again.

use jiff::civil::DateTime;

use crate::board::{Board, ClosedReason, Issuing};
use crate::when;
use crate::words::{Language, fill};

/// *7 giờ 30, thứ Hai, 23/11/2026*.
fn moment(at: DateTime, language: Language) -> String {
    let (hour, date) = (when::hour(at, language), when::date(at, language));
    match language {
        Language::Vietnamese => format!("{hour}, {date}"),
        Language::English => format!("{date} at {hour}"),
    }
}

fn opens(issuing: &Issuing) -> Option<DateTime> {
    issuing.opens_at.as_deref().and_then(when::written)
}

/// Of the whole office; without a known time, only why.
pub(crate) fn closed(board: &Board, language: Language) -> (&'static str, String) {
    let words = language.words();
    let opens = opens(&board.issuing);
    let hour = |text| opens.map(|at| fill(text, when::hour(at, language)));
    let moment = |text| opens.map(|at| fill(text, moment(at, language)));
    let (title, body) = match board.issuing.reason {
        Some(ClosedReason::NotYet) => (words.not_yet, hour(words.not_yet_from)),
        Some(ClosedReason::Noon) => (words.noon, hour(words.noon_from)),
        Some(ClosedReason::Gap) => (words.gap, hour(words.gap_from)),
        Some(ClosedReason::Over) => (words.over, moment(words.over_until)),
        Some(ClosedReason::DayOff) => (words.day_off, moment(words.come_back)),
        Some(ClosedReason::Unplanned) => (
            words.unplanned,
            moment(words.come_back).or_else(|| Some(words.ask_staff.to_owned())),
        ),
        Some(
            ClosedReason::Closed | ClosedReason::Paused | ClosedReason::Full | ClosedReason::Late,
        )
        | None => (
            words.closed,
            moment(words.come_back).or_else(|| Some(words.ask_staff.to_owned())),
        ),
    };
    let because = board
        .issuing
        .text
        .as_ref()
        .map(|text| text.in_language(language.code()));
    let because = because.filter(|text| !text.is_empty()).map(sentence);
    let body = because.into_iter().chain(body).collect::<Vec<_>>();
    (title, body.join(" "))
}

fn sentence(text: &str) -> String {
    match text.ends_with(['.', '!', '?', '…']) {
        true => text.to_owned(),
        false => format!("{text}."),
    }
}

/// Of one service, on a page of its own.
pub(super) fn closed_service(issuing: &Issuing, language: Language) -> (String, String) {
    let words = language.words();
    let opens = opens(issuing);
    use ClosedReason::{Gap, Noon, NotYet};
    if let (Some(NotYet | Noon | Gap), Some(at)) = (issuing.reason, opens) {
        let title = fill(words.from, when::hour(at, language).replace(' ', "\u{a0}"));
        return (title, words.service_help.to_owned());
    }
    let title = match issuing.reason {
        Some(ClosedReason::Full) => words.full,
        Some(ClosedReason::Paused) => words.paused,
        Some(ClosedReason::Late) => words.late,
        Some(ClosedReason::DayOff | ClosedReason::Unplanned) => words.not_today,
        _ => words.ended,
    };
    let body = match opens {
        Some(at) => fill(words.service_help_until, moment(at, language)),
        None => words.service_help.to_owned(),
    };
    (title.to_owned(), body)
}

/// The same in a tile: in a few words, and in fewer.
pub(crate) fn closed_note(issuing: &Issuing, language: Language) -> [String; 2] {
    let words = language.words();
    let hour = |text| opens(issuing).map(|at| fill(text, when::hour(at, language)));
    let [short, shorter] = match issuing.reason {
        Some(ClosedReason::Full) => [words.full_short, words.full_shorter],
        Some(ClosedReason::Paused) => [words.paused_short, words.paused_shorter],
        Some(ClosedReason::Late) => [words.late_short, words.late_shorter],
        Some(ClosedReason::DayOff | ClosedReason::Unplanned) => {
            [words.not_today_short, words.not_today_shorter]
        }
        Some(ClosedReason::NotYet | ClosedReason::Noon | ClosedReason::Gap) => {
            if let (Some(short), Some(shorter)) = (hour(words.from_short), hour(words.from_shorter))
            {
                return [short, shorter];
            }
            [words.ended_short, words.ended_shorter]
        }
        _ => [words.ended_short, words.ended_shorter],
    };
    [short.to_owned(), shorter.to_owned()]
}
