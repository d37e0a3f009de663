//! ESC *: an image in columns, which waits in the line like letters until a line feed prints it.

use crate::command::word;

/// Rows of paper that such an image takes, whichever way its dots are spread.
pub(crate) const ROWS: usize = 24;

/// What waits in the line, a column of dots at a time, the top one first.
#[derive(Debug, Default)]
pub(crate) struct LineImage {
    columns: Vec<[bool; ROWS]>,
}

impl LineImage {
    /// Bytes of one column in this mode; none: there is no such mode.
    pub(crate) fn column_bytes(mode: u8) -> Option<usize> {
        match mode {
            0 | 1 => Some(1),
            32 | 33 => Some(3),
            _ => None,
        }
    }

    /// Adds an image: `mode`, its width in two bytes, its columns. Modes 0 and 32 print each
    /// column twice; 0 and 1 have 8 dots a column, each of them three rows high.
    pub(crate) fn add(&mut self, mode: u8, width: [u8; 2], data: &[u8]) {
        let Some(bytes) = Self::column_bytes(mode) else {
            return;
        };
        let high = ROWS / (bytes * 8);
        let wide = if mode.is_multiple_of(32) { 2 } else { 1 };
        for column in data.chunks_exact(bytes).take(word(&width)) {
            let dot = |y: usize| column[y / high / 8] & (0x80 >> (y / high % 8)) != 0;
            let dots = std::array::from_fn(dot);
            self.columns.extend(std::iter::repeat_n(dots, wide));
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    pub(crate) fn clear(&mut self) {
        self.columns.clear();
    }

    /// Dots from left to right.
    pub(crate) fn width(&self) -> usize {
        self.columns.len()
    }

    pub(crate) fn is_black(&self, x: usize, y: usize) -> bool {
        self.columns[x][y]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Black dots of the first column from the top, and columns.
    fn added(mode: u8, data: &[u8], columns: u8) -> (Vec<usize>, usize) {
        let mut image = LineImage::default();
        image.add(mode, [columns, 0], data);
        let black = (0..ROWS).filter(|y| image.is_black(0, *y)).collect();
        (black, image.width())
    }

    #[test]
    fn each_mode_spreads_its_dots_as_the_reference_says() {
        assert_eq!(added(33, &[0x80, 0x01, 0x01], 1), (vec![0, 15, 23], 1));
        assert_eq!(added(32, &[0x80, 0x01, 0x01], 1), (vec![0, 15, 23], 2));
        assert_eq!(added(1, &[0x81, 0xff], 2), (vec![0, 1, 2, 21, 22, 23], 2));
        assert_eq!(added(0, &[0x81, 0xff], 2), (vec![0, 1, 2, 21, 22, 23], 4));
    }
}
