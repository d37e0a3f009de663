//! Code 128 (ISO/IEC 15417), code set B: every sign of printable ASCII is one symbol.
//!
//! Pure. A counter's badge is five to seven signs, so the denser set of digit pairs would save
//! nothing.

/// Widths of three bars and three spaces, in modules, of each symbol by its value. The sums are 11,
/// and those of the bars even: a scanner checks both.
#[rustfmt::skip]
const SYMBOLS: [&str; 106] = [
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312",
    "132212", "221213", "221312", "231212", "112232", "122132", "122231", "113222",
    "123122", "123221", "223211", "221132", "221231", "213212", "223112", "312131",
    "311222", "321122", "321221", "312212", "322112", "322211", "212123", "212321",
    "232121", "111323", "131123", "131321", "112313", "132113", "132311", "211313",
    "231113", "231311", "112133", "112331", "132131", "113123", "113321", "133121",
    "313121", "211331", "231131", "213113", "213311", "213131", "311123", "311321",
    "331121", "312113", "312311", "332111", "314111", "221411", "431111", "111224",
    "111422", "121124", "121421", "141122", "141221", "112214", "112412", "122114",
    "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111",
    "111242", "121142", "121241", "114212", "124112", "124211", "411212", "421112",
    "421211", "212141", "214121", "412121", "111143", "111341", "131141", "114113",
    "114311", "411113", "411311", "113141", "114131", "311141", "411131", "211412",
    "211214", "211232",
];
/// Three bars and spaces, and a last bar.
const STOP: &str = "2331112";
/// The value that begins a text of code set B.
const START_B: usize = 104;
/// What the check symbol is taken modulo.
const CHECK: usize = 103;

/// The widths of bars and spaces in turn, beginning and ending with a bar; `None` if a sign cannot
/// be written.
pub(super) fn widths(text: &str) -> Option<Vec<u8>> {
    let mut values = vec![START_B];
    for sign in text.bytes() {
        if !(b' '..=b'~').contains(&sign) {
            return None;
        }
        values.push(usize::from(sign - b' '));
    }
    // The start counts once, each sign as often as its place says.
    let weighted = values.iter().enumerate();
    let sum: usize = weighted.map(|(place, value)| place.max(1) * value).sum();
    values.push(sum % CHECK);
    let symbols = values.iter().map(|value| SYMBOLS[*value]);
    let digits = symbols.chain([STOP]).flat_map(str::bytes);
    Some(digits.map(|digit| digit - b'0').collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_symbol_is_one_of_its_own_that_a_scanner_can_check() {
        let mut seen = SYMBOLS.to_vec();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), SYMBOLS.len());
        for symbol in SYMBOLS {
            let widths: Vec<u8> = symbol.bytes().map(|digit| digit - b'0').collect();
            assert_eq!(widths.iter().sum::<u8>(), 11, "{symbol}");
            assert_eq!(widths.iter().step_by(2).sum::<u8>() % 2, 0, "{symbol}");
        }
    }

    #[test]
    fn a_badge_is_its_start_its_signs_its_check_and_its_stop() {
        // MC-Q3: 104 + 1·45 + 2·35 + 3·13 + 4·49 + 5·19 = 549, and 549 mod 103 = 34.
        let widths = widths("MC-Q3").unwrap();
        let symbols = [104, 45, 35, 13, 49, 19, 34].map(|value: usize| SYMBOLS[value]);
        let expected = format!("{}{STOP}", symbols.concat());
        let written: String = widths.iter().map(u8::to_string).collect();
        assert_eq!(written, expected);
        assert_eq!(
            widths.iter().map(|w| u32::from(*w)).sum::<u32>(),
            7 * 11 + 13
        );
    }

    #[test]
    fn a_sign_that_is_no_plain_ascii_is_not_guessed_at() {
        for text in ["Quầy 3", "MC\n", "\u{7f}"] {
            assert_eq!(widths(text), None, "{text:?}");
        }
    }
}
