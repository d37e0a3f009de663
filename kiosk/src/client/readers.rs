//! How a touch screen says how the readers beside it fare, as the API has it.

use serde::Serialize;
use serde::de::IgnoredAny;
use serde_json::json;

use super::{Client, Failure};

/// How one reader fares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReaderSays {
    /// As the configuration names it.
    pub device: String,
    /// Since it is away; `None`: it is there.
    pub away_seconds: Option<u64>,
    /// Since anything was read; `None`: nothing since the start.
    pub last_scan_seconds: Option<u64>,
    /// Codes that meant something, since the start.
    pub taken: u64,
    /// Codes that could not be read or meant nothing, since the start.
    pub refused: u64,
}

impl Client {
    /// Says how all readers beside this screen fare.
    pub async fn say_readers(&self, key: &str, readers: &[ReaderSays]) -> Result<(), Failure> {
        let body = json!({ "readers": readers });
        let said: Result<IgnoredAny, _> = self.post("readers", key, "vi", body).await;
        said.map(|_| ())
    }
}
