//! `[[scanner]]`: which scanners there are and whose codes each reads; `[codes]`: what else counts
//! as a code.
//!
//! Every scanner has exactly one place, so that nobody has to guess whose a code is: a counter, a
//! few counters that pass it around, or the kiosk of this machine.

use std::fmt;

use queue::Office;
use scanner::{Connection, Device};
use serde::Deserialize;
use toml::Spanned;

use super::{Problem, parsed, problem};

/// More scanners than this on one machine are a slip of the pen: an office has a hundred counters
/// at most, and one scanner each is plenty.
const SCANNERS_MAX: usize = 100;
/// Longest name of an office behind the slash of an old local serial, in characters.
const SERIAL_OFFICE_MAX: usize = 20;
/// Old local serials come from the one or two offices that were merged into this one.
const SERIAL_OFFICES_MAX: usize = 20;

/// `[[scanner]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scanner {
    /// Where codes come from.
    pub device: Device,
    /// Whose codes they are.
    pub place: Place,
}

/// Where a scanner is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Lies at this counter.
    Counter(u32),
    /// Passed around between these counters: a counter's badge says whose the next scans are.
    Shared(Vec<u32>),
    /// Beside the touch screen of this machine, whose program reads it; never the daemon.
    Kiosk,
}

/// As `kiosk check` names it.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Counter(counter) => write!(f, "at counter {counter}"),
            Self::Shared(counters) => write!(f, "shared by counters {}", listed(counters)),
            Self::Kiosk => f.write_str("at the kiosk"),
        }
    }
}

/// `1, 2, 3`.
pub fn listed(counters: &[u32]) -> String {
    let numbers: Vec<String> = counters.iter().map(u32::to_string).collect();
    numbers.join(", ")
}

/// `[codes]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Codes {
    /// Old local serials of these offices count as dossiers: what stands behind the slash, as in
    /// `00092/TTPVHCC`.
    serial_offices: Vec<Spanned<String>>,
}

