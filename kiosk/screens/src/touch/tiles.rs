//! The tiles: in which order, in which wording, and how large their names are.

use super::closed::closed_note;
use super::view::{TileView, TouchView};
use crate::board::{Board, Kind, Service};
use crate::frame::{Content, Detail, Plan};
use crate::measure::{whole_items, width};
use crate::words::Language;

/// What has to be placed.
pub(super) fn content(board: &Board, language: Language, large: bool, receipts: &str) -> Content {
    let code = language.code();
    let services = board
        .services_in_order()
        .into_iter()
        .map(|(_, service)| service);
    let (names, words): (Vec<String>, Vec<String>) = services
        .filter(|service| service.kind == Kind::Normal)
        .map(|service| {
            (
                service.name.in_language(code),
                service.words.in_language(code),
            )
        })
        .map(|(name, words)| (name.to_owned(), words.to_owned()))
        .unzip();
    let priority = board.office.priority.as_ref();
    Content {
        fixed: board.services.len() - names.len(),
        names,
        words,
        priority: priority.map_or("", |who| who.in_language(code)).to_owned(),
        receipts: receipts.to_owned(),
        look_up: String::new(),
        large,
    }
}

/// Fills in the tiles of the home page, and of a change.
pub(super) fn tiles(
    view: &mut TouchView,
    board: &Board,
    language: Language,
    plan: &Plan,
    receipts: &str,
) {
    let mut services = board.services_in_order();
    // The fixed ones come last, wherever the office put them: first the one with a purpose.
    services.sort_by_key(|(_, service)| match service.kind {
        Kind::Normal => 0,
        Kind::Result => 1,
        Kind::Guide => 2,
    });
    let waits: Vec<_> = services
        .iter()
        .filter(|(_, service)| has_note(service, plan) && service.waiting > 0)
        .map(|(_, service)| language.waits(service))
        .collect();
    // All tiles in the same wording: the longest that fits them all.
    let wording = (0..2).find(|wording| {
        let fits = |wait: &[String; 3]| width(&wait[*wording]) * note_size(plan) <= plan.note_width;
        waits.iter().all(fits)
    });
    for (letter, service) in services {
        let mut tile = tile(letter, service, language, plan, wording.unwrap_or(2));
        if service.kind == Kind::Result && service.issuing.open && !receipts.is_empty() {
            hint(&mut tile, receipts, plan);
        }
        if service.kind == Kind::Normal || plan.merged {
            view.services.push(tile);
        } else {
            view.fixed.push(tile);
        }
    }
}

/// The tile for results says that a receipt alone will do, where it has room for that.
fn hint(tile: &mut TileView, receipts: &str, plan: &Plan) {
    let lines = plan.hint_lines(receipts);
    let room = match plan.merged {
        true => plan.word_lines(tile.name_lines),
        false => lines,
    };
    if lines <= room {
        tile.word_lines = lines;
        tile.words = receipts.to_owned();
    }
}

fn note_size(plan: &Plan) -> f32 {
    match plan.detail {
        Detail::Everything => 32.0 * plan.text_scale,
        _ => 28.0 * plan.text_scale,
    }
}

fn has_note(service: &Service, plan: &Plan) -> bool {
    service.issuing.open && service.kind == Kind::Normal && plan.detail.has_waiting()
}

fn tile(
    letter: &str,
    service: &Service,
    language: Language,
    plan: &Plan,
    wording: usize,
) -> TileView {
    let code = language.code();
    let closed = !service.issuing.open;
    let note = if closed {
        let [short, shorter] = closed_note(&service.issuing, language);
        match width(&short) * note_size(plan) > plan.note_width {
            true => shorter,
            false => short,
        }
    } else if has_note(service, plan) {
        let mut said = language.waits(service);
        let short = width(&said[0]) * note_size(plan) > plan.note_width;
        let wording = match service.waiting {
            0 => usize::from(short),
            _ => wording,
        };
        std::mem::take(&mut said[wording])
    } else {
        String::new()
    };
    let fixed = service.kind != Kind::Normal;
    let name = service.name.in_language(code).to_owned();
    let (name_size, name_lines) = if fixed && !plan.merged {
        (plan.fixed_name(&name), 1)
    } else {
        plan.name(&name)
    };
    let everyday = service.words.in_language(code);
    let word_lines = if fixed {
        0
    } else if closed && !plan.detail.has_waiting() {
        // The reason stands where no line was meant for it.
        0
    } else {
        plan.word_lines(name_lines)
    };
    TileView {
        letter: letter.to_owned(),
        words: match word_lines {
            0 => String::new(),
            1 => whole_items(everyday, 28.0 * plan.text_scale, plan.name_width),
            _ => everyday.to_owned(),
        },
        muted: closed,
        chosen: false,
        name_size,
        word_lines,
        // Where a reason stands in a tile made for a name alone, the name gives a line.
        name_lines: if closed {
            name_lines.min(2)
        } else {
            name_lines.min(plan.name_lines())
        },
        name,
        note,
    }
}
