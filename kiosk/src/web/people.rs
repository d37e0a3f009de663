//! Calls about people: who may sign in. Names and PINs go to the data folder, not the journal.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use queue::StaffRole;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::App;
use super::auth::{Admin, Anybody, KeyOf, Supervisor};
use super::problem::{Json, Path, Problem, ProblemBody};
use super::tickets::Nothing;
use crate::advice;
use crate::clock::{self, Clock as _};
use crate::people::{Book, ChangeError, Person, Plan, Wrong, pin};

/// What a person may do.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum PersonRole {
    Clerk,
    Supervisor,
    Admin,
}

impl From<PersonRole> for StaffRole {
    fn from(role: PersonRole) -> Self {
        match role {
            PersonRole::Clerk => Self::Clerk,
            PersonRole::Supervisor => Self::Supervisor,
            PersonRole::Admin => Self::Admin,
        }
    }
}

impl From<StaffRole> for PersonRole {
    fn from(role: StaffRole) -> Self {
        match role {
            StaffRole::Clerk => Self::Clerk,
            StaffRole::Supervisor => Self::Supervisor,
            StaffRole::Admin => Self::Admin,
        }
    }
}

/// A person as the list shows them; never a PIN.
#[derive(Serialize, ToSchema)]
pub(crate) struct PersonView {
    /// The staff number.
    id: String,
    name: String,
    role: PersonRole,
    /// How long they still have to wait after wrong tries; 0: not locked out.
    locked_seconds: u64,
}

impl PersonView {
    fn new(app: &App, person: &Person) -> Self {
        Self {
            id: person.id.clone(),
            name: person.name.clone(),
            role: person.role.into(),
            locked_seconds: app.people.locked_ms(&person.id).div_ceil(1_000),
        }
    }
}

/// Everybody who may sign in.
#[derive(Serialize, ToSchema)]
pub(crate) struct PeopleView {
    items: Vec<PersonView>,
}

/// Who calls.
#[derive(Serialize, ToSchema)]
pub(crate) struct MeView {
    /// The staff number; null for a device.
    person: Option<String>,
    /// Null for a device.
    name: Option<String>,
    /// kiosk, clerk, supervisor or admin.
    role: &'static str,
}

/// Body of adding a person.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddBody {
    /// 1 to 80 characters.
    name: String,
    role: PersonRole,
    /// 6 to 12 digits.
    pin: String,
}

/// Body of `role`.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoleBody {
    role: PersonRole,
}

/// Body of `pin`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PinBody {
    /// 6 to 12 digits.
    pin: String,
}

impl From<ChangeError> for Problem {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::Wrong(wrong) => Self::of(advice::people(wrong)),
            ChangeError::Failed(failure) => failure.into(),
        }
    }
}

/// The hash of a PIN that is good enough.
pub(super) async fn hashed(app: &App, pin: String) -> Result<String, Problem> {
    let now = app.clock.read();
    let year = clock::year(now.utc_ms.unwrap_or(now.at_ms));
    pin::judge(&pin, year).map_err(|weak| Problem::of(advice::weak_pin(weak)))?;
    Ok(app.people.hash(pin).await?)
}

