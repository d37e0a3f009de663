//! `[voice]`: how calls are spoken; `[lobby]`: whether this machine's lobby screen plays them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::civil::Time;
use serde::{Deserialize, Deserializer, de::Error as _};
use voice::clips::{LetterNames, letter};
use voice::{Language, Mode, Reading, Thousand, ZeroTens};

/// More than three times the same is no service to those who wait.
const REPEAT: std::ops::RangeInclusive<u32> = 1..=3;
/// A letter's name is a word or two.
const LETTER_NAME_MAX: usize = 20;

/// `[voice]`: of the daemon, which orders what is heard on every lobby screen with sound.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Voice {
    /// Whether calls are announced at all.
    pub enabled: bool,
    /// Languages that a call is said in, one after the other.
    #[serde(deserialize_with = "languages")]
    pub languages: Vec<Language>,
    /// How a ticket's number is read: `digits`, `cardinal` or `padded`.
    pub mode: Mode,
    /// `linh` or `lẻ`, for a zero in the tens.
    pub zero_tens: ZeroTens,
    /// `nghìn` or `ngàn`.
    pub thousand: Thousand,
    /// How often each call is said.
    #[serde(deserialize_with = "repeat")]
    pub repeat: u32,
    /// Percent of full strength; 0: nothing is said.
    #[serde(deserialize_with = "percent")]
    pub volume: u8,
    /// Other strengths at some hours.
    pub volume_at: Vec<VolumeAt>,
    /// What letters are called here, by language; for making and recording clips.
    #[serde(deserialize_with = "letters")]
    pub letters: LetterNames,
}

impl Default for Voice {
    fn default() -> Self {
        Self {
            enabled: true,
            languages: vec![Language::Vietnamese],
            mode: Mode::default(),
            zero_tens: ZeroTens::default(),
            thousand: Thousand::default(),
            repeat: 2,
            volume: 100,
            volume_at: Vec::new(),
            letters: LetterNames::new(),
        }
    }
}

/// Hours with a strength of their own.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "RawVolumeAt")]
pub struct VolumeAt {
    /// First moment, in the office's time.
    pub from: Time,
    /// First moment after.
    pub to: Time,
    /// Percent of full strength.
    pub volume: u8,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawVolumeAt {
    from: String,
    to: String,
    volume: u8,
}

impl TryFrom<RawVolumeAt> for VolumeAt {
    type Error = &'static str;

    fn try_from(raw: RawVolumeAt) -> Result<Self, Self::Error> {
        let time = |text: &str| {
            let time = text.parse();
            time.map_err(|_| "voice.volume_at: a time of day such as 11:30")
        };
        let (from, to): (Time, Time) = (time(&raw.from)?, time(&raw.to)?);
        if from >= to {
            return Err("voice.volume_at: to must be later than from");
        }
        match raw.volume {
            volume @ 0..=100 => Ok(Self { from, to, volume }),
            _ => Err("voice.volume_at: volume is from 0 to 100"),
        }
    }
}

impl Voice {
    /// How numbers are read.
    pub fn reading(&self) -> Reading {
        Reading {
            mode: self.mode,
            zero_tens: self.zero_tens,
            thousand: self.thousand,
        }
    }

    /// Percent of full strength at a time of day, or while none is known.
    pub fn volume_at(&self, time: Option<Time>) -> u8 {
        let at = |span: &&VolumeAt| time.is_some_and(|t| span.from <= t && t < span.to);
        let span = self.volume_at.iter().find(at);
        span.map_or(self.volume, |span| span.volume)
    }
}

fn languages<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Language>, D::Error> {
    let languages = Vec::<Language>::deserialize(from)?;
    let twice = (1..languages.len()).any(|at| languages[..at].contains(&languages[at]));
    match languages.is_empty() || twice {
        true => Err(D::Error::custom(
            "voice.languages: vi, en or both, each once",
        )),
        false => Ok(languages),
    }
}

fn repeat<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    let times = u32::deserialize(from)?;
    let (least, most) = (REPEAT.start(), REPEAT.end());
    match REPEAT.contains(&times) {
        true => Ok(times),
        false => Err(D::Error::custom(format!(
            "voice.repeat: from {least} to {most}"
        ))),
    }
}

fn percent<'de, D: Deserializer<'de>>(from: D) -> Result<u8, D::Error> {
    match u8::deserialize(from)? {
        volume @ 0..=100 => Ok(volume),
        _ => Err(D::Error::custom("voice.volume: from 0 to 100")),
    }
}

