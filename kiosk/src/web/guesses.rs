//! Tokens tried in vain, by address. Time comes in as `now_ms`.
//!
//! A token has 128 random bits, so nobody guesses one; but each try costs the engine a look. A
//! whole lobby may stand behind one address, some with yesterday's slips: only what is not
//! found is counted, so whoever holds a slip of today is never kept waiting by others.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use crate::people::address;

/// In vain within a minute: a lobby whose phones all show slips of yesterday stays below it.
const IN_VAIN_MAX: u32 = 120;
const MINUTE_MS: u64 = 60_000;
/// Far more than an office sees; the one that began first is forgotten.
const ADDRESSES_MAX: usize = 1_000;

/// Tries in vain of each address since its minute began.
#[derive(Default)]
pub struct Guesses(Mutex<BTreeMap<String, (u64, u32)>>);

impl Guesses {
    /// Counts a try in vain; the error is for how many seconds there were too many.
    pub fn in_vain(&self, now_ms: u64, ip: IpAddr) -> Result<(), u64> {
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tries.retain(|_, (since, _)| now_ms < *since + MINUTE_MS);
        while tries.len() >= ADDRESSES_MAX {
            let oldest = tries.iter().min_by_key(|(_, (since, _))| *since);
            let Some(oldest) = oldest.map(|(address, _)| address.clone()) else {
                break;
            };
            tries.remove(&oldest);
        }
        let (since, count) = tries.entry(address(ip)).or_insert((now_ms, 0));
        *count = count.saturating_add(1);
        match *count > IN_VAIN_MAX {
            true => Err((*since + MINUTE_MS - now_ms).div_ceil(1_000)),
            false => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guesser_is_told_to_wait_for_a_minute_and_nobody_else() {
        let guesses = Guesses::default();
        let (lobby, guesser) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        for _ in 0..IN_VAIN_MAX {
            assert_eq!(guesses.in_vain(1_000, guesser), Ok(()));
        }
        assert_eq!(guesses.in_vain(31_000, guesser), Err(30));
        assert_eq!(guesses.in_vain(31_000, lobby), Ok(()));
        assert_eq!(guesses.in_vain(61_000, guesser), Ok(()));
    }

    #[test]
    fn whoever_has_many_addresses_fills_no_memory() {
        let guesses = Guesses::default();
        for n in 0..5_000_u32 {
            let ip = IpAddr::from(n.to_be_bytes());
            assert_eq!(guesses.in_vain(u64::from(n), ip), Ok(()));
        }
        let kept = guesses.0.lock().map(|tries| tries.len());
        assert!(kept.is_ok_and(|kept| kept <= ADDRESSES_MAX));
    }
}
