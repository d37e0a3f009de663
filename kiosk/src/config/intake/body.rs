//! What the other side is told of a scan: our values under its names.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::Offset;
use serde::Deserialize;
use serde_json::{Map, Value};

/// A value of a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Its id, also the key.
    Id,
    /// The dossier ID.
    Dossier,
    /// What it is for.
    Purpose,
    /// The office's code.
    Office,
    /// Number of the counter.
    Counter,
    /// Id of the ticket in hand.
    Ticket,
    /// When it was scanned.
    ScannedAt,
    /// What read it.
    Device,
}

/// All of them, under the names of the contract.
const CONTRACT: [(Field, &str); 8] = [
    (Field::Id, "id"),
    (Field::Dossier, "dossier"),
    (Field::Purpose, "purpose"),
    (Field::Office, "office"),
    (Field::Counter, "counter"),
    (Field::Ticket, "ticket"),
    (Field::ScannedAt, "scanned_at"),
    (Field::Device, "device"),
];

/// A purpose as the contract calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum PurposeWord {
    Receive,
    Supplement,
    Return,
    LookUp,
}

impl PurposeWord {
    fn word(self) -> &'static str {
        match self {
            Self::Receive => "receive",
            Self::Supplement => "supplement",
            Self::Return => "return",
            Self::LookUp => "look-up",
        }
    }
}

/// Names from the outside in: `HoSo.Ma` is `Ma` in the object `HoSo`.
pub type Name = Vec<String>;

/// See the top of the file.
#[derive(Clone, Debug)]
pub struct Body {
    fields: Vec<(Field, Name)>,
    constants: Vec<(Name, Value)>,
    /// Words of the contract that are others there.
    purposes: BTreeMap<&'static str, String>,
    time_format: Option<String>,
}

/// The error is the field of the section and a sentence.
pub(super) fn check(
    mut fields: BTreeMap<Field, String>,
    constants: BTreeMap<String, toml::Value>,
    purposes: BTreeMap<PurposeWord, String>,
    time_format: Option<String>,
) -> Result<Body, (String, String)> {
    let mut named = Vec::new();
    for (field, usual) in CONTRACT {
        let written = fields.remove(&field);
        let text = written.as_deref().unwrap_or(usual);
        if !text.is_empty() {
            let place = format!("fields.{usual}");
            let name = name(text).map_err(|wrong| (place.clone(), wrong))?;
            named.push((place, field, name));
        }
    }
    let mut fixed = Vec::new();
    for (text, value) in constants {
        let place = format!("constants.{text}");
        let name = name(&text).map_err(|wrong| (place.clone(), wrong))?;
        let value = scalar(value).ok_or_else(|| {
            let wrong = "a text, a number, true or false".to_owned();
            (place.clone(), wrong)
        })?;
        fixed.push((place, name, value));
    }
    let names = named.iter().map(|(place, _, name)| (place, name));
    let names = names.chain(fixed.iter().map(|(place, name, _)| (place, name)));
    apart(names)?;
    if let Some(format) = &time_format {
        let tried = Timestamp::UNIX_EPOCH.to_zoned(jiff::tz::TimeZone::UTC);
        // A format is only known to be bad once it is used.
        if jiff::fmt::strtime::format(format, &tried).is_err() || !format.contains('%') {
            let wrong = "a format such as %d/%m/%Y %H:%M:%S".to_owned();
            return Err(("time_format".to_owned(), wrong));
        }
    }
    Ok(Body {
        fields: named.into_iter().map(|(_, f, name)| (f, name)).collect(),
        constants: fixed.into_iter().map(|(_, name, v)| (name, v)).collect(),
        purposes: purposes.into_iter().map(|(p, w)| (p.word(), w)).collect(),
        time_format,
    })
}

/// Refuses two fields under one name, or one within the other.
pub(super) fn apart<'n>(
    names: impl Iterator<Item = (&'n String, &'n Name)>,
) -> Result<(), (String, String)> {
    let names: Vec<(&String, &Name)> = names.collect();
    for (index, (place, name)) in names.iter().enumerate() {
        if let Some((other, _)) = names[..index]
            .iter()
            .find(|(_, other)| name.starts_with(other) || other.starts_with(name))
        {
            let wrong = format!("{} is taken by intake.{other}", name.join("."));
            return Err(((*place).clone(), wrong));
        }
    }
    Ok(())
}

/// A name with its steps.
pub(super) fn name(text: &str) -> Result<Name, String> {
    let steps: Name = text.split('.').map(str::to_owned).collect();
    let blank = |step: &String| step.trim().is_empty() || step.trim() != step;
    match steps.iter().any(blank) {
        true => Err(format!("{text:?} is no name, nor names with dots between")),
        false => Ok(steps),
    }
}

fn scalar(value: toml::Value) -> Option<Value> {
    match value {
        toml::Value::String(text) => Some(text.into()),
        toml::Value::Integer(number) => Some(number.into()),
        toml::Value::Boolean(value) => Some(value.into()),
        toml::Value::Float(number) => serde_json::Number::from_f64(number).map(Value::Number),
        _ => None,
    }
}

impl Body {
    /// Whether the other side is told this.
    pub fn has(&self, field: Field) -> bool {
        self.fields.iter().any(|(told, _)| *told == field)
    }

    /// The body for a scan whose values `of` gives; what has none is left out.
    pub fn filled(&self, of: impl Fn(Field) -> Option<Value>) -> Value {
        let mut body = Map::new();
        for (name, value) in &self.constants {
            put(&mut body, name, value.clone());
        }
        for (field, name) in &self.fields {
            if let Some(value) = of(*field) {
                put(&mut body, name, self.worded(*field, value));
            }
        }
        Value::Object(body)
    }

    /// A value as the other side writes it.
    fn worded(&self, field: Field, value: Value) -> Value {
        let other = match (field, value.as_str()) {
            (Field::Purpose, Some(word)) => self.purposes.get(word).cloned(),
            (Field::ScannedAt, Some(time)) => self.time(time),
            _ => None,
        };
        other.map_or(value, Value::String)
    }

    /// RFC 3339 with offset in the other side's format, on the same clock.
    fn time(&self, written: &str) -> Option<String> {
        let format = self.time_format.as_ref()?;
        let moment: Timestamp = written.parse().ok()?;
        let pieces = jiff::fmt::temporal::Pieces::parse(written).ok()?;
        let offset = pieces.to_numeric_offset().unwrap_or(Offset::UTC);
        let zoned = moment.to_zoned(offset.to_time_zone());
        jiff::fmt::strtime::format(format, &zoned).ok()
    }
}

/// Names do not overlap, so every step but the last is an object.
fn put(body: &mut Map<String, Value>, name: &[String], value: Value) {
    let Some((last, steps)) = name.split_last() else {
        return;
    };
    let mut inner = body;
    for step in steps {
        let next = inner
            .entry(step.clone())
            .or_insert_with(|| Value::Object(Map::new()));
        let Value::Object(next) = next else { return };
        inner = next;
    }
    inner.insert(last.clone(), value);
}
