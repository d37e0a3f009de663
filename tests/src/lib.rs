//! What the stories share: the real binary in a folder of its own, and the people and
//! devices around it.
//!
//! Promises:
//! - nothing outside the story's temporary folder is touched, every port is a free one,
//!   and every child process ends with the story;
//! - no story sleeps: it waits for a line, an event, an answer, or for a condition with a
//!   deadline (`wait`);
//! - chance has a seed, and the seed is printed.
//!
//! Deliberately not here: what the office should do. That is said in `stories/`.

// A story that cannot go on has failed, and a panic is how it says so.
#![allow(clippy::unwrap_used)]

pub mod api;
pub mod axe;
pub mod browser;
pub mod chance;
pub mod clerk;
pub mod ear;
pub mod fake_intake;
pub mod foreign_system;
pub mod measure;
pub mod office;
pub mod person;
pub mod process;
pub mod screen;
pub mod sse;
pub mod tools;
pub mod visitor;
pub mod wait;
