//! A list that is kept, printed and signed: the scan register, the log of outages. The same as a
//! page on A4, as a workbook and as text.

use super::{Language, Table};

/// A list with all that stands on its paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// The office's name.
    pub office: String,
    /// What it is.
    pub title: String,
    /// Which part of it: the day or the period, and what was chosen.
    pub under: Vec<String>,
    /// Its lines.
    pub main: Table,
    /// Its sums.
    pub sums: Table,
    /// How it is to be read.
    pub notes: Vec<String>,
    /// Who signs.
    pub signers: [&'static str; 2],
    /// The record that it is up to.
    pub seq: u64,
    /// Its hash: a journal that no longer has it was cut off or rewritten.
    pub head: String,
}

impl List {
    /// How anybody can tell later that the record was not rewritten.
    pub fn proof(&self, language: Language) -> String {
        let seq = language.count(self.seq);
        match language {
            Language::Vi => format!(
                "Theo bản ghi đến số {seq}, đầu chuỗi {}. Kiểm tra: kiosk journal verify --head và đầu chuỗi này.",
                self.head
            ),
            Language::En => format!(
                "From the record up to number {seq}, head {}. To check: kiosk journal verify --head with this head.",
                self.head
            ),
        }
    }

    /// Where and when it is signed; filled in by hand.
    pub fn dated(language: Language) -> &'static str {
        language.say(
            "……………………, ngày …… tháng …… năm …………",
            "……………………, date ……/……/…………",
        )
    }

    /// Under the office that signs.
    pub fn by_hand(language: Language) -> &'static str {
        language.say("(Ký, ghi rõ họ tên)", "(Signature and full name)")
    }
}
