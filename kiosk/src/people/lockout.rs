//! Lock-out after wrong tries, per person and per address. Time comes in as `now_ms`.
//!
//! At looking up dossiers the dossier stands in the place of the person, and the device in that of
//! the address.
//!
//! - A try counts before it is judged, so that a hundred at once are a hundred tries.
//! - Each wrong try after the free ones locks for twice as long as the one before.
//! - The right PIN forgets the person's wrong tries, but an address only loses that one try:
//!   somebody with a PIN of their own must not get free guesses at others'.
//! - Counts survive a restart, and a lock then begins anew: pulling the plug gains nothing.

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

/// Slips of the finger that cost nothing.
const PERSON_FREE: u32 = 4;
/// A counter PC is shared, and so is an office's proxy.
const ADDRESS_FREE: u32 = 14;
/// The first lock.
const LOCK_FIRST_MS: u64 = 60_000;
/// 24 guesses a day at a million PINs are no danger.
const PERSON_LOCK_MAX_MS: u64 = 60 * 60_000;
/// Shorter: one clerk's mistakes should not keep a counter's PC out for an hour.
const ADDRESS_LOCK_MAX_MS: u64 = 15 * 60_000;
/// An address without wrong tries for this long starts anew.
const ADDRESS_FORGOTTEN_MS: u64 = 60 * 60_000;
/// Far more than an office has machines.
const ADDRESSES_MAX: usize = 1_000;
/// Far more than an office has people; dossiers are as many as somebody cares to make up, and one
/// device is locked long before it has pushed out another's tries.
const PEOPLE_MAX: usize = 1_000;

/// Wrong tries of one person or address.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Wrong {
    tries: u32,
    #[serde(skip)]
    last_ms: u64,
    #[serde(skip)]
    until_ms: u64,
}

impl Wrong {
    fn count(&mut self, now_ms: u64, limits: Limits) {
        self.tries = self.tries.saturating_add(1);
        self.last_ms = now_ms;
        self.until_ms = now_ms + limits.lock_ms(self.tries);
    }

    fn left_ms(&self, now_ms: u64) -> u64 {
        self.until_ms.saturating_sub(now_ms)
    }
}

/// How many tries are free, and how long a lock can get.
#[derive(Clone, Copy)]
struct Limits {
    free: u32,
    max_ms: u64,
}

const PERSON: Limits = Limits {
    free: PERSON_FREE,
    max_ms: PERSON_LOCK_MAX_MS,
};
const ADDRESS: Limits = Limits {
    free: ADDRESS_FREE,
    max_ms: ADDRESS_LOCK_MAX_MS,
};

impl Limits {
    fn lock_ms(self, tries: u32) -> u64 {
        let Some(doublings) = tries.checked_sub(self.free + 1) else {
            return 0;
        };
        let lock = LOCK_FIRST_MS
            .checked_shl(doublings.min(32))
            .unwrap_or(u64::MAX);
        lock.min(self.max_ms)
    }
}

/// Everybody's wrong tries.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Lockouts {
    #[serde(default)]
    people: BTreeMap<String, Wrong>,
    #[serde(default)]
    addresses: BTreeMap<String, Wrong>,
}

impl Lockouts {
    /// As read from the disk at the start: every lock begins anew.
    pub fn restarted(mut self, now_ms: u64) -> Self {
        for (wrongs, limits) in [(&mut self.people, PERSON), (&mut self.addresses, ADDRESS)] {
            for wrong in wrongs.values_mut() {
                wrong.last_ms = now_ms;
                wrong.until_ms = now_ms + limits.lock_ms(wrong.tries);
            }
        }
        self
    }

    /// Counts a try as wrong, before it is judged; the error is how long to wait, in ms.
    pub fn begin(&mut self, now_ms: u64, person: Option<&str>, address: &str) -> Result<(), u64> {
        self.forget_old_addresses(now_ms);
        match self.wait_ms(now_ms, person.unwrap_or_default(), address) {
            0 => {}
            wait_ms => return Err(wait_ms),
        }
        if let Some(person) = person {
            if !self.people.contains_key(person) {
                make_room(&mut self.people, PEOPLE_MAX);
            }
            let wrong = self.people.entry(person.to_owned()).or_default();
            wrong.count(now_ms, PERSON);
        }
        let wrong = self.addresses.entry(address.to_owned()).or_default();
        wrong.count(now_ms, ADDRESS);
        Ok(())
    }

