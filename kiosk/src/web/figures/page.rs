//! The page of figures: plain HTML with bars as inline SVG; printed it is an A4 sheet.

use std::fmt::Write as _;

use super::Shown;
use crate::ledger::BATCH;
use crate::report::{Cell, Kind, Language, Table, summary, tables};
use crate::web::grid::{grid, scrolling};
use crate::web::place::escaped;

const PAGE: &str = include_str!("../pages/figures.html");

/// Sizes of a bar chart in its own units; a page scales it.
const BAR: u64 = 34;
const STEP: u64 = 44;
const HEIGHT: u64 = 120;

/// The whole page, under the bar that its reader has.
pub(super) fn html(shown: &Shown, bar: &str) -> String {
    let language = shown.language;
    let say = |vi, en| language.say(vi, en);
    let filled = [
        ("language", language.code().to_owned()),
        ("heading", say("Số liệu", "Figures").to_owned()),
        ("title", escaped(&shown.title)),
        ("office", escaped(language.of(&shown.figures.office))),
        ("navigation", navigation(shown)),
        ("body", body(shown)),
        ("foot", foot(shown)),
        ("bar", bar.to_owned()),
    ];
    let mut page = PAGE.to_owned();
    for (name, text) in filled {
        page = page.replace(&format!("{{{{{name}}}}}"), &text);
    }
    page
}

fn address(shown: &Shown, page: &str, kind: Kind, date: &str) -> String {
    let (kind, language) = (kind.as_str(), shown.language.code());
    format!("{page}?period={kind}&amp;date={date}&amp;lang={language}")
}

fn navigation(shown: &Shown) -> String {
    let say = |vi, en| shown.language.say(vi, en);
    let date = shown.period.map(|p| p.from.to_string()).unwrap_or_default();
    let mut html = String::from("<div class=\"kinds\">");
    for (kind, vi, en) in [
        (Kind::Day, "Ngày", "Day"),
        (Kind::Week, "Tuần", "Week"),
        (Kind::Month, "Tháng", "Month"),
    ] {
        let current = if kind == shown.kind {
            " aria-current=\"page\""
        } else {
            ""
        };
        let to = address(shown, "/admin/figures", kind, &date);
        // Writing to a string does not fail, here and below.
        let _ = write!(html, "<a href=\"{to}\"{current}>{}</a>", say(vi, en));
    }
    html.push_str("</div>");
    if let Some(period) = shown.period {
        let step = |to: crate::report::Period, sign: &str, text: &str| {
            let to = address(shown, "/admin/figures", shown.kind, &to.from.to_string());
            format!(
                "<a href=\"{to}\" class=\"step\" aria-label=\"{text}\" title=\"{text}\">{sign}</a>"
            )
        };
        html.push_str("<div class=\"steps\">");
        html.push_str(&step(period.before(), "‹", say("Kỳ trước", "Earlier")));
        html.push_str(&step(period.after(), "›", say("Kỳ sau", "Later")));
        html.push_str("</div>");
    }
    let _ = write!(
        html,
        "<form class=\"date\" method=\"get\" action=\"/admin/figures\">\
            <input type=\"hidden\" name=\"period\" value=\"{}\"><input type=\"hidden\" name=\"lang\" value=\"{}\">\
            <label class=\"unseen\" for=\"date\">{}</label><input type=\"date\" id=\"date\" name=\"date\" value=\"{date}\" required>\
            <button type=\"submit\">{}</button></form>",
        shown.kind.as_str(),
        shown.language.code(),
        say("Ngày", "Date"),
        say("Xem", "Show"),
    );
    let book = address(shown, "/admin/figures.xlsx", shown.kind, &date);
    let _ = write!(
        html,
        "<div class=\"takes\"><a class=\"button\" href=\"{book}\">{}</a>\
            <button type=\"button\" id=\"print\">{}</button></div>",
        say("Tải XLSX", "Download XLSX"),
        say("In A4", "Print A4"),
    );
    html
}

