//! Server-sent events: the public state for screens, and each counter's own stream.
//!
//! An event's id is `epoch:seq`. The first event is a whole snapshot; a reconnect with an id
//! in the kept window gets only what follows. A comment every 15 s; a stop ends every stream.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream::{self, Stream, StreamExt as _};
use queue::Actor;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::{broadcast, watch};
use utoipa::ToSchema;

use super::auth::Clerk;
use super::counter::is_mine;
use super::problem::{Path, Problem, ProblemBody};
use super::public::{ClockView, PublicState, clock};
use super::views::{AwayView, CounterView, ScanView, TicketView, UndoView, WaitingView};
use super::{App, Shared};
use crate::engine::{Failure, View};
use crate::journal::word;
use crate::status::Health;

/// Changes kept for reconnecting screens: minutes of a busy office.
const WINDOW: usize = 256;

/// A screen that lags this many changes behind is dropped and starts over with a snapshot.
const LAG_MAX: usize = 64;

/// Faces are told at most this often; a burst of calls is one change.
const PACE: Duration = Duration::from_millis(40);

/// Without a record the state changes only with the clock: hours begin and end.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// A proxy or a TV drops a silent stream.
const COMMENT_EVERY: Duration = Duration::from_secs(15);

/// Waiting tickets and scans that a counter page shows.
const WAITING_SHOWN: usize = 50;
const SCANS_SHOWN: usize = 20;

type Change = (u64, Arc<str>);

struct Published {
    state: Value,
    epoch: String,
    seq: u64,
    window: VecDeque<Change>,
}

/// The public state as last published.
pub struct Hub {
    published: Mutex<Published>,
    changes: broadcast::Sender<Change>,
}

impl Hub {
    /// A hub that nobody has published to.
    pub fn new() -> Self {
        Self {
            published: Mutex::new(Published {
                state: Value::Null,
                epoch: String::new(),
                seq: 0,
                window: VecDeque::new(),
            }),
            changes: broadcast::channel(LAG_MAX).0,
        }
    }

    /// The whole state.
    pub fn snapshot(&self) -> Value {
        self.published
            .lock()
            .map_or(Value::Null, |p| p.state.clone())
    }

    fn put(&self, epoch: &str, seq: u64, state: Value) {
        let Ok(mut published) = self.published.lock() else {
            return;
        };
        let Some(patch) = merge_patch(&published.state, &state) else {
            return;
        };
        let change: Change = (seq, patch.to_string().into());
        published.state = state;
        published.seq = seq;
        if published.epoch != epoch {
            epoch.clone_into(&mut published.epoch);
            published.window.clear();
        }
        published.window.push_back(change.clone());
        if published.window.len() > WINDOW {
            published.window.pop_front();
        }
        // Nobody listening is no fault.
        let _ = self.changes.send(change);
    }

    /// What a screen must hear first, and what follows.
    fn join(
        &self,
        last: Option<(String, u64)>,
    ) -> (Vec<Event>, String, broadcast::Receiver<Change>) {
        let changes = self.changes.subscribe();
        let Ok(published) = self.published.lock() else {
            return (Vec::new(), String::new(), changes);
        };
        let id = |seq: u64| format!("{}:{seq}", published.epoch);
        let known = last
            .filter(|(epoch, _)| *epoch == published.epoch)
            .and_then(|(_, seq)| {
                // Several changes may bear one seq (the clock moves without a record); what
                // follows the first of them is sent again, which changes nothing twice.
                published.window.iter().position(|(s, _)| *s == seq)
            });
        let first = match known {
            Some(index) => published
                .window
                .iter()
                .skip(index + 1)
                .map(|(seq, patch)| event("change", id(*seq), patch))
                .collect(),
            None => vec![event(
                "snapshot",
                id(published.seq),
                &published.state.to_string(),
            )],
        };
        (first, published.epoch.clone(), changes)
    }
}

fn event(name: &str, id: String, data: &str) -> Event {
    Event::default().event(name).id(id).data(data)
}

/// The RFC 7396 patch that makes `new` of `old`; `None` if they are equal.
fn merge_patch(old: &Value, new: &Value) -> Option<Value> {
    let (Value::Object(before), Value::Object(after)) = (old, new) else {
        return (old != new).then(|| new.clone());
    };
    let mut patch = serde_json::Map::new();
    for (name, value) in after {
        match before.get(name) {
            None => {
                patch.insert(name.clone(), value.clone());
            }
            Some(was) => {
                if let Some(inner) = merge_patch(was, value) {
                    patch.insert(name.clone(), inner);
                }
            }
        }
    }
    for name in before.keys().filter(|name| !after.contains_key(*name)) {
        patch.insert(name.clone(), Value::Null);
    }
    (!patch.is_empty()).then_some(Value::Object(patch))
}

