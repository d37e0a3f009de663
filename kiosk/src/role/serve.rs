//! The role `kiosk serve`: the daemon.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use jiff::civil::Time;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{broadcast, watch};
use tracing::{error, info, warn};

use super::admin_link;
use super::doors::{self, Beyond};
use crate::access::Refusals;
use crate::cards::Cards;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::devices::Devices;
use crate::dossiers::Dossiers;
use crate::engine::{Core, Engine, system};
use crate::erasing;
use crate::follower::backup::Backups;
use crate::follower::intake::OtherSide;
use crate::follower::lamps::{Lamp, Lamps};
use crate::follower::printing::power::Power;
use crate::follower::printing::{Desk, Station, Worker};
use crate::follower::retention::Retention;
use crate::follower::voice::Announcer;
use crate::follower::{forwarding, ledger, printing, scanning};
use crate::journal::Journal as _;
use crate::journal::sqlite::SqliteJournal;
use crate::people::People;
use crate::pins::{Header, Pins};
use crate::purposes::Purposes;
use crate::safe_file;
use crate::status::{Health, Parts, Readers, Scanners};
use crate::tokens::Tokens;
use crate::vault::Vault;
use crate::web::{self, App, Guesses, Hub, Shared};

/// One thread carries an office: with two, each event also woke the other one. The engine, printers,
/// scanners and whatever may block have threads of their own.
const WORKERS: usize = 1;

/// How often the engine is told that time has passed.
const TICK: std::time::Duration = std::time::Duration::from_secs(1);

/// Requests under way get this long after a stop; streams end at once.
const STOP_MAX: std::time::Duration = std::time::Duration::from_secs(3);

/// Serves until SIGTERM or Ctrl-C.
pub(super) fn serve(config: Config) -> anyhow::Result<()> {
    let runtime = runtime()?;
    runtime.block_on(async {
        let daemon = Daemon::start(config).await?;
        announce(&daemon.address)?;
        stopped().await?;
        daemon.stop().await;
        Ok(())
    })
}

pub(super) fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .enable_all()
        .build()
}

/// The daemon's address alone on standard output, for whoever started it.
pub(super) fn announce(address: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout();
    writeln!(out, "{address}")?;
    out.flush()
}

/// Until somebody asks the program to stop.
pub(super) async fn stopped() -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

/// A running daemon.
pub(super) struct Daemon {
    /// Where it listens, as a URL.
    pub(super) address: String,
    engine: Engine,
    engine_thread: std::thread::JoinHandle<()>,
    stop: watch::Sender<bool>,
    servers: Vec<tokio::task::JoinHandle<()>>,
    scanners: Arc<scanner::Stop>,
}

