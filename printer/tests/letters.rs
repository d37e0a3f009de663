//! Vietnamese on paper: every letter with a mark, however it is written, and nothing that is no letter.
#![allow(clippy::unwrap_used)]

mod office;

use office::{FACES, PROFILES, profile};
use printer::{Picture, Profile, Slip, Weight, draw};
use unicode_normalization::UnicodeNormalization;

const LOWER: &str =
    "àáảãạ ăằắẳẵặ âầấẩẫậ đ èéẻẽẹ êềếểễệ ìíỉĩị òóỏõọ ôồốổỗộ ơờớởỡợ ùúủũụ ưừứửữự ỳýỷỹỵ";
const WEIGHTS: [Weight; 3] = [Weight::Regular, Weight::SemiBold, Weight::Bold];
/// Widths in dots of all printers there are: 58 mm, 80 mm at 180 dpi and 80 mm at 203 dpi.
const WIDTHS: [(&str, usize); 3] = [("generic-58", 384), ("tm-t88", 512), ("generic-80", 576)];

fn letters() -> Vec<char> {
    let all = [LOWER.to_owned(), LOWER.to_uppercase()].concat();
    let letters: Vec<char> = all.chars().filter(|c| c.is_alphabetic()).collect();
    assert_eq!(letters.len(), 134);
    letters
}

fn drawn(text: &str, size: u16, weight: Weight, profile: &Profile) -> Picture {
    draw(&Slip::new().left(text, size, weight), profile, &FACES).unwrap()
}

fn ink(picture: &Picture) -> usize {
    let dots = |y| (0..picture.width()).filter(move |x| picture.is_black(*x, y));
    (0..picture.rows()).flat_map(dots).count()
}

#[test]
fn all_134_letters_print_the_same_dots_composed_and_decomposed() {
    for (name, width) in WIDTHS {
        let profile = profile(name);
        assert_eq!(usize::from(profile.dots), width);
        for weight in WEIGHTS {
            for size in [20, 28, 56] {
                let text: String = letters().iter().flat_map(|c| [*c, ' ']).collect();
                let (nfc, nfd) = (
                    text.nfc().collect::<String>(),
                    text.nfd().collect::<String>(),
                );
                assert!(nfc != nfd);
                let (composed, decomposed) = (
                    drawn(&nfc, size, weight, &profile),
                    drawn(&nfd, size, weight, &profile),
                );
                assert!(composed == decomposed, "{name}, {weight:?}, {size}");
            }
        }
    }
}

#[test]
fn every_letter_has_a_shape_of_its_own() {
    let profile = profile("generic-58");
    for weight in WEIGHTS {
        let picture = |letter: char| drawn(&letter.to_string(), 40, weight, &profile);
        // What a face has no letter for comes out as this box.
        let missing = picture('\u{10ffff}');
        let shapes: Vec<(char, Picture)> = letters().into_iter().map(|c| (c, picture(c))).collect();
        for (index, (letter, shape)) in shapes.iter().enumerate() {
            assert!(*shape != missing && ink(shape) > 0, "{letter}");
            for (other, like) in &shapes[index + 1..] {
                assert!(shape != like, "{letter} and {other} look alike");
            }
        }
    }
}

#[test]
fn a_stacked_capital_is_whole_at_every_size_and_in_a_box() {
    for name in PROFILES {
        let profile = profile(name);
        for letter in "ẰẮẲẴẶẦẤẨẪẬỀẾỂỄỆỒỐỔỖỘỜỚỞỠỢỪỨỬỮỰ".chars()
        {
            for size in [20, 34, 60] {
                let alone = drawn(&letter.to_string(), size, Weight::Bold, &profile);
                let roomy = Slip::new()
                    .space(100)
                    .left(letter.to_string(), size, Weight::Bold)
                    .space(100);
                let roomy = draw(&roomy, &profile, &FACES).unwrap();
                assert_eq!(ink(&alone), ink(&roomy), "{name}: {letter} at {size}");
            }
        }
    }
}

#[test]
fn control_characters_in_a_name_print_as_nothing() {
    let profile = profile("generic-80");
    let plain = drawn("Nguyễn Thị Ẩn", 28, Weight::Regular, &profile);
    for code in (0..0x20).chain(0x7f..0xa0).filter(|code| *code != 0x0a) {
        let control = char::from_u32(code).unwrap();
        // A tab parts words, as it does on a screen.
        let hurt = match control {
            '\t' => "Nguyễn\tThị Ẩn".to_owned(),
            _ => format!("{control}Nguyễ{control}n Thị Ẩ{control}n{control}"),
        };
        let hurt = drawn(&hurt, 28, Weight::Regular, &profile);
        if control == '\t' {
            assert!(ink(&hurt) == ink(&plain), "a tab has no ink");
        } else {
            assert!(hurt == plain, "U+{code:04X}");
        }
    }
}
