//! Personal values: sealed under a key per service day, kept outside the journal.
//!
//! Deleting a day's key erases that day's values; the journal's chain still verifies.
//! A key is on disk before its first use, so that no value outlives its key by a power cut.
//!
//! What deleting can promise: the key's bytes are overwritten where the file system keeps them
//! (ext4 does so in place) and the file is gone after a power cut. What it cannot: a memory card
//! writes elsewhere than it is told, so a laboratory that reads its bare chips may find the old
//! bytes until the card reuses them; and copies of the folder made earlier have their keys.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use hmac::{Hmac, Mac as _};
use queue::{Event, Personal};
use sha2::Sha256;

use crate::safe_file;

/// Days whose keys are kept in memory: today's and what is still undelivered.
const CACHED_DAYS: usize = 64;

/// Where the keys lie in a data folder.
pub const FOLDER: &str = "keys";

/// A key as it lies on the disk.
type Key = [u8; 32];

/// The day keys in a data folder.
pub struct Vault {
    folder: PathBuf,
    cache: HashMap<u64, Option<Key>>,
    /// Erased while this program runs: not read again, also while the file is still there.
    erased: HashSet<u64>,
}

impl Vault {
    /// The vault of a data folder.
    pub fn open(data: &Path) -> Self {
        Self {
            folder: data.join(FOLDER),
            cache: HashMap::new(),
            erased: HashSet::new(),
        }
    }

    fn path(&self, day: u64) -> PathBuf {
        self.folder.join(format!("{day}.key"))
    }

    /// The key of a day; `None` once erased.
    fn key(&mut self, day: u64) -> io::Result<Option<Key>> {
        if self.erased.contains(&day) {
            return Ok(None);
        }
        if let Some(key) = self.cache.get(&day) {
            return Ok(*key);
        }
        let mut text = String::new();
        let key =
            match File::open(self.path(day)) {
                Ok(mut file) => {
                    file.read_to_string(&mut text)?;
                    let key = HEXLOWER.decode(text.trim().as_bytes()).ok();
                    let key = key.and_then(|k| Key::try_from(k).ok());
                    Some(key.ok_or_else(|| {
                        io::Error::other(format!("the key of day {day} is damaged"))
                    })?)
                }
                Err(e) if e.kind() == io::ErrorKind::NotFound => None,
                Err(e) => return Err(e),
            };
        if self.cache.len() >= CACHED_DAYS {
            self.cache.clear();
        }
        self.cache.insert(day, key);
        Ok(key)
    }

    /// The key of a day, made if there is none yet.
    fn key_for_writing(&mut self, day: u64) -> io::Result<Key> {
        if let Some(key) = self.key(day)? {
            return Ok(key);
        }
        if self.erased.contains(&day) {
            return Err(io::Error::other(format!("day {day} was erased")));
        }
        let mut key = Key::default();
        getrandom::fill(&mut key).map_err(io::Error::other)?;
        safe_file::replace(&self.path(day), HEXLOWER.encode(&key).as_bytes())?;
        if let Some(parent) = self.folder.parent() {
            File::open(parent)?.sync_all()?;
        }
        self.cache.insert(day, Some(key));
        Ok(key)
    }

    /// From now on nothing of `day` can be read: it is recorded as erased.
    pub fn forget(&mut self, day: u64) {
        self.cache.remove(&day);
        self.erased.insert(day);
    }

    /// Seals every plain personal value of `events` under the key of `day`.
    pub fn seal(&mut self, day: u64, events: &mut [Event]) -> io::Result<()> {
        for personal in events.iter_mut().flat_map(Event::personal_mut) {
            if let Personal::Plain(text) = personal {
                *personal = Personal::Sealed(self.seal_text(day, text)?);
            }
        }
        Ok(())
    }

