//! The role `kiosk report`: days, weeks and months in figures, read from the ledger.
//!
//! The ledger is caught up first, beside a running daemon too. The head of the chain stands on
//! every report, so that a cut or rewritten journal shows later: `kiosk journal verify --head …`.

mod lists;

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use jiff::civil::Date;

use super::ReportCommand;
use super::asking::Asking;
use crate::config::Config;
use crate::journal::sqlite::open_reader;
use crate::ledger::{Days, Ledger};
use crate::report::{Kind, Language, Period, day_name, purpose, scan_state, text, xlsx};
use crate::vault::Vault;

/// How a report is written.
#[derive(Args, Clone)]
pub(super) struct Form {
    /// Every ticket, scan or outage as comma-separated values, for scripts.
    #[arg(long)]
    csv: bool,
    /// Writes a workbook into this file instead of text.
    #[arg(long, conflicts_with = "csv")]
    xlsx: Option<PathBuf>,
    /// Language of words and numbers.
    #[arg(long, value_enum, default_value_t)]
    language: Language,
}

/// Does one of them.
pub(super) fn report(config: &Config, command: ReportCommand) -> anyhow::Result<()> {
    if matches!(command, ReportCommand::Day { print: true, .. }) {
        return print(config);
    }
    let data = &config.server.data;
    let journal = open_reader(data)?;
    if matches!(command, ReportCommand::Rebuild) {
        let mut ledger = Ledger::open(data)?;
        ledger.clear()?;
        ledger.catch_up(&journal)?;
        let cursor = ledger.cursor()?;
        writeln!(
            std::io::stdout(),
            "made anew from {} records, head {}",
            cursor.seq,
            cursor.hash
        )?;
        return Ok(());
    }
    let ledger = Ledger::up_to_date(data, &journal)?;
    match &command {
        ReportCommand::Register { day, form } => {
            return lists::register(&ledger, data, day.as_deref(), form);
        }
        ReportCommand::Outages { from, to, form } => {
            return lists::outages(&ledger, *from, *to, form);
        }
        _ => {}
    }
    let (days, period, form) = wanted(&ledger, command)?;
    let Ok(figures) = ledger.figures(days)? else {
        match days {
            Days::Number(day) => bail!("there was no service day {day}"),
            _ => bail!("there was no service day yet"),
        }
    };
    if figures.days.is_empty() {
        bail!(
            "there was no service day in {}",
            period_name(period, Language::En)
        );
    }
    let title = match (period, figures.days.first()) {
        (Some(period), _) if period.kind != Kind::Day => period.name(form.language),
        (_, Some(day)) => day_name(day, form.language),
        (_, None) => String::new(),
    };
    if let Some(file) = &form.xlsx {
        let bytes = xlsx::workbook(&figures, &title, form.language)?;
        return std::fs::write(file, bytes).with_context(|| file.display().to_string());
    }
    let mut out = BufWriter::new(std::io::stdout().lock());
    if form.csv {
        csv(&mut out, &ledger, days, data, &figures.head)?;
    } else {
        text::write(&mut out, &figures, &title, form.language)?;
        if period.is_none_or(|period| period.kind == Kind::Day) {
            dossiers(&mut out, &ledger, days, data, form.language)?;
        }
        let head = form.language.say("Đầu chuỗi (head)", "Head of the chain");
        writeln!(out, "\n{head}: {}", figures.head)?;
    }
    out.flush()?;
    Ok(())
}

/// Has the running daemon print the last day's report, and waits for its paper.
fn print(config: &Config) -> anyhow::Result<()> {
    let asking = Asking::of(config)?;
    let language = config.office.languages.first();
    let body = serde_json::json!({ "kind": "day-report", "language": language });
    let paper = asking.print(&body)?;
    writeln!(std::io::stdout(), "day report: {paper}")?;
    Ok(())
}

