//! `kiosk.toml`: this machine, and the office as input to the journal.
//!
//! Every field has a default; unknown fields are errors; an error names file, line and field.
//! Without a file the sample office runs.

mod backup;
mod gpio;
mod intake;
mod printers;
mod scanners;
mod slips;
mod tls;
mod voice;

use std::fs;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use queue::Office;
use serde::Deserialize;
use toml::Spanned;

pub use self::voice::{LobbySound, Player, Voice};
use crate::alerts::Thresholds;
use crate::forms::{Forms, RawForm};
use crate::office::{self, Remark, file};
use crate::slips::Press;
pub use backup::Backup;
pub use gpio::{Gpio, PrinterRelay};
pub use intake::{
    Address, Answers, DossierAnswer, Field, Intake, Method, Part, Rule, list_at, text_at,
};
pub use scanners::{Place, Scanner, listed};

/// The office that runs without a file.
const SAMPLE: &str = include_str!("sample.toml");

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{path}: {cause}")]
    Unreadable {
        /// The file.
        path: String,
        /// What the system said.
        cause: std::io::Error,
    },
    /// Something in it is wrong.
    #[error("{path}:{line}: {problem}")]
    Wrong {
        /// The file.
        path: String,
        /// From 1.
        line: usize,
        /// Field and what is wrong with it.
        problem: String,
    },
}

/// Something wrong at a place in the file.
struct Problem {
    at: Range<usize>,
    text: String,
}

fn problem(at: Range<usize>, text: impl Into<String>) -> Problem {
    Problem {
        at,
        text: text.into(),
    }
}

/// `[server]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// Where staff pages and the API listen. Beyond loopback only if configured, and over TLS.
    pub listen: SocketAddr,
    /// What other machines call this one, beside its addresses: for its certificate.
    pub names: Vec<Spanned<String>>,
    /// The office's own certificate in PEM, beside the configuration; absent: the appliance's
    /// authority makes one.
    pub certificate: Option<Spanned<String>>,
    /// Its key in PEM.
    pub key: Option<Spanned<String>>,
    /// Journal, slips, secrets; beside the configuration unless absolute.
    pub data: PathBuf,
    /// Whether this machine's clock is vouched for.
    pub clock: ClockTrust,
    /// A session ends after this long without an act.
    pub idle_minutes: NonZeroU32,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            names: Vec::new(),
            certificate: None,
            key: None,
            data: "kiosk-data".into(),
            clock: ClockTrust::Auto,
            idle_minutes: const { NonZeroU32::new(30).expect("30 is not zero") },
        }
    }
}

/// When the time counts as known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClockTrust {
    /// When the kernel says synchronised, a battery clock exists, or staff confirmed it.
    #[default]
    Auto,
    /// Always: a virtual machine or container whose host keeps the clock.
    Trusted,
    /// Only when staff confirmed it since the start: a machine whose clock goes wrong, such as a
    /// kiosk PC with an old battery.
    Staff,
}

/// `[public]`: the second, plain-HTTP door for phones and TVs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Public {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Its address as a phone reaches it; goes into the slip's QR.
    #[serde(default)]
    pub url: Option<String>,
}

/// `[printer]`, or one of several `[[printer]]`.
#[derive(Clone, Debug)]
pub struct Printer {
    /// What kiosks and other printers call it.
    pub name: String,
    /// Where slips go.
    pub device: printer::Device,
    /// What the printer can do.
    pub profile: printer::Profile,
    /// Where it stands, by language: told to citizens whose slip comes out of another one.
    pub place: std::collections::BTreeMap<String, String>,
    /// Which other printer prints its slips while it does not.
    pub stand_in: Option<String>,
    /// A slip younger than this prints by itself once the printer is back.
    pub fresh_minutes: u32,
    /// Length of a new roll.
    pub roll_metres: u32,
}

/// `[screens]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Screens {
    /// Diagonal of the touch screen in inches; sizes of targets follow from it.
    pub touch_inches: f32,
    /// Whether the screens fill their outputs.
    pub fullscreen: bool,
    /// The printer of this machine's touch screen, where the office has several; absent: the
    /// first.
    pub printer: Option<Spanned<String>>,
}

impl Default for Screens {
    fn default() -> Self {
        Self {
            touch_inches: 22.0,
            fullscreen: false,
            printer: None,
        }
    }
}

/// Shortest and longest retention. An idempotency key is honoured for a week, and only as long
/// as its day's key is there; what an office has to keep for more than ten years it keeps in its
/// archive, not in a queue machine.
const RETENTION_DAYS: std::ops::RangeInclusive<u32> = 7..=3_660;

