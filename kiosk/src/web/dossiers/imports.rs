//! Taking in the dossier software's export: sent, looked at, confirmed. Nothing is kept before.

use std::sync::Arc;

use ::dossiers::{BadRow, Column, Columns, Found, Row, Table, match_columns, read, rows};
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use scanner::{Code, DossierId, Reading};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::advice;
use crate::clock::monotonic_ms;
use crate::dossiers::{Import, New, Upload};
use crate::engine::Failure;
use crate::ids;
use crate::web::App;
use crate::web::auth::{KeyOf, Supervisor};
use crate::web::devices::name_of;
use crate::web::health::note_look;
use crate::web::problem::{Json, Path, Problem, ProblemBody};
use crate::web::views::{offset, time};

/// Largest upload; one byte more than a file may have, so that the reader says so in its words.
pub(crate) const UPLOAD_BYTES_MAX: usize = ::dossiers::FILE_BYTES_MAX + 1;
/// Rows shown before they are confirmed.
const SAMPLE_MAX: usize = 8;
/// Longest name of a source or a file.
const NAME_CHARS_MAX: usize = 120;

/// A row that counts, as it will be known.
#[derive(Serialize, ToSchema)]
pub(crate) struct RowView {
    /// In the file, from 1.
    line: u32,
    /// The dossier ID in full.
    dossier: String,
    procedure: Option<String>,
    state: &'static str,
    #[schema(format = Date)]
    received_on: Option<String>,
    #[schema(format = Date)]
    due_on: Option<String>,
    #[schema(format = Date)]
    finished_on: Option<String>,
    /// How many signs of a telephone, identity paper or code prove its receipt.
    factors: usize,
}

impl From<&Row> for RowView {
    fn from(row: &Row) -> Self {
        let facts = &row.facts;
        Self {
            line: row.line,
            dossier: row.dossier.to_string(),
            procedure: facts.procedure.clone(),
            state: facts.state.word(),
            received_on: facts.received_on.map(|day| day.to_string()),
            due_on: facts.due_on.map(|day| day.to_string()),
            finished_on: facts.finished_on.map(|day| day.to_string()),
            factors: row.factors.len(),
        }
    }
}

/// A row that does not count.
#[derive(Serialize, ToSchema)]
pub(crate) struct BadRowView {
    /// In the file, from 1.
    line: u32,
    /// no-dossier, bad-dossier, bad-date or month-first.
    fault: String,
    /// Of dates: in which column.
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<String>,
}

impl From<&BadRow> for BadRowView {
    fn from(bad: &BadRow) -> Self {
        let said = serde_json::to_value(bad).unwrap_or_default();
        let text = |name: &str| said[name].as_str().map(str::to_owned);
        Self {
            line: bad.line,
            fault: text("fault").unwrap_or_default(),
            column: text("column"),
        }
    }
}

/// A file as it was understood; nothing of it is kept yet.
#[derive(Serialize, ToSchema)]
#[schema(as = DossierImportPreviewView)]
pub(crate) struct PreviewView {
    /// Names it to `check` and `confirm`, for half an hour.
    id: String,
    /// Names of the file's columns.
    names: Vec<String>,
    /// What each is taken for: column -> its place, from 0.
    columns: std::collections::BTreeMap<String, usize>,
    /// Dossiers that count.
    good: usize,
    /// Rows that do not.
    bad: usize,
    /// Rows of a dossier that a later row tells of again.
    repeated: usize,
    /// Dossiers with something that proves the receipt.
    provable: usize,
    /// The first of the bad rows.
    told: Vec<BadRowView>,
    /// The first of the good ones.
    sample: Vec<RowView>,
    /// Why it cannot be confirmed as it is, by language; null: it can.
    #[schema(value_type = Option<std::collections::BTreeMap<String, String>>)]
    refused: Option<std::collections::BTreeMap<String, String>>,
}

/// A file that was taken in.
#[derive(Serialize, ToSchema)]
#[schema(as = DossierImportView)]
pub(crate) struct ImportView {
    id: i64,
    /// Where it came from.
    source: String,
    /// When (RFC 3339).
    at: Option<String>,
    /// Who confirmed it.
    who: String,
    /// What the file was called.
    file: String,
    /// Dossiers.
    rows: u64,
    /// Rows that did not count.
    bad: u64,
    /// Rows of a dossier that a later row told of again.
    repeated: u64,
}

