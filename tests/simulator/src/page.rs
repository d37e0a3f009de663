//! Page mode: what is put down anywhere on a page, and printed all at once.
//!
//! After Epson's TM-T88III specification (ESC L, ESC W, ESC $, GS $, FF, CAN, ESC S) and programming
//! guide (GS ( L fn 85), and the ePOS-Print manual of the TM-T20II-i (where a graphic stands: its
//! lower left corner is put at the position). What the reference says is ignored is a mistake here.

use crate::command::{ESC, GS, word};
use crate::model::Model;

/// A rectangle of dots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Area {
    left: usize,
    top: usize,
    width: usize,
    height: usize,
}

/// A page that is being composed.
#[derive(Debug)]
pub(crate) struct Page {
    dots: usize,
    area: Area,
    x: usize,
    /// Nowhere until it is set: where a page begins depends on the letters.
    y: Option<usize>,
    /// Rows that are fed at the end.
    height: usize,
    rows: Vec<Vec<bool>>,
    rows_max: usize,
}

/// What a command does beside changing the page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Then {
    Stay,
    /// Print these rows.
    Print(Vec<Vec<bool>>),
    /// Print these rows, and back to standard mode.
    PrintAndLeave(Vec<Vec<bool>>),
    /// Back to standard mode; what was on the page is lost.
    Leave,
}

impl Page {
    /// An empty page, as ESC L begins it. None: this model knows none.
    pub(crate) fn new(model: &Model) -> Option<Self> {
        let (dots, rows_max) = (model.dots, model.page_rows_max?);
        Some(Self {
            dots,
            area: Area {
                left: 0,
                top: 0,
                width: dots,
                height: rows_max,
            },
            x: 0,
            y: None,
            height: 0,
            rows: vec![vec![false; dots]; rows_max],
            rows_max,
        })
    }

    /// Whether a command belongs to page mode alone.
    pub(crate) fn takes(command: &[u8]) -> bool {
        matches!(
            command,
            [0x0c | 0x18] | [ESC, 0x0c | b'S' | b'W' | b'T' | b'$', ..] | [GS, b'$', ..]
        )
    }

    /// Carries out a command of page mode.
    pub(crate) fn command(&mut self, command: &[u8]) -> Result<Then, String> {
        match command {
            [0x0c] => return Ok(Then::PrintAndLeave(self.printed())),
            [ESC, 0x0c] => return Ok(Then::Print(self.printed())),
            [ESC, b'S'] => return Ok(Then::Leave),
            [0x18] => self.erase(),
            [ESC, b'T', 0] => {}
            [ESC, b'T', turned] => return Err(format!("a page turned by ESC T {turned}")),
            [ESC, b'W', sizes @ ..] => self.set_area(sizes)?,
            [ESC, b'$', n @ ..] => {
                let x = word(n);
                if x >= self.area.width {
                    return Err(format!("column {x} is beside {:?}", self.area));
                }
                self.x = x;
            }
            [GS, b'$', n @ ..] => {
                let y = word(n);
                if y > self.area.height {
                    return Err(format!("row {y} is below {:?}", self.area));
                }
                self.y = Some(y);
            }
            other => return Err(format!("{other:02x?} is no command of a page")),
        }
        Ok(Then::Stay)
    }

    fn set_area(&mut self, sizes: &[u8]) -> Result<(), String> {
        let area = Area {
            left: word(&sizes[0..]),
            top: word(&sizes[2..]),
            width: word(&sizes[4..]),
            height: word(&sizes[6..]),
        };
        let empty = area.width == 0 || area.height == 0;
        if empty || area.left + area.width > self.dots || area.top + area.height > self.rows_max {
            return Err(format!(
                "{area:?} on a page of {} by {}",
                self.dots, self.rows_max
            ));
        }
        (self.area, self.x, self.y) = (area, 0, None);
        self.height = self.height.max(area.top + area.height);
        Ok(())
    }

