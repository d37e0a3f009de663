//! What a counter page is told in passing: what came of a code that a scanner of the daemon read,
//! and whose a shared scanner is. Seen and heard there, also by a clerk who looks at the papers.

use axum::response::sse::Event;
use queue::{Purpose, ScanId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::advice::{Pair, texts};
use crate::journal::word;

/// What happened, as far as a page sounds and looks different.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKind {
    /// The code had its effect.
    Taken,
    /// The dossier was read before: within a moment, which is still that scan, or on this day.
    Repeat,
    /// The code was not taken.
    Refused,
    /// The scans that follow are for another purpose.
    Purpose,
    /// A shared scanner came to this counter or went to another.
    Badge,
}

/// A sentence for one counter's page, or for those that share a scanner.
#[derive(Clone, Debug)]
pub struct Notice {
    /// Whose pages.
    pub counters: Vec<u32>,
    /// What happened.
    pub kind: NoticeKind,
    /// In words.
    pub says: Pair,
    /// What the next scans are for, where that was said.
    pub purpose: Option<Purpose>,
    /// The scan that was made, or that was read again.
    pub scan: Option<ScanId>,
}

/// The same as a page gets it.
#[derive(Serialize, ToSchema)]
pub(crate) struct NoticeView {
    /// What happened.
    kind: NoticeKind,
    /// good or bad: whether somebody must do something.
    tone: &'static str,
    /// In Vietnamese.
    text: String,
    /// By language.
    says: std::collections::BTreeMap<String, String>,
    /// receive, supplement, return or look-up; null but for `purpose`.
    purpose: Option<String>,
    /// Id of the scan, if it made one or repeats one.
    scan: Option<String>,
}

impl Notice {
    /// A sentence about nothing but itself.
    pub fn new(counters: Vec<u32>, kind: NoticeKind, says: Pair) -> Self {
        Self {
            counters,
            kind,
            says,
            purpose: None,
            scan: None,
        }
    }

    /// As an event of a counter's stream. It has no id: the document after it tells what is true.
    pub(super) fn event(&self) -> Event {
        let [vi, _] = &self.says;
        let view = NoticeView {
            kind: self.kind,
            tone: match self.kind {
                NoticeKind::Refused => "bad",
                _ => "good",
            },
            text: vi.clone(),
            says: texts(self.says.clone()),
            purpose: self.purpose.map(word),
            scan: self.scan.map(|scan| scan.to_string()),
        };
        // Plain text and words: it cannot fail.
        let data = serde_json::to_string(&view).unwrap_or_default();
        Event::default().event("notice").data(data)
    }
}
