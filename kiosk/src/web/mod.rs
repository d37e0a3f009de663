//! The HTTP API, its event streams and the pages.

pub mod api;
mod auth;
mod backup;
mod cards;
mod codes;
mod counter;
mod counter_stream;
mod day;
mod days;
mod devices;
mod dossiers;
mod enrol;
mod enrolments;
mod entrance;
mod events;
mod figures;
mod first_admin;
mod grid;
mod guesses;
mod health;
mod help;
mod install;
mod letters;
mod lists;
mod live;
mod looking;
mod notice;
mod office;
mod openapi;
mod outages;
mod pages;
mod people;
mod place;
mod presence;
mod problem;
mod public;
mod purpose;
mod readers;
mod register;
mod resume;
mod roll;
mod scans;
mod services;
mod settle;
mod sign_in;
mod signed;
mod slips;
mod sorry;
mod staff;
mod status;
mod tickets;
mod time;
mod views;
mod voice;

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::response::Response;
use tokio::sync::{broadcast, watch};

use crate::access::Refusals;
use crate::alerts::Thresholds;
use crate::cards::Cards;
use crate::clock::SystemClock;
use crate::devices::Devices;
use crate::dossiers::Dossiers;
use crate::engine::Engine;
use crate::follower::backup::Backups;
use crate::follower::voice::Announcer;
use crate::forms::Forms;
use crate::journal::copy::Named;
use crate::people::People;
use crate::purposes::Purposes;
use crate::slips::Press;
use crate::status::{Parts, Readers, Scanners};
use crate::tokens::Tokens;

pub use cards::forget_cards;
pub use events::{Hub, publish, refresh};
pub use guesses::Guesses;
pub use health::note_refusals;
pub use notice::{Notice, NoticeKind};
pub(crate) use resume::Shown;
pub(crate) use tickets::TicketRef;
pub(crate) use views::{PurposeWord, offset, qr, time};

/// Sentences that may wait for a counter's page: far more than clerks scan while a page is drawn. One
/// that falls behind further misses the oldest; its list of scans stays true.
pub const NOTICES_MAX: usize = 256;

/// No call of the API needs more; a page's form neither.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// What handlers share.
pub struct Shared {
    /// The engine.
    pub engine: Engine,
    /// Tokens: who is who.
    pub tokens: Arc<Tokens>,
    /// Devices: which are there, and which ask to be let in.
    pub devices: Arc<Devices>,
    /// Who was refused, until it is written.
    pub refusals: Refusals,
    /// What is wrong with the configuration's file, if its last good copy runs.
    pub configuration_problem: Option<String>,
    /// People: who is who, and who is signed in.
    pub people: Arc<People>,
    /// What citizen cards are known by today.
    pub cards: Arc<Cards>,
    /// The public state and its changes.
    pub hub: Hub,
    /// What is to be heard in the lobby.
    pub announcer: Arc<Announcer>,
    /// Sentences for one counter page, such as a refused scan.
    pub notices: broadcast::Sender<Notice>,
    /// How each part of the daemon fares.
    pub parts: Parts,
    /// How each of its scanners does.
    pub scanners: Scanners,
    /// How the readers beside touch screens do.
    pub readers: Readers,
    /// What scanned and typed texts mean in this office.
    pub reading: scanner::Reading,
    /// What clerks have said their next scans are for.
    pub purposes: Purposes,
    /// `{public.url}`, if configured: where a slip's QR leads.
    pub public_url: Option<String>,
    /// Whether slips are printed at all.
    pub prints: bool,
    /// Names of the printers.
    pub printers: Vec<String>,
    /// What slips are printed with.
    pub press: Press,
    /// Whether scans are forwarded.
    pub forwards: bool,
    /// What is known about dossiers.
    pub dossiers: Arc<Dossiers>,
    /// Texts of official forms.
    pub forms: Forms,
    /// The data folder, for older scans and for figures.
    pub data: PathBuf,
    /// What time it is, and who says so.
    pub clock: SystemClock,
    /// From when on the live board says something.
    pub alerts: Thresholds,
    /// Tokens of slips that were tried in vain.
    pub guesses: Guesses,
    /// Copies for a spare machine.
    pub backups: Arc<Backups>,
    /// The configuration and what it names, for a copy that is downloaded.
    pub named: Option<Named>,
    /// The appliance's authority in DER, where other machines need it to come in.
    pub authority: Option<Vec<u8>>,
    /// True once the daemon stops: open streams end at once.
    pub stop: watch::Receiver<bool>,
}

/// State of every handler.
pub type App = Arc<Shared>;

/// Everything: staff pages and API.
pub fn router(app: App) -> Router {
    let routes = Router::new()
        .merge(api::routes())
        .merge(voice::routes())
        .merge(public::routes())
        .merge(pages::routes())
        .merge(status::routes())
        .layer(axum::middleware::from_fn(auth::own_site))
        .layer(axum::middleware::from_fn_with_state(
            app.clone(),
            presence::presence,
        ));
    finished(routes, app)
}

/// The same for other machines, over TLS.
///
/// No Strict-Transport-Security: browsers ignore it for addresses, and for a name it would bind
/// every port of it, also the public door, which phones without the authority must reach.
pub fn secured_router(app: App) -> Router {
    router(app).layer(axum::Extension(sign_in::Encrypted))
}

/// The second door: what needs no right.
pub fn public_router(app: App) -> Router {
    let routes = Router::new()
        .merge(public::routes())
        .merge(pages::public_door());
    finished(routes, app)
}

/// What every door has: a limit on bodies, errors as problems, and what a browser must not do
/// with any answer.
fn finished(routes: Router<App>, app: App) -> Router {
    let problem = |status| async move { problem::Problem::http(status) };
    routes
        .fallback(move || problem(StatusCode::NOT_FOUND))
        .method_not_allowed_fallback(move || problem(StatusCode::METHOD_NOT_ALLOWED))
        .layer(axum::middleware::from_fn(problem::in_language))
        .layer(axum::middleware::from_fn_with_state(
            app.clock.clone(),
            time::date,
        ))
        .layer(axum::middleware::from_fn(pages::guarded))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(app)
}

/// What is answered to a request that did not come in time.
pub fn too_slow() -> Response {
    let mut answer = problem::Problem::http(StatusCode::REQUEST_TIMEOUT).alone();
    pages::guard(answer.headers_mut());
    answer
}

/// Ends sessions of closed days and idle ones, until the daemon stops.
pub async fn end_sessions(app: App) {
    let mut newest = app.engine.newest();
    let mut stop = app.stop.clone();
    loop {
        if let Ok(day) = app.engine.read(|view| view.state.day_id()).await {
            app.people.end_sessions(day).await;
        }
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return,
            () = events::next_look(&mut newest) => {}
        }
    }
}
