//! A composed sheet as ESC/POS bytes.
//!
//! Pure: the same sheet gives the same bytes; golden files in `tests/golden/slips` hold some.
//! The commands come from the `escpos` crate, written to memory. Its text and image functions are
//! not used: its text passes control characters on, and dots are only a header away.

mod line;
mod ram;
mod recovery;
mod words;

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use escpos::driver::Driver;
use escpos::errors::Result;
use escpos::printer::Printer;
use escpos::utils::{JustifyMode, Protocol, QRCodeCorrectionLevel, QRCodeModel, QRCodeOption};

use crate::bands::{Place, Rules, bands};
use crate::profile::Profile;
use crate::sheet::{Sheet, Step};
use crate::store::{self, Store};
use line::Sent;
use ram::{DEFINITION_BYTES, GRAPHIC_BYTES_MAX};
pub(crate) use ram::{LIST_GRAPHICS, forget_graphics};
pub(crate) use recovery::{HEAD_ZEROS, Recovery};

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

/// Dots in one command, about what a line of 9600 baud carries in a second. Between two commands
/// the printer can be asked whether it is still there, and a command that is torn costs no more.
const COMMAND_BYTES_MAX: usize = 960;
/// GS v 0 and, where the printer has one, its margin.
const RASTER_BYTES: usize = 8;
const MARGIN_BYTES: usize = 4;

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
        sheet,
        printer,
        memory: memory.clone(),
        borders: Vec::new(),
        centred: None,
        margin: None,
        store,
    };
    let written = writer.write();
    written.expect("memory takes every byte, and sizes are in range");
    Stream {
        borders: writer.borders,
        bytes: memory.0.take(),
    }
}

/// A stream under way.
struct Writer<'a> {
    sheet: &'a Sheet,
    printer: Printer<Memory>,
    memory: Memory,
    borders: Vec<usize>,
    /// What `ESC a` and `GS L` were last set to.
    centred: Option<bool>,
    margin: Option<usize>,
    store: Option<&'a mut Store>,
}

