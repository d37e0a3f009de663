//! `journal verify`: the whole chain, and that the tables follow from it.

use rusqlite::Connection;

use super::sqlite::{check_format, head_of, walk};
use super::{Hash, Head, JournalError, effects};

/// What was found.
#[derive(Debug)]
pub struct Verified {
    /// The newest record.
    pub head: Head,
    /// Epochs in order: more than one after a restore.
    pub epochs: Vec<String>,
}

/// Checks every record of `connection`, and that `expected`, if given, is one of its hashes:
/// a journal whose tail was cut, or whose history was rewritten, no longer has it.
pub fn verify(connection: &Connection, expected: Option<Hash>) -> Result<Verified, JournalError> {
    // One snapshot, so that a running daemon's commits do not come in between.
    let tx = connection.unchecked_transaction()?;
    // A flipped byte in an index is in no record; only the database itself can tell.
    let sound: String = tx.query_row("pragma integrity_check(1)", [], |r| r.get(0))?;
    if sound != "ok" {
        return Err(JournalError::Damaged {
            seq: head_of(&tx)?.seq,
            cause: format!("the file is damaged: {sound}"),
        });
    }
    let mut memory = Connection::open_in_memory()?;
    memory.execute_batch(effects::SCHEMA)?;
    let rebuilt = memory.transaction()?;
    let mut epochs: Vec<String> = Vec::new();
    let mut found = expected.is_none_or(|e| e == Hash::default());
    walk(&tx, 1, &mut |record, hash| {
        found |= expected == Some(hash);
        if epochs.last() != Some(&record.epoch) {
            epochs.push(record.epoch.clone());
        }
        Ok(effects::write(&rebuilt, &record)?)
    })?;
    let head = head_of(&tx)?;
    if !found {
        return Err(JournalError::Damaged {
            seq: head.seq,
            cause: "no record has the given head: the journal was cut off or rewritten".into(),
        });
    }
    let format = check_format(&tx)?;
    let known = effects::FOLLOWING.iter();
    for (table, _, query) in known.filter(|(_, since, _)| *since <= format) {
        let stored = match *table {
            "office" if format < 4 => effects::OFFICE_UP_TO_3,
            _ => query,
        };
        let mut stored = tx.prepare(stored)?;
        let mut expected = rebuilt.prepare(query)?;
        let columns = stored.column_count();
        let (mut a, mut b) = (stored.query([])?, expected.query([])?);
        loop {
            let (x, y) = (a.next()?, b.next()?);
            let same = match (&x, &y) {
                (None, None) => break,
                (Some(x), Some(y)) => {
                    let mut same = true;
                    for column in 0..columns {
                        same &= x.get_ref(column)? == y.get_ref(column)?;
                    }
                    same
                }
                _ => false,
            };
            if !same {
                return Err(JournalError::Damaged {
                    seq: head.seq,
                    cause: format!("table {table} does not follow from the records"),
                });
            }
        }
    }
    Ok(Verified { head, epochs })
}
