//! The role `kiosk run`: everything on one machine.
//!
//! The screens are child processes: one that crashes never takes the queue with it and is
//! started again. Without a display the daemon goes on alone and says so.

use std::time::Duration;

use anyhow::Context as _;
use tokio::process::Command;
use tokio::sync::watch;
use tracing::{info, warn};

use super::Common;
use super::asking::own_token;
use super::serve::{Daemon, announce, runtime, stopped};
use crate::tokens::Right;

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
        // Made once: a rebooted screen is the same actor.
        let token_file =
            own_token(&data, "touch", Right::Kiosk).context("the touch screen's token")?;
        announce(&daemon.address)?;
        let (stop, stopping) = watch::channel(false);
        let mut screens = Vec::new();
        if screens::display_available() {
            for screen in ["touch", "lobby"] {
                let mut arguments =
                    vec![screen.into(), "--at".into(), daemon.address.clone().into()];
                if screen == "touch" {
                    arguments.extend(["--token-file".into(), token_file.clone().into_os_string()]);
                }
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
