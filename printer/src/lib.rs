//! Slips: from lines of text to bytes on a receipt printer.
//!
//! A [`Slip`] says what stands on the paper, a [`Profile`] what the printer can do. Two pure functions
//! turn them into the same thing seen twice: [`draw`] gives the picture, [`encode`] the ESC/POS bytes.
//! [`open`] gives a [`TicketPrinter`] for a [`Device`] named in the configuration.
//!
//! Promises:
//! - Vietnamese looks the same on every printer: it goes as pixels, never through a printer's code pages;
//! - text from outside can never become a command: it ends as pixels, or passes a checked alphabet;
//! - a slip is printed by its deadline or fails with the number of bytes that the device took;
//! - a device that failed is found again by the next job; nothing has to be restarted.
//!
//! Deliberately not here: queues, tickets, wording, retries. A caller decides what a failed slip means.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod ability;
pub mod answer;
mod bands;
mod device;
mod drawing;
mod driver;
mod escpos;
mod graphic;
mod link;
mod picture;
mod preview;
mod print;
mod profile;
mod sheet;
mod slip;
mod store;
mod talk;
mod type_case;

pub use ability::{Abilities, Confirmation};
pub use answer::Condition;
pub use device::{Device, DeviceError, Flow, UsbId};
pub use drawing::{DRAWING_BYTES_MAX, DRAWING_MM_MAX, Drawing, DrawingError};
pub use link::usb::{UsbPrinter, usb_printers};
pub use picture::Picture;
pub use print::{
    ANSWER_MS_MAX, Cause, Job, PREVIEWS_MAX, PRINT_SECONDS_MAX, Paper, PrintError, Printout, Setup,
    TicketPrinter, open,
};
pub use profile::{Profile, Sensor, UnknownProfile};
pub use slip::{
    Align, Line, Misfit, NUMBER_CHARS_MAX, NUMBER_DIGITS_MM_MIN, QR_BYTES_MAX, SLIP_MM_MAX, Slip,
    SlipError, TEXT_CHARS_MAX, TICKET_MM, Weight,
};
pub use type_case::Faces;

/// Draws a slip as the printer will print it, dot by dot.
///
/// A number or a QR code that the printer draws itself is shown at its place and size; only the
/// shapes of the number's glyphs are ours instead of the printer's.
pub fn draw(slip: &Slip, profile: &Profile, faces: &Faces) -> Result<Picture, SlipError> {
    Ok(sheet::Sheet::compose(slip, profile, faces)?.picture())
}

/// The bytes that make a printer of this profile print and cut the slip.
pub fn encode(slip: &Slip, profile: &Profile, faces: &Faces) -> Result<Vec<u8>, SlipError> {
    Ok(escpos::bytes(&sheet::Sheet::compose(slip, profile, faces)?))
}

/// The paper in mm that a slip takes on a printer of this profile; refused also where a word would
/// be broken in its middle. Nothing is drawn, so it costs a fraction of [`draw`].
pub fn measure(slip: &Slip, profile: &Profile, faces: &Faces) -> Result<f32, Misfit> {
    sheet::measure(slip, profile, faces)
}
