//! A strict ESC/POS printer on paper, written from the command reference and not from the encoder.
//!
//! It knows the commands a slip may use and no other: anything else, a command cut short, or a
//! text outside plain ASCII is an error with the place where it stands.

use qrcode::{Color, EcLevel, QrCode};

pub const DLE: u8 = 0x10;

/// What came out of the printer up to one cut.
#[derive(Default)]
pub struct Strip {
    /// Rows of dots, true where black.
    pub rows: Vec<Vec<bool>>,
    pub numbers: Vec<Number>,
    pub codes: Vec<(String, usize)>,
    /// Paper fed to the tear bar.
    pub cut_here: bool,
    /// The names of the commands, in order.
    pub commands: Vec<&'static str>,
}

/// Text that the printer wrote with its own letters.
#[derive(Debug, PartialEq, Eq)]
pub struct Number {
    pub text: String,
    pub top: usize,
    pub rows: usize,
    pub left: usize,
    pub width: usize,
}

pub struct Interpreter {
    width: usize,
    dpi: u8,
    centred: bool,
    across: usize,
    down: usize,
    line_spacing: usize,
    units: Option<(u8, u8)>,
    text: String,
    module: usize,
    level: u8,
    model: u8,
    stored: Vec<u8>,
    strip: Strip,
    strips: Vec<Strip>,
}

/// Prints everything; what follows the last cut is an error.
pub fn print(bytes: &[u8], width: usize, dpi: u8) -> Result<Vec<Strip>, String> {
    let mut printer = Interpreter {
        width,
        dpi,
        centred: false,
        across: 1,
        down: 1,
        line_spacing: 30,
        units: None,
        text: String::new(),
        module: 3,
        level: b'0',
        model: b'2',
        stored: Vec::new(),
        strip: Strip::default(),
        strips: Vec::new(),
    };
    let mut rest = Reader { bytes, at: 0 };
    while rest.at < bytes.len() {
        let at = rest.at;
        printer
            .step(&mut rest)
            .map_err(|error| format!("at byte {at}: {error}"))?;
    }
    if !printer.strip.commands.is_empty() || !printer.strip.rows.is_empty() {
        return Err("the last slip was not cut".to_owned());
    }
    Ok(printer.strips)
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Result<u8, String> {
        Ok(self.take(1)?[0])
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], String> {
        let end = self.at + count;
        let taken = self
            .bytes
            .get(self.at..end)
            .ok_or("the command is cut short")?;
        self.at = end;
        Ok(taken)
    }

    fn word(&mut self) -> Result<usize, String> {
        let word = self.take(2)?;
        Ok(usize::from(word[0]) + 256 * usize::from(word[1]))
    }
}

impl Interpreter {
    fn step(&mut self, rest: &mut Reader<'_>) -> Result<(), String> {
        let first = rest.byte()?;
        match first {
            0x00 => return Ok(()),
            b'\n' => return self.line_feed(),
            0x1b | 0x1d => {}
            b' '..=b'~' => {
                self.text.push(first as char);
                return Ok(());
            }
            _ => return Err(format!("byte {first:#04x} is no command")),
        }
        match (first, rest.byte()?) {
            (0x1b, b'@') => self.initialise(),
            (0x1d, b'P') => self.motion_units(rest),
            (0x1b, b'3') => {
                self.line_spacing = rest.byte()?.into();
                self.name("ESC 3")
            }
            (0x1b, b'a') => self.justify(rest.byte()?),
            (0x1b, b'J') => self.feed(rest.byte()?),
            (0x1d, b'b') => {
                rest.byte()?;
                self.name("GS b")
            }
            (0x1d, b'!') => {
                let size = rest.byte()?;
                (self.across, self.down) = (usize::from(size >> 4) + 1, usize::from(size & 15) + 1);
                self.name("GS !")
            }
            (0x1d, b'v') => self.raster(rest),
            (0x1d, b'(') => self.function(rest),
            (0x1d, b'V') => self.cut(rest),
            (_, second) => Err(format!(
                "{first:#04x} {second:#04x} is no command of a slip"
            )),
        }
    }

    fn name(&mut self, name: &'static str) -> Result<(), String> {
        self.strip.commands.push(name);
        Ok(())
    }

    fn initialise(&mut self) -> Result<(), String> {
        (self.centred, self.across, self.down, self.line_spacing) = (false, 1, 1, 30);
        self.units = None;
        self.text.clear();
        self.name("ESC @")
    }

    fn motion_units(&mut self, rest: &mut Reader<'_>) -> Result<(), String> {
        self.units = Some((rest.byte()?, rest.byte()?));
        self.name("GS P")
    }

