//! What the API says about tickets, counters and scans.

use queue::{
    Act, ClassId, CounterState, Deferral, Number, PaperState, Purpose, State, Ticket, TicketId,
    TicketState, WaitRange,
};
use scanner::ScanPurpose;
use serde::Serialize;
use utoipa::ToSchema;

pub(crate) use crate::clock::rfc3339 as time;
use crate::engine::View;
use crate::journal::word;

/// Seconds until the call, as a range.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct Range {
    /// Probably not sooner.
    pub low: u32,
    /// Probably not later.
    pub high: u32,
}

impl From<WaitRange> for Range {
    fn from(range: WaitRange) -> Self {
        Self {
            low: range.low,
            high: range.high,
        }
    }
}

/// Why a ticket was called.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct WhyView {
    /// `turn`, `priority-turn`, `returned`, `directed` or `chosen`.
    pub rule: String,
    /// Number that had waited longest and was passed over.
    pub passed: Option<String>,
    /// Normal calls before a priority turn, or calls before a return.
    pub after: Option<u32>,
}

/// A ticket.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct TicketView {
    /// Its id (a ULID).
    pub id: String,
    /// Its number, such as `A012`.
    pub number: String,
    /// Letter of the service it waits for.
    pub service: String,
    /// `normal`, `appointment`, `re-entry` or an id of `[[class]]`.
    pub class: String,
    /// Language its citizen chose.
    pub language: String,
    /// waiting, called, serving, held, parked, done, cancelled, void; or deferred: the day ended
    /// before its turn, and its slip gets a number of another day.
    pub state: String,
    /// Waiting tickets that would be called before it; null unless it waits.
    pub ahead: Option<u32>,
    /// Null unless it waits, and while no counter serves its service.
    pub wait_seconds: Option<Range>,
    /// RFC 3339 of when calls go on, if a break will probably find it waiting; else null.
    pub kept_until: Option<String>,
    /// What the slip's QR holds.
    pub qr: String,
    /// none, pending, sent, printed, unknown or failed.
    pub paper: String,
    /// Why the paper is not out, such as paper-out or unplugged; null unless unknown or failed.
    pub paper_cause: Option<String>,
    /// Whether its last slip was marked as a reprint.
    pub reprinted: bool,
    /// The printer that its slip comes out of instead of the one asked for; null if none does.
    pub printer: Option<String>,
    /// RFC 3339; null if the time was unknown.
    pub issued_at: Option<String>,
    /// Counter that has or last had it.
    pub counter: Option<u32>,
    /// From issue to call, or until now.
    pub waited_seconds: u64,
    /// Calls and recalls.
    pub times_called: u32,
    /// Why it was called; null before.
    pub why: Option<WhyView>,
    /// Given out by hand from a paper roll.
    pub by_hand: bool,
    /// The date on which a deferred one may come back; null: the next working day, or it is none.
    pub returns_on: Option<String>,
    /// From when on that day, such as 07:30.
    pub returns_at: Option<String>,
}

/// `{public.url}/t/{token}`, or the bare token, which our own scanners read.
pub(crate) fn qr(public_url: Option<&str>, token: TicketId) -> String {
    match public_url {
        Some(url) => format!("{}/t/{token}", url.trim_end_matches('/')),
        None => token.to_string(),
    }
}

/// State of a ticket that the end of the day did not reach.
const DEFERRED: &str = "deferred";

/// 07:30.
fn clock_time(at: jiff::civil::Time) -> String {
    at.strftime("%H:%M").to_string()
}

/// Minutes ahead of UTC.
pub(crate) fn offset(state: &State) -> i32 {
    state.office().map_or(0, |o| o.utc_offset_minutes)
}

/// A local time as RFC 3339.
pub(crate) fn written(offset_minutes: i32, local: jiff::civil::DateTime) -> Option<String> {
    let offset = jiff::tz::Offset::from_seconds(offset_minutes * 60).ok()?;
    let at = offset.to_timestamp(local).ok()?;
    Some(at.display_with_offset(offset).to_string())
}

