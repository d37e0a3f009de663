//! A WAV file in a device's stead: what would be heard, one announcement behind the other. For offices
//! that want to listen before they buy loudspeakers.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use voice::wav::{self, HEADER_BYTES};

/// A day of a busy office; what comes behind it begins the file anew.
const BYTES_MAX: u64 = 1 << 30;

/// A file that grows.
#[derive(Debug)]
pub struct SoundFile {
    path: PathBuf,
}

impl SoundFile {
    /// The file at `path`, made when it is first written to.
    pub fn at(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Puts samples behind what is there. A file of something else is left alone.
    pub fn append(&mut self, samples: &[i16]) -> io::Result<()> {
        let mut file = OpenOptions::new()
            .create(true)
            .read(true)
            .write(true)
            .truncate(false)
            .open(&self.path)?;
        let mut end = length(&mut file)?;
        if end > BYTES_MAX {
            file.set_len(0)?;
            end = 0;
        }
        let there = end.saturating_sub(HEADER_BYTES as u64) / 2;
        let count = usize::try_from(there).unwrap_or(usize::MAX) + samples.len();
        // The samples before their length: what a power cut leaves behind the length is overwritten.
        file.seek(SeekFrom::Start(HEADER_BYTES as u64 + there * 2))?;
        let bytes: Vec<u8> = samples.iter().flat_map(|s| s.to_le_bytes()).collect();
        file.write_all(&bytes)?;
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&wav::header(count))
    }
}

/// Bytes of a file that is ours, as its header says; 0: it is empty.
fn length(file: &mut File) -> io::Result<u64> {
    let mut header = [0; HEADER_BYTES];
    let on_disk = file.metadata()?.len();
    if on_disk == 0 {
        return Ok(0);
    }
    let foreign = || io::Error::other("the file is there and is not a recording of calls");
    file.read_exact(&mut header).map_err(|_| foreign())?;
    let said = u32::from_le_bytes([header[40], header[41], header[42], header[43]]);
    let samples = usize::try_from(said / 2).unwrap_or(usize::MAX);
    match header == wav::header(samples) {
        true => Ok(on_disk.min(HEADER_BYTES as u64 + u64::from(said))),
        false => Err(foreign()),
    }
}
