//! Old days lose their personal values by themselves, and nothing else.

use std::fs;

use super::*;
use crate::dossiers::Dossiers;
use crate::engine::system;
use crate::follower::retention::Retention;
use crate::journal::copy::{self, Source};
use crate::journal::erased;
use crate::journal::history::History;
use crate::journal::sqlite::open_reader;
use crate::journal::verify::verify;

const HOUR_MS: u64 = 3_600_000;
const DAY_MS: u64 = 24 * HOUR_MS;

async fn scan(house: &House, dossier: &'static str, forward: bool) -> queue::ScanId {
    let command = move |_: &State, now: queue::Now| {
        Ok(Command::Scan {
            scan: ids::fresh(now),
            dossier: dossier.into(),
            purpose: None,
            counter: Some(1),
            ticket: None,
            device: "clerk-1".into(),
            forward,
        })
    };
    let done = house.engine.submit(kiosk(), None, command, |_, done| done);
    match done.await.unwrap().events[0] {
        Event::Scanned { scan, .. } => scan,
        ref other => panic!("{other:?}"),
    }
}

/// Time goes by; the office without hours closes its day and opens the next by itself.
async fn pass_days(house: &House, days: u64) {
    for _ in 0..days {
        house.clock.pass(DAY_MS);
        let command = Command::Tick;
        house.engine.act(system(), command).await.unwrap();
    }
}

/// What the daemon does every hour, with a retention of ten days.
async fn look(house: &House) {
    let retention = Retention {
        engine: house.engine.clone(),
        data: house.folder.path().to_owned(),
        days: 10,
        dossiers: Arc::new(Dossiers::open(house.folder.path(), None, 10)),
    };
    retention.look().await;
}

fn erased_days(house: &House) -> Vec<u64> {
    erased::days(&open_reader(house.folder.path()).unwrap()).unwrap()
}

fn dossier(house: &House, scan: queue::ScanId) -> Option<String> {
    let mut history = History::open(house.folder.path()).unwrap();
    history.scan(scan).unwrap().unwrap().dossier
}

fn has_key(house: &House, day: u64) -> bool {
    house.folder.path().join(format!("keys/{day}.key")).exists()
}

#[tokio::test]
async fn a_day_is_erased_once_it_is_older_than_the_retention() {
    let house = House::new();
    let old = scan(&house, "H05.114-250625-0001", false).await;
    pass_days(&house, 1).await;
    let newer = scan(&house, "H05.114-250625-0002", false).await;
    pass_days(&house, 9).await;
    look(&house).await;
    assert_eq!(erased_days(&house), [0; 0], "ten days are not over");
    pass_days(&house, 1).await;
    look(&house).await;
    assert_eq!((erased_days(&house), has_key(&house, 1)), (vec![1], false));
    assert_eq!(dossier(&house, old), None);
    assert_eq!(dossier(&house, newer).unwrap(), "H05.114-250625-0002");
    let house = house.again().await;
    look(&house).await;
    assert_eq!(erased_days(&house), [1], "recorded once");
    verify(&open_reader(house.folder.path()).unwrap(), None).unwrap();
}

#[tokio::test]
async fn an_undelivered_scan_keeps_its_day_until_it_is_delivered() {
    let house = House::new();
    let scan = scan(&house, "H05.114-250625-0001", true).await;
    pass_days(&house, 20).await;
    look(&house).await;
    assert!(!erased_days(&house).contains(&1) && has_key(&house, 1));
    assert_eq!(dossier(&house, scan).unwrap(), "H05.114-250625-0001");

    // What the server says of it goes with the day of the scan, not of the answer.
    let answer = Some(queue::Personal::Plain("H05.114-250625-0001 đã nhận".into()));
    let deliver = Command::Deliver { scan, answer };
    house.engine.act(system(), deliver).await.unwrap();
    look(&house).await;
    assert!(erased_days(&house).contains(&1) && !has_key(&house, 1));
    let mut history = History::open(house.folder.path()).unwrap();
    let erased = history.scan(scan).unwrap().unwrap();
    assert_eq!((erased.dossier, erased.answer), (None, None));
    let live = house.state().await;
    let live = live.scan(scan).unwrap();
    assert_eq!((&live.dossier, &live.answer), (&None, &None));
}

#[tokio::test]
async fn a_wall_clock_that_jumps_ahead_erases_nothing() {
    let house = House::new();
    let scan = scan(&house, "H05.114-250625-0001", false).await;
    pass_days(&house, 2).await;
    house.clock.jump(20 * 365 * DAY_MS);
    pass_days(&house, 1).await;
    look(&house).await;
    assert_eq!(erased_days(&house), [0; 0]);
    assert_eq!(dossier(&house, scan).unwrap(), "H05.114-250625-0001");
}

#[tokio::test]
async fn what_a_power_cut_left_of_erasing_is_done_by_the_next_look_and_is_in_no_copy() {
    let house = House::new();
    scan(&house, "H05.114-250625-0001", false).await;
    pass_days(&house, 1).await;
    scan(&house, "H05.114-250625-0002", false).await;
    let data = house.folder.path().to_owned();
    let erase = Command::EraseDay { day: 1 };
    house.engine.act(system(), erase).await.unwrap();
    assert!(has_key(&house, 1), "recorded, and then the power failed");

    let copies = tempfile::tempdir().unwrap();
    let copy = journal::copied(&data, copies.path());
    assert_eq!(copy::about(&copy).unwrap().keys, [2]);
    // Nor in what is made of the folder itself.
    let folder = copies.path().join("folder");
    fs::create_dir(&folder).unwrap();
    copy::fill(&Source::Folder(data), &folder).unwrap();
    let spare = copies.path().join("spare");
    journal::restored(&copy, &spare, journal::taken_over);
    for data in [folder, spare] {
        assert!(!data.join("keys/1.key").exists());
        assert!(data.join("keys/2.key").exists());
    }

    look(&house).await;
    assert!(!has_key(&house, 1));
}

#[tokio::test]
async fn a_key_in_memory_is_forgotten_with_its_day() {
    let house = House::new();
    house.issue("visit").await.unwrap();
    house.clock.pass(2 * DAY_MS);
    pass_days(&house, 1).await;
    assert!(house.issue("visit").await.unwrap().repeated);
    let erase = Command::EraseDay { day: 1 };
    house.engine.act(system(), erase).await.unwrap();
    // Its file is still there: the engine itself must not look any more.
    assert!(has_key(&house, 1));
    assert!(!house.issue("visit").await.unwrap().repeated);
}

#[tokio::test]
async fn a_journal_from_before_erasing_learns_it() {
    let house = House::new();
    scan(&house, "H05.114-250625-0001", false).await;
    pass_days(&house, 1).await;
    house.engine.stop().await;
    house.thread.join().unwrap();
    let data = house.folder.path();
    let old = rusqlite::Connection::open(data.join("journal.sqlite")).unwrap();
    old.execute_batch(
        "drop table erased; drop table deferral; drop table letter; pragma user_version = 1",
    )
    .unwrap();
    drop(old);
    let reader = open_reader(data).unwrap();
    verify(&reader, None).unwrap();
    assert_eq!(erased::days(&reader).unwrap(), [0; 0]);
    drop(reader);

    let house = House::on(house.folder, house.clock);
    let erase = Command::EraseDay { day: 1 };
    house.engine.act(system(), erase).await.unwrap();
    assert_eq!(erased_days(&house), [1]);
    verify(&open_reader(house.folder.path()).unwrap(), None).unwrap();
}
