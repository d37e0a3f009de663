//! One scanner for several desks, and what scans are for: a badge says whose the next codes are, a
//! purpose barcode what they are for, and a page and a scanner of one counter go by the same word.

use crate::NO_PAPER;
use crate::scanner_line::plug_in;
use serde_json::{Value, json};
use serialport::TTYPort;
use std::io::Write as _;
use std::path::PathBuf;
use tests::api::{Device, fresh_key, sent};
use tests::office::Office;
use tests::sse::Stream;
use tests::wait;

/// An office whose counters 2, 3 and 4 share a scanner, and the clerks' device.
struct Desks {
    office: Office,
    clerk: Device,
    socket: PathBuf,
    reader: TTYPort,
}

impl Desks {
    async fn open() -> Self {
        let mut office = Office::furnished(NO_PAPER);
        let socket = office.folder().join("reader");
        office.set(&format!(
            "{NO_PAPER}[[scanner]]\ndevice = \"serial:{}\"\nshared = [2, 3, 4]\n",
            socket.display()
        ));
        office.start().await;
        let clerk = office.device("clerk").await;
        // Not before the daemon has started: it would hold this end of the cable too.
        let reader = plug_in(&socket);
        let desks = Self {
            office,
            clerk,
            socket,
            reader,
        };
        desks.until("ready").await;
        desks
    }

    async fn scanner(&self) -> Value {
        let health = sent(self.clerk.request("GET", "/healthz")).await.unwrap();
        health.expect(200).body["scanners"][0].clone()
    }

    async fn until(&self, health: &str) {
        wait::until("the scanner", async || {
            (self.scanner().await["health"] == health).then_some(())
        })
        .await;
    }

    fn reads(&mut self, code: &str) {
        self.reader
            .write_all(format!("{code}\r").as_bytes())
            .unwrap();
    }

    async fn page(&self, counter: u32) -> Page {
        let url = format!("{}/api/v1/counters/{counter}/events", self.office.url());
        let mut page = Page {
            stream: Stream::open(&url, Some(self.clerk.token()), None).await,
            document: Value::Null,
        };
        page.document = page.stream.next().await.expect("a first event").data;
        page
    }

    async fn kept(&self) -> Vec<Value> {
        let kept = self.clerk.get("/scans?state=kept").await.expect(200);
        kept.body["items"].as_array().unwrap().clone()
    }
}

/// What a counter's page hears.
struct Page {
    stream: Stream,
    document: Value,
}

impl Page {
    /// The next notice, which must be of this kind.
    async fn hears(&mut self, kind: &str) -> Value {
        loop {
            let event = self.stream.next().await.expect("an open stream");
            match event.name.as_str() {
                "notice" => {
                    assert_eq!(event.data["kind"], kind, "{}", event.data);
                    let bad = kind == "refused";
                    assert_eq!(event.data["tone"], if bad { "bad" } else { "good" });
                    return event.data;
                }
                _ => self.document = event.data,
            }
        }
    }

