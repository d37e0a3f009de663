//! The office part of the configuration, checked.

use std::collections::BTreeMap;

use jiff::civil::{Date, Time};
use queue::{Class, Counter, Hours, Mixing, Office, Purpose, Service, ServiceKind, Text};
use serde::Deserialize;
use toml::Spanned;

use super::{Problem, problem};
use crate::slips::raw::RawText;

/// Papers that fit on a slip.
const PAPERS_MAX: usize = 5;

fn text(raw: Option<RawText>) -> Text {
    raw.map(Text::from).unwrap_or_default()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawOffice {
    parent: Option<RawText>,
    name: RawText,
    #[serde(default)]
    code: String,
    #[serde(default)]
    hotline: String,
    #[serde(default = "default_languages")]
    languages: Spanned<Vec<String>>,
    #[serde(default = "default_zone")]
    time_zone: Spanned<String>,
    #[serde(default)]
    notices: Vec<RawText>,
    #[serde(default)]
    holidays: Vec<Spanned<String>>,
    #[serde(default)]
    mixing: Option<Spanned<Mixing>>,
}

fn default_languages() -> Spanned<Vec<String>> {
    Spanned::new(0..0, vec!["vi".into(), "en".into()])
}

fn default_zone() -> Spanned<String> {
    Spanned::new(0..0, "+07:00".into())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawService {
    letter: Spanned<String>,
    name: RawText,
    words: Option<RawText>,
    #[serde(default)]
    kind: ServiceKind,
    quota: Option<u32>,
    #[serde(default = "default_minutes")]
    minutes: Spanned<u32>,
    purpose: Option<Purpose>,
    #[serde(default)]
    papers: Vec<RawText>,
    #[serde(default)]
    hours: Vec<RawHours>,
}

fn default_minutes() -> Spanned<u32> {
    Spanned::new(0..0, 5)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCounter {
    number: Spanned<u32>,
    services: Spanned<Vec<String>>,
    #[serde(default)]
    purpose: Purpose,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawClass {
    id: Spanned<String>,
    name: RawText,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawHours {
    days: Vec<queue::Weekday>,
    from: Spanned<String>,
    to: Spanned<String>,
}

/// The tables beside `[office]`.
pub(super) struct Tables {
    pub(super) services: Vec<RawService>,
    pub(super) counters: Vec<RawCounter>,
    pub(super) classes: Vec<RawClass>,
    pub(super) hours: Vec<RawHours>,
    pub(super) work: Vec<RawHours>,
}

pub(super) fn check(office: RawOffice, tables: Tables) -> Result<Office, Problem> {
    let Tables {
        services,
        counters,
        classes,
        hours,
        work,
    } = tables;
    if services.is_empty() {
        return Err(problem(0..0, "service: an office needs at least one"));
    }
    let zone = office.time_zone;
    let utc_offset_minutes = offset(zone.get_ref())
        .ok_or_else(|| problem(zone.span(), "office.time_zone: written as \"+07:00\""))?;
    if office.languages.get_ref().is_empty() {
        return Err(problem(
            office.languages.span(),
            "office.languages: at least one",
        ));
    }
    let mixing = match office.mixing {
        Some(mixing) if mixing.get_ref().priority == 0 || mixing.get_ref().normal == 0 => {
            let text = "office.mixing: both at least 1, so that nobody waits for ever";
            return Err(problem(mixing.span(), text));
        }
        mixing => mixing.map(Spanned::into_inner).unwrap_or_default(),
    };
    let mut checked: Vec<Service> = Vec::new();
    for service in services {
        let service = check_service(service, &checked)?;
        checked.push(service);
    }
    let mut desks: Vec<Counter> = Vec::new();
    for counter in counters {
        let counter = check_counter(counter, &checked, &desks)?;
        desks.push(counter);
    }
    desks.sort_by_key(|c| c.number);
    Ok(Office {
        parent: text(office.parent),
        name: office.name.into(),
        code: office.code,
        hotline: office.hotline,
        languages: office.languages.into_inner(),
        utc_offset_minutes,
        hours: check_spans(hours)?,
        work: check_spans(work)?,
        holidays: office.holidays.iter().map(date).collect::<Result<_, _>>()?,
        days_off: Vec::new(),
        notices: office.notices.into_iter().map(Text::from).collect(),
        services: checked,
        counters: desks,
        classes: classes
            .into_iter()
            .map(check_class)
            .collect::<Result<_, _>>()?,
        mixing,
        // Checked once the printers are known.
        slips: BTreeMap::new(),
    })
}

fn check_service(raw: RawService, before: &[Service]) -> Result<Service, Problem> {
    let at = raw.letter.span();
    let mut letters = raw.letter.get_ref().chars();
    let letter = match (letters.next(), letters.next()) {
        (Some(letter), None) if letter.is_ascii_uppercase() => letter,
        _ => return Err(problem(at, "service.letter: one letter from A to Z")),
    };
    if before.iter().any(|s| s.letter == letter) {
        return Err(problem(
            at,
            format!("service.letter: {letter} is used twice"),
        ));
    }
    if !(1..=480).contains(raw.minutes.get_ref()) {
        return Err(problem(
            raw.minutes.span(),
            "service.minutes: from 1 to 480",
        ));
    }
    if raw.papers.len() > PAPERS_MAX {
        return Err(problem(at, format!("service.papers: at most {PAPERS_MAX}")));
    }
    Ok(Service {
        letter,
        name: raw.name.into(),
        words: text(raw.words),
        kind: raw.kind,
        quota: raw.quota,
        minutes: raw.minutes.into_inner(),
        purpose: raw.purpose,
        papers: raw.papers.into_iter().map(Text::from).collect(),
        hours: check_spans(raw.hours)?,
    })
}

fn check_spans(raw: Vec<RawHours>) -> Result<Vec<Hours>, Problem> {
    raw.into_iter().map(check_hours).collect()
}

fn check_counter(
    raw: RawCounter,
    services: &[Service],
    before: &[Counter],
) -> Result<Counter, Problem> {
    let number = *raw.number.get_ref();
    if !(1..=999).contains(&number) || before.iter().any(|c| c.number == number) {
        let text = "counter.number: from 1 to 999, each once";
        return Err(problem(raw.number.span(), text));
    }
    let at = raw.services.span();
    let letters = raw.services.into_inner().into_iter().map(|letter| {
        let known = services.iter().find(|s| s.letter.to_string() == letter);
        known.map(|s| s.letter).ok_or_else(|| {
            problem(
                at.clone(),
                format!("counter.services: there is no service {letter}"),
            )
        })
    });
    Ok(Counter {
        number,
        services: letters.collect::<Result<_, _>>()?,
        purpose: raw.purpose,
    })
}

fn check_class(raw: RawClass) -> Result<Class, Problem> {
    let id = raw.id.get_ref();
    let reserved = ["normal", "appointment", "re-entry"].contains(&id.as_str());
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if reserved || id.is_empty() || !id.chars().all(plain) {
        let text =
            "class.id: lower-case letters, digits and dashes; not normal, appointment, re-entry";
        return Err(problem(raw.id.span(), text));
    }
    Ok(Class {
        id: raw.id.into_inner(),
        name: raw.name.into(),
    })
}

fn check_hours(raw: RawHours) -> Result<Hours, Problem> {
    let time = |value: &Spanned<String>| {
        let time = Time::strptime("%H:%M", value.get_ref());
        time.map_err(|_| problem(value.span(), "hours: written as \"07:30\""))
    };
    let (from, to) = (time(&raw.from)?, time(&raw.to)?);
    if from >= to {
        return Err(problem(raw.to.span(), "hours.to: later than from"));
    }
    Ok(Hours {
        days: raw.days,
        from,
        to,
    })
}

fn date(value: &Spanned<String>) -> Result<queue::Holiday, Problem> {
    let date = value.get_ref().parse().map(Date::into);
    date.map_err(|_| problem(value.span(), "office.holidays: written as \"2026-09-02\""))
}

/// Minutes ahead of UTC of "+07:00".
fn offset(text: &str) -> Option<i32> {
    let (sign, rest) = text.split_at_checked(1)?;
    let (hours, minutes) = rest.split_once(':')?;
    let digits = |text: &str| match text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit()) {
        true => text.parse::<i32>().ok(),
        false => None,
    };
    let (hours, minutes) = (digits(hours)?, digits(minutes)?);
    let sign = match sign {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}
