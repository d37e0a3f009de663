#![allow(clippy::unwrap_used)]

use super::*;
use crate::board::{Board, PrinterPlace};
use crate::words::Language;

/// 2026-11-23 07:28 in Vietnam.
const MONDAY: i64 = 1_795_393_680_000;
const AHEAD: i32 = 420;

/// The corner, and the time as it goes by.
struct Hall {
    corner: Corner,
    now_ms: u64,
    keys: u32,
}

impl Hall {
    fn new() -> Self {
        Self {
            corner: Corner::default(),
            now_ms: 1_000,
            keys: 0,
        }
    }

    /// One with the page open.
    fn open() -> Self {
        let mut hall = Self::new();
        hall.press(Press::Down);
        hall.wait(REST_MS);
        hall.press(Press::Up);
        assert!(hall.corner.is_open());
        hall
    }

    fn moment(&self) -> Moment {
        Moment {
            now_ms: self.now_ms,
            utc_ms: Some(MONDAY + i64::try_from(self.now_ms).unwrap() - 1_000),
        }
    }

    fn wait(&mut self, ms: u64) {
        self.now_ms += ms;
        self.corner.pass_time(self.now_ms);
    }

    fn press(&mut self, press: Press) -> Option<Request> {
        self.keys += 1;
        let key = format!("key-{}", self.keys);
        self.corner.press(&press, key, self.moment(), AHEAD, "vi")
    }

    fn digits(&mut self, digits: &str) {
        for digit in digits.chars() {
            assert_eq!(self.press(Press::Digit(digit)), None);
        }
    }

    /// Number and PIN, and the last touch.
    fn sign(&mut self, person: &str, pin: &str) -> Option<Request> {
        self.digits(person);
        assert_eq!(self.press(Press::Next), None);
        self.digits(pin);
        self.press(Press::Next)
    }

    fn view(&self) -> CornerView {
        let mut board = Board::default();
        board.clock.offset_minutes = AHEAD;
        let printer = PrinterPlace {
            condition: "paper-out".to_owned(),
            ..PrinterPlace::default()
        };
        board.printers.insert("printer".to_owned(), printer);
        view(&self.corner, &board, Language::Vietnamese, self.moment())
    }
}

fn refused(code: &str) -> Answer {
    Answer::Refused {
        code: code.to_owned(),
        detail: "Mời xem lại.".to_owned(),
    }
}

#[test]
fn only_a_finger_that_rests_opens_the_corner() {
    let mut hall = Hall::new();
    for _ in 0..5 {
        hall.press(Press::Down);
        hall.wait(REST_MS - 1);
        hall.press(Press::Up);
        hall.wait(REST_MS);
        assert!(!hall.corner.is_open());
    }
    hall.press(Press::Down);
    assert_eq!(hall.corner.wake_at(), Some(hall.now_ms + REST_MS));
    hall.wait(REST_MS);
    assert!(hall.corner.is_open());
}

#[test]
fn the_date_check_is_one_touch_and_a_signature() {
    let mut hall = Hall::open();
    let view = hall.view();
    assert_eq!(
        view.body,
        "Hôm nay là thứ Hai, 23/11/2026, 7 giờ 28 phút. Đúng không?"
    );
    assert_eq!(view.note, "Máy in: hết giấy.");
    assert_eq!(hall.press(Press::Right), None);
    let right_at = hall.moment().utc_ms.unwrap();
    hall.wait(20_000);
    let request = hall.sign("7", "482913").unwrap();
    assert_eq!((&*request.person, &*request.pin), ("7", "482913"));
    let deed = Deed::Time {
        utc_ms: right_at + 20_000,
        sure: false,
    };
    assert_eq!(request.deed, deed, "typing a PIN takes its time");
    assert!(!format!("{request:?}").contains("482913"));

    // While the daemon judges the PIN nothing else is begun.
    assert_eq!(hall.press(Press::Next), None);
    hall.corner.answer(&request.key, Answer::Done, hall.now_ms);
    assert_eq!(hall.view().body, "Đã ghi nhận ngày giờ.");
    hall.wait(DONE_MS);
    assert!(!hall.corner.is_open());
}

