//! Memory of the daemon and the two screens, and start to first frame, beside Chromium in
//! kiosk mode on `/lobby` in the same run.
//!
//! Run by `tests/bench/run memory`. The first frame is there when the screen shows as many
//! colours as drawn letters have; an empty window of one colour does not count.

#![allow(clippy::unwrap_used)]

use std::collections::HashSet;
use std::time::{Duration, Instant};
use tests::measure;
use tests::office::{Office, program};
use tests::process::Process;
use tests::screen::Screen;
use tests::wait;
use tokio::process::Command;

/// Letters with smooth edges have more shades than this; an empty page has not.
const COLOURS_OF_A_FRAME: usize = 20;
/// Caches fill and first allocations are given back in this time.
const SETTLED: Duration = Duration::from_secs(10);
/// A queue like a busy morning's.
const TICKETS: usize = 200;
const PORTRAIT: (u32, u32) = (1080, 1920);
const LANDSCAPE: (u32, u32) = (1920, 1080);

#[tokio::main]
async fn main() {
    let start = Instant::now();
    let office = Office::open("").await;
    let answered = start.elapsed();
    let kiosk = office.device("kiosk").await;
    let clerk = office.device("clerk").await;
    clerk.act("/counters/1/open").await.expect(200);
    for _ in 0..TICKETS {
        kiosk.issue("A").await;
    }
    clerk.act("/counters/1/call").await.expect(200);
    let token = office.folder().join("token");
    std::fs::write(&token, kiosk.token()).unwrap();

    println!("program             start ms    RSS MiB    PSS MiB  processes");
    let mut touch = Command::new(program());
    touch.args(["touch", "--at", office.url(), "--token-file"]);
    touch
        .arg(token)
        .arg("--data")
        .arg(office.folder().join("touch"));
    shown(&office, "touch", PORTRAIT, touch).await;
    let mut lobby = Command::new(program());
    lobby.args(["lobby", "--at", office.url()]);
    shown(&office, "lobby", LANDSCAPE, lobby).await;
    let mut chromium = Command::new("chromium");
    chromium.args(["--kiosk", "--no-sandbox", "--no-first-run"]);
    chromium.args(["--disable-gpu", "--disable-dev-shm-usage"]);
    chromium.args(["--window-size=1920,1080", "--window-position=0,0"]);
    chromium.arg(format!(
        "--user-data-dir={}",
        office.folder().join("profile").display()
    ));
    chromium.arg(format!("{}/lobby", office.url()));
    shown(&office, "chromium on /lobby", LANDSCAPE, chromium).await;
    line("daemon", answered, office.daemon().id());
}

/// Starts a program on a screen of its own and prints what it cost.
async fn shown(office: &Office, name: &str, size: (u32, u32), mut command: Command) {
    let screen = Screen::on(size.0, size.1).await;
    screen.show(&mut command);
    let start = Instant::now();
    let process = Process::started(command, &office.folder().join("shown.log"));
    wait::until("a first frame", async || {
        (colours(&screen) > COLOURS_OF_A_FRAME).then_some(())
    })
    .await;
    let first_frame = start.elapsed();
    tokio::time::sleep(SETTLED).await;
    line(name, first_frame, process.id());
}

fn line(name: &str, start: Duration, pid: u32) {
    let memory = measure::memory(pid);
    println!(
        "{name:18}  {:8}  {:9.1}  {:9.1}  {:9}",
        start.as_millis(),
        memory.rss_mib,
        memory.pss_mib,
        memory.processes
    );
}

/// How many colours the screen shows, looking at every fifth dot.
fn colours(screen: &Screen) -> usize {
    let picture = std::fs::read(screen.picture()).unwrap();
    let head = picture
        .windows(4)
        .position(|four| four == b"255\n")
        .unwrap()
        + 4;
    let dots = picture[head..].chunks_exact(3).step_by(5);
    dots.collect::<HashSet<&[u8]>>().len()
}
