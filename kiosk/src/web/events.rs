//! Server-sent events: how streams begin, go on and end; and the public state for screens.
//!
//! An event's id is `epoch:seq`. The first event is a whole snapshot; a reconnect with an id
//! in the kept window gets only what follows. A comment every 15 s; a stop ends every stream.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream::{self, Stream, StreamExt as _};
use serde_json::Value;
use tokio::sync::{broadcast, watch};

use super::auth::Lifetime;
use super::public::PublicState;
use super::{App, Shared};

/// Changes kept for reconnecting screens: minutes of a busy office.
const WINDOW: usize = 256;

/// A screen that lags this many changes behind is dropped and starts over with a snapshot.
const LAG_MAX: usize = 64;

/// Faces are told at most this often; a burst of calls is one change.
pub(super) const PACE: Duration = Duration::from_millis(40);

/// Without a record the state changes only with the clock: hours begin and end.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// A proxy or a TV drops a silent stream.
const COMMENT_EVERY: Duration = Duration::from_secs(15);

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

pub(super) fn event(name: &str, id: String, data: &str) -> Event {
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

/// Publishes the public state as it is now.
pub async fn refresh(app: &Shared) {
    let parts = app.parts.clone();
    let look_up = app.dossiers.has_source();
    let announcements = app.announcer.announcements();
    let read = app.engine.read(move |view| {
        let state = PublicState::new(view, &parts, look_up, announcements)?;
        let state = serde_json::to_value(state).ok()?;
        Some((view.epoch.to_owned(), view.seq, state))
    });
    if let Ok(Some((epoch, seq, state))) = read.await {
        app.hub.put(&epoch, seq, state);
    }
}

/// Publishes the public state whenever it changes, until the daemon stops.
pub async fn publish(app: Arc<Shared>) {
    let mut newest = app.engine.newest();
    let mut announced = app.announcer.changes();
    let mut stop = app.stop.clone();
    loop {
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return,
            () = next_look(&mut newest) => {}
            // Whoever is called hears it now, not with the next look.
            _ = announced.changed() => {}
        }
        refresh(&app).await;
    }
}

/// Until something may have changed: a record, or a second.
pub(super) async fn next_look(newest: &mut watch::Receiver<u64>) {
    match tokio::time::timeout(LOOK_AGAIN, newest.changed()).await {
        Ok(Ok(())) => tokio::time::sleep(PACE).await,
        // The engine has ended; nothing changes any more.
        Ok(Err(_)) => tokio::time::sleep(LOOK_AGAIN).await,
        Err(_) => {}
    }
}

/// The id a client has seen last.
pub(super) fn last_seen(headers: &HeaderMap) -> Option<(String, u64)> {
    let (epoch, seq) = headers
        .get("last-event-id")?
        .to_str()
        .ok()?
        .split_once(':')?;
    Some((epoch.to_owned(), seq.parse().ok()?))
}

/// An answer that ends when the daemon stops, or whom it is for is let in no more.
pub(super) fn answer(
    app: &App,
    lifetime: Lifetime,
    events: impl Stream<Item = Result<Event, Infallible>> + Send + 'static,
) -> Response {
    let mut stop = app.stop.clone();
    let over = lifetime.over(app.clone());
    let events = events.take_until(Box::pin(async move {
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => {}
            () = over => {}
        }
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
pub(super) fn stream_public(app: &App, headers: &HeaderMap, lifetime: Lifetime) -> Response {
    let (first, epoch, changes) = app.hub.join(last_seen(headers));
    let first = stream::iter(first.into_iter().map(Ok));
    let later = stream::unfold((epoch, changes), |(epoch, mut changes)| async move {
        // Lagging behind ends the stream: the screen comes back with what it has seen.
        let (seq, patch) = changes.recv().await.ok()?;
        let event = event("change", format!("{epoch}:{seq}"), &patch);
        Some((Ok(event), (epoch, changes)))
    });
    answer(app, lifetime, first.chain(later))
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
