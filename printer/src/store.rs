//! What a printer keeps in its RAM: dots that come again on every slip travel once.
//!
//! A mirror of the printer's memory. It is trusted only as long as the printer lists the very same
//! keys; after a power cut, a torn slip or another program it is empty again. NV memory is never
//! used: makers allow it a few writes a day.

use std::collections::{BTreeMap, VecDeque};

use crate::graphic::Graphic;

/// Graphics remembered as seen once. Of these only those that come again are worth memory, so that
/// what stands on one slip only does not push out the office's name.
const SEEN_MAX: usize = 256;
/// What a printer needs for a graphic beside its dots, guessed high.
pub(crate) const OVERHEAD_BYTES: usize = 32;
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
    kept: BTreeMap<Graphic, Kept>,
    seen: VecDeque<Graphic>,
    slips: u64,
}

#[derive(Clone, Debug)]
struct Kept {
    key: Key,
    /// The slip that last had it.
    used: u64,
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

    /// How many keys the printer should list.
    pub(crate) fn keys(&self) -> usize {
        self.kept.len() + 1
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

    /// The key of a graphic that is there, which is then safe for the rest of this slip.
    pub(crate) fn kept(&mut self, graphic: &Graphic) -> Option<Key> {
        let kept = self.kept.get_mut(graphic)?;
        kept.used = self.slips;
        Some(kept.key)
    }

    /// Whether it was on a slip before.
    pub(crate) fn has_seen(&self, graphic: &Graphic) -> bool {
        self.seen.contains(graphic)
    }

    /// Remembers that it was on a slip.
    pub(crate) fn see(&mut self, graphic: &Graphic) {
        if self.kept.contains_key(graphic) || self.has_seen(graphic) {
            return;
        }
        self.seen.push_back(graphic.clone());
        if self.seen.len() > SEEN_MAX {
            self.seen.pop_front();
        }
    }

    /// Makes room for a graphic that is not there: its key, and those to be forgotten before it is
    /// kept. None: there is no room beside what else is on this slip.
    pub(crate) fn keep(&mut self, graphic: &Graphic) -> Option<(Key, Vec<Key>)> {
        let forgotten = self.make_room(size(graphic))?;
        let key = self.free_key()?;
        self.seen.retain(|seen| seen != graphic);
        let used = self.slips;
        self.kept.insert(graphic.clone(), Kept { key, used });
        Some((key, forgotten))
    }

    /// Forgets what was used longest ago, but nothing of this slip, until `bytes` fit.
    fn make_room(&mut self, bytes: usize) -> Option<Vec<Key>> {
        let mut used: usize = self.kept.keys().map(size).sum();
        let mut old: Vec<_> = self
            .kept
            .iter()
            .filter(|(_, kept)| kept.used < self.slips)
            .collect();
        old.sort_by_key(|(_, kept)| kept.used);
        let mut out = Vec::new();
        for (graphic, _) in old {
            if used + bytes <= self.capacity {
                break;
            }
            used -= size(graphic);
            out.push(graphic.clone());
        }
        if used + bytes > self.capacity {
            return None;
        }
        let gone = out.iter().filter_map(|graphic| self.kept.remove(graphic));
        Some(gone.map(|kept| kept.key).collect())
    }

    fn free_key(&self) -> Option<Key> {
        let all = KEY_BYTES.flat_map(|a| KEY_BYTES.map(move |b| [a, b]));
        let taken = |key: &Key| *key == MARKER || self.kept.values().any(|kept| kept.key == *key);
        { all }.find(|key| !taken(key))
    }
}

/// What a graphic takes in the printer.
fn size(graphic: &Graphic) -> usize {
    graphic.dots.len() + OVERHEAD_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graphic(shade: u8) -> Graphic {
        Graphic {
            width: 80,
            dots: vec![shade; 100],
        }
    }

    #[test]
    fn a_printer_is_believed_only_while_it_lists_what_it_should() {
        let mut store = Store::empty(1_000);
        let (key, forgotten) = store.keep(&graphic(1)).unwrap();
        assert!(forgotten.is_empty() && store.agrees(&[key, MARKER]));
        assert_eq!(store.kept(&graphic(1)), Some(key));
        assert!(!store.agrees(&[]), "a printer that was off lists nothing");
        assert!(
            !Store::empty(1_000).agrees(&[]),
            "also before anything is kept"
        );
    }

    #[test]
    fn what_was_used_longest_ago_makes_room_but_nothing_of_this_slip() {
        let mut store = Store::empty(300);
        store.begin();
        let (first, _) = store.keep(&graphic(1)).unwrap();
        store.begin();
        assert!(store.keep(&graphic(2)).is_some());
        let (_, gone) = store.keep(&graphic(3)).unwrap();
        assert_eq!(gone, [first]);
        assert_eq!(
            store.keep(&graphic(4)),
            None,
            "both others are on this slip"
        );
        assert_eq!(store.kept(&graphic(1)), None);
    }

    #[test]
    fn what_was_on_a_slip_is_remembered_for_a_while() {
        let mut store = Store::empty(300);
        store.see(&graphic(1));
        assert!(store.has_seen(&graphic(1)) && !store.has_seen(&graphic(2)));
        for shade in 0..=255 {
            let width = 8;
            store.see(&Graphic {
                width,
                dots: vec![shade],
            });
        }
        assert!(!store.has_seen(&graphic(1)), "but not for ever");
    }
}
