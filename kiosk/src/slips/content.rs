//! What the fields of each kind of slip say, from the state of the moment.

use std::cmp::Reverse;

use jiff::civil::{Date, Time};
use printer::Profile;
use queue::{AskedSlip, Office, ScanState, Service, SlipKind, Ticket};

use super::fields::Values;
use super::says;
use crate::engine::View;
use crate::ledger::{Figures, ScanFigures, Tickets};

/// Letters of a clerk's reason that a slip has room for; the rest is left away.
pub const REASON_CHARS_MAX: usize = 160;
/// Services that a day report tells one by one.
pub(super) const SERVICES_MAX: usize = 10;
/// The number on a test page.
pub(super) const TEST_NUMBER: &str = "A012";
/// What the code on a test page holds where there is no public page to show.
pub(super) const TEST_CODE: &str = "kiosk-test-page";

/// Every Vietnamese letter with a mark, as people sort them.
pub const LETTERS: &str = "àáảãạ ăằắẳẵặ âầấẩẫậ đ èéẻẽẹ êềếểễệ ìíỉĩị òóỏõọ ôồốổỗộ ơờớởỡợ ùúủũụ ưừứửữự ỳýỷỹỵ \
     ÀÁẢÃẠ ĂẰẮẲẴẶ ÂẦẤẨẪẬ Đ ÈÉẺẼẸ ÊỀẾỂỄỆ ÌÍỈĨỊ ÒÓỎÕỌ ÔỒỐỔỖỘ ƠỜỚỞỠỢ ÙÚỦŨỤ ƯỪỨỬỮỰ ỲÝỶỸỴ";

/// What a slip says.
#[derive(Clone, Debug, Default)]
pub struct Content {
    /// By field.
    pub values: Values,
    /// What its QR code holds.
    pub code: String,
    /// Whether the words beside the code are true: it leads somewhere, or is what they say.
    pub leads: bool,
    /// Some of it may be out already.
    pub again: bool,
}

/// What every slip may say. `utc`: the moment it is about, if the time was known.
pub(super) fn everywhere(office: &Office, language: &str, utc: Option<i64>) -> Values {
    let mut values = Values::default()
        .with("parent", office.parent.get(language))
        .with("office", office.name.get(language))
        .with("hotline", &*office.hotline);
    if let Some(utc) = utc {
        let local = office.local(utc);
        values.set("time", says::time(local, language));
        values.set("date", says::date(local.date()));
    }
    values
}

pub(super) fn of_service(values: &mut Values, service: Option<&Service>, language: &str) {
    let Some(service) = service else {
        return;
    };
    values.set("service", service.name.get(language));
    values.set("words", service.words.get(language));
    for paper in &service.papers {
        let entry = Values::default().with("paper", paper.get(language));
        values.add("papers", entry);
    }
}

pub(super) fn next(language: &str) -> &'static str {
    match language {
        "en" => "You are next",
        _ => "Sắp đến lượt Ông/Bà",
    }
}

pub(super) fn priority(language: &str) -> &'static str {
    match language {
        "en" => "Priority",
        _ => "Ưu tiên",
    }
}

/// What a ticket and its re-entry slip have in common. `utc`: of issue, or of now.
fn of_ticket(view: View<'_>, office: &Office, ticket: &Ticket, utc: Option<i64>) -> Values {
    let language = &*ticket.language;
    let mut values = everywhere(office, language, utc);
    of_service(&mut values, office.service(ticket.service), language);
    values.set("number", ticket.number.to_string());
    if ticket.class.is_priority() {
        values.set("priority", priority(language));
    }
    let kept = view.state.kept_until(view.now, ticket);
    match view.state.ahead(ticket) {
        // Where no counter serves nobody is next.
        Some(0) if view.state.wait(view.now, ticket).is_none() => {}
        Some(0) => values.set("next", next(language)),
        Some(ahead) => {
            values.set("ahead", says::people(ahead, language));
            let wait = view.state.wait(view.now, ticket);
            if let Some(range) = wait.filter(|_| kept.is_none()) {
                values.set("wait", says::minutes(range, language));
            }
        }
        None => {}
    }
    if let Some(at) = kept {
        values.set("kept", says::hour(at.time(), language));
    }
    values
}

/// A ticket's own slip. `url`: where its code leads; without one it holds the bare token.
pub fn ticket(view: View<'_>, office: &Office, ticket: &Ticket, url: Option<&str>) -> Content {
    Content {
        values: of_ticket(view, office, ticket, ticket.issued_utc),
        code: crate::web::qr(url, ticket.token),
        leads: url.is_some(),
        again: ticket.slip.begun,
    }
}

/// The printer that a test page is about.
#[derive(Clone, Copy, Debug)]
pub struct Paper<'a> {
    /// Its name in the configuration.
    pub name: &'a str,
    /// What it can do.
    pub profile: &'a Profile,
}

