//! A pack: one language's own clips as a ZIP file, to be shared with other offices.
//!
//! `pack.json` says whose voice it is, each clip is `<name>.wav`. What else is in it is refused: a
//! pack from elsewhere writes nothing but clips, each read, trimmed and levelled like a recording.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};

use voice::clips::LetterNames;
use voice::{Clip, Language};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::{MANIFEST, Manifest, Origin, Packs, RecordError, clips_of};

/// The largest pack: every clip of a language at its longest.
pub const BYTES_MAX: usize = 32 << 20;
/// The manifest names some sixty clips.
const MANIFEST_BYTES_MAX: u64 = 64 * 1024;
/// The longest clip in the best quality that a studio delivers.
const CLIP_BYTES_MAX: u64 = 4 << 20;
/// A name for people.
const NAME_MAX: usize = 80;

/// Why a pack is not taken in; nothing of it was.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// Something else, or damaged.
    #[error("the file is no voice pack: {0}")]
    NotAPack(String),
    /// Made by a newer program.
    #[error("the pack has format {0}, this program knows {known}", known = Manifest::FORMAT)]
    Newer(u32),
    /// Larger than a pack can be.
    #[error("the pack is too large")]
    TooLarge,
    /// A clip in it cannot be used.
    #[error("{clip}: {cause}")]
    Clip {
        /// Its name.
        clip: String,
        /// Why.
        cause: RecordError,
    },
    /// There is nothing to pack.
    #[error("the office has no clips of its own in this language")]
    Empty,
    /// The disk.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl From<zip::result::ZipError> for PackError {
    fn from(error: zip::result::ZipError) -> Self {
        Self::NotAPack(error.to_string())
    }
}

/// What was taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Of which language.
    pub language: Language,
    /// Whose voice.
    pub name: String,
    /// How many clips.
    pub clips: usize,
}

/// The office's own clips of a language as a file; `name`: who speaks.
pub fn pack(
    packs: &Packs,
    language: Language,
    name: &str,
    letters: &LetterNames,
) -> Result<Vec<u8>, PackError> {
    let own = clips_of(language).filter(|clip| packs.origin(*clip) == Some(Origin::Own));
    let own: Vec<Clip> = own.collect();
    if own.is_empty() {
        return Err(PackError::Empty);
    }
    let words = own.iter().map(|c| (c.name.to_owned(), c.words(letters)));
    let manifest = Manifest {
        format: Manifest::FORMAT,
        language,
        name: name.chars().take(NAME_MAX).collect(),
        clips: words.collect(),
    };
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    archive.start_file(MANIFEST, options)?;
    archive.write_all(&serde_json::to_vec_pretty(&manifest).map_err(std::io::Error::from)?)?;
    for clip in own {
        let Some(file) = packs.file(Origin::Own, clip) else {
            continue;
        };
        archive.start_file(format!("{}.wav", clip.name), options)?;
        archive.write_all(&std::fs::read(file)?)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// Takes in a pack: each of its clips replaces the office's own of that name, the others stay.
pub fn unpack(packs: &Packs, bytes: &[u8]) -> Result<Taken, PackError> {
    if bytes.len() > BYTES_MAX {
        return Err(PackError::TooLarge);
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes))?;
    let manifest = read(&mut archive, MANIFEST, MANIFEST_BYTES_MAX)?;
    let manifest: Manifest =
        serde_json::from_slice(&manifest).map_err(|e| PackError::NotAPack(e.to_string()))?;
    if manifest.format != Manifest::FORMAT {
        return Err(PackError::Newer(manifest.format));
    }
    let language = manifest.language;
    let name: String = manifest.name.chars().filter(|c| !c.is_control()).collect();
    let mut clips = BTreeMap::new();
    // All are read before one is written.
    for file in manifest.clips.keys() {
        let clip = Clip::find(language, file)
            .ok_or_else(|| PackError::NotAPack(format!("no voice has a clip {file:?}")))?;
        let recording = read(&mut archive, &format!("{file}.wav"), CLIP_BYTES_MAX)?;
        let usable = voice::wav::read(&recording).map_err(RecordError::from);
        let usable = usable.and_then(|s| Ok(voice::level::trimmed_and_levelled(&s)?));
        let samples = usable.map_err(|cause| PackError::Clip {
            clip: file.clone(),
            cause,
        })?;
        clips.insert(clip, samples);
    }
    if clips.is_empty() {
        return Err(PackError::Empty);
    }
    for (clip, samples) in &clips {
        packs.put(Origin::Own, *clip, samples)?;
    }
    let name: String = name.chars().take(NAME_MAX).collect();
    packs.rename(language, &name)?;
    Ok(Taken {
        language,
        name,
        clips: clips.len(),
    })
}

/// One file of the archive, which may say that it is smaller than it is.
fn read(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    name: &str,
    bytes_max: u64,
) -> Result<Vec<u8>, PackError> {
    let file = archive.by_name(name);
    let file = file.map_err(|e| PackError::NotAPack(format!("{name}: {e}")))?;
    let mut bytes = Vec::new();
    file.take(bytes_max + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| PackError::NotAPack(format!("{name}: {e}")))?;
    match bytes.len() as u64 > bytes_max {
        true => Err(PackError::TooLarge),
        false => Ok(bytes),
    }
}
