//! The ledger over the real engine: days at random, and what figures must say about them.
#![allow(clippy::unwrap_used)]

mod life;
mod naive;

use std::path::Path;

use rusqlite::types::ValueRef;

use super::*;
use crate::engine::tests::journal;
use crate::journal::sqlite::open_reader;
use life::{DAYS, Life};

/// Every row of every table, in order.
fn rows(ledger: &Ledger) -> Vec<String> {
    let mut all = Vec::new();
    for table in TABLES {
        let mut statement = ledger
            .connection
            .prepare(&format!("select * from {table} order by 1"))
            .unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let values = (0..columns).map(|c| match row.get_ref(c).unwrap() {
                ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                other => format!("{other:?}"),
            });
            all.push(format!(
                "{table}: {}",
                values.collect::<Vec<_>>().join(", ")
            ));
        }
    }
    all
}

fn made_anew(data: &Path) -> Ledger {
    let mut ledger = Ledger::passing().unwrap();
    ledger.catch_up(&open_reader(data).unwrap()).unwrap();
    ledger
}

fn assert_same(followed: &Ledger, anew: &Ledger) {
    for (a, b) in rows(followed).iter().zip(&rows(anew)) {
        assert_eq!(a, b);
    }
    assert_eq!(rows(followed).len(), rows(anew).len());
}

/// Copies the ledger's files as a power cut would leave them.
fn cut_power(data: &Path, to: &Path) {
    for entry in std::fs::read_dir(data).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        // The index of the log is not on any disk.
        if name.starts_with(FILE) && !name.ends_with("-shm") {
            std::fs::copy(&path, to.join(name)).unwrap();
        }
    }
}

#[tokio::test]
async fn followed_live_or_made_anew_the_ledger_is_the_same() {
    for seed in 1..=4 {
        let mut life = Life::new(seed);
        let mut ledger = Ledger::open(life.data()).unwrap();
        for step in 0..1_200 {
            life.step().await;
            if life.chance(4) == 0 {
                ledger.follow(&open_reader(life.data()).unwrap()).unwrap();
            }
            if step % 300 == 299 {
                // The follower starts again, and so does the daemon.
                life.restart().await;
                ledger = Ledger::open(life.data()).unwrap();
            }
        }
        ledger.catch_up(&open_reader(life.data()).unwrap()).unwrap();
        assert_same(&ledger, &made_anew(life.data()));
        let rows = rows(&ledger).len();
        assert!(rows > 300, "a life with something in it: {rows}");
        ledger.clear().unwrap();
        ledger.catch_up(&open_reader(life.data()).unwrap()).unwrap();
        assert_same(&ledger, &made_anew(life.data()));
    }
}

#[tokio::test]
async fn a_follower_killed_in_the_middle_goes_on_from_whole_records() {
    let mut life = Life::new(7);
    let mut ledger = Ledger::open(life.data()).unwrap();
    // Pages leave memory before the commit, as in a large batch.
    ledger
        .connection
        .pragma_update(None, "cache_size", 5)
        .unwrap();
    for _ in 0..6 {
        for _ in 0..120 {
            life.step().await;
        }
        let journal = open_reader(life.data()).unwrap();
        let tx = ledger.connection.transaction().unwrap();
        let mut at = cursor(&tx).unwrap();
        walk_some(&journal, at.seq + 1, BATCH, &mut |record, _| {
            Ok(write::record(&tx, &mut at, &record)?)
        })
        .unwrap();
        let after = tempfile::tempdir().unwrap();
        cut_power(life.data(), after.path());
        drop(tx);
        let mut again = Ledger::open(after.path()).unwrap();
        again.catch_up(&journal).unwrap();
        assert_same(&again, &made_anew(life.data()));
        // Half of what there is, so that the next cut falls elsewhere.
        ledger.follow(&journal).unwrap();
    }
}

#[tokio::test]
async fn a_ledger_of_another_history_is_made_anew_and_a_spare_machine_goes_on() {
    let mut life = Life::new(11);
    for _ in 0..200 {
        life.step().await;
    }
    let copies = tempfile::tempdir().unwrap();
    let copy = journal::copied(life.data(), copies.path());
    // The old machine went on a little before it died; its ledger knows that.
    for _ in 0..40 {
        life.step().await;
    }
    let mut old = Ledger::open(life.data()).unwrap();
    old.catch_up(&open_reader(life.data()).unwrap()).unwrap();

    let mut spare = life.restored(&copy);
    for _ in 0..200 {
        spare.step().await;
    }
    cut_power(life.data(), spare.data());
    let mut ledger = Ledger::open(spare.data()).unwrap();
    ledger
        .catch_up(&open_reader(spare.data()).unwrap())
        .unwrap();
    assert_same(&ledger, &made_anew(spare.data()));
    assert_ne!(ledger.cursor().unwrap().epoch, old.cursor().unwrap().epoch);
    naive::assert_figures(&ledger, spare.data());
}

#[tokio::test]
async fn figures_are_what_counting_the_journal_by_hand_gives() {
    for seed in 21..=23 {
        let mut life = Life::new(seed);
        while life.day() < DAYS {
            life.step().await;
        }
        for _ in 0..150 {
            life.step().await;
        }
        let journal = open_reader(life.data()).unwrap();
        let ledger = Ledger::up_to_date(life.data(), &journal).unwrap();
        naive::assert_figures(&ledger, life.data());
    }
}

#[tokio::test]
async fn no_personal_value_stands_in_the_ledger_in_the_clear() {
    let mut life = Life::new(31);
    for _ in 0..300 {
        life.step().await;
    }
    let journal = open_reader(life.data()).unwrap();
    let ledger = Ledger::up_to_date(life.data(), &journal).unwrap();
    let scans = rows(&ledger)
        .iter()
        .filter(|r| r.starts_with("scan:"))
        .count();
    assert!(scans > 5, "something was scanned");
    for entry in std::fs::read_dir(life.data()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            let found = bytes.windows(11).any(|w| w == life::DOSSIER_PART);
            assert!(!found, "{}", path.display());
        }
    }
}

#[test]
fn a_ledger_of_another_format_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    drop(Ledger::open(folder.path()).unwrap());
    let other = Connection::open(folder.path().join(FILE)).unwrap();
    other
        .execute_batch("drop table ticket; create table ticket (x); pragma user_version = 77")
        .unwrap();
    drop(other);
    assert!(Ledger::reader(folder.path()).is_err());
    let ledger = Ledger::open(folder.path()).unwrap();
    assert_eq!(ledger.cursor().unwrap(), Cursor::default());
    assert!(ledger.figures(Days::Last).unwrap().is_err());
}
