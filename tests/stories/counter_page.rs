//! What a clerk sees and hears at the counter page about scans: what they are for, what became of
//! them, and which dossier a ticket was taken for.

use crate::NO_PAPER;
use fantoccini::key::Key;
use scanner::{ScanPurpose, purpose_text};
use serde_json::json;
use tests::api::{Device, fresh_key};
use tests::clerk::Clerk;
use tests::office::Office;
use tests::wait;

/// Somebody at counter 1, which is open.
async fn at_counter_one(office: &Office, token: &str) -> Clerk {
    let page = Clerk::signed_in(office.url(), token).await;
    page.sit_at(1).await;
    page
}

#[tokio::test(flavor = "multi_thread")]
async fn every_purpose_barcode_of_the_sheet_is_known_to_the_page() {
    let mut office = Office::open(NO_PAPER).await;
    let clerk = office.device("clerk").await;
    let page = at_counter_one(&office, clerk.token()).await;
    let names = ["Tiếp nhận", "Bổ sung hồ sơ", "Trả kết quả", "Tra cứu"];
    for (purpose, name) in ScanPurpose::ALL.into_iter().zip(names) {
        page.keys(&format!("{}\n", purpose_text(purpose))).await;
        page.browser.reads(&format!("Mã tiếp theo: {name}")).await;
        page.browser.reads(&format!("Chế độ: {name}")).await;
    }
    assert_eq!(page.unsent().await, 0, "no code of a dossier");
    page.browser.close().await;
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purpose_barcode_counts_for_the_ticket_in_hand_also_without_a_server() {
    let mut office = Office::furnished(NO_PAPER);
    // The same address after the power cut.
    office.listen_on(&free_address());
    office.start().await;
    let kiosk = office.device("kiosk").await;
    kiosk.issue("A").await;
    kiosk.issue("A").await;
    let clerk = office.device("clerk").await;
    let page = at_counter_one(&office, clerk.token()).await;
    page.press(Key::F2).await;
    page.reads_in_hand("A001").await;
    page.browser.reads("Chế độ: Tiếp nhận").await;

    page.keys("H05.114-250625-0001\nMC-M3\nH05.114-250625-0002\n")
        .await;
    page.browser.reads("Chế độ: Trả kết quả").await;
    page.browser
        .reads("H05.114-250625-0002 · Đã lưu tại máy")
        .await;
    // The next citizen comes for something else. Called from elsewhere: a story is so fast that the
    // page would take a second F2 for a bounce of the first.
    clerk.act("/counters/1/next").await.expect(200);
    page.reads_in_hand("A002").await;
    page.browser.reads("Chế độ: Tiếp nhận").await;
    office.kill().await;
    page.keys("mc-m2\nH05.114-250625-0003\n").await;
    page.browser.reads("Chế độ: Bổ sung hồ sơ").await;
    office.start().await;
    page.browser
        .reads("H05.114-250625-0003 · Đã lưu tại máy")
        .await;

    let scans = clerk_again(&office, &clerk)
        .get("/scans")
        .await
        .expect(200)
        .body;
    let scans = scans["items"].as_array().unwrap().iter();
    let purposes: Vec<&str> = scans
        .map(|scan| scan["purpose"].as_str().unwrap())
        .collect();
    assert_eq!(purposes, ["receive", "return", "supplement"]);
    page.browser.close().await;
    office.stop().await;
}

/// A free port of this machine.
fn free_address() -> String {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    taken.local_addr().unwrap().to_string()
}

/// The same device at a daemon that has started anew.
fn clerk_again(office: &Office, clerk: &Device) -> Device {
    Device::new(office.url(), Some(clerk.token()))
}

/// Counts the tones a page begins, by their pitch in hertz.
const EAR: &str = "window.heard = []; const start = OscillatorNode.prototype.start; \
    OscillatorNode.prototype.start = function (...when) { window.heard.push(this.frequency.value); return start.apply(this, when); };";

#[tokio::test(flavor = "multi_thread")]
async fn taken_again_and_refused_are_heard_unless_the_clerk_wants_silence() {
    let mut office = Office::open(NO_PAPER).await;
    let clerk = office.device("clerk").await;
    let page = Clerk::signed_in(office.url(), clerk.token()).await;
    page.browser.prepare(EAR).await;
    page.sit_at(1).await;
    let heard = async |tones: usize| {
        wait::until("the tones", async || {
            let pitches = page
                .browser
                .run("return window.heard.map(Math.round)")
                .await;
            (pitches.as_array()?.len() == tones).then_some(pitches)
        })
        .await
    };
    page.keys("H05.114-250625-0001\n").await;
    assert_eq!(heard(1).await, json!([1047]), "one high: taken");
    page.keys("H05.114-250625-0002\n").await;
    heard(2).await;
    // Read before today, at another counter.
    let other = office.device("clerk").await;
    other.scan("H05.114-250625-0003").await.expect(202);
    page.keys("H05.114-250625-0003\n").await;
    assert_eq!(
        heard(4).await,
        json!([1047, 1047, 659, 659]),
        "two equal: again"
    );
    page.keys("8934563138164\n").await;
    assert_eq!(heard(6).await[4], 220, "two low: refused");

    page.browser.push("Máy quét và âm thanh").await;
    page.browser.push("Tắt âm thanh").await;
    page.browser.reads("Âm thanh: đã tắt").await;
    page.keys("H05.114-250625-0004\n").await;
    page.browser
        .reads("H05.114-250625-0004 · Đã lưu tại máy")
        .await;
    assert_eq!(heard(6).await.as_array().unwrap().len(), 6);
    // This browser remembers it.
    page.browser.page.refresh().await.unwrap();
    page.browser.reads("Âm thanh: đã tắt").await;
    page.browser.push("Máy quét và âm thanh").await;
    page.browser.push("Bật âm thanh").await;
    page.keys("H05.114-250625-0005\n").await;
    assert_eq!(heard(1).await, json!([1047]));
    page.browser.close().await;
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clerk_sees_the_dossier_of_a_ticket_before_calling_it() {
    let mut office = Office::open(NO_PAPER).await;
    let kiosk = office.device("kiosk").await;
    let clerk = office.device("clerk").await;
    let key = fresh_key();
    let body = json!({ "service": "A", "dossier": "H05.114-250625-0007" });
    kiosk.post("/tickets", &key, &body).await.expect(201);
    let page = at_counter_one(&office, clerk.token()).await;
    let queue = page.browser.find("#queue").await;
    wait::until("the dossier in the line", async || {
        queue
            .text()
            .await
            .ok()?
            .contains("Hồ sơ H05.114-250625-0007")
            .then_some(())
    })
    .await;
    page.press(Key::F2).await;
    page.reads_in_hand("A001").await;
    page.reads_in_hand("H05.114-250625-0007 (lấy số bằng giấy hẹn)")
        .await;
    // Nobody else hears of it.
    let open = office.passer_by().get("/queue").await.expect(200);
    assert!(!open.body.to_string().contains("250625-0007"));
    let seen = kiosk.get("/tickets/A001").await;
    assert!(
        !seen.body.to_string().contains("250625-0007"),
        "{:?}",
        seen.body
    );
    page.browser.close().await;
    office.stop().await;
}
