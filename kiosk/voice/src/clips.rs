//! Every clip that a voice needs, with the words that are said in it.
//!
//! A clip's name is also the name of its file: plain ASCII, whatever the language.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Language;

/// The sound before a call; nothing is said in it.
pub const CHIME: &str = "chime";
/// Before the number.
pub const CALL: &str = "call";
/// For who is called with priority, whatever the reason.
pub const PRIORITY: &str = "priority";
/// Before the counter.
pub const TO_COUNTER: &str = "to-counter";

const VIETNAMESE: [(&str, &str); 24] = [
    (CHIME, ""),
    (CALL, "Mời công dân có số"),
    (PRIORITY, "ưu tiên"),
    (TO_COUNTER, "đến quầy số"),
    ("0", "không"),
    ("1", "một"),
    ("2", "hai"),
    ("3", "ba"),
    ("4", "bốn"),
    ("5", "năm"),
    ("6", "sáu"),
    ("7", "bảy"),
    ("8", "tám"),
    ("9", "chín"),
    ("ten", "mười"),
    ("tens", "mươi"),
    ("one-after-tens", "mốt"),
    ("four-after-tens", "tư"),
    ("five-after-tens", "lăm"),
    ("hundred", "trăm"),
    ("linh", "linh"),
    ("le", "lẻ"),
    ("nghin", "nghìn"),
    ("ngan", "ngàn"),
];

const ENGLISH: [(&str, &str); 35] = [
    (CHIME, ""),
    (CALL, "Number"),
    (PRIORITY, "Priority"),
    (TO_COUNTER, "please go to counter"),
    ("0", "zero"),
    ("1", "one"),
    ("2", "two"),
    ("3", "three"),
    ("4", "four"),
    ("5", "five"),
    ("6", "six"),
    ("7", "seven"),
    ("8", "eight"),
    ("9", "nine"),
    ("10", "ten"),
    ("11", "eleven"),
    ("12", "twelve"),
    ("13", "thirteen"),
    ("14", "fourteen"),
    ("15", "fifteen"),
    ("16", "sixteen"),
    ("17", "seventeen"),
    ("18", "eighteen"),
    ("19", "nineteen"),
    ("20", "twenty"),
    ("30", "thirty"),
    ("40", "forty"),
    ("50", "fifty"),
    ("60", "sixty"),
    ("70", "seventy"),
    ("80", "eighty"),
    ("90", "ninety"),
    ("hundred", "hundred"),
    ("and", "and"),
    ("thousand", "thousand"),
];

/// Letters as they are called in Vietnam; where usage differs (R, S, L, N) as children learn to
/// spell, which tells them apart best over a loudspeaker.
const LETTERS: [(&str, &str); 26] = [
    ("letter-a", "a"),
    ("letter-b", "bê"),
    ("letter-c", "xê"),
    ("letter-d", "dê"),
    ("letter-e", "e"),
    ("letter-f", "ép"),
    ("letter-g", "giê"),
    ("letter-h", "hát"),
    ("letter-i", "i ngắn"),
    ("letter-j", "di"),
    ("letter-k", "ca"),
    ("letter-l", "lờ"),
    ("letter-m", "mờ"),
    ("letter-n", "nờ"),
    ("letter-o", "o"),
    ("letter-p", "pê"),
    ("letter-q", "quy"),
    ("letter-r", "rờ"),
    ("letter-s", "sờ"),
    ("letter-t", "tê"),
    ("letter-u", "u"),
    ("letter-v", "vê"),
    ("letter-w", "vê kép"),
    ("letter-x", "xờ"),
    ("letter-y", "i dài"),
    ("letter-z", "dét"),
];

/// The clip of a service's letter, A to Z.
pub fn letter(letter: char) -> Option<&'static str> {
    let index = (letter as usize).checked_sub('A' as usize)?;
    LETTERS.get(index).map(|(name, _)| *name)
}

/// Names that an office gives letters: by language, then letter.
pub type LetterNames = BTreeMap<Language, BTreeMap<char, String>>;

/// One clip of a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Clip {
    /// Its language.
    pub language: Language,
    /// Its name, one of [`all`].
    pub name: &'static str,
}

impl Clip {
    /// The clip of a language by name, if there is one.
    pub fn find(language: Language, name: &str) -> Option<Self> {
        let known = all(language).find(|(known, _)| *known == name);
        known.map(|(name, _)| Self { language, name })
    }

    /// What is said in it; empty for the chime. An office may call letters by other names.
    pub fn words(self, names: &LetterNames) -> String {
        let own = names.get(&self.language).and_then(|names| {
            let mut names = names.iter();
            names.find(|(of, _)| letter(**of) == Some(self.name))
        });
        match own {
            Some((_, name)) => name.clone(),
            None => match all(self.language).find(|(name, _)| *name == self.name) {
                Some((_, words)) => words.to_owned(),
                None => String::new(),
            },
        }
    }
}

/// Every clip of a language: its name, and what is said in it.
pub fn all(language: Language) -> impl Iterator<Item = (&'static str, &'static str)> {
    let words: &[_] = match language {
        Language::Vietnamese => &VIETNAMESE,
        Language::English => &ENGLISH,
    };
    let letters = LETTERS.iter().map(move |(name, vietnamese)| {
        let words = match language {
            Language::Vietnamese => vietnamese,
            // As it is spelled: speech programs know the English names.
            Language::English => name.strip_prefix("letter-").unwrap_or(name),
        };
        (*name, words)
    });
    words.iter().copied().chain(letters)
}

impl fmt::Display for Clip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.language.code(), self.name)
    }
}

impl From<Clip> for String {
    fn from(clip: Clip) -> Self {
        clip.to_string()
    }
}

impl FromStr for Clip {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (language, name) = text.split_once('/').unwrap_or_default();
        Language::of(language)
            .and_then(|language| Self::find(language, name))
            .ok_or("no clip that a voice has")
    }
}

impl TryFrom<String> for Clip {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}
