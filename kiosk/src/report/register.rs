//! The scan register in the words of the office.

use super::list::List;
use super::period::dated;
use super::tables::columns;
use super::{Cell, Language, Table, purpose, scan_state};
use crate::clock::local;
use crate::ledger::{Chosen, Entry, Register};
use crate::vault::Vault;

/// Purposes and states, in the order in which they are counted.
pub const PURPOSES: [&str; 4] = ["receive", "supplement", "return", "look-up"];
/// See [`PURPOSES`].
pub const STATES: [&str; 5] = ["delivered", "pending", "refused", "unknown", "kept"];

const LINES: &[(&str, &str)] = &[
    ("TT", "No."),
    ("Giờ", "Time"),
    ("Mã hồ sơ", "Dossier ID"),
    ("Mục đích", "Purpose"),
    ("Quầy", "Counter"),
    ("Phiếu", "Ticket"),
    ("Trạng thái", "State"),
    ("Phần mềm trả lời", "Answer of the software"),
    ("Cán bộ, thiết bị", "Read by"),
    ("Quét lại", "Again"),
];

const SUMS: &[(&str, &str)] = &[("Mục đích", "Purpose"), ("Lượt quét", "Scans")];

/// A line with its personal values opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// As the ledger has it, still sealed.
    pub entry: Entry,
    /// The dossier ID; none once erased.
    pub dossier: Option<String>,
    /// What the intake server said.
    pub answer: Option<String>,
    /// Who or what read it, by name.
    pub who: String,
}

/// Opens the personal values of `entries`; `who` knows people's names.
pub fn opened(entries: Vec<Entry>, vault: &mut Vault, who: impl Fn(&str) -> String) -> Vec<Line> {
    let mut open = |sealed: &Option<String>| vault.open_text(sealed.as_deref()?);
    let lines = entries.into_iter().map(|entry| Line {
        dossier: open(&entry.sealed),
        answer: open(&entry.answer),
        who: who(&entry.device),
        entry,
    });
    lines.collect()
}

/// The register with `lines` of it.
pub fn list(register: &Register, lines: &[Line], chosen: &Chosen, language: Language) -> List {
    let say = |vi, en| language.say(vi, en);
    let total = language.count(register.total());
    let notes = match language {
        Language::Vi => vec![format!(
            "Mỗi dòng là một lượt quét; quét lại cùng một mã trong ngày vẫn ghi thành dòng riêng. Cộng dọc và cộng ngang: {total} lượt quét."
        )],
        Language::En => vec![format!(
            "Each line is one scan; the same dossier read again on the same day has a line of its own. Added up both ways: {total} scans."
        )],
    };
    List {
        office: language.of(&register.office).to_owned(),
        title: say("Sổ quét hồ sơ", "Scan register").to_owned(),
        under: under(register, chosen, language),
        main: Table {
            id: "register",
            title: say("Các lượt quét", "Scans").to_owned(),
            columns: columns(language, LINES),
            rows: lines
                .iter()
                .map(|line| row(register, line, language))
                .collect(),
            total: None,
        },
        sums: sums(register, language),
        notes,
        signers: [
            say("Người lập sổ", "Kept by"),
            say("Người phụ trách bộ phận", "Head of the unit"),
        ],
        seq: register.seq,
        head: register.head.clone(),
    }
}

/// The day, in words.
pub fn day(register: &Register, language: Language) -> String {
    match (register.date, register.begun) {
        (Some(date), _) => dated(date, language),
        (None, true) => match language {
            Language::Vi => format!("ngày làm việc thứ {} (chưa rõ ngày)", register.day),
            Language::En => format!("service day {} (date unknown)", register.day),
        },
        (None, false) => language
            .say(
                "ngày làm việc tiếp theo (chưa mở)",
                "the next service day (not open yet)",
            )
            .to_owned(),
    }
}

fn under(register: &Register, chosen: &Chosen, language: Language) -> Vec<String> {
    let mut under = vec![day(register, language)];
    let mut parts = Vec::new();
    parts.extend(chosen.counter.map(|n| counter(n, language)));
    let word = chosen.purpose.as_deref();
    parts.extend(word.map(|word| purpose(word, language).to_owned()));
    let word = chosen.state.as_deref();
    parts.extend(word.map(|word| scan_state(word, language).to_owned()));
    if !parts.is_empty() {
        let only = language.say("Chỉ gồm", "Only");
        under.push(format!("{only}: {}", parts.join(", ")));
    }
    under
}

/// What a counter is called.
pub fn counter(number: u32, language: Language) -> String {
    format!("{} {number}", language.say("Quầy", "Counter"))
}

fn row(register: &Register, line: &Line, language: Language) -> Vec<Cell> {
    let entry = &line.entry;
    let at = entry.at.and_then(|utc| local(register.offset_minutes, utc));
    let at = at.map_or("–".to_owned(), |at| at.strftime("%H:%M:%S").to_string());
    let erased = || language.say("(đã xóa)", "(erased)").to_owned();
    let counter = entry.counter.map(|n| n.to_string());
    vec![
        Cell::Count(entry.nth),
        Cell::Text(at),
        Cell::Text(line.dossier.clone().unwrap_or_else(erased)),
        Cell::Text(purpose(&entry.purpose, language).to_owned()),
        Cell::Text(counter.unwrap_or_default()),
        Cell::Text(entry.ticket.clone().unwrap_or_default()),
        Cell::Text(scan_state(&entry.state, language).to_owned()),
        Cell::Text(line.answer.clone().unwrap_or_default()),
        Cell::Text(line.who.clone()),
        Cell::Text(match entry.repeat {
            true => language.say("quét lại", "again").to_owned(),
            false => String::new(),
        }),
    ]
}

