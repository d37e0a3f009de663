//! Which tables a report has. The words are those of the counter page and of the slip.

use super::period::dated;
use super::{Cell, Language, Table};
use crate::ledger::{DayFigures, Figures, Tickets};

/// Headings in Vietnamese and English.
type Words = &'static [(&'static str, &'static str)];

/// Columns of tickets, behind the name.
const TICKETS: Words = &[
    ("Đã phát", "Issued"),
    ("Đã phục vụ", "Served"),
    ("Vắng", "No-show"),
    ("Hủy", "Cancelled"),
    ("Đổi", "Changed"),
    ("Còn lại", "Left"),
    ("Ưu tiên", "Priority"),
    ("Chờ, 50\u{a0}%", "Wait, 50\u{a0}%"),
    ("Chờ, 90\u{a0}%", "Wait, 90\u{a0}%"),
    ("Phục vụ, 50\u{a0}%", "Service, 50\u{a0}%"),
    ("Phục vụ, 90\u{a0}%", "Service, 90\u{a0}%"),
];

const COUNTERS: Words = &[
    ("Quầy", "Counter"),
    ("Lượt gọi", "Calls"),
    ("Đã phục vụ", "Served"),
    ("Vắng", "No-show"),
    ("Chuyển", "Transferred"),
    ("Phục vụ, 50\u{a0}%", "Service, 50\u{a0}%"),
    ("Phục vụ, 90\u{a0}%", "Service, 90\u{a0}%"),
    ("Giờ mở", "Open"),
    ("Giờ nghỉ", "Paused"),
    ("Giờ rảnh", "Idle"),
];

const HALF_HOURS: Words = &[("Từ", "From"), ("Đã phát", "Issued"), ("Lượt gọi", "Calls")];

const PAPER: Words = &[
    ("Đã in", "Printed"),
    (
        "Đã gửi máy in, không xác nhận được",
        "Sent, cannot be confirmed",
    ),
    ("Chưa rõ đã ra giấy", "Not known whether it came out"),
    ("Không in được", "Failed"),
    ("Đang chờ in", "To be printed"),
    ("Không cần phiếu", "No slip wanted"),
    ("Bản in lại", "Reprints"),
];

const SCANS: Words = &[
    ("Mục đích quét", "Purpose of scan"),
    ("Lượt quét", "Scans"),
    ("Đã gửi", "Delivered"),
    ("Đang chờ gửi", "Pending"),
    ("Phần mềm chưa nhận", "Not accepted"),
    ("Cần cán bộ quyết định", "To be decided"),
    ("Đã lưu tại máy", "Kept here"),
    ("Gửi sau, 50\u{a0}%", "Delivered after, 50\u{a0}%"),
    ("Gửi sau, 90\u{a0}%", "Delivered after, 90\u{a0}%"),
];

pub(super) fn columns(language: Language, words: &[(&str, &str)]) -> Vec<String> {
    words
        .iter()
        .map(|(vi, en)| language.say(vi, en).to_owned())
        .collect()
}

fn tickets_cells(first: String, tickets: &Tickets) -> Vec<Cell> {
    let t = tickets;
    vec![
        Cell::Text(first),
        Cell::Count(t.issued),
        Cell::Count(t.served),
        Cell::Count(t.no_shows),
        Cell::Count(t.cancelled),
        Cell::Count(t.changed),
        Cell::Count(t.open),
        Cell::Count(t.priority),
        Cell::Minutes(t.wait.median_seconds),
        Cell::Minutes(t.wait.p90_seconds),
        Cell::Minutes(t.service.median_seconds),
        Cell::Minutes(t.service.p90_seconds),
    ]
}

/// The few figures that are read first: a name and a value each.
pub fn summary(figures: &Figures, language: Language) -> Vec<(String, Cell)> {
    let t = &figures.total;
    let peak = figures.peak().map_or(Cell::Text("–".into()), |half| {
        let count = language.count(half.issued);
        Cell::Text(match language {
            Language::Vi => format!("{} ({count} số)", half.from),
            Language::En => format!("{} ({count} issued)", half.from),
        })
    });
    let rows = [
        (("Số đã phát", "Numbers issued"), Cell::Count(t.issued)),
        (("Đã phục vụ", "Served"), Cell::Count(t.served)),
        (("Vắng mặt", "No-shows"), Cell::Count(t.no_shows)),
        (
            ("Một nửa chờ không quá (phút)", "Half waited at most (min)"),
            Cell::Minutes(t.wait.median_seconds),
        ),
        (
            (
                "90\u{a0}% chờ không quá (phút)",
                "90\u{a0}% waited at most (min)",
            ),
            Cell::Minutes(t.wait.p90_seconds),
        ),
        (
            (
                "Một nửa phục vụ không quá (phút)",
                "Half served within (min)",
            ),
            Cell::Minutes(t.service.median_seconds),
        ),
        (
            ("Tỷ lệ ưu tiên", "Priority share"),
            Cell::Share(t.priority_permille()),
        ),
        (("Giờ cao điểm từ", "Peak half hour from"), peak),
    ];
    rows.into_iter()
        .map(|((vi, en), cell)| (language.say(vi, en).to_owned(), cell))
        .collect()
}

/// The date of a day, or its number while the date is unknown.
pub fn day_name(day: &DayFigures, language: Language) -> String {
    let date = day.date.as_ref().and_then(|date| date.parse().ok());
    date.map_or_else(
        || match language {
            Language::Vi => format!("ngày thứ {} (chưa rõ ngày)", day.id),
            Language::En => format!("day {} (date unknown)", day.id),
        },
        |date| dated(date, language),
    )
}