/// `[retention]`: how long personal values stay.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Retention {
    /// A service day older than this loses its dossier IDs and notes; its figures stay.
    #[serde(deserialize_with = "retention_days")]
    pub days: u32,
}

impl Default for Retention {
    fn default() -> Self {
        // A citizen may complain within 90 days (Luật Khiếu nại 02/2011/QH13, Điều 9): until
        // then the office can show which dossier it scanned, and when.
        Self { days: 90 }
    }
}

fn retention_days<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let days = u32::deserialize(deserializer)?;
    let (least, most) = (RETENTION_DAYS.start(), RETENTION_DAYS.end());
    match RETENTION_DAYS.contains(&days) {
        true => Ok(days),
        false => Err(serde::de::Error::custom(format!(
            "retention.days: from {least} to {most}"
        ))),
    }
}

/// A configuration that can be used.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where it came from; `None`: the sample office.
    pub path: Option<PathBuf>,
    /// `[server]`.
    pub server: Server,
    /// `[public]`.
    pub public: Option<Public>,
    /// The office, input to the journal.
    pub office: Office,
    /// `[printer]` or `[[printer]]`; empty: no slips are printed.
    pub printers: Vec<Printer>,
    /// `[slip] logo`, or why it cannot be printed: no ticket fails because of a picture.
    pub logo: Option<Result<printer::Drawing, String>>,
    /// What slips are printed with.
    pub press: Press,
    /// What works in the office part and is probably not meant.
    pub warnings: Vec<Remark>,
    /// `[gpio]`; absent: no lamps, no relay.
    pub gpio: Option<Gpio>,
    /// `[[scanner]]`.
    pub scanners: Vec<Scanner>,
    /// `[codes]`: old local serials of these offices count as dossiers.
    pub serial_offices: Vec<String>,
    /// `[intake]`.
    pub intake: Option<Intake>,
    /// `[screens]`.
    pub screens: Screens,
    /// `[voice]`.
    pub voice: Voice,
    /// `[lobby]`.
    pub lobby: LobbySound,
    /// `[alerts]`.
    pub alerts: Thresholds,
    /// `[retention]`.
    pub retention: Retention,
    /// `[backup]`; absent: copies are made by hand only.
    pub backup: Option<Backup>,
    /// Texts of official forms: `[[form]]`, and the built-in ones.
    pub forms: Forms,
    /// Files that the configuration names, which a spare machine needs as well.
    pub files: Vec<PathBuf>,
    /// What is wrong with the file, if this is its last good copy.
    pub problem: Option<String>,
}

/// This machine's part of the file.
#[derive(Deserialize)]
struct Raw {
    #[serde(default)]
    server: Server,
    public: Option<Public>,
    printer: Option<printers::OneOrMany>,
    gpio: Option<gpio::RawGpio>,
    #[serde(default)]
    scanner: Vec<scanners::RawScanner>,
    #[serde(default)]
    codes: scanners::Codes,
    intake: Option<intake::RawIntake>,
    #[serde(default)]
    slip: slips::RawSlip,
    #[serde(default)]
    screens: Screens,
    #[serde(default)]
    voice: Voice,
    #[serde(default)]
    lobby: LobbySound,
    #[serde(default)]
    alerts: Thresholds,
    #[serde(default)]
    retention: Retention,
    backup: Option<Backup>,
    #[serde(default)]
    form: Vec<RawForm>,
}

impl Raw {
    /// The files that it names, in `folder` unless absolute.
    fn files(&self, folder: &Path) -> Vec<PathBuf> {
        let text = |file: &Option<Spanned<String>>| file.as_ref().map(|f| f.get_ref().into());
        let (server, logo) = (&self.server, &self.slip.logo);
        let files = [text(&server.certificate), text(&server.key), text(logo)];
        let files = files.into_iter().flatten();
        let files = files.map(|file: PathBuf| folder.join(file));
        let intake = self.intake.as_ref().map(|intake| intake.files(folder));
        files.chain(intake.into_iter().flatten()).collect()
    }
}

impl Config {
    /// Reads `path`, or the sample office without one.
    pub fn load(path: Option<&Path>) -> Result<Self, ConfigError> {
        let (text, name) = match path {
            Some(path) => {
                let name = path.display().to_string();
                let text = fs::read_to_string(path).map_err(|cause| ConfigError::Unreadable {
                    path: name.clone(),
                    cause,
                })?;
                (text, name)
            }
            None => (SAMPLE.to_owned(), "the sample office".to_owned()),
        };
        let folder = path.and_then(Path::parent).unwrap_or(Path::new("."));
        Self::parse(&text, folder)
            .map(|mut config| {
                if let Some(path) = path {
                    // Like every path in the file: the same from wherever a command is run.
                    config.server.data = folder.join(&config.server.data);
                    config.path = Some(path.to_owned());
                }
                config
            })
            .map_err(|Problem { at, text: problem }| ConfigError::Wrong {
                path: name,
                line: file::line_of(&text, at.start),
                problem,
            })
    }

