//! The loudspeaker of a lobby screen: plays announcements one after the other, never two at once.
//!
//! - A call waits behind those before it; a recall jumps nobody.
//! - What plays is a child process, so that no sound library is linked and one that hangs is ended.
//! - No device, no player, no clips: a state that the daemon hears of ([`Sound`]) and that is tried
//!   again, never the end of the screen.
//! - What could not be said in time is left out and noted, instead of sending somebody to a counter
//!   minutes late.

mod file;
mod line;
mod player;

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use screens::board::Board;
use tokio::sync::watch;
use tracing::{info, warn};
use voice::RATE;
use voice::join::{Announcement, chime_of, join};

use self::line::{Line, Waiting};
pub use self::player::{Output, Trouble};
use crate::packs::Packs;

/// A device that was pulled out may be back by then.
const RETRY: Duration = Duration::from_secs(15);

/// The header by which a screen with sound tells the daemon how that fares.
pub const SOUND_HEADER: &str = "screen-sound";

/// How a screen's sound fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sound {
    /// It can be heard.
    Ready,
    /// No program that plays sound is installed.
    NoPlayer,
    /// The programs find no device that works, or hang.
    NoDevice,
    /// Clips are missing: sentences are left out.
    NoClips,
}

impl Sound {
    /// Every state.
    const ALL: [Self; 4] = [Self::Ready, Self::NoPlayer, Self::NoDevice, Self::NoClips];

    /// As a screen tells the daemon.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::NoPlayer => "no-player",
            Self::NoDevice => "no-device",
            Self::NoClips => "no-clips",
        }
    }

    /// The state of a word, if it is one.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sound| sound.word() == word)
    }
}

/// What is to be spoken, shared with the thread that does it.
#[derive(Debug, Default)]
struct Desk {
    line: Mutex<Line>,
    news: Condvar,
}

