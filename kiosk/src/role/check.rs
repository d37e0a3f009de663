//! The role `kiosk check`: tests the configuration and each device, one line each.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use printer::{Abilities, Condition, Confirmation, Device};
use queue::DeviceKind;
use serde_json::Value;
use voice::Clip;

use super::{Common, slips};
use crate::advice;
use crate::clock;
use crate::config::{self, Config, Intake, Place, Scanner};
use crate::copies::{self, Order};
use crate::devices;
use crate::follower::intake::{self, Line, Scan, Timeouts, Verdict};
use crate::follower::printing;
use crate::forms;
use crate::health;
use crate::ids;
use crate::office::{Remark, file};
use crate::packs::{self, Origin, Packs};
use crate::pins::Header;
use crate::speaker::Output;

/// How long a device or server may take to answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(3);

/// What is done beside looking.
pub(super) struct More {
    /// A test page on each printer.
    pub(super) page: bool,
    /// Pictures of every slip, in this folder.
    pub(super) slips: Option<PathBuf>,
}

/// Exit status 0 if all is well. `probe`: printers are asked anew what they can do.
pub(super) fn check(common: &Common, probe: bool, more: &More) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout();
    let config = match common.load() {
        Ok(config) => config,
        Err(error) => {
            writeln!(out, "bad   configuration: {error}")?;
            if let Ok((last_good, Some(_))) = Config::load_or_last_good(common.config.as_deref()) {
                let path = last_good.path.unwrap_or_default();
                let path = path.display();
                writeln!(
                    out,
                    "      a daemon runs on the last good copy instead: {path}"
                )?;
            }
            return Ok(ExitCode::FAILURE);
        }
    };
    let path = config
        .path
        .as_ref()
        .map_or("the sample office".into(), |p| p.display().to_string());
    let mut lines = vec![("configuration".to_owned(), Ok(path))];
    lines.push(("data".into(), data(&config)));
    if let Some(own) = config.server.own_certificate() {
        let read = own.read().map(|_| "can be used with its key".to_owned());
        lines.push(("certificate".into(), read));
    }
    if config.printers.is_empty() {
        let none = "none: numbers are shown on the screen only";
        lines.push(("printer".into(), Ok(none.into())));
    }
    let daemon = running(&config);
    if daemon
        .as_ref()
        .map(|daemon| &daemon["parts"]["configuration"])
        == Some(&"trouble".into())
    {
        let old = "the running daemon found this file bad at its start and runs on its last good copy; restart it";
        lines.push(("running configuration".into(), Err(old.into())));
    }
    for printer in &config.printers {
        let name = match config.printers.len() {
            1 => "printer".to_owned(),
            _ => format!("printer {}", printer.name),
        };
        let found = match &daemon {
            Some(seen) => self::seen(seen, &printer.name),
            None => self::printer(printer, &config.server.data, probe),
        };
        let page = format!("test page, {name}");
        lines.push((name, found));
        if more.page {
            let printed = slips::test_page(&config, printer, daemon.is_some());
            lines.push((page, printed));
        }
    }
    if let Some(logo) = &config.logo {
        let found = logo.as_ref().map(|_| "can be printed".to_owned());
        lines.push(("logo".into(), found.map_err(Clone::clone)));
    }
    // A slip that may fail is for today to mend; the rest is only worth knowing.
    let of_slips = |warning: &&Remark| warning.field.starts_with("slips.");
    for warning in config.warnings.iter().filter(of_slips) {
        let said = warning.text.get("en").to_owned();
        lines.push((file::name(&warning.field), Err(said)));
    }
    if let Some(folder) = &more.slips {
        lines.push(("slips".into(), slips::pictures(&config, folder)));
    }
    if config.gpio.is_some() {
        lines.push(("gpio".into(), gpio(daemon.as_ref())));
    }
    for scanner in &config.scanners {
        let name = format!("scanner {}", scanner.place);
        lines.push((name, self::scanner(scanner, daemon.as_ref())));
    }
    lines.push(("form".into(), form(&config)));
    if config.lobby.sound {
        lines.push(("voice".into(), clips(&config)));
        lines.push(("loudspeaker".into(), loudspeaker(&config)));
    }
    if let Some(intake) = &config.intake {
        lines.push(("intake".into(), other_side(intake.clone())));
    }
    if let Some(url) = config.public.as_ref().and_then(|p| p.url.as_ref()) {
        lines.push(("public address".into(), answers(url)));
    }
    for warning in config.warnings.iter().filter(|w| !of_slips(w)) {
        let (name, said) = (file::name(&warning.field), warning.text.get("en"));
        writeln!(out, "note  {name}: {said}")?;
    }
    if let Some(order) = config.order() {
        lines.push(("backup".into(), backup(&order)));
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

/// Which text of the letter for a late dossier counts today, by the wall clock.
fn form(config: &Config) -> Result<String, String> {
    let today = config.office.local(clock::wall_ms()).date();
    let form = config.forms.in_force(forms::APOLOGY, today);
    let form =
        form.ok_or("no text of the letter for a late dossier counts yet: check [[form]] from")?;
    Ok(format!("late dossiers: {}", form.told()))
}

fn data(config: &Config) -> Result<String, String> {
    let folder = &config.server.data;
    let probe = folder.join("check.probe");
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(&probe, "probe"))
        .and_then(|()| std::fs::remove_file(&probe))
        .map_err(|e| format!("{}: {e}", folder.display()))?;
    match health::Disk::of(folder) {
        Some(disk) if disk.is_low() => Err(format!(
            "{}: the disk is nearly full, {} MB are left",
            folder.display(),
            disk.free_bytes >> 20
        )),
        _ => Ok(format!("{} can be written", folder.display())),
    }
}

