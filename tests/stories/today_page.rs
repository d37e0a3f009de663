//! The supervisor's day in a browser: pause, free, close, and what a roll of paper has given out.

use crate::NO_PAPER;
use fantoccini::key::Key;
use serde_json::Value;
use tests::api::Device;
use tests::browser::Browser;
use tests::clerk::Clerk;
use tests::office::Office;

async fn today(office: &Office, supervisor: &Device) -> Browser {
    let page = Clerk::signed_in(office.url(), supervisor.token())
        .await
        .browser;
    page.go(&format!("{}/admin/today", office.url())).await;
    page.find("#services li").await;
    page
}

fn issuing(state: &Value, letter: &str) -> Value {
    state["services"][letter]["issuing"]["reason"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_is_paused_in_two_touches_and_goes_on_with_one() {
    let mut office = Office::open(NO_PAPER).await;
    let kiosk = office.device("kiosk").await;
    kiosk.issue("A").await;
    let supervisor = office.device("supervisor").await;
    let page = today(&office, &supervisor).await;
    let row = "#services li[data-key='A']";
    page.push_on(&format!("{row} .twice > button")).await;
    page.reads("Ai đã có số vẫn được gọi").await;
    assert_eq!(issuing(&kiosk.queue().await, "A"), Value::Null);
    // Where the first touch was there is nothing to touch now: the second is somewhere else.
    page.push("Tạm ngừng hôm nay").await;
    page.reads("Hôm nay tạm ngừng phát số").await;
    kiosk
        .queue_when("the pause", |state| issuing(state, "A") == "paused")
        .await;
    assert_eq!(kiosk.queue().await["services"]["A"]["waiting"], 1);
    page.push("Phát số lại").await;
    kiosk
        .queue_when("numbers again", |state| issuing(state, "A").is_null())
        .await;
    page.close().await;
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_is_closed_after_one_question_that_says_what_becomes_of_whom() {
    let mut office = Office::open(NO_PAPER).await;
    let kiosk = office.device("kiosk").await;
    let clerk = office.device("clerk").await;
    for service in ["A", "A", "B"] {
        kiosk.issue(service).await;
    }
    clerk.act("/counters/1/open").await.expect(200);
    clerk.act("/counters/1/call").await.expect(200);
    let supervisor = office.device("supervisor").await;
    let page = today(&office, &supervisor).await;
    page.reads("Đang gọi A001").await;
    page.push("Đóng ngày làm việc…").await;
    page.reads("A001 ở quầy số 1").await;
    page.reads("Còn 2 số chưa phục vụ: 2 đang chờ").await;
    assert_eq!(kiosk.queue().await["day"]["open"], true);
    page.push_on("#closing-yes").await;
    page.reads("Đã đóng ngày làm việc: 1 số ghi là đã xong, 2 số được quay lại")
        .await;
    // Everybody is signed out with the day, also who closed it; the way back is on the page.
    page.push("Đăng nhập lại").await;
    let token = page.find("#token").await;
    token.send_keys(supervisor.token()).await.unwrap();
    page.push_on("#by-token .main").await;
    page.push("Mở ngày làm việc").await;
    kiosk
        .queue_when("an open day", |state| state["day"]["open"] == true)
        .await;
    page.close().await;
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_of_a_paper_roll_are_entered_and_called_like_others() {
    let mut office = Office::open(NO_PAPER).await;
    let kiosk = office.device("kiosk").await;
    let supervisor = office.device("supervisor").await;
    let page = today(&office, &supervisor).await;
    page.write("Từ số", "101").await;
    page.write("Đến số", "A104").await;
    page.write("Đã phục vụ đến số", "102").await;
    page.push("Nhập khoảng số").await;
    page.reads("2 số đã phục vụ, 2 số đang chờ. Máy phát tiếp từ A105")
        .await;
    assert_eq!(kiosk.issue("A").await["number"], "A105");
    // The same range once more: nothing is entered, and the page says why.
    page.write("Từ số", "104").await;
    page.write("Đến số", "110").await;
    page.push("Nhập khoảng số").await;
    page.find("#roll-trouble:not([hidden])").await;
    assert_eq!(kiosk.issue("A").await["number"], "A106");
    page.close().await;
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_day_is_run_by_keyboard_alone() {
    let mut office = Office::open(NO_PAPER).await;
    let kiosk = office.device("kiosk").await;
    let clerk = office.device("clerk").await;
    clerk.act("/counters/2/open").await.expect(200);
    let supervisor = office.device("supervisor").await;
    let page = today(&office, &supervisor).await;
    page.tab_to("#services li[data-key='B'] .twice > button")
        .await;
    page.press(Key::Enter).await;
    page.reads("Tạm ngừng hôm nay").await;
    page.press(Key::Escape).await;
    page.tab_to("#services li[data-key='B'] .twice > button")
        .await;
    page.press(Key::Enter).await;
    page.reads("Tạm ngừng hôm nay").await;
    page.tab_to("#services li[data-key='B'] .sure").await;
    page.press(Key::Enter).await;
    kiosk
        .queue_when("the pause", |state| issuing(state, "B") == "paused")
        .await;
    page.tab_to("#counters li[data-key='2'] .twice > button")
        .await;
    page.press(Key::Enter).await;
    page.tab_to("#counters li[data-key='2'] .sure").await;
    page.press(Key::Enter).await;
    kiosk
        .queue_when("a free counter", |state| {
            state["counters"]["2"]["state"] == "closed"
        })
        .await;
    page.tab_to("#off-reason").await;
    page.type_keys("Mất điện").await;
    page.press(Key::Enter).await;
    kiosk
        .queue_when("the day off", |state| {
            state["issuing"]["reason"] == "unplanned"
        })
        .await;
    page.close().await;
    office.stop().await;
}
