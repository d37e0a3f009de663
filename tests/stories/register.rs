//! The scan register (*Sổ quét hồ sơ*): every scan of a day with what became of it, on the page,
//! on paper and in a workbook, also where no dossier software is.

use crate::NO_PAPER;
use fantoccini::wd::{PrintConfiguration, PrintMargins, PrintSize};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Instant;
use tests::api::{Device, fresh_key, sent};
use tests::clerk::Clerk;
use tests::fake_intake::{Act, FakeIntake};
use tests::office::Office;
use tests::{tools, wait};
use tokio::task::JoinSet;

const REASON: &str = "hồ sơ chưa có trên phần mềm";

fn dossier(number: usize) -> String {
    format!("H05.114-250625-{number:06}")
}

/// The register once it has so many scans, which takes the ledger a second or two.
async fn register(clerk: &Device, query: &str, total: u64) -> Value {
    wait::until("the register", async || {
        let answer = clerk.get(&format!("/register{query}")).await;
        let full = answer.status == 200
            && answer.body["behind"] == 0
            && answer.body["total"] == total
            && !answer.body.to_string().contains("\"pending\"");
        full.then_some(answer.body)
    })
    .await
}

/// Five scans: delivered, refused, delivered again for another clerk, with a ticket in hand, and
/// looked up without a counter.
async fn a_day(office: &Office, intake: &FakeIntake) -> Device {
    let (clerk, other) = (office.device("clerk").await, office.device("clerk").await);
    intake.always_for(&dossier(2), Act::Refuse422(REASON.into()));
    let scan = async |device: &Device, body: Value| {
        device.post("/scans", &fresh_key(), &body).await.expect(202);
    };
    scan(&clerk, json!({ "code": dossier(1), "counter": 1 })).await;
    scan(&clerk, json!({ "code": dossier(2), "counter": 1 })).await;
    let again = json!({ "code": dossier(1), "counter": 2, "purpose": "return" });
    scan(&other, again).await;
    office.device("kiosk").await.issue("A").await;
    clerk.act("/counters/1/open").await.expect(200);
    clerk.act("/counters/1/call").await.expect(200);
    scan(&clerk, json!({ "code": dossier(3), "counter": 1 })).await;
    scan(&clerk, json!({ "code": dossier(4), "purpose": "look-up" })).await;
    clerk
}

async fn office_with(intake: &FakeIntake) -> Office {
    Office::open(&format!("{NO_PAPER}[intake]\nurl = \"{}\"\n", intake.url())).await
}

