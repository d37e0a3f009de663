//! Commands: what somebody wants, with the time and the ids it needs.

use jiff::civil::Date;

use crate::{
    AwayCause, ClassId, DayOff, DeviceChange, Id, LetterDraft, LetterId, Office, PaperState,
    PersonChange, Personal, Purpose, ScanId, Settled, SlipKind, StaffRole, TicketId,
};

/// The moment of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// Milliseconds on the office's own clock: monotonic, carried across starts, never back.
    pub tick: u64,
    /// UTC in milliseconds; `None` while the time is unknown.
    pub utc: Option<i64>,
}

/// Rights, from the least to the most. A kiosk stands apart from the staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A touch screen.
    Kiosk,
    /// A counter.
    Clerk,
    /// Opens and closes the day, frees a counter.
    Supervisor,
    /// Everything.
    Admin,
    /// The program itself: clock, printing, intake.
    System,
}

/// Who acts: a device or a signed-in person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Stable id; `person-7` is a person, anything else a device.
    pub id: String,
    /// Its rights.
    pub role: Role,
}

impl Actor {
    /// How the ids of people begin; no device's id may.
    pub const PERSON: &str = "person-";

    /// A signed-in person.
    pub fn person(id: &str, role: StaffRole) -> Self {
        Self {
            id: format!("{}{id}", Self::PERSON),
            role: role.into(),
        }
    }

    /// Whether a person acts, who can sit at one counter only. A device may have several.
    pub fn is_person(&self) -> bool {
        self.id.starts_with(Self::PERSON)
    }
}

/// Where a ticket is transferred to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The line of a service.
    Service(char),
    /// One counter only.
    Counter(u32),
}

/// What somebody wants.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // Fields are named as in the API; each variant says what it asks.
pub enum Command {
    /// The daemon has started, `gap_ms` after the newest record.
    Start {
        gap_ms: u64,
    },
    /// Time has passed: clock, hours, midnight.
    Tick,
    /// The office as `kiosk.toml` has it.
    Configure {
        office: Box<Office>,
    },
    /// Put another office into force, made from the one of `base`.
    ChangeOffice {
        office: Box<Office>,
        base: u64,
    },
    /// Take the office back that waits for the next day.
    WithdrawOffice {
        base: u64,
    },
    /// An unplanned closure, instead of one of the same date.
    SetDayOff {
        off: DayOff,
    },
    RemoveDayOff {
        date: Date,
    },
    /// Staff say that it is `utc` (ms) now. `sure`: also when that is far from the last day.
    ConfirmTime {
        utc: i64,
        sure: bool,
    },
    OpenDay,
    CloseDay,
    /// Delete the key of a day's personal values.
    EraseDay {
        day: u64,
    },
    /// Give out a number. `print`: a slip is wanted.
    Issue {
        ticket: TicketId,
        token: TicketId,
        service: char,
        class: ClassId,
        language: String,
        reason: Option<String>,
        dossier: Option<String>,
        /// Who wants it, if a citizen card was shown.
        person: Option<String>,
        /// Why a clerk gives one more than a person may hold.
        override_reason: Option<String>,
        print: bool,
        printer: Option<String>,
    },
    /// A citizen whom an earlier day did not reach shows the slip, whose token is `slip`.
    Return {
        slip: TicketId,
        ticket: TicketId,
        token: TicketId,
        print: bool,
        printer: Option<String>,
    },
    /// Numbers `from` to `to` were handed out from a paper roll (*số từ cuộn giấy*), those up to
    /// `served` served already. `tickets`: an id and a token for each.
    EnterRoll {
        service: char,
        from: u32,
        to: u32,
        served: Option<u32>,
        reason: Option<String>,
        tickets: Vec<(TicketId, TicketId)>,
    },
    /// A roll was entered in error: those of the numbers that were never called are given up.
    CancelRoll {
        service: char,
        from: u32,
        to: u32,
    },
    /// Today's numbers go on from `next`, for one service or all.
    SkipNumbers {
        service: Option<char>,
        next: u32,
    },
    Cancel {
        ticket: TicketId,
    },
    /// Wrong tile: void it and give out another number.
    Change {
        ticket: TicketId,
        new: TicketId,
        token: TicketId,
        service: char,
        print: bool,
    },
    CallNext {
        counter: u32,
    },
    CallChosen {
        counter: u32,
        ticket: TicketId,
        reason: String,
    },
    /// Finish what is in hand and call the next.
    Next {
        counter: u32,
    },
    Recall {
        counter: u32,
    },
    /// The citizen is there.
    Begin {
        counter: u32,
    },
    Finish {
        counter: u32,
    },
    NoShow {
        counter: u32,
    },
    Undo {
        counter: u32,
    },
    Hold {
        ticket: TicketId,
        reason: Option<String>,
        minutes: Option<u32>,
    },
    Resume {
        ticket: TicketId,
    },
    Transfer {
        ticket: TicketId,
        to: Target,
    },
    OpenCounter {
        counter: u32,
    },
    PauseCounter {
        counter: u32,
    },
    CloseCounter {
        counter: u32,
    },
    /// No more numbers from kiosks today (*Tạm ngừng lĩnh vực hôm nay*).
    PauseService {
        service: char,
    },
    ResumeService {
        service: char,
    },
    Reprint {
        ticket: TicketId,
    },
    Rate {
        ticket: TicketId,
        level: u8,
        reasons: Option<String>,
    },
    /// Change who may sign in; names and PINs are kept elsewhere.
    ChangePerson {
        person: String,
        change: PersonChange,
    },
    /// Change which devices are let in; tokens and names are kept elsewhere.
    ChangeDevice {
        device: String,
        change: DeviceChange,
    },
    /// A dossier ID was read. `forward`: an intake server is configured.
    Scan {
        scan: ScanId,
        dossier: String,
        purpose: Option<Purpose>,
        counter: Option<u32>,
        ticket: Option<TicketId>,
        device: String,
        forward: bool,
    },
    /// Scans have not reached the intake server for so long.
    NoteIntakeAway {
        cause: AwayCause,
        for_ms: u64,
    },
    /// They reach it again.
    NoteIntakeBack,
    /// A slip beside a ticket's own.
    AskSlip {
        slip: Id,
        kind: SlipKind,
        service: Option<char>,
        ticket: Option<TicketId>,
        language: String,
        printer: Option<String>,
    },
    /// A printer gets the slip now: a ticket's by the ticket's id, else by its own.
    BeginPaper {
        slip: Id,
        printer: Option<String>,
        again: bool,
    },
    ReportPaper {
        slip: Id,
        paper: PaperState,
        cause: Option<String>,
    },
    Deliver {
        scan: ScanId,
        answer: Option<Personal>,
    },
    Refuse {
        scan: ScanId,
        reason: Personal,
    },
    Doubt {
        scan: ScanId,
        reason: Personal,
    },
    /// A clerk decides what nobody could tell. `words`: what the scan's list says of it.
    Settle {
        scan: ScanId,
        settled: Settled,
        words: Personal,
    },
    /// A letter for a late dossier is made ready to print.
    DraftLetter {
        draft: Box<LetterDraft>,
    },
    /// Whoever leads the office has signed it on paper.
    SignLetter {
        letter: LetterId,
    },
    /// The citizen has it.
    GiveLetter {
        letter: LetterId,
    },
}
