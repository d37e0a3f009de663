//! Which scan goes when, as scripts.
//!
//! A line is a time, an act and what follows from it. `scans 1X 2Y`: scans 1 and 2 of the
//! dossiers X and Y arrive (`old`: they stood there at the start). `next`: everything that
//! may go now, or when something may. Anything else is the verdict on a scan, answered with its outcome.

#![allow(clippy::unwrap_used)]

use std::time::Duration;

use super::*;

fn check(script: &str) {
    play(Outbox::new(true, Pauses::default()), script);
}

/// The same, for a server that does not honour keys.
fn check_without_keys(script: &str) {
    play(Outbox::new(false, Pauses::default()), script);
}

fn play(mut outbox: Outbox, script: &str) {
    for line in script
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        let (act, expected) = line.split_once("->").unwrap_or((line, ""));
        let (time, act) = act.trim().split_once(' ').unwrap();
        let heard = perform(&mut outbox, ms(time), act.trim());
        assert_eq!(heard, expected.trim(), "{line}");
    }
}

fn perform(outbox: &mut Outbox, now_ms: u64, act: &str) -> String {
    let (verb, rest) = act.split_once(' ').unwrap_or((act, ""));
    match verb {
        "scans" | "old" => {
            for scan in rest.split(' ') {
                let (seq, dossier) = scan.split_at(scan.len() - 1);
                let dossier = u64::from(dossier.as_bytes()[0]);
                outbox.push(seq.parse().unwrap(), dossier, verb == "old", now_ms);
            }
            String::new()
        }
        "next" => next(outbox, now_ms),
        "gone" => {
            outbox.done(rest.parse().unwrap(), now_ms);
            String::new()
        }
        "status" => {
            let started = Instant::now();
            match outbox.status(started) {
                IntakeStatus::Ready => "ready".to_owned(),
                IntakeStatus::Away { since, cause } => {
                    let since = (since - started).as_secs();
                    format!("away since {since}s, {}", cause.word())
                }
                IntakeStatus::SetupFault { status } => format!("fault {status}"),
            }
        }
        seq => settle(outbox, now_ms, seq.parse().unwrap(), rest),
    }
}

fn next(outbox: &mut Outbox, now_ms: u64) -> String {
    let mut steps = Vec::new();
    while let Some(step) = outbox.next(now_ms) {
        steps.push(match step {
            Step::Send { seq } => format!("send {seq}"),
            Step::Ask { seq } => format!("ask {seq}"),
        });
    }
    match (steps.is_empty(), outbox.wake_at()) {
        (false, _) => steps.join(", "),
        (true, Some(at)) => format!("at {:?}", Duration::from_millis(at)),
        (true, None) => "nothing".to_owned(),
    }
}

fn settle(outbox: &mut Outbox, now_ms: u64, seq: u64, act: &str) -> String {
    let moment = Moment {
        now_ms,
        jitter_permille: 0,
    };
    let (act, kept) = match act.strip_suffix(", not kept") {
        Some(act) => (act, false),
        None => (act, true),
    };
    let (act, waited_ms) = match act.split_once(", waited ") {
        Some((act, waited)) => (act, ms(waited)),
        None => (act, 0),
    };
    let (name, number) = act.split_once(' ').unwrap_or((act, ""));
    let retry_after_ms = (!number.is_empty()).then(|| ms(number));
    let reason = "why".to_owned();
    let verdict = match name {
        "taken" => Verdict::Taken { answer: None },
        "refused" => Verdict::Refused { reason },
        "not-yet" => Verdict::NotYet { retry_after_ms },
        "busy" => Verdict::Busy { retry_after_ms },
        "unclear" => Verdict::Unclear {
            retry_after_ms,
            cause: AwayCause::Silent,
        },
        "no-connection" => Verdict::NoConnection {
            cause: AwayCause::NoConnection,
        },
        "wrong-name" => Verdict::NoConnection {
            cause: AwayCause::WrongName,
        },
        "our-certificate" => Verdict::Unclear {
            retry_after_ms,
            cause: AwayCause::OurCertificate,
        },
        "fault" => Verdict::SetupFault {
            status: number.parse().unwrap(),
        },
        "objected" => Verdict::Objected { reason },
        "absent" => Verdict::Absent,
        "cannot-tell" => Verdict::CannotTell { reason },
        other => panic!("no such verdict: {other}"),
    };
    let outcome = match outbox.settle(seq, verdict, waited_ms, moment) {
        None => return String::new(),
        Some(Outcome::Delivered { .. }) => "delivered",
        Some(Outcome::Refused { .. }) => "refused",
        Some(Outcome::Unknown { .. }) => "unknown",
    };
    if kept {
        outbox.done(seq, now_ms);
    } else {
        outbox.not_kept(seq, moment);
    }
    outcome.to_owned()
}

