//! Letters for late dossiers outlive days and starts; their personal values go with their day.

use jiff::civil::date;
use queue::{LetterDraft, LetterId, LetterPaper, LetterState, Refusal};

use super::journal::{copied, restored, taken_over};
use super::*;
use crate::engine::system;
use crate::journal::history::History;
use crate::journal::letters::PastLetter;
use crate::journal::sqlite::open_reader;
use crate::journal::verify::verify;

const DAY_MS: u64 = 24 * 3_600_000;
const DOSSIER: &str = "H05.114-261103-0001";

async fn draft(house: &House, dossier: &'static str) -> LetterId {
    let command = move |_: &State, now: queue::Now| {
        let draft = LetterDraft {
            letter: ids::fresh(now),
            dossier: dossier.into(),
            procedure: Some("Cấp lại giấy thử".into()),
            received: Some(date(2026, 11, 3)),
            due: date(2026, 11, 20),
            new_due: date(2026, 12, 30),
            reason: "Chờ xác minh".into(),
            form: "apology".into(),
            version: "1".into(),
            paper: LetterPaper::A5,
        };
        let draft = Box::new(draft);
        Ok(Command::DraftLetter { draft })
    };
    let done = house.engine.submit(system(), None, command, |_, done| done);
    match done.await.unwrap().events[0] {
        Event::LetterDrafted { letter, .. } => letter,
        ref other => panic!("{other:?}"),
    }
}

async fn act(house: &House, command: Command) -> Result<(), Failure> {
    house.engine.act(system(), command).await.map(|_| ())
}

fn told(house: &House, letter: LetterId) -> PastLetter {
    let mut history = History::open(house.folder.path()).unwrap();
    history.letter(letter).unwrap().unwrap()
}

/// A day goes by; the office without hours closes it and opens the next by itself.
async fn pass_day(house: &House) {
    house.clock.pass(DAY_MS);
    act(house, Command::Tick).await.unwrap();
}

/// Another start on the same folder knows the same letters, and the tables follow from the records.
async fn started_again(house: House) -> House {
    let before: Vec<_> = house.state().await.letters().cloned().collect();
    let house = house.again().await;
    let after: Vec<_> = house.state().await.letters().cloned().collect();
    assert_eq!(before, after);
    verify(&open_reader(house.folder.path()).unwrap(), None).unwrap();
    house
}

#[tokio::test]
async fn a_letter_that_is_not_given_is_known_on_later_days_and_after_every_start() {
    let house = House::new();
    let letter = draft(&house, DOSSIER).await;
    let house = started_again(house).await;
    act(&house, Command::SignLetter { letter }).await.unwrap();
    pass_day(&house).await;
    let house = started_again(house).await;
    act(&house, Command::GiveLetter { letter }).await.unwrap();
    // Given today, it is still known as such today, also after a start.
    let house = started_again(house).await;
    let again = act(&house, Command::GiveLetter { letter }).await;
    assert_eq!(again, Err(Failure::Refused(Refusal::LetterGiven)));
    pass_day(&house).await;
    let house = started_again(house).await;
    assert_eq!(house.state().await.letters().count(), 0);
    let told = told(&house, letter);
    assert_eq!(told.state, LetterState::Given);
    assert_eq!(told.dossier.as_deref(), Some(DOSSIER));
    let (drafted, signed, given) = (told.drafted, told.signed.unwrap(), told.given.unwrap());
    assert!(drafted.at == signed.at && signed.at < given.at);
}

#[tokio::test]
async fn a_new_draft_takes_the_place_of_one_of_an_earlier_day() {
    let house = House::new();
    let old = draft(&house, DOSSIER).await;
    draft(&house, "H05.114-261103-0002").await;
    pass_day(&house).await;
    let house = started_again(house).await;
    let new = draft(&house, DOSSIER).await;
    let house = started_again(house).await;
    assert_eq!(told(&house, old).state, LetterState::Replaced);
    let mut history = History::open(house.folder.path()).unwrap();
    let newest = history.newest_letters().unwrap();
    assert_eq!((newest.len(), newest[DOSSIER].id), (2, new));
    let drafted = history.letters(Some("drafted"), 0, 10).unwrap();
    assert_eq!(drafted.len(), 2);
    let after_first = history.letters(None, drafted[0].seq, 10).unwrap();
    assert_eq!(after_first.last().unwrap().id, new);
}

