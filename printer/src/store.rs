//! What a printer keeps in its RAM: bands that come again on every slip travel once.
//!
//! A mirror of the printer's memory. It is trusted only as long as the printer lists the very same
//! keys; after a power cut, a torn slip or another program it is empty again. NV memory is never
//! used: makers allow it a few writes a day.

use std::collections::{BTreeMap, VecDeque};

use crate::sheet::Band;

/// Bands remembered as seen once. Of these only those that come again are worth memory, so that
/// rows with the time of day do not push out the office's name.
const SEEN_MAX: usize = 256;
/// What a printer needs for a graphic beside its dots, guessed high.
const OVERHEAD_BYTES: usize = 32;
/// Below this a band is as cheap as its key.
const WORTH_BYTES: usize = 64;
/// Keys are two of these.
const KEY_BYTES: std::ops::RangeInclusive<u8> = 0x20..=0x7e;

/// A graphic's name in the printer.
pub(crate) type Key = [u8; 2];

/// Always there, from the moment the memory is known to be empty.
pub(crate) const MARKER: Key = *b"~~";

/// The mirror.
#[derive(Clone, Debug, Default)]
pub(crate) struct Store {
    capacity: usize,
    kept: BTreeMap<Dots, Kept>,
    seen: VecDeque<Dots>,
    slips: u64,
}

/// A band by what it looks like.
type Dots = (usize, Vec<u8>);

#[derive(Clone, Debug)]
struct Kept {
    key: Key,
    /// The slip that last had it.
    used: u64,
}

/// How a band is to be sent.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// It is there: by its key.
    Kept(Key),
    /// Forget these, then keep it under this key.
    Keep(Key, Vec<Key>),
    /// As dots.
    Dots,
}

impl Store {
    /// An empty memory of so many bytes.
    pub(crate) fn empty(capacity: usize) -> Self {
        Self {
            capacity,
            ..Self::default()
        }
    }

    /// A slip begins.
    pub(crate) fn begin(&mut self) {
        self.slips += 1;
    }

    /// The keys that the printer should list.
    pub(crate) fn agrees(&self, listed: &[Key]) -> bool {
        let kept = self.kept.values().map(|kept| kept.key);
        let mut mine: Vec<Key> = kept.chain([MARKER]).collect();
        let mut listed = listed.to_vec();
        mine.sort_unstable();
        listed.sort_unstable();
        mine == listed
    }

    /// How to send this band, and notes that it was sent so.
    pub(crate) fn how(&mut self, band: &Band) -> How {
        let dots = (band.row_bytes, band.dots.clone());
        if let Some(kept) = self.kept.get_mut(&dots) {
            kept.used = self.slips;
            return How::Kept(kept.key);
        }
        if dots.1.len() < WORTH_BYTES {
            return How::Dots;
        }
        let Some(index) = self.seen.iter().position(|seen| *seen == dots) else {
            self.seen.push_back(dots);
            if self.seen.len() > SEEN_MAX {
                self.seen.pop_front();
            }
            return How::Dots;
        };
        let Some(forgotten) = self.make_room(dots.1.len() + OVERHEAD_BYTES) else {
            return How::Dots;
        };
        let Some(key) = self.free_key() else {
            return How::Dots;
        };
        self.seen.remove(index);
        let used = self.slips;
        self.kept.insert(dots, Kept { key, used });
        How::Keep(key, forgotten)
    }

    /// Forgets what was used longest ago, but nothing of this slip, until `bytes` fit.
    fn make_room(&mut self, bytes: usize) -> Option<Vec<Key>> {
        let size = |dots: &Dots| dots.1.len() + OVERHEAD_BYTES;
        let mut used: usize = self.kept.keys().map(size).sum();
        let mut old: Vec<_> = self
            .kept
            .iter()
            .filter(|(_, k)| k.used < self.slips)
            .collect();
        old.sort_by_key(|(_, kept)| kept.used);
        let mut out = Vec::new();
        for (dots, _) in old {
            if used + bytes <= self.capacity {
                break;
            }
            used -= size(dots);
            out.push(dots.clone());
        }
        if used + bytes > self.capacity {
            return None;
        }
        let gone = out.iter().filter_map(|dots| self.kept.remove(dots));
        Some(gone.map(|kept| kept.key).collect())
    }

    fn free_key(&self) -> Option<Key> {
        let all = KEY_BYTES.flat_map(|a| KEY_BYTES.map(move |b| [a, b]));
        let taken = |key: &Key| *key == MARKER || self.kept.values().any(|kept| kept.key == *key);
        { all }.find(|key| !taken(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slip::Align;

    fn band(shade: u8, bytes: usize) -> Band {
        Band {
            align: Align::Left,
            row_bytes: 10,
            dots: vec![shade; bytes],
        }
    }

    #[test]
    fn a_band_is_kept_when_it_comes_again_and_then_travels_as_its_key() {
        let mut store = Store::empty(1_000);
        assert_eq!(store.how(&band(1, 100)), How::Dots);
        let How::Keep(key, forgotten) = store.how(&band(1, 100)) else {
            panic!("kept at its second coming");
        };
        assert!(forgotten.is_empty() && store.agrees(&[key, MARKER]));
        assert_eq!(store.how(&band(1, 100)), How::Kept(key));
        assert!(!store.agrees(&[]), "a printer that was off lists nothing");
        assert!(
            !Store::empty(1_000).agrees(&[]),
            "also before anything is kept"
        );
    }

    #[test]
    fn what_was_used_longest_ago_makes_room_but_nothing_of_this_slip() {
        let mut store = Store::empty(300);
        let twice = |store: &mut Store, shade| {
            store.how(&band(shade, 100));
            store.how(&band(shade, 100))
        };
        store.begin();
        let How::Keep(first, _) = twice(&mut store, 1) else {
            panic!("there is room");
        };
        store.begin();
        assert!(matches!(twice(&mut store, 2), How::Keep(..)));
        assert!(matches!(twice(&mut store, 3), How::Keep(_, gone) if gone == [first]));
        assert_eq!(
            twice(&mut store, 4),
            How::Dots,
            "both others are on this slip"
        );
    }
}