/// `5s`, `3m`, `24h`; a bare number is an HTTP status and read elsewhere.
fn ms(text: &str) -> u64 {
    let (number, unit) = text.split_at(text.len() - 1);
    let unit = match unit {
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return 0,
    };
    number.parse::<u64>().unwrap() * unit
}

#[test]
fn scans_of_one_dossier_go_one_after_another_and_hold_no_other() {
    check(
        "
        0s   scans 1X 2X 3Y 4X
        0s   next            -> send 1, send 3
        0s   3 taken         -> delivered
        0s   next            -> nothing
        1s   1 taken         -> delivered
        1s   next            -> send 2
        1s   2 refused       -> refused
        1s   next            -> send 4
        ",
    );
}

#[test]
fn a_dossier_in_trouble_waits_ever_longer_while_others_go_at_once() {
    check(
        "
        0s   scans 1X 2X 3Y
        0s   next            -> send 1, send 3
        0s   1 unclear
        0s   3 taken         -> delivered
        0s   next            -> at 1s
        1s   next            -> send 1
        1s   1 unclear
        1s   next            -> at 3s
        2s   scans 4Z
        2s   next            -> send 4
        2s   4 taken         -> delivered
        3s   next            -> send 1
        3s   1 unclear
        3s   next            -> at 7s
        7s   next            -> send 1
        7s   1 taken         -> delivered
        7s   next            -> send 2
        ",
    );
}

#[test]
fn never_more_than_four_are_under_way() {
    check(
        "
        0s   scans 1A 2B 3C 4D 5E 6F
        0s   next            -> send 1, send 2, send 3, send 4
        0s   next            -> nothing
        0s   2 taken         -> delivered
        0s   next            -> send 5
        ",
    );
}

#[test]
fn an_outcome_that_waits_for_the_journal_keeps_no_other_dossier_from_the_line() {
    let mut outbox = Outbox::new(true, Pauses::default());
    let many = u64::try_from(KEEPING_MAX).unwrap() + 10;
    for seq in 1..=many {
        outbox.push(seq, seq, false, 0);
        outbox.push(many + seq, seq, false, 0);
    }
    let moment = Moment {
        now_ms: 1,
        jitter_permille: 0,
    };
    let mut settled = 0;
    while let Some(Step::Send { seq }) = outbox.next(1) {
        let taken = Verdict::Taken { answer: None };
        assert!(outbox.settle(seq, taken, 0, moment).is_some());
        settled += 1;
        assert!(seq <= many, "the next of a dossier waits until it is kept");
    }
    assert_eq!(settled, KEEPING_MAX, "the journal is not flooded");
    outbox.done(1, 1);
    outbox.not_kept(2, moment);
    assert_eq!(outbox.next(1), Some(Step::Send { seq: many - 9 }));
    assert_eq!(outbox.next(1), Some(Step::Send { seq: many - 8 }));
}

#[test]
fn without_connection_one_scan_tries_for_all() {
    check(
        "
        5s   scans 1A 2B 3C 4D 5E
        5s   next            -> send 1, send 2, send 3, send 4
        5s   1 no-connection
        5s   status          -> away since 5s, no-connection
        5s   2 no-connection
        5s   3 no-connection
        5s   4 no-connection
        5s   next            -> at 6s
        6s   next            -> send 1
        6s   1 no-connection
        6s   next            -> at 8s
        8s   next            -> send 2
        9s   scans 6F
        9s   next            -> nothing
        9s   2 taken         -> delivered
        9s   status          -> ready
        9s   next            -> send 3, send 4, send 5, send 1
        ",
    );
}

#[test]
fn staff_see_what_the_newest_failure_looked_like_and_since_when_it_is_so() {
    check(
        "
        5s   scans 1A 2B
        5s   next            -> send 1, send 2
        5s   1 wrong-name
        5s   status          -> away since 5s, wrong-name
        5s   2 no-connection
        6s   next            -> send 1
        6s   1 our-certificate
        6s   status          -> away since 5s, our-certificate
        6s   next            -> at 8s
        8s   next            -> send 2
        8s   2 busy
        8s   status          -> away since 5s, busy
        20s  next            -> send 1
        20s  1 taken         -> delivered
        20s  status          -> ready
        ",
    );
}

