//! How each part of the daemon fares, for `/healthz`, the counter page and `kiosk check`.

mod readers;
mod scanners;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use printer::Condition;
use serde::Serialize;
use utoipa::ToSchema;

pub use readers::{READERS_MAX, Reader, ReaderReport, Readers};
pub use scanners::{ScannerReport, Scanners, parts as scanner_parts};

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

impl From<Condition> for Health {
    fn from(condition: Condition) -> Self {
        match condition {
            Condition::Unplugged | Condition::Silent => Self::Away,
            condition if condition.prints() => Self::Ready,
            _ => Self::Trouble,
        }
    }
}

/// How a printer fares.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PrinterReport {
    /// Its name in the configuration.
    pub name: String,
    /// Where it stands, by language, if the office says so.
    pub place: BTreeMap<String, String>,
    /// ready, paper-low, paper-out, cover-open, cutter-jammed, head-hot, fault, offline, silent or
    /// unplugged.
    #[schema(value_type = String)]
    pub condition: Condition,
    /// Whether it confirms slips: else the best known of one is `sent`.
    pub confirms: bool,
    /// Slips that the paper will probably do for; null if it cannot tell.
    pub slips_left: Option<u32>,
    /// How often its power was switched off and on since the daemon started.
    pub resets: u32,
    /// What is the matter and the one thing to do, by language; null if all is well.
    pub advice: Option<BTreeMap<String, String>>,
}

/// Why nothing reaches the intake server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IntakeOutage {
    /// A word of `AwayCause`.
    pub cause: &'static str,
    /// The first failure.
    pub since: Instant,
}

/// The parts by name: `printer`, `intake`, `scanner-1`, …
#[derive(Clone, Default)]
pub struct Parts {
    healths: Arc<Mutex<BTreeMap<String, Health>>>,
    printers: Arc<Mutex<Vec<PrinterReport>>>,
    intake_outage: Arc<Mutex<Option<IntakeOutage>>>,
    /// Their names, in the order of the configuration.
    names: Arc<[String]>,
}

impl Parts {
    /// Parts of an office with these printers.
    pub fn with_printers(names: impl IntoIterator<Item = String>) -> Self {
        Self {
            names: names.into_iter().collect(),
            ..Self::default()
        }
    }

    /// Whether the office has a printer of this name, also before the first look at it.
    pub fn has_printer(&self, name: &str) -> bool {
        self.names.iter().any(|known| known == name)
    }

    /// Notes how a part fares; whether that changed.
    pub fn set(&self, part: &str, health: Health) -> bool {
        match self.healths.lock() {
            Ok(mut parts) => parts.insert(part.to_owned(), health) != Some(health),
            Err(_) => false,
        }
    }

    /// Notes how a printer fares, and how printing fares with that: while one of several prints,
    /// citizens get their slips.
    pub fn set_printer(&self, report: PrinterReport) {
        let Ok(mut printers) = self.printers.lock() else {
            return;
        };
        match printers.iter_mut().find(|p| p.name == report.name) {
            Some(known) => *known = report,
            None => {
                printers.push(report);
                printers.sort_by_key(|p| self.names.iter().position(|name| *name == p.name));
            }
        }
        if printers.len() > 1 {
            for printer in &*printers {
                self.set(
                    &format!("printer-{}", printer.name),
                    printer.condition.into(),
                );
            }
        }
        // The best condition of all.
        let best = printers.iter().map(|p| p.condition).max();
        self.set("printer", best.map_or(Health::None, Health::from));
    }

    /// Notes why nothing reaches the intake server, or that it does.
    pub fn set_intake_outage(&self, outage: Option<IntakeOutage>) {
        if let Ok(mut known) = self.intake_outage.lock() {
            *known = outage;
        }
    }

    /// Why nothing reaches the intake server; `None` while it does, or does not accept us.
    pub fn intake_outage(&self) -> Option<IntakeOutage> {
        self.intake_outage.lock().ok().and_then(|outage| *outage)
    }

    /// Every printer.
    pub fn printers(&self) -> Vec<PrinterReport> {
        self.printers.lock().map(|p| p.clone()).unwrap_or_default()
    }

    /// How a part fares.
    pub fn get(&self, part: &str) -> Health {
        let parts = self.healths.lock().ok();
        parts
            .and_then(|p| p.get(part).copied())
            .unwrap_or(Health::None)
    }

    /// All of them.
    pub fn all(&self) -> BTreeMap<String, Health> {
        self.healths.lock().map(|p| p.clone()).unwrap_or_default()
    }
}
