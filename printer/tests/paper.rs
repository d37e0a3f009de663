//! What comes out of a printer is what the picture shows, and nothing else can be made to come out.
#![allow(clippy::unwrap_used)]

mod office;

use office::{FACES, LINK, PROFILES, black_slip, on_paper, profile, ticket_en, ticket_vi};
use printer::{
    Line, NUMBER_DIGITS_MM_MIN, Picture, Slip, SlipError, TICKET_MM, Weight, draw, encode,
};
use simulator::Cut;

const INJECTION: &str = "\x1b@\x1dV\0";

/// Prints with the interpreter and compares every dot that is not a letter of the printer's own.
fn printed(slip: &Slip, name: &str) -> (Cut, Picture) {
    let profile = profile(name);
    let picture = draw(slip, &profile, &FACES).unwrap();
    let bytes = encode(slip, &profile, &FACES).unwrap();
    let mut strips = on_paper(&bytes, &profile).unwrap();
    assert_eq!(strips.len(), 1, "{name}: one slip, one cut");
    let strip = strips.remove(0);
    let fed = if strip.cut_here {
        usize::from(profile.cutter_rows)
    } else {
        0
    };
    assert_eq!(strip.rows.len(), picture.rows() + fed, "{name}: length");
    for (y, row) in strip.rows.iter().enumerate() {
        if strip
            .texts
            .iter()
            .any(|number| (number.top..number.top + number.rows).contains(&y))
        {
            continue;
        }
        for (x, black) in row.iter().enumerate() {
            assert_eq!(*black, picture.is_black(x, y), "{name}: dot {x}, {y}");
        }
    }
    (strip, picture)
}

/// The contents of the QR codes that a phone finds.
fn scanned(picture: &Picture) -> Vec<String> {
    let luma = |x: usize, y: usize| if picture.is_black(x, y) { 0 } else { 255 };
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(picture.width(), picture.rows(), luma);
    let grids = image.detect_grids();
    grids.iter().map(|grid| grid.decode().unwrap().1).collect()
}

#[test]
fn every_printer_prints_what_the_picture_shows() {
    for name in PROFILES {
        for slip in [ticket_vi(), ticket_en(), black_slip()] {
            let (strip, picture) = printed(&slip, name);
            let own: Vec<&str> = strip.texts.iter().map(|number| &*number.text).collect();
            let numbers = slip
                .lines
                .iter()
                .filter(|line| matches!(line, Line::Number(_)))
                .count();
            if profile(name).native_number && numbers > 0 {
                assert_eq!(own, ["A012"], "{name}");
                let number = &strip.texts[0];
                let ink = (number.left..number.left + number.width)
                    .any(|x| picture.is_black(x, number.top + number.rows / 3));
                assert!(ink, "{name}: the picture shows the number in its place");
            } else {
                assert!(own.is_empty(), "{name}: {own:?}");
            }
        }
    }
}

#[test]
fn a_phone_reads_the_code_of_every_slip() {
    for name in PROFILES {
        assert_eq!(scanned(&printed(&ticket_vi(), name).1), [LINK], "{name}");
        let (strip, picture) = printed(&ticket_en(), name);
        assert_eq!(scanned(&picture), ["7KQ2MZ4V9X3B"], "{name}");
        let native: Vec<&str> = strip.codes.iter().map(|code| &*code.content).collect();
        let expected = if profile(name).native_qr {
            vec!["7KQ2MZ4V9X3B"]
        } else {
            vec![]
        };
        assert_eq!(native, expected, "{name}");
    }
}

#[test]
fn digits_are_at_least_15_mm_high() {
    for name in PROFILES {
        let profile = profile(name);
        let mm = |rows: f32| rows * 25.4 / f32::from(profile.dpi);
        for number in ["A012", "012", "K1", "AB0123"] {
            let slip = Slip::new().number(number);
            let (strip, picture) = printed(&slip, name);
            let inked = (0..picture.rows())
                .filter(|y| (0..picture.width()).any(|x| picture.is_black(x, *y)))
                .count() as f32;
            assert!(
                mm(inked) >= NUMBER_DIGITS_MM_MIN,
                "{name}: {number} is {} mm",
                mm(inked)
            );
            for number in strip.texts {
                let digits = number.rows as f32 * 0.7;
                assert!(
                    mm(digits) >= NUMBER_DIGITS_MM_MIN,
                    "{name}: font A is {} mm",
                    mm(digits)
                );
            }
        }
    }
}

#[test]
fn a_ticket_takes_at_most_100_mm_of_80_mm_paper() {
    for name in ["generic-80", "epson-80", "epson-180"] {
        let profile = profile(name);
        for slip in [ticket_vi(), ticket_en()] {
            let mm = profile.paper_mm(draw(&slip, &profile, &FACES).unwrap().rows());
            assert!(mm <= TICKET_MM, "{name}: {mm} mm");
        }
    }
}