impl TicketView {
    pub(crate) fn new(view: View<'_>, ticket: &Ticket, public_url: Option<&str>) -> Self {
        let waited_until = ticket.called_tick.unwrap_or(view.now.tick);
        let deferral = view.state.deferral_of(ticket);
        let ahead = view.state.ahead(ticket).filter(|_| deferral.is_none());
        let wait = |ahead| {
            let (service, only) = (ticket.service, ticket.only);
            view.state.wait_behind(view.now, service, only, ahead)
        };
        Self {
            id: ticket.id.to_string(),
            number: ticket.number.to_string(),
            service: ticket.service.to_string(),
            class: ticket.class.as_str().to_owned(),
            language: ticket.language.to_string(),
            state: match deferral {
                Some(_) => DEFERRED.to_owned(),
                None => word(ticket.state),
            },
            ahead,
            wait_seconds: ahead.and_then(wait).map(Range::from),
            kept_until: view
                .state
                .kept_until(view.now, ticket)
                .and_then(|at| written(offset(view.state), at)),
            qr: qr(public_url, ticket.token),
            paper: word(ticket.paper),
            paper_cause: ticket.slip.cause.as_deref().map(str::to_owned),
            reprinted: ticket.slip.again,
            printer: ticket.slip.elsewhere.as_deref().map(str::to_owned),
            issued_at: ticket
                .issued_utc
                .and_then(|utc| time(offset(view.state), utc)),
            counter: ticket.counter,
            waited_seconds: waited_until.saturating_sub(ticket.issued_tick) / 1_000,
            times_called: ticket.calls,
            why: ticket.why.as_ref().map(|why| WhyView {
                rule: word(why.rule),
                passed: why.passed.map(|n| n.to_string()),
                after: why.after,
            }),
            by_hand: ticket.by_hand,
            returns_on: deferral.and_then(|d| d.on).map(|on| on.to_string()),
            returns_at: deferral.and_then(|d| d.from).map(clock_time),
        }
    }

    /// A ticket that an earlier day did not reach.
    pub(crate) fn deferred(deferral: &Deferral, public_url: Option<&str>) -> Self {
        Self {
            id: deferral.ticket.to_string(),
            number: deferral.number.to_string(),
            service: deferral.service.to_string(),
            class: ClassId::ReEntry.as_str().to_owned(),
            language: deferral.language.clone(),
            state: DEFERRED.to_owned(),
            qr: qr(public_url, deferral.token),
            paper: word(PaperState::None),
            returns_on: deferral.on.map(|on| on.to_string()),
            returns_at: deferral.from.map(clock_time),
            ..Self::default()
        }
    }

    /// A ticket of a day gone by, from what was journalled: a key may be repeated after
    /// midnight, and gets the same id and number.
    pub(crate) fn from_event(event: &queue::Event, public_url: Option<&str>) -> Option<Self> {
        let queue::Event::Issued {
            ticket,
            token,
            number,
            service,
            class,
            language,
            print,
            by_hand,
            ..
        } = event
        else {
            return None;
        };
        let paper = match print {
            true => PaperState::Pending,
            false => PaperState::None,
        };
        Some(Self {
            by_hand: by_hand.is_some(),
            id: ticket.to_string(),
            number: number.to_string(),
            service: service.to_string(),
            class: class.as_str().to_owned(),
            language: language.clone(),
            state: word(TicketState::Waiting),
            qr: qr(public_url, *token),
            paper: word(paper),
            ..Self::default()
        })
    }
}

/// A counter.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CounterView {
    /// From 1.
    pub number: u32,
    /// open, paused or closed.
    pub state: &'static str,
    /// Letters it serves.
    pub services: Vec<String>,
    /// The ticket in hand.
    pub ticket: Option<TicketView>,
}

pub(crate) fn counter_state(state: CounterState) -> &'static str {
    match state {
        CounterState::Closed => "closed",
        CounterState::Open => "open",
        CounterState::Paused => "paused",
    }
}

impl CounterView {
    pub(crate) fn new(view: View<'_>, number: u32, public_url: Option<&str>) -> Option<Self> {
        let counter = view.state.office()?.counter(number)?;
        let desk = view.state.desk(number);
        let ticket = desk.and_then(|d| view.state.ticket(d.ticket?));
        Some(Self {
            number,
            state: counter_state(desk.map(|d| d.state).unwrap_or_default()),
            services: counter.services.iter().map(char::to_string).collect(),
            ticket: ticket.map(|t| TicketView::new(view, t, public_url)),
        })
    }
}

