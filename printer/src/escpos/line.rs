//! How a line of the slip is sent to a printer with RAM: by its key, as a page of words, or as dots.
//!
//! Nothing is told of which lines change. A line that comes a second time is kept whole. One that
//! is new, but of words that were there before, becomes a page: the words are kept, and numbers
//! are put together from digits. After a few tickets only keys and places travel.

use escpos::errors::Result;

use super::Writer;
use super::ram::{self, Placed, can_be_kept};
use super::words::{Piece, Words};
use crate::bands::Band;
use crate::graphic::Graphic;
use crate::store::Key;

/// Below this a line is as cheap as its key.
const WORTH_BYTES: usize = 64;
/// A page pays if what must be kept for it is no more than this part of the line.
const PAYS_PART: usize = 4;

/// How a line went.
pub(super) enum Sent {
    Printed,
    /// As a page, with a white row below it if there is one.
    Page,
    Not,
}

impl Writer<'_> {
    /// A line of the slip from what the printer has in its RAM, as far as that pays. `below`: a
    /// white row follows.
    pub(super) fn line(&mut self, line: &Band, below: bool) -> Result<Sent> {
        let (sheet, bytes) = (self.sheet, line.graphic.dots.len());
        let Some(store) = self.store.as_deref_mut() else {
            return Ok(Sent::Not);
        };
        if bytes < WORTH_BYTES || !can_be_kept(&line.graphic) {
            return Ok(Sent::Not);
        }
        if let Some(key) = store.kept(&line.graphic) {
            return self.print(line, key);
        }
        let seen = store.has_seen(&line.graphic);
        let page_rows = line.rows.len() + usize::from(below);
        let words = match page_rows <= sheet.profile.page_rows_max.into() {
            true => Words::of(line, &sheet.canvas, store),
            false => None,
        };
        // A line that changes is soon put together from what is there. What was on the slip before
        // as it is now will be there again, and is kept whole.
        let pays = |words: &&Words| {
            PAYS_PART * words.new_bytes <= bytes || !seen && words.is_mostly_known()
        };
        if let Some(words) = words.as_ref().filter(pays)
            && self.page(words, page_rows)?
        {
            return Ok(Sent::Page);
        }
        if seen && let Some(key) = self.key(&line.graphic)? {
            return self.print(line, key);
        }
        let lines = [&line.graphic].into_iter();
        let words = words.iter().flat_map(|words| &words.words);
        self.see(lines.chain(words.map(|word| &word.graphic)));
        Ok(Sent::Not)
    }

    fn see<'g>(&mut self, graphics: impl Iterator<Item = &'g Graphic>) {
        if let Some(store) = self.store.as_deref_mut() {
            graphics.for_each(|graphic| store.see(graphic));
        }
    }

    fn print(&mut self, line: &Band, key: Key) -> Result<Sent> {
        self.place(line.place)?;
        self.printer.custom(&ram::print(key, line.scale))?;
        Ok(Sent::Printed)
    }

    /// The key of a graphic in RAM, where it is put if it is not there. None: there is no room.
    fn key(&mut self, graphic: &Graphic) -> Result<Option<Key>> {
        let Some(store) = self.store.as_deref_mut() else {
            return Ok(None);
        };
        if let Some(key) = store.kept(graphic) {
            return Ok(Some(key));
        }
        let Some((key, forgotten)) = store.keep(graphic) else {
            return Ok(None);
        };
        for key in forgotten {
            self.printer.custom(&ram::forget(key))?;
        }
        self.printer.custom(&ram::definition(graphic, key))?;
        self.border()?;
        Ok(Some(key))
    }

    /// A line as a page of words and letters. Whether there was room for all of them.
    fn page(&mut self, words: &Words, rows: usize) -> Result<bool> {
        let mut placed = Vec::new();
        for Piece {
            graphic,
            left,
            bottom,
        } in &words.pieces
        {
            let Some(key) = self.key(graphic)? else {
                return Ok(false);
            };
            let (left, bottom) = (*left, *bottom);
            placed.push(Placed { key, left, bottom });
        }
        let width = self.sheet.canvas.width();
        self.printer.custom(&ram::page(width, rows, placed))?;
        // A new word comes as letters the first time.
        self.see(words.words.iter().map(|word| &word.graphic));
        Ok(true)
    }
}
