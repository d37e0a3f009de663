//! What an intake server's answer means for a scan.
//!
//! Pure: status, headers and body come in. `classify` reads the answer to a sent scan,
//! `classify_ask` the answer to "was this scan taken?". Both tables stand in the tests.
//!
//! What a server says in words is shown to a clerk, never logged: it may name a dossier.

use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, RETRY_AFTER};

use super::AwayCause;
use crate::config::{Answers, Rule};

/// A reason has to fit the clerk's list of scans; what is longer is cut.
pub(crate) const REASON_CHARS_MAX: usize = 300;

/// A server that asks for more patience than this made a mistake; a scan does not wait for days on its word.
pub(crate) const RETRY_AFTER_MS_MAX: u64 = 60 * 60 * 1000;

/// What one attempt came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The server has it, now or since an earlier attempt.
    Taken {
        /// What the server said to it.
        answer: Option<String>,
    },
    /// Refused for good.
    Refused {
        /// Shown to the clerk.
        reason: String,
    },
    /// The server is well and wants this scan later: certainly not taken.
    NotYet { retry_after_ms: Option<u64> },
    /// Too many requests: certainly not taken, and it concerns every scan.
    Busy { retry_after_ms: Option<u64> },
    /// An error, silence or a cut line after the scan left: it may or may not have been taken.
    Unclear {
        retry_after_ms: Option<u64>,
        cause: AwayCause,
    },
    /// Nobody could be reached or trusted, nothing left this machine.
    NoConnection { cause: AwayCause },
    /// Token, address or right are wrong, for every scan alike.
    SetupFault { status: u16 },
    /// The server objects to this scan without refusing it for good.
    Objected { reason: String },
    /// Asked back: the server does not have it.
    Absent,
    /// Asked back: the server cannot say, and never will.
    CannotTell { reason: String },
}

/// The answer to a sent scan.
pub(crate) fn classify(
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
    answers: &Answers,
) -> Verdict {
    let said = Said::read(headers, body);
    let holds = |rule: &Option<Rule>| rule.as_ref().is_some_and(|rule| said.holds(rule));
    let taken = || Verdict::Taken {
        answer: said.first(|body| answers.words(body).find_map(tidy)),
    };
    let reason = || said.reason(status, answers);
    match status.as_u16() {
        // What the body says counts before the status, where it is known to say something.
        200..=299 | 400 | 402 | 405..=428 | 430..=499 if holds(&answers.taken) => taken(),
        200..=299 | 400 | 402 | 405..=428 | 430..=499 if holds(&answers.refused) => {
            Verdict::Refused { reason: reason() }
        }
        200..=299 if answers.taken.is_none() => taken(),
        200..=299 => odd(headers),
        // A redirect leads to a sign-in page or another address: the configured one is wrong.
        300..=399 | 401 | 403 | 404 => Verdict::SetupFault {
            status: status.as_u16(),
        },
        409 => Verdict::NotYet {
            retry_after_ms: retry_after_ms(headers),
        },
        422 => Verdict::Refused { reason: reason() },
        429 => Verdict::Busy {
            retry_after_ms: retry_after_ms(headers),
        },
        400..=499 => Verdict::Objected { reason: reason() },
        status => Verdict::Unclear {
            retry_after_ms: retry_after_ms(headers),
            cause: AwayCause::ServerError(status),
        },
    }
}

/// The answer to "was this scan taken?".
pub(crate) fn classify_ask(
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
    answers: &Answers,
) -> Verdict {
    let said = Said::read(headers, body);
    let holds = |rule: &Option<Rule>| rule.as_ref().is_some_and(|rule| said.holds(rule));
    let reason = || said.reason(status, answers);
    match status.as_u16() {
        200..=299 | 404 | 410 if holds(&answers.asked_absent) => Verdict::Absent,
        200..=299 if answers.asked_taken.is_none() || holds(&answers.asked_taken) => {
            Verdict::Taken {
                answer: said.first(|body| answers.words(body).find_map(tidy)),
            }
        }
        200..=299 => odd(headers),
        // Who has another way to say "I do not have it" does not mean that by 404: the path is
        // wrong, and sending again on its word could be a second effect.
        404 if answers.asked_absent.is_some() => Verdict::SetupFault { status: 404 },
        404 | 410 => Verdict::Absent,
        // The server has no such call: asking again would never end.
        405 | 501 => Verdict::CannotTell { reason: reason() },
        300..=399 | 401 | 403 => Verdict::SetupFault {
            status: status.as_u16(),
        },
        409 => Verdict::NotYet {
            retry_after_ms: retry_after_ms(headers),
        },
        429 => Verdict::Busy {
            retry_after_ms: retry_after_ms(headers),
        },
        // A refusal of the question is no refusal of the scan.
        400..=499 => Verdict::Objected { reason: reason() },
        status => Verdict::Unclear {
            retry_after_ms: retry_after_ms(headers),
            cause: AwayCause::ServerError(status),
        },
    }
}

/// All is well, it says, and not what became of the scan: it may or may not have been taken.
fn odd(headers: &HeaderMap) -> Verdict {
    Verdict::Unclear {
        retry_after_ms: retry_after_ms(headers),
        cause: AwayCause::OddAnswer,
    }
}

/// An answer's body, as far as it can be read.
enum Said {
    Plain(String),
    Json(serde_json::Value),
    Nothing,
}

impl Said {
    fn read(headers: &HeaderMap, body: &[u8]) -> Self {
        let plain = headers
            .get(CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"));
        if plain {
            return Self::Plain(String::from_utf8_lossy(body).into_owned());
        }
        serde_json::from_slice(body).map_or(Self::Nothing, Self::Json)
    }

    fn holds(&self, rule: &Rule) -> bool {
        matches!(self, Self::Json(body) if rule.holds(body))
    }

    /// The whole of a plain text, or what `of` finds.
    fn first(&self, of: impl FnOnce(&serde_json::Value) -> Option<String>) -> Option<String> {
        match self {
            Self::Plain(text) => tidy(text),
            Self::Json(body) => of(body),
            Self::Nothing => None,
        }
    }

    /// What the server gives as its reason, or at least its status.
    fn reason(&self, status: StatusCode, answers: &Answers) -> String {
        self.first(|body| answers.reasons(body).find_map(tidy))
            .unwrap_or_else(|| format!("HTTP {}", status.as_u16()))
    }
}

/// One line without control characters, not longer than a clerk reads.
fn tidy(text: &str) -> Option<String> {
    let blank = |c: char| c.is_whitespace() || c.is_control();
    let line = text
        .split(blank)
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    let line: String = line.chars().take(REASON_CHARS_MAX).collect();
    (!line.is_empty()).then_some(line)
}

/// Both forms of `Retry-After`. A date counts from the answer's own `Date`: our clock may be unknown.
fn retry_after_ms(headers: &HeaderMap) -> Option<u64> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(seconds.saturating_mul(1000).min(RETRY_AFTER_MS_MAX));
    }
    let moment = |text: &str| {
        let zoned = jiff::fmt::rfc2822::parse(text).ok()?;
        Some(zoned.timestamp().as_millisecond())
    };
    let until = moment(value)?;
    let sent = moment(headers.get(DATE)?.to_str().ok()?)?;
    let wait = u64::try_from(until.saturating_sub(sent)).unwrap_or(0);
    Some(wait.min(RETRY_AFTER_MS_MAX))
}

#[cfg(test)]
mod tests;
