//! Rows as dossiers: what counts, and what does not and why.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;
use scanner::DossierId;
use serde::Serialize;
use unicode_normalization::UnicodeNormalization as _;

use crate::columns::Matched;
use crate::{BadDate, Column, DossierState, Facts, Step, Table, date, fold};

/// Bad rows that are told one by one; nobody mends more by hand.
const TOLD_MAX: usize = 200;
/// Longest name of a procedure that is kept.
const PROCEDURE_CHARS_MAX: usize = 300;
/// Longest name of an office.
const STEP_CHARS_MAX: usize = 120;
/// What a citizen types to show that the receipt is theirs.
const FACTOR_CHARS: usize = 4;
/// Codes for looking up that are typed whole.
const SECRET_CHARS: std::ops::RangeInclusive<usize> = 4..=12;
/// Shorter numbers are no telephones and no identity papers.
const NUMBER_CHARS_MIN: usize = 8;
/// Telephones of one dossier that count.
const FACTORS_MAX: usize = 8;

/// A row that counts.
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    /// In the file, from 1.
    pub line: u32,
    /// Which dossier.
    pub dossier: DossierId,
    /// What is said of it.
    pub facts: Facts,
    /// What proves that somebody has its receipt: the last four signs of a telephone number or
    /// of an identity paper, or the code for looking up. To be kept only as keyed hashes.
    pub factors: Vec<String>,
}

impl fmt::Debug for Row {
    /// Its place and the dossier, masked: where columns are mixed up any of the texts may hold
    /// what does not belong into a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Row")
            .field("line", &self.line)
            .field("dossier", &self.dossier)
            .finish_non_exhaustive()
    }
}

/// What is wrong with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "fault")]
pub enum Fault {
    /// Nothing in the column of dossier IDs: a heading or a sum.
    NoDossier,
    /// No dossier ID that this office reads.
    BadDossier,
    /// A date that no calendar has, or that is none.
    BadDate {
        /// In which column.
        column: Column,
    },
    /// The column writes the month before the day.
    MonthFirst {
        /// Which.
        column: Column,
    },
}

/// A row that does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct BadRow {
    /// In the file, from 1.
    pub line: u32,
    /// What is wrong with it.
    #[serde(flatten)]
    pub fault: Fault,
}

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Rows that count, each dossier once, in the order of the file.
    pub good: Vec<Row>,
    /// Rows of a dossier that a later row tells of again: the later one counts.
    pub repeated: usize,
    /// How many do not count.
    pub bad: usize,
    /// The first of them.
    pub told: Vec<BadRow>,
    /// A column in which the month stands before the day. Then the whole file must not be
    /// taken: its other dates would be wrong without anybody noticing.
    pub month_first: Option<Column>,
}

/// Reads the rows below the names. `dossier`: which IDs this office reads.
pub fn rows(
    table: &Table,
    matched: &Matched,
    dossier: impl Fn(&str) -> Option<DossierId>,
) -> Found {
    let mut found = Found::default();
    let mut places: BTreeMap<DossierId, usize> = BTreeMap::new();
    for row in matched.header + 1..table.len() {
        let line = table.line(row);
        match read(table, matched, row, &dossier) {
            Ok(read) => match places.get(&read.dossier) {
                Some(place) => {
                    found.good[*place] = read;
                    found.repeated += 1;
                }
                None => {
                    places.insert(read.dossier.clone(), found.good.len());
                    found.good.push(read);
                }
            },
            Err(fault) => {
                found.bad += 1;
                if let Fault::MonthFirst { column } = fault {
                    found.month_first.get_or_insert(column);
                }
                if found.told.len() < TOLD_MAX {
                    found.told.push(BadRow { line, fault });
                }
            }
        }
    }
    found
}

fn read(
    table: &Table,
    matched: &Matched,
    row: usize,
    dossier: &impl Fn(&str) -> Option<DossierId>,
) -> Result<Row, Fault> {
    let cells: Vec<&str> = table.row(row).collect();
    let cell = |column| {
        let at = matched.columns.get(&column);
        at.and_then(|at| cells.get(*at))
            .copied()
            .unwrap_or_default()
    };
    let text = |column, chars: usize| -> Option<String> {
        let kept: String = cell(column).nfc().take(chars).collect();
        (!kept.is_empty()).then_some(kept)
    };
    let day = |column| -> Result<Option<Date>, Fault> {
        date(cell(column), table.since_1904()).map_err(|bad| match bad {
            BadDate::MonthFirst => Fault::MonthFirst { column },
            BadDate::Unreadable | BadDate::NoSuchDay => Fault::BadDate { column },
        })
    };
    if cell(Column::Dossier).is_empty() {
        return Err(Fault::NoDossier);
    }
    let id = dossier(cell(Column::Dossier)).ok_or(Fault::BadDossier)?;
    let (finished, returned) = (day(Column::Finished)?, day(Column::Returned)?);
    let state = state(cell(Column::State), finished, returned);
    let step = text(Column::Step, STEP_CHARS_MAX).map(|name| Step {
        name,
        begun_on: None,
        due_on: None,
        finished_on: None,
    });
    Ok(Row {
        line: table.line(row),
        dossier: id,
        facts: Facts {
            procedure: text(Column::Procedure, PROCEDURE_CHARS_MAX),
            state,
            received_on: day(Column::Received)?,
            due_on: day(Column::Due)?,
            finished_on: finished.or(returned),
            steps: step.into_iter().collect(),
        },
        factors: factors(
            cell(Column::Phone),
            cell(Column::Paper),
            cell(Column::Secret),
        ),
    })
}

