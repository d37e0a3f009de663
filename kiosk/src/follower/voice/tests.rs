#![allow(clippy::unwrap_used)]
use super::*;
use queue::{Why, WhyRule};

const A012: Number = Number { letter: 'A', n: 12 };

fn ticket(n: u8) -> TicketId {
    format!("01J{n:023}").parse().unwrap()
}

fn orders(settings: &str) -> Orders {
    Orders::new(toml::from_str(settings).unwrap())
}

fn moment(now_ms: u64) -> Moment {
    Moment {
        now_ms,
        time: Some(Time::constant(9, 0, 0, 0)),
    }
}

fn called(priority: bool) -> Called {
    Called {
        number: A012,
        priority,
    }
}

fn listed(orders: &Orders) -> Vec<(u64, Standing)> {
    let list = orders.list.iter();
    list.map(|a| (a.id, a.standing)).collect()
}

fn record(seq: u64, events: Vec<Event>) -> Record {
    Record {
        epoch: "E".into(),
        seq,
        command: None,
        at: 0,
        boot: String::new(),
        mono: seq * 1_000,
        actor: "clerk".into(),
        events,
    }
}

fn call_of(ticket: TicketId, counter: u32) -> Event {
    let why = Why {
        rule: WhyRule::Turn,
        passed: None,
        after: None,
        reason: None,
    };
    Event::Called {
        ticket,
        counter,
        why,
    }
}

#[test]
fn calls_and_recalls_are_announced_and_an_undone_call_is_taken_back() {
    let (one, two) = (ticket(1), ticket(2));
    let finished = Event::Finished {
        ticket: one,
        counter: 3,
        at_closing: false,
    };
    let undone = |act| Event::Undone {
        counter: 3,
        act,
        tickets: vec![one, two],
    };
    for (events, facts) in [
        (vec![call_of(one, 3)], 1),
        (
            vec![Event::Recalled {
                ticket: one,
                counter: 3,
            }],
            1,
        ),
        (vec![finished.clone(), call_of(two, 3)], 1),
        (vec![undone(Act::Call)], 1),
        (vec![undone(Act::Next)], 1),
        // Nobody was called by it, so nothing that was said was wrong.
        (vec![undone(Act::NoShow)], 0),
        (vec![finished], 0),
    ] {
        let found: Vec<_> = Fact::of(&record(7, events.clone())).collect();
        assert_eq!(found.len(), facts, "{events:?}");
        if let Some(Fact::Called { seq, called_ms, .. }) = found.first() {
            assert_eq!((*seq, *called_ms), (7, 7_000));
        }
    }
}

#[test]
fn a_recall_stands_behind_the_others_and_an_undo_leaves_what_was_not_undone() {
    let mut orders = orders("");
    let (one, two) = (ticket(1), ticket(2));
    for (seq, place) in [(1, (one, 3)), (2, (two, 4)), (3, (one, 3)), (4, (one, 5))] {
        orders.order(seq, 0, place, called(false), moment(40));
    }
    assert!(orders.list.iter().all(|a| a.ordered_after_ms == 40));
    orders.take_back(3, &[one]);
    use Standing::{New, Undone};
    assert_eq!(
        listed(&orders),
        [(1, Undone), (2, New), (3, Undone), (4, New)]
    );
}

#[test]
fn after_a_minute_nobody_begins_with_it_and_after_ten_it_is_forgotten() {
    let mut orders = orders("");
    orders.order(1, 0, (ticket(1), 1), called(false), moment(0));
    orders.order(2, 30_000, (ticket(2), 1), called(false), moment(30_000));
    use Standing::{New, Old};
    for (now_ms, changed, wanted) in [
        (59_999, false, vec![(1, New), (2, New)]),
        (60_000, true, vec![(1, Old), (2, New)]),
        (60_001, false, vec![(1, Old), (2, New)]),
        (599_999, true, vec![(1, Old), (2, Old)]),
        (600_000, true, vec![(2, Old)]),
        (630_000, true, vec![]),
    ] {
        assert_eq!(orders.pass_time(now_ms), changed, "{now_ms}");
        assert_eq!(listed(&orders), wanted, "{now_ms}");
    }
}

#[test]
fn it_is_said_in_the_offices_languages_as_often_and_as_loud_as_it_wants() {
    let settings = "languages = [\"vi\", \"en\"]\nrepeat = 3\nmode = \"cardinal\"\n\
                    volume_at = [{ from = \"08:00\", to = \"10:00\", volume = 40 }]";
    let mut orders = orders(settings);
    orders.order(1, 0, (ticket(1), 15), called(true), moment(0));
    let announcement = &orders.list[0];
    assert_eq!((announcement.repeat, announcement.volume), (3, 40));
    let said: Vec<Vec<String>> = announcement
        .sentences
        .iter()
        .map(|sentence| sentence.iter().map(Clip::to_string).collect())
        .collect();
    assert_eq!(
        said,
        [
            vec![
                "vi/call",
                "vi/priority",
                "vi/letter-a",
                "vi/ten",
                "vi/2",
                "vi/to-counter",
                "vi/ten",
                "vi/five-after-tens"
            ],
            vec![
                "en/priority",
                "en/call",
                "en/letter-a",
                "en/12",
                "en/to-counter",
                "en/15"
            ],
        ]
    );
    // A machine that does not know the time speaks as at any other.
    let unknown = Moment {
        now_ms: 0,
        time: None,
    };
    orders.order(2, 0, (ticket(2), 1), called(false), unknown);
    assert_eq!(orders.list[1].volume, 100);
}

#[test]
fn at_hours_without_sound_nothing_waits_to_be_said_later() {
    let settings = "volume_at = [{ from = \"08:00\", to = \"10:00\", volume = 0 }]";
    let mut orders = orders(settings);
    orders.order(1, 0, (ticket(1), 1), called(false), moment(0));
    assert_eq!(listed(&orders), []);
}

#[test]
fn the_list_has_a_bound_and_the_newest_stay() {
    let mut orders = orders("");
    for seq in 1..=150 {
        orders.order(seq, 0, (ticket(1), 1), called(false), moment(0));
    }
    let ids: Vec<u64> = orders.list.iter().map(|a| a.id).collect();
    assert_eq!(ids, (51..=150).collect::<Vec<_>>());
}
