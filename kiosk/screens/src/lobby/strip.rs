//! Who waits where, in letters that are read from the back rows.
//!
//! A letter's height in mm times 0.4 is the distance in metres at which it is read without
//! effort. On a 43 inch television eight metres take capitals of 40 pixels, which is text of
//! 56. So few services are shown at once; where there are more, they take turns as notices do.

use super::view::{LobbyView, Size};
use crate::board::{Board, ClosedReason, Service};
use crate::measure::{LINE, lines, width};
use crate::touch::closed_note;
use crate::words::Language;

/// What is shown at once: three beside each other and two rows, or, standing, the reverse.
pub(super) const SERVICES_MAX: usize = 6;
const COLUMNS_LYING: usize = 3;
const COLUMNS_STANDING: usize = 2;
/// What a name is set in: the first that takes it in one line, else in two lines.
const NAME_SIZES: [f32; 3] = [56.0, 50.0, 40.0];
const NAME_SIZES_OF_TWO_LINES: [f32; 2] = [40.0, 32.0];
/// What the figures are set in: all in the first that takes them all.
const NOTE_SIZES: [f32; 3] = [56.0, 50.0, 44.0];
/// Theme.margin, Theme.gap and ServiceStrip's own edges, at the theme's own size.
pub(super) const MARGIN: f32 = 48.0;
const GAP: f32 = 16.0;
const EDGE_ACROSS: f32 = 20.0;
const EDGE_DOWN: f32 = 8.0;

/// One service in the strip.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StripView {
    /// The service's letter and its name.
    pub name: String,
    /// Who waits.
    pub note: String,
    /// No numbers left.
    pub muted: bool,
    /// Of the name, in pixels.
    pub name_size: f32,
    /// Lines of the name.
    pub name_lines: usize,
}

/// Fills in the services whose turn it is.
pub(super) fn strip(
    view: &mut LobbyView,
    board: &Board,
    language: Language,
    size: Size,
    turn: usize,
) {
    if !board.day.open {
        return;
    }
    let columns = if view.portrait {
        COLUMNS_STANDING
    } else {
        COLUMNS_LYING
    };
    let services = board.services_in_order();
    let pages = services.len().div_ceil(SERVICES_MAX).max(1);
    let each = services.len().div_ceil(pages).max(1);
    view.service_rows = each.div_ceil(columns);
    view.service_columns = each.div_ceil(view.service_rows);

    let across = view.service_columns as f32;
    let inner = size.width / view.scale - 2.0 * MARGIN - (across - 1.0) * GAP;
    let room = inner / across - 2.0 * EDGE_ACROSS;
    let notes = notes(&services, language, room);
    let all: Vec<StripView> = services
        .iter()
        .zip(notes.words)
        .map(|((letter, service), note)| {
            let name = service.name.in_language(language.code());
            let name = format!("{letter}\u{a0}\u{a0}{name}");
            let takes = |size: f32| lines(&name, size, room);
            let one = NAME_SIZES.into_iter().find(|size| takes(*size) == 1);
            let [larger, smallest] = NAME_SIZES_OF_TWO_LINES;
            let two = if takes(larger) <= 2 { larger } else { smallest };
            StripView {
                name_size: one.unwrap_or(two) * view.scale,
                name_lines: if one.is_some() { 1 } else { 2 },
                name,
                note,
                muted: all_gone(service),
            }
        })
        .collect();
    // As high for every page as the highest name needs: nothing jumps when they turn.
    let name = |service: &StripView| service.name_size * service.name_lines as f32;
    let highest = all.iter().map(name).fold(0.0, f32::max);
    view.note_size = notes.size * view.scale;
    view.service_height = (LINE * (highest + view.note_size) + 2.0 * EDGE_DOWN * view.scale).ceil();
    view.services = all
        .into_iter()
        .skip(turn % pages * each)
        .take(each)
        .collect();
}

/// No number to be had, and nobody left to be called.
fn all_gone(service: &Service) -> bool {
    let gone = matches!(
        service.issuing.reason,
        Some(ClosedReason::Full | ClosedReason::Paused)
    );
    gone && service.waiting == 0
}

struct Notes {
    words: Vec<String>,
    size: f32,
}

/// Who waits, all in one wording and size: rather smaller letters than no range, and rather
/// no range than letters nobody can read.
fn notes(services: &[(&str, &Service)], language: Language, room: f32) -> Notes {
    let said = |wording: usize| -> Vec<String> {
        let note = |(_, service): &(&str, &Service)| {
            if all_gone(service) {
                let [_, shorter] = closed_note(&service.issuing, language);
                return shorter;
            }
            let wording = if service.waiting == 0 { 0 } else { wording };
            language.waits(service)[wording].clone()
        };
        services.iter().map(note).collect()
    };
    for wording in [1, 2] {
        let words = said(wording);
        let widest = words.iter().map(|note| width(note)).fold(0.0, f32::max);
        if let Some(size) = NOTE_SIZES.into_iter().find(|size| widest * size <= room) {
            return Notes { words, size };
        }
    }
    Notes {
        words: said(2),
        size: NOTE_SIZES[NOTE_SIZES.len() - 1],
    }
}
