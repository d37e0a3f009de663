//! The sheet of codes is judged by readers that are not ours: what a browser shows and prints is
//! what a scanner must read.

use crate::NO_PAPER;
use fantoccini::Locator;
use serde_json::json;
use std::path::Path;
use std::process::Command;
use tests::clerk::Clerk;
use tests::office::Office;

/// What each card holds, in the sheet's order, and what stands on it.
const CARDS: [(&str, &str); 8] = [
    ("MC-Q1", "Quầy 1"),
    ("MC-Q2", "Quầy 2"),
    ("MC-Q3", "Quầy 3"),
    ("MC-Q4", "Quầy 4"),
    ("MC-M1", "Tiếp nhận"),
    ("MC-M2", "Bổ sung hồ sơ"),
    ("MC-M3", "Trả kết quả"),
    ("MC-M4", "Tra cứu"),
];

fn said(command: &mut Command) -> Vec<String> {
    let output = command.output();
    let output = output.unwrap_or_else(|e| panic!("{command:?}: {e}; tests/run installs it"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {errors}");
    let text = String::from_utf8(output.stdout).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

/// What zbarimg finds, with each code's kind.
fn by_zbar(picture: &Path) -> Vec<String> {
    said(
        Command::new("zbarimg")
            .args(["--nodbus", "--quiet"])
            .arg(picture),
    )
}

/// What zxing-cpp finds.
fn by_zxing(picture: &Path) -> Vec<String> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("others/read_codes.py");
    let python = target.join("python/bin/python");
    said(Command::new(python).arg("-B").arg(script).arg(picture))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_card_of_the_sheet_is_read_as_lines_and_as_a_square() {
    let mut office = Office::open(NO_PAPER).await;
    let supervisor = office.device("supervisor").await;
    let browser = Clerk::signed_in(office.url(), supervisor.token())
        .await
        .browser;
    let sheet = format!("{}/admin/codes?lang=vi", office.url());
    browser.go(&sheet).await;
    browser.reads("chưa có máy quét dùng chung").await;
    // As fine as a printer has it.
    let fine = json!({ "width": 1280, "height": 800, "deviceScaleFactor": 3, "mobile": false });
    browser
        .devtools("Emulation.setDeviceMetricsOverride", fine)
        .await;
    let cards = browser.page.find_all(Locator::Css(".card")).await.unwrap();
    assert_eq!(cards.len(), CARDS.len());
    for (card, (code, name)) in cards.into_iter().zip(CARDS) {
        let text = card.text().await.unwrap();
        assert!(text.starts_with(name) && text.ends_with(code), "{text}");
        let picture = office.folder().join(format!("{code}.png"));
        std::fs::write(&picture, card.screenshot().await.unwrap()).unwrap();
        let both = [format!("CODE-128:{code}"), format!("QR-Code:{code}")];
        assert_eq!(by_zbar(&picture), both);
        assert_eq!(by_zxing(&picture), [code, code]);
    }
    browser.close().await;
    office.stop().await;
}
