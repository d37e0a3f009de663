//! The machine's clocks, and whether the time can be believed.
//!
//! A Pi has no battery clock: after a power cut it believes it is the moment of the last
//! shutdown. Time is known when the kernel says synchronised, or a battery clock exists and
//! is not before the newest record or this program's making, or the configuration vouches.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// No clock that is right shows a time before this program existed: 2026-11-01.
const BUILT_MS: i64 = 1_793_491_200_000;

/// A reading of both clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// UTC in ms, right or wrong.
    pub at_ms: i64,
    /// Monotonic ms, suspend included.
    pub mono_ms: u64,
    /// Whether `at_ms` can be believed.
    pub known: bool,
}

/// Where the engine's time comes from.
pub trait Clock: Send {
    /// Both clocks now.
    fn read(&mut self) -> Reading;
    /// The kernel's boot id.
    fn boot(&self) -> String;
}

/// This machine's clocks.
pub struct SystemClock {
    known: bool,
    checked_ms: u64,
}

/// How long one answer to "is the clock synchronised" stands.
const CHECK_EVERY_MS: u64 = 1_000;

impl SystemClock {
    /// `trusted`: the configuration vouches for this machine's clock (a virtual machine whose
    /// host keeps it). `newest_ms`: UTC of the newest record.
    pub fn new(trusted: bool, newest_ms: i64) -> Self {
        // Judged at the start only: a clock that is behind passes any moment, given time.
        let battery = Path::new("/sys/class/rtc/rtc0").exists();
        let plausible = wall_ms() >= newest_ms.max(BUILT_MS);
        Self {
            known: trusted || synchronised() || (battery && plausible),
            checked_ms: 0,
        }
    }
}

impl Clock for SystemClock {
    fn read(&mut self) -> Reading {
        let (at_ms, mono_ms) = (wall_ms(), monotonic_ms());
        if mono_ms.saturating_sub(self.checked_ms) >= CHECK_EVERY_MS {
            self.checked_ms = mono_ms;
            // Once known it stays known: losing the network does not make a clock wrong.
            self.known = self.known || synchronised();
        }
        Reading {
            at_ms,
            mono_ms,
            known: self.known,
        }
    }

    fn boot(&self) -> String {
        boot_id()
    }
}

/// The kernel's boot id.
pub fn boot_id() -> String {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id")
        .map_or_else(|_| "unknown".into(), |id| id.trim().to_owned())
}

/// The year by the wall clock, right or wrong.
pub fn wall_year() -> i64 {
    /// 365.2425 days.
    const YEAR_MS: i64 = 31_556_952_000;
    1970 + wall_ms() / YEAR_MS
}

fn wall_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX))
}

/// Milliseconds of this boot, suspend included.
#[allow(unsafe_code)] // Two system calls without a safe wrapper in the standard library.
pub fn monotonic_ms() -> u64 {
    let mut now = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: `now` is a valid timespec to be filled in.
    unsafe { libc::clock_gettime(libc::CLOCK_BOOTTIME, &raw mut now) };
    #[allow(clippy::unnecessary_cast, clippy::cast_sign_loss)] // 32-bit platforms differ.
    {
        now.tv_sec as u64 * 1_000 + now.tv_nsec as u64 / 1_000_000
    }
}

/// Whether the kernel says that somebody keeps the clock in step (NTP, PTP, GPS).
#[allow(unsafe_code)]
fn synchronised() -> bool {
    // SAFETY: all zeros is a valid `timex` and asks for nothing but a reading.
    let mut timex: libc::timex = unsafe { std::mem::zeroed() };
    // SAFETY: `timex` is valid to be filled in.
    let state = unsafe { libc::adjtimex(&raw mut timex) };
    state >= 0 && state != libc::TIME_ERROR && timex.status & libc::STA_UNSYNC == 0
}
