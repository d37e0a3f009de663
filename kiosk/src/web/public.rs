//! The public state: numbers, counters, counts. No ids, no classes, nothing personal.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::{Extensions, HeaderMap};
use axum::routing::get;
use axum::{Router, response::Response};
use queue::{Issuing, NotIssuing, Office, ServiceKind, Text};
use serde::Serialize;
use utoipa::ToSchema;

use super::App;
use super::auth::Lifetime;
use super::events::stream_public;
use super::problem::Problem;
use super::views::{Range, counter_state, written};
use crate::engine::View;
use crate::follower::voice::{Announcement, Standing};
use crate::status::{Health, Parts, PrinterReport};

/// language -> text.
type Texts = BTreeMap<String, String>;

/// The office's texts.
#[derive(Serialize, ToSchema)]
pub(crate) struct OfficeView {
    parent: Texts,
    name: Texts,
    hotline: String,
    notices: Vec<Texts>,
    languages: Vec<String>,
    /// Who may press the priority button; null: no priority class.
    priority: Option<Texts>,
}

/// What is known of the time.
#[derive(Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct ClockView {
    pub(crate) known: bool,
    pub(crate) offset_minutes: i32,
}

/// The service day.
#[derive(Serialize, ToSchema)]
pub(crate) struct PublicDay {
    open: bool,
    date: Option<String>,
}

/// Whether kiosks give out numbers.
#[derive(Serialize, ToSchema)]
pub(crate) struct IssuingView {
    open: bool,
    /// not-yet, noon, gap (counters serve those who have a number), over, day-off, unplanned (a
    /// closure told by staff), closed, paused, full or late (more wait than will be called today; who
    /// has priority still gets a number); null while open.
    #[schema(value_type = Option<String>)]
    reason: Option<NotIssuing>,
    /// What staff say of an unplanned closure, or the holiday's name; null if nothing.
    text: Option<Texts>,
    /// RFC 3339 of the next opening.
    opens_at: Option<String>,
}

/// A service.
#[derive(Serialize, ToSchema)]
pub(crate) struct PublicService {
    /// Order of the tiles.
    position: usize,
    name: Texts,
    words: Texts,
    /// normal, result or guide.
    kind: &'static str,
    waiting: usize,
    /// For somebody who came now, a break in which nobody serves included; null while no counter
    /// serves it.
    wait_seconds: Option<Range>,
    /// RFC 3339 of when calls go on, if a break will probably find somebody waiting who came now;
    /// else null.
    kept_until: Option<String>,
    /// Whether kiosks give out its numbers, and if not, why and when again.
    issuing: IssuingView,
}

/// A counter.
#[derive(Serialize, ToSchema)]
pub(crate) struct PublicCounter {
    /// open, paused or closed.
    state: &'static str,
    services: Vec<String>,
    /// Number in hand.
    ticket: Option<String>,
}

/// A call.
#[derive(Serialize, ToSchema)]
pub(crate) struct PublicCall {
    number: String,
    counter: u32,
    /// Calls and recalls.
    times: u32,
    /// Rises with each call.
    id: u64,
}

/// A call as it is to be heard. A lobby screen with sound plays those that are new one after the
/// other, the oldest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct PublicAnnouncement {
    number: String,
    counter: u32,
    /// new, old (too late to begin with) or undone.
    standing: &'static str,
    /// For each language the clips that are said, such as vi/call and vi/letter-a; empty unless new.
    sentences: Vec<Vec<String>>,
    /// How often all of them are said, the chime before them once.
    repeat: u32,
    /// Percent of full strength.
    volume: u8,
    /// From the call to its place here, in ms.
    ordered_after_ms: u64,
}

impl From<Announcement> for PublicAnnouncement {
    fn from(announcement: Announcement) -> Self {
        // Whoever still has it in line knows what to say; for all others it would only be ballast.
        let new = announcement.standing == Standing::New;
        let sentences = announcement.sentences.iter().filter(|_| new);
        Self {
            number: announcement.number.to_string(),
            counter: announcement.counter,
            standing: match announcement.standing {
                Standing::New => "new",
                Standing::Old => "old",
                Standing::Undone => "undone",
            },
            sentences: sentences
                .map(|clips| clips.iter().map(ToString::to_string).collect())
                .collect(),
            repeat: announcement.repeat,
            volume: announcement.volume,
            ordered_after_ms: announcement.ordered_after_ms,
        }
    }
}

/// What anybody may know.
#[derive(Serialize, ToSchema)]
pub(crate) struct PublicState {
    epoch: String,
    seq: u64,
    office: OfficeView,
    clock: ClockView,
    day: PublicDay,
    issuing: IssuingView,
    /// By letter.
    services: BTreeMap<String, PublicService>,
    /// By number.
    counters: BTreeMap<String, PublicCounter>,
    /// Newest first, at most twelve.
    calls: Vec<PublicCall>,
    /// What is to be heard, by a number that rises with each call.
    announcements: BTreeMap<String, PublicAnnouncement>,
    /// none, ready, away or trouble.
    printer: Health,
    /// By name.
    printers: BTreeMap<String, PublicPrinter>,
    /// Whether citizens can look up their own dossiers: the dossier software is asked, or an
    /// export of it was imported.
    look_up: bool,
}

/// A printer, as citizens may know it.
#[derive(Serialize, ToSchema)]
pub(crate) struct PublicPrinter {
    /// Where it stands, by language, if the office says so.
    place: Texts,
    /// ready, paper-low, paper-out, cover-open, cutter-jammed, head-hot, fault, offline, silent or
    /// unplugged.
    condition: &'static str,
}

