//! Scans: what a reading of a dossier ID means, and what becomes of it.
//!
//! The language of these scripts stands in `office/scanning.rs` and `office/calendar.rs`.
//! Counter 3 receives, counter 4 gives out results; service C is for supplements.
#![allow(clippy::unwrap_used)]

mod office;

use queue::{Office, Purpose};

fn check(script: &str) {
    let mut office: Office = office::office();
    office.services[2].purpose = Some(Purpose::Supplement);
    office.counters[1].purpose = Purpose::Return;
    office::calendar::live(office, script);
}

#[test]
fn the_purpose_is_the_counters_unless_the_ticket_or_the_clerk_says_otherwise() {
    check(
        "
        Mon 07:30  start                     -> 1 opened Mon 23/11/2026
        Mon 08:00  scan H1 at 3              -> receive
        Mon 08:00  scan H2 at 4              -> return
        Mon 08:00  scan H3                   -> receive
        Mon 08:01  take C                    -> C001
        Mon 08:01  call 4                    -> C001
        Mon 08:02  scan H4 at 4              -> supplement C001
        Mon 08:02  scan H5 at 4 as look-up   -> look-up C001
        Mon 08:03  scan H6 at 3 as return    -> return
        Mon 08:04  scan H7 at 9              -> unknown-counter
    ",
    );
}

#[test]
fn a_service_without_a_purpose_leaves_it_to_the_counter() {
    check(
        "
        Mon 07:30  start                     -> 1 opened Mon 23/11/2026
        Mon 08:01  take A                    -> A001
        Mon 08:01  call 4                    -> A001
        Mon 08:02  scan H1 at 4              -> return A001
    ",
    );
}

#[test]
fn a_scan_belongs_to_the_ticket_in_hand_unless_one_is_named() {
    check(
        "
        Mon 07:30  start                     -> 1 opened Mon 23/11/2026
        Mon 08:00  take A                    -> A001
        Mon 08:00  take C                    -> C001
        Mon 08:01  scan H1 at 3              -> receive
        Mon 08:02  call 3                    -> A001
        Mon 08:02  scan H2 at 3              -> receive A001
        Mon 08:02  scan H3 at 3 for C001     -> supplement C001
        Mon 08:02  scan H4 at 4              -> return
        Mon 08:03  finish 3                  -> A001 done
        Mon 08:03  scan H5 at 3              -> receive
        Mon 08:03  scan H6 at 3 for A001     -> receive A001
    ",
    );
}

#[test]
fn a_scan_is_taken_whether_or_not_its_counter_or_the_day_is_open() {
    check(
        "
        Mon 07:30  start                     -> 1 opened Mon 23/11/2026
        Mon 17:00  close-day                 -> 1 closed
        Mon 17:01  scan H1 at 3              -> receive
        Mon 17:01  scans                     -> H1 pending
    ",
    );
}

#[test]
fn a_dossier_read_again_on_the_same_day_is_a_repeat() {
    check(
        "
        Mon 07:30  start                     -> 1 opened Mon 23/11/2026
        Mon 08:00  scan H1 at 3              -> receive
        Mon 08:10  scan H1 at 3              -> receive repeat
        Mon 08:20  scan H1 at 4              -> return repeat
        Mon 08:20  scan H2 at 4              -> return
        Tue 00:00  by itself                 -> 1 closed, 2 opened Tue 24/11/2026
        Tue 08:00  scan H1 at 3              -> receive
    ",
    );
}

#[test]
fn a_scan_after_closing_belongs_to_the_next_day() {
    check(
        "
        Mon 07:30  start                     -> 1 opened Mon 23/11/2026
        Mon 08:00  scan H1 at 3              -> receive
        Mon 17:00  close-day                 -> 1 closed
        Mon 17:01  scan H1 at 3              -> receive
        Mon 17:02  scan H1 at 3              -> receive repeat
        Tue 00:00  by itself                 -> 2 opened Tue 24/11/2026
        Tue 08:00  scan H1 at 3              -> receive repeat
    ",
    );
}

#[test]
fn a_reading_within_two_seconds_by_the_same_reader_is_the_same_scan() {
    check(
        "
        Mon 07:30     start                  -> 1 opened Mon 23/11/2026
        Mon 08:00:00  read H1 at 3           -> new scan
        Mon 08:00:00  scan H1 at 3           -> receive
        Mon 08:00:01  read H1 at 3           -> same scan
        Mon 08:00:01  read H1 at 4           -> new scan
        Mon 08:00:01  read H2 at 3           -> new scan
        Mon 08:00:01  scan H2 at 3           -> receive
        Mon 08:00:01  read H1 at 3           -> same scan
        Mon 08:00:02  read H1 at 3           -> new scan
    ",
    );
}

#[test]
fn at_another_counter_or_for_another_purpose_it_is_a_scan_of_its_own() {
    check(
        "
        Mon 07:30     start                           -> 1 opened Mon 23/11/2026
        Mon 08:00:00  scan H1 at 3                    -> receive
        Mon 08:00:01  read H1 at 3 carried to 4       -> new scan
        Mon 08:00:01  read H1 at 3 as return          -> new scan
        Mon 08:00:01  read H1 at 3 as receive         -> same scan
        Mon 08:00:01  read H1 at 3                    -> same scan
    ",
    );
}

