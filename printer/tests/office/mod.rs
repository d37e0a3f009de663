//! An office for the printer's tests: its faces, its slips, and a printer on paper.
#![allow(dead_code, clippy::unwrap_used, unreachable_pub)]

use printer::{Faces, Profile, Slip, Weight};
use simulator::{Cut, Model, Printer};

pub const FACES: Faces = Faces {
    regular: include_bytes!("../../../kiosk/screens/fonts/NotoSans_400Regular.ttf"),
    semibold: include_bytes!("../../../kiosk/screens/fonts/NotoSans_600SemiBold.ttf"),
    bold: include_bytes!("../../../kiosk/screens/fonts/NotoSans_700Bold.ttf"),
};

pub const PROFILES: [&str; 7] = [
    "generic-80",
    "generic-58",
    "epson-80",
    "epson-180",
    "tm-t20ii",
    "tm-t88",
    "xprinter-80",
];
pub const LINK: &str = "http://192.0.2.10:8081/t/7KQ2MZ4V9X3B";

pub fn profile(name: &str) -> Profile {
    Profile::named(name).unwrap()
}

/// What a printer of this profile makes of the bytes.
pub fn on_paper(bytes: &[u8], profile: &Profile) -> Result<Vec<Cut>, String> {
    let model = Model {
        dots: profile.dots.into(),
        dpi: profile.dpi.into(),
        ..Model::epson()
    };
    Printer::print(model, bytes)
}

const BESIDE_THE_CODE: &str =
    "Quét mã để xem lượt chờ\n7 giờ 42, thứ Hai\n23/11/2026\nHỗ trợ: 1022";

/// A ticket with all that may stand on one, but for papers.
pub fn ticket_vi() -> Slip {
    Slip::new()
        .centred("UBND PHƯỜNG MẪU", 24, Weight::Regular)
        .centred("TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG", 28, Weight::Bold)
        .rule()
        .centred("Hộ tịch", 36, Weight::SemiBold)
        .number("A012")
        .mark("Ưu tiên")
        .centred("Trước Ông/Bà còn 4 người", 30, Weight::SemiBold)
        .centred("Ước tính chờ 10–15 phút", 26, Weight::Regular)
        .qr(LINK, Some(BESIDE_THE_CODE.to_owned()))
}

/// One of many tickets of a day, which differ in their numbers.
pub fn ticket_number(n: usize) -> Slip {
    let (ahead, hour, minute) = (n % 11 + 1, 7 + n / 60, n % 60);
    let (low, high) = (3 * ahead, 5 * ahead);
    Slip::new()
        .centred("TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG", 28, Weight::Bold)
        .rule()
        .centred(["Hộ tịch", "Đất đai"][n / 3 % 2], 36, Weight::SemiBold)
        .number(format!("A{n:03}"))
        .centred(
            format!("Trước Ông/Bà còn {ahead} người"),
            30,
            Weight::SemiBold,
        )
        .centred(
            format!("Ước tính chờ {low}–{high} phút"),
            26,
            Weight::Regular,
        )
        .qr(LINK, Some("Quét mã để xem lượt chờ".to_owned()))
        .centred(
            format!("{hour} giờ {minute:02} phút, ngày 23/11/2026"),
            24,
            Weight::Regular,
        )
}

/// A ticket of an office without a public page: a bare token, and papers to have ready.
pub fn ticket_en() -> Slip {
    Slip::new()
        .centred("Mẫu Ward People's Committee", 24, Weight::Regular)
        .centred("Public Administration Service Centre", 28, Weight::Bold)
        .rule()
        .centred("Civil status", 36, Weight::SemiBold)
        .number("A012")
        .centred("4 people ahead · about 10–15 minutes", 28, Weight::SemiBold)
        .left("Please have ready:", 24, Weight::SemiBold)
        .left(
            "– birth notice or declaration\n– identity card of a parent",
            24,
            Weight::Regular,
        )
        .qr("7KQ2MZ4V9X3B", None)
        .centred(
            "7:42, Monday 23/11/2026 · Hotline: 1022",
            22,
            Weight::Regular,
        )
}

/// A slip of long rows that run into each other: many bands, many bytes.
pub fn black_slip() -> Slip {
    let words = "Máy in đang thử giấy và mực";
    (0..12).fold(Slip::new(), |slip, _| slip.mark(words).rule())
}

/// More bytes than any buffer between here and a printer holds.
pub fn endless_slip() -> Slip {
    Slip::new().left("Ậ".repeat(400), 56, Weight::Bold)
}
