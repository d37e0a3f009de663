//! The role `kiosk journal`: verify, why, erase, backup, restore.

use std::io::Write as _;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, bail};
use queue::{ByHand, Earlier, Event, Id, Number, Personal};

use super::{JournalCommand, erase};
use crate::config::Config;
use crate::journal::history::History;
use crate::journal::sqlite::open_reader;
use crate::journal::{Record, backup, erased, verify, word};

/// Does one of them.
pub(super) fn journal(config: &Config, command: JournalCommand) -> anyhow::Result<()> {
    let data = config.server.data.as_path();
    let mut out = std::io::stdout();
    match command {
        JournalCommand::Verify { head } => {
            let verified = verify::verify(&open_reader(data)?, head)?;
            let head = verified.head;
            writeln!(
                out,
                "good: {} records, {} epoch(s)",
                head.seq,
                verified.epochs.len()
            )?;
            writeln!(out, "head {}", head.hash)?;
        }
        JournalCommand::Why { ticket, day } => why(data, ticket, day.as_deref())?,
        JournalCommand::Erase { day } => erase::erase(config, &day)?,
        JournalCommand::Backup { to } => {
            let head = backup::backup(data, &to)?;
            writeln!(out, "copied up to record {}, head {}", head.seq, head.hash)?;
        }
        JournalCommand::Restore { from } => {
            let head = backup::restore(&from, data, |old| {
                let at = now_ms();
                Record {
                    epoch: crate::ids::secret().to_string(),
                    seq: old.seq + 1,
                    command: None,
                    at,
                    boot: "restore".into(),
                    mono: mono_at(&from, old.seq, at),
                    actor: "system".into(),
                    events: vec![Event::Restored {
                        epoch: old.epoch.clone(),
                        seq: old.seq,
                        head: old.hash.to_string(),
                    }],
                }
            })?;
            writeln!(
                out,
                "restored: epoch {} begins at record {}",
                head.epoch, head.seq
            )?;
        }
    }
    Ok(())
}

/// UTC in ms by this machine's clock.
pub(super) fn now_ms() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    i64::try_from(now.unwrap_or_default().as_millis()).unwrap_or(i64::MAX)
}

/// The office's own clock at `at`: it went on since the newest record.
pub(super) fn mono_at(data: &Path, seq: u64, at: i64) -> u64 {
    let reader = open_reader(data).ok();
    let record = reader.and_then(|c| crate::journal::sqlite::read(&c, seq).ok().flatten());
    record.map_or(0, |r| r.mono + u64::try_from(at - r.at).unwrap_or(0))
}

/// Tells everything that happened to a ticket of a service day; of the last one without `day`.
fn why(data: &Path, number: Number, day: Option<&str>) -> anyhow::Result<()> {
    let mut history = History::open(data)?;
    let connection = history.connection();
    let id = match day {
        Some(day) => erased::find(connection, day)?
            .map(Some)
            .with_context(|| format!("there was no service day {day}"))?,
        None => connection.query_row("select max(id) from day", [], |r| r.get(0))?,
    };
    let edge = |query: &str| connection.query_row(query, [id], |r| r.get::<_, Option<u64>>(0));
    let from = edge("select min(seq) from day where id = ?")?;
    let until = edge("select min(seq) from day where id > ?")?;
    // Its own, and those of slips asked for with it.
    let mut ids: Vec<Id> = Vec::new();
    let mut story: Vec<(Record, Event)> = Vec::new();
    history.each(from.unwrap_or(1), &mut |record| {
        let later = until.is_some_and(|until| record.seq >= until);
        for event in &record.events {
            if later && !may_come_late(event) {
                continue;
            }
            if let Event::Issued {
                ticket, number: n, ..
            } = event
                && *n == number
                && !later
            {
                ids.push(*ticket);
            }
            if concerns(event).iter().any(|id| ids.contains(id)) {
                if let Event::SlipAsked { slip, .. } = event {
                    ids.push(*slip);
                }
                story.push((record.clone(), event.clone()));
            }
        }
    })?;
    if story.is_empty() {
        bail!("{number} was not given out on that service day");
    }
    let mut out = std::io::stdout();
    for (record, event) in story {
        let at = jiff::Timestamp::from_millisecond(record.at).unwrap_or_default();
        writeln!(
            out,
            "{:>8}  {at:.0}  {:<16} {}",
            record.seq,
            record.actor,
            tell(&event)
        )?;
    }
    Ok(())
}

/// What can happen to a ticket after its service day, or with the record that opens the next.
fn may_come_late(event: &Event) -> bool {
    matches!(
        event,
        Event::Finished {
            at_closing: true,
            ..
        } | Event::Deferred(_)
            | Event::Issued {
                earlier: Some(_),
                ..
            }
            | Event::DeferralsEnded { .. }
    )
}

