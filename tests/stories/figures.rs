//! The head of office reads the day: on the page, on paper, in a workbook, at the command line,
//! and sees at once what needs attention.

use crate::NO_PAPER;
use fantoccini::wd::{PrintConfiguration, PrintMargins, PrintSize};
use serde_json::Value;
use tests::api::{Device, sent};
use tests::chance::Chance;
use tests::clerk::Clerk;
use tests::office::Office;
use tests::sse::Stream;
use tests::wait;

/// Small enough to be reached by a few tickets.
const ALERTS: &str = "[alerts]\nwaiting_tickets = 3\n";

/// Figures once the ledger has taken in everything, which it does within a second or two.
async fn figures(supervisor: &Device) -> Value {
    wait::until("the ledger to catch up", async || {
        let answer = supervisor.get("/figures").await;
        (answer.status == 200 && answer.body["behind"] == 0).then_some(answer.body)
    })
    .await
}

/// Three served, one missed, one cancelled, one changed, two left.
async fn a_short_day(office: &Office) -> Device {
    let (kiosk, clerk) = (office.device("kiosk").await, office.device("clerk").await);
    clerk.act("/counters/1/open").await.expect(200);
    for service in ["A", "A", "A", "A", "C", "A", "C"] {
        kiosk.issue(service).await;
    }
    clerk.act("/tickets/C001/cancel").await.expect(200);
    let body = serde_json::json!({ "service": "B" });
    let key = tests::api::fresh_key();
    clerk.post("/tickets/C002/change", &key, &body).await;
    for _ in 0..4 {
        clerk.act("/counters/1/next").await.expect(200);
    }
    clerk.act("/counters/1/no-show").await.expect(200);
    clerk.scan("H05.114-250625-0002").await.expect(202);
    clerk
}

