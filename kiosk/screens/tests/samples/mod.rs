//! Every state of both screens, for the gallery and the tests: an invented office, with the
//! names and letters that are hardest to set.

#![allow(dead_code, missing_docs, unreachable_pub, clippy::unwrap_used)]

mod looking;

use screens::board::{Board, Ticket};
use screens::corner::{self, Corner, CornerView};
use screens::enrol::{self, Asker, EnrolView, Enrolment, Step};
use screens::frame::Frame;
use screens::lobby::{self, Lobby, LobbyView, Size};
use screens::touch::{self, Moment, TouchView};
use screens::visit::{Answer, Card, Code, Event, Given, Person, Press, Private, Told, Visit};
use screens::words::Language;
use serde_json::{Value, json};

/// Monday 23/11/2026, 7:42 in the office.
pub const UTC_MS: i64 = 1_795_394_520_000;

pub const MOMENT: Moment = Moment {
    now_ms: 1_000,
    utc_ms: Some(UTC_MS),
};

fn text(vi: &str, en: &str) -> Value {
    json!({ "vi": vi, "en": en })
}

/// Why a service gives out no numbers, and when it does again.
pub fn closed_service(reason: &str) -> Value {
    let opens_at = match reason {
        "noon" | "not-yet" => "2026-11-23T13:30:00+07:00",
        _ => "2026-11-24T07:30:00+07:00",
    };
    json!({ "open": false, "reason": reason, "opens_at": opens_at })
}

pub fn office() -> Value {
    let service = |position, vi, en, words_vi, words_en, waiting: u32| {
        json!({
            "position": position, "name": text(vi, en), "words": text(words_vi, words_en),
            "kind": "normal", "waiting": waiting,
            "wait_seconds": if waiting == 0 { Value::Null } else {
                json!({ "low": waiting * 150, "high": waiting * 220 })
            },
        })
    };
    let mut services = json!({
        "A": service(0, "Hộ tịch", "Civil status", "khai sinh, kết hôn, khai tử", "birth, marriage, death", 4),
        "B": service(1, "Đất đai", "Land", "sổ đỏ, biến động, trích lục", "land certificates, changes, extracts", 12),
        "C": service(2, "Chứng thực", "Certification", "sao y, chứng thực chữ ký", "copies, signatures", 0),
        "E": service(3, "Kinh doanh", "Business", "đăng ký hộ kinh doanh", "household business registration", 1),
        "H": service(4, "Tôi chưa rõ", "I am not sure", "", "", 0),
        "K": service(5, "Nhận kết quả", "Collect a result", "", "", 2),
    });
    services["E"]["issuing"] = closed_service("full");
    services["H"]["kind"] = json!("guide");
    services["K"]["kind"] = json!("result");
    json!({
        "epoch": "01J", "seq": 1,
        "office": {
            "parent": text("UBND PHƯỜNG MẪU", "People's Committee of Mẫu ward"),
            "name": text("Trung tâm Phục vụ hành chính công", "Public Administration Service Centre"),
            "hotline": "1022",
            "notices": [text(
                "Chủ tịch UBND phường tiếp công dân: thứ Năm hằng tuần, từ 8 giờ.",
                "The chairman receives citizens every Thursday from 8:00.",
            )],
            "languages": ["vi", "en"],
            "priority": text(
                "người cao tuổi, khuyết tật, mang thai, có con nhỏ",
                "older people, people with disabilities, pregnancy, small children",
            ),
        },
        "clock": { "known": true, "offset_minutes": 420 },
        "day": { "open": true, "date": "2026-11-23" },
        "issuing": { "open": true },
        "services": services,
        "counters": {
            "1": { "state": "open", "services": ["A", "B"], "ticket": "A012" },
            "2": { "state": "open", "services": ["B", "C"], "ticket": null },
        },
        "calls": [
            { "number": "A012", "counter": 3, "times": 1, "id": 57 },
            { "number": "B007", "counter": 1, "times": 1, "id": 56 },
            { "number": "C031", "counter": 4, "times": 2, "id": 55 },
            { "number": "A011", "counter": 2, "times": 1, "id": 53 },
            { "number": "K005", "counter": 6, "times": 1, "id": 52 },
            { "number": "B006", "counter": 1, "times": 1, "id": 50 },
            { "number": "B005", "counter": 12, "times": 1, "id": 49 },
        ],
        "printer": "ready",
    })
}

