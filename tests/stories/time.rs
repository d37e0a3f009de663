//! A machine without a battery clock: it serves, shows no time, and staff say what time it is.

use std::path::PathBuf;

use crate::NO_PAPER;
use serde_json::{Value, json};
use tests::api::{Device, fresh_key};
use tests::clerk::Clerk;
use tests::office::Office;
use tests::screen::Screen;
use tests::visitor::{PIN, added, first_admin};
use tests::wait;

const OFFICE: &str = r#"
    [office]
    name = "Phường Thử"
    [[service]]
    letter = "A"
    name = "Hộ tịch"
    [[service]]
    letter = "B"
    name = "Đất đai"
    [[counter]]
    number = 1
    services = ["A", "B"]
"#;

/// Monday morning, as the office writes it.
const MONDAY: &str = "2026-11-30T07:28:00+07:00";

/// So long that no number in a file is it by chance.
const LONG_PIN: &str = "604829137502";

async fn confirm(device: &Device, now: &str) -> tests::api::Answer {
    let body = json!({ "now": now });
    device.post("/time", &fresh_key(), &body).await
}

/// Height in pixels of the one slip with this number.
async fn slip_height(office: &Office, number: &str) -> u32 {
    let folder = office.data().join("slips");
    let picture: PathBuf = wait::until(number, async || {
        let mut files = std::fs::read_dir(&folder).ok()?.map(|e| e.unwrap().path());
        files.find(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            name.starts_with(number) && name.ends_with(".png")
        })
    })
    .await;
    // Signature, length and name of the first chunk, width, height.
    let bytes = std::fs::read(picture).unwrap();
    u32::from_be_bytes(bytes[20..24].try_into().unwrap())
}

fn known(state: &Value) -> bool {
    state["clock"]["known"] == true
}

