//! Files as offices have them, and files as nobody should have them.
#![allow(clippy::unwrap_used)]

use std::io::{Cursor, Write as _};

use dossiers::{Column, Columns, DossierState, ImportError, match_columns, read, rows};
use jiff::civil::Date;
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// An export with a title, a hidden sheet before it, and each way of writing a date.
fn export() -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet()
        .set_hidden(true)
        .write(0, 0, "Mã hồ sơ")
        .unwrap();
    let sheet = book.add_worksheet();
    sheet.set_active(true);
    sheet.write(0, 0, "DANH SÁCH HỒ SƠ & KẾT QUẢ").unwrap();
    let names = [
        "STT",
        "Mã hồ sơ",
        "Tên TTHC",
        "Hạn trả",
        "Trạng thái",
        "SĐT",
    ];
    for (column, name) in (0..).zip(names) {
        sheet.write(2, column, name).unwrap();
    }
    let date = Format::new().set_num_format("dd/mm/yyyy hh:mm");
    let due = ExcelDateTime::from_ymd(2026, 11, 20)
        .unwrap()
        .and_hms(17, 0, 0)
        .unwrap();
    sheet.write(3, 1, "H05.114-261118-0001").unwrap();
    sheet
        .write(3, 2, "Đăng ký khai sinh <có yếu tố nước ngoài>")
        .unwrap();
    sheet.write_with_format(3, 3, &due, &date).unwrap();
    sheet.write(3, 4, "Đang xử lý").unwrap();
    sheet.write(3, 5, 912345678.0).unwrap();
    sheet.write(9, 1, "H05.114-261118-0002").unwrap();
    sheet.write(9, 3, "20/11/2026").unwrap();
    sheet.write(9, 5, 79_123_456_789.0).unwrap();
    book.save_to_buffer().unwrap()
}

/// A workbook with the parts of `export`, one of them replaced.
fn with_part(name: &str, content: &[u8]) -> Vec<u8> {
    let mut old = ZipArchive::new(Cursor::new(export())).unwrap();
    let mut new = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..old.len() {
        let mut part = old.by_index(index).unwrap();
        let own = part.name().unwrap().into_owned();
        let fast = SimpleFileOptions::default().compression_level(Some(1));
        new.start_file(&own, fast).unwrap();
        match own == name {
            true => new.write_all(content).unwrap(),
            false => {
                std::io::copy(&mut part, &mut new).unwrap();
            }
        }
    }
    new.finish().unwrap().into_inner()
}

#[test]
fn a_workbook_is_read_as_it_is_shown() {
    let (table, matched) = match_columns(read(&export()).unwrap()).unwrap();
    let expected = [
        (Column::Dossier, 1),
        (Column::Procedure, 2),
        (Column::State, 4),
        (Column::Due, 3),
        (Column::Phone, 5),
    ];
    assert_eq!(matched.columns, Columns::from(expected));
    let found = rows(&table, &matched, |id| id.parse().ok());
    let [first, second] = &found.good[..] else {
        panic!("two rows: {found:?}");
    };
    assert_eq!((first.line, second.line), (4, 10));
    let procedure = first.facts.procedure.as_deref();
    assert_eq!(procedure, Some("Đăng ký khai sinh <có yếu tố nước ngoài>"));
    assert_eq!(first.facts.state, DossierState::InProgress);
    for row in [first, second] {
        assert_eq!(row.facts.due_on, Some(Date::constant(2026, 11, 20)));
    }
    assert_eq!(first.factors, ["5678"]);
    assert_eq!(second.factors, ["6789"]);
}

#[test]
fn a_file_of_another_kind_says_what_it_is() {
    let text = "Mã hồ sơ;Hạn trả\nH05.114-261118-0001;20/11/2026\n";
    assert!(read(text.as_bytes()).is_ok());
    for (bytes, expected) in [
        (
            &b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"[..],
            ImportError::OldWorkbook,
        ),
        (b"\xEF\xBB\xBF\n<HTML><body><table>", ImportError::WebPage),
        (b"PK\x03\x04 and no more", ImportError::Damaged),
        (b"\x89PNG\r\n\x1a\n\0\0", ImportError::NotText),
        (b"", ImportError::Empty),
    ] {
        assert_eq!(read(bytes), Err(expected), "{bytes:?}");
    }
    let huge = vec![b' '; dossiers::FILE_BYTES_MAX + 1];
    assert_eq!(read(&huge), Err(ImportError::TooLarge));
    let whole = export();
    assert_eq!(read(&whole[..whole.len() / 2]), Err(ImportError::Damaged));
}

#[test]
fn a_workbook_that_unpacks_to_a_flood_meets_the_limit() {
    let flood = vec![b'x'; 200 << 20];
    let bomb = with_part("xl/sharedStrings.xml", &flood);
    assert!(bomb.len() < 2 << 20, "{}", bomb.len());
    assert_eq!(read(&bomb), Err(ImportError::TooLarge));

    let far = b"<worksheet><sheetData><row r=\"4294967295\"><c r=\"ZZZZ1\"><v>1</v></c>\
        <c r=\"A1\" t=\"inlineStr\"><is><t>x</t></is></c></row></sheetData></worksheet>";
    let table = read(&with_part("xl/worksheets/sheet2.xml", far)).unwrap();
    assert_eq!((table.len(), table.row(0).len()), (1, 1));
    assert_eq!(table.line(0), u32::MAX);
}

/// Whatever comes in, it is a table or a reason.
fn is_judged(bytes: &[u8]) {
    if let Ok(table) = read(bytes)
        && let Ok((table, matched)) = match_columns(table)
    {
        let found = rows(&table, &matched, |id| id.parse().ok());
        assert!(found.good.len() + found.repeated + found.bad < table.len().max(1));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_bytes_make_it_fail(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        is_judged(&bytes);
    }

    #[test]
    fn no_sheet_makes_it_fail(
        text in "(<row( r=\"[0-9]{1,11}\")?>|</row>|<c( r=\"[A-Z]{0,5}[0-9]{0,3}\")?( t=\"(s|b|e|inlineStr)\")?>|</c>|<v>|</v>|[0-9./-]{0,12}|&#?[a-z0-9]{0,6};|&|<|H05.114-261118-0001){0,60}"
    ) {
        let sheet = format!("<worksheet><sheetData>{text}");
        is_judged(&with_part("xl/worksheets/sheet2.xml", sheet.as_bytes()));
    }

    #[test]
    fn no_damage_to_a_workbook_makes_it_fail(at in any::<prop::sample::Index>(), byte: u8) {
        let mut bytes = export();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        is_judged(&bytes);
    }
}
