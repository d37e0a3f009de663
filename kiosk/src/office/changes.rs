//! What a change of the office is, in words for whoever looks back.

use jiff::civil::{Date, Time};
use queue::{
    Class, Counter, DayOff, Holiday, Hours, Mixing, Office, Purpose, Service, ServiceKind,
    SlipKind, Text, Weekday,
};

use crate::slips::KINDS;

/// Letters of a text that is named in a change.
const QUOTE_CHARS_MAX: usize = 60;

/// Everything that differs, in the order of the pages; empty: nothing does.
pub fn changes(old: &Office, new: &Office) -> Vec<Text> {
    let mut told = Told(Vec::new());
    told.head(old, new);
    told.days(old, new);
    told.services(old, new);
    told.counters(&old.counters, &new.counters);
    told.classes(&old.classes, &new.classes);
    if old.mixing != new.mixing {
        let said = |m: Mixing| format!("{} : {}", m.priority, m.normal);
        told.replaced(
            ["Tỷ lệ gọi ưu tiên", "Priority mixing"],
            &said(old.mixing),
            &said(new.mixing),
        );
    }
    told.limit(old.tickets_per_person, new.tickets_per_person);
    told.list(["thông báo", "notice"], &old.notices, &new.notices);
    told.slips(old, new);
    told.0
}

/// A text in both languages, made of one phrase each.
fn both(say: impl Fn(&str) -> String) -> Text {
    Text::vi_en(&say("vi"), &say("en"))
}

fn in_language<'a>(language: &str, [vi, en]: [&'a str; 2]) -> &'a str {
    match language {
        "en" => en,
        _ => vi,
    }
}

fn quoted(text: &str) -> String {
    let mut short: String = text.chars().take(QUOTE_CHARS_MAX).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    format!("“{short}”")
}

fn date(date: Date) -> String {
    date.strftime("%d/%m/%Y").to_string()
}

fn hour(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

fn day(day: Weekday, language: &str) -> &'static str {
    let (vi, en) = match day {
        Weekday::Mon => ("T2", "Mon"),
        Weekday::Tue => ("T3", "Tue"),
        Weekday::Wed => ("T4", "Wed"),
        Weekday::Thu => ("T5", "Thu"),
        Weekday::Fri => ("T6", "Fri"),
        Weekday::Sat => ("T7", "Sat"),
        Weekday::Sun => ("CN", "Sun"),
    };
    match language {
        "en" => en,
        _ => vi,
    }
}

fn spans(hours: &[Hours], language: &str) -> String {
    let span = |hours: &Hours| {
        let days: Vec<_> = hours.days.iter().map(|d| day(*d, language)).collect();
        format!(
            "{} {}–{}",
            days.join(", "),
            hour(hours.from),
            hour(hours.to)
        )
    };
    match hours.is_empty() {
        true => in_language(language, ["không đặt", "none"]).to_owned(),
        false => hours.iter().map(span).collect::<Vec<_>>().join("; "),
    }
}

/// *Quầy 3 phục vụ A, C*.
fn serves(counter: &Counter, language: &str) -> String {
    let number = counter.number;
    let letters: Vec<String> = counter.services.iter().map(char::to_string).collect();
    let letters = letters.join(", ");
    match (letters.is_empty(), language) {
        (true, "en") => format!("counter {number} serves no service"),
        (true, _) => format!("quầy {number} không phục vụ lĩnh vực nào"),
        (false, "en") => format!("counter {number} serves {letters}"),
        (false, _) => format!("quầy {number} phục vụ {letters}"),
    }
}

fn kind(kind: ServiceKind, language: &str) -> &'static str {
    let words = match kind {
        ServiceKind::Normal => ["ô thường", "an ordinary tile"],
        ServiceKind::Result => ["ô Nhận kết quả", "the tile Collect a result"],
        ServiceKind::Guide => ["ô Tôi chưa rõ", "the tile I am not sure"],
    };
    in_language(language, words)
}

fn purpose(purpose: Option<Purpose>, language: &str) -> &'static str {
    let words = match purpose {
        None => ["theo quầy", "the counter's"],
        Some(Purpose::Receive) => ["Tiếp nhận", "receive"],
        Some(Purpose::Supplement) => ["Bổ sung hồ sơ", "supplement"],
        Some(Purpose::Return) => ["Trả kết quả", "return"],
        Some(Purpose::LookUp) => ["Tra cứu", "look up"],
    };
    in_language(language, words)
}

