//! A whole office in browsers alone, never a file: from the one-time link to three services, two
//! clerks and a screen, then a day of a hundred citizens with a pause, a wrong holiday, noon and
//! closing. Its figures are what another program counts from the record.

use fantoccini::key::Key;
use serde_json::{Value, json};
use tests::api::{Device, fresh_key, sent};
use tests::browser::Browser;
use tests::chance::Chance;
use tests::clerk::Clerk;
use tests::office::Office;
use tests::visitor::PIN;
use tests::wait;

const CITIZENS: usize = 100;
const SERVICES: [&str; 3] = ["A", "B", "C"];
/// The second clerk is told another PIN than the first.
const PINS: [&str; 2] = ["739402", "618305"];

/// A Monday, told by staff: the machine of this story believes no clock.
async fn it_is(device: &Device, time: &str) {
    let body = json!({ "now": format!("2026-11-30T{time}") });
    device.post("/time", &fresh_key(), &body).await.expect(200);
}

/// From the link on the console to an admin at a browser.
async fn first_admin(office: &Office) -> Browser {
    let link = office.say(&["admin-link"]).await;
    let (_, path) = link.trim().split_once("/admin/").unwrap();
    let page = Browser::open().await;
    page.go(&format!("{}/admin/{path}", office.url())).await;
    page.write("Họ và tên", "Trần Thị Quản").await;
    page.write("Chọn PIN", PIN).await;
    page.write("Nhập lại PIN", PIN).await;
    page.push("Tạo và đăng nhập").await;
    page
}

/// Two clerks on the list, three services and two counters in the settings, office hours.
async fn furnish(page: &Browser, office: &Office) {
    for (name, pin) in ["Nguyễn Văn An", "Lê Thị Bình"].into_iter().zip(PINS) {
        page.write("Họ và tên", name).await;
        page.write("PIN ban đầu", pin).await;
        page.push("Thêm").await;
        page.reads(name).await;
    }
    page.go(&format!("{}/admin/settings", office.url())).await;
    page.write("Tên cơ quan · tiếng Việt", "UBND phường Hồng Hà")
        .await;
    page.push("Lĩnh vực").await;
    for letter in ["H", "K", "E"] {
        let remove = format!("[aria-label^=\"Xóa: {letter} ·\"]");
        page.push_on(&remove).await;
    }
    page.push("Quầy").await;
    for n in [4, 3] {
        let remove = format!("[aria-label=\"Xóa: Quầy số {n}\"]");
        page.push_on(&remove).await;
    }
    page.push("Giờ và ngày nghỉ").await;
    let usual = "[aria-label=\"Điền giờ hành chính: Giờ phát số\"]";
    page.push_on(usual).await;
    page.push("Áp dụng").await;
    page.reads("Đã áp dụng").await;
}

/// A touch screen comes in: it shows a code, the admin types it.
async fn touch_screen(page: &Browser, office: &Office) -> Device {
    let screen = office.passer_by();
    let request = screen.request("POST", "/api/v1/enrolments");
    let asked = sent(request.json(&json!({ "kind": "touch" })))
        .await
        .unwrap()
        .expect(201);
    page.go(&format!("{}/admin/devices", office.url())).await;
    page.write("Mã trên thiết bị", asked.text("code")).await;
    page.write("Tên để nhận ra thiết bị", "Cửa chính").await;
    page.push("Ghi nhận").await;
    page.find("#devices li").await;
    let path = format!("/api/v1/enrolments/{}", asked.text("id"));
    let standing = screen.request("GET", &path);
    let standing = standing.header("Enrolment-Secret", asked.text("secret"));
    let standing = sent(standing).await.unwrap().expect(200);
    Device::new(office.url(), Some(standing.text("token")))
}

/// So many citizens take numbers at the touch screen: as many for each service, in any order.
async fn citizens(kiosk: &Device, count: usize, chance: &mut Chance) {
    let mut wanted: Vec<&str> = SERVICES.into_iter().cycle().take(count).collect();
    chance.shuffle(&mut wanted);
    for service in wanted {
        kiosk.issue(service).await;
    }
}

/// What is in hand at a counter, as everybody sees it.
fn in_hand(state: &Value, counter: u32) -> Value {
    state["counters"][counter.to_string()]["ticket"].clone()
}

/// Both clerks press *finish and call* so many times each; somebody waits all the time.
async fn calls(clerks: &[Clerk; 2], times: usize, kiosk: &Device) {
    for _ in 0..times {
        for (clerk, counter) in clerks.iter().zip(1..) {
            let before = in_hand(&kiosk.queue().await, counter);
            // A press right after the one before counts as a hurried double press: once more.
            let number = wait::until("the next number at the counter", async || {
                let now = in_hand(&kiosk.queue().await, counter);
                if now.is_string() && now != before {
                    return now.as_str().map(str::to_owned);
                }
                clerk.press(Key::F2).await;
                None
            });
            clerk.reads_in_hand(&number.await).await;
        }
    }
}

/// Waits until the touch screen gives out no numbers for a service, for this reason; null: until
/// it does again.
async fn because(kiosk: &Device, service: &str, reason: Value) {
    let what = format!("{service}: {reason}");
    kiosk
        .queue_when(&what, |state| {
            state["services"][service]["issuing"]["reason"] == reason
        })
        .await;
}