#[test]
fn a_date_is_set_part_by_part_and_there_is_no_31st_of_november() {
    let mut hall = Hall::open();
    hall.press(Press::Change);
    for (part, by, reads) in [
        (2, 1, "Thứ Ba, 23/11/2027, 7 giờ 28 phút"),
        (2, -1, "Thứ Hai, 23/11/2026, 7 giờ 28 phút"),
        (0, 1, "Thứ Ba, 24/11/2026, 7 giờ 28 phút"),
        (1, -1, "Thứ Bảy, 24/10/2026, 7 giờ 28 phút"),
        (3, -1, "Thứ Bảy, 24/10/2026, 6 giờ 28 phút"),
        (4, 1, "Thứ Bảy, 24/10/2026, 6 giờ 29 phút"),
    ] {
        hall.press(Press::Step { part, by });
        assert_eq!(hall.view().body, reads);
    }
    for _ in 0..7 {
        hall.press(Press::Step { part: 0, by: 1 });
    }
    hall.press(Press::Step { part: 1, by: 1 });
    assert_eq!(hall.view().body, "Thứ Hai, 30/11/2026, 6 giờ 29 phút");
    hall.press(Press::Next);
    let request = hall.sign("12", "604827").unwrap();
    let week = 7 * 24 * 3_600_000 - 59 * 60_000;
    let deed = Deed::Time {
        utc_ms: MONDAY + week,
        sure: false,
    };
    assert_eq!(request.deed, deed);
}

#[test]
fn a_wrong_pin_is_typed_again_and_a_lost_answer_is_the_same_request() {
    let mut hall = Hall::open();
    hall.press(Press::TestPage);
    let first = hall.sign("7", "111222").unwrap();
    hall.corner
        .answer(&first.key, refused("wrong-pin"), hall.now_ms);
    let view = hall.view();
    assert_eq!((&*view.trouble, &*view.typed), ("Mời xem lại.", ""));
    hall.digits("482913");
    let second = hall.press(Press::Next).unwrap();
    assert_ne!(second.key, first.key);
    assert_eq!(second.person, "7");

    hall.wait(ANSWER_WITHIN_MS);
    assert!(hall.view().trouble.contains("Mời bấm lại"));
    let third = hall.press(Press::Next).unwrap();
    assert_eq!(third, second, "the same key and the same words");
    // The first answer of the two is the answer.
    hall.corner.answer(&second.key, Answer::Done, hall.now_ms);
    assert_eq!(hall.view().body, "Đang in trang thử.");
}

#[test]
fn a_date_far_from_the_last_day_is_confirmed_once_more() {
    let mut hall = Hall::open();
    hall.press(Press::Right);
    let first = hall.sign("7", "482913").unwrap();
    hall.corner
        .answer(&first.key, refused("date-back"), hall.now_ms);
    let view = hall.view();
    assert_eq!((&*view.next, &*view.trouble), ("Vẫn đúng", "Mời xem lại."));
    let again = hall.press(Press::Next).unwrap();
    assert!(matches!(again.deed, Deed::Time { sure: true, .. }));
    assert_ne!(again.key, first.key);
}

#[test]
fn what_is_left_alone_closes_and_its_pin_is_gone() {
    let mut hall = Hall::open();
    hall.press(Press::Right);
    hall.digits("7");
    hall.press(Press::Next);
    hall.digits("4829");
    assert_eq!(hall.view().typed, "●●●●");
    hall.wait(ALONE_MS);
    assert!(!hall.corner.is_open());
    assert_eq!(hall.view(), CornerView::default());
    // Another finger begins anew.
    hall.press(Press::Down);
    hall.wait(REST_MS);
    hall.press(Press::Right);
    assert_eq!(hall.view().typed, "");
}

#[test]
fn digits_are_taken_back_one_by_one_and_none_is_too_many() {
    let mut hall = Hall::open();
    hall.press(Press::Right);
    assert_eq!(hall.press(Press::Next), None, "a number first");
    hall.digits("123456789");
    assert_eq!(hall.view().typed, "123456");
    hall.press(Press::Erase);
    hall.press(Press::Next);
    hall.digits("1234567890123");
    assert_eq!(hall.view().typed.chars().count(), 12);
    for _ in 0..13 {
        hall.press(Press::Erase);
    }
    assert_eq!(hall.view().typed, "12345", "back at the number");
    hall.press(Press::Back);
    hall.press(Press::Back);
    assert!(!hall.corner.is_open());
}
