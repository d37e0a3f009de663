//! Barcode scanners: from bytes to codes to what they mean.
//!
//! Three layers, each of use without the ones after it:
//! - `meaning`: one text to a dossier ID, a ticket, a citizen card or a barcode of the office's own,
//!   or why it is none of them (pure);
//! - `framing`: a device's bytes to texts, with or without a suffix (pure, time comes in);
//! - `device`: a scanner on a serial line or one that types, unplugged and plugged in at any time.
//!
//! Promises of all three:
//! - no bytes make them panic, and what they keep is bounded;
//! - half a scan, or two glued together, is refused: a dossier ID that lost its last digits
//!   can be another dossier's, which no check of its shape would notice;
//! - what was scanned stands in no error, `Debug` or log line: a dossier ID shows masked,
//!   a ticket's token, a card and a refused text not at all.
//!
//! Deliberately not here: the same code twice within seconds (the queue suppresses it),
//! storing, and wording for people.

pub mod device;
pub mod framing;
pub mod meaning;

pub use device::{Connection, Device, DeviceError, Event, Listener, Stop};
pub use framing::{Frame, Framer, Framing};
pub use meaning::{
    Card, Code, DossierId, Reading, Rejection, RejectionKind, ScanPurpose, Symbology, TicketCode,
    badge_text, purpose_text, read,
};
