//! A dossier system that knows nothing of our contract: it gets its own addresses, names and words,
//! over a line that both sides trust, and each scan has one effect there although it honours no key.

use crate::NO_PAPER;
use serde_json::{Value, json};
use tests::api::{Device, fresh_key};
use tests::foreign_system::{ForeignSystem, KEY, Whim};
use tests::office::Office;
use tests::wait;

/// `[intake]` with these files of the system's folder.
fn section(system: &ForeignSystem, url: &str, authority: &str, own: &str) -> String {
    format!(
        "{NO_PAPER}[intake]\nurl = \"{url}\"\ntoken_file = \"key\"\nauthority = \"{}\"\n\
         certificate = \"{}\"\nkey = \"{}\"\n{}",
        system.file(authority),
        system.file(&format!("{own}.pem")),
        system.file(&format!("{own}.key")),
        ForeignSystem::mapping()
    )
}

async fn office_with(settings: &str) -> (Office, Device) {
    let mut office = Office::furnished(settings);
    std::fs::write(office.folder().join("key"), format!("{KEY}\n")).unwrap();
    office.start().await;
    let clerk = office.device("clerk").await;
    (office, clerk)
}

async fn becomes(clerk: &Device, id: &str, state: &str) -> Value {
    wait::until(state, async || {
        let scan = clerk.get(&format!("/scans/{id}")).await.expect(200);
        (scan.text("state") == state).then_some(scan.body)
    })
    .await
}

