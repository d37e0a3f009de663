//! The certificate that is shown at the door: the office's own, or one that the authority keeps
//! fresh.

use std::collections::BTreeMap;
use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier as _;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tracing::{info, warn};

use super::authority::{Authority, AuthorityError, FIRST_S, LAST_S};
use crate::safe_file;

const DAY_S: u64 = 86_400;
/// A browser elsewhere may be this much behind.
const BACKDATED_S: u64 = 30 * DAY_S;
/// A year and a month: an appliance that is switched on once a year is not turned away.
const LASTS_S: u64 = 397 * DAY_S;
/// Made anew this long before its end: longer than the longest holidays.
const RENEW_BEFORE_S: u64 = 60 * DAY_S;
/// Apple's systems refuse certificates that last longer than 825 days.
const TOO_LONG_S: u64 = 826 * DAY_S;

/// Key and certificate of this machine, from the authority.
const FILE: &str = "machine.pem";

/// A moment as this machine believes it.
#[derive(Clone, Copy, Debug)]
pub struct At {
    /// UTC in seconds.
    pub utc_s: u64,
    /// Whether that can be believed.
    pub known: bool,
}

impl At {
    /// A moment at which the authority is valid: a clock outside of it is wrong anyway.
    fn seconds(self) -> u64 {
        self.utc_s.clamp(FIRST_S, LAST_S - 1)
    }
}

/// What other machines may call this one.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Where the daemon listens; all of this machine's addresses if unspecified.
    pub listen: IpAddr,
    /// `[server] names`.
    pub names: Vec<String>,
}

impl Wanted {
    /// Names first, then addresses; never empty. `addresses` are the machine's own.
    pub fn all(&self, addresses: &[IpAddr]) -> Vec<String> {
        let reachable = |ip: &&IpAddr| {
            let family = self.listen.is_ipv6() || ip.is_ipv4();
            let link_local = match ip {
                IpAddr::V4(ip) => ip.is_link_local(),
                // With a zone, which no certificate can name.
                IpAddr::V6(ip) => ip.is_unicast_link_local(),
            };
            family && !link_local && !ip.is_loopback()
        };
        let mut all = self.names.clone();
        if self.listen.is_unspecified() {
            all.extend(addresses.iter().filter(reachable).map(IpAddr::to_string));
        } else {
            all.push(self.listen.to_string());
        }
        // A browser on the machine itself.
        all.extend(["localhost".to_owned(), "127.0.0.1".to_owned()]);
        let mut seen = std::collections::BTreeSet::new();
        all.retain(|name| seen.insert(name.clone()));
        all
    }
}

/// The addresses of this machine.
fn addresses() -> Vec<IpAddr> {
    let found = if_addrs::get_if_addrs().unwrap_or_default();
    found.into_iter().map(|interface| interface.ip()).collect()
}

/// Files of an office that has a certificate of its own.
#[derive(Clone, Debug)]
pub struct Own {
    /// The certificate and what it was signed with, in PEM.
    pub certificate: PathBuf,
    /// Its key, in PEM.
    pub key: PathBuf,
}

impl Own {
    /// Reads both; the error is a sentence.
    pub fn read(&self) -> Result<CertifiedKey, String> {
        let read =
            |path: &Path| fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()));
        certified(&read(&self.certificate)?, &read(&self.key)?)
            .map_err(|e| format!("{}: {e}", self.certificate.display()))
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// Certificates and their key from PEM.
fn certified(certificates: &str, key: &str) -> Result<CertifiedKey, String> {
    let chain = CertificateDer::pem_slice_iter(certificates.as_bytes());
    let chain = chain.collect::<Result<Vec<_>, _>>();
    let chain = chain.map_err(|e| format!("no certificate in PEM: {e}"))?;
    if chain.is_empty() {
        return Err("no certificate in PEM".to_owned());
    }
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes());
    let key = key.map_err(|e| format!("no key in PEM: {e}"))?;
    CertifiedKey::from_der(chain, key, &provider())
        .map_err(|e| format!("certificate and key cannot be used together: {e}"))
}

