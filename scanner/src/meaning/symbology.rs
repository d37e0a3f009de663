//! What kind of barcode it was, where the scanner says so: the AIM identifier in front of a text.
//!
//! `]C1` is a bracket, the symbology and a modifier (ISO/IEC 15424). Scanners send it when they are
//! set to. It is a hint for people and never decides what a text means, with one exception: some
//! modifiers say that the text has escapes in it, which must be undone before it can be read.

use super::trim;

/// Kinds of barcodes that are told apart, as a clerk would name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Symbology {
    /// Code 128 and GS1-128: most receipts.
    Code128,
    /// Code 39, older receipts and folders.
    Code39,
    /// EAN and UPC: a product from a shop.
    Product,
    /// QR, also Micro QR and GS1 QR.
    Qr,
    /// Data Matrix.
    DataMatrix,
    /// PDF417: driving licences and visas.
    Pdf417,
    /// Aztec: boarding passes.
    Aztec,
    /// Any other with a letter of its own.
    Other,
}

impl Symbology {
    /// Its name, the same in every language.
    pub fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::Code128 => "Code 128",
            Self::Code39 => "Code 39",
            Self::Product => "EAN/UPC",
            Self::Qr => "QR",
            Self::DataMatrix => "Data Matrix",
            Self::Pdf417 => "PDF417",
            Self::Aztec => "Aztec",
            Self::Other => return None,
        })
    }
}

/// Takes the identifier off the front of a trimmed text, and the frame that belongs to it:
/// GS1's separators and the marker of the character set. Only one: a second one is no data of a
/// code we read, so it is left and refused.
///
/// Tells also whether backslashes in the rest are doubled.
pub(super) fn split(text: &str) -> (Option<Symbology>, bool, &str) {
    let [b']', letter, modifier, ..] = text.as_bytes() else {
        return (None, false, text);
    };
    if !letter.is_ascii_alphabetic() || !modifier.is_ascii_alphanumeric() {
        return (None, false, text);
    }
    let symbology = match letter {
        b'A' | b'a' => Symbology::Code39,
        b'C' | b'c' => Symbology::Code128,
        b'E' => Symbology::Product,
        b'Q' | b'q' => Symbology::Qr,
        b'd' | b'D' => Symbology::DataMatrix,
        b'L' | b'l' => Symbology::Pdf417,
        b'z' | b'Z' => Symbology::Aztec,
        _ => Symbology::Other,
    };
    let rest = trim(&text[3..]);
    match escapes(symbology, *modifier) {
        true => (Some(symbology), true, without_character_set(rest)),
        false => (Some(symbology), false, rest),
    }
}

/// Whether the modifier says that the ECI protocol is used: `]Q2`, `]Q4`, `]Q6`, `]d4` to `]d6`,
/// `]z3` to `]z5` and `]L1`. Then the text may begin with `\000026` for UTF-8, and a backslash of
/// the text itself comes twice.
fn escapes(symbology: Symbology, modifier: u8) -> bool {
    match symbology {
        Symbology::Qr => matches!(modifier, b'2' | b'4' | b'6'),
        Symbology::DataMatrix => matches!(modifier, b'4'..=b'6'),
        Symbology::Aztec => matches!(modifier, b'3'..=b'5'),
        Symbology::Pdf417 => modifier == b'1',
        _ => false,
    }
}

/// The marker of the character set says nothing that the bytes do not say better: cards carry
/// UTF-8 under whichever marker the maker of the printer chose.
fn without_character_set(text: &str) -> &str {
    match text.as_bytes() {
        [b'\\', marker @ ..] if marker.len() >= 6 && marker[..6].iter().all(u8::is_ascii_digit) => {
            trim(&text[7..])
        }
        _ => text,
    }
}
