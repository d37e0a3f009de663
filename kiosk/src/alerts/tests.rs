//! Rules as tables: a scene in words, and what the board says of it.
#![allow(clippy::unwrap_used)]

use printer::Condition;

use super::*;

/// A scene such as `A 3 31m | 1 AC open 6m | 2 B busy 2m`: queues (letter, waiting, longest) and
/// counters (number, letters, state, for how long).
fn scene(text: &str) -> Scene {
    let mut scene = Scene {
        queues: Vec::new(),
        places: Vec::new(),
        printers: Vec::new(),
        readers: Vec::new(),
        intake: Health::None,
        scans_pending: 0,
        backup: Health::None,
    };
    let seconds = |text: &str| text.trim_end_matches('m').parse::<u64>().unwrap() * 60;
    for part in text.split('|').map(str::trim).filter(|p| !p.is_empty()) {
        let words: Vec<&str> = part.split_whitespace().collect();
        match words[..] {
            [letter, waiting, longest] => scene.queues.push(Queue {
                letter: letter.chars().next().unwrap(),
                name: texts("Đất đai".into(), "Land".into()),
                waiting: waiting.parse().unwrap(),
                longest_seconds: seconds(longest),
            }),
            [number, letters, state, since] => scene.places.push(Place {
                number: number.parse().unwrap(),
                services: letters.chars().collect(),
                state: match state {
                    "open" | "busy" => CounterState::Open,
                    "paused" => CounterState::Paused,
                    _ => CounterState::Closed,
                },
                busy: state == "busy",
                for_seconds: seconds(since),
            }),
            _ => panic!("{part}"),
        }
    }
    scene
}

fn said(scene: &Scene) -> String {
    let alerts = alerts(scene, &Thresholds::default());
    let said = alerts.iter().map(|a| {
        let kind = crate::journal::word(a.kind);
        format!("{kind} {}", a.about).trim_end().to_owned()
    });
    said.collect::<Vec<_>>().join(", ")
}

