//! The kiosk: picks the role, nothing more.

mod access;
mod advice;
mod alerts;
mod barcode;
mod cards;
mod client;
mod clock;
mod config;
mod copies;
mod crowd;
mod devices;
mod dossiers;
mod engine;
mod erasing;
mod follower;
mod fonts;
mod forms;
mod health;
mod ids;
mod journal;
mod ledger;
mod office;
mod packs;
mod people;
mod pins;
mod purposes;
mod report;
mod role;
mod safe_file;
mod slips;
mod speaker;
mod status;
mod tls;
mod tokens;
mod vault;
mod web;

fn main() -> std::process::ExitCode {
    role::main()
}
