//! `kiosk report register` and `kiosk report outages`: the lists that are kept and signed, for
//! scripts and for whoever has only a terminal.

use std::io::{BufWriter, Write as _};
use std::path::Path;

use anyhow::{Context as _, bail};
use jiff::civil::Date;

use super::Form;
use crate::clock::rfc3339;
use crate::ledger::{Chosen, Days, Ledger, Lines};
use crate::report::list::List;
use crate::report::register::{Line, list as register_list, opened};
use crate::report::{Language, outages as words, text, xlsx};
use crate::vault::Vault;

/// A day's scan register.
pub(super) fn register(
    ledger: &Ledger,
    data: &Path,
    day: Option<&str>,
    form: &Form,
) -> anyhow::Result<()> {
    let days = match day.map(|day| (day.parse(), day.parse::<Date>(), day)) {
        None => Days::Last,
        Some((Ok(number), _, _)) => Days::Number(number),
        Some((_, Ok(date), _)) => Days::Dates(date, date),
        Some((_, _, day)) => bail!("a day is a date such as 2026-11-23, or a number: not {day}"),
    };
    let chosen = Chosen::default();
    let found = ledger.register(days, &chosen, Lines::All)?;
    let Ok(mut register) = found else {
        bail!("there was no such service day");
    };
    // People's names are kept apart from the record; here stands who the record names.
    let entries = std::mem::take(&mut register.entries);
    let lines = opened(entries, &mut Vault::open(data), str::to_owned);
    if form.csv {
        return csv_of_lines(&lines, register.offset_minutes, &register.head);
    }
    let list = register_list(&register, &lines, &chosen, form.language);
    write(&list, form)
}

/// The log of outages.
pub(super) fn outages(
    ledger: &Ledger,
    from: Option<Date>,
    to: Option<Date>,
    form: &Form,
) -> anyhow::Result<()> {
    let (from, to) = ledger.outage_dates(from, to)?;
    let log = ledger.outages(from, to)?;
    if !form.csv {
        return write(&words::list(&log, (from, to), form.language), form);
    }
    let mut out = BufWriter::new(std::io::stdout().lock());
    let names =
        "began,known_until,ended,seconds,causes,set_up,waiting,first_record,last_record,head";
    writeln!(out, "{names}")?;
    for outage in &log.items {
        let at = |utc: Option<i64>| utc.and_then(|utc| rfc3339(outage.offset_minutes, utc));
        let causes = outage.causes.iter().map(|c| words::cause(*c, Language::En));
        text::csv_line(
            &mut out,
            &[
                &at(outage.began).unwrap_or_default(),
                &at(outage.known).unwrap_or_default(),
                outage.how.as_deref().unwrap_or_default(),
                &(outage.ms / 1_000).to_string(),
                &causes.collect::<Vec<_>>().join("; "),
                &outage.set_up.to_string(),
                &outage.waiting.to_string(),
                &outage.records.0.to_string(),
                &outage.records.1.to_string(),
                &log.head,
            ],
        )?;
    }
    Ok(out.flush()?)
}

fn csv_of_lines(lines: &[Line], offset_minutes: i32, head: &str) -> anyhow::Result<()> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    let names = "number,scanned_at,dossier,purpose,counter,ticket,state,answer,read_by,repeat,head";
    writeln!(out, "{names}")?;
    for line in lines {
        let entry = &line.entry;
        let at = entry.at.and_then(|utc| rfc3339(offset_minutes, utc));
        let counter = entry.counter.map(|n| n.to_string());
        text::csv_line(
            &mut out,
            &[
                &entry.nth.to_string(),
                &at.unwrap_or_default(),
                line.dossier.as_deref().unwrap_or_default(),
                &entry.purpose,
                &counter.unwrap_or_default(),
                entry.ticket.as_deref().unwrap_or_default(),
                &entry.state,
                line.answer.as_deref().unwrap_or_default(),
                &line.who,
                &entry.repeat.to_string(),
                head,
            ],
        )?;
    }
    Ok(out.flush()?)
}

fn write(list: &List, form: &Form) -> anyhow::Result<()> {
    if let Some(file) = &form.xlsx {
        let bytes = xlsx::list(list, form.language)?;
        return std::fs::write(file, bytes).with_context(|| file.display().to_string());
    }
    let mut out = BufWriter::new(std::io::stdout().lock());
    text::list(&mut out, list, form.language)?;
    Ok(out.flush()?)
}
