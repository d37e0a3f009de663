//! Cuts rows of dots into bands, so that the fewest bytes travel.
//!
//! A band costs its head and its dots; white between bands costs a feed. The rows of small letters
//! in a line of text are much wider than those of the marks above and below, so a line is cheapest
//! in several bands, each no wider than its ink. The cheapest cut is found by comparing all.
//!
//! Invariants:
//! - the bands hold every black dot, in order, and none begins or ends with a white row;
//! - no band holds a real-time command, as long as the rows of the picture, one behind the other,
//!   hold none;
//! - no band of more than one row is longer than the rules allow, whole lines excepted.

use std::ops::Range;

use crate::graphic::{Graphic, Scale, may_begin_real_time};
use crate::picture::Picture;

/// ESC J n.
const FEED_BYTES: usize = 3;
/// More than any way costs, and room to add to it.
const NO_WAY: usize = usize::MAX / 2;

/// What bands may be like.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// What a band costs beside its dots.
    pub(crate) head_bytes: usize,
    /// The most dots in a band of more than one row, in bytes.
    pub(crate) bytes_max: usize,
    pub(crate) rows_max: usize,
    /// A band may stand anywhere across the paper; else from the left edge or in the middle.
    pub(crate) margin: bool,
    /// The printer can double dots.
    pub(crate) double: bool,
    /// Bands begin and end at white rows. A line of text then stays one, whatever its length.
    pub(crate) whole_lines: bool,
}

/// Rows that travel together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Band {
    /// Where in the picture.
    pub(crate) rows: Range<usize>,
    pub(crate) place: Place,
    pub(crate) scale: Scale,
    pub(crate) graphic: Graphic,
}

/// Where across the paper something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Centre,
    /// So many dots from the left edge.
    Left(usize),
}

/// What the search needs to know of a row.
struct Row {
    /// Its dots from the first black one to the last; none: it is white.
    ink: Option<Range<usize>>,
    /// Every second dot says it all.
    wide: bool,
    /// The next one looks the same.
    again: bool,
}

/// The cheapest way to the end of a row.
#[derive(Clone, Copy)]
struct Way {
    bytes: usize,
    /// The row after the last one before.
    from: usize,
    /// None: all rows since then are white.
    scale: Option<Scale>,
}

/// The bands of these rows; what lies between them is white.
pub(crate) fn bands(picture: &Picture, rows: Range<usize>, rules: &Rules) -> Vec<Band> {
    let total = picture.width();
    let looked: Vec<Row> = rows.clone().map(|y| look(picture, y)).collect();
    let start = Way {
        bytes: 0,
        from: 0,
        scale: None,
    };
    let mut ways = vec![start];
    for end in 1..=looked.len() {
        let way = match looked[end - 1].ink {
            None => white(&looked, &ways, end),
            Some(_) => inked(&looked, &ways, end, (rules, total)),
        };
        ways.push(way);
    }
    let mut found = Vec::new();
    let mut end = looked.len();
    while end > 0 {
        let way = ways[end];
        if let Some(scale) = way.scale {
            found.push((way.from..end, scale));
        }
        end = way.from;
    }
    let mut bands: Vec<Band> = Vec::with_capacity(found.len());
    while let Some((part, scale)) = found.pop() {
        let place = bands.last().map(|band| band.place);
        let ink = near(union(&looked[part.clone()]), place, scale);
        let at = rows.start + part.start..rows.start + part.end;
        let band = band(picture, at, ink, (scale, rules));
        // To be harmless it may have become wider than the search took it for.
        let too_long = band.graphic.dots.len() > rules.bytes_max && !rules.whole_lines;
        match halves(&looked, &part, scale).filter(|_| too_long) {
            Some([above, below]) => found.extend([(below, scale), (above, scale)]),
            None => bands.push(band),
        }
    }
    bands
}

/// The two halves of these rows, without white ones between them; none of a single row, or of two
/// that are one doubled.
fn halves(looked: &[Row], part: &Range<usize>, scale: Scale) -> Option<[Range<usize>; 2]> {
    let down = scale.times().1;
    let middle = part.start + part.len() / down / 2 * down;
    let inked = |y: &usize| looked[*y].ink.is_some();
    let above = (part.start..middle).rev().find(inked)?;
    let below = (middle..part.end).find(inked)?;
    Some([part.start..above + 1, below..part.end])
}

/// As much ink from a little further left, where that makes it begin like the band before it and
/// takes no more bytes.
fn near(ink: Range<usize>, before: Option<Place>, scale: Scale) -> Range<usize> {
    let bytes = |width: usize| width.div_ceil(8 * scale.times().0);
    match before {
        Some(Place::Left(left))
            if left <= ink.start && bytes(ink.end - left) == bytes(ink.len()) =>
        {
            left..ink.end
        }
        _ => ink,
    }
}

