//! The follower's loop: it owns the outbox, and nothing else does.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::pin::pin;
use std::time::{Duration, Instant};

use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::sync::watch;
use tracing::{debug, info, warn};

use super::outbox::{Moment, Outbox, Step};
use super::verdict::Verdict;
use super::{Desk, IntakeStatus, Line, Outcome, PendingScan, send};

/// Scans read from the desk at a time: their bodies are in memory only this long.
const PAGE: usize = 500;

/// The desk could not be read; its trouble is the engine's to repair, this only asks again.
const DESK_PAUSE_MS: u64 = 1_000;

/// Delivers until `stop` holds true or its sender is gone. What is in flight then is let go:
/// the next run sends it under the same key, or asks first.
pub(crate) async fn run<D: Desk>(
    desk: &D,
    line: Line,
    status: watch::Sender<IntakeStatus>,
    mut stop: watch::Receiver<bool>,
) {
    let started = Instant::now();
    let now_ms = || u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let mut outbox = Outbox::new(line.intake.honours_key, line.pauses);
    let hands = Hands { desk, line: &line };
    let mut feed = Feed::new();
    let mut jobs = FuturesUnordered::new();
    let mut stopped = pin!(stop.wait_for(|stop| *stop));
    let mut changed = pin!(desk.changed());
    loop {
        if feed.wake_at(&outbox).is_some_and(|at| at <= now_ms()) {
            feed.read_page(desk, &mut outbox, now_ms()).await;
        }
        while let Some(step) = outbox.next(now_ms()) {
            jobs.push(hands.work(Job::Attempt(step)));
        }
        show(&status, outbox.status(started), outbox.waiting());

        let wake_at = [feed.wake_at(&outbox), outbox.wake_at()]
            .into_iter()
            .flatten()
            .min();
        let wake = async {
            match wake_at {
                Some(at) => {
                    let at = started + Duration::from_millis(at);
                    tokio::time::sleep_until(at.into()).await;
                }
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = &mut stopped => return,
            () = &mut changed => {
                changed.set(desk.changed());
                feed.hungry(now_ms());
            }
            Some(done) = jobs.next() => {
                let moment = Moment { now_ms: now_ms(), jitter_permille: jitter_permille() };
                if let Some(job) = finish(&mut outbox, done, moment) {
                    jobs.push(hands.work(job));
                }
            }
            () = wake => {}
        }
    }
}

/// What the loop has under way.
enum Job {
    Attempt(Step),
    Keep {
        seq: u64,
        id: String,
        outcome: Outcome,
    },
}

/// How it ended.
enum Done {
    /// No longer pending: a clerk decided, or an earlier outcome was kept after all.
    Gone {
        seq: u64,
    },
    Heard {
        seq: u64,
        id: String,
        waited_ms: u64,
        verdict: Verdict,
    },
    Kept {
        seq: u64,
    },
    /// `sent`: the desk failed after the attempt, not before.
    DeskAway {
        seq: u64,
        sent: bool,
    },
}

/// Puts what a job found out into the outbox; answers the job that follows from it.
fn finish(outbox: &mut Outbox, done: Done, moment: Moment) -> Option<Job> {
    match done {
        Done::Gone { seq } | Done::Kept { seq } => outbox.done(seq, moment.now_ms),
        Done::DeskAway { seq, sent } => outbox.not_kept(seq, sent, moment),
        Done::Heard {
            seq,
            id,
            waited_ms,
            verdict,
        } => {
            let outcome = outbox.settle(seq, verdict, waited_ms, moment)?;
            match &outcome {
                Outcome::Delivered { .. } => debug!(scan = id, "A scan was delivered"),
                Outcome::Refused { .. } => info!(scan = id, "The intake server refused a scan"),
                Outcome::Unknown { .. } => warn!(scan = id, "A clerk has to decide about a scan"),
            }
            return Some(Job::Keep { seq, id, outcome });
        }
    }
    None
}

/// Does the jobs.
struct Hands<'a, D> {
    desk: &'a D,
    line: &'a Line,
}

impl<D: Desk> Hands<'_, D> {
    async fn work(&self, job: Job) -> Done {
        match job {
            Job::Attempt(step) => self.attempt(step).await,
            Job::Keep { seq, id, outcome } => match self.desk.outcome(&id, outcome).await {
                Ok(()) => Done::Kept { seq },
                Err(_) => Done::DeskAway { seq, sent: true },
            },
        }
    }

    async fn attempt(&self, step: Step) -> Done {
        let (Step::Send { seq } | Step::Ask { seq }) = step;
        // The outbox knows only the seq. Reading the scan now also shows whether it is still wanted.
        let Ok(page) = self.desk.pending(seq.saturating_sub(1), 1).await else {
            return Done::DeskAway { seq, sent: false };
        };
        let Some(PendingScan {
            waited_ms, scan, ..
        }) = page.into_iter().find(|pending| pending.seq == seq)
        else {
            return Done::Gone { seq };
        };
        let verdict = match step {
            Step::Send { .. } => send::deliver(self.line, &scan).await,
            Step::Ask { .. } => send::ask(self.line, &scan).await,
        };
        Done::Heard {
            seq,
            id: scan.id,
            waited_ms,
            verdict,
        }
    }
}

/// Reads the desk page by page, as far as the outbox has room.
struct Feed {
    cursor: u64,
    /// When to read on; `None`: everything was read.
    next_ms: Option<u64>,
    /// Until the end was seen once, scans may stem from an earlier run.
    caught_up: bool,
}

impl Feed {
    fn new() -> Self {
        Self {
            cursor: 0,
            next_ms: Some(0),
            caught_up: false,
        }
    }

    fn hungry(&mut self, now_ms: u64) {
        self.next_ms.get_or_insert(now_ms);
    }

    fn wake_at(&self, outbox: &Outbox) -> Option<u64> {
        self.next_ms.filter(|_| outbox.room() >= PAGE)
    }

    async fn read_page<D: Desk>(&mut self, desk: &D, outbox: &mut Outbox, now_ms: u64) {
        let Ok(page) = desk.pending(self.cursor, PAGE).await else {
            self.next_ms = Some(now_ms + DESK_PAUSE_MS);
            return;
        };
        for pending in &page {
            let mut hasher = DefaultHasher::new();
            pending.scan.dossier.hash(&mut hasher);
            outbox.push(pending.seq, hasher.finish(), !self.caught_up, now_ms);
            self.cursor = self.cursor.max(pending.seq);
        }
        if page.len() < PAGE {
            self.next_ms = None;
            self.caught_up = true;
        }
    }
}

/// Tells staff what changed, once.
fn show(sender: &watch::Sender<IntakeStatus>, status: IntakeStatus, waiting: usize) {
    let changed = sender.send_if_modified(|shown| {
        let changed = *shown != status;
        *shown = status;
        changed
    });
    if !changed {
        return;
    }
    match status {
        IntakeStatus::Ready => info!(waiting, "The intake server takes scans again"),
        IntakeStatus::Away { cause, .. } => warn!(
            waiting,
            cause = cause.word(),
            "The intake server is away, scans are held"
        ),
        IntakeStatus::SetupFault { status } => warn!(
            waiting,
            status, "The intake server does not accept this machine, scans are held"
        ),
    }
}

/// Chance for the pauses. Without a source of it offices are a little more in step, no more.
fn jitter_permille() -> u64 {
    getrandom::u32().map_or(500, |chance| u64::from(chance) % 1001)
}
