//! Which device a request comes from: noted as its last contact; a token that is none any more is
//! refused whatever it asks for, so that a revoked screen hears of it.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Extensions, HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::App;
use super::auth::{COOKIE, cookie};
use super::problem::Problem;
use crate::access::{Attempt, Refused};
use crate::advice;
use crate::people::Who;
use crate::speaker::{SOUND_HEADER, Sound};
use crate::tokens::Owner;

/// Cookie of an enrolled PC: its token, which gives no right.
pub(super) const DEVICE: &str = "device";

/// Put on a request that came with a device's token.
#[derive(Clone)]
pub(super) struct Bearer(pub(super) String);

/// Where a request comes from; empty if nobody can tell.
pub(super) fn address(extensions: &Extensions) -> String {
    let client = extensions.get::<ConnectInfo<SocketAddr>>();
    client.map_or_else(String::new, |ConnectInfo(client)| client.ip().to_string())
}

/// A bearer token as it was sent.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let sent = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = sent.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(token.trim())
}

/// Notes who is there, and turns away who is no device any more.
pub(super) async fn presence(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let from = address(request.extensions());
    let headers = request.headers();
    if let Some(pc) = cookie(headers, DEVICE) {
        app.devices.hear(pc, &from);
    }
    if let Some(session) = cookie(headers, COOKIE)
        && let Some(Who::Token(hash)) = app.people.who(session, false)
    {
        app.devices.hear_by_hash(&hash, &from);
    }
    let Some(token) = bearer(headers).map(str::to_owned) else {
        return next.run(request).await;
    };
    let (refused, actor, problem) = match app.devices.hear(&token, &from) {
        Owner::Device(device) => {
            let word = headers.get(SOUND_HEADER).and_then(|w| w.to_str().ok());
            app.devices.hear_sound(&device, word.and_then(Sound::of));
            request.extensions_mut().insert(Bearer(token));
            return next.run(request).await;
        }
        Owner::Revoked(device) => (
            Refused::Revoked,
            Some(device),
            Problem::of(advice::device_revoked()),
        ),
        Owner::Nobody => (
            Refused::Token,
            None,
            Problem::http(StatusCode::UNAUTHORIZED),
        ),
    };
    app.refusals.count(Attempt {
        refused,
        actor,
        from,
    });
    problem.into_response()
}
