//! Days and clocks: when a service day begins and ends, and what a wrong clock may not do.
//!
//! The language of these scripts stands in `office/calendar.rs`.
#![allow(clippy::unwrap_used)]

mod office;

use office::calendar::{live, with_hours};
use office::office;

#[test]
fn while_the_time_is_unknown_the_appliance_serves_and_the_date_is_learnt_later() {
    live(
        office(),
        "
        Mon 07:20  start unknown     -> 1 opened undated
        Mon 07:30  take A            -> A001
        Mon 12:00  clock is right    -> clock known, 1 dated Mon 23/11/2026
        Mon 12:01  take A            -> A002
        Mon 12:01  day               -> 1 Mon 23/11/2026 open
    ",
    );
}

#[test]
fn a_date_learnt_after_midnight_is_that_of_the_opening() {
    live(
        office(),
        "
        Mon 22:00  start unknown     -> 1 opened undated
        Mon 22:30  take A            -> A001
        Tue 00:30  clock is right    -> clock known, 1 dated Mon 23/11/2026
        Tue 00:31  call 3            -> A001
        Tue 00:40  finish 3          -> A001 done
        Tue 00:41  by itself         -> 1 closed, 2 opened Tue 24/11/2026
    ",
    );
}

#[test]
fn without_hours_the_first_start_opens_a_day_at_once() {
    live(
        office(),
        "
        Mon 05:00  start             -> 1 opened Mon 23/11/2026
        Mon 05:00  numbers           -> open
    ",
    );
}

