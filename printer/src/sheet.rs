//! A slip laid out for one profile: which dots are black, and in which steps they reach the paper.
//!
//! The picture and the command stream both come from here, so they cannot differ.
//!
//! Invariants:
//! - the steps cover the sheet from top to bottom without a gap or an overlap;
//! - its dots, row behind row, hold no two bytes that a printer could take for a real-time command.

mod code;
mod layout;
mod measure;
mod number;

use std::ops::Range;

use crate::graphic::break_up;
use crate::picture::Picture;
use crate::profile::Profile;
use crate::slip::{Slip, SlipError};
use crate::type_case::{Faces, TypeCase};
use layout::{Layout, Native, Placed};
pub(crate) use measure::measure;

/// A slip as one printer will get it.
pub(crate) struct Sheet {
    pub(crate) profile: Profile,
    /// All that goes as dots. White where the printer draws by itself.
    pub(crate) canvas: Picture,
    pub(crate) steps: Vec<Step>,
    natives: Vec<Placed>,
    type_case: TypeCase,
}

/// What the printer is told to do next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Print these rows of the canvas, white ones included.
    Rows(Range<usize>),
    /// Print this number with font A, magnified.
    Number { text: String, magnify: (u8, u8) },
    /// Draw a QR code with modules of so many dots.
    Qr { content: String, module: u8 },
}

impl Sheet {
    pub(crate) fn compose(
        slip: &Slip,
        profile: &Profile,
        faces: &Faces,
    ) -> Result<Self, SlipError> {
        let type_case = TypeCase::open(faces)?;
        let layout = Layout::of(slip, profile, &type_case)?;
        let mut canvas = Picture::white(profile, layout.rows);
        layout.ink(&type_case, &mut canvas);
        let natives = layout.natives;
        // Now, so that the picture shows what is printed, to the dot.
        break_up(canvas.bytes_mut());
        let steps = steps(canvas.rows(), &natives);
        let profile = profile.clone();
        Ok(Self {
            profile,
            canvas,
            steps,
            natives,
            type_case,
        })
    }

    /// Rows from top to bottom.
    pub(crate) fn rows(&self) -> usize {
        self.canvas.rows()
    }

    /// The dots, with what the printer draws by itself filled in.
    pub(crate) fn picture(&self) -> Picture {
        let mut picture = self.canvas.clone();
        for native in &self.natives {
            native.ink(&self.type_case, &mut picture);
        }
        picture
    }
}

fn steps(rows: usize, natives: &[Placed]) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut y = 0;
    for native in natives {
        steps.push(Step::Rows(y..native.top));
        y = native.top + native.rows;
        steps.push(match &native.what {
            Native::Number { text, magnify, .. } => Step::Number {
                text: text.clone(),
                magnify: *magnify,
            },
            Native::Qr { content, code } => Step::Qr {
                content: content.clone(),
                module: code.module as u8,
            },
        });
    }
    steps.push(Step::Rows(y..rows));
    steps
}
