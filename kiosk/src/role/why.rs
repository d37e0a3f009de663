//! The role `kiosk journal why`: a ticket's whole story, for a citizen who asks.

mod words;

use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use jiff::Timestamp;
use jiff::tz::Offset;
use queue::{Event, Id, Number};

use crate::journal::history::History;
use crate::journal::{Record, erased};
use crate::report::Language;
use words::{tell, who};

/// Which ticket's story, and in which language.
pub(super) struct Wanted<'a> {
    pub(super) number: Number,
    /// Date or number of its service day; without, the last one.
    pub(super) day: Option<&'a str>,
    pub(super) language: Language,
}

/// A record's part of the story, and UTC minus the office's own clock in ms, once known.
struct Told {
    record: Record,
    event: Event,
    clock: Option<i64>,
}

/// The story as it is found, with what is known of the time.
#[derive(Default)]
struct Story {
    told: Vec<Told>,
    offset_minutes: i32,
    clock: Option<i64>,
    /// What was told since the last start: a time that is learnt later holds for it too. Before,
    /// nobody knows how long the machine was off.
    since: usize,
}

impl Story {
    fn hear(&mut self, event: &Event) {
        match event {
            Event::Configured { office, .. } => self.offset_minutes = office.utc_offset_minutes,
            Event::Started { clock, .. } => (self.clock, self.since) = (*clock, self.told.len()),
            Event::DayOpened { clock, .. } => self.clock = *clock,
            Event::ClockKnown { clock }
            | Event::ClockCorrected { clock, .. }
            | Event::TimeConfirmed { clock, .. } => {
                self.clock = Some(*clock);
                for told in &mut self.told[self.since..] {
                    told.clock = Some(*clock);
                }
            }
            _ => {}
        }
    }

    fn tell(&mut self, record: &Record, event: &Event) {
        self.told.push(Told {
            record: record.clone(),
            event: event.clone(),
            clock: self.clock,
        });
    }

    /// "23/11/2026 07:42:10", or that nobody knew.
    fn at(&self, told: &Told, language: Language) -> String {
        let written = || {
            let utc = told.clock?.checked_add_unsigned(told.record.mono)?;
            let offset = Offset::from_seconds(self.offset_minutes.checked_mul(60)?).ok()?;
            let local = offset.to_datetime(Timestamp::from_millisecond(utc).ok()?);
            Some(local.strftime("%d/%m/%Y %H:%M:%S").to_string())
        };
        let unknown = || language.say("giờ chưa biết", "time not known").to_owned();
        written().unwrap_or_else(unknown)
    }
}

/// Tells everything that happened to a ticket of a service day.
pub(super) fn why(data: &Path, wanted: &Wanted<'_>) -> anyhow::Result<()> {
    let Wanted {
        number,
        day,
        language,
    } = *wanted;
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
    let office: Option<u64> = connection.query_row(
        "select max(seq) from office where seq <= ?",
        [from.unwrap_or(u64::MAX >> 1)],
        |r| r.get(0),
    )?;
    let mut story = Story::default();
    if let Some(office) = office
        && let Some(record) = history.record(office)?
    {
        record.events.iter().for_each(|event| story.hear(event));
    }
    // Its own, and those of slips asked for with it.
    let mut ids: Vec<Id> = Vec::new();
    history.each(from.unwrap_or(1), &mut |record| {
        let later = until.is_some_and(|until| record.seq >= until);
        for event in &record.events {
            story.hear(event);
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
                story.tell(&record, event);
            }
        }
    })?;
    if story.told.is_empty() {
        bail!("{number} was not given out on that service day");
    }
    let mut out = std::io::stdout();
    for told in &story.told {
        writeln!(
            out,
            "{:>8}  {:<19}  {:<16}  {}",
            told.record.seq,
            story.at(told, language),
            who(&told.record.actor, language),
            tell(&told.event, language)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn record(mono: u64) -> Record {
        Record {
            epoch: String::new(),
            seq: 1,
            command: None,
            at: 0,
            boot: String::new(),
            mono,
            actor: String::new(),
            events: Vec::new(),
        }
    }

    #[test]
    fn a_story_has_the_offices_own_time_also_where_it_was_learnt_later() {
        let mut story = Story {
            offset_minutes: 420,
            ..Story::default()
        };
        let recalled = Event::Recalled {
            ticket: Id::from_bits(1),
            counter: 3,
        };
        let (gap_ms, clock) = (0, None);
        story.tell(&record(30_000), &recalled);
        // Power off; nobody knows for how long.
        story.hear(&Event::Started { gap_ms, clock });
        story.tell(&record(60_000), &recalled);
        // 2026-11-23 07:28 in Vietnam.
        let (clock, by_ms) = (1_795_393_680_000, None);
        story.hear(&Event::TimeConfirmed { clock, by_ms });
        story.tell(&record(90_000), &recalled);
        let times: Vec<_> = story
            .told
            .iter()
            .map(|told| story.at(told, Language::Vi))
            .collect();
        let expected = [
            "giờ chưa biết",
            "23/11/2026 07:29:00",
            "23/11/2026 07:29:30",
        ];
        assert_eq!(times, expected);
    }
}
