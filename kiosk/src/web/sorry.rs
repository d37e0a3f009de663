//! What a person at a browser gets where a program gets a problem: its sentence, and a way on.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};

use super::pages::guard;
use crate::advice::Sentence;

/// The way out for who is signed in and may not see a page: another person may.
const SIGN_OUT: &str = "<form method=\"post\" action=\"/logout\"><button type=\"submit\" class=\"link\">\
     Đăng nhập bằng tên khác · <span lang=\"en\">Sign in as somebody else</span></button></form>";

/// Whether a request is a browser's that opens a page, not a page's script or another program.
pub(super) fn is_for(path: &str, headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok());
    accepted.is_some_and(|kinds| kinds.contains("text/html")) && !path.starts_with("/api/")
}

/// The page, in both languages: which one the reader knows is kept in their browser.
pub(super) fn page(sentence: &Sentence) -> Response {
    let sign_out = match sentence.status {
        StatusCode::FORBIDDEN => SIGN_OUT,
        _ => "",
    };
    let html = include_str!("pages/sorry.html")
        .replace("{{status}}", sentence.status.as_str())
        .replace("{{vi}}", sentence.vi)
        .replace("{{en}}", sentence.en)
        .replace("{{sign-out}}", sign_out);
    let mut response = (sentence.status, Html(html)).into_response();
    guard(response.headers_mut());
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_get_problems_and_people_pages() {
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        let cases = [
            ("/admin/people", Some(browser), true),
            ("/api/v1/people", Some(browser), false),
            ("/admin/people", Some("*/*"), false),
            ("/admin/people", None, false),
        ];
        for (path, accepted, expected) in cases {
            let mut headers = HeaderMap::new();
            if let Some(kinds) = accepted {
                headers.insert(header::ACCEPT, header::HeaderValue::from_static(kinds));
            }
            assert_eq!(is_for(path, &headers), expected, "{path} {accepted:?}");
        }
    }
}