/// Whether every clip is there that calls of this office need.
fn clips(config: &Config) -> Result<String, String> {
    let packs = Packs::of(&config.server.data);
    let letters: Vec<char> = config.office.services.iter().map(|s| s.letter).collect();
    let needed = packs::needed(&config.voice, &letters);
    let missing = packs.missing(needed.iter().copied());
    if missing.is_empty() {
        let own = |clip: &&Clip| packs.origin(**clip) == Some(Origin::Own);
        let (count, own) = (needed.len(), needed.iter().filter(own).count());
        return Ok(format!(
            "{count} clips are there, {own} of them the office's own"
        ));
    }
    let words = missing.iter().map(|clip| {
        let words = clip.words(&config.voice.letters);
        format!("{clip} ({words})")
    });
    let words = words.collect::<Vec<_>>().join(", ");
    Err(format!(
        "clips are missing: {words}. Run kiosk voice make, or record them"
    ))
}

/// Whether something plays on this machine: silence, for a moment.
fn loudspeaker(config: &Config) -> Result<String, String> {
    let mut output = Output::of(&config.lobby.player);
    let probed = output.probe().map_err(|trouble| trouble.to_string());
    probed.map(|()| format!("plays {}", output.name()))
}

/// Whether the disk for copies is there, and which copy is the newest on it.
fn backup(order: &Order) -> Result<String, String> {
    let folder = order.folder.display();
    copies::look(order).map_err(|away| {
        let told = advice::backup_away();
        format!("{away}\n      {}\n      {}", told.vi, told.en)
    })?;
    let (kept, _) = copies::copies(&order.folder).map_err(|e| format!("{folder}: {e}"))?;
    Ok(match kept.first() {
        Some(newest) => format!("{folder} is there; newest copy: {}", newest.file.display()),
        None => format!("{folder} is there, without a copy yet"),
    })
}

/// How a printer fares that no daemon holds.
fn printer(printer: &config::Printer, data: &Path, probe: bool) -> Result<String, String> {
    if printer.device == Device::Preview {
        return Ok("preview: slips become pictures in the data folder".into());
    }
    let (mut book, setup) = printing::setup(printer, data);
    let mut opened = printer::open(setup);
    let known = book.record.abilities;
    if probe {
        opened.abilities(true);
    }
    let mut condition = opened.look();
    // Known by now also where nothing was: the first look asks.
    let abilities = opened.abilities(false);
    let answers = abilities.is_some_and(Abilities::answers);
    if condition.prints() && known.is_some() && !answers {
        // It answered once. Whoever has put in another that never does removes the record.
        condition = Condition::Silent;
    }
    // In trouble it leaves what it would answer in turn unanswered: that is no way to know it.
    let found = abilities.filter(|found| found.answers() && condition.prints());
    if let Some(found) = found {
        book.record.abilities = Some(found);
        book.keep();
    }
    let way = match abilities.unwrap_or_default().confirmation() {
        Confirmation::ProcessId => "says itself when a slip is on paper",
        Confirmation::InTurn => "answers behind each slip",
        Confirmation::RealTime => "tells faults before and after each slip",
        Confirmation::None => "answers nothing: slips count as sent, not as printed",
    };
    let device = &printer.device;
    let advice = advice::printer(condition).map(|sentence| sentence.texts());
    judge(condition, advice, || {
        format!("{device} is {}; it {way}", condition.as_str())
    })
}

/// Whether this machine has pins. None is taken: letting go of it would switch off what a running
/// daemon has switched on.
fn gpio(daemon: Option<&Value>) -> Result<String, String> {
    match daemon.map(|daemon| &daemon["parts"]["gpio"]) {
        Some(part) if *part == "ready" => Ok("ready, says the running daemon".to_owned()),
        _ => match Header::open() {
            Ok(_) => Ok("this machine has pins".to_owned()),
            Err(error) => Err(format!("{error}; lamps and relay stay as they are")),
        },
    }
}

/// What a running daemon says of its printer, which nobody else can open meanwhile.
fn seen(daemon: &Value, name: &str) -> Result<String, String> {
    let printers = daemon["printers"].as_array();
    let report = printers.and_then(|all| all.iter().find(|p| p["name"] == name));
    let report = report.ok_or("the running daemon has not looked at it yet")?;
    let condition = serde_json::from_value(report["condition"].clone());
    let condition = condition.map_err(|e| e.to_string())?;
    let advice = serde_json::from_value(report["advice"].clone());
    judge(condition, advice.unwrap_or_default(), || {
        let left = match report["slips_left"].as_u64() {
            Some(slips) => format!(", paper for about {slips} slips"),
            None => String::new(),
        };
        format!("{}, says the running daemon{left}", condition.as_str())
    })
}

