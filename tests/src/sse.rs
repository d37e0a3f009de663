//! Server-sent events, read as the standard says, and the public state kept from them.

use crate::api::http;
use crate::wait;
use reqwest::Response;
use serde_json::Value;

/// An open stream of events.
pub struct Stream {
    response: Response,
    rest: Vec<u8>,
}

/// One event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Event {
    /// `epoch:seq`, or empty.
    pub id: String,
    /// `snapshot`, `change`, `counter`, `notice`.
    pub name: String,
    /// Its JSON.
    pub data: Value,
}

impl Event {
    /// The number after the colon of the id.
    pub fn seq(&self) -> u64 {
        let (_, seq) = self.id.split_once(':').expect("epoch:seq");
        seq.parse().expect("a number after the colon")
    }
}

impl Stream {
    /// Opens the stream at `url`. `last` is the id of the last event seen before.
    pub async fn open(url: &str, token: Option<&str>, last: Option<&str>) -> Self {
        let mut request = http().get(url).header("Accept", "text/event-stream");
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(last) = last {
            request = request.header("Last-Event-ID", last);
        }
        let response = wait::soon("an open stream", request.send()).await.unwrap();
        assert_eq!(response.status(), 200, "{url}");
        Self {
            response,
            rest: Vec::new(),
        }
    }

    /// The next event; `None` when the other side has ended the stream.
    pub async fn next(&mut self) -> Option<Event> {
        wait::soon("the next event", async {
            loop {
                if let Some(end) = self.rest.windows(2).position(|two| two == b"\n\n") {
                    let block: Vec<u8> = self.rest.drain(..end + 2).collect();
                    match parsed(std::str::from_utf8(&block).unwrap()) {
                        Some(event) => return Some(event),
                        None => continue, // A comment that keeps the line open.
                    }
                }
                let piece = self.response.chunk().await.ok().flatten()?;
                self.rest.extend_from_slice(&piece);
            }
        })
        .await
    }
}

/// One block of lines; `None` when it held only comments.
fn parsed(block: &str) -> Option<Event> {
    let mut event = Event::default();
    let mut data = String::new();
    for line in block.lines() {
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "id" => event.id = value.to_owned(),
            "event" => event.name = value.to_owned(),
            "data" => data.push_str(value),
            _ => {}
        }
    }
    if data.is_empty() {
        return None;
    }
    event.data = serde_json::from_str(&data).expect("events carry JSON");
    Some(event)
}

/// The public state, kept up to date from its events as a screen does.
pub struct Board {
    stream: Stream,
    /// The state after the newest event.
    pub state: Value,
}

impl Board {
    /// Follows the daemon at `url`.
    pub async fn follow(url: &str) -> Self {
        let mut stream = Stream::open(&format!("{url}/api/v1/events"), None, None).await;
        let first = stream.next().await.expect("a first event");
        assert_eq!(first.name, "snapshot");
        Self {
            stream,
            state: first.data,
        }
    }

    /// Reads events until the state is as wanted.
    pub async fn until(&mut self, what: &str, wanted: impl Fn(&Value) -> bool) -> &Value {
        wait::soon(what, async {
            while !wanted(&self.state) {
                let event = self.stream.next().await.expect("an open stream");
                match event.name.as_str() {
                    "snapshot" => self.state = event.data,
                    "change" => json_patch::merge(&mut self.state, &event.data),
                    _ => {}
                }
            }
        })
        .await;
        &self.state
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_no_event() {
        assert_eq!(parsed(": still here\n\n"), None);
    }

    #[test]
    fn an_event_has_an_id_a_name_and_data() {
        let event = parsed("id: 01J:7\nevent: change\ndata: {\"a\":\ndata: 1}\n\n").unwrap();
        assert_eq!((event.name.as_str(), event.seq()), ("change", 7));
        assert_eq!(event.data["a"], 1);
    }
}
