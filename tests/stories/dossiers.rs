//! What the office knows of its dossiers: from the dossier software's export, or by asking it.

use crate::NO_PAPER;
use fantoccini::Locator;
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tests::api::{Answer, Device, fresh_key, sent};
use tests::browser::Browser;
use tests::clerk::Clerk;
use tests::office::Office;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

pub fn dossier(number: u32) -> String {
    format!("H05.114-251118-{number:04}")
}

/// Today by the daemon's calendar: the stories hold on every date.
pub(crate) async fn today(device: &Device) -> Date {
    let list = device.get("/dossiers/late").await.expect(200);
    list.text("today").parse().unwrap()
}

/// The dossier software's list: one ten days late, one due tomorrow, one late whose citizen is to
/// bring something, one returned; a sum below.
fn export(today: Date) -> String {
    let day = |days: i64| {
        let date = today.checked_add(days.days()).unwrap();
        date.strftime("%d/%m/%Y").to_string()
    };
    let (begun, late, soon) = (day(-30), day(-10), day(1));
    format!(
        "\u{FEFF}DANH SÁCH HỒ SƠ\n\
         Mã hồ sơ;Tên TTHC;Chủ hồ sơ;Ngày tiếp nhận;Hạn trả;Trạng thái;Số điện thoại;Mã tra cứu\n\
         {};Đăng ký khai sinh;Nguyễn Văn Mẫu;{begun} 08:00;{late};Đang xử lý;0912345678;AB3D\n\
         {};Đăng ký kết hôn;Trần Thị Mẫu;{begun};{soon};Đang xử lý;0987654321;\n\
         {};Sao y;Lê Văn Mẫu;{begun};{late};Yêu cầu bổ sung;;\n\
         {};Chứng thực;Lê Văn Mẫu;{begun};{late};Đã trả kết quả;;\n\
         {};Sao y;Lê Văn Mẫu;{begun};31/02/2026;Đang xử lý;;\n\
         Tổng cộng: 5;;;;;;;\n",
        dossier(1),
        dossier(2),
        dossier(3),
        dossier(4),
        dossier(5),
    )
}

pub(crate) async fn uploaded(device: &Device, file: impl Into<Vec<u8>>) -> Answer {
    let request = device.request("POST", "/api/v1/dossiers/imports");
    let request = request.header("Idempotency-Key", fresh_key());
    let request = request.header("Content-Type", "application/octet-stream");
    sent(request.body(file.into())).await.unwrap()
}

/// Confirms an upload as it was understood.
pub(crate) async fn confirmed(device: &Device, preview: &Answer) -> Answer {
    let path = format!("/dossiers/imports/{}/confirm", preview.text("id"));
    let body = json!({ "columns": preview.body["columns"], "source": "Phần mềm một cửa", "file": "Lê Văn Mẫu.csv" });
    device.post(&path, &fresh_key(), &body).await
}

pub(crate) async fn found(device: &Device, number: u32) -> Answer {
    let body = json!({ "code": dossier(number) });
    device.post("/dossiers/find", &fresh_key(), &body).await
}

async fn looked_up(device: &Device, number: u32, factor: &str) -> Answer {
    let body = json!({ "code": dossier(number), "factor": factor });
    device.post("/dossiers/look-up", &fresh_key(), &body).await
}

/// An office whose supervisor has taken the export in.
pub async fn with_import() -> (Office, Device, Date) {
    let office = Office::open(NO_PAPER).await;
    let (supervisor, today) = imported(&office).await;
    (office, supervisor, today)
}

