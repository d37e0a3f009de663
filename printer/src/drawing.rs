//! Pictures from outside, such as an office's logo: read once, printed in one bit.

use std::io::Cursor;
use std::sync::Arc;

use thiserror::Error;

use crate::picture::Picture;
use crate::profile::Profile;

/// No picture on a slip is higher: it is there to be recognised, and costs paper on every ticket.
pub const DRAWING_MM_MAX: f32 = 25.0;
/// More pixels than any print head has dots for, and few enough for a small machine.
const SIDE_MAX: u32 = 2_000;
/// A file of more bytes is no logo.
pub const DRAWING_BYTES_MAX: usize = 2 << 20;
/// Below this luma a pixel of a flat picture is ink: a signal red or a deep blue is, a yellow is not.
const INK_BELOW: i16 = 160;
/// Where dithering parts black from white.
const MIDDLE: i16 = 128;
/// A picture most of which has one of so few shades is flat, like most logos: it is printed with
/// sharp edges. A photograph has more and is dithered, for a threshold would make blots of it.
const FLAT_SHADES: usize = 4;

/// A grey picture. It is scaled down to the paper, never up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawing {
    width: usize,
    height: usize,
    /// 0 is black. Shared: a slip with it is cheap to copy.
    luma: Arc<[u8]>,
}

/// A file that is no picture for a slip.
#[derive(Debug, Error)]
pub enum DrawingError {
    /// Larger than any logo needs.
    #[error("the picture is too large: at most {SIDE_MAX} pixels each way and 2 MB")]
    TooLarge,
    /// Not a PNG file, or a damaged one.
    #[error("this is no PNG picture that can be read: {0}")]
    Png(#[from] png::DecodingError),
}

impl Drawing {
    /// Reads a PNG file; what is transparent is paper.
    pub fn from_png(file: &[u8]) -> Result<Self, DrawingError> {
        if file.len() > DRAWING_BYTES_MAX {
            return Err(DrawingError::TooLarge);
        }
        let mut decoder = png::Decoder::new(Cursor::new(file));
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        let mut reader = decoder.read_info()?;
        let (width, height) = reader.info().size();
        if width > SIDE_MAX || height > SIDE_MAX {
            return Err(DrawingError::TooLarge);
        }
        let bytes = reader.output_buffer_size().ok_or(DrawingError::TooLarge)?;
        let mut pixels = vec![0; bytes];
        let frame = reader.next_frame(&mut pixels)?;
        let samples = frame.color_type.samples();
        let luma = pixels[..frame.buffer_size()].chunks_exact(samples);
        Ok(Self {
            width: width as usize,
            height: height as usize,
            luma: luma.map(luma_on_paper).collect(),
        })
    }

    /// The picture in dots of a printer, so high or as high as the paper's width allows.
    pub(crate) fn dots(&self, profile: &Profile, height: u16) -> Dots {
        let most = profile.dots_in(DRAWING_MM_MAX) as usize;
        let rows = profile.scaled(height).min(most).min(self.height);
        let width = (self.width * rows / self.height.max(1)).min(profile.width());
        let rows = (self.height * width / self.width.max(1)).min(rows);
        let mut luma: Vec<i16> = (0..width * rows)
            .map(|at| i16::from(self.mean(at % width, at / width, width, rows)))
            .collect();
        if !self.is_flat() {
            dither(&mut luma, width);
        }
        Dots {
            width,
            rows,
            black: luma.iter().map(|luma| *luma < INK_BELOW).collect(),
        }
    }

    fn is_flat(&self) -> bool {
        let mut shades = [0; 256];
        for luma in self.luma.iter() {
            shades[usize::from(*luma)] += 1;
        }
        shades.sort_unstable();
        let most: usize = shades.iter().rev().take(FLAT_SHADES).sum();
        most * 4 >= self.luma.len() * 3
    }

