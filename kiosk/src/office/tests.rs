#![allow(clippy::unwrap_used)]
use proptest::prelude::*;
use queue::{Office, Text};

use super::draft::OfficeDraft;
use super::{Remark, changes, file, judge};
use crate::config::Config;
use crate::slips::Press;

fn press() -> Press {
    Config::load(None).unwrap().press
}

fn sample() -> OfficeDraft {
    OfficeDraft::from(&Config::load(None).unwrap().office)
}

/// The sample office, changed in its JSON form.
fn with(pointer: &str, value: serde_json::Value) -> OfficeDraft {
    let mut form = serde_json::to_value(sample()).unwrap();
    *form.pointer_mut(pointer).unwrap() = value;
    serde_json::from_value(form).unwrap()
}

fn fields(remarks: &[Remark]) -> Vec<&str> {
    remarks.iter().map(|remark| remark.field.as_str()).collect()
}

#[test]
fn an_office_is_read_as_it_is_written() {
    let office = Config::load(None).unwrap().office;
    let form = serde_json::to_string(&OfficeDraft::from(&office)).unwrap();
    let draft: OfficeDraft = serde_json::from_str(&form).unwrap();
    let judged = judge(&draft, &press());
    assert_eq!(judged.problems, []);
    assert_eq!(judged.warnings, []);
    assert_eq!(judged.office, Some(office));
}

