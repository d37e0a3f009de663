//! Looking up one's own dossier: the receipt, something that only its owner knows, the answer.
//!
//! - A try is sent once and never repeated by itself: each one counts at the daemon.
//! - Whatever is on these pages goes [`LOOK_UP_MS`] after the last touch, without a question: it
//!   is somebody's, and the next citizen must not find even the question.
//! - An answer that comes when its citizen has gone is nobody's.

use super::{
    ANSWER_WITHIN_MS, Act, Code, Kind, LookedUp, Pending, Press, Private, Stage, Step, Visit,
};
use crate::dossier::{Dossier, State};

/// How long a page of looking up stays after the last touch, or after its answer came.
pub const LOOK_UP_MS: u64 = 30_000;
/// The daemon takes nothing shorter for a second factor …
pub const FACTOR_CHARS_MIN: usize = 4;
/// … nor anything longer.
const FACTOR_CHARS_MAX: usize = 12;

/// How far a citizen is with looking up.
#[derive(Debug, Clone, PartialEq)]
pub enum LookUp {
    /// The receipt is to be held to the reader.
    Receipt {
        /// What was held to it was none.
        again: bool,
    },
    /// The second factor is to be typed.
    Factor(Factor),
    /// How the dossier stands.
    Found(Private, Box<Dossier>),
    /// No answer.
    Not(Private, Why),
}

/// Why a dossier could not be looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// There were too many wrong tries; when the next one is taken, where the daemon says so.
    Locked(Option<u64>),
    /// Neither the daemon nor the dossier software has answered.
    Away,
    /// The daemon said no, and why.
    Refused(String),
}

/// The second factor as far as it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factor {
    dossier: Private,
    /// What is typed.
    pub typed: Private,
    /// Letters are shown instead of digits.
    pub letters: bool,
    /// The last one was wrong; tries that are left, where the daemon says so.
    pub wrong: Option<Option<u32>>,
    /// Key of the try that is under way.
    asked: Option<String>,
}

impl Factor {
    fn of(dossier: Private) -> Self {
        Self {
            dossier,
            typed: Private(String::new()),
            letters: false,
            wrong: None,
            asked: None,
        }
    }

    /// The answer is on its way.
    pub fn is_asked(&self) -> bool {
        self.asked.is_some()
    }

    /// It can be sent.
    pub fn is_whole(&self) -> bool {
        self.asked.is_none() && self.typed.0.len() >= FACTOR_CHARS_MIN
    }

    fn press(&mut self, press: &Press) {
        if self.is_asked() {
            return;
        }
        match press {
            Press::Sign(sign) if self.typed.0.len() < FACTOR_CHARS_MAX => {
                self.typed.0.push_str(&sign.0);
                // Whoever types again has read it.
                self.wrong = None;
            }
            Press::Erase => {
                self.typed.0.pop();
            }
            Press::Letters => self.letters = !self.letters,
            _ => {}
        }
    }
}

/// What a number is offered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// The result is there.
    Collect,
    /// A paper is missing.
    Supplement,
    /// Somebody has to say more.
    Ask,
}

impl Visit {
    /// Whether somebody can look up a dossier here now.
    pub fn looks_up(&self, now: u64) -> bool {
        let told = self.board.as_ref().is_some_and(|board| board.look_up);
        told && self.reader && !self.away(now)
    }

    /// Another page of looking up than before.
    fn turn(&mut self, look_up: LookUp) {
        self.stage = Stage::LookUp(look_up);
    }

    /// The first page.
    pub(super) fn begin_look_up(&mut self) {
        self.turn(LookUp::Receipt { again: false });
    }

