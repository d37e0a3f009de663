//! Whatever comes in over HTTP gets a clear answer, changes nothing and stops nothing.

use crate::NO_PAPER;
use serde_json::{Value, json};
use std::time::Duration;
use tests::api::{Answer, Device, fresh_key, sent};
use tests::chance::Chance;
use tests::office::Office;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Beyond any limit of the API.
const MEGABYTE: usize = 1 << 20;

/// The state without what moves by itself.
async fn state(device: &Device) -> Value {
    let mut state = device.queue().await;
    for (_, service) in state["services"].as_object_mut().unwrap() {
        service["wait_seconds"].take();
    }
    state
}

async fn raw(device: &Device, path: &str, kind: &str, body: Vec<u8>) -> Answer {
    let request = device
        .request("POST", path)
        .header("Idempotency-Key", fresh_key())
        .header("Content-Type", kind);
    sent(request.body(body)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_with_an_old_slip_reads_a_sentence_and_not_the_words_of_programs() {
    let mut office = Office::open(NO_PAPER).await;
    let ticket = office.device("kiosk").await.issue("A").await;
    let phone = office.passer_by();
    let known = format!("/t/{}", ticket["qr"].as_str().unwrap());
    for (query, sentence) in [
        ("", "Sắp đến lượt Ông/Bà"),
        ("?lang=en", "You are next"),
        ("?lang=xx", "Sắp đến lượt Ông/Bà"),
    ] {
        let address = format!("{known}{query}");
        let page = sent(phone.request("GET", &address)).await.unwrap();
        let text = page.expect(200).body;
        assert!(text.as_str().unwrap().contains(sentence), "{query}: {text}");
    }
    for path in ["/t/7K3QX9M2", "/t/x", "/t/..%2F..", "/t/%F0%9F%8E%AB"] {
        let page = sent(phone.request("GET", path)).await.unwrap().expect(404);
        assert_eq!(page.kind, "text/html", "{path}");
        let text = page.body.as_str().unwrap();
        assert!(text.contains("Hôm nay không có số này"), "{path}: {text}");
        assert!(text.contains("There is no such number today"), "{path}");
    }
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_body_is_refused_and_changes_nothing() {
    let mut office = Office::open(NO_PAPER).await;
    let kiosk = office.device("kiosk").await;
    let clerk = office.device("clerk").await;
    let before = state(&kiosk).await;
    let json = "application/json";
    let big = format!("{{\"service\":\"A\",\"x\":\"{}\"}}", "a".repeat(MEGABYTE));
    let cases: [(&str, &str, Vec<u8>, u16, &str); 10] = [
        (
            json,
            "/tickets",
            b"{\"service\":".into(),
            400,
            "bad-request",
        ),
        (json, "/tickets", b"".into(), 400, "bad-request"),
        (
            json,
            "/tickets",
            b"{\"service\":7}".into(),
            422,
            "bad-value",
        ),
        (json, "/tickets", b"{}".into(), 422, "bad-value"),
        (json, "/tickets", b"\xff\xfe".into(), 400, "bad-request"),
        (
            json,
            "/tickets",
            b"{\"service\":\"Z\"}".into(),
            422,
            "unknown-service",
        ),
        (
            json,
            "/tickets",
            b"{\"service\":\"A\",\"class\":\"king\"}".into(),
            422,
            "unknown-class",
        ),
        (json, "/tickets", big.clone().into(), 413, "too-large"),
        (json, "/scans", big.into(), 413, "too-large"),
        (
            "text/plain",
            "/tickets",
            b"A".into(),
            415,
            "unsupported-type",
        ),
    ];
    for (kind, path, body, status, code) in cases {
        let device = if path == "/scans" { &clerk } else { &kiosk };
        let answer = raw(device, &format!("/api/v1{path}"), kind, body).await;
        answer.refused(status, code);
    }
    assert_eq!(state(&kiosk).await, before, "nothing half done");
    assert_eq!(kiosk.issue("A").await["number"], "A001");
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_address_is_refused_as_a_problem() {
    let mut office = Office::open(NO_PAPER).await;
    let admin = office.device("admin").await;
    let cases = [
        ("GET", "/api/v1/nothing", 404, "not-found"),
        ("GET", "/nothing", 404, "not-found"),
        ("DELETE", "/api/v1/tickets", 405, "method-not-allowed"),
        ("GET", "/api/v1/counters/1/call", 405, "method-not-allowed"),
        ("POST", "/api/v1/queue", 405, "method-not-allowed"),
        ("GET", "/api/v1/tickets/A999", 404, "unknown-ticket"),
        ("GET", "/api/v1/counters/99/events", 404, "unknown-counter"),
    ];
    for (method, path, status, code) in cases {
        let request = admin
            .request(method, path)
            .header("Accept", "application/json");
        sent(request).await.unwrap().refused(status, code);
    }
    admin
        .act("/counters/99/open")
        .await
        .refused(404, "unknown-counter");
    admin
        .act("/tickets/A999/cancel")
        .await
        .refused(404, "unknown-ticket");
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_without_a_usable_key_is_refused() {
    let mut office = Office::open(NO_PAPER).await;
    let kiosk = office.device("kiosk").await;
    let body = json!({ "service": "A" });
    let bare = kiosk.request("POST", "/api/v1/tickets").json(&body);
    sent(bare).await.unwrap().refused(400, "key-missing");
    for key in [
        String::new(),
        "k".repeat(129),
        "two words".into(),
        "khoá".into(),
    ] {
        let answer = kiosk.request("POST", "/api/v1/tickets").json(&body);
        let answer = sent(answer.header("Idempotency-Key", &key)).await.unwrap();
        assert_eq!(answer.status, 400, "{key:?}: {answer:?}");
        assert_eq!(answer.kind, "application/problem+json");
    }
    let longest = "k".repeat(128);
    kiosk.post("/tickets", &longest, &body).await.expect(201);
    kiosk.post("/tickets", "!~", &body).await.expect(201);
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_dossier_is_said_to_be_none() {
    let mut office = Office::open(NO_PAPER).await;
    let kiosk = office.device("kiosk").await;
    let clerk = office.device("clerk").await;
    let ticket = kiosk.issue("A").await;
    let qr = ticket["qr"].as_str().unwrap();
    let scanned = clerk.scan(qr).await.refused(422, "not-a-dossier");
    assert_eq!(scanned.text("kind"), "ticket");
    assert_eq!(scanned.body["ticket"], ticket["id"]);
    for code in ["", "hello", "8934563138164", "H05.114-259999-0002", "\u{0}"] {
        let scanned = clerk.scan(code).await.refused(422, "not-a-dossier");
        assert!(!scanned.text("kind").is_empty(), "{scanned:?}");
    }
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_code_is_told_as_what_it_was_and_a_card_as_nothing_more() {
    let mut office = Office::open(NO_PAPER).await;
    let clerk = office.device("clerk").await;
    let refused = async |code: &str| clerk.scan(code).await.refused(422, "not-a-dossier");
    let badge = refused("MC-Q3").await;
    assert_eq!(
        (badge.text("kind"), &badge.body["counter"]),
        ("counter", &json!(3))
    );
    for (code, purpose) in [
        ("MC-M1", "receive"),
        ("MC-M2", "supplement"),
        ("MC-M3", "return"),
        ("MC-M4", "look-up"),
    ] {
        let answer = refused(code).await;
        assert_eq!(
            (answer.text("kind"), answer.text("purpose")),
            ("purpose", purpose)
        );
    }
    // Which label of several was read: its ends, its length and what the scanner says it was.
    let product = refused("]E08934563138164").await;
    let told = product.text("detail");
    assert!(
        told.contains("89…64 (13") && told.contains("EAN/UPC"),
        "{told}"
    );
    // Of a card, whole, cut off or typed, not one digit.
    let whole = "079185001234||Trần Thị Mẫu|15081985|Nữ|12 Lê Lợi, Phường Mẫu|01072021";
    let (cut_off, _) = whole.split_once("|1508").unwrap();
    for (code, kind) in [
        (whole, "citizen-card"),
        (cut_off, "damaged-card"),
        (&whole[..12], "citizen-number"),
    ] {
        let answer = refused(code).await;
        assert_eq!(answer.text("kind"), kind);
        let said = answer.body.to_string();
        assert!(!said.contains("07") && !said.contains("34"), "{said}");
    }
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_office_gives_no_number() {
    let mut office = Office::open(NO_PAPER).await;
    let kiosk = office.device("kiosk").await;
    let supervisor = office.device("supervisor").await;
    kiosk.issue("A").await;
    supervisor.act("/day/close").await.expect(200);
    let body = json!({ "service": "A" });
    let refused = kiosk.post("/tickets", &fresh_key(), &body).await;
    refused.refused(409, "day-closed");
    let closed = kiosk.queue_when("a closed day", |state| state["day"]["open"] == false);
    assert_eq!(closed.await["issuing"]["open"], false);
    // The same date goes on where it stopped.
    supervisor.act("/day/open").await.expect(200);
    assert_eq!(kiosk.issue("A").await["number"], "A002");
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn noise_on_the_port_stops_nothing() {
    let mut chance = Chance::announced("noise");
    let mut office = Office::open(NO_PAPER).await;
    let kiosk = office.device("kiosk").await;
    let address = office.url().strip_prefix("http://").unwrap().to_owned();
    for round in 0..200 {
        let mut line = TcpStream::connect(&address).await.unwrap();
        let mut noise: Vec<u8> = (0..chance.below(2000))
            .map(|_| chance.bits() as u8)
            .collect();
        if round % 2 == 0 {
            noise.splice(
                0..0,
                *b"POST /api/v1/tickets HTTP/1.1\r\nContent-Length: 99\r\n",
            );
        }
        // The other side may hang up in the middle; that is its right.
        let _ = line.write_all(&noise).await;
        let _ = line.shutdown().await;
        let mut answer = Vec::new();
        let read = timeout(Duration::from_secs(20), line.read_to_end(&mut answer)).await;
        assert!(read.is_ok(), "round {round}: the line was left open");
        assert!(!answer.starts_with(b"HTTP/1.1 2"), "round {round}");
    }
    assert_eq!(kiosk.issue("A").await["number"], "A001");
    office.stop().await;
}
