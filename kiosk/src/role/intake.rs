//! The role `kiosk intake`: a small reference intake server.
//!
//! For offices whose dossier software has no such interface yet, for trying out, and as the
//! plain reading of the intake contract for whoever writes the other side.
//!
//! Promises:
//! - a scan is on the disk before it is acknowledged;
//! - the repeated key gets the same answer and no second row, another body under it is refused;
//! - every error is `application/problem+json`, and a refusal has a `reason` for the clerk;
//! - with a token file nothing is answered without the token. A browser asks for it as a password.
//!
//! Deliberately not here: dossiers as such. All it knows of one is its scans.

mod api;
mod page;
mod problem;
mod scan;
mod store;
#[cfg(test)]
mod tests;

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Context;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use data_encoding::BASE64;
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use problem::Problem;
use store::Store;

/// After a stop, a client that does not finish its request is not waited for any longer.
const STOP_MAX: Duration = Duration::from_secs(3);

/// `--listen`, `--data`, `--token-file`.
#[derive(Clone, Debug)]
pub(crate) struct IntakeOptions {
    /// Port 0 takes any free one; the line on standard output says which.
    pub(crate) listen: SocketAddr,
    /// Made if it is not there; belongs to one server at a time.
    pub(crate) data: PathBuf,
    /// One line: what clients send as bearer token. `None`: anybody who reaches the port may.
    pub(crate) token_file: Option<PathBuf>,
}

/// What the handlers share.
struct Intake {
    store: Mutex<Store>,
    token: Option<Token>,
}

type Shared = Arc<Intake>;

/// Runs until ctrl-c or SIGTERM.
pub(crate) async fn run(options: IntakeOptions) -> anyhow::Result<()> {
    let token = options.token_file.map(Token::read).transpose()?;
    let store = Store::open(&options.data)
        .with_context(|| format!("cannot use the data folder {}", options.data.display()))?;
    let listener = TcpListener::bind(options.listen)
        .await
        .with_context(|| format!("cannot listen on {}", options.listen))?;
    let mut terminate = signal(SignalKind::terminate())?;

    // Whoever started us may have closed its end of the line; that is no reason to stop.
    let mut out = std::io::stdout();
    let _ = writeln!(out, "http://{}", listener.local_addr()?).and_then(|()| out.flush());

    let (stop, stopping) = watch::channel(false);
    tokio::spawn(async move {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        stop.send_replace(true);
    });
    serve(listener, store, token, stopping, STOP_MAX).await
}

/// Serves until `stopping` holds true, and then at most `stop_max` longer.
async fn serve(
    listener: TcpListener,
    store: Store,
    token: Option<Token>,
    stopping: watch::Receiver<bool>,
    stop_max: Duration,
) -> anyhow::Result<()> {
    let router = router(Arc::new(Intake {
        store: Mutex::new(store),
        token,
    }));
    let stopped = |mut stopping: watch::Receiver<bool>| async move {
        // An error means that whoever could stop us is gone, which is a stop as well.
        let _ = stopping.wait_for(|stop| *stop).await;
    };
    let graceful = axum::serve(listener, router).with_graceful_shutdown(stopped(stopping.clone()));
    let mut serving = pin!(graceful.into_future());
    tokio::select! {
        ended = &mut serving => return Ok(ended?),
        () = stopped(stopping) => {}
    }
    match tokio::time::timeout(stop_max, serving).await {
        Ok(ended) => Ok(ended?),
        Err(_) => Ok(()),
    }
}

fn router(intake: Shared) -> Router {
    Router::new()
        .route("/", get(page::page))
        .route("/v1/scans", get(api::list).post(api::take))
        .route("/v1/scans/{id}", get(api::scan))
        .route("/v1/dossiers/{id}", get(api::dossier))
        .fallback(|| async { Problem::NOT_FOUND })
        .method_not_allowed_fallback(|| async { Problem::METHOD_NOT_ALLOWED })
        // Outermost, so that the right is judged before paths and bodies.
        .layer(middleware::from_fn_with_state(intake.clone(), guard))
        .with_state(intake)
}

/// Lets nobody in without the token, and says to browsers what they may do with an answer.
async fn guard(State(intake): State<Shared>, request: Request, next: Next) -> Response {
    let welcome = match &intake.token {
        Some(token) => token.matches(request.headers().get(header::AUTHORIZATION)),
        None => true,
    };
    let mut response = if welcome {
        next.run(request).await
    } else {
        Problem::UNAUTHORIZED.into_response()
    };
    let rules = [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        ),
    ];
    for (name, rule) in rules {
        let rule = HeaderValue::from_static(rule);
        response.headers_mut().insert(name, rule);
    }
    response
}

/// The hash of the token: comparing hashes takes the same time however much of a guess is right.
struct Token([u8; 32]);

impl Token {
    fn read(file: PathBuf) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(&file)
            .with_context(|| format!("cannot read the token file {}", file.display()))?;
        let text = text.trim();
        anyhow::ensure!(
            !text.is_empty(),
            "the token file {} is empty",
            file.display()
        );
        Ok(Self::of(text))
    }

    fn of(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }

    /// `Bearer TOKEN`, or `Basic` with the token as password and any name.
    fn matches(&self, authorization: Option<&HeaderValue>) -> bool {
        let given = || {
            let (scheme, value) = authorization?.to_str().ok()?.split_once(' ')?;
            if scheme.eq_ignore_ascii_case("bearer") {
                return Some(value.trim().to_owned());
            }
            let pair = BASE64.decode(value.trim().as_bytes()).ok()?;
            let pair = String::from_utf8(pair).ok()?;
            scheme
                .eq_ignore_ascii_case("basic")
                .then(|| pair.split_once(':').map(|(_, word)| word.to_owned()))?
        };
        given().is_some_and(|given| Self::of(&given).0 == self.0)
    }
}

/// Runs `work` on the store where it may wait for the disk.
async fn with_store<T: Send + 'static>(
    intake: &Shared,
    work: impl FnOnce(&mut Store) -> rusqlite::Result<T> + Send + 'static,
) -> Result<T, Problem> {
    let intake = intake.clone();
    let done = tokio::task::spawn_blocking(move || {
        // A panic in between leaves no half transaction: SQLite rolls it back.
        let mut store = intake.store.lock().unwrap_or_else(PoisonError::into_inner);
        work(&mut store)
    });
    match done.await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => {
            tracing::error!(%error, "The store failed, the scan was not acknowledged");
            Err(Problem::STORE_FAILED)
        }
        Err(_) => Err(Problem::STORE_FAILED),
    }
}

fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}