/// The members of every item, as one would read them down a column.
fn column(register: &Value, member: &str) -> Vec<Value> {
    let items = register["items"].as_array().unwrap().iter();
    items.map(|item| item[member].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_scan_of_the_day_stands_in_the_register_with_what_became_of_it() {
    let intake = FakeIntake::start().await.unwrap();
    let office = office_with(&intake).await;
    let clerk = a_day(&office, &intake).await;
    let day = register(&clerk, "", 5).await;
    assert_eq!(column(&day, "number"), [1, 2, 3, 4, 5].map(Value::from));
    let dossiers = [1, 2, 1, 3, 4].map(|n| json!(dossier(n)));
    assert_eq!(column(&day, "dossier"), dossiers);
    let purposes = ["receive", "receive", "return", "receive", "look-up"];
    assert_eq!(column(&day, "purpose"), purposes.map(Value::from));
    assert_eq!(day["items"][1]["state"], "refused");
    assert_eq!(day["items"][1]["answer"], REASON);
    assert_eq!(day["items"][3]["ticket"], "A001");
    assert_eq!(day["items"][2]["repeat"], true);
    assert_eq!(day["items"][4]["counter"], Value::Null);
    let counts = day["counts"].as_array().unwrap().iter();
    let added: u64 = counts.map(|count| count["scans"].as_u64().unwrap()).sum();
    assert_eq!(added, 5, "{day}");

    // A part of the day keeps its lines' numbers.
    for (query, numbers) in [
        ("?counter=1", vec![1, 2, 4]),
        ("?counter=2", vec![3]),
        ("?purpose=receive&state=delivered", vec![1, 4]),
        ("?state=refused", vec![2]),
        ("?after=3", vec![4, 5]),
        ("?day=1&purpose=return", vec![3]),
        ("?state=unknown", vec![]),
    ] {
        let part = clerk.get(&format!("/register{query}")).await.expect(200);
        let numbers: Vec<_> = numbers.into_iter().map(Value::from).collect();
        assert_eq!(column(&part.body, "number"), numbers, "{query}");
    }
    for (query, status) in [
        ("?day=yesterday", 422),
        ("?state=lost", 422),
        ("?purpose=lost", 400),
        ("?day=2000-01-01", 404),
        ("?day=7", 404),
        ("?dossier=1", 400),
    ] {
        let answer = clerk.get(&format!("/register{query}")).await;
        assert_eq!(answer.status, status, "{query}");
    }

    let date = day["date"].as_str().unwrap();
    let path = format!("/register.xlsx?day={date}&lang=vi");
    let book = clerk.request("GET", &path).send().await.unwrap();
    let name = book.headers()["content-disposition"].to_str().unwrap();
    assert_eq!(
        name,
        format!("attachment; filename=\"so-quet-ho-so-{date}.xlsx\"")
    );
    let file = office.folder().join("book.xlsx");
    std::fs::write(&file, book.bytes().await.unwrap()).unwrap();
    let written = tools::read_workbook(&file).await;
    for text in [
        &dossier(4),
        REASON,
        "Phần mềm chưa nhận",
        "Cộng",
        "A001",
        "landscape",
    ] {
        assert!(written.contains(text), "{text}");
    }

    // The same at the command line, for scripts.
    let lines = office.say(&["report", "register", "--csv"]).await;
    let refused = lines.lines().find(|line| line.starts_with("2,")).unwrap();
    let expected = format!(",{},receive,1,,refused,{REASON},", dossier(2));
    assert!(refused.contains(&expected), "{refused}");
    let told = office
        .say(&["report", "register", date, "--language", "en"])
        .await;
    assert!(
        told.contains("Scan register") && told.contains("Not accepted"),
        "{told}"
    );

    let looks = std::fs::read_to_string(office.data().join("access.log")).unwrap();
    assert!(looks.contains("GET /api/v1/register"), "{looks}");
    assert!(looks.contains("GET /register.xlsx"), "{looks}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_finds_prints_and_signs_the_day() {
    let intake = FakeIntake::start().await.unwrap();
    let office = office_with(&intake).await;
    let device = a_day(&office, &intake).await;
    register(&device, "", 5).await;
    let clerk = Clerk::signed_in(office.url(), device.token()).await;
    let page = &clerk.browser;
    page.go(&format!("{}/register", office.url())).await;
    page.reads("Sổ quét hồ sơ").await;
    page.reads(&dossier(4)).await;
    page.reads(REASON).await;
    page.find("select[name=state] option[value=refused]")
        .await
        .click()
        .await
        .unwrap();
    clerk.click(".choice button").await;
    page.reads("Chỉ gồm: Phần mềm chưa nhận").await;
    assert!(!page.text().await.contains(&dossier(4)));
    clerk.click("#language").await;
    page.reads("Only: Not accepted").await;
    clerk.click("#a4").await;
    page.reads("Back to the register").await;
    let address = page.page.current_url().await.unwrap();
    assert!(address.as_str().contains("state=refused"), "{address}");
    assert!(!address.as_str().contains("H05"), "{address}");
    clerk.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_of_thousands_of_scans_is_read_page_by_page() {
    let scans = crate::rounds(1_200, 10_000);
    let office = Office::open(NO_PAPER).await;
    let clerk = office.device("clerk").await;
    let mut desks = JoinSet::new();
    for desk in 0..24 {
        let clerk = clerk.clone();
        desks.spawn(async move {
            for number in (desk..scans).step_by(24) {
                clerk.scan(&dossier(number)).await.expect(202);
            }
        });
    }
    while let Some(desk) = desks.join_next().await {
        desk.unwrap();
    }
    register(&clerk, "", scans as u64).await;
    let begun = Instant::now();
    let mut seen = BTreeSet::new();
    let mut after = json!(0);
    while after.is_u64() {
        let part = clerk.get(&format!("/register?after={after}")).await;
        let part = part.expect(200).body;
        let items = part["items"].as_array().unwrap().iter();
        for item in items {
            let fresh = seen.insert(item["dossier"].as_str().unwrap().to_owned());
            assert!(fresh, "{item}");
            assert_eq!(item["number"], seen.len(), "{item}");
        }
        after = part["next"].clone();
    }
    assert_eq!(seen.len(), scans);
    println!("{scans} scans read page by page in {:?}", begun.elapsed());

    let pages = scans.div_ceil(100);
    for path in [
        "/register".to_owned(),
        format!("/register?page={pages}"),
        "/register/print".to_owned(),
        "/register.xlsx".to_owned(),
    ] {
        let begun = Instant::now();
        let answer = sent(clerk.request("GET", &path)).await.unwrap().expect(200);
        println!("{path}: {:?}", begun.elapsed());
        let lines = answer.body.as_str().unwrap().matches("H05.114-").count();
        let expected = match path.as_str() {
            "/register/print" => scans,
            "/register.xlsx" => continue,
            _ => 100,
        };
        assert_eq!(lines, expected, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_sheet_of_a_printed_register_is_a4_across_and_all_lines_are_on_them() {
    let office = Office::open(NO_PAPER).await;
    let device = office.device("clerk").await;
    for number in 0..120 {
        device.scan(&dossier(number)).await.expect(202);
    }
    register(&device, "", 120).await;
    let clerk = Clerk::signed_in(office.url(), device.token()).await;
    clerk
        .browser
        .go(&format!("{}/register/print", office.url()))
        .await;
    clerk.browser.find("#print").await;
    let size = PrintSize {
        width: 29.7,
        height: 21.0,
    };
    let margins = PrintMargins {
        top: 1.1,
        bottom: 1.4,
        left: 1.2,
        right: 1.2,
    };
    let form = PrintConfiguration::builder().size(size).margins(margins);
    let sheets = clerk.browser.page.print(form.build().unwrap()).await;
    let pdf = sheets.unwrap();
    let text = String::from_utf8_lossy(&pdf);
    let pages = text.matches("/Type /Page").count() - text.matches("/Type /Pages").count();
    assert!((3..=6).contains(&pages), "{pages}");
    clerk.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_scanned_after_closing_stands_under_the_next_day() {
    let office = Office::open(NO_PAPER).await;
    let (clerk, supervisor) = (
        office.device("clerk").await,
        office.device("supervisor").await,
    );
    clerk.scan(&dossier(1)).await.expect(202);
    supervisor.act("/day/close").await.expect(200);
    clerk.scan(&dossier(2)).await.expect(202);
    let today = wait::until("the register", async || {
        let today = clerk.get("/register").await;
        (today.status == 200 && today.body["for_next_day"] == 1).then_some(today.body)
    })
    .await;
    assert_eq!(column(&today, "dossier"), [json!(dossier(1))]);
    let next = today["day"].as_u64().unwrap() + 1;
    let next = clerk
        .get(&format!("/register?day={next}"))
        .await
        .expect(200);
    assert_eq!(column(&next.body, "dossier"), [json!(dossier(2))]);
    assert_eq!(next.body["date"], Value::Null);
    let page = sent(clerk.request("GET", "/register")).await.unwrap();
    let page = page.expect(200).body;
    assert!(page.as_str().unwrap().contains("ngày làm việc tiếp theo"));
}
