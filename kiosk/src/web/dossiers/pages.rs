//! The pages about dossiers, and the late list as a workbook.

use axum::Router;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use rust_xlsxwriter::{Format, FormatAlign, Workbook, XlsxError};
use serde::Deserialize;

use super::late::{Ahead, LateList, listed};
use crate::report::Language;
use crate::web::App;
use crate::web::auth::Clerk;
use crate::web::health::note_look;
use crate::web::lists;
use crate::web::problem::Problem;
use crate::web::staff;

async fn imports(State(app): State<App>, headers: HeaderMap) -> Response {
    let html = include_str!("../pages/dossiers.html");
    staff::show(&app, &headers, "/admin/dossiers", html)
}

async fn late(State(app): State<App>, headers: HeaderMap) -> Response {
    let html = include_str!("../pages/late.html");
    staff::show(&app, &headers, "/dossiers/late", html)
}

/// How far ahead, and in which language.
#[derive(Deserialize)]
struct Wanted {
    days: Option<u32>,
    #[serde(default)]
    lang: String,
}

async fn late_book(
    State(app): State<App>,
    Clerk(actor): Clerk,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let list = listed(&app, &Ahead { days: wanted.days }).await?;
    note_look(&app, &actor.id, "GET /dossiers/late.xlsx", list.items.len()).await?;
    let language = match wanted.lang.as_str() {
        "en" => Language::En,
        _ => Language::Vi,
    };
    let made = workbook(&list, language);
    lists::download(made, &format!("late-{}", list.today))
}

fn workbook(list: &LateList, language: Language) -> Result<Vec<u8>, XlsxError> {
    let say = |vi, en| language.say(vi, en);
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let bold = Format::new().set_bold();
    let heading = bold.clone().set_text_wrap().set_align(FormatAlign::Top);
    sheet.set_name(say("Trễ hẹn", "Late"))?;
    sheet.write_with_format(
        0,
        0,
        say("Hồ sơ trễ hẹn và sắp đến hạn", "Late and due soon"),
        &bold,
    )?;
    sheet.write(1, 0, format!("{} {}", say("Ngày", "On"), list.today))?;
    let columns = [
        (say("Mã hồ sơ", "Dossier ID"), 24),
        (say("Thủ tục", "Procedure"), 48),
        (say("Tiếp nhận", "Received"), 12),
        (say("Hẹn trả", "Due"), 12),
        (say("Quá (ngày)", "Days late"), 10),
        (say("Quá (ngày làm việc)", "Working days late"), 12),
        (say("Văn bản xin lỗi", "Letter of apology"), 18),
        (say("Nguồn", "Source"), 24),
        (say("Nguồn lúc", "Source as of"), 26),
    ];
    for (column, (name, width)) in (0..).zip(columns) {
        sheet.write_with_format(3, column, name, &heading)?;
        sheet.set_column_width(column, width)?;
    }
    let text = Format::new().set_num_format("@");
    for (row, late) in (4..).zip(&list.items) {
        let stands = &late.stands;
        let source = stands.source.name.as_deref();
        let letter = match late.letter.as_ref().map(|letter| letter.state.as_str()) {
            Some("drafted") => Some(say("dự thảo", "draft")),
            Some("signed") => Some(say("đã ký", "signed")),
            Some(_) => Some(say("đã giao", "handed over")),
            None => stands.late_days.map(|_| say("chưa có", "none")),
        };
        let texts = [
            (0, Some(late.dossier.as_str())),
            (1, stands.procedure.as_deref()),
            (2, stands.received_on.as_deref()),
            (3, stands.due_on.as_deref()),
            (6, letter),
            (
                7,
                source.or(Some(say("Phần mềm một cửa", "Dossier software"))),
            ),
            (8, stands.as_of.as_deref()),
        ];
        for (column, value) in texts {
            sheet.write_string_with_format(row, column, value.unwrap_or_default(), &text)?;
        }
        for (column, days) in [(4, stands.late_days), (5, stands.late_working_days)] {
            if let Some(days) = days {
                sheet.write_number(row, column, days)?;
            }
        }
    }
    sheet.set_freeze_panes(4, 1)?;
    book.save_to_buffer()
}

pub(in crate::web) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/dossiers", get(imports))
        .route("/dossiers/late", get(late))
        .route("/dossiers/late.xlsx", get(late_book))
}
