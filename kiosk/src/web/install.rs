//! `/install-certificate`: how a PC or tablet comes to trust the appliance's authority.
//!
//! Offered on the plain door as well: who does not trust it yet cannot come through the other.
//! Whoever installs it compares the fingerprint with the one on the appliance's console.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use axum::{Router, routing::get};

use super::App;
use super::problem::Problem;
use crate::tls::fingerprint;

const PAGE: &str = include_str!("pages/install.html");

/// The page and the file; both say 404 where there is nothing to install.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/install-certificate", get(page))
        .route("/ca.crt", get(certificate))
}

fn authority(app: &App) -> Result<&[u8], Problem> {
    let authority = app.authority.as_deref();
    authority.ok_or_else(|| Problem::http(StatusCode::NOT_FOUND))
}

async fn page(State(app): State<App>) -> Result<Html<String>, Problem> {
    let fingerprint = fingerprint(authority(&app)?);
    Ok(Html(PAGE.replace("{{fingerprint}}", &fingerprint)))
}

/// In DER: the file's own SHA-256 is the fingerprint, which Windows can tell before it installs.
async fn certificate(State(app): State<App>) -> Result<Response, Problem> {
    let bytes = authority(&app)?.to_vec();
    let headers = [
        (header::CONTENT_TYPE, "application/x-x509-ca-cert"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"ca.crt\"",
        ),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, bytes).into_response())
}
