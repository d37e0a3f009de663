//! Where everything goes on a touch screen of any size.
//!
//! Pure arithmetic: the window in pixels and the diagonal in inches give the pixels of 20 mm;
//! the tiles and their names decide how much each of them can say. From the roomiest plan to
//! the tightest the first that fits is taken; a target is never below 20 mm of glass.

use crate::measure::{LINE, lines};

/// A window, and how large its glass is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// Pixels across.
    pub width: f32,
    /// Pixels down.
    pub height: f32,
    /// Inches from corner to corner; 22 is the usual standing kiosk.
    pub diagonal_inches: f32,
}

/// What has to be placed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Content {
    /// Names on the service tiles.
    pub names: Vec<String>,
    /// Everyday words on them.
    pub words: Vec<String>,
    /// Fixed tiles: result, guide.
    pub fixed: usize,
    /// What the tile for results says of the reader beside it; empty where none is.
    pub receipts: String,
    /// Who may ask for priority; empty for no button.
    pub priority: String,
    /// What the button for looking up a dossier says beside its name; empty for no button.
    pub look_up: String,
    /// Larger text was asked for.
    pub large: bool,
}

/// How much a tile says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// The name alone.
    Name,
    /// The name and who waits.
    Waiting,
    /// The name and everyday words: who has never been here needs those more than figures.
    Everyday,
    /// The name, everyday words and who waits.
    Words,
    /// Everything, with a line between.
    Everything,
}

impl Detail {
    /// Everyday words are among it.
    pub fn has_words(self) -> bool {
        self >= Self::Everyday
    }

    /// Who waits is among it.
    pub fn has_waiting(self) -> bool {
        !matches!(self, Self::Name | Self::Everyday)
    }
}

/// Where things go. All lengths in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// Read above and touch below; else read left and touch right.
    pub portrait: bool,
    /// Sizes of a 22 inch 1080x1920 screen times this.
    pub scale: f32,
    /// Text sizes times this.
    pub text_scale: f32,
    /// 20 mm.
    pub touch_min: f32,
    /// Between targets, 3 mm or more.
    pub gap: f32,
    /// The half that is read.
    pub read: f32,
    /// Room for the three steps.
    pub steps: bool,
    /// Tiles in a row.
    pub columns: usize,
    /// Height of every service tile.
    pub tile_height: f32,
    /// Height of the fixed tiles.
    pub fixed_height: f32,
    /// The fixed tiles stand among the others, for want of room.
    pub merged: bool,
    /// What a tile says.
    pub detail: Detail,
    /// Lines the everyday words may take.
    pub word_lines: usize,
    /// The priority button has a row of its own, and says who may press it. So has the one for
    /// looking up a dossier, in the same row.
    pub priority_row: bool,
    /// Narrow margins and small letters, for many services on small glass.
    pub tight: bool,
    /// Of a name that need not be smaller.
    pub name_size: f32,
    /// What the touched half has across, inside its margins.
    pub inner: f32,
    /// What a name has across.
    pub name_width: f32,
    /// What the line about who waits has across.
    pub note_width: f32,
}

const MM_PER_INCH: f32 = 25.4;
const TOUCH_MM: f32 = 20.0;
const GAP_MM: f32 = 3.0;
/// The sizes of the theme are those of a screen this fine.
const THEME_PIXELS_PER_INCH: f32 = 100.0;
/// Larger text: as much of it as the service names bear.
const LARGE: [f32; 3] = [1.25, 1.15, 1.0];
/// A tile much taller than its words looks empty.
const TALLEST: f32 = 1.2;
/// What a long name is set in: its own size, or the next that takes it.
const NAME_SIZES: [f32; 3] = [1.0, 0.84, 0.7];

/// What the priority button has of its row, beside the one for looking up a dossier.
const PRIORITY_SHARE: f32 = 3.0;
const PRIORITY_ROW_SHARES: f32 = 5.0;

impl Frame {
    /// Read above and touch below.
    pub fn portrait(&self) -> bool {
        self.height > self.width
    }

