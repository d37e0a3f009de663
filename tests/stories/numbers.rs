//! A number exists once and is called once, also with many clients, shared keys and
//! retries. (The best-known open systems fail this.)

use crate::{NO_PAPER, one_service_with};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use tests::api::{Device, fresh_key};
use tests::chance::Chance;
use tests::office::Office;
use tests::sse::Board;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

const CLIENTS: usize = 8;
/// Keys, and so tickets, that must come out.
const TICKETS: usize = 20_000;
/// Every tenth key is pressed by all clients, as one screen with a nervous finger does.
const SHARED: usize = TICKETS / 10;
const LETTERS: [&str; 4] = ["A", "B", "C", "E"];

/// The service a key asks for follows from it: the same key carries the same body.
fn body_of(key: usize) -> Value {
    json!({ "service": LETTERS[key % LETTERS.len()] })
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_thousand_tickets_have_twenty_thousand_numbers() {
    let mut chance = Chance::announced("numbers");
    let office = Office::open(NO_PAPER).await;
    let kiosk = office.device("kiosk").await;

    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        // Its own keys, all shared ones, and one in twenty of all that a second time.
        let own = (SHARED..TICKETS).filter(|key| key % CLIENTS == client);
        let mut keys: Vec<usize> = (0..SHARED).chain(own).collect();
        let again: Vec<usize> = keys.iter().copied().step_by(20).collect();
        keys.extend(again);
        chance.shuffle(&mut keys);
        let kiosk = kiosk.clone();
        clients.spawn(async move {
            let mut answers = Vec::new();
            for key in keys {
                let answer = kiosk
                    .post("/tickets", &format!("key-{key}"), &body_of(key))
                    .await;
                answers.push((key, answer));
            }
            answers
        });
    }

    let mut tickets: HashMap<usize, (String, String)> = HashMap::new();
    let mut first = HashMap::<usize, u32>::new();
    let mut requests = 0;
    while let Some(answers) = clients.join_next().await {
        for (key, answer) in answers.unwrap() {
            requests += 1;
            assert!(matches!(answer.status, 200 | 201), "{answer:?}");
            if answer.status == 201 {
                *first.entry(key).or_default() += 1;
            }
            let ticket = (answer.text("id").into(), answer.text("number").into());
            let known = tickets.entry(key).or_insert_with(|| ticket.clone());
            assert_eq!(*known, ticket, "one key, one ticket");
        }
    }
    println!("{requests} requests with {TICKETS} keys");

    assert_eq!(tickets.len(), TICKETS);
    assert_eq!(first.len(), TICKETS, "every key was new once");
    assert!(first.values().all(|times| *times == 1), "and only once");
    let ids: HashSet<&String> = tickets.values().map(|(id, _)| id).collect();
    assert_eq!(ids.len(), TICKETS, "ids differ");
    no_gap_and_no_number_twice(tickets.values().map(|(_, number)| number.as_str()));

    for letter in LETTERS {
        let all = |state: &Value| state["services"][letter]["waiting"] == TICKETS / LETTERS.len();
        kiosk.queue_when(&format!("all of {letter}"), all).await;
    }
    office.say(&["journal", "verify"]).await;
}

/// For each letter the numbers are 1, 2, 3 and so on, each once.
pub(crate) fn no_gap_and_no_number_twice<'a>(numbers: impl Iterator<Item = &'a str>) {
    let mut series: BTreeMap<char, Vec<usize>> = BTreeMap::new();
    for number in numbers {
        let letter = number.chars().next().expect("a number");
        let digits = number[letter.len_utf8()..].parse().expect("digits");
        series.entry(letter).or_default().push(digits);
    }
    for (letter, mut digits) in series {
        digits.sort_unstable();
        let wanted: Vec<usize> = (1..=digits.len()).collect();
        assert_eq!(digits, wanted, "service {letter}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_clerks_calling_at_once_never_call_one_ticket_twice() {
    let mut chance = Chance::announced("calls");
    let office = Office::open(&one_service_with(CLIENTS as u32)).await;
    let kiosk = office.device("kiosk").await;
    let rounds = crate::rounds(10_000, 100_000);
    // In each round fewer or more citizens wait than clerks call: the last tickets are
    // the ones that two clerks would grab.
    let waiting: Arc<Vec<usize>> = Arc::new(
        (0..rounds)
            .map(|_| chance.below(CLIENTS as u64 + 2) as usize)
            .collect(),
    );
    let round = Arc::new(Barrier::new(CLIENTS + 1));

    let mut clerks = JoinSet::new();
    for counter in 1..=CLIENTS {
        let clerk = office.device("clerk").await;
        clerk
            .act(&format!("/counters/{counter}/open"))
            .await
            .expect(200);
        let round = round.clone();
        clerks.spawn(async move {
            let mut called = Vec::new();
            for number in 0..rounds {
                round.wait().await;
                if let Some(id) = next(&clerk, counter).await {
                    called.push((number, id));
                }
                round.wait().await;
            }
            called
        });
    }

    let mut issued = HashSet::new();
    for number in 0..rounds {
        let citizens = (0..waiting[number]).map(|_| kiosk.issue("A"));
        for ticket in join_all(citizens).await {
            issued.insert(ticket["id"].as_str().unwrap().to_owned());
        }
        round.wait().await; // All clerks press the button.
        round.wait().await; // All clerks have their answer.
    }

    let mut called = HashSet::new();
    while let Some(theirs) = clerks.join_next().await {
        for (number, id) in theirs.unwrap() {
            assert!(called.insert(id), "a double call in round {number}");
        }
    }
    assert!(called.is_subset(&issued));
    let left = issued.len() - called.len();
    let rest = |state: &Value| state["services"]["A"]["waiting"] == left;
    kiosk.queue_when("those nobody called", rest).await;
    println!(
        "{rounds} rounds, {} tickets, {} calls",
        issued.len(),
        called.len()
    );
    office.say(&["journal", "verify"]).await;
}

/// Finishes what is in hand and calls the next; 204 when nobody waits.
async fn next(clerk: &Device, counter: usize) -> Option<String> {
    let answer = clerk.act(&format!("/counters/{counter}/next")).await;
    match answer.status {
        204 => None,
        _ => Some(answer.expect(200).text("id").to_owned()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_call_is_the_same_call() {
    let office = Office::open(&one_service_with(1)).await;
    let kiosk = office.device("kiosk").await;
    let clerk = office.device("clerk").await;
    clerk.act("/counters/1/open").await.expect(200);
    kiosk.issue("A").await;
    kiosk.issue("A").await;

    let key = fresh_key();
    let called = clerk.post("/counters/1/next", &key, &json!({})).await;
    let again = clerk.post("/counters/1/next", &key, &json!({})).await;
    assert_eq!(
        called.expect(200).text("number"),
        again.expect(200).text("number")
    );
    let body = json!({ "service": "A" });
    let other = json!({ "service": "A", "language": "en" });
    let key = fresh_key();
    kiosk.post("/tickets", &key, &body).await.expect(201);
    kiosk
        .post("/tickets", &key, &other)
        .await
        .refused(422, "key-reused");

    let mut board = Board::follow(office.url()).await;
    let calls = board.until("one call", |state| {
        !state["calls"].as_array().unwrap().is_empty()
    });
    assert_eq!(calls.await["calls"].as_array().unwrap().len(), 1);
}
