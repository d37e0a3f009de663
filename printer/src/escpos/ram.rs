//! Graphics in a printer's RAM (`GS ( L` functions 80 to 85), and pages composed of them.
//!
//! A page (page mode, `ESC L`) is one row of the slip whose words are in RAM but stand elsewhere
//! than last time, because a number among them has become longer: each is put in its place, then
//! all are printed at once. Pages hold graphics from RAM and nothing else; GS v 0 is not allowed
//! there.

use crate::graphic::{Graphic, Scale, is_real_time};
use crate::store::{self, Key};

/// Rows in one graphic (function 83), the lowest limit of any model.
const GRAPHIC_ROWS_MAX: usize = 1_662;
/// Dots in one graphic. Longer ones are divided: the less must be sent after a torn slip.
pub(crate) const GRAPHIC_BYTES_MAX: usize = 3_000;
/// What it takes to keep a graphic, beside its dots.
pub(crate) const DEFINITION_BYTES: usize = 16;

/// Function 80: which graphics the RAM holds.
pub(crate) const LIST_GRAPHICS: [u8; 9] = [0x1d, b'(', b'L', 4, 0, 48, 80, b'K', b'C'];

/// Function 81: forget all of them; then one dot is kept as the marker of a printer that was not
/// switched off since.
pub(crate) fn forget_graphics() -> Vec<u8> {
    let mut bytes = vec![0x1d, b'(', b'L', 5, 0, 48, 81, b'C', b'L', b'R'];
    let marker = Graphic {
        width: 8,
        dots: vec![0x80],
    };
    bytes.append(&mut definition(&marker, store::MARKER));
    bytes
}

/// Function 82: forget one.
pub(super) fn forget([a, b]: Key) -> [u8; 9] {
    [0x1d, b'(', b'L', 4, 0, 48, 82, a, b]
}

/// Function 83: keep a graphic, as a raster. Only in standard mode, at the beginning of a line.
pub(super) fn definition(graphic: &Graphic, [a, b]: Key) -> Vec<u8> {
    let [x_low, x_high] = (graphic.width as u16).to_le_bytes();
    let [y_low, y_high] = (graphic.rows() as u16).to_le_bytes();
    let [low, high] = length(graphic);
    let mut command = vec![0x1d, b'(', b'L', low, high, 48, 83, 48, a, b, 1];
    command.extend([x_low, x_high, y_low, y_high, 49]);
    command.extend_from_slice(&graphic.dots);
    command
}

/// The bytes behind the length of a definition.
fn length(graphic: &Graphic) -> [u8; 2] {
    (graphic.dots.len() as u16 + 11).to_le_bytes()
}

/// Whether a graphic can be kept: within every limit, and with no real-time command in it.
pub(super) fn can_be_kept(graphic: &Graphic) -> bool {
    let [low, high] = length(graphic);
    (1..=GRAPHIC_ROWS_MAX).contains(&graphic.rows())
        && graphic.dots.len() <= GRAPHIC_BYTES_MAX
        && !is_real_time(low, high)
        && graphic.is_harmless()
}

/// Function 85: print one; in a page, put it down at the present position.
pub(super) fn print([a, b]: Key, scale: Scale) -> [u8; 11] {
    let (x, y) = scale.times();
    [0x1d, b'(', b'L', 6, 0, 48, 85, a, b, x as u8, y as u8]
}

/// A graphic in a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    pub(super) key: Key,
    /// Dots from the left edge.
    pub(super) left: usize,
    /// Rows from the top of the page to its end: in page mode a graphic grows upwards from where
    /// it is put.
    pub(super) bottom: usize,
}

/// A page of this size, printed and fed.
pub(super) fn page(width: usize, rows: usize, mut placed: Vec<Placed>) -> Vec<u8> {
    let [x_low, x_high] = (width as u16).to_le_bytes();
    let [y_low, y_high] = (rows as u16).to_le_bytes();
    // ESC L, and ESC W: FF puts the area back to its default each time.
    let mut bytes = vec![0x1b, b'L'];
    bytes.extend([0x1b, b'W', 0, 0, 0, 0, x_low, x_high, y_low, y_high]);
    // So that few move down.
    placed.sort_by_key(|placed| (placed.bottom, placed.left));
    let mut at = None;
    for Placed { key, left, bottom } in placed {
        if at != Some(bottom) {
            let [low, high] = (bottom as u16).to_le_bytes();
            bytes.extend([0x1d, b'$', low, high]);
            at = Some(bottom);
        }
        let [low, high] = (left as u16).to_le_bytes();
        bytes.extend([0x1b, b'$', low, high]);
        bytes.extend(print(key, Scale::PLAIN));
    }
    // FF: print, and back to standard mode.
    bytes.push(0x0c);
    bytes
}
