//! Durable tickets a second and their processor time, beside a bare SQLite insert loop with
//! the same durability in the same run and on the same disk.
//!
//! Run by `tests/bench/run issue`. The loop is the yardstick because it does the least
//! that any honest program must do: one row, one sync.

#![allow(clippy::unwrap_used)]

use futures_util::future::join_all;
use rusqlite::Connection;
use serde_json::json;
use std::path::Path;
use std::time::{Duration, Instant};
use tests::api::{Device, fresh_key};
use tests::measure;
use tests::office::Office;
use tests::wait;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Long enough that a slow moment of the disk does not decide.
const RUN: Duration = Duration::from_secs(10);
/// The size of a record's row.
const ROW_BYTES: usize = 500;
const CLIENTS: [usize; 3] = [1, 8, 64];
const SLIPS: usize = 500;

// All clients on one thread: they share the processor with the daemon.
#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("clients  tickets/s  CPU ms/ticket  bare loop rows/s  ratio  waiting at the end");
    for clients in CLIENTS {
        // Before and after, because the disk is shared and its mood changes.
        let before = bare_loop();
        let (rate, cpu, waiting) = issue(clients).await;
        let bare = (before + bare_loop()) / 2.0;
        let ratio = rate / bare;
        println!("{clients:7}  {rate:9.0}  {cpu:13.2}  {bare:16.0}  {ratio:5.2}  {waiting:18}");
    }
    slips().await;
}

/// Inserts one row a transaction; rows a second.
fn bare_loop() -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let journal = open(&folder.path().join("bare.db"));
    let row = vec![b'x'; ROW_BYTES];
    let mut insert = journal
        .prepare("INSERT INTO row (bytes) VALUES (?1)")
        .unwrap();
    let start = Instant::now();
    let mut rows = 0;
    while start.elapsed() < RUN / 2 {
        insert.execute([&row]).unwrap();
        rows += 1;
    }
    f64::from(rows) / start.elapsed().as_secs_f64()
}

fn open(path: &Path) -> Connection {
    let journal = Connection::open(path).unwrap();
    journal
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             CREATE TABLE row (seq INTEGER PRIMARY KEY, bytes BLOB)",
        )
        .unwrap();
    journal
}

/// Tickets a second, the daemon's CPU milliseconds for each, and how many there were: all
/// of them wait, so the queue is longer than any office's.
async fn issue(clients: usize) -> (f64, f64, u32) {
    let office = Office::open("[printer]\ndevice = \"none\"\n").await;
    let kiosk = office.device("kiosk").await;
    let pid = office.daemon().id();
    let mut lines = Vec::new();
    for client in 0..clients {
        lines.push(Line::new(&office, &kiosk, client).await);
    }
    let (start, cpu) = (Instant::now(), measure::cpu(pid));
    let counts = join_all(lines.into_iter().map(async |mut line: Line| {
        while start.elapsed() < RUN {
            line.issue().await;
        }
        line.issued
    }));
    let tickets: u32 = counts.await.into_iter().sum();
    let (took, cpu) = (start.elapsed(), measure::cpu(pid) - cpu);
    let count = f64::from(tickets);
    let cpu_ms = cpu.as_secs_f64() * 1000.0 / count;
    (count / took.as_secs_f64(), cpu_ms, tickets)
}

/// A kept connection that asks for tickets one after the other. Bare, because a full HTTP
/// client costs as much processor time as the daemon.
struct Line {
    stream: TcpStream,
    head: String,
    client: usize,
    issued: u32,
}

impl Line {
    async fn new(office: &Office, kiosk: &Device, client: usize) -> Self {
        let address = office.url().strip_prefix("http://").unwrap();
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let head = format!(
            "POST /api/v1/tickets HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n",
            kiosk.token(),
            BODY.len()
        );
        Self {
            stream,
            head,
            client,
            issued: 0,
        }
    }

    async fn issue(&mut self) {
        let (head, client, issued) = (&self.head, self.client, self.issued);
        let request = format!("{head}Idempotency-Key: {client}-{issued}\r\n\r\n{BODY}");
        self.stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        while !whole(&answer) {
            let mut piece = [0; 4096];
            let read = self.stream.read(&mut piece).await.unwrap();
            assert!(read > 0, "the daemon hung up");
            answer.extend_from_slice(&piece[..read]);
        }
        assert!(answer.starts_with(b"HTTP/1.1 201"));
        self.issued += 1;
    }
}

const BODY: &str = r#"{"service":"A"}"#;

/// Whether head and body have arrived.
fn whole(answer: &[u8]) -> bool {
    let Some(head) = answer.windows(4).position(|four| four == b"\r\n\r\n") else {
        return false;
    };
    let text = std::str::from_utf8(&answer[..head]).unwrap();
    let mut fields = text.lines().filter_map(|line| line.split_once(": "));
    let length = fields.find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let (_, length) = length.expect("a length");
    answer.len() >= head + 4 + length.parse::<usize>().unwrap()
}

/// CPU milliseconds from the touch to the slip's last byte on the device.
async fn slips() {
    let device = tempfile::NamedTempFile::new().unwrap();
    let device_path = device.path().display();
    let settings = format!("[printer]\ndevice = \"file:{device_path}\"\n");
    let office = Office::open(&settings).await;
    let kiosk = office.device("kiosk").await;
    let pid = office.daemon().id();
    let (start, cpu) = (Instant::now(), measure::cpu(pid));
    let mut last = String::new();
    for _ in 0..SLIPS {
        let body = json!({ "service": "A" });
        let ticket = kiosk.post("/tickets", &fresh_key(), &body).await;
        last = ticket.expect(201).text("id").to_owned();
    }
    wait::until("the last slip", async || {
        let ticket = kiosk.get(&format!("/tickets/{last}")).await.expect(200);
        matches!(ticket.text("paper"), "sent" | "printed").then_some(())
    })
    .await;
    let (took, cpu) = (start.elapsed(), measure::cpu(pid) - cpu);
    let bytes = std::fs::metadata(device.path()).unwrap().len();
    println!(
        "with slips: {:.1} tickets/s, {:.2} CPU ms/ticket, {} bytes a slip",
        SLIPS as f64 / took.as_secs_f64(),
        cpu.as_secs_f64() * 1000.0 / SLIPS as f64,
        bytes / SLIPS as u64,
    );
}
