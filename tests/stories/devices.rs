//! Screens and PCs come in by the code that they show, and go when they are revoked.

use crate::NO_PAPER;
use serde_json::{Value, json};
use tests::api::{Answer, Device, fresh_key, sent};
use tests::browser::Browser;
use tests::office::Office;
use tests::screen::Screen;
use tests::sse::Stream;
use tests::visitor::{PIN, Visitor, added, first_admin};
use tests::wait;

/// A device that asks to be let in, as the API has it.
struct Asking {
    device: Device,
    id: String,
    code: String,
    secret: String,
}

impl Asking {
    async fn new(office: &Office, kind: &str) -> Self {
        let device = office.passer_by();
        let asked = ask(&device, kind).await.expect(201);
        Self {
            id: asked.text("id").to_owned(),
            code: asked.text("code").to_owned(),
            secret: asked.text("secret").to_owned(),
            device,
        }
    }

    async fn standing(&self) -> Answer {
        let path = format!("/api/v1/enrolments/{}", self.id);
        let request = self.device.request("GET", &path);
        sent(request.header("Enrolment-Secret", &self.secret))
            .await
            .unwrap()
    }

    /// The device once it is let in.
    async fn let_in(self, office: &Office) -> Device {
        let standing = self.standing().await.expect(200);
        assert_eq!(standing.text("state"), "approved");
        Device::new(office.url(), Some(standing.text("token")))
    }
}

async fn ask(device: &Device, kind: &str) -> Answer {
    let request = device.request("POST", "/api/v1/enrolments");
    sent(request.json(&json!({ "kind": kind }))).await.unwrap()
}

async fn approve(admin: &Device, code: &str, name: &str) -> Answer {
    let body = json!({ "code": code, "name": name });
    admin.post("/devices", &fresh_key(), &body).await
}

async fn revoke(admin: &Device, id: &str) -> Answer {
    admin.act(&format!("/devices/{id}/revoke")).await
}

