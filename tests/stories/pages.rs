//! Pages are for everybody: whoever sees, hears or moves less, and whoever has only a keyboard.

use crate::NO_PAPER;
use fantoccini::key::Key;
use serde_json::{Value, json};
use tests::api::Device;
use tests::axe;
use tests::browser::Browser;
use tests::clerk::Clerk;
use tests::office::Office;
use tests::wait;

/// A door for phones beside the staff's.
const PUBLIC: &str = "[public]\nlisten = \"127.0.0.1:0\"\n";

/// Pages of who is signed in, and what stands on each once it is ready.
const STAFF: [(&str, &str); 31] = [
    ("/counter", ".counters a"),
    ("/counter/1", "#row"),
    ("/counter/2", "#open:not([hidden])"),
    ("/admin", "#parts li"),
    ("/admin/today", "#services li"),
    ("/admin/live", "#services li"),
    ("/admin/figures", ".summary"),
    ("/register", "h1"),
    ("/register/print", ".signatures"),
    ("/admin/outages", ".signatures"),
    ("/admin/people", "#people"),
    ("/admin/devices", "#devices li"),
    ("/admin/codes", ".card .lines"),
    ("/admin/backup", "#copies"),
    ("/admin/voice", "#clips li"),
    ("/admin/dossiers", "#imports"),
    ("/dossiers/late", "#none:not([hidden])"),
    ("/letters/new", "#said.bad"),
    ("/enrol", "form"),
    ("/help", ".tile, button"),
    ("/time", "#now"),
    ("/admin/settings", "#section-office input"),
    ("/admin/settings#services", "#section-services summary"),
    ("/admin/settings#counters", "#section-counters input"),
    ("/admin/settings#classes", "#section-classes input"),
    ("/admin/settings#times", "#section-times input"),
    ("/admin/settings#notices", "#section-notices textarea"),
    ("/admin/settings#slips", "#section-slips img[src]"),
    ("/admin/settings#history", "#section-history .history-item"),
    ("/admin/settings#file", "#section-file input"),
    ("/no-such-page", "h1"),
];

