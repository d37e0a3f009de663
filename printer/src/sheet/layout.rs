//! Where each line of a slip stands, in dots.
//!
//! Nothing is drawn before the whole length is known: a slip beyond its limit costs no ink.

use super::code::{Code, QR_QUIET, QR_QUIET_ABOVE, code};
use super::number::{FONT_A, FONT_A_DIGIT, drawn, fitted, magnify};
use crate::drawing::Dots;
use crate::picture::Picture;
use crate::profile::Profile;
use crate::slip::{Align, Line, NUMBER_CHARS_MAX, SLIP_MM_MAX, Slip, SlipError, Weight};
use crate::type_case::{Reach, Run, Style, TypeCase, clean};

/// Letters below this many dots lose strokes at the threshold, at any resolution.
const TEXT_DOTS_MIN: usize = 20;
/// White above and below the number.
const NUMBER_AIR: u16 = 10;
const RULE_ROWS: u16 = 3;
const RULE_AIR: u16 = 7;
const QR_WORDS_SIZE: u16 = 26;
pub(super) const MARK_SIZE: u16 = 32;
pub(super) const MARK_AIR: (u16, u16) = (24, 4);
const MARK_GAP: u16 = 6;
const RULER_TICK: u16 = 32;

/// A slip in dots.
#[derive(Default)]
pub(crate) struct Layout {
    pub(crate) rows: usize,
    strokes: Vec<Stroke>,
    pub(crate) natives: Vec<Placed>,
}

enum Stroke {
    Text {
        run: Run,
        left: usize,
        baseline: usize,
        black: bool,
    },
    /// Large text in dots of double size, which some printers double by themselves.
    Coarse {
        run: Run,
        /// In such dots.
        left: usize,
        above: usize,
        top: usize,
    },
    Fill {
        left: usize,
        top: usize,
        width: usize,
        rows: usize,
    },
    Code {
        code: Code,
        left: usize,
        top: usize,
    },
    Dots {
        dots: Dots,
        left: usize,
        top: usize,
    },
}

/// Something that the printer draws by itself.
pub(crate) struct Placed {
    pub(crate) top: usize,
    pub(crate) rows: usize,
    pub(crate) what: Native,
}

pub(crate) enum Native {
    Number {
        text: String,
        magnify: (u8, u8),
        run: Run,
    },
    Qr {
        content: String,
        code: Code,
    },
}

impl Placed {
    /// Shows in a picture what the printer will draw here.
    pub(crate) fn ink(&self, type_case: &TypeCase, picture: &mut Picture) {
        match &self.what {
            Native::Number { run, .. } => {
                let left = picture.width().saturating_sub(run.width) / 2;
                let baseline = self.top + (self.rows as f32 * FONT_A_DIGIT).round() as usize;
                type_case.ink(run, left, baseline, (picture, true));
            }
            Native::Qr { code, .. } => {
                code.ink((picture.width() - code.side()) / 2, self.top, picture);
            }
        }
    }
}

impl Layout {
    pub(crate) fn of(
        slip: &Slip,
        profile: &Profile,
        type_case: &TypeCase,
    ) -> Result<Self, SlipError> {
        let mut layout = Self::default();
        for line in &slip.lines {
            layout.add(line, profile, type_case)?;
            let mm = profile.paper_mm(layout.rows);
            if mm > SLIP_MM_MAX {
                return Err(SlipError::TooLong { mm });
            }
        }
        Ok(layout)
    }

    /// Draws everything that goes as dots.
    pub(crate) fn ink(&self, type_case: &TypeCase, canvas: &mut Picture) {
        for stroke in &self.strokes {
            match stroke {
                Stroke::Text {
                    run,
                    left,
                    baseline,
                    black,
                } => {
                    type_case.ink(run, *left, *baseline, (canvas, *black));
                }
                Stroke::Coarse {
                    run,
                    left,
                    above,
                    top,
                } => type_case.each_dot(run, *left, *above, |x, y| {
                    canvas.fill(2 * x, top + 2 * y, 2, 2);
                }),
                Stroke::Fill {
                    left,
                    top,
                    width,
                    rows,
                } => canvas.fill(*left, *top, *width, *rows),
                Stroke::Code { code, left, top } => code.ink(*left, *top, canvas),
                Stroke::Dots { dots, left, top } => dots.ink(*left, *top, canvas),
            }
        }
    }

