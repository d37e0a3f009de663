//! Identifiers: ULIDs, made outside (they need time and chance).

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserializer, Error as _};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use ulid::Ulid;

/// Id of a ticket or scan, or a slip's secret token: 26 characters of Crockford's base 32.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(Ulid);

impl Id {
    /// An id that sorts by `utc_ms`; `chance` gives its low 80 bits.
    pub fn new(utc_ms: u64, chance: u128) -> Self {
        Self(Ulid::from_parts(utc_ms, chance))
    }

    /// An id of 128 given bits, for secrets.
    pub fn from_bits(bits: u128) -> Self {
        Self(Ulid(bits))
    }

    /// The `n`th id beside this one, for what follows from it alone. Ids differ by chance in many
    /// more bits than `n` has.
    pub(crate) fn beside(self, n: usize) -> Self {
        Self(Ulid(self.0.0 ^ (n as u128 + 1)))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The text is not 26 characters of Crockford's base 32.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id is 26 characters of Crockford's base 32")]
pub struct NotAnId;

impl FromStr for Id {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        Ulid::from_string(text).map(Self).map_err(|_| NotAnId)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}