    fn justify(&mut self, how: u8) -> Result<(), String> {
        self.at_line_start()?;
        self.centred = match how {
            0 => false,
            1 => true,
            _ => return Err(format!("ESC a {how} is not used")),
        };
        self.name("ESC a")
    }

    fn at_line_start(&self) -> Result<(), String> {
        if self.text.is_empty() {
            Ok(())
        } else {
            Err("not at the start of a line".to_owned())
        }
    }

    fn feed(&mut self, rows: u8) -> Result<(), String> {
        self.at_line_start()?;
        if self.units != Some((self.dpi, self.dpi)) {
            return Err("a feed whose unit is not a dot".to_owned());
        }
        self.white(rows.into());
        self.name("ESC J")
    }

    fn white(&mut self, rows: usize) {
        let row = vec![false; self.width];
        self.strip.rows.extend(std::iter::repeat_n(row, rows));
    }

    fn left(&self, width: usize) -> Result<usize, String> {
        let space = self
            .width
            .checked_sub(width)
            .ok_or("wider than the paper")?;
        Ok(if self.centred { space / 2 } else { 0 })
    }

    fn line_feed(&mut self) -> Result<(), String> {
        if self.text.is_empty() {
            return Err("an empty line of text".to_owned());
        }
        let text = std::mem::take(&mut self.text);
        let width = 12 * self.across * text.len();
        let (left, top) = (self.left(width)?, self.strip.rows.len());
        let rows = self.line_spacing.max(24 * self.down);
        self.white(rows);
        self.strip.numbers.push(Number {
            text,
            top,
            rows,
            left,
            width,
        });
        self.name("text")
    }

    fn raster(&mut self, rest: &mut Reader<'_>) -> Result<(), String> {
        self.at_line_start()?;
        if rest.take(2)? != [b'0', 0] {
            return Err("only GS v 0 in normal size is used".to_owned());
        }
        let (row_bytes, rows) = (rest.word()?, rest.word()?);
        if row_bytes == 0 || rows == 0 || rows > 2303 {
            return Err(format!("a raster of {row_bytes} bytes by {rows} rows"));
        }
        let left = self.left(row_bytes * 8)?;
        for _ in 0..rows {
            let mut row = vec![false; self.width];
            for (column, byte) in rest.take(row_bytes)?.iter().enumerate() {
                for bit in 0..8 {
                    row[left + column * 8 + bit] = byte & (0x80 >> bit) != 0;
                }
            }
            self.strip.rows.push(row);
        }
        self.name("GS v 0")
    }

    fn function(&mut self, rest: &mut Reader<'_>) -> Result<(), String> {
        self.at_line_start()?;
        if rest.byte()? != b'k' {
            return Err("of GS ( only GS ( k is used".to_owned());
        }
        let count = rest.word()?;
        match rest.take(count)? {
            [49, 65, model, 0] => self.model = *model,
            [49, 67, module @ 1..=16] => self.module = usize::from(*module),
            [49, 69, level @ 48..=51] => self.level = *level,
            [49, 80, 48, content @ ..] => self.stored = content.to_vec(),
            [49, 81, 48] => self.draw_code()?,
            other => return Err(format!("GS ( k {other:?}")),
        }
        self.name("GS ( k")
    }

    fn draw_code(&mut self) -> Result<(), String> {
        let content =
            String::from_utf8(std::mem::take(&mut self.stored)).map_err(|e| e.to_string())?;
        if self.level != b'1' || self.model != b'2' {
            return Err("a QR code of another level or model".to_owned());
        }
        let code = QrCode::with_error_correction_level(&content, EcLevel::M)
            .map_err(|error| error.to_string())?;
        let (modules, size) = (code.width(), self.module);
        let (left, top) = (self.left(modules * size)?, self.strip.rows.len());
        self.white(modules * size);
        for (index, color) in code.to_colors().into_iter().enumerate() {
            let (x, y) = (left + index % modules * size, top + index / modules * size);
            for row in &mut self.strip.rows[y..y + size] {
                row[x..x + size].fill(color == Color::Dark);
            }
        }
        self.strip.codes.push((content, size));
        Ok(())
    }

    fn cut(&mut self, rest: &mut Reader<'_>) -> Result<(), String> {
        self.at_line_start()?;
        match rest.byte()? {
            0 | 1 => self.strip.cut_here = true,
            65 | 66 => {
                rest.byte()?;
            }
            how => return Err(format!("GS V {how} is no cut")),
        }
        self.name("GS V")?;
        self.strips.push(std::mem::take(&mut self.strip));
        Ok(())
    }
}
