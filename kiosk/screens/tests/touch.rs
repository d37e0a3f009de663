//! The touch screen under a finger: what is found by its label, and what a touch does.

#![allow(missing_docs, clippy::unwrap_used)]

mod samples;

use std::cell::RefCell;
use std::rc::Rc;

use i_slint_backend_testing::{AccessibleRole, ElementHandle, ElementQuery, init_no_event_loop};
use screens::TouchWindow;
use screens::board::Ticket;
use screens::corner;
use screens::frame::Frame;
use screens::touch::{self, TouchView};
use screens::visit::{Answer, Event, Press, Private};
use slint::platform::{PointerEventButton, WindowEvent};
use slint::{ComponentHandle, LogicalPosition, LogicalSize};

const FRAME: Frame = Frame {
    width: 1080.0,
    height: 1920.0,
    diagonal_inches: 22.0,
};

const FRAMES: [Frame; 3] = [
    FRAME,
    Frame {
        width: 1280.0,
        height: 800.0,
        diagonal_inches: 10.1,
    },
    Frame {
        width: 1920.0,
        height: 1080.0,
        ..FRAME
    },
];

struct Screen {
    window: TouchWindow,
    presses: Rc<RefCell<Vec<Press>>>,
}

thread_local! {
    /// One platform a thread, and so one for all windows of a test.
    static PLATFORM: () = init_no_event_loop();
}

fn open(view: &TouchView) -> Screen {
    open_at(view, FRAME)
}

fn open_at(view: &TouchView, frame: Frame) -> Screen {
    PLATFORM.with(|()| {});
    let window = TouchWindow::new().unwrap();
    window
        .window()
        .set_size(LogicalSize::new(frame.width, frame.height));
    window.show().unwrap();
    touch::show(&window, view);
    let presses = Rc::new(RefCell::new(Vec::new()));
    let heard = Rc::clone(&presses);
    touch::connect(&window, move |press| heard.borrow_mut().push(press));
    Screen { window, presses }
}

impl Screen {
    fn button(&self, label: &str) -> ElementHandle {
        ElementHandle::find_by_accessible_label(&self.window, label)
            .find(|element| element.accessible_role() == Some(AccessibleRole::Button))
            .unwrap_or_else(|| panic!("no button {label:?}"))
    }

    /// Touches each label, as a screen reader and as a finger would.
    fn touch(&self, label: &str, press: &Press) {
        let button = self.button(label);
        button.invoke_accessible_default_action();
        button.mock_single_click(PointerEventButton::Left);
        let heard = self.presses.take();
        assert_eq!(heard, [press.clone(), press.clone()], "{label}");
    }
}

fn state(name: &str) -> TouchView {
    let views = samples::touch_views("vi", FRAME);
    views
        .into_iter()
        .find(|(state, _)| *state == name)
        .unwrap()
        .1
}

#[test]
fn a_tile_is_found_by_its_name_and_chooses_its_service() {
    let screen = open(&state("home"));
    screen.touch("Đất đai", &Press::Choose("B".to_owned()));
    screen.touch("Nhận kết quả", &Press::Choose("K".to_owned()));
    screen.touch("Ưu tiên", &Press::AskPriority);
    screen.touch("Chữ to", &Press::Size);
    screen.touch("English", &Press::Language);
}

#[test]
fn a_question_has_two_answers_and_a_way_back() {
    let screen = open(&state("priority"));
    screen.touch("Có", &Press::Yes);
    screen.touch("Không", &Press::No);
    screen.touch("Quay lại", &Press::Back);
}

#[test]
fn the_number_can_be_changed_and_put_away() {
    let screen = open(&state("number-failed"));
    screen.touch("Chọn nhầm? Bấm để đổi\u{a0}lĩnh\u{a0}vực", &Press::Change);
    screen.touch("Tôi đã ghi nhớ số", &Press::Remembered);
    let screen = open(&state("number-printed"));
    screen.touch("Về trang đầu", &Press::Back);
}

#[test]
fn a_class_that_was_chosen_can_be_dropped() {
    let screen = open(&state("home-priority"));
    screen.touch("Bỏ ưu\u{a0}tiên", &Press::DropPriority);
}

