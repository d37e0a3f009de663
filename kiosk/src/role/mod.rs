//! The roles of the one binary. Each file wires one of them.

mod admin_link;
mod asking;
mod check;
mod doors;
mod erase;
mod intake;
mod journal;
mod lobby;
mod report;
mod run;
mod screen;
mod serve;
mod slips;
mod spare;
mod token;
mod touch;
mod voice;
mod why;

use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::config::{Config, ConfigError, Place};
use crate::packs::Packs;
use crate::report::Language;
use crate::safe_file;
use crate::tokens::Right;

/// Queue and dossier intake for public one-stop offices.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    role: Option<Role>,
}

/// What every role takes.
#[derive(Args, Clone)]
struct Common {
    /// Configuration; without one the sample office runs.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    /// Where staff pages and the API listen, such as 127.0.0.1:8080.
    #[arg(long, global = true)]
    listen: Option<SocketAddr>,
    /// Data folder: journal, slips, secrets.
    #[arg(long, global = true)]
    data: Option<PathBuf>,
}

impl Common {
    /// The configuration with what the command line overrides.
    fn load(&self) -> Result<Config, ConfigError> {
        Ok(self.overridden(Config::load(self.config.as_deref())?))
    }

    /// The same for a daemon, which runs on the last good copy of a bad file and says so.
    fn load_to_run(&self) -> Result<Config, ConfigError> {
        let (mut config, bad) = Config::load_or_last_good(self.config.as_deref())?;
        if let Some(error) = bad {
            tracing::error!("{error}. The last good copy of the configuration runs instead.");
            config.problem = Some(error.to_string());
        }
        Ok(self.overridden(config))
    }

    fn overridden(&self, mut config: Config) -> Config {
        if let Some(listen) = self.listen {
            config.server.listen = listen;
        }
        if let Some(data) = &self.data {
            config.server.data.clone_from(data);
        }
        config
    }
}

#[derive(Subcommand)]
enum Role {
    /// Everything on one machine: the daemon, and the screens if there is a display (default).
    Run,
    /// The daemon: journal, engine, followers, HTTP API and pages.
    Serve,
    /// The touch screen.
    Touch(Screen),
    /// The lobby screen.
    Lobby(Screen),
    /// Tests the configuration and each device.
    Check {
        /// Ask printers anew what they can do.
        #[arg(long)]
        printer: bool,
        /// Print a test page on each printer.
        #[arg(long)]
        page: bool,
        /// Draw every slip of this configuration into this folder.
        #[arg(long, value_name = "FOLDER")]
        slips: Option<PathBuf>,
    },
    /// Access for devices and staff.
    #[command(subcommand)]
    Token(TokenCommand),
    /// Prints a link, good once, that makes an administrator: the first, or when every PIN is lost.
    AdminLink,
    /// A small reference intake server.
    Intake {
        /// File with the bearer token that clients must send.
        #[arg(long)]
        token_file: Option<PathBuf>,
    },
    /// The journal.
    #[command(subcommand)]
    Journal(JournalCommand),
    /// Figures.
    #[command(subcommand)]
    Report(ReportCommand),
    /// The voice that calls are spoken with.
    #[command(subcommand)]
    Voice(voice::VoiceCommand),
}

impl Role {
    /// Whether what it writes is for its own user only. Others write reports and pictures, which
    /// may be for anybody; the daemon sees to it by itself.
    fn is_private(&self) -> bool {
        matches!(
            self,
            Self::Token(_)
                | Self::AdminLink
                | Self::Intake { .. }
                | Self::Journal(_)
                | Self::Report(ReportCommand::Rebuild)
                | Self::Voice(voice::VoiceCommand::Make | voice::VoiceCommand::Import { .. })
        )
    }
}

