//! The print head: commands become dots on paper.

use std::collections::BTreeMap;

use qrcode::{Color, EcLevel, QrCode};

use crate::command::{ESC, GS, Piece, Raster, word};
use crate::line_image::{self, LineImage};
use crate::model::Model;
use crate::page::{Page, Then};
use crate::paper::{Code, Cut, Mistake, Text};

/// Font A: 12 dots by 24.
const FONT_A: (usize, usize) = (12, 24);
/// Font B: 9 dots by 17.
const FONT_B: (usize, usize) = (9, 17);
/// A line of the printer's own, until ESC 3 says otherwise.
const LINE_SPACING: usize = 30;

/// ESC a.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Left,
    Middle,
    Right,
}

/// A graphic in RAM.
#[derive(Clone, Debug)]
struct Graphic {
    width: usize,
    dots: Vec<u8>,
}

impl Graphic {
    /// Its rows, with each dot as many times across and down as asked for.
    fn rows(&self, (across, down): (usize, usize)) -> Vec<Vec<bool>> {
        let rows = self.dots.chunks(self.width.div_ceil(8));
        let dots = rows.map(|row| {
            let black = |x: usize| row[x / 8] & (0x80 >> (x % 8)) != 0;
            (0..self.width * across)
                .map(|x| black(x / across))
                .collect::<Vec<bool>>()
        });
        dots.flat_map(|row| std::iter::repeat_n(row, down))
            .collect()
    }
}

/// What a command asks of the rest of the printer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    /// Cut the paper.
    Cut { here: bool },
    /// Say that all before this is printed.
    Done([u8; 4]),
    /// Say how the paper is, in turn.
    InTurn,
    /// Tell changes of these from now on.
    Changes(u8),
    /// List the graphics in RAM.
    Keys(Vec<[u8; 2]>),
}

/// What is set, and what is printed.
pub(crate) struct Head {
    model: Model,
    pub(crate) cut: Cut,
    side: Side,
    font: (usize, usize),
    margin: usize,
    across: usize,
    down: usize,
    line_spacing: usize,
    units: (usize, usize),
    text: String,
    image: LineImage,
    raster: Option<(Raster, usize)>,
    module: usize,
    level: u8,
    stored: Vec<u8>,
    graphics: BTreeMap<[u8; 2], Graphic>,
    /// A graphic in the print buffer.
    waiting: Option<Vec<Vec<bool>>>,
    /// What is being composed in page mode.
    page: Option<Page>,
}

impl Head {
    pub(crate) fn new(model: Model) -> Self {
        Self {
            model,
            cut: Cut::default(),
            side: Side::Left,
            font: FONT_A,
            margin: 0,
            across: 1,
            down: 1,
            line_spacing: LINE_SPACING,
            units: (0, 0),
            text: String::new(),
            image: LineImage::default(),
            raster: None,
            module: 3,
            level: b'0',
            stored: Vec::new(),
            graphics: BTreeMap::new(),
            waiting: None,
            page: None,
        }
    }

    /// As after switching on.
    pub(crate) fn forget(&mut self) {
        let cut = std::mem::take(&mut self.cut);
        *self = Self {
            cut,
            ..Self::new(self.model.clone())
        };
    }

    /// What is printed but not on paper yet.
    pub(crate) fn clear_line(&mut self) {
        self.text.clear();
        self.image.clear();
        self.waiting = None;
        self.raster = None;
        self.page = None;
    }

    pub(crate) fn mistake(&mut self, at: usize, what: impl Into<String>) {
        let what = what.into();
        self.cut.errors.push(Mistake { at, what });
    }

    /// Carries out one piece of the stream that begins at byte `at`.
    pub(crate) fn carry_out(&mut self, piece: Piece, at: usize) -> Option<Ask> {
        match piece {
            Piece::Unknown(bytes) => {
                self.mistake(at, format!("{bytes:02x?} is no command"));
                None
            }
            Piece::Raster(raster) => {
                self.begin_raster(raster, at);
                None
            }
            Piece::Row(dots) => {
                self.raster_row(&dots, at);
                None
            }
            Piece::Command(bytes) => self.command(&bytes, at),
        }
    }

