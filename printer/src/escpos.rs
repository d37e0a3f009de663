//! A composed sheet as ESC/POS bytes.
//!
//! Pure: the same sheet gives the same bytes; golden files in `tests/golden/slips` hold some.
//! The commands come from the `escpos` crate, written to memory. Its text and image functions are
//! not used: its text passes control characters on, and dots are only a header away.

use std::cell::RefCell;
use std::rc::Rc;

use escpos::driver::Driver;
use escpos::errors::Result;
use escpos::printer::Printer;
use escpos::utils::{JustifyMode, Protocol, QRCodeCorrectionLevel, QRCodeModel, QRCodeOption};

use crate::profile::Profile;
use crate::sheet::{Band, Sheet, Step, is_real_time};
use crate::slip::Align;
use crate::store::{self, How, Store};

/// The most that one feed command moves.
const FEED_ROWS_MAX: usize = 255;
const LINE_FEED: u8 = b'\n';

/// Takes what a printer would be sent.
#[derive(Clone, Default)]
struct Memory(Rc<RefCell<Vec<u8>>>);

impl Driver for Memory {
    fn name(&self) -> String {
        "memory".to_owned()
    }

    fn write(&self, bytes: &[u8]) -> Result<()> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(())
    }

    fn read(&self, _buffer: &mut [u8]) -> Result<usize> {
        Ok(0)
    }

    fn flush(&self) -> Result<()> {
        Ok(())
    }
}

/// Dots in one command. Between two commands the printer can be asked whether it is still there,
/// and a command that is torn costs no more than this.
const COMMAND_BYTES_MAX: usize = 500;
/// Rows in one graphic (`GS ( L` function 83), the lowest limit of any model.
const GRAPHIC_ROWS_MAX: usize = 1_662;

/// A slip's bytes.
pub(crate) struct Stream {
    pub(crate) bytes: Vec<u8>,
    /// Where one command ends and another may be slipped in, ascending; the last is the end.
    pub(crate) borders: Vec<usize>,
}

/// Bytes for a printer of which nothing is known.
pub(crate) fn bytes(sheet: &Sheet) -> Vec<u8> {
    stream(sheet, None).bytes
}

/// The slip for this printer. `store`: what its RAM holds before, and afterwards.
pub(crate) fn stream(sheet: &Sheet, store: Option<&mut Store>) -> Stream {
    let memory = Memory::default();
    let printer = Printer::new(memory.clone(), Protocol::default(), None);
    let mut writer = Writer {
        printer,
        memory: memory.clone(),
        borders: Vec::new(),
        align: None,
        store,
    };
    let written = writer.write(sheet);
    written.expect("memory takes every byte, and sizes are in range");
    Stream {
        borders: writer.borders,
        bytes: memory.0.take(),
    }
}

/// What brings a printer back that got only a part of some bytes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recovery {
    /// Enough zeros to complete the dots it may still be waiting for; elsewhere they mean nothing.
    pub(crate) zeros: usize,
    /// Then the paper is cut, so that the torn slip does not hang on the next one.
    cut: Vec<u8>,
}

impl Recovery {
    pub(crate) fn is_empty(&self) -> bool {
        self.cut.is_empty()
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        [vec![0; self.zeros], self.cut.clone()].concat()
    }
}

/// After any part of this slip.
pub(crate) fn recovery(sheet: &Sheet) -> Recovery {
    let dots = sheet.steps.iter().map(|step| match step {
        Step::Band(band) | Step::Doubled(band) => band.dots.len(),
        Step::Feed(_) | Step::Number { .. } | Step::Qr { .. } => 0,
    });
    recovery_from(dots.max().unwrap_or(0), &sheet.profile)
}

/// After any part of any slip.
pub(crate) fn recovery_of_any(profile: &Profile) -> Recovery {
    let dots = COMMAND_BYTES_MAX.max(profile.ram_graphics_bytes);
    recovery_from(dots, profile)
}

fn recovery_from(zeros: usize, profile: &Profile) -> Recovery {
    let memory = Memory::default();
    let mut printer = Printer::new(memory.clone(), Protocol::default(), None);
    printer
        .init()
        .and_then(|printer| printer.print())
        .and_then(|printer| start(profile, printer))
        .and_then(|()| cut(profile, &mut printer))
        .expect("memory takes every byte");
    Recovery {
        zeros,
        cut: memory.0.take(),
    }
}

/// `GS ( L` function 80: which graphics the RAM holds.
pub(crate) const LIST_GRAPHICS: [u8; 9] = [0x1d, b'(', b'L', 4, 0, 48, 80, b'K', b'C'];

/// `GS ( L` function 81: forget all of them; then one dot is kept as the marker of a printer that
/// was not switched off since.
pub(crate) fn forget_graphics() -> Vec<u8> {
    let mut bytes = vec![0x1d, b'(', b'L', 5, 0, 48, 81, b'C', b'L', b'R'];
    let marker = Band {
        align: Align::Left,
        row_bytes: 1,
        dots: vec![0x80],
    };
    bytes.append(&mut definition(&marker, store::MARKER));
    bytes
}

/// A stream under way.
struct Writer<'a> {
    printer: Printer<Memory>,
    memory: Memory,
    borders: Vec<usize>,
    /// What `ESC a` was last set to.
    align: Option<Align>,
    store: Option<&'a mut Store>,
}

