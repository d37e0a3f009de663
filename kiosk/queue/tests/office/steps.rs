//! Random steps: everything that can be asked of an office, by anybody, at any time.
//!
//! Steps (`asking.rs` makes them commands) name tickets, counters and scans by small numbers that are looked up when the step
//! is done, so that a shrunk list of steps still makes sense.

use proptest::prelude::*;
use queue::*;

use super::office;

/// `seconds` pass, then `who` does `act`.
#[derive(Clone, Debug)]
pub struct Step {
    pub seconds: u32,
    pub who: u8,
    pub act: Act,
}

#[derive(Clone, Debug)]
pub enum Act {
    Tick,
    /// Off for some minutes; afterwards the time is known or not.
    PowerOff {
        minutes: u32,
        known: bool,
    },
    /// The wall clock is set, this many minutes off.
    Clock(i32),
    /// Staff say what time it is, this many minutes off.
    Confirm(i32, bool),
    Configure(u8),
    /// `/admin` changes the office, or what waits.
    Settings(u8, u8),
    OpenDay,
    CloseDay,
    Issue {
        service: u8,
        class: u8,
        print: bool,
    },
    Counter(At, u8),
    Choose(u8, u8),
    Ticket(With, u8, u8),
    Scan {
        dossier: u8,
        purpose: u8,
        counter: u8,
        ticket: u8,
        forward: bool,
    },
    Outcome(u8, u8),
    /// A letter for a dossier is drafted, or one is taken a step further.
    Letter(u8, u8),
    /// A slip beside a ticket's own is asked for.
    Ask(u8, u8),
    /// A printer says something of a slip that is not out.
    Printer(u8, u8),
    /// A service is paused or goes on.
    Service(u8, bool),
    /// Numbers of a paper roll are entered: service, gap, how many, and served up to where.
    Roll(u8, u8, u8, u8),
    /// Numbers go on from further on: service or all, and how far.
    Skip(u8, u8),
    /// A slip of an earlier day is shown.
    Show(u8),
}

/// Acts at a counter.
#[derive(Clone, Copy, Debug)]
pub enum At {
    Call,
    Next,
    Recall,
    Begin,
    Finish,
    NoShow,
    Undo,
    Open,
    Pause,
    Close,
}

/// Acts with a ticket.
#[derive(Clone, Copy, Debug)]
pub enum With {
    Cancel,
    Change,
    Hold,
    Resume,
    ToService,
    ToCounter,
    Reprint,
    Paper,
    Rate,
}

pub fn step() -> impl Strategy<Value = Step> {
    let seconds = prop_oneof![
        40 => 0_u32..12,
        3 => 12_u32..1_200,
        1 => 1_200_u32..30_000,
    ];
    (seconds, any::<u8>(), act()).prop_map(|(seconds, who, act)| Step { seconds, who, act })
}

fn act() -> impl Strategy<Value = Act> {
    let n = any::<u8>;
    prop_oneof![
        4 => Just(Act::Tick),
        1 => (0_u32..1_500, any::<bool>())
            .prop_map(|(minutes, known)| Act::PowerOff { minutes, known }),
        1 => prop_oneof![Just(0), -90..90_i32, Just(5_259_600)].prop_map(Act::Clock),
        1 => n().prop_map(Act::Configure),
        2 => (n(), n()).prop_map(|(n, what)| Act::Settings(n, what)),
        1 => (prop_oneof![Just(0), -90..90_i32, Just(5_259_600)], any::<bool>())
            .prop_map(|(minutes, sure)| Act::Confirm(minutes, sure)),
        6 => Just(Act::OpenDay),
        2 => Just(Act::CloseDay),
        50 => (n(), n(), any::<bool>())
            .prop_map(|(service, class, print)| Act::Issue { service, class, print }),
        90 => (at(), n()).prop_map(|(at, counter)| Act::Counter(at, counter)),
        4 => (n(), n()).prop_map(|(counter, ticket)| Act::Choose(counter, ticket)),
        45 => (with(), n(), n()).prop_map(|(with, ticket, other)| Act::Ticket(with, ticket, other)),
        10 => (n(), n(), n(), n(), any::<bool>()).prop_map(
            |(dossier, purpose, counter, ticket, forward)| Act::Scan {
                dossier, purpose, counter, ticket, forward,
            }
        ),
        6 => (n(), n()).prop_map(|(scan, kind)| Act::Outcome(scan, kind)),
        4 => (n(), n()).prop_map(|(about, kind)| Act::Letter(about, kind)),
        4 => (n(), n()).prop_map(|(about, kind)| Act::Ask(about, kind)),
        6 => (n(), n()).prop_map(|(slip, outcome)| Act::Printer(slip, outcome)),
        3 => (n(), any::<bool>()).prop_map(|(service, pause)| Act::Service(service, pause)),
        2 => (n(), n(), n(), n()).prop_map(|(a, b, c, d)| Act::Roll(a, b, c, d)),
        1 => (n(), n()).prop_map(|(service, ahead)| Act::Skip(service, ahead)),
        6 => n().prop_map(Act::Show),
    ]
}

fn at() -> impl Strategy<Value = At> {
    prop_oneof![
        4 => Just(At::Call),
        6 => Just(At::Next),
        1 => Just(At::Recall),
        2 => Just(At::Begin),
        2 => Just(At::Finish),
        5 => Just(At::NoShow),
        8 => Just(At::Undo),
        2 => Just(At::Open),
        1 => Just(At::Pause),
        1 => Just(At::Close),
    ]
}

fn with() -> impl Strategy<Value = With> {
    prop_oneof![
        1 => Just(With::Cancel),
        1 => Just(With::Change),
        3 => Just(With::Hold),
        6 => Just(With::Resume),
        2 => Just(With::ToService),
        1 => Just(With::ToCounter),
        1 => Just(With::Reprint),
        3 => Just(With::Paper),
        1 => Just(With::Rate),
    ]
}

/// Offices to change between: names, mixing, counters, hours, letters.
pub fn office_of(n: u8) -> Office {
    let mut office = office();
    match n % 8 {
        0 | 1 => {}
        2 => office.name = Text::vi("Phường Khác"),
        3 => {
            office.mixing = Mixing {
                priority: 2,
                normal: 1,
            }
        }
        4 => {
            let mut five = office.counters[0].clone();
            (five.number, five.services) = (5, vec!['B', 'C']);
            office.counters.push(five);
        }
        5 => office.services[3].letter = 'E',
        6 => {
            let days = vec![queue::Weekday::Mon, queue::Weekday::Tue];
            let (from, to) = (
                jiff::civil::time(7, 30, 0, 0),
                jiff::civil::time(17, 0, 0, 0),
            );
            office.work = vec![Hours {
                days: days.clone(),
                from: jiff::civil::time(8, 0, 0, 0),
                to,
            }];
            office.services[1].hours = vec![Hours {
                days: vec![queue::Weekday::Mon],
                from,
                to: jiff::civil::time(11, 30, 0, 0),
            }];
            office.hours = vec![Hours { days, from, to }];
        }
        _ => {
            office.counters.truncate(1);
        }
    }
    office
}
