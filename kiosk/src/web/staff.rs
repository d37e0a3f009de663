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

/// One entry of the bar: a page by itself, or several under one word.
enum Entry {
    One(Page),
    /// A key of words-*.js, the same in Vietnamese, and the pages.
    Group(&'static str, &'static str, &'static [Page]),
}

/// Whoever has no more pages than this sees them all side by side: a clerk with five needs no menus.
const SIDE_BY_SIDE_MAX: usize = 6;

/// The bar, in its order.
const ENTRIES: &[Entry] = &[
    Entry::One(HOME),
    Entry::One(page(
        "/admin/today",
        StaffRole::Supervisor,
        "nav.today",
        "Hôm nay",
    )),
    Entry::One(page(
        "/admin/live",
        StaffRole::Supervisor,
        "nav.live",
        "Bảng theo dõi",
    )),
    Entry::Group(
        "nav.group.counter",
        "Tại quầy",
        &[
            page("/counter", StaffRole::Clerk, "nav.counters", "Các quầy"),
            page("/help", StaffRole::Clerk, "nav.help", "Lấy số hộ"),
        ],
    ),
    Entry::Group(
        "nav.group.dossiers",
        "Hồ sơ",
        &[
            page("/register", StaffRole::Clerk, "nav.register", "Sổ quét"),
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
        ],
    ),
    Entry::Group(
        "nav.group.reports",
        "Báo cáo",
        &[
            page(
                "/admin/figures",
                StaffRole::Supervisor,
                "nav.figures",
                "Số liệu",
            ),
            page(
                "/admin/outages",
                StaffRole::Supervisor,
                "nav.outages",
                "Gián đoạn",
            ),
        ],
    ),
    Entry::Group(
        "nav.group.system",
        "Hệ thống",
        &[
            page(
                "/admin/people",
                StaffRole::Supervisor,
                "nav.people",
                "Cán bộ",
            ),
            page(
                "/admin/devices",
                StaffRole::Supervisor,
                "nav.devices",
                "Thiết bị",
            ),
            page(
                "/admin/settings",
                StaffRole::Admin,
                "nav.settings",
                "Cài đặt",
            ),
            page("/admin/backup", StaffRole::Admin, "nav.backup", "Sao lưu"),
            page("/time", StaffRole::Clerk, "nav.time", "Ngày và giờ"),
        ],
    ),
];

impl Entry {
    fn pages(&self) -> &[Page] {
        match self {
            Self::One(page) => std::slice::from_ref(page),
            Self::Group(_, _, pages) => pages,
        }
    }
}

/// Every page of the bar, in its order.
fn pages() -> impl Iterator<Item = &'static Page> {
    ENTRIES.iter().flat_map(Entry::pages)
}

/// Pages that another page leads to, and the bar does not.
const ASIDE: &[Page] = &[
    page(
        "/admin/codes",
        StaffRole::Supervisor,
        "codes.title",
        "Thẻ quầy và mã mục đích quét",
    ),
    page(
        "/letters",
        StaffRole::Clerk,
        "letter.title",
        "Văn bản xin lỗi",
    ),
    page(
        "/admin/voice",
        StaffRole::Admin,
        "voice.title",
        "Thu âm giọng đọc",
    ),
];

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
    admitted(app, headers, path, path)
}

