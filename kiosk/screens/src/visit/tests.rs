//! The visit, told as scripts: seconds, what happens, what the screen shows and does.

#![allow(clippy::unwrap_used)]

mod looking;
mod reading;

use super::*;
use crate::board::{ClosedReason, Issuing, Kind, Service, Ticket};

fn office() -> Board {
    let service = |open, kind| Service {
        issuing: Issuing {
            open,
            ..Issuing::default()
        },
        kind,
        ..Service::default()
    };
    let mut board = Board::default();
    board.office.languages = vec!["vi".to_owned(), "en".to_owned()];
    board.office.priority = Some(Default::default());
    for (letter, open) in [("A", true), ("B", true), ("E", false)] {
        let service = service(open, Kind::Normal);
        board.services.insert(letter.to_owned(), service);
    }
    let mut late = service(false, Kind::Normal);
    late.issuing.reason = Some(ClosedReason::Late);
    board.services.insert("L".to_owned(), late);
    let results = service(true, Kind::Result);
    board.services.insert("K".to_owned(), results);
    board.look_up = true;
    board
}

/// `A012 pending`: a ticket in words.
fn ticket(number: &str, paper: &str) -> Ticket {
    Ticket {
        id: format!("id-{number}"),
        number: number.to_owned(),
        service: number[..1].to_owned(),
        paper: serde_json::from_value(paper.into()).unwrap(),
        ..Ticket::default()
    }
}

struct Script {
    visit: Visit,
    touches: u32,
}

impl Script {
    fn event(&mut self, text: &str, now: u64) -> Event {
        let words: Vec<&str> = text.split_whitespace().collect();
        match words.as_slice() {
            ["wait"] => Event::Tick,
            ["board"] => Event::Board(Box::new(office())),
            ["noon"] => {
                let mut board = office();
                board.issuing.open = false;
                Event::Board(Box::new(board))
            }
            ["reader"] => Event::Reader(true),
            ["found", key, state] => looking::answered(key, looking::found(state)),
            ["wrong", key, left] => {
                looking::answered(key, LookedUp::Wrong(Some(left.parse().unwrap())))
            }
            ["locked", key, minutes] => {
                let wait_ms = minutes.parse::<u64>().unwrap() * 60_000;
                looking::answered(key, LookedUp::Locked(Some(wait_ms)))
            }
            ["no-software", key] => looking::answered(key, LookedUp::Away),
            ["type", signs] => {
                for sign in signs.chars() {
                    let press = Press::Sign(Private(sign.to_string()));
                    self.visit.on(Event::Press(press, String::new()), now);
                }
                Event::Tick
            }
            ["down"] => Event::Link(false),
            ["up"] => Event::Link(true),
            [what @ ("receipt" | "slip" | "card" | "junk"), rest @ ..] => {
                self.touches += 1;
                let private = |rest: &[&str]| Private(rest.join(" "));
                let code = match *what {
                    "receipt" => Code::Receipt(private(rest)),
                    "slip" => Code::Slip(private(rest)),
                    "card" => Code::Card(Card {
                        number: private(rest),
                        birth: None,
                    }),
                    _ => Code::Other(Told::Unreadable),
                };
                Event::Read(code, format!("k{}", self.touches))
            }
            ["person", key, who, rest @ ..] => {
                let person = Person {
                    word: Private((*who).to_owned()),
                    held: Vec::new(),
                    class: rest.first().map(|class| (*class).to_owned()),
                };
                Event::Card((*key).to_owned(), Some(person))
            }
            ["nobody", key] => Event::Card((*key).to_owned(), None),
            ["held", key, number] => Event::Answer(
                (*key).to_owned(),
                Answer::Held(Box::new(ticket(number, "printed"))),
            ),
            ["answer", key, number, paper] => Event::Answer(
                (*key).to_owned(),
                Answer::Ticket(Box::new(ticket(number, paper))),
            ),
            ["refused", key] => Event::Answer((*key).to_owned(), Answer::Refused("no".to_owned())),
            ["silent", key] => Event::Answer((*key).to_owned(), Answer::Silent),
            ["looked", number, paper] => Event::Looked(Box::new(ticket(number, paper))),
            ["resume", key] => Event::Resume(Pending {
                key: (*key).to_owned(),
                language: "en".to_owned(),
                step: Step::Issue {
                    service: "A".to_owned(),
                    class: "normal".to_owned(),
                    person: None,
                },
            }),
            ["touch", what] => {
                self.touches += 1;
                let press = match *what {
                    "priority" => Press::AskPriority,
                    "drop" => Press::DropPriority,
                    "yes" => Press::Yes,
                    "no" => Press::No,
                    "change" => Press::Change,
                    "remembered" => Press::Remembered,
                    "back" => Press::Back,
                    "look-up" => Press::LookUp,
                    "erase" => Press::Erase,
                    "letters" => Press::Letters,
                    "send" => Press::Send,
                    "stay" => Press::Stay,
                    "size" => Press::Size,
                    "language" => Press::Language,
                    letter => Press::Choose(letter.to_owned()),
                };
                Event::Press(press, format!("k{}", self.touches))
            }
            other => panic!("unknown: {other:?}"),
        }
    }
}

