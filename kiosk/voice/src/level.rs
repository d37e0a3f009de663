//! Trims a recorded clip and brings it to the loudness of the others: clips of several days, mouths
//! and microphones stand side by side in one sentence.

use crate::RATE;
use crate::resample::clamped;

/// Loudness is looked at in pieces of 10 ms.
const FRAME: usize = (RATE / 100) as usize;
/// Below a fortieth of the loudest piece (-32 dB) nobody speaks.
const QUIET: f64 = 0.025;
/// A room's noise alone is no clip.
const AUDIBLE: f64 = 60.0;
/// Kept before the first and after the last sound: soft beginnings and ends are below the limit.
const BEFORE: usize = FRAME;
const AFTER: usize = 3 * FRAME;
/// Mean loudness of what is spoken: -20 dB of the loudest there is, as on the radio.
const LOUDNESS: f64 = 3_277.0;
/// No sample gets beyond this (-1 dB), however soft the rest.
const PEAK: f64 = 29_204.0;
/// A cut is not to be heard.
const FADE: usize = FRAME / 2;
/// The longest clip is a sentence.
pub const SECONDS_MAX: usize = 8;

/// Why a recording is no clip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// Nothing but silence.
    #[error("nothing is to be heard")]
    Silent,
    /// Longer than anything that a call consists of.
    #[error("longer than {SECONDS_MAX} seconds")]
    TooLong,
}

/// The clip without silence around it, as loud as all others.
pub fn trimmed_and_levelled(samples: &[i16]) -> Result<Vec<i16>, Unusable> {
    let frames: Vec<f64> = samples.chunks(FRAME).map(loudness).collect();
    let loudest = frames.iter().copied().fold(0.0, f64::max);
    if loudest < AUDIBLE {
        return Err(Unusable::Silent);
    }
    let spoken = |frame: &f64| *frame >= loudest * QUIET;
    let first = frames.iter().position(spoken).unwrap_or(0) * FRAME;
    let last = frames.iter().rposition(spoken).unwrap_or(0) * FRAME + FRAME;
    let from = first.saturating_sub(BEFORE);
    let to = (last + AFTER).min(samples.len());
    let kept = &samples[from..to];
    if kept.len() > SECONDS_MAX * RATE as usize {
        return Err(Unusable::TooLong);
    }
    // Pauses within say nothing about how loud somebody speaks.
    let loud: Vec<f64> = frames.iter().copied().filter(spoken).collect();
    let mean = (loud.iter().map(|frame| frame * frame).sum::<f64>() / loud.len() as f64).sqrt();
    let peak = kept.iter().map(|s| f64::from(*s).abs()).fold(1.0, f64::max);
    let gain = (LOUDNESS / mean).min(PEAK / peak);
    let length = kept.len();
    let levelled = kept.iter().enumerate().map(|(at, sample)| {
        let edge = at.min(length - 1 - at).min(FADE) as f64 / FADE as f64;
        clamped(f64::from(*sample) * gain * edge)
    });
    Ok(levelled.collect())
}

/// Root of the mean square.
fn loudness(frame: &[i16]) -> f64 {
    let squares = frame.iter().map(|s| f64::from(*s) * f64::from(*s));
    (squares.sum::<f64>() / frame.len().max(1) as f64).sqrt()
}
