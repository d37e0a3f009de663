//! `/api/openapi.json`, made from the code.

use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::path::{Operation, Parameter};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Ref, RefOr, ResponseBuilder};
use utoipa::{Modify, OpenApi};

use super::{
    backup, cards, counter, counter_stream, day, days, devices, dossiers, enrolments, figures,
    health, live, office, outages, people, public, purpose, register, resume, roll, scans,
    services, settle, slips, status, tickets, time,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "kiosk",
        description = "Queue and dossier intake of a public one-stop office. Every error is RFC 9457 problem+json with a code; times are RFC 3339 with offset; state-changing calls need an Idempotency-Key."
    ),
    paths(
        public::queue_state, public::events,
        cards::card, tickets::issue, tickets::get, tickets::cancel, tickets::change, tickets::transfer,
        tickets::hold, resume::resume, tickets::reprint, tickets::rate,
        counter::open, counter::close, counter::pause, counter::call, counter::next,
        counter::recall, counter::start, counter::no_show, counter::finish, counter::undo, purpose::say,
        day::get, day::open, day::close, day::numbers, counter_stream::counter_events,
        scans::scan, scans::get, scans::list, settle::settle, dossiers::of_scan, dossiers::find, dossiers::look_up,
        dossiers::upload, dossiers::check, dossiers::confirm, dossiers::list, dossiers::late, slips::ask, slips::get,
        services::pause, services::resume, roll::enter, roll::cancel, days::erase, time::get, time::confirm,
        people::me, people::list, people::add, people::set_role, people::set_pin, people::remove, people::unlock,
        enrolments::ask, enrolments::standing, enrolments::list,
        devices::list, devices::approve, devices::rename, devices::revoke,
        health::health, health::access,
        figures::figures, register::register, outages::outages, live::live, live::live_events,
        office::get, office::change, office::check, office::withdraw, office::history, office::restore,
        office::export, office::import, office::preview, office::set_day_off, office::remove_day_off,
        backup::get, backup::begin, backup::file,
        status::healthz,
    ),
    components(schemas(public::PublicState, super::notice::NoticeView, super::problem::ProblemBody)),
    modifiers(&Tokens, &EveryCall),
    security(("token" = []), ("session" = []))
)]
struct Document;

/// A bearer token, or the cookie of `/login`.
struct Tokens;

impl Modify for Tokens {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        components.add_security_scheme("token", SecurityScheme::Http(bearer));
        let cookie = ApiKey::Cookie(ApiKeyValue::new(super::auth::COOKIE));
        components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
    }
}

/// What holds for every call: what an idempotency key looks like, and that any error is a problem,
/// also where the machine stops just then.
struct EveryCall;

impl Modify for EveryCall {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        for item in document.paths.paths.values_mut() {
            for operation in [&mut item.get, &mut item.post].into_iter().flatten() {
                let parameters = operation.parameters.iter_mut().flatten();
                for parameter in parameters {
                    if let RefOr::T(parameter) = parameter {
                        describe_key(parameter);
                    }
                }
                add_errors(operation);
            }
        }
    }
}

fn describe_key(parameter: &mut Parameter) {
    if parameter.name == "Idempotency-Key" {
        let text = ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(super::auth::KEY_MAX))
            .pattern(Some("^[!-~]+$"));
        parameter.schema = Some(text.into());
    }
}

fn add_errors(operation: &mut Operation) {
    let known = &mut operation.responses.responses;
    for class in ["4", "5"] {
        if known.keys().any(|status| status.starts_with(class)) {
            continue;
        }
        let body = ContentBuilder::new().schema(Some(Ref::from_schema_name("ProblemBody")));
        let problem = ResponseBuilder::new().content("application/problem+json", body.build());
        known.insert(format!("{class}XX"), problem.build().into());
    }
}

/// The API as it describes itself.
pub(super) async fn document() -> axum::Json<utoipa::openapi::OpenApi> {
    axum::Json(Document::openapi())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_state_changing_call_needs_a_right_and_a_key() {
        let document = serde_json::to_value(Document::openapi()).unwrap();
        let paths = document["paths"].as_object().unwrap();
        let mut posts = 0;
        for (path, item) in paths {
            let Some(post) = item.get("post") else {
                continue;
            };
            posts += 1;
            if path == "/api/v1/enrolments" {
                // Who asks to be let in has no right yet, and nothing of it is stored.
                continue;
            }
            assert!(
                post.get("security").is_none(),
                "{path} must keep the document's security"
            );
            let parameters = post["parameters"].as_array().unwrap();
            let key = parameters
                .iter()
                .any(|p| p["name"] == "Idempotency-Key" && p["required"] == true);
            assert!(key, "{path} needs an Idempotency-Key");
        }
        assert_eq!(posts, 55);
    }
}
