//! A late dossier gets its letter of apology: drafted, signed on paper, given to the citizen.

use crate::NO_PAPER;
use crate::dossiers::{dossier, imported, nowhere};
use data_encoding::BASE64;
use fantoccini::Locator;
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde_json::{Value, json};
use tests::api::{Answer, Device, fresh_key, sent};
use tests::browser::Browser;
use tests::clerk::Clerk;
use tests::office::Office;
use tests::{axe, tools, wait};

/// Somebody whom nobody tells the machine of.
const CITIZEN: &str = "Hoàng Thị Thử";
const REASON: &str = "Chờ ông Lý Văn Mẫu xác minh ranh giới thửa đất.";

fn vietnamese(date: Date) -> String {
    date.strftime("%d/%m/%Y").to_string()
}

async fn listed(device: &Device) -> Value {
    device.get("/dossiers/late?days=3").await.expect(200).body
}

/// Drafts a letter about a dossier of the late list.
async fn drafted(device: &Device, number: usize, new_due: Date, reason: &str) -> Answer {
    let list = listed(device).await;
    let reference = list["items"][number]["ref"].clone();
    let body = json!({ "ref": reference, "new_due": new_due.to_string(), "reason": reason });
    device.post("/letters", &fresh_key(), &body).await
}

async fn told(device: &Device, letter: &str) -> Answer {
    device.get(&format!("/letters/{letter}")).await
}

/// Goes to the tab that was opened beside those that are known.
async fn to_new_tab(page: &Browser, known: usize) {
    let tabs = wait::until("another tab", async || {
        let tabs = page.page.windows().await.unwrap();
        (tabs.len() > known).then_some(tabs)
    })
    .await;
    let newest = tabs.into_iter().next_back().unwrap();
    page.page.switch_to_window(newest).await.unwrap();
}

/// The page as it comes out of a printer, with the sheet that it asks for.
async fn printed(page: &Browser) -> String {
    let asked = json!({ "preferCSSPageSize": true });
    let sheet = page.devtools("Page.printToPDF", asked).await;
    let pdf = BASE64.decode(sheet["data"].as_str().unwrap().as_bytes());
    String::from_utf8_lossy(&pdf.unwrap()).into_owned()
}