fn slip(kind: SlipKind, language: &str) -> &'static str {
    let words = match kind {
        SlipKind::Ticket => ["phiếu số thứ tự", "tickets"],
        SlipKind::Checklist => ["phiếu giấy tờ cần có", "lists of papers"],
        SlipKind::ReEntry => ["phiếu quay lại", "return slips"],
        SlipKind::Deferred => ["phiếu hẹn trở lại", "slips to come back with"],
        SlipKind::DayReport => ["báo cáo ngày", "day reports"],
        SlipKind::TestPage => ["trang in thử", "test pages"],
    };
    in_language(language, words)
}

/// *27/11/2026 từ 14:00 (Mất điện)*.
fn off(off: &DayOff, language: &str) -> String {
    let mut said = date(off.date);
    if let Some(from) = off.from {
        let word = in_language(language, ["từ", "from"]);
        said = format!("{said} {word} {}", hour(from));
    }
    if let Some(to) = off.to {
        let word = in_language(language, ["đến", "to"]);
        said = format!("{said} {word} {}", hour(to));
    }
    because(said, &off.reason, language)
}

fn holiday(holiday: &Holiday, language: &str) -> String {
    because(date(holiday.date), &holiday.name, language)
}

fn because(said: String, text: &Text, language: &str) -> String {
    match text.get(language) {
        "" => said,
        text => format!("{said} ({text})"),
    }
}

struct Told(Vec<Text>);

impl Told {
    fn say(&mut self, say: impl Fn(&str) -> String) {
        self.0.push(both(say));
    }

    fn replaced(&mut self, what: [&str; 2], old: &str, new: &str) {
        if old != new {
            self.say(|l| {
                let what = in_language(l, what);
                format!("{what}: {} → {}", quoted(old), quoted(new))
            });
        }
    }

    /// A text in each language in which it differs.
    fn text(&mut self, what: [&str; 2], old: &Text, new: &Text) {
        for (language, named) in [("vi", ""), ("en", " (English)")] {
            let of = |text: &Text| text.0.get(language).cloned().unwrap_or_default();
            let what = what.map(|what| format!("{what}{named}"));
            self.replaced([&what[0], &what[1]], &of(old), &of(new));
        }
    }

    fn list(&mut self, what: [&str; 2], old: &[Text], new: &[Text]) {
        let mut any = false;
        for gone in old.iter().filter(|text| !new.contains(text)) {
            any = true;
            self.say(|l| match l {
                "en" => format!("Removed {} {}", what[1], quoted(gone.get(l))),
                _ => format!("Bỏ {} {}", what[0], quoted(gone.get(l))),
            });
        }
        for added in new.iter().filter(|text| !old.contains(text)) {
            any = true;
            self.say(|l| match l {
                "en" => format!("Added {} {}", what[1], quoted(added.get(l))),
                _ => format!("Thêm {} {}", what[0], quoted(added.get(l))),
            });
        }
        if !any && old != new {
            self.say(|l| match l {
                "en" => format!("Changed the order: {}", what[1]),
                _ => format!("Đổi thứ tự {}", what[0]),
            });
        }
    }

    fn head(&mut self, old: &Office, new: &Office) {
        self.text(["Tên cơ quan", "Name of the office"], &old.name, &new.name);
        self.text(
            ["Cơ quan chủ quản", "Parent authority"],
            &old.parent,
            &new.parent,
        );
        self.replaced(["Mã cơ quan", "Code of the office"], &old.code, &new.code);
        self.replaced(["Đường dây nóng", "Hotline"], &old.hotline, &new.hotline);
        let all = |office: &Office| office.languages.join(", ");
        self.replaced(["Ngôn ngữ", "Languages"], &all(old), &all(new));
        if old.utc_offset_minutes != new.utc_offset_minutes {
            self.say(|l| in_language(l, ["Đổi múi giờ", "Changed the time zone"]).to_owned());
        }
    }

    fn hours(&mut self, what: [&str; 2], old: &[Hours], new: &[Hours]) {
        if old != new {
            self.say(|l| format!("{}: {}", in_language(l, what), spans(new, l)));
        }
    }