/// Purposes against states. The last line adds up the columns; each line's total is counted from
/// its own scans.
fn sums(register: &Register, language: Language) -> Table {
    let mut words = columns(language, SUMS);
    words.extend(STATES.map(|state| scan_state(state, language).to_owned()));
    words.push(language.say("Trong đó quét lại", "Read again").to_owned());
    let count = |purpose: &str, state: &str| {
        let counts = register.counts.iter();
        let found = counts.filter(|c| c.purpose == purpose && c.state == state);
        found.map(|c| c.scans).sum::<u64>()
    };
    let row = |of: &str| {
        let counts = register.counts.iter().filter(|c| c.purpose == of);
        let (mut scans, mut repeats) = (0, 0);
        for count in counts {
            scans += count.scans;
            repeats += count.repeats;
        }
        let mut row = vec![
            Cell::Text(purpose(of, language).to_owned()),
            Cell::Count(scans),
        ];
        row.extend(STATES.map(|state| Cell::Count(count(of, state))));
        row.push(Cell::Count(repeats));
        row
    };
    let rows: Vec<_> = PURPOSES.iter().map(|purpose| row(purpose)).collect();
    let mut total = vec![Cell::Text(language.say("Cộng", "Total").to_owned())];
    total.extend((1..words.len()).map(|column| {
        let cells = rows.iter().filter_map(|row| match row.get(column) {
            Some(Cell::Count(n)) => Some(*n),
            _ => None,
        });
        Cell::Count(cells.sum())
    }));
    Table {
        id: "sums",
        title: language
            .say("Cộng theo mục đích", "Sums by purpose")
            .to_owned(),
        columns: words,
        rows,
        total: Some(total),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::ledger::register::ScanCount;

    fn register() -> Register {
        let counts = [
            ("receive", "delivered", 7, 1),
            ("receive", "pending", 3, 0),
            ("return", "refused", 2, 2),
            ("look-up", "kept", 5, 0),
        ];
        let counts = counts.map(|(purpose, state, scans, repeats)| ScanCount {
            purpose: purpose.into(),
            state: state.into(),
            scans,
            repeats,
        });
        Register {
            day: 3,
            date: "2026-11-23".parse().ok(),
            begun: true,
            offset_minutes: 420,
            office: [("vi".to_owned(), "Phường Mẫu".to_owned())].into(),
            counters: vec![1, 2],
            entries: Vec::new(),
            counts: counts.into(),
            for_next_day: 0,
            seq: 1_234,
            head: "ab".into(),
        }
    }

    #[test]
    fn the_registers_sums_add_up_down_and_across() {
        let list = list(&register(), &[], &Chosen::default(), Language::Vi);
        let number = |cell: &Cell| match cell {
            Cell::Count(n) => *n,
            _ => panic!("{cell:?}"),
        };
        let total = list.sums.total.unwrap();
        for row in list.sums.rows.iter().chain([&total]) {
            let across: u64 = row[2..7].iter().map(number).sum();
            assert_eq!(across, number(&row[1]), "{row:?}");
        }
        assert_eq!(number(&total[1]), 17);
        assert_eq!(number(&total[7]), 3);
        assert!(list.notes[0].contains("17 lượt quét"));
    }

    #[test]
    fn a_line_tells_when_what_where_and_what_became_of_it() {
        let entry = Entry {
            nth: 1_001,
            id: "01J".into(),
            at: Some(1_795_393_680_000),
            sealed: Some("1.3.x".into()),
            purpose: "receive".into(),
            counter: Some(3),
            ticket: Some("A012".into()),
            state: "refused".into(),
            answer: Some("1.3.y".into()),
            device: "person-7".into(),
            repeat: true,
        };
        let line = Line {
            dossier: Some("H05.114-250625-0002".into()),
            answer: Some("hồ sơ chưa tiếp nhận".into()),
            who: "Lê Văn An".into(),
            entry,
        };
        let chosen = Chosen {
            counter: Some(3),
            ..Chosen::default()
        };
        let told = list(
            &register(),
            std::slice::from_ref(&line),
            &chosen,
            Language::Vi,
        );
        let cells: Vec<_> = told.main.rows[0]
            .iter()
            .map(|c| c.written(Language::Vi))
            .collect();
        let expected = [
            "1.001",
            "07:28:00",
            "H05.114-250625-0002",
            "Tiếp nhận",
            "3",
            "A012",
            "Phần mềm chưa nhận",
            "hồ sơ chưa tiếp nhận",
            "Lê Văn An",
            "quét lại",
        ];
        assert_eq!(cells, expected);
        assert_eq!(told.under, ["thứ Hai, 23/11/2026", "Chỉ gồm: Quầy 3"]);
        let erased = Line {
            dossier: None,
            answer: None,
            ..line
        };
        let told = list(&register(), &[erased], &chosen, Language::En);
        assert_eq!(told.main.rows[0][2].written(Language::En), "(erased)");
    }
}