#[test]
fn errors_of_four_dossiers_in_a_row_pause_everybody_but_each_try_is_another_scan() {
    check(
        "
        0s   scans 1A 2B 3C 4D 5E 6F
        0s   next            -> send 1, send 2, send 3, send 4
        0s   1 unclear
        0s   status          -> ready
        0s   2 unclear
        0s   status          -> away since 0s, silent
        0s   3 unclear
        0s   next            -> send 5, send 6
        0s   4 unclear
        0s   5 taken         -> delivered
        0s   status          -> ready
        0s   6 unclear
        1s   next            -> send 1, send 2, send 3, send 4
        1s   1 unclear
        1s   2 unclear
        1s   3 unclear
        1s   scans 7G 8H
        1s   next            -> nothing
        1s   4 unclear
        1s   next            -> at 2s
        2s   next            -> send 6
        2s   6 unclear
        2s   next            -> at 4s
        4s   next            -> send 7
        4s   7 taken         -> delivered
        4s   next            -> send 8, send 1, send 2, send 3
        ",
    );
}

#[test]
fn one_bad_dossier_alone_never_pauses_the_others() {
    check(
        "
        0s   scans 1X
        0s   next            -> send 1
        0s   1 unclear
        1s   next            -> send 1
        1s   1 unclear
        3s   next            -> send 1
        3s   1 unclear
        7s   next            -> send 1
        7s   1 unclear
        7s   status          -> away since 0s, silent
        8s   scans 2Y
        8s   next            -> send 2
        8s   2 taken         -> delivered
        8s   status          -> ready
        ",
    );
}

#[test]
fn the_server_is_left_alone_as_long_as_it_asks() {
    check(
        "
        0s   scans 1X 2Y
        0s   next            -> send 1, send 2
        0s   1 busy 30s
        0s   2 not-yet 45s
        0s   next            -> at 30s
        30s  next            -> send 1
        30s  1 taken         -> delivered
        45s  next            -> send 2
        45s  2 unclear 20s
        45s  next            -> at 65s
        ",
    );
    check(
        "
        0s   scans 1A 2B 3C 4D 5E
        0s   next            -> send 1, send 2, send 3, send 4
        0s   1 busy 30s
        0s   2 busy 30s
        0s   3 busy 30s
        0s   4 busy 40s
        0s   next            -> at 40s
        40s  next            -> send 5
        ",
    );
}

#[test]
fn a_set_up_fault_holds_everything_and_one_scan_tries_every_30_seconds() {
    check(
        "
        0s   scans 1X 2Y 3Z
        0s   next            -> send 1, send 2, send 3
        0s   1 fault 401
        0s   status          -> fault 401
        0s   2 fault 401
        0s   3 fault 401
        1s   scans 4W
        1s   next            -> at 30s
        30s  next            -> send 4
        30s  4 fault 403
        30s  status          -> fault 403
        30s  next            -> at 60s
        60s  next            -> send 1
        60s  1 unclear
        60s  status          -> fault 403
        60s  next            -> at 90s
        90s  next            -> send 2
        91s  2 taken         -> delivered
        91s  status          -> ready
        91s  next            -> send 3, send 4, send 1
        ",
    );
}

#[test]
fn an_objection_is_a_clerks_to_decide_after_24_hours() {
    check(
        "
        0s   scans 1X 2X
        0s   next            -> send 1
        0s   1 objected
        0s   status          -> ready
        2s   next            -> send 1
        2s   1 unclear
        23h  next            -> send 1
        23h  1 objected
        24h  next            -> send 1
        24h  1 objected      -> unknown
        24h  next            -> send 2
        ",
    );
}

#[test]
fn nights_without_power_do_not_put_the_decision_off_for_ever() {
    check(
        "
        0s   old 1X
        0s   next                       -> send 1
        0s   1 objected, waited 30h
        59m  next                       -> send 1
        59m  1 objected, waited 31h
        61m  next                       -> send 1
        61m  1 objected, waited 31h     -> unknown
        ",
    );
}

#[test]
fn with_keys_an_unclear_outcome_is_sent_again_and_never_asked() {
    check(
        "
        0s   old 1X
        0s   next            -> send 1
        0s   1 unclear
        1s   next            -> send 1
        1s   1 taken         -> delivered
        ",
    );
}

