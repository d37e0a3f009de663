//! The log of outages (*Nhật ký gián đoạn kết nối phần mềm*): as a page and on A4, as a workbook,
//! for programs. It holds nothing personal.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::App;
use super::auth::Supervisor;
use super::figures::read;
use super::lists::{self, Around};
use super::problem::{self, Problem, ProblemBody};
use super::staff;
use super::views::time;
use crate::ledger::{Outage, Outages};
use crate::report::Language;
use crate::report::outages::{cause, list};

const PATH: &str = "/admin/outages";

/// Which dates.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    /// First date (2026-11-01); by default the first of this month.
    #[param(format = Date)]
    from: Option<String>,
    /// Last date; by default today.
    #[param(format = Date)]
    to: Option<String>,
}

/// One outage.
#[derive(Serialize, ToSchema)]
pub(crate) struct OutageView {
    /// RFC 3339 of the first scan that failed; null if the time was never learnt.
    began_at: Option<String>,
    /// Until when it is known to have lasted.
    known_until: Option<String>,
    /// `back`: scans go through again. `machine-off`: this machine went off meanwhile, and what
    /// followed is not known. `cause-changed`: the next one goes on. Null: it lasts.
    ended: Option<String>,
    /// How long it is known to have lasted.
    seconds: u64,
    /// What was seen, in order, in words.
    causes: Vec<String>,
    /// Whether the set-up was at fault (token, address, certificate) rather than the software.
    set_up: bool,
    /// Scans that had to wait.
    waiting: u64,
    /// First and last record that tell of it.
    records: [u64; 2],
}

/// Outages of a time.
#[derive(Serialize, ToSchema)]
pub(crate) struct OutagesView {
    /// First date.
    from: String,
    /// Last date.
    to: String,
    /// In order; those whose time was never learnt are among them.
    items: Vec<OutageView>,
    /// The record that the list is up to.
    seq: u64,
    /// Its hash: a journal that no longer has it was cut off or rewritten.
    head: String,
    /// Records of the journal that are not in the list yet.
    behind: u64,
}

impl OutageView {
    fn new(outage: Outage) -> Self {
        let at = |utc: Option<i64>| time(outage.offset_minutes, utc?);
        let causes = outage.causes.iter().map(|c| cause(*c, Language::En));
        Self {
            began_at: at(outage.began),
            known_until: at(outage.known),
            seconds: outage.ms / 1_000,
            causes: causes.collect(),
            ended: outage.how,
            set_up: outage.set_up,
            waiting: outage.waiting,
            records: [outage.records.0, outage.records.1],
        }
    }
}

/// A period, and what happened in it.
struct Read {
    outages: Outages,
    from: Date,
    to: Date,
    behind: u64,
}

/// Reads the log between two dates.
async fn opened(app: &App, from: Option<Date>, to: Option<Date>) -> Result<Read, Problem> {
    let (read, newest) = read(app, move |ledger| {
        let (from, to) = ledger.outage_dates(from, to)?;
        Ok((ledger.outages(from, to)?, from, to))
    })
    .await?;
    let (outages, from, to) = read;
    Ok(Read {
        behind: newest.saturating_sub(outages.seq),
        outages,
        from,
        to,
    })
}

/// When scans did not reach the dossier software, and why, as far as this machine saw it.
#[utoipa::path(get, path = "/api/v1/outages", tag = "scans", operation_id = "outages",
    params(Asked),
    responses((status = 200, body = OutagesView),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn outages(
    State(app): State<App>,
    _: Supervisor,
    problem::Query(asked): problem::Query<Asked>,
) -> Result<Json<OutagesView>, Problem> {
    let date = |text: Option<String>| {
        let parsed = text.map(|text| text.parse::<Date>()).transpose();
        parsed.map_err(|_| Problem::http(StatusCode::UNPROCESSABLE_ENTITY))
    };
    let read = opened(&app, date(asked.from)?, date(asked.to)?).await?;
    Ok(Json(OutagesView {
        from: read.from.to_string(),
        to: read.to.to_string(),
        seq: read.outages.seq,
        head: read.outages.head,
        items: read
            .outages
            .items
            .into_iter()
            .map(OutageView::new)
            .collect(),
        behind: read.behind,
    }))
}

/// What the page is asked for; what makes no sense counts as not said.
#[derive(Default, Deserialize)]
struct Look {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    lang: String,
}

impl Look {
    async fn opened(&self, app: &App) -> Result<Read, Problem> {
        opened(app, self.from.parse().ok(), self.to.parse().ok()).await
    }
}

async fn show_page(
    State(app): State<App>,
    headers: HeaderMap,
    Query(look): Query<Look>,
) -> Result<Response, Problem> {
    let bar = match staff::allowed(&app, &headers, PATH) {
        Ok(actor) => staff::bar(&app, &actor, PATH),
        Err(response) => return Ok(*response),
    };
    let read = look.opened(&app).await?;
    let language = lists::language(&look.lang);
    let mut notices: Vec<String> = lists::behind(read.behind, language).into_iter().collect();
    if !app.forwards {
        let text = language.say(
            "Máy này chưa kết nối với phần mềm một cửa, nên không có gì để ghi.",
            "This machine is not connected to any dossier software, so there is nothing to note.",
        );
        notices.push(text.to_owned());
    }
    let around = Around {
        navigation: navigation(&read, language),
        notices,
        part: String::new(),
        whole: true,
    };
    let list = list(&read.outages, (read.from, read.to), language);
    Ok(lists::page(&list, &around, language, &bar))
}

fn navigation(read: &Read, language: Language) -> String {
    let say = |vi, en| language.say(vi, en);
    let (from, to, lang) = (read.from, read.to, language.code());
    format!(
        "<form class=\"choice\" method=\"get\" action=\"{PATH}\"><input type=\"hidden\" name=\"lang\" value=\"{lang}\">\
            <label>{} <input type=\"date\" name=\"from\" value=\"{from}\" required></label>\
            <label>{} <input type=\"date\" name=\"to\" value=\"{to}\" required></label>\
            <button type=\"submit\">{}</button></form>\
            <div class=\"takes\"><a class=\"button\" href=\"{PATH}.xlsx?from={from}&amp;to={to}&amp;lang={lang}\">{}</a>\
            <button type=\"button\" id=\"print\">{}</button></div>",
        say("Từ ngày", "From"),
        say("đến ngày", "to"),
        say("Xem", "Show"),
        say("Tải XLSX", "Download XLSX"),
        say("In A4", "Print A4"),
    )
}

async fn workbook(
    State(app): State<App>,
    _: Supervisor,
    Query(look): Query<Look>,
) -> Result<Response, Problem> {
    let read = look.opened(&app).await?;
    let language = lists::language(&look.lang);
    let list = list(&read.outages, (read.from, read.to), language);
    let name = format!("gian-doan-ket-noi-{}-{}", read.from, read.to);
    lists::workbook(&list, &name, language)
}

pub(super) fn pages() -> Router<App> {
    Router::new()
        .route(PATH, get(show_page))
        .route("/admin/outages.xlsx", get(workbook))
}
