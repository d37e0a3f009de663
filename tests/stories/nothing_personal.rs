//! Personal values stand where staff work, and nowhere else: after a day with dossiers, a citizen
//! card, a note and an outage everything that leaves traces is searched for them.

use crate::scanner_line::plug_in;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use tests::api::{Device, fresh_key, sent};
use tests::browser::Browser;
use tests::clerk::Clerk;
use tests::fake_intake::{Act, FakeIntake};
use tests::office::Office;
use tests::screen::Screen;
use tests::sse::Stream;
use tests::visitor::{PIN, added, first_admin};
use tests::{tools, wait};

/// The citizen of this story, who exists nowhere else.
const CITIZEN: &str = "Đặng Thị Thu Nhàn";
const CARD: &str = "079185004271";
/// As the card's QR code has it.
const CARD_CODE: &str =
    "079185004271|024913377|Đặng Thị Thu Nhàn|09021985|Nữ|12 ngõ Thử, phường Mẫu|15032022";
/// The clerk's own name, which no log, title or public screen needs.
const CLERK: &str = "Vũ Đình Khánh";

/// A dossier of this story: its last part, which stands in no other number, and the whole.
fn dossier(nth: usize) -> String {
    format!("H05.114-250917-{:04}", 7_300 + nth)
}

const DOSSIERS: usize = 12;

/// Everything that is looked for.
fn needles() -> Vec<String> {
    let dossiers = (0..DOSSIERS).map(|nth| dossier(nth)["H05.114-".len()..].to_owned());
    let people = [CITIZEN, CARD, CLERK].map(str::to_owned);
    dossiers.chain(people).collect()
}

/// A needle as programs write it: as it is, in lower case, in an address, in JSON with escapes, in
/// letters of two bytes.
fn forms(needle: &str) -> Vec<Vec<u8>> {
    let percent = |byte: u8| match byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    let escaped = |unit: u16| match u8::try_from(unit).ok().filter(u8::is_ascii) {
        Some(byte) => char::from(byte).to_string(),
        None => format!("\\u{unit:04x}"),
    };
    let mut forms = vec![
        needle.as_bytes().to_vec(),
        needle.to_lowercase().into_bytes(),
        needle.bytes().map(percent).collect::<String>().into_bytes(),
        needle
            .encode_utf16()
            .map(escaped)
            .collect::<String>()
            .into_bytes(),
        needle.encode_utf16().flat_map(u16::to_le_bytes).collect(),
    ];
    forms.dedup();
    forms
}

/// What is searched, by the name that a finding gets.
#[derive(Default)]
struct Traces(BTreeMap<String, Vec<u8>>);

impl Traces {
    fn add(&mut self, name: &str, trace: impl Into<Vec<u8>>) {
        let trace = trace.into();
        assert!(
            !trace.is_empty(),
            "{name} is empty: nothing would be found in it"
        );
        let kept = self.0.entry(name.to_owned()).or_default();
        kept.push(b'\n');
        kept.extend(trace);
    }

    /// Every file under a folder.
    fn add_folder(&mut self, name: &str, folder: &Path) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("{name}/{}", path.file_name().unwrap().display());
            if path.is_dir() {
                self.add_folder(&name, &path);
            } else {
                let bytes = std::fs::read(&path).unwrap();
                self.0.entry(name).or_default().extend(bytes);
            }
        }
    }

    /// Where something personal stands.
    fn findings(&self) -> Vec<String> {
        let needles: Vec<_> = needles().into_iter().map(|n| (forms(&n), n)).collect();
        let mut findings = Vec::new();
        for (name, trace) in &self.0 {
            for (forms, needle) in &needles {
                if forms.iter().any(|form| holds(trace, form)) {
                    findings.push(format!("{name}: {needle}"));
                }
            }
        }
        findings
    }

    /// A trace whose name begins so holds this: it was searched, and is what it should be.
    fn says(&self, name: &str, wanted: &str) {
        let mut traces = self.0.iter().filter(|(of, _)| of.starts_with(name));
        let found = traces.any(|(_, trace)| holds(trace, wanted.as_bytes()));
        assert!(found, "{name} lacks {wanted}");
    }
}

