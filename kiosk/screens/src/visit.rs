//! One citizen's visit to the touch screen, from the first touch to home.
//!
//! Pure: time comes in as `now_ms` of a monotonic clock, chance as the key that every touch
//! carries, and what is to be done goes out as [`Act`]s. `page` says what to show.
//!
//! Promises, kept by the tests:
//! - one visit step has one key, however often it is touched, sent or resumed: one ticket;
//! - a number stays on the screen until its citizen can have read it, also when the paper
//!   fails or the daemon goes away meanwhile;
//! - nobody's language, size, class or card is left to the next citizen;
//! - what lies in front of the reader is read once.
//!
//! Deliberately not here: words, sizes, the network, the file the request is kept in.

mod looking;
mod reading;
mod shown;
mod talk;

pub use self::looking::{FACTOR_CHARS_MIN, Factor, LOOK_UP_MS, LookUp, Offer, Why};
pub use self::shown::{Given, Shown};
pub use self::talk::{
    Act, Answer, Card, Code, Event, LookedUp, Page, Pending, Person, Press, Private, Step, Told,
};
use crate::board::{Board, Kind, Ticket};
use crate::words::Language;

/// A number with its paper stays this long: long enough to pick up the slip.
pub const HOME_AFTER_MS: u64 = 12_000;
/// A number without paper stays this long for somebody who does not touch any more.
pub const HOLD_MS: u64 = 90_000;
/// The daemon lets a ticket be changed this long.
pub const CHANGE_MS: u64 = 90_000;
/// A slip that takes longer is not waited for any more.
pub const SLOW_PAPER_MS: u64 = 20_000;
/// How often the slip is asked after.
const LOOK_EVERY_MS: u64 = 700;
/// A question left alone this long asks whether somebody is there …
pub const ALONE_MS: u64 = 30_000;
/// … and goes home this long after that.
pub const STILL_MS: u64 = 10_000;
/// A language or size somebody left behind.
const LEFT_BEHIND_MS: u64 = 60_000;
/// A presentation reader reads what lies in front of it again and again.
pub const SAME_LABEL_MS: u64 = 2_000;
/// Requests are repeated this long; then the citizen is told.
pub const ANSWER_WITHIN_MS: u64 = 20_000;
/// After a start the daemon itself may still be starting.
const RESUME_WITHIN_MS: u64 = 60_000;
/// Quicker answers show no page of their own: it would only flicker.
pub const SLOW_ANSWER_MS: u64 = 1_200;
/// Pauses between repeats; the last one goes on.
const REPEAT_AFTER_MS: [u64; 4] = [300, 600, 1_200, 2_000];
/// A shorter loss of the daemon goes unnoticed.
pub const AWAY_AFTER_MS: u64 = 3_000;

#[derive(Debug, Clone)]
struct Asking {
    pending: Pending,
    since: u64,
    until: u64,
    sent: usize,
    /// `None` while an answer is awaited.
    send_at: Option<u64>,
    /// The number that stays valid when a change is refused.
    from: Option<Shown>,
}

#[derive(Debug, Clone)]
enum Stage {
    Home,
    Priority,
    /// A service without numbers now; the number that stays valid, if one is to be changed.
    NoNumbers(String, Option<Shown>),
    Asking(Asking),
    Number(Shown),
    Change(Shown),
    Refused(String, Option<Shown>),
    /// A sentence, and since when.
    Told(Told, u64),
    LookUp(LookUp),
    NoAnswer(Asking),
}

/// The visit.
#[derive(Debug)]
pub struct Visit {
    board: Option<Board>,
    down_since: Option<u64>,
    language: Option<Language>,
    large: bool,
    priority: bool,
    stage: Stage,
    touched_at: u64,
    still_since: Option<u64>,
    kept: bool,
    /// A reader is there and well.
    reader: bool,
    /// What was read last, and when, as long as it may still lie there.
    label: Option<(Code, u64)>,
    /// The receipt or slip that this visit is about.
    about: Option<Code>,
    /// The key by which the daemon was asked about a card.
    card_key: Option<String>,
    person: Option<Person>,
}

impl Visit {
    /// A screen that has just started, and heard nothing yet.
    pub fn new(now: u64) -> Self {
        Self {
            board: None,
            down_since: Some(now),
            language: None,
            large: false,
            priority: false,
            stage: Stage::Home,
            touched_at: now,
            still_since: None,
            kept: false,
            reader: false,
            label: None,
            about: None,
            card_key: None,
            person: None,
        }
    }

    /// The public state, once it is known.
    pub fn board(&self) -> Option<&Board> {
        self.board.as_ref()
    }

