//! The page with the number: what is said of its place, its slip and its way back.

use super::view::{Show, Tone, TouchView};
use crate::board::{Board, Paper};
use crate::visit::{Given, Shown};
use crate::when;
use crate::words::{Language, Words, fill};

/// Fills in the number's page.
pub(super) fn number(
    view: &mut TouchView,
    shown: &Shown,
    board: &Board,
    language: Language,
    now: u64,
) {
    let words: &Words = language.words();
    let ticket = &shown.ticket;
    view.show = Show::Number;
    view.number_label = words.your_number.to_owned();
    view.number = ticket.number.clone();
    view.number_service = board
        .services
        .get(&ticket.service)
        .map(|service| service.name.in_language(language.code()).to_owned())
        .unwrap_or_default();
    if !matches!(
        ticket.class.as_str(),
        "" | "normal" | "appointment" | "re-entry"
    ) {
        view.number_class = words.priority.to_owned();
    }
    let kept = ticket.kept_until.as_deref().and_then(when::written);
    view.ahead = match kept {
        Some(at) => {
            let people = language.ahead(ticket.ahead, None);
            let hour = when::hour(at, language).replace(' ', "\u{a0}");
            format!("{people}\n{}", fill(words.kept, hour))
        }
        None => language.ahead(ticket.ahead, ticket.wait_seconds),
    };
    view.qr = ticket.qr.clone();
    // A bare token leads nowhere: only our own readers know it.
    if ticket.qr.contains("://") {
        view.qr_words = words.scan_to_follow.to_owned();
    }
    let stays = |text: &str| fill(text, &ticket.number);
    // An office that does not say where its printers stand has at least named them.
    let elsewhere = ticket.printer.as_ref().map(|name| {
        let place = board.printers.get(name);
        let place = place.map(|printer| printer.place.in_language(language.code()));
        let place = place.filter(|place| !place.is_empty()).unwrap_or(name);
        fill(words.take_elsewhere, place)
    });
    let elsewhere = elsewhere.unwrap_or_default();
    let (title, body, tone) = match ticket.paper {
        Paper::Pending if shown.slow(now) => (
            words.slow_paper,
            stays(words.slow_paper_help),
            Tone::Trouble,
        ),
        // The way there takes as long as the printing.
        Paper::Pending => (words.printing, elsewhere, Tone::Busy),
        Paper::Sent | Paper::Printed => (words.take, elsewhere, Tone::Done),
        Paper::None => (words.remember, String::new(), Tone::Note),
        // It may have come out: only the citizen can see.
        Paper::Unknown => (words.no_slip, stays(words.no_paper_help), Tone::Trouble),
        Paper::Failed => {
            let title = match ticket.paper_cause.as_deref() {
                Some("paper-out") => words.no_paper,
                _ => words.no_printer,
            };
            (title, stays(words.no_paper_help), Tone::Trouble)
        }
    };
    view.paper_title = title.to_owned();
    view.paper_body = body;
    view.paper_tone = tone;
    if shown.given != Given::Now {
        before(view, shown, words);
    }
    if shown.may_change(now) {
        view.change = words.change.to_owned();
    }
    // While it prints there is nothing to note down yet: the words would only change again.
    let printing = ticket.paper == Paper::Pending && !shown.slow(now);
    if shown.on_paper() || printing {
        view.back = words.home.to_owned();
    } else {
        view.remembered = words.remembered.to_owned();
    }
    // Nothing but the number now.
    view.size = String::new();
    view.language = String::new();
}

/// A number that was there before: no slip comes, and what is to be done depends on where it is.
fn before(view: &mut TouchView, shown: &Shown, words: &Words) {
    let ticket = &shown.ticket;
    let (title, body) = match (shown.given, ticket.state.as_str(), ticket.counter) {
        (Given::Again, ..) => (words.back_in_line.to_owned(), words.back_in_line_help),
        (_, "called" | "serving", Some(counter)) => {
            (fill(words.had_called, counter), words.had_called_help)
        }
        (_, "held" | "parked", _) => (words.had_missed.to_owned(), words.had_missed_help),
        _ => (words.had_before.to_owned(), words.had_before_help),
    };
    view.paper_title = title;
    view.paper_body = body.to_owned();
    view.paper_tone = Tone::Note;
}
