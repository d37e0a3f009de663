//! Rights and idempotency keys, judged before path values and body.

use axum::extract::FromRequestParts;
use axum::http::{HeaderMap, StatusCode, header, request::Parts};
use queue::{Actor, Role};

use super::App;
use super::problem::Problem;
use crate::advice;
use crate::engine::Key;

/// Name of the session cookie; it acts as the token it holds.
pub(crate) const COOKIE: &str = "session";

/// Longest idempotency key.
const KEY_MAX: usize = 128;

/// Who calls, if anybody known.
pub(crate) fn actor(app: &App, headers: &HeaderMap) -> Option<Actor> {
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|v| v.to_str().ok());
    if let Some(token) = bearer {
        let (scheme, token) = token.split_once(' ')?;
        return match scheme.eq_ignore_ascii_case("bearer") {
            true => app.tokens.actor(token.trim()),
            false => None,
        };
    }
    let cookies = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .and_then(|(_, token)| app.tokens.actor(token))
}

macro_rules! right {
    ($(#[$doc:meta])* $name:ident, $($role:pat_param)|+) => {
        $(#[$doc])*
        pub(crate) struct $name(pub(crate) Actor);

        impl FromRequestParts<App> for $name {
            type Rejection = Problem;

            async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
                let known = actor(app, &parts.headers);
                let actor = known.ok_or_else(|| Problem::http(StatusCode::UNAUTHORIZED))?;
                match actor.role {
                    $($role)|+ => Ok(Self(actor)),
                    _ => Err(Problem::http(StatusCode::FORBIDDEN)),
                }
            }
        }
    };
}

right!(
    /// A touch screen, or staff.
    Anybody,
    Role::Kiosk | Role::Clerk | Role::Supervisor | Role::Admin
);
right!(
    /// Staff.
    Clerk,
    Role::Clerk | Role::Supervisor | Role::Admin
);
right!(
    /// Who opens and closes the day.
    Supervisor,
    Role::Supervisor | Role::Admin
);

/// The idempotency key of a state-changing call, with its scope's call.
pub(crate) struct KeyOf {
    call: String,
    key: String,
}

impl KeyOf {
    /// With the body it came with, in a form equal for equal bodies.
    pub(crate) fn with(self, body: &impl serde::Serialize) -> Key {
        Key {
            call: self.call,
            key: self.key,
            body: serde_json::to_vec(body).unwrap_or_default(),
        }
    }
}

impl FromRequestParts<App> for KeyOf {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        let key = parts
            .headers
            .get("idempotency-key")
            .and_then(|v| v.to_str().ok());
        let fits = |key: &&str| {
            (1..=KEY_MAX).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic())
        };
        match key.filter(fits) {
            Some(key) => Ok(Self {
                call: format!("{} {}", parts.method, parts.uri.path()),
                key: key.to_owned(),
            }),
            None => Err(Problem::of(advice::key_missing())),
        }
    }
}