/// Publishes the public state whenever it changes, until the daemon stops.
pub async fn publish(app: Arc<Shared>) {
    let mut newest = app.engine.newest();
    let mut stop = app.stop.clone();
    loop {
        let parts = app.parts.clone();
        let read = app.engine.read(move |view| {
            let state = PublicState::new(view, &parts)?;
            let state = serde_json::to_value(state).ok()?;
            Some((view.epoch.to_owned(), view.seq, state))
        });
        if let Ok(Some((epoch, seq, state))) = read.await {
            app.hub.put(&epoch, seq, state);
        }
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return,
            () = next_look(&mut newest) => {}
        }
    }
}

/// Until something may have changed: a record, or a second.
async fn next_look(newest: &mut watch::Receiver<u64>) {
    let changed = tokio::time::timeout(LOOK_AGAIN, newest.changed()).await;
    if changed.is_ok() {
        tokio::time::sleep(PACE).await;
    }
}

/// The id a client has seen last.
fn last_seen(headers: &HeaderMap) -> Option<(String, u64)> {
    let (epoch, seq) = headers
        .get("last-event-id")?
        .to_str()
        .ok()?
        .split_once(':')?;
    Some((epoch.to_owned(), seq.parse().ok()?))
}

/// An answer that ends when the daemon stops.
fn answer(
    app: &App,
    events: impl Stream<Item = Result<Event, Infallible>> + Send + 'static,
) -> Response {
    let mut stop = app.stop.clone();
    let events = events.take_until(Box::pin(async move {
        let _ = stop.wait_for(|stop| *stop).await;
    }));
    let alive = KeepAlive::new().interval(COMMENT_EVERY).text("");
    let mut response = Sse::new(events).keep_alive(alive).into_response();
    // nginx would hold events back otherwise.
    let headers = response.headers_mut();
    headers.insert(
        "x-accel-buffering",
        axum::http::HeaderValue::from_static("no"),
    );
    response
}

/// The public stream.
pub(super) fn stream_public(app: &App, headers: &HeaderMap) -> Response {
    let (first, epoch, changes) = app.hub.join(last_seen(headers));
    let first = stream::iter(first.into_iter().map(Ok));
    let later = stream::unfold((epoch, changes), |(epoch, mut changes)| async move {
        // Lagging behind ends the stream: the screen comes back with what it has seen.
        let (seq, patch) = changes.recv().await.ok()?;
        let event = event("change", format!("{epoch}:{seq}"), &patch);
        Some((Ok(event), (epoch, changes)))
    });
    answer(app, first.chain(later))
}

/// A sentence for one counter page.
#[derive(Clone, Debug)]
pub struct Notice {
    /// Whose page.
    pub counter: u32,
    /// In Vietnamese.
    pub text: String,
    /// Whether something went wrong.
    pub bad: bool,
}

/// What a counter page shows.
#[derive(PartialEq, Serialize, ToSchema)]
pub(crate) struct CounterDocument {
    epoch: String,
    seq: u64,
    counter: OwnCounter,
    names: std::collections::BTreeMap<String, std::collections::BTreeMap<String, String>>,
    counters: Vec<u32>,
    waiting_total: usize,
    waiting: Vec<WaitingView>,
    away: Vec<AwayView>,
    scans: Vec<ScanView>,
    undo: Option<UndoView>,
    clock: ClockView,
    printer: Health,
    intake: Health,
}

impl PartialEq for ClockView {
    fn eq(&self, other: &Self) -> bool {
        (self.known, self.offset_minutes) == (other.known, other.offset_minutes)
    }
}

/// The counter itself.
#[derive(PartialEq, Serialize, ToSchema)]
pub(crate) struct OwnCounter {
    number: u32,
    state: &'static str,
    services: Vec<String>,
    /// receive, supplement, return or look-up.
    purpose: String,
    /// Whether the caller has it, or could take it.
    mine: bool,
    ticket: Option<TicketView>,
}

