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
    let (number, office) = split(text)?;
    let office = office.to_uppercase();
    let known = |named: &String| fold(named).to_uppercase() == office;
    let known = offices.iter().any(known);
    known.then(|| DossierId::checked(format!("{number}/{office}")))
}

/// Whether a folded text has the shape.
pub(super) fn is_like(text: &str) -> bool {
    split(text).is_some()
}

/// Number and office. `O` and `I` beside digits are misread ones; letters alone are no number.
fn split(text: &str) -> Option<(String, &str)> {
    let (number, office) = text.split_once('/')?;
    if !number.contains(|sign: char| sign.is_ascii_digit()) {
        return None;
    }
    let number = dossier::as_digits(number);
    let sound = number.len() <= DIGITS_MAX && digits(&number) && is_office(office);
    sound.then_some((number, office))
}

fn is_office(text: &str) -> bool {
    (2..=OFFICE_MAX).contains(&text.chars().count())
        && text
            .chars()
            .all(|sign| sign.is_alphabetic() || "&.-".contains(sign))
}
