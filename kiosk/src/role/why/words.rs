//! What happened to a ticket, in sentences: an event's, its reason's, its paper's.

use queue::{Act, Actor, ByHand, Earlier, Event, PaperState, Personal, SlipKind, WhyRule};

use crate::journal::word;
use crate::report::{Language, purpose};

/// Who did it: a person by number, the program itself, or a device by its name.
pub(super) fn who(actor: &str, language: Language) -> String {
    match actor.strip_prefix(Actor::PERSON) {
        Some(person) => format!("{} {person}", language.say("cán bộ số", "person")),
        None if actor == "system" => language.say("máy", "the machine").to_owned(),
        None => actor.to_owned(),
    }
}

/// One event in a sentence.
pub(super) fn tell(event: &Event, language: Language) -> String {
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
    use queue::Id;

    use super::*;

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
