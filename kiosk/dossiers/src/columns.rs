//! Which column is what: by its name, whatever the software writes above it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::encoding::from_tcvn3;
use crate::table::COLUMNS_MAX;
use crate::{ImportError, Table, fold};

/// What a column can hold that is of use here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Column {
    /// Dossier ID.
    Dossier,
    /// What it is about.
    Procedure,
    /// How far it is.
    State,
    /// Taken in on.
    Received,
    /// Promised for.
    Due,
    /// Worked off on.
    Finished,
    /// Handed over on.
    Returned,
    /// Where it is now.
    Step,
    /// Telephone of whoever handed it in: only its last digits are used, and only sealed.
    Phone,
    /// Number of their identity paper: the same.
    Paper,
    /// Code for looking up, printed on the receipt.
    Secret,
}

impl Column {
    /// Every column, in the order of the page.
    pub const ALL: [Self; 11] = [
        Self::Dossier,
        Self::Procedure,
        Self::State,
        Self::Received,
        Self::Due,
        Self::Finished,
        Self::Returned,
        Self::Step,
        Self::Phone,
        Self::Paper,
        Self::Secret,
    ];

    /// Names that are this column, folded, the best first: those of the national portal's
    /// interface, then those of registers and of offices' own lists.
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Dossier => &[
                "mahoso",
                "sohoso",
                "masohoso",
                "mahosoquocgia",
                "mahosodvc",
                "mahs",
                "sohs",
                "masohs",
                "sobiennhan",
                "mabiennhan",
                "dossierid",
                "dossier",
            ],
            Self::Procedure => &[
                "tentthc",
                "tenthutuchanhchinh",
                "tenthutuc",
                "thutuchanhchinh",
                "thutuc",
                "tendichvucong",
                "loaithutuc",
                "loaihoso",
                "matthc",
                "mathutuc",
                "procedure",
            ],
            Self::State => &[
                "trangthaihoso",
                "trangthai",
                "tinhtranghoso",
                "tinhtrang",
                "trangthaixuly",
                "tinhtrangxuly",
                "tinhtranggiaiquyet",
                "ketquagiaiquyet",
                "state",
                "status",
            ],
            Self::Received => &[
                "ngaytiepnhan",
                "ngaytiepnhanhoso",
                "ngaynhan",
                "ngaynhanhoso",
                "nhanhoso",
                "thoigiantiepnhan",
                "thoidiemtiepnhan",
                "ngaynophoso",
                "ngaynop",
                "receivedat",
                "receivedon",
                "received",
            ],
            Self::Due => &[
                "ngayhentra",
                "hantra",
                "ngayhentraketqua",
                "hantraketqua",
                "hentraketqua",
                "ngayhen",
                "hentra",
                "thoigianhentra",
                "thoigianhentraketqua",
                "hanxuly",
                "hangiaiquyet",
                "hanhoanthanh",
                "thoihangiaiquyet",
                "dueat",
                "dueon",
                "due",
            ],
            Self::Finished => &[
                "ngayketthucxuly",
                "ngayketthuc",
                "ngayxulyxong",
                "ngayhoanthanh",
                "ngaycoketqua",
                "ngaygiaiquyetxong",
                "thoigianketthuc",
                "finishedat",
                "finishedon",
                "finished",
            ],
            Self::Returned => &[
                "ngaytra",
                "ngaytraketqua",
                "ngaytraketquathucte",
                "traketqua",
                "thoigiantra",
                "ngaynhanketqua",
                "returnedat",
                "returnedon",
            ],
            Self::Step => &[
                "donvixuly",
                "donvidangxuly",
                "phongbanxuly",
                "buochientai",
                "buocxuly",
                "congdoan",
                "congdoanhientai",
                "coquanchutrigiaiquyet",
                "coquangiaiquyet",
                "step",
            ],
            Self::Phone => &[
                "sodienthoai",
                "dienthoai",
                "sdt",
                "sodt",
                "dienthoaididong",
                "sodienthoainguoinop",
                "sodienthoaichuhoso",
                "sdtnguoinop",
                "sdtchuhoso",
                "phone",
            ],
            Self::Paper => &[
                "sogiaytochuhoso",
                "sogiayto",
                "socccd",
                "cccd",
                "cccdcmnd",
                "cmndcccd",
                "socmnd",
                "cmnd",
                "socancuoc",
                "cancuoc",
                "sodinhdanh",
                "sodinhdanhcanhan",
                "magiayto",
            ],
            Self::Secret => &["matracuu", "mabimat", "mabaomat", "lookupcode"],
        }
    }
}

/// Which column of the file is taken for what.
pub type Columns = BTreeMap<Column, usize>;

/// Rows above the table's own names: titles, the office, the period.
const ABOVE_MAX: usize = 25;

/// The names of a file's columns, and what each is taken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matched {
    /// Row of the table that holds the names.
    pub(crate) header: usize,
    /// Names as the file has them.
    pub names: Vec<String>,
    /// What was recognised.
    pub columns: Columns,
}

impl Matched {
    /// Whether anything can be done with it.
    pub fn has_dossiers(&self) -> bool {
        self.columns.contains_key(&Column::Dossier)
    }

    /// The same with the user's own choice, as far as the file has such columns.
    pub fn chosen(self, columns: Columns) -> Self {
        let count = self.names.len();
        let columns = columns.into_iter().filter(|(_, at)| *at < count);
        Self {
            columns: columns.collect(),
            ..self
        }
    }
}

