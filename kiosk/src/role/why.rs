//! The role `kiosk journal why`: a ticket's whole story, for a citizen who asks.

use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use jiff::Timestamp;
use jiff::tz::Offset;
use queue::{
    Act, Actor, ByHand, Earlier, Event, Id, Number, PaperState, Personal, SlipKind, WhyRule,
};

use crate::journal::history::History;
use crate::journal::{Record, erased, word};
use crate::report::{Language, purpose};

/// Which ticket's story, and in which language.
pub(super) struct Wanted<'a> {
    pub(super) number: Number,
    /// Date or number of its service day; without, the last one.
    pub(super) day: Option<&'a str>,
    pub(super) language: Language,
}

/// A record's part of the story, and UTC minus the office's own clock in ms, once known.
struct Told {
    record: Record,
    event: Event,
    clock: Option<i64>,
}

/// The story as it is found, with what is known of the time.
#[derive(Default)]
struct Story {
    told: Vec<Told>,
    offset_minutes: i32,
    clock: Option<i64>,
    /// What was told since the last start: a time that is learnt later holds for it too. Before,
    /// nobody knows how long the machine was off.
    since: usize,
}

impl Story {
    fn hear(&mut self, event: &Event) {
        match event {
            Event::Configured { office, .. } => self.offset_minutes = office.utc_offset_minutes,
            Event::Started { clock, .. } => (self.clock, self.since) = (*clock, self.told.len()),
            Event::DayOpened { clock, .. } => self.clock = *clock,
            Event::ClockKnown { clock }
            | Event::ClockCorrected { clock, .. }
            | Event::TimeConfirmed { clock, .. } => {
                self.clock = Some(*clock);
                for told in &mut self.told[self.since..] {
                    told.clock = Some(*clock);
                }
            }
            _ => {}
        }
    }

    fn tell(&mut self, record: &Record, event: &Event) {
        self.told.push(Told {
            record: record.clone(),
            event: event.clone(),
            clock: self.clock,
        });
    }

    /// "23/11/2026 07:42:10", or that nobody knew.
    fn at(&self, told: &Told, language: Language) -> String {
        let written = || {
            let utc = told.clock?.checked_add_unsigned(told.record.mono)?;
            let offset = Offset::from_seconds(self.offset_minutes.checked_mul(60)?).ok()?;
            let local = offset.to_datetime(Timestamp::from_millisecond(utc).ok()?);
            Some(local.strftime("%d/%m/%Y %H:%M:%S").to_string())
        };
        let unknown = || language.say("giờ chưa biết", "time not known").to_owned();
        written().unwrap_or_else(unknown)
    }
}

/// Tells everything that happened to a ticket of a service day.
pub(super) fn why(data: &Path, wanted: &Wanted<'_>) -> anyhow::Result<()> {
    let Wanted {
        number,
        day,
        language,
    } = *wanted;
    let mut history = History::open(data)?;
    let connection = history.connection();
    let id = match day {
        Some(day) => erased::find(connection, day)?
            .map(Some)
            .with_context(|| format!("there was no service day {day}"))?,
        None => connection.query_row("select max(id) from day", [], |r| r.get(0))?,
    };
    let edge = |query: &str| connection.query_row(query, [id], |r| r.get::<_, Option<u64>>(0));
    let from = edge("select min(seq) from day where id = ?")?;
    let until = edge("select min(seq) from day where id > ?")?;
    let office: Option<u64> = connection.query_row(
        "select max(seq) from office where seq <= ?",
        [from.unwrap_or(u64::MAX >> 1)],
        |r| r.get(0),
    )?;
    let mut story = Story::default();
    if let Some(office) = office
        && let Some(record) = history.record(office)?
    {
        record.events.iter().for_each(|event| story.hear(event));
    }
    // Its own, and those of slips asked for with it.
    let mut ids: Vec<Id> = Vec::new();
    history.each(from.unwrap_or(1), &mut |record| {
        let later = until.is_some_and(|until| record.seq >= until);
        for event in &record.events {
            story.hear(event);
            if later && !may_come_late(event) {
                continue;
            }
            if let Event::Issued {
                ticket, number: n, ..
            } = event
                && *n == number
                && !later
            {
                ids.push(*ticket);
            }
            if concerns(event).iter().any(|id| ids.contains(id)) {
                if let Event::SlipAsked { slip, .. } = event {
                    ids.push(*slip);
                }
                story.tell(&record, event);
            }
        }
    })?;
    if story.told.is_empty() {
        bail!("{number} was not given out on that service day");
    }
    let mut out = std::io::stdout();
    for told in &story.told {
        writeln!(
            out,
            "{:>8}  {:<19}  {:<16}  {}",
            told.record.seq,
            story.at(told, language),
            who(&told.record.actor, language),
            tell(&told.event, language)
        )?;
    }
    Ok(())
}

