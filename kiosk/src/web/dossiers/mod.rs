//! Calls on dossiers: what is known of one, looking up one's own, imports, what is late. No
//! address of ours holds a dossier ID: a scan's id or the store's own name for it stands there.

mod imports;
mod late;
mod look_up;
mod pages;

use axum::extract::State;
use queue::{LetterState, Now, Office, Refusal, Scan};
use scanner::DossierId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub(crate) use self::imports::{
    __path_check, __path_confirm, __path_list, __path_upload, UPLOAD_BYTES_MAX, check, confirm,
    list, upload,
};
pub(crate) use self::late::{__path_late, late};
pub(crate) use self::look_up::{__path_look_up, look_up};
pub(super) use self::pages::routes;
use super::App;
use super::auth::{Clerk, KeyOf};
use super::health::note_look;
use super::problem::{Json, Path, Problem, ProblemBody};
use super::scans;
use super::views::{offset, time};
use crate::advice;
use crate::dossiers::{Dossier, DossierState, Source, Standing, Step, standing, taken};
use crate::engine::{Failure, View};
use crate::journal::word;

/// A counter page asks within seconds, and after a lost answer once more.
const PART_OF_SCAN_MS: u64 = 60_000;

/// Who says so.
#[derive(Serialize, ToSchema)]
pub(crate) struct SourceView {
    /// `intake` or `import`.
    kind: &'static str,
    /// What the office calls the import's source.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

impl From<&Source> for SourceView {
    fn from(source: &Source) -> Self {
        match source {
            Source::Intake => Self {
                kind: "intake",
                name: None,
            },
            Source::Import { name } => Self {
                kind: "import",
                name: Some(name.clone()),
            },
        }
    }
}

/// One station on a dossier's way.
#[derive(Serialize, ToSchema)]
pub(crate) struct StepView {
    /// Office or act.
    name: String,
    #[schema(format = Date)]
    #[serde(skip_serializing_if = "Option::is_none")]
    begun_on: Option<String>,
    #[schema(format = Date)]
    #[serde(skip_serializing_if = "Option::is_none")]
    due_on: Option<String>,
    #[schema(format = Date)]
    #[serde(skip_serializing_if = "Option::is_none")]
    finished_on: Option<String>,
}

impl From<&Step> for StepView {
    fn from(step: &Step) -> Self {
        Self {
            name: step.name.clone(),
            begun_on: step.begun_on.map(|day| day.to_string()),
            due_on: step.due_on.map(|day| day.to_string()),
            finished_on: step.finished_on.map(|day| day.to_string()),
        }
    }
}

/// How a dossier stands: what everybody who may hear of it hears.
#[derive(Serialize, ToSchema)]
pub(crate) struct StateView {
    procedure: Option<String>,
    /// received, in-progress, supplement-asked, done, returned, refused or other.
    state: &'static str,
    #[schema(format = Date)]
    received_on: Option<String>,
    #[schema(format = Date)]
    due_on: Option<String>,
    #[schema(format = Date)]
    #[serde(skip_serializing_if = "Option::is_none")]
    finished_on: Option<String>,
    /// Calendar days past its date; absent: it is not late, or the date of today is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    late_days: Option<u32>,
    /// Of them, days on which the office works.
    #[serde(skip_serializing_if = "Option::is_none")]
    late_working_days: Option<u32>,
    /// Calendar days until its date; absent: it is late, finished, or has no date.
    #[serde(skip_serializing_if = "Option::is_none")]
    due_in_days: Option<u32>,
    steps: Vec<StepView>,
    source: SourceView,
    /// When the source said so (RFC 3339); null: the time was unknown.
    as_of: Option<String>,
}

impl StateView {
    fn new(view: View<'_>, known: &Dossier) -> Self {
        let stands = stands(view, known);
        let (late, working) = match stands {
            Some(Standing::Late { days, working_days }) => (Some(days), Some(working_days)),
            _ => (None, None),
        };
        let as_of = (known.as_of > 0).then(|| time(offset(view.state), known.as_of));
        Self {
            procedure: known.procedure.clone(),
            state: known.state.word(),
            received_on: known.received_on.map(|day| day.to_string()),
            due_on: known.due_on.map(|day| day.to_string()),
            finished_on: known.finished_on.map(|day| day.to_string()),
            late_days: late,
            late_working_days: working,
            due_in_days: match stands {
                Some(Standing::InTime(days)) => Some(days),
                _ => None,
            },
            steps: known.steps.iter().map(StepView::from).collect(),
            source: SourceView::from(&known.source),
            as_of: as_of.flatten(),
        }
    }
}

/// Where a dossier stands today; none: nobody knows what day it is.
fn stands(view: View<'_>, known: &Dossier) -> Option<Standing> {
    stands_at(view.state.office()?, view.now, known)
}

/// The same at a moment in an office.
pub(super) fn stands_at(office: &Office, now: Now, known: &Dossier) -> Option<Standing> {
    let today = office.local(now.utc?).date();
    let works = |date| office.works_on(date);
    Some(standing(
        &known.state,
        known.due_on,
        known.finished_on,
        today,
        works,
    ))
}

/// What is known of a dossier, for staff.
#[derive(Serialize, ToSchema)]
pub(crate) struct DossierView {
    /// Names the dossier in our addresses; tells nobody which it is.
    #[serde(rename = "ref")]
    reference: Option<String>,
    #[serde(flatten)]
    stands: StateView,
    /// A state that has no word here, as the dossier software says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    says: Option<String>,
    /// Its letter of apology of today, or an older one that is not given yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    letter: Option<OpenLetterView>,
}

/// How far a dossier's letter of apology is.
#[derive(Serialize, ToSchema)]
pub(crate) struct OpenLetterView {
    id: String,
    /// drafted, signed or given.
    state: String,
}

/// The newest letter about a dossier that is still known.
fn letter_of(state: &queue::State, dossier: &str) -> Option<OpenLetterView> {
    let about = |letter: &&queue::Letter| letter.dossier.as_deref() == Some(dossier);
    let mut letters = state.letters().filter(about);
    let letter = letters.rfind(|letter| letter.state != LetterState::Replaced)?;
    Some(OpenLetterView {
        id: letter.id.to_string(),
        state: word(letter.state),
    })
}

/// What is known of `dossier`, after asking whoever may know; `since`: an answer of then or later
/// will do.
async fn found(
    app: &App,
    dossier: &DossierId,
    now: Now,
    since: u64,
) -> Result<DossierView, Problem> {
    let known = app.dossiers.best_since(dossier, now, since).await;
    let known = known.map_err(|_| Problem::of(advice::dossiers_away()))?;
    let known = known.ok_or_else(|| Problem::of(advice::unknown_dossier()))?;
    let reference = app.dossiers.fingerprint(dossier);
    let id = dossier.to_string();
    let view = app.engine.read(move |view| DossierView {
        reference,
        says: match &known.state {
            DossierState::Other(says) if !says.is_empty() => Some(says.clone()),
            _ => None,
        },
        stands: StateView::new(view, &known),
        letter: letter_of(view.state, &id),
    });
    Ok(view.await?)
}

/// What is known of a scan's dossier.
#[utoipa::path(get, path = "/api/v1/scans/{id}/dossier", tag = "dossiers", operation_id = "scan_dossier",
    params(("id" = String, Path)),
    responses((status = 200, body = DossierView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn of_scan(
    State(app): State<App>,
    Clerk(actor): Clerk,
    Path(id): Path<String>,
) -> Result<axum::Json<DossierView>, Problem> {
    let unknown = || Problem::from(Failure::Refused(Refusal::UnknownScan));
    let id: queue::ScanId = id.parse().map_err(|_| unknown())?;
    let scan = scans::of_any_day(&app, id).await?.ok_or_else(unknown)?;
    // Erased since, or written by an older program.
    let dossier = scan.dossier.as_deref().and_then(taken);
    let dossier = dossier.ok_or_else(|| Problem::of(advice::unknown_dossier()))?;
    let now = app.engine.read(|view| view.now).await?;
    // Of a scan of a day gone by only the date is left: it is looked up anew.
    let since = if scan.tick == 0 { now.tick } else { scan.tick };
    let view = found(&app, &dossier, now, since).await?;
    if !is_part_of(&scan, &actor.id, now) {
        note_look(&app, &actor.id, "GET /api/v1/scans/{id}/dossier", 1).await?;
    }
    Ok(axum::Json(view))
}

/// Whether a look at a scan's dossier belongs to the scan itself. That is in the journal already,
/// with who had which dossier in hand and when, which is more than a line of the log says; a line
/// beside each scan would only push out the looks that nothing else tells of. Somebody else's look,
/// or one that comes later, is a look of its own.
fn is_part_of(scan: &Scan, actor: &str, now: Now) -> bool {
    scan.device == actor && now.tick < scan.tick.saturating_add(PART_OF_SCAN_MS)
}

/// A code that was typed or read.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FindBody {
    /// Dossier ID, as on the receipt.
    code: String,
}

/// What is known of a dossier.
#[utoipa::path(post, path = "/api/v1/dossiers/find", tag = "dossiers", operation_id = "find_dossier",
    params(("Idempotency-Key" = String, Header)), request_body = FindBody,
    responses((status = 200, body = DossierView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn find(
    State(app): State<App>,
    Clerk(actor): Clerk,
    _: KeyOf,
    Json(body): Json<FindBody>,
) -> Result<axum::Json<DossierView>, Problem> {
    let dossier = id(&app, &body.code)?;
    let now = app.engine.read(|view| view.now).await?;
    let view = found(&app, &dossier, now, now.tick).await?;
    note_look(&app, &actor.id, "POST /api/v1/dossiers/find", 1).await?;
    Ok(axum::Json(view))
}

/// The dossier ID that somebody typed or scanned.
fn id(app: &App, code: &str) -> Result<DossierId, Problem> {
    let text = scans::dossier(&app.reading, code)?;
    taken(&text).ok_or_else(|| Problem::of(advice::unknown_dossier()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_look_is_part_of_ones_own_scan_for_a_minute() {
        let scan = Scan {
            id: "01JDB1P4Q2S3N4T5V6W7X8Y9Z0".parse().unwrap(),
            seq: 7,
            dossier: Some("H05.114-251118-0001".into()),
            purpose: queue::Purpose::Receive,
            counter: Some(1),
            ticket: None,
            device: "person-7".into(),
            state: queue::ScanState::Kept,
            answer: None,
            repeat: false,
            tick: 5_000,
            utc: None,
            day: 1,
            office: "H05.114".into(),
        };
        let at = |tick| Now { tick, utc: None };
        assert!(is_part_of(&scan, "person-7", at(5_000)));
        assert!(is_part_of(
            &scan,
            "person-7",
            at(5_000 + PART_OF_SCAN_MS - 1)
        ));
        assert!(!is_part_of(&scan, "person-7", at(5_000 + PART_OF_SCAN_MS)));
        assert!(!is_part_of(&scan, "person-8", at(5_000)), "another clerk");
    }
}
