//! Neighbours of an input: what a bad cable, a worn label or a wrong setting makes of it.

/// Longest input; beyond it nothing new is found and every round takes longer.
const BYTES_MAX: usize = 8192;
/// Bytes with a meaning somewhere: suffixes, separators, digits, bars, a printer's own.
const TELLING: &[u8] =
    b"\0\x07\t\n\r\x10\x12\x13\x1d\x22\x37\x41]-./|0159AHIOQ:%?&=+\xc3\xe1\xf0\xf1\xf2\xff";

/// Makes neighbours by chance that follows from a seed (SplitMix64).
pub struct Mutator(u64);

impl Mutator {
    /// The same seed gives the same neighbours.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end.max(1)).unwrap_or(u64::MAX);
        usize::try_from(self.bits() % end).unwrap_or(0)
    }

    /// One of `corpus`, changed in a few places.
    pub fn neighbour(&mut self, corpus: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = corpus[self.below(corpus.len())].clone();
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len() + 1);
            match self.below(7) {
                0 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
                1 if at < bytes.len() => bytes[at] = TELLING[self.below(TELLING.len())],
                2 => bytes.insert(at, TELLING[self.below(TELLING.len())]),
                3 if at < bytes.len() => drop(bytes.remove(at)),
                4 => bytes.truncate(at),
                5 => {
                    let other = &corpus[self.below(corpus.len())];
                    let start = self.below(other.len() + 1);
                    let piece = &other[start..];
                    bytes.splice(at..at, piece.iter().copied());
                }
                _ => {
                    let end = at + self.below(bytes.len() - at + 1);
                    let again = bytes[at..end].to_vec();
                    bytes.splice(at..at, again);
                }
            }
            bytes.truncate(BYTES_MAX);
        }
        bytes
    }
}
