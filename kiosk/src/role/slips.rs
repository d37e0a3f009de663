//! What `kiosk check` does with slips: a test page of each printer, and pictures of every layout.

use std::path::Path;

use printer::{Job, Paper as Known};
use queue::SlipKind;
use serde_json::json;

use super::asking::Asking;
use crate::config::{self, Config};
use crate::follower::printing;
use crate::journal::word;
use crate::slips::check::{Shown, Trial, picture};
use crate::slips::content;
use crate::slips::{KINDS, compose, layout};

fn url(config: &Config) -> Option<&str> {
    config.public.as_ref().and_then(|p| p.url.as_deref())
}

/// Prints a test page: through the daemon where one runs, for it has the printer.
pub(super) fn test_page(
    config: &Config,
    printer: &config::Printer,
    daemon_runs: bool,
) -> Result<String, String> {
    let language = config.office.languages.first().map_or("vi", |l| &**l);
    if daemon_runs {
        let body = json!({ "kind": "test-page", "printer": printer.name, "language": language });
        let paper = Asking::of(config).and_then(|asking| asking.print(&body));
        return paper.map_err(|problem| format!("{problem:#}"));
    }
    let (_, setup) = printing::setup(printer, &config.server.data);
    // Whether the clock is right is not known without a daemon, so the page has no time.
    let content = content::test_page(&config.office, language, None, printer.into(), url(config));
    let lines = layout(&config.office, SlipKind::TestPage);
    let job = Job {
        name: format!("{}-{}", word(SlipKind::TestPage), crate::ids::secret()),
        slip: compose(lines, &content, language, logo(config)).slip,
    };
    let printout = printer::open(setup).print(&job);
    match printout.map(|printout| printout.paper) {
        Ok(Known::Printed) => Ok("printed".into()),
        Ok(Known::Sent) => Ok("sent; this printer cannot confirm".into()),
        Err(error) => Err(error.to_string()),
    }
}

fn logo(config: &Config) -> Option<&printer::Drawing> {
    config.logo.as_ref().and_then(|logo| logo.as_ref().ok())
}

/// Draws every layout into a folder, for each printer and language, with the longest values.
pub(super) fn pictures(config: &Config, folder: &Path) -> Result<String, String> {
    let told = |error: &dyn std::fmt::Display| format!("{}: {error}", folder.display());
    std::fs::create_dir_all(folder).map_err(|e| told(&e))?;
    let office = &config.office;
    let trial = Trial {
        office,
        url: url(config),
        logo: logo(config),
    };
    let mut drawn = 0;
    for printer in &config.printers {
        for kind in KINDS {
            for language in &office.languages {
                let lines = layout(office, kind);
                let picture = picture(kind, lines, trial, printer.into(), language, Shown::Longest);
                let picture = picture.map_err(|fault| format!("slip.{}: {fault}", word(kind)))?;
                let file = format!("{}-{language}-{}.png", word(kind), printer.name);
                std::fs::write(folder.join(file), picture.png()).map_err(|e| told(&e))?;
                drawn += 1;
            }
        }
    }
    Ok(format!("{drawn} pictures of slips in {}", folder.display()))
}
