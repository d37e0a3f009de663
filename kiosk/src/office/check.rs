//! Whether a draft is an office that can be used.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Time};
use queue::{Class, Counter, DayOff, Holiday, Hours, Office, Service, SlipKind, SlipLine, Text};

use super::draft::{
    ClassDraft, CounterDraft, DayOffDraft, HolidayDraft, HoursDraft, OfficeDraft, ServiceDraft,
};
use super::{LANGUAGES, Remark};
use crate::journal::word;
use crate::slips::check::{Trial, check};
use crate::slips::{self, KINDS, Press};

/// Papers that fit on a slip.
const PAPERS_MAX: usize = 5;
/// Minutes of a whole working day.
const MINUTES: std::ops::RangeInclusive<u32> = 1..=480;
/// Three digits: what the voice and the counter displays are made for.
const COUNTERS: std::ops::RangeInclusive<u32> = 1..=999;
/// In a row. More priority calls than anybody counts are a mistake that keeps others waiting.
const MIXING: std::ops::RangeInclusive<u32> = 1..=100;
/// A family's papers at one visit; more is no limit, which is said by 0.
const TICKETS_PER_PERSON_MAX: u32 = 20;
/// Of a class that a card may suggest.
const AGES: std::ops::RangeInclusive<u16> = 1..=120;
/// A name is read on a tile and on a slip, a notice while it stands on the lobby screen.
const NAME_CHARS_MAX: usize = 200;
const NOTICE_CHARS_MAX: usize = 500;
/// A reason stands under the words on the touch screen, in two rows.
const REASON_CHARS_MAX: usize = 100;
/// Codes and telephone numbers.
const CODE_CHARS_MAX: usize = 60;
/// Long lists are a mistake, and every change of the office stands in the journal whole.
const NOTICES_MAX: usize = 20;
const SPANS_MAX: usize = 50;
const DAYS_MAX: usize = 500;
const CLASSES_MAX: usize = 20;

/// What was found.
#[derive(Debug)]
pub struct Judged {
    /// The office; absent if something is wrong.
    pub office: Option<Office>,
    /// What is wrong, all of it.
    pub problems: Vec<Remark>,
    /// What works and is probably not meant.
    pub warnings: Vec<Remark>,
}

/// Judges a draft; `press`: what its slips are printed with.
pub fn judge(draft: &OfficeDraft, press: &Press) -> Judged {
    let mut judge = Judge::default();
    let office = judge.office(draft);
    judge.slips(draft, &office, press);
    judge.untranslated(draft);
    Judged {
        office: judge.problems.is_empty().then_some(office),
        problems: judge.problems,
        warnings: judge.warnings,
    }
}

/// Judges an unplanned closure alone.
pub fn day_off(draft: &DayOffDraft) -> Result<DayOff, Vec<Remark>> {
    let mut judge = Judge::default();
    let off = judge.day_off("", draft);
    match off {
        Some(off) if judge.problems.is_empty() => Ok(off),
        _ => Err(judge.problems),
    }
}

#[derive(Default)]
struct Judge {
    problems: Vec<Remark>,
    warnings: Vec<Remark>,
}

impl Judge {
    fn wrong(&mut self, field: impl Into<String>, vi: impl AsRef<str>, en: impl AsRef<str>) {
        self.problems.push(Remark::new(field, vi, en));
    }

    fn office(&mut self, draft: &OfficeDraft) -> Office {
        self.needed("name", &draft.name, NAME_CHARS_MAX);
        self.words("parent", &draft.parent, NAME_CHARS_MAX);
        self.short("code", &draft.code);
        self.short("hotline", &draft.hotline);
        self.languages(&draft.languages);
        let offset = offset(&draft.time_zone);
        if offset.is_none() {
            let (vi, en) = ("ghi dạng \"+07:00\"", "written as \"+07:00\"");
            self.wrong("time_zone", vi, en);
        }
        let mixing = draft.mixing;
        if !MIXING.contains(&mixing.priority) || !MIXING.contains(&mixing.normal) {
            self.wrong(
                "mixing",
                "mỗi số từ 1 đến 100, để không ai phải chờ mãi",
                "both from 1 to 100, so that nobody waits for ever",
            );
        }
        if draft.tickets_per_person > TICKETS_PER_PERSON_MAX {
            self.wrong(
                "tickets_per_person",
                "từ 0 (không giới hạn) đến 20",
                "from 0 (no limit) to 20",
            );
        }
        self.at_most("notices", draft.notices.len(), NOTICES_MAX);
        for (i, notice) in draft.notices.iter().enumerate() {
            self.needed(&format!("notices[{i}]"), notice, NOTICE_CHARS_MAX);
        }
        let services = self.services(&draft.services);
        let counters = self.counters(&draft.counters, &services);
        self.unserved(&draft.services, &counters);
        let hours = self.spans("hours", &draft.hours);
        self.never_open(&hours, &draft.services, &services);
        Office {
            parent: said(&draft.parent),
            name: said(&draft.name),
            code: draft.code.clone(),
            hotline: draft.hotline.clone(),
            languages: draft.languages.clone(),
            utc_offset_minutes: offset.unwrap_or_default(),
            hours,
            work: self.spans("work", &draft.work),
            holidays: self.holidays(&draft.holidays),
            days_off: self.days_off(&draft.days_off),
            notices: draft.notices.iter().map(said).collect(),
            services,
            counters,
            classes: self.classes(&draft.classes),
            mixing,
            tickets_per_person: draft.tickets_per_person,
            slips: self.layouts(draft),
        }
    }

