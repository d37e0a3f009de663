//! Letters to dots: measuring, wrapping and setting text with the three faces.
//!
//! Text is normalised to NFC first, because there is no shaping here: a Vietnamese letter is one
//! glyph with its marks. Each glyph starts on a whole dot, so the same letter always looks the same;
//! so does each word, and the same word always looks the same, wherever in a row it stands.

use ab_glyph::{Font, FontRef, GlyphId, PxScale, Rect, ScaleFont, point};
use unicode_normalization::UnicodeNormalization;

use crate::picture::Picture;
use crate::slip::{SlipError, TEXT_CHARS_MAX, Weight};

/// From this coverage of 255 a dot is black: darker than half, so that thin strokes do not break.
const COVERAGE_MIN: f32 = 96.0 / 255.0;
/// A line's room above and below its baseline, in parts of the letter size. Stacked marks such as
/// those of Ẵ reach higher; a text with them gets the room it needs.
const ROOM_ABOVE: f32 = 0.9;
const ROOM_BELOW: f32 = 0.27;

/// The three weights of one type family, as font files (TrueType).
#[derive(Clone, Copy, Debug)]
pub struct Faces {
    /// For reading.
    pub regular: &'static [u8],
    /// For what to look at first in a group.
    pub semibold: &'static [u8],
    /// For names and numbers.
    pub bold: &'static [u8],
}

/// The opened faces.
pub(crate) struct TypeCase {
    regular: FontRef<'static>,
    semibold: FontRef<'static>,
    bold: FontRef<'static>,
}

/// A weight at a size in dots.
#[derive(Clone, Copy)]
pub(crate) struct Style {
    pub(crate) weight: Weight,
    pub(crate) size: f32,
    /// Below 1 the letters are drawn narrower.
    pub(crate) stretch: f32,
}

impl Style {
    pub(crate) fn new(weight: Weight, size: f32) -> Self {
        Self {
            weight,
            size,
            stretch: 1.0,
        }
    }
}

/// A piece of text in one row, ready to be placed.
pub(crate) struct Run {
    style: Style,
    glyphs: Vec<(GlyphId, f32)>,
    /// Dots it advances.
    pub(crate) width: usize,
}

/// How far something reaches from its baseline, in dots.
pub(crate) struct Reach {
    pub(crate) above: usize,
    pub(crate) below: usize,
}

impl Reach {
    pub(crate) fn rows(&self) -> usize {
        self.above + self.below
    }
}

impl TypeCase {
    pub(crate) fn open(faces: &Faces) -> Result<Self, SlipError> {
        let open = |bytes, name| FontRef::try_from_slice(bytes).map_err(|_| SlipError::Face(name));
        Ok(Self {
            regular: open(faces.regular, "regular")?,
            semibold: open(faces.semibold, "semibold")?,
            bold: open(faces.bold, "bold")?,
        })
    }

    /// Sets text in one row.
    pub(crate) fn set(&self, text: &str, style: Style) -> Run {
        let font = self.face(style.weight).as_scaled(self.scale(style));
        let mut glyphs = Vec::with_capacity(text.len());
        let mut pen = 0.0;
        let (mut last, mut before) = (None, None);
        for letter in text.chars() {
            let glyph = font.glyph_id(letter);
            if let Some(last) = last {
                pen += font.kern(last, glyph);
            }
            if before == Some(' ') {
                pen = pen.round();
            }
            glyphs.push((glyph, pen));
            pen += font.h_advance(glyph);
            (last, before) = (Some(glyph), Some(letter));
        }
        Run {
            style,
            glyphs,
            width: pen.ceil() as usize,
        }
    }

    /// As [`Self::wrap`], with rows about equally long: no single word is left for the last one.
    pub(crate) fn balance(&self, text: &str, style: Style, width: usize) -> Vec<Run> {
        let rows = self.wrap(text, style, width);
        let (mut narrow, mut wide) = (0, width);
        while rows.len() > 1 && wide - narrow > 1 {
            let middle = (narrow + wide) / 2;
            let widest = |rows: &[Run]| rows.iter().map(|row| row.width).max();
            let trial = self.wrap(text, style, middle);
            if trial.len() == rows.len() && widest(&trial) <= Some(middle) {
                wide = middle;
            } else {
                narrow = middle;
            }
        }
        self.wrap(text, style, wide)
    }

    /// Sets text in as many rows as it needs, breaking between words, and inside a word only
    /// where it is wider than the paper.
    pub(crate) fn wrap(&self, text: &str, style: Style, width: usize) -> Vec<Run> {
        let fits = |text: &str| self.set(text, style).width <= width;
        let mut rows = Vec::new();
        for paragraph in text.split('\n') {
            let mut row = String::new();
            for word in paragraph.split([' ', '\t']).filter(|word| !word.is_empty()) {
                let longer = if row.is_empty() {
                    word.to_owned()
                } else {
                    format!("{row} {word}")
                };
                if fits(&longer) {
                    row = longer;
                    continue;
                }
                if !row.is_empty() {
                    rows.push(std::mem::take(&mut row));
                }
                for letter in word.chars() {
                    row.push(letter);
                    if row.chars().count() > 1 && !fits(&row) {
                        row.pop();
                        rows.push(std::mem::replace(&mut row, letter.to_string()));
                    }
                }
            }
            if !row.is_empty() {
                rows.push(row);
            }
        }
        rows.iter().map(|row| self.set(row, style)).collect()
    }

