//! The appliance's own small authority: a key that signs certificates for this machine.
//!
//! It is limited to private addresses and names, and to those the office configured when it was
//! made: a stolen appliance must not be able to speak for a bank on the PCs that trust it.

use std::fs;
use std::io;
use std::net::IpAddr;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use data_encoding::HEXUPPER;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    NameConstraints, PublicKeyData as _,
};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use sha2::{Digest as _, Sha256};

use crate::safe_file;

/// 2026-01-01 in UTC seconds, before this program existed: a machine without a clock makes an
/// authority that is valid already.
pub(super) const FIRST_S: u64 = 1_767_225_600;
/// 2056-01-01: longer than the machine and its spares will live. Ending it sooner would protect
/// nobody, since its key never leaves the data folder, and would mean a walk to every PC.
pub(super) const LAST_S: u64 = 2_713_910_400;

/// Key and certificate in one file: there is no moment with one of them only.
const FILE: &str = "authority.pem";

/// Private networks (RFC 1918, 4193, 6598), link-local addresses and this machine itself.
const PRIVATE: &[(&str, u8)] = &[
    ("10.0.0.0", 8),
    ("100.64.0.0", 10),
    ("127.0.0.0", 8),
    ("169.254.0.0", 16),
    ("172.16.0.0", 12),
    ("192.168.0.0", 16),
    ("::1", 128),
    ("fc00::", 7),
    ("fe80::", 10),
];

/// Names that belong to nobody on the internet (RFC 6761, 6762, 8375; `.internal` by ICANN).
const PRIVATE_NAMES: &[&str] = &["localhost", "local", "lan", "internal", "home.arpa"];

/// Why there is no authority, or no certificate from it.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    /// The folder cannot be read or written.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// The file is there and is no authority.
    #[error(
        "authority.pem is damaged; put back the copy from a backup, or remove the file: then a new authority is made, which every PC must install again"
    )]
    Damaged,
    /// A certificate cannot be made.
    #[error("{0}")]
    Making(#[from] rcgen::Error),
}

/// A key, and the certificate that other machines install.
pub struct Authority {
    key: KeyPair,
    certificate: CertificateDer<'static>,
}

impl Authority {
    /// The authority in `folder`, made now if there is none. Beside private names it speaks for
    /// `names`.
    pub fn open(folder: &Path, names: &[String]) -> Result<Self, AuthorityError> {
        match fs::read_to_string(folder.join(FILE)) {
            Ok(text) => Self::parsed(&text).ok_or(AuthorityError::Damaged),
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                let made = Self::made(names)?;
                let text = format!("{}{}", made.key.serialize_pem(), made.pem());
                safe_file::replace(&folder.join(FILE), text.as_bytes())?;
                // The folder is new as well.
                if let Some(data) = folder.parent() {
                    fs::File::open(data)?.sync_all()?;
                }
                Ok(made)
            }
            Err(e) => Err(e.into()),
        }
    }

    fn parsed(text: &str) -> Option<Self> {
        let key = KeyPair::from_pem(text).ok()?;
        let certificate = CertificateDer::from_pem_slice(text.as_bytes()).ok()?;
        Some(Self { key, certificate })
    }

    fn made(names: &[String]) -> Result<Self, AuthorityError> {
        let key = KeyPair::generate()?;
        let mut params = identity(&key);
        params.not_before = day(FIRST_S);
        params.not_after = day(LAST_S);
        params.name_constraints = Some(NameConstraints {
            permitted_subtrees: permitted(names),
            excluded_subtrees: Vec::new(),
        });
        let certificate = params.self_signed(&key)?.der().clone();
        Ok(Self { key, certificate })
    }

    /// What other machines install, in DER.
    pub fn certificate(&self) -> &CertificateDer<'static> {
        &self.certificate
    }

    fn pem(&self) -> String {
        pem("CERTIFICATE", &self.certificate)
    }

    /// A certificate and its key for `names`, in PEM, valid from and to these UTC seconds. Each
    /// has a key of its own.
    pub(super) fn sign(
        &self,
        names: &[String],
        from_s: u64,
        to_s: u64,
    ) -> Result<String, rcgen::Error> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(names)?;
        params.distinguished_name = DistinguishedName::new();
        let subject = names.first().map_or("kiosk", String::as_str);
        params.distinguished_name.push(DnType::CommonName, subject);
        params.not_before = day(from_s);
        params.not_after = day(to_s);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let issuer = Issuer::new(identity(&self.key), &self.key);
        let signed = params.signed_by(&key, &issuer)?;
        Ok(format!("{}{}", key.serialize_pem(), signed.pem()))
    }
}

