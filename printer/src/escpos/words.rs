//! How a row of the slip is put together from words, and words from letters.

use std::ops::Range;

use crate::bands::Band;
use crate::graphic::{Graphic, Scale, pieces};
use crate::picture::Picture;
use crate::store::Store;

use super::ram::{DEFINITION_BYTES, can_be_kept};

/// White columns between two words: in the smallest letters a space is 7 wide, while the letters
/// of a word stand at most 5 apart in any text of a slip. Where a 1 or a full stop leaves more,
/// there are two pieces instead of one.
const WORD_GAP: usize = 6;
/// Below this a word is not kept whole: numbers are put together from their digits.
const WORD_BYTES_MIN: usize = 96;

/// A part of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) graphic: Graphic,
    /// Dots from the left edge.
    pub(super) left: usize,
    /// Rows from the top of the row of the slip to its end.
    pub(super) bottom: usize,
}

/// A row taken apart.
pub(super) struct Words {
    pub(super) words: Vec<Piece>,
    /// What it would be put together from: words that are known, and letters of the others.
    pub(super) pieces: Vec<Piece>,
    /// Bytes of dots in words that are known or are put together from digits.
    known_bytes: usize,
    /// Bytes to send for what is not in RAM.
    pub(super) new_bytes: usize,
}

impl Words {
    /// None: something in it cannot be kept.
    pub(super) fn of(band: &Band, picture: &Picture, store: &mut Store) -> Option<Self> {
        let mut row = Self {
            words: Vec::new(),
            pieces: Vec::new(),
            known_bytes: 0,
            new_bytes: 0,
        };
        for (columns, rows) in pieces(picture, &band.rows, 0..picture.width(), WORD_GAP) {
            let word = piece(picture, band, (columns.clone(), rows), WORD_GAP)?;
            let (bytes, kept) = (word.graphic.dots.len(), store.kept(&word.graphic).is_some());
            let small = bytes < WORD_BYTES_MIN;
            let whole = kept || !small && store.has_seen(&word.graphic);
            if whole || small {
                row.known_bytes += bytes;
            }
            if whole {
                row.pieces.push(word.clone());
            } else {
                for letter in pieces(picture, &band.rows, columns, 1) {
                    row.pieces.push(piece(picture, band, letter, 1)?);
                }
            }
            row.words.push(word);
        }
        for piece in &row.pieces {
            if store.kept(&piece.graphic).is_none() {
                row.new_bytes += DEFINITION_BYTES + piece.graphic.dots.len();
            }
        }
        Some(row)
    }

    /// Whether most of it was on another row before.
    pub(super) fn is_mostly_known(&self) -> bool {
        let bytes = self.words.iter().map(|word| word.graphic.dots.len());
        2 * self.known_bytes >= bytes.sum()
    }
}

fn piece(
    picture: &Picture,
    band: &Band,
    (columns, rows): (Range<usize>, Range<usize>),
    gap: usize,
) -> Option<Piece> {
    // One that looks like a real-time command is moved to the right in its bytes, as far as the
    // white before it allows.
    (0..gap)
        .filter_map(|white| Some(columns.start.checked_sub(white)?..columns.end))
        .map(|columns| Piece {
            graphic: Graphic::cut(picture, rows.clone(), columns.clone(), Scale::PLAIN),
            left: columns.start,
            bottom: rows.end - band.rows.start,
        })
        .find(|piece| can_be_kept(&piece.graphic))
}
