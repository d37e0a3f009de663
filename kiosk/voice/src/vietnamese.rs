//! Vietnamese numbers. The rules stand in every school book; what is easily got wrong:
//!
//! - behind *mươi* a one is *mốt*, a four *tư*, a five *lăm*; behind *mười* only the five changes;
//! - behind *trăm* a zero in the tens is *linh* (North) or *lẻ* (South);
//! - behind *nghìn* (*ngàn*) hundreds are said also if they are none: *một nghìn không trăm linh năm*.

use crate::{CARDINAL_MAX, DIGITS, Reading, Thousand, ZeroTens, digits};

/// The clips of a whole number.
pub fn cardinal(n: u32, reading: Reading) -> Vec<&'static str> {
    match n {
        0..100 => tens(n),
        100..1_000 => hundreds(n, reading),
        1_000..=CARDINAL_MAX => {
            let mut words = cardinal(n / 1_000, reading);
            words.push(match reading.thousand {
                Thousand::Nghin => "nghin",
                Thousand::Ngan => "ngan",
            });
            match n % 1_000 {
                0 => {}
                rest => words.extend(hundreds(rest, reading)),
            }
            words
        }
        _ => digits(&n.to_string()),
    }
}

/// Below a thousand, with the hundreds.
fn hundreds(n: u32, reading: Reading) -> Vec<&'static str> {
    let mut words = vec![DIGITS[(n / 100) as usize], "hundred"];
    match n % 100 {
        0 => {}
        unit @ 1..10 => {
            words.push(match reading.zero_tens {
                ZeroTens::Linh => "linh",
                ZeroTens::Le => "le",
            });
            words.push(DIGITS[unit as usize]);
        }
        rest => words.extend(tens(rest)),
    }
    words
}

/// Below a hundred.
fn tens(n: u32) -> Vec<&'static str> {
    let (ten, unit) = (n / 10, n % 10);
    let mut words = match ten {
        0 => return vec![DIGITS[unit as usize]],
        1 => vec!["ten"],
        _ => vec![DIGITS[ten as usize], "tens"],
    };
    words.extend(match (ten, unit) {
        (_, 0) => None,
        (2.., 1) => Some("one-after-tens"),
        (2.., 4) => Some("four-after-tens"),
        (_, 5) => Some("five-after-tens"),
        _ => Some(DIGITS[unit as usize]),
    });
    words
}
