//! What of a data folder goes along, and where it belongs on the spare.

use std::path::{Component, Path, PathBuf};

use crate::vault;

/// Files and folders of the data folder that go along beside the records. Whoever adds a file to
/// the data folder decides here, or in the list of what stays in the story of the spare machine.
///
/// What stays: sessions and lock-outs (people sign in anew), one-time links, the ledger (made from
/// the journal), what is known about dossiers (imported again), pictures of slips, what printers were found to do, and this machine's own
/// screens, whose tokens are made anew.
pub const CARRIED: &[&str] = &[
    vault::FOLDER,
    // What was recorded; what a speech program made can be made anew.
    "voice/own/vi",
    "voice/own/en",
    "people",
    "tokens",
    "tls",
    "access.log",
    "access.1.log",
    "refused.log",
    "refused.1.log",
];

/// What the configuration is called in a copy, whatever it was called on its machine.
const CONFIG: &str = "kiosk.toml";
const CONFIG_FOLDER: &str = "config";

/// Where a small file belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the data folder.
    Data(PathBuf),
    /// The configuration itself.
    Config,
    /// Beside the configuration.
    BesideConfig(PathBuf),
}

/// A configuration and the files that it names: what a spare needs of them.
#[derive(Clone, Debug, Default)]
pub struct Named {
    /// The configuration.
    pub config: PathBuf,
    /// What it names, wherever that is.
    pub files: Vec<PathBuf>,
}

impl Place {
    /// The name in a copy.
    pub fn name(&self) -> PathBuf {
        let config = Path::new(CONFIG_FOLDER);
        match self {
            Self::Data(path) => path.clone(),
            Self::Config => config.join(CONFIG),
            Self::BesideConfig(path) => config.join(path),
        }
    }

    /// Where a name of a copy belongs; none for a name that no copy of ours has. Nobody's archive
    /// shall write outside the two folders.
    pub fn of(name: &Path) -> Option<Self> {
        let plain = |path: &Path| {
            let mut parts = path.components();
            parts.next().is_some() && path.components().all(|c| matches!(c, Component::Normal(_)))
        };
        if !plain(name) {
            return None;
        }
        if let Ok(beside) = name.strip_prefix(CONFIG_FOLDER) {
            return match beside == Path::new(CONFIG) {
                true => Some(Self::Config),
                false => plain(beside).then(|| Self::BesideConfig(beside.to_owned())),
            };
        }
        let known = CARRIED.iter().any(|carried| name.starts_with(carried));
        known.then(|| Self::Data(name.to_owned()))
    }

    /// The day whose key it is.
    pub fn key_of(&self) -> Option<u64> {
        match self {
            Self::Data(path) => match path.strip_prefix(vault::FOLDER) {
                Ok(key) => vault::day_of(key.as_os_str()),
                Err(_) => None,
            },
            _ => None,
        }
    }
}

impl Named {
    /// Each file with its place. One that lies elsewhere than below the configuration's folder
    /// has no place on another machine: whoever put it there puts it there again.
    pub fn places(&self) -> impl Iterator<Item = (Place, &Path)> {
        let folder = self.config.parent().unwrap_or(Path::new(""));
        let beside = self.files.iter().filter_map(move |file| {
            let place = Place::BesideConfig(file.strip_prefix(folder).ok()?.to_owned());
            (Place::of(&place.name()) == Some(place.clone())).then_some((place, file.as_path()))
        });
        std::iter::once((Place::Config, self.config.as_path())).chain(beside)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_copy_names_only_what_belongs_to_a_spare() {
        for (name, place) in [
            ("people", Place::Data("people".into())),
            ("keys/3.key", Place::Data("keys/3.key".into())),
            ("tls/authority.pem", Place::Data("tls/authority.pem".into())),
            (
                "voice/own/vi/5.wav",
                Place::Data("voice/own/vi/5.wav".into()),
            ),
            ("config/kiosk.toml", Place::Config),
            (
                "config/intake.token",
                Place::BesideConfig("intake.token".into()),
            ),
        ] {
            assert_eq!(Place::of(Path::new(name)), Some(place.clone()), "{name}");
            assert_eq!(place.name(), Path::new(name));
        }
        for foreign in [
            "",
            "/etc/passwd",
            "../people",
            "keys/../../people",
            "config/../people",
            "config",
            "config/",
            "peoples",
            "voice/made/vi/5.wav",
            "journal.sqlite",
            "./people",
        ] {
            assert_eq!(Place::of(Path::new(foreign)), None, "{foreign}");
        }
    }

    #[test]
    fn what_lies_elsewhere_than_beside_the_configuration_stays() {
        let named = Named {
            config: "/srv/kiosk/kiosk.toml".into(),
            files: ["/srv/kiosk/secrets/t", "/etc/office.pem", "/srv/kiosk/../x"]
                .map(PathBuf::from)
                .into(),
        };
        let places: Vec<_> = named.places().map(|(place, _)| place).collect();
        assert_eq!(
            places,
            [Place::Config, Place::BesideConfig("secrets/t".into())]
        );
    }
}
