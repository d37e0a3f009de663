//! The pages of looking up one's own dossier: what they say, and where their halves meet.

mod words;

use jiff::civil::DateTime;

use self::words::{Words, words};
use super::view::{Moment, Show, TouchView, message};
use crate::board::{Board, Kind};
use crate::dossier::{Dossier, State};
use crate::frame::{Frame, Plan};
use crate::measure::LINE;
use crate::visit::{Factor, LookUp, Offer, Visit, Why};
use crate::when;
use crate::words::{Language, fill};

/// One line about a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactView {
    /// What it is.
    pub label: &'static str,
    /// What is known.
    pub value: String,
}

/// The button on the start page, where somebody can look up a dossier.
pub(super) fn button(view: &mut TouchView, language: Language) {
    let words = words(language);
    view.look_up = words.look_up.to_owned();
    view.look_up_note = words.look_up_note.to_owned();
}

/// What the button says, as far as the plan has to find room for it.
pub(super) fn room(visit: &Visit, now: u64, language: Language) -> String {
    match visit.looks_up(now) {
        true => words(language).look_up_note.to_owned(),
        false => String::new(),
    }
}

/// Fills in one page.
pub(super) fn look_up(
    view: &mut TouchView,
    look_up: &LookUp,
    visit: &Visit,
    board: &Board,
    moment: Moment,
) {
    let language = visit.language();
    let words = words(language);
    let common = language.words();
    view.steps.clear();
    view.back = match look_up {
        LookUp::Receipt { .. } | LookUp::Factor(_) => common.back,
        LookUp::Found(..) | LookUp::Not(..) => words.finish,
    }
    .to_owned();
    match look_up {
        LookUp::Receipt { again } => {
            let help = if *again {
                words.hold_again
            } else {
                words.hold_help
            };
            message(view, words.hold, help);
        }
        LookUp::Factor(typed) => factor(view, typed, words),
        LookUp::Found(_, found) => {
            dossier(view, found, board, language, moment);
            view.stay = words.stay.to_owned();
        }
        LookUp::Not(_, why) => {
            let (title, body) = not(why, words, moment.now_ms);
            message(view, title, &body);
            if *why == Why::Away {
                view.no = common.try_again.to_owned();
            }
        }
    }
    view.yes = match visit.offer() {
        Some(Offer::Collect) => words.take_to_collect,
        Some(Offer::Supplement) => words.take_to_supplement,
        Some(Offer::Ask) => words.take_to_ask,
        None => "",
    }
    .to_owned();
}

fn factor(view: &mut TouchView, factor: &Factor, words: &Words) {
    view.show = if factor.letters {
        Show::Letters
    } else {
        Show::Digits
    };
    view.title = words.factor.to_owned();
    view.body = words.factor_help.to_owned();
    view.typed.clone_from(&factor.typed.0);
    view.erase = words.erase.to_owned();
    view.letters = if factor.letters {
        words.digits
    } else {
        words.letters
    }
    .to_owned();
    // The pad has no room for letters of another size, nor does it need them.
    view.size.clear();
    view.send = words.send.to_owned();
    view.can_send = factor.is_whole();
    if factor.is_asked() {
        view.note = words.asking.to_owned();
        view.letters.clear();
    }
    if let Some(left) = factor.wrong {
        let left = left.map(|left| match left {
            1 => words.one_try_left.to_owned(),
            left => fill(words.tries_left, left),
        });
        let told = [Some(words.wrong.to_owned()), left];
        view.trouble = told.into_iter().flatten().collect::<Vec<_>>().join(" ");
    }
}

fn not(why: &Why, words: &Words, now: u64) -> (&'static str, String) {
    match why {
        Why::Locked(until) => {
            let left = until.map(|until| until.saturating_sub(now).div_ceil(60_000));
            let help = match left.filter(|minutes| *minutes > 0) {
                Some(minutes) => fill(words.locked_minutes, minutes),
                None => words.locked_help.to_owned(),
            };
            (words.locked, help)
        }
        Why::Away => (words.away, words.away_help.to_owned()),
        Why::Refused(why) => (words.refused, why.clone()),
    }
}

fn dossier(
    view: &mut TouchView,
    found: &Dossier,
    board: &Board,
    language: Language,
    moment: Moment,
) {
    let words = words(language);
    view.show = Show::Dossier;
    view.state = words.state(found.state).to_owned();
    view.masked = fill(words.masked, &found.dossier);
    view.facts = facts(found, words, language);
    let today = moment
        .utc_ms
        .filter(|_| board.clock.known)
        .and_then(|utc| when::local(utc, board.clock.offset_minutes));
    view.source = source(found, words, language, today);
    let (title, body) = advice(found, board, words);
    view.title = title.to_owned();
    view.body = body;
    view.alarm = found.is_late();
}

