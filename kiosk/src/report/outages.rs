//! The log of outages in the words of the office.

use jiff::civil::Date;
use queue::AwayCause;

use super::list::List;
use super::tables::columns;
use super::{Cell, Language, Table};
use crate::clock::local;
use crate::ledger::{Outage, Outages};

const LINES: &[(&str, &str)] = &[
    ("TT", "No."),
    ("Bắt đầu", "Began"),
    ("Kết thúc", "Ended"),
    ("Kéo dài (phút)", "Lasted (min)"),
    ("Nguyên nhân máy ghi nhận", "Cause as seen by the machine"),
    ("Thuộc về", "Where"),
    ("Lượt quét phải chờ", "Scans that had to wait"),
    ("Bản ghi", "Records"),
];

const SUMS: &[(&str, &str)] = &[
    ("Thuộc về", "Where"),
    ("Số lần", "Times"),
    ("Tổng thời gian (phút)", "Time in all (min)"),
];

/// What was seen, in words.
pub fn cause(cause: AwayCause, language: Language) -> String {
    let say = |vi: &str, en: &str| language.say(vi, en).to_owned();
    match cause {
        AwayCause::NoConnection => say(
            "không kết nối được với máy chủ",
            "no connection to the server",
        ),
        AwayCause::Silent => say("máy chủ không trả lời", "the server did not answer"),
        AwayCause::ServerError { status } => format!(
            "{} {status}",
            language.say("máy chủ báo lỗi", "the server reported error")
        ),
        AwayCause::Busy => say("máy chủ báo quá tải", "the server said it was busy"),
        AwayCause::OddAnswer => say(
            "máy chủ trả lời không đúng quy ước",
            "the server's answers did not say what became of scans",
        ),
        AwayCause::WrongName => say(
            "chứng thư của máy chủ mang tên khác",
            "the server's certificate is for another name",
        ),
        AwayCause::UnknownAuthority => say(
            "chứng thư của máy chủ không do nơi được tin cậy cấp",
            "the server's certificate is from an unknown authority",
        ),
        AwayCause::CertificateDate => say(
            "chứng thư của máy chủ không đúng thời hạn, hoặc sai đồng hồ",
            "the server's certificate is out of date, or a clock is wrong",
        ),
        AwayCause::OurCertificate => say(
            "máy chủ không nhận chứng thư của máy này",
            "the server did not accept this machine's certificate",
        ),
        AwayCause::NoTls => say(
            "không lập được kênh bảo mật với máy chủ",
            "no secure line to the server could be made",
        ),
        AwayCause::NotLetIn { status } => {
            let what = match status {
                401 => language.say("mã truy cập không được nhận", "the token was not accepted"),
                403 => language.say("máy này không có quyền gửi", "this machine has no right"),
                404 => language.say("sai địa chỉ máy chủ", "nothing is at the address"),
                _ => language.say("địa chỉ dẫn đi nơi khác", "the address leads elsewhere"),
            };
            format!("{what} ({status})")
        }
    }
}

/// Where the fault lies, as far as can be told from here.
fn whose(set_up: bool, language: Language) -> &'static str {
    match set_up {
        true => language.say(
            "Cài đặt kết nối (địa chỉ, mã truy cập, chứng thư)",
            "Set-up (address, token, certificate)",
        ),
        false => language.say(
            "Phần mềm, máy chủ hoặc đường truyền",
            "Software, server or line",
        ),
    }
}

/// 27/11/2026 08:15:03, or that nobody knew.
fn moment(utc: Option<i64>, offset_minutes: i32, language: Language) -> String {
    let at = utc.and_then(|utc| local(offset_minutes, utc));
    at.map_or_else(
        || language.say("giờ chưa biết", "time not known").to_owned(),
        |at| at.strftime("%d/%m/%Y %H:%M:%S").to_string(),
    )
}

/// How it ended.
fn end(outage: &Outage, language: Language) -> String {
    let known = moment(outage.known, outage.offset_minutes, language);
    let (vi, en) = match outage.how.as_deref() {
        Some("back" | "cause-changed") => return known,
        Some(_) => (
            "máy này ngừng chạy, sau đó không rõ",
            "this machine went off; not known after that",
        ),
        None => ("vẫn đang gián đoạn", "still going on"),
    };
    match language {
        Language::Vi => format!("ít nhất đến {known}; {vi}"),
        Language::En => format!("at least until {known}; {en}"),
    }
}