#[test]
fn a_dossier_is_looked_up_by_its_receipt_and_what_its_owner_types() {
    let screen = open(&state("home-look-up"));
    screen.touch("Tra cứu hồ\u{a0}sơ", &Press::LookUp);
    let screen = open(&state("noon-look-up"));
    screen.touch("Tra cứu hồ\u{a0}sơ", &Press::LookUp);
    let screen = open(&state("look-up-receipt"));
    screen.touch("Quay lại", &Press::Back);
    let sign = |sign: &str| Press::Sign(Private(sign.to_owned()));
    let screen = open(&state("look-up-typed"));
    screen.touch("7", &sign("7"));
    screen.touch("0", &sign("0"));
    screen.touch("Xóa", &Press::Erase);
    screen.touch("Chữ cái", &Press::Letters);
    screen.touch("Xem", &Press::Send);
    let screen = open(&state("look-up-letters"));
    screen.touch("Q", &sign("Q"));
    screen.touch("Xóa", &Press::Erase);
    screen.touch("Chữ số", &Press::Letters);
    screen.touch("Xem", &Press::Send);
    let screen = open(&state("dossier-late"));
    screen.touch("Lấy số gặp cán bộ", &Press::Yes);
    screen.touch("Xem thêm", &Press::Stay);
    screen.touch("Xong", &Press::Back);
    let screen = open(&state("look-up-away"));
    screen.touch("Lấy số gặp cán bộ", &Press::Yes);
    screen.touch("Thử lại", &Press::No);
}

/// Everything that is written on the screen.
fn written(screen: &Screen) -> String {
    let texts = ElementQuery::from_root(&screen.window)
        .match_descendants()
        .find_all();
    let labels = texts.iter().filter_map(ElementHandle::accessible_label);
    labels.map(|label| format!("{label}\n")).collect()
}

#[test]
fn a_dossier_that_is_late_has_the_offices_apology_and_says_who_says_so() {
    let late = state("dossier-late");
    let told = late.title.replace('\u{a0}', " ");
    assert_eq!(told, "Hồ sơ đã quá ngày hẹn trả.");
    assert_eq!(
        late.body,
        "Cơ quan xin lỗi Ông/Bà. Mời Ông/Bà đến quầy số 3 để được thông báo cụ thể."
    );
    assert_eq!(late.source, "Theo phần mềm một cửa, lúc 7 giờ 41");
    let due = late.facts.iter().find(|fact| fact.label == "Hẹn trả");
    assert_eq!(due.unwrap().value, "thứ Sáu, 13/11/2026, đã quá 10 ngày");
    let missing = state("dossier-supplement");
    assert_eq!(
        missing.source,
        "Theo tệp nhập ngày 20/11/2026 từ phần mềm một cửa"
    );
    assert_eq!(missing.yes, "Lấy số bổ sung hồ sơ");
    assert_eq!(state("dossier-done").yes, "Lấy số nhận kết quả");
    assert_eq!(state("dossier-in-time").yes, "");
}

#[test]
fn a_wrong_try_says_how_many_are_left_and_a_lock_how_long_it_lasts() {
    let wrong = "Giấy hẹn và số vừa nhập chưa khớp.";
    assert_eq!(
        state("look-up-wrong").trouble,
        format!("{wrong} Ông/Bà còn 3 lần nhập.")
    );
    assert_eq!(
        state("look-up-last").trouble,
        format!("{wrong} Ông/Bà còn 1 lần nhập.")
    );
    assert_eq!(state("look-up-wrong").typed, "");
    let locked = state("look-up-locked").body.replace('\u{a0}', " ");
    assert!(locked.contains("thử lại sau 2 phút"), "{locked}");
}

#[test]
fn every_page_of_looking_up_counts_down_to_its_end() {
    for name in [
        "look-up-receipt",
        "look-up-typed",
        "look-up-letters",
        "look-up-locked",
        "look-up-away",
        "dossier-late",
        "dossier-other",
    ] {
        let view = state(name);
        assert!(view.countdown.starts_with("Tự về trang đầu sau"), "{name}");
    }
}

#[test]
fn after_looking_up_nothing_of_the_dossier_is_left_on_the_screen() {
    let personal = [
        "H05",
        "5678",
        "Đăng ký biến động",
        "Chi nhánh",
        "26/11/2026",
    ];
    let screen = open(&state("look-up-typed"));
    assert!(written(&screen).contains("5678"));
    touch::show(&screen.window, &state("dossier-returned"));
    let told = written(&screen);
    for one in ["H05.***-****02", "Đăng ký biến động", "26/11/2026"] {
        assert!(told.contains(one), "{one}: {told}");
    }
    touch::show(&screen.window, &state("home-look-up"));
    let left = format!("{} {:?}", written(&screen), state("home-look-up"));
    for one in personal {
        assert!(!left.contains(one), "{one}: {left}");
    }
}

