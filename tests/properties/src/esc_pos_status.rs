//! What a printer says, told apart on its one line.

use printer::answer::{Answer, Answers};

/// More bytes than any answer has: a longer one is none.
const BYTES_MAX: usize = 100;

/// Bytes of a printer, or of something that is none.
pub fn esc_pos_status(data: &[u8]) {
    // The line's own "wait" and "go on" may stand anywhere.
    let spoken: Vec<u8> = data
        .iter()
        .copied()
        .filter(|byte| !matches!(byte, 0x11 | 0x13))
        .collect();
    let told = told(data);
    assert_eq!(
        told,
        self::told(&spoken),
        "the line's own signs are no answers"
    );
    let mut unanswered: usize = 0;
    let mut answers = Answers::default();
    for byte in &spoken {
        // The beginning of a status may come again and again, each time anew.
        let begins = byte & 0b1001_0011 == 0b0001_0000;
        unanswered = if begins { 0 } else { unanswered + 1 };
        if answers.take(*byte).is_some() {
            unanswered = 0;
        }
        assert!(
            unanswered <= BYTES_MAX,
            "an answer is waited for without end"
        );
    }
    told.iter().for_each(|answer| sound(answer, &spoken));
    damaged_is_not_confirmed(&spoken);
    the_next_answer_is_heard(answers);
}

fn told(bytes: &[u8]) -> Vec<Answer> {
    let mut answers = Answers::default();
    bytes
        .iter()
        .filter_map(|byte| answers.take(*byte))
        .collect()
}

/// Nothing is told that was not said: a slip that is not on paper must not be taken for printed.
fn sound(answer: &Answer, spoken: &[u8]) {
    let said = |block: &[u8]| spoken.windows(block.len()).any(|window| window == block);
    match answer {
        Answer::RealTime(byte) => assert_eq!(byte & 0b1001_0011, 0b0001_0010),
        Answer::InTurn(byte) => assert_eq!(byte & 0b1001_0000, 0),
        Answer::Changed([first, rest @ ..]) => {
            assert_eq!(first & 0b1001_0011, 0b0001_0000);
            assert!(rest.iter().all(|byte| byte & 0b1001_0000 == 0));
        }
        Answer::Done([a, b, c, d]) => {
            assert!(
                said(&[0x37, 0x22, *a, *b, *c, *d, 0]),
                "confirmed by nobody"
            );
        }
        Answer::Keys(keys, more) => {
            let mut end: Vec<u8> = keys.iter().flatten().copied().collect();
            end.push(0);
            assert!(said(&end), "keys of no printer");
            assert!(keys.len() <= 47 && (!more || said(&[0x37, 0x73, 0x41])));
        }
        Answer::Noise => {}
    }
}

/// A confirmation with any one bit wrong confirms something else, or nothing.
fn damaged_is_not_confirmed(spoken: &[u8]) {
    let id = [0, 1, 2, 3].map(|at| 0x20 + spoken.get(at).copied().unwrap_or(0) % 0x5F);
    let whole = [&[0x37, 0x22], &id[..], &[0]].concat();
    assert_eq!(told(&whole), [Answer::Done(id)]);
    let (at, bit) = match spoken {
        [.., at, bit] => (usize::from(*at) % whole.len(), bit % 8),
        _ => (0, 0),
    };
    let mut damaged = whole;
    damaged[at] ^= 1 << bit;
    assert!(
        !told(&damaged).contains(&Answer::Done(id)),
        "a damaged confirmation counts"
    );
}

/// Two bytes of noise end whatever was begun; then a printer is understood again.
fn the_next_answer_is_heard(mut answers: Answers) {
    answers.take(0xFF);
    answers.take(0xFF);
    let next = b"\x37\x22abcd\0\x12\x10\0\0\x0f\x0c";
    let heard: Vec<Answer> = next.iter().filter_map(|byte| answers.take(*byte)).collect();
    let expected = [
        Answer::Done(*b"abcd"),
        Answer::RealTime(0x12),
        Answer::Changed([0x10, 0, 0, 0x0f]),
        Answer::InTurn(0x0c),
    ];
    assert_eq!(heard, expected);
}
