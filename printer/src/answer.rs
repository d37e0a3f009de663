//! What a printer says, told apart on the one line it has.
//!
//! Pure, and public so that it can be tried with bytes that no printer sends. Sources: Epson's
//! command reference for `DLE EOT`, `GS r`, `GS a`, `GS ( H` and `GS ( L`; the bit layouts are those of the TM-T88III guide, p. 318-320, and of the clones' manuals.
//!
//! | answer | looks like |
//! | --- | --- |
//! | to `DLE EOT n`, at once | one byte `0xx1xx10` |
//! | to `GS r 1`, in its turn | one byte `0xx0xxxx` |
//! | automatic status (`GS a`) | `0xx1xx00`, then three bytes `0xx0xxxx` |
//! | to `GS ( H` and `GS ( L` | a block `37h … 00h` |

use serde::{Deserialize, Serialize};

/// Longest block: an identifier, a status and 40 key codes.
const BLOCK_BYTES_MAX: usize = 96;
const BLOCK: u8 = 0x37;
/// Second byte of a block: all data before the request is on paper.
const DONE: u8 = 0x22;
/// Second byte of a block: the keys of the graphics in the printer's RAM.
const KEYS: u8 = 0x73;
/// Third byte of a block of keys: another block follows when this one is acknowledged.
const MORE: u8 = 0x41;
const XON: u8 = 0x11;
const XOFF: u8 = 0x13;

/// How a printer fares, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// The device is not there: switched off, unplugged, or under another name.
    Unplugged,
    /// It is there and answers nothing, though it did once.
    Silent,
    /// Its cover is open.
    CoverOpen,
    /// No paper.
    PaperOut,
    /// Its cutter is jammed.
    CutterJammed,
    /// Its head is too hot; it goes on by itself.
    HeadHot,
    /// An error that only switching off and on may clear.
    Fault,
    /// Offline for a reason it does not tell.
    Offline,
    /// The roll ends soon.
    PaperLow,
    /// As it should be.
    Ready,
}

impl Condition {
    /// Whether it prints.
    pub fn prints(self) -> bool {
        matches!(self, Self::Ready | Self::PaperLow)
    }

    /// Its name in journal and API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unplugged => "unplugged",
            Self::Silent => "silent",
            Self::CoverOpen => "cover-open",
            Self::PaperOut => "paper-out",
            Self::CutterJammed => "cutter-jammed",
            Self::HeadHot => "head-hot",
            Self::Fault => "fault",
            Self::Offline => "offline",
            Self::PaperLow => "paper-low",
            Self::Ready => "ready",
        }
    }
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// To `DLE EOT`; which question it answers follows from the order.
    RealTime(u8),
    /// To `GS r`.
    InTurn(u8),
    /// Nobody asked: something has changed.
    Changed([u8; 4]),
    /// All that was sent before this process id is on paper.
    Done([u8; 4]),
    /// Keys of the graphics in its RAM, and whether more follow.
    Keys(Vec<[u8; 2]>, bool),
    /// None of these.
    Noise,
}

/// Tells answers apart, byte by byte.
#[derive(Default)]
pub struct Answers {
    /// A block begun.
    block: Vec<u8>,
    /// An automatic status begun.
    changed: Vec<u8>,
}

impl Answers {
    /// Takes the next byte.
    pub fn take(&mut self, byte: u8) -> Option<Answer> {
        if matches!(byte, XON | XOFF) {
            return None;
        }
        if !self.block.is_empty() {
            return self.in_block(byte);
        }
        // An answer in real time may come in the middle of anything.
        if byte & 0b1001_0011 == 0b0001_0010 {
            return Some(Answer::RealTime(byte));
        }
        if byte & 0b1001_0011 == 0b0001_0000 {
            self.changed = vec![byte];
            return None;
        }
        if byte & 0b1001_0000 == 0 {
            if self.changed.is_empty() {
                return Some(Answer::InTurn(byte));
            }
            self.changed.push(byte);
            let changed = <[u8; 4]>::try_from(&*self.changed).ok()?;
            self.changed.clear();
            return Some(Answer::Changed(changed));
        }
        self.changed.clear();
        if byte == BLOCK {
            self.block.push(byte);
            return None;
        }
        Some(Answer::Noise)
    }

    fn in_block(&mut self, byte: u8) -> Option<Answer> {
        if byte == 0 {
            return Some(block(&std::mem::take(&mut self.block)));
        }
        if !(0x20..=0x7e).contains(&byte) || self.block.len() >= BLOCK_BYTES_MAX {
            self.block.clear();
            return Some(Answer::Noise);
        }
        self.block.push(byte);
        None
    }
}

fn block(bytes: &[u8]) -> Answer {
    match bytes {
        [BLOCK, DONE, id @ ..] => id.try_into().map_or(Answer::Noise, Answer::Done),
        [BLOCK, KEYS, status, keys @ ..] if keys.len() % 2 == 0 => {
            let keys = keys.chunks_exact(2).map(|key| [key[0], key[1]]);
            Answer::Keys(keys.collect(), *status == MORE)
        }
        _ => Answer::Noise,
    }
}

