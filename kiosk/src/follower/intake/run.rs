//! The follower's loop: it owns the outbox, and nothing else does.
//!
//! Nothing in the loop waits for the desk or the server: both work on jobs, and the loop goes on
//! with what they found out. Outcomes are kept many at a time, so that the journal takes them with
//! one commit; scans are read ahead many at a time for the same reason.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::pin::pin;
use std::time::{Duration, Instant};

use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::sync::watch;
use tracing::{debug, info, warn};

use super::outbox::{Moment, Outbox, Step};
use super::verdict::Verdict;
use super::{Desk, DeskAway, IntakeStatus, Line, Outcome, PendingScan, send};

/// Scans read from the desk at a time to learn of them: their bodies are in memory only that long.
const PAGE: usize = 500;

/// Scans whose bodies are at hand: enough to be busy with while the desk commits and answers.
const SHELF: usize = 256;

/// More are read once fewer are left.
const SHELF_LOW: usize = SHELF / 2;

/// What stood on the shelf longer is read again: a clerk may have decided about it meanwhile.
const SHELF_MS_MAX: u64 = 1_000;

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
    let mut shelf = Shelf::default();
    let mut jobs = FuturesUnordered::new();
    let mut stopped = pin!(stop.wait_for(|stop| *stop));
    let mut changed = pin!(desk.changed());
    loop {
        let now = now_ms();
        if let Some(job) = feed.job(&outbox, now) {
            jobs.push(hands.work(job));
        }
        if let Some(job) = shelf.job(&outbox, now) {
            jobs.push(hands.work(job));
        }
        while let Some(job) = shelf.next(&mut outbox, now) {
            jobs.push(hands.work(job));
        }
        show(&status, outbox.status(started), outbox.waiting());

        let wake_at = [feed.wake_at(&outbox), shelf.wake_at(&outbox)];
        let wake_at = wake_at.into_iter().flatten().min();
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
                match done {
                    Done::Listed(page) => feed.listed(page, &mut outbox, moment.now_ms),
                    Done::Read { asked, found } => shelf.put(&asked, found, moment.now_ms),
                    done => {
                        if let Some(job) = finish(&mut outbox, done, moment) {
                            jobs.push(hands.work(job));
                        }
                    }
                }
            }
            () = wake => {}
        }
    }
}

/// What the loop has under way.
enum Job {
    /// Learns which scans wait behind this seq.
    List {
        after_seq: u64,
    },
    /// Reads what these scans say.
    Read {
        seqs: Vec<u64>,
    },
    Attempt {
        step: Step,
        scan: PendingScan,
    },
    Keep {
        seq: u64,
        id: String,
        outcome: Outcome,
    },
}

/// How it ended.
enum Done {
    Listed(Result<Vec<PendingScan>, DeskAway>),
    Read {
        asked: Vec<u64>,
        found: Result<Vec<PendingScan>, DeskAway>,
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
    NotKept {
        seq: u64,
    },
}

/// Puts what a job found out into the outbox; answers the job that follows from it.
fn finish(outbox: &mut Outbox, done: Done, moment: Moment) -> Option<Job> {
    match done {
        Done::Kept { seq } => outbox.done(seq, moment.now_ms),
        Done::NotKept { seq } => outbox.not_kept(seq, moment),
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
        Done::Listed(_) | Done::Read { .. } => {}
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
            Job::List { after_seq } => Done::Listed(self.desk.pending(after_seq, PAGE).await),
            Job::Read { seqs } => {
                let found = self.desk.these(seqs.clone()).await;
                Done::Read { asked: seqs, found }
            }
            Job::Attempt { step, scan } => {
                let verdict = match step {
                    Step::Send { .. } => send::deliver(self.line, &scan.scan).await,
                    Step::Ask { .. } => send::ask(self.line, &scan.scan).await,
                };
                Done::Heard {
                    seq: scan.seq,
                    id: scan.scan.id,
                    waited_ms: scan.waited_ms,
                    verdict,
                }
            }
            Job::Keep { seq, id, outcome } => match self.desk.outcome(&id, outcome).await {
                Ok(()) => Done::Kept { seq },
                Err(DeskAway) => Done::NotKept { seq },
            },
        }
    }
}