#[tokio::test(flavor = "multi_thread")]
async fn once_a_clerk_has_confirmed_the_time_slips_and_screens_have_it() {
    let mut office = Office::without_a_clock(OFFICE);
    office.start().await;
    let (kiosk, clerk) = (office.device("kiosk").await, office.device("clerk").await);
    let before = kiosk.issue("A").await;
    assert_eq!(before["issued_at"], Value::Null);
    let time = clerk.get("/time").await.expect(200).body;
    assert_eq!(time["known"], false);
    assert_eq!(
        (&time["source"], &time["now"]),
        (&Value::Null, &Value::Null)
    );
    assert!(!known(&kiosk.queue().await));
    assert_eq!(kiosk.queue().await["day"]["date"], Value::Null);

    // In a real browser: the bar asks, one touch on "Đúng" answers.
    let page = Clerk::signed_in(office.url(), clerk.token()).await;
    page.sit_at(1).await;
    page.browser.reads("Hôm nay là ").await;
    page.browser.reads("Đúng không?").await;
    page.click("#time-right").await;
    page.browser.reads("Đã ghi nhận ngày giờ").await;
    kiosk.queue_when("the time", known).await;

    let time = clerk.get("/time").await.expect(200).body;
    assert_eq!(time["source"], "staff");
    let now: String = time["now"].as_str().unwrap().to_owned();
    let after = kiosk.issue("B").await;
    assert_eq!(after["issued_at"].as_str().unwrap()[..16], now[..16]);
    let date = kiosk.queue().await["day"]["date"].clone();
    assert_eq!(
        date.as_str(),
        Some(&now[..10]),
        "the day has learnt its date"
    );
    let heights = (
        slip_height(&office, "A001").await,
        slip_height(&office, "B001").await,
    );
    assert!(heights.0 < heights.1, "a line with the time: {heights:?}");

    // The lobby's clock, which was silent before, and a page that does not ask any more.
    page.browser.go(&format!("{}/lobby", office.url())).await;
    page.browser.reads(" giờ").await;
    page.browser.go(&format!("{}/time", office.url())).await;
    page.browser.reads("Theo xác nhận của cán bộ").await;
    assert!(!page.browser.text().await.contains("Đúng không?"));
    page.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn staffs_word_holds_over_a_restart_of_the_program_and_sets_the_date_of_answers() {
    let mut office = Office::without_a_clock(NO_PAPER);
    office.start().await;
    let clerk = office.device("clerk").await;
    let supervisor = office.device("supervisor").await;
    let history = supervisor.get("/office/history").await.expect(200).body;
    assert_eq!(history["items"][0]["at"], Value::Null, "nobody knows yet");
    let told = confirm(&clerk, MONDAY).await.expect(200).body;
    assert!(
        told["now"]
            .as_str()
            .unwrap()
            .starts_with("2026-11-30T07:28")
    );
    office.stop().await;
    office.start().await;
    let clerk = clerk.at(office.url());
    let time = clerk.get("/time").await.expect(200).body;
    assert_eq!(time["source"], "staff");
    let answer = clerk.request("GET", "/api/v1/queue").send().await.unwrap();
    let date = answer.headers()["date"].to_str().unwrap().to_owned();
    assert!(date.starts_with("Mon, 30 Nov 2026 00:"), "{date}");
    assert!(known(&clerk.queue().await));
    // What was done before staff said so is dated by their word too, not by the machine's clock.
    let supervisor = supervisor.at(office.url());
    let history = supervisor.get("/office/history").await.expect(200).body;
    let at = history["items"][0]["at"].as_str().unwrap();
    assert!(at.starts_with("2026-11-30T07:2"), "{at}");
    office.say(&["journal", "verify"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_that_cannot_be_is_refused_and_a_mistaken_one_is_put_right() {
    let mut office = Office::without_a_clock(NO_PAPER);
    office.start().await;
    let clerk = office.device("clerk").await;
    for (now, code) in [
        ("2026-10-01T07:28:00+07:00", "time-implausible"),
        ("2066-11-30T07:28:00+07:00", "time-implausible"),
        ("1970-01-01T00:00:00Z", "time-implausible"),
        ("30/11/2026 7:28", "time-unreadable"),
    ] {
        confirm(&clerk, now).await.refused(422, code);
    }
    assert_eq!(clerk.get("/time").await.body["known"], false);

    // The office's own time needs no offset. Next year by mistake, as one does in December.
    confirm(&clerk, "2027-11-30T07:28").await.expect(200);
    let back = confirm(&clerk, "2026-11-30T07:29").await;
    let back = back.refused(409, "date-back");
    assert!(back.text("detail").contains("30/11/2027"), "{back:?}");
    let sure = json!({ "now": "2026-11-30T07:29", "sure": true });
    let key = fresh_key();
    for _ in 0..2 {
        let time = clerk.post("/time", &key, &sure).await.expect(200);
        assert!(time.text("now").starts_with("2026-11-30T07:29"), "{time:?}");
    }
    let dated = |state: &Value| state["day"]["date"] == "2026-11-30";
    clerk.queue_when("the right date", dated).await;
    let far = confirm(&clerk, "2027-11-30T07:30").await;
    far.refused(409, "date-far");

    // Where the clock is kept in step from outside nobody need say anything.
    let office = Office::open(NO_PAPER).await;
    let clerk = office.device("clerk").await;
    confirm(&clerk, MONDAY).await.refused(409, "time-kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn at_the_kiosk_a_person_signs_with_number_and_pin() {
    let mut office = Office::without_a_clock(NO_PAPER);
    office.start().await;
    let admin = first_admin(&office).await;
    let id = added(&admin, "Lê Văn An", "clerk").await;
    let pin = json!({ "pin": LONG_PIN });
    let path = format!("/people/{id}/pin");
    admin.act(&path, &pin).await.expect(200);
    let kiosk = office.device("kiosk").await;
    confirm(&kiosk, MONDAY).await.refused(403, "forbidden");
    let signed = |pin: &str| json!({ "now": MONDAY, "signed": { "person": id, "pin": pin } });
    for _ in 0..5 {
        let wrong = kiosk.post("/time", &fresh_key(), &signed("604827")).await;
        wrong.refused(403, "wrong-pin");
    }
    let locked = kiosk.post("/time", &fresh_key(), &signed(LONG_PIN)).await;
    let locked = locked.refused(429, "locked-out");
    assert!(locked.text("detail").contains("Please wait"), "{locked:?}");
    assert_eq!(kiosk.get("/time").await.body["known"], false);

    admin
        .act(&format!("/people/{id}/unlock"), &json!({}))
        .await
        .expect(200);
    let key = fresh_key();
    kiosk
        .post("/time", &key, &signed(LONG_PIN))
        .await
        .expect(200);
    assert_eq!(kiosk.get("/time").await.body["source"], "staff");
    // Signing is no sign-in, and its PIN is kept nowhere.
    kiosk
        .act("/counters/1/open")
        .await
        .refused(403, "forbidden");
    office.stop().await;
    for file in std::fs::read_dir(office.data()).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap_or_default();
        let mut windows = bytes.windows(LONG_PIN.len());
        let found = windows.any(|window| window == LONG_PIN.as_bytes());
        assert!(!found, "{}", path.display());
    }
}

/// The pad on the touch screen, by the words on it.
struct Pad {
    /// The middle of "erase": fourth row, first column.
    erase: (i32, i32),
    /// The third column.
    next_x: i32,
}

/// From one row of keys to the next: 30 mm and the gap, on 22 inches of 1080x1920 pixels.
const ROW: i32 = 135;

impl Pad {
    fn key(&self, digit: char) -> (i32, i32) {
        let place = match digit {
            '0' => 10,
            digit => digit.to_digit(10).unwrap() as i32 - 1,
        };
        let (row, column) = (place / 3, place % 3);
        let (left, right) = (self.erase.0, self.next_x);
        let x = left + (right - left) * column / 2;
        (x, self.erase.1 - (3 - row) * ROW)
    }

    fn next(&self) -> (i32, i32) {
        (self.next_x, self.erase.1)
    }
}

async fn typed(screen: &Screen, pad: &Pad, digits: &str) {
    for digit in digits.chars() {
        screen.touch(pad.key(digit)).await;
    }
    screen.touch(pad.next()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finger_that_rests_in_the_corner_opens_the_date_check_and_a_wrong_pin_sets_nothing() {
    let mut office = Office::without_a_clock(NO_PAPER);
    office.start().await;
    let admin = first_admin(&office).await;
    let id = added(&admin, "Lê Văn An", "clerk").await;
    let kiosk = office.device("kiosk").await;
    let screen = Screen::on(1080, 1920).await;
    let _touch = screen.window(&office, "touch", "").await;
    screen.find(&["tịch", "tich"]).await;
    screen.rest((40, 40)).await;
    let change = screen.find(&["Sửa", "Sua"]).await;
    screen.lift().await;

    // "Right" stands beside it, white on blue, which the reading machine cannot read; then
    // number and PIN.
    let right = (1080 - change.middle.0, change.middle.1);
    screen.touch(right).await;
    let erase = screen.find(&["Xóa", "Xoá", "Xoa"]).await;
    let pad = Pad {
        erase: erase.middle,
        next_x: 1080 - erase.middle.0,
    };
    typed(&screen, &pad, &id).await;
    screen.find(&["PIN"]).await;
    typed(&screen, &pad, "604827").await;
    screen.find(&["chưa", "chua"]).await;
    assert!(!known(&kiosk.queue().await));

    typed(&screen, &pad, PIN).await;
    kiosk.queue_when("the time", known).await;
    assert_eq!(kiosk.get("/time").await.body["source"], "staff");
    // Back among the citizens, with a clock.
    screen.find(&["tịch", "tich"]).await;
    screen.find(&["giờ", "gio"]).await;
}
