//! Names of columns and states without marks, case and signs: `Mã hồ sơ`, `MaHoSo` and
//! `ma_ho_so` are one name.

use unicode_normalization::UnicodeNormalization as _;

/// Letters and digits of `text` without Vietnamese marks, in lower case.
pub fn fold(text: &str) -> String {
    let plain = text.nfd().filter_map(|sign| match sign {
        // It does not come apart: its bar is part of the letter.
        'đ' | 'Đ' => Some('d'),
        sign if sign.is_alphanumeric() => Some(sign),
        _ => None,
    });
    plain.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_same_however_it_is_written() {
        let decomposed: String = "Mã hồ sơ".nfd().collect();
        for text in [
            "Mã hồ sơ",
            "MÃ HỒ SƠ",
            "MaHoSo",
            "ma_ho_so",
            " mã  hồ-sơ: ",
            &decomposed,
        ] {
            assert_eq!(fold(text), "mahoso", "{text}");
        }
        assert_eq!(fold("Đơn vị đang xử lý"), "donvidangxuly");
    }
}