    pub(super) fn add(
        &mut self,
        line: &Line,
        profile: &Profile,
        type_case: &TypeCase,
    ) -> Result<(), SlipError> {
        match line {
            Line::Text {
                text,
                size,
                weight,
                align,
            } => {
                let style = style(*weight, *size, profile);
                let (text, width) = (clean(text)?, profile.width());
                let runs = match align {
                    Align::Left => type_case.wrap(&text, style, width),
                    Align::Centre => type_case.balance(&text, style, width),
                };
                let line = type_case.line(&runs, style);
                self.text(runs, &line, |run| match align {
                    Align::Left => 0,
                    Align::Centre => width.saturating_sub(run.width) / 2,
                });
            }
            Line::Number(text) => self.number(&clean(text)?, profile, type_case)?,
            Line::Rule => {
                let (air, rows) = (profile.scaled(RULE_AIR), profile.scaled(RULE_ROWS));
                self.fill(0, self.rows + air, profile.width(), rows);
                self.rows += air + rows + air;
            }
            Line::Qr { content, words } => {
                self.qr(content, words.as_deref(), profile, type_case)?;
            }
            Line::Space(height) => self.rows += profile.scaled(*height),
            Line::Mark(text) => self.mark(&clean(text)?, profile, type_case),
            Line::Drawing { drawing, height } => {
                let dots = drawing.dots(profile, *height);
                let (left, top) = ((profile.width() - dots.width) / 2, self.rows);
                self.rows += dots.rows;
                self.strokes.push(Stroke::Dots { dots, left, top });
            }
            Line::Ruler => self.ruler(profile, type_case),
        }
        Ok(())
    }

    fn fill(&mut self, left: usize, top: usize, width: usize, rows: usize) {
        self.strokes.push(Stroke::Fill {
            left,
            top,
            width,
            rows,
        });
    }

    fn text(&mut self, runs: Vec<Run>, line: &Reach, left: impl Fn(&Run) -> usize) {
        for run in runs {
            let (left, baseline) = (left(&run), self.rows + line.above);
            self.strokes.push(Stroke::Text {
                run,
                left,
                baseline,
                black: true,
            });
            self.rows += line.rows();
        }
    }

    fn number(
        &mut self,
        text: &str,
        profile: &Profile,
        type_case: &TypeCase,
    ) -> Result<(), SlipError> {
        let chars = text.chars().count();
        if text.trim().is_empty() || text.contains('\n') || chars > NUMBER_CHARS_MAX {
            return Err(SlipError::Number { chars });
        }
        let air = profile.scaled(NUMBER_AIR);
        self.rows += air;
        if let Some(magnify) = magnify(text, profile) {
            let rows = FONT_A.1 * usize::from(magnify.1);
            let cells = FONT_A.0 * usize::from(magnify.0) * chars;
            let digits = rows as f32 * FONT_A_DIGIT;
            // A little lower than the printer's own, so that round digits stay in their rows.
            let run = fitted(text, digits * 0.97, cells, type_case);
            let what = Native::Number {
                text: text.to_owned(),
                magnify,
                run,
            };
            self.natives.push(Placed {
                top: self.rows,
                rows,
                what,
            });
            // Font A brings its own white below the digits.
            self.rows += rows;
        } else if profile.double_size {
            // Steps of a quarter of a millimetre do not show in digits of 15 mm and more.
            let run = drawn(text, profile, 2, type_case)?;
            let line = type_case.reach(&run);
            self.strokes.push(Stroke::Coarse {
                left: (profile.width() / 2 - run.width) / 2,
                above: line.above,
                top: self.rows,
                run,
            });
            self.rows += 2 * line.rows() + air;
        } else {
            let run = drawn(text, profile, 1, type_case)?;
            let line = type_case.reach(&run);
            self.text(vec![run], &line, |run| (profile.width() - run.width) / 2);
            self.rows += air;
        }
        Ok(())
    }

