//! The register as a page, a hundred lines at a time; whole on A4; as a workbook.

use std::fmt::Write as _;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::get;
use jiff::civil::Date;
use serde::Deserialize;

use super::{Asked, PAGE_LINES, Read, day, opened};
use crate::ledger::{Chosen, Days, Lines, NoSuchDay, Register};
use crate::report::register::{self, PURPOSES, STATES};
use crate::report::{Language, purpose, scan_state};
use crate::web::App;
use crate::web::auth::Clerk;
use crate::web::lists::{self, Around};
use crate::web::place::escaped;
use crate::web::problem::Problem;
use crate::web::staff;

const PATH: &str = "/register";

/// What the page is asked for; what makes no sense counts as not said.
#[derive(Clone, Default, Deserialize)]
struct Look {
    #[serde(default)]
    day: String,
    #[serde(default)]
    counter: String,
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    page: String,
    #[serde(default)]
    lang: String,
}

impl Look {
    fn chosen(&self) -> Chosen {
        let one_of = |words: &[&str], word: &str| words.contains(&word).then(|| word.to_owned());
        Chosen {
            counter: self.counter.parse().ok(),
            purpose: one_of(&PURPOSES, &self.purpose),
            state: one_of(&STATES, &self.state),
        }
    }

    fn page(&self) -> u64 {
        self.page.parse().unwrap_or(1).max(1)
    }

    fn asked(&self, lines: Lines) -> Asked {
        Asked {
            days: day(&self.day).unwrap_or(Days::Last),
            chosen: self.chosen(),
            lines,
        }
    }

    /// The address of `path` for the same choice. It holds nothing but words, numbers and dates of
    /// our own.
    fn address(&self, path: &str, day: &str, page: u64) -> String {
        let chosen = self.chosen();
        let counter = chosen.counter.map(|n| n.to_string()).unwrap_or_default();
        let (purpose, state) = (
            chosen.purpose.unwrap_or_default(),
            chosen.state.unwrap_or_default(),
        );
        let lang = lists::language(&self.lang).code();
        format!(
            "{path}?day={day}&amp;counter={counter}&amp;purpose={purpose}&amp;state={state}&amp;page={page}&amp;lang={lang}"
        )
    }
}

/// How a day is named in an address.
fn named(register: &Register) -> String {
    let date = register.date.map(|date| date.to_string());
    date.unwrap_or_else(|| register.day.to_string())
}

async fn show(app: App, headers: HeaderMap, look: Look, whole: bool) -> Result<Response, Problem> {
    let actor = match staff::allowed(&app, &headers, PATH) {
        Ok(actor) => actor,
        Err(response) => return Ok(*response),
    };
    let bar = staff::bar(&app, &actor, PATH);
    let lines = match whole {
        true => Lines::All,
        false => Lines::Newest {
            skip: (look.page() - 1).saturating_mul(u64::from(PAGE_LINES)),
            limit: PAGE_LINES,
        },
    };
    let read = opened(&app, &actor, "GET /register", look.asked(lines)).await?;
    let language = lists::language(&look.lang);
    let around = match &read {
        Ok(read) if whole => whole_page(read, &look, language),
        Ok(read) => part_page(read, &look, language),
        Err(NoSuchDay) => no_day(&look, language),
    };
    let register = read.unwrap_or_else(|NoSuchDay| nothing());
    let list = register::list(
        &register.register,
        &register.lines,
        &look.chosen(),
        language,
    );
    Ok(lists::page(&list, &around, language, &bar))
}

/// A register without a line, for a day that was none.
fn nothing() -> Read {
    Read {
        register: Register::default(),
        lines: Vec::new(),
        behind: 0,
        beside: [None, None],
    }
}

fn no_day(look: &Look, language: Language) -> Around {
    Around {
        navigation: form(look, &Register::default(), language),
        notices: vec![
            language
                .say(
                    "Hôm đó không phải là ngày làm việc.",
                    "There was no service day on that date.",
                )
                .to_owned(),
        ],
        ..Around::default()
    }
}

fn part_page(read: &Read, look: &Look, language: Language) -> Around {
    let register = &read.register;
    let day = named(register);
    let mut navigation = steps(read, look, language);
    navigation.push_str(&form(look, register, language));
    let _ = write!(
        navigation,
        "<div class=\"takes\"><a class=\"button\" href=\"{}\">{}</a><a class=\"button\" id=\"a4\" href=\"{}\">{}</a></div>",
        look.address("/register.xlsx", &day, 1),
        language.say("Tải XLSX", "Download XLSX"),
        look.address("/register/print", &day, 1),
        language.say("Bản in A4", "A4 print"),
    );
    let mut notices: Vec<String> = lists::behind(read.behind, language).into_iter().collect();
    if register.for_next_day > 0 {
        let next = look.address(PATH, &(register.day + 1).to_string(), 1);
        let count = language.count(register.for_next_day);
        notices.push(match language {
            Language::Vi => format!("{count} lượt quét sau khi đóng ngày được ghi vào <a href=\"{next}\">ngày làm việc tiếp theo</a>."),
            Language::En => format!("{count} scans after the day was closed belong to <a href=\"{next}\">the next service day</a>."),
        });
    }
    if read.lines.iter().any(|line| line.dossier.is_none()) {
        let text = language.say(
            "Mã hồ sơ của ngày này đã được xóa theo thời hạn lưu; các cột còn lại vẫn giữ.",
            "The dossier IDs of this day were erased at the end of their time; the rest stays.",
        );
        notices.push(text.to_owned());
    }
    Around {
        navigation,
        notices,
        part: pager(register, look, language),
        whole: false,
    }
}

