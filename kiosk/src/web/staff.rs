//! The pages of staff: which there are, who may see each, and the bar that they share.
//!
//! One table: a page is guarded by the row that also puts it into the bar, so nobody is shown a
//! way to a page that is not theirs.

use std::fmt::Write as _;

use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use queue::{Actor, Role, StaffRole};

use super::App;
use super::auth::actor;
use super::place::escaped;
use super::problem::Problem;

/// A page of the bar.
struct Page {
    path: &'static str,
    /// The least role that may see it.
    from: StaffRole,
    /// Its name: a key of words-*.js; `{key}.what` there is a sentence about it.
    key: &'static str,
    /// The same in Vietnamese, until the words have come.
    name: &'static str,
}

const fn page(path: &'static str, from: StaffRole, key: &'static str, name: &'static str) -> Page {
    Page {
        path,
        from,
        key,
        name,
    }
}

/// Every page of the bar, in its order.
const PAGES: &[Page] = &[
    page(
        "/admin/today",
        StaffRole::Supervisor,
        "nav.today",
        "Hôm nay",
    ),
    page(
        "/admin/live",
        StaffRole::Supervisor,
        "nav.live",
        "Bảng theo dõi",
    ),
    page(
        "/admin/figures",
        StaffRole::Supervisor,
        "nav.figures",
        "Số liệu",
    ),
    page("/register", StaffRole::Clerk, "nav.register", "Sổ quét"),
    page(
        "/admin/outages",
        StaffRole::Supervisor,
        "nav.outages",
        "Gián đoạn",
    ),
    page(
        "/dossiers/late",
        StaffRole::Clerk,
        "nav.late",
        "Hồ sơ trễ hẹn",
    ),
    page(
        "/admin/dossiers",
        StaffRole::Supervisor,
        "nav.dossiers",
        "Nhập hồ sơ",
    ),
    page(
        "/admin/people",
        StaffRole::Supervisor,
        "nav.people",
        "Cán bộ",
    ),
    page("/help", StaffRole::Clerk, "nav.help", "Lấy số hộ"),
    page("/time", StaffRole::Clerk, "nav.time", "Ngày và giờ"),
    page("/admin/backup", StaffRole::Admin, "nav.backup", "Sao lưu"),
    page(
        "/admin/settings",
        StaffRole::Admin,
        "nav.settings",
        "Cài đặt",
    ),
    page(
        "/admin/devices",
        StaffRole::Supervisor,
        "nav.devices",
        "Thiết bị",
    ),
    page("/counter", StaffRole::Clerk, "nav.counters", "Các quầy"),
];

/// Pages that another page leads to, and the bar does not.
const ASIDE: &[Page] = &[page(
    "/admin/codes",
    StaffRole::Supervisor,
    "codes.title",
    "Thẻ quầy và mã mục đích quét",
)];

/// The start page; first in the bar, and for whoever may see more than counters.
const HOME: Page = page("/admin", StaffRole::Supervisor, "nav.home", "Quản lý");

fn may(role: Role, from: StaffRole) -> bool {
    match from {
        StaffRole::Clerk => matches!(role, Role::Clerk | Role::Supervisor | Role::Admin),
        StaffRole::Supervisor => matches!(role, Role::Supervisor | Role::Admin),
        StaffRole::Admin => role == Role::Admin,
    }
}

/// Who looks at a page of the table, if it is theirs: others who are staff hear that it is not,
/// anybody else signs in.
pub(super) fn allowed(app: &App, headers: &HeaderMap, path: &str) -> Result<Actor, Box<Response>> {
    let mut pages = PAGES.iter().chain(ASIDE).chain([&HOME]);
    let page = pages.find(|page| page.path == path);
    let from = page.map_or(StaffRole::Admin, |page| page.from);
    match actor(app, headers) {
        Some(actor) if may(actor.role, from) => Ok(actor),
        Some(actor) if actor.role != Role::Kiosk => Err(Box::new(
            Problem::http(StatusCode::FORBIDDEN).into_response(),
        )),
        _ => {
            let sign_in = format!("/login?next={path}");
            Err(Box::new(Redirect::to(&sign_in).into_response()))
        }
    }
}

