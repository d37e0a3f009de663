//! Samples of one rate from those of another: a windowed sinc, so that hissing sounds of a browser's
//! 48 kHz do not come back as a whistle.

use std::f64::consts::PI;

use crate::RATE;

/// Zero crossings of the sinc to each side: inaudible beyond that in speech.
const CROSSINGS: f64 = 12.0;

/// The same sound with [`RATE`] samples a second.
pub fn to_rate(samples: &[i16], rate: u32) -> Vec<i16> {
    if rate == RATE {
        return samples.to_vec();
    }
    let step = f64::from(rate) / f64::from(RATE);
    // What the lower of both rates cannot carry is left out.
    let cut = (1.0 / step).min(1.0);
    let reach = CROSSINGS / cut;
    let count = (samples.len() as f64 / step) as usize;
    let sample = |index: usize| {
        let middle = index as f64 * step;
        let first = (middle - reach).ceil().max(0.0) as usize;
        let last = ((middle + reach).floor() as usize).min(samples.len().saturating_sub(1));
        let mut sum = 0.0;
        for (at, sample) in samples.iter().enumerate().take(last + 1).skip(first) {
            let away = at as f64 - middle;
            let window = 0.5 + 0.5 * (PI * away / reach).cos();
            sum += f64::from(*sample) * cut * sinc(away * cut) * window;
        }
        clamped(sum)
    };
    (0..count).map(sample).collect()
}

fn sinc(x: f64) -> f64 {
    match x.abs() < 1e-9 {
        true => 1.0,
        false => (PI * x).sin() / (PI * x),
    }
}

/// A sample that may have got too large.
pub(crate) fn clamped(sample: f64) -> i16 {
    // `as` keeps within the type's bounds.
    sample.round() as i16
}
