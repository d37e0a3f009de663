//! The key of the store: it seals dossier IDs, and makes fingerprints and hashes that nobody
//! without it can make.
//!
//! Whoever has the whole machine has the key too, and four digits are soon tried through. What it
//! protects against is a database that goes astray without its key.

use std::fs;
use std::io;
use std::path::Path;

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use data_encoding::HEXLOWER;
use hmac::{Hmac, Mac as _};
use scanner::DossierId;
use sha2::Sha256;

use crate::safe_file;

/// Its file in the folder of the store.
const FILE: &str = "key";
/// Of a sealed text.
const NONCE_BYTES: usize = 24;

/// Which dossier, for whoever has the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fingerprint(pub(super) [u8; 32]);

impl Fingerprint {
    /// For pages and files.
    pub(super) fn text(self) -> String {
        HEXLOWER.encode(&self.0)
    }

    /// The same read back; none: nobody's.
    pub(super) fn of_text(text: &str) -> Option<Self> {
        let bytes = HEXLOWER.decode(text.as_bytes()).ok()?;
        bytes.try_into().ok().map(Self)
    }
}

/// The key.
pub(super) struct Secret {
    key: [u8; 32],
    /// Whether it was made just now: what an older one sealed cannot be read.
    pub(super) is_new: bool,
}

impl Secret {
    /// The key in `folder`, made if there is none that can be read.
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        let path = folder.join(FILE);
        let found = match fs::read(&path) {
            Ok(text) => HEXLOWER.decode(text.trim_ascii()).ok(),
            Err(e) if e.kind() == io::ErrorKind::NotFound => None,
            Err(e) => return Err(e),
        };
        if let Some(key) = found.and_then(|key| key.try_into().ok()) {
            return Ok(Self { key, is_new: false });
        }
        let mut key = [0; 32];
        getrandom::fill(&mut key).map_err(io::Error::other)?;
        safe_file::replace(&path, HEXLOWER.encode(&key).as_bytes())?;
        Ok(Self { key, is_new: true })
    }

    fn mac(&self, what: &[u8], parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&self.key)
            .expect("HMAC takes a key of any length");
        mac.update(what);
        for part in parts {
            mac.update(&[0]);
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    pub(super) fn fingerprint(&self, dossier: &DossierId) -> Fingerprint {
        Fingerprint(self.mac(b"dossier", &[dossier.as_str().as_bytes()]))
    }

    /// A factor, bound to its dossier: equal digits of two dossiers are not equal here.
    pub(super) fn factor(&self, of: Fingerprint, factor: &str) -> [u8; 32] {
        self.mac(b"factor", &[&of.0, factor.as_bytes()])
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.mac(b"seal", &[]).into())
    }

    /// Seals a text to the place where it stands.
    pub(super) fn seal(&self, place: &[u8], text: &[u8]) -> io::Result<Vec<u8>> {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(io::Error::other)?;
        let payload = Payload {
            msg: text,
            aad: place,
        };
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| io::Error::other("sealing failed"))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens it again; none: another key's, or of another place.
    pub(super) fn open_sealed(&self, place: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = bytes.split_at_checked(NONCE_BYTES)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().ok()?;
        let payload = Payload {
            msg: sealed,
            aad: place,
        };
        self.cipher().decrypt(&XNonce::from(nonce), payload).ok()
    }
}