#[test]
fn the_board_speaks_from_its_thresholds_on() {
    let cases = [
        ("", ""),
        ("A 0 0m | 1 A open 60m", ""),
        ("A 3 29m | 1 A busy 2m", ""),
        ("A 1 30m | 1 A busy 2m", "wait-too-long A"),
        ("A 19 1m | 1 A busy 2m", ""),
        ("A 20 1m | 1 A busy 2m", "too-many-waiting A"),
        ("A 20 30m | 1 A busy 2m", "wait-too-long A"),
        ("A 20 4m | 1 A closed 9m", "too-many-waiting A"),
        // A closed or paused counter serves nobody.
        ("A 1 4m | 1 A closed 9m", ""),
        ("A 1 5m | 1 A closed 9m", "unserved A"),
        ("A 1 50m | 1 A paused 9m", "unserved A"),
        ("A 1 50m", "unserved A"),
        // Idle is only who could call somebody.
        ("A 1 1m | 1 A open 4m", ""),
        ("A 1 1m | 1 A open 5m", "counter-idle 1"),
        ("A 1 1m | 1 A busy 50m", ""),
        ("A 1 1m | 1 A busy 1m | 2 B open 50m", ""),
        (
            "A 0 0m | B 1 1m | 1 A open 50m | 2 AB open 6m",
            "counter-idle 2",
        ),
        // What citizens feel first comes first.
        (
            "A 25 40m | B 1 9m | 1 A busy 1m | 2 A open 7m",
            "unserved B, wait-too-long A, counter-idle 2",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(said(&scene(text)), expected, "{text}");
    }
}

#[test]
fn an_alert_says_what_would_help() {
    let cases = [
        (
            "A 1 40m | 1 A busy 1m | 2 A open 1m",
            "Quầy số 2 đang mở và chưa gọi ai",
        ),
        ("A 1 40m | 1 A busy 1m | 2 A closed 9m", "Mở quầy số 2"),
        (
            "A 1 40m | 1 A busy 1m | 2 A paused 9m | 3 A closed 9m",
            "Mở quầy số 2",
        ),
        ("A 1 40m | 1 A busy 1m | 2 B open 9m", "Quầy số 2 đang rảnh"),
        // That one has its own people to call.
        (
            "A 1 40m | B 2 1m | 1 A busy 1m | 2 B open 1m",
            "Cử thêm cán bộ",
        ),
        ("A 1 40m | 1 A busy 1m", "Cử thêm cán bộ"),
    ];
    for (text, expected) in cases {
        let alerts = alerts(&scene(text), &Thresholds::default());
        let advice = &alerts[0].advice["vi"];
        assert!(advice.contains(expected), "{text}: {advice}");
    }
    let alert = &alerts(&scene("B 3 31m | 1 B busy 1m"), &Thresholds::default())[0];
    assert_eq!(
        alert.text["vi"],
        "Lĩnh vực B Đất đai: 3\u{a0}người đang chờ, lâu nhất 31\u{a0}phút (mức báo: 30\u{a0}phút)."
    );
    assert_eq!(
        alert.text["en"],
        "B Land: 3 waiting, the first for 31\u{a0}min (limit 30\u{a0}min)."
    );
}

#[test]
fn after_closing_only_devices_are_spoken_of() {
    let mut scene = scene("A 30 50m | 1 A open 50m");
    scene.intake = Health::Away;
    assert_eq!(said(&scene.during(false)), "intake-away");
    assert_eq!(said(&scene), "wait-too-long A, counter-idle 1, intake-away");
}

#[test]
fn paper_and_intake_are_told_of_with_what_to_do() {
    let report = |name: &str, condition| PrinterReport {
        name: name.into(),
        place: Texts::new(),
        condition,
        confirms: true,
        slips_left: None,
        resets: 0,
        advice: crate::advice::printer(condition).map(|sentence| sentence.texts()),
    };
    let cases: [(&[Condition], Health, &str); 6] = [
        (&[Condition::Ready], Health::Ready, ""),
        (&[Condition::PaperLow], Health::Ready, "paper-low p0"),
        (&[Condition::PaperOut], Health::Ready, "printer p0"),
        (
            &[Condition::PaperLow, Condition::Unplugged],
            Health::Ready,
            "printer p1, paper-low p0",
        ),
        (&[], Health::Away, "intake-away"),
        (&[], Health::Trouble, "intake-away"),
    ];
    for (conditions, intake, expected) in cases {
        let mut scene = scene("");
        let printers = conditions.iter().enumerate();
        scene.printers = printers
            .map(|(nth, condition)| report(&format!("p{nth}"), *condition))
            .collect();
        scene.intake = intake;
        assert_eq!(said(&scene), expected, "{conditions:?} {intake:?}");
        for alert in alerts(&scene, &Thresholds::default()) {
            for text in [&alert.text, &alert.advice] {
                assert_eq!(
                    text.contains_key("vi"),
                    text.contains_key("en"),
                    "{alert:?}"
                );
            }
        }
    }
}

#[test]
fn a_reader_that_a_touch_screen_misses_is_told_by_its_place() {
    let says = |text: &str| texts(text.into(), text.into());
    let report = |part: &str, health| ReaderReport {
        part: part.into(),
        screen: part.into(),
        device: "hid:0c2e:0200".into(),
        health,
        away_seconds: None,
        silent_seconds: 0,
        last_scan_seconds: None,
        taken_today: 0,
        refused_today: 0,
        name: says("Reader at the main door"),
        advice: (health != Health::Ready).then(|| says("Plug it in.")),
    };
    let mut scene = scene("");
    // Of a silent screen nobody knows.
    scene.readers = vec![
        report("reader-1", Health::Ready),
        report("reader-2", Health::None),
        report("reader-3", Health::Away),
    ];
    assert_eq!(said(&scene.during(false)), "reader-away reader-3");
    let alerts = alerts(&scene, &Thresholds::default());
    let told = "Reader at the main door: Plug it in.";
    assert_eq!(alerts[0].text["en"], told);
}

#[test]
fn a_missing_copy_is_told_once_it_needs_somebody() {
    for (health, told) in [
        (Health::None, 0),
        (Health::Ready, 0),
        (Health::Away, 0),
        (Health::Trouble, 1),
    ] {
        let mut scene = scene("");
        scene.backup = health;
        let told_of = |alert: &&Alert| alert.kind == Kind::NoBackup;
        let alerts = alerts(&scene, &Thresholds::default());
        assert_eq!(alerts.iter().filter(told_of).count(), told, "{health:?}");
    }
}
