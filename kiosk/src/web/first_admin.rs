//! The one-time link by which the first admin is made, and another when every PIN is lost.

use axum::Router;
use axum::extract::{Form, Path, State};
use axum::http::{Extensions, HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::get;
use queue::{Actor, Role, StaffRole};
use serde::Deserialize;

use super::App;
use super::people::hashed;
use super::place::escaped;
use super::problem::Problem;
use super::sign_in::{page, signed_in, texts, told};
use crate::advice::{self, Sentence};
use crate::people::{Book, link};

fn link_page(code: &str, name: &str, error: Option<Sentence>) -> Response {
    let status = error.as_ref().map_or(StatusCode::OK, |e| e.status);
    let html = include_str!("pages/link.html")
        .replace("{{form}}", "")
        .replace("{{code}}", &escaped(code))
        .replace("{{error}}", &told(error.as_ref().map(texts)))
        .replace("{{name}}", &escaped(name));
    page(status, html)
}

fn link_over() -> Response {
    let over = advice::link_over();
    let html = include_str!("pages/link.html")
        .replace("{{form}}", "hidden")
        .replace("{{code}}", "")
        .replace("{{name}}", "")
        .replace("{{error}}", &told(Some(texts(&over))));
    page(over.status, html)
}

/// Looking at the link does not use it up: mail and chat programs look too.
async fn link_form(State(app): State<App>, Path(code): Path<String>) -> Response {
    match link::opens(&app.data, &code) {
        true => link_page(&code, "", None),
        false => link_over(),
    }
}

/// The form of the first admin.
#[derive(Deserialize)]
struct FirstAdmin {
    #[serde(default)]
    name: String,
    #[serde(default)]
    pin: String,
    #[serde(default)]
    again: String,
}

async fn use_link(
    State(app): State<App>,
    Path(code): Path<String>,
    headers: HeaderMap,
    extensions: Extensions,
    Form(form): Form<FirstAdmin>,
) -> Response {
    if !link::opens(&app.data, &code) {
        return link_over();
    }
    if form.pin != form.again {
        return link_page(&code, &form.name, Some(advice::pins_differ()));
    }
    let hash = match hashed(&app, form.pin).await {
        Ok(hash) => hash,
        Err(problem) => return link_page(&code, &form.name, Some(problem.into_sentence())),
    };
    let actor = Actor {
        id: "admin-link".into(),
        role: Role::Admin,
    };
    let (name, data, used) = (form.name.clone(), app.data.clone(), code.clone());
    let plan = move |book: &Book| {
        let plan = book.add(&name, StaffRole::Admin, hash)?;
        // Changes come one at a time: of two that use the link at once the second finds it used.
        let taken = link::take(&data, &used).unwrap_or(false);
        Ok(plan.filter(|_| taken))
    };
    match app.people.change(&app.engine, actor, None, plan).await {
        Ok(Some(id)) => match app.people.find(&id) {
            Some(admin) => {
                signed_in(&app, &headers, &extensions, admin.who(), "/admin/people").await
            }
            None => link_over(),
        },
        Ok(None) => link_over(),
        Err(error) => link_page(
            &code,
            &form.name,
            Some(Problem::from(error).into_sentence()),
        ),
    }
}

/// The page of the link.
pub(super) fn routes() -> Router<App> {
    Router::new().route("/admin/link/{code}", get(link_form).post(use_link))
}
