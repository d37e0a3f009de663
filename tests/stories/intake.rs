//! Scans reach the intake server with one effect each, whatever that server does; or they
//! are refused or held, and the clerk reads why.

use crate::NO_PAPER;
use serde_json::{Value, json};
use std::time::Duration;
use tests::api::{Device, fresh_key, sent};
use tests::clerk::Clerk;
use tests::fake_intake::{Act, FakeIntake};
use tests::office::Office;
use tests::sse::Stream;
use tests::wait;

/// Longer than any client waits.
const FOR_EVER: Duration = Duration::from_secs(3600);

async fn office_with(intake: &FakeIntake, more: &str) -> (Office, Device) {
    let settings = format!("{NO_PAPER}[intake]\nurl = \"{}\"\n{more}", intake.url());
    let office = Office::open(&settings).await;
    let clerk = office.device("clerk").await;
    (office, clerk)
}

fn dossier(number: usize) -> String {
    format!("H05.114-250625-{number:04}")
}

/// Scans dossiers; their ids.
async fn scanned(clerk: &Device, numbers: std::ops::Range<usize>) -> Vec<String> {
    let mut ids = Vec::new();
    for number in numbers {
        let scan = clerk.scan(&dossier(number)).await.expect(202);
        assert_eq!(scan.text("state"), "pending");
        ids.push(scan.text("id").to_owned());
    }
    ids
}

/// Waits until the scan has this state, and hands it over.
async fn becomes(clerk: &Device, id: &str, state: &str) -> Value {
    wait::until(state, async || {
        let scan = clerk.get(&format!("/scans/{id}")).await.expect(200);
        (scan.text("state") == state).then_some(scan.body)
    })
    .await
}