    fn command(&mut self, bytes: &[u8], at: usize) -> Option<Ask> {
        if Page::takes(bytes) && self.page.is_some() {
            self.page_command(bytes, at);
            return None;
        }
        match bytes {
            // What was meant in real time was heard already; CAN and NUL do nothing here.
            [0x10, ..] | [0x00] | [0x18] => return None,
            [ESC, b'L'] => self.begin_page(at),
            [b'\n' | b' '..=b'~'] | [ESC, b'J', _] | [GS, b'V', ..] | [GS, b'(', b'k', ..]
                if self.page.is_some() =>
            {
                self.mistake(at, format!("{bytes:02x?} on a page of graphics"));
            }
            [b'\n'] => self.line_feed(at),
            [letter @ b' '..=b'~'] => self.text.push(*letter as char),
            [ESC, b'@'] => {
                self.name("ESC @");
                self.forget();
            }
            [ESC, b'a', how @ 0..=2] => {
                self.at_line_start("ESC a", at);
                self.side = [Side::Left, Side::Middle, Side::Right][usize::from(*how)];
            }
            [ESC, b'J', rows] => {
                self.at_line_start("ESC J", at);
                self.in_dots(self.units.1, at);
                self.white(usize::from(*rows));
            }
            [ESC, b'3', rows] => self.line_spacing = usize::from(*rows),
            [ESC, b'2'] => self.line_spacing = LINE_SPACING,
            [GS, b'L', n @ ..] => {
                self.at_line_start("GS L", at);
                self.in_dots(self.units.0, at);
                self.margin = word(n);
                if self.margin >= self.model.dots {
                    self.mistake(at, "a margin wider than the paper");
                }
            }
            [GS, b'P', x, y] => self.units = (usize::from(*x), usize::from(*y)),
            [ESC, b'd', lines] => {
                if !self.text.is_empty() || !self.image.is_empty() {
                    self.line_feed(at);
                }
                self.name("ESC d");
                self.white(usize::from(*lines) * self.line_spacing);
            }
            [ESC, b'*', mode, low, high, columns @ ..] => {
                self.name("ESC *");
                if self.page.is_some() {
                    self.mistake(at, "ESC * is not used in page mode");
                }
                self.image.add(*mode, [*low, *high], columns);
            }
            [GS, b'b' | b'B', _] | [ESC, b'E' | b'-', _] => {}
            // Letters beyond ASCII are a mistake of their own: nobody knows what is on a page.
            [ESC, b't', _] | [ESC, b'{', 0] => {}
            [ESC, b'M', font @ 0..=1] => self.font = [FONT_A, FONT_B][usize::from(*font)],
            [ESC, b'!', print] => {
                self.font = [FONT_A, FONT_B][usize::from(print & 1)];
                self.across = 1 + usize::from(print >> 5 & 1);
                self.down = 1 + usize::from(print >> 4 & 1);
            }
            [letter @ 0x80..=0xff] => {
                self.mistake(at, format!("{letter:02x} is a letter beyond ASCII"));
            }
            [GS, b'!', size] => {
                self.across = usize::from(size >> 4) + 1;
                self.down = usize::from(size & 15) + 1;
            }
            [GS, b'V', how, ..] => {
                self.at_line_start("GS V", at);
                return Some(Ask::Cut { here: *how < 65 });
            }
            [GS, b'r', 1] => return Some(Ask::InTurn),
            [GS, b'a', what] => return Some(Ask::Changes(*what)),
            [GS, b'(', b'H', 6, 0, 48, 48, id @ ..] => {
                return id.try_into().ok().map(Ask::Done);
            }
            [GS, b'(', b'k', _, _, rest @ ..] => self.qr(rest, at),
            [GS, b'(', b'L', _, _, rest @ ..] | [GS, b'8', b'L', _, _, _, _, rest @ ..] => {
                return self.graphic(rest, at);
            }
            other => self.mistake(at, format!("{other:02x?} is no command of a slip")),
        }
        None
    }

    fn name(&mut self, name: &'static str) {
        self.cut.commands.push(name);
    }

    fn at_line_start(&mut self, name: &'static str, at: usize) {
        self.name(name);
        if !self.text.is_empty() || !self.image.is_empty() {
            self.mistake(at, format!("{name} in the middle of a line"));
        }
    }

    /// Lengths of this unit, a part of an inch, must be in dots.
    fn in_dots(&mut self, unit: usize, at: usize) {
        if unit != self.model.dpi {
            self.mistake(at, "a length whose unit is not a dot");
        }
    }

    fn begin_page(&mut self, at: usize) {
        self.at_line_start("ESC L", at);
        if self.page.is_some() {
            self.mistake(at, "ESC L in a page");
            return;
        }
        self.page = Page::new(&self.model);
        if self.page.is_none() {
            self.mistake(at, "this model has no page mode");
        }
    }

