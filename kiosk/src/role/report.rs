//! The role `kiosk report day`: a service day in figures, read from the journal.
//!
//! The head of the chain stands on it, so that a cut or rewritten journal shows later:
//! `kiosk journal verify --head …`.

use std::collections::BTreeMap;
use std::io::Write;

use queue::Office;

use super::asking::Asking;
use crate::config::Config;
use crate::figures::{Figures, Line};
use crate::journal::history::History;
use crate::journal::word;

/// Writes a day; the last one without `day`.
pub(super) fn day(config: &Config, day: Option<&str>, csv: bool) -> anyhow::Result<()> {
    let mut history = History::open(&config.server.data)?;
    let mut figures = Figures::read(&mut history, day)?;
    // The whole chain, not only the day's.
    figures.head = crate::journal::verify::verify(history.connection(), None)?.head;
    let mut out = std::io::stdout().lock();
    match csv {
        true => csv_of(&figures, &mut out),
        false => text_of(&figures, &mut out, &config.office),
    }
}

/// Has the running daemon print the last day's report, and waits for its paper.
pub(super) fn print(config: &Config) -> anyhow::Result<()> {
    let asking = Asking::of(config)?;
    let language = config.office.languages.first();
    let body = serde_json::json!({ "kind": "day-report", "language": language });
    let paper = asking.print(&body)?;
    writeln!(std::io::stdout(), "day report: {paper}")?;
    Ok(())
}

fn title(figures: &Figures) -> String {
    match figures.date {
        Some(date) => date.to_string(),
        None => format!("ngày thứ {} (chưa rõ ngày)", figures.id),
    }
}

fn text_of(figures: &Figures, out: &mut impl Write, office: &Office) -> anyhow::Result<()> {
    writeln!(out, "{} · {}", office.name.get("vi"), title(figures))?;
    writeln!(
        out,
        "\n{:<24}{:>8}{:>8}{:>8}{:>8}{:>14}{:>14}",
        "Lĩnh vực", "Số phát", "Xong", "Vắng", "Hủy", "Chờ (ph)", "Phục vụ (ph)"
    )?;
    for (letter, of) in figures.services() {
        let name = office.service(letter).map_or("", |s| s.name.get("vi"));
        writeln!(
            out,
            "{:<24}{:>8}{:>8}{:>8}{:>8}{:>14}{:>14}",
            format!("{letter} {name}"),
            of.issued,
            of.done,
            of.missed,
            of.cancelled,
            minutes(of.wait_tenths),
            minutes(of.serve_tenths),
        )?;
    }
    writeln!(out, "{:<24}{:>8}", "Cộng", figures.tickets.len())?;
    writeln!(out, "\nHồ sơ đã quét: {}", figures.scans.len())?;
    let states = figures.scan_states().into_iter();
    let states: BTreeMap<String, usize> = states.map(|(state, n)| (word(state), n)).collect();
    for (state, count) in states {
        writeln!(out, "  {state:<12}{count:>6}")?;
    }
    for scan in &figures.scans {
        let dossier = scan.dossier.as_deref().unwrap_or("(đã xóa)");
        let counter = scan
            .counter
            .map(|n| format!("quầy {n}"))
            .unwrap_or_default();
        writeln!(
            out,
            "  {dossier:<32}{:<12}{counter:<10}{}",
            word(scan.purpose),
            word(figures.scan_state(scan))
        )?;
    }
    writeln!(out, "\nĐầu chuỗi (head): {}", figures.head.hash)?;
    Ok(())
}

fn csv_of(figures: &Figures, out: &mut impl Write) -> anyhow::Result<()> {
    let (title, head) = (title(figures), figures.head.hash);
    writeln!(
        out,
        "kind,day,number_or_dossier,service_or_purpose,state,waited_s,served_s,missed,counter,head"
    )?;
    let mut lines: Vec<&Line> = figures.tickets.values().collect();
    lines.sort_by_key(|l| (l.number.letter, l.number.n));
    for line in lines {
        let state = match (line.over, line.finished) {
            (true, _) => "cancelled",
            (_, Some(_)) => "done",
            _ => "open",
        };
        let seconds = |from: Option<u64>, to: Option<u64>| {
            let ms = to.zip(from).and_then(|(to, from)| to.checked_sub(from));
            ms.map(|ms| (ms / 1_000).to_string()).unwrap_or_default()
        };
        let waited = seconds(Some(line.issued), line.called);
        let served = seconds(line.called, line.finished);
        writeln!(
            out,
            "ticket,{title},{},{},{state},{waited},{served},{},,{head}",
            line.number, line.service, line.missed
        )?;
    }
    for scan in &figures.scans {
        let dossier = scan.dossier.as_deref().unwrap_or_default();
        let counter = scan.counter.map(|n| n.to_string()).unwrap_or_default();
        writeln!(
            out,
            "scan,{title},{dossier},{},{},,,,{counter},{head}",
            word(scan.purpose),
            word(figures.scan_state(scan))
        )?;
    }
    Ok(())
}

/// With one decimal; a dash without any.
fn minutes(tenths: Option<u64>) -> String {
    tenths.map_or("–".into(), |tenths| {
        format!("{},{}", tenths / 10, tenths % 10)
    })
}
