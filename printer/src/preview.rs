//! The printer of a desktop: each slip as a picture and as its bytes, in a folder.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tracing::warn;

use crate::print::PREVIEWS_MAX;

/// What a power cut may leave in the middle of writing goes with the oldest slips too.
const UNFINISHED: &str = "tmp";
const KINDS: [&str; 3] = ["png", "bin", UNFINISHED];

/// A folder of slips.
pub(crate) struct Preview {
    folder: PathBuf,
}

impl Preview {
    pub(crate) fn into_folder(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
        }
    }

    /// Keeps a slip as `NAME.png` and `NAME.bin`, each whole or not at all, and lets the oldest
    /// slips go. The picture comes last: whoever waits for it finds both.
    pub(crate) fn keep(&self, name: &str, picture: &[u8], bytes: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        self.write(name, "bin", bytes)?;
        self.write(name, "png", picture)?;
        if let Err(error) = self.forget_oldest() {
            let folder = self.folder.display();
            warn!(%folder, %error, "Old slips of the preview could not be removed, kept them");
        }
        Ok(())
    }

    fn write(&self, name: &str, kind: &str, content: &[u8]) -> io::Result<()> {
        let slip = self.folder.join(name);
        let unfinished = slip.with_extension(UNFINISHED);
        File::create(&unfinished)?.write_all(content)?;
        fs::rename(unfinished, slip.with_extension(kind))
    }

    fn forget_oldest(&self) -> io::Result<()> {
        let mut slips: HashMap<PathBuf, SystemTime> = HashMap::new();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if !KINDS
                .iter()
                .any(|kind| path.extension() == Some(OsStr::new(kind)))
            {
                continue;
            }
            // Another printer of this folder may have let it go by now.
            let Ok(changed) = fs::metadata(&path).and_then(|file| file.modified()) else {
                continue;
            };
            let newest = slips.entry(path.with_extension("")).or_insert(changed);
            *newest = changed.max(*newest);
        }
        let mut slips: Vec<_> = slips.into_iter().collect();
        // By name where the clock did not move between two slips.
        slips.sort_by(|(a, changed_a), (b, changed_b)| (changed_b, b).cmp(&(changed_a, a)));
        for (slip, _) in slips.into_iter().skip(PREVIEWS_MAX) {
            for kind in KINDS {
                match fs::remove_file(slip.with_extension(kind)) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                    _ => {}
                }
            }
        }
        Ok(())
    }
}
