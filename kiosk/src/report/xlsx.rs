//! A report as a workbook (XLSX): numbers stay numbers, one sheet per table. No dossier stands
//! in it: a workbook is sent around.

use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet, XlsxError};

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
