//! Tokens: which devices are let in, and what they may do. Only hashes are kept, in the data
//! folder, not in the journal.
//!
//! A token is a device, not a person. Each `token create` makes a new actor unless `--name`
//! names an existing one; older tokens stay valid until the device is revoked. A running daemon
//! honours a new one at once: it reads the file again when it meets a token it does not know.
//!
//! The file only grows, a line for each thing that happened, so that the command line and a
//! running daemon may both add to it; a revoked device stays revoked over a restart.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use data_encoding::{BASE32_NOPAD, HEXLOWER};
use queue::{Actor, DeviceKind, Role};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Longest name of a device, in characters.
pub const NAME_MAX: usize = 80;

/// A line of the file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Line {
    Made(Entry),
    Renamed { renamed: String, name: String },
    Revoked { revoked: String },
}

/// A token.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Entry {
    actor: String,
    /// Absent: it is only known who comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    role: Option<Right>,
    /// SHA-256 of the token; a token has 160 random bits, so nothing slower is needed.
    sha256: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kind: Option<DeviceKind>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    name: String,
    #[serde(flatten)]
    made: Made,
}

/// When a token was made and by whom; empty for one of the command line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// UTC in ms, if the time was known.
    #[serde(default, rename = "made_utc", skip_serializing_if = "Option::is_none")]
    pub utc_ms: Option<i64>,
    /// The actor who did it.
    #[serde(default, rename = "made_by", skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// Rights a token can have.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Serialize, Deserialize, clap::ValueEnum,
)]
#[serde(rename_all = "kebab-case")]
pub enum Right {
    /// A touch screen.
    Kiosk,
    /// A counter.
    Clerk,
    /// Opens and closes the day, frees a counter.
    Supervisor,
    /// Everything.
    Admin,
}

impl From<Right> for Role {
    fn from(right: Right) -> Self {
        match right {
            Right::Kiosk => Role::Kiosk,
            Right::Clerk => Role::Clerk,
            Right::Supervisor => Role::Supervisor,
            Right::Admin => Role::Admin,
        }
    }
}

impl Right {
    /// As `--role` has it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Kiosk => "kiosk",
            Self::Clerk => "clerk",
            Self::Supervisor => "supervisor",
            Self::Admin => "admin",
        }
    }
}

/// A device: one actor, with all its tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// The actor.
    pub id: String,
    /// As the office calls it; empty for none.
    pub name: String,
    /// What it was enrolled as; `None` for one whose token was made by hand.
    pub kind: Option<DeviceKind>,
    /// The most that one of its tokens may do; `None`: nothing.
    pub right: Option<Right>,
    /// Of its first token.
    pub made: Made,
}

/// Whom a token belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A device that is let in.
    Device(String),
    /// One that was.
    Revoked(String),
    /// Nobody.
    Nobody,
}

/// A secret of 160 random bits, as a token or a cookie.
pub fn fresh_secret() -> io::Result<String> {
    let mut chance = [0; 20];
    getrandom::fill(&mut chance).map_err(io::Error::other)?;
    Ok(BASE32_NOPAD.encode(&chance).to_lowercase())
}

/// The tokens of a data folder.
pub struct Tokens {
    path: PathBuf,
    known: Mutex<Known>,
}

/// What was read last, and the file's length and time then.
#[derive(Default)]
struct Known {
    file: Option<(u64, SystemTime)>,
    entries: Vec<Entry>,
    /// Hash and actor.
    revoked: Vec<(String, String)>,
}

impl Known {
    fn take(&mut self, line: Line) {
        match line {
            Line::Made(entry) => self.entries.push(entry),
            Line::Renamed { renamed, name } => {
                for entry in self.entries.iter_mut().filter(|e| e.actor == renamed) {
                    entry.name.clone_from(&name);
                }
            }
            Line::Revoked { revoked } => {
                let gone = self.entries.extract_if(.., |e| e.actor == revoked);
                self.revoked.extend(gone.map(|e| (e.sha256, e.actor)));
            }
        }
    }

    fn find(&self, hash: &str) -> Option<&Entry> {
        self.entries.iter().find(|e| e.sha256 == hash)
    }
}

/// What is kept of a token or cookie.
pub fn hash(token: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(token.as_bytes()))
}

