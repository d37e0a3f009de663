//! How every part fares, for people; and who looked at personal values or was refused.

use std::time::{Duration, Instant};

use axum::extract::State;
use queue::{DeviceKind, ScanState};
use serde::Serialize;
use tracing::warn;
use utoipa::ToSchema;

use super::App;
use super::auth::{Admin, Supervisor};
use super::devices::name_of;
use super::problem::{Problem, ProblemBody};
use super::readers::readers;
use super::views::{offset, time};
use crate::access::{self, Attempt, Look, Refused};
use crate::engine::Failure;
use crate::health::{Disk, Line, Scene, Screen, report};

/// Lines of each log that the page shows.
const LINES_MAX: usize = 100;
/// Who is refused again and again makes a line a minute.
const REFUSALS_EVERY: Duration = Duration::from_secs(60);

/// How every part fares.
#[derive(Serialize, ToSchema)]
pub(crate) struct HealthReport {
    /// What is troubled first.
    items: Vec<Line>,
}

/// How every part fares, in plain sentences with what to do.
#[utoipa::path(get, path = "/api/v1/health", tag = "devices", operation_id = "health",
    responses((status = 200, body = HealthReport),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn health(
    State(app): State<App>,
    Supervisor(_): Supervisor,
) -> Result<axum::Json<HealthReport>, Problem> {
    let read = app.engine.read(|view| {
        let scans = view.state.scans();
        let pending = scans
            .filter(|scan| scan.state == ScanState::Pending)
            .count();
        (view.state.clock().is_some(), pending, view.state.day_id())
    });
    let (clock_known, pending, day) = read.await?;
    let data = app.data.clone();
    let disk = tokio::task::spawn_blocking(move || Disk::of(&data)).await;
    let scene = Scene {
        configuration: app.configuration_problem.clone(),
        writable: app.engine.writable(),
        disk: disk.ok().flatten(),
        clock_known,
        printers: app.parts.printers(),
        scanners: app.scanners.reports(day, Instant::now()),
        readers: readers(&app, day),
        parts: app.parts.all(),
        scans_pending: u32::try_from(pending).unwrap_or(u32::MAX),
        intake_outage: app.parts.intake_outage().map(|outage| {
            let minutes = outage.since.elapsed().as_secs() / 60;
            (outage.cause, minutes)
        }),
        screens: screens(&app),
    };
    Ok(axum::Json(HealthReport {
        items: report(&scene),
    }))
}

/// Touch and lobby screens that were ever heard of.
fn screens(app: &App) -> Vec<Screen> {
    let devices = app.tokens.devices().into_iter();
    let screens = devices.filter_map(|device| {
        let kind = device.kind.filter(|kind| *kind != DeviceKind::Counter)?;
        let heard = app.devices.heard(&device.id, None)?;
        Some(Screen {
            id: device.id,
            name: device.name,
            kind,
            silent_seconds: heard.silent_ms / 1_000,
            sound: heard.sound,
        })
    });
    screens.collect()
}

/// Somebody who looked at personal values.
#[derive(Serialize, ToSchema)]
pub(crate) struct LookView {
    /// RFC 3339; null if the time was unknown.
    at: Option<String>,
    /// Name of the person, else the actor.
    who: String,
    /// Method and path.
    call: String,
    /// Personal values in the answer.
    values: usize,
}

/// Attempts of the same kind within a minute that were refused.
#[derive(Serialize, ToSchema)]
pub(crate) struct RefusalView {
    /// RFC 3339; null if the time was unknown.
    at: Option<String>,
    refused: Refused,
    /// Name of the person, else the actor; null if nobody known.
    who: Option<String>,
    /// Address; empty for those that are counted together.
    from: String,
    times: u32,
}

/// Who looked, and who was refused.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccessView {
    /// Newest first, at most a hundred.
    looks: Vec<LookView>,
    /// The same.
    refusals: Vec<RefusalView>,
}

/// Who looked at personal values, and who was refused; the newest of each.
#[utoipa::path(get, path = "/api/v1/access", tag = "devices", operation_id = "access",
    responses((status = 200, body = AccessView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn access(
    State(app): State<App>,
    Admin(_): Admin,
) -> Result<axum::Json<AccessView>, Problem> {
    let data = app.data.clone();
    let read = tokio::task::spawn_blocking(move || access::newest(&data, LINES_MAX)).await;
    let (looks, refusals) = read
        .ok()
        .and_then(Result::ok)
        .ok_or(Failure::JournalFailed)?;
    let offset = app.engine.read(|view| offset(view.state)).await?;
    let at = |utc: Option<String>| {
        let utc: jiff::Timestamp = utc?.parse().ok()?;
        time(offset, utc.as_millisecond())
    };
    let looks = looks.into_iter().map(|look| LookView {
        at: at(look.at),
        who: name_of(&app, look.actor),
        call: look.call,
        values: look.values,
    });
    let refusals = refusals.into_iter().map(|refusal| {
        let Attempt {
            refused,
            actor,
            from,
        } = refusal.attempt;
        RefusalView {
            at: at(refusal.at),
            refused,
            who: actor.map(|actor| name_of(&app, actor)),
            from,
            times: refusal.times,
        }
    });
    Ok(axum::Json(AccessView {
        looks: looks.collect(),
        refusals: refusals.collect(),
    }))
}

/// Notes who is about to see personal values. A disk that cannot be written stops nobody's work.
pub(super) async fn note_look(
    app: &App,
    actor: &str,
    call: &str,
    values: usize,
) -> Result<(), Problem> {
    if values == 0 {
        return Ok(());
    }
    let at = app.engine.read(|view| time(0, view.now.utc?)).await?;
    let look = Look {
        at,
        actor: actor.to_owned(),
        call: call.to_owned(),
        values,
    };
    let data = app.data.clone();
    let noted = tokio::task::spawn_blocking(move || access::note(&data, &look)).await;
    if !matches!(noted, Ok(Ok(()))) {
        warn!(?noted, "who looked at personal values cannot be noted");
    }
    Ok(())
}

/// Writes refusals now and then, until the daemon stops.
pub async fn note_refusals(app: App) {
    let mut stop = app.stop.clone();
    let mut stopping = false;
    while !stopping {
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => stopping = true,
            () = tokio::time::sleep(REFUSALS_EVERY) => {}
        }
        let at = app.engine.read(|view| time(0, view.now.utc?)).await;
        let refusals = app.refusals.take(at.ok().flatten().as_deref());
        if refusals.is_empty() {
            continue;
        }
        let data = app.data.clone();
        let noted =
            tokio::task::spawn_blocking(move || access::note_refusals(&data, &refusals)).await;
        if !matches!(noted, Ok(Ok(()))) {
            warn!(?noted, "who was refused cannot be noted");
        }
    }
}
