//! `/t/{token}`: a citizen's phone shows the place in line. No name, nothing personal; the
//! token on the slip is the only way in.

use std::convert::Infallible;
use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequestParts, Path, State};
use axum::http::{StatusCode, header, request::Parts};
use axum::response::{Html, IntoResponse as _, Response};
use queue::{Day, Deferral, Ticket, TicketState};

use super::App;
use super::problem::Problem;
use crate::clock;
use crate::engine::View;
use crate::slips::says;

const PAGE: &str = include_str!("pages/place.html");

/// `?lang=` of a page that the server makes for a citizen; anything else counts as not said.
pub(super) struct Wanted(Option<bool>);

impl Wanted {
    /// Whether the page is to be in English; by default it is if `usually`.
    pub(super) fn english(&self, usually: bool) -> bool {
        self.0.unwrap_or(usually)
    }
}

impl<S: Sync> FromRequestParts<S> for Wanted {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        let wanted = query.split('&').find_map(|pair| pair.strip_prefix("lang="));
        Ok(Self(match wanted {
            Some("en") => Some(true),
            Some("vi") => Some(false),
            _ => None,
        }))
    }
}

/// The way to the other language of the same page.
pub(super) fn other_language(english: bool) -> &'static str {
    match english {
        true => r#"<a href="?lang=vi" lang="vi" hreflang="vi">Tiếng Việt</a>"#,
        false => r#"<a href="?lang=en" lang="en" hreflang="en">English</a>"#,
    }
}

/// The page of a ticket of today; it asks again by itself. A slip of another day, or a code
/// that was never ours, gets a page as well: a citizen holds the phone.
pub(super) async fn place(
    State(app): State<App>,
    ConnectInfo(phone): ConnectInfo<SocketAddr>,
    Path(token): Path<String>,
    wanted: Wanted,
) -> Result<Response, Problem> {
    let token: Option<queue::Id> = token.parse().ok();
    let read = app.engine.read(move |view| {
        let right = token.and_then(|token| view.state.deferral(token));
        let right = right.filter(|right| view.state.still_holds(right));
        match (right, token.and_then(|token| view.state.by_token(token))) {
            (Some(right), _) => (StatusCode::OK, deferred(view, right, &wanted)),
            (None, Some(ticket)) => (StatusCode::OK, page(view, ticket, &wanted)),
            (None, None) => (StatusCode::NOT_FOUND, unknown(view)),
        }
    });
    let (status, html) = read.await?;
    let fresh = [(header::CACHE_CONTROL, "no-store")];
    let now_ms = clock::monotonic_ms();
    if status == StatusCode::NOT_FOUND
        && let Err(seconds) = app.guesses.in_vain(now_ms, phone.ip())
    {
        let later = [(header::RETRY_AFTER, seconds.to_string())];
        return Ok((StatusCode::TOO_MANY_REQUESTS, later, fresh, Html(html)).into_response());
    }
    Ok((status, fresh, Html(html)).into_response())
}

fn page(view: View<'_>, ticket: &Ticket, wanted: &Wanted) -> String {
    let english = wanted.english(&*ticket.language == "en");
    let language = if english { "en" } else { "vi" };
    let office = view.state.office();
    let service = office.and_then(|o| o.service(ticket.service));
    let (head, text) = sentences(view, ticket, english);
    filled(&Words {
        language,
        other: other_language(english),
        office: office.map_or("", |o| o.name.get(language)),
        service: service.map_or("", |s| s.name.get(language)),
        number: &ticket.number.to_string(),
        head: &head,
        text: &text,
    })
}

