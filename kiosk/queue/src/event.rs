//! Events: facts, in the past tense, never edited after release; new fields have defaults.

use jiff::civil::Date;
use serde::de::Deserializer;
use serde::ser::{Error as _, Serializer};
use serde::{Deserialize, Serialize};

use crate::{
    ClassId, Deferral, Earlier, Id, LetterId, LetterPaper, Number, Office, Purpose, Role, ScanId,
    SlipKind, TicketId,
};

/// A personal value (dossier ID, note, feedback).
///
/// Rules work on the plain text. A plain value refuses to be serialised, so that none can
/// reach a record in the clear: the engine seals it first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Personal {
    /// Readable.
    Plain(String),
    /// As it stands in the journal.
    Sealed(String),
    /// Its day's key was deleted.
    Erased,
}

impl Personal {
    /// The text, unless sealed or erased.
    pub fn plain(&self) -> Option<&str> {
        match self {
            Self::Plain(text) => Some(text),
            _ => None,
        }
    }
}

impl Serialize for Personal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Plain(_) => Err(S::Error::custom("a personal value must be sealed first")),
            Self::Sealed(text) => serializer.serialize_str(text),
            Self::Erased => serializer.serialize_none(),
        }
    }
}

impl<'de> Deserialize<'de> for Personal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Erased, Self::Sealed))
    }
}

/// State of a ticket's paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaperState {
    /// No printer wanted.
    None,
    /// To be printed.
    Pending,
    /// Every byte was taken by a device that cannot confirm.
    Sent,
    /// The device confirmed it.
    Printed,
    /// Some bytes left; nobody knows what came out.
    Unknown,
    /// Nothing came out.
    Failed,
}

/// Why a ticket was called, to answer "was someone let in before me?".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    /// The rule that chose it.
    pub rule: WhyRule,
    /// The ticket that had waited longest and was passed over, if any.
    pub passed: Option<Number>,
    /// Normal calls before this priority turn, or calls before this return.
    pub after: Option<u32>,
    /// The clerk's reason for a chosen ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Personal>,
}

/// Rules by which a ticket can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhyRule {
    /// Waited longest.
    Turn,
    /// Priority, mixed in.
    PriorityTurn,
    /// Missed its call, reported, and its calls have passed.
    Returned,
    /// Transferred to this counter.
    Directed,
    /// Chosen by the clerk.
    Chosen,
}

/// A number that staff wrote on a paper roll while the machine was dead, as it stood when it was
/// entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ByHand {
    /// Its citizen still waits.
    Waiting,
    /// Served without the machine: nobody knows when, or for how long.
    Served,
}

/// Acts at a counter that can be undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)] // The words of the counter page.
pub enum Act {
    Call,
    Start,
    Finish,
    Next,
    NoShow,
    Hold,
    Transfer,
}

/// Where an office comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OfficeSource {
    /// `kiosk.toml`.
    #[default]
    File,
    /// Whoever acted.
    Person,
    /// The one that waited for the day.
    Plan,
}

/// Rights that a person can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StaffRole {
    /// Works at a counter.
    Clerk,
    /// Opens and closes the day, frees a counter, lifts a lock-out.
    Supervisor,
    /// Everything.
    Admin,
}

impl From<StaffRole> for Role {
    fn from(role: StaffRole) -> Self {
        match role {
            StaffRole::Clerk => Self::Clerk,
            StaffRole::Supervisor => Self::Supervisor,
            StaffRole::Admin => Self::Admin,
        }
    }
}

/// What was changed about a person: never a name or a PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "change")]
#[allow(missing_docs)] // Each variant says what happened.
pub enum PersonChange {
    /// May sign in from now on.
    Added { role: StaffRole },
    /// Has other rights.
    RoleChanged { role: StaffRole },
    /// Has another PIN.
    PinChanged,
    /// A lock-out after wrong PINs was lifted.
    Unlocked,
    /// May not sign in any more.
    Removed,
}

/// What an enrolled device is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceKind {
    /// A touch screen, where citizens take numbers.
    Touch,
    /// A screen that shows calls.
    Lobby,
    /// A PC at which clerks sign in.
    Counter,
}