/// The row of a device in the list.
async fn listed(reader: &Device, id: &str) -> Option<Value> {
    let list = reader.get("/devices").await.expect(200).body;
    let rows = list["items"].as_array().unwrap();
    rows.iter().find(|row| row["id"] == id).cloned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_touch_screen_comes_in_by_its_code_gives_out_a_number_and_goes_when_revoked() {
    let office = Office::open(NO_PAPER).await;
    let admin = office.device("admin").await;
    let screen = Screen::on(1080, 1920).await;
    let (touch, code) = screen.window_with_code(&office, "touch").await;
    let device = approve(&admin, &code, "Cửa chính").await.expect(201);
    assert_eq!(
        (device.text("kind"), device.text("role")),
        ("touch", "kiosk")
    );

    // It is the same device after a restart, and asks for no other code.
    screen.find(&["tịch", "tich"]).await;
    drop(touch);
    let touch = screen.new_window(&office, "touch", "");
    let tile = screen.find(&["tịch", "tich"]).await;
    screen.touch(tile.middle).await;
    screen.find_number("A001").await;
    let id = device.text("id");
    let row = listed(&admin, id).await.unwrap();
    assert_eq!(
        (&row["address"], &row["away"]),
        (&json!("127.0.0.1"), &json!(false))
    );
    assert!(row["silent_seconds"].as_u64() < Some(60), "{row}");

    // Revoked, it says so at once; and it does after a restart, with another code.
    revoke(&admin, id).await.expect(204);
    screen.find(&["revoked"]).await;
    drop(touch);
    let (_touch, again) = screen.window_with_code(&office, "touch").await;
    assert_ne!(again, code);
    assert_eq!(listed(&admin, id).await, None);
    let other = approve(&admin, &again, "Cửa chính").await.expect(201);
    assert_ne!(other.text("id"), id);
    screen.find(&["tịch", "tich"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_lets_in_one_device_once_and_only_an_admin_may_type_it() {
    let office = Office::open(NO_PAPER).await;
    let admin = office.device("admin").await;
    let asking = Asking::new(&office, "touch").await;
    assert_eq!(asking.standing().await.expect(200).text("state"), "waiting");

    // Codes are read off the device, not off a list; and not by everybody.
    let waiting = admin.get("/enrolments").await.expect(200).body;
    assert_eq!(waiting["items"][0]["kind"], "touch");
    assert!(!waiting.to_string().contains(&asking.code), "{waiting}");
    for role in ["kiosk", "clerk", "supervisor"] {
        let device = office.device(role).await;
        approve(&device, &asking.code, "Cửa chính")
            .await
            .refused(403, "forbidden");
        device.get("/enrolments").await.refused(403, "forbidden");
    }
    let nobody = office.passer_by();
    approve(&nobody, &asking.code, "x")
        .await
        .refused(401, "unauthorized");

    let wrong = approve(&admin, "000000", "Cửa chính").await;
    wrong.refused(404, "unknown-code");
    let unnamed = approve(&admin, &asking.code, " ").await;
    unnamed.refused(422, "bad-name");
    let stranger = Asking {
        secret: "somebody-elses".into(),
        id: asking.id.clone(),
        code: String::new(),
        device: office.passer_by(),
    };
    stranger.standing().await.refused(404, "enrolment-over");

    // The answer was lost: the same press again is the same device.
    let body = json!({ "code": asking.code, "name": "Cửa chính" });
    let first = admin.post("/devices", "press-1", &body).await.expect(201);
    let again = admin.post("/devices", "press-1", &body).await.expect(201);
    assert_eq!(first.text("id"), again.text("id"));
    approve(&admin, &asking.code, "Cửa sau")
        .await
        .refused(404, "unknown-code");

    // The device may fetch its token again until it has used it.
    asking.standing().await.expect(200);
    let (id, secret) = (asking.id.clone(), asking.secret.clone());
    let device = asking.let_in(&office).await;
    device.issue("A").await;
    let late = Asking {
        id,
        secret,
        code: String::new(),
        device: office.passer_by(),
    };
    late.standing().await.refused(404, "enrolment-over");
    assert_eq!(device.get("/me").await.text("role"), "kiosk");
    device.get("/devices").await.refused(403, "forbidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_device_is_refused_at_once_its_streams_end_and_a_restart_changes_nothing() {
    let mut office = Office::open(NO_PAPER).await;
    let admin = office.device("admin").await;
    let asking = Asking::new(&office, "lobby").await;
    let id = approve(&admin, &asking.code, "Sảnh").await.expect(201);
    let id = id.text("id").to_owned();
    let lobby = asking.let_in(&office).await;
    // It is known and may do nothing but look.
    lobby.get("/queue").await.expect(200);
    lobby.get("/me").await.refused(401, "unauthorized");
    let body = json!({ "service": "A" });
    lobby
        .post("/tickets", &fresh_key(), &body)
        .await
        .refused(401, "unauthorized");

    // One whose token was made on the machine can be revoked as well.
    let clerk = office.device("clerk").await;
    let list = admin.get("/devices").await.expect(200).body;
    let mut rows = list["items"].as_array().unwrap().iter();
    let by_hand = rows.find(|row| row["role"] == "clerk").unwrap();
    assert_eq!(
        (&by_hand["kind"], &by_hand["made_by"]),
        (&json!(null), &json!(null))
    );
    let mut streams = Vec::new();
    for (path, device) in [("events", &lobby), ("counters/1/events", &clerk)] {
        let url = format!("{}/api/v1/{path}", office.url());
        let mut stream = Stream::open(&url, Some(device.token()), None).await;
        stream.next().await.expect("the first event");
        streams.push(stream);
    }
    // A browser in which that token has signed in.
    let mut browser = Visitor::new(&office);
    let form = [("token", clerk.token())];
    browser.submit("/login", &form).await.expect(303);
    let url = format!("{}/api/v1/events", office.url());
    let mut public = Stream::open(&url, None, None).await;
    public.next().await.expect("the first event");

    revoke(&admin, &id).await.expect(204);
    let by_hand = by_hand["id"].as_str().unwrap();
    revoke(&admin, by_hand).await.expect(204);
    for mut stream in streams {
        while stream.next().await.is_some() {}
    }
    lobby.get("/queue").await.refused(401, "device-revoked");
    clerk.get("/me").await.refused(401, "device-revoked");
    browser.get("/me").await.refused(401, "unauthorized");
    // What needs no right goes on for everybody else, and revoking twice does no harm.
    office.passer_by().get("/queue").await.expect(200);
    revoke(&admin, &id).await.expect(204);
    revoke(&admin, "touch-nobody")
        .await
        .refused(404, "unknown-device");

    office.stop().await;
    office.start().await;
    let (lobby, clerk) = (lobby.at(office.url()), clerk.at(office.url()));
    lobby.get("/queue").await.refused(401, "device-revoked");
    clerk.get("/me").await.refused(401, "device-revoked");
    let admin = admin.at(office.url());
    assert_eq!(listed(&admin, &id).await, None);
    office.say(&["journal", "verify"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_keeps_its_name_and_last_contact_over_a_restart_and_the_record_tells_who_did_it() {
    let mut office = Office::open(NO_PAPER).await;
    let admin = office.device("admin").await;
    let asking = Asking::new(&office, "touch").await;
    let id = approve(&admin, &asking.code, "Cửa chính").await.expect(201);
    let id = id.text("id").to_owned();
    let touch = asking.let_in(&office).await;
    touch.issue("A").await;
    let rename = format!("/devices/{id}/rename");
    let body = json!({ "name": "Cửa sau" });
    let renamed = admin.post(&rename, &fresh_key(), &body).await.expect(200);
    assert_eq!(renamed.text("name"), "Cửa sau");

    office.stop().await;
    office.start().await;
    let (admin, touch) = (admin.at(office.url()), touch.at(office.url()));
    let supervisor = office.device("supervisor").await;
    let row = listed(&supervisor, &id).await.unwrap();
    assert_eq!(
        (&row["name"], &row["address"]),
        (&json!("Cửa sau"), &json!("127.0.0.1"))
    );
    assert!(row["last_contact"].is_string(), "{row}");
    assert!(
        row["made_at"].is_string() && row["made_by"].is_string(),
        "{row}"
    );
    touch.issue("A").await;
    supervisor
        .post(&rename, &fresh_key(), &body)
        .await
        .refused(403, "forbidden");
    revoke(&supervisor, &id).await.refused(403, "forbidden");

    office.stop().await;
    let journal = office.data().join("journal.sqlite");
    let record = std::fs::read(journal).unwrap();
    let holds = |text: &str| record.windows(text.len()).any(|w| w == text.as_bytes());
    assert!(holds("device-changed") && holds(&id) && holds("enrolled"));
    assert!(!holds("Cửa sau") && !holds(touch.token()) && !holds(admin.token()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_codes_fills_nothing_and_the_office_goes_on() {
    let office = Office::open(NO_PAPER).await;
    let admin = office.device("admin").await;
    let kiosk = office.device("kiosk").await;
    let first = Asking::new(&office, "touch").await;
    let flood = (0..300).map(|_| {
        let device = office.passer_by();
        async move { ask(&device, "lobby").await.status }
    });
    for status in futures_util::future::join_all(flood).await {
        assert!([201, 429].contains(&status), "{status}");
    }
    let waiting = admin.get("/enrolments").await.expect(200).body;
    assert!(waiting["items"].as_array().unwrap().len() <= 4, "{waiting}");
    first.standing().await.refused(404, "enrolment-over");
    // Who asks again is heard.
    let honest = Asking::new(&office, "touch").await;
    approve(&admin, &honest.code, "Cửa chính").await.expect(201);
    honest.let_in(&office).await.issue("A").await;
    kiosk.issue("A").await;
    let long = json!({ "kind": "touch", "name": "x".repeat(81) });
    let request = office.passer_by().request("POST", "/api/v1/enrolments");
    let refused = sent(request.json(&long)).await.unwrap();
    refused.refused(422, "bad-name");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_counter_pc_is_let_in_in_a_browser_and_its_people_are_signed_out_when_it_goes() {
    let office = Office::open(NO_PAPER).await;
    let admin = first_admin(&office).await;
    let clerk = added(&admin, "Nguyễn Văn An", "clerk").await;
    let pc = Browser::open().await;
    let url = |path: &str| format!("{}{path}", office.url());
    let click = async |css: &str| {
        wait::until(css, async || pc.find(css).await.click().await.ok()).await;
    };
    pc.go(&url("/login")).await;
    pc.reads("Máy này chưa được ghi nhận").await;
    assert!(!pc.text().await.contains("Nguyễn Văn An"));
    click("a[href='/enrol']").await;
    click("form[action='/enrol'] button").await;
    let code = wait::until("a code on the page", async || {
        let code = pc.find("#code").await.text().await.ok()?;
        (!code.is_empty()).then_some(code)
    })
    .await;
    assert_eq!(code.len(), 7, "{code:?}");

    let body = json!({ "code": code, "name": "Quầy số 3" });
    let device = admin.act("/devices", &body).await.expect(201);
    assert_eq!(
        (device.text("kind"), &device.body["role"]),
        ("counter", &json!(null))
    );
    // The page goes on by itself, to a sign-in that lists the names.
    pc.reads("Đăng nhập quầy").await;
    click(&format!("#sign-in option[value='{clerk}']")).await;
    assert!(!pc.text().await.contains("Máy này chưa được ghi nhận"));
    pc.find("#pin").await.send_keys(PIN).await.unwrap();
    click("#sign-in .main").await;
    pc.reads("Chọn quầy làm việc").await;
    let cookies = pc.page.get_all_cookies().await.unwrap();
    let own = cookies
        .iter()
        .find(|cookie| cookie.name() == "device")
        .unwrap();
    assert_eq!(own.http_only(), Some(true));
    assert!(!cookies.iter().any(|cookie| cookie.name() == "browser"));
    let list = admin.get("/devices").await.expect(200).body;
    let mut rows = list["items"].as_array().unwrap().iter();
    let row = rows.find(|row| row["id"] == device.body["id"]).unwrap();
    assert!(row["last_contact"].is_string(), "{row}");
    pc.go(&url("/enrol")).await;
    pc.reads("Quầy số 3").await;

    // By itself the PC may do nothing.
    let mut copied = Visitor::new(&office);
    copied
        .cookies
        .insert("device".into(), own.value().to_owned());
    copied.get("/me").await.refused(401, "unauthorized");
    let id = device.text("id");
    let gone = admin
        .act(&format!("/devices/{id}/revoke"), &json!({}))
        .await;
    gone.expect(204);
    pc.go(&url("/counter/1")).await;
    pc.reads("Đăng nhập quầy").await;
    assert!(
        !pc.text().await.contains("Nguyễn Văn An"),
        "names are gone with it"
    );
    let page = copied.look("/login").await.expect(200);
    assert!(!page.text.contains("Nguyễn Văn An"));
    pc.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_lets_a_screen_in_renames_and_revokes_it_on_the_page() {
    let office = Office::open(NO_PAPER).await;
    let mut admin = first_admin(&office).await;
    let asking = Asking::new(&office, "lobby").await;
    let browser = Browser::open().await;
    let click = async |css: &str| {
        wait::until(css, async || browser.find(css).await.click().await.ok()).await;
    };
    let fill = async |css: &str, text: &str| {
        let field = browser.find(css).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    };
    let url = |path: &str| format!("{}{path}", office.url());
    browser.go(&url("/login")).await;
    fill("#person", "1").await;
    fill("#pin", PIN).await;
    click("#sign-in .main").await;
    browser.go(&url("/admin/devices")).await;
    browser.reads("Đang chờ: màn hình gọi số").await;
    fill("#code", "111 111").await;
    fill("#name", "Sảnh tầng 2").await;
    click("#approve .main").await;
    browser
        .reads("Không có thiết bị nào đang chờ với mã này")
        .await;
    fill("#code", &asking.code).await;
    click("#approve .main").await;
    browser
        .reads("Đã ghi nhận màn hình gọi số: Sảnh tầng 2")
        .await;
    let lobby = asking.let_in(&office).await;
    lobby.get("/queue").await.expect(200);
    browser.reads("Đang hoạt động, tại 127.0.0.1").await;

    click(".devices .rename").await;
    fill("#new-name", "Sảnh tầng 3").await;
    click("#ask-yes").await;
    browser.reads("Đã đổi tên thành Sảnh tầng 3").await;
    click(".devices .revoke").await;
    browser.reads("Thu hồi Sảnh tầng 3?").await;
    click("#ask-no").await;
    lobby.get("/queue").await.expect(200);
    click(".devices .revoke").await;
    click("#ask-yes").await;
    browser.reads("Đã thu hồi Sảnh tầng 3").await;
    lobby.get("/queue").await.refused(401, "device-revoked");

    // A supervisor reads, and is not asked for codes.
    let id = added(&admin, "Lê Thị Bình", "supervisor").await;
    admin.submit("/logout", &[]).await.expect(303);
    browser.go(&url("/admin/devices")).await;
    click("#sign-out button").await;
    fill("#pin", PIN).await;
    click(&format!("#sign-in option[value='{id}']")).await;
    click("#sign-in .main").await;
    browser.go(&url("/admin/devices")).await;
    browser.reads("Thiết bị đã ghi nhận").await;
    assert!(!browser.text().await.contains("Ghi nhận thiết bị mới"));
    browser.close().await;
}
