//! Start-up to the first answer for a journal of one day and for one of 1,000,000 records.
//!
//! Run by `tests/bench/run startup`; it must not grow with the years. The long journal is
//! made through the API, day after day, so it takes some minutes.

#![allow(clippy::unwrap_used)]

use futures_util::future::join_all;
use serde_json::json;
use std::time::{Duration, Instant};
use tests::api::{Device, fresh_key};
use tests::measure;
use tests::office::Office;

/// As many tickets as a large office gives out in a day.
const A_DAY: usize = 1_000;
const RECORDS: usize = 1_000_000;
/// Enough that every commit carries many.
const CLIENTS: usize = 64;
const STARTS: usize = 5;
/// Memory is looked at this often.
const LOOK_EVERY: Duration = Duration::from_millis(50);

#[tokio::main]
async fn main() {
    let records = std::env::var("RECORDS").map_or(RECORDS, |text| text.parse().unwrap());
    // While the date is unknown a closed day is followed by a new one at once.
    let mut office = Office::without_a_clock("[printer]\ndevice = \"none\"\n");
    office.start().await;
    let kiosk = office.device("kiosk").await;
    let supervisor = office.device("supervisor").await;
    one_day(&kiosk).await;
    office.stop().await;
    starts(&mut office, "one day").await;

    office.start().await;
    let (kiosk, supervisor) = (kiosk.at(office.url()), supervisor.at(office.url()));
    let start = Instant::now();
    let mut made = A_DAY;
    while made < records {
        supervisor.act("/day/close").await.expect(200);
        supervisor.act("/day/open").await.expect(200);
        let first = kiosk.issue("A").await;
        assert_eq!(
            first["number"], "A001",
            "a machine that knows the date goes on with its day"
        );
        one_day(&kiosk).await;
        made += A_DAY + 3;
    }
    println!(
        "{made} records made in {:.0} s",
        start.elapsed().as_secs_f64()
    );
    office.stop().await;
    starts(&mut office, &format!("{made} records")).await;
    let start = Instant::now();
    office.say(&["journal", "verify"]).await;
    println!("verify of all: {:.1} s", start.elapsed().as_secs_f64());
    ledger_anew(&office).await;
}

/// Makes the ledger anew from all of it.
async fn ledger_anew(office: &Office) {
    let start = Instant::now();
    let mut child = office.command(&["report", "rebuild"]).spawn().unwrap();
    let pid = child.id().unwrap();
    let mut most = 0.0_f64;
    while child.try_wait().unwrap().is_none() {
        most = most.max(measure::memory(pid).rss_mib);
        tokio::time::sleep(LOOK_EVERY).await;
    }
    println!(
        "ledger made anew: {:.1} s, {most:.1} MiB resident at most",
        start.elapsed().as_secs_f64()
    );
}

/// A day's tickets.
async fn one_day(kiosk: &Device) {
    let client = async |count: usize| {
        for _ in 0..count {
            let body = json!({ "service": "A" });
            kiosk
                .post("/tickets", &fresh_key(), &body)
                .await
                .expect(201);
        }
    };
    join_all((0..CLIENTS).map(|nth| client((A_DAY + nth) / CLIENTS))).await;
}

async fn starts(office: &mut Office, what: &str) {
    let mut milliseconds = Vec::new();
    let mut memory = measure::Memory::default();
    for _ in 0..STARTS {
        let start = Instant::now();
        office.start().await;
        office.passer_by().queue().await;
        milliseconds.push(start.elapsed().as_millis());
        memory = measure::memory(office.daemon().id());
        office.kill().await;
    }
    milliseconds.sort_unstable();
    println!(
        "{what}: first answer after {milliseconds:?} ms, median {}, {:.1} MiB resident",
        milliseconds[STARTS / 2],
        memory.rss_mib
    );
}