impl Daemon {
    /// Opens the journal and starts every part.
    pub(super) async fn start(config: Config) -> anyhow::Result<Self> {
        let data = config.server.data.clone();
        own_eyes_only(&data);

        // The journal, and the state that follows from it.
        let epoch = crate::ids::secret().to_string();
        let journal = SqliteJournal::open(&data, &epoch)?;
        let newest_ms = newest_at(&data, journal.head().seq);
        let clock = SystemClock::new(config.server.clock, newest_ms, &data);
        // What a power cut left of erasing. The office goes on without; it is tried again hourly.
        if let Err(cause) = erasing::complete(&data) {
            error!(%cause, "the key of an erased day cannot be deleted");
        }
        let vault = Vault::open(&data);
        let core = Core::open(
            Box::new(journal),
            vault,
            Box::new(clock.clone()),
            config.office.clone(),
        )?;
        let (engine, engine_thread) = Engine::start(core);
        let (stop, stopping) = watch::channel(false);

        // Time passes.
        let ticking = engine.clone();
        let mut until = stopping.clone();
        tokio::spawn(async move {
            let mut every = tokio::time::interval(TICK);
            loop {
                tokio::select! {
                    _ = until.wait_for(|stop| *stop) => return,
                    _ = every.tick() => {}
                }
                // A refused or failed tick comes again in a second.
                let _ = ticking.act(system(), queue::Command::Tick).await;
            }
        });

        // Who may sign in, and who has.
        let idle_ms = u64::from(config.server.idle_minutes.get()) * 60_000;
        let people = Arc::new(People::open(&data, idle_ms).context("people")?);

        // Certificates, where other machines come in.
        let beyond = Beyond::prepare(&config.server, clock.clone());

        // Which devices are let in.
        let tokens = Arc::new(Tokens::open(&data));
        let devices = Arc::new(Devices::open(&data, tokens.clone()));

        // What is known about dossiers.
        let other_side = config.intake.clone();
        let other_side = other_side.map(|intake| Arc::new(OtherSide::new(intake)));
        let tells = config.intake.as_ref();
        let tells = tells.is_some_and(|intake| intake.dossier_path.is_some());
        let server = other_side.clone().filter(|_| tells);
        let dossiers = Arc::new(Dossiers::open(&data, server, config.retention.days));

        // What handlers share.
        let parts = Parts::with_printers(config.printers.iter().map(|p| p.name.clone()));
        let backups = Backups::new(
            &data,
            config.order(),
            config.backup.as_ref().map_or(Time::midnight(), |b| b.at),
            engine.clone(),
            parts.clone(),
        );
        parts.set("configuration", health_of(&config));
        let announcer = Arc::new(Announcer::new(&config.voice));
        let public_url = config.public.as_ref().and_then(|p| p.url.clone());
        let prints = !config.printers.is_empty();
        let app: App = Arc::new(Shared {
            engine: engine.clone(),
            tokens,
            devices: devices.clone(),
            refusals: Refusals::default(),
            configuration_problem: config.problem.clone(),
            people: people.clone(),
            cards: Arc::new(Cards::open(&data)),
            hub: Hub::new(),
            announcer: announcer.clone(),
            notices: broadcast::channel(web::NOTICES_MAX).0,
            parts: parts.clone(),
            scanners: Scanners::of(&config.scanners),
            readers: Readers::default(),
            reading: config.reading(),
            purposes: Purposes::default(),
            public_url: public_url.clone(),
            prints,
            printers: config.printers.iter().map(|p| p.name.clone()).collect(),
            press: config.press.clone(),
            forwards: config.intake.is_some(),
            dossiers: dossiers.clone(),
            forms: config.forms.clone(),
            data: data.clone(),
            clock,
            alerts: config.alerts,
            guesses: Guesses::default(),
            backups: backups.clone(),
            named: config.named(),
            authority: beyond.as_ref().and_then(Beyond::authority),
            stop: stopping.clone(),
        });
        // Once before the doors open, so that nobody sees an empty state.
        web::refresh(&app).await;
        if let Ok(day) = engine.read(|view| view.state.day_id()).await {
            people.end_sessions(day).await;
        }
        tokio::spawn(web::publish(app.clone()));
        tokio::spawn(web::end_sessions(app.clone()));
        tokio::spawn(web::forget_cards(app.clone()));

        // What is to be heard in the lobby.
        tokio::spawn(announcer.run(
            data.clone(),
            engine.clone(),
            parts.clone(),
            stopping.clone(),
        ));

        // Lamps beside the kiosk, and the relay of a printer's power.
        let mut pins = take_pins(&config, &parts);
        let lamps = Lamps {
            status: pins.status_lamp.take().map(Lamp::new),
            paper: pins.paper_low_lamp.take().map(Lamp::new),
        };
        tokio::spawn(lamps.run(parts.clone(), stopping.clone()));
        let relay = config.gpio.as_ref().and_then(|g| g.printer_relay.as_ref());
        let mut power = relay.and_then(|relay| {
            let output = pins.printer_relay.take()?;
            Some((relay.printer.clone(), Power::new(output, relay)))
        });

        // History for figures.
        let ledger = ledger::run(
            data.clone(),
            engine.clone(),
            parts.clone(),
            stopping.clone(),
        );
        tokio::spawn(ledger);

        // Paper.
        let by_file = engine.read(|view| view.state.settings().by_file()).await;
        for warning in config.warnings.iter().filter(|_| by_file == Ok(true)) {
            warn!(field = warning.field, "{}", warning.text.get("en"));
        }
        let torn = printing::doubt_unfinished(&engine).await;
        if !prints {
            parts.set("printer", Health::None);
        }
        let desk = Arc::new(Desk::new(
            config.printers.iter().map(Station::from).collect(),
            public_url,
            logo(&config),
        ));
        for (station, printer) in config.printers.iter().enumerate() {
            let (book, mut setup) = printing::setup(printer, &data);
            setup.torn = torn;
            let own = power.take_if(|(name, _)| *name == printer.name);
            let worker = Worker {
                power: own.map(|(_, power)| power),
                started: Instant::now(),
                desk: desk.clone(),
                station,
                book,
                engine: engine.clone(),
                data: data.clone(),
                parts: parts.clone(),
                stop: stopping.clone(),
            };
            tokio::spawn(worker.run(printer::open(setup)));
        }

        // The way to the intake server. Like requests under way it is finished at a stop: an
        // outage is told of until then.
        let mut finishing = Vec::new();
        if let Some(other_side) = other_side {
            finishing.push(tokio::spawn(forwarding::run(
                engine.clone(),
                other_side,
                parts.clone(),
                Duration::from_secs(config.alerts.outage_seconds.get().into()),
                stopping.clone(),
            )));
        }

        // Old days.
        let retention = Retention {
            engine: engine.clone(),
            data: data.clone(),
            days: config.retention.days,
            dossiers,
        };
        tokio::spawn(retention.run(stopping.clone()));

        // Copies for a spare machine.
        tokio::spawn(backups.run(stopping.clone()));

        // Scanners.
        let scanners = Arc::new(scanner::Stop::new());
        scanning::start(&app, &config.scanners, &scanners);

        // Doors.
        let (address, mut servers) =
            doors::open(&config.server, beyond, app.clone(), stopping.clone()).await?;
        if let Some(public) = &config.public {
            let listener = doors::listen(public.listen).await?;
            info!("The public door: http://{}", listener.local_addr()?);
            let router = web::public_router(app.clone());
            servers.push(doors::serve_on(
                listener,
                router,
                doors::OTHERS,
                stopping.clone(),
            ));
        }

        servers.append(&mut finishing);

        // What is written now and then; like requests under way it is finished at a stop.
        servers.push(tokio::spawn(devices.keep(engine.clone(), stopping)));
        servers.push(tokio::spawn(web::note_refusals(app)));
        info!(%address, data = %data.display(), "The daemon is ready");
        if people.book().people().is_empty()
            && let Err(cause) = admin_link::invite(&data, &address)
        {
            // A full or read-only disk: the office works by its tokens meanwhile.
            warn!(%cause, "no link for a first administrator can be made");
        }
        Ok(Self {
            address,
            engine,
            engine_thread,
            stop,
            servers,
            scanners,
        })
    }

