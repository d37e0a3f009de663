//! What is true now: today's tickets, the counters, and what is still undone.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use jiff::civil::Date;

use crate::line::{Line, Row};
use crate::roll::Skip;
use crate::series::Series;
use crate::undo::LastAct;
use crate::{
    AskedSlip, Deferral, Event, Id, Letter, LetterId, Number, Office, Scan, ScanId, ScanState,
    Settings, Ticket, TicketId,
};

/// Calls kept for the screens.
pub(crate) const CALLS_KEPT: usize = 12;

/// Where an event stands in the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Sequence number of its record.
    pub seq: u64,
    /// The office's own clock, in ms.
    pub tick: u64,
}

/// A service day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// From 1, one more each day.
    pub id: u64,
    /// Its date, once known.
    pub date: Option<Date>,
    /// The newest date before it, if it was opened without one.
    pub after: Option<Date>,
    /// Between `DayOpened` and `DayClosed`.
    pub open: bool,
    /// Whether staff opened it.
    pub by_staff: bool,
    /// When it was opened, on the office's own clock.
    pub opened_tick: u64,
    /// Last issue or call, on the office's own clock.
    pub active_tick: u64,
}

/// Whether a counter calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CounterState {
    /// Nobody sits there.
    #[default]
    Closed,
    /// Calling.
    Open,
    /// A break.
    Paused,
}

/// A counter and what it has in hand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Desk {
    /// Whether it calls.
    pub state: CounterState,
    /// Who has it, until it closes.
    pub actor: Option<String>,
    /// At most one ticket.
    pub ticket: Option<TicketId>,
    /// When its state or what it has in hand last changed, on the office's own clock.
    pub since_tick: u64,
    pub(crate) row: Row,
    pub(crate) last: Option<LastAct>,
}

/// A call as the lobby shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// The ticket.
    pub ticket: TicketId,
    /// Where to.
    pub counter: u32,
    /// How often it was called.
    pub times: u32,
    /// Rises with each call and recall.
    pub id: u64,
}

/// What is true now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    pub(crate) settings: Settings,
    /// UTC minus the office's own clock, once known since the start.
    pub(crate) clock: Option<i64>,
    /// When the wall clock was last corrected in this day, on the office's own clock.
    pub(crate) corrected_tick: Option<u64>,
    /// When staff last said what time it is, where nobody knew, on the office's own clock.
    pub(crate) confirmed_tick: Option<u64>,
    pub(crate) day: Option<Day>,
    pub(crate) tickets: HashMap<TicketId, Ticket>,
    pub(crate) tokens: HashMap<TicketId, TicketId>,
    /// Today's tickets of each person who showed a card, and of each dossier.
    pub(crate) persons: HashMap<Box<str>, Vec<TicketId>>,
    pub(crate) taken_for: HashMap<Box<str>, Vec<TicketId>>,
    /// The numbers of each letter today.
    pub(crate) series: BTreeMap<char, Series>,
    /// Rights to come back, by the token of the slip that gives them.
    pub(crate) deferrals: BTreeMap<TicketId, Deferral>,
    /// Numbers to go on from, for a day that is still to be opened.
    pub(crate) skips: Vec<Skip>,
    /// Whether some numbers of this day are in no record.
    pub(crate) skipped: bool,
    pub(crate) next_place: u64,
    pub(crate) lines: BTreeMap<char, Line>,
    pub(crate) directed: BTreeMap<u32, Line>,
    pub(crate) desks: BTreeMap<u32, Desk>,
    pub(crate) calls: VecDeque<Call>,
    pub(crate) call_serial: u64,
    /// Services for which kiosks give out no more numbers today.
    pub(crate) paused: BTreeSet<char>,
    /// Seconds each service's last tickets took, newest last.
    pub(crate) taken_seconds: BTreeMap<char, VecDeque<u32>>,
    /// Tickets whose slip is not out, in order of issue.
    pub(crate) slips: BTreeMap<u64, TicketId>,
    /// Slips asked for beside tickets' own, in this service day.
    pub(crate) asked: HashMap<Id, AskedSlip>,
    /// Those that are not out, in the order in which they were asked for or tried.
    pub(crate) unprinted_asked: Vec<Id>,
    pub(crate) scans: BTreeMap<u64, Scan>,
    pub(crate) scan_seq: HashMap<ScanId, u64>,
    /// Dossiers read, with the service day that the reading belongs to.
    pub(crate) dossiers: HashSet<(u64, String)>,
    pub(crate) letters: BTreeMap<LetterId, Letter>,
    pub(crate) events: u64,
}

