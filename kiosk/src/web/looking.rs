//! Who sees personal values on a stream: noted when it begins to show some, then now and then,
//! and when it ends; never a line for each change.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use super::App;
use super::health::note_look;

/// A clerk at work is a line an hour.
const NOTE_EVERY: Duration = Duration::from_secs(60 * 60);

/// What a stream has shown.
pub(super) struct Looking {
    app: App,
    actor: String,
    call: &'static str,
    /// What it shows now, by name.
    shown: HashSet<String>,
    /// Values that came into sight since the last line.
    unnoted: usize,
    noted: Option<Instant>,
}

impl Looking {
    pub(super) fn new(app: App, actor: String, call: &'static str) -> Self {
        Self {
            app,
            actor,
            call,
            shown: HashSet::new(),
            unnoted: 0,
            noted: None,
        }
    }

    /// The stream is about to show these, each by a name of its own.
    pub(super) async fn shows(&mut self, now: HashSet<String>) {
        self.unnoted += now.difference(&self.shown).count();
        self.shown = now;
        let due = self.noted.is_none_or(|at| at.elapsed() >= NOTE_EVERY);
        if due && self.unnoted > 0 {
            self.noted = Some(Instant::now());
            let values = std::mem::take(&mut self.unnoted);
            // An engine that has ended shows nothing more either.
            let _ = note_look(&self.app, &self.actor, self.call, values).await;
        }
    }
}

impl Drop for Looking {
    fn drop(&mut self) {
        if self.unnoted > 0
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            let (app, actor, call) = (self.app.clone(), self.actor.clone(), self.call);
            let values = self.unnoted;
            runtime.spawn(async move {
                let _ = note_look(&app, &actor, call, values).await;
            });
        }
    }
}
