//! What stands on a ticket's slip, in the language its citizen chose.
//!
//! No name, no ID, no kind of priority; no motto and no emblem: a queue slip is no official
//! document.

use printer::{Slip, Weight};
use queue::Ticket;

use crate::engine::View;

/// Sizes in dots at 203 dpi, 8 dots a millimetre.
const SMALL: u16 = 24;
const BODY: u16 = 28;
const HEAD: u16 = 34;

/// The slip of a ticket. `again`: some of it may be out already. `url`: where its QR leads; without one the QR holds the bare token.
pub(super) fn ticket_slip(view: View<'_>, ticket: &Ticket, again: bool, url: Option<&str>) -> Slip {
    let language = &*ticket.language;
    let say = |vi: &'static str, en: &'static str| if language == "en" { en } else { vi };
    let mut slip = Slip::new();
    let Some(office) = view.state.office() else {
        return slip.number(ticket.number.to_string());
    };
    if again {
        slip = slip.mark(say("BẢN IN LẠI", "REPRINT"));
    }
    let parent = office.parent.get(language);
    if !parent.is_empty() {
        slip = slip.centred(parent, BODY, Weight::Regular);
    }
    slip = slip
        .centred(office.name.get(language), BODY, Weight::SemiBold)
        .rule();
    if let Some(service) = office.service(ticket.service) {
        slip = slip.centred(service.name.get(language), HEAD, Weight::Bold);
    }
    slip = slip
        .centred(
            say("Số thứ tự của Ông/Bà", "Your number"),
            SMALL,
            Weight::Regular,
        )
        .number(ticket.number.to_string());
    if ticket.class.is_priority() {
        slip = slip.mark(say("Ưu tiên", "Priority"));
    }
    if let Some(ahead) = view.state.ahead(ticket) {
        slip = slip.centred(
            waiting(view, ticket, ahead, language),
            BODY,
            Weight::Regular,
        );
    }
    let papers = office
        .service(ticket.service)
        .map_or(&[][..], |s| &s.papers);
    if !papers.is_empty() {
        slip = slip.left(
            say("Giấy tờ cần có:", "Papers to have ready:"),
            SMALL,
            Weight::SemiBold,
        );
        for paper in papers {
            slip = slip.left(format!("– {}", paper.get(language)), SMALL, Weight::Regular);
        }
    }
    let words = url.map(|_| say("Quét mã để xem lượt chờ", "Scan to see your place").to_owned());
    slip = slip.rule().qr(crate::web::qr(url, ticket.token), words);
    if let Some(utc) = ticket.issued_utc {
        let local = office.local(utc);
        let line = match language {
            "en" => local.strftime("%H:%M, %d/%m/%Y").to_string(),
            _ => format!(
                "{} giờ {:02} phút, ngày {}",
                local.hour(),
                local.minute(),
                local.strftime("%d/%m/%Y")
            ),
        };
        slip = slip.centred(line, SMALL, Weight::Regular);
    }
    if !office.hotline.is_empty() {
        let line = format!("{}: {}", say("Đường dây nóng", "Hotline"), office.hotline);
        slip = slip.centred(line, SMALL, Weight::Regular);
    }
    slip
}

/// "Trước Ông/Bà còn 4 người · ước tính chờ 10–15 phút".
fn waiting(view: View<'_>, ticket: &Ticket, ahead: u32, language: &str) -> String {
    let english = language == "en";
    let people = match (ahead, english) {
        (0, true) => "You are next".to_owned(),
        (0, false) => "Sắp đến lượt Ông/Bà".to_owned(),
        (1, true) => "1 person ahead".to_owned(),
        (n, true) => format!("{n} people ahead"),
        (n, false) => format!("Trước Ông/Bà còn {n} người"),
    };
    let range = view.state.wait(ticket).filter(|_| ahead > 0);
    let Some(range) = range else {
        return people;
    };
    // Whole minutes, from the one begun to the one ended.
    let (low, high) = (range.low / 60, range.high.div_ceil(60));
    match english {
        true => format!("{people} · about {low}–{high} minutes"),
        false => format!("{people} · ước tính chờ {low}–{high} phút"),
    }
}
