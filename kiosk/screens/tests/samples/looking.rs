//! Looking up one's own dossier: every page of it.

use screens::dossier::Dossier;
use screens::frame::Frame;
use screens::touch::{self, TouchView};
use screens::visit::{Code, Event, LookedUp, Press, Private};
use serde_json::{Value, json};

use super::{MOMENT, Moment, large_office, office, press, usual_office, visit};

/// A dossier with a long name and a way through the offices.
fn dossier(state: &str, more: Value) -> Dossier {
    let mut text = json!({
        "dossier": "H05.***-****02",
        "procedure": "Đăng ký biến động quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất",
        "state": state, "received_on": "2026-11-02", "due_on": "2026-11-26",
        "steps": [
            { "name": "Bộ phận Một cửa phường Mẫu", "finished_on": "2026-11-03" },
            { "name": "Chi nhánh Văn phòng đăng ký đất đai" },
        ],
        "source": { "kind": "intake" }, "as_of": "2026-11-23T07:41:00+07:00",
    });
    for (name, value) in more.as_object().unwrap() {
        text[name] = value.clone();
    }
    serde_json::from_value(text).unwrap()
}

/// An office that can be asked, with the result's counter open.
fn asked(mut office: Value) -> Value {
    office["look_up"] = json!(true);
    office["counters"]["3"] = json!({ "state": "open", "services": ["K"], "ticket": null });
    office
}

fn begun() -> Vec<(Event, u64)> {
    vec![(Event::Reader(true), 10), (press(Press::LookUp), 20)]
}

/// The receipt was read, and this much typed.
fn typed(signs: &str) -> Vec<(Event, u64)> {
    let receipt = Code::Receipt(Private("H05.114-250625-0002".to_owned()));
    let mut events = begun();
    events.push((Event::Read(receipt, "key".to_owned()), 30));
    let signs = signs
        .chars()
        .map(|sign| Press::Sign(Private(sign.to_string())));
    events.extend(signs.map(|sign| (press(sign), 40)));
    events
}

fn sent() -> Vec<(Event, u64)> {
    let mut events = typed("5678");
    events.push((press(Press::Send), 50));
    events
}

fn answered(answer: LookedUp) -> Vec<(Event, u64)> {
    let mut events = sent();
    events.push((Event::LookedUp("key".to_owned(), answer), 60));
    events
}

fn found(state: &str, more: Value) -> Vec<(Event, u64)> {
    answered(LookedUp::Found(Box::new(dossier(state, more))))
}

/// All pages of looking up.
pub(super) fn views(language: &str, frame: Frame) -> Vec<(&'static str, TouchView)> {
    let few = asked(office());
    let make_at = |office: &Value, events, now_ms| {
        let mut visit = visit(office, language, events);
        visit.on(Event::Tick, now_ms);
        touch::view(&visit, Moment { now_ms, ..MOMENT }, frame)
    };
    let make = |office: &Value, events| make_at(office, events, MOMENT.now_ms);
    let here = || vec![(Event::Reader(true), 10)];
    let with = |mut events: Vec<(Event, u64)>, last: Press| {
        events.push((press(last), 900));
        events
    };
    let mut noon = asked(office());
    noon["issuing"] =
        json!({ "open": false, "reason": "noon", "opens_at": "2026-11-23T13:30:00+07:00" });
    let mut plain = few.clone();
    plain["office"]["priority"] = Value::Null;
    let long = |office| asked(office);
    let refused = match language {
        "en" => "This machine has no information on dossiers yet. Please ask at a counter.",
        _ => "Máy này chưa có nguồn thông tin hồ sơ. Mời Ông/Bà gặp cán bộ tại quầy.",
    };
    let import = json!({ "source": { "kind": "import" }, "as_of": "2026-11-20T16:05:00+07:00" });
    let late = json!({ "due_on": "2026-11-13", "late_days": 10 });
    let short = json!({
        "procedure": "Đăng ký khai sinh", "steps": [], "due_in_days": 3,
        "source": { "kind": "import" }, "as_of": "2026-11-20T16:05:00+07:00",
    });
    vec![
        ("home-look-up", make(&few, here())),
        ("home-look-up-usual", make(&long(usual_office()), here())),
        ("home-look-up-many", make(&long(large_office()), here())),
        (
            "home-look-up-many-large",
            make(&long(large_office()), with(here(), Press::Size)),
        ),
        ("home-look-up-large", make(&few, with(here(), Press::Size))),
        ("home-look-up-plain", make(&plain, here())),
        (
            "home-look-up-priority",
            make(&few, with(with(here(), Press::AskPriority), Press::Yes)),
        ),
        ("noon-look-up", make(&noon, here())),
        ("look-up-receipt", make(&few, begun())),
        ("look-up-again", {
            let mut events = begun();
            let junk = Code::Slip(Private("T1".to_owned()));
            events.push((Event::Read(junk, "key".to_owned()), 30));
            make(&few, events)
        }),
        ("look-up-factor", make(&few, typed(""))),
        ("look-up-typed", make_at(&few, typed("5678"), 22_040)),
        (
            "look-up-letters",
            make(&few, with(typed("AB3"), Press::Letters)),
        ),
        (
            "look-up-many-letters",
            make(&long(large_office()), with(typed("AB3D"), Press::Letters)),
        ),
        ("look-up-asked", make(&few, sent())),
        (
            "look-up-wrong",
            make(&few, answered(LookedUp::Wrong(Some(3)))),
        ),
        (
            "look-up-last",
            make(&few, answered(LookedUp::Wrong(Some(1)))),
        ),
        (
            "look-up-wrong-letters",
            make(
                &few,
                with(answered(LookedUp::Wrong(Some(3))), Press::Letters),
            ),
        ),
        (
            "look-up-locked",
            make(&few, answered(LookedUp::Locked(Some(120_000)))),
        ),
        ("look-up-away", make(&few, answered(LookedUp::Away))),
        (
            "look-up-refused",
            make(&few, answered(LookedUp::Refused(refused.to_owned()))),
        ),
        (
            "dossier-late",
            make(&few, found("in-progress", late.clone())),
        ),
        (
            "dossier-late-large",
            make(&few, {
                let mut events = found("in-progress", late.clone());
                events.push((press(Press::Size), 70));
                events
            }),
        ),
        (
            "dossier-many-late",
            make(&long(large_office()), found("in-progress", late)),
        ),
        (
            "dossier-done",
            make(&few, found("done", json!({ "finished_on": "2026-11-20" }))),
        ),
        (
            "dossier-supplement",
            make(&few, found("supplement-asked", import)),
        ),
        ("dossier-in-time", make(&few, found("in-progress", short))),
        ("dossier-returned", make(&few, found("returned", json!({})))),
        ("dossier-stopped", make(&few, found("refused", json!({})))),
        (
            "dossier-other",
            make_at(&few, found("other", json!({})), 26_000),
        ),
    ]
}
