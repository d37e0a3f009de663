//! Texts in the encodings that Vietnamese offices still have: UTF-8, UTF-16, Windows-1258, and
//! TCVN3 (ABC), which is Latin-1 with other letters drawn in their places.

use crate::ImportError;

/// The text of a file whose encoding nobody tells. Of bytes that are neither UTF-8 nor UTF-16 each
/// is a letter of Windows-1258; [`from_tcvn3`] turns those of TCVN3 right.
pub(crate) fn decode(bytes: &[u8]) -> Result<String, ImportError> {
    if let Some(text) = bytes.strip_prefix(b"\xFF\xFE") {
        return utf16(text, u16::from_le_bytes);
    }
    if let Some(text) = bytes.strip_prefix(b"\xFE\xFF") {
        return utf16(text, u16::from_be_bytes);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    // A header of ASCII in UTF-16 without its mark has a zero in every second place.
    match bytes {
        [first, 0, second, 0, ..] if *first != 0 && *second != 0 => {
            return utf16(bytes, u16::from_le_bytes);
        }
        [0, first, 0, second, ..] if *first != 0 && *second != 0 => {
            return utf16(bytes, u16::from_be_bytes);
        }
        _ => {}
    }
    if bytes.contains(&0) {
        return Err(ImportError::NotText);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        // Letters and tones stay apart: put together, TCVN3 could not be told from it any more.
        Err(_) => Ok(bytes.iter().map(|byte| windows_1258(*byte)).collect()),
    }
}

fn utf16(bytes: &[u8], unit: impl Fn([u8; 2]) -> u16) -> Result<String, ImportError> {
    let units = bytes.as_chunks::<2>().0.iter().map(|pair| unit(*pair));
    let text: Result<String, _> = char::decode_utf16(units).collect();
    let text = text.map_err(|_| ImportError::NotText)?;
    match text.contains('\0') {
        true => Err(ImportError::NotText),
        false => Ok(text),
    }
}

/// Windows-1258 above ASCII, where it is not Latin-1. Tones are signs of their own.
const WINDOWS_1258: &[(u8, char)] = &[
    (0x80, '€'),
    (0x82, '‚'),
    (0x84, '„'),
    (0x85, '…'),
    (0x91, '‘'),
    (0x92, '’'),
    (0x93, '“'),
    (0x94, '”'),
    (0x95, '•'),
    (0x96, '–'),
    (0x97, '—'),
    (0xC3, 'Ă'),
    (0xCC, '\u{300}'),
    (0xD0, 'Đ'),
    (0xD2, '\u{309}'),
    (0xD5, 'Ơ'),
    (0xDD, 'Ư'),
    (0xDE, '\u{303}'),
    (0xE3, 'ă'),
    (0xEC, '\u{301}'),
    (0xF0, 'đ'),
    (0xF2, '\u{323}'),
    (0xF5, 'ơ'),
    (0xFD, 'ư'),
    (0xFE, '₫'),
];

fn windows_1258(byte: u8) -> char {
    let found = WINDOWS_1258.iter().find(|(code, _)| *code == byte);
    found.map_or(char::from(byte), |(_, sign)| *sign)
}

/// The places that TCVN3 takes from Latin-1, and the letters it puts there, in its order.
const TCVN3_PLACES: &str =
    "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u{AD}õøö÷ùúýûüþ¡¢§£¤¥¦";
const TCVN3_LETTERS: &str =
    "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ";

/// Turns a text right that was written in TCVN3 and read as if it were not.
pub(crate) fn from_tcvn3(text: &str) -> String {
    let signs = text.chars().map(byte_of_1258);
    signs
        .map(
            |sign| match TCVN3_PLACES.chars().position(|at| at == sign) {
                Some(place) => TCVN3_LETTERS.chars().nth(place).unwrap_or(sign),
                None => sign,
            },
        )
        .collect()
}

/// The byte that was read as this sign, as its Latin-1 sign.
fn byte_of_1258(sign: char) -> char {
    let found = WINDOWS_1258.iter().find(|(_, own)| *own == sign);
    found.map_or(sign, |(code, _)| char::from(*code))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use unicode_normalization::UnicodeNormalization as _;

    /// A text as a program writes it in TCVN3.
    fn tcvn3(text: &str) -> Vec<u8> {
        let byte = |letter: char| {
            let place = TCVN3_LETTERS.chars().position(|own| own == letter);
            let sign = place.map_or(letter, |at| TCVN3_PLACES.chars().nth(at).unwrap());
            u8::try_from(u32::from(sign)).unwrap()
        };
        text.chars().map(byte).collect()
    }

    #[test]
    fn a_text_is_the_same_in_every_encoding() {
        let text = "Mã hồ sơ, đăng ký đất đai";
        let le = [
            &b"\xFF\xFE"[..],
            &text
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect::<Vec<_>>(),
        ]
        .concat();
        let be = [
            &b"\xFE\xFF"[..],
            &text
                .encode_utf16()
                .flat_map(u16::to_be_bytes)
                .collect::<Vec<_>>(),
        ]
        .concat();
        let marked = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
        // Base letters and tones apart, as Windows writes them.
        let windows = decode(b"Ma\xDE h\xF4\xCC s\xF5, \xF0\xE3ng ky\xEC").unwrap();
        assert_eq!(windows.nfc().collect::<String>(), "Mã hồ sơ, đăng ký");
        for bytes in [text.as_bytes(), &marked, &le, &be] {
            assert_eq!(decode(bytes).unwrap(), text);
        }
        assert_eq!(decode(b"M\0H\0S\0").unwrap(), "MHS");
    }

    #[test]
    fn tcvn3_is_turned_right_however_it_was_read() {
        assert_eq!(
            from_tcvn3("Hé tÞch, ®¨ng ký ®Êt ®ai"),
            "Hộ tịch, đăng ký đất đai"
        );
        assert_eq!(from_tcvn3("hép møt tÕt"), "hộp mứt tết");
        let text = "Ngày hẹn trả, số hồ sơ, tình trạng, sửa chữa";
        assert_eq!(from_tcvn3(&decode(&tcvn3(text)).unwrap()), text);
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for bytes in [
            &b"a\0\0\0b"[..],
            b"\xFF\xFE\x00\xD8",
            b"\xFF\xFEa\0\0\0",
            &[7, 0, 0, 0, 1],
        ] {
            assert_eq!(decode(bytes), Err(ImportError::NotText), "{bytes:?}");
        }
    }
}