/// The same of a page that has many addresses: who signs in comes back to `next`.
pub(super) fn admitted(
    app: &App,
    headers: &HeaderMap,
    path: &str,
    next: &str,
) -> Result<Actor, Box<Response>> {
    let mut pages = pages().chain(ASIDE);
    let page = pages.find(|page| page.path == path);
    let from = page.map_or(StaffRole::Admin, |page| page.from);
    match actor(app, headers) {
        Some(actor) if may(actor.role, from) => Ok(actor),
        Some(actor) if actor.role != Role::Kiosk => Err(Box::new(
            Problem::http(StatusCode::FORBIDDEN).into_response(),
        )),
        _ => {
            let sign_in = format!("/login?next={next}");
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
    let links = links(actor.role, path);
    include_str!("pages/bar.html")
        .trim_end()
        .replace("{{links}}", &links)
        // Last: it is text of the office's own.
        .replace("{{who}}", &who)
}

/// The links of the bar as `role` sees it on the page at `path`.
fn links(role: Role, path: &str) -> String {
    let side_by_side = pages().filter(|page| may(role, page.from)).count() <= SIDE_BY_SIDE_MAX;
    let mut links = String::new();
    for entry in ENTRIES {
        let mine = entry.pages().iter().filter(|page| may(role, page.from));
        let mine: Vec<&Page> = mine.collect();
        let inner: String = mine.iter().map(|page| link(page, path)).collect();
        match entry {
            Entry::Group(key, name, _) if !side_by_side && mine.len() > 1 => {
                let current = match mine.iter().any(|page| page.path == path) {
                    true => " aria-current=\"true\"",
                    false => "",
                };
                // Writing to a string does not fail, here and below.
                let _ = write!(
                    links,
                    "<li><details><summary data-t=\"{key}\"{current}>{name}</summary>\
                     <ul>{inner}</ul></details></li>"
                );
            }
            _ => links.push_str(&inner),
        }
    }
    links
}

fn link(page: &Page, path: &str) -> String {
    let current = match page.path == path {
        true => " aria-current=\"page\"",
        false => "",
    };
    format!(
        "<li><a href=\"{}\" data-t=\"{}\"{current}>{}</a></li>",
        page.path, page.key, page.name
    )
}

/// The pages that `actor` may see, each with a sentence, for the start page.
pub(super) fn list(actor: &Actor) -> String {
    let mut list = String::new();
    let mine = pages().filter(|page| page.path != HOME.path && may(actor.role, page.from));
    for page in mine {
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

    const VOICE_WORDS: [&str; 2] = [
        include_str!("pages/words-voice-vi.js"),
        include_str!("pages/words-voice-en.js"),
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
        let tables = [WORDS, OFFICE_WORDS, SCAN_WORDS, DOSSIER_WORDS, VOICE_WORDS];
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
        let groups = ENTRIES.iter().filter_map(|entry| match entry {
            Entry::Group(key, name, _) => Some((key, name)),
            Entry::One(_) => None,
        });
        for (key, name) in groups {
            let name = format!("'{key}': '{name}'");
            assert!(WORDS[0].contains(&name), "{name}");
        }
        for page in pages().filter(|page| page.path != HOME.path) {
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
    fn everybody_finds_every_page_of_theirs_once_behind_at_most_seven_words() {
        for role in [Role::Clerk, Role::Supervisor, Role::Admin] {
            for current in pages().filter(|page| may(role, page.from)) {
                let links = links(role, current.path);
                for page in pages() {
                    let times = usize::from(may(role, page.from));
                    let link = format!("href=\"{}\"", page.path);
                    assert_eq!(links.matches(&link).count(), times, "{role:?} {link}");
                }
                let marked = |how: &str| links.matches(how).count();
                assert_eq!(marked("aria-current=\"page\""), 1, "{links}");
                let inside = links.matches("<details>").count() > 0
                    && ENTRIES.iter().any(|entry| match entry {
                        Entry::Group(_, _, pages) => pages.iter().any(|p| p.path == current.path),
                        Entry::One(_) => false,
                    });
                assert_eq!(
                    marked("aria-current=\"true\""),
                    usize::from(inside),
                    "{links}"
                );
            }
            let links = links(role, "/");
            let groups = links.matches("<details>").count();
            let inner: usize = links
                .split("<details>")
                .skip(1)
                .map(|group| {
                    group
                        .split("</details>")
                        .next()
                        .unwrap_or("")
                        .matches("<a")
                        .count()
                })
                .sum();
            let words = links.matches("<a").count() - inner + groups;
            assert!(words <= 7, "{role:?}: {words}");
            assert_eq!(groups == 0, role == Role::Clerk, "five pages need no menus");
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
