//! Sentences of scanners: what came of a code, whose the scanner is, and how it fares.

use scanner::ScanPurpose;

use super::devices::long;
use super::{Pair, purpose_name};
use crate::config::listed;
use crate::health::reads_badly;
use crate::status::{Health, ReaderReport, ScannerReport};

fn pair(vi: impl Into<String>, en: impl Into<String>) -> Pair {
    [vi.into(), en.into()]
}

/// A dossier was read and is on the disk; `masked` names it to who has just read it.
pub fn scan_taken(masked: &str) -> Pair {
    pair(format!("Đã nhận {masked}."), format!("Taken: {masked}."))
}

/// The same dossier again on the same day: taken, and worth a look.
pub fn scan_repeated(masked: &str) -> Pair {
    pair(
        format!("Đã nhận {masked}. Hôm nay hồ sơ này đã được quét trước đó."),
        format!("Taken: {masked}. This dossier was scanned before today."),
    )
}

/// The same label within a moment: nothing new.
pub fn scan_read_again(masked: &str) -> Pair {
    pair(
        format!("{masked} vừa được quét, vẫn là lượt đó."),
        format!("{masked} has just been scanned; it is still that scan."),
    )
}

/// A code that came to nothing: what was read, that it does not count, and why.
pub fn scan_refused(read: Option<&str>, why: &Pair) -> Pair {
    let [vi, en] = why;
    match read {
        Some(read) => pair(
            format!("Mã {read} chưa được nhận. {vi}"),
            format!("Not taken: {read}. {en}"),
        ),
        None => pair(
            format!("Mã chưa được nhận. {vi}"),
            format!("Not taken. {en}"),
        ),
    }
}

/// A code from a scanner that is nobody's just now.
pub fn no_badge(counters: &[u32]) -> Pair {
    let counters = listed(counters);
    pair(
        format!(
            "Máy quét dùng chung chưa biết đang ở quầy nào. Mời quét thẻ quầy (quầy {counters}) rồi quét lại mã."
        ),
        format!(
            "The shared scanner does not know at which counter it is. Please scan the counter's badge (counter {counters}), then the code again."
        ),
    )
}

/// A badge was read: the next scans are this counter's.
pub fn badge_bound(counter: u32) -> Pair {
    pair(
        format!("Máy quét dùng chung nay thuộc quầy {counter}."),
        format!("The shared scanner is counter {counter}'s now."),
    )
}

/// Told to the counter that had the scanner before.
pub fn badge_gone(counter: u32) -> Pair {
    pair(
        format!("Máy quét dùng chung đã sang quầy {counter}."),
        format!("The shared scanner has gone to counter {counter}."),
    )
}

/// A counter's badge at its own scanner.
pub fn badge_own(counter: u32) -> Pair {
    pair(
        format!("Máy quét này luôn thuộc quầy {counter}, không cần quét thẻ quầy."),
        format!("This scanner is always counter {counter}'s; it needs no badge."),
    )
}

/// A badge of a counter that is none of the scanner's.
pub fn badge_stranger(counter: u32, counters: &[u32]) -> Pair {
    let own = listed(counters);
    match counters {
        [only] => pair(
            format!(
                "Đây là thẻ của quầy {counter}; máy quét này thuộc quầy {only}. Mời dùng máy quét của quầy {counter}."
            ),
            format!(
                "This is the badge of counter {counter}; this scanner is counter {only}'s. Please use the scanner of counter {counter}."
            ),
        ),
        _ => pair(
            format!(
                "Đây là thẻ của quầy {counter}; máy quét này chỉ dùng chung cho quầy {own}. Mời quét thẻ của một quầy trong số đó."
            ),
            format!(
                "This is the badge of counter {counter}; this scanner is for counters {own} only. Please scan the badge of one of those."
            ),
        ),
    }
}

/// What the next scans at a counter are for.
pub fn purpose_said(purpose: ScanPurpose) -> Pair {
    let [vi, en] = purpose_name(purpose);
    pair(
        format!("Các mã quét tiếp theo dùng để: {vi}."),
        format!("The next scans are for: {en}."),
    )
}

/// A ticket that is back in line.
pub fn back_in_line(number: &str) -> Pair {
    pair(
        format!("{number} đã trở lại hàng chờ."),
        format!("{number} is back in the queue."),
    )
}

/// A come-back slip that was honoured.
pub fn came_back(number: &str) -> Pair {
    pair(
        format!("Phiếu hẹn trở lại: số mới {number}, được gọi theo diện ưu tiên."),
        format!("Come-back slip: the new number is {number}, called with priority."),
    )
}