fn period_name(period: Option<Period>, language: Language) -> String {
    period.map_or_else(String::new, |period| period.name(language))
}

/// Which days, what they are called, and how they are written.
fn wanted(ledger: &Ledger, command: ReportCommand) -> anyhow::Result<(Days, Option<Period>, Form)> {
    let around = |kind, date: Option<Date>| -> anyhow::Result<(Days, Option<Period>)> {
        let date = match date {
            Some(date) => date,
            None => ledger
                .last_date()?
                .context("no service day has a date yet")?,
        };
        let period = Period::around(kind, date);
        Ok((Days::Dates(period.from, period.to), Some(period)))
    };
    let ((days, period), form) = match command {
        ReportCommand::Day {
            day: None, form, ..
        } => ((Days::Last, None), form),
        ReportCommand::Day {
            day: Some(day),
            form,
            ..
        } => match (day.parse::<u64>(), day.parse()) {
            (Ok(number), _) => ((Days::Number(number), None), form),
            (_, Ok(date)) => (around(Kind::Day, Some(date))?, form),
            _ => bail!("a day is a date such as 2026-11-23, or a number: not {day}"),
        },
        ReportCommand::Week { date, form } => (around(Kind::Week, date)?, form),
        ReportCommand::Month { date, form } => (around(Kind::Month, date)?, form),
        ReportCommand::Register { .. } | ReportCommand::Outages { .. } | ReportCommand::Rebuild => {
            bail!("nothing to report")
        }
    };
    Ok((days, period, form))
}

/// The dossiers of a day in full: without an intake server this list is how they leave the
/// machine.
fn dossiers(
    out: &mut impl Write,
    ledger: &Ledger,
    days: Days,
    data: &Path,
    language: Language,
) -> anyhow::Result<()> {
    let mut vault = Vault::open(data);
    let mut first = true;
    ledger.each_scan(days, &mut |scan| {
        if std::mem::take(&mut first) {
            writeln!(out, "\n{}", language.say("Mã hồ sơ đã quét", "Dossier IDs"))?;
        }
        let dossier = scan.sealed.and_then(|sealed| vault.open_text(&sealed));
        let dossier = dossier
            .as_deref()
            .unwrap_or(language.say("(đã xóa)", "(erased)"));
        let counter = scan.counter.map(|n| match language {
            Language::Vi => format!("quầy {n}"),
            Language::En => format!("counter {n}"),
        });
        writeln!(
            out,
            "  {dossier:<32}{:<16}{:<12}{}",
            purpose(&scan.purpose, language),
            counter.unwrap_or_default(),
            scan_state(&scan.state, language)
        )
    })??;
    Ok(())
}

fn csv(
    out: &mut impl Write,
    ledger: &Ledger,
    days: Days,
    data: &Path,
    head: &str,
) -> anyhow::Result<()> {
    writeln!(
        out,
        "kind,day,number_or_dossier,service_or_purpose,state,waited_s,served_s,missed,counter,head"
    )?;
    let seconds = |ms: Option<u64>| ms.map(|ms| (ms / 1_000).to_string()).unwrap_or_default();
    let counter = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
    ledger.each_ticket(days, &mut |ticket| {
        writeln!(
            out,
            "ticket,{},{},{},{},{},{},{},{},{head}",
            ticket.day,
            ticket.number,
            ticket.service,
            ticket.state,
            seconds(ticket.waited_ms),
            seconds(ticket.served_ms),
            ticket.missed,
            counter(ticket.counter)
        )
    })??;
    let mut vault = Vault::open(data);
    ledger.each_scan(days, &mut |scan| {
        let dossier = scan.sealed.and_then(|sealed| vault.open_text(&sealed));
        writeln!(
            out,
            "scan,{},{},{},{},,,,{},{head}",
            scan.day,
            dossier.unwrap_or_default(),
            scan.purpose,
            scan.state,
            counter(scan.counter)
        )
    })??;
    Ok(())
}