    /// A text in no language but those that are spoken, and not too long.
    fn words(&mut self, field: &str, text: &Text, chars_max: usize) {
        for (language, words) in &text.0 {
            if !LANGUAGES.contains(&language.as_str()) {
                self.wrong(
                    field,
                    format!("không có ngôn ngữ {language}; chỉ có vi, en"),
                    format!("there is no language {language}; known are vi, en"),
                );
            }
            let chars = words.chars().count();
            if chars > chars_max {
                self.wrong(
                    field,
                    format!("dài {chars} chữ, nhiều nhất {chars_max}"),
                    format!("has {chars} characters, at most {chars_max} are allowed"),
                );
            }
        }
    }

    /// The same of a text that has to be there.
    fn needed(&mut self, field: &str, text: &Text, chars_max: usize) {
        self.words(field, text, chars_max);
        if text.get(LANGUAGES[0]).trim().is_empty() {
            self.wrong(field, "chưa ghi", "is not given");
        }
    }

    fn short(&mut self, field: &str, text: &str) {
        if text.chars().count() > CODE_CHARS_MAX {
            self.wrong(
                field,
                format!("nhiều nhất {CODE_CHARS_MAX} chữ"),
                format!("at most {CODE_CHARS_MAX} characters"),
            );
        }
    }

    fn at_most(&mut self, field: &str, count: usize, most: usize) {
        if count > most {
            self.wrong(
                field,
                format!("nhiều nhất {most}"),
                format!("at most {most}"),
            );
        }
    }

    fn languages(&mut self, languages: &[String]) {
        if languages.is_empty() {
            self.wrong("languages", "ít nhất một ngôn ngữ", "at least one");
        }
        for (i, language) in languages.iter().enumerate() {
            let field = format!("languages[{i}]");
            if !LANGUAGES.contains(&language.as_str()) {
                self.wrong(
                    &field,
                    format!("không có ngôn ngữ {language}; chỉ có vi, en"),
                    format!("there is no language {language}; known are vi, en"),
                );
            }
            if languages[..i].contains(language) {
                self.twice(field, language);
            }
        }
    }

    fn twice(&mut self, field: impl Into<String>, what: impl std::fmt::Display) {
        self.wrong(
            field,
            format!("{what} ghi hai lần"),
            format!("{what} is used twice"),
        );
    }

    fn services(&mut self, drafts: &[ServiceDraft]) -> Vec<Service> {
        if drafts.is_empty() {
            self.wrong(
                "services",
                "cơ quan cần ít nhất một lĩnh vực",
                "an office needs at least one",
            );
        }
        let mut services: Vec<Service> = Vec::new();
        for (i, draft) in drafts.iter().enumerate() {
            let at = format!("services[{i}]");
            let mut letters = draft.letter.chars();
            let letter = match (letters.next(), letters.next()) {
                (Some(letter), None) if letter.is_ascii_uppercase() => Some(letter),
                _ => None,
            };
            let field = format!("{at}.letter");
            match letter {
                None => self.wrong(field, "một chữ cái từ A đến Z", "one letter from A to Z"),
                Some(letter) if services.iter().any(|s| s.letter == letter) => {
                    self.twice(field, letter);
                }
                Some(_) => {}
            }
            self.needed(&format!("{at}.name"), &draft.name, NAME_CHARS_MAX);
            self.words(&format!("{at}.words"), &draft.words, NAME_CHARS_MAX);
            if !MINUTES.contains(&draft.minutes) {
                self.wrong(
                    format!("{at}.minutes"),
                    "từ 1 đến 480 phút",
                    "from 1 to 480",
                );
            }
            self.at_most(&format!("{at}.papers"), draft.papers.len(), PAPERS_MAX);
            for (j, paper) in draft.papers.iter().enumerate() {
                self.needed(&format!("{at}.papers[{j}]"), paper, NAME_CHARS_MAX);
            }
            let hours = self.spans(&format!("{at}.hours"), &draft.hours);
            // One without a letter is judged to its end all the same.
            services.extend(letter.map(|letter| Service {
                letter,
                name: said(&draft.name),
                words: said(&draft.words),
                kind: draft.kind,
                quota: draft.quota,
                minutes: draft.minutes,
                purpose: draft.purpose,
                papers: draft.papers.iter().map(said).collect(),
                hours,
            }));
        }
        services
    }

