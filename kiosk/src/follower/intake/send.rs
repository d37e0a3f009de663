//! One scan to the intake server and the answer back: the only place here that touches a line.
//!
//! - One request a scan over kept connections; no redirect is followed and no proxy from
//!   the environment is used, so a dossier goes to the configured server or nowhere.
//! - Every attempt ends within `Timeouts`, and of an answer at most `ANSWER_BYTES_MAX` are read.
//! - Once the status is there it counts, also when the rest of the answer never comes.
//!
//! Nothing is logged here; errors carry no URL, and the URL no dossier.

use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{Client, RequestBuilder, Response, Url};

use super::outbox::{IN_FLIGHT_MAX, Pauses};
use super::verdict::{Verdict, classify, classify_ask};
use super::{IntakeConfig, IntakeConfigError, Scan};

/// A server on the same network that does not take the connection by then is not there.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Dossier software may be slow; longer than this its outcome counts as unclear.
pub(crate) const TOTAL_TIMEOUT: Duration = Duration::from_secs(10);

/// An answer is a few lines. More is an error page, and nobody reads its end.
pub(crate) const ANSWER_BYTES_MAX: usize = 64 * 1024;

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

/// The client for `run`.
pub(crate) fn client(timeouts: Timeouts) -> reqwest::Result<Client> {
    // Built without a default provider; an error means that the program has set one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .connect_timeout(timeouts.connect)
        .timeout(timeouts.total)
        .pool_max_idle_per_host(IN_FLIGHT_MAX)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
}

impl IntakeConfig {
    /// `url`: where the server lives, without `/v1`. `token`: for the `Authorization` header.
    pub(crate) fn new(
        url: &str,
        token: Option<&str>,
        honours_key: bool,
    ) -> Result<Self, IntakeConfigError> {
        let url = Url::parse(url).map_err(|_| IntakeConfigError::Url)?;
        if !matches!(url.scheme(), "http" | "https") || url.cannot_be_a_base() {
            return Err(IntakeConfigError::Url);
        }
        let token = token
            .map(|token| HeaderValue::from_str(&format!("Bearer {}", token.trim())))
            .transpose()
            .map_err(|_| IntakeConfigError::Token)?
            .map(|mut value| {
                value.set_sensitive(true);
                value
            });
        Ok(Self {
            url,
            token,
            honours_key,
            pauses: Pauses::default(),
        })
    }

    fn address(&self, parts: &[&str]) -> Url {
        let mut url = self.url.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(parts);
        }
        url
    }
}

/// Sends one scan.
pub(crate) async fn deliver(client: &Client, config: &IntakeConfig, scan: &Scan) -> Verdict {
    let Ok(key) = HeaderValue::from_str(&scan.id) else {
        return Verdict::Objected {
            reason: "id".to_owned(),
        };
    };
    let request = client
        .post(config.address(&["v1", "scans"]))
        .header("Idempotency-Key", key)
        .json(scan);
    match attempt(request, config).await {
        Ok(response) => {
            let (status, headers) = (response.status(), response.headers().clone());
            classify(status, &headers, &read(response).await)
        }
        Err(verdict) => verdict,
    }
}

/// Asks whether the server has a scan.
pub(crate) async fn ask(client: &Client, config: &IntakeConfig, scan: &Scan) -> Verdict {
    let request = client.get(config.address(&["v1", "scans", &scan.id]));
    match attempt(request, config).await {
        Ok(response) => {
            let (status, headers) = (response.status(), response.headers().clone());
            classify_ask(status, &headers, &read(response).await)
        }
        Err(verdict) => verdict,
    }
}

async fn attempt(request: RequestBuilder, config: &IntakeConfig) -> Result<Response, Verdict> {
    let request = match &config.token {
        Some(token) => request.header(AUTHORIZATION, token),
        None => request,
    };
    request.send().await.map_err(|error| {
        if error.is_connect() {
            Verdict::NoConnection
        } else {
            Verdict::Unclear {
                retry_after_ms: None,
            }
        }
    })
}

/// The answer's body as far as it came and as far as it matters.
async fn read(mut response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        let room = ANSWER_BYTES_MAX - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if body.len() == ANSWER_BYTES_MAX {
            break;
        }
    }
    body
}
