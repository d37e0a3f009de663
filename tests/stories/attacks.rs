//! Whoever means harm: other sites, forged lines, guesses. The office goes on, and nothing is
//! told or done without a right.

use crate::NO_PAPER;
use crate::secured::Networked;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::api::{Device, fresh_key, sent};
use tests::office::Office;
use tests::visitor::{PIN, first_admin};
use tests::wait;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Every call of the description: method and path, with something in each gap.
async fn calls(device: &Device) -> Vec<(String, String)> {
    let description = sent(device.request("GET", "/api/openapi.json")).await;
    let description = description.unwrap().expect(200).body;
    let mut calls = Vec::new();
    for (path, methods) in description["paths"].as_object().unwrap() {
        let parts = path.split('/').map(|part| match part.starts_with('{') {
            true => "1",
            false => part,
        });
        let path = parts.collect::<Vec<_>>().join("/");
        for method in methods.as_object().unwrap().keys() {
            if ["get", "post"].contains(&method.as_str()) {
                calls.push((method.to_uppercase(), path.clone()));
            }
        }
    }
    assert!(calls.len() > 40, "{calls:?}");
    calls
}

/// The forms of pages.
const FORMS: [&str; 4] = ["/login", "/logout", "/enrol", "/admin/link/x"];

/// Pages of staff and of citizens, and addresses that are none.
const PAGES: [&str; 32] = [
    "/",
    "/login",
    "/counter",
    "/counter/1",
    "/admin",
    "/admin/people",
    "/admin/figures",
    "/admin/figures.xlsx",
    "/admin/live",
    "/admin/outages",
    "/admin/outages.xlsx",
    "/register",
    "/register/print",
    "/register.xlsx",
    "/admin/backup",
    "/admin/voice",
    "/admin/dossiers",
    "/dossiers/late",
    "/dossiers/late.xlsx",
    "/letters/new",
    "/letters/01KB2Q7Z5N8M4R6T9V3X1C0E2G",
    "/admin/today",
    "/admin/settings",
    "/admin/devices",
    "/admin/codes",
    "/enrol",
    "/help",
    "/time",
    "/admin/link/x",
    "/lobby",
    "/t/7K3QX9M2",
    "/nothing",
];

