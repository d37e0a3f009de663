//! An office of its own for every story: the real binary, a temporary folder, a free port.

use crate::api::Device;
use crate::process::{Ended, Process};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Output};
use tempfile::TempDir;
use tokio::process::Command;

/// One office: its folder, and its daemon when it runs.
pub struct Office {
    // Before the folder, so that it ends, and its log is read, before that goes.
    daemon: Option<Process>,
    folder: TempDir,
    data: PathBuf,
    clock: &'static str,
    listen: String,
    under: Vec<String>,
    url: String,
}

/// The machine of the stories has a clock that the kernel may or may not vouch for.
const TRUSTED: &str = "[server]\nclock = \"trusted\"\n";
const UNKNOWN: &str = "[server]\nclock = \"staff\"\n";

/// The office that runs without a file.
const SAMPLE: &str = include_str!("../../kiosk/src/sample.toml");

impl Office {
    /// Furnishes an office and does not open it. `settings` is the rest of `kiosk.toml`;
    /// it is the sample office unless they describe another.
    pub fn furnished(settings: &str) -> Self {
        Self::with_clock(TRUSTED, settings)
    }

    /// Furnishes an office whose machine does not know what time it is.
    pub fn without_a_clock(settings: &str) -> Self {
        Self::with_clock(UNKNOWN, settings)
    }

    fn with_clock(clock: &'static str, settings: &str) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("office-")
            .tempdir()
            .unwrap();
        let data = folder.path().join("data");
        let office = Self {
            daemon: None,
            folder,
            data,
            clock,
            listen: "127.0.0.1:0".to_owned(),
            under: Vec::new(),
            url: String::new(),
        };
        office.set(settings);
        office
    }

    /// Furnishes an office and starts its daemon.
    pub async fn open(settings: &str) -> Self {
        let mut office = Self::furnished(settings);
        office.start().await;
        office
    }

    /// Writes other settings, for the next start.
    pub fn set(&self, settings: &str) {
        let office = match settings.contains("[office]") {
            true => "",
            // Without its printer: that is a setting of the story.
            false => SAMPLE.split("[printer]").next().unwrap(),
        };
        let text = format!("{}{office}\n{settings}", self.clock);
        std::fs::write(self.config(), text).unwrap();
    }

    /// Runs the daemon under another program (`strace`, `unshare`) that becomes it.
    pub fn under<S: Into<String>>(&mut self, program: impl IntoIterator<Item = S>) {
        self.under = program.into_iter().map(Into::into).collect();
    }

    /// Opens the staff pages elsewhere, at the next start.
    pub fn listen_on(&mut self, address: &str) {
        self.listen = address.to_owned();
    }

    /// Puts the data folder elsewhere.
    pub fn keep_data_in(&mut self, data: PathBuf) {
        self.data = data;
    }

    /// Starts the daemon and waits until it answers.
    pub async fn start(&mut self) {
        if let Err(ended) = self.try_start().await {
            panic!("the daemon ended with {}:\n{}", ended.status, ended.log);
        }
    }

    /// Starts the daemon, which may refuse.
    pub async fn try_start(&mut self) -> Result<(), Ended> {
        let log = self.folder.path().join("daemon.log");
        let (daemon, url) = Process::start(self.daemon_command(), &log, |line| {
            line.starts_with("http://").then(|| line.trim().to_owned())
        })
        .await?;
        self.daemon = Some(daemon);
        self.url = url;
        Ok(())
    }

    /// The command that starts the daemon, for a story that cuts it short.
    pub fn daemon_command(&self) -> Command {
        let mut words = self.under.clone();
        words.push(program().display().to_string());
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]);
        command.args(["serve", "--listen", &self.listen]);
        command.arg("--config").arg(self.config());
        command.arg("--data").arg(&self.data);
        command.env("RUST_BACKTRACE", "1");
        command
    }

    /// Pulls the plug.
    pub async fn kill(&mut self) {
        self.daemon.take().expect("it runs").kill().await;
    }

    /// Stops the daemon as systemd would.
    pub async fn stop(&mut self) -> ExitStatus {
        let mut daemon = self.daemon.take().expect("it runs");
        let status = daemon.stop().await;
        assert!(!daemon.log().contains("panicked at"), "{}", daemon.log());
        status
    }

    /// The running daemon.
    pub fn daemon(&self) -> &Process {
        self.daemon.as_ref().expect("it runs")
    }

    /// Where it answers.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The story's folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The data folder.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// `kiosk.toml`.
    pub fn config(&self) -> PathBuf {
        self.folder.path().join("kiosk.toml")
    }

    /// Runs a subcommand on this office's folder.
    pub async fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().await.unwrap()
    }

    /// A subcommand on this office's folder, not yet run.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(program());
        command.args(words);
        command.arg("--config").arg(self.config());
        command.arg("--data").arg(&self.data);
        command
    }

    /// Runs a subcommand that must succeed; its standard output.
    pub async fn say(&self, words: &[&str]) -> String {
        let output = self.run(words).await;
        let said = String::from_utf8(output.stdout).unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{words:?}: {said}{errors}");
        said
    }

    /// A new device with a right of its own.
    pub async fn device(&self, role: &str) -> Device {
        Device::new(&self.url, Some(&self.token(role).await))
    }

    /// A new token.
    pub async fn token(&self, role: &str) -> String {
        let said = self.say(&["token", "create", "--role", role]).await;
        said.trim().to_owned()
    }

    /// Somebody without any right.
    pub fn passer_by(&self) -> Device {
        Device::new(&self.url, None)
    }
}

/// The binary under test: it lies beside the program that tests it, so that one build
/// serves both.
pub fn program() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let folder = own.parent().and_then(Path::parent).unwrap();
    let program = folder.join("kiosk");
    assert!(
        program.exists(),
        "{} is missing: tests/run builds it",
        program.display()
    );
    program
}