impl Tokens {
    /// The tokens of a data folder.
    pub fn open(data: &Path) -> Self {
        Self {
            path: data.join("tokens"),
            known: Mutex::default(),
        }
    }

    /// Who acts with a token; `None` also for one that gives no right.
    pub fn actor(&self, token: &str) -> Option<Actor> {
        self.by_hash(&hash(token))
    }

    /// Who acts with a token, by its hash.
    pub fn by_hash(&self, wanted: &str) -> Option<Actor> {
        self.with_entry(wanted, |entry| {
            Some(Actor {
                id: entry.actor.clone(),
                role: entry.role?.into(),
            })
        })?
    }

    /// Whose token this is, whether or not it gives a right.
    pub fn owner(&self, token: &str) -> Owner {
        let wanted = hash(token);
        if let Some(device) = self.with_entry(&wanted, |entry| entry.actor.clone()) {
            return Owner::Device(device);
        }
        let known = self.known();
        let revoked = known.revoked.iter().find(|(hash, _)| *hash == wanted);
        revoked.map_or(Owner::Nobody, |(_, actor)| Owner::Revoked(actor.clone()))
    }

    /// Every device that is let in, in the order of their first tokens.
    pub fn devices(&self) -> Vec<Device> {
        let mut known = self.known();
        self.refresh(&mut known);
        let mut devices: Vec<Device> = Vec::new();
        for entry in &known.entries {
            match devices.iter_mut().find(|d| d.id == entry.actor) {
                // Nothing is less than any right.
                Some(device) if device.right < entry.role => device.right = entry.role,
                Some(_) => {}
                None => devices.push(Device {
                    id: entry.actor.clone(),
                    name: entry.name.clone(),
                    kind: entry.kind,
                    right: entry.role,
                    made: entry.made.clone(),
                }),
            }
        }
        devices
    }

    /// Whether a device of this id was let in once and is not any more.
    pub fn was_revoked(&self, device: &str) -> bool {
        let known = self.known();
        known.revoked.iter().any(|(_, actor)| actor == device)
    }

    /// Makes a token. Without a `name` it is a new actor.
    pub fn create(&self, role: Right, name: Option<&str>) -> io::Result<String> {
        if name.is_some_and(|name| name.starts_with(Actor::PERSON)) {
            let text = format!("a name that begins with {} is a person's", Actor::PERSON);
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        }
        let actor = match name {
            Some(name) => name.to_owned(),
            None => fresh_id(role.word())?,
        };
        let device = Device {
            id: actor,
            name: String::new(),
            kind: None,
            right: Some(role),
            made: Made::default(),
        };
        self.let_in(device)
    }

    /// Lets a device in: its token.
    pub fn let_in(&self, device: Device) -> io::Result<String> {
        let token = fresh_secret()?;
        let entry = Entry {
            actor: device.id,
            role: device.right,
            sha256: hash(&token),
            kind: device.kind,
            name: device.name,
            made: device.made,
        };
        self.add(Line::Made(entry))?;
        Ok(token)
    }

    /// Gives a device another name.
    pub fn rename(&self, device: &str, name: &str) -> io::Result<()> {
        self.add(Line::Renamed {
            renamed: device.to_owned(),
            name: name.to_owned(),
        })
    }

    /// Refuses every token of a device from now on.
    pub fn revoke(&self, device: &str) -> io::Result<()> {
        self.add(Line::Revoked {
            revoked: device.to_owned(),
        })
    }

    /// On the disk when it returns, and in force.
    fn add(&self, line: Line) -> io::Result<()> {
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .mode(0o600)
            .open(&self.path)?;
        // A line that was cut off by a power cut must not swallow this one.
        let text = format!("\n{}\n", serde_json::to_string(&line)?);
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        let mut known = self.known();
        known.file = None;
        self.refresh(&mut known);
        if known.file.is_none() {
            // It cannot be read just now; what was written counts all the same.
            known.take(line);
        }
        Ok(())
    }

    fn with_entry<T>(&self, wanted: &str, read: impl Fn(&Entry) -> T) -> Option<T> {
        let mut known = self.known();
        if let Some(entry) = known.find(wanted) {
            return Some(read(entry));
        }
        self.refresh(&mut known);
        known.find(wanted).map(read)
    }

