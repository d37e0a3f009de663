//! What plays a sound: a program, or a file in its stead.

use std::fs::File;
use std::io::{Read as _, Seek as _, Write as _};
use std::os::fd::AsRawFd as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use rustix::fs::{MemfdFlags, memfd_create};
use rustix::process::{Pid, Signal, kill_process_group};
use voice::{RATE, wav};

use super::file::SoundFile;
use crate::config::Player;

/// The usual programs, in the order in which a desktop or the image has them. Each plays the WAV
/// file that is named and ends when it has been heard.
const USUAL: [&[&str]; 3] = [&["pw-play"], &["paplay"], &["aplay", "-q"]];
/// What a program may take beyond the sound itself, for waking a device or a TV.
const SLOW: Duration = Duration::from_secs(20);
/// Between two looks whether it has ended: less than the pause between two calls.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// Enough to see that a device takes it, too little to be heard.
const PROBE_SAMPLES: usize = RATE as usize / 20;
/// One that has ended has said why, unless a child of its own still holds the line.
const COMPLAINT_WITHIN: Duration = Duration::from_secs(1);
/// What a program says of its trouble is kept up to here.
const COMPLAINT_BYTES_MAX: u64 = 4_096;

/// Why nothing was heard.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// None of the programs is installed.
    #[error("no program plays sound: install pipewire-bin, pulseaudio-utils or alsa-utils")]
    NoPlayer,
    /// It ended with an error, as without a device.
    #[error("{program}: {said}")]
    Failed {
        /// Which.
        program: String,
        /// What it said.
        said: String,
    },
    /// It does not end.
    #[error("{program} hangs")]
    Hangs {
        /// Which.
        program: String,
    },
    /// The file, or the memory for a sound.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

/// Where sound goes.
#[derive(Debug)]
pub enum Output {
    /// Behind what is in a file.
    File(SoundFile),
    /// To the first program that works.
    Programs(Programs),
}

/// Programs that play, and which worked last.
#[derive(Debug)]
pub struct Programs {
    commands: Vec<Vec<String>>,
    first: usize,
}

impl Output {
    /// As configured.
    pub fn of(player: &Player) -> Self {
        let usual = || USUAL.map(|words| words.iter().map(ToString::to_string).collect());
        let commands = match player {
            Player::File(path) => return Self::File(SoundFile::at(path)),
            Player::Auto => usual().to_vec(),
            Player::Command(words) => vec![words.clone()],
        };
        Self::Programs(Programs { commands, first: 0 })
    }

    /// Plays a sound to its end.
    pub fn play(&mut self, samples: &[i16]) -> Result<(), Trouble> {
        match self {
            Self::File(file) => Ok(file.append(samples)?),
            Self::Programs(programs) => programs.play(samples),
        }
    }

    /// Whether a sound would be heard.
    pub fn probe(&mut self) -> Result<(), Trouble> {
        match self {
            Self::File(file) => Ok(file.append(&[])?),
            Self::Programs(programs) => programs.play(&[0; PROBE_SAMPLES]),
        }
    }

    /// What it is, for people.
    pub fn name(&self) -> String {
        match self {
            Self::File(file) => format!("into the file {}", file.path().display()),
            Self::Programs(programs) => format!("by {}", programs.commands[programs.first][0]),
        }
    }
}

impl Programs {
    fn play(&mut self, samples: &[i16]) -> Result<(), Trouble> {
        let mut sound = File::from(
            memfd_create("kiosk-call.wav", MemfdFlags::CLOEXEC).map_err(std::io::Error::from)?,
        );
        sound.write_all(&wav::write(samples))?;
        let length = Duration::from_secs_f64(samples.len() as f64 / f64::from(RATE));
        let mut trouble = Trouble::NoPlayer;
        for turn in 0..self.commands.len() {
            let at = (self.first + turn) % self.commands.len();
            sound.rewind()?;
            match run(&self.commands[at], &sound, length + SLOW) {
                Ok(()) => {
                    self.first = at;
                    return Ok(());
                }
                Err(Trouble::NoPlayer) => {}
                Err(other) => trouble = other,
            }
        }
        Err(trouble)
    }
}

/// Has one program play `sound`, which lies in memory: no card is worn, no other user reads it.
fn run(words: &[String], sound: &File, within: Duration) -> Result<(), Trouble> {
    let Some((program, arguments)) = words.split_first() else {
        return Err(Trouble::NoPlayer);
    };
    let path = format!("/proc/{}/fd/{}", std::process::id(), sound.as_raw_fd());
    let started = Command::new(program)
        .args(arguments)
        .arg(path)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        // A script is ended with what it has started, or that would go on playing.
        .process_group(0)
        .spawn();
    let mut child = match started {
        Ok(child) => child,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
            return Err(Trouble::NoPlayer);
        }
        Err(cause) => {
            return Err(Trouble::Failed {
                program: program.clone(),
                said: cause.to_string(),
            });
        }
    };
    let complaint = listen(&mut child);
    let begun = Instant::now();
    loop {
        match child.try_wait()? {
            Some(status) if status.success() => return Ok(()),
            Some(status) => {
                let said = complaint.recv_timeout(COMPLAINT_WITHIN).unwrap_or_default();
                return Err(Trouble::Failed {
                    program: program.clone(),
                    said: match said.lines().find(|line| !line.trim().is_empty()) {
                        Some(line) => line.trim().to_owned(),
                        None => status.to_string(),
                    },
                });
            }
            None if begun.elapsed() > within => {
                end(&mut child);
                return Err(Trouble::Hangs {
                    program: program.clone(),
                });
            }
            None => std::thread::sleep(LOOK_EVERY),
        }
    }
}

/// Ends a program and what it has started.
fn end(child: &mut Child) {
    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    if let Some(group) = group {
        // Gone already is as well.
        let _ = kill_process_group(group, Signal::KILL);
    }
    let _ = child.wait();
}

/// Reads what a program complains of: with a full pipe it would stand still.
fn listen(child: &mut Child) -> Receiver<String> {
    let (tell, said) = channel();
    let errors = child.stderr.take();
    let listener = std::thread::Builder::new().name("player".to_owned());
    let listening = listener.spawn(move || {
        let Some(mut errors) = errors else { return };
        let mut said = Vec::new();
        let _ = errors
            .by_ref()
            .take(COMPLAINT_BYTES_MAX)
            .read_to_end(&mut said);
        // Nobody asks for what a program says that works.
        let _ = tell.send(String::from_utf8_lossy(&said).into_owned());
        let _ = std::io::copy(&mut errors, &mut std::io::sink());
    });
    if let Err(cause) = listening {
        tracing::warn!(%cause, "nobody listens to what the player complains of");
    }
    said
}
