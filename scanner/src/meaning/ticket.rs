//! Ticket codes: what a slip's QR code holds, and the number a person reads out.
//!
//! A slip's QR code is its secret token, bare or at the end of `{public.url}/t/{token}`.
//! The two cannot be confused with a dossier ID, which always has dashes.

use std::fmt;

/// Length of a ticket's secret token.
const TOKEN_CHARS: usize = 26;
/// A ticket's number: a letter and at least so many digits ...
const NUMBER_DIGITS_MIN: usize = 3;
/// ... and at most so many: an office's largest day has six.
const NUMBER_DIGITS_MAX: usize = 6;

/// How a ticket was named.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum TicketCode {
    /// By the secret token on its slip: the holder has the paper.
    Token(String),
    /// By today's number, which anybody can read off a screen.
    Number(String),
}

/// The token lets its holder cancel and rate: it stays out of logs.
impl fmt::Debug for TicketCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token(_) => f.write_str("Token(***)"),
            Self::Number(number) => write!(f, "Number({number})"),
        }
    }
}

/// Reads a folded text.
pub(super) fn parse(text: &str) -> Option<TicketCode> {
    if is_number(text) {
        return Some(TicketCode::Number(text.to_owned()));
    }
    let token = match text.rsplit_once("/T/") {
        Some((address, token)) if address.contains("://") => token,
        _ => text,
    };
    is_token(token).then(|| TicketCode::Token(token.to_owned()))
}

fn is_number(text: &str) -> bool {
    match text.as_bytes() {
        [b'A'..=b'Z', digits @ ..] => {
            (NUMBER_DIGITS_MIN..=NUMBER_DIGITS_MAX).contains(&digits.len())
                && digits.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    }
}

/// Crockford's alphabet has no I, L, O and U: none is guessed to be a 1 or a 0.
fn is_token(text: &str) -> bool {
    text.len() == TOKEN_CHARS
        && text
            .bytes()
            .all(|b| matches!(b, b'0'..=b'9' | b'A'..=b'H' | b'J' | b'K' | b'M' | b'N' | b'P'..=b'T' | b'V'..=b'Z'))
}
