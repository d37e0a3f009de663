//! Sentences about signing in and about people.

use axum::http::StatusCode as S;

use super::{Sentence, say};
use crate::people::pin::Weak;
use crate::people::{Denied, Wrong};

/// Where a person sits already, and the way out, in both languages.
pub fn other_counter(counter: u32) -> [String; 2] {
    [
        format!(
            "Ông/Bà đang phụ trách quầy số {counter}. Mời đóng quầy số {counter} trước, hoặc nhờ phụ trách bộ phận đóng giúp."
        ),
        format!(
            "You have counter {counter}. Please close counter {counter} first, or ask a supervisor to close it."
        ),
    ]
}

/// Why somebody is not signed in, and the same with how long to wait, in both languages.
pub fn denied(denied: &Denied) -> (Sentence, [String; 2]) {
    let sentence = match denied {
        Denied::Wrong => say(
            S::FORBIDDEN,
            "wrong-pin",
            "Mã số cán bộ hoặc PIN chưa đúng. Mời kiểm tra rồi nhập lại. Quên PIN: nhờ quản trị viên đặt lại.",
            "Staff number or PIN is wrong. Please check and try again. If you forgot the PIN, ask your administrator to reset it.",
        ),
        Denied::Locked { .. } => say(
            S::TOO_MANY_REQUESTS,
            "locked-out",
            "Đã nhập sai nhiều lần nên tạm khóa đăng nhập.",
            "Too many wrong tries: sign-in is locked.",
        ),
        Denied::Busy => say(
            S::SERVICE_UNAVAILABLE,
            "sign-in-busy",
            "Đang có quá nhiều lượt đăng nhập. Mời thử lại sau ít giây.",
            "Too many people are signing in at this moment. Please try again in a few seconds.",
        ),
    };
    let texts = match denied {
        Denied::Locked { wait_ms } => locked_for(*wait_ms),
        Denied::Wrong | Denied::Busy => [sentence.vi.to_owned(), sentence.en.to_owned()],
    };
    (sentence, texts)
}

fn locked_for(wait_ms: u64) -> [String; 2] {
    let (seconds, minutes) = (wait_ms.div_ceil(1_000), wait_ms.div_ceil(60_000));
    let (vi, en) = match seconds {
        0..=90 => (format!("{seconds} giây"), format!("{seconds} seconds")),
        _ => (format!("{minutes} phút"), format!("{minutes} minutes")),
    };
    [
        format!(
            "Đã nhập sai nhiều lần nên tạm khóa đăng nhập. Mời chờ {vi} rồi nhập lại, hoặc nhờ phụ trách bộ phận mở khóa."
        ),
        format!(
            "Too many wrong tries: sign-in is locked. Please wait {en} and try again, or ask a supervisor to lift the lock."
        ),
    ]
}

/// A token that nobody has.
pub fn wrong_token() -> Sentence {
    say(
        S::FORBIDDEN,
        "wrong-token",
        "Mã truy cập chưa đúng hoặc đã bị thu hồi. Kiểm tra lại mã, hoặc hỏi quản trị viên.",
        "This access code is wrong or was withdrawn. Check it, or ask your administrator.",
    )
}

/// Why a PIN is not good enough.
pub fn weak_pin(weak: Weak) -> Sentence {
    let (code, vi, en) = match weak {
        Weak::Length => (
            "pin-length",
            "PIN gồm 6 đến 12 chữ số, không có chữ cái hay dấu cách.",
            "A PIN has 6 to 12 digits, no letters and no spaces.",
        ),
        Weak::Repeats => (
            "pin-repeats",
            "PIN lặp lại một nhóm số (như 111111, 121212) quá dễ đoán. Mời chọn PIN khác.",
            "A PIN that repeats itself (such as 111111 or 121212) is too easy to guess. Please choose another.",
        ),
        Weak::Run => (
            "pin-run",
            "PIN gồm các số liền nhau (như 123456, 987654) quá dễ đoán. Mời chọn PIN khác.",
            "A PIN of digits in a row (such as 123456 or 987654) is too easy to guess. Please choose another.",
        ),
        Weak::Year => (
            "pin-year",
            "PIN có năm nay, năm trước hoặc năm sau quá dễ đoán. Mời chọn PIN khác.",
            "A PIN with this year, last year or next year in it is too easy to guess. Please choose another.",
        ),
    };
    say(S::UNPROCESSABLE_ENTITY, code, vi, en)
}

/// The PIN was not typed twice alike.
pub fn pins_differ() -> Sentence {
    say(
        S::UNPROCESSABLE_ENTITY,
        "pins-differ",
        "Hai lần nhập PIN không giống nhau. Mời nhập lại.",
        "The two PINs are not the same. Please type them again.",
    )
}

/// Why people cannot be changed so.
pub fn people(wrong: Wrong) -> Sentence {
    match wrong {
        Wrong::Unknown => say(
            S::NOT_FOUND,
            "unknown-person",
            "Không có cán bộ mang mã số này.",
            "There is nobody with this staff number.",
        ),
        Wrong::LastAdmin => say(
            S::CONFLICT,
            "last-admin",
            "Đây là quản trị viên cuối cùng. Mời thêm một quản trị viên khác trước.",
            "This is the last administrator. Please add another one first.",
        ),
        Wrong::Name => say(
            S::UNPROCESSABLE_ENTITY,
            "bad-name",
            "Tên gồm 1 đến 80 ký tự trên một dòng.",
            "A name has 1 to 80 characters on one line.",
        ),
        Wrong::Full => say(
            S::CONFLICT,
            "people-full",
            "Danh sách đã đầy. Mời xóa người không còn làm việc.",
            "The list is full. Please remove those who have left.",
        ),
    }
}

/// A link for the first admin that opens nothing.
pub fn link_over() -> Sentence {
    say(
        S::FORBIDDEN,
        "link-over",
        "Liên kết này đã dùng rồi hoặc đã hết hạn. Lấy liên kết mới bằng lệnh: kiosk admin-link",
        "This link was used or is too old. Get a new one with: kiosk admin-link",
    )
}

/// Another site sent it, or a browser that does not say which site did.
pub fn cross_site() -> Sentence {
    say(
        S::FORBIDDEN,
        "cross-site",
        "Yêu cầu này đến từ trang khác nên không được thực hiện. Mời mở lại trang của máy chủ này.",
        "This request came from another site and was not done. Please open this server's own page again.",
    )
}
