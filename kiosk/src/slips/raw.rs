//! Layouts as `kiosk.toml` and `built-in.toml` write them, turned into the office's plain data.

use std::collections::BTreeMap;
use std::ops::Range;

use queue::{SlipAlign, SlipKind, SlipLine, SlipWeight, Text};
use serde::Deserialize;
use toml::Spanned;

/// Size of words that do not say one: easily read at arm's length.
const SIZE: u16 = 28;

/// `[slip]`: a list of lines per kind, and the logo.
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct RawSlips {
    /// A PNG file beside the configuration.
    pub logo: Option<Spanned<String>>,
    ticket: Option<Spanned<Vec<Spanned<RawLine>>>>,
    checklist: Option<Spanned<Vec<Spanned<RawLine>>>>,
    re_entry: Option<Spanned<Vec<Spanned<RawLine>>>>,
    deferred: Option<Spanned<Vec<Spanned<RawLine>>>>,
    day_report: Option<Spanned<Vec<Spanned<RawLine>>>>,
    test_page: Option<Spanned<Vec<Spanned<RawLine>>>>,
}

/// One layout, and where it stands in the file.
pub struct Written {
    /// What for.
    pub kind: SlipKind,
    /// Where the list stands.
    pub at: Range<usize>,
    /// Where each line stands.
    pub lines_at: Vec<Range<usize>>,
    /// The lines.
    pub lines: Vec<SlipLine>,
}

/// A line that is none, and where it stands.
pub struct NotALine {
    /// In the file.
    pub at: Range<usize>,
    /// Of what kind of slip.
    pub kind: SlipKind,
    /// What is wrong.
    pub reason: &'static str,
}

impl RawSlips {
    /// Every layout in the file.
    pub fn read(self) -> Result<Vec<Written>, NotALine> {
        let kinds = [
            (SlipKind::Ticket, self.ticket),
            (SlipKind::Checklist, self.checklist),
            (SlipKind::ReEntry, self.re_entry),
            (SlipKind::Deferred, self.deferred),
            (SlipKind::DayReport, self.day_report),
            (SlipKind::TestPage, self.test_page),
        ];
        let written = kinds.into_iter().filter_map(|(kind, raw)| {
            let raw = raw?;
            let at = raw.span();
            let (mut lines, mut lines_at) = (Vec::new(), Vec::new());
            for line in raw.into_inner() {
                let at = line.span();
                lines_at.push(at.clone());
                match line.into_inner().line() {
                    Ok(line) => lines.push(line),
                    Err(reason) => return Some(Err(NotALine { at, kind, reason })),
                }
            }
            Some(Ok(Written {
                kind,
                at,
                lines_at,
                lines,
            }))
        });
        written.collect()
    }
}

/// A text in Vietnamese only, which then stands for all languages, or one each.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum RawText {
    /// In Vietnamese.
    One(String),
    /// By language.
    Several(BTreeMap<String, String>),
}

impl From<RawText> for Text {
    fn from(raw: RawText) -> Self {
        match raw {
            RawText::One(text) => Text::vi(&text),
            RawText::Several(texts) => Text(texts),
        }
    }
}

/// A line says what it is by the one field of these that it has: `text` to `ruler`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLine {
    text: Option<RawText>,
    mark: Option<RawText>,
    number: Option<bool>,
    qr: Option<RawText>,
    rule: Option<bool>,
    space: Option<u16>,
    logo: Option<u16>,
    ruler: Option<bool>,
    size: Option<u16>,
    weight: Option<SlipWeight>,
    align: Option<SlipAlign>,
    each: Option<String>,
    when: Option<String>,
}

impl RawLine {
    fn line(self) -> Result<SlipLine, &'static str> {
        let style = self.size.is_some() || self.weight.is_some() || self.align.is_some();
        let kinds = [
            self.text.is_some(),
            self.mark.is_some(),
            self.number.is_some(),
            self.qr.is_some(),
            self.rule.is_some(),
            self.space.is_some(),
            self.logo.is_some(),
            self.ruler.is_some(),
        ];
        if kinds.iter().filter(|is| **is).count() != 1 {
            return Err(
                "a line is exactly one of text, mark, number, qr, rule, space, logo, ruler",
            );
        }
        if [self.number, self.rule, self.ruler].contains(&Some(false)) {
            return Err("number, rule and ruler are written as \"= true\", or left out");
        }
        if self.text.is_none() && (style || self.each.is_some()) {
            return Err("only a text has size, weight, align and each");
        }
        if self.text.is_none() && self.mark.is_none() && self.when.is_some() {
            return Err("only a text or a mark has when");
        }
        Ok(match self {
            Self {
                text: Some(text), ..
            } => SlipLine::Text {
                text: text.into(),
                size: self.size.unwrap_or(SIZE),
                weight: self.weight.unwrap_or_default(),
                align: self.align.unwrap_or_default(),
                each: self.each,
                when: self.when,
            },
            Self {
                mark: Some(text), ..
            } => SlipLine::Mark {
                text: text.into(),
                when: self.when,
            },
            Self {
                qr: Some(words), ..
            } => SlipLine::Qr {
                words: words.into(),
            },
            Self {
                space: Some(height),
                ..
            } => SlipLine::Space { height },
            Self {
                logo: Some(height), ..
            } => SlipLine::Logo { height },
            Self {
                number: Some(_), ..
            } => SlipLine::Number,
            Self { rule: Some(_), .. } => SlipLine::Rule,
            _ => SlipLine::Ruler,
        })
    }
}