    /// The same for a daemon: a bad file is refused whole, and the last good copy beside it
    /// runs instead, with the error. A good file becomes that copy.
    pub fn load_or_last_good(
        path: Option<&Path>,
    ) -> Result<(Self, Option<ConfigError>), ConfigError> {
        let copy = path.map(|path| path.with_extension("last-good.toml"));
        match (Self::load(path), copy) {
            (Ok(config), Some(copy)) => {
                if let Some(path) = path {
                    keep_copy(path, &copy);
                }
                Ok((config, None))
            }
            (Ok(config), None) => Ok((config, None)),
            (Err(error), Some(copy)) => match Self::load(Some(&copy)) {
                Ok(config) => Ok((config, Some(error))),
                Err(_) => Err(error),
            },
            (Err(error), None) => Err(error),
        }
    }

    /// What counts as a dossier at this office: at counters, at the touch screen, in imports.
    pub fn reading(&self) -> scanner::Reading {
        scanner::Reading {
            serial_offices: self.serial_offices.clone(),
        }
    }

    /// Whether an office goes by the name of the sample office: nobody has named it yet.
    pub fn names_sample(office: &Office) -> bool {
        let sample = Self::parse(SAMPLE, Path::new("."));
        sample.is_ok_and(|sample| sample.office.name == office.name)
    }

    fn parse(text: &str, folder: &Path) -> Result<Self, Problem> {
        let file = file::read(text).map_err(|bad| problem(bad.at, told(&bad.remark)))?;
        let mut raw: Raw = toml::from_str(text).map_err(|e| {
            let at = e.span().unwrap_or_default();
            let said = e.message();
            let named = file::name_at(text, &at).filter(|name| !said.starts_with(name));
            let said = named.map_or(said.to_owned(), |name| format!("{name}: {said}"));
            problem(at, said)
        })?;
        let files = raw.files(folder);
        tls::check(&mut raw.server, folder)?;
        if let Some(backup) = &mut raw.backup {
            // Like every path in the file.
            backup.folder = folder.join(&backup.folder);
        }
        raw.lobby.beside(folder);
        check_doors(&raw, &file)?;
        // A screen's own file may name a printer of the daemon that it asks.
        let own_printers = raw.printer.is_some();
        let printers = printers::check(raw.printer)?;
        if own_printers {
            printers::wanted(&raw.screens.printer, &printers)?;
        }
        let logo = raw.slip.read(folder);
        let url = raw.public.as_ref().and_then(|p| p.url.as_ref());
        let press = slips::press(&printers, &logo, url);
        let judged = office::judge(&file.draft, &press);
        let office = match (judged.office, judged.problems.first()) {
            (Some(office), None) => office,
            (_, first) => {
                let at = first.map_or(0..0, |first| file.place(&first.field));
                return Err(problem(at, first.map(told).unwrap_or_default()));
            }
        };
        let scanners = scanners::check(raw.scanner, &office)?;
        let serial_offices = raw.codes.check()?;
        let forms = Forms::with(&raw.form).map_err(|bad| problem(bad.at, bad.text))?;
        Ok(Self {
            path: None,
            scanners,
            serial_offices,
            gpio: raw
                .gpio
                .map(|gpio| gpio::check(gpio, &printers))
                .transpose()?,
            printers,
            logo,
            press,
            warnings: judged.warnings,
            intake: raw
                .intake
                .map(|intake| intake.check(&|field| file.place(field), folder))
                .transpose()?,
            server: raw.server,
            public: raw.public,
            screens: raw.screens,
            voice: raw.voice,
            lobby: raw.lobby,
            alerts: raw.alerts,
            retention: raw.retention,
            backup: raw.backup,
            forms,
            files,
            problem: None,
            office,
        })
    }
}

/// A value in its own syntax.
fn parsed<T: FromStr<Err: std::fmt::Display>>(
    field: &str,
    value: &Spanned<String>,
) -> Result<T, Problem> {
    let parsed = value.get_ref().parse();
    parsed.map_err(|e| problem(value.span(), format!("{field}: {e}")))
}

