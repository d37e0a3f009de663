//! The store as offices use it.
#![allow(clippy::unwrap_used)]

use ::dossiers::{Facts, Row};
use jiff::civil::Date;

use super::*;

const NOW: Now = Now {
    tick: 1_000,
    utc: Some(1_764_000_000_000),
};
const KEEP_DAYS: u32 = 90;

fn id(number: usize) -> DossierId {
    format!("H05.114-251118-{number:04}").parse().unwrap()
}

fn row(number: usize, state: DossierState, due: i8) -> Row {
    Row {
        line: 2,
        dossier: id(number),
        facts: Facts {
            procedure: Some("Đăng ký khai sinh".into()),
            state,
            received_on: None,
            due_on: Some(Date::constant(2025, 11, due)),
            finished_on: None,
            steps: Vec::new(),
        },
        factors: vec!["5678".into()],
    }
}

fn import(dossiers: &Dossiers, source: &str, at: i64, rows: &[Row]) -> Import {
    let new = New {
        source,
        file: "Nguyễn Văn Mẫu.xlsx",
        actor: "person:1",
        at,
        rows,
        bad: 0,
        repeated: 0,
    };
    dossiers.import(&new).unwrap()
}

fn open(data: &Path) -> Dossiers {
    Dossiers::open(data, None, KEEP_DAYS)
}

/// What is due by the end of the month, by number.
fn due(dossiers: &Dossiers) -> Vec<String> {
    let until = Date::constant(2025, 11, 30);
    let (late, count) = dossiers.due(until, 100, NOW).unwrap();
    assert_eq!(count, late.len());
    let ends = late
        .iter()
        .map(|late| late.dossier.as_str()[15..].to_owned());
    ends.collect()
}

#[test]
fn a_new_import_takes_the_place_of_the_former_one_of_its_source() {
    let folder = tempfile::tempdir().unwrap();
    let dossiers = open(folder.path());
    assert!(!dossiers.has_source());
    let at = NOW.utc.unwrap();
    use DossierState::{InProgress, Returned};
    import(
        &dossiers,
        "A",
        at - 2,
        &[row(1, InProgress, 21), row(2, InProgress, 20)],
    );
    import(&dossiers, "B", at - 1, &[row(3, InProgress, 19)]);
    assert_eq!(due(&dossiers), ["0003", "0002", "0001"]);
    import(
        &dossiers,
        "A",
        at,
        &[row(1, InProgress, 22), row(4, Returned, 18)],
    );
    // Another run of the program finds the same.
    drop(dossiers);
    let dossiers = open(folder.path());
    assert!(dossiers.has_source());
    assert_eq!(due(&dossiers), ["0003", "0001"]);
    assert_eq!(dossiers.known(&id(2), NOW), None);
    let known = dossiers.known(&id(4), NOW).unwrap();
    assert_eq!((known.state, known.as_of), (Returned, at));
    assert_eq!(known.source, Source::Import { name: "A".into() });
    let imports = dossiers.imports().unwrap();
    let told: Vec<_> = imports
        .iter()
        .map(|i| (i.source.as_str(), i.rows))
        .collect();
    assert_eq!(told, [("A", 2), ("B", 1), ("A", 2)]);
    assert_eq!(imports[0].file, "Nguyễn Văn Mẫu.xlsx");
}

#[test]
fn of_two_sources_the_latest_word_counts() {
    let folder = tempfile::tempdir().unwrap();
    let dossiers = open(folder.path());
    let at = NOW.utc.unwrap();
    import(&dossiers, "A", at, &[row(1, DossierState::Done, 20)]);
    import(
        &dossiers,
        "B",
        at - 1,
        &[row(1, DossierState::InProgress, 20)],
    );
    assert_eq!(
        dossiers.known(&id(1), NOW).unwrap().state,
        DossierState::Done
    );
    assert_eq!(due(&dossiers), Vec::<String>::new());
}

