//! The supervisor's live board: who waits, what each counter does and for how long, and what
//! should be done about it.

use std::time::Instant;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::response::sse::Event;
use axum::routing::get;
use axum::{Json, Router};
use futures_util::stream;
use queue::{Actor, CounterState, ScanState};
use serde::Serialize;
use tokio::sync::watch;
use utoipa::ToSchema;

use super::auth::{Lifetime, Supervisor};
use super::events::{answer, event, next_look};
use super::problem::{Problem, ProblemBody};
use super::public::{ClockView, clock};
use super::staff::show;
use super::views::counter_state;
use super::{App, Shared};
use crate::alerts::{Alert, Place, Queue, Scene, Texts, alerts};
use crate::engine::{Failure, View};
use crate::journal::word;
use crate::status::Health;
use crate::tokens::Device;

/// A board is looked at now and then; the engine is asked at most this often.
const PACE: std::time::Duration = std::time::Duration::from_secs(1);

/// Who waits for a service.
#[derive(Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct LiveService {
    letter: String,
    /// By language.
    name: Texts,
    waiting: u32,
    /// How long the first of them has waited; null while nobody waits.
    longest_seconds: Option<u64>,
    /// Open counters that serve it.
    open_counters: u32,
}

/// What a counter has in hand.
#[derive(Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct LiveTicket {
    number: String,
    /// called or serving.
    state: String,
}

/// What a counter does.
#[derive(Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct LiveCounter {
    number: u32,
    /// open, paused or closed.
    state: &'static str,
    services: Vec<String>,
    ticket: Option<LiveTicket>,
    /// The name of who has it; null for a device, or while nobody has.
    clerk: Option<String>,
    /// How long it has been so; null if it was never opened today.
    for_seconds: Option<u64>,
}

/// What a live board shows.
#[derive(Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct LiveBoard {
    epoch: String,
    seq: u64,
    /// The office's name by language.
    office: Texts,
    clock: ClockView,
    day_open: bool,
    /// Most urgent first.
    alerts: Vec<Alert>,
    services: Vec<LiveService>,
    counters: Vec<LiveCounter>,
    printer: Health,
    intake: Health,
    /// Scans that wait to be forwarded.
    scans_pending: u32,
}

impl LiveBoard {
    fn new(view: View<'_>, app: &Shared, screens: &[Device]) -> Option<Self> {
        let office = view.state.office()?;
        let scene = scene(view, app, screens)?;
        let services = scene.queues.iter().map(|queue| {
            let open =
                |p: &&Place| p.state == CounterState::Open && p.services.contains(&queue.letter);
            LiveService {
                letter: queue.letter.to_string(),
                name: queue.name.clone(),
                waiting: queue.waiting,
                longest_seconds: (queue.waiting > 0).then_some(queue.longest_seconds),
                open_counters: count(scene.places.iter().filter(open).count()),
            }
        });
        let counters = scene.places.iter().map(|place| {
            let desk = view.state.desk(place.number);
            let ticket = desk.and_then(|d| view.state.ticket(d.ticket?));
            LiveCounter {
                number: place.number,
                state: counter_state(place.state),
                services: place.services.iter().map(char::to_string).collect(),
                ticket: ticket.map(|ticket| LiveTicket {
                    number: ticket.number.to_string(),
                    state: word(ticket.state),
                }),
                clerk: desk
                    .and_then(|desk| desk.actor.as_deref()?.strip_prefix(Actor::PERSON))
                    .and_then(|id| app.people.find(id))
                    .map(|person| person.name),
                for_seconds: desk
                    .filter(|desk| desk.since_tick > 0)
                    .map(|_| place.for_seconds),
            }
        });
        Some(Self {
            epoch: view.epoch.to_owned(),
            seq: view.seq,
            office: office.name.0.clone(),
            clock: clock(view),
            day_open: view.state.day_is_open(),
            alerts: alerts(&scene.during(view.state.day_is_open()), &app.alerts),
            services: services.collect(),
            counters: counters.collect(),
            printer: app.parts.get("printer"),
            intake: scene.intake,
            scans_pending: scene.scans_pending,
        })
    }

