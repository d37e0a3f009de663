//! Sound files in and out, and what becomes of recordings.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use voice::clips::CHIME;
use voice::join::{Announcement, chime_of, join};
use voice::level::{SECONDS_MAX, Unusable, trimmed_and_levelled};
use voice::wav::{self, WavError};
use voice::{Call, Clip, Language, RATE, Reading, chime};

/// So many ms of a tone of this pitch and strength, at this rate.
fn tone(ms: u32, pitch: f64, strength: f64, rate: u32) -> Vec<i16> {
    let sample = |at: u32| {
        let turns = f64::from(at) / f64::from(rate) * pitch;
        ((turns * std::f64::consts::TAU).sin() * strength) as i16
    };
    (0..rate * ms / 1_000).map(sample).collect()
}

fn silence(ms: u32) -> Vec<i16> {
    vec![0; (RATE * ms / 1_000) as usize]
}

/// Times the sound goes from below to above zero: the pitch, without any of the code under test.
fn crossings(samples: &[i16]) -> usize {
    samples
        .windows(2)
        .filter(|two| two[0] < 0 && two[1] >= 0)
        .count()
}

fn strength(samples: &[i16]) -> f64 {
    let squares = samples.iter().map(|s| f64::from(*s).powi(2));
    (squares.sum::<f64>() / samples.len() as f64).sqrt()
}

/// A file as another program writes it.
fn file(format: u16, channels: u16, rate: u32, bits: u16, before: &[u8], data: &[i16]) -> Vec<u8> {
    let mut file = b"RIFF\0\0\0\0WAVE".to_vec();
    file.extend_from_slice(before);
    file.extend(b"fmt \x10\0\0\0");
    file.extend(format.to_le_bytes());
    file.extend(channels.to_le_bytes());
    file.extend(rate.to_le_bytes());
    file.extend((rate * u32::from(channels) * 2).to_le_bytes());
    file.extend((channels * 2).to_le_bytes());
    file.extend(bits.to_le_bytes());
    file.extend(b"data");
    file.extend((data.len() as u32 * 2).to_le_bytes());
    file.extend(data.iter().flat_map(|sample| sample.to_le_bytes()));
    file
}

#[test]
fn what_is_written_is_read_again() {
    let sound = tone(200, 440.0, 9_000.0, RATE);
    assert_eq!(wav::read(&wav::write(&sound)), Ok(sound));
}

#[test]
fn files_of_other_programs_are_read_and_others_named() {
    let sound = tone(500, 440.0, 9_000.0, RATE);
    let list = b"LIST\x05\0\0\0INFOx\0";
    assert_eq!(
        wav::read(&file(1, 1, RATE, 16, list, &sound)),
        Ok(sound.clone())
    );
    // A browser's: two channels of 48 kHz. Pitch, length and strength stay.
    let high = tone(500, 440.0, 9_000.0, 48_000);
    let both: Vec<i16> = high.iter().flat_map(|s| [*s, *s]).collect();
    let read = wav::read(&file(1, 2, 48_000, 16, b"", &both)).unwrap();
    assert!(read.len().abs_diff(sound.len()) <= 1, "{}", read.len());
    assert!(crossings(&read).abs_diff(220) <= 1, "{}", crossings(&read));
    assert!((strength(&read) / strength(&sound) - 1.0).abs() < 0.02);
    // What the lower rate cannot carry is gone, instead of whistling at another pitch.
    let hiss = tone(500, 16_000.0, 9_000.0, 48_000);
    let read = wav::read(&file(1, 1, 48_000, 16, b"", &hiss)).unwrap();
    let middle = &read[1_000..read.len() - 1_000];
    assert!(strength(middle) < 30.0, "{}", strength(middle));

    for (bad, why) in [
        (b"OggS and so on".to_vec(), WavError::NotWav),
        (b"RIFF\0\0\0\0WAVE".to_vec(), WavError::NotWav),
        (file(3, 1, RATE, 32, b"", &sound), WavError::NotPcm16),
        (file(1, 1, RATE, 8, b"", &sound), WavError::NotPcm16),
        (file(1, 6, RATE, 16, b"", &sound), WavError::Odd),
        (file(1, 1, 0, 16, b"", &sound), WavError::Odd),
        (vec![0; wav::BYTES_MAX + 1], WavError::TooLong),
    ] {
        assert_eq!(wav::read(&bad), Err(why));
    }
}

#[test]
fn a_recording_that_was_cut_off_is_read_up_to_there() {
    let sound = tone(200, 440.0, 9_000.0, RATE);
    let mut cut = wav::write(&sound);
    cut.truncate(cut.len() - 1_000);
    assert_eq!(wav::read(&cut).unwrap(), sound[..sound.len() - 500]);
}

proptest! {
    #[test]
    fn no_file_makes_the_reader_fall_over(bytes: Vec<u8>, cut in 0_usize..200) {
        let _ = wav::read(&bytes);
        let mut file = wav::write(&[1; 60]);
        for (at, byte) in bytes.iter().enumerate().take(40) {
            let place = (at * 7 + cut) % file.len();
            file[place] ^= *byte;
        }
        file.truncate(cut);
        let _ = wav::read(&file);
    }
}

