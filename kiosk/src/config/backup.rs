//! `[backup]`: where copies for a spare machine are kept.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use jiff::civil::Time;
use serde::{Deserialize, Deserializer, de::Error as _};

use super::Config;
use crate::copies::Order;
use crate::journal::copy::Named;

/// `[backup]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backup {
    /// A folder on a stick or a network mount; beside the configuration unless absolute.
    pub folder: PathBuf,
    /// When the night's copy is made, in the office's time.
    #[serde(default = "ten_at_night", deserialize_with = "time")]
    pub at: Time,
    /// How many copies stay.
    #[serde(default = "fourteen")]
    pub keep: NonZeroU32,
    /// Whether the folder may lie on this machine's own disk, for an office that carries copies
    /// away by its own means. Without it nothing is written where no stick is mounted.
    #[serde(default)]
    pub same_disk: bool,
}

fn ten_at_night() -> Time {
    Time::constant(22, 0, 0, 0)
}

/// Two weeks of nights.
fn fourteen() -> NonZeroU32 {
    const { NonZeroU32::new(14).expect("14 is not zero") }
}

fn time<'de, D: Deserializer<'de>>(from: D) -> Result<Time, D::Error> {
    let text = String::deserialize(from)?;
    let wrong = || D::Error::custom("backup.at: a time of day such as 22:00");
    text.parse().map_err(|_| wrong())
}

impl Config {
    /// The configuration and what it names, for a copy; none of the sample office.
    pub fn named(&self) -> Option<Named> {
        Some(Named {
            config: self.path.clone()?,
            files: self.files.clone(),
        })
    }

    /// What the night's copies are made of, and where they go.
    pub fn order(&self) -> Option<Order> {
        let backup = self.backup.as_ref()?;
        Some(self.order_to(&backup.folder, backup.same_disk))
    }

    /// The same for another folder.
    pub fn order_to(&self, folder: &Path, same_disk: bool) -> Order {
        let keep = self.backup.as_ref().map_or(fourteen(), |b| b.keep);
        Order {
            data: self.server.data.clone(),
            named: self.named(),
            folder: folder.to_owned(),
            same_disk,
            keep: usize::try_from(keep.get()).unwrap_or(usize::MAX),
            keep_days: self.retention.days,
        }
    }
}
