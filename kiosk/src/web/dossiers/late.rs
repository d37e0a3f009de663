//! What is late and what is due soon, for staff: the oldest date first.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use jiff::ToSpan as _;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{SourceView, StateView, stands};
use crate::advice;
use crate::dossiers::{Late, Source, Standing};
use crate::engine::{Failure, View};
use crate::journal::letters::Newest;
use crate::journal::word;
use crate::web::App;
use crate::web::auth::Clerk;
use crate::web::health::note_look;
use crate::web::problem::{Problem, ProblemBody, Query};
use crate::web::scans::with_history;
use crate::web::views::{offset, time};

/// Dossiers on the list: more than a clerk can work through, and a page that a slow PC shows.
const LIST_MAX: usize = 1_000;
/// How far ahead somebody may look.
const AHEAD_DAYS_MAX: u32 = 60;
/// As far as an office usually looks.
const AHEAD_DAYS: u32 = 3;

/// How far ahead.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Ahead {
    /// Calendar days, at most 60; 3 unless said.
    #[param(maximum = 60)]
    pub(super) days: Option<u32>,
}

/// A dossier that is late or due soon.
#[derive(Serialize, ToSchema)]
pub(crate) struct LateView {
    /// Names the dossier in our addresses; tells nobody which it is.
    #[serde(rename = "ref")]
    reference: String,
    /// The dossier ID in full.
    pub(super) dossier: String,
    #[serde(flatten)]
    pub(super) stands: StateView,
    /// Its newest letter of apology; null: there is none, or it was erased.
    pub(super) letter: Option<NewestLetterView>,
}

/// A dossier's newest letter of apology.
#[derive(Serialize, ToSchema)]
pub(crate) struct NewestLetterView {
    id: String,
    /// drafted, signed or given.
    pub(super) state: String,
    /// The date promised in it.
    #[schema(format = Date)]
    new_due_on: String,
}

impl From<&Newest> for NewestLetterView {
    fn from(newest: &Newest) -> Self {
        Self {
            id: newest.id.to_string(),
            state: word(newest.state),
            new_due_on: newest.new_due.to_string(),
        }
    }
}

/// Where the list comes from.
#[derive(Serialize, ToSchema)]
pub(crate) struct OriginView {
    source: SourceView,
    /// When it was imported (RFC 3339); null: it is asked dossier by dossier.
    as_of: Option<String>,
}

/// What is late, and what is due soon.
#[derive(Serialize, ToSchema)]
pub(crate) struct LateList {
    /// The oldest date first.
    pub(super) items: Vec<LateView>,
    /// Of them past their date.
    pub(super) late: usize,
    /// Of these without a letter of apology.
    pub(super) unwritten: usize,
    /// Of them due within the days asked for.
    pub(super) soon: usize,
    /// Past their date while the citizen is to bring something: not listed, since the office's
    /// time stands still.
    pub(super) paused: usize,
    /// There are more than are listed.
    pub(super) more: bool,
    /// Calendar days that were looked ahead.
    pub(super) days: u32,
    /// Today's date.
    #[schema(format = Date)]
    pub(super) today: String,
    pub(super) origins: Vec<OriginView>,
}

/// The list as of now.
pub(super) async fn listed(app: &App, ahead: &Ahead) -> Result<LateList, Problem> {
    let days = ahead.days.unwrap_or(AHEAD_DAYS);
    if days > AHEAD_DAYS_MAX {
        return Err(Problem::http(StatusCode::UNPROCESSABLE_ENTITY));
    }
    let moment = app.engine.read(|view| {
        let today = view.state.office()?.local(view.now.utc?).date();
        Some((view.now, today))
    });
    let (now, today) = moment
        .await?
        .ok_or_else(|| Problem::of(advice::late_undated()))?;
    let until = today.checked_add(i64::from(days).days());
    let until = until.unwrap_or(today);
    let letters = with_history(app, |history| history.newest_letters()).await?;
    let shared = app.clone();
    let read = tokio::task::spawn_blocking(move || {
        let due = shared.dossiers.due(until, LIST_MAX, now)?;
        Ok::<_, crate::dossiers::StoreError>((due, shared.dossiers.imports()?))
    });
    let ((found, count), imports) = read.await.ok().and_then(Result::ok).ok_or_else(|| {
        tracing::error!("what is late cannot be read");
        Problem::from(Failure::JournalFailed)
    })?;
    let asks = app.dossiers.asks();
    let list = app.engine.read(move |view| {
        let mut seen = std::collections::BTreeSet::new();
        let newest = imports
            .into_iter()
            .filter(|import| seen.insert(import.source.clone()));
        let imported = newest.map(|import| OriginView {
            as_of: time(offset(view.state), import.at),
            source: SourceView::from(&Source::Import {
                name: import.source.clone(),
            }),
        });
        let asked = asks.then(|| OriginView {
            source: SourceView::from(&Source::Intake),
            as_of: None,
        });
        LateList {
            more: count > found.len(),
            days,
            today: today.to_string(),
            origins: asked.into_iter().chain(imported).collect(),
            ..sorted(view, &found, &letters)
        }
    });
    Ok(list.await?)
}

fn sorted(view: View<'_>, found: &[Late], letters: &BTreeMap<String, Newest>) -> LateList {
    let mut list = LateList {
        items: Vec::new(),
        late: 0,
        unwritten: 0,
        soon: 0,
        paused: 0,
        more: false,
        days: 0,
        today: String::new(),
        origins: Vec::new(),
    };
    for late in found {
        let dossier = late.dossier.to_string();
        let letter = letters.get(&dossier);
        match stands(view, &late.known) {
            Some(Standing::Late { .. }) => {
                list.late += 1;
                list.unwritten += usize::from(letter.is_none());
            }
            Some(Standing::InTime(_)) => list.soon += 1,
            Some(Standing::Paused) => {
                list.paused += 1;
                continue;
            }
            _ => continue,
        }
        list.items.push(LateView {
            reference: late.fingerprint.clone(),
            dossier,
            stands: StateView::new(view, &late.known),
            letter: letter.map(NewestLetterView::from),
        });
    }
    list
}

/// What is late, and what is due soon, as the sources say.
#[utoipa::path(get, path = "/api/v1/dossiers/late", tag = "dossiers", operation_id = "late_dossiers",
    params(Ahead),
    responses((status = 200, body = LateList),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn late(
    State(app): State<App>,
    Clerk(actor): Clerk,
    Query(ahead): Query<Ahead>,
) -> Result<axum::Json<LateList>, Problem> {
    let list = listed(&app, &ahead).await?;
    note_look(
        &app,
        &actor.id,
        "GET /api/v1/dossiers/late",
        list.items.len(),
    )
    .await?;
    Ok(axum::Json(list))
}