impl Codes {
    /// The offices, as they were written.
    pub(super) fn check(self) -> Result<Vec<String>, Problem> {
        let field = "codes.serial_offices";
        let mut offices: Vec<String> = Vec::new();
        for office in self.serial_offices {
            let at = office.span();
            let name = office.get_ref().trim();
            let known = |c: char| c.is_alphanumeric() || "&.-".contains(c);
            let length = name.chars().count();
            if !(2..=SERIAL_OFFICE_MAX).contains(&length) || !name.chars().all(known) {
                let text = format!(
                    "{field}: what stands behind the slash of an old serial, such as \"TTPVHCC\""
                );
                return Err(problem(at, text));
            }
            if offices.iter().any(|before| before == name) {
                return Err(problem(at, format!("{field}: {name} is there twice")));
            }
            if offices.len() == SERIAL_OFFICES_MAX {
                let text = format!("{field}: at most {SERIAL_OFFICES_MAX}");
                return Err(problem(at, text));
            }
            offices.push(name.to_owned());
        }
        Ok(offices)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawScanner {
    device: Spanned<String>,
    counter: Option<Spanned<u32>>,
    shared: Option<Spanned<Vec<Spanned<u32>>>>,
    place: Option<Spanned<String>>,
}

/// The scanners, each with its one place.
pub(super) fn check(raw: Vec<RawScanner>, office: &Office) -> Result<Vec<Scanner>, Problem> {
    let mut scanners: Vec<Scanner> = Vec::new();
    for raw in raw {
        let named = raw.device.clone();
        let scanner = Scanner {
            device: parsed("scanner.device", &raw.device)?,
            place: place(raw, office)?,
        };
        let twin = scanners
            .iter()
            .any(|before| is_same(&before.device, &scanner.device));
        if twin {
            let text = format!("scanner.device: {} is used twice", named.get_ref());
            return Err(problem(named.span(), text));
        }
        if scanners.len() == SCANNERS_MAX {
            let text = format!("scanner: at most {SCANNERS_MAX}");
            return Err(problem(named.span(), text));
        }
        scanners.push(scanner);
    }
    Ok(scanners)
}

/// Whether two names lead to one device, however its line and its scans are set.
fn is_same(one: &Device, other: &Device) -> bool {
    match (&one.connection, &other.connection) {
        (Connection::Serial { line: one, .. }, Connection::Serial { line: other, .. }) => {
            one == other
        }
        (one, other) => one == other,
    }
}

fn place(raw: RawScanner, office: &Office) -> Result<Place, Problem> {
    match (raw.counter, raw.shared, raw.place) {
        (Some(counter), None, None) => {
            known(office, "scanner.counter", &counter).map(Place::Counter)
        }
        (None, Some(counters), None) => shared(office, &counters).map(Place::Shared),
        (None, None, Some(place)) => match place.get_ref().as_str() {
            "kiosk" => Ok(Place::Kiosk),
            other => {
                let text = format!(
                    "scanner.place: \"kiosk\", not {other:?}; a counter's scanner has counter or shared instead"
                );
                Err(problem(place.span(), text))
            }
        },
        (None, None, None) => {
            let text = "scanner: where is it? counter = 1, shared = [1, 2], or place = \"kiosk\"";
            Err(problem(raw.device.span(), text))
        }
        _ => {
            let text = "scanner: only one of counter, shared and place says where it is";
            Err(problem(raw.device.span(), text))
        }
    }
}

fn shared(office: &Office, counters: &Spanned<Vec<Spanned<u32>>>) -> Result<Vec<u32>, Problem> {
    let mut shared = Vec::new();
    for counter in counters.get_ref() {
        let number = known(office, "scanner.shared", counter)?;
        if shared.contains(&number) {
            let text = format!("scanner.shared: counter {number} is there twice");
            return Err(problem(counter.span(), text));
        }
        shared.push(number);
    }
    match shared.len() {
        0 | 1 => {
            let text = "scanner.shared: at least two counters; a scanner of one has counter = 1";
            Err(problem(counters.span(), text))
        }
        _ => Ok(shared),
    }
}

fn known(office: &Office, field: &str, counter: &Spanned<u32>) -> Result<u32, Problem> {
    let number = *counter.get_ref();
    match office.counter(number) {
        Some(_) => Ok(number),
        None => {
            let text = format!("{field}: there is no counter {number}");
            Err(problem(counter.span(), text))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::path::Path;

    use super::super::Config;
    use super::*;

    const OFFICE: &str = "[office]\nname = \"X\"\n[[service]]\nletter = \"A\"\nname = \"S\"\n\
        [[counter]]\nnumber = 1\nservices = [\"A\"]\n[[counter]]\nnumber = 2\nservices = [\"A\"]\n";
    /// The line of a scanner's device, behind the office.
    const DEVICE_LINE: usize = 13;

    /// The scanners of an office with these lines behind it.
    fn scanners(lines: &str) -> Result<Vec<Scanner>, (usize, String)> {
        let text = format!("{OFFICE}{lines}");
        let config = Config::parse(&text, Path::new("."));
        config.map(|config| config.scanners).map_err(|bad| {
            let line = crate::office::file::line_of(&text, bad.at.start);
            (line, bad.text)
        })
    }

    /// One scanner with these further fields.
    fn one(fields: &str) -> Result<Place, (usize, String)> {
        let lines = format!("[[scanner]]\ndevice = \"hid:0c2e:0200\"\n{fields}\n");
        scanners(&lines).map(|mut found| found.remove(0).place)
    }

    #[test]
    fn a_scanner_lies_at_a_counter_is_passed_around_or_stands_at_the_kiosk() {
        for (fields, place, told) in [
            ("counter = 2", Place::Counter(2), "at counter 2"),
            (
                "shared = [2, 1]",
                Place::Shared(vec![2, 1]),
                "shared by counters 2, 1",
            ),
            ("place = \"kiosk\"", Place::Kiosk, "at the kiosk"),
        ] {
            let found = one(fields).unwrap();
            assert_eq!(found, place);
            assert_eq!(found.to_string(), told);
        }
    }

    #[test]
    fn a_scanner_without_exactly_one_place_is_refused_with_what_to_write() {
        for (fields, line, said) in [
            ("", DEVICE_LINE, "scanner: where is it? counter = 1"),
            (
                "counter = 1\nshared = [1, 2]",
                DEVICE_LINE,
                "scanner: only one of counter, shared and place",
            ),
            (
                "counter = 1\nplace = \"kiosk\"",
                DEVICE_LINE,
                "scanner: only one of",
            ),
            (
                "counter = 9",
                DEVICE_LINE + 1,
                "scanner.counter: there is no counter 9",
            ),
            (
                "shared = [\n1,\n9]",
                DEVICE_LINE + 3,
                "scanner.shared: there is no counter 9",
            ),
            (
                "shared = [1, 1]",
                DEVICE_LINE + 1,
                "scanner.shared: counter 1 is there twice",
            ),
            (
                "shared = [1]",
                DEVICE_LINE + 1,
                "scanner.shared: at least two counters",
            ),
            (
                "shared = []",
                DEVICE_LINE + 1,
                "scanner.shared: at least two counters",
            ),
            (
                "place = \"lobby\"",
                DEVICE_LINE + 1,
                "scanner.place: \"kiosk\", not \"lobby\"",
            ),
            (
                "colour = 1",
                DEVICE_LINE + 1,
                "scanner.colour: unknown field `colour`",
            ),
        ] {
            let (at, text) = one(fields).unwrap_err();
            assert!(text.starts_with(said), "{fields}: {text}");
            assert_eq!(at, line, "{fields}: {text}");
        }
    }

    #[test]
    fn one_device_is_read_once_however_it_is_written() {
        for (one, other) in [
            ("hid:0c2e:0200", "hid:0c2e:0200"),
            ("serial:/dev/ttyACM0", "serial:/dev/ttyACM0?baud=115200"),
            ("hid:0c2e:0200?suffix=cr", "hid:0c2e:0200"),
        ] {
            let lines = format!(
                "[[scanner]]\ndevice = \"{one}\"\ncounter = 1\n\
                 [[scanner]]\ndevice = \"{other}\"\nplace = \"kiosk\"\n"
            );
            let (line, text) = scanners(&lines).unwrap_err();
            assert_eq!(text, format!("scanner.device: {other} is used twice"));
            assert_eq!(line, DEVICE_LINE + 3);
        }
        let lines = "[[scanner]]\ndevice = \"hid:0c2e:0200?port=1.1\"\ncounter = 1\n\
            [[scanner]]\ndevice = \"hid:0c2e:0200?port=1.2\"\ncounter = 1\n";
        assert_eq!(scanners(lines).unwrap().len(), 2, "two alike, told apart");
    }

    #[test]
    fn old_serials_count_only_of_the_offices_that_are_named() {
        let read = |offices: &str| {
            let text = format!("{OFFICE}[codes]\nserial_offices = {offices}\n");
            let config = Config::parse(&text, Path::new("."));
            config
                .map(|config| config.serial_offices)
                .map_err(|bad| bad.text)
        };
        assert_eq!(read("[\"TTPVHCC\"]").unwrap(), ["TTPVHCC"]);
        assert!(read("[]").unwrap().is_empty());
        for (offices, said) in [
            ("[\"A\"]", "what stands behind the slash"),
            ("[\"00092/TTPVHCC\"]", "what stands behind the slash"),
            ("[\"TTPVHCC\", \"TTPVHCC\"]", "TTPVHCC is there twice"),
            ("3", "codes.serial_offices: invalid type"),
        ] {
            let text = read(offices).unwrap_err();
            assert!(text.contains(said), "{offices}: {text}");
        }
    }
}
