//! The role `kiosk token create`: access for a device or a clerk.

use std::io::Write as _;

use crate::config::Config;
use crate::tokens::{Right, Tokens};

/// Prints a new token alone on standard output; a running daemon honours it at once.
pub(super) fn create(config: &Config, role: Right, name: Option<&str>) -> anyhow::Result<()> {
    let token = Tokens::open(&config.server.data).create(role, name)?;
    writeln!(std::io::stdout(), "{token}")?;
    Ok(())
}
