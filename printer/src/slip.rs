//! What stands on a slip, line by line, before anyone asks how it is printed.
//!
//! Sizes are in dots of a 203 dpi printer (8 dots are 1 mm) and mean the same length on every
//! profile. The paper is cut at the end; a slip need not say so.

use thiserror::Error;

use crate::drawing::Drawing;

/// The office's aim for a queue ticket, paper to the cutter included.
pub const TICKET_MM: f32 = 100.0;
/// No slip is longer. A day report fits; a runaway text must not empty the roll.
pub const SLIP_MM_MAX: f32 = 300.0;
/// Characters of one text: more than a notice needs, few enough to wrap in no time.
pub const TEXT_CHARS_MAX: usize = 1_000;
/// Characters of a ticket number. Longer ones could not be printed large.
pub const NUMBER_CHARS_MAX: usize = 8;
/// Digits of a ticket number are at least this high: they are read across a counter.
pub const NUMBER_DIGITS_MM_MIN: f32 = 15.0;
/// Bytes in a QR code: an address with a token, at modules that a cheap phone still reads.
pub const QR_BYTES_MAX: usize = 300;

/// A slip of paper: lines from top to bottom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slip {
    /// The lines, top first.
    pub lines: Vec<Line>,
}

/// One line of a slip. A text may wrap into several rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// Words, wrapped to the paper; a line break in the text breaks the line.
    Text {
        /// What it says, in any language the faces have letters for.
        text: String,
        /// Letter size; below 20 dots it is printed with 20, where thin strokes still hold.
        size: u16,
        /// How heavy.
        weight: Weight,
        /// Where on the paper.
        align: Align,
    },
    /// The ticket number, as large as the paper allows.
    Number(String),
    /// A line across the paper.
    Rule,
    /// A QR code, error correction M.
    Qr {
        /// What a phone reads.
        content: String,
        /// What stands beside it, if anything.
        words: Option<String>,
    },
    /// White paper of this height.
    Space(u16),
    /// White letters in a black box: what nobody may overlook, such as a reprint.
    Mark(String),
    /// A picture in the middle, such as an office's logo.
    Drawing {
        /// What it shows.
        drawing: Drawing,
        /// How high it is, unless the paper is too narrow for that.
        height: u16,
    },
    /// Millimetres across the paper, to lay a ruler against.
    Ruler,
}

/// The three weights of the one type family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// For reading.
    Regular,
    /// For what to look at first in a group.
    SemiBold,
    /// For names and numbers.
    Bold,
}

/// Where a text stands on the paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// From the left edge.
    Left,
    /// In the middle.
    Centre,
}

impl Slip {
    /// An empty slip.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds centred text.
    pub fn centred(mut self, text: impl Into<String>, size: u16, weight: Weight) -> Self {
        let (text, align) = (text.into(), Align::Centre);
        self.lines.push(Line::Text {
            text,
            size,
            weight,
            align,
        });
        self
    }

    /// Adds text from the left edge.
    pub fn left(mut self, text: impl Into<String>, size: u16, weight: Weight) -> Self {
        let (text, align) = (text.into(), Align::Left);
        self.lines.push(Line::Text {
            text,
            size,
            weight,
            align,
        });
        self
    }

    /// Adds the ticket number.
    pub fn number(mut self, number: impl Into<String>) -> Self {
        self.lines.push(Line::Number(number.into()));
        self
    }

    /// Adds a line across the paper.
    pub fn rule(mut self) -> Self {
        self.lines.push(Line::Rule);
        self
    }

    /// Adds a QR code, with words beside it where it leads somewhere.
    pub fn qr(mut self, content: impl Into<String>, words: Option<String>) -> Self {
        self.lines.push(Line::Qr {
            content: content.into(),
            words,
        });
        self
    }

    /// Adds white paper.
    pub fn space(mut self, height: u16) -> Self {
        self.lines.push(Line::Space(height));
        self
    }

    /// Adds white words in a black box.
    pub fn mark(mut self, words: impl Into<String>) -> Self {
        self.lines.push(Line::Mark(words.into()));
        self
    }
}

/// Why a slip cannot be printed on any try: its content is wrong, not the device.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum SlipError {
    /// More paper than a slip may take.
    #[error("the slip needs {mm:.0} mm of paper, at most {SLIP_MM_MAX:.0} mm are allowed")]
    TooLong {
        /// What it would need, as far as it was laid out.
        mm: f32,
    },
    /// A text beyond [`TEXT_CHARS_MAX`].
    #[error("a text has {chars} characters, at most {TEXT_CHARS_MAX} are allowed")]
    TextTooLong {
        /// How many it has.
        chars: usize,
    },
    /// The number is empty, too long, or too wide to be printed large.
    #[error(
        "the number has {chars} characters; 1 to {NUMBER_CHARS_MAX} that fit the paper are needed"
    )]
    Number {
        /// How many it has.
        chars: usize,
    },
    /// The QR code is empty, beyond [`QR_BYTES_MAX`], or wider than the paper.
    #[error("the QR code has {bytes} bytes; 1 to {QR_BYTES_MAX} that fit the paper are needed")]
    Qr {
        /// How many it has.
        bytes: usize,
    },
    /// A word that would be broken in its middle. Only [`crate::measure`] minds.
    #[error("the word \"{word}\" is wider than the paper")]
    Word {
        /// The widest one.
        word: String,
    },
    /// A face that is not a font file.
    #[error("the {0} face is not a font that can be read")]
    Face(&'static str),
    /// A job name that is not safe as a file name.
    #[error("a job name is 1 to 100 letters, digits, '-' and '_'")]
    JobName,
}

/// A slip that does not fit a paper, and the line to blame.
#[derive(Clone, Debug, PartialEq, Error)]
#[error("{why}")]
pub struct Misfit {
    /// Counted from 0.
    pub line: usize,
    /// What is wrong with it.
    pub why: SlipError,
}
