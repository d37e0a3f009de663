//! Eyes that are not ours: zbarimg reads codes, tesseract reads words, Python reads workbooks.

use std::path::Path;
use std::process::Output;
use tokio::process::Command;

/// Everything that is written in a workbook: the texts of its parts, one after the other.
pub async fn read_workbook(workbook: &Path) -> String {
    let target = std::env::current_exe().unwrap();
    let target = target.ancestors().nth(3).expect("target/debug/deps");
    let python = target.join("python/bin/python").display().to_string();
    let read = "import sys, zipfile\nbook = zipfile.ZipFile(sys.argv[1])\n\
        print('\\n'.join(book.read(name).decode() for name in book.namelist()))";
    let said = ran(&python, &["-c", read], workbook, &[]).await;
    assert!(said.status.success(), "{}", workbook.display());
    String::from_utf8(said.stdout).unwrap()
}

/// What the first code in the picture holds.
pub async fn read_code(picture: &Path) -> Option<String> {
    let output = ran(
        "zbarimg",
        &[
            "--nodbus",
            "--quiet",
            "--raw",
            "-Sdisable",
            "-Sqrcode.enable",
        ],
        picture,
        &[],
    );
    let said = String::from_utf8(output.await.stdout).unwrap();
    let code = said.lines().next()?.trim();
    (!code.is_empty()).then(|| code.to_owned())
}

/// One word on a picture, and where it stands.
#[derive(Clone, Debug)]
pub struct Word {
    /// As read; tesseract may miss a mark.
    pub text: String,
    /// Its middle, in pixels.
    pub middle: (i32, i32),
    /// Its height, in pixels.
    pub height: i32,
}

/// Every word on the picture, wherever it stands.
pub async fn read_words(picture: &Path) -> Vec<Word> {
    read(picture, &["-l", "vie+eng"]).await
}

/// Every ticket number on the picture. Told that there are only digits and a few letters,
/// tesseract does not take 0 for O.
pub async fn read_numbers(picture: &Path) -> Vec<Word> {
    let letters = format!("tessedit_char_whitelist={LETTERS}0123456789");
    read(picture, &["-l", "eng", "-c", &letters]).await
}

/// The sample office's services.
const LETTERS: &str = "ABCEHK";

async fn read(picture: &Path, how: &[&str]) -> Vec<Word> {
    let mut after = vec!["stdout", "--psm", SCATTERED];
    after.extend(how);
    after.push("tsv");
    let table = ran("tesseract", &[], picture, &after).await.stdout;
    let table = String::from_utf8(table).unwrap();
    table.lines().filter_map(word).collect()
}

/// Words anywhere on the page, in no order.
const SCATTERED: &str = "11";

/// A row of tesseract's table: level, page, block, paragraph, line, word, left, top,
/// width, height, confidence, text.
fn word(row: &str) -> Option<Word> {
    let cells: Vec<&str> = row.split('\t').collect();
    let text = cells.get(11)?.trim();
    let number = |cell: usize| cells[cell].parse::<i32>().ok();
    let (left, top) = (number(6)?, number(7)?);
    let (width, height) = (number(8)?, number(9)?);
    let middle = (left + width / 2, top + height / 2);
    (!text.is_empty()).then(|| Word {
        text: text.to_owned(),
        middle,
        height,
    })
}

/// A word without the dots and strokes that tesseract sees beside large print.
pub fn plain(text: &str) -> String {
    text.chars()
        .filter(|letter| letter.is_alphanumeric())
        .collect()
}

async fn ran(program: &str, before: &[&str], picture: &Path, after: &[&str]) -> Output {
    let mut command = Command::new(program);
    command.args(before).arg(picture).args(after);
    // More threads than cores make tesseract slower, and other stories run beside it.
    command.env("OMP_THREAD_LIMIT", "1");
    let output = command.output().await;
    output.unwrap_or_else(|error| panic!("{program}: {error}; tests/run installs it"))
}
