//! WAV files: 16-bit PCM, the one form that every player, browser and sound program knows.
//!
//! Read is what the common programs write: chunks in any order, one or two channels, any usual
//! rate. Written is always one channel of [`RATE`].
//!
//! Source of the format: Multimedia Programming Interface and Data Specifications 1.0 (IBM,
//! Microsoft, 1991), and the WAVEFORMATEXTENSIBLE of later years.

use crate::{RATE, resample};

/// A clip has a few seconds; a minute of the highest rate in two channels is far beyond it.
pub const BYTES_MAX: usize = 24 << 20;
/// Bytes before the samples in what is written.
pub const HEADER_BYTES: usize = 44;

/// Why a file is no sound that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WavError {
    /// Something else, or cut off before the samples.
    #[error("not a WAV file")]
    NotWav,
    /// Compressed, or of other depth.
    #[error("only 16-bit PCM can be read")]
    NotPcm16,
    /// More channels than two, or a rate that no recorder has.
    #[error("only one or two channels of 8 to 192 kHz can be read")]
    Odd,
    /// Longer than any clip.
    #[error("the file is too long for a clip")]
    TooLong,
}

/// Reads a file into samples of [`RATE`], one channel.
pub fn read(bytes: &[u8]) -> Result<Vec<i16>, WavError> {
    if bytes.len() > BYTES_MAX {
        return Err(WavError::TooLong);
    }
    let body = match bytes {
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'A',
            b'V',
            b'E',
            body @ ..,
        ] => body,
        _ => return Err(WavError::NotWav),
    };
    let format = chunk(body, b"fmt ").ok_or(WavError::NotWav)?;
    let data = chunk(body, b"data").ok_or(WavError::NotWav)?;
    let short = |at: usize| Some(u16::from_le_bytes(format.get(at..at + 2)?.try_into().ok()?));
    let rate = format.get(4..8).and_then(|four| four.try_into().ok());
    let rate = rate.map(u32::from_le_bytes).ok_or(WavError::NotWav)?;
    let kind = match short(0) {
        // The extended form names the real one at the head of its GUID.
        Some(0xFFFE) => short(24),
        kind => kind,
    };
    if kind != Some(1) || short(14) != Some(16) {
        return Err(WavError::NotPcm16);
    }
    let channels = match short(2) {
        Some(channels @ 1..=2) if (8_000..=192_000).contains(&rate) => usize::from(channels),
        _ => return Err(WavError::Odd),
    };
    let samples = data
        .chunks_exact(2)
        .map(|two| i16::from_le_bytes([two[0], two[1]]));
    let samples: Vec<i16> = match channels {
        1 => samples.collect(),
        _ => {
            let both: Vec<i16> = samples.collect();
            let both = both.chunks_exact(2);
            both.map(|two| i16::midpoint(two[0], two[1])).collect()
        }
    };
    Ok(resample::to_rate(&samples, rate))
}

/// What a chunk holds. One whose length is wrong, as a recorder that was cut off leaves it, reaches
/// to the end of the file.
fn chunk<'b>(mut body: &'b [u8], name: &[u8; 4]) -> Option<&'b [u8]> {
    loop {
        let (head, rest) = body.split_at_checked(8)?;
        let length = u32::from_le_bytes(head[4..8].try_into().ok()?);
        let length = usize::try_from(length).ok()?.min(rest.len());
        if head.starts_with(name) {
            return Some(&rest[..length]);
        }
        // Chunks begin at even places.
        body = rest.get(length + length % 2..)?;
    }
}

/// A whole file.
pub fn write(samples: &[i16]) -> Vec<u8> {
    let mut file = header(samples.len()).to_vec();
    file.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    file
}

/// What stands before so many samples.
pub fn header(samples: usize) -> [u8; HEADER_BYTES] {
    // A file that has outgrown the format still plays up to where its length can be said.
    let bytes = u32::try_from(samples * 2).unwrap_or(u32::MAX - 36);
    let mut header = [0; HEADER_BYTES];
    header[0..4].copy_from_slice(b"RIFF");
    header[4..8].copy_from_slice(&(bytes.saturating_add(36)).to_le_bytes());
    header[8..16].copy_from_slice(b"WAVEfmt ");
    header[16..20].copy_from_slice(&16_u32.to_le_bytes());
    header[20..22].copy_from_slice(&1_u16.to_le_bytes());
    header[22..24].copy_from_slice(&1_u16.to_le_bytes());
    header[24..28].copy_from_slice(&RATE.to_le_bytes());
    header[28..32].copy_from_slice(&(RATE * 2).to_le_bytes());
    header[32..34].copy_from_slice(&2_u16.to_le_bytes());
    header[34..36].copy_from_slice(&16_u16.to_le_bytes());
    header[36..40].copy_from_slice(b"data");
    header[40..44].copy_from_slice(&bytes.to_le_bytes());
    header
}
