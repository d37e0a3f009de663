//! The scanner's part of the script language. Scans are named by their dossier.
//!
//! `scan H1 [at 3] [for A001] [as return] [kept]`  a reading becomes a scan; yields its
//!                     purpose, its ticket and `repeat`. `kept`: no intake server is set up
//! `read H1 at 3 [carried to 4] [as return]`  what the reader of counter 3 sees: a `new scan`, or
//!                     the `same scan` as before
//! `deliver H1`, `refuse H1`, `doubt H1`  its outcome; yields its state
//! `settle H1 taken|again|dropped`  a clerk decides; yields what becomes of it, and of the new one
//! `scans`             every scan that is still known, with its state

use queue::*;

use super::script::kebab;
use super::{Desk, clerk};

impl Desk {
    fn newest_scan(&self, dossier: &str) -> Option<&Scan> {
        self.state
            .scans()
            .rev()
            .find(|scan| scan.dossier.as_deref() == Some(dossier))
    }

    pub fn scan_line(&mut self, words: &[&str]) -> String {
        let state = |scan: &Scan| kebab(&format!("{:?}", scan.state));
        match words {
            ["scan", dossier, rest @ ..] => self.scan(dossier, rest),
            ["read", dossier, "at", counter, rest @ ..] => {
                let after = |word| {
                    let place = rest.iter().position(|w| *w == word)?;
                    rest.get(place + 1).copied()
                };
                let at = after("to").unwrap_or(counter).parse().unwrap();
                let reading = JustRead {
                    device: &format!("reader {counter}"),
                    dossier,
                    counter: Some(at),
                    purpose: after("as").map(purpose_of),
                };
                match self.state.same_scan(self.now(), &reading) {
                    Some(_) => "same scan".into(),
                    None => "new scan".into(),
                }
            }
            ["scans"] => {
                let known = self.state.scans();
                let known: Vec<_> = known
                    .map(|s| format!("{} {}", s.dossier.as_deref().unwrap_or("erased"), state(s)))
                    .collect();
                match known.is_empty() {
                    true => "none".into(),
                    false => known.join(", "),
                }
            }
            [outcome @ ("deliver" | "refuse" | "doubt"), dossier] => {
                let Some(scan) = self.newest_scan(dossier).map(|scan| scan.id) else {
                    return "unknown".into();
                };
                let reason = Personal::Plain("không rõ".into());
                let command = match *outcome {
                    "deliver" => Command::Deliver { scan, answer: None },
                    "refuse" => Command::Refuse { scan, reason },
                    _ => Command::Doubt { scan, reason },
                };
                match self.act(&clerk("intake"), command) {
                    Ok(_) => state(self.state.scan(scan).unwrap()),
                    Err(refusal) => kebab(&format!("{refusal:?}")),
                }
            }
            ["settle", dossier, how] => {
                let Some(scan) = self.newest_scan(dossier).map(|scan| scan.id) else {
                    return "unknown".into();
                };
                let again = ScanId::from_bits(2 << 100 | u128::from(self.seq + 1));
                let settled = match *how {
                    "taken" => Settled::Taken,
                    "again" => Settled::Again(again),
                    _ => Settled::Dropped,
                };
                let words = Personal::Plain("cán bộ đã xem".into());
                let command = Command::Settle {
                    scan,
                    settled,
                    words,
                };
                if let Err(refusal) = self.act(&clerk("an"), command) {
                    return kebab(&format!("{refusal:?}"));
                }
                let told = state(self.state.scan(scan).unwrap());
                match self.state.scan(again) {
                    Some(new) => format!("{told}, again {}", state(new)),
                    None => told,
                }
            }
            other => self.letter_line(other),
        }
    }

    fn scan(&mut self, dossier: &str, mut words: &[&str]) -> String {
        let (mut purpose, mut counter, mut ticket, mut forward) = (None, None, None, true);
        while let Some((word, rest)) = words.split_first() {
            words = rest.get(1..).unwrap_or_default();
            match (*word, rest.first()) {
                ("kept", _) => (forward, words) = (false, rest),
                ("at", Some(n)) => counter = Some(n.parse().unwrap()),
                ("for", Some(number)) => ticket = Some(self.id(number)),
                ("as", Some(word)) => purpose = Some(purpose_of(word)),
                other => panic!("no such scan: {other:?}"),
            }
        }
        let command = Command::Scan {
            scan: ScanId::from_bits(1 << 100 | u128::from(self.seq + 1)),
            dossier: dossier.into(),
            purpose,
            counter,
            ticket,
            device: counter.map_or("kiosk".into(), |n| format!("reader {n}")),
            forward,
        };
        if let Err(refusal) = self.act(&clerk("an"), command) {
            return kebab(&format!("{refusal:?}"));
        }
        let scan = self.newest_scan(dossier).unwrap();
        let mut told = kebab(&format!("{:?}", scan.purpose));
        if let Some(number) = scan.ticket.and_then(|id| self.state.number(id)) {
            told += &format!(" {number}");
        }
        if scan.repeat {
            told += " repeat";
        }
        told
    }
}

fn purpose_of(word: &str) -> Purpose {
    let word = serde_json::Value::String(word.to_owned());
    serde_json::from_value(word).unwrap()
}