/// As the file says; where it says nothing, as its dates do.
fn state(text: &str, finished: Option<Date>, returned: Option<Date>) -> DossierState {
    match (text.is_empty(), returned, finished) {
        (true, Some(_), _) => DossierState::Returned,
        (true, None, Some(_)) => DossierState::Done,
        (true, None, None) => DossierState::Received,
        (false, ..) => DossierState::of_text(text),
    }
}

fn factors(phones: &str, papers: &str, secret: &str) -> Vec<String> {
    let each = |cell: &str| -> Vec<String> {
        let parts = cell.split([';', ',', '/']).map(signs);
        let long = parts.filter(|part| part.len() >= NUMBER_CHARS_MIN);
        long.map(|part| part[part.len() - FACTOR_CHARS..].to_owned())
            .collect()
    };
    let mut factors = each(phones);
    factors.extend(each(papers));
    factors.extend(factor(secret));
    factors.sort_unstable();
    factors.dedup();
    factors.truncate(FACTORS_MAX);
    factors
}

/// Letters and digits in capitals, ASCII only.
fn signs(text: &str) -> String {
    let mut signs = fold(text);
    signs.retain(|sign| sign.is_ascii_alphanumeric());
    signs.make_ascii_uppercase();
    signs
}

/// What somebody typed, as it is compared; none: it can be no factor.
pub fn factor(typed: &str) -> Option<String> {
    // Folding makes nothing longer than this from what can be one.
    if typed.len() > 64 {
        return None;
    }
    let signs = signs(typed);
    SECRET_CHARS.contains(&signs.len()).then_some(signs)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{Columns, match_columns};

    fn id(text: &str) -> Option<DossierId> {
        text.parse().ok()
    }

    fn found(csv: &str) -> Found {
        let (table, matched) = match_columns(crate::read(csv.as_bytes()).unwrap()).unwrap();
        rows(&table, &matched, id)
    }

    const CSV: &str = "\
Mã hồ sơ,Thủ tục,Trạng thái,Ngày tiếp nhận,Hạn trả,Ngày trả,SĐT,CCCD,Mã tra cứu
H05.114-250625-0001,Khai sinh,Đang xử lý,25/06/2025 08:00,27/06/2025,,0912 345 678,079123456789,ab3d
h05.114-250625-OOO2,Khai sinh,,25/06/2025,27/06/2025,26/06/2025,,,
,Lĩnh vực đất đai,,,,,,,
Tổng cộng: 3,,,,,,,,
H05.114-250625-0003,Kết hôn,Đang xử lý,25/06/2025,31/06/2025,,,,
H05.114-250625-0001,Khai sinh,Đã trả kết quả,25/06/2025,27/06/2025,27/06/2025,0912345678; 0987.654.321,,
";

    #[test]
    fn a_row_counts_or_is_told_with_its_line_and_what_is_wrong() {
        let found = found(CSV);
        let good: Vec<_> = found
            .good
            .iter()
            .map(|r| (r.line, r.dossier.as_str()))
            .collect();
        assert_eq!(
            good,
            [(7, "H05.114-250625-0001"), (3, "H05.114-250625-0002")]
        );
        assert_eq!((found.repeated, found.bad), (1, 3));
        let due = Column::Due;
        let told = found.told.iter().map(|bad| (bad.line, bad.fault));
        assert_eq!(
            told.collect::<Vec<_>>(),
            [
                (4, Fault::NoDossier),
                (5, Fault::BadDossier),
                (6, Fault::BadDate { column: due }),
            ]
        );
        let [first, second] = &found.good[..] else {
            panic!("two");
        };
        assert_eq!(first.facts.state, DossierState::Returned);
        assert_eq!(first.factors, ["4321", "5678"]);
        assert_eq!(second.facts.state, DossierState::Returned);
        assert_eq!(second.facts.finished_on, Some(Date::constant(2025, 6, 26)));
        assert_eq!(second.factors, Vec::<String>::new());
    }

    #[test]
    fn what_proves_a_receipt_is_four_signs_or_the_printed_code() {
        assert_eq!(
            factors("0912 345 678", "079123456789", "ab3d"),
            ["5678", "6789", "AB3D"]
        );
        assert_eq!(
            factors("912345678", "", ""),
            ["5678"],
            "a workbook drops the zero"
        );
        assert_eq!(factors("113", "B12", "x"), Vec::<String>::new());
        assert_eq!(factor(" ab3d "), Some("AB3D".into()));
        assert_eq!(factor("567"), None);
        assert_eq!(factor(&"7".repeat(1000)), None);
    }

    #[test]
    fn a_file_that_writes_the_month_first_is_not_to_be_taken() {
        let csv =
            "Mã hồ sơ,Hạn trả\nH05.114-250625-0001,06/11/2025\nH05.114-250625-0002,06/27/2025\n";
        assert_eq!(found(csv).month_first, Some(Column::Due));
    }

    #[test]
    fn a_column_can_be_taken_for_something_else() {
        let csv = "Mã,Xong trước\nH05.114-250625-0001,27/06/2025\n";
        let (table, matched) = match_columns(crate::read(csv.as_bytes()).unwrap()).unwrap();
        assert!(!matched.has_dossiers());
        let chosen = Columns::from([(Column::Dossier, 0), (Column::Due, 1), (Column::State, 9)]);
        let matched = matched.chosen(chosen);
        let found = rows(&table, &matched, id);
        assert_eq!(
            found.good[0].facts.due_on,
            Some(Date::constant(2025, 6, 27))
        );
    }
}