fn holds(trace: &[u8], needle: &[u8]) -> bool {
    // A search by first byte first: some traces have megabytes.
    let mut rest = trace;
    while let Some(at) = rest.iter().position(|byte| *byte == needle[0]) {
        rest = &rest[at..];
        if rest.starts_with(needle) {
            return true;
        }
        rest = &rest[1..];
    }
    false
}

/// What a browser keeps of the page it shows: its title, its address, and every address that it
/// asked for.
async fn remember(traces: &mut Traces, browser: &Browser) {
    let script = "return [document.title, location.href, document.referrer]\
        .concat(performance.getEntries().map((entry) => entry.name)).join('\\n')";
    let kept = browser.page.execute(script, Vec::new()).await.unwrap();
    traces.add("titles and addresses", kept.as_str().unwrap());
}

async fn seen(device: &Device, dossier: &str) {
    wait::until("the scan", async || {
        let scans = device.get("/scans").await.expect(200);
        scans.body.to_string().contains(dossier).then_some(())
    })
    .await;
}

/// The reader at counter 1: dossiers, a citizen card, and what is neither.
async fn at_the_reader(socket: &Path, clerk: &Device) -> impl Drop + use<> {
    let mut reader = plug_in(socket);
    // Nobody tells when the daemon has found the reader, so the clerk scans again.
    wait::until("the reader is found", async || {
        let _ = reader.write_all(format!("{}\r", dossier(0)).as_bytes());
        let scans = clerk.get("/scans").await.expect(200);
        scans.body.to_string().contains(&dossier(0)).then_some(())
    })
    .await;
    let broken = format!("{}X\r", dossier(1));
    for text in [
        CARD_CODE,
        &CARD_CODE[..40],
        &broken,
        "MC-Q1",
        "8934563138164",
    ] {
        reader.write_all(format!("{text}\r").as_bytes()).unwrap();
    }
    reader
        .write_all(format!("{}\r", dossier(2)).as_bytes())
        .unwrap();
    seen(clerk, &dossier(2)).await;
    reader
}

/// Programs, well-meaning and not: personal values in every place where one can be put.
async fn by_programs(office: &Office, clerk: &Device) {
    let kiosk = office.device("kiosk").await;
    clerk.scan(&dossier(3)).await.expect(202);
    for code in [CARD_CODE, CARD, &format!("{}9999999", dossier(4))] {
        assert_eq!(clerk.scan(code).await.status, 422);
    }
    let ticket = json!({ "service": "A", "dossier": dossier(5) });
    kiosk
        .post("/tickets", &fresh_key(), &ticket)
        .await
        .expect(201);
    let hold = json!({ "reason": format!("chờ bà {CITIZEN}, hồ sơ {}", dossier(5)) });
    clerk.act("/counters/1/call").await.expect(200);
    clerk
        .post("/tickets/A001/hold", &fresh_key(), &hold)
        .await
        .expect(200);
    clerk.act("/tickets/A001/resume").await.expect(200);
    // Where they have no business.
    let wrong = json!({ "citizen": CITIZEN, "service": dossier(6), "code": [CARD] });
    for path in ["/scans", "/tickets", "/tickets/A001/hold", "/slips"] {
        let refused = clerk.post(path, &fresh_key(), &wrong).await;
        assert!(refused.status >= 400, "{path}");
        assert!(
            !refused.body.to_string().contains(&dossier(6)),
            "{refused:?}"
        );
    }
    for path in [
        format!("/scans/{}", dossier(6)),
        format!("/tickets/{}", dossier(6)),
        format!("/register?day={}", dossier(6)),
        format!("/scans?state={}", dossier(6)),
    ] {
        let refused = clerk.get(&path).await;
        assert!(refused.status >= 400, "{path}");
        assert!(
            !refused.body.to_string().contains(&dossier(6)),
            "{refused:?}"
        );
    }
}

