//! How each part fares, in plain sentences: what is the matter, what goes on meanwhile, the one
//! thing to do. The code at the end is for the phone call.

use std::collections::BTreeMap;

use crate::speaker::Sound;
use crate::status::Health;

/// In Vietnamese and English.
pub type Pair = [String; 2];

fn pair(vi: impl Into<String>, en: impl Into<String>) -> Pair {
    [vi.into(), en.into()]
}

/// By language.
pub fn texts([vi, en]: Pair) -> BTreeMap<String, String> {
    [("vi".to_owned(), vi), ("en".to_owned(), en)].into()
}

/// Nothing is the matter.
pub fn works() -> Pair {
    pair("Hoạt động bình thường.", "Working.")
}

/// The file of the configuration is bad; `problem` says where and why.
pub fn last_good_configuration(problem: &str) -> Pair {
    pair(
        format!(
            "Tệp cấu hình có lỗi nên máy đang chạy theo bản đúng gần nhất. Lỗi: {problem}. Mời cán bộ kỹ thuật sửa tệp, chạy kiosk check rồi khởi động lại. (C1)"
        ),
        format!(
            "The configuration file has a mistake, so the last good copy of it runs. The mistake: {problem}. Ask the technician to correct it, run kiosk check, and restart. (C1)"
        ),
    )
}

/// Nothing can be journalled.
pub fn journal_stopped() -> Pair {
    pair(
        "Bộ nhớ của máy đã đầy hoặc không ghi được: không phát số, không nhận mã hồ sơ. Mời gọi cán bộ kỹ thuật ngay. (C2)",
        "The machine's storage is full or read-only: no numbers are given out and no scans taken. Call the technician now. (C2)",
    )
}

/// The disk is nearly full.
pub fn disk_nearly_full(free_bytes: u64) -> Pair {
    let free = free_bytes / (1 << 20);
    pair(
        format!(
            "Bộ nhớ của máy sắp đầy, còn {free} MB. Máy vẫn phát số. Mời cán bộ kỹ thuật dọn hoặc thay ổ nhớ trong tuần này. (C3)"
        ),
        format!(
            "The machine's storage is nearly full, {free} MB are left. Numbers are still given out. Ask the technician to make room or change the disk this week. (C3)"
        ),
    )
}

/// How much room there is.
pub fn disk_has_room(free_bytes: u64) -> Pair {
    let free = free_bytes / (1 << 30);
    pair(format!("Còn {free} GB."), format!("{free} GB are left."))
}

/// The time is not known.
pub fn clock_unknown() -> Pair {
    pair(
        "Máy chưa biết ngày giờ. Vẫn phát số; phiếu không in giờ. Mời nối mạng hoặc xác nhận ngày giờ. (C4)",
        "The date and time are not known. Numbers are still given out; slips have no time on them. Connect the network or confirm the date and time. (C4)",
    )
}

/// A printer by its name or place; the only one of an office that named none is just that.
pub fn printer_name([vi, en]: [&str; 2]) -> Pair {
    match (vi, en) {
        ("printer", "printer") => pair("Máy in", "Printer"),
        _ => pair(format!("Máy in {vi}"), format!("Printer {en}")),
    }
}

/// A part that is known by its name only.
pub fn part_name(part: &str) -> Pair {
    match part {
        "intake" => pair("Phần mềm một cửa", "Dossier software"),
        "gpio" => pair("Đèn báo và rơ-le", "Lamps and relay"),
        "ledger" => pair("Số liệu báo cáo", "Figures"),
        "backup" => pair("Bản sao dự phòng", "Backup"),
        "voice" => pair("Lời gọi số", "Spoken calls"),
        other => pair(other, other),
    }
}

/// What became of a scan cannot be found out; stands where a clerk otherwise reads the other
/// side's own words.
pub const CANNOT_BE_ASKED: &str = "Phần mềm một cửa không cho hỏi lại; xin kiểm tra trong phần mềm. (The dossier software cannot be asked; look it up there.)";