#[test]
fn nothing_of_a_dossier_stands_in_the_clear() {
    let folder = tempfile::tempdir().unwrap();
    let dossiers = open(folder.path());
    let rows = [row(1, DossierState::InProgress, 20)];
    import(&dossiers, "A", NOW.utc.unwrap(), &rows);
    drop(dossiers);
    for entry in std::fs::read_dir(folder.path().join(FOLDER)).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for secret in ["251118-0001", "khai sinh", "5678", "Mẫu.xlsx"] {
            let needle = secret.as_bytes();
            assert!(
                !bytes.windows(needle.len()).any(|at| at == needle),
                "{secret}"
            );
        }
    }
}

#[test]
fn a_factor_proves_its_own_dossier_only() {
    let folder = tempfile::tempdir().unwrap();
    let dossiers = open(folder.path());
    let other = Row {
        factors: vec!["AB3D".into()],
        ..row(2, DossierState::InProgress, 20)
    };
    let rows = [row(1, DossierState::InProgress, 20), other];
    import(&dossiers, "A", NOW.utc.unwrap(), &rows);
    assert!(dossiers.proves(&id(1), "5678"));
    assert!(dossiers.proves(&id(2), "AB3D"));
    assert!(!dossiers.proves(&id(2), "5678"));
    assert!(!dossiers.proves(&id(3), "5678"));
}

#[test]
fn what_is_old_is_not_told_and_then_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let dossiers = open(folder.path());
    let at = NOW.utc.unwrap();
    let long_ago = Row {
        facts: Facts {
            finished_on: Some(Date::constant(2025, 1, 2)),
            ..row(2, DossierState::Done, 20).facts
        },
        ..row(2, DossierState::Done, 20)
    };
    import(
        &dossiers,
        "A",
        at,
        &[row(1, DossierState::InProgress, 20), long_ago],
    );
    dossiers.forget(at);
    assert_eq!(dossiers.known(&id(2), NOW), None, "finished long ago");
    assert!(!dossiers.proves(&id(2), "5678"));
    assert!(dossiers.known(&id(1), NOW).is_some());
    let later = Now {
        tick: NOW.tick,
        utc: Some(at + i64::from(KEEP_DAYS) * DAY_MS + 1),
    };
    assert_eq!(dossiers.known(&id(1), later), None, "said long ago");
    dossiers.forget(later.utc.unwrap());
    assert_eq!(dossiers.known(&id(1), NOW), None);
}

#[test]
fn a_damaged_store_or_a_lost_key_makes_it_anew() {
    let folder = tempfile::tempdir().unwrap();
    let rows = [row(1, DossierState::InProgress, 20)];
    let fresh = || {
        let dossiers = open(folder.path());
        import(&dossiers, "A", NOW.utc.unwrap(), &rows);
        assert!(dossiers.known(&id(1), NOW).is_some());
    };
    fresh();
    let file = folder.path().join(FOLDER).join("known.sqlite");
    std::fs::write(&file, vec![b'x'; 10_000]).unwrap();
    fresh();
    std::fs::remove_file(folder.path().join(FOLDER).join("key")).unwrap();
    let dossiers = open(folder.path());
    assert_eq!(
        (dossiers.known(&id(1), NOW), dossiers.has_source()),
        (None, false)
    );
    drop(dossiers);
    fresh();
}

#[test]
fn tries_are_counted_for_the_dossier_and_the_device_also_over_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let dossiers = open(folder.path());
    let begun = (0..10).filter(|n| {
        let device = format!("device {n}");
        dossiers.guard.begin(0, "print", &device).is_ok()
    });
    assert_eq!(begun.count(), 5);
    drop(dossiers);
    let dossiers = open(folder.path());
    let now_ms = crate::clock::monotonic_ms();
    assert!(dossiers.guard.begin(now_ms, "print", "another").is_err());
    assert!(
        dossiers
            .guard
            .begin(now_ms, "other print", "another")
            .is_ok()
    );
}
