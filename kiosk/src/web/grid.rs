//! Tables of reports and lists as HTML.

use std::fmt::Write as _;

use super::place::escaped;
use crate::report::{Cell, Language, Table};

/// A box that a narrow screen scrolls sideways, also by keyboard.
pub(super) fn scrolling(table: &Table) -> String {
    let title = escaped(&table.title);
    format!("<div class=\"scroll\" role=\"region\" aria-label=\"{title}\" tabindex=\"0\">")
}

/// The table.
pub(super) fn grid(table: &Table, language: Language) -> String {
    headed(table, "", language)
}

/// The same with `above` at the head of each sheet of paper.
pub(super) fn headed(table: &Table, above: &str, language: Language) -> String {
    let mut html = scrolling(table);
    html.push_str("<table><thead>");
    if !above.is_empty() {
        // Writing to a string does not fail, here and below.
        let _ = write!(
            html,
            "<tr class=\"running\"><th colspan=\"{}\">{}</th></tr>",
            table.columns.len(),
            escaped(above)
        );
    }
    html.push_str("<tr>");
    let numbers: Vec<bool> = match table.rows.first() {
        Some(row) => row.iter().map(Cell::is_number).collect(),
        None => Vec::new(),
    };
    for (column, name) in table.columns.iter().enumerate() {
        let class = if numbers.get(column) == Some(&true) {
            " class=\"n\""
        } else {
            ""
        };
        let _ = write!(html, "<th scope=\"col\"{class}>{}</th>", escaped(name));
    }
    html.push_str("</tr></thead><tbody>");
    for row in &table.rows {
        html.push_str(&line(row, language));
    }
    html.push_str("</tbody>");
    if let Some(total) = &table.total {
        let _ = write!(html, "<tfoot>{}</tfoot>", line(total, language));
    }
    html.push_str("</table></div>");
    html
}

fn line(row: &[Cell], language: Language) -> String {
    let mut html = String::from("<tr>");
    for (column, cell) in row.iter().enumerate() {
        let text = escaped(&cell.written(language));
        let _ = match (column, cell.is_number()) {
            (0, false) => write!(html, "<th scope=\"row\">{text}</th>"),
            (_, true) => write!(html, "<td class=\"n\">{text}</td>"),
            (_, false) => write!(html, "<td>{text}</td>"),
        };
    }
    html.push_str("</tr>");
    html
}
