//! The calls that need a right, by path. One path per act.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use super::{
    App, backup, cards, counter, counter_stream, day, days, devices, dossiers, enrolments, figures,
    health, letters, live, office, outages, people, purpose, readers, register, resume, roll,
    scans, services, settle, slips, tickets, time,
};

/// The API but for its public part.
pub(super) fn routes() -> Router<App> {
    // Whole paths, no nesting: the path is part of an idempotency key's scope on the disk.
    Router::new()
        .route("/api/v1/tickets", post(tickets::issue))
        .route("/api/v1/cards", post(cards::card))
        .route("/api/v1/tickets/{id}", get(tickets::get))
        .route("/api/v1/tickets/{id}/cancel", post(tickets::cancel))
        .route("/api/v1/tickets/{id}/change", post(tickets::change))
        .route("/api/v1/tickets/{id}/transfer", post(tickets::transfer))
        .route("/api/v1/tickets/{id}/hold", post(tickets::hold))
        .route("/api/v1/tickets/{id}/resume", post(resume::resume))
        .route("/api/v1/tickets/{id}/reprint", post(tickets::reprint))
        .route("/api/v1/tickets/{id}/rate", post(tickets::rate))
        .route("/api/v1/counters/{n}/open", post(counter::open))
        .route("/api/v1/counters/{n}/close", post(counter::close))
        .route("/api/v1/counters/{n}/pause", post(counter::pause))
        .route("/api/v1/counters/{n}/call", post(counter::call))
        .route("/api/v1/counters/{n}/next", post(counter::next))
        .route("/api/v1/counters/{n}/recall", post(counter::recall))
        .route("/api/v1/counters/{n}/start", post(counter::start))
        .route("/api/v1/counters/{n}/no-show", post(counter::no_show))
        .route("/api/v1/counters/{n}/finish", post(counter::finish))
        .route("/api/v1/counters/{n}/undo", post(counter::undo))
        .route("/api/v1/counters/{n}/purpose", post(purpose::say))
        .route(
            "/api/v1/counters/{n}/events",
            get(counter_stream::counter_events),
        )
        .route("/api/v1/scans", get(scans::list).post(scans::scan))
        .route("/api/v1/scans/{id}", get(scans::get))
        .route("/api/v1/scans/{id}/settle", post(settle::settle))
        .route("/api/v1/scans/{id}/dossier", get(dossiers::of_scan))
        .route("/api/v1/dossiers/find", post(dossiers::find))
        .route("/api/v1/dossiers/look-up", post(dossiers::look_up))
        .route("/api/v1/dossiers/late", get(dossiers::late))
        .route(
            "/api/v1/dossiers/imports",
            get(dossiers::list)
                .post(dossiers::upload)
                .layer(DefaultBodyLimit::max(dossiers::UPLOAD_BYTES_MAX)),
        )
        .route("/api/v1/dossiers/imports/{id}/check", post(dossiers::check))
        .route(
            "/api/v1/dossiers/imports/{id}/confirm",
            post(dossiers::confirm),
        )
        .route("/api/v1/letters", get(letters::list).post(letters::draft))
        .route("/api/v1/letters/form", get(letters::form))
        .route("/api/v1/letters/{id}", get(letters::get))
        .route("/api/v1/letters/{id}/sign", post(letters::sign))
        .route("/api/v1/letters/{id}/give", post(letters::give))
        .route("/api/v1/slips", post(slips::ask))
        .route("/api/v1/slips/{id}", get(slips::get))
        .route("/api/v1/services/{letter}/pause", post(services::pause))
        .route("/api/v1/services/{letter}/resume", post(services::resume))
        .route("/api/v1/services/{letter}/roll", post(roll::enter))
        .route("/api/v1/services/{letter}/roll/cancel", post(roll::cancel))
        .route("/api/v1/day/open", post(day::open))
        .route("/api/v1/day/close", post(day::close))
        .route("/api/v1/day/numbers", post(day::numbers))
        .route("/api/v1/day", get(day::get))
        .route("/api/v1/time", get(time::get).post(time::confirm))
        .route("/api/v1/me", get(people::me))
        .route("/api/v1/people", get(people::list).post(people::add))
        .route("/api/v1/people/{id}/role", post(people::set_role))
        .route("/api/v1/people/{id}/pin", post(people::set_pin))
        .route("/api/v1/people/{id}/remove", post(people::remove))
        .route("/api/v1/people/{id}/unlock", post(people::unlock))
        .route(
            "/api/v1/enrolments",
            get(enrolments::list).post(enrolments::ask),
        )
        .route("/api/v1/enrolments/{id}", get(enrolments::standing))
        .route("/api/v1/devices", get(devices::list).post(devices::approve))
        .route("/api/v1/devices/{id}/rename", post(devices::rename))
        .route("/api/v1/devices/{id}/revoke", post(devices::revoke))
        .route("/api/v1/readers", post(readers::say))
        .route("/api/v1/health", get(health::health))
        .route("/api/v1/access", get(health::access))
        .route("/api/v1/figures", get(figures::figures))
        .route("/api/v1/register", get(register::register))
        .route("/api/v1/outages", get(outages::outages))
        .route("/api/v1/live", get(live::live))
        .route("/api/v1/live/events", get(live::live_events))
        .route("/api/v1/days/{day}/erase", post(days::erase))
        .route("/api/v1/office", get(office::get).post(office::change))
        .route("/api/v1/office/check", post(office::check))
        .route("/api/v1/office/withdraw", post(office::withdraw))
        .route("/api/v1/office/history", get(office::history))
        .route("/api/v1/office/restore", post(office::restore))
        .route("/api/v1/office/export", get(office::export))
        .route("/api/v1/office/import", post(office::import))
        .route("/api/v1/office/preview", post(office::preview))
        .route("/api/v1/office/days-off", post(office::set_day_off))
        .route(
            "/api/v1/office/days-off/remove",
            post(office::remove_day_off),
        )
        .route("/api/v1/backup", get(backup::get).post(backup::begin))
        .route("/api/v1/backup/file", get(backup::file))
}