/// The dossier software refuses one, names it in its answer, and goes away for a while.
async fn outage(intake: &mut FakeIntake, clerk: &Device, supervisor: &Device) {
    let said = format!("hồ sơ {} của bà {CITIZEN} chưa có", dossier(7));
    intake.always_for(&dossier(7), Act::Refuse422(said));
    clerk.scan(&dossier(7)).await.expect(202);
    wait::until("the refusal", async || {
        let refused = clerk.get("/scans?state=refused").await.expect(200);
        refused.body.to_string().contains(CITIZEN).then_some(())
    })
    .await;
    intake.down().await;
    clerk.scan(&dossier(8)).await.expect(202);
    let told = async |wanted: &str| {
        wait::until("the outage", async || {
            let log = supervisor.get("/outages").await;
            log.body.to_string().contains(wanted).then_some(())
        })
        .await;
    };
    told("no connection").await;
    intake.up().await.unwrap();
    told("\"back\"").await;
}

/// Somebody in a browser who may see all of it: the counter page with a scanner that types, the
/// register, on paper too, and what a head of office reads.
async fn in_browsers(traces: &mut Traces, office: &Office, number: &str) {
    let clerk = Clerk::in_person(office.url(), number, PIN).await;
    let page = &clerk.browser;
    clerk.sit_at(2).await;
    for code in [
        &dossier(9),
        CARD_CODE,
        &format!("{}~", dossier(10)),
        &dossier(11),
    ] {
        clerk.burst(&format!("{code}\n")).await;
        remember(traces, page).await;
    }
    page.reads(&dossier(11)).await;
    remember(traces, page).await;
    wait::until("the register", async || {
        page.go(&format!("{}/register", office.url())).await;
        page.text().await.contains(&dossier(11)).then_some(())
    })
    .await;
    remember(traces, page).await;
    for way in [".choice button", "#a4"] {
        clerk.click(way).await;
        page.reads(&dossier(11)).await;
        remember(traces, page).await;
    }
    for path in [
        "/admin",
        "/admin/today",
        "/admin/live",
        "/admin/figures",
        "/admin/outages",
    ] {
        page.go(&format!("{}{path}", office.url())).await;
        page.find("h1").await;
        remember(traces, page).await;
    }
    clerk.browser.close().await;
}

/// What anybody may read, by program and on the public screens.
async fn in_public(traces: &mut Traces, office: &Office, door: &str, token: &str) {
    let anybody = office.passer_by();
    for path in [
        "/metrics",
        "/healthz",
        "/api/v1/queue",
        "/lobby",
        "/api/openapi.json",
    ] {
        let answer = sent(anybody.request("GET", path)).await.unwrap();
        traces.add(path, answer.expect(200).body.to_string());
    }
    let phone = Device::new(door, None);
    for path in ["/", "/lobby", "/api/v1/queue", &format!("/t/{token}")] {
        let answer = sent(phone.request("GET", path)).await.unwrap();
        traces.add("public door", answer.expect(200).body.to_string());
    }
    let url = format!("{}/api/v1/events", office.url());
    let mut events = Stream::open(&url, None, None).await;
    let first = events.next().await.expect("a snapshot");
    traces.add("events", first.data.to_string());
    let hall = Browser::open().await;
    hall.go(&format!("{door}/lobby")).await;
    hall.find("#spot").await;
    traces.add("lobby page", hall.text().await);
    remember(traces, &hall).await;
    hall.go(&format!("{door}/t/{token}")).await;
    traces.add("phone page", hall.text().await);
    remember(traces, &hall).await;
    hall.close().await;
}

/// What files are called that a browser saves.
async fn names_of_downloads(traces: &mut Traces, supervisor: &Device) {
    for path in [
        "/register.xlsx",
        "/admin/outages.xlsx",
        "/admin/figures.xlsx",
    ] {
        let answer = supervisor.request("GET", path).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        let name = answer.headers()["content-disposition"].to_str().unwrap();
        traces.add("names of downloads", name);
    }
}

fn settings(intake: &FakeIntake, socket: &Path) -> String {
    format!(
        "{}[alerts]\noutage_seconds = 1\n[public]\nlisten = \"127.0.0.1:0\"\n\
         [intake]\nurl = \"{}\"\n[[scanner]]\ndevice = \"serial:{}\"\ncounter = 1\n",
        crate::NO_PAPER,
        intake.url(),
        socket.display()
    )
}

