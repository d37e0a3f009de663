//! PINs: which are good enough, and how they are kept.
//!
//! A PIN is short, so its hash must be slow. Argon2id with 12 MiB, 3 passes, 1 lane is one of
//! the settings that OWASP's Password Storage Cheat Sheet calls equal in strength. One hash
//! took 12.7 ms of a server core (release build); a Pi 4 core has about a fifth of its speed,
//! which makes 60 to 70 ms: a clerk does not notice it, a thief of the file does.

use std::io;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};

/// Fewer digits are guessed, more are written on a note under the keyboard.
pub const DIGITS_MIN: usize = 6;
/// Nobody remembers more.
pub const DIGITS_MAX: usize = 12;

/// Memory of one hash in KiB; one hash runs at a time.
const MEMORY_KIB: u32 = 12 * 1024;
const PASSES: u32 = 3;
const LANES: u32 = 1;

/// Longest group of digits whose repetition is no PIN: 123123, but not 12341234.
const GROUP_MAX: usize = 3;

/// Why a PIN is not good enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weak {
    /// Not 6 to 12 digits.
    Length,
    /// One group of digits over and over: 111111, 121212.
    Repeats,
    /// Up or down in order: 123456, 987654.
    Run,
    /// The year is in it: last year, this one or the next.
    Year,
}

/// Whether `pin` is good enough in `year`.
pub fn judge(pin: &str, year: i64) -> Result<(), Weak> {
    if !has_shape(pin) {
        return Err(Weak::Length);
    }
    let digits = pin.as_bytes();
    let repeats = |group: usize| {
        digits
            .iter()
            .zip(digits.iter().skip(group))
            .all(|(a, b)| a == b)
    };
    if (1..=GROUP_MAX).any(repeats) {
        return Err(Weak::Repeats);
    }
    // 9 is followed by 0, as on a keyboard's row.
    let steps = |step: u8| {
        let next = |d: u8| b'0' + (d - b'0' + step) % 10;
        digits
            .iter()
            .zip(digits.iter().skip(1))
            .all(|(a, b)| next(*a) == *b)
    };
    if steps(1) || steps(9) {
        return Err(Weak::Run);
    }
    match (year - 1..=year + 1).any(|year| pin.contains(&year.to_string())) {
        true => Err(Weak::Year),
        false => Ok(()),
    }
}

/// Whether `pin` could be one at all; nothing else is worth a hash.
pub fn has_shape(pin: &str) -> bool {
    (DIGITS_MIN..=DIGITS_MAX).contains(&pin.len()) && pin.bytes().all(|b| b.is_ascii_digit())
}

fn argon2() -> io::Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(io::Error::other)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash to keep, with its salt and parameters. Slow: on a thread for such work only.
pub fn hash(pin: &str) -> io::Result<String> {
    let hash = argon2()?.hash_password(pin.as_bytes());
    hash.map(|hash| hash.to_string()).map_err(io::Error::other)
}

/// Whether `pin` made `hash`. Slow: on a thread for such work only.
pub fn is_right(pin: &str, hash: &str) -> bool {
    // The parameters are those of the hash: older ones stay valid when ours grow.
    let Ok(hash) = PasswordHash::new(hash) else {
        return false;
    };
    argon2().is_ok_and(|argon2| argon2.verify_password(pin.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_pin_is_six_to_twelve_digits_and_none_that_anybody_tries_first() {
        let cases = [
            ("482913", Ok(())),
            ("12341234", Ok(())),
            ("482913750164", Ok(())),
            ("48291", Err(Weak::Length)),
            ("4829137501642", Err(Weak::Length)),
            ("48291a", Err(Weak::Length)),
            ("４８２９１３", Err(Weak::Length)),
            ("", Err(Weak::Length)),
            ("111111", Err(Weak::Repeats)),
            ("121212", Err(Weak::Repeats)),
            ("1212121", Err(Weak::Repeats)),
            ("123123", Err(Weak::Repeats)),
            ("123456", Err(Weak::Run)),
            ("890123", Err(Weak::Run)),
            ("987654", Err(Weak::Run)),
            ("210987", Err(Weak::Run)),
            ("202648", Err(Weak::Year)),
            ("312025", Err(Weak::Year)),
            ("120577", Ok(())),
        ];
        for (pin, expected) in cases {
            assert_eq!(judge(pin, 2026), expected, "{pin}");
        }
    }

    #[test]
    fn the_same_pin_is_kept_differently_for_two_people_and_opens_for_both() {
        let (one, two) = (hash("482913").unwrap(), hash("482913").unwrap());
        assert_ne!(one, two);
        assert!(one.starts_with("$argon2id$v=19$m=12288,t=3,p=1$"), "{one}");
        assert!(is_right("482913", &one) && is_right("482913", &two));
        assert!(!is_right("482914", &one));
        assert!(!is_right("482913", "damaged"));
    }
}