/// A scanner by its place and device.
pub fn scanner_name(report: &ScannerReport) -> Pair {
    let device = &report.device;
    match report.counters.as_slice() {
        [counter] => pair(
            format!("Máy quét ở quầy {counter} ({device})"),
            format!("Scanner at counter {counter} ({device})"),
        ),
        counters => pair(
            format!(
                "Máy quét dùng chung cho quầy {} ({device})",
                listed(counters)
            ),
            format!("Scanner shared by counters {} ({device})", listed(counters)),
        ),
    }
}

/// A scanner that is away, and for how long.
pub fn scanner_away(seconds: u64) -> Pair {
    let [vi, en] = long(seconds);
    pair(
        format!(
            "Không thấy máy quét trong {vi}. Có thể gõ mã hồ sơ bằng bàn phím. Mời rút ra rồi cắm lại dây của máy quét. (S1)"
        ),
        format!(
            "The scanner has been away for {en}. Dossier IDs can be typed. Unplug its cable and plug it in again. (S1)"
        ),
    )
}

/// A scanner most of whose codes are refused.
pub fn scanner_reads_badly(report: &ScannerReport) -> Pair {
    let (taken, refused) = (report.taken_today, report.refused_today);
    pair(
        format!(
            "Hôm nay {refused} mã không nhận được, {taken} mã nhận được. Các mã đúng vẫn được nhận. Mời lau mặt kính rồi quét thử một mã trên tờ mã quét; nếu vẫn sai, mời báo cán bộ kỹ thuật. (S2)"
        ),
        format!(
            "{refused} codes were refused today and {taken} taken. Good codes are still taken. Clean its window and try a code of the sheet of codes; if that is refused, tell the technician. (S2)"
        ),
    )
}

/// A reader beside a touch screen; the screen may have no name.
pub fn reader_name(screen: &str, device: &str) -> Pair {
    let named = |kind: &str| format!("{kind} {screen}").trim_end().to_owned();
    let (vi, en) = (named("màn hình lấy số"), named("touch screen"));
    pair(
        format!("Đầu đọc ở {vi} ({device})"),
        format!("Reader at {en} ({device})"),
    )
}

/// What is the matter with a reader beside a touch screen; `None`: nothing.
pub fn reader(report: &ReaderReport) -> Option<Pair> {
    let (taken, refused) = (report.taken_today, report.refused_today);
    match report.health {
        Health::Away | Health::Trouble => {
            let [vi, en] = long(report.away_seconds.unwrap_or_default());
            Some(pair(
                format!(
                    "Màn hình không thấy đầu đọc trong {vi}. Người dân vẫn chạm để lấy số, nhưng chưa đưa được giấy hẹn và thẻ căn cước vào đọc. Mời rút ra rồi cắm lại dây của đầu đọc. (S3)"
                ),
                format!(
                    "The screen has not found its reader for {en}. Citizens still take numbers by touch, but receipts and cards are not read. Unplug the reader's cable and plug it in again. (S3)"
                ),
            ))
        }
        Health::None => {
            let [vi, en] = long(report.silent_seconds);
            Some(pair(
                format!(
                    "Màn hình không báo gì về đầu đọc trong {vi}. Mời xem màn hình có đang chạy không; nếu đang chạy, mời khởi động lại màn hình. (S4)"
                ),
                format!(
                    "The screen has said nothing of its reader for {en}. Look whether the screen works; if it does, restart it. (S4)"
                ),
            ))
        }
        Health::Ready if reads_badly(taken, refused) => Some(pair(
            format!(
                "Hôm nay {refused} mã không đọc được, {taken} mã đọc được. Người dân vẫn chạm để lấy số. Mời lau mặt kính của đầu đọc rồi đưa thử một phiếu số; nếu vẫn không đọc được, mời báo cán bộ kỹ thuật. (S5)"
            ),
            format!(
                "{refused} codes could not be read today, {taken} were read. Citizens still take numbers by touch. Clean the reader's window and hold a slip to it; if that is not read, tell the technician. (S5)"
            ),
        )),
        Health::Ready => None,
    }
}

/// A scanner or a reader that is well: when it read last, and how many codes were refused today.
pub fn scanner_works(last_scan_seconds: Option<u64>, refused_today: u64) -> Pair {
    let [vi, en] = match last_scan_seconds {
        None => pair(
            "Chưa quét mã nào từ khi máy khởi động.",
            "Nothing was scanned since the machine started.",
        ),
        Some(0..60) => pair("Vừa mới quét.", "It scanned just now."),
        Some(seconds) => {
            let [vi, en] = long(seconds);
            pair(
                format!("Lượt quét gần nhất cách đây {vi}."),
                format!("The last scan was {en} ago."),
            )
        }
    };
    match refused_today {
        0 => pair(
            format!("Hoạt động bình thường. {vi}"),
            format!("Working. {en}"),
        ),
        refused => pair(
            format!("Hoạt động bình thường. {vi} Mã không nhận hôm nay: {refused}."),
            format!("Working. {en} Codes refused today: {refused}."),
        ),
    }
}