/// A scan.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ScanView {
    /// Its id (a ULID), also the idempotency key at the intake server.
    pub id: String,
    /// The dossier ID in full; null once erased.
    pub dossier: Option<String>,
    /// Always `dossier`.
    pub kind: &'static str,
    /// receive, supplement, return or look-up.
    pub purpose: String,
    /// kept, pending, delivered, refused or unknown.
    pub state: String,
    /// What the intake server said.
    pub answer: Option<String>,
    /// Read before on the same day.
    pub repeat: bool,
    /// RFC 3339; null if the time was unknown.
    pub scanned_at: Option<String>,
    /// Where.
    pub counter: Option<u32>,
    /// Number of the ticket in hand.
    pub ticket: Option<String>,
}

impl ScanView {
    pub(crate) fn new(state: &State, scan: &queue::Scan) -> Self {
        let ticket = scan.ticket.and_then(|id| state.number(id));
        Self {
            ticket: ticket.map(|n: Number| n.to_string()),
            ..Self::past(scan, offset(state))
        }
    }

    /// Of a day gone by: its tickets' numbers are history.
    pub(crate) fn past(scan: &queue::Scan, offset_minutes: i32) -> Self {
        Self {
            id: scan.id.to_string(),
            dossier: scan.dossier.clone(),
            kind: "dossier",
            purpose: word(scan.purpose),
            state: word(scan.state),
            answer: scan.answer.clone(),
            repeat: scan.repeat,
            scanned_at: scan.utc.and_then(|utc| time(offset_minutes, utc)),
            counter: scan.counter,
            ticket: None,
        }
    }
}

/// A waiting ticket as the counter page lists it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct WaitingView {
    /// Its id.
    pub id: String,
    /// Its number.
    pub number: String,
    /// Letter.
    pub service: String,
    /// Only whether, never which.
    pub priority: bool,
    /// Since it was issued.
    pub waited_seconds: u64,
    /// The dossier it was taken for, in full: its clerk sees it before calling.
    pub dossier: Option<String>,
}

/// A held or parked ticket.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct AwayView {
    /// Its id.
    pub id: String,
    /// Its number.
    pub number: String,
    /// Letter.
    pub service: String,
    /// held or parked.
    pub state: String,
    /// The clerk's words.
    pub reason: Option<String>,
    /// How long.
    pub away_seconds: u64,
    /// The dossier it was taken for, in full.
    pub dossier: Option<String>,
}

/// What can be taken back.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct UndoView {
    /// call, start, finish, next, no-show, hold or transfer.
    pub what: String,
    /// Whose.
    pub number: String,
    /// Until it can no longer.
    pub seconds_left: u64,
}

impl UndoView {
    pub(crate) fn new(view: View<'_>, counter: u32) -> Option<Self> {
        let (act, ticket, left): (Act, _, _) = view.state.undoable(counter, view.now)?;
        Some(Self {
            what: word(act),
            number: ticket.number.to_string(),
            seconds_left: left.div_ceil(1_000),
        })
    }
}

/// The purpose word of a scan's request.
#[derive(Clone, Copy, Debug, Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)] // The words of the journal.
pub enum PurposeWord {
    Receive,
    Supplement,
    Return,
    LookUp,
}

impl From<ScanPurpose> for PurposeWord {
    fn from(purpose: ScanPurpose) -> Self {
        match purpose {
            ScanPurpose::Receive => Self::Receive,
            ScanPurpose::Supplement => Self::Supplement,
            ScanPurpose::Return => Self::Return,
            ScanPurpose::LookUp => Self::LookUp,
        }
    }
}

impl From<PurposeWord> for Purpose {
    fn from(word: PurposeWord) -> Self {
        match word {
            PurposeWord::Receive => Self::Receive,
            PurposeWord::Supplement => Self::Supplement,
            PurposeWord::Return => Self::Return,
            PurposeWord::LookUp => Self::LookUp,
        }
    }
}
