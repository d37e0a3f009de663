//! A QR code as pixels: square modules of whole pixels, so that a telephone reads it.

use qrcode::{Color, QrCode};
use slint::{Image, Rgb8Pixel, SharedPixelBuffer};

/// White around the code, in modules, as the standard asks.
const QUIET: usize = 4;

/// The code for `text`, at most `pixels` across; `None` where it cannot be drawn.
pub(crate) fn draw(text: &str, pixels: f32) -> Option<Image> {
    if text.is_empty() {
        return None;
    }
    let code = QrCode::new(text).ok()?;
    let (modules, dots) = (code.width(), code.to_colors());
    let side = modules + 2 * QUIET;
    let dot = (pixels as usize / side).max(1);
    let mut buffer = SharedPixelBuffer::<Rgb8Pixel>::new((side * dot) as u32, (side * dot) as u32);
    for (i, pixel) in buffer.make_mut_slice().iter_mut().enumerate() {
        let (x, y) = (i % (side * dot) / dot, i / (side * dot) / dot);
        let inside = |at: usize| (QUIET..QUIET + modules).contains(&at);
        let dark =
            inside(x) && inside(y) && dots[(y - QUIET) * modules + (x - QUIET)] == Color::Dark;
        *pixel = if dark {
            Rgb8Pixel::new(0x14, 0x20, 0x2B)
        } else {
            Rgb8Pixel::new(255, 255, 255)
        };
    }
    Some(Image::from_rgb8(buffer))
}
