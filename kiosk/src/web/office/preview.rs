//! A slip as it would print, from a draft of the office.

use axum::extract::State;
use axum::http::StatusCode;
use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{OFFICE_BYTES_MAX, aside, usable};
use crate::advice;
use crate::journal::word;
use crate::office::{OfficeDraft, Remark};
use crate::slips::check::{Fault, Shown, Trial, picture};
use crate::slips::{self, KINDS, Press};
use crate::web::App;
use crate::web::auth::{KeyOf, Supervisor};
use crate::web::problem::{Json, Problem, ProblemBody};

/// Body of `POST /office/preview`.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PreviewBody {
    office: OfficeDraft,
    /// ticket, checklist, re-entry, deferred, day-report or test-page.
    slip: String,
    /// By default the office's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    /// By default the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    printer: Option<String>,
}

/// A picture, one pixel a dot.
#[derive(Serialize, ToSchema)]
pub(crate) struct PreviewView {
    /// PNG in Base64.
    png: String,
    width: usize,
    height: usize,
}

/// Draws a slip as it would print, with usual values.
#[utoipa::path(post, path = "/api/v1/office/preview", tag = "office", operation_id = "preview_slip",
    params(("Idempotency-Key" = String, Header)), request_body = PreviewBody,
    responses((status = 200, body = PreviewView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn preview(
    State(app): State<App>,
    Supervisor(_): Supervisor,
    _: KeyOf,
    Json(body): Json<PreviewBody, OFFICE_BYTES_MAX>,
) -> Result<axum::Json<PreviewView>, Problem> {
    let unknown = || Problem::http(StatusCode::UNPROCESSABLE_ENTITY);
    let kind = KINDS.into_iter().find(|kind| word(*kind) == body.slip);
    let kind = kind.ok_or_else(unknown)?;
    if app.press.printers.is_empty() {
        return Err(Problem::of(advice::no_printer()));
    }
    let printer = match &body.printer {
        Some(name) => app.press.printers.iter().position(|(n, _)| n == name),
        None => Some(0),
    };
    let printer = printer.ok_or_else(unknown)?;
    let (office, _) = usable(&app, body.office).await?;
    let wanted = body.language.filter(|l| office.languages.contains(l));
    let language = wanted.or_else(|| office.languages.first().cloned());
    let language = language.unwrap_or_default();
    let drawn = aside(move || {
        let Press { logo, url, .. } = &app.press;
        let trial = Trial {
            office: &office,
            url: url.as_deref(),
            logo: logo.as_ref(),
        };
        let layout = slips::layout(&office, kind);
        let paper = app.press.papers().nth(printer)?;
        Some(picture(kind, layout, trial, paper, &language, Shown::Usual))
    });
    let drawn = drawn.await?.ok_or_else(unknown)?;
    let picture = drawn.map_err(|fault: Fault| {
        let field = format!("slips.{}", word(kind));
        let text = fault.reason;
        Problem::of(advice::bad_office()).with_problems(vec![Remark { field, text }])
    })?;
    Ok(axum::Json(PreviewView {
        png: BASE64.encode(&picture.png()),
        width: picture.width(),
        height: picture.rows(),
    }))
}