    fn counters(&mut self, drafts: &[CounterDraft], services: &[Service]) -> Vec<Counter> {
        let mut counters: Vec<Counter> = Vec::new();
        for (i, draft) in drafts.iter().enumerate() {
            let at = format!("counters[{i}]");
            let number = draft.number;
            if !COUNTERS.contains(&number) || counters.iter().any(|c| c.number == number) {
                self.wrong(
                    format!("{at}.number"),
                    "từ 1 đến 999, mỗi số một lần",
                    "from 1 to 999, each once",
                );
            }
            let mut letters = Vec::new();
            for letter in &draft.services {
                let known = services.iter().find(|s| s.letter.to_string() == *letter);
                match known {
                    Some(service) if letters.contains(&service.letter) => {
                        self.twice(format!("{at}.services"), letter);
                    }
                    Some(service) => letters.push(service.letter),
                    None => self.wrong(
                        format!("{at}.services"),
                        format!("không có lĩnh vực {letter}"),
                        format!("there is no service {letter}"),
                    ),
                }
            }
            if draft.services.is_empty() {
                self.warnings.push(Remark::new(
                    format!("{at}.services"),
                    format!("Quầy {number} không phục vụ lĩnh vực nào."),
                    format!("Counter {number} serves no service."),
                ));
            }
            counters.push(Counter {
                number,
                services: letters,
                purpose: draft.purpose,
            });
        }
        counters.sort_by_key(|c| c.number);
        counters
    }

    fn unserved(&mut self, services: &[ServiceDraft], counters: &[Counter]) {
        for (i, service) in services.iter().enumerate() {
            let letter = &service.letter;
            let mut served = counters.iter().flat_map(|c| &c.services);
            if !served.any(|served| served.to_string() == *letter) {
                self.warnings.push(Remark::new(
                    format!("services[{i}]"),
                    format!(
                        "Chưa quầy nào phục vụ lĩnh vực {letter}: ai lấy số sẽ không được gọi."
                    ),
                    format!(
                        "No counter serves service {letter}: whoever takes a number is not called."
                    ),
                ));
            }
        }
    }

    /// Numbers of a service are given out within the office's hours only.
    fn never_open(&mut self, office: &[Hours], drafts: &[ServiceDraft], services: &[Service]) {
        let meet = |a: &Hours, b: &Hours| {
            let day = a.days.iter().any(|day| b.days.contains(day));
            day && a.from.max(b.from) < a.to.min(b.to)
        };
        for service in services {
            let own = &service.hours;
            let apart = !own
                .iter()
                .any(|own| office.iter().any(|hours| meet(own, hours)));
            if !own.is_empty() && !office.is_empty() && apart {
                let letter = service.letter.to_string();
                let at = drafts.iter().position(|draft| draft.letter == letter);
                self.warnings.push(Remark::new(
                    format!("services[{}].hours", at.unwrap_or_default()),
                    format!("Giờ của lĩnh vực {letter} nằm ngoài giờ phát số của cơ quan: không bao giờ phát số."),
                    format!("The hours of service {letter} lie outside the office's: it never gives out numbers."),
                ));
            }
        }
    }