/// Every table of a report; days have one only where there are several.
pub fn tables(figures: &Figures, language: Language) -> Vec<Table> {
    let mut tables = vec![services(figures, language), counters(figures, language)];
    if figures.days.len() > 1 {
        tables.insert(0, days(figures, language));
    }
    tables.push(half_hours(figures, language));
    tables.push(paper(figures, language));
    tables.push(scans(figures, language));
    tables
}

fn sum(figures: &Figures, language: Language) -> Option<Vec<Cell>> {
    let name = language.say("Cộng", "Total").to_owned();
    Some(tickets_cells(name, &figures.total))
}

fn days(figures: &Figures, language: Language) -> Table {
    let mut words = vec![("Ngày", "Day")];
    words.extend(TICKETS);
    let rows = figures.days.iter();
    Table {
        id: "days",
        title: language
            .say("Theo ngày (thời gian: phút)", "By day (times in minutes)")
            .into(),
        columns: columns(language, &words),
        rows: rows
            .map(|day| tickets_cells(day_name(day, language), &day.tickets))
            .collect(),
        total: sum(figures, language),
    }
}

fn services(figures: &Figures, language: Language) -> Table {
    let mut words = vec![("Lĩnh vực", "Service")];
    words.extend(TICKETS);
    let rows = figures.services.iter().map(|service| {
        let name = format!("{} {}", service.letter, language.of(&service.name));
        tickets_cells(name.trim_end().to_owned(), &service.tickets)
    });
    Table {
        id: "services",
        title: language
            .say(
                "Theo lĩnh vực (thời gian: phút)",
                "By service (times in minutes)",
            )
            .into(),
        columns: columns(language, &words),
        rows: rows.collect(),
        total: sum(figures, language),
    }
}

fn counters(figures: &Figures, language: Language) -> Table {
    let rows = figures.counters.iter().map(|counter| {
        vec![
            Cell::Text(counter.number.to_string()),
            Cell::Count(counter.calls),
            Cell::Count(counter.served),
            Cell::Count(counter.no_shows),
            Cell::Count(counter.transferred),
            Cell::Minutes(counter.service.median_seconds),
            Cell::Minutes(counter.service.p90_seconds),
            Cell::Hours(counter.open_seconds),
            Cell::Hours(counter.paused_seconds),
            Cell::Hours(counter.idle_seconds),
        ]
    });
    Table {
        id: "counters",
        title: language
            .say(
                "Theo quầy (phục vụ: phút; giờ mở, nghỉ, rảnh: giờ:phút)",
                "By counter (service in minutes; open, paused, idle in h:min)",
            )
            .into(),
        columns: columns(language, COUNTERS),
        rows: rows.collect(),
        total: None,
    }
}

fn half_hours(figures: &Figures, language: Language) -> Table {
    let rows = figures.half_hours.iter().map(|half| {
        vec![
            Cell::Text(half.from.clone()),
            Cell::Count(half.issued),
            Cell::Count(half.called),
        ]
    });
    Table {
        id: "half-hours",
        title: language
            .say("Số phát theo nửa giờ", "Numbers issued by half hour")
            .into(),
        columns: columns(language, HALF_HOURS),
        rows: rows.collect(),
        total: None,
    }
}

fn paper(figures: &Figures, language: Language) -> Table {
    let p = &figures.paper;
    let counts = [
        p.printed, p.sent, p.unknown, p.failed, p.pending, p.none, p.reprints,
    ];
    Table {
        id: "paper",
        title: language.say("Giấy in (số phiếu)", "Paper (slips)").into(),
        columns: columns(language, PAPER),
        rows: vec![counts.map(Cell::Count).into()],
        total: None,
    }
}

/// What a scan was for, in the words of the counter page.
pub fn purpose(word: &str, language: Language) -> &'static str {
    match word {
        "receive" => language.say("Tiếp nhận", "Receive"),
        "supplement" => language.say("Bổ sung hồ sơ", "Supplement"),
        "return" => language.say("Trả kết quả", "Return"),
        _ => language.say("Tra cứu", "Look up"),
    }
}

/// Where a scan is on its way, in the words of the counter page.
pub fn scan_state(word: &str, language: Language) -> &'static str {
    match word {
        "delivered" => language.say("Đã gửi", "Delivered"),
        "refused" => language.say("Phần mềm chưa nhận", "Not accepted"),
        "unknown" => language.say("Cần cán bộ quyết định", "To be decided"),
        "kept" => language.say("Đã lưu tại máy", "Kept here"),
        _ => language.say("Đang chờ gửi", "Pending"),
    }
}

fn scans(figures: &Figures, language: Language) -> Table {
    let rows = figures.scans.iter().map(|scan| {
        vec![
            Cell::Text(purpose(&scan.purpose, language).to_owned()),
            Cell::Count(scan.scans),
            Cell::Count(scan.delivered),
            Cell::Count(scan.pending),
            Cell::Count(scan.refused),
            Cell::Count(scan.unknown),
            Cell::Count(scan.kept),
            Cell::Minutes(scan.delivery.median_seconds),
            Cell::Minutes(scan.delivery.p90_seconds),
        ]
    });
    Table {
        id: "scans",
        title: language
            .say(
                "Hồ sơ đã quét (gửi sau: phút)",
                "Dossiers scanned (delivered after: minutes)",
            )
            .into(),
        columns: columns(language, SCANS),
        rows: rows.collect(),
        total: None,
    }
}
