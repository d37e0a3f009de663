//! Whose the codes of a scanner are.
//!
//! Pure: time comes in. One scanner for four desks is what offices have. A guess would put one
//! clerk's dossier at another's counter, so a shared scanner is somebody's only while all is
//! certain: from a badge until the next one, until nobody has used it for a while, or until its
//! cable was out.

/// So long a badge holds after the last use of the scanner. Longer than a clerk reads in one file
/// of papers, shorter than a tea break after which somebody else picks the scanner up.
pub const BADGE_MS: u64 = 10 * 60 * 1_000;

/// A scanner's counters, and which of them it is bound to.
#[derive(Clone, Debug)]
pub struct Binding {
    counters: Vec<u32>,
    shared: bool,
    bound: Option<Bound>,
}

#[derive(Clone, Copy, Debug)]
struct Bound {
    counter: u32,
    used_ms: u64,
}

/// What a counter's badge does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Badge {
    /// The next scans are this counter's, and before they were that one's.
    Bound {
        /// Whose they were just before, if another counter's.
        before: Option<u32>,
    },
    /// The scanner is this counter's alone already.
    Own,
    /// The counter is none of this scanner's: from now on it is nobody's, since whoever holds it
    /// is not who it was bound to.
    Stranger,
}

impl Binding {
    /// A scanner that lies at one counter.
    pub fn fixed(counter: u32) -> Self {
        Self {
            counters: vec![counter],
            shared: false,
            bound: None,
        }
    }

    /// A scanner that these counters pass around; nobody's until a badge.
    pub fn shared(counters: Vec<u32>) -> Self {
        Self {
            counters,
            shared: true,
            bound: None,
        }
    }

    /// Every counter that may be bound: all of them hear what concerns nobody's scanner.
    pub fn counters(&self) -> &[u32] {
        &self.counters
    }

    /// Whose a code read now is.
    pub fn counter(&self, now_ms: u64) -> Option<u32> {
        match (self.shared, self.bound) {
            (false, _) => self.counters.first().copied(),
            (true, Some(bound)) => {
                let holds = now_ms.saturating_sub(bound.used_ms) < BADGE_MS;
                holds.then_some(bound.counter)
            }
            (true, None) => None,
        }
    }

    /// Somebody uses the scanner: whose it is, it stays a while longer.
    pub fn used(&mut self, now_ms: u64) {
        match (self.counter(now_ms), &mut self.bound) {
            (Some(_), Some(bound)) => bound.used_ms = now_ms,
            (Some(_), None) => {}
            (None, bound) => *bound = None,
        }
    }

    /// A counter's badge was read.
    pub fn badge(&mut self, counter: u32, now_ms: u64) -> Badge {
        if !self.counters.contains(&counter) {
            self.bound = None;
            return Badge::Stranger;
        }
        if !self.shared {
            return Badge::Own;
        }
        let before = self.counter(now_ms).filter(|before| *before != counter);
        self.bound = Some(Bound {
            counter,
            used_ms: now_ms,
        });
        Badge::Bound { before }
    }

    /// The cable is out: who plugs it in again may be somebody else.
    pub fn unplugged(&mut self) {
        self.bound = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: u64 = 60_000;

    #[test]
    fn a_scanner_at_one_counter_is_always_its_own() {
        let mut binding = Binding::fixed(3);
        for now in [0, 20 * MINUTE, 24 * 60 * MINUTE] {
            assert_eq!(binding.counter(now), Some(3));
            binding.used(now);
        }
        assert_eq!(binding.badge(3, 0), Badge::Own);
        assert_eq!(binding.badge(4, 0), Badge::Stranger);
        binding.unplugged();
        assert_eq!(
            binding.counter(0),
            Some(3),
            "it lies there, whatever was read"
        );
    }

    #[test]
    fn a_shared_scanner_is_nobodys_until_a_badge_and_then_until_the_next() {
        let mut binding = Binding::shared(vec![1, 2, 3]);
        assert_eq!(binding.counter(0), None);
        assert_eq!(binding.badge(3, 0), Badge::Bound { before: None });
        assert_eq!(binding.counter(MINUTE), Some(3));
        assert_eq!(binding.badge(1, MINUTE), Badge::Bound { before: Some(3) });
        assert_eq!(binding.counter(MINUTE), Some(1));
        assert_eq!(binding.badge(1, MINUTE), Badge::Bound { before: None });
    }

    #[test]
    fn a_badge_holds_while_the_scanner_is_used_and_ten_minutes_longer() {
        let mut binding = Binding::shared(vec![1, 2]);
        binding.badge(2, 0);
        for minute in [9, 18, 27] {
            assert_eq!(binding.counter(minute * MINUTE), Some(2));
            binding.used(minute * MINUTE);
        }
        assert_eq!(binding.counter(37 * MINUTE - 1), Some(2));
        assert_eq!(
            binding.counter(37 * MINUTE),
            None,
            "somebody else may have it"
        );
        binding.used(37 * MINUTE);
        assert_eq!(
            binding.counter(37 * MINUTE),
            None,
            "use by nobody binds nobody"
        );
    }

    #[test]
    fn a_stranger_and_a_pulled_cable_make_a_shared_scanner_nobodys() {
        let mut binding = Binding::shared(vec![1, 2]);
        binding.badge(2, 0);
        assert_eq!(binding.badge(7, 1), Badge::Stranger);
        assert_eq!(binding.counter(1), None);
        binding.badge(2, 2);
        binding.unplugged();
        assert_eq!(binding.counter(2), None);
    }
}
