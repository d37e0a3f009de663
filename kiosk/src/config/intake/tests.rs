//! Sections as offices write them: what another system is told, and what cannot work.

#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};

use super::*;

fn intake(section: &str) -> Intake {
    Intake::from_toml(&format!("url = \"https://mc.example.vn/api/\"\n{section}")).unwrap()
}

fn refused(section: &str) -> String {
    let written = match section.contains("url =") {
        true => section.to_owned(),
        false => format!("url = \"https://mc.example.vn\"\n{section}"),
    };
    Intake::from_toml(&written).unwrap_err()
}

fn value(field: Field) -> Option<Value> {
    Some(match field {
        Field::Id => json!("01J"),
        Field::Dossier => json!("H05.114-250625-0002"),
        Field::Purpose => json!("return"),
        Field::Office => json!("H05.114"),
        Field::Counter => json!(3),
        Field::Ticket => return None,
        Field::ScannedAt => json!("2026-11-23T07:42:10+07:00"),
        Field::Device => json!("counter-3"),
    })
}

fn part(part: Part) -> &'static str {
    match part {
        Part::Id => "01J",
        Part::Dossier => "00092/TTPVHCC",
        Part::Office => "H05.114",
    }
}

#[test]
fn without_a_mapping_it_is_the_contract() {
    let intake = intake("");
    let at = |address: &Address| address.at(&intake.url, part).unwrap().to_string();
    assert_eq!(at(&intake.scan_path), "https://mc.example.vn/api/v1/scans");
    let asked = intake.ask_path.as_ref().map(at);
    assert_eq!(
        asked.as_deref(),
        Some("https://mc.example.vn/api/v1/scans/01J")
    );
    let dossier = intake.dossier_path.as_ref().map(at);
    assert_eq!(
        dossier.as_deref(),
        Some("https://mc.example.vn/api/v1/dossiers/01J")
    );
    assert_eq!(
        intake.body.filled(value),
        json!({
            "id": "01J", "dossier": "H05.114-250625-0002", "purpose": "return",
            "office": "H05.114", "counter": 3, "scanned_at": "2026-11-23T07:42:10+07:00",
            "device": "counter-3",
        })
    );
    assert_eq!(intake.key_header.unwrap(), "idempotency-key");
    assert_eq!(intake.token_header, "authorization");
    assert!(intake.honours_key);
}

#[test]
fn another_system_gets_its_own_names_words_and_paths() {
    let intake = intake(
        r#"
        method = "PUT"
        scan_path = "/hoso/{dossier}/quet/{id}?donvi={office}"
        ask_path = "/quet?ma={id}"
        dossier_path = ""
        time_format = "%d/%m/%Y %H:%M:%S"
        [fields]
        id = ""
        dossier = "HoSo.MaHoSo"
        purpose = "HoSo.HanhDong"
        office = "DonVi"
        counter = "Quay"
        scanned_at = "ThoiDiem"
        device = ""
        [constants]
        "HoSo.Kenh" = "KIOSK"
        PhienBan = 2
        [purposes]
        return = "TKQ"
        "#,
    );
    let at = |address: &Address| address.at(&intake.url, part).unwrap().to_string();
    assert_eq!(
        at(&intake.scan_path),
        "https://mc.example.vn/api/hoso/00092%2FTTPVHCC/quet/01J?donvi=H05.114"
    );
    let asked = intake.ask_path.as_ref().map(at);
    assert_eq!(
        asked.as_deref(),
        Some("https://mc.example.vn/api/quet?ma=01J")
    );
    assert!(intake.dossier_path.is_none());
    assert_eq!(
        intake.body.filled(value),
        json!({
            "HoSo": {
                "MaHoSo": "H05.114-250625-0002", "HanhDong": "TKQ", "Kenh": "KIOSK",
            },
            "DonVi": "H05.114", "Quay": 3, "ThoiDiem": "23/11/2026 07:42:10", "PhienBan": 2,
        })
    );
}

#[test]
fn a_value_stays_in_its_place_of_the_path() {
    let intake = intake("scan_path = \"/x/{dossier}/y\"");
    let at = |dossier: &'static str| {
        let url = intake.scan_path.at(&intake.url, |_| dossier);
        url.map(|url| url.to_string())
    };
    for (dossier, step) in [
        ("a b", "a%20b"),
        ("../../secret", "..%2F..%2Fsecret"),
        ("a?b#c%", "a%3Fb%23c%25"),
        ("hồ", "h%E1%BB%93"),
    ] {
        let whole = format!("https://mc.example.vn/api/x/{step}/y");
        assert_eq!(at(dossier).as_deref(), Some(whole.as_str()));
    }
    for other_path in ["", ".", ".."] {
        assert_eq!(at(other_path), None);
    }
}

