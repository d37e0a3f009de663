//! What is answered is on the disk, and what failed did not happen.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::copies::{self, Order};
use crate::journal::copy::{self, Source};
use crate::journal::sqlite::open_reader;
use crate::journal::verify::verify;
use crate::journal::{AppendError, Carried, Head, Journal, JournalError, KeyScope, Record};

#[tokio::test]
async fn a_restart_finds_everything_again() {
    let house = House::new();
    for key in ["a", "b", "c"] {
        house.issue(key).await.unwrap();
    }
    let before = house.state().await;
    let house = house.again().await;
    let after = house.state().await;
    assert_eq!(before.tickets().count(), after.tickets().count());
    for ticket in before.tickets() {
        assert_eq!(Some(ticket), after.ticket(ticket.id));
    }
    assert_eq!(number(&house.issue("d").await.unwrap()), "A004");
    verify(&open_reader(house.folder.path()).unwrap(), None).unwrap();
}

#[tokio::test]
async fn no_personal_value_stands_in_the_journal_in_the_clear() {
    let house = House::new();
    house.issue("a").await.unwrap();
    for entry in std::fs::read_dir(house.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            let found = bytes.windows(11).any(|w| w == b"250625-0002");
            assert!(!found, "{}", path.display());
        }
    }
}

#[tokio::test]
async fn a_flipped_byte_and_a_cut_tail_are_found() {
    let house = House::new();
    house.issue("a").await.unwrap();
    house.issue("b").await.unwrap();
    let data = house.folder.path();
    let head = verify(&open_reader(data).unwrap(), None).unwrap().head;

    let copy = tempfile::tempdir().unwrap();
    let filled = |name: &str| {
        let target = copy.path().join(name);
        std::fs::create_dir(&target).unwrap();
        copy::fill(&Source::Folder(data.to_owned()), &target).unwrap();
        target
    };
    let target = filled("cut");
    let writer = rusqlite::Connection::open(target.join("journal.sqlite")).unwrap();
    writer
        .execute("delete from record where seq = ?", [head.seq])
        .unwrap();
    drop(writer);
    let cut = open_reader(&target).unwrap();
    assert!(verify(&cut, Some(head.hash)).is_err());

    let target = filled("flipped");
    let writer = rusqlite::Connection::open(target.join("journal.sqlite")).unwrap();
    let flip =
        "update record set bytes = cast(replace(cast(bytes as text), 'A002', 'A003') as blob)";
    writer.execute(flip, []).unwrap();
    drop(writer);
    assert!(verify(&open_reader(&target).unwrap(), None).is_err());
}

#[tokio::test]
async fn a_spare_machine_takes_over_under_a_new_epoch() {
    let house = House::new();
    house.issue("a").await.unwrap();
    let old = verify(&open_reader(house.folder.path()).unwrap(), None)
        .unwrap()
        .head;
    let copies = tempfile::tempdir().unwrap();
    let copy = copied(house.folder.path(), copies.path());

    let spare = tempfile::tempdir().unwrap();
    let head = restored(&copy, spare.path(), taken_over);
    assert_eq!((head.epoch.as_str(), head.seq), ("spare", old.seq + 1));
    let spare = House::on(spare, Told::at(MONDAY_EIGHT + 60_000));
    assert!(spare.issue("a").await.unwrap().repeated);
    assert_eq!(number(&spare.issue("b").await.unwrap()), "A002");
    let verified = verify(&open_reader(spare.folder.path()).unwrap(), Some(old.hash)).unwrap();
    assert_eq!(verified.epochs.len(), 2);
}

#[tokio::test]
async fn an_interrupted_restore_is_no_journal_and_is_done_again() {
    let house = House::new();
    house.issue("a").await.unwrap();
    let (copies, spare) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let copy = copied(house.folder.path(), copies.path());
    let (lock, unfinished) = copy::prepare(spare.path()).unwrap();
    copy::fill(&Source::Copy(copy.clone()), &unfinished).unwrap();
    // Half of it was in its place already when the power failed.
    std::fs::rename(unfinished.join("keys"), spare.path().join("keys")).unwrap();
    drop(lock);
    let refused = SqliteJournal::open(spare.path(), "new").err().unwrap();
    assert!(refused.to_string().contains("interrupted"), "{refused}");
    restored(&copy, spare.path(), taken_over);
    assert!(spare.path().join("keys").is_dir());
    let spare = House::on(spare, Told::at(MONDAY_EIGHT + 60_000));
    assert_eq!(number(&spare.issue("b").await.unwrap()), "A002");
}

