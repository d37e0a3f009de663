//! The scan register (*Sổ quét hồ sơ*): read for programs here; `page` has it as a page, on A4 and
//! as a workbook.
//!
//! Any clerk may see the day's register: whoever stands in for a colleague must find what was
//! scanned. Who looks is noted, with how many dossiers were shown. No dossier ID stands in an
//! address, a title or the name of a file.

mod page;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::App;
use super::auth::Clerk;
use super::devices::name_of;
use super::figures::read;
use super::health::note_look;
use super::problem::{self, Problem, ProblemBody};
use super::views::{PurposeWord, time};
use crate::journal::word;
use crate::ledger::{Chosen, Days, Lines, NoSuchDay, Register};
use crate::report::register::{self, Line, STATES};
use crate::vault::Vault;

pub(super) use page::pages;

/// Lines of a page: as many as a person looks through, whatever the day's number of scans.
const PAGE_LINES: u32 = 100;

/// What a register is read for.
#[derive(Clone, Debug)]
struct Asked {
    days: Days,
    chosen: Chosen,
    lines: Lines,
}

/// A register as it was read.
struct Read {
    register: Register,
    lines: Vec<Line>,
    /// Records of the journal that are not in it yet.
    behind: u64,
    /// The dates of the service days before and after.
    beside: [Option<Date>; 2],
}

/// Reads it and opens what is sealed; `call` is noted with who looks.
async fn opened(
    app: &App,
    actor: &queue::Actor,
    call: &str,
    asked: Asked,
) -> Result<Result<Read, NoSuchDay>, Problem> {
    let named = app.clone();
    let (found, newest) = read(app, move |ledger| {
        let found = ledger.register(asked.days, &asked.chosen, asked.lines)?;
        let Ok(mut register) = found else {
            return Ok(Err(NoSuchDay));
        };
        let beside = match register.date {
            Some(date) => ledger.dates_beside(date)?,
            None => [ledger.last_date()?, None],
        };
        let mut vault = Vault::open(&named.data);
        let who = |device: &str| name_of(&named, device.to_owned());
        let lines = register::opened(std::mem::take(&mut register.entries), &mut vault, who);
        Ok(Ok((register, lines, beside)))
    })
    .await?;
    let Ok((register, lines, beside)) = found else {
        return Ok(Err(NoSuchDay));
    };
    let dossiers = lines.iter().filter(|line| line.dossier.is_some()).count();
    note_look(app, &actor.id, call, dossiers).await?;
    Ok(Ok(Read {
        behind: newest.saturating_sub(register.seq),
        register,
        lines,
        beside,
    }))
}

/// A day by its date or number; none: neither.
fn day(text: &str) -> Option<Days> {
    let date = text.parse().ok().map(|date| Days::Dates(date, date));
    date.or_else(|| text.parse().ok().map(Days::Number))
}

/// What a program asks for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// A service day by its date (2026-11-23) or number; without, the open or last one.
    day: Option<String>,
    /// Only of this counter.
    counter: Option<u32>,
    /// Only for this purpose: receive, supplement, return or look-up.
    #[param(inline)]
    purpose: Option<PurposeWord>,
    /// Only in this state: kept, pending, delivered, refused or unknown.
    state: Option<String>,
    /// `next` of the page before.
    after: Option<u64>,
}

/// A line of the register.
#[derive(Serialize, ToSchema)]
pub(crate) struct RegisterLine {
    /// Its place in the day, from 1.
    number: u64,
    /// Id of the scan.
    id: String,
    /// RFC 3339; null if the time was never learnt.
    scanned_at: Option<String>,
    /// The dossier ID in full; null once erased.
    dossier: Option<String>,
    /// receive, supplement, return or look-up.
    purpose: String,
    /// Where.
    counter: Option<u32>,
    /// Number of the ticket it belongs to.
    ticket: Option<String>,
    /// kept, pending, delivered, refused or unknown.
    state: String,
    /// What the intake server said; null if nothing, or once erased.
    answer: Option<String>,
    /// Name of the person who read it, else the device.
    read_by: String,
    /// Read before on the same day.
    repeat: bool,
}

