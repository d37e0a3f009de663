//! What a scanned or typed text means: a dossier, a ticket, a citizen card, a barcode of the
//! office's own sheet, or nothing we take.
//!
//! Pure. The text may come from a scanner, from a page where a clerk typed or pasted it, or
//! from a QR code that holds a web address. Harmless damage (case, full-width forms, the
//! scanner's symbology prefix, pasted dashes) is repaired; anything else is refused with a
//! kind, because a guessed dossier ID would be somebody else's dossier.
//!
//! Of a citizen card nothing but number and birth date leaves this module, and only as a
//! [`Card`]: whoever has no use for one drops it.

use unicode_normalization::UnicodeNormalization;

mod card;
mod dossier;
mod mojibake;
mod rejection;
mod serial;
mod sheet;
mod symbology;
mod ticket;
mod web;

pub use card::Card;
pub(crate) use card::is_like as is_citizen_card;
pub use dossier::DossierId;
pub use rejection::{Rejection, RejectionKind};
pub use sheet::{badge_text, purpose_text};
pub use symbology::Symbology;
pub use ticket::TicketCode;

/// Longest text that is read, in bytes. The longest of use is a receipt's web address, and
/// portals keep those below 2,000; a citizen card stays below 500.
pub const TEXT_BYTES_MAX: usize = 2048;

/// What a text means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Code {
    /// A dossier, by the code on its receipt.
    Dossier(DossierId),
    /// A queue ticket, by its slip's QR code or by its number.
    Ticket(TicketCode),
    /// A counter's badge: the next scans of a shared scanner are made there.
    Counter(u32),
    /// What the next scans are for.
    Purpose(ScanPurpose),
    /// A citizen card.
    Card(Card),
}

impl Code {
    /// What it is, as a word for programs and logs; never changes.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Dossier(_) => "dossier",
            Self::Ticket(_) => "ticket",
            Self::Counter(_) => "counter",
            Self::Purpose(_) => "purpose",
            Self::Card(_) => "citizen-card",
        }
    }
}

/// What scans are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScanPurpose {
    /// *Tiếp nhận*.
    Receive,
    /// *Bổ sung hồ sơ*.
    Supplement,
    /// *Trả kết quả*.
    Return,
    /// *Tra cứu*.
    LookUp,
}

impl ScanPurpose {
    /// Every purpose, in the order of a dossier's life.
    pub const ALL: [Self; 4] = [Self::Receive, Self::Supplement, Self::Return, Self::LookUp];
}

/// How an office reads its codes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// What stands behind the slash of old local serials that still count, such as `TTPVHCC`.
    pub serial_offices: Vec<String>,
}

/// Reads one text as an office without old serials does.
pub fn read(text: &str) -> Result<Code, Rejection> {
    Reading::default().read(text)
}

impl Reading {
    /// Reads one text.
    pub fn read(&self, text: &str) -> Result<Code, Rejection> {
        // Before anything else, since folding may lengthen a text.
        if text.len() > TEXT_BYTES_MAX {
            return Err(Rejection::of(text, None, RejectionKind::TooLong));
        }
        let (symbology, escaped, text) = symbology::split(trim(text));
        let undone = escaped.then(|| text.replace(r"\\", r"\"));
        let text = undone.as_deref().unwrap_or(text);
        self.meaning(text, symbology)
            .map_err(|kind| Rejection::of(text, symbology, kind))
    }

    fn meaning(&self, text: &str, symbology: Option<Symbology>) -> Result<Code, RejectionKind> {
        // First of all kinds, so that no later rule can pick something out of a card; and once
        // more below, for one whose digits are only digits after folding.
        if card::is_like(text) {
            return card::parse(text).map(Code::Card);
        }
        let text = &fold(text);
        if text.is_empty() {
            return Err(RejectionKind::Empty);
        }
        if card::is_like(text) {
            return Err(RejectionKind::DamagedCard);
        }
        if let Some(code) = sheet::counter(text).map(Code::Counter) {
            return Ok(code);
        }
        if let Some(code) = sheet::purpose(text).map(Code::Purpose) {
            return Ok(code);
        }
        if let Some(ticket) = ticket::parse(text) {
            return Ok(Code::Ticket(ticket));
        }
        let dossier = match web::split(text) {
            Some((host, _)) if web::is_vneid(host) => Err(RejectionKind::Vneid),
            Some((_, rest)) => web::dossier(rest),
            None => dossier::parse(text),
        };
        match (dossier, serial::parse(text, &self.serial_offices)) {
            (Ok(dossier), _) | (Err(RejectionKind::Unknown), Some(dossier)) => {
                Ok(Code::Dossier(dossier))
            }
            (Err(RejectionKind::Unknown), None) => Err(kind_of_stranger(text, symbology)),
            (Err(kind), _) => Err(kind),
        }
    }
}

/// Which kind of text that is no code: what a clerk can do about it differs.
fn kind_of_stranger(text: &str, symbology: Option<Symbology>) -> RejectionKind {
    if serial::is_like(text) {
        RejectionKind::OldSerial
    } else if symbology != Some(Symbology::Product) && card::is_number(text) {
        RejectionKind::CitizenNumber
    } else if text.chars().any(|c| c.is_control() || c == '\u{FFFD}') {
        RejectionKind::Garbage
    } else if is_input_method_damage(text) {
        RejectionKind::InputMethod
    } else {
        RejectionKind::Unknown
    }
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

/// Also control characters: GS1 codes begin with a separator that is no part of the data.
fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c.is_control() || is_invisible(c))
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