    /// Reads the file again if it has changed. One that cannot be read changes nothing: a moment
    /// of a bad card must not put the office's screens out.
    fn refresh(&self, known: &mut Known) {
        let file = fs::metadata(&self.path);
        let changed = file.and_then(|file| Ok((file.len(), file.modified()?)));
        let Ok(changed) = changed else { return };
        if known.file != Some(changed)
            && let Ok(lines) = read(&self.path)
        {
            *known = Known {
                file: Some(changed),
                ..Known::default()
            };
            lines.into_iter().for_each(|line| known.take(line));
        }
    }

    /// A poisoned lock's content is whole here: a re-read is one assignment, and a line one change.
    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An id that no device has had: the word and 32 random bits.
pub fn fresh_id(word: &str) -> io::Result<String> {
    let mut chance = [0; 4];
    getrandom::fill(&mut chance).map_err(io::Error::other)?;
    Ok(format!("{word}-{}", HEXLOWER.encode(&chance)))
}

fn read(path: &Path) -> io::Result<Vec<Line>> {
    let text = fs::read_to_string(path)?;
    // Half a line is a token whose making was cut off: nobody has it.
    Ok(text
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn lobby(name: &str) -> Device {
        Device {
            id: "lobby-1".into(),
            name: name.into(),
            kind: Some(DeviceKind::Lobby),
            right: None,
            made: Made {
                utc_ms: Some(1_795_394_520_000),
                by: Some("person-1".into()),
            },
        }
    }

    #[test]
    fn a_revoked_device_stays_revoked_over_a_restart_with_all_its_tokens() {
        let folder = tempfile::tempdir().unwrap();
        let tokens = Tokens::open(folder.path());
        let first = tokens.create(Right::Clerk, Some("desk")).unwrap();
        let second = tokens.create(Right::Admin, Some("desk")).unwrap();
        let other = tokens.create(Right::Clerk, None).unwrap();
        assert_eq!(tokens.devices()[0].right, Some(Right::Admin));
        tokens.revoke("desk").unwrap();
        for tokens in [tokens, Tokens::open(folder.path())] {
            for token in [&first, &second] {
                assert_eq!(tokens.actor(token), None);
                assert_eq!(tokens.owner(token), Owner::Revoked("desk".into()));
            }
            assert!(tokens.was_revoked("desk"));
            assert!(tokens.actor(&other).is_some());
            assert_eq!(tokens.devices().len(), 1);
        }
        // A name may be used again: the token is new, and the old ones stay out.
        let tokens = Tokens::open(folder.path());
        let again = tokens.create(Right::Clerk, Some("desk")).unwrap();
        assert!(tokens.actor(&again).is_some() && tokens.actor(&first).is_none());
    }

    #[test]
    fn a_device_without_a_right_is_known_and_may_do_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let tokens = Tokens::open(folder.path());
        let token = tokens.let_in(lobby("Sảnh")).unwrap();
        tokens.rename("lobby-1", "Sảnh tầng 2").unwrap();
        for tokens in [tokens, Tokens::open(folder.path())] {
            assert_eq!(tokens.actor(&token), None);
            assert_eq!(tokens.owner(&token), Owner::Device("lobby-1".into()));
            assert_eq!(tokens.devices(), [lobby("Sảnh tầng 2")]);
        }
        let kept = fs::read_to_string(folder.path().join("tokens")).unwrap();
        assert!(!kept.contains(&token), "only the hash is kept");
    }

    #[test]
    fn tokens_of_older_versions_and_of_the_command_line_go_on() {
        let folder = tempfile::tempdir().unwrap();
        let old = format!(
            "\n{{\"actor\":\"touch\",\"role\":\"kiosk\",\"sha256\":\"{}\"}}\n{{\"actor\":\"cut",
            hash("old")
        );
        fs::write(folder.path().join("tokens"), old).unwrap();
        let daemon = Tokens::open(folder.path());
        assert_eq!(daemon.actor("old").unwrap().role, Role::Kiosk);
        let made = Tokens::open(folder.path())
            .create(Right::Clerk, None)
            .unwrap();
        assert_eq!(daemon.actor(&made).unwrap().role, Role::Clerk);
        assert_eq!(daemon.devices().len(), 2);
        fs::remove_file(folder.path().join("tokens")).unwrap();
        assert!(daemon.actor("old").is_some(), "what was known goes on");
    }
}