#[test]
fn what_cannot_work_is_refused_with_its_field() {
    for (section, expected) in [
        ("url = \"mc.example.vn\"", "intake.url: "),
        ("url = \"ftp://h\"", "intake.url: begins with http://"),
        ("url = \"https://u:p@h\"", "intake.url: secrets belong in"),
        ("url = \"https://h/?x=1\"", "intake.url: ends before ?"),
        (
            "scan_path = \"https://h/x\"",
            "intake.scan_path: begins with one /",
        ),
        (
            "scan_path = \"//h/x\"",
            "intake.scan_path: begins with one /",
        ),
        ("scan_path = \"\"", "intake.scan_path: must not be empty"),
        (
            "scan_path = \"/a/../b\"",
            "intake.scan_path: a path without . and ..",
        ),
        (
            "scan_path = \"/a b\"",
            "intake.scan_path: ' ' cannot stand in a path",
        ),
        (
            "scan_path = \"/{name}\"",
            "intake.scan_path: there is no {name} here; known are {id}, {dossier}, {office}",
        ),
        (
            "scan_path = \"/{id\"",
            "intake.scan_path: a { without its }",
        ),
        (
            "scan_path = \"/id}\"",
            "intake.scan_path: a } without its {",
        ),
        (
            "ask_path = \"/ask\"",
            "intake.ask_path: {id} must stand in it",
        ),
        (
            "dossier_path = \"/d/{office}\"",
            "intake.dossier_path: there is no {office} here",
        ),
        (
            "key_header = \"a b\"",
            "intake.key_header: the name of a header",
        ),
        (
            "key_header = \"\"\n[fields]\nid = \"\"",
            "intake.key_header: the other side never gets the key",
        ),
        (
            "token_header = \"X-Api-Key\"",
            "intake.token_header: there is no intake.token_file",
        ),
        (
            "[fields]\ndossier = \"\"",
            "intake.fields.dossier: the dossier must stand",
        ),
        (
            "[fields]\ndossier = \"Ma\"\nid = \"Ma\"",
            "intake.fields.dossier: Ma is taken by intake.fields.id",
        ),
        (
            "[fields]\ndossier = \"Ma.So\"\nid = \"Ma\"",
            "intake.fields.dossier: Ma.So is taken by",
        ),
        (
            "[constants]\noffice = 1",
            "intake.constants.office: office is taken by intake.fields.office",
        ),
        (
            "[constants]\nx = [1]",
            "intake.constants.x: a text, a number",
        ),
        ("[fields]\ncounter = \"a..b\"", "intake.fields.counter: "),
        (
            "time_format = \"%J\"",
            "intake.time_format: a format such as",
        ),
        (
            "certificate = \"c.pem\"",
            "intake.certificate: its intake.key",
        ),
        ("key = \"c.pem\"", "intake.key: its intake.certificate"),
        (
            "url = \"http://h\"\nauthority = \"ca.pem\"",
            "intake.authority: of no use while",
        ),
        (
            "[answer]\nrefused_when = { field = \"s\", equals = 1 }",
            "intake.answer.refused_when: needs answer.taken_when",
        ),
        (
            "[asked]\nabsent_when = { field = \"s\", equals = 1 }",
            "intake.asked.absent_when: needs asked.taken_when",
        ),
        (
            "[answer]\ntaken_when = { field = \"s\", equals = 1 }\nrefused_when = { field = \"s\", equals = \"1\" }",
            "intake.answer.refused_when: \"1\" means taken already",
        ),
        (
            "[answer]\ntaken_when = { field = \"s\", equals = [] }",
            "intake.answer.taken_when: equals is a text",
        ),
        (
            "dossier_path = \"\"\n[dossier]\nstate = \"TrangThai\"",
            "intake.dossier: of no use while intake.dossier_path is empty",
        ),
        (
            "[dossier]\nstate = \"\"",
            "intake.dossier.state: without it nobody can say how far",
        ),
        (
            "[dossier]\ndue_at = \"HoSo..HenTra\"",
            "intake.dossier.due_at: \"HoSo..HenTra\" is no name",
        ),
        (
            "[dossier]\ndue_at = \"Ngay\"\nreceived_at = \"Ngay\"",
            "intake.dossier.due_at: Ngay is taken by intake.dossier.received_at",
        ),
        (
            "[dossier]\nsteps = \"HoSo\"\nstate = \"HoSo.TrangThai\"",
            "intake.dossier.steps: HoSo is taken by intake.dossier.state",
        ),
        (
            "[dossier.step]\nbegun_at = \"name\"",
            "intake.dossier.step.begun_at: name is taken by intake.dossier.step.name",
        ),
        (
            "[dossier.states]\nin-progress = [4, 5]\ndone = \"5\"",
            "intake.dossier.states.done: \"5\" is taken by intake.dossier.states.in-progress",
        ),
        (
            "[dossier.states]\ndone = []",
            "intake.dossier.states.done: a text, a number",
        ),
        (
            "[dossier]\nunknown_when = { field = \"\", equals = 1 }",
            "intake.dossier.unknown_when: \"\" is no name",
        ),
    ] {
        let error = refused(section);
        assert!(error.starts_with(expected), "{section}: {error}");
    }
    for unknown in [
        "colour = 1",
        "[fields]\ncolour = \"x\"",
        "[purposes]\ncolour = \"x\"",
        "[answer]\ncolour = \"x\"",
        "[dossier]\ncolour = \"x\"",
        "[dossier.step]\ncolour = \"x\"",
        "[dossier.states]\ncolour = \"x\"",
        "method = \"GET\"",
    ] {
        assert!(refused(unknown).contains("unknown"), "{unknown}");
    }
}