impl Writer<'_> {
    fn write(&mut self) -> Result<()> {
        match &mut self.store {
            // Initialising would drop the graphics.
            Some(store) => store.begin(),
            None => {
                self.printer.init()?;
            }
        }
        let sheet = self.sheet;
        start(&sheet.profile, &mut self.printer)?;
        self.border()?;
        for step in &sheet.steps {
            match step {
                Step::Rows(rows) => self.rows(rows.clone())?,
                Step::Number {
                    text,
                    magnify: (across, down),
                } => {
                    self.place(Place::Centre)?;
                    self.printer.smoothing(true)?.size(*across, *down)?;
                    // The layout lets only letters, digits and '-' come here.
                    self.printer
                        .custom(text.as_bytes())?
                        .custom(&[LINE_FEED])?
                        .reset_size()?;
                }
                Step::Qr { content, module } => {
                    self.place(Place::Centre)?;
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

    fn place(&mut self, place: Place) -> Result<()> {
        let (centred, left) = match place {
            Place::Centre => (true, 0),
            Place::Left(left) => (false, left),
        };
        if self.centred != Some(centred) {
            self.printer.justify(match centred {
                true => JustifyMode::CENTER,
                false => JustifyMode::LEFT,
            })?;
            self.centred = Some(centred);
        }
        if self.sheet.profile.left_margin && self.margin != Some(left) {
            let [low, high] = (left as u16).to_le_bytes();
            self.printer.custom(&[0x1d, b'L', low, high])?;
            self.margin = Some(left);
        }
        Ok(())
    }

    fn rules(&self) -> Rules {
        let profile = &self.sheet.profile;
        let margin = if profile.left_margin { MARGIN_BYTES } else { 0 };
        Rules {
            head_bytes: RASTER_BYTES + margin,
            bytes_max: COMMAND_BYTES_MAX,
            rows_max: profile.band_rows_max.into(),
            margin: profile.left_margin,
            double: profile.double_size,
            whole_lines: false,
        }
    }

    /// Rows of the sheet, white ones included.
    fn rows(&mut self, rows: Range<usize>) -> Result<()> {
        let rules = self.rules();
        if self.store.is_none() {
            return self.rasters(rows, &rules);
        }
        let lines = Rules {
            head_bytes: DEFINITION_BYTES + store::OVERHEAD_BYTES,
            bytes_max: GRAPHIC_BYTES_MAX,
            rows_max: usize::MAX,
            whole_lines: true,
            ..rules
        };
        let mut y = rows.start;
        for line in bands(&self.sheet.canvas, rows.clone(), &lines) {
            feed(line.rows.start - y, &mut self.printer)?;
            y = line.rows.end;
            // A white row below keeps a page's last dots off its edge.
            let below = y < rows.end;
            match self.line(&line, below)? {
                Sent::Printed => {}
                Sent::Page => y += usize::from(below),
                Sent::Not => self.rasters(line.rows, &rules)?,
            }
            self.border()?;
        }
        feed(rows.end - y, &mut self.printer)
    }

    /// As dots.
    fn rasters(&mut self, rows: Range<usize>, rules: &Rules) -> Result<()> {
        let mut y = rows.start;
        for band in bands(&self.sheet.canvas, rows.clone(), rules) {
            feed(band.rows.start - y, &mut self.printer)?;
            y = band.rows.end;
            self.place(band.place)?;
            // GS v 0 m xL xH yL yH and the dots.
            let scale = u8::from(band.scale.wide) | u8::from(band.scale.high) << 1;
            let [x_low, x_high] = (band.graphic.row_bytes() as u16).to_le_bytes();
            let [y_low, y_high] = (band.graphic.rows() as u16).to_le_bytes();
            let mut command = vec![0x1d, b'v', b'0', scale, x_low, x_high, y_low, y_high];
            command.extend_from_slice(&band.graphic.dots);
            self.printer.custom(&command)?;
            self.border()?;
        }
        feed(rows.end - y, &mut self.printer)
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphic::is_real_time;
    use crate::slip::{Slip, Weight};
    use crate::type_case::tests::FACES;
    use simulator::{Model, Printer as Simulator};

    fn ticket(n: usize) -> Slip {
        let services = ["Hộ tịch", "Đất đai", "Tư pháp", "Chứng thực", "Xây dựng"];
        Slip::new()
            .centred("UBND PHƯỜNG MẪU", 28, Weight::Bold)
            .rule()
            .centred(services[n % 5], 34, Weight::Bold)
            .left(
                format!("Còn {} người, chờ {}–{} phút", n % 13, n, 2 * n),
                24,
                Weight::Regular,
            )
            .mark("Ưu tiên")
            .qr("7KQ2MZ4V9X3B", None)
    }

    #[test]
    fn a_printer_with_little_memory_prints_the_same_dots() {
        // None to speak of, enough for a line, for some words, for all.
        for bytes in [100, 1_200, 3_000, 12_000] {
            let profile = Profile {
                ram_graphics_bytes: bytes,
                ..Profile::named("tm-t20ii").unwrap()
            };
            let mut store = Store::empty(bytes);
            let sheets: Vec<Sheet> = (1..40)
                .map(|n| Sheet::compose(&ticket(n), &profile, &FACES).unwrap())
                .collect();
            let mut all = forget_graphics();
            for sheet in &sheets {
                all.extend(stream(sheet, Some(&mut store)).bytes);
            }
            let commands = all.windows(2).filter(|two| is_real_time(two[0], two[1]));
            assert_eq!(commands.count(), 0, "{bytes}: a command in real time");
            let model = Model {
                graphics: Some(bytes),
                ..Model::epson()
            };
            let cuts = Simulator::print(model, &all).unwrap();
            for (n, (cut, sheet)) in cuts.iter().zip(&sheets).enumerate() {
                let picture = sheet.picture();
                assert_eq!(cut.rows.len(), picture.rows(), "{bytes}: {n}");
                for (y, row) in cut.rows.iter().enumerate() {
                    for (x, black) in row.iter().enumerate() {
                        assert_eq!(*black, picture.is_black(x, y), "{bytes}: {n}: {x}, {y}");
                    }
                }
            }
            let paged = cuts.iter().filter(|cut| cut.commands.contains(&"ESC L"));
            assert!(paged.count() > 20 || bytes < 3_000, "{bytes}");
        }
    }
}
