//! `[slip]`: the office's own layouts, and its logo.

use std::collections::BTreeMap;
use std::path::Path;

use printer::Drawing;
use queue::{Office, SlipKind, SlipLine};

use super::{Printer, Problem, problem};
use crate::slips::check::{Trial, check};
use crate::slips::content::Paper;
use crate::slips::raw::{NotALine, RawSlips, Written};
use crate::slips::{self, KINDS, logo};

/// A logo, or why there is none.
pub(super) type Logo = Option<Result<Drawing, String>>;

impl<'a> From<&'a Printer> for Paper<'a> {
    fn from(printer: &'a Printer) -> Self {
        Self {
            name: &printer.name,
            profile: &printer.profile,
        }
    }
}

/// The layouts of `office` as the file has them.
pub(super) fn read(
    raw: RawSlips,
    folder: &Path,
) -> Result<(BTreeMap<SlipKind, Written>, Logo), Problem> {
    let logo = raw.logo.as_ref();
    let logo = logo.map(|file| logo::read(&folder.join(file.get_ref())));
    let written = raw.read().map_err(|NotALine { at, kind, reason }| {
        problem(at, format!("slip.{}: {reason}", slips::name(kind)))
    })?;
    Ok((written.into_iter().map(|w| (w.kind, w)).collect(), logo))
}

