//! Clips put together into one sound: chime, then each language's sentence, all of it as often as
//! the office wants.

use crate::clips::{CHIME, TO_COUNTER};
use crate::{Clip, RATE};

/// Between two words; clips are trimmed close.
const WORDS_MS: u32 = 40;
/// Where a comma is: behind the letter, and before where to go.
const COMMA_MS: u32 = 180;
/// Between chime and words.
const CHIME_MS: u32 = 150;
/// Between two sentences.
const SENTENCES_MS: u32 = 700;
/// Behind it all, so that two calls are two.
const END_MS: u32 = 500;

/// What is to be spoken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    /// The sound before it.
    pub chime: Clip,
    /// One sentence for each language.
    pub sentences: Vec<Vec<Clip>>,
    /// How often all of them are said.
    pub repeat: u32,
    /// Percent of the strength of the clips.
    pub volume: u8,
}

impl Announcement {
    /// Every clip, in the order in which it is heard.
    pub fn clips(&self) -> impl Iterator<Item = Clip> {
        let times = self.repeat as usize;
        let said = self.sentences.iter().flatten();
        let said = said.copied().collect::<Vec<_>>().repeat(times);
        std::iter::once(self.chime).chain(said)
    }
}

/// The sound of an announcement; `clip` has the samples of each.
pub fn join<E>(
    announcement: &Announcement,
    clip: impl Fn(Clip) -> Result<Vec<i16>, E>,
) -> Result<Vec<i16>, E> {
    let mut sound = clip(announcement.chime)?;
    silence(&mut sound, CHIME_MS);
    let mut pause = 0;
    for _ in 0..announcement.repeat {
        for sentence in &announcement.sentences {
            silence(&mut sound, std::mem::replace(&mut pause, SENTENCES_MS));
            let nexts = sentence.iter().skip(1).map(Some).chain([None]);
            for (now, next) in sentence.iter().zip(nexts) {
                sound.extend(clip(*now)?);
                if let Some(next) = next {
                    silence(&mut sound, between(now, next));
                }
            }
        }
    }
    silence(&mut sound, END_MS);
    let volume = i32::from(announcement.volume.min(100));
    for sample in &mut sound {
        // At most a hundred of a hundred: it stays within its type.
        *sample = (i32::from(*sample) * volume / 100) as i16;
    }
    Ok(sound)
}

/// How long nothing is heard between two clips of a sentence, in ms.
fn between(now: &Clip, next: &Clip) -> u32 {
    let comma = now.name.starts_with("letter-") || next.name == TO_COUNTER;
    if comma { COMMA_MS } else { WORDS_MS }
}

fn silence(sound: &mut Vec<i16>, ms: u32) {
    let samples = sound.len() + (RATE * ms / 1_000) as usize;
    sound.resize(samples, 0);
}

/// The chime of a language.
pub fn chime_of(language: crate::Language) -> Clip {
    Clip {
        language,
        name: CHIME,
    }
}
