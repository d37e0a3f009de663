//! Letters of apology for late dossiers: drafted from a scan or from the late list, noted as signed on
//! paper, and as given. A letter's address holds its own id, never a dossier's.
//!
//! Deliberately not here: who the letter goes to. The page takes a name for the paper and keeps none.

mod page;

use axum::extract::State;
use axum::http::StatusCode;
use jiff::ToSpan as _;
use jiff::civil::Date;
use queue::{Command, Event, LetterDraft, LetterId, LetterPaper, Office, Refusal};
use scanner::DossierId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub(super) use self::page::routes;
use super::App;
use super::auth::{Clerk, KeyOf};
use super::dossiers::stands_at;
use super::health::note_look;
use super::problem::{Json, Path, Problem, ProblemBody, Query};
use super::scans::{ListQuery, of_any_day, with_history};
use super::tickets::Nothing;
use super::views::{offset, time};
use crate::advice;
use crate::dossiers::{Dossier, Standing, taken};
use crate::engine::{Failure, Key};
use crate::forms::{APOLOGY, Form};
use crate::ids;
use crate::journal::letters::{Deed, PastLetter};
use crate::journal::word;

/// Letters a list answers at once.
const LIST_MAX: usize = 100;
/// After so many working days a new date is suggested.
const SUGGESTED: [u32; 4] = [1, 3, 5, 10];
/// No calendar has so many days off in a row that nobody works within them.
const LOOK_AHEAD_DAYS: i64 = 90;

/// The paper a letter is printed on.
#[derive(Clone, Copy, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum PaperWord {
    /// 210 x 297 mm.
    #[default]
    A4,
    /// 148 x 210 mm.
    A5,
}

impl From<PaperWord> for LetterPaper {
    fn from(paper: PaperWord) -> Self {
        match paper {
            PaperWord::A4 => Self::A4,
            PaperWord::A5 => Self::A5,
        }
    }
}

/// Body of `POST /letters`: one of `scan` and `ref`.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LetterBody {
    /// Id of a scan of the dossier.
    scan: Option<String>,
    /// The dossier as the late list names it.
    #[serde(rename = "ref")]
    reference: Option<String>,
    /// The date now promised, as `2026-11-27`: after today, within two years.
    new_due: String,
    /// Why it is late, at most 2,000 bytes.
    reason: String,
    /// a4 or a5; a4 unless said.
    paper: Option<PaperWord>,
}

/// Who did something, and when.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeedView {
    /// RFC 3339 by this machine's clock then.
    at: Option<String>,
    /// Device or person.
    by: String,
}

/// A letter.
#[derive(Serialize, ToSchema)]
pub(crate) struct LetterView {
    /// Its id (a ULID).
    id: String,
    /// drafted, signed, given, or replaced: another draft stands in its place.
    state: String,
    /// The dossier ID in full; null once erased.
    dossier: Option<String>,
    /// What the dossier is about; null: no source told, or erased.
    procedure: Option<String>,
    #[schema(format = Date)]
    received_on: Option<String>,
    /// The date that was not kept.
    #[schema(format = Date)]
    due_on: String,
    /// The date now promised.
    #[schema(format = Date)]
    new_due_on: String,
    /// Why it is late; null once erased.
    reason: Option<String>,
    /// Form of the text.
    form: String,
    /// Version of that form.
    version: String,
    /// a4 or a5.
    paper: String,
    drafted: DeedView,
    /// Null: not signed, as far as is noted.
    signed: Option<DeedView>,
    /// Null: not given, as far as is noted.
    given: Option<DeedView>,
}

impl LetterView {
    fn new(letter: PastLetter, offset: i32) -> Self {
        let deed = |deed: Deed| DeedView {
            at: time(offset, deed.at),
            by: deed.actor,
        };
        Self {
            id: letter.id.to_string(),
            state: word(letter.state),
            dossier: letter.dossier,
            procedure: letter.procedure,
            received_on: letter.received.map(|day| day.to_string()),
            due_on: letter.due.to_string(),
            new_due_on: letter.new_due.to_string(),
            reason: letter.reason,
            form: letter.form,
            version: letter.version,
            paper: word(letter.paper),
            drafted: deed(letter.drafted),
            signed: letter.signed.map(deed),
            given: letter.given.map(deed),
        }
    }
}

/// A dossier that a letter is to be about, with what its source says.
struct About {
    dossier: DossierId,
    known: Dossier,
}