/// The tickets, or the slip that was asked for, an event is about.
fn concerns(event: &Event) -> Vec<Id> {
    match event {
        Event::Issued {
            ticket, earlier, ..
        } => {
            let earlier = earlier.as_ref().map(|earlier| earlier.ticket);
            [*ticket].into_iter().chain(earlier).collect()
        }
        Event::Deferred(deferral) => vec![deferral.ticket],
        Event::DeferralsEnded { tickets } => tickets.clone(),
        Event::Cancelled { ticket }
        | Event::Voided { ticket }
        | Event::Called { ticket, .. }
        | Event::Recalled { ticket, .. }
        | Event::Begun { ticket, .. }
        | Event::Finished { ticket, .. }
        | Event::MissedCall { ticket, .. }
        | Event::Held { ticket, .. }
        | Event::Resumed { ticket, .. }
        | Event::Transferred { ticket, .. }
        | Event::PaperBegun { ticket, .. }
        | Event::PaperReported { ticket, .. }
        | Event::ReprintAsked { ticket }
        | Event::SlipAsked {
            ticket: Some(ticket),
            ..
        }
        | Event::Rated { ticket, .. } => vec![*ticket],
        Event::SlipBegun { slip, .. } | Event::SlipReported { slip, .. } => vec![*slip],
        Event::Undone { tickets, .. } => tickets.clone(),
        Event::Scanned { ticket, .. } => ticket.iter().copied().collect(),
        _ => Vec::new(),
    }
}

/// One event in a sentence.
fn tell(event: &Event) -> String {
    match event {
        Event::Issued {
            number,
            service,
            class,
            by_hand,
            earlier,
            ..
        } => {
            let by_hand = match by_hand {
                Some(ByHand::Waiting) => "; by hand from a paper roll, entered now",
                Some(ByHand::Served) => "; by hand from a paper roll, served before it was entered",
                None => "",
            };
            let earlier = earlier.as_ref().map(|earlier| {
                let Earlier { number, day, .. } = earlier;
                format!("; for {number} of service day {day}, which was not reached")
            });
            let earlier = earlier.unwrap_or_default();
            let class = class.as_str();
            format!("{number} given out for service {service}, class {class}{by_hand}{earlier}")
        }
        Event::Deferred(deferral) => {
            let on = deferral.on.map(|on| on.to_string());
            let on = on.unwrap_or_else(|| "the next working day".into());
            format!("the day closed before its turn; may come back on {on}")
        }
        Event::DeferralsEnded { .. } => "did not come back; its slip is over".into(),
        Event::Cancelled { .. } => "given up".into(),
        Event::Voided { .. } => "void: given out for the wrong service".into(),
        Event::Called { counter, why, .. } => {
            let passed = why
                .passed
                .map(|n| format!(", passing {n}"))
                .unwrap_or_default();
            let after = why.after.map(|n| format!(" after {n}")).unwrap_or_default();
            let reason = why.reason.as_ref().and_then(Personal::plain);
            let reason = reason
                .map(|r| format!(", because: {r}"))
                .unwrap_or_default();
            format!(
                "called to counter {counter}: {}{after}{passed}{reason}",
                word(why.rule)
            )
        }
        Event::Recalled { counter, .. } => format!("called again to counter {counter}"),
        Event::Begun { counter, .. } => format!("service began at counter {counter}"),
        Event::Finished {
            counter,
            at_closing: true,
            ..
        } => format!("in hand at counter {counter} when the day closed: finished"),
        Event::Finished { counter, .. } => format!("finished at counter {counter}"),
        Event::MissedCall { counter, .. } => {
            format!("missed its call to counter {counter}; parked")
        }
        Event::Held { .. } => "put aside; keeps its place".into(),
        Event::Resumed { after_calls, .. } => format!("back in line, after {after_calls} calls"),
        Event::Transferred { service, only, .. } => match only {
            Some(counter) => format!("sent to counter {counter}"),
            None => format!("sent on to service {service}"),
        },
        Event::PaperBegun { printer, again, .. } | Event::SlipBegun { printer, again, .. } => {
            let which = printer
                .as_ref()
                .map(|p| format!(" {p}"))
                .unwrap_or_default();
            let what = if *again { "a reprint" } else { "the slip" };
            format!("{what} goes to printer{which}")
        }
        Event::PaperReported { paper, cause, .. } | Event::SlipReported { paper, cause, .. } => {
            let cause = cause.as_ref().map(|c| format!(": {c}")).unwrap_or_default();
            format!("paper {}{cause}", word(*paper))
        }
        Event::SlipAsked { kind, .. } => format!("a {} slip was asked for", word(*kind)),
        Event::ReprintAsked { .. } => "staff asked for the slip again".into(),
        Event::Undone { counter, act, .. } => {
            format!("{} taken back at counter {counter}", word(*act))
        }
        Event::Scanned { purpose, .. } => format!("a dossier was scanned ({})", word(*purpose)),
        Event::Rated { level, .. } => format!("rated {level} of 5"),
        other => format!("{other:?}"),
    }
}
