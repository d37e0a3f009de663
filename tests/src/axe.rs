//! What axe-core, which knows the rules for people who see, hear or move less, finds on a page.

use crate::browser::Browser;
use std::path::PathBuf;

/// Run in the page; answers with one line for each finding.
const ASK: &str = "const done = arguments[arguments.length - 1]; \
    axe.run(document, { resultTypes: ['violations'] }).then((found) => done(found.violations.flatMap((rule) => \
    rule.nodes.map((node) => [rule.impact, rule.id, node.target.join(' '), node.failureSummary].join(': ')))), \
    (error) => done(['axe: ' + error]));";

/// Everything that axe-core has to say against the page as it is now.
pub async fn findings(browser: &Browser) -> Vec<String> {
    let source = std::fs::read_to_string(library());
    let source = source.expect("axe-core; tests/run installs it");
    browser.page.execute(&source, Vec::new()).await.unwrap();
    let found = browser.page.execute_async(ASK, Vec::new()).await.unwrap();
    let lines = found.as_array().expect("a list").iter();
    lines
        .map(|line| line.as_str().unwrap().to_owned())
        .collect()
}

/// Where `tests/run` puts it: `target/node`, above the program that tests.
fn library() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let target = own.ancestors().nth(3).expect("target/debug/deps");
    target.join("node/node_modules/axe-core/axe.min.js")
}