/// How many sheets a document has, and the width and height of the first in mm.
fn sheets(pdf: &str) -> (usize, [i32; 2]) {
    let count = pdf.matches("/Type /Page").count() - pdf.matches("/Type /Pages").count();
    let (_, sheet) = pdf.split_once("/MediaBox [").expect("a sheet");
    let (sheet, _) = sheet.split_once(']').unwrap();
    let points: Vec<f64> = sheet
        .split_whitespace()
        .map(|n| n.parse().unwrap())
        .collect();
    let mm = |points: f64| (points * 25.4 / 72.0).round() as i32;
    (count, [mm(points[2]), mm(points[3])])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_writes_a_letter_at_the_scan_of_a_late_dossier_and_hands_it_over() {
    let mut office = Office::open(NO_PAPER).await;
    let (_, today) = imported(&office).await;
    let device = office.device("clerk").await;
    assert_eq!(listed(&device).await["unwritten"], 1);
    let clerk = Clerk::signed_in(office.url(), device.token()).await;
    let page: &Browser = &clerk.browser;
    clerk.sit_at(1).await;
    clerk.burst(&format!("{}\n", dossier(1))).await;
    let write = page.find("#late a[href^='/letters/new?scan=']").await;
    assert_eq!(write.text().await.unwrap(), "Soạn thư xin lỗi");
    write.click().await.unwrap();

    // The form: which dossier, a working day to come, why.
    to_new_tab(page, 1).await;
    page.reads("Đăng ký khai sinh").await;
    page.reads("Mẫu số 04").await;
    page.push("Soạn dự thảo").await;
    page.reads("Mời chọn ngày hẹn trả mới.").await;
    let first = page.find("#dates button").await;
    first.click().await.unwrap();
    let chosen = page
        .run("return document.getElementById('new-due').value")
        .await;
    let new_due: Date = chosen.as_str().unwrap().parse().unwrap();
    assert!(new_due > today);
    page.push("Soạn dự thảo").await;
    page.reads("Mời chọn hoặc ghi lý do chậm.").await;
    page.find("#reason").await.send_keys(REASON).await.unwrap();
    assert!(axe::findings(page).await.is_empty());
    page.push("Soạn dự thảo").await;

    // The draft.
    page.find("article.letter").await;
    for said in [
        "DỰ THẢO",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT",
        &dossier(1),
        "Đăng ký khai sinh",
        &vietnamese(today.checked_sub(10.days()).unwrap()),
        &vietnamese(new_due),
        REASON,
    ] {
        page.reads(said).await;
    }
    let title = page.page.title().await.unwrap();
    let address = page.page.current_url().await.unwrap().to_string();
    for shown in [&title, &address] {
        assert!(!shown.contains("251118"), "no dossier: {shown}");
    }
    let name = page.find(".blank.name").await;
    name.send_keys(CITIZEN).await.unwrap();
    page.reads(CITIZEN).await;
    assert_eq!(sheets(&printed(page).await), (1, [210, 297]));
    for language in ["vi", "en"] {
        page.go(&format!("{address}?lang={language}")).await;
        page.find("article.letter").await;
        let findings = axe::findings(page).await;
        assert!(findings.is_empty(), "{}", findings.join("\n"));
    }
    // What was typed into the draft was for the paper alone.
    assert!(!page.text().await.contains(CITIZEN));
    let seen = office.folder().join("draft.png");
    let article = page.find("article.letter").await;
    std::fs::write(&seen, article.screenshot().await.unwrap()).unwrap();
    let words = tools::read_words(&seen).await;
    let reads = |wanted: &str| words.iter().any(|word| word.text.contains(wanted));
    assert!(reads("THẢO") && reads("CỘNG"), "{words:?}");

    // The late list: signed, then given; nothing out of turn is offered.
    page.go(&format!("{}/dossiers/late?lang=vi", office.url()))
        .await;
    page.reads("Văn bản xin lỗi: dự thảo").await;
    assert!(
        page.page
            .find(Locator::Css(".give:not([hidden])"))
            .await
            .is_err()
    );
    for (act, said) in [("sign", "đã ký"), ("give", "đã giao")] {
        page.push_on(&format!(".{act} > button")).await;
        page.push_on(&format!(".{act} .sure")).await;
        page.reads(&format!("Văn bản xin lỗi: {said}")).await;
    }
    for language in ["vi", "en"] {
        page.go(&format!("{}/dossiers/late?lang={language}", office.url()))
            .await;
        page.find(".late-list .open:not([hidden])").await;
        let findings = axe::findings(page).await;
        assert!(findings.is_empty(), "{}", findings.join("\n"));
    }
    let list = listed(&device).await;
    assert_eq!(list["unwritten"], 0);
    let letter = list["items"][0]["letter"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(list["items"][1]["letter"].is_null(), "it is only due soon");
    clerk.browser.close().await;

    // It is there after a start, and on a spare machine.
    office.stop().await;
    office.start().await;
    office.say(&["journal", "verify"]).await;
    let device = device.at(office.url());
    let before = told(&device, &letter).await.expect(200).body;
    for step in ["drafted", "signed", "given"] {
        assert!(before[step]["at"].is_string() && before[step]["by"].is_string());
    }
    let copies = office.folder().join("copies");
    let copies = copies.to_str().unwrap();
    office.say(&["journal", "backup", copies]).await;
    let mut spare = Office::furnished(NO_PAPER);
    spare.say(&["journal", "restore", copies]).await;
    spare.start().await;
    let after = told(&device.at(spare.url()), &letter)
        .await
        .expect(200)
        .body;
    assert_eq!(after, before);
    let said = office.daemon().log();
    office.stop().await;
    for secret in [CITIZEN, REASON, "251118-0001"] {
        assert!(!said.contains(secret), "{secret}");
        nowhere(office.data(), secret.as_bytes());
    }
    let log = std::fs::read_to_string(office.data().join("access.log")).unwrap();
    assert!(
        log.contains("GET /letters/{id}") && !log.contains(&letter),
        "{log}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_is_taken_further_in_its_order_and_a_mistake_by_drafting_anew() {
    let office = Office::open(NO_PAPER).await;
    let (_, today) = imported(&office).await;
    let clerk = office.device("clerk").await;
    let later = today.checked_add(7.days()).unwrap();
    let soon = drafted(&clerk, 1, later, REASON).await;
    soon.refused(409, "not-late");
    let past = drafted(&clerk, 0, today, REASON).await;
    past.refused(422, "letter-date");
    drafted(&clerk, 0, later, " ")
        .await
        .refused(422, "letter-reason");
    let both = json!({ "scan": "x", "ref": "y", "new_due": later.to_string(), "reason": REASON });
    let both = clerk.post("/letters", &fresh_key(), &both).await;
    both.refused(422, "letter-about-one");
    let unknown = json!({ "ref": "y", "new_due": later.to_string(), "reason": REASON });
    let unknown = clerk.post("/letters", &fresh_key(), &unknown).await;
    unknown.refused(404, "unknown-dossier");
    assert_eq!(listed(&clerk).await["unwritten"], 1, "nothing was drafted");

    // A lost answer is asked for again, and it is one letter.
    let scan = clerk.scan(&dossier(1)).await.expect(202);
    let body = json!({ "scan": scan.text("id"), "new_due": later.to_string(), "reason": REASON, "paper": "a5" });
    let key = fresh_key();
    let first = clerk.post("/letters", &key, &body).await.expect(201);
    let again = clerk.post("/letters", &key, &body).await.expect(201);
    assert_eq!(first.body, again.body);
    assert_eq!(
        (first.text("state"), first.text("paper")),
        ("drafted", "a5")
    );
    assert_eq!(first.text("dossier"), dossier(1));

    let path = |letter: &Answer, act: &str| format!("/letters/{}/{act}", letter.text("id"));
    clerk
        .act(&path(&first, "give"))
        .await
        .refused(409, "letter-not-signed");
    clerk.act(&path(&first, "sign")).await.expect(200);
    clerk
        .act(&path(&first, "sign"))
        .await
        .refused(409, "letter-signed");
    let second = drafted(&clerk, 0, later, "Chờ ý kiến.").await.expect(201);
    clerk
        .act(&path(&first, "give"))
        .await
        .refused(409, "letter-replaced");
    let at_counter = format!("/scans/{}/dossier", scan.text("id"));
    let known = clerk.get(&at_counter).await.expect(200);
    let expected = json!({ "id": second.text("id"), "state": "drafted" });
    assert_eq!(known.body["letter"], expected);
    clerk.act(&path(&second, "sign")).await.expect(200);
    let given = clerk.act(&path(&second, "give")).await.expect(200);
    assert_eq!(given.text("state"), "given");
    clerk
        .act(&path(&second, "give"))
        .await
        .refused(409, "letter-given");
    clerk
        .act("/letters/nothing/sign")
        .await
        .refused(404, "unknown-letter");

    let all = clerk.get("/letters").await.expect(200).body;
    let states: Vec<_> = all["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["state"].clone())
        .collect();
    assert_eq!(states, [json!("replaced"), json!("given")]);
    let given = clerk.get("/letters?state=given").await.expect(200).body;
    assert_eq!(given["items"].as_array().unwrap().len(), 1);
    clerk
        .get("/letters?state=lost")
        .await
        .refused(400, "bad-request");
    let book = sent(clerk.request("GET", "/dossiers/late.xlsx?days=3")).await;
    book.unwrap().expect(200);
}

/// Words of `[[form]]` that count from a date.
fn text_of(version: &str, from: Date) -> String {
    format!(
        "[[form]]\nid = \"apology\"\nname = \"Mẫu {version}\"\nversion = \"{version}\"\nfrom = \"{from}\"\n\
         title = \"Thư xin lỗi {version}\"\nreasons = [\"Lý do sẵn {version}\"]\n\
         paragraphs = [\"{{dossier}}: {{due}} -> {{new_due}}, vì {{reason}}\"]\n"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn the_text_in_force_today_is_drafted_and_an_older_draft_keeps_its_own() {
    let mut office = Office::open(NO_PAPER).await;
    let (_, today) = imported(&office).await;
    let clerk = office.device("clerk").await;
    let later = today.checked_add(7.days()).unwrap();
    let old = drafted(&clerk, 0, later, REASON).await.expect(201);
    assert_eq!(old.text("version"), "2025-09-15");
    office.stop().await;
    let (now, not_yet) = (text_of("mới", today), text_of("sau", later));
    office.set(&format!("{NO_PAPER}{not_yet}{now}"));
    let check = office.say(&["check"]).await;
    assert!(
        check.contains("good  form: late dossiers: Mẫu mới"),
        "{check}"
    );
    office.start().await;
    let clerk = clerk.at(office.url());
    let form = clerk.get("/letters/form").await.expect(200).body;
    assert_eq!(
        (&form["version"], &form["reasons"]),
        (&json!("mới"), &json!(["Lý do sẵn mới"]))
    );
    let new = drafted(&clerk, 0, later, REASON).await.expect(201);
    for (letter, title) in [
        (&old, "Văn bản xin lỗi và đề nghị"),
        (&new, "Thư xin lỗi mới"),
    ] {
        let page = clerk.request("GET", &format!("/letters/{}", letter.text("id")));
        let page = page.header("Accept", "text/html").send().await.unwrap();
        let page = page.text().await.unwrap();
        assert!(page.contains(title), "{page}");
    }
    // A text that is gone is said to be gone.
    office.stop().await;
    office.set(NO_PAPER);
    office.start().await;
    let clerk = clerk.at(office.url());
    let page = clerk.request("GET", &format!("/letters/{}", new.text("id")));
    sent(page).await.unwrap().refused(409, "form-gone");
}

/// An office at the western or eastern edge of the calendar: when it moves from the one to the other
/// its date is a later one, and a new service day begins without anybody waiting for it.
fn at_the_edge(zone: &str) -> String {
    format!(
        "{NO_PAPER}[office]\nname = \"Phường Thử\"\ntime_zone = \"{zone}\"\n\
         [[service]]\nletter = \"A\"\nname = \"Hộ tịch\"\n[[counter]]\nnumber = 1\nservices = [\"A\"]\n"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn with_its_day_a_letter_forgets_whose_it_was() {
    let mut office = Office::open(&at_the_edge("-12:00")).await;
    let (_, today) = imported(&office).await;
    let clerk = office.device("clerk").await;
    let letter = drafted(&clerk, 0, today.checked_add(7.days()).unwrap(), REASON).await;
    let letter = letter.expect(201).text("id").to_owned();
    office.stop().await;
    office.set(&at_the_edge("+14:00"));
    office.start().await;
    let clerk = clerk.at(office.url());
    let admin = office.device("admin").await;
    wait::until("the next day", async || {
        (admin.act("/days/1/erase").await.status == 200).then_some(())
    })
    .await;
    let left = told(&clerk, &letter).await.expect(200).body;
    for gone in ["dossier", "procedure", "reason"] {
        assert!(left[gone].is_null(), "{gone}: {left}");
    }
    assert_eq!(left["state"], "drafted");
    clerk
        .act(&format!("/letters/{letter}/sign"))
        .await
        .refused(404, "unknown-letter");
    let page = clerk.request("GET", &format!("/letters/{letter}"));
    sent(page).await.unwrap().refused(404, "unknown-letter");
    assert_eq!(listed(&clerk).await["unwritten"], 1);
    office.say(&["journal", "verify"]).await;
}
