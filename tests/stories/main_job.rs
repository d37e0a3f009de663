//! The main job, end to end: a citizen touches a tile, the slip comes out, a clerk calls
//! and scans, the lobby shows it, and the intake server has the dossier.

use fantoccini::key::Key;
use std::path::PathBuf;
use tests::api::{Device, http};
use tests::clerk::Clerk;
use tests::office::{Office, program};
use tests::process::Process;
use tests::screen::Screen;
use tests::sse::Board;
use tests::tools;
use tests::wait;
use tokio::process::Command;

const DOSSIER: &str = "H05.114-250625-0002";

/// The reference intake server, in a folder beside the office.
async fn intake(office: &Office) -> (Process, String) {
    let mut command = Command::new(program());
    command.args(["intake", "--listen", "127.0.0.1:0", "--data"]);
    command.arg(office.folder().join("intake"));
    let log = office.folder().join("intake.log");
    let up = Process::start(command, &log, |line| {
        line.starts_with("http://").then(|| line.trim().to_owned())
    });
    up.await.expect("the intake server starts")
}

/// The slip with this number, once the preview printer has drawn it.
pub(crate) async fn slip(office: &Office, number: &str) -> PathBuf {
    let folder = office.data().join("slips");
    wait::until("the slip", async || {
        let entries = std::fs::read_dir(&folder).ok()?;
        let mut paths = entries.map(|entry| entry.unwrap().path());
        paths.find(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            name.contains(number) && name.ends_with(".png")
        })
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_citizen_takes_a_ticket_and_the_intake_server_has_the_dossier() {
    let mut office = Office::furnished("");
    let (_intake, intake) = intake(&office).await;
    office.set(&format!("[intake]\nurl = \"{intake}\"\n"));
    office.start().await;
    let mut board = Board::follow(office.url()).await;

    // The citizen: one touch on what they can read.
    let kiosk = Screen::on(1080, 1920).await;
    let _touch = kiosk.window(&office, "touch", "").await;
    let tile = kiosk.find(&["tịch", "tich"]).await;
    kiosk.touch(tile.middle).await;
    board
        .until("one waiting", |state| {
            state["services"]["A"]["waiting"] == 1
        })
        .await;
    kiosk.find_number("A001").await;

    // The slip, read by tools that are not ours.
    let slip = slip(&office, "A001").await;
    let token = office.token("clerk").await;
    let desk = Device::new(office.url(), Some(&token));
    let ticket = desk.get("/tickets/A001").await.expect(200).body;
    let code = tools::read_code(&slip).await;
    assert_eq!(code.as_deref(), ticket["qr"].as_str());
    let numbers = tools::read_numbers(&slip).await;
    assert!(
        numbers.iter().any(|word| word.text == "A001"),
        "{numbers:?}"
    );

    // The clerk, in a browser, by the keyboard.
    let clerk = Clerk::signed_in(office.url(), &token).await;
    clerk.sit_at(1).await;
    clerk.press(Key::F2).await;
    board
        .until("the call", |state| state["calls"][0]["number"] == "A001")
        .await;
    assert_eq!(board.state["calls"][0]["counter"], 1);
    clerk.reads_in_hand("A001").await;

    // The lobby, as a window of ours and as a page on any screen.
    let hall = Screen::on(1920, 1080).await;
    let _lobby = hall.window(&office, "lobby", "").await;
    hall.find_number("A001").await;

    // The dossier, typed as a scanner types.
    clerk.keys(&format!("{DOSSIER}\n")).await;
    clerk.browser.reads("Đã gửi").await;
    let listed = wait::until("the dossier at the intake server", async || {
        let page = http().get(&intake).send().await.unwrap();
        let page = page.text().await.unwrap();
        page.contains(DOSSIER).then_some(page)
    });
    listed.await;
    let scans = desk.get("/scans?state=delivered").await.expect(200).body;
    let id = scans["items"][0]["id"]
        .as_str()
        .expect("one delivered scan");
    let scan = desk.get(&format!("/scans/{id}")).await.expect(200).body;
    assert_eq!(scan["dossier"], DOSSIER);
    assert_eq!(scan["counter"], 1);
    assert_eq!(scan["ticket"], "A001");

    clerk.browser.go(&format!("{}/lobby", office.url())).await;
    clerk.browser.reads("A001").await;
    clerk.browser.close().await;
    office.stop().await;
}