    fn pixels_per_inch(&self) -> f32 {
        let pixels = (self.width * self.width + self.height * self.height).sqrt();
        pixels / self.diagonal_inches.max(1.0)
    }

    /// How much room there is, compared to 1080x1920 (or the same lying down).
    fn room(&self) -> f32 {
        let long = self.height.max(self.width);
        let short = self.height.min(self.width);
        (long / 1920.0).min(short / 1080.0)
    }

    /// The plan for `content`.
    pub fn plan(&self, content: &Content) -> Plan {
        let fine = self.pixels_per_inch();
        let room = self.room();
        // Text of the same millimetres as on 22 inches, as far as the pixels allow.
        let scale = (fine / THEME_PIXELS_PER_INCH).clamp(room, room * 1.3);
        let base = Plan {
            portrait: self.portrait(),
            scale,
            text_scale: scale,
            touch_min: (TOUCH_MM / MM_PER_INCH * fine).ceil(),
            gap: (GAP_MM / MM_PER_INCH * fine)
                .ceil()
                .max((16.0 * scale).round()),
            read: 0.0,
            steps: true,
            columns: 2,
            tile_height: 0.0,
            fixed_height: 0.0,
            merged: false,
            detail: Detail::Everything,
            word_lines: 1,
            priority_row: true,
            tight: false,
            name_size: 0.0,
            inner: 0.0,
            name_width: 0.0,
            note_width: 0.0,
        };
        let text: &[f32] = if content.large {
            &LARGE
        } else {
            &LARGE[LARGE.len() - 1..]
        };
        let plans: Vec<Plan> = text
            .iter()
            .map(|text| Plan {
                text_scale: scale * text,
                ..base
            })
            .flat_map(|base| {
                if base.portrait {
                    self.standing(&base, content.large)
                } else {
                    self.lying(&base)
                }
            })
            .collect();
        plans
            .iter()
            .find_map(|plan| self.fit(plan, content, false))
            .or_else(|| plans.last().and_then(|plan| self.fit(plan, content, true)))
            .unwrap_or(base)
    }

    /// From the roomiest to the tightest: rather the steps go than the everyday words.
    fn standing(&self, base: &Plan, large: bool) -> Vec<Plan> {
        let roomy: &[_] = if large {
            &[]
        } else {
            &[(0.38, true), (0.345, true)]
        };
        let narrow = &[(0.25, false), (0.22, false)];
        // Two lines hold all the everyday words or are not taken; one may say fewer of them.
        let whole = [(Detail::Everything, 2, false), (Detail::Words, 2, false)];
        let fewer = [(Detail::Everything, 1, false), (Detail::Words, 1, false)];
        let less = [
            (Detail::Words, 1, true),
            (Detail::Everyday, 1, true),
            (Detail::Waiting, 1, false),
            (Detail::Waiting, 1, true),
            (Detail::Name, 1, true),
        ];
        let mut plans = Vec::new();
        for merged in [false, true] {
            let mut add = |reads: &[(f32, bool)], levels: &[(Detail, usize, bool)]| {
                for (detail, word_lines, tight) in levels {
                    for (read, steps) in reads {
                        plans.push(Plan {
                            read: (self.height * read).round(),
                            steps: *steps,
                            detail: *detail,
                            word_lines: *word_lines,
                            tight: *tight,
                            merged,
                            ..*base
                        });
                    }
                }
            };
            add(roomy, &whole);
            add(narrow, &whole);
            add(roomy, &fewer);
            add(narrow, &fewer);
            add(narrow, &less);
        }
        plans
    }

