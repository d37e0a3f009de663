//! Several printers: one stands in for another that does not print, and a kiosk's slips come out
//! of the printer beside it. Nothing comes out twice.

use simulator::{Fault, Model, Printer, Shared, TcpLine};
use tests::api::{Device, sent};
use tests::office::Office;
use tests::screen::Screen;
use tests::wait;

/// On the tile "Hộ tịch"; the word "tịch" alone also stands in a notice.
const TILE: &[&str] = &["sinh"];

/// A printer at the main door, and one beside door 2 that stands in for it.
struct Hall {
    main: TcpLine,
    door: TcpLine,
    office: Office,
}

impl Hall {
    async fn open() -> Self {
        let printer = || TcpLine::start(Printer::new(Model::epson())).unwrap();
        let (main, door) = (printer(), printer());
        let office = Office::open(&format!(
            "[[printer]]\nname = \"main\"\nstand_in = \"door\"\ndevice = \"{}\"\n\
             profile = \"tm-t20ii\"\nplace = {{ vi = \"Cửa chính\", en = \"Main door\" }}\n\
             [[printer]]\nname = \"door\"\ndevice = \"{}\"\nprofile = \"tm-t20ii\"\n\
             place = {{ vi = \"cạnh cửa số 2\", en = \"beside door 2\" }}\n",
            main.device(),
            door.device()
        ))
        .await;
        Self { main, door, office }
    }

    /// Waits until the daemon says so of a printer.
    async fn is_seen(&self, name: &str, condition: &str) {
        let nobody = self.office.passer_by();
        wait::until(&format!("{name} is {condition}"), async || {
            let health = sent(nobody.request("GET", "/healthz")).await.ok()?.body;
            let mut all = health["printers"].as_array()?.iter();
            let seen = all.find(|printer| printer["name"] == name)?;
            (seen["condition"] == condition).then_some(())
        })
        .await;
    }
}

/// The numbers on whole slips, in the order they came out.
fn numbers(printer: &Shared) -> Vec<String> {
    let printer = printer.lock();
    let whole = printer.cuts().iter().filter(|cut| cut.is_whole());
    let texts = whole.flat_map(|cut| &cut.texts);
    texts.map(|text| text.text.clone()).collect()
}

/// Takes a number and waits for its paper; the printer that it came out of, if that is not the one
/// it was meant for.
async fn printed(kiosk: &Device) -> Option<String> {
    let ticket = kiosk.issue("A").await;
    is_printed(kiosk, ticket["id"].as_str().unwrap()).await
}

/// The same of a ticket there is.
async fn is_printed(kiosk: &Device, ticket: &str) -> Option<String> {
    let path = format!("/tickets/{ticket}");
    wait::until("its slip", async || {
        let seen = kiosk.get(&path).await.expect(200);
        let elsewhere = seen.body["printer"].as_str().map(str::to_owned);
        (seen.text("paper") == "printed").then_some(elsewhere)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_printer_that_stands_in_prints_until_there_is_paper_again() {
    let mut hall = Hall::open().await;
    hall.is_seen("main", "ready").await;
    hall.is_seen("door", "ready").await;
    let kiosk = hall.office.device("kiosk").await;
    assert_eq!(printed(&kiosk).await, None);

    // The roll ends before anybody has noticed, and stays so.
    hall.main.printer.lock().fail(Fault::PaperOut);
    assert_eq!(printed(&kiosk).await.as_deref(), Some("door"));
    hall.is_seen("main", "paper-out").await;
    assert_eq!(printed(&kiosk).await.as_deref(), Some("door"));
    // What a screen tells the citizen, and what a counter page tells the clerk.
    let queue = kiosk.queue().await;
    assert_eq!(queue["printer"], "ready", "citizens get their slips");
    assert_eq!(queue["printers"]["door"]["place"]["vi"], "cạnh cửa số 2");
    let health = sent(kiosk.request("GET", "/healthz")).await.unwrap();
    let main = &health.body["printers"][0];
    assert_eq!(main["name"], "main", "in the order of the configuration");
    let told = main["advice"]["vi"].as_str();
    let begins = "Máy in hết giấy. Phiếu in ở máy khác. Mời lắp cuộn giấy mới";
    assert!(told.unwrap().starts_with(begins), "{told:?}");

    // The next roll ends in the middle of a slip: half of it is here, all of it there.
    hall.main.printer.lock().repair();
    hall.is_seen("main", "ready").await;
    assert_eq!(printed(&kiosk).await, None);
    hall.main.printer.lock().fail_at(600, Fault::PaperOut);
    assert_eq!(printed(&kiosk).await.as_deref(), Some("door"));

    hall.main.printer.lock().repair();
    hall.is_seen("main", "ready").await;
    assert_eq!(printed(&kiosk).await, None);
    hall.office.stop().await;
    assert_eq!(numbers(&hall.main.printer), ["A001", "A004", "A006"]);
    assert_eq!(numbers(&hall.door.printer), ["A002", "A003", "A005"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kiosks_slips_come_out_of_the_printer_beside_it() {
    let mut hall = Hall::open().await;
    let (first, second) = (Screen::on(1080, 1920).await, Screen::on(1080, 1920).await);
    let beside_door = "[screens]\nprinter = \"door\"\n";
    let _first = first.window(&hall.office, "touch", "").await;
    let _second = second.window(&hall.office, "touch", beside_door).await;
    let out = |line: &TcpLine, count| {
        line.printer
            .wait(wait::PATIENCE, move |p| p.cuts().len() == count)
    };

    second.touch(second.find(TILE).await.middle).await;
    second.find_number("A001").await;
    assert!(out(&hall.door, 1));
    first.touch(first.find(TILE).await.middle).await;
    first.find_number("A002").await;
    assert!(out(&hall.main, 1));
    // The cover must not open between the paper and the printer's word for it.
    let kiosk = hall.office.device("kiosk").await;
    assert_eq!(is_printed(&kiosk, "A002").await, None);
    // A slip that comes out elsewhere is said to, on the screen of whoever waits for it.
    hall.main.printer.lock().fail(Fault::CoverOpen);
    hall.is_seen("main", "cover-open").await;
    first.touch(first.find(TILE).await.middle).await;
    first.find_number("A003").await;
    first.find(&["khác", "khac"]).await;
    assert!(out(&hall.door, 2));

    hall.office.stop().await;
    assert_eq!(numbers(&hall.main.printer), ["A002"]);
    assert_eq!(numbers(&hall.door.printer), ["A001", "A003"]);
}
