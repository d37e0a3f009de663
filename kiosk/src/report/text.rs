//! A report or a list for a terminal or a plain file.

use std::io::{self, Write};

use super::list::List;
use super::{Cell, Language, Table, summary, tables};
use crate::ledger::Figures;

/// Writes `figures` under `title`.
pub fn write(
    out: &mut impl Write,
    figures: &Figures,
    title: &str,
    language: Language,
) -> io::Result<()> {
    writeln!(out, "{} · {title}", language.of(&figures.office))?;
    let lines = summary(figures, language);
    let width = lines.iter().map(|(name, _)| len(name)).max().unwrap_or(0);
    for (name, cell) in lines {
        writeln!(out, "  {}{}", pad(&name, width + 2), cell.written(language))?;
    }
    for table in tables(figures, language) {
        if !table.rows.is_empty() {
            write_table(out, &table, language)?;
        }
    }
    Ok(())
}

/// Writes a list with all that stands on its paper but the signatures.
pub fn list(out: &mut impl Write, list: &List, language: Language) -> io::Result<()> {
    writeln!(out, "{} · {}", list.office, list.title)?;
    writeln!(out, "{}", list.under.join(" · "))?;
    write_table(out, &list.main, language)?;
    write_table(out, &list.sums, language)?;
    writeln!(out)?;
    for note in list.notes.iter().chain([&list.proof(language)]) {
        writeln!(out, "{note}")?;
    }
    Ok(())
}

/// One line of comma-separated values.
pub fn csv_line(out: &mut impl Write, values: &[&str]) -> io::Result<()> {
    for (column, value) in values.iter().enumerate() {
        let comma = if column == 0 { "" } else { "," };
        match value.contains([',', '"', '\n', '\r']) {
            true => write!(out, "{comma}\"{}\"", value.replace('"', "\"\""))?,
            false => write!(out, "{comma}{value}")?,
        }
    }
    writeln!(out)
}

fn write_table(out: &mut impl Write, table: &Table, language: Language) -> io::Result<()> {
    writeln!(out, "\n{}", table.title)?;
    let mut lines: Vec<Vec<String>> = vec![table.columns.clone()];
    for row in table.rows.iter().chain(&table.total) {
        lines.push(row.iter().map(|cell| cell.written(language)).collect());
    }
    let widths: Vec<usize> = (0..table.columns.len())
        .map(|column| {
            let cells = lines.iter().filter_map(|line| line.get(column));
            cells.map(|cell| len(cell)).max().unwrap_or(0)
        })
        .collect();
    let first = table.rows.first();
    let number = |column: usize| {
        first
            .and_then(|r| r.get(column))
            .is_some_and(Cell::is_number)
    };
    for line in &lines {
        let mut text = String::from("  ");
        for (column, (cell, width)) in line.iter().zip(&widths).enumerate() {
            match number(column) {
                true => text.push_str(&format!("{}{cell}", " ".repeat(width - len(cell)))),
                false => text.push_str(&pad(cell, *width)),
            }
            text.push_str("  ");
        }
        writeln!(out, "{}", text.trim_end())?;
    }
    Ok(())
}

/// Places on a terminal: texts are NFC, one place a letter.
fn len(text: &str) -> usize {
    text.chars().count()
}

fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(len(text))))
}
