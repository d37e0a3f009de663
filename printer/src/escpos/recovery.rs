//! What brings a printer back that got only a part of some bytes.

use escpos::printer::Printer;
use escpos::utils::Protocol;

use super::{
    COMMAND_BYTES_MAX, DEFINITION_BYTES, GRAPHIC_BYTES_MAX, Memory, RASTER_BYTES, cut, start,
};
use crate::profile::Profile;

/// The longest commands that are sent. A code that the printer draws itself is shorter than either.
const RASTER_BYTES_MAX: usize = RASTER_BYTES + COMMAND_BYTES_MAX;
const DEFINITION_BYTES_MAX: usize = DEFINITION_BYTES + GRAPHIC_BYTES_MAX;

/// Completes the head of any command, none of which is longer than that of a definition.
pub(crate) const HEAD_ZEROS: [u8; DEFINITION_BYTES] = [0; DEFINITION_BYTES];

/// Bytes for a printer that was left in the middle of a slip.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recovery {
    /// Enough zeros to complete the command it may be in the middle of, wherever that was torn;
    /// elsewhere they mean nothing.
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
                0 => RASTER_BYTES_MAX,
                _ => DEFINITION_BYTES_MAX.max(RASTER_BYTES_MAX),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::escpos::bytes;
    use crate::escpos::ram::definition;
    use crate::graphic::Graphic;
    use crate::sheet::Sheet;
    use crate::slip::{Slip, Weight};
    use crate::type_case::tests::FACES;
    use simulator::{Model, Printer as Simulator};

    /// Whatever part of its head this command was torn in, or in its first dots.
    fn next_slip_is_whole(profile: &str, longest: &[u8]) {
        let profile = Profile::named(profile).unwrap();
        let slip = Slip::new().centred("Hộ tịch", 34, Weight::Bold);
        let sheet = Sheet::compose(&slip, &profile, &FACES).unwrap();
        let picture = sheet.picture();
        for torn in 1..=DEFINITION_BYTES + 8 {
            let mut printer = Simulator::new(Model::epson());
            let recovery = Recovery::of(&profile).bytes();
            let all = [&longest[..torn], &recovery, &bytes(&sheet)].concat();
            all.into_iter().for_each(|byte| printer.receive(byte));
            let cuts = printer.take_cuts();
            assert_eq!(cuts.len(), 2, "{torn}: the torn one, and the next");
            assert_eq!(cuts[1].errors, [], "{torn}");
            assert_eq!(cuts[1].rows.len(), picture.rows(), "{torn}");
            assert_eq!(cuts[1].texts, [], "{torn}: bytes as letters");
            let begins_anew = cuts[0].commands.contains(&"ESC @");
            assert!(begins_anew, "{torn}: eaten by the torn one");
        }
    }

    #[test]
    fn the_longest_raster_is_completed_wherever_it_was_torn() {
        let mut raster = vec![0x1d, b'v', b'0', 0, 12, 0, 80, 0];
        raster.extend([0xaa; COMMAND_BYTES_MAX]);
        next_slip_is_whole("generic-80", &raster);
    }

    #[test]
    fn the_longest_graphic_is_completed_wherever_it_was_torn() {
        let graphic = Graphic {
            width: 8 * 50,
            dots: vec![0xaa; GRAPHIC_BYTES_MAX],
        };
        next_slip_is_whole("tm-t20ii", &definition(&graphic, *b"AA"));
    }
}
