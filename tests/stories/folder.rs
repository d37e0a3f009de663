//! The data folder is full, may only be read, or belongs to another daemon.

use crate::NO_PAPER;
use serde_json::{Value, json};
use std::path::PathBuf;
use tests::api::fresh_key;
use tests::office::{Office, program};
use tests::wait;
use tokio::process::Command;

/// Enough for an empty journal, its reserve and some hundred tickets.
const CARD: &str = "size=16m";

/// An office whose data lie on a small card of their own: a tmpfs in a mount namespace,
/// so that nothing else sees it and it ends with the daemon. `access` is `rw` or `ro`.
fn on_a_small_card(settings: &str, access: &str) -> Office {
    let mut office = Office::furnished(settings);
    let card = office.folder().join("card");
    std::fs::create_dir(&card).unwrap();
    office.keep_data_in(card.join("data"));
    let script = format!(
        "mount -t tmpfs -o {CARD} tmpfs '{card}' && mkdir '{card}/data' \
         && mount -o remount,{access} '{card}' && exec \"$@\"",
        card = card.display()
    );
    let namespace = ["unshare", "--map-root-user", "--mount"];
    let words = namespace.map(str::to_owned).into_iter();
    office.under(words.chain(["sh".into(), "-c".into(), script, "sh".into()]));
    office
}

/// The same folder as it looks from outside the daemon's namespace.
fn seen_from_outside(office: &Office) -> PathBuf {
    let inside = office.data().strip_prefix("/").unwrap();
    PathBuf::from(format!("/proc/{}/root", office.daemon().id())).join(inside)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_card_refuses_commands_and_goes_on_showing() {
    let mut office = on_a_small_card(NO_PAPER, "rw");
    office.start().await;
    office.keep_data_in(seen_from_outside(&office));
    let kiosk = office.device("kiosk").await;
    let supervisor = office.device("supervisor").await;
    kiosk.issue("A").await;

    let filler = office.data().join("filler");
    fill(&filler).await;
    let body = json!({ "service": "A" });
    let mut issued = 1;
    let refused = wait::until("a refusal", async || {
        let answer = kiosk.post("/tickets", &fresh_key(), &body).await;
        if answer.status == 201 {
            issued += 1; // The journal may still have a page to spare.
            return None;
        }
        Some(answer)
    })
    .await;
    refused.refused(503, "journal-full");
    // Reading goes on and tells the truth.
    let truth = |state: &Value| state["services"]["A"]["waiting"] == issued;
    kiosk.queue_when("all issued waiting", truth).await;
    let health = tests::api::sent(kiosk.request("GET", "/healthz")).await;
    health.unwrap().expect(200);
    supervisor.act("/day/close").await.expect(200);

    std::fs::remove_file(&filler).unwrap();
    wait::until("issuing again", async || {
        let opened = supervisor.act("/day/open").await;
        (opened.status == 200).then_some(())
    })
    .await;
    let ticket = kiosk.issue("A").await;
    assert_eq!(ticket["number"], format!("A{:03}", issued + 1), "no gap");
    verified(&office).await;
    office.stop().await;
}

/// Runs `journal verify` where the daemon sees its card.
async fn verified(office: &Office) {
    let mut command = Command::new("nsenter");
    command.args(["--user", "--mount", "--preserve-credentials"]);
    command.args(["--target", &office.daemon().id().to_string()]);
    command.arg(program()).args(["journal", "verify", "--data"]);
    command.arg(office.folder().join("card/data"));
    let output = command.output().await.unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
}

/// Writes until nothing more fits.
async fn fill(filler: &std::path::Path) {
    let mut command = Command::new("dd");
    command
        .arg("if=/dev/zero")
        .arg(format!("of={}", filler.display()));
    let output = command.arg("bs=4096").output().await.unwrap();
    assert!(!output.status.success(), "dd ends when the card is full");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_may_only_be_read_is_named_at_the_start() {
    let mut office = on_a_small_card(NO_PAPER, "ro");
    let ended = office.try_start().await.expect_err("it cannot run");
    assert!(!ended.status.success());
    assert!(!ended.log.contains("panicked"), "{}", ended.log);
    let name = office.data().display().to_string();
    assert!(ended.log.contains(&name), "names the folder: {}", ended.log);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_daemon_on_the_folder_is_refused() {
    let mut office = Office::open(NO_PAPER).await;
    let kiosk = office.device("kiosk").await;
    kiosk.issue("A").await;
    let output = office.daemon_command().output().await.unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(!errors.contains("panicked"), "{errors}");
    let name = office.data().display().to_string();
    assert!(errors.contains(&name), "names the folder: {errors}");
    assert_eq!(
        kiosk.issue("A").await["number"],
        "A002",
        "the first goes on"
    );
    office.stop().await;
    // A lock that outlives its daemon would keep the office closed after a power cut.
    office.start().await;
    office.kill().await;
    office.start().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_settings_are_named_by_file_line_and_field() {
    let office = Office::furnished("[printer]\ndevise = \"none\"\n");
    let output = office.daemon_command().output().await.unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(!errors.contains("panicked"), "{errors}");
    let text = std::fs::read_to_string(office.config()).unwrap();
    let line = text
        .lines()
        .position(|line| line.contains("devise"))
        .unwrap()
        + 1;
    for wanted in [format!("kiosk.toml:{line}"), "devise".to_owned()] {
        assert!(errors.contains(&wanted), "{wanted}: {errors}");
    }
}
