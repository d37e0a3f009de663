//! The language of the scripts: one line is a moment, what somebody does, and what comes of it.

use queue::*;

use super::{Desk, clerk, kiosk};

impl Desk {
    /// Does one line of a script and says what came of it.
    pub fn line(&mut self, words: &[&str]) -> String {
        let (words, actor) = match words {
            [rest @ .., "by", name] => (rest, clerk(name)),
            ["cancel" | "change", ..] => (words, kiosk()),
            _ => (words, clerk("binh")),
        };
        let n = |text: &str| text.parse::<u32>().unwrap();
        let letter = |text: &str| text.chars().next().unwrap();
        let result = match words {
            ["take", service, n, "times"] => {
                for _ in 1..n.parse().unwrap() {
                    self.issue(letter(service), "normal").unwrap();
                }
                self.issue(letter(service), "normal")
            }
            ["take", service] => self.issue(letter(service), "normal"),
            ["take", service, class] => self.issue(letter(service), class),
            ["state", number] => return self.state_of(number),
            ["ahead", number] => {
                let ticket = self.state.ticket(self.id(number)).unwrap();
                return self.state.ahead(ticket).unwrap().to_string();
            }
            ["wait", service] => {
                return match self.state.wait_of_newcomer(self.now(), letter(service)) {
                    Some(range) => format!("{}-{}", range.low, range.high),
                    None => "unknown".into(),
                };
            }
            ["why", number] => {
                let why = self
                    .state
                    .ticket(self.id(number))
                    .unwrap()
                    .why
                    .clone()
                    .unwrap();
                let rule = kebab(&format!("{:?}", why.rule));
                return match why.passed {
                    Some(passed) => format!("{rule} passed {passed}"),
                    None => rule,
                };
            }
            [act @ ("call" | "next"), counter] => {
                let counter = n(counter);
                let closed = self
                    .state
                    .desk(counter)
                    .is_some_and(|d| d.state == CounterState::Closed);
                if closed {
                    self.act(&actor, Command::OpenCounter { counter }).unwrap();
                }
                match *act {
                    "call" => self.act(&actor, Command::CallNext { counter }),
                    _ => self.act(&actor, Command::Next { counter }),
                }
            }
            ["choose", counter, number] => {
                let (counter, ticket) = (n(counter), self.id(number));
                if self
                    .state
                    .desk(counter)
                    .is_some_and(|d| d.state == CounterState::Closed)
                {
                    self.act(&actor, Command::OpenCounter { counter }).unwrap();
                }
                let reason = "mang thai".into();
                self.act(
                    &actor,
                    Command::CallChosen {
                        counter,
                        ticket,
                        reason,
                    },
                )
            }
            [
                act @ ("undo" | "finish" | "no-show" | "recall" | "start" | "open" | "pause"
                | "close"),
                counter,
            ] => {
                let counter = n(counter);
                let command = match *act {
                    "undo" => Command::Undo { counter },
                    "finish" => Command::Finish { counter },
                    "no-show" => Command::NoShow { counter },
                    "recall" => Command::Recall { counter },
                    "start" => Command::Begin { counter },
                    "open" => Command::OpenCounter { counter },
                    "pause" => Command::PauseCounter { counter },
                    _ => Command::CloseCounter { counter },
                };
                self.act(&actor, command)
            }
            ["hold", number] => {
                let ticket = self.id(number);
                self.act(
                    &actor,
                    Command::Hold {
                        ticket,
                        reason: None,
                        minutes: None,
                    },
                )
            }
            ["resume", number] => {
                let ticket = self.id(number);
                self.act(&actor, Command::Resume { ticket })
            }
            ["cancel", number] => {
                let ticket = self.id(number);
                self.act(&actor, Command::Cancel { ticket })
            }
            ["change", number, service] => {
                let (ticket, new) = (self.id(number), self.fresh_id());
                let token = TicketId::from_bits(u128::from(self.seq) + 1);
                let service = letter(service);
                self.act(
                    &actor,
                    Command::Change {
                        ticket,
                        new,
                        token,
                        service,
                        print: true,
                    },
                )
            }
            ["transfer", number, "to", counter] => {
                let (ticket, to) = (self.id(number), Target::Counter(n(counter)));
                self.act(&actor, Command::Transfer { ticket, to })
            }
            ["transfer", number, service] => {
                let (ticket, to) = (self.id(number), Target::Service(letter(service)));
                self.act(&actor, Command::Transfer { ticket, to })
            }
            [act @ ("stop" | "go-on"), service] => {
                let service = letter(service);
                let command = match *act {
                    "stop" => Command::PauseService { service },
                    _ => Command::ResumeService { service },
                };
                self.act(&actor, command)
            }
            ["roll", service, numbers, rest @ ..] => {
                let (from, to) = numbers.split_once('-').unwrap();
                let served = match rest {
                    ["served", served] => Some(n(served)),
                    _ => None,
                };
                self.roll(letter(service), n(from), n(to), served)
            }
            ["cancel-roll", service, numbers] => {
                let (from, to) = numbers.split_once('-').unwrap();
                let (service, from, to) = (letter(service), n(from), n(to));
                self.act(&actor, Command::CancelRoll { service, from, to })
            }
            ["skip", service, next] => {
                let service = (*service != "all").then(|| letter(service));
                let next = n(next);
                self.act(&actor, Command::SkipNumbers { service, next })
            }
            ["show", number, "of", day] => return self.show(number, day.parse().unwrap()),
            ["right", number, "of", day] => return self.right(number, day.parse().unwrap()),
            ["open-day"] => self.act(&actor, Command::OpenDay),
            ["close-day"] => self.act(&actor, Command::CloseDay),
            ["take", service, "as", person, reason @ ..] => {
                self.take_as(&actor, letter(service), person, reason)
            }
            ["receipt", dossier, asked @ ..] => return self.show_receipt(dossier, asked),
            ["holds", person] => return self.holds(person),
            ["aged", age] => {
                let class = self.state.class_from_age(age.parse().unwrap());
                return class.unwrap_or("normal").to_owned();
            }
            other => return self.scan_line(other),
        };
        match result {
            Ok(events) => self.outcome(words, &events),
            Err(Refusal::NumbersTaken(newest)) => format!("taken, newest {newest}"),
            Err(Refusal::TooManyTickets(held)) => format!("holds {held}"),
            Err(Refusal::IssuingClosed(why)) => kebab(&format!("{why:?}")),
            Err(refusal) => kebab(&format!("{refusal:?}")),
        }
    }