/// A copy of a data folder.
pub(crate) fn copied(data: &Path, folder: &Path) -> PathBuf {
    let order = Order {
        data: data.to_owned(),
        named: None,
        folder: folder.to_owned(),
        same_disk: true,
        keep: 2,
        keep_days: 90,
    };
    copies::make(&order, Some(MONDAY_EIGHT)).unwrap().file
}

/// An empty data folder that takes a copy over; `first` begins the new epoch.
pub(crate) fn restored(copy: &Path, data: &Path, first: impl FnOnce(&Head) -> Record) -> Head {
    let (_lock, unfinished) = copy::prepare(data).unwrap();
    copy::fill(&Source::Copy(copy.to_owned()), &unfinished).unwrap();
    let mut journal = SqliteJournal::open(&unfinished, "").unwrap();
    let old = journal.head();
    let head = journal.append(old.seq, &[first(&old)]).unwrap();
    drop(journal);
    copy::put(data).unwrap();
    head
}

/// The first record of the spare's epoch.
pub(super) fn taken_over(old: &Head) -> Record {
    Record {
        epoch: "spare".into(),
        seq: old.seq + 1,
        command: None,
        at: MONDAY_EIGHT,
        boot: "spare".into(),
        mono: 0,
        actor: "system".into(),
        events: vec![Event::Restored {
            epoch: old.epoch.clone(),
            seq: old.seq,
            head: old.hash.to_string(),
        }],
    }
}

#[test]
fn a_second_daemon_on_one_data_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let _first = SqliteJournal::open(folder.path(), "one").unwrap();
    let second = SqliteJournal::open(folder.path(), "two").err().unwrap();
    assert!(
        second.to_string().contains("another kiosk daemon"),
        "{second}"
    );
}

/// A journal whose appends fail as told: before the commit, or after it.
struct Failing {
    inner: SqliteJournal,
    appends: Arc<AtomicUsize>,
}

/// The appends of the start; faults come after them.
const AT_START: usize = 2;

impl Journal for Failing {
    fn head(&self) -> Head {
        self.inner.head()
    }

    fn append(&mut self, expected: u64, records: &[Record]) -> Result<Head, AppendError> {
        match self
            .appends
            .fetch_add(1, Ordering::SeqCst)
            .checked_sub(AT_START)
        {
            Some(0) => Err(AppendError::Full),
            // It landed, but nobody heard.
            Some(1) => {
                self.inner.append(expected, records)?;
                Err(AppendError::Uncertain("the line went dead".into()))
            }
            _ => self.inner.append(expected, records),
        }
    }

    fn by_key(&self, scope: &KeyScope) -> Result<Option<Record>, JournalError> {
        self.inner.by_key(scope)
    }

    fn carried(&self) -> Result<Carried, JournalError> {
        self.inner.carried()
    }

    fn replay(&self, from: u64, each: &mut dyn FnMut(Record)) -> Result<(), JournalError> {
        self.inner.replay(from, each)
    }

    fn free_reserve(&mut self, free: bool) {
        self.inner.free_reserve(free);
    }
}

#[tokio::test]
async fn a_failed_append_did_not_happen_and_an_uncertain_one_is_found_by_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let appends = Arc::new(AtomicUsize::new(0));
    let failing = Failing {
        inner: SqliteJournal::open(folder.path(), "epoch").unwrap(),
        appends: appends.clone(),
    };
    let clock = Told::at(MONDAY_EIGHT);
    let office = Config::load(None).unwrap().office;
    let vault = Vault::open(folder.path());
    let core = Core::open(Box::new(failing), vault, Box::new(clock.clone()), office).unwrap();
    assert_eq!(appends.load(Ordering::SeqCst), AT_START);
    let (engine, thread) = Engine::start(core);
    let house = House {
        folder,
        clock,
        engine,
        thread,
    };
    assert_eq!(house.issue("full").await, Err(Failure::JournalFull));
    assert_eq!(house.state().await.tickets().count(), 0);
    // While the disk is full nothing is tried for a second.
    assert_eq!(house.issue("full").await, Err(Failure::JournalFull));
    house.clock.pass(2_000);
    assert_eq!(house.issue("uncertain").await, Err(Failure::JournalFailed));
    // Reading goes on: what landed is found at once.
    let again = house.issue("uncertain").await.unwrap();
    assert_eq!((number(&again), again.repeated), ("A001".into(), true));
    assert_eq!(house.issue("full").await, Err(Failure::JournalFailed));
    house.clock.pass(2_000);
    assert_eq!(number(&house.issue("full").await.unwrap()), "A002");
}