    fn seal_text(&mut self, day: u64, text: &str) -> io::Result<String> {
        let key = self.key_for_writing(day)?;
        let mut nonce = [0; 24];
        getrandom::fill(&mut nonce).map_err(io::Error::other)?;
        let payload = Payload {
            msg: text.as_bytes(),
            aad: &day.to_be_bytes(),
        };
        let sealed = XChaCha20Poly1305::new(&key.into())
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| io::Error::other("sealing failed"))?;
        let bytes = [nonce.as_slice(), &sealed].concat();
        Ok(format!("1.{day}.{}", BASE64URL_NOPAD.encode(&bytes)))
    }

    /// Opens every sealed personal value of `events`; an erased one reads as such.
    pub fn open_events(&mut self, events: &mut [Event]) {
        for personal in events.iter_mut().flat_map(Event::personal_mut) {
            if let Personal::Sealed(text) = personal {
                *personal = self
                    .open_text(text)
                    .map_or(Personal::Erased, Personal::Plain);
            }
        }
    }

    /// Opens one sealed value; none once its day's key is erased.
    pub fn open_text(&mut self, sealed: &str) -> Option<String> {
        let (day, body) = sealed.strip_prefix("1.")?.split_once('.')?;
        let day: u64 = day.parse().ok()?;
        let bytes = BASE64URL_NOPAD.decode(body.as_bytes()).ok()?;
        let (nonce, ciphertext) = bytes.split_at_checked(24)?;
        let nonce: [u8; 24] = nonce.try_into().ok()?;
        let key = self.key(day).ok()??;
        let payload = Payload {
            msg: ciphertext,
            aad: &day.to_be_bytes(),
        };
        let plain = XChaCha20Poly1305::new(&key.into())
            .decrypt(&XNonce::from(nonce), payload)
            .ok()?;
        String::from_utf8(plain).ok()
    }

    /// Tells bodies apart without keeping them: an HMAC under the key of `day`, in hex.
    pub fn fingerprint(&mut self, day: u64, body: &[u8]) -> io::Result<String> {
        let key = self.key_for_writing(day)?;
        Self::mac(key, body)
    }

    /// The same under the key of a day gone by; `None` once that key is erased.
    pub fn fingerprint_then(&mut self, day: u64, body: &[u8]) -> io::Result<Option<String>> {
        self.key(day)?.map(|key| Self::mac(key, body)).transpose()
    }

    fn mac(key: Key, body: &[u8]) -> io::Result<String> {
        let mut mac =
            <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&key).map_err(io::Error::other)?;
        mac.update(b"fingerprint\0");
        mac.update(body);
        Ok(HEXLOWER.encode(&mac.finalize().into_bytes()))
    }
}

/// The day of a file in the folder of keys: the key, or what a power cut left of making it.
pub fn day_of(file_name: &OsStr) -> Option<u64> {
    let name = file_name.to_str()?;
    name.split('.').next()?.parse().ok()
}

/// Deletes the keys in the data folder whose day `is_erased`. Done twice it does no harm.
pub fn delete_keys(data: &Path, is_erased: impl Fn(u64) -> bool) -> io::Result<()> {
    delete_keys_in(&data.join(FOLDER), is_erased)
}

/// The same of any folder of keys by day.
pub fn delete_keys_in(folder: &Path, is_erased: impl Fn(u64) -> bool) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    let mut deleted = false;
    for entry in entries {
        let entry = entry?;
        if day_of(&entry.file_name()).is_some_and(&is_erased) {
            match destroy(&entry.path()) {
                // Somebody else was faster.
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                done => done?,
            }
            deleted = true;
        }
    }
    match deleted {
        true => File::open(folder)?.sync_all(),
        false => Ok(()),
    }
}

/// Overwrites and deletes a file.
fn destroy(path: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).open(path)?;
    // Its length stays: a shorter file would leave the rest of the old bytes.
    let length = file.metadata()?.len() as usize;
    file.write_all(&vec![b'0'; length])?;
    file.sync_all()?;
    fs::remove_file(path)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn scanned(dossier: &str) -> Event {
        Event::ScanRefused {
            scan: queue::Id::from_bits(1),
            reason: Personal::Plain(dossier.into()),
        }
    }

    #[test]
    fn a_personal_value_reads_again_with_its_key_and_as_erased_without() {
        let folder = tempfile::tempdir().unwrap();
        let mut vault = Vault::open(folder.path());
        let mut events = [scanned("H05.114-250625-0002")];
        vault.seal(3, &mut events).unwrap();
        let stored = serde_json::to_string(&events).unwrap();
        assert!(!stored.contains("250625"), "{stored}");

        let mut again: [Event; 1] = serde_json::from_str(&stored).unwrap();
        Vault::open(folder.path()).open_events(&mut again);
        assert_eq!(again, [scanned("H05.114-250625-0002")]);

        std::fs::remove_file(folder.path().join("keys/3.key")).unwrap();
        let mut erased: [Event; 1] = serde_json::from_str(&stored).unwrap();
        Vault::open(folder.path()).open_events(&mut erased);
        assert_eq!(erased[0].personal_mut(), [&mut Personal::Erased]);
    }

    #[test]
    fn a_plain_personal_value_cannot_be_written() {
        assert!(serde_json::to_string(&scanned("H05.114-250625-0002")).is_err());
    }
}
