//! The corner for staff in Slint: copied in, and heard.

use std::rc::Rc;

use slint::ComponentHandle;

use super::text;
use crate::corner::{CornerPage, CornerView, PartView, Press};
use crate::models::refresh;
use crate::ui::{CornerPage as Page, CornerScreen, PartData, TouchWindow};

/// Copies `view` into the window.
pub fn show_corner(window: &TouchWindow, view: &CornerView) {
    let screen = window.global::<CornerScreen>();
    screen.set_page(match view.page {
        CornerPage::Closed => Page::Closed,
        CornerPage::Front => Page::Front,
        CornerPage::Setting => Page::Setting,
        CornerPage::Pad => Page::Pad,
        CornerPage::Done => Page::Done,
    });
    screen.set_title(text(&view.title));
    screen.set_body(text(&view.body));
    screen.set_note(text(&view.note));
    screen.set_trouble(text(&view.trouble));
    screen.set_right(text(&view.right));
    screen.set_change(text(&view.change));
    screen.set_test_page(text(&view.test_page));
    screen.set_next(text(&view.next));
    screen.set_back(text(&view.back));
    screen.set_erase(text(&view.erase));
    screen.set_typed(text(&view.typed));
    let part = |part: &PartView| PartData {
        label: text(part.label),
        value: text(&part.value),
    };
    let parts = view.parts.iter().map(part).collect();
    screen.set_parts(refresh(screen.get_parts(), parts));
}

/// Gives every touch in the corner, and on what it opened, to `press`.
pub fn connect_corner(window: &TouchWindow, press: impl Fn(Press) + 'static) {
    let screen = window.global::<CornerScreen>();
    let press = Rc::new(press);
    let to = |what: Press| {
        let press = Rc::clone(&press);
        move || press(what.clone())
    };
    screen.on_corner_down(to(Press::Down));
    screen.on_corner_up(to(Press::Up));
    screen.on_say_right(to(Press::Right));
    screen.on_say_change(to(Press::Change));
    screen.on_print_test_page(to(Press::TestPage));
    screen.on_erase_digit(to(Press::Erase));
    screen.on_go_on(to(Press::Next));
    screen.on_go_back(to(Press::Back));
    let stepped = Rc::clone(&press);
    screen.on_step(move |part, by| {
        if let Ok(part) = usize::try_from(part) {
            stepped(Press::Step { part, by });
        }
    });
    screen.on_digit(move |digit| {
        if let Some(digit) = digit.chars().next() {
            press(Press::Digit(digit));
        }
    });
}