/// What is known of a dossier by one of its names; within: why no letter is written about it.
async fn about(
    app: &App,
    scan: Option<&String>,
    reference: Option<&String>,
) -> Result<Result<About, Refusal>, Problem> {
    let dossier = match (scan, reference) {
        (Some(scan), None) => {
            let Ok(scan) = scan.parse() else {
                return Ok(Err(Refusal::UnknownScan));
            };
            match of_any_day(app, scan).await? {
                None => return Ok(Err(Refusal::UnknownScan)),
                // None within: erased since.
                Some(scan) => scan.dossier.as_deref().and_then(taken),
            }
        }
        (None, Some(reference)) => app.dossiers.named(reference),
        _ => return Err(Problem::of(advice::letter_about_one())),
    };
    let Some(dossier) = dossier else {
        return Ok(Err(Refusal::UnknownDossier));
    };
    let now = app.engine.read(|view| view.now).await?;
    let known = app.dossiers.best(&dossier, now).await;
    let known = known.map_err(|_| Problem::of(advice::dossiers_away()))?;
    Ok(match known {
        Some(known) => Ok(About { dossier, known }),
        None => Err(Refusal::UnknownDossier),
    })
}

/// The date of today in the office.
async fn today(app: &App) -> Result<Date, Problem> {
    let today = app.engine.read(|view| {
        let office: &Office = view.state.office()?;
        Some(office.local(view.now.utc?).date())
    });
    today
        .await?
        .ok_or_else(|| Failure::Refused(Refusal::DateUnknown).into())
}

/// The text that counts today.
fn in_force(app: &App, today: Date) -> Result<&Form, Problem> {
    let form = app.forms.in_force(APOLOGY, today);
    form.ok_or_else(|| Problem::of(advice::no_form()))
}

