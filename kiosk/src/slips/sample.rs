//! The longest that a slip of an office plausibly says, to try layouts with.

use jiff::civil::Time;
use queue::{Office, SlipKind, Text, WaitRange};

use super::content::{self, Content, Paper, REASON_CHARS_MAX, SERVICES_MAX};
use super::fields::Values;
use super::says;

/// People ahead and seconds to wait on the worst day of a large office.
const AHEAD: u32 = 999;
/// After the noon break.
const KEPT: Time = jiff::civil::time(13, 30, 0, 0);
const WAIT: WaitRange = WaitRange {
    low: 240 * 60,
    high: 300 * 60,
};
/// A number late on the worst day, in the broadest digits.
const NUMBER: u32 = 8_888;
const COUNT: usize = 88_888;
/// 20:58 on 28/12/2026 in Vietnam, as many digits as a time has.
const UTC: i64 = 1_798_466_280_000;
/// As long as a token is.
const TOKEN: u128 = u128::MAX;
const REASON: &str = "chờ bổ sung giấy tờ theo hướng dẫn của cán bộ tiếp nhận ";

/// What a slip of this kind says at its longest, with the office's own names. `url`: where tickets'
/// codes lead.
pub(super) fn longest(
    office: &Office,
    kind: SlipKind,
    language: &str,
    paper: Paper<'_>,
    url: Option<&str>,
) -> Content {
    let utc = Some(UTC);
    match kind {
        SlipKind::TestPage => Content {
            again: true,
            ..content::test_page(office, language, utc, paper, url)
        },
        SlipKind::DayReport => day_report(office, language),
        SlipKind::Ticket | SlipKind::Checklist | SlipKind::ReEntry | SlipKind::Deferred => {
            let mut values = content::everywhere(office, language, utc);
            longest_service(&mut values, office, language);
            let letter = office.services.first().map_or('M', |s| s.letter);
            values.set("number", format!("{letter}{NUMBER}"));
            values.set("priority", content::priority(language));
            values.set("ahead", says::people(AHEAD, language));
            values.set("wait", says::minutes(WAIT, language));
            values.set("kept", says::hour(KEPT, language));
            let reason: String = REASON.chars().cycle().take(REASON_CHARS_MAX).collect();
            values.set("reason", reason);
            let day = office.local(UTC).date();
            values.set("day", says::date(day));
            content::comes_back(&mut values, Some(day), Some(KEPT), language);
            Content {
                values,
                code: crate::web::qr(url, queue::Id::from_bits(TOKEN)),
                leads: url.is_some(),
                again: true,
            }
        }
    }
}

/// A ticket as most are: an ordinary one of a service without a list of papers, printed once.
pub(super) fn usual(longest: Content, language: &str) -> Content {
    let mut values = longest.values;
    values.clear("papers");
    values.set("priority", "");
    values.set("kept", "");
    values.set("ahead", says::people(12, language));
    let (low, high) = (10 * 60, 15 * 60);
    values.set("wait", says::minutes(WaitRange { low, high }, language));
    Content {
        values,
        again: false,
        ..longest
    }
}

/// What somebody who edits a layout is shown: a usual slip, of a service with papers if there is one.
pub(super) fn shown(
    office: &Office,
    kind: SlipKind,
    language: &str,
    paper: Paper<'_>,
    url: Option<&str>,
) -> Content {
    let mut content = usual(longest(office, kind, language, paper, url), language);
    let with_papers = office.services.iter().find(|s| !s.papers.is_empty());
    let service = with_papers.or(office.services.first());
    if let Some(service) = service.filter(|_| kind != SlipKind::DayReport) {
        content
            .values
            .set("number", format!("{}012", service.letter));
        content::of_service(&mut content.values, Some(service), language);
        content.values.set("reason", REASON.trim_end());
    }
    content
}

/// No service is that long in all, but each of its texts is of one.
fn longest_service(values: &mut Values, office: &Office, language: &str) {
    let length = |text: &Text| text.get(language).chars().count();
    let all = || office.services.iter();
    let mut longest = all().max_by_key(|s| length(&s.name)).cloned();
    if let Some(longest) = &mut longest {
        if let Some(other) = all().max_by_key(|s| length(&s.words)) {
            longest.words.clone_from(&other.words);
        }
        let papers = |s: &queue::Service| s.papers.iter().map(length).sum::<usize>();
        if let Some(other) = all().max_by_key(|s| (papers(s), s.papers.len())) {
            longest.papers.clone_from(&other.papers);
        }
    }
    content::of_service(values, longest.as_ref(), language);
}

fn day_report(office: &Office, language: &str) -> Content {
    let count = says::count(COUNT, language);
    let head = "88".repeat(32);
    let day = office.local(UTC).date();
    let mut values = content::everywhere(office, language, Some(UTC))
        .with("day", says::date(day))
        .with("record", "888888888")
        .with("head", content::grouped(&head));
    for field in ["issued", "done", "missed", "cancelled", "scans"] {
        values.set(field, &*count);
    }
    for service in office.services.iter().take(SERVICES_MAX + 1) {
        let mut entry = Values::default()
            .with("letter", service.letter)
            .with("service", service.name.get(language))
            .with("wait", says::tenths(2_888, language))
            .with("serve", says::tenths(2_888, language));
        for field in ["issued", "done", "missed", "cancelled"] {
            entry.set(field, &*count);
        }
        values.add("services", entry);
    }
    use queue::ScanState::{Delivered, Kept, Pending, Refused, Unknown};
    for state in [Kept, Delivered, Pending, Refused, Unknown] {
        let state = content::scan_state(state, language);
        let entry = Values::default()
            .with("state", state)
            .with("count", &*count);
        values.add("scans", entry);
    }
    Content {
        values,
        code: head,
        leads: true,
        again: true,
    }
}
