//! What comes out of the printer.

use std::fmt;

/// A piece of paper: what was printed up to one cut, or up to where it was torn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cut {
    /// Rows of dots, true where black.
    pub rows: Vec<Vec<bool>>,
    /// What the printer wrote with its own letters.
    pub texts: Vec<Text>,
    /// The QR codes that the printer drew itself.
    pub codes: Vec<Code>,
    /// The commands, in order; real-time commands are not among them.
    pub commands: Vec<&'static str>,
    /// What no printer should have been sent.
    pub errors: Vec<Mistake>,
    /// Commands that this model does not know and skips.
    pub ignored: Vec<&'static str>,
    /// What went wrong with this piece of paper.
    pub harm: Vec<Harm>,
    /// Cut where the paper was (GS V 0 or 1), not fed to the cutter first.
    pub cut_here: bool,
}

/// A run of the printer's own letters in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The letters.
    pub text: String,
    /// Dots from the left edge of the row.
    pub left: usize,
    /// Rows from the top of the piece of paper.
    pub top: usize,
    /// Dots.
    pub width: usize,
    /// Height of the letters.
    pub rows: usize,
}

/// A QR code of the printer's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// What it says.
    pub content: String,
    /// Dots from the left edge of the row.
    pub left: usize,
    /// Rows from the top of the piece of paper.
    pub top: usize,
    /// Dots of one module.
    pub module: usize,
}

/// A byte that should not have been sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where its command begins, in bytes since the printer was made.
    pub at: usize,
    /// What is wrong with it.
    pub what: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at byte {}: {}", self.at, self.what)
    }
}

/// Why a piece of paper is not a whole slip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Harm {
    /// The roll ended in it.
    PaperEnded,
    /// It begins where the roll before it ended.
    PaperBegan,
    /// The power went while it was printed.
    PowerLost,
    /// The host cleared the buffer while it was printed.
    Cleared,
    /// A person tore it off where it should have been cut.
    TornOff,
}

impl Cut {
    /// A whole slip: printed in one go, and cut, or torn off at its end by hand.
    pub fn is_whole(&self) -> bool {
        self.harm.iter().all(|harm| *harm == Harm::TornOff)
    }

    /// Nothing is on it and nothing was done.
    pub fn is_blank(&self) -> bool {
        self.rows.is_empty() && self.commands.is_empty() && self.errors.is_empty()
    }

    /// The picture of it, one bit a dot.
    pub fn to_png(&self) -> Vec<u8> {
        let width = self.rows.first().map_or(1, Vec::len);
        let mut packed: Vec<u8> = Vec::new();
        for row in &self.rows {
            packed.extend(row.chunks(8).map(|dots| {
                let ink = dots.iter().enumerate();
                !ink.fold(0, |byte, (bit, black)| byte | u8::from(*black) << (7 - bit))
            }));
        }
        if self.rows.is_empty() {
            packed.push(0xff);
        }
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, width as u32, self.rows.len().max(1) as u32);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::One);
        encoder
            .write_header()
            .and_then(|mut writer| writer.write_image_data(&packed))
            .expect("a vector takes everything");
        file
    }
}