/// A copy of a folder with each form of each needle written somewhere into it: the search finds
/// every one of them.
fn the_search_finds(data: &Path, own: &Path) {
    let mut planted: Vec<PathBuf> = Vec::new();
    for (nth, needle) in needles().into_iter().enumerate() {
        for (kind, form) in forms(&needle).into_iter().enumerate() {
            let path = own.join(format!("{nth}-{kind}"));
            let mut bytes = std::fs::read(data.join("journal.sqlite")).unwrap();
            let middle = bytes.len() / 2;
            bytes.splice(middle..middle, form);
            std::fs::write(&path, bytes).unwrap();
            planted.push(path);
        }
    }
    for path in &planted {
        let mut traces = Traces::default();
        traces.add("planted", std::fs::read(path).unwrap());
        assert_eq!(traces.findings().len(), 1, "{}", path.display());
        std::fs::remove_file(path).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_personal_is_left_where_it_has_no_business() {
    let mut intake = FakeIntake::start().await.unwrap();
    let mut office = Office::furnished(crate::NO_PAPER);
    let socket = office.folder().join("reader");
    office.set(&settings(&intake, &socket));
    office.under(["env", "RUST_LOG=debug"]);
    office.start().await;
    let log = office.daemon().log();
    let (_, door) = log.rsplit_once("The public door: ").expect("a door");
    let door = door.lines().next().unwrap().trim().to_owned();
    let admin = first_admin(&office).await;
    let number = added(&admin, CLERK, "supervisor").await;
    let (clerk, supervisor) = (
        office.device("clerk").await,
        office.device("supervisor").await,
    );
    let mut traces = Traces::default();
    let (front, hall) = (Screen::on(1080, 1920).await, Screen::on(1920, 1080).await);
    let mut touch = front.talkative_window(&office, "touch", "").await;
    let mut lobby = hall.talkative_window(&office, "lobby", "").await;

    clerk.act("/counters/1/open").await.expect(200);
    let reader = at_the_reader(&socket, &clerk).await;
    by_programs(&office, &clerk).await;
    outage(&mut intake, &clerk, &supervisor).await;
    in_browsers(&mut traces, &office, &number).await;
    let ticket = office.device("kiosk").await.issue("A").await;
    let token = ticket["qr"].as_str().unwrap();
    in_public(&mut traces, &office, &door, token).await;
    names_of_downloads(&mut traces, &supervisor).await;
    for picture in [front.picture(), hall.picture()] {
        let words = tools::read_words(&picture).await;
        let words: Vec<_> = words.into_iter().map(|word| word.text).collect();
        traces.add("public screens", words.join(" "));
    }
    drop(reader);
    touch.stop().await;
    lobby.stop().await;
    traces.add("log of the touch screen", touch.log());
    traces.add("log of the lobby screen", lobby.log());
    // Also of a day that is read again after a power cut.
    traces.add_folder("data while it runs", office.data());
    office.kill().await;
    office.start().await;
    office.daemon();
    traces.add("log", office.daemon().log());
    office.stop().await;
    traces.add_folder("data", office.data());
    traces.add_folder("data of screens", &front.folder().join("touch"));
    traces.add_folder("data of screens", &hall.folder().join("lobby"));

    // What was searched is what it should be.
    traces.says("log", "DEBUG");
    traces.says("log", "The scanner at counter");
    traces.says("log of the touch screen", "DEBUG");
    traces.says("titles and addresses", "/register/print?day=");
    traces.says("titles and addresses", "Sổ quét hồ sơ");
    traces.says("names of downloads", "so-quet-ho-so-");
    traces.says("/metrics", "kiosk_scans_pending");
    traces.says("data/journal.sqlite", "intake-back");
    traces.says("data/access.log", "GET /register");
    // People's names have a file of their own, for the daemon's eyes only.
    let findings = traces.findings();
    let expected = |finding: &String| {
        let file = finding.split(':').next().unwrap_or_default();
        finding.ends_with(CLERK) && file.contains("/people")
    };
    let (known, found): (Vec<_>, Vec<_>) = findings.into_iter().partition(expected);
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(
        !known.is_empty(),
        "the clerk's name is in the list of people"
    );
    the_search_finds(office.data(), office.folder());
}