/// Who the authority is, from its key alone: what it signs later must name it byte for byte.
fn identity(key: &KeyPair) -> CertificateParams {
    let mut params = CertificateParams::default();
    let hash = HEXUPPER.encode(&Sha256::digest(key.der_bytes())[..4]);
    let (left, right) = hash.split_at(4);
    // Two appliances in one list of trusted authorities must be told apart.
    params.distinguished_name = DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::CommonName, format!("Máy lấy số {left}-{right}"));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn permitted(names: &[String]) -> Vec<GeneralSubtree> {
    let subnet =
        |ip: IpAddr, prefix| GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(ip, prefix));
    let private = PRIVATE
        .iter()
        .filter_map(|(ip, prefix)| Some(subnet(ip.parse().ok()?, *prefix)));
    let private_names = PRIVATE_NAMES.iter().map(|name| (*name).to_owned());
    let own = names.iter().map(|name| match name.parse::<IpAddr>() {
        Ok(ip @ IpAddr::V4(_)) => subnet(ip, 32),
        Ok(ip @ IpAddr::V6(_)) => subnet(ip, 128),
        Err(_) => GeneralSubtree::DnsName(name.clone()),
    });
    private
        .chain(private_names.map(GeneralSubtree::DnsName))
        .chain(own)
        .collect()
}

fn moment(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

/// As `rcgen` wants it.
fn day<T: From<SystemTime>>(seconds: u64) -> T {
    moment(seconds).into()
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = data_encoding::BASE64.encode(der);
    let mut pem = format!("-----BEGIN {label}-----\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        // RFC 7468: 64 characters a line.
        let (line, more) = rest.split_at(rest.len().min(64));
        pem.push_str(line);
        pem.push('\n');
        rest = more;
    }
    pem.push_str(&format!("-----END {label}-----\n"));
    pem
}

/// SHA-256 of a certificate in DER, in 16 groups that a person can compare. `sha256sum`, and on
/// Windows `certutil -hashfile`, say the same of the file.
pub fn fingerprint(der: &[u8]) -> String {
    let hash = HEXUPPER.encode(&Sha256::digest(der));
    let mut groups = String::new();
    for (place, letter) in hash.chars().enumerate() {
        if place > 0 && place % 4 == 0 {
            groups.push(' ');
        }
        groups.push(letter);
    }
    groups
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn the_authority_is_made_once_and_only_its_user_may_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let tls = folder.path().join("tls");
        let first = Authority::open(&tls, &[]).unwrap();
        let again = Authority::open(&tls, &["other.example".to_owned()]).unwrap();
        assert_eq!(first.certificate(), again.certificate());
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&tls.join(FILE)), 0o600);
    }

    #[test]
    fn a_damaged_authority_is_not_replaced_by_another() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), "half a fi").unwrap();
        let refused = Authority::open(folder.path(), &[]);
        assert!(matches!(refused, Err(AuthorityError::Damaged)));
        let left = fs::read_to_string(folder.path().join(FILE)).unwrap();
        assert_eq!(left, "half a fi");
    }

    #[test]
    fn a_fingerprint_is_read_in_groups_of_four() {
        let groups = fingerprint(b"abc");
        // FIPS 180-2, appendix B.1.
        assert!(groups.starts_with("BA78 16BF 8F01 CFEA"), "{groups}");
        assert_eq!(groups.split(' ').count(), 16);
    }
}
