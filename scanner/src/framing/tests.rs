//! Scripts of bytes and silences, as devices produce them.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;

/// What happens on the line.
enum Step<'a> {
    /// These bytes arrive.
    Bytes(&'a [u8]),
    /// Nothing arrives for so long, and the framer is told.
    Silence(u64),
    /// Nothing is read for so long: the program is busy, the framer is not told.
    Busy(u64),
}
use Step::{Busy, Bytes, Silence};

/// Runs a script on a device of which nothing is known.
fn check(script: &[Step<'_>], expected: &[&str]) {
    check_as(Framing::Learned, script, expected);
}

/// Runs a script and compares the frames: texts as they are, refusals as `!kind`.
fn check_as(framing: Framing, script: &[Step<'_>], expected: &[&str]) {
    let mut framer = Framer::new(framing);
    let mut now_ms = 1000;
    let mut seen = Vec::new();
    for step in script {
        match step {
            Bytes(bytes) => seen.extend(framer.push(bytes, now_ms)),
            Busy(ms) => now_ms += ms,
            Silence(ms) => {
                now_ms += ms;
                seen.extend(framer.poll(now_ms));
            }
        }
    }
    assert_eq!(seen.iter().map(shown).collect::<Vec<_>>(), expected);
}

fn shown(frame: &Frame) -> String {
    match frame {
        Frame::Text(text) => text.clone(),
        Frame::Bad(kind) => format!("!{kind}"),
    }
}

#[test]
fn each_usual_suffix_ends_a_scan() {
    for stream in [
        "A001\rA002\r",
        "A001\nA002\n",
        "A001\r\nA002\r\n",
        "A001\tA002\t",
    ] {
        check(&[Bytes(stream.as_bytes())], &["A001", "A002"]);
    }
}

#[test]
fn a_scan_in_pieces_is_one_scan() {
    check(
        &[
            Bytes(b"H05.114-"),
            Silence(20),
            Bytes(b"250625"),
            Silence(49),
            Bytes(b"-0002\r"),
            Bytes(b"\n"),
        ],
        &["H05.114-250625-0002"],
    );
}

#[test]
fn a_scanner_without_suffix_is_read_after_a_short_silence() {
    check(
        &[
            Bytes(b"A001"),
            Silence(IDLE_GAP_MS - 1),
            Silence(1),
            Silence(5000),
            Bytes(b"A002"),
            Silence(IDLE_GAP_MS),
        ],
        &["A001", "A002"],
    );
}

#[test]
fn a_busy_machine_never_cuts_a_scan_in_two() {
    // G22.99.08-260921-8960 alone would be another dossier.
    check(
        &[
            Bytes(b"G22.99.08-260921-8960"),
            Busy(5000),
            Bytes(b"48"),
            Silence(IDLE_GAP_MS),
        ],
        &["G22.99.08-260921-896048"],
    );
}

#[test]
fn once_a_suffix_was_seen_silence_completes_nothing() {
    check(
        &[
            Bytes(b"A001\r"),
            Bytes(b"G22.99.08-260921-8960"),
            Silence(HALF_FRAME_MS - 1),
            Bytes(b"48\r"),
        ],
        &["A001", "G22.99.08-260921-896048"],
    );
}

#[test]
fn half_a_scan_is_garbage_and_does_not_spoil_the_next() {
    check(
        &[
            Bytes(b"A001\rG22.99.08-260921-8960"),
            Silence(HALF_FRAME_MS),
            Silence(HALF_FRAME_MS),
            Bytes(b"A002\r"),
        ],
        &["A001", "!garbage", "A002"],
    );
}

#[test]
fn a_scanner_set_up_anew_without_suffix_is_believed_after_three_scans() {
    let scan = || [Bytes(b"A002"), Silence(HALF_FRAME_MS)];
    let mut script = vec![Bytes(b"A001\r")];
    (0..4).for_each(|_| script.extend(scan()));
    check(
        &script,
        &["A001", "!garbage", "!garbage", "!garbage", "A002"],
    );
}

#[test]
fn a_suffix_in_between_keeps_a_scanner_trusted() {
    let half = || [Bytes(b"A0"), Silence(HALF_FRAME_MS)];
    let mut script = vec![Bytes(b"A001\r")];
    script.extend(half());
    script.extend(half());
    script.push(Bytes(b"A002\r"));
    script.extend(half());
    script.push(Bytes(b"A0"));
    script.push(Silence(HALF_FRAME_MS - 1));
    check(
        &script,
        &["A001", "!garbage", "!garbage", "A002", "!garbage"],
    );
}

#[test]
fn noise_between_scans_is_nothing() {
    check(
        &[
            Bytes(b"\0\0\x1b\r\n\0"),
            Silence(5000),
            Bytes(b"\x02A001\x03\r\0\x7f\r\r\nA002\r"),
        ],
        &["A001", "A002"],
    );
}

#[test]
fn noise_teaches_no_suffix() {
    check(
        &[Bytes(b"\r\n\0"), Bytes(b"A001"), Silence(IDLE_GAP_MS)],
        &["A001"],
    );
}

#[test]
fn a_scan_too_long_is_refused_once_and_the_next_one_read() {
    let flood = vec![b'9'; 3 * FRAME_BYTES_MAX];
    let longest = vec![b'9'; FRAME_BYTES_MAX];
    check(&[Bytes(&flood), Bytes(b"\rA001\r")], &["!too-long", "A001"]);
    check(
        &[
            Bytes(&flood),
            Silence(IDLE_GAP_MS),
            Bytes(b"A001"),
            Silence(IDLE_GAP_MS),
        ],
        &["!too-long", "A001"],
    );
    check(
        &[
            Bytes(b"A001\r"),
            Bytes(&flood),
            Silence(HALF_FRAME_MS),
            Bytes(b"A002\r"),
        ],
        &["A001", "!too-long", "A002"],
    );
    check(
        &[Bytes(&longest), Bytes(b"\r")],
        &[std::str::from_utf8(&longest).unwrap()],
    );
}

#[test]
fn bytes_that_are_no_text_are_garbage() {
    check(
        &[Bytes(b"H05\xff\xfe\r"), Bytes(b"A001\r")],
        &["!garbage", "A001"],
    );
    check(&[Bytes("Phường\r".as_bytes())], &["Phường"]);
}

#[test]
fn a_citizen_card_in_another_encoding_is_taken_for_its_digits() {
    let card = b"079185001234|024123456|Nguy\xean Th\xd8|15081985|N\xfb|12 L\xea|01072021\r";
    check(
        &[Bytes(card)],
        &[
            "079185001234|024123456|Nguy\u{FFFD}n Th\u{FFFD}|15081985|N\u{FFFD}|12 L\u{FFFD}|01072021",
        ],
    );
    // A key that was lost inside the number leaves no number.
    check(
        &[Bytes(b"07918500\xff1234|0|N|15081985|N\xfb|12|01072021\r")],
        &["!garbage"],
    );
}

#[test]
fn a_configured_suffix_alone_ends_a_scan() {
    for (suffix, others) in [(b'\r', "\n\t"), (b'\n', "\r\t"), (b'\t', "\r\n")] {
        let framing = Framing::Suffix(suffix);
        let end = char::from(suffix);
        // A line break inside a code is part of it, in front of and behind it it is noise.
        let stream = format!("{others}A001{others}B{others}{end}{others}A002{end}");
        let first = format!("A001{others}B");
        check_as(framing, &[Bytes(stream.as_bytes())], &[&first, "A002"]);
    }
}

#[test]
fn a_configured_suffix_is_waited_for_from_the_first_scan_on() {
    let framing = Framing::Suffix(b'\r');
    check_as(
        framing,
        &[
            Bytes(b"G22.99.08-260921-8960"),
            Silence(HALF_FRAME_MS - 1),
            Bytes(b"48\r"),
        ],
        &["G22.99.08-260921-896048"],
    );
    // However often it stays away: what is configured is not forgotten.
    let half = || [Bytes(b"A0"), Silence(HALF_FRAME_MS)];
    let script: Vec<_> = (0..5).flat_map(|_| half()).collect();
    check_as(framing, &script, &["!garbage"; 5]);
}

#[test]
fn a_scanner_configured_to_send_no_suffix_ends_a_scan_by_silence_alone() {
    check_as(
        Framing::Silence,
        &[
            Bytes(b"12 L\xc3\xaa L\xe1\xbb\xa3i\nPh\xc6\xb0\xe1\xbb\x9dng"),
            Silence(IDLE_GAP_MS - 1),
            Bytes(b" M\xe1\xba\xabu\r\n"),
            Silence(IDLE_GAP_MS),
            Bytes(b"A002"),
            Silence(IDLE_GAP_MS),
        ],
        &["12 Lê Lợi\nPhường Mẫu", "A002"],
    );
}

#[test]
fn two_scans_that_were_not_told_apart_stay_one_text_that_is_no_code() {
    // Set to send nothing, configured to send nothing, and it does send CR: no half is guessed.
    check_as(
        Framing::Silence,
        &[Bytes(b"A001\rA002\r"), Silence(IDLE_GAP_MS)],
        &["A001\rA002"],
    );
}

#[test]
fn a_scan_cut_off_by_an_unplugged_cable_is_garbage() {
    let mut framer = Framer::new(Framing::Learned);
    assert_eq!(framer.push(b"G22.99.08-260921-8960", 0), []);
    assert_eq!(framer.abandon(), Some(Frame::Bad(RejectionKind::Garbage)));
    assert_eq!(framer.abandon(), None);
    assert!(!framer.is_pending());
}

#[test]
fn a_scanned_text_stays_out_of_logs() {
    let text = Frame::Text("H05.114-250625-0002".to_owned());
    assert_eq!(format!("{text:?}"), "Text(19 bytes)");
}

/// Bytes as they come off a bad line, with more suffixes and controls than chance gives.
fn line() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![any::<u8>(), Just(b'\r'), Just(0), Just(b'\t'), b'0'..=b'9'];
    prop::collection::vec(byte, 0..200)
}

fn framings() -> impl Strategy<Value = Framing> {
    let suffix = Framing::Suffix(b'\r');
    prop_oneof![Just(Framing::Learned), Just(suffix), Just(Framing::Silence)]
}

proptest! {
    #[test]
    fn no_bytes_and_no_clock_break_it(
        framing in framings(),
        steps in prop::collection::vec((line(), any::<u64>(), any::<bool>()), 0..20),
    ) {
        let mut framer = Framer::new(framing);
        for (bytes, now_ms, poll) in steps {
            let mut frames = framer.push(&bytes, now_ms);
            if poll {
                frames.extend(framer.poll(now_ms.wrapping_add(HALF_FRAME_MS)));
            }
            for frame in frames {
                if let Frame::Text(text) = frame {
                    prop_assert!(!text.is_empty() && text.len() <= FRAME_BYTES_MAX);
                    let ends: &[char] = match framing {
                        Framing::Learned => &['\r', '\n', '\t'],
                        Framing::Suffix(_) => &['\r'],
                        Framing::Silence => &[],
                    };
                    prop_assert!(!text.contains(ends));
                }
            }
        }
    }

    #[test]
    fn how_the_bytes_are_cut_does_not_matter(
        framing in framings(),
        bytes in line(),
        size in 1..50_usize,
    ) {
        let whole = Framer::new(framing).push(&bytes, 0);
        let mut framer = Framer::new(framing);
        let pieces: Vec<_> = bytes.chunks(size).flat_map(|piece| framer.push(piece, 0)).collect();
        prop_assert_eq!(whole, pieces);
    }

    #[test]
    fn after_any_noise_and_a_suffix_the_next_scan_is_read(noise in line()) {
        let mut framer = Framer::new(Framing::Learned);
        framer.push(&noise, 0);
        framer.push(b"\r", 0);
        prop_assert_eq!(framer.push(b"A012\r", 0), [Frame::Text("A012".to_owned())]);
    }
}