impl State {
    /// A state before any record.
    pub fn new() -> Self {
        Self::default()
    }

    /// The office in force; `None` before the first configuration.
    pub fn office(&self) -> Option<&Office> {
        self.settings.office()
    }

    /// The office in force, what the file gave, and what waits for the next day.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// UTC minus the office's own clock in ms; `None` while the time is unknown.
    pub fn clock(&self) -> Option<i64> {
        self.clock
    }

    /// UTC in ms at a moment of the office's own clock, if the time is known.
    pub fn utc(&self, tick: u64) -> Option<i64> {
        let tick = i64::try_from(tick).ok()?;
        self.clock?.checked_add(tick)
    }

    /// The current or last service day.
    pub fn day(&self) -> Option<&Day> {
        self.day.as_ref()
    }

    /// The id of the day that something done now belongs to: the open one, else the next.
    pub fn day_id(&self) -> u64 {
        match &self.day {
            Some(day) if day.open => day.id,
            Some(day) => day.id + 1,
            None => 1,
        }
    }

    /// The id of the day whose key seals what is personal in `event`. The outcome of a scan goes
    /// with the scan, however late it comes: it may say as much about the dossier.
    pub fn sealing_day(&self, event: &Event) -> u64 {
        let scan = match event {
            Event::ScanDelivered { scan, .. }
            | Event::ScanRefused { scan, .. }
            | Event::ScanUnknown { scan, .. } => self.scan(*scan),
            _ => None,
        };
        scan.map_or_else(|| self.day_id(), |scan| scan.day)
    }

    /// Whether a service day is open.
    pub fn day_is_open(&self) -> bool {
        self.day.as_ref().is_some_and(|d| d.open)
    }

    /// A ticket of today by its id.
    pub fn ticket(&self, id: TicketId) -> Option<&Ticket> {
        self.tickets.get(&id)
    }

    /// A ticket of today by its slip's token.
    pub fn by_token(&self, token: TicketId) -> Option<&Ticket> {
        self.tickets.get(self.tokens.get(&token)?)
    }

    /// A ticket of today by its number.
    pub fn by_number(&self, number: Number) -> Option<&Ticket> {
        let id = self.series.get(&number.letter)?.get(number.n)?;
        self.tickets.get(&id)
    }

    /// The number of a ticket of today.
    pub fn number(&self, id: TicketId) -> Option<Number> {
        self.tickets.get(&id).map(|t| t.number)
    }

    /// Today's tickets in no order.
    pub fn tickets(&self) -> impl Iterator<Item = &Ticket> {
        self.tickets.values()
    }

    /// Every counter that is configured or was touched today.
    pub fn desk(&self, counter: u32) -> Option<&Desk> {
        self.desks.get(&counter)
    }

    /// The last calls, newest first.
    pub fn calls(&self) -> impl Iterator<Item = &Call> {
        self.calls.iter()
    }

    /// Whether staff paused a service for today.
    pub fn is_paused(&self, letter: char) -> bool {
        self.paused.contains(&letter)
    }

    /// Numbers given out today for a letter.
    pub fn issued(&self, letter: char) -> usize {
        self.series.get(&letter).map_or(0, Series::len)
    }

    /// The highest number of a letter that was given out today.
    pub fn newest_number(&self, letter: char) -> Option<Number> {
        let n = self.series.get(&letter)?.newest()?;
        Some(Number { letter, n })
    }

