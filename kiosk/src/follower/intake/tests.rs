//! The whole follower over a real line, with an intake server that misbehaves: every scan
//! ends with one effect there, or is held or refused with its reason.
//!
//! Pauses and timeouts are milliseconds here. No test waits for time: each waits for what it wants to see,
//! and `story` bounds that.

#![allow(clippy::unwrap_used)]

mod bad_days;
#[allow(unreachable_pub, dead_code)] // Shared with the stories, where these names are public.
#[path = "../../../../tests/src/chance.rs"]
mod chance;
#[allow(unreachable_pub, dead_code)]
#[path = "../../../../tests/src/fake_intake.rs"]
mod fake_intake;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

use self::fake_intake::{Act, FakeIntake};
use super::outbox::Pauses;
use super::*;
use crate::config::Intake;

/// Far above what any story needs on a busy machine.
const STORY_MAX: Duration = Duration::from_secs(30);

/// What `Act::Slow` needs so that every client has hung up by then.
const FOREVER: Duration = Duration::from_secs(3600);

/// The desk on paper: what is pending, and what was noted about it.
#[derive(Clone, Default)]
struct Paper {
    sheet: Arc<Mutex<Sheet>>,
    changed: Arc<Notify>,
    noted: watch::Sender<usize>,
}

#[derive(Default)]
struct Sheet {
    pending: Vec<PendingScan>,
    outcomes: Vec<(String, Outcome)>,
    last_seq: u64,
    failures: u32,
}

impl Desk for Paper {
    async fn pending(&self, after_seq: u64, limit: usize) -> Result<Vec<PendingScan>, DeskAway> {
        let sheet = self.sheet.lock().unwrap();
        let after = sheet.pending.iter().filter(|scan| scan.seq > after_seq);
        Ok(after.take(limit).cloned().collect())
    }

    async fn these(&self, seqs: Vec<u64>) -> Result<Vec<PendingScan>, DeskAway> {
        let sheet = self.sheet.lock().unwrap();
        let these = sheet.pending.iter().filter(|scan| seqs.contains(&scan.seq));
        Ok(these.cloned().collect())
    }

    async fn outcome(&self, scan_id: &str, outcome: Outcome) -> Result<(), DeskAway> {
        let mut sheet = self.sheet.lock().unwrap();
        if sheet.failures > 0 {
            sheet.failures -= 1;
            return Err(DeskAway);
        }
        sheet.pending.retain(|pending| pending.scan.id != scan_id);
        sheet.outcomes.push((scan_id.to_owned(), outcome));
        self.noted.send_replace(sheet.outcomes.len());
        Ok(())
    }

    async fn changed(&self) {
        self.changed.notified().await;
    }
}

impl Paper {
    /// Scans `dossier` at the counter.
    fn scan(&self, id: &str, dossier: &str) {
        let mut sheet = self.sheet.lock().unwrap();
        sheet.last_seq += 1;
        let seq = sheet.last_seq;
        sheet.pending.push(PendingScan {
            seq,
            waited_ms: 0,
            scan: Scan {
                id: id.to_owned(),
                dossier: dossier.to_owned(),
                purpose: "receive".to_owned(),
                office: "H00.00".to_owned(),
                counter: Some(3),
                ticket: None,
                scanned_at: None,
                device: "counter-3".to_owned(),
            },
        });
        drop(sheet);
        self.changed.notify_one();
    }

    async fn until_noted(&self, count: usize) {
        let mut noted = self.noted.subscribe();
        noted.wait_for(|noted| *noted >= count).await.unwrap();
    }

    fn outcomes(&self) -> Vec<(String, Outcome)> {
        self.sheet.lock().unwrap().outcomes.clone()
    }

    fn outcome_of(&self, id: &str) -> Option<Outcome> {
        let outcomes = self.outcomes();
        let of_id = outcomes.into_iter().find(|(noted, _)| noted == id);
        of_id.map(|(_, outcome)| outcome)
    }
}

/// A line with pauses and timeouts that a test can wait for, and the file of its token.
fn line(section: &str) -> (Line, tempfile::NamedTempFile) {
    let token = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(token.path(), "secret\n").unwrap();
    let section = format!("token_file = \"{}\"\n{section}", token.path().display());
    let intake = Arc::new(Intake::from_toml(&section).unwrap());
    let timeouts = Timeouts {
        connect: Duration::from_secs(3),
        total: Duration::from_millis(250),
    };
    let mut line = Line::open(intake, timeouts).unwrap();
    line.pauses = Pauses {
        low_ms: 4,
        high_ms: 40,
        probe_ms: 20,
    };
    (line, token)
}