/// One line: seconds, event, `->`, page and what else is special, then the acts.
fn check(script: &str) {
    let mut this = Script {
        visit: Visit::new(0),
        touches: 0,
    };
    for line in script
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        let (before, expected) = line.split_once("->").expect("an arrow");
        let (at, event) = before
            .trim()
            .split_once(' ')
            .expect("seconds, then an event");
        let now = (at.parse::<f64>().unwrap() * 1000.0) as u64;
        let event = this.event(event, now);
        let acts = this.visit.on(event, now);
        let got = describe(&this.visit, &acts, now);
        let expected: Vec<&str> = expected.split_whitespace().collect();
        assert_eq!(got, expected.join(" "), "at {line:?}");
    }
}

fn said(person: &Option<Private>) -> String {
    person
        .as_ref()
        .map_or(String::new(), |p| format!(" {}", p.0))
}

fn describe(visit: &Visit, acts: &[Act], now: u64) -> String {
    let mut text = match visit.page(now) {
        Page::Tiles { asked: None } => "tiles".to_owned(),
        Page::Tiles {
            asked: Some(letter),
        } => format!("asked {letter}").trim_end().to_owned(),
        Page::Number(shown) => format!("number {}", shown.ticket.number),
        Page::Change(shown) => format!("change {}", shown.ticket.number),
        Page::Refused(why) => format!("refused {why}"),
        Page::Waiting { again } => format!("waiting{}", if again { " again" } else { "" }),
        Page::NoNumbers(letter) => format!("no numbers for {letter}"),
        Page::LookUp(page) => looking::described(visit, page),
        page => format!("{page:?}").to_lowercase(),
    };
    if visit.priority() {
        text += " priority";
    }
    if visit.large() {
        text += " large";
    }
    if visit.language() == Language::English {
        text += " en";
    }
    for act in acts {
        text += &match act {
            Act::Send(Pending { key, step, .. }) => match step {
                Step::Issue {
                    service,
                    class,
                    person,
                } => format!(" [send {key} {service} {class}{}]", said(person)),
                Step::Change { ticket, service } => format!(" [send {key} {ticket} {service}]"),
                Step::Receipt {
                    dossier,
                    class,
                    person,
                } => format!(" [send {key} {} {class}{}]", dossier.0, said(person)),
                Step::Slip { token } => format!(" [send {key} {}]", token.0),
            },
            Act::Card(key, card) => format!(" [card {key} {}]", card.number.0),
            Act::LookUp {
                key,
                dossier,
                factor,
                ..
            } => format!(" [look up {key} {} {}]", dossier.0, factor.0),
            Act::Look(_) => " [look]".to_owned(),
            Act::Forget => " [forget]".to_owned(),
        };
    }
    text
}

#[test]
fn two_touches_make_a_number_and_home_comes_by_itself() {
    check(
        "0     board                     -> tiles
         1     touch A                   -> asked A [send k1 A normal]
         1.2   answer k1 A012 pending    -> number A012
         1.9   wait                      -> number A012 [look]
         2     looked A012 printed       -> number A012
         13.9  wait                      -> number A012
         14    wait                      -> tiles [forget]",
    );
}

#[test]
fn a_double_tap_a_retry_and_a_late_answer_are_one_ticket() {
    check(
        "0     board                     -> tiles
         1     touch A                   -> asked A [send k1 A normal]
         1.1   touch A                   -> asked A
         1.2   touch B                   -> asked A
         4     silent k1                 -> waiting
         4.3   wait                      -> waiting again [send k1 A normal]
         6     silent k1                 -> waiting again
         6.6   wait                      -> waiting again [send k1 A normal]
         21    wait                      -> noanswer
         22    touch yes                 -> asked A [send k1 A normal]
         22.1  answer k9 A013 printed    -> asked A
         22.2  answer k1 A012 printed    -> number A012",
    );
}

#[test]
fn an_answer_after_the_apology_still_counts() {
    check(
        "0     board                     -> tiles
         1     touch A                   -> asked A [send k1 A normal]
         21    wait                      -> noanswer
         22    answer k1 A012 none       -> number A012
         23    touch remembered          -> tiles [forget]",
    );
}

#[test]
fn a_request_from_before_a_restart_is_finished_in_its_language() {
    check(
        "0     resume k7                 -> asked A en [send k7 A normal]
         0.5   board                     -> asked A en
         1     silent k7                 -> asked A en
         1.3   wait                      -> waiting again en [send k7 A normal]
         30    wait                      -> waiting again en
         31    answer k7 A012 printed    -> number A012 en
         43    wait                      -> tiles [forget]",
    );
}

#[test]
fn without_paper_the_number_stays_until_it_is_remembered_or_ninety_seconds() {
    check(
        "0     board                     -> tiles
         1     touch A                   -> asked A [send k1 A normal]
         2     answer k1 A012 failed     -> number A012
         50    wait                      -> number A012 [look]
         91    wait                      -> number A012 [look]
         92    wait                      -> tiles [look] [forget]
         100   touch B                   -> asked B [send k2 B normal]
         101   answer k2 B001 none       -> number B001
         150   touch remembered          -> tiles [forget]",
    );
}

