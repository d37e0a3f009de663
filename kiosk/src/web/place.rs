//! `/t/{token}`: a citizen's phone shows the place in line. No name, nothing personal; the
//! token on the slip is the only way in.

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use queue::{Ticket, TicketState};

use super::App;
use super::problem::Problem;
use crate::engine::View;

const PAGE: &str = include_str!("pages/place.html");

/// The page of a ticket of today; it asks again by itself.
pub(super) async fn place(
    State(app): State<App>,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let unknown = || Problem::http(StatusCode::NOT_FOUND);
    let token: queue::Id = token.parse().map_err(|_| unknown())?;
    let read = app.engine.read(move |view| {
        let ticket = view.state.by_token(token)?;
        Some(page(view, ticket))
    });
    let html = read.await?.ok_or_else(unknown)?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Html(html)).into_response())
}

fn page(view: View<'_>, ticket: &Ticket) -> String {
    let language = &*ticket.language;
    let english = language == "en";
    let office = view.state.office();
    let service = office.and_then(|o| o.service(ticket.service));
    let (head, text) = sentences(view, ticket, english);
    PAGE.replace("{{language}}", if english { "en" } else { "vi" })
        .replace(
            "{{office}}",
            &escaped(office.map_or("", |o| o.name.get(language))),
        )
        .replace(
            "{{service}}",
            &escaped(service.map_or("", |s| s.name.get(language))),
        )
        .replace("{{number}}", &ticket.number.to_string())
        .replace("{{head}}", &head)
        .replace("{{text}}", &text)
}

/// What the citizen should know now: one short sentence, and one that helps.
fn sentences(view: View<'_>, ticket: &Ticket, english: bool) -> (String, String) {
    let say = |vi: &str, en: &str| {
        if english {
            en.to_owned()
        } else {
            vi.to_owned()
        }
    };
    let counter = ticket.counter.unwrap_or_default();
    match ticket.state {
        TicketState::Waiting => {
            let ahead = view.state.ahead(ticket).unwrap_or_default();
            let head = match ahead {
                0 => say("Sắp đến lượt Ông/Bà", "You are next"),
                n => say(
                    &format!("Trước Ông/Bà còn {n} người"),
                    &format!("{n} ahead of you"),
                ),
            };
            let text = match view.state.wait(ticket) {
                Some(range) => {
                    let (low, high) = (range.low / 60, range.high.div_ceil(60));
                    say(
                        &format!("Ước tính chờ {low}–{high} phút, không phải cam kết."),
                        &format!("About {low}–{high} minutes; an estimate, not a promise."),
                    )
                }
                None => say(
                    "Mời Ông/Bà chờ gọi số.",
                    "Please wait for your number to be called.",
                ),
            };
            (head, text)
        }
        TicketState::Called => (
            say(
                &format!("Mời đến quầy số {counter}"),
                &format!("Please go to counter {counter}"),
            ),
            say(
                "Số của Ông/Bà đang được gọi.",
                "Your number is being called.",
            ),
        ),
        TicketState::Serving => (
            say(
                &format!("Đang phục vụ tại quầy số {counter}"),
                &format!("Being served at counter {counter}"),
            ),
            String::new(),
        ),
        TicketState::Parked => (
            say("Ông/Bà đã lỡ lượt gọi", "You missed your call"),
            say(
                "Mời Ông/Bà báo cán bộ tại quầy. Quầy sẽ gọi lại sau 2 lượt.",
                "Please tell a clerk. You will be called again after 2 others.",
            ),
        ),
        TicketState::Held => (
            say("Số của Ông/Bà đang được giữ", "Your number is kept"),
            say(
                "Mời Ông/Bà báo cán bộ khi đã sẵn sàng.",
                "Please tell a clerk when you are ready.",
            ),
        ),
        TicketState::Done => (
            say("Đã phục vụ xong", "Finished"),
            say("Cảm ơn Ông/Bà.", "Thank you."),
        ),
        TicketState::Cancelled | TicketState::Void => (
            say(
                "Số này không còn hiệu lực",
                "This number is no longer valid",
            ),
            String::new(),
        ),
    }
}

/// Text from the configuration, as HTML shows it.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
