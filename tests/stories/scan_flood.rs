//! Ten thousand scans of every kind, from two scanners at once, one of them passed around: every
//! valid one has its effect once, every other is refused with a reason, none is lost.
//!
//! What must come of each reading follows from a model of a few lines; what came of it is heard on
//! the counters' own streams, and compared in the end with the office's list of scans and with what
//! the intake server got.

use crate::NO_PAPER;
use crate::scanner_line::plug_in;
use serde_json::Value;
use serialport::TTYPort;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::Write as _;
use std::path::PathBuf;
use tests::api::{Device, sent};
use tests::chance::Chance;
use tests::fake_intake::FakeIntake;
use tests::office::Office;
use tests::sse::Stream;
use tests::wait;
use tokio::sync::watch;

/// Readings in all.
const READINGS: usize = 10_000;
/// Readings under way at each scanner: what two clerks' queues of sheets never reach, and less than
/// the daemon keeps for a page that is drawn slowly.
const UNDER_WAY: usize = 48;
/// How often each scanner is unplugged in the middle of a code.
const UNPLUGGED: usize = 2;
/// Held tickets whose slips are read.
const HELD: usize = 60;
/// Longest text that is read at all.
const TEXT_BYTES_MAX: usize = 2048;

/// What a counter's page must hear of a reading.
#[derive(Clone, Debug)]
struct Expected {
    kind: &'static str,
    /// The scan that must be there: dossier and purpose.
    scan: Option<(String, &'static str)>,
    /// Half a code may reach the daemon before the cable is out, or not.
    perhaps: bool,
}

/// One turn of a scanner.
enum Step {
    /// Bytes, in the pieces in which they come.
    Send(Vec<Vec<u8>>),
    /// Half a code, and the cable is out.
    Unplug(Vec<u8>),
}

/// The model of one scanner: whose it is and what its scans are for.
struct Lane {
    counters: Vec<u32>,
    bound: Option<u32>,
    said: BTreeMap<u32, &'static str>,
    /// Begins the numbers of this scanner's dossiers.
    number: usize,
    taken: Vec<String>,
    known: BTreeSet<String>,
    slips: Vec<String>,
    used_slips: Vec<String>,
    steps: Vec<Step>,
    /// What each counter hears, in order, and after how many of these a step is done.
    expected: BTreeMap<u32, VecDeque<Expected>>,
    /// Notices that were to be heard when a step had been sent.
    heard_after: Vec<usize>,
    heard: usize,
    readings: usize,
    refused: usize,
}

const PURPOSES: [(&str, &str); 4] = [
    ("MC-M1", "receive"),
    ("MC-M2", "supplement"),
    ("MC-M3", "return"),
    ("MC-M4", "look-up"),
];
const FOREIGN: [&str; 7] = [
    "8934563138164",
    "WIFI:S:Phong mot cua;T:WPA;P:12345678;;",
    "https://example.vn/tin-tuc?id=12345",
    "Giấy mời họp",
    "079085001234",
    "H05.114-251332-0001",
    "Á12-250625-Ơ001",
];
/// Whose old serials count, by scanner.
const SERIAL_OFFICES: [&str; 2] = ["TTPVHCC", "BPMC"];
const CARD: &str =
    "079185001234|024123456|Nguyễn Thị Tuyết|15081985|Nữ|12 Lê Lợi, Phường Mẫu|01012022";

impl Lane {
    fn new(counters: &[u32], slips: Vec<String>) -> Self {
        Self {
            bound: (counters.len() == 1).then(|| counters[0]),
            counters: counters.to_vec(),
            said: BTreeMap::new(),
            number: 0,
            taken: Vec::new(),
            known: BTreeSet::new(),
            slips,
            used_slips: Vec::new(),
            steps: Vec::new(),
            expected: counters.iter().map(|c| (*c, VecDeque::new())).collect(),
            heard_after: Vec::new(),
            heard: 0,
            readings: 0,
            refused: 0,
        }
    }

    fn is_shared(&self) -> bool {
        self.counters.len() > 1
    }

