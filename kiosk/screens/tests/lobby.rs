//! What the lobby says, state by state.

#![allow(missing_docs, clippy::unwrap_used)]

mod samples;

use screens::lobby::{self, Lobby, LobbyView, Size};
use screens::touch::Moment;

const SIZE: Size = Size {
    width: 1920.0,
    height: 1080.0,
};

fn state(name: &str) -> LobbyView {
    let views = samples::lobby_views(SIZE);
    views
        .into_iter()
        .find(|(state, _)| *state == name)
        .unwrap()
        .1
}

#[test]
fn the_newest_call_is_gold_and_not_in_the_list() {
    let view = state("gold");
    assert!(view.gold);
    assert_eq!(
        (view.number.as_str(), view.counter.as_str()),
        ("A012", "Quầy số 3")
    );
    assert_eq!(view.also, "A012, please go to counter 3");
    assert_eq!(view.calls[0].number, "B007");
    assert!(!state("quiet").gold);
    assert_eq!(state("again").again, "Gọi lần 3");
}

#[test]
fn a_break_that_comes_before_the_call_is_said_and_none_while_counters_serve() {
    let view = state("gap");
    assert_eq!(view.title, "Hiện tạm ngừng phát số.");
    let body = view.body.replace('\u{a0}', " ");
    assert_eq!(body, "Phát số lại từ 13 giờ 30. Số đã phát vẫn được gọi.");
    let note = |letter: &str| {
        let named = |s: &&screens::lobby::StripView| s.name.starts_with(letter);
        let strip = view.services.iter().find(named).unwrap();
        strip.note.replace('\u{a0}', " ")
    };
    assert_eq!(note("B"), "12 chờ · gọi từ 13 giờ 30");
    assert_eq!(note("A"), "4 chờ · 10–15 phút");
}

#[test]
fn old_numbers_are_said_to_be_old() {
    assert_eq!(state("quiet").stale, "");
    assert_eq!(state("stale").stale, "Mất kết nối. Số liệu đến 7 giờ 41.");
    assert_eq!(
        state("stale-no-clock").stale,
        "Mất kết nối. Số liệu có thể đã cũ."
    );
    let unknown = state("no-clock");
    assert_eq!(
        (unknown.time.as_str(), unknown.clock_unknown.as_str()),
        ("", "Máy chưa biết giờ")
    );
}

#[test]
fn a_comment_is_a_sign_of_life_and_a_short_loss_goes_unnoticed() {
    let mut lobby = Lobby::new(0);
    lobby.update(samples::board(&samples::office()), 0);
    let stale = |lobby: &Lobby, now_ms| {
        let moment = Moment {
            now_ms,
            utc_ms: None,
        };
        !lobby::view(lobby, moment, SIZE).stale.is_empty()
    };
    lobby.alive(15_000);
    assert!(!stale(&lobby, 30_000));
    assert!(stale(&lobby, 35_000));
    lobby.alive(40_000);
    assert!(!stale(&lobby, 40_000));
    lobby.lost(41_000);
    lobby.lost(42_000);
    assert!(!stale(&lobby, 43_000));
    assert!(stale(&lobby, 44_000));
}

#[test]
fn before_the_first_call_and_after_the_day_the_screen_still_speaks() {
    assert_eq!(state("empty").title, "Mời Ông/Bà lấy số và chờ gọi");
    let closed = state("day-closed");
    assert_eq!(closed.title, "Đã hết giờ phát số hôm nay.");
    assert!(closed.number.is_empty() && closed.services.is_empty());
    assert_eq!(state("away").title, "Màn hình tạm ngừng phục vụ.");
}

#[test]
fn more_services_than_six_take_turns_in_rows_of_equal_length() {
    let (first, next) = (state("many"), state("many-next"));
    assert_eq!((first.service_rows, first.service_columns), (2, 3));
    assert_eq!((first.services.len(), next.services.len()), (6, 6));
    assert_eq!(first.service_height, next.service_height);
    assert!(
        first
            .services
            .iter()
            .all(|one| !next.services.contains(one))
    );
    assert_eq!(first.services[0].note, "4 chờ · 10–15 phút");
    assert_eq!(first.services[2].note, "Chưa có người chờ");
}

#[test]
fn who_waits_where_is_read_from_eight_metres() {
    // Capitals of 40 pixels of 1080 on a 43 inch television: text of 56.
    let usual = state("gold");
    assert!(usual.note_size >= 56.0, "{}", usual.note_size);
    for service in &usual.services {
        assert!(service.name_size >= 56.0, "{service:?}");
    }
    // A name of two lines is still read at the limit.
    for service in state("many")
        .services
        .iter()
        .chain(&state("many-next").services)
    {
        assert!(service.name_size >= 40.0, "{service:?}");
    }
}