/// A slip that was asked for. Nothing if what it is about is gone, and for a day report, whose
/// figures the state does not have.
pub fn asked(
    view: View<'_>,
    office: &Office,
    asked: &AskedSlip,
    paper: Paper<'_>,
    url: Option<&str>,
) -> Option<Content> {
    let language = &*asked.language;
    let content = match asked.kind {
        SlipKind::Checklist => {
            let mut values = everywhere(office, language, view.now.utc);
            of_service(&mut values, office.service(asked.service?), language);
            Content {
                values,
                ..Content::default()
            }
        }
        SlipKind::ReEntry => {
            let ticket = view.state.ticket(asked.ticket?)?;
            let mut values = of_ticket(view, office, ticket, view.now.utc);
            let note = ticket.note.as_deref().unwrap_or_default();
            values.set("reason", shortened(note));
            Content {
                values,
                code: crate::web::qr(url, ticket.token),
                leads: url.is_some(),
                again: false,
            }
        }
        SlipKind::Deferred => {
            let ticket = view.state.ticket(asked.ticket?)?;
            let deferral = view.state.deferral_of(ticket)?;
            let mut values = everywhere(office, language, view.now.utc);
            of_service(&mut values, office.service(deferral.service), language);
            values.set("number", deferral.number.to_string());
            if let Some(date) = view.state.day().and_then(|day| day.date) {
                values.set("day", says::date(date));
            }
            comes_back(&mut values, deferral.on, deferral.from, language);
            Content {
                values,
                code: crate::web::qr(url, deferral.token),
                leads: url.is_some(),
                again: false,
            }
        }
        SlipKind::TestPage => test_page(office, language, view.now.utc, paper, url),
        SlipKind::DayReport | SlipKind::Ticket => return None,
    };
    Some(Content {
        again: asked.slip.begun,
        ..content
    })
}

/// When a citizen who was not reached may come back.
pub(super) fn comes_back(
    values: &mut Values,
    on: Option<Date>,
    from: Option<Time>,
    language: &str,
) {
    values.set("on", says::day(on, language));
    if let Some(from) = from {
        values.set("from", says::hour(from, language));
    }
}

/// A test page. `utc`: now, if the time is known.
pub fn test_page(
    office: &Office,
    language: &str,
    utc: Option<i64>,
    paper: Paper<'_>,
    url: Option<&str>,
) -> Content {
    let Profile {
        title, dots, dpi, ..
    } = paper.profile;
    let mm = f32::from(*dots) * 25.4 / f32::from(*dpi);
    let width = match language {
        "en" => format!("{dots} dots ({mm:.0} mm), {dpi} dpi"),
        _ => format!("{dots} chấm ({mm:.0} mm), {dpi} dpi"),
    };
    let values = everywhere(office, language, utc)
        .with("printer", paper.name)
        .with("profile", format!("{} ({title})", paper.profile.name))
        .with("width", width)
        .with("letters", LETTERS)
        .with("number", TEST_NUMBER);
    Content {
        values,
        code: url.unwrap_or(TEST_CODE).to_owned(),
        leads: true,
        again: false,
    }
}

/// What a day report says of one service, or of all.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Count {
    issued: u64,
    done: u64,
    /// Missed their call and did not come back.
    missed: u64,
    /// Given up or changed.
    cancelled: u64,
    /// Median from issue to call, in tenths of a minute.
    wait_tenths: Option<u64>,
    /// Median from call to end, in tenths of a minute.
    serve_tenths: Option<u64>,
}

impl From<&Tickets> for Count {
    fn from(tickets: &Tickets) -> Self {
        // To the nearest tenth of a minute.
        let tenths = |seconds: Option<u64>| seconds.map(|s| (s * 10 + 30) / 60);
        Self {
            issued: tickets.issued,
            done: tickets.served,
            missed: tickets.no_shows,
            cancelled: tickets.cancelled + tickets.changed,
            wait_tenths: tenths(tickets.wait.median_seconds),
            serve_tenths: tenths(tickets.service.median_seconds),
        }
    }
}

impl Count {
    /// Two together; what is typical of both nobody can tell from them.
    fn and(self, other: &Self) -> Self {
        Self {
            issued: self.issued + other.issued,
            done: self.done + other.done,
            missed: self.missed + other.missed,
            cancelled: self.cancelled + other.cancelled,
            wait_tenths: None,
            serve_tenths: None,
        }
    }
}

