//! The role `kiosk check`: tests the configuration and each device, one line each.

use std::io::Write as _;
use std::net::TcpStream;
use std::process::ExitCode;
use std::time::Duration;

use printer::Device;

use super::Common;
use crate::config::{Config, Scanner};

/// How long a device or server may take to answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(3);

/// Exit status 0 if all is well.
pub(super) fn check(common: &Common) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout();
    let config = match common.load() {
        Ok(config) => config,
        Err(error) => {
            writeln!(out, "bad   configuration: {error}")?;
            return Ok(ExitCode::FAILURE);
        }
    };
    let path = config
        .path
        .as_ref()
        .map_or("the sample office".into(), |p| p.display().to_string());
    let mut lines = vec![("configuration".to_owned(), Ok(path))];
    lines.push(("data".into(), data(&config)));
    lines.push(("printer".into(), printer(&config.printer.device)));
    for scanner in &config.scanners {
        let name = format!("scanner at counter {}", scanner.counter);
        lines.push((name, self::scanner(scanner)));
    }
    if let Some((intake, _)) = &config.intake {
        lines.push(("intake".into(), answers(intake.url.get_ref())));
    }
    if let Some(url) = config.public.as_ref().and_then(|p| p.url.as_ref()) {
        lines.push(("public address".into(), answers(url)));
    }
    let mut code = ExitCode::SUCCESS;
    for (name, result) in lines {
        match result {
            Ok(found) => writeln!(out, "good  {name}: {found}")?,
            Err(problem) => {
                writeln!(out, "bad   {name}: {problem}")?;
                code = ExitCode::FAILURE;
            }
        }
    }
    Ok(code)
}

fn data(config: &Config) -> Result<String, String> {
    let folder = &config.server.data;
    let probe = folder.join("check.probe");
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(&probe, "probe"))
        .and_then(|()| std::fs::remove_file(&probe))
        .map_err(|e| format!("{}: {e}", folder.display()))?;
    Ok(format!("{} can be written", folder.display()))
}

fn printer(device: &Device) -> Result<String, String> {
    match device {
        Device::Preview => Ok("preview: slips become pictures in the data folder".into()),
        Device::None => Ok("none: numbers are shown on the screen only".into()),
        Device::File(path) => std::fs::OpenOptions::new()
            .append(true)
            .open(path)
            .map(|_| format!("{} opens", path.display()))
            .map_err(|e| format!("{}: {e}", path.display())),
        Device::Tcp(address) => connect(address).map(|()| format!("{address} answers")),
        Device::Serial { path, .. } => std::fs::OpenOptions::new()
            .write(true)
            .open(path)
            .map(|_| format!("{} opens", path.display()))
            .map_err(|e| format!("{}: {e}", path.display())),
    }
}

fn connect(address: &str) -> Result<(), String> {
    use std::net::ToSocketAddrs as _;
    let found = address
        .to_socket_addrs()
        .map_err(|e| format!("{address}: {e}"))?;
    let mut problem = format!("{address}: no such host");
    for address in found {
        match TcpStream::connect_timeout(&address, ANSWER_WITHIN) {
            Ok(_) => return Ok(()),
            Err(e) => problem = format!("{address}: {e}"),
        }
    }
    Err(problem)
}

fn scanner(scanner: &Scanner) -> Result<String, String> {
    let opened = scanner::Listener::open(scanner.device.clone());
    opened
        .map(|_| format!("{} opens", scanner.device))
        .map_err(|e| format!("{}: {e}", scanner.device))
}

/// Whether anything listens at an address.
fn answers(url: &str) -> Result<String, String> {
    let parsed = reqwest::Url::parse(url).map_err(|e| format!("{url}: {e}"))?;
    let host = parsed.host_str().unwrap_or_default();
    let port = parsed.port_or_known_default().unwrap_or(80);
    connect(&format!("{host}:{port}")).map(|()| format!("{url} answers"))
}
