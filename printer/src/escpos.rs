//! A composed sheet as ESC/POS bytes.
//!
//! Pure: the same sheet gives the same bytes; golden files in `tests/golden/slips` hold some.
//! The commands come from the `escpos` crate, written to memory. Its text and image functions are
//! not used: its text passes control characters on, and dots are only a header away.

use std::cell::RefCell;

use escpos::driver::Driver;
use escpos::errors::Result;
use escpos::printer::Printer;
use escpos::utils::{JustifyMode, Protocol, QRCodeCorrectionLevel, QRCodeModel, QRCodeOption};

use crate::sheet::{Band, Sheet, Step};
use crate::slip::Align;

/// The most that one feed command moves.
const FEED_ROWS_MAX: usize = 255;
const LINE_FEED: u8 = b'\n';

/// Takes what a printer would be sent.
#[derive(Default)]
struct Memory(RefCell<Vec<u8>>);

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

/// A slip's bytes.
pub(crate) struct Stream {
    pub(crate) bytes: Vec<u8>,
    /// Where one command ends and another may be slipped in, ascending; the last is the end.
    pub(crate) borders: Vec<usize>,
}

pub(crate) fn stream(sheet: &Sheet) -> Stream {
    let bytes = bytes(sheet);
    Stream {
        borders: vec![bytes.len()],
        bytes,
    }
}

pub(crate) fn bytes(sheet: &Sheet) -> Vec<u8> {
    let memory = Memory::default();
    let mut printer = Printer::new(memory, Protocol::default(), None);
    write(sheet, &mut printer).expect("memory takes every byte, and sizes are in range");
    printer.driver().0.into_inner()
}

/// What brings a printer back that got only a part of some bytes: enough zeros to complete the
/// dots it may still be waiting for (elsewhere zeros mean nothing), then the paper is cut, so
/// that the torn slip does not hang on the next one.
pub(crate) fn recovery(sheet: &Sheet) -> Vec<u8> {
    let dots = sheet.steps.iter().map(|step| match step {
        Step::Band(band) => band.dots.len(),
        Step::Feed(_) | Step::Number { .. } | Step::Qr { .. } => 0,
    });
    let mut bytes = vec![0; dots.max().unwrap_or(0)];
    let mut printer = Printer::new(Memory::default(), Protocol::default(), None);
    start(sheet, &mut printer)
        .and_then(|()| cut(sheet, &mut printer))
        .expect("memory takes every byte");
    bytes.append(&mut printer.driver().0.into_inner());
    bytes
}

fn write(sheet: &Sheet, printer: &mut Printer<Memory>) -> Result<()> {
    start(sheet, printer)?;
    for step in &sheet.steps {
        match step {
            Step::Feed(rows) => feed(*rows, printer)?,
            Step::Band(band) => raster(band, printer)?,
            Step::Number {
                text,
                magnify: (across, down),
            } => {
                printer
                    .justify(JustifyMode::CENTER)?
                    .smoothing(true)?
                    .size(*across, *down)?;
                // The layout lets only letters, digits and '-' come here.
                printer
                    .custom(text.as_bytes())?
                    .custom(&[LINE_FEED])?
                    .reset_size()?;
            }
            Step::Qr { content, module } => {
                let level = QRCodeCorrectionLevel::M;
                let option = QRCodeOption::new(QRCodeModel::Model2, *module, level);
                printer
                    .justify(JustifyMode::CENTER)?
                    .qrcode_option(content, option)?;
            }
        }
    }
    cut(sheet, printer)
}

/// One motion unit becomes one dot: Epson's own default moves the paper by half dots. With a line
/// spacing of 0 a line of text moves it by the letters' height and no more.
fn start(sheet: &Sheet, printer: &mut Printer<Memory>) -> Result<()> {
    let dpi = sheet.profile.dpi;
    printer.init()?.motion_units(dpi, dpi)?.line_spacing(0)?;
    Ok(())
}

fn cut(sheet: &Sheet, printer: &mut Printer<Memory>) -> Result<()> {
    if sheet.profile.cut_feeds {
        printer.print_cut()?;
    } else {
        feed(usize::from(sheet.profile.cutter_rows), printer)?;
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

/// GS v 0 m xL xH yL yH and the dots.
fn raster(band: &Band, printer: &mut Printer<Memory>) -> Result<()> {
    printer.justify(match band.align {
        Align::Left => JustifyMode::LEFT,
        Align::Centre => JustifyMode::CENTER,
    })?;
    let [x_low, x_high] = (band.row_bytes as u16).to_le_bytes();
    let [y_low, y_high] = (band.rows() as u16).to_le_bytes();
    let mut command = vec![0x1d, b'v', b'0', 0, x_low, x_high, y_low, y_high];
    command.extend_from_slice(&band.dots);
    printer.custom(&command)?;
    Ok(())
}
