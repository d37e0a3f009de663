//! Local serials from before the national dossier codes, as `00092/TTPVHCC`: a number and the
//! short name of an office or a form.
//!
//! One counts as a dossier only when the configuration names what stands behind its slash: the
//! numbers begin anew in every office, and nothing in them tells a misread digit.

use super::dossier::{self, DossierId};
use super::{digits, fold};

/// Digits before the slash.
const DIGITS_MAX: usize = 7;
/// Signs after it.
const OFFICE_MAX: usize = 20;

/// Reads a folded text as a serial of one of these offices.
pub(super) fn parse(text: &str, offices: &[String]) -> Option<DossierId> {
    let (number, office) = text.split_once('/')?;
    let number = dossier::as_digits(number);
    let office = office.to_uppercase();
    let known = |named: &String| fold(named).to_uppercase() == office;
    let sound = is_number(&number) && is_office(&office) && offices.iter().any(known);
    sound.then(|| DossierId::checked(format!("{number}/{office}")))
}

/// Whether a folded text has the shape.
pub(super) fn is_like(text: &str) -> bool {
    text.split_once('/')
        .is_some_and(|(number, office)| is_number(number) && is_office(office))
}

fn is_number(text: &str) -> bool {
    (1..=DIGITS_MAX).contains(&text.len()) && digits(text)
}

fn is_office(text: &str) -> bool {
    (2..=OFFICE_MAX).contains(&text.chars().count())
        && text
            .chars()
            .all(|sign| sign.is_alphabetic() || "&.-".contains(sign))
}
