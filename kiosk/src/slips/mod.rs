//! Slips: what stands on each, by a layout that an office can edit.
//!
//! A layout is a list of lines with fields in braces. The office's own stand in its configuration and
//! enter the journal with it; for the rest there are the built-in ones (`built-in.toml`).
//!
//! Promises:
//! - a layout that would not fit a configured printer, or lacks what a slip must have, is refused
//!   before it is used, with the line to blame ([`check`]);
//! - a slip that may be out already says so on top, whatever its layout;
//! - no name, no ID, no kind of priority; no motto and no emblem: a slip is no official document.
//!
//! Deliberately not here: when a slip is printed, and on what.

pub mod check;
pub mod content;
mod fields;
pub mod logo;
pub mod raw;
mod sample;
pub(crate) mod says;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use printer::{Align, Drawing, Line, Slip, Weight};
use queue::{Office, SlipAlign, SlipKind, SlipLine, SlipWeight};

pub use content::Content;
pub(crate) use fields::{Part, fields_in};

static BUILT_IN: LazyLock<BTreeMap<SlipKind, Vec<SlipLine>>> = LazyLock::new(|| {
    let written: BTreeMap<SlipKind, Vec<raw::LineDraft>> =
        toml::from_str(include_str!("built-in.toml")).expect("a test has read this very file");
    let layout = |lines: Vec<raw::LineDraft>| {
        let lines = lines.into_iter().map(|line| line.line().ok());
        let lines: Option<Vec<SlipLine>> = lines.collect();
        lines.expect("a test has read this very file")
    };
    let layouts = written
        .into_iter()
        .map(|(kind, lines)| (kind, layout(lines)));
    layouts.collect()
});

/// What an office's slips are printed with.
#[derive(Clone, Debug, Default)]
pub struct Press {
    /// Printers by name, the first being the one for whoever names none.
    pub printers: Vec<(String, printer::Profile)>,
    /// `[slip] logo`, if it can be printed.
    pub logo: Option<Drawing>,
    /// `[public] url`: where tickets' codes lead.
    pub url: Option<String>,
}

impl Press {
    /// Its papers.
    pub fn papers(&self) -> impl Iterator<Item = content::Paper<'_>> {
        self.printers
            .iter()
            .map(|(name, profile)| content::Paper { name, profile })
    }
}

/// Every kind of slip.
pub const KINDS: [SlipKind; 6] = [
    SlipKind::Ticket,
    SlipKind::Checklist,
    SlipKind::ReEntry,
    SlipKind::Deferred,
    SlipKind::DayReport,
    SlipKind::TestPage,
];

/// The layout of a kind: the office's, else the built-in one.
pub fn layout(office: &Office, kind: SlipKind) -> &[SlipLine] {
    let own = office.slips.get(&kind);
    own.map_or_else(|| built_in(kind), Vec::as_slice)
}

/// The layout that every office begins with.
pub fn built_in(kind: SlipKind) -> &'static [SlipLine] {
    BUILT_IN.get(&kind).map_or(&[], Vec::as_slice)
}

/// A slip, and from which line of the layout each of its lines comes; the mark of a reprint comes
/// from none.
pub struct Composed {
    /// For the printer.
    pub slip: Slip,
    /// Index into the layout, by line of the slip.
    pub from: Vec<Option<usize>>,
}

/// Fills a layout in.
pub fn compose(
    layout: &[SlipLine],
    content: &Content,
    language: &str,
    logo: Option<&Drawing>,
) -> Composed {
    let mut composed = Composed {
        slip: Slip::new(),
        from: Vec::new(),
    };
    if content.again {
        let mark = match language {
            "en" => "REPRINT",
            _ => "BẢN IN LẠI",
        };
        composed.slip = composed.slip.mark(mark);
        composed.from.push(None);
    }
    for (index, line) in layout.iter().enumerate() {
        let lines = lines(line, content, language, logo);
        composed.from.extend(lines.iter().map(|_| Some(index)));
        composed.slip.lines.extend(lines);
    }
    composed
}

/// What one line of a layout becomes.
fn lines(line: &SlipLine, content: &Content, language: &str, logo: Option<&Drawing>) -> Vec<Line> {
    let values = &content.values;
    match line {
        SlipLine::Text {
            text,
            size,
            weight,
            align,
            each,
            when,
        } => {
            let text = text.get(language);
            let texts: Vec<String> = match each {
                _ if !values.holds(when.as_deref()) => Vec::new(),
                Some(list) => {
                    let entries = values.entries(list).iter();
                    entries.filter_map(|e| values.fill(text, Some(e))).collect()
                }
                None => values.fill(text, None).into_iter().collect(),
            };
            let as_line = |text| Line::Text {
                text,
                size: *size,
                weight: weight_of(*weight),
                align: align_of(*align),
            };
            texts.into_iter().map(as_line).collect()
        }
        SlipLine::Mark { text, when } => {
            let text = values.fill(text.get(language), None);
            let text = text.filter(|_| values.holds(when.as_deref()));
            text.into_iter().map(Line::Mark).collect()
        }
        SlipLine::Number => vec![Line::Number(values.get("number").to_owned())],
        SlipLine::Qr { words } => {
            let words = values.fill(words.get(language), None);
            vec![Line::Qr {
                content: content.code.clone(),
                words: words.filter(|words| content.leads && !words.is_empty()),
            }]
        }
        SlipLine::Rule => vec![Line::Rule],
        SlipLine::Space { height } => vec![Line::Space(*height)],
        SlipLine::Logo { height } => {
            let drawing = logo.cloned();
            let line = |drawing| Line::Drawing {
                drawing,
                height: *height,
            };
            drawing.map(line).into_iter().collect()
        }
        SlipLine::Ruler => vec![Line::Ruler],
    }
}

fn weight_of(weight: SlipWeight) -> Weight {
    match weight {
        SlipWeight::Regular => Weight::Regular,
        SlipWeight::Semibold => Weight::SemiBold,
        SlipWeight::Bold => Weight::Bold,
    }
}

fn align_of(align: SlipAlign) -> Align {
    match align {
        SlipAlign::Centre => Align::Centre,
        SlipAlign::Left => Align::Left,
    }
}
