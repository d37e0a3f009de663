//! Calls as they are spoken: a number in words, words as recorded clips, clips as one sound.
//!
//! Pure: no clock, disk, device or chance. Samples come in and go out; who plays them, and where
//! clips are kept, is the kiosk's business.
//!
//! - [`call`] says which clips make up a call; [`clips`] lists all there are, with their words.
//! - [`vietnamese`] and [`english`] read numbers.
//! - [`wav`], [`level`], [`join`] and [`chime`] make sound of them.

pub mod call;
pub mod chime;
pub mod clips;
pub mod english;
pub mod join;
pub mod level;
pub mod resample;
pub mod vietnamese;
pub mod wav;

use serde::{Deserialize, Serialize};

pub use call::Call;
pub use clips::Clip;

/// Samples a second of every clip and of what is played: that of espeak-ng, and plenty for speech.
pub const RATE: u32 = 22_050;

/// A language that has a voice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Language {
    /// The office's own.
    #[serde(rename = "vi")]
    Vietnamese,
    /// For guests.
    #[serde(rename = "en")]
    English,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::Vietnamese, Self::English];

    /// As in configuration, pages and folders.
    pub fn code(self) -> &'static str {
        match self {
            Self::Vietnamese => "vi",
            Self::English => "en",
        }
    }

    /// The language of a code.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|language| language.code() == code)
    }
}

/// How a ticket's number is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// `A012`: *A, không một hai*. As it stands on the slip, so that nobody has to calculate.
    #[default]
    Digits,
    /// `A012`: *A, mười hai*.
    Cardinal,
    /// `A012`: *A, không mười hai*, as people say it.
    Padded,
}

/// What stands for a zero in the tens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ZeroTens {
    /// In the North.
    #[default]
    #[serde(rename = "linh")]
    Linh,
    /// In the South.
    #[serde(rename = "lẻ")]
    Le,
}

/// The word for a thousand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Thousand {
    /// In the North.
    #[default]
    #[serde(rename = "nghìn")]
    Nghin,
    /// In the South.
    #[serde(rename = "ngàn")]
    Ngan,
}

/// How numbers are read at an office.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Of the ticket's number; a counter is always read as one number.
    pub mode: Mode,
    /// The region's word.
    pub zero_tens: ZeroTens,
    /// The region's word.
    pub thousand: Thousand,
}

impl Reading {
    /// The clips of a whole number, such as a counter's.
    pub fn cardinal(self, language: Language, n: u32) -> Vec<&'static str> {
        match language {
            Language::Vietnamese => vietnamese::cardinal(n, self),
            Language::English => english::cardinal(n),
        }
    }

    /// Clips of the region's words that are not said here.
    pub fn unused_words(self) -> [&'static str; 2] {
        let zero_tens = match self.zero_tens {
            ZeroTens::Linh => "le",
            ZeroTens::Le => "linh",
        };
        let thousand = match self.thousand {
            Thousand::Nghin => "ngan",
            Thousand::Ngan => "nghin",
        };
        [zero_tens, thousand]
    }

    /// The clips of a ticket's number, without its letter.
    pub fn number(self, language: Language, n: u32) -> Vec<&'static str> {
        match self.mode {
            Mode::Cardinal => self.cardinal(language, n),
            Mode::Digits => digits(&written(n)),
            Mode::Padded => {
                let written = written(n);
                let zeros = written.len() - written.trim_start_matches('0').len();
                let mut words = digits(&written[..zeros]);
                if n > 0 {
                    words.extend(self.cardinal(language, n));
                }
                words
            }
        }
    }
}

/// As on the slip.
fn written(n: u32) -> String {
    format!("{n:03}")
}

/// The clips of digits said one by one; a five alone is never *lăm*.
pub(crate) fn digits(written: &str) -> Vec<&'static str> {
    let digits = written.chars().filter_map(|digit| digit.to_digit(10));
    digits.map(|digit| DIGITS[digit as usize]).collect()
}

/// Clips of the digits, in both languages.
pub(crate) const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/// Beyond this a number is read digit by digit: no ticket and no counter comes near it.
pub(crate) const CARDINAL_MAX: u32 = 999_999;