/// What can happen to a ticket after its service day, or with the record that opens the next.
fn may_come_late(event: &Event) -> bool {
    matches!(
        event,
        Event::Finished {
            at_closing: true,
            ..
        } | Event::Deferred(_)
            | Event::Issued {
                earlier: Some(_),
                ..
            }
            | Event::DeferralsEnded { .. }
    )
}

/// Who did it: a person by number, the program itself, or a device by its name.
fn who(actor: &str, language: Language) -> String {
    match actor.strip_prefix(Actor::PERSON) {
        Some(person) => format!("{} {person}", language.say("cán bộ số", "person")),
        None if actor == "system" => language.say("máy", "the machine").to_owned(),
        None => actor.to_owned(),
    }
}

/// The tickets, or the slip that was asked for, an event is about.
fn concerns(event: &Event) -> Vec<Id> {
    match event {
        Event::Issued {
            ticket, earlier, ..
        } => {
            let earlier = earlier.as_ref().map(|earlier| earlier.ticket);
            [*ticket].into_iter().chain(earlier).collect()
        }
        Event::Deferred(deferral) => vec![deferral.ticket],
        Event::DeferralsEnded { tickets } => tickets.clone(),
        Event::Cancelled { ticket }
        | Event::Voided { ticket }
        | Event::Called { ticket, .. }
        | Event::Recalled { ticket, .. }
        | Event::Begun { ticket, .. }
        | Event::Finished { ticket, .. }
        | Event::MissedCall { ticket, .. }
        | Event::Held { ticket, .. }
        | Event::Resumed { ticket, .. }
        | Event::Transferred { ticket, .. }
        | Event::PaperBegun { ticket, .. }
        | Event::PaperReported { ticket, .. }
        | Event::ReprintAsked { ticket }
        | Event::SlipAsked {
            ticket: Some(ticket),
            ..
        }
        | Event::Rated { ticket, .. } => vec![*ticket],
        Event::SlipBegun { slip, .. } | Event::SlipReported { slip, .. } => vec![*slip],
        Event::Undone { tickets, .. } => tickets.clone(),
        Event::Scanned { ticket, .. } => ticket.iter().copied().collect(),
        _ => Vec::new(),
    }
}

