//! The API is what its own description says: judged by schemathesis, which is not ours.
//!
//! It reads `/api/openapi.json`, so a new call is tried without a word here. What it makes up is
//! the same each time; how much it gets through in its time depends on the machine.

use crate::NO_PAPER;
use serde_json::Value;
use std::path::Path;
use tests::api::{Device, sent};
use tests::office::Office;
use tests::wait;
use tokio::process::Command;

/// Values in a path for which something is there; others are made up as well.
const PLACES: &str = "[parameters]\n\"path.n\" = 1\n\"path.letter\" = \"A\"\n";

/// Whether what is meant as good is taken depends on more than its shape: on the day, a counter, a
/// ticket's state. Everything else that the tool can judge holds.
const NOT_JUDGED: &str = "positive_data_acceptance";

/// It would revoke the tool's own token, and every answer after that would be the same.
const LOCKS_OUT: &str = "revoke_device";

/// Streams never end, and the tool waits for the end of an answer.
async fn streams(device: &Device) -> Vec<String> {
    let description = sent(device.request("GET", "/api/openapi.json")).await;
    let description = description.unwrap().expect(200).body;
    let paths = description["paths"].as_object().unwrap();
    let ids = paths.values().filter_map(|item| {
        let get = &item["get"];
        let stream = &get["responses"]["200"]["content"]["text/event-stream"];
        (!stream.is_null()).then(|| get["operationId"].as_str().unwrap().to_owned())
    });
    ids.collect()
}

/// Has the tool try every call for `seconds`, with the right of `role` or with none.
async fn judged(role: Option<&str>, seconds: u32) {
    let office = Office::open(NO_PAPER).await;
    let (kiosk, clerk) = (office.device("kiosk").await, office.device("clerk").await);
    clerk.act("/counters/1/open").await.expect(200);
    for service in ["A", "A", "B"] {
        kiosk.issue(service).await;
    }
    clerk.act("/counters/1/call").await.expect(200);
    clerk.scan("H05.114-250625-0002").await.expect(202);
    // The last part that comes up by itself.
    wait::until("the ledger", async || {
        let health = sent(kiosk.request("GET", "/healthz")).await.unwrap();
        (health.body["parts"]["ledger"] == "ready").then_some(())
    })
    .await;
    let places = office.folder().join("schemathesis.toml");
    std::fs::write(&places, PLACES).unwrap();

    let python = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let mut command = Command::new(python.join("python/bin/st"));
    // Its other files stay with the story.
    command.current_dir(office.folder());
    command.arg("--config-file").arg(&places);
    command
        .arg("run")
        .arg(format!("{}/api/openapi.json", office.url()));
    command.args([
        "--seed",
        "1",
        "--workers",
        "1",
        "--phases",
        "coverage,fuzzing",
    ]);
    command.args(["--checks", "all", "--exclude-checks", NOT_JUDGED]);
    command.args([
        "--continue-on-failure",
        "--no-shrink",
        "--request-timeout",
        "60",
    ]);
    command.arg("--max-time").arg(seconds.to_string());
    let mut left_out = streams(&kiosk).await;
    left_out.push(LOCKS_OUT.to_owned());
    for id in left_out {
        command.arg("--exclude-operation-id").arg(id);
    }
    if let Some(role) = role {
        let token = office.token(role).await;
        command
            .arg("--header")
            .arg(format!("Authorization: Bearer {token}"));
    }
    let said = command.output().await;
    let said = said.unwrap_or_else(|e| panic!("schemathesis: {e}; tests/run installs it"));
    let text = String::from_utf8_lossy(&said.stdout);
    assert!(said.status.success(), "{text}");
    let tried = text.lines().find(|line| line.contains(" generated"));
    println!("{}", tried.unwrap_or_default());
    // The office stands, and its record with it.
    let health = sent(kiosk.request("GET", "/healthz")).await.unwrap();
    assert_eq!(health.expect(200).body["journal"], Value::from("ready"));
    office.say(&["journal", "verify"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_gets_only_answers_that_are_described() {
    judged(Some("admin"), 70).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_gets_only_answers_that_are_described() {
    judged(Some("clerk"), 30).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_gets_only_answers_that_are_described() {
    judged(None, 15).await;
}
