//! Slips beside the ticket's own: asked for by somebody, printed like a ticket, and never twice.

use std::path::PathBuf;

use fantoccini::Locator;
use fantoccini::key::Key;
use serde_json::{Value, json};
use simulator::{Model, Printer, PtyLine};
use tests::api::{Device, fresh_key};
use tests::clerk::Clerk;
use tests::office::Office;
use tests::tools::read_code;
use tests::wait;

const OFFICE: &str = r#"
    [office]
    name = { vi = "Phường Thử", en = "Test Ward" }
    hotline = "1022"
    [[service]]
    letter = "A"
    name = { vi = "Hộ tịch", en = "Civil status" }
    papers = [{ vi = "Thẻ căn cước", en = "Identity card" }]
    [[service]]
    letter = "B"
    name = { vi = "Đất đai", en = "Land" }
    [[counter]]
    number = 1
    services = ["A", "B"]
"#;

async fn ask(device: &Device, body: Value) -> Value {
    device
        .post("/slips", &fresh_key(), &body)
        .await
        .expect(201)
        .body
}

/// The slip, once its paper is in this state.
async fn paper(device: &Device, slip: &Value, state: &str) -> Value {
    let path = format!("/slips/{}", slip["id"].as_str().unwrap());
    wait::until(state, async || {
        let slip = device.get(&path).await.expect(200);
        (slip.text("paper") == state).then_some(slip.body)
    })
    .await
}

