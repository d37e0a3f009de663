//! Lists that are kept, printed and signed, as a page and as a workbook.

use std::fmt::Write as _;

use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use rust_xlsxwriter::XlsxError;

use super::grid::{grid, headed};
use super::place::escaped;
use super::problem::Problem;
use crate::report::list::List;
use crate::report::{Language, xlsx};

const PAGE: &str = include_str!("pages/list.html");

/// What stands around a list on its page.
#[derive(Default)]
pub(super) struct Around {
    /// Ways to other days, choices, buttons: not on paper.
    pub(super) navigation: String,
    /// What its reader must know, above it.
    pub(super) notices: Vec<String>,
    /// Between sums and lines: which part of the lines this is.
    pub(super) part: String,
    /// Whether the lines are all there, so that the page can be printed and signed.
    pub(super) whole: bool,
}

/// The language that `lang` in an address asks for.
pub(super) fn language(lang: &str) -> Language {
    match lang {
        "en" => Language::En,
        _ => Language::Vi,
    }
}

/// The page, under the bar that its reader has.
pub(super) fn page(list: &List, around: &Around, language: Language, bar: &str) -> Response {
    let filled = [
        ("language", language.code().to_owned()),
        ("kind", list.main.id.to_owned()),
        ("bar", bar.to_owned()),
        ("title", escaped(&list.title)),
        // Last: it holds texts of other sides.
        ("body", body(list, around, language)),
    ];
    let mut html = PAGE.to_owned();
    for (name, text) in filled {
        html = html.replace(&format!("{{{{{name}}}}}"), &text);
    }
    ([(header::CACHE_CONTROL, "no-store")], Html(html)).into_response()
}

fn body(list: &List, around: &Around, language: Language) -> String {
    let mut html = format!(
        "<header><p class=\"office\">{}</p><h1>{}</h1><p class=\"under\">{}</p><nav>{}</nav></header>",
        escaped(&list.office),
        escaped(&list.title),
        escaped(&list.under.join(" · ")),
        around.navigation
    );
    for notice in &around.notices {
        // Writing to a string does not fail, here and below.
        let _ = write!(html, "<p class=\"note\">{notice}</p>");
    }
    let sums = section(&list.sums.title, &grid(&list.sums, language), "sums");
    let lines = match list.main.rows.is_empty() {
        true => {
            let none = language.say("Chưa có dòng nào.", "There is no line yet.");
            format!("<p class=\"hint\">{none}</p>")
        }
        false => {
            let under = list.under.join(" · ");
            let above = format!("{} · {} · {under}", list.office, list.title);
            headed(&list.main, &above, language)
        }
    };
    let lines = section(
        &list.main.title,
        &format!("{}{lines}", around.part),
        "lines",
    );
    // On the screen the sums are read first; on paper they end the list.
    let _ = match around.whole {
        true => write!(html, "{lines}{sums}"),
        false => write!(html, "{sums}{lines}"),
    };
    for note in &list.notes {
        let _ = write!(html, "<p class=\"how\">{}</p>", escaped(note));
    }
    let _ = write!(
        html,
        "<p class=\"how proof\">{}</p>",
        escaped(&list.proof(language))
    );
    if around.whole {
        html.push_str(&signatures(list, language));
    }
    html
}

fn section(title: &str, content: &str, class: &str) -> String {
    format!(
        "<section class=\"{class}\"><h2>{}</h2>{content}</section>",
        escaped(title)
    )
}

fn signatures(list: &List, language: Language) -> String {
    let [left, right] = list.signers;
    let by_hand = List::by_hand(language);
    format!(
        "<div class=\"signatures\"><p class=\"dated\">{}</p>\
            <p><strong>{left}</strong><br>{by_hand}</p><p><strong>{right}</strong><br>{by_hand}</p></div>",
        List::dated(language)
    )
}

/// The list as a workbook to be saved as `name`, in which nothing personal stands.
pub(super) fn workbook(list: &List, name: &str, language: Language) -> Result<Response, Problem> {
    download(xlsx::list(list, language), name)
}

/// A workbook, once it is made, to be saved as `name`, in which nothing personal stands.
pub(in crate::web) fn download(
    made: Result<Vec<u8>, XlsxError>,
    name: &str,
) -> Result<Response, Problem> {
    let bytes = made.map_err(|cause| {
        tracing::error!(%cause, "the workbook cannot be made");
        Problem::http(StatusCode::INTERNAL_SERVER_ERROR)
    })?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}.xlsx\""),
        ),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

/// That the ledger is being made anew, if it is.
pub(super) fn behind(records: u64, language: Language) -> Option<String> {
    let behind = language.count(records);
    (records > u64::from(crate::ledger::BATCH)).then(|| match language {
        Language::Vi => {
            format!("Số liệu đang được lập lại, còn {behind} bản ghi. Mời tải lại trang sau.")
        }
        Language::En => format!(
            "The figures are being made anew, {behind} records to go. Please load the page again later."
        ),
    })
}
