//! Devices that ask to be let in: each shows a code, an administrator types it here.
//!
//! - Nobody approves a stranger: a code is typed off the device itself, never chosen in a list.
//! - A code lives ten minutes, in memory only; what it leads to is fetched with the secret that
//!   only the device has.
//! - However many ask, little is kept: an address has a few codes at a time, its oldest makes
//!   way, and beyond a number in all newcomers are turned away.
//! - Two codes differ in three digits at least: a slip of the finger lets nobody else in.
//!
//! Time and chance come in from outside.

use queue::DeviceKind;

use crate::tokens::hash;

/// To walk from the device to the administrator's page, and back for a second look.
pub const VALID_MS: u64 = 10 * 60_000;
/// The screens of a large office, all new on one morning.
const WAITING_MAX: usize = 32;
/// Screens behind one address: a machine with several outputs.
const OF_ADDRESS_MAX: usize = 4;
/// Codes are six digits.
const CODES: u32 = 1_000_000;
/// By this many digits any two codes differ.
const DIGITS_APART: usize = 3;
/// With every place taken a try in 25 is too near another code.
const CODE_TRIES_MAX: usize = 64;

/// What a device says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asking {
    /// What it is for.
    pub kind: DeviceKind,
    /// What it calls itself; empty for nothing.
    pub name: String,
    /// Where it asks from.
    pub address: String,
}

/// What a device is let in with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pass {
    /// Its id.
    pub device: String,
    /// What it shows from now on.
    pub token: String,
}

/// Who let it in, for an answer that was lost on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// Who typed the code.
    pub actor: String,
    /// The idempotency key that came with it.
    pub key: String,
}

/// One device that asks.
#[derive(Clone, Debug)]
pub struct Enrolment {
    /// Names it in the API.
    pub id: String,
    /// Six digits.
    pub code: String,
    /// What it says of itself.
    pub asking: Asking,
    secret: String,
    begun_ms: u64,
    approved: Option<(Approval, Pass)>,
}

impl Enrolment {
    /// How long its code still lives.
    pub fn left_ms(&self, now_ms: u64) -> u64 {
        (self.begun_ms + VALID_MS).saturating_sub(now_ms)
    }
}

/// What a typed code leads to.
#[derive(Debug, PartialEq, Eq)]
pub enum Typed {
    /// A device that waits.
    Waits(Asking),
    /// The same press let this device in before.
    Repeated(String),
    /// Nothing: mistyped, too old, or used.
    Unknown,
}

/// What a device hears when it asks how it stands.
#[derive(Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has typed its code yet.
    Waits {
        /// How long it still lives.
        left_ms: u64,
    },
    /// It is let in.
    Approved(Pass),
    /// The code is too old, was never given out, or the secret is wrong.
    Over,
}

/// Everything that chance decides about a new one.
pub struct Chance<'a> {
    /// Its id.
    pub id: String,
    /// Only the device gets it.
    pub secret: &'a str,
    /// Any number, for the code; a new one each time.
    pub number: &'a mut dyn FnMut() -> u32,
}

/// All that ask, oldest first.
#[derive(Debug, Default)]
pub struct Enrolments(Vec<Enrolment>);

impl Enrolments {
    /// A new one; `None`: too many ask.
    pub fn begin(&mut self, now_ms: u64, asking: Asking, chance: Chance<'_>) -> Option<Enrolment> {
        self.forget_old(now_ms);
        let own = |e: &Enrolment| e.asking.address == asking.address;
        if self.0.iter().filter(|e| own(e)).count() >= OF_ADDRESS_MAX
            && let Some(oldest) = self.0.iter().position(own)
        {
            self.0.remove(oldest);
        }
        if self.0.len() >= WAITING_MAX {
            return None;
        }
        let enrolment = Enrolment {
            id: chance.id,
            code: self.code(chance.number)?,
            asking,
            secret: hash(chance.secret),
            begun_ms: now_ms,
            approved: None,
        };
        self.0.push(enrolment.clone());
        Some(enrolment)
    }

    /// Those that wait.
    pub fn waiting(&mut self, now_ms: u64) -> impl Iterator<Item = &Enrolment> {
        self.forget_old(now_ms);
        self.0.iter().filter(|e| e.approved.is_none())
    }

