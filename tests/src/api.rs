//! The HTTP API as a device sees it: a token, a key for every act, and an answer.

use crate::wait;
use reqwest::header::{ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE};
use reqwest::{Client, ClientBuilder, RequestBuilder};
use serde_json::{Value, json};
use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};

/// Where the stable calls stand.
const API: &str = "/api/v1";

/// A kiosk, a clerk's machine, a screen: something that talks to the daemon.
#[derive(Clone)]
pub struct Device {
    http: Client,
    url: String,
    token: Option<String>,
}

/// What came back.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Content type, without parameters.
    pub kind: String,
    /// JSON, `null` when there was no body, or a string when it was something else.
    pub body: Value,
}

impl Answer {
    /// A member of the body as text; empty when it is none.
    pub fn text(&self, member: &str) -> &str {
        self.body[member].as_str().unwrap_or_default()
    }

    /// The answer, when it has this status.
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    /// The answer, when it is a refusal as RFC 9457 wants it, with this code.
    pub fn refused(self, status: u16, code: &str) -> Self {
        let problem = self.expect(status);
        assert_eq!(problem.kind, "application/problem+json", "{problem:?}");
        assert_eq!(problem.text("code"), code, "{problem:?}");
        assert_eq!(problem.body["status"], status, "{problem:?}");
        assert!(!problem.text("title").is_empty(), "{problem:?}");
        assert!(!problem.text("detail").is_empty(), "{problem:?}");
        problem
    }
}

impl Device {
    /// A device that talks to the daemon at `url`.
    pub fn new(url: &str, token: Option<&str>) -> Self {
        Self {
            http: http(),
            url: url.to_owned(),
            token: token.map(str::to_owned),
        }
    }

    /// A device on another machine, which trusts this authority (DER) and no other.
    pub fn trusting(url: &str, token: Option<&str>, authority: &[u8]) -> Self {
        let authority = reqwest::Certificate::from_der(authority).unwrap();
        let http = builder().tls_certs_only([authority]);
        Self {
            http: http.build().unwrap(),
            url: url.to_owned(),
            token: token.map(str::to_owned),
        }
    }

    /// The same device after the daemon has moved to another port.
    pub fn at(&self, url: &str) -> Self {
        Self::new(url, self.token.as_deref())
    }

    /// Its token.
    pub fn token(&self) -> &str {
        self.token.as_deref().unwrap_or_default()
    }

    /// A request to any path of the daemon, with the right and nothing else.
    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = method.parse().unwrap();
        let request = self.http.request(method, format!("{}{path}", self.url));
        let request = request.header(ACCEPT_LANGUAGE, "en");
        match &self.token {
            Some(token) => request.header(AUTHORIZATION, format!("Bearer {token}")),
            None => request,
        }
    }

    /// Reads under `/api/v1`.
    pub async fn get(&self, path: &str) -> Answer {
        let request = self.request("GET", &format!("{API}{path}"));
        sent(request).await.unwrap()
    }

    /// Acts under `/api/v1`. The error is a lost answer: the act may have happened.
    pub async fn try_post(&self, path: &str, key: &str, body: &Value) -> reqwest::Result<Answer> {
        let request = self.request("POST", &format!("{API}{path}"));
        sent(request.header("Idempotency-Key", key).json(body)).await
    }

    /// Acts, and an answer must come.
    pub async fn post(&self, path: &str, key: &str, body: &Value) -> Answer {
        self.try_post(path, key, body).await.unwrap()
    }

    /// Acts once, with a key of its own and an empty body.
    pub async fn act(&self, path: &str) -> Answer {
        self.post(path, &fresh_key(), &json!({})).await
    }

    /// Takes one ticket.
    pub async fn issue(&self, service: &str) -> Value {
        let body = json!({ "service": service });
        self.post("/tickets", &fresh_key(), &body)
            .await
            .expect(201)
            .body
    }

    /// Scans one code.
    pub async fn scan(&self, code: &str) -> Answer {
        self.post("/scans", &fresh_key(), &json!({ "code": code }))
            .await
    }

    /// The public state. It follows the answers to commands within a moment.
    pub async fn queue(&self) -> Value {
        self.get("/queue").await.expect(200).body
    }

    /// The public state, once it is as wanted.
    pub async fn queue_when(&self, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        wait::until(what, async || {
            let state = self.queue().await;
            wanted(&state).then_some(state)
        })
        .await
    }
}

/// Sends a request and reads the whole answer.
pub async fn sent(request: RequestBuilder) -> reqwest::Result<Answer> {
    let response = request.send().await?;
    let status = response.status().as_u16();
    let kind = response.headers().get(CONTENT_TYPE);
    let kind = kind.map_or("", |value| value.to_str().unwrap_or_default());
    let kind = kind.split(';').next().unwrap_or_default().to_owned();
    let text = response.text().await?;
    let body = match text.as_str() {
        "" => Value::Null,
        text => serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned())),
    };
    Ok(Answer { status, kind, body })
}

/// A key nobody in this story used before.
pub fn fresh_key() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("story-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// An HTTP client. Plain HTTP only, but the library wants to know who would do the
/// ciphers if it came to that.
pub fn http() -> Client {
    builder().build().unwrap()
}

/// The same, not yet made: for a client with ways of its own.
pub(crate) fn builder() -> ClientBuilder {
    static CIPHERS: Once = Once::new();
    CIPHERS.call_once(|| {
        rustls::crypto::ring::default_provider()
            .install_default()
            .expect("first to install one");
    });
    Client::builder().no_proxy()
}
