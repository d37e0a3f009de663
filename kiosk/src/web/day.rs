//! Calls on the service day: how it stands, open, close, and numbers that it goes on from.

use std::collections::BTreeMap;

use axum::extract::State;
use queue::{Actor, Command, Event, Refusal, TicketState};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::App;
use super::auth::{KeyOf, Supervisor};
use super::problem::{Json, Problem, ProblemBody};
use super::tickets::Nothing;
use crate::engine::{Done, Failure, Key, View};

/// The service day.
#[derive(Serialize, ToSchema)]
pub(crate) struct DayView {
    /// From 1, one more each day.
    id: u64,
    /// Its date, once known.
    date: Option<String>,
    /// Whether it is open.
    open: bool,
}

impl DayView {
    fn new(view: View<'_>) -> Option<Self> {
        let day = view.state.day()?;
        Some(Self {
            id: day.id,
            date: day.date.map(|d| d.to_string()),
            open: day.open,
        })
    }
}

/// What closing a day did.
#[derive(Serialize, ToSchema)]
pub(crate) struct ClosedView {
    #[serde(flatten)]
    day: DayView,
    /// Tickets that were in hand, and count as finished.
    finished: usize,
    /// Tickets that waited, were held or had missed their call: a number for another day is kept
    /// for each.
    deferred: usize,
    /// Come-back slips that print by themselves, for those who still stand there.
    slips: usize,
}

impl ClosedView {
    fn new(view: View<'_>, done: &Done) -> Option<Self> {
        let count = |wanted: fn(&Event) -> bool| done.events.iter().filter(|e| wanted(e)).count();
        Some(Self {
            day: DayView::new(view)?,
            finished: count(|e| matches!(e, Event::Finished { .. })),
            deferred: count(|e| matches!(e, Event::Deferred(_))),
            slips: count(|e| matches!(e, Event::SlipAsked { .. })),
        })
    }
}

/// A ticket at a counter.
#[derive(Serialize, ToSchema)]
pub(crate) struct HandView {
    counter: u32,
    number: String,
}

/// A service on this day.
#[derive(Serialize, ToSchema)]
pub(crate) struct DayService {
    /// Its letter.
    service: String,
    /// The highest number that was given out, by the machine or from a paper roll; null: none.
    last: Option<String>,
    /// What the machine gives out next.
    next: Option<String>,
    /// Tickets that wait, are held or missed their call.
    waiting: u32,
    /// The date on which they could come back if the day closed now; null: nobody can tell.
    returns_on: Option<String>,
    /// From when on that day, such as 07:30.
    returns_at: Option<String>,
}

/// How the day stands, and what closing it would do.
#[derive(Serialize, ToSchema)]
pub(crate) struct DayStateView {
    #[serde(flatten)]
    day: DayView,
    /// Tickets that counters have in hand: a closing counts them as finished.
    in_hand: Vec<HandView>,
    waiting: usize,
    held: usize,
    /// Missed their call.
    parked: usize,
    /// In the order of the tiles.
    services: Vec<DayService>,
}

impl DayStateView {
    fn new(view: View<'_>) -> Option<Self> {
        let (state, day) = (view.state, view.state.day()?);
        let office = state.office()?;
        let count = |of: TicketState| state.tickets().filter(|t| t.state == of).count();
        let mut left: BTreeMap<char, u32> = BTreeMap::new();
        use TicketState::{Held, Parked, Waiting};
        for ticket in state.tickets() {
            if matches!(ticket.state, Waiting | Held | Parked) {
                *left.entry(ticket.service).or_default() += 1;
            }
        }
        let services = office.services.iter().map(|service| {
            let letter = service.letter;
            let returns = state.returns(letter, day);
            DayService {
                service: letter.to_string(),
                last: state.newest_number(letter).map(|n| n.to_string()),
                next: state.next_number(letter).map(|n| n.to_string()),
                waiting: left.get(&letter).copied().unwrap_or_default(),
                returns_on: returns.map(|(on, _)| on.to_string()),
                returns_at: returns.map(|(_, at)| at.strftime("%H:%M").to_string()),
            }
        });
        let in_hand = office.counters.iter().filter_map(|counter| {
            let desk = state.desk(counter.number)?;
            Some(HandView {
                counter: counter.number,
                number: state.number(desk.ticket?)?.to_string(),
            })
        });
        Some(Self {
            day: DayView::new(view)?,
            in_hand: in_hand.collect(),
            waiting: count(Waiting),
            held: count(Held),
            parked: count(Parked),
            services: services.collect(),
        })
    }
}