/// Best effort: a read-only folder has no last good copy.
fn keep_copy(path: &Path, copy: &Path) {
    let (new, old) = (fs::read(path).ok(), fs::read(copy).ok());
    let unfinished = copy.with_extension("new");
    if let Some(new) = new.filter(|new| old.as_ref() != Some(new))
        && fs::write(&unfinished, new).is_ok()
    {
        let _ = fs::rename(unfinished, copy);
    }
}

/// As an error of the file says it: the field as it is called there.
fn told(remark: &Remark) -> String {
    let (name, said) = (file::name(&remark.field), remark.text.get("en"));
    match name.is_empty() {
        true => said.to_owned(),
        false => format!("{name}: {said}"),
    }
}

/// Each door is there once.
fn check_doors(raw: &Raw, file: &file::OfficeFile<'_>) -> Result<(), Problem> {
    if let Some(public) = &raw.public {
        let (staff, public) = (raw.server.listen, public.listen);
        let same = staff.ip() == public.ip()
            || staff.ip().is_unspecified()
            || public.ip().is_unspecified();
        if staff.port() != 0 && staff.port() == public.port() && same {
            let text = format!("public.listen: port {} is server.listen's", public.port());
            return Err(problem(file.place("public.listen"), text));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn wrong(text: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kiosk.toml");
        fs::write(&path, text).unwrap();
        let error = Config::load(Some(&path)).unwrap_err().to_string();
        error.replace(&format!("{}/", folder.path().display()), "")
    }

    const OFFICE: &str = "[office]\nname = \"X\"\n[[service]]\nletter = \"A\"\nname = \"S\"\n";

    #[test]
    fn the_sample_office_runs_without_a_file() {
        let config = Config::load(None).unwrap();
        assert_eq!(config.office.services.len(), 6);
        assert_eq!(config.office.counters.len(), 4);
        assert!(config.server.listen.ip().is_loopback());
    }

    #[test]
    fn the_examples_in_the_sample_work() {
        let written = |line: &str| {
            let example = line.strip_prefix("# ").unwrap_or_default();
            let name = example.split_once(" = ").map_or("-", |(name, _)| name);
            let field = name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            let more = ["[", "    {", "    \"", "]"]
                .iter()
                .any(|begin| example.starts_with(begin));
            match field || more {
                true => example.to_owned(),
                false => line.to_owned(),
            }
        };
        let text: Vec<String> = SAMPLE.lines().map(written).collect();
        let config = Config::parse(&text.join("\n"), Path::new("."));
        let config = config.map_err(|bad| bad.text).unwrap();
        let office = &config.office;
        assert_eq!((office.hours.len(), office.work.len()), (1, 1));
        assert_eq!((office.holidays.len(), office.days_off.len()), (2, 1));
        let service = &office.services[0];
        assert_eq!((service.papers.len(), service.hours.len()), (1, 1));
        assert!(config.public.is_some() && office.slips.len() == 1);
        let in_force = config
            .forms
            .in_force("apology", jiff::civil::date(2030, 1, 1));
        assert_eq!(in_force.map(|form| form.reasons.len()), Some(1));
    }

    #[test]
    fn the_data_lie_beside_the_file_from_wherever_a_command_is_run() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kiosk.toml");
        for (written, meant) in [
            ("data", folder.path().join("data")),
            ("/srv/q", "/srv/q".into()),
        ] {
            let text = format!("{SAMPLE}\n[server]\ndata = \"{written}\"\n");
            fs::write(&path, text).unwrap();
            assert_eq!(Config::load(Some(&path)).unwrap().server.data, meant);
        }
    }

    #[test]
    fn a_bad_file_is_refused_whole_and_the_last_good_copy_runs() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kiosk.toml");
        fs::write(&path, OFFICE).unwrap();
        assert!(Config::load_or_last_good(Some(&path)).unwrap().1.is_none());
        fs::write(&path, "[office]\nname = \"Y\"\nnonsense").unwrap();
        let (config, error) = Config::load_or_last_good(Some(&path)).unwrap();
        assert_eq!(config.office.name.get("vi"), "X");
        assert!(error.unwrap().to_string().contains("kiosk.toml:3"));
    }

    #[test]
    fn an_error_names_file_line_and_field() {
        let cases = [
            (
                "[office]\nname = \"X\"\ncolour = 3\n",
                "kiosk.toml:3: office.colour: unknown field `colour`",
            ),
            (
                "[office]\nname = \"X\"\n",
                "kiosk.toml:1: service: an office needs at least one",
            ),
            (
                &format!("{OFFICE}[[counter]]\nnumber = 1\nservices = [\"A\", \"Q\"]\n"),
                "kiosk.toml:8: counter.services: there is no service Q",
            ),
            (
                &format!(
                    "{OFFICE}[[counter]]\nnumber = 1\nservices = [\"A\"]\n[printer]\ndevice = \"usb\"\n"
                ),
                "kiosk.toml:10: printer.device:",
            ),
            (
                &format!("{OFFICE}[alerts]\nwait_minutes = 0\n"),
                "kiosk.toml:7: alerts.wait_minutes: invalid value: integer `0`",
            ),
            (
                "[[service]]\nletter = \"A\"\nname = \"S\"\n",
                "kiosk.toml:1: office.name: missing field",
            ),
            ("office = 3\n", "kiosk.toml:1: office: expected a table"),
            (
                &format!("{OFFICE}minutes = \"ten\"\n"),
                "kiosk.toml:6: service.minutes: invalid type: string \"ten\"",
            ),
            (
                &format!("{OFFICE}[offices]\nname = \"Y\"\n"),
                "kiosk.toml:6: unknown field `offices`",
            ),
            (
                &format!("{OFFICE}[server]\nlisten = 8080\n"),
                "kiosk.toml:7: server.listen: invalid type: integer `8080`",
            ),
            (
                &format!("{OFFICE}[public]\nlisten = \"0.0.0.0:8080\"\n"),
                "kiosk.toml:7: public.listen: port 8080 is server.listen's",
            ),
            (
                "[office]\nname = \"X\"\nlanguages = [\"vi\", \"fr\"]\n[[service]]\nletter = \"A\"\nname = \"S\"\n",
                "kiosk.toml:3: office.languages: there is no language fr; known are vi, en",
            ),
            (
                &format!(
                    "{OFFICE}hours = [{{ days = [\"mon\"], from = \"7h\", to = \"11:00\" }}]\n"
                ),
                "kiosk.toml:6: service.hours.from: written as \"07:30\"",
            ),
            (
                &format!(
                    "{OFFICE}[[counter]]\nnumber = 1\nservices = [\"A\"]\n[[scanner]]\ndevice = \"hid:0c2e:0200\"\ncounter = 1\n[[scanner]]\ndevice = \"hid:0c2e:0200\"\ncounter = 1\n"
                ),
                "kiosk.toml:13: scanner.device: hid:0c2e:0200 is used twice",
            ),
            (
                &format!("{OFFICE}[[service]]\nletter = \"A\"\nname = \"T\"\n"),
                "kiosk.toml:7: service.letter: A is used twice",
            ),
            (
                &format!("{OFFICE}[gpio]\nstatus_lamp = 17\npaper_low_lamp = 17\n"),
                "kiosk.toml:8: gpio.paper_low_lamp: another lamp or relay has this pin",
            ),
            (
                &format!("{OFFICE}[retention]\ndays = 3\n"),
                "kiosk.toml:7: retention.days: from 7 to 3660",
            ),
            (
                &format!("{OFFICE}[backup]\nfolder = \"/media/b\"\nat = \"noon\"\n"),
                "kiosk.toml:8: backup.at: a time of day such as 22:00",
            ),
            (
                &format!("{OFFICE}[gpio]\nstatus_lamp = 40\n"),
                "kiosk.toml:7: gpio.status_lamp: a BCM number from 2 to 27",
            ),
            (
                &format!("{OFFICE}[gpio.printer_relay]\npin = 22\nprinter = \"attic\"\n"),
                "kiosk.toml:8: gpio.printer_relay.printer: there is no printer attic",
            ),
            (
                &format!("{OFFICE}[gpio.printer_relay]\npin = 22\nsilent_seconds = 5\n"),
                "kiosk.toml:8: gpio.printer_relay.silent_seconds: at least 30",
            ),
            (
                &format!("{OFFICE}[server]\nnames = [\n\"kiosk.local\",\n\"*.vn\"]\n"),
                "kiosk.toml:9: server.names: a host name such as mayso.local",
            ),
            (
                &format!(
                    "{OFFICE}[[form]]\nid = \"apology\"\nname = \"M\"\nversion = \"1\"\nfrom = \"2026-12-01\"\ntitle = \"T\"\nparagraphs = [\n\"{{dossier}} {{due}}\",\n\"{{new_date}} {{reason}}\"]\n"
                ),
                "kiosk.toml:14: form.paragraphs: there is no field {new_date} here; known are office, parent,",
            ),
            (
                &format!("{OFFICE}[server]\ncertificate = \"office.pem\"\n"),
                "kiosk.toml:7: server.certificate: its server.key is missing",
            ),
        ];
        for (text, expected) in cases {
            let error = wrong(text);
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
