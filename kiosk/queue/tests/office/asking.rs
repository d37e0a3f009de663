//! What a random step asks for, in the office as it is when the step is done.

use queue::*;

use super::steps::{Act, At, Step, With, office_of};
use super::{Desk, book};

/// Letters asked for: those of the office, one that only some offices have, one of none.
const LETTERS: [char; 9] = ['A', 'A', 'A', 'B', 'B', 'C', 'D', 'E', 'Z'];
/// Counters asked for; 5 is there only in some offices, 9 in none.
const COUNTERS: [u32; 12] = [3, 4, 3, 4, 3, 4, 3, 4, 3, 4, 5, 9];
/// The last one is no class of any office.
const CLASSES: [&str; 8] = [
    "normal", "normal", "normal", "normal", "priority", "priority", "re-entry", "vip",
];
/// The last is a person; the others are devices, which may have several counters.
const CLERKS: [&str; 3] = ["an", "binh", "person-3"];

fn pick<T: Copy>(from: &[T], n: u8) -> Option<T> {
    from.get(usize::from(n) % from.len().max(1)).copied()
}

impl Desk {
    /// A ticket of today: mostly one with which it can be done.
    fn some_ticket(&self, n: u8, with: With) -> TicketId {
        use TicketState::{Called, Done, Held, Parked, Serving, Waiting};
        let fits = |t: &&Ticket| match with {
            With::Resume => matches!(t.state, Held | Parked),
            With::Rate => t.state == Done,
            With::Paper | With::Reprint => true,
            With::Hold => matches!(t.state, Called | Serving),
            _ => matches!(t.state, Waiting | Held | Parked | Called | Serving),
        };
        let mut all: Vec<_> = self
            .state
            .tickets()
            .filter(|t| n > 230 || fits(t))
            .collect();
        all.sort_unstable_by_key(|t| t.place);
        let ids: Vec<_> = all.into_iter().map(|t| t.id).collect();
        pick(&ids, n).unwrap_or(TicketId::from_bits(0))
    }

    /// Mostly who has the counter, sometimes somebody else.
    fn somebody(&self, who: u8, counter: Option<u32>) -> Actor {
        let holder = counter.and_then(|n| self.state.desk(n)?.actor.clone());
        let id = match holder {
            Some(holder) if who > 25 => holder,
            _ => pick(&CLERKS, who).unwrap_or_default().to_owned(),
        };
        let role = if who.is_multiple_of(16) {
            Role::Supervisor
        } else {
            Role::Clerk
        };
        Actor { id, role }
    }