    fn classes(&mut self, drafts: &[ClassDraft]) -> Vec<Class> {
        self.at_most("classes", drafts.len(), CLASSES_MAX);
        for (i, draft) in drafts.iter().enumerate() {
            let at = format!("classes[{i}]");
            let id = &draft.id;
            let reserved = ["normal", "appointment", "re-entry"].contains(&id.as_str());
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            let long = id.len() > CODE_CHARS_MAX;
            if reserved || long || id.is_empty() || !id.chars().all(plain) {
                self.wrong(
                    format!("{at}.id"),
                    "chữ thường không dấu, chữ số và gạch ngang; không phải normal, appointment, re-entry",
                    "lower-case letters, digits and dashes; not normal, appointment, re-entry",
                );
            }
            if drafts[..i].iter().any(|before| before.id == *id) {
                self.twice(format!("{at}.id"), id);
            }
            self.needed(&format!("{at}.name"), &draft.name, NAME_CHARS_MAX);
            if draft.from_age.is_some_and(|age| !AGES.contains(&age)) {
                self.wrong(
                    format!("{at}.from_age"),
                    "từ 1 đến 120 tuổi, hoặc để trống",
                    "from 1 to 120, or left out",
                );
            }
        }
        let class = |draft: &ClassDraft| Class {
            id: draft.id.clone(),
            name: said(&draft.name),
            from_age: draft.from_age,
        };
        drafts.iter().map(class).collect()
    }

    fn spans(&mut self, field: &str, drafts: &[HoursDraft]) -> Vec<Hours> {
        self.at_most(field, drafts.len(), SPANS_MAX);
        let mut spans = Vec::new();
        for (i, draft) in drafts.iter().enumerate() {
            let at = format!("{field}[{i}]");
            if draft.days.is_empty() {
                let (vi, en) = ("ít nhất một thứ trong tuần", "at least one weekday");
                self.wrong(format!("{at}.days"), vi, en);
            }
            let from = self.time(&format!("{at}.from"), &draft.from);
            let to = self.time(&format!("{at}.to"), &draft.to);
            let (Some(from), Some(to)) = (from, to) else {
                continue;
            };
            if from >= to {
                self.wrong(
                    format!("{at}.to"),
                    "phải sau giờ bắt đầu",
                    "later than from",
                );
            }
            let days = draft.days.clone();
            spans.push(Hours { days, from, to });
        }
        spans
    }

    fn time(&mut self, field: &str, text: &str) -> Option<Time> {
        let time = Time::strptime("%H:%M", text).ok();
        if time.is_none() {
            self.wrong(field, "ghi dạng \"07:30\"", "written as \"07:30\"");
        }
        time
    }

    fn date(&mut self, field: &str, text: &str) -> Option<Date> {
        let date = text.parse().ok();
        if date.is_none() {
            self.wrong(
                field,
                "ghi dạng \"2026-09-02\" (năm-tháng-ngày)",
                "written as \"2026-09-02\"",
            );
        }
        date
    }

    fn holidays(&mut self, drafts: &[HolidayDraft]) -> Vec<Holiday> {
        self.at_most("holidays", drafts.len(), DAYS_MAX);
        let mut holidays: Vec<Holiday> = Vec::new();
        for (i, draft) in drafts.iter().enumerate() {
            let at = format!("holidays[{i}]");
            self.words(&format!("{at}.name"), &draft.name, REASON_CHARS_MAX);
            let Some(date) = self.date(&format!("{at}.date"), &draft.date) else {
                continue;
            };
            if holidays.iter().any(|before| before.date == date) {
                self.twice(format!("{at}.date"), date);
            }
            let name = said(&draft.name);
            holidays.push(Holiday { date, name });
        }
        holidays
    }

    fn days_off(&mut self, drafts: &[DayOffDraft]) -> Vec<DayOff> {
        self.at_most("days_off", drafts.len(), DAYS_MAX);
        let mut days: Vec<DayOff> = Vec::new();
        for (i, draft) in drafts.iter().enumerate() {
            let at = format!("days_off[{i}].");
            let off = self.day_off(&at, draft);
            if let Some(off) = &off
                && days.iter().any(|before| before.date == off.date)
            {
                self.twice(format!("{at}date"), off.date);
            }
            days.extend(off);
        }
        days
    }

    fn day_off(&mut self, at: &str, draft: &DayOffDraft) -> Option<DayOff> {
        self.words(&format!("{at}reason"), &draft.reason, REASON_CHARS_MAX);
        let from = draft.from.as_ref();
        let from = from.and_then(|text| self.time(&format!("{at}from"), text));
        let to = draft.to.as_ref();
        let to = to.and_then(|text| self.time(&format!("{at}to"), text));
        if to.is_some_and(|to| to <= from.unwrap_or(Time::MIN)) {
            self.wrong(format!("{at}to"), "phải sau giờ bắt đầu", "later than from");
        }
        Some(DayOff {
            date: self.date(&format!("{at}date"), &draft.date)?,
            from,
            to,
            reason: said(&draft.reason),
        })
    }