/// How such a part fares, when it does not as it should. `pending`: scans that wait.
pub fn part_trouble(part: &str, health: Health, pending: u32) -> Pair {
    match (part, health) {
        ("intake", Health::Away) => pair(
            format!(
                "Chưa kết nối được phần mềm một cửa; {pending} mã hồ sơ đang chờ gửi. Mã quét vẫn được lưu và tự gửi khi có kết nối. Mời kiểm tra dây mạng. (I1)"
            ),
            format!(
                "The dossier software does not answer; {pending} scans wait to be sent. Scans are kept and sent by themselves once it is back. Check the network cable. (I1)"
            ),
        ),
        ("intake", _) => pair(
            format!(
                "Phần mềm một cửa không chấp nhận kết nối của máy này; {pending} mã hồ sơ đang chờ gửi và vẫn được lưu. Mời cán bộ kỹ thuật kiểm tra địa chỉ và mã truy cập trong mục [intake]. (I2)"
            ),
            format!(
                "The dossier software does not accept this machine; {pending} scans wait and are kept. Ask the technician to check address and token in [intake]. (I2)"
            ),
        ),
        ("gpio", _) => pair(
            "Không điều khiển được đèn báo và rơ-le. Mọi việc khác vẫn chạy. Mời báo cán bộ kỹ thuật. (G1)",
            "Lamps and the relay cannot be switched. Everything else goes on. Tell the technician. (G1)",
        ),
        ("ledger", _) => pair(
            "Số liệu báo cáo chưa cập nhật được. Mọi việc khác vẫn chạy. Mời báo cán bộ kỹ thuật. (L1)",
            "The figures are not up to date. Everything else goes on. Tell the technician. (L1)",
        ),
        ("backup", _) => pair(
            "Lần sao lưu gần nhất chưa xong. Máy vẫn làm việc bình thường. Mời kiểm tra USB hoặc nơi giữ bản sao. (B1)",
            "The last backup did not succeed. The machine works as usual. Check the stick or the place where copies are kept. (B1)",
        ),
        ("voice", _) => pair(
            "Lời gọi số chưa phát được; số vẫn hiện trên màn hình. Mời báo cán bộ kỹ thuật. (V1)",
            "Calls are not announced; they are on the screens. Tell the technician. (V1)",
        ),
        _ => pair(
            "Có trục trặc. Mời báo cán bộ kỹ thuật. (X1)",
            "Something is the matter. Tell the technician. (X1)",
        ),
    }
}

/// A lobby screen that can be heard.
pub fn screen_speaks() -> Pair {
    pair(
        "Hoạt động bình thường, có đọc lời gọi số.",
        "Working; calls are spoken.",
    )
}

/// A lobby screen that should be heard and is not.
pub fn screen_is_silent(sound: Sound) -> Pair {
    match sound {
        Sound::NoPlayer => pair(
            "Máy của màn hình này chưa có chương trình phát âm thanh; số vẫn hiện trên màn hình. Mời cán bộ kỹ thuật cài gói alsa-utils. (V2)",
            "The machine of this screen has no program that plays sound; calls are on the screen. Ask the technician to install alsa-utils. (V2)",
        ),
        Sound::NoClips => pair(
            "Thiếu mẫu giọng đọc nên lời gọi số không đọc đủ; số vẫn hiện trên màn hình. Mời cán bộ kỹ thuật chạy kiosk voice make trên máy của màn hình này. (V4)",
            "Recordings are missing, so that calls are not said in full; they are on the screen. Ask the technician to run kiosk voice make on the machine of this screen. (V4)",
        ),
        Sound::NoDevice | Sound::Ready => pair(
            "Loa của màn hình này không phát được; số vẫn hiện trên màn hình. Mời kiểm tra dây và công tắc của loa; có loa lại là tự đọc tiếp. (V3)",
            "The loudspeaker of this screen cannot be used; calls are on the screen. Check its cable and its switch; it speaks again by itself. (V3)",
        ),
    }
}