    /// What changes with more than the passing of seconds.
    fn mark(&self) -> Self {
        let mut mark = self.clone();
        for service in &mut mark.services {
            service.longest_seconds = service.longest_seconds.map(|_| 0);
        }
        for counter in &mut mark.counters {
            counter.for_seconds = counter.for_seconds.map(|_| 0);
        }
        mark
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn scene(view: View<'_>, app: &Shared, screens: &[Device]) -> Option<Scene> {
    let office = view.state.office()?;
    let seconds = |tick: u64| view.now.tick.saturating_sub(tick) / 1_000;
    let queues = office.services.iter().map(|service| Queue {
        letter: service.letter,
        name: service.name.0.clone(),
        waiting: count(view.state.waiting(service.letter)),
        longest_seconds: view
            .state
            .longest_waiting(service.letter)
            .map_or(0, seconds),
    });
    let places = office.counters.iter().map(|counter| {
        let desk = view.state.desk(counter.number).cloned().unwrap_or_default();
        Place {
            number: counter.number,
            services: counter.services.clone(),
            state: desk.state,
            busy: desk.ticket.is_some(),
            for_seconds: seconds(desk.since_tick),
        }
    });
    let pending = view.state.scans();
    Some(Scene {
        queues: queues.collect(),
        places: places.collect(),
        printers: app.parts.printers(),
        readers: app
            .readers
            .reports(screens, view.state.day_id(), Instant::now()),
        intake: app.parts.get("intake"),
        scans_pending: count(pending.filter(|s| s.state == ScanState::Pending).count()),
        backup: app.parts.get("backup"),
    })
}

async fn board(app: &App) -> Result<LiveBoard, Failure> {
    let shared = app.clone();
    // Read here: the engine waits for no file.
    let screens = app.tokens.devices();
    let read = app
        .engine
        .read(move |view| LiveBoard::new(view, &shared, &screens));
    read.await?.ok_or(Failure::Stopping)
}

/// The live board as it is now.
#[utoipa::path(get, path = "/api/v1/live", tag = "figures", operation_id = "live",
    responses((status = 200, body = LiveBoard),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn live(
    State(app): State<App>,
    _: Supervisor,
) -> Result<Json<LiveBoard>, Problem> {
    Ok(Json(board(&app).await?))
}

/// Where a board's stream stands.
struct Watching {
    app: App,
    lifetime: Lifetime,
    newest: watch::Receiver<u64>,
    shown: Option<LiveBoard>,
}

impl Watching {
    async fn next(&mut self) -> Option<Event> {
        loop {
            if self.shown.is_some() {
                next_look(&mut self.newest).await;
                tokio::time::sleep(PACE).await;
            }
            if !self.lifetime.goes_on(&self.app) {
                return None;
            }
            let board = board(&self.app).await.ok()?;
            let mark = board.mark();
            if self.shown.as_ref() != Some(&mark) {
                self.shown = Some(mark);
                let data = serde_json::to_string(&board).ok()?;
                let id = format!("{}:{}", board.epoch, board.seq);
                return Some(event("live", id, &data));
            }
        }
    }
}

/// The live board, whole, at each change; seconds are counted by whoever shows it.
#[utoipa::path(get, path = "/api/v1/live/events", tag = "figures", operation_id = "live_events",
    responses((status = 200, description = "`live` events with a LiveBoard", content_type = "text/event-stream", body = LiveBoard),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn live_events(
    State(app): State<App>,
    _: Supervisor,
    lifetime: Lifetime,
) -> Response {
    let watching = Watching {
        lifetime: lifetime.clone(),
        newest: app.engine.newest(),
        app: app.clone(),
        shown: None,
    };
    let events = stream::unfold(watching, |mut watching| async move {
        let event = watching.next().await?;
        Some((Ok(event), watching))
    });
    answer(&app, lifetime, Box::pin(events))
}

async fn page(State(app): State<App>, headers: HeaderMap) -> Response {
    show(
        &app,
        &headers,
        "/admin/live",
        include_str!("pages/live.html"),
    )
}

pub(super) fn pages() -> Router<App> {
    Router::new().route("/admin/live", get(page))
}
