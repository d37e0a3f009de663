//! Gives the intake follower its work from the journal, and journals its outcomes and outages.

use std::sync::Arc;
use std::time::Duration;

use queue::{Command, Personal, ScanState};
use tokio::sync::{Mutex, watch};

use super::intake::{Desk, DeskAway, IntakeStatus, OtherSide, Outcome, PendingScan, Scan};
use crate::engine::{Engine, Failure, system};
use crate::journal::word;
use crate::status::{Health, Parts};

/// A file of the way to the intake server that cannot be used is looked at again after this: it
/// is mended by hand.
const OPEN_AGAIN: Duration = Duration::from_secs(60);

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

/// Forwards scans until the daemon stops; `tell_after`: what lasts longer is an outage.
pub(crate) async fn run(
    engine: Engine,
    other_side: Arc<OtherSide>,
    parts: Parts,
    tell_after: Duration,
    mut stop: watch::Receiver<bool>,
) {
    let desk = EngineDesk {
        newest: Mutex::new(engine.newest()),
        engine,
    };
    let (status, seen) = watch::channel(IntakeStatus::Ready);
    let line = loop {
        match other_side.line() {
            Ok(line) => break line,
            Err(cause) => {
                tracing::error!(%cause, "The way to the intake server cannot be opened; scans are held");
                parts.set("intake", Health::Trouble);
                tokio::select! {
                    _ = stop.wait_for(|stop| *stop) => return,
                    () = tokio::time::sleep(OPEN_AGAIN) => {}
                }
            }
        }
    };
    parts.set("intake", Health::Ready);
    // The outages end after the forwarding, which drops `status` then.
    tokio::join!(
        super::intake::run(&desk, line, status, stop),
        super::outages::run(&desk.engine, &parts, tell_after, seen),
    );
}
