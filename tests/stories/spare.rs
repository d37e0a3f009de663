//! A spare machine goes on where the lost one stopped: nothing acknowledged is missing, and no
//! number comes twice.

use crate::NO_PAPER;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex};
use tests::api::{Answer, Device, fresh_key, sent};
use tests::clerk::Clerk;
use tests::fake_intake::FakeIntake;
use tests::office::Office;
use tests::wait;
use tokio::process::Command;
use tokio::task::JoinSet;

/// Where copies go: a folder of the story, which lies on the same disk.
fn settings(stick: &Path, more: &str) -> String {
    let stick = stick.display();
    format!("{NO_PAPER}[backup]\nfolder = \"{stick}\"\nsame_disk = true\n{more}")
}

fn stick() -> tempfile::TempDir {
    tempfile::Builder::new().prefix("stick-").tempdir().unwrap()
}

/// A ticket's way through the office.
const STATES: [&str; 4] = ["waiting", "called", "serving", "done"];

/// What was acknowledged, by id.
#[derive(Clone, Default)]
struct Told {
    /// Number and how far the ticket is on its way.
    tickets: BTreeMap<String, (String, usize)>,
    /// Dossiers.
    scans: BTreeMap<String, String>,
}

impl Told {
    fn ticket(&mut self, ticket: &Answer) {
        let state = STATES
            .iter()
            .position(|state| *state == ticket.text("state"));
        let told = (ticket.text("number").to_owned(), state.unwrap_or_default());
        self.tickets.insert(ticket.text("id").to_owned(), told);
    }

    fn numbers(&self) -> BTreeSet<&String> {
        self.tickets.values().map(|(number, _)| number).collect()
    }
}

/// Of each of two kiosks: together no more than a service gives out in a morning.
const TICKETS_EACH: usize = 200;

/// Clients that issue, call and scan until the line goes dead.
async fn busy(office: &Office, told: &Arc<Mutex<Told>>) -> JoinSet<()> {
    let mut load = JoinSet::new();
    for _ in 0..2 {
        let (kiosk, told) = (office.device("kiosk").await, told.clone());
        load.spawn(async move {
            let body = json!({ "service": "A" });
            for _ in 0..TICKETS_EACH {
                let Ok(ticket) = kiosk.try_post("/tickets", &fresh_key(), &body).await else {
                    return;
                };
                told.lock().unwrap().ticket(&ticket.expect(201));
            }
        });
    }
    let (clerk, called) = (office.device("clerk").await, told.clone());
    clerk.act("/counters/1/open").await.expect(200);
    load.spawn(async move {
        for act in ["next", "start"].iter().cycle() {
            let path = format!("/counters/1/{act}");
            match clerk.try_post(&path, &fresh_key(), &json!({})).await {
                Ok(ticket) if ticket.status == 200 => called.lock().unwrap().ticket(&ticket),
                // Nobody waits, or nobody was called.
                Ok(_) => {}
                Err(_) => return,
            }
        }
    });
    let (clerk, scanned) = (office.device("clerk").await, told.clone());
    load.spawn(async move {
        for number in 0.. {
            let dossier = format!("H05.114-250625-{number:05}");
            let body = json!({ "code": dossier });
            let Ok(scan) = clerk.try_post("/scans", &fresh_key(), &body).await else {
                return;
            };
            let id = scan.expect(202).text("id").to_owned();
            scanned.lock().unwrap().scans.insert(id, dossier);
        }
    });
    load
}

/// Until so many tickets and scans are acknowledged.
async fn worked(told: &Mutex<Told>, tickets: usize, scans: usize) -> Told {
    wait::until("work", async || {
        let told = told.lock().unwrap();
        (told.tickets.len() >= tickets && told.scans.len() >= scans).then(|| told.clone())
    })
    .await
}

/// Has a copy made, and waits until it was read back.
async fn copied(admin: &Device) -> Value {
    admin.act("/backup").await.expect(202);
    finished(admin).await
}

