//! An office in which anything is asked at any time, from one seed.

use std::path::Path;

use queue::{
    Actor, AwayCause, ClassId, Command, PaperState, Personal, Purpose, Role, ScanState, Target,
};

use crate::engine::tests::{House, Told, journal};
use crate::ids;
use crate::journal::copy::about;
use crate::journal::sqlite::{open_reader, read};
use crate::journal::{Head, Record};

/// Service days of a whole life.
pub(super) const DAYS: u64 = 4;

/// Stands in every dossier ID that is scanned here.
pub(super) const DOSSIER_PART: &[u8] = b"-250625-00";

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;
const SERVICES: [char; 6] = ['A', 'B', 'C', 'E', 'K', 'H'];

pub(super) struct Life {
    house: Option<House>,
    seed: u64,
    day: u64,
}

fn actor(role: Role) -> Actor {
    Actor {
        id: "an".into(),
        role,
    }
}

impl Life {
    pub(super) fn new(seed: u64) -> Self {
        Self::on(House::new(), seed)
    }

    fn on(house: House, seed: u64) -> Self {
        Self {
            house: Some(house),
            seed: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15),
            day: 1,
        }
    }

    fn house(&self) -> &House {
        self.house.as_ref().unwrap()
    }

    pub(super) fn data(&self) -> &Path {
        self.house().folder.path()
    }

    /// Service days begun.
    pub(super) fn day(&self) -> u64 {
        self.day
    }

    /// A number below `n` (xorshift64).
    pub(super) fn chance(&mut self, n: u64) -> u64 {
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 7;
        self.seed ^= self.seed << 17;
        self.seed % n
    }

    fn one_of<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        let n = all.len() as u64;
        (n > 0).then(|| all[self.chance(n) as usize].clone())
    }

    pub(super) async fn restart(&mut self) {
        let house = self.house.take().unwrap();
        self.house = Some(house.again().await);
    }

    /// A spare machine that takes `copy` over, an hour after its last record.
    pub(super) fn restored(&self, copy: &Path) -> Self {
        const HOUR_MS: u64 = 60 * 60 * 1_000;
        let folder = tempfile::tempdir().unwrap();
        let seq = about(copy).unwrap().seq;
        let last = read(&open_reader(self.data()).unwrap(), seq).unwrap();
        let last = last.unwrap();
        let at = last.at + HOUR_MS as i64;
        let record = |old: &Head| Record {
            epoch: "spare".into(),
            seq: old.seq + 1,
            command: None,
            at,
            boot: "spare".into(),
            mono: last.mono + HOUR_MS,
            actor: "system".into(),
            events: vec![queue::Event::Restored {
                epoch: old.epoch.clone(),
                seq: old.seq,
                head: old.hash.to_string(),
            }],
        };
        journal::restored(copy, folder.path(), record);
        Self::on(House::on(folder, Told::at(at)), self.seed)
    }

    async fn ask(&self, role: Role, command: Command) {
        // A refusal changes nothing, which is part of life.
        let _ = self.house().engine.act(actor(role), command).await;
    }

    /// Whole seconds pass, and something is asked.
    pub(super) async fn step(&mut self) {
        let seconds = self.chance(50);
        self.house().clock.pass(seconds * 1_000);
        let counter = 1 + self.chance(4) as u32;
        match self.chance(45) {
            42..=43 => self.intake_away().await,
            44 => self.ask(Role::System, Command::NoteIntakeBack).await,
            40 => self.roll().await,
            41 => self.come_back().await,
            0..=8 => self.issue().await,
            9..=25 => self.at_counter(counter).await,
            26..=27 => self.ask(Role::Clerk, Command::Undo { counter }).await,
            28..=31 => self.with_ticket(counter).await,
            32..=34 => self.paper().await,
            35..=38 => self.scan(counter).await,
            _ => self.day_changes().await,
        }
    }

    async fn issue(&mut self) {
        let now = self.house().engine.read(|view| view.now).await.unwrap();
        let class = match self.chance(5) {
            0 => "priority",
            1 => "re-entry",
            _ => "normal",
        };
        let service = self.one_of(&SERVICES).unwrap();
        let print = self.chance(4) > 0;
        let command = Command::Issue {
            ticket: ids::fresh(now),
            token: ids::secret(),
            service,
            class: ClassId::from(class.to_owned()),
            language: "vi".into(),
            reason: None,
            dossier: Some("H05.114-250625-0002".into()),
            person: None,
            override_reason: None,
            print,
            printer: None,
        };
        self.ask(Role::Kiosk, command).await;
    }

    /// Staff wrote numbers by hand, and enter them.
    async fn roll(&mut self) {
        let state = self.house().state().await;
        let now = self.house().engine.read(|view| view.now).await.unwrap();
        let service = self.one_of(&SERVICES).unwrap();
        let next = state.next_number(service).map_or(1, |number| number.n);
        let from = next + self.chance(9) as u32;
        let to = from + self.chance(4) as u32;
        let served = self.chance(2) == 0;
        let command = Command::EnterRoll {
            service,
            from,
            to,
            served: served.then_some(from),
            reason: Some("máy in hỏng".into()),
            tickets: (from..=to)
                .map(|_| (ids::fresh(now), ids::secret()))
                .collect(),
        };
        self.ask(Role::Supervisor, command).await;
    }

    /// A slip of an earlier day is shown.
    async fn come_back(&mut self) {
        let state = self.house().state().await;
        let now = self.house().engine.read(|view| view.now).await.unwrap();
        let slips: Vec<_> = state.deferrals().map(|right| right.token).collect();
        let Some(slip) = self.one_of(&slips) else {
            return;
        };
        let command = Command::Return {
            slip,
            ticket: ids::fresh(now),
            token: ids::secret(),
            print: true,
            printer: None,
        };
        self.ask(Role::Kiosk, command).await;
    }

    async fn at_counter(&mut self, counter: u32) {
        let command = match self.chance(16) {
            0..=2 => Command::OpenCounter { counter },
            3 => Command::PauseCounter { counter },
            4 => Command::CloseCounter { counter },
            5..=6 => Command::Begin { counter },
            7..=8 => Command::Finish { counter },
            9 => Command::NoShow { counter },
            10 => Command::Recall { counter },
            11..=12 => Command::CallNext { counter },
            _ => Command::Next { counter },
        };
        self.ask(Role::Supervisor, command).await;
        if self.chance(4) == 0 {
            self.house().clock.pass(1_000);
            self.ask(Role::Supervisor, Command::Undo { counter }).await;
        }
    }

    async fn with_ticket(&mut self, counter: u32) {
        let state = self.house().state().await;
        let mut ids: Vec<_> = state.tickets().map(|t| t.id).collect();
        ids.sort_unstable();
        let Some(ticket) = self.one_of(&ids) else {
            return;
        };
        let now = self.house().engine.read(|view| view.now).await.unwrap();
        let service = self.one_of(&SERVICES).unwrap();
        let command = match self.chance(8) {
            0 => Command::Cancel { ticket },
            1 => Command::Change {
                ticket,
                new: ids::fresh(now),
                token: ids::secret(),
                service,
                print: true,
            },
            2..=3 => Command::Hold {
                ticket,
                reason: None,
                minutes: None,
            },
            4 => Command::Transfer {
                ticket,
                to: Target::Counter(counter),
            },
            5 => Command::Transfer {
                ticket,
                to: Target::Service(service),
            },
            _ => Command::Resume { ticket },
        };
        self.ask(Role::Supervisor, command).await;
        if self.chance(3) == 0 {
            self.ask(Role::Supervisor, Command::Undo { counter }).await;
        }
    }

    async fn paper(&mut self) {
        let state = self.house().state().await;
        let mut ids: Vec<_> = state.tickets().map(|t| t.id).collect();
        ids.sort_unstable();
        let Some(ticket) = self.one_of(&ids) else {
            return;
        };
        let paper = self.one_of(&[
            PaperState::Printed,
            PaperState::Printed,
            PaperState::Sent,
            PaperState::Unknown,
            PaperState::Failed,
        ]);
        let again = self.chance(3) == 0;
        let begin = Command::BeginPaper {
            slip: ticket,
            printer: None,
            again,
        };
        self.ask(Role::System, begin).await;
        let report = Command::ReportPaper {
            slip: ticket,
            paper: paper.unwrap(),
            cause: None,
        };
        self.ask(Role::System, report).await;
        if again {
            self.ask(Role::Clerk, Command::Reprint { ticket }).await;
        }
    }

    async fn scan(&mut self, counter: u32) {
        let now = self.house().engine.read(|view| view.now).await.unwrap();
        let purpose = self.one_of(&[
            Purpose::Receive,
            Purpose::Supplement,
            Purpose::Return,
            Purpose::LookUp,
        ]);
        let command = Command::Scan {
            scan: ids::fresh(now),
            dossier: format!("H05.114-250625-00{:02}", self.chance(90) + 10),
            purpose,
            counter: Some(counter),
            ticket: None,
            device: "scanner-1".into(),
            forward: self.chance(5) > 0,
        };
        self.ask(Role::Clerk, command).await;
        let state = self.house().state().await;
        let open = state.scans().filter(|s| s.state == ScanState::Pending);
        let open: Vec<_> = open.map(|s| s.id).collect();
        let Some(scan) = self.one_of(&open) else {
            return;
        };
        let reason = Personal::Plain("H05.114-250625-0002".into());
        let command = match self.chance(6) {
            0 => Command::Refuse { scan, reason },
            1 => Command::Doubt { scan, reason },
            2 => return,
            _ => Command::Deliver { scan, answer: None },
        };
        self.house().clock.pass(2_000);
        self.ask(Role::System, command).await;
    }

    /// The way to the intake server is lost, or still is.
    async fn intake_away(&mut self) {
        let cause = self.one_of(&[
            AwayCause::NoConnection,
            AwayCause::Silent,
            AwayCause::ServerError { status: 503 },
            AwayCause::NotLetIn { status: 401 },
        ]);
        let command = Command::NoteIntakeAway {
            cause: cause.unwrap(),
            for_ms: self.chance(60_000),
        };
        self.ask(Role::System, command).await;
    }

    /// Seldom: the day closes and goes on, or another begins.
    async fn day_changes(&mut self) {
        if self.chance(6) > 0 {
            return;
        }
        self.ask(Role::Supervisor, Command::CloseDay).await;
        if self.chance(3) == 0 {
            self.house().clock.pass(60_000);
            self.ask(Role::Supervisor, Command::OpenDay).await;
            return;
        }
        self.house().clock.pass(DAY_MS);
        self.ask(Role::System, Command::Tick).await;
        self.day += 1;
    }
}
