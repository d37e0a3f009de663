//! What the corner shows, as plain data.

use jiff::civil::DateTime;

use super::words::{Words, condition, words};
use super::{Corner, PARTS, Part, Signing, Stage, Wanted};
use crate::board::Board;
use crate::touch::Moment;
use crate::when;
use crate::words::{Language, fill};

/// Which page is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CornerPage {
    /// None: the citizen's screen is seen.
    #[default]
    Closed,
    /// The question, and what else there is.
    Front,
    /// Date and time, part by part.
    Setting,
    /// Number and PIN.
    Pad,
    /// What was done.
    Done,
}

/// A part of date and time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartView {
    /// What it is called.
    pub label: &'static str,
    /// As set.
    pub value: String,
}

/// The whole page. Empty words are not shown, and have no button.
#[derive(Debug, Clone, Default, PartialEq)]
#[allow(missing_docs)] // Named as in ui/corner-screen.slint.
pub struct CornerView {
    pub page: CornerPage,
    pub title: String,
    pub body: String,
    pub note: String,
    pub trouble: String,
    pub right: String,
    pub change: String,
    pub test_page: String,
    pub next: String,
    pub back: String,
    pub parts: Vec<PartView>,
    pub erase: String,
    pub typed: String,
}

/// What `corner` shows at `moment`, over what the daemon says.
pub fn view(corner: &Corner, board: &Board, language: Language, moment: Moment) -> CornerView {
    let words = words(language);
    let Some(stage) = &corner.stage else {
        return CornerView::default();
    };
    let mut view = CornerView {
        title: words.title.to_owned(),
        back: words.back.to_owned(),
        ..CornerView::default()
    };
    match stage {
        Stage::Front => front(&mut view, board, language, moment),
        Stage::Setting(set) => {
            view.page = CornerPage::Setting;
            view.body = capitalised(&sentence(*set, language));
            view.parts = parts(*set, words);
            view.next = words.set.to_owned();
        }
        Stage::Signing(wanted, signing) => pad(&mut view, *wanted, signing, words),
        Stage::Done(wanted, _) => {
            view.page = CornerPage::Done;
            view.body = match wanted {
                Wanted::Time { .. } => words.time_done,
                Wanted::TestPage => words.page_done,
            }
            .to_owned();
            view.back = words.close.to_owned();
        }
    }
    view
}

fn front(view: &mut CornerView, board: &Board, language: Language, moment: Moment) {
    let words = words(language);
    view.page = CornerPage::Front;
    view.back = words.close.to_owned();
    let local = moment
        .utc_ms
        .and_then(|utc| when::local(utc, board.clock.offset_minutes));
    match local {
        None => view.body = words.away.to_owned(),
        Some(local) => {
            let known = board.clock.known;
            let said = if known { words.known } else { words.question };
            view.body = fill(said, sentence(local, language));
            if !known {
                view.right = words.right.to_owned();
            }
            view.change = words.change.to_owned();
        }
    }
    view.note = printers(board, language);
    if !board.printers.is_empty() {
        view.test_page = words.test_page.to_owned();
    }
}

/// How the printers fare, in one sentence each.
fn printers(board: &Board, language: Language) -> String {
    let words = words(language);
    if board.printers.is_empty() {
        return words.no_printer.to_owned();
    }
    let alone = board.printers.len() == 1;
    let told = board.printers.iter().map(|(name, printer)| {
        let condition = condition(&printer.condition, language);
        if alone {
            return fill(words.printer, condition);
        }
        let place = printer.place.in_language(language.code());
        let place = if place.is_empty() { name } else { place };
        format!("{}{condition}.", fill(words.printer_named, place))
    });
    told.collect::<Vec<_>>().join(" ")
}

fn pad(view: &mut CornerView, wanted: Wanted, signing: &Signing, words: &Words) {
    view.page = CornerPage::Pad;
    view.erase = words.erase.to_owned();
    let confirm = match wanted {
        Wanted::Time { sure: true, .. } => words.confirm_sure,
        Wanted::Time { .. } | Wanted::TestPage => words.confirm,
    };
    (view.body, view.typed, view.next) = match signing.on_pin {
        false => (
            words.person.to_owned(),
            signing.person.clone(),
            words.next.to_owned(),
        ),
        true => (
            words.pin.to_owned(),
            "●".repeat(signing.pin.len()),
            confirm.to_owned(),
        ),
    };
    view.trouble.clone_from(&signing.trouble);
    if signing.waits {
        view.note = words.asking.to_owned();
        view.next.clear();
    } else if signing.asked.is_some() {
        view.trouble = words.silent.to_owned();
    }
}

fn parts(set: DateTime, words: &Words) -> Vec<PartView> {
    let value = |part| match part {
        Part::Day => set.day().to_string(),
        Part::Month => set.month().to_string(),
        Part::Year => set.year().to_string(),
        Part::Hour => set.hour().to_string(),
        Part::Minute => format!("{:02}", set.minute()),
    };
    let labelled = PARTS.into_iter().zip(words.parts);
    labelled
        .map(|(part, label)| PartView {
            label,
            value: value(part),
        })
        .collect()
}

/// *thứ Hai, 23/11/2026, 7 giờ 28 phút*.
fn sentence(local: DateTime, language: Language) -> String {
    let date = when::date(local, language);
    let (hour, minute) = (local.hour(), local.minute());
    match language {
        Language::Vietnamese => format!("{date}, {hour} giờ {minute:02} phút"),
        Language::English => format!("{date}, {hour}:{minute:02}"),
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}