/// The page of a ticket that the end of the day did not reach, until its slip was shown.
fn deferred(view: View<'_>, right: &Deferral, wanted: &Wanted) -> String {
    let english = wanted.english(&*right.language == "en");
    let language = if english { "en" } else { "vi" };
    let office = view.state.office();
    let service = office.and_then(|o| o.service(right.service));
    let is_due = |day: &Day| match (right.on, day.date) {
        (Some(on), Some(date)) => date >= on,
        _ => true,
    };
    let now = view.state.day().is_some_and(|day| day.open && is_due(day));
    let on = says::day(right.on, language);
    let hour = |from| says::hour(from, language).replace(' ', "\u{a0}");
    let from = right.from.map(hour);
    // Today it is somebody else's number: it stands in no large print.
    let number = right.number.to_string();
    let large = match view.state.ticket(right.ticket) {
        Some(_) => &*number,
        None => "",
    };
    let (head, text) = match (now, english) {
        (true, false) => (
            "Mời Ông/Bà nhận số mới".to_owned(),
            format!(
                "Số {number} là số của hôm trước. Mời Ông/Bà đưa phiếu cho cán bộ để nhận số \
                 mới, được gọi theo diện ưu tiên."
            ),
        ),
        (true, true) => (
            "Please get your new number".to_owned(),
            format!(
                "{number} is a number of an earlier day. Please show your slip to a member of \
                 staff: you get a new number, which is called with priority."
            ),
        ),
        (false, false) => {
            let from = from.map(|from| format!(", bắt đầu từ {from}"));
            (
                format!("Mời Ông/Bà trở lại vào {on}{}", from.unwrap_or_default()),
                format!(
                    "Hết giờ làm việc, chưa đến lượt số {number}. Khi trở lại, mời Ông/Bà đưa \
                     phiếu cho cán bộ để nhận số mới, được gọi theo diện ưu tiên. Phiếu có giá \
                     trị đến hết ngày đó."
                ),
            )
        }
        (false, true) => {
            let from = from.map(|from| format!(", from {from}"));
            (
                format!("Please come back on {on}{}", from.unwrap_or_default()),
                format!(
                    "The day ended before the turn of {number}. When you come back, please show \
                     your slip to a member of staff: you get a new number, which is called with \
                     priority. The slip is valid until the end of that day."
                ),
            )
        }
    };
    filled(&Words {
        language,
        other: other_language(english),
        office: office.map_or("", |o| o.name.get(language)),
        service: service.map_or("", |s| s.name.get(language)),
        number: large,
        head: &head,
        text: &text,
    })
}

/// Nobody knows the language of a slip that is not known: the page speaks both.
fn unknown(view: View<'_>) -> String {
    let office = view.state.office();
    let (head, text) = match view.state.numbers_are_missing() {
        false => (
            "Hôm nay không có số này",
            "Số thứ tự chỉ có giá trị trong ngày. Mời Ông/Bà lấy số mới hoặc gặp cán bộ \
             hướng dẫn. · There is no such number today. Please take a new one or ask a \
             member of staff.",
        ),
        true => (
            "Máy chưa biết số này",
            "Nếu phiếu ghi ngày hôm nay, mời Ông/Bà đưa phiếu cho cán bộ hướng dẫn: máy phát số \
             vừa được thay, Ông/Bà sẽ được cấp số mới. · This machine does not know that number. \
             If the slip is of today, please show it to a member of staff: the machine was \
             replaced, and you will get a new number.",
        ),
    };
    filled(&Words {
        language: "vi",
        other: "",
        office: office.map_or("", |o| o.name.get("vi")),
        service: "",
        number: "",
        head,
        text,
    })
}

/// What the page says.
struct Words<'a> {
    language: &'a str,
    /// The way to the other language; empty where the page speaks both.
    other: &'a str,
    office: &'a str,
    service: &'a str,
    number: &'a str,
    head: &'a str,
    text: &'a str,
}

fn filled(words: &Words<'_>) -> String {
    let stale = match words.language {
        "en" => "No connection. This may be out of date.",
        _ => "Mất kết nối. Thông tin ở đây có thể đã cũ.",
    };
    PAGE.replace("{{language}}", words.language)
        .replace("{{office}}", &escaped(words.office))
        .replace("{{service}}", &escaped(words.service))
        .replace("{{number}}", words.number)
        .replace("{{head}}", words.head)
        .replace("{{text}}", words.text)
        .replace("{{other}}", words.other)
        .replace("{{stale}}", stale)
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
                    &format!("People ahead of you: {n}"),
                ),
            };
            let kept = view.state.kept_until(view.now, ticket);
            let text = match (kept, view.state.wait(view.now, ticket)) {
                (Some(at), _) => say(
                    &format!(
                        "Số của Ông/Bà được giữ qua giờ nghỉ, gọi từ {}.",
                        says::hour(at.time(), "vi")
                    ),
                    &format!(
                        "Your number is kept; calls go on at {}.",
                        says::hour(at.time(), "en")
                    ),
                ),
                (None, Some(range)) => {
                    let minutes = |language| says::minutes(range, language);
                    say(
                        &format!("Ước tính chờ {}, không phải cam kết.", minutes("vi")),
                        &format!("About {}; an estimate, not a promise.", minutes("en")),
                    )
                }
                (None, None) => say(
                    "Mời Ông/Bà chờ gọi số.",
                    "Please wait for your number to be called.",
                ),
            };
            (head, text)
        }
        TicketState::Called => (
            say(
                &format!("Mời Ông/Bà đến quầy số {counter}"),
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

/// Text from elsewhere, as HTML shows it.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