/// How the open or last service day stands, and what closing it would do.
#[utoipa::path(get, path = "/api/v1/day", tag = "day", operation_id = "day",
    responses((status = 200, body = DayStateView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn get(
    State(app): State<App>,
    Supervisor(_): Supervisor,
) -> Result<axum::Json<DayStateView>, Problem> {
    let day = app.engine.read(DayStateView::new).await?;
    let day = day.ok_or(Failure::Refused(Refusal::UnknownDay))?;
    Ok(axum::Json(day))
}

/// Opens the service day; the same date again continues that day.
#[utoipa::path(post, path = "/api/v1/day/open", tag = "day", operation_id = "open_day",
    params(("Idempotency-Key" = String, Header)), request_body = Nothing,
    responses((status = 200, body = DayView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn open(
    State(app): State<App>,
    Supervisor(actor): Supervisor,
    key: KeyOf,
    Json(body): Json<Nothing>,
) -> Result<axum::Json<DayView>, Problem> {
    let key = key.with(&body);
    act(app, actor, key, Command::OpenDay, |view, _| {
        DayView::new(view)
    })
    .await
}

/// Closes the service day: nobody is called any more. What is in hand counts as finished; who
/// waits, is held or missed the call may come back on another day.
#[utoipa::path(post, path = "/api/v1/day/close", tag = "day", operation_id = "close_day",
    params(("Idempotency-Key" = String, Header)), request_body = Nothing,
    responses((status = 200, body = ClosedView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn close(
    State(app): State<App>,
    Supervisor(actor): Supervisor,
    key: KeyOf,
    Json(body): Json<Nothing>,
) -> Result<axum::Json<ClosedView>, Problem> {
    let key = key.with(&body);
    act(app, actor, key, Command::CloseDay, |view, done| {
        ClosedView::new(view, &done)
    })
    .await
}

/// Body of `numbers`.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NumbersBody {
    /// What the machine gives out next, from 1; at most 1000 ahead of the newest number.
    next: u32,
    /// Letter of a service; without it, every service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    service: Option<char>,
}

/// What is given out next.
#[derive(Serialize, ToSchema)]
pub(crate) struct NumbersView {
    services: Vec<NextNumber>,
}

/// What a service gives out next.
#[derive(Serialize, ToSchema)]
pub(crate) struct NextNumber {
    service: String,
    next: Option<String>,
}

/// Numbers of this day go on from `next`, never back: those in between may have been given out by
/// a machine that is lost.
#[utoipa::path(post, path = "/api/v1/day/numbers", tag = "day", operation_id = "skip_numbers",
    params(("Idempotency-Key" = String, Header)), request_body = NumbersBody,
    responses((status = 200, body = NumbersView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn numbers(
    State(app): State<App>,
    Supervisor(actor): Supervisor,
    key: KeyOf,
    Json(body): Json<NumbersBody>,
) -> Result<axum::Json<NumbersView>, Problem> {
    let NumbersBody { next, service } = body;
    let command = Command::SkipNumbers { service, next };
    act(app, actor, key.with(&body), command, move |view, _| {
        let services = view.state.office()?.services.iter();
        let asked = services.filter(|s| service.is_none_or(|letter| letter == s.letter));
        let services = asked.map(|s| NextNumber {
            service: s.letter.to_string(),
            next: view.state.next_number(s.letter).map(|n| n.to_string()),
        });
        Some(NumbersView {
            services: services.collect(),
        })
    })
    .await
}

async fn act<T: Send + 'static>(
    app: App,
    actor: Actor,
    key: Key,
    command: Command,
    render: impl FnOnce(View<'_>, Done) -> Option<T> + Send + 'static,
) -> Result<axum::Json<T>, Problem> {
    let done = app
        .engine
        .submit(actor, Some(key), |_, _| Ok(command), render)
        .await?;
    Ok(axum::Json(done.ok_or(Failure::JournalFailed)?))
}
