//! The line to the other side: what stands in `[intake]`, opened with its secrets.
//!
//! - No redirect is followed and no proxy from the environment is used, so a dossier goes to the
//!   configured server or nowhere.
//! - Secrets are read when the line is opened and stay in headers and keys that no log shows.
//! - Files that cannot be used are an error with their field and name, and are tried again: a
//!   certificate that was renewed badly is mended without a restart.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{Certificate, Client, Identity, RequestBuilder};

use super::outbox::{IN_FLIGHT_MAX, Pauses};
use crate::config::{Intake, Part};

/// A server on the same network that does not take the connection by then is not there.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Dossier software may be slow; longer than this its outcome counts as unclear.
pub(crate) const TOTAL_TIMEOUT: Duration = Duration::from_secs(10);

/// How long one attempt may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timeouts {
    /// Until the connection stands.
    pub(crate) connect: Duration,
    /// Until the whole answer is read.
    pub(crate) total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: CONNECT_TIMEOUT,
            total: TOTAL_TIMEOUT,
        }
    }
}

/// Why the line cannot be opened. Says which file, never what is in it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LineError {
    /// A file that cannot be used.
    #[error("intake.{field}: {path}: {cause}")]
    File {
        /// Which field names it.
        field: &'static str,
        /// The file.
        path: PathBuf,
        /// What is wrong.
        cause: String,
    },
    /// Nothing of ours: TLS could not be set up.
    #[error("no HTTP client for the intake server: {0}")]
    Client(#[from] reqwest::Error),
}

/// An open line; cheap to clone, and all clones share their connections.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(super) client: Client,
    pub(super) intake: Arc<Intake>,
    /// Marked sensitive, so that its `Debug` does not show it.
    token: Option<HeaderValue>,
    pub(super) pauses: Pauses,
}

impl Line {
    /// Reads the files that `intake` names.
    pub(crate) fn open(intake: Arc<Intake>, timeouts: Timeouts) -> Result<Self, LineError> {
        // Built without a default provider; an error means that the program has set one already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut client = Client::builder()
            .connect_timeout(timeouts.connect)
            .timeout(timeouts.total)
            .pool_max_idle_per_host(IN_FLIGHT_MAX)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy();
        if let Some(file) = &intake.authority {
            client = client.tls_certs_only(authorities(file)?);
        }
        if intake.identity.is_some() {
            client = client.identity(identity(&intake)?);
        }
        let token = intake.token.as_deref().map(|file| token(&intake, file));
        Ok(Self {
            client: client.build()?,
            token: token.transpose()?,
            intake,
            pauses: Pauses::default(),
        })
    }

    /// Asks for a dossier. `None`: the other side has no such call.
    pub(crate) fn dossier_request(&self, dossier: &str) -> Option<RequestBuilder> {
        let address = self.intake.dossier_path.as_ref()?;
        let url = address.at(&self.intake.url, |part| match part {
            Part::Id | Part::Dossier => dossier,
            Part::Office => "",
        })?;
        Some(self.signed(self.client.get(url)))
    }

    /// With the token, if there is one.
    pub(super) fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.token {
            Some(token) => request.header(&self.intake.token_header, token),
            None => request,
        }
    }
}

fn unusable(field: &'static str, path: &Path, cause: impl ToString) -> LineError {
    LineError::File {
        field,
        path: path.to_owned(),
        cause: cause.to_string(),
    }
}

fn authorities(file: &Path) -> Result<Vec<Certificate>, LineError> {
    let wrong = |cause: String| unusable("authority", file, cause);
    let pem = fs::read(file).map_err(|e| wrong(e.to_string()))?;
    let read = Certificate::from_pem_bundle(&pem).map_err(|_| wrong("not in PEM".to_owned()))?;
    match read.is_empty() {
        true => Err(wrong("no certificate in PEM".to_owned())),
        false => Ok(read),
    }
}

fn identity(intake: &Intake) -> Result<Identity, LineError> {
    let Some(own) = &intake.identity else {
        return Err(unusable("certificate", Path::new(""), "not there"));
    };
    let wrong = |cause: String| unusable("certificate", &own.certificate, cause);
    // Judged here, because reqwest takes a key that does not belong to the certificate.
    own.read().map_err(&wrong)?;
    let mut pem = fs::read(&own.key).map_err(|e| unusable("key", &own.key, e))?;
    pem.push(b'\n');
    pem.extend(fs::read(&own.certificate).map_err(|e| wrong(e.to_string()))?);
    Identity::from_pem(&pem).map_err(|_| wrong("cannot be used with its key".to_owned()))
}

fn token(intake: &Intake, file: &Path) -> Result<HeaderValue, LineError> {
    let wrong = |cause: String| unusable("token_file", file, cause);
    let text = fs::read_to_string(file).map_err(|e| wrong(e.to_string()))?;
    let text = text.trim();
    if text.is_empty() {
        return Err(wrong("is empty".to_owned()));
    }
    let value = match intake.token_header == AUTHORIZATION {
        true => HeaderValue::from_str(&format!("Bearer {text}")),
        false => HeaderValue::from_str(text),
    };
    let mut value = value.map_err(|_| wrong("must be one line of visible characters".into()))?;
    value.set_sensitive(true);
    Ok(value)
}

/// The other side, for every part of the daemon that talks to it.
#[derive(Debug)]
pub(crate) struct OtherSide {
    intake: Arc<Intake>,
    line: OnceLock<Line>,
}

impl OtherSide {
    pub(crate) fn new(intake: Intake) -> Self {
        Self {
            intake: Arc::new(intake),
            line: OnceLock::new(),
        }
    }

    /// What stands in `[intake]`.
    pub(crate) fn intake(&self) -> &Intake {
        &self.intake
    }

    /// The line; opened at the first call that finds its files in order.
    pub(crate) fn line(&self) -> Result<Line, LineError> {
        if let Some(line) = self.line.get() {
            return Ok(line.clone());
        }
        let line = Line::open(self.intake.clone(), Timeouts::default())?;
        Ok(self.line.get_or_init(|| line).clone())
    }
}
