//! The reader beside the touch screen: a receipt is a number without a touch, a citizen card is one
//! number and chooses priority for whoever is old, nothing of either stays at the screen; and staff
//! hear of a reader that is missing.

use crate::dossiers::{confirmed, found, today, uploaded};
use crate::erasing::{NOWHERE, holding};
use crate::main_job::slip;
use crate::scanner_line::plug_in;
use fantoccini::key::Key;
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde_json::{Value, json};
use serialport::TTYPort;
use std::io::Write as _;
use std::path::Path;
use tests::api::{Device, fresh_key, sent};
use tests::chance::Chance;
use tests::clerk::Clerk;
use tests::office::Office;
use tests::process::Process;
use tests::screen::Screen;
use tests::tools::{self, Word};
use tests::wait;

/// On the tile "Hộ tịch"; the word "tịch" alone also stands in a notice.
const TILE: &str = "sinh";

/// A touch screen with a reader beside it.
struct Front {
    screen: Screen,
    window: Process,
    reader: TTYPort,
}

impl Front {
    async fn of(office: &Office) -> Self {
        let screen = Screen::on(1080, 1920).await;
        let socket = office.folder().join("reader");
        let reader = plug_in(&socket);
        let settings = beside(&socket);
        let window = screen.talkative_window(office, "touch", &settings).await;
        reader_is(office, "ready").await;
        screen.find(&[TILE]).await;
        Self {
            screen,
            window,
            reader,
        }
    }

    fn hold(&mut self, text: &str) {
        self.reader
            .write_all(format!("{text}\r").as_bytes())
            .unwrap();
    }

    /// Lets this lie before the reader, which reads it again and again, until all of these stand on
    /// one picture of the screen; where the last of them does. `a|b`: as a reading machine may have it.
    async fn lay(&mut self, text: &str, wanted: &[&str]) -> Word {
        wait::until(&format!("{wanted:?} on the screen"), async || {
            self.hold(text);
            let words = tools::read_words(&self.screen.picture()).await;
            let mut found = wanted.iter().map(|wanted| {
                let is = |word: &&Word| wanted.split('|').any(|w| tools::plain(&word.text) == w);
                words.iter().find(is).cloned()
            });
            found.try_fold(None, |_, word| word.map(Some)).flatten()
        })
        .await
    }

    /// The same of a citizen card, which chooses nothing: then its citizen touches "Hộ tịch".
    async fn take_with(&mut self, card: &str, wanted: &str) {
        let tile = self.lay(card, &[wanted, TILE]).await;
        self.screen.touch(tile.middle).await;
    }

    /// Whatever was held to the reader is on no disk of the screen's machine, and in no log of it.
    async fn keeps_nothing(mut self, personal: &[&str]) {
        self.window.stop().await;
        let log = self.window.log();
        assert!(log.contains("DEBUG"), "it tells all it does");
        let data = self.screen.folder().join("touch");
        assert!(data.join("touch.token").exists(), "what it keeps is there");
        for personal in personal {
            assert!(!log.contains(personal), "{personal}");
            assert_eq!(holding(&data, personal.as_bytes()), NOWHERE, "{personal}");
        }
    }
}

fn beside(socket: &Path) -> String {
    let socket = socket.display();
    format!("[[scanner]]\ndevice = \"serial:{socket}\"\nplace = \"kiosk\"\n")
}

/// The ticket of this number, once it is there.
async fn ticket(device: &Device, number: &str) -> Value {
    wait::until(number, async || {
        let ticket = device.get(&format!("/tickets/{number}")).await;
        (ticket.status == 200).then_some(ticket.body)
    })
    .await
}

/// Two receipts whose results are there, as the dossier software's export has them.
const RECEIPT: &str = "H05.114-251118-0007";
const NEXT_RECEIPT: &str = "H05.114-251118-0008";