/// Pictures of slips of a kind, or with a number, in the preview folder.
fn pictures(office: &Office, of: &str) -> Vec<PathBuf> {
    let Ok(folder) = std::fs::read_dir(office.data().join("slips")) else {
        return Vec::new();
    };
    let paths = folder.map(|entry| entry.unwrap().path());
    let wanted = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        name.starts_with(of) && name.ends_with(".png")
    };
    paths.filter(wanted).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_citizen_takes_a_return_slip_with_the_same_number_and_code() {
    let office = Office::open(OFFICE).await;
    let (kiosk, clerk) = (office.device("kiosk").await, office.device("clerk").await);
    let ticket = kiosk.issue("A").await;
    let number = ticket["number"].as_str().unwrap();
    let of_ticket = json!({ "kind": "re-entry", "ticket": number });
    let early = clerk.post("/slips", &fresh_key(), &of_ticket).await;
    early.refused(409, "not-held");

    clerk.act("/counters/1/open").await.expect(200);
    clerk.act("/counters/1/call").await.expect(200);
    let hold = json!({ "reason": "chờ bổ sung giấy tờ" });
    let path = format!("/tickets/{number}/hold");
    clerk.post(&path, &fresh_key(), &hold).await.expect(200);
    let slip = ask(&clerk, of_ticket).await;
    assert_eq!(slip["kind"], "re-entry");
    paper(&clerk, &slip, "sent").await;
    let picture = pictures(&office, "re-entry-").remove(0);
    let found = read_code(&picture).await;
    assert_eq!(found.as_deref(), ticket["qr"].as_str(), "the same token");
    let held = clerk.get(&format!("/tickets/{number}")).await.expect(200);
    assert_eq!(held.text("state"), "held", "it keeps its place");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_slip_is_given_to_whoever_may_have_it() {
    let office = Office::open(OFFICE).await;
    let kiosk = office.device("kiosk").await;
    let clerk = office.device("clerk").await;
    let supervisor = office.device("supervisor").await;
    let checklist = json!({ "kind": "checklist", "service": "A", "language": "en" });
    let page = json!({ "kind": "test-page" });
    let report = json!({ "kind": "day-report" });
    for (device, body) in [(&kiosk, &page), (&kiosk, &report), (&clerk, &report)] {
        let answer = device.post("/slips", &fresh_key(), body).await;
        answer.refused(403, "forbidden");
    }
    for (device, body) in [(&kiosk, checklist), (&clerk, page), (&supervisor, report)] {
        let key = fresh_key();
        let slip = device.post("/slips", &key, &body).await.expect(201).body;
        let again = device.post("/slips", &key, &body).await.expect(200).body;
        assert_eq!(slip["id"], again["id"], "one press, one slip");
        paper(device, &slip, "sent").await;
        let kind = body["kind"].as_str().unwrap();
        assert_eq!(pictures(&office, &format!("{kind}-")).len(), 1);
    }
    let refusals = [
        (
            json!({ "kind": "checklist", "service": "B" }),
            409,
            "no-papers",
        ),
        (
            json!({ "kind": "checklist", "service": "Z" }),
            422,
            "unknown-service",
        ),
        (json!({ "kind": "checklist" }), 422, "out-of-range"),
        (
            json!({ "kind": "re-entry", "ticket": "A999" }),
            404,
            "unknown-ticket",
        ),
        (
            json!({ "kind": "test-page", "printer": "attic" }),
            422,
            "bad-value",
        ),
        (json!({ "kind": "motto" }), 422, "bad-value"),
    ];
    for (body, status, code) in refusals {
        let answer = clerk.post("/slips", &fresh_key(), &body).await;
        answer.refused(status, code);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slip_that_may_be_out_comes_again_marked_and_one_that_is_out_never() {
    let mut office = Office::furnished("");
    let path = office.folder().join("printer");
    let line = PtyLine::start(Printer::new(Model::epson()), &path);
    let printer = format!(
        "[printer]\ndevice = \"{}\"\nprofile = \"tm-t20ii\"\nfresh_minutes = 600\n",
        line.device()
    );
    office.set(&format!("{OFFICE}{printer}"));
    office.start().await;
    let clerk = office.device("clerk").await;
    line.printer.lock().fail_at(400, simulator::Fault::PaperOut);
    let slip = ask(&clerk, json!({ "kind": "checklist", "service": "A" })).await;
    paper(&clerk, &slip, "unknown").await;
    office.kill().await;
    line.printer.lock().repair();
    office.start().await;
    let clerk = clerk.at(office.url());
    paper(&clerk, &slip, "printed").await;
    // One more start, and one more slip behind it: the first would have come before.
    office.stop().await;
    office.start().await;
    let clerk = clerk.at(office.url());
    let page = ask(&clerk, json!({ "kind": "test-page" })).await;
    paper(&clerk, &page, "printed").await;
    let begun = events(&office, "slip-begun");
    let of_first: Vec<bool> = begun
        .iter()
        .filter(|event| event["slip"] == slip["id"])
        .map(|event| event["again"].as_bool().unwrap())
        .collect();
    assert_eq!(of_first, [false, true], "once, and once again marked");
}

/// The events of one kind in the journal.
fn events(office: &Office, kind: &str) -> Vec<Value> {
    let journal = rusqlite::Connection::open(office.data().join("journal.sqlite")).unwrap();
    let mut rows = journal
        .prepare("SELECT bytes FROM record ORDER BY seq")
        .unwrap();
    let bodies = rows.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap();
    let records = bodies.map(|body| serde_json::from_slice::<Value>(&body.unwrap()).unwrap());
    let events = records.flat_map(|record| record["events"].as_array().unwrap().clone());
    events.filter(|event| event["event"] == kind).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_head_on_the_printed_day_report_is_one_the_journal_can_be_held_to() {
    let office = Office::open(OFFICE).await;
    let kiosk = office.device("kiosk").await;
    kiosk.issue("A").await;
    let supervisor = office.device("supervisor").await;
    let slip = ask(&supervisor, json!({ "kind": "day-report" })).await;
    paper(&supervisor, &slip, "sent").await;
    let picture = pictures(&office, "day-report-").remove(0);
    let head = read_code(&picture).await.expect("a head");
    kiosk.issue("A").await;
    office.say(&["journal", "verify", "--head", &head]).await;
    // As a person types it off the paper.
    let typed: String = head
        .chars()
        .enumerate()
        .flat_map(|(index, digit)| (index % 4 == 0).then_some(' ').into_iter().chain([digit]))
        .collect();
    office.say(&["journal", "verify", "--head", &typed]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_printer_is_tried_and_every_layout_seen_before_the_office_opens() {
    let office = Office::furnished(OFFICE);
    let folder = office.folder().join("pictures");
    let folder = folder.to_str().unwrap();
    let said = office.say(&["check", "--page", "--slips", folder]).await;
    assert!(said.contains("good  test page, printer: sent"), "{said}");
    assert!(said.contains("good  slips: 12 pictures"), "{said}");
    assert_eq!(pictures(&office, "test-page-").len(), 1);
    let drawn = std::fs::read_dir(folder).unwrap().count();
    assert_eq!(drawn, 12, "six kinds in two languages");

    office.set(&format!(
        "{OFFICE}[slip]\nticket = [\n{{ rule = true }},\n]\n"
    ));
    let output = office.run(&["check"]).await;
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(!output.status.success());
    let expected = "slip.ticket: exactly one line { number = true } is needed";
    assert!(
        said.contains("kiosk.toml:") && said.contains(expected),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_keeps_the_machine_prints_through_the_running_daemon() {
    let office = Office::open(OFFICE).await;
    let at = office.url().trim_start_matches("http://");
    let said = office
        .say(&["report", "day", "--print", "--listen", at])
        .await;
    assert_eq!(said, "day report: sent\n");
    assert_eq!(pictures(&office, "day-report-").len(), 1);
    let said = office.say(&["check", "--page", "--listen", at]).await;
    assert!(said.contains("good  test page, printer: sent"), "{said}");
    assert_eq!(pictures(&office, "test-page-").len(), 1);
    let output = office.run(&["report", "day", "--print", "--listen", "127.0.0.1:9"]);
    let output = output.await;
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success());
    assert!(
        told.contains("no daemon answers at http://127.0.0.1:9/"),
        "{told}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_prints_slips_from_the_counter_page() {
    let office = Office::open(OFFICE).await;
    let (kiosk, clerk) = (office.device("kiosk").await, office.device("clerk").await);
    kiosk.issue("A").await;
    kiosk.issue("B").await;
    let page = Clerk::signed_in(office.url(), clerk.token()).await;
    page.sit_at(1).await;
    let list = ".hand .again:nth-of-type(2):not([hidden])";

    page.press(Key::F2).await;
    page.reads_in_hand("A001").await;
    page.click(list).await;
    printed(&office, "checklist-").await;

    page.press(Key::F6).await;
    page.press(Key::F6).await;
    page.click("#away .again:not([hidden])").await;
    printed(&office, "re-entry-").await;

    page.click("#test-page").await;
    printed(&office, "test-page-").await;

    page.press(Key::F2).await;
    page.reads_in_hand("B001").await;
    let lists = page.browser.page.find(Locator::Css(list)).await;
    assert!(
        lists.is_err(),
        "a service without papers has no list to print"
    );
    page.browser.close().await;
}

async fn printed(office: &Office, of: &str) {
    wait::until(of, async || {
        (!pictures(office, of).is_empty()).then_some(())
    })
    .await;
}