#[tokio::test(flavor = "multi_thread")]
async fn the_day_reads_the_same_by_program_by_command_and_in_a_workbook() {
    let office = Office::open(NO_PAPER).await;
    a_short_day(&office).await;
    let supervisor = office.device("supervisor").await;
    let day = figures(&supervisor).await;
    let total = &day["total"];
    let counted = [
        "issued",
        "served",
        "no_shows",
        "cancelled",
        "changed",
        "open",
    ];
    let found = counted.map(|what| total[what].as_u64().unwrap());
    assert_eq!(found, [8, 3, 1, 1, 1, 2], "{total}");
    assert_eq!(day["counters"][0]["calls"], 4, "{day}");
    assert_eq!(day["scans"][0]["kept"], 1, "{day}");
    assert_eq!(day["services"][0]["name"]["vi"], "Hộ tịch");

    let report = office.say(&["report", "day"]).await;
    assert!(report.contains("Số đã phát"), "{report}");
    assert!(report.contains(day["head"].as_str().unwrap()), "{report}");
    let english = office.say(&["report", "week", "--language", "en"]).await;
    assert!(english.contains("Civil status"), "{english}");
    assert!(
        !english.contains("250625"),
        "dossiers stand on a day's list only"
    );
    let lines = office.say(&["report", "month", "--csv"]).await;
    let tickets = lines.lines().filter(|line| line.starts_with("ticket,"));
    assert_eq!(tickets.count(), 8, "{lines}");

    let book = office.folder().join("day.xlsx");
    office
        .say(&["report", "day", "--xlsx", book.to_str().unwrap()])
        .await;
    let bytes = std::fs::read(&book).unwrap();
    assert!(bytes.starts_with(b"PK"), "a workbook is a zip");
    let page = supervisor.request("GET", "/admin/figures.xlsx?period=month");
    let page = page.send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(page.bytes().await.unwrap().starts_with(b"PK"));
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_and_the_live_board_are_for_supervisors_only() {
    let office = Office::open(NO_PAPER).await;
    let nobody = office.passer_by();
    let supervisor = office.device("supervisor").await;
    figures(&supervisor).await;
    let paths = [
        "/api/v1/figures",
        "/api/v1/live",
        "/api/v1/live/events",
        "/admin/figures.xlsx",
    ];
    for path in paths {
        let get = async |device: &Device| sent(device.request("GET", path)).await.unwrap();
        get(&nobody).await.refused(401, "unauthorized");
        for role in ["kiosk", "clerk"] {
            let device = office.device(role).await;
            get(&device).await.refused(403, "forbidden");
        }
    }
    for page in ["/admin/figures", "/admin/live"] {
        let clerk = office.device("clerk").await;
        let refused = sent(clerk.request("GET", page)).await.unwrap();
        refused.refused(403, "forbidden");
        for role in ["supervisor", "admin"] {
            let device = office.device(role).await;
            sent(device.request("GET", page)).await.unwrap().expect(200);
        }
        // Anybody else is shown the way to sign in.
        let shown = sent(nobody.request("GET", page)).await.unwrap().expect(200);
        assert!(shown.body.as_str().unwrap().contains("sign-in"), "{page}");
    }
    for wrong in [
        "from=yesterday",
        "from=2026-02-30",
        "from=2026-11-23&to=2026-11-22",
        "from=2020-01-01&to=2026-01-01",
    ] {
        let answer = supervisor.get(&format!("/figures?{wrong}")).await;
        answer.refused(422, "bad-value");
    }
    supervisor
        .get("/figures?form=x")
        .await
        .refused(400, "bad-request");
    let empty = supervisor
        .get("/figures?from=2020-01-01&to=2020-12-31")
        .await;
    assert_eq!(empty.expect(200).body["total"]["issued"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_of_a_daemon_that_was_killed_is_what_the_journal_says() {
    let mut office = Office::open(NO_PAPER).await;
    let mut chance = Chance::announced("ledger and power cuts");
    for _ in 0..crate::rounds(3, 20) {
        let kiosk = office.device("kiosk").await;
        for _ in 0..chance.below(60) + 20 {
            kiosk.issue("A").await;
        }
        office.kill().await;
        let followed = office.say(&["report", "day", "--csv"]).await;
        office.say(&["report", "rebuild"]).await;
        let anew = office.say(&["report", "day", "--csv"]).await;
        assert_eq!(followed, anew);
        office.start().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_live_board_says_what_needs_attention_and_what_to_do() {
    let office = Office::open(&format!("{NO_PAPER}{ALERTS}")).await;
    let kiosk = office.device("kiosk").await;
    let supervisor = office.device("supervisor").await;
    let url = format!("{}/api/v1/live/events", office.url());
    let mut stream = Stream::open(&url, Some(supervisor.token()), None).await;
    let first = stream.next().await.unwrap();
    assert_eq!(first.name, "live");
    assert_eq!(first.data["alerts"], serde_json::json!([]));
    for _ in 0..3 {
        kiosk.issue("B").await;
    }
    let alert = loop {
        let board = stream.next().await.expect("the stream goes on").data;
        if board["services"][1]["waiting"] == 3 {
            break board["alerts"][0].clone();
        }
    };
    assert_eq!(alert["kind"], "too-many-waiting", "{alert}");
    assert_eq!(alert["about"], "B");

    let board = Clerk::signed_in(office.url(), supervisor.token()).await;
    board
        .browser
        .go(&format!("{}/admin/live", office.url()))
        .await;
    board.browser.reads("3\u{a0}người đang chờ").await;
    board.browser.reads("Mở quầy số 2").await;
    let clerk = office.device("clerk").await;
    clerk.act("/counters/2/open").await.expect(200);
    clerk.act("/counters/2/call").await.expect(200);
    board.browser.reads("Đang gọi B001").await;
    board.browser.reads("Mọi việc bình thường").await;
    board.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_fits_on_one_sheet_of_a4() {
    let office = Office::open(NO_PAPER).await;
    a_short_day(&office).await;
    let supervisor = office.device("supervisor").await;
    figures(&supervisor).await;
    let reader = Clerk::signed_in(office.url(), supervisor.token()).await;
    for language in ["vi", "en"] {
        let url = format!("{}/admin/figures?lang={language}", office.url());
        reader.browser.go(&url).await;
        reader.browser.find(".summary").await;
        let size = PrintSize {
            width: 21.0,
            height: 29.7,
        };
        let margins = PrintMargins {
            top: 1.1,
            bottom: 1.1,
            left: 1.2,
            right: 1.2,
        };
        let form = PrintConfiguration::builder().size(size).margins(margins);
        let sheet = reader.browser.page.print(form.build().unwrap());
        let pdf = sheet.await.unwrap();
        let text = String::from_utf8_lossy(&pdf);
        // `/Type /Pages` is the tree above them.
        let pages = text.matches("/Type /Page").count() - text.matches("/Type /Pages").count();
        assert_eq!(pages, 1, "{language}");
    }
    // The ways to weeks and months lead there, also after the page has told the language.
    reader.browser.push("Week").await;
    reader.browser.reads("week from").await;
    reader.browser.close().await;
}