#[test]
fn silence_around_a_word_goes_and_every_word_is_as_loud() {
    let mut lengths = Vec::new();
    for (before, after, loud) in [(900, 1_200, 300.0), (20, 40, 9_000.0), (400, 0, 25_000.0)] {
        let word = tone(350, 300.0, loud, RATE);
        let recording = [silence(before), word, silence(after)].concat();
        let clip = trimmed_and_levelled(&recording).unwrap();
        let ms = clip.len() * 1_000 / RATE as usize;
        assert!((350..=410).contains(&ms), "{ms} ms");
        let loudness = strength(&clip[RATE as usize / 20..RATE as usize / 4]);
        assert!((3_000.0..=3_600.0).contains(&loudness), "{loudness}");
        assert_eq!((clip[0], clip[clip.len() - 1]), (0, 0), "no click");
        lengths.push(ms);
    }
    assert!(lengths.iter().max().unwrap() - lengths.iter().min().unwrap() <= 40);
}

#[test]
fn a_pause_within_a_sentence_stays() {
    let words = [
        tone(300, 300.0, 5_000.0, RATE),
        silence(250),
        tone(300, 200.0, 5_000.0, RATE),
    ];
    let clip = trimmed_and_levelled(&words.concat()).unwrap();
    assert!(clip.len() * 1_000 / RATE as usize >= 845);
}

#[test]
fn a_clap_in_a_recording_does_not_clip() {
    let mut recording = tone(600, 300.0, 500.0, RATE);
    recording[5_000] = 32_000;
    let clip = trimmed_and_levelled(&recording).unwrap();
    let peak = clip.iter().map(|s| i32::from(*s).abs()).max().unwrap();
    assert!(peak <= 29_300, "{peak}");
}

#[test]
fn silence_and_a_speech_are_no_clips() {
    assert_eq!(trimmed_and_levelled(&[]), Err(Unusable::Silent));
    assert_eq!(trimmed_and_levelled(&silence(900)), Err(Unusable::Silent));
    let noise = tone(900, 50.0, 40.0, RATE);
    assert_eq!(trimmed_and_levelled(&noise), Err(Unusable::Silent));
    let speech = tone(SECONDS_MAX as u32 * 1_000 + 200, 300.0, 5_000.0, RATE);
    assert_eq!(trimmed_and_levelled(&speech), Err(Unusable::TooLong));
}

#[test]
fn the_chime_is_a_clip_like_others() {
    let chime = chime::chime();
    assert!((1.0..=1.5).contains(&(chime.len() as f64 / f64::from(RATE))));
    let peak = chime.iter().map(|s| i32::from(*s).abs()).max().unwrap();
    assert!((5_000..=20_000).contains(&peak), "{peak}");
    assert!(chime[chime.len() - 1].abs() < 50, "it has faded away");
    // The first stroke is the higher one.
    let piece = |from: f64| {
        let from = (from * f64::from(RATE)) as usize;
        crossings(&chime[from..from + RATE as usize / 5])
    };
    assert!(piece(0.05) > piece(0.9), "{} {}", piece(0.05), piece(0.9));
}

#[test]
fn a_call_is_heard_as_often_as_the_office_wants_each_clip_whole_and_in_order() {
    let call = Call {
        letter: 'B',
        n: 25,
        counter: 2,
        priority: true,
    };
    let both = Language::ALL.map(|language| call.sentence(language, Reading::default()));
    // Every clip is a constant of its own: what is heard can be read off the samples.
    let mut loudness = std::collections::BTreeMap::new();
    for language in Language::ALL {
        for (name, _) in voice::clips::all(language) {
            let value = 1_000 + 2 * loudness.len() as i16;
            loudness.insert(Clip { language, name }, value);
        }
    }
    for (repeat, volume) in [(1, 100), (2, 100), (3, 50), (2, 0)] {
        let announcement = Announcement {
            chime: chime_of(Language::Vietnamese),
            sentences: both.to_vec(),
            repeat,
            volume,
        };
        let sound = join(&announcement, |clip| {
            Ok::<_, ()>(vec![loudness[&clip]; 500])
        })
        .unwrap();
        let pieces = sound.chunk_by(|a, b| a == b);
        let heard: Vec<(i16, usize)> = pieces
            .map(|piece| (piece[0], piece.len()))
            .filter(|(value, _)| *value != 0)
            .collect();
        let wanted: Vec<i16> = announcement
            .clips()
            .map(|clip| loudness[&clip] / (100 / i16::from(volume.max(1))))
            .collect();
        if volume == 0 {
            assert_eq!(heard, []);
            continue;
        }
        assert_eq!(
            wanted.len(),
            1 + repeat as usize * (both[0].len() + both[1].len())
        );
        assert!(heard.iter().all(|(_, length)| *length == 500), "{heard:?}");
        let heard: Vec<i16> = heard.into_iter().map(|(value, _)| value).collect();
        assert_eq!(heard, wanted);
        assert_eq!(announcement.clips().next().unwrap().name, CHIME);
    }
}

#[test]
fn a_missing_clip_is_told_instead_of_left_out() {
    let call = Call {
        letter: 'B',
        n: 25,
        counter: 2,
        priority: false,
    };
    let announcement = Announcement {
        chime: chime_of(Language::Vietnamese),
        sentences: vec![call.sentence(Language::Vietnamese, Reading::default())],
        repeat: 1,
        volume: 100,
    };
    let missing = join(&announcement, |clip| match clip.name {
        "5" => Err(clip),
        _ => Ok(Vec::new()),
    });
    assert_eq!(missing.unwrap_err().to_string(), "vi/5");
}
