//! What the corner for staff says.

use crate::words::Language;

/// The words of one language. `{}` stands for the one thing that varies.
pub(super) struct Words {
    pub(super) title: &'static str,
    pub(super) question: &'static str,
    pub(super) known: &'static str,
    pub(super) away: &'static str,
    pub(super) right: &'static str,
    pub(super) change: &'static str,
    pub(super) set: &'static str,
    pub(super) parts: [&'static str; 5],
    pub(super) printer: &'static str,
    pub(super) printer_named: &'static str,
    pub(super) no_printer: &'static str,
    pub(super) test_page: &'static str,
    pub(super) close: &'static str,
    pub(super) back: &'static str,
    pub(super) person: &'static str,
    pub(super) pin: &'static str,
    pub(super) next: &'static str,
    pub(super) confirm: &'static str,
    pub(super) confirm_sure: &'static str,
    pub(super) erase: &'static str,
    pub(super) asking: &'static str,
    pub(super) silent: &'static str,
    pub(super) time_done: &'static str,
    pub(super) page_done: &'static str,
}

pub(super) fn words(language: Language) -> &'static Words {
    match language {
        Language::Vietnamese => &VIETNAMESE,
        Language::English => &ENGLISH,
    }
}

const VIETNAMESE: Words = Words {
    title: "Dành cho cán bộ",
    question: "Hôm nay là {}. Đúng không?",
    known: "Hôm nay là {}.",
    away: "Chưa nối được với máy chủ.",
    right: "Đúng",
    change: "Sửa",
    set: "Đặt ngày giờ này",
    parts: ["Ngày", "Tháng", "Năm", "Giờ", "Phút"],
    printer: "Máy in: {}.",
    printer_named: "Máy in {}: ",
    no_printer: "Cơ quan không dùng máy in.",
    test_page: "In thử",
    close: "Đóng",
    back: "Quay lại",
    person: "Mã số cán bộ",
    pin: "PIN",
    next: "Tiếp",
    confirm: "Xác nhận",
    confirm_sure: "Vẫn đúng",
    erase: "Xóa",
    asking: "Đang kiểm tra…",
    silent: "Máy chưa trả lời. Mời bấm lại; không làm hai lần.",
    time_done: "Đã ghi nhận ngày giờ.",
    page_done: "Đang in trang thử.",
};

const ENGLISH: Words = Words {
    title: "For staff",
    question: "Today is {}. Right?",
    known: "Today is {}.",
    away: "No connection to the server.",
    right: "Right",
    change: "Change",
    set: "Set this date and time",
    parts: ["Day", "Month", "Year", "Hour", "Minute"],
    printer: "Printer: {}.",
    printer_named: "Printer {}: ",
    no_printer: "This office has no printer.",
    test_page: "Test page",
    close: "Close",
    back: "Back",
    person: "Staff number",
    pin: "PIN",
    next: "Next",
    confirm: "Confirm",
    confirm_sure: "It is right",
    erase: "Erase",
    asking: "Checking…",
    silent: "No answer yet. Press again; it is not done twice.",
    time_done: "Date and time are set.",
    page_done: "The test page is printing.",
};

/// What a printer's condition is called, as the API words it.
pub(super) fn condition(code: &str, language: Language) -> &'static str {
    let (vi, en) = match code {
        "ready" => ("tốt", "good"),
        "paper-low" => ("sắp hết giấy", "low on paper"),
        "paper-out" => ("hết giấy", "out of paper"),
        "cover-open" => ("nắp đang mở", "its cover is open"),
        "cutter-jammed" => ("kẹt dao cắt", "its cutter is jammed"),
        "head-hot" => ("đầu in quá nóng", "its head is too hot"),
        "silent" => ("không trả lời", "does not answer"),
        "unplugged" => ("không thấy máy in", "not there"),
        "offline" => ("không nhận phiếu", "takes no slips"),
        _ => ("cần kiểm tra", "needs a look"),
    };
    match language {
        Language::Vietnamese => vi,
        Language::English => en,
    }
}
