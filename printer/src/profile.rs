//! What a printer can do: the geometry of its paper and which commands it is trusted with.
//!
//! The profiles are data, in `profiles.toml`, each with its sources. Every one prints Vietnamese as
//! pixels. What a printer draws by itself saves bytes, which a serial line notices, and costs
//! certainty; so the generic profiles send pixels only.

use std::sync::LazyLock;

use serde::Deserialize;
use thiserror::Error;

/// Dots per inch in which slips give their sizes.
const REFERENCE_DPI: f32 = 203.0;
const MM_PER_INCH: f32 = 25.4;

static PROFILES: LazyLock<Vec<Profile>> = LazyLock::new(|| {
    let table: Table =
        toml::from_str(include_str!("../profiles.toml")).expect("a test has read this very table");
    table.profile
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    profile: Vec<Profile>,
}

/// A kind of receipt printer. What each field means stands in `profiles.toml`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Its name in the configuration.
    pub name: String,
    /// Which printers it is for.
    pub title: String,
    /// Dots across the paper, a multiple of 16.
    pub dots: u16,
    /// Dots per inch, both ways.
    pub dpi: u8,
    /// Rows in one raster command, below 1024; a printer buffers a whole command before it prints.
    pub band_rows_max: u16,
    /// The printer writes ASCII numbers with its own large letters.
    pub native_number: bool,
    /// The printer draws QR codes itself.
    pub native_qr: bool,
    /// The printer doubles a raster both ways.
    pub double_size: bool,
    /// A raster and a graphic begin at a left margin that is set in dots.
    pub left_margin: bool,
    /// RAM for graphics that come again on every slip; 0: none is used.
    pub ram_graphics_bytes: usize,
    /// Rows of a page that is composed of such graphics before it is printed; 0: no pages are used.
    pub page_rows_max: u16,
    /// It forgets what was sent and not printed when told so in real time (`DLE DC4` 8).
    pub realtime_clear: bool,
    /// Rows from the print head to the cutter, or to the tear bar.
    pub cutter_rows: u16,
    /// The cut command feeds to the cutter by itself; without this the paper is fed first.
    pub cut_feeds: bool,
    /// The slowest it may move paper, for judging how long a slip takes.
    pub slowest_mm_s: f32,
    /// Whether it feels that the roll ends soon.
    pub near_end_sensor: Sensor,
    /// Where these facts come from.
    pub sources: Vec<String>,
}

/// Whether a printer has a sensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sensor {
    /// Every one.
    Yes,
    /// Some.
    Optional,
    /// None.
    No,
}

/// The configuration names a profile that does not exist.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("there is no printer profile \"{name}\"; known are {}", known())]
pub struct UnknownProfile {
    /// What was asked for.
    pub name: String,
}

fn known() -> String {
    let names: Vec<&str> = Profile::all().iter().map(|p| &*p.name).collect();
    names.join(", ")
}

impl Profile {
    /// Every profile there is.
    pub fn all() -> &'static [Self] {
        &PROFILES
    }

    /// The profile of this name.
    pub fn named(name: &str) -> Result<Self, UnknownProfile> {
        let mut all = Self::all().iter();
        all.find(|profile| profile.name == name)
            .cloned()
            .ok_or_else(|| UnknownProfile {
                name: name.to_owned(),
            })
    }

    /// The length of paper that a picture of so many rows takes, up to the cutter.
    ///
    /// The stretch between head and cutter comes out as white paper above the next slip.
    pub fn paper_mm(&self, rows: usize) -> f32 {
        self.mm(rows + usize::from(self.cutter_rows))
    }

    pub(crate) fn width(&self) -> usize {
        usize::from(self.dots)
    }

    /// A size as slips give it, in dots of this printer.
    pub(crate) fn scaled(&self, size: u16) -> usize {
        (f32::from(size) * f32::from(self.dpi) / REFERENCE_DPI).round() as usize
    }

    pub(crate) fn mm(&self, dots: usize) -> f32 {
        dots as f32 * MM_PER_INCH / f32::from(self.dpi)
    }

    pub(crate) fn dots_in(&self, mm: f32) -> f32 {
        mm * f32::from(self.dpi) / MM_PER_INCH
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_profile_is_answered_with_the_known_ones() {
        let error = Profile::named("star-80").unwrap_err().to_string();
        assert!(
            error.starts_with(
                "there is no printer profile \"star-80\"; known are generic-80, generic-58, "
            ),
            "{error}"
        );
    }

    #[test]
    fn every_profile_keeps_what_the_encoder_counts_on() {
        for profile in Profile::all() {
            assert_eq!(
                profile.dots % 16,
                0,
                "{}: whole bytes on both sides",
                profile.name
            );
            assert!(
                (1..1024).contains(&profile.band_rows_max),
                "{}",
                profile.name
            );
            assert!(profile.slowest_mm_s > 0.0 && !profile.sources.is_empty());
            assert_eq!(Profile::named(&profile.name).as_ref(), Ok(profile));
        }
    }

    #[test]
    fn a_size_is_the_same_length_on_every_printer() {
        let epson = Profile::named("epson-180").unwrap();
        let generic = Profile::named("generic-80").unwrap();
        assert_eq!((generic.scaled(203), epson.scaled(203)), (203, 180));
        assert!((generic.mm(generic.scaled(400)) - epson.mm(epson.scaled(400))).abs() < 0.1);
    }
}