/// Who calls: a person or a device.
#[utoipa::path(get, path = "/api/v1/me", tag = "people", operation_id = "me",
    responses((status = 200, body = MeView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn me(State(app): State<App>, Anybody(actor): Anybody) -> axum::Json<MeView> {
    let id = actor.id.strip_prefix(queue::Actor::PERSON);
    let person = id.and_then(|id| app.people.find(id));
    let role = match actor.role {
        queue::Role::Kiosk => "kiosk",
        queue::Role::Clerk => "clerk",
        queue::Role::Supervisor => "supervisor",
        queue::Role::Admin | queue::Role::System => "admin",
    };
    axum::Json(MeView {
        person: person.as_ref().map(|p| p.id.clone()),
        name: person.map(|p| p.name),
        role,
    })
}

/// Everybody who may sign in.
#[utoipa::path(get, path = "/api/v1/people", tag = "people", operation_id = "people",
    responses((status = 200, body = PeopleView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn list(
    State(app): State<App>,
    Supervisor(_): Supervisor,
) -> axum::Json<PeopleView> {
    let book = app.people.book();
    let items = book.people().iter().map(|p| PersonView::new(&app, p));
    axum::Json(PeopleView {
        items: items.collect(),
    })
}

/// Lets somebody sign in from now on. The key's body is name and role: of a PIN nothing is kept.
#[utoipa::path(post, path = "/api/v1/people", tag = "people", operation_id = "add_person",
    params(("Idempotency-Key" = String, Header)), request_body = AddBody,
    responses((status = 201, body = PersonView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn add(
    State(app): State<App>,
    Admin(actor): Admin,
    key: KeyOf,
    Json(body): Json<AddBody>,
) -> Result<Response, Problem> {
    let key = key.with(&(&body.name, body.role));
    let hash = hashed(&app, body.pin).await?;
    let (name, role) = (body.name, body.role.into());
    let plan = move |book: &Book| book.add(&name, role, hash);
    let id = app
        .people
        .change(&app.engine, actor, Some(key), plan)
        .await?;
    let person = id.and_then(|id| app.people.find(&id));
    // Added under this key once, and removed since.
    let person = person.ok_or(ChangeError::Wrong(Wrong::Unknown))?;
    let view = axum::Json(PersonView::new(&app, &person));
    Ok((StatusCode::CREATED, view).into_response())
}

/// Has `plan` done; the person as they are then.
async fn change(
    app: App,
    actor: queue::Actor,
    key: crate::engine::Key,
    id: String,
    plan: impl FnOnce(&Book, &str) -> Result<Option<Plan>, Wrong> + Send + 'static,
) -> Result<axum::Json<PersonView>, Problem> {
    let whom = id.clone();
    let plan = move |book: &Book| plan(book, &whom);
    app.people
        .change(&app.engine, actor, Some(key), plan)
        .await?;
    let person = app.people.find(&id);
    let person = person.ok_or(ChangeError::Wrong(Wrong::Unknown))?;
    Ok(axum::Json(PersonView::new(&app, &person)))
}

/// Gives a person other rights, at once.
#[utoipa::path(post, path = "/api/v1/people/{id}/role", tag = "people", operation_id = "set_role",
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)), request_body = RoleBody,
    responses((status = 200, body = PersonView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn set_role(
    State(app): State<App>,
    Admin(actor): Admin,
    key: KeyOf,
    Path(id): Path<String>,
    Json(body): Json<RoleBody>,
) -> Result<axum::Json<PersonView>, Problem> {
    let key = key.with(&body);
    let role = body.role.into();
    change(app, actor, key, id, move |book, id| book.set_role(id, role)).await
}

/// Gives a person another PIN; they are signed out everywhere, and a lock-out ends.
#[utoipa::path(post, path = "/api/v1/people/{id}/pin", tag = "people", operation_id = "set_pin",
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)), request_body = PinBody,
    responses((status = 200, body = PersonView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn set_pin(
    State(app): State<App>,
    Admin(actor): Admin,
    key: KeyOf,
    Path(id): Path<String>,
    Json(body): Json<PinBody>,
) -> Result<axum::Json<PersonView>, Problem> {
    let key = key.with(&());
    let hash = hashed(&app, body.pin).await?;
    change(app, actor, key, id, move |book, id| book.set_pin(id, hash)).await
}

/// Takes a person off the list; they are signed out everywhere.
#[utoipa::path(post, path = "/api/v1/people/{id}/remove", tag = "people", operation_id = "remove_person",
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)), request_body = Nothing,
    responses((status = 204, description = "gone, also when already so"),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn remove(
    State(app): State<App>,
    Admin(actor): Admin,
    key: KeyOf,
    Path(id): Path<String>,
    Json(body): Json<Nothing>,
) -> Result<StatusCode, Problem> {
    let key = key.with(&body);
    let plan = move |book: &Book| book.remove(&id);
    app.people
        .change(&app.engine, actor, Some(key), plan)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lets a person, and every address, try again at once after wrong PINs.
#[utoipa::path(post, path = "/api/v1/people/{id}/unlock", tag = "people", operation_id = "unlock_person",
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)), request_body = Nothing,
    responses((status = 200, body = PersonView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn unlock(
    State(app): State<App>,
    Supervisor(actor): Supervisor,
    key: KeyOf,
    Path(id): Path<String>,
    Json(body): Json<Nothing>,
) -> Result<axum::Json<PersonView>, Problem> {
    let key = key.with(&body);
    app.people.unlock(&app.engine, actor, key, &id).await?;
    let person = app.people.find(&id);
    let person = person.ok_or(ChangeError::Wrong(Wrong::Unknown))?;
    Ok(axum::Json(PersonView::new(&app, &person)))
}
