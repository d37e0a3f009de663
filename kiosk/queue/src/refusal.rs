//! Why a command was not done. Wording for people is in the kiosk's `advice`.

use jiff::civil::Date;

use crate::{NotIssuing, Number, TicketId};

/// A command that cannot be done; nothing happened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No service day is open.
    #[error("no service day is open")]
    DayClosed,
    /// The service day is open already.
    #[error("the service day is open already")]
    DayOpen,
    /// No service day has this number or date.
    #[error("no such service day")]
    UnknownDay,
    /// The last day may go on, and its key with it: nothing of it is erased yet.
    #[error("no later service day has begun")]
    LastDay,
    /// Scans of the day have no outcome yet: erased, they could never be delivered.
    #[error("scans of this day are not delivered yet")]
    Undelivered,
    /// The date given is before that of the last service day.
    #[error("a service day was held on {0} already")]
    DateBack(Date),
    /// The date given is long after that of the last service day.
    #[error("the last service day was {0}")]
    DateFar(Date),
    /// Numbers are not given out now.
    #[error("numbers are not given out now")]
    IssuingClosed(NotIssuing),
    /// The service's numbers of today are gone.
    #[error("no numbers are left for this service today")]
    ServiceFull,
    /// The person has as many numbers of this service as the office allows; this is the newest.
    #[error("this person holds {0}")]
    TooManyTickets(Number),
    /// The dossier has a number already, which its holder may have lost: this ticket's.
    #[error("a ticket was taken for this dossier")]
    DossierHasTicket(TicketId),
    /// No service hands out results, so that a receipt alone leads nowhere.
    #[error("no service hands out results")]
    NoResultService,
    /// Some of the numbers of a paper roll exist today; this is the highest that does.
    #[error("numbers up to {0} exist today")]
    NumbersTaken(Number),
    /// No paper roll has these numbers: backwards, too many, or served beyond its end.
    #[error("no roll has these numbers")]
    NotARoll,
    /// A roll, or what the machine is to go on from, begins too far ahead of the newest number.
    #[error("too far ahead of the newest number")]
    TooFarAhead,
    /// No service has this letter.
    #[error("no such service")]
    UnknownService,
    /// No class has this id.
    #[error("no such class")]
    UnknownClass,
    /// No counter has this number.
    #[error("no such counter")]
    UnknownCounter,
    /// No ticket of today.
    #[error("no such ticket today")]
    UnknownTicket,
    /// No ticket of today that is in the record; but numbers of today are missing in it.
    #[error("no such ticket in the record, which lacks numbers of today")]
    MissingTicket,
    /// No such scan is waiting for an outcome.
    #[error("no such scan")]
    UnknownScan,
    /// What became of this scan is known, or being found out: it is nobody's to decide.
    #[error("nothing is to be decided about this scan")]
    NothingToSettle,
    /// No letter of this id that is still to be signed or given.
    #[error("no such letter")]
    UnknownLetter,
    /// A letter is given once it is signed.
    #[error("the letter is not signed")]
    LetterNotSigned,
    /// It is signed already.
    #[error("the letter is signed already")]
    LetterSigned,
    /// The citizen has it already.
    #[error("the letter is given already")]
    LetterGiven,
    /// A newer draft stands in its place.
    #[error("a newer draft replaced the letter")]
    LetterReplaced,
    /// Only for a late dossier a letter is written.
    #[error("the dossier is not late")]
    NotLate,
    /// The new date is not after today, or years away.
    #[error("the new date is not after today, or too far ahead")]
    LetterDate,
    /// A letter says why the dossier is late.
    #[error("the letter gives no reason")]
    LetterReason,
    /// Nobody knows what day it is.
    #[error("the date of today is unknown")]
    DateUnknown,
    /// No source knows the dossier.
    #[error("nobody knows the dossier")]
    UnknownDossier,
    /// Somebody else has the counter.
    #[error("the counter is taken by somebody else")]
    CounterTaken,
    /// A person sits at one counter, and has another.
    #[error("this person has counter {0}")]
    OtherCounter(u32),
    /// The counter is closed or paused.
    #[error("the counter is closed")]
    CounterClosed,
    /// The counter has a ticket in hand.
    #[error("the counter has a ticket in hand")]
    TicketInHand,
    /// The counter has no ticket in hand.
    #[error("the counter has no ticket in hand")]
    NothingInHand,
    /// The ticket is not in a state in which this can be done.
    #[error("the ticket is not in the state for this")]
    WrongState,
    /// The counter does not serve the ticket's service.
    #[error("the counter does not serve this service")]
    NotServedHere,
    /// The time for it has passed.
    #[error("the time for it has passed")]
    TooLate,
    /// There is no act to take back.
    #[error("there is nothing to undo")]
    NothingToUndo,
    /// Somebody else changed the office meanwhile.
    #[error("the office was changed meanwhile")]
    OfficeChanged,
    /// The service lists no papers.
    #[error("no papers are listed for this service")]
    NoPapers,
    /// Only a held ticket gets a re-entry slip.
    #[error("the ticket is not held")]
    NotHeld,
    /// No right to come back on another day was left to the ticket.
    #[error("the ticket was not deferred")]
    NotDeferred,
    /// A value is outside its range.
    #[error("a value is outside its range")]
    OutOfRange,
}
