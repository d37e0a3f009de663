//! `[server]` as other machines meet it: names, and an office's own certificate.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;

use rustls::pki_types::ServerName;

use super::{Problem, Server, problem};
use crate::tls::Own;

impl Server {
    /// Where this machine's own screens and commands reach the daemon, without TLS: on loopback,
    /// whatever the address for others.
    pub fn own_address(&self) -> SocketAddr {
        let ip = match self.listen.ip() {
            ip if ip.is_loopback() => ip,
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            _ => Ipv4Addr::LOCALHOST.into(),
        };
        SocketAddr::new(ip, self.listen.port())
    }

    /// The same as a URL.
    pub fn own_url(&self) -> String {
        format!("http://{}", self.own_address())
    }

    /// The office's own certificate.
    pub fn own_certificate(&self) -> Option<Own> {
        let certificate = self.certificate.as_ref()?.get_ref().into();
        let key = self.key.as_ref()?.get_ref().into();
        Some(Own { certificate, key })
    }

    /// `[server] names` as text.
    pub fn names(&self) -> Vec<String> {
        self.names.iter().map(|n| n.get_ref().clone()).collect()
    }
}

/// Names are names, and a certificate has its key; files are looked for in `folder`. What is in
/// them is not judged: they change while the daemon runs.
pub(super) fn check(server: &mut Server, folder: &Path) -> Result<(), Problem> {
    for name in &server.names {
        let text = name.get_ref().as_str();
        if ServerName::try_from(text).is_err() {
            let wrong = "server.names: a host name such as mayso.local, or an address";
            return Err(problem(name.span(), format!("{wrong}, not {text}")));
        }
    }
    match (&server.certificate, &server.key) {
        (Some(alone), None) => Err(problem(
            alone.span(),
            "server.certificate: its server.key is missing",
        )),
        (None, Some(alone)) => Err(problem(
            alone.span(),
            "server.key: its server.certificate is missing",
        )),
        _ => {
            for file in [&mut server.certificate, &mut server.key]
                .into_iter()
                .flatten()
            {
                let path = folder.join(file.get_ref());
                *file.get_mut() = path.display().to_string();
            }
            Ok(())
        }
    }
}
