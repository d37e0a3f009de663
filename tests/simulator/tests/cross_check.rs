//! The printer on paper is judged by others: an encoder that is not ours must look right on it, and
//! readers that are not ours must read what comes out, also of our own slips.
//!
//! python-escpos and zxing-cpp stand in `target/python`, zbarimg is a Debian package; `tests/run`
//! brings them. Without them these tests fail.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use simulator::{Cut, Model, Printer};

const LINK: &str = "http://192.0.2.10:8081/t/7KQ2MZ4V9X3B";
const TOKEN: &str = "7KQ2MZ4V9X3B";
/// Unprinted paper to the left and right of the dots: 72 of 80 mm are printed on.
const MARGIN: usize = 32;

fn slips() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../golden/slips")
}

fn said(command: &mut Command) -> Vec<u8> {
    let output = command.output();
    let output = output.unwrap_or_else(|e| panic!("{command:?}: {e}; tests/run installs it"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {errors}");
    output.stdout
}

/// A script of `tests/others`, run with the packages in `target/python`.
fn python(script: &str, words: &[&str]) -> Vec<u8> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../others")
        .join(script);
    let python = target.join("python/bin/python");
    said(Command::new(python).arg("-B").arg(script).args(words))
}

/// What python-escpos makes of a picture, or of a slip of its own.
fn encoded(words: &[&str]) -> Vec<u8> {
    python("encode.py", words)
}

/// The one slip that comes out.
fn printed(model: Model, bytes: &[u8]) -> Cut {
    let mut cuts = Printer::print(model, bytes).unwrap();
    assert_eq!(cuts.len(), 1);
    cuts.remove(0)
}

/// A picture of one bit a dot: rows of dots, true where black.
fn rows(picture: &Path) -> Vec<Vec<bool>> {
    let file = std::io::BufReader::new(fs::File::open(picture).unwrap());
    let mut reader = png::Decoder::new(file).read_info().unwrap();
    let mut dots = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut dots).unwrap();
    assert_eq!(info.bit_depth, png::BitDepth::One);
    let row = |bytes: &[u8]| {
        let white = |x: usize| bytes[x / 8] & (0x80 >> (x % 8)) != 0;
        (0..info.width as usize).map(|x| !white(x)).collect()
    };
    dots.chunks(info.line_size).map(row).collect()
}

/// The codes that each reader finds on a piece of paper.
fn read(cut: &Cut) -> [Vec<String>; 2] {
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("slip.png");
    let mut paper = cut.clone();
    for row in &mut paper.rows {
        let margin = [false; MARGIN];
        *row = [&margin[..], row, &margin[..]].concat();
    }
    fs::write(&picture, paper.to_png()).unwrap();
    let zbar = said(
        Command::new("zbarimg")
            .args(["--nodbus", "--quiet", "--raw"])
            .arg(&picture),
    );
    let zxing = python("read_codes.py", &[picture.to_str().unwrap()]);
    [zbar, zxing].map(|said| {
        let lines = String::from_utf8(said).unwrap();
        lines.lines().map(str::to_owned).collect()
    })
}

#[test]
fn a_picture_comes_out_dot_by_dot_however_another_encoder_sends_it() {
    let picture = slips().join("ticket-vi-generic-80.png");
    let expected = rows(&picture);
    for (kind, command) in [
        ("raster", "GS v 0"),
        ("graphics", "GS ( L"),
        ("columns", "ESC *"),
    ] {
        let bytes = encoded(&[kind, picture.to_str().unwrap()]);
        let cut = printed(Model::epson(), &bytes);
        assert!(
            cut.commands.contains(&command),
            "{kind}: {:?}",
            cut.commands
        );
        assert!(cut.rows.len() >= expected.len(), "{kind}");
        for (y, row) in cut.rows.iter().enumerate() {
            match expected.get(y) {
                Some(dots) => assert_eq!(row, dots, "{kind}: row {y}"),
                // What is fed to the cutter.
                None => assert!(!row.contains(&true), "{kind}: row {y}"),
            }
        }
        assert_eq!(read(&cut), [[LINK], [LINK]], "{kind}");
    }
}

#[test]
fn letters_and_a_code_of_the_printers_own_stand_where_another_encoder_put_them() {
    let cut = printed(Model::epson(), &encoded(&["ticket"]));
    let texts: Vec<(&str, usize, usize, usize)> = cut
        .texts
        .iter()
        .map(|text| (&*text.text, text.left, text.width, text.rows))
        .collect();
    let service = ("Civil status", (576 - 12 * 12) / 2, 12 * 12, 24);
    let number = ("A012", (576 - 4 * 72) / 2, 4 * 72, 144);
    let time = ("7:42, 23/11/2026", 576 - 16 * 9, 16 * 9, 17);
    assert_eq!(texts, [service, number, time]);
    assert_eq!(cut.codes.len(), 1);
    assert_eq!((&*cut.codes[0].content, cut.codes[0].module), (LINK, 6));
    assert_eq!(read(&cut), [[LINK], [LINK]]);
}

#[test]
fn letters_of_a_code_page_are_a_mistake() {
    let wrong = Printer::print(Model::epson(), &encoded(&["vietnamese"])).unwrap_err();
    assert_eq!(wrong, "at byte 10: e9 is a letter beyond ASCII");
}

#[test]
fn readers_that_are_not_ours_read_every_slip_of_ours() {
    let mut seen = 0;
    for entry in fs::read_dir(slips()).unwrap() {
        let file = entry.unwrap().path();
        if file.extension().is_none_or(|kind| kind != "bin") {
            continue;
        }
        let name = file.file_stem().unwrap().to_str().unwrap();
        let model = match name.rsplit_once('-').unwrap().1 {
            "180" => Model::epson_180(),
            "58" => Model::small_58(),
            _ => Model::epson(),
        };
        let content = if name.contains("-vi-") { LINK } else { TOKEN };
        let cut = printed(model, &fs::read(&file).unwrap());
        assert_eq!(read(&cut), [[content], [content]], "{name}");
        seen += 1;
    }
    assert!(seen > 0, "there are no slips in {}", slips().display());
}
