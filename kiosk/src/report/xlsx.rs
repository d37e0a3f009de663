//! A report or a list as a workbook (XLSX): numbers stay numbers, one sheet per table. No dossier
//! stands in a report's: that is sent around. The scan register's own workbook is made of them.

use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::list::List;
use super::{Cell, Language, Table, summary, tables};
use crate::ledger::Figures;

/// A spreadsheet counts time in days.
const DAY_SECONDS: f64 = 86_400.0;

/// The workbook's bytes.
pub fn workbook(figures: &Figures, title: &str, language: Language) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let head = Format::new().set_bold();
    let sheet = book.add_worksheet();
    sheet.set_name(language.say("Tổng hợp", "Summary"))?;
    sheet.write_string_with_format(0, 0, language.of(&figures.office), &head)?;
    sheet.write_string(1, 0, title)?;
    let mut row = 3;
    for (name, cell) in summary(figures, language) {
        sheet.write_string(row, 0, name)?;
        write_cell(sheet, row, 1, &cell, false)?;
        row += 1;
    }
    let chain = language.say("Đầu chuỗi (head)", "Head of the chain");
    sheet.write_string(row + 1, 0, chain)?;
    sheet.write_string(row + 1, 1, &figures.head)?;
    sheet.set_column_width(0, 32)?;
    for table in tables(figures, language) {
        let sheet = book.add_worksheet();
        sheet.set_name(sheet_name(table.id, language))?;
        write_table(sheet, &table)?;
    }
    book.save_to_buffer()
}

/// A4, as the format counts papers.
const A4: u8 = 9;

/// A column is as wide as what stands in it, within reason.
const WIDTHS: (usize, usize) = (6, 48);

/// A list as a workbook: its lines on the first sheet, ready for A4, its sums on the second.
pub fn list(list: &List, language: Language) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let head = Format::new().set_bold();
    let sheet = book.add_worksheet();
    sheet.set_name(language.say("Sổ", "List"))?;
    sheet.write_string(0, 0, &list.office)?;
    let title = format!("{} · {}", list.title, list.under.join(" · "));
    sheet.write_string_with_format(1, 0, title, &head)?;
    write_lines(sheet, 3, &list.main)?;
    sheet
        .set_landscape()
        .set_paper_size(A4)
        .set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(0, 3)?.set_freeze_panes(4, 0)?;
    sheet.set_footer("&C&P / &N");
    let sheet = book.add_worksheet();
    sheet.set_name(language.say("Cộng", "Sums"))?;
    write_lines(sheet, 0, &list.sums)?;
    let below = list.sums.rows.len() + 3;
    let below = u32::try_from(below).unwrap_or(u32::MAX);
    for (row, text) in (below..).zip(list.notes.iter().chain([&list.proof(language)])) {
        sheet.write_string(row, 0, text)?;
    }
    book.save_to_buffer()
}

/// A table from row `top` on, its columns as wide as their texts.
fn write_lines(sheet: &mut Worksheet, top: u32, table: &Table) -> Result<(), XlsxError> {
    let heading = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Top);
    // One of each for the whole sheet: a format a cell would take longer than the cells.
    let (text, count, minutes) = (
        Format::new()
            .set_num_format("@")
            .set_text_wrap()
            .set_align(FormatAlign::Top),
        Format::new()
            .set_num_format("#,##0")
            .set_align(FormatAlign::Top),
        Format::new()
            .set_num_format("0.0")
            .set_align(FormatAlign::Top),
    );
    let mut widths: Vec<usize> = table
        .columns
        .iter()
        .map(|name| name.chars().count().min(14))
        .collect();
    for (column, name) in (0..).zip(&table.columns) {
        sheet.write_string_with_format(top, column, name, &heading)?;
    }
    for (row, cells) in (top + 1..).zip(table.rows.iter().chain(&table.total)) {
        for ((column, cell), width) in (0..).zip(cells).zip(&mut widths) {
            match cell {
                Cell::Text(written) => {
                    *width = (*width).max(written.chars().count());
                    sheet.write_string_with_format(row, column, written, &text)?;
                }
                Cell::Count(n) => {
                    sheet.write_number_with_format(row, column, *n as f64, &count)?;
                }
                Cell::Minutes(Some(seconds)) => {
                    let value = *seconds as f64 / 60.0;
                    sheet.write_number_with_format(row, column, value, &minutes)?;
                }
                other => write_cell(sheet, row, column, other, false)?,
            }
        }
    }
    for (column, width) in (0..).zip(widths) {
        let width = width.clamp(WIDTHS.0, WIDTHS.1) + 2;
        sheet.set_column_width(column, width as f64)?;
    }
    Ok(())
}

/// Short, and without the signs that a sheet's name must not have.
fn sheet_name(id: &str, language: Language) -> &'static str {
    match id {
        "days" => language.say("Theo ngày", "Days"),
        "services" => language.say("Theo lĩnh vực", "Services"),
        "counters" => language.say("Theo quầy", "Counters"),
        "half-hours" => language.say("Theo nửa giờ", "Half hours"),
        "paper" => language.say("Giấy in", "Paper"),
        _ => language.say("Hồ sơ đã quét", "Scans"),
    }
}

fn write_table(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    let heading = bold.clone().set_text_wrap().set_align(FormatAlign::Top);
    sheet.write_string_with_format(0, 0, &table.title, &bold)?;
    for (column, name) in (0..).zip(&table.columns) {
        sheet.write_string_with_format(2, column, name, &heading)?;
    }
    for (row, cells) in (3..).zip(&table.rows) {
        for (column, cell) in (0..).zip(cells) {
            write_cell(sheet, row, column, cell, false)?;
        }
    }
    let below = 3 + u32::try_from(table.rows.len()).unwrap_or(u32::MAX - 3);
    for (column, cell) in (0..).zip(table.total.iter().flatten()) {
        write_cell(sheet, below, column, cell, true)?;
    }
    sheet.set_column_width(0, 32)?;
    sheet.set_freeze_panes(3, 1)?;
    Ok(())
}

fn write_cell(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    bold: bool,
) -> Result<(), XlsxError> {
    let format = |pattern: &str| {
        let format = Format::new().set_num_format(pattern);
        if bold { format.set_bold() } else { format }
    };
    match cell {
        Cell::Text(text) => sheet.write_string_with_format(row, column, text, &format("@"))?,
        Cell::Count(n) => {
            sheet.write_number_with_format(row, column, *n as f64, &format("#,##0"))?
        }
        Cell::Minutes(Some(seconds)) => {
            let minutes = *seconds as f64 / 60.0;
            sheet.write_number_with_format(row, column, minutes, &format("0.0"))?
        }
        Cell::Hours(seconds) => {
            let days = *seconds as f64 / DAY_SECONDS;
            sheet.write_number_with_format(row, column, days, &format("[h]:mm"))?
        }
        Cell::Share(Some(permille)) => {
            let share = *permille as f64 / 1_000.0;
            sheet.write_number_with_format(row, column, share, &format("0.0%"))?
        }
        Cell::Minutes(None) | Cell::Share(None) => return Ok(()),
    };
    Ok(())
}
