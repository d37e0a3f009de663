//! `/api/openapi.json`, made from the code.

use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::path::{Operation, Parameter};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Ref, RefOr, ResponseBuilder};
use utoipa::{Modify, OpenApi};

use super::{
    backup, cards, counter, counter_stream, day, days, devices, dossiers, enrolments, figures,
    health, letters, live, office, outages, people, public, purpose, readers, register, resume,
    roll, scans, services, settle, slips, status, tickets, time, voice,
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
        dossiers::upload, dossiers::check, dossiers::confirm, dossiers::list, dossiers::late,
        letters::draft, letters::list, letters::form, letters::get, letters::sign, letters::give, slips::ask, slips::get,
        services::pause, services::resume, roll::enter, roll::cancel, days::erase, time::get, time::confirm,
        people::me, people::list, people::add, people::set_role, people::set_pin, people::remove, people::unlock,
        enrolments::ask, enrolments::standing, enrolments::list,
        devices::list, devices::approve, devices::rename, devices::revoke,
        readers::say, health::health, health::access,
        figures::figures, register::register, outages::outages, live::live, live::live_events,
        office::get, office::change, office::check, office::withdraw, office::history, office::restore,
        office::export, office::import, office::preview, office::set_day_off, office::remove_day_off,
        backup::get, backup::begin, backup::file,
        voice::all, voice::try_out, voice::clip, voice::record, voice::remove, voice::make, voice::speaker,
        voice::pack, voice::take_in,
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
    use std::collections::{BTreeMap, BTreeSet};
    use std::fs;
    use std::path::Path;

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
        assert_eq!(posts, 64);
    }

    /// Where the source has a type for each name of the description.
    fn described(folder: &Path, found: &mut BTreeMap<String, BTreeSet<String>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                described(&path, found);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let file = path.display();
                for (name, type_) in names(&text) {
                    let place = match type_ {
                        Type::At(line) => format!("{file}:{line}"),
                        Type::Map(written) => written,
                    };
                    found.entry(name).or_default().insert(place);
                }
            }
        }
    }

    #[derive(Debug, PartialEq)]
    enum Type {
        /// In this line of its file, from 1.
        At(usize),
        /// A map by another word: it is described as a `BTreeMap`, whatever is in it.
        Map(String),
    }

    /// The types of a file under the names by which they are described: their own, or what `as`
    /// calls them.
    fn names(text: &str) -> Vec<(String, Type)> {
        let word = |text: &str| -> String {
            let ends = |c: char| !(c.is_alphanumeric() || c == '_');
            text.split(ends).next().unwrap_or_default().to_owned()
        };
        let mut names = Vec::new();
        let mut lines = text.lines().map(str::trim).zip(1..);
        while let Some((line, number)) = lines.next() {
            if let Some(name) = line.strip_prefix("impl ToSchema for ") {
                names.push((word(name), Type::At(number)));
            }
            if let Some((before, inner)) = line.split_once("BTreeMap<")
                && before.split_whitespace().any(|word| word == "type")
            {
                names.push(("BTreeMap".to_owned(), Type::Map(inner.to_owned())));
            }
            if !(line.starts_with("#[derive(") && line.contains("ToSchema")) {
                continue;
            }
            let mut other = None;
            for (line, number) in lines.by_ref() {
                if let Some((_, name)) = line.split_once("#[schema(as = ") {
                    other = Some(word(name));
                }
                let code = !line.starts_with("//") && !line.starts_with('#');
                let mut kinds = ["struct ", "enum "].into_iter().filter(|_| code);
                if let Some((_, name)) = kinds.find_map(|kind| line.split_once(kind)) {
                    let name = other.unwrap_or_else(|| word(name));
                    names.push((name, Type::At(number)));
                    break;
                }
            }
        }
        names
    }

    /// Of two types under one name utoipa keeps the last and says nothing: a call would be described
    /// with another's body.
    #[test]
    fn each_schema_describes_one_type() {
        let mut types = BTreeMap::new();
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        described(&source, &mut types);
        let document = serde_json::to_value(Document::openapi()).unwrap();
        let schemas = document["components"]["schemas"].as_object().unwrap();
        for name in schemas.keys() {
            let places = types.get(name);
            assert!(
                places.is_some_and(|places| places.len() == 1),
                "{name} must be the name of one type, by #[schema(as = …)] if need be: {places:?}"
            );
        }
    }

    #[test]
    fn a_name_is_found_however_a_type_is_written() {
        let text = "#[derive(Serialize, ToSchema)]
            /// A struct of no importance.
            #[schema(as = InventedBody)]
            pub(crate) struct Body {
            #[derive(ToSchema)]
            enum InventedKind {
            #[derive(Debug)]
            struct Hidden;
            impl ToSchema for InventedText {}";
        let told = names(text);
        let told: Vec<(&str, &Type)> = told.iter().map(|(n, t)| (n.as_str(), t)).collect();
        assert_eq!(
            told,
            [
                ("InventedBody", &Type::At(4)),
                ("InventedKind", &Type::At(6)),
                ("InventedText", &Type::At(9)),
            ]
        );
        let words = [
            "type Places = std::collections::",
            "BTreeMap<String, usize>;",
        ]
        .concat();
        let map = Type::Map("String, usize>;".to_owned());
        assert_eq!(names(&words), [("BTreeMap".to_owned(), map)]);
    }
}
