//! What a clerk sees at the counter page about scans and dossiers.

use crate::NO_PAPER;
use fantoccini::key::Key;
use serde_json::json;
use tests::api::fresh_key;
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
