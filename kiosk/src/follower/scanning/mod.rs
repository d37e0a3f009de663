//! Scanners at counters: codes become scans, a ticket's slip brings its citizen back, a badge says
//! whose a shared scanner is, a purpose barcode what the next scans are for.
//!
//! Promises:
//! - what a scanner reads is taken in its order, one after the other; a busy engine holds the
//!   scanner back, and the device keeps its bytes meanwhile;
//! - every code has its effect or is refused, and either way the counter's page hears of it;
//! - a scanner that is away stops nothing, and is looked for every second.

mod binding;
mod taking;

use std::sync::Arc;
use std::time::Instant;

use scanner::{Event, Frame, Listener, Stop};
use tokio::sync::mpsc;
use tracing::{info, warn};

use self::binding::Binding;
use self::taking::Reader;
use crate::config::{Place, Scanner};
use crate::status::{self, Health};
use crate::web::App;

/// Codes that may wait for the engine: a person scans at most a few a second.
const WAITING_MAX: usize = 256;

/// What a scanner's thread has to tell, in order: a code read before the cable was pulled is still
/// the bound counter's.
enum Heard {
    /// And when it was read, in ms of the scanner's own clock.
    Frame(Frame, u64),
    Unplugged,
}

/// Listens to each of the daemon's scanners on a thread of its own, until `stop`.
pub fn start(app: &App, scanners: &[Scanner], stop: &Arc<Stop>) {
    for (part, scanner) in status::scanner_parts(scanners) {
        let binding = match &scanner.place {
            Place::Counter(counter) => Binding::fixed(*counter),
            Place::Shared(counters) => Binding::shared(counters.clone()),
            Place::Kiosk => continue,
        };
        listen(app.clone(), part, scanner, binding, stop.clone());
    }
}

fn listen(app: App, part: String, scanner: &Scanner, binding: Binding, stop: Arc<Stop>) {
    let (send, mut heard) = mpsc::channel(WAITING_MAX);
    let mut reader = Reader {
        app: app.clone(),
        part: part.clone(),
        binding,
    };
    tokio::spawn(async move {
        while let Some(heard) = heard.recv().await {
            match heard {
                Heard::Frame(frame, at_ms) => reader.take(frame, at_ms).await,
                Heard::Unplugged => reader.binding.unplugged(),
            }
        }
    });
    let device = scanner.device.clone();
    let place = scanner.place.to_string();
    let start = Instant::now();
    std::thread::spawn(move || {
        Listener::new(device).run(&stop, |event| match event {
            Event::Found => {
                set(&app, &part, Health::Ready);
                info!(part, "The scanner {place} is there");
            }
            Event::Lost(cause) => {
                if set(&app, &part, Health::Away) {
                    warn!(part, %cause, "The scanner {place} is not there; it is looked for every second");
                }
                let _ = send.blocking_send(Heard::Unplugged);
            }
            Event::Frame(frame) => {
                let at_ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
                // A full channel holds the scanner back; the device keeps its bytes meanwhile.
                let _ = send.blocking_send(Heard::Frame(frame, at_ms));
            }
        });
    });
}

/// Notes how a scanner fares; whether that changed.
fn set(app: &App, part: &str, health: Health) -> bool {
    app.scanners.set(part, health, Instant::now());
    app.parts.set(part, health)
}
