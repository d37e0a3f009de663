//! `GET /`: what has come in, for people.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Html;
use serde::Deserialize;

use super::problem::Problem;
use super::scan::{KeptScan, spoken};
use super::{Shared, with_store};

/// Rows of one page: a morning of a small office, and a second of scrolling.
pub(super) const PAGE_ROWS: usize = 50;

const TEMPLATE: &str = include_str!("page.html");

#[derive(Deserialize)]
pub(super) struct PageQuery {
    before: Option<i64>,
}

pub(super) async fn page(
    State(intake): State<Shared>,
    query: Result<Query<PageQuery>, QueryRejection>,
) -> Result<Html<String>, Problem> {
    let Query(PageQuery { before }) = query.map_err(|_| Problem::BAD_REQUEST)?;
    let (count, scans) = with_store(&intake, move |store| {
        let scans = store.before(before.unwrap_or(i64::MAX), PAGE_ROWS + 1)?;
        Ok((store.count()?, scans))
    })
    .await?;
    Ok(Html(render(count, &scans, before.is_some())))
}

/// `scans`: newest first; one more than a page holds means that there are older ones.
fn render(count: i64, scans: &[KeptScan], later_page: bool) -> String {
    let shown = &scans[..scans.len().min(PAGE_ROWS)];
    let rows: String = shown.iter().map(row).collect();
    let mut links = String::new();
    if later_page {
        links.push_str("<a href=\"/\">Mới nhất</a>");
    }
    if let Some(last) = shown.last().filter(|_| scans.len() > PAGE_ROWS) {
        links.push_str(&format!("<a href=\"/?before={}\">Cũ hơn</a>", last.seq));
    }
    let summary = match count {
        0 => "Chưa có lượt quét nào.".to_owned(),
        count => format!("{} lượt quét, mới nhất ở trên.", grouped(count)),
    };
    let hidden = if shown.is_empty() { " hidden" } else { "" };
    TEMPLATE
        .replace("{{summary}}", &summary)
        .replace("{{hidden}}", hidden)
        .replace("{{links}}", &links)
        // Last, so that nothing a scan says is taken for a placeholder.
        .replace("{{rows}}", &rows)
}

fn row(scan: &KeptScan) -> String {
    let purpose = match scan.text("purpose") {
        Some("receive") => "Tiếp nhận",
        Some("supplement") => "Bổ sung hồ sơ",
        Some("return") => "Trả kết quả",
        Some("look-up") => "Tra cứu",
        _ => "–",
    };
    let said = |field| escape(scan.text(field).unwrap_or("–"));
    let counter = scan
        .counter()
        .map_or_else(|| "–".to_owned(), |counter| counter.to_string());
    let scanned = scan
        .scanned_ms()
        .map_or_else(|| "máy chưa biết giờ".to_owned(), spoken);
    format!(
        "<tr><td class=\"id\">{}</td><td>{purpose}</td><td>{}</td><td>{counter}</td><td>{}</td><td>{scanned}</td><td>{}</td></tr>\n",
        said("dossier"),
        said("office"),
        said("ticket"),
        spoken(scan.received_ms),
    )
}

/// 1.234, as Vietnamese writes it.
fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    text
}

fn escape(text: &str) -> String {
    text.chars().fold(String::new(), |mut safe, c| {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
        safe
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_scan_says_stays_text() {
        assert_eq!(escape("<b a='\"'>&"), "&lt;b a=&#39;&quot;&#39;&gt;&amp;");
        let scan = KeptScan {
            seq: 1,
            received_ms: 0,
            body: serde_json::json!({ "dossier": "{{links}}<script>", "office": "\"><i>" }),
        };
        let page = render(1, &[scan], false);
        assert!(page.contains("{{links}}&lt;script&gt;"));
        assert!(page.contains("&quot;&gt;&lt;i&gt;"));
    }

    #[test]
    fn large_numbers_are_grouped() {
        let groups = [
            (0, "0"),
            (999, "999"),
            (1_234, "1.234"),
            (1_000_000, "1.000.000"),
        ];
        for (number, text) in groups {
            assert_eq!(grouped(number), text);
        }
    }
}
