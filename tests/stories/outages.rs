//! The log of outages: an office can prove that a report was late through no fault of its own,
//! and the log claims no more than was seen.

use crate::NO_PAPER;
use serde_json::Value;
use tests::api::Device;
use tests::clerk::Clerk;
use tests::fake_intake::{Act, FakeIntake};
use tests::office::Office;
use tests::{tools, wait};

/// Short, so that a story need not wait.
const AT_ONCE: &str = "[alerts]\noutage_seconds = 1\n";

fn dossier(number: usize) -> String {
    format!("H05.114-250625-{number:04}")
}

async fn office_with(intake: &FakeIntake) -> Office {
    let intake = format!("[intake]\nurl = \"{}\"\n", intake.url());
    Office::open(&format!("{NO_PAPER}{AT_ONCE}{intake}")).await
}

/// The outages, once they are as wanted.
async fn outages(device: &Device, wanted: impl Fn(&[Value]) -> bool) -> Value {
    wait::until("the log of outages", async || {
        let log = device.get("/outages").await;
        let items = log.body["items"].as_array().cloned().unwrap_or_default();
        (log.status == 200 && wanted(&items)).then_some(log.body)
    })
    .await
}

fn at(outage: &Value, member: &str) -> jiff::Timestamp {
    outage[member].as_str().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_stands_in_the_log_from_its_first_failure_to_its_end() {
    let mut intake = FakeIntake::start().await.unwrap();
    let office = office_with(&intake).await;
    let (clerk, supervisor) = (
        office.device("clerk").await,
        office.device("supervisor").await,
    );
    clerk.scan(&dossier(1)).await.expect(202);
    intake.until(|seen| seen.effects.len() == 1).await;
    intake.down().await;
    for number in 2..=4 {
        clerk.scan(&dossier(number)).await.expect(202);
    }
    outages(&supervisor, |items| {
        items.len() == 1 && items[0]["ended"].is_null()
    })
    .await;
    clerk.scan(&dossier(5)).await.expect(202);
    intake.up().await.unwrap();
    let log = outages(&supervisor, |items| items[0]["ended"] == "back").await;
    let outage = &log["items"][0];
    assert_eq!(outage["waiting"], 4, "{outage}");
    assert_eq!(outage["set_up"], false, "{outage}");
    assert_eq!(outage["causes"][0], "no connection to the server");
    assert!(
        at(outage, "began_at") < at(outage, "known_until"),
        "{outage}"
    );
    assert!(outage["seconds"].as_u64().unwrap() >= 1, "{outage}");
    assert_eq!(log["items"].as_array().unwrap().len(), 1, "{log}");

    // On the page and in the workbook stands what proves it.
    let head = log["head"].as_str().unwrap();
    office.say(&["journal", "verify", "--head", head]).await;
    let reader = Clerk::signed_in(office.url(), supervisor.token()).await;
    let page = format!("{}/admin/outages", office.url());
    reader.browser.go(&page).await;
    reader.browser.reads("không kết nối được với máy chủ").await;
    reader.browser.reads("kiosk journal verify --head").await;
    let text = reader.browser.text().await;
    assert!(!text.contains("250625"), "no dossier stands in it");
    reader.browser.push("English").await;
    reader.browser.reads("no connection to the server").await;
    reader.browser.close().await;
    let book = supervisor.request("GET", "/admin/outages.xlsx?lang=en");
    let book = book.send().await.unwrap().bytes().await.unwrap();
    let file = office.folder().join("outages.xlsx");
    std::fs::write(&file, book).unwrap();
    let written = tools::read_workbook(&file).await;
    assert!(written.contains("no connection to the server"), "{written}");
    assert!(written.contains("kiosk journal verify --head"), "{written}");
    let said = office.say(&["report", "outages", "--csv"]).await;
    let line = said.lines().nth(1).unwrap();
    assert!(
        line.contains(",back,") && line.contains(",false,4,"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_while_this_machine_is_off_is_not_laid_to_the_software() {
    let mut intake = FakeIntake::start().await.unwrap();
    let mut office = office_with(&intake).await;
    let (clerk, supervisor) = (
        office.device("clerk").await,
        office.device("supervisor").await,
    );
    intake.down().await;
    clerk.scan(&dossier(1)).await.expect(202);
    outages(&supervisor, |items| items.len() == 1).await;
    office.kill().await;
    office.start().await;
    let supervisor = supervisor.at(office.url());
    let log = outages(&supervisor, |items| items.len() == 2).await;
    let (first, second) = (&log["items"][0], &log["items"][1]);
    assert_eq!(first["ended"], "machine-off", "{log}");
    assert!(at(first, "known_until") <= at(second, "began_at"), "{log}");
    assert_eq!(second["ended"], Value::Null, "{log}");

    // A stop in good order tells until when it was seen.
    let told = second["records"][1].clone();
    office.stop().await;
    office.start().await;
    let supervisor = supervisor.at(office.url());
    let log = outages(&supervisor, |items| items.len() == 3).await;
    let second = &log["items"][1];
    assert_eq!(second["ended"], "machine-off", "{log}");
    assert!(second["records"][1].as_u64() > told.as_u64(), "{log}");
    intake.up().await.unwrap();
    let log = outages(&supervisor, |items| items[2]["ended"] == "back").await;
    assert_eq!(log["items"][2]["waiting"], 1, "{log}");
    office.say(&["journal", "verify"]).await;
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_the_server_does_not_take_is_no_fault_of_the_software() {
    let intake = FakeIntake::start().await.unwrap();
    let office = office_with(&intake).await;
    let (clerk, supervisor) = (
        office.device("clerk").await,
        office.device("supervisor").await,
    );
    intake.always_for(&dossier(1), Act::Status(401, None));
    clerk.scan(&dossier(1)).await.expect(202);
    let log = outages(&supervisor, |items| items.len() == 1).await;
    let outage = &log["items"][0];
    assert_eq!(outage["set_up"], true, "{outage}");
    assert_eq!(outage["causes"][0], "the token was not accepted (401)");
    for wrong in ["from=yesterday", "to=2026-02-30"] {
        let answer = supervisor.get(&format!("/outages?{wrong}")).await;
        answer.refused(422, "bad-value");
    }
    let past = supervisor
        .get("/outages?from=2000-01-01&to=2000-12-31")
        .await;
    assert_eq!(past.expect(200).body["items"], Value::Array(Vec::new()));
}
