//! Where one ESC/POS command ends and the next begins, byte by byte.
//!
//! Every command is cut out by its length alone, so that image data is never taken for commands.
//! The rows of a raster image come out one by one: a printer prints them while the rest is still
//! on the line.

use crate::line_image::LineImage;

/// Escape.
pub(crate) const ESC: u8 = 0x1b;
/// Group separator.
pub(crate) const GS: u8 = 0x1d;
/// Data link escape: what begins a real-time command.
pub(crate) const DLE: u8 = 0x10;
/// End of transmission: a question for the status.
pub(crate) const EOT: u8 = 0x04;
/// Enquiry: a request to recover.
pub(crate) const ENQ: u8 = 0x05;
/// Device control 4: a request to do something at once.
pub(crate) const DC4: u8 = 0x14;

/// What the parser has cut out.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// A letter, a control byte or a whole command with its data.
    Command(Vec<u8>),
    /// The head of a raster image: its rows follow.
    Raster(Raster),
    /// One row of it.
    Row(Vec<u8>),
    /// Bytes that begin no command that is known.
    Unknown(Vec<u8>),
}

/// GS v 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Raster {
    /// How the dots are scaled: bit 0 doubles the width, bit 1 the height.
    pub scale: u8,
    pub row_bytes: usize,
    pub rows: usize,
}

/// Cuts commands out of a stream.
#[derive(Debug, Default)]
pub(crate) struct Parser {
    held: Vec<u8>,
    /// The length of the command that is held, once it is known.
    total: Option<usize>,
    raster: Option<(usize, usize)>,
}

impl Parser {
    /// Takes the next byte.
    pub(crate) fn push(&mut self, byte: u8) -> Option<Piece> {
        self.held.push(byte);
        if let Some((row_bytes, rows_left)) = self.raster {
            return self.row(row_bytes, rows_left);
        }
        if self.total.is_none() {
            match length(&self.held) {
                Length::More => return None,
                Length::Unknown => return Some(Piece::Unknown(std::mem::take(&mut self.held))),
                Length::Raster => return Some(self.raster()),
                Length::Total(total) => self.total = Some(total),
            }
        }
        if Some(self.held.len()) < self.total {
            return None;
        }
        self.total = None;
        Some(Piece::Command(std::mem::take(&mut self.held)))
    }

    /// True when the next byte begins a command.
    pub(crate) fn is_between(&self) -> bool {
        self.held.is_empty() && self.raster.is_none()
    }

    fn raster(&mut self) -> Piece {
        let head = std::mem::take(&mut self.held);
        let raster = Raster {
            scale: head[3] & 3,
            row_bytes: word(&head[4..]),
            rows: word(&head[6..]),
        };
        if raster.row_bytes > 0 && raster.rows > 0 {
            self.raster = Some((raster.row_bytes, raster.rows));
        }
        Piece::Raster(raster)
    }

    fn row(&mut self, row_bytes: usize, rows_left: usize) -> Option<Piece> {
        if self.held.len() < row_bytes {
            return None;
        }
        self.raster = (rows_left > 1).then_some((row_bytes, rows_left - 1));
        Some(Piece::Row(std::mem::take(&mut self.held)))
    }
}

/// Finds real-time commands at reception, wherever they stand.
#[derive(Debug, Default)]
pub(crate) struct Listener {
    held: Vec<u8>,
}

impl Listener {
    /// True when no command has begun.
    pub(crate) fn is_idle(&self) -> bool {
        self.held.is_empty()
    }

    /// Takes the next byte; answers the real-time command that ends with it.
    pub(crate) fn push(&mut self, byte: u8) -> Option<Vec<u8>> {
        if self.held.is_empty() && byte != DLE {
            return None;
        }
        self.held.push(byte);
        match length(&self.held) {
            Length::Total(total) if total == self.held.len() => {
                Some(std::mem::take(&mut self.held))
            }
            Length::Unknown => {
                self.held.clear();
                // What was no command may be the beginning of one.
                if byte == DLE {
                    self.held.push(byte);
                }
                None
            }
            _ => None,
        }
    }
}

enum Length {
    More,
    Total(usize),
    Raster,
    Unknown,
}