impl Writer<'_> {
    fn write(&mut self, sheet: &Sheet) -> Result<()> {
        match &mut self.store {
            // Initialising would drop the graphics.
            Some(store) => store.begin(),
            None => {
                self.printer.init()?;
            }
        }
        start(&sheet.profile, &mut self.printer)?;
        self.border()?;
        for step in &sheet.steps {
            match step {
                Step::Feed(rows) => feed(*rows, &mut self.printer)?,
                Step::Band(band) => self.band(band, sheet)?,
                Step::Doubled(band) => {
                    self.align(band.align)?;
                    self.raster(band, 3, &band.dots)?;
                }
                Step::Number {
                    text,
                    magnify: (across, down),
                } => {
                    self.align(Align::Centre)?;
                    self.printer.smoothing(true)?.size(*across, *down)?;
                    // The layout lets only letters, digits and '-' come here.
                    self.printer
                        .custom(text.as_bytes())?
                        .custom(&[LINE_FEED])?
                        .reset_size()?;
                }
                Step::Qr { content, module } => {
                    self.align(Align::Centre)?;
                    let level = QRCodeCorrectionLevel::M;
                    let option = QRCodeOption::new(QRCodeModel::Model2, *module, level);
                    self.printer.qrcode_option(content, option)?;
                }
            }
            self.border()?;
        }
        cut(&sheet.profile, &mut self.printer)?;
        self.border()
    }

    /// Here another command may be slipped in.
    fn border(&mut self) -> Result<()> {
        self.printer.print()?;
        self.borders.push(self.memory.0.borrow().len());
        Ok(())
    }

    fn align(&mut self, align: Align) -> Result<()> {
        if self.align != Some(align) {
            self.printer.justify(match align {
                Align::Left => JustifyMode::LEFT,
                Align::Centre => JustifyMode::CENTER,
            })?;
            self.align = Some(align);
        }
        Ok(())
    }

    /// By its key where the printer has it, else in pieces that are not too long.
    fn band(&mut self, band: &Band, sheet: &Sheet) -> Result<()> {
        self.align(band.align)?;
        if let Some(store) = &mut self.store
            && can_be_graphic(band)
        {
            let (key, new) = match store.how(band) {
                How::Kept(key) => (Some(key), None),
                How::Keep(key, forgotten) => (Some(key), Some(forgotten)),
                How::Dots => (None, None),
            };
            if let Some([a, b]) = key {
                for [a, b] in new.iter().flatten() {
                    let forget = [0x1d, b'(', b'L', 4, 0, 48, 82, *a, *b];
                    self.printer.custom(&forget)?;
                }
                if new.is_some() {
                    self.printer.custom(&definition(band, [a, b]))?;
                    self.border()?;
                }
                let print = [0x1d, b'(', b'L', 6, 0, 48, 85, a, b, 1, 1];
                self.printer.custom(&print)?;
                return Ok(());
            }
        }
        let rows = (COMMAND_BYTES_MAX / band.row_bytes).min(sheet.profile.band_rows_max.into());
        for piece in band.dots.chunks(rows.max(1) * band.row_bytes) {
            self.raster(band, 0, piece)?;
            self.border()?;
        }
        Ok(())
    }

    /// GS v 0 m xL xH yL yH and the dots.
    fn raster(&mut self, band: &Band, scale: u8, dots: &[u8]) -> Result<()> {
        let [x_low, x_high] = (band.row_bytes as u16).to_le_bytes();
        let [y_low, y_high] = ((dots.len() / band.row_bytes) as u16).to_le_bytes();
        let mut command = vec![0x1d, b'v', b'0', scale, x_low, x_high, y_low, y_high];
        command.extend_from_slice(dots);
        self.printer.custom(&command)?;
        Ok(())
    }
}

/// GS ( L function 83: keep a graphic in RAM, as a raster.
fn definition(band: &Band, [a, b]: [u8; 2]) -> Vec<u8> {
    let [x_low, x_high] = (band.row_bytes as u16 * 8).to_le_bytes();
    let [y_low, y_high] = (band.rows() as u16).to_le_bytes();
    let [low, high] = definition_length(band).to_le_bytes();
    let mut command = vec![0x1d, b'(', b'L', low, high, 48, 83, 48, a, b, 1];
    command.extend([x_low, x_high, y_low, y_high, 49]);
    command.extend_from_slice(&band.dots);
    command
}

/// The bytes behind its length.
fn definition_length(band: &Band) -> u16 {
    (band.dots.len() + 11) as u16
}

/// Within every limit, and its length is no real-time command.
fn can_be_graphic(band: &Band) -> bool {
    let [low, high] = definition_length(band).to_le_bytes();
    band.rows() <= GRAPHIC_ROWS_MAX
        && band.dots.len() + 11 <= usize::from(u16::MAX)
        && !is_real_time(low, high)
}

/// One motion unit becomes one dot: Epson's own default moves the paper by half dots. With a line
/// spacing of 0 a line of text moves it by the letters' height and no more.
fn start(profile: &Profile, printer: &mut Printer<Memory>) -> Result<()> {
    let dpi = profile.dpi;
    printer.motion_units(dpi, dpi)?.line_spacing(0)?.print()?;
    Ok(())
}

fn cut(profile: &Profile, printer: &mut Printer<Memory>) -> Result<()> {
    if profile.cut_feeds {
        printer.print_cut()?;
    } else {
        feed(usize::from(profile.cutter_rows), printer)?;
        // GS V 1, cut here: nothing happens on a printer with a tear bar.
        printer.custom(&[0x1d, b'V', 1])?.print()?;
    }
    Ok(())
}

/// ESC J n.
fn feed(mut rows: usize, printer: &mut Printer<Memory>) -> Result<()> {
    while rows > 0 {
        let now = rows.min(FEED_ROWS_MAX);
        printer.custom(&[0x1b, b'J', now as u8])?;
        rows -= now;
    }
    Ok(())
}
