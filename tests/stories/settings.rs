//! The office is set from its own pages, and what was set stays so.

use crate::NO_PAPER;
use data_encoding::BASE64;
use serde_json::{Value, json};
use tests::api::{Answer, Device, fresh_key};
use tests::browser::Browser;
use tests::office::Office;
use tests::sse::Stream;
use tests::tools::read_code;
use tests::visitor::{first_admin, signed_in};
use tests::wait;

/// The settings as `device` reads them.
async fn settings(device: &Device) -> Value {
    device.get("/office").await.expect(200).body
}

/// Puts the office of `settings` into force, as whoever read them.
async fn save(device: &Device, settings: &Value) -> Answer {
    let body = json!({ "base": settings["version"], "office": settings["office"] });
    device.post("/office", &fresh_key(), &body).await
}

/// The settings with one field changed, by JSON pointer.
fn with(settings: &Value, field: &str, value: Value) -> Value {
    let mut settings = settings.clone();
    *settings["office"].pointer_mut(field).unwrap() = value;
    settings
}

/// Waits until the public state says this of a service's or the office's name.
async fn shown(device: &Device, field: &str, text: &str) {
    let wanted = |state: &Value| state.pointer(field) == Some(&json!(text));
    device.queue_when(text, wanted).await;
}

const NAME: &str = "/office/name/vi";

#[tokio::test(flavor = "multi_thread")]
async fn what_was_set_outlives_a_restart_until_the_file_is_edited() {
    let mut office = Office::open(NO_PAPER).await;
    let admin = office.device("admin").await;
    let before = settings(&admin).await;
    assert_eq!(before["by_file"], true);
    let changed = with(&before, "/name/vi", json!("Phường Mới"));
    let saved = save(&admin, &changed).await.expect(200);
    assert_eq!(saved.text("applies"), "now");
    shown(&admin, NAME, "Phường Mới").await;

    office.stop().await;
    office.start().await;
    let admin = admin.at(office.url());
    let after = settings(&admin).await;
    assert_eq!(after["office"], changed["office"]);
    assert_eq!(
        (&after["by_file"], &after["version"]),
        (&json!(false), &saved.body["version"])
    );

    // Edited, the file counts, whole: that is said in the history.
    office.kill().await;
    let file = std::fs::read_to_string(office.config()).unwrap();
    let edited = file.replace("hotline = \"1022\"", "hotline = \"113\"");
    std::fs::write(office.config(), edited).unwrap();
    office.start().await;
    let admin = admin.at(office.url());
    let edited = settings(&admin).await;
    assert_eq!(edited["by_file"], true);
    assert_eq!(edited["office"]["hotline"], "113");
    assert_eq!(edited["office"]["name"], before["office"]["name"]);
    let history = admin.get("/office/history").await.expect(200).body;
    assert_eq!(history["items"][0]["what"], "file");
    assert_eq!(history["items"][0]["changes"].as_array().unwrap().len(), 2);
    assert_eq!(history["items"][2]["what"], "file");
    office.stop().await;
    office.say(&["journal", "verify"]).await;
}