fn public_printer(report: PrinterReport) -> (String, PublicPrinter) {
    let printer = PublicPrinter {
        place: report.place,
        condition: report.condition.as_str(),
    };
    (report.name, printer)
}

fn texts(text: &Text) -> Texts {
    text.0.clone()
}

impl PublicState {
    pub(crate) fn new(
        view: View<'_>,
        parts: &Parts,
        look_up: bool,
        announcements: Vec<Announcement>,
    ) -> Option<Self> {
        let state = view.state;
        let office = state.office()?;
        let priority = office
            .classes
            .iter()
            .fold(None, |all: Option<Texts>, class| {
                let mut all = all.unwrap_or_default();
                for (language, name) in &class.name.0 {
                    let text = all.entry(language.clone()).or_default();
                    if !text.is_empty() {
                        text.push_str(", ");
                    }
                    text.push_str(name);
                }
                Some(all)
            });
        let off = state.off_because(view.now);
        let services = office
            .services
            .iter()
            .enumerate()
            .map(|(position, service)| {
                let issuing = state.issuing_for(view.now, service.letter);
                let row = PublicService {
                    position,
                    name: texts(&service.name),
                    words: texts(&service.words),
                    kind: match service.kind {
                        ServiceKind::Normal => "normal",
                        ServiceKind::Result => "result",
                        ServiceKind::Guide => "guide",
                    },
                    waiting: state.waiting(service.letter),
                    wait_seconds: state
                        .wait_of_newcomer(view.now, service.letter)
                        .map(Range::from),
                    kept_until: state
                        .kept_until_of_newcomer(view.now, service.letter)
                        .and_then(|at| written(office.utc_offset_minutes, at)),
                    issuing: IssuingView::new(office, issuing, off),
                };
                (service.letter.to_string(), row)
            });
        let counters = office.counters.iter().map(|counter| {
            let desk = state.desk(counter.number);
            let row = PublicCounter {
                state: counter_state(desk.map(|d| d.state).unwrap_or_default()),
                services: counter.services.iter().map(char::to_string).collect(),
                ticket: desk
                    .and_then(|d| state.number(d.ticket?))
                    .map(|n| n.to_string()),
            };
            (counter.number.to_string(), row)
        });
        let calls = state.calls().filter_map(|call| {
            Some(PublicCall {
                number: state.number(call.ticket)?.to_string(),
                counter: call.counter,
                times: call.times,
                id: call.id,
            })
        });
        Some(Self {
            epoch: view.epoch.to_owned(),
            seq: view.seq,
            office: OfficeView {
                parent: texts(&office.parent),
                name: texts(&office.name),
                hotline: office.hotline.clone(),
                notices: office.notices.iter().map(texts).collect(),
                languages: office.languages.clone(),
                priority,
            },
            clock: clock(view),
            day: PublicDay {
                open: state.day_is_open(),
                date: state.day().and_then(|d| d.date).map(|d| d.to_string()),
            },
            issuing: IssuingView::new(office, state.issuing(view.now), off),
            services: services.collect(),
            counters: counters.collect(),
            calls: calls.collect(),
            announcements: announcements
                .into_iter()
                .map(|announcement| (announcement.id.to_string(), announcement.into()))
                .collect(),
            printer: parts.get("printer"),
            printers: parts.printers().into_iter().map(public_printer).collect(),
            look_up,
        })
    }
}

pub(crate) fn clock(view: View<'_>) -> ClockView {
    ClockView {
        known: view.state.clock().is_some(),
        offset_minutes: view.state.office().map_or(0, |o| o.utc_offset_minutes),
    }
}

impl IssuingView {
    fn new(office: &Office, issuing: Issuing, off: Option<&Text>) -> Self {
        let (reason, opens_at) = match issuing {
            Issuing::Open => (None, None),
            Issuing::Closed { reason, opens_at } => (Some(reason), opens_at),
        };
        let opens_at = opens_at.and_then(|local| written(office.utc_offset_minutes, local));
        let of_a_day = matches!(reason, Some(NotIssuing::DayOff | NotIssuing::Unplanned));
        Self {
            open: reason.is_none(),
            reason,
            text: off.filter(|_| of_a_day).map(texts),
            opens_at,
        }
    }
}

/// The calls that need no right.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/queue", get(queue_state))
        .route("/api/v1/events", get(events))
        .route("/api/openapi.json", get(super::openapi::document))
}

/// The public state.
#[utoipa::path(get, path = "/api/v1/queue", tag = "public", operation_id = "queue", security(()),
    responses((status = 200, body = PublicState)))]
pub(crate) async fn queue_state(State(app): State<App>) -> axum::Json<serde_json::Value> {
    axum::Json(app.hub.snapshot())
}

/// The public state as it changes: a snapshot, then RFC 7396 merge patches.
#[utoipa::path(get, path = "/api/v1/events", tag = "public", operation_id = "events", security(()),
    params(("Last-Event-ID" = Option<String>, Header)),
    responses((status = 200, description = "`snapshot`, then `change` events", content_type = "text/event-stream", body = String)))]
pub(crate) async fn events(
    State(app): State<App>,
    headers: HeaderMap,
    extensions: Extensions,
) -> Result<Response, Problem> {
    let lifetime = Lifetime::of_screen(&extensions);
    Ok(stream_public(&app, &headers, lifetime))
}
