//! Screens follow by server-sent events: a snapshot first, then what follows, never a gap.

use crate::NO_PAPER;
use serde_json::{Value, json};
use tests::api::fresh_key;
use tests::office::Office;
use tests::sse::{Board, Stream};

fn events(office: &Office) -> String {
    format!("{}/api/v1/events", office.url())
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_add_up_to_the_state() {
    let office = Office::open(NO_PAPER).await;
    let mut board = Board::follow(office.url()).await;
    let kiosk = office.device("kiosk").await;
    let clerk = office.device("clerk").await;
    kiosk.issue("A").await;
    kiosk.issue("A").await;
    clerk.act("/counters/1/open").await.expect(200);
    clerk.act("/counters/1/call").await.expect(200);
    clerk.act("/counters/1/recall").await.expect(200);
    clerk.act("/counters/1/next").await.expect(200);
    let called = |state: &Value| state["calls"][0]["number"] == "A002";
    let mut wanted = kiosk.queue_when("the second call", called).await;
    board
        .until("the newest state", |state| state["seq"] == wanted["seq"])
        .await;
    let mut followed = board.state.clone();
    for state in [&mut wanted, &mut followed] {
        // An estimate moves with time, also while nothing happens.
        for (_, service) in state["services"].as_object_mut().unwrap() {
            service["wait_seconds"].take();
        }
    }
    assert_eq!(followed, wanted);
    assert_eq!(wanted["calls"][0]["number"], "A002");
    assert_eq!(wanted["calls"][1]["times"], 2);
    assert_eq!(wanted["counters"]["1"]["ticket"], "A002");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reconnect_gets_only_what_follows() {
    let office = Office::open(NO_PAPER).await;
    let kiosk = office.device("kiosk").await;
    let mut stream = Stream::open(&events(&office), None, None).await;
    stream.next().await.expect("a snapshot");
    kiosk.issue("A").await;
    let seen = stream.next().await.expect("the first ticket");
    drop(stream);
    kiosk.issue("B").await;

    let mut again = Stream::open(&events(&office), None, Some(&seen.id)).await;
    let next = again.next().await.expect("the second ticket");
    assert_eq!(next.name, "change");
    assert!(next.seq() > seen.seq());
    assert_eq!(next.data["services"]["B"]["waiting"], 1);
    let services = next.data["services"].as_object().unwrap();
    assert!(!services.contains_key("A"), "A was seen before: {next:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_last_event_gets_a_snapshot() {
    let office = Office::open(NO_PAPER).await;
    for last in ["01JUNKNOWNEPOCH:3", "garbage", "", ":", "a:b:c"] {
        let mut stream = Stream::open(&events(&office), None, Some(last)).await;
        let first = stream.next().await.expect("a first event");
        assert_eq!(first.name, "snapshot", "after {last:?}");
    }
    let mut stream = Stream::open(&events(&office), None, None).await;
    let first = stream.next().await.expect("a snapshot");
    let later = format!("{}999", first.id);
    let mut stream = Stream::open(&events(&office), None, Some(&later)).await;
    let first = stream.next().await.expect("a first event");
    assert_eq!(first.name, "snapshot", "an id from the future");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_ends_every_stream_at_once() {
    let mut office = Office::open(NO_PAPER).await;
    let clerk = office.device("clerk").await;
    let counter = format!("{}/api/v1/counters/1/events", office.url());
    let mut streams = Vec::new();
    for _ in 0..5 {
        streams.push(Stream::open(&events(&office), None, None).await);
        streams.push(Stream::open(&counter, Some(clerk.token()), None).await);
    }
    for stream in &mut streams {
        stream.next().await.expect("a first event");
    }
    // Waits for the process itself: an open stream would keep it.
    assert!(office.stop().await.success());
    for stream in &mut streams {
        while stream.next().await.is_some() {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_counter_sees_its_own_queue() {
    let office = Office::open(NO_PAPER).await;
    let kiosk = office.device("kiosk").await;
    let clerk = office.device("clerk").await;
    let url = format!("{}/api/v1/counters/1/events", office.url());
    let mut stream = Stream::open(&url, Some(clerk.token()), None).await;
    let first = stream.next().await.expect("a first event");
    assert_eq!(first.name, "counter");
    assert_eq!(first.data["counter"]["number"], 1);
    assert_eq!(first.data["waiting_total"], 0);

    clerk.act("/counters/1/open").await.expect(200);
    let ticket = kiosk.issue("A").await;
    let mut seen = stream.next().await.expect("an event").data;
    while seen["waiting_total"] != 1 {
        seen = stream.next().await.expect("an event").data;
    }
    assert_eq!(seen["waiting"][0]["id"], ticket["id"]);
    clerk.act("/counters/1/call").await.expect(200);
    let scan = json!({ "code": "H05.114-250625-0002", "counter": 1 });
    let scan = clerk.post("/scans", &fresh_key(), &scan).await;
    scan.expect(202);
    while seen["scans"] == json!([]) {
        seen = stream.next().await.expect("an event").data;
    }
    assert_eq!(seen["counter"]["ticket"]["number"], "A001");
    assert_eq!(seen["scans"][0]["dossier"], "H05.114-250625-0002");
    assert_eq!(seen["scans"][0]["state"], "kept");
}