/// The settings with a service D at counter 1.
fn with_insurance(settings: &Value) -> Value {
    let mut settings = settings.clone();
    let office = &mut settings["office"];
    let service = json!({"letter": "D", "name": {"vi": "Bảo hiểm", "en": "Insurance"}});
    office["services"].as_array_mut().unwrap().push(service);
    let counter = office["counters"][0]["services"].as_array_mut().unwrap();
    counter.push(json!("D"));
    settings
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_wait_for_the_next_day_also_over_a_restart() {
    // Without a clock each start after a closed day begins a new one.
    let mut office = Office::without_a_clock(NO_PAPER);
    office.start().await;
    let (admin, kiosk) = (office.device("admin").await, office.device("kiosk").await);
    kiosk.issue("A").await;
    let wanted = with_insurance(&settings(&admin).await);
    let saved = save(&admin, &wanted).await.expect(200);
    assert_eq!(saved.text("applies"), "next-day");
    assert!(
        saved.body["waits"][0]["en"]
            .as_str()
            .unwrap()
            .contains("letters")
    );
    let refused = json!({ "service": "D" });
    let refused = kiosk.post("/tickets", &fresh_key(), &refused).await;
    refused.refused(422, "unknown-service");

    // Taken back, and put there again.
    let base = json!({ "base": saved.body["version"] });
    admin
        .post("/office/withdraw", &fresh_key(), &base)
        .await
        .expect(200);
    let none = settings(&admin).await;
    assert_eq!(none["planned"], json!(null));
    let again = json!({ "base": none["version"], "office": wanted["office"] });
    admin
        .post("/office", &fresh_key(), &again)
        .await
        .expect(200);

    office.kill().await;
    office.start().await;
    let (admin, kiosk) = (admin.at(office.url()), kiosk.at(office.url()));
    let waiting = settings(&admin).await;
    let planned = &waiting["planned"]["office"];
    assert_eq!(planned["counters"], wanted["office"]["counters"]);
    assert_eq!(planned["services"][6]["name"]["vi"], "Bảo hiểm");
    let told = &waiting["planned"]["changes"][0]["vi"];
    assert_eq!(told, "Thêm lĩnh vực D · Bảo hiểm");
    // What need not wait does not, and is no longer lost tomorrow.
    let named = with(&waiting, "/name/vi", json!("Phường Mới"));
    let named = save(&admin, &named).await.expect(200);
    assert_eq!(named.text("applies"), "now");

    let supervisor = office.device("supervisor").await;
    supervisor.act("/day/close").await.expect(200);
    office.stop().await;
    office.start().await;
    let (admin, kiosk) = (admin.at(office.url()), kiosk.at(office.url()));
    assert_eq!(kiosk.issue("D").await["number"], "D001");
    let begun = settings(&admin).await;
    assert_eq!(begun["planned"], json!(null));
    assert_eq!(begun["office"]["name"]["vi"], "Phường Mới");
    let history = admin.get("/office/history").await.expect(200).body;
    let told: Vec<_> = history["items"].as_array().unwrap().iter().collect();
    let what: Vec<_> = told
        .iter()
        .map(|item| item["what"].as_str().unwrap())
        .collect();
    assert_eq!(
        what,
        [
            "begun",
            "changed",
            "planned",
            "withdrawn",
            "planned",
            "file"
        ]
    );
    // The start after the file's same office does not undo it.
    office.stop().await;
    office.say(&["journal", "verify"]).await;
    office.start().await;
    assert_eq!(
        settings(&admin.at(office.url())).await["office"],
        begun["office"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_holiday_is_undone_within_the_day_and_the_kiosk_issues_again() {
    let office = Office::open(NO_PAPER).await;
    let mut person = first_admin(&office).await;
    person.look("/admin/people").await.expect(200);
    let (admin, kiosk) = (office.device("admin").await, office.device("kiosk").await);
    kiosk.issue("A").await;
    let before = settings(&admin).await;
    let today = kiosk.queue().await["day"]["date"].clone();
    let holiday = json!([{"date": today, "name": {"vi": "Quốc khánh", "en": "National Day"}}]);
    let wrong = with(&before, "/holidays", holiday);
    let wrong = json!({ "base": wrong["version"], "office": wrong["office"] });
    let saved = person.act("/office", &wrong).await.expect(200);
    let state = kiosk
        .queue_when("a holiday", |state| state["issuing"]["reason"] == "day-off")
        .await;
    assert_eq!(state["issuing"]["text"]["vi"], "Quốc khánh");
    let take = json!({ "service": "A" });
    let refused = kiosk.post("/tickets", &fresh_key(), &take).await;
    refused.refused(409, "issuing-closed");

    let undo = json!({ "base": saved.body["version"], "version": before["version"] });
    person.act("/office/restore", &undo).await.expect(200);
    assert_eq!(kiosk.issue("A").await["number"], "A002");

    let history = admin.get("/office/history").await.expect(200).body;
    let [undone, done] = [&history["items"][0], &history["items"][1]];
    assert_eq!(done["by"]["name"], "Trần Thị Quản");
    let words = |item: &Value| item["changes"][0]["vi"].as_str().unwrap().to_owned();
    assert!(words(done).starts_with("Thêm ngày nghỉ ") && words(done).ends_with("(Quốc khánh)"));
    assert!(words(undone).starts_with("Bỏ ngày nghỉ "));
    let unknown = json!({ "base": history["items"][0]["version"], "version": 999 });
    person
        .act("/office/restore", &unknown)
        .await
        .refused(404, "not-found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_closes_the_office_without_notice_and_opens_it_at_once() {
    let office = Office::open(NO_PAPER).await;
    let (supervisor, kiosk) = (
        office.device("supervisor").await,
        office.device("kiosk").await,
    );
    kiosk.issue("A").await;
    let browser = Browser::open().await;
    browser.go(&format!("{}/lobby", office.url())).await;
    let why = json!({ "reason": {"vi": "Mất điện toàn khu vực", "en": "Power cut"} });
    let closed = supervisor
        .post("/office/days-off", &fresh_key(), &why)
        .await;
    let closed = closed.expect(200).body;
    browser.reads("Mất điện toàn khu vực.").await;
    let take = json!({ "service": "A" });
    let refused = kiosk.post("/tickets", &fresh_key(), &take).await;
    refused.refused(409, "issuing-closed");
    // Staff still help who is there.
    assert_eq!(supervisor.issue("A").await["number"], "A002");

    let date = json!({ "date": closed["days_off"][0]["date"] });
    let open = supervisor
        .post("/office/days-off/remove", &fresh_key(), &date)
        .await;
    assert_eq!(open.expect(200).body["days_off"], json!([]));
    assert_eq!(kiosk.issue("A").await["number"], "A003");
    let state = kiosk
        .queue_when("numbers", |state| state["issuing"]["open"] == true)
        .await;
    assert_eq!(state["issuing"]["text"], json!(null));
    let nonsense = json!({ "from": "14:00", "to": "13:00", "reason": {"fr": "x"} });
    let nonsense = supervisor
        .post("/office/days-off", &fresh_key(), &nonsense)
        .await;
    let problems = nonsense.refused(422, "bad-office").body["problems"].clone();
    let fields = [0, 1].map(|i| problems[i]["field"].as_str().unwrap().to_owned());
    assert_eq!(fields, ["reason", "to"]);
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_admins_do_not_overwrite_each_other_and_a_clerk_changes_nothing() {
    let office = Office::open(NO_PAPER).await;
    let person = first_admin(&office).await;
    let admin = office.device("admin").await;
    let seen = settings(&admin).await;
    let one = with(&seen, "/hotline", json!("111"));
    let two = with(&seen, "/hotline", json!("222"));
    let key = fresh_key();
    let body = json!({ "base": one["version"], "office": one["office"] });
    let first = admin.post("/office", &key, &body).await.expect(200);
    let second = json!({ "base": two["version"], "office": two["office"] });
    person
        .act("/office", &second)
        .await
        .refused(409, "office-changed");
    // The first one's answer was lost and is asked for again.
    let again = admin.post("/office", &key, &body).await.expect(200);
    assert_eq!(again.body, first.body);
    assert_eq!(settings(&admin).await["office"]["hotline"], "111");
    let nothing = save(&admin, &settings(&admin).await).await.expect(200);
    assert_eq!(nothing.text("applies"), "unchanged");

    let clerk = signed_in(&office, &person, "clerk").await;
    clerk.get("/office").await.refused(403, "forbidden");
    clerk
        .act("/office", &second)
        .await
        .refused(403, "forbidden");
    let supervisor = signed_in(&office, &person, "supervisor").await;
    supervisor.get("/office").await.expect(200);
    supervisor
        .act("/office", &second)
        .await
        .refused(403, "forbidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_is_wrong_is_said_and_nothing_is_changed() {
    let office = Office::open(NO_PAPER).await;
    let admin = office.device("admin").await;
    let seen = settings(&admin).await;
    let bad = with(&seen, "/services/2/letter", json!("A"));
    let bad = with(&bad, "/counters/0/services", json!(["A", "Q"]));
    let refused = save(&admin, &bad).await.refused(422, "bad-office");
    let fields: Vec<_> = refused.body["problems"]
        .as_array()
        .unwrap()
        .iter()
        .collect();
    let fields: Vec<_> = fields
        .iter()
        .map(|p| p["field"].as_str().unwrap())
        .collect();
    assert_eq!(
        fields,
        [
            "services[2].letter",
            "counters[0].services",
            "counters[2].services"
        ]
    );
    for text in ["vi", "en"] {
        assert!(refused.body["problems"][0]["text"][text].is_string());
    }
    let odd = json!({ "base": seen["version"], "office": { "name": {"vi": "X"}, "colour": 3 } });
    let odd = admin.post("/office", &fresh_key(), &odd).await;
    odd.refused(422, "bad-value");
    assert_eq!(settings(&admin).await, seen);

    let unserved = with(&seen, "/counters/3/services", json!([]));
    let check = json!({ "office": unserved["office"] });
    let check = admin
        .post("/office/check", &fresh_key(), &check)
        .await
        .expect(200)
        .body;
    assert_eq!(check["applies"], "now");
    assert_eq!(
        check["changes"][0]["vi"],
        "Đổi: quầy 4 không phục vụ lĩnh vực nào"
    );
    assert_eq!(check["warnings"].as_array().unwrap().len(), 2);
    let check = json!({ "office": bad["office"] });
    let check = admin
        .post("/office/check", &fresh_key(), &check)
        .await
        .expect(200)
        .body;
    assert_eq!(
        (
            &check["applies"],
            check["problems"].as_array().unwrap().len()
        ),
        (&json!(null), 3)
    );
    assert_eq!(settings(&admin).await, seen);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exported_office_is_imported_as_it_was_and_runs_as_a_file() {
    let mut office = Office::open(NO_PAPER).await;
    let admin = office.device("admin").await;
    let seen = settings(&admin).await;
    let toml = admin
        .get("/office/export")
        .await
        .expect(200)
        .text("toml")
        .to_owned();
    let import = async |toml: String| {
        let body = json!({ "toml": toml });
        admin
            .post("/office/import", &fresh_key(), &body)
            .await
            .expect(200)
            .body
    };
    let same = import(toml.clone()).await;
    assert_eq!(same["office"], seen["office"]);
    assert_eq!(
        (&same["problems"], &same["notes"]),
        (&json!([]), &json!([]))
    );
    let with_machine = import(format!("{toml}\n{NO_PAPER}")).await;
    assert_eq!(with_machine["office"], seen["office"]);
    assert!(
        with_machine["notes"][0]["vi"]
            .as_str()
            .unwrap()
            .contains("[printer]")
    );
    let line = toml
        .lines()
        .position(|line| line == "letter = \"B\"")
        .unwrap();
    let bad = import(toml.replace("letter = \"B\"", "letter = \"A\"")).await;
    assert_eq!(bad["problems"][0]["field"], "services[1].letter");
    assert_eq!(bad["problems"][0]["line"], line + 1);
    assert_eq!(
        bad["office"]["services"][1]["letter"], "A",
        "as a draft to mend"
    );
    let broken = import("[office]\nname = \n".into()).await;
    assert_eq!(
        (&broken["office"], &broken["problems"][0]["line"]),
        (&json!(null), &json!(2))
    );
    assert_eq!(settings(&admin).await, seen);

    office.stop().await;
    office.set(&format!("{toml}\n{NO_PAPER}"));
    office.start().await;
    let after = settings(&admin.at(office.url())).await;
    assert_eq!(
        (&after["office"], &after["version"]),
        (&seen["office"], &seen["version"])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slip_is_looked_at_before_it_is_printed() {
    let office =
        Office::open("[public]\nlisten = \"127.0.0.1:0\"\nurl = \"http://192.0.2.10:8081\"\n")
            .await;
    let admin = office.device("admin").await;
    let seen = settings(&admin).await;
    for (kind, code) in [("ticket", true), ("checklist", false), ("day-report", true)] {
        let body = json!({ "office": seen["office"], "slip": kind, "language": "en" });
        let drawn = admin
            .post("/office/preview", &fresh_key(), &body)
            .await
            .expect(200);
        assert_eq!(drawn.body["width"], 576);
        let png = office.folder().join("slip.png");
        let bytes = BASE64.decode(drawn.text("png").as_bytes()).unwrap();
        std::fs::write(&png, bytes).unwrap();
        assert_eq!(read_code(&png).await.is_some(), code, "{kind}");
    }
    let bare = json!([{"number": true}]);
    let mut bad = seen["office"].clone();
    bad["slips"] = json!({ "ticket": bare });
    let bad = json!({ "office": bad, "slip": "ticket" });
    let refused = admin.post("/office/preview", &fresh_key(), &bad).await;
    let refused = refused.refused(422, "bad-office");
    assert_eq!(refused.body["problems"][0]["field"], "slips.ticket");
    let poster = json!({ "office": seen["office"], "slip": "poster" });
    let poster = admin.post("/office/preview", &fresh_key(), &poster).await;
    assert_eq!(poster.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_of_26_services_is_no_office_too_large() {
    let office = Office::open(NO_PAPER).await;
    let admin = office.device("admin").await;
    let mut seen = settings(&admin).await;
    let long = json!({ "vi": "Ư".repeat(150), "en": "x".repeat(150) });
    let notice = json!({ "vi": "Ư".repeat(500), "en": "x".repeat(500) });
    let service = |letter: char| json!({ "letter": letter, "name": long, "words": long, "papers": [long, long, long, long, long] });
    seen["office"]["services"] = ('A'..='Z').map(service).collect();
    seen["office"]["notices"] = vec![notice; 20].into();
    let body = json!({ "base": seen["version"], "office": seen["office"] });
    assert!(body.to_string().len() > 64 * 1024);
    let saved = admin.post("/office", &fresh_key(), &body).await.expect(200);
    assert_eq!(saved.text("applies"), "now");
    let text = "x".repeat(300 * 1024);
    let huge = json!({ "toml": text });
    let huge = admin.post("/office/import", &fresh_key(), &huge).await;
    huge.refused(413, "too-large");
}

#[tokio::test(flavor = "multi_thread")]
async fn screens_and_pages_follow_without_a_restart() {
    let office = Office::open(NO_PAPER).await;
    let (admin, clerk) = (office.device("admin").await, office.device("clerk").await);
    let url = format!("{}/api/v1/counters/1/events", office.url());
    let mut counter = Stream::open(&url, Some(clerk.token()), None).await;
    counter.next().await.unwrap();
    let browser = Browser::open().await;
    browser.go(&format!("{}/lobby", office.url())).await;
    browser.reads("Hộ tịch").await;
    let mut seen = settings(&admin).await;
    seen = with(&seen, "/services/0/name/vi", json!("Khai sinh, khai tử"));
    seen = with(
        &seen,
        "/notices",
        json!([{"vi": "Hôm nay có tiếp công dân."}]),
    );
    let five = json!({"number": 5, "services": ["B"]});
    seen["office"]["counters"]
        .as_array_mut()
        .unwrap()
        .push(five);
    // No number was given out today: a letter may come at once.
    let seen = with_insurance(&seen);
    assert_eq!(save(&admin, &seen).await.expect(200).text("applies"), "now");
    browser.reads("Khai sinh, khai tử").await;
    browser.reads("Hôm nay có tiếp công dân.").await;
    browser.reads("Bảo hiểm").await;
    let told = wait::until("another name at the counter", async || {
        let event = counter.next().await.unwrap();
        (event.data["names"]["A"]["vi"] == "Khai sinh, khai tử").then_some(event)
    });
    assert_eq!(
        told.await.data["counter"]["services"],
        json!(["A", "C", "D"])
    );
    clerk.act("/counters/5/open").await.expect(200);
    // Its clerk sits there: it goes tomorrow.
    let mut without = settings(&admin).await;
    without["office"]["counters"]
        .as_array_mut()
        .unwrap()
        .retain(|c| c["number"] != 5);
    let kept = save(&admin, &without).await.expect(200);
    assert_eq!(kept.text("applies"), "next-day");
    assert!(
        kept.body["waits"][0]["vi"]
            .as_str()
            .unwrap()
            .contains("Quầy 5")
    );
    clerk.act("/counters/5/call").await.expect(204);
    browser.close().await;
}
