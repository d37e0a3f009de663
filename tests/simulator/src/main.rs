//! The printer by hand: a device to put into `kiosk.toml`, faults as lines on standard input.

use std::fs;
use std::io::{self, BufRead as _, Write as _};
use std::path::PathBuf;

use clap::Parser;
use simulator::{Fault, Model, Printer, PtyLine, Shared, TcpLine};

/// A receipt printer on paper that misbehaves on command.
#[derive(Parser)]
struct Options {
    /// epson, epson-180, clone-80, clone-silent, clone-constant or small-58.
    #[arg(long, default_value = "epson")]
    model: String,
    /// On the network instead of a serial line.
    #[arg(long)]
    tcp: bool,
    /// Where pieces of paper go, as pictures.
    #[arg(long, default_value = "paper")]
    out: PathBuf,
}

const FAULTS: [(&str, Fault); 14] = [
    ("paper-out", Fault::PaperOut),
    ("paper-low", Fault::PaperLow),
    ("cover-open", Fault::CoverOpen),
    ("cutter-jam", Fault::CutterJam),
    ("head-hot", Fault::HeadHot),
    ("offline", Fault::Offline),
    ("fault", Fault::Unrecoverable),
    ("silence", Fault::Silence),
    ("late", Fault::LateAnswers),
    ("garbled", Fault::GarbledAnswers),
    ("wrong-kind", Fault::WrongKindAnswers),
    ("slow-line", Fault::SlowLine(19)),
    ("unplug", Fault::Unplug),
    ("power-cycle", Fault::PowerCycle(10_000)),
];

fn main() -> io::Result<()> {
    let options = Options::parse();
    let model = Model::named(&options.model)
        .ok_or_else(|| io::Error::other(format!("there is no model {}", options.model)))?;
    fs::create_dir_all(&options.out)?;
    let printer = Printer::new(model);
    if options.tcp {
        let line = TcpLine::start(printer)?;
        attend(&line.device(), &line.printer, &options.out)
    } else {
        let path = options.out.canonicalize()?.join("line");
        let line = PtyLine::start(printer, &path);
        attend(&line.device(), &line.printer, &options.out)
    }
}

/// Does what the person at the keyboard says; each line also collects the paper that came out.
fn attend(device: &str, printer: &Shared, out: &std::path::Path) -> io::Result<()> {
    let mut said = io::stdout();
    let names: Vec<&str> = FAULTS.iter().map(|(name, _)| *name).collect();
    writeln!(said, "{device}")?;
    writeln!(
        said,
        "faults: {}; repair; an empty line collects the paper",
        names.join(", ")
    )?;
    let mut number = 0;
    for line in io::stdin().lock().lines() {
        let line = line?;
        match (
            line.trim(),
            FAULTS.iter().find(|(name, _)| *name == line.trim()),
        ) {
            ("", _) => {}
            ("repair", _) => printer.lock().repair(),
            (_, Some((_, fault))) => printer.lock().fail(*fault),
            (other, None) => writeln!(said, "{other} is no fault")?,
        }
        for cut in printer.lock().take_cuts() {
            number += 1;
            let file = out.join(format!("{number:04}.png"));
            fs::write(&file, cut.to_png())?;
            let whole = if cut.is_whole() { "whole" } else { "torn" };
            writeln!(said, "{}: {whole}", file.display())?;
            for error in &cut.errors {
                writeln!(said, "  {error}")?;
            }
        }
    }
    Ok(())
}
