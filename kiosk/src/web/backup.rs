//! Copies for a spare machine: how they fare, one made now, one downloaded.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use tracing::{info, warn};
use utoipa::ToSchema;

use super::App;
use super::auth::{Admin, KeyOf};
use super::problem::{Json, Problem, ProblemBody};
use super::tickets::Nothing;
use super::{staff, time};
use crate::access::{self, Look};
use crate::advice;
use crate::copies;
use crate::engine::Failure;
use crate::follower::backup::{Good, NotBegun, aside};
use crate::journal::copy::{Archive, CopyError, DataFolder};
use crate::status::Health;

/// Written to the caller at a time.
const CHUNK_BYTES: usize = 64 * 1024;
/// So many chunks may wait for a slow line.
const CHUNKS_WAITING: usize = 4;
/// A line that takes nothing for so long is dead.
const TAKEN_WITHIN: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// A copy that was made and read back.
#[derive(Serialize, ToSchema)]
pub(crate) struct CopyView {
    /// Its file name.
    file: String,
    /// RFC 3339; null: the time was unknown.
    made: Option<String>,
    /// The newest record in it.
    seq: u64,
    /// That record's hash, as on a day report.
    head: String,
    /// How long it is.
    bytes: u64,
}

impl From<Good> for CopyView {
    fn from(good: Good) -> Self {
        Self {
            file: good.file,
            made: good.made,
            seq: good.seq,
            head: good.head,
            bytes: good.bytes,
        }
    }
}

/// Where copies go.
#[derive(Serialize, ToSchema)]
pub(crate) struct WantedView {
    folder: String,
    /// Time of day, such as 22:00.
    at: String,
    /// How many stay.
    keep: u32,
}

/// How copies fare.
#[derive(Serialize, ToSchema)]
pub(crate) struct BackupView {
    /// Null: no folder is configured.
    wanted: Option<WantedView>,
    health: Health,
    /// How copies fare and what to do, by language.
    text: BTreeMap<String, String>,
    /// Whether one is being made.
    running: bool,
    /// The newest good copy, also while its disk is away.
    newest: Option<CopyView>,
    /// What lies on the disk, the newest first.
    copies: Vec<CopyView>,
}

async fn view(app: &App) -> BackupView {
    let (standing, wanted) = (app.backups.standing(), app.backups.wanted());
    let copies = app.backups.list().await.into_iter().map(|kept| CopyView {
        file: kept
            .file
            .file_name()
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
        made: kept.about.made,
        seq: kept.about.seq,
        head: kept.about.head.to_string(),
        bytes: kept.bytes,
    });
    BackupView {
        health: app.parts.get("backup"),
        text: advice::backup(&standing, wanted.is_some()),
        running: standing.running,
        copies: copies.collect(),
        newest: standing.good.map(CopyView::from),
        wanted: wanted.map(|(order, at)| WantedView {
            folder: order.folder.display().to_string(),
            at: at.strftime("%H:%M").to_string(),
            keep: u32::try_from(order.keep).unwrap_or(u32::MAX),
        }),
    }
}

