//! Sentences about codes that were read where a dossier ID was expected: what it was, and what to
//! do about it.

use axum::http::StatusCode;
use scanner::{Code, Rejection, ScanPurpose};

use super::{Sentence, say};

/// Why a text is no code at all, in Vietnamese and English: with as much of it as may be told, so
/// that a clerk sees which of the labels on the paper was read.
pub fn rejection(rejection: &Rejection) -> (Sentence, [String; 2]) {
    let sentence = reason(rejection.kind);
    let texts = [sentence.vi, sentence.en].map(str::to_owned);
    let Some(masked) = &rejection.masked else {
        return (sentence, texts);
    };
    let [vi, en] = texts;
    let barcode = rejection.symbology.and_then(scanner::Symbology::name);
    let barcode = barcode.map_or(String::new(), |name| format!(", {name}"));
    let signs = rejection.signs;
    let texts = [
        format!("{vi} Đã đọc: {masked} ({signs} ký tự{barcode})."),
        format!("{en} It read: {masked} ({signs} characters{barcode})."),
    ];
    (sentence, texts)
}

fn reason(kind: scanner::RejectionKind) -> Sentence {
    use scanner::RejectionKind as K;
    let (vi, en) = match kind {
        K::DamagedCard => (
            "Đây là thẻ căn cước nhưng đọc chưa đủ. Mời đặt lại thẻ. Máy không lưu thông tin thẻ.",
            "This is a citizen card, but not all of it was read. Please hold it again. Nothing of it is stored.",
        ),
        K::CitizenNumber => (
            "Đây có vẻ là số căn cước, không phải mã hồ sơ. Máy không lưu số này. Mời quét mã trên Giấy tiếp nhận hồ sơ và hẹn trả kết quả.",
            "This looks like a citizen’s number, not a dossier ID. It is not stored. Please scan the code on the receipt.",
        ),
        K::Vneid => (
            "Đây là mã của VNeID; chỉ hệ thống của ngành Công an đọc được. Mời dùng thẻ căn cước hoặc Giấy tiếp nhận hồ sơ và hẹn trả kết quả.",
            "This is a VNeID code, which only the police’s own service can read. Please use the citizen card or the receipt.",
        ),
        K::OldSerial => (
            "Đây là số biên nhận cũ. Mời quét hoặc nhập mã hồ sơ dạng H05.114-250625-0002.",
            "This is an old local serial. Please scan or type a dossier ID like H05.114-250625-0002.",
        ),
        K::BadDate => (
            "Phần ngày trong mã không có thật. Mời quét lại.",
            "The date in this code does not exist. Please scan again.",
        ),
        K::TooLong => (
            "Mã quá dài, không phải mã hồ sơ.",
            "This code is too long for a dossier ID.",
        ),
        K::Empty => ("Chưa đọc được mã nào.", "Nothing was read."),
        K::InputMethod => (
            "Bộ gõ tiếng Việt đã làm hỏng mã. Mời tắt bộ gõ (Telex/VNI) rồi quét lại.",
            "The Vietnamese input method has damaged the code. Please switch it off and scan again.",
        ),
        K::Unknown => (
            "Đây không phải mã hồ sơ. Mời quét hoặc nhập mã hồ sơ ghi trên Giấy tiếp nhận hồ sơ và hẹn trả kết quả.",
            "This is no dossier ID. Please scan or type the dossier ID from the receipt.",
        ),
        K::Garbage => (
            "Chưa đọc được mã. Mời quét lại hoặc nhập mã hồ sơ ghi trên Giấy tiếp nhận hồ sơ và hẹn trả kết quả.",
            "The code could not be read. Please scan again or type the dossier ID from the receipt.",
        ),
    };
    not_a_dossier(vi, en)
}

/// A code that we know, where only a dossier ID will do, in Vietnamese and English.
pub fn not_this_code(code: &Code) -> (Sentence, [String; 2]) {
    let sentence = match code {
        Code::Ticket(_) => not_a_dossier(
            "Đây là số thứ tự, không phải mã hồ sơ.",
            "This is a queue ticket, not a dossier ID.",
        ),
        Code::Card(_) => not_a_dossier(
            "Đây là thẻ căn cước, không phải mã hồ sơ. Máy không lưu thông tin thẻ.",
            "This is a citizen card, not a dossier ID. Nothing of it is stored.",
        ),
        Code::Counter(_) => not_a_dossier(
            "Đây là mã của một quầy, không phải mã hồ sơ.",
            "This is the badge of a counter, not a dossier ID.",
        ),
        Code::Purpose(_) => not_a_dossier(
            "Đây là mã chọn việc, không phải mã hồ sơ.",
            "This is the code of a purpose, not a dossier ID.",
        ),
        // Asked only by those who have no use for one, such as a wrong kind of page.
        Code::Dossier(_) => not_a_dossier(
            "Không dùng mã hồ sơ ở đây.",
            "A dossier ID has no use here.",
        ),
    };
    let texts = match code {
        Code::Counter(number) => [
            format!(
                "Đây là mã của quầy {number}, không phải mã hồ sơ. Mời quét mã trên giấy của hồ sơ."
            ),
            format!(
                "This is the badge of counter {number}, not a dossier ID. Please scan the code on the dossier’s receipt."
            ),
        ],
        Code::Purpose(purpose) => {
            let [vi, en] = purpose_name(*purpose);
            [
                format!(
                    "Đây là mã chọn việc “{vi}”, không phải mã hồ sơ. Mời quét mã trên giấy của hồ sơ."
                ),
                format!(
                    "This is the code for “{en}”, not a dossier ID. Please scan the code on the dossier’s receipt."
                ),
            ]
        }
        _ => [sentence.vi, sentence.en].map(str::to_owned),
    };
    (sentence, texts)
}

/// A purpose as clerks call it, in Vietnamese and English.
pub fn purpose_name(purpose: ScanPurpose) -> [&'static str; 2] {
    match purpose {
        ScanPurpose::Receive => ["Tiếp nhận", "Receive"],
        ScanPurpose::Supplement => ["Bổ sung hồ sơ", "Supplement"],
        ScanPurpose::Return => ["Trả kết quả", "Return of the result"],
        ScanPurpose::LookUp => ["Tra cứu", "Look up"],
    }
}

fn not_a_dossier(vi: &'static str, en: &'static str) -> Sentence {
    say(StatusCode::UNPROCESSABLE_ENTITY, "not-a-dossier", vi, en)
}
