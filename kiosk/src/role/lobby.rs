//! The role `kiosk lobby`: who is called where, for everybody in the room.
//!
//! Needs no right: it shows what is public, from any machine on the network. Its token only says
//! which screen it is, so that the office sees whether it is there.

use std::path::PathBuf;

use anyhow::Context as _;
use screens::enrol::Asker;
use screens::inbox::{Remote, inbox};
use screens::lobby::{Input, Lobby, Options, Size};
use screens::touch::Moment;

use super::screen::{Following, News};
use crate::client::{Client, Update};
use crate::config::Player;
use crate::packs::Packs;
use crate::speaker::{Output, Speaker};

/// What the lobby screen is started with.
pub struct LobbyOptions {
    /// The daemon's address.
    pub at: String,
    /// The authority it is trusted by, where the address begins with https.
    pub ca: Option<PathBuf>,
    /// A token, by which the daemon lists the screen; without one it asks to be let in.
    pub token: Option<String>,
    /// Where it is kept.
    pub token_file: PathBuf,
    /// Draw the current screen into a file of this size, and end.
    pub render: Option<(PathBuf, u32, u32)>,
    /// Fill the screen.
    pub fullscreen: bool,
    /// Speak the calls: with what, and with which clips.
    pub sound: Option<(Player, Packs)>,
}

/// Runs until the window is closed.
pub fn run(options: LobbyOptions) -> anyhow::Result<()> {
    // Nobody touches it: one thread carries the network.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    let client = Client::new(&options.at, options.token, options.ca.as_deref())?;
    if let Some((file, width, height)) = options.render {
        let board = runtime.block_on(client.queue());
        return draw(board, &file, width, height);
    }

    let speaker = match options.sound {
        Some((player, packs)) => Some(Speaker::start(packs, Output::of(&player))?),
        None => None,
    };
    let client = client.telling_of(speaker.as_ref().map(Speaker::sound));
    let (remote, inbox) = inbox();
    let following = Following {
        client,
        asker: Asker::Lobby,
        at: options.at,
        token_file: options.token_file,
    };
    runtime.spawn(following.run(move |news| {
        if let (Some(speaker), News::Update(Update::Board(board))) = (&speaker, &news) {
            speaker.hear(board);
        }
        tell(&remote, news)
    }));
    let window = Options {
        app_id: "vn.kiosk.lobby".to_owned(),
        fullscreen: options.fullscreen,
    };
    screens::lobby::run(window, inbox).context("the lobby screen")?;
    runtime.shutdown_background();
    Ok(())
}

fn tell(remote: &Remote<Input>, news: News) -> bool {
    remote.send(match news {
        News::Update(Update::Board(board)) => Input::Board(board),
        News::Update(Update::Alive) => Input::Alive,
        News::Update(Update::Lost) => Input::Lost,
        News::Update(Update::Utc(utc)) => Input::Utc(utc),
        News::Enrol(enrolment) => Input::Enrol(enrolment),
    })
}

/// The screen as it would be now; without a daemon, as it would be without one.
fn draw(
    board: anyhow::Result<(screens::board::Board, Option<i64>)>,
    file: &std::path::Path,
    width: u32,
    height: u32,
) -> anyhow::Result<()> {
    let mut lobby = Lobby::new(0);
    let mut moment = Moment {
        now_ms: 0,
        utc_ms: None,
    };
    match board {
        Ok((board, utc_ms)) => {
            lobby.update(board, 0);
            moment.utc_ms = utc_ms;
        }
        Err(_) => {
            lobby.lost(0);
            moment.now_ms = screens::lobby::LOST_MS;
        }
    }
    let size = Size {
        width: width as f32,
        height: height as f32,
    };
    let view = screens::lobby::view(&lobby, moment, size);
    let picture = screens::render::lobby(&view, width, height)?;
    std::fs::write(file, picture).with_context(|| format!("cannot write {}", file.display()))
}