    /// Puts a graphic of this width, given in rows, at the position, which moves behind it.
    pub(crate) fn put(&mut self, width: usize, rows: &[Vec<bool>]) -> Result<(), String> {
        let Some(bottom) = self.y else {
            return Err("a graphic before GS $".to_owned());
        };
        let Some(top) = bottom.checked_sub(rows.len()) else {
            return Err(format!(
                "a graphic of {} rows above row {bottom}",
                rows.len()
            ));
        };
        if self.x + width > self.area.width {
            return Err(format!("{width} dots from column {} on", self.x));
        }
        let (left, top) = (self.area.left + self.x, self.area.top + top);
        let mut over = false;
        for (y, row) in rows.iter().enumerate() {
            for (x, black) in row.iter().take(width).enumerate() {
                let dot = &mut self.rows[top + y][left + x];
                // Printers differ in whether white covers black.
                over |= *dot;
                *dot |= *black;
            }
        }
        self.x += width;
        match over {
            true => Err("a graphic upon another".to_owned()),
            false => Ok(()),
        }
    }

    fn erase(&mut self) {
        let Area {
            left,
            top,
            width,
            height,
        } = self.area;
        for row in &mut self.rows[top..top + height] {
            row[left..left + width].fill(false);
        }
    }

    fn printed(&self) -> Vec<Vec<bool>> {
        let height = match self.height {
            0 => self.rows_max,
            set => set,
        };
        self.rows[..height].to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> Page {
        Page::new(&Model::epson()).unwrap()
    }

    const AREA: [u8; 10] = [ESC, b'W', 0, 0, 0, 0, 64, 2, 20, 0];

    #[test]
    fn a_graphic_stands_on_its_position_and_the_next_one_behind_it() {
        let mut page = page();
        assert_eq!(page.command(&AREA), Ok(Then::Stay));
        page.command(&[GS, b'$', 10, 0]).unwrap();
        page.command(&[ESC, b'$', 100, 0]).unwrap();
        let black = vec![vec![true; 8]; 3];
        page.put(5, &black).unwrap();
        page.put(5, &black).unwrap();
        let Ok(Then::PrintAndLeave(rows)) = page.command(&[0x0c]) else {
            panic!("FF prints");
        };
        assert_eq!(rows.len(), 20);
        for (y, row) in rows.iter().enumerate() {
            for (x, black) in row.iter().enumerate() {
                let inside = (7..10).contains(&y) && (100..110).contains(&x);
                assert_eq!(*black, inside, "{x}, {y}");
            }
        }
    }

    #[test]
    fn what_does_not_fit_on_the_page_is_a_mistake() {
        let black = vec![vec![true; 8]; 3];
        for wrong in [
            // Wider than the paper, higher than the memory, nothing at all.
            &[ESC, b'W', 0, 0, 0, 0, 65, 2, 20, 0][..],
            &[ESC, b'W', 0, 0, 0, 0, 64, 2, 64, 3],
            &[ESC, b'W', 0, 0, 0, 0, 0, 0, 20, 0],
            &[ESC, b'W', 8, 0, 0, 0, 64, 2, 20, 0],
            &[ESC, b'$', 64, 2],
            &[GS, b'$', 21, 0],
            &[ESC, b'T', 1],
        ] {
            let mut page = page();
            page.command(&AREA).unwrap();
            assert!(page.command(wrong).is_err(), "{wrong:02x?}");
        }
        let at = |x: u8, y: u8| {
            let mut page = page();
            page.command(&AREA).unwrap();
            page.command(&[GS, b'$', y, 0]).unwrap();
            page.command(&[ESC, b'$', x, 2]).unwrap();
            page
        };
        assert!(at(56, 3).put(8, &black).is_ok());
        assert!(at(57, 3).put(8, &black).is_err(), "beyond the right edge");
        assert!(at(56, 2).put(8, &black).is_err(), "above the upper edge");
        let mut twice = at(0, 3);
        twice.put(8, &black).unwrap();
        twice.command(&[ESC, b'$', 7, 2]).unwrap();
        assert!(twice.put(8, &black).is_err(), "upon another");
        let mut nowhere = page();
        nowhere.command(&AREA).unwrap();
        assert!(nowhere.put(8, &black).is_err());
    }

    #[test]
    fn a_page_can_be_cleared_or_left() {
        let mut page = page();
        page.command(&AREA).unwrap();
        page.command(&[GS, b'$', 3, 0]).unwrap();
        page.put(8, &[vec![true; 8]]).unwrap();
        page.command(&[0x18]).unwrap();
        let Ok(Then::Print(rows)) = page.command(&[ESC, 0x0c]) else {
            panic!("ESC FF prints");
        };
        assert!(rows.iter().flatten().all(|black| !black));
        assert_eq!(page.command(&[ESC, b'S']), Ok(Then::Leave));
    }
}