#[tokio::test]
async fn with_its_day_a_letters_personal_values_are_gone_and_nothing_else() {
    let house = House::new();
    let (open, given) = (
        draft(&house, DOSSIER).await,
        draft(&house, "H05.114-261103-0002").await,
    );
    for command in [
        Command::SignLetter { letter: given },
        Command::GiveLetter { letter: given },
    ] {
        act(&house, command).await.unwrap();
    }
    pass_day(&house).await;
    act(&house, Command::EraseDay { day: 1 }).await.unwrap();
    crate::vault::delete_keys(house.folder.path(), |day| day == 1).unwrap();
    let house = started_again(house).await;
    for letter in [open, given] {
        let told = told(&house, letter);
        assert_eq!(
            (told.dossier, told.procedure, told.reason),
            (None, None, None)
        );
        assert_eq!(told.new_due, date(2026, 12, 30));
    }
    let mut history = History::open(house.folder.path()).unwrap();
    assert!(history.newest_letters().unwrap().is_empty());
    let unknown = act(&house, Command::SignLetter { letter: open }).await;
    assert_eq!(unknown, Err(Failure::Refused(Refusal::UnknownLetter)));
}

#[tokio::test]
async fn no_part_of_a_letter_stands_in_the_journal_in_the_clear() {
    let house = House::new();
    draft(&house, DOSSIER).await;
    house.engine.stop().await;
    house.thread.join().unwrap();
    for entry in std::fs::read_dir(house.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = path.is_file().then(|| std::fs::read(&path).unwrap());
        for secret in ["261103-0001", "giấy thử", "xác minh"] {
            let holds =
                |bytes: &Vec<u8>| bytes.windows(secret.len()).any(|w| w == secret.as_bytes());
            assert!(
                !bytes.as_ref().is_some_and(holds),
                "{}: {secret}",
                path.display()
            );
        }
    }
}

#[tokio::test]
async fn a_journal_from_before_letters_learns_to_keep_them() {
    let house = House::new();
    house.issue("one").await.unwrap();
    house.engine.stop().await;
    house.thread.join().unwrap();
    let file = house.folder.path().join("journal.sqlite");
    let old = rusqlite::Connection::open(file).unwrap();
    old.execute_batch("drop table letter; pragma user_version = 5")
        .unwrap();
    drop(old);
    verify(&open_reader(house.folder.path()).unwrap(), None).unwrap();
    let house = House::on(house.folder, house.clock);
    let letter = draft(&house, DOSSIER).await;
    pass_day(&house).await;
    let house = started_again(house).await;
    act(&house, Command::SignLetter { letter }).await.unwrap();
}

#[tokio::test]
async fn a_spare_machine_takes_the_letters_over() {
    let house = House::new();
    let letter = draft(&house, DOSSIER).await;
    pass_day(&house).await;
    let copies = tempfile::tempdir().unwrap();
    let copy = copied(house.folder.path(), copies.path());
    let spare = tempfile::tempdir().unwrap();
    let now = MONDAY_EIGHT + i64::try_from(DAY_MS).unwrap() + 60_000;
    let record = |old: &crate::journal::Head| {
        let mut record = taken_over(old);
        (record.at, record.mono) = (now, DAY_MS + 60_000);
        record
    };
    restored(&copy, spare.path(), record);
    let spare = started_again(House::on(spare, Told::at(now))).await;
    act(&spare, Command::SignLetter { letter }).await.unwrap();
    assert_eq!(told(&spare, letter).dossier.as_deref(), Some(DOSSIER));
}

#[tokio::test]
async fn a_table_that_does_not_follow_from_the_records_is_found() {
    let house = House::new();
    draft(&house, DOSSIER).await;
    let file = house.folder.path().join("journal.sqlite");
    let writer = rusqlite::Connection::open(file).unwrap();
    let altered = "update letter set state = 'given'";
    writer.execute(altered, []).unwrap();
    let broken = verify(&open_reader(house.folder.path()).unwrap(), None).unwrap_err();
    assert!(broken.to_string().contains("table letter"), "{broken}");
}