impl ImportView {
    fn new(app: &App, import: Import, offset: i32) -> Self {
        Self {
            id: import.id,
            source: import.source,
            at: time(offset, import.at),
            who: name_of(app, import.actor),
            file: import.file,
            rows: import.rows,
            bad: import.bad,
            repeated: import.repeated,
        }
    }
}

/// Does what takes long beside the requests.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| Problem::http(StatusCode::INTERNAL_SERVER_ERROR))
}

/// The dossier ID in a cell: whatever a receipt may say here, old serials among it.
fn dossier(reading: &Reading, text: &str) -> Option<DossierId> {
    match reading.read(text) {
        Ok(Code::Dossier(dossier)) => Some(dossier),
        _ => None,
    }
}

/// Why a file cannot be taken in as it was understood.
fn refused(upload: &Upload, found: &Found) -> Option<advice::Sentence> {
    match (found.month_first, found.good.is_empty()) {
        _ if !upload.matched.has_dossiers() => Some(advice::no_dossier_column()),
        (Some(_), _) => Some(advice::month_first()),
        (None, true) => Some(advice::no_good_row()),
        (None, false) => None,
    }
}

fn preview(upload: &Upload, table: &Table, reading: &Reading) -> PreviewView {
    let found = rows(table, &upload.matched, |text| dossier(reading, text));
    let columns = upload.matched.columns.iter();
    let columns = columns.map(|(column, at)| (word(*column), *at));
    PreviewView {
        id: upload.id.clone(),
        names: upload.matched.names.clone(),
        columns: columns.collect(),
        good: found.good.len(),
        bad: found.bad,
        repeated: found.repeated,
        provable: found.good.iter().filter(|r| !r.factors.is_empty()).count(),
        told: found.told.iter().map(BadRowView::from).collect(),
        sample: found
            .good
            .iter()
            .take(SAMPLE_MAX)
            .map(RowView::from)
            .collect(),
        refused: refused(upload, &found).map(|sentence| sentence.texts()),
    }
}

fn word(column: Column) -> String {
    crate::journal::word(column)
}

/// Reads a file and tells how it was understood; nothing is kept.
#[utoipa::path(post, path = "/api/v1/dossiers/imports", tag = "dossiers", operation_id = "upload_dossiers",
    params(("Idempotency-Key" = String, Header)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = PreviewView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn upload(
    State(app): State<App>,
    Supervisor(actor): Supervisor,
    _: KeyOf,
    body: Result<Bytes, BytesRejection>,
) -> Result<axum::Json<PreviewView>, Problem> {
    let body = body.map_err(|rejected| match rejected.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::of(advice::bad_file(::dossiers::ImportError::TooLarge))
        }
        status => Problem::http(status),
    })?;
    let (id, owner) = (ids::secret().to_string(), actor.id.clone());
    let reading = app.reading.clone();
    let understood = aside(move || {
        let (table, matched) = match_columns(read(&body)?)?;
        let table = Arc::new(table);
        let upload = Upload {
            id,
            actor: owner,
            table: Some(table.clone()),
            matched,
            done: None,
        };
        Ok((preview(&upload, &table, &reading), upload))
    });
    let understood = understood.await?;
    let (view, upload) = understood.map_err(|error| Problem::of(advice::bad_file(error)))?;
    app.dossiers.waiting().add(monotonic_ms(), upload);
    note_look(
        &app,
        &actor.id,
        "POST /api/v1/dossiers/imports",
        view.sample.len(),
    )
    .await?;
    Ok(axum::Json(view))
}

/// The user's own choice of columns.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = DossierImportCheckBody)]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckBody {
    /// Column -> its place, from 0.
    #[schema(value_type = std::collections::BTreeMap<String, usize>)]
    columns: Columns,
}

fn waiting(app: &App, id: &str, actor: &str) -> Result<Upload, Problem> {
    let found = app.dossiers.waiting().find(monotonic_ms(), id, actor);
    found.ok_or_else(|| Problem::of(advice::unknown_upload()))
}

