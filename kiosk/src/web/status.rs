//! `/healthz` and `/metrics`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Instant;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use queue::{ScanState, TicketState};
use serde::Serialize;
use utoipa::ToSchema;

use super::App;
use super::problem::{Problem, ProblemBody};
use super::readers::readers;
use crate::status::{Health, PrinterReport, ReaderReport, ScannerReport};

/// How the daemon fares.
#[derive(Serialize, ToSchema)]
pub(crate) struct HealthBody {
    /// Of the newest record.
    epoch: String,
    /// Of the newest record.
    seq: u64,
    /// Whether commands can be journalled.
    journal: Health,
    /// Whether the time is known.
    clock_known: bool,
    /// Every device and the other side, by name.
    parts: BTreeMap<String, Health>,
    /// Each printer, and what to do about it.
    printers: Vec<PrinterReport>,
    /// Each scanner that this machine's daemon listens to.
    scanners: Vec<ScannerReport>,
    /// Each reader beside a touch screen, and what to do about it.
    readers: Vec<ReaderReport>,
}

/// 200 while the engine answers, whatever the devices do.
#[utoipa::path(get, path = "/healthz", tag = "public", operation_id = "healthz", security(()),
    responses((status = 200, body = HealthBody),
        (status = 503, body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn healthz(State(app): State<App>) -> Result<axum::Json<HealthBody>, Problem> {
    let read = app.engine.read(|view| {
        let clock_known = view.state.clock().is_some();
        let day = view.state.day_id();
        (view.epoch.to_owned(), view.seq, clock_known, day)
    });
    let (epoch, seq, clock_known, day) = read.await?;
    let journal = match app.engine.writable() {
        true => Health::Ready,
        false => Health::Trouble,
    };
    let readers = readers(&app, day);
    Ok(axum::Json(HealthBody {
        epoch,
        seq,
        journal,
        clock_known,
        parts: parts(&app, &readers),
        printers: app.parts.printers(),
        scanners: app.scanners.reports(day, Instant::now()),
        readers,
    }))
}

/// Those of this machine, and the readers of its screens.
fn parts(app: &App, readers: &[ReaderReport]) -> BTreeMap<String, Health> {
    let mut parts = app.parts.all();
    let readers = readers.iter();
    parts.extend(readers.map(|reader| (reader.part.clone(), reader.health)));
    parts
}

/// Figures in the text form that Prometheus reads. Nothing personal.
async fn metrics(State(app): State<App>) -> Result<Response, Problem> {
    let read = app.engine.read(|view| {
        let state = view.state;
        let tickets = |wanted: TicketState| state.tickets().filter(|t| t.state == wanted).count();
        let pending = state
            .scans()
            .filter(|s| s.state == ScanState::Pending)
            .count();
        let figures = [
            ("kiosk_journal_seq", view.seq),
            (
                "kiosk_tickets_waiting",
                tickets(TicketState::Waiting) as u64,
            ),
            ("kiosk_tickets_done", tickets(TicketState::Done) as u64),
            ("kiosk_tickets_today", state.tickets().count() as u64),
            ("kiosk_slips_unprinted", state.unprinted().count() as u64),
            ("kiosk_scans_pending", pending as u64),
        ];
        (figures, state.day_id())
    });
    let (figures, day) = read.await?;
    let mut text = String::new();
    for (name, value) in figures {
        // Writing to a string does not fail.
        let _ = writeln!(text, "# TYPE {name} gauge\n{name} {value}");
    }
    for (part, health) in parts(&app, &readers(&app, day)) {
        let ready = u8::from(health == Health::Ready);
        let part = label(&part);
        let _ = writeln!(text, "kiosk_part_ready{{part=\"{part}\"}} {ready}");
    }
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
    Ok((StatusCode::OK, kind, text).into_response())
}

/// A label's value as Prometheus reads it: a device made by hand may have any name.
fn label(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    text.replace('\n', "\\n")
}

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/healthz", get(healthz))
        .route("/metrics", get(metrics))
}