fn one_effect_each(intake: &FakeIntake, ids: &[String]) {
    let effects = intake.effects();
    for id in ids {
        assert_eq!(effects.get(id), Some(&1), "{id}");
    }
    assert_eq!(effects.len(), ids.len(), "and nothing else: {effects:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn scans_wait_for_a_server_that_is_down_also_through_a_power_cut() {
    let mut intake = FakeIntake::start().await.unwrap();
    intake.down().await;
    let (mut office, clerk) = office_with(&intake, "").await;
    let ids = scanned(&clerk, 0..10).await;
    office.kill().await;
    office.start().await;
    let clerk = clerk.at(office.url());
    let health = sent(clerk.request("GET", "/healthz")).await.unwrap();
    health.expect(200); // The office works, whatever its neighbours do.

    intake.up().await.unwrap();
    for id in &ids {
        becomes(&clerk, id, "delivered").await;
    }
    one_effect_each(&intake, &ids);
    let record = intake.record();
    for post in &record.posts {
        assert_eq!(post.body["id"], *post.key, "the key is the scan's id");
        assert_eq!(post.authorization, None, "no token was configured");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_scan_has_one_effect_whatever_the_server_does() {
    let intake = FakeIntake::start().await.unwrap();
    intake.script([
        Act::Status(500, None),
        Act::Ok,
        Act::CutAfterBody { taken: true },
        Act::CutAfterBody { taken: false },
        Act::Status(409, None),
        Act::Status(429, Some(1)),
        Act::Ok,
        Act::Slow(FOR_EVER),
        Act::Status(503, Some(2)),
        Act::CutAfterBody { taken: true },
    ]);
    let (mut office, clerk) = office_with(&intake, "").await;
    let ids = scanned(&clerk, 0..12).await;
    for id in &ids {
        becomes(&clerk, id, "delivered").await;
    }
    one_effect_each(&intake, &ids);
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_knows_no_keys_is_asked_and_not_told_twice() {
    let intake = FakeIntake::start().await.unwrap();
    intake.forget_keys();
    intake.script([
        Act::CutAfterBody { taken: true },
        Act::CutAfterBody { taken: false },
        Act::CutAfterBody { taken: true },
    ]);
    let (mut office, clerk) = office_with(&intake, "honours_key = false\n").await;
    let ids = scanned(&clerk, 0..6).await;
    for id in &ids {
        becomes(&clerk, id, "delivered").await;
    }
    one_effect_each(&intake, &ids);
    assert!(
        !intake.record().asked.is_empty(),
        "unknown outcomes are asked back"
    );
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_can_tell_a_clerk_decides() {
    let intake = FakeIntake::start().await.unwrap();
    intake.forget_keys();
    intake.script([
        Act::CutAfterBody { taken: true },
        Act::CutAfterBody { taken: false },
    ]);
    intake.script_asks([Act::Status(405, None), Act::Status(405, None)]);
    let (mut office, clerk) = office_with(&intake, "honours_key = false\n").await;
    let page = Clerk::signed_in(office.url(), clerk.token()).await;
    page.sit_at(1).await;
    let listed = async |state: &str| {
        let list = clerk
            .get(&format!("/scans?state={state}"))
            .await
            .expect(200);
        list.body["items"].as_array().unwrap().clone()
    };

    // The clerk looks in the dossier software: there it is.
    page.keys(&format!("{}\n", dossier(1))).await;
    page.browser.reads("Chưa rõ kết quả gửi").await;
    page.click(".scan-decide:not([hidden])").await;
    page.click("#panel .answers button:nth-child(1)").await;
    page.browser
        .reads(&format!("{} · Đã gửi", dossier(1)))
        .await;
    let there = listed("delivered").await;
    assert_eq!(there.len(), 1);

    // This one is not: it goes out again, under a key that the server has never seen.
    page.keys(&format!("{}\n", dossier(2))).await;
    page.browser.reads("Chưa rõ kết quả gửi").await;
    let lost = listed("unknown").await;
    page.click(".scan-decide:not([hidden])").await;
    page.click("#panel .answers button:nth-child(2)").await;
    page.browser.reads("cán bộ đã cho gửi lại").await;
    intake.until(|record| record.posts.len() == 3).await;
    let sent: Vec<String> = intake.effects().into_keys().collect();
    assert_eq!(sent.len(), 2, "one effect for each dossier");
    for id in &sent {
        becomes(&clerk, id, "delivered").await;
    }
    let lost = lost[0]["id"].as_str().unwrap();
    assert!(!sent.iter().any(|id| id == lost));
    becomes(&clerk, lost, "refused").await;
    let decided = json!({ "decision": "taken" });
    let again = clerk
        .post(&format!("/scans/{lost}/settle"), &fresh_key(), &decided)
        .await;
    assert_eq!(again.expect(409).text("code"), "nothing-to-settle");
    page.browser.close().await;
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_final_and_says_why() {
    let intake = FakeIntake::start().await.unwrap();
    let reason = "Không có hồ sơ này";
    intake.script([Act::Refuse422(reason.to_owned())]);
    let (mut office, clerk) = office_with(&intake, "").await;
    let ids = scanned(&clerk, 0..1).await;
    let scan = becomes(&clerk, &ids[0], "refused").await;
    assert!(scan["answer"].as_str().unwrap().contains(reason), "{scan}");
    let more = scanned(&clerk, 1..2).await;
    becomes(&clerk, &more[0], "delivered").await;
    one_effect_each(&intake, &more);
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_dossier_in_trouble_holds_no_other() {
    let intake = FakeIntake::start().await.unwrap();
    intake.always_for(&dossier(0), Act::Status(500, None));
    intake.always_for(&dossier(1), Act::Slow(FOR_EVER));
    let (mut office, clerk) = office_with(&intake, "").await;
    let ids = scanned(&clerk, 0..30).await;
    for id in &ids[2..] {
        becomes(&clerk, id, "delivered").await;
    }
    for id in &ids[..2] {
        becomes(&clerk, id, "pending").await;
    }
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn scans_of_one_dossier_arrive_in_order() {
    let intake = FakeIntake::start().await.unwrap();
    let (mut office, clerk) = office_with(&intake, "").await;
    intake.script((0..4).map(|_| Act::Status(500, None)));
    let mut ids = Vec::new();
    for purpose in ["receive", "supplement", "return"] {
        // Another device each time: twice at once from one is one scan.
        let desk = office.device("clerk").await;
        let body = json!({ "code": dossier(0), "purpose": purpose });
        let scan = desk.post("/scans", &fresh_key(), &body).await;
        ids.push(scan.expect(202).text("id").to_owned());
    }
    for id in &ids {
        becomes(&clerk, id, "delivered").await;
    }
    let record = intake.record();
    let mut order: Vec<&str> = record.posts.iter().map(|post| post.key.as_str()).collect();
    order.dedup(); // Tries of one scan stand together: no later one overtakes.
    assert_eq!(order, ids);
    drop(record);
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_token_holds_everything_and_staff_are_told() {
    let intake = FakeIntake::start().await.unwrap();
    intake.script([Act::Status(401, None)]);
    let mut office = Office::furnished("");
    let file = office.folder().join("intake.token");
    std::fs::write(&file, "secret-of-the-office\n").unwrap();
    office.set(&format!(
        "{NO_PAPER}[intake]\nurl = \"{}\"\ntoken_file = \"{}\"\n",
        intake.url(),
        file.display()
    ));
    office.start().await;
    let clerk = office.device("clerk").await;
    let url = format!("{}/api/v1/counters/1/events", office.url());
    let mut page = Stream::open(&url, Some(clerk.token()), None).await;
    let mut ids = scanned(&clerk, 0..1).await;
    while page.next().await.expect("an event").data["intake"] != "trouble" {}

    ids.extend(scanned(&clerk, 1..5).await);
    assert_eq!(intake.record().posts.len(), 1, "the rest is held back");
    // Mended on the other side: one scan goes ahead, then all follow.
    for id in &ids {
        becomes(&clerk, id, "delivered").await;
    }
    one_effect_each(&intake, &ids);
    let seen = intake.record().posts[0].authorization.clone();
    assert_eq!(seen.as_deref(), Some("Bearer secret-of-the-office"));
    assert!(!office.daemon().log().contains("secret-of-the-office"));
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_intake_server_scans_are_kept_and_reported() {
    let mut office = Office::open(NO_PAPER).await;
    let clerk = office.device("clerk").await;
    let scan = clerk.scan(&dossier(7)).await.expect(202);
    assert_eq!(scan.text("state"), "kept");
    let at_once = clerk.scan(&dossier(7)).await.expect(202);
    assert_eq!(
        at_once.body["id"], scan.body["id"],
        "a double read is one scan"
    );
    let other = office.device("clerk").await;
    let again = other.scan(&dossier(7)).await.expect(202);
    assert_ne!(again.body["id"], scan.body["id"]);
    assert_eq!(again.body["repeat"], true, "taken, and shown as a repeat");
    let report = office.say(&["report", "day"]).await;
    assert!(
        report.contains(&dossier(7)),
        "the day report exports it: {report}"
    );
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_says_of_a_scan_what_the_scan_says_of_itself() {
    let mut office = Office::open(NO_PAPER).await;
    let clerk = office.device("clerk").await;
    clerk.act("/counters/1/open").await.expect(200);
    office.device("kiosk").await.issue("A").await;
    clerk.act("/counters/1/call").await.expect(200);
    let body = json!({ "code": dossier(3), "counter": 1 });
    let scan = clerk.post("/scans", &fresh_key(), &body).await.expect(202);
    assert_eq!(scan.body["ticket"], "A001", "by default the one in hand");
    let id = scan.text("id");
    let itself = clerk.get(&format!("/scans/{id}")).await.expect(200);
    let listed = clerk.get("/scans").await.expect(200);
    assert_eq!(listed.body["items"], json!([itself.body]));
    office.stop().await;
}
