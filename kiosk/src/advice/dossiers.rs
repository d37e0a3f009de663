//! Sentences about dossiers: looking up, importing.

use ::dossiers::ImportError;
use axum::http::StatusCode as S;

use super::{Sentence, say};

/// No source knows it.
pub fn unknown_dossier() -> Sentence {
    say(
        S::NOT_FOUND,
        "unknown-dossier",
        "Chưa có thông tin về hồ sơ này ở máy. Mời xem trên phần mềm một cửa.",
        "This machine knows nothing of this dossier. Please look in the dossier software.",
    )
}

/// Nobody could be asked, and nothing is known.
pub fn dossiers_away() -> Sentence {
    say(
        S::SERVICE_UNAVAILABLE,
        "dossiers-away",
        "Phần mềm một cửa chưa trả lời và máy chưa có thông tin về hồ sơ này. Mời thử lại sau giây lát.",
        "The dossier software does not answer, and this machine knows nothing of the dossier. Please try again shortly.",
    )
}

/// Neither an intake server nor an import.
pub fn no_source() -> Sentence {
    say(
        S::NOT_FOUND,
        "no-source",
        "Máy này chưa có nguồn thông tin hồ sơ. Mời Ông/Bà gặp cán bộ tại quầy.",
        "This machine has no information on dossiers yet. Please ask at a counter.",
    )
}

/// The same for a dossier that nobody knows.
pub fn wrong_factor() -> Sentence {
    say(
        S::FORBIDDEN,
        "wrong-factor",
        "Mã hồ sơ hoặc thông tin xác nhận chưa khớp. Mời Ông/Bà xem lại Giấy tiếp nhận hồ sơ, hoặc gặp cán bộ tại quầy.",
        "The dossier ID and the confirmation do not match. Please check your receipt, or ask at a counter.",
    )
}

/// Too many wrong tries; with how long to wait in Vietnamese and English.
pub fn look_up_locked(wait_ms: u64) -> (Sentence, [String; 2]) {
    let sentence = say(
        S::TOO_MANY_REQUESTS,
        "locked-out",
        "Đã nhập chưa đúng nhiều lần. Mời Ông/Bà gặp cán bộ tại quầy.",
        "There were too many wrong tries. Please ask at a counter.",
    );
    let minutes = wait_ms.div_ceil(60_000);
    let texts = [
        format!(
            "Đã nhập chưa đúng nhiều lần nên tạm ngừng tra cứu. Mời Ông/Bà thử lại sau {minutes} phút, hoặc gặp cán bộ tại quầy."
        ),
        format!(
            "There were too many wrong tries, so looking up is locked. Please try again in {minutes} min, or ask at a counter."
        ),
    ];
    (sentence, texts)
}

