//! Citizen cards (*thẻ căn cước*), as far as this machine knows them: one person has one number.
//!
//! A card's number becomes a word under a key of the service day, and only the word goes on. The
//! same card gives the same word all day, also after a restart; the key is deleted when the day
//! is closed, and by the next start where a power cut came in between. From then on nobody can
//! tell whose word it was, not even by trying every number there is.
//!
//! The keys are in no copy for a spare machine (`CARRIED` does not name them): there, everybody
//! begins anew.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use data_encoding::HEXLOWER;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use crate::{safe_file, vault};

/// Where the keys lie in a data folder.
const FOLDER: &str = "cards";

/// Bytes of a word: far more than there are people, so that no two share one.
const WORD_BYTES: usize = 16;

type Key = [u8; 32];

/// The key of the open day.
pub struct Cards {
    folder: PathBuf,
    key: Mutex<Option<(u64, Key)>>,
}

/// Whether a text may be the word for a person.
pub fn is_person(text: &str) -> bool {
    let hex = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
    text.len() == 2 * WORD_BYTES && text.bytes().all(hex)
}

impl Cards {
    /// Those of a data folder.
    pub fn open(data: &Path) -> Self {
        Self {
            folder: data.join(FOLDER),
            key: Mutex::new(None),
        }
    }

    fn key(&self) -> MutexGuard<'_, Option<(u64, Key)>> {
        self.key.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The word for the holder of card `number` on `day`. The first card of a day makes its key,
    /// which is on the disk before its first use.
    pub fn person(&self, day: u64, number: &str) -> io::Result<String> {
        let mut held = self.key();
        let key = match *held {
            Some((of, key)) if of == day => key,
            _ => self.read_or_make(day)?,
        };
        *held = Some((day, key));
        drop(held);
        let mut mac =
            <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&key).map_err(io::Error::other)?;
        mac.update(b"citizen card\0");
        mac.update(number.as_bytes());
        let word = mac.finalize().into_bytes();
        Ok(HEXLOWER.encode(&word[..WORD_BYTES]))
    }

    fn read_or_make(&self, day: u64) -> io::Result<Key> {
        let path = self.folder.join(format!("{day}.key"));
        let mut text = String::new();
        match File::open(&path) {
            Ok(mut file) => {
                file.read_to_string(&mut text)?;
                let key = HEXLOWER.decode(text.trim().as_bytes()).ok();
                if let Some(key) = key.and_then(|key| Key::try_from(key).ok()) {
                    return Ok(key);
                }
                // A damaged one is of no use to anybody; with another the day's cards begin anew.
            }
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => {}
            Err(cause) => return Err(cause),
        }
        let mut key = Key::default();
        getrandom::fill(&mut key).map_err(io::Error::other)?;
        safe_file::replace(&path, HEXLOWER.encode(&key).as_bytes())?;
        Ok(key)
    }

    /// Deletes every key but that of the `open` day. Done twice it does no harm.
    pub fn keep_only(&self, open: Option<u64>) -> io::Result<()> {
        let mut held = self.key();
        held.take_if(|(day, _)| Some(*day) != open);
        vault::delete_keys_in(&self.folder, |day| Some(day) != open)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const CARD: &str = "001099000001";

    #[test]
    fn a_card_is_the_same_person_all_day_also_after_a_restart_and_nobody_tomorrow() {
        let data = tempfile::tempdir().unwrap();
        let cards = Cards::open(data.path());
        let person = cards.person(1, CARD).unwrap();
        assert!(is_person(&person) && !person.contains(CARD));
        assert_eq!(cards.person(1, CARD).unwrap(), person);
        assert_ne!(cards.person(1, "001099000002").unwrap(), person);
        let restarted = Cards::open(data.path());
        restarted.keep_only(Some(1)).unwrap();
        assert_eq!(restarted.person(1, CARD).unwrap(), person);
        assert_ne!(restarted.person(2, CARD).unwrap(), person);
    }

    #[test]
    fn the_key_of_a_closed_day_is_deleted_and_its_words_never_come_again() {
        let data = tempfile::tempdir().unwrap();
        let cards = Cards::open(data.path());
        cards.keep_only(None).unwrap();
        let person = cards.person(1, CARD).unwrap();
        let key = data.path().join("cards/1.key");
        assert!(key.exists());
        cards.keep_only(None).unwrap();
        assert!(!key.exists());
        // A day that goes on after its closing begins anew, too.
        assert_ne!(cards.person(1, CARD).unwrap(), person);
    }
}