    /// The mean of the pixels that fall on one dot.
    fn mean(&self, x: usize, y: usize, width: usize, rows: usize) -> u8 {
        let span = |at: usize, of: usize, all: usize| {
            let from = at * all / of;
            from..((at + 1) * all / of).max(from + 1)
        };
        let (mut sum, mut count) = (0_usize, 0);
        for row in span(y, rows, self.height) {
            for column in span(x, width, self.width) {
                sum += usize::from(self.luma[row * self.width + column]);
                count += 1;
            }
        }
        (sum / count) as u8
    }
}

/// Luma of a pixel of 1 to 4 samples over white paper.
fn luma_on_paper(pixel: &[u8]) -> u8 {
    let (luma, alpha) = match *pixel {
        [grey] => (u32::from(grey), 255),
        [grey, alpha] => (u32::from(grey), u32::from(alpha)),
        [r, g, b, ref rest @ ..] => {
            // Rec. 601, as every photo viewer greys a picture.
            let luma = (299 * u32::from(r) + 587 * u32::from(g) + 114 * u32::from(b)) / 1_000;
            (luma, rest.first().map_or(255, |alpha| u32::from(*alpha)))
        }
        [] => (255, 255),
    };
    ((luma * alpha + 255 * (255 - alpha)) / 255) as u8
}

/// Floyd and Steinberg: what a dot is too dark or too light its neighbours make up for.
fn dither(luma: &mut [i16], width: usize) {
    for at in 0..luma.len() {
        let wanted = luma[at];
        let printed = if wanted < MIDDLE { 0 } else { 255 };
        luma[at] = printed;
        let off = wanted - printed;
        let column = at % width;
        let neighbours = [
            (1, 7, column + 1 < width),
            (width - 1, 3, column > 0),
            (width, 5, true),
            (width + 1, 1, column + 1 < width),
        ];
        for (step, part, inside) in neighbours {
            if let (true, Some(next)) = (inside, luma.get_mut(at + step)) {
                *next += off * part / 16;
            }
        }
    }
}

/// A picture in dots of one printer.
pub(crate) struct Dots {
    pub(crate) width: usize,
    pub(crate) rows: usize,
    black: Vec<bool>,
}

impl Dots {
    pub(crate) fn ink(&self, left: usize, top: usize, picture: &mut Picture) {
        for (at, _) in self.black.iter().enumerate().filter(|(_, black)| **black) {
            picture.set(left + at % self.width, top + at / self.width, true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A PNG file of one grey sample a pixel.
    fn grey(width: u32, height: u32, luma: impl Fn(u32, u32) -> u8) -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, width, height);
        encoder.set_color(png::ColorType::Grayscale);
        let pixels: Vec<u8> = (0..width * height)
            .map(|at| luma(at % width, at / width))
            .collect();
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&pixels).unwrap();
        drop(writer);
        file
    }

    fn dots(file: &[u8], profile: &str, height: u16) -> Dots {
        let profile = Profile::named(profile).unwrap();
        Drawing::from_png(file).unwrap().dots(&profile, height)
    }

    #[test]
    fn a_logo_is_scaled_to_its_height_and_never_wider_than_the_paper() {
        let square = grey(400, 400, |_, _| 0);
        assert_eq!(dots(&square, "generic-80", 96).width, 96);
        assert_eq!(dots(&square, "epson-180", 96).rows, 85, "the same length");
        assert_eq!(dots(&square, "generic-80", 4_000).rows, 199, "25 mm");
        let broad = dots(&grey(2_000, 100, |_, _| 0), "generic-58", 96);
        assert_eq!((broad.width, broad.rows), (384, 19));
        let small = dots(&grey(16, 16, |_, _| 0), "generic-80", 96);
        assert_eq!((small.width, small.rows), (16, 16), "never larger");
    }

    #[test]
    fn a_flat_logo_stays_sharp_and_a_photograph_as_dark_as_it_was() {
        let halves = |x: u32, _| if x < 50 { 80 } else { 240 };
        let sharp = dots(&grey(100, 100, halves), "generic-80", 100);
        assert_eq!(sharp.black.iter().filter(|black| **black).count(), 5_000);
        // From black to a light grey: 99 of 255 are light on the whole.
        let photograph = dots(&grey(100, 100, |x, _| 2 * x as u8), "generic-80", 100);
        let black = photograph.black.iter().filter(|black| **black).count();
        assert!((5_900..6_300).contains(&black), "{black}");
    }

    #[test]
    fn what_is_no_picture_is_refused_with_a_reason() {
        let refused = |file: &[u8]| Drawing::from_png(file).unwrap_err().to_string();
        assert!(refused(b"GIF89a").starts_with("this is no PNG picture"));
        let torn = &grey(100, 100, |x, y| (x * y) as u8)[..200];
        assert!(refused(torn).starts_with("this is no PNG picture"));
        assert!(refused(&grey(2_001, 1, |_, _| 0)).starts_with("the picture is too large"));
        assert!(refused(&vec![0; DRAWING_BYTES_MAX + 1]).starts_with("the picture is too large"));
    }
}