/// Why a file of the dossier software cannot be read.
pub fn bad_file(error: ImportError) -> Sentence {
    let unprocessable = |code, vi, en| say(S::UNPROCESSABLE_ENTITY, code, vi, en);
    match error {
        ImportError::TooLarge => say(
            S::PAYLOAD_TOO_LARGE,
            "file-too-large",
            "Tệp quá lớn (tối đa 24 MB). Mời xuất ít tháng hơn, hoặc chỉ các cột cần dùng. Chưa có gì thay đổi.",
            "The file is too large (at most 24 MB). Export fewer months or only the columns needed. Nothing was changed.",
        ),
        ImportError::TooManyRows => unprocessable(
            "too-many-rows",
            "Tệp có quá nhiều dòng (tối đa 100.000). Mời xuất ít tháng hơn. Chưa có gì thay đổi.",
            "The file has too many rows (at most 100,000). Export fewer months. Nothing was changed.",
        ),
        ImportError::OldWorkbook => unprocessable(
            "old-workbook",
            "Đây là bảng tính kiểu cũ (.xls) hoặc có mật khẩu. Mời mở tệp, lưu lại kiểu .xlsx không mật khẩu rồi chọn lại.",
            "This is an old (.xls) or a protected workbook. Open it, save it as .xlsx without a password and choose it again.",
        ),
        ImportError::WebPage => unprocessable(
            "web-page",
            "Tệp này thực ra là một trang web. Mời mở bằng Excel hoặc LibreOffice, lưu lại kiểu .xlsx rồi chọn lại.",
            "This file is a web page by another name. Open it in Excel or LibreOffice, save it as .xlsx and choose it again.",
        ),
        ImportError::Damaged => unprocessable(
            "damaged-workbook",
            "Bảng tính này đọc không được: tệp hỏng, chưa tải xong, hoặc không phải .xlsx. Mời xuất lại rồi chọn lại.",
            "The workbook cannot be read: it is damaged, cut off, or no .xlsx. Export it again and choose it again.",
        ),
        ImportError::NotText => unprocessable(
            "not-a-table",
            "Tệp này không phải danh sách hồ sơ. Mời chọn tệp .xlsx hoặc .csv xuất từ phần mềm một cửa.",
            "This file is no list of dossiers. Choose an .xlsx or .csv file exported by the dossier software.",
        ),
        ImportError::Empty => unprocessable(
            "empty-file",
            "Tệp không có dòng nào. Mời xuất lại rồi chọn lại.",
            "The file has no rows. Export it again and choose it again.",
        ),
    }
}

/// Nothing can be found without them.
pub fn no_dossier_column() -> Sentence {
    say(
        S::UNPROCESSABLE_ENTITY,
        "no-dossier-column",
        "Chưa rõ cột nào là mã hồ sơ. Mời chọn cột đó.",
        "It is not clear which column holds the dossier IDs. Please choose it.",
    )
}

/// `11/20/2026`: other dates of the column would be taken for two days.
pub fn month_first() -> Sentence {
    say(
        S::UNPROCESSABLE_ENTITY,
        "month-first",
        "Có cột ghi tháng trước ngày (như 11/20/2026), nên các ngày khác có thể bị hiểu sai. Mời xuất lại với ngày dạng ngày/tháng/năm.",
        "A column has the month before the day (as in 11/20/2026), so other dates could be misread. Export it again with dates as day/month/year.",
    )
}

/// Nothing to take in.
pub fn no_good_row() -> Sentence {
    say(
        S::UNPROCESSABLE_ENTITY,
        "no-good-row",
        "Không có dòng nào dùng được. Mời xem lại cột mã hồ sơ và các cột ngày.",
        "There is no row that can be used. Please check the columns of dossier IDs and dates.",
    )
}

/// It waited too long, or the machine was started again.
pub fn unknown_upload() -> Sentence {
    say(
        S::NOT_FOUND,
        "unknown-upload",
        "Tệp này không còn ở máy. Mời chọn lại tệp. Chưa có gì thay đổi.",
        "The machine no longer has this file. Please choose it again. Nothing was changed.",
    )
}

/// The age of an import must be known.
pub fn import_undated() -> Sentence {
    say(
        S::CONFLICT,
        "time-unknown",
        "Máy chưa biết ngày giờ nên chưa nhập được: thông tin hồ sơ phải có ngày. Mời xác nhận ngày giờ rồi thử lại.",
        "The machine does not know the date, and an import must have one. Please confirm date and time and try again.",
    )
}

/// Nobody can tell what is late.
pub fn late_undated() -> Sentence {
    say(
        S::CONFLICT,
        "time-unknown",
        "Máy chưa biết ngày giờ nên chưa biết hồ sơ nào trễ hẹn. Mời xác nhận ngày giờ rồi mở lại trang.",
        "The machine does not know the date, so it cannot tell what is late. Please confirm date and time and load the page again.",
    )
}

/// A source needs a name.
pub fn no_source_name() -> Sentence {
    say(
        S::UNPROCESSABLE_ENTITY,
        "no-source-name",
        "Mời ghi tên nguồn, chẳng hạn “Phần mềm một cửa”.",
        "Please name the source, such as “Dossier software”.",
    )
}
