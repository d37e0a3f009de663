//! Whoever the end of a day did not reach comes back, also after restarts and on a spare machine.

use queue::{Id, Refusal};

use super::journal::{copied, taken_over};
use super::*;
use crate::engine::system;
use crate::journal::sqlite::open_reader;
use crate::journal::verify::verify;
use crate::journal::{Head, Record};

const DAY_MS: u64 = 24 * 3_600_000;

/// The state, and that the tables beside the records follow from them.
async fn checked(house: &House) -> State {
    verify(&open_reader(house.folder.path()).unwrap(), None).unwrap();
    house.state().await
}

/// Rows of the table, used ones included.
fn rows(house: &House) -> u64 {
    let reader = open_reader(house.folder.path()).unwrap();
    let count = "select count(*) from deferral";
    reader.query_row(count, [], |row| row.get(0)).unwrap()
}

async fn show(house: &House, slip: Id) -> Result<Done, Failure> {
    let command = move |state: &State, now: queue::Now| match state.by_token(slip) {
        Some(ticket) => Ok(Command::Resume { ticket: ticket.id }),
        None => Ok(Command::Return {
            slip,
            ticket: ids::fresh(now),
            token: ids::secret(),
            print: true,
            printer: None,
        }),
    };
    house
        .engine
        .submit(kiosk(), None, command, |_, done| done)
        .await
}

/// Somebody works, so that the day was a working day.
async fn call(house: &House) {
    let clerk = Actor {
        id: "clerk-1".into(),
        role: Role::Clerk,
    };
    for command in [
        Command::OpenCounter { counter: 1 },
        Command::CallNext { counter: 1 },
    ] {
        house.engine.act(clerk.clone(), command).await.unwrap();
    }
}

async fn next_day(house: &House) {
    house.engine.act(system(), Command::CloseDay).await.unwrap();
    house.clock.pass(DAY_MS);
    house.engine.act(system(), Command::Tick).await.unwrap();
}

#[tokio::test]
async fn a_right_to_come_back_outlives_restarts_is_used_once_and_leaves_no_row() {
    let house = House::new();
    for key in ["one", "two", "three"] {
        house.issue(key).await.unwrap();
    }
    let slips = house.state().await;
    let slip = |n| {
        slips
            .by_number(format!("A00{n}").parse().unwrap())
            .unwrap()
            .token
    };
    next_day(&house).await;
    assert_eq!(
        (checked(&house).await.deferrals().count(), rows(&house)),
        (3, 3)
    );

    let house = house.again().await;
    assert_eq!(checked(&house).await.deferrals().count(), 3);
    let back = show(&house, slip(2)).await.unwrap();
    assert_eq!(number(&back), "A001");
    // Again, also after a restart: the same ticket.
    assert!(show(&house, slip(2)).await.unwrap().events.is_empty());
    let house = house.again().await;
    let state = checked(&house).await;
    assert_eq!((state.deferrals().count(), state.tickets().count()), (2, 1));
    assert_eq!(state.by_token(slip(2)).unwrap().number.to_string(), "A001");
    assert!(show(&house, slip(2)).await.unwrap().events.is_empty());
    call(&house).await;

    next_day(&house).await;
    assert_eq!(
        (checked(&house).await.deferrals().count(), rows(&house)),
        (0, 0)
    );
    let late = show(&house, slip(1)).await;
    assert_eq!(late, Err(Failure::Refused(Refusal::UnknownTicket)));
    let house = house.again().await;
    assert_eq!(checked(&house).await.deferrals().count(), 0);
}

#[tokio::test]
async fn a_day_that_goes_on_leaves_no_right_behind() {
    let house = House::new();
    house.issue("one").await.unwrap();
    house.engine.act(system(), Command::CloseDay).await.unwrap();
    assert_eq!(rows(&house), 1);
    let house = house.again().await;
    assert_eq!(checked(&house).await.deferrals().count(), 1);
    house.engine.act(system(), Command::OpenDay).await.unwrap();
    assert_eq!(
        (checked(&house).await.deferrals().count(), rows(&house)),
        (0, 0)
    );
}

#[tokio::test]
async fn a_journal_from_before_learns_to_keep_rights() {
    let house = House::new();
    house.issue("one").await.unwrap();
    house.engine.stop().await;
    house.thread.join().unwrap();
    let file = house.folder.path().join("journal.sqlite");
    let old = rusqlite::Connection::open(file).unwrap();
    let older = "drop table deferral; drop table letter; pragma user_version = 2";
    old.execute_batch(older).unwrap();
    drop(old);
    verify(&open_reader(house.folder.path()).unwrap(), None).unwrap();
    let house = House::on(house.folder, house.clock);
    next_day(&house).await;
    assert_eq!(
        (checked(&house).await.deferrals().count(), rows(&house)),
        (1, 1)
    );
}

#[tokio::test]
async fn a_spare_machine_takes_the_rights_over_and_repeats_no_number_of_the_lost_one() {
    let house = House::new();
    house.issue("left").await.unwrap();
    let slip = house.state().await.tickets().next().unwrap().token;
    next_day(&house).await;
    house.issue("before").await.unwrap();
    let copies = tempfile::tempdir().unwrap();
    let copy = copied(house.folder.path(), copies.path());
    // After the copy, and lost with the machine.
    assert_eq!(number(&house.issue("lost").await.unwrap()), "A002");

    let now = MONDAY_EIGHT + i64::try_from(DAY_MS).unwrap() + 60_000;
    let restored = |old: &Head| {
        let mut record: Record = taken_over(old);
        (record.at, record.mono) = (now, DAY_MS + 60_000);
        record.events.push(Event::NumbersSkipped {
            service: None,
            next: 101,
            date: Some(jiff::civil::date(2026, 11, 24)),
        });
        record
    };
    let spare = tempfile::tempdir().unwrap();
    journal::restored(&copy, spare.path(), restored);
    let spare = House::on(spare, Told::at(now));
    assert_eq!(number(&spare.issue("first").await.unwrap()), "A101");
    assert_eq!(number(&show(&spare, slip).await.unwrap()), "A102");
    let spare = spare.again().await;
    assert_eq!(
        checked(&spare).await.next_number('B').unwrap().to_string(),
        "B101"
    );
}

#[tokio::test]
async fn a_copy_of_the_night_before_goes_on_from_the_given_number_in_the_morning() {
    let house = House::new();
    house.engine.act(system(), Command::CloseDay).await.unwrap();
    let copies = tempfile::tempdir().unwrap();
    let copy = copied(house.folder.path(), copies.path());
    let now = MONDAY_EIGHT + i64::try_from(DAY_MS).unwrap();
    let restored = |old: &Head| {
        let mut record: Record = taken_over(old);
        (record.at, record.mono) = (now, DAY_MS);
        record.events.push(Event::NumbersSkipped {
            service: Some('A'),
            next: 51,
            date: Some(jiff::civil::date(2026, 11, 24)),
        });
        record
    };
    let spare = tempfile::tempdir().unwrap();
    journal::restored(&copy, spare.path(), restored);
    // The start opens the day of that date, and a further start replays from its record on.
    let spare = House::on(spare, Told::at(now)).again().await;
    assert_eq!(number(&spare.issue("first").await.unwrap()), "A051");
}
