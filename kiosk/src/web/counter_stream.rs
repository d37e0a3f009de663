//! A counter's own stream: all that its page shows, whole, at each change.

use std::collections::HashSet;
use std::time::Instant;

use axum::extract::State;
use axum::response::Response;
use axum::response::sse::Event;
use futures_util::stream;
use queue::Actor;
use serde::Serialize;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::{broadcast, watch};
use utoipa::ToSchema;

use super::auth::{Clerk, Lifetime};
use super::counter::is_mine;
use super::events::{PACE, answer, event, next_look};
use super::looking::Looking;
use super::notice::Notice;
use super::problem::{Path, Problem, ProblemBody};
use super::public::{ClockView, clock};
use super::views::{AwayView, CounterView, ScanView, TicketView, UndoView, WaitingView};
use super::{App, Shared};
use crate::engine::{Failure, View};
use crate::journal::word;
use crate::status::{Health, PrinterReport};

/// Waiting tickets and scans that a counter page shows.
const WAITING_SHOWN: usize = 50;
const SCANS_SHOWN: usize = 20;
/// Older ones that wait for a clerk's decision.
const UNDECIDED_SHOWN: usize = 10;

/// What a counter page shows.
#[derive(PartialEq, Serialize, ToSchema)]
pub(crate) struct CounterDocument {
    epoch: String,
    seq: u64,
    counter: OwnCounter,
    names: std::collections::BTreeMap<String, std::collections::BTreeMap<String, String>>,
    counters: Vec<u32>,
    /// Letters of the services that list papers: their checklists can be printed.
    checklists: Vec<String>,
    waiting_total: usize,
    waiting: Vec<WaitingView>,
    away: Vec<AwayView>,
    scans: Vec<ScanView>,
    undo: Option<UndoView>,
    clock: ClockView,
    printer: Health,
    /// Each of them.
    printers: Vec<PrinterReport>,
    intake: Health,
}

/// The counter itself.
#[derive(PartialEq, Serialize, ToSchema)]
pub(crate) struct OwnCounter {
    number: u32,
    state: &'static str,
    services: Vec<String>,
    /// receive, supplement, return or look-up: of a scan about which nobody has said anything.
    purpose: String,
    /// What the clerk has said that scans are for, by a barcode or on the page; null: as usual.
    purpose_said: Option<String>,
    /// Whether the caller has it, or could take it.
    mine: bool,
    ticket: Option<TicketView>,
    /// The dossier that the ticket in hand was taken for, in full.
    dossier: Option<String>,
}

fn document(view: View<'_>, app: &Shared, number: u32, actor: &Actor) -> Option<CounterDocument> {
    let office = view.state.office()?;
    let configured = office.counter(number)?;
    let counter = CounterView::new(view, number, app.public_url.as_deref())?;
    let (waiting, waiting_total) = view.state.upcoming(number, WAITING_SHOWN);
    let since = |tick: u64| view.now.tick.saturating_sub(tick) / 1_000;
    let waiting = waiting.into_iter().map(|t| WaitingView {
        id: t.id.to_string(),
        number: t.number.to_string(),
        service: t.service.to_string(),
        priority: t.class.is_priority(),
        waited_seconds: since(t.issued_tick),
        dossier: t.dossier.clone(),
    });
    let mut away: Vec<_> = view
        .state
        .tickets()
        .filter(|t| {
            matches!(
                t.state,
                queue::TicketState::Held | queue::TicketState::Parked
            )
        })
        .filter(|t| configured.services.contains(&t.service) || t.counter == Some(number))
        .collect();
    away.sort_by_key(|t| t.away_tick);
    let away = away.into_iter().map(|t| AwayView {
        id: t.id.to_string(),
        number: t.number.to_string(),
        service: t.service.to_string(),
        state: word(t.state),
        reason: t.note.clone(),
        away_seconds: since(t.away_tick.unwrap_or(view.now.tick)),
        dossier: t.dossier.clone(),
    });
    // As a scan made now would get it.
    let in_hand = view
        .state
        .desk(number)
        .and_then(|d| view.state.ticket(d.ticket?));
    let by_service = in_hand.and_then(|t| office.service(t.service)?.purpose);
    let said = app.purposes.said(view.state, view.now, number);
    let purpose = by_service.unwrap_or(configured.purpose);
    let scans = || {
        let all = view.state.scans().rev();
        all.filter(|s| s.counter == Some(number))
    };
    let undecided = scans()
        .skip(SCANS_SHOWN)
        .filter(|s| s.state == queue::ScanState::Unknown)
        .take(UNDECIDED_SHOWN);
    let names = office
        .services
        .iter()
        .map(|s| (s.letter.to_string(), s.name.0.clone()));
    let checklists = office.services.iter().filter(|s| !s.papers.is_empty());
    Some(CounterDocument {
        epoch: view.epoch.to_owned(),
        seq: view.seq,
        counter: OwnCounter {
            number,
            state: counter.state,
            services: counter.services,
            purpose: word(purpose),
            purpose_said: said.map(word),
            mine: is_mine(view, number, actor),
            ticket: counter.ticket,
            dossier: in_hand.and_then(|t| t.dossier.clone()),
        },
        names: names.collect(),
        counters: office.counters.iter().map(|c| c.number).collect(),
        checklists: checklists.map(|s| s.letter.to_string()).collect(),
        waiting_total,
        waiting: waiting.collect(),
        away: away.collect(),
        scans: scans()
            .take(SCANS_SHOWN)
            .chain(undecided)
            .map(|s| ScanView::new(view.state, s))
            .collect(),
        undo: UndoView::new(view, number),
        clock: clock(view),
        printer: app.parts.get("printer"),
        printers: app.parts.printers(),
        intake: app.parts.get("intake"),
    })
}

