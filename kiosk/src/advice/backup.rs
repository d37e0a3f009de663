//! Sentences about copies for a spare machine.

use std::collections::BTreeMap;

use axum::http::StatusCode as S;
use jiff::civil::DateTime;

use super::{Sentence, say};
use crate::follower::backup::{Fault, Good, Standing};
use crate::slips::says;

/// Nothing is configured; a copy can still be downloaded.
pub fn backup_not_wanted() -> Sentence {
    say(
        S::CONFLICT,
        "backup-not-configured",
        "Chưa khai nơi lưu bản sao. Mời ghi [backup] folder trong kiosk.toml rồi khởi động lại, hoặc tải bản sao về máy này. (B1)",
        "No place for copies is configured. Set [backup] folder in kiosk.toml and start again, or download a copy to this machine. (B1)",
    )
}

/// The stick is not there.
pub fn backup_away() -> Sentence {
    say(
        S::CONFLICT,
        "backup-away",
        "Chưa thấy ổ lưu bản sao; chưa ghi gì. Mời cắm ổ USB (hoặc kiểm tra mạng) rồi thử lại. (B2)",
        "The disk for copies is not there; nothing was written. Plug the stick in (or check the network) and try again. (B2)",
    )
}

/// One download at a time.
pub fn backup_busy() -> Sentence {
    say(
        S::CONFLICT,
        "backup-busy",
        "Đang có người tải bản sao. Mời thử lại khi việc đó xong.",
        "Somebody is downloading a copy. Please try again once that is done.",
    )
}

/// How copies fare and the one thing to do, by language. `wanted`: whether a folder is configured.
pub fn backup(standing: &Standing, wanted: bool) -> BTreeMap<String, String> {
    if !wanted {
        return backup_not_wanted().texts();
    }
    ["vi", "en"]
        .map(|language| {
            let [vi, en] = matter(standing);
            let matter = if language == "en" { en } else { vi };
            let newest = newest(standing.good.as_ref(), language);
            (language.to_owned(), format!("{matter}{newest}"))
        })
        .into()
}

fn matter(standing: &Standing) -> [&'static str; 2] {
    match standing.failed {
        None if standing.old => [
            "Đã quá 2 ngày chưa có bản sao mới. Mời bấm “Sao lưu ngay”. (B7) ",
            "There has been no new copy for more than 2 days. Press “Make a copy now”. (B7) ",
        ],
        None => ["", ""],
        Some(Fault::Away) => [
            "Chưa thấy ổ lưu bản sao. Mọi việc khác vẫn chạy. Mời cắm ổ USB (hoặc kiểm tra mạng): thấy ổ là máy tự sao lưu. (B2) ",
            "The disk for copies is not there. Everything else goes on. Plug the stick in (or check the network): a copy is then made by itself. (B2) ",
        ],
        Some(Fault::Full) => [
            "Ổ lưu bản sao đã đầy. Bản sao cũ còn nguyên. Mời xóa bớt tệp khác trên ổ hoặc thay ổ lớn hơn. (B3) ",
            "The disk for copies is full. The last copy is safe. Remove other files from it, or use a larger one. (B3) ",
        ],
        Some(Fault::Unwritable) => [
            "Không ghi được vào ổ lưu bản sao. Mời rút ổ ra cắm lại; nếu vẫn lỗi, mời thay ổ khác. (B4) ",
            "The disk for copies cannot be written. Unplug it and plug it in again; if that does not help, use another. (B4) ",
        ],
        Some(Fault::Faulty) => [
            "Ổ lưu bản sao ghi sai: đọc lại không khớp. Mời thay ổ khác ngay. (B5) ",
            "The disk for copies is faulty: what was read back is not what was written. Use another one now. (B5) ",
        ],
        Some(Fault::Source) => [
            "Dữ liệu trên máy này đọc không được nên chưa sao lưu được. Mời giữ các bản sao cũ và gọi kỹ thuật ngay. (B6) ",
            "The data of this machine cannot be read, so no copy is made. Keep the older copies and call the technician now. (B6) ",
        ],
    }
}

fn newest(good: Option<&Good>, language: &str) -> String {
    let say = |vi: String, en: &str| if language == "en" { en.to_owned() } else { vi };
    let Some(good) = good else {
        return say("Chưa có bản sao nào.".into(), "There is no copy yet.");
    };
    match good.made.as_deref().and_then(|made| moment(made, language)) {
        Some(at) => say(
            format!("Bản sao gần nhất: {at}, đã đọc lại và khớp."),
            &format!("Newest copy: {at}, read back and found good."),
        ),
        None => say(
            "Bản sao gần nhất được lập khi máy chưa rõ ngày giờ; đã đọc lại và khớp.".into(),
            "The newest copy was made while the time was unknown; read back and found good.",
        ),
    }
}

/// A moment in RFC 3339 as the office says it: "22 giờ 00 phút, ngày 26/11/2026".
pub fn moment(rfc3339: &str, language: &str) -> Option<String> {
    let local: DateTime = rfc3339.get(..19)?.parse().ok()?;
    Some(says::time(local, language))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_the_matter_comes_before_when_the_newest_copy_was_made() {
        let good = serde_json::json!({
            "made": "2026-11-26T22:00:03+07:00", "tick": 0, "file": "", "seq": 1, "head": "",
            "bytes": 1,
        });
        let mut standing: Standing =
            serde_json::from_value(serde_json::json!({ "good": good })).unwrap();
        let say = |standing: &Standing| backup(standing, true)["vi"].clone();
        let well = "Bản sao gần nhất: 22 giờ 00 phút, ngày 26/11/2026, đã đọc lại và khớp.";
        assert_eq!(say(&standing), well);
        standing.failed = Some(Fault::Full);
        let told = say(&standing);
        assert!(
            told.starts_with("Ổ lưu bản sao đã đầy") && told.ends_with(well),
            "{told}"
        );
        assert!(say(&Standing::default()).contains("Chưa có bản sao nào"));
    }
}