    fn days(&mut self, old: &Office, new: &Office) {
        self.hours(["Giờ phát số", "Hours of numbers"], &old.hours, &new.hours);
        self.hours(["Giờ làm việc", "Working hours"], &old.work, &new.work);
        for gone in old.holidays.iter().filter(|h| !new.holidays.contains(h)) {
            self.say(|l| match l {
                "en" => format!("Removed holiday {}", holiday(gone, l)),
                _ => format!("Bỏ ngày nghỉ {}", holiday(gone, l)),
            });
        }
        for added in new.holidays.iter().filter(|h| !old.holidays.contains(h)) {
            self.say(|l| match l {
                "en" => format!("Added holiday {}", holiday(added, l)),
                _ => format!("Thêm ngày nghỉ {}", holiday(added, l)),
            });
        }
        for gone in old.days_off.iter().filter(|d| !new.days_off.contains(d)) {
            self.say(|l| match l {
                "en" => format!("No unplanned closure any more: {}", off(gone, l)),
                _ => format!("Bỏ nghỉ đột xuất {}", off(gone, l)),
            });
        }
        for added in new.days_off.iter().filter(|d| !old.days_off.contains(d)) {
            self.say(|l| match l {
                "en" => format!("Unplanned closure: {}", off(added, l)),
                _ => format!("Nghỉ đột xuất {}", off(added, l)),
            });
        }
    }

    fn services(&mut self, old: &Office, new: &Office) {
        let named =
            |service: &Service, l: &str| format!("{} · {}", service.letter, service.name.get(l));
        for gone in &old.services {
            if new.service(gone.letter).is_none() {
                self.say(|l| match l {
                    "en" => format!("Removed service {}", named(gone, l)),
                    _ => format!("Bỏ lĩnh vực {}", named(gone, l)),
                });
            }
        }
        for service in &new.services {
            match old.service(service.letter) {
                Some(before) => self.service(before, service),
                None => self.say(|l| match l {
                    "en" => format!("Added service {}", named(service, l)),
                    _ => format!("Thêm lĩnh vực {}", named(service, l)),
                }),
            }
        }
        let order = |office: &Office, other: &Office| -> Vec<char> {
            let letters = office.services.iter().map(|s| s.letter);
            letters.filter(|l| other.service(*l).is_some()).collect()
        };
        if order(old, new) != order(new, old) {
            self.say(|l| {
                let words = ["Đổi thứ tự các lĩnh vực", "Changed the order of services"];
                in_language(l, words).to_owned()
            });
        }
    }

    fn service(&mut self, old: &Service, new: &Service) {
        let letter = new.letter;
        let of = |vi: &str, en: &str| [format!("{letter}: {vi}"), format!("{letter}: {en}")];
        let name = of("tên", "name");
        self.text([&name[0], &name[1]], &old.name, &new.name);
        let words = of("từ thông dụng", "everyday words");
        self.text([&words[0], &words[1]], &old.words, &new.words);
        if old.kind != new.kind {
            self.say(|l| format!("{letter}: {}", kind(new.kind, l)));
        }
        if old.quota != new.quota {
            self.say(|l| match (new.quota, l) {
                (Some(quota), "en") => format!("{letter}: at most {quota} numbers a day"),
                (Some(quota), _) => format!("{letter}: mỗi ngày nhiều nhất {quota} số"),
                (None, "en") => format!("{letter}: no limit of numbers a day"),
                (None, _) => format!("{letter}: không giới hạn số mỗi ngày"),
            });
        }
        if old.minutes != new.minutes {
            let (before, after) = (old.minutes, new.minutes);
            self.say(|l| match l {
                "en" => format!("{letter}: {before} → {after} minutes a ticket"),
                _ => format!("{letter}: mỗi lượt {before} → {after} phút"),
            });
        }
        if old.purpose != new.purpose {
            self.say(|l| {
                let what = in_language(l, ["mục đích quét", "purpose of scans"]);
                format!("{letter}: {what} {}", purpose(new.purpose, l))
            });
        }
        let papers = of("giấy tờ", "paper");
        self.list([&papers[0], &papers[1]], &old.papers, &new.papers);
        let hours = of("giờ phát số", "hours of numbers");
        self.hours([&hours[0], &hours[1]], &old.hours, &new.hours);
    }