/// What the health page says of the way out, once it says this.
async fn told(reader: &Device, words: &str) {
    wait::until(words, async || {
        let health = reader.get("/health").await.expect(200).body;
        let lines = health["items"].as_array()?;
        let line = lines.iter().find(|line| line["part"] == "intake")?;
        line["says"]["en"].as_str()?.contains(words).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_system_takes_scans_in_its_own_words_once_each() {
    let system = ForeignSystem::start().await;
    let url = system.url();
    let (mut office, clerk) = office_with(&section(&system, &url, "authority.pem", "office")).await;
    let said = office.say(&["check"]).await;
    assert!(said.contains("has no scan that never was"), "{said}");

    system.script([
        Whim::Error99,
        Whim::Error99Taken,
        Whim::CutTaken,
        Whim::Cut,
        Whim::Error99Taken,
    ]);
    let mut scans = Vec::new();
    for (number, (purpose, word)) in [
        ("receive", "TN"),
        ("supplement", "BS"),
        ("return", "TKQ"),
        ("look-up", "TC"),
    ]
    .into_iter()
    .cycle()
    .take(8)
    .enumerate()
    {
        let code = format!("H05.114-250625-{number:04}");
        let body = json!({ "code": code, "purpose": purpose, "counter": 2 });
        let scan = clerk.post("/scans", &fresh_key(), &body).await.expect(202);
        scans.push((scan.text("id").to_owned(), code, word));
    }
    let nowhere = clerk.scan("H05.114-250625-9999").await.expect(202);
    let refused = becomes(&clerk, nowhere.text("id"), "refused").await;
    assert_eq!(refused["answer"], "Không có hồ sơ này");

    for (id, code, word) in &scans {
        becomes(&clerk, id, "delivered").await;
        let book = system.book();
        let told = &book.scans[id];
        assert_eq!(told.len(), 1, "one effect, whatever it answered");
        assert_eq!(told[0]["HoSo"], json!({ "MaHoSo": code, "HanhDong": word }));
        assert_eq!(told[0]["Quay"], 2);
    }
    let book = system.book();
    assert_eq!(book.scans.len(), scans.len(), "and nothing else");
    assert_eq!(book.complaints, Vec::<String>::new());
    assert!(book.asked > 0, "what is unclear is asked back");
    drop(book);
    let log = office.daemon().log();
    assert!(!log.contains(KEY) && !log.contains("H05.114-250625"));
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_system_tells_of_dossiers_in_its_own_words() {
    let system = ForeignSystem::start().await;
    let url = system.url();
    let (mut office, clerk) = office_with(&section(&system, &url, "authority.pem", "office")).await;
    let find = async |number: &str| {
        let body = json!({ "code": format!("H05.114-250625-{number}") });
        clerk.post("/dossiers/find", &fresh_key(), &body).await
    };
    let known = find("0001").await.expect(200);
    assert_eq!(known.text("procedure"), "Đăng ký khai sinh");
    assert_eq!(known.text("state"), "in-progress");
    assert_eq!(known.text("received_on"), "2025-11-18");
    assert_eq!(known.text("due_on"), "2025-11-20");
    assert!(known.body["late_days"].as_u64().unwrap() > 300, "{known:?}");
    assert_eq!(
        known.body["steps"],
        json!([{ "name": "Tư pháp", "begun_on": "2025-11-18" }])
    );
    assert!(!known.body.to_string().contains("Nguyễn"), "{known:?}");
    let kiosk = office.device("kiosk").await;
    let own = json!({ "code": "H05.114-250625-0001", "factor": "5678" });
    let own = kiosk.post("/dossiers/look-up", &fresh_key(), &own).await;
    assert_eq!(own.expect(200).text("state"), "in-progress");

    find("9999").await.refused(404, "unknown-dossier");
    // Out of order with a 200: nothing is known, and nothing is kept of it.
    find("9998").await.refused(503, "dossiers-away");
    // It is left alone for a while; what it said before still stands.
    assert_eq!(find("0001").await.expect(200).text("state"), "in-progress");
    assert_eq!(system.book().complaints, Vec::<String>::new());
    office.stop().await;
    office.start().await;
    let clerk = clerk.at(office.url());
    let body = json!({ "code": "H05.114-250625-9997" });
    let other = clerk.post("/dossiers/find", &fresh_key(), &body).await;
    other.refused(503, "dossiers-away");
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_not_who_they_say_gets_nothing_and_staff_read_why() {
    let system = ForeignSystem::start().await;
    for (url, authority, own, word, words) in [
        (
            system.other_name(),
            "authority.pem",
            "office",
            "wrong-name",
            "for another name",
        ),
        (
            system.url(),
            "other-authority.pem",
            "office",
            "unknown-authority",
            "does not trust",
        ),
        (
            system.url(),
            "authority.pem",
            "stranger",
            "our-certificate",
            "does not accept this machine's certificate",
        ),
    ] {
        let (mut office, clerk) = office_with(&section(&system, &url, authority, own)).await;
        let scan = clerk.scan("H05.114-250625-0001").await.expect(202);
        let id = scan.text("id").to_owned();
        let reader = office.device("supervisor").await;
        told(&reader, words).await;
        let checked = office.run(&["check"]).await;
        let said = String::from_utf8_lossy(&checked.stdout).into_owned();
        assert!(!checked.status.success());
        assert!(said.contains(word), "{said}");
        becomes(&clerk, &id, "pending").await;
        assert!(system.book().scans.is_empty(), "{word}");
        assert!(office.daemon().log().contains(word));

        // Mended, and it goes by itself.
        office.stop().await;
        let url = system.url();
        office.set(&section(&system, &url, "authority.pem", "office"));
        office.start().await;
        becomes(&clerk.at(office.url()), &id, "delivered").await;
        assert_eq!(system.book().scans[&id].len(), 1);
        office.stop().await;
        system.forget();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_used_keeps_scans_here_and_citizens_get_their_numbers() {
    let system = ForeignSystem::start().await;
    let url = system.url();
    let settings = section(&system, &url, "authority.pem", "office");
    // The key of another certificate: a renewal gone wrong.
    let settings = settings.replace("office.key", "stranger.key");
    let (mut office, clerk) = office_with(&settings).await;
    office.device("kiosk").await.issue("A").await;
    let scan = clerk.scan("H05.114-250625-0001").await.expect(202);
    assert_eq!(scan.text("state"), "pending");
    let checked = office.run(&["check"]).await;
    let said = String::from_utf8_lossy(&checked.stdout).into_owned();
    let bad = "bad   intake: intake.certificate: ";
    assert!(!checked.status.success() && said.contains(bad), "{said}");
    let log = office.daemon().log();
    assert!(log.contains("intake.certificate: "), "{log}");
    office.stop().await;
}
