//! The pages: the counters, people, the lobby. Plain files, no build step.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::get;
use axum::{Router, middleware};
use queue::Role;

use super::App;
use super::auth::actor;
use super::problem::Problem;
use super::staff;

macro_rules! files {
    ($($name:literal: $kind:literal),+ $(,)?) => {
        &[$(($name, $kind, include_bytes!(concat!("pages/", $name)))),+]
    };
}

/// Name, type, content.
const FILES: &[(&str, &str, &[u8])] = files! {
    "acts.js": "text/javascript",
    "admin.css": "text/css",
    "admin.js": "text/javascript",
    "alerts.js": "text/javascript",
    "backup.css": "text/css",
    "backup.js": "text/javascript",
    "bar.js": "text/javascript",
    "calls.js": "text/javascript",
    "codes.css": "text/css",
    "codes.js": "text/javascript",
    "counter.css": "text/css",
    "counter.js": "text/javascript",
    "counters.js": "text/javascript",
    "devices.css": "text/css",
    "devices.js": "text/javascript",
    "dom.js": "text/javascript",
    "dossiers.css": "text/css",
    "dossiers.js": "text/javascript",
    "draft.js": "text/javascript",
    "entries.js": "text/javascript",
    "equipment.js": "text/javascript",
    "fields.js": "text/javascript",
    "enrol.css": "text/css",
    "enrol.js": "text/javascript",
    "figures.css": "text/css",
    "fonts.css": "text/css",
    "form.css": "text/css",
    "frame.js": "text/javascript",
    "framing.js": "text/javascript",
    "help.css": "text/css",
    "help-card.js": "text/javascript",
    "help.js": "text/javascript",
    "icon.svg": "image/svg+xml",
    "install.css": "text/css",
    "keys.js": "text/javascript",
    "late-list.js": "text/javascript",
    "late.js": "text/javascript",
    "letter-a4.css": "text/css",
    "letter-a5.css": "text/css",
    "letter-form.js": "text/javascript",
    "letter.css": "text/css",
    "letter.js": "text/javascript",
    "list.css": "text/css",
    "live.css": "text/css",
    "live.js": "text/javascript",
    "lobby.css": "text/css",
    "lobby.js": "text/javascript",
    "login.js": "text/javascript",
    "me.js": "text/javascript",
    "order.js": "text/javascript",
    "outbox.js": "text/javascript",
    "page.css": "text/css",
    "panel.js": "text/javascript",
    "people.css": "text/css",
    "people.js": "text/javascript",
    "place.css": "text/css",
    "place.js": "text/javascript",
    "purpose.js": "text/javascript",
    "questions.js": "text/javascript",
    "recorder-worklet.js": "text/javascript",
    "recorder.js": "text/javascript",
    "render.js": "text/javascript",
    "review.js": "text/javascript",
    "said.js": "text/javascript",
    "scans.js": "text/javascript",
    "serial.js": "text/javascript",
    "served.css": "text/css",
    "served.js": "text/javascript",
    "settings-classes.js": "text/javascript",
    "settings-counters.js": "text/javascript",
    "settings-file.js": "text/javascript",
    "settings-history.js": "text/javascript",
    "settings-hours.js": "text/javascript",
    "settings-notices.js": "text/javascript",
    "settings-office.js": "text/javascript",
    "settings-services.js": "text/javascript",
    "settings-slips.js": "text/javascript",
    "settings.css": "text/css",
    "settings.js": "text/javascript",
    "sifting.js": "text/javascript",
    "sound.js": "text/javascript",
    "spotlight.js": "text/javascript",
    "stream.js": "text/javascript",
    "time-ask.js": "text/javascript",
    "time-word.js": "text/javascript",
    "time.css": "text/css",
    "time.js": "text/javascript",
    "times.js": "text/javascript",
    "today-counters.js": "text/javascript",
    "today-day.js": "text/javascript",
    "today-off.js": "text/javascript",
    "today-roll.js": "text/javascript",
    "today-services.js": "text/javascript",
    "today.css": "text/css",
    "today.js": "text/javascript",
    "twice.js": "text/javascript",
    "voice.css": "text/css",
    "voice.js": "text/javascript",
    "wedge.js": "text/javascript",
    "week.js": "text/javascript",
    "words-dossiers-en.js": "text/javascript",
    "words-dossiers-vi.js": "text/javascript",
    "words-en.js": "text/javascript",
    "words-office-en.js": "text/javascript",
    "words-office-vi.js": "text/javascript",
    "words-scan-en.js": "text/javascript",
    "words-scan-vi.js": "text/javascript",
    "words-vi.js": "text/javascript",
    "words-voice-en.js": "text/javascript",
    "words-voice-vi.js": "text/javascript",
    "words.js": "text/javascript",
};

/// Nothing from elsewhere, nothing inline, in nobody's frame.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

