//! An ear: which clips are heard in a recording, where, and whether anything else is.
//!
//! It knows the clips only as files of sound. A clip counts as heard where every sample of it stands;
//! two at once are none, and neither is one with a piece missing.

use std::collections::BTreeMap;
use std::path::Path;

/// Samples a second in everything that the office plays.
const RATE: usize = 22_050;

/// Something that was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// The clip.
    pub clip: String,
    /// Its first audible sample.
    pub from: usize,
    /// The first behind it.
    pub to: usize,
}

/// The clips that an ear knows, each from its first to its last audible sample.
#[derive(Default)]
pub struct Ear {
    clips: BTreeMap<String, Vec<i16>>,
}

impl Ear {
    /// Learns every clip in a folder; those of the same name in a later folder are known instead.
    pub fn learn(&mut self, folder: &Path) {
        let files = std::fs::read_dir(folder).unwrap();
        let mut learnt = 0;
        for file in files.map(|file| file.unwrap().path()) {
            if file.extension().is_some_and(|end| end == "wav") {
                let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
                self.know(&name, &samples(&std::fs::read(&file).unwrap()));
                learnt += 1;
            }
        }
        assert!(learnt > 0, "{} has clips", folder.display());
    }

    fn know(&mut self, name: &str, samples: &[i16]) {
        let audible = |s: &i16| *s != 0;
        let from = samples.iter().position(audible).unwrap();
        let to = samples.iter().rposition(audible).unwrap() + 1;
        self.clips
            .insert(name.to_owned(), samples[from..to].to_vec());
    }

    /// Everything in a recording, in order. Panics where a sound is none of the clips: two at once,
    /// a torn one, a click.
    pub fn hear(&self, recording: &[i16]) -> Vec<Heard> {
        let mut heard = Vec::new();
        let mut at = 0;
        while let Some(next) = recording[at..].iter().position(|sample| *sample != 0) {
            at += next;
            let here = |clip: &&Vec<i16>| recording[at..].starts_with(clip);
            let found = self.clips.iter().filter(|(_, clip)| here(clip));
            // One clip may begin like another.
            let Some((name, clip)) = found.max_by_key(|(_, clip)| clip.len()) else {
                let before: Vec<_> = heard.iter().rev().take(3).collect();
                let seconds = at as f64 / RATE as f64;
                panic!("at {seconds:.3} s something is heard that is no clip, after {before:?}");
            };
            heard.push(Heard {
                clip: name.clone(),
                from: at,
                to: at + clip.len(),
            });
            at += clip.len();
        }
        heard
    }
}

/// The samples of a file as the office writes it: a head of 44 bytes, then 16 bits each.
pub fn samples(file: &[u8]) -> Vec<i16> {
    let said = u32::from_le_bytes(file[40..44].try_into().unwrap()) as usize;
    assert_eq!(&file[36..40], b"data");
    assert_eq!(said, file.len() - 44, "the head says how much there is");
    let pairs = file[44..].chunks_exact(2);
    pairs
        .map(|two| i16::from_le_bytes([two[0], two[1]]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ear() -> Ear {
        let mut ear = Ear::default();
        ear.know("one", &[0, 5, 0, 6, 0]);
        ear.know("two", &[5, 0, 6, 7]);
        ear
    }

    fn names(heard: &[Heard]) -> Vec<&str> {
        heard.iter().map(|heard| heard.clip.as_str()).collect()
    }

    #[test]
    fn clips_are_heard_in_order_and_told_apart() {
        let heard = ear().hear(&[0, 0, 5, 0, 6, 7, 0, 5, 0, 6, 0, 0]);
        assert_eq!(names(&heard), ["two", "one"]);
        assert_eq!((heard[1].from, heard[1].to), (7, 10));
        assert!(ear().hear(&[0; 9]).is_empty());
    }

    #[test]
    #[should_panic(expected = "no clip")]
    fn two_at_once_are_none() {
        ear().hear(&[0, 5, 5, 6, 13, 7]);
    }

    #[test]
    #[should_panic(expected = "no clip")]
    fn a_torn_one_is_none() {
        ear().hear(&[0, 5, 0, 0, 0]);
    }
}