/// What a screen takes.
#[derive(Args)]
struct Screen {
    /// Address of the daemon.
    #[arg(long)]
    at: Option<String>,
    /// The certificate of the daemon's authority, from its page /install-certificate, where the
    /// address begins with https.
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// File with the screen's token, kept there once the screen was let in.
    #[arg(long)]
    token_file: Option<PathBuf>,
    /// Draws the current screen into this PNG file and ends.
    #[arg(long)]
    render: Option<PathBuf>,
    /// Size of the drawing, such as 1080x1920.
    #[arg(long, value_parser = size)]
    size: Option<(u32, u32)>,
}

#[derive(Subcommand)]
enum TokenCommand {
    /// Prints a new token alone on standard output.
    Create {
        /// What it may do.
        #[arg(long, value_enum)]
        role: Right,
        /// An actor to add the token to; without it, a new one.
        #[arg(long)]
        name: Option<String>,
    },
}

#[derive(Subcommand)]
enum JournalCommand {
    /// Checks the whole chain, and that the tables follow from it.
    Verify {
        /// A head from a day report: found missing if the journal was cut off or rewritten.
        #[arg(long)]
        head: Option<crate::journal::Hash>,
    },
    /// A ticket's whole story.
    Why {
        /// Its number, such as A012.
        ticket: queue::Number,
        /// Date (2026-11-23) or number of its service day; the last one by default.
        #[arg(long)]
        day: Option<String>,
        /// Language of the story.
        #[arg(long, visible_alias = "lang", value_enum, default_value_t)]
        language: Language,
    },
    /// Makes a copy for a spare machine, also while the daemon runs.
    Backup {
        /// The folder that gets it; that of [backup] by default.
        to: Option<PathBuf>,
    },
    /// Erases a day's personal values for good; figures and the record stay.
    Erase {
        /// Its date (2026-11-23) or number.
        day: String,
    },
    /// A spare machine takes over: into its empty data folder, and its configuration if the file
    /// given by --config is not there yet.
    Restore(spare::Restore),
}

#[derive(Subcommand)]
enum ReportCommand {
    /// A service day in figures.
    Day {
        /// Its date (2026-11-23) or number; the last one by default.
        day: Option<String>,
        #[command(flatten)]
        form: report::Form,
        /// Has the running daemon print the last day as a slip.
        #[arg(long, conflicts_with_all = ["day", "csv", "xlsx"])]
        print: bool,
    },
    /// A week in figures, Monday to Sunday.
    Week {
        /// A date in it (2026-11-23); that of the last service day by default.
        #[arg(value_parser = date)]
        date: Option<jiff::civil::Date>,
        #[command(flatten)]
        form: report::Form,
    },
    /// A month in figures.
    Month {
        /// A date in it (2026-11-23); that of the last service day by default.
        #[arg(value_parser = date)]
        date: Option<jiff::civil::Date>,
        #[command(flatten)]
        form: report::Form,
    },
    /// The scan register of a service day, with its dossier IDs in full.
    Register {
        /// Its date (2026-11-23) or number; the last one by default.
        day: Option<String>,
        #[command(flatten)]
        form: report::Form,
    },
    /// When scans did not reach the dossier software, and why: proof that something was late
    /// through no fault of the office.
    Outages {
        /// First date (2026-11-01); the first of the newest month by default.
        #[arg(long, value_parser = date)]
        from: Option<jiff::civil::Date>,
        /// Last date; the newest by default.
        #[arg(long, value_parser = date)]
        to: Option<jiff::civil::Date>,
        #[command(flatten)]
        form: report::Form,
    },
    /// Makes the ledger, which reports are read from, anew from the journal.
    Rebuild,
}

fn date(text: &str) -> Result<jiff::civil::Date, String> {
    text.parse().map_err(|_| "written as 2026-11-23".into())
}

fn size(text: &str) -> Result<(u32, u32), String> {
    let parse = |text: &str| text.parse().ok().filter(|n| (100..=8_000).contains(n));
    let (width, height) = text.split_once('x').ok_or("written as 1080x1920")?;
    parse(width)
        .zip(parse(height))
        .ok_or_else(|| "from 100x100 to 8000x8000".into())
}