#[test]
fn a_file_that_cannot_be_used_is_named_and_what_is_in_it_is_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let secret = "khoa-bi-mat";
    let two_lines = file("two", &format!("{secret}\n{secret}"));
    let nothing = file("empty", " \n");
    let pem = file("pem", secret);
    for (section, expected) in [
        (
            format!("token_file = \"{two_lines}\""),
            "intake.token_file: ",
        ),
        (format!("token_file = \"{nothing}\""), "intake.token_file: "),
        (
            "token_file = \"/nowhere\"".to_owned(),
            "intake.token_file: /nowhere: ",
        ),
        (format!("authority = \"{pem}\""), "intake.authority: "),
        (
            format!("certificate = \"{pem}\"\nkey = \"{pem}\""),
            "intake.certificate: ",
        ),
    ] {
        let section = format!("url = \"https://h\"\n{section}");
        let intake = Arc::new(Intake::from_toml(&section).unwrap());
        let error = Line::open(intake, Timeouts::default()).unwrap_err();
        let said = format!("{error} {error:?}");
        assert!(said.starts_with(expected), "{said}");
        assert!(!said.contains(secret), "{said}");
    }
    let (line, _token) = line("url = \"http://h\"");
    assert!(!format!("{line:?}").contains("secret"));
}

/// A running follower.
struct Follower {
    status: watch::Receiver<IntakeStatus>,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Follower {
    fn start(desk: &Paper, url: &str, honours_key: bool) -> Self {
        Self::on(
            desk,
            &format!("url = \"{url}\"\nhonours_key = {honours_key}\n"),
        )
    }

    /// With a section of its own.
    fn on(desk: &Paper, section: &str) -> Self {
        let (line, token) = line(section);
        let (status_sender, status) = watch::channel(IntakeStatus::Ready);
        let (stop, stopping) = watch::channel(false);
        let desk = desk.clone();
        let task = tokio::spawn(async move {
            let _token = token;
            run(&desk, line, status_sender, stopping).await;
        });
        Self { status, stop, task }
    }

    async fn until(&mut self, condition: impl FnMut(&IntakeStatus) -> bool) {
        self.status.wait_for(condition).await.unwrap();
    }

    async fn stop(self) {
        self.stop.send_replace(true);
        self.task.await.unwrap();
    }
}

async fn story(story: impl Future<Output = ()>) {
    tokio::time::timeout(STORY_MAX, story)
        .await
        .expect("what the story waits for never came");
}

fn delivered() -> Option<Outcome> {
    Some(Outcome::Delivered { answer: None })
}

#[tokio::test]
async fn a_scan_goes_out_as_the_contract_says() {
    story(async {
        let fake = FakeIntake::start().await.unwrap();
        let desk = Paper::default();
        desk.scan("01J-A", "H05.114-250625-0002");
        desk.scan("01J-B", "00092/TTPVHCC");
        {
            let mut sheet = desk.sheet.lock().unwrap();
            sheet.pending[1].scan.ticket = Some("A012".to_owned());
            sheet.pending[1].scan.scanned_at = Some("2026-11-23T07:42:10+07:00".to_owned());
        }
        let follower = Follower::start(&desk, &format!("{}/", fake.url()), true);
        desk.until_noted(2).await;
        follower.stop().await;

        let record = fake.record();
        let post = |key: &str| record.posts.iter().find(|post| post.key == key).unwrap();
        assert_eq!(post("01J-A").authorization.as_deref(), Some("Bearer secret"));
        assert_eq!(
            post("01J-A").body,
            serde_json::json!({
                "id": "01J-A", "dossier": "H05.114-250625-0002", "purpose": "receive", "office": "H00.00",
                "counter": 3, "scanned_at": null, "device": "counter-3",
            })
        );
        assert_eq!(post("01J-B").body["ticket"], "A012");
        assert_eq!(post("01J-B").body["scanned_at"], "2026-11-23T07:42:10+07:00");
    })
    .await;
}

/// Everything but a plain yes and a refusal.
fn mishaps() -> Vec<Act> {
    let mut acts = vec![
        Act::Slow(FOREVER),
        Act::CutAfterBody { taken: true },
        Act::CutAfterBody { taken: false },
        Act::Status(429, Some(0)),
    ];
    let statuses = [302, 400, 401, 403, 404, 405, 409, 413, 500, 502, 503];
    acts.extend(statuses.map(|status| Act::Status(status, None)));
    acts
}

#[tokio::test]
async fn after_any_mishap_a_scan_is_delivered_and_took_effect_once() {
    story(async {
        for act in mishaps() {
            let fake = FakeIntake::start().await.unwrap();
            fake.script([act.clone(), act.clone()]);
            let desk = Paper::default();
            desk.scan("1", "X");
            let follower = Follower::start(&desk, &fake.url(), true);
            desk.until_noted(1).await;
            follower.stop().await;
            assert_eq!(desk.outcome_of("1"), delivered(), "{act:?}");
            assert_eq!(fake.effects(), [("1".to_owned(), 1)].into(), "{act:?}");
            assert_eq!(fake.record().posts.len(), 3, "{act:?}");
        }
    })
    .await;
}

/// A server that forgets keys and a follower that has delivered scan `0` to it: whatever comes
/// now was certainly not sent by an earlier run.
async fn running_without_keys() -> (FakeIntake, Paper, Follower) {
    let fake = FakeIntake::start().await.unwrap();
    fake.forget_keys();
    let desk = Paper::default();
    desk.scan("0", "X");
    let follower = Follower::start(&desk, &fake.url(), false);
    desk.until_noted(1).await;
    (fake, desk, follower)
}

#[tokio::test]
async fn a_server_that_forgets_keys_is_asked_before_anything_is_sent_again() {
    story(async {
        for act in mishaps() {
            let (fake, desk, follower) = running_without_keys().await;
            fake.script([act.clone()]);
            desk.scan("1", "X");
            desk.until_noted(2).await;
            follower.stop().await;
            assert_eq!(desk.outcome_of("1"), delivered(), "{act:?}");
            assert_eq!(fake.effects().get("1"), Some(&1), "{act:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn without_an_answer_it_keeps_asking() {
    story(async {
        let (fake, desk, follower) = running_without_keys().await;
        fake.script([Act::CutAfterBody { taken: true }]);
        fake.script_asks([
            Act::CutAfterBody { taken: false },
            Act::Status(500, None),
            Act::Slow(FOREVER),
            Act::Status(409, None),
        ]);
        desk.scan("1", "X");
        desk.until_noted(2).await;
        follower.stop().await;
        assert_eq!(desk.outcome_of("1"), delivered());
        let record = fake.record();
        let sent = record.posts.iter().filter(|post| post.key == "1");
        let asked = record.asked.iter().filter(|id| *id == "1");
        assert_eq!((sent.count(), asked.count()), (1, 5));
        assert_eq!(record.effects.get("1"), Some(&1));
    })
    .await;
}

#[tokio::test]
async fn a_refusal_keeps_its_reason_and_frees_the_dossier() {
    story(async {
        let fake = FakeIntake::start().await.unwrap();
        let reason = "Mã không có trong hệ thống".to_owned();
        fake.script([Act::Refuse422(reason.clone())]);
        let desk = Paper::default();
        desk.scan("1", "X");
        desk.scan("2", "X");
        let follower = Follower::start(&desk, &fake.url(), true);
        desk.until_noted(2).await;
        follower.stop().await;
        assert_eq!(desk.outcome_of("1"), Some(Outcome::Refused { reason }));
        assert_eq!(desk.outcome_of("2"), delivered());
        assert_eq!(fake.effects(), [("2".to_owned(), 1)].into());
    })
    .await;
}

#[tokio::test]
async fn a_server_that_is_down_is_shown_and_gets_everything_once_it_is_up() {
    story(async {
        let mut fake = FakeIntake::start().await.unwrap();
        let desk = Paper::default();
        let mut follower = Follower::start(&desk, &fake.url(), true);
        desk.scan("0", "X");
        desk.until_noted(1).await;

        fake.down().await;
        for n in 1..=20 {
            desk.scan(&n.to_string(), &format!("D{}", n % 7));
        }
        follower
            .until(|status| matches!(status, IntakeStatus::Away { .. }))
            .await;
        assert_eq!(desk.outcomes().len(), 1);

        fake.up().await.unwrap();
        desk.until_noted(21).await;
        follower
            .until(|status| *status == IntakeStatus::Ready)
            .await;
        follower.stop().await;
        assert_eq!(fake.effects().len(), 21);
        assert!(fake.effects().values().all(|times| *times == 1));
    })
    .await;
}

#[tokio::test]
async fn a_set_up_fault_holds_every_scan_and_is_shown_until_it_is_mended() {
    story(async {
        let fake = FakeIntake::start().await.unwrap();
        for n in 0..12 {
            fake.always_for(&format!("D{n}"), Act::Status(401, None));
        }
        let desk = Paper::default();
        for n in 0..12 {
            desk.scan(&n.to_string(), &format!("D{n}"));
        }
        let mut follower = Follower::start(&desk, &fake.url(), true);
        follower
            .until(|status| *status == IntakeStatus::SetupFault { status: 401 })
            .await;
        fake.until(|record| record.posts.len() >= 8).await;
        assert!(desk.outcomes().is_empty());
        assert!(fake.effects().is_empty());

        for n in 0..12 {
            fake.always_for(&format!("D{n}"), Act::Ok);
        }
        desk.until_noted(12).await;
        follower
            .until(|status| *status == IntakeStatus::Ready)
            .await;
        follower.stop().await;
        assert!(fake.effects().values().all(|times| *times == 1));
    })
    .await;
}

#[tokio::test]
async fn a_dossier_the_server_stumbles_over_holds_no_other() {
    story(async {
        let fake = FakeIntake::start().await.unwrap();
        fake.always_for("X", Act::Status(500, None));
        let desk = Paper::default();
        desk.scan("x1", "X");
        desk.scan("x2", "X");
        for n in 0..30 {
            desk.scan(&format!("y{n}"), &format!("Y{}", n % 5));
        }
        let follower = Follower::start(&desk, &fake.url(), true);
        desk.until_noted(30).await;
        assert!(desk.outcome_of("x1").is_none());
        assert!(fake.record().posts.iter().all(|post| post.key != "x2"));

        fake.always_for("X", Act::Ok);
        desk.until_noted(32).await;
        follower.stop().await;
        assert!(fake.effects().values().all(|times| *times == 1));
    })
    .await;
}

#[tokio::test]
async fn a_stop_does_not_wait_for_the_server_and_the_next_run_repeats_nothing() {
    story(async {
        for honours_key in [true, false] {
            let fake = FakeIntake::start().await.unwrap();
            if !honours_key {
                fake.forget_keys();
            }
            fake.script([Act::Slow(FOREVER)]);
            let desk = Paper::default();
            let follower = Follower::start(&desk, &fake.url(), honours_key);
            desk.scan("1", "X");
            fake.until(|record| record.effects.len() == 1).await;
            follower.stop().await;
            assert!(desk.outcomes().is_empty());

            let follower = Follower::start(&desk, &fake.url(), honours_key);
            desk.until_noted(1).await;
            follower.stop().await;
            assert_eq!(desk.outcome_of("1"), delivered());
            assert_eq!(fake.effects(), [("1".to_owned(), 1)].into());
        }
    })
    .await;
}

#[tokio::test]
async fn an_outcome_the_desk_could_not_keep_is_found_out_again() {
    story(async {
        for honours_key in [true, false] {
            let fake = FakeIntake::start().await.unwrap();
            if !honours_key {
                fake.forget_keys();
            }
            let desk = Paper::default();
            desk.sheet.lock().unwrap().failures = 3;
            desk.scan("1", "X");
            let follower = Follower::start(&desk, &fake.url(), honours_key);
            desk.until_noted(1).await;
            follower.stop().await;
            assert_eq!(desk.outcomes().len(), 1);
            assert_eq!(fake.effects(), [("1".to_owned(), 1)].into());
        }
    })
    .await;
}

#[tokio::test]
async fn through_a_day_of_mishaps_each_scan_took_effect_once_and_in_order() {
    story(async {
        for honours_key in [true, false] {
            let fake = FakeIntake::start().await.unwrap();
            if !honours_key {
                fake.forget_keys();
            }
            // Every third request goes well; the slow ones would make the story long.
            let quick = mishaps()
                .into_iter()
                .filter(|act| !matches!(act, Act::Slow(_)));
            for act in quick.cycle().take(200) {
                fake.script([act.clone(), act, Act::Ok]);
            }
            let desk = Paper::default();
            let follower = Follower::start(&desk, &fake.url(), honours_key);
            for n in 0..300 {
                desk.scan(&format!("{n:03}"), &format!("D{}", n % 17));
            }
            desk.until_noted(300).await;
            follower.stop().await;

            let effects = fake.effects();
            assert_eq!(effects.len(), 300);
            assert!(effects.values().all(|times| *times == 1));
            let mut last = std::collections::BTreeMap::new();
            for post in &fake.record().posts {
                let dossier = post.body["dossier"].to_string();
                let before = last.insert(dossier, post.key.clone());
                assert!(
                    before.is_none_or(|before| before <= post.key),
                    "{}",
                    post.key
                );
            }
        }
    })
    .await;
}
