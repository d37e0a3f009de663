//! Workbooks (XLSX): the first sheet that is shown, as texts.
//!
//! Read as it comes, cell by cell: a file that claims a million columns, or that unpacks to a
//! thousand times its size, meets a limit before it takes the memory for it. Formats of numbers
//! are not looked at: which columns hold dates is known from their names.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use zip::ZipArchive;

use crate::table::COLUMNS_MAX;
use crate::{ImportError, Kind, Table};

/// What all parts that are read may unpack to: 100,000 rows of thirty columns make about 100 MB.
const UNPACKED_BYTES_MAX: u64 = 192 << 20;
/// Of a workbook's texts that are told once and pointed at.
const SHARED_BYTES_MAX: usize = 48 << 20;
/// After so much of a cell the rest is not put together: the table cuts it shorter anyway.
const CELL_BYTES_MAX: usize = 4_096;
/// Parts of a workbook; one with a hundred sheets and pictures has some hundreds.
const PARTS_MAX: usize = 4_096;

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

pub(crate) fn read(bytes: &[u8]) -> Result<Table, ImportError> {
    let damaged = |_| ImportError::Damaged;
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    if archive.len() > PARTS_MAX {
        return Err(ImportError::Damaged);
    }
    let mut left = UNPACKED_BYTES_MAX;
    let book = book(&mut archive, &mut left)?;
    let shared = match part(&mut archive, "xl/sharedStrings.xml", &mut left)? {
        Some(part) => shared_texts(part)?,
        None => Texts::default(),
    };
    let sheet = part(&mut archive, &book.sheet, &mut left)?;
    let sheet = sheet.ok_or(ImportError::Damaged)?;
    rows(sheet, &shared, book.since_1904)
}

/// Counts what is unpacked.
struct Bounded<'a, R> {
    inner: R,
    left: &'a mut u64,
}

impl<R: Read> Read for Bounded<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        match self.left.checked_sub(count as u64) {
            Some(left) => *self.left = left,
            None => return Err(io::ErrorKind::FileTooLarge.into()),
        }
        Ok(count)
    }
}

/// A part of the archive, if it is there.
fn part<'a, 'b>(
    archive: &'a mut Archive<'b>,
    name: &str,
    left: &'a mut u64,
) -> Result<Option<Reader<impl BufRead + use<'a, 'b>>>, ImportError> {
    let Ok(name) = spelled(archive, name) else {
        return Ok(None);
    };
    let inner = archive.by_index(name).map_err(|_| ImportError::Damaged)?;
    let mut reader = Reader::from_reader(BufReader::new(Bounded { inner, left }));
    reader.config_mut().expand_empty_elements = true;
    Ok(Some(reader))
}

/// Names of parts do not tell case apart.
fn spelled(archive: &Archive<'_>, name: &str) -> Result<usize, ()> {
    let exact = archive.index_for_name(name);
    let same = |(_, own): &(usize, &[u8])| own.eq_ignore_ascii_case(name.as_bytes());
    let found = || archive.file_names_raw().enumerate().find(same);
    exact.or_else(|| found().map(|(index, _)| index)).ok_or(())
}

fn failed(error: quick_xml::Error) -> ImportError {
    match error {
        quick_xml::Error::Io(cause) if cause.kind() == io::ErrorKind::FileTooLarge => {
            ImportError::TooLarge
        }
        _ => ImportError::Damaged,
    }
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    let found = attributes
        .with_checks(false)
        .flatten()
        .filter(|a| a.key.local_name().as_ref() == name.as_bytes())
        .map(|a| String::from_utf8_lossy(&a.value).into_owned());
    found.last()
}

struct Book {
    sheet: String,
    since_1904: bool,
}

/// Which part is the first sheet that is shown.
fn book(archive: &mut Archive<'_>, left: &mut u64) -> Result<Book, ImportError> {
    let mut since_1904 = false;
    let mut sheets = Vec::new();
    if let Some(mut reader) = part(archive, "xl/workbook.xml", left)? {
        let mut buffer = Vec::new();
        loop {
            match reader.read_event_into(&mut buffer).map_err(failed)? {
                Event::Start(element) => match element.local_name().as_ref() {
                    b"workbookPr" => {
                        let told = attribute(&element, "date1904");
                        since_1904 = told.is_some_and(|told| told == "1" || told == "true");
                    }
                    b"sheet" => {
                        let shown = attribute(&element, "state").is_none_or(|s| s == "visible");
                        sheets.push((!shown, attribute(&element, "id")));
                    }
                    _ => {}
                },
                Event::Eof => break,
                _ => {}
            }
            buffer.clear();
        }
    }
    let wanted = sheets.iter().min_by_key(|(hidden, _)| *hidden);
    let wanted = wanted.and_then(|(_, id)| id.clone());
    let targets = targets(archive, left)?;
    let sheet = wanted.and_then(|id| targets.get(&id).cloned());
    Ok(Book {
        // Programs that leave the list out call the first one so.
        sheet: sheet.unwrap_or_else(|| "xl/worksheets/sheet1.xml".to_owned()),
        since_1904,
    })
}

/// Where the workbook's own links lead.
fn targets(
    archive: &mut Archive<'_>,
    left: &mut u64,
) -> Result<BTreeMap<String, String>, ImportError> {
    let mut targets = BTreeMap::new();
    let Some(mut reader) = part(archive, "xl/_rels/workbook.xml.rels", left)? else {
        return Ok(targets);
    };
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer).map_err(failed)? {
            Event::Start(element) if element.local_name().as_ref() == b"Relationship" => {
                let (id, to) = (attribute(&element, "Id"), attribute(&element, "Target"));
                if let (Some(id), Some(to)) = (id, to) {
                    let path = match to.strip_prefix('/') {
                        Some(whole) => whole.to_owned(),
                        None => format!("xl/{to}"),
                    };
                    targets.insert(id, path);
                }
            }
            Event::Eof => return Ok(targets),
            _ => {}
        }
        buffer.clear();
    }
}

