//! The machine's clocks, and whether the time can be believed.
//!
//! A Pi has no battery clock: after a power cut it believes it is the moment of the last
//! shutdown. Time is known when the kernel says synchronised, or a battery clock exists and
//! is not before the newest record or this program's making, or the configuration vouches, or
//! staff have confirmed it since this boot.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use tracing::warn;

use crate::config::ClockTrust;
use crate::safe_file;

/// No clock that is right shows a time before this program existed: 2026-11-01.
const BUILT_MS: i64 = 1_793_491_200_000;

/// Nor one at which this program, and the machine it runs on, are long history: 20 years later.
const HISTORY_MS: i64 = BUILT_MS + 20 * YEAR_MS;

/// 365.2425 days.
const YEAR_MS: i64 = 31_556_952_000;

/// How long one answer to "is the clock synchronised" stands.
const CHECK_EVERY_MS: u64 = 1_000;

/// A reading of the clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// UTC in ms by the machine's clock, right or wrong; staff's word does not change it.
    pub at_ms: i64,
    /// Monotonic ms, suspend included.
    pub mono_ms: u64,
    /// UTC in ms; `None` while nobody knows.
    pub utc_ms: Option<i64>,
}

/// Who vouches for the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The configuration: a host keeps the clock of this virtual machine.
    Trusted,
    /// The kernel: somebody keeps the clock in step (NTP, PTP, GPS).
    Kernel,
    /// Staff, since this boot.
    Staff,
    /// A battery clock that is not plainly wrong.
    Battery,
}

/// Where the engine's time comes from.
pub trait Clock: Send {
    /// The clocks now.
    fn read(&self) -> Reading;
    /// The kernel's boot id.
    fn boot(&self) -> String;
    /// Staff have said what time it is: `ahead_ms` is UTC minus the monotonic clock.
    fn confirm(&self, ahead_ms: i64);
}

/// This machine's clocks, and what staff said about them since it was switched on. Copies are
/// one clock.
///
/// The machine's own clock is left alone: setting it needs a right that a daemon should not have,
/// and a slip of the finger would reach every other program.
#[derive(Clone)]
pub struct SystemClock(Arc<Shared>);

struct Shared {
    trust: ClockTrust,
    battery: bool,
    kernel: AtomicBool,
    checked_ms: AtomicU64,
    /// UTC minus the monotonic clock in ms, by staff's word.
    ahead_ms: Mutex<Option<i64>>,
    file: PathBuf,
}

/// Staff's word as it is kept over a restart of the program. Another boot has another monotonic
/// clock, so it ends with this one.
#[derive(Serialize, Deserialize)]
struct Word {
    boot: String,
    ahead_ms: i64,
}

impl SystemClock {
    /// `newest_ms`: UTC of the newest record by the machine's clock. What staff said since this
    /// boot stands in `data`.
    pub fn new(trust: ClockTrust, newest_ms: i64, data: &Path) -> Self {
        // Judged at the start only: a clock that is behind passes any moment, given time.
        let battery = Path::new("/sys/class/rtc/rtc0").exists();
        let now_ms = wall_ms();
        let file = data.join("time");
        let word = std::fs::read(&file).ok();
        let word = word.and_then(|bytes| said_in(&bytes, &boot_id()));
        Self(Arc::new(Shared {
            trust,
            battery: battery && now_ms >= newest_ms && is_plausible(now_ms),
            kernel: AtomicBool::new(synchronised()),
            checked_ms: AtomicU64::new(monotonic_ms()),
            ahead_ms: Mutex::new(word),
            file,
        }))
    }

    /// Who vouches for the time; `None`: nobody knows it.
    pub fn source(&self) -> Option<Source> {
        let own = &*self.0;
        let staff = self.ahead_ms().map(|_| Source::Staff);
        match own.trust {
            ClockTrust::Trusted => Some(Source::Trusted),
            ClockTrust::Staff => staff,
            ClockTrust::Auto if self.is_synchronised() => Some(Source::Kernel),
            // Whoever says something against the battery clock has looked at another.
            ClockTrust::Auto => staff.or(own.battery.then_some(Source::Battery)),
        }
    }

    fn ahead_ms(&self) -> Option<i64> {
        let held = self.0.ahead_ms.lock();
        *held.unwrap_or_else(PoisonError::into_inner)
    }

    /// Once known it stays known: losing the network does not make a clock wrong.
    fn is_synchronised(&self) -> bool {
        let own = &*self.0;
        if own.kernel.load(Ordering::Relaxed) {
            return true;
        }
        let now_ms = monotonic_ms();
        if now_ms.saturating_sub(own.checked_ms.load(Ordering::Relaxed)) < CHECK_EVERY_MS {
            return false;
        }
        own.checked_ms.store(now_ms, Ordering::Relaxed);
        let kernel = synchronised();
        own.kernel.store(kernel, Ordering::Relaxed);
        kernel
    }
}