    /// From the roomiest to the tightest: rather the priority button's own row goes than
    /// what the tiles say, and three narrow columns come last.
    fn lying(&self, base: &Plan) -> Vec<Plan> {
        let levels = [
            (Detail::Everything, 2, false, 2),
            (Detail::Words, 2, false, 2),
            (Detail::Words, 2, true, 2),
            (Detail::Everything, 1, false, 2),
            (Detail::Words, 1, false, 2),
            (Detail::Words, 1, true, 2),
            (Detail::Words, 1, true, 3),
            (Detail::Everyday, 1, true, 2),
            (Detail::Everyday, 1, true, 3),
            (Detail::Waiting, 1, false, 2),
            (Detail::Waiting, 1, true, 2),
            (Detail::Waiting, 1, true, 3),
            (Detail::Name, 1, true, 2),
            (Detail::Name, 1, true, 3),
        ];
        let rows = [(false, true), (false, false), (true, true), (true, false)];
        let mut plans = Vec::new();
        for (detail, word_lines, tight, columns) in levels {
            for (merged, priority_row) in rows {
                let read = if columns > 2 { 0.27 } else { 0.34 };
                // Two fixed tiles under three columns would stand crooked.
                if columns > 2 && !merged {
                    continue;
                }
                plans.push(Plan {
                    read: (self.width * read).round(),
                    columns,
                    detail,
                    word_lines,
                    tight,
                    merged,
                    priority_row,
                    ..*base
                });
            }
        }
        plans
    }

    /// `plan` with its sizes, or `None` when it does not fit and nobody insists.
    fn fit(&self, plan: &Plan, content: &Content, insist: bool) -> Option<Plan> {
        let (width, height) = if plan.portrait {
            (self.width, self.height - plan.read)
        } else {
            (self.width - plan.read, self.height)
        };
        let mut plan = *plan;
        let text = plan.text_scale;
        let pad = plan.scale * 12.0;
        let inner = width - 2.0 * plan.margin();
        plan.inner = inner;
        let columns = plan.columns as f32;
        let tile_width = (inner - (columns - 1.0) * plan.gap) / columns;
        plan.name_size = 40.0 * text * if plan.tight { 0.84 } else { 1.0 };
        plan.name_width = tile_width - 2.0 * plan.pad() - plan.badge() - plan.pad() * 0.8 - 2.0;
        plan.note_width = if plan.detail == Detail::Everything {
            tile_width - 2.0 * plan.pad()
        } else {
            plan.name_width
        };

        let wordy = content.words.iter().any(|words| !words.is_empty());
        let words = content.words.iter();
        let words = words.map(|words| lines(words, 28.0 * text, plan.name_width));
        let words = if wordy { words.max().unwrap_or(1) } else { 0 };
        let whole = plan.word_lines < 2 || words <= plan.word_lines;
        plan.word_lines = plan.word_lines.min(words);
        let set: Vec<(f32, usize)> = content.names.iter().map(|name| plan.name(name)).collect();
        let named = set.iter().all(|(_, lines)| *lines <= plan.name_lines());
        let pointless = plan.detail == Detail::Everyday && !wordy;
        if (!named || !whole || pointless) && !insist {
            return None;
        }
        let says = set.iter().map(|name| plan.says(*name));
        let says = says.fold(LINE * plan.name_size, f32::max);
        let rule = if plan.detail == Detail::Everything {
            2.0 * pad + 3.0
        } else {
            0.0
        };
        let edges = pad
            * match plan.detail {
                _ if plan.tight => 1.0,
                Detail::Everything => 3.0,
                _ => 2.0,
            };
        let least = (says.max(plan.badge()) + rule + edges)
            .max(plan.touch_min)
            .ceil();

        let around = self.around(&mut plan, content, inner);
        let tiles = content.names.len() + if plan.merged { content.fixed } else { 0 };
        let rows = tiles.div_ceil(plan.columns).max(1) as f32;
        let each = (height - around - (rows - 1.0) * plan.gap) / rows;
        if each < least && !insist {
            return None;
        }
        plan.tile_height = each.clamp(plan.touch_min, least * TALLEST).floor();
        Some(plan)
    }