#[test]
fn a_clock_that_jumps_to_2036_and_back_closes_no_day() {
    live(
        office(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 07:40  take A                      -> A001
        Mon 07:50  call 3                      -> A001
        Mon 07:55  finish 3                    -> A001 done
        Mon 08:00  clock is 23/11/2036 09:00   -> clock corrected, 1 dated Sun 23/11/2036
        Mon 08:01  take A                      -> A002
        Mon 08:02  call 3                      -> A002
        Mon 08:05  finish 3                    -> A002 done
        Mon 09:00  clock is right              -> clock corrected, 1 dated Mon 23/11/2026
        Mon 09:01  take A                      -> A003
        Mon 09:01  day                         -> 1 Mon 23/11/2026 open
    ",
    );
}

#[test]
fn a_day_opened_by_a_wrong_clock_goes_on_with_the_right_date() {
    live(
        office(),
        "
        Mon 07:00  start unknown               -> 1 opened undated
        Mon 07:01  clock is 23/11/2036 07:01   -> clock known, 1 dated Sun 23/11/2036
        Mon 07:30  take A                      -> A001
        Mon 09:00  clock is right              -> clock corrected, 1 dated Mon 23/11/2026
        Mon 09:30  take A                      -> A002
        Mon 16:00  call 3                      -> A001
        Mon 16:10  next 3                      -> A002
        Mon 16:20  finish 3                    -> A002 done
        Tue 00:00  by itself                   -> 1 closed, 2 opened Tue 24/11/2026
    ",
    );
}

#[test]
fn a_day_dated_into_the_future_is_put_right_by_the_next_start() {
    live(
        office(),
        "
        Mon 07:00  start unknown               -> 1 opened undated
        Mon 07:01  clock is 23/11/2036 07:01   -> clock known, 1 dated Sun 23/11/2036
        Mon 07:30  take A                      -> A001
        Mon 17:00  close-day                   -> 1 closed, 1 to come back, 1 slips
        Mon 17:10  power off 14 hours          -> 1 dated Mon 23/11/2026, 2 opened Tue 24/11/2026
        Tue 07:30  take A                      -> A001
    ",
    );
}

#[test]
fn a_correction_over_midnight_closes_nothing_while_somebody_waits() {
    live(
        office(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 16:00  take A                      -> A001
        Mon 16:10  clock is Tue 00:10          -> clock corrected
        Mon 16:20  clock is right              -> clock corrected
        Mon 16:30  take A                      -> A002
        Mon 16:30  day                         -> 1 Mon 23/11/2026 open
    ",
    );
}

#[test]
fn staff_say_what_time_it_is_and_the_day_gets_its_date() {
    live(
        office(),
        "
        Mon 07:20  start unknown               -> 1 opened undated
        Mon 07:25  take A                      -> A001
        Mon 07:28  confirm 23/11/2026 07:28    -> time confirmed, 1 dated Mon 23/11/2026
        Mon 07:29  take A                      -> A002
        Mon 12:00  clock is right              -> nothing
        Mon 12:00  day                         -> 1 Mon 23/11/2026 open
    ",
    );
}

#[test]
fn once_staff_have_confirmed_the_time_the_hours_count() {
    live(
        with_hours(),
        "
        Mon 07:00  start unknown               -> 1 opened undated
        Mon 07:01  numbers                     -> open
        Mon 07:02  confirm 23/11/2026 07:02    -> time confirmed, 1 dated Mon 23/11/2026
        Mon 07:03  numbers                     -> not-yet, opens Mon 07:30
        Mon 07:31  take A                      -> A001
        Mon 12:00  numbers                     -> noon, opens Mon 13:30
        Mon 12:00  kept A001                   -> until 13:30
    ",
    );
}

#[test]
fn a_year_that_staff_mistook_is_put_right_by_saying_it_again() {
    live(
        office(),
        "
        Mon 07:20  start unknown               -> 1 opened undated
        Mon 07:21  confirm 23/11/2027 07:21    -> time confirmed, 1 dated Tue 23/11/2027
        Mon 07:30  take A                      -> A001
        Mon 08:00  confirm 23/11/2026 08:00    -> Tue 23/11/2027 was before
        Mon 08:01  confirm sure 23/11/2026 08:01 -> time confirmed, 1 dated Mon 23/11/2026
        Mon 08:02  take A                      -> A002
        Mon 08:02  day                         -> 1 Mon 23/11/2026 open
    ",
    );
}

#[test]
fn the_wrong_year_is_still_put_right_after_the_power_was_off() {
    live(
        office(),
        "
        Mon 07:20  start unknown               -> 1 opened undated
        Mon 07:21  confirm 23/11/2027 07:21    -> time confirmed, 1 dated Tue 23/11/2027
        Mon 07:30  take A                      -> A001
        Mon 07:40  call 3                      -> A001
        Mon 07:50  finish 3                    -> A001 done
        Mon 17:00  close-day                   -> 1 closed
        Mon 17:10  power off 14 hours unknown  -> 2 opened undated
        Tue 07:20  confirm 24/11/2026 07:20    -> Tue 23/11/2027 was before
        Tue 07:21  confirm sure 24/11/2026 07:21 -> time confirmed, 2 dated Tue 24/11/2026
        Tue 07:30  take A                      -> A001
        Tue 08:00  power off 10 minutes unknown -> nothing
        Tue 08:20  confirm 23/11/2026 08:20    -> Tue 24/11/2026 was before
        Tue 08:21  confirm 24/11/2026 08:21    -> time confirmed
    ",
    );
}

#[test]
fn a_date_long_after_the_last_day_is_taken_only_for_sure() {
    live(
        office(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 17:00  close-day                   -> 1 closed
        Mon 17:10  power off 14 hours unknown  -> 2 opened undated
        Tue 07:20  confirm 24/11/2027 07:20    -> Mon 23/11/2026 is long ago
        Tue 07:21  confirm 24/11/2026 07:21    -> time confirmed, 2 dated Tue 24/11/2026
    ",
    );
}

#[test]
fn a_wrong_date_from_staff_closes_no_day_before_they_can_see_it() {
    live(
        office(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 08:00  take A                      -> A001
        Mon 08:10  call 3                      -> A001
        Mon 08:20  finish 3                    -> A001 done
        Mon 08:30  power off 1 minutes unknown -> nothing
        Mon 08:32  confirm 24/11/2026 08:32    -> time confirmed
        Mon 08:40  confirm 23/11/2026 08:40    -> time confirmed
        Mon 09:30  take A                      -> A002
        Mon 09:30  day                         -> 1 Mon 23/11/2026 open
    ",
    );
}

#[test]
fn a_day_left_open_over_a_night_ends_some_minutes_after_staff_confirmed_the_time() {
    live(
        office(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 16:30  take A                      -> A001
        Mon 16:40  call 3                      -> A001
        Mon 16:50  finish 3                    -> A001 done
        Mon 17:10  power off 14 hours unknown  -> nothing
        Tue 07:20  confirm 24/11/2026 07:20    -> time confirmed
        Tue 07:30  by itself                   -> 1 closed, 2 opened Tue 24/11/2026
        Tue 07:31  take A                      -> A001
    ",
    );
}

#[test]
fn a_time_that_the_kernel_keeps_wins_over_what_staff_said() {
    live(
        office(),
        "
        Mon 07:20  start unknown               -> 1 opened undated
        Mon 07:21  confirm 24/11/2026 19:21    -> time confirmed, 1 dated Tue 24/11/2026
        Mon 08:00  clock is right              -> clock corrected, 1 dated Mon 23/11/2026
        Mon 08:01  take A                      -> A001
    ",
    );
}

#[test]
fn after_a_night_off_an_undated_day_begins_and_ntp_dates_it_at_noon() {
    live(
        office(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 08:00  take A                      -> A001
        Mon 17:00  close-day                   -> 1 closed, 1 to come back, 1 slips
        Mon 17:10  power off 14 hours unknown  -> 2 opened undated
        Tue 07:30  take A                      -> A001
        Tue 12:00  clock is right              -> clock known, 2 dated Tue 24/11/2026
        Tue 12:10  take A                      -> A002
        Wed 00:00  by itself                   -> 2 closed, 2 to come back, 3 opened Wed 25/11/2026
    ",
    );
}

#[test]
fn a_day_left_open_over_a_night_without_a_clock_ends_when_the_time_is_known_and_nobody_waits() {
    live(
        office(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 08:00  take A                      -> A001
        Mon 08:10  call 3                      -> A001
        Mon 08:20  finish 3                    -> A001 done
        Mon 17:10  power off 14 hours unknown  -> nothing
        Tue 11:50  take A                      -> A002
        Tue 12:00  clock is right              -> clock known
        Tue 12:10  call 3                      -> A002
        Tue 12:20  finish 3                    -> A002 done
        Tue 12:21  by itself                   -> 1 closed, 2 opened Tue 24/11/2026
        Tue 12:30  take A                      -> A001
    ",
    );
}

#[test]
fn power_off_over_a_weekend_closes_fridays_day_and_opens_mondays_from_001() {
    live(
        with_hours(),
        "
        Fri 07:30  start                       -> 1 opened Fri 27/11/2026
        Fri 08:00  take A                      -> A001
        Fri 16:00  power off 64 hours          -> 1 closed, 1 to come back, 2 opened Mon 30/11/2026
        Mon 08:10  take A                      -> A001
        Mon 08:10  state A001                  -> A001 waiting
    ",
    );
}

#[test]
fn power_off_over_a_weekend_until_before_the_hours_leaves_the_opening_to_the_hours() {
    live(
        with_hours(),
        "
        Fri 07:30  start                       -> 1 opened Fri 27/11/2026
        Fri 08:00  take A                      -> A001
        Fri 16:00  power off 63 hours          -> 1 closed, 1 to come back
        Mon 07:30  by itself                   -> 2 opened Mon 30/11/2026
        Mon 07:31  take A                      -> A001
    ",
    );
}

#[test]
fn power_off_for_ten_minutes_changes_nothing() {
    live(
        office(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 08:00  take A                      -> A001
        Mon 08:10  call 3                      -> A001
        Mon 08:11  power off 10 minutes        -> nothing
        Mon 08:22  finish 3                    -> A001 done
        Mon 08:23  power off 10 minutes unknown -> nothing
        Mon 08:34  take A                      -> A002
    ",
    );
}

#[test]
fn power_off_for_ten_minutes_around_midnight_ends_the_day_only_if_nobody_waits() {
    live(
        office(),
        "
        Mon 22:00  start                       -> 1 opened Mon 23/11/2026
        Mon 23:50  take A                      -> A001
        Mon 23:55  power off 10 minutes        -> nothing
        Tue 00:10  take A                      -> A002
        Tue 00:20  call 3                      -> A001
        Tue 00:30  next 3                      -> A002
        Tue 00:40  finish 3                    -> A002 done
        Tue 00:41  by itself                   -> 1 closed, 2 opened Tue 24/11/2026
        Tue 23:55  power off 10 minutes        -> nothing
        Wed 00:06  by itself                   -> 2 closed, 3 opened Wed 25/11/2026
    ",
    );
}

#[test]
fn a_day_that_nobody_closes_ends_after_midnight_and_six_idle_hours() {
    live(
        office(),
        "
        Mon 20:00  start                       -> 1 opened Mon 23/11/2026
        Mon 20:00  take A                      -> A001
        Mon 21:30  take A                      -> A002
        Tue 03:31  by itself                   -> 1 closed, 2 to come back, 2 opened Tue 24/11/2026
        Tue 03:32  take A                      -> A001
    ",
    );
}

#[test]
fn a_ticket_in_hand_keeps_the_day_open_over_midnight() {
    live(
        office(),
        "
        Mon 20:00  start                       -> 1 opened Mon 23/11/2026
        Mon 23:50  take A                      -> A001
        Mon 23:51  call 3                      -> A001
        Tue 00:10  finish 3                    -> A001 done
        Tue 00:11  by itself                   -> 1 closed, 2 opened Tue 24/11/2026
    ",
    );
}

#[test]
fn opening_again_on_the_same_date_continues_the_day_and_its_numbers() {
    live(
        office(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 08:00  take A                      -> A001
        Mon 11:30  close-day                   -> 1 closed, 1 to come back, 1 slips
        Mon 11:31  close-day                   -> day-closed
        Mon 11:31  take A                      -> closed
        Mon 13:30  open-day                    -> 1 reopened
        Mon 13:30  open-day                    -> day-open
        Mon 13:31  take A                      -> A002
        Mon 13:32  call 3                      -> A001
    ",
    );
}

#[test]
fn a_ticket_in_hand_at_closing_counts_as_served_and_counters_are_free() {
    live(
        office(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 08:00  take A                      -> A001
        Mon 08:00  take A                      -> A002
        Mon 08:01  call 3                      -> A001
        Mon 08:02  close-day                   -> 1 closed, 1 finished, 1 to come back, 1 slips
        Mon 08:02  state A001                  -> A001 done
        Mon 08:02  state A002                  -> A002 waiting
        Mon 08:02  undo 3                      -> counter-closed
        Mon 08:03  open 3                      -> day-closed
        Mon 08:04  open-day                    -> 1 reopened
        Mon 08:05  call 3 by an                -> A002
    ",
    );
}

#[test]
fn letters_wait_for_a_new_day_and_names_change_at_once() {
    live(
        office(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 08:00  take A                      -> A001
        Mon 08:01  configure letters           -> waits
        Mon 08:01  configure name              -> done
        Mon 08:02  take A                      -> A002
        Mon 08:02  take E                      -> unknown-service
        Mon 17:00  close-day                   -> 1 closed, 2 to come back, 2 slips
        Mon 17:01  open-day                    -> 1 reopened
        Mon 17:02  take E                      -> unknown-service
        Mon 17:03  close-day                   -> 1 closed, 2 to come back, 2 slips
        Tue 00:00  by itself                   -> 2 opened Tue 24/11/2026
        Tue 08:00  take E                      -> E001
        Tue 08:00  take A                      -> A001
    ",
    );
}

#[test]
fn an_undated_day_is_dated_by_a_start_that_knows_the_time() {
    live(
        office(),
        "
        Mon 07:00  start unknown               -> 1 opened undated
        Mon 07:30  take A                      -> A001
        Mon 08:00  power off 8 hours           -> 1 dated Mon 23/11/2026
        Mon 16:10  take A                      -> A002
        Mon 16:20  close-day                   -> 1 closed, 2 to come back, 2 slips
        Mon 16:30  power off 10 minutes        -> nothing
        Mon 16:50  open-day                    -> 1 reopened
        Mon 16:51  take A                      -> A003
    ",
    );
}

#[test]
fn without_a_date_a_closed_last_day_makes_a_start_open_a_new_one() {
    live(
        office(),
        "
        Mon 07:00  start unknown               -> 1 opened undated
        Mon 07:30  take A                      -> A001
        Mon 16:00  close-day                   -> 1 closed, 1 to come back, 1 slips
        Mon 16:10  power off 10 minutes unknown -> 2 opened undated
        Mon 16:30  take A                      -> A001
    ",
    );
}

#[test]
fn a_correction_over_midnight_closes_nothing_even_when_nobody_waits() {
    live(
        office(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 16:00  take A                      -> A001
        Mon 16:01  call 3                      -> A001
        Mon 16:05  finish 3                    -> A001 done
        Mon 16:10  clock is Tue 00:10          -> clock corrected
        Mon 16:30  clock is right              -> clock corrected
        Mon 16:31  take A                      -> A002
        Mon 16:40  clock is Wed 00:40          -> clock corrected, 1 dated Tue 24/11/2026
        Mon 22:32  by itself                   -> 1 closed, 1 to come back, 2 opened Wed 25/11/2026
    ",
    );
}
