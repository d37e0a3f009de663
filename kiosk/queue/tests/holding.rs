//! One person, one number; one dossier, one number.
//!
//! The language of these scripts stands in `office/holding.rs`: `take A as lan` is a citizen whose
//! card was read at the kiosk, `because …` what a clerk says who gives one more, `receipt H1` a
//! receipt held to the kiosk's reader. Service C takes supplements, service D hands out results.
#![allow(clippy::unwrap_used)]

mod office;

use queue::{Office, Purpose, ServiceKind};

fn usual() -> Office {
    let mut office = office::office();
    office.services[2].purpose = Some(Purpose::Supplement);
    office.services[3].kind = ServiceKind::Result;
    office.services[3].quota = None;
    office
}

fn check(script: &str) {
    office::calendar::live(usual(), script);
}

#[test]
fn a_person_holds_one_number_of_a_service_and_may_have_one_of_another() {
    check(
        "
        Mon 07:30  start                -> 1 opened Mon 23/11/2026
        Mon 08:00  take A as lan        -> A001
        Mon 08:01  take A as lan        -> holds A001
        Mon 08:02  take B as lan        -> B001
        Mon 08:03  take A as hoa        -> A002
        Mon 08:04  holds lan            -> A001 B001
        Mon 08:05  take A               -> A003
    ",
    );
}

#[test]
fn a_number_counts_until_it_is_over() {
    check(
        "
        Mon 07:30  start                -> 1 opened Mon 23/11/2026
        Mon 08:00  take A as lan        -> A001
        Mon 08:01  call 3               -> A001
        Mon 08:02  take A as lan        -> holds A001
        Mon 08:04  hold A001            -> A001 held
        Mon 08:05  take A as lan        -> holds A001
        Mon 08:06  resume A001          -> A001 waiting
        Mon 08:07  call 3               -> A001
        Mon 08:08  no-show 3            -> A001 parked
        Mon 08:09  take A as lan        -> holds A001
        Mon 08:10  resume A001          -> A001 waiting
        Mon 08:11  call 3               -> A001
        Mon 08:12  finish 3             -> A001 done
        Mon 08:13  take A as lan        -> A002
        Mon 08:14  cancel A002          -> A002 cancelled
        Mon 08:15  take A as lan        -> A003
    ",
    );
}

#[test]
fn a_number_taken_for_the_wrong_service_moves_but_not_to_a_second_one() {
    check(
        "
        Mon 07:30  start                -> 1 opened Mon 23/11/2026
        Mon 08:00  take A as lan        -> A001
        Mon 08:01  change A001 B        -> B001
        Mon 08:01  holds lan            -> B001
        Mon 08:02  take A as lan        -> A002
        Mon 08:02  change A002 B        -> holds B001
        Mon 08:02  holds lan            -> B001 A002
    ",
    );
}

#[test]
fn a_clerk_gives_one_more_with_a_reason() {
    check(
        "
        Mon 07:30  start                           -> 1 opened Mon 23/11/2026
        Mon 08:00  take A as lan                   -> A001
        Mon 08:01  take A as lan because           -> holds A001
        Mon 08:02  take A as lan because lấy hộ mẹ -> A002
        Mon 08:03  holds lan                       -> A001 A002
        Mon 08:04  take A as lan                   -> holds A002
    ",
    );
}

#[test]
fn the_office_sets_how_many_and_nought_is_no_limit() {
    for (most, third) in [(2, "holds A002"), (0, "A003")] {
        let mut office = usual();
        office.tickets_per_person = most;
        let script = format!(
            "
            Mon 07:30  start            -> 1 opened Mon 23/11/2026
            Mon 08:00  take A as lan    -> A001
            Mon 08:01  take A as lan    -> A002
            Mon 08:02  take A as lan    -> {third}
        "
        );
        office::calendar::live(office, &script);
    }
}

#[test]
fn yesterdays_numbers_are_nobodys_today() {
    check(
        "
        Mon 07:30  start                -> 1 opened Mon 23/11/2026
        Mon 08:00  take A as lan        -> A001
        Mon 08:00  receipt H1           -> D001 normal
        Mon 17:00  close-day            -> 1 closed, 2 to come back, 2 slips
        Tue 00:00  by itself            -> 2 opened Tue 24/11/2026
        Tue 08:00  holds lan            -> nothing
        Tue 08:01  take A as lan        -> A001
        Tue 08:01  receipt H1           -> D001 normal
    ",
    );
}

#[test]
fn a_receipt_alone_gets_a_number_where_results_are_handed_out_and_only_one() {
    check(
        "
        Mon 07:30  start                -> 1 opened Mon 23/11/2026
        Mon 08:00  receipt H1           -> D001 normal
        Mon 08:00  receipt H1           -> has D001
        Mon 08:01  receipt H2           -> D002 normal
        Mon 08:02  call 4               -> D001
        Mon 08:02  receipt H1           -> has D001
        Mon 08:03  finish 4             -> D001 done
        Mon 08:04  receipt H1           -> D003 normal
    ",
    );
}

#[test]
fn who_was_sent_for_a_paper_comes_back_where_supplements_are_taken_and_first() {
    check(
        "
        Mon 07:30  start                -> 1 opened Mon 23/11/2026
        Mon 08:00  take C               -> C001
        Mon 08:01  receipt H1 supplement -> C002 re-entry
        Mon 08:01  receipt H1 supplement -> has C002
        Mon 08:02  call 3               -> C002
    ",
    );
    let mut office = usual();
    office.services[2].purpose = None;
    office::calendar::live(
        office,
        "
        Mon 07:30  start                 -> 1 opened Mon 23/11/2026
        Mon 08:01  receipt H1 supplement -> D001 re-entry
    ",
    );
}

#[test]
fn a_receipt_leads_nowhere_where_no_service_hands_out_results() {
    office::calendar::live(
        office::office(),
        "
        Mon 07:30  start                 -> 1 opened Mon 23/11/2026
        Mon 08:00  receipt H1            -> no-result-service
        Mon 08:00  receipt H1 supplement -> no-result-service
    ",
    );
}

#[test]
fn a_card_suggests_the_class_whose_age_its_holder_has_reached() {
    check(
        "
        Mon 07:30  start                -> 1 opened Mon 23/11/2026
        Mon 08:00  aged 74              -> normal
        Mon 08:00  aged 75              -> priority
        Mon 08:00  aged 101             -> priority
    ",
    );
}