    /// A citizen shows the slip of a number of some day at the kiosk.
    fn show(&mut self, number: &str, day: u64) -> String {
        let slip = self.slip(number, day);
        match self.show_slip(&kiosk(), slip) {
            Ok(_) => {
                let shown = self.state.by_token(slip).unwrap();
                format!("{}, {}", shown.number, shown.class.as_str())
            }
            Err(Refusal::IssuingClosed(why)) => kebab(&format!("{why:?}")),
            Err(refusal) => kebab(&format!("{refusal:?}")),
        }
    }

    /// On which day the slip of a number of some day brings its citizen back.
    fn right(&self, number: &str, day: u64) -> String {
        let right = self.state.deferral(self.slip(number, day));
        match right.filter(|right| self.state.still_holds(right)) {
            None => "none".into(),
            Some(right) => match (right.on, right.from) {
                (Some(on), Some(from)) => on
                    .to_datetime(from)
                    .strftime("%a %d/%m/%Y %H:%M")
                    .to_string(),
                _ => "next day".into(),
            },
        }
    }

    fn outcome(&self, words: &[&str], events: &[Event]) -> String {
        match (words.first().copied(), events.last()) {
            (_, Some(Event::Issued { number, .. })) => number.to_string(),
            (_, Some(Event::Called { ticket, .. } | Event::Recalled { ticket, .. })) => {
                self.state.number(*ticket).unwrap().to_string()
            }
            (_, Some(Event::Undone { tickets, .. })) => {
                self.state.number(tickets[0]).unwrap().to_string()
            }
            (Some("next" | "call"), _) => "nobody".into(),
            (
                _,
                Some(
                    Event::Finished { ticket, .. }
                    | Event::MissedCall { ticket, .. }
                    | Event::Held { ticket, .. }
                    | Event::Resumed { ticket, .. }
                    | Event::Transferred { ticket, .. }
                    | Event::Cancelled { ticket },
                ),
            ) => self.state_of(&self.state.number(*ticket).unwrap().to_string()),
            _ => "done".into(),
        }
    }
}

pub fn kebab(camel: &str) -> String {
    let mut out = String::new();
    for c in camel.chars() {
        if c.is_uppercase() && !out.is_empty() {
            out.push('-');
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// Plays a script; every line must come out as it says.
pub fn check(script: &str) {
    let mut desk = Desk::open();
    for line in script.lines().map(str::trim).filter(|l| !l.is_empty()) {
        let (act, expected) = line.split_once("->").unwrap();
        let words: Vec<&str> = act.split_whitespace().collect();
        let clock: Vec<u64> = words[0].split(':').map(|p| p.parse().unwrap()).collect();
        let seconds = clock[0] * 3600 + clock[1] * 60 + clock.get(2).copied().unwrap_or(0);
        desk.tick = seconds * 1000;
        assert_eq!(desk.line(&words[1..]), expected.trim(), "{line}");
    }
}
