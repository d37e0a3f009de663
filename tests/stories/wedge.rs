//! A scanner that types like a keyboard, on a clerk's PC with a Vietnamese input method switched
//! on: what was scanned counts, or is refused with a reason; a damaged code is never sent.

use crate::{NO_PAPER, rounds};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};
use tests::api::Device;
use tests::chance::Chance;
use tests::clerk::Clerk;
use tests::office::Office;

/// What types through the input method; see the head of the file.
const SIMULATION: &str = include_str!("../src/input_method.js");
/// Runs a list through it and hands over what became of each.
const TYPE: &str = "const done = arguments[arguments.length - 1]; \
    simulation.type(arguments[0]).then(done, (cause) => done(String(cause.stack)));";
/// Items handed to the page at once: far less than a script's time.
const AT_ONCE: usize = 50;

/// What a page says of a scan, as far as a clerk would do something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Said {
    Taken,
    Damaged,
    Card,
    NotTaken,
}

fn said(text: &str) -> Said {
    let kinds = [
        ("Đã lưu tại máy", Said::Taken),
        ("Unikey: Ctrl+Shift", Said::Damaged),
        ("Đây là thẻ căn cước", Said::Card),
        ("Máy chủ chưa nhận", Said::NotTaken),
    ];
    let found = kinds.iter().find(|(words, _)| text.contains(words));
    found.unwrap_or_else(|| panic!("{text:?} says nothing")).1
}

/// Somebody at counter 1 with the simulation in their page.
async fn at_counter_one(office: &Office, token: &str) -> Clerk {
    let page = Clerk::signed_in(office.url(), token).await;
    page.sit_at(1).await;
    page.browser.run(SIMULATION).await;
    page
}

/// Every dossier that the daemon keeps, and how often.
async fn kept(clerk: &Device) -> HashMap<String, usize> {
    let mut dossiers = HashMap::new();
    let mut path = "/scans?state=kept".to_owned();
    loop {
        let page = clerk.get(&path).await.expect(200).body;
        for scan in page["items"].as_array().unwrap() {
            let dossier = scan["dossier"].as_str().unwrap().to_owned();
            *dossiers.entry(dossier).or_insert(0) += 1;
        }
        match page["next"].as_u64() {
            Some(next) => path = format!("/scans?state=kept&after={next}"),
            None => return dossiers,
        }
    }
}

/// Every dossier that the daemon keeps, by its code.
async fn kept_in_order(clerk: &Device) -> Vec<String> {
    let mut dossiers: Vec<String> = kept(clerk).await.into_keys().collect();
    dossiers.sort_unstable();
    dossiers
}

/// One thing typed: a text, what of it is a dossier, and how it comes.
struct Typed {
    text: String,
    dossier: Option<String>,
    way: Value,
    by_hand: bool,
    composed: bool,
    card: bool,
}

