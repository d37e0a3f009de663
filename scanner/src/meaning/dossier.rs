//! Dossier IDs: the code on a dossier's receipt (*mã hồ sơ*).
//!
//! `H05.114-250625-0002` is office, day of receipt, sequence. The official form has a
//! four-part office before 2025 and a four-digit sequence; the national portal writes six
//! digits, and offices have one to four parts. Accepted is, with a real date:
//! `(ddd.dd.dd.Ldd | Ldd[.d-ddd]{0,3}) - yymmdd - dddd-dddddd`, and what `serial` lets through.

use std::fmt;
use std::str::FromStr;

use super::{Code, Rejection, RejectionKind, digits, read};

/// Parts of an office's code after its letter, in the newer form.
const OFFICE_SUBPARTS_MAX: usize = 3;
/// An old serial shorter than this shows no digit when masked: it has too few to hide.
const SERIAL_MASKED_FROM: usize = 4;

/// A checked dossier ID, in its canonical form. `Display` gives it in full, for the clerk
/// and the intake server; `Debug` and `masked` are for everyone else.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DossierId(String);

impl DossierId {
    /// Of a text that was checked.
    pub(super) fn checked(text: String) -> Self {
        Self(text)
    }

    /// The canonical code.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// For logs and public places: the province, ministry or office and the last two digits.
    pub fn masked(&self) -> String {
        if let Some((number, office)) = self.0.split_once('/') {
            let last = match number.len() {
                SERIAL_MASKED_FROM.. => &number[number.len() - 2..],
                _ => "",
            };
            return format!("***{last}/{office}");
        }
        let office = self.0.split('-').next().unwrap_or_default();
        // The older form has the province last: `000.00.12.H62`.
        let authority = office.split('.').find(|part| is_authority(part));
        let last = &self.0[self.0.len() - 2..];
        format!("{}.***-****{last}", authority.unwrap_or_default())
    }
}

impl fmt::Display for DossierId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for DossierId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DossierId({})", self.masked())
    }
}

impl FromStr for DossierId {
    type Err = Rejection;

    /// As tolerant as `read`; a ticket, a card or a barcode of the office's own is no dossier.
    fn from_str(text: &str) -> Result<Self, Rejection> {
        match read(text)? {
            Code::Dossier(dossier) => Ok(dossier),
            _ => Err(RejectionKind::Unknown.into()),
        }
    }
}

/// Reads a folded text. `Unknown`: it does not have the shape.
pub(super) fn parse(text: &str) -> Result<DossierId, RejectionKind> {
    match read_exactly(text) {
        Err(RejectionKind::Unknown) => read_exactly(&without_look_alikes(text)),
        read => read,
    }
}

/// `O` for zero, `I` and `L` for one, as people type what they read off paper. Only an authority
/// begins with a letter, and everything else is digits, so there is nothing to confuse it with.
fn without_look_alikes(text: &str) -> String {
    let parts = text.split('.').enumerate().map(|(place, part)| {
        // The authority is the first part of the newer form and the fourth of the older one.
        let authority = matches!(place, 0 | 3) && !part.starts_with('O');
        let kept = usize::from(authority && part.starts_with(|c: char| c.is_ascii_uppercase()));
        let (letter, rest) = part.split_at(kept);
        format!("{letter}{}", as_digits(rest))
    });
    parts.collect::<Vec<_>>().join(".")
}

/// A part that can only be digits.
pub(super) fn as_digits(part: &str) -> String {
    let digit = |sign| match sign {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    part.chars().map(digit).collect()
}

fn read_exactly(text: &str) -> Result<DossierId, RejectionKind> {
    let mut parts = text.split('-');
    let (Some(office), Some(day), Some(sequence), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(RejectionKind::Unknown);
    };
    let shaped = (is_new_office(office) || is_old_office(office))
        && day.len() == 6
        && digits(day)
        && (4..=6).contains(&sequence.len())
        && digits(sequence);
    if !shaped {
        return Err(RejectionKind::Unknown);
    }
    if !is_real_day(day) {
        return Err(RejectionKind::BadDate);
    }
    Ok(DossierId(text.to_owned()))
}

/// `H05`, `H05.114`, `G22.99.08`.
fn is_new_office(office: &str) -> bool {
    let mut parts = office.split('.');
    parts.next().is_some_and(is_authority)
        && parts.clone().count() <= OFFICE_SUBPARTS_MAX
        && parts.all(|part| (1..=3).contains(&part.len()) && digits(part))
}

/// `000.00.12.H62`.
fn is_old_office(office: &str) -> bool {
    let parts: Vec<&str> = office.split('.').collect();
    let [first, second, third, authority] = parts[..] else {
        return false;
    };
    let sized = first.len() == 3 && second.len() == 2 && third.len() == 2;
    sized && digits(first) && digits(second) && digits(third) && is_authority(authority)
}

/// A province or ministry: a letter and two digits.
fn is_authority(part: &str) -> bool {
    matches!(part.as_bytes(), [b'A'..=b'Z', tens, ones]
        if tens.is_ascii_digit() && ones.is_ascii_digit())
}

/// `yymmdd`, six digits, of this century: the codes began in 2018.
fn is_real_day(day: &str) -> bool {
    day.parse::<u32>().is_ok_and(|day| {
        let [year, month, day] =
            [day / 10_000, day / 100 % 100, day % 100].map(|part| i8::try_from(part).unwrap_or(0));
        jiff::civil::Date::new(2000 + i16::from(year), month, day).is_ok()
    })
}
