//! Figures of days, weeks and months: for programs, as a page, as a workbook.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::IntoParams;

use super::App;
use super::auth::Supervisor;
use super::lists;
use super::problem::{self, Problem, ProblemBody};
use super::staff;
use crate::advice;
use crate::journal::sqlite::{newest_seq, open_reader};
use crate::ledger::{Days, Figures, Ledger, LedgerError, NoSuchDay, PERIOD_DAYS_MAX};
use crate::report::{Kind, Language, Period, day_name, xlsx};

mod page;

/// Which days.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    /// First date (2026-11-23); without dates the open or last service day.
    #[param(format = Date)]
    from: Option<String>,
    /// Last date, at most a year after the first.
    #[param(format = Date)]
    to: Option<String>,
}

fn bad_value() -> Problem {
    Problem::http(StatusCode::UNPROCESSABLE_ENTITY)
}

impl Asked {
    fn days(&self) -> Result<Days, Problem> {
        let date = |text: &Option<String>| -> Result<Option<Date>, Problem> {
            let parsed = text.as_ref().map(|text| text.parse());
            parsed.transpose().map_err(|_| bad_value())
        };
        let (from, to) = match (date(&self.from)?, date(&self.to)?) {
            (None, None) => return Ok(Days::Last),
            (Some(from), Some(to)) => (from, to),
            (Some(one), None) | (None, Some(one)) => (one, one),
        };
        let span = from.until(to).map_err(|_| bad_value())?.get_days();
        match (0..PERIOD_DAYS_MAX).contains(&span) {
            true => Ok(Days::Dates(from, to)),
            false => Err(bad_value()),
        }
    }
}

/// Reads the ledger beside its follower, on a thread that may wait for the disk.
pub(super) async fn read<T: Send + 'static>(
    app: &App,
    read: impl FnOnce(&Ledger) -> Result<T, LedgerError> + Send + 'static,
) -> Result<(T, u64), Problem> {
    let data = app.data.clone();
    let read = tokio::task::spawn_blocking(move || -> Result<(T, u64), LedgerError> {
        let ledger = Ledger::reader(&data)?;
        let newest = newest_seq(&open_reader(&data)?)?;
        Ok((read(&ledger)?, newest))
    });
    match read.await {
        Ok(Ok(found)) => Ok(found),
        // Not made yet, of another format, or damaged: its follower sees to it.
        Ok(Err(cause)) => {
            tracing::warn!(%cause, "The ledger cannot be read");
            Err(Problem::of(advice::figures_not_ready()))
        }
        Err(_) => Err(Problem::http(StatusCode::INTERNAL_SERVER_ERROR)),
    }
}

async fn of_days(app: &App, days: Days) -> Result<Result<Figures, NoSuchDay>, Problem> {
    let (figures, newest) = read(app, move |ledger| ledger.figures(days)).await?;
    Ok(figures.map(|figures| Figures {
        behind: newest.saturating_sub(figures.seq),
        ..figures
    }))
}

/// Figures from the ledger, at most a second behind the journal.
#[utoipa::path(get, path = "/api/v1/figures", tag = "figures", operation_id = "figures",
    params(Asked),
    responses((status = 200, body = Figures),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn figures(
    State(app): State<App>,
    _: Supervisor,
    problem::Query(asked): problem::Query<Asked>,
) -> Result<Json<Figures>, Problem> {
    let figures = of_days(&app, asked.days()?).await?;
    let none = |_| Problem::http(StatusCode::NOT_FOUND);
    Ok(Json(figures.map_err(none)?))
}

/// What the page is asked for; whatever is no date or period counts as not said.
#[derive(Clone, Deserialize)]
struct Wanted {
    #[serde(default)]
    period: String,
    #[serde(default)]
    date: String,
    #[serde(default)]
    lang: String,
}

/// What the page and the workbook show.
struct Shown {
    figures: Figures,
    /// None: a day whose date is not known.
    period: Option<Period>,
    kind: Kind,
    title: String,
    language: Language,
}

async fn shown(app: &App, wanted: &Wanted) -> Result<Shown, Problem> {
    let language = match wanted.lang.as_str() {
        "en" => Language::En,
        _ => Language::Vi,
    };
    let kind = match wanted.period.as_str() {
        "week" => Kind::Week,
        "month" => Kind::Month,
        _ => Kind::Day,
    };
    let date = match wanted.date.parse().ok() {
        Some(date) => Some(date),
        None => read(app, Ledger::last_date).await?.0,
    };
    let period = date.map(|date| Period::around(kind, date));
    let days = period.map_or(Days::Last, |p| Days::Dates(p.from, p.to));
    let figures = of_days(app, days).await?.unwrap_or_default();
    let title = match (period, figures.days.first()) {
        (Some(period), _) => period.name(language),
        (None, Some(day)) => day_name(day, language),
        (None, None) => language
            .say("chưa có ngày làm việc", "no service day yet")
            .into(),
    };
    Ok(Shown {
        figures,
        period,
        kind,
        title,
        language,
    })
}

async fn show_page(
    State(app): State<App>,
    headers: HeaderMap,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let bar = match staff::allowed(&app, &headers, "/admin/figures") {
        Ok(actor) => staff::bar(&app, &actor, "/admin/figures"),
        Err(response) => return Ok(*response),
    };
    let html = page::html(&shown(&app, &wanted).await?, &bar);
    Ok(([(header::CACHE_CONTROL, "no-store")], Html(html)).into_response())
}

async fn workbook(
    State(app): State<App>,
    _: Supervisor,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let shown = shown(&app, &wanted).await?;
    let name = match shown.period {
        Some(period) => format!("{}-{}", shown.kind.as_str(), period.from),
        None => shown.kind.as_str().to_owned(),
    };
    let made = xlsx::workbook(&shown.figures, &shown.title, shown.language);
    lists::download(made, &format!("kiosk-{name}"))
}

pub(super) fn pages() -> Router<App> {
    Router::new()
        .route("/admin/figures", get(show_page))
        .route("/admin/figures.xlsx", get(workbook))
}