/// Why a certificate of the authority is not shown, or no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stale {
    /// Another machine would refuse it now.
    Refused,
    /// It is about to end.
    EndsSoon,
    /// It was made while the time was unknown.
    LastsTooLong,
}

/// Judges as a browser that trusts the authority: the chain, the time and every name.
fn stale(
    certificate: &CertificateDer<'_>,
    authority: &CertificateDer<'static>,
    names: &[String],
    at: At,
) -> Option<Stale> {
    let mut roots = RootCertStore::empty();
    let _ = roots.add(authority.clone());
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider());
    let Ok(verifier) = verifier.build() else {
        return Some(Stale::Refused);
    };
    let accepted = |seconds: u64| {
        let time = UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
        names.iter().all(|name| {
            ServerName::try_from(name.as_str()).is_ok_and(|name| {
                let judged = verifier.verify_server_cert(certificate, &[], &name, &[], time);
                judged.is_ok()
            })
        })
    };
    let now = at.seconds();
    if !accepted(now) {
        return Some(Stale::Refused);
    }
    if !at.known {
        return None;
    }
    // In the authority's last days nothing can last longer than it.
    if !accepted((now + RENEW_BEFORE_S).min(LAST_S - 1)) {
        return Some(Stale::EndsSoon);
    }
    let long = now + TOO_LONG_S;
    (long < LAST_S && accepted(long)).then_some(Stale::LastsTooLong)
}

/// From and to, in UTC seconds. While the time is unknown the certificate lasts as long as the
/// authority: it is valid on machines that know the time, whatever this one believes.
fn validity(at: At) -> (u64, u64) {
    if !at.known {
        return (FIRST_S, LAST_S);
    }
    let now = at.seconds();
    let from = now.saturating_sub(BACKDATED_S).max(FIRST_S);
    (from, (now + LASTS_S).min(LAST_S))
}

/// What the door shows now. Connections that are open keep what they were shown.
#[derive(Debug, Default)]
pub struct Shown(RwLock<Option<Arc<CertifiedKey>>>);

impl Shown {
    fn show(&self, key: CertifiedKey) {
        let mut shown = self.0.write().unwrap_or_else(|e| e.into_inner());
        *shown = Some(Arc::new(key));
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.0.read().unwrap_or_else(|e| e.into_inner()).clone()
    }
}

/// Where the certificate comes from.
enum Source {
    Own(Files),
    Authority(Box<Signed>),
}

/// The office's files, and what they held when they were read last.
struct Files {
    own: Own,
    held: Vec<u8>,
}

impl Files {
    fn open(own: Own, shown: &Shown) -> Result<Self, String> {
        let held = held(&own);
        shown.show(own.read()?);
        Ok(Self { own, held })
    }

    fn refresh(&mut self, shown: &Shown) {
        let now = held(&self.own);
        if now == self.held {
            return;
        }
        self.held = now;
        match self.own.read() {
            Ok(key) => shown.show(key),
            Err(problem) => warn!("[server] certificate: {problem}. The last good one stays."),
        }
    }
}

/// The authority, its folder, and which names it may speak for as far as they were tried.
struct Signed {
    authority: Authority,
    folder: PathBuf,
    speaks: BTreeMap<String, bool>,
}

impl Signed {
    fn refresh(
        &mut self,
        mut names: Vec<String>,
        at: At,
        shown: &Shown,
    ) -> Result<(), AuthorityError> {
        names.retain(|name| self.may_name(name));
        let path = self.folder.join(FILE);
        let kept = fs::read_to_string(&path).ok();
        let kept = kept.and_then(|text| certified(&text, &text).ok());
        if let Some(key) = kept {
            match stale(&key.cert[0], self.authority.certificate(), &names, at) {
                Some(cause) => info!(?cause, "This machine's certificate is made anew"),
                None => {
                    shown.show(key);
                    return Ok(());
                }
            }
        }
        let (from, to) = validity(at);
        let text = self.authority.sign(&names, from, to)?;
        // Shown also where a full disk does not keep it: the next one is as good.
        shown.show(certified(&text, &text).map_err(std::io::Error::other)?);
        Ok(safe_file::replace(&path, text.as_bytes())?)
    }

