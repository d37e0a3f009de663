//! The QR code of a citizen card: whose number, and born when. Nothing else leaves this file.
//!
//! Fields between bars: number, older identity number (may be empty), name, birth date, sex,
//! address, day of issue; cards since 2024 may append more. A card proves nothing, since a photo
//! of its code reads the same; it only tells one citizen from another for a day.
//!
//! Promises:
//! - the number's own digits and the other fields agree: its fourth digit is century and sex, the
//!   next two the year of birth. A card at odds with itself was misread, and is refused;
//! - letters that were lost on the way (a keyboard scanner drops marked ones, another encoding
//!   garbles them) cost nothing: digits and bars are the same in all of them. Of a birth date that
//!   suffered as well the number remains;
//! - twelve digits alone are no card, however good their structure: anybody can type them, and
//!   every twelfth product code looks so.

use std::fmt;
use std::hint::black_box;

use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization;

use super::{RejectionKind, digits, mojibake};

/// Fields of a card's code. One that ends earlier was cut off.
const FIELDS_MIN: usize = 7;
/// Digits of a citizen's number, the first field.
const NUMBER_DIGITS: usize = 12;
/// Place of the digit for century and sex in a number.
const CENTURY_AT: usize = 3;
/// Highest such digit in use: a woman born from 2000 on.
const CENTURY_MAX: u8 = 3;

/// A citizen card that was read. Has no name to give away, and its number shows in no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Card {
    number: [u8; NUMBER_DIGITS],
    birth: Option<Date>,
    letters_lost: bool,
}

impl Card {
    /// Of a number and a birth date that agree; `None` where they cannot be one person's.
    pub fn of(number: &str, birth: Option<Date>) -> Option<Self> {
        let digits: [u8; NUMBER_DIGITS] = number.as_bytes().try_into().ok()?;
        let card = Self {
            number: digits,
            birth,
            letters_lost: false,
        };
        let sound = super::digits(number)
            // The province or country where the birth was registered; there is no 000.
            && !number.starts_with("000")
            && card.century() <= CENTURY_MAX
            && birth.is_none_or(|birth| birth.year() == card.birth_year());
        sound.then_some(card)
    }

    /// The citizen's number, twelve digits.
    pub fn number(&self) -> &str {
        std::str::from_utf8(&self.number).expect("only digits were taken")
    }

    /// The birth date. `None`: the card has the year only, or it was lost on the way.
    pub fn birth(&self) -> Option<Date> {
        self.birth
    }

    /// Full years on this day, where the birth date is known and not after it.
    pub fn age_on(&self, day: Date) -> Option<u16> {
        let birth = self.birth?;
        let had_birthday = (day.month(), day.day()) >= (birth.month(), birth.day());
        let years = day.year() - birth.year() - i16::from(!had_birthday);
        u16::try_from(years).ok()
    }

    /// Whether the name's letters did not come through: this scanner should be set to another
    /// mode or encoding.
    pub fn letters_lost(&self) -> bool {
        self.letters_lost
    }

    fn century(&self) -> u8 {
        self.number[CENTURY_AT] - b'0'
    }

    fn birth_year(&self) -> i16 {
        let digit = |at: usize| i16::from(self.number[at] - b'0');
        let century = 19 + i16::from(self.century() / 2);
        century * 100 + digit(CENTURY_AT + 1) * 10 + digit(CENTURY_AT + 2)
    }

    fn is_womans(&self) -> bool {
        self.century() % 2 == 1
    }
}

impl fmt::Debug for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Card(***)")
    }
}

/// Memory is not left with numbers in it for a crash dump to find.
impl Drop for Card {
    fn drop(&mut self) {
        self.number = [b'0'; NUMBER_DIGITS];
        self.birth = None;
        black_box(&self.number);
        black_box(&self.birth);
    }
}

