//! The rules of the office as scripts.
//!
//! A line is a moment, what somebody does, and after `->` what comes of it. `take A` and
//! `take A priority` give out numbers, the other words are those of the counter page.
#![allow(clippy::unwrap_used)]

mod office;

use office::script::check;
use queue::{DeviceChange, DeviceKind, Event, PersonChange, StaffRole};

#[test]
fn a_missed_call_is_parked_until_its_citizen_reports() {
    check(
        "
        09:00  take A          -> A001
        09:00  take A          -> A002
        09:00  take A          -> A003
        09:00  take A          -> A004
        09:01  call 3          -> A001
        09:02  no-show 3       -> A001 parked
        09:02  call 3          -> A002
        09:03  resume A001     -> A001 waiting
        09:04  next 3          -> A003
        09:06  next 3          -> A004
        09:08  next 3          -> A001
    ",
    );
}

#[test]
fn a_citizen_who_reports_is_not_kept_waiting_when_nobody_else_waits() {
    check(
        "
        09:00  take A          -> A001
        09:01  call 3          -> A001
        09:02  no-show 3       -> A001 parked
        09:03  resume A001     -> A001 waiting
        09:03  call 3          -> A001
    ",
    );
}

#[test]
fn one_priority_ticket_is_called_for_two_normal_ones() {
    check(
        "
        09:00  take A          -> A001
        09:00  take A          -> A002
        09:00  take A          -> A003
        09:00  take A          -> A004
        09:00  take A          -> A005
        09:01  take A priority -> A006
        09:01  take A priority -> A007
        09:01  take A priority -> A008
        09:02  next 3          -> A006
        09:03  next 3          -> A001
        09:04  next 3          -> A002
        09:05  next 3          -> A007
        09:06  next 3          -> A003
        09:07  next 3          -> A004
        09:08  next 3          -> A008
        09:09  next 3          -> A005
        09:10  next 3          -> nobody
    ",
    );
}

#[test]
fn priority_for_one_service_never_starves_another() {
    check(
        "
        09:00  take B          -> B001
        09:00  take B          -> B002
        09:00  take A priority -> A001
        09:00  take A priority -> A002
        09:00  take A priority -> A003
        09:01  next 4          -> A001
        09:02  next 4          -> B001
        09:03  next 4          -> B002
        09:04  next 4          -> A002
    ",
    );
}

#[test]
fn the_reason_of_a_call_names_whom_it_passed() {
    check(
        "
        09:00  take A          -> A001
        09:00  take A priority -> A002
        09:01  call 3          -> A002
        09:01  why A002        -> priority-turn passed A001
        09:02  next 3          -> A001
        09:02  why A001        -> turn
    ",
    );
}

#[test]
fn people_ahead_are_those_who_are_really_called_before() {
    check(
        "
        09:00  open 3          -> done
        09:00  take A          -> A001
        09:00  take A          -> A002
        09:00  take A priority -> A003
        09:00  take B          -> B001
        09:00  take C          -> C001
        09:00  ahead A003      -> 0
        09:00  ahead A002      -> 2
        09:00  ahead C001      -> 3
        09:01  call 3          -> A003
        09:01  ahead A002      -> 1
    ",
    );
}

#[test]
fn a_held_ticket_keeps_its_place() {
    check(
        "
        09:00  take A          -> A001
        09:00  take A          -> A002
        09:00  take A          -> A003
        09:01  call 3          -> A001
        09:02  hold A001       -> A001 held
        09:02  call 3          -> A002
        09:03  resume A001     -> A001 waiting
        09:04  next 3          -> A001
    ",
    );
}

#[test]
fn a_transferred_ticket_keeps_its_number_and_its_place() {
    check(
        "
        09:00  take A          -> A001
        09:00  take B          -> B001
        09:01  call 3          -> A001
        09:02  transfer A001 B -> A001 waiting
        09:03  call 4          -> A001
        09:04  transfer A001 to 3 -> A001 waiting
        09:05  call 4          -> B001
        09:06  call 3          -> A001
        09:06  why A001        -> directed
    ",
    );
}

