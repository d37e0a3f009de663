//! The role `kiosk run`: everything on one machine.
//!
//! The screens are child processes: one that crashes never takes the queue with it and is
//! started again. Without a display the daemon goes on alone and says so.

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use queue::DeviceKind;
use tokio::process::Command;
use tokio::sync::watch;
use tracing::{info, warn};

use super::Common;
use super::asking::own_token;
use super::serve::{Daemon, announce, runtime, stopped};
use crate::devices;
use crate::tokens::{Device, Made, Tokens};

/// A screen that ended is started again after this; a broken display is not hammered.
const START_AGAIN: Duration = Duration::from_secs(2);

/// Runs until SIGTERM or Ctrl-C.
pub(super) fn run(common: &Common) -> anyhow::Result<()> {
    let config = common.load_to_run()?;
    let data = config.server.data.clone();
    let mut passed_on = Vec::new();
    if let Some(path) = &common.config {
        passed_on.extend(["--config".into(), path.clone().into_os_string()]);
    }
    passed_on.extend(["--data".into(), data.clone().into_os_string()]);
    runtime()?.block_on(async {
        let daemon = Daemon::start(config).await?;
        // Made once: a rebooted screen is the same actor. One that was revoked asks to be let in
        // anew, like any other.
        let token_of = |kind| own_token(&data, devices::word_of(kind), || let_in(&data, kind));
        let screens_of_this_machine = [DeviceKind::Touch, DeviceKind::Lobby]
            .map(|kind| token_of(kind).map(|file| (devices::word_of(kind), file)));
        announce(&daemon.address)?;
        let (stop, stopping) = watch::channel(false);
        let mut screens = Vec::new();
        if screens::display_available() {
            for screen in screens_of_this_machine {
                let (screen, token_file) = screen.context("a screen's token")?;
                let mut arguments =
                    vec![screen.into(), "--at".into(), daemon.address.clone().into()];
                arguments.extend(["--token-file".into(), token_file.into_os_string()]);
                arguments.extend(passed_on.iter().cloned());
                screens.push(tokio::spawn(keep_running(
                    screen,
                    arguments,
                    stopping.clone(),
                )));
            }
        } else {
            info!(
                "There is no display: the daemon runs alone. The lobby is at {}/lobby",
                daemon.address
            );
        }
        info!(
            "Counter pages: {}/counter. People sign in there with their PIN; an administrator adds them at /admin/people",
            daemon.address
        );
        stopped().await?;
        let _ = stop.send(true);
        for screen in screens {
            let _ = screen.await;
        }
        daemon.stop().await;
        Ok(())
    })
}

/// A screen of this machine, known from the start.
fn let_in(data: &Path, kind: DeviceKind) -> std::io::Result<String> {
    Tokens::open(data).let_in(Device {
        id: devices::word_of(kind).to_owned(),
        name: String::new(),
        kind: Some(kind),
        right: devices::right_of(kind),
        made: Made::default(),
    })
}

async fn keep_running(
    screen: &str,
    arguments: Vec<std::ffi::OsString>,
    mut stop: watch::Receiver<bool>,
) {
    let Ok(program) = std::env::current_exe() else {
        warn!(screen, "this program cannot find itself to start a screen");
        return;
    };
    loop {
        let started = Command::new(&program)
            .args(&arguments)
            .kill_on_drop(true)
            .spawn();
        let ended = match started {
            Ok(mut child) => {
                let ended = tokio::select! {
                    _ = stop.wait_for(|stop| *stop) => None,
                    ended = child.wait() => Some(ended),
                };
                if ended.is_none() {
                    // A screen keeps nothing that a kill could lose.
                    let _ = child.kill().await;
                    return;
                }
                ended
            }
            Err(cause) => Some(Err(cause)),
        };
        match ended {
            // Somebody closed the window.
            Some(Ok(status)) if status.success() => return,
            _ => warn!(screen, "a screen ended; it is started again"),
        }
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return,
            () = tokio::time::sleep(START_AGAIN) => {}
        }
    }
}