/// One event in a sentence.
fn tell(event: &Event, language: Language) -> String {
    let say = |vi: String, en: String| match language {
        Language::Vi => vi,
        Language::En => en,
    };
    match event {
        Event::Issued { .. } => given_out(event, language),
        Event::Deferred(deferral) => {
            let on = deferral.on.map(|on| on.strftime("%d/%m/%Y").to_string());
            let vi = on
                .clone()
                .unwrap_or_else(|| "ngày làm việc tiếp theo".into());
            let en = on.unwrap_or_else(|| "the next working day".into());
            say(
                format!("chưa đến lượt khi đóng ngày làm việc; được trở lại {vi}"),
                format!("the day closed before its turn; may come back on {en}"),
            )
        }
        Event::DeferralsEnded { .. } => say(
            "không trở lại; phiếu hết giá trị".into(),
            "did not come back; its slip is over".into(),
        ),
        Event::Cancelled { .. } => say("hủy số".into(), "given up".into()),
        Event::Voided { .. } => say(
            "không còn giá trị: chọn nhầm lĩnh vực".into(),
            "void: given out for the wrong service".into(),
        ),
        Event::Called { counter, why, .. } => {
            let why = reason(why, language);
            say(
                format!("gọi đến quầy {counter}: {why}"),
                format!("called to counter {counter}: {why}"),
            )
        }
        Event::Recalled { counter, .. } => say(
            format!("gọi lại đến quầy {counter}"),
            format!("called again to counter {counter}"),
        ),
        Event::Begun { counter, .. } => say(
            format!("bắt đầu phục vụ tại quầy {counter}"),
            format!("service began at counter {counter}"),
        ),
        Event::Finished {
            counter,
            at_closing: true,
            ..
        } => say(
            format!("đang ở quầy {counter} khi đóng ngày làm việc: coi như hoàn thành"),
            format!("in hand at counter {counter} when the day closed: finished"),
        ),
        Event::Finished { counter, .. } => say(
            format!("hoàn thành tại quầy {counter}"),
            format!("finished at counter {counter}"),
        ),
        Event::MissedCall { counter, .. } => say(
            format!("vắng mặt khi được gọi đến quầy {counter}"),
            format!("missed its call to counter {counter}"),
        ),
        Event::Held { .. } => say(
            "giữ số, vẫn giữ chỗ".into(),
            "put aside; keeps its place".into(),
        ),
        Event::Resumed { after_calls, .. } => say(
            format!("cho chờ lại, gọi sau {after_calls} lượt"),
            format!("back in line, after {after_calls} calls"),
        ),
        Event::Transferred { service, only, .. } => match only {
            Some(counter) => say(
                format!("chuyển đến quầy {counter}"),
                format!("sent to counter {counter}"),
            ),
            None => say(
                format!("chuyển sang lĩnh vực {service}"),
                format!("sent on to service {service}"),
            ),
        },
        Event::Scanned { purpose: of, .. } => {
            let purpose = purpose(&word(*of), language);
            say(
                format!("quét hồ sơ ({purpose})"),
                format!("a dossier was scanned ({purpose})"),
            )
        }
        Event::Rated { level, .. } => say(
            format!("người dân đánh giá {level} trên 5"),
            format!("rated {level} of 5"),
        ),
        Event::Undone { counter, act, .. } => {
            let act = act_name(*act, language);
            say(
                format!("hoàn tác “{act}” tại quầy {counter}"),
                format!("“{act}” taken back at counter {counter}"),
            )
        }
        of_paper => tell_paper(of_paper, language),
    }
}

/// How a number came into the world.
fn given_out(event: &Event, language: Language) -> String {
    let Event::Issued {
        number,
        service,
        class,
        by_hand,
        earlier,
        over_limit,
        ..
    } = event
    else {
        return String::new();
    };
    let mut told = match language {
        Language::Vi => format!("phát số {number}, lĩnh vực {service}"),
        Language::En => format!("{number} given out for service {service}"),
    };
    if class.is_priority() {
        told += &match language {
            Language::Vi => ", ưu tiên".to_owned(),
            Language::En => format!(", class {}", class.as_str()),
        };
    }
    told += match by_hand {
        Some(ByHand::Waiting) => language.say(
            "; số từ cuộn giấy, nay mới nhập",
            "; by hand from a paper roll, entered now",
        ),
        Some(ByHand::Served) => language.say(
            "; số từ cuộn giấy, đã phục vụ trước khi nhập",
            "; by hand from a paper roll, served before it was entered",
        ),
        None => "",
    };
    if let Some(reason) = over_limit {
        told += language.say(
            "; thêm ngoài mức mỗi người",
            "; beyond what a person may hold",
        );
        if let Some(reason) = reason.plain() {
            told += &format!(", {} {reason}", language.say("vì:", "because:"));
        }
    }
    if let Some(Earlier { number, day, .. }) = earlier {
        told += &match language {
            Language::Vi => format!("; thay số {number} của ngày làm việc {day} chưa đến lượt"),
            Language::En => {
                format!("; for {number} of service day {day}, which was not reached")
            }
        };
    }
    told
}

