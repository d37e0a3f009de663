//! What a kill cannot show: that the disk was told to keep a fact before the answer left,
//! and that a changed or shortened journal is noticed.

use crate::NO_PAPER;
use serde_json::json;
use std::path::{Path, PathBuf};
use tests::chance::Chance;
use tests::office::Office;
use tokio::process::Command;

/// Acts of each kind that are watched.
const ACTS: usize = 25;

#[tokio::test(flavor = "multi_thread")]
async fn the_disk_has_a_fact_before_its_answer_leaves() {
    let mut office = Office::furnished(NO_PAPER);
    let trace = office.folder().join("trace");
    // -D: strace steps aside, so that the child is the daemon and hears SIGTERM.
    office.under([
        "strace",
        "-D",
        "-f",
        "-y",
        "-s",
        "48",
        "-e",
        "trace=fsync,fdatasync,read,recvfrom,write,writev,sendto",
        "-o",
        trace.to_str().unwrap(),
    ]);
    office.start().await;
    let kiosk = office.device("kiosk").await;
    let clerk = office.device("clerk").await;
    for number in 0..ACTS {
        kiosk.issue("A").await;
        let code = format!("H05.114-250625-{number:04}");
        clerk.scan(&code).await.expect(202);
    }
    office.stop().await;

    let trace = std::fs::read_to_string(&trace).unwrap();
    let mut acts = 0;
    let mut syncs: Option<usize> = None;
    for line in trace.lines() {
        if line.contains("\"POST /api/v1/") {
            assert_eq!(syncs, None, "one act at a time");
            syncs = Some(0);
        } else if line.contains("sync") && line.ends_with("= 0") {
            syncs = syncs.map(|count| count + 1);
        } else if line.contains("\"HTTP/1.1 20")
            && let Some(count) = syncs.take()
        {
            assert!(count >= 1, "an answer left before a sync: {line}");
            acts += 1;
        }
    }
    assert_eq!(acts, 2 * ACTS);
    let keys = format!("{}/keys", office.data().display());
    let kept = |line: &&str| line.contains("sync(") && line.contains(&keys);
    assert!(
        trace.lines().any(|line| kept(&line)),
        "the day's key is synced too"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flipped_byte_is_found() {
    let mut office = Office::open(NO_PAPER).await;
    let kiosk = office.device("kiosk").await;
    let clerk = office.device("clerk").await;
    let mut ids = Vec::new();
    for number in 0..5 {
        let ticket = kiosk.issue("A").await;
        let scan = clerk.scan(&format!("H05.114-250625-{number:04}")).await;
        ids = vec![ticket["id"].clone(), scan.expect(202).body["id"].clone()];
    }
    office.stop().await;
    office.say(&["journal", "verify"]).await;

    // Ids stand in records, tables and indexes: one bit in any of them must not be missed.
    let mut flipped = 0;
    for file in files(office.data()) {
        let sound = std::fs::read(&file).unwrap();
        for id in &ids {
            let id = id.as_str().unwrap().as_bytes();
            let places = sound.windows(id.len()).enumerate();
            let places = places.filter(|(_, bytes)| *bytes == id);
            for (place, _) in places.collect::<Vec<_>>() {
                let mut changed = sound.clone();
                changed[place + id.len() - 1] ^= 1;
                std::fs::write(&file, &changed).unwrap();
                let output = office.run(&["journal", "verify"]).await;
                let file = file.display();
                assert!(
                    !output.status.success(),
                    "byte {place} of {file} was missed"
                );
                flipped += 1;
            }
        }
        std::fs::write(&file, &sound).unwrap();
    }
    assert!(flipped > 0, "the id stands in the journal in the clear");
    office.say(&["journal", "verify"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_tail_is_found_by_the_printed_head() {
    let mut office = Office::open(NO_PAPER).await;
    let kiosk = office.device("kiosk").await;
    kiosk.issue("A").await;
    office.stop().await;
    let short = office.folder().join("short");
    copy(office.data(), &short).await;
    office.start().await;
    kiosk.at(office.url()).issue("A").await;
    office.stop().await;

    let head = head(&office.say(&["journal", "verify"]).await);
    office.say(&["journal", "verify", "--head", &head]).await;
    office.keep_data_in(short);
    office.say(&["journal", "verify"]).await; // By itself the shorter chain is sound.
    let output = office.run(&["journal", "verify", "--head", &head]).await;
    assert!(!output.status.success(), "the last record is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_torn_log_is_a_shorter_day_and_not_a_broken_one() {
    let mut chance = Chance::announced("torn log");
    let mut office = Office::open(NO_PAPER).await;
    let kiosk = office.device("kiosk").await;
    let body = json!({ "service": "A" });
    for number in 1..=TORN_TICKETS {
        let key = format!("key-{number}");
        kiosk.post("/tickets", &key, &body).await.expect(201);
    }
    let whole = office.data().to_owned();
    office.kill().await;
    let log = std::fs::read(whole.join("journal.sqlite-wal")).unwrap();

    for round in 0..TORN_ROUNDS {
        // A card that lied about its last syncs: the end of the log is missing or noise.
        let torn = office.folder().join(format!("torn-{round}"));
        copy(&whole, &torn).await;
        let cut = chance.below(log.len() as u64) as usize;
        let mut rest = log[..cut].to_vec();
        rest.extend((0..chance.below(NOISE_BYTES)).map(|_| chance.bits() as u8));
        std::fs::write(torn.join("journal.sqlite-wal"), rest).unwrap();
        office.keep_data_in(torn);
        office.start().await;
        let kiosk = kiosk.at(office.url());
        // Each key asked again gives its old number or the next one: never a gap.
        for number in 1..=TORN_TICKETS {
            let ticket = kiosk
                .post("/tickets", &format!("key-{number}"), &body)
                .await;
            assert!(matches!(ticket.status, 200 | 201), "{ticket:?}");
            assert_eq!(ticket.text("number"), format!("A{number:03}"));
        }
        office.stop().await;
        office.say(&["journal", "verify"]).await;
    }
}

const TORN_TICKETS: usize = 50;
const TORN_ROUNDS: usize = 20;
const NOISE_BYTES: u64 = 4096;

#[tokio::test(flavor = "multi_thread")]
async fn a_spare_machine_takes_over_from_a_backup() {
    let mut office = Office::open("").await;
    let kiosk = office.device("kiosk").await;
    let clerk = office.device("clerk").await;
    let ticket = kiosk.issue("B").await;
    let scan = clerk.scan("H05.114-250625-0002").await.expect(202).body;
    let backup = office.folder().join("backup");
    let backup = backup.to_str().unwrap();
    office.say(&["journal", "backup", backup]).await; // While the daemon runs.
    let before = kiosk.queue().await["epoch"].clone();
    office.stop().await;

    let mut spare = Office::furnished("");
    spare.say(&["journal", "restore", backup]).await;
    spare.start().await;
    let kiosk = spare.device("kiosk").await;
    let clerk = spare.device("clerk").await;
    let path = format!("/tickets/{}", ticket["id"].as_str().unwrap());
    let kept = kiosk.get(&path).await.expect(200);
    assert_eq!(kept.body["number"], ticket["number"]);
    let path = format!("/scans/{}", scan["id"].as_str().unwrap());
    let kept = clerk.get(&path).await.expect(200);
    assert_eq!(kept.text("dossier"), "H05.114-250625-0002");
    assert_ne!(kiosk.queue().await["epoch"], before, "a new epoch");
    // The lost machine may have given out more since: none of that comes again.
    assert_eq!(kiosk.issue("B").await["number"], "B501");
    spare.say(&["journal", "verify"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tickets_whole_story_can_be_told() {
    let office = Office::open(NO_PAPER).await;
    office.device("kiosk").await.issue("A").await;
    let clerk = office.device("clerk").await;
    clerk.act("/counters/1/open").await.expect(200);
    clerk.act("/counters/1/call").await.expect(200);
    let story = office.say(&["journal", "why", "A001"]).await;
    assert!(story.lines().count() >= 2, "issued and called: {story}");
    let report = office.say(&["report", "day"]).await;
    let head = head(&office.say(&["journal", "verify"]).await);
    assert!(
        report.contains(&head),
        "the day report prints the head: {report}"
    );
}

/// The head of the chain as `verify` prints it.
fn head(said: &str) -> String {
    let mut words = said.split(|letter: char| !letter.is_ascii_hexdigit());
    let head = words.find(|word| word.len() == SHA256_DIGITS);
    head.unwrap_or_else(|| panic!("a head in: {said}"))
        .to_owned()
}

const SHA256_DIGITS: usize = 64;

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.is_file()).collect()
}

async fn copy(from: &Path, to: &Path) {
    let done = Command::new("cp")
        .arg("-r")
        .arg(from)
        .arg(to)
        .status()
        .await;
    assert!(done.unwrap().success());
}
