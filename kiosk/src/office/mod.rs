//! The office as people write it, judge it and read it back.
//!
//! One form ([`OfficeDraft`]) for the API and for `kiosk.toml`, one judge for both ([`judge`]), and
//! the words in which a change is told ([`changes`]).
//!
//! Promises:
//! - all that is wrong is said at once, each with its field and in both languages;
//! - what [`file::write`] writes, [`file::read`] reads as the same office.

mod changes;
mod check;
mod draft;
pub mod file;
#[cfg(test)]
mod tests;

use queue::{Text, Wait};
use serde::Serialize;
use utoipa::ToSchema;

pub use changes::changes;
pub use check::{Judged, day_off, judge};
pub use draft::{DayOffDraft, OfficeDraft};

/// Languages that screens, pages and slips speak.
pub const LANGUAGES: [&str; 2] = ["vi", "en"];

/// What is wrong with a field, or worth knowing about it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Remark {
    /// As in the JSON form: `services[2].letter`.
    pub field: String,
    /// A sentence by language (vi, en).
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub text: Text,
}

impl Remark {
    fn new(field: impl Into<String>, vi: impl AsRef<str>, en: impl AsRef<str>) -> Self {
        Self {
            field: field.into(),
            text: Text::vi_en(vi.as_ref(), en.as_ref()),
        }
    }
}

/// Why a change waits for the next day, in words.
pub fn waits(wait: Wait) -> Text {
    match wait {
        Wait::Letters => Text::vi_en(
            "Hôm nay đã phát số, nên chữ cái của lĩnh vực chỉ đổi khi bắt đầu ngày làm việc mới.",
            "Numbers were given out today, so letters of services change at the next service day.",
        ),
        Wait::Counter(number) => Text::vi_en(
            &format!("Quầy {number} đang mở hoặc còn số được chuyển đến."),
            &format!("Counter {number} is open, or tickets were sent to it."),
        ),
        Wait::Service(letter) => Text::vi_en(
            &format!("Còn người chờ lĩnh vực {letter}, mà không còn quầy nào phục vụ."),
            &format!("People wait for service {letter}, and no counter would serve it any more."),
        ),
    }
}