#[test]
fn a_scan_has_one_outcome() {
    check(
        "
        Mon 07:30  start                     -> 1 opened Mon 23/11/2026
        Mon 08:00  scan H1 at 3              -> receive
        Mon 08:00  scan H2 at 3              -> receive
        Mon 08:00  scan H3 at 3 kept         -> receive
        Mon 08:01  deliver H1                -> delivered
        Mon 08:01  deliver H1                -> unknown-scan
        Mon 08:01  refuse H1                 -> unknown-scan
        Mon 08:01  doubt H1                  -> unknown-scan
        Mon 08:01  refuse H2                 -> refused
        Mon 08:01  deliver H2                -> unknown-scan
        Mon 08:01  deliver H3                -> unknown-scan
        Mon 08:02  scans                     -> H1 delivered, H2 refused, H3 kept
    ",
    );
}

#[test]
fn an_unknown_outcome_is_open_until_somebody_can_tell() {
    check(
        "
        Mon 07:30  start                     -> 1 opened Mon 23/11/2026
        Mon 08:00  scan H1 at 3              -> receive
        Mon 08:00  scan H2 at 3              -> receive
        Mon 08:01  doubt H1                  -> unknown
        Mon 08:01  doubt H1                  -> unknown
        Mon 08:01  doubt H2                  -> unknown
        Mon 08:02  deliver H1                -> delivered
        Mon 08:02  doubt H1                  -> unknown-scan
        Tue 00:00  by itself                 -> 1 closed, 2 opened Tue 24/11/2026
        Tue 08:00  scans                     -> H2 unknown
        Tue 08:01  refuse H2                 -> refused
    ",
    );
}

#[test]
fn what_is_not_delivered_survives_into_the_next_day_and_the_rest_does_not() {
    check(
        "
        Mon 07:30  start                     -> 1 opened Mon 23/11/2026
        Mon 08:00  scan H1 at 3              -> receive
        Mon 08:00  scan H2 at 3              -> receive
        Mon 08:00  scan H3 at 3              -> receive
        Mon 08:00  scan H4 at 3 kept         -> receive
        Mon 08:01  deliver H1                -> delivered
        Mon 08:01  refuse H2                 -> refused
        Mon 17:00  close-day                 -> 1 closed
        Mon 17:00  scans -> H1 delivered, H2 refused, H3 pending, H4 kept
        Tue 00:00  by itself                 -> 2 opened Tue 24/11/2026
        Tue 08:00  scans                     -> H3 pending
        Wed 00:00  by itself                 -> 2 closed, 3 opened Wed 25/11/2026
        Wed 08:00  scans                     -> H3 pending
        Wed 08:01  deliver H3                -> delivered
        Wed 08:02  scans                     -> H3 delivered
        Thu 00:00  by itself                 -> 3 closed, 4 opened Thu 26/11/2026
        Thu 08:00  scans                     -> none
    ",
    );
}

#[test]
fn a_day_is_erased_once_a_later_one_has_begun() {
    check(
        "
        Mon 07:30  start                     -> 1 opened Mon 23/11/2026
        Mon 08:00  scan H1 at 3 kept         -> receive
        Mon 08:01  erase 1                   -> last-day
        Mon 08:01  erase 0                   -> unknown-day
        Mon 08:01  erase 2                   -> unknown-day
        Mon 17:00  close-day                 -> 1 closed
        Mon 17:01  erase 1                   -> last-day
        Mon 17:02  open-day                  -> 1 reopened
        Mon 17:03  close-day                 -> 1 closed
        Tue 00:00  by itself                 -> 2 opened Tue 24/11/2026
        Tue 08:00  erase 1                   -> 1 erased
        Tue 08:00  erase 2                   -> last-day
    ",
    );
}

#[test]
fn an_undelivered_scan_keeps_its_day_from_being_erased() {
    check(
        "
        Mon 07:30  start                     -> 1 opened Mon 23/11/2026
        Mon 08:00  scan H1 at 3              -> receive
        Mon 08:00  scan H2 at 3              -> receive
        Mon 08:01  doubt H2                  -> unknown
        Tue 00:00  by itself                 -> 1 closed, 2 opened Tue 24/11/2026
        Tue 08:00  scan H3 at 3              -> receive
        Tue 08:01  erase 1                   -> undelivered
        Tue 08:02  deliver H1                -> delivered
        Tue 08:02  erase 1                   -> undelivered
        Tue 08:03  refuse H2                 -> refused
        Tue 08:03  erase 1                   -> 1 erased
        Tue 08:03  scans -> erased delivered, erased refused, H3 pending
    ",
    );
}

#[test]
fn a_clerk_decides_what_nobody_can_tell_and_nothing_else() {
    check(
        "
        Mon 07:30  start                     -> 1 opened Mon 23/11/2026
        Mon 08:00  scan H1 at 3              -> receive
        Mon 08:01  settle H1 taken           -> nothing-to-settle
        Mon 08:02  doubt H1                  -> unknown
        Mon 08:03  settle H1 taken           -> delivered
        Mon 08:04  settle H1 again           -> nothing-to-settle
        Mon 08:05  scan H2 at 4              -> return
        Mon 08:06  doubt H2                  -> unknown
        Mon 08:07  settle H2 again           -> refused, again pending
        Mon 08:08  deliver H2                -> delivered
        Mon 08:09  scan H3 at 3              -> receive
        Mon 08:10  doubt H3                  -> unknown
        Mon 08:11  settle H3 dropped         -> refused
        Mon 08:12  settle H4 dropped         -> unknown
    ",
    );
}
