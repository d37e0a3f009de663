//! Whether a layout can be used: judged before, with the office's own names and the longest values.
//!
//! Pure: what is not given in comes from nowhere. [`picture`] shows what [`check`] judges.

use printer::{Drawing, Misfit, Picture, Profile, SlipError};
use queue::{Office, SlipKind, SlipLine, Text};

use super::content::{Content, Paper};
use super::fields::{conditions, fields, has_words, lists, named, parts};
use super::{Composed, compose, sample};
use crate::fonts::FACES;

/// Lines of a layout: more than any slip has room for.
const LINES_MAX: usize = 40;
/// Letters below 20 dots lose strokes; those of 200 are higher than the number.
const SIZES: std::ops::RangeInclusive<u16> = 20..=200;
/// A white strip or a logo beyond 25 mm is paper thrown away.
const HEIGHTS: std::ops::RangeInclusive<u16> = 1..=200;
/// Broad paper: 80 mm. On narrow paper the same words need more rows.
const BROAD_DOTS: u16 = 500;
/// A usual ticket may take so much, on broad and on narrow paper. The aim is 100 mm
/// ([`printer::TICKET_MM`]); a printer that cannot set the words beside the code needs more (108 mm on a
/// TM-T88 for the sample office).
const USUAL_TICKET_MM: f32 = 1.2 * printer::TICKET_MM;
const NARROW_TICKET_MM: f32 = 150.0;
/// Any ticket and re-entry slip, with the longest names and all five papers.
const LONGEST_TICKET_MM: f32 = 200.0;

/// Why a layout cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{field}: {}", reason.get("en"))]
pub struct Fault {
    /// Which line of the layout is to blame, from 0; none: the whole.
    pub line: Option<usize>,
    /// The field of it.
    pub field: &'static str,
    /// What is wrong, and what to do, in Vietnamese and English.
    pub reason: Text,
}

/// What layouts are tried with.
#[derive(Clone, Copy)]
pub struct Trial<'a> {
    /// Whose names stand on them.
    pub office: &'a Office,
    /// Where tickets' codes lead, as `[public] url` says.
    pub url: Option<&'a str>,
    /// Its logo.
    pub logo: Option<&'a Drawing>,
}

fn fault(line: impl Into<Option<usize>>, field: &'static str, reason: Text) -> Fault {
    Fault {
        line: line.into(),
        field,
        reason,
    }
}

fn both(vi: impl AsRef<str>, en: impl AsRef<str>) -> Text {
    Text::vi_en(vi.as_ref(), en.as_ref())
}

/// Whether a layout can be used with these printers, in every language of the office.
pub fn check(
    kind: SlipKind,
    layout: &[SlipLine],
    trial: Trial<'_>,
    papers: &[Paper<'_>],
) -> Result<(), Fault> {
    sound(kind, layout, &trial.office.languages)?;
    let mut seen = Vec::new();
    for paper in papers {
        let width = (paper.profile.dots, paper.profile.dpi);
        // What a test page says depends on the printer; the rest only on its paper.
        if kind != SlipKind::TestPage && seen.contains(&width) {
            continue;
        }
        seen.push(width);
        for language in &trial.office.languages {
            fits(kind, layout, trial, *paper, language)?;
        }
    }
    Ok(())
}

/// What a picture of a layout says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The longest values: the slip that needs most paper.
    Longest,
    /// A slip as most are.
    Usual,
}

/// A layout as it would come out, or why it cannot be used.
pub fn picture(
    kind: SlipKind,
    layout: &[SlipLine],
    trial: Trial<'_>,
    paper: Paper<'_>,
    language: &str,
    shown: Shown,
) -> Result<Picture, Fault> {
    let Trial { office, url, logo } = trial;
    sound(kind, layout, &office.languages)?;
    let mut composed = fits(kind, layout, trial, paper, language)?;
    if shown == Shown::Usual {
        let usual = sample::shown(office, kind, language, paper, url);
        composed = compose(layout, &usual, language, logo);
    }
    printer::draw(&composed.slip, paper.profile, &FACES).map_err(|why| told(None, &why, paper))
}