fn letters<'de, D: Deserializer<'de>>(from: D) -> Result<LetterNames, D::Error> {
    let names = BTreeMap::<Language, BTreeMap<char, String>>::deserialize(from)?;
    for (of, name) in names.values().flatten() {
        let fits = (1..=LETTER_NAME_MAX).contains(&name.chars().count());
        if letter(*of).is_none() || !fits || name.chars().any(char::is_control) {
            return Err(D::Error::custom(
                "voice.letters: letters from A to Z, with names of at most 20 characters",
            ));
        }
    }
    Ok(names)
}

/// `[lobby]`: of the machine that a lobby screen runs on.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LobbySound {
    /// Whether it speaks the calls.
    pub sound: bool,
    /// What plays them.
    pub player: Player,
}

/// What plays a sound.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Player {
    /// `auto`: the first of the usual programs that works.
    #[default]
    Auto,
    /// `file:PATH`: no device; what would be heard is written behind what is there.
    File(PathBuf),
    /// A program with its arguments; the name of a WAV file is put behind them.
    Command(Vec<String>),
}

impl TryFrom<String> for Player {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        match (text.strip_prefix("file:"), words.as_slice()) {
            (Some(""), _) | (_, []) => {
                Err("lobby.player: auto, file:PATH, or a program such as `aplay -q -D plughw:1`")
            }
            (Some(path), _) => Ok(Self::File(path.into())),
            (None, [auto]) if auto == "auto" => Ok(Self::Auto),
            _ => Ok(Self::Command(words)),
        }
    }
}

impl LobbySound {
    /// Like every path in the file: beside it unless absolute.
    pub(super) fn beside(&mut self, folder: &Path) {
        if let Player::File(path) = &mut self.player {
            *path = folder.join(&*path);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn it_is_quieter_at_the_hours_that_the_office_names() {
        let voice: Voice = toml::from_str(
            "volume = 80\n\
             volume_at = [{ from = \"11:30\", to = \"13:30\", volume = 30 },\n\
             { from = \"13:00\", to = \"23:00\", volume = 0 }]",
        )
        .unwrap();
        for (time, volume) in [
            ("11:29", 80),
            ("11:30", 30),
            ("13:29", 30),
            ("13:30", 0),
            ("23:00", 80),
        ] {
            assert_eq!(
                voice.volume_at(Some(time.parse().unwrap())),
                volume,
                "{time}"
            );
        }
        assert_eq!(voice.volume_at(None), 80);
    }

    #[test]
    fn what_cannot_be_spoken_so_is_refused_with_its_field() {
        for (text, said) in [
            ("languages = []", "voice.languages"),
            ("languages = [\"vi\", \"vi\"]", "voice.languages"),
            ("languages = [\"fr\"]", "unknown variant `fr`"),
            ("mode = \"loud\"", "unknown variant `loud`"),
            ("zero_tens = \"le\"", "unknown variant `le`"),
            ("repeat = 0", "voice.repeat: from 1 to 3"),
            ("volume = 101", "voice.volume: from 0 to 100"),
            (
                "volume_at = [{ from = \"13:00\", to = \"12:00\", volume = 1 }]",
                "later than from",
            ),
            ("letters = { vi = { \"1\" = \"một\" } }", "voice.letters"),
            ("letters = { vi = { A = \"\" } }", "voice.letters"),
        ] {
            let error = toml::from_str::<Voice>(text).unwrap_err().to_string();
            assert!(error.contains(said), "{text}: {error}");
        }
        let voice: Voice = toml::from_str(
            "letters = { vi = { S = \"sờ nặng\" } }\nzero_tens = \"lẻ\"\nthousand = \"ngàn\"",
        )
        .unwrap();
        assert_eq!(voice.letters[&Language::Vietnamese][&'S'], "sờ nặng");
        assert_eq!(voice.reading().zero_tens, ZeroTens::Le);
    }

    #[test]
    fn a_player_is_a_program_a_file_or_whatever_is_there() {
        let player = |text: &str| Player::try_from(text.to_owned());
        assert_eq!(player("auto"), Ok(Player::Auto));
        assert_eq!(player("file:a b.wav"), Ok(Player::File("a b.wav".into())));
        let words = ["aplay", "-q"].map(str::to_owned).to_vec();
        assert_eq!(player(" aplay  -q "), Ok(Player::Command(words)));
        for bad in ["", "  ", "file:"] {
            assert!(player(bad).is_err(), "{bad:?}");
        }
        let mut lobby: LobbySound = toml::from_str("player = \"file:calls.wav\"").unwrap();
        lobby.beside(Path::new("/etc/kiosk"));
        assert_eq!(lobby.player, Player::File("/etc/kiosk/calls.wav".into()));
    }
}
