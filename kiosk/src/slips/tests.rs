#![allow(clippy::unwrap_used)]
use printer::{Line, Profile, Slip, Weight};
use queue::{Office, SlipKind, SlipLine, Text};

use super::check::{Shown, Trial, check, picture};
use super::content::{Content, Paper};
use super::fields::Values;
use super::{KINDS, compose, layout};
use crate::config::Config;

/// All widths of paper that printers have: 58 mm, and 80 mm at 180 and at 203 dpi.
const PROFILES: [&str; 3] = ["generic-58", "tm-t88", "generic-80"];
const URL: &str = "http://192.0.2.10:8081";

/// The sample office with papers for a service.
fn office() -> Office {
    let mut office = Config::load(None).unwrap().office;
    office.services[0].papers = vec![
        Text::vi_en("Tờ khai theo mẫu", "Declaration form"),
        Text::vi_en("Thẻ căn cước", "Identity card"),
    ];
    office
}

fn trial(office: &Office) -> Trial<'_> {
    Trial {
        office,
        url: Some(URL),
        logo: None,
    }
}

fn with_papers<T>(act: impl Fn(Paper<'_>) -> T) -> Vec<T> {
    let profiles = PROFILES.map(|name| Profile::named(name).unwrap());
    let paper = |profile| Paper {
        name: "printer",
        profile,
    };
    profiles.iter().map(paper).map(act).collect()
}

#[test]
fn the_built_in_layouts_fit_every_paper_in_both_languages() {
    let office = office();
    for kind in KINDS {
        for found in with_papers(|p| check(kind, layout(&office, kind), trial(&office), &[p])) {
            assert_eq!(found, Ok(()), "{kind:?}");
        }
    }
}

#[test]
fn the_built_in_ticket_says_what_a_ticket_says() {
    let office = office();
    let mut values = Values::default()
        .with("parent", "UBND PHƯỜNG MẪU")
        .with("office", "Trung tâm")
        .with("service", "Hộ tịch")
        .with("number", "A012")
        .with("ahead", "4 người")
        .with("wait", "10–15 phút")
        .with("priority", "Ưu tiên")
        .with("time", "7 giờ 42 phút, ngày 23/11/2026")
        .with("hotline", "1022");
    values.add("papers", Values::default().with("paper", "Thẻ căn cước"));
    let content = Content {
        values,
        code: "http://192.0.2.10:8081/t/X".to_owned(),
        leads: true,
        again: true,
    };
    let slip = compose(layout(&office, SlipKind::Ticket), &content, "vi", None).slip;
    let expected = Slip::new()
        .mark("BẢN IN LẠI")
        .centred("UBND PHƯỜNG MẪU", 28, Weight::Regular)
        .centred("Trung tâm", 28, Weight::SemiBold)
        .rule()
        .centred("Hộ tịch", 34, Weight::Bold)
        .centred("Số thứ tự của Ông/Bà", 24, Weight::Regular)
        .number("A012")
        .mark("Ưu tiên")
        .centred(
            "Trước Ông/Bà còn 4 người\u{a0}· ước tính chờ 10–15 phút",
            28,
            Weight::Regular,
        )
        .left("Giấy tờ cần có:", 24, Weight::SemiBold)
        .left("– Thẻ căn cước", 24, Weight::Regular)
        .rule()
        .qr(
            "http://192.0.2.10:8081/t/X",
            Some("Quét mã để xem lượt chờ".to_owned()),
        )
        .centred("7 giờ 42 phút, ngày 23/11/2026", 24, Weight::Regular)
        .centred("Đường dây nóng: 1022", 24, Weight::Regular);
    assert_eq!(slip, expected);
}

#[test]
fn a_ticket_without_a_public_page_time_or_papers_has_no_line_for_them() {
    let office = office();
    let content = Content {
        values: Values::default()
            .with("office", "Centre")
            .with("service", "Land")
            .with("number", "B001")
            .with("next", "You are next"),
        code: "7KQ2MZ4V9X3B".to_owned(),
        ..Content::default()
    };
    let slip = compose(layout(&office, SlipKind::Ticket), &content, "en", None).slip;
    let expected = Slip::new()
        .centred("Centre", 28, Weight::SemiBold)
        .rule()
        .centred("Land", 34, Weight::Bold)
        .centred("Your number", 24, Weight::Regular)
        .number("B001")
        .centred("You are next", 28, Weight::Regular)
        .rule()
        .qr("7KQ2MZ4V9X3B", None);
    assert_eq!(slip, expected);
}

#[test]
fn a_slip_for_another_day_says_when_to_come_and_shows_no_number_to_wait_for() {
    let office = office();
    let slip = |on, from, language| {
        let mut values = Values::default()
            .with("office", "Trung tâm")
            .with("service", "Hộ tịch")
            .with("number", "A012")
            .with("day", "27/11/2026");
        super::content::comes_back(&mut values, on, from, language);
        let content = Content {
            values,
            code: "7KQ2MZ4V9X3B".to_owned(),
            ..Content::default()
        };
        compose(
            layout(&office, SlipKind::Deferred),
            &content,
            language,
            None,
        )
        .slip
    };
    let monday = Some(jiff::civil::date(2026, 11, 30));
    let expected = Slip::new()
        .centred("Trung tâm", 26, Weight::SemiBold)
        .rule()
        .centred("Phiếu hẹn trở lại", 34, Weight::Bold)
        .centred("Hộ tịch", 28, Weight::SemiBold)
        .centred(
            "Hết giờ làm việc ngày 27/11/2026, chưa đến lượt số A012 của Ông/Bà.",
            26,
            Weight::Regular,
        )
        .centred(
            "Mời Ông/Bà trở lại vào\nthứ Hai, ngày 30/11/2026,\nbắt đầu từ 7 giờ 30",
            30,
            Weight::Bold,
        )
        .centred(
            "Mời Ông/Bà đưa phiếu này cho cán bộ để nhận số mới và được gọi theo diện ưu tiên. Phiếu cũ cũng dùng được.",
            26,
            Weight::Regular,
        )
        .centred("Phiếu có giá trị đến hết ngày đó.", 24, Weight::Regular)
        .rule()
        .qr("7KQ2MZ4V9X3B", None);
    let from = Some(jiff::civil::time(7, 30, 0, 0));
    assert_eq!(slip(monday, from, "vi"), expected);
    let says = |slip: Slip, words: &str| {
        let text = |line: &Line| matches!(line, Line::Text { text, .. } if text == words);
        assert!(slip.lines.iter().any(text), "{words}: {slip:?}");
    };
    let english = "Please come back on\nMonday, 30/11/2026,\nfrom 7:30";
    says(slip(monday, from, "en"), english);
    // Without hours nobody can tell the day.
    says(
        slip(None, None, "vi"),
        "Mời Ông/Bà trở lại vào\nngày làm việc tiếp theo",
    );
}

#[test]
fn a_slip_for_another_day_has_its_code_and_no_number_of_its_own() {
    let office = office();
    let built_in = layout(&office, SlipKind::Deferred);
    let fault = |lines: &[SlipLine]| {
        let paper = with_papers(|p| check(SlipKind::Deferred, lines, trial(&office), &[p]));
        paper[2].as_ref().unwrap_err().field
    };
    let with_number = [built_in, &[SlipLine::Number]].concat();
    assert_eq!(fault(&with_number), "number");
    let mut without_code = built_in.to_vec();
    without_code.retain(|line| !matches!(line, SlipLine::Qr { .. }));
    assert_eq!(fault(&without_code), "qr");
}

#[test]
fn a_reprint_says_so_whatever_the_office_wrote() {
    let content = Content {
        values: Values::default().with("number", "A012"),
        again: true,
        ..Content::default()
    };
    let slip = compose(&[SlipLine::Number], &content, "vi", None).slip;
    assert_eq!(slip.lines[0], Line::Mark("BẢN IN LẠI".to_owned()));
}

#[test]
fn a_layout_is_answered_with_its_picture_or_with_the_line_to_blame() {
    let mut office = office();
    let mut lines = layout(&office, SlipKind::Ticket).to_vec();
    let drawn = with_papers(|p| {
        picture(
            SlipKind::Ticket,
            &lines,
            trial(&office),
            p,
            "vi",
            Shown::Longest,
        )
    });
    let widths: Vec<usize> = drawn.iter().map(|p| p.as_ref().unwrap().width()).collect();
    assert_eq!(widths, [384, 512, 576]);

    // A name that no narrow paper takes in one row.
    office.services[0].name = Text::vi(&"Đ".repeat(26));
    let found = with_papers(|p| {
        picture(
            SlipKind::Ticket,
            &lines,
            trial(&office),
            p,
            "vi",
            Shown::Longest,
        )
    });
    let fault = found[0].as_ref().unwrap_err();
    assert_eq!((fault.line, fault.field), (Some(4), "text"));
    assert!(
        fault.reason.get("en").contains("is wider than the paper"),
        "{fault}"
    );

    lines.retain(|line| !matches!(line, SlipLine::Number));
    let found = with_papers(|p| {
        picture(
            SlipKind::Ticket,
            &lines,
            trial(&office),
            p,
            "vi",
            Shown::Longest,
        )
    });
    let fault = found[0].as_ref().unwrap_err();
    assert_eq!((fault.line, fault.field), (None, "number"));
}

#[test]
fn a_logo_stands_where_the_layout_says_and_its_absence_leaves_no_gap() {
    let office = office();
    let content = Content {
        values: Values::default().with("number", "A012"),
        code: "X".to_owned(),
        ..Content::default()
    };
    let png = include_bytes!("../../../tests/golden/slips/ticket-vi-generic-58.png");
    let logo = printer::Drawing::from_png(png).unwrap();
    let lines = layout(&office, SlipKind::Ticket);
    let with = compose(lines, &content, "vi", Some(&logo)).slip;
    let without = compose(lines, &content, "vi", None).slip;
    assert!(matches!(with.lines[0], Line::Drawing { height: 96, .. }));
    assert_eq!(with.lines[1..], without.lines);
}
