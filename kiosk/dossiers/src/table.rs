//! A file as rows of texts, and what a file may not exceed.

/// Largest file. A large centre's year, 50,000 dossiers with thirty columns, makes about 15 MB.
pub const FILE_BYTES_MAX: usize = 24 << 20;
/// Most rows; twice that centre's year.
pub const ROWS_MAX: usize = 100_000;
/// Columns looked at; the national portal's own list has about sixty.
pub(crate) const COLUMNS_MAX: usize = 128;
/// Of one cell; what is longer is a summary that nobody needs here, and it is cut.
const CELL_BYTES_MAX: usize = 1_024;
/// Of all cells; the memory that a small machine can spare for one import.
const TEXT_BYTES_MAX: usize = 64 << 20;

/// Why a file cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// Over [`FILE_BYTES_MAX`], or it unpacks to more than it may.
    #[error("the file is too large")]
    TooLarge,
    /// Over [`ROWS_MAX`].
    #[error("the file has too many rows")]
    TooManyRows,
    /// The format before 2007, or a workbook with a password.
    #[error("the file is an old or a protected workbook")]
    OldWorkbook,
    /// HTML, also when it is called .xls.
    #[error("the file is a web page")]
    WebPage,
    /// Another program's workbook, or one that is cut off.
    #[error("the workbook cannot be read")]
    Damaged,
    /// Not a table of text.
    #[error("the file is no text")]
    NotText,
    /// No row with anything in it.
    #[error("the file is empty")]
    Empty,
}

/// What kind of file it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A workbook; whether it counts days from 1904.
    Workbook {
        /// As its properties say.
        since_1904: bool,
    },
    /// Lines of text.
    Delimited,
}

/// Rows of texts, compact: one text and where its cells end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    kind: Kind,
    text: String,
    ends: Vec<u32>,
    rows: Vec<Place>,
}

/// Where a row begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    /// In the file, from 1.
    line: u32,
    first: u32,
}

impl Table {
    pub(crate) fn new(kind: Kind) -> Self {
        Self {
            kind,
            text: String::new(),
            ends: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// Adds a row, unless nothing is in it.
    pub(crate) fn push<'a>(
        &mut self,
        line: u32,
        cells: impl Iterator<Item = &'a str>,
    ) -> Result<(), ImportError> {
        let before = (self.text.len(), self.ends.len());
        for cell in cells.take(COLUMNS_MAX) {
            self.text.push_str(cut(cell.trim()));
            if self.text.len() > TEXT_BYTES_MAX {
                return Err(ImportError::TooLarge);
            }
            // Below TEXT_BYTES_MAX, so it fits.
            self.ends.push(self.text.len() as u32);
        }
        if self.text.len() == before.0 {
            self.ends.truncate(before.1);
            return Ok(());
        }
        if self.rows.len() >= ROWS_MAX {
            return Err(ImportError::TooManyRows);
        }
        self.rows.push(Place {
            line,
            first: before.1 as u32,
        });
        Ok(())
    }

    pub(crate) fn finished(self) -> Result<Self, ImportError> {
        match self.rows.is_empty() {
            true => Err(ImportError::Empty),
            false => Ok(self),
        }
    }

    /// What kind of file it was.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether numbers in columns of dates count from 1904.
    pub(crate) fn since_1904(&self) -> bool {
        self.kind == Kind::Workbook { since_1904: true }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none; a table that was read has one.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Line of a row in the file, from 1.
    pub fn line(&self, row: usize) -> u32 {
        self.rows.get(row).map_or(0, |place| place.line)
    }

    /// The cells of a row.
    pub fn row(&self, row: usize) -> impl ExactSizeIterator<Item = &str> {
        let first = self.rows.get(row).map_or(0, |place| place.first as usize);
        let next = self.rows.get(row + 1).map(|place| place.first as usize);
        let last = match self.rows.get(row) {
            Some(_) => next.unwrap_or(self.ends.len()),
            None => first,
        };
        (first..last).map(|cell| {
            let begin = cell.checked_sub(1).map_or(0, |before| self.ends[before]);
            &self.text[begin as usize..self.ends[cell] as usize]
        })
    }

    /// One cell; empty where the row is shorter.
    pub fn cell(&self, row: usize, column: usize) -> &str {
        self.row(row).nth(column).unwrap_or_default()
    }

    /// The same with every cell rewritten.
    pub(crate) fn map(&self, rewrite: impl Fn(&str) -> String) -> Result<Self, ImportError> {
        let mut mapped = Self::new(self.kind);
        for row in 0..self.len() {
            let cells: Vec<String> = self.row(row).map(&rewrite).collect();
            mapped.push(self.line(row), cells.iter().map(String::as_str))?;
        }
        mapped.finished()
    }
}

/// The beginning of a text, whole letters only.
fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(CELL_BYTES_MAX)]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_row_keeps_its_cells_and_its_line_and_an_empty_one_is_none() {
        let mut table = Table::new(Kind::Delimited);
        table.push(1, ["a", "", "ơ"].into_iter()).unwrap();
        table.push(2, ["", " "].into_iter()).unwrap();
        table.push(5, ["b"].into_iter()).unwrap();
        let long = "ă".repeat(CELL_BYTES_MAX);
        table.push(6, [long.as_str()].into_iter()).unwrap();
        assert_eq!(table.len(), 3);
        assert_eq!(table.row(0).collect::<Vec<_>>(), ["a", "", "ơ"]);
        assert_eq!(table.row(1).collect::<Vec<_>>(), ["b"]);
        assert_eq!((table.line(1), table.cell(1, 7)), (5, ""));
        assert_eq!(table.row(2).next().unwrap().len(), CELL_BYTES_MAX);
        assert_eq!(table.row(9).len(), 0);
    }
}
