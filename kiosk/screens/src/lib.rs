//! The touch screen and the lobby screen.
//!
//! A screen is a contract (`ui/*-screen.slint`), a page (`ui/`) and an adapter (`touch`,
//! `lobby`). What a citizen does is decided in [`visit`], what the lobby calls in [`calls`]:
//! pure, with time as a value. Only this crate names Slint types, and it knows the daemon
//! only by its JSON ([`board`]).
//!
//! Promises:
//! - a screen shows no time it does not know, and says when its numbers may be old;
//! - nothing wakes up while nothing changes;
//! - every touch is answered within a frame, and every target is 20 mm of glass.
//!
//! Deliberately not here: the network, files, the rules of the queue.

#[allow(missing_docs, unreachable_pub, clippy::all, clippy::unwrap_used)]
mod ui {
    slint::include_modules!();
}

pub mod board;
pub mod calls;
pub mod corner;
pub mod dossier;
pub mod enrol;
pub mod frame;
pub mod inbox;
pub mod lobby;
mod measure;
mod models;
mod qr;
pub mod render;
pub mod touch;
pub mod visit;
mod when;
pub mod words;

pub use ui::{LobbyWindow, TouchWindow};

/// Why a screen cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No display, or none that works.
    #[error("no window: {0}")]
    Platform(#[from] slint::PlatformError),
    /// A picture could not be written.
    #[error("no picture: {0}")]
    Png(#[from] png::EncodingError),
}

/// Whether there is a display to open a window on.
pub fn display_available() -> bool {
    ["WAYLAND_DISPLAY", "WAYLAND_SOCKET", "DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// Milliseconds until the clock on the wall shows something else; without a clock, long.
fn until_minute(utc_ms: Option<i64>) -> u64 {
    const MINUTE_MS: i64 = 60_000;
    utc_ms.map_or(600_000, |utc| {
        (MINUTE_MS - utc.rem_euclid(MINUTE_MS)) as u64
    })
}
