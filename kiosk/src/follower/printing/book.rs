//! What is known of one printer beyond a restart: what it was found to do, and its paper.
//!
//! Kept beside the journal, not in it: nothing here is a fact of the office, and a lost file
//! costs a question to the printer and a guess about the roll.

use std::fs;
use std::path::{Path, PathBuf};

use printer::{Abilities, Condition};
use serde::{Deserialize, Serialize};
use tracing::warn;

/// What is left when the near-end sensor speaks and no roll was seen to its end yet. Makers put
/// the sensor at a few metres; this errs to the short side.
const LEFT_AT_LOW_MM: f64 = 3_000.0;
/// A slip's length until some were printed.
const SLIP_MM: f64 = 95.0;
/// No roll is sold shorter: a paper end before that is a begun roll, or one that was taken out.
const SHORTEST_ROLL_MM: f64 = 10_000.0;
/// How far one slip moves the mean.
const SLIP_WEIGHT: f64 = 0.05;

/// The record of one printer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Record {
    /// The device it was found at, as configured. Another one is another printer.
    pub device: String,
    /// Its profile then.
    pub profile: String,
    /// What it was found to do; absent until it answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub abilities: Option<Abilities>,
    /// Its paper.
    pub roll: Roll,
}

/// A roll of paper, and what earlier ones taught.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Roll {
    /// Printed from it.
    used_mm: f64,
    /// Printed from it when the near-end sensor spoke.
    low_at_mm: Option<f64>,
    /// It is at its end.
    out: bool,
    /// It was put in while somebody counted: the first one may have been begun before.
    whole: bool,
    /// Length of the last roll that was printed to its end.
    learnt_mm: Option<f64>,
    /// What that one had left when the sensor spoke.
    learnt_left_mm: Option<f64>,
    /// Mean length of slips.
    slip_mm: Option<f64>,
}

impl Roll {
    /// A slip of this length came out.
    pub fn printed(&mut self, mm: f32) {
        let mm = f64::from(mm);
        self.used_mm += mm;
        let mean = self.slip_mm.unwrap_or(mm);
        self.slip_mm = Some(mean + (mm - mean) * SLIP_WEIGHT);
    }

    /// The sensors were read.
    pub fn seen(&mut self, condition: Condition) {
        match condition {
            Condition::PaperOut if !self.out => {
                self.out = true;
                if self.whole && self.used_mm >= SHORTEST_ROLL_MM {
                    self.learnt_mm = Some(self.used_mm);
                }
                if let Some(low_at) = self.low_at_mm {
                    self.learnt_left_mm = Some(self.used_mm - low_at);
                }
            }
            Condition::PaperLow => {
                if self.out {
                    self.changed();
                }
                self.low_at_mm.get_or_insert(self.used_mm);
            }
            // Plenty again: somebody put in another roll.
            Condition::Ready if self.out || self.low_at_mm.is_some() => self.changed(),
            _ => {}
        }
    }

    fn changed(&mut self) {
        self.used_mm = 0.0;
        self.low_at_mm = None;
        self.out = false;
        self.whole = true;
    }

    /// Slips that the paper will probably do for, of a new roll of `full_mm`.
    pub fn slips_left(&self, full_mm: f64) -> u32 {
        let left_mm = match (self.out, self.low_at_mm) {
            (true, _) => 0.0,
            (false, Some(low_at)) => {
                self.learnt_left_mm.unwrap_or(LEFT_AT_LOW_MM) - (self.used_mm - low_at)
            }
            (false, None) => self.learnt_mm.unwrap_or(full_mm).min(full_mm) - self.used_mm,
        };
        let slips = left_mm.max(0.0) / self.slip_mm.unwrap_or(SLIP_MM);
        slips as u32
    }
}

/// A record and its file.
pub struct Book {
    path: PathBuf,
    /// What it says now.
    pub record: Record,
    kept: Record,
}