    /// Height of all that is not a service tile.
    fn around(&self, plan: &mut Plan, content: &Content, inner: f32) -> f32 {
        let text = plan.text_scale;
        let pad = plan.scale * 12.0;
        let (question, more) = plan.question_sizes();
        let more = if plan.tight { 0.0 } else { more };
        let mut around = 2.0 * plan.pad() + LINE * (question + more) + plan.gap;
        // The bottom row, where the priority button may stand and say who it is for.
        let asks = !content.priority.is_empty();
        let bottom = if asks && !plan.priority_row {
            36.0 + 28.0
        } else {
            36.0
        };
        around += plan.touch_min.max(2.0 * pad + LINE * bottom * text) + plan.gap;
        let looks_up = !content.look_up.is_empty();
        if (asks || looks_up) && plan.priority_row {
            let [priority, look_up] = match (asks, looks_up) {
                (true, true) => {
                    let share = (inner - plan.gap) / PRIORITY_ROW_SHARES;
                    [
                        PRIORITY_SHARE * share,
                        (PRIORITY_ROW_SHARES - PRIORITY_SHARE) * share,
                    ]
                }
                _ => [inner, inner],
            };
            let note = |note: &str, room: f32| match note {
                "" => 0,
                note => lines(note, 28.0 * text, room - 2.0 * plan.pad()).min(2),
            };
            let note = note(&content.priority, priority).max(note(&content.look_up, look_up));
            let button = 2.0 * pad + LINE * (36.0 + 28.0 * note as f32) * text;
            around += button.max(plan.touch_min) + plan.gap;
        }
        let hint = 28.0 * plan.hint_lines(&content.receipts) as f32;
        let fixed = LINE * (40.0 + hint) * text + 3.2 * pad;
        plan.fixed_height = fixed.max(plan.touch_min).ceil();
        if content.fixed > 0 && !plan.merged {
            around += plan.fixed_height + plan.gap;
        }
        around
    }
}

impl Plan {
    /// Outside everything.
    pub fn margin(&self) -> f32 {
        self.scale * if self.tight { 28.0 } else { 48.0 }
    }

    /// Inside a tile or a button.
    pub fn pad(&self) -> f32 {
        self.scale * if self.tight { 14.0 } else { 24.0 }
    }

    /// The square with a tile's letter.
    pub fn badge(&self) -> f32 {
        self.scale * if self.tight { 48.0 } else { 76.0 }
    }

    /// The question above the tiles, and what stands under it.
    pub fn question_sizes(&self) -> (f32, f32) {
        let small = if self.portrait { 1.0 } else { 0.84 };
        (
            48.0 * small * self.text_scale,
            32.0 * small * self.text_scale,
        )
    }

    /// Lines a name may take.
    pub fn name_lines(&self) -> usize {
        if self.tight && !self.detail.has_waiting() {
            3
        } else {
            2
        }
    }

    /// Lines that a tile has for everyday words: a name of three lines speaks for itself.
    pub fn word_lines(&self, name_lines: usize) -> usize {
        if self.detail.has_words() && name_lines < 3 {
            self.word_lines
        } else {
            0
        }
    }

    /// Lines that a fixed tile needs for what it says of the reader.
    pub fn hint_lines(&self, hint: &str) -> usize {
        match hint {
            "" => 0,
            hint => lines(hint, 28.0 * self.text_scale, self.name_width).min(2),
        }
    }

    /// Height of all that a tile says under a name of this size and so many lines.
    fn says(&self, (size, lines): (f32, usize)) -> f32 {
        let waiting = match self.detail {
            Detail::Everything => 32.0,
            detail if detail.has_waiting() => 28.0,
            _ => 0.0,
        };
        let words = 28.0 * self.word_lines(lines) as f32;
        LINE * (size * lines as f32 + self.text_scale * (words + waiting))
    }

    /// Text is as large as was asked for; small glass with many services has no room for that.
    pub fn enlarged(&self) -> bool {
        self.text_scale > self.scale
    }

    /// Size of the name on a fixed tile, which has one line.
    pub fn fixed_name(&self, name: &str) -> f32 {
        let sizes = self.name_sizes();
        let fits = |size: &f32| lines(name, *size, self.name_width) == 1;
        sizes.into_iter().find(fits).unwrap_or(sizes[2])
    }

