//! What the journal says about letters for late dossiers, of any day.

use std::collections::BTreeMap;

use jiff::civil::Date;
use queue::{Event, LetterId, LetterPaper, LetterState, Personal};
use rusqlite::{OptionalExtension as _, params};

use super::history::History;
use super::{JournalError, Record};

/// Letters among which the newest of a dossier is looked for: more than an office writes in its
/// retention of ninety days.
const NEWEST_MAX: u64 = 5_000;

/// Who did something, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// UTC in ms by the machine's clock then.
    pub at: i64,
    /// Device or person.
    pub actor: String,
}

/// A letter as its records tell it. Personal values are absent once erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastLetter {
    /// Its id.
    pub id: LetterId,
    /// Record of the draft.
    pub seq: u64,
    /// How far it is.
    pub state: LetterState,
    /// The dossier ID.
    pub dossier: Option<String>,
    /// What the dossier is about, if a source told.
    pub procedure: Option<String>,
    /// Taken in on, if a source told.
    pub received: Option<Date>,
    /// The date that was not kept.
    pub due: Date,
    /// The date promised then.
    pub new_due: Date,
    /// Why it is late.
    pub reason: Option<String>,
    /// Form of the text.
    pub form: String,
    /// Version of that form.
    pub version: String,
    /// What it is printed on.
    pub paper: LetterPaper,
    /// When the draft was made.
    pub drafted: Deed,
    /// When it was signed on paper.
    pub signed: Option<Deed>,
    /// When the citizen got it.
    pub given: Option<Deed>,
}

/// What a dossier's newest letter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Newest {
    /// Its id.
    pub id: LetterId,
    /// How far it is.
    pub state: LetterState,
    /// The date promised in it.
    pub new_due: Date,
}

/// A row of the table.
struct Row {
    seq: u64,
    state: String,
    signed: Option<u64>,
    ended: Option<u64>,
}

const COLUMNS: &str = "seq, state, signed, ended";

impl Row {
    fn of(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            seq: row.get(0)?,
            state: row.get(1)?,
            signed: row.get(2)?,
            ended: row.get(3)?,
        })
    }

    fn state(&self) -> Result<LetterState, JournalError> {
        serde_json::from_value(self.state.as_str().into()).map_err(|e| JournalError::Damaged {
            seq: self.seq,
            cause: e.to_string(),
        })
    }
}

impl History {
    /// A letter of any day.
    pub fn letter(&mut self, id: LetterId) -> Result<Option<PastLetter>, JournalError> {
        let row = self
            .connection()
            .query_row(
                &format!("select {COLUMNS} from letter where id = ?"),
                [id.to_string()],
                Row::of,
            )
            .optional()?;
        row.map_or(Ok(None), |row| self.letter_at(&row))
    }

    /// Letters after record `after`, oldest first.
    pub fn letters(
        &mut self,
        state: Option<&str>,
        after: u64,
        limit: usize,
    ) -> Result<Vec<PastLetter>, JournalError> {
        let sql = format!(
            "select {COLUMNS} from letter where seq > ? and (?2 is null or state = ?2)
                order by seq limit ?3"
        );
        let rows = self.rows(&sql, params![after, state, limit as u64])?;
        let mut letters = Vec::new();
        for row in rows {
            letters.extend(self.letter_at(&row)?);
        }
        Ok(letters)
    }

    /// The newest letter of each dossier, by dossier ID, as far as days are not erased.
    pub fn newest_letters(&mut self) -> Result<BTreeMap<String, Newest>, JournalError> {
        let sql = format!(
            "select {COLUMNS} from letter where state <> 'replaced'
                and day not in (select day from erased) order by seq desc limit ?"
        );
        let rows = self.rows(&sql, params![NEWEST_MAX])?;
        let mut newest = BTreeMap::new();
        for row in rows {
            let Some(record) = self.record(row.seq)? else {
                continue;
            };
            let state = row.state()?;
            for event in &record.events {
                if let Event::LetterDrafted {
                    letter,
                    dossier: Personal::Plain(dossier),
                    new_due,
                    ..
                } = event
                {
                    newest.entry(dossier.clone()).or_insert(Newest {
                        id: *letter,
                        state,
                        new_due: *new_due,
                    });
                }
            }
        }
        Ok(newest)
    }

    fn rows(&self, sql: &str, values: &[&dyn rusqlite::ToSql]) -> Result<Vec<Row>, JournalError> {
        let mut statement = self.connection().prepare(sql)?;
        let rows = statement.query_map(values, Row::of)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn letter_at(&mut self, row: &Row) -> Result<Option<PastLetter>, JournalError> {
        let state = row.state()?;
        let Some(drafted) = self.record(row.seq)? else {
            return Ok(None);
        };
        let signed = row.signed.map(|seq| self.record(seq)).transpose()?;
        // A letter ends by being given, or by another draft.
        let given = row.ended.filter(|_| state == LetterState::Given);
        let given = given.map(|seq| self.record(seq)).transpose()?;
        let deed = |record: &Record| Deed {
            at: record.at,
            actor: record.actor.clone(),
        };
        let (signed, given) = (signed.flatten(), given.flatten());
        let (signed, given) = (signed.as_ref().map(deed), given.as_ref().map(deed));
        let found = drafted.events.iter().find_map(|event| match event {
            Event::LetterDrafted {
                letter,
                dossier,
                procedure,
                received,
                due,
                new_due,
                reason,
                form,
                version,
                paper,
                ..
            } => Some(PastLetter {
                id: *letter,
                seq: row.seq,
                state,
                dossier: dossier.plain().map(str::to_owned),
                procedure: procedure
                    .as_ref()
                    .and_then(Personal::plain)
                    .map(str::to_owned),
                received: *received,
                due: *due,
                new_due: *new_due,
                reason: reason.plain().map(str::to_owned),
                form: form.clone(),
                version: version.clone(),
                paper: *paper,
                drafted: deed(&drafted),
                signed: signed.clone(),
                given: given.clone(),
            }),
            _ => None,
        });
        Ok(found)
    }
}
