//! The first set, made by espeak-ng: it needs no network, no licence key and no model.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use voice::clips::{CHIME, LetterNames};
use voice::{Clip, Language, chime};

use super::{Origin, Packs, RecordError, clips_of};

/// Words a minute: slower than people talk, for a hall with an echo.
const SPEED: &str = "140";

/// Why there is no first set.
#[derive(Debug, thiserror::Error)]
pub enum MakeError {
    /// It is not installed.
    #[error("espeak-ng is not installed: apt install espeak-ng")]
    NoProgram,
    /// It cannot speak the language or the text.
    #[error("espeak-ng could not say {clip}: {said}")]
    Failed {
        /// Which clip.
        clip: Clip,
        /// What it said.
        said: String,
    },
    /// What it made is no clip.
    #[error("{clip}: {cause}")]
    Unusable {
        /// Which clip.
        clip: Clip,
        /// Why.
        cause: RecordError,
    },
    /// The disk.
    #[error("{path}: {cause}")]
    Io {
        /// The clip's file or folder.
        path: String,
        /// What the system said.
        cause: std::io::Error,
    },
}

/// Makes every clip of a language; how many there are. What the office recorded stays as it is.
pub fn make(packs: &Packs, language: Language, letters: &LetterNames) -> Result<usize, MakeError> {
    let mut made = 0;
    for clip in clips_of(language) {
        let samples = match clip.name {
            CHIME => chime::chime(),
            _ => spoken(clip, &clip.words(letters))?,
        };
        let put = packs.put(Origin::Made, clip, &samples);
        put.map_err(|cause| MakeError::Io {
            path: path_of(packs, clip).display().to_string(),
            cause,
        })?;
        made += 1;
    }
    Ok(made)
}

fn path_of(packs: &Packs, clip: Clip) -> PathBuf {
    packs.file(Origin::Made, clip).unwrap_or_default()
}

/// One clip as the program speaks it.
fn spoken(clip: Clip, words: &str) -> Result<Vec<i16>, MakeError> {
    let said = Command::new("espeak-ng")
        .args(["-v", clip.language.code(), "-s", SPEED, "--stdout", "--"])
        .arg(words)
        .stdin(Stdio::null())
        .output();
    let said = match said {
        Ok(said) if said.status.success() && !said.stdout.is_empty() => said.stdout,
        Ok(said) => {
            let said = String::from_utf8_lossy(&said.stderr).trim().to_owned();
            return Err(MakeError::Failed { clip, said });
        }
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
            return Err(MakeError::NoProgram);
        }
        Err(cause) => {
            let said = cause.to_string();
            return Err(MakeError::Failed { clip, said });
        }
    };
    let usable = voice::wav::read(&said).map_err(RecordError::from);
    let usable = usable.and_then(|samples| Ok(voice::level::trimmed_and_levelled(&samples)?));
    usable.map_err(|cause| MakeError::Unusable { clip, cause })
}
