//! Slips as bytes, kept in `tests/golden/slips`: a change in what offices print shows as a change there.
//!
//! `UPDATE_GOLDEN=1` writes them anew, each with a picture to look at.
#![allow(clippy::unwrap_used)]

mod office;

use std::fs;
use std::path::PathBuf;

use office::{FACES, profile, ticket_en, ticket_vi};
use printer::{Slip, draw, encode};

fn check(name: &str, slip: &Slip, profile_name: &str) {
    let profile = profile(profile_name);
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/golden/slips");
    let file = folder.join(name);
    let bytes = encode(slip, &profile, &FACES).unwrap();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::create_dir_all(folder).unwrap();
        let picture = draw(slip, &profile, &FACES).unwrap();
        fs::write(file.with_extension("png"), picture.png()).unwrap();
        fs::write(file.with_extension("bin"), &bytes).unwrap();
    }
    let kept = fs::read(file.with_extension("bin")).unwrap();
    assert!(
        bytes == kept,
        "{name} changed: look at the picture, then UPDATE_GOLDEN=1"
    );
}

#[test]
fn a_vietnamese_ticket_is_the_same_to_the_byte() {
    check("ticket-vi-generic-80", &ticket_vi(), "generic-80");
    check("ticket-vi-generic-58", &ticket_vi(), "generic-58");
    check("ticket-vi-epson-180", &ticket_vi(), "epson-180");
}

#[test]
fn an_english_ticket_is_the_same_to_the_byte() {
    check("ticket-en-generic-80", &ticket_en(), "generic-80");
    check("ticket-en-epson-80", &ticket_en(), "epson-80");
}
