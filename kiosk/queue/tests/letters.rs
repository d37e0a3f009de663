//! Letters of apology for late dossiers: drafted, signed, given, in this order.
//!
//! The language of these scripts stands in `office/letters.rs` and `office/calendar.rs`.

mod office;

fn check(script: &str) {
    office::calendar::live(office::office(), script);
}

#[test]
fn a_letter_is_drafted_then_signed_then_given() {
    check(
        "
        Mon 07:30  start                     -> 1 opened Mon 23/11/2026
        Mon 08:00  give H1                   -> unknown-letter
        Mon 08:00  draft H1 due -3 for +5    -> drafted
        Mon 08:01  give H1                   -> letter-not-signed
        Mon 09:00  sign H1                   -> signed
        Mon 09:01  sign H1                   -> letter-signed
        Mon 10:00  give H1                   -> given
        Mon 10:01  give H1                   -> letter-given
        Mon 10:01  sign H1                   -> letter-given
        Mon 10:02  letters                   -> H1 given
    ",
    );
}

#[test]
fn a_mistake_is_taken_back_by_drafting_anew() {
    check(
        "
        Mon 07:30  start                     -> 1 opened Mon 23/11/2026
        Mon 08:00  draft H1 due -3 for +50   -> drafted
        Mon 08:01  draft H2 due -3 for +5    -> drafted
        Mon 08:02  draft H1 due -3 for +5    -> drafted instead of drafted
        Mon 08:02  letters                   -> H1 replaced, H2 drafted, H1 drafted
        Mon 08:03  sign H1                   -> signed
        Mon 08:04  draft H1 due -3 for +6    -> drafted instead of signed
        Mon 08:05  sign H1                   -> signed
        Mon 08:06  give H1                   -> given
        Mon 08:07  draft H1 due -3 for +9    -> drafted
    ",
    );
}

#[test]
fn a_letter_is_written_for_a_late_dossier_with_a_date_to_come_and_a_reason() {
    let long = "ề".repeat(700);
    check(&format!(
        "
        Mon 07:30  start                     -> 1 opened Mon 23/11/2026
        Mon 08:00  draft H1 due +0 for +5    -> not-late
        Mon 08:00  draft H1 due +1 for +5    -> not-late
        Mon 08:00  draft H1 due -3 for +0    -> letter-date
        Mon 08:00  draft H1 due -3 for -1    -> letter-date
        Mon 08:00  draft H1 due -3 for +800  -> letter-date
        Mon 08:00  draft H1 due -3 for +5 because -> letter-reason
        Mon 08:00  draft H1 due -3 for +5 because {long} -> out-of-range
        Mon 08:00  letters                   -> none
        Mon 08:00  draft H1 due -1 for +1    -> drafted
    "
    ));
}

#[test]
fn a_letter_that_is_not_given_outlives_its_day_and_the_rest_does_not() {
    check(
        "
        Mon 07:30  start                     -> 1 opened Mon 23/11/2026
        Mon 08:00  draft H1 due -3 for +5    -> drafted
        Mon 08:00  draft H2 due -3 for +5    -> drafted
        Mon 08:00  draft H3 due -3 for +5    -> drafted
        Mon 08:01  sign H2                   -> signed
        Mon 08:01  sign H3                   -> signed
        Mon 08:02  give H3                   -> given
        Tue 00:00  by itself                 -> 1 closed, 2 opened Tue 24/11/2026
        Tue 08:00  letters                   -> H1 drafted, H2 signed
        Tue 08:01  give H3                   -> unknown-letter
        Tue 08:02  give H2                   -> given
        Wed 00:00  by itself                 -> 2 closed, 3 opened Wed 25/11/2026
        Wed 08:00  letters                   -> H1 drafted
        Wed 08:01  sign H1                   -> signed
    ",
    );
}

#[test]
fn a_letter_drafted_after_closing_belongs_to_the_next_day() {
    check(
        "
        Mon 07:30  start                     -> 1 opened Mon 23/11/2026
        Mon 17:00  close-day                 -> 1 closed
        Mon 17:01  draft H1 due -3 for +5    -> drafted
        Tue 00:00  by itself                 -> 2 opened Tue 24/11/2026
        Tue 08:00  erase 1                   -> 1 erased
        Tue 08:00  letters                   -> H1 drafted
    ",
    );
}

#[test]
fn a_letter_that_nobody_gave_does_not_keep_its_day_from_being_erased() {
    check(
        "
        Mon 07:30  start                     -> 1 opened Mon 23/11/2026
        Mon 08:00  draft H1 due -3 for +5    -> drafted
        Tue 00:00  by itself                 -> 1 closed, 2 opened Tue 24/11/2026
        Tue 08:00  draft H2 due -3 for +5    -> drafted
        Tue 08:00  erase 1                   -> 1 erased
        Tue 08:00  letters                   -> H2 drafted
        Tue 08:01  sign H1                   -> unknown-letter
    ",
    );
}
