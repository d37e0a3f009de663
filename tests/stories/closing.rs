//! The day ends before everybody's turn: what the closing says, what comes out on paper, and how
//! people come back on the office's next working day.

use std::time::{SystemTime, UNIX_EPOCH};

use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::Offset;
use serde_json::{Value, json};
use simulator::{Model, Printer, PtyLine};
use tests::api::{Device, fresh_key, sent};
use tests::clerk::Clerk;
use tests::office::Office;
use tests::tools::{read_code, read_words};
use tests::wait;

/// The machine's clock cannot be set to another day here. The office can be moved instead: a day
/// is 24 hours of its distance to UTC.
#[derive(Clone, Copy)]
struct Place {
    hours: i8,
}

impl Place {
    /// West of Greenwich, in its hours, and not so late that midnight comes in between.
    fn today() -> Self {
        let in_time = |place: &Self| (1..23).contains(&place.now().hour());
        let hours = [-12, -11, -10].map(|hours| Self { hours });
        hours.into_iter().find(in_time).unwrap()
    }

    fn tomorrow(self) -> Self {
        Self {
            hours: self.hours + 24,
        }
    }

    fn now(self) -> jiff::civil::DateTime {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let seconds = i64::try_from(since.as_secs()).unwrap();
        let now = jiff::Timestamp::from_second(seconds).unwrap();
        Offset::constant(self.hours).to_datetime(now)
    }

    fn date(self, days_later: i32) -> Date {
        self.now().date().checked_add(days_later.days()).unwrap()
    }

    fn zone(self) -> String {
        let sign = if self.hours < 0 { '-' } else { '+' };
        format!("{sign}{:02}:00", self.hours.abs())
    }
}

fn settings(place: Place, printer: &str, holidays: &[Date]) -> String {
    let holidays: Vec<String> = holidays.iter().map(|day| format!("\"{day}\"")).collect();
    format!(
        r#"
        {printer}
        [office]
        name = {{ vi = "Phường Thử", en = "Test Ward" }}
        time_zone = "{}"
        holidays = [{}]
        [[hours]]
        days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        from = "00:30"
        to = "23:59"
        [[service]]
        letter = "A"
        name = {{ vi = "Hộ tịch", en = "Civil status" }}
        [[counter]]
        number = 1
        services = ["A"]
        "#,
        place.zone(),
        holidays.join(", ")
    )
}

fn token(ticket: &Value) -> &str {
    ticket["qr"].as_str().unwrap().rsplit('/').next().unwrap()
}

/// What a citizen's phone shows.
async fn phone(office: &Office, ticket: &Value) -> String {
    let page = format!("/t/{}", token(ticket));
    let answer = sent(office.passer_by().request("GET", &page)).await;
    answer
        .unwrap()
        .expect(200)
        .body
        .as_str()
        .unwrap()
        .to_owned()
}

fn written(date: Date) -> String {
    date.strftime("%d/%m/%Y").to_string()
}

async fn figures(supervisor: &Device) -> Value {
    wait::until("the ledger to catch up", async || {
        let answer = supervisor.get("/figures").await;
        (answer.status == 200 && answer.body["behind"] == 0).then_some(answer.body)
    })
    .await
}

