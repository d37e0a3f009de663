//! The calls of the intake contract.

use std::time::Duration;

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};

use super::problem::Problem;
use super::scan::{ID_CHARS_MAX, KeptScan, NewScan, rfc3339};
use super::store::Taken;
use super::{Shared, now_ms, with_store};

/// A scan has some 300 bytes; room for fields to come.
pub(super) const BODY_BYTES_MAX: usize = 16 * 1024;

/// A client that has not sent so little by then keeps a connection for nothing.
const BODY_TIME_MAX: Duration = Duration::from_secs(10);

/// Items of one list answer.
pub(super) const LIST_MAX: usize = 100;

/// A dossier is scanned a few times in its life; this only bounds the answer.
const STEPS_MAX: usize = 500;

/// `POST /v1/scans`
pub(super) async fn take(
    State(intake): State<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let key = headers
        .get("idempotency-key")
        .and_then(|key| key.to_str().ok())
        .filter(|key| is_key(key))
        .ok_or(Problem::KEY_MISSING)?;
    let json = headers.get(header::CONTENT_TYPE).is_some_and(|kind| {
        let kind = kind.as_bytes().split(|byte| *byte == b';').next();
        kind.is_some_and(|kind| kind.trim_ascii().eq_ignore_ascii_case(b"application/json"))
    });
    if !json {
        return Err(Problem::UNSUPPORTED_TYPE);
    }
    let new = NewScan::read(key, &read_body(&headers, body).await?)?;
    match with_store(&intake, move |store| store.take(&new, now_ms())).await? {
        Taken::Kept(kept) => Ok((StatusCode::CREATED, Json(receipt(&kept)))),
        Taken::OtherBody => Err(Problem::refused(
            "key-reused",
            "Another scan was taken under this Idempotency-Key.",
            "Mã lượt quét đã dùng cho nội dung khác",
        )),
    }
}

/// `GET /v1/scans/{id}`
pub(super) async fn scan(
    State(intake): State<Shared>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<Value>, Problem> {
    let Path(id) = id.map_err(|_| Problem::NOT_FOUND)?;
    let kept = with_store(&intake, move |store| store.scan(&id)).await?;
    let kept = kept.ok_or(Problem::NOT_FOUND)?;
    Ok(Json(kept.to_json()))
}

#[derive(Deserialize)]
pub(super) struct ListQuery {
    after: Option<String>,
}

/// `GET /v1/scans?after=…`: oldest first, `next` as long as there are more.
pub(super) async fn list(
    State(intake): State<Shared>,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<Json<Value>, Problem> {
    let Query(query) = query.map_err(|_| Problem::BAD_REQUEST)?;
    let after = match query.after {
        Some(after) => after.parse().map_err(|_| Problem::BAD_REQUEST)?,
        None => 0,
    };
    // One more than shown tells whether there are more.
    let mut scans = with_store(&intake, move |store| store.after(after, LIST_MAX + 1)).await?;
    let more = scans.len() > LIST_MAX;
    scans.truncate(LIST_MAX);
    let mut answer = json!({
        "items": scans.iter().map(KeptScan::to_json).collect::<Vec<_>>(),
    });
    if let Some(last) = scans.last().filter(|_| more) {
        answer["next"] = last.seq.to_string().into();
    }
    Ok(Json(answer))
}

/// `GET /v1/dossiers/{id}`: what the scans tell, and null for what only dossier software knows.
pub(super) async fn dossier(
    State(intake): State<Shared>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<Value>, Problem> {
    let Path(id) = id.map_err(|_| Problem::NOT_FOUND)?;
    let wanted = id.clone();
    let scans = with_store(&intake, move |store| store.of_dossier(&wanted, STEPS_MAX)).await?;
    let first = scans.first().ok_or(Problem::NOT_FOUND)?;
    Ok(Json(json!({
        "id": id,
        "procedure": null,
        "state": "received",
        "received_at": rfc3339(first.happened_ms()),
        "due_at": null,
        "steps": scans.iter().map(KeptScan::to_step).collect::<Vec<_>>(),
    })))
}

/// The same for the first request and every repetition.
fn receipt(kept: &KeptScan) -> Value {
    json!({
        "id": kept.body["id"],
        "dossier": kept.body["dossier"],
        "state": "received",
        "received_at": rfc3339(kept.received_ms),
    })
}

fn is_key(key: &str) -> bool {
    (1..=ID_CHARS_MAX).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
}

async fn read_body(headers: &HeaderMap, body: Body) -> Result<axum::body::Bytes, Problem> {
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > BODY_BYTES_MAX) {
        return Err(Problem::TOO_LARGE);
    }
    match tokio::time::timeout(BODY_TIME_MAX, to_bytes(body, BODY_BYTES_MAX)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        // A line that broke gets no answer anyway, so what is left is a body too long.
        Ok(Err(_)) => Err(Problem::TOO_LARGE),
        Err(_) => Err(Problem::TOO_SLOW),
    }
}
