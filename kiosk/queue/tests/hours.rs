//! Opening hours: when numbers are given out, and when hours open and close the day.
//!
//! The language of these scripts and the hours stand in `office/calendar.rs`.
#![allow(clippy::unwrap_used)]

mod office;

use office::calendar::{live, with_hours};

#[test]
fn a_day_reopened_after_hours_is_not_closed_again_by_them() {
    live(
        with_hours(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 08:00  take A                      -> A001
        Mon 16:00  call 3                      -> A001
        Mon 16:10  finish 3                    -> A001 done
        Mon 17:00  by itself                   -> 1 closed
        Mon 17:05  open-day                    -> 1 reopened
        Mon 17:06  numbers                     -> over, opens Wed 07:30
        Mon 17:30  take A                      -> over
        Mon 18:00  close-day                   -> 1 closed
    ",
    );
}

#[test]
fn hours_tell_why_there_are_no_numbers_and_when_there_are_again() {
    live(
        with_hours(),
        "
        Fri 06:00  start                       -> nothing
        Fri 06:00  numbers                     -> not-yet, opens Fri 07:30
        Fri 06:00  take A                      -> not-yet
        Fri 07:30  by itself                   -> 1 opened Fri 27/11/2026
        Fri 07:30  numbers                     -> open
        Fri 07:30  take A                      -> A001
        Fri 11:30  numbers                     -> noon, opens Fri 13:30
        Fri 11:30  take A                      -> noon
        Fri 11:31  call 3                      -> A001
        Fri 13:30  take A                      -> A002
        Fri 13:31  next 3                      -> A002
        Fri 13:40  finish 3                    -> A002 done
        Fri 17:00  by itself                   -> 1 closed
        Fri 17:00  numbers                     -> over, opens Mon 07:30
        Sat 09:00  numbers                     -> day-off, opens Mon 07:30
        Sun 09:00  take A                      -> day-off
        Mon 07:30  by itself                   -> 2 opened Mon 30/11/2026
        Mon 07:30  take A                      -> A001
    ",
    );
}

#[test]
fn a_holiday_is_a_day_off() {
    live(
        with_hours(),
        "
        Mon 18:00  start                       -> nothing
        Mon 18:00  numbers                     -> over, opens Wed 07:30
        Tue 09:00  numbers                     -> day-off, opens Wed 07:30
        Wed 07:30  by itself                   -> 1 opened Wed 25/11/2026
    ",
    );
}

#[test]
fn staff_may_open_on_a_sunday_and_then_kiosks_give_out_numbers() {
    live(
        with_hours(),
        "
        Sun 08:00  start                       -> nothing
        Sun 08:00  take A                      -> day-off
        Sun 08:01  open-day                    -> 1 opened Sun 29/11/2026
        Sun 08:02  numbers                     -> open
        Sun 08:02  take A                      -> A001
        Sun 20:00  call 3                      -> A001
        Sun 20:10  finish 3                    -> A001 done
        Mon 00:00  by itself                   -> 1 closed
        Mon 07:30  by itself                   -> 2 opened Mon 30/11/2026
    ",
    );
}

#[test]
fn hours_close_the_day_when_nobody_waits_and_nothing_is_in_hand() {
    live(
        with_hours(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 16:59  take A                      -> A001
        Mon 17:00  numbers                     -> over, opens Wed 07:30
        Mon 17:20  call 3                      -> A001
        Mon 17:30  finish 3                    -> A001 done
        Mon 17:31  by itself                   -> 1 closed
        Mon 17:32  day                         -> 1 Mon 23/11/2026 closed
    ",
    );
}

#[test]
fn staff_closing_early_is_not_undone_by_the_hours() {
    live(
        with_hours(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 10:00  close-day                   -> 1 closed
        Mon 10:00  numbers                     -> closed, opens Wed 07:30
        Mon 12:00  numbers                     -> closed, opens Wed 07:30
        Mon 14:00  take A                      -> closed
        Mon 18:00  numbers                     -> over, opens Wed 07:30
        Wed 07:30  by itself                   -> 2 opened Wed 25/11/2026
    ",
    );
}

#[test]
fn with_hours_but_without_a_clock_a_start_opens_a_day() {
    live(
        with_hours(),
        "
        Mon 06:00  start unknown               -> 1 opened undated
        Mon 06:10  take A                      -> A001
        Mon 06:20  clock is right              -> clock known, 1 dated Mon 23/11/2026
        Mon 06:20  numbers                     -> not-yet, opens Mon 07:30
        Mon 07:30  take A                      -> A002
    ",
    );
}

#[test]
fn a_clock_set_past_the_hours_does_not_close_the_day() {
    live(
        with_hours(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 10:00  clock is 18:00              -> clock corrected
        Mon 10:05  numbers                     -> over, opens Wed 07:30
        Mon 10:10  clock is right              -> clock corrected
        Mon 10:11  take A                      -> A001
        Mon 10:12  call 3                      -> A001
        Mon 10:20  finish 3                    -> A001 done
        Mon 17:00  by itself                   -> 1 closed
    ",
    );
}
