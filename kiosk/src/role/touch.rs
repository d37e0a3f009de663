//! The role `kiosk touch`: where citizens take their numbers.
//!
//! The window runs on the main thread, the network beside it. A request is kept in the state
//! folder, synced, before it is sent, and until its number has been read: a screen that is
//! restarted in between finishes it with the same key, and it stays one ticket. Who showed a
//! receipt or a card shows it again, and is known by it: those requests are on no disk.

mod ask;
mod kept;
mod reader;
mod report;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use screens::board::Board;
use screens::corner;
use screens::enrol::Asker;
use screens::frame::Frame;
use screens::inbox::{Remote, inbox};
use screens::touch::{Input, Moment, Options, Output};
use screens::visit::{AWAY_AFTER_MS, Act, Event, Pending, Visit};
use tokio::sync::{mpsc, watch};
use tracing::warn;

use self::kept::Kept;
use super::screen::{Following, News};
use crate::client::{Client, Failure, Update};

/// Acts waiting for the network side. A visit has one request at a time; this many only
/// when the disk stands still, and then the citizen is told after 20 s.
const ACTS_MAX: usize = 64;

/// What the touch screen is started with.
pub struct TouchOptions {
    /// The daemon's address.
    pub at: String,
    /// The authority it is trusted by, where the address begins with https.
    pub ca: Option<PathBuf>,
    /// The printer beside it, where the office has several.
    pub printer: Option<String>,
    /// A token of role kiosk; without one the screen asks to be let in.
    pub token: Option<String>,
    /// Where it is kept.
    pub token_file: PathBuf,
    /// Readers beside it.
    pub readers: Vec<scanner::Device>,
    /// What counts as a dossier there.
    pub reading: scanner::Reading,
    /// Where a request is kept while it has no answer.
    pub state: PathBuf,
    /// Draw the current screen into a file of this size, and end.
    pub render: Option<(PathBuf, u32, u32)>,
    /// Fill the screen.
    pub fullscreen: bool,
    /// Of the glass, from corner to corner.
    pub diagonal_inches: f32,
}

/// Runs until the window is closed.
pub fn run(options: TouchOptions) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let client = Client::new(&options.at, options.token, options.ca.as_deref())?
        .printing_on(options.printer);
    if let Some((file, width, height)) = options.render {
        let board = runtime.block_on(client.queue());
        let frame = Frame {
            width: width as f32,
            height: height as f32,
            diagonal_inches: options.diagonal_inches,
        };
        return draw(board, frame, &file);
    }

    let kept = Kept::open(&options.state)?;
    let first = kept.pending.clone().map(Event::Resume);
    let (remote, inbox) = inbox();
    let (acts, todo) = mpsc::channel(ACTS_MAX);
    let following = Following {
        client: client.clone(),
        asker: Asker::Touch,
        at: options.at,
        token_file: options.token_file,
    };
    let updates = remote.clone();
    let (link, linked) = watch::channel(false);
    runtime.spawn(following.run(move |news| {
        if let Some(stands) = stands(&news) {
            link.send_if_modified(|link| std::mem::replace(link, stands) != stands);
        }
        tell(&updates, news)
    }));
    let (readers, fare) = reader::start(options.readers, &options.reading, &remote);
    runtime.spawn(report::report(client.clone(), fare.subscribe(), linked));
    runtime.spawn(work(client, kept, todo, remote));

    let window = Options {
        app_id: "vn.kiosk.touch".to_owned(),
        fullscreen: options.fullscreen,
        diagonal_inches: options.diagonal_inches,
        make_key: Box::new(make_key),
    };
    let ask = move |output| {
        if acts.try_send(output).is_err() {
            warn!("the disk or the network stands still, a touch is not passed on");
        }
    };
    screens::touch::run(window, first.into_iter().collect(), inbox, ask)
        .context("the touch screen")?;
    readers.stop();
    runtime.shutdown_background();
    Ok(())
}

/// Whether the connection to the daemon stands; `None`: nothing new of that.
fn stands(news: &News) -> Option<bool> {
    match news {
        News::Update(Update::Board(_) | Update::Alive) => Some(true),
        News::Update(Update::Lost) | News::Enrol(Some(_)) => Some(false),
        News::Update(Update::Utc(_)) | News::Enrol(None) => None,
    }
}

