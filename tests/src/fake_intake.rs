//! An intake server that misbehaves on request.
//!
//! Speaks just enough HTTP/1.1 over loopback for the intake follower, keeps connections
//! open, and counts what the office would care about: how often each scan took effect.
//! Every `POST` takes the next act of the script, or `Act::Ok` once the script is empty.
//!
//! Like the real one it honours the `Idempotency-Key`: a repeated key has no second effect
//! and another body under a used key is refused. `forget_keys` takes that away, as dossier
//! software exists that never heard of the header.
//!
//! Nothing here waits for time to pass, but `Act::Slow`, and that ends when the client hangs up.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

/// No request of ours is longer; a client that sends more is at fault and gets cut off.
const REQUEST_BYTES_MAX: usize = 64 * 1024;

/// What the server does with one request.
#[derive(Clone, Debug)]
pub enum Act {
    /// Takes the scan and says so. For a `GET`: answers truthfully.
    Ok,
    /// Takes the scan at once but answers only after this long: the client may be gone by then.
    Slow(Duration),
    /// Answers this status and takes nothing; the second value is `Retry-After` in seconds.
    Status(u16, Option<u64>),
    /// Reads the whole request, then drops the line without a word.
    CutAfterBody {
        /// Whether the scan took effect before the line was cut.
        taken: bool,
    },
    /// 422 with this reason.
    Refuse422(String),
}

/// One `POST` as it arrived.
#[derive(Clone, Debug)]
pub struct Post {
    /// The `Idempotency-Key`, empty when there was none.
    pub key: String,
    /// The `Authorization` header.
    pub authorization: Option<String>,
    /// The body; `Null` when it was no JSON.
    pub body: Value,
}

/// Everything the server saw and was told, for `FakeIntake::until` and for assertions.
#[derive(Debug, Default)]
pub struct Record {
    /// Scan id -> how often it took effect. More than once is what must never happen.
    pub effects: BTreeMap<String, u32>,
    /// Every `POST`, also those that had no effect, in the order they were read.
    pub posts: Vec<Post>,
    /// Scan ids of every `GET`, in order.
    pub asked: Vec<String>,
    bodies: BTreeMap<String, Value>,
    post_acts: VecDeque<Act>,
    ask_acts: VecDeque<Act>,
    dossier_acts: BTreeMap<String, Act>,
    forgets_keys: bool,
}

/// The server. Dropping it closes every connection.
#[derive(Debug)]
pub struct FakeIntake {
    address: SocketAddr,
    record: watch::Sender<Record>,
    door: Option<Door>,
}

#[derive(Debug)]
struct Door {
    close: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl FakeIntake {
    /// Listens on a free port of 127.0.0.1.
    pub async fn start() -> io::Result<Self> {
        let mut fake = Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            record: watch::Sender::new(Record::default()),
            door: None,
        };
        fake.up().await?;
        Ok(fake)
    }

    /// What belongs into `[intake] url`; stays the same through `down` and `up`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Appends acts for the coming `POST`s, whichever scan they carry.
    pub fn script(&self, acts: impl IntoIterator<Item = Act>) {
        self.record
            .send_modify(|record| record.post_acts.extend(acts));
    }

    /// Appends acts for the coming `GET /v1/scans/{id}`.
    pub fn script_asks(&self, acts: impl IntoIterator<Item = Act>) {
        self.record
            .send_modify(|record| record.ask_acts.extend(acts));
    }

    /// Drops what is left of both scripts.
    pub fn forget_scripts(&self) {
        self.record.send_modify(|record| {
            record.post_acts.clear();
            record.ask_acts.clear();
        });
    }

    /// From now on every `POST` of this dossier gets this act, before any script.
    pub fn always_for(&self, dossier: &str, act: Act) {
        self.record.send_modify(|record| {
            record.dossier_acts.insert(dossier.to_owned(), act);
        });
    }