#[test]
fn without_keys_an_unclear_outcome_is_asked_until_there_is_an_answer() {
    check_without_keys(
        "
        0s   scans 1X 2X
        0s   next            -> send 1
        0s   1 unclear
        1s   next            -> ask 1
        1s   1 unclear
        3s   next            -> ask 1
        3s   1 no-connection
        4s   next            -> ask 1
        4s   1 busy
        8s   next            -> ask 1
        8s   1 absent
        8s   next            -> send 1
        8s   1 unclear
        24s  next            -> ask 1
        24s  1 taken         -> delivered
        24s  next            -> send 2
        24s  2 no-connection
        25s  next            -> send 2
        25s  2 not-yet
        26s  next            -> send 2
        ",
    );
}

#[test]
fn without_keys_a_server_that_cannot_be_asked_leaves_it_to_a_clerk() {
    check_without_keys(
        "
        0s   scans 1X
        0s   next            -> send 1
        0s   1 unclear
        1s   next            -> ask 1
        1s   1 cannot-tell   -> unknown
        1s   next            -> nothing
        ",
    );
}

#[test]
fn without_keys_what_an_earlier_run_may_have_sent_is_asked_first() {
    check_without_keys(
        "
        0s   old 1X 2Y
        0s   scans 3Z
        0s   next            -> ask 1, ask 2, send 3
        0s   1 taken         -> delivered
        0s   2 absent
        0s   next            -> send 2
        ",
    );
}

#[test]
fn a_wrong_address_is_not_mistaken_for_a_scan_that_is_absent() {
    check_without_keys(
        "
        0s   old 1X 2Y
        0s   next            -> ask 1, ask 2
        0s   1 absent
        0s   2 absent
        0s   next            -> send 1, send 2
        0s   1 fault 404
        0s   2 fault 404
        30s  next            -> send 1
        30s  1 fault 404
        30s  status          -> fault 404
        30s  next            -> at 60s
        ",
    );
}

#[test]
fn an_outcome_that_was_not_kept_is_found_out_again() {
    check(
        "
        0s   scans 1X 2X
        0s   next                   -> send 1
        0s   1 taken, not kept      -> delivered
        0s   next                   -> at 1s
        1s   next                   -> send 1
        1s   1 taken                -> delivered
        1s   next                   -> send 2
        ",
    );
    check_without_keys(
        "
        0s   scans 1X
        0s   next                   -> send 1
        0s   1 taken, not kept      -> delivered
        1s   next                   -> ask 1
        1s   1 taken                -> delivered
        ",
    );
}

#[test]
fn a_scan_that_a_clerk_decided_meanwhile_makes_room_for_the_next() {
    check(
        "
        0s   scans 1X 2X
        0s   next            -> send 1
        0s   gone 1
        0s   next            -> send 2
        ",
    );
}

#[test]
fn pauses_double_from_one_second_to_sixty_with_chance_in_all_of_them() {
    let pauses = Pauses::default();
    let table = [
        (1, 1_000, 1_500),
        (2, 2_000, 3_000),
        (5, 16_000, 24_000),
        (6, 32_000, 48_000),
        (7, 40_000, 60_000),
        (u32::MAX, 40_000, 60_000),
    ];
    for (failures, least, most) in table {
        assert_eq!(pauses.after(failures, 0), least, "{failures}");
        assert_eq!(pauses.after(failures, 1000), most, "{failures}");
    }
}

#[test]
fn a_hundred_thousand_scans_wait_and_all_go() {
    let mut outbox = Outbox::new(true, Pauses::default());
    let count = u64::try_from(WAITING_MAX).unwrap();
    for seq in 1..=count {
        outbox.push(seq, seq % 30_000, false, 0);
    }
    assert_eq!(outbox.room(), 0);
    let moment = Moment {
        now_ms: 1,
        jitter_permille: 0,
    };
    let mut last = HashMap::new();
    while let Some(Step::Send { seq }) = outbox.next(1) {
        let before = last.insert(seq % 30_000, seq);
        assert!(before.is_none_or(|before| before < seq));
        assert!(
            outbox
                .settle(seq, Verdict::Taken { answer: None }, 0, moment)
                .is_some()
        );
        outbox.done(seq, 1);
    }
    assert_eq!(outbox.waiting(), 0);
}
