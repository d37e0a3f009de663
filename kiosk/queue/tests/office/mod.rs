//! A small office, its journal in memory, and what tests of it are written in.
//!
//! Services A (counters 3), B (4), C (3 and 4) and D (4, two numbers a day); A also at 4.
#![allow(dead_code, clippy::unwrap_used)] // Each test binary uses its part.

mod asking;
pub mod book;
pub mod calendar;
mod holding;
mod letters;
mod scanning;
pub mod script;
pub mod steps;

use queue::*;

/// Makes an office without hours.
pub fn office() -> Office {
    let service = |letter: char, quota| Service {
        letter,
        name: Text::vi(&letter.to_string()),
        words: Text::default(),
        kind: ServiceKind::Normal,
        quota,
        minutes: 5,
        purpose: None,
        papers: (letter == 'A')
            .then(|| Text::vi("căn cước"))
            .into_iter()
            .collect(),
        hours: Vec::new(),
    };
    let counter = |number, services: &str| Counter {
        number,
        services: services.chars().collect(),
        purpose: Purpose::Receive,
    };
    Office {
        parent: Text::default(),
        name: Text::vi("Phường Mẫu"),
        code: "H00.00".into(),
        hotline: String::new(),
        languages: vec!["vi".into()],
        utc_offset_minutes: 420,
        hours: Vec::new(),
        work: Vec::new(),
        holidays: Vec::new(),
        days_off: Vec::new(),
        notices: Vec::new(),
        services: vec![
            service('A', None),
            service('B', None),
            service('C', None),
            service('D', Some(2)),
        ],
        counters: vec![counter(3, "AC"), counter(4, "ABCD")],
        classes: vec![Class {
            id: "priority".into(),
            name: Text::vi("người cao tuổi"),
            from_age: Some(75),
        }],
        mixing: Mixing::default(),
        tickets_per_person: 1,
        slips: Default::default(),
    }
}

/// An office at work: the state, and a journal in memory.
#[derive(Clone)]
pub struct Desk {
    pub state: State,
    pub seq: u64,
    pub tick: u64,
    pub utc: Option<i64>,
    pub journal: Vec<(Stamp, Event)>,
    /// What a journal keeps beside its records for a replay from the last `DayOpened`.
    pub carried: Carried,
}

/// What was in force and still undone when the last day was opened, and where that stands.
#[derive(Clone, Default)]
pub struct Carried {
    pub settings: Settings,
    pub scans: Vec<Scan>,
    pub deferrals: Vec<Deferral>,
    pub letters: Vec<Letter>,
    pub from: usize,
}

pub fn clerk(name: &str) -> Actor {
    Actor {
        id: name.into(),
        role: Role::Clerk,
    }
}

pub fn kiosk() -> Actor {
    Actor {
        id: "kiosk".into(),
        role: Role::Kiosk,
    }
}

impl Desk {
    pub fn new() -> Self {
        Self {
            state: State::new(),
            seq: 0,
            tick: 0,
            utc: None,
            journal: Vec::new(),
            carried: Carried::default(),
        }
    }

    /// An open day of [`office`], the time unknown.
    pub fn open() -> Self {
        let mut desk = Self::new();
        let office = Box::new(office());
        desk.act(&clerk("system"), Command::Configure { office })
            .unwrap();
        desk.act(&clerk("system"), Command::Start { gap_ms: 0 })
            .unwrap();
        desk
    }

    pub fn now(&self) -> Now {
        Now {
            tick: self.tick,
            utc: self.utc,
        }
    }

    pub fn act(&mut self, actor: &Actor, command: Command) -> Result<Vec<Event>, Refusal> {
        let events = self.state.decide(self.now(), actor, command)?;
        if !events.is_empty() {
            self.seq += 1;
        }
        // As the journal's tables have it: what the records before that of the opening left.
        if events.iter().any(|e| matches!(e, Event::DayOpened { .. })) {
            let open = self.state.scans().filter(|scan| scan.state.is_open());
            self.carried = Carried {
                settings: self.state.settings().clone(),
                scans: open.cloned().collect(),
                deferrals: self.state.deferrals().cloned().collect(),
                letters: self
                    .state
                    .letters()
                    .filter(|l| l.state.is_open())
                    .cloned()
                    .collect(),
                from: self.journal.len(),
            };
        }
        for event in &events {
            let stamp = Stamp {
                seq: self.seq,
                tick: self.tick,
            };
            self.journal.push((stamp, event.clone()));
            self.state.apply(stamp, event);
            if let Err(broken) = self.state.check() {
                panic!("after {event:?}: {broken}");
            }
        }
        Ok(events)
    }

