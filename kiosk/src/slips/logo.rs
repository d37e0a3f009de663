//! The office's logo: a PNG file beside the configuration.

use std::path::Path;

use printer::Drawing;

/// Reads the logo. No ticket fails because of it: without one its line is left out.
pub fn read(file: &Path) -> Result<Drawing, String> {
    let told = |why: &dyn std::fmt::Display| format!("slip.logo: {}: {why}", file.display());
    let bytes = std::fs::read(file).map_err(|e| told(&e))?;
    Drawing::from_png(&bytes).map_err(|e| told(&e))
}
