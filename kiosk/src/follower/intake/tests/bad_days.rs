//! Days on which everything goes wrong, in simulated time: the intake server is down, slow, cuts
//! the line after it took the body, errs, refuses, asks for patience or does not know us; the disk
//! is full; the program is killed and stays off for hours.
//!
//! A model of the other side counts effects. Whatever happened: each scan has one, those of a
//! dossier in their order, and what cannot be known is left to a clerk.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};

use super::chance::Chance;
use super::{AwayCause, Outcome, Pauses};
use crate::config::{Answers, Intake};
use crate::follower::intake::outbox::{IN_FLIGHT_MAX, Moment, Outbox, Step};
use crate::follower::intake::verdict::{Verdict, classify, classify_ask};

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
/// How long everything goes wrong.
const BAD: u64 = 30 * HOUR;
/// How long it may take to catch up once all is well: the longest pause is a minute.
const CATCH_UP: u64 = 2 * HOUR;
const SCANS: u64 = 250;
const DOSSIERS: u64 = 40;
/// Dossiers that the other side refuses for good.
const REFUSED: u64 = 4;

#[derive(Clone, Copy, Debug)]
enum Weather {
    Fine,
    Down,
    WrongName,
    Silent,
    CutAfterTaking,
    Error,
    ErrorAfterTaking,
    Conflict,
    Busy,
    Fault,
    Objects,
}

const BAD_WEATHER: [Weather; 10] = [
    Weather::Down,
    Weather::WrongName,
    Weather::Silent,
    Weather::CutAfterTaking,
    Weather::Error,
    Weather::ErrorAfterTaking,
    Weather::Conflict,
    Weather::Busy,
    Weather::Fault,
    Weather::Objects,
];

/// What the other side is like, for a whole run.
#[derive(Clone, Copy, Debug)]
struct Manners {
    honours_key: bool,
    can_be_asked: bool,
}

/// The other side.
struct Server {
    manners: Manners,
    weather: Weather,
    /// Scans in the order in which they took effect.
    effects: Vec<u64>,
    has: HashSet<u64>,
    contract: Answers,
}

