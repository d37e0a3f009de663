//! `/` of the public door: where a phone or a TV that was given only the address goes on.

use axum::extract::State;
use axum::response::Html;

use super::App;
use super::place::{Wanted, escaped, other_language};
use super::problem::Problem;

pub(super) async fn entrance(
    State(app): State<App>,
    wanted: Wanted,
) -> Result<Html<String>, Problem> {
    let english = wanted.english(false);
    let language = if english { "en" } else { "vi" };
    let say = |vi: &'static str, en: &'static str| if english { en } else { vi };
    let read = app.engine.read(move |view| {
        let office = view.state.office();
        let text = |text: Option<&queue::Text>| text.map_or("", |t| t.get(language)).to_owned();
        (
            text(office.map(|o| &o.parent)),
            text(office.map(|o| &o.name)),
        )
    });
    let (parent, office) = read.await?;
    // Who has not installed the authority yet can come in at this door only.
    let staff = match app.authority {
        Some(_) => format!(
            "<p><a href=\"/install-certificate\">{}</a></p>",
            say(
                "Dành cho cán bộ: cài chứng thư trên máy tính của quầy",
                "For staff: install the certificate on a counter’s PC"
            )
        ),
        None => String::new(),
    };
    let page = include_str!("pages/entrance.html")
        .replace("{{language}}", language)
        .replace("{{calls}}", say("Xem số đang được gọi", "See the numbers being called"))
        .replace(
            "{{place}}",
            say(
                "Để xem còn bao nhiêu người trước Ông/Bà: mời dùng điện thoại quét mã vuông trên phiếu số thứ tự.",
                "To see how many people are ahead of you, scan the square code on your ticket with a phone.",
            ),
        )
        .replace("{{staff}}", &staff)
        .replace("{{other}}", other_language(english))
        // Last: they are texts of the office's own.
        .replace("{{parent}}", &escaped(&parent))
        .replace("{{office}}", &escaped(&office));
    Ok(Html(page))
}