    /// A finger while a dossier is looked up.
    pub(super) fn press_looking(
        &mut self,
        look_up: LookUp,
        press: &Press,
        key: String,
        now: u64,
        acts: &mut Vec<Act>,
    ) {
        let offered = self.offer_on(&look_up).is_some();
        match (look_up, press) {
            // Nothing was told yet: the visit goes on.
            (LookUp::Receipt { .. } | LookUp::Factor(_), Press::Back) => {
                self.about = None;
                self.stage = Stage::Home;
            }
            (LookUp::Found(..) | LookUp::Not(..), Press::Back) => self.end(acts),
            (LookUp::Factor(mut factor), Press::Send) if factor.is_whole() => {
                acts.push(Act::LookUp {
                    key: key.clone(),
                    dossier: factor.dossier.clone(),
                    factor: factor.typed.clone(),
                    language: self.language().code().to_owned(),
                });
                factor.asked = Some(key);
                factor.wrong = None;
                self.turn(LookUp::Factor(factor));
            }
            (LookUp::Factor(mut factor), press) => {
                factor.press(press);
                self.turn(LookUp::Factor(factor));
            }
            (LookUp::Not(dossier, Why::Away), Press::No) => {
                self.turn(LookUp::Factor(Factor::of(dossier)));
            }
            (LookUp::Found(dossier, _) | LookUp::Not(dossier, _), Press::Yes) if offered => {
                let step = Step::Receipt {
                    dossier,
                    class: self.class(),
                    person: self.word(),
                };
                let pending = Pending {
                    key,
                    language: self.language().code().to_owned(),
                    step,
                };
                self.ask(pending, None, now + ANSWER_WITHIN_MS, now, acts);
            }
            // Staying is a touch like any other.
            (look_up, _) => self.turn(look_up),
        }
    }

    /// Something is held to the reader while a receipt is awaited.
    pub(super) fn read_looking(&mut self, code: Code) {
        let Code::Receipt(dossier) = code else {
            return self.turn(LookUp::Receipt { again: true });
        };
        self.about = Some(Code::Receipt(dossier.clone()));
        self.turn(LookUp::Factor(Factor::of(dossier)));
    }

    /// What became of a try.
    pub(super) fn looked_up(&mut self, key: &str, answer: LookedUp, now: u64) {
        let Stage::LookUp(LookUp::Factor(factor)) = &mut self.stage else {
            return;
        };
        if factor.asked.take_if(|asked| asked == key).is_none() {
            return;
        }
        let dossier = factor.dossier.clone();
        let not = |why| LookUp::Not(dossier.clone(), why);
        let next = match answer {
            LookedUp::Found(found) => LookUp::Found(dossier, found),
            LookedUp::Wrong(left) => LookUp::Factor(Factor {
                typed: Private(String::new()),
                wrong: Some(left),
                ..factor.clone()
            }),
            LookedUp::Locked(wait_ms) => {
                let until = wait_ms.map(|wait_ms| now.saturating_add(wait_ms));
                not(Why::Locked(until))
            }
            LookedUp::Away => not(Why::Away),
            LookedUp::Refused(why) => not(Why::Refused(why)),
        };
        // Now there is something to read.
        self.touched_at = now;
        self.turn(next);
    }

    /// What a number is offered for on this page, where one can be had.
    pub fn offer(&self) -> Option<Offer> {
        match &self.stage {
            Stage::LookUp(look_up) => self.offer_on(look_up),
            _ => None,
        }
    }

    fn offer_on(&self, look_up: &LookUp) -> Option<Offer> {
        let offer = match look_up {
            LookUp::Receipt { .. } | LookUp::Factor(_) => return None,
            LookUp::Not(..) => Offer::Ask,
            LookUp::Found(_, found) => match found.state {
                State::Done => Offer::Collect,
                State::SupplementAsked => Offer::Supplement,
                State::Refused | State::Other => Offer::Ask,
                _ if found.is_late() => Offer::Ask,
                // Nothing is to be done at a counter.
                State::Received | State::InProgress | State::Returned => return None,
            },
        };
        let board = self.board.as_ref().filter(|board| board.issuing.open)?;
        let mut services = board.services.values();
        let gives = services.any(|s| s.kind == Kind::Result && s.issuing.gives(self.priority));
        gives.then_some(offer)
    }
}
