//! One child process: it is up when it has said so on its standard output, and it never
//! outlives the story.

use crate::wait;
use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// A running child.
pub struct Process {
    child: Child,
    log: PathBuf,
}

/// A child that ended before it was up.
#[derive(Debug)]
pub struct Ended {
    /// How it ended.
    pub status: ExitStatus,
    /// What it left on its standard error.
    pub log: String,
}

impl Process {
    /// Starts `command` and reads its lines until `ready` takes one. Standard error is
    /// appended to the file `log`.
    pub async fn start<T>(
        mut command: Command,
        log: &Path,
        ready: impl Fn(&str) -> Option<T>,
    ) -> Result<(Self, T), Ended> {
        command.stdout(Stdio::piped());
        let mut child = spawned(command, log);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = wait::soon("the line that says it is up", async {
            while let Some(line) = lines.next_line().await.unwrap_or(None) {
                if let Some(word) = ready(&line) {
                    return Some(word);
                }
            }
            None
        });
        let Some(word) = first.await else {
            let status = wait::soon("its end", child.wait()).await.unwrap();
            let log = read(log);
            return Err(Ended { status, log });
        };
        // A full pipe would stop a child that goes on talking.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let log = log.to_owned();
        Ok((Self { child, log }, word))
    }

    /// Starts `command`, which says nothing when it is up: a window is up when it is seen.
    pub fn started(mut command: Command, log: &Path) -> Self {
        command.stdout(Stdio::null());
        let child = spawned(command, log);
        let log = log.to_owned();
        Self { child, log }
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id().expect("it still runs")
    }

    /// Pulls the plug: SIGKILL, nothing is flushed.
    pub async fn kill(&mut self) {
        self.child.start_kill().unwrap();
        wait::soon("the killed process", self.child.wait())
            .await
            .unwrap();
    }

    /// Asks it to stop (SIGTERM) and waits until it has.
    pub async fn stop(&mut self) -> ExitStatus {
        self.ask_to_stop().await;
        wait::soon("a clean stop", self.child.wait()).await.unwrap()
    }

    /// Asks it to stop and does not wait.
    pub async fn ask_to_stop(&self) {
        let order = format!("kill -TERM {}", self.id());
        let sent = Command::new("sh").args(["-c", &order]).status().await;
        assert!(sent.unwrap().success(), "{order}");
    }

    /// Everything it wrote on its standard error, over all its starts.
    pub fn log(&self) -> String {
        read(&self.log)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = self.log();
            let lines: Vec<&str> = log.lines().collect();
            let tail = &lines[lines.len().saturating_sub(LOG_TAIL_LINES)..];
            println!("-- the end of {}:", self.log.display());
            println!("{}", tail.join("\n"));
        }
    }
}

fn spawned(mut command: Command, log: &Path) -> Child {
    let errors = OpenOptions::new().create(true).append(true).open(log);
    command.stdin(Stdio::null()).stderr(errors.unwrap());
    let child = command.kill_on_drop(true).spawn();
    child.unwrap_or_else(|error| panic!("{command:?}: {error}; tests/run installs what is missing"))
}

/// What a failed story shows of each child's log.
const LOG_TAIL_LINES: usize = 40;

fn read(log: &Path) -> String {
    String::from_utf8_lossy(&std::fs::read(log).unwrap_or_default()).into_owned()
}