    /// What a code leads to; spaces and dashes in it do not matter.
    pub fn typed(&mut self, now_ms: u64, code: &str, approval: &Approval) -> Typed {
        self.forget_old(now_ms);
        let code = digits(code);
        match self.0.iter().find(|e| e.code == code) {
            Some(Enrolment {
                approved: None,
                asking,
                ..
            }) => Typed::Waits(asking.clone()),
            Some(Enrolment {
                approved: Some((before, pass)),
                ..
            }) if before == approval => Typed::Repeated(pass.device.clone()),
            _ => Typed::Unknown,
        }
    }

    /// Lets in the one with this code.
    pub fn approve(&mut self, code: &str, approval: Approval, pass: Pass) {
        let code = digits(code);
        if let Some(enrolment) = self.0.iter_mut().find(|e| e.code == code) {
            enrolment.approved = Some((approval, pass));
        }
    }

    /// How the one with this id and secret stands. `used`: whether a device has shown its token,
    /// after which nobody gets it any more.
    pub fn standing(
        &mut self,
        now_ms: u64,
        id: &str,
        secret: &str,
        used: impl Fn(&str) -> bool,
    ) -> Standing {
        self.forget_old(now_ms);
        let secret = hash(secret);
        let found = self.0.iter().find(|e| e.id == id && e.secret == secret);
        match found.map(|e| (e, &e.approved)) {
            Some((enrolment, None)) => Standing::Waits {
                left_ms: enrolment.left_ms(now_ms),
            },
            Some((_, Some((_, pass)))) if !used(&pass.device) => Standing::Approved(pass.clone()),
            _ => Standing::Over,
        }
    }

    /// The code of the one with this id and secret, while it waits.
    pub fn code_of(&mut self, now_ms: u64, id: &str, secret: &str) -> Option<String> {
        let secret = hash(secret);
        let mut waiting = self.waiting(now_ms);
        let found = waiting.find(|e| e.id == id && e.secret == secret)?;
        Some(found.code.clone())
    }

    fn code(&self, number: &mut dyn FnMut() -> u32) -> Option<String> {
        let mut codes = (0..CODE_TRIES_MAX).map(|_| format!("{:06}", number() % CODES));
        codes.find(|code| self.0.iter().all(|e| apart(&e.code, code) >= DIGITS_APART))
    }

    fn forget_old(&mut self, now_ms: u64) {
        self.0.retain(|e| e.left_ms(now_ms) > 0);
    }
}

/// A code as people type it.
fn digits(code: &str) -> String {
    code.chars().filter(char::is_ascii_digit).collect()
}

/// In how many places two codes differ.
fn apart(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).filter(|(a, b)| a != b).count()
}