/// Understands a file anew with other columns; nothing is kept.
#[utoipa::path(post, path = "/api/v1/dossiers/imports/{id}/check", tag = "dossiers", operation_id = "check_dossiers",
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)), request_body = CheckBody,
    responses((status = 200, body = PreviewView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn check(
    State(app): State<App>,
    Supervisor(actor): Supervisor,
    Path(id): Path<String>,
    _: KeyOf,
    Json(body): Json<CheckBody>,
) -> Result<axum::Json<PreviewView>, Problem> {
    let mut upload = waiting(&app, &id, &actor.id)?;
    let table = upload.table.clone();
    let table = table.ok_or_else(|| Problem::of(advice::unknown_upload()))?;
    upload.matched = upload.matched.chosen(body.columns);
    let reading = app.reading.clone();
    let view = aside(move || preview(&upload, &table, &reading)).await?;
    let call = "POST /api/v1/dossiers/imports/{id}/check";
    note_look(&app, &actor.id, call, view.sample.len()).await?;
    Ok(axum::Json(view))
}

/// What is to be taken in, as what.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfirmBody {
    /// Column -> its place, from 0.
    #[schema(value_type = std::collections::BTreeMap<String, usize>)]
    columns: Columns,
    /// Where it comes from; what came from there before goes.
    source: String,
    /// What the file was called.
    #[serde(default)]
    file: String,
}

/// Takes a file in: what it tells replaces what its source told before, all or nothing.
#[utoipa::path(post, path = "/api/v1/dossiers/imports/{id}/confirm", tag = "dossiers", operation_id = "confirm_dossiers",
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)), request_body = ConfirmBody,
    responses((status = 200, body = ImportView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn confirm(
    State(app): State<App>,
    Supervisor(actor): Supervisor,
    Path(id): Path<String>,
    _: KeyOf,
    Json(body): Json<ConfirmBody>,
) -> Result<axum::Json<ImportView>, Problem> {
    let upload = waiting(&app, &id, &actor.id)?;
    let (at, offset) = app
        .engine
        .read(|view| (view.now.utc, offset(view.state)))
        .await?;
    // A lost answer is asked for again.
    if let Some(done) = upload.done {
        return Ok(axum::Json(ImportView::new(&app, done, offset)));
    }
    // Without it nobody could say how old the import is.
    let at = at.ok_or_else(|| Problem::of(advice::import_undated()))?;
    let short = |text: &str| text.trim().chars().take(NAME_CHARS_MAX).collect::<String>();
    let (source, file) = (short(&body.source), short(&body.file));
    if source.is_empty() {
        return Err(Problem::of(advice::no_source_name()));
    }
    let shared = app.clone();
    let done = aside(move || {
        let Some(table) = &upload.table else {
            return Err(Problem::of(advice::unknown_upload()));
        };
        let upload = Upload {
            matched: upload.matched.clone().chosen(body.columns),
            ..upload.clone()
        };
        let found = rows(table, &upload.matched, |text| {
            dossier(&shared.reading, text)
        });
        if let Some(sentence) = refused(&upload, &found) {
            return Err(Problem::of(sentence));
        }
        let new = New {
            source: &source,
            file: &file,
            actor: &upload.actor,
            at,
            rows: &found.good,
            bad: found.bad as u64,
            repeated: found.repeated as u64,
        };
        let done = shared.dossiers.import(&new);
        let done = done.map_err(|cause| {
            tracing::error!(%cause, "an import of dossiers cannot be kept");
            Problem::from(Failure::JournalFull)
        })?;
        shared.dossiers.waiting().done(&upload.id, done.clone());
        Ok(done)
    });
    let done = done.await??;
    tracing::info!(rows = done.rows, bad = done.bad, "Dossiers were imported");
    Ok(axum::Json(ImportView::new(&app, done, offset)))
}

/// What was taken in.
#[derive(Serialize, ToSchema)]
pub(crate) struct ImportList {
    /// The newest first, at most a hundred.
    items: Vec<ImportView>,
    /// Whether the intake server is asked about dossiers too.
    asks: bool,
}

/// What was taken in so far.
#[utoipa::path(get, path = "/api/v1/dossiers/imports", tag = "dossiers", operation_id = "dossier_imports",
    responses((status = 200, body = ImportList),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn list(
    State(app): State<App>,
    _: Supervisor,
) -> Result<axum::Json<ImportList>, Problem> {
    let offset = app.engine.read(|view| offset(view.state)).await?;
    let imports = app.dossiers.imports().map_err(|cause| {
        tracing::error!(%cause, "the history of imports cannot be read");
        Problem::from(Failure::JournalFailed)
    })?;
    let items = imports.into_iter();
    let items = items.map(|import| ImportView::new(&app, import, offset));
    Ok(axum::Json(ImportList {
        items: items.collect(),
        asks: app.dossiers.asks(),
    }))
}
