//! Asks the running daemon for a slip or an act, for roles that a person starts beside it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, bail};
use serde_json::Value;

use crate::config::Config;
use crate::safe_file;
use crate::tokens::{Right, Tokens};

/// How long a call may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(3);
/// A slip is out or has failed by then; a long one takes 20 s on a slow line.
const PAPER_WITHIN: Duration = Duration::from_secs(40);
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// The running daemon, and the right to ask it.
pub(super) struct Asking {
    url: String,
    token: String,
    runtime: tokio::runtime::Runtime,
    http: reqwest::Client,
}

impl Asking {
    /// The daemon of this configuration, with a token of its own in the data folder: whoever may
    /// write there has every right already.
    pub(super) fn of(config: &Config) -> anyhow::Result<Self> {
        Self::with(config, "console", Right::Supervisor)
    }

    /// The same with every right: for what cannot be taken back.
    pub(super) fn as_admin(config: &Config) -> anyhow::Result<Self> {
        Self::with(config, "console-admin", Right::Admin)
    }

    fn with(config: &Config, name: &str, right: Right) -> anyhow::Result<Self> {
        // Refused when the program has chosen already, which is as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let data = &config.server.data;
        let file = own_token(data, name, || Tokens::open(data).create(right, Some(name)))?;
        let token = std::fs::read_to_string(&file)?.trim().to_owned();
        // Revoked by an administrator: whoever may write here makes another.
        let token = match Tokens::open(data).actor(&token) {
            Some(_) => token,
            None => {
                let token = Tokens::open(data).create(right, Some(name))?;
                safe_file::replace(&file, token.as_bytes())?;
                token
            }
        };
        let http = reqwest::Client::builder().no_proxy().timeout(ANSWER_WITHIN);
        Ok(Self {
            url: format!("{}/api/v1", config.server.own_url()),
            token,
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?,
            http: http.build()?,
        })
    }

    /// Has a slip printed; what is known of its paper in the end. One that is not out is an error.
    pub(super) fn print(&self, body: &Value) -> anyhow::Result<String> {
        self.runtime.block_on(async {
            let asked = self.act("/slips", body).await?;
            let id = asked["id"].as_str().unwrap_or_default();
            let look = async {
                loop {
                    let get = self.http.get(format!("{}/slips/{id}", self.url));
                    let slip = self.send(get).await?;
                    if slip["paper"] != "pending" {
                        return anyhow::Ok(slip);
                    }
                    tokio::time::sleep(LOOK_EVERY).await;
                }
            };
            let slip = tokio::time::timeout(PAPER_WITHIN, look).await;
            let slip = slip.context("the printer has not taken the slip yet")??;
            let paper = slip["paper"].as_str().unwrap_or_default();
            match paper {
                "printed" | "sent" => Ok(paper.to_owned()),
                _ => {
                    let cause = slip["paper_cause"].as_str().unwrap_or_default();
                    bail!("the slip is not out ({paper}, {cause})")
                }
            }
        })
    }

    /// Has something done; the daemon's answer.
    pub(super) fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        self.runtime.block_on(self.act(path, body))
    }

    async fn act(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        let key = crate::ids::secret().to_string();
        let post = self.http.post(format!("{}{path}", self.url)).json(body);
        self.send(post.header("Idempotency-Key", key)).await
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> anyhow::Result<Value> {
        let request = request.bearer_auth(&self.token);
        let answer = request.send().await.with_context(|| {
            let url = &self.url;
            format!("no daemon answers at {url}; start it with kiosk run or kiosk serve")
        })?;
        let status = answer.status();
        let body: Value = answer.json().await.unwrap_or_default();
        if !status.is_success() {
            let detail = body["detail"].as_str().unwrap_or_default();
            bail!("the daemon refused ({status}): {detail}");
        }
        Ok(body)
    }
}

/// The file with the token of a part of this machine, made once: the same part is the same actor.
pub(super) fn own_token(
    data: &Path,
    name: &str,
    make: impl FnOnce() -> std::io::Result<String>,
) -> anyhow::Result<PathBuf> {
    let path = data.join(format!("{name}.token"));
    if !path.exists() {
        let token = make()?;
        safe_file::replace(&path, token.as_bytes())?;
    }
    Ok(path)
}
