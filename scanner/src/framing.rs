//! Where one scan ends and the next begins, in a device's stream of bytes.
//!
//! Pure: bytes and time come in, frames come out. A scan ends at a suffix (CR, LF, CR LF or
//! TAB) or, from a device that sends none, after a short silence. Which of the two a device
//! does is configured, or learnt from its first suffix: from then on silence completes nothing,
//! so a busy machine or a slow line cannot cut one scan into two, of which the first might pass
//! for another dossier.
//!
//! Promises:
//! - only `poll` lets silence end a frame; its caller has just seen that nothing waits to be read;
//! - half a frame of a device with a suffix is reported as garbage, never as a text;
//! - a frame too long is reported once, and reading goes on behind its end.
//!
//! Known limit: a device that pauses inside a scan for longer than the idle gap, and has not
//! sent a suffix yet, is cut there. Scanners should be set to send CR, and a scanner of which
//! that is known be configured so.

use std::fmt;
use std::mem;

use crate::meaning::{self, RejectionKind};

/// Silence after which a scan without a suffix is complete. A scanner sends a code in one
/// go: at 9600 baud a byte takes 1 ms, a USB packet at most a few.
pub const IDLE_GAP_MS: u64 = 50;
/// Silence after which half a frame of a device with a suffix is given up. Far above any
/// delay of a busy machine, below the time a clerk takes for the next scan.
pub const HALF_FRAME_MS: u64 = 2000;
/// Longest frame, in bytes: a longer text would be refused for its length anyway.
pub const FRAME_BYTES_MAX: usize = meaning::TEXT_BYTES_MAX;
/// So many half frames in a row mean that the device sends no suffix after all: it was set
/// up anew, or its first "suffix" was a line break inside somebody's QR code.
pub const HALF_FRAMES_TO_FORGET: u8 = 3;

/// One scan, complete or not.
#[derive(Clone, PartialEq, Eq)]
pub enum Frame {
    /// A text, not yet read for its meaning. May be personal.
    Text(String),
    /// No text, and why.
    Bad(RejectionKind),
}

/// Shows no text: it may be a citizen card.
impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Bad(kind) => write!(f, "Bad({kind})"),
        }
    }
}

/// How a device's scans end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Framing {
    /// As its first scans show.
    #[default]
    Learned,
    /// Always with this byte. Another suffix inside a scan is part of its text, which is how a
    /// citizen card with a line break in its address stays in one piece.
    Suffix(u8),
    /// With nothing: only silence ends a scan.
    Silence,
}

/// The bytes of one device since it was plugged in.
pub struct Framer {
    framing: Framing,
    held: Vec<u8>,
    last_byte_ms: u64,
    /// Silence completes nothing.
    suffix_known: bool,
    half_frames: u8,
    /// A frame too long was reported; its rest is skipped.
    skipping: bool,
}

impl Framer {
    /// For a device of which no byte has come yet.
    pub fn new(framing: Framing) -> Self {
        Self {
            framing,
            held: Vec::new(),
            last_byte_ms: 0,
            suffix_known: matches!(framing, Framing::Suffix(_)),
            half_frames: 0,
            skipping: false,
        }
    }

    /// Takes what the device sent. `now_ms`: when it was read, on any clock that only rises.
    pub fn push(&mut self, bytes: &[u8], now_ms: u64) -> Vec<Frame> {
        let mut frames = Vec::new();
        for &byte in bytes {
            if self.is_suffix(byte) {
                frames.extend(self.end_at_suffix());
            } else if self.skipping || (self.held.is_empty() && byte.is_ascii_control()) {
                // Noise between frames: power-up NULs, a prefix such as STX.
            } else if self.held.len() == FRAME_BYTES_MAX {
                self.held.clear();
                self.skipping = true;
                frames.push(Frame::Bad(RejectionKind::TooLong));
            } else {
                self.held.push(byte);
            }
        }
        if !bytes.is_empty() {
            self.last_byte_ms = now_ms;
        }
        frames
    }

    /// Tells that nothing more had arrived by `now_ms`.
    pub fn poll(&mut self, now_ms: u64) -> Option<Frame> {
        let silence_ms = now_ms.saturating_sub(self.last_byte_ms);
        let patience_ms = if self.suffix_known {
            HALF_FRAME_MS
        } else {
            IDLE_GAP_MS
        };
        if !self.is_pending() || silence_ms < patience_ms {
            return None;
        }
        if !self.suffix_known {
            return self.end();
        }
        if self.framing == Framing::Learned {
            self.half_frames += 1;
            if self.half_frames == HALF_FRAMES_TO_FORGET {
                self.half_frames = 0;
                self.suffix_known = false;
            }
        }
        self.abandon()
    }

    /// The device is gone: what it had begun is garbage.
    pub fn abandon(&mut self) -> Option<Frame> {
        self.end().map(|_| Frame::Bad(RejectionKind::Garbage))
    }

    /// A frame has begun and not ended, so `poll` is worth calling.
    pub fn is_pending(&self) -> bool {
        self.skipping || !self.held.is_empty()
    }

    /// A suffix between frames teaches nothing: it may be line noise, or the LF of a CR LF.
    fn end_at_suffix(&mut self) -> Option<Frame> {
        if self.is_pending() {
            self.suffix_known = true;
            self.half_frames = 0;
        }
        self.end()
    }

    fn is_suffix(&self, byte: u8) -> bool {
        match self.framing {
            Framing::Learned => matches!(byte, b'\r' | b'\n' | b'\t'),
            Framing::Suffix(suffix) => byte == suffix,
            Framing::Silence => false,
        }
    }

    fn end(&mut self) -> Option<Frame> {
        self.skipping = false;
        let mut bytes = mem::take(&mut self.held);
        // Some scanners can be set to send ETX or EOT before their suffix.
        while bytes.last().is_some_and(u8::is_ascii_control) {
            bytes.pop();
        }
        (!bytes.is_empty()).then(|| frame(bytes))
    }
}

/// Not UTF-8: a wrong baud rate, or a scanner set to another encoding. Nothing we read needs that
/// but a citizen card, and of a card only its digits and bars, which are the same in all of them.
fn frame(bytes: Vec<u8>) -> Frame {
    String::from_utf8(bytes).map_or_else(
        |error| {
            let readable = String::from_utf8_lossy(error.as_bytes());
            match meaning::is_citizen_card(&readable) {
                true => Frame::Text(readable.into_owned()),
                false => Frame::Bad(RejectionKind::Garbage),
            }
        },
        Frame::Text,
    )
}

#[cfg(test)]
mod tests;
