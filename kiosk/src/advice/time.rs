//! Sentences about what time it is.

use axum::http::StatusCode as S;
use queue::Refusal;

use super::{Sentence, say};
use crate::slips::says;

/// Staff need not say what is known better.
pub fn time_kept() -> Sentence {
    say(
        S::CONFLICT,
        "time-kept",
        "Giờ của máy đang được đồng bộ tự động nên không cần đặt tay. Nếu giờ vẫn sai, mời gọi kỹ thuật.",
        "The time is kept in step automatically and need not be set by hand. If it is wrong all the same, call the technician.",
    )
}

/// It is no time at all.
pub fn time_unreadable() -> Sentence {
    say(
        S::UNPROCESSABLE_ENTITY,
        "time-unreadable",
        "Ngày giờ chưa đúng dạng. Mời nhập ngày và giờ, ví dụ 23/11/2026 và 7 giờ 28.",
        "The date or time cannot be read. Please give both, such as 23/11/2026 and 7:28.",
    )
}

/// It cannot be now.
pub fn time_implausible() -> Sentence {
    say(
        S::UNPROCESSABLE_ENTITY,
        "time-implausible",
        "Ngày này không thể là hôm nay. Mời xem lại ngày, tháng và năm.",
        "It cannot be this date today. Please look at day, month and year again.",
    )
}

/// A date far from the last service day, which is named, in both languages.
pub fn date_refused(refusal: &Refusal) -> Option<[String; 2]> {
    let (last, vi, en) = match refusal {
        Refusal::DateBack(last) => (last, "sớm hơn", "before"),
        Refusal::DateFar(last) => (last, "cách quá xa", "long after"),
        _ => return None,
    };
    let last = says::date(*last);
    Some([
        format!(
            "Ngày này {vi} ngày làm việc gần nhất, {last}. Mời xem lại; nếu vẫn đúng, mời xác nhận lần nữa."
        ),
        format!(
            "This date is {en} the last service day, {last}. Please look again; if it is right, confirm it once more."
        ),
    ])
}
