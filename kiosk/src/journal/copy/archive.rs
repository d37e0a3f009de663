//! A copy as a file: a gzipped tar, written and read from front to back.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use super::carried::Place;
use super::source::is_key;
use super::{About, CopyError, FILE_BYTES_MAX, FORMAT, Line, Sink, damaged, io_at};
use crate::journal::Hash;

const ABOUT: &str = "copy.json";
/// Folder of the records in a copy.
const RECORDS: &str = "records";
/// Records of one file of a copy, in bytes: a moment's work to write, and nothing to hold in memory.
const PIECE_BYTES: usize = 256 << 10;
/// A piece ends with the record that fills it; the largest record is an office's configuration.
const PIECE_BYTES_MAX: u64 = 16 << 20;

/// A copy that is being written to `W`.
pub struct Archive<W: Write> {
    tar: tar::Builder<GzEncoder<W>>,
    piece: Vec<u8>,
    pieces: u32,
}

impl<W: Write> Archive<W> {
    /// Begins a copy.
    pub fn begin(to: W, about: &About) -> Result<Self, CopyError> {
        let mut archive = Self {
            // Fast: the day's repetitions are found at once, and a small machine is busy enough.
            tar: tar::Builder::new(GzEncoder::new(to, Compression::fast())),
            piece: Vec::with_capacity(PIECE_BYTES),
            pieces: 0,
        };
        let text = serde_json::to_vec_pretty(about).map_err(damaged)?;
        archive.add(Path::new(ABOUT), &text)?;
        Ok(archive)
    }

    /// Ends it; everything was handed to `W`.
    pub fn finish(mut self) -> Result<W, CopyError> {
        self.end_piece()?;
        let ended = self.tar.into_inner().and_then(GzEncoder::finish);
        ended.map_err(CopyError::Unwritable)
    }

    fn end_piece(&mut self) -> Result<(), CopyError> {
        if self.piece.is_empty() {
            return Ok(());
        }
        self.pieces += 1;
        let name = format!("{RECORDS}/{:08}.jsonl", self.pieces);
        let mut piece = std::mem::take(&mut self.piece);
        self.add(Path::new(&name), &piece)?;
        piece.clear();
        self.piece = piece;
        Ok(())
    }

    fn add(&mut self, name: &Path, bytes: &[u8]) -> Result<(), CopyError> {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        // Keys and hashes of PINs are for nobody else, also where somebody unpacks the file.
        header.set_mode(0o600);
        let added = self.tar.append_data(&mut header, name, bytes);
        added.map_err(CopyError::Unwritable)
    }
}

impl<W: Write> Sink for Archive<W> {
    fn file(&mut self, place: &Place, bytes: &[u8]) -> Result<(), CopyError> {
        self.add(&place.name(), bytes)
    }

    fn record(&mut self, line: Line<'_>) -> Result<(), CopyError> {
        // JSON as the journal writes it has no line breaks of its own.
        self.piece.extend_from_slice(line.bytes);
        self.piece.push(b'\n');
        match self.piece.len() >= PIECE_BYTES {
            true => self.end_piece(),
            false => Ok(()),
        }
    }
}

type Reading = tar::Archive<GzDecoder<File>>;

fn open(file: &Path) -> Result<Reading, CopyError> {
    let opened = File::open(file).map_err(io_at(file))?;
    Ok(tar::Archive::new(GzDecoder::new(opened)))
}

/// What a copy says of itself; nothing else of it is read.
pub fn about(file: &Path) -> Result<About, CopyError> {
    let mut reading = open(file)?;
    let mut entries = reading.entries().map_err(damaged)?;
    first(&mut entries)
}

/// Reads the whole copy and throws it away: whether it could be restored.
pub fn check(file: &Path) -> Result<About, CopyError> {
    struct Nowhere;
    impl Sink for Nowhere {
        fn file(&mut self, _: &Place, _: &[u8]) -> Result<(), CopyError> {
            Ok(())
        }
        fn record(&mut self, _: Line<'_>) -> Result<(), CopyError> {
            Ok(())
        }
    }
    pour(file, &mut Nowhere)
}

fn first(entries: &mut tar::Entries<'_, GzDecoder<File>>) -> Result<About, CopyError> {
    let none = || damaged("it is no copy of a kiosk, or its beginning is lost");
    let mut entry = entries.next().ok_or_else(none)?.map_err(|_| none())?;
    if entry.path().map_err(|_| none())? != Path::new(ABOUT) {
        return Err(none());
    }
    let text = bytes_of(&mut entry, FILE_BYTES_MAX)?;
    // The format first: what a newer program writes beside it is not for us to judge.
    #[derive(serde::Deserialize)]
    struct Format {
        format: u32,
    }
    let Format { format } = serde_json::from_slice(&text).map_err(damaged)?;
    match format {
        0..=FORMAT => serde_json::from_slice(&text).map_err(damaged),
        found => Err(CopyError::Newer { found }),
    }
}

fn bytes_of(entry: &mut impl Read, most: u64) -> Result<Vec<u8>, CopyError> {
    let mut bytes = Vec::new();
    let read = entry.take(most + 1).read_to_end(&mut bytes);
    match read.map_err(damaged)? as u64 {
        length if length > most => Err(damaged("a file in it is too large")),
        _ => Ok(bytes),
    }
}

/// Pours a copy into `sink`, checking that its records lead to its head.
pub(super) fn pour(file: &Path, sink: &mut dyn Sink) -> Result<About, CopyError> {
    let mut reading = open(file)?;
    let mut entries = reading.entries().map_err(damaged)?;
    let about = first(&mut entries)?;
    let (mut seq, mut hash) = (0, Hash::default());
    let mut keys = Vec::new();
    for entry in entries {
        let mut entry = entry.map_err(damaged)?;
        let name = entry.path().map_err(damaged)?.into_owned();
        if name.starts_with(RECORDS) {
            let piece = bytes_of(&mut entry, PIECE_BYTES_MAX)?;
            let whole = piece.strip_suffix(b"\n");
            let whole = whole.ok_or_else(|| damaged("a record is cut off"))?;
            for bytes in whole.split(|byte| *byte == b'\n') {
                seq += 1;
                hash = hash.next(bytes);
                sink.record(Line { seq, bytes, hash })?;
            }
            continue;
        }
        // A file that only a newer program knows of is not needed by this one.
        let Some(place) = Place::of(&name) else {
            continue;
        };
        let bytes = bytes_of(&mut entry, FILE_BYTES_MAX)?;
        if let Some(day) = place.key_of() {
            if !is_key(&bytes) {
                return Err(damaged(format!("the key of day {day} is not one")));
            }
            keys.push(day);
        }
        sink.file(&place, &bytes)?;
    }
    // To the end of the file: only there stands the checksum over all of it.
    io::copy(&mut reading.into_inner(), &mut io::sink()).map_err(damaged)?;
    if (seq, hash) != (about.seq, about.head) {
        return Err(damaged("its records do not lead to its head"));
    }
    if keys != about.keys {
        return Err(damaged("keys of its days are missing"));
    }
    Ok(about)
}
