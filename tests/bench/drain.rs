//! How fast scans that waited for days go out once the intake server is back, and what memory they
//! cost meanwhile; beside a plain HTTP load tool (`wrk`) with as many connections, on the same
//! server in the same run.
//!
//! Run by `tests/bench/run drain`. Two servers: our reference intake server, which has each scan on
//! the disk before it answers, and a bare one that keeps nothing, so that only the line and the
//! two programs count. The tool makes up scans and keeps no record of anything; the daemon reads
//! each from its journal and has its outcome on the disk. `SCANS=5000` makes it short.

#![allow(clippy::unwrap_used)]

use futures_util::future::join_all;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tests::api::{Device, sent};
use tests::measure;
use tests::office::{Office, program};
use tests::process::Process;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;
use tokio::task::JoinHandle;

/// Two weeks of a large office without network.
const SCANS: usize = 100_000;
/// Scans of one dossier wait for each other; most dossiers have few.
const SCANS_OF_A_DOSSIER: usize = 4;
/// Lines that fill the journal: its commits take many scans together.
const LINES: usize = 64;
/// What the follower has under way at most; the tool gets as many.
const IN_FLIGHT: usize = 4;
/// How long the tool works, before and after: the disk is shared and its mood changes.
const TOOL: Duration = Duration::from_secs(10);
/// Between two looks at the daemon.
const LOOK: Duration = Duration::from_millis(50);

#[tokio::main]
async fn main() {
    let scans = std::env::var("SCANS").map_or(SCANS, |text| text.parse().unwrap());
    println!("server     scans  drain/s  tool/s before, after  ratio  CPU ms/scan");
    for kind in [Kind::Reference, Kind::Bare] {
        drain(kind, scans).await;
    }
}

async fn drain(kind: Kind, scans: usize) {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::up(kind, 0, &folder).await;
    let port = server.port;
    server.down().await;
    let settings =
        format!("[printer]\ndevice = \"none\"\n[intake]\nurl = \"http://127.0.0.1:{port}\"\n");
    let mut office = Office::open(&settings).await;
    let empty = measure::memory(office.daemon().id()).rss_mib;
    fill(&office, scans).await;
    let filled = measure::memory(office.daemon().id()).rss_mib;
    office.stop().await;
    let start = Instant::now();
    office.start().await;
    let start = start.elapsed();
    let waiting = measure::memory(office.daemon().id()).rss_mib;
    office.stop().await;

    let server = Server::up(kind, port, &folder).await;
    let before = tool(port, "before").await;
    office.start().await;
    let pid = office.daemon().id();
    let (begun, cpu) = (Instant::now(), measure::cpu(pid));
    // Some are on their way already: the daemon begins when it starts.
    let at_first = pending(&office).await;
    let mut most: f64 = 0.0;
    while pending(&office).await > 0 {
        most = most.max(measure::memory(pid).rss_mib);
        tokio::time::sleep(LOOK).await;
    }
    let (took, cpu) = (begun.elapsed(), measure::cpu(pid) - cpu);
    let after = tool(port, "after").await;
    let drained = at_first as f64;
    let rate = drained / took.as_secs_f64();
    let ratio = rate / ((before + after) / 2.0);
    let cpu = cpu.as_secs_f64() * 1000.0 / drained;
    let name = format!("{kind:?}");
    println!(
        "{name:9}  {scans:6}  {rate:7.0}  {before:11.0}, {after:7.0}  {ratio:5.2}  {cpu:11.2}"
    );
    println!(
        "  RSS MiB: empty {empty:.1}, with all waiting {filled:.1}, after a new start {waiting:.1}, most while draining {most:.1}; start with all waiting {} ms",
        start.as_millis()
    );
    office.stop().await;
    server.down().await;
}

/// Scans that have no outcome yet.
async fn pending(office: &Office) -> usize {
    let request = office.passer_by().request("GET", "/metrics");
    let said = sent(request).await.unwrap().expect(200).body;
    let mut lines = said.as_str().unwrap().lines();
    let line = lines.find_map(|line| line.strip_prefix("kiosk_scans_pending "));
    line.unwrap().parse().unwrap()
}

/// Scans until as many wait.
async fn fill(office: &Office, scans: usize) {
    // One device would read a dossier twice within two seconds, and that is one scan.
    let mut clerks = Vec::new();
    for _ in 0..SCANS_OF_A_DOSSIER {
        clerks.push(office.device("clerk").await);
    }
    let next = Arc::new(AtomicUsize::new(0));
    let lines = (0..LINES).map(|_| {
        let (clerks, next) = (clerks.clone(), next.clone());
        async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= scans {
                    return;
                }
                scan(&clerks, number, scans).await;
            }
        }
    });
    join_all(lines).await;
}

