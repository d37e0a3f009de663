//! How wide a text will be, before it is drawn: close enough to choose between two wordings
//! or two sizes.
//!
//! Pure, and a little pessimistic: the page itself wraps and elides by the real letters.

/// Height of a line of Noto Sans, for its font size.
pub(crate) const LINE: f32 = 1.37;

/// Width of `text` in Noto Sans semi-bold, for a font size of 1.
pub(crate) fn width(text: &str) -> f32 {
    text.chars().map(letter).sum()
}

/// Letters of ordinary weight are this much narrower.
const REGULAR: f32 = 0.95;

fn letter(letter: char) -> f32 {
    match letter {
        ' ' | '\u{a0}' => 0.26,
        'i' | 'í' | 'ì' | 'ỉ' | 'ĩ' | 'ị' | 'j' | 'l' | '.' | ',' | '·' | ':' | '\'' => 0.3,
        'f' | 'r' | 't' | '(' | ')' | '-' | '/' => 0.42,
        'm' | 'w' | 'M' | 'W' | '…' => 0.95,
        '–' => 0.5,
        'c' | 's' | 'v' | 'x' | 'y' | 'z' | '0'..='9' => 0.57,
        _ if letter.is_uppercase() => 0.72,
        _ => 0.62,
    }
}

/// Lines that `text` takes when it breaks between words.
pub(crate) fn lines(text: &str, font_size: f32, room: f32) -> usize {
    // Rather one line too many here than one too few on the glass.
    let room = room * 0.96;
    let mut lines = 1;
    let mut used = 0.0;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let long = width(word) * font_size;
        let gap = if used > 0.0 { 0.27 * font_size } else { 0.0 };
        if used > 0.0 && used + gap + long > room {
            lines += 1;
            used = 0.0;
        } else {
            used += gap;
        }
        used += long;
        // A word longer than the room goes on in the next line.
        while used > room.max(font_size) {
            lines += 1;
            used -= room.max(font_size);
        }
    }
    lines
}

/// As much of a list of everyday words as one line takes: whole items, and a sign that there
/// are more. A word that is cut in two helps nobody.
pub(crate) fn whole_items(text: &str, font_size: f32, room: f32) -> String {
    let fits = |text: &str| width(text) * REGULAR * font_size <= room;
    if fits(text) {
        return text.to_owned();
    }
    let shorter = |end: &str, rest: &str| {
        let cuts = text.rmatch_indices(end).map(|(at, _)| at);
        let mut pieces = cuts.map(|at| format!("{}{rest}", &text[..at]));
        pieces.find(|piece| fits(piece))
    };
    shorter(", ", ", …")
        .or_else(|| shorter(" ", " …"))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_kept_whole() {
        assert_eq!(lines("Hộ tịch", 40.0, 300.0), 1);
        assert_eq!(lines("Bảo trợ xã hội, người có công", 40.0, 340.0), 2);
        assert_eq!(lines("Bảo trợ xã hội, người có công", 40.0, 1000.0), 1);
        assert_eq!(lines("", 40.0, 100.0), 1);
    }

    #[test]
    fn a_list_ends_between_two_of_its_items() {
        let words = "khai sinh, kết hôn, khai tử";
        assert_eq!(whole_items(words, 28.0, 400.0), words);
        assert_eq!(whole_items(words, 28.0, 300.0), "khai sinh, kết hôn, …");
        assert_eq!(whole_items(words, 28.0, 200.0), "khai sinh, …");
        assert_eq!(whole_items(words, 28.0, 100.0), "khai …");
        assert_eq!(whole_items(words, 28.0, 30.0), "");
    }
}
