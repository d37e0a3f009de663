//! Has the journal tell when scans do not reach the intake server, and when they do again.
//!
//! - Told once it has lasted as long as `[alerts] outage_seconds` says: a server that starts anew
//!   is no outage. What is told names how long ago the first scan failed.
//! - Told again every [`AGAIN_EVERY`] while scans wait, and at a stop, so that a power cut takes
//!   little of the proof. What happens while this machine is off nobody sees, and nothing is said
//!   of it.
//! - A set-up fault and a fault of the software are told apart at once: one of them is the
//!   office's own.
//!
//! `Watch` is pure: what it is asked comes with the time.

use std::time::{Duration, Instant};

use queue::{AwayCause, Command};
use tokio::sync::watch;
use tracing::warn;

use super::intake::{self, IntakeStatus};
use crate::engine::{Engine, system};
use crate::status::{Health, IntakeOutage, Parts};

/// So much of the proof a power cut may take; six records an hour are nothing to a journal.
const AGAIN_EVERY: Duration = Duration::from_secs(10 * 60);

/// A disk that is full now may have room soon.
const RETRY: Duration = Duration::from_secs(10);

/// What the journal should tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tale {
    Away { cause: AwayCause, since: Instant },
    Back,
}

/// Trouble as it is seen.
#[derive(Clone, Copy, Debug)]
struct Trouble {
    cause: AwayCause,
    since: Instant,
}

/// What is seen, and what the journal has told of it.
#[derive(Debug)]
struct Watch {
    tell_after: Duration,
    trouble: Option<Trouble>,
    told: Option<(AwayCause, Instant)>,
}

impl Watch {
    fn new(tell_after: Duration) -> Self {
        Self {
            tell_after,
            trouble: None,
            told: None,
        }
    }

    fn see(&mut self, status: IntakeStatus, now: Instant) {
        let seen = match status {
            IntakeStatus::Ready => None,
            IntakeStatus::Away { since, cause } => Some((told(cause), since)),
            IntakeStatus::SetupFault { status } => Some((AwayCause::NotLetIn { status }, now)),
        };
        self.trouble = seen.map(|(cause, since)| match self.trouble {
            // The same trouble in other words.
            Some(trouble) if trouble.cause.is_set_up() == cause.is_set_up() => Trouble {
                cause,
                since: trouble.since.min(since),
            },
            // The one is over when the other is seen.
            Some(_) => Trouble { cause, since: now },
            None => Trouble { cause, since },
        });
    }

    /// What to tell, and when that is due.
    fn next(&self) -> Option<(Tale, Instant)> {
        match (self.trouble, self.told) {
            (Some(Trouble { cause, since }), told) => {
                let due = match told {
                    None => since + self.tell_after,
                    Some((before, _)) if before.is_set_up() != cause.is_set_up() => since,
                    Some((_, at)) => at + AGAIN_EVERY,
                };
                Some((Tale::Away { cause, since }, due))
            }
            (None, Some((_, at))) => Some((Tale::Back, at)),
            (None, None) => None,
        }
    }

    /// The journal has told it.
    fn told(&mut self, tale: Tale, now: Instant) {
        self.told = match tale {
            Tale::Away { cause, .. } => Some((cause, now)),
            Tale::Back => None,
        };
    }
}

/// For the health page, the counters and the lamp.
fn show(parts: &Parts, status: IntakeStatus) {
    let health = match status {
        IntakeStatus::Ready => Health::Ready,
        IntakeStatus::Away { .. } => Health::Away,
        IntakeStatus::SetupFault { .. } => Health::Trouble,
    };
    parts.set_intake_outage(match status {
        IntakeStatus::Away { since, cause } => Some(IntakeOutage {
            cause: cause.word(),
            since,
        }),
        _ => None,
    });
    parts.set("intake", health);
}

/// The cause as the journal tells it.
fn told(cause: intake::AwayCause) -> AwayCause {
    use intake::AwayCause as Seen;
    match cause {
        Seen::NoConnection => AwayCause::NoConnection,
        Seen::Silent => AwayCause::Silent,
        Seen::ServerError(status) => AwayCause::ServerError { status },
        Seen::OddAnswer => AwayCause::OddAnswer,
        Seen::Busy => AwayCause::Busy,
        Seen::WrongName => AwayCause::WrongName,
        Seen::UnknownAuthority => AwayCause::UnknownAuthority,
        Seen::CertificateDate => AwayCause::CertificateDate,
        Seen::OurCertificate => AwayCause::OurCertificate,
        Seen::NoTls => AwayCause::NoTls,
    }
}

