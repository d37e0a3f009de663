//! The head of an office changes its settings in a browser, and never a file.

use crate::NO_PAPER;
use fantoccini::key::Key;
use serde_json::{Value, json};
use tests::browser::Browser;
use tests::clerk::Clerk;
use tests::office::Office;
use tests::visitor::PIN;
use tests::wait;

fn name_of<'a>(state: &'a Value, letter: &str) -> &'a str {
    state["services"][letter]["name"]["vi"]
        .as_str()
        .unwrap_or_default()
}

/// Goes to a part of the settings by its own link.
async fn part(browser: &Browser, words: &str) {
    browser.push(words).await;
    wait::until(words, async || {
        let heading = browser.page.execute(
            "return [...document.querySelectorAll('#bodies h2')].find((one) => one.offsetParent).textContent",
            Vec::new(),
        );
        (heading.await.ok()? == json!(words)).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_and_a_holiday_are_changed_looked_at_applied_and_taken_back() {
    let mut office = Office::open("").await;
    let admin = office.device("admin").await;
    let page = Clerk::signed_in(office.url(), admin.token()).await.browser;
    page.go(&format!("{}/admin/settings", office.url())).await;
    part(&page, "Lĩnh vực").await;
    page.push("A · Hộ tịch").await;
    page.write("Tên lĩnh vực · tiếng Việt", "Khai sinh, kết hôn")
        .await;
    part(&page, "Giờ và ngày nghỉ").await;
    page.push("Thêm ngày nghỉ lễ").await;
    page.write("Ngày", "31/2/2027").await;
    page.write("Tên ngày nghỉ · tiếng Việt", "Tết Nguyên đán")
        .await;
    // What is no date is said at once, and holds up the rest.
    page.push("Xem trước").await;
    page.reads("Mời nhập ngày như 2/9/2026").await;
    page.write("Ngày", "6/2/2027").await;
    page.reads("thứ Bảy 06/02/2027").await;

    // A draft outlives a reload, and nothing of it is in force.
    page.page.refresh().await.unwrap();
    page.reads("Bản nháp có thay đổi chưa áp dụng").await;
    page.push("Xem trước").await;
    page.reads("Sẽ thay đổi").await;
    page.reads("Tết Nguyên đán").await;
    assert_eq!(name_of(&admin.queue().await, "A"), "Hộ tịch");
    page.push_on("#review-apply").await;
    page.reads("Đã áp dụng").await;
    let renamed = |state: &Value| name_of(state, "A") == "Khai sinh, kết hôn";
    admin.queue_when("the new name", renamed).await;

    page.push("Hoàn tác").await;
    let as_before = |state: &Value| name_of(state, "A") == "Hộ tịch";
    admin.queue_when("the old name", as_before).await;
    let now = admin.get("/office").await.expect(200).body;
    assert_eq!(now["office"]["holidays"], json!([]));
    page.close().await;
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_survives_that_somebody_else_was_faster() {
    let mut office = Office::open(NO_PAPER).await;
    let admin = office.device("admin").await;
    let page = Clerk::signed_in(office.url(), admin.token()).await.browser;
    page.go(&format!("{}/admin/settings", office.url())).await;
    page.write("Đường dây nóng", "0203 111 222").await;

    let asked = admin.get("/office").await.expect(200).body;
    let mut other = asked["office"].clone();
    other["notices"] = json!([{ "vi": "Chiều nay họp." }]);
    let body = json!({ "base": asked["version"], "office": other });
    admin.post("/office", "other", &body).await.expect(200);

    page.push("Áp dụng").await;
    page.reads("Người khác vừa đổi cài đặt").await;
    page.push("Nạp bản mới, giữ thay đổi của bản nháp").await;
    page.push("Áp dụng").await;
    page.reads("Đã áp dụng").await;
    let now = admin.get("/office").await.expect(200).body;
    assert_eq!(now["office"]["hotline"], "0203 111 222");
    assert_eq!(
        now["office"]["notices"],
        json!([{ "vi": "Chiều nay họp." }])
    );
    page.close().await;
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_begins_with_a_link_and_no_file() {
    let mut office = Office::open("").await;
    let link = office.say(&["admin-link"]).await;
    let (_, path) = link.trim().split_once("/admin/").unwrap();
    let page = Browser::open().await;
    page.go(&format!("{}/admin/{path}", office.url())).await;
    page.write("Họ và tên", "Trần Thị Quản").await;
    page.write("Chọn PIN", PIN).await;
    page.write("Nhập lại PIN", PIN).await;
    page.push("Tạo và đăng nhập").await;
    page.write("Họ và tên", "Nguyễn Văn An").await;
    page.write("PIN ban đầu", "739402").await;
    page.push("Thêm").await;
    page.reads("mã số 2").await;

    page.push("Hệ thống").await;
    page.push("Cài đặt").await;
    page.reads("Cơ quan đang dùng cài đặt mẫu").await;
    page.write("Tên cơ quan · tiếng Việt", "UBND phường Hồng Hà")
        .await;
    page.write("Đường dây nóng", "0203 222 333").await;
    part(&page, "Lĩnh vực").await;
    for letter in ["H", "K", "E"] {
        let remove = format!("[aria-label^=\"Xóa: {letter} ·\"]");
        page.push_on(&remove).await;
    }
    part(&page, "Quầy").await;
    for n in [4, 3] {
        let remove = format!("[aria-label=\"Xóa: Quầy số {n}\"]");
        page.push_on(&remove).await;
    }
    // What is wrong is named with its place, and a touch leads there.
    part(&page, "Lĩnh vực").await;
    page.push("C · Chứng thực").await;
    page.write("Chữ cái", "9").await;
    page.push("Xem trước").await;
    page.push("Lĩnh vực, 9 · Chứng thực, Chữ cái: một chữ cái từ A đến Z")
        .await;
    page.reads("Một chữ cái từ A đến Z.").await;
    page.write("Chữ cái", "d").await;
    page.push("Áp dụng").await;
    page.reads("Đã áp dụng").await;
    assert!(!page.text().await.contains("cài đặt mẫu"));

    let kiosk = office.device("kiosk").await;
    let state = kiosk.queue().await;
    assert_eq!(state["office"]["name"]["vi"], "UBND phường Hồng Hà");
    assert_eq!(state["services"].as_object().unwrap().len(), 3);
    assert_eq!(state["counters"].as_object().unwrap().len(), 2);
    // Counters serve a service under its new letter, and none that is gone.
    assert_eq!(state["counters"]["1"]["services"], json!(["A", "D"]));
    assert_eq!(state["counters"]["2"]["services"], json!(["B"]));
    assert_eq!(kiosk.issue("D").await["number"], "D001");
    page.close().await;
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_settings_are_changed_by_keyboard_alone() {
    let mut office = Office::open(NO_PAPER).await;
    let admin = office.device("admin").await;
    let page = Clerk::signed_in(office.url(), admin.token()).await.browser;
    page.go(&format!("{}/admin", office.url())).await;
    page.tab_to("#bar-pages summary[data-t='nav.group.system']")
        .await;
    page.press(Key::Enter).await;
    page.tab_to("#bar-pages a[href='/admin/settings']").await;
    page.press(Key::Enter).await;
    page.reads("Chưa có thay đổi nào").await;
    page.tab_to("#to-counters").await;
    page.press(Key::Enter).await;
    // The heading has the focus: the next stop is in that part.
    page.tab_to("#section-counters select").await;
    page.press(Key::Down).await;
    page.tab_to("#section-counters input[type=checkbox]:not(:checked)")
        .await;
    page.type_keys(" ").await;
    page.tab_to("#to-services").await;
    page.press(Key::Enter).await;
    page.tab_to("#section-services [data-does='down0']").await;
    page.press(Key::Enter).await;
    // The button went with its service, and the focus with the button.
    page.tab_to("#section-services [data-does='down1']").await;
    page.tab_to("#apply").await;
    page.press(Key::Enter).await;
    page.reads("Đã áp dụng").await;
    let now = admin.get("/office").await.expect(200).body;
    assert_eq!(now["office"]["services"][0]["letter"], "B");
    assert_eq!(now["office"]["services"][1]["letter"], "A");
    assert_eq!(now["office"]["counters"][0]["purpose"], "supplement");
    assert_eq!(
        now["office"]["counters"][0]["services"],
        json!(["A", "B", "C"])
    );
    page.close().await;
    office.stop().await;
}