    /// From now on a repeated key is a second effect.
    pub fn forget_keys(&self) {
        self.record.send_modify(|record| record.forgets_keys = true);
    }

    /// Stops listening and closes every connection: from here on connections are refused.
    pub async fn down(&mut self) {
        if let Some(door) = self.door.take() {
            door.close.send_replace(true);
            door.task.await.expect("the fake itself does not panic");
        }
    }

    /// Listens again, on the same port.
    pub async fn up(&mut self) -> io::Result<()> {
        if self.door.is_some() {
            return Ok(());
        }
        let listener = TcpListener::bind(self.address).await?;
        self.address = listener.local_addr()?;
        let (close, closing) = watch::channel(false);
        let task = tokio::spawn(accept(listener, self.record.clone(), closing));
        self.door = Some(Door { close, task });
        Ok(())
    }

    /// Distinct scans with the number of times each took effect.
    pub fn effects(&self) -> BTreeMap<String, u32> {
        self.record.borrow().effects.clone()
    }

    /// Looks at the record; do not hold the result across an await.
    pub fn record(&self) -> watch::Ref<'_, Record> {
        self.record.borrow()
    }

    /// Waits until the record satisfies `condition`. The caller bounds the wait.
    pub async fn until(&self, condition: impl FnMut(&Record) -> bool) {
        let mut changes = self.record.subscribe();
        changes
            .wait_for(condition)
            .await
            .expect("the sender lives in self");
    }
}

impl Drop for FakeIntake {
    fn drop(&mut self) {
        if let Some(door) = &self.door {
            door.task.abort();
        }
    }
}

async fn accept(
    listener: TcpListener,
    record: watch::Sender<Record>,
    mut closing: watch::Receiver<bool>,
) {
    let mut lines = JoinSet::new();
    loop {
        tokio::select! {
            _ = closing.wait_for(|closed| *closed) => break,
            accepted = listener.accept() => {
                if let Ok((socket, _)) = accepted {
                    lines.spawn(serve(socket, record.clone()));
                }
            }
            Some(_) = lines.join_next() => {}
        }
    }
    drop(listener);
    lines.shutdown().await;
}

