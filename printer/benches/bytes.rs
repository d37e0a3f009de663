//! Bytes and processor time of a ticket, by profile, as a printer really gets them: with all
//! questions about its state. Beside them the same picture as one raster, as python-escpos sends it
//! (measured if that is installed, else by arithmetic).
//!
//! Transfer times are arithmetic: ten bits a byte.
#![allow(clippy::unwrap_used)]

use std::process::Command;
use std::time::Duration;

use printer::{Faces, Job, Profile, Setup, Slip, Weight, draw, open};
use simulator::{Model, Printer, PtyLine};

const FACES: Faces = Faces {
    regular: include_bytes!("../../kiosk/screens/fonts/NotoSans_400Regular.ttf"),
    semibold: include_bytes!("../../kiosk/screens/fonts/NotoSans_600SemiBold.ttf"),
    bold: include_bytes!("../../kiosk/screens/fonts/NotoSans_700Bold.ttf"),
};
const BAUDS: [f64; 4] = [9_600.0, 19_200.0, 38_400.0, 115_200.0];
/// In the first half of them a printer with RAM has learnt what comes again.
const SLIPS: usize = 40;

/// A ticket like any other of the day.
fn ticket(n: usize) -> Slip {
    let ahead = n % 9 + 1;
    Slip::new()
        .centred("UBND PHƯỜNG MẪU", 28, Weight::Regular)
        .centred(
            "Trung tâm Phục vụ hành chính công phường Mẫu",
            28,
            Weight::SemiBold,
        )
        .rule()
        .centred("Hộ tịch", 34, Weight::Bold)
        .centred("Số thứ tự của Ông/Bà", 24, Weight::Regular)
        .number(format!("A{n:03}"))
        .centred(
            format!(
                "Trước Ông/Bà còn {ahead} người · ước tính chờ {}–{} phút",
                3 * ahead,
                5 * ahead
            ),
            28,
            Weight::Regular,
        )
        .rule()
        .qr(
            format!("http://192.0.2.10:8081/t/7KQ2MZ4V9X{:02}", n % 100),
            Some("Quét mã để xem lượt chờ".to_owned()),
        )
        .centred(
            format!("{} giờ {:02} phút, ngày 23/11/2026", 7 + n / 60, n % 60),
            24,
            Weight::Regular,
        )
        .centred("Đường dây nóng: 1022", 24, Weight::Regular)
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    println!(
        "bytes of the first ticket, and of a later one; seconds are arithmetic, ten bits a byte"
    );
    println!(
        "profile          first   later   CPU ms   seconds at 9600 / 19200 / 38400 / 115200 baud"
    );
    for profile in Profile::all() {
        let model = Model {
            dots: profile.dots.into(),
            dpi: profile.dpi.into(),
            ..like(profile)
        };
        let line = PtyLine::start(Printer::new(model), &folder.path().join("line"));
        let mut printer = open(Setup::new(
            line.device().parse().unwrap(),
            profile.clone(),
            FACES,
        ));
        printer.look();
        let (mut bytes, mut millis) = (Vec::new(), Vec::new());
        for n in 0..SLIPS {
            let before = line.printer.lock().received();
            let job = Job {
                name: format!("A{n:03}"),
                slip: ticket(n + 1),
            };
            let busy = cpu();
            printer.print(&job).unwrap();
            millis.push((cpu() - busy).as_secs_f64() * 1_000.0);
            bytes.push(line.printer.lock().received() - before);
        }
        millis.sort_by(f64::total_cmp);
        let later = bytes[SLIPS / 2..].iter().sum::<usize>() / (SLIPS - SLIPS / 2);
        let seconds = BAUDS.map(|baud| format!("{:.2}", later as f64 * 10.0 / baud));
        println!(
            "{:<14} {:>7} {later:>7} {:>8.2}   {}",
            profile.name,
            bytes[0],
            millis[SLIPS / 2],
            seconds.join(" / ")
        );
    }
    let profile = Profile::named("generic-80").unwrap();
    let picture = draw(&ticket(12), &profile, &FACES).unwrap();
    let file = folder.path().join("ticket.png");
    std::fs::write(&file, picture.png()).unwrap();
    match raster_of_python_escpos(&file) {
        Some(bytes) => println!("the same picture by python-escpos, measured: {bytes} bytes"),
        None => println!(
            "the same picture as one raster, by arithmetic (python-escpos is not installed): {} bytes",
            8 + picture.rows() * picture.width() / 8
        ),
    }
}

/// How a printer of this profile answers.
fn like(profile: &Profile) -> Model {
    match &*profile.name {
        "generic-80" | "generic-58" | "xprinter-80" => Model::clone_80(),
        _ => Model::epson(),
    }
}

/// Processor time of this thread: the simulator's is not the driver's.
fn cpu() -> Duration {
    let clock = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(clock.tv_sec as u64, clock.tv_nsec as u32)
}

fn raster_of_python_escpos(file: &std::path::Path) -> Option<usize> {
    let program = "import sys\n\
         from escpos.printer import Dummy\n\
         d = Dummy()\n\
         d.image(sys.argv[1], impl='bitImageRaster', fragment_height=9999)\n\
         print(len(d.output))";
    let output = Command::new("python3")
        .args(["-c", program])
        .arg(file)
        .output();
    let output = output.ok().filter(|output| output.status.success())?;
    // It also warns on standard output.
    let said = String::from_utf8_lossy(&output.stdout);
    said.lines().last()?.trim().parse().ok()
}
