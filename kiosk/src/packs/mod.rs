//! The clips of an office: what calls are spoken with.
//!
//! In `{data}/voice` lie two sets. `made` comes from a speech program; `own` is what the office
//! recorded or took in from a pack, and stands before it clip by clip. Each set has a folder per
//! language, each clip is a WAV file named like it.

mod archive;
mod make;

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use voice::clips::CHIME;
use voice::level::{Unusable, trimmed_and_levelled};
use voice::wav::{self, WavError};
use voice::{Clip, Language, chime, clips};

use crate::safe_file;

pub use archive::{BYTES_MAX, PackError, pack, unpack};
pub use make::{MakeError, make};

/// The folder of both sets, in the data folder.
pub const FOLDER: &str = "voice";
/// Beside the clips of a language in `own`: who speaks.
const MANIFEST: &str = "pack.json";

/// Where a clip comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Recorded by the office, or taken in from a pack.
    Own,
    /// By a speech program.
    Made,
    /// The chime that the program has with it.
    BuiltIn,
}

impl Origin {
    /// As programs read it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Made => "made",
            Self::BuiltIn => "built-in",
        }
    }

    fn folder(self) -> Option<&'static str> {
        match self {
            Self::Own => Some("own"),
            Self::Made => Some("made"),
            Self::BuiltIn => None,
        }
    }
}

/// What is known of a set of clips; also the head of a pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Of packs; this program knows [`Manifest::FORMAT`].
    pub format: u32,
    /// Whose words.
    pub language: Language,
    /// Who speaks, for people.
    pub name: String,
    /// What is said in each clip, by its name.
    pub clips: BTreeMap<String, String>,
}

impl Manifest {
    /// The format that this program writes.
    pub const FORMAT: u32 = 1;
}

/// Why a clip cannot be played.
#[derive(Debug)]
pub struct Missing(pub Clip);

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the clip {} is missing", self.0)
    }
}

/// Why a recording does not become a clip.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// It is no such file.
    #[error(transparent)]
    Wav(#[from] WavError),
    /// It says nothing, or too much.
    #[error(transparent)]
    Unusable(#[from] Unusable),
    /// The disk.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// The clips in a data folder.
#[derive(Clone, Debug)]
pub struct Packs {
    folder: PathBuf,
}

impl Packs {
    /// Those of a data folder.
    pub fn of(data: &Path) -> Self {
        Self {
            folder: data.join(FOLDER),
        }
    }

    fn set(&self, origin: Origin, language: Language) -> Option<PathBuf> {
        Some(self.folder.join(origin.folder()?).join(language.code()))
    }

    fn file(&self, origin: Origin, clip: Clip) -> Option<PathBuf> {
        let set = self.set(origin, clip.language)?;
        Some(set.join(format!("{}.wav", clip.name)))
    }

    /// Where a clip comes from, if there is one.
    pub fn origin(&self, clip: Clip) -> Option<Origin> {
        let there = |origin: &Origin| self.file(*origin, clip).is_some_and(|file| file.is_file());
        let found = [Origin::Own, Origin::Made].into_iter().find(there);
        found.or((clip.name == CHIME).then_some(Origin::BuiltIn))
    }

    /// The samples of a clip. One that was recorded and cannot be read leaves its place to the one
    /// that was made.
    pub fn samples(&self, clip: Clip) -> Result<Vec<i16>, Missing> {
        let read = |origin| wav::read(&std::fs::read(self.file(origin, clip)?).ok()?).ok();
        let found = [Origin::Own, Origin::Made].into_iter().find_map(read);
        match found {
            Some(samples) => Ok(samples),
            None if clip.name == CHIME => Ok(chime::chime()),
            None => Err(Missing(clip)),
        }
    }

    /// Clips of those that are not there.
    pub fn missing(&self, wanted: impl IntoIterator<Item = Clip>) -> Vec<Clip> {
        let wanted = wanted.into_iter();
        wanted.filter(|clip| self.origin(*clip).is_none()).collect()
    }

    /// Makes a recording the office's own clip: trimmed, and as loud as the others.
    pub fn record(&self, clip: Clip, recording: &[u8]) -> Result<(), RecordError> {
        let samples = trimmed_and_levelled(&wav::read(recording)?)?;
        Ok(self.put(Origin::Own, clip, &samples)?)
    }

    /// Takes the office's own clip away; the one that was made is heard again.
    pub fn remove(&self, clip: Clip) -> io::Result<()> {
        match self.file(Origin::Own, clip) {
            Some(file) if file.exists() => safe_file::remove(&file),
            _ => Ok(()),
        }
    }

    fn put(&self, origin: Origin, clip: Clip, samples: &[i16]) -> io::Result<()> {
        match self.file(origin, clip) {
            Some(file) => safe_file::replace(&file, &wav::write(samples)),
            None => Ok(()),
        }
    }

    /// Who speaks the office's own clips of a language; empty if nobody said.
    pub fn name(&self, language: Language) -> String {
        let file = self.set(Origin::Own, language);
        let text = file.and_then(|set| std::fs::read(set.join(MANIFEST)).ok());
        let manifest = text.and_then(|text| serde_json::from_slice::<Manifest>(&text).ok());
        manifest.map_or(String::new(), |manifest| manifest.name)
    }

    /// Notes who speaks the office's own clips of a language.
    pub fn rename(&self, language: Language, name: &str) -> io::Result<()> {
        let Some(set) = self.set(Origin::Own, language) else {
            return Ok(());
        };
        let manifest = Manifest {
            format: Manifest::FORMAT,
            language,
            name: name.to_owned(),
            clips: BTreeMap::new(),
        };
        safe_file::replace(&set.join(MANIFEST), &serde_json::to_vec(&manifest)?)
    }
}

/// Every clip of a language.
pub fn clips_of(language: Language) -> impl Iterator<Item = Clip> {
    clips::all(language).map(move |(name, _)| Clip { language, name })
}

/// Clips that an office with these letters can need.
pub fn needed(voice: &crate::config::Voice, letters: &[char]) -> Vec<Clip> {
    let unused = voice.reading().unused_words();
    let named: Vec<_> = letters.iter().filter_map(|l| clips::letter(*l)).collect();
    let wanted = |clip: &Clip| match clip.name.starts_with("letter-") {
        true => named.contains(&clip.name),
        false => !unused.contains(&clip.name),
    };
    let languages = voice.languages.iter();
    let all = languages.flat_map(|language| clips_of(*language));
    all.filter(wanted).collect()
}

#[cfg(test)]
mod tests;