/// How many scans of a purpose are in a state.
#[derive(Serialize, ToSchema)]
pub(crate) struct RegisterCount {
    /// receive, supplement, return or look-up.
    purpose: String,
    /// kept, pending, delivered, refused or unknown.
    state: String,
    /// All of them.
    scans: u64,
    /// Those that were read before on the same day.
    repeats: u64,
}

/// A page of a day's register.
#[derive(Serialize, ToSchema)]
pub(crate) struct RegisterView {
    /// The service day's number.
    day: u64,
    /// Its date; null if never learnt, or if it has not begun.
    date: Option<String>,
    /// In order, at most a hundred.
    items: Vec<RegisterLine>,
    /// `after` of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<u64>,
    /// Scans chosen, on all pages.
    total: u64,
    /// They by purpose and state.
    counts: Vec<RegisterCount>,
    /// Scans made since the newest day was closed; they belong to the next one.
    for_next_day: u64,
    /// The record that it is up to.
    seq: u64,
    /// Its hash.
    head: String,
    /// Records of the journal that are not in it yet.
    behind: u64,
}

impl RegisterView {
    fn new(read: Read) -> Self {
        let Read {
            register,
            lines,
            behind,
            ..
        } = read;
        let total = register.total();
        let full = lines.len() == PAGE_LINES as usize;
        let last = lines.last().map(|line| line.entry.nth);
        let items = lines.into_iter().map(|line| RegisterLine {
            number: line.entry.nth,
            id: line.entry.id,
            scanned_at: line
                .entry
                .at
                .and_then(|utc| time(register.offset_minutes, utc)),
            dossier: line.dossier,
            purpose: line.entry.purpose,
            counter: line.entry.counter,
            ticket: line.entry.ticket,
            state: line.entry.state,
            answer: line.answer,
            read_by: line.who,
            repeat: line.entry.repeat,
        });
        let counts = register.counts.into_iter().map(|count| RegisterCount {
            purpose: count.purpose,
            state: count.state,
            scans: count.scans,
            repeats: count.repeats,
        });
        Self {
            day: register.day,
            date: register.date.map(|date| date.to_string()),
            items: items.collect(),
            next: last.filter(|_| full),
            total,
            counts: counts.collect(),
            for_next_day: register.for_next_day,
            seq: register.seq,
            head: register.head,
            behind,
        }
    }
}

/// The scan register of a service day, a hundred lines at a time; at most a second behind.
#[utoipa::path(get, path = "/api/v1/register", tag = "scans", operation_id = "register",
    params(Wanted),
    responses((status = 200, body = RegisterView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn register(
    State(app): State<App>,
    Clerk(actor): Clerk,
    problem::Query(wanted): problem::Query<Wanted>,
) -> Result<Json<RegisterView>, Problem> {
    let bad = || Problem::http(StatusCode::UNPROCESSABLE_ENTITY);
    let days = match &wanted.day {
        Some(text) => day(text).ok_or_else(bad)?,
        None => Days::Last,
    };
    let known = |state: &String| STATES.contains(&state.as_str());
    // More than the ledger can count is no counter's number, and no place in the record.
    let a_counter = |counter: u32| i32::try_from(counter).is_ok();
    let a_place = |after: u64| i64::try_from(after).is_ok();
    if !wanted.state.as_ref().is_none_or(known)
        || !wanted.counter.is_none_or(a_counter)
        || !wanted.after.is_none_or(a_place)
    {
        return Err(bad());
    }
    let asked = Asked {
        days,
        chosen: Chosen {
            counter: wanted.counter,
            purpose: wanted.purpose.map(word),
            state: wanted.state,
        },
        lines: Lines::After {
            after: wanted.after.unwrap_or(0),
            limit: PAGE_LINES,
        },
    };
    let read = opened(&app, &actor, "GET /api/v1/register", asked).await?;
    let read = read.map_err(|NoSuchDay| Problem::http(StatusCode::NOT_FOUND))?;
    Ok(Json(RegisterView::new(read)))
}