fn document(view: View<'_>, app: &Shared, number: u32, actor: &Actor) -> Option<CounterDocument> {
    let office = view.state.office()?;
    let configured = office.counter(number)?;
    let counter = CounterView::new(view, number, app.public_url.as_deref())?;
    let (waiting, waiting_total) = view.state.upcoming(number, WAITING_SHOWN);
    let since = |tick: u64| view.now.tick.saturating_sub(tick) / 1_000;
    let waiting = waiting.into_iter().map(|t| WaitingView {
        id: t.id.to_string(),
        number: t.number.to_string(),
        service: t.service.to_string(),
        priority: t.class.is_priority(),
        waited_seconds: since(t.issued_tick),
    });
    let mut away: Vec<_> = view
        .state
        .tickets()
        .filter(|t| {
            matches!(
                t.state,
                queue::TicketState::Held | queue::TicketState::Parked
            )
        })
        .filter(|t| configured.services.contains(&t.service) || t.counter == Some(number))
        .collect();
    away.sort_by_key(|t| t.away_tick);
    let away = away.into_iter().map(|t| AwayView {
        id: t.id.to_string(),
        number: t.number.to_string(),
        service: t.service.to_string(),
        state: word(t.state),
        reason: t.note.clone(),
        away_seconds: since(t.away_tick.unwrap_or(view.now.tick)),
    });
    // As a scan made now would get it.
    let in_hand = view
        .state
        .desk(number)
        .and_then(|d| view.state.ticket(d.ticket?));
    let by_service = in_hand.and_then(|t| office.service(t.service)?.purpose);
    let purpose = by_service.unwrap_or(configured.purpose);
    let scans = view
        .state
        .scans()
        .rev()
        .filter(|s| s.counter == Some(number));
    let names = office
        .services
        .iter()
        .map(|s| (s.letter.to_string(), s.name.0.clone()));
    Some(CounterDocument {
        epoch: view.epoch.to_owned(),
        seq: view.seq,
        counter: OwnCounter {
            number,
            state: counter.state,
            services: counter.services,
            purpose: word(purpose),
            mine: is_mine(view, number, actor),
            ticket: counter.ticket,
        },
        names: names.collect(),
        counters: office.counters.iter().map(|c| c.number).collect(),
        waiting_total,
        waiting: waiting.collect(),
        away: away.collect(),
        scans: scans
            .take(SCANS_SHOWN)
            .map(|s| ScanView::new(view.state, s))
            .collect(),
        undo: UndoView::new(view, number),
        clock: clock(view),
        printer: app.parts.get("printer"),
        intake: app.parts.get("intake"),
    })
}

/// Where a counter's stream stands.
struct Watching {
    app: App,
    actor: Actor,
    number: u32,
    newest: watch::Receiver<u64>,
    notices: broadcast::Receiver<Notice>,
    seen: Option<u64>,
    shown: Option<(u64, Health, Health, bool)>,
}

impl Watching {
    async fn next(&mut self) -> Option<Event> {
        loop {
            let (app, actor, number) = (self.app.clone(), self.actor.clone(), self.number);
            let read = self
                .app
                .engine
                .read(move |view| document(view, &app, number, &actor));
            let document = read.await.ok()??;
            let mark = (
                document.seq,
                document.printer,
                document.intake,
                document.clock.known,
            );
            let repeated = self.seen.take() == Some(document.seq);
            if self.shown.replace(mark) != Some(mark) && !repeated {
                let data = serde_json::to_string(&document).ok()?;
                return Some(event(
                    "counter",
                    format!("{}:{}", document.epoch, document.seq),
                    &data,
                ));
            }
            tokio::select! {
                () = next_look(&mut self.newest) => {}
                Ok(notice) = self.notices.recv() => {
                    if notice.counter == self.number {
                        let tone = if notice.bad { "bad" } else { "good" };
                        let data = serde_json::json!({ "text": notice.text, "tone": tone });
                        return Some(Event::default().event("notice").data(data.to_string()));
                    }
                }
            }
        }
    }
}

/// The counter's own stream: what its page shows, whole, at each change.
#[utoipa::path(get, path = "/api/v1/counters/{n}/events", tag = "counters", operation_id = "counter_events",
    params(("n" = u32, Path), ("Last-Event-ID" = Option<String>, Header)),
    responses((status = 200, description = "`counter` events with a CounterDocument, and `notice` events", content_type = "text/event-stream", body = CounterDocument),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn counter_events(
    State(app): State<App>,
    Clerk(actor): Clerk,
    Path(number): Path<u32>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let epoch = app.engine.read(move |view| {
        let known = view
            .state
            .office()
            .and_then(|o| o.counter(number))
            .is_some();
        known.then(|| view.epoch.to_owned())
    });
    let unknown = Failure::Refused(queue::Refusal::UnknownCounter);
    let epoch = epoch.await?.ok_or(unknown)?;
    let seen = last_seen(&headers)
        .filter(|(e, _)| *e == epoch)
        .map(|(_, seq)| seq);
    let watching = Watching {
        newest: app.engine.newest(),
        notices: app.notices.subscribe(),
        app: app.clone(),
        actor,
        number,
        seen,
        shown: None,
    };
    let events = stream::unfold(watching, |mut watching| async move {
        let event = watching.next().await?;
        Some((Ok(event), watching))
    });
    Ok(answer(&app, Box::pin(events)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    #[test]
    fn a_patch_makes_the_new_state_of_the_old() {
        let old = json!({ "a": 1, "gone": 2, "in": { "x": 1, "y": [1, 2] }, "same": "s" });
        let new = json!({ "a": 1, "in": { "x": 3, "y": [2] }, "same": "s", "come": { "z": 1 } });
        let patch = merge_patch(&old, &new).unwrap();
        assert_eq!(
            patch,
            json!({ "in": { "x": 3, "y": [2] }, "come": { "z": 1 }, "gone": null })
        );
        let mut made = old;
        json_patch::merge(&mut made, &patch);
        assert_eq!(made, new);
    }

    #[test]
    fn equal_states_are_no_change() {
        assert_eq!(
            merge_patch(&json!({ "a": [1] }), &json!({ "a": [1] })),
            None
        );
    }
}