    /// The try was right.
    pub fn right(&mut self, person: Option<&str>, address: &str) {
        if let Some(person) = person {
            self.people.remove(person);
        }
        if let Some(wrong) = self.addresses.get_mut(address) {
            wrong.tries = wrong.tries.saturating_sub(1);
            wrong.until_ms = 0;
            if wrong.tries == 0 {
                self.addresses.remove(address);
            }
        }
    }

    /// How long `person` at `address` still has to wait, in ms.
    pub fn wait_ms(&self, now_ms: u64, person: &str, address: &str) -> u64 {
        let of_address = self.addresses.get(address).map_or(0, |w| w.left_ms(now_ms));
        self.left_ms(now_ms, person).max(of_address)
    }

    /// A try that nobody could judge is none. A lock that it brought goes with it.
    pub fn unjudged(&mut self, person: &str, address: &str) {
        for (wrongs, name, limits) in [
            (&mut self.people, person, PERSON),
            (&mut self.addresses, address, ADDRESS),
        ] {
            let Some(wrong) = wrongs.get_mut(name) else {
                continue;
            };
            wrong.tries = wrong.tries.saturating_sub(1);
            wrong.until_ms = wrong.last_ms + limits.lock_ms(wrong.tries);
            if wrong.tries == 0 {
                wrongs.remove(name);
            }
        }
    }

    /// Wrong tries that are left to `person` at `address` before the next one locks; 0: it has.
    pub fn tries_left(&self, person: &str, address: &str) -> u32 {
        let left = |wrong: Option<&Wrong>, limits: Limits| {
            let tries = wrong.map_or(0, |wrong| wrong.tries);
            (limits.free + 1).saturating_sub(tries)
        };
        let of_person = left(self.people.get(person), PERSON);
        of_person.min(left(self.addresses.get(address), ADDRESS))
    }

    /// How long a person still has to wait, in ms.
    pub fn left_ms(&self, now_ms: u64, person: &str) -> u64 {
        self.people.get(person).map_or(0, |w| w.left_ms(now_ms))
    }

    /// A supervisor lets a person try again, from any machine.
    pub fn lift(&mut self, person: &str) {
        self.people.remove(person);
        self.addresses.clear();
    }

    fn forget_old_addresses(&mut self, now_ms: u64) {
        self.addresses.retain(|_, wrong| {
            wrong.left_ms(now_ms) > 0 || now_ms < wrong.last_ms + ADDRESS_FORGOTTEN_MS
        });
        make_room(&mut self.addresses, ADDRESSES_MAX);
    }
}

/// Forgets whoever tried longest ago.
fn make_room(wrongs: &mut BTreeMap<String, Wrong>, max: usize) {
    while wrongs.len() >= max {
        let oldest = wrongs.iter().min_by_key(|(_, wrong)| wrong.last_ms);
        let Some(oldest) = oldest.map(|(name, _)| name.clone()) else {
            return;
        };
        wrongs.remove(&oldest);
    }
}

