//! What is known about dossiers (*hồ sơ*), and reading the export of the office's dossier
//! software: XLSX, CSV.
//!
//! Pure: bytes and dates come in, rows come out. No clock, disk or network, and neither Slint nor
//! the web server, so that hostile files can be thrown at [`read`] by the million.
//!
//! - A file is read whole within named limits or refused with a reason; no file makes this crate
//!   panic or take more memory than the limits say.
//! - A row counts or is told with its line and what is wrong; nothing is guessed.
//! - No name, address or whole telephone number leaves this crate: of a person only what proves
//!   that somebody has the receipt in hand (see [`Row::factors`]).

mod columns;
mod dates;
mod delimited;
mod dossier;
mod due;
mod encoding;
mod fold;
mod rows;
mod states;
mod table;
mod workbook;

pub use columns::{Column, Columns, Matched, match_columns};
pub use dates::{BadDate, date};
pub use dossier::{Dossier, DossierState, Facts, Source, Step};
pub use due::{Standing, standing, working_days};
pub use fold::fold;
pub use rows::{BadRow, Fault, Found, Row, factor, rows};
pub use table::{FILE_BYTES_MAX, ImportError, Kind, ROWS_MAX, Table};

/// Reads a file of the dossier software.
pub fn read(bytes: &[u8]) -> Result<Table, ImportError> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(ImportError::TooLarge);
    }
    match Form::of(bytes) {
        Form::Workbook => workbook::read(bytes),
        Form::OldWorkbook => Err(ImportError::OldWorkbook),
        Form::WebPage => Err(ImportError::WebPage),
        Form::Text => delimited::read(bytes),
    }
}

/// What a file is, by its first bytes: its name may say anything.
enum Form {
    Workbook,
    OldWorkbook,
    WebPage,
    Text,
}

impl Form {
    fn of(bytes: &[u8]) -> Self {
        // A workbook with a password is wrapped in the old format too.
        if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
            return Self::OldWorkbook;
        }
        if bytes.starts_with(b"PK\x03\x04") {
            return Self::Workbook;
        }
        let begin = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let begin = begin.trim_ascii_start();
        // Many programs write a web page and call it .xls.
        let page = [&b"<html"[..], b"<!doc", b"<table", b"<meta", b"<?xml"];
        let is_page = page.iter().any(|mark| {
            let begin = begin.get(..mark.len());
            begin.is_some_and(|begin| begin.eq_ignore_ascii_case(mark))
        });
        if is_page { Self::WebPage } else { Self::Text }
    }
}
