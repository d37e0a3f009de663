//! The same figures counted from the journal in the plainest way: each ticket has its story, an
//! act taken back is the story's last line crossed out, and counters are looked at every second.

use std::collections::BTreeMap;
use std::path::Path;

use queue::{ByHand, Event, PaperState, TicketId};

use crate::journal::history::History;
use crate::journal::{Record, word};
use crate::ledger::figures::{CounterFigures, Spread};
use crate::ledger::{Days, Figures, Ledger};

/// One line of a ticket's story.
#[derive(Clone, Copy, PartialEq)]
struct Line {
    at: u64,
    what: &'static str,
    counter: u32,
    service: char,
}

struct Story {
    day: u64,
    letter: char,
    priority: bool,
    by_hand: bool,
    issued: u64,
    issued_utc: i64,
    lines: Vec<Line>,
    paper: PaperState,
    reprints: u64,
}

/// A counter's state from a moment on.
type Change = (u64, u64, u32, &'static str);

#[derive(Default)]
struct Count {
    stories: BTreeMap<TicketId, Story>,
    changes: Vec<Change>,
    /// Opening and last moment of each day.
    days: BTreeMap<u64, (u64, Option<u64>)>,
    dates: BTreeMap<u64, String>,
    scans: BTreeMap<String, (u64, String, String, u64, Option<u64>)>,
    day: u64,
    last: u64,
    /// Numbers given out for slips of an earlier day.
    returns: u64,
    /// UTC of a moment of the office's own clock.
    utc: i64,
}

impl Count {
    fn line(&mut self, ticket: &TicketId, what: &'static str, counter: u32, service: char) {
        let at = self.last;
        if let Some(story) = self.stories.get_mut(ticket) {
            story.lines.push(Line {
                at,
                what,
                counter,
                service,
            });
        }
    }

    fn record(&mut self, record: &Record) {
        self.last = record.mono;
        self.utc = record.at;
        for event in &record.events {
            self.event(event);
        }
    }

    fn event(&mut self, event: &Event) {
        let (at, day) = (self.last, self.day);
        match event {
            Event::DayOpened { day, date, .. } => {
                self.day = *day;
                self.days.insert(*day, (at, None));
                self.dates.insert(*day, date.unwrap().to_string());
            }
            Event::DayReopened { day } => self.days.get_mut(day).unwrap().1 = None,
            Event::DayClosed { day } => {
                self.days.get_mut(day).unwrap().1 = Some(at);
                for counter in 1..=4 {
                    self.changes.push((*day, at, counter, "closed"));
                }
                let hands = self.stories.values_mut().filter(|s| s.in_hand());
                for story in hands {
                    let last = *story.lines.last().unwrap();
                    let what = "day";
                    story.lines.push(Line { at, what, ..last });
                }
            }
            Event::CounterOpened { counter, .. } => {
                self.changes.push((day, at, *counter, "open"));
            }
            Event::CounterPaused { counter } => self.changes.push((day, at, *counter, "paused")),
            Event::CounterClosed { counter } => self.changes.push((day, at, *counter, "closed")),
            Event::Issued {
                ticket,
                number,
                class,
                print,
                by_hand,
                earlier,
                ..
            } => {
                let story = Story {
                    by_hand: by_hand.is_some(),
                    day,
                    letter: number.letter,
                    priority: class.as_str() != "normal",
                    issued: at,
                    issued_utc: self.utc,
                    lines: Vec::new(),
                    paper: match print {
                        true => PaperState::Pending,
                        false => PaperState::None,
                    },
                    reprints: 0,
                };
                self.stories.insert(*ticket, story);
                self.returns += u64::from(earlier.is_some());
                if *by_hand == Some(ByHand::Served) {
                    self.line(ticket, "entered", 0, ' ');
                }
            }
            Event::Called {
                ticket, counter, ..
            } => {
                let service = self.stories[ticket].service();
                self.line(ticket, "call", *counter, service);
            }
            Event::Begun { ticket, counter } => self.line(ticket, "begin", *counter, ' '),
            Event::Finished {
                ticket,
                counter,
                at_closing,
            } => {
                let what = if *at_closing { "day" } else { "finish" };
                self.line(ticket, what, *counter, ' ');
            }
            Event::MissedCall { ticket, counter } => self.line(ticket, "miss", *counter, ' '),
            Event::Held { ticket, .. } => self.line(ticket, "hold", 0, ' '),
            Event::Resumed { ticket, .. } => self.line(ticket, "resume", 0, ' '),
            Event::Transferred {
                ticket, service, ..
            } => self.line(ticket, "transfer", 0, *service),
            Event::Cancelled { ticket } => self.line(ticket, "cancel", 0, ' '),
            Event::Voided { ticket } => self.line(ticket, "void", 0, ' '),
            Event::Undone { tickets, .. } => {
                for ticket in tickets {
                    self.stories.get_mut(ticket).unwrap().lines.pop();
                }
            }
            Event::PaperBegun { ticket, again, .. } => {
                self.stories.get_mut(ticket).unwrap().reprints += u64::from(*again);
            }
            Event::PaperReported { ticket, paper, .. } => {
                self.stories.get_mut(ticket).unwrap().paper = *paper;
            }
            Event::ReprintAsked { ticket } => {
                self.stories.get_mut(ticket).unwrap().paper = PaperState::Pending;
            }
            Event::Scanned {
                scan,
                purpose,
                day,
                forward,
                ..
            } => {
                let state = if *forward { "pending" } else { "kept" };
                let row = (*day, word(*purpose), state.to_owned(), at, None);
                self.scans.insert(scan.to_string(), row);
            }
            Event::ScanDelivered { scan, .. } => self.scan_ends(scan, "delivered"),
            Event::ScanRefused { scan, .. } => self.scan_ends(scan, "refused"),
            Event::ScanUnknown { scan, .. } => self.scan_ends(scan, "unknown"),
            _ => {}
        }
    }

    fn scan_ends(&mut self, scan: &queue::ScanId, state: &str) {
        let row = self.scans.get_mut(&scan.to_string()).unwrap();
        (row.2, row.4) = (state.to_owned(), Some(self.last));
    }

    fn state_at(&self, day: u64, counter: u32, second: u64) -> &'static str {
        let mut state = "closed";
        for (of, at, n, to) in &self.changes {
            if *of == day && *n == counter && *at <= second {
                state = to;
            }
        }
        state
    }
}