    /// A name outside of the authority's limits would make browsers refuse the whole certificate.
    fn may_name(&mut self, name: &String) -> bool {
        if let Some(speaks) = self.speaks.get(name) {
            return *speaks;
        }
        let speaks = speaks_for(&self.authority, name);
        if !speaks {
            warn!(
                "The appliance's authority was not made for {name}: browsers would refuse it there. Use a certificate of the office, or remove the folder tls from the data folder and install the new authority on every PC"
            );
        }
        self.speaks.insert(name.clone(), speaks);
        speaks
    }
}

/// Keeps the door's certificate fresh.
pub struct Keeper {
    source: Source,
    wanted: Wanted,
    shown: Arc<Shown>,
}

impl Keeper {
    /// The office's own certificate; where it cannot be used, or there is none, the authority in
    /// `folder`.
    pub fn open(
        folder: &Path,
        own: Option<Own>,
        wanted: Wanted,
        at: At,
    ) -> Result<Self, AuthorityError> {
        let shown = Arc::new(Shown::default());
        let own = own.and_then(|own| match Files::open(own, &shown) {
            Ok(files) => Some(files),
            Err(problem) => {
                tracing::error!(
                    "[server] certificate: {problem}. The appliance's own authority is used until the next start."
                );
                None
            }
        });
        let source = match own {
            Some(files) => Source::Own(files),
            None => Source::Authority(Box::new(Signed {
                authority: Authority::open(folder, &wanted.all(&addresses()))?,
                folder: folder.to_owned(),
                speaks: BTreeMap::new(),
            })),
        };
        let mut keeper = Self {
            source,
            wanted,
            shown,
        };
        if let Err(cause) = keeper.refresh(at) {
            warn!(%cause, "this machine's certificate could not be kept");
        }
        Ok(keeper)
    }

    /// For the door.
    pub fn shown(&self) -> Arc<Shown> {
        self.shown.clone()
    }

    /// What other machines install; `None` where the office has a certificate of its own.
    pub fn authority(&self) -> Option<Vec<u8>> {
        match &self.source {
            Source::Own(_) => None,
            Source::Authority(signed) => Some(signed.authority.certificate().to_vec()),
        }
    }

    /// What other machines may call this one now.
    pub fn names(&self) -> Vec<String> {
        self.wanted.all(&addresses())
    }

    /// Reads changed files, or makes a certificate anew if it is time.
    pub fn refresh(&mut self, at: At) -> Result<(), AuthorityError> {
        let names = self.names();
        match &mut self.source {
            Source::Own(files) => {
                files.refresh(&self.shown);
                Ok(())
            }
            Source::Authority(signed) => signed.refresh(names, at, &self.shown),
        }
    }
}

/// What the files hold, to see a change; empty where one cannot be read.
fn held(own: &Own) -> Vec<u8> {
    let mut all = fs::read(&own.certificate).unwrap_or_default();
    all.extend(fs::read(&own.key).unwrap_or_default());
    all
}

/// Whether machines that trust the authority accept this name from it: tried out.
fn speaks_for(authority: &Authority, name: &String) -> bool {
    let names = std::slice::from_ref(name);
    let tried = authority.sign(names, FIRST_S, LAST_S).ok();
    let tried = tried.and_then(|text| CertificateDer::from_pem_slice(text.as_bytes()).ok());
    let at = At {
        utc_s: FIRST_S,
        known: false,
    };
    tried.is_some_and(|tried| stale(&tried, authority.certificate(), names, at).is_none())
}

#[cfg(test)]
#[path = "certificate_tests.rs"]
mod tests;
