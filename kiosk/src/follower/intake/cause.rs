//! Why the intake server counts as away: staff, and whoever has to prove an outage, need more
//! than "no connection".

use rustls::CertificateError;

use crate::tls::complaint;

/// What the newest failure looked like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AwayCause {
    /// Nobody took the connection: network, cable, or the server is off.
    NoConnection,
    /// The connection stood and no answer came in time, or the line was cut before it.
    Silent,
    /// It answered with an error of its own.
    ServerError(u16),
    /// It answered that all is well, and not what became of the scan.
    OddAnswer,
    /// It asks everybody to come later (429).
    Busy,
    /// Its certificate is for another name: a wrong address, or somebody in between.
    WrongName,
    /// Its certificate is from an authority that this machine does not know.
    UnknownAuthority,
    /// Its certificate is not valid at this time: it ran out, or one of the clocks is wrong.
    CertificateDate,
    /// It does not accept the certificate of this machine.
    OurCertificate,
    /// It speaks no TLS, or none that both sides accept.
    NoTls,
}

impl AwayCause {
    /// A word that stays the same, for records and for programs.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::NoConnection => "no-connection",
            Self::Silent => "silent",
            Self::ServerError(_) => "server-error",
            Self::OddAnswer => "odd-answer",
            Self::Busy => "busy",
            Self::WrongName => "wrong-name",
            Self::UnknownAuthority => "unknown-authority",
            Self::CertificateDate => "certificate-date",
            Self::OurCertificate => "our-certificate",
            Self::NoTls => "no-tls",
        }
    }

    /// Whether it says nothing about one scan and everything about the line.
    pub(super) fn is_of_the_line(self) -> bool {
        !matches!(
            self,
            Self::Silent | Self::ServerError(_) | Self::OddAnswer | Self::Busy
        )
    }

    /// Why a request came to nothing.
    pub(super) fn of(error: &reqwest::Error) -> Self {
        match complaint(error) {
            Some(found) => Self::of_tls(found),
            None if error.is_connect() => Self::NoConnection,
            None => Self::Silent,
        }
    }

    fn of_tls(error: &rustls::Error) -> Self {
        match error {
            rustls::Error::InvalidCertificate(error) => match error {
                CertificateError::NotValidForName
                | CertificateError::NotValidForNameContext { .. } => Self::WrongName,
                CertificateError::Expired
                | CertificateError::ExpiredContext { .. }
                | CertificateError::NotValidYet
                | CertificateError::NotValidYetContext { .. } => Self::CertificateDate,
                // Whatever else is wrong with it: nobody whom this machine trusts vouches for it.
                _ => Self::UnknownAuthority,
            },
            rustls::Error::AlertReceived(alert) if is_about_our_certificate(*alert) => {
                Self::OurCertificate
            }
            _ => Self::NoTls,
        }
    }
}

fn is_about_our_certificate(alert: rustls::AlertDescription) -> bool {
    use rustls::AlertDescription as Alert;
    matches!(
        alert,
        Alert::CertificateRequired
            | Alert::NoCertificate
            | Alert::BadCertificate
            | Alert::UnsupportedCertificate
            | Alert::CertificateRevoked
            | Alert::CertificateExpired
            | Alert::CertificateUnknown
            | Alert::UnknownCA
            | Alert::AccessDenied
    )
}
