//! `[slip]`: the office's logo; its layouts are part of the office.

use std::path::Path;

use printer::Drawing;
use serde::Deserialize;
use toml::Spanned;

use super::Printer;
use crate::slips::Press;
use crate::slips::content::Paper;
use crate::slips::logo;

/// A logo, or why there is none.
pub(super) type Logo = Option<Result<Drawing, String>>;

/// The part of `[slip]` that is this machine's.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct RawSlip {
    /// A PNG file beside the configuration.
    pub(super) logo: Option<Spanned<String>>,
}

impl RawSlip {
    pub(super) fn read(&self, folder: &Path) -> Logo {
        let logo = self.logo.as_ref();
        logo.map(|file| logo::read(&folder.join(file.get_ref())))
    }
}

impl<'a> From<&'a Printer> for Paper<'a> {
    fn from(printer: &'a Printer) -> Self {
        Self {
            name: &printer.name,
            profile: &printer.profile,
        }
    }
}

/// What slips are printed with.
pub(super) fn press(printers: &[Printer], logo: &Logo, url: Option<&String>) -> Press {
    let named = printers.iter().map(|p| (p.name.clone(), p.profile.clone()));
    Press {
        printers: named.collect(),
        logo: logo.as_ref().and_then(|logo| logo.clone().ok()),
        url: url.cloned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use queue::SlipKind;

    use crate::config::{Config, ConfigError};
    use crate::office::Remark;

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
        let warnings = load(&service).unwrap().warnings;
        let slips = warnings.iter().filter(|w| w.field.starts_with("slips."));
        assert_eq!(slips.count(), 5, "all but the test page: {warnings:?}");
        let ticket = warnings.iter().find(|w| w.field == "slips.ticket").unwrap();
        let said = ticket.text.get("en");
        assert!(said.starts_with("the office's texts are too long for it: text: "));
        let unserved = |w: &Remark| w.field == "services[0]";
        let warnings = load("").unwrap().warnings;
        assert!(warnings.iter().all(unserved), "{warnings:?}");
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
                "7: slip.ticket: exactly one line { qr = … }",
            ),
            (
                "",
                "{ qr = \"\" },",
                "7: slip.ticket: exactly one line { number",
            ),
            (
                "",
                "{ number = true },\n{ number = true },\n{ qr = \"\" },",
                "7: slip.ticket: exactly one line { number",
            ),
            (
                "",
                "{ text = \"{offce}\" },",
                "8: slip.ticket.text: there is no field {offce} here; known are parent,",
            ),
            (
                "",
                "{ number = true },\n{ text = \"{office\" },",
                "9: slip.ticket.text: a field is written as {office}",
            ),
            (
                "",
                "{ text = \"Xin chào\" },",
                "8: slip.ticket.text: has words, so it is needed in \"en\" too",
            ),
            (
                "",
                "{ text = \"{office}\", size = 12 },",
                "8: slip.ticket.size: from 20 to 200 dots",
            ),
            (
                "",
                "{ space = 0 },",
                "8: slip.ticket.space: from 1 to 200 dots",
            ),
            (
                "",
                "{ each = \"paper\", text = \"{paper}\" },",
                "8: slip.ticket.each: there is no list paper; known are: papers",
            ),
            (
                "",
                "{ text = \"{office}\", when = \"sunny\" },",
                "8: slip.ticket.when: there is no sunny; known are parent,",
            ),
            (
                "",
                "{ text = \"{office}\", rule = true },",
                "8: slip.ticket: a line is exactly one of",
            ),
            (
                "",
                "{ colour = \"red\" },",
                "8: slip.ticket.colour: unknown field `colour`",
            ),
            (
                "",
                "{ rule = true, size = 30 },",
                "8: slip.ticket: only a text has size",
            ),
            (
                "",
                &format!("{{ number = true }},\n{{ qr = \"\" }},\n{wide}"),
                "10: slip.ticket.text: on printer printer (generic-80, 576 dots): the word \"88888888888888888888\" is wider",
            ),
            (
                "",
                &format!("{{ number = true }},\n{{ qr = \"\" }},\n{tall}"),
                "7: slip.ticket: needs ",
            ),
            (
                narrow,
                &format!("{{ number = true }},\n{{ qr = \"\" }},\n{many}"),
                "7: slip.ticket: needs ",
            ),
        ];
        for (printer, lines, expected) in cases {
            let found = wrong(&format!("[slip]\nticket = [\n{lines}\n]\n{printer}"));
            assert!(found.starts_with(expected), "{lines}: {found}");
        }
        let checklist = wrong("[slip]\nchecklist = [\n{ number = true },\n]\n");
        assert!(checklist.starts_with("8: slip.checklist.number: this slip has no number"));
    }
}