fn facts(found: &Dossier, words: &Words, language: Language) -> Vec<FactView> {
    let day = |text: &Option<String>| text.as_deref().and_then(when::day);
    let plain = |text: &Option<String>| day(text).map(when::short);
    let due = day(&found.due_on).map(|due| {
        let due = when::date(due, language);
        match found.late_days {
            None => due,
            Some(1) => fill(words.due_late_one, due),
            Some(days) => fill(&fill(words.due_late, due), language.number(days)),
        }
    });
    let rows = [
        (words.procedure, found.procedure.clone()),
        (words.due_on, due),
        (words.station, found.station().map(str::to_owned)),
        (words.finished_on, plain(&found.finished_on)),
        (words.received_on, plain(&found.received_on)),
    ];
    let known = rows.into_iter().filter_map(|(label, value)| {
        let value = value.filter(|value| !value.is_empty())?;
        Some(FactView { label, value })
    });
    known.collect()
}

/// Who says so, and when they did: an old word reads as an old word.
fn source(found: &Dossier, words: &Words, language: Language, today: Option<DateTime>) -> String {
    let at = found.as_of.as_deref().and_then(when::written);
    match (found.source.kind.as_str(), at) {
        ("import", Some(at)) => fill(words.by_import_on, when::short(at)),
        ("import", None) => words.by_import.to_owned(),
        (_, Some(at)) if today.is_some_and(|today| today.date() == at.date()) => {
            fill(words.by_software_at, when::hour(at, language))
        }
        (_, Some(at)) => fill(words.by_software_on, when::short(at)),
        (_, None) => words.by_software.to_owned(),
    }
}

/// What it means for its citizen.
fn advice(found: &Dossier, board: &Board, words: &Words) -> (&'static str, String) {
    let told = |text: &'static str| text.to_owned();
    match found.state {
        State::Received | State::InProgress if found.is_late() => {
            let help = match counters(board).as_str() {
                "" => told(words.late_help),
                counters => fill(words.late_help_counter, counters),
            };
            (words.late, help)
        }
        State::Received | State::InProgress => {
            let help = match found.due_in_days {
                Some(0) => told(words.due_today),
                Some(1) => told(words.due_in_one),
                Some(days) => fill(words.due_in, days),
                None => told(words.no_date),
            };
            (words.in_time, help)
        }
        State::SupplementAsked => (words.supplement, told(words.supplement_help)),
        State::Done => (words.done, told(words.done_help)),
        State::Returned => (words.returned, told(words.returned_help)),
        State::Refused => (words.stopped, told(words.told_at_counter)),
        State::Other => (words.unclear, told(words.told_at_counter)),
    }
}

/// Open counters that somebody with a receipt is called to.
fn counters(board: &Board) -> String {
    let results = board.services.iter();
    let mut results = results.filter(|(_, service)| service.kind == Kind::Result);
    let Some((letter, _)) = results.next() else {
        return String::new();
    };
    let serves = board.counters.iter().filter(|(_, counter)| {
        counter.state == "open" && counter.services.iter().any(|served| served == letter)
    });
    let mut numbers: Vec<u32> = serves.filter_map(|(n, _)| n.parse().ok()).collect();
    numbers.sort_unstable();
    let numbers: Vec<String> = numbers.iter().map(u32::to_string).collect();
    numbers.join(", ")
}

/// Where the halves meet: what is said needs its room, and a key its 20 mm.
pub(super) fn place(plan: &mut Plan, show: Show, frame: &Frame) {
    plan.tight = false;
    if show != Show::Letters || plan.portrait {
        plan.read = match (show, plan.portrait) {
            // Four buttons stand side by side below the answer.
            (Show::Dossier, false) => (frame.width * 0.5).round(),
            _ => super::view::number_read(frame),
        };
        return;
    }
    // Nine letters side by side need all of a lying screen: its halves lie one above the other.
    plan.portrait = true;
    plan.tight = true;
    let row = plan
        .touch_min
        .max(2.0 * plan.scale * 12.0 + LINE * 36.0 * plan.text_scale);
    plan.read = (frame.height - 4.0 * row - 3.0 * plan.gap - 2.0 * plan.pad()).floor();
}
