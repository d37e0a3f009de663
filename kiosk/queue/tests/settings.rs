//! Changes of the office: what comes into force at once, what waits, and who may not be left alone.
//!
//! The language of these scripts and the hours stand in `office/calendar.rs`.
#![allow(clippy::unwrap_used)]

mod office;

use office::calendar::{live, with_hours};
use office::{Desk, clerk, office};
use queue::*;

#[test]
fn letters_change_at_once_while_no_number_was_given_out_today() {
    live(
        office(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 07:40  configure letters           -> done
        Mon 07:41  take E                      -> E001
    ",
    );
}

#[test]
fn what_waits_can_be_withdrawn_and_outlives_a_restart() {
    live(
        office(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 08:00  take A                      -> A001
        Mon 08:01  configure letters           -> waits
        Mon 08:01  configure letters           -> nothing
        Mon 08:02  withdraw                    -> done
        Mon 08:03  withdraw                    -> nothing
        Mon 08:04  configure letters           -> waits
        Mon 08:05  call 3                      -> A001
        Mon 08:06  finish 3                    -> A001 done
        Mon 08:10  power off 20 hours          -> 1 closed, 2 opened Tue 24/11/2026
        Tue 08:00  take E                      -> E001
    ",
    );
}

#[test]
fn a_change_that_cannot_wait_is_kept_by_the_one_that_does() {
    live(
        office(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 08:00  take A                      -> A001
        Mon 08:01  configure letters           -> waits
        Mon 08:02  configure classes           -> done
        Mon 08:03  off 09:00                   -> done
        Mon 08:04  take A priority             -> unknown-class
        Mon 08:05  call 3                      -> A001
        Mon 08:06  finish 3                    -> A001 done
        Mon 09:00  numbers                     -> unplanned
        Tue 00:00  by itself                   -> 1 closed, 2 opened Tue 24/11/2026
        Tue 08:00  take E                      -> E001
        Tue 08:01  take A priority             -> unknown-class
        Tue 08:02  configure nothing           -> nothing
    ",
    );
}

#[test]
fn a_change_within_what_waits_replaces_only_its_part() {
    let mut desk = Desk::open();
    desk.issue('A', "normal").unwrap();
    let mut later = office();
    later.services[3].letter = 'E';
    later.counters[1].services = vec!['A', 'B', 'E'];
    later.name = Text::vi("Phường Sau");
    let change = |desk: &mut Desk, office: &Office| {
        let (office, base) = (Box::new(office.clone()), desk.state.settings().version());
        desk.act(&clerk("an"), Command::ChangeOffice { office, base })
            .unwrap()
    };
    change(&mut desk, &later);
    // Now: D is kept, B takes longer, counter 5 comes, counter 4 does no more C.
    let mut now = office();
    now.services[1].minutes = 20;
    now.services[3].minutes = 20;
    now.counters[1].services = vec!['A', 'B', 'D'];
    now.counters.push(Counter {
        number: 5,
        services: vec!['C', 'D'],
        purpose: Purpose::Return,
    });
    change(&mut desk, &now);
    assert_eq!(desk.state.office(), Some(&now));
    later.services[1].minutes = 20;
    later.counters[1].services = vec!['A', 'B'];
    later.counters.push(Counter {
        number: 5,
        services: vec!['C'],
        purpose: Purpose::Return,
    });
    assert_eq!(desk.state.settings().planned(), Some(&later));
    // What waits comes to nothing once it is in force.
    let mut desk = Desk::open();
    desk.act(&clerk("an"), Command::OpenCounter { counter: 3 })
        .unwrap();
    let mut without = office();
    without.counters.remove(0);
    change(&mut desk, &without);
    assert_eq!(desk.state.settings().planned(), Some(&without));
    desk.act(&clerk("an"), Command::CloseCounter { counter: 3 })
        .unwrap();
    let mut named = without.clone();
    named.name = Text::vi("Phường Mới");
    assert_eq!(change(&mut desk, &named).len(), 2);
    assert_eq!(desk.state.settings().planned(), None);
}

#[test]
fn the_file_counts_when_it_was_edited_and_not_at_every_start() {
    let mut desk = Desk::open();
    let file = |desk: &mut Desk, name: &str| {
        let office = Box::new(Office {
            name: Text::vi(name),
            ..office()
        });
        let system = clerk("system");
        let events = desk.act(&system, Command::Configure { office }).unwrap();
        (events.len(), desk.state.settings().by_file())
    };
    let person = |desk: &mut Desk, name: &str| {
        let (name, base) = (Text::vi(name), desk.state.settings().version());
        let office = Box::new(Office { name, ..office() });
        desk.act(&clerk("an"), Command::ChangeOffice { office, base })
            .unwrap();
    };
    assert_eq!(file(&mut desk, "Phường Mẫu"), (0, true));
    person(&mut desk, "Phường Một");
    assert_eq!(file(&mut desk, "Phường Mẫu"), (0, false), "a restart");
    assert_eq!(desk.state.office().unwrap().name, Text::vi("Phường Một"));
    // Edited to what is in force already: from now on that is what the file gave.
    assert_eq!(file(&mut desk, "Phường Một"), (1, true));
    person(&mut desk, "Phường Hai");
    assert_eq!(file(&mut desk, "Phường Một"), (0, false));
    assert_eq!(file(&mut desk, "Phường Ba"), (1, true));
    assert_eq!(desk.state.office().unwrap().name, Text::vi("Phường Ba"));
}

#[test]
fn a_file_with_other_letters_waits_and_once_withdrawn_is_not_asked_again() {
    live(
        office(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 08:00  take A                      -> A001
        Mon 08:01  file letters                -> waits
        Mon 08:01  file letters                -> nothing
        Mon 08:02  configure name              -> done
        Mon 08:03  withdraw                    -> done
        Mon 08:04  call 3                      -> A001
        Mon 08:05  finish 3                    -> A001 done
        Tue 00:00  by itself                   -> 1 closed, 2 opened Tue 24/11/2026
        Tue 08:00  take E                      -> unknown-service
    ",
    );
}

#[test]
fn whoever_changes_the_office_has_seen_it_as_it_is() {
    let mut desk = Desk::open();
    let base = desk.state.settings().version();
    let change = |desk: &mut Desk, name: &str| {
        let name = Text::vi(name);
        let office = Box::new(Office { name, ..office() });
        desk.act(&clerk("an"), Command::ChangeOffice { office, base })
    };
    change(&mut desk, "Phường Một").unwrap();
    assert_eq!(change(&mut desk, "Phường Hai"), Err(Refusal::OfficeChanged));
    let withdraw = Command::WithdrawOffice { base };
    assert_eq!(
        desk.act(&clerk("an"), withdraw),
        Err(Refusal::OfficeChanged)
    );
}

#[test]
fn a_counter_goes_only_when_it_is_closed_and_nobody_was_sent_to_it() {
    live(
        office(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 08:00  take A                      -> A001
        Mon 08:01  call 3                      -> A001
        Mon 08:02  configure without 3         -> waits
        Mon 08:03  withdraw                    -> done
        Mon 08:04  pause 3                     -> done
        Mon 08:05  configure without 3         -> waits
        Mon 08:06  withdraw                    -> done
        Mon 08:07  finish 3                    -> A001 done
        Mon 08:08  close 3                     -> done
        Mon 08:09  take A                      -> A002
        Mon 08:10  transfer A002 to 3          -> A002 waiting
        Mon 08:11  configure without 3         -> waits
        Mon 08:12  withdraw                    -> done
        Mon 08:13  transfer A002 to 4          -> A002 waiting
        Mon 08:14  configure without 3         -> done
        Mon 08:15  open 3                      -> unknown-counter
        Mon 08:16  call 4                      -> A002
    ",
    );
}

#[test]
fn a_service_that_people_wait_for_keeps_a_counter() {
    live(
        office(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 08:00  take B                      -> B001
        Mon 08:01  configure unserved B        -> waits
        Mon 08:02  withdraw                    -> done
        Mon 08:03  call 4                      -> B001
        Mon 08:04  no-show 4                   -> B001 parked
        Mon 08:05  configure unserved B        -> waits
        Mon 08:06  withdraw                    -> done
        Mon 08:08  configure unserved C        -> done
        Mon 08:09  take C                      -> C001
        Mon 08:10  configure unserved C        -> nothing
    ",
    );
}

#[test]
fn who_has_priority_keeps_it_when_the_class_goes() {
    live(
        office(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 08:00  take A                      -> A001
        Mon 08:00  take A priority             -> A002
        Mon 08:01  configure classes           -> done
        Mon 08:02  take A priority             -> unknown-class
        Mon 08:03  call 3                      -> A002
        Mon 08:04  next 3                      -> A001
    ",
    );
}

#[test]
fn a_wrong_holiday_is_undone_within_the_day() {
    live(
        with_hours(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 08:00  take A                      -> A001
        Mon 08:01  configure holiday           -> done
        Mon 08:02  take A                      -> day-off
        Mon 08:03  call 3                      -> A001
        Mon 08:04  finish 3                    -> A001 done
        Mon 09:00  configure workday           -> done
        Mon 09:01  take A                      -> A002
    ",
    );
}

#[test]
fn an_unplanned_closure_says_when_numbers_are_given_out_again_and_ends_at_once() {
    live(
        with_hours(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 09:00  off 14:00                   -> done
        Mon 09:01  take A                      -> A001
        Mon 11:30  numbers                     -> noon, opens Mon 13:30
        Mon 13:59  take A                      -> A002
        Mon 14:00  take A                      -> unplanned
        Mon 14:00  numbers                     -> unplanned, opens Wed 07:30
        Mon 14:01  call 3                      -> A001
        Mon 14:02  next 3                      -> A002
        Mon 14:03  finish 3                    -> A002 done
        Mon 15:00  on                          -> done
        Mon 15:00  on                          -> nothing
        Mon 15:00  take A                      -> A003
        Mon 15:01  off 08:00 15:30             -> done
        Mon 15:02  numbers                     -> unplanned, opens Mon 15:30
        Mon 15:30  take A                      -> A004
        Mon 15:31  off 16:00 15:00             -> out-of-range
    ",
    );
}

#[test]
fn an_early_closing_stops_numbers_before_people_wait_in_vain() {
    live(
        with_hours(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 14:00  open 3                      -> done
        Mon 14:00  take A 13 times             -> A013
        Mon 14:00  numbers A                   -> open
        Mon 14:01  off 15:00                   -> done
        Mon 14:01  numbers A                   -> late, opens Wed 07:30
        Mon 14:02  on                          -> done
        Mon 14:02  numbers A                   -> open
    ",
    );
}

#[test]
fn a_day_that_is_off_from_its_beginning_is_not_opened_until_that_is_taken_back() {
    live(
        with_hours(),
        "
        Mon 06:00  start                       -> nothing
        Mon 06:01  off                         -> done
        Mon 08:00  numbers                     -> unplanned, opens Wed 07:30
        Mon 08:00  on                          -> done
        Mon 08:01  by itself                   -> 1 opened Mon 23/11/2026
        Mon 08:01  take A                      -> A001
    ",
    );
}

#[test]
fn staff_who_opened_a_day_of_their_own_are_closed_by_an_unplanned_closure_too() {
    live(
        with_hours(),
        "
        Sun 08:00  start                       -> nothing
        Sun 08:01  open-day                    -> 1 opened Sun 29/11/2026
        Sun 08:02  off 10:00                   -> done
        Sun 08:03  take A                      -> A001
        Sun 10:00  take A                      -> unplanned
        Sun 10:01  on                          -> done
        Sun 10:01  take A                      -> A002
    ",
    );
}

#[test]
fn an_office_without_hours_has_holidays_too() {
    live(
        office(),
        "
        Mon 07:30  start                       -> 1 opened Mon 23/11/2026
        Mon 08:00  configure holiday           -> done
        Mon 08:01  numbers                     -> day-off
        Mon 08:01  take A                      -> day-off
        Mon 08:02  close-day                   -> 1 closed
        Mon 08:03  open-day                    -> 1 reopened
        Mon 08:04  numbers A                   -> open
        Mon 08:05  off 09:00 10:00             -> done
        Mon 09:30  numbers                     -> unplanned, opens Mon 10:00
    ",
    );
}

#[test]
fn citizens_read_why_the_office_is_closed() {
    let mut desk = Desk::open();
    let date = jiff::civil::date(2026, 11, 23);
    let mut closed = with_hours();
    closed.holidays = vec![Holiday {
        date,
        name: Text::vi("Ngày hội"),
    }];
    let (office, base) = (Box::new(closed), desk.state.settings().version());
    desk.act(&clerk("an"), Command::ChangeOffice { office, base })
        .unwrap();
    desk.utc = Some(1_795_393_800_000); // 07:30 on that date in Vietnam.
    let because = |desk: &Desk| desk.state.off_because(desk.now()).cloned();
    assert_eq!(because(&desk), Some(Text::vi("Ngày hội")));
    let off = DayOff {
        date,
        from: None,
        to: None,
        reason: Text::vi("Mất điện"),
    };
    desk.act(&clerk("an"), Command::SetDayOff { off }).unwrap();
    assert_eq!(because(&desk), Some(Text::vi("Mất điện")));
}

#[test]
fn journals_of_older_programs_say_the_same() {
    let text = |holidays: &str| {
        format!(
            r#"{{"event":"configured","office":{{"name":{{"vi":"X"}},"languages":["vi"],
                "utc_offset_minutes":420,"holidays":[{holidays}],"services":[],"counters":[]}}}}"#
        )
    };
    let old: Event = serde_json::from_str(&text(r#""2026-09-02""#)).unwrap();
    let Event::Configured { office, source } = &old else {
        panic!("{old:?}");
    };
    assert_eq!(*source, OfficeSource::File);
    assert_eq!(
        office.holidays,
        [jiff::civil::date(2026, 9, 2).into()] as [Holiday; 1]
    );
    let named = r#"{"date":"2026-09-02","name":{"vi":"Quốc khánh"}}"#;
    let new: Event = serde_json::from_str(&text(named)).unwrap();
    let again: Event = serde_json::from_str(&serde_json::to_string(&new).unwrap()).unwrap();
    assert_eq!(new, again);
}