#[test]
fn while_the_answer_is_on_its_way_tiles_hear_nothing() {
    let screen = open(&state("asked"));
    screen
        .button("Đất đai")
        .mock_single_click(PointerEventButton::Left);
    assert!(screen.presses.take().is_empty());
}

#[test]
fn a_tile_keeps_its_finger_while_the_numbers_change() {
    // The public state moves every few seconds; a touch that is under way must survive it.
    let screen = open(&state("home"));
    let tile = screen.button("Đất đai");
    let mut office = samples::office();
    office["services"]["B"]["waiting"] = 13.into();
    let visit = samples::visit(&office, "vi", vec![]);
    touch::show(&screen.window, &touch::view(&visit, samples::MOMENT, FRAME));
    assert!(tile.is_valid());
    tile.mock_single_click(PointerEventButton::Left);
    assert_eq!(screen.presses.take(), [Press::Choose("B".to_owned())]);
}

#[test]
fn every_target_is_twenty_millimetres_high_and_on_the_screen() {
    for frame in FRAMES {
        for (name, view) in samples::touch_views("vi", frame) {
            let screen = open_at(&view, frame);
            let touch_min = view.plan.unwrap().touch_min;
            let buttons = ElementQuery::from_root(&screen.window)
                .match_descendants()
                .match_accessible_role(AccessibleRole::Button)
                .find_all();
            for button in buttons {
                let (size, at) = (button.size(), button.absolute_position());
                let what = format!("{name} {:?} {frame:?}", button.accessible_label());
                assert!(size.height >= touch_min - 0.5, "{what} is {size:?}");
                assert!(size.width >= touch_min - 0.5, "{what} is {size:?}");
                assert!(
                    at.y + size.height <= frame.height,
                    "{what} leaves the screen"
                );
                assert!(at.x + size.width <= frame.width, "{what} leaves the screen");
            }
        }
    }
}