    /// The state as a start makes it: what was carried, and every event since the last day
    /// began. `keep` says which of the carried scans were kept.
    pub fn replayed(&self, keep: impl Fn(&Scan) -> bool) -> State {
        let mut state = State::new();
        state.carry_settings(self.carried.settings.clone());
        for scan in self.carried.scans.iter().filter(|scan| keep(scan)) {
            state.carry_scan(scan.clone());
        }
        for deferral in self.carried.deferrals.iter().cloned() {
            state.carry_deferral(deferral);
        }
        for letter in self.carried.letters.iter().cloned() {
            state.carry_letter(letter);
        }
        for (stamp, event) in &self.journal[self.carried.from..] {
            state.apply(*stamp, event);
        }
        state
    }

    pub fn fresh_id(&self) -> TicketId {
        TicketId::new(self.seq + 1, 7)
    }

    pub fn issue(&mut self, service: char, class: &str) -> Result<Vec<Event>, Refusal> {
        let order = self.order(service, class);
        self.act(&kiosk(), order)
    }

    /// What somebody asks for who shows nothing.
    pub fn order(&self, service: char, class: &str) -> Command {
        Command::Issue {
            ticket: self.fresh_id(),
            token: TicketId::from_bits(u128::from(self.seq) + 1),
            service,
            class: class.to_owned().into(),
            language: "vi".into(),
            reason: None,
            dossier: None,
            person: None,
            override_reason: None,
            print: true,
            printer: None,
        }
    }

    /// Ids and tokens for the numbers of a paper roll.
    pub fn roll_ids(&self, from: u32, to: u32) -> Vec<(TicketId, TicketId)> {
        let seq = self.seq + 1;
        let ids = |n: u128| {
            let token = TicketId::from_bits((n << 64) | u128::from(seq));
            (TicketId::new(seq, n << 20), token)
        };
        (u128::from(from)..=u128::from(to)).map(ids).collect()
    }

    pub fn roll(
        &mut self,
        service: char,
        from: u32,
        to: u32,
        served: Option<u32>,
    ) -> Result<Vec<Event>, Refusal> {
        let command = Command::EnterRoll {
            service,
            from,
            to,
            served,
            reason: None,
            tickets: self.roll_ids(from, to),
        };
        self.act(&clerk("binh"), command)
    }

    /// The token on the slip that had a number on a service day.
    pub fn slip(&self, number: &str, of_day: u64) -> TicketId {
        let mut today = 0;
        let mut events = self.journal.iter().map(|(_, event)| event);
        let found = events.find_map(|event| match event {
            Event::DayOpened { day, .. } => {
                today = *day;
                None
            }
            Event::Issued {
                number: n, token, ..
            } => (today == of_day && n.to_string() == number).then_some(*token),
            _ => None,
        });
        found.unwrap_or_else(|| panic!("{number} was not given out on day {of_day}"))
    }

    /// A citizen shows a slip, of whatever day.
    pub fn show_slip(&mut self, actor: &Actor, slip: TicketId) -> Result<Vec<Event>, Refusal> {
        let command = match self.state.by_token(slip) {
            Some(ticket) => Command::Resume { ticket: ticket.id },
            None => Command::Return {
                slip,
                ticket: self.fresh_id(),
                token: TicketId::from_bits(u128::from(self.seq) + 1),
                print: true,
                printer: None,
            },
        };
        self.act(actor, command)
    }

    pub fn id(&self, number: &str) -> TicketId {
        let ticket = self.state.by_number(number.parse().unwrap());
        ticket
            .unwrap_or_else(|| panic!("{number} was never given out"))
            .id
    }

    pub fn state_of(&self, number: &str) -> String {
        let state = self.state.ticket(self.id(number)).unwrap().state;
        format!("{number} {}", format!("{state:?}").to_lowercase())
    }
}
