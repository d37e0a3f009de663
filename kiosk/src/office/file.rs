//! The office part of `kiosk.toml`: tables and places of fields in the file.
//!
//! The file has the form's head as `[office]` and each of its lists as a table of its own; a field
//! that the judge names is found again in the text, so that an error tells its line.

use std::ops::Range;

use serde::Serialize as _;
use serde::de::IntoDeserializer as _;
use toml::de::{DeTable, DeValue};
use toml::{Spanned, Table, Value};

use super::{OfficeDraft, Remark};

/// Tables of the file, and the lists of the form that they are.
const TABLES: [(&str, &str); 6] = [
    ("hours", "hours"),
    ("work", "work"),
    ("service", "services"),
    ("counter", "counters"),
    ("class", "classes"),
    ("slip", "slips"),
];
/// The table with all the rest of the form.
const HEAD: &str = "office";
/// In `[slip]`, but a file of this machine.
const LOGO: &str = "logo";
/// Tables of this machine.
const MACHINE: [&str; 14] = [
    "server",
    "public",
    "printer",
    "gpio",
    "scanner",
    "codes",
    "intake",
    "screens",
    "voice",
    "lobby",
    "alerts",
    "retention",
    "backup",
    "form",
];

/// Why a text is no office.
#[derive(Debug)]
pub struct NotAnOffice {
    /// What is wrong; without a field where it is no TOML at all.
    pub remark: Remark,
    /// Where in the text.
    pub at: Range<usize>,
}

/// A file taken apart.
pub struct OfficeFile<'t> {
    text: &'t str,
    table: Spanned<DeTable<'t>>,
    /// The office as it is written.
    pub draft: OfficeDraft,
    /// Tables of the machine that the file has too.
    pub machine: Vec<&'static str>,
}

/// Reads the office part of a file.
pub fn read(text: &str) -> Result<OfficeFile<'_>, NotAnOffice> {
    let no_toml = |error: toml::de::Error| {
        let said = error.message();
        let vi = format!("Tệp không đúng dạng TOML: {said}");
        NotAnOffice {
            remark: Remark::new("", vi, said),
            at: error.span().unwrap_or_default(),
        }
    };
    let table = DeTable::parse(text).map_err(no_toml)?;
    let values: Table = text.parse().map_err(no_toml)?;
    let bad = |field: String, said: String| {
        let vi = format!("Không đọc được mục này: {said}");
        NotAnOffice {
            at: place(&table, &field),
            remark: Remark::new(field, vi, said),
        }
    };
    let unknown = |name: &str| {
        let keys = table.get_ref().keys();
        let key = keys.into_iter().find(|key| *key.get_ref() == name);
        let (vi, en) = (
            format!("không có mục `{name}`"),
            format!("unknown field `{name}`"),
        );
        NotAnOffice {
            remark: Remark::new("", vi, en),
            at: key.map(Spanned::span).unwrap_or_default(),
        }
    };
    let mut form = Table::new();
    let mut machine = Vec::new();
    for (name, value) in values {
        let list = TABLES.iter().find(|(table, _)| *table == name);
        match (list, value) {
            (_, Value::Table(head)) if name == HEAD => {
                for (field, value) in head {
                    if TABLES.iter().any(|(_, list)| *list == field) {
                        let said = format!("unknown field `{field}`");
                        return Err(bad(format!("{HEAD}.{field}"), said));
                    }
                    form.insert(field, value);
                }
            }
            _ if name == HEAD => return Err(bad(name, "expected a table".to_owned())),
            (Some((_, list)), mut value) => {
                if let Value::Table(slips) = &mut value {
                    slips.remove(LOGO);
                }
                form.insert((*list).to_owned(), value);
            }
            (None, _) => match MACHINE.iter().find(|known| **known == name) {
                Some(known) => machine.push(*known),
                None => return Err(unknown(&name)),
            },
        }
    }
    let form = dates_as_text(Value::Table(form));
    let draft: Result<OfficeDraft, _> = serde_path_to_error::deserialize(form.into_deserializer());
    match draft {
        Ok(draft) => Ok(OfficeFile {
            text,
            table,
            draft,
            machine,
        }),
        Err(error) => {
            let said = error.inner().message();
            let mut field = error.path().to_string();
            if field == "." {
                field.clear();
            }
            // The path ends at the table that lacks it.
            let missing = said.strip_prefix("missing field `");
            if let Some(name) = missing.and_then(|rest| rest.split('`').next()) {
                let dot = if field.is_empty() { "" } else { "." };
                field = format!("{field}{dot}{name}");
            }
            // The form knows the other tables too; a file has them elsewhere.
            let of_head = !field.contains('.') && said.starts_with("unknown field");
            let said = match said.split_once(", expected") {
                Some((said, _)) if of_head => said.to_owned(),
                _ => said.to_owned(),
            };
            Err(bad(field, said))
        }
    }
}

impl OfficeFile<'_> {
    /// Where a field stands in the text; the nearest thing around it where it does not.
    pub fn place(&self, field: &str) -> Range<usize> {
        place(&self.table, field)
    }

    /// The line of a field, from 1.
    pub fn line(&self, field: &str) -> usize {
        line_of(self.text, self.place(field).start)
    }
}

/// The line of a place in a text, from 1.
pub fn line_of(text: &str, offset: usize) -> usize {
    let before = text.get(..offset.min(text.len())).unwrap_or(text);
    before.matches('\n').count() + 1
}

/// A field as the file calls it, without places in lists: the line tells those.
pub fn name(field: &str) -> String {
    let steps = steps(field);
    let names = steps.iter().filter_map(|step| match step {
        Step::Name(name) => Some(*name),
        Step::Index(_) => None,
    });
    names.collect::<Vec<_>>().join(".")
}