impl Clock for SystemClock {
    fn read(&self) -> Reading {
        let (at_ms, mono_ms) = (wall_ms(), monotonic_ms());
        let utc_ms = match self.source() {
            None => None,
            Some(Source::Staff) => self
                .ahead_ms()
                .map(|ahead| ahead.saturating_add_unsigned(mono_ms)),
            Some(_) => Some(at_ms),
        };
        Reading {
            at_ms,
            mono_ms,
            utc_ms,
        }
    }

    fn boot(&self) -> String {
        boot_id()
    }

    fn confirm(&self, ahead_ms: i64) {
        let word = Word {
            boot: boot_id(),
            ahead_ms,
        };
        let bytes = serde_json::to_vec(&word).unwrap_or_default();
        if let Err(cause) = safe_file::replace(&self.0.file, &bytes) {
            warn!(%cause, "what staff said of the time is not kept over a restart of the program");
        }
        let held = self.0.ahead_ms.lock();
        *held.unwrap_or_else(PoisonError::into_inner) = Some(ahead_ms);
    }
}

/// Whether it can be `utc_ms` now.
pub fn is_plausible(utc_ms: i64) -> bool {
    (BUILT_MS..HISTORY_MS).contains(&utc_ms)
}

/// UTC minus the monotonic clock as staff said it in this boot.
fn said_in(bytes: &[u8], boot: &str) -> Option<i64> {
    let word: Word = serde_json::from_slice(bytes).ok()?;
    (word.boot == boot).then_some(word.ahead_ms)
}

/// The kernel's boot id.
pub fn boot_id() -> String {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id")
        .map_or_else(|_| "unknown".into(), |id| id.trim().to_owned())
}

/// The year of a moment, give or take a day.
pub fn year(utc_ms: i64) -> i64 {
    1970 + utc_ms / YEAR_MS
}

/// RFC 3339 with the office's offset, to the second.
pub fn rfc3339(offset_minutes: i32, utc_ms: i64) -> Option<String> {
    let offset = jiff::tz::Offset::from_seconds(offset_minutes * 60).ok()?;
    let at = jiff::Timestamp::from_millisecond(utc_ms).ok()?;
    let seconds = jiff::Timestamp::from_second(at.as_second()).ok()?;
    Some(seconds.display_with_offset(offset).to_string())
}

/// The same moment as clocks in the office show it.
pub fn local(offset_minutes: i32, utc_ms: i64) -> Option<jiff::civil::DateTime> {
    let offset = jiff::tz::Offset::from_seconds(offset_minutes.checked_mul(60)?).ok()?;
    let at = jiff::Timestamp::from_millisecond(utc_ms).ok()?;
    Some(offset.to_datetime(at))
}

/// UTC in ms by the wall clock, right or wrong.
pub fn wall_ms() -> i64 {
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// 2026-11-23 07:28 in Vietnam.
    const MONDAY: i64 = 1_795_393_680_000;

    #[test]
    fn it_is_neither_before_the_program_was_made_nor_decades_later() {
        assert!(is_plausible(MONDAY));
        assert!(is_plausible(MONDAY + 19 * YEAR_MS));
        assert!(!is_plausible(MONDAY - YEAR_MS));
        assert!(!is_plausible(MONDAY + 20 * YEAR_MS));
        assert!(!is_plausible(0));
    }

    #[test]
    fn staffs_word_outlives_the_program_and_not_the_boot() {
        let data = tempfile::tempdir().unwrap();
        let clock = || SystemClock::new(ClockTrust::Staff, 0, data.path());
        assert_eq!(clock().source(), None);
        assert_eq!(clock().read().utc_ms, None);
        let first = clock();
        let ahead_ms = MONDAY - i64::try_from(monotonic_ms()).unwrap();
        first.confirm(ahead_ms);
        for clock in [first, clock()] {
            assert_eq!(clock.source(), Some(Source::Staff));
            let reading = clock.read();
            let mono_ms = i64::try_from(reading.mono_ms).unwrap();
            assert_eq!(reading.utc_ms, Some(ahead_ms + mono_ms));
        }
        let kept = std::fs::read(data.path().join("time")).unwrap();
        assert_eq!(said_in(&kept, &boot_id()), Some(ahead_ms));
        assert_eq!(said_in(&kept, "another boot"), None);
        assert_eq!(said_in(b"{\"boot\":", &boot_id()), None);
    }

    #[test]
    fn a_clock_that_the_host_keeps_needs_no_word_of_staff() {
        let data = tempfile::tempdir().unwrap();
        let clock = SystemClock::new(ClockTrust::Trusted, 0, data.path());
        clock.confirm(0);
        assert_eq!(clock.source(), Some(Source::Trusted));
        let reading = clock.read();
        assert_eq!(reading.utc_ms, Some(reading.at_ms));
    }
}