    /// Who acts and what is asked.
    pub fn command(&self, step: &Step) -> (Actor, Command) {
        let counter = |n| pick(&COUNTERS, n).unwrap_or_default();
        let service = |n| pick(&LETTERS, n).unwrap_or_default();
        let token = TicketId::from_bits(u128::from(self.seq) + 1);
        let who = |counter| self.somebody(step.who, counter);
        match step.act {
            Act::Tick | Act::Clock(_) => (who(None), Command::Tick),
            Act::Confirm(minutes, sure) => {
                let utc = book::utc(self.tick) + i64::from(minutes) * 60_000;
                (who(None), Command::ConfirmTime { utc, sure })
            }
            Act::PowerOff { minutes, known } => {
                let gap_ms = u64::from(minutes) * if known { 60_000 } else { 0 };
                (who(None), Command::Start { gap_ms })
            }
            Act::Configure(n) => {
                let office = Box::new(office_of(n));
                (who(None), Command::Configure { office })
            }
            Act::Settings(n, what) => {
                let base = match step.who {
                    0..20 => 0,
                    _ => self.state.settings().version(),
                };
                let date = jiff::civil::date(2026, 11, 23 + i8::try_from(n % 3).unwrap());
                let from = (n > 128).then_some(jiff::civil::time(10, 0, 0, 0));
                let command = match what % 5 {
                    0 => Command::WithdrawOffice { base },
                    1 => Command::SetDayOff {
                        off: DayOff {
                            date,
                            from,
                            to: None,
                            reason: Text::vi("mất điện"),
                        },
                    },
                    2 => Command::RemoveDayOff { date },
                    _ => Command::ChangeOffice {
                        office: Box::new(office_of(n)),
                        base,
                    },
                };
                (who(None), command)
            }
            Act::Service(n, pause) => {
                let service = service(n);
                let command = match pause {
                    true => Command::PauseService { service },
                    false => Command::ResumeService { service },
                };
                (who(None), command)
            }
            Act::Roll(n, gap, many, served) => {
                let service = service(n);
                let next = self.state.next_number(service).map_or(1, |number| number.n);
                // Now and then into what was left out, or over a number that exists.
                let from = (next + u32::from(gap % 8)).saturating_sub(2);
                let to = from + u32::from(many % 4);
                let served = u32::from(served % 4).checked_sub(1).map(|n| from + n);
                let command = Command::EnterRoll {
                    service,
                    from,
                    to,
                    served,
                    reason: None,
                    tickets: self.roll_ids(from, to),
                };
                (who(None), command)
            }
            Act::Skip(n, ahead) => {
                let service = (n % 3 > 0).then(|| service(n));
                let next = self.state.next_number(service.unwrap_or('A'));
                let next = next.map_or(1, |number| number.n) + u32::from(ahead % 16);
                (who(None), Command::SkipNumbers { service, next })
            }
            Act::Show(n) => {
                let slips: Vec<_> = self.state.deferrals().map(|d| d.token).collect();
                let command = Command::Return {
                    slip: pick(&slips, n).unwrap_or(TicketId::from_bits(0)),
                    ticket: self.fresh_id(),
                    token,
                    print: n % 2 == 0,
                    printer: None,
                };
                (who(None), command)
            }
            Act::OpenDay => (who(None), Command::OpenDay),
            Act::CloseDay => (who(None), Command::CloseDay),
            Act::Issue {
                service: n,
                class,
                print,
            } => {
                let class = pick(&CLASSES, class).unwrap_or_default().to_owned().into();
                let role = if step.who > 100 {
                    Role::Kiosk
                } else {
                    Role::Clerk
                };
                let actor = Actor {
                    id: "kiosk".into(),
                    role,
                };
                let command = Command::Issue {
                    ticket: self.fresh_id(),
                    token,
                    service: service(n),
                    class,
                    language: "vi".into(),
                    reason: None,
                    dossier: (n > 200).then(|| format!("H00.{n}")),
                    person: (n > 100).then(|| format!("person {}", n % 5)),
                    override_reason: (n > 180).then(|| "lấy hộ".to_owned()),
                    print,
                    printer: None,
                };
                (actor, command)
            }
            Act::Counter(at, n) => {
                let counter = counter(n);
                let closed = self.state.desk(counter).is_some_and(|d| d.actor.is_none());
                let command = match at {
                    // Mostly somebody sits down first.
                    _ if closed && step.who > 50 => Command::OpenCounter { counter },
                    At::Call => Command::CallNext { counter },
                    At::Next => Command::Next { counter },
                    At::Recall => Command::Recall { counter },
                    At::Begin => Command::Begin { counter },
                    At::Finish => Command::Finish { counter },
                    At::NoShow => Command::NoShow { counter },
                    At::Undo => Command::Undo { counter },
                    At::Open => Command::OpenCounter { counter },
                    At::Pause => Command::PauseCounter { counter },
                    At::Close => Command::CloseCounter { counter },
                };
                (who(Some(counter)), command)
            }
            Act::Choose(n, ticket) => {
                let (counter, ticket) = (counter(n), self.some_ticket(ticket, With::Change));
                let reason = "mang thai".into();
                let command = Command::CallChosen {
                    counter,
                    ticket,
                    reason,
                };
                (who(Some(counter)), command)
            }
            Act::Ticket(with, n, other) => {
                let ticket = self.some_ticket(n, with);
                let counter_of = self.state.ticket(ticket).and_then(|t| t.counter);
                let command = match with {
                    With::Cancel => Command::Cancel { ticket },
                    With::Change => Command::Change {
                        ticket,
                        new: self.fresh_id(),
                        token,
                        service: service(other),
                        print: other % 2 == 0,
                    },
                    With::Hold => Command::Hold {
                        ticket,
                        reason: (other > 99).then(|| "chờ giấy".into()),
                        minutes: None,
                    },
                    With::Resume => Command::Resume { ticket },
                    With::ToService => {
                        let to = Target::Service(service(other));
                        Command::Transfer { ticket, to }
                    }
                    With::ToCounter => {
                        let to = Target::Counter(counter(other));
                        Command::Transfer { ticket, to }
                    }
                    With::Reprint => Command::Reprint { ticket },
                    With::Paper if other % 4 == 3 => Command::BeginPaper {
                        slip: ticket,
                        printer: None,
                        again: other > 100,
                    },
                    With::Paper => Command::ReportPaper {
                        slip: ticket,
                        paper: [PaperState::Printed, PaperState::Unknown, PaperState::Failed]
                            [usize::from(other % 3)],
                        cause: None,
                    },
                    With::Rate => Command::Rate {
                        ticket,
                        level: other % 7,
                        reasons: None,
                    },
                };
                (who(counter_of), command)
            }
            Act::Scan {
                dossier,
                purpose,
                counter: n,
                ticket,
                forward,
            } => {
                let purposes = [None, None, Some(Purpose::Return), Some(Purpose::LookUp)];
                let command = Command::Scan {
                    scan: ScanId::from_bits(1 << 100 | u128::from(self.seq + 1)),
                    dossier: format!("H00.00-{}", dossier % 12),
                    purpose: pick(&purposes, purpose).flatten(),
                    counter: (n > 60).then(|| counter(n)),
                    ticket: (ticket > 200).then(|| self.some_ticket(ticket, With::Hold)),
                    device: "reader".into(),
                    forward,
                };
                (who(None), command)
            }
            Act::Ask(n, kind) => {
                let kinds = [
                    SlipKind::Checklist,
                    SlipKind::ReEntry,
                    SlipKind::Deferred,
                    SlipKind::DayReport,
                ];
                let kind = pick(&kinds, kind).unwrap_or(SlipKind::TestPage);
                let about = matches!(kind, SlipKind::ReEntry | SlipKind::Deferred);
                let held = about.then(|| self.some_ticket(n, With::Resume));
                let command = Command::AskSlip {
                    slip: Id::from_bits(1 << 99 | u128::from(self.seq + 1)),
                    kind,
                    service: (kind == SlipKind::Checklist).then(|| service(n)),
                    ticket: held,
                    language: "vi".into(),
                    printer: None,
                };
                (who(None), command)
            }
            Act::Printer(n, outcome) => {
                let ids: Vec<_> = self.state.unprinted().map(Unprinted::id).collect();
                let slip = pick(&ids, n).unwrap_or(Id::from_bits(0));
                let states = [PaperState::Printed, PaperState::Unknown, PaperState::Failed];
                let command = match outcome % 4 {
                    3 => Command::BeginPaper {
                        slip,
                        printer: None,
                        again: false,
                    },
                    other => Command::ReportPaper {
                        slip,
                        paper: states[usize::from(other)],
                        cause: None,
                    },
                };
                (who(None), command)
            }
            Act::Outcome(n, kind) => {
                let ids: Vec<_> = self.state.scans().map(|scan| scan.id).collect();
                let scan = pick(&ids, n).unwrap_or(ScanId::from_bits(0));
                let reason = Personal::Plain("không có".into());
                let command = match kind % 4 {
                    0 => Command::Refuse { scan, reason },
                    1 => Command::Doubt { scan, reason },
                    _ => Command::Deliver { scan, answer: None },
                };
                (who(None), command)
            }
            Act::Letter(n, kind) => {
                let ids: Vec<_> = self.state.letters().map(|letter| letter.id).collect();
                let letter = pick(&ids, n).unwrap_or(LetterId::from_bits(0));
                let command = match kind % 3 {
                    0 => Command::SignLetter { letter },
                    1 => Command::GiveLetter { letter },
                    _ => {
                        let draft = self.draft_of(&format!("H{}", n % 4), -3, 5, "lý do");
                        let draft = Box::new(draft);
                        Command::DraftLetter { draft }
                    }
                };
                (who(None), command)
            }
        }
    }
}
