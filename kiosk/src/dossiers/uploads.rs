//! Files that were sent and wait to be confirmed: in memory, never on the disk, and not for long.

use std::sync::Arc;

use ::dossiers::{Matched, Table};

use super::Import;

/// Who looks at a preview for longer has gone away.
const WAIT_MS: u64 = 30 * 60_000;
/// Each may take as much memory as the limits of a table allow; one supervisor imports at a time.
const UPLOADS_MAX: usize = 2;

/// A file that was read.
#[derive(Clone)]
pub struct Upload {
    /// Names it to its page.
    pub id: String,
    /// Whose it is: nobody else confirms it.
    pub actor: String,
    /// Its rows, until it is taken in.
    pub table: Option<Arc<Table>>,
    /// What was recognised.
    pub matched: Matched,
    /// What came of it.
    pub done: Option<Import>,
}

/// Those that wait.
#[derive(Default)]
pub struct Uploads(Vec<(u64, Upload)>);

impl Uploads {
    /// Adds one; the oldest makes room.
    pub fn add(&mut self, now_ms: u64, upload: Upload) {
        self.forget(now_ms);
        // A second try of the same person replaces the first.
        self.0.retain(|(_, kept)| kept.actor != upload.actor);
        if self.0.len() >= UPLOADS_MAX {
            self.0.remove(0);
        }
        self.0.push((now_ms, upload));
    }

    /// The one with this id, if it is the actor's and not too old.
    pub fn find(&mut self, now_ms: u64, id: &str, actor: &str) -> Option<Upload> {
        self.forget(now_ms);
        let mut kept = self.0.iter();
        let found = kept.find(|(_, kept)| kept.id == id && kept.actor == actor);
        found.map(|(_, kept)| kept.clone())
    }

    /// It was taken in; who asks again hears the same.
    pub fn done(&mut self, id: &str, import: Import) {
        for (_, kept) in self.0.iter_mut().filter(|(_, kept)| kept.id == id) {
            kept.table = None;
            kept.done = Some(import.clone());
        }
    }

    /// Drops those that waited too long.
    pub fn forget(&mut self, now_ms: u64) {
        self.0
            .retain(|(since, _)| now_ms < since.saturating_add(WAIT_MS));
    }
}
