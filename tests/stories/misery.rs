//! The intake server misbehaves in every way it can while the daemon is killed again and again at
//! moments nobody chose: each scan that a clerk saw taken has one effect there, in its dossier's order.

use crate::{NO_PAPER, rounds};
use futures_util::future::join_all;
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Duration;
use tests::api::{Device, fresh_key};
use tests::chance::Chance;
use tests::fake_intake::{Act, FakeIntake};
use tests::office::Office;
use tests::wait;
use tokio::time::timeout;

const CLERKS: usize = 3;
const DOSSIERS_OF_A_CLERK: usize = 6;
/// Scans of a clerk in a round: few enough that the next round finds some of them still waiting.
const SCANS_OF_A_ROUND: usize = 8;
/// The plug is pulled at some moment of it: the shortest pauses after a failure lie within.
const ROUND_MS: u64 = 1_800;
/// Longer than any client waits.
const FOR_EVER: Duration = Duration::from_secs(3600);

/// A press that has no answer yet.
#[derive(Clone)]
struct Open {
    key: String,
    dossier: String,
}

/// A clerk, whose dossiers nobody else has: what was taken stands in the order of the journal.
struct Clerk {
    /// A presentation reader reads one dossier twice within two seconds; devices take turns.
    devices: Vec<Device>,
    number: usize,
    scans: usize,
    open: Option<Open>,
    taken: BTreeMap<String, Vec<String>>,
}

impl Clerk {
    async fn hired(office: &Office, number: usize) -> Self {
        let mut devices = Vec::new();
        for _ in 0..DOSSIERS_OF_A_CLERK {
            devices.push(office.device("clerk").await);
        }
        Self {
            devices,
            number,
            scans: 0,
            open: None,
            taken: BTreeMap::new(),
        }
    }

    fn moved(&mut self, url: &str) {
        for device in &mut self.devices {
            *device = device.at(url);
        }
    }

    /// Scans one after the other. What has no answer is asked for again under its key, first.
    async fn scan(&mut self, scans: usize) {
        for _ in 0..scans {
            let open = self.open.clone().unwrap_or_else(|| {
                let of_clerk = self.scans % DOSSIERS_OF_A_CLERK;
                self.scans += 1;
                Open {
                    key: fresh_key(),
                    dossier: format!("H05.114-250625-{}{of_clerk:03}", self.number),
                }
            });
            self.open = Some(open.clone());
            let turn = self.scans / DOSSIERS_OF_A_CLERK % self.devices.len();
            let body = json!({ "code": open.dossier });
            let sent = self.devices[turn]
                .try_post("/scans", &open.key, &body)
                .await;
            let Ok(answer) = sent else { return };
            let id = answer.expect(202).text("id").to_owned();
            self.open = None;
            let of_dossier = self.taken.entry(open.dossier).or_default();
            if !of_dossier.contains(&id) {
                of_dossier.push(id);
            }
        }
    }
}

/// What the server does with the coming requests.
fn mishaps(chance: &mut Chance) -> Vec<Act> {
    let mut acts = Vec::new();
    for _ in 0..40 {
        acts.push(match chance.below(16) {
            0 => Act::Status(500, None),
            1 => Act::Status(503, Some(1)),
            2 => Act::Status(409, None),
            3 => Act::Status(429, Some(1)),
            4 => Act::Status(400, None),
            5 => Act::CutAfterBody { taken: true },
            6 => Act::CutAfterBody { taken: false },
            7 => Act::Slow(FOR_EVER),
            _ => Act::Ok,
        });
    }
    acts
}

async fn misery(honours_key: bool) {
    let mut chance = Chance::announced(&format!("misery, honours_key = {honours_key}"));
    let mut intake = FakeIntake::start().await.unwrap();
    if !honours_key {
        intake.forget_keys();
    }
    let url = intake.url();
    let settings = format!("{NO_PAPER}[intake]\nurl = \"{url}\"\nhonours_key = {honours_key}\n");
    let mut office = Office::open(&settings).await;
    let mut clerks = Vec::new();
    for number in 0..CLERKS {
        clerks.push(Clerk::hired(&office, number).await);
    }
    for _ in 0..rounds(12, 200) {
        intake.forget_scripts();
        intake.script(mishaps(&mut chance));
        intake.script_asks(mishaps(&mut chance).into_iter().filter(|act| {
            // Asked, a server that errs is as good as one that is silent.
            matches!(act, Act::Ok | Act::Status(500 | 503 | 429, _))
        }));
        match chance.below(4) {
            0 => intake.down().await,
            _ => intake.up().await.unwrap(),
        }
        let moment = Duration::from_millis(chance.below(ROUND_MS));
        let work = async {
            join_all(clerks.iter_mut().map(|clerk| clerk.scan(SCANS_OF_A_ROUND))).await;
            std::future::pending::<()>().await;
        };
        let early = timeout(moment, work).await;
        assert!(early.is_err(), "the round ends with the daemon");
        office.kill().await;
        office.start().await;
        for clerk in &mut clerks {
            clerk.moved(office.url());
        }
    }

    // Good days again: everything that waits goes out. The last press is answered, too.
    intake.forget_scripts();
    intake.up().await.unwrap();
    for clerk in &mut clerks {
        clerk.scan(1).await;
        assert!(clerk.open.is_none());
    }
    let taken: BTreeMap<String, Vec<String>> = clerks
        .iter()
        .flat_map(|clerk| clerk.taken.clone())
        .collect();
    for id in taken.values().flatten() {
        wait::until("delivered", async || {
            let scan = clerks[0].devices[0].get(&format!("/scans/{id}")).await;
            (scan.expect(200).text("state") == "delivered").then_some(())
        })
        .await;
    }
    let effects = intake.effects();
    for id in taken.values().flatten() {
        assert_eq!(effects.get(id), Some(&1), "{id}");
    }
    let scans = taken.values().flatten().count();
    assert_eq!(effects.len(), scans, "and nothing else");
    for (dossier, expected) in &taken {
        let record = intake.record();
        let of_dossier = record.posts.iter();
        let mut tries: Vec<&str> = of_dossier
            .filter(|post| post.body["dossier"] == **dossier)
            .map(|post| post.key.as_str())
            .collect();
        tries.dedup(); // Tries of one scan stand together: no later one overtakes.
        assert_eq!(tries, *expected);
    }
    println!("{scans} scans, {} requests", intake.record().posts.len());
    office.stop().await;
    office.say(&["journal", "verify"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn through_mishaps_and_kills_each_scan_has_one_effect_where_keys_are_honoured() {
    misery(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn through_mishaps_and_kills_each_scan_has_one_effect_although_keys_are_forgotten() {
    misery(false).await;
}
