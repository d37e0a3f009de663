//! One key is one command: retries, double taps, restarts, midnight.

use super::*;

#[tokio::test]
async fn a_repeated_key_gets_the_same_number() {
    let house = House::new();
    let first = house.issue("visit-1").await.unwrap();
    let again = house.issue("visit-1").await.unwrap();
    assert_eq!((number(&first), first.repeated), ("A001".into(), false));
    assert_eq!((number(&again), again.repeated), ("A001".into(), true));
    assert_eq!(number(&house.issue("visit-2").await.unwrap()), "A002");
}

#[tokio::test]
async fn a_key_with_another_body_is_refused() {
    let house = House::new();
    house.issue_with("visit-1", b"A").await.unwrap();
    let other = house.issue_with("visit-1", b"B").await;
    assert_eq!(other, Err(Failure::KeyReused));
}

#[tokio::test]
async fn a_double_tap_in_one_batch_is_one_ticket() {
    let house = House::new();
    // The engine is kept busy so that both taps stand in the same batch.
    let busy = house.engine.clone();
    let (hold, held) = std::sync::mpsc::channel::<()>();
    let blocked = tokio::spawn(async move { busy.read(move |_| held.recv().unwrap()).await });
    tokio::task::yield_now().await;
    let taps = async { tokio::join!(house.issue("tap"), house.issue("tap")) };
    let release = async { hold.send(()).unwrap() };
    let ((first, second), ()) = tokio::join!(taps, release);
    blocked.await.unwrap().unwrap();
    assert_eq!(number(&first.unwrap()), number(&second.unwrap()));
    assert_eq!(house.state().await.tickets().count(), 1);
}

#[tokio::test]
async fn a_retry_after_a_restart_and_after_midnight_is_the_same_ticket() {
    let house = House::new();
    house.issue("late").await.unwrap();
    let house = house.again().await;
    assert!(house.issue("late").await.unwrap().repeated);

    // Nobody waits for ever: the day ends once its idle hours have passed over midnight.
    house.clock.pass(20 * 3_600_000);
    house
        .engine
        .act(crate::engine::system(), Command::Tick)
        .await
        .unwrap();
    let state = house.state().await;
    assert_eq!((state.day().unwrap().id, state.tickets().count()), (2, 0));
    let again = house.issue("late").await.unwrap();
    assert_eq!((number(&again), again.repeated), ("A001".into(), true));
    assert_eq!(house.state().await.tickets().count(), 0);
    assert_eq!(number(&house.issue("early").await.unwrap()), "A001");
}

#[tokio::test]
async fn a_label_read_twice_is_one_scan_and_both_keys_say_so_for_good() {
    let house = House::new();
    let scan = async |key: &str| {
        let key = Key {
            call: "POST /api/v1/scans".into(),
            key: key.into(),
            body: b"H05".to_vec(),
        };
        let command = |_: &State, now: queue::Now| {
            Ok(Command::Scan {
                scan: ids::fresh(now),
                dossier: "H05.114-250625-0002".into(),
                purpose: None,
                counter: Some(1),
                ticket: None,
                device: "clerk-1".into(),
                forward: true,
            })
        };
        let done = house
            .engine
            .submit(kiosk(), Some(key), command, |_, done| done)
            .await
            .unwrap();
        match done.events[0] {
            Event::Scanned { scan, .. } | Event::ReadAgain { scan } => scan,
            ref other => panic!("{other:?}"),
        }
    };
    let first = scan("s1").await;
    assert_eq!(scan("s2").await, first);
    house.clock.pass(5_000);
    assert_eq!(
        scan("s2").await,
        first,
        "the answer was lost and the page asked again"
    );
    assert_ne!(
        scan("s3").await,
        first,
        "later it is a repeat, and a scan of its own"
    );
}

#[tokio::test]
async fn a_key_outlives_days_without_a_date() {
    let house = House::new();
    house.issue("morning").await.unwrap();
    for _ in 0..10 {
        for command in [Command::CloseDay, Command::OpenDay] {
            house
                .engine
                .act(crate::engine::system(), command)
                .await
                .unwrap();
        }
    }
    assert!(house.issue("morning").await.unwrap().repeated);
}

#[tokio::test]
async fn staff_who_ask_twice_do_not_set_the_clock_back() {
    let house = House::on(tempfile::tempdir().unwrap(), Told::unknown(MONDAY_EIGHT));
    let clerk = Actor {
        id: "person-7".into(),
        role: Role::Clerk,
    };
    let confirm = async || {
        let key = Key {
            call: "POST /api/v1/time".into(),
            key: "press-1".into(),
            body: b"8:00".to_vec(),
        };
        let utc = MONDAY_EIGHT;
        let command = move |_: &State, _| Ok(Command::ConfirmTime { utc, sure: false });
        let done = house
            .engine
            .submit(clerk.clone(), Some(key), command, |_, done| done);
        done.await.unwrap()
    };
    assert_eq!(house.state().await.clock(), None);
    assert!(!confirm().await.repeated);
    assert_eq!(house.clock.read().utc_ms, Some(MONDAY_EIGHT));
    house.clock.pass(3_600_000);
    assert!(confirm().await.repeated);
    assert_eq!(house.clock.read().utc_ms, Some(MONDAY_EIGHT + 3_600_000));
    // A start on the same clock goes on with it.
    let house = house.again().await;
    let now = house.engine.read(|view| view.now.utc).await.unwrap();
    assert_eq!(now, Some(MONDAY_EIGHT + 3_600_000));
}
