//! Personal values go for good, and nothing else does.

use crate::NO_PAPER;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use tests::api::{Answer, Device, fresh_key, sent};
use tests::fake_intake::FakeIntake;
use tests::office::Office;
use tests::wait;
use tokio::process::Command;

const SCANS: usize = 20;
const HELD_BECAUSE: &str = "chờ chị Nguyễn Thị Mẫu bổ sung giấy khai sinh";
const RATED_BECAUSE: &str = "cán bộ Trần Văn Thử rất chu đáo";

/// An office at the western or eastern edge of the calendar: when it moves from the one to the
/// other its date is a later one, and a new service day begins without anybody waiting for it.
fn settings(intake: &FakeIntake, zone: &str) -> String {
    format!(
        "{NO_PAPER}[intake]\nurl = \"{}\"\n[office]\nname = \"Phường Thử\"\ntime_zone = \"{zone}\"\n\
         [[service]]\nletter = \"A\"\nname = \"Hộ tịch\"\n[[counter]]\nnumber = 1\nservices = [\"A\"]\n",
        intake.url()
    )
}

const WEST: &str = "-12:00";
const EAST: &str = "+14:00";

fn dossier(number: usize) -> String {
    format!("H05.114-250625-{number:04}")
}

async fn becomes(clerk: &Device, id: &str, state: &str) {
    wait::until(state, async || {
        let scan = clerk.get(&format!("/scans/{id}")).await.expect(200);
        (scan.text("state") == state).then_some(())
    })
    .await;
}

/// Acts once, with a body.
async fn told(device: &Device, path: &str, body: &Value) -> Answer {
    device.post(path, &fresh_key(), body).await
}

/// The office opens its next day by itself and gives out numbers again.
async fn next_day(clerk: &Device) {
    wait::until("the next day", async || {
        let ticket = told(clerk, "/tickets", &json!({ "service": "A" })).await;
        (ticket.status == 201).then_some(())
    })
    .await;
}

/// A day with scans, a note and a rating, closed. Yields its scans; the last is not delivered.
async fn lived_day(office: &Office, intake: &mut FakeIntake) -> Vec<String> {
    let (kiosk, clerk) = (office.device("kiosk").await, office.device("clerk").await);
    let body = json!({ "service": "A", "dossier": dossier(0) });
    let ticket = told(&kiosk, "/tickets", &body).await;
    let ticket = format!("/tickets/{}", ticket.expect(201).text("id"));
    clerk.act("/counters/1/open").await.expect(200);
    clerk.act("/counters/1/call").await.expect(200);
    let hold = json!({ "reason": HELD_BECAUSE });
    told(&clerk, &format!("{ticket}/hold"), &hold)
        .await
        .expect(200);
    clerk.act(&format!("{ticket}/resume")).await.expect(200);
    clerk.act("/counters/1/call").await.expect(200);
    let mut ids = Vec::new();
    for number in 1..=SCANS {
        if number == SCANS {
            intake.down().await;
        }
        let scan = clerk.scan(&dossier(number)).await.expect(202);
        ids.push(scan.text("id").to_owned());
        if number < SCANS {
            becomes(&clerk, &ids[number - 1], "delivered").await;
        }
    }
    clerk.act("/counters/1/finish").await.expect(200);
    let rate = json!({ "level": 5, "reasons": RATED_BECAUSE });
    told(&clerk, &format!("{ticket}/rate"), &rate)
        .await
        .expect(200);
    let supervisor = office.device("supervisor").await;
    supervisor.act("/day/close").await.expect(200);
    ids
}

pub(crate) const NOWHERE: [PathBuf; 0] = [];

/// Every file under `folder` that holds `needle`.
pub(crate) fn holding(folder: &Path, needle: &[u8]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(holding(&path, needle));
        } else {
            let bytes = std::fs::read(&path).unwrap();
            if bytes.windows(needle.len()).any(|at| at == needle) {
                found.push(path);
            }
        }
    }
    found
}