/// A condition as a line of the check: the sentence for staff where something is to be done,
/// Vietnamese first.
fn judge(
    condition: Condition,
    advice: Option<BTreeMap<String, String>>,
    well: impl Fn() -> String,
) -> Result<String, String> {
    let told = advice.map(|told| {
        let texts = ["vi", "en"].map(|language| told.get(language).map_or("", String::as_str));
        texts.join("\n      ")
    });
    match told {
        Some(told) if condition.prints() => Ok(format!("{}\n      {told}", well())),
        Some(told) => Err(told),
        None => Ok(well()),
    }
}

/// The health of the daemon that runs on this configuration, if one does.
fn running(config: &Config) -> Option<Value> {
    // Refused when the program has chosen already, which is as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let url = format!("{}/healthz", config.server.own_url());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.ok()?.block_on(async {
        let client = reqwest::Client::builder()
            .no_proxy()
            .timeout(ANSWER_WITHIN)
            .build();
        let response = client.ok()?.get(url).send().await.ok()?;
        response.json().await.ok()
    })
}

/// Whether the intake server can be reached as configured, and whether it tells a scan that never
/// was from one that it has: on its word scans are sent again, or not.
fn other_side(intake: Intake) -> Result<String, String> {
    let url = intake.url.to_string();
    let asks = intake.ask_path.is_some();
    let honours_key = intake.honours_key;
    let line = Line::open(Arc::new(intake), Timeouts::default()).map_err(|e| e.to_string())?;
    if !asks {
        let reached = answers(&url)?;
        return Ok(match honours_key {
            true => reached,
            false => format!("{reached}; unclear scans are left to a clerk"),
        });
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| e.to_string())?;
    let invented = Scan::invented(ids::secret().to_string());
    match runtime.block_on(intake::ask(&line, &invented)) {
        Verdict::Absent => Ok(format!("{url} answers, and has no scan that never was")),
        Verdict::Taken { .. } => Err(format!(
            "{url} says that it has a scan that never was: check ask_path and [intake.asked]"
        )),
        Verdict::CannotTell { reason } | Verdict::Objected { reason } => match honours_key {
            true => Ok(format!("{url} answers, and cannot be asked ({reason})")),
            false => Err(format!(
                "{url} cannot be asked ({reason}): unclear scans are left to a clerk. If it has no such call, write ask_path = \"\""
            )),
        },
        Verdict::NotYet { .. } | Verdict::Busy { .. } => Ok(format!("{url} answers, and is busy")),
        Verdict::SetupFault { status } => Err(format!(
            "{url} answers HTTP {status}: check token, certificate and paths in [intake]"
        )),
        Verdict::Unclear { cause, .. } | Verdict::NoConnection { cause } => {
            let [vi, en] = advice::intake_away_because(cause.word());
            Err(format!("{url}: {}\n      {vi}\n      {en}", cause.word()))
        }
        Verdict::Refused { reason } => Err(format!("{url}: {reason}")),
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

/// A scanner of the daemon as a running one says, which nobody else can open meanwhile.
fn scanner(scanner: &Scanner, daemon: Option<&Value>) -> Result<String, String> {
    let device = scanner.device.to_string();
    let list = match scanner.place {
        Place::Kiosk => "readers",
        _ => "scanners",
    };
    let reports = daemon.and_then(|daemon| daemon[list].as_array());
    // The same name beside a screen elsewhere is another device.
    let here = |report: &Value| {
        scanner.place != Place::Kiosk || report["screen"] == devices::word_of(DeviceKind::Touch)
    };
    let own = |report: &&Value| report["device"] == *device && here(report);
    if let Some(report) = reports.and_then(|all| all.iter().find(own)) {
        match report["health"].as_str() {
            Some("ready") => return Ok(format!("{device} is there, says the running daemon")),
            // Its screen is silent, so it is free.
            Some("none") if scanner.place == Place::Kiosk => {}
            _ => return Err(format!("{device} is not there, says the running daemon")),
        }
    }
    let opened = scanner::Listener::open(scanner.device.clone());
    opened
        .map(|_| format!("{device} opens"))
        .map_err(|e| match scanner.place {
            Place::Kiosk => format!("{device}: {e}; a touch screen that runs here has it open"),
            _ => format!("{device}: {e}"),
        })
}

/// Whether anything listens at an address.
fn answers(url: &str) -> Result<String, String> {
    let parsed = reqwest::Url::parse(url).map_err(|e| format!("{url}: {e}"))?;
    let host = parsed.host_str().unwrap_or_default();
    let port = parsed.port_or_known_default().unwrap_or(80);
    connect(&format!("{host}:{port}")).map(|()| format!("{url} answers"))
}