/// Serves one connection until either side has had enough.
async fn serve(mut socket: TcpStream, record: watch::Sender<Record>) {
    while let Some(request) = read_request(&mut socket).await {
        let mut answer = None;
        record.send_modify(|record| answer = Some(record.hear(&request)));
        let Some(Answer { delay, reply }) = answer else {
            return;
        };
        if let Some(delay) = delay {
            // A client that gave up closes its end, and a read sees that before the time is over.
            let mut byte = [0];
            if tokio::time::timeout(delay, socket.read(&mut byte))
                .await
                .is_ok()
            {
                return;
            }
        }
        let Some(reply) = reply else { return };
        if socket.write_all(reply.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// One request as it was read.
pub(crate) struct Request {
    pub(crate) method: String,
    /// With its query, still encoded.
    pub(crate) path: String,
    pub(crate) body: Value,
    head: String,
}

impl Request {
    /// The first header of this name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        header(&self.head, name)
    }

    fn key(&self) -> String {
        self.header("idempotency-key")
            .unwrap_or_default()
            .to_owned()
    }
}

/// `reply: None` drops the line.
struct Answer {
    delay: Option<Duration>,
    reply: Option<String>,
}

impl Record {
    fn hear(&mut self, request: &Request) -> Answer {
        match (request.method.as_str(), request.path.as_str()) {
            ("POST", "/v1/scans") => self.hear_post(request),
            ("GET", path) if path.starts_with("/v1/scans/") => {
                self.hear_ask(path.trim_start_matches("/v1/scans/"))
            }
            _ => say(404, None, &json!({ "detail": "no such address" })),
        }
    }

    fn hear_post(&mut self, request: &Request) -> Answer {
        self.posts.push(Post {
            key: request.key(),
            authorization: request.header("authorization").map(str::to_owned),
            body: request.body.clone(),
        });
        let dossier = request.body["dossier"].as_str().unwrap_or_default();
        let act = self
            .dossier_acts
            .get(dossier)
            .cloned()
            .or_else(|| self.post_acts.pop_front())
            .unwrap_or(Act::Ok);
        match act {
            Act::Ok => self.take(request),
            Act::Slow(delay) => Answer {
                delay: Some(delay),
                ..self.take(request)
            },
            Act::CutAfterBody { taken } => {
                if taken {
                    self.take(request);
                }
                Answer {
                    delay: None,
                    reply: None,
                }
            }
            act => refuse(act),
        }
    }

    fn hear_ask(&mut self, id: &str) -> Answer {
        self.asked.push(id.to_owned());
        let honest = match self.effects.contains_key(id) {
            true => say(200, None, &json!({ "id": id, "state": "received" })),
            false => say(404, None, &json!({ "detail": "never seen" })),
        };
        match self.ask_acts.pop_front().unwrap_or(Act::Ok) {
            Act::Ok => honest,
            Act::Slow(delay) => Answer {
                delay: Some(delay),
                ..honest
            },
            act => refuse(act),
        }
    }

    /// Takes a scan, once per key unless keys are forgotten.
    fn take(&mut self, request: &Request) -> Answer {
        let key = request.key();
        let known = self.bodies.get(&key);
        if !self.forgets_keys && known.is_some_and(|body| *body != request.body) {
            return refuse(Act::Refuse422("another body under this key".to_owned()));
        }
        if self.forgets_keys || known.is_none() {
            *self.effects.entry(key.clone()).or_insert(0) += 1;
        }
        self.bodies.insert(key.clone(), request.body.clone());
        say(201, None, &json!({ "id": key, "state": "received" }))
    }
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.lines().skip(1).find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// The acts that have no effect.
fn refuse(act: Act) -> Answer {
    match act {
        Act::Status(status, retry_after) => {
            say(status, retry_after, &json!({ "detail": "as scripted" }))
        }
        Act::Refuse422(reason) => say(422, None, &json!({ "reason": reason })),
        Act::Ok | Act::Slow(_) | Act::CutAfterBody { .. } => Answer {
            delay: None,
            reply: None,
        },
    }
}

fn say(status: u16, retry_after: Option<u64>, body: &Value) -> Answer {
    let body = body.to_string();
    let retry_after =
        retry_after.map_or_else(String::new, |seconds| format!("Retry-After: {seconds}\r\n"));
    Answer {
        delay: None,
        reply: Some(format!(
            "HTTP/1.1 {status} Scripted\r\nContent-Type: application/json\r\n{retry_after}Content-Length: {}\r\n\r\n{body}",
            body.len()
        )),
    }
}

/// Reads head and body; `None` when the line ends or makes no sense.
pub(crate) async fn read_request(socket: &mut (impl AsyncRead + Unpin)) -> Option<Request> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at;
        }
        read_more(socket, &mut bytes).await?;
    };
    let head = String::from_utf8(bytes[..head_end].to_vec()).ok()?;
    let length: usize = match header(&head, "content-length") {
        Some(length) => length.parse().ok()?,
        None => 0,
    };
    while bytes.len() < head_end + 4 + length {
        read_more(socket, &mut bytes).await?;
    }
    let mut first = head.lines().next()?.split(' ');
    let (method, path) = (first.next()?.to_owned(), first.next()?.to_owned());
    Some(Request {
        method,
        path,
        body: serde_json::from_slice(&bytes[head_end + 4..]).unwrap_or(Value::Null),
        head,
    })
}

async fn read_more(socket: &mut (impl AsyncRead + Unpin), bytes: &mut Vec<u8>) -> Option<()> {
    let read = socket.read_buf(bytes).await.ok()?;
    (read > 0 && bytes.len() <= REQUEST_BYTES_MAX).then_some(())
}
