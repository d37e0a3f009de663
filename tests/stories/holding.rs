//! One person, one number: what a citizen card does, and that nothing of it stays. One dossier, one
//! number: what a receipt does by itself.

use crate::NO_PAPER;
use crate::erasing::{NOWHERE, holding, unpacked};
use fantoccini::key::Key;
use serde_json::{Value, json};
use tests::api::{Answer, Device, fresh_key};
use tests::clerk::Clerk;
use tests::office::Office;
use tests::wait;

/// Invented, and shaped as the card's: province, century and sex, year of birth, and the rest.
const CARD: &str = "001151000017";
const BIRTH: &str = "1951-11-23";

async fn show(device: &Device, number: &str) -> Value {
    let body = json!({ "number": number, "birth": BIRTH });
    let says = device.post("/cards", &fresh_key(), &body).await;
    says.expect(200).body
}

async fn take(device: &Device, service: &str, person: &Value, more: Value) -> Answer {
    let mut body = json!({ "service": service, "person": person });
    if let Value::Object(more) = more {
        body.as_object_mut().unwrap().extend(more);
    }
    device.post("/tickets", &fresh_key(), &body).await
}

async fn receipt(device: &Device, dossier: &str) -> Answer {
    let body = json!({ "dossier": dossier });
    device.post("/tickets", &fresh_key(), &body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_has_one_number_of_a_service_and_a_clerk_gives_one_more_for_a_reason() {
    let mut office = Office::open(NO_PAPER).await;
    let (kiosk, clerk) = (office.device("kiosk").await, office.device("clerk").await);
    let says = show(&kiosk, CARD).await;
    assert_eq!(says["held"], json!([]));
    // Born in 1951: the sample office gives priority from the age of 75.
    assert_eq!(says["suggested_class"], "priority");
    let person = &says["person"];
    let first = take(&kiosk, "A", person, json!({})).await.expect(201);
    assert_eq!(first.text("number"), "A001");
    let second = take(&kiosk, "A", person, json!({})).await;
    let second = second.refused(409, "too-many-tickets");
    assert!(second.text("detail").contains("A001"), "{second:?}");
    take(&kiosk, "B", person, json!({})).await.expect(201);
    let says = show(&kiosk, CARD).await;
    let held = json!([{ "service": "A", "number": "A001" }, { "service": "B", "number": "B001" }]);
    assert_eq!((&says["held"], &says["person"]), (&held, person));
    // Somebody else, and somebody without a card.
    let other = show(&kiosk, "001051000001").await;
    take(&kiosk, "A", &other["person"], json!({}))
        .await
        .expect(201);
    kiosk.issue("A").await;

    // A kiosk has no reasons; a clerk has, and it is on record.
    let reason = json!({ "override_reason": "lấy hộ mẹ chồng" });
    let by_kiosk = take(&kiosk, "A", person, reason.clone()).await;
    by_kiosk.refused(403, "forbidden");
    let without = take(&clerk, "A", person, json!({ "override_reason": " " })).await;
    without.refused(409, "too-many-tickets");
    let more = take(&clerk, "A", person, reason).await.expect(201);
    assert_eq!(more.text("number"), "A004");
    let story = office.say(&["journal", "why", "A004"]).await;
    assert!(
        story.contains("thêm ngoài mức mỗi người, vì: lấy hộ mẹ chồng"),
        "{story}"
    );
    office.say(&["journal", "verify"]).await;

    // After a restart it is the same person.
    office.stop().await;
    office.start().await;
    let kiosk = kiosk.at(office.url());
    let again = show(&kiosk, CARD).await;
    assert_eq!(&again["person"], person);
    take(&kiosk, "A", person, json!({}))
        .await
        .refused(409, "too-many-tickets");
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_card_and_no_person_is_refused_without_repeating_it() {
    let office = Office::open(NO_PAPER).await;
    let kiosk = office.device("kiosk").await;
    for body in [
        json!({ "number": "00115100001" }),
        json!({ "number": "001151000017|" }),
        json!({ "number": CARD, "birth": "31/12/1951" }),
        json!({ "number": CARD, "birth": "1952-01-01" }),
    ] {
        let answer = kiosk.post("/cards", &fresh_key(), &body).await;
        let answer = answer.refused(422, "not-a-card");
        assert!(
            !answer.body.to_string().contains("00115100001"),
            "{answer:?}"
        );
    }
    // A number instead of the word that stands for it never becomes a person.
    let answer = take(&kiosk, "A", &json!(CARD), json!({})).await.expect(422);
    assert!(!answer.body.to_string().contains(CARD), "{answer:?}");
    kiosk
        .post("/tickets", &fresh_key(), &json!({}))
        .await
        .expect(422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_is_in_no_file_and_its_key_dies_with_the_day_and_is_in_no_copy() {
    let mut office = Office::open(NO_PAPER).await;
    let (kiosk, admin) = (office.device("kiosk").await, office.device("admin").await);
    let says = show(&kiosk, CARD).await;
    take(&kiosk, "A", &says["person"], json!({}))
        .await
        .expect(201);
    let word = says["person"].as_str().unwrap();
    let key = office.data().join("cards/1.key");
    let secret = std::fs::read(&key).unwrap();
    for personal in [CARD, word] {
        assert_eq!(holding(office.folder(), personal.as_bytes()), NOWHERE);
    }
    let copies = office.folder().join("copies");
    office
        .say(&["journal", "backup", copies.to_str().unwrap()])
        .await;
    let copy = unpacked(&copies).await;
    assert!(copy.join("keys/1.key").exists());
    assert_eq!(holding(&copy, &secret), NOWHERE);

    admin.act("/day/close").await.expect(200);
    wait::until("the key's end", async || (!key.exists()).then_some(())).await;
    kiosk
        .post("/cards", &fresh_key(), &json!({ "number": CARD }))
        .await
        .refused(409, "day-closed");
    // What a power cut left is deleted by the next start.
    office.kill().await;
    std::fs::write(&key, &secret).unwrap();
    office.start().await;
    wait::until("the key's end", async || (!key.exists()).then_some(())).await;
    office.stop().await;
    for personal in [CARD.as_bytes(), word.as_bytes(), &secret] {
        assert_eq!(holding(office.data(), personal), NOWHERE);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_alone_is_a_number_where_results_are_handed_out_and_one_only() {
    let mut office = Office::open(NO_PAPER).await;
    let (kiosk, clerk) = (office.device("kiosk").await, office.device("clerk").await);
    let taken = receipt(&kiosk, "H05.114-250625-0002").await.expect(201);
    assert_eq!(taken.text("number"), "K001");
    // Read again, as a scanner may write it.
    let again = receipt(&kiosk, " h05.114-250625-0002 ").await;
    let again = again.refused(409, "dossier-has-ticket");
    assert_eq!(again.text("ticket"), taken.text("id"));
    let other = receipt(&kiosk, "H05.114-250625-0003").await.expect(201);
    assert_eq!(other.text("number"), "K002");
    receipt(&kiosk, "8934563138164").await.expect(422);
    // Staff may give another for whatever reason.
    let body = json!({ "service": "K", "dossier": "H05.114-250625-0002" });
    let more = clerk.post("/tickets", &fresh_key(), &body).await;
    assert_eq!(more.expect(201).text("number"), "K003");
    assert_eq!(holding(office.data(), b"250625"), NOWHERE);
    office.stop().await;

    let no_results = format!(
        "{NO_PAPER}[office]\nname = \"Phường Thử\"\n[[service]]\nletter = \"A\"\nname = \"Hộ tịch\"\n"
    );
    let office = Office::open(&no_results).await;
    let kiosk = office.device("kiosk").await;
    receipt(&kiosk, "H05.114-250625-0002")
        .await
        .refused(409, "no-result-service");
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_who_take_a_number_for_somebody_are_told_of_the_one_that_is_there() {
    let mut office = Office::open(NO_PAPER).await;
    let clerk = office.device("clerk").await;
    let page = Clerk::signed_in(office.url(), clerk.token()).await;
    page.browser.go(&format!("{}/help", office.url())).await;
    let tile = "#tiles [data-key=A] button";
    page.browser.find(tile).await;
    let scan = async || {
        page.click("#card").await;
        page.keys(&format!("{CARD}|012345678|A|23111951|\n")).await;
    };
    scan().await;
    page.browser.reads("đã chọn diện ưu tiên").await;
    page.click(tile).await;
    page.browser.reads("A001").await;
    let ticket = clerk.get("/tickets/A001").await.expect(200);
    assert_eq!(ticket.text("class"), "priority");

    wait::until("the tiles", async || {
        page.browser.push_on("#next").await;
        let tile = page.browser.find(tile).await;
        tile.is_displayed().await.ok()?.then_some(())
    })
    .await;
    scan().await;
    page.browser.reads("Người này đang có số A001").await;
    page.click(tile).await;
    page.browser
        .reads("Ông/Bà đang có số A001 của lĩnh vực này")
        .await;
    page.click("#over-reason").await;
    page.keys("lay ho me").await;
    page.press(Key::Tab).await;
    page.click(tile).await;
    page.browser.reads("A002").await;
    let story = office.say(&["journal", "why", "A002"]).await;
    assert!(story.contains("vì: lay ho me"), "{story}");
    page.browser.close().await;
    office.stop().await;
}
