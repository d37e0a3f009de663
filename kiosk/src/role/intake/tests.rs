//! The reference server as a client meets it, over a real line.

#![allow(clippy::unwrap_used)]

use std::path::Path;

use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::task::JoinHandle;

use super::*;

/// For `serve`: an answer under way needs a moment, a silent client gets no more.
const STOP_SOON: Duration = Duration::from_millis(200);

struct Server {
    url: String,
    client: Client,
    folder: TempDir,
    stop: watch::Sender<bool>,
    task: JoinHandle<anyhow::Result<()>>,
}

impl Server {
    async fn start() -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), None).await
    }

    async fn start_in(folder: TempDir, token: Option<Token>) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let store = Store::open(&folder.path().join("intake")).unwrap();
        let (stop, stopping) = watch::channel(false);
        Self {
            url,
            client: Client::builder().no_proxy().build().unwrap(),
            folder,
            stop,
            task: tokio::spawn(serve(listener, store, token, stopping, STOP_SOON)),
        }
    }

    async fn stop(self) -> TempDir {
        self.stop.send_replace(true);
        self.task.await.unwrap().unwrap();
        self.folder
    }

    fn post(&self, key: &str, body: &Value) -> RequestBuilder {
        let request = self.client.post(format!("{}/v1/scans", self.url));
        request.header("Idempotency-Key", key).json(body)
    }

    fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.url))
    }
}

async fn answer(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    (status, response.json().await.unwrap())
}

fn scan(id: &str, dossier: &str) -> Value {
    json!({
        "id": id, "dossier": dossier, "purpose": "receive", "office": "H00.00", "counter": 3,
        "ticket": "A012", "scanned_at": "2026-11-23T07:42:10+07:00", "device": "counter-3",
    })
}

fn with(field: &str, value: Value) -> Value {
    let mut scan = scan("1", "H05.114-250625-0002");
    scan[field] = value;
    scan
}