/// Whether a text is a card's code, whole or not: no later rule may pick something out of it.
pub(crate) fn is_like(text: &str) -> bool {
    let mut fields = text.split('|');
    // Of a text as it came off the line also noise may stand in front.
    let number = super::trim(fields.next().unwrap_or_default());
    let others = fields.count();
    let whole = number.len() == NUMBER_DIGITS && others > 0;
    !number.is_empty() && digits(number) && (whole || others + 1 >= FIELDS_MIN)
}

/// Whether a text has the shape of a citizen's number.
pub(super) fn is_number(text: &str) -> bool {
    Card::of(text, None).is_some()
}

/// Reads a trimmed text that [`is_like`] a card. Not folded: folding takes garbled letters apart.
pub(super) fn parse(text: &str) -> Result<Card, RejectionKind> {
    let text = mojibake::repaired(text);
    let fields: Vec<&str> = text.split('|').map(str::trim).collect();
    let [number, _, name, birth, sex, address, _, ..] = fields[..] else {
        return Err(RejectionKind::DamagedCard);
    };
    let letters_lost = are_letters_lost(name, sex, address);
    let birth = match Born::read(birth) {
        Some(born) => born,
        None if letters_lost => Born::Unknown,
        None => return Err(RejectionKind::DamagedCard),
    };
    let day = match birth {
        Born::On(day) => Some(day),
        _ => None,
    };
    let card = Card::of(number, day).ok_or(RejectionKind::DamagedCard)?;
    let agrees = match birth {
        Born::In(year) => year == card.birth_year(),
        Born::On(_) | Born::Unknown => true,
    };
    if !agrees || is_woman(sex).is_some_and(|woman| woman != card.is_womans()) {
        return Err(RejectionKind::DamagedCard);
    }
    // Not by `..card`: what is dropped wipes itself.
    let mut card = card;
    card.letters_lost = letters_lost;
    Ok(card)
}

/// What the fourth field says.
#[derive(Clone, Copy)]
enum Born {
    /// `ddMMyyyy`.
    On(Date),
    /// `yyyy` or `0000yyyy`: many of the old know only the year.
    In(i16),
    /// Lost on the way.
    Unknown,
}

impl Born {
    fn read(field: &str) -> Option<Self> {
        if !digits(field) {
            return None;
        }
        let number: u32 = field.parse().ok()?;
        let year = i16::try_from(number % 10_000).ok()?;
        match (field.len(), number / 10_000) {
            (4 | 8, 0) => Some(Self::In(year)),
            (8, day_and_month) => {
                let [day, month] =
                    [day_and_month / 100, day_and_month % 100].map(|part| i8::try_from(part).ok());
                Date::new(year, month?, day?).ok().map(Self::On)
            }
            _ => None,
        }
    }
}

/// As the card writes it, or as it comes without marks. `None`: not readable, so it says nothing.
fn is_woman(sex: &str) -> Option<bool> {
    match sex.nfc().collect::<String>().to_lowercase().as_str() {
        "nam" => Some(false),
        "nữ" | "nu" => Some(true),
        _ => None,
    }
}

/// A whole Vietnamese card without one marked letter does not exist, nor a word of a name without
/// a vowel: `Nguyễn Thị` has become `Nguyn Th`.
fn are_letters_lost(name: &str, sex: &str, address: &str) -> bool {
    let has_marks = |text: &str| {
        text.nfc()
            .any(|sign| !sign.is_ascii() && sign.is_alphabetic())
    };
    let has_vowel = |word: &str| {
        word.nfd()
            .any(|sign| "aeiouy".contains(sign.to_ascii_lowercase()))
    };
    // Signs that stand for one nobody could read; the last ones are bytes taken for letters.
    let spoilt = |sign: char| matches!(sign, '\u{FFFD}' | '?' | '\u{80}'..='\u{9F}');
    let damaged = |text: &str| text.contains(spoilt);
    ![name, sex, address].into_iter().any(has_marks)
        || !name.split_whitespace().all(has_vowel)
        || [name, sex, address].into_iter().any(damaged)
}
