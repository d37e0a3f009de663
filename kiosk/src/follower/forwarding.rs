//! Gives the intake follower its work from the journal, and journals its outcomes and outages.

use std::sync::Arc;
use std::time::Duration;

use queue::{Command, Personal, ScanState};
use tokio::sync::{Mutex, watch};

use super::intake::{Desk, DeskAway, IntakeStatus, OtherSide, Outcome, PendingScan, Scan};
use crate::engine::{Engine, Failure, View, system};
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

/// A scan as the follower needs it; `None`: it is not pending.
fn pending(view: View<'_>, scan: &queue::Scan) -> Option<PendingScan> {
    if scan.state != ScanState::Pending {
        return None;
    }
    let offset = crate::web::offset(view.state);
    Some(PendingScan {
        seq: scan.seq,
        waited_ms: view.now.tick.saturating_sub(scan.tick),
        scan: Scan {
            id: scan.id.to_string(),
            dossier: scan.dossier.clone()?,
            purpose: word(scan.purpose),
            office: scan.office.clone(),
            counter: scan.counter,
            ticket: scan.ticket.map(|id| id.to_string()),
            scanned_at: scan.utc.and_then(|utc| crate::web::time(offset, utc)),
            device: scan.device.clone(),
        },
    })
}

impl Desk for EngineDesk {
    async fn pending(&self, after_seq: u64, limit: usize) -> Result<Vec<PendingScan>, DeskAway> {
        let read = self.engine.read(move |view| {
            let scans = view.state.scans_after(after_seq);
            let pending = scans.filter_map(|scan| pending(view, scan));
            pending.take(limit).collect()
        });
        read.await.map_err(|_| DeskAway)
    }

    async fn these(&self, seqs: Vec<u64>) -> Result<Vec<PendingScan>, DeskAway> {
        let read = self.engine.read(move |view| {
            let scans = seqs.iter().filter_map(|seq| {
                let mut after = view.state.scans_after(seq.checked_sub(1)?);
                after.next().filter(|scan| scan.seq == *seq)
            });
            scans.filter_map(|scan| pending(view, scan)).collect()
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