    /// The office's own layouts, as far as their lines are lines.
    fn layouts(&mut self, draft: &OfficeDraft) -> BTreeMap<SlipKind, Vec<SlipLine>> {
        let mut layouts = BTreeMap::new();
        for (name, drafts) in &draft.slips {
            let at = format!("slips.{name}");
            let Some(kind) = KINDS.into_iter().find(|kind| word(*kind) == *name) else {
                let known = KINDS.map(word).join(", ");
                self.wrong(
                    at,
                    format!("không có loại phiếu này; có: {known}"),
                    format!("there is no such slip; known are {known}"),
                );
                continue;
            };
            let mut lines = Vec::new();
            for (i, line) in drafts.iter().enumerate() {
                match line.clone().line() {
                    Ok(line) => lines.push(line),
                    Err([vi, en]) => self.wrong(format!("{at}[{i}]"), vi, en),
                }
            }
            // A layout without its bad lines is not the one to judge.
            if lines.len() == drafts.len() {
                layouts.insert(kind, lines);
            }
        }
        layouts
    }

    /// Whether each layout can be printed by every printer. An own layout must; where the office's
    /// texts do not fit a built-in one that slip may fail, and nothing else has to.
    fn slips(&mut self, draft: &OfficeDraft, office: &Office, press: &Press) {
        let trial = Trial {
            office,
            url: press.url.as_deref(),
            logo: press.logo.as_ref(),
        };
        let papers: Vec<_> = press.papers().collect();
        for kind in KINDS {
            let name = word(kind);
            let own = office.slips.contains_key(&kind);
            if !own && draft.slips.contains_key(&name) {
                continue;
            }
            let Err(fault) = check(kind, slips::layout(office, kind), trial, &papers) else {
                continue;
            };
            let field = match fault.line {
                Some(line) if own => format!("slips.{name}[{line}].{}", fault.field),
                _ => format!("slips.{name}"),
            };
            let said = |language| fault.reason.get(language);
            if own {
                self.wrong(field, said("vi"), said("en"));
                continue;
            }
            self.warnings.push(Remark::new(
                field,
                format!(
                    "Nội dung của cơ quan quá dài cho mẫu phiếu có sẵn: {}",
                    said("vi")
                ),
                format!(
                    "the office's texts are too long for it: {}: {}",
                    fault.field,
                    said("en")
                ),
            ));
        }
    }

    /// Texts that whoever reads English gets in Vietnamese.
    fn untranslated(&mut self, draft: &OfficeDraft) {
        if !draft.languages.iter().any(|language| language == "en") {
            return;
        }
        let services = draft.services.iter().enumerate().flat_map(|(i, service)| {
            let papers = service.papers.iter().enumerate();
            let papers = papers.map(move |(j, text)| (format!("services[{i}].papers[{j}]"), text));
            let own = [("name", &service.name), ("words", &service.words)];
            let own = own.map(|(field, text)| (format!("services[{i}].{field}"), text));
            own.into_iter().chain(papers)
        });
        let notices = draft.notices.iter().enumerate();
        let notices = notices.map(|(i, text)| (format!("notices[{i}]"), text));
        let classes = draft.classes.iter().enumerate();
        let classes = classes.map(|(i, class)| (format!("classes[{i}].name"), &class.name));
        let all = [("name".to_owned(), &draft.name)].into_iter();
        let all = all.chain(services).chain(notices).chain(classes);
        let missing = |text: &Text| {
            let english = text.0.get("en");
            !text.is_empty() && english.is_none_or(|text| text.trim().is_empty())
        };
        let missing: BTreeSet<String> = all
            .filter(|(_, text)| missing(text))
            .map(|(field, _)| field)
            .collect();
        let count = missing.len();
        if let Some(first) = missing.into_iter().next() {
            self.warnings.push(Remark::new(
                first,
                format!("Còn {count} nội dung chưa có tiếng Anh; người chọn tiếng Anh sẽ thấy tiếng Việt."),
                format!("{count} texts are not given in English; whoever chose English reads Vietnamese there."),
            ));
        }
    }
}

/// A text without the languages in which nothing is said: those are read in Vietnamese.
fn said(text: &Text) -> Text {
    let words = text.0.iter().filter(|(_, words)| !words.trim().is_empty());
    Text(
        words
            .map(|(language, words)| (language.clone(), words.trim().to_owned()))
            .collect(),
    )
}

/// Minutes ahead of UTC of "+07:00".
fn offset(text: &str) -> Option<i32> {
    let (sign, rest) = text.split_at_checked(1)?;
    let (hours, minutes) = rest.split_once(':')?;
    let digits = |text: &str| match text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit()) {
        true => text.parse::<i32>().ok(),
        false => None,
    };
    let (hours, minutes) = (digits(hours)?, digits(minutes)?);
    let sign = match sign {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}
