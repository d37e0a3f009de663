//! Sentences about letters for late dossiers.

use axum::http::StatusCode as S;
use queue::Refusal;

use super::{Sentence, say};

/// Why a letter was not drafted, or taken no step further.
pub(super) fn refused(refusal: &Refusal) -> Sentence {
    match refusal {
        Refusal::LetterNotSigned => say(
            S::CONFLICT,
            "letter-not-signed",
            "Văn bản này chưa được ghi nhận là đã ký. Mời ghi nhận “Đã ký” trước khi giao.",
            "This letter is not noted as signed yet. Please note that first, then hand it over.",
        ),
        Refusal::LetterSigned => say(
            S::CONFLICT,
            "letter-signed",
            "Văn bản này đã được ghi nhận là đã ký.",
            "This letter is noted as signed already.",
        ),
        Refusal::LetterGiven => say(
            S::CONFLICT,
            "letter-given",
            "Văn bản này đã được ghi nhận là đã giao cho người dân.",
            "This letter is noted as handed over already.",
        ),
        Refusal::LetterReplaced => say(
            S::CONFLICT,
            "letter-replaced",
            "Đã có dự thảo mới thay văn bản này. Mời dùng dự thảo mới.",
            "A newer draft stands in the place of this letter. Please use that one.",
        ),
        Refusal::NotLate => say(
            S::CONFLICT,
            "not-late",
            "Hồ sơ này không quá hạn, nên không soạn văn bản xin lỗi.",
            "This dossier is not late, so there is no letter of apology for it.",
        ),
        Refusal::LetterDate => say(
            S::UNPROCESSABLE_ENTITY,
            "letter-date",
            "Ngày hẹn mới phải sau hôm nay và không quá hai năm. Mời chọn lại ngày.",
            "The new date must be after today and within two years. Please choose another.",
        ),
        Refusal::LetterReason => say(
            S::UNPROCESSABLE_ENTITY,
            "letter-reason",
            "Văn bản xin lỗi phải nêu lý do chậm. Mời chọn hoặc ghi lý do.",
            "A letter of apology says why the dossier is late. Please choose or write a reason.",
        ),
        _ => say(
            S::NOT_FOUND,
            "unknown-letter",
            "Không có văn bản này, hoặc thông tin của nó đã được xóa theo thời hạn lưu.",
            "There is no such letter, or what was kept of it was erased when its time was over.",
        ),
    }
}

/// No text counts on the date of today.
pub fn no_form() -> Sentence {
    say(
        S::CONFLICT,
        "no-form",
        "Chưa có mẫu văn bản nào có hiệu lực vào hôm nay. Mời báo cán bộ kỹ thuật khai mẫu trong cấu hình.",
        "No text of this form is in force today. Please tell the technician, who sets it in the configuration.",
    )
}

/// The text that a letter was drafted by is gone.
pub fn form_gone() -> Sentence {
    say(
        S::CONFLICT,
        "form-gone",
        "Mẫu đã dùng để soạn văn bản này không còn trong cấu hình. Mời soạn lại dự thảo theo mẫu đang có hiệu lực.",
        "The text by which this letter was drafted is no longer in the configuration. Please draft it anew.",
    )
}

/// Neither a scan nor a dossier was named, or both.
pub fn letter_about_one() -> Sentence {
    say(
        S::UNPROCESSABLE_ENTITY,
        "letter-about-one",
        "Mời cho biết một lượt quét hoặc một hồ sơ, không phải cả hai.",
        "A letter is about one scan or one dossier: please name one of them.",
    )
}
