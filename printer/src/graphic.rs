//! A rectangle of dots as a printer gets it, and how one is cut from a picture.

use std::ops::Range;

use crate::picture::Picture;

/// DLE, and what makes it a real-time command with any third byte: EOT, ENQ and DC4.
const DLE: u8 = 0x10;
const REAL_TIME: [u8; 3] = [0x04, 0x05, 0x14];
/// Setting this dot in the second byte turns it into a harmless one, beside a dot that is black.
const REAL_TIME_BREAKER: u8 = 0x02;

/// Whether these begin a real-time command, whatever comes third.
pub(crate) fn is_real_time(first: u8, second: u8) -> bool {
    first == DLE && REAL_TIME.contains(&second)
}

/// Whether a real-time command could begin with the last of these bytes.
pub(crate) fn may_begin_real_time(bytes: &[u8]) -> bool {
    bytes.last() == Some(&DLE)
}

/// Makes bytes harmless that a printer could take for a real-time command.
pub(crate) fn break_up<'a>(dots: impl Iterator<Item = &'a mut u8>) {
    let mut before = 0;
    for byte in dots {
        if is_real_time(before, *byte) {
            *byte |= REAL_TIME_BREAKER;
        }
        before = *byte;
    }
}

/// Dots in rows of whole bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Graphic {
    /// Dots across; the last byte of a row may hold more, and they are white.
    pub(crate) width: usize,
    pub(crate) dots: Vec<u8>,
}

/// Which ways the printer doubles dots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scale {
    pub(crate) wide: bool,
    pub(crate) high: bool,
}

impl Scale {
    pub(crate) const PLAIN: Self = Self::new(false, false);
    pub(crate) const WIDE: Self = Self::new(true, false);
    pub(crate) const ALL: [Self; 4] = [
        Self::PLAIN,
        Self::WIDE,
        Self::new(false, true),
        Self::new(true, true),
    ];

    const fn new(wide: bool, high: bool) -> Self {
        Self { wide, high }
    }

    /// How many dots one becomes, across and down.
    pub(crate) fn times(self) -> (usize, usize) {
        (1 + usize::from(self.wide), 1 + usize::from(self.high))
    }
}

impl Graphic {
    /// The part of a picture that the printer makes of this graphic when it is scaled so.
    pub(crate) fn cut(
        picture: &Picture,
        rows: Range<usize>,
        columns: Range<usize>,
        scale: Scale,
    ) -> Self {
        let (across, down) = scale.times();
        let width = columns.len().div_ceil(across);
        let row_bytes = width.div_ceil(8);
        let mut dots = vec![0; row_bytes * rows.len().div_ceil(down)];
        for (y, row) in rows.step_by(down).zip(dots.chunks_mut(row_bytes)) {
            let whole_bytes = columns.start.is_multiple_of(8) && columns.end.is_multiple_of(8);
            if whole_bytes && !scale.wide {
                row.copy_from_slice(&picture.row(y)[columns.start / 8..columns.end / 8]);
                continue;
            }
            for (x, column) in columns.clone().step_by(across).enumerate() {
                if picture.is_black(column, y) {
                    row[x / 8] |= 0x80 >> (x % 8);
                }
            }
        }
        Self { width, dots }
    }

    pub(crate) fn row_bytes(&self) -> usize {
        self.width.div_ceil(8)
    }

    pub(crate) fn rows(&self) -> usize {
        self.dots.len() / self.row_bytes()
    }

    /// Whether no two of its bytes look like a real-time command.
    pub(crate) fn is_harmless(&self) -> bool {
        !self.dots.windows(2).any(|two| is_real_time(two[0], two[1]))
    }
}

/// Columns of ink with less than `gap` white ones in between, each with the rows that it fills.
pub(crate) fn pieces(
    picture: &Picture,
    rows: &Range<usize>,
    columns: Range<usize>,
    gap: usize,
) -> Vec<(Range<usize>, Range<usize>)> {
    let inked = |x: &usize| rows.clone().any(|y| picture.is_black(*x, y));
    let mut found: Vec<Range<usize>> = Vec::new();
    for x in columns.filter(inked) {
        match found.last_mut() {
            Some(last) if x - last.end < gap => last.end = x + 1,
            _ => found.push(x..x + 1),
        }
    }
    let filled = |columns: &Range<usize>| {
        let inked = |y: &usize| columns.clone().any(|x| picture.is_black(x, *y));
        let first = rows.clone().find(inked).unwrap_or(rows.start);
        let last = rows.clone().rev().find(inked).unwrap_or(rows.start);
        first..last + 1
    };
    let with_rows = found.into_iter().map(|columns| {
        let rows = filled(&columns);
        (columns, rows)
    });
    with_rows.collect()
}
