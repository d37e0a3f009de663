//! The role `kiosk admin-link`: a one-time link that makes an administrator. Whoever can write
//! the data folder may have one; a running daemon honours it at once.

use std::io::Write as _;
use std::path::Path;

use crate::config::Config;
use crate::people::link;

/// Prints a new link alone on standard output.
pub(super) fn print(config: &Config) -> anyhow::Result<()> {
    let path = link::make(&config.server.data)?;
    let address = config.server.own_url();
    writeln!(std::io::stdout(), "{address}{path}")?;
    Ok(())
}

/// Tells the console of an office without people how to make the first administrator.
///
/// Not by the log: a link must not travel with it. Standard output has the address alone.
pub(super) fn invite(data: &Path, address: &str) -> anyhow::Result<()> {
    let link = format!("{address}{}", link::make(data)?);
    let minutes = link::VALID_MINUTES;
    writeln!(
        std::io::stderr(),
        "\n\
        Chưa có cán bộ nào. Mở liên kết này để tạo quản trị viên đầu tiên (dùng một lần, trong {minutes} phút):\n\
        Nobody can sign in yet. Open this link to make the first administrator (good once, for {minutes} minutes):\n\n    \
        {link}\n\n\
        Liên kết mới / a new link: kiosk admin-link\n"
    )?;
    Ok(())
}