#[tokio::test(flavor = "multi_thread")]
async fn no_page_in_vietnamese_shuts_anybody_out() {
    every_page_in("vi").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_in_english_shuts_anybody_out() {
    every_page_in("en").await;
}

async fn every_page_in(language: &str) {
    // Reached from elsewhere too, so that there is a certificate to install.
    let mut office = Office::furnished(PUBLIC);
    office.listen_on("0.0.0.0:0");
    office.start().await;
    let admin = office.device("admin").await;
    let ticket = someone_at_counter_one(&office, &admin).await;
    let log = office.daemon().log();
    let (_, door) = log.rsplit_once("The public door: ").expect("a door");
    let door = door.lines().next().unwrap().trim().to_owned();
    let link = office.say(&["admin-link"]).await;
    let (_, link) = link.trim().split_once("/admin/").unwrap();
    let reader = Clerk::signed_in(office.url(), admin.token()).await;
    let place = format!("/t/{ticket}");
    let link = format!("/admin/{link}");
    let open: [(&str, &str, &str); 6] = [
        (office.url(), "/login", "#sign-in"),
        (office.url(), &link, "#name"),
        (office.url(), "/lobby", "#spot"),
        (&door, "/", ".way"),
        (&door, "/install-certificate", ".fingerprint"),
        (&door, &place, ".number"),
    ];
    let staff = STAFF.map(|(path, ready)| (office.url(), path, ready));
    let mut found = Vec::new();
    for (door, path, ready) in open.into_iter().chain(staff) {
        let (page, part) = path.split_once('#').unwrap_or((path, ""));
        reader.browser.go("about:blank").await;
        let address = format!("{door}{page}?lang={language}#{part}");
        reader.browser.go(&address).await;
        reader.browser.find(ready).await;
        let findings = axe::findings(&reader.browser).await;
        found.extend(findings.iter().map(|f| format!("{path}: {f}")));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    reader.browser.close().await;
    office.stop().await;
}

/// A day with somebody in hand at `clerk`'s counter 1; the token of another who waits.
async fn someone_at_counter_one(office: &Office, clerk: &Device) -> String {
    let kiosk = office.device("kiosk").await;
    let mut waiting = String::new();
    for service in ["A", "B", "A"] {
        let ticket = kiosk.issue(service).await;
        ticket["qr"].as_str().unwrap().clone_into(&mut waiting);
    }
    clerk.act("/counters/1/open").await.expect(200);
    clerk.act("/counters/1/call").await.expect(200);
    waiting
}

/// The groups of the bar that are open, once they are these.
async fn opens(page: &Browser, groups: &str) {
    let script = "return Array.from(document.querySelectorAll('#bar-pages details[open] summary'), \
                  (node) => node.textContent).join(', ')";
    wait::until(&format!("{groups:?} open in the bar"), async || {
        (page.run(script).await == groups).then_some(())
    })
    .await;
}

async fn focus(page: &Browser) -> Value {
    page.run("return document.activeElement.textContent").await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bars_groups_open_by_key_and_by_finger_and_give_way() {
    let mut office = Office::open(NO_PAPER).await;
    let admin = office.device("admin").await;
    let page = Clerk::signed_in(office.url(), admin.token()).await.browser;
    page.go(&format!("{}/admin/people", office.url())).await;
    let marked = "return Array.from(document.querySelectorAll('#bar-pages [aria-current]'), \
                  (node) => node.textContent).join(', ')";
    assert_eq!(page.run(marked).await, "Hệ thống, Cán bộ");

    // By keyboard: in, back by Escape, in again and out at the end.
    page.tab_to("#bar-pages summary[data-t='nav.group.dossiers']")
        .await;
    page.press(Key::Enter).await;
    opens(&page, "Hồ sơ").await;
    assert_eq!(axe::findings(&page).await, Vec::<String>::new());
    page.press(Key::Tab).await;
    assert_eq!(focus(&page).await, "Sổ quét");
    page.press(Key::Escape).await;
    opens(&page, "").await;
    assert_eq!(focus(&page).await, "Hồ sơ");
    page.press(Key::Enter).await;
    opens(&page, "Hồ sơ").await;
    page.tab_to("#bar-pages summary[data-t='nav.group.reports']")
        .await;
    opens(&page, "").await;

    // By mouse: one at a time, and none once something else is touched.
    page.push_on("#bar-pages summary[data-t='nav.group.system']")
        .await;
    opens(&page, "Hệ thống").await;
    page.push_on("#bar-pages summary[data-t='nav.group.reports']")
        .await;
    opens(&page, "Báo cáo").await;
    page.push_on("h1").await;
    opens(&page, "").await;

    // On a phone the same lies behind one button.
    let phone = json!({ "width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": true });
    page.devtools("Emulation.setDeviceMetricsOverride", phone)
        .await;
    page.push_on(".bar-menu").await;
    page.push_on("#bar-pages summary[data-t='nav.group.dossiers']")
        .await;
    opens(&page, "Hồ sơ").await;
    assert_eq!(axe::findings(&page).await, Vec::<String>::new());
    // The one below moves up as the one above closes, and is still hit.
    page.push_on("#bar-pages summary[data-t='nav.group.system']")
        .await;
    opens(&page, "Hệ thống").await;
    page.push_on("#bar-pages a[href='/admin/devices']").await;
    page.find("#devices").await;
    page.close().await;
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_follows_its_number_by_itself() {
    let mut office = Office::open(NO_PAPER).await;
    let ticket = office.device("kiosk").await.issue("A").await;
    let clerk = office.device("clerk").await;
    let phone = Browser::open().await;
    let token = ticket["qr"].as_str().unwrap();
    phone.go(&format!("{}/t/{token}", office.url())).await;
    phone.reads("Sắp đến lượt Ông/Bà").await;
    phone.push("English").await;
    phone.reads("You are next").await;
    clerk.act("/counters/1/open").await.expect(200);
    clerk.act("/counters/1/call").await.expect(200);
    phone.reads("Please go to counter 1").await;
    phone.close().await;
    office.stop().await;
}
