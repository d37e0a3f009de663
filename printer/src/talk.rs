//! A conversation with a printer: what is asked, and what comes back by when.

use std::io;
use std::time::{Duration, Instant};

use crate::answer::{Answer, Answers, Condition, changed, condition};
use crate::link::Link;

/// `DLE EOT n`: answered at once, also by a printer that is offline or whose buffer is full.
pub(crate) const ALIVE: [u8; 3] = [0x10, 0x04, 1];
/// `DLE EOT` 1 to 4: printer, why it is offline, error, paper.
const STATUS: [u8; 12] = [0x10, 0x04, 1, 0x10, 0x04, 2, 0x10, 0x04, 3, 0x10, 0x04, 4];
/// `GS r 1`: answered in its turn.
pub(crate) const FENCE: [u8; 3] = [0x1d, b'r', 1];
/// `DLE ENQ 2`: recover from an error that can be recovered from, and forget what was sent.
pub(crate) const RECOVER: [u8; 3] = [0x10, 0x05, 2];
/// `DLE DC4` 8: forget what was sent and not printed yet.
pub(crate) const CLEAR: [u8; 10] = [0x10, 0x14, 8, 1, 3, 0x14, 1, 6, 2, 8];
const ACKNOWLEDGE: [u8; 1] = [6];

/// More than any printer says at once, all its keys and what it said while nobody listened
/// included: what goes on talking is no printer, or its line is set wrongly.
const HEARD_BYTES_MAX: usize = 16 * 1024;

/// `GS ( H` function 48: says `id` when all before it is on paper.
pub(crate) fn process_id(id: [u8; 4]) -> [u8; 11] {
    let [a, b, c, d] = id;
    [0x1d, b'(', b'H', 6, 0, 48, 48, a, b, c, d]
}

/// What a printer said since it was last asked.
#[derive(Default)]
pub(crate) struct Heard {
    /// Answers in real time, in order.
    pub(crate) real_time: Vec<u8>,
    /// Answers in turn.
    pub(crate) in_turn: usize,
    /// The newest automatic status.
    pub(crate) changed: Option<Condition>,
    /// The worst that it told by itself, also if that was over a moment later.
    pub(crate) worst: Option<Condition>,
    /// Process ids that are on paper.
    pub(crate) done: Vec<[u8; 4]>,
    /// Keys of graphics in its RAM, once they are all there.
    pub(crate) keys: Option<Vec<[u8; 2]>>,
    keys_so_far: Vec<[u8; 2]>,
}

/// A printer that is spoken with.
pub(crate) struct Talk {
    link: Box<dyn Link>,
    answers: Answers,
    pub(crate) heard: Heard,
}

impl Talk {
    pub(crate) fn over(link: Box<dyn Link>) -> Self {
        Self {
            link,
            answers: Answers::default(),
            heard: Heard::default(),
        }
    }

    pub(crate) fn link(&mut self) -> &mut dyn Link {
        &mut *self.link
    }

    /// Sends, and takes in what has come meanwhile.
    pub(crate) fn say(&mut self, bytes: &[u8], deadline: Instant) -> io::Result<()> {
        self.link.send(bytes, deadline)?;
        self.listen(Instant::now(), |_| true)?;
        Ok(())
    }

    /// Listens until what is wanted was heard, or `deadline`. Whether it was. An error also of a
    /// device that does not stop talking.
    pub(crate) fn listen(
        &mut self,
        deadline: Instant,
        wanted: impl Fn(&Heard) -> bool,
    ) -> io::Result<bool> {
        if !self.link.two_way() {
            return Ok(wanted(&self.heard));
        }
        let mut buffer = [0; 64];
        let mut heard_bytes = 0;
        loop {
            // What was heard already needs no waiting, only a look at what else has come.
            let until = match wanted(&self.heard) {
                true => Instant::now(),
                false => deadline,
            };
            let count = self.link.receive(&mut buffer, until)?;
            heard_bytes += count;
            if heard_bytes > HEARD_BYTES_MAX {
                let what = "the device does not stop talking";
                return Err(io::Error::new(io::ErrorKind::InvalidData, what));
            }
            for byte in &buffer[..count] {
                if let Some(answer) = self.answers.take(*byte) {
                    self.hear(answer)?;
                }
            }
            if count < buffer.len() && (wanted(&self.heard) || Instant::now() >= deadline) {
                return Ok(wanted(&self.heard));
            }
        }
    }

    fn hear(&mut self, answer: Answer) -> io::Result<()> {
        let heard = &mut self.heard;
        match answer {
            Answer::RealTime(byte) => heard.real_time.push(byte),
            Answer::InTurn(_) => heard.in_turn += 1,
            Answer::Changed(status) => {
                let now = changed(status);
                heard.changed = Some(now);
                // Worst first.
                heard.worst = Some(heard.worst.map_or(now, |worst| worst.min(now)));
            }
            Answer::Done(id) => heard.done.push(id),
            Answer::Keys(mut keys, more) => {
                heard.keys_so_far.append(&mut keys);
                if more {
                    let deadline = Instant::now() + Duration::from_millis(500);
                    return self.link.send(&ACKNOWLEDGE, deadline);
                }
                heard.keys = Some(std::mem::take(&mut heard.keys_so_far));
            }
            Answer::Noise => {}
        }
        Ok(())
    }

    /// How the printer fares. `None`: it did not answer all of it within `wait`.
    pub(crate) fn status(&mut self, wait: Duration) -> io::Result<Option<Condition>> {
        let deadline = Instant::now() + wait;
        self.listen(Instant::now(), |_| true)?;
        self.heard.real_time.clear();
        self.say(&STATUS, deadline)?;
        self.listen(deadline, |heard| heard.real_time.len() >= STATUS.len() / 3)?;
        let answers = self.heard.real_time.first_chunk::<4>();
        Ok(answers.map(|answers| condition(*answers)))
    }

    /// The graphics in its RAM, by their keys. `None`: it did not answer within `wait`.
    pub(crate) fn keys(&mut self, ask: &[u8], wait: Duration) -> io::Result<Option<Vec<[u8; 2]>>> {
        let deadline = Instant::now() + wait;
        self.heard.keys = None;
        self.heard.keys_so_far.clear();
        self.say(ask, deadline)?;
        self.listen(deadline, |heard| heard.keys.is_some())?;
        Ok(self.heard.keys.take())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Another device on the printer's line: whenever it is asked it has something to say.
    struct Chatterer;

    impl Link for Chatterer {
        fn send(&mut self, _: &[u8], _: Instant) -> io::Result<()> {
            Ok(())
        }
        fn settle(&mut self, _: Instant) -> io::Result<()> {
            Ok(())
        }
        fn written(&self) -> usize {
            0
        }
        fn taken(&mut self) -> usize {
            0
        }
        fn receive(&mut self, buffer: &mut [u8], _: Instant) -> io::Result<usize> {
            buffer.fill(0x12);
            Ok(buffer.len())
        }
        fn finish(&mut self, _: Instant) -> io::Result<()> {
            Ok(())
        }
        fn two_way(&self) -> bool {
            true
        }
        fn stays(&self) -> bool {
            true
        }
    }

    #[test]
    fn what_does_not_stop_talking_is_no_printer() {
        let mut talk = Talk::over(Box::new(Chatterer));
        let answer = talk.keys(&FENCE, Duration::ZERO);
        let kind = answer.map(|_| ()).map_err(|error| error.kind());
        assert_eq!(kind, Err(io::ErrorKind::InvalidData));
        assert!(talk.heard.real_time.len() <= HEARD_BYTES_MAX);
    }
}
