//! Random offices: whatever is asked, in whatever order, the promises hold.
//!
//! `office/book.rs` says what is checked after every event, and at every restart.
//!
//! A failure prints its shortest steps and the seed; `PROPTEST_RNG_SEED=<seed>` plays it again.
#![allow(clippy::unwrap_used)]

mod office;

use std::hash::{BuildHasher, RandomState};

use office::book::Life;
use office::steps::step;
use office::{Desk, clerk};
use proptest::test_runner::{Config, RngSeed, TestError, TestRunner};
use queue::*;

/// Offices of a run, and the most steps of one; half of the product, 112,000, are done.
const CASES: u32 = 400;
const STEPS: usize = 560;
/// Steps between two looks at `ahead`, which plays the day to its end.
const LOOK_AHEAD_EVERY: usize = 25;

#[test]
fn whatever_is_asked_in_whatever_order_the_promises_hold() {
    let mut config = Config {
        failure_persistence: None,
        max_shrink_iters: 2_000,
        ..Config::default()
    };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = CASES;
    }
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(RandomState::new().hash_one(()));
    }
    let seed = config.rng_seed;
    let steps = proptest::collection::vec(step(), 0..=STEPS);
    let outcome = TestRunner::new(config).run(&steps, |steps| {
        let mut life = Life::new();
        for (index, step) in steps.iter().enumerate() {
            life.step(step);
            if index % LOOK_AHEAD_EVERY == 0 {
                people_ahead_are_those_really_called_before(&life.desk);
            }
        }
        life.start_again();
        Ok(())
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(why, steps)) => {
            let steps: String = steps.iter().map(|step| format!("{step:?}\n")).collect();
            panic!("PROPTEST_RNG_SEED={seed}: {why} after\n{steps}")
        }
        Err(other) => panic!("PROPTEST_RNG_SEED={seed}: {other}"),
    }
}

/// With one counter open and nobody else coming, `ahead` is the number of calls before.
fn people_ahead_are_those_really_called_before(desk: &Desk) {
    if !desk.state.day_is_open() {
        return;
    }
    let counters: Vec<Counter> = desk.state.office().unwrap().counters.clone();
    for counter in &counters {
        let mut desk = desk.clone();
        for Counter { number, .. } in &counters {
            let counter = *number;
            let holder = desk.state.desk(counter).and_then(|d| d.actor.clone());
            let Some(holder) = holder else { continue };
            // Refused if there is nothing in hand.
            let _ = desk.act(&clerk(&holder), Command::Finish { counter });
            desk.act(&clerk(&holder), Command::CloseCounter { counter })
                .unwrap();
        }
        let (number, an) = (counter.number, clerk("an"));
        desk.act(&an, Command::OpenCounter { counter: number })
            .unwrap();
        let here = |t: &&Ticket| match t.only {
            Some(only) => only == number,
            None => counter.services.contains(&t.service),
        };
        let waiting = desk.state.tickets().filter(here);
        let mut foretold: Vec<_> = waiting
            .filter_map(|t| Some((desk.state.ahead(t)? as usize, t.number)))
            .collect();
        foretold.sort_unstable();
        let (upcoming, total) = desk.state.upcoming(number, usize::MAX);
        let upcoming: Vec<_> = upcoming.into_iter().map(|t| t.number).collect();
        let mut called = Vec::new();
        while let Some(Event::Called { ticket, .. }) = desk
            .act(&an, Command::Next { counter: number })
            .unwrap()
            .last()
        {
            called.push(desk.state.number(*ticket).unwrap());
        }
        assert_eq!(
            foretold,
            called.iter().copied().enumerate().collect::<Vec<_>>()
        );
        assert_eq!(upcoming, called);
        assert_eq!(total, called.len());
    }
}
