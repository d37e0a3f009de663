//! A data folder as the source of a copy, also while its daemon runs.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use queue::{Event, Office};
use rusqlite::{Connection, OptionalExtension as _};

use super::carried::{CARRIED, Named, Place};
use super::{About, CopyError, FILE_BYTES_MAX, FORMAT, Sink, damaged, io_at};
use crate::journal::sqlite::{hash_at, head_of, open_reader, read, walk_lines};
use crate::journal::{Hash, Head, erased};

/// Records read at a time, a few ms of work; between two pieces a checkpoint can go on.
const PIECE: u32 = 512;

/// A day key as its file holds it: 32 bytes in hex.
const KEY_DIGITS: usize = 64;

/// The records of a data folder up to its head, and what goes along with them.
pub struct DataFolder {
    connection: Connection,
    head: Head,
    belongings: Belongings,
}

/// The small files that go along, read when the source was opened.
#[derive(Default)]
pub struct Belongings(Vec<(Place, Vec<u8>)>);

impl DataFolder {
    /// Opens a data folder. What it will hold at this moment is settled here; what happens later
    /// is another copy's.
    pub fn open(data: &Path, named: Option<&Named>) -> Result<Self, CopyError> {
        let connection = open_reader(data)?;
        let head = head_of(&connection)?;
        // After the head: a key is on the disk before the first record that needs it, so one
        // made meanwhile is one too many and never one too few.
        let mut belongings = Belongings::default();
        let erased = erased::days(&connection)?;
        for name in CARRIED {
            belongings.take(data, Path::new(name), &erased)?;
        }
        for (place, file) in named.into_iter().flat_map(Named::places) {
            belongings.add(place, file)?;
        }
        Ok(Self {
            connection,
            head,
            belongings,
        })
    }

    /// What a copy of it says of itself; `utc` in ms, if the time is known.
    pub fn about(&self, utc: Option<i64>) -> Result<About, CopyError> {
        let office = self.office()?;
        let offset = office.as_ref().map_or(0, |o| o.utc_offset_minutes);
        let first = hash_at(&self.connection, 1)?.unwrap_or_default();
        let generation = self
            .connection
            .query_row(
                "select value from meta where name = 'generation'",
                [],
                |r| r.get::<_, String>(0),
            )
            .optional()?;
        let keys = self.belongings.0.iter();
        Ok(About {
            format: FORMAT,
            program: env!("CARGO_PKG_VERSION").into(),
            office: office.map_or_else(String::new, |o| o.name.get("vi").to_owned()),
            made: utc.and_then(|utc| crate::clock::rfc3339(offset, utc)),
            lineage: first.to_string(),
            generation: generation.and_then(|g| g.parse().ok()).unwrap_or(0),
            epoch: self.head.epoch.clone(),
            seq: self.head.seq,
            head: self.head.hash,
            keys: keys.filter_map(|(place, _)| place.key_of()).collect(),
        })
    }

    /// Dossiers that it holds.
    pub fn scans(&self) -> Result<usize, CopyError> {
        let counted = self
            .connection
            .query_row("select count(*) from scan", [], |r| r.get(0));
        Ok(counted?)
    }

    fn office(&self) -> Result<Option<Office>, CopyError> {
        let seq: Option<u64> =
            self.connection
                .query_row("select max(seq) from office", [], |r| r.get(0))?;
        let record = seq.map(|seq| read(&self.connection, seq)).transpose()?;
        let events = record.flatten().into_iter().flat_map(|r| r.events);
        let mut offices = events.filter_map(|event| match event {
            Event::Configured { office, .. } => Some(*office),
            _ => None,
        });
        Ok(offices.next_back())
    }

    /// Pours everything into `sink`, record by record up to the head of `about`.
    pub fn pour(&self, about: &About, sink: &mut dyn Sink) -> Result<(), CopyError> {
        for (place, bytes) in &self.belongings.0 {
            sink.file(place, bytes)?;
        }
        let (mut seq, mut head) = (0, Hash::default());
        while seq < about.seq {
            let (from, mut failed) = (seq + 1, None);
            let limit = u32::try_from(about.seq - seq).map_or(PIECE, |left| left.min(PIECE));
            walk_lines(&self.connection, from, limit, &mut |line| {
                (seq, head) = (line.seq, line.hash);
                if failed.is_none() {
                    failed = sink.record(line).err();
                }
                Ok(())
            })?;
            match failed {
                Some(failed) => return Err(failed),
                None if seq < from => return Err(damaged(format!("record {from} is missing"))),
                None => {}
            }
        }
        match head == about.head {
            true => Ok(()),
            false => Err(damaged("its records do not lead to its head")),
        }
    }
}

impl Belongings {
    /// Takes a file, or the files of a folder; keys of erased days stay behind, however they
    /// came there.
    fn take(&mut self, data: &Path, name: &Path, erased: &[u64]) -> Result<(), CopyError> {
        let path = data.join(name);
        if !path.is_dir() {
            return self.add(Place::Data(name.to_owned()), &path);
        }
        let mut files: Vec<PathBuf> = fs::read_dir(&path)
            .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect())
            .map_err(io_at(&path))?;
        files.sort();
        for file in files {
            let Some(own) = file.file_name() else {
                continue;
            };
            // What a power cut left of writing a file.
            if file.extension().is_some_and(|e| e == "new") || file.is_dir() {
                continue;
            }
            let place = Place::Data(name.join(own));
            if !place.key_of().is_some_and(|day| erased.contains(&day)) {
                self.add(place, &file)?;
            }
        }
        Ok(())
    }

    fn add(&mut self, place: Place, file: &Path) -> Result<(), CopyError> {
        let length = fs::metadata(file).map_or(0, |meta| meta.len());
        if length > FILE_BYTES_MAX {
            let cause = io::Error::new(io::ErrorKind::FileTooLarge, "too large for a copy");
            return Err(io_at(file)(cause));
        }
        match fs::read(file) {
            // Erased, or moved aside, since the folder was listed.
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
            Ok(bytes) if place.key_of().is_some() && !is_key(&bytes) => {
                let cause = io::Error::new(io::ErrorKind::InvalidData, "this day's key is damaged");
                Err(io_at(file)(cause))
            }
            read => {
                self.0.push((place, read.map_err(io_at(file))?));
                Ok(())
            }
        }
    }
}

/// Whether a file holds a day's key.
pub(super) fn is_key(bytes: &[u8]) -> bool {
    let digits = bytes.trim_ascii();
    digits.len() == KEY_DIGITS && digits.iter().all(u8::is_ascii_hexdigit)
}
