//! Looking up one's own dossier.

use super::*;
use crate::dossier::{Dossier, State};

/// `done`, or `late`: one being worked on that is past its date.
pub(super) fn found(state: &str) -> LookedUp {
    let (state, late_days) = match state {
        "late" => ("in-progress", Some(10)),
        state => (state, None),
    };
    LookedUp::Found(Box::new(Dossier {
        dossier: "H05.***-****02".to_owned(),
        procedure: Some("Khai sinh".to_owned()),
        state: serde_json::from_value(state.into()).unwrap(),
        late_days,
        ..Dossier::default()
    }))
}

pub(super) fn answered(key: &str, answer: LookedUp) -> Event {
    Event::LookedUp(key.to_owned(), answer)
}

pub(super) fn described(visit: &Visit, page: &LookUp) -> String {
    let offer = match visit.offer() {
        Some(offer) => format!(", offers {offer:?}").to_lowercase(),
        None => String::new(),
    };
    let page = match page {
        LookUp::Receipt { again: false } => "receipt?".to_owned(),
        LookUp::Receipt { again: true } => "receipt? again".to_owned(),
        LookUp::Factor(factor) => {
            let mut text = format!("factor? {}", factor.typed.0).trim_end().to_owned();
            if factor.letters {
                text += " letters";
            }
            if factor.is_asked() {
                text += " asked";
            }
            if let Some(Some(left)) = factor.wrong {
                text += &format!(" wrong, {left} left");
            }
            text
        }
        LookUp::Found(_, found) => match (found.state, found.is_late()) {
            (_, true) => "late".to_owned(),
            (state, _) => format!("{state:?}").to_lowercase(),
        },
        LookUp::Not(_, Why::Locked(_)) => "locked".to_owned(),
        LookUp::Not(_, Why::Away) => "no answer".to_owned(),
        LookUp::Not(_, Why::Refused(why)) => why.clone(),
    };
    page + &offer
}

#[test]
fn a_receipt_and_four_signs_tell_how_ones_own_dossier_stands() {
    check(
        "0     board                     -> tiles
         0.1   reader                    -> tiles
         1     touch look-up             -> receipt?
         3     receipt H2                -> factor?
         4     touch send                -> factor?
         5     type 56                   -> factor? 56
         6     touch send                -> factor? 56
         7     type 79                   -> factor? 5679
         8     touch erase               -> factor? 567
         9     type 8                    -> factor? 5678
         10    touch send                -> factor? 5678 asked [look up k6 H2 5678]
         10.1  touch send                -> factor? 5678 asked
         10.2  type 9                    -> factor? 5678 asked
         11    found k6 in-progress      -> inprogress
         20    touch back                -> tiles",
    );
}

#[test]
fn a_code_with_letters_is_typed_as_well() {
    check(
        "0     board                     -> tiles
         0.1   reader                    -> tiles
         1     touch look-up             -> receipt?
         3     receipt H2                -> factor?
         4     touch letters             -> factor? letters
         5     type AB                   -> factor? AB letters
         6     touch letters             -> factor? AB
         7     type 3                    -> factor? AB3
         8     touch letters             -> factor? AB3 letters
         9     type D                    -> factor? AB3D letters
         10    touch send                -> factor? AB3D letters asked [look up k6 H2 AB3D]",
    );
}

#[test]
fn a_finished_dossier_and_one_with_missing_papers_lead_to_a_number_without_the_receipt() {
    for (state, page) in [
        ("done", "done, offers collect"),
        ("supplement-asked", "supplementasked, offers supplement"),
        ("late", "late, offers ask"),
    ] {
        check(&format!(
            "0     board                     -> tiles
             0.1   reader                    -> tiles
             1     touch look-up             -> receipt?
             3     receipt H2                -> factor?
             5     type 5678                 -> factor? 5678
             6     touch send                -> factor? 5678 asked [look up k3 H2 5678]
             7     found k3 {state}          -> {page}
             9     touch yes                 -> asked K [send k4 H2 normal]
             9.1   answer k4 K001 printed    -> number K001
             9.5   receipt H2                -> number K001
             21.1  wait                      -> tiles [forget]"
        ));
    }
}

#[test]
fn where_no_number_can_be_had_none_is_offered() {
    check(
        "0     board                     -> tiles
         0.1   reader                    -> tiles
         0.2   noon                      -> closed
         1     touch look-up             -> receipt?
         3     receipt H2                -> factor?
         5     type 5678                 -> factor? 5678
         6     touch send                -> factor? 5678 asked [look up k3 H2 5678]
         7     found k3 done             -> done
         8     touch yes                 -> done
         9     touch back                -> closed",
    );
}

#[test]
fn a_page_of_looking_up_goes_thirty_seconds_after_the_last_touch() {
    check(
        "0     board                     -> tiles
         0.1   reader                    -> tiles
         1     touch language            -> tiles en
         2     touch look-up             -> receipt? en
         31    touch size                -> receipt? large en
         60    receipt H2                -> factor? large en
         89    type 5678                 -> factor? 5678 large en
         118   touch send                -> factor? 5678 asked large en [look up k5 H2 5678]
         119   found k5 done             -> done, offers collect large en
         148   touch stay                -> done, offers collect large en
         177   wait                      -> done, offers collect large en
         178   wait                      -> tiles",
    );
}

