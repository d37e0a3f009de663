//! Followers: everything that is done because of what was journalled.
//!
//! Printing and intake derive their work from facts (issued or scanned, and no outcome yet),
//! so nothing hangs on a cursor. A follower may be late, may restart and may see a thing twice.

pub mod backup;
pub mod forwarding;
pub(crate) mod intake;
pub mod lamps;
pub mod ledger;
mod outages;
pub mod printing;
pub mod retention;
pub mod scanning;
pub mod voice;
