//! Asking the intake server about a dossier, with a short memory.
//!
//! - An answer is good for [`GOOD_MS`], and for a scan as long as memory holds it once it was asked
//!   for since: a clerk who scans a receipt twice, or a page that asks again, costs the dossier
//!   software one request.
//! - A server that does not answer is left alone for [`AWAY_MS`]: with a queue in front of the
//!   counter nobody waits for each scan anew.
//! - The log knows that it is away, never which dossier was asked for.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ::dossiers::Facts;
use queue::Now;
use reqwest::StatusCode;
use scanner::DossierId;
use tokio::sync::Semaphore;

use super::held;
use super::told::{self, Told};
use crate::follower::intake::OtherSide;

/// How long an answer is good.
const GOOD_MS: u64 = 60_000;
/// How long a server that did not answer is not asked.
const AWAY_MS: u64 = 15_000;
/// Answers kept: a minute of a hundred counters.
const ANSWERS_MAX: usize = 500;
/// Requests under way. Dossier software is made for few users at a time.
const ASKING_MAX: usize = 4;
/// A clerk and a citizen wait for it.
const ANSWERED_WITHIN: Duration = Duration::from_secs(4);
/// Longest answer that is read.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// The intake server is away, or nobody understands what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the intake server does not tell")]
pub struct Away;

/// One request; `None`: the server does not know the dossier, or has no such call.
async fn request(server: &OtherSide, dossier: &DossierId) -> Result<Option<Told>, Away> {
    let line = server.line().map_err(|_| Away)?;
    let Some(request) = line.dossier_request(dossier.as_str()) else {
        return Ok(None);
    };
    let request = request.timeout(ANSWERED_WITHIN);
    let mut answer = request.send().await.map_err(|_| Away)?;
    match answer.status() {
        StatusCode::NOT_FOUND => return Ok(None),
        status if !status.is_success() => return Err(Away),
        _ => {}
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|_| Away)? {
        body.extend_from_slice(&chunk);
        if body.len() > ANSWER_BYTES_MAX {
            return Err(Away);
        }
    }
    let body = serde_json::from_slice(&body).map_err(|_| Away)?;
    told::read(&server.intake().dossier, dossier, &body)
}

/// An answer, and whether it came just now.
pub(super) struct Answer {
    pub(super) said: Facts,
    pub(super) factors: Vec<String>,
    pub(super) as_of: i64,
    pub(super) fresh: bool,
}

/// An answer in memory; `None`: the server does not know the dossier.
struct Remembered {
    told: Option<Told>,
    /// UTC; unknown like the office's.
    as_of: i64,
    tick: u64,
}

/// What was answered lately. Pure: the moment comes in.
#[derive(Default)]
struct Memory {
    answers: BTreeMap<DossierId, Remembered>,
    away_until: u64,
}

impl Memory {
    /// An answer of the last minute, or at least not older than `since`.
    fn find(&self, dossier: &DossierId, tick: u64, since: u64) -> Option<&Remembered> {
        let found = self.answers.get(dossier)?;
        let good = tick < found.tick.saturating_add(GOOD_MS) || found.tick >= since;
        good.then_some(found)
    }

    fn keep(&mut self, dossier: &DossierId, answer: Remembered) {
        let tick = answer.tick;
        if self.answers.len() >= ANSWERS_MAX {
            self.answers
                .retain(|_, kept| tick < kept.tick.saturating_add(GOOD_MS));
        }
        if self.answers.len() >= ANSWERS_MAX {
            // Memory of a minute: what is lost is asked again.
            self.answers.clear();
        }
        self.answers.insert(dossier.clone(), answer);
    }
}

/// The server with its memory.
pub(super) struct Asked {
    server: Arc<OtherSide>,
    memory: Mutex<Memory>,
    asking: Semaphore,
}

impl Asked {
    pub(super) fn new(server: Arc<OtherSide>) -> Self {
        Self {
            server,
            memory: Mutex::default(),
            asking: Semaphore::new(ASKING_MAX),
        }
    }

    fn remembered(
        &self,
        dossier: &DossierId,
        now: Now,
        since: u64,
    ) -> Option<Result<Option<Answer>, Away>> {
        let memory = held(&self.memory);
        if let Some(found) = memory.find(dossier, now.tick, since) {
            let answer = found.told.clone().map(|told| Answer {
                said: told.facts,
                factors: told.factors,
                as_of: found.as_of,
                fresh: false,
            });
            return Some(Ok(answer));
        }
        (now.tick < memory.away_until).then_some(Err(Away))
    }

    /// `since`: an answer of then or later will do, on the office's clock.
    pub(super) async fn ask(
        &self,
        dossier: &DossierId,
        now: Now,
        since: u64,
    ) -> Result<Option<Answer>, Away> {
        if let Some(remembered) = self.remembered(dossier, now, since) {
            return remembered;
        }
        let _turn = self.asking.acquire().await.map_err(|_| Away)?;
        // Whoever waited for a turn may have waited for this very answer.
        if let Some(remembered) = self.remembered(dossier, now, since) {
            return remembered;
        }
        let told = request(&self.server, dossier).await;
        let mut memory = held(&self.memory);
        let Ok(told) = told else {
            memory.away_until = now.tick.saturating_add(AWAY_MS);
            tracing::warn!(
                "the intake server does not tell how a dossier is; it is left alone for a while"
            );
            return Err(Away);
        };
        memory.away_until = 0;
        // Without a known time nobody can say later how old it is: then it is not kept.
        let as_of = now.utc.unwrap_or(0);
        memory.keep(
            dossier,
            Remembered {
                told: told.clone(),
                as_of,
                tick: now.tick,
            },
        );
        Ok(told.map(|told| Answer {
            said: told.facts,
            factors: told.factors,
            as_of,
            fresh: now.utc.is_some(),
        }))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn id(number: usize) -> DossierId {
        format!("H05.114-261118-{number:04}").parse().unwrap()
    }

    fn at(tick: u64) -> Remembered {
        Remembered {
            told: None,
            as_of: 0,
            tick,
        }
    }

    #[test]
    fn an_answer_is_good_for_a_minute_and_memory_has_an_end() {
        let mut memory = Memory::default();
        memory.keep(&id(1), at(1_000));
        let lately = |memory: &Memory, number, tick| memory.find(&id(number), tick, tick).is_some();
        assert!(lately(&memory, 1, 1_000 + GOOD_MS - 1));
        assert!(!lately(&memory, 1, 1_000 + GOOD_MS));
        assert!(!lately(&memory, 2, 1_000));
        for number in 0..3 * ANSWERS_MAX {
            memory.keep(&id(number), at(2_000));
            assert!(memory.answers.len() <= ANSWERS_MAX);
        }
        assert!(lately(&memory, 3 * ANSWERS_MAX - 1, 2_000));
    }

    #[test]
    fn what_was_asked_since_a_scan_will_do_for_it() {
        let mut memory = Memory::default();
        memory.keep(&id(1), at(5_000));
        let hour = 5_000 + 60 * GOOD_MS;
        assert!(memory.find(&id(1), hour, 4_900).is_some(), "scanned before");
        assert!(memory.find(&id(1), hour, 5_001).is_none(), "scanned since");
    }
}