fn look(picture: &Picture, y: usize) -> Row {
    let row = picture.row(y);
    let first = row.iter().position(|byte| *byte != 0);
    let last = row.iter().rposition(|byte| *byte != 0);
    let ink = first.zip(last).map(|(first, last)| {
        let white_before = row[first].leading_zeros() as usize;
        let white_behind = row[last].trailing_zeros() as usize;
        8 * first + white_before..8 * (last + 1) - white_behind
    });
    // Each dot in an odd column is as the one before it.
    let doubled = row.iter().all(|byte| byte >> 1 & 0x55 == byte & 0x55);
    Row {
        ink,
        wide: doubled && {
            let half = Graphic::cut(picture, y..y + 1, 0..picture.width(), Scale::WIDE);
            half.is_harmless() && !may_begin_real_time(&half.dots)
        },
        again: y + 1 < picture.rows() && row == picture.row(y + 1),
    }
}

fn white(rows: &[Row], ways: &[Way], end: usize) -> Way {
    let before = rows[..end].iter().rposition(|row| row.ink.is_some());
    let from = before.map_or(0, |last| last + 1);
    Way {
        bytes: ways[from].bytes + FEED_BYTES,
        from,
        scale: None,
    }
}

/// The best last band of all rows up to `end`.
fn inked(rows: &[Row], ways: &[Way], end: usize, (rules, total): (&Rules, usize)) -> Way {
    let parted =
        |y: usize| y == 0 || y == rows.len() || rows[y - 1].ink.is_none() || rows[y].ink.is_none();
    let mut best = Way {
        bytes: NO_WAY,
        from: 0,
        scale: None,
    };
    if rules.whole_lines && !parted(end) {
        return best;
    }
    let mut ink: Option<Range<usize>> = None;
    let (mut wide, mut high) = (rules.double, rules.double);
    let mut one_line = true;
    for from in (end.saturating_sub(rules.rows_max)..end).rev() {
        let (row, count) = (&rows[from], end - from);
        ink = join(ink, row.ink.as_ref());
        wide &= row.wide;
        high &= count % 2 == 1 || row.again;
        one_line &= row.ink.is_some();
        let Some(ink) = ink.as_ref().filter(|_| row.ink.is_some()) else {
            continue;
        };
        if rules.whole_lines && !parted(from) {
            continue;
        }
        let whole_line = rules.whole_lines && one_line;
        let mut too_long = true;
        for scale in Scale::ALL {
            let (across, down) = scale.times();
            let columns = crop(ink, total, scale.wide, rules).1;
            let dots = columns.len() / (8 * across) * count / down;
            // Rows that cannot be doubled here may be further up: only the dots end the search.
            too_long &= dots > rules.bytes_max && !whole_line;
            let allowed = (wide || !scale.wide)
                && (high && count % 2 == 0 || !scale.high)
                && (dots <= rules.bytes_max || whole_line || count == 1);
            let bytes = ways[from].bytes + rules.head_bytes + dots;
            if allowed && bytes < best.bytes {
                let scale = Some(scale);
                best = Way { bytes, from, scale };
            }
        }
        if too_long {
            break;
        }
    }
    best
}

fn join(ink: Option<Range<usize>>, more: Option<&Range<usize>>) -> Option<Range<usize>> {
    match (ink, more) {
        (Some(ink), Some(more)) => Some(ink.start.min(more.start)..ink.end.max(more.end)),
        (ink, more) => ink.or(more.cloned()),
    }
}

fn union(rows: &[Row]) -> Range<usize> {
    let inks = rows.iter().map(|row| row.ink.as_ref());
    inks.fold(None, join).unwrap_or(0..1)
}

/// The dots of each row to send, as whole bytes, so that this ink stands where it should.
fn crop(ink: &Range<usize>, total: usize, wide: bool, rules: &Rules) -> (Place, Range<usize>) {
    let across = if wide { 2 } else { 1 };
    let byte = 8 * across;
    if rules.margin {
        let width = (ink.end - ink.start / across * across).next_multiple_of(byte);
        // The last byte must not hang over the edge.
        let start = (ink.start / across * across).min(total - width);
        return (Place::Left(start), start..start + width);
    }
    // Centred by the printer, a strip lands where it was if both sides lose the same.
    let side = ink.start.min(total - ink.end) / byte * byte;
    let end = ink.end.next_multiple_of(byte);
    if total - 2 * side < end {
        (Place::Centre, side..total - side)
    } else {
        (Place::Left(0), 0..end)
    }
}

fn band(
    picture: &Picture,
    rows: Range<usize>,
    mut ink: Range<usize>,
    (scale, rules): (Scale, &Rules),
) -> Band {
    let total = picture.width();
    loop {
        let (place, columns) = crop(&ink, total, scale.wide, rules);
        let graphic = Graphic::cut(picture, rows.clone(), columns, scale);
        if graphic.is_harmless() || ink == (0..total) {
            return Band {
                rows,
                place,
                scale,
                graphic,
            };
        }
        // From whole bytes on there is no real-time command inside a row, as [`look`] and the
        // picture have it, and a white byte parts one row from the next.
        let bytes = ink.start / 8..ink.end.div_ceil(8);
        ink = 8 * bytes.start.saturating_sub(1)..total.min(8 * (bytes.end + 1));
    }
}

#[cfg(test)]
mod tests;
