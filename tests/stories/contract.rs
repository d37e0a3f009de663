//! The API is what its own description says, also to those who have no right to it.

use crate::NO_PAPER;
use serde_json::{Value, json};
use tests::api::{Device, fresh_key, sent};
use tests::office::Office;
use tests::visitor::{first_admin, signed_in};

/// One operation of the description.
struct Operation {
    method: String,
    path: String,
    open: bool,
    answers: Vec<String>,
}

impl Operation {
    /// Whether the description has this status, or its range (`4XX`).
    fn declares(&self, status: u16) -> bool {
        let range = format!("{}XX", status / 100);
        self.answers.contains(&status.to_string()) || self.answers.contains(&range)
    }
}

async fn operations(device: &Device) -> Vec<Operation> {
    let description = sent(device.request("GET", "/api/openapi.json")).await;
    let description = description.unwrap().expect(200).body;
    let paths = description["paths"].as_object().expect("paths");
    let mut operations = Vec::new();
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().unwrap() {
            let Some(responses) = operation["responses"].as_object() else {
                continue; // `parameters` may stand beside the methods.
            };
            operations.push(Operation {
                method: method.to_uppercase(),
                path: path.clone(),
                open: [json!([]), json!([{}])].contains(&operation["security"]),
                answers: responses.keys().cloned().collect(),
            });
        }
    }
    operations
}

/// The path with something in each gap.
fn filled(path: &str, with: &str) -> String {
    let mut filled = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let (_, after) = after.split_once('}').expect("a closed gap");
        filled += before;
        filled += with;
        rest = after;
    }
    filled + rest
}