    /// Size and lines of one name: rather a little smaller than on a second line, and small
    /// only where it must be.
    pub fn name(&self, name: &str) -> (f32, usize) {
        let sizes = self.name_sizes();
        let set = |size| (size, lines(name, size, self.name_width));
        let one = sizes[..2].iter().map(|size| (1, set(*size)));
        // Three lines of the largest would be higher than a tile.
        let more = (2..=self.name_lines())
            .flat_map(|most| sizes[most - 2..].iter().map(move |size| (most, *size)))
            .map(|(most, size)| (most, set(size)));
        let mut within = one.chain(more).filter(|(most, (_, lines))| lines <= most);
        within.next().map_or_else(|| set(sizes[2]), |(_, set)| set)
    }

    /// Never smaller than the smallest text there is.
    fn name_sizes(&self) -> [f32; 3] {
        NAME_SIZES.map(|size| (size * self.name_size).max(28.0 * self.text_scale))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PORTRAIT: Frame = Frame {
        width: 1080.0,
        height: 1920.0,
        diagonal_inches: 22.0,
    };
    const SMALL: Frame = Frame {
        width: 1280.0,
        height: 800.0,
        diagonal_inches: 10.1,
    };
    const WIDE: Frame = Frame {
        width: 1920.0,
        height: 1080.0,
        diagonal_inches: 22.0,
    };

    fn content(services: usize, name: &str) -> Content {
        Content {
            names: vec![name.to_owned(); services],
            words: vec!["khai sinh, kết hôn".to_owned(); services],
            fixed: 2,
            receipts: String::new(),
            look_up: String::new(),
            priority: "người cao tuổi, khuyết tật, mang thai, có con nhỏ".to_owned(),
            large: false,
        }
    }

    #[test]
    fn a_target_is_twenty_millimetres_of_glass() {
        // The figures of the look book, rounded there to the nearest pixel.
        assert!((PORTRAIT.plan(&content(4, "Hộ tịch")).touch_min - 79.0).abs() <= 1.0);
        assert!((SMALL.plan(&content(4, "Hộ tịch")).touch_min - 118.0).abs() <= 1.0);
    }

    #[test]
    fn tiles_say_everything_where_there_is_room() {
        let plan = PORTRAIT.plan(&content(4, "Hộ tịch"));
        assert_eq!((plan.detail, plan.steps), (Detail::Everything, true));
        assert!(!plan.merged && plan.priority_row);
    }

    #[test]
    fn everyday_words_stay_on_small_glass_with_many_services() {
        let plan = SMALL.plan(&content(6, "Hộ tịch"));
        assert!(plan.detail.has_words() && plan.detail.has_waiting());
        assert!(SMALL.plan(&content(10, "Hộ tịch")).detail.has_words());
        // An office without such words has figures there.
        let plain = Content {
            words: vec![String::new(); 10],
            ..content(10, "Hộ tịch")
        };
        let plan = SMALL.plan(&plain);
        assert!(plan.detail.has_waiting() && plan.word_lines == 0);
    }

    #[test]
    fn many_services_never_make_a_target_too_small_nor_leave_the_screen() {
        let long = "Tài nguyên nước, khoáng sản, môi trường";
        for frame in [PORTRAIT, SMALL, WIDE] {
            let offices = (1..=10).flat_map(|n| [(n, "Hộ tịch"), (n, long)]);
            let offices = offices.flat_map(|(n, name)| [(n, name, ""), (n, name, "Đến đâu?")]);
            for (services, name, look_up) in offices {
                let content = Content {
                    look_up: look_up.to_owned(),
                    ..content(services, name)
                };
                let plan = frame.plan(&content);
                let height = if plan.portrait {
                    frame.height - plan.read
                } else {
                    frame.height
                };
                let inner = frame.width - 2.0 * plan.margin();
                let mut used = frame.around(&mut plan.clone(), &content, inner);
                let tiles = services + if plan.merged { 2 } else { 0 };
                let rows = tiles.div_ceil(plan.columns) as f32;
                used += rows * plan.tile_height + (rows - 1.0) * plan.gap;
                assert!(used <= height, "{services} {name} in {frame:?}: {used}");
                assert!(plan.tile_height >= plan.touch_min);
                assert!(plan.fixed_height >= plan.touch_min);
            }
        }
    }
}