#[test]
fn an_act_is_taken_back_within_half_a_minute() {
    check(
        "
        09:00:00  take A       -> A001
        09:00:00  take A       -> A002
        09:01:00  call 3       -> A001
        09:05:00  next 3       -> A002
        09:05:20  undo 3       -> A001
        09:05:20  state A001   -> A001 called
        09:05:20  state A002   -> A002 waiting
        09:06:00  no-show 3    -> A001 parked
        09:06:30  undo 3       -> nothing-to-undo
    ",
    );
}

#[test]
fn what_went_on_meanwhile_cannot_be_taken_back() {
    check(
        "
        09:00:00  take A       -> A001
        09:01:00  call 3       -> A001
        09:01:01  hold A001    -> A001 held
        09:01:05  resume A001  -> A001 waiting
        09:01:06  undo 3       -> nothing-to-undo
    ",
    );
}

#[test]
fn a_counter_has_one_ticket_in_hand_and_one_clerk() {
    check(
        "
        09:00  take A          -> A001
        09:00  take A          -> A002
        09:01  call 3          -> A001
        09:01  call 3          -> ticket-in-hand
        09:02  call 3 by an    -> counter-taken
        09:02  close 3         -> ticket-in-hand
        09:03  finish 3        -> A001 done
        09:03  finish 3        -> nothing-in-hand
        09:04  pause 3         -> done
        09:04  call 3          -> counter-closed
        09:05  open 3          -> done
        09:05  call 3          -> A002
    ",
    );
}

#[test]
fn a_wrong_tile_voids_the_number_and_gives_another() {
    check(
        "
        09:00:00  take A             -> A001
        09:00:30  change A001 B      -> B001
        09:00:30  state A001         -> A001 void
        09:02:30  change B001 A      -> too-late
        09:03:00  take A             -> A002
    ",
    );
}

#[test]
fn a_kiosk_takes_back_only_a_fresh_number() {
    check(
        "
        09:00:00  take A             -> A001
        09:01:00  cancel A001        -> A001 cancelled
        09:01:00  take A             -> A002
        09:02:31  cancel A002        -> too-late
        09:02:31  cancel A002 by an  -> A002 cancelled
    ",
    );
}

#[test]
fn a_chosen_ticket_is_called_with_a_reason() {
    check(
        "
        09:00  take A          -> A001
        09:00  take A          -> A002
        09:00  take B          -> B001
        09:01  choose 3 A002   -> A002
        09:01  why A002        -> chosen passed A001
        09:02  finish 3        -> A002 done
        09:02  choose 3 B001   -> not-served-here
    ",
    );
}

#[test]
fn a_quota_ends_the_numbers_of_a_service() {
    check(
        "
        09:00  take D          -> D001
        09:00  take D          -> D002
        09:00  take D          -> service-full
        09:00  take A          -> A001
    ",
    );
}

#[test]
fn the_wait_is_a_range_from_the_day_itself() {
    check(
        "
        09:00:00  wait A       -> unknown
        09:00:00  open 3       -> done
        09:00:00  wait A       -> 0-450
        09:00:00  take A       -> A001
        09:00:00  take A       -> A002
        09:00:00  wait A       -> 300-1350
    ",
    );
}

#[test]
fn in_a_very_long_line_people_ahead_are_counted_by_place() {
    check(
        "
        09:00  open 3            -> done
        09:00  take A            -> A001
        09:00  take A            -> A002
        09:01  call 3            -> A001
        09:01  no-show 3         -> A001 parked
        09:02  take A 1100 times -> A1102
        09:03  ahead A002        -> 0
        09:03  ahead A1102       -> 1100
        09:04  take A priority   -> A1103
        09:04  ahead A1103       -> 0
        09:05  resume A001       -> A001 waiting
        09:05  ahead A001        -> 2
        09:06  transfer A1103 to 3 -> A1103 waiting
        09:06  ahead A1103       -> 0
        09:06  take A priority   -> A1104
        09:06  ahead A1104       -> 1
        09:06  transfer A1104 to 3 -> A1104 waiting
        09:06  ahead A1104       -> 1
        09:07  call 3            -> A1103
        09:08  next 3            -> A1104
        09:09  next 3            -> A001
    ",
    );
}