impl Story {
    fn in_hand(&self) -> bool {
        matches!(self.lines.last(), Some(l) if l.what == "call" || l.what == "begin")
    }

    /// The service it waits for now.
    fn service(&self) -> char {
        let sent = self.lines.iter().rev().find(|l| l.what == "transfer");
        sent.map_or(self.letter, |l| l.service)
    }

    fn outcome(&self) -> &'static str {
        match self.lines.last().map(|l| l.what) {
            Some("finish" | "day" | "entered") => "served",
            Some("miss") => "no-show",
            Some("cancel") => "cancelled",
            Some("void") => "changed",
            _ => "open",
        }
    }

    /// Every call, and the line that ended it, if any.
    fn calls(&self) -> Vec<(Line, Option<Line>)> {
        let lines = self.lines.iter().enumerate();
        lines
            .filter(|(_, line)| line.what == "call")
            .map(|(index, line)| {
                let end = self.lines[index + 1..].iter().find(|l| l.what != "begin");
                (*line, end.copied())
            })
            .collect()
    }
}

/// Compares the figures of every day and of all days with the plain count.
pub(super) fn assert_figures(ledger: &Ledger, data: &Path) {
    let mut count = Count::default();
    let mut history = History::open(data).unwrap();
    history
        .each(1, &mut |record| count.record(&record))
        .unwrap();
    for day in count.days.keys() {
        let figures = ledger.figures(Days::Number(*day)).unwrap().unwrap();
        assert_days(&count, &[*day], &figures);
    }
    let mut dates: Vec<_> = count.dates.values().cloned().collect();
    dates.sort();
    let (first, last) = (dates.first().unwrap(), dates.last().unwrap());
    let all = Days::Dates(first.parse().unwrap(), last.parse().unwrap());
    let figures = ledger.figures(all).unwrap().unwrap();
    let days: Vec<u64> = count.days.keys().copied().collect();
    assert_eq!(figures.days.len(), days.len());
    assert_days(&count, &days, &figures);
    assert!(figures.total.issued > 30, "{}", figures.total.issued);
    assert!(figures.total.served > 5, "{}", figures.total.served);
    // A life with paper rolls and slips of another day in it.
    let stories = || count.stories.values();
    assert!(stories().any(|s| s.by_hand), "no paper roll");
    assert!(count.returns > 0, "nobody came back");
}