/// Reads the command line and runs the role.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,winit=error"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    match pick(cli) {
        Ok(code) => code,
        Err(error) => {
            // Standard error is where a person at a terminal and the system's log look.
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn pick(cli: Cli) -> anyhow::Result<ExitCode> {
    let common = cli.common;
    let role = cli.role.unwrap_or(Role::Run);
    if role.is_private() {
        safe_file::umask();
    }
    match role {
        Role::Run => run::run(&common)?,
        Role::Serve => serve::serve(common.load_to_run()?)?,
        Role::Touch(screen) => touch::run(touch_options(&common, screen)?)?,
        Role::Lobby(screen) => lobby::run(lobby_options(&common, screen)?)?,
        Role::Check {
            printer,
            page,
            slips,
        } => {
            let more = check::More { page, slips };
            return check::check(&common, printer, &more);
        }
        Role::Token(TokenCommand::Create { role, name }) => {
            token::create(&common.load()?, role, name.as_deref())?;
        }
        Role::AdminLink => admin_link::print(&common.load()?)?,
        Role::Intake { token_file } => intake(&common, token_file)?,
        Role::Journal(command) => journal::journal(&common, command)?,
        Role::Report(command) => report::report(&common.load()?, command)?,
        Role::Voice(command) => voice::voice(&common.load()?, command)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn intake(common: &Common, token_file: Option<PathBuf>) -> anyhow::Result<()> {
    let options = intake::IntakeOptions {
        listen: common
            .listen
            .unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8090))),
        data: common.data.clone().unwrap_or_else(|| "intake-data".into()),
        token_file,
    };
    tokio::runtime::Runtime::new()?.block_on(intake::run(options))
}

/// `--at`, else where this machine's daemon listens.
fn address(config: &Config, at: Option<String>) -> String {
    at.unwrap_or_else(|| config.server.own_url())
}

/// Where a screen keeps its token, and what it is; none yet: it asks to be let in.
fn token_of(config: &Config, named: Option<PathBuf>, screen: &str) -> (PathBuf, Option<String>) {
    let file = named.unwrap_or_else(|| config.server.data.join(format!("{screen}.token")));
    let token = std::fs::read_to_string(&file).unwrap_or_default();
    let token = Some(token.trim().to_owned()).filter(|token| !token.is_empty());
    (file, token)
}

fn touch_options(common: &Common, screen: Screen) -> anyhow::Result<touch::TouchOptions> {
    let config = common.load_to_run()?;
    let (token_file, token) = token_of(&config, screen.token_file, "touch");
    Ok(touch::TouchOptions {
        at: address(&config, screen.at),
        ca: screen.ca,
        printer: config.screens.printer.as_ref().map(|p| p.get_ref().clone()),
        token,
        token_file,
        readers: beside_the_screen(&config),
        reading: config.reading(),
        state: config.server.data.join("touch"),
        render: screen.render.map(|file| {
            let (width, height) = screen.size.unwrap_or((1080, 1920));
            (file, width, height)
        }),
        fullscreen: config.screens.fullscreen,
        diagonal_inches: config.screens.touch_inches,
    })
}

/// Readers that citizens hold things to.
fn beside_the_screen(config: &Config) -> Vec<scanner::Device> {
    let readers = config.scanners.iter();
    let readers = readers.filter(|scanner| scanner.place == Place::Kiosk);
    readers.map(|scanner| scanner.device.clone()).collect()
}

fn lobby_options(common: &Common, screen: Screen) -> anyhow::Result<lobby::LobbyOptions> {
    let config = common.load_to_run()?;
    let (token_file, token) = token_of(&config, screen.token_file, "lobby");
    Ok(lobby::LobbyOptions {
        at: address(&config, screen.at),
        ca: screen.ca,
        token,
        token_file,
        render: screen.render.map(|file| {
            let (width, height) = screen.size.unwrap_or((1920, 1080));
            (file, width, height)
        }),
        fullscreen: config.screens.fullscreen,
        sound: config
            .lobby
            .sound
            .then(|| (config.lobby.player.clone(), Packs::of(&config.server.data))),
    })
}
