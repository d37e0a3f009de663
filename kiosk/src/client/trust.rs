//! Which daemon a screen trusts, and why not, in a sentence that says what to do.

use std::path::Path;

use anyhow::Context as _;
use reqwest::Certificate;
use rustls::CertificateError;

/// An authority from a file, as `/ca.crt` gives it (DER) or in PEM.
pub(super) fn authority(file: &Path) -> anyhow::Result<Certificate> {
    let wrong = || format!("--ca {}", file.display());
    let bytes = std::fs::read(file).with_context(wrong)?;
    let read = match bytes.starts_with(b"-----") {
        true => Certificate::from_pem(&bytes),
        false => {
            // Taken as it is until the first handshake, which is too late to complain.
            let mut roots = rustls::RootCertStore::empty();
            roots.add(bytes.clone().into()).with_context(wrong)?;
            Certificate::from_der(&bytes)
        }
    };
    read.with_context(wrong)
}

/// What is wrong with the daemon's certificate, if that is why there is no answer.
pub(super) fn complaint(error: &reqwest::Error) -> Option<String> {
    crate::tls::complaint(error).and_then(sentence)
}

fn sentence(error: &rustls::Error) -> Option<String> {
    let rustls::Error::InvalidCertificate(error) = error else {
        return match error {
            rustls::Error::InvalidMessage(_) => {
                Some("does not speak TLS; write http:// instead of https://".to_owned())
            }
            _ => None,
        };
    };
    let sentence = match error {
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            "its certificate is from an authority that this screen does not know. Fetch ca.crt from the daemon's page /install-certificate, compare its fingerprint with the console of the daemon, and give the file with --ca".to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "its certificate is not for this name. Use an address that the daemon's console tells, or add the name to [server] names there".to_owned()
        }
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => {
            "its certificate is not valid at this time. Put the clocks of both machines right".to_owned()
        }
        other => format!("its certificate is not accepted: {other}"),
    };
    Some(sentence)
}