#[tokio::test]
async fn a_scan_is_taken_once_and_its_key_always_gets_the_same_answer() {
    let server = Server::start().await;
    let body = scan("01J", "H05.114-250625-0002");
    let first = answer(server.post("01J", &body)).await;
    assert_eq!(first.0, 201);
    assert_eq!(first.1["state"], "received");
    assert_eq!(answer(server.post("01J", &body)).await, first);

    let other = scan("01J", "H05.114-250625-0003");
    let (status, problem) = answer(server.post("01J", &other)).await;
    assert_eq!((status, &problem["code"]), (422, &json!("key-reused")));
    assert!(problem["reason"].is_string());

    let (_, list) = answer(server.get("/v1/scans")).await;
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    server.stop().await;
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_a_restart() {
    let server = Server::start().await;
    let body = scan("01J", "H05.114-250625-0002");
    let first = answer(server.post("01J", &body)).await;
    let folder = server.stop().await;

    let server = Server::start_in(folder, None).await;
    assert_eq!(answer(server.post("01J", &body)).await, first);
    let (status, kept) = answer(server.get("/v1/scans/01J")).await;
    assert_eq!(status, 200);
    assert_eq!(kept["dossier"], "H05.114-250625-0002");
    assert_eq!(answer(server.get("/v1/scans/01K")).await.0, 404);
    server.stop().await;
}

#[tokio::test]
async fn twenty_requests_with_one_key_are_one_scan() {
    let server = Server::start().await;
    let body = scan("01J", "H05.114-250625-0002");
    let mut requests = tokio::task::JoinSet::new();
    for _ in 0..20 {
        requests.spawn(answer(server.post("01J", &body)));
    }
    let answers = requests.join_all().await;
    assert!(answers.iter().all(|one| *one == answers[0] && one.0 == 201));
    let (_, list) = answer(server.get("/v1/scans")).await;
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    server.stop().await;
}

#[tokio::test]
async fn what_is_no_scan_is_refused_with_a_reason() {
    let server = Server::start().await;
    let refused = [
        ("id", json!("2")),
        ("id", json!(null)),
        ("dossier", json!("")),
        ("dossier", json!("  ")),
        ("dossier", json!("a\nb")),
        ("dossier", json!("x".repeat(129))),
        ("dossier", json!(7)),
        ("purpose", json!("burn")),
        ("office", json!(null)),
        ("device", json!(null)),
        ("counter", json!(0)),
        ("counter", json!("3")),
        ("counter", json!(-1)),
        ("ticket", json!(12)),
        ("scanned_at", json!("yesterday")),
        ("scanned_at", json!("2026-11-23T07:42:10")),
    ];
    for (field, value) in refused {
        let (status, problem) = answer(server.post("1", &with(field, value.clone()))).await;
        assert_eq!(status, 422, "{field} {value}");
        assert!(!problem["reason"].as_str().unwrap().is_empty());
    }
    let taken = [
        ("counter", json!(null)),
        ("ticket", json!(null)),
        ("scanned_at", json!(null)),
        ("dossier", json!("00092/TTPVHCC")),
        ("a_later_field", json!({ "any": "thing" })),
    ];
    for (n, (field, value)) in taken.into_iter().enumerate() {
        let key = format!("t{n}");
        let mut body = with(field, value.clone());
        body["id"] = key.clone().into();
        assert_eq!(
            answer(server.post(&key, &body)).await.0,
            201,
            "{field} {value}"
        );
    }
    server.stop().await;
}

#[tokio::test]
async fn every_error_is_a_problem_with_a_code() {
    let server = Server::start().await;
    let scans = format!("{}/v1/scans", server.url);
    let post = || server.client.post(&scans).header("Idempotency-Key", "1");
    let json = "application/json";
    let requests = [
        (
            server.client.post(&scans).json(&scan("1", "X")),
            400,
            "key-missing",
        ),
        (
            server.post(&"k".repeat(129), &scan("1", "X")),
            400,
            "key-missing",
        ),
        (
            post().header("Content-Type", json).body("{"),
            400,
            "bad-request",
        ),
        (post().json(&json!([1])), 400, "bad-request"),
        (post().body("{}"), 415, "unsupported-type"),
        (
            post().json(&with("dossier", json!("x".repeat(20_000)))),
            413,
            "too-large",
        ),
        (server.client.delete(&scans), 405, "method-not-allowed"),
        (server.get("/v1/nothing"), 404, "not-found"),
        (server.get("/v1/scans/%FF"), 404, "not-found"),
        (server.get("/v1/dossiers/X"), 404, "not-found"),
        (server.get("/v1/scans?after=soon"), 400, "bad-request"),
        (server.get("/?before=soon"), 400, "bad-request"),
    ];
    for (request, status, code) in requests {
        let response = request.send().await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{code}");
        assert_eq!(
            response.headers()["content-type"],
            "application/problem+json"
        );
        assert_eq!(response.json::<Value>().await.unwrap()["code"], code);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_dossier_is_known_by_its_scans() {
    let server = Server::start().await;
    let mut later = scan("2", "00092/TTPVHCC");
    later["purpose"] = "return".into();
    later["scanned_at"] = Value::Null;
    assert_eq!(
        answer(server.post("1", &scan("1", "00092/TTPVHCC")))
            .await
            .0,
        201
    );
    assert_eq!(answer(server.post("2", &later)).await.0, 201);
    assert_eq!(answer(server.post("3", &scan("3", "other"))).await.0, 201);

    let (status, dossier) = answer(server.get("/v1/dossiers/00092%2FTTPVHCC")).await;
    assert_eq!(status, 200);
    assert_eq!(dossier["id"], "00092/TTPVHCC");
    assert_eq!(dossier["state"], "received");
    assert_eq!(dossier["received_at"], "2026-11-23T07:42:10+07:00");
    let purposes: Vec<_> = dossier["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| &step["purpose"])
        .collect();
    assert_eq!(purposes, ["receive", "return"]);
    server.stop().await;
}

#[tokio::test]
async fn lists_and_pages_show_everything_once() {
    let server = Server::start().await;
    for n in 0..=api::LIST_MAX {
        let id = format!("s{n:03}");
        assert_eq!(
            answer(server.post(&id, &scan(&id, &format!("D{n:03}"))))
                .await
                .0,
            201
        );
    }
    let (_, first) = answer(server.get("/v1/scans")).await;
    assert_eq!(first["items"].as_array().unwrap().len(), api::LIST_MAX);
    let next = format!("/v1/scans?after={}", first["next"].as_str().unwrap());
    let (_, rest) = answer(server.get(&next)).await;
    assert_eq!(rest["items"][0]["id"], format!("s{}", api::LIST_MAX));
    assert!(rest.get("next").is_none());

    let mut path = "/".to_owned();
    let mut seen = Vec::new();
    loop {
        let page = server
            .get(&path)
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap();
        seen.extend(
            page.split("class=\"id\">")
                .skip(1)
                .map(|row| row[..4].to_owned()),
        );
        let Some((_, older)) = page.split_once("<a href=\"/?before=") else {
            break;
        };
        path = format!("/?before={}", older.split('"').next().unwrap());
    }
    let all: Vec<_> = (0..=api::LIST_MAX)
        .rev()
        .map(|n| format!("D{n:03}"))
        .collect();
    assert_eq!(seen, all);
    server.stop().await;
}

#[tokio::test]
async fn with_a_token_nothing_is_answered_without_it() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_in(folder, Some(Token::of("secret"))).await;
    let paths = ["/", "/v1/scans", "/v1/scans/1", "/v1/nothing"];
    for path in paths {
        let (status, problem) = answer(server.get(path)).await;
        assert_eq!(
            (status, &problem["code"]),
            (401, &json!("unauthorized")),
            "{path}"
        );
        assert_eq!(answer(server.get(path).bearer_auth("guess")).await.0, 401);
        assert_ne!(
            server
                .get(path)
                .bearer_auth("secret")
                .send()
                .await
                .unwrap()
                .status(),
            401
        );
    }
    let basic = |word| server.get("/").basic_auth("any", Some(word)).send();
    assert_eq!(basic("secret").await.unwrap().status(), 200);
    assert_eq!(basic("guess").await.unwrap().status(), 401);
    let posted = server.post("1", &scan("1", "X")).bearer_auth("secret");
    assert_eq!(answer(posted).await.0, 201);
    server.stop().await;
}

#[tokio::test]
async fn a_client_that_never_finishes_does_not_hold_up_the_stop_for_long() {
    use tokio::io::AsyncWriteExt;
    let server = Server::start().await;
    let mut line = tokio::net::TcpStream::connect(&server.url["http://".len()..])
        .await
        .unwrap();
    let head = "POST /v1/scans HTTP/1.1\r\nHost: x\r\nIdempotency-Key: 1\r\nContent-Type: application/json\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n";
    line.write_all(head.as_bytes()).await.unwrap();
    // The server asks for the body, so it is now waiting for it.
    line.readable().await.unwrap();
    server.stop().await;
    drop(line);
}

#[test]
fn a_folder_belongs_to_one_server() {
    let folder = tempfile::tempdir().unwrap();
    let first = Store::open(folder.path()).unwrap();
    let second = Store::open(folder.path()).unwrap_err();
    assert!(second.to_string().contains("another intake server"));
    drop(first);
    assert!(Store::open(folder.path()).is_ok());
}

#[test]
fn a_file_from_a_newer_version_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    drop(Store::open(folder.path()).unwrap());
    let file = rusqlite::Connection::open(folder.path().join("intake.db")).unwrap();
    file.pragma_update(None, "user_version", 99).unwrap();
    drop(file);
    assert!(Store::open(folder.path()).is_err());
}

#[test]
fn a_token_file_must_hold_a_token() {
    let folder = tempfile::tempdir().unwrap();
    let file = |text: &str| {
        let path: &Path = &folder.path().join("token");
        std::fs::write(path, text).unwrap();
        Token::read(path.to_owned())
    };
    assert!(file("  \n").is_err());
    assert!(file("secret\n").is_ok_and(|token| token.0 == Token::of("secret").0));
    assert!(Token::read(folder.path().join("nothing")).is_err());
}