/// What was changed about a device: never a name, a code or a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "change")]
#[allow(missing_docs)] // Each variant says what happened.
pub enum DeviceChange {
    /// Let in by the code that it showed.
    Enrolled { kind: DeviceKind },
    /// Has another name.
    Renamed,
    /// Is not let in any more.
    Revoked,
}

/// Why scans do not reach the intake server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
#[allow(missing_docs)] // Each variant says what was seen.
pub enum AwayCause {
    /// Nobody could be reached.
    NoConnection,
    /// It took the line and gave no answer in time.
    Silent,
    /// It answered that it is broken: 500 and above.
    ServerError { status: u16 },
    /// It answered that all is well, and not what became of the scan.
    OddAnswer,
    /// It asks for patience.
    Busy,
    /// Its certificate is for another name.
    WrongName,
    /// Its certificate is from nobody whom this machine trusts.
    UnknownAuthority,
    /// Its certificate is not valid at this time, by one clock or the other.
    CertificateDate,
    /// It does not accept the certificate of this machine.
    OurCertificate,
    /// It speaks no TLS, or none that both sides accept.
    NoTls,
    /// It does not let this machine in, or nothing is at the address: 401, 403, 404, 3xx.
    NotLetIn { status: u16 },
}

impl AwayCause {
    /// Whether the set-up is at fault, here or there, rather than the software itself: an office
    /// must not blame the software for a wrong token.
    pub fn is_set_up(self) -> bool {
        match self {
            Self::NoConnection
            | Self::Silent
            | Self::ServerError { .. }
            | Self::OddAnswer
            | Self::Busy => false,
            Self::WrongName
            | Self::UnknownAuthority
            | Self::CertificateDate
            | Self::OurCertificate
            | Self::NoTls
            | Self::NotLetIn { .. } => true,
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
#[allow(missing_docs)] // Fields are named as in `design.md`; each variant says what happened.
pub enum Event {
    /// The daemon started; `gap_ms` since the newest record by the wall clock, `clock` is UTC
    /// minus the office's own clock if the time was known.
    Started { gap_ms: u64, clock: Option<i64> },
    /// The journal continues a restored one.
    Restored {
        epoch: String,
        seq: u64,
        head: String,
    },
    /// The time became known.
    ClockKnown { clock: i64 },
    /// The wall clock was set while running.
    ClockCorrected { clock: i64, by_ms: i64 },
    /// The office was configured; older journals know it only from the file.
    Configured {
        office: Box<Office>,
        #[serde(default)]
        source: OfficeSource,
    },
    /// An office comes into force with the next day; it replaces one that waited before.
    OfficePlanned {
        office: Box<Office>,
        source: OfficeSource,
    },
    /// The office that waited does so no more.
    OfficeWithdrawn,
    /// The record's actor said what time it is; `by_ms` from what was known before, if anything.
    TimeConfirmed {
        clock: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by_ms: Option<i64>,
    },
    /// A service day began.
    DayOpened {
        day: u64,
        date: Option<Date>,
        by_staff: bool,
        /// UTC minus the office's own clock, as far as replay from here must know it.
        clock: Option<i64>,
        /// The newest date before it, of a day whose own is not known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<Date>,
    },
    /// The date of a day was learnt or corrected.
    DayDated { day: u64, date: Date },
    /// A closed day goes on.
    DayReopened { day: u64 },
    /// A service day ended.
    DayClosed { day: u64 },
    /// It ended before its turn: there will be a re-entry number for it.
    Deferred(Deferral),
    /// The day on which they could come back is over.
    DeferralsEnded { tickets: Vec<TicketId> },
    /// A number was given out.
    Issued {
        ticket: TicketId,
        token: TicketId,
        number: Number,
        service: char,
        class: ClassId,
        language: String,
        print: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Personal>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        dossier: Option<Personal>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        instead_of: Option<TicketId>,
        /// The printer wanted, where there are several.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        printer: Option<String>,
        /// Given out from a paper roll, and entered afterwards.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by_hand: Option<ByHand>,
        /// For a ticket that an earlier day did not reach.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        earlier: Option<Earlier>,
        /// Who took it, if a citizen card was shown: a word that means something today only.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<Personal>,
        /// Why a clerk gave one more than a person may hold.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        over_limit: Option<Personal>,
    },
    /// Staff entered what they handed out from a paper roll: the numbers `from` to `to`, those
    /// up to `served` served already. Each is an `Issued` of the same record.
    RollEntered {
        service: char,
        from: u32,
        to: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        served: Option<u32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Personal>,
    },
    /// The machine goes on from number `next`, for one service or all, on the service day of
    /// `date`; without a date on the open day, else on the next.
    NumbersSkipped {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        service: Option<char>,
        next: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        date: Option<Date>,
    },
    /// Its citizen gave up.
    Cancelled { ticket: TicketId },
    /// Given out for the wrong service; another replaces it.
    Voided { ticket: TicketId },
    /// Called to a counter.
    Called {
        ticket: TicketId,
        counter: u32,
        why: Why,
    },
    /// Called again.
    Recalled { ticket: TicketId, counter: u32 },
    /// Its citizen is being served.
    Begun { ticket: TicketId, counter: u32 },
    /// Served; or in hand when the day was closed, and then nobody knows how long it took.
    Finished {
        ticket: TicketId,
        counter: u32,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        at_closing: bool,
    },
    /// Nobody came.
    MissedCall { ticket: TicketId, counter: u32 },
    /// Put aside.
    Held {
        ticket: TicketId,
        counter: Option<u32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Personal>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        minutes: Option<u32>,
    },
    /// Back in line; after a missed call behind `after_calls` others.
    Resumed { ticket: TicketId, after_calls: u32 },
    /// Sent on to a service or a counter, keeping its place.
    Transferred {
        ticket: TicketId,
        from: Option<u32>,
        service: char,
        only: Option<u32>,
    },
    /// The last act at a counter was taken back.
    Undone {
        counter: u32,
        act: Act,
        tickets: Vec<TicketId>,
    },
    /// A clerk sat down.
    CounterOpened { counter: u32, actor: String },
    /// A break.
    CounterPaused { counter: u32 },
    /// A clerk left.
    CounterClosed { counter: u32 },
    /// A slip is about to reach its printer, or `printer` that stands in for it; `again`: marked
    /// as a reprint. Without a report after it nobody knows what came out.
    PaperBegun {
        ticket: TicketId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        printer: Option<String>,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        again: bool,
    },
    /// What became of a slip.
    PaperReported {
        ticket: TicketId,
        paper: PaperState,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cause: Option<String>,
    },
    /// Staff asked for the slip again.
    ReprintAsked { ticket: TicketId },
    /// Somebody asked for a slip beside a ticket's own.
    SlipAsked {
        slip: Id,
        kind: SlipKind,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        service: Option<char>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ticket: Option<TicketId>,
        language: String,
        /// The printer wanted, where there are several.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        printer: Option<String>,
    },
    /// That slip is about to reach its printer, or `printer` that stands in for it.
    SlipBegun {
        slip: Id,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        printer: Option<String>,
        again: bool,
    },
    /// What became of it.
    SlipReported {
        slip: Id,
        paper: PaperState,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cause: Option<String>,
    },
    /// Kiosks give out no more numbers for a service until the day ends.
    ServicePaused { service: char },
    /// They do again.
    ServiceResumed { service: char },
    /// A dossier ID was read.
    Scanned {
        scan: ScanId,
        dossier: Personal,
        purpose: Purpose,
        counter: Option<u32>,
        ticket: Option<TicketId>,
        device: String,
        forward: bool,
        repeat: bool,
        /// The day it belongs to; without an open one, the next.
        day: u64,
        /// When, if the time was known: what is forwarded must not change between tries.
        utc: Option<i64>,
        /// The office's code then, for the same reason.
        office: String,
    },
    /// The same label was read again at once: it is that scan, and its key is kept.
    ReadAgain { scan: ScanId },
    /// The intake server has it.
    ScanDelivered {
        scan: ScanId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answer: Option<Personal>,
    },
    /// The intake server will not take it.
    ScanRefused { scan: ScanId, reason: Personal },
    /// Nobody can tell whether the intake server has it; a clerk decides.
    ScanUnknown { scan: ScanId, reason: Personal },
    /// A letter for a late dossier was made ready to print, in the place of `replaces`. Its text is
    /// that version of the form with these values; who it goes to is written on paper only.
    LetterDrafted {
        letter: LetterId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        replaces: Option<LetterId>,
        /// The day it belongs to; without an open one, the next.
        day: u64,
        dossier: Personal,
        /// With the dates it may tell which dossier it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        procedure: Option<Personal>,
        received: Option<Date>,
        /// The date that was not kept.
        due: Date,
        new_due: Date,
        reason: Personal,
        form: String,
        version: String,
        paper: LetterPaper,
    },
    /// Whoever leads the office has signed it on paper, says the record's actor.
    LetterSigned { letter: LetterId },
    /// The citizen has it.
    LetterGiven { letter: LetterId },
    /// Scans have not reached the intake server for `for_ms`, and `waiting` of them wait. Said
    /// again now and then while it lasts, so that a power cut takes little of the proof.
    IntakeAway {
        cause: AwayCause,
        for_ms: u64,
        #[serde(default)]
        waiting: u64,
    },
    /// They reach it again.
    IntakeBack,
    /// Who may sign in was changed, by the record's actor.
    PersonChanged {
        person: String,
        #[serde(flatten)]
        change: PersonChange,
    },
    /// Which devices are let in was changed, by the record's actor.
    DeviceChanged {
        device: String,
        #[serde(flatten)]
        change: DeviceChange,
    },
    /// The key of a closed day's personal values was deleted, at the latest by the next start.
    DayErased { day: u64 },
    /// A citizen's rating.
    Rated {
        ticket: TicketId,
        level: u8,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reasons: Option<Personal>,
    },
}

impl Event {
    /// Every personal value in it, for sealing and opening.
    pub fn personal_mut(&mut self) -> Vec<&mut Personal> {
        match self {
            Self::Issued {
                reason,
                dossier,
                person,
                over_limit,
                ..
            } => {
                let said = reason.iter_mut().chain(dossier);
                said.chain(person).chain(over_limit).collect()
            }
            Self::Called { why, .. } => why.reason.iter_mut().collect(),
            Self::Held { reason, .. } | Self::RollEntered { reason, .. } => {
                reason.iter_mut().collect()
            }
            Self::Scanned { dossier, .. } => vec![dossier],
            Self::ScanDelivered { answer, .. } => answer.iter_mut().collect(),
            Self::ScanRefused { reason, .. } | Self::ScanUnknown { reason, .. } => vec![reason],
            Self::Rated { reasons, .. } => reasons.iter_mut().collect(),
            Self::LetterDrafted {
                dossier,
                procedure,
                reason,
                ..
            } => [dossier, reason].into_iter().chain(procedure).collect(),
            Self::Started { .. }
            | Self::Restored { .. }
            | Self::ClockKnown { .. }
            | Self::ClockCorrected { .. }
            | Self::TimeConfirmed { .. }
            | Self::Configured { .. }
            | Self::OfficePlanned { .. }
            | Self::OfficeWithdrawn
            | Self::DayOpened { .. }
            | Self::DayDated { .. }
            | Self::DayReopened { .. }
            | Self::DayClosed { .. }
            | Self::Deferred(_)
            | Self::DeferralsEnded { .. }
            | Self::DayErased { .. }
            | Self::NumbersSkipped { .. }
            | Self::Cancelled { .. }
            | Self::Voided { .. }
            | Self::Recalled { .. }
            | Self::Begun { .. }
            | Self::Finished { .. }
            | Self::MissedCall { .. }
            | Self::Resumed { .. }
            | Self::Transferred { .. }
            | Self::Undone { .. }
            | Self::CounterOpened { .. }
            | Self::CounterPaused { .. }
            | Self::CounterClosed { .. }
            | Self::ServicePaused { .. }
            | Self::ServiceResumed { .. }
            | Self::IntakeAway { .. }
            | Self::IntakeBack
            | Self::LetterSigned { .. }
            | Self::LetterGiven { .. }
            | Self::PersonChanged { .. }
            | Self::DeviceChanged { .. }
            | Self::ReadAgain { .. }
            | Self::PaperBegun { .. }
            | Self::PaperReported { .. }
            | Self::ReprintAsked { .. }
            | Self::SlipAsked { .. }
            | Self::SlipBegun { .. }
            | Self::SlipReported { .. } => Vec::new(),
        }
    }
}
