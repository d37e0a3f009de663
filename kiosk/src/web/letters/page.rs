//! The pages of letters: the form to draft one, and the draft itself, to print on A4 or A5.
//!
//! What nobody tells this machine - a name, an address, a telephone number - is a dotted line: it is
//! written by hand, or typed on the page for the paper alone. Nothing of it is sent or kept.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use queue::{LetterId, Office};

use super::found;
use super::unknown;
use crate::advice;
use crate::forms::{Form, Piece};
use crate::journal::letters::PastLetter;
use crate::journal::word;
use crate::slips::says;
use crate::web::App;
use crate::web::health::note_look;
use crate::web::place::escaped;
use crate::web::problem::{Path, Problem};
use crate::web::staff;

/// The row of the table of pages that guards them.
const PATH: &str = "/letters";
/// Where letters begin: whoever has to sign in first for a new one.
const LIST: &str = "/dossiers/late";

const PAGE: &str = include_str!("../pages/letter.html");

/// What a dotted line is for: read by whoever cannot see it.
const LABELS: [(&str, &str); 13] = [
    ("office", "Tên cơ quan"),
    ("parent", "Cơ quan chủ quản"),
    ("hotline", "Số điện thoại liên hệ"),
    ("procedure", "Nội dung yêu cầu giải quyết"),
    ("received", "Ngày tiếp nhận"),
    ("name", "Tên người nhận"),
    ("address", "Địa chỉ"),
    ("phone", "Số điện thoại"),
    ("number", "Số văn bản"),
    ("place", "Địa danh"),
    ("day", "Ngày"),
    ("month", "Tháng"),
    ("year", "Năm"),
];

/// A line to be filled in by hand, or on the page for the paper alone. `spellcheck`: some browsers
/// send what is typed elsewhere to have it checked.
fn blank(field: &str) -> String {
    let label = LABELS.iter().find(|(name, _)| *name == field);
    let label = label.map_or("Điền tay", |(_, label)| label);
    format!(
        "<span class=\"blank {field}\" role=\"textbox\" contenteditable=\"plaintext-only\" spellcheck=\"false\" aria-label=\"{label}\"></span>"
    )
}

/// What the fields of a letter say; nothing: nobody told.
struct Values<'a> {
    office: &'a Office,
    letter: &'a PastLetter,
}

impl Values<'_> {
    fn get(&self, field: &str) -> Option<String> {
        let (office, letter) = (self.office, self.letter);
        let said = match field {
            "office" => office.name.get("vi").to_owned(),
            "parent" => office.parent.get("vi").to_owned(),
            "hotline" => office.hotline.clone(),
            "dossier" => letter.dossier.clone()?,
            "procedure" => letter.procedure.clone()?,
            "received" => says::date(letter.received?),
            "due" => says::date(letter.due),
            "new_due" => says::date(letter.new_due),
            "reason" => letter.reason.clone()?,
            _ => return None,
        };
        (!said.is_empty()).then_some(said)
    }
}

/// Whether a piece is left to be filled in.
fn is_blank(piece: &Piece, values: &Values<'_>) -> bool {
    matches!(piece, Piece::Field(field) if values.get(field).is_none())
}

fn paragraph(pieces: &[Piece], values: &Values<'_>) -> String {
    // A line to fill in at the end goes on to the margin.
    let mut html = match pieces.last() {
        Some(last) if is_blank(last, values) => String::from("<p class=\"line\">"),
        _ => String::from("<p>"),
    };
    for piece in pieces {
        match piece {
            Piece::Words(words) => html.push_str(&escaped(words)),
            Piece::Field(field) => match values.get(field) {
                Some(said) => html.push_str(&escaped(&said)),
                None => html.push_str(&blank(field)),
            },
        }
    }
    html + "</p>"
}

fn html(form: &Form, values: &Values<'_>, bar: &str) -> String {
    let office = values.office;
    let paragraphs = form.paragraphs.iter();
    let text: String = paragraphs.map(|pieces| paragraph(pieces, values)).collect();
    let filled = [
        ("paper", word(values.letter.paper)),
        ("form", escaped(&form.name)),
        ("basis", escaped(&form.basis)),
        ("number", blank("number")),
        ("place", blank("place")),
        ("day", blank("day")),
        ("month", blank("month")),
        ("year", blank("year")),
        ("parent", escaped(office.parent.get("vi"))),
        ("office", escaped(office.name.get("vi"))),
        ("title", escaped(&form.title)),
        ("signature", escaped(&form.signature)),
        ("bar", bar.to_owned()),
        // Last: it holds texts of other sides.
        ("text", text),
    ];
    let mut html = PAGE.to_owned();
    for (name, text) in filled {
        html = html.replace(&format!("{{{{{name}}}}}"), &text);
    }
    html
}

