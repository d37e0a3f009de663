//! The sheet of codes: a badge for each counter and what scans are for, to print, cut out and
//! laminate. Each as lines and as a square, since a shared scanner may read only one of them.

use std::fmt::Write as _;
use std::time::Instant;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use scanner::ScanPurpose;

use super::App;
use super::problem::Problem;
use super::staff;
use crate::advice;
use crate::barcode;

/// The page, with the counters as they are now.
pub(super) async fn page(State(app): State<App>, headers: HeaderMap) -> Response {
    let read = app.engine.read(|view| {
        let office = view.state.office();
        let counters = office.map_or(&[][..], |office| &office.counters);
        let numbers: Vec<u32> = counters.iter().map(|counter| counter.number).collect();
        (numbers, view.state.day_id())
    });
    let (counters, day) = match read.await {
        Ok(read) => read,
        Err(failure) => return Problem::from(failure).into_response(),
    };
    let scanners = app.scanners.reports(day, Instant::now());
    let shared = scanners.iter().any(|scanner| scanner.counters.len() > 1);
    let html = include_str!("pages/codes.html")
        .replace("{{no-shared}}", if shared { " hidden" } else { "" })
        .replace("{{badges}}", &badges(&counters))
        .replace("{{purposes}}", &purposes());
    staff::show(&app, &headers, "/admin/codes", &html)
}

fn badges(counters: &[u32]) -> String {
    let mut cards = String::new();
    for counter in counters {
        let name = format!("Quầy {counter}");
        let hint = "Quét thẻ này trước: các mã quét sau thuộc quầy này.";
        cards.extend(card(&name, &scanner::badge_text(*counter), hint));
    }
    cards
}

fn purposes() -> String {
    let mut cards = String::new();
    for purpose in ScanPurpose::ALL {
        let [name, _] = advice::purpose_name(purpose);
        let hint = "Các mã quét sau dùng để làm việc này, đến khi sang số khác.";
        cards.extend(card(name, scanner::purpose_text(purpose), hint));
    }
    cards
}

/// One card, always in Vietnamese: it lies at the counter. None for a text that cannot be drawn.
fn card(name: &str, text: &str, hint: &str) -> Option<String> {
    let (lines, square) = (barcode::lines(text)?, barcode::square(text)?);
    let mut card = String::new();
    // Writing to a string does not fail. Nothing in it is text of the office's own.
    let _ = write!(
        card,
        "<li class=\"card\" lang=\"vi\"><h3>{name}</h3><p class=\"hint\">{hint}</p><div class=\"codes\">{lines}{square}</div><p class=\"text\">{text}</p></li>"
    );
    Some(card)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_counter_has_its_badge_and_every_purpose_its_code_twice() {
        let html = badges(&[1, 30, 999]) + &purposes();
        for text in [
            "MC-Q1", "MC-Q30", "MC-Q999", "MC-M1", "MC-M2", "MC-M3", "MC-M4",
        ] {
            let shown = format!("<p class=\"text\">{text}</p>");
            assert_eq!(html.matches(&shown).count(), 1, "{text}");
        }
        assert_eq!(html.matches("class=\"lines\"").count(), 7);
        assert_eq!(html.matches("class=\"square\"").count(), 7);
        for name in [
            "Quầy 30",
            "Tiếp nhận",
            "Bổ sung hồ sơ",
            "Trả kết quả",
            "Tra cứu",
        ] {
            assert!(html.contains(&format!("<h3>{name}</h3>")), "{name}");
        }
    }
}