#[tokio::test(flavor = "multi_thread")]
async fn every_act_is_described() {
    let office = Office::open(NO_PAPER).await;
    let known = operations(&office.passer_by()).await;
    let ticket_acts = ["cancel", "change", "transfer", "hold", "resume", "reprint"];
    let counter_acts = ["open", "close", "pause", "call", "next", "recall", "start"];
    let more = ["no-show", "finish", "undo"];
    let mut wanted: Vec<String> = ticket_acts
        .iter()
        .map(|act| format!("POST /api/v1/tickets/{{id}}/{act}"))
        .collect();
    wanted.extend(
        counter_acts
            .iter()
            .chain(&more)
            .map(|act| format!("POST /api/v1/counters/{{n}}/{act}")),
    );
    wanted.extend(
        [
            "POST /api/v1/tickets",
            "GET /api/v1/tickets/{id}",
            "POST /api/v1/scans",
            "GET /api/v1/scans",
            "GET /api/v1/scans/{id}",
            "GET /api/v1/counters/{n}/events",
            "POST /api/v1/day/open",
            "POST /api/v1/day/close",
            "POST /api/v1/days/{day}/erase",
            "GET /api/v1/queue",
            "GET /api/v1/events",
            "GET /api/v1/figures",
            "GET /api/v1/register",
            "GET /api/v1/outages",
            "GET /api/v1/live",
            "GET /api/v1/live/events",
            "GET /api/v1/time",
            "POST /api/v1/time",
        ]
        .map(str::to_owned),
    );
    let described: Vec<String> = known
        .iter()
        .map(|operation| format!("{} {}", operation.method, operation.path))
        .collect();
    for act in wanted {
        assert!(
            described.contains(&act),
            "{act} is not described: {described:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_right_every_operation_says_so() {
    let office = Office::open(NO_PAPER).await;
    let nobody = office.passer_by();
    let forger = Device::new(office.url(), Some("not-a-token"));
    for operation in operations(&nobody).await {
        if operation.open {
            continue;
        }
        let name = format!("{} {}", operation.method, operation.path);
        assert!(operation.declares(401), "{name} declares 401");
        for device in [&nobody, &forger] {
            // The right is judged before path and body, so both may be nonsense.
            for gap in ["1", "A001", "%20"] {
                let path = filled(&operation.path, gap);
                let request = device.request(&operation.method, &path).body("{");
                let answer = sent(request).await.unwrap();
                assert_eq!(answer.status, 401, "{name}: {answer:?}");
                answer.refused(401, "unauthorized");
            }
        }
    }
}

/// Who may do what. A new
/// operation needs its row.
const RIGHTS: [(&[&str], &[&str]); 5] = [
    (&["kiosk"], &["POST /api/v1/readers"]),
    (
        &["kiosk", "clerk", "supervisor", "admin"],
        &[
            "POST /api/v1/cards",
            "POST /api/v1/tickets",
            "GET /api/v1/tickets/{id}",
            "POST /api/v1/tickets/{id}/cancel",
            "POST /api/v1/tickets/{id}/change",
            "POST /api/v1/tickets/{id}/resume",
            "POST /api/v1/tickets/{id}/rate",
            "POST /api/v1/dossiers/look-up",
            "POST /api/v1/slips",
            "GET /api/v1/slips/{id}",
            "GET /api/v1/me",
            "GET /api/v1/time",
            "POST /api/v1/time",
        ],
    ),
    (
        &["clerk", "supervisor", "admin"],
        &[
            "POST /api/v1/tickets/{id}/transfer",
            "POST /api/v1/tickets/{id}/hold",
            "POST /api/v1/tickets/{id}/reprint",
            "POST /api/v1/counters/{n}/open",
            "POST /api/v1/counters/{n}/close",
            "POST /api/v1/counters/{n}/pause",
            "POST /api/v1/counters/{n}/call",
            "POST /api/v1/counters/{n}/next",
            "POST /api/v1/counters/{n}/recall",
            "POST /api/v1/counters/{n}/start",
            "POST /api/v1/counters/{n}/no-show",
            "POST /api/v1/counters/{n}/finish",
            "POST /api/v1/counters/{n}/undo",
            "POST /api/v1/counters/{n}/purpose",
            "GET /api/v1/counters/{n}/events",
            "POST /api/v1/scans",
            "GET /api/v1/scans",
            "GET /api/v1/scans/{id}",
            "POST /api/v1/scans/{id}/settle",
            "GET /api/v1/register",
            "GET /api/v1/scans/{id}/dossier",
            "POST /api/v1/dossiers/find",
            "GET /api/v1/dossiers/late",
            "POST /api/v1/letters",
            "GET /api/v1/letters",
            "GET /api/v1/letters/form",
            "GET /api/v1/letters/{id}",
            "POST /api/v1/letters/{id}/sign",
            "POST /api/v1/letters/{id}/give",
        ],
    ),
    (
        &["supervisor", "admin"],
        &[
            "POST /api/v1/services/{letter}/pause",
            "POST /api/v1/services/{letter}/resume",
            "POST /api/v1/services/{letter}/roll",
            "POST /api/v1/services/{letter}/roll/cancel",
            "GET /api/v1/day",
            "POST /api/v1/day/numbers",
            "POST /api/v1/day/open",
            "GET /api/v1/figures",
            "GET /api/v1/outages",
            "GET /api/v1/live",
            "GET /api/v1/live/events",
            "POST /api/v1/day/close",
            "GET /api/v1/dossiers/imports",
            "POST /api/v1/dossiers/imports",
            "POST /api/v1/dossiers/imports/{id}/check",
            "POST /api/v1/dossiers/imports/{id}/confirm",
            "GET /api/v1/people",
            "POST /api/v1/people/{id}/unlock",
            "GET /api/v1/devices",
            "GET /api/v1/health",
            "GET /api/v1/office",
            "GET /api/v1/office/history",
            "POST /api/v1/office/check",
            "POST /api/v1/office/preview",
            "POST /api/v1/office/days-off",
            "POST /api/v1/office/days-off/remove",
        ],
    ),
    (
        &["admin"],
        &[
            "POST /api/v1/people",
            "POST /api/v1/people/{id}/role",
            "POST /api/v1/people/{id}/pin",
            "POST /api/v1/people/{id}/remove",
            "GET /api/v1/enrolments",
            "POST /api/v1/devices",
            "POST /api/v1/devices/{id}/rename",
            "POST /api/v1/devices/{id}/revoke",
            "GET /api/v1/access",
            "POST /api/v1/days/{day}/erase",
            "POST /api/v1/office",
            "POST /api/v1/office/withdraw",
            "POST /api/v1/office/restore",
            "GET /api/v1/office/export",
            "POST /api/v1/office/import",
            "GET /api/v1/backup",
            "POST /api/v1/backup",
            "GET /api/v1/backup/file",
            "GET /api/v1/voice",
            "GET /api/v1/voice/call",
            "POST /api/v1/voice/make",
            "POST /api/v1/voice/pack",
            "GET /api/v1/voice/{language}/pack",
            "POST /api/v1/voice/{language}/speaker",
            "GET /api/v1/voice/{language}/{clip}",
            "POST /api/v1/voice/{language}/{clip}",
            "POST /api/v1/voice/{language}/{clip}/remove",
        ],
    ),
];

/// The pages of staff, and whom they are for.
const PAGES: [(&str, &[&str]); 19] = [
    ("/counter", &["clerk", "supervisor", "admin"]),
    ("/counter/1", &["clerk", "supervisor", "admin"]),
    ("/time", &["clerk", "supervisor", "admin"]),
    ("/help", &["clerk", "supervisor", "admin"]),
    ("/register", &["clerk", "supervisor", "admin"]),
    ("/admin/outages", &["supervisor", "admin"]),
    ("/admin", &["supervisor", "admin"]),
    ("/admin/today", &["supervisor", "admin"]),
    ("/admin/settings", &["admin"]),
    ("/admin/people", &["supervisor", "admin"]),
    ("/admin/devices", &["supervisor", "admin"]),
    ("/admin/codes", &["supervisor", "admin"]),
    ("/admin/figures", &["supervisor", "admin"]),
    ("/admin/live", &["supervisor", "admin"]),
    ("/admin/backup", &["admin"]),
    ("/admin/voice", &["admin"]),
    ("/admin/dossiers", &["supervisor", "admin"]),
    ("/dossiers/late", &["clerk", "supervisor", "admin"]),
    ("/letters/new", &["clerk", "supervisor", "admin"]),
];

#[tokio::test(flavor = "multi_thread")]
async fn each_role_may_do_what_the_table_says_and_nothing_else() {
    let office = Office::open(NO_PAPER).await;
    let admin = first_admin(&office).await;
    let mut devices = Vec::new();
    for role in ["kiosk", "clerk", "supervisor", "admin"] {
        devices.push((role, office.device(role).await));
    }
    let mut people = Vec::new();
    for role in ["clerk", "supervisor", "admin"] {
        people.push((role, signed_in(&office, &admin, role).await));
    }
    for operation in operations(&office.passer_by()).await {
        if operation.open {
            continue;
        }
        let name = format!("{} {}", operation.method, operation.path);
        let row = RIGHTS
            .iter()
            .find(|(_, names)| names.contains(&name.as_str()));
        let (roles, _) = row.unwrap_or_else(|| panic!("{name} has no row in RIGHTS"));
        // The right is judged before the body: nothing is done.
        let path = filled(&operation.path, "1");
        let by_token = devices
            .iter()
            .map(|(role, device)| (role, device.request(&operation.method, &path).body("{")));
        let by_pin = people
            .iter()
            .map(|(role, person)| (role, person.request(&operation.method, &path).body("{")));
        for (role, request) in by_token.chain(by_pin) {
            let status = request.send().await.unwrap().status().as_u16();
            let allowed = roles.contains(role);
            assert_eq!(status == 403, !allowed, "{role}: {name}: {status}");
            assert_ne!(status, 401, "{role}: {name}");
        }
    }
    for (page, roles) in PAGES {
        for (role, person) in &mut people {
            let seen = person.look(page).await;
            let expected = if roles.contains(role) { 200 } else { 403 };
            assert_eq!(seen.status, expected, "{role}: {page}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kiosk_may_not_act_for_a_clerk() {
    let office = Office::open(NO_PAPER).await;
    let kiosk = office.device("kiosk").await;
    let clerk = office.device("clerk").await;
    for act in [
        "open", "close", "pause", "call", "next", "recall", "start", "finish",
    ] {
        let path = format!("/counters/1/{act}");
        kiosk.act(&path).await.refused(403, "forbidden");
    }
    kiosk
        .scan("H05.114-250625-0002")
        .await
        .refused(403, "forbidden");
    clerk.act("/day/close").await.refused(403, "forbidden");
    let supervisor = office.device("supervisor").await;
    supervisor.act("/day/close").await.expect(200);
    supervisor.act("/day/open").await.expect(200);
    supervisor.act("/counters/1/open").await.expect(200);
    let admin = office.device("admin").await;
    admin.act("/counters/2/open").await.expect(200);
    // A kiosk stands apart: an admin is no kiosk, but a clerk may issue.
    clerk.issue("A").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_gets_a_declared_refusal_everywhere() {
    let office = Office::open(NO_PAPER).await;
    let admin = office.device("admin").await;
    let bodies: [&[u8]; 5] = [
        b"",
        b"{",
        b"[]",
        b"{\"no\":\"such field\"}",
        b"\xff\xfe\x00",
    ];
    for operation in operations(&admin).await {
        let name = format!("{} {}", operation.method, operation.path);
        if operation.method == "GET" && !operation.path.contains('{') {
            continue;
        }
        for gap in ["nothing", "0", "99999999999999999999", "%00", "..%2f.."] {
            for body in bodies {
                let request = admin
                    .request(&operation.method, &filled(&operation.path, gap))
                    .header("Idempotency-Key", fresh_key())
                    .header("Content-Type", "application/json")
                    .body(body);
                let answer = sent(request).await.unwrap();
                let status = answer.status;
                assert!(status < 500, "{name} with {gap:?} {body:?}: {answer:?}");
                assert!(
                    operation.declares(status),
                    "{name} does not declare {status}: {answer:?}"
                );
                if status >= 400 {
                    assert_eq!(answer.kind, "application/problem+json", "{name}");
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_office_tells_how_it_is_to_anybody() {
    let office = Office::open(NO_PAPER).await;
    let nobody = office.passer_by();
    let health = sent(nobody.request("GET", "/healthz")).await.unwrap();
    assert_eq!(health.expect(200).kind, "application/json");
    let metrics = sent(nobody.request("GET", "/metrics")).await.unwrap();
    metrics.expect(200);
    let ticket = office.device("kiosk").await.issue("A").await;
    let clerk = office.device("clerk").await;
    clerk.scan("H05.114-250625-0002").await.expect(202);
    let public = nobody.queue().await.to_string();
    let metrics = sent(nobody.request("GET", "/metrics")).await.unwrap();
    for open in [public, metrics.body.to_string(), office.daemon().log()] {
        assert!(
            !open.contains(ticket["id"].as_str().unwrap()),
            "no ids: {open}"
        );
        assert!(!open.contains("250625-0002"), "no dossier: {open}");
        let token: Value = clerk.token().into();
        assert!(!open.contains(token.as_str().unwrap()), "no token: {open}");
    }
}
