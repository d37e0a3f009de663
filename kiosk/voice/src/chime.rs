//! The sound before a call, for offices that have not recorded one: two soft strokes, the second a
//! third lower, so that heads turn before the number is said.

use std::f64::consts::TAU;

use crate::RATE;
use crate::resample::clamped;

/// E5, then C5, in hertz.
const STROKES: [f64; 2] = [659.26, 523.25];
/// From one stroke to the next, in seconds.
const APART: f64 = 0.38;
/// What the second one gets to fade away, in seconds.
const TAIL: f64 = 0.9;
/// A stroke has lost two thirds of its strength after so many seconds.
const DECAY: f64 = 0.28;
/// Loudest sample of a stroke; two sound at once.
const STRENGTH: f64 = 9_000.0;
/// A bell is no click: its strength comes within so many seconds.
const ATTACK: f64 = 0.004;

/// Samples of the chime.
pub fn chime() -> Vec<i16> {
    let length = APART + TAIL;
    let count = (length * f64::from(RATE)) as usize;
    let sample = |at: usize| {
        let time = at as f64 / f64::from(RATE);
        let strokes = STROKES.iter().enumerate().map(|(index, pitch)| {
            let since = time - index as f64 * APART;
            if since < 0.0 {
                return 0.0;
            }
            let strength = (since / ATTACK).min(1.0) * (-since / DECAY).exp();
            let tone = (TAU * pitch * since).sin() + 0.25 * (TAU * 2.0 * pitch * since).sin();
            STRENGTH * strength * tone
        });
        let ending = ((length - time) / 0.02).min(1.0);
        clamped(strokes.sum::<f64>() * ending)
    };
    (0..count).map(sample).collect()
}
