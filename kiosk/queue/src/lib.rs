//! Queue rules: who waits, who is called next.
//!
//! Pure: no clock, disk, network or chance. Time and ids come in with the command; the
//! answer is a list of events for the shell (`engine`) to journal. [`State::decide`] changes
//! nothing, [`State::apply`] cannot fail: an event is a fact.
//!
//! Invariants, asserted by [`State::check`] after every event in tests:
//! - a number is given out once per letter and day, rising from 1; only staff leave a gap;
//! - a ticket waits, is in one hand, is away or is over: never two of these;
//! - a counter has at most one ticket in hand;
//! - what the lines hold is exactly the waiting tickets;
//! - of a dossier at most one letter is still to be given.
//!
//! Deliberately not here: storage, encryption, printing, wording.

mod apply;
mod asked;
mod check;
mod command;
mod day;
mod decide;
mod deferral;
mod event;
mod holding;
mod hours;
mod id;
mod layout;
mod letter;
mod line;
mod office;
mod pick;
mod refusal;
mod roll;
mod scan;
mod series;
mod settings;
mod state;
mod ticket;
mod undo;
mod wait;

pub use asked::{AskedSlip, Unprinted};
pub use command::{Actor, Command, Now, Role, Target};
pub use deferral::{DEFERRED_SLIPS_MAX, Deferral, Earlier};
pub use event::{
    Act, AwayCause, ByHand, DeviceChange, DeviceKind, Event, OfficeSource, PaperState,
    PersonChange, Personal, StaffRole, Why, WhyRule,
};
pub use hours::{Issuing, NotIssuing};
pub use id::{Id, NotAnId};
pub use layout::{SlipAlign, SlipKind, SlipLine, SlipWeight};
pub use letter::{Letter, LetterDraft, LetterPaper, LetterState};
pub use office::{
    Class, Counter, Day as Weekday, DayOff, Holiday, Hours, Mixing, Office, Service, ServiceKind,
    Text,
};
pub use refusal::Refusal;
pub use roll::{GAP_MAX, ROLL_MAX};
pub use scan::{DUPLICATE_SCAN_MS, JustRead, Purpose, Scan, ScanState, Settled};
pub use settings::{Settings, Wait};
pub use state::{Call, CounterState, Day, Desk, Stamp, State};
pub use ticket::{ClassId, Number, Slip, Ticket, TicketId, TicketState};
pub use undo::UNDO_MS;
pub use wait::WaitRange;

/// Identifier of a scan.
pub type ScanId = Id;

/// Identifier of a letter for a late dossier.
pub type LetterId = Id;
