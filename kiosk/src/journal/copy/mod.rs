//! A copy of everything that a spare machine needs, in one file.
//!
//! The file is a gzipped tar that any computer can open: what it is (`copy.json`), the small files
//! of the data folder, the configuration with the files it names, and every record up to a head,
//! a line of JSON each. Tables follow from records, so none is copied.
//!
//! Promises:
//! - the journal is read in short pieces beside a running daemon: no commit waits for a copy;
//! - everything acknowledged before the head is in it, and the keys of every day not yet erased;
//! - a copy is taken whole or refused: its records must lead to the head that it names.
//!
//! Deliberately not here: where copies are kept, and when they are made.

mod archive;
mod carried;
mod restore;
mod source;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use self::archive::{Archive, about, check};
pub use self::carried::{Named, Place};
pub use self::restore::{Survey, UNFINISHED, fill, prepare, put, survey};
pub use self::source::DataFolder;
pub use super::Line;
use super::{Hash, JournalError};

/// Format of the copies that this program makes.
const FORMAT: u32 = 1;

/// Far beyond any small file of a data folder; a longer one is none of ours.
const FILE_BYTES_MAX: u64 = 8 << 20;

/// What a copy says of itself, in its first file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Of the copy.
    pub format: u32,
    /// Version of the program that made it.
    pub program: String,
    /// The office's name in Vietnamese.
    pub office: String,
    /// RFC 3339 in the office's time; none while the time was unknown.
    pub made: Option<String>,
    /// Hash of the first record, in hex: tells one office's journal from another's, also after a
    /// restore.
    pub lineage: String,
    /// How often the journal was restored: of two branches the later one has more.
    pub generation: u64,
    /// Epoch of the newest record.
    pub epoch: String,
    /// Number of the newest record.
    pub seq: u64,
    /// Its hash.
    #[serde(with = "as_text")]
    pub head: Hash,
    /// Days whose keys are in the copy.
    pub keys: Vec<u64>,
}

impl About {
    /// Which of two copies of one office's journal is newer.
    pub fn age(&self) -> impl Ord + use<> {
        (self.generation, self.seq)
    }
}

/// A hash as hex.
mod as_text {
    use super::Hash;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(hash: &Hash, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(hash)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Hash, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(D::Error::custom)
    }
}

/// Why there is no copy, or none that can be used.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The journal that is copied, or restored into.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A file or folder.
    #[error("{path}: {cause}")]
    Io {
        /// Which.
        path: String,
        /// What the system said.
        cause: std::io::Error,
    },
    /// Where the copy goes.
    #[error("the copy cannot be written: {0}")]
    Unwritable(std::io::Error),
    /// It is not what was written, or not all of it.
    #[error("the copy is damaged: {0}")]
    Damaged(String),
    /// Made by a newer program.
    #[error("the copy has format {found}, this program knows up to {FORMAT}")]
    Newer {
        /// Of the copy.
        found: u32,
    },
}

impl From<rusqlite::Error> for CopyError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Journal(error.into())
    }
}

/// Turns an I/O error into one that names its file.
fn io_at(path: &Path) -> impl Fn(std::io::Error) -> CopyError + '_ {
    move |cause| CopyError::Io {
        path: path.display().to_string(),
        cause,
    }
}

fn damaged(cause: impl std::fmt::Display) -> CopyError {
    CopyError::Damaged(cause.to_string())
}

/// Where a copy's content goes: into a file, into a folder, or nowhere.
pub trait Sink {
    /// A small file.
    fn file(&mut self, place: &Place, bytes: &[u8]) -> Result<(), CopyError>;
    /// The next record.
    fn record(&mut self, line: Line<'_>) -> Result<(), CopyError>;
}

/// Where a spare machine's content comes from.
pub enum Source {
    /// A copy.
    Copy(PathBuf),
    /// The data folder of a machine that is out of use, such as one on its memory card.
    Folder(PathBuf),
}

impl Source {
    /// Pours everything into `sink`; the chain is checked on the way.
    pub fn pour(&self, sink: &mut dyn Sink) -> Result<About, CopyError> {
        match self {
            Self::Copy(file) => archive::pour(file, sink),
            Self::Folder(data) => {
                let folder = DataFolder::open(data, None)?;
                let about = folder.about(None)?;
                folder.pour(&about, sink)?;
                Ok(about)
            }
        }
    }
}
