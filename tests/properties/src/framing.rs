//! A device's bytes to frames, against a second way of telling them apart.

use scanner::framing::{FRAME_BYTES_MAX, HALF_FRAME_MS, IDLE_GAP_MS};
use scanner::{Frame, Framer, Framing, RejectionKind};

/// What happens on the line, as bytes describe it: an opcode, then its argument.
enum Step<'a> {
    Bytes(&'a [u8]),
    /// So long nothing comes, and the framer is told.
    Silence(u64),
    /// So long the program is busy, and the framer is not told.
    Busy(u64),
    /// The cable is pulled, and put back.
    Unplugged,
    /// A code far too long.
    Flood,
}

/// Opcodes; any other byte is part of a scan, so that a corpus can be read by eye.
const SILENCE: u8 = 0xF0;
const BUSY: u8 = 0xF1;
const UNPLUGGED: u8 = 0xF2;
const FLOOD: u8 = 0xF3;

fn steps(mut script: &[u8]) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    while let [first, rest @ ..] = script {
        // A quarter of a second is more than one of the two patiences and less than the other.
        let ms = u64::from(rest.first().copied().unwrap_or(0)) * 10;
        let skip = match *first {
            SILENCE => {
                steps.push(Step::Silence(ms));
                2
            }
            BUSY => {
                steps.push(Step::Busy(ms));
                2
            }
            UNPLUGGED => {
                steps.push(Step::Unplugged);
                1
            }
            FLOOD => {
                steps.push(Step::Flood);
                1
            }
            _ => {
                let end = script
                    .iter()
                    .position(|byte| (SILENCE..=FLOOD).contains(byte));
                let end = end.unwrap_or(script.len());
                steps.push(Step::Bytes(&script[..end]));
                end
            }
        };
        script = script.get(skip..).unwrap_or_default();
    }
    steps
}

/// The first byte says how the device is set up; the rest is a script.
pub fn framing(data: &[u8]) {
    let Some((setting, script)) = data.split_first() else {
        return;
    };
    let framing = match setting % 5 {
        0 => Framing::Learned,
        1 => Framing::Suffix(b'\r'),
        2 => Framing::Suffix(b'\n'),
        3 => Framing::Suffix(b'\t'),
        _ => Framing::Silence,
    };
    let flood = vec![b'9'; FRAME_BYTES_MAX + 1];
    let mut seen = Vec::new();
    let mut expected = Expected::new(framing);
    let mut framer = Framer::new(framing);
    let mut now_ms = 0;
    for step in steps(script) {
        match step {
            Step::Bytes(_) | Step::Flood => {
                let bytes = match step {
                    Step::Bytes(bytes) => bytes,
                    _ => &flood,
                };
                seen.extend(framer.push(bytes, now_ms));
                bytes.iter().for_each(|byte| expected.byte(*byte));
                expected.quiet_ms = 0;
            }
            Step::Busy(ms) => {
                now_ms += ms;
                expected.quiet_ms += ms;
            }
            Step::Silence(ms) => {
                now_ms += ms;
                expected.quiet_ms += ms;
                seen.extend(framer.poll(now_ms));
                expected.silence();
            }
            Step::Unplugged => {
                seen.extend(framer.abandon());
                expected.unplugged();
                assert!(
                    !framer.is_pending(),
                    "something is kept of a scanner that is gone"
                );
                framer = Framer::new(framing);
                expected.suffix_known = matches!(framing, Framing::Suffix(_));
                expected.halves = 0;
                now_ms = 0;
            }
        }
    }
    assert_eq!(
        framer.is_pending(),
        expected.is_begun(),
        "whether a scan is begun"
    );
    assert_eq!(seen, expected.frames, "{framing:?}");
    for frame in &seen {
        sound(frame, framing);
    }
    the_next_scan_is_read(framer, framing, now_ms);
}

fn sound(frame: &Frame, framing: Framing) {
    let Frame::Text(text) = frame else { return };
    assert!(!text.is_empty(), "a scan of nothing");
    // One byte that was no text is shown as a sign of three.
    assert!(text.len() <= 3 * FRAME_BYTES_MAX, "longer than any frame");
    let ends: &[char] = match framing {
        Framing::Learned => &['\r', '\n', '\t'],
        Framing::Suffix(b'\r') => &['\r'],
        Framing::Suffix(b'\n') => &['\n'],
        Framing::Suffix(_) => &['\t'],
        Framing::Silence => &[],
    };
    assert!(!text.contains(ends), "two scans in one");
    let edges = |c: char| c.is_ascii_control();
    assert!(
        !text.starts_with(edges) && !text.ends_with(edges),
        "noise at an edge"
    );
    let shown = format!("Text({} bytes)", text.len());
    assert_eq!(format!("{frame:?}"), shown, "a scan in a log");
}

