//! How the readers beside touch screens fare: each screen says it of its own.

use std::time::Instant;

use axum::extract::State;
use axum::http::StatusCode;
use scanner::Device;
use serde::Deserialize;
use utoipa::ToSchema;

use super::App;
use super::auth::{KeyOf, Kiosk};
use super::problem::{Json, Problem, ProblemBody};
use crate::advice;
use crate::status::{READERS_MAX, Reader, ReaderReport};

/// Longest name of a device; that of a USB line is about half of it.
const DEVICE_BYTES_MAX: usize = 200;

/// How a reader beside the touch screen fares.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReaderBody {
    /// As in `[[scanner]]`, such as `serial:/dev/ttyACM0` or `hid:0c2e:0200`; at most 200 bytes.
    device: String,
    /// Since it is away; null: it is there.
    away_seconds: Option<u64>,
    /// Since anything was read; null: nothing since the screen started.
    last_scan_seconds: Option<u64>,
    /// Codes that meant something, since the screen started.
    taken: u64,
    /// Codes that could not be read or meant nothing, since the screen started.
    refused: u64,
}

/// Body of `POST /readers`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReadersBody {
    /// All that the screen has, at most a hundred.
    readers: Vec<ReaderBody>,
}

/// Takes what a touch screen says of the readers beside it: whenever something changes, and at
/// least every half minute; after a minute of silence nothing is known of them. Not journalled, and
/// not refused under a repeated key: to say the same again changes nothing.
#[utoipa::path(post, path = "/api/v1/readers", tag = "devices", operation_id = "say_readers",
    params(("Idempotency-Key" = String, Header)), request_body = ReadersBody,
    responses((status = 204, description = "taken"),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn say(
    State(app): State<App>,
    Kiosk(actor): Kiosk,
    _: KeyOf,
    Json(body): Json<ReadersBody>,
) -> Result<StatusCode, Problem> {
    if body.readers.len() > READERS_MAX {
        return Err(Problem::of(advice::not_a_reader()));
    }
    let readers = body.readers.into_iter().map(reader);
    let readers = readers.collect::<Option<Vec<_>>>();
    let readers = readers.ok_or_else(|| Problem::of(advice::not_a_reader()))?;
    let day = app.engine.read(|view| view.state.day_id()).await?;
    app.readers.say(&actor.id, readers, day, Instant::now());
    Ok(StatusCode::NO_CONTENT)
}

/// Only what may stand in a configuration is shown to staff as a device.
fn reader(body: ReaderBody) -> Option<Reader> {
    let fits = body.device.len() <= DEVICE_BYTES_MAX && !body.device.contains(char::is_control);
    let device = body.device.parse::<Device>().ok().filter(|_| fits)?;
    Some(Reader {
        device: device.to_string(),
        away_seconds: body.away_seconds,
        last_scan_seconds: body.last_scan_seconds,
        taken: body.taken,
        refused: body.refused,
    })
}

/// The readers beside every screen that is let in, as of a service day.
pub(super) fn readers(app: &App, day: u64) -> Vec<ReaderReport> {
    let screens = app.tokens.devices();
    app.readers.reports(&screens, day, Instant::now())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn staff_are_shown_only_what_may_stand_in_a_configuration() {
        let said = |device: &str| {
            let body = ReaderBody {
                device: device.to_owned(),
                away_seconds: Some(u64::MAX),
                last_scan_seconds: None,
                taken: u64::MAX,
                refused: 0,
            };
            reader(body).map(|reader| reader.device)
        };
        let plain = "serial:/dev/ttyACM0";
        assert_eq!(said(plain).as_deref(), Some(plain));
        assert_eq!(said(&format!("{plain}?baud=9600")).as_deref(), Some(plain));
        let long = format!("serial:/dev/{}", "x".repeat(DEVICE_BYTES_MAX));
        for device in ["", "tcp:192.0.2.7", "serial:/dev/a\nb", &long] {
            assert_eq!(said(device), None, "{device}");
        }
    }
}