    /// The citizen's language, or the office's.
    pub fn language(&self) -> Language {
        self.language.unwrap_or_else(|| self.office_language())
    }

    /// Larger text was asked for.
    pub fn large(&self) -> bool {
        self.large
    }

    /// The next number is asked for with priority.
    pub fn priority(&self) -> bool {
        self.priority
    }

    /// A reader is there and well.
    pub fn reader(&self) -> bool {
        self.reader
    }

    /// Whoever showed a card.
    pub fn person(&self) -> Option<&Person> {
        self.person.as_ref()
    }

    /// What to show.
    pub fn page(&self, now: u64) -> Page<'_> {
        if self.still_since.is_some() {
            return Page::Still;
        }
        match &self.stage {
            Stage::Asking(asking) if now >= asking.since + SLOW_ANSWER_MS => Page::Waiting {
                again: asking.sent > 1,
            },
            Stage::Asking(asking) => Page::Tiles {
                asked: Some(self.tile_of(&asking.pending.step)),
            },
            Stage::Number(shown) => Page::Number(shown),
            Stage::Change(shown) => Page::Change(shown),
            Stage::Refused(why, _) => Page::Refused(why),
            Stage::Told(told, _) => Page::Told(*told),
            Stage::LookUp(look_up) => Page::LookUp(look_up),
            Stage::NoAnswer(_) => Page::NoAnswer,
            Stage::Home | Stage::Priority | Stage::NoNumbers(..) => match &self.board {
                _ if self.away(now) => Page::Away,
                None => Page::Starting,
                Some(board) if !board.issuing.open => Page::Closed,
                Some(_) => match &self.stage {
                    Stage::Priority => Page::Priority,
                    Stage::NoNumbers(letter, _) => Page::NoNumbers(letter),
                    _ => Page::Tiles { asked: None },
                },
            },
        }
    }

    /// When the page goes home by itself, if it says so, and how long that takes in all.
    pub fn home_at(&self) -> Option<(u64, u64)> {
        match (&self.stage, self.still_since) {
            (_, Some(since)) => Some((since + STILL_MS, STILL_MS)),
            (Stage::Number(shown), None) if shown.on_paper() => {
                Some((shown.home_at, HOME_AFTER_MS))
            }
            (Stage::Number(shown), None) => Some((shown.home_at, HOLD_MS)),
            (Stage::Told(_, since), None) => Some((since + HOME_AFTER_MS, HOME_AFTER_MS)),
            (Stage::LookUp(_), None) => Some((self.touched_at + LOOK_UP_MS, LOOK_UP_MS)),
            _ => None,
        }
    }

    /// When something changes by itself, so that nothing wakes up for nothing.
    pub fn wake_at(&self, now: u64) -> Option<u64> {
        let mut wakes = Vec::new();
        if let Some(since) = self.down_since {
            wakes.push(since + AWAY_AFTER_MS);
        }
        if let Some((end, _)) = self.home_at() {
            // The next full second before the end: there the words change.
            let left = end.saturating_sub(now);
            wakes.push(end - left.saturating_sub(1) / 1000 * 1000);
        } else if self.alone_matters() {
            wakes.push(self.touched_at + ALONE_MS);
        } else if self.changed() {
            wakes.push(self.touched_at + LEFT_BEHIND_MS);
        }
        wakes.extend(self.label.as_ref().map(|(_, at)| at + SAME_LABEL_MS));
        match &self.stage {
            Stage::Asking(asking) => {
                wakes.extend(asking.send_at);
                wakes.push(asking.since + SLOW_ANSWER_MS);
                wakes.push(asking.until);
            }
            Stage::Number(shown) => {
                if shown.looked_after() {
                    wakes.push(shown.look_at);
                }
                wakes.push(shown.since + SLOW_PAPER_MS);
                wakes.push(shown.since + CHANGE_MS);
            }
            _ => {}
        }
        wakes.into_iter().filter(|at| *at > now).min()
    }

    /// Takes in what happened, and says what is to be done about it.
    pub fn on(&mut self, event: Event, now: u64) -> Vec<Act> {
        let mut acts = Vec::new();
        self.pass_time(now, &mut acts);
        match event {
            Event::Tick => {}
            Event::Board(board) => {
                self.down_since = None;
                self.board = Some(*board);
                // A class the office has just given up cannot be asked for.
                self.priority &= self.offers_priority();
            }
            Event::Link(true) => self.down_since = None,
            Event::Link(false) => {
                self.down_since.get_or_insert(now);
            }
            Event::Press(press, key) => self.press(press, key, now, &mut acts),
            Event::Answer(key, answer) => self.answer(&key, answer, now),
            Event::Read(code, key) => self.read(code, key, now, &mut acts),
            Event::Reader(there) => self.reader = there,
            Event::Card(key, person) => self.know(&key, person, now),
            Event::LookedUp(key, answer) => self.looked_up(&key, answer, now),
            Event::Looked(ticket) => {
                if let Stage::Number(shown) | Stage::Change(shown) = &mut self.stage
                    && shown.ticket.id == ticket.id
                {
                    shown.update(*ticket, now);
                }
            }
            Event::Resume(pending) => {
                self.language = Some(Language::from_code(&pending.language));
                self.kept = true;
                self.ask(pending, None, now + RESUME_WITHIN_MS, now, &mut acts);
            }
        }
        acts
    }

    fn press(&mut self, press: Press, key: String, now: u64, acts: &mut Vec<Act>) {
        self.touched_at = now;
        if self.still_since.take().is_some() {
            if press == Press::No {
                self.end(acts);
            }
            return;
        }
        match press {
            Press::Language => return self.language = Some(self.next_language()),
            Press::Size => return self.large = !self.large,
            _ => {}
        }
        let stage = std::mem::replace(&mut self.stage, Stage::Home);
        self.stage = match (stage, press) {
            (Stage::Home, Press::Choose(letter)) if self.serving(now) => {
                return self.choose(letter, None, key, now, acts);
            }
            (Stage::Change(shown), Press::Choose(letter)) => {
                return self.choose(letter, Some(shown), key, now, acts);
            }
            (Stage::Home, Press::LookUp) if self.looks_up(now) => {
                return self.begin_look_up();
            }
            (Stage::LookUp(look_up), press) => {
                return self.press_looking(look_up, &press, key, now, acts);
            }
            (Stage::Home, Press::AskPriority) if self.offers_priority() => Stage::Priority,
            (Stage::Home, Press::DropPriority) => {
                self.priority = false;
                Stage::Home
            }
            (Stage::Priority, answer @ (Press::Yes | Press::No | Press::Back)) => {
                self.priority = answer == Press::Yes;
                Stage::Home
            }
            (Stage::Number(shown), Press::Change) if shown.may_change(now) => Stage::Change(shown),
            (Stage::Number(_), Press::Remembered | Press::Back) => return self.end(acts),
            (
                Stage::Change(shown)
                | Stage::NoNumbers(_, Some(shown))
                | Stage::Refused(_, Some(shown)),
                Press::Back,
            ) => Self::again(shown, now),
            (Stage::NoNumbers(_, None), Press::Back) => Stage::Home,
            (Stage::Told(..), Press::Back) => Stage::Home,
            (Stage::Refused(..), Press::Back) => return self.end(acts),
            (Stage::NoAnswer(asking), Press::Yes) => {
                return self.ask(
                    asking.pending,
                    asking.from,
                    now + ANSWER_WITHIN_MS,
                    now,
                    acts,
                );
            }
            (Stage::NoAnswer(_), Press::No | Press::Back) => return self.end(acts),
            // Anything else, a second tap above all, changes nothing.
            (stage, _) => stage,
        };
    }

    /// A tile: the one place where a step begins, and takes its key.
    fn choose(
        &mut self,
        letter: String,
        from: Option<Shown>,
        key: String,
        now: u64,
        acts: &mut Vec<Act>,
    ) {
        let service = self.board.as_ref().and_then(|b| b.services.get(&letter));
        let step = match (&from, service) {
            (Some(shown), _) if shown.ticket.service == letter => {
                return self.stage = Self::again(shown.clone(), now);
            }
            (_, Some(service)) if !service.issuing.gives(self.priority) => {
                return self.stage = Stage::NoNumbers(letter, from);
            }
            (Some(shown), Some(_)) => Step::Change {
                ticket: shown.ticket.id.clone(),
                service: letter,
            },
            (None, Some(_)) => Step::Issue {
                service: letter,
                class: self.class(),
                person: self.word(),
            },
            (Some(shown), None) => return self.stage = Self::again(shown.clone(), now),
            (None, None) => return,
        };
        let pending = Pending {
            key,
            language: self.language().code().to_owned(),
            step,
        };
        self.ask(pending, from, now + ANSWER_WITHIN_MS, now, acts);
    }

    fn ask(
        &mut self,
        pending: Pending,
        from: Option<Shown>,
        until: u64,
        now: u64,
        acts: &mut Vec<Act>,
    ) {
        self.kept = true;
        acts.push(Act::Send(pending.clone()));
        self.stage = Stage::Asking(Asking {
            pending,
            since: now,
            until,
            sent: 1,
            send_at: None,
            from,
        });
    }

    fn answer(&mut self, key: &str, answer: Answer, now: u64) {
        let (Stage::Asking(asking) | Stage::NoAnswer(asking)) = &mut self.stage else {
            return;
        };
        if asking.pending.key != key {
            return;
        }
        match answer {
            Answer::Ticket(ticket) => self.show(*ticket, Given::Now, now),
            Answer::Held(ticket) => self.show(*ticket, Given::Before, now),
            Answer::Back(ticket) => self.show(*ticket, Given::Again, now),
            Answer::Told(told) => self.stage = Stage::Told(told, now),
            Answer::Refused(why) => {
                self.touched_at = now;
                self.stage = Stage::Refused(why, asking.from.take());
            }
            Answer::Silent => {
                let pause = REPEAT_AFTER_MS[asking.sent.min(REPEAT_AFTER_MS.len()) - 1];
                asking.send_at = Some(now + pause);
            }
        }
    }

    fn show(&mut self, ticket: Ticket, given: Given, now: u64) {
        self.still_since = None;
        self.stage = Stage::Number(Shown::new(ticket, given, now));
    }

    /// What the passing of time alone brings about.
    fn pass_time(&mut self, now: u64, acts: &mut Vec<Act>) {
        self.label
            .take_if(|(_, at)| now >= at.saturating_add(SAME_LABEL_MS));
        if let Stage::Asking(asking) = &mut self.stage {
            if now >= asking.until {
                self.touched_at = now;
                self.stage = Stage::NoAnswer(asking.clone());
            } else if asking.send_at.is_some_and(|at| now >= at) {
                asking.send_at = None;
                asking.sent += 1;
                acts.push(Act::Send(asking.pending.clone()));
            }
        }
        if let Stage::Number(shown) = &mut self.stage
            && shown.looked_after()
            && now >= shown.look_at
        {
            shown.look_at = now + LOOK_EVERY_MS;
            acts.push(Act::Look(shown.ticket.id.clone()));
        }
        if self.home_at().is_some_and(|(end, _)| now >= end) {
            self.end(acts);
        } else if self.still_since.is_none() {
            let alone = now.saturating_sub(self.touched_at);
            if self.alone_matters() && alone >= ALONE_MS {
                self.still_since = Some(now);
            } else if self.changed() && !self.alone_matters() && alone >= LEFT_BEHIND_MS {
                self.end(acts);
            }
        }
    }

    /// Back to a number that was left for a moment: it gets its time again.
    fn again(mut shown: Shown, now: u64) -> Stage {
        shown.home_at = shown.home_at.max(now + HOME_AFTER_MS);
        Stage::Number(shown)
    }

    fn end(&mut self, acts: &mut Vec<Act>) {
        if std::mem::take(&mut self.kept) {
            acts.push(Act::Forget);
        }
        self.stage = Stage::Home;
        self.still_since = None;
        self.language = None;
        self.large = false;
        self.priority = false;
        self.about = None;
        self.card_key = None;
        self.person = None;
    }

    /// A question is open that the next citizen should not find.
    fn alone_matters(&self) -> bool {
        match self.stage {
            Stage::Home => self.priority || self.person.is_some(),
            Stage::Asking(_) | Stage::Number(_) | Stage::Told(..) | Stage::LookUp(_) => false,
            _ => true,
        }
    }

    fn changed(&self) -> bool {
        matches!(self.stage, Stage::Home) && (self.language.is_some() || self.large)
    }

    fn away(&self, now: u64) -> bool {
        self.down_since
            .is_some_and(|since| now >= since + AWAY_AFTER_MS)
    }

    fn serving(&self, now: u64) -> bool {
        !self.away(now) && self.board.as_ref().is_some_and(|board| board.issuing.open)
    }

    fn offers_priority(&self) -> bool {
        self.board
            .as_ref()
            .is_some_and(|board| board.office.priority.is_some())
    }

    fn office_language(&self) -> Language {
        self.board.as_ref().map_or_else(Language::default, |board| {
            Language::from_code(board.first_language())
        })
    }

    /// The language the button switches to.
    pub fn next_language(&self) -> Language {
        let Some(board) = &self.board else {
            return self.language();
        };
        let languages = &board.office.languages;
        let now = languages
            .iter()
            .position(|code| Language::from_code(code) == self.language())
            .unwrap_or(0);
        languages
            .get((now + 1) % languages.len().max(1))
            .map_or(self.language(), |code| Language::from_code(code))
    }
}

#[cfg(test)]
mod tests;
