//! Whether a slip fits, line by line, before anybody relies on it.

use super::layout::{Layout, MARK_AIR, MARK_SIZE, style};
use crate::profile::Profile;
use crate::slip::{Line, Misfit, SLIP_MM_MAX, Slip, SlipError, Weight};
use crate::type_case::{Faces, TypeCase};

/// The length of paper a slip takes, or the first line that does not fit.
pub(crate) fn measure(slip: &Slip, profile: &Profile, faces: &Faces) -> Result<f32, Misfit> {
    let type_case = TypeCase::open(faces).map_err(|why| Misfit { line: 0, why })?;
    let mut layout = Layout::default();
    for (line, what) in slip.lines.iter().enumerate() {
        let at = |why| Misfit { line, why };
        if let Some(word) = too_wide(what, profile, &type_case) {
            return Err(at(SlipError::Word { word }));
        }
        layout.add(what, profile, &type_case).map_err(at)?;
        let mm = profile.paper_mm(layout.rows);
        if mm > SLIP_MM_MAX {
            return Err(at(SlipError::TooLong { mm }));
        }
    }
    Ok(profile.paper_mm(layout.rows))
}

/// A word of this line that the paper cannot take in one row.
fn too_wide(line: &Line, profile: &Profile, type_case: &TypeCase) -> Option<String> {
    let (text, style, width) = match line {
        Line::Text {
            text, size, weight, ..
        } => (text, style(*weight, *size, profile), profile.width()),
        Line::Mark(text) => {
            let beside = 2 * profile.scaled(MARK_AIR.0);
            let style = style(Weight::Bold, MARK_SIZE, profile);
            (text, style, profile.width() - beside)
        }
        _ => return None,
    };
    let mut words = text.split_whitespace();
    let wider = |word: &&str| type_case.set(word, style).width > width;
    words.find(wider).map(str::to_owned)
}