impl CounterDocument {
    /// What of it is personal, by names that say nothing.
    fn personal(&self) -> HashSet<String> {
        let scans = self.scans.iter().filter(|scan| scan.dossier.is_some());
        let notes = self.away.iter().filter(|ticket| ticket.reason.is_some());
        let waiting = self.waiting.iter().filter(|t| t.dossier.is_some());
        let away = self.away.iter().filter(|t| t.dossier.is_some());
        let in_hand = self.counter.ticket.iter();
        let in_hand = in_hand.filter(|_| self.counter.dossier.is_some());
        // A ticket's dossier stays the same value wherever its ticket goes.
        let taken_for = waiting.map(|t| &t.id).chain(away.map(|t| &t.id));
        let taken_for = taken_for.chain(in_hand.map(|t| &t.id));
        scans
            .map(|scan| scan.id.clone())
            .chain(notes.map(|ticket| ticket.id.clone()))
            .chain(taken_for.map(|id| format!("{id} dossier")))
            .collect()
    }
}

/// What tells one document from the next: its record, and what changes without one.
type Mark = (u64, Vec<PrinterReport>, Health, bool, Option<String>);

/// Where a counter's stream stands.
struct Watching {
    app: App,
    actor: Actor,
    lifetime: Lifetime,
    number: u32,
    newest: watch::Receiver<u64>,
    notices: broadcast::Receiver<Notice>,
    looking: Looking,
    shown: Option<Mark>,
    /// When a document was last sent: a burst of scans is one change of it, and many notices.
    sent: Option<Instant>,
}

impl Watching {
    async fn next(&mut self) -> Option<Event> {
        loop {
            if !self.lifetime.goes_on(&self.app) {
                return None;
            }
            // What was just scanned is heard at once; the document that shows it follows.
            if let Some(notice) = self.heard() {
                return Some(notice.event());
            }
            let rest = self.sent.map(|sent| PACE.saturating_sub(sent.elapsed()));
            if let Some(rest) = rest.filter(|rest| !rest.is_zero()) {
                tokio::select! {
                    () = tokio::time::sleep(rest) => {}
                    notice = mine(&mut self.notices, self.number) => return Some(notice.event()),
                }
                continue;
            }
            let (app, actor, number) = (self.app.clone(), self.actor.clone(), self.number);
            let read = self
                .app
                .engine
                .read(move |view| document(view, &app, number, &actor));
            let document = read.await.ok()??;
            let mark = (
                document.seq,
                document.printers.clone(),
                document.intake,
                document.clock.known,
                document.counter.purpose_said.clone(),
            );
            if self.shown.as_ref() != Some(&mark) {
                self.shown = Some(mark);
                self.sent = Some(Instant::now());
                self.looking.shows(document.personal()).await;
                let data = serde_json::to_string(&document).ok()?;
                return Some(event(
                    "counter",
                    format!("{}:{}", document.epoch, document.seq),
                    &data,
                ));
            }
            tokio::select! {
                () = next_look(&mut self.newest) => {}
                notice = mine(&mut self.notices, self.number) => return Some(notice.event()),
            }
        }
    }

    /// A notice that waits for this counter's page.
    fn heard(&mut self) -> Option<Notice> {
        loop {
            match self.notices.try_recv() {
                Ok(notice) if notice.counters.contains(&self.number) => return Some(notice),
                // Another's, or so many that the oldest are gone.
                Ok(_) | Err(TryRecvError::Lagged(_)) => {}
                Err(TryRecvError::Empty | TryRecvError::Closed) => return None,
            }
        }
    }
}

/// The next notice for a counter's page.
async fn mine(notices: &mut broadcast::Receiver<Notice>, number: u32) -> Notice {
    loop {
        match notices.recv().await {
            Ok(notice) if notice.counters.contains(&number) => return notice,
            Ok(_) | Err(RecvError::Lagged(_)) => {}
            // The daemon stops: its stream ends by that.
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}

/// The counter's own stream: what its page shows, whole, at each change.
#[utoipa::path(get, path = "/api/v1/counters/{n}/events", tag = "counters", operation_id = "counter_events",
    params(("n" = u32, Path)),
    responses((status = 200, description = "`counter` events with a CounterDocument, and `notice` events with a NoticeView", content_type = "text/event-stream", body = CounterDocument),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn counter_events(
    State(app): State<App>,
    Clerk(actor): Clerk,
    lifetime: Lifetime,
    Path(number): Path<u32>,
) -> Result<Response, Problem> {
    let known = app.engine.read(move |view| {
        let counter = view.state.office().and_then(|o| o.counter(number));
        counter.is_some()
    });
    if !known.await? {
        return Err(Failure::Refused(queue::Refusal::UnknownCounter).into());
    }
    let watching = Watching {
        newest: app.engine.newest(),
        notices: app.notices.subscribe(),
        looking: Looking::new(
            app.clone(),
            actor.id.clone(),
            "GET /api/v1/counters/{n}/events",
        ),
        app: app.clone(),
        actor,
        lifetime: lifetime.clone(),
        number,
        shown: None,
        sent: None,
    };
    let events = stream::unfold(watching, |mut watching| async move {
        let event = watching.next().await?;
        Some((Ok(event), watching))
    });
    Ok(answer(&app, lifetime, Box::pin(events)))
}
