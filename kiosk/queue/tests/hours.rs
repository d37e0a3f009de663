//! Opening hours: when numbers are given out, and when hours open and close the day.
//!
//! The language of these scripts and the hours stand in `office/calendar.rs`.
#![allow(clippy::unwrap_used)]

mod office;

use jiff::civil::time;
use office::calendar::{live, with_hours};
use office::office;
use queue::{Hours, Office};

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

/// Numbers of A on Monday and Wednesday mornings only; counters serve half an hour longer than
/// numbers are given out.
fn with_hours_of_its_own() -> Office {
    use queue::Weekday::{Fri, Mon, Thu, Wed};
    let mut office = with_hours();
    office.services[0].hours = vec![Hours {
        days: vec![Mon, Wed],
        from: time(8, 0, 0, 0),
        to: time(11, 0, 0, 0),
    }];
    let span = |from, to| Hours {
        days: vec![Mon, Wed, Thu, Fri],
        from,
        to,
    };
    office.work = vec![
        span(time(7, 30, 0, 0), time(12, 0, 0, 0)),
        span(time(13, 30, 0, 0), time(17, 30, 0, 0)),
    ];
    office
}

#[test]
fn a_service_has_hours_of_its_own_within_those_of_the_office() {
    live(
        with_hours_of_its_own(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 07:31  numbers A                   -> not-yet, opens Mon 08:00
        Mon 07:31  take A                      -> not-yet
        Mon 07:31  take B                      -> B001
        Mon 08:00  take A                      -> A001
        Mon 11:00  numbers A                   -> over, opens Wed 08:00
        Mon 11:29  take B                      -> B002
        Mon 11:30  numbers B                   -> gap, opens Mon 13:30
        Mon 12:00  numbers B                   -> noon, opens Mon 13:30
    ",
    );
}

#[test]
fn the_day_ends_with_the_work_and_not_with_the_numbers() {
    live(
        with_hours_of_its_own(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 17:10  numbers                     -> over, opens Wed 07:30
        Mon 17:30  by itself                   -> 1 closed
    ",
    );
}

#[test]
fn a_paused_service_gives_out_no_numbers_today_and_serves_who_waits() {
    live(
        with_hours(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 08:00  take A                      -> A001
        Mon 08:01  stop A                      -> done
        Mon 08:02  numbers A                   -> paused, opens Wed 07:30
        Mon 08:02  take A                      -> paused
        Mon 08:02  take B                      -> B001
        Mon 08:03  call 3                      -> A001
        Mon 08:04  go-on A                     -> done
        Mon 08:05  take A                      -> A002
        Mon 08:06  stop A                      -> done
        Mon 08:07  close-day                   -> 1 closed, 1 finished, 2 to come back, 2 slips
        Wed 07:30  by itself                   -> 2 opened Wed 25/11/2026
        Wed 07:31  take A                      -> A001
    ",
    );
}

#[test]
fn a_service_without_numbers_left_says_when_there_are_again() {
    live(
        with_hours(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 08:00  take D 2 times              -> D002
        Mon 08:01  numbers D                   -> full, opens Wed 07:30
        Mon 08:02  take D                      -> service-full
    ",
    );
}

#[test]
fn nobody_is_let_wait_in_vain_before_closing() {
    // A ticket takes 2.5 to 7.5 minutes until the day has shown how long they really take.
    live(
        with_hours(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 16:00  open 3                      -> done
        Mon 16:00  take A 13 times             -> A013
        Mon 16:00  wait A                      -> 1950-6300
        Mon 16:00  numbers A                   -> late, opens Wed 07:30
        Mon 16:00  take A                      -> late
        Mon 16:00  take A priority             -> A014
        Mon 16:00  take B                      -> B001
        Mon 16:01  call 3                      -> A014
        Mon 16:02  next 3                      -> A001
        Mon 16:02  next 3                      -> A002
        Mon 16:02  take A                      -> A015
    ",
    );
}

#[test]
fn where_nobody_waits_a_number_is_given_out_until_the_last_minute() {
    live(
        with_hours(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 16:00  open 3                      -> done
        Mon 16:59  take A                      -> A001
        Mon 17:00  take A                      -> over
    ",
    );
}

#[test]
fn a_service_may_have_hours_where_the_office_has_none() {
    let mut office = office();
    office.services[0].hours = vec![Hours {
        days: vec![queue::Weekday::Mon],
        from: time(8, 0, 0, 0),
        to: time(11, 0, 0, 0),
    }];
    live(
        office,
        "
        Mon 07:00  start                       -> 1 opened Mon 23/11/2026
        Mon 07:30  take A                      -> not-yet
        Mon 07:30  take B                      -> B001
        Mon 08:00  take A                      -> A001
        Mon 20:00  take A                      -> over
        Mon 20:00  numbers A                   -> over, opens Mon 08:00
    ",
    );
}

#[test]
fn spans_that_touch_are_one_and_a_service_opens_no_earlier_than_the_office() {
    let mut office = with_hours();
    let through_noon = Hours {
        days: vec![queue::Weekday::Mon],
        from: time(11, 30, 0, 0),
        to: time(13, 30, 0, 0),
    };
    office.work = office.hours.clone();
    office.work.push(through_noon);
    office.services[0].hours = vec![Hours {
        days: vec![queue::Weekday::Mon, queue::Weekday::Sat],
        from: time(6, 0, 0, 0),
        to: time(9, 0, 0, 0),
    }];
    live(
        office,
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 08:00  open 3                      -> done
        Mon 08:00  take A 40 times             -> A040
        Mon 11:00  kept A040                   -> no
        Mon 11:00  numbers A                   -> over, opens Mon 07:30
    ",
    );
}

#[test]
fn a_number_that_the_noon_break_finds_waiting_is_kept_for_the_afternoon() {
    live(
        with_hours(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 11:00  open 3                      -> done
        Mon 11:00  take A 20 times             -> A020
        Mon 11:00  kept A002                   -> no
        Mon 11:00  kept A020                   -> until 13:30
        Mon 11:20  call 3                      -> A001
        Mon 11:40  kept A002                   -> until 13:30
        Mon 13:31  next 3                      -> A002
        Mon 13:31  kept A020                   -> no
        Mon 13:31  kept A001                   -> no
    ",
    );
}

#[test]
fn numbers_that_pause_before_the_counters_do_are_no_break_yet() {
    live(
        with_hours_of_its_own(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 11:29  take B                      -> B001
        Mon 11:30  numbers                     -> gap, opens Mon 13:30
        Mon 11:31  take B                      -> gap
        Mon 11:32  call 4                      -> B001
        Mon 12:00  numbers                     -> noon, opens Mon 13:30
        Mon 13:30  numbers                     -> open
    ",
    );
}

#[test]
fn a_wait_that_a_break_comes_into_is_as_long_as_it_really_is() {
    // A ticket takes 2.5 to 7.5 minutes until the day has shown how long they really take.
    live(
        with_hours(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 11:00  open 3                      -> done
        Mon 11:00  take A 8 times              -> A008
        Mon 11:00  wait A                      -> 1200-11250
        Mon 11:00  kept next A                 -> no
        Mon 11:00  take A 12 times             -> A020
        Mon 11:00  wait A                      -> 10200-16650
        Mon 11:00  kept next A                 -> until 13:30
        Mon 12:00  wait A                      -> 8400-14850
        Mon 12:00  kept next A                 -> until 13:30
        Mon 13:30  wait A                      -> 3000-9450
        Mon 13:30  kept next A                 -> no
        Mon 16:50  wait A                      -> 3000-9450
    ",
    );
}
