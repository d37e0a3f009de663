//! What time it is: who says so, and staff's word where nobody does.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::rfc2822::DateTimePrinter;
use jiff::tz::Offset;
use queue::{Command, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::App;
use super::auth::{Anybody, KeyOf};
use super::problem::{Json, Problem, ProblemBody};
use super::signed::{Signature, signer};
use super::views::{offset, time};
use crate::advice;
use crate::clock::{Clock as _, Source, SystemClock, is_plausible};

/// The time, and who says so.
#[derive(Serialize, ToSchema)]
pub(crate) struct TimeView {
    /// Whether anybody vouches for it.
    known: bool,
    /// Who does: trusted (the configuration), kernel (NTP, GPS), staff (since this boot) or
    /// battery; null while nobody does.
    source: Option<Source>,
    /// Whether staff may say another one: not over what is kept in step from outside.
    settable: bool,
    /// RFC 3339 with the office's offset; null while the time is unknown.
    now: Option<String>,
    /// What the machine's own clock shows, right or wrong.
    machine: Option<String>,
    /// Minutes that the office is ahead of UTC.
    offset_minutes: i32,
}

impl TimeView {
    fn new(clock: &SystemClock, offset_minutes: i32) -> Self {
        let (reading, source) = (clock.read(), clock.source());
        Self {
            known: source.is_some(),
            source,
            settable: is_settable(source),
            now: reading.utc_ms.and_then(|utc| time(offset_minutes, utc)),
            machine: time(offset_minutes, reading.at_ms),
            offset_minutes,
        }
    }
}

fn is_settable(source: Option<Source>) -> bool {
    !matches!(source, Some(Source::Kernel | Source::Trusted))
}

/// Body of `POST /time`.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TimeBody {
    /// RFC 3339, or without an offset the office's own time: `2026-11-23T07:28`.
    now: String,
    /// Also when that is before the last service day, or long after it.
    #[serde(default)]
    sure: bool,
    /// Whose word it is, at a kiosk.
    #[serde(default, skip_serializing)]
    signed: Option<Signature>,
}

/// The time, and who says so.
#[utoipa::path(get, path = "/api/v1/time", tag = "time", operation_id = "time",
    responses((status = 200, body = TimeView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn get(
    State(app): State<App>,
    Anybody(_): Anybody,
) -> Result<axum::Json<TimeView>, Problem> {
    let offset_minutes = app.engine.read(|view| offset(view.state)).await?;
    Ok(axum::Json(TimeView::new(&app.clock, offset_minutes)))
}

/// Staff say what time it is. It counts until the machine is switched off or its clock is kept in
/// step from outside, and can be put right by saying it again.
#[utoipa::path(post, path = "/api/v1/time", tag = "time", operation_id = "confirm_time",
    params(("Idempotency-Key" = String, Header)), request_body = TimeBody,
    responses((status = 200, body = TimeView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn confirm(
    State(app): State<App>,
    Anybody(caller): Anybody,
    key: KeyOf,
    ConnectInfo(client): ConnectInfo<SocketAddr>,
    Json(mut body): Json<TimeBody>,
) -> Result<axum::Json<TimeView>, Problem> {
    let actor = signer(&app, caller, body.signed.take(), client).await?;
    if actor.role == Role::Kiosk {
        return Err(Problem::http(StatusCode::FORBIDDEN));
    }
    if !is_settable(app.clock.source()) {
        return Err(Problem::of(advice::time_kept()));
    }
    let offset_minutes = app.engine.read(|view| offset(view.state)).await?;
    let utc =
        read(&body.now, offset_minutes).ok_or_else(|| Problem::of(advice::time_unreadable()))?;
    if !is_plausible(utc) {
        return Err(Problem::of(advice::time_implausible()));
    }
    let (key, sure) = (key.with(&body), body.sure);
    let command = move |_: &queue::State, _: queue::Now| Ok(Command::ConfirmTime { utc, sure });
    app.engine
        .submit(actor, Some(key), command, |_, _| ())
        .await?;
    Ok(axum::Json(TimeView::new(&app.clock, offset_minutes)))
}

/// UTC in ms of a time with an offset, or of the office's own.
fn read(text: &str, offset_minutes: i32) -> Option<i64> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at.as_millisecond());
    }
    let local: DateTime = text.parse().ok()?;
    let offset = Offset::from_seconds(offset_minutes.checked_mul(60)?).ok()?;
    Some(offset.to_timestamp(local).ok()?.as_millisecond())
}

/// Screens and pages set their clocks by the `Date` of an answer: where staff's word counts, that
/// of the machine's own clock would be a wrong one.
pub(super) async fn date(
    State(clock): State<SystemClock>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    if clock.source() == Some(Source::Staff)
        && let Some(date) = clock.read().utc_ms.and_then(written)
    {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}

fn written(utc_ms: i64) -> Option<HeaderValue> {
    let at = Timestamp::from_millisecond(utc_ms).ok()?;
    let text = DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&at)
        .ok()?;
    HeaderValue::from_str(&text).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_time_is_read_with_its_offset_or_as_the_offices_own() {
        // 2026-11-23 07:28 in Vietnam.
        let monday = 1_795_393_680_000;
        for text in [
            "2026-11-23T07:28:00+07:00",
            "2026-11-23T00:28:00Z",
            "2026-11-23T07:28",
            "2026-11-23 07:28:00",
        ] {
            assert_eq!(read(text, 420), Some(monday), "{text}");
        }
        for text in ["", "07:28", "2026-11-31T07:28", "tomorrow"] {
            assert_eq!(read(text, 420), None, "{text}");
        }
        let date = written(monday).unwrap();
        assert_eq!(date, "Mon, 23 Nov 2026 00:28:00 GMT");
    }
}