    fn qr(
        &mut self,
        content: &str,
        words: Option<&str>,
        profile: &Profile,
        type_case: &TypeCase,
    ) -> Result<(), SlipError> {
        // A printer takes the content as bytes of a command: only plain letters go that way.
        let plain = content.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        // Several rows of words stand beside the code, to save paper, and one row below it; only a
        // code without words beside it can be left to the printer.
        let alone = words.is_none_or(|words| !words.contains('\n'));
        let native = profile.native_qr && plain && alone;
        // Of modules with an even number of dots, from an even column on, a quarter will do.
        let doubled = profile.double_size && alone && !native;
        let code = code(content, profile, doubled)?;
        let (quiet, above) = (code.module * QR_QUIET, code.module * QR_QUIET_ABOVE);
        let (side, alone) = (code.side(), native || doubled || words.is_none());
        if alone {
            let (top, code) = (self.rows + above, code.clone());
            if native {
                let content = content.to_owned();
                self.natives.push(Placed {
                    top,
                    rows: side,
                    what: Native::Qr { content, code },
                });
            } else {
                let left = (profile.width() - side) / 4 * 2;
                self.strokes.push(Stroke::Code { code, left, top });
            }
            self.rows += above + side + above;
        }
        let Some(words) = words else {
            return Ok(());
        };
        if native || doubled {
            let text = words.to_owned();
            let line = Line::Text {
                text,
                size: QR_WORDS_SIZE,
                weight: Weight::SemiBold,
                align: Align::Centre,
            };
            return self.add(&line, profile, type_case);
        }
        let style = style(Weight::SemiBold, QR_WORDS_SIZE, profile);
        let code_width = quiet + side + quiet;
        let runs = type_case.wrap(&clean(words)?, style, profile.width() - code_width);
        let words_width = runs.iter().map(|run| run.width).max().unwrap_or(0);
        let line = type_case.line(&runs, style);
        let words_rows = runs.len() * line.rows();
        let code_rows = above + side + above;
        let rows = code_rows.max(words_rows);
        let left = profile.width().saturating_sub(code_width + words_width) / 2;
        let code_top = self.rows + (rows - code_rows) / 2 + above;
        self.strokes.push(Stroke::Code {
            code,
            left: left + quiet,
            top: code_top,
        });
        let bottom = self.rows + rows;
        self.rows += (rows - words_rows) / 2;
        self.text(runs, &line, |_| left + quiet + side + quiet);
        self.rows = bottom;
        Ok(())
    }

    /// A stroke at each mm, longer ones at 5 and 10, and a figure at each 10.
    fn ruler(&mut self, profile: &Profile, type_case: &TypeCase) {
        let (long, thick) = (profile.scaled(RULER_TICK), 2);
        let figure = style(Weight::Regular, 0, profile);
        let mut baseline = 0;
        for mm in 0.. {
            let left = profile.dots_in(mm as f32).round() as usize;
            if left + thick > profile.width() {
                break;
            }
            let rows = match (mm % 10, mm % 5) {
                (0, _) => long,
                (_, 0) => long * 3 / 4,
                _ => long / 2,
            };
            self.fill(left, self.rows, thick, rows);
            if mm % 10 != 0 {
                continue;
            }
            let run = type_case.set(&mm.to_string(), figure);
            let right = profile.width().saturating_sub(run.width);
            let left = left.saturating_sub(run.width / 2).min(right);
            baseline = self.rows + long + type_case.line(&[], figure).above;
            self.strokes.push(Stroke::Text {
                run,
                left,
                baseline,
                black: true,
            });
        }
        self.rows = baseline + type_case.line(&[], figure).below;
    }

    fn mark(&mut self, text: &str, profile: &Profile, type_case: &TypeCase) {
        let style = style(Weight::Bold, MARK_SIZE, profile);
        let (beside, above) = (profile.scaled(MARK_AIR.0), profile.scaled(MARK_AIR.1));
        let runs = type_case.balance(text, style, profile.width() - 2 * beside);
        let line = type_case.line(&runs, style);
        let Some(widest) = runs.iter().map(|run| run.width).max() else {
            return;
        };
        let width = widest + 2 * beside;
        let rows = runs.len() * line.rows() + 2 * above;
        let gap = profile.scaled(MARK_GAP);
        let top = self.rows + gap;
        self.fill((profile.width() - width) / 2, top, width, rows);
        for (index, run) in runs.into_iter().enumerate() {
            let left = (profile.width() - run.width) / 2;
            let baseline = top + above + index * line.rows() + line.above;
            self.strokes.push(Stroke::Text {
                run,
                left,
                baseline,
                black: false,
            });
        }
        self.rows = top + rows + gap;
    }
}

pub(super) fn style(weight: Weight, size: u16, profile: &Profile) -> Style {
    Style::new(weight, profile.scaled(size).max(TEXT_DOTS_MIN) as f32)
}