async fn file(Path(name): Path<String>) -> Result<Response, Problem> {
    let fonts = [
        ("NotoSans_400Regular.ttf", crate::fonts::FACES.regular),
        ("NotoSans_600SemiBold.ttf", crate::fonts::FACES.semibold),
        ("NotoSans_700Bold.ttf", crate::fonts::FACES.bold),
    ];
    let fonts = fonts
        .into_iter()
        .map(|(name, bytes)| (name, "font/ttf", bytes));
    let found = FILES
        .iter()
        .copied()
        .chain(fonts)
        .find(|(n, ..)| *n == name);
    let (name, kind, bytes) = found.ok_or_else(|| Problem::http(StatusCode::NOT_FOUND))?;
    // Fonts never change; the rest is asked for again so that an update shows at once.
    let keep = match name.ends_with(".ttf") {
        true => "public, max-age=604800",
        false => "no-cache",
    };
    let kind = match kind.starts_with("text/") {
        true => format!("{kind}; charset=utf-8"),
        false => kind.to_owned(),
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, keep.to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

async fn lobby() -> Html<&'static str> {
    Html(include_str!("pages/lobby.html"))
}

/// A staff page, or the way to sign in.
fn for_staff(app: &App, headers: &HeaderMap, path: &str, page: &'static str) -> Response {
    match actor(app, headers) {
        Some(actor) if actor.role != Role::Kiosk => Html(page).into_response(),
        _ => Redirect::to(&format!("/login?next={path}")).into_response(),
    }
}

async fn counters(State(app): State<App>, headers: HeaderMap) -> Response {
    for_staff(
        &app,
        &headers,
        "/counter",
        include_str!("pages/counters.html"),
    )
}

async fn counter(
    State(app): State<App>,
    headers: HeaderMap,
    number: Result<Path<u32>, axum::extract::rejection::PathRejection>,
) -> Result<Response, Problem> {
    let Path(number) = number.map_err(|_| Problem::http(StatusCode::NOT_FOUND))?;
    let path = format!("/counter/{number}");
    Ok(for_staff(
        &app,
        &headers,
        &path,
        include_str!("pages/counter.html"),
    ))
}

async fn time(State(app): State<App>, headers: HeaderMap) -> Response {
    staff::show(&app, &headers, "/time", include_str!("pages/time.html"))
}

pub(super) async fn guarded(request: axum::extract::Request, next: middleware::Next) -> Response {
    let mut response = next.run(request).await;
    guard(response.headers_mut());
    response
}

/// What a page may do in a browser, and who may frame it.
pub(super) fn guard(headers: &mut HeaderMap) {
    let set = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        // With no-referrer a browser sends our own forms with `Origin: null`.
        (header::REFERRER_POLICY, "same-origin"),
    ];
    for (name, value) in set {
        headers.insert(name, header::HeaderValue::from_static(value));
    }
}

async fn people(State(app): State<App>, headers: HeaderMap) -> Response {
    let html = include_str!("pages/people.html");
    staff::show(&app, &headers, "/admin/people", html)
}

async fn today(State(app): State<App>, headers: HeaderMap) -> Response {
    let html = include_str!("pages/today.html");
    staff::show(&app, &headers, "/admin/today", html)
}

async fn settings(State(app): State<App>, headers: HeaderMap) -> Response {
    let html = include_str!("pages/settings.html");
    staff::show(&app, &headers, "/admin/settings", html)
}

async fn devices(State(app): State<App>, headers: HeaderMap) -> Response {
    let html = include_str!("pages/devices.html");
    staff::show(&app, &headers, "/admin/devices", html)
}

async fn admin(State(app): State<App>, headers: HeaderMap) -> Response {
    match staff::allowed(&app, &headers, "/admin") {
        Ok(actor) => {
            let html = include_str!("pages/admin.html");
            let html = html.replace("{{pages}}", &staff::list(&actor));
            Html(html.replace("{{bar}}", &staff::bar(&app, &actor, "/admin"))).into_response()
        }
        Err(response) => *response,
    }
}

/// The pages of the public door, and where it begins.
pub(super) fn public_door() -> Router<App> {
    Router::new()
        .route("/", get(super::entrance::entrance))
        .layer(middleware::from_fn(guarded))
        .merge(public_routes())
}

/// Pages that need no right.
fn public_routes() -> Router<App> {
    Router::new()
        .route("/lobby", get(lobby))
        .route("/t/{token}", get(super::place::place))
        .route("/static/{name}", get(file))
        .merge(super::install::routes())
}

/// All pages.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/", get(|| async { Redirect::to("/counter") }))
        .route("/counter", get(counters))
        .route("/counter/{n}", get(counter))
        .route("/admin", get(admin))
        .route("/help", get(super::help::page))
        .route("/time", get(time))
        .route("/admin/people", get(people))
        .route("/admin/settings", get(settings))
        .route("/admin/today", get(today))
        .route("/admin/devices", get(devices))
        .route("/admin/codes", get(super::codes::page))
        .merge(super::sign_in::routes())
        .merge(super::enrol::routes())
        .merge(super::first_admin::routes())
        .merge(super::figures::pages())
        .merge(super::register::pages())
        .merge(super::outages::pages())
        .merge(super::live::pages())
        .merge(super::dossiers::routes())
        .merge(super::letters::routes())
        .merge(super::backup::pages())
        .merge(super::voice::pages())
        .merge(public_routes())
}