    /// A day of this scanner.
    fn plan(&mut self, chance: &mut Chance, readings: usize) {
        let mut unplugged: BTreeSet<usize> = BTreeSet::new();
        while unplugged.len() < UNPLUGGED {
            unplugged.insert(readings / 10 + chance.below(readings as u64 * 8 / 10) as usize);
        }
        while self.readings < readings {
            if unplugged.first().is_some_and(|at| *at <= self.readings) {
                unplugged.pop_first();
                self.unplug();
                // The half code is told from the next one by its words.
                let dossier = self.fresh(chance);
                self.dossier(chance, &dossier, dossier.clone().into_bytes(), 1);
            }
            self.read(chance);
        }
    }

    fn read(&mut self, chance: &mut Chance) {
        let lost = self.is_shared() && self.bound.is_none();
        match chance.below(100) {
            // Whoever finds the scanner nobody's looks for the badge.
            _ if lost && chance.below(2) == 0 => self.badge(chance),
            0..40 => {
                let dossier = self.fresh(chance);
                let text = damaged(chance, &dossier);
                self.dossier(chance, &dossier, text, 1);
            }
            40..42 => {
                let dossier = self.fresh_serial();
                self.dossier(chance, &dossier, dossier.clone().into_bytes(), 1);
            }
            42..50 => {
                let dossier = self.fresh(chance);
                let text = in_address(chance, &dossier);
                self.dossier(chance, &dossier, text.into_bytes(), 1);
            }
            50..58 => {
                // A presentation reader reads a label twice.
                let dossier = self.fresh(chance);
                let text = damaged(chance, &dossier);
                self.dossier(chance, &dossier, text, 2);
            }
            58..64 if !self.taken.is_empty() => {
                let dossier = chance.of(&self.taken).clone();
                self.dossier(chance, &dossier, dossier.clone().into_bytes(), 1);
            }
            58..68 => self.slip(chance),
            68..74 => self.purpose(chance),
            74..80 => self.badge(chance),
            80..85 => {
                let card = card(chance);
                self.refuse(chance, card);
            }
            85..90 => {
                let noise = noise(chance);
                self.refuse(chance, noise);
            }
            90..95 => {
                let foreign = chance.of(&FOREIGN).as_bytes().to_vec();
                self.refuse(chance, foreign);
            }
            95..97 => {
                let long = TEXT_BYTES_MAX + 1 + chance.below(1_500) as usize;
                self.refuse(chance, vec![b'7'; long]);
            }
            _ => {
                // Cut off within the date.
                let dossier = self.fresh(chance);
                let cut = dossier.rfind('-').unwrap() - 2;
                self.refuse(chance, dossier.as_bytes()[..cut].to_vec());
            }
        }
    }

    /// A dossier that nobody has read yet.
    fn fresh(&mut self, chance: &mut Chance) -> String {
        self.number += 1;
        let (number, lane) = (self.number, self.counters[0]);
        match chance.below(4) {
            0 => format!("000.00.12.H62-2011{lane:02}-{number:04}"),
            1 => format!("G22.99.08-26091{lane}-{number:06}"),
            2 => format!("H01-2501{lane:02}-{number:05}"),
            _ => format!("H05.114-25062{lane}-{number:04}"),
        }
    }

    /// The same from before the national codes.
    fn fresh_serial(&mut self) -> String {
        self.number += 1;
        let office = SERIAL_OFFICES[usize::from(self.is_shared())];
        format!("{:05}/{office}", self.number)
    }

    /// A dossier's code, read so many times in one go.
    fn dossier(&mut self, chance: &mut Chance, dossier: &str, text: Vec<u8>, times: usize) {
        let mut bytes = Vec::new();
        for _ in 0..times {
            bytes.extend(&text);
            bytes.extend(suffix(chance));
            match self.bound {
                None => self.hear_refusal(),
                Some(counter) => {
                    let purpose = self.said.get(&counter).copied().unwrap_or(usual(counter));
                    let first = self.known.insert(dossier.to_owned());
                    if first {
                        self.taken.push(dossier.to_owned());
                    }
                    let kind = if first { "taken" } else { "repeat" };
                    self.hear(counter, kind, Some((dossier.to_owned(), purpose)));
                }
            }
            self.readings += 1;
        }
        self.send(chance, bytes);
    }