/// The innermost value of the file around a place, as it is called there.
pub fn name_at(text: &str, at: &Range<usize>) -> Option<String> {
    let table = DeTable::parse(text).ok()?;
    let mut names = Vec::new();
    around(table.get_ref(), at, &mut names).then(|| names.join("."))
}

/// Whether a place lies in a value of `table`; `names` then lead to it. A table is told by its
/// header alone: what is in it lies elsewhere.
fn around<'t>(table: &'t DeTable<'_>, at: &Range<usize>, names: &mut Vec<&'t str>) -> bool {
    let holds = |span: Range<usize>| span.start <= at.start && at.end <= span.end;
    for (key, value) in table {
        names.push(key.get_ref());
        let items = value.get_ref().as_array().map_or(&[][..], |items| items);
        let inner = [value].into_iter().chain(items).map(Spanned::get_ref);
        let mut tables = inner.filter_map(DeValue::as_table);
        if tables.any(|table| around(table, at, names)) || holds(value.span()) || holds(key.span())
        {
            return true;
        }
        names.pop();
    }
    false
}

enum Step<'f> {
    Name(&'f str),
    Index(usize),
}

/// The way to a field in the file.
fn steps(field: &str) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    for part in field.split('.') {
        let mut pieces = part.split('[');
        let name = pieces.next().unwrap_or_default();
        if steps.is_empty() {
            let list = TABLES.iter().find(|(_, list)| *list == name);
            let top = MACHINE.contains(&name) || name == HEAD;
            steps.extend(match list {
                Some((table, _)) => vec![Step::Name(table)],
                None if top || name.is_empty() => vec![Step::Name(name)],
                None => vec![Step::Name(HEAD), Step::Name(name)],
            });
        } else {
            steps.push(Step::Name(name));
        }
        let indices = pieces.filter_map(|piece| piece.strip_suffix(']')?.parse().ok());
        steps.extend(indices.map(Step::Index));
    }
    steps
}

fn place(table: &Spanned<DeTable<'_>>, field: &str) -> Range<usize> {
    let mut at = 0..0;
    let mut table = Some(table.get_ref());
    let mut array = None;
    for step in steps(field) {
        let next = match step {
            Step::Name(name) => table.and_then(|table| table.get(name)),
            Step::Index(index) => array.and_then(|array: &toml::de::DeArray<'_>| array.get(index)),
        };
        let Some(next) = next else {
            break;
        };
        at = next.span();
        table = next.get_ref().as_table();
        array = next.get_ref().as_array();
    }
    at
}

/// A date or time without quotes is meant as one with.
fn dates_as_text(value: Value) -> Value {
    match value {
        Value::Datetime(date) => Value::String(date.to_string()),
        Value::Array(items) => Value::Array(items.into_iter().map(dates_as_text).collect()),
        Value::Table(table) => {
            let entries = table.into_iter().map(|(k, v)| (k, dates_as_text(v)));
            Value::Table(entries.collect())
        }
        other => other,
    }
}

/// The office part as `kiosk.toml` takes it.
pub fn write(draft: &OfficeDraft) -> String {
    let form = vietnamese_first(Value::Table(Table::try_from(draft).unwrap_or_default()));
    let Value::Table(form) = form else {
        return String::new();
    };
    let mut head = Table::new();
    let mut lists = Table::new();
    for (field, value) in form {
        match TABLES.iter().find(|(_, list)| *list == field) {
            Some((table, _)) => lists.insert((*table).to_owned(), value),
            None => head.insert(field, value),
        };
    }
    let mut text = String::from("# Phần của cơ quan trong kiosk.toml (the office part)\n");
    write_table(&mut text, "[office]", &head);
    for (name, _) in TABLES {
        match lists.get(name) {
            Some(Value::Array(items)) => {
                for item in items.iter().filter_map(Value::as_table) {
                    write_table(&mut text, &format!("[[{name}]]"), item);
                }
            }
            Some(Value::Table(table)) if !table.is_empty() => {
                write_table(&mut text, &format!("[{name}]"), table);
            }
            _ => {}
        }
    }
    text
}

/// Texts as the office reads them: its own language before the other.
fn vietnamese_first(value: Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(vietnamese_first).collect()),
        Value::Table(mut table) => {
            let own = table.remove("vi").map(|text| ("vi".to_owned(), text));
            let rest = table.into_iter().map(|(k, v)| (k, vietnamese_first(v)));
            Value::Table(own.into_iter().chain(rest).collect())
        }
        other => other,
    }
}

/// A table; what is empty is left out, as it is the default.
fn write_table(text: &mut String, header: &str, table: &Table) {
    text.push('\n');
    text.push_str(header);
    text.push('\n');
    for (key, value) in table {
        let empty = match value {
            Value::String(words) => words.is_empty(),
            Value::Array(items) => items.is_empty(),
            Value::Table(entries) => entries.is_empty(),
            _ => false,
        };
        if empty {
            continue;
        }
        text.push_str(&format!("{key} = "));
        match value {
            Value::Array(items) if items.iter().any(Value::is_table) => {
                text.push_str("[\n");
                for item in items {
                    text.push_str(&format!("    {},\n", inline(item)));
                }
                text.push_str("]\n");
            }
            value => text.push_str(&format!("{}\n", inline(value))),
        }
    }
}

/// A value on one line.
fn inline(value: &Value) -> String {
    let mut text = String::new();
    // Writing into a string cannot fail, and every value of the form is one of TOML.
    let _ = value.serialize(toml::ser::ValueSerializer::new(&mut text));
    text
}