/// The newest copy, once none is being made.
async fn finished(admin: &Device) -> Value {
    wait::until("a copy", async || {
        let state = admin.get("/backup").await.expect(200).body;
        let over = state["running"] == false && !state["newest"].is_null();
        over.then(|| state["newest"].clone())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_spare_goes_on_from_a_copy_made_under_load() {
    let stick = stick();
    let mut intake = FakeIntake::start().await.unwrap();
    intake.down().await;
    let with_intake = format!("[intake]\nurl = \"{}\"\n", intake.url());
    let mut lost = Office::open(&settings(stick.path(), &with_intake)).await;
    let admin = lost.device("admin").await;
    // The first one, which is made by itself.
    finished(&admin).await;

    let told = Arc::default();
    let load = busy(&lost, &told).await;
    let before = worked(&told, 150, 50).await;
    let copy = copied(&admin).await;
    // The lost machine went on, and even delivered something that it had in hand.
    let (tickets, scans) = (before.tickets.len() + 50, before.scans.len() + 20);
    worked(&told, tickets, scans).await;
    intake.up().await.unwrap();
    intake.until(|record| !record.effects.is_empty()).await;
    lost.kill().await;
    load.join_all().await;
    let given_out = told.lock().unwrap().clone();

    // An empty machine: no data, no configuration.
    let mut spare = Office::furnished("");
    std::fs::remove_file(spare.config()).unwrap();
    let place = stick.path().display().to_string();
    let said = spare.say(&["journal", "restore", &place]).await;
    assert!(said.contains("bản sao lúc "), "{said}");
    assert!(said.contains("phát tiếp từ số "), "{said}");
    let head = copy["head"].as_str().unwrap();
    assert!(said.contains(head), "{said}");
    spare.start().await;

    // The devices of the office come in with the tokens that they have.
    let admin = admin.at(spare.url());
    for (id, (number, state)) in &before.tickets {
        let ticket = admin.get(&format!("/tickets/{id}")).await.expect(200);
        assert_eq!(ticket.text("number"), number);
        let now = STATES.iter().position(|s| *s == ticket.text("state"));
        assert!(now >= Some(*state), "{number}: {ticket:?}");
    }
    for (id, dossier) in &before.scans {
        let scan = admin.get(&format!("/scans/{id}")).await.expect(200);
        assert_eq!(scan.text("dossier"), dossier);
    }
    let kiosk = spare.device("kiosk").await;
    let numbers = given_out.numbers();
    for service in ["A", "A", "B", "C"] {
        let ticket = kiosk.issue(service).await;
        let number = ticket["number"].as_str().unwrap().to_owned();
        assert!(!numbers.contains(&number), "{number} was given out before");
    }

    // Every scan that was acknowledged reaches the intake server once, whoever sent it.
    intake
        .until(|record| {
            before
                .scans
                .keys()
                .all(|id| record.effects.contains_key(id))
        })
        .await;
    assert!(intake.effects().values().all(|times| *times == 1));

    assert!(spare.stop().await.success());
    let verified = spare.say(&["journal", "verify", "--head", head]).await;
    assert!(verified.contains("2 epoch(s)"), "{verified}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_copy_is_refused_and_the_next_older_one_offered() {
    let stick = stick();
    let office = Office::open(&settings(stick.path(), "")).await;
    let (admin, kiosk) = (office.device("admin").await, office.device("kiosk").await);
    finished(&admin).await;
    let older = copied(&admin).await["file"].clone();
    let lost = kiosk.issue("A").await;
    let newest = copied(&admin).await["file"].clone();
    assert_ne!(older, newest);
    let file = stick.path().join(newest.as_str().unwrap());
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes.truncate(middle);
    std::fs::write(&file, bytes).unwrap();

    let mut spare = Office::furnished(NO_PAPER);
    let place = stick.path().display().to_string();
    let refused = spare.run(&["journal", "restore", &place]).await;
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(!refused.status.success(), "{said}");
    let older = stick.path().join(older.as_str().unwrap());
    let older = older.display().to_string();
    for words in ["bị hỏng nên không dùng", "damaged and not used", &older] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(!spare.data().join("journal.sqlite").exists());
    spare.say(&["journal", "restore", &older]).await;
    spare.start().await;
    // It is of this morning: the number of the damaged copy must not come again.
    let kiosk = kiosk.at(spare.url());
    assert_eq!(kiosk.issue("A").await["number"], "A501");
    // Whoever holds it hears what to do.
    let phone = spare.passer_by();
    let slip = lost["qr"].as_str().unwrap();
    let page = sent(phone.request("GET", &format!("/t/{slip}"))).await;
    let page = page.unwrap().expect(404).body;
    assert!(
        page.as_str().unwrap().contains("Ông/Bà sẽ được cấp số mới"),
        "{page}"
    );
    for named in [slip, "A001"] {
        let refused = admin
            .at(spare.url())
            .act(&format!("/tickets/{named}/resume"))
            .await;
        let refused = refused.refused(404, "unknown-ticket");
        assert!(refused.text("detail").contains("paper roll"), "{refused:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stick_that_is_away_is_said_and_gets_its_copy_when_it_is_back() {
    let home = stick();
    let place = home.path().join("stick");
    let mut office = Office::open(&settings(&place, "")).await;
    let admin = office.device("admin").await;
    let health = async |wanted: &str| {
        wait::until(wanted, async || {
            let health = sent(admin.request("GET", "/healthz")).await.unwrap();
            (health.body["parts"]["backup"] == wanted).then_some(())
        })
        .await;
    };
    health("away").await;
    assert!(!place.exists(), "nothing is written where no stick is");
    admin.act("/backup").await.refused(409, "backup-away");
    let state = admin.get("/backup").await.expect(200).body;
    let text = state["text"]["vi"].as_str().unwrap();
    assert!(text.contains("Chưa thấy ổ lưu bản sao"), "{text}");

    std::fs::create_dir(&place).unwrap();
    // By itself, once it is noticed.
    health("ready").await;
    let newest = finished(&admin).await;
    assert!(place.join(newest["file"].as_str().unwrap()).exists());

    // Also after a restart, while the stick is away again, it is known when that was.
    office.stop().await;
    std::fs::rename(&place, home.path().join("elsewhere")).unwrap();
    office.start().await;
    let admin = admin.at(office.url());
    let state = admin.get("/backup").await.expect(200).body;
    assert_eq!(state["newest"]["file"], newest["file"]);
    assert_eq!(state["copies"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_is_downloaded_whole_and_noted() {
    let mut office = Office::open(NO_PAPER).await;
    let (admin, clerk) = (office.device("admin").await, office.device("clerk").await);
    for n in 0..2 {
        clerk
            .scan(&format!("H05.114-250625-{n:04}"))
            .await
            .expect(202);
    }
    let nowhere = admin.act("/backup").await;
    nowhere.refused(409, "backup-not-configured");
    let answer = admin
        .request("GET", "/api/v1/backup/file")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    let name = answer.headers()["content-disposition"].to_str().unwrap();
    let name = name.split('"').nth(1).unwrap().to_owned();
    assert!(
        name.starts_with("kiosk-") && name.ends_with(".tar.gz"),
        "{name}"
    );
    let file = office.folder().join(name);
    std::fs::write(&file, answer.bytes().await.unwrap()).unwrap();
    let log = std::fs::read_to_string(office.data().join("access.log")).unwrap();
    let look: Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
    assert_eq!(
        (&look["call"], &look["values"]),
        (&json!("GET /api/v1/backup/file"), &json!(2))
    );
    // It opens with what every computer has.
    let listed = Command::new("tar")
        .arg("tzf")
        .arg(&file)
        .output()
        .await
        .unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    for part in [
        "copy.json",
        "keys/1.key",
        "tokens",
        "config/kiosk.toml",
        "records/00000001.jsonl",
    ] {
        assert!(listed.lines().any(|line| line == part), "{part}: {listed}");
    }
    office.stop().await;
    let mut spare = Office::furnished(NO_PAPER);
    let file = file.display().to_string();
    spare
        .say(&["journal", "restore", &file, "--numbers-from", "901"])
        .await;
    spare.start().await;
    assert_eq!(
        clerk.at(spare.url()).get("/scans").await.body["items"][1]["dossier"],
        "H05.114-250625-0001"
    );
    assert_eq!(
        spare.device("kiosk").await.issue("B").await["number"],
        "B901"
    );
}

/// What stays behind; see `CARRIED` in kiosk/src/journal/copy/carried.rs.
const STAYS: [&str; 13] = [
    "admin-link",
    "backup",
    "cards",
    "contacts",
    "dossiers",
    "ledger.sqlite",
    "lockouts",
    "printers",
    "sessions",
    "slips",
    "time",
    "touch",
    "touch.token",
];

#[tokio::test(flavor = "multi_thread")]
async fn what_lies_in_the_data_folder_goes_along_or_is_known_to_stay() {
    let stick = stick();
    let preview = "[printer]\ndevice = \"preview\"\n";
    let whole = settings(stick.path(), "").replace(NO_PAPER, preview);
    let mut office = Office::open(&whole).await;
    let boss = tests::visitor::first_admin(&office).await;
    let mut clerk = tests::visitor::signed_in(&office, &boss, "clerk").await;
    clerk.sign_in("1", "000111").await.expect(403);
    let (admin, kiosk) = (office.device("admin").await, office.device("kiosk").await);
    kiosk.issue("A").await;
    admin.scan("H05.114-250625-0002").await.expect(202);
    admin.get("/scans").await.expect(200);
    copied(&admin).await;
    let names = |folder: &Path| -> BTreeSet<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        let names = entries.map(|e| e.unwrap().file_name().into_string().unwrap());
        // SQLite's own beside a database, and a small file that is just being replaced.
        names
            .filter(|name| {
                !["-wal", "-shm", ".new"]
                    .iter()
                    .any(|end| name.ends_with(end))
            })
            .collect()
    };
    let whole = names(office.data());
    office.stop().await;
    let spare = Office::furnished(NO_PAPER);
    let place = stick.path().display().to_string();
    spare.say(&["journal", "restore", &place]).await;
    let carried = names(spare.data());
    for name in whole.difference(&carried) {
        assert!(
            STAYS.contains(&name.as_str()),
            "{name} is neither carried nor known to stay"
        );
    }
    for name in ["people", "tokens", "keys", "access.log"] {
        assert!(carried.contains(name), "{name}: {carried:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_folder_of_a_dead_machine_has_every_number_and_nothing_is_skipped() {
    let mut lost = Office::open(NO_PAPER).await;
    let kiosk = lost.device("kiosk").await;
    kiosk.issue("A").await;
    lost.kill().await;
    let mut spare = Office::furnished(NO_PAPER);
    let card = lost.data().display().to_string();
    let said = spare.say(&["journal", "restore", &card]).await;
    assert!(!said.contains("phát tiếp từ số"), "{said}");
    spare.start().await;
    let kiosk = kiosk.at(spare.url());
    assert_eq!(kiosk.issue("A").await["number"], "A002");
    // Once is enough: what is there already is never written over.
    spare.stop().await;
    let again = spare.run(&["journal", "restore", &card]).await;
    let said = String::from_utf8(again.stderr).unwrap();
    assert!(
        !again.status.success() && said.contains("is not empty"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_makes_a_copy_and_tells_what_a_spare_needs() {
    let stick = stick();
    let office = Office::open(&settings(stick.path(), "")).await;
    let admin = office.device("admin").await;
    let first = finished(&admin).await;
    office.device("kiosk").await.issue("A").await;
    let browser = Clerk::signed_in(office.url(), admin.token()).await.browser;
    browser.go(&format!("{}/admin/backup", office.url())).await;
    browser.reads(first["file"].as_str().unwrap()).await;
    browser.reads("đã đọc lại và khớp").await;
    browser.reads("Tắt hẳn máy hỏng").await;
    browser.find("#now").await.click().await.unwrap();
    let newest = wait::until("another copy", async || {
        let newest = finished(&admin).await["file"].clone();
        (newest != first["file"]).then_some(newest)
    });
    browser.reads(newest.await.as_str().unwrap()).await;
    browser.close().await;
}
