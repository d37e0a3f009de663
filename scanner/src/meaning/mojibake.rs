//! UTF-8 that was taken for a single-byte encoding on its way: `Nguyá»…n` is `Nguyễn`.
//!
//! Windows reads a scanner's bytes as its own code page, 1252 in most countries and 1258 in
//! Vietnam, and some drivers do it twice. As long as every sign stands for one byte it can be
//! undone; a text that is sound does not turn into valid UTF-8 by this, so it is left alone.

use std::borrow::Cow;

/// How often it may have happened: a driver, and the program behind it.
const ROUNDS_MAX: usize = 2;

/// The text as it was sent, as far as that can be known.
pub(super) fn repaired(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    for _ in 0..ROUNDS_MAX {
        match once(&text) {
            Some(better) => text = Cow::Owned(better),
            None => break,
        }
    }
    text
}

/// `None`: not damaged, or not so that it could be undone.
fn once(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let bytes: Option<Vec<u8>> = text.chars().map(byte).collect();
    String::from_utf8(bytes?).ok()
}

/// The byte that a sign stands for in Latin-1, Windows 1252 or Windows 1258. None of the signs
/// stands for two, so that nobody has to know which of the three it was.
fn byte(sign: char) -> Option<u8> {
    /// 0x80 to 0x9F of Windows 1252; a dot where it has none.
    const UPPER: &str = "€.‚ƒ„…†‡ˆ‰Š‹Œ.Ž..‘’“”•–—˜™š›œ.žŸ";
    Some(match sign {
        // What Windows 1258 has in place of Latin-1's.
        'Ă' => 0xC3,
        '\u{300}' => 0xCC,
        'Đ' => 0xD0,
        '\u{309}' => 0xD2,
        'Ơ' => 0xD5,
        'Ư' => 0xDD,
        '\u{303}' => 0xDE,
        'ă' => 0xE3,
        '\u{301}' => 0xEC,
        'đ' => 0xF0,
        '\u{323}' => 0xF2,
        'ơ' => 0xF5,
        'ư' => 0xFD,
        '₫' => 0xFE,
        _ => match u8::try_from(sign) {
            Ok(byte) => byte,
            Err(_) => {
                let at = UPPER.chars().position(|upper| upper == sign)?;
                0x80 + u8::try_from(at).ok()?
            }
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn garbled_letters_are_read_as_they_were_sent() {
        for (garbled, sent) in [
            ("Nguyá»…n Thá»‹ Ãnh", "Nguyễn Thị Ánh"),
            // The same where Windows speaks Vietnamese.
            ("Nguyá»…n Thá»‹ Ă\u{81}nh", "Nguyễn Thị Ánh"),
            ("Ná»¯", "Nữ"),
            // Twice.
            ("Nguyá»\u{85}n".to_owned().as_str(), "Nguyễn"),
            ("NguyÃ¡Â»â€¦n", "Nguyễn"),
        ] {
            // The first has a byte that 1252 leaves empty, shown as nothing in this file.
            let garbled = garbled.replace("Ãn", "Ã\u{81}n");
            assert_eq!(repaired(&garbled), sent, "for {garbled:?}");
        }
    }

    #[test]
    fn sound_and_hopeless_texts_are_left_alone() {
        for text in [
            "Nguyễn Thị Ánh Tuyết",
            "Nguyen Thi Anh Tuyet",
            "Đỗ Ơn",
            "Nguyn Th nh Tuyt",
            "Nguy?n Th?",
            "東京",
            "",
        ] {
            assert_eq!(repaired(text), text);
        }
    }
}