#[test]
fn no_text_can_smuggle_a_command_to_the_printer() {
    for name in PROFILES {
        let profile = profile(name);
        for hurt in 0..ticket_vi().lines.len() {
            let with = |dirt: &str| {
                let mut slip = ticket_vi();
                match &mut slip.lines[hurt] {
                    Line::Text { text, .. } | Line::Number(text) | Line::Mark(text) => {
                        text.push_str(dirt);
                    }
                    Line::Qr { words, .. } => words.as_mut().unwrap().push_str(dirt),
                    Line::Rule | Line::Space(_) | Line::Drawing { .. } | Line::Ruler => {}
                }
                slip
            };
            // Its letters are printed, its control characters are as if they were not there.
            let hurt = encode(&with(INJECTION), &profile, &FACES);
            let plain = encode(&with("@V"), &profile, &FACES);
            // (A number that grew too wide is refused in both forms.)
            assert!(hurt == plain, "{name}");
        }
        // A QR code keeps every byte of its content, but then as dots.
        let content = format!("x{INJECTION}y");
        let slip = Slip::new().qr(&content, None);
        let (strip, picture) = printed(&slip, name);
        assert!(strip.codes.is_empty(), "{name}");
        assert_eq!(scanned(&picture), [content], "{name}");
    }
}

#[test]
fn a_vietnamese_letter_in_a_number_is_printed_as_dots() {
    let (strip, _) = printed(&Slip::new().number("Đ012"), "epson-80");
    assert!(strip.texts.is_empty() && strip.commands.contains(&"GS v 0"));
}

#[test]
fn no_slip_holds_a_real_time_command() {
    for name in PROFILES {
        for slip in [ticket_vi(), ticket_en(), black_slip()] {
            let bytes = encode(&slip, &profile(name), &FACES).unwrap();
            let found = bytes
                .windows(2)
                .position(|two| two[0] == 0x10 && [4, 5, 20].contains(&two[1]));
            assert_eq!(found, None, "{name}");
        }
    }
}

#[test]
fn a_word_wider_than_the_paper_is_broken_and_not_lost() {
    let slip = Slip::new().left("Ầ".repeat(60), 40, Weight::Bold);
    let (_, picture) = printed(&slip, "generic-58");
    let short = printed(&Slip::new().left("Ầ", 40, Weight::Bold), "generic-58").1;
    assert!(picture.rows() >= 4 * short.rows());
    let column = |x: usize| (0..picture.rows()).any(|y| picture.is_black(x, y));
    assert!(column(10) && column(350), "the rows are filled");
}

#[test]
fn decomposed_letters_print_like_composed_ones() {
    let profile = profile("generic-80");
    let composed = Slip::new().left("Đặng Thị Ẩn", 28, Weight::Regular);
    let decomposed = Slip::new().left(
        "Đa\u{323}\u{306}ng Thi\u{323} A\u{302}\u{309}n",
        28,
        Weight::Regular,
    );
    let draw = |slip| draw(slip, &profile, &FACES).unwrap();
    assert!(draw(&composed) == draw(&decomposed));
}

#[test]
fn stacked_marks_on_capitals_are_not_cut_off() {
    let profile = profile("generic-80");
    let ink_rows = |slip: Slip| {
        let picture = draw(&slip, &profile, &FACES).unwrap();
        let inked = |y: &usize| (0..picture.width()).any(|x| picture.is_black(x, *y));
        (0..picture.rows()).filter(inked).count()
    };
    for weight in [Weight::Regular, Weight::SemiBold, Weight::Bold] {
        for size in [20, 28, 48] {
            let capitals = |text| ink_rows(Slip::new().left(text, size, weight));
            let stacked = capitals("ẰẮẲẴẶ ẦẤẨẪẬ");
            assert!(
                stacked > capitals("ABCD") + usize::from(size) / 5,
                "marks stand above"
            );
            // At the edge of the paper they are as high as in the middle of it.
            let inside = Slip::new()
                .space(80)
                .left("ẰẮẲẴẶ ẦẤẨẪẬ", size, weight)
                .space(80);
            assert_eq!(stacked, ink_rows(inside), "{weight:?} {size}");
        }
    }
}

#[test]
fn what_cannot_be_printed_is_refused_before_any_paper_moves() {
    let profile = profile("generic-80");
    let refused = |slip: Slip| encode(&slip, &profile, &FACES).unwrap_err();
    let runaway = (0..100).fold(Slip::new(), |slip, _| slip.left("dài", 30, Weight::Regular));
    assert!(matches!(refused(runaway), SlipError::TooLong { .. }));
    assert!(matches!(
        refused(Slip::new().space(u16::MAX)),
        SlipError::TooLong { .. }
    ));
    let text = "a".repeat(1001);
    assert_eq!(
        refused(Slip::new().left(&text, 24, Weight::Bold)),
        SlipError::TextTooLong { chars: 1001 }
    );
    assert_eq!(
        refused(Slip::new().number("")),
        SlipError::Number { chars: 0 }
    );
    assert_eq!(
        refused(Slip::new().number("\x1b\x1d")),
        SlipError::Number { chars: 0 }
    );
    assert_eq!(
        refused(Slip::new().number("A12345678")),
        SlipError::Number { chars: 9 }
    );
    assert_eq!(
        refused(Slip::new().qr("", None)),
        SlipError::Qr { bytes: 0 }
    );
    assert_eq!(
        refused(Slip::new().qr(text, None)),
        SlipError::Qr { bytes: 1001 }
    );
}

#[test]
fn a_file_that_is_no_font_is_named() {
    let faces = printer::Faces {
        semibold: b"not a font",
        ..FACES
    };
    let error = draw(&ticket_vi(), &profile("generic-80"), &faces).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the semibold face is not a font that can be read"
    );
}