/// The log of `from` to `to`.
pub fn list(outages: &Outages, (from, to): (Date, Date), language: Language) -> List {
    let say = |vi, en| language.say(vi, en);
    let rows = (1..).zip(&outages.items).map(|(nth, outage)| {
        let causes = outage.causes.iter().map(|c| cause(*c, language));
        let (first, last) = outage.records;
        vec![
            Cell::Count(nth),
            Cell::Text(moment(outage.began, outage.offset_minutes, language)),
            Cell::Text(end(outage, language)),
            Cell::Minutes(Some(outage.ms / 1_000)),
            Cell::Text(causes.collect::<Vec<_>>().join("; ")),
            Cell::Text(whose(outage.set_up, language).to_owned()),
            Cell::Count(outage.waiting),
            Cell::Text(format!(
                "{}–{}",
                language.count(first),
                language.count(last)
            )),
        ]
    });
    let date = |date: Date| date.strftime("%d/%m/%Y").to_string();
    let period = match language {
        Language::Vi => format!("từ {} đến {}", date(from), date(to)),
        Language::En => format!("from {} to {}", date(from), date(to)),
    };
    List {
        office: language.of(&outages.office).to_owned(),
        title: say(
            "Nhật ký gián đoạn kết nối phần mềm",
            "Log of interruptions to the dossier software",
        )
        .to_owned(),
        under: vec![period],
        main: Table {
            id: "outages",
            title: say("Các lần gián đoạn", "Interruptions").to_owned(),
            columns: columns(language, LINES),
            rows: rows.collect(),
            total: None,
        },
        sums: sums(outages, language),
        notes: vec![
            say(
                "Máy ghi một lần gián đoạn khi lượt quét không gửi được lâu hơn mức đã đặt (thường là 30 giây), tính từ lượt đầu tiên không gửi được. Hồ sơ chờ được giữ tại máy và gửi đi khi nối lại. Khi không kết nối được, máy không phân biệt được máy chủ và đường truyền.",
                "An interruption is noted when scans did not go through for longer than set (usually 30 seconds), from the first that failed. What waited was kept here and sent afterwards. Without a connection this machine cannot tell the server from the line.",
            )
            .to_owned(),
        ],
        signers: [
            say("Người lập", "Made by"),
            say("Thủ trưởng đơn vị", "Head of office"),
        ],
        seq: outages.seq,
        head: outages.head.clone(),
    }
}

fn sums(outages: &Outages, language: Language) -> Table {
    let sum = |of: &dyn Fn(&Outage) -> bool| {
        let items = outages.items.iter().filter(|outage| of(outage));
        items.fold((0, 0), |(times, ms), outage| (times + 1, ms + outage.ms))
    };
    let row = |name: &str, (times, ms): (u64, u64)| {
        vec![
            Cell::Text(name.to_owned()),
            Cell::Count(times),
            Cell::Minutes(Some(ms / 1_000)),
        ]
    };
    Table {
        id: "sums",
        title: language.say("Cộng", "Sums").to_owned(),
        columns: columns(language, SUMS),
        rows: [false, true]
            .map(|set_up| {
                row(
                    whose(set_up, language),
                    sum(&|o: &Outage| o.set_up == set_up),
                )
            })
            .into(),
        total: Some(row(language.say("Cộng", "Total"), sum(&|_: &Outage| true))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(how: Option<&str>, causes: &[AwayCause], set_up: bool) -> Vec<String> {
        let outage = Outage {
            began: Some(1_795_393_680_000),
            known: Some(1_795_393_680_000 + 750_000),
            ms: 750_000,
            how: how.map(str::to_owned),
            causes: causes.into(),
            set_up,
            waiting: 12,
            offset_minutes: 420,
            records: (1_200, 1_210),
        };
        let outages = Outages {
            office: [].into(),
            items: vec![outage],
            seq: 1_300,
            head: "ab".into(),
        };
        let day = jiff::civil::date(2026, 11, 23);
        let list = list(&outages, (day, day), Language::Vi);
        let cells = list.main.rows.into_iter().flatten();
        cells.map(|cell| cell.written(Language::Vi)).collect()
    }

    #[test]
    fn an_outage_is_told_in_words_with_what_proves_it() {
        let causes = [
            AwayCause::NoConnection,
            AwayCause::ServerError { status: 503 },
        ];
        let expected = [
            "1",
            "23/11/2026 07:28:00",
            "23/11/2026 07:40:30",
            "12,5",
            "không kết nối được với máy chủ; máy chủ báo lỗi 503",
            "Phần mềm, máy chủ hoặc đường truyền",
            "12",
            "1.200–1.210",
        ];
        assert_eq!(told(Some("back"), &causes, false), expected);
    }

    #[test]
    fn what_nobody_saw_is_not_claimed() {
        let off = told(Some("machine-off"), &[AwayCause::Silent], false);
        assert!(
            off[2].starts_with("ít nhất đến 23/11/2026 07:40:30; máy này"),
            "{off:?}"
        );
        let open = told(None, &[AwayCause::NotLetIn { status: 401 }], true);
        assert!(open[2].contains("vẫn đang gián đoạn"), "{open:?}");
        assert!(open[5].starts_with("Cài đặt kết nối"), "{open:?}");
        assert_eq!(open[4], "mã truy cập không được nhận (401)");
    }
}
