//! A screen to look at and to touch: an X server without a monitor (Xvfb), a finger
//! (xdotool), and pictures taken from the server's own memory.

use crate::office::{Office, program};
use crate::process::Process;
use crate::tools::{self, Word};
use crate::wait;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use tokio::process::Command;

/// What no file may lack; a screen shows what its daemon tells.
const ANY_OFFICE: &str =
    "[office]\nname = \"Phường Thử\"\n[[service]]\nletter = \"A\"\nname = \"Hộ tịch\"\n";

/// One screen, with nothing on it yet.
pub struct Screen {
    _server: Process,
    folder: TempDir,
    display: String,
}

impl Screen {
    /// Switches on a screen of `width` by `height` pixels.
    pub async fn on(width: u32, height: u32) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("screen-")
            .tempdir()
            .unwrap();
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-nolisten", "tcp", "-noreset"]);
        command.args(["-screen", "0", &format!("{width}x{height}x24")]);
        command.arg("-fbdir").arg(folder.path());
        let log = folder.path().join("xvfb.log");
        let (server, number) = Process::start(command, &log, |line| {
            line.trim().parse::<u32>().ok() // The display it found free.
        })
        .await
        .expect("Xvfb starts");
        Self {
            _server: server,
            folder,
            display: format!(":{number}"),
        }
    }

    /// All that this machine has on its disk: settings, and the data and the log of each role.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// For the environment variable `DISPLAY`.
    pub fn display(&self) -> &str {
        &self.display
    }

    /// Shows `command` here instead of anywhere else.
    pub fn show(&self, command: &mut Command) {
        command.env("DISPLAY", &self.display);
        command.env_remove("WAYLAND_DISPLAY");
        command.env_remove("WAYLAND_SOCKET");
    }

    /// One of our screens shown here, as a machine of its own would run it with these settings;
    /// the office knows it already.
    pub async fn window(&self, office: &Office, role: &str, settings: &str) -> Process {
        self.let_in(office, role).await;
        self.new_window(office, role, settings)
    }

    /// The same, and it tells all it does in its log.
    pub async fn talkative_window(&self, office: &Office, role: &str, settings: &str) -> Process {
        self.let_in(office, role).await;
        let mut command = self.command(office, role, settings);
        command.env("RUST_LOG", "debug");
        self.started(command, role)
    }

    /// The same as `window` of a screen whose token, if it has one, is what it has kept itself.
    pub fn new_window(&self, office: &Office, role: &str, settings: &str) -> Process {
        self.started(self.command(office, role, settings), role)
    }

    async fn let_in(&self, office: &Office, role: &str) {
        let data = self.folder.path().join(role);
        std::fs::create_dir_all(&data).unwrap();
        let token = data.join(format!("{role}.token"));
        std::fs::write(token, office.token("kiosk").await).unwrap();
    }

    fn command(&self, office: &Office, role: &str, settings: &str) -> Command {
        let own = self.folder.path();
        let config = own.join("kiosk.toml");
        std::fs::write(&config, format!("{ANY_OFFICE}{settings}")).unwrap();
        let mut command = Command::new(program());
        command.args([role, "--at", office.url(), "--config"]);
        command.arg(config).arg("--data").arg(own.join(role));
        self.show(&mut command);
        command
    }

    fn started(&self, command: Command, role: &str) -> Process {
        Process::started(command, &self.folder.path().join(format!("{role}.log")))
    }

    /// The data folder of a screen that is shown here.
    pub fn data(&self, role: &str) -> PathBuf {
        self.folder.path().join(role)
    }

    /// One touch.
    pub async fn touch(&self, place: (i32, i32)) {
        let (x, y) = (place.0.to_string(), place.1.to_string());
        self.finger(&["mousemove", &x, &y, "click", "1"]).await;
    }

    /// A finger that stays until it is lifted.
    pub async fn rest(&self, place: (i32, i32)) {
        let (x, y) = (place.0.to_string(), place.1.to_string());
        self.finger(&["mousemove", &x, &y, "mousedown", "1"]).await;
    }

    /// Lifts the finger.
    pub async fn lift(&self) {
        self.finger(&["mouseup", "1"]).await;
    }

    async fn finger(&self, does: &[&str]) {
        let mut command = Command::new("xdotool");
        command.args(does).env("DISPLAY", &self.display);
        assert!(command.status().await.unwrap().success());
    }

    /// A picture of the screen as it is now.
    pub fn picture(&self) -> PathBuf {
        let dump = std::fs::read(self.folder.path().join("Xvfb_screen0")).unwrap();
        let picture = self.folder.path().join("screen.ppm");
        std::fs::write(&picture, pixmap(&dump)).unwrap();
        picture
    }

    /// Waits until one of these words stands on the screen, and says where. Several,
    /// because a reading machine may miss a mark.
    pub async fn find(&self, wanted: &[&str]) -> Word {
        wait::until(&format!("{wanted:?} on the screen"), async || {
            let words = tools::read_words(&self.picture()).await;
            words
                .into_iter()
                .find(|word| wanted.contains(&tools::plain(&word.text).as_str()))
        })
        .await
    }

    /// Waits until this stands on the screen among other words.
    pub async fn find_text(&self, wanted: &str) {
        wait::until(&format!("{wanted} on the screen"), async || {
            let words = tools::read_words(&self.picture()).await;
            let mut words = words.iter();
            words
                .any(|word| tools::plain(&word.text).contains(wanted))
                .then_some(())
        })
        .await;
    }

    /// Waits until a window asks to be let in, and reads its code; with that window. A reading
    /// machine finds one code in twenty nowhere: then another window shows another.
    pub async fn window_with_code(&self, office: &Office, role: &str) -> (Process, String) {
        loop {
            let window = self.new_window(office, role, "");
            self.find(&["administrator"]).await;
            let words = tools::read_numbers(&self.picture()).await;
            let large = words
                .iter()
                .map(|word| word.height)
                .max()
                .unwrap_or_default()
                / 2;
            let code = words.iter().filter(|word| word.height > large);
            let code: String = code.map(|word| word.text.as_str()).collect();
            if code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()) {
                return (window, code);
            }
            drop(window);
            wait::until("a dark screen", async || {
                let words = tools::read_words(&self.picture()).await;
                words.is_empty().then_some(())
            })
            .await;
        }
    }

    /// Waits until a ticket's number stands on the screen, and says where.
    pub async fn find_number(&self, number: &str) -> Word {
        wait::until(&format!("{number} on the screen"), async || {
            let numbers = tools::read_numbers(&self.picture()).await;
            numbers.into_iter().find(|word| word.text == number)
        })
        .await
    }
}

/// An X window dump as a portable pixmap, which every tool reads.
fn pixmap(dump: &[u8]) -> Vec<u8> {
    let field = |index: usize| {
        let bytes = dump[index * 4..index * 4 + 4].try_into().unwrap();
        u32::from_be_bytes(bytes) as usize
    };
    let (header, width, height) = (field(0), field(4), field(5));
    let (bits, line, colours) = (field(11), field(12), field(19));
    assert_eq!(bits, 32, "Xvfb keeps depth 24 in 32 bits");
    let pixels = &dump[header + colours * COLOUR_BYTES..];
    let mut picture = format!("P6\n{width} {height}\n255\n").into_bytes();
    for row in 0..height {
        let row = &pixels[row * line..][..width * 4];
        // Little-endian: blue, green, red, nothing.
        picture.extend(row.chunks_exact(4).flat_map(|dot| [dot[2], dot[1], dot[0]]));
    }
    picture
}

/// The size of one entry of the colour table between header and pixels.
const COLOUR_BYTES: usize = 12;
