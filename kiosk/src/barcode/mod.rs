//! Barcodes as pictures for a page: Code 128 for scanners that read lines only, QR for all others.
//!
//! Drawn as one path of whole modules, so that a browser and a printer of any resolution give sharp
//! edges. The quiet zones that the standards ask for are part of the picture: whoever cuts the code
//! out cannot cut them off by mistake.

mod code128;

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

/// Modules of white on each side of a Code 128.
const LINES_QUIET: usize = 10;
/// Modules of white around a QR code.
const SQUARE_QUIET: usize = 4;

/// `text` as Code 128, as wide as it is drawn and a hundred high; `None` if it has a sign that is no
/// printable ASCII.
pub fn lines(text: &str) -> Option<String> {
    let widths = code128::widths(text)?;
    let mut path = String::new();
    let mut x = LINES_QUIET;
    for (place, width) in widths.iter().enumerate() {
        if place % 2 == 0 {
            // Writing to a string does not fail, here and below.
            let _ = write!(path, "M{x} 0h{width}v100h-{width}z");
        }
        x += usize::from(*width);
    }
    let wide = x + LINES_QUIET;
    Some(format!(
        "<svg class=\"lines\" viewBox=\"0 0 {wide} 100\" preserveAspectRatio=\"none\" shape-rendering=\"crispEdges\" aria-hidden=\"true\"><path d=\"{path}\"/></svg>"
    ))
}

/// `text` as a QR code; `None` if it is too long for one.
pub fn square(text: &str) -> Option<String> {
    // Laminated and carried about: a quarter of it may be scratched.
    let code = QrCode::with_error_correction_level(text, EcLevel::Q).ok()?;
    let (modules, colors) = (code.width(), code.to_colors());
    let mut path = String::new();
    for (place, color) in colors.iter().enumerate() {
        if *color == Color::Dark {
            let (x, y) = (
                place % modules + SQUARE_QUIET,
                place / modules + SQUARE_QUIET,
            );
            let _ = write!(path, "M{x} {y}h1v1h-1z");
        }
    }
    let side = modules + 2 * SQUARE_QUIET;
    Some(format!(
        "<svg class=\"square\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\" aria-hidden=\"true\"><path d=\"{path}\"/></svg>"
    ))
}