async fn results_are_there(supervisor: &Device) {
    let today = today(supervisor).await.strftime("%d/%m/%Y").to_string();
    let export = format!(
        "Mã hồ sơ;Tên TTHC;Hạn trả;Trạng thái\n\
         {RECEIPT};Đăng ký khai sinh;{today};Đã có kết quả\n\
         {NEXT_RECEIPT};Sao y;{today};Đã có kết quả\n"
    );
    let preview = uploaded(supervisor, export).await.expect(200);
    confirmed(supervisor, &preview).await.expect(200);
    let known = found(supervisor, 7).await.expect(200);
    assert_eq!(known.text("state"), "done");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_held_to_the_reader_is_a_number_and_its_clerk_knows_the_dossier() {
    let mut office = Office::open("").await;
    let (supervisor, desk) = (
        office.device("supervisor").await,
        office.device("clerk").await,
    );
    results_are_there(&supervisor).await;
    let clerk = Clerk::signed_in(office.url(), desk.token()).await;
    clerk.sit_at(4).await;
    let mut front = Front::of(&office).await;

    // No touch, no key: the receipt is all.
    front.hold(RECEIPT);
    let first = ticket(&desk, "K001").await;
    assert_eq!(
        (&first["service"], &first["class"]),
        (&json!("K"), &json!("normal"))
    );
    // Its slip says number and token to tools that are not ours, and not what it was taken for.
    let slip = slip(&office, "K001").await;
    let code = tools::read_code(&slip).await;
    assert_eq!(code.as_deref(), first["qr"].as_str());
    let words = tools::read_words(&slip).await;
    assert!(
        words.iter().all(|word| !word.text.contains("251118")),
        "{words:?}"
    );

    // Whoever comes next need not wait until the screen is home again.
    wait::until("paper", async || {
        let ticket = desk.get("/tickets/K001").await.expect(200);
        (ticket.text("paper") != "pending").then_some(())
    })
    .await;
    wait::until("the next one's number", async || {
        // A reader reads again what lies before it.
        front.hold(NEXT_RECEIPT);
        let ticket = desk.get("/tickets/K002").await;
        (ticket.status == 200).then_some(())
    })
    .await;
    // The first again: it has its number, and there is no other.
    front.lay(RECEIPT, &["thêm|them", "K001"]).await;

    // The clerk knows which results to bring before anybody is called.
    let queue = clerk.browser.find("#queue").await;
    wait::until("both dossiers in the line", async || {
        let text = queue.text().await.ok()?;
        let of = |dossier: &str| text.contains(&format!("Hồ sơ {dossier}"));
        (of(RECEIPT) && of(NEXT_RECEIPT)).then_some(())
    })
    .await;
    clerk.press(Key::F2).await;
    clerk.reads_in_hand("K001").await;
    clerk
        .reads_in_hand(&format!("{RECEIPT} (lấy số bằng giấy hẹn)"))
        .await;
    desk.get("/tickets/K003")
        .await
        .refused(404, "unknown-ticket");

    clerk.browser.close().await;
    front.keeps_nothing(&["251118-0007", "251118-0008"]).await;
    office.stop().await;
    for dossier in ["251118-0007", "251118-0008"] {
        assert_eq!(holding(office.data(), dossier.as_bytes()), NOWHERE);
    }
}

/// An invented citizen.
struct Citizen {
    number: String,
    born: Date,
}

impl Citizen {
    /// A woman of this age today. Her number says century and sex, year of birth, and chance.
    fn aged(years: i64, today: Date) -> Self {
        let born = today.checked_sub(years.years()).unwrap();
        let century = 2 * (born.year() / 100 - 19) + 1;
        let number = format!("001{century}{:02}007194", born.year() % 100);
        Self { number, born }
    }

    /// As the QR code of her card has it.
    fn card(&self) -> String {
        let (number, born) = (&self.number, self.born.strftime("%d%m%Y"));
        format!("{number}|024917733|Đặng Thị Mẫu|{born}|Nữ|12 ngõ Thử, phường Mẫu|15032022")
    }

    /// The word that stands for her today, which is as personal as the card.
    async fn word(&self, device: &Device) -> String {
        let body = json!({ "number": self.number });
        let says = device.post("/cards", &fresh_key(), &body).await.expect(200);
        says.text("person").to_owned()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_is_one_number_and_chooses_priority_for_whoever_is_old() {
    let mut office = Office::open("").await;
    let desk = office.device("clerk").await;
    let today = today(&desk).await;
    let (young, old) = (Citizen::aged(40, today), Citizen::aged(80, today));
    let mut front = Front::of(&office).await;

    front.take_with(&young.card(), "căn|can").await;
    let first = ticket(&desk, "A001").await;
    assert_eq!(first["class"], "normal");

    // The same card for the same service: the number that there is, and no other.
    front.take_with(&young.card(), "A001").await;
    front.screen.find(&["được", "duoc"]).await;
    front.screen.find_text("A001").await;
    desk.get("/tickets/A002")
        .await
        .refused(404, "unknown-ticket");
    let back = front.screen.find(&["lại", "lai"]).await;
    front.screen.touch(back.middle).await;

    // Somebody of eighty does not have to ask for priority.
    front.take_with(&old.card(), "Theo").await;
    let second = ticket(&desk, "A002").await;
    assert_eq!(second["class"], "priority");

    let mut personal = vec!["Thị Mẫu".to_owned(), "024917733".to_owned()];
    for citizen in [&young, &old] {
        personal.push(citizen.number.clone());
        personal.push(citizen.born.strftime("%d%m%Y").to_string());
        personal.push(citizen.born.to_string());
        personal.push(citizen.word(&desk).await);
    }
    let personal: Vec<&str> = personal.iter().map(String::as_str).collect();
    front.keeps_nothing(&personal).await;
    office.stop().await;
    for citizen in [young, old] {
        let number = citizen.number.as_bytes();
        assert_eq!(holding(office.data(), number), NOWHERE);
    }
}

/// What `/healthz` says of the one reader, once it is so.
async fn reader_is(office: &Office, health: &str) -> Value {
    let nobody = office.passer_by();
    wait::until(&format!("a reader that is {health}"), async || {
        let said = sent(nobody.request("GET", "/healthz")).await.ok()?.body;
        let reader = said["readers"].get(0)?.clone();
        (reader["health"] == health).then_some(reader)
    })
    .await
}

/// The alerts of this kind on the live board.
async fn alerts(supervisor: &Device, kind: &str) -> Vec<Value> {
    let board = supervisor.get("/live").await.expect(200).body;
    let alerts = board["alerts"].as_array().unwrap().iter();
    alerts
        .filter(|alert| alert["kind"] == kind)
        .cloned()
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_hear_of_a_reader_that_the_touch_screen_misses_or_that_reads_nothing() {
    let mut office = Office::open(crate::NO_PAPER).await;
    let supervisor = office.device("supervisor").await;
    let screen = Screen::on(1080, 1920).await;
    let socket = office.folder().join("reader");
    let window = screen.window(&office, "touch", &beside(&socket)).await;

    let missing = reader_is(&office, "away").await;
    let part = missing["part"].as_str().unwrap().to_owned();
    assert_eq!(missing["device"], format!("serial:{}", socket.display()));
    assert!(missing["away_seconds"].is_u64(), "{missing}");
    let [alert] = &alerts(&supervisor, "reader-away").await[..] else {
        panic!("one alert");
    };
    let text = alert["text"]["vi"].as_str().unwrap();
    assert!(text.starts_with("Đầu đọc ở màn hình lấy số"), "{text}");
    assert!(text.contains("cắm lại dây của đầu đọc"), "{text}");
    let page = Clerk::signed_in(office.url(), supervisor.token()).await;
    page.browser
        .go(&format!("{}/admin/devices", office.url()))
        .await;
    page.browser.reads("Màn hình không thấy đầu đọc").await;
    page.browser.close().await;

    // A daemon that has just started hears it at once.
    let address = office.url().strip_prefix("http://").unwrap().to_owned();
    office.listen_on(&address);
    office.stop().await;
    office.start().await;
    reader_is(&office, "away").await;
    let mut reader = plug_in(&socket);
    reader_is(&office, "ready").await;
    let none: Vec<Value> = Vec::new();
    assert_eq!(alerts(&supervisor, "reader-away").await, none);

    // A dirty window: it sends, and nothing of it is a code.
    let mut chance = Chance::announced("a dirty window");
    wait::until("the reader's own trouble", async || {
        let noise = format!("#{}\r", chance.bits());
        reader.write_all(noise.as_bytes()).unwrap();
        let health = supervisor.get("/health").await.expect(200).body;
        let mut lines = health["items"].as_array().unwrap().iter();
        let line = lines.find(|line| line["part"] == *part)?;
        (line["state"] == "note").then(|| line.clone())
    })
    .await;
    let metrics = sent(office.passer_by().request("GET", "/metrics")).await;
    let metrics = metrics.unwrap().body.to_string();
    assert!(metrics.contains(&part), "{metrics}");

    // Pulled out while it is used.
    drop(reader);
    std::fs::remove_file(&socket).unwrap();
    reader_is(&office, "away").await;
    drop(window);
    office.stop().await;
}