    /// Whether somebody may hold a number of today that is in no record: one that a lost machine,
    /// or staff, gave out.
    pub fn numbers_are_missing(&self) -> bool {
        self.skipped
    }

    /// The number of a letter that the machine gives out next today.
    pub fn next_number(&self, letter: char) -> Option<Number> {
        let n = self.series.get(&letter).map_or(Some(1), Series::next)?;
        Some(Number { letter, n })
    }

    /// Tickets that wait for a service, those sent to one counter included.
    pub fn waiting(&self, letter: char) -> usize {
        let sent = self
            .directed
            .values()
            .flat_map(Line::ids)
            .filter(|id| self.tickets.get(id).is_some_and(|t| t.service == letter));
        self.lines.get(&letter).map_or(0, Line::len) + sent.count()
    }

    /// Since when the one who waits longest for a service waits, on the office's own clock: from
    /// the issue, or from the last call that did not end the visit.
    pub fn longest_waiting(&self, letter: char) -> Option<u64> {
        let sent = self.directed.values().flat_map(Line::ids);
        let line = self.lines.get(&letter).into_iter().flat_map(Line::ids);
        sent.chain(line)
            .filter_map(|id| self.tickets.get(&id))
            .filter(|t| t.service == letter)
            .map(|t| t.called_tick.unwrap_or(t.issued_tick))
            .min()
    }

    /// Whether anybody waits.
    pub fn anybody_waits(&self) -> bool {
        self.lines
            .values()
            .chain(self.directed.values())
            .any(|line| line.len() > 0)
    }

    /// Tickets whose slip is not out, oldest first.
    pub fn slips(&self) -> impl Iterator<Item = &Ticket> {
        self.slips.values().filter_map(|id| self.tickets.get(id))
    }

    /// Scans of today and older ones without an outcome, by record.
    pub fn scans(&self) -> impl DoubleEndedIterator<Item = &Scan> {
        self.scans.values()
    }

    /// The same after record `seq`.
    pub fn scans_after(&self, seq: u64) -> impl Iterator<Item = &Scan> {
        let after = (std::ops::Bound::Excluded(seq), std::ops::Bound::Unbounded);
        self.scans.range(after).map(|(_, scan)| scan)
    }

    /// How many wait for the intake server.
    pub fn scans_pending(&self) -> u64 {
        let pending = self
            .scans
            .values()
            .filter(|s| s.state == ScanState::Pending);
        pending.count() as u64
    }

    /// A scan of today, or an older one without an outcome.
    pub fn scan(&self, id: ScanId) -> Option<&Scan> {
        self.scans.get(self.scan_seq.get(&id)?)
    }

    /// Puts back what outlived its day: a scan without an outcome.
    pub fn carry_scan(&mut self, scan: Scan) {
        self.scan_seq.insert(scan.id, scan.seq);
        self.scans.insert(scan.seq, scan);
    }

    /// Puts back what outlived its day: a right to come back.
    pub fn carry_deferral(&mut self, deferral: Deferral) {
        self.deferrals.insert(deferral.token, deferral);
    }

    /// Puts back the office as it was before the first replayed record.
    pub fn carry_settings(&mut self, settings: Settings) {
        self.settings = settings;
        self.furnish();
    }

    /// A desk for every counter, and a line for every service of the office.
    pub(crate) fn furnish(&mut self) {
        let Some(office) = self.settings.office() else {
            return;
        };
        for counter in &office.counters {
            self.desks.entry(counter.number).or_default();
        }
        for service in &office.services {
            self.lines.entry(service.letter).or_default();
        }
    }

    pub(crate) fn line_of(&mut self, ticket: &Ticket) -> &mut Line {
        match ticket.only {
            Some(counter) => self.directed.entry(counter).or_default(),
            None => self.lines.entry(ticket.service).or_default(),
        }
    }
}
