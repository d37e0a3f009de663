//! Numbers from a paper roll, and numbers that a lost machine may have given out.
#![allow(clippy::unwrap_used)]

mod office;

use office::calendar::{live, with_hours};
use office::script::check;
use office::{Desk, office};
use queue::*;

#[test]
fn what_a_paper_roll_gave_out_waits_in_its_order_and_the_machine_goes_on_behind_it() {
    check(
        "
        09:00    take A              -> A001
        09:30    roll A 101-104 served 102 -> A104
        09:30    state A101          -> A101 done
        09:30    state A103          -> A103 waiting
        09:31    take A              -> A105
        09:32    call 3              -> A001
        09:33    next 3              -> A103
        09:34    next 3              -> A104
        09:35    next 3              -> A105
        09:36    next 3              -> nobody
    ",
    );
}

#[test]
fn a_number_that_exists_is_never_entered_again_and_the_refusal_names_the_newest() {
    check(
        "
        09:00    take A 3 times      -> A003
        09:01    roll A 2-5          -> taken, newest A003
        09:01    roll A 3-3          -> taken, newest A003
        09:02    roll A 101-110      -> A110
        09:03    roll A 110-120      -> taken, newest A110
        09:03    roll A 95-101       -> taken, newest A110
        09:03    take A              -> A111
        09:04    roll B 1-2          -> B002
        09:05    take B              -> B003
    ",
    );
}

#[test]
fn a_second_roll_may_fill_what_the_first_left_out() {
    check(
        "
        09:00    roll A 131-140      -> A140
        09:01    roll A 101-130 served 130 -> A130
        09:02    take A              -> A141
        09:03    call 3              -> A131
    ",
    );
}

#[test]
fn a_slip_of_the_finger_enters_nothing() {
    check(
        "
        09:00    take A              -> A001
        09:00    roll A 130-101      -> not-a-roll
        09:00    roll A 0-10         -> not-a-roll
        09:00    roll A 101-601      -> not-a-roll
        09:00    roll A 101-130 served 131 -> not-a-roll
        09:00    roll A 101-130 served 100 -> not-a-roll
        09:00    roll A 1003-1004    -> too-far-ahead
        09:00    roll Z 101-130      -> unknown-service
        09:00    skip A 1003         -> too-far-ahead
        09:00    skip A 0            -> too-far-ahead
        09:00    take A              -> A002
        09:00    roll A 101-600      -> A600
        09:00    close-day           -> done
        09:00    roll A 700-701      -> day-closed
    ",
    );
}

#[test]
fn a_wrong_entry_is_taken_back_by_cancelling_also_where_it_says_served() {
    let mut desk = Desk::open();
    desk.roll('A', 101, 103, Some(101)).unwrap();
    let staff = office::clerk("binh");
    for number in ["A101", "A102"] {
        let ticket = desk.id(number);
        desk.act(&staff, Command::Cancel { ticket }).unwrap();
        assert_eq!(desk.state_of(number), format!("{number} cancelled"));
    }
    // What was really served stays so.
    let ticket = desk.id("A103");
    let counter = 3;
    desk.act(&staff, Command::OpenCounter { counter }).unwrap();
    desk.act(&staff, Command::CallNext { counter }).unwrap();
    desk.act(&staff, Command::Finish { counter }).unwrap();
    let refused = desk.act(&staff, Command::Cancel { ticket });
    assert_eq!(refused, Err(Refusal::WrongState));
}

#[test]
fn a_roll_of_the_wrong_service_is_taken_back_at_once_but_not_who_was_called() {
    check(
        "
        09:00    take B              -> B001
        09:00    roll B 101-104 served 101 -> B104
        09:01    call 4              -> B001
        09:02    next 4              -> B102
        09:03    cancel-roll B 101-104 -> B104 cancelled
        09:03    state B101          -> B101 cancelled
        09:03    state B102          -> B102 called
        09:04    cancel-roll B 1-1   -> unknown-ticket
        09:04    cancel-roll B 104-101 -> not-a-roll
        09:04    roll B 101-104      -> taken, newest B104
    ",
    );
}

#[test]
fn a_number_that_was_entered_as_served_in_error_waits_again() {
    check(
        "
        09:00    roll A 101-103 served 103 -> A103
        09:01    resume A102         -> A102 waiting
        09:02    call 3              -> A102
        09:03    finish 3            -> A102 done
        09:04    resume A102         -> wrong-state
    ",
    );
}

#[test]
fn numbers_go_on_behind_those_that_a_lost_machine_gave_out() {
    check(
        "
        09:00    take A 2 times      -> A002
        09:00    take B              -> B001
        09:10    skip all 101        -> done
        09:11    take A              -> A101
        09:11    take B              -> B101
        09:11    take C              -> C101
        09:12    skip all 50         -> done
        09:12    skip A 201          -> done
        09:13    take A              -> A201
        09:13    take B              -> B102
        09:14    roll A 88-95        -> A095
        09:15    call 3              -> A001
    ",
    );
}

#[test]
fn numbers_to_go_on_from_hold_for_their_date_also_when_its_day_is_still_to_be_opened() {
    live(
        with_hours(),
        "
        Wed 07:30  start                       -> 1 opened Wed 25/11/2026
        Wed 17:00  by itself                   -> 1 closed
        Thu 07:10  skip all 101                -> done
        Thu 07:30  by itself                   -> 2 opened Thu 26/11/2026
        Thu 07:31  take A                      -> A101
        Thu 07:32  call 3                      -> A101
        Thu 07:33  finish 3                    -> A101 done
        Thu 17:00  by itself                   -> 2 closed
        Fri 07:30  by itself                   -> 3 opened Fri 27/11/2026
        Fri 07:31  take A                      -> A001
    ",
    );
    live(
        office(),
        "
        Wed 07:30  start                       -> 1 opened Wed 25/11/2026
        Wed 08:00  take A                      -> A001
        Wed 08:10  close-day                   -> 1 closed, 1 to come back, 1 slips
        Wed 08:20  skip A 101                  -> done
        Wed 08:30  open-day                    -> 1 reopened
        Wed 08:31  take A                      -> A101
        Wed 17:00  close-day                   -> 1 closed, 2 to come back, 2 slips
        Thu 00:00  by itself                   -> 2 opened Thu 26/11/2026
        Thu 08:00  take A                      -> A001
    ",
    );
}

#[test]
fn a_journal_of_a_release_without_paper_rolls_is_read_as_ever() {
    let old = r#"{"event":"issued","ticket":"00000000000000000000000001","token":"00000000000000000000000002",
        "number":"A001","service":"A","class":"normal","language":"vi","print":true}"#;
    let event: Event = serde_json::from_str(old).unwrap();
    let mut desk = Desk::open();
    let (seq, tick) = (9, 9_000);
    desk.state.apply(Stamp { seq, tick }, &event);
    assert_eq!(desk.state_of("A001"), "A001 waiting");
    assert_eq!(desk.state.next_number('A').unwrap().to_string(), "A002");
}
