//! The corner for staff: what a finger that rests in the corner of the touch screen opens.
//!
//! Pure, like a visit: time comes in, requests go out. Every act is signed with number and PIN of a
//! person, so nothing stays signed in that the next citizen could use.
//!
//! Promises, kept by the tests:
//! - a short touch, or several, open nothing: no citizen finds it by mistake;
//! - what staff began and left alone closes by itself, and a PIN does not outlive it;
//! - a lost answer is asked for again under the same key.
//!
//! Deliberately not here: the network, and whether number and PIN are right.

mod view;
mod words;

use jiff::Span;
use jiff::civil::DateTime;
use jiff::tz::Offset;

pub use self::view::{CornerPage, CornerView, PartView, view};
use crate::touch::Moment;
use crate::when;

/// A finger rests in the corner for this long.
pub const REST_MS: u64 = 3_000;
/// Left alone for this long it closes.
pub const ALONE_MS: u64 = 60_000;
/// What was done is shown for this long.
pub const DONE_MS: u64 = 6_000;
/// The daemon may still be judging the PIN; after this long it is asked again, by hand.
pub const ANSWER_WITHIN_MS: u64 = 10_000;
/// No staff number is longer.
const PERSON_DIGITS_MAX: usize = 6;
/// Nor any PIN.
const PIN_DIGITS_MAX: usize = 12;

/// Where a finger was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Press {
    /// In the corner.
    Down,
    /// Not any more.
    Up,
    /// "Right", to the date and time as they are proposed.
    Right,
    /// "Change".
    Change,
    /// One of [`PARTS`], one up or down.
    Step {
        /// Its index.
        part: usize,
        /// 1 or -1.
        by: i32,
    },
    /// A test page.
    TestPage,
    /// A digit of number or PIN.
    Digit(char),
    /// Takes the last one back.
    Erase,
    /// Number or PIN is complete; or date and time are as set.
    Next,
    /// One page back.
    Back,
}

/// What can be set, in this order.
pub const PARTS: [Part; 5] = [Part::Day, Part::Month, Part::Year, Part::Hour, Part::Minute];

/// A part of date and time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // They are what they are called.
pub enum Part {
    Day,
    Month,
    Year,
    Hour,
    Minute,
}

impl Part {
    fn moved(self, from: DateTime, by: i32) -> Option<DateTime> {
        let span = match self {
            Self::Day => Span::new().days(by),
            Self::Month => Span::new().months(by),
            Self::Year => Span::new().years(by),
            Self::Hour => Span::new().hours(by),
            Self::Minute => Span::new().minutes(by),
        };
        from.checked_add(span).ok()
    }
}

/// What a person puts their name to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// It is this UTC, in ms, at the moment of the request.
    Time {
        /// UTC in ms.
        utc_ms: i64,
        /// Also when that is far from the last service day.
        sure: bool,
    },
    /// A test page.
    TestPage,
}

/// What the daemon is asked.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The idempotency key.
    pub key: String,
    /// Staff number.
    pub person: String,
    /// Their PIN.
    pub pin: String,
    /// What for.
    pub deed: Deed,
    /// Language of a refusal, and of the test page.
    pub language: String,
}

/// A PIN is in no log, not even by mistake.
impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request")
            .field("key", &self.key)
            .field("deed", &self.deed)
            .finish_non_exhaustive()
    }
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Done.
    Done,
    /// Not done; `detail` is a sentence.
    Refused {
        /// What a program tells refusals apart by.
        code: String,
        /// In the language that was asked for.
        detail: String,
    },
    /// No answer.
    Silent,
}

/// Whom the deed is signed by, as far as it is typed.
#[derive(Default)]
struct Signing {
    person: String,
    pin: String,
    on_pin: bool,
    trouble: String,
    /// Key of a request without an answer, and since when it is out.
    asked: Option<(String, u64)>,
    /// Whether that answer is still waited for.
    waits: bool,
}

enum Stage {
    Front,
    /// Date and time as set so far.
    Setting(DateTime),
    Signing(Wanted, Signing),
    Done(Wanted, u64),
}

/// A deed, before it is known when it is asked for.
#[derive(Debug, Clone, Copy)]
enum Wanted {
    /// `utc_ms` was right at `now_ms` of the monotonic clock.
    Time {
        utc_ms: i64,
        now_ms: u64,
        sure: bool,
    },
    TestPage,
}

/// The corner.
#[derive(Default)]
pub struct Corner {
    resting_since: Option<u64>,
    stage: Option<Stage>,
    touched_at: u64,
}

impl Corner {
    /// Whether its page covers the screen.
    pub fn is_open(&self) -> bool {
        self.stage.is_some()
    }

    /// When something changes by itself.
    pub fn wake_at(&self) -> Option<u64> {
        let rest = self.resting_since.map(|since| since + REST_MS);
        let end = match &self.stage {
            None => None,
            Some(Stage::Done(_, since)) => Some(since + DONE_MS),
            Some(Stage::Signing(_, signing)) if signing.waits => {
                signing.asked.as_ref().map(|(_, at)| at + ANSWER_WITHIN_MS)
            }
            Some(_) => Some(self.touched_at + ALONE_MS),
        };
        [rest, end].into_iter().flatten().min()
    }

    /// What the passing of time alone brings about.
    pub fn pass_time(&mut self, now_ms: u64) {
        if self
            .resting_since
            .is_some_and(|since| now_ms >= since + REST_MS)
        {
            self.resting_since = None;
            self.touched_at = now_ms;
            self.stage = Some(Stage::Front);
        }
        let over = match &mut self.stage {
            None => false,
            Some(Stage::Done(_, since)) => now_ms >= *since + DONE_MS,
            Some(Stage::Signing(_, signing)) if signing.waits => {
                let late = signing
                    .asked
                    .as_ref()
                    .is_some_and(|(_, at)| now_ms >= at + ANSWER_WITHIN_MS);
                // Shown as silence; the key is kept for the next try.
                signing.waits = !late;
                false
            }
            Some(_) => now_ms >= self.touched_at + ALONE_MS,
        };
        if over {
            self.stage = None;
        }
    }

