//! Who is signed in. Time and chance come in from outside.
//!
//! - A cookie is fresh chance at each sign-in; only its hash is kept.
//! - A session ends by sign-out, when its service day closes, after idle time, and with its
//!   person. An ended one never comes back, also not by a restart.
//! - After a restart every session counts as active just then: the clocks before it are gone.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::tokens::hash;

/// Far more than an office has browsers; the longest idle makes room.
const SESSIONS_MAX: usize = 1_000;

/// Who signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Who {
    /// A person, as long as the PIN is that of the sign-in.
    Person {
        /// The staff number.
        id: String,
        /// Hash of what is kept of the PIN.
        pin: String,
    },
    /// A device, by its token's hash.
    Token(String),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Session {
    who: Who,
    /// The enrolled PC at which it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    /// The service day it belongs to; before opening, the next.
    day: u64,
    #[serde(skip)]
    active_ms: u64,
}

/// All sessions, by the hash of their cookie.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Sessions {
    #[serde(flatten)]
    by_hash: HashMap<String, Session>,
    #[serde(skip)]
    idle_ms: u64,
    #[serde(skip)]
    day: u64,
}

impl Sessions {
    /// As read from the disk at the start.
    pub fn restarted(mut self, now_ms: u64, idle_ms: u64) -> Self {
        for session in self.by_hash.values_mut() {
            session.active_ms = now_ms;
        }
        Self { idle_ms, ..self }
    }

    /// Signs in, perhaps at an enrolled PC, with a cookie of fresh chance.
    pub fn begin(&mut self, now_ms: u64, who: Who, at: Option<String>, cookie: &str) {
        if self.by_hash.len() >= SESSIONS_MAX {
            let oldest = self.by_hash.iter().min_by_key(|(_, s)| s.active_ms);
            if let Some(oldest) = oldest.map(|(hash, _)| hash.clone()) {
                self.by_hash.remove(&oldest);
            }
        }
        let session = Session {
            who,
            at,
            day: self.day,
            active_ms: now_ms,
        };
        self.by_hash.insert(hash(cookie), session);
    }

    /// Who has this cookie. `acts`: a person did something, so the idle time begins anew.
    pub fn who(&mut self, now_ms: u64, cookie: &str, acts: bool) -> Option<Who> {
        let idle_ms = self.idle_ms;
        let session = self.by_hash.get_mut(&hash(cookie))?;
        if now_ms >= session.active_ms.saturating_add(idle_ms) {
            return None;
        }
        if acts {
            session.active_ms = now_ms;
        }
        Some(session.who.clone())
    }

    /// Signs out; whether somebody was signed in.
    pub fn end(&mut self, cookie: &str) -> bool {
        self.by_hash.remove(&hash(cookie)).is_some()
    }

    /// A person was removed or has another PIN.
    pub fn end_of_person(&mut self, gone: &str) {
        self.by_hash
            .retain(|_, s| !matches!(&s.who, Who::Person { id, .. } if id == gone));
    }

    /// A PC is let in no more; whether somebody was signed in there.
    pub fn end_at(&mut self, device: &str) -> bool {
        let before = self.by_hash.len();
        self.by_hash
            .retain(|_, session| session.at.as_deref() != Some(device));
        self.by_hash.len() < before
    }

    /// Ends what is idle for too long; whether anything was.
    pub fn end_idle(&mut self, now_ms: u64) -> bool {
        let before = self.by_hash.len();
        let idle_ms = self.idle_ms;
        self.by_hash
            .retain(|_, s| now_ms < s.active_ms.saturating_add(idle_ms));
        self.by_hash.len() < before
    }