/// The length of a command from its first bytes, as the command reference has it.
fn length(bytes: &[u8]) -> Length {
    match bytes {
        [DLE, EOT, 7 | 8 | 18, ..] => Length::Total(4),
        [DLE, EOT, _, ..] | [DLE, ENQ, ..] => Length::Total(3),
        [DLE, DC4, 1 | 2, ..] => Length::Total(5),
        [DLE, DC4, 3, ..] => Length::Total(8),
        [DLE, DC4, 7, ..] => Length::Total(4),
        [DLE, DC4, 8, ..] => Length::Total(10),
        [ESC, b'@' | 0x0c | b'L' | b'S' | b'2'] => Length::Total(2),
        [
            ESC,
            b'a' | b'J' | b'd' | b'3' | b'T' | b'E' | b'-' | b'M' | b'!' | b't' | b'{',
        ] => Length::Total(3),
        [ESC, b'*', mode, low, high] => match LineImage::column_bytes(*mode) {
            Some(bytes) => Length::Total(5 + bytes * word(&[*low, *high])),
            None => Length::Unknown,
        },
        [ESC, b'*', ..] => Length::More,
        [ESC, b'$'] => Length::Total(4),
        [ESC, b'W'] => Length::Total(10),
        [GS, b'!' | b'b' | b'B' | b'r' | b'a' | b'I'] => Length::Total(3),
        [GS, b'P' | b'$' | b'L' | b'W'] => Length::Total(4),
        [GS, b'V', 0 | 1 | 48 | 49] => Length::Total(3),
        [GS, b'V', 65 | 66] => Length::Total(4),
        [GS, b'v', b'0', 0..=3 | 48..=51, _, _, _, _] => Length::Raster,
        [GS, b'v', b'0', 0..=3 | 48..=51, ..] | [GS, b'v', b'0'] => Length::More,
        [GS, b'(', _, low, high] => Length::Total(5 + word(&[*low, *high])),
        [GS, b'8', b'L', a, b, c, d] => {
            Length::Total(7 + u32::from_le_bytes([*a, *b, *c, *d]) as usize)
        }
        [GS, b'(', ..] | [GS, b'8', b'L', ..] => Length::More,
        [DLE | ESC | GS] | [DLE, EOT | DC4] | [GS, b'V' | b'v' | b'8'] => Length::More,
        [DLE | ESC | GS, ..] => Length::Unknown,
        _ => Length::Total(1),
    }
}

/// A number of two bytes, the low one first.
pub(crate) fn word(bytes: &[u8]) -> usize {
    usize::from(bytes[0]) + 256 * usize::from(bytes[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(bytes: &[u8]) -> Vec<Piece> {
        let mut parser = Parser::default();
        bytes.iter().filter_map(|byte| parser.push(*byte)).collect()
    }

    #[test]
    fn image_data_is_never_taken_for_commands() {
        let image = [GS, b'v', b'0', 0, 2, 0, 2, 0, ESC, b'@', GS, b'V', b'A'];
        assert_eq!(
            pieces(&image),
            [
                Piece::Raster(Raster {
                    scale: 0,
                    row_bytes: 2,
                    rows: 2
                }),
                Piece::Row(vec![ESC, b'@']),
                Piece::Row(vec![GS, b'V']),
                Piece::Command(vec![b'A']),
            ]
        );
        let stored = [GS, b'(', b'L', 3, 0, ESC, b'@', GS, b'\n'];
        assert_eq!(
            pieces(&stored),
            [
                Piece::Command(stored[..8].to_vec()),
                Piece::Command(vec![b'\n'])
            ]
        );
    }

    #[test]
    fn what_no_reference_knows_is_unknown() {
        for bytes in [
            &[ESC, b'Z'][..],
            &[GS, b'V', 7],
            &[DLE, 9],
            &[GS, b'v', b'1'],
            &[ESC, b'*', 2, 1, 0],
        ] {
            assert_eq!(pieces(bytes), [Piece::Unknown(bytes.to_vec())]);
        }
    }

    #[test]
    fn a_real_time_command_is_heard_behind_any_bytes() {
        let mut listener = Listener::default();
        let heard: Vec<Vec<u8>> = [GS, b'v', DLE, DLE, EOT, 4, 0xff, DLE, ENQ, 2]
            .iter()
            .filter_map(|byte| listener.push(*byte))
            .collect();
        assert_eq!(heard, [[DLE, EOT, 4], [DLE, ENQ, 2]]);
    }
}
