//! Lines of text with a separator (CSV).

use std::collections::BTreeMap;

use csv::{ReaderBuilder, StringRecord};

use crate::encoding;
use crate::{ImportError, Kind, Table};

/// Separators in use: Vietnamese settings of Windows write `;`, because the comma is for decimals.
const SEPARATORS: &[u8] = b",;\t|";
/// Lines looked at to tell the separator; titles stand above the table in many exports.
const LINES_LOOKED_AT: usize = 20;
/// Characters looked at to tell a picture or a program from a table.
const SIGNS_LOOKED_AT: usize = 4_000;

pub(crate) fn read(bytes: &[u8]) -> Result<Table, ImportError> {
    let text = one_line_end(encoding::decode(bytes)?);
    let is_no_text = |sign: char| sign.is_control() && !matches!(sign, '\t' | '\r' | '\n');
    if text.chars().take(SIGNS_LOOKED_AT).any(is_no_text) {
        return Err(ImportError::NotText);
    }
    let mut reader = ReaderBuilder::new()
        .delimiter(separator(&text))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut table = Table::new(Kind::Delimited);
    let mut record = StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return table.finished(),
            Err(_) => return Err(ImportError::NotText),
        }
        table.push(line_of(&text, &record), record.iter())?;
    }
}

/// Old programs end a line with CR alone. The reader takes that for an end and does not count it,
/// so every row would be told to be on the first line.
fn one_line_end(text: String) -> String {
    match text.contains('\r') {
        true => text.replace("\r\n", "\n").replace('\r', "\n"),
        false => text,
    }
}

/// The line on which a record begins. The reader counts from the end of the one before, and skips
/// empty lines after that.
fn line_of(text: &str, record: &StringRecord) -> u32 {
    let Some(position) = record.position() else {
        return 0;
    };
    let from = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    let lines = rest.iter().take_while(|byte| **byte == b'\n').count() as u64;
    u32::try_from(position.line() + lines).unwrap_or(u32::MAX)
}

/// The separator that cuts the first lines most evenly into the most cells.
fn separator(text: &str) -> u8 {
    // Excel's own way to tell it.
    if let Some([told, b'\r' | b'\n', ..]) = text.strip_prefix("sep=").map(str::as_bytes)
        && SEPARATORS.contains(told)
    {
        return *told;
    }
    // Lines by how many there are in each: a table's are equal, a sentence's are not.
    let evenness = |separator: u8| {
        let mut lines: BTreeMap<usize, usize> = BTreeMap::new();
        for line in text.lines().take(LINES_LOOKED_AT) {
            let count = line.bytes().filter(|byte| *byte == separator).count();
            *lines.entry(count).or_default() += 1;
        }
        let scores = lines.iter().map(|(count, lines)| count * lines);
        scores.max().unwrap_or(0)
    };
    // Of equals the first: `max_by_key` would take the last.
    let mut best = (b',', 0);
    for separator in SEPARATORS {
        let score = evenness(*separator);
        if score > best.1 {
            best = (*separator, score);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_separator_is_found_and_lines_keep_their_numbers() {
        for text in [
            "Danh sách\n\nMa;Ten\n1;\"a; b\"\n",
            "Danh sách\n\nMa,Ten\n1,\"a; b\"\n",
            "Danh sách\r\n\r\nMa\tTen\r\n1\ta; b\r\n",
            "sep=;\n\nMa;Ten\n1;\"a; b\"\n",
            "Danh sách\r\rMa;Ten\r1;\"a; b\"\r",
        ] {
            let table = read(text.as_bytes()).unwrap();
            assert_eq!(table.len(), 3, "{text}");
            assert_eq!(table.row(1).collect::<Vec<_>>(), ["Ma", "Ten"], "{text}");
            assert_eq!(table.row(2).collect::<Vec<_>>(), ["1", "a; b"], "{text}");
            assert_eq!((table.line(1), table.line(2)), (3, 4), "{text}");
        }
    }

    #[test]
    fn what_is_no_table_is_refused() {
        assert_eq!(read(b"\x7FELF\x02\x01\x01"), Err(ImportError::NotText));
        for empty in [&b""[..], b"\n\n\n", b";;;\n;;;\n"] {
            assert_eq!(read(empty), Err(ImportError::Empty));
        }
        let rows = "x\n".repeat(crate::ROWS_MAX + 1);
        assert_eq!(read(rows.as_bytes()), Err(ImportError::TooManyRows));
    }
}
