//! Ids and secrets: chance from the system.

use queue::{Id, Now};

fn chance() -> u128 {
    let mut bytes = [0; 16];
    // The kernel's generator does not fail once the system is up; if it did, ids of zeros
    // would collide and be refused by the journal rather than repeat silently.
    let _ = getrandom::fill(&mut bytes);
    u128::from_be_bytes(bytes)
}

/// An id that sorts by time; before the time is known, by the office's own clock.
pub fn fresh(now: Now) -> Id {
    let ms = now
        .utc
        .and_then(|utc| u64::try_from(utc).ok())
        .unwrap_or(now.tick);
    Id::new(ms, chance())
}

/// A secret of 128 bits.
pub fn secret() -> Id {
    Id::from_bits(chance())
}
