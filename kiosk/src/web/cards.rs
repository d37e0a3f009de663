//! Citizen cards: who shows one has one number (*mỗi người một số*).
//!
//! A card's number is in a request's body and in memory for the moment of the answer, and nowhere
//! else: not in the record, a log or an error, and the call keeps nothing of its key either.

use axum::extract::State;
use jiff::civil::Date;
use queue::Refusal;
use serde::{Deserialize, Serialize};
use tracing::error;
use utoipa::ToSchema;

use super::App;
use super::auth::{Anybody, KeyOf};
use super::events::next_look;
use super::problem::{Json, Problem, ProblemBody};
use crate::advice;
use crate::engine::Failure;

/// Body of `POST /cards`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CardBody {
    /// The citizen's number: twelve digits.
    number: String,
    /// Date of birth as the card has it, as `1950-03-01`.
    #[serde(default)]
    birth: Option<String>,
}

/// What a card says to this office today.
#[derive(Serialize, ToSchema)]
pub(crate) struct CardView {
    /// Stands for the card until the service day is closed; goes with `POST /tickets`.
    person: String,
    /// Numbers that its holder has and that are not over.
    held: Vec<HeldView>,
    /// The class that the office gives people of this age, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    suggested_class: Option<String>,
}

/// A number that somebody has.
#[derive(Serialize, ToSchema)]
pub(crate) struct HeldView {
    /// Letter of its service.
    service: String,
    /// Such as `A012`.
    number: String,
}

/// Stands a word for a citizen card, says which numbers its holder has, and which class the age
/// suggests. Nothing of the card is kept.
#[utoipa::path(post, path = "/api/v1/cards", tag = "tickets", operation_id = "card",
    params(("Idempotency-Key" = String, Header)), request_body = CardBody,
    responses((status = 200, body = CardView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn card(
    State(app): State<App>,
    Anybody(_): Anybody,
    _: KeyOf,
    Json(body): Json<CardBody>,
) -> Result<axum::Json<CardView>, Problem> {
    let not_a_card = || Problem::of(advice::not_a_card());
    let birth: Option<Date> = match &body.birth {
        None => None,
        Some(date) => Some(date.parse().map_err(|_| not_a_card())?),
    };
    // Checked against itself, and overwritten when it is dropped.
    let card = scanner::Card::of(&body.number, birth).ok_or_else(not_a_card)?;
    let day = open_day(&app).await?;
    let (keys, shown) = (app.cards.clone(), card.clone());
    let person = tokio::task::spawn_blocking(move || keys.person(day, shown.number())).await;
    let person = match person {
        Ok(Ok(person)) => person,
        failed => {
            let cause = failed.err().map(|_| "a panic");
            error!(cause, "the key for citizen cards cannot be read or written");
            return Err(Failure::JournalFull.into());
        }
    };
    let word = person.clone();
    let (held, suggested_class) = app
        .engine
        .read(move |view| {
            let held = view.state.held_by(&word).map(|ticket| HeldView {
                service: ticket.service.to_string(),
                number: ticket.number.to_string(),
            });
            let today = view.state.day().and_then(|day| day.date);
            let age = today.and_then(|today| card.age_on(today));
            let class = age.and_then(|age| view.state.class_from_age(age));
            (held.collect(), class.map(str::to_owned))
        })
        .await?;
    if open_day(&app).await.ok() != Some(day) {
        // Closed in between: the key must not outlive it, and the word is of no use.
        let keys = app.cards.clone();
        let _ = tokio::task::spawn_blocking(move || keys.keep_only(None)).await;
        return Err(Failure::Refused(Refusal::DayClosed).into());
    }
    Ok(axum::Json(CardView {
        person,
        held,
        suggested_class,
    }))
}

async fn open_day(app: &App) -> Result<u64, Problem> {
    let day = app.engine.read(|view| {
        let day = view.state.day().filter(|day| day.open);
        day.map(|day| day.id).ok_or(Refusal::DayClosed)
    });
    day.await?.map_err(|closed| Failure::Refused(closed).into())
}

/// Deletes the key of a day as it is closed, until the daemon stops. What cannot be deleted is
/// tried again.
pub async fn forget_cards(app: App) {
    let mut newest = app.engine.newest();
    let mut stop = app.stop.clone();
    let mut kept = None;
    loop {
        let open = app.engine.read(|view| {
            let day = view.state.day().filter(|day| day.open);
            day.map(|day| day.id)
        });
        if let Ok(open) = open.await
            && kept != Some(open)
        {
            let keys = app.cards.clone();
            match tokio::task::spawn_blocking(move || keys.keep_only(open)).await {
                Ok(Ok(())) => kept = Some(open),
                failed => error!(
                    ?failed,
                    "the key for a day's citizen cards cannot be deleted"
                ),
            }
        }
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return,
            () = next_look(&mut newest) => {}
        }
    }
}