/// Drafts a letter for a late dossier, in the place of one that was not given yet. It is printed from
/// its page, `/letters/{id}`.
#[utoipa::path(post, path = "/api/v1/letters", tag = "letters", operation_id = "draft_letter",
    params(("Idempotency-Key" = String, Header)), request_body = LetterBody,
    responses((status = 201, body = LetterView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn draft(
    State(app): State<App>,
    Clerk(actor): Clerk,
    key: KeyOf,
    Json(body): Json<LetterBody>,
) -> Result<(StatusCode, axum::Json<LetterView>), Problem> {
    let key = key.with(&body);
    let new_due: Option<Date> = body.new_due.parse().ok();
    let new_due = new_due.ok_or(Failure::Refused(Refusal::LetterDate))?;
    let about = about(&app, body.scan.as_ref(), body.reference.as_ref()).await?;
    let form = in_force(&app, today(&app).await?)?;
    let (form, version) = (form.id.clone(), form.version.clone());
    let paper = body.paper.unwrap_or_default().into();
    let by = actor.id.clone();
    // What refuses stands in here: a key that was repeated late gets its letter, whatever the
    // dossier is by now.
    let command = move |state: &queue::State, now: queue::Now| {
        let About { dossier, known } = about?;
        let office = state.office().ok_or(Refusal::DayClosed)?;
        let stands = stands_at(office, now, &known).ok_or(Refusal::DateUnknown)?;
        let due = known
            .due_on
            .filter(|_| matches!(stands, Standing::Late { .. }));
        let due = due.ok_or(Refusal::NotLate)?;
        let draft = LetterDraft {
            letter: ids::fresh(now),
            dossier: dossier.to_string(),
            procedure: known.procedure,
            received: known.received_on,
            due,
            new_due,
            reason: body.reason,
            form,
            version,
            paper,
        };
        Ok(Command::DraftLetter {
            draft: Box::new(draft),
        })
    };
    let done = app.engine.submit(actor, Some(key), command, |_, done| {
        done.events.iter().find_map(|event| match event {
            Event::LetterDrafted { letter, .. } => Some(*letter),
            _ => None,
        })
    });
    let id = done.await?.ok_or(Failure::JournalFailed)?;
    let view = told(&app, &by, "POST /api/v1/letters", id).await?;
    Ok((StatusCode::CREATED, axum::Json(view)))
}

/// A letter as the journal has it, for whoever is about to see it.
async fn told(app: &App, actor: &str, call: &str, id: LetterId) -> Result<LetterView, Problem> {
    let letter = found(app, id).await?;
    let offset = app.engine.read(|view| offset(view.state)).await?;
    note_look(app, actor, call, usize::from(letter.dossier.is_some())).await?;
    Ok(LetterView::new(letter, offset))
}

async fn found(app: &App, id: LetterId) -> Result<PastLetter, Problem> {
    let found = with_history(app, move |history| history.letter(id)).await?;
    found.ok_or_else(unknown)
}

fn unknown() -> Problem {
    Failure::Refused(Refusal::UnknownLetter).into()
}

/// Takes a letter a step further.
async fn act(
    app: &App,
    Clerk(actor): Clerk,
    key: Key,
    call: &str,
    id: &str,
    command: fn(LetterId) -> Command,
) -> Result<axum::Json<LetterView>, Problem> {
    let id: LetterId = id.parse().map_err(|_| unknown())?;
    let by = actor.id.clone();
    let done = app
        .engine
        .submit(actor, Some(key), move |_, _| Ok(command(id)), |_, _| ());
    match done.await {
        Ok(()) => told(app, &by, call, id).await.map(axum::Json),
        // Of a day gone by; the record knows what became of it.
        Err(Failure::Refused(Refusal::UnknownLetter)) => {
            let over = found(app, id).await?.state.refusal();
            let refusal = over.unwrap_or(Refusal::UnknownLetter);
            Err(Failure::Refused(refusal).into())
        }
        Err(failure) => Err(failure.into()),
    }
}

/// Notes that whoever leads the office has signed a letter on paper.
#[utoipa::path(post, path = "/api/v1/letters/{id}/sign", tag = "letters", operation_id = "sign_letter",
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)), request_body = Nothing,
    responses((status = 200, body = LetterView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn sign(
    State(app): State<App>,
    clerk: Clerk,
    key: KeyOf,
    Path(id): Path<String>,
    Json(body): Json<Nothing>,
) -> Result<axum::Json<LetterView>, Problem> {
    let command = |letter| Command::SignLetter { letter };
    let (key, call) = (key.with(&body), "POST /api/v1/letters/{id}/sign");
    act(&app, clerk, key, call, &id, command).await
}

/// Notes that the citizen has got a letter.
#[utoipa::path(post, path = "/api/v1/letters/{id}/give", tag = "letters", operation_id = "give_letter",
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)), request_body = Nothing,
    responses((status = 200, body = LetterView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn give(
    State(app): State<App>,
    clerk: Clerk,
    key: KeyOf,
    Path(id): Path<String>,
    Json(body): Json<Nothing>,
) -> Result<axum::Json<LetterView>, Problem> {
    let command = |letter| Command::GiveLetter { letter };
    let (key, call) = (key.with(&body), "POST /api/v1/letters/{id}/give");
    act(&app, clerk, key, call, &id, command).await
}

/// A letter, of any day.
#[utoipa::path(get, path = "/api/v1/letters/{id}", tag = "letters", operation_id = "letter",
    params(("id" = String, Path)),
    responses((status = 200, body = LetterView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn get(
    State(app): State<App>,
    Clerk(actor): Clerk,
    Path(id): Path<String>,
) -> Result<axum::Json<LetterView>, Problem> {
    let id: LetterId = id.parse().map_err(|_| unknown())?;
    let view = told(&app, &actor.id, "GET /api/v1/letters/{id}", id).await?;
    Ok(axum::Json(view))
}

/// A page of letters.
#[derive(Serialize, ToSchema)]
pub(crate) struct LetterList {
    /// Oldest first.
    items: Vec<LetterView>,
    /// `after` of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<u64>,
}

/// Letters of all days, oldest first, a hundred at a time.
#[utoipa::path(get, path = "/api/v1/letters", tag = "letters", operation_id = "letters",
    params(("state" = Option<String>, Query, description = "drafted, signed, given or replaced"),
        ("after" = Option<u64>, Query, description = "`next` of the page before")),
    responses((status = 200, body = LetterList),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn list(
    State(app): State<App>,
    Clerk(actor): Clerk,
    Query(query): Query<ListQuery>,
) -> Result<axum::Json<LetterList>, Problem> {
    let states = ["drafted", "signed", "given", "replaced"];
    let after = query.after(&states)?;
    let found = with_history(&app, move |history| {
        history.letters(query.state.as_deref(), after, LIST_MAX)
    });
    let letters = found.await?;
    let next = (letters.len() == LIST_MAX)
        .then(|| letters.last().map(|letter| letter.seq))
        .flatten();
    let dossiers = letters.iter().filter(|letter| letter.dossier.is_some());
    note_look(&app, &actor.id, "GET /api/v1/letters", dossiers.count()).await?;
    let offset = app.engine.read(|view| offset(view.state)).await?;
    let items = letters.into_iter();
    let items = items
        .map(|letter| LetterView::new(letter, offset))
        .collect();
    Ok(axum::Json(LetterList { items, next }))
}

/// Which dossier, if any.
#[derive(Deserialize)]
pub(crate) struct FormQuery {
    scan: Option<String>,
    #[serde(rename = "ref")]
    reference: Option<String>,
}

/// The dossier that a letter is to be about.
#[derive(Serialize, ToSchema)]
pub(crate) struct LetterAbout {
    /// The dossier ID in full.
    dossier: String,
    procedure: Option<String>,
    /// The date that was not kept.
    #[schema(format = Date)]
    due_on: String,
    /// Calendar days past it.
    late_days: u32,
}

/// A working day to come.
#[derive(Serialize, ToSchema)]
pub(crate) struct SuggestedDate {
    /// Working days from today.
    working_days: u32,
    #[schema(format = Date)]
    date: String,
}

/// What a clerk needs for drafting.
#[derive(Serialize, ToSchema)]
pub(crate) struct LetterFormView {
    /// As officials call the form.
    name: String,
    /// Version of its text that counts today.
    version: String,
    /// The first date on which it counts.
    #[schema(format = Date)]
    from: String,
    /// What it rests on.
    basis: String,
    title: String,
    /// Ready reasons.
    reasons: Vec<String>,
    /// New dates that fall on working days.
    dates: Vec<SuggestedDate>,
    /// Null where no dossier was named.
    about: Option<LetterAbout>,
}

/// The text of the letter that counts today, ready reasons, working days to promise, and the late
/// dossier that the letter is to be about.
#[utoipa::path(get, path = "/api/v1/letters/form", tag = "letters", operation_id = "letter_form",
    params(("scan" = Option<String>, Query, description = "a scan of the dossier"),
        ("ref" = Option<String>, Query, description = "the dossier as the late list names it")),
    responses((status = 200, body = LetterFormView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn form(
    State(app): State<App>,
    Clerk(actor): Clerk,
    Query(query): Query<FormQuery>,
) -> Result<axum::Json<LetterFormView>, Problem> {
    let today = today(&app).await?;
    let form = in_force(&app, today)?;
    let dates = app.engine.read(move |view| {
        let office = view.state.office();
        office.map_or_else(Vec::new, |office| suggested(office, today))
    });
    let dates = dates.await?;
    let about = match (&query.scan, &query.reference) {
        (None, None) => None,
        (scan, reference) => {
            let about = about(&app, scan.as_ref(), reference.as_ref()).await?;
            let about = about.map_err(Failure::Refused)?;
            Some(late(&app, about).await?)
        }
    };
    note_look(
        &app,
        &actor.id,
        "GET /api/v1/letters/form",
        usize::from(about.is_some()),
    )
    .await?;
    Ok(axum::Json(LetterFormView {
        name: form.name.clone(),
        version: form.version.clone(),
        from: form.from.to_string(),
        basis: form.basis.clone(),
        title: form.title.clone(),
        reasons: form.reasons.clone(),
        dates,
        about,
    }))
}

/// How late a dossier is; refused where it is not.
async fn late(app: &App, about: About) -> Result<LetterAbout, Problem> {
    let known = about.known.clone();
    let stands = app
        .engine
        .read(move |view| stands_at(view.state.office()?, view.now, &known));
    match (stands.await?, about.known.due_on) {
        (Some(Standing::Late { days, .. }), Some(due)) => Ok(LetterAbout {
            dossier: about.dossier.to_string(),
            procedure: about.known.procedure,
            due_on: due.to_string(),
            late_days: days,
        }),
        _ => Err(Failure::Refused(Refusal::NotLate).into()),
    }
}

fn suggested(office: &Office, today: Date) -> Vec<SuggestedDate> {
    let ahead = (1..=LOOK_AHEAD_DAYS).map(|days| today.saturating_add(days.days()));
    let working = ahead.filter(|date| office.works_on(*date));
    let counted = (1..).zip(working);
    let wanted = counted.filter(|(n, _)| SUGGESTED.contains(n));
    let wanted = wanted.take(SUGGESTED.len());
    let dates = wanted.map(|(working_days, date)| SuggestedDate {
        working_days,
        date: date.to_string(),
    });
    dates.collect()
}