/// Whatever was before: once the line is quiet, what is scanned next is read.
fn the_next_scan_is_read(mut framer: Framer, framing: Framing, now_ms: u64) {
    let later = now_ms.saturating_add(HALF_FRAME_MS);
    framer.poll(later);
    assert!(!framer.is_pending(), "a scan is waited for without end");
    let end = match framing {
        Framing::Suffix(suffix) => suffix,
        Framing::Learned | Framing::Silence => b'\r',
    };
    let mut frames = framer.push(b"A012", later);
    frames.extend(framer.push(&[end], later));
    frames.extend(framer.poll(later.saturating_add(IDLE_GAP_MS)));
    assert_eq!(frames, [Frame::Text("A012".to_owned())], "{framing:?}");
}

/// The second way: no state but the bytes since the last end, and what is known of the suffix.
struct Expected {
    framing: Framing,
    suffix_known: bool,
    halves: u8,
    since_end: Vec<u8>,
    quiet_ms: u64,
    frames: Vec<Frame>,
}

impl Expected {
    fn new(framing: Framing) -> Self {
        Self {
            framing,
            suffix_known: matches!(framing, Framing::Suffix(_)),
            halves: 0,
            since_end: Vec::new(),
            quiet_ms: 0,
            frames: Vec::new(),
        }
    }

    fn ends(&self, byte: u8) -> bool {
        match self.framing {
            Framing::Learned => b"\r\n\t".contains(&byte),
            Framing::Suffix(suffix) => byte == suffix,
            Framing::Silence => false,
        }
    }

    /// What counts of the bytes since the last end: noise in front of a scan does not.
    fn begun(&self) -> &[u8] {
        let noise = self
            .since_end
            .iter()
            .take_while(|byte| byte.is_ascii_control());
        &self.since_end[noise.count()..]
    }

    fn is_begun(&self) -> bool {
        !self.begun().is_empty()
    }

    fn byte(&mut self, byte: u8) {
        if !self.ends(byte) {
            self.since_end.push(byte);
            if self.begun().len() == FRAME_BYTES_MAX + 1 {
                self.frames.push(Frame::Bad(RejectionKind::TooLong));
            }
            return;
        }
        if self.is_begun() {
            self.suffix_known = true;
            self.halves = 0;
        }
        self.end(false);
    }

    fn silence(&mut self) {
        if !self.is_begun() {
            return;
        }
        if !self.suffix_known {
            if self.quiet_ms >= IDLE_GAP_MS {
                self.end(false);
            }
        } else if self.quiet_ms >= HALF_FRAME_MS {
            self.end(true);
            // Three in a row: it sends no suffix after all, unless somebody said that it does.
            self.halves += 1;
            if self.framing == Framing::Learned && self.halves >= 3 {
                self.suffix_known = false;
                self.halves = 0;
            }
        }
    }

    fn unplugged(&mut self) {
        self.end(true);
    }

    fn end(&mut self, half: bool) {
        let mut bytes = self.begun().to_vec();
        self.since_end.clear();
        // Reported when it grew too long.
        if bytes.len() > FRAME_BYTES_MAX {
            return;
        }
        while bytes.last().is_some_and(u8::is_ascii_control) {
            bytes.pop();
        }
        let frame = match String::from_utf8(bytes) {
            Ok(text) if text.is_empty() => return,
            _ if half => Frame::Bad(RejectionKind::Garbage),
            Ok(text) => Frame::Text(text),
            Err(error) => {
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                match is_card(&text) {
                    true => Frame::Text(text),
                    false => Frame::Bad(RejectionKind::Garbage),
                }
            }
        };
        self.frames.push(frame);
    }
}

/// A card keeps its digits in any encoding, so it alone may have bytes that are no text.
fn is_card(text: &str) -> bool {
    use RejectionKind as K;
    match scanner::read(text) {
        Ok(code) => code.kind() == "citizen-card",
        // Too long to be read as a text, though not as bytes.
        Err(rejection) if rejection.kind == K::TooLong => {
            let number = text.split('|').next().unwrap_or_default().trim();
            text.contains('|') && !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())
        }
        Err(rejection) => rejection.kind == K::DamagedCard,
    }
}