fn tell(remote: &Remote<Input>, news: News) -> bool {
    remote.send(match news {
        News::Update(Update::Board(board)) => Input::Event(Event::Board(board)),
        News::Update(Update::Alive) => Input::Event(Event::Link(true)),
        News::Update(Update::Lost) => Input::Event(Event::Link(false)),
        News::Update(Update::Utc(utc)) => Input::Utc(utc),
        News::Enrol(enrolment) => Input::Enrol(enrolment),
    })
}

/// A key that no other touch anywhere has had.
fn make_key() -> String {
    crate::ids::secret().to_string()
}

/// Does what the visit asks for, in its order: keeping comes before sending.
async fn work(
    client: Client,
    mut kept: Kept,
    mut todo: mpsc::Receiver<Output>,
    remote: Remote<Input>,
) {
    let client = Arc::new(client);
    while let Some(output) = todo.recv().await {
        let act = match output {
            Output::Visit(act) => act,
            Output::Staff(request) => {
                let (client, remote) = (Arc::clone(&client), remote.clone());
                tokio::spawn(async move {
                    let answer = signed(&client, &request).await;
                    remote.send(Input::Signed(request.key, answer));
                });
                continue;
            }
        };
        match act {
            Act::Send(pending) => {
                let durable = pending.step.may_be_kept();
                kept = keep(kept, durable.then(|| pending.clone())).await;
                let (client, remote) = (Arc::clone(&client), remote.clone());
                tokio::spawn(async move {
                    let answer = ask::send(&client, &pending).await;
                    remote.send(Input::Event(Event::Answer(pending.key, answer)));
                });
            }
            Act::Forget => kept = keep(kept, None).await,
            Act::Card(key, card) => {
                let (client, remote) = (Arc::clone(&client), remote.clone());
                tokio::spawn(async move {
                    let person = ask::card(&client, &key, card).await;
                    remote.send(Input::Event(Event::Card(key, person)));
                });
            }
            Act::LookUp {
                key,
                dossier,
                factor,
                language,
            } => {
                let (client, remote) = (Arc::clone(&client), remote.clone());
                tokio::spawn(async move {
                    let sent = (&dossier, &factor);
                    let answer = ask::look_up(&client, &key, sent, &language).await;
                    remote.send(Input::Event(Event::LookedUp(key, answer)));
                });
            }
            Act::Look(id) => {
                let (client, remote) = (Arc::clone(&client), remote.clone());
                tokio::spawn(async move {
                    if let Ok(ticket) = client.ticket(&id).await {
                        remote.send(Input::Event(Event::Looked(Box::new(ticket))));
                    }
                });
            }
        }
    }
}

/// Off the runtime's threads: a card may take its time to sync.
async fn keep(mut kept: Kept, pending: Option<Pending>) -> Kept {
    let path = kept.path.clone();
    let done = tokio::task::spawn_blocking(move || {
        if let Err(cause) = kept.set(pending) {
            // A number that is not safe from a restart is better than none.
            warn!(%cause, "the request under way cannot be kept in the state folder");
        }
        kept
    });
    done.await.unwrap_or(Kept {
        path,
        pending: None,
    })
}

/// Has the daemon do what staff signed.
async fn signed(client: &Client, request: &corner::Request) -> corner::Answer {
    match client.signed(request).await {
        Ok(()) => corner::Answer::Done,
        Err(Failure::Refused { code, detail, .. }) => {
            warn!(code, "the daemon refused what staff signed at this screen");
            corner::Answer::Refused { code, detail }
        }
        Err(Failure::Silent(cause)) => {
            warn!(cause, "no answer to what staff signed at this screen");
            corner::Answer::Silent
        }
    }
}

/// The screen as it would be now; without a daemon, as it would be without one.
fn draw(
    board: anyhow::Result<(Board, Option<i64>)>,
    frame: Frame,
    file: &Path,
) -> anyhow::Result<()> {
    let mut visit = Visit::new(0);
    let mut moment = Moment {
        now_ms: 0,
        utc_ms: None,
    };
    match board {
        Ok((board, utc_ms)) => {
            visit.on(Event::Board(Box::new(board)), 0);
            moment.utc_ms = utc_ms;
        }
        Err(_) => moment.now_ms = AWAY_AFTER_MS,
    }
    let view = screens::touch::view(&visit, moment, frame);
    let picture = screens::render::touch(&view, frame.width as u32, frame.height as u32)?;
    std::fs::write(file, picture).with_context(|| format!("cannot write {}", file.display()))
}
