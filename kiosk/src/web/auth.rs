//! Rights and idempotency keys, judged before path values and body; and which site sent it.

use axum::extract::{FromRequestParts, Request};
use axum::http::{Extensions, HeaderMap, Method, StatusCode, header, request::Parts};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use queue::{Actor, Role};

use super::App;
use super::presence::{Bearer, address, bearer};
use super::problem::Problem;
use crate::access::{Attempt, Refused};
use crate::engine::Key;
use crate::tokens::Owner;
use crate::{advice, people};

/// Name of the session cookie; it acts as the person or token that signed in.
pub(crate) const COOKIE: &str = "session";

/// Longest idempotency key.
pub(crate) const KEY_MAX: usize = 128;

/// Who looks at a page, if anybody known.
pub(crate) fn actor(app: &App, headers: &HeaderMap) -> Option<Actor> {
    caller(app, headers, true)
}

/// Who calls, if anybody known. `acts`: it is a person's doing, not only the page's own asking.
fn caller(app: &App, headers: &HeaderMap, acts: bool) -> Option<Actor> {
    if headers.contains_key(header::AUTHORIZATION) {
        return app.tokens.actor(bearer(headers)?);
    }
    let who = app.people.who(cookie(headers, COOKIE)?, acts)?;
    people::actor_of(&who, &app.people, &app.tokens)
}

/// A cookie's value.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    let cookies = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == wanted)
        .map(|(_, value)| value)
}

/// Whether a request is a person's doing: what a page reads by itself (streams, lists that it
/// asks for again and again) keeps nobody signed in.
fn acts(parts: &Parts) -> bool {
    parts.method != Method::GET || !parts.uri.path().starts_with("/api/")
}

/// What a stream lives by.
#[derive(Clone)]
pub(crate) enum Lifetime {
    /// Anybody's.
    Open,
    /// It ends with its session.
    Session(String),
    /// It ends when its device is revoked.
    Device(String),
}

impl Lifetime {
    /// Of a stream that needs no right: a screen's ends with the screen's.
    pub(crate) fn of_screen(extensions: &Extensions) -> Self {
        match extensions.get::<Bearer>() {
            Some(Bearer(token)) => Self::Device(token.clone()),
            None => Self::Open,
        }
    }

    /// Whether whoever began the stream is still let in.
    pub(crate) fn goes_on(&self, app: &super::Shared) -> bool {
        match self {
            Self::Open => true,
            Self::Session(cookie) => {
                let who = app.people.who(cookie, false);
                who.is_some_and(|who| people::actor_of(&who, &app.people, &app.tokens).is_some())
            }
            Self::Device(token) => matches!(app.tokens.owner(token), Owner::Device(_)),
        }
    }

    /// Until a device was revoked and this was a stream of it.
    pub(crate) async fn over(self, app: App) {
        let mut revocations = app.devices.revocations();
        while self.goes_on(&app) {
            if revocations.changed().await.is_err() {
                return;
            }
        }
    }
}

impl FromRequestParts<App> for Lifetime {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        Ok(match Self::of_screen(&parts.extensions) {
            Self::Open => match cookie(&parts.headers, COOKIE) {
                Some(cookie) => Self::Session(cookie.to_owned()),
                None => Self::Open,
            },
            by_token => by_token,
        })
    }
}

/// Refuses what another site has a browser send (cross-site request forgery).
///
/// The cookie is `SameSite=Strict`; this holds where a browser ignores that, and for sign-in
/// itself. A browser says where a request comes from: `Sec-Fetch-Site` where it trusts the
/// line, else `Origin`. What has a cookie and says neither is refused; what has none, or a token
/// beside it, is no browser's page: another site cannot have one sent.
pub(crate) async fn own_site(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    match reads || is_own_site(request.headers()) {
        true => next.run(request).await,
        false => Problem::of(advice::cross_site()).into_response(),
    }
}

fn is_own_site(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).map(|v| v.to_str().unwrap_or_default());
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let host = text("host").unwrap_or_default();
            let from = origin.split_once("://").map(|(_, authority)| authority);
            from.is_some_and(|from| from.eq_ignore_ascii_case(host))
        }
        (None, None) => {
            !headers.contains_key(header::COOKIE) || headers.contains_key(header::AUTHORIZATION)
        }
    }
}

macro_rules! right {
    ($(#[$doc:meta])* $name:ident, $($role:pat_param)|+) => {
        $(#[$doc])*
        pub(crate) struct $name(pub(crate) Actor);

        impl FromRequestParts<App> for $name {
            type Rejection = Problem;

            async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
                let known = caller(app, &parts.headers, acts(parts));
                let actor = known.ok_or_else(|| Problem::http(StatusCode::UNAUTHORIZED))?;
                match actor.role {
                    $($role)|+ => Ok(Self(actor)),
                    _ => {
                        app.refusals.count(Attempt {
                            refused: Refused::Right,
                            actor: Some(actor.id),
                            from: address(&parts.extensions),
                        });
                        Err(Problem::http(StatusCode::FORBIDDEN))
                    }
                }
            }
        }
    };
}

right!(
    /// A touch screen.
    Kiosk,
    Role::Kiosk
);
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
right!(
    /// Who manages people.
    Admin,
    Role::Admin
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_this_servers_own_pages_change_anything() {
        let cases: [(&[(&str, &str)], bool); 11] = [
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "none")], true),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "cross-site")], false),
            // A forged Origin does not outweigh what the browser says.
            (
                &[
                    ("sec-fetch-site", "cross-site"),
                    ("origin", "http://office:8080"),
                ],
                false,
            ),
            (
                &[("origin", "http://office:8080"), ("cookie", "session=x")],
                true,
            ),
            (&[("origin", "http://office.example")], false),
            (&[("origin", "null")], false),
            (&[("cookie", "session=x")], false),
            (
                &[("cookie", "session=x"), ("authorization", "Bearer x")],
                true,
            ),
            (&[], true),
        ];
        for (said, expected) in cases {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, "office:8080".parse().unwrap());
            for (name, value) in said {
                headers.insert(*name, value.parse().unwrap());
            }
            assert_eq!(is_own_site(&headers), expected, "{said:?}");
        }
    }
}
