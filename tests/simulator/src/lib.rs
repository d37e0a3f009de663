//! A receipt printer on paper that misbehaves on command.
//!
//! Written from the command reference and not from the encoder it judges: strict about bytes that
//! no printer knows, it keeps every piece of paper that comes out, answers questions as its
//! [`Model`] does, and has any [`Fault`] at any byte.
//!
//! It never sleeps: printing takes no time, only bytes.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod command;
mod head;
mod line;
mod line_image;
mod model;
mod page;
mod paper;
mod printer;

pub use line::{PtyLine, Shared, TcpLine};
pub use model::Model;
pub use paper::{Code, Cut, Harm, Mistake, Text};
pub use printer::{Fault, Printer};
