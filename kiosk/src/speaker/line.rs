//! Who is spoken next. Pure: time comes in as ms since the screen started.

use std::collections::VecDeque;

use screens::board::{self, Board, Standing};
use voice::Clip;
use voice::join::{Announcement, chime_of};

/// Behind others a call may wait so long: twenty calls at once, each said twice in two languages, take
/// less.
const PATIENCE_MS: u64 = 600_000;
/// After an outage only what is still news is said: so long ago the citizen was called.
const NEWS_MS: u64 = 60_000;

/// An announcement in line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Waiting {
    /// The daemon's number of it.
    pub(super) id: u64,
    /// For the log.
    pub(super) number: String,
    /// For the log.
    pub(super) counter: u32,
    /// What is heard.
    pub(super) announcement: Announcement,
    /// When the ticket was called.
    pub(super) called_ms: u64,
}

/// Announcements in the order in which they were ordered.
#[derive(Debug, Default)]
pub(super) struct Line {
    epoch: String,
    seen: u64,
    waiting: VecDeque<Waiting>,
}

impl Line {
    /// Takes in a new public state; yields what was in line and is taken back.
    pub(super) fn take(&mut self, board: &Board, now_ms: u64) -> Vec<Waiting> {
        if board.epoch != self.epoch {
            // Another journal counts anew.
            self.seen = 0;
            self.epoch.clone_from(&board.epoch);
        }
        let listed = board.announcements.iter();
        let listed = listed.filter_map(|(id, order)| Some((id.parse::<u64>().ok()?, order)));
        let mut listed: Vec<_> = listed.collect();
        listed.sort_by_key(|(id, _)| *id);
        let undone = |id: u64| {
            let mut undone = listed
                .iter()
                .filter(|(_, o)| o.standing == Standing::Undone);
            undone.any(|(listed, _)| *listed == id)
        };
        let all = self.waiting.drain(..);
        let (taken_back, rest): (Vec<_>, Vec<_>) = all.partition(|w| undone(w.id));
        self.waiting = rest.into();
        for (id, order) in listed {
            if id > self.seen {
                self.seen = id;
                if order.standing == Standing::New {
                    self.waiting.extend(waiting_of(id, order, now_ms));
                }
            }
        }
        taken_back
    }

    /// Takes out the one to be spoken now.
    pub(super) fn next(&mut self) -> Option<Waiting> {
        self.waiting.pop_front()
    }

    /// One that could not be spoken is the next again.
    pub(super) fn put_back(&mut self, waiting: Waiting) {
        self.waiting.push_front(waiting);
    }

    /// Takes out what it is too late for. `failed`: the line stands still because nothing can be
    /// played.
    pub(super) fn drop_late(&mut self, now_ms: u64, failed: bool) -> Vec<Waiting> {
        let bound = if failed { NEWS_MS } else { PATIENCE_MS };
        let late = |waiting: &Waiting| now_ms.saturating_sub(waiting.called_ms) > bound;
        let (late, rest): (Vec<_>, Vec<_>) = self.waiting.drain(..).partition(late);
        self.waiting = rest.into();
        late
    }
}

/// What is ordered, as this program can say it; `None`: nothing of it.
fn waiting_of(id: u64, order: &board::Announcement, now_ms: u64) -> Option<Waiting> {
    let sentences = order.sentences.iter().map(|sentence| {
        let clips = sentence.iter().map(|clip| clip.parse::<Clip>());
        clips.collect::<Result<Vec<_>, _>>()
    });
    // A sentence with a word that is newer than this program is left out whole.
    let sentences: Vec<Vec<Clip>> = sentences.filter_map(Result::ok).collect();
    let language = sentences.first()?.first()?.language;
    Some(Waiting {
        id,
        number: order.number.clone(),
        counter: order.counter,
        announcement: Announcement {
            chime: chime_of(language),
            sentences,
            repeat: order.repeat,
            volume: order.volume,
        },
        called_ms: now_ms.saturating_sub(order.ordered_after_ms),
    })
}
