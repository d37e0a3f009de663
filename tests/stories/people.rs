//! People sign in with a PIN, and nobody else does.

use crate::NO_PAPER;
use serde_json::json;
use std::os::unix::fs::PermissionsExt;
use tests::api::sent;
use tests::browser::Browser;
use tests::office::Office;
use tests::visitor::{PIN, Visitor, added, first_admin, signed_in};
use tests::wait;

/// The path of a one-time link in a text.
fn link_in(text: &str) -> String {
    let (_, rest) = text.rsplit_once("/admin/link/").expect("a link");
    let code: String = rest
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric())
        .collect();
    format!("/admin/link/{code}")
}

/// Whether a file of the data folder has `text` in it.
fn kept(office: &Office, text: &str) -> Vec<String> {
    let files = std::fs::read_dir(office.data())
        .unwrap()
        .map(|e| e.unwrap().path());
    let holds = |path: &std::path::PathBuf| {
        let bytes = std::fs::read(path).unwrap_or_default();
        bytes
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    };
    let names = files.filter(holds);
    names
        .map(|p| p.file_name().unwrap().to_string_lossy().into_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_admin_comes_by_a_link_that_works_once() {
    let mut office = Office::open(NO_PAPER).await;
    let link = link_in(&office.daemon().log());
    let mut admin = Visitor::new(&office);
    // Looking does not use it up, and neither does a PIN that is too easy.
    admin.look(&link).await.expect(200);
    let easy = [
        ("name", "Trần Thị Quản"),
        ("pin", "123456"),
        ("again", "123456"),
    ];
    let page = admin.submit(&link, &easy).await.expect(422);
    assert!(
        page.text.contains("Trần Thị Quản"),
        "the name need not be typed again"
    );
    let differ = [("name", "Trần Thị Quản"), ("pin", PIN), ("again", "482914")];
    admin.submit(&link, &differ).await.expect(422);
    let form = [("name", "Trần Thị Quản"), ("pin", PIN), ("again", PIN)];
    admin.submit(&link, &form).await.expect(303);
    admin.look("/admin/people").await.expect(200);

    let mut late = Visitor::new(&office);
    late.look(&link).await.expect(403);
    late.submit(&link, &form).await.expect(403);
    assert!(late.cookies.is_empty());

    // Names and PINs are no part of the record, and a PIN is nowhere.
    assert_eq!(kept(&office, "Trần Thị Quản"), ["people"]);
    let code = link.rsplit('/').next().unwrap();
    for secret in [PIN, code, admin.session()] {
        assert!(
            kept(&office, secret).is_empty(),
            "{:?}",
            kept(&office, secret)
        );
        assert!(!office.daemon().log().contains(PIN));
    }
    for file in ["people", "sessions", "lockouts"] {
        if let Ok(file) = std::fs::metadata(office.data().join(file)) {
            assert_eq!(file.permissions().mode() & 0o777, 0o600);
        }
    }
    // With somebody to manage people no more links are offered, only made when asked for.
    office.stop().await;
    let before = office.folder().join("daemon.log");
    let before = std::fs::read_to_string(before).unwrap().len();
    office.start().await;
    assert!(!office.daemon().log()[before..].contains("/admin/link/"));
    let old = link_in(&office.say(&["admin-link"]).await);
    let new = link_in(&office.say(&["admin-link"]).await);
    let mut visitor = Visitor::new(&office);
    visitor.look(&old).await.expect(403);
    visitor.look(&new).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_is_made_anew_at_sign_in_and_worthless_after_sign_out() {
    let office = Office::open(NO_PAPER).await;
    let admin = first_admin(&office).await;
    let id = added(&admin, "Lê Văn An", "clerk").await;
    let mut clerk = Visitor::new(&office);
    // A stranger has left a cookie of their choice in this browser.
    clerk
        .cookies
        .insert("session".into(), "chosen-by-a-stranger".into());
    let page = clerk.sign_in(&id, PIN).await.expect(303);
    let session = page
        .set_cookies
        .iter()
        .find(|c| c.starts_with("session="))
        .unwrap();
    assert!(
        session.contains("HttpOnly") && session.contains("SameSite=Strict"),
        "{session}"
    );
    assert_ne!(clerk.session(), "chosen-by-a-stranger");
    let me = clerk.get("/me").await.expect(200);
    assert_eq!((me.text("name"), me.text("role")), ("Lê Văn An", "clerk"));

    let mut first = clerk.clone();
    clerk.sign_in(&id, PIN).await.expect(303);
    assert_ne!(first.session(), clerk.session());
    first.get("/me").await.refused(401, "unauthorized");

    let stolen = clerk.clone();
    let stream = clerk
        .request("GET", "/api/v1/counters/1/events")
        .send()
        .await
        .unwrap();
    assert_eq!(stream.status(), 200);
    clerk.submit("/logout", &[]).await.expect(303);
    assert_eq!(clerk.session(), "");
    stolen.get("/me").await.refused(401, "unauthorized");
    stolen
        .act("/counters/1/open", &json!({}))
        .await
        .refused(401, "unauthorized");
    // What was open ends too.
    wait::soon("the end of the stream", stream.text())
        .await
        .unwrap();
    first.look("/counter").await.expect(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_signs_in_a_device_with_a_cookie_of_its_own() {
    let office = Office::open(NO_PAPER).await;
    let token = office.token("clerk").await;
    let mut device = Visitor::new(&office);
    device
        .submit("/login", &[("token", &token)])
        .await
        .expect(303);
    assert_ne!(device.session(), token, "a stolen cookie is not the token");
    device.act("/counters/1/open", &json!({})).await.expect(200);
    device.act("/counters/2/open", &json!({})).await.expect(200);
    let mut kiosk = Visitor::new(&office);
    let token = office.token("kiosk").await;
    kiosk
        .submit("/login", &[("token", &token)])
        .await
        .expect(403);
    assert_eq!(kiosk.session(), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_pins_lock_out_until_a_supervisor_lifts_it_also_over_a_restart() {
    let mut office = Office::open(NO_PAPER).await;
    let admin = first_admin(&office).await;
    let id = added(&admin, "Lê Văn An", "clerk").await;
    let mut clerk = Visitor::new(&office);
    for _ in 0..5 {
        let page = clerk.sign_in(&id, "604827").await.expect(403);
        assert!(page.text.contains("chưa đúng"), "{}", page.text);
    }
    let page = clerk.sign_in(&id, PIN).await.expect(429);
    assert!(
        page.text.contains("tạm khóa đăng nhập. Mời chờ"),
        "{}",
        page.text
    );
    // Other people, and who is signed in, go on working.
    admin.get("/people").await.expect(200);
    let mut supervisor = signed_in(&office, &admin, "supervisor").await;

    office.stop().await;
    office.start().await;
    let mut clerk = Visitor::new(&office);
    clerk.sign_in(&id, PIN).await.expect(429);

    let cookies = std::mem::take(&mut supervisor.cookies);
    let mut supervisor = Visitor::new(&office);
    supervisor.cookies = cookies;
    let list = supervisor.get("/people").await.expect(200);
    let locked = list.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|p| p["id"] == *id);
    assert!(
        locked.unwrap()["locked_seconds"].as_u64() > Some(0),
        "{list:?}"
    );
    supervisor
        .act(&format!("/people/{id}/unlock"), &json!({}))
        .await
        .expect(200);
    clerk.sign_in(&id, PIN).await.expect(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_from_one_machine_stops_for_every_name_and_for_tokens() {
    let office = Office::open(NO_PAPER).await;
    let admin = first_admin(&office).await;
    let kiosk = office.device("kiosk").await;
    let mut guesser = Visitor::new(&office);
    let mut tried = 0;
    let page = loop {
        let page = match tried % 2 {
            0 => {
                guesser
                    .sign_in(&format!("{}", tried + 1_000), "604827")
                    .await
            }
            _ => guesser.submit("/login", &[("token", "a-guess")]).await,
        };
        if page.status != 403 {
            break page;
        }
        tried += 1;
        assert!(tried < 30, "nothing stops the guesser");
    };
    page.expect(429);
    guesser
        .submit("/login", &[("token", &office.token("clerk").await)])
        .await
        .expect(429);
    // The office does not notice.
    kiosk.issue("A").await;
    admin.get("/people").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_site_sends_is_refused() {
    let office = Office::open(NO_PAPER).await;
    let mut admin = first_admin(&office).await;
    for origin in ["http://evil.example", "null", "http://127.0.0.1:1"] {
        admin.origin = origin.to_owned();
        let body = json!({ "name": "Kẻ Lạ", "role": "admin", "pin": PIN });
        admin.act("/people", &body).await.refused(403, "cross-site");
        admin
            .act("/day/close", &json!({}))
            .await
            .refused(403, "cross-site");
        admin.submit("/logout", &[]).await.expect(403);
        admin.sign_in("1", PIN).await.expect(403);
    }
    let said = admin
        .request("POST", "/api/v1/day/close")
        .header("Sec-Fetch-Site", "cross-site");
    sent(said).await.unwrap().refused(403, "cross-site");
    admin.origin = office.url().to_owned();
    let list = admin.get("/people").await.expect(200);
    assert_eq!(list.body["items"].as_array().unwrap().len(), 1, "{list:?}");
    for page in [
        "/login",
        "/counter",
        "/counter/1",
        "/admin/people",
        "/admin/link/x",
    ] {
        let answer = admin.request("GET", page).send().await.unwrap();
        let header = |name| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("x-frame-options"), "DENY", "{page}");
        let policy = header("content-security-policy");
        assert!(
            policy.contains("frame-ancestors 'none'"),
            "{page}: {policy}"
        );
        assert!(!policy.contains("unsafe-inline"), "{page}: {policy}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_works_at_one_counter_and_a_supervisor_frees_it() {
    let office = Office::open(NO_PAPER).await;
    let admin = first_admin(&office).await;
    let an = signed_in(&office, &admin, "clerk").await;
    let binh = signed_in(&office, &admin, "clerk").await;
    let supervisor = signed_in(&office, &admin, "supervisor").await;
    an.act("/counters/1/open", &json!({})).await.expect(200);
    let refused = an.act("/counters/2/open", &json!({})).await;
    let refused = refused.refused(409, "other-counter");
    assert!(
        refused.text("detail").contains("close counter 1"),
        "{refused:?}"
    );
    binh.act("/counters/1/open", &json!({}))
        .await
        .refused(409, "counter-taken");
    // The supervisor sees who sits where.
    let board = supervisor.get("/live").await.expect(200).body;
    assert_eq!(board["counters"][0]["clerk"], "Lê Văn An");
    assert_eq!(board["counters"][1]["clerk"], json!(null));
    supervisor
        .act("/counters/1/close", &json!({}))
        .await
        .expect(200);
    an.act("/counters/2/open", &json!({})).await.expect(200);
    binh.act("/counters/1/open", &json!({})).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_with_its_day_its_pin_and_its_person() {
    let office = Office::open(NO_PAPER).await;
    let admin = first_admin(&office).await;
    let id = added(&admin, "Lê Văn An", "clerk").await;
    let mut clerk = Visitor::new(&office);
    clerk.sign_in(&id, PIN).await.expect(303);

    admin
        .act(
            &format!("/people/{id}/role"),
            &json!({ "role": "supervisor" }),
        )
        .await
        .expect(200);
    assert_eq!(
        clerk.get("/me").await.text("role"),
        "supervisor",
        "rights change at once"
    );
    let weak = admin
        .act(&format!("/people/{id}/pin"), &json!({ "pin": "111111" }))
        .await;
    weak.refused(422, "pin-repeats");
    clerk.get("/me").await.expect(200);
    admin
        .act(&format!("/people/{id}/pin"), &json!({ "pin": "739402" }))
        .await
        .expect(200);
    clerk.get("/me").await.refused(401, "unauthorized");
    clerk.sign_in(&id, PIN).await.expect(403);
    clerk.sign_in(&id, "739402").await.expect(303);

    let other = signed_in(&office, &admin, "clerk").await;
    admin
        .act(&format!("/people/{id}/remove"), &json!({}))
        .await
        .expect(204);
    clerk.get("/me").await.refused(401, "unauthorized");
    clerk.sign_in(&id, "739402").await.expect(403);
    let last = admin.act("/people/1/remove", &json!({})).await;
    last.refused(409, "last-admin");

    // An evening's work is over for everybody.
    let supervisor = office.device("supervisor").await;
    supervisor.act("/day/close").await.expect(200);
    for gone in [&other, &admin] {
        wait::until("signed out", async || {
            (gone.get("/me").await.status == 401).then_some(())
        })
        .await;
    }
    let why = office.say(&["journal", "verify"]).await;
    assert!(!why.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_listed_only_where_somebody_has_signed_in_before() {
    let office = Office::open(NO_PAPER).await;
    let mut admin = first_admin(&office).await;
    added(&admin, "Lê <b>Văn</b> An", "clerk").await;
    let page = Visitor::new(&office).look("/login").await.expect(200);
    assert!(!page.text.contains("Văn"), "{}", page.text);
    admin.submit("/logout", &[]).await.expect(303);
    let page = admin.look("/login").await.expect(200);
    assert!(
        page.text.contains("Lê &lt;b&gt;Văn&lt;/b&gt; An (2)"),
        "{}",
        page.text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_link_to_a_clerk_at_a_counter_in_a_browser() {
    let office = Office::open(NO_PAPER).await;
    let browser = Browser::open().await;
    let url = |path: &str| format!("{}{path}", office.url());
    let fill = async |css: &str, text: &str| {
        browser.find(css).await.send_keys(text).await.unwrap();
    };
    // A button may come only with the stream.
    let click = async |css: &str| {
        wait::until(css, async || browser.find(css).await.click().await.ok()).await;
    };
    browser.go(&url(&link_in(&office.daemon().log()))).await;
    fill("#name", "Trần Thị Quản").await;
    fill("#pin", PIN).await;
    fill("#again", PIN).await;
    click(".main").await;
    browser.reads("Thêm cán bộ").await;
    fill("#name", "Nguyễn Văn An").await;
    fill("#pin", "111111").await;
    click("#add .main").await;
    browser.reads("quá dễ đoán").await;
    let pin = browser.find("#pin").await;
    pin.clear().await.unwrap();
    pin.send_keys("739402").await.unwrap();
    click("#add .main").await;
    browser.reads("mã số 2").await;
    click("#sign-out button").await;

    click("#sign-in option[value='2']").await;
    fill("#pin", "739402").await;
    click("#sign-in .main").await;
    browser.reads("Chọn quầy làm việc").await;
    browser.go(&url("/counter/1")).await;
    browser.reads("Nguyễn Văn An").await;
    browser.reads("Đăng xuất").await;
    click("#open").await;
    browser.reads("Đóng quầy").await;
    browser.go(&url("/admin/people")).await;
    browser.reads("không có quyền").await;
    assert!(
        !browser.text().await.contains("Thêm cán bộ"),
        "a clerk manages nobody"
    );
    browser.go(&url("/counter/1")).await;
    click("#sign-out button").await;
    browser.reads("Đăng nhập quầy").await;
    browser.close().await;
}