/// The four answers to `DLE EOT` 1 to 4.
pub(crate) fn condition([printer, offline, error, paper]: [u8; 4]) -> Condition {
    let on = |byte: u8, bit: u8| byte & (1 << bit) != 0;
    if on(offline, 2) {
        Condition::CoverOpen
    } else if on(offline, 5) || on(paper, 5) || on(paper, 6) {
        Condition::PaperOut
    } else if on(error, 3) {
        Condition::CutterJammed
    } else if on(error, 6) {
        Condition::HeadHot
    } else if on(error, 5) || on(error, 2) {
        Condition::Fault
    } else if on(printer, 3) || on(offline, 6) {
        Condition::Offline
    } else if on(paper, 2) || on(paper, 3) {
        Condition::PaperLow
    } else {
        Condition::Ready
    }
}

/// An automatic status.
pub(crate) fn changed([first, second, third, _]: [u8; 4]) -> Condition {
    let on = |byte: u8, bit: u8| byte & (1 << bit) != 0;
    if on(first, 5) {
        Condition::CoverOpen
    } else if on(third, 2) || on(third, 3) {
        Condition::PaperOut
    } else if on(second, 3) {
        Condition::CutterJammed
    } else if on(second, 6) {
        Condition::HeadHot
    } else if on(second, 5) || on(second, 2) {
        Condition::Fault
    } else if on(first, 3) {
        Condition::Offline
    } else if on(third, 0) || on(third, 1) {
        Condition::PaperLow
    } else {
        Condition::Ready
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> Vec<Answer> {
        let mut answers = Answers::default();
        bytes.iter().filter_map(|b| answers.take(*b)).collect()
    }

    #[test]
    fn answers_of_every_kind_are_told_apart_on_one_line() {
        use Answer::{Changed, Done, InTurn, Keys, Noise, RealTime};
        let cases: [(&[u8], Vec<Answer>); 9] = [
            (&[0x12], vec![RealTime(0x12)]),
            (&[0x00], vec![InTurn(0x00)]),
            (&[0x0c], vec![InTurn(0x0c)]),
            (&[0x10, 0, 0, 0x0f], vec![Changed([0x10, 0, 0, 0x0f])]),
            (b"\x37\x22abcd\0", vec![Done(*b"abcd")]),
            (
                b"\x37\x73\x41a1a2\0",
                vec![Keys(vec![*b"a1", *b"a2"], true)],
            ),
            (b"\x37\x73\x40\0", vec![Keys(vec![], false)]),
            (&[0xff, 0x80], vec![Noise, Noise]),
            // The line's own "wait" and "go on" are no answers.
            (&[XOFF, 0x12, XON], vec![RealTime(0x12)]),
        ];
        for (bytes, expected) in cases {
            assert_eq!(told(bytes), expected, "{bytes:02x?}");
        }
    }

    #[test]
    fn an_answer_in_real_time_may_interrupt_an_automatic_status() {
        assert_eq!(
            told(&[0x1c, 0x00, 0x16, 0x0c, 0x00]),
            [
                Answer::RealTime(0x16),
                Answer::Changed([0x1c, 0x00, 0x0c, 0x00])
            ]
        );
    }

    #[test]
    fn a_damaged_block_confirms_nothing() {
        assert_eq!(told(b"\x37\x22abc\0"), [Answer::Noise]);
        assert_eq!(told(b"\x37\x22ab\xffd\0")[0], Answer::Noise);
        let endless = [&[BLOCK, DONE][..], &[b'a'; 200]].concat();
        assert!(
            !told(&endless)
                .iter()
                .any(|answer| matches!(answer, Answer::Done(_)))
        );
    }

    #[test]
    fn every_status_bit_means_what_the_manual_says() {
        use Condition as C;
        for (answers, expected) in [
            ([0x12, 0x12, 0x12, 0x12], C::Ready),
            ([0x12, 0x12, 0x12, 0x1e], C::PaperLow),
            ([0x1a, 0x32, 0x12, 0x7e], C::PaperOut),
            ([0x12, 0x12, 0x12, 0x72], C::PaperOut),
            ([0x1a, 0x16, 0x12, 0x12], C::CoverOpen),
            // An open cover also hides the paper from its sensor.
            ([0x1a, 0x36, 0x12, 0x72], C::CoverOpen),
            ([0x1a, 0x52, 0x1a, 0x12], C::CutterJammed),
            ([0x1a, 0x52, 0x52, 0x12], C::HeadHot),
            ([0x1a, 0x52, 0x32, 0x12], C::Fault),
            ([0x1a, 0x12, 0x12, 0x12], C::Offline),
        ] {
            assert_eq!(condition(answers), expected, "{answers:02x?}");
        }
        for (status, expected) in [
            ([0x10, 0x00, 0x00, 0x00], C::Ready),
            ([0x10, 0x00, 0x03, 0x00], C::PaperLow),
            ([0x18, 0x00, 0x0c, 0x00], C::PaperOut),
            ([0x38, 0x00, 0x0c, 0x00], C::CoverOpen),
            ([0x18, 0x08, 0x00, 0x00], C::CutterJammed),
            ([0x18, 0x40, 0x00, 0x00], C::HeadHot),
            ([0x18, 0x20, 0x00, 0x00], C::Fault),
            ([0x18, 0x00, 0x00, 0x00], C::Offline),
        ] {
            assert_eq!(changed(status), expected, "{status:02x?}");
        }
    }
}