fn pick(chance: &mut Chance, round: usize) -> Typed {
    let id = format!("H05.114-250625-{round:06}");
    let authority = *chance.of(&["A11", "E66", "O07", "U13", "G22.99"]);
    let (text, dossier) = match chance.below(12) {
        0..4 => (id.clone(), Some(id)),
        4 => {
            let id = format!("{authority}.8-250625-{round:06}");
            (id.clone(), Some(id))
        }
        5 => (format!("000.00.12.H62-250625-{round:06}"), None),
        6 => {
            let page = chance.of(&["tra-cuu", "api/qr", "class/grass", "DDWW/aa"]);
            (format!("https://mc.example/{page}?ma={id}"), Some(id))
        }
        7 => (format!("]C1{id}"), Some(id)),
        8 => ("01ARZ3NDEKTSV4RRFFQ69G5FAV".to_owned(), None),
        9 => (format!("8934563{:06}", chance.below(1_000_000)), None),
        10 => (
            format!(
                "0010990{:05}||Nguyen Van An|01021999|Nam|Thon Doai|01012022",
                round
            ),
            None,
        ),
        _ => (format!("H05.114-250231-{round:06}"), None), // 31 February.
    };
    // The older form is a dossier too.
    let dossier = dossier.or_else(|| text.starts_with("000.").then(|| text.clone()));
    let by_hand = chance.below(4) == 0;
    let method = *chance.of(&["telex", "telex", "vni", "off"]);
    let way = *chance.of(&["packets", "silent", "select", "paste", "compose"]);
    // Scanners keep their pace but for a hiccup; hands never come near it.
    let pauses: Vec<u64> = (0..17)
        .map(|key| match (by_hand, key) {
            (true, _) => 80 + chance.below(300),
            (false, 9) => 1 + chance.below(200),
            (false, _) => 1 + chance.below(30),
        })
        .collect();
    Typed {
        card: text.contains('|'),
        way: json!({ "text": text, "method": method, "way": way, "pauses": pauses, "caps": chance.below(4) == 0 }),
        text,
        dossier,
        by_hand,
        composed: way == "compose",
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn under_telex_and_vni_a_scan_counts_whole_or_is_refused_with_a_reason() {
    let mut chance = Chance::announced("wedge");
    let mut office = Office::open(NO_PAPER).await;
    let clerk = office.device("clerk").await;
    let page = at_counter_one(&office, clerk.token()).await;

    let mut wanted: HashMap<String, usize> = HashMap::new();
    let mut seen: HashMap<(bool, Said), usize> = HashMap::new();
    let all: Vec<Typed> = (0..rounds(1_500, 10_000))
        .map(|round| pick(&mut chance, round))
        .collect();
    for some in all.chunks(AT_ONCE) {
        let list: Vec<&Value> = some.iter().map(|typed| &typed.way).collect();
        let script = page.browser.page.execute_async(TYPE, vec![json!(list)]);
        let answers = script.await.unwrap();
        let answers = answers.as_array().unwrap_or_else(|| panic!("{answers}"));
        for (typed, answer) in some.iter().zip(answers) {
            let text = answer["said"].as_str().unwrap();
            let what = said(text);
            let told = || format!("{} {answer}", typed.way);
            *seen.entry((typed.by_hand, what)).or_default() += 1;
            assert_eq!(answer["left"], "", "an empty box for the next: {}", told());
            if typed.card {
                assert!(!text.contains("Nguyen"), "{}", told());
            }
            let touched = answer["touched"] == true;
            let same = answer["held"]
                .as_str()
                .unwrap()
                .eq_ignore_ascii_case(&typed.text);
            // A hand's code is what the box shows; a scanner's what its keys say.
            let whole = match typed.by_hand {
                true => same,
                false => typed.composed || !touched,
            };
            match (&typed.dossier, whole) {
                (Some(dossier), true) => {
                    assert_eq!(what, Said::Taken, "{}", told());
                    *wanted.entry(dossier.clone()).or_default() += 1;
                }
                (Some(dossier), false) if what == Said::Taken => {
                    // A hand's address lost letters beside the code, and not in it.
                    let held = answer["held"].as_str().unwrap().to_uppercase();
                    assert!(typed.by_hand && held.ends_with(dossier), "{}", told());
                    *wanted.entry(dossier.clone()).or_default() += 1;
                }
                _ => assert_ne!(what, Said::Taken, "{}", told()),
            }
            if !typed.by_hand && !whole && !typed.card {
                assert_eq!(what, Said::Damaged, "{}", told());
            }
        }
    }
    println!("{seen:?}");
    for (by_hand, what) in [
        (false, Said::Taken),
        (false, Said::Damaged),
        (true, Said::Taken),
        (true, Said::Damaged),
    ] {
        assert!(seen.contains_key(&(by_hand, what)), "nothing was {what:?}");
    }
    assert_eq!(kept(&clerk).await, wanted, "each once, and nothing else");
    let stored = page
        .browser
        .run("return simulation.stored")
        .await
        .to_string();
    assert!(!stored.contains('|'), "a card was stored");
    page.browser.close().await;
    office.stop().await;
}

/// Keys of a US keyboard as the browser itself gets them, with the time they went down.
struct Keyboard<'a> {
    page: &'a Clerk,
    /// Seconds since 1970, of the keys: no story has to be fast.
    now: f64,
}

impl<'a> Keyboard<'a> {
    fn new(page: &'a Clerk) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.expect("a clock after 1970").as_secs_f64();
        Self { page, now }
    }

    async fn send(&mut self, kind: &str, mut how: Value) {
        how["type"] = json!(kind);
        how["timestamp"] = json!(self.now);
        self.page
            .browser
            .devtools("Input.dispatchKeyEvent", how)
            .await;
    }

    /// One key, `shown` by the browser as this text.
    async fn tap(&mut self, code: &str, shift: bool, shown: &str) {
        self.now += 0.004;
        let key = json!({ "code": code, "key": shown, "text": shown, "modifiers": if shift { 8 } else { 0 } });
        self.send("keyDown", key.clone()).await;
        self.send("keyUp", key).await;
    }

    async fn enter(&mut self) {
        self.now += 0.004;
        let key =
            json!({ "code": "Enter", "key": "Enter", "text": "\r", "windowsVirtualKeyCode": 13 });
        self.send("keyDown", key.clone()).await;
        self.send("keyUp", key).await;
        self.now += 1.0;
    }

    /// A code; `shown` is what the layout makes of each sign.
    async fn scan(&mut self, code: &str, shown: impl Fn(char) -> char) {
        for sign in code.chars() {
            let (place, shift) = place(sign);
            self.tap(&place, shift, &shown(sign).to_string()).await;
        }
    }
}

/// Where a sign is on a US keyboard, and whether with Shift.
fn place(sign: char) -> (String, bool) {
    match sign {
        'A'..='Z' => (format!("Key{sign}"), true),
        'a'..='z' => (format!("Key{}", sign.to_ascii_uppercase()), false),
        '0'..='9' => (format!("Digit{sign}"), false),
        '.' => ("Period".to_owned(), false),
        '-' => ("Minus".to_owned(), false),
        _ => panic!("no key for {sign}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scanners_keys_count_whatever_the_browser_makes_of_them() {
    let mut office = Office::open(NO_PAPER).await;
    let clerk = office.device("clerk").await;
    let page = at_counter_one(&office, clerk.token()).await;
    let mut keyboard = Keyboard::new(&page);

    // Caps Lock turns the letters round.
    keyboard
        .scan("H05.114-250625-0001", |sign| match sign {
            'H' => 'h',
            other => other,
        })
        .await;
    keyboard.enter().await;
    page.browser
        .reads("H05.114-250625-0001 · Đã lưu tại máy")
        .await;

    // The Vietnamese layout has letters where a scanner expects digits.
    keyboard
        .scan("H05.114-250625-0002", |sign| match sign {
            '1' => 'ă',
            '2' => 'â',
            '4' => 'ô',
            '0' => 'đ',
            other => other,
        })
        .await;
    keyboard.enter().await;
    page.browser
        .reads("H05.114-250625-0002 · Đã lưu tại máy")
        .await;

    // An input method composes, keeps the keys' places and holds the last letters back.
    let mut composed = String::new();
    for sign in "A05.114-250625-0003".chars() {
        let (code, shift) = place(sign);
        keyboard.now += 0.004;
        let key = json!({ "code": code, "key": "Process", "windowsVirtualKeyCode": 229, "modifiers": if shift { 8 } else { 0 } });
        keyboard.send("rawKeyDown", key).await;
        composed.push(if sign == '0' { 'ạ' } else { sign });
        let end = composed.chars().count();
        let shown = json!({ "text": composed, "selectionStart": end, "selectionEnd": end });
        page.browser
            .devtools("Input.imeSetComposition", shown)
            .await;
    }
    keyboard.now += 0.004;
    let last = json!({ "code": "Enter", "key": "Process", "windowsVirtualKeyCode": 229 });
    keyboard.send("rawKeyDown", last).await;
    let commit = json!({ "text": composed });
    page.browser.devtools("Input.insertText", commit).await;
    keyboard.now += 1.0;
    page.browser
        .reads("A05.114-250625-0003 · Đã lưu tại máy")
        .await;

    // Another swallows a key and puts its own letter in: what was scanned nobody knows.
    keyboard.scan("A", |sign| sign).await;
    let back = json!({ "code": "Backspace", "key": "Backspace", "windowsVirtualKeyCode": 8 });
    keyboard.now += 0.002;
    keyboard.send("keyDown", back).await;
    let letter = json!({ "text": "Á" });
    page.browser.devtools("Input.insertText", letter).await;
    keyboard.scan("2.114-250625-0004", |sign| sign).await;
    keyboard.enter().await;
    page.browser.reads("Unikey: Ctrl+Shift").await;

    // The next scan begins with an empty box, and a hand's code is what the box holds.
    keyboard.scan("H05.114-250625-0005", |sign| sign).await;
    keyboard.enter().await;
    page.browser
        .reads("H05.114-250625-0005 · Đã lưu tại máy")
        .await;
    let wanted = [
        "A05.114-250625-0003",
        "H05.114-250625-0001",
        "H05.114-250625-0002",
        "H05.114-250625-0005",
    ];
    assert_eq!(kept_in_order(&clerk).await, wanted);
    page.browser.close().await;
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scanner_pulled_out_in_the_middle_of_a_code_spoils_that_code_alone() {
    let mut office = Office::open(NO_PAPER).await;
    let clerk = office.device("clerk").await;
    let page = at_counter_one(&office, clerk.token()).await;
    let mut keyboard = Keyboard::new(&page);

    keyboard.scan("H05.114-250625-00", |sign| sign).await;
    // Plugged in again.
    keyboard.now += 4.0;
    keyboard.scan("H05.114-250625-0007", |sign| sign).await;
    page.browser.reads("Máy quét ngừng giữa chừng").await;
    keyboard.enter().await;
    page.browser
        .reads("H05.114-250625-0007 · Đã lưu tại máy")
        .await;

    // Half a card is a card: nothing of it is shown.
    keyboard.scan("001099000001", |sign| sign).await;
    keyboard.now += 4.0;
    keyboard.scan("H05.114-250625-0008", |sign| sign).await;
    page.browser.reads("Đây là thẻ căn cước").await;
    keyboard.enter().await;
    page.browser
        .reads("H05.114-250625-0008 · Đã lưu tại máy")
        .await;

    // What a hand began, a hand may go on with after a while.
    for sign in "H05.114-250625-0009".chars() {
        let (code, shift) = place(sign);
        keyboard.now += 0.2;
        keyboard.tap(&code, shift, &sign.to_string()).await;
        if sign == '-' {
            keyboard.now += 5.0;
        }
    }
    keyboard.enter().await;
    page.browser
        .reads("H05.114-250625-0009 · Đã lưu tại máy")
        .await;

    let wanted = [
        "H05.114-250625-0007",
        "H05.114-250625-0008",
        "H05.114-250625-0009",
    ];
    assert_eq!(kept_in_order(&clerk).await, wanted);
    page.browser.close().await;
    office.stop().await;
}
