//! What the end of a day does with those who were not served, and how they come back.
//!
//! The language of these scripts stands in `office/calendar.rs`. The office's hours are Monday to
//! Friday; Tuesday 24/11/2026 is a holiday.
#![allow(clippy::unwrap_used)]

mod office;

use jiff::civil::time;
use office::calendar::{live, with_hours};
use office::script::check;
use office::{Desk, clerk, office};
use queue::*;

#[test]
fn whoever_the_closing_finds_waiting_comes_back_on_the_next_working_day_and_is_called_first() {
    live(
        with_hours(),
        "
        Fri 07:30  start                       -> 1 opened Fri 27/11/2026
        Fri 16:00  take A 3 times              -> A003
        Fri 16:10  call 3                      -> A001
        Fri 16:20  finish 3                    -> A001 done
        Fri 16:58  close-day                   -> 1 closed, 2 to come back, 2 slips
        Fri 16:58  right A002 of 1             -> Mon 30/11/2026 07:30
        Fri 16:59  show A002 of 1              -> day-closed
        Mon 07:30  by itself                   -> 2 opened Mon 30/11/2026
        Mon 07:31  take A 5 times              -> A005
        Mon 07:32  show A002 of 1              -> A006, re-entry
        Mon 07:33  call 3                      -> A006
        Mon 07:34  next 3                      -> A001
        Mon 07:35  show A003 of 1              -> A007, re-entry
        Mon 07:36  next 3                      -> A002
        Mon 07:37  next 3                      -> A007
    ",
    );
}

