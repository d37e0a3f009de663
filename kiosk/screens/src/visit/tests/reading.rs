//! What is held to the reader.

use super::*;

#[test]
fn a_receipt_held_to_the_reader_is_a_number_without_a_touch() {
    check(
        "0     board                     -> tiles
         1     receipt H1                -> asked K [send k1 H1 normal]
         1.2   answer k1 K001 printed    -> number K001
         13.2  wait                      -> tiles [forget]",
    );
}

#[test]
fn a_receipt_that_lies_before_the_reader_is_read_once() {
    check(
        "0     board                     -> tiles
         1     receipt H1                -> asked K [send k1 H1 normal]
         1.5   receipt H1                -> asked K
         2     answer k1 K001 printed    -> number K001
         3     receipt H1                -> number K001
         4.5   receipt H1                -> number K001
         9     receipt H1                -> number K001
         14    wait                      -> tiles [forget]
         20    receipt H1                -> asked K [send k6 H1 normal]
         20.1  held k6 K001              -> number K001
         32.1  wait                      -> tiles [forget]",
    );
}

#[test]
fn the_next_citizens_receipt_does_not_wait_for_a_number_that_is_on_paper() {
    check(
        "0     board                     -> tiles
         1     touch language            -> tiles en
         2     receipt H1                -> asked K en [send k2 H1 normal]
         3     answer k2 K001 pending    -> number K001 en
         4     receipt H2                -> number K001 en [look]
         6     looked K001 printed       -> number K001 en [look]
         7     receipt H2                -> asked K [forget] [send k4 H2 normal]
         8     answer k4 K002 printed    -> number K002",
    );
}

#[test]
fn a_receipt_that_came_too_early_counts_as_soon_as_it_may() {
    check(
        "0     board                     -> tiles
         1     receipt H1                -> asked K [send k1 H1 normal]
         2     answer k1 K001 pending    -> number K001
         3     receipt H2                -> number K001 [look]
         4     receipt H2                -> number K001 [look]
         5     looked K001 printed       -> number K001 [look]
         5.5   receipt H2                -> asked K [forget] [send k4 H2 normal]
         6     receipt H2                -> asked K
         7     answer k4 K002 printed    -> number K002
         8     receipt H2                -> number K002",
    );
}

#[test]
fn a_slip_is_passed_on_by_its_token() {
    check(
        "0     board                     -> tiles
         1     slip T1                   -> asked [send k1 T1]
         2     held k1 A001              -> number A001
         14    wait                      -> tiles [forget]",
    );
}

#[test]
fn what_cannot_be_read_says_so_and_goes_home() {
    check(
        "0     board                     -> tiles
         1     junk                      -> told(unreadable)
         2     junk                      -> told(unreadable)
         9     receipt H1                -> asked K [send k3 H1 normal]
         10    refused k3                -> refused no
         11    touch back                -> tiles [forget]
         20    junk                      -> told(unreadable)
         32    wait                      -> tiles",
    );
}

#[test]
fn who_shows_a_card_is_known_until_the_visit_ends() {
    check(
        "0     board                     -> tiles
         1     card 001                  -> tiles [card k1 001]
         1.1   person k1 lan             -> tiles
         2     touch A                   -> asked A [send k2 A normal lan]
         3     answer k2 A001 printed    -> number A001
         15    wait                      -> tiles [forget]
         16    touch A                   -> asked A [send k3 A normal]
         17    answer k3 A002 printed    -> number A002
         29    wait                      -> tiles [forget]
         30    card 001                  -> tiles [card k4 001]
         30.1  person k4 lan             -> tiles
         60.1  wait                      -> still
         70.1  wait                      -> tiles
         71    receipt H1                -> asked K [send k5 H1 normal]",
    );
}

#[test]
fn a_card_of_somebody_old_enough_chooses_priority_which_can_be_dropped() {
    check(
        "0     board                     -> tiles
         1     card 001                  -> tiles [card k1 001]
         1.1   person k1 lan elderly     -> tiles priority
         2     touch A                   -> asked A priority [send k2 A elderly lan]
         3     answer k2 A001 printed    -> number A001 priority
         15    wait                      -> tiles [forget]
         16    card 001                  -> tiles [card k3 001]
         16.1  person k3 lan elderly     -> tiles priority
         17    touch drop                -> tiles
         18    receipt H1                -> asked K [send k5 H1 normal lan]",
    );
}

#[test]
fn without_an_answer_about_the_card_a_number_is_possible_all_the_same() {
    check(
        "0     board                     -> tiles
         1     card 001                  -> tiles [card k1 001]
         6     nobody k1                 -> told(cardunchecked)
         7     touch back                -> tiles
         8     touch A                   -> asked A [send k3 A normal]",
    );
}

#[test]
fn a_late_word_about_a_card_changes_nothing_for_the_next_citizen() {
    check(
        "0     board                     -> tiles
         1     card 001                  -> tiles [card k1 001]
         2     touch A                   -> asked A [send k2 A normal]
         3     person k1 lan elderly     -> asked A
         4     answer k2 A001 printed    -> number A001
         16    wait                      -> tiles [forget]
         17    person k1 lan elderly     -> tiles
         18    touch A                   -> asked A [send k3 A normal]",
    );
}

#[test]
fn nothing_is_read_while_the_daemon_is_away() {
    check(
        "0     wait                      -> starting
         1     receipt H1                -> starting
         4     wait                      -> away
         5     receipt H1                -> away",
    );
}

#[test]
fn what_was_read_stands_in_no_debug_line() {
    let mut visit = Visit::new(0);
    visit.on(Event::Board(Box::new(office())), 0);
    let card = Card {
        number: Private("001046000001".to_owned()),
        birth: Some(Private("1946-03-01".to_owned())),
    };
    let acts = visit.on(Event::Read(Code::Card(card), "k".to_owned()), 10);
    let receipt = Code::Receipt(Private("H05.114-250625-0002".to_owned()));
    let sent = visit.on(Event::Read(receipt, "l".to_owned()), 20);
    let lines = format!("{visit:?} {acts:?} {sent:?}");
    for personal in ["001046000001", "1946-03-01", "250625"] {
        assert!(!lines.contains(personal), "{lines}");
    }
}

#[test]
fn a_card_is_forgotten_two_seconds_after_it_was_taken_away() {
    let mut visit = Visit::new(0);
    visit.on(Event::Board(Box::new(office())), 0);
    let card = Card {
        number: Private("001046000001".to_owned()),
        birth: None,
    };
    visit.on(Event::Read(Code::Card(card), "k".to_owned()), 1_000);
    assert_eq!(visit.wake_at(1_000), Some(3_000));
    visit.on(Event::Tick, 3_000);
    assert!(visit.label.is_none());
}

#[test]
fn only_what_its_citizen_does_not_show_again_lies_on_the_disk() {
    let person = || Some(Private("lan".to_owned()));
    let class = || "normal".to_owned();
    let issue = |person| Step::Issue {
        service: "A".to_owned(),
        class: class(),
        person,
    };
    assert!(issue(None).may_be_kept());
    assert!(!issue(person()).may_be_kept());
    let receipt = Step::Receipt {
        dossier: Private("H1".to_owned()),
        class: class(),
        person: None,
    };
    assert!(!receipt.may_be_kept());
}