/// No file holds what was personal on the day, or the key that it was sealed with.
fn nothing_is_left(data: &Path, key: &[u8]) {
    for number in 0..=SCANS {
        assert_eq!(holding(data, dossier(number).as_bytes()), NOWHERE);
    }
    for note in [HELD_BECAUSE, RATED_BECAUSE] {
        assert_eq!(holding(data, note.as_bytes()), NOWHERE);
    }
    assert_eq!(holding(data, key), NOWHERE);
}

/// What the day's report says of tickets; the last column is the journal's head, which moves on.
async fn tickets(office: &Office) -> Vec<String> {
    let said = office.say(&["report", "day", "1", "--csv"]).await;
    let lines = said.lines().filter(|line| line.starts_with("ticket,"));
    let figures = lines.map(|line| line.rsplit_once(',').unwrap().0.to_owned());
    figures.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_day_is_in_no_file_and_its_figures_stay() {
    let mut intake = FakeIntake::start().await.unwrap();
    let mut office = Office::open(&settings(&intake, WEST)).await;
    let ids = lived_day(&office, &mut intake).await;
    let key = std::fs::read(office.data().join("keys/1.key")).unwrap();
    let figures = tickets(&office).await;
    assert_eq!(figures.len(), 1);
    office.stop().await;
    office.set(&settings(&intake, EAST));
    office.start().await;
    let clerk = office.device("clerk").await;
    let admin = office.device("admin").await;
    next_day(&clerk).await;
    assert_eq!(clerk.scan(&dossier(99)).await.status, 202);

    // Who may not, what cannot be, and what must wait.
    let none = clerk.act("/days/1/erase").await;
    none.refused(403, "forbidden");
    admin.act("/days/7/erase").await.refused(404, "unknown-day");
    admin.act("/days/2/erase").await.refused(409, "last-day");
    let undelivered = admin.act("/days/1/erase").await;
    undelivered.refused(409, "undelivered");
    let last = format!("/scans/{}", ids[SCANS - 1]);
    assert_eq!(clerk.get(&last).await.text("dossier"), dossier(SCANS));
    intake.up().await.unwrap();
    becomes(&clerk, &ids[SCANS - 1], "delivered").await;

    let before = office.folder().join("before");
    let before = before.to_str().unwrap();
    office.say(&["journal", "backup", before]).await;
    let at = office.url().trim_start_matches("http://").to_owned();
    let said = office
        .say(&["journal", "erase", "1", "--listen", &at])
        .await;
    assert_eq!(said, "service day 1 is erased\n");

    nothing_is_left(office.data(), &key);
    for id in &ids {
        let scan = clerk.get(&format!("/scans/{id}")).await.expect(200);
        assert_eq!(
            (scan.text("state"), scan.text("dossier")),
            ("delivered", "")
        );
        assert_ne!(
            holding(office.data(), id.as_bytes()),
            NOWHERE,
            "what stays is found"
        );
    }
    // In the register the lines stay, and say nothing personal.
    let register = clerk.get("/register?day=1").await.expect(200).body;
    assert_eq!(register["total"], SCANS);
    let lines = register["items"].as_array().unwrap();
    assert!(lines.iter().all(|line| line["dossier"].is_null()));
    let page = sent(clerk.request("GET", "/register?day=1&lang=en")).await;
    let page = page.unwrap().expect(200);
    let page = page.body.as_str().unwrap();
    assert_eq!(page.matches("(erased)").count(), SCANS, "{page}");
    office.say(&["journal", "verify"]).await;
    assert_eq!(tickets(&office).await, figures);
    let report = office.say(&["report", "day", "1"]).await;
    assert_eq!(report.matches("(đã xóa)").count(), SCANS, "{report}");
    let story = office.say(&["journal", "why", "A001", "--day", "1"]).await;
    assert!(story.contains("đánh giá 5 trên 5"), "{story}");
    // Today's values are there as before.
    let today = clerk.get("/scans?after=0").await.expect(200).body;
    let mut dossiers = today["items"].as_array().unwrap().iter();
    assert!(dossiers.any(|scan| scan["dossier"] == dossier(99)));

    let after = office.folder().join("after");
    office
        .say(&["journal", "backup", after.to_str().unwrap()])
        .await;
    nothing_is_left(&unpacked(&after).await, &key);
    let kept = unpacked(Path::new(before)).await.join("keys/1.key");
    assert_eq!(
        std::fs::read(kept).unwrap(),
        key,
        "an older copy has its own"
    );
    let spare = Office::furnished(&settings(&intake, EAST));
    spare
        .say(&["journal", "restore", after.to_str().unwrap()])
        .await;
    nothing_is_left(spare.data(), &key);
    spare.say(&["journal", "verify"]).await;

    office.stop().await;
    nothing_is_left(office.data(), &key);
    office.say(&["journal", "verify"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_is_erased_in_the_folder_of_a_stopped_daemon_too() {
    let mut intake = FakeIntake::start().await.unwrap();
    let mut office = Office::open(&settings(&intake, WEST)).await;
    let ids = lived_day(&office, &mut intake).await;
    let key = std::fs::read(office.data().join("keys/1.key")).unwrap();
    office.stop().await;
    let refused = async |office: &Office, why: &str| {
        let output = office.run(&["journal", "erase", "1"]).await;
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && errors.contains(why), "{errors}");
    };
    refused(&office, "no later service day has begun").await;

    office.set(&settings(&intake, EAST));
    office.start().await;
    let clerk = office.device("clerk").await;
    next_day(&clerk).await;
    office.stop().await;
    refused(&office, "not delivered yet").await;

    intake.up().await.unwrap();
    office.start().await;
    let clerk = clerk.at(office.url());
    becomes(&clerk, &ids[SCANS - 1], "delivered").await;
    office.stop().await;
    office.say(&["journal", "erase", "1"]).await;
    nothing_is_left(office.data(), &key);
    office.say(&["journal", "verify"]).await;
    office.start().await;
    let clerk = clerk.at(office.url());
    let scan = clerk.get(&format!("/scans/{}", ids[0])).await.expect(200);
    assert_eq!(scan.body["dossier"], json!(null));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looks_at_dossiers_is_noted_without_them() {
    let office = Office::open(NO_PAPER).await;
    let clerk = office.device("clerk").await;
    let log = || std::fs::read_to_string(office.data().join("access.log")).unwrap_or_default();
    let scan = clerk.scan(&dossier(1)).await.expect(202);
    clerk.scan(&dossier(2)).await.expect(202);
    assert_eq!(log(), "", "who scans has the paper in hand");
    let one = format!("/scans/{}", scan.text("id"));
    clerk.get(&one).await.expect(200);
    clerk.get("/scans").await.expect(200);
    clerk.get("/scans?state=unknown").await.expect(200);

    let log = log();
    let looks: Vec<Value> = log
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    let told = |look: &Value| (look["call"].clone(), look["values"].clone());
    let told: Vec<_> = looks.iter().map(told).collect();
    let expected = [("GET /api/v1/scans/{id}", 1), ("GET /api/v1/scans", 2)];
    assert_eq!(
        told,
        expected.map(|(call, count)| (json!(call), json!(count)))
    );
    for look in &looks {
        assert!(
            look["at"].is_string() && look["actor"].is_string(),
            "{look}"
        );
    }
    assert_eq!(looks[0]["actor"], looks[1]["actor"]);
    assert_eq!(holding(office.data(), dossier(1).as_bytes()), NOWHERE);
}

/// What the one copy in a folder holds.
pub(crate) async fn unpacked(folder: &Path) -> PathBuf {
    let copy = std::fs::read_dir(folder).unwrap().next().unwrap().unwrap();
    let inside = folder.join("inside");
    std::fs::create_dir(&inside).unwrap();
    let mut tar = Command::new("tar");
    tar.arg("xzf").arg(copy.path()).arg("-C").arg(&inside);
    assert!(tar.status().await.unwrap().success());
    inside
}