#[test]
fn a_holiday_is_no_working_day() {
    live(
        with_hours(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 16:00  take A                      -> A001
        Mon 16:30  close-day                   -> 1 closed, 1 to come back, 1 slips
        Mon 16:30  right A001 of 1             -> Wed 25/11/2026 07:30
        Wed 07:30  by itself                   -> 2 opened Wed 25/11/2026
        Wed 07:31  show A001 of 1              -> A001, re-entry
    ",
    );
}

#[test]
fn a_service_with_days_of_its_own_takes_its_people_back_on_one_of_them() {
    let mut office = with_hours();
    office.services[1].hours = vec![Hours {
        days: vec![Weekday::Mon, Weekday::Thu],
        from: time(8, 0, 0, 0),
        to: time(11, 0, 0, 0),
    }];
    live(
        office,
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 09:00  take A                      -> A001
        Mon 09:00  take B                      -> B001
        Mon 11:00  close-day                   -> 1 closed, 2 to come back, 2 slips
        Mon 11:00  right A001 of 1             -> Wed 25/11/2026 07:30
        Mon 11:00  right B001 of 1             -> Thu 26/11/2026 08:00
        Wed 07:30  by itself                   -> 2 opened Wed 25/11/2026
        Wed 08:30  show B001 of 1              -> day-off
        Wed 08:31  take A                      -> A001
        Wed 08:32  call 3                      -> A001
        Wed 08:33  finish 3                    -> A001 done
        Wed 17:00  by itself                   -> 2 closed
        Wed 17:01  right A001 of 1             -> none
        Thu 07:30  by itself                   -> 1 too late, 3 opened Thu 26/11/2026
        Thu 08:30  show A001 of 1              -> unknown-ticket
        Thu 08:30  show B001 of 1              -> B001, re-entry
    ",
    );
}

#[test]
fn the_same_slip_again_is_the_same_number() {
    live(
        with_hours(),
        "
        Wed 07:30  start                       -> 1 opened Wed 25/11/2026
        Wed 16:00  take A                      -> A001
        Wed 16:30  close-day                   -> 1 closed, 1 to come back, 1 slips
        Thu 07:30  by itself                   -> 2 opened Thu 26/11/2026
        Thu 07:31  show A001 of 1              -> A001, re-entry
        Thu 07:32  show A001 of 1              -> A001, re-entry
        Thu 07:33  power off 5 minutes         -> nothing
        Thu 07:39  show A001 of 1              -> A001, re-entry
        Thu 07:40  take A                      -> A002
        Thu 07:41  call 3                      -> A001
        Thu 07:42  no-show 3                   -> A001 parked
        Thu 07:43  show A001 of 1              -> A001, re-entry
        Thu 07:43  state A001                  -> A001 waiting
        Thu 07:44  close-day                   -> 2 closed, 2 to come back, 2 slips
        Thu 07:44  right A001 of 1             -> none
        Thu 07:44  right A001 of 2             -> Fri 27/11/2026 07:30
    ",
    );
}

#[test]
fn held_and_parked_tickets_come_back_too_but_who_left_gets_no_slip() {
    live(
        with_hours(),
        "
        Wed 07:30  start                       -> 1 opened Wed 25/11/2026
        Wed 16:00  take A 4 times              -> A004
        Wed 16:01  call 3                      -> A001
        Wed 16:02  no-show 3                   -> A001 parked
        Wed 16:03  call 3                      -> A002
        Wed 16:04  hold A002                   -> A002 held
        Wed 16:05  cancel A004                 -> too-late
        Wed 16:30  close-day                   -> 1 closed, 4 to come back, 3 slips
        Thu 07:30  by itself                   -> 2 opened Thu 26/11/2026
        Thu 07:31  show A001 of 1              -> A001, re-entry
    ",
    );
}

#[test]
fn what_is_in_hand_at_closing_is_finished_whether_or_not_its_clerk_pressed_start() {
    check(
        "
        09:00    take A 4 times      -> A004
        09:01    call 3              -> A001
        09:02    call 4              -> A002
        09:03    start 4             -> done
        16:30    close-day           -> done
        16:30    state A001          -> A001 done
        16:30    state A002          -> A002 done
        16:30    right A001 of 1     -> none
        16:30    right A003 of 1     -> next day
        16:31    undo 3              -> counter-closed
    ",
    );
}

#[test]
fn how_long_a_ticket_was_in_hand_at_closing_says_nothing_about_how_long_one_takes() {
    live(
        with_hours(),
        "
        Wed 07:30  start                       -> 1 opened Wed 25/11/2026
        Wed 09:00  take A 3 times              -> A003
        Wed 09:01  open 3                      -> done
        Wed 09:01  wait A                      -> 450-1800
        Wed 09:01  call 3                      -> A001
        Wed 16:30  close-day                   -> 1 closed, 1 finished, 2 to come back, 2 slips
        Wed 16:31  open-day                    -> 1 reopened
        Wed 16:31  state A001                  -> A001 done
        Wed 16:32  open 3                      -> done
        Wed 16:32  take A                      -> A004
        Wed 16:32  wait A                      -> 450-1800
    ",
    );
}

#[test]
fn a_day_that_goes_on_takes_the_rights_back_and_everybody_keeps_the_place() {
    live(
        with_hours(),
        "
        Wed 07:30  start                       -> 1 opened Wed 25/11/2026
        Wed 10:00  take A 2 times              -> A002
        Wed 10:30  close-day                   -> 1 closed, 2 to come back, 2 slips
        Wed 10:31  open-day                    -> 1 reopened
        Wed 10:31  right A001 of 1             -> none
        Wed 10:32  show A001 of 1              -> A001, normal
        Wed 10:33  call 3                      -> A001
        Wed 10:40  finish 3                    -> A001 done
        Wed 17:00  close-day                   -> 1 closed, 1 to come back, 1 slips
        Thu 07:30  by itself                   -> 2 opened Thu 26/11/2026
        Thu 07:31  show A001 of 1              -> unknown-ticket
        Thu 07:31  show A002 of 1              -> A001, re-entry
    ",
    );
}

#[test]
fn an_office_that_stays_shut_on_that_day_takes_its_people_back_on_the_next() {
    // A storm: the hours open and close Monday's day, and nobody works.
    live(
        with_hours(),
        "
        Fri 07:30  start                       -> 1 opened Fri 27/11/2026
        Fri 16:00  take A                      -> A001
        Fri 16:30  close-day                   -> 1 closed, 1 to come back, 1 slips
        Mon 07:30  by itself                   -> 2 opened Mon 30/11/2026
        Mon 17:00  by itself                   -> 2 closed
        Mon 17:01  right A001 of 1             -> Mon 30/11/2026 07:30
        Tue 07:30  by itself                   -> 3 opened Tue 01/12/2026
        Tue 07:31  show A001 of 1              -> A001, re-entry
    ",
    );
}

#[test]
fn a_sunday_that_staff_open_takes_people_back_early_and_ends_no_right() {
    live(
        with_hours(),
        "
        Fri 07:30  start                       -> 1 opened Fri 27/11/2026
        Fri 16:00  take A 2 times              -> A002
        Fri 16:30  close-day                   -> 1 closed, 2 to come back, 2 slips
        Sun 08:00  open-day                    -> 2 opened Sun 29/11/2026
        Sun 08:01  show A001 of 1              -> A001, re-entry
        Sun 08:02  call 3                      -> A001
        Sun 08:10  finish 3                    -> A001 done
        Sun 09:00  close-day                   -> 2 closed
        Mon 07:30  by itself                   -> 3 opened Mon 30/11/2026
        Mon 07:31  show A002 of 1              -> A001, re-entry
        Mon 07:31  show A001 of 1              -> unknown-ticket
    ",
    );
}

#[test]
fn without_hours_the_next_day_on_which_anybody_works_takes_them_back() {
    live(
        office(),
        "
        Fri 07:30  start                       -> 1 opened Fri 27/11/2026
        Fri 16:00  take A 2 times              -> A002
        Fri 16:30  close-day                   -> 1 closed, 2 to come back, 2 slips
        Fri 16:30  right A001 of 1             -> next day
        Sat 00:00  by itself                   -> 2 opened Sat 28/11/2026
        Sun 00:00  by itself                   -> 2 closed, 3 opened Sun 29/11/2026
        Mon 00:00  by itself                   -> 3 closed, 4 opened Mon 30/11/2026
        Mon 08:00  show A001 of 1              -> A001, re-entry
        Mon 08:01  call 3                      -> A001
        Mon 08:10  finish 3                    -> A001 done
        Tue 00:00  by itself                   -> 4 closed, 1 too late, 5 opened Tue 01/12/2026
        Tue 08:00  show A002 of 1              -> unknown-ticket
    ",
    );
}

#[test]
fn while_the_date_is_unknown_the_next_day_takes_them_back() {
    live(
        with_hours(),
        "
        Mon 07:00  start unknown               -> 1 opened undated
        Mon 07:30  take A                      -> A001
        Mon 16:00  close-day                   -> 1 closed, 1 to come back, 1 slips
        Mon 16:01  right A001 of 1             -> next day
        Mon 16:10  power off 15 hours unknown  -> 2 opened undated
        Tue 07:30  show A001 of 1              -> A001, re-entry
    ",
    );
}

#[test]
fn a_day_that_ends_by_itself_at_night_leaves_the_rights_and_prints_for_nobody() {
    live(
        with_hours(),
        "
        Wed 07:30  start                       -> 1 opened Wed 25/11/2026
        Wed 16:00  take A                      -> A001
        Wed 16:30  power off 15 hours          -> 1 closed, 1 to come back, 2 opened Thu 26/11/2026
        Thu 07:40  show A001 of 1              -> A001, re-entry
        Thu 16:00  take A                      -> A002
        Fri 00:00  by itself                   -> 2 closed, 2 to come back
    ",
    );
}

#[test]
fn hours_that_end_the_day_defer_who_was_put_aside() {
    live(
        with_hours(),
        "
        Wed 07:30  start                       -> 1 opened Wed 25/11/2026
        Wed 16:00  take A                      -> A001
        Wed 16:01  call 3                      -> A001
        Wed 16:02  hold A001                   -> A001 held
        Wed 17:00  by itself                   -> 1 closed, 1 to come back, 1 slips
        Thu 07:30  by itself                   -> 2 opened Thu 26/11/2026
        Thu 07:31  show A001 of 1              -> A001, re-entry
    ",
    );
}

#[test]
fn neither_a_full_nor_a_busy_day_turns_them_away_but_a_paused_service_does() {
    live(
        with_hours(),
        "
        Wed 07:30  start                       -> 1 opened Wed 25/11/2026
        Wed 16:00  take D 2 times              -> D002
        Wed 16:30  close-day                   -> 1 closed, 2 to come back, 2 slips
        Thu 07:30  by itself                   -> 2 opened Thu 26/11/2026
        Thu 07:31  take D 2 times              -> D002
        Thu 07:32  take D                      -> service-full
        Thu 07:33  show D001 of 1              -> D003, re-entry
        Thu 07:34  stop D                      -> done
        Thu 07:35  show D002 of 1              -> paused
        Thu 07:36  go-on D                     -> done
        Thu 11:40  show D002 of 1              -> noon
        Thu 13:30  show D002 of 1              -> D004, re-entry
    ",
    );
}

#[test]
fn a_closing_prints_for_the_hundred_who_have_waited_longest() {
    let mut desk = Desk::open();
    for _ in 0..DEFERRED_SLIPS_MAX + 3 {
        desk.issue('A', "normal").unwrap();
    }
    // By hand on a roll: the slip at closing is the first with a code.
    desk.roll('B', 1, 1, None).unwrap();
    let events = desk.act(&clerk("binh"), Command::CloseDay).unwrap();
    let deferred = events.iter().filter(|e| matches!(e, Event::Deferred(_)));
    assert_eq!(deferred.count(), DEFERRED_SLIPS_MAX + 4);
    let slips = events.iter().filter_map(|e| match e {
        Event::SlipAsked { ticket, slip, .. } => Some((desk.state.number((*ticket)?)?.n, *slip)),
        _ => None,
    });
    let (numbers, ids): (Vec<u32>, std::collections::BTreeSet<Id>) = slips.unzip();
    assert_eq!(numbers, (1..=100).collect::<Vec<_>>());
    assert_eq!(ids.len(), DEFERRED_SLIPS_MAX, "each slip has its own id");
}

#[test]
fn what_was_written_by_hand_gets_its_first_code_at_the_closing() {
    let mut desk = Desk::open();
    desk.roll('A', 101, 103, Some(101)).unwrap();
    let events = desk.act(&clerk("binh"), Command::CloseDay).unwrap();
    let slips = events
        .iter()
        .filter(|e| matches!(e, Event::SlipAsked { .. }));
    assert_eq!(slips.count(), 2);
}

#[test]
fn a_slip_for_another_day_can_be_asked_for_again_while_there_is_a_right() {
    let mut desk = Desk::open();
    desk.issue('A', "normal").unwrap();
    let ticket = Some(desk.id("A001"));
    let ask = |n: u128| Command::AskSlip {
        slip: Id::from_bits(n),
        kind: SlipKind::Deferred,
        service: None,
        ticket,
        language: "vi".into(),
        printer: None,
    };
    let staff = clerk("binh");
    assert_eq!(desk.act(&staff, ask(1)), Err(Refusal::NotDeferred));
    desk.act(&staff, Command::CloseDay).unwrap();
    desk.act(&staff, ask(1)).unwrap();
    assert_eq!(desk.act(&office::kiosk(), ask(2)), Err(Refusal::OutOfRange));
    desk.act(&staff, Command::OpenDay).unwrap();
}

#[test]
fn a_closing_that_an_older_release_wrote_still_frees_the_counters() {
    let mut desk = Desk::open();
    let staff = clerk("binh");
    desk.issue('A', "normal").unwrap();
    desk.act(&staff, Command::OpenCounter { counter: 3 })
        .unwrap();
    desk.act(&staff, Command::CallNext { counter: 3 }).unwrap();
    let closed: Event = serde_json::from_str(r#"{"event":"day-closed","day":1}"#).unwrap();
    desk.state.apply(Stamp { seq: 99, tick: 0 }, &closed);
    desk.state.check().unwrap();
    assert_eq!(desk.state_of("A001"), "A001 done");
}