/// How copies fare, and which there are.
#[utoipa::path(get, path = "/api/v1/backup", tag = "backup", operation_id = "backup",
    responses((status = 200, body = BackupView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn get(State(app): State<App>, _: Admin) -> axum::Json<BackupView> {
    axum::Json(view(&app).await)
}

/// Has a copy made now, unless one is being made.
#[utoipa::path(post, path = "/api/v1/backup", tag = "backup", operation_id = "make_backup",
    params(("Idempotency-Key" = String, Header)), request_body = Nothing,
    responses((status = 202, body = BackupView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn begin(
    State(app): State<App>,
    Admin(actor): Admin,
    key: KeyOf,
    Json(body): Json<Nothing>,
) -> Result<(StatusCode, axum::Json<BackupView>), Problem> {
    let asked = (actor.id, key.with(&body).key);
    app.backups.begin(asked).await.map_err(|why| match why {
        NotBegun::NotWanted => Problem::of(advice::backup_not_wanted()),
        NotBegun::Away(_) => Problem::of(advice::backup_away()),
        NotBegun::Stopping => Failure::Stopping.into(),
    })?;
    Ok((StatusCode::ACCEPTED, axum::Json(view(&app).await)))
}

/// Whether somebody downloads a copy: one is enough work for a small machine.
static DOWNLOADING: AtomicBool = AtomicBool::new(false);

struct Downloading;

impl Downloading {
    fn begin() -> Option<Self> {
        (!DOWNLOADING.swap(true, Ordering::AcqRel)).then_some(Self)
    }
}

impl Drop for Downloading {
    fn drop(&mut self) {
        DOWNLOADING.store(false, Ordering::Release);
    }
}

/// A copy of this moment, as one file (gzipped tar) for `kiosk journal restore`.
#[utoipa::path(get, path = "/api/v1/backup/file", tag = "backup", operation_id = "backup_file",
    responses((status = 200, description = "the copy", body = Vec<u8>, content_type = "application/gzip"),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn file(State(app): State<App>, Admin(actor): Admin) -> Result<Response, Problem> {
    let one = Downloading::begin().ok_or_else(|| Problem::of(advice::backup_busy()))?;
    let utc = app.engine.read(|view| view.now.utc).await?;
    let (data, named) = (app.data.clone(), app.named.clone());
    let opened = aside(move || {
        let folder = DataFolder::open(&data, named.as_ref())?;
        let about = folder.about(utc)?;
        let values = folder.scans()?;
        let look = Look {
            at: utc.and_then(|utc| time(0, utc)),
            actor: actor.id,
            call: "GET /api/v1/backup/file".to_owned(),
            values,
        };
        if let Err(cause) = access::note(&data, &look) {
            warn!(%cause, "who took a copy cannot be noted");
        }
        Ok::<_, CopyError>((folder, about))
    });
    let (folder, about) = match opened.await {
        Some(Ok(opened)) => opened,
        failed => {
            let why = failed.and_then(Result::err);
            warn!(?why, "a copy cannot be made for download");
            return Err(Failure::JournalFailed.into());
        }
    };
    let name = copies::file_name(&about);
    let (chunks, waiting) = mpsc::channel(CHUNKS_WAITING);
    let to = Chunks {
        chunk: Vec::with_capacity(CHUNK_BYTES),
        chunks,
        whole: false,
    };
    tokio::spawn(async move {
        let poured = aside(move || {
            let _one = one;
            let mut archive = Archive::begin(to, &about)?;
            folder.pour(&about, &mut archive)?;
            archive.finish()?.end().map_err(CopyError::Unwritable)
        });
        match poured.await {
            Some(Ok(())) => info!("A copy was downloaded"),
            // The line ends without its last chunk, and the browser says that it failed.
            failed => warn!(?failed, "a download of a copy did not come to its end"),
        }
    });
    let stream = futures_util::stream::unfold(waiting, async |mut waiting| {
        Some((waiting.recv().await?, waiting))
    });
    let headers = [
        (header::CONTENT_TYPE, "application/gzip".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, Body::from_stream(stream)).into_response())
}

/// Bytes on their way to a caller, from a thread that may wait for the line.
struct Chunks {
    chunk: Vec<u8>,
    chunks: mpsc::Sender<io::Result<Bytes>>,
    whole: bool,
}

impl Drop for Chunks {
    fn drop(&mut self) {
        if !self.whole {
            // A caller must not take what came so far for all of it.
            let _ = self.send(Err(io::ErrorKind::UnexpectedEof.into()));
        }
    }
}

impl Chunks {
    /// Waits by looking again: a thread that outlives the daemon cannot wait by its runtime.
    fn send(&mut self, mut chunk: io::Result<Bytes>) -> io::Result<()> {
        let begun = Instant::now();
        loop {
            chunk = match self.chunks.try_send(chunk) {
                Ok(()) => return Ok(()),
                Err(TrySendError::Closed(_)) => return Err(io::ErrorKind::BrokenPipe.into()),
                Err(TrySendError::Full(_)) if begun.elapsed() > TAKEN_WITHIN => {
                    return Err(io::ErrorKind::TimedOut.into());
                }
                Err(TrySendError::Full(chunk)) => chunk,
            };
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// Everything was written.
    fn end(mut self) -> io::Result<()> {
        self.flush()?;
        self.whole = true;
        Ok(())
    }
}

impl Write for Chunks {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.chunk.extend_from_slice(bytes);
        if self.chunk.len() >= CHUNK_BYTES {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let chunk = std::mem::replace(&mut self.chunk, Vec::with_capacity(CHUNK_BYTES));
        match chunk.is_empty() {
            true => Ok(()),
            false => self.send(Ok(chunk.into())),
        }
    }
}

async fn page(State(app): State<App>, headers: HeaderMap) -> Response {
    let html = include_str!("pages/backup.html");
    staff::show(&app, &headers, "/admin/backup", html)
}

pub(super) fn pages() -> Router<App> {
    Router::new().route("/admin/backup", axum::routing::get(page))
}
