//! The plug is pulled at random moments under load: what was acknowledged is there, what
//! was not answered can be repeated, and no number is missing or given twice.

use crate::numbers::no_gap_and_no_number_twice;
use crate::{NO_PAPER, rounds};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tests::api::{Answer, Device};
use tests::chance::Chance;
use tests::office::Office;
use tests::tools;
use tests::wait;
use tokio::task::JoinSet;
use tokio::time::timeout;

/// Touch screens and clerks who never rest.
const KIOSKS: usize = 4;
const CLERKS: usize = 2;
/// The plug is pulled at some moment of the first half second under load.
const LOAD_MS: u64 = 500;
/// Every so many rounds it is pulled while the daemon starts.
const START_CUT_EVERY: usize = 8;
/// A start takes longer than this only on a busy machine, which then is cut early.
const START_MS: u64 = 150;

/// One press of a button: what was sent, and the key it was sent with.
#[derive(Clone, Debug)]
struct Press {
    path: &'static str,
    key: String,
    body: Value,
}

/// What each press came to: the id, and the number or the dossier.
type Known = HashMap<String, (Press, (String, String))>;

fn outcome(answer: &Answer) -> (String, String) {
    let shown = match answer.text("number") {
        "" => answer.text("dossier"),
        number => number,
    };
    (answer.text("id").to_owned(), shown.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_power_cuts_lose_nothing() {
    let mut chance = Chance::announced("power");
    let mut office = Office::open(NO_PAPER).await;
    let kiosk = office.device("kiosk").await;
    let clerk = office.device("clerk").await;
    clerk.act("/counters/1/open").await.expect(200);
    let pressed = Arc::new(AtomicU64::new(0));
    let mut known = Known::new();
    let mut repeated = 0;

    for round in 1..=rounds(100, 1000) {
        if round % START_CUT_EVERY == 0 {
            office.kill().await;
            cut_while_starting(&office, &mut chance).await;
            office.start().await;
        }
        let devices = (kiosk.at(office.url()), clerk.at(office.url()));
        let mut load = under_load(&devices.0, &devices.1, &pressed, &mut chance);
        let moment = Duration::from_millis(chance.below(LOAD_MS));
        let early = timeout(moment, load.join_next()).await;
        assert!(
            early.is_err(),
            "the load ends only with the daemon: {early:?}"
        );
        office.kill().await;

        let mut fresh = Known::new();
        let mut unanswered = Vec::new();
        while let Some(task) = load.join_next().await {
            let (acknowledged, open) = task.unwrap();
            fresh.extend(acknowledged);
            unanswered.extend(open);
        }
        office.say(&["journal", "verify"]).await;
        office.start().await;
        let devices = (kiosk.at(office.url()), clerk.at(office.url()));
        for press in unanswered {
            let device = if press.path == "/scans" {
                &devices.1
            } else {
                &devices.0
            };
            let once = send(device, &press).await;
            let twice = send(device, &press).await;
            assert_eq!(once, twice, "round {round}: {press:?}");
            repeated += 1;
            fresh.insert(press.key.clone(), (press, once));
        }
        all_there(&devices.0, &devices.1, &fresh).await;
        known.extend(fresh);
        let tickets = known.values().filter(|(press, _)| press.path == "/tickets");
        no_gap_and_no_number_twice(tickets.map(|(_, (_, number))| number.as_str()));
    }

    let devices = (kiosk.at(office.url()), clerk.at(office.url()));
    all_there(&devices.0, &devices.1, &known).await;
    println!(
        "{} acts known, {repeated} of them after a repeat",
        known.len()
    );
    assert!(repeated > 0, "no cut came between a command and its answer");
    office.stop().await;
    office.say(&["journal", "verify"]).await;
}

/// Starts the daemon and pulls the plug before, or just when, it answers.
async fn cut_while_starting(office: &Office, chance: &mut Chance) {
    let mut child = office.daemon_command().kill_on_drop(true).spawn().unwrap();
    let moment = Duration::from_millis(chance.below(START_MS));
    let ended = timeout(moment, child.wait()).await;
    assert!(ended.is_err(), "the daemon ended by itself: {ended:?}");
    child.kill().await.unwrap();
}

/// What one task saw until the line went dead: answers, and presses without one.
type Seen = (Known, Vec<Press>);

/// Kiosks that issue and clerks that scan and call, each until its line goes dead.
fn under_load(
    kiosk: &Device,
    clerk: &Device,
    pressed: &Arc<AtomicU64>,
    chance: &mut Chance,
) -> JoinSet<Seen> {
    let mut load = JoinSet::new();
    for task in 0..KIOSKS + CLERKS {
        let (kiosk, clerk) = (kiosk.clone(), clerk.clone());
        let pressed = pressed.clone();
        let mut chance = chance.fork();
        load.spawn(async move {
            let mut known = Known::new();
            loop {
                let number = pressed.fetch_add(1, Ordering::Relaxed);
                let (device, press) = if task < KIOSKS {
                    (&kiosk, ticket(number, &mut chance))
                } else {
                    (&clerk, scan(number))
                };
                match device.try_post(press.path, &press.key, &press.body).await {
                    Ok(answer) => {
                        assert!(matches!(answer.status, 201 | 202), "{answer:?}");
                        known.insert(press.key.clone(), (press, outcome(&answer)));
                    }
                    Err(_) => return (known, vec![press]),
                }
                // Calling is part of the load; what it came to is the numbers' story.
                if task == KIOSKS {
                    let key = format!("next-{number}");
                    let _ = clerk.try_post("/counters/1/next", &key, &json!({})).await;
                }
            }
        });
    }
    load
}

fn ticket(number: u64, chance: &mut Chance) -> Press {
    let service = chance.of(&["A", "B", "C"]);
    let class = chance.of(&["normal", "normal", "priority"]);
    Press {
        path: "/tickets",
        key: format!("press-{number}"),
        body: json!({ "service": service, "class": class }),
    }
}

fn scan(number: u64) -> Press {
    Press {
        path: "/scans",
        key: format!("press-{number}"),
        body: json!({ "code": format!("H05.114-250625-{number:06}"), "counter": 1 }),
    }
}

/// Presses again with the same key: the answer is the old one, or the first.
async fn send(device: &Device, press: &Press) -> (String, String) {
    let answer = device.post(press.path, &press.key, &press.body).await;
    assert!(matches!(answer.status, 200..=202), "{press:?}: {answer:?}");
    outcome(&answer)
}

/// Everything acknowledged is there, by its id and by its key.
async fn all_there(kiosk: &Device, clerk: &Device, known: &Known) {
    let mut tasks = JoinSet::new();
    for (press, (id, shown)) in known.values().cloned() {
        let device = if press.path == "/scans" { clerk } else { kiosk }.clone();
        tasks.spawn(async move {
            let read = device
                .get(&format!("{}/{id}", press.path))
                .await
                .expect(200);
            assert_eq!(outcome(&read), (id.clone(), shown.clone()), "{press:?}");
            assert_eq!(send(&device, &press).await, (id, shown), "{press:?}");
        });
        if tasks.len() >= KIOSKS + CLERKS {
            tasks.join_next().await.unwrap().unwrap();
        }
    }
    while let Some(task) = tasks.join_next().await {
        task.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_issued_before_the_cut_gets_its_paper_after_it() {
    let mut office = Office::open("").await;
    let kiosk = office.device("kiosk").await;
    let mut tickets = Vec::new();
    for _ in 0..10 {
        tickets.push(kiosk.issue("A").await);
    }
    office.kill().await;
    office.start().await;
    let kiosk = kiosk.at(office.url());
    for ticket in tickets {
        let path = format!("/tickets/{}", ticket["id"].as_str().unwrap());
        wait::until("its paper", async || {
            let now = kiosk.get(&path).await.expect(200);
            (now.text("paper") == "sent").then_some(())
        })
        .await;
        let wanted = ticket["qr"].as_str().unwrap();
        let slips = std::fs::read_dir(office.data().join("slips")).unwrap();
        let number = ticket["number"].as_str().unwrap();
        let slip = slips
            .map(|entry| entry.unwrap().path())
            .find(|path| {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                name.contains(number) && name.ends_with(".png")
            })
            .unwrap_or_else(|| panic!("no slip of {number}"));
        assert_eq!(tools::read_code(&slip).await.as_deref(), Some(wanted));
    }
}