/// One event of a slip's life in a sentence.
fn tell_paper(event: &Event, language: Language) -> String {
    match event {
        Event::PaperBegun { printer, again, .. } | Event::SlipBegun { printer, again, .. } => {
            let what = match again {
                true => language.say("gửi bản in lại đến máy in", "a reprint goes to printer"),
                false => language.say("gửi phiếu đến máy in", "the slip goes to printer"),
            };
            match printer {
                Some(printer) => format!("{what} {printer}"),
                None => what.to_owned(),
            }
        }
        Event::PaperReported { paper, cause, .. } | Event::SlipReported { paper, cause, .. } => {
            let paper = paper_name(*paper, language);
            match cause {
                Some(cause) => format!("{paper} ({})", cause_name(cause, language)),
                None => paper.to_owned(),
            }
        }
        Event::SlipAsked { kind, .. } => {
            let slip = slip_name(*kind, language);
            format!("{} {slip}", language.say("yêu cầu in", "asked for:"))
        }
        Event::ReprintAsked { .. } => language
            .say(
                "cán bộ yêu cầu in lại phiếu",
                "staff asked for the slip again",
            )
            .to_owned(),
        // Later programs know more.
        other => format!("{other:?}"),
    }
}

/// Why this number was called and no other.
fn reason(why: &queue::Why, language: Language) -> String {
    let rule = match why.rule {
        WhyRule::Turn => language.say("đến lượt", "its turn"),
        WhyRule::PriorityTurn => language.say("lượt ưu tiên", "a priority turn"),
        WhyRule::Returned => language.say("trở lại sau khi lỡ lượt", "back after a missed call"),
        WhyRule::Directed => language.say("được chuyển đến quầy này", "sent to this counter"),
        WhyRule::Chosen => language.say("cán bộ chọn", "chosen by the clerk"),
    };
    let mut told = rule.to_owned();
    if let Some(n) = why.after {
        told += &match language {
            Language::Vi => format!(" sau {n} lượt"),
            Language::En => format!(" after {n} calls"),
        };
    }
    if let Some(passed) = why.passed {
        told += &format!(", {} {passed}", language.say("gọi trước", "before"));
    }
    if let Some(reason) = why.reason.as_ref().and_then(Personal::plain) {
        told += &format!(", {} {reason}", language.say("vì:", "because:"));
    }
    told
}

fn act_name(act: Act, language: Language) -> &'static str {
    match act {
        Act::Call => language.say("gọi số", "call"),
        Act::Start => language.say("bắt đầu", "start"),
        Act::Finish => language.say("hoàn thành", "finish"),
        Act::Next => language.say("hoàn thành và gọi tiếp", "finish and call the next"),
        Act::NoShow => language.say("vắng mặt", "no-show"),
        Act::Hold => language.say("giữ số", "hold"),
        Act::Transfer => language.say("chuyển", "transfer"),
    }
}

fn paper_name(paper: PaperState, language: Language) -> &'static str {
    match paper {
        PaperState::None => language.say("không in phiếu", "no slip"),
        PaperState::Pending => language.say("phiếu chờ in", "the slip waits"),
        PaperState::Sent => language.say("phiếu đã gửi máy in", "the slip was sent"),
        PaperState::Printed => language.say("phiếu đã in", "the slip is printed"),
        PaperState::Unknown => language.say(
            "chưa rõ phiếu đã in chưa",
            "nobody knows whether the slip is out",
        ),
        PaperState::Failed => language.say("phiếu chưa in được", "the slip did not come out"),
    }
}