    fn slip(&mut self, chance: &mut Chance) {
        let used = !self.used_slips.is_empty() && chance.below(3) == 0;
        let slip = match (used, self.slips.last()) {
            // Back in line already.
            (true, _) => chance.of(&self.used_slips).clone(),
            (false, Some(slip)) => slip.clone(),
            // Another office's.
            (false, None) => "7ZZZZZZZZZZZZZZZZZZZZZZZZZ".to_owned(),
        };
        match self.bound {
            Some(counter) if self.slips.last() == Some(&slip) => {
                self.slips.pop();
                self.used_slips.push(slip.clone());
                self.hear(counter, "taken", None);
            }
            _ => self.hear_refusal(),
        }
        self.readings += 1;
        let bytes = [slip.as_bytes(), suffix(chance)].concat();
        self.send(chance, bytes);
    }

    fn purpose(&mut self, chance: &mut Chance) {
        let (code, purpose) = *chance.of(&PURPOSES);
        match self.bound {
            Some(counter) => {
                self.said.insert(counter, purpose);
                self.hear(counter, "purpose", None);
            }
            None => self.hear_refusal(),
        }
        self.readings += 1;
        let bytes = [code.as_bytes(), suffix(chance)].concat();
        self.send(chance, bytes);
    }

    fn badge(&mut self, chance: &mut Chance) {
        let counter = match chance.below(10) {
            0 => 9,
            _ => *chance.of(&self.counters),
        };
        if !self.counters.contains(&counter) {
            if self.is_shared() {
                self.bound = None;
            }
            self.refused += 1;
            for counter in self.counters.clone() {
                self.hear(counter, "refused", None);
            }
        } else {
            let before = self.bound.replace(counter);
            if let Some(before) = before.filter(|before| *before != counter) {
                self.hear(before, "badge", None);
            }
            self.hear(counter, "badge", None);
        }
        self.readings += 1;
        let bytes = [format!("MC-Q{counter}").as_bytes(), suffix(chance)].concat();
        self.send(chance, bytes);
    }

    /// What is no code at all.
    fn refuse(&mut self, chance: &mut Chance, mut bytes: Vec<u8>) {
        self.hear_refusal();
        self.readings += 1;
        bytes.extend(suffix(chance));
        self.send(chance, bytes);
    }

    fn hear(&mut self, counter: u32, kind: &'static str, scan: Option<(String, &'static str)>) {
        let heard = Expected {
            kind,
            scan,
            perhaps: false,
        };
        self.heard += 1;
        self.expected.get_mut(&counter).unwrap().push_back(heard);
    }

    /// At its counter, or at all that share the scanner.
    fn hear_refusal(&mut self) {
        self.refused += 1;
        let counters = match self.bound {
            Some(counter) => vec![counter],
            None => self.counters.clone(),
        };
        for counter in counters {
            self.hear(counter, "refused", None);
        }
    }

    fn send(&mut self, chance: &mut Chance, bytes: Vec<u8>) {
        let mut pieces = vec![bytes];
        while pieces.len() < 5 && chance.below(4) == 0 {
            let last = pieces.pop().unwrap();
            let at = chance.below(last.len() as u64) as usize;
            let (first, second) = last.split_at(at);
            pieces.extend([first.to_vec(), second.to_vec()]);
        }
        self.steps.push(Step::Send(pieces));
        self.heard_after.push(self.heard);
    }

    fn unplug(&mut self) {
        let counters = match self.bound {
            Some(counter) => vec![counter],
            None => self.counters.clone(),
        };
        for counter in counters {
            self.expected
                .get_mut(&counter)
                .unwrap()
                .push_back(Expected {
                    kind: "refused",
                    scan: None,
                    perhaps: true,
                });
        }
        if self.is_shared() {
            self.bound = None;
        }
        self.steps.push(Step::Unplug(b"H05.114-2506".to_vec()));
        self.heard_after.push(self.heard);
    }
}

/// What scans are for where nobody has said anything, in the sample office.
fn usual(counter: u32) -> &'static str {
    match counter {
        4 => "return",
        _ => "receive",
    }
}

/// What a scanner sends behind a code.
fn suffix(chance: &mut Chance) -> &'static [u8] {
    const SUFFIXES: [&[u8]; 4] = [b"\r", b"\n", b"\r\n", b"\t"];
    SUFFIXES[chance.below(SUFFIXES.len() as u64) as usize]
}

