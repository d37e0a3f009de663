//! What a scanned or typed text means: a dossier, a ticket, or nothing we take.
//!
//! Pure. The text may come from a scanner, from a page where a clerk typed or pasted it, or
//! from a QR code that holds a web address. Harmless damage (case, full-width forms, the
//! scanner's symbology prefix, pasted dashes) is repaired; anything else is refused with a
//! kind, because a guessed dossier ID would be somebody else's dossier.
//!
//! A citizen card is recognised only to be refused: nothing of its text is kept.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

mod dossier;
mod ticket;
mod web;

pub use dossier::DossierId;
pub use ticket::TicketCode;

/// Longest text that is read, in bytes. The longest of use is a receipt's web address, and
/// portals keep those below 2,000; a citizen card stays below 500.
pub const TEXT_BYTES_MAX: usize = 2048;

/// Fields of a citizen card's QR code: newer cards may append more.
const CARD_FIELDS_MIN: usize = 7;
/// Digits of a citizen's number, the card's first field.
const CARD_NUMBER_DIGITS: usize = 12;
/// Digits before the slash of an old local serial, as in `00092/TTPVHCC`.
const SERIAL_DIGITS_MAX: usize = 7;
/// Characters after that slash: the short name of an office or a form.
const SERIAL_OFFICE_MAX: usize = 20;

/// What a text means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Code {
    /// A dossier, by the code on its receipt.
    Dossier(DossierId),
    /// A queue ticket, by its slip's QR code or by its number.
    Ticket(TicketCode),
}

/// Why a text is neither. Carries nothing of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("not a code this office reads: {kind}")]
pub struct Rejection {
    /// What was wrong, as far as it helps a person.
    pub kind: RejectionKind,
}

/// Kinds of refused texts: one for each thing a clerk would do differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RejectionKind {
    /// Readable, but no code we know: another shop's barcode, a sentence, a wrong page.
    Unknown,
    /// A citizen identity card, which this appliance never reads.
    CitizenCard,
    /// A local serial from before the national dossier codes.
    OldSerial,
    /// Shaped like a dossier ID, but its date does not exist: misread or mistyped.
    BadDate,
    /// Longer than any code.
    TooLong,
    /// Nothing but spaces.
    Empty,
    /// A Vietnamese keyboard (Telex, VNI) turned parts of the code into marked letters.
    InputMethod,
    /// Not text: cut off, a wrong baud rate, a damaged cable.
    Garbage,
}

impl RejectionKind {
    /// Every kind, for those who need a sentence for each.
    pub const ALL: [Self; 8] = [
        Self::Unknown,
        Self::CitizenCard,
        Self::OldSerial,
        Self::BadDate,
        Self::TooLong,
        Self::Empty,
        Self::InputMethod,
        Self::Garbage,
    ];

    /// The kind as a word for programs and logs; never changes.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::CitizenCard => "citizen-card",
            Self::OldSerial => "old-serial",
            Self::BadDate => "bad-date",
            Self::TooLong => "too-long",
            Self::Empty => "empty",
            Self::InputMethod => "input-method",
            Self::Garbage => "garbage",
        }
    }
}

impl fmt::Display for RejectionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl From<RejectionKind> for Rejection {
    fn from(kind: RejectionKind) -> Self {
        Self { kind }
    }
}

/// Reads one text.
pub fn read(text: &str) -> Result<Code, Rejection> {
    // Before anything else, since folding may lengthen a text.
    if text.len() > TEXT_BYTES_MAX {
        return Err(RejectionKind::TooLong.into());
    }
    let folded = fold(text);
    let text = without_symbology(&folded);
    if text.is_empty() {
        return Err(RejectionKind::Empty.into());
    }
    // First of all kinds, so that no later rule can pick something out of a card.
    if is_citizen_card(text) {
        return Err(RejectionKind::CitizenCard.into());
    }
    if let Some(ticket) = ticket::parse(text) {
        return Ok(Code::Ticket(ticket));
    }
    let dossier = match web::after_authority(text) {
        Some(rest) => web::dossier(rest),
        None => dossier::parse(text),
    };
    match dossier {
        Ok(dossier) => Ok(Code::Dossier(dossier)),
        Err(RejectionKind::Unknown) => Err(kind_of_stranger(text).into()),
        Err(kind) => Err(kind.into()),
    }
}

/// A citizen card's QR code: fields between bars, the first one the citizen's number.
pub(crate) fn is_citizen_card(text: &str) -> bool {
    let mut fields = text.split('|');
    let number = fields.next().unwrap_or_default().trim();
    number.len() == CARD_NUMBER_DIGITS && digits(number) && fields.count() + 1 >= CARD_FIELDS_MIN
}

/// Which kind of text that is no code: what a clerk can do about it differs.
fn kind_of_stranger(text: &str) -> RejectionKind {
    if is_old_serial(text) {
        RejectionKind::OldSerial
    } else if text.chars().any(|c| c.is_control() || c == '\u{FFFD}') {
        RejectionKind::Garbage
    } else if is_input_method_damage(text) {
        RejectionKind::InputMethod
    } else {
        RejectionKind::Unknown
    }
}

fn is_old_serial(text: &str) -> bool {
    let Some((number, office)) = text.split_once('/') else {
        return false;
    };
    (1..=SERIAL_DIGITS_MAX).contains(&number.len())
        && digits(number)
        && (2..=SERIAL_OFFICE_MAX).contains(&office.chars().count())
        && office
            .chars()
            .all(|c| c.is_alphabetic() || "&.-".contains(c))
}

/// One word with digits and marked letters: `A112` typed under VNI is `Á12`. A Vietnamese
/// sentence has marks too, but telling its reader to switch the keyboard would be wrong.
fn is_input_method_damage(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit())
        && !text.contains(char::is_whitespace)
        && text.chars().any(is_marked_letter)
}

/// A Latin letter with a Vietnamese mark. Đ does not decompose.
fn is_marked_letter(c: char) -> bool {
    !c.is_ascii()
        && (matches!(c, 'đ' | 'Đ') || c.nfd().next().is_some_and(|c| c.is_ascii_alphabetic()))
}

/// Repairs what never changes a code's meaning, and trims. Upper-casing is ASCII only: it
/// must not make a letter of a code out of anything else (`ı` would become `I`).
fn fold(text: &str) -> String {
    let folded: String = text
        .nfkc()
        .filter(|c| !is_invisible(*c))
        .map(|c| match c {
            _ if is_dash(c) => '-',
            _ => c.to_ascii_uppercase(),
        })
        .collect();
    trim(&folded).to_owned()
}

/// Takes off the AIM symbology prefix, `]C1` or `]Q1`, that many scanners can be set to send.
fn without_symbology(text: &str) -> &str {
    match text.as_bytes() {
        [b']', letter, modifier, ..]
            if letter.is_ascii_alphabetic() && modifier.is_ascii_alphanumeric() =>
        {
            trim(&text[3..])
        }
        _ => text,
    }
}

/// Also control characters: GS1 codes begin with a separator that is no part of the data.
fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c.is_control())
}

/// What word processors and phones make of a hyphen. The full-width one is folded before.
fn is_dash(c: char) -> bool {
    matches!(
        c,
        '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{FE58}'
    )
}

/// Zero-width characters that copying from web pages and chats leaves in a text.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}'
    )
}

/// Only ASCII digits: other scripts' digits are not what a receipt carries.
fn digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests;