/// Why paper is not out, in the words of the counter page; others as they stand in the record.
fn cause_name(cause: &str, language: Language) -> &str {
    match cause {
        "paper-out" => language.say("hết giấy", "out of paper"),
        "cover-open" => language.say("nắp đang mở", "cover open"),
        "cutter-jammed" => language.say("kẹt dao cắt", "cutter jammed"),
        "head-hot" => language.say("đầu in quá nóng", "head too hot"),
        "fault" => language.say("máy in báo lỗi", "printer fault"),
        "offline" | "timed-out" => language.say("máy in không nhận phiếu", "takes no slips"),
        "silent" => language.say("máy in không trả lời", "no answer"),
        "unplugged" => language.say("không thấy máy in", "not there"),
        "unconfirmed" => language.say("máy in không xác nhận", "not confirmed"),
        "interrupted" => language.say("máy in bị ngắt giữa chừng", "interrupted"),
        "restarted" => language.say("máy khởi động lại khi đang in", "restarted meanwhile"),
        "bad-slip" => language.say("mẫu phiếu có lỗi", "a faulty layout"),
        "write-failed" => language.say("không ghi được vào máy in", "could not be written"),
        other => other,
    }
}

fn slip_name(kind: SlipKind, language: Language) -> &'static str {
    match kind {
        SlipKind::Ticket => language.say("phiếu số", "a ticket"),
        SlipKind::Checklist => language.say("danh mục giấy tờ", "a checklist"),
        SlipKind::ReEntry => language.say("phiếu quay lại", "a return slip"),
        SlipKind::Deferred => language.say("phiếu hẹn trở lại", "a come-back slip"),
        SlipKind::DayReport => language.say("báo cáo ngày", "a day report"),
        SlipKind::TestPage => language.say("trang in thử", "a test page"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(mono: u64) -> Record {
        Record {
            epoch: String::new(),
            seq: 1,
            command: None,
            at: 0,
            boot: String::new(),
            mono,
            actor: String::new(),
            events: Vec::new(),
        }
    }

    #[test]
    fn a_story_has_the_offices_own_time_also_where_it_was_learnt_later() {
        let mut story = Story {
            offset_minutes: 420,
            ..Story::default()
        };
        let recalled = Event::Recalled {
            ticket: Id::from_bits(1),
            counter: 3,
        };
        let (gap_ms, clock) = (0, None);
        story.tell(&record(30_000), &recalled);
        // Power off; nobody knows for how long.
        story.hear(&Event::Started { gap_ms, clock });
        story.tell(&record(60_000), &recalled);
        // 2026-11-23 07:28 in Vietnam.
        let (clock, by_ms) = (1_795_393_680_000, None);
        story.hear(&Event::TimeConfirmed { clock, by_ms });
        story.tell(&record(90_000), &recalled);
        let times: Vec<_> = story
            .told
            .iter()
            .map(|told| story.at(told, Language::Vi))
            .collect();
        let expected = [
            "giờ chưa biết",
            "23/11/2026 07:29:00",
            "23/11/2026 07:29:30",
        ];
        assert_eq!(times, expected);
    }

    #[test]
    fn a_story_is_told_in_words_and_not_in_those_of_the_record() {
        let called = Event::Called {
            ticket: Id::from_bits(1),
            counter: 3,
            why: queue::Why {
                rule: WhyRule::PriorityTurn,
                passed: "A011".parse().ok(),
                after: Some(2),
                reason: None,
            },
        };
        assert_eq!(
            tell(&called, Language::Vi),
            "gọi đến quầy 3: lượt ưu tiên sau 2 lượt, gọi trước A011"
        );
        assert_eq!(
            tell(&called, Language::En),
            "called to counter 3: a priority turn after 2 calls, before A011"
        );
        let failed = Event::PaperReported {
            ticket: Id::from_bits(1),
            paper: PaperState::Failed,
            cause: Some("paper-out".into()),
        };
        assert_eq!(tell(&failed, Language::Vi), "phiếu chưa in được (hết giấy)");
        assert_eq!(who("person-7", Language::Vi), "cán bộ số 7");
    }
}
