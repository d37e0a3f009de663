//! The pages: sign-in, the counters, the lobby. Plain files, no build step.

use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Router, middleware};
use queue::Role;
use serde::Deserialize;

use super::App;
use super::auth::{COOKIE, actor};
use super::problem::Problem;

macro_rules! files {
    ($($name:literal: $kind:literal),+ $(,)?) => {
        &[$(($name, $kind, include_bytes!(concat!("pages/", $name)))),+]
    };
}

/// Name, type, content.
const FILES: &[(&str, &str, &[u8])] = files! {
    "acts.js": "text/javascript",
    "counter.css": "text/css",
    "counter.js": "text/javascript",
    "counters.js": "text/javascript",
    "dom.js": "text/javascript",
    "fonts.css": "text/css",
    "icon.svg": "image/svg+xml",
    "keys.js": "text/javascript",
    "lobby.css": "text/css",
    "lobby.js": "text/javascript",
    "login.js": "text/javascript",
    "outbox.js": "text/javascript",
    "page.css": "text/css",
    "panel.js": "text/javascript",
    "place.css": "text/css",
    "questions.js": "text/javascript",
    "render.js": "text/javascript",
    "scans.js": "text/javascript",
    "spotlight.js": "text/javascript",
    "stream.js": "text/javascript",
    "words-en.js": "text/javascript",
    "words-vi.js": "text/javascript",
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

async fn login() -> Html<&'static str> {
    Html(include_str!("pages/login.html"))
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

/// The form of `/login`.
#[derive(Deserialize)]
struct SignIn {
    token: String,
    #[serde(default)]
    next: String,
}

/// A place on this machine and nothing else.
fn own_path(next: &str) -> &str {
    let plain = next.starts_with('/')
        && next
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'/' || b == b'-');
    match plain && !next.starts_with("//") {
        true => next,
        false => "/counter",
    }
}

async fn sign_in(State(app): State<App>, Form(form): Form<SignIn>) -> Response {
    let token = form.token.trim();
    let next = own_path(&form.next);
    match app.tokens.actor(token) {
        Some(actor) if actor.role != Role::Kiosk => {
            // Secure is not set: on loopback and inside the office's own network before TLS
            // the cookie would not be sent at all.
            let cookie =
                format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200");
            ([(header::SET_COOKIE, cookie)], Redirect::to(next)).into_response()
        }
        _ => Redirect::to(&format!("/login?error=1&next={next}")).into_response(),
    }
}

async fn sign_out() -> Response {
    let cookie = format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
    ([(header::SET_COOKIE, cookie)], Redirect::to("/login")).into_response()
}

async fn guarded(request: axum::extract::Request, next: middleware::Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let set = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    for (name, value) in set {
        headers.insert(name, header::HeaderValue::from_static(value));
    }
    response
}

/// Pages that need no right.
pub(super) fn public_routes() -> Router<App> {
    Router::new()
        .route("/lobby", get(lobby))
        .route("/t/{token}", get(super::place::place))
        .route("/static/{name}", get(file))
        .layer(middleware::from_fn(guarded))
}

/// All pages.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/", get(|| async { Redirect::to("/counter") }))
        .route("/login", get(login).post(sign_in))
        .route("/logout", post(sign_out))
        .route("/counter", get(counters))
        .route("/counter/{n}", get(counter))
        .layer(middleware::from_fn(guarded))
        .merge(public_routes())
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn after_sign_in_one_stays_on_this_machine() {
        assert_eq!(own_path("/counter/3"), "/counter/3");
        for elsewhere in [
            "",
            "//evil.example",
            "https://evil.example",
            "/\\evil",
            "/counter?x=1",
            "counter",
        ] {
            assert_eq!(own_path(elsewhere), "/counter", "{elsewhere}");
        }
    }
}
