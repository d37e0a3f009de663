//! Stories of the whole product: the real binary, its real drivers, real tools around it.
//!
//! Each story is a rule of the office. They need a kernel, a browser and a display server
//! (`tests/run` installs what is missing), so they are few; rules, drivers and screens
//! have their own tests in their own crates.

#![allow(clippy::unwrap_used)]

mod attacks;
mod bad_input;
mod closing;
mod codes_sheet;
mod contract;
mod counter_page;
mod described;
mod devices;
mod dossiers;
mod durability;
mod erasing;
mod events;
mod figures;
mod folder;
mod foreign_system;
mod health;
mod help;
mod holding;
mod intake;
mod lamps;
mod letters;
mod looking_up;
mod main_job;
mod misery;
mod nothing_personal;
mod numbers;
mod outages;
mod pages;
mod paper;
mod people;
mod power;
mod printer_check;
mod printers;
mod register;
mod roll;
mod scan_flood;
mod scanner_line;
mod secured;
mod serial_page;
mod services;
mod settings;
mod settings_page;
mod shared_scanner;
mod slips;
mod spare;
mod time;
mod today_page;
mod touch_reader;
mod typing;
mod voice;
mod wedge;
mod working_day;

/// For stories about numbers, not paper: drawing thousands of slips would only cost time.
const NO_PAPER: &str = "[printer]\ndevice = \"none\"\n";

/// An office with one service, as many counters for it as clerks call at once, and no
/// printer.
fn one_service_with(counters: u32) -> String {
    let mut settings = String::from(NO_PAPER);
    settings.push_str("[office]\nname = \"Phường Thử\"\n");
    settings.push_str(
        "[[service]]\nletter = \"A\"\nname = { vi = \"Hộ tịch\", en = \"Civil status\" }\n",
    );
    for number in 1..=counters {
        settings += &format!("[[counter]]\nnumber = {number}\nservices = [\"A\"]\n");
    }
    settings
}

/// `rounds`, or more of them when `tests/run --long` asks.
fn rounds(usually: usize, long: usize) -> usize {
    match std::env::var_os("LONG") {
        Some(_) => long,
        None => usually,
    }
}