/// What can be said of a layout without a printer.
fn sound(kind: SlipKind, layout: &[SlipLine], languages: &[String]) -> Result<(), Fault> {
    if layout.is_empty() || layout.len() > LINES_MAX {
        let reason = both(
            format!("mỗi phiếu có từ 1 đến {LINES_MAX} dòng"),
            format!("a slip has 1 to {LINES_MAX} lines"),
        );
        return Err(fault(None, "lines", reason));
    }
    for (index, line) in layout.iter().enumerate() {
        let (field, texts, each, when) = match line {
            SlipLine::Text {
                text,
                size,
                each,
                when,
                ..
            } => {
                if !SIZES.contains(size) {
                    let reason = both(
                        "từ 20 đến 200 chấm, 8 chấm là 1 mm",
                        "from 20 to 200 dots, 8 of which are 1 mm",
                    );
                    return Err(fault(index, "size", reason));
                }
                ("text", text, each.as_deref(), when.as_deref())
            }
            SlipLine::Mark { text, when } => ("mark", text, None, when.as_deref()),
            SlipLine::Qr { words } => ("qr", words, None, None),
            SlipLine::Space { height } | SlipLine::Logo { height } if !HEIGHTS.contains(height) => {
                let field = match line {
                    SlipLine::Logo { .. } => "logo",
                    _ => "space",
                };
                let reason = both(
                    "từ 1 đến 200 chấm, 8 chấm là 1 mm",
                    "from 1 to 200 dots, 8 of which are 1 mm",
                );
                return Err(fault(index, field, reason));
            }
            _ => continue,
        };
        text_is_sound(kind, texts, each, languages).map_err(|reason| {
            let field = if reason.about_each { "each" } else { field };
            fault(index, field, reason.text)
        })?;
        if let Some(when) = when.filter(|when| !conditions(kind).contains(when)) {
            let known = conditions(kind).join(", ");
            let reason = both(
                format!("không có {when}; có: {known}"),
                format!("there is no {when}; known are {known}"),
            );
            return Err(fault(index, "when", reason));
        }
    }
    has_what_it_must(kind, layout)
}

struct Unsound {
    about_each: bool,
    text: Text,
}

fn text_is_sound(
    kind: SlipKind,
    text: &Text,
    each: Option<&str>,
    languages: &[String],
) -> Result<(), Unsound> {
    let unsound = |text| Unsound {
        about_each: false,
        text,
    };
    let known = fields(kind, each).ok_or_else(|| Unsound {
        about_each: true,
        text: {
            let (each, known) = (each.unwrap_or_default(), lists(kind).join(", "));
            both(
                format!("không có danh sách {each}; có: {known}"),
                format!("there is no list {each}; known are: {known}"),
            )
        },
    })?;
    let mut words = false;
    for text in text.0.values() {
        let parts = parts(text).map_err(unsound)?;
        words |= has_words(&parts);
        if let Some(name) = named(&parts).into_iter().find(|n| !known.contains(n)) {
            let known = known.join(", ");
            return Err(unsound(both(
                format!("ở đây không có trường {{{name}}}; có: {known}"),
                format!("there is no field {{{name}}} here; known are {known}"),
            )));
        }
    }
    // Whoever chose a language must be able to read the whole slip.
    let missing = languages.iter().find(|l| !text.0.contains_key(*l));
    match missing.filter(|_| words) {
        Some(language) => Err(unsound(both(
            format!("có chữ, nên cần cả ngôn ngữ \"{language}\""),
            format!(
                "has words, so it is needed in \"{language}\" too: {{ vi = \"…\", en = \"…\" }}"
            ),
        ))),
        None => Ok(()),
    }
}

/// A number that people are called by, and the code that brings them back.
fn has_what_it_must(kind: SlipKind, layout: &[SlipLine]) -> Result<(), Fault> {
    let count = |wanted: fn(&SlipLine) -> bool| layout.iter().filter(|l| wanted(l)).count();
    let numbers = count(|line| matches!(line, SlipLine::Number));
    let codes = count(|line| matches!(line, SlipLine::Qr { .. }));
    let at = |wanted: fn(&SlipLine) -> bool| layout.iter().rposition(wanted);
    match kind {
        SlipKind::Ticket | SlipKind::ReEntry => match (numbers, codes) {
            (1, 1) => Ok(()),
            (1, _) => Err(fault(
                None,
                "qr",
                both(
                    "cần đúng một dòng mã QR (qr)",
                    "exactly one line { qr = … } is needed",
                ),
            )),
            _ => Err(fault(
                None,
                "number",
                both(
                    "cần đúng một dòng số (number); chữ số cao ít nhất 15 mm",
                    "exactly one line { number = true } is needed; its digits are at least 15 mm high",
                ),
            )),
        },
        SlipKind::Deferred if codes != 1 => {
            let reason = both(
                "cần đúng một dòng mã QR (qr)",
                "exactly one line { qr = … } is needed",
            );
            Err(fault(None, "qr", reason))
        }
        SlipKind::Deferred if numbers > 0 => {
            let line = at(|line| matches!(line, SlipLine::Number));
            let reason = both(
                "hôm đó số này là của người khác: ghi {number} trong một dòng chữ",
                "on its day the number is somebody else's: write {number} in a text",
            );
            Err(fault(line, "number", reason))
        }
        SlipKind::Checklist | SlipKind::DayReport if numbers > 0 => {
            let line = at(|line| matches!(line, SlipLine::Number));
            let reason = both("loại phiếu này không có số", "this slip has no number");
            Err(fault(line, "number", reason))
        }
        SlipKind::Checklist if codes > 0 => {
            let line = at(|line| matches!(line, SlipLine::Qr { .. }));
            let reason = both("loại phiếu này không có mã QR", "this slip has no code");
            Err(fault(line, "qr", reason))
        }
        _ => Ok(()),
    }
}

