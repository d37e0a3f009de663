//! The office's logo: a PNG file beside the configuration.

use std::io::Read as _;
use std::path::Path;

use printer::Drawing;

/// Reads the logo. No ticket fails because of it: without one its line is left out.
pub fn read(file: &Path) -> Result<Drawing, String> {
    let told = |why: &dyn std::fmt::Display| format!("slip.logo: {}: {why}", file.display());
    // Not more than a drawing may have, and one byte by which that shows: the path may be wrong.
    let mut bytes = Vec::new();
    let most = printer::DRAWING_BYTES_MAX as u64 + 1;
    let opened = std::fs::File::open(file).map_err(|e| told(&e))?;
    let read = opened.take(most).read_to_end(&mut bytes);
    read.map_err(|e| told(&e))?;
    Drawing::from_png(&bytes).map_err(|e| told(&e))
}
