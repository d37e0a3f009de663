//! `[printer]`, or several `[[printer]]` with names.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{MapAccess, SeqAccess, Visitor, value};
use toml::Spanned;

use super::{Printer, Problem, parsed, problem};

/// A citizen who has not got a slip after so long has gone to wait.
const FRESH_MINUTES: u32 = 3;
/// An 80 mm roll of 80 mm across, as sold.
const ROLL_METRES: u32 = 80;
/// Letters in a name: it is part of a file name and of every record of a slip.
const NAME_CHARS_MAX: usize = 32;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPrinter {
    name: Option<Spanned<String>>,
    device: Spanned<String>,
    #[serde(default = "generic")]
    profile: Spanned<String>,
    #[serde(default)]
    place: BTreeMap<String, String>,
    stand_in: Option<Spanned<String>>,
    #[serde(default = "fresh")]
    fresh_minutes: u32,
    #[serde(default = "roll")]
    roll_metres: u32,
}

fn generic() -> Spanned<String> {
    Spanned::new(0..0, "generic-80".into())
}

fn fresh() -> u32 {
    FRESH_MINUTES
}

fn roll() -> u32 {
    ROLL_METRES
}

/// One table or an array of them.
pub(super) struct OneOrMany(Vec<RawPrinter>);

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Tables;
        impl<'de> Visitor<'de> for Tables {
            type Value = OneOrMany;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a [printer] table or several [[printer]]")
            }

            fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<OneOrMany, M::Error> {
                RawPrinter::deserialize(value::MapAccessDeserializer::new(map))
                    .map(|one| OneOrMany(vec![one]))
            }

            fn visit_seq<S: SeqAccess<'de>>(self, seq: S) -> Result<OneOrMany, S::Error> {
                Vec::deserialize(value::SeqAccessDeserializer::new(seq)).map(OneOrMany)
            }
        }
        from.deserialize_any(Tables)
    }
}

/// The printers of the office; none where the device is `none`. Without any table slips are
/// pictures in the data folder.
pub(super) fn check(raw: Option<OneOrMany>) -> Result<Vec<Printer>, Problem> {
    let raw = raw.map_or_else(Vec::new, |OneOrMany(raw)| raw);
    if raw.is_empty() {
        return Ok(vec![preview()?]);
    }
    let several = raw.len() > 1;
    let mut printers: Vec<Printer> = Vec::new();
    let mut stand_ins = Vec::new();
    for raw in raw {
        let at = raw.device.span();
        let name = match &raw.name {
            Some(name) => named(name)?,
            None if several => {
                return Err(problem(at, "printer.name: needed where there are several"));
            }
            None => "printer".to_owned(),
        };
        if printers.iter().any(|printer| printer.name == name) {
            return Err(problem(at, format!("printer.name: {name} is used twice")));
        }
        let profile = printer::Profile::named(raw.profile.get_ref())
            .map_err(|e| problem(raw.profile.span(), format!("printer.profile: {e}")))?;
        stand_ins.extend(raw.stand_in.clone().map(|other| (name.clone(), other)));
        printers.push(Printer {
            device: parsed("printer.device", &raw.device)?,
            profile,
            place: raw.place,
            stand_in: raw.stand_in.map(Spanned::into_inner),
            fresh_minutes: raw.fresh_minutes,
            roll_metres: raw.roll_metres,
            name,
        });
    }
    for (name, other) in stand_ins {
        let known = printers.iter().any(|p| p.name == *other.get_ref());
        if !known || *other.get_ref() == name {
            let text = format!(
                "printer.stand_in: there is no other printer {}",
                other.get_ref()
            );
            return Err(problem(other.span(), text));
        }
    }
    printers.retain(|printer| printer.device != printer::Device::None);
    Ok(printers)
}

/// Checks that the printer a kiosk asks for is there.
pub(super) fn wanted(name: &Option<Spanned<String>>, printers: &[Printer]) -> Result<(), Problem> {
    match name {
        Some(name) if !printers.iter().any(|p| p.name == *name.get_ref()) => {
            let text = format!("screens.printer: there is no printer {}", name.get_ref());
            Err(problem(name.span(), text))
        }
        _ => Ok(()),
    }
}

fn preview() -> Result<Printer, Problem> {
    let profile = printer::Profile::named("generic-80");
    Ok(Printer {
        name: "printer".to_owned(),
        device: printer::Device::Preview,
        profile: profile.map_err(|e| problem(0..0, e.to_string()))?,
        place: BTreeMap::new(),
        stand_in: None,
        fresh_minutes: FRESH_MINUTES,
        roll_metres: ROLL_METRES,
    })
}

fn named(name: &Spanned<String>) -> Result<String, Problem> {
    let text = name.get_ref();
    let plain = text
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !plain || text.is_empty() || text.len() > NAME_CHARS_MAX {
        let text = "printer.name: 1 to 32 small letters, digits and '-'";
        return Err(problem(name.span(), text));
    }
    Ok(text.clone())
}
