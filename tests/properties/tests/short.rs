//! The gate's short run over what the fuzzer has found worth keeping, with a stable toolchain.
//! `tests/fuzz/run` is the long one.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use properties::{Mutator, TARGETS};

/// A corpus that a person can look through.
const CORPUS_FILES_MAX: usize = 120;
/// Neighbours tried of each corpus, and how long they may take: the gate runs this every time.
const ROUNDS: usize = 20_000;
const PATIENCE: Duration = Duration::from_secs(4);

fn corpus(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../fuzz/corpus")
        .join(target);
    let files = fs::read_dir(&folder).unwrap();
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    files
        .into_iter()
        .map(|file| {
            let bytes = fs::read(&file).unwrap();
            (file, bytes)
        })
        .collect()
}

/// `SEED=123` repeats a run.
fn seed() -> u64 {
    match std::env::var("SEED") {
        Ok(text) => text.parse().unwrap(),
        Err(_) => {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
            now.as_secs() * 1_000_000 + u64::from(now.subsec_micros())
        }
    }
}

fn short_run(target: &str) {
    let (_, holds) = TARGETS
        .into_iter()
        .find(|(name, _)| *name == target)
        .unwrap();
    let corpus = corpus(target);
    assert!(corpus.len() > 5, "the corpus of {target} is not there");
    for (file, bytes) in &corpus {
        let result = catch_unwind(AssertUnwindSafe(|| holds(bytes)));
        assert!(result.is_ok(), "{} does not hold", file.display());
    }
    let seed = seed();
    println!("{target}: SEED={seed}");
    let corpus: Vec<Vec<u8>> = corpus.into_iter().map(|(_, bytes)| bytes).collect();
    let mut mutator = Mutator::new(seed);
    let start = Instant::now();
    let mut rounds = 0;
    while rounds < ROUNDS && start.elapsed() < PATIENCE {
        let bytes = mutator.neighbour(&corpus);
        let result = catch_unwind(AssertUnwindSafe(|| holds(&bytes)));
        assert!(
            result.is_ok(),
            "SEED={seed}, round {rounds}: {}",
            bytes.escape_ascii()
        );
        rounds += 1;
    }
    println!("{target}: {rounds} neighbours hold");
}

#[test]
fn every_corpus_is_small_and_somebodys() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, TARGETS.map(|(name, _)| name.to_owned()));
    let files: usize = names.iter().map(|name| corpus(name).len()).sum();
    assert!(
        files <= CORPUS_FILES_MAX,
        "{files} files: keep the telling ones"
    );
}

#[test]
fn any_line_of_a_scanner_is_cut_into_its_scans_and_no_others() {
    short_run("framing");
}

#[test]
fn any_text_means_what_it_says_or_nothing() {
    short_run("meaning");
}

#[test]
fn any_answer_of_a_printer_is_told_apart() {
    short_run("esc_pos_status");
}

#[test]
fn any_file_of_the_dossier_software_is_read_row_by_row_or_refused() {
    short_run("import");
}