#[test]
fn paper_that_comes_late_starts_the_short_count() {
    check(
        "0     board                     -> tiles
         1     touch A                   -> asked A [send k1 A normal]
         2     answer k1 A012 failed     -> number A012
         60    looked A012 printed       -> number A012 [look]
         71    wait                      -> number A012
         72    wait                      -> tiles [forget]",
    );
}

#[test]
fn a_wrong_choice_is_changed_within_ninety_seconds() {
    check(
        "0     board                     -> tiles
         1     touch A                   -> asked A [send k1 A normal]
         2     answer k1 A012 printed    -> number A012
         3     touch change              -> change A012
         20    touch B                   -> asked B [send k3 id-A012 B]
         21    answer k3 B004 printed    -> number B004
         33    wait                      -> tiles [forget]",
    );
}

#[test]
fn a_change_that_is_refused_leaves_the_old_number() {
    check(
        "0     board                     -> tiles
         1     touch A                   -> asked A [send k1 A normal]
         2     answer k1 A012 printed    -> number A012
         3     touch change              -> change A012
         4     touch B                   -> asked B [send k3 id-A012 B]
         5     refused k3                -> refused no
         9     touch back                -> number A012
         10    touch change              -> change A012
         11    touch A                   -> number A012
         12    touch change              -> change A012
         13    touch E                   -> no numbers for E
         14    touch back                -> number A012",
    );
}

#[test]
fn a_class_is_asked_for_seen_and_dropped() {
    check(
        "0     board                     -> tiles
         1     touch priority            -> priority
         2     touch no                  -> tiles
         3     touch priority            -> priority
         4     touch yes                 -> tiles priority
         5     touch drop                -> tiles
         6     touch priority            -> priority
         7     touch yes                 -> tiles priority
         8     touch A                   -> asked A priority [send k8 A priority]
         9     answer k8 A001 printed    -> number A001 priority
         21    wait                      -> tiles [forget]",
    );
}

#[test]
fn a_question_left_alone_asks_before_it_goes_home() {
    check(
        "0     board                     -> tiles
         1     touch priority            -> priority
         31    wait                      -> still
         35    touch yes                 -> priority
         65    wait                      -> still
         70    touch no                  -> tiles
         80    touch priority            -> priority
         110   wait                      -> still
         120   wait                      -> tiles",
    );
}

#[test]
fn language_and_size_are_not_left_to_the_next_citizen() {
    check(
        "0     board                     -> tiles
         1     touch language            -> tiles en
         2     touch size                -> tiles large en
         61    wait                      -> tiles large en
         62    wait                      -> tiles
         70    touch language            -> tiles en
         71    touch A                   -> asked A en [send k4 A normal]
         72    answer k4 A001 printed    -> number A001 en
         84    wait                      -> tiles [forget]",
    );
}

#[test]
fn a_lost_daemon_shows_after_three_seconds_and_never_hides_a_number() {
    check(
        "0     wait                      -> starting
         3     wait                      -> away
         4     board                     -> tiles
         5     down                      -> tiles
         6     up                        -> tiles
         7     down                      -> tiles
         10    wait                      -> away
         11    touch A                   -> away
         12    board                     -> tiles
         13    touch A                   -> asked A [send k2 A normal]
         14    answer k2 A001 printed    -> number A001
         14.5  down                      -> number A001
         20    wait                      -> number A001
         26    wait                      -> away [forget]",
    );
}

#[test]
fn closed_and_full_say_so_and_send_nothing() {
    check(
        "0     board                     -> tiles
         1     touch E                   -> no numbers for E
         2     touch back                -> tiles
         3     noon                      -> closed
         4     touch A                   -> closed",
    );
}

#[test]
fn a_long_line_keeps_nobody_with_priority_from_a_number() {
    check(
        "0     board                     -> tiles
         1     touch L                   -> no numbers for L
         2     touch back                -> tiles
         3     touch priority            -> priority
         4     touch yes                 -> tiles priority
         5     touch L                   -> asked L priority [send k5 L priority]",
    );
}

#[test]
fn nothing_wakes_a_screen_where_nothing_moves() {
    let mut visit = Visit::new(0);
    visit.on(Event::Board(Box::new(office())), 0);
    assert_eq!(visit.wake_at(100), None);
    visit.on(
        Event::Press(Press::Choose("A".to_owned()), "k".to_owned()),
        1_000,
    );
    let printed = Answer::Ticket(Box::new(ticket("A012", "printed")));
    visit.on(Event::Answer("k".to_owned(), printed), 2_000);
    // Only the seconds of the countdown.
    assert_eq!(visit.wake_at(2_000), Some(3_000));
    assert_eq!(visit.wake_at(2_400), Some(3_000));
    assert_eq!(visit.wake_at(3_000), Some(4_000));
}
