//! Lamps and relays hang on a Raspberry Pi's pins. Elsewhere there are none, and everybody who asks
//! is told so.

use tests::api::sent;
use tests::office::Office;

use crate::NO_PAPER;

#[tokio::test(flavor = "multi_thread")]
async fn an_office_without_pins_is_told_so_and_goes_on() {
    let model = std::fs::read_to_string("/proc/device-tree/model").unwrap_or_default();
    if model.contains("Raspberry Pi") {
        println!("skipped: this is a {model}, whose pins are not ours to switch");
        return;
    }
    let lamps = "[gpio]\nstatus_lamp = 17\npaper_low_lamp = 27\n";
    let mut office = Office::open(&format!("{NO_PAPER}{lamps}")).await;
    let kiosk = office.device("kiosk").await;
    kiosk.issue("A").await;
    let health = sent(kiosk.request("GET", "/healthz")).await.unwrap();
    assert_eq!(health.body["parts"]["gpio"], "away");
    let log = office.daemon().log();
    assert!(log.contains("Lamps and the printer's relay are not there"));

    let daemon = office.url().trim_start_matches("http://").to_owned();
    let checked = office.run(&["check", "--listen", &daemon]).await;
    let said = String::from_utf8(checked.stdout).unwrap();
    let told = "bad   gpio: this machine has no pins that are known";
    assert!(said.contains(told) && !checked.status.success(), "{said}");
    office.stop().await;
}