/// A dossier's code with the harmless damage of keyboards, word processors and scanners' settings.
fn damaged(chance: &mut Chance, dossier: &str) -> Vec<u8> {
    let (head, sequence) = dossier.rsplit_once('-').unwrap();
    let text = match chance.below(11) {
        0 => dossier.to_lowercase(),
        1 => dossier
            .chars()
            .map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap())
            .collect(),
        2 => dossier.replace('-', "\u{2013}"),
        3 => format!("]C1{dossier}"),
        4 => format!("]Q1{dossier}"),
        5 => format!("]C1\u{1d}{dossier}"),
        6 => format!("{head}-{}", sequence.replace('0', "O").replace('1', "I")),
        7 => format!("  {dossier}\u{a0}"),
        8 => format!("{head}\u{200B}-{sequence}"),
        9 => format!("\u{2}{dossier}\u{3}"),
        _ => dossier.to_owned(),
    };
    text.into_bytes()
}

/// The web address of a dossier, as many receipts have it in their QR code.
fn in_address(chance: &mut Chance, dossier: &str) -> String {
    match chance.below(4) {
        0 => format!("https://dichvucong.example.vn/apiqr/qr?id={dossier}"),
        1 => format!("https://mcdt.example.vn/#/ho-so/{}", dossier.to_lowercase()),
        2 => format!("HTTP://MC.EXAMPLE/T?A=1&MA={}", dossier.replace('-', "%2D")),
        _ => format!("http://192.0.2.8/{dossier}?nguon=giay"),
    }
}

/// A citizen card as scanners of many settings send it; sometimes cut off.
fn card(chance: &mut Chance) -> Vec<u8> {
    match chance.below(5) {
        0 => CARD
            .bytes()
            .map(char::from)
            .collect::<String>()
            .into_bytes(),
        1 => CARD
            .chars()
            .filter(char::is_ascii)
            .collect::<String>()
            .into_bytes(),
        2 => CARD
            .chars()
            .map(|c| u8::try_from(c).unwrap_or(0xE9))
            .collect(),
        3 => CARD.as_bytes()[..40].to_vec(),
        _ => CARD.as_bytes().to_vec(),
    }
}

/// A faulty cable. The byte in its middle is in no text.
fn noise(chance: &mut Chance) -> Vec<u8> {
    let mut some = |most| -> Vec<u8> {
        let count = chance.below(most);
        (0..count)
            .map(|_| 0x20 + chance.below(0xE0) as u8)
            .collect()
    };
    [some(200), vec![0xFF], some(200)].concat()
}

/// The scanner's side of the cable, and the daemon to ask whether it is there.
struct Scanner {
    port: Option<TTYPort>,
    socket: PathBuf,
    part: &'static str,
    clerk: Device,
}

impl Scanner {
    async fn until(&self, health: &str) {
        wait::until(self.part, async || {
            let answer = sent(self.clerk.request("GET", "/healthz")).await.unwrap();
            let now = &answer.expect(200).body["parts"][self.part];
            (now == health).then_some(())
        })
        .await;
    }

    async fn plug_in(&mut self) {
        self.port = Some(plug_in(&self.socket));
        self.until("ready").await;
    }

    fn write(&mut self, bytes: &[u8]) {
        let port = self.port.as_mut().expect("it is plugged in");
        port.write_all(bytes).unwrap();
    }

    /// Goes through its day, never far ahead of what the counters have heard.
    async fn work(mut self, steps: Vec<Step>, after: Vec<usize>, heard: watch::Receiver<usize>) {
        let until = async |wanted: usize| {
            let mut heard = heard.clone();
            let enough = async { heard.wait_for(|heard| *heard >= wanted).await.map(drop) };
            wait::soon("the counters to hear", enough).await.unwrap();
        };
        self.plug_in().await;
        let mut is_new = true;
        for (place, step) in steps.into_iter().enumerate() {
            if place >= UNDER_WAY {
                until(after[place - UNDER_WAY]).await;
            }
            match step {
                // Until its first suffix nobody knows that this scanner has one.
                Step::Send(pieces) if is_new => {
                    self.write(&pieces.concat());
                    is_new = false;
                }
                Step::Send(pieces) => {
                    for piece in pieces {
                        self.write(&piece);
                        tokio::task::yield_now().await;
                    }
                }
                Step::Unplug(half) => {
                    // Before it nothing is under way: a cable that is out keeps no code.
                    until(after[place]).await;
                    self.write(&half);
                    std::fs::remove_file(&self.socket).unwrap();
                    self.port = None;
                    self.until("away").await;
                    self.plug_in().await;
                    is_new = true;
                }
            }
        }
        until(*after.last().expect("a day has steps")).await;
    }
}