fn whole_page(read: &Read, look: &Look, language: Language) -> Around {
    let back = look.address(PATH, &named(&read.register), 1);
    Around {
        navigation: format!(
            "<a class=\"button\" href=\"{back}\">{}</a><div class=\"takes\"><button type=\"button\" class=\"main\" id=\"print\">{}</button></div>",
            language.say("Quay lại sổ", "Back to the register"),
            language.say("In A4", "Print A4"),
        ),
        notices: lists::behind(read.behind, language).into_iter().collect(),
        part: String::new(),
        whole: true,
    }
}

fn steps(read: &Read, look: &Look, language: Language) -> String {
    let step = |to: Option<Date>, sign: &str, text: &str| {
        let to = to.map(|date| look.address(PATH, &date.to_string(), 1));
        to.map_or_else(String::new, |to| {
            format!(
                "<a href=\"{to}\" class=\"step\" aria-label=\"{text}\" title=\"{text}\">{sign}</a>"
            )
        })
    };
    let [before, after] = read.beside;
    format!(
        "<div class=\"steps\">{}{}</div>",
        step(
            before,
            "‹",
            language.say("Ngày làm việc trước", "Day before")
        ),
        step(after, "›", language.say("Ngày làm việc sau", "Day after")),
    )
}

fn form(look: &Look, register: &Register, language: Language) -> String {
    let say = |vi, en| language.say(vi, en);
    let chosen = look.chosen();
    let all = || (String::new(), say("tất cả", "all").to_owned());
    let counters = register.counters.iter().map(u32::to_string);
    let counters = counters.map(|n| (n.clone(), n));
    let purposes = PURPOSES.map(|word| (word.to_owned(), purpose(word, language).to_owned()));
    let states = STATES.map(|word| (word.to_owned(), scan_state(word, language).to_owned()));
    let select = |name: &str, label: &str, options: Vec<(String, String)>, chosen: String| {
        let mut html = format!("<label>{label} <select name=\"{name}\">");
        for (value, text) in options {
            let selected = match value == chosen {
                true => " selected",
                false => "",
            };
            let _ = write!(
                html,
                "<option value=\"{value}\"{selected}>{}</option>",
                escaped(&text)
            );
        }
        html + "</select></label>"
    };
    let with_all = |options: Vec<(String, String)>| -> Vec<(String, String)> {
        [all()].into_iter().chain(options).collect()
    };
    let date = match (register.date, day(&look.day)) {
        (Some(date), _) | (None, Some(Days::Dates(date, _))) => date.to_string(),
        _ => String::new(),
    };
    format!(
        "<form class=\"choice\" method=\"get\" action=\"{PATH}\"><input type=\"hidden\" name=\"lang\" value=\"{}\">\
            <label>{} <input type=\"date\" name=\"day\" value=\"{date}\"></label>{}{}{}<button type=\"submit\">{}</button></form>",
        language.code(),
        say("Ngày", "Date"),
        select(
            "counter",
            say("Quầy", "Counter"),
            with_all(counters.collect()),
            chosen.counter.map(|n| n.to_string()).unwrap_or_default(),
        ),
        select(
            "purpose",
            say("Mục đích", "Purpose"),
            with_all(purposes.into()),
            chosen.purpose.unwrap_or_default(),
        ),
        select(
            "state",
            say("Trạng thái", "State"),
            with_all(states.into()),
            chosen.state.unwrap_or_default(),
        ),
        say("Xem", "Show"),
    )
}

/// Which lines these are, and the ways to the others; the newest come first.
fn pager(register: &Register, look: &Look, language: Language) -> String {
    let total = register.total();
    let pages = total.div_ceil(u64::from(PAGE_LINES)).max(1);
    if pages == 1 {
        return String::new();
    }
    let (page, day) = (look.page(), named(register));
    let (n, of) = (language.count(page), language.count(pages));
    let said = match language {
        Language::Vi => format!("Trang {n} trên {of}, lượt mới nhất ở đầu"),
        Language::En => format!("Page {n} of {of}, the newest first"),
    };
    let way = |to: u64, text: &str| {
        let to = look.address(PATH, &day, to);
        format!("<a class=\"button\" href=\"{to}\">{text}</a>")
    };
    let mut html = format!("<div class=\"pager\"><p>{said}</p>");
    if page > 1 {
        html.push_str(&way(page - 1, language.say("Mới hơn", "Newer")));
    }
    if page < pages {
        html.push_str(&way(page + 1, language.say("Cũ hơn", "Older")));
    }
    html + "</div>"
}

async fn show_page(
    State(app): State<App>,
    headers: HeaderMap,
    Query(look): Query<Look>,
) -> Result<Response, Problem> {
    show(app, headers, look, false).await
}

async fn show_print(
    State(app): State<App>,
    headers: HeaderMap,
    Query(look): Query<Look>,
) -> Result<Response, Problem> {
    show(app, headers, look, true).await
}

async fn workbook(
    State(app): State<App>,
    Clerk(actor): Clerk,
    Query(look): Query<Look>,
) -> Result<Response, Problem> {
    let language = lists::language(&look.lang);
    let asked = look.asked(Lines::All);
    let read = opened(&app, &actor, "GET /register.xlsx", asked).await?;
    let read = read.map_err(|NoSuchDay| Problem::http(StatusCode::NOT_FOUND))?;
    let list = register::list(&read.register, &read.lines, &look.chosen(), language);
    let name = format!("so-quet-ho-so-{}", named(&read.register));
    lists::workbook(&list, &name, language)
}

pub(in crate::web) fn pages() -> Router<App> {
    Router::new()
        .route(PATH, get(show_page))
        .route("/register/print", get(show_print))
        .route("/register.xlsx", get(workbook))
}