    /// Ends streams at once, lets requests under way finish, and closes the journal.
    pub(super) async fn stop(self) {
        info!("The daemon stops");
        let _ = self.stop.send(true);
        self.scanners.stop();
        for server in self.servers {
            if tokio::time::timeout(STOP_MAX, server).await.is_err() {
                warn!("a client did not finish its request in time");
            }
        }
        self.engine.stop().await;
        let joined = tokio::task::spawn_blocking(move || self.engine_thread.join()).await;
        if !matches!(joined, Ok(Ok(()))) {
            warn!("the engine did not end in order");
        }
    }
}

/// Everything in the data folder is for the daemon's own user: names, tokens' hashes, sealed values
/// and the figures that follow from them. What older versions left open is closed.
fn own_eyes_only(data: &Path) {
    safe_file::umask();
    if let Err(cause) = safe_file::close_to_others(data) {
        warn!(%cause, "files of the data folder may be read by others");
    }
}

fn health_of(config: &Config) -> Health {
    match config.problem {
        Some(_) => Health::Trouble,
        None => Health::Ready,
    }
}

/// The office's logo. A bad one is left out of slips.
fn logo(config: &Config) -> Option<printer::Drawing> {
    match config.logo.clone()? {
        Ok(logo) => Some(logo),
        Err(problem) => {
            warn!("{problem}. Slips come out without a logo.");
            None
        }
    }
}

/// The pins of `[gpio]`. Where they cannot be had nothing is switched, and the office goes on.
fn take_pins(config: &Config, parts: &Parts) -> Pins {
    let Some(wanted) = &config.gpio else {
        return Pins::default();
    };
    let taken = Header::open().and_then(|header| Pins::take(wanted, &header));
    match taken {
        Ok(pins) => {
            parts.set("gpio", Health::Ready);
            pins
        }
        Err(cause) => {
            warn!(%cause, "Lamps and the printer's relay are not there; everything else goes on");
            parts.set("gpio", Health::Away);
            Pins::default()
        }
    }
}

/// When the newest record was written, for judging a battery clock.
fn newest_at(data: &Path, seq: u64) -> i64 {
    let reader = crate::journal::sqlite::open_reader(data).ok();
    let record = reader.and_then(|c| crate::journal::sqlite::read(&c, seq).ok().flatten());
    record.map_or(0, |record| record.at)
}
