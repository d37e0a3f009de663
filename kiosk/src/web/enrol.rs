//! `/enrol`: how a PC at a counter becomes known, so that its sign-in page lists the names and an
//! administrator sees it and can revoke it. It gives no right: people sign in by PIN.
//!
//! The cookie of an enrolled PC is a token of its own, out of reach of scripts. Works without a
//! script, which only looks by itself whether the code was typed.

use axum::Router;
use axum::extract::State;
use axum::http::{Extensions, HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse as _, Redirect, Response};
use axum::routing::get;
use queue::DeviceKind;

use super::App;
use super::auth::cookie;
use super::place::escaped;
use super::presence::DEVICE;
use super::sign_in::{BROWSER, GONE, LONG, page, set_cookie, texts, told};
use crate::advice::{self, Sentence};
use crate::devices::{Standing, VALID_MS, spaced};
use crate::tokens::Owner;

/// Cookie of a PC that waits: id and secret of its enrolment.
const ASKED: &str = "enrolment";

/// What the page says.
enum Said {
    /// What this is, and a button for a code.
    Offer(Option<Sentence>),
    /// The code.
    Code(String),
    /// This PC is known, by this name.
    Known(String),
}

fn shown(said: Said) -> Response {
    let hidden = |hide: bool| if hide { "hidden" } else { "" };
    let (mut code, mut name, mut error) = (String::new(), String::new(), None);
    let (mut offer, mut known) = (false, false);
    match said {
        Said::Offer(why) => (offer, error) = (true, why),
        Said::Code(shown) => code = shown,
        Said::Known(as_name) => (known, name) = (true, as_name),
    }
    let status = error.as_ref().map_or(StatusCode::OK, |e| e.status);
    let html = include_str!("pages/enrol.html")
        .replace("{{offer}}", hidden(!offer))
        .replace("{{waits}}", hidden(code.is_empty()))
        .replace("{{known}}", hidden(!known))
        .replace("{{error}}", &told(error.as_ref().map(texts)))
        .replace("{{code}}", &code)
        // Last: it is text of the office's own.
        .replace("{{name}}", &escaped(&name));
    page(status, html)
}

/// How this PC's own enrolment stands, if it has one.
fn standing(app: &App, headers: &HeaderMap) -> Option<(Standing, String, String)> {
    let (id, secret) = cookie(headers, ASKED)?.split_once('.')?;
    let standing = app.devices.standing(id, secret);
    Some((standing, id.to_owned(), secret.to_owned()))
}

async fn look(State(app): State<App>, headers: HeaderMap, extensions: Extensions) -> Response {
    let pc = cookie(&headers, DEVICE).map(|token| app.tokens.owner(token));
    if let Some(Owner::Device(id)) = pc {
        let device = app.devices.find(&id);
        return shown(Said::Known(device.map_or(id, |device| device.name)));
    }
    match standing(&app, &headers) {
        None => shown(Said::Offer(None)),
        Some((Standing::Waits { .. }, id, secret)) => match app.devices.code_of(&id, &secret) {
            Some(code) => shown(Said::Code(spaced(&code))),
            None => shown(Said::Offer(Some(advice::enrolment_over()))),
        },
        Some((Standing::Approved(pass), ..)) => {
            let cookies = [
                (DEVICE, pass.token.as_str(), LONG),
                (ASKED, "", GONE),
                // The PC's own cookie says more, and can be taken back.
                (BROWSER, "", GONE),
            ];
            let cookies = cookies.map(|(name, value, more)| {
                let cookie = set_cookie(name, value, more, &extensions);
                (header::SET_COOKIE, cookie)
            });
            (AppendHeaders(cookies), Redirect::to("/login")).into_response()
        }
        Some((Standing::Over, ..)) => shown(Said::Offer(Some(advice::enrolment_over()))),
    }
}

/// Gets a code. Looking at the page does not: browsers look ahead.
async fn ask(State(app): State<App>, extensions: Extensions) -> Response {
    match super::enrolments::begin(&app, DeviceKind::Counter, "", &extensions) {
        Ok((enrolment, secret)) => {
            let value = format!("{}.{secret}", enrolment.id);
            let more = format!("; Max-Age={}", VALID_MS / 1_000);
            let cookie = set_cookie(ASKED, &value, &more, &extensions);
            ([(header::SET_COOKIE, cookie)], Redirect::to("/enrol")).into_response()
        }
        Err(problem) => shown(Said::Offer(Some(problem.into_sentence()))),
    }
}

/// For the page's script: 204 while nothing has changed, else 200.
async fn wait(State(app): State<App>, headers: HeaderMap) -> StatusCode {
    match standing(&app, &headers) {
        Some((Standing::Waits { .. }, ..)) => StatusCode::NO_CONTENT,
        _ => StatusCode::OK,
    }
}

/// The pages of a PC that is to be known.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/enrol", get(look).post(ask))
        .route("/enrol/wait", get(wait))
}