    /// A finger, with a fresh key for the request it may make.
    pub fn press(
        &mut self,
        press: &Press,
        key: String,
        moment: Moment,
        offset_minutes: i32,
        language: &str,
    ) -> Option<Request> {
        self.touched_at = moment.now_ms;
        match press {
            Press::Down if self.stage.is_none() => self.resting_since = Some(moment.now_ms),
            Press::Up => self.resting_since = None,
            _ => {}
        }
        let stage = self.stage.take()?;
        let (stage, request) = match (stage, press) {
            (Stage::Signing(wanted, mut signing), Press::Next) if signing.is_complete() => {
                let request = signing.ask(wanted, key, moment.now_ms, language);
                (Some(Stage::Signing(wanted, signing)), request)
            }
            (stage, press) => (stage.after(press, moment, offset_minutes), None),
        };
        self.stage = stage;
        request
    }

    /// What came of a request.
    pub fn answer(&mut self, key: &str, answer: Answer, now_ms: u64) {
        self.touched_at = now_ms;
        let Some(Stage::Signing(wanted, signing)) = &mut self.stage else {
            return;
        };
        if signing.asked.as_ref().is_none_or(|(asked, _)| asked != key) {
            return;
        }
        signing.waits = false;
        match answer {
            Answer::Done => self.stage = Some(Stage::Done(*wanted, now_ms)),
            Answer::Silent => {}
            Answer::Refused { code, detail } => {
                signing.asked = None;
                signing.trouble = detail;
                match (code.as_str(), wanted) {
                    // Signed already: one more touch of the same button is enough.
                    ("date-back" | "date-far", Wanted::Time { sure, .. }) => *sure = true,
                    _ => signing.pin.clear(),
                }
            }
        }
    }
}

impl Stage {
    /// The page that a touch leads to; none closes the corner.
    fn after(self, press: &Press, moment: Moment, offset_minutes: i32) -> Option<Self> {
        // Who sets minutes means the full one.
        let local = || {
            let local = when::local(moment.utc_ms?, offset_minutes)?;
            Some(local.date().at(local.hour(), local.minute(), 0, 0))
        };
        let sign = |wanted| Some(Self::Signing(wanted, Signing::default()));
        match (self, press) {
            (Self::Front | Self::Done(..), Press::Back) => None,
            (Self::Front, Press::Right) => match moment.utc_ms {
                Some(utc_ms) => sign(Wanted::Time {
                    utc_ms,
                    now_ms: moment.now_ms,
                    sure: false,
                }),
                None => Some(Self::Front),
            },
            (Self::Front, Press::Change) => Some(local().map_or(Self::Front, Self::Setting)),
            (Self::Front, Press::TestPage) => sign(Wanted::TestPage),
            (Self::Setting(set), Press::Step { part, by }) => {
                let moved = PARTS.get(*part).and_then(|part| part.moved(set, *by));
                Some(Self::Setting(moved.unwrap_or(set)))
            }
            (Self::Setting(set), Press::Next) => match utc_of(set, offset_minutes) {
                Some(utc_ms) => sign(Wanted::Time {
                    utc_ms,
                    now_ms: moment.now_ms,
                    sure: false,
                }),
                None => Some(Self::Setting(set)),
            },
            (Self::Setting(_) | Self::Signing(..), Press::Back) => Some(Self::Front),
            (Self::Signing(wanted, mut signing), press) => {
                signing.typed(press);
                Some(Self::Signing(wanted, signing))
            }
            // Anything else, a second tap above all, changes nothing.
            (stage, _) => Some(stage),
        }
    }
}

impl Signing {
    fn is_complete(&self) -> bool {
        self.on_pin && !self.pin.is_empty() && !self.waits
    }

    fn typed(&mut self, press: &Press) {
        if self.waits {
            return;
        }
        let (field, most) = match self.on_pin {
            true => (&mut self.pin, PIN_DIGITS_MAX),
            false => (&mut self.person, PERSON_DIGITS_MAX),
        };
        match press {
            Press::Digit(digit) if field.len() < most => field.push(*digit),
            // From an empty PIN back to the number.
            Press::Erase => self.on_pin &= field.pop().is_some(),
            Press::Next => self.on_pin |= !field.is_empty(),
            _ => {}
        }
        self.trouble.clear();
    }

    fn ask(
        &mut self,
        wanted: Wanted,
        fresh: String,
        now_ms: u64,
        language: &str,
    ) -> Option<Request> {
        let key = self.asked.take().map_or(fresh, |(key, _)| key);
        self.asked = Some((key.clone(), now_ms));
        self.waits = true;
        self.trouble.clear();
        Some(Request {
            key,
            person: self.person.clone(),
            pin: self.pin.clone(),
            deed: match wanted {
                Wanted::TestPage => Deed::TestPage,
                Wanted::Time {
                    utc_ms,
                    now_ms: then,
                    sure,
                } => Deed::Time {
                    // Typing a PIN takes its time.
                    utc_ms: utc_ms.saturating_add_unsigned(now_ms.saturating_sub(then)),
                    sure,
                },
            },
            language: language.to_owned(),
        })
    }
}

fn utc_of(local: DateTime, offset_minutes: i32) -> Option<i64> {
    let offset = Offset::from_seconds(offset_minutes.checked_mul(60)?).ok()?;
    Some(offset.to_timestamp(local).ok()?.as_millisecond())
}

#[cfg(test)]
mod tests;