async fn pause_and_go_on(page: &Browser, office: &Office, kiosk: &Device) {
    page.go(&format!("{}/admin/today", office.url())).await;
    page.push_on("#services li[data-key='B'] .twice > button")
        .await;
    page.push("Tạm ngừng hôm nay").await;
    because(kiosk, "B", json!("paused")).await;
    let body = json!({ "service": "B" });
    kiosk
        .post("/tickets", &fresh_key(), &body)
        .await
        .refused(409, "service-paused");
    page.push("Phát số lại").await;
    because(kiosk, "B", Value::Null).await;
}

async fn wrong_holiday(page: &Browser, office: &Office, kiosk: &Device) {
    page.go(&format!("{}/admin/settings#times", office.url()))
        .await;
    page.push("Thêm ngày nghỉ lễ").await;
    page.write("Ngày", "30/11/2026").await;
    page.push("Áp dụng").await;
    page.reads("Đã áp dụng").await;
    because(kiosk, "A", json!("day-off")).await;
    page.push("Hoàn tác").await;
    because(kiosk, "A", Value::Null).await;
}

async fn close(page: &Browser, office: &Office) {
    page.go(&format!("{}/admin/today", office.url())).await;
    page.push("Đóng ngày làm việc…").await;
    page.find("#closing-yes").await.click().await.unwrap();
    page.reads("Đã đóng ngày làm việc").await;
}

/// The day as a program in another language counts it from the record.
async fn counted(office: &Office) -> Value {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/others/count_day.py");
    let mut command = tokio::process::Command::new("python3");
    let output = command.arg(script).arg(office.data()).output();
    let output = output.await.expect("python3: tests/run installs it");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Figures once the ledger has taken in everything.
async fn figures(supervisor: &Device) -> Value {
    wait::until("the ledger to catch up", async || {
        let answer = supervisor.get("/figures").await;
        (answer.status == 200 && answer.body["behind"] == 0).then_some(answer.body)
    })
    .await
}

/// Compares what was counted with what the report says, member by member.
fn same(counted: &Value, figures: &Value) {
    for (name, value) in counted.as_object().unwrap() {
        assert_eq!(value, &figures[name], "{name}: {figures}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_link_to_a_working_office_and_its_first_day() {
    let mut chance = Chance::announced("working_day");
    let mut office = Office::without_a_clock("");
    office.start().await;
    let page = first_admin(&office).await;
    furnish(&page, &office).await;
    let kiosk = touch_screen(&page, &office).await;
    let supervisor = office.device("supervisor").await;
    it_is(&supervisor, "07:35").await;

    let lobby = Browser::open().await;
    lobby.go(&format!("{}/lobby", office.url())).await;
    let clerks = [
        Clerk::in_person(office.url(), "2", PINS[0]).await,
        Clerk::in_person(office.url(), "3", PINS[1]).await,
    ];
    for (clerk, counter) in clerks.iter().zip(1..) {
        clerk.sit_at(counter).await;
    }

    citizens(&kiosk, 40, &mut chance).await;
    calls(&clerks, 8, &kiosk).await;
    let called = in_hand(&kiosk.queue().await, 1);
    lobby.reads(called.as_str().unwrap()).await;
    pause_and_go_on(&page, &office, &kiosk).await;
    wrong_holiday(&page, &office, &kiosk).await;

    // One changes their mind, one does not come when called.
    citizens(&kiosk, 29, &mut chance).await;
    let given_up = kiosk.issue("A").await;
    let id = given_up["id"].as_str().unwrap();
    kiosk
        .act(&format!("/tickets/{id}/cancel"))
        .await
        .expect(200);
    clerks[0].press(Key::F4).await;
    kiosk
        .queue_when("nobody at counter 1", |state| in_hand(state, 1).is_null())
        .await;
    calls(&clerks, 8, &kiosk).await;

    // Noon: who has a number keeps it, and is told until when.
    let waits = kiosk.issue("C").await;
    it_is(&supervisor, "11:40").await;
    because(&kiosk, "A", json!("noon")).await;
    let path = format!("/tickets/{}", waits["id"].as_str().unwrap());
    let kept = kiosk.get(&path).await.expect(200);
    assert!(kept.text("kept_until").contains("T13:30"), "{kept:?}");
    lobby.reads("13 giờ 30").await;
    it_is(&supervisor, "13:35").await;
    because(&kiosk, "A", Value::Null).await;

    citizens(&kiosk, CITIZENS - 71, &mut chance).await;
    calls(&clerks, 12, &kiosk).await;
    it_is(&supervisor, "16:55").await;
    close(&page, &office).await;

    let (counted, figures) = (counted(&office).await, figures(&supervisor).await);
    assert_eq!(counted["total"]["issued"], CITIZENS);
    assert_eq!(counted["total"]["cancelled"], 1);
    assert_eq!(counted["total"]["no_shows"], 1);
    same(&counted["total"], &figures["total"]);
    for service in figures["services"].as_array().unwrap() {
        let letter = service["letter"].as_str().unwrap();
        same(&counted["services"][letter], service);
    }
    for counter in figures["counters"].as_array().unwrap() {
        same(&counted["counters"][counter["number"].to_string()], counter);
    }
    for browser in [page, lobby] {
        browser.close().await;
    }
    for clerk in clerks {
        clerk.browser.close().await;
    }
    office.say(&["journal", "verify"]).await;
    office.stop().await;
}
