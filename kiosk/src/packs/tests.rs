#![allow(clippy::unwrap_used)]
use super::archive::Taken;
use super::*;
use voice::RATE;
use voice::clips::LetterNames;

const VI: Language = Language::Vietnamese;

fn clip(name: &str) -> Clip {
    Clip::find(VI, name).unwrap()
}

/// A recording of a tone, told apart from others by its pitch.
fn recording(pitch: f64) -> Vec<u8> {
    let sample = |at: u32| {
        let turns = f64::from(at) / f64::from(RATE) * pitch;
        ((turns * std::f64::consts::TAU).sin() * 8_000.0) as i16
    };
    wav::write(&(0..RATE / 3).map(sample).collect::<Vec<_>>())
}

/// Which recording is heard.
fn pitch(packs: &Packs, clip: Clip) -> usize {
    let samples = packs.samples(clip).unwrap();
    let rises = samples.windows(2).filter(|w| w[0] < 0 && w[1] >= 0).count();
    let seconds = samples.len() as f64 / f64::from(RATE);
    (rises as f64 / seconds / 100.0).round() as usize * 100
}

fn furnished() -> (tempfile::TempDir, Packs) {
    let folder = tempfile::tempdir().unwrap();
    let packs = Packs::of(folder.path());
    (folder, packs)
}

#[test]
fn a_recorded_clip_stands_before_the_one_that_was_made_and_the_others_stay() {
    let (_folder, packs) = furnished();
    for name in ["4", "5"] {
        let made = wav::read(&recording(200.0)).unwrap();
        packs.put(Origin::Made, clip(name), &made).unwrap();
    }
    packs.record(clip("5"), &recording(500.0)).unwrap();
    assert_eq!(
        (pitch(&packs, clip("4")), pitch(&packs, clip("5"))),
        (200, 500)
    );
    assert_eq!(packs.origin(clip("4")), Some(Origin::Made));
    assert_eq!(packs.origin(clip("5")), Some(Origin::Own));
    assert_eq!(packs.origin(clip("6")), None);
    assert_eq!(packs.samples(clip("6")).unwrap_err().0, clip("6"));
    // One that the disk has damaged is as good as none.
    std::fs::write(packs.file(Origin::Own, clip("5")).unwrap(), "RIFF").unwrap();
    assert_eq!(pitch(&packs, clip("5")), 200);
    packs.remove(clip("5")).unwrap();
    packs.remove(clip("5")).unwrap();
    assert_eq!(packs.origin(clip("5")), Some(Origin::Made));
}

#[test]
fn there_is_always_a_chime_and_an_office_may_have_its_own() {
    let (_folder, packs) = furnished();
    assert_eq!(packs.origin(clip(CHIME)), Some(Origin::BuiltIn));
    assert_eq!(packs.samples(clip(CHIME)).unwrap(), chime::chime());
    packs.record(clip(CHIME), &recording(900.0)).unwrap();
    assert_eq!(pitch(&packs, clip(CHIME)), 900);
}

#[test]
fn a_recording_that_is_none_changes_nothing() {
    let (_folder, packs) = furnished();
    packs.record(clip("5"), &recording(500.0)).unwrap();
    let silence = wav::write(&vec![0; RATE as usize]);
    for (bad, said) in [
        (b"OggS".to_vec(), "not a WAV file"),
        (silence, "nothing is to be heard"),
    ] {
        let error = packs.record(clip("5"), &bad).unwrap_err();
        assert_eq!(error.to_string(), said);
        assert_eq!(pitch(&packs, clip("5")), 500);
    }
}

#[test]
fn a_pack_is_taken_in_elsewhere_clip_by_clip() {
    let (_here, here) = furnished();
    let letters = LetterNames::default();
    let empty = pack(&here, VI, "", &letters).unwrap_err();
    assert!(matches!(empty, PackError::Empty), "{empty}");
    for (name, pitch) in [("5", 500.0), ("call", 700.0)] {
        here.record(clip(name), &recording(pitch)).unwrap();
    }
    let file = pack(&here, VI, "Cô Lan", &letters).unwrap();

    let (_there, there) = furnished();
    for name in ["5", "6"] {
        there.record(clip(name), &recording(300.0)).unwrap();
    }
    let taken = unpack(&there, &file).unwrap();
    let wanted = Taken {
        language: VI,
        name: "Cô Lan".into(),
        clips: 2,
    };
    assert_eq!(taken, wanted);
    let heard = ["5", "6", "call"].map(|name| pitch(&there, clip(name)));
    assert_eq!(heard, [500, 300, 700]);
    // Whose voice it is goes along to the next office.
    assert_eq!(there.name(VI), "Cô Lan");
    assert_eq!(here.name(VI) + &there.name(Language::English), "");
}

/// A ZIP file with these files in it.
fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write as _;
    let mut archive = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        let options = zip::write::SimpleFileOptions::default();
        archive.start_file(*name, options).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn manifest(format: u32, clips: &str) -> Vec<u8> {
    format!(r#"{{"format":{format},"language":"vi","name":"x","clips":{{{clips}}}}}"#).into()
}

#[test]
fn a_bad_pack_is_refused_whole_and_writes_nothing() {
    let (_folder, packs) = furnished();
    let (good, five) = (recording(500.0), r#""5":"năm""#);
    let two = r#""4":"bốn","5":"năm""#;
    let huge = vec![0; (4 << 20) + 1];
    for (file, said) in [
        (b"nothing".to_vec(), "no voice pack"),
        (zipped(&[("5.wav", &good)]), "pack.json"),
        (zipped(&[("pack.json", b"{}")]), "missing field"),
        (
            zipped(&[("pack.json", &manifest(2, five)), ("5.wav", &good)]),
            "format 2",
        ),
        (zipped(&[("pack.json", &manifest(1, ""))]), "no clips"),
        (zipped(&[("pack.json", &manifest(1, five))]), "5.wav"),
        (
            zipped(&[
                ("pack.json", &manifest(1, r#""../5":"""#)),
                ("../5.wav", &good),
            ]),
            "no voice has a clip",
        ),
        (
            zipped(&[
                ("pack.json", &manifest(1, two)),
                ("4.wav", &good),
                ("5.wav", b"x"),
            ]),
            "5: not a WAV file",
        ),
        (
            zipped(&[("pack.json", &manifest(1, five)), ("5.wav", &huge)]),
            "too large",
        ),
        (vec![0; BYTES_MAX + 1], "too large"),
    ] {
        let error = unpack(&packs, &file).unwrap_err().to_string();
        assert!(error.contains(said), "{said}: {error}");
        assert_eq!(packs.origin(clip("4")), None, "{said}");
    }
}

#[test]
fn an_office_needs_only_the_words_of_its_region_and_its_letters() {
    let voice: crate::config::Voice =
        toml::from_str("languages = [\"vi\", \"en\"]\nzero_tens = \"lẻ\"").unwrap();
    let needed: Vec<String> = needed(&voice, &['A', 'K'])
        .iter()
        .map(Clip::to_string)
        .collect();
    for clip in [
        "vi/le",
        "vi/nghin",
        "vi/letter-k",
        "en/letter-a",
        "en/12",
        "vi/5",
    ] {
        assert!(needed.iter().any(|n| n == clip), "{clip}");
    }
    for clip in ["vi/linh", "vi/ngan", "vi/letter-b", "en/letter-z"] {
        assert!(!needed.iter().any(|n| n == clip), "{clip}");
    }
}
