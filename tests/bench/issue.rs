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

/// Long enough that a slow moment of the disk does not decide.
const RUN: Duration = Duration::from_secs(10);
/// The size of a record's row.
const ROW_BYTES: usize = 500;
const CLIENTS: [usize; 3] = [1, 8, 64];
const SLIPS: usize = 500;

#[tokio::main]
async fn main() {
    println!("clients  tickets/s  CPU ms/ticket  bare loop rows/s  ratio");
    for clients in CLIENTS {
        // Before and after, because the disk is shared and its mood changes.
        let before = bare_loop();
        let (rate, cpu) = issue(clients).await;
        let bare = (before + bare_loop()) / 2.0;
        let ratio = rate / bare;
        println!("{clients:7}  {rate:9.0}  {cpu:13.2}  {bare:16.0}  {ratio:5.2}");
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

/// Tickets a second and the daemon's CPU milliseconds for each.
async fn issue(clients: usize) -> (f64, f64) {
    let office = Office::open("[printer]\ndevice = \"none\"\n").await;
    let kiosk = office.device("kiosk").await;
    let pid = office.daemon().id();
    let (start, cpu) = (Instant::now(), measure::cpu(pid));
    let counts = join_all((0..clients).map(|_| one_client(&kiosk, start))).await;
    let (took, cpu) = (start.elapsed(), measure::cpu(pid) - cpu);
    let tickets = f64::from(counts.into_iter().sum::<u32>());
    (
        tickets / took.as_secs_f64(),
        cpu.as_secs_f64() * 1000.0 / tickets,
    )
}

async fn one_client(kiosk: &Device, start: Instant) -> u32 {
    let mut tickets = 0;
    while start.elapsed() < RUN {
        kiosk.issue("A").await;
        tickets += 1;
    }
    tickets
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
