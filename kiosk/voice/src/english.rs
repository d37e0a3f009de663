//! English numbers, as said in Britain: *one hundred and five*.

use crate::{CARDINAL_MAX, DIGITS, digits};

/// From ten to nineteen.
const TEENS: [&str; 10] = ["10", "11", "12", "13", "14", "15", "16", "17", "18", "19"];
/// Twenty, thirty and so on to ninety.
const TENS: [&str; 8] = ["20", "30", "40", "50", "60", "70", "80", "90"];

/// The clips of a whole number.
pub fn cardinal(n: u32) -> Vec<&'static str> {
    match n {
        0..1_000 => hundreds(n),
        1_000..=CARDINAL_MAX => {
            let mut words = hundreds(n / 1_000);
            words.push("thousand");
            match n % 1_000 {
                0 => {}
                rest @ 1..100 => {
                    words.push("and");
                    words.extend(tens(rest));
                }
                rest => words.extend(hundreds(rest)),
            }
            words
        }
        _ => digits(&n.to_string()),
    }
}

/// Below a thousand.
fn hundreds(n: u32) -> Vec<&'static str> {
    if n < 100 {
        return tens(n);
    }
    let mut words = vec![DIGITS[(n / 100) as usize], "hundred"];
    match n % 100 {
        0 => {}
        rest => {
            words.push("and");
            words.extend(tens(rest));
        }
    }
    words
}

/// Below a hundred.
fn tens(n: u32) -> Vec<&'static str> {
    let (ten, unit) = ((n / 10) as usize, (n % 10) as usize);
    match (ten, unit) {
        (0, _) => vec![DIGITS[unit]],
        (1, _) => vec![TEENS[unit]],
        (_, 0) => vec![TENS[ten - 2]],
        _ => vec![TENS[ten - 2], DIGITS[unit]],
    }
}