fn body(shown: &Shown) -> String {
    let (figures, language) = (&shown.figures, shown.language);
    let mut html = String::new();
    if figures.behind > u64::from(BATCH) {
        let behind = language.count(figures.behind);
        let text = match language {
            Language::Vi => {
                format!("Số liệu đang được lập lại, còn {behind} bản ghi. Mời tải lại trang sau.")
            }
            Language::En => format!(
                "The figures are being made anew, {behind} records to go. Please load the page again later."
            ),
        };
        let _ = write!(html, "<p class=\"error\" role=\"status\">{text}</p>");
    }
    if figures.days.is_empty() {
        let text = language.say(
            "Không có ngày làm việc nào trong thời gian này.",
            "There was no service day in this time.",
        );
        let _ = write!(html, "<p class=\"lead\">{text}</p>");
        return html;
    }
    html.push_str("<dl class=\"summary\">");
    for (name, cell) in summary(figures, language) {
        let value = escaped(&cell.written(language));
        let _ = write!(
            html,
            "<div><dt>{}</dt><dd>{value}</dd></div>",
            escaped(&name)
        );
    }
    html.push_str("</dl>");
    for table in tables(figures, language) {
        html.push_str(&section(&table, language));
    }
    html
}

/// A table; bars stand before those that show a course of time.
fn section(table: &Table, language: Language) -> String {
    let mut html = format!(
        "<section class=\"{}\"><h2>{}</h2>",
        table.id,
        escaped(&table.title)
    );
    if table.rows.is_empty() {
        let none = language.say("Chưa có gì.", "Nothing yet.");
        let _ = write!(html, "<p class=\"hint\">{none}</p></section>");
        return html;
    }
    if table.id == "half-hours" {
        html.push_str(&bars(table, language));
        let see = language.say("Xem bảng", "See the table");
        let _ = write!(
            html,
            "<details><summary>{see}</summary>{}</details>",
            grid(table, language)
        );
    } else {
        html.push_str(&grid(table, language));
    }
    html.push_str("</section>");
    html
}

/// One bar per row: its first cell is the name, its second the height.
fn bars(table: &Table, language: Language) -> String {
    let values: Vec<(String, u64)> = table
        .rows
        .iter()
        .filter_map(|row| match row.as_slice() {
            [name, Cell::Count(n), ..] => Some((name.written(language), *n)),
            _ => None,
        })
        .collect();
    let most = values.iter().map(|(_, n)| *n).max().unwrap_or(0).max(1);
    let width = values.len() as u64 * STEP;
    let title = escaped(&table.title);
    let mut svg = format!(
        "{}<svg class=\"bars\" role=\"img\" aria-label=\"{title}\" \
            viewBox=\"0 0 {width} {}\" width=\"{width}\" height=\"{}\">",
        scrolling(table),
        HEIGHT + 48,
        HEIGHT + 48
    );
    for (nth, (name, n)) in (0..).zip(&values) {
        let height = (n * HEIGHT).div_ceil(most);
        let (x, top) = (nth * STEP + (STEP - BAR) / 2, 24 + HEIGHT - height);
        let middle = nth * STEP + STEP / 2;
        let peak = if *n == most { " class=\"most\"" } else { "" };
        let _ = write!(
            svg,
            "<rect x=\"{x}\" y=\"{top}\" width=\"{BAR}\" height=\"{height}\"{peak}/>\
                <text x=\"{middle}\" y=\"{}\">{}</text><text x=\"{middle}\" y=\"{}\" class=\"at\">{}</text>",
            top - 5,
            language.count(*n),
            HEIGHT + 42,
            escaped(name)
        );
    }
    svg.push_str("</svg></div>");
    svg
}

fn foot(shown: &Shown) -> String {
    let language = shown.language;
    let say = |vi, en| language.say(vi, en);
    format!(
        "<p class=\"how\">{}</p><p class=\"head\">{} {} · {} {}</p>",
        say(
            "Chờ: từ khi phát số đến lượt gọi đầu tiên. Phục vụ: từ lượt gọi đến khi xong hoặc chuyển. 50 % (trung vị), 90 %: một nửa, chín phần mười số lượt không lâu hơn.",
            "Wait: from issue to the first call. Service: from a call to its finish or transfer. 50 % (median), 90 %: half, nine in ten took no longer.",
        ),
        say("Số liệu đến bản ghi", "Up to record"),
        language.count(shown.figures.seq),
        say("đầu chuỗi", "head"),
        shown.figures.head,
    )
}