/// What counts as one address: an IPv6 machine has a whole network of them.
pub fn address(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const MINUTE: u64 = 60_000;

    /// Wrong tries of `person`, waiting out each lock; how long each lock was, in minutes.
    fn locks(lockouts: &mut Lockouts, tries: usize) -> Vec<u64> {
        let mut now = 0;
        let mut locks = Vec::new();
        for n in 0..tries {
            // From another machine each time.
            let address = format!("192.0.2.{n}");
            if let Err(wait) = lockouts.begin(now, Some("7"), &address) {
                locks.push(wait / MINUTE);
                now += wait;
                lockouts.begin(now, Some("7"), &address).unwrap();
            }
        }
        locks
    }

    #[test]
    fn four_slips_are_free_and_then_each_wait_is_twice_as_long() {
        let mut lockouts = Lockouts::default();
        assert!(locks(&mut lockouts, 5).is_empty());
        assert_eq!(lockouts.left_ms(0, "7"), MINUTE);
        let mut lockouts = Lockouts::default();
        assert_eq!(locks(&mut lockouts, 13), [1, 2, 4, 8, 16, 32, 60, 60]);
    }

    #[test]
    fn the_right_pin_forgets_the_slips() {
        let mut lockouts = Lockouts::default();
        for _ in 0..10 {
            for _ in 0..4 {
                lockouts.begin(0, Some("7"), "a").unwrap();
            }
            lockouts.right(Some("7"), "a");
            // The address still counts them: nobody gets free guesses by a PIN of their own.
            lockouts.lift("nobody");
        }
        assert_eq!(lockouts.left_ms(0, "7"), 0);
    }

    #[test]
    fn whoever_tries_is_told_how_many_tries_are_left() {
        let mut lockouts = Lockouts::default();
        assert_eq!(lockouts.tries_left("7", "a"), 5);
        for left in [4, 3, 2, 1, 0] {
            lockouts.begin(0, Some("7"), "a").unwrap();
            assert_eq!(lockouts.tries_left("7", "a"), left);
        }
        assert!(lockouts.begin(0, Some("7"), "a").is_err());
        // What other people tried in vain at the same machine counts as well.
        for n in 0..9 {
            lockouts.begin(0, Some(&format!("9{n}")), "a").unwrap();
        }
        assert_eq!(lockouts.tries_left("8", "a"), 1);
    }

    #[test]
    fn a_try_that_nobody_could_judge_is_none() {
        let mut lockouts = Lockouts::default();
        for _ in 0..50 {
            lockouts.begin(0, Some("7"), "a").unwrap();
            lockouts.unjudged("7", "a");
        }
        assert_eq!(lockouts.tries_left("7", "a"), 5);
        for _ in 0..5 {
            lockouts.begin(0, Some("7"), "a").unwrap();
        }
        // It takes away its own lock, and leaves the one before.
        lockouts.begin(MINUTE, Some("7"), "a").unwrap();
        assert_eq!(lockouts.left_ms(MINUTE, "7"), 2 * MINUTE);
        lockouts.unjudged("7", "a");
        assert_eq!(lockouts.left_ms(MINUTE, "7"), MINUTE);
    }

    #[test]
    fn a_hundred_tries_at_once_are_a_hundred_tries() {
        let mut lockouts = Lockouts::default();
        let begun = (0..100).filter(|n| {
            let address = format!("192.0.2.{n}");
            lockouts.begin(0, Some("7"), &address).is_ok()
        });
        assert_eq!(begun.count(), 5);
    }

    #[test]
    fn one_machine_cannot_try_everybody() {
        let mut lockouts = Lockouts::default();
        let mut tries = 0;
        while lockouts
            .begin(0, Some(&tries.to_string()), "192.0.2.1")
            .is_ok()
        {
            tries += 1;
        }
        assert_eq!(tries, 15);
        // Others are not kept out by it.
        lockouts.begin(0, Some("99"), "192.0.2.2").unwrap();
        // An own PIN buys one try, not all of them.
        lockouts.right(Some("3"), "192.0.2.1");
        lockouts.begin(0, Some("50"), "192.0.2.1").unwrap();
        lockouts.begin(0, Some("51"), "192.0.2.1").unwrap_err();
        // After an hour in peace the machine starts anew.
        for n in 0..15 {
            let later = 20 * MINUTE + ADDRESS_FORGOTTEN_MS;
            lockouts
                .begin(later, Some(&n.to_string()), "192.0.2.1")
                .unwrap_or_default();
        }
        assert_eq!(lockouts.addresses["192.0.2.1"].tries, 15);
    }

    #[test]
    fn pulling_the_plug_does_not_shorten_a_lock() {
        let mut lockouts = Lockouts::default();
        locks(&mut lockouts, 8);
        let stored = serde_json::to_string(&lockouts).unwrap();
        let again: Lockouts = serde_json::from_str(&stored).unwrap();
        let mut again = again.restarted(5 * MINUTE);
        assert_eq!(again.begin(5 * MINUTE, Some("7"), "b"), Err(8 * MINUTE));
    }

    #[test]
    fn a_supervisor_lifts_a_lock_at_once() {
        let mut lockouts = Lockouts::default();
        for _ in 0..5 {
            lockouts.begin(0, Some("7"), "a").unwrap();
        }
        lockouts.begin(0, Some("7"), "a").unwrap_err();
        lockouts.lift("7");
        for _ in 0..5 {
            lockouts.begin(0, Some("7"), "a").unwrap();
        }
    }

    #[test]
    fn a_machine_has_one_address_however_it_is_written() {
        let same = |a: &str, b: &str| address(a.parse().unwrap()) == address(b.parse().unwrap());
        assert!(same("192.0.2.1", "::ffff:192.0.2.1"));
        assert!(same("2001:db8::1", "2001:db8::ffff:2"));
        assert!(!same("2001:db8::1", "2001:db8:1::1"));
    }
}