impl Desk {
    /// A poisoned lock's content is whole here: every change is one list's.
    fn held(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A loudspeaker at work.
#[derive(Clone, Debug)]
pub struct Speaker {
    desk: Arc<Desk>,
    started: Instant,
    sound: watch::Receiver<Sound>,
}

impl Speaker {
    /// Begins to speak what [`Speaker::hear`] brings, with the clips of a data folder.
    pub fn start(packs: Packs, output: Output) -> std::io::Result<Self> {
        let (tell, sound) = watch::channel(Sound::Ready);
        let speaker = Self {
            desk: Arc::default(),
            started: Instant::now(),
            sound,
        };
        let mut talk = Talk {
            desk: speaker.desk.clone(),
            started: speaker.started,
            packs,
            output,
            tell,
            failed: false,
        };
        std::thread::Builder::new()
            .name("speaker".to_owned())
            .spawn(move || talk.run())?;
        Ok(speaker)
    }

    /// How it fares.
    pub fn sound(&self) -> watch::Receiver<Sound> {
        self.sound.clone()
    }

    /// Takes in a new public state.
    pub fn hear(&self, board: &Board) {
        let undone = self.desk.held().take(board, since(self.started));
        for waiting in undone {
            let (number, counter) = (&waiting.number, waiting.counter);
            info!(
                number,
                counter, "A call was taken back before it was spoken"
            );
        }
        self.desk.news.notify_one();
    }
}

fn since(started: Instant) -> u64 {
    u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// The thread that speaks.
struct Talk {
    desk: Arc<Desk>,
    started: Instant,
    packs: Packs,
    output: Output,
    tell: watch::Sender<Sound>,
    /// The last attempt was in vain.
    failed: bool,
}

impl Talk {
    fn run(&mut self) {
        // Somebody should hear of a missing device before the first citizen does not.
        let probed = self.output.probe();
        self.played(probed, None);
        loop {
            match self.next() {
                Some(waiting) => self.speak(waiting),
                None => {
                    let probed = self.output.probe();
                    self.played(probed, None);
                }
            }
        }
    }

    /// Waits for the next to be spoken; `None`: it is time to try the device again.
    fn next(&self) -> Option<Waiting> {
        let mut line = self.desk.held();
        let begun = Instant::now();
        loop {
            let now_ms = since(self.started);
            for late in line.drop_late(now_ms, self.failed) {
                let (number, counter) = (&late.number, late.counter);
                let waited_s = now_ms.saturating_sub(late.called_ms) / 1_000;
                warn!(
                    number,
                    counter, waited_s, "A call was not spoken: it is too late for it"
                );
            }
            if !self.failed {
                if let Some(waiting) = line.next() {
                    return Some(waiting);
                }
                line = match self.desk.news.wait(line) {
                    Ok(line) => line,
                    Err(poisoned) => poisoned.into_inner(),
                };
                continue;
            }
            // In trouble the device is tried again with what waits, else with silence.
            let Some(left) = RETRY.checked_sub(begun.elapsed()) else {
                return line.next();
            };
            line = match self.desk.news.wait_timeout(line, left) {
                Ok((line, _)) => line,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
    }

    fn speak(&mut self, waiting: Waiting) {
        let (samples, complete) = self.assembled(&waiting);
        let lag_ms = since(self.started).saturating_sub(waiting.called_ms);
        let played = self.output.play(&samples);
        if played.is_ok() {
            let seconds = samples.len() as f64 / f64::from(RATE);
            info!(
                number = waiting.number,
                counter = waiting.counter,
                id = waiting.id,
                lag_ms,
                seconds,
                "A call was spoken"
            );
        } else {
            self.desk.held().put_back(waiting);
        }
        self.played(played, Some(complete));
    }

    /// The sound of an announcement, and whether every sentence of it is there. Whoever cannot be
    /// called in words is called by the chime: heads turn to the screen.
    fn assembled(&self, waiting: &Waiting) -> (Vec<i16>, bool) {
        let mut announcement = waiting.announcement.clone();
        let before = announcement.sentences.len();
        announcement.sentences.retain(|sentence| {
            let missing = self.packs.missing(sentence.iter().copied());
            missing.is_empty()
        });
        let complete = announcement.sentences.len() == before && before > 0;
        let samples = join(&announcement, |clip| self.packs.samples(clip));
        samples.map_or_else(
            // A clip that is there and cannot be read.
            |_| (self.chime_alone(&announcement), false),
            |samples| (samples, complete),
        )
    }

    fn chime_alone(&self, announcement: &Announcement) -> Vec<i16> {
        let alone = Announcement {
            chime: chime_of(voice::Language::Vietnamese),
            sentences: Vec::new(),
            repeat: 0,
            volume: announcement.volume,
        };
        join(&alone, |clip| self.packs.samples(clip)).unwrap_or_default()
    }

    /// Notes how it went, and says it once. `complete`: whether all clips were there; `None`: it was
    /// only silence, which says nothing about clips.
    fn played(&mut self, played: Result<(), Trouble>, complete: Option<bool>) {
        self.failed = played.is_err();
        let before = *self.tell.borrow();
        let sound = match (&played, complete) {
            (Err(Trouble::NoPlayer), _) => Sound::NoPlayer,
            (Err(_), _) => Sound::NoDevice,
            (Ok(()), Some(false)) => Sound::NoClips,
            (Ok(()), None) if before == Sound::NoClips => Sound::NoClips,
            (Ok(()), _) => Sound::Ready,
        };
        if !self
            .tell
            .send_if_modified(|told| std::mem::replace(told, sound) != sound)
        {
            return;
        }
        match (played, sound) {
            (Err(cause), _) => warn!(
                %cause,
                "Calls cannot be heard here; they are on the screen, and sound is tried again"
            ),
            (Ok(()), Sound::NoClips) => warn!(
                "Clips are missing, so that calls are not said in full: run kiosk voice make, and kiosk check says which"
            ),
            (Ok(()), _) => info!("Calls can be heard again"),
        }
    }
}

#[cfg(test)]
mod tests;
