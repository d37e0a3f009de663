//! TLS for whoever comes from another machine.
//!
//! Promises:
//! - the appliance's own authority is made once and stays: whoever installed it need not again;
//! - a certificate is judged as a browser would judge it, and made anew before one complains;
//! - a wrong clock never makes a certificate that no machine will ever accept;
//! - strangers who connect and say nothing keep nobody else out.
//!
//! Deliberately not here: what is served behind the door, and the page that offers the authority.

mod authority;
mod certificate;
mod complaint;
mod door;

pub use authority::fingerprint;
pub use certificate::{At, Keeper, Own, Wanted};
pub use complaint::complaint;
pub use door::Door;
