//! Why a text is no code of ours, and as much of it as may be told.

use std::fmt;

use super::Symbology;

/// Signs shown at each end of a refused text: enough to see which label was read.
const SHOWN_EACH_END: usize = 2;
/// A text shorter than this shows its first sign only: two at each end would be most of it ...
const SHOWN_BOTH_ENDS_FROM: usize = 8;
/// ... and one shorter than this nothing.
const SHOWN_FROM: usize = 4;

/// Why a text is none. Carries no more of it than [`masked`](Self::masked), and shows none of
/// it in `Display` and `Debug`.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a code this office reads: {kind}")]
pub struct Rejection {
    /// What was wrong, as far as it helps a person.
    pub kind: RejectionKind,
    /// What was read, as `89…65`; nothing of what may be a person's.
    pub masked: Option<String>,
    /// Signs that were read.
    pub signs: usize,
    /// What the scanner says it was: a product's barcode is told from a worn label by it.
    pub symbology: Option<Symbology>,
}

/// Kinds of refused texts: one for each thing a clerk would do differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RejectionKind {
    /// Readable, but no code we know: another shop's barcode, a sentence, a wrong page.
    Unknown,
    /// A citizen card's QR code with a part missing or at odds with another: misread.
    DamagedCard,
    /// Twelve digits as a citizen's number has them, without the card they stand on.
    CitizenNumber,
    /// The code that the VNeID application shows: only the police's own service can read it.
    Vneid,
    /// A local serial from before the national dossier codes, of an office not named in the
    /// configuration.
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
    pub const ALL: [Self; 10] = [
        Self::Unknown,
        Self::DamagedCard,
        Self::CitizenNumber,
        Self::Vneid,
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
            Self::DamagedCard => "damaged-card",
            Self::CitizenNumber => "citizen-number",
            Self::Vneid => "vneid",
            Self::OldSerial => "old-serial",
            Self::BadDate => "bad-date",
            Self::TooLong => "too-long",
            Self::Empty => "empty",
            Self::InputMethod => "input-method",
            Self::Garbage => "garbage",
        }
    }

    /// Whether the text may be a person's, so that no sign of it is told. One too long to be
    /// read was not looked at, so it may be anything.
    fn is_personal(self) -> bool {
        matches!(
            self,
            Self::DamagedCard | Self::CitizenNumber | Self::Vneid | Self::TooLong
        )
    }
}

impl fmt::Display for RejectionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Of a text that nobody has: a frame that was none.
impl From<RejectionKind> for Rejection {
    fn from(kind: RejectionKind) -> Self {
        Self {
            kind,
            masked: None,
            signs: 0,
            symbology: None,
        }
    }
}

/// Without the text: this one ends in logs.
impl fmt::Debug for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rejection({})", self.kind)
    }
}

impl Rejection {
    /// Of this text, with its symbology prefix taken off.
    pub(super) fn of(text: &str, symbology: Option<Symbology>, kind: RejectionKind) -> Self {
        // A text may hold bars and digits anywhere: with a bar it may be a piece of a card.
        let signs = text.chars().count();
        let told = !kind.is_personal() && signs >= SHOWN_FROM && !text.contains('|');
        Self {
            kind,
            masked: told.then(|| masked(text)),
            signs,
            symbology,
        }
    }
}

/// `89…65`. What is no plain sign becomes a dot: a control or a change of writing direction
/// would spoil the sentence it stands in.
fn masked(text: &str) -> String {
    let signs: Vec<char> = text
        .chars()
        .map(|sign| match sign {
            _ if sign.is_ascii_graphic() || sign.is_alphanumeric() => sign,
            _ => '·',
        })
        .collect();
    let (head, tail) = match signs.len() {
        SHOWN_BOTH_ENDS_FROM.. => (SHOWN_EACH_END, SHOWN_EACH_END),
        _ => (1, 0),
    };
    let start: String = signs[..head].iter().collect();
    let end: String = signs[signs.len() - tail..].iter().collect();
    format!("{start}…{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_tells_the_ends_of_what_was_read_and_never_most_of_it() {
        for (text, shown) in [
            ("8934563138165", "89…65"),
            ("H05.114-250625-002", "H0…02"),
            ("WIFI:S:Phong;T:WPA;P:12345678;;", "WI…;;"),
            ("Phường 8", "Ph…·8"),
            ("A120", "A…"),
            ("1234567", "1…"),
            ("\u{202E}\u{1b}345678", "··…78"),
        ] {
            let rejection = Rejection::of(text, None, RejectionKind::Unknown);
            assert_eq!(rejection.masked.as_deref(), Some(shown), "for {text:?}");
            assert_eq!(rejection.signs, text.chars().count());
        }
    }

    #[test]
    fn a_refusal_tells_nothing_of_what_may_be_a_persons() {
        use RejectionKind as K;
        for (text, kind) in [
            ("079085001234", K::CitizenNumber),
            ("079085001234|024123456|Nguyen", K::DamagedCard),
            ("https://vneid.gov.vn/qr/8f2c", K::Vneid),
            // The second half of a card with a line break in it.
            ("Nguyen Thi Tuyet|15081985|Nu|12 Le Loi", K::Unknown),
            ("", K::Empty),
            // Any sign of so short a text would be most of it.
            ("A12", K::Unknown),
        ] {
            let rejection = Rejection::of(text, None, kind);
            assert_eq!(rejection.masked, None, "for {text:?}");
            assert!(!format!("{rejection} {rejection:?}").contains("0790"));
        }
    }

    #[test]
    fn what_was_read_stays_out_of_logs() {
        let rejection = Rejection::of("8934563138165", None, RejectionKind::Unknown);
        assert!(!format!("{rejection} {rejection:?}").contains("89"));
    }

    #[test]
    fn every_kind_has_a_word_of_its_own() {
        let mut words: Vec<_> = RejectionKind::ALL.map(RejectionKind::code).into();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), RejectionKind::ALL.len());
    }
}