/// Texts one after the other, and where each ends.
#[derive(Default)]
struct Texts {
    text: String,
    ends: Vec<usize>,
}

impl Texts {
    fn get(&self, index: usize) -> &str {
        let end = self.ends.get(index).copied().unwrap_or(0);
        let begin = index
            .checked_sub(1)
            .and_then(|before| self.ends.get(before));
        self.text.get(*begin.unwrap_or(&0)..end).unwrap_or_default()
    }
}

fn shared_texts(mut reader: Reader<impl BufRead>) -> Result<Texts, ImportError> {
    let mut texts = Texts::default();
    let mut buffer = Vec::new();
    // Inside the text itself, and not in what says how to speak it.
    let (mut in_text, mut spoken) = (false, false);
    loop {
        match reader.read_event_into(&mut buffer).map_err(failed)? {
            Event::Start(element) => match element.local_name().as_ref() {
                b"t" => in_text = !spoken,
                b"rPh" => spoken = true,
                _ => {}
            },
            Event::End(element) => match element.local_name().as_ref() {
                b"t" => in_text = false,
                b"rPh" => spoken = false,
                b"si" => texts.ends.push(texts.text.len()),
                _ => {}
            },
            Event::Eof => return Ok(texts),
            other if in_text => add(&mut texts.text, &other),
            _ => {}
        }
        if texts.text.len() > SHARED_BYTES_MAX {
            return Err(ImportError::TooLarge);
        }
        buffer.clear();
    }
}

/// Adds what an event says in words.
fn add(text: &mut String, event: &Event<'_>) {
    match event {
        Event::Text(said) => text.push_str(&String::from_utf8_lossy(said)),
        Event::CData(said) => text.push_str(&String::from_utf8_lossy(said)),
        Event::GeneralRef(named) => text.extend(sign(named)),
        _ => {}
    }
}

fn sign(named: &BytesRef<'_>) -> Option<char> {
    if let Ok(Some(sign)) = named.resolve_char_ref() {
        return Some(sign);
    }
    let name: &[u8] = named;
    Some(match name {
        b"amp" => '&',
        b"lt" => '<',
        b"gt" => '>',
        b"quot" => '"',
        b"apos" => '\'',
        _ => return None,
    })
}

/// A row on its way into the table.
#[derive(Default)]
struct Row {
    cells: Vec<String>,
    /// Column of the cell that is read.
    column: usize,
    kind: Vec<u8>,
    value: String,
}

impl Row {
    fn begin(&mut self, element: &BytesStart<'_>) {
        let told = attribute(element, "r").and_then(|at| column_of(&at));
        self.column = told.unwrap_or(self.column);
        self.kind = attribute(element, "t").unwrap_or_default().into_bytes();
        self.value.clear();
    }

    fn end(&mut self, shared: &Texts) {
        if self.column < COLUMNS_MAX {
            if self.cells.len() <= self.column {
                self.cells.resize(self.column + 1, String::new());
            }
            let value = self.value.trim();
            let text = match self.kind.as_slice() {
                b"s" => value
                    .parse()
                    .map_or("", |index| shared.get(index))
                    .to_owned(),
                b"inlineStr" | b"str" | b"d" | b"b" => value.to_owned(),
                // What could not be calculated says nothing.
                b"e" => String::new(),
                _ => number(value),
            };
            self.cells[self.column] = text;
        }
        self.column = self.column.saturating_add(1);
    }
}

/// `C` of `C12`, from 0.
fn column_of(cell: &str) -> Option<usize> {
    let letters = cell.bytes().take_while(u8::is_ascii_alphabetic);
    let column = letters.take(4).fold(0_usize, |column, letter| {
        column * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1
    });
    column.checked_sub(1)
}

/// Long numbers, such as those on an identity card, stand as `7.9123456789E10`.
fn number(text: &str) -> String {
    let whole = |value: f64| value.fract() == 0.0 && value.abs() < 1e15;
    match text.parse::<f64>() {
        Ok(value) if text.contains(['e', 'E']) && whole(value) => format!("{value:.0}"),
        _ => text.to_owned(),
    }
}

fn rows(
    mut reader: Reader<impl BufRead>,
    shared: &Texts,
    since_1904: bool,
) -> Result<Table, ImportError> {
    let mut table = Table::new(Kind::Workbook { since_1904 });
    let mut buffer = Vec::new();
    let mut row = Row::default();
    let mut line = 0_u32;
    let (mut in_value, mut spoken) = (false, false);
    loop {
        match reader.read_event_into(&mut buffer).map_err(failed)? {
            Event::Start(element) => match element.local_name().as_ref() {
                b"row" => {
                    let told = attribute(&element, "r").and_then(|r| r.parse().ok());
                    line = told.unwrap_or(line.saturating_add(1));
                    row.cells.clear();
                    row.column = 0;
                }
                b"c" => row.begin(&element),
                b"v" | b"t" => in_value = !spoken,
                b"rPh" => spoken = true,
                _ => {}
            },
            Event::End(element) => match element.local_name().as_ref() {
                b"row" => {
                    table.push(line, row.cells.iter().map(String::as_str))?;
                    row.cells.clear();
                }
                b"c" => row.end(shared),
                b"v" | b"t" => in_value = false,
                b"rPh" => spoken = false,
                b"sheetData" => return table.finished(),
                _ => {}
            },
            Event::Eof => return table.finished(),
            other if in_value && row.value.len() < CELL_BYTES_MAX => add(&mut row.value, &other),
            _ => {}
        }
        buffer.clear();
    }
}
