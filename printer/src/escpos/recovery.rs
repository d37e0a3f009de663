//! What brings a printer back that got only a part of some bytes.

use escpos::printer::Printer;
use escpos::utils::Protocol;

use super::{COMMAND_BYTES_MAX, GRAPHIC_BYTES_MAX, Memory, cut, start};
use crate::profile::Profile;

/// Bytes for a printer that was left in the middle of a slip.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recovery {
    /// Enough zeros to complete the dots it may still be waiting for; elsewhere they mean nothing.
    pub(crate) zeros: usize,
    /// Then it leaves a page that it may be composing, and the paper is cut, so that the torn slip
    /// does not hang on the next one.
    cut: Vec<u8>,
}

impl Recovery {
    /// After any part of any slip.
    pub(crate) fn of(profile: &Profile) -> Self {
        let memory = Memory::default();
        let mut printer = Printer::new(memory.clone(), Protocol::default(), None);
        // ESC @ ends page mode as well, and throws the page away.
        printer
            .init()
            .and_then(|printer| printer.print())
            .and_then(|printer| start(profile, printer))
            .and_then(|()| cut(profile, &mut printer))
            .expect("memory takes every byte");
        Self {
            zeros: match profile.ram_graphics_bytes {
                0 => COMMAND_BYTES_MAX,
                _ => GRAPHIC_BYTES_MAX,
            },
            cut: memory.0.take(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.cut.is_empty()
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        [vec![0; self.zeros], self.cut.clone()].concat()
    }
}