/// A scan that a counter heard of: its id, dossier, purpose and counter.
type Made = (String, String, &'static str, u32);

/// Listens at a counter until all that is expected there was heard.
async fn listen(
    mut stream: Stream,
    counter: u32,
    mut expected: VecDeque<Expected>,
    heard: watch::Sender<usize>,
) -> Vec<Made> {
    let mut made = Vec::new();
    while expected.iter().any(|expected| !expected.perhaps) {
        let event = stream.next().await.expect("an open stream");
        if event.name != "notice" {
            continue;
        }
        let notice = &event.data;
        let says = notice["says"]["vi"].as_str().unwrap();
        assert!(!says.is_empty(), "{notice}");
        let mut next = expected.pop_front().expect("nothing more was read");
        if next.perhaps {
            // Half a code is noise to whoever hears of it; else it never came.
            if notice["kind"] == "refused" && says.contains("Chưa đọc được mã.") {
                continue;
            }
            next = expected.pop_front().expect("nothing more was read");
        }
        assert_eq!(
            notice["kind"], next.kind,
            "at counter {counter}: {notice}, {next:?}"
        );
        if let Some((dossier, purpose)) = next.scan {
            let id = notice["scan"].as_str().expect("a scan").to_owned();
            made.push((id, dossier, purpose, counter));
        }
        heard.send_modify(|heard| *heard += 1);
    }
    made
}

/// Slips of tickets on hold: by the code on the slip, or by the number.
async fn held(clerk: &Device, chance: &mut Chance) -> Vec<String> {
    let mut slips = Vec::new();
    clerk.act("/counters/4/open").await.expect(200);
    for _ in 0..HELD {
        let ticket = clerk.issue("K").await;
        clerk.act("/counters/4/call").await.expect(200);
        let hold = format!("/tickets/{}/hold", ticket["id"].as_str().unwrap());
        clerk.act(&hold).await.expect(200);
        let name = *chance.of(&["qr", "number"]);
        slips.push(ticket[name].as_str().unwrap().to_owned());
    }
    clerk.act("/counters/4/close").await.expect(200);
    slips
}

/// Every scan that the office has, as its clerks can list them.
async fn listed(clerk: &Device) -> BTreeMap<String, Value> {
    let mut scans = BTreeMap::new();
    let mut after = 0;
    loop {
        let page = clerk
            .get(&format!("/scans?after={after}"))
            .await
            .expect(200);
        for scan in page.body["items"].as_array().unwrap() {
            let id = scan["id"].as_str().unwrap().to_owned();
            assert!(scans.insert(id, scan.clone()).is_none(), "listed twice");
        }
        match page.body["next"].as_u64() {
            Some(next) => after = next,
            None => return scans,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_scans_of_two_scanners_have_their_effect_once_or_are_refused() {
    let mut chance = Chance::announced("scan flood");
    let intake = FakeIntake::start().await.unwrap();
    let mut office = Office::furnished(NO_PAPER);
    let sockets = ["one", "two"].map(|name| office.folder().join(name));
    office.set(&settings(&intake.url(), &sockets));
    office.start().await;
    let clerk = office.device("clerk").await;
    let mut slips = held(&clerk, &mut chance).await;
    let others = slips.split_off(HELD / 2);

    let mut lanes = [Lane::new(&[1], slips), Lane::new(&[2, 3, 4], others)];
    let start = std::time::Instant::now();
    let (mut listening, mut working) = (Vec::new(), Vec::new());
    for ((lane, socket), part) in lanes.iter_mut().zip(sockets).zip(PARTS) {
        lane.plan(&mut chance.fork(), READINGS / 2);
        let heard = watch::Sender::new(0);
        for (counter, expected) in std::mem::take(&mut lane.expected) {
            let url = format!("{}/api/v1/counters/{counter}/events", office.url());
            let stream = Stream::open(&url, Some(clerk.token()), None).await;
            let listened = listen(stream, counter, expected, heard.clone());
            listening.push(tokio::spawn(listened));
        }
        let scanner = Scanner {
            port: None,
            socket,
            part,
            clerk: clerk.clone(),
        };
        let steps = std::mem::take(&mut lane.steps);
        let after = std::mem::take(&mut lane.heard_after);
        let (heard, here) = (heard.subscribe(), tokio::runtime::Handle::current());
        // On a thread of its own: it is held back where the daemon is.
        let work = move || here.block_on(scanner.work(steps, after, heard));
        working.push(tokio::task::spawn_blocking(work));
    }
    for work in working {
        work.await.unwrap();
    }
    let mut made: BTreeMap<String, (String, &str, u32)> = BTreeMap::new();
    let mut again = 0;
    for listened in listening {
        for (id, dossier, purpose, counter) in listened.await.unwrap() {
            let scan = (dossier, purpose, counter);
            // Read again within a moment it is still that scan, at its counter.
            let first = made.entry(id).or_insert_with(|| scan.clone());
            assert_eq!((&first.0, first.2), (&scan.0, scan.2));
            again += 1;
        }
    }
    again -= made.len();
    let took = start.elapsed();
    println!(
        "{READINGS} readings in {took:.1?}: {} scans, {again} read again, {} refused",
        made.len(),
        lanes[0].refused + lanes[1].refused
    );
    assert!(again > 0, "presentation readers read twice");

    // The office's own list: these scans and no others.
    let listed = listed(&clerk).await;
    assert_eq!(listed.len(), made.len());
    for (id, (dossier, purpose, counter)) in &made {
        let scan = &listed[id];
        assert_eq!(scan["dossier"], **dossier);
        assert_eq!(scan["purpose"], **purpose, "{scan}");
        assert_eq!(scan["counter"], *counter);
    }
    // Every dossier that was shown while the scanner was somebody's.
    let dossiers: BTreeSet<&String> = made.values().map(|(dossier, ..)| dossier).collect();
    let shown: BTreeSet<&String> = lanes.iter().flat_map(|lane| &lane.known).collect();
    assert_eq!(dossiers, shown);

    // The intake server got each once, as it was made.
    wait::soon("the last scan to be forwarded", async {
        intake
            .until(|record| record.effects.len() >= made.len())
            .await;
    })
    .await;
    println!("all forwarded after {:.1?}", start.elapsed());
    assert!(intake.effects().values().all(|times| *times == 1));
    for post in &intake.record().posts {
        let (dossier, purpose, counter) = &made[&post.key];
        assert_eq!(post.body["dossier"], **dossier);
        assert_eq!(post.body["purpose"], **purpose);
        assert_eq!(post.body["counter"], *counter);
    }

    // And the scanners' own counts.
    let health = sent(clerk.request("GET", "/healthz")).await.unwrap();
    let reports = health.expect(200).body["scanners"].clone();
    for ((lane, part), report) in lanes.iter().zip(PARTS).zip(reports.as_array().unwrap()) {
        assert_eq!(report["part"], part);
        assert_eq!(report["taken_today"], lane.readings - lane.refused);
        let refused = report["refused_today"].as_u64().unwrap() as usize;
        assert!(
            (lane.refused..=lane.refused + UNPLUGGED).contains(&refused),
            "{report}"
        );
    }
    office.stop().await;
}

const PARTS: [&str; 2] = ["scanner-1", "scanner-shared"];

fn settings(intake: &str, [one, two]: &[PathBuf; 2]) -> String {
    let [first, second] = SERIAL_OFFICES;
    format!(
        "{NO_PAPER}[intake]\nurl = \"{intake}\"\n\
         [codes]\nserial_offices = [\"{first}\", \"{second}\"]\n\
         [[scanner]]\ndevice = \"serial:{}\"\ncounter = 1\n\
         [[scanner]]\ndevice = \"serial:{}\"\nshared = [2, 3, 4]\n",
        one.display(),
        two.display()
    )
}
