//! How numbers are read, and that every word of it is a clip.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use proptest::prelude::*;
use voice::clips::{self, LetterNames};
use voice::{Call, Clip, Language, Mode, Reading, Thousand, ZeroTens};

const NORTH: Reading = Reading {
    mode: Mode::Cardinal,
    zero_tens: ZeroTens::Linh,
    thousand: Thousand::Nghin,
};
const SOUTH: Reading = Reading {
    mode: Mode::Cardinal,
    zero_tens: ZeroTens::Le,
    thousand: Thousand::Ngan,
};

fn words(language: Language, names: &[&'static str]) -> String {
    let clips = names
        .iter()
        .map(|name| Clip::find(language, name).expect("a clip"));
    let words: Vec<String> = clips
        .map(|clip| clip.words(&LetterNames::default()))
        .collect();
    words.join(" ")
}

fn said(reading: Reading, n: u32) -> String {
    words(
        Language::Vietnamese,
        &reading.number(Language::Vietnamese, n),
    )
}

#[test]
fn whole_numbers_are_read_as_schools_teach_it() {
    for (n, north, south) in [
        (0, "không", ""),
        (4, "bốn", ""),
        (10, "mười", ""),
        (11, "mười một", ""),
        (14, "mười bốn", ""),
        (15, "mười lăm", ""),
        (20, "hai mươi", ""),
        (21, "hai mươi mốt", ""),
        (24, "hai mươi tư", ""),
        (25, "hai mươi lăm", ""),
        (55, "năm mươi lăm", ""),
        (100, "một trăm", ""),
        (101, "một trăm linh một", "một trăm lẻ một"),
        (104, "một trăm linh bốn", "một trăm lẻ bốn"),
        (105, "một trăm linh năm", "một trăm lẻ năm"),
        (110, "một trăm mười", ""),
        (115, "một trăm mười lăm", ""),
        (121, "một trăm hai mươi mốt", ""),
        (1000, "một nghìn", "một ngàn"),
        (
            1005,
            "một nghìn không trăm linh năm",
            "một ngàn không trăm lẻ năm",
        ),
        (
            1015,
            "một nghìn không trăm mười lăm",
            "một ngàn không trăm mười lăm",
        ),
        (
            1205,
            "một nghìn hai trăm linh năm",
            "một ngàn hai trăm lẻ năm",
        ),
        (
            2025,
            "hai nghìn không trăm hai mươi lăm",
            "hai ngàn không trăm hai mươi lăm",
        ),
        (
            10_021,
            "mười nghìn không trăm hai mươi mốt",
            "mười ngàn không trăm hai mươi mốt",
        ),
    ] {
        assert_eq!(said(NORTH, n), north, "{n}");
        let south = if south.is_empty() { north } else { south };
        assert_eq!(said(SOUTH, n), south, "{n}");
    }
}

#[test]
fn a_number_is_read_as_it_stands_on_the_slip_unless_the_office_wants_otherwise() {
    for (n, digits, cardinal, padded) in [
        (1, "không không một", "một", "không không một"),
        (5, "không không năm", "năm", "không không năm"),
        (12, "không một hai", "mười hai", "không mười hai"),
        (15, "không một năm", "mười lăm", "không mười lăm"),
        (24, "không hai bốn", "hai mươi tư", "không hai mươi tư"),
        (25, "không hai năm", "hai mươi lăm", "không hai mươi lăm"),
        (
            101,
            "một không một",
            "một trăm linh một",
            "một trăm linh một",
        ),
        (
            1005,
            "một không không năm",
            "một nghìn không trăm linh năm",
            "một nghìn không trăm linh năm",
        ),
    ] {
        for (mode, wanted) in [
            (Mode::Digits, digits),
            (Mode::Cardinal, cardinal),
            (Mode::Padded, padded),
        ] {
            assert_eq!(said(Reading { mode, ..NORTH }, n), wanted, "{mode:?} {n}");
        }
    }
}

#[test]
fn english_is_read_too() {
    for (n, cardinal) in [
        (0, "zero"),
        (7, "seven"),
        (10, "ten"),
        (12, "twelve"),
        (20, "twenty"),
        (21, "twenty one"),
        (100, "one hundred"),
        (105, "one hundred and five"),
        (115, "one hundred and fifteen"),
        (1000, "one thousand"),
        (1005, "one thousand and five"),
        (1205, "one thousand two hundred and five"),
        (99_999, "ninety nine thousand nine hundred and ninety nine"),
    ] {
        let names = NORTH.cardinal(Language::English, n);
        assert_eq!(words(Language::English, &names), cardinal, "{n}");
    }
    let digits = Reading::default().number(Language::English, 12);
    assert_eq!(words(Language::English, &digits), "zero one two");
}

#[test]
fn a_call_says_number_and_counter_and_of_priority_no_more_than_the_word() {
    let call = Call {
        letter: 'A',
        n: 12,
        counter: 3,
        priority: false,
    };
    let spoken = |call: Call, language| {
        let sentence = call.sentence(language, Reading::default());
        let names: Vec<_> = sentence.iter().map(|clip| clip.name).collect();
        words(language, &names)
    };
    let (vi, en) = (Language::Vietnamese, Language::English);
    assert_eq!(
        spoken(call, vi),
        "Mời công dân có số a không một hai đến quầy số ba"
    );
    assert_eq!(
        spoken(call, en),
        "Number a zero one two please go to counter three"
    );
    let call = Call {
        priority: true,
        counter: 15,
        ..call
    };
    assert_eq!(
        spoken(call, vi),
        "Mời công dân có số ưu tiên a không một hai đến quầy số mười lăm"
    );
    assert_eq!(
        spoken(call, en),
        "Priority Number a zero one two please go to counter fifteen"
    );
}

#[test]
fn a_letter_is_called_as_the_office_calls_it() {
    let names = LetterNames::from([(Language::Vietnamese, [('S', "sờ nặng".to_owned())].into())]);
    let clip = |language, name| Clip::find(language, name).unwrap();
    let (vi, en) = (Language::Vietnamese, Language::English);
    assert_eq!(clip(vi, "letter-s").words(&names), "sờ nặng");
    assert_eq!(clip(vi, "letter-x").words(&names), "xờ");
    assert_eq!(clip(en, "letter-s").words(&names), "s");
    // Every letter that a service can have.
    for letter in 'A'..='Z' {
        let name = clips::letter(letter).unwrap();
        assert_eq!(name, format!("letter-{}", letter.to_ascii_lowercase()));
    }
    assert_eq!(clips::letter('a'), None);
    assert_eq!(clips::letter('Đ'), None);
}

#[test]
fn every_clip_has_a_name_of_its_own_and_no_two_say_the_same() {
    for language in Language::ALL {
        let names: BTreeSet<_> = clips::all(language).map(|(name, _)| name).collect();
        assert_eq!(names.len(), clips::all(language).count());
        let said: BTreeSet<_> = clips::all(language).map(|(_, said)| said).collect();
        assert_eq!(said.len(), names.len(), "{said:?}");
        for name in names {
            let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
            assert!(name.bytes().all(plain), "{name} is the name of a file");
            let clip = Clip { language, name };
            assert_eq!(clip.to_string().parse(), Ok(clip));
        }
    }
    for bad in ["", "vi", "vi/", "vi/../../etc/passwd", "fr/0", "en/ten"] {
        assert!(bad.parse::<Clip>().is_err(), "{bad}");
    }
}

/// What a person would write down who hears a number read, digit by digit or whole.
fn heard(words: &str) -> u32 {
    let value = |word: &str| match word {
        "không" => 0,
        "một" | "mốt" => 1,
        "hai" => 2,
        "ba" => 3,
        "bốn" | "tư" => 4,
        "năm" | "lăm" => 5,
        "sáu" => 6,
        "bảy" => 7,
        "tám" => 8,
        "chín" => 9,
        "mười" => 10,
        other => panic!("{other} is no digit"),
    };
    let (mut whole, mut group, mut last) = (0, 0, 0);
    for word in words.split(' ') {
        match word {
            "mươi" => (group, last) = (group + last * 10, 0),
            "trăm" => (group, last) = (group + last * 100, 0),
            "nghìn" | "ngàn" => (whole, group, last) = ((whole + group + last) * 1_000, 0, 0),
            "linh" | "lẻ" => {}
            word => (group, last) = (group + last, value(word)),
        }
    }
    whole + group + last
}

#[test]
fn whoever_hears_a_number_writes_down_that_number() {
    let mut known = BTreeSet::new();
    for n in 1..=99_999 {
        for reading in [NORTH, SOUTH] {
            let words = said(reading, n);
            assert_eq!(heard(&words), n, "{words}");
            if n < 10_000 {
                assert!(known.insert((reading.thousand == Thousand::Ngan, words)));
            }
        }
    }
}

proptest! {
    #[test]
    fn every_call_can_be_said(
        n: u32, counter: u32, priority: bool, letter in prop::char::range('A', 'Z'),
        mode in prop::sample::select(vec![Mode::Digits, Mode::Cardinal, Mode::Padded]),
    ) {
        let call = Call { letter, n, counter, priority };
        for language in Language::ALL {
            for reading in [NORTH, SOUTH] {
                let sentence = call.sentence(language, Reading { mode, ..reading });
                for clip in sentence {
                    prop_assert_eq!(Clip::find(language, clip.name), Some(clip));
                    prop_assert_ne!(clip.words(&LetterNames::default()), "");
                }
            }
        }
    }
}
