//! A citizen looks up a dossier at the touch screen: the receipt at the reader, four digits that
//! only its owner knows, the answer, and a number for the counter without the receipt again.

use crate::dossiers::{dossier, nowhere, with_import};
use crate::scanner_line::plug_in;
use serde_json::json;
use std::io::Write;
use tests::api::fresh_key;
use tests::screen::Screen;
use tests::wait;

const WIDTH: i32 = 1080;
const HEIGHT: i32 = 1920;
/// 20 mm of a screen of 22 inches, in pixels, as everything below.
const TOUCH_MIN: i32 = 79;
const MARGIN: i32 = 48;
const PAD: i32 = 24;
const GAP: i32 = 16;
const KEY_HEIGHT: i32 = TOUCH_MIN * 14 / 10;
/// Where the row of buttons at the bottom begins.
const BOTTOM: i32 = HEIGHT - PAD - TOUCH_MIN;

/// The middle of a key: its column from the left, its row from below.
fn key(column: i32, row: i32) -> (i32, i32) {
    let width = (WIDTH - 2 * MARGIN - 2 * GAP) / 3;
    let x = MARGIN + column * (width + GAP) + width / 2;
    let y = BOTTOM - GAP - row * (KEY_HEIGHT + GAP) - KEY_HEIGHT / 2;
    (x, y)
}

fn digit(digit: char) -> (i32, i32) {
    match digit.to_digit(10).unwrap() as i32 {
        0 => key(1, 0),
        digit => key((digit - 1) % 3, 3 - (digit - 1) / 3),
    }
}

/// "Show", the last key.
const SHOW: (i32, i32) = (2, 0);

/// The middle of the whole bottom row: its only button.
const BELOW: (i32, i32) = (WIDTH / 2, BOTTOM + TOUCH_MIN / 2);

/// The button with a number, above the seconds that are left.
const TAKE_NUMBER: (i32, i32) = (WIDTH / 2, BOTTOM - 150);

async fn asked_for_the_receipt(screen: &Screen) {
    let button = screen.find(&["cứu", "cuu", "cưu", "cửu"]).await;
    screen.touch(button.middle).await;
    screen.find(&["vạch", "vach", "vạch,"]).await;
}

async fn typed(screen: &Screen, digits: &str) {
    // The question, not the page before it.
    screen.find(&["cuối", "cuôi", "cuoi"]).await;
    for sign in digits.chars() {
        screen.touch(digit(sign)).await;
    }
    screen.touch(key(SHOW.0, SHOW.1)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_citizen_looks_up_a_late_dossier_and_takes_a_number_for_it() {
    let (office, _supervisor, _) = with_import().await;
    let screen = Screen::on(WIDTH as u32, HEIGHT as u32).await;
    let socket = office.folder().join("reader");
    let mut reader = plug_in(&socket);
    let settings = format!(
        "[[scanner]]\ndevice = \"serial:{}\"\nplace = \"kiosk\"\n",
        socket.display()
    );
    let _touch = screen.window(&office, "touch", &settings).await;
    let mut holds = |number: u32| {
        let text = format!("{}\r\n", dossier(number));
        reader.write_all(text.as_bytes()).unwrap();
    };

    // A wrong number says so, and not whether anybody knows the dossier.
    asked_for_the_receipt(&screen).await;
    holds(2);
    typed(&screen, "5678").await;
    screen.find(&["khớp", "khop", "khơp"]).await;
    // "Back" is the first of two or three buttons.
    screen.touch((MARGIN + PAD, BELOW.1)).await;

    asked_for_the_receipt(&screen).await;
    holds(1);
    typed(&screen, "5678").await;
    screen.find(&["lỗi", "lôi", "lối", "loi"]).await;
    screen.touch(TAKE_NUMBER).await;
    screen.find_number("K001").await;

    // It is the dossier's number: whoever holds the receipt to the reader gets no second one.
    let kiosk = office.device("kiosk").await;
    let again = json!({ "dossier": dossier(1) });
    let again = kiosk.post("/tickets", &fresh_key(), &again).await;
    let again = again.refused(409, "dossier-has-ticket");
    assert!(again.body["ticket"].is_string(), "{again:?}");

    // "I have noted my number": the next citizen finds the start page, and nothing else.
    screen.touch(BELOW).await;
    screen.find(&["tịch", "tich"]).await;
    let log = wait::until("the screen's log", async || {
        std::fs::read_to_string(screen.folder().join("touch.log")).ok()
    })
    .await;
    for text in [&log, &office.daemon().log()] {
        assert!(!text.contains("251118") && !text.contains("5678"), "{text}");
    }
    for folder in [office.data(), screen.folder()] {
        for secret in ["251118-0001", "251118-0002"] {
            nowhere(folder, secret.as_bytes());
        }
    }
}