fn assert_days(count: &Count, days: &[u64], figures: &Figures) {
    let of_days = || count.stories.values().filter(|s| days.contains(&s.day));
    let with = |letter: Option<char>, outcome: &str| {
        let stories = of_days().filter(|s| letter.is_none_or(|l| s.letter == l));
        stories.filter(|s| s.outcome() == outcome).count() as u64
    };
    let mut tickets = vec![(None, &figures.total)];
    for service in &figures.services {
        tickets.push((service.letter.chars().next(), &service.tickets));
    }
    for (letter, t) in tickets {
        let stories = || of_days().filter(|s| letter.is_none_or(|l| s.letter == l));
        assert_eq!(t.issued, stories().count() as u64, "{letter:?}");
        assert_eq!(t.served, with(letter, "served"), "{letter:?}");
        assert_eq!(t.no_shows, with(letter, "no-show"), "{letter:?}");
        assert_eq!(t.cancelled, with(letter, "cancelled"), "{letter:?}");
        assert_eq!(t.changed, with(letter, "changed"), "{letter:?}");
        assert_eq!(t.open, with(letter, "open"), "{letter:?}");
        let parts = t.served + t.no_shows + t.cancelled + t.changed + t.open;
        assert_eq!(t.issued, parts, "every number is in one column");
        let priority = stories().filter(|s| s.priority && s.outcome() != "changed");
        assert_eq!(t.priority, priority.count() as u64);
        let waits = stories()
            .filter(|s| !s.by_hand)
            .filter_map(|s| Some(s.calls().first()?.0.at - s.issued));
        assert_eq!(t.wait, Spread::of(waits.collect()), "{letter:?}");
        let calls = of_days().flat_map(Story::calls);
        let served = calls
            .filter(|(call, _)| letter.is_none_or(|l| call.service == l))
            .filter_map(served_in);
        assert_eq!(t.service, Spread::of(served.collect()), "{letter:?}");
    }
    for counter in &figures.counters {
        assert_counter(count, days, counter);
    }
    for half in &figures.half_hours {
        let issued = of_days().filter(|s| {
            let minutes = (s.issued_utc / 60_000 + 7 * 60).rem_euclid(24 * 60);
            let from = format!("{:02}:{:02}", minutes / 60, minutes % 60 / 30 * 30);
            half.from == from && !s.by_hand
        });
        assert_eq!(half.issued, issued.count() as u64, "{}", half.from);
    }
    let halves: u64 = figures.half_hours.iter().map(|h| h.issued).sum();
    let by_hand = of_days().filter(|s| s.by_hand).count() as u64;
    assert_eq!(halves, figures.total.issued - by_hand);
    let paper = |state| of_days().filter(|s| s.paper == state).count() as u64;
    let p = &figures.paper;
    let found = [p.printed, p.sent, p.unknown, p.failed, p.pending, p.none];
    let expected = [
        paper(PaperState::Printed),
        paper(PaperState::Sent),
        paper(PaperState::Unknown),
        paper(PaperState::Failed),
        paper(PaperState::Pending),
        paper(PaperState::None),
    ];
    assert_eq!(found, expected);
    assert_eq!(p.reprints, of_days().map(|s| s.reprints).sum::<u64>());
    for row in &figures.scans {
        let scans = || {
            let scans = count.scans.values();
            scans.filter(|s| days.contains(&s.0) && s.1 == row.purpose)
        };
        let state = |state: &str| scans().filter(|s| s.2 == state).count() as u64;
        assert_eq!(row.scans, scans().count() as u64);
        assert_eq!(row.delivered, state("delivered"));
        assert_eq!(row.pending, state("pending"));
        assert_eq!(row.refused, state("refused"));
        assert_eq!(row.unknown, state("unknown"));
        assert_eq!(row.kept, state("kept"));
        let took = scans().filter(|s| s.2 == "delivered");
        let took = took.map(|s| s.4.unwrap() - s.3);
        assert_eq!(row.delivery, Spread::of(took.collect()));
    }
}

fn served_in((call, end): (Line, Option<Line>)) -> Option<u64> {
    let end = end.filter(|end| ["finish", "transfer"].contains(&end.what))?;
    Some(end.at - call.at)
}

fn assert_counter(count: &Count, days: &[u64], figures: &CounterFigures) {
    let number = figures.number;
    let mut seconds = BTreeMap::<&str, u64>::new();
    for day in days {
        let (opened, closed) = count.days[day];
        let stories = count.stories.values().filter(|s| s.day == *day);
        let calls: Vec<_> = stories
            .flat_map(Story::calls)
            .filter(|(call, _)| call.counter == number)
            .collect();
        let mut second = opened;
        while second < closed.unwrap_or(count.last) {
            let state = count.state_at(*day, number, second);
            let busy = calls
                .iter()
                .any(|(call, end)| call.at <= second && end.is_none_or(|end| second < end.at));
            *seconds.entry(state).or_default() += 1;
            if state == "open" && !busy {
                *seconds.entry("idle").or_default() += 1;
            }
            second += 1_000;
        }
    }
    let of = |what| seconds.get(what).copied().unwrap_or(0);
    assert_eq!(figures.open_seconds, of("open"), "counter {number}");
    assert_eq!(figures.paused_seconds, of("paused"), "counter {number}");
    assert_eq!(figures.idle_seconds, of("idle"), "counter {number}");
    let stories = count.stories.values().filter(|s| days.contains(&s.day));
    let calls: Vec<_> = stories
        .flat_map(Story::calls)
        .filter(|(call, _)| call.counter == number)
        .collect();
    let ended = |whats: &[&str]| {
        let ends = calls.iter().filter_map(|(_, end)| *end);
        ends.filter(|end| whats.contains(&end.what)).count() as u64
    };
    assert_eq!(figures.calls, calls.len() as u64);
    assert_eq!(figures.served, ended(&["finish", "day"]));
    assert_eq!(figures.no_shows, ended(&["miss"]));
    assert_eq!(figures.transferred, ended(&["transfer"]));
    let took = calls.iter().copied().filter_map(served_in);
    assert_eq!(
        figures.service,
        Spread::of(took.collect()),
        "counter {number}"
    );
}
