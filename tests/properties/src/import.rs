//! Files of the dossier software: whatever is in one, no row is guessed and no limit passed.

use std::collections::BTreeSet;
use std::io::{Cursor, Write as _};

use dossiers::{Found, Kind, Matched, ROWS_MAX, Row, Table};
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

/// What the crate promises of one cell, of a row's factors and of the faults it tells.
const CELL_BYTES_MAX: usize = 1024;
const FACTORS_MAX: usize = 8;
const TOLD_MAX: usize = 200;
/// No part of a workbook that is text holds it, so it parts them here.
const BETWEEN_PARTS: u8 = 0xFF;

/// The first byte says whether the rest is a file as it is, or the parts of a workbook: a packed
/// file with one bit changed is refused before anybody reads what is in it.
pub fn import(data: &[u8]) {
    match data.split_first() {
        Some((0, file)) => file_holds(file),
        Some((_, parts)) => file_holds(&workbook(parts)),
        None => file_holds(data),
    }
}

/// A workbook of these parts; the first one is the sheet.
fn workbook(parts: &[u8]) -> Vec<u8> {
    let names = [
        "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
    ];
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in names.iter().zip(parts.split(|byte| *byte == BETWEEN_PARTS)) {
        archive.start_file(*name, stored).unwrap();
        archive.write_all(part).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn file_holds(file: &[u8]) {
    let Ok(table) = dossiers::read(file) else {
        return;
    };
    assert_eq!(
        dossiers::read(file).as_ref(),
        Ok(&table),
        "read again it is another"
    );
    assert!(
        (1..=ROWS_MAX).contains(&table.len()),
        "{} rows",
        table.len()
    );
    let mut line = 0;
    for row in 0..table.len() {
        assert!(
            table.row(row).any(|cell| !cell.is_empty()),
            "a row of nothing"
        );
        assert!(
            table
                .row(row)
                .all(|cell| cell.len() <= CELL_BYTES_MAX && cell == cell.trim())
        );
        if table.kind() == Kind::Delimited {
            assert!(table.line(row) > line, "lines out of order");
            line = table.line(row);
        }
    }
    let Ok((table, matched)) = dossiers::match_columns(table) else {
        return;
    };
    let found = dossiers::rows(&table, &matched, |text| text.parse().ok());
    counted(&table, &matched, &found);
    found.good.iter().for_each(sound);
}

/// Every row below the names counts, is repeated or is told as bad; none twice, none not at all.
fn counted(table: &Table, matched: &Matched, found: &Found) {
    let counted = found.good.len() + found.repeated + found.bad;
    let header = table
        .len()
        .checked_sub(counted + 1)
        .expect("rows that nobody wrote");
    // Where it has none, the name is in the row above.
    let named = |(cell, name): (&str, &String)| cell.is_empty() || cell == name;
    assert!(
        table.row(header).zip(&matched.names).all(named),
        "rows that are lost"
    );
    assert_eq!(found.told.len(), found.bad.min(TOLD_MAX));
    let dossiers: BTreeSet<_> = found.good.iter().map(|row| &row.dossier).collect();
    assert_eq!(dossiers.len(), found.good.len(), "a dossier twice");
}

fn sound(row: &Row) {
    let again = row.dossier.as_str().parse();
    assert_eq!(again.as_ref(), Ok(&row.dossier), "read again it is another");
    let days = [
        row.facts.received_on,
        row.facts.due_on,
        row.facts.finished_on,
    ];
    for day in days.into_iter().flatten() {
        assert!((1950..=2199).contains(&day.year()), "a day nobody can mean");
    }
    assert!(row.factors.len() <= FACTORS_MAX);
    for factor in &row.factors {
        assert!(
            (4..=12).contains(&factor.len()),
            "too much of a number is kept"
        );
        assert!(
            factor
                .bytes()
                .all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
        );
    }
    assert!(
        !format!("{row:?}").contains(row.dossier.as_str()),
        "a dossier in a log"
    );
}
