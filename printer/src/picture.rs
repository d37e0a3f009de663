//! A one-bit picture: what the print head burns.

use crate::profile::Profile;

/// Black dots on white paper, in the layout that printers take: rows from the top, 8 dots a byte,
/// the leftmost dot in the highest bit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    width: usize,
    rows: usize,
    dpi: u8,
    bits: Vec<u8>,
}

impl Picture {
    pub(crate) fn white(profile: &Profile, rows: usize) -> Self {
        let width = profile.width();
        let bits = vec![0; width / 8 * rows];
        Self {
            width,
            rows,
            dpi: profile.dpi,
            bits,
        }
    }

    /// Dots across.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows from top to bottom.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Whether this dot is black. Outside the picture nothing is.
    pub fn is_black(&self, x: usize, y: usize) -> bool {
        x < self.width && y < self.rows && self.row(y)[x / 8] & (0x80 >> (x % 8)) != 0
    }

    /// One row, 8 dots a byte.
    pub(crate) fn row(&self, y: usize) -> &[u8] {
        let bytes = self.width / 8;
        &self.bits[y * bytes..(y + 1) * bytes]
    }

    /// All rows, one behind the other.
    pub(crate) fn bytes_mut(&mut self) -> impl Iterator<Item = &mut u8> {
        self.bits.iter_mut()
    }

    /// Makes one dot black or white; what would fall beside the paper is left out.
    pub(crate) fn set(&mut self, x: usize, y: usize, black: bool) {
        if x >= self.width || y >= self.rows {
            return;
        }
        let (byte, bit) = (&mut self.bits[(y * self.width + x) / 8], 0x80 >> (x % 8));
        if black {
            *byte |= bit;
        } else {
            *byte &= !bit;
        }
    }

    /// Makes a rectangle black.
    pub(crate) fn fill(&mut self, left: usize, top: usize, width: usize, rows: usize) {
        for y in top..top + rows {
            for x in left..left + width {
                self.set(x, y, true);
            }
        }
    }

    /// The picture as a PNG file with the printer's resolution.
    pub fn png(&self) -> Vec<u8> {
        let mut file = Vec::new();
        let (width, rows) = (self.width as u32, self.rows.max(1) as u32);
        let mut encoder = png::Encoder::new(&mut file, width, rows);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::One);
        encoder.set_compression(png::Compression::Fast);
        let dots_per_metre = (f32::from(self.dpi) / 0.0254).round() as u32;
        encoder.set_pixel_dims(Some(png::PixelDimensions {
            xppu: dots_per_metre,
            yppu: dots_per_metre,
            unit: png::Unit::Meter,
        }));
        // In a PNG file 1 is white. A slip without any row is shown as one white row.
        let mut bits: Vec<u8> = self.bits.iter().map(|byte| !byte).collect();
        bits.resize(self.width / 8 * rows as usize, 0xff);
        encoder
            .write_header()
            .and_then(|mut writer| writer.write_image_data(&bits))
            .expect("writing to memory cannot fail, and the size is the picture's own");
        file
    }
}
