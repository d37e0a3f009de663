//! The calls that need a right, by path. One path per act.

use axum::Router;
use axum::routing::{get, post};

use super::{App, counter, counter_stream, scans, tickets};

/// The API but for its public part.
pub(super) fn routes() -> Router<App> {
    let tickets = Router::new()
        .route("/", post(tickets::issue))
        .route("/{id}", get(tickets::get))
        .route("/{id}/cancel", post(tickets::cancel))
        .route("/{id}/change", post(tickets::change))
        .route("/{id}/transfer", post(tickets::transfer))
        .route("/{id}/hold", post(tickets::hold))
        .route("/{id}/resume", post(tickets::resume))
        .route("/{id}/reprint", post(tickets::reprint))
        .route("/{id}/rate", post(tickets::rate));
    let counters = Router::new()
        .route("/{n}/open", post(counter::open))
        .route("/{n}/close", post(counter::close))
        .route("/{n}/pause", post(counter::pause))
        .route("/{n}/call", post(counter::call))
        .route("/{n}/next", post(counter::next))
        .route("/{n}/recall", post(counter::recall))
        .route("/{n}/start", post(counter::start))
        .route("/{n}/no-show", post(counter::no_show))
        .route("/{n}/finish", post(counter::finish))
        .route("/{n}/undo", post(counter::undo))
        .route("/{n}/events", get(counter_stream::counter_events));
    Router::new()
        .nest("/api/v1/tickets", tickets)
        .nest("/api/v1/counters", counters)
        .route("/api/v1/scans", get(scans::list).post(scans::scan))
        .route("/api/v1/scans/{id}", get(scans::get))
        .route("/api/v1/day/open", post(counter::open_day))
        .route("/api/v1/day/close", post(counter::close_day))
}
