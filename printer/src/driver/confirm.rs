//! A slip on its way: its bytes are handed over, and the printer says that it is out.

use std::time::{Duration, Instant};

use super::Driver;
use crate::ability::Confirmation;
use crate::answer::Condition;
use crate::escpos::Stream;
use crate::print::{Cause, Paper};
use crate::talk;

/// While a slip is being printed, between two questions how it goes.
const ASK_EVERY: Duration = Duration::from_millis(300);
/// What a printer may need beyond moving its paper, for start and cut, in times of an answer.
const CONFIRM_ANSWERS: u32 = 4;
/// Bytes between two questions in the middle of a slip, about as many as a line of 9600 baud
/// carries in a second, or one longer command. A printer that was off meanwhile, if only for so
/// long, missed at least one of them, or has lost what its RAM held.
const ALIVE_EVERY_BYTES: usize = 960;

/// A slip on its way.
pub(super) struct Way {
    pub(super) deadline: Instant,
    /// Bytes that the link had taken and that were handed to it before the slip's first.
    pub(super) taken_before: usize,
    pub(super) written_before: usize,
    /// Questions slipped in between its commands.
    pub(super) asked: usize,
}

impl Driver {
    /// Hands the bytes over, with a question between two commands now and then.
    pub(super) fn hand_over(&mut self, stream: &Stream, way: &mut Way) -> Result<(), Cause> {
        let (talk, abilities) = self.met(way.deadline)?;
        talk.listen(Instant::now(), |_| true)?;
        talk.heard.real_time.clear();
        talk.heard.done.clear();
        talk.heard.worst = None;
        let (mut sent, mut quiet) = (0, 0);
        for border in stream.borders.iter().copied() {
            if abilities.real_time && quiet > 0 && quiet + border - sent > ALIVE_EVERY_BYTES {
                talk.say(&talk::ALIVE, way.deadline)?;
                way.asked += 1;
                quiet = 0;
            }
            talk.say(&stream.bytes[sent..border], way.deadline)?;
            quiet += border - sent;
            sent = border;
            if let Some(trouble) = talk.heard.worst.filter(|now| stops(*now)) {
                return Err(Cause::Told(trouble));
            }
        }
        talk.link().settle(way.deadline)?;
        Ok(())
    }

    /// Waits until the printer says that the slip is out, in the best way it can.
    pub(super) fn confirm(&mut self, mm: f32, way: &Way) -> Result<Paper, Cause> {
        let moving = Duration::from_secs_f32(mm / self.setup.profile.slowest_mm_s);
        let needs = moving + self.setup.answer * CONFIRM_ANSWERS;
        let mut by = way.deadline.min(Instant::now() + needs);
        let (id, owed, answer) = (self.id(), self.owed, self.setup.answer);
        let (talk, abilities) = self.met(way.deadline)?;
        let confirmation = abilities.confirmation();
        match confirmation {
            Confirmation::None => {
                talk.link().finish(way.deadline)?;
                return Ok(Paper::Sent);
            }
            Confirmation::ProcessId => talk.say(&talk::process_id(id), by)?,
            Confirmation::InTurn => {
                talk.heard.in_turn = 0;
                talk.say(&talk::FENCE, by)?;
                self.owed += 1;
            }
            Confirmation::RealTime => {}
        }
        let (mut asked, mut answered) = (way.asked, 0);
        loop {
            let (talk, _) = self.met(way.deadline)?;
            // A buffer between here and the printer takes a slip at once and carries it slowly. It
            // moves while the questions inside the slip are answered one after the other.
            let so_far = talk.heard.real_time.len().min(asked);
            if so_far > answered {
                answered = so_far;
                by = way.deadline.min(Instant::now() + needs);
            }
            let out = match confirmation {
                Confirmation::ProcessId => talk.heard.done.contains(&id),
                Confirmation::InTurn => talk.heard.in_turn > owed,
                // Every byte is in the printer, and the paper had the time to move.
                Confirmation::RealTime => Instant::now() >= by - answer,
                Confirmation::None => true,
            };
            if let Some(trouble) = talk.heard.worst.filter(|now| stops(*now)) {
                return Err(Cause::Told(trouble));
            }
            if out {
                break;
            }
            if Instant::now() >= by {
                return Err(Cause::Unconfirmed);
            }
            let next = by.min(Instant::now() + ASK_EVERY);
            let heard = talk.listen(next, |heard| match confirmation {
                Confirmation::ProcessId => heard.done.contains(&id),
                Confirmation::InTurn => heard.in_turn > owed,
                Confirmation::RealTime | Confirmation::None => false,
            })?;
            if heard || !abilities.real_time {
                continue;
            }
            // Answers to the questions inside the slip come first.
            talk.listen(Instant::now() + answer, |heard| {
                heard.real_time.len() >= asked
            })?;
            if talk.heard.real_time.len() >= asked {
                asked = 0;
                match talk.status(answer)? {
                    Some(trouble) if stops(trouble) => return Err(Cause::Told(trouble)),
                    _ => {}
                }
            }
        }
        self.owed = 0;
        self.judge(asked, way)
    }

    /// The last word: nothing was missed on the way, and nothing is wrong now.
    fn judge(&mut self, asked: usize, way: &Way) -> Result<Paper, Cause> {
        let wait = self.setup.answer;
        let (talk, abilities) = self.met(way.deadline)?;
        if abilities.real_time {
            let by = Instant::now() + wait;
            if !talk.listen(by, |heard| heard.real_time.len() >= asked)? {
                return Err(Cause::Interrupted);
            }
            match talk.status(wait)? {
                None => return Err(Cause::Interrupted),
                // Its fence was answered and its slip is out; but with the cover open or the
                // cutter jammed nobody has it in hand.
                Some(trouble) if !trouble.prints() => return Err(Cause::Told(trouble)),
                Some(_) => {}
            }
        }
        Ok(Paper::Printed)
    }

    fn id(&mut self) -> [u8; 4] {
        // Visible characters only, 94 of them a digit.
        let mut rest = self.next_id;
        self.next_id = self.next_id.wrapping_add(1);
        std::array::from_fn(|_| {
            let digit = (rest % 94) as u8;
            rest /= 94;
            b'!' + digit
        })
    }
}

/// Whether a slip under way will not come out by itself.
fn stops(condition: Condition) -> bool {
    !condition.prints() && condition != Condition::HeadHot
}