#[test]
fn a_ticket_sent_to_a_counter_counts_as_a_call_for_those_who_missed_theirs() {
    check(
        "
        09:00  take A            -> A001
        09:00  take A            -> A002
        09:00  take A            -> A003
        09:00  take A            -> A004
        09:01  call 3            -> A001
        09:01  no-show 3         -> A001 parked
        09:02  transfer A004 to 3 -> A004 waiting
        09:02  resume A001       -> A001 waiting
        09:02  ahead A004        -> 0
        09:02  ahead A002        -> 1
        09:02  ahead A001        -> 2
        09:02  ahead A003        -> 3
        09:03  call 3            -> A004
        09:04  next 3            -> A002
        09:05  next 3            -> A001
        09:06  next 3            -> A003
    ",
    );
}

#[test]
fn a_call_taken_back_does_not_count_for_those_who_missed_theirs() {
    check(
        "
        09:00:00  take A         -> A001
        09:00:00  take A         -> A002
        09:00:00  take A         -> A003
        09:01:00  call 3         -> A001
        09:01:30  no-show 3      -> A001 parked
        09:02:00  resume A001    -> A001 waiting
        09:02:10  call 3         -> A002
        09:02:20  undo 3         -> A002
        09:02:30  call 3         -> A002
        09:03:00  next 3         -> A003
        09:04:00  next 3         -> A001
    ",
    );
}

#[test]
fn a_clerk_sits_at_one_counter_at_a_time_and_a_device_may_have_several() {
    check(
        "
        09:00  open 3 by person-7    -> done
        09:01  open 4 by person-7    -> other-counter(3)
        09:02  pause 3 by person-7   -> done
        09:03  open 4 by person-7    -> other-counter(3)
        09:04  open 3 by person-7    -> done
        09:05  open 4 by person-8    -> done
        09:06  close 3 by person-7   -> done
        09:07  open 4 by person-7    -> counter-taken
        09:08  close 4 by person-8   -> done
        09:09  open 4 by person-7    -> done
        09:10  close 4 by person-7   -> done
        09:11  open 3 by a-device    -> done
        09:12  open 4 by a-device    -> done
    ",
    );
}

#[test]
fn the_record_of_people_has_neither_names_nor_pins() {
    let added = Event::PersonChanged {
        person: "7".into(),
        change: PersonChange::Added {
            role: StaffRole::Clerk,
        },
    };
    let json = serde_json::to_string(&added).unwrap();
    assert_eq!(
        json,
        r#"{"event":"person-changed","person":"7","change":"added","role":"clerk"}"#
    );
    assert_eq!(serde_json::from_str::<Event>(&json).unwrap(), added);
    let gone = r#"{"event":"person-changed","person":"7","change":"removed"}"#;
    assert!(matches!(
        serde_json::from_str(gone).unwrap(),
        Event::PersonChanged {
            change: PersonChange::Removed,
            ..
        }
    ));
}

#[test]
fn the_record_of_devices_has_neither_names_nor_codes_nor_tokens() {
    let change = |change| Event::DeviceChanged {
        device: "touch-0a1b2c3d".into(),
        change,
    };
    let kind = DeviceKind::Touch;
    for (event, json) in [
        (
            change(DeviceChange::Enrolled { kind }),
            r#"{"event":"device-changed","device":"touch-0a1b2c3d","change":"enrolled","kind":"touch"}"#,
        ),
        (
            change(DeviceChange::Revoked),
            r#"{"event":"device-changed","device":"touch-0a1b2c3d","change":"revoked"}"#,
        ),
    ] {
        assert_eq!(serde_json::to_string(&event).unwrap(), json);
        assert_eq!(serde_json::from_str::<Event>(json).unwrap(), event);
    }
}

#[test]
fn a_supervisor_frees_a_counter_and_its_citizen_keeps_the_place() {
    use queue::{Actor, Command, Role};
    let mut desk = office::Desk::open();
    for line in ["take A", "take A", "call 3"] {
        let words: Vec<&str> = line.split(' ').collect();
        desk.line(&words);
    }
    let supervisor = Actor {
        id: "lan".into(),
        role: Role::Supervisor,
    };
    desk.act(&supervisor, Command::CloseCounter { counter: 3 })
        .unwrap();
    assert_eq!(desk.line(&["state", "A001"]), "A001 held");
    assert_eq!(desk.line(&["resume", "A001"]), "A001 waiting");
    assert_eq!(desk.line(&["call", "3", "by", "an"]), "A001");
}