    fn page_command(&mut self, bytes: &[u8], at: usize) {
        if bytes[0] != 0x0c && self.units != (self.model.dpi, self.model.dpi) {
            self.mistake(at, "a place on a page whose unit is not a dot");
        }
        let Some(page) = &mut self.page else {
            return;
        };
        match page.command(bytes) {
            Ok(Then::Stay) => {}
            Ok(Then::Print(rows)) => self.cut.rows.extend(rows),
            Ok(Then::PrintAndLeave(rows)) => {
                self.page = None;
                self.cut.rows.extend(rows);
            }
            Ok(Then::Leave) => self.page = None,
            Err(what) => self.mistake(at, what),
        }
    }

    pub(crate) fn white(&mut self, rows: usize) {
        let row = vec![false; self.model.dots];
        self.cut.rows.extend(std::iter::repeat_n(row, rows));
    }

    fn left(&mut self, width: usize, at: usize) -> usize {
        let area = self.model.dots.saturating_sub(self.margin);
        if width > area {
            self.mistake(at, format!("{width} dots are wider than the paper"));
        }
        let space = area.saturating_sub(width);
        self.margin
            + match self.side {
                Side::Left => 0,
                Side::Middle => space / 2,
                Side::Right => space,
            }
    }

    fn line_feed(&mut self, at: usize) {
        match (self.text.is_empty(), self.image.is_empty()) {
            (true, true) => {
                self.name("LF");
                self.white(self.line_spacing);
            }
            (false, true) => self.text_line(at),
            (true, false) => self.image_line(at),
            (false, false) => {
                self.mistake(at, "letters and an image in one line");
                self.clear_line();
            }
        }
    }

    fn text_line(&mut self, at: usize) {
        self.name("text");
        let text = std::mem::take(&mut self.text);
        let width = self.font.0 * self.across * text.len();
        let (left, top) = (self.left(width, at), self.cut.rows.len());
        let height = self.font.1 * self.down;
        self.white(self.line_spacing.max(height));
        self.cut.texts.push(Text {
            text,
            left,
            top,
            width,
            rows: height,
        });
    }

    fn image_line(&mut self, at: usize) {
        let image = std::mem::take(&mut self.image);
        let (left, top) = (self.left(image.width(), at), self.cut.rows.len());
        self.white(self.line_spacing.max(line_image::ROWS));
        for (y, row) in self.cut.rows[top..]
            .iter_mut()
            .take(line_image::ROWS)
            .enumerate()
        {
            let room = row.iter_mut().skip(left).take(image.width());
            for (x, dot) in room.enumerate() {
                *dot = image.is_black(x, y);
            }
        }
    }

    fn begin_raster(&mut self, raster: Raster, at: usize) {
        self.at_line_start("GS v 0", at);
        if self.page.is_some() {
            self.mistake(at, "GS v 0 is not available in page mode");
        }
        let max = self.model.raster_rows_max;
        if raster.row_bytes == 0 || raster.rows == 0 || raster.rows > max {
            self.mistake(at, format!("a raster image of {raster:?}"));
        }
        self.raster = Some((raster, raster.rows));
    }

    fn raster_row(&mut self, dots: &[u8], at: usize) {
        let Some((raster, rest)) = self.raster else {
            return;
        };
        self.raster = (rest > 1).then_some((raster, rest - 1));
        let (wide, high) = (
            1 + usize::from(raster.scale & 1),
            1 + usize::from(raster.scale >> 1),
        );
        for _ in 0..high {
            self.row(dots, wide, at);
        }
    }

    /// One row of dots, each `wide` dots wide on paper.
    fn row(&mut self, dots: &[u8], wide: usize, at: usize) {
        let left = self.left(dots.len() * 8 * wide, at);
        let mut row = vec![false; self.model.dots];
        for (x, dot) in row.iter_mut().enumerate().skip(left) {
            let x = (x - left) / wide;
            *dot = dots.get(x / 8).is_some_and(|b| b & (0x80 >> (x % 8)) != 0);
        }
        self.cut.rows.push(row);
    }

    fn qr(&mut self, function: &[u8], at: usize) {
        self.at_line_start("GS ( k", at);
        match function {
            [49, 65, 50, 0] => {}
            [49, 67, module @ 1..=16] => self.module = usize::from(*module),
            [49, 69, level @ 48..=51] => self.level = *level,
            [49, 80, 48, content @ ..] => self.stored = content.to_vec(),
            [49, 81, 48] => self.draw_qr(at),
            other => self.mistake(at, format!("GS ( k {other:02x?}")),
        }
    }

