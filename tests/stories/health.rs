//! How everything fares, told to people; who looked and who was refused; whose eyes files are for.

use crate::NO_PAPER;
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use tests::api::{Device, sent};
use tests::office::Office;
use tests::visitor::{PIN, Visitor, added, first_admin};
use tests::wait;

async fn part(reader: &Device, name: &str) -> Value {
    let health = reader.get("/health").await.expect(200).body;
    let lines = health["items"].as_array().unwrap();
    let line = lines.iter().find(|line| line["part"] == name);
    line.unwrap_or_else(|| panic!("{name}: {health}")).clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_configuration_file_is_told_on_the_page_and_by_the_check() {
    let mut office = Office::open(NO_PAPER).await;
    let good = std::fs::read_to_string(office.config()).unwrap();
    let supervisor = office.device("supervisor").await;
    assert_eq!(part(&supervisor, "configuration").await["state"], "good");
    office.stop().await;
    std::fs::write(office.config(), format!("{good}\ncolour = 3\n")).unwrap();
    office.start().await;

    let supervisor = supervisor.at(office.url());
    let line = part(&supervisor, "configuration").await;
    assert_eq!(line["state"], "trouble");
    for language in ["vi", "en"] {
        let says = line["says"][language].as_str().unwrap();
        assert!(
            says.contains("kiosk.toml:") && says.contains("colour"),
            "{says}"
        );
    }
    let health = sent(office.passer_by().request("GET", "/healthz"))
        .await
        .unwrap();
    assert_eq!(health.body["parts"]["configuration"], "trouble");
    assert!(
        !health.body.to_string().contains("colour"),
        "only staff read the file's words"
    );
    let check = office.run(&["check"]).await;
    let said = String::from_utf8(check.stdout).unwrap();
    assert!(!check.status.success());
    assert!(
        said.contains("unknown field `colour`") && said.contains("last-good.toml"),
        "{said}"
    );

    // Corrected, but not in force yet.
    std::fs::write(office.config(), &good).unwrap();
    let listen = office.url().strip_prefix("http://").unwrap().to_owned();
    let check = office.run(&["check", "--listen", &listen]).await;
    let said = String::from_utf8(check.stdout).unwrap();
    assert!(said.contains("bad   running configuration"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_dossiers_and_who_is_refused_stands_in_the_access_log() {
    let mut office = Office::open(NO_PAPER).await;
    let admin = first_admin(&office).await;
    let an = added(&admin, "Nguyễn Văn An", "clerk").await;
    let mut clerk = Visitor::new(&office);
    clerk.sign_in(&an, "604827").await.expect(403);
    clerk.sign_in(&an, "604827").await.expect(403);
    clerk.sign_in(&an, PIN).await.expect(303);
    clerk.act("/counters/1/open", &json!({})).await.expect(200);
    clerk
        .act("/day/close", &json!({}))
        .await
        .refused(403, "forbidden");
    let scan = json!({ "code": "H05.114-250625-0002", "counter": 1 });
    clerk.act("/scans", &scan).await.expect(202);
    let stream = clerk.request("GET", "/api/v1/counters/1/events").send();
    let mut stream = stream.await.unwrap();
    stream.chunk().await.unwrap().expect("the counter");
    let forger = Device::new(office.url(), Some("not-a-token"));
    forger.get("/queue").await.refused(401, "unauthorized");

    // Refusals are written once a minute, and at a stop.
    wait::until("the look", async || {
        let log = admin.get("/access").await.expect(200).body;
        let look = log["looks"][0].clone();
        (look["who"] == "Nguyễn Văn An").then_some(look)
    })
    .await;
    drop(stream);
    let cookies = admin.cookies.clone();
    office.stop().await;
    office.start().await;
    let mut admin = Visitor::new(&office);
    admin.cookies = cookies;
    let log = admin.get("/access").await.expect(200).body;
    let look = &log["looks"][0];
    assert_eq!(
        (&look["call"], &look["values"]),
        (&json!("GET /api/v1/counters/{n}/events"), &json!(1))
    );
    let refused = |what: &str| {
        let lines = log["refusals"].as_array().unwrap();
        let line = lines.iter().find(|line| line["refused"] == what);
        line.unwrap_or_else(|| panic!("{what}: {log}")).clone()
    };
    let sign_in = refused("sign-in");
    assert_eq!(
        (&sign_in["who"], &sign_in["times"]),
        (&json!("Nguyễn Văn An"), &json!(2))
    );
    assert_eq!(refused("right")["who"], "Nguyễn Văn An");
    assert_eq!(refused("token")["from"], "127.0.0.1");
    let supervisor = office.device("supervisor").await;
    supervisor.get("/access").await.refused(403, "forbidden");
    for file in ["access.log", "refused.log"] {
        let text = std::fs::read_to_string(office.data().join(file)).unwrap();
        assert!(!text.contains("250625") && !text.contains(PIN) && !text.contains("604827"));
    }
}

/// Everything below a folder that others than its owner may touch.
fn open_to_others(folder: &Path) -> Vec<String> {
    let mut open = Vec::new();
    let meta = std::fs::metadata(folder).unwrap();
    if meta.permissions().mode() & 0o077 != 0 {
        open.push(folder.display().to_string());
    }
    if meta.is_dir() {
        for entry in std::fs::read_dir(folder).unwrap() {
            open.extend(open_to_others(&entry.unwrap().path()));
        }
    }
    open
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_but_the_daemon_reads_the_data_folder_also_an_older_one() {
    let mut office = Office::open("").await;
    let kiosk = office.device("kiosk").await;
    kiosk.issue("A").await;
    wait::until("a slip", async || {
        let slips = std::fs::read_dir(office.data().join("slips")).ok()?;
        (slips.count() > 0).then_some(())
    })
    .await;
    assert_eq!(open_to_others(office.data()), Vec::<String>::new());
    office.stop().await;
    for file in ["", "journal.sqlite", "slips", "people"] {
        let path = office.data().join(file);
        if path.exists() {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
    }
    office.start().await;
    assert_eq!(open_to_others(office.data()), Vec::<String>::new());
}