/// Puts the layouts into the office, if each of them can be printed by every printer. Yields what is
/// wrong where the office's own texts do not fit a built-in layout: that slip may fail, and nothing
/// else has to.
pub(super) fn put(
    office: &mut Office,
    written: &BTreeMap<SlipKind, Written>,
    logo: &Logo,
    url: Option<&str>,
    printers: &[Printer],
) -> Result<Vec<String>, Problem> {
    let lines = |w: &Written| -> Vec<SlipLine> { w.lines.clone() };
    office.slips = written.iter().map(|(kind, w)| (*kind, lines(w))).collect();
    let trial = Trial {
        office,
        url,
        logo: logo.as_ref().and_then(|logo| logo.as_ref().ok()),
    };
    let papers: Vec<Paper<'_>> = printers.iter().map(Paper::from).collect();
    let mut problems = Vec::new();
    for kind in KINDS {
        let layout = slips::layout(office, kind);
        let Err(fault) = check(kind, layout, trial, &papers) else {
            continue;
        };
        let name = slips::name(kind);
        let Some(own) = written.get(&kind) else {
            let text = format!("slip.{name}: the office's texts are too long for it: {fault}");
            problems.push(text);
            continue;
        };
        let line = fault.line.and_then(|line| own.lines_at.get(line));
        let at = line.unwrap_or(&own.at).clone();
        return Err(problem(at, format!("slip.{name}: {fault}")));
    }
    Ok(problems)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use queue::SlipKind;

    use crate::config::{Config, ConfigError};

    const OFFICE: &str = "[office]\nname = { vi = \"X\", en = \"X\" }\n[[service]]\nletter = \"A\"\nname = { vi = \"S\", en = \"S\" }\n";

    /// The office with these lines after line 5 of its file.
    fn load(more: &str) -> Result<Config, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kiosk.toml");
        fs::write(&path, format!("{OFFICE}{more}")).unwrap();
        fs::write(folder.path().join("bad.png"), "no picture").unwrap();
        Config::load(Some(&path))
    }

    fn wrong(more: &str) -> String {
        let error = load(more).unwrap_err().to_string();
        error.split_once("kiosk.toml:").unwrap().1.to_owned()
    }

    #[test]
    fn an_office_sets_its_own_ticket_and_keeps_the_other_slips() {
        let own = "[slip]\nticket = [\n{ text = \"{service}\", size = 60 },\n{ number = true },\n{ qr = \"\" },\n]\n";
        let office = load(own).unwrap().office;
        assert_eq!(office.slips[&SlipKind::Ticket].len(), 3);
        assert_eq!(office.slips.len(), 1);
        let again: queue::Office =
            serde_json::from_str(&serde_json::to_string(&office).unwrap()).unwrap();
        assert_eq!(again, office, "the journal keeps it");
    }

    #[test]
    fn a_logo_that_is_none_stops_nothing() {
        for file in ["missing.png", "bad.png"] {
            let config = load(&format!("[slip]\nlogo = \"{file}\"\n")).unwrap();
            let problem = config.logo.unwrap().unwrap_err();
            assert!(problem.starts_with("slip.logo: ") && problem.contains(file));
        }
    }

    #[test]
    fn a_name_too_long_for_a_built_in_layout_stops_nothing_and_is_said() {
        let long = "B".repeat(60);
        let service = format!("[[service]]\nletter = \"B\"\nname = \"{long}\"\n");
        let problems = load(&service).unwrap().slip_problems;
        assert_eq!(problems.len(), 5, "all but the test page: {problems:?}");
        assert!(
            problems[0].starts_with("slip.ticket: the office's texts are too long for it: text: ")
        );
        assert!(load("").unwrap().slip_problems.is_empty());
    }

    #[test]
    fn a_layout_that_cannot_be_printed_is_refused_with_line_field_and_reason() {
        let narrow = "[printer]\ndevice = \"preview\"\nprofile = \"generic-58\"\n";
        let tall = "{ space = 200 },\n".repeat(5);
        let many = "{ text = \"{office}\", size = 60 },\n".repeat(12);
        let wide = format!("{{ text = \"{}\", size = 60 }},\n", "8".repeat(20));
        let cases = [
            (
                "",
                "{ number = true },",
                "7: slip.ticket: qr: exactly one line",
            ),
            (
                "",
                "{ qr = \"\" },",
                "7: slip.ticket: number: exactly one line",
            ),
            (
                "",
                "{ number = true },\n{ number = true },\n{ qr = \"\" },",
                "7: slip.ticket: number: exactly one",
            ),
            (
                "",
                "{ text = \"{offce}\" },",
                "8: slip.ticket: text: there is no field {offce} here; known are parent,",
            ),
            (
                "",
                "{ number = true },\n{ text = \"{office\" },",
                "9: slip.ticket: text: a field is written as {office}",
            ),
            (
                "",
                "{ text = \"Xin chào\" },",
                "8: slip.ticket: text: has words, so it is needed in \"en\" too",
            ),
            (
                "",
                "{ text = \"{office}\", size = 12 },",
                "8: slip.ticket: size: from 20 to 200 dots",
            ),
            (
                "",
                "{ space = 0 },",
                "8: slip.ticket: space: from 1 to 200 dots",
            ),
            (
                "",
                "{ each = \"paper\", text = \"{paper}\" },",
                "8: slip.ticket: each: there is no list paper; known are: papers",
            ),
            (
                "",
                "{ text = \"{office}\", when = \"sunny\" },",
                "8: slip.ticket: when: there is no sunny; known are parent,",
            ),
            (
                "",
                "{ text = \"{office}\", rule = true },",
                "8: slip.ticket: a line is exactly one of",
            ),
            ("", "{ colour = \"red\" },", "8: unknown field `colour`"),
            (
                "",
                "{ rule = true, size = 30 },",
                "8: slip.ticket: only a text has size",
            ),
            (
                "",
                &format!("{{ number = true }},\n{{ qr = \"\" }},\n{wide}"),
                "10: slip.ticket: text: on printer printer (generic-80, 576 dots): the word \"88888888888888888888\" is wider",
            ),
            (
                "",
                &format!("{{ number = true }},\n{{ qr = \"\" }},\n{tall}"),
                "7: slip.ticket: lines: needs ",
            ),
            (
                narrow,
                &format!("{{ number = true }},\n{{ qr = \"\" }},\n{many}"),
                "7: slip.ticket: lines: needs ",
            ),
        ];
        for (printer, lines, expected) in cases {
            let found = wrong(&format!("[slip]\nticket = [\n{lines}\n]\n{printer}"));
            assert!(found.starts_with(expected), "{lines}: {found}");
        }
        let checklist = wrong("[slip]\nchecklist = [\n{ number = true },\n]\n");
        assert!(checklist.starts_with("8: slip.checklist: number: this slip has no number"));
    }
}
