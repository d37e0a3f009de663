//! A QR code: its modules and their size.

use std::rc::Rc;

use qrcode::{Color, EcLevel, QrCode};

use crate::picture::Picture;
use crate::profile::Profile;
use crate::slip::{QR_BYTES_MAX, SlipError};

/// A QR code grows up to this width; a phone reads it from a hand's breadth.
const QR_MM: f32 = 20.0;
/// Modules of 0.5 mm still read when the head is worn; beyond 1 mm nothing is gained.
const QR_MODULE_MM: (f32, f32) = (0.5, 1.0);
/// White that the standard asks for around a QR code, in modules; above and below one less, because
/// every neighbour brings at least that much white of its own.
pub(super) const QR_QUIET: usize = 4;
pub(super) const QR_QUIET_ABOVE: usize = 3;

/// The modules of a QR code and their size in dots.
#[derive(Clone)]
pub(crate) struct Code {
    grid: Rc<QrCode>,
    pub(crate) module: usize,
}

impl Code {
    pub(super) fn side(&self) -> usize {
        self.grid.width() * self.module
    }

    pub(super) fn ink(&self, left: usize, top: usize, picture: &mut Picture) {
        let modules = self.grid.width();
        for (index, color) in self.grid.to_colors().iter().enumerate() {
            if *color == Color::Dark {
                let (column, row) = (index % modules, index / modules);
                let (left, top) = (left + column * self.module, top + row * self.module);
                picture.fill(left, top, self.module, self.module);
            }
        }
    }
}

/// The code for this content, as large as it is useful.
/// `even`: with modules that can be halved.
pub(super) fn code(content: &str, profile: &Profile, even: bool) -> Result<Code, SlipError> {
    let refused = SlipError::Qr {
        bytes: content.len(),
    };
    if content.is_empty() || content.len() > QR_BYTES_MAX {
        return Err(refused);
    }
    let grid = QrCode::with_error_correction_level(content, EcLevel::M);
    let grid = Rc::new(grid.map_err(|_| refused.clone())?);
    let (least, most) = QR_MODULE_MM;
    let module = (profile.dots_in(QR_MM) as usize / grid.width())
        .min(profile.dots_in(most).round() as usize)
        .max(profile.dots_in(least).round() as usize);
    let module = if even {
        module.next_multiple_of(2)
    } else {
        module
    };
    let code = Code { grid, module };
    if code.side() + 2 * QR_QUIET * module > profile.width() {
        return Err(refused);
    }
    Ok(code)
}