fn status(code: u16, retry_after: Option<u64>) -> (StatusCode, HeaderMap) {
    let mut headers = HeaderMap::new();
    if let Some(seconds) = retry_after {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    (StatusCode::from_u16(code).unwrap(), headers)
}

impl Server {
    fn take(&mut self, seq: u64) {
        let known = !self.has.insert(seq);
        if !(self.manners.honours_key && known) {
            self.effects.push(seq);
        }
    }

    /// The verdict on a request, and after how long it comes.
    fn hear(&mut self, step: Step, dossier: u64, chance: &mut Chance) -> (Verdict, u64) {
        let (Step::Send { seq } | Step::Ask { seq }) = step;
        let asked = matches!(step, Step::Ask { .. });
        // Even on its worst day it is well now and then.
        let weather = match chance.below(6) {
            0 => Weather::Fine,
            _ => self.weather,
        };
        let silent = Verdict::Unclear {
            retry_after_ms: None,
            cause: AwayCause::Silent,
        };
        let (code, retry_after) = match weather {
            Weather::Down => {
                let cause = AwayCause::NoConnection;
                return (Verdict::NoConnection { cause }, 3_000);
            }
            Weather::WrongName => {
                let cause = AwayCause::WrongName;
                return (Verdict::NoConnection { cause }, 20);
            }
            Weather::Silent => return (silent, 10_000),
            Weather::CutAfterTaking => {
                if !asked && dossier >= REFUSED {
                    self.take(seq);
                }
                return (silent, chance.below(10_000));
            }
            Weather::ErrorAfterTaking => {
                if !asked && dossier >= REFUSED {
                    self.take(seq);
                }
                (502, None)
            }
            Weather::Error => (500, (chance.below(3) == 0).then_some(7)),
            Weather::Conflict => (409, None),
            Weather::Busy => (429, Some(chance.below(200))),
            Weather::Fault => (*chance.of(&[401, 403, 302]), None),
            Weather::Objects => (400, None),
            Weather::Fine if asked && !self.manners.can_be_asked => (405, None),
            Weather::Fine if asked && !self.has.contains(&seq) => (404, None),
            Weather::Fine if asked => (200, None),
            Weather::Fine if dossier < REFUSED => (422, None),
            Weather::Fine => {
                self.take(seq);
                (201, None)
            }
        };
        let (status, headers) = status(code, retry_after);
        let judge = if asked { classify_ask } else { classify };
        let verdict = judge(status, &headers, b"", &self.contract);
        (verdict, 5 + chance.below(200))
    }
}

#[derive(Debug)]
enum Happening {
    Scanned { dossier: u64 },
    Heard { seq: u64, verdict: Verdict },
    Keep { seq: u64, outcome: Outcome },
    Weather(Weather),
    DiskFull(bool),
    Killed { off_ms: u64 },
}

/// Whether it comes from outside, and not from a request that is under way.
fn is_bad(happening: &Happening) -> bool {
    !matches!(happening, Happening::Heard { .. } | Happening::Keep { .. })
}

/// One office, its journal as far as it matters here, and the other side.
struct World {
    chance: Chance,
    now_ms: u64,
    server: Server,
    outbox: Outbox,
    /// What the journal has: scans without outcome, and outcomes.
    pending: BTreeMap<u64, (u64, u64)>,
    outcomes: BTreeMap<u64, Outcome>,
    dossiers: HashMap<u64, u64>,
    disk_full: bool,
    last_seq: u64,
    /// Nothing bad is planned any more.
    good_since_ms: Option<u64>,
    agenda: BTreeMap<(u64, u64), Happening>,
    entries: u64,
    on_the_wire: BTreeSet<u64>,
    /// Scans that the other side objected to: after a day of that a clerk decides.
    objected: BTreeSet<u64>,
}

impl World {
    fn new(manners: Manners, mut chance: Chance) -> Self {
        let contract = Intake::from_toml("url = \"http://h\"").unwrap().answers;
        let mut world = Self {
            now_ms: 0,
            server: Server {
                manners,
                weather: Weather::Fine,
                effects: Vec::new(),
                has: HashSet::new(),
                contract,
            },
            outbox: Outbox::new(manners.honours_key, Pauses::default()),
            pending: BTreeMap::new(),
            outcomes: BTreeMap::new(),
            dossiers: HashMap::new(),
            disk_full: false,
            last_seq: 0,
            good_since_ms: None,
            agenda: BTreeMap::new(),
            entries: 0,
            on_the_wire: BTreeSet::new(),
            objected: BTreeSet::new(),
            chance: chance.fork(),
        };
        for _ in 0..SCANS {
            let dossier = chance.below(DOSSIERS);
            world.plan(chance.below(BAD), Happening::Scanned { dossier });
        }
        let mut at = 0;
        while at < BAD {
            let weather = *chance.of(&BAD_WEATHER);
            world.plan(at, Happening::Weather(weather));
            at += chance.below(3 * HOUR);
            world.plan(at, Happening::Weather(Weather::Fine));
            at += chance.below(20 * MINUTE);
        }
        for _ in 0..chance.below(4) {
            let at = chance.below(BAD);
            world.plan(at, Happening::DiskFull(true));
            world.plan(at + chance.below(HOUR), Happening::DiskFull(false));
        }
        for _ in 0..chance.below(20) {
            let off_ms = *chance.of(&[2_000, 90_000, 10 * MINUTE]);
            world.plan(chance.below(BAD), Happening::Killed { off_ms });
        }
        if chance.below(2) == 0 {
            // A night without power.
            let off_ms = 14 * HOUR;
            world.plan(chance.below(BAD), Happening::Killed { off_ms });
        }
        world.plan(BAD, Happening::Weather(Weather::Fine));
        world.plan(BAD, Happening::DiskFull(false));
        world
    }

    fn plan(&mut self, at: u64, happening: Happening) {
        self.entries += 1;
        self.agenda.insert((at, self.entries), happening);
    }

    fn moment(&mut self) -> Moment {
        Moment {
            now_ms: self.now_ms,
            jitter_permille: self.chance.below(1_001),
        }
    }

    /// Until nothing is planned and nothing waits.
    fn run(&mut self) {
        loop {
            while let Some(step) = self.outbox.next(self.now_ms) {
                self.attempt(step);
            }
            let planned = self.agenda.first_key_value().map(|((at, _), _)| *at);
            let next = [planned, self.outbox.wake_at()].into_iter().flatten().min();
            let Some(next) = next else { break };
            self.now_ms = self.now_ms.max(next);
            let due = self
                .agenda
                .first_entry()
                .filter(|e| e.key().0 <= self.now_ms);
            if let Some(happening) = due.map(|entry| entry.remove()) {
                self.happens(happening);
            }
            if !self.agenda.values().any(is_bad) {
                let since = *self.good_since_ms.get_or_insert(self.now_ms);
                let late = self.now_ms > since + CATCH_UP;
                assert!(!late, "still waiting: {:?}", self.pending);
            }
        }
    }

    fn attempt(&mut self, step: Step) {
        let (Step::Send { seq } | Step::Ask { seq }) = step;
        self.on_the_wire.insert(seq);
        assert!(self.on_the_wire.len() <= IN_FLIGHT_MAX);
        assert!(self.pending.contains_key(&seq), "an outcome is final");
        let dossier = self.dossiers[&seq];
        let (verdict, took_ms) = self.server.hear(step, dossier, &mut self.chance);
        self.plan(self.now_ms + took_ms, Happening::Heard { seq, verdict });
    }

    fn happens(&mut self, happening: Happening) {
        let moment = self.moment();
        match happening {
            Happening::Scanned { dossier } => {
                // Refused at the counter: nobody was told that it counts.
                if self.disk_full {
                    return;
                }
                self.last_seq += 1;
                let seq = self.last_seq;
                self.dossiers.insert(seq, dossier);
                self.pending.insert(seq, (dossier, self.now_ms));
                self.outbox.push(seq, dossier, false, self.now_ms);
            }
            Happening::Heard { seq, verdict } => {
                self.on_the_wire.remove(&seq);
                let waited_ms = self.now_ms - self.pending[&seq].1;
                if matches!(verdict, Verdict::Objected { .. }) {
                    self.objected.insert(seq);
                }
                if let Some(outcome) = self.outbox.settle(seq, verdict, waited_ms, moment) {
                    let at = self.now_ms + self.chance.below(40);
                    self.plan(at, Happening::Keep { seq, outcome });
                }
            }
            Happening::Keep { seq, .. } if self.disk_full => {
                self.outbox.not_kept(seq, moment);
            }
            Happening::Keep { seq, outcome } => {
                self.pending.remove(&seq);
                let before = self.outcomes.insert(seq, outcome);
                assert_eq!(before, None, "an outcome is final");
                self.outbox.done(seq, self.now_ms);
            }
            Happening::Weather(weather) => self.server.weather = weather,
            Happening::DiskFull(full) => self.disk_full = full,
            Happening::Killed { off_ms } => self.kill(off_ms),
        }
    }

    /// Whatever was under way is forgotten; the journal alone is left.
    fn kill(&mut self, off_ms: u64) {
        self.agenda.retain(|_, happening| is_bad(happening));
        self.on_the_wire.clear();
        self.now_ms += off_ms;
        self.outbox = Outbox::new(self.server.manners.honours_key, Pauses::default());
        for (seq, (dossier, _)) in &self.pending {
            self.outbox.push(*seq, *dossier, true, self.now_ms);
        }
    }

    /// What holds after every day, however bad.
    fn check(&self) {
        assert_eq!(self.outbox.waiting(), 0);
        assert_eq!(self.outcomes.len() as u64, self.last_seq, "none is lost");
        let mut effects: HashMap<u64, u32> = HashMap::new();
        let mut newest: HashMap<u64, u64> = HashMap::new();
        for seq in &self.server.effects {
            *effects.entry(*seq).or_default() += 1;
            let before = newest.insert(self.dossiers[seq], *seq);
            assert!(
                before.is_none_or(|before| before < *seq),
                "the order is kept"
            );
        }
        let all_known = self.server.manners.honours_key || self.server.manners.can_be_asked;
        for (seq, outcome) in &self.outcomes {
            let times = effects.get(seq).copied().unwrap_or(0);
            match outcome {
                Outcome::Delivered { .. } => assert_eq!(times, 1, "scan {seq}"),
                Outcome::Refused { .. } => assert_eq!(times, 0, "scan {seq}"),
                Outcome::Unknown { .. } => {
                    assert!(times <= 1, "scan {seq}");
                    let decided = !all_known || self.objected.contains(seq);
                    assert!(decided, "scan {seq}: it could have been known");
                }
            }
        }
    }
}

fn days(manners: Manners) {
    let rounds = match std::env::var_os("LONG") {
        Some(_) => 2_000,
        None => 60,
    };
    let mut chance = Chance::announced(&format!("bad days, {manners:?}"));
    let mut effects = 0;
    for _ in 0..rounds {
        let mut world = World::new(manners, chance.fork());
        world.run();
        world.check();
        effects += world.server.effects.len();
    }
    assert!(effects > 0, "something got through");
}

#[test]
fn each_scan_has_one_effect_after_days_of_misery_where_keys_are_honoured() {
    days(Manners {
        honours_key: true,
        can_be_asked: true,
    });
}

#[test]
fn without_keys_each_scan_has_one_effect_because_what_is_unclear_is_asked_back() {
    days(Manners {
        honours_key: false,
        can_be_asked: true,
    });
}

#[test]
fn without_keys_and_answers_no_scan_has_two_effects_and_a_clerk_decides_the_unclear() {
    days(Manners {
        honours_key: false,
        can_be_asked: false,
    });
}