    /// Reads until the document says this of the purpose.
    async fn shows_purpose(&mut self, said: Value) {
        while self.document["counter"]["purpose_said"] != said {
            let event = self.stream.next().await.expect("an open stream");
            if event.name == "counter" {
                self.document = event.data;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_scanner_is_whose_badge_it_read_last_and_nobodys_before() {
    let mut desks = Desks::open().await;
    let mut pages = Vec::new();
    for counter in [2, 3, 4] {
        pages.push(desks.page(counter).await);
    }
    desks.reads("H05.114-250625-0001");
    for page in &mut pages {
        let told = page.hears("refused").await;
        let text = told["says"]["en"].as_str().unwrap();
        assert!(text.starts_with("Not taken: H05.***-****01."), "{text}");
        assert!(text.contains("badge (counter 2, 3, 4)"), "{text}");
    }
    assert!(desks.kept().await.is_empty(), "nothing is guessed");

    desks.reads("MC-Q3");
    pages[1].hears("badge").await;
    desks.reads("H05.114-250625-0001");
    pages[1].hears("taken").await;

    desks.reads("MC-Q4");
    pages[2].hears("badge").await;
    let gone = pages[1].hears("badge").await;
    assert!(gone["says"]["en"].as_str().unwrap().contains("counter 4"));
    // The same receipt, at once: at another counter it is a scan of its own.
    desks.reads("H05.114-250625-0001");
    let repeat = pages[2].hears("repeat").await;

    let kept = desks.kept().await;
    let at: Vec<_> = kept.iter().map(|scan| scan["counter"].clone()).collect();
    assert_eq!(at, [3, 4], "each at its counter: {kept:?}");
    assert_eq!(kept[1]["id"], repeat["scan"]);
    desks.office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_s_badge_and_a_pulled_cable_leave_a_shared_scanner_to_nobody() {
    let mut desks = Desks::open().await;
    let mut page = desks.page(2).await;
    desks.reads("MC-Q2");
    page.hears("badge").await;
    desks.reads("MC-Q1");
    let told = page.hears("refused").await;
    let text = told["says"]["en"].as_str().unwrap();
    assert!(text.contains("counters 2, 3, 4 only"), "{text}");
    desks.reads("H05.114-250625-0001");
    page.hears("refused").await;

    desks.reads("MC-Q2");
    page.hears("badge").await;
    let socket = desks.socket.clone();
    // Pulled before another is plugged in.
    std::fs::remove_file(&socket).unwrap();
    let (other, _) = TTYPort::pair().unwrap();
    drop(std::mem::replace(&mut desks.reader, other));
    desks.until("away").await;
    assert!(desks.scanner().await["away_seconds"].is_u64());
    desks.reader = plug_in(&socket);
    desks.until("ready").await;
    desks.reads("H05.114-250625-0001");
    page.hears("refused").await;
    assert!(desks.kept().await.is_empty());
    desks.office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purpose_holds_for_the_counters_scanner_and_its_page_until_the_next_ticket() {
    let mut desks = Desks::open().await;
    let mut page = desks.page(2).await;
    desks.reads("MC-Q2");
    page.hears("badge").await;
    desks.reads("MC-M3");
    let said = page.hears("purpose").await;
    assert_eq!(said["purpose"], "return");
    page.shows_purpose("return".into()).await;
    let purpose = |answer: &Value| answer["purpose"].clone();

    // By the scanner, and by the page, which says nothing of it.
    desks.reads("H05.114-250625-0001");
    page.hears("taken").await;
    let body = json!({ "code": "H05.114-250625-0002", "counter": 2 });
    let typed = desks.clerk.post("/scans", &fresh_key(), &body).await;
    assert_eq!(typed.expect(202).body["purpose"], "return");
    let body = json!({ "code": "H05.114-250625-0003", "counter": 3 });
    let elsewhere = desks.clerk.post("/scans", &fresh_key(), &body).await;
    assert_eq!(elsewhere.expect(202).body["purpose"], "receive");

    // Said on the page, it holds for the scanner as well.
    let body = json!({ "purpose": "look-up" });
    let say = |body: Value| {
        let clerk = desks.clerk.clone();
        async move { clerk.post("/counters/2/purpose", &fresh_key(), &body).await }
    };
    say(body).await.expect(200);
    page.shows_purpose("look-up".into()).await;
    desks.reads("H05.114-250625-0004");
    page.hears("taken").await;

    // The next citizen's papers are another matter.
    desks.clerk.issue("B").await;
    desks.clerk.act("/counters/2/open").await.expect(200);
    desks.clerk.act("/counters/2/call").await.expect(200);
    page.shows_purpose(Value::Null).await;
    desks.reads("H05.114-250625-0005");
    page.hears("taken").await;

    let kept = desks.kept().await;
    let purposes: Vec<_> = kept.iter().map(purpose).collect();
    assert_eq!(
        purposes,
        ["return", "return", "receive", "look-up", "receive"]
    );
    desks
        .clerk
        .post(
            "/counters/9/purpose",
            &fresh_key(),
            &json!({ "purpose": null }),
        )
        .await
        .refused(404, "unknown-counter");
    desks.office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_dossier_is_named_to_the_page_that_typed_it() {
    let office = Office::open(NO_PAPER).await;
    let clerk = office.device("clerk").await;
    let badge = clerk.scan("MC-Q3").await.refused(422, "not-a-dossier");
    assert_eq!(
        (&badge.body["kind"], &badge.body["counter"]),
        (&json!("counter"), &json!(3))
    );
    let purpose = clerk.scan("mc-m2").await.refused(422, "not-a-dossier");
    assert_eq!(purpose.body["kind"], "purpose");
    assert_eq!(purpose.body["purpose"], "supplement");
    let card = "079085001234||Nguyễn Văn A|15081985|Nam|Phường Mẫu|01012022";
    let card = clerk.scan(card).await.refused(422, "not-a-dossier");
    assert_eq!(card.body["kind"], "citizen-card");
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_see_each_scanner_by_its_place_with_what_it_read() {
    let mut desks = Desks::open().await;
    let mut page = desks.page(2).await;
    let line = async |desks: &Desks| {
        let supervisor = desks.office.device("supervisor").await;
        let health = supervisor.get("/health").await.expect(200).body;
        let lines = health["items"].as_array().unwrap().clone();
        let line = lines.into_iter().find(|l| l["part"] == "scanner-shared");
        line.expect("the scanner's line")
    };
    let fresh = line(&desks).await;
    let name = fresh["name"]["en"].as_str().unwrap();
    assert!(name.starts_with("Scanner shared by counters 2, 3, 4 (serial:"));
    assert!(
        fresh["says"]["en"]
            .as_str()
            .unwrap()
            .contains("Nothing was scanned")
    );

    desks.reads("MC-Q2");
    page.hears("badge").await;
    desks.reads("8934563138164");
    let told = page.hears("refused").await;
    assert!(
        told["says"]["vi"].as_str().unwrap().contains("89…64"),
        "{told}"
    );
    let used = line(&desks).await;
    assert_eq!(used["state"], "good");
    let says = used["says"]["en"].as_str().unwrap();
    assert_eq!(
        says,
        "Working. It scanned just now. Codes refused today: 1."
    );
    let scanner = desks.scanner().await;
    assert_eq!(
        (&scanner["taken_today"], &scanner["refused_today"]),
        (&json!(1), &json!(1))
    );

    let daemon = desks.office.url().trim_start_matches("http://").to_owned();
    let checked = desks.office.say(&["check", "--listen", &daemon]).await;
    let line = checked
        .lines()
        .find(|line| line.contains("scanner"))
        .unwrap();
    assert!(
        line.starts_with("good  scanner shared by counters 2, 3, 4: serial:"),
        "{line}"
    );
    assert!(
        line.ends_with("is there, says the running daemon"),
        "{line}"
    );
    desks.office.stop().await;
}
