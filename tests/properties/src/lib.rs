//! What must hold for any bytes that come from outside, one function for each place where they
//! come in.
//!
//! Each panics with what is wrong. The fuzzer (`tests/fuzz`) calls them with bytes it has bred for
//! days, the gate (`tests/short.rs`) with a small corpus and its neighbours. They know the code only
//! by what it promises: where a promise can be checked by a second, simpler way of counting, they
//! do that.

#![allow(clippy::unwrap_used)]

mod esc_pos_status;
mod framing;
mod import;
mod meaning;
mod mutate;

pub use esc_pos_status::esc_pos_status;
pub use framing::framing;
pub use import::import;
pub use meaning::meaning;
pub use mutate::Mutator;

/// A place where bytes come in: its name, which is its folder in `tests/fuzz/corpus`, and what must
/// hold.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: [Target; 4] = [
    ("esc_pos_status", esc_pos_status),
    ("framing", framing),
    ("import", import),
    ("meaning", meaning),
];