    /// Work now belongs to this day: the open one, else the next. Ends the sessions of days
    /// gone by; whether there were any.
    pub fn belong_to(&mut self, day: u64) -> bool {
        let before = self.by_hash.len();
        if day < self.day {
            // A closed day goes on: who signed in meanwhile belongs to it.
            for session in self.by_hash.values_mut() {
                session.day = session.day.min(day);
            }
        }
        self.by_hash.retain(|_, session| session.day >= day);
        self.day = day;
        self.by_hash.len() < before
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const MINUTE: u64 = 60_000;

    fn office() -> Sessions {
        let mut sessions = Sessions::default().restarted(0, 30 * MINUTE);
        sessions.belong_to(5);
        sessions
    }

    fn person(id: &str) -> Who {
        Who::Person {
            id: id.into(),
            pin: "hash".into(),
        }
    }

    fn an() -> Who {
        person("7")
    }

    #[test]
    fn a_cookie_is_worthless_after_sign_out_and_kept_only_as_a_hash() {
        let mut sessions = office();
        sessions.begin(0, an(), None, "fresh");
        assert_eq!(sessions.who(0, "fresh", false), Some(an()));
        assert!(!serde_json::to_string(&sessions).unwrap().contains("fresh"));
        assert!(sessions.end("fresh"));
        assert_eq!(sessions.who(0, "fresh", true), None);
        assert!(!sessions.end("fresh"));
    }

    #[test]
    fn half_an_hour_without_an_act_ends_a_session_though_its_stream_is_open() {
        let mut sessions = office();
        sessions.begin(0, an(), None, "c");
        for minute in 1..30 {
            assert!(sessions.who(minute * MINUTE, "c", false).is_some());
        }
        assert_eq!(sessions.who(30 * MINUTE, "c", true), None);

        sessions.begin(0, an(), None, "c");
        assert!(sessions.who(29 * MINUTE, "c", true).is_some());
        assert!(!sessions.end_idle(58 * MINUTE));
        assert!(sessions.who(58 * MINUTE, "c", false).is_some());
        assert!(sessions.end_idle(59 * MINUTE));
    }

    #[test]
    fn sessions_end_at_day_close_and_not_at_opening() {
        let mut sessions = office();
        sessions.begin(0, an(), None, "today");
        assert!(sessions.belong_to(6), "the day closed");
        assert_eq!(sessions.who(0, "today", true), None);
        sessions.begin(0, an(), None, "evening");
        assert!(!sessions.belong_to(6), "the next day opened");
        assert!(sessions.who(0, "evening", true).is_some());
    }

    #[test]
    fn who_reopens_a_day_stays_signed_in_until_it_closes_again() {
        let mut sessions = office();
        sessions.belong_to(6);
        sessions.begin(0, an(), None, "c");
        assert!(!sessions.belong_to(5), "reopened");
        assert!(sessions.who(0, "c", true).is_some());
        assert!(sessions.belong_to(6), "closed again");
        assert_eq!(sessions.who(0, "c", true), None);
    }

    #[test]
    fn a_restart_keeps_who_is_signed_in_and_revives_nobody() {
        let mut sessions = office();
        sessions.begin(0, an(), None, "kept");
        sessions.begin(0, an(), None, "ended");
        sessions.end("ended");
        let stored = serde_json::to_string(&sessions).unwrap();
        let again: Sessions = serde_json::from_str(&stored).unwrap();
        let mut again = again.restarted(MINUTE, 30 * MINUTE);
        again.belong_to(5);
        assert_eq!(again.who(2 * MINUTE, "kept", true), Some(an()));
        assert_eq!(again.who(2 * MINUTE, "ended", true), None);

        let again: Sessions = serde_json::from_str(&stored).unwrap();
        let mut again = again.restarted(MINUTE, 30 * MINUTE);
        assert!(
            again.belong_to(6),
            "the day closed while the machine was off"
        );
        assert_eq!(again.who(2 * MINUTE, "kept", true), None);
    }

    #[test]
    fn a_person_who_is_removed_is_signed_out_everywhere() {
        let mut sessions = office();
        sessions.begin(0, an(), None, "one");
        sessions.begin(0, an(), None, "two");
        sessions.begin(0, person("8"), None, "other");
        sessions.end_of_person("7");
        assert!(sessions.who(0, "one", true).is_none() && sessions.who(0, "two", true).is_none());
        assert!(sessions.who(0, "other", true).is_some());
    }

    #[test]
    fn who_signed_in_at_a_pc_is_signed_out_with_it() {
        let mut sessions = office();
        let at = |pc: &str| Some(pc.to_owned());
        sessions.begin(0, an(), at("counter-1"), "one");
        sessions.begin(0, an(), at("counter-2"), "two");
        sessions.begin(0, an(), None, "elsewhere");
        assert!(sessions.end_at("counter-1") && !sessions.end_at("counter-1"));
        assert_eq!(sessions.who(0, "one", true), None);
        assert!(sessions.who(0, "two", true).is_some());
        assert!(sessions.who(0, "elsewhere", true).is_some());
    }
}