impl Book {
    /// Opens the record of the printer `name` in the data folder. A record of another device or
    /// profile keeps nothing but the roll.
    pub fn open(data: &Path, name: &str, device: &str, profile: &str) -> Self {
        let path = data.join("printers").join(format!("{name}.toml"));
        let text = fs::read_to_string(&path).unwrap_or_default();
        let mut record: Record = toml::from_str(&text).unwrap_or_else(|error| {
            warn!(name, %error, "the printer's record cannot be read; the printer is asked again");
            Record::default()
        });
        let kept = record.clone();
        if record.device != device || record.profile != profile {
            record.abilities = None;
            device.clone_into(&mut record.device);
            profile.clone_into(&mut record.profile);
        }
        Self { path, record, kept }
    }

    /// Keeps the record if it changed. A full disk is no reason not to print.
    pub fn keep(&mut self) {
        if self.kept == self.record {
            return;
        }
        let unfinished = self.path.with_extension("new");
        let written = toml::to_string(&self.record)
            .map_err(std::io::Error::other)
            .and_then(|text| {
                self.path.parent().map_or(Ok(()), fs::create_dir_all)?;
                fs::write(&unfinished, text)?;
                fs::rename(&unfinished, &self.path)
            });
        match written {
            Ok(()) => self.kept = self.record.clone(),
            Err(error) => warn!(%error, "the printer's record could not be written"),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const ROLL_MM: f64 = 80_000.0;

    fn print(roll: &mut Roll, slips: u32) {
        for _ in 0..slips {
            roll.printed(100.0);
        }
    }

    #[test]
    fn paper_left_follows_from_the_slips_since_the_roll_was_changed() {
        let mut roll = Roll::default();
        print(&mut roll, 100);
        roll.seen(Condition::Ready);
        assert_eq!(roll.slips_left(ROLL_MM), 700);
        roll.seen(Condition::PaperOut);
        assert_eq!(roll.slips_left(ROLL_MM), 0);
        roll.seen(Condition::Ready);
        assert_eq!(roll.slips_left(ROLL_MM), 800, "the first was begun before");
        // Rolls are sold shorter than they say: a whole one teaches how long.
        print(&mut roll, 650);
        roll.seen(Condition::PaperOut);
        assert_eq!(roll.slips_left(ROLL_MM), 0);
        roll.seen(Condition::CoverOpen);
        roll.seen(Condition::Ready);
        assert_eq!(roll.slips_left(ROLL_MM), 650);
        // One that is taken out at once teaches nothing.
        print(&mut roll, 9);
        roll.seen(Condition::PaperOut);
        roll.seen(Condition::Ready);
        assert_eq!(roll.slips_left(ROLL_MM), 650);
    }

    #[test]
    fn the_near_end_sensor_knows_better_than_the_count() {
        let mut roll = Roll::default();
        print(&mut roll, 100);
        roll.seen(Condition::PaperLow);
        assert_eq!(roll.slips_left(ROLL_MM), 30);
        print(&mut roll, 10);
        roll.seen(Condition::PaperLow);
        assert_eq!(roll.slips_left(ROLL_MM), 20);
        print(&mut roll, 40);
        assert_eq!(roll.slips_left(ROLL_MM), 0, "never below nothing");
        roll.seen(Condition::PaperOut);
        roll.seen(Condition::Ready);
        print(&mut roll, 10);
        roll.seen(Condition::PaperLow);
        assert_eq!(roll.slips_left(ROLL_MM), 50, "as the last roll had");
    }

    #[test]
    fn a_roll_changed_before_its_end_is_a_new_one_too() {
        let mut roll = Roll::default();
        print(&mut roll, 100);
        roll.seen(Condition::PaperLow);
        roll.seen(Condition::CoverOpen);
        roll.seen(Condition::Ready);
        assert_eq!(roll.slips_left(ROLL_MM), 800);
    }

    #[test]
    fn what_a_printer_can_do_is_known_after_a_restart_until_it_is_replaced() {
        let data = tempfile::tempdir().unwrap();
        let open = |device| Book::open(data.path(), "hall", device, "generic-80");
        let mut book = open("file:/dev/usb/lp0");
        book.record.abilities = Some(Abilities::default());
        book.record.roll.printed(95.0);
        book.keep();
        let again = open("file:/dev/usb/lp0");
        assert_eq!(again.record, book.record);
        let other = open("tcp:192.0.2.7:9100");
        assert_eq!(other.record.abilities, None);
        assert_eq!(other.record.roll, book.record.roll, "the roll stays");
    }
}
