//! A scanner that types like a keyboard never triggers a command, however much it types.

use crate::{NO_PAPER, rounds};
use fantoccini::key::Key;
use serde_json::Value;
use std::collections::HashSet;
use std::time::Instant;
use tests::api::Device;
use tests::clerk::Clerk;
use tests::office::Office;
use tests::wait;

/// Codes in one burst: few bursts, so that the time goes into keys and not into waiting.
const BURST: usize = 100;
/// Bursts from each place where the focus may be. A key takes 2 ms through the browser's driver and a
/// scan 30 ms through the outbox, however many came before: what a key may do wrong depends on the
/// place, and on chance, which `--long` tries.
const BURSTS: (usize, usize) = (5, 25);

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_typed_scans_trigger_no_command() {
    let bursts = 4 * rounds(BURSTS.0, BURSTS.1);
    let mut office = Office::open(NO_PAPER).await;
    let kiosk = office.device("kiosk").await;
    let clerk = office.device("clerk").await;
    for service in ["A", "A", "B", "A"] {
        kiosk.issue(service).await;
    }
    let page = Clerk::signed_in(office.url(), clerk.token()).await;
    page.sit_at(1).await;
    page.press(Key::F2).await;
    page.reads_in_hand("A001").await;
    let called = |state: &Value| state["calls"][0]["number"] == "A001";
    let before = kiosk.queue_when("the call", called).await;

    let start = Instant::now();
    for burst in 0..bursts {
        // Where the clerk clicked last, or which button has the focus, must not matter.
        match burst % 4 {
            0 => page.click("#queue-title").await,
            1 => page.walk_to("#act-next").await,
            2 => page.click("#hand").await,
            _ => page.walk_to("#close").await,
        }
        let mut codes = (burst * BURST..(burst + 1) * BURST).map(code);
        page.keys(&codes.next().unwrap()).await;
        page.burst(&codes.collect::<String>()).await;
    }
    let typed = start.elapsed();
    // One after the other they go out; only an outbox that stands still has failed.
    let mut unsent = page.unsent().await;
    println!("typed in {typed:?}, {unsent} still on their way");
    while unsent > 0 {
        unsent = wait::until("the outbox to move", async || {
            let now = page.unsent().await;
            (now < unsent).then_some(now)
        })
        .await;
    }
    println!("all taken after {:?}", start.elapsed());

    assert_eq!(kept(&clerk).await, bursts * BURST);
    let after = kiosk.queue().await;
    assert_eq!(after["calls"], before["calls"]);
    assert_eq!(after["counters"], before["counters"]);
    for letter in ["A", "B"] {
        let waiting = |state: &Value| state["services"][letter]["waiting"].clone();
        assert_eq!(waiting(&after), waiting(&before), "{letter}");
    }
    page.browser.close().await;
    office.stop().await;
}

/// The shortest form a dossier ID has, each one another: keys cost time.
fn code(number: usize) -> String {
    format!("H05-250625-{number:04}\n")
}

/// Distinct dossiers among the scans that the daemon keeps.
async fn kept(clerk: &Device) -> usize {
    let mut dossiers = HashSet::new();
    let mut path = "/scans?state=kept".to_owned();
    loop {
        let page = clerk.get(&path).await.expect(200).body;
        for scan in page["items"].as_array().unwrap() {
            dossiers.insert(scan["dossier"].as_str().unwrap().to_owned());
        }
        match page["next"].as_u64() {
            Some(next) => path = format!("/scans?state=kept&after={next}"),
            None => return dossiers.len(),
        }
    }
}
