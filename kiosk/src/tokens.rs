//! Tokens: who may do what. Only hashes are kept, in the data folder, not in the journal.
//!
//! A token is a device, not a person. Each `token create` makes a new actor unless `--name`
//! names an existing one; older tokens stay valid. A running daemon honours a new one at once:
//! it reads the file again when it meets a token it does not know.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::SystemTime;

use data_encoding::{BASE32_NOPAD, HEXLOWER};
use queue::{Actor, Role};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// A line of the file.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Entry {
    actor: String,
    role: Right,
    /// SHA-256 of the token; a token has 160 random bits, so nothing slower is needed.
    sha256: String,
}

/// Rights a token can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
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

    /// Who a token is.
    pub fn actor(&self, token: &str) -> Option<Actor> {
        self.by_hash(&hash(token))
    }

    /// Who a token is, by its hash.
    pub fn by_hash(&self, wanted: &str) -> Option<Actor> {
        let mut known = self.known.lock().ok()?;
        let find = |entries: &[Entry]| {
            entries.iter().find(|e| e.sha256 == wanted).map(|e| Actor {
                id: e.actor.clone(),
                role: e.role.into(),
            })
        };
        if let Some(actor) = find(&known.entries) {
            return Some(actor);
        }
        let file = fs::metadata(&self.path).ok()?;
        let changed = Some((file.len(), file.modified().ok()?));
        if known.file != changed {
            *known = Known {
                file: changed,
                entries: read(&self.path).ok()?,
            };
        }
        find(&known.entries)
    }

    /// Makes a token. Without a `name` it is a new actor.
    pub fn create(&self, role: Right, name: Option<&str>) -> io::Result<String> {
        if name.is_some_and(|name| name.starts_with(Actor::PERSON)) {
            let text = format!("a name that begins with {} is a person's", Actor::PERSON);
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        }
        let mut id = [0; 4];
        getrandom::fill(&mut id).map_err(io::Error::other)?;
        let token = fresh_secret()?;
        let word = clap::ValueEnum::to_possible_value(&role);
        let word = word.as_ref().map_or("", |w| w.get_name());
        let actor = match name {
            Some(name) => name.to_owned(),
            None => format!("{word}-{}", HEXLOWER.encode(&id)),
        };
        let entry = Entry {
            actor,
            role,
            sha256: hash(&token),
        };
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .mode(0o600)
            .open(&self.path)?;
        // A line that was cut off by a power cut must not swallow this one.
        let line = format!("\n{}\n", serde_json::to_string(&entry)?);
        file.write_all(line.as_bytes())?;
        file.sync_all()?;
        Ok(token)
    }
}

fn read(path: &Path) -> io::Result<Vec<Entry>> {
    let text = fs::read_to_string(path)?;
    // Half a line is a token whose making was cut off: nobody has it.
    Ok(text
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect())
}