/// A day in figures. `utc`: now, if the time is known.
pub fn day_report(
    office: &Office,
    language: &str,
    utc: Option<i64>,
    figures: &Figures,
    again: bool,
) -> Content {
    let count = |n: u64| says::count(usize::try_from(n).unwrap_or(usize::MAX), language);
    let median = |tenths: Option<u64>| tenths.map_or(String::new(), |t| says::tenths(t, language));
    let told = figures.days.last();
    let date = told.and_then(|day| day.date.as_ref()?.parse().ok());
    let id = told.map_or(0, |day| day.id);
    let day = match (date, language) {
        (Some(date), _) => says::date(date),
        (None, "en") => format!("Day {id} (date unknown)"),
        (None, _) => format!("Ngày thứ {id} (chưa rõ ngày)"),
    };
    let all = Count::from(&figures.total);
    let mut values = everywhere(office, language, utc)
        .with("day", day)
        .with("issued", count(all.issued))
        .with("done", count(all.done))
        .with("missed", count(all.missed))
        .with("cancelled", count(all.cancelled))
        .with("scans", count(figures.scans.iter().map(|s| s.scans).sum()))
        .with("record", figures.seq.to_string())
        .with("head", grouped(&figures.head));
    let others = if language == "en" {
        "Others"
    } else {
        "Lĩnh vực khác"
    };
    let services = figures.services.iter().filter(|s| s.tickets.issued > 0);
    let services =
        services.filter_map(|s| Some((s.letter.chars().next()?, Count::from(&s.tickets))));
    for (letter, of) in busiest(services.collect()) {
        let service = letter.and_then(|letter| office.service(letter));
        let name = service.map_or(others, |s| s.name.get(language));
        let entry = Values::default()
            .with("letter", letter.unwrap_or('…'))
            .with("service", name)
            .with("issued", count(of.issued))
            .with("done", count(of.done))
            .with("missed", count(of.missed))
            .with("cancelled", count(of.cancelled))
            .with("wait", median(of.wait_tenths))
            .with("serve", median(of.serve_tenths));
        values.add("services", entry);
    }
    let sum = |of: fn(&ScanFigures) -> u64| figures.scans.iter().map(of).sum::<u64>();
    let states = [
        (ScanState::Kept, sum(|s| s.kept)),
        (ScanState::Pending, sum(|s| s.pending)),
        (ScanState::Delivered, sum(|s| s.delivered)),
        (ScanState::Refused, sum(|s| s.refused)),
        (ScanState::Unknown, sum(|s| s.unknown)),
    ];
    for (state, n) in states.into_iter().filter(|(_, n)| *n > 0) {
        let entry = Values::default()
            .with("state", scan_state(state, language))
            .with("count", count(n));
        values.add("scans", entry);
    }
    Content {
        values,
        code: figures.head.clone(),
        leads: true,
        again,
    }
}

/// The busiest services by letter, and all others as one: the report of a large office stays a slip.
fn busiest(mut all: Vec<(char, Count)>) -> Vec<(Option<char>, Count)> {
    if all.len() > SERVICES_MAX {
        all.sort_by_key(|(letter, of)| (Reverse(of.issued), *letter));
    }
    let others = all.split_off(all.len().min(SERVICES_MAX));
    let sum = others.into_iter().map(|(_, of)| of);
    let others = sum.reduce(|sum, of| sum.and(&of));
    all.sort_by_key(|(letter, _)| *letter);
    let named = all.into_iter().map(|(letter, of)| (Some(letter), of));
    named.chain(others.map(|of| (None, of))).collect()
}

/// The words of the counter page.
pub(super) fn scan_state(state: ScanState, language: &str) -> &'static str {
    let (vi, en) = match state {
        ScanState::Kept => ("đã lưu tại máy", "kept on this machine"),
        ScanState::Pending => ("đang chờ gửi", "waiting to be sent"),
        ScanState::Delivered => ("đã gửi", "sent"),
        ScanState::Refused => ("phần mềm chưa nhận", "not taken by the software"),
        ScanState::Unknown => ("chưa rõ kết quả gửi", "outcome unknown"),
    };
    if language == "en" { en } else { vi }
}

/// A head as a person types it off the paper: four digits at a time, four times a row.
pub(super) fn grouped(head: &str) -> String {
    let digits: Vec<char> = head.chars().collect();
    let rows = digits.chunks(16).map(|row| {
        let groups = row.chunks(4).map(|group| group.iter().collect::<String>());
        groups.collect::<Vec<_>>().join(" ")
    });
    rows.collect::<Vec<_>>().join("\n")
}

fn shortened(text: &str) -> String {
    let mut letters = text.chars();
    let mut short: String = letters.by_ref().take(REASON_CHARS_MAX).collect();
    if letters.next().is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_of_a_large_office_tells_the_busiest_services_and_the_rest_as_one() {
        let service = |(letter, issued)| {
            let count = Count {
                issued,
                wait_tenths: Some(1),
                ..Count::default()
            };
            (letter, count)
        };
        let all: Vec<_> = ('A'..='M').zip(1..).map(service).collect();
        let told = busiest(all);
        let letters: String = told.iter().map(|(l, _)| l.unwrap_or('…')).collect();
        assert_eq!(letters, "DEFGHIJKLM…");
        let (_, others) = told[10];
        assert_eq!((others.issued, others.wait_tenths), (6, None));
        assert_eq!(busiest(vec![service(('A', 3))]).len(), 1);
    }

    #[test]
    fn a_head_can_be_typed_off_the_paper() {
        let told = grouped(&"0123456789abcdef".repeat(2));
        assert_eq!(told, "0123 4567 89ab cdef\n0123 4567 89ab cdef");
    }
}