/// Three of them wait on a day that closes: one in hand, one held, one not reached.
async fn a_day_that_ends(office: &Office) -> Vec<Value> {
    let (kiosk, clerk) = (office.device("kiosk").await, office.device("clerk").await);
    let mut tickets = Vec::new();
    for _ in 0..3 {
        tickets.push(kiosk.issue("A").await);
    }
    clerk.act("/counters/1/open").await.expect(200);
    // A clerk who only presses F2 never says that service begins or ends.
    clerk.act("/counters/1/next").await.expect(200);
    clerk.act("/tickets/A003/hold").await.expect(200);
    tickets
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_not_reached_gets_a_slip_for_the_next_day_and_is_called_first_then() {
    let mut office = Office::furnished("");
    let path = office.folder().join("printer");
    let line = PtyLine::start(Printer::new(Model::epson()), &path);
    let printer = format!(
        "[printer]\ndevice = \"{}\"\nprofile = \"tm-t20ii\"\n",
        line.device()
    );
    let today = Place::today();
    office.set(&settings(today, &printer, &[]));
    office.start().await;
    let supervisor = office.device("supervisor").await;
    let tickets = a_day_that_ends(&office).await;
    let out = |cuts: usize| {
        let all = |printer: &Printer| printer.cuts().len() == cuts;
        assert!(
            line.printer.wait(wait::PATIENCE, all),
            "{cuts} slips come out"
        );
    };
    out(3);
    line.printer.lock().take_cuts();

    let next = today.date(1);
    let before = supervisor.get("/day").await.expect(200).body;
    assert_eq!(
        before["in_hand"],
        json!([{ "counter": 1, "number": "A001" }])
    );
    assert_eq!(
        (&before["waiting"], &before["held"]),
        (&json!(1), &json!(1))
    );
    let service = &before["services"][0];
    assert_eq!(service["last"], "A003");
    assert_eq!(service["returns_on"], next.to_string());
    let closed = supervisor.act("/day/close").await.expect(200).body;
    let counts = ["finished", "deferred", "slips"].map(|what| closed[what].as_u64().unwrap());
    assert_eq!((counts, &closed["open"]), ([1, 2, 2], &json!(false)));

    // The API, the phone, the figures and the record say the same of each.
    let state = async |number: &str| {
        let ticket = supervisor.get(&format!("/tickets/{number}")).await;
        ticket.expect(200).body
    };
    assert_eq!(state("A001").await["state"], "done");
    let left = state("A002").await;
    assert_eq!(left["state"], "deferred");
    assert_eq!(left["returns_on"], next.to_string());
    assert_eq!(left["returns_at"], "00:30");
    assert!(
        phone(&office, &tickets[0])
            .await
            .contains("Đã phục vụ xong")
    );
    for ticket in &tickets[1..] {
        let page = phone(&office, ticket).await;
        assert!(page.contains(&written(next)), "{page}");
    }
    let day = figures(&supervisor).await;
    assert_eq!(
        (&day["total"]["served"], &day["total"]["open"]),
        (&json!(1), &json!(2))
    );
    assert_eq!(
        day["total"]["service"]["count"], 0,
        "how long it took nobody knows"
    );
    let why = office
        .say(&["journal", "why", "A001", "--lang", "en"])
        .await;
    assert!(
        why.contains("in hand at counter 1 when the day closed: finished"),
        "{why}"
    );

    // Who still stands there takes a slip with the day on it, and the same code.
    out(2);
    let cuts = line.printer.lock().take_cuts();
    for (cut, ticket) in cuts.iter().zip(&tickets[1..]) {
        let picture = office.folder().join("cut.png");
        std::fs::write(&picture, cut.to_png()).unwrap();
        let words = read_words(&picture).await;
        let says = |wanted: &str| words.iter().any(|word| word.text.contains(wanted));
        assert!(says(&written(next)), "{words:?}");
        let code = match cut.codes.first() {
            Some(code) => Some(code.content.clone()),
            None => read_code(&picture).await,
        };
        assert_eq!(code.as_deref(), ticket["qr"].as_str());
    }
    let early = supervisor
        .act(&format!("/tickets/{}/resume", token(&tickets[1])))
        .await;
    early.refused(409, "day-closed");

    // Next morning.
    office.stop().await;
    office.set(&settings(today.tomorrow(), &printer, &[]));
    office.start().await;
    let (kiosk, clerk) = (office.device("kiosk").await, office.device("clerk").await);
    let supervisor = supervisor.at(office.url());
    assert_eq!(
        supervisor.get("/day").await.expect(200).text("date"),
        next.to_string()
    );
    kiosk.issue("A").await;
    kiosk.issue("A").await;
    assert!(
        phone(&office, &tickets[1])
            .await
            .contains("Mời Ông/Bà nhận số mới")
    );
    let scanned = clerk.scan(token(&tickets[1])).await;
    assert_eq!(
        scanned.refused(422, "not-a-dossier").text("ticket"),
        tickets[1]["id"]
    );
    // A number alone is somebody else's today.
    let resume = async |device: &Device, slip: &str| {
        let path = format!("/tickets/{slip}/resume");
        device.post(&path, &fresh_key(), &json!({})).await
    };
    assert_eq!(
        resume(&kiosk, tickets[1]["id"].as_str().unwrap())
            .await
            .status,
        404
    );
    let back = resume(&kiosk, token(&tickets[1])).await.expect(201).body;
    assert_eq!(
        (&back["number"], &back["class"]),
        (&json!("A003"), &json!("re-entry"))
    );
    let again = resume(&clerk, token(&tickets[1])).await.expect(200).body;
    assert_eq!(again["id"], back["id"], "one slip, one number");
    assert!(phone(&office, &tickets[1]).await.contains("A003"));

    clerk.act("/counters/1/open").await.expect(200);
    let called = clerk.act("/counters/1/next").await.expect(200).body;
    assert_eq!(called["number"], "A003", "re-entry goes first");
    let called = clerk.act("/counters/1/next").await.expect(200).body;
    assert_eq!(
        called["number"], "A001",
        "and then the others have their turn"
    );
    let new = office
        .say(&["journal", "why", "A003", "--lang", "en"])
        .await;
    assert!(new.contains("for A002 of service day 1"), "{new}");
    let old = office
        .say(&["journal", "why", "A002", "--day", "1", "--lang", "en"])
        .await;
    assert!(old.contains("the day closed before its turn"), "{old}");
    assert!(old.contains("A003 given out"), "{old}");
    office.say(&["journal", "verify"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_scans_a_slip_of_the_day_before_and_gives_its_citizen_a_new_number() {
    let printer = "[printer]\ndevice = \"none\"\n";
    let today = Place::today();
    let mut office = Office::open(&settings(today, printer, &[])).await;
    let supervisor = office.device("supervisor").await;
    let tickets = a_day_that_ends(&office).await;
    supervisor.act("/day/close").await.expect(200);
    office.stop().await;
    office.set(&settings(today.tomorrow(), printer, &[]));
    office.start().await;

    let clerk = Clerk::signed_in(office.url(), &office.token("clerk").await).await;
    clerk.sit_at(1).await;
    clerk.keys(&format!("{}\n", token(&tickets[2]))).await;
    let offer = wait::until("the offer of a new number", async || {
        let offer = clerk.browser.find("#offer").await;
        let shown = offer.is_displayed().await.ok()? && offer.text().await.ok()?.contains("số mới");
        shown.then_some(offer)
    })
    .await;
    offer.click().await.unwrap();
    let supervisor = supervisor.at(office.url());
    let came = wait::until("the new number", async || {
        let ticket = supervisor.get("/tickets/A001").await;
        (ticket.status == 200).then_some(ticket.body)
    })
    .await;
    assert_eq!(
        (&came["class"], &came["state"]),
        (&json!("re-entry"), &json!("waiting"))
    );
    wait::until("what was done", async || {
        let done = clerk.browser.find("#done").await.text().await.ok()?;
        done.contains("A001").then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slip_leaves_holidays_out() {
    let today = Place::today();
    let printer = "[printer]\ndevice = \"preview\"\nprofile = \"generic-80\"\n";
    let holidays = [today.date(1), today.date(2)];
    let office = Office::open(&settings(today, printer, &holidays)).await;
    a_day_that_ends(&office).await;
    let supervisor = office.device("supervisor").await;
    supervisor.act("/day/close").await.expect(200);
    let next = written(today.date(3));
    let slips = office.data().join("slips");
    let pictures = wait::until("two slips for another day", async || {
        let names = std::fs::read_dir(&slips)
            .ok()?
            .map(|entry| entry.unwrap().path());
        let of_kind = names.filter(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            name.starts_with("deferred-") && name.ends_with(".png")
        });
        let pictures: Vec<_> = of_kind.collect();
        (pictures.len() == 2).then_some(pictures)
    })
    .await;
    for picture in pictures {
        let words = read_words(&picture).await;
        let says = words.iter().any(|word| word.text.contains(&next));
        assert!(says, "{next}: {words:?}");
    }
}