#[test]
fn between_two_targets_there_are_three_millimetres() {
    for frame in FRAMES {
        for (name, view) in samples::touch_views("vi", frame) {
            let screen = open_at(&view, frame);
            let gap = view.plan.unwrap().gap - 0.5;
            let buttons: Vec<_> = ElementQuery::from_root(&screen.window)
                .match_descendants()
                .match_accessible_role(AccessibleRole::Button)
                .find_all()
                .iter()
                .map(|button| (button.absolute_position(), button.size()))
                .collect();
            for (i, (at, size)) in buttons.iter().enumerate() {
                for (other, other_size) in &buttons[..i] {
                    // A component is found once more as what it inherits from.
                    if (at.x, at.y) == (other.x, other.y) {
                        continue;
                    }
                    let across =
                        (at.x - other.x - other_size.width).max(other.x - at.x - size.width);
                    let down =
                        (at.y - other.y - other_size.height).max(other.y - at.y - size.height);
                    assert!(
                        across.max(down) >= gap,
                        "{name}: {at:?} and {other:?} in {frame:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn where_nothing_can_be_touched_nobody_is_told_to_touch() {
    for name in [
        "noon",
        "gap",
        "not-yet",
        "over",
        "day-off",
        "unplanned",
        "closed",
        "starting",
        "away",
    ] {
        assert!(state(name).steps.is_empty(), "{name}");
    }
    assert!(!state("home").steps.is_empty());
}

#[test]
fn everyday_words_end_between_two_of_them_and_never_in_one() {
    for frame in FRAMES {
        for language in ["vi", "en"] {
            let office = samples::large_office();
            for (name, view) in samples::touch_views(language, frame) {
                for tile in &view.services {
                    let all = office["services"][&tile.letter]["words"][language].as_str();
                    let shown = tile.words.trim_end_matches('…').trim_end();
                    let shown = shown.trim_end_matches(',');
                    let rest = all.unwrap_or_default().strip_prefix(shown);
                    let whole = rest.is_none_or(|rest| {
                        rest.is_empty() || shown.is_empty() || rest.starts_with([',', ' '])
                    });
                    assert!(whole, "{name}: {:?} of {all:?}", tile.words);
                }
            }
        }
    }
}

#[test]
fn each_trouble_with_the_slip_has_its_own_words() {
    let titles = [
        "number-failed",
        "number-cover-open",
        "number-unknown",
        "number-slow",
    ]
    .map(|name| state(name).paper_title.replace('\u{a0}', " "));
    assert_eq!(
        titles,
        [
            "Máy in đang hết giấy.",
            "Máy in đang tạm ngừng.",
            "Ông/Bà chưa thấy phiếu?",
            "Phiếu in chậm hơn thường lệ.",
        ]
    );
}

#[test]
fn the_words_of_the_office_are_shown() {
    for (name, title) in [
        ("away", "Máy tạm ngừng phục vụ."),
        ("noon", "Đang nghỉ trưa."),
        ("gap", "Hiện tạm ngừng phát số."),
        ("not-yet", "Chưa đến giờ phát số."),
        ("over", "Đã hết giờ phát số hôm nay."),
        ("day-off", "Hôm nay cơ quan nghỉ."),
        ("unplanned", "Cơ quan tạm nghỉ đột xuất."),
        (
            "full",
            "Hôm nay đã phát hết số của\u{a0}lĩnh\u{a0}vực\u{a0}này.",
        ),
    ] {
        assert_eq!(state(name).title, title);
    }
    assert_eq!(state("noon").body, "Buổi chiều phát số từ 13 giờ 30.");
    assert_eq!(
        state("day-off").body,
        "Mời Ông/Bà trở lại lúc 7 giờ 30, thứ Hai, 23/11/2026."
    );
    assert_eq!(
        state("unplanned").body,
        "Mất điện toàn khu vực. Mời Ông/Bà trở lại lúc 15 giờ 30, thứ Hai, 23/11/2026."
    );
    let failed = state("number-failed");
    assert!(
        failed
            .paper_body
            .starts_with("Số A012 của Ông/Bà vẫn có giá trị.")
    );
    let pending = state("number-pending");
    assert_eq!(pending.paper_title, "Đang in phiếu…");
}

#[test]
fn a_service_that_gives_out_no_numbers_says_why_and_when_again() {
    let home = state("home-hours");
    let notes: Vec<&str> = home.services.iter().map(|t| t.note.as_str()).collect();
    assert_eq!(
        notes,
        [
            "Hôm nay tạm ngừng",
            "Đã hết giờ phát số",
            "Phát số từ 13 giờ 30",
            "Hôm nay đã phát hết số"
        ]
    );
    assert!(home.services.iter().all(|tile| tile.muted));
    let paused = state("paused");
    assert!(paused.title.starts_with("Hôm nay tạm ngừng phát số"));
    let back = "hoặc trở lại từ 7 giờ 30, thứ Ba, 24/11/2026.";
    assert!(paused.body.ends_with(back), "{}", paused.body);
    assert!(state("full").body.ends_with(back));
    let later = state("not-yet-service").title.replace('\u{a0}', " ");
    assert_eq!(later, "Lĩnh vực này phát số từ 13 giờ 30.");
}

#[test]
fn a_number_kept_over_noon_says_when_calls_go_on() {
    let told = state("number-kept").ahead.replace('\u{a0}', " ");
    let kept = "Số được giữ qua giờ nghỉ, gọi từ 13 giờ 30";
    assert_eq!(told, format!("Trước Ông/Bà còn 4 người\n{kept}"));
}

#[test]
fn without_a_printer_no_word_is_said_of_paper() {
    let plain = state("home-plain");
    let none = state("number-none");
    let spoken = format!("{plain:?} {none:?}").to_lowercase();
    assert!(!spoken.contains("phiếu"), "{spoken}");
    // Nor words beside a code that leads nowhere.
    assert_eq!(none.qr_words, "");
}

#[test]
fn without_a_clock_no_time_is_shown() {
    let view = state("home-no-clock");
    assert_eq!((view.time.as_str(), view.date.as_str()), ("", ""));
    assert_eq!(view.clock_unknown, "Máy chưa biết giờ");
}

#[test]
fn a_kind_of_priority_is_never_on_the_screen_with_a_number() {
    let class = "wheelchair".to_owned();
    let ticket = Ticket {
        class,
        ..samples::ticket("printed")
    };
    let events = vec![
        (samples::press(Press::Choose("A".to_owned())), 100),
        (
            Event::Answer("key".to_owned(), Answer::Ticket(Box::new(ticket))),
            200,
        ),
    ];
    let visit = samples::visit(&samples::office(), "vi", events);
    let view = touch::view(&visit, samples::MOMENT, FRAME);
    assert_eq!(view.number_class, "Ưu tiên");
}

#[test]
fn a_slip_that_comes_out_elsewhere_says_where_from_the_start() {
    for name in ["number-elsewhere-pending", "number-elsewhere"] {
        let told = "Phiếu in ở máy khác: cạnh cửa số 2.";
        assert_eq!(state(name).paper_body, told, "{name}");
    }
    assert_eq!(state("number-printed").paper_body, "");
    // An office that does not say where its printers stand has at least named them.
    let answer = Answer::Ticket(Box::new(samples::elsewhere("printed")));
    let events = vec![
        (samples::press(Press::Choose("A".to_owned())), 100),
        (Event::Answer("key".to_owned(), answer), 200),
    ];
    let visit = samples::visit(&samples::office(), "vi", events);
    let view = touch::view(&visit, samples::MOMENT, FRAME);
    assert_eq!(view.paper_body, "Phiếu in ở máy khác: door.");
}

/// A page of the corner over the home page, and what is touched on it.
fn corner(name: &str, frame: Frame) -> (Screen, Rc<RefCell<Vec<corner::Press>>>) {
    let screen = open_at(&samples::home("vi", frame), frame);
    let views = samples::corner_views("vi");
    let view = views.into_iter().find(|(state, _)| *state == name);
    touch::show_corner(&screen.window, &view.unwrap().1);
    let heard = Rc::new(RefCell::new(Vec::new()));
    let presses = Rc::clone(&heard);
    touch::connect_corner(&screen.window, move |press| {
        presses.borrow_mut().push(press);
    });
    (screen, heard)
}

#[test]
fn a_finger_is_heard_when_it_comes_to_the_corner_and_when_it_goes() {
    for frame in FRAMES {
        let screen = open_at(&samples::home("vi", frame), frame);
        let heard = Rc::new(RefCell::new(Vec::new()));
        let presses = Rc::clone(&heard);
        touch::connect_corner(&screen.window, move |press| {
            presses.borrow_mut().push(press);
        });
        let position = LogicalPosition::new(30.0, 30.0);
        let button = PointerEventButton::Left;
        let window = screen.window.window();
        window.dispatch_event(WindowEvent::PointerPressed { position, button });
        assert_eq!(heard.take(), [corner::Press::Down]);
        window.dispatch_event(WindowEvent::PointerReleased { position, button });
        assert_eq!(heard.take(), [corner::Press::Up]);
        assert!(screen.presses.take().is_empty(), "no citizen's touch");
    }
}

#[test]
fn every_button_of_the_corner_is_found_by_its_words_and_has_20_mm_of_glass() {
    use corner::Press;
    let pages: [(&str, &[(&str, Press)]); 3] = [
        (
            "front",
            &[
                ("Đúng", Press::Right),
                ("Sửa", Press::Change),
                ("In thử", Press::TestPage),
                ("Đóng", Press::Back),
            ],
        ),
        (
            "setting",
            &[
                ("Năm +", Press::Step { part: 2, by: 1 }),
                ("Ngày −", Press::Step { part: 0, by: -1 }),
                ("Đặt ngày giờ này", Press::Next),
                ("Quay lại", Press::Back),
            ],
        ),
        (
            "wrong-pin",
            &[
                ("7", Press::Digit('7')),
                ("0", Press::Digit('0')),
                ("Xóa", Press::Erase),
                ("Xác nhận", Press::Next),
                ("Quay lại", Press::Back),
            ],
        ),
    ];
    for frame in FRAMES {
        let diagonal = frame.width.hypot(frame.height);
        let twenty_mm = (diagonal / frame.diagonal_inches * 20.0 / 25.4).floor();
        for (page, buttons) in &pages {
            let (screen, heard) = corner(page, frame);
            for (label, press) in *buttons {
                let button = screen.button(label);
                button.mock_single_click(PointerEventButton::Left);
                assert_eq!(heard.take(), std::slice::from_ref(press), "{page}: {label}");
                let size = button.size();
                let (at, least) = (button.absolute_position(), size.width.min(size.height));
                assert!(least >= twenty_mm, "{page}: {label}: {size:?}");
                assert!(at.y + size.height <= frame.height, "{page}: {label}");
            }
        }
    }
}