    /// Puts a run's ink on the picture, in black or in white.
    pub(crate) fn ink(&self, run: &Run, left: usize, baseline: usize, on: (&mut Picture, bool)) {
        let (picture, black) = on;
        self.each_dot(run, left, baseline, |x, y| picture.set(x, y, black));
    }

    /// Every dot of a run's ink.
    pub(crate) fn each_dot(
        &self,
        run: &Run,
        left: usize,
        baseline: usize,
        mut dot: impl FnMut(usize, usize),
    ) {
        let font = self.face(run.style.weight);
        for (glyph, pen) in &run.glyphs {
            let at = point((left as f32 + pen).round(), baseline as f32);
            let glyph = glyph.with_scale_and_position(self.scale(run.style), at);
            let Some(outline) = font.outline_glyph(glyph) else {
                continue;
            };
            let Rect { min, .. } = outline.px_bounds();
            outline.draw(|x, y, coverage| {
                let (x, y) = (min.x + x as f32, min.y + y as f32);
                if coverage >= COVERAGE_MIN && x >= 0.0 && y >= 0.0 {
                    dot(x as usize, y as usize);
                }
            });
        }
    }

    /// How far a run's ink reaches above and below its baseline.
    pub(crate) fn reach(&self, run: &Run) -> Reach {
        let font = self.face(run.style.weight);
        let bounds = run.glyphs.iter().filter_map(|(glyph, _)| {
            let glyph = glyph.with_scale_and_position(self.scale(run.style), point(0.0, 0.0));
            font.outline_glyph(glyph).map(|outline| outline.px_bounds())
        });
        bounds.fold(Reach { above: 0, below: 0 }, |reach, ink| Reach {
            above: reach.above.max((-ink.min.y).max(0.0) as usize),
            below: reach.below.max(ink.max.y.max(0.0) as usize),
        })
    }

    /// The line that all rows of a text get: one height, enough for the highest mark of any.
    pub(crate) fn line(&self, rows: &[Run], style: Style) -> Reach {
        let line = Reach {
            above: (style.size * ROOM_ABOVE).ceil() as usize,
            below: (style.size * ROOM_BELOW).ceil() as usize,
        };
        rows.iter().fold(line, |line, row| {
            let ink = self.reach(row);
            Reach {
                above: line.above.max(ink.above),
                below: line.below.max(ink.below),
            }
        })
    }

    fn face(&self, weight: Weight) -> &FontRef<'static> {
        match weight {
            Weight::Regular => &self.regular,
            Weight::SemiBold => &self.semibold,
            Weight::Bold => &self.bold,
        }
    }

    /// The scale at which the em square is `size` high; ab_glyph counts from ascent to descent.
    fn scale(&self, style: Style) -> PxScale {
        let font = self.face(style.weight);
        let em = font.units_per_em().unwrap_or(1000.0);
        let y = style.size * font.height_unscaled() / em;
        PxScale {
            x: y * style.stretch,
            y,
        }
    }
}

/// Text as it may be set: composed letters, and no control character but the line break.
pub(crate) fn clean(text: &str) -> Result<String, SlipError> {
    let chars = text.chars().count();
    if chars > TEXT_CHARS_MAX {
        return Err(SlipError::TextTooLong { chars });
    }
    let printable = |letter: &char| *letter == '\n' || !letter.is_control();
    Ok(text.nfc().filter(printable).collect())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) const FACES: Faces = Faces {
        regular: include_bytes!("../../kiosk/screens/fonts/NotoSans_400Regular.ttf"),
        semibold: include_bytes!("../../kiosk/screens/fonts/NotoSans_600SemiBold.ttf"),
        bold: include_bytes!("../../kiosk/screens/fonts/NotoSans_700Bold.ttf"),
    };
    #[test]
    fn a_centred_text_leaves_no_single_word_behind() {
        let case = TypeCase::open(&FACES).unwrap();
        let style = Style::new(Weight::Bold, 28.0);
        let text = "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG";
        let widths = |rows: Vec<Run>| rows.iter().map(|row| row.width).collect::<Vec<_>>();
        let (plain, balanced) = (case.wrap(text, style, 576), case.balance(text, style, 576));
        let (plain, balanced) = (widths(plain), widths(balanced));
        assert!(plain[1] < plain[0] / 4, "{plain:?}");
        assert!(
            balanced.len() == 2 && balanced[1] > balanced[0] / 2,
            "{balanced:?}"
        );
    }
}
