//! A slip laid out for one profile: which dots are black, and in which steps they reach the paper.
//!
//! The picture and the command stream both come from here, so they cannot differ.
//!
//! Invariants:
//! - the steps cover the sheet from top to bottom without a gap or an overlap;
//! - no band holds a pair of bytes that a printer could take for a real-time command.

mod code;
mod layout;
mod measure;
mod number;

use crate::picture::Picture;
use crate::profile::Profile;
use crate::slip::{Align, Slip, SlipError};
use crate::type_case::{Faces, TypeCase};
use layout::{Layout, Native, Placed};
pub(crate) use measure::measure;

/// White rows that end a band. Fewer are cheaper sent as dots than as a feed and a new band.
const WHITE_ROWS_MIN: usize = 4;
/// A band is at most as high as any printer keeps in one piece; the encoder cuts it further.
const BAND_ROWS_MAX: usize = 960;
/// DLE, and what makes it a real-time command with any third byte: EOT, ENQ and DC4.
const DLE: u8 = 0x10;
const REAL_TIME: [u8; 3] = [0x04, 0x05, 0x14];
/// Setting this dot in the second byte turns it into a harmless one, beside a dot that is black.
const REAL_TIME_BREAKER: u8 = 0x02;

/// A slip as one printer will get it.
pub(crate) struct Sheet {
    pub(crate) profile: Profile,
    /// All that goes as dots. White where the printer draws by itself.
    canvas: Picture,
    pub(crate) steps: Vec<Step>,
    natives: Vec<Placed>,
    type_case: TypeCase,
}

/// What the printer is told to do next.
pub(crate) enum Step {
    /// Move the paper by so many rows.
    Feed(usize),
    /// Print dots.
    Band(Band),
    /// Print this number with font A, magnified.
    Number { text: String, magnify: (u8, u8) },
    /// Print dots, doubled both ways.
    Doubled(Band),
    /// Draw a QR code with modules of so many dots.
    Qr { content: String, module: u8 },
}

/// A strip of dots, cropped to whole bytes; cropped alike on both sides where it is centred.
pub(crate) struct Band {
    pub(crate) align: Align,
    pub(crate) row_bytes: usize,
    pub(crate) dots: Vec<u8>,
}

impl Band {
    pub(crate) fn rows(&self) -> usize {
        self.dots.len() / self.row_bytes
    }
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
        let steps = steps(&mut canvas, &natives);
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

fn steps(canvas: &mut Picture, natives: &[Placed]) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut natives = natives.iter().peekable();
    let mut y = 0;
    while y < canvas.rows() {
        if let Some(native) = natives.next_if(|native| native.top == y) {
            steps.push(match &native.what {
                Native::Number { text, magnify, .. } => Step::Number {
                    text: text.clone(),
                    magnify: *magnify,
                },
                Native::Qr { content, code } => Step::Qr {
                    content: content.clone(),
                    module: code.module as u8,
                },
                Native::HalfQr { code } => {
                    let mut band = code.half(canvas.width());
                    break_up(band.dots.iter_mut());
                    Step::Doubled(band)
                }
            });
            y += native.rows;
            continue;
        }
        let end = natives.peek().map_or(canvas.rows(), |native| native.top);
        let white = (y..end).take_while(|y| canvas.is_white_row(*y)).count();
        if white > 0 {
            steps.push(Step::Feed(white));
            y += white;
            continue;
        }
        let limit = end.min(y + BAND_ROWS_MAX);
        let bottom = band_end(canvas, y, limit);
        steps.push(Step::Band(band(canvas, y, bottom)));
        y = bottom;
    }
    steps
}

/// The row after the last one of the band that starts at `top`.
fn band_end(canvas: &Picture, top: usize, limit: usize) -> usize {
    let mut end = top + 1;
    for y in top..limit {
        if !canvas.is_white_row(y) {
            end = y + 1;
        } else if y - end + 1 >= WHITE_ROWS_MIN {
            break;
        }
    }
    end
}

/// Makes bytes harmless that a printer could take for a real-time command.
fn break_up<'a>(dots: impl Iterator<Item = &'a mut u8>) {
    let mut before = 0;
    for byte in dots {
        if is_real_time(before, *byte) {
            *byte |= REAL_TIME_BREAKER;
        }
        before = *byte;
    }
}

/// Whether these begin a real-time command, whatever comes third.
pub(crate) fn is_real_time(first: u8, second: u8) -> bool {
    first == DLE && REAL_TIME.contains(&second)
}

/// Crops the rows and makes them harmless, on the canvas as well.
fn band(canvas: &mut Picture, top: usize, bottom: usize) -> Band {
    let row_bytes = canvas.width() / 8;
    let black = |byte: &usize| (top..bottom).any(|y| canvas.row(y)[*byte] != 0);
    let first = (0..row_bytes).find(black).unwrap_or(0);
    let last = (0..row_bytes).rev().find(black).unwrap_or(0);
    // Centred by the printer, a strip lands where it was if both sides lose the same.
    let side = first.min(row_bytes - 1 - last);
    let (align, columns) = if row_bytes - 2 * side < last + 1 {
        (Align::Centre, side..row_bytes - side)
    } else {
        (Align::Left, 0..last + 1)
    };
    let mut dots = Vec::with_capacity(columns.len() * (bottom - top));
    for y in top..bottom {
        dots.extend_from_slice(&canvas.row(y)[columns.clone()]);
    }
    break_up(dots.iter_mut());
    // The picture shows what is printed, to the dot.
    for (y, row) in (top..bottom).zip(dots.chunks(columns.len())) {
        canvas.row_mut(y)[columns.clone()].copy_from_slice(row);
    }
    Band {
        align,
        row_bytes: columns.len(),
        dots,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_that_look_like_a_real_time_command_are_broken_up() {
        let profile = Profile::named("generic-58").unwrap();
        for second in REAL_TIME {
            let mut canvas = Picture::white(&profile, 2);
            canvas.row_mut(0)[..3].copy_from_slice(&[DLE, second, 1]);
            // Also where the pair is torn apart by the end of a row.
            *canvas.row_mut(0).last_mut().unwrap() = DLE;
            canvas.row_mut(1)[0] = second;
            let band = band(&mut canvas, 0, 2);
            assert_eq!(band.dots[..3], [DLE, second | REAL_TIME_BREAKER, 1]);
            assert_eq!(band.dots[48], second | REAL_TIME_BREAKER);
            assert_eq!(
                canvas.row(1)[0],
                second | REAL_TIME_BREAKER,
                "the picture says so too"
            );
        }
    }

    #[test]
    fn white_paper_is_fed_and_not_sent() {
        let profile = Profile::named("generic-80").unwrap();
        let mut canvas = Picture::white(&profile, 300);
        canvas.fill(280, 10, 16, 3);
        canvas.fill(0, 290, 8, 10);
        let steps = steps(&mut canvas, &[]);
        let seen: Vec<String> = steps
            .iter()
            .map(|step| match step {
                Step::Feed(rows) => format!("feed {rows}"),
                Step::Band(band) => {
                    format!("{:?} {}x{}", band.align, band.row_bytes, band.rows())
                }
                Step::Number { .. } | Step::Qr { .. } | Step::Doubled(_) => "native".to_owned(),
            })
            .collect();
        assert_eq!(seen, ["feed 10", "Centre 2x3", "feed 277", "Left 1x10"]);
    }
}