    fn counters(&mut self, old: &[Counter], new: &[Counter]) {
        let find = |all: &[Counter], number| all.iter().find(|c| c.number == number).cloned();
        for gone in old.iter().filter(|c| find(new, c.number).is_none()) {
            self.say(|l| match l {
                "en" => format!("Removed counter {}", gone.number),
                _ => format!("Bỏ quầy {}", gone.number),
            });
        }
        for counter in new {
            let number = counter.number;
            let Some(before) = find(old, number) else {
                self.say(|l| match l {
                    "en" => format!("New: {}", serves(counter, l)),
                    _ => format!("Mới: {}", serves(counter, l)),
                });
                continue;
            };
            if before.services != counter.services {
                self.say(|l| match l {
                    "en" => format!("Changed: {}", serves(counter, l)),
                    _ => format!("Đổi: {}", serves(counter, l)),
                });
            }
            if before.purpose != counter.purpose {
                self.say(|l| {
                    let what = in_language(l, ["mục đích quét", "purpose of scans"]);
                    let counter_word = in_language(l, ["Quầy", "Counter"]);
                    let purpose = purpose(Some(counter.purpose), l);
                    format!("{counter_word} {number}: {what} {purpose}")
                });
            }
        }
    }

    fn classes(&mut self, old: &[Class], new: &[Class]) {
        let find = |all: &[Class], id: &str| all.iter().find(|c| c.id == id).cloned();
        for gone in old.iter().filter(|c| find(new, &c.id).is_none()) {
            self.say(|l| match l {
                "en" => format!("Removed priority class {}", quoted(gone.name.get(l))),
                _ => format!("Bỏ đối tượng ưu tiên {}", quoted(gone.name.get(l))),
            });
        }
        for class in new {
            match find(old, &class.id) {
                Some(before) => {
                    let what = ["Đối tượng ưu tiên", "Priority class"];
                    self.text(what, &before.name, &class.name);
                    self.age(&before, class);
                }
                None => self.say(|l| match l {
                    "en" => format!("Added priority class {}", quoted(class.name.get(l))),
                    _ => format!("Thêm đối tượng ưu tiên {}", quoted(class.name.get(l))),
                }),
            }
        }
        let order = |all: &[Class], other: &[Class]| -> Vec<String> {
            let ids = all.iter().map(|class| class.id.clone());
            ids.filter(|id| find(other, id).is_some()).collect()
        };
        if order(old, new) != order(new, old) {
            self.say(|l| {
                let words = [
                    "Đổi thứ tự các đối tượng ưu tiên",
                    "Changed the order of priority classes",
                ];
                in_language(l, words).to_owned()
            });
        }
    }

    fn limit(&mut self, old: u32, new: u32) {
        if old != new {
            self.say(|l| match (new, l) {
                (0, "en") => "A person may hold any number of numbers".to_owned(),
                (0, _) => "Không giới hạn số phiếu của một người".to_owned(),
                (_, "en") => format!("Numbers a person may hold for one service: {new}"),
                (..) => format!("Mỗi người giữ nhiều nhất {new} số của một lĩnh vực"),
            });
        }
    }

    fn age(&mut self, old: &Class, new: &Class) {
        if old.from_age != new.from_age {
            self.say(|l| {
                let name = quoted(new.name.get(l));
                match (new.from_age, l) {
                    (Some(age), "en") => format!("{name}: a card suggests it from age {age}"),
                    (Some(age), _) => format!("{name}: thẻ căn cước gợi ý từ {age} tuổi"),
                    (None, "en") => format!("{name}: a card does not suggest it any more"),
                    (None, _) => format!("{name}: thẻ căn cước không gợi ý nữa"),
                }
            });
        }
    }

    fn slips(&mut self, old: &Office, new: &Office) {
        for kind in KINDS {
            let (before, after) = (old.slips.get(&kind), new.slips.get(&kind));
            if before == after {
                continue;
            }
            self.say(|l| match (after, l) {
                (Some(_), "en") => format!("Changed the layout of {}", slip(kind, l)),
                (Some(_), _) => format!("Đổi mẫu {}", slip(kind, l)),
                (None, "en") => format!("The built-in layout again: {}", slip(kind, l)),
                (None, _) => format!("Trở lại mẫu có sẵn: {}", slip(kind, l)),
            });
        }
    }
}