/// Scans of a dossier lie far from each other, as they do in life.
async fn scan(clerks: &[Device], number: usize, scans: usize) {
    let dossiers = scans.div_ceil(SCANS_OF_A_DOSSIER);
    let (dossier, clerk) = (number % dossiers, &clerks[number / dossiers]);
    let (day, serial) = (dossier / 10_000 + 1, dossier % 10_000);
    let code = format!("H05.114-2506{day:02}-{serial:04}");
    let body = serde_json::json!({ "code": code });
    let key = format!("drain-{number}");
    clerk.post("/scans", &key, &body).await.expect(202);
}

/// Requests a second of `wrk` with a scan of its own each time.
async fn tool(port: u16, run: &str) -> f64 {
    let script = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(script.path(), SCRIPT).unwrap();
    let output = Command::new("wrk")
        .args(["-t", "1", "-c", &IN_FLIGHT.to_string()])
        .args(["-d", &format!("{}s", TOOL.as_secs()), "-s"])
        .arg(script.path())
        .arg(format!("http://127.0.0.1:{port}"))
        .args(["--", run])
        .output()
        .await
        .expect("wrk: tests/bench/run installs it");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!said.contains("Non-2xx"), "{said}");
    let line = said
        .lines()
        .find_map(|line| line.strip_prefix("Requests/sec:"));
    line.and_then(|rate| rate.trim().parse().ok())
        .unwrap_or_else(|| panic!("{said}"))
}

/// Bodies as long as ours.
const SCRIPT: &str = r#"
local run, n = "", 0
function init(args) run = args[1] end
function request()
  n = n + 1
  local id = string.format("%s-%019d", run, n)
  local body = string.format('{"counter":null,"device":"01JDKT6M4R3N8Q2V5W7X9Y1Z3A","dossier":"H05.114-250601-%04d","id":"%s","office":"H00.00","purpose":"receive","scanned_at":"2026-11-23T07:42:10+07:00"}', n % 10000, id)
  return wrk.format("POST", "/v1/scans", { ["Content-Type"] = "application/json", ["Idempotency-Key"] = id }, body)
end
"#;

#[derive(Clone, Copy, Debug)]
enum Kind {
    /// `kiosk intake`.
    Reference,
    /// Answers and keeps nothing.
    Bare,
}

/// An intake server that can go away and come back.
struct Server {
    port: u16,
    process: Option<Process>,
    task: Option<JoinHandle<()>>,
}

impl Server {
    /// On this port; 0: any that is free.
    async fn up(kind: Kind, port: u16, folder: &tempfile::TempDir) -> Self {
        match kind {
            Kind::Reference => {
                let mut command = Command::new(program());
                command.args(["intake", "--listen", &format!("127.0.0.1:{port}"), "--data"]);
                command.arg(folder.path().join("intake"));
                let log = folder.path().join("log");
                let started = Process::start(command, &log, |line| {
                    line.trim().rsplit_once(':')?.1.parse().ok()
                });
                let (process, port) = started.await.unwrap();
                Self {
                    port,
                    process: Some(process),
                    task: None,
                }
            }
            Kind::Bare => {
                let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
                    .await
                    .unwrap();
                let port = listener.local_addr().unwrap().port();
                let task = tokio::spawn(async move {
                    while let Ok((stream, _)) = listener.accept().await {
                        tokio::spawn(serve(stream));
                    }
                });
                Self {
                    port,
                    process: None,
                    task: Some(task),
                }
            }
        }
    }

    async fn down(self) {
        if let Some(mut process) = self.process {
            process.stop().await;
        }
        if let Some(task) = self.task {
            task.abort();
        }
    }
}

async fn serve(mut stream: TcpStream) {
    stream.set_nodelay(true).unwrap();
    let mut bytes = Vec::new();
    loop {
        while let Some(length) = request_length(&bytes) {
            bytes.drain(..length);
            if stream.write_all(ANSWER).await.is_err() {
                return;
            }
        }
        match stream.read_buf(&mut bytes).await {
            Ok(read) if read > 0 => {}
            _ => return,
        }
    }
}

const ANSWER: &[u8] = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}";

/// How many bytes the first request takes, once all of it is there.
fn request_length(bytes: &[u8]) -> Option<usize> {
    let head = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let text = std::str::from_utf8(&bytes[..head]).unwrap();
    let mut fields = text.lines().filter_map(|line| line.split_once(':'));
    let length = fields.find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let (_, length) = length.expect("a length");
    let whole = head + 4 + length.trim().parse::<usize>().unwrap();
    (bytes.len() >= whole).then_some(whole)
}
