//! A request to stop that also wakes whoever is waiting.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Given to a thread so that it can be ended from outside; clones are the same request.
#[derive(Clone, Debug, Default)]
pub struct Stop {
    shared: Arc<(Mutex<bool>, Condvar)>,
}

impl Stop {
    /// Not requested yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Requests the stop and wakes those in `wait`.
    pub fn stop(&self) {
        let (requested, wake) = &*self.shared;
        *requested.lock().unwrap_or_else(PoisonError::into_inner) = true;
        wake.notify_all();
    }

    /// Whether the stop was requested.
    pub fn is_requested(&self) -> bool {
        let (requested, _) = &*self.shared;
        *requested.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for `duration`, or less when the stop is requested; tells whether it was.
    pub fn wait(&self, duration: Duration) -> bool {
        let (requested, wake) = &*self.shared;
        let guard = requested.lock().unwrap_or_else(PoisonError::into_inner);
        let (guard, _) = wake
            .wait_timeout_while(guard, duration, |requested| !*requested)
            .unwrap_or_else(PoisonError::into_inner);
        *guard
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_stop_ends_a_long_wait_at_once() {
        let stop = Stop::new();
        let waiting = std::thread::spawn({
            let stop = stop.clone();
            move || stop.wait(Duration::from_secs(24 * 3600))
        });
        stop.stop();
        assert!(waiting.join().unwrap());
        assert!(stop.is_requested());
    }

    #[test]
    fn a_wait_without_a_stop_ends_by_itself() {
        assert!(!Stop::new().wait(Duration::from_millis(1)));
    }
}
