//! Pages for signing in and out.
//!
//! Plain forms that work without a script; a failed try answers with the form again, so that
//! nothing of it stands in an address.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::{ConnectInfo, Form, Query, State};
use axum::http::{Extensions, HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use queue::{Actor, Role};
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::compose;

use super::App;
use super::auth::{COOKIE, cookie};
use super::place::escaped;
use super::presence::DEVICE;
use super::problem::Problem;
use crate::access::{Attempt, Refused};
use crate::advice::{self, Sentence};
use crate::people::{Book, Denied, Who};
use crate::tokens::{self, Owner};

/// Cookie of a browser in which somebody has signed in before: it may list the names. An enrolled
/// PC does without: its own cookie says so, and can be taken back.
pub(super) const BROWSER: &str = "browser";

/// What a browser keeps at most is thirteen months; each sign-in begins them anew.
pub(super) const LONG: &str = "; Max-Age=34560000";

/// Takes a cookie out of a browser.
pub(super) const GONE: &str = "; Max-Age=0";

/// Put on a request by a door with TLS; only there may a cookie be `Secure`.
#[derive(Clone, Copy)]
pub struct Encrypted;

/// A `Set-Cookie` value for this server only.
pub(super) fn set_cookie(name: &str, value: &str, more: &str, extensions: &Extensions) -> String {
    let secure = match extensions.get::<Encrypted>() {
        Some(Encrypted) => "; Secure",
        // In the clear a browser would not send it back at all.
        None => "",
    };
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{more}{secure}")
}

/// What the office knows of the browser that asks.
enum Browser {
    /// An enrolled PC, by its id and token.
    Enrolled { device: String, token: String },
    /// Somebody has signed in here before.
    Known,
    /// Nothing.
    Strange,
}

impl Browser {
    fn of(app: &App, headers: &HeaderMap) -> Self {
        let owner = |token: &str| (app.tokens.owner(token), token.to_owned());
        match cookie(headers, DEVICE).map(owner) {
            Some((Owner::Device(device), token)) => Self::Enrolled { device, token },
            // Names are no business of a PC that was let in and is not any more.
            Some((Owner::Revoked(_), _)) => Self::Strange,
            _ if cookie(headers, BROWSER) == Some(&app.people.book().browser) => Self::Known,
            _ => Self::Strange,
        }
    }
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

/// A sentence on a form, in both languages; the page shows the reader's.
pub(super) fn told(texts: Option<[String; 2]>) -> String {
    let Some([vi, en]) = texts else {
        return String::new();
    };
    let (vi, en) = (escaped(&vi), escaped(&en));
    format!(r#"<p id="error" class="error" role="alert" data-vi="{vi}" data-en="{en}">{vi}</p>"#)
}

pub(super) fn texts(sentence: &Sentence) -> [String; 2] {
    [sentence.vi.to_owned(), sentence.en.to_owned()]
}

/// Why a try to sign in failed.
struct Failed {
    status: StatusCode,
    texts: [String; 2],
    /// When it may be tried again.
    wait_seconds: Option<u64>,
    /// As the log of refusals has it; `None`: it was not judged.
    refused: Option<Refused>,
}

impl From<&Sentence> for Failed {
    fn from(sentence: &Sentence) -> Self {
        Self {
            status: sentence.status,
            texts: texts(sentence),
            wait_seconds: None,
            refused: Some(Refused::SignIn),
        }
    }
}

impl From<Denied> for Failed {
    fn from(denied: Denied) -> Self {
        let (sentence, texts) = advice::denied(&denied);
        let (wait_seconds, refused) = match denied {
            Denied::Locked { wait_ms } => (Some(wait_ms.div_ceil(1_000)), Some(Refused::Locked)),
            Denied::Wrong => (None, Some(Refused::SignIn)),
            Denied::Busy => (None, None),
        };
        Self {
            status: sentence.status,
            texts,
            wait_seconds,
            refused,
        }
    }
}

pub(super) fn page(status: StatusCode, html: String) -> Response {
    (status, [(header::CACHE_CONTROL, "no-store")], Html(html)).into_response()
}

/// The sign-in page: whom to choose from, and what went wrong.
fn login_page(
    app: &App,
    headers: &HeaderMap,
    next: &str,
    person: &str,
    failed: Option<Failed>,
) -> Response {
    let book = app.people.book();
    let browser = Browser::of(app, headers);
    let knows_names = !matches!(browser, Browser::Strange);
    let enrolled = matches!(browser, Browser::Enrolled { .. });
    let status = failed.as_ref().map_or(StatusCode::OK, |f| f.status);
    let wait = failed.as_ref().and_then(|f| f.wait_seconds);
    let nobody = book.people().is_empty();
    let hidden = |hide: bool| if hide { "hidden" } else { "" };
    let html = include_str!("pages/login.html")
        .replace("{{nobody}}", hidden(!nobody))
        .replace("{{people}}", hidden(nobody))
        .replace("{{token}}", if nobody { "open" } else { "" })
        .replace("{{enrol}}", hidden(enrolled))
        .replace("{{next}}", own_path(next))
        .replace("{{error}}", &told(failed.map(|f| f.texts)))
        // Last: what it holds is text of the office's own.
        .replace("{{person}}", &chooser(&book, knows_names, person));
    let mut answer = page(status, html);
    if let Some(seconds) = wait {
        answer
            .headers_mut()
            .insert(header::RETRY_AFTER, seconds.into());
    }
    answer
}

/// A list of names, or a field for the staff number where names are nobody's business.
fn chooser(book: &Book, knows_names: bool, chosen: &str) -> String {
    if !knows_names {
        let chosen = escaped(chosen);
        return format!(
            r#"<input id="person" name="person" type="text" inputmode="numeric" autocomplete="username" value="{chosen}" required>"#
        );
    }
    let mut people: Vec<_> = book.people().iter().collect();
    people.sort_by_cached_key(|person| by_given_name(&person.name));
    let options = people.into_iter().map(|person| {
        let selected = if person.id == chosen { " selected" } else { "" };
        let (id, name) = (&person.id, escaped(&person.name));
        format!(r#"<option value="{id}"{selected}>{name} ({id})</option>"#)
    });
    let options: String = options.collect();
    format!(
        r#"<select id="person" name="person" autocomplete="username" required><option value=""></option>{options}</select>"#
    )
}

/// Vietnamese lists go by the given name, the last word, then by the rest.
fn by_given_name(name: &str) -> Vec<(Vec<usize>, Vec<char>)> {
    let mut words: Vec<_> = name.split_whitespace().map(alphabetical).collect();
    let given = words.len().min(1);
    words.rotate_right(given);
    words
}

/// A word in the order of the alphabet; tones count only between words of the same letters.
fn alphabetical(word: &str) -> (Vec<usize>, Vec<char>) {
    const ALPHABET: &str = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz";
    let mut letters: Vec<char> = Vec::new();
    let mut tones = Vec::new();
    for c in word.to_lowercase().nfd() {
        match (c, letters.last_mut()) {
            // Circumflex, breve and horn make another letter.
            ('\u{302}' | '\u{306}' | '\u{31b}', Some(letter)) => {
                *letter = compose(*letter, c).unwrap_or(*letter);
            }
            ('\u{300}'..='\u{36f}', _) => tones.push(c),
            _ => letters.push(c),
        }
    }
    let place = |c: &char| {
        ALPHABET
            .chars()
            .position(|l| l == *c)
            .unwrap_or(*c as usize)
    };
    (letters.iter().map(place).collect(), tones)
}

#[derive(Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

async fn login(
    State(app): State<App>,
    headers: HeaderMap,
    next: Result<Query<Next>, axum::extract::rejection::QueryRejection>,
) -> Response {
    let next = next.map_or_else(|_| String::new(), |Query(asked)| asked.next);
    login_page(&app, &headers, &next, "", None)
}

/// The forms of `/login`: a person with a PIN, or a token.
#[derive(Deserialize)]
struct SignIn {
    #[serde(default)]
    person: String,
    #[serde(default)]
    pin: String,
    #[serde(default)]
    token: String,
    #[serde(default)]
    next: String,
}

async fn sign_in(
    State(app): State<App>,
    ConnectInfo(client): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    extensions: Extensions,
    Form(form): Form<SignIn>,
) -> Response {
    let token = form.token.trim();
    let who = match token.is_empty() {
        true => by_pin(&app, form.person.trim(), &form.pin, client).await,
        false => by_token(&app, token, client).await,
    };
    if let Err(failed) = &who
        && let Some(refused) = failed.refused
    {
        // Somebody's number, never what somebody typed into the wrong field.
        let person = app.people.find(form.person.trim()).map(|person| person.id);
        app.refusals.count(Attempt {
            refused,
            actor: person.map(|id| format!("{}{id}", Actor::PERSON)),
            from: client.ip().to_string(),
        });
    }
    match who {
        Ok(who) => signed_in(&app, &headers, &extensions, who, own_path(&form.next)).await,
        Err(failed) => {
            let person = form.person.trim();
            login_page(&app, &headers, &form.next, person, Some(failed))
        }
    }
}

async fn by_pin(app: &App, person: &str, pin: &str, client: SocketAddr) -> Result<Who, Failed> {
    Ok(app.people.check(person, pin, client.ip()).await?.who())
}

async fn by_token(app: &App, token: &str, client: SocketAddr) -> Result<Who, Failed> {
    app.people.try_token(client.ip()).await?;
    match app.tokens.actor(token) {
        Some(actor) if actor.role != Role::Kiosk => {
            app.people.token_was_right(client.ip()).await;
            Ok(Who::Token(tokens::hash(token)))
        }
        _ => Err(Failed::from(&advice::wrong_token())),
    }
}

/// A fresh cookie at each sign-in: one that a stranger put into the browser before is worth
/// nothing, and the one it replaces is over.
pub(super) async fn signed_in(
    app: &App,
    headers: &HeaderMap,
    extensions: &Extensions,
    who: Who,
    next: &str,
) -> Response {
    if let Some(old) = cookie(headers, COOKIE) {
        app.people.sign_out(old).await;
    }
    let (at, kept, value) = match Browser::of(app, headers) {
        Browser::Enrolled { device, token } => (Some(device), DEVICE, token),
        Browser::Known | Browser::Strange => (None, BROWSER, app.people.book().browser),
    };
    let Ok(fresh) = app.people.sign_in(who, at).await else {
        return Problem::http(StatusCode::INTERNAL_SERVER_ERROR).into_response();
    };
    let cookies = AppendHeaders([
        (
            header::SET_COOKIE,
            set_cookie(COOKIE, &fresh, "", extensions),
        ),
        (
            header::SET_COOKIE,
            set_cookie(kept, &value, LONG, extensions),
        ),
    ]);
    (cookies, Redirect::to(next)).into_response()
}

async fn sign_out(State(app): State<App>, headers: HeaderMap, extensions: Extensions) -> Response {
    if let Some(cookie) = cookie(&headers, COOKIE) {
        app.people.sign_out(cookie).await;
    }
    let gone = set_cookie(COOKIE, "", GONE, &extensions);
    ([(header::SET_COOKIE, gone)], Redirect::to("/login")).into_response()
}

/// The pages of signing in.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/login", get(login).post(sign_in))
        .route("/logout", post(sign_out))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

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

    #[test]
    fn a_cookie_is_for_this_site_alone_and_never_in_the_clear_once_there_is_tls() {
        let mut extensions = Extensions::new();
        let plain = set_cookie(COOKIE, "x", "", &extensions);
        assert_eq!(plain, "session=x; Path=/; HttpOnly; SameSite=Strict");
        extensions.insert(Encrypted);
        let sealed = set_cookie(COOKIE, "x", "", &extensions);
        assert_eq!(sealed, format!("{plain}; Secure"));
    }

    #[test]
    fn a_name_is_text_on_the_page_whatever_is_in_it() {
        let text = r#"{"next":2,"browser":"","people":[{"id":"1","name":"<b>\"An\"</b>","role":"clerk","pin":""}]}"#;
        let html = chooser(&serde_json::from_str(text).unwrap(), true, "1");
        assert!(
            html.contains("&lt;b&gt;&quot;An&quot;&lt;/b&gt; (1)"),
            "{html}"
        );
    }

    #[test]
    fn the_list_goes_by_the_given_name() {
        let mut names = [
            "Võ Đức",
            "Trần Văn Dũng",
            "Lê Thị Ân",
            "Lê Thị An",
            "Bùi Văn An",
        ];
        names.sort_by_cached_key(|name| by_given_name(name));
        assert_eq!(
            names,
            [
                "Bùi Văn An",
                "Lê Thị An",
                "Lê Thị Ân",
                "Trần Văn Dũng",
                "Võ Đức"
            ]
        );
    }
}