/// The draft of a letter, to print.
async fn show(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id: Option<LetterId> = id.parse().ok();
    let next = id.map_or(LIST.to_owned(), |id| format!("{PATH}/{id}"));
    let actor = match staff::admitted(&app, &headers, PATH, &next) {
        Ok(actor) => actor,
        Err(response) => return Ok(*response),
    };
    let letter = found(&app, id.ok_or_else(unknown)?).await?;
    // Without its dossier a draft is about nobody's.
    if letter.dossier.is_none() {
        return Err(unknown());
    }
    let form = app.forms.find(&letter.form, &letter.version);
    let form = form.ok_or_else(|| Problem::of(advice::form_gone()))?;
    let office = app.engine.read(|view| view.state.office().cloned());
    let office = office.await?.ok_or_else(unknown)?;
    note_look(&app, &actor.id, "GET /letters/{id}", 1).await?;
    let values = Values {
        office: &office,
        letter: &letter,
    };
    let page = html(form, &values, &staff::bar(&app, &actor, PATH));
    Ok(([(header::CACHE_CONTROL, "no-store")], Html(page)).into_response())
}

/// The form to draft one; which dossier is told by the address: a scan's id, or the late list's name.
async fn new(State(app): State<App>, headers: HeaderMap) -> Response {
    match staff::admitted(&app, &headers, PATH, LIST) {
        Ok(actor) => {
            let html = include_str!("../pages/letter-form.html");
            Html(html.replace("{{bar}}", &staff::bar(&app, &actor, PATH))).into_response()
        }
        Err(response) => *response,
    }
}

pub(in crate::web) fn routes() -> Router<App> {
    Router::new()
        .route("/letters/new", get(new))
        .route("/letters/{id}", get(show))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::forms::FIELDS;
    use crate::journal::letters::Deed;
    use jiff::civil::date;
    use queue::LetterPaper;

    fn letter() -> PastLetter {
        PastLetter {
            id: queue::Id::from_bits(1),
            seq: 1,
            state: queue::LetterState::Drafted,
            dossier: Some("H05.114-261103-0001".into()),
            procedure: None,
            received: None,
            due: date(2026, 11, 20),
            new_due: date(2026, 12, 1),
            reason: Some("<b>Chờ</b> {{title}}".into()),
            form: "apology".into(),
            version: "2025-09-15".into(),
            paper: LetterPaper::A5,
            drafted: Deed {
                at: 0,
                actor: "person-1".into(),
            },
            signed: None,
            given: None,
        }
    }

    #[test]
    fn what_nobody_told_is_a_line_to_fill_in_and_what_was_told_is_text() {
        let config = crate::config::Config::load(None).unwrap();
        let form = config
            .forms
            .in_force("apology", date(2026, 11, 23))
            .unwrap();
        let values = Values {
            office: &config.office,
            letter: &letter(),
        };
        let page = html(form, &values, "");
        for said in [
            "Ngày hẹn trả kết quả: 20/11/2026.",
            "Thời gian trả kết quả mới: ngày 01/12/2026.",
            "mã hồ sơ: H05.114-261103-0001.",
            "&lt;b&gt;Chờ&lt;/b&gt; {{title}}",
            "letter-a5.css",
        ] {
            assert!(page.contains(said), "{said}: {page}");
        }
        for blank in [
            "name",
            "address",
            "phone",
            "procedure",
            "received",
            "number",
        ] {
            let line = format!("class=\"blank {blank}\"");
            assert_eq!(page.matches(&line).count(), 1, "{blank}");
        }
    }

    #[test]
    fn every_line_to_fill_in_says_what_for() {
        // The rest is always told.
        let told = ["dossier", "due", "new_due", "reason"];
        for field in FIELDS.iter().filter(|field| !told.contains(field)) {
            assert!(!blank(field).contains("Điền tay"), "{field}");
        }
    }
}