#[test]
fn a_wrong_factor_says_how_many_tries_are_left_and_a_lock_until_when() {
    check(
        "0     board                     -> tiles
         0.1   reader                    -> tiles
         1     touch look-up             -> receipt?
         3     receipt H2                -> factor?
         5     type 5678                 -> factor? 5678
         6     touch send                -> factor? 5678 asked [look up k3 H2 5678]
         7     wrong k3 4                -> factor? wrong, 4 left
         8     type 1                    -> factor? 1
         9     type 234                  -> factor? 1234
         10    touch send                -> factor? 1234 asked [look up k4 H2 1234]
         11    locked k4 1               -> locked, offers ask
         12    touch no                  -> locked, offers ask
         13    touch back                -> tiles",
    );
}

#[test]
fn without_an_answer_a_number_is_offered_and_nothing_is_tried_by_itself() {
    check(
        "0     board                     -> tiles
         0.1   reader                    -> tiles
         1     touch look-up             -> receipt?
         3     receipt H2                -> factor?
         5     type 5678                 -> factor? 5678
         6     touch send                -> factor? 5678 asked [look up k3 H2 5678]
         11    no-software k3            -> no answer, offers ask
         12    touch no                  -> factor?
         13    type 5678                 -> factor? 5678
         14    touch send                -> factor? 5678 asked [look up k5 H2 5678]
         19    no-software k5            -> no answer, offers ask
         20    touch yes                 -> asked K [send k6 H2 normal]",
    );
}

#[test]
fn what_is_no_receipt_is_asked_for_again_and_takes_no_number() {
    check(
        "0     board                     -> tiles
         0.1   reader                    -> tiles
         1     touch look-up             -> receipt?
         2     junk                      -> receipt? again
         5     slip T1                   -> receipt? again
         8     card 001                  -> receipt? again
         11    receipt H2                -> factor?
         14    receipt H3                -> factor?
         15    touch back                -> tiles
         20    receipt H2                -> asked K [send k8 H2 normal]",
    );
}

#[test]
fn an_answer_for_somebody_who_has_gone_is_nobodys() {
    check(
        "0     board                     -> tiles
         0.1   reader                    -> tiles
         1     touch look-up             -> receipt?
         3     receipt H2                -> factor?
         5     type 5678                 -> factor? 5678
         6     touch send                -> factor? 5678 asked [look up k3 H2 5678]
         7     touch back                -> tiles
         8     found k3 done             -> tiles
         9     touch look-up             -> receipt?
         12    receipt H3                -> factor?
         13    found k3 done             -> factor?
         41    wait                      -> factor?
         42    wait                      -> tiles",
    );
}

#[test]
fn without_a_reader_or_anybody_who_knows_dossiers_there_is_nothing_to_look_up() {
    check(
        "0     board                     -> tiles
         1     touch look-up             -> tiles
         2     reader                    -> tiles
         3     down                      -> tiles
         6     touch look-up             -> away",
    );
    let mut board = office();
    board.look_up = false;
    let mut visit = Visit::new(0);
    visit.on(Event::Board(Box::new(board)), 0);
    visit.on(Event::Reader(true), 0);
    assert!(!visit.looks_up(10));
}

/// What a visit holds, as it would stand in a memory dump of its own debug lines.
fn open(found: bool) -> Visit {
    let mut visit = Visit::new(0);
    visit.on(Event::Board(Box::new(office())), 0);
    visit.on(Event::Reader(true), 0);
    let press = |press| Event::Press(press, "k".to_owned());
    visit.on(press(Press::LookUp), 1_000);
    let receipt = Code::Receipt(Private("H05.114-250625-0002".to_owned()));
    visit.on(Event::Read(receipt, "r".to_owned()), 2_000);
    for sign in "5678".chars() {
        visit.on(press(Press::Sign(Private(sign.to_string()))), 3_000);
    }
    let acts = visit.on(press(Press::Send), 4_000);
    let lines = format!("{visit:?} {acts:?}");
    assert!(
        !lines.contains("250625") && !lines.contains("5678"),
        "{lines}"
    );
    if found {
        let answer = self::found("done");
        visit.on(answered("k", answer), 5_000);
        let lines = format!("{visit:?}");
        assert!(
            !lines.contains("Khai sinh") && !lines.contains("H05"),
            "{lines}"
        );
    }
    visit
}

#[test]
fn nothing_of_a_dossier_stands_in_a_debug_line_and_the_end_forgets_it() {
    for found in [false, true] {
        let mut visit = open(found);
        visit.on(Event::Tick, 35_000);
        assert!(matches!(visit.stage, Stage::Home), "{:?}", visit.stage);
        assert!(visit.about.is_none() && visit.label.is_none());
        let fresh = {
            let mut fresh = Visit::new(0);
            fresh.on(Event::Board(Box::new(office())), 0);
            fresh.on(Event::Reader(true), 0);
            fresh
        };
        let page = |visit: &Visit| format!("{:?}", visit.page(35_000));
        assert_eq!(page(&visit), page(&fresh));
    }
}

#[test]
fn who_has_the_result_already_or_only_waits_is_offered_no_number() {
    for state in [State::Received, State::InProgress, State::Returned] {
        let mut visit = open(false);
        let dossier = Dossier {
            state,
            ..Dossier::default()
        };
        visit.on(answered("k", LookedUp::Found(Box::new(dossier))), 5_000);
        assert_eq!(visit.offer(), None, "{state:?}");
    }
}
