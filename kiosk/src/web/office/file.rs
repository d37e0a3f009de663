//! The office as the text of a file, and back.

use axum::extract::State;
use queue::Text;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{OFFICE_BYTES_MAX, Texts, aside, in_force};
use crate::office::{OfficeDraft, Remark, file, judge};
use crate::web::App;
use crate::web::auth::{Admin, KeyOf};
use crate::web::problem::{Json, Problem, ProblemBody};

/// The office part of a `kiosk.toml`.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Toml {
    /// The text.
    toml: String,
}

/// The office in force, as `kiosk.toml` takes it.
#[utoipa::path(get, path = "/api/v1/office/export", tag = "office", operation_id = "export_office",
    responses((status = 200, body = Toml),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn export(
    State(app): State<App>,
    Admin(_): Admin,
) -> Result<axum::Json<Toml>, Problem> {
    let office = in_force(&app).await?;
    let toml = aside(move || file::write(&OfficeDraft::from(&office))).await?;
    Ok(axum::Json(Toml { toml }))
}

/// A remark with its line.
#[derive(Serialize, ToSchema)]
pub(crate) struct LineRemark {
    #[serde(flatten)]
    remark: Remark,
    /// In the text, from 1.
    line: usize,
}

/// An office read from a text; nothing of it is kept.
#[derive(Serialize, ToSchema)]
pub(crate) struct ImportView {
    /// Null: the text is none of an office.
    office: Option<OfficeDraft>,
    problems: Vec<LineRemark>,
    warnings: Vec<LineRemark>,
    /// What else there is to say of the text.
    #[schema(value_type = Vec<Texts>)]
    notes: Vec<Text>,
}

/// Reads and judges the office part of a file, as a draft for `POST /office`.
#[utoipa::path(post, path = "/api/v1/office/import", tag = "office", operation_id = "import_office",
    params(("Idempotency-Key" = String, Header)), request_body = Toml,
    responses((status = 200, body = ImportView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn import(
    State(app): State<App>,
    Admin(_): Admin,
    _: KeyOf,
    Json(body): Json<Toml, OFFICE_BYTES_MAX>,
) -> Result<axum::Json<ImportView>, Problem> {
    let view = aside(move || imported(&app, &body.toml)).await?;
    Ok(axum::Json(view))
}

fn imported(app: &App, text: &str) -> ImportView {
    let read = match file::read(text) {
        Ok(read) => read,
        Err(bad) => {
            let line = file::line_of(text, bad.at.start);
            let remark = bad.remark;
            return ImportView {
                office: None,
                problems: vec![LineRemark { remark, line }],
                warnings: Vec::new(),
                notes: Vec::new(),
            };
        }
    };
    let judged = judge(&read.draft, &app.press);
    let lines = |remarks: Vec<Remark>| -> Vec<LineRemark> {
        let remarks = remarks.into_iter();
        let with_line = remarks.map(|remark| LineRemark {
            line: read.line(&remark.field),
            remark,
        });
        with_line.collect()
    };
    let machine: Vec<String> = read
        .machine
        .iter()
        .map(|name| format!("[{name}]"))
        .collect();
    let note = (!machine.is_empty()).then(|| {
        let machine = machine.join(", ");
        Text::vi_en(
            &format!("Tệp có cả phần của máy ({machine}); chỉ phần của cơ quan được lấy."),
            &format!("The file has parts of a machine too ({machine}); only the office counts."),
        )
    });
    ImportView {
        problems: lines(judged.problems),
        warnings: lines(judged.warnings),
        notes: note.into_iter().collect(),
        office: Some(read.draft),
    }
}