/// A supervisor takes the export in.
pub async fn imported(office: &Office) -> (Device, Date) {
    let supervisor = office.device("supervisor").await;
    let today = today(&supervisor).await;
    let preview = uploaded(&supervisor, export(today)).await.expect(200);
    confirmed(&supervisor, &preview).await.expect(200);
    (supervisor, today)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_counts_once_it_was_looked_at_and_confirmed() {
    let office = Office::open(NO_PAPER).await;
    let supervisor = office.device("supervisor").await;
    let today = today(&supervisor).await;
    let preview = uploaded(&supervisor, export(today)).await.expect(200);
    let counts = ["good", "bad", "repeated", "provable"].map(|what| preview.body[what].clone());
    assert_eq!(counts, [4, 2, 0, 2].map(Value::from), "{preview:?}");
    let told = &preview.body["told"];
    assert_eq!(
        told[0],
        json!({ "line": 7, "fault": "bad-date", "column": "due" })
    );
    assert_eq!(told[1], json!({ "line": 8, "fault": "bad-dossier" }));
    assert_eq!(preview.body["columns"]["due"], 4);
    assert!(
        !preview.body.to_string().contains("Nguyễn"),
        "no name: {preview:?}"
    );
    found(&supervisor, 1).await.refused(404, "unknown-dossier");

    // Nobody else confirms it, and another choice of columns shows at once.
    let other = office.device("supervisor").await;
    confirmed(&other, &preview)
        .await
        .refused(404, "unknown-upload");
    let path = format!("/dossiers/imports/{}/check", preview.text("id"));
    let body = json!({ "columns": { "procedure": 1 } });
    let checked = supervisor
        .post(&path, &fresh_key(), &body)
        .await
        .expect(200);
    assert!(checked.body["refused"]["vi"].is_string(), "{checked:?}");
    let done = confirmed(&supervisor, &preview).await.expect(200);
    assert_eq!(done.body["rows"], 4);
    // A lost answer is asked for again, and it is still one import.
    assert_eq!(confirmed(&supervisor, &preview).await.body, done.body);
    let imports = supervisor.get("/dossiers/imports").await.expect(200);
    assert_eq!(imports.body["items"].as_array().unwrap().len(), 1);

    let late = found(&supervisor, 1).await.expect(200);
    assert!(late.body["late_days"].as_u64().unwrap() >= 10, "{late:?}");
    assert_eq!(
        late.body["source"],
        json!({ "kind": "import", "name": "Phần mềm một cửa" })
    );
    assert!(late.body["as_of"].is_string());
    found(&supervisor, 5).await.refused(404, "unknown-dossier");
    assert_eq!(found(&supervisor, 4).await.text("state"), "returned");

    // The next export takes its place as a whole.
    let next = format!("MaHoSo,TrangThaiHoSo\n{},9\n", dossier(1));
    let preview = uploaded(&supervisor, next).await.expect(200);
    confirmed(&supervisor, &preview).await.expect(200);
    assert_eq!(found(&supervisor, 1).await.text("state"), "done");
    found(&supervisor, 2).await.refused(404, "unknown-dossier");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_taken_says_why_and_changes_nothing() {
    let (_office, supervisor, _) = with_import().await;
    for (file, status, code) in [
        (b"\xD0\xCF\x11\xE0\xA1\xB1".to_vec(), 422, "old-workbook"),
        (b"<html><table>".to_vec(), 422, "web-page"),
        (b"PK\x03\x04".to_vec(), 422, "damaged-workbook"),
        (b"\x00\x01\x02".to_vec(), 422, "not-a-table"),
        (Vec::new(), 422, "empty-file"),
        (vec![b'x'; (24 << 20) + 1], 413, "file-too-large"),
        (b"x\n".repeat(100_001), 422, "too-many-rows"),
    ] {
        uploaded(&supervisor, file).await.refused(status, code);
    }
    let dates = format!(
        "MaHoSo,NgayHenTra\n{},11/20/2026\n{},11/08/2026\n",
        dossier(1),
        dossier(2)
    );
    let preview = uploaded(&supervisor, dates).await.expect(200);
    confirmed(&supervisor, &preview)
        .await
        .refused(422, "month-first");
    let nothing = uploaded(&supervisor, "Tên,Tuổi\nA,7\n").await.expect(200);
    confirmed(&supervisor, &nothing)
        .await
        .refused(422, "no-dossier-column");
    assert_eq!(found(&supervisor, 1).await.text("state"), "in-progress");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_sees_what_is_known_of_a_scan_and_others_looks_are_noted() {
    let (mut office, _, _) = with_import().await;
    let clerk = office.device("clerk").await;
    let scan = clerk.scan(&dossier(2)).await.expect(202);
    let path = format!("/scans/{}/dossier", scan.text("id"));
    let known = clerk.get(&path).await.expect(200);
    assert_eq!(known.text("procedure"), "Đăng ký kết hôn");
    assert!(
        known.body["due_in_days"].as_u64().unwrap() <= 1,
        "{known:?}"
    );
    assert!(known.body.get("late_days").is_none());
    let unknown = clerk.scan(&dossier(77)).await.expect(202);
    let unknown = format!("/scans/{}/dossier", unknown.text("id"));
    clerk.get(&unknown).await.refused(404, "unknown-dossier");
    clerk
        .get("/scans/nothing/dossier")
        .await
        .refused(404, "unknown-scan");
    // The clerk had the dossier in hand, and the journal says so; a colleague had not.
    let noted = || {
        let log = std::fs::read_to_string(office.data().join("access.log")).unwrap_or_default();
        log.matches("GET /api/v1/scans/{id}/dossier").count()
    };
    assert_eq!(noted(), 0);
    let colleague = office.device("clerk").await;
    colleague.get(&path).await.expect(200);
    assert_eq!(noted(), 1);
    // It is still known after a restart, and no file holds a dossier or a name.
    office.stop().await;
    office.start().await;
    let clerk = clerk.at(office.url());
    clerk.get(&path).await.expect(200);
    office.stop().await;
    for secret in ["251118-000", "Văn Mẫu", "Đăng ký khai sinh", "0912345678"] {
        nowhere(office.data(), secret.as_bytes());
    }
}

/// No file below `folder` holds `needle`.
pub fn nowhere(folder: &std::path::Path, needle: &[u8]) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            nowhere(&path, needle);
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let held = bytes.windows(needle.len()).any(|at| at == needle);
        assert!(
            !held,
            "{} holds {}",
            path.display(),
            String::from_utf8_lossy(needle)
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ones_own_dossier_is_told_masked_and_only_to_whoever_has_the_receipt() {
    let (office, _, _) = with_import().await;
    let kiosk = office.device("kiosk").await;
    for factor in ["5678", "ab3d"] {
        let own = looked_up(&kiosk, 1, factor).await.expect(200);
        assert_eq!(own.text("dossier"), "H05.***-****01");
        assert_eq!(own.text("state"), "in-progress");
        assert!(own.body["late_days"].as_u64().unwrap() >= 10);
        assert!(!own.body.to_string().contains("251118-0001"), "{own:?}");
    }
    // The same answer for a wrong factor, another's factor, and a dossier that nobody knows.
    let wrong = looked_up(&kiosk, 2, "5678")
        .await
        .refused(403, "wrong-factor");
    let unknown = looked_up(&kiosk, 88, "5678")
        .await
        .refused(403, "wrong-factor");
    assert_eq!(wrong.body, unknown.body);
    // Four slips are free, the fifth locks: this dossier for every device, others go on.
    assert_eq!(wrong.body["tries_left"], 4);
    for (factor, left) in [("", 3), ("0000", 2), ("0000", 1), ("0000", 0)] {
        let again = looked_up(&kiosk, 2, factor).await;
        let again = again.refused(403, "wrong-factor");
        assert_eq!(again.body["detail"], wrong.body["detail"]);
        assert_eq!(again.body["tries_left"], left);
    }
    let locked = looked_up(&kiosk, 2, "4321").await;
    let locked = locked.refused(429, "locked-out");
    let wait = locked.body["wait_seconds"].as_u64();
    assert!(
        wait.is_some_and(|wait| (1..=60).contains(&wait)),
        "{locked:?}"
    );
    let other = office.device("kiosk").await;
    looked_up(&other, 2, "4321")
        .await
        .refused(429, "locked-out");
    looked_up(&kiosk, 1, "5678").await.expect(200);
    // And no device tries through every dossier.
    let mut tries = 0;
    while looked_up(&other, 1_000 + tries, "0000").await.status == 403 {
        tries += 1;
        assert!(tries < 20, "a device is locked");
    }
    looked_up(&other, 1, "5678")
        .await
        .refused(429, "locked-out");
    let log = office.daemon().log();
    assert!(
        !log.contains("251118-0001") && !log.contains("5678"),
        "{log}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_any_source_nothing_is_told_and_nothing_counts_as_a_try() {
    let office = Office::open(NO_PAPER).await;
    let kiosk = office.device("kiosk").await;
    for _ in 0..20 {
        looked_up(&kiosk, 1, "5678").await.refused(404, "no-source");
    }
    let number = json!({ "code": "A001", "factor": "5678" });
    let ticket = kiosk.post("/dossiers/look-up", &fresh_key(), &number).await;
    assert_eq!((ticket.status, ticket.text("kind")), (422, "ticket"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_late_is_listed_by_its_date_with_who_says_so() {
    let (office, supervisor, _) = with_import().await;
    let clerk = office.device("clerk").await;
    let list = clerk.get("/dossiers/late?days=3").await.expect(200).body;
    let listed: Vec<&str> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["dossier"].as_str().unwrap())
        .collect();
    assert_eq!(listed, [dossier(1), dossier(2)]);
    assert_eq!(
        (&list["late"], &list["soon"], &list["paused"]),
        (&json!(1), &json!(1), &json!(1))
    );
    let late = &list["items"][0];
    let (days, working) = (
        late["late_days"].as_u64(),
        late["late_working_days"].as_u64(),
    );
    assert!(working < days, "ten days have a weekend: {late}");
    assert_eq!(list["origins"][0]["source"]["name"], "Phần mềm một cửa");
    let book = clerk.request("GET", "/dossiers/late.xlsx?days=3&lang=en");
    let book = book.send().await.unwrap();
    assert_eq!(book.status(), 200);
    let preview = uploaded(&supervisor, book.bytes().await.unwrap())
        .await
        .expect(200);
    assert_eq!(
        preview.body["good"], 2,
        "our own list reads as one: {preview:?}"
    );
}

/// What a receipt is given at the touch screen when it names no service: number and class.
async fn by_receipt(kiosk: &Device, dossier: &str) -> [String; 2] {
    let body = json!({ "dossier": dossier });
    let ticket = kiosk.post("/tickets", &fresh_key(), &body).await;
    let ticket = ticket.expect(201);
    ["number", "class"].map(|field| ticket.text(field).to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_sent_home_for_a_paper_does_not_queue_from_the_end_again() {
    let (mut office, _, _) = with_import().await;
    let kiosk = office.device("kiosk").await;
    // The sample office has no service for papers: where results are handed out somebody knows.
    assert_eq!(by_receipt(&kiosk, &dossier(3)).await, ["K001", "re-entry"]);
    assert_eq!(by_receipt(&kiosk, &dossier(2)).await, ["K002", "normal"]);
    // Nobody told of it: it is a result to collect.
    assert_eq!(by_receipt(&kiosk, &dossier(9)).await, ["K003", "normal"]);
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_paper_goes_where_the_office_takes_missing_papers() {
    let office = Office::open(&format!(
        "{NO_PAPER}[[service]]\nletter = \"S\"\nname = \"Bổ sung\"\npurpose = \"supplement\"\n\
         [[counter]]\nnumber = 5\nservices = [\"S\"]\n"
    ))
    .await;
    let supervisor = office.device("supervisor").await;
    let today = today(&supervisor).await;
    let preview = uploaded(&supervisor, export(today)).await.expect(200);
    let kiosk = office.device("kiosk").await;
    // A file that waits to be confirmed says nothing yet.
    assert_eq!(by_receipt(&kiosk, &dossier(4)).await, ["K001", "normal"]);
    confirmed(&supervisor, &preview).await.expect(200);
    assert_eq!(by_receipt(&kiosk, &dossier(3)).await, ["S001", "re-entry"]);
    assert_eq!(by_receipt(&kiosk, &dossier(1)).await, ["K002", "normal"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_serial_is_imported_where_the_office_still_takes_it() {
    const OLD: &str = "00092/TTPVHCC";
    for (codes, good) in [("", 1), ("[codes]\nserial_offices = [\"TTPVHCC\"]\n", 2)] {
        let office = Office::open(&format!("{NO_PAPER}{codes}")).await;
        let supervisor = office.device("supervisor").await;
        let file = format!(
            "Mã hồ sơ;Trạng thái\n{};Đang xử lý\n{OLD};Yêu cầu bổ sung\n",
            dossier(1)
        );
        let preview = uploaded(&supervisor, file).await.expect(200);
        assert_eq!(preview.body["good"], good, "{preview:?}");
        confirmed(&supervisor, &preview).await.expect(200);
        let kiosk = office.device("kiosk").await;
        match good {
            2 => assert_eq!(by_receipt(&kiosk, OLD).await, ["K001", "re-entry"]),
            _ => {
                let body = json!({ "dossier": OLD });
                let ticket = kiosk.post("/tickets", &fresh_key(), &body).await;
                ticket.expect(422);
            }
        }
    }
}

/// Dossier software that tells of one dossier, and how often it was asked.
async fn software(says: String) -> (String, Arc<AtomicU32>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(AtomicU32::new(0));
    let count = asked.clone();
    tokio::spawn(async move {
        while let Ok((mut line, _)) = listener.accept().await {
            let (says, count) = (says.clone(), count.clone());
            tokio::spawn(async move {
                let mut request = vec![0; 8_192];
                let length = line.read(&mut request).await.unwrap_or(0);
                let request = String::from_utf8_lossy(&request[..length]).into_owned();
                if request.starts_with("GET /v1/dossiers/") {
                    count.fetch_add(1, Ordering::SeqCst);
                }
                let wanted = format!("GET /v1/dossiers/{} ", dossier(1));
                let (status, body) = match request.starts_with(&wanted) {
                    true => ("200 OK", says.as_str()),
                    false => ("404 Not Found", "{}"),
                };
                let answer = format!(
                    "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                    body.len()
                );
                let _ = line.write_all(answer.as_bytes()).await;
            });
        }
    });
    (url, asked)
}

#[tokio::test(flavor = "multi_thread")]
async fn software_that_can_be_asked_is_asked_once_a_minute_and_its_word_is_kept() {
    let says = json!({
        "id": dossier(1), "procedure": "Khai sinh", "state": "Đang xử lý",
        "received_at": "2025-11-18T08:00:00+07:00", "due_at": "2025-11-20",
        "steps": [{ "name": "Tư pháp" }], "factors": ["5678"],
    });
    let (url, asked) = software(says.to_string()).await;
    let intake = format!("{NO_PAPER}[intake]\nurl = \"{url}\"\n");
    let office = Office::open(&intake).await;
    let (clerk, kiosk) = (office.device("clerk").await, office.device("kiosk").await);
    for _ in 0..5 {
        let known = found(&clerk, 1).await.expect(200);
        assert_eq!(known.body["source"], json!({ "kind": "intake" }));
        assert_eq!(known.body["steps"][0]["name"], "Tư pháp");
    }
    looked_up(&kiosk, 1, "5678").await.expect(200);
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    found(&clerk, 2).await.refused(404, "unknown-dossier");
    let list = clerk.get("/dossiers/late").await.expect(200);
    assert_eq!(
        list.body["late"], 1,
        "what was asked is on the list: {list:?}"
    );

    // Away, the last word still stands, with its age; what nobody knows is not "unknown".
    let mut office = office;
    office.stop().await;
    office.set(&format!(
        "{NO_PAPER}[intake]\nurl = \"http://127.0.0.1:1\"\n"
    ));
    office.start().await;
    let clerk = clerk.at(office.url());
    let known = found(&clerk, 1).await.expect(200);
    assert!(known.body["as_of"].is_string());
    found(&clerk, 2).await.refused(503, "dossiers-away");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_takes_a_file_in_at_a_browser_and_a_clerk_reads_the_list() {
    let mut office = Office::open(NO_PAPER).await;
    let supervisor = office.device("supervisor").await;
    let today = today(&supervisor).await;
    let file = office.folder().join("xuat.csv");
    std::fs::write(&file, export(today)).unwrap();
    let boss = Clerk::signed_in(office.url(), supervisor.token()).await;
    let page: &Browser = &boss.browser;
    page.go(&format!("{}/admin/dossiers", office.url())).await;
    page.reads("Chưa nhập lần nào.").await;
    let chosen = page.find("#file").await;
    chosen.send_keys(file.to_str().unwrap()).await.unwrap();
    page.reads("Nhập 4 hồ sơ").await;
    page.reads("Xem 2 dòng không dùng được").await;
    let text = page.text().await;
    assert!(
        text.contains(&dossier(1)) && !text.contains("Nguyễn Văn Mẫu"),
        "{text}"
    );
    let column = page
        .page
        .find(Locator::Css("#column-dossier"))
        .await
        .unwrap();
    column.select_by_value("").await.unwrap();
    page.reads("Chưa rõ cột nào là mã hồ sơ.").await;
    let column = page
        .page
        .find(Locator::Css("#column-dossier"))
        .await
        .unwrap();
    column.select_by_value("0").await.unwrap();
    page.reads("Nhập 4 hồ sơ").await;
    page.find("#take:not(:disabled)")
        .await
        .click()
        .await
        .unwrap();
    page.reads("Đã nhập 4 hồ sơ.").await;
    page.reads("Phần mềm một cửa: 4 hồ sơ").await;
    page.go(&format!("{}/dossiers/late", office.url())).await;
    page.reads(&dossier(1)).await;
    page.reads("Quá 10 ngày").await;
    page.reads("tệp nhập từ “Phần mềm một cửa” lúc").await;
    let title = page.page.title().await.unwrap();
    assert_eq!(title, "Hồ sơ trễ hẹn");
    boss.browser.close().await;
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn at_a_scan_of_a_late_dossier_the_counter_says_how_late_it_is() {
    let (mut office, _, today) = with_import().await;
    let clerk = office.device("clerk").await;
    let desk = Clerk::signed_in(office.url(), clerk.token()).await;
    let page: &Browser = &desk.browser;
    desk.sit_at(1).await;
    desk.burst(&format!("{}\n", dossier(1))).await;
    let due = today.checked_sub(10.days()).unwrap().strftime("%d/%m/%Y");
    let said = format!("Hồ sơ vừa quét đã quá hạn 10 ngày (hẹn trả {due}).");
    page.reads(&said).await;
    page.find("#language").await.click().await.unwrap();
    page.reads(&format!(
        "The dossier just scanned is 10 days late (due {due})."
    ))
    .await;
    // It is said of the newest scan only.
    desk.burst(&format!("{}\n", dossier(2))).await;
    page.find("#late[hidden]").await;
    assert!(!page.text().await.contains("days late"));
    desk.browser.close().await;
    office.stop().await;
}