/// A code as a room reads it: 483 177.
pub fn spaced(code: &str) -> String {
    match code.split_at_checked(3) {
        Some((first, last)) => format!("{first} {last}"),
        None => code.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Asks from `address` with the secret `id`-secret and the first of `numbers` that will do.
    fn ask(
        enrolments: &mut Enrolments,
        now_ms: u64,
        id: &str,
        address: &str,
        numbers: &[u32],
    ) -> Option<Enrolment> {
        let asking = Asking {
            kind: DeviceKind::Touch,
            name: String::new(),
            address: address.into(),
        };
        let mut numbers = numbers.iter();
        let mut number = || *numbers.next().unwrap();
        let chance = Chance {
            id: id.into(),
            secret: &format!("{id}-secret"),
            number: &mut number,
        };
        enrolments.begin(now_ms, asking, chance)
    }

    fn approval(key: &str) -> Approval {
        Approval {
            actor: "person-1".into(),
            key: key.into(),
        }
    }

    fn pass() -> Pass {
        Pass {
            device: "touch-1".into(),
            token: "token".into(),
        }
    }

    #[test]
    fn a_code_lets_in_the_device_that_shows_it_once() {
        let mut enrolments = Enrolments::default();
        let shown = ask(&mut enrolments, 0, "a", "192.0.2.1", &[483_177]).unwrap();
        assert_eq!(spaced(&shown.code), "483 177");
        let waits = Standing::Waits { left_ms: VALID_MS };
        assert_eq!(enrolments.standing(0, "a", "a-secret", |_| false), waits);

        let typed = enrolments.typed(0, "483 177", &approval("k1"));
        assert_eq!(typed, Typed::Waits(shown.asking));
        enrolments.approve("483 177", approval("k1"), pass());
        assert_eq!(
            enrolments.typed(0, "483177", &approval("k1")),
            Typed::Repeated("touch-1".into()),
            "the answer was lost and the press repeated"
        );
        assert_eq!(
            enrolments.typed(0, "483177", &approval("k2")),
            Typed::Unknown,
            "used"
        );
        assert_eq!(enrolments.waiting(0).count(), 0);
        // An answer may be lost here too: until the token was shown it can be fetched again.
        for _ in 0..2 {
            let standing = enrolments.standing(0, "a", "a-secret", |_| false);
            assert_eq!(standing, Standing::Approved(pass()));
        }
        assert_eq!(
            enrolments.standing(0, "a", "a-secret", |id| id == "touch-1"),
            Standing::Over
        );
    }

    #[test]
    fn without_its_secret_nobody_gets_what_a_code_leads_to() {
        let mut enrolments = Enrolments::default();
        ask(&mut enrolments, 0, "a", "192.0.2.1", &[1]).unwrap();
        ask(&mut enrolments, 0, "b", "192.0.2.2", &[123_456]).unwrap();
        enrolments.approve("000001", approval("k"), pass());
        for (id, secret) in [("a", "b-secret"), ("a", ""), ("b", "a-secret"), ("c", "")] {
            let standing = enrolments.standing(0, id, secret, |_| false);
            assert_eq!(standing, Standing::Over, "{id} {secret}");
        }
    }

    #[test]
    fn a_code_dies_after_ten_minutes() {
        let mut enrolments = Enrolments::default();
        ask(&mut enrolments, 5, "a", "192.0.2.1", &[483_177]).unwrap();
        let last = 5 + VALID_MS - 1;
        let waits = Standing::Waits { left_ms: 1 };
        assert_eq!(enrolments.standing(last, "a", "a-secret", |_| false), waits);
        let typed = enrolments.typed(last + 1, "483177", &approval("k"));
        assert_eq!(typed, Typed::Unknown);
        let standing = enrolments.standing(last + 1, "a", "a-secret", |_| false);
        assert_eq!(standing, Standing::Over);
    }

    #[test]
    fn a_slip_of_the_finger_lets_nobody_else_in() {
        let mut enrolments = Enrolments::default();
        ask(&mut enrolments, 0, "a", "192.0.2.1", &[483_177]).unwrap();
        // One digit, and two that were swapped: too near.
        let next = ask(
            &mut enrolments,
            0,
            "b",
            "192.0.2.2",
            &[483_178, 438_177, 483_177, 1_500_999],
        );
        assert_eq!(next.unwrap().code, "500999");
    }

    #[test]
    fn however_many_ask_little_is_kept_and_who_asks_again_is_heard() {
        let mut enrolments = Enrolments::default();
        let far_apart = |n: usize| u32::try_from(n).unwrap() * 11_111;
        for n in 0..20 {
            let id = n.to_string();
            ask(&mut enrolments, 0, &id, "192.0.2.1", &[far_apart(n)]).unwrap();
        }
        let ids: Vec<_> = enrolments.waiting(0).map(|e| e.id.clone()).collect();
        assert_eq!(ids, ["16", "17", "18", "19"], "its oldest made way");

        let mut number = 500_000;
        let mut turned_away = 0;
        for n in 0..100 {
            let (id, address) = (format!("n{n}"), format!("198.51.100.{n}"));
            let numbers: Vec<u32> = (0..64)
                .map(|_| {
                    number += 7_919;
                    number
                })
                .collect();
            let begun = ask(&mut enrolments, 0, &id, &address, &numbers);
            turned_away += usize::from(begun.is_none());
        }
        assert_eq!(enrolments.waiting(0).count(), WAITING_MAX);
        assert_eq!(turned_away, 100 - (WAITING_MAX - 4));
        // They die by themselves, and then others are heard.
        assert!(ask(&mut enrolments, VALID_MS, "later", "203.0.113.1", &[7]).is_some());
    }
}