/// Learns of scans page by page, as far as the outbox has room.
struct Feed {
    cursor: u64,
    /// When to read on; `None`: everything was read.
    next_ms: Option<u64>,
    reading: bool,
    /// Until the end was seen once, scans may stem from an earlier run.
    caught_up: bool,
}

impl Feed {
    fn new() -> Self {
        Self {
            cursor: 0,
            next_ms: Some(0),
            reading: false,
            caught_up: false,
        }
    }

    fn hungry(&mut self, now_ms: u64) {
        self.next_ms.get_or_insert(now_ms);
    }

    fn wake_at(&self, outbox: &Outbox) -> Option<u64> {
        let may_read = !self.reading && outbox.room() >= PAGE;
        self.next_ms.filter(|_| may_read)
    }

    fn job(&mut self, outbox: &Outbox, now_ms: u64) -> Option<Job> {
        self.wake_at(outbox).filter(|at| *at <= now_ms)?;
        self.reading = true;
        // What becomes pending from here on is another page.
        self.next_ms = None;
        Some(Job::List {
            after_seq: self.cursor,
        })
    }

    fn listed(
        &mut self,
        page: Result<Vec<PendingScan>, DeskAway>,
        outbox: &mut Outbox,
        now_ms: u64,
    ) {
        self.reading = false;
        let Ok(page) = page else {
            self.next_ms = Some(now_ms + DESK_PAUSE_MS);
            return;
        };
        for pending in &page {
            let mut hasher = DefaultHasher::new();
            pending.scan.dossier.hash(&mut hasher);
            outbox.push(pending.seq, hasher.finish(), !self.caught_up, now_ms);
            self.cursor = self.cursor.max(pending.seq);
        }
        match page.len() < PAGE {
            true => self.caught_up = true,
            false => self.next_ms = Some(now_ms),
        }
    }
}

/// Scans that are read ahead, because the desk answers between two commits only.
#[derive(Default)]
struct Shelf {
    /// `None`: no longer pending, a clerk decided or an earlier outcome was kept after all.
    scans: HashMap<u64, Option<PendingScan>>,
    read_ms: u64,
    reading: bool,
    /// The desk was away: not before this.
    not_before_ms: u64,
}

impl Shelf {
    /// What to read from the desk now.
    fn job(&mut self, outbox: &Outbox, now_ms: u64) -> Option<Job> {
        if now_ms.saturating_sub(self.read_ms) > SHELF_MS_MAX {
            self.scans.clear();
        }
        if self.reading || now_ms < self.not_before_ms {
            return None;
        }
        let next = outbox.peek(now_ms);
        let at_hand = next.is_none_or(|seq| self.scans.contains_key(&seq));
        if at_hand && self.scans.len() >= SHELF_LOW {
            return None;
        }
        let missing = outbox.upcoming(now_ms);
        let missing = missing.filter(|seq| !self.scans.contains_key(seq));
        let seqs: Vec<u64> = missing.take(SHELF).collect();
        if seqs.is_empty() {
            return None;
        }
        self.reading = true;
        Some(Job::Read { seqs })
    }

    fn put(&mut self, asked: &[u64], found: Result<Vec<PendingScan>, DeskAway>, now_ms: u64) {
        self.reading = false;
        let Ok(found) = found else {
            self.not_before_ms = now_ms + DESK_PAUSE_MS;
            return;
        };
        // The oldest of them decides when they are read again.
        if self.scans.is_empty() {
            self.read_ms = now_ms;
        }
        self.scans.extend(asked.iter().map(|seq| (*seq, None)));
        let found = found.into_iter().map(|scan| (scan.seq, Some(scan)));
        self.scans.extend(found);
    }

    /// The next attempt whose scan is at hand.
    fn next(&mut self, outbox: &mut Outbox, now_ms: u64) -> Option<Job> {
        loop {
            let seq = outbox.peek(now_ms)?;
            let scan = self.scans.remove(&seq)?;
            let step = outbox.next(now_ms)?;
            match scan {
                Some(scan) => return Some(Job::Attempt { step, scan }),
                None => outbox.done(seq, now_ms),
            }
        }
    }

    /// When the outbox has something. While the desk is asked its answer is what wakes the loop.
    fn wake_at(&self, outbox: &Outbox) -> Option<u64> {
        let at = outbox.wake_at()?.max(self.not_before_ms);
        (!self.reading).then_some(at)
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
