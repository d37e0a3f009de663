//! What was set stands over restarts, also where a day began in between.

use queue::{Office, Settings, Text};
use rusqlite::Connection;

use super::*;
use crate::engine::system;
use crate::journal::sqlite::open_reader;
use crate::journal::verify::verify;

const DAY_MS: u64 = 24 * 3_600_000;

async fn settings(house: &House) -> Settings {
    house.state().await.settings().clone()
}

/// Somebody changes the office.
async fn change(house: &House, change: impl FnOnce(&mut Office)) {
    let settings = settings(house).await;
    let mut office = settings.office().unwrap().clone();
    change(&mut office);
    let (office, base) = (Box::new(office), settings.version());
    let command = Command::ChangeOffice { office, base };
    house.engine.act(system(), command).await.unwrap();
}

/// A restart, which must change nothing.
async fn same_again(house: House) -> House {
    let before = settings(&house).await;
    let house = house.again().await;
    assert_eq!(settings(&house).await, before);
    verify(&open_reader(house.folder.path()).unwrap(), None).unwrap();
    house
}

async fn new_day(house: &House) {
    house.clock.pass(DAY_MS);
    house.engine.act(system(), Command::Tick).await.unwrap();
}

#[tokio::test]
async fn whatever_was_set_is_there_after_a_restart() {
    let house = House::new();
    house.issue("a").await.unwrap();
    change(&house, |office| office.name = Text::vi("Phường Một")).await;
    change(&house, |office| office.services[0].letter = 'Z').await;
    assert!(settings(&house).await.planned().is_some());
    let house = same_again(house).await;
    let base = settings(&house).await.version();
    let withdraw = Command::WithdrawOffice { base };
    house.engine.act(system(), withdraw).await.unwrap();
    change(&house, |office| office.name = Text::vi("Phường Hai")).await;
    let house = same_again(house).await;
    // The day begins: from now on only what was carried over tells of all this.
    new_day(&house).await;
    let house = same_again(house).await;
    assert_eq!(settings(&house).await.planned(), None);

    house.issue("b").await.unwrap();
    change(&house, |office| office.services[0].letter = 'Z').await;
    new_day(&house).await;
    let house = same_again(house).await;
    new_day(&house).await;
    let house = same_again(house).await;
    let settings = settings(&house).await;
    let office = settings.office().unwrap();
    assert_eq!(office.name, Text::vi("Phường Hai"));
    assert_eq!((office.services[0].letter, settings.planned()), ('Z', None));
    assert!(!settings.by_file());
}

#[tokio::test]
async fn a_journal_from_before_settings_takes_its_offices_for_the_files() {
    let house = House::new();
    house.issue("a").await.unwrap();
    new_day(&house).await;
    let before = settings(&house).await;
    house.engine.stop().await;
    house.thread.join().unwrap();
    let data = house.folder.path();
    let old = Connection::open(data.join("journal.sqlite")).unwrap();
    old.execute_batch(
        "alter table office rename to newer; create table office (seq integer primary key) strict;
        insert into office select seq from newer; drop table newer; drop table letter; pragma user_version = 3",
    )
    .unwrap();
    drop(old);
    verify(&open_reader(data).unwrap(), None).unwrap();

    let house = House::on(house.folder, house.clock);
    let after = settings(&house).await;
    assert_eq!((&after, after.by_file()), (&before, true));
    same_again(house).await;
}