    fn draw_qr(&mut self, at: usize) {
        let level = [EcLevel::L, EcLevel::M, EcLevel::Q, EcLevel::H][usize::from(self.level - 48)];
        let content = String::from_utf8_lossy(&std::mem::take(&mut self.stored)).into_owned();
        let Ok(code) = QrCode::with_error_correction_level(&content, level) else {
            return self.mistake(at, "nothing that a QR code can hold");
        };
        let (modules, module) = (code.width(), self.module);
        let (left, top) = (self.left(modules * module, at), self.cut.rows.len());
        self.white(modules * module);
        for (index, color) in code.to_colors().into_iter().enumerate() {
            let (x, y) = (
                left + index % modules * module,
                top + index / modules * module,
            );
            for row in &mut self.cut.rows[y..y + module] {
                for dot in row.iter_mut().skip(x).take(module) {
                    *dot = color == Color::Dark;
                }
            }
        }
        self.cut.codes.push(Code {
            content,
            left,
            top,
            module,
        });
    }

    /// A graphic as its command gives it, if that is of one piece.
    fn sized(&mut self, x: [u8; 2], y: [u8; 2], dots: &[u8], at: usize) -> Option<Graphic> {
        let (width, rows) = (word(&x), word(&y));
        let whole = width > 0 && dots.len() == width.div_ceil(8) * rows;
        if !whole || !(1..=self.model.graphic_rows_max).contains(&rows) {
            self.mistake(at, format!("a graphic of {width} by {rows} dots"));
            return None;
        }
        let dots = dots.to_vec();
        Some(Graphic { width, dots })
    }

    fn graphic(&mut self, function: &[u8], at: usize) -> Option<Ask> {
        let Some(capacity) = self.model.graphics else {
            self.cut.ignored.push("GS ( L");
            return None;
        };
        self.name("GS ( L");
        match function {
            [48, 80, b'K', b'C'] => {
                return Some(Ask::Keys(self.graphics.keys().copied().collect()));
            }
            [48, 81, b'C', b'L', b'R'] => self.graphics.clear(),
            [48, 82, a, b] => {
                self.graphics.remove(&[*a, *b]);
            }
            [48, 83, 48, a, b, 1, xl, xh, yl, yh, 49, dots @ ..] => {
                let graphic = self.sized([*xl, *xh], [*yl, *yh], dots, at)?;
                let used: usize = self.graphics.values().map(|g| g.dots.len()).sum();
                if self.page.is_some() {
                    self.mistake(at, "a graphic is kept in standard mode only");
                } else if used + dots.len() > capacity {
                    self.mistake(at, "a graphic beyond the printer's RAM");
                } else {
                    self.graphics.insert([*a, *b], graphic);
                }
            }
            [48, 85, a, b, x @ 1..=2, y @ 1..=2] => {
                let graphic = self.graphics.get(&[*a, *b]);
                match graphic.map(|graphic| graphic.rows(((*x).into(), (*y).into()))) {
                    Some(rows) => self.print_graphic(rows, at),
                    None => self.mistake(at, "a graphic that is not in RAM"),
                }
            }
            [48, 112, 48, x @ 1..=2, y @ 1..=2, 49, rest @ ..] if rest.len() >= 4 => {
                let (size, dots) = rest.split_at(4);
                let graphic = self.sized([size[0], size[1]], [size[2], size[3]], dots, at)?;
                self.waiting = Some(graphic.rows(((*x).into(), (*y).into())));
            }
            [48, 2 | 50] => match self.waiting.take() {
                Some(rows) => self.print_graphic(rows, at),
                None => self.mistake(at, "no graphic waits to be printed"),
            },
            other => {
                let head = &other[..other.len().min(8)];
                self.mistake(at, format!("GS ( L {head:02x?}"));
            }
        }
        None
    }

    /// On paper, or on the page.
    fn print_graphic(&mut self, rows: Vec<Vec<bool>>, at: usize) {
        let width = rows.first().map_or(0, Vec::len);
        if let Some(page) = &mut self.page {
            if let Err(what) = page.put(width, &rows) {
                self.mistake(at, what);
            }
            return;
        }
        let left = self.left(width, at);
        for dots in rows {
            let mut row = vec![false; self.model.dots];
            for (to, from) in row.iter_mut().skip(left).zip(dots) {
                *to = from;
            }
            self.cut.rows.push(row);
        }
    }
}