/// Tells of outages until the sender of `seen` is gone, and what is left to tell then.
pub(super) async fn run(
    engine: &Engine,
    parts: &Parts,
    tell_after: Duration,
    mut seen: watch::Receiver<IntakeStatus>,
) {
    let mut watch = Watch::new(tell_after);
    let mut not_before = Instant::now();
    loop {
        let status = *seen.borrow_and_update();
        show(parts, status);
        watch.see(status, Instant::now());
        let next = watch.next();
        let due = async {
            match next {
                Some((tale, at)) => {
                    tokio::time::sleep_until(at.max(not_before).into()).await;
                    tale
                }
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            changed = seen.changed() => if changed.is_err() { break },
            tale = due => match tell(engine, tale).await {
                true => watch.told(tale, Instant::now()),
                false => not_before = Instant::now() + RETRY,
            },
        }
    }
    // The daemon stops: until here the trouble is known to have lasted.
    if let (Some((tale @ Tale::Away { .. }, _)), Some(_)) = (watch.next(), watch.told) {
        tell(engine, tale).await;
    }
}

async fn tell(engine: &Engine, tale: Tale) -> bool {
    let command = match tale {
        Tale::Away { cause, since } => {
            let for_ms = u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX);
            Command::NoteIntakeAway { cause, for_ms }
        }
        Tale::Back => Command::NoteIntakeBack,
    };
    match engine.act(system(), command).await {
        Ok(_) => true,
        Err(cause) => {
            warn!(%cause, "an outage of the intake server cannot be noted");
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOFTWARE: AwayCause = AwayCause::NoConnection;
    const TOKEN: AwayCause = AwayCause::NotLetIn { status: 401 };

    /// Seconds after an arbitrary start.
    struct Clock(Instant);

    impl Clock {
        fn at(&self, seconds: u64) -> Instant {
            self.0 + Duration::from_secs(seconds)
        }

        /// What the watch wants to tell, its cause, and in which second it is due.
        fn next(&self, watch: &Watch) -> Option<(Option<AwayCause>, u64, u64)> {
            let (tale, due) = watch.next()?;
            let second = |at: Instant| (at - self.0).as_secs();
            Some(match tale {
                Tale::Away { cause, since } => (Some(cause), second(since), second(due)),
                Tale::Back => (None, 0, second(due)),
            })
        }

        fn tell(&self, watch: &mut Watch, seconds: u64) {
            if let Some((tale, _)) = watch.next() {
                watch.told(tale, self.at(seconds));
            }
        }
    }

    fn away(since: Instant) -> IntakeStatus {
        let cause = intake::AwayCause::NoConnection;
        IntakeStatus::Away { since, cause }
    }

    #[test]
    fn a_server_that_is_away_for_a_moment_is_no_outage() {
        let clock = Clock(Instant::now());
        let mut watch = Watch::new(Duration::from_secs(30));
        assert_eq!(clock.next(&watch), None);
        watch.see(away(clock.at(100)), clock.at(105));
        assert_eq!(clock.next(&watch), Some((Some(SOFTWARE), 100, 130)));
        watch.see(IntakeStatus::Ready, clock.at(120));
        assert_eq!(clock.next(&watch), None);
    }

    #[test]
    fn an_outage_is_told_with_its_beginning_again_and_again_and_at_its_end() {
        let clock = Clock(Instant::now());
        let mut watch = Watch::new(Duration::from_secs(30));
        watch.see(away(clock.at(100)), clock.at(105));
        clock.tell(&mut watch, 130);
        assert_eq!(clock.next(&watch), Some((Some(SOFTWARE), 100, 730)));
        clock.tell(&mut watch, 730);
        assert_eq!(clock.next(&watch), Some((Some(SOFTWARE), 100, 1330)));
        watch.see(IntakeStatus::Ready, clock.at(900));
        assert_eq!(clock.next(&watch), Some((None, 0, 730)), "at once");
        clock.tell(&mut watch, 900);
        assert_eq!(clock.next(&watch), None);
    }

    #[test]
    fn a_wrong_token_is_not_laid_to_the_software() {
        let clock = Clock(Instant::now());
        let mut watch = Watch::new(Duration::from_secs(30));
        watch.see(away(clock.at(0)), clock.at(1));
        clock.tell(&mut watch, 30);
        watch.see(IntakeStatus::SetupFault { status: 401 }, clock.at(60));
        assert_eq!(clock.next(&watch), Some((Some(TOKEN), 60, 60)), "at once");
        clock.tell(&mut watch, 60);
        assert_eq!(clock.next(&watch), Some((Some(TOKEN), 60, 660)));
    }
}
