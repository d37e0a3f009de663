//! Barcode scanners: from bytes to codes to what they mean.
//!
//! Three layers, each of use without the ones after it:
//! - `meaning`: one text to a dossier ID or a ticket, or why it is neither (pure);
//! - `framing`: a device's bytes to texts, with or without a suffix (pure, time comes in);
//! - `device`: a scanner on a serial line or one that types, unplugged and plugged in at any time.
//!
//! Promises of all three:
//! - no bytes make them panic, and what they keep is bounded;
//! - half a scan, or two glued together, is refused: a dossier ID that lost its last digits
//!   can be another dossier's, which no check of its shape would notice;
//! - what was scanned stands in no error, `Debug` or log line: a dossier ID shows masked,
//!   a ticket's token and a refused text not at all.
//!
//! Deliberately not here: the same code twice within seconds (the queue suppresses it),
//! storing, and wording for people.

pub mod device;
pub mod framing;
pub mod meaning;

pub use device::{Device, DeviceError, Event, Listener, Stop};
pub use framing::{Frame, Framer};
pub use meaning::{Code, DossierId, Rejection, RejectionKind, TicketCode, read};