/// Finds the names of columns. A table in TCVN3 is turned right where only that gives names.
pub fn match_columns(table: Table) -> Result<(Table, Matched), ImportError> {
    let found = best(&table);
    let head: Vec<Vec<String>> = (0..table.len().min(ABOVE_MAX))
        .map(|row| table.row(row).map(from_tcvn3).collect())
        .collect();
    let turned = best_of(head.len(), |row| head[row].clone());
    match turned.columns.len() > found.columns.len() {
        true => Ok((table.map(from_tcvn3)?, turned)),
        false => Ok((table, found)),
    }
}

fn best(table: &Table) -> Matched {
    best_of(table.len().min(ABOVE_MAX), |row| {
        table.row(row).map(str::to_owned).collect()
    })
}

/// The row in which the most columns have a known name; of equals the first.
fn best_of(rows: usize, cells: impl Fn(usize) -> Vec<String>) -> Matched {
    let mut best = Matched {
        header: 0,
        names: if rows > 0 { cells(0) } else { Vec::new() },
        columns: Columns::new(),
    };
    for row in 0..rows {
        let mut names = cells(row);
        let alone = recognised(&names).len();
        // A register has two lines of names: "Ngày, tháng, năm" stands above three of the second.
        if let Some(above) = row.checked_sub(1).map(&cells) {
            names.resize(names.len().max(above.len()).min(COLUMNS_MAX), String::new());
            for (name, above) in names.iter_mut().zip(&above) {
                if name.is_empty() {
                    name.clone_from(above);
                }
            }
        }
        let columns = recognised(&names);
        if alone > 0 && columns.len() > best.columns.len() {
            best = Matched {
                header: row,
                names,
                columns,
            };
        }
    }
    best
}

fn recognised(names: &[String]) -> Columns {
    let folded: Vec<String> = names.iter().map(|name| fold(plain(name))).collect();
    let mut columns = Columns::new();
    for column in Column::ALL {
        let at = |name: &&str| folded.iter().position(|own| own == name);
        if let Some(at) = column.names().iter().find_map(at) {
            columns.insert(column, at);
        }
    }
    columns
}

/// A name without what explains it: `Ngày hẹn trả (dd/MM/yyyy)`.
fn plain(name: &str) -> &str {
    name.split(['(', '[', '\n']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::read;

    fn matched(csv: &str) -> Matched {
        match_columns(read(csv.as_bytes()).unwrap()).unwrap().1
    }

    #[test]
    fn columns_are_known_by_the_portals_names_and_by_the_offices() {
        let portal = "MaHoSo,MaTTHC,TenTTHC,ChuHoSo,SoGiayToChuHoSo,SoDienThoai,NgayTiepNhan,NgayHenTra,NgayKetThucXuLy,NgayTra,TrangThaiHoSo,DonViXuLy\n";
        let office = "UBND phường Mẫu\nDANH SÁCH HỒ SƠ\n\nSTT;Số hồ sơ;Tên thủ tục;Người nộp;Hạn trả kết quả (dd/MM/yyyy);Tình trạng;SĐT;Mã tra cứu\n";
        use Column::{
            Dossier, Due, Finished, Paper, Phone, Procedure, Received, Returned, Secret, State,
            Step,
        };
        type Expected = &'static [(Column, usize)];
        let expected: [(&str, usize, Expected); 2] = [
            (
                portal,
                0,
                &[
                    (Dossier, 0),
                    (Procedure, 2),
                    (State, 10),
                    (Received, 6),
                    (Due, 7),
                    (Finished, 8),
                    (Returned, 9),
                    (Step, 11),
                    (Phone, 5),
                    (Paper, 4),
                ],
            ),
            (
                office,
                2,
                &[
                    (Dossier, 1),
                    (Procedure, 2),
                    (State, 5),
                    (Due, 4),
                    (Phone, 6),
                    (Secret, 7),
                ],
            ),
        ];
        for (csv, header, columns) in expected {
            let matched = matched(csv);
            assert_eq!(matched.header, header);
            assert_eq!(matched.columns, columns.iter().copied().collect());
        }
    }

    #[test]
    fn a_register_with_two_lines_of_names_is_read_by_both() {
        let matched = matched(
            "TT,Mã hồ sơ,Tên TTHC,\"Ngày, tháng, năm\",,,Ghi chú\n,,,Nhận hồ sơ,Hẹn trả kết quả,Trả kết quả,\n1,H05.114-250625-0002,Khai sinh,25/06/2025,26/06/2025,,\n",
        );
        assert_eq!(matched.header, 1);
        let at = |column| matched.columns.get(&column).copied();
        assert_eq!(at(Column::Dossier), Some(1));
        assert_eq!(at(Column::Received), Some(3));
        assert_eq!(at(Column::Due), Some(4));
        assert_eq!(at(Column::Returned), Some(5));
    }

    #[test]
    fn a_table_in_tcvn3_is_turned_right() {
        let csv = "M· hå s¬,Tªn thñ tôc,Ngµy hÑn tr¶,Tr¹ng th¸i\nH05.114-250625-0002,§¨ng ký,26/06/2025,§ang xö lý\n";
        let (table, matched) = match_columns(read(csv.as_bytes()).unwrap()).unwrap();
        assert_eq!(matched.names[2], "Ngày hẹn trả");
        assert_eq!(matched.columns.len(), 4);
        assert_eq!(table.cell(1, 3), "Đang xử lý");
    }

    #[test]
    fn a_file_without_dossiers_says_so() {
        let matched = matched("Tên,Địa chỉ\nA,B\n");
        assert!(!matched.has_dossiers());
        assert_eq!(matched.names, ["Tên", "Địa chỉ"]);
    }
}