#[tokio::test(flavor = "multi_thread")]
async fn another_site_can_have_nothing_done_by_whoever_is_signed_in() {
    let office = Office::open(NO_PAPER).await;
    let admin = first_admin(&office).await;
    let before = office.say(&["journal", "verify"]).await;
    let posts = calls(&office.passer_by()).await.into_iter();
    let posts = posts
        .filter(|(method, _)| method == "POST")
        .map(|(_, path)| path);
    for path in posts.chain(FORMS.map(str::to_owned)) {
        // By the line that a browser adds, by the older one, and without either.
        for (name, value) in [
            ("Sec-Fetch-Site", "cross-site"),
            ("Sec-Fetch-Site", "same-site"),
            ("Origin", "https://evil.example"),
            ("Origin", "null"),
            ("X-Nothing", "said"),
        ] {
            let url = format!("{}{path}", office.url());
            let request = tests::api::http().post(url).header(name, value);
            let request = request
                .header("Cookie", format!("session={}", admin.session()))
                .header("Idempotency-Key", fresh_key())
                .header("Content-Type", "application/json");
            let answer = sent(request.body("{}")).await.unwrap();
            assert_eq!(answer.status, 403, "{path}: {name}: {value}: {answer:?}");
            answer.refused(403, "cross-site");
        }
    }
    assert_eq!(office.say(&["journal", "verify"]).await, before);
    admin.get("/me").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_shown_in_the_frame_of_another_site_errors_included() {
    let office = Office::open(NO_PAPER).await;
    let admin = first_admin(&office).await;
    let calls = calls(&office.passer_by()).await.into_iter();
    let pages = PAGES.map(|page| ("GET".to_owned(), page.to_owned()));
    for (method, path) in calls.chain(pages) {
        for cookie in [None, Some(format!("session={}", admin.session()))] {
            let url = format!("{}{path}", office.url());
            let request = tests::api::http().request(method.parse().unwrap(), url);
            let request = match &cookie {
                Some(cookie) => request.header("Cookie", cookie),
                None => request,
            };
            // Streams as well: only the head is waited for.
            let answer = request.send().await.unwrap();
            let header = |name: &str| {
                let value = answer.headers().get(name);
                value.map_or("", |value| value.to_str().unwrap())
            };
            let what = format!("{method} {path}: {}", answer.status());
            assert_eq!(header("x-frame-options"), "DENY", "{what}");
            assert_eq!(header("x-content-type-options"), "nosniff", "{what}");
            let policy = header("content-security-policy");
            assert!(policy.contains("frame-ancestors 'none'"), "{what}");
            assert!(!policy.contains("unsafe"), "{what}");
        }
    }
}

/// Nothing but the end of the line; or an answer that the line's end overtook, where a client was
/// still sending.
const ENDED: u16 = 0;

/// What the daemon answers to bytes, until it ends the line.
async fn raw(address: &str, request: &str) -> String {
    let mut line = TcpStream::connect(address).await.unwrap();
    // It may hang up before it has read everything.
    let _ = line.write_all(request.as_bytes()).await;
    let mut answer = Vec::new();
    let _ = wait::soon("an answer", line.read_to_end(&mut answer)).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn tricks_with_lines_and_addresses_open_nothing() {
    let office = Office::open(NO_PAPER).await;
    let kiosk = office.device("kiosk").await;
    let before = kiosk.issue("A").await;
    let address = office.url().strip_prefix("http://").unwrap();
    let get = |target: &str, more: &str| {
        format!("GET {target} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{more}\r\n")
    };
    let post = |more: &str, body: &str| {
        let head = "POST /api/v1/tickets HTTP/1.1\r\nconnection: close\r\nidempotency-key: k";
        let kind = "content-type: application/json";
        let token = format!("authorization: Bearer {}", kiosk.token());
        format!("{head}\r\nhost: {address}\r\n{token}\r\n{kind}\r\n{more}\r\n{body}")
    };
    let issue = "{\"service\":\"A\"}";
    let (length, chunk) = (
        issue.len(),
        format!("{:x}\r\n{issue}\r\n0\r\n\r\n", issue.len()),
    );
    let huge = "x".repeat(1 << 20);
    let cases: Vec<(&str, String, &[u16])> = vec![
        ("dots", get("/lobby/../admin/people", ""), &[404]),
        (
            "encoded dots",
            get("/lobby/%2e%2e/admin/people", ""),
            &[404],
        ),
        ("an encoded slash", get("/admin%2Fpeople", ""), &[404]),
        ("two slashes", get("//admin/people", ""), &[404]),
        ("a file", get("/static/../../../../etc/passwd", ""), &[404]),
        (
            "an encoded file",
            get("/static/..%2f..%2f..%2fetc%2fpasswd", ""),
            &[404],
        ),
        ("a null byte", get("/static/page.css%00.ttf", ""), &[404]),
        (
            "another host's address",
            get("http://evil.example/api/v1/scans", ""),
            &[401],
        ),
        (
            "a proxy's method",
            get("evil.example:80", "").replacen("GET", "CONNECT", 1),
            &[400, 404, 405],
        ),
        (
            "another method by header",
            get("/api/v1/scans", "x-http-method-override: POST\r\n"),
            &[401],
        ),
        (
            "another address by header",
            get("/lobby", "x-original-url: /admin/people\r\n"),
            &[200],
        ),
        (
            "somebody else by header",
            get(
                "/api/v1/people",
                "x-forwarded-for: 127.0.0.1\r\nx-real-ip: 127.0.0.1\r\n",
            ),
            &[401],
        ),
        (
            "two rights",
            get(
                "/api/v1/people",
                &format!(
                    "authorization: Bearer x\r\nauthorization: Bearer {}\r\n",
                    kiosk.token()
                ),
            ),
            &[401],
        ),
        (
            "a huge line",
            get("/lobby", &format!("x-huge: {huge}\r\n")),
            &[431, ENDED],
        ),
        (
            "a thousand lines",
            get("/lobby", &"x-many: x\r\n".repeat(1_000)),
            &[431, ENDED],
        ),
        (
            "a huge address",
            get(&format!("/{huge}"), ""),
            &[414, 431, ENDED],
        ),
        (
            "two lengths",
            post(
                &format!("content-length: {length}\r\ncontent-length: 3\r\n"),
                issue,
            ),
            &[400],
        ),
        (
            "a length that is none",
            post("content-length: -1\r\n", issue),
            &[400],
        ),
        (
            "a length beyond counting",
            post("content-length: 99999999999999999999\r\n", issue),
            &[400],
        ),
        (
            "another coding",
            post("transfer-encoding: gzip\r\n", issue),
            &[400],
        ),
        (
            "a body in a GET",
            get("/api/v1/people", "content-length: 4\r\n") + "data",
            &[401],
        ),
        (
            "a folded line",
            get("/lobby", "x-a: b\r\n c: d\r\n"),
            &[200, 400],
        ),
        (
            "an old version",
            "GET /api/v1/people HTTP/0.9\r\n\r\n".into(),
            &[400],
        ),
        (
            "another protocol",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".into(),
            &[ENDED],
        ),
    ];
    for (what, request, expected) in cases {
        let answer = raw(address, &request).await;
        let status = answer
            .split(' ')
            .nth(1)
            .map_or(ENDED, |status| status.parse().unwrap());
        assert!(expected.contains(&status), "{what}: {status}");
        assert!(!answer.contains("root:"), "{what}");
    }
    // Of a length and chunks at most one is believed, and what follows is no request of its own.
    let smuggled = format!("{chunk}GET /api/v1/queue HTTP/1.1\r\nhost: x\r\n\r\n");
    let both = post(
        &format!("content-length: {length}\r\ntransfer-encoding: chunked\r\n"),
        &smuggled,
    );
    let answer = raw(address, &both).await;
    assert!(answer.matches("HTTP/1.1 ").count() <= 1, "{answer}");
    // The office is as it was, but for that one ticket, if it was taken.
    let next = kiosk.issue("A").await;
    assert_eq!(before["number"], "A001");
    assert!(
        ["A002", "A003"].contains(&next["number"].as_str().unwrap()),
        "{next}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_name_in_the_host_line_leads_nowhere_else() {
    let office = Office::open(NO_PAPER).await;
    let address = office.url().strip_prefix("http://").unwrap();
    for page in ["/", "/counter", "/admin", "/admin/people"] {
        let request =
            format!("GET {page} HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n");
        let answer = raw(address, &request).await;
        let to = answer
            .lines()
            .find_map(|line| line.strip_prefix("location: "));
        assert!(to.is_some_and(|to| to.starts_with('/')), "{page}: {answer}");
        assert!(!answer.contains("evil.example"), "{page}: {answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_at_slips_are_turned_away_and_a_lobby_of_phones_is_not() {
    let office = Office::open(NO_PAPER).await;
    let slip = office.device("kiosk").await.issue("A").await;
    let phone = office.passer_by();
    let look = async |token: &str| {
        let page = sent(phone.request("GET", &format!("/t/{token}"))).await;
        page.unwrap().status
    };
    let mut tried = 0;
    while look(&format!("7K3QX9M2{tried:018}")).await == 404 {
        tried += 1;
        assert!(tried < 1_000, "nothing stops the guesser");
    }
    assert!(tried >= 100, "a lobby with slips of yesterday: {tried}");
    assert_eq!(look("7K3QX9M2").await, 429);
    // The same address, which is a whole lobby's.
    for _ in 0..200 {
        assert_eq!(look(slip["qr"].as_str().unwrap()).await, 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_the_public_door_nothing_else_answers() {
    let office = Networked::open("0.0.0.0:0").await;
    let (public, own) = (office.public(), office.office.passer_by());
    let admin = office.office.token("admin").await;
    let offered: BTreeSet<(&str, &str)> = [
        ("GET", "/"),
        ("GET", "/api/v1/queue"),
        ("GET", "/api/v1/events"),
        ("GET", "/lobby"),
        ("GET", "/t/7K3QX9M2"),
    ]
    .into();
    let pages = PAGES.map(|page| ("GET".to_owned(), page.to_owned()));
    let forms = FORMS.map(|form| ("POST".to_owned(), form.to_owned()));
    let more = [("GET".to_owned(), "/metrics".to_owned())];
    let calls = calls(&own).await.into_iter();
    for (method, path) in calls.chain(pages).chain(forms).chain(more) {
        // Nobody's right opens more here.
        let request = public.request(&method, &path).header("Cookie", "session=x");
        let request = request.bearer_auth(&admin);
        let request = request.header("Idempotency-Key", fresh_key()).body("{}");
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let closed = matches!(status, 404 | 405) && !path.starts_with("/t/");
        let open = offered.contains(&(method.as_str(), path.as_str()));
        assert_eq!(closed, !open, "{method} {path}: {status}");
    }
    let body = json!({ "person": "1", "pin": PIN });
    let signed = sent(public.request("POST", "/login").json(&body)).await;
    assert_eq!(signed.unwrap().body["code"], Value::from("not-found"));
}
