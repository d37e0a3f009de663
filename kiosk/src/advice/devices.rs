//! Sentences about devices: letting them in, and how they fare.

use axum::http::StatusCode as S;
use queue::DeviceKind;

use super::{Sentence, people, say};
use crate::devices::Wrong;

/// Why devices cannot be changed so.
pub fn devices(wrong: Wrong) -> Sentence {
    match wrong {
        Wrong::Code => say(
            S::NOT_FOUND,
            "unknown-code",
            "Không có thiết bị nào đang chờ với mã này. Mã chỉ dùng một lần, trong 10 phút. Mời xem lại mã trên màn hình của thiết bị.",
            "No device waits with this code. A code works once, within 10 minutes. Please look at the code on the device again.",
        ),
        Wrong::Unknown => say(
            S::NOT_FOUND,
            "unknown-device",
            "Không có thiết bị này.",
            "There is no such device.",
        ),
        Wrong::Name => people(crate::people::Wrong::Name),
        Wrong::Full => say(
            S::CONFLICT,
            "devices-full",
            "Danh sách thiết bị đã đầy. Mời thu hồi thiết bị không còn dùng.",
            "The list of devices is full. Please revoke those that are not used any more.",
        ),
    }
}

/// Too many devices ask to be let in.
pub fn enrolments_full() -> Sentence {
    say(
        S::TOO_MANY_REQUESTS,
        "enrolments-full",
        "Đang có quá nhiều thiết bị chờ ghi nhận. Mời thử lại sau ít phút.",
        "Too many devices wait to be let in. Please try again in a few minutes.",
    )
}

/// A code that is too old, or that was never given out.
pub fn enrolment_over() -> Sentence {
    say(
        S::NOT_FOUND,
        "enrolment-over",
        "Mã này đã hết hạn hoặc đã dùng. Mời lấy mã mới.",
        "This code is too old or was used. Please get a new one.",
    )
}

/// The token of a device that was revoked.
pub fn device_revoked() -> Sentence {
    say(
        S::UNAUTHORIZED,
        "device-revoked",
        "Thiết bị này đã bị thu hồi. Quản trị viên có thể ghi nhận lại bằng mã mới.",
        "This device was revoked. An administrator can let it in again by a new code.",
    )
}

/// What a screen says of its readers is about none.
pub fn not_a_reader() -> Sentence {
    say(
        S::UNPROCESSABLE_ENTITY,
        "not-a-reader",
        "Tên đầu đọc ghi như trong [[scanner]], ví dụ serial:/dev/ttyACM0; nhiều nhất 100 đầu đọc.",
        "A reader is named as in [[scanner]], such as serial:/dev/ttyACM0; at most 100 of them.",
    )
}

/// What a kind of device is called.
pub fn kind(kind: DeviceKind) -> [&'static str; 2] {
    match kind {
        DeviceKind::Touch => ["Màn hình lấy số", "Touch screen"],
        DeviceKind::Lobby => ["Màn hình gọi số", "Lobby screen"],
        DeviceKind::Counter => ["Máy tính ở quầy", "Counter PC"],
    }
}

/// A screen that has not been heard of for a while.
pub fn screen_away(silent_seconds: u64) -> [String; 2] {
    let [vi, en] = long(silent_seconds);
    [
        format!(
            "Chưa liên lạc được trong {vi}. Mời kiểm tra nguồn điện và dây mạng của màn hình; có mạng lại là tự chạy tiếp. (D1)"
        ),
        format!(
            "Not heard of for {en}. Check its power and its network cable; it goes on by itself once it is back. (D1)"
        ),
    ]
}

/// A length of time, roughly.
pub(super) fn long(seconds: u64) -> [String; 2] {
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    let of = |n: u64, vi: &str, one: &str, more: &str| {
        let en = if n == 1 { one } else { more };
        [format!("{n} {vi}"), format!("{n} {en}")]
    };
    match (days, hours) {
        (0, 0) => of(minutes.max(1), "phút", "minute", "minutes"),
        (0, _) => of(hours, "giờ", "hour", "hours"),
        _ => of(days, "ngày", "day", "days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_a_screen_is_away_is_said_roughly() {
        for (seconds, vi, en) in [
            (61, "1 phút", "1 minute"),
            (59 * 60, "59 phút", "59 minutes"),
            (3_600, "1 giờ", "1 hour"),
            (3 * 86_400 + 5, "3 ngày", "3 days"),
        ] {
            assert_eq!(long(seconds), [vi, en]);
        }
    }
}