/// The longest slip of this layout, if it fits this paper.
fn fits(
    kind: SlipKind,
    layout: &[SlipLine],
    trial: Trial<'_>,
    paper: Paper<'_>,
    language: &str,
) -> Result<Composed, Fault> {
    let Trial { office, url, logo } = trial;
    let longest = sample::longest(office, kind, language, paper, url);
    let (slip, mm) = measured(layout, &longest, language, logo, paper)?;
    let tickets = matches!(
        kind,
        SlipKind::Ticket | SlipKind::ReEntry | SlipKind::Deferred
    );
    if tickets && mm > LONGEST_TICKET_MM {
        let when = ["khi dài nhất", "at its longest"];
        return Err(too_long(mm, LONGEST_TICKET_MM, paper, when));
    }
    if kind == SlipKind::Ticket {
        let usual = sample::usual(longest, language);
        let (_, mm) = measured(layout, &usual, language, logo, paper)?;
        let most = match paper.profile.dots {
            BROAD_DOTS.. => USUAL_TICKET_MM,
            _ => NARROW_TICKET_MM,
        };
        if mm > most {
            return Err(too_long(mm, most, paper, ["thông thường", "as a rule"]));
        }
    }
    Ok(slip)
}

fn measured(
    layout: &[SlipLine],
    content: &Content,
    language: &str,
    logo: Option<&Drawing>,
    paper: Paper<'_>,
) -> Result<(Composed, f32), Fault> {
    let composed = compose(layout, content, language, logo);
    match printer::measure(&composed.slip, paper.profile, &FACES) {
        Ok(mm) => Ok((composed, mm)),
        Err(Misfit { line, why }) => {
            let line = composed.from.get(line).copied().flatten();
            // One line is not to blame for all that stand above it.
            let line = line.filter(|_| !matches!(why, SlipError::TooLong { .. }));
            Err(told(line, &why, paper))
        }
    }
}

fn too_long(mm: f32, most: f32, paper: Paper<'_>, [vi, en]: [&str; 2]) -> Fault {
    let [at, on] = on(paper);
    let reason = both(
        format!("cần {mm:.0} mm giấy {vi} trên {at}; nhiều nhất {most:.0} mm"),
        format!("needs {mm:.0} mm of paper {en} on {on}; at most {most:.0} mm"),
    );
    fault(None, "lines", reason)
}

fn told(line: Option<usize>, why: &SlipError, paper: Paper<'_>) -> Fault {
    let (field, vi) = match why {
        SlipError::TooLong { mm } => ("lines", format!("phiếu cần {mm:.0} mm giấy, quá dài")),
        SlipError::Face(_) | SlipError::JobName => ("lines", "không in được".to_owned()),
        SlipError::Number { .. } => ("number", "số không vừa giấy".to_owned()),
        SlipError::Qr { .. } => ("qr", "mã QR không vừa giấy".to_owned()),
        SlipError::TextTooLong { chars } => ("text", format!("dòng chữ dài {chars} chữ, quá dài")),
        SlipError::Word { word } => ("text", format!("từ \"{word}\" rộng hơn giấy")),
    };
    let [at, on] = on(paper);
    let reason = both(format!("trên {at}: {vi}"), format!("on {on}: {why}"));
    fault(line, field, reason)
}

/// A printer, in Vietnamese and English.
fn on(paper: Paper<'_>) -> [String; 2] {
    let Profile { name, dots, .. } = paper.profile;
    let own = paper.name;
    [
        format!("máy in {own} ({name}, {dots} chấm)"),
        format!("printer {own} ({name}, {dots} dots)"),
    ]
}
