//! Staff take a number for somebody (*lấy số hộ*) at a tablet or a counter PC.

use std::time::{SystemTime, UNIX_EPOCH};

use fantoccini::Locator;
use serde_json::{Value, json};
use tests::api::fresh_key;
use tests::clerk::Clerk;
use tests::office::Office;
use tests::wait;

/// An office where it is about noon, so that its one minute of hours is far away.
fn settings() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let offset = 12 - i64::try_from(since.as_secs() / 3600 % 24).unwrap();
    let sign = if offset < 0 { '-' } else { '+' };
    format!(
        "[office]\ntime_zone = \"{sign}{:02}:00\"\n{OFFICE}",
        offset.abs()
    )
}

const OFFICE: &str = r#"
    name = "Phường Thử"
    languages = ["vi", "en"]
    [[hours]]
    days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    from = "03:00"
    to = "03:01"
    [[service]]
    letter = "A"
    name = { vi = "Hộ tịch", en = "Civil status" }
    [[service]]
    letter = "B"
    name = { vi = "Đất đai", en = "Land" }
    [[counter]]
    number = 1
    services = ["A", "B"]
    [[class]]
    id = "elderly"
    name = { vi = "người cao tuổi", en = "elderly" }
"#;

const TILE: &str = "#tiles [data-key=A] button";

async fn given_out(clerk: &tests::api::Device, letter: &str) -> u64 {
    let state = clerk.queue().await;
    state["services"][letter]["waiting"].as_u64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_double_tap_a_reload_and_a_lost_answer_are_one_number() {
    let mut office = Office::open(&settings()).await;
    let (clerk, supervisor) = (
        office.device("clerk").await,
        office.device("supervisor").await,
    );
    // Outside the hours, as at noon; while the day is open staff may.
    supervisor.act("/day/open").await;
    let page = Clerk::signed_in(office.url(), clerk.token()).await;
    let browser = &page.browser;
    let help = format!("{}/help", office.url());
    browser.go(&help).await;
    browser.find(TILE).await;
    let twice = format!("const t = document.querySelector('{TILE}'); t.click(); t.click();");
    let run = async |script: &str| browser.page.execute(script, Vec::new()).await.unwrap();
    run(&twice).await;
    browser.reads("A001").await;
    browser.reads("Lấy khi máy lấy số không phát số").await;
    browser.reads("Mời người dân lấy phiếu").await;
    // A reload shows the same number again, and no other was given out.
    browser.go(&help).await;
    browser.reads("A001").await;
    assert_eq!(given_out(&clerk, "A").await, 1);

    // For the next citizen: priority, in English, and the answer gets lost.
    wait::until("the tiles", async || {
        run("document.querySelector('#next').click()").await;
        let tile = browser.page.find(Locator::Css(TILE)).await.ok()?;
        tile.is_displayed().await.ok()?.then_some(())
    })
    .await;
    let choose = "document.querySelector('#classes [value=elderly]').click();\
        document.querySelector('#languages [value=en]').click();";
    run(choose).await;
    let cut = "const real = window.fetch; window.cut = 2;\
        window.fetch = (path, how) => {\
          const sent = real(path, how);\
          if (how && how.method === 'POST' && window.cut > 0) { window.cut -= 1; return sent.then(() => { throw new TypeError('cut'); }); }\
          return sent; };";
    run(cut).await;
    run(&format!("document.querySelector('{TILE}').click()")).await;
    browser.reads("A002").await;
    let ticket = clerk.get("/tickets/A002").await.expect(200).body;
    assert_eq!(
        (&ticket["class"], &ticket["language"]),
        (&json!("elderly"), &json!("en"))
    );
    assert_eq!(given_out(&clerk, "A").await, 2);

    // The wrong tile: the old number is void, the new one stays for the same citizen.
    page.click("#change").await;
    page.click("#tiles [data-key=B] button").await;
    browser.reads("B001").await;
    let ticket = clerk.get("/tickets/B001").await.expect(200).body;
    assert_eq!(ticket["class"], "elderly");
    assert_eq!(clerk.get("/tickets/A002").await.body["state"], "void");
    page.click("#cancel").await;
    page.click("#cancel").await;
    browser.reads("Đã hủy số B001").await;
    assert_eq!(clerk.get("/tickets/B001").await.body["state"], "cancelled");
    page.browser.close().await;

    // With the day closed nobody gives out numbers.
    supervisor.act("/day/close").await.expect(200);
    let late = clerk
        .post("/tickets", &fresh_key(), &json!({ "service": "A" }))
        .await;
    assert_eq!(late.status, 409, "{:?}", Value::from(late.text("detail")));
    office.stop().await;
}