/// Six ordinary services: what most offices have.
pub fn usual_office() -> Value {
    let mut office = office();
    for (i, (letter, vi, en, words_vi, words_en)) in [
        (
            "D",
            "Bảo trợ xã hội",
            "Social protection",
            "trợ cấp, người có công, khuyết tật",
            "allowances, merit, disability",
        ),
        (
            "G",
            "Xây dựng, đô thị",
            "Construction",
            "giấy phép xây dựng, số nhà",
            "building permits, house numbers",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        office["services"][letter] = json!({
            "position": 3 + i, "name": text(vi, en), "words": text(words_vi, words_en),
            "kind": "normal", "waiting": 3 + i * 8,
            "wait_seconds": { "low": 900 * (i + 1), "high": 1400 * (i + 1) },
        });
    }
    office
}

/// Ten services, long names, stacked capitals.
pub fn large_office() -> Value {
    let mut office = office();
    office["office"]["parent"] = text(
        "ỦY BAN NHÂN DÂN XÃ ĐẶC KHU ẰẮẲẴẶ ẦẤẨẪẬ, TỈNH MẪU",
        "People's Committee of the special zone ẰẮẲẴẶ ẦẤẨẪẬ, Mẫu province",
    );
    office["office"]["name"] = text(
        "Trung tâm Phục vụ hành chính công đặc khu Mẫu, cơ sở 2 tại xã Ẩm Ẵng",
        "Public Administration Service Centre of the special zone Mẫu, branch 2 in Ẩm Ẵng",
    );
    let names = [
        (
            "D",
            "Bảo trợ xã hội, người có công",
            "Social protection and merit",
        ),
        (
            "G",
            "Tài nguyên nước, khoáng sản, môi trường",
            "Water, minerals and environment",
        ),
        ("L", "ẰẮẲẴẶ ẦẤẨẪẬ Ỗ Ữ", "ẰẮẲẴẶ ẦẤẨẪẬ Ỗ Ữ"),
        ("M", "Giáo dục và đào tạo", "Education and training"),
        (
            "N",
            "Xây dựng, quy hoạch đô thị và nông thôn",
            "Construction, urban and rural planning",
        ),
        ("P", "Y tế", "Health"),
    ];
    for (i, (letter, vi, en)) in names.into_iter().enumerate() {
        office["services"][letter] = json!({
            "position": 3 + i, "name": text(vi, en),
            "words": text("giấy phép, xác nhận, trợ cấp hằng tháng", "permits, confirmations, monthly allowances"),
            "kind": "normal", "waiting": 3 + i * 17,
            "wait_seconds": { "low": 900 * (i + 1), "high": 1400 * (i + 1) },
        });
    }
    office
}

pub fn board(office: &Value) -> Board {
    serde_json::from_value(office.clone()).unwrap()
}

fn with(change: impl Fn(&mut Value)) -> Value {
    let mut office = office();
    change(&mut office);
    office
}

fn issuing(reason: &str, opens_at: Option<&str>) -> Value {
    with(|office| {
        office["issuing"] = json!({ "open": false, "reason": reason, "opens_at": opens_at });
    })
}

pub fn ticket(paper: &str) -> Ticket {
    serde_json::from_value(json!({
        "id": "01JX", "number": "A012", "service": "A", "class": "normal", "language": "vi",
        "state": "waiting", "ahead": 4, "wait_seconds": { "low": 600, "high": 900 },
        "qr": "http://192.0.2.10:8081/t/7K3QX9M2", "paper": paper, "issued_at": null,
    }))
    .unwrap()
}

/// An office whose second printer stands in for the first.
pub fn two_printers() -> Value {
    with(|office| {
        office["printers"] = json!({
            "main": { "place": text("Cửa chính", "Main door") },
            "door": { "place": text("cạnh cửa số 2", "beside door 2") },
        });
    })
}

/// A ticket whose slip comes out of the second printer.
pub fn elsewhere(paper: &str) -> Ticket {
    Ticket {
        printer: Some("door".to_owned()),
        ..ticket(paper)
    }
}

/// A visit that went through `events` at the given milliseconds.
pub fn visit(office: &Value, language: &str, events: Vec<(Event, u64)>) -> Visit {
    let mut visit = Visit::new(0);
    visit.on(Event::Board(Box::new(board(office))), 0);
    if language == "en" {
        visit.on(press(Press::Language), 0);
    }
    for (event, at) in events {
        visit.on(event, at);
    }
    visit
}

pub fn press(press: Press) -> Event {
    Event::Press(press, "key".to_owned())
}

fn choose() -> (Event, u64) {
    (press(Press::Choose("A".to_owned())), 100)
}

fn answered(ticket: Ticket) -> Vec<(Event, u64)> {
    let answer = Answer::Ticket(Box::new(ticket));
    vec![choose(), (Event::Answer("key".to_owned(), answer), 200)]
}

/// Something is held to the reader.
fn read(code: Code) -> (Event, u64) {
    (Event::Read(code, "key".to_owned()), 100)
}

fn receipt() -> (Event, u64) {
    read(Code::Receipt(Private("H05.114-250625-0002".to_owned())))
}

fn other(told: Told) -> (Event, u64) {
    read(Code::Other(told))
}

/// A receipt, and the ticket for it.
fn collect(paper: &str) -> Vec<(Event, u64)> {
    let ticket = Ticket {
        number: "K006".to_owned(),
        service: "K".to_owned(),
        ..ticket(paper)
    };
    let answer = Answer::Ticket(Box::new(ticket));
    vec![receipt(), (Event::Answer("key".to_owned(), answer), 200)]
}

/// A receipt or slip whose ticket was there before.
fn had(given: Given, state: &str) -> Vec<(Event, u64)> {
    let ticket = Box::new(Ticket {
        number: "K006".to_owned(),
        service: "K".to_owned(),
        state: state.to_owned(),
        counter: Some(3),
        ahead: (state == "waiting").then_some(2),
        wait_seconds: None,
        ..ticket("printed")
    });
    let answer = match given {
        Given::Now => Answer::Ticket(ticket),
        Given::Before => Answer::Held(ticket),
        Given::Again => Answer::Back(ticket),
    };
    vec![receipt(), (Event::Answer("key".to_owned(), answer), 200)]
}

fn no_result(language: &str) -> (Event, u64) {
    let why = match language {
        "en" => {
            "This machine gives no number for a receipt. Please choose a service or ask a member of staff."
        }
        _ => {
            "Máy chưa nhận số theo giấy hẹn. Mời Ông/Bà chọn lĩnh vực trên màn hình hoặc gặp cán bộ hướng dẫn."
        }
    };
    let answer = Answer::Refused(why.to_owned());
    (Event::Answer("key".to_owned(), answer), 200)
}

/// A citizen card, and what the daemon says of it.
fn card(held: &[&str], aged: bool) -> Vec<(Event, u64)> {
    let card = Card {
        number: Private("001046000001".to_owned()),
        birth: None,
    };
    let person = Person {
        word: Private("9".repeat(32)),
        held: held.iter().map(|number| (*number).to_owned()).collect(),
        class: aged.then(|| "priority".to_owned()),
    };
    let known = Event::Card("key".to_owned(), Some(person));
    vec![read(Code::Card(card)), (known, 150)]
}

/// All states of the touch screen.
pub fn touch_views(language: &str, frame: Frame) -> Vec<(&'static str, TouchView)> {
    let at = |now_ms: u64| Moment { now_ms, ..MOMENT };
    let make = |office: &Value, events, moment| {
        let mut visit = visit(office, language, events);
        visit.on(Event::Tick, moment_ms(&moment));
        touch::view(&visit, moment, frame)
    };
    let few = office();
    let many = large_office();
    let plain = with(|office| {
        office["office"]["priority"] = Value::Null;
        office["office"]["languages"] = json!(["vi"]);
        office["printer"] = json!("none");
        office["office"]["notices"] = json!([]);
    });
    let unclocked = with(|office| office["clock"]["known"] = json!(false));
    let start = Visit::new(0);
    let day_off = issuing("day-off", Some("2026-11-23T07:30:00+07:00"));
    let power_cut = {
        let mut office = issuing("unplanned", Some("2026-11-23T15:30:00+07:00"));
        office["issuing"]["text"] = json!({"vi": "Mất điện toàn khu vực", "en": "Power cut"});
        office
    };
    let refused = Answer::Refused(match language {
        "en" => "No numbers are left for Land today. Please ask a member of staff.".to_owned(),
        _ => "Hôm nay đã phát hết số của lĩnh vực Đất đai. Mời Ông/Bà gặp cán bộ hướng dẫn."
            .to_owned(),
    });
    let change = |mut events: Vec<(Event, u64)>| {
        events.push((press(Press::Change), 900));
        events
    };
    let failed = |cause: &str| Ticket {
        paper_cause: Some(cause.to_owned()),
        ..ticket("failed")
    };
    let usual = usual_office();
    let hours = {
        let mut office = office();
        office["services"]["A"]["issuing"] = closed_service("paused");
        office["services"]["B"]["issuing"] = closed_service("over");
        office["services"]["C"]["issuing"] = closed_service("not-yet");
        office
    };
    let kept = Ticket {
        kept_until: Some("2026-11-23T13:30:00+07:00".to_owned()),
        ..ticket("printed")
    };
    let priority = Ticket {
        class: "priority".to_owned(),
        ahead: Some(0),
        wait_seconds: None,
        ..ticket("printed")
    };
    let token = Ticket {
        qr: "7K3QX9M2".to_owned(),
        ..ticket("none")
    };
    let mut views = vec![
        ("home", make(&few, vec![], MOMENT)),
        ("home-usual", make(&usual, vec![], MOMENT)),
        (
            "home-usual-large",
            make(&usual, vec![(press(Press::Size), 10)], MOMENT),
        ),
        ("home-many", make(&many, vec![], MOMENT)),
        ("home-plain", make(&plain, vec![], MOMENT)),
        (
            "home-large",
            make(&few, vec![(press(Press::Size), 10)], MOMENT),
        ),
        (
            "home-many-large",
            make(&many, vec![(press(Press::Size), 10)], MOMENT),
        ),
        ("home-no-clock", make(&unclocked, vec![], MOMENT)),
        (
            "home-priority",
            make(
                &few,
                vec![(press(Press::AskPriority), 10), (press(Press::Yes), 20)],
                MOMENT,
            ),
        ),
        (
            "home-reader",
            make(&few, vec![(Event::Reader(true), 10)], MOMENT),
        ),
        (
            "home-reader-many",
            make(&many, vec![(Event::Reader(true), 10)], MOMENT),
        ),
        (
            "home-reader-large",
            make(
                &usual,
                vec![(Event::Reader(true), 10), (press(Press::Size), 20)],
                MOMENT,
            ),
        ),
        ("receipt-asked", make(&few, vec![receipt()], MOMENT)),
        ("receipt-number", make(&few, collect("pending"), at(300))),
        (
            "receipt-had",
            make(&few, had(Given::Before, "waiting"), MOMENT),
        ),
        (
            "receipt-called",
            make(&few, had(Given::Before, "called"), MOMENT),
        ),
        (
            "receipt-missed",
            make(&few, had(Given::Before, "parked"), MOMENT),
        ),
        (
            "slip-back",
            make(&few, had(Given::Again, "waiting"), MOMENT),
        ),
        (
            "receipt-refused",
            make(&few, vec![receipt(), no_result(language)], MOMENT),
        ),
        (
            "unreadable",
            make(&few, vec![other(Told::Unreadable)], MOMENT),
        ),
        ("for-staff", make(&few, vec![other(Told::ForStaff)], MOMENT)),
        ("vneid", make(&few, vec![other(Told::Vneid)], MOMENT)),
        ("old-slip", make(&few, vec![other(Told::OldSlip)], MOMENT)),
        (
            "card-unchecked",
            make(&few, vec![other(Told::CardUnchecked)], MOMENT),
        ),
        ("card", make(&few, card(&[], false), MOMENT)),
        ("card-holds", make(&usual, card(&["A012"], false), MOMENT)),
        ("card-aged", make(&few, card(&[], true), MOMENT)),
        (
            "card-aged-many",
            make(&many, card(&["A012", "B1007"], true), MOMENT),
        ),
        ("asked", make(&few, vec![choose()], MOMENT)),
        ("waiting", make(&few, vec![choose()], at(4_000))),
        ("no-answer", make(&few, vec![choose()], at(20_100))),
        (
            "priority",
            make(&few, vec![(press(Press::AskPriority), 10)], MOMENT),
        ),
        (
            "priority-many",
            make(&many, vec![(press(Press::AskPriority), 10)], MOMENT),
        ),
        (
            "paused",
            make(
                &hours,
                vec![(press(Press::Choose("A".to_owned())), 10)],
                MOMENT,
            ),
        ),
        (
            "not-yet-service",
            make(
                &hours,
                vec![(press(Press::Choose("C".to_owned())), 10)],
                MOMENT,
            ),
        ),
        ("home-hours", make(&hours, vec![], MOMENT)),
        (
            "number-kept",
            make(
                &few,
                vec![
                    choose(),
                    (
                        Event::Answer("key".to_owned(), Answer::Ticket(Box::new(kept))),
                        300,
                    ),
                ],
                MOMENT,
            ),
        ),
        (
            "full",
            make(
                &few,
                vec![(press(Press::Choose("E".to_owned())), 10)],
                MOMENT,
            ),
        ),
        (
            "refused",
            make(
                &few,
                vec![choose(), (Event::Answer("key".to_owned(), refused), 200)],
                MOMENT,
            ),
        ),
        (
            "number-pending",
            make(&few, answered(ticket("pending")), MOMENT),
        ),
        (
            "number-slow",
            make(&few, answered(ticket("pending")), at(20_300)),
        ),
        (
            "number-printed",
            make(&few, answered(ticket("printed")), at(5_000)),
        ),
        ("number-priority", make(&few, answered(priority), at(5_000))),
        (
            "number-elsewhere",
            make(&two_printers(), answered(elsewhere("printed")), at(5_000)),
        ),
        (
            "number-elsewhere-pending",
            make(&two_printers(), answered(elsewhere("pending")), MOMENT),
        ),
        ("number-none", make(&plain, answered(token), MOMENT)),
        (
            "number-failed",
            make(&few, answered(failed("paper-out")), MOMENT),
        ),
        (
            "number-cover-open",
            make(&few, answered(failed("cover-open")), MOMENT),
        ),
        (
            "number-unknown",
            make(&few, answered(ticket("unknown")), MOMENT),
        ),
        (
            "number-many",
            make(&many, answered(ticket("printed")), at(5_000)),
        ),
        (
            "number-large",
            make(
                &few,
                [
                    vec![(press(Press::Size), 10)],
                    answered(failed("paper-out")),
                ]
                .concat(),
                MOMENT,
            ),
        ),
        (
            "change",
            make(&few, change(answered(ticket("printed"))), MOMENT),
        ),
        (
            "change-many",
            make(&many, change(answered(ticket("printed"))), MOMENT),
        ),
        (
            "still",
            make(
                &few,
                vec![(press(Press::AskPriority), 10), (Event::Tick, 30_100)],
                at(33_000),
            ),
        ),
        (
            "not-yet",
            make(
                &issuing("not-yet", Some("2026-11-23T07:30:00+07:00")),
                vec![],
                MOMENT,
            ),
        ),
        (
            "noon",
            make(
                &issuing("noon", Some("2026-11-23T13:30:00+07:00")),
                vec![],
                MOMENT,
            ),
        ),
        (
            "gap",
            make(
                &issuing("gap", Some("2026-11-23T13:30:00+07:00")),
                vec![],
                MOMENT,
            ),
        ),
        (
            "over",
            make(
                &issuing("over", Some("2026-11-24T07:30:00+07:00")),
                vec![],
                MOMENT,
            ),
        ),
        ("day-off", make(&day_off, vec![], MOMENT)),
        ("unplanned", make(&power_cut, vec![], MOMENT)),
        ("closed", make(&issuing("closed", None), vec![], MOMENT)),
        ("starting", touch::view(&start, MOMENT, frame)),
        (
            "code",
            not_let_in(&start, frame, false, Step::Code("483 177".into())),
        ),
        (
            "revoked",
            not_let_in(&start, frame, true, Step::Code("900 604".into())),
        ),
        ("no-code", not_let_in(&start, frame, false, away())),
        (
            "away",
            make(&few, vec![(Event::Link(false), 500)], at(3_600)),
        ),
    ];
    views.extend(looking::views(language, frame));
    views
}

/// The touch screen of a machine that does not know the time.
pub fn home(language: &str, frame: Frame) -> TouchView {
    let unclocked = with(|office| office["clock"]["known"] = json!(false));
    touch::view(&visit(&unclocked, language, vec![]), MOMENT, frame)
}

/// All pages of the corner for staff.
pub fn corner_views(language: &str) -> Vec<(&'static str, CornerView)> {
    use corner::Press::{Change, Digit, Down, Next, Right};
    let unclocked = with(|office| {
        office["clock"]["known"] = json!(false);
        office["printers"] = json!({ "printer": { "place": {}, "condition": "paper-low" } });
    });
    let mut clocked = unclocked.clone();
    clocked["clock"]["known"] = json!(true);
    let signed = [Right, Digit('7'), Next];
    let pin: Vec<_> = signed
        .iter()
        .cloned()
        .chain("482913".chars().map(Digit))
        .collect();
    let mut sent = pin.clone();
    sent.push(Next);
    let refuse = |code: &str, vi: &str, en: &str| corner::Answer::Refused {
        code: code.to_owned(),
        detail: if language == "en" { en } else { vi }.to_owned(),
    };
    let wrong = refuse(
        "wrong-pin",
        "Mã số cán bộ hoặc PIN chưa đúng. Mời kiểm tra rồi nhập lại. Quên PIN: nhờ quản trị viên đặt lại.",
        "Staff number or PIN is wrong. Please check and try again. If you forgot the PIN, ask your administrator to reset it.",
    );
    let back = refuse(
        "date-back",
        "Ngày này sớm hơn ngày làm việc gần nhất, 23/11/2027. Mời xem lại; nếu vẫn đúng, mời xác nhận lần nữa.",
        "This date is before the last service day, 23/11/2027. Please look again; if it is right, confirm it once more.",
    );
    let make = |office: &Value, presses: &[corner::Press], answer: Option<corner::Answer>| {
        let mut open = Corner::default();
        open.press(&Down, "key".to_owned(), MOMENT, 420, language);
        open.pass_time(MOMENT.now_ms + corner::REST_MS);
        for press in presses {
            open.press(press, "key".to_owned(), MOMENT, 420, language);
        }
        if let Some(answer) = answer {
            open.answer("key", answer, MOMENT.now_ms);
        }
        let language = Language::from_code(language);
        corner::view(&open, &board(office), language, MOMENT)
    };
    vec![
        ("front", make(&unclocked, &[], None)),
        ("front-known", make(&clocked, &[], None)),
        ("setting", make(&unclocked, &[Change], None)),
        ("number", make(&unclocked, &[Right], None)),
        ("pin", make(&unclocked, &pin, None)),
        ("checking", make(&unclocked, &sent, None)),
        ("wrong-pin", make(&unclocked, &sent, Some(wrong))),
        ("date-back", make(&unclocked, &sent, Some(back))),
        ("done", make(&unclocked, &sent, Some(corner::Answer::Done))),
    ]
}

/// The page of a screen that is not let in, which speaks both languages.
fn enrolment(asker: Asker, revoked: bool, step: Step) -> Option<EnrolView> {
    Some(enrol::view(&Enrolment {
        asker,
        revoked,
        step,
    }))
}

fn away() -> Step {
    Step::Away("https://kiosk-phuong-mau.local:8443".into())
}

fn not_let_in(visit: &Visit, frame: Frame, revoked: bool, step: Step) -> TouchView {
    TouchView {
        enrol: enrolment(Asker::Touch, revoked, step),
        ..touch::view(visit, MOMENT, frame)
    }
}

fn moment_ms(moment: &Moment) -> u64 {
    moment.now_ms
}

/// All states of the lobby.
pub fn lobby_views(size: Size) -> Vec<(&'static str, LobbyView)> {
    let at = |now_ms: u64| Moment { now_ms, ..MOMENT };
    let make = |office: &Value, moment| {
        let mut lobby = Lobby::new(0);
        lobby.update(board(office), 0);
        lobby::view(&lobby, moment, size)
    };
    let few = office();
    let many = large_office();
    let called = |office: &Value, now| {
        let mut before = office.clone();
        before["calls"].as_array_mut().unwrap().remove(0);
        let mut lobby = Lobby::new(0);
        lobby.update(board(&before), 0);
        lobby.update(board(office), 100);
        lobby.pass_time(now);
        lobby::view(&lobby, at(now), size)
    };
    let usual = usual_office();
    let mut english = usual_office();
    english["office"]["languages"] = json!(["en", "vi"]);
    let noon = issuing("noon", Some("2026-11-23T13:30:00+07:00"));
    let mut noon_empty = noon.clone();
    noon_empty["calls"] = json!([]);
    let empty = with(|office| office["calls"] = json!([]));
    let mut gap = issuing("gap", Some("2026-11-23T13:30:00+07:00"));
    gap["calls"] = json!([]);
    gap["services"]["B"]["kept_until"] = json!("2026-11-23T13:30:00+07:00");
    let unclocked = with(|office| office["clock"]["known"] = json!(false));
    let again = with(|office| {
        office["calls"][0] = json!({ "number": "A1012", "counter": 12, "times": 3, "id": 58 });
        office["office"]["languages"] = json!(["vi"]);
    });
    let closed = with(|office| {
        office["day"] = json!({ "open": false, "date": "2026-11-23" });
        office["issuing"] =
            json!({ "open": false, "reason": "over", "opens_at": "2026-11-24T07:30:00+07:00" });
    });
    let mut lost = Lobby::new(0);
    lost.lost(0);
    vec![
        ("gold", called(&few, 1_000)),
        ("quiet", called(&few, 9_000)),
        ("usual", called(&usual, 1_000)),
        ("english", called(&english, 1_000)),
        ("many", called(&many, 1_000)),
        ("many-next", called(&many, 13_000)),
        ("noon", make(&noon, MOMENT)),
        ("noon-empty", make(&noon_empty, MOMENT)),
        ("gap", make(&gap, MOMENT)),
        ("again", called(&again, 1_000)),
        ("empty", make(&empty, MOMENT)),
        ("no-clock", make(&unclocked, MOMENT)),
        ("stale", make(&few, at(25_000))),
        ("stale-no-clock", make(&unclocked, at(25_000))),
        ("day-closed", make(&closed, MOMENT)),
        ("away", lobby::view(&lost, at(4_000), size)),
        (
            "code",
            LobbyView {
                enrol: enrolment(Asker::Lobby, false, Step::Code("483 177".into())),
                ..lobby::view(&lost, at(4_000), size)
            },
        ),
        (
            "full",
            LobbyView {
                enrol: enrolment(Asker::Lobby, true, Step::Full),
                ..lobby::view(&lost, at(4_000), size)
            },
        ),
    ]
}
