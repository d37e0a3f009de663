//! Figures in the words of the office: the same tables as text, as a workbook and as a page.
//!
//! A table holds values, not texts, so that a spreadsheet gets numbers it can add up; how a
//! value is written is decided by [`Cell::written`] alone.

pub mod list;
pub mod outages;
mod period;
pub mod register;
mod tables;
pub mod text;
pub mod xlsx;

use std::collections::BTreeMap;

use serde::Deserialize;

pub use period::{Kind, Period};
pub use tables::{day_name, purpose, scan_state, summary, tables};

/// Language of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Vietnamese.
    #[default]
    Vi,
    /// English.
    En,
}

impl Language {
    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::En => "en",
        }
    }

    /// The one of two texts.
    pub fn say<'a>(self, vi: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Vi => vi,
            Self::En => en,
        }
    }

    /// The office's text in this language, else in Vietnamese.
    pub fn of(self, texts: &BTreeMap<String, String>) -> &str {
        let text = texts.get(self.code()).or_else(|| texts.get("vi"));
        text.map_or("", String::as_str)
    }

    /// A whole number: 1.234 in Vietnamese, 1,234 in English.
    pub fn count(self, n: u64) -> String {
        let digits = n.to_string();
        let mut text = String::new();
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                text.push_str(self.say(".", ","));
            }
            text.push(digit);
        }
        text
    }

    /// Tenths as a number with one decimal: 12,5 in Vietnamese, 12.5 in English.
    fn tenths(self, n: u64) -> String {
        format!("{}{}{}", self.count(n / 10), self.say(",", "."), n % 10)
    }
}

/// One value of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// A name.
    Text(String),
    /// How many.
    Count(u64),
    /// Seconds, written as minutes with one decimal; none: there is no such time.
    Minutes(Option<u64>),
    /// Seconds, written as hours and minutes.
    Hours(u64),
    /// Thousandths, written as percent; none: a share of nothing.
    Share(Option<u64>),
}

impl Cell {
    /// As a person reads it.
    pub fn written(&self, language: Language) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Count(n) => language.count(*n),
            // To the nearest tenth of a minute.
            Self::Minutes(Some(seconds)) => language.tenths((seconds * 10 + 30) / 60),
            Self::Hours(seconds) => {
                let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
                format!("{}:{minutes:02}", language.count(hours))
            }
            Self::Share(Some(permille)) => format!("{} %", language.tenths(*permille)),
            Self::Minutes(None) | Self::Share(None) => "–".into(),
        }
    }

    /// Whether it lines up at the right.
    pub fn is_number(&self) -> bool {
        !matches!(self, Self::Text(_))
    }
}

/// A table with its heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What it is about: stable, for pages.
    pub id: &'static str,
    /// Its heading.
    pub title: String,
    /// One heading per column.
    pub columns: Vec<String>,
    /// As many cells a row as there are columns.
    pub rows: Vec<Vec<Cell>>,
    /// The sum of the rows, if that makes sense.
    pub total: Option<Vec<Cell>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_language_writes_them() {
        use Language::{En, Vi};
        let cases = [
            (Cell::Count(0), "0", "0"),
            (Cell::Count(999), "999", "999"),
            (Cell::Count(1_234), "1.234", "1,234"),
            (Cell::Count(1_234_567), "1.234.567", "1,234,567"),
            (Cell::Minutes(Some(750)), "12,5", "12.5"),
            (Cell::Minutes(Some(2)), "0,0", "0.0"),
            (Cell::Minutes(Some(3)), "0,1", "0.1"),
            (Cell::Minutes(None), "–", "–"),
            (Cell::Hours(7 * 3_600 + 5 * 60 + 59), "7:05", "7:05"),
            (Cell::Share(Some(125)), "12,5 %", "12.5 %"),
            (Cell::Share(None), "–", "–"),
        ];
        for (cell, vi, en) in cases {
            assert_eq!(cell.written(Vi), vi, "{cell:?}");
            assert_eq!(cell.written(En), en, "{cell:?}");
        }
    }
}
