//! How each part of the daemon fares, for `/healthz`, the counter page and `kiosk check`.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde::Serialize;
use utoipa::ToSchema;

/// State of a device or of the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Health {
    /// Not configured.
    None,
    /// As it should be.
    Ready,
    /// Does not answer; what is meant for it waits.
    Away,
    /// Needs somebody.
    Trouble,
}

/// The parts by name: `printer`, `intake`, `scanner-1`, …
#[derive(Clone, Default)]
pub struct Parts(Arc<Mutex<BTreeMap<String, Health>>>);

impl Parts {
    /// Notes how a part fares; whether that changed.
    pub fn set(&self, part: &str, health: Health) -> bool {
        match self.0.lock() {
            Ok(mut parts) => parts.insert(part.to_owned(), health) != Some(health),
            Err(_) => false,
        }
    }

    /// How a part fares.
    pub fn get(&self, part: &str) -> Health {
        let parts = self.0.lock().ok();
        parts
            .and_then(|p| p.get(part).copied())
            .unwrap_or(Health::None)
    }

    /// All of them.
    pub fn all(&self) -> BTreeMap<String, Health> {
        self.0.lock().map(|p| p.clone()).unwrap_or_default()
    }
}