#[test]
fn all_that_is_wrong_is_said_at_once_in_both_languages() {
    let mut draft = sample();
    draft.name = Text::default();
    draft.languages.push("fr".into());
    draft.time_zone = "Hà Nội".into();
    draft.mixing.normal = 0;
    draft.services[1].letter = "A".into();
    draft.services[2].letter = "é".into();
    draft.services[3].minutes = 0;
    draft.services[4].papers = vec![Text::vi("giấy"); 6];
    draft.counters[0].services.push("Q".into());
    draft.counters[1].number = 1;
    draft.classes[0].id = "normal".into();
    draft.holidays = serde_json::from_str(r#"["2026-09-02", "2026-13-02", "2026-09-02"]"#).unwrap();
    draft.days_off =
        serde_json::from_str(r#"[{"date": "2026-11-27", "from": "14:00", "to": "8:00"}]"#).unwrap();
    draft.hours = serde_json::from_str(r#"[{"days": [], "from": "11:00", "to": "7h"}]"#).unwrap();
    draft.slips = serde_json::from_str(
        r#"{"ticket": [{"number": true}, {"qr": {}, "rule": true}], "checklist": [{"space": 900}],
            "poster": []}"#,
    )
    .unwrap();
    let judged = judge(&draft, &press());
    assert_eq!(judged.office, None);
    let mut found = fields(&judged.problems);
    found.sort_unstable();
    assert_eq!(
        found,
        [
            "classes[0].id",
            "counters[0].services",
            // B has lost its letter, and C too.
            "counters[0].services",
            "counters[1].number",
            "counters[1].services",
            "counters[2].services",
            "days_off[0].to",
            "holidays[1].date",
            "holidays[2].date",
            "hours[0].days",
            "hours[0].to",
            "languages[2]",
            "mixing",
            "name",
            "services[1].letter",
            "services[2].letter",
            "services[3].minutes",
            "services[4].papers",
            "slips.checklist[0].space",
            "slips.poster",
            "slips.ticket[1]",
            "time_zone",
        ]
    );
    for problem in &judged.problems {
        let [vi, en] = ["vi", "en"].map(|language| problem.text.0[language].as_str());
        assert!(!vi.is_empty() && !en.is_empty() && vi != en, "{problem:?}");
    }
}

#[test]
fn what_works_and_is_probably_not_meant_is_a_warning() {
    let unserved = judge(
        &with("/counters/3/services", serde_json::json!([])),
        &press(),
    );
    assert!(unserved.office.is_some());
    let mut found = fields(&unserved.warnings);
    found.sort_unstable();
    assert_eq!(found, ["counters[3].services", "services[4]"]);
    let late = serde_json::json!([{"days": ["mon"], "from": "14:00", "to": "16:00"}]);
    let mut apart = with("/services/1/hours", late);
    apart.hours =
        serde_json::from_str(r#"[{"days": ["mon"], "from": "07:30", "to": "11:30"}]"#).unwrap();
    let apart = judge(&apart, &press());
    assert_eq!(fields(&apart.warnings), ["services[1].hours"]);
    let untold = serde_json::json!({"vi": "Đất đai", "en": " "});
    let untold = judge(&with("/services/1/name", untold), &press());
    assert_eq!(fields(&untold.warnings), ["services[1].name"]);
    // Who reads English reads Vietnamese there, not nothing.
    assert_eq!(untold.office.unwrap().services[1].name.get("en"), "Đất đai");
    let long = serde_json::json!({"vi": "B".repeat(60), "en": "B".repeat(60)});
    let long = judge(&with("/services/1/name", long), &press());
    assert_eq!(
        fields(&long.warnings),
        [
            "slips.ticket",
            "slips.checklist",
            "slips.re-entry",
            "slips.deferred",
            "slips.day-report"
        ]
    );
    assert!(long.office.is_some());
}

#[test]
fn a_change_is_told_in_words() {
    let old = Config::load(None).unwrap().office;
    assert!(changes(&old, &old).is_empty());
    let cases = [
        (
            "/holidays",
            serde_json::json!([{"date": "2026-12-02", "name": {"vi": "Quốc khánh", "en": "National Day"}}]),
            "Thêm ngày nghỉ 02/12/2026 (Quốc khánh)",
            "Added holiday 02/12/2026 (National Day)",
        ),
        (
            "/days_off",
            serde_json::json!([{"date": "2026-11-27", "from": "14:00", "reason": {"vi": "Mất điện"}}]),
            "Nghỉ đột xuất 27/11/2026 từ 14:00 (Mất điện)",
            "Unplanned closure: 27/11/2026 from 14:00 (Mất điện)",
        ),
        (
            "/hours",
            serde_json::json!([{"days": ["mon", "sat"], "from": "07:30", "to": "11:30"}]),
            "Giờ phát số: T2, T7 07:30–11:30",
            "Hours of numbers: Mon, Sat 07:30–11:30",
        ),
        (
            "/counters/1/services",
            serde_json::json!(["B"]),
            "Đổi: quầy 2 phục vụ B",
            "Changed: counter 2 serves B",
        ),
        (
            "/services/0/minutes",
            serde_json::json!(40),
            "A: mỗi lượt 8 → 40 phút",
            "A: 8 → 40 minutes a ticket",
        ),
        (
            "/hotline",
            serde_json::json!("113"),
            "Đường dây nóng: “1022” → “113”",
            "Hotline: “1022” → “113”",
        ),
    ];
    for (pointer, value, vi, en) in cases {
        let new = judge(&with(pointer, value), &press()).office.unwrap();
        let both = |text: &Text| ["vi", "en"].map(|l| text.get(l).to_owned());
        let found: Vec<_> = changes(&old, &new).iter().map(both).collect();
        assert_eq!(found, [[vi.to_owned(), en.to_owned()]], "{pointer}");
    }
}

#[test]
fn a_file_may_have_the_machine_too_and_only_its_office_counts() {
    let draft = sample();
    let text = format!(
        "{}\n[server]\nlisten = \"127.0.0.1:1\"\n",
        file::write(&draft)
    );
    let read = file::read(&text).unwrap();
    assert_eq!((read.draft, read.machine), (draft, vec!["server"]));
}

#[test]
fn a_field_that_is_wrong_is_found_in_the_file() {
    let cases = [
        ("[office\n", "", 1),
        (
            "[office]\nname = \"X\"\nholidays = [2026-09-02, { name = \"Tết\" }]\n",
            "holidays[1]",
            3,
        ),
        (
            "[office]\nname = \"X\"\n[[service]]\nletter = \"A\"\nname = 3\n",
            "services[0].name",
            5,
        ),
        (
            "[office]\nname = \"X\"\n[[service]]\nletter = \"A\"\nnom = \"S\"\n",
            "services[0].nom",
            5,
        ),
        ("\n[offices]\n", "", 2),
        (
            "[office]\nname = \"X\"\nservices = []\n",
            "office.services",
            3,
        ),
    ];
    for (text, field, line) in cases {
        let bad = file::read(text).err().unwrap();
        assert_eq!(bad.remark.field, field, "{text}");
        assert_eq!(file::line_of(text, bad.at.start), line, "{text}");
    }
}

fn text() -> impl Strategy<Value = Text> {
    let words = "[A-Za-zĐđấộ ,.\"'\\\\#{}\\[\\]\t\n]{0,20}[a-z]";
    (words, proptest::option::of(words)).prop_map(|(vi, en)| {
        let mut text = Text::vi(vi.trim());
        text.0
            .extend(en.map(|en| ("en".to_owned(), en.trim().to_owned())));
        text
    })
}

fn clock() -> impl Strategy<Value = (String, String)> {
    (0..20_u32, 0..60_u32)
        .prop_map(|(h, m)| (format!("{h:02}:{m:02}"), format!("{:02}:{m:02}", h + 3)))
}

fn hours() -> impl Strategy<Value = Vec<serde_json::Value>> {
    let days =
        proptest::sample::subsequence(vec!["mon", "tue", "wed", "thu", "fri", "sat", "sun"], 1..7);
    let span = (days, clock())
        .prop_map(|(days, (from, to))| serde_json::json!({"days": days, "from": from, "to": to}));
    proptest::collection::vec(span, 0..3)
}

prop_compose! {
    /// Any office that can be used.
    fn office()(
        texts in proptest::collection::vec(text(), 12),
        letters in proptest::sample::subsequence(vec!["A", "B", "C", "D", "Z"], 1..5),
        office_hours in hours(),
        own_hours in hours(),
        quota in proptest::option::of(0..500_u32),
        minutes in 1..481_u32,
        (from, to) in clock(),
        whole in any::<bool>(),
        notices in 0..4_usize,
        zone in -14..15_i32,
        layout in any::<bool>(),
    ) -> Office {
        let services: Vec<_> = letters.iter().enumerate().map(|(i, letter)| serde_json::json!({
            "letter": letter, "name": texts[i], "words": texts[i + 1], "quota": quota,
            "minutes": minutes, "papers": [texts[i + 2]], "hours": own_hours,
            "purpose": (i == 1).then_some("return"), "kind": if i == 2 { "guide" } else { "normal" },
        })).collect();
        let mut off = serde_json::json!({"date": "2026-11-27", "reason": texts[6]});
        if !whole {
            off["from"] = from.into();
            off["to"] = to.into();
        }
        let mut form = serde_json::json!({
            "name": texts[7], "parent": texts[8], "code": "H00.00", "languages": ["vi"],
            "time_zone": format!("{}{:02}:30", if zone < 0 { '-' } else { '+' }, zone.abs()),
            "holidays": ["2026-09-02", {"date": "2027-01-01", "name": texts[9]}],
            "days_off": [off], "notices": texts[..notices], "hours": office_hours, "work": own_hours,
            "services": services, "mixing": {"priority": 2, "normal": 3},
            "counters": [{"number": 7, "services": letters}, {"number": 9, "purpose": "look-up"}],
            "classes": [{"id": "old-age", "name": texts[10]}],
        });
        if layout {
            form["slips"] = serde_json::json!({"checklist": [
                {"text": {"vi": "{office}"}, "size": 30, "weight": "bold", "align": "left"},
                {"text": {"vi": "– {paper}"}, "each": "papers"}, {"rule": true}, {"space": 8},
                {"mark": {"vi": "{service}"}, "when": "papers"},
            ]});
        }
        let draft: OfficeDraft = serde_json::from_value(form).unwrap();
        // Without a printer, so that no text is too wide for the paper.
        let judged = judge(&draft, &Press::default());
        judged.office.unwrap_or_else(|| panic!("{:?}", judged.problems))
    }
}

proptest! {
    #[test]
    fn what_is_exported_is_imported_as_the_same_office(office in office()) {
        let draft = OfficeDraft::from(&office);
        let text = file::write(&draft);
        let read = match file::read(&text) {
            Ok(read) => read,
            Err(bad) => panic!("{bad:?} in\n{text}"),
        };
        prop_assert_eq!(&read.draft, &draft);
        prop_assert_eq!(judge(&read.draft, &Press::default()).office, Some(office));
    }

    #[test]
    fn whatever_is_imported_there_is_an_answer(text in "(\\[|\\]|\n|=|office|name|service|\"|x|'|#|,|\\{|\\}| ){0,40}") {
        match file::read(&text) {
            Ok(read) => { judge(&read.draft, &Press::default()); }
            Err(bad) => { file::line_of(&text, bad.at.start); }
        }
        file::name_at(&text, &(0..1));
    }
}
