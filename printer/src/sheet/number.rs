//! The ticket number: how large, and whether the printer's own letters will do.

use crate::profile::Profile;
use crate::slip::{NUMBER_DIGITS_MM_MIN, SlipError, Weight};
use crate::type_case::{Run, Style, TypeCase};

/// Height of the digits in a drawn number: above the promised least, as far as the paper allows.
const NUMBER_DIGITS_MM: f32 = 16.0;
/// Letters of a number that is too wide are drawn narrower, down to this part of their width.
const NUMBER_STRETCH_MIN: f32 = 0.5;
/// Font A of every ESC/POS printer is 12 dots wide and 24 high.
pub(super) const FONT_A: (usize, usize) = (12, 24);
/// Its digits fill 17 of the 24 rows, about 70 %. Magnified 8 times at 203 dpi that is 134 dots
/// or 16.8 mm; 7 times would be 14.7 mm, too low. At 180 dpi 7 times is 16.6 mm.
pub(super) const FONT_A_DIGIT: f32 = 0.7;
const MAGNIFY_MAX: usize = 8;

/// A number drawn in dots of so many times the size, as large as it can be.
pub(super) fn drawn(
    text: &str,
    profile: &Profile,
    times: usize,
    type_case: &TypeCase,
) -> Result<Run, SlipError> {
    let width = profile.width() / times;
    let heights = [NUMBER_DIGITS_MM, NUMBER_DIGITS_MM_MIN].into_iter();
    heights
        .map(|mm| fitted(text, profile.dots_in(mm) / times as f32, width, type_case))
        .find(|run| run.width <= width)
        .ok_or(SlipError::Number {
            chars: text.chars().count(),
        })
}

/// How much font A is magnified for this number, across and down; none where the printer is not
/// trusted with it or its digits would be lower than promised.
pub(super) fn magnify(text: &str, profile: &Profile) -> Option<(u8, u8)> {
    // Only these reach the printer as bytes; a control character never does.
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !profile.native_number || !plain {
        return None;
    }
    let digits_mm = |down: &usize| profile.mm(FONT_A.1 * down) * FONT_A_DIGIT;
    let down = (1..=MAGNIFY_MAX).find(|down| digits_mm(down) >= NUMBER_DIGITS_MM_MIN)?;
    let across = down.min(profile.width() / (FONT_A.0 * text.len()));
    let readable = across as f32 >= down as f32 * NUMBER_STRETCH_MIN;
    readable.then_some((across as u8, down as u8))
}

/// A number in bold with digits of this height, narrowed to fit a width where that is allowed.
pub(super) fn fitted(text: &str, digits: f32, width: usize, type_case: &TypeCase) -> Run {
    let trial = Style::new(Weight::Bold, 1000.0);
    // The 1 is flat where round digits overshoot, so it is the lowest.
    let digit = type_case.reach(&type_case.set("1", trial)).above.max(1) as f32;
    let mut style = Style::new(Weight::Bold, (1000.0 * digits / digit).ceil());
    let run = type_case.set(text, style);
    if run.width <= width {
        return run;
    }
    style.stretch = ((width - 1) as f32 / run.width as f32).max(NUMBER_STRETCH_MIN);
    type_case.set(text, style)
}
