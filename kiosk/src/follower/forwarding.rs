//! Gives the intake follower its work from the journal, and journals its outcomes.

use std::time::Duration;

use queue::{Command, Personal, ScanState};
use tokio::sync::{Mutex, watch};

use super::intake::{
    Desk, DeskAway, IntakeConfig, IntakeStatus, Outcome, PendingScan, Scan, client,
};
use crate::engine::{Engine, Failure, system};
use crate::journal::word;
use crate::status::{Health, Parts};

/// The engine as the intake follower sees it.
struct EngineDesk {
    engine: Engine,
    newest: Mutex<watch::Receiver<u64>>,
}

impl Desk for EngineDesk {
    async fn pending(&self, after_seq: u64, limit: usize) -> Result<Vec<PendingScan>, DeskAway> {
        let read = self.engine.read(move |view| {
            let offset = crate::web::offset(view.state);
            let scans = view.state.scans_after(after_seq);
            scans
                .filter(|s| s.state == ScanState::Pending)
                .filter_map(|s| {
                    Some(PendingScan {
                        seq: s.seq,
                        waited_ms: view.now.tick.saturating_sub(s.tick),
                        scan: Scan {
                            id: s.id.to_string(),
                            dossier: s.dossier.clone()?,
                            purpose: word(s.purpose),
                            office: s.office.clone(),
                            counter: s.counter,
                            ticket: s.ticket.map(|id| id.to_string()),
                            scanned_at: s.utc.and_then(|utc| crate::web::time(offset, utc)),
                            device: s.device.clone(),
                        },
                    })
                })
                .take(limit)
                .collect()
        });
        read.await.map_err(|_| DeskAway)
    }

    async fn outcome(&self, scan_id: &str, outcome: Outcome) -> Result<(), DeskAway> {
        let Ok(scan) = scan_id.parse() else {
            return Ok(());
        };
        let command = match outcome {
            Outcome::Delivered { answer } => Command::Deliver {
                scan,
                answer: answer.map(Personal::Plain),
            },
            Outcome::Refused { reason } => Command::Refuse {
                scan,
                reason: Personal::Plain(reason),
            },
            Outcome::Unknown { reason } => Command::Doubt {
                scan,
                reason: Personal::Plain(reason),
            },
        };
        match self.engine.act(system(), command).await {
            // Refused: it has an outcome already.
            Ok(_) | Err(Failure::Refused(_)) => Ok(()),
            Err(_) => Err(DeskAway),
        }
    }

    async fn changed(&self) {
        // An engine that has ended changes nothing any more.
        if self.newest.lock().await.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Forwards scans until the daemon stops.
pub(crate) async fn run(
    engine: Engine,
    config: IntakeConfig,
    parts: Parts,
    stop: watch::Receiver<bool>,
) {
    let desk = EngineDesk {
        newest: Mutex::new(engine.newest()),
        engine,
    };
    parts.set("intake", Health::Ready);
    let (status, mut seen) = watch::channel(IntakeStatus::Ready);
    let watch_status = async {
        while seen.changed().await.is_ok() {
            let health = match *seen.borrow() {
                IntakeStatus::Ready => Health::Ready,
                IntakeStatus::Away { .. } => Health::Away,
                IntakeStatus::SetupFault { .. } => Health::Trouble,
            };
            parts.set("intake", health);
        }
    };
    let client = loop {
        match client(super::intake::Timeouts::default()) {
            Ok(client) => break client,
            Err(cause) => {
                tracing::error!(%cause, "no HTTP client for the intake server");
                tokio::time::sleep(Duration::from_secs(60)).await;
            }
        }
    };
    tokio::select! {
        () = super::intake::run(&desk, config, client, status, stop) => {}
        () = watch_status => {}
    }
}