/// A page of the table with its bar in the place of `{{bar}}`, if it is theirs who ask.
pub(super) fn show(app: &App, headers: &HeaderMap, path: &str, html: &str) -> Response {
    match allowed(app, headers, path) {
        Ok(actor) => Html(html.replace("{{bar}}", &bar(app, &actor, path))).into_response(),
        Err(response) => *response,
    }
}

/// The bar as `actor` sees it on the page at `path`.
pub(super) fn bar(app: &App, actor: &Actor, path: &str) -> String {
    let id = actor.id.strip_prefix(Actor::PERSON);
    let person = id.and_then(|id| app.people.find(id));
    let name = person.map(|person| escaped(&person.name));
    let who = match name {
        Some(name) => format!("<span class=\"bar-who\">{name}</span>"),
        None => "<span class=\"bar-who\" data-t=\"me.device\">Thiết bị của quầy</span>".to_owned(),
    };
    let mut links = String::new();
    for page in [&HOME].into_iter().chain(PAGES) {
        if may(actor.role, page.from) {
            let current = match page.path == path {
                true => " aria-current=\"page\"",
                false => "",
            };
            // Writing to a string does not fail, here and below.
            let _ = write!(
                links,
                "<li><a href=\"{}\" data-t=\"{}\"{current}>{}</a></li>",
                page.path, page.key, page.name
            );
        }
    }
    include_str!("pages/bar.html")
        .trim_end()
        .replace("{{links}}", &links)
        // Last: it is text of the office's own.
        .replace("{{who}}", &who)
}

/// The pages that `actor` may see, each with a sentence, for the start page.
pub(super) fn list(actor: &Actor) -> String {
    let mut list = String::new();
    for page in PAGES.iter().filter(|page| may(actor.role, page.from)) {
        let _ = write!(
            list,
            "<li><a href=\"{}\" data-t=\"{key}\">{}</a><p data-t=\"{key}.what\"></p></li>",
            page.path,
            page.name,
            key = page.key
        );
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: [&str; 2] = [
        include_str!("pages/words-vi.js"),
        include_str!("pages/words-en.js"),
    ];

    const OFFICE_WORDS: [&str; 2] = [
        include_str!("pages/words-office-vi.js"),
        include_str!("pages/words-office-en.js"),
    ];

    const SCAN_WORDS: [&str; 2] = [
        include_str!("pages/words-scan-vi.js"),
        include_str!("pages/words-scan-en.js"),
    ];

    const DOSSIER_WORDS: [&str; 2] = [
        include_str!("pages/words-dossiers-vi.js"),
        include_str!("pages/words-dossiers-en.js"),
    ];

    /// The keys of a table of words, in its order.
    fn keys(words: &str) -> Vec<&str> {
        let lines = words
            .lines()
            .filter_map(|line| line.trim().strip_prefix('\''));
        lines
            .filter_map(|line| Some(line.split_once("': ")?.0))
            .collect()
    }

    #[test]
    fn every_word_is_there_in_both_languages_and_once() {
        let tables = [WORDS, OFFICE_WORDS, SCAN_WORDS, DOSSIER_WORDS];
        for [vi, en] in tables {
            assert_eq!(keys(vi), keys(en));
        }
        let mut all = tables.map(|[vi, _]| keys(vi)).concat();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    #[test]
    fn every_page_of_the_bar_has_a_name_and_a_sentence_in_both_languages() {
        for page in PAGES {
            for words in WORDS {
                for key in [page.key.to_owned(), format!("{}.what", page.key)] {
                    assert!(words.contains(&format!("'{key}': ")), "{key}");
                }
            }
            let name = format!("'{}': '{}'", page.key, page.name);
            assert!(WORDS[0].contains(&name), "{name}");
        }
    }

    #[test]
    fn a_page_is_shown_to_its_role_and_those_above_it() {
        let roles = [Role::Kiosk, Role::Clerk, Role::Supervisor, Role::Admin];
        let rows = [
            (StaffRole::Clerk, [false, true, true, true]),
            (StaffRole::Supervisor, [false, false, true, true]),
            (StaffRole::Admin, [false, false, false, true]),
        ];
        for (from, expected) in rows {
            assert_eq!(roles.map(|role| may(role, from)), expected, "{from:?}");
        }
    }
}
