//! Sentences about numbers of the day.

use axum::http::StatusCode;
use queue::Number;

use super::{Sentence, say};

/// Numbers of a paper roll exist today, and up to where, in both languages.
pub fn numbers_taken(newest: Number) -> [String; 2] {
    [
        format!(
            "Trong các số này có số đã phát hôm nay; số mới nhất là {newest}. Chưa nhập số nào. Mời kiểm tra lại số đầu và số cuối."
        ),
        format!(
            "Some of these numbers were given out today; the newest is {newest}. Nothing was entered. Please check the first and the last number."
        ),
    ]
}

/// Somebody has as many numbers of a service as the office allows, in both languages.
pub fn too_many_tickets(held: Number) -> [String; 2] {
    [
        format!(
            "Ông/Bà đang có số {held} của lĩnh vực này. Mời Ông/Bà chờ gọi số đó, hoặc gặp cán bộ hướng dẫn."
        ),
        format!(
            "You have number {held} for this service. Please wait for it to be called, or ask a member of staff."
        ),
    ]
}

/// What was sent as a citizen card is none.
pub fn not_a_card() -> Sentence {
    say(
        StatusCode::UNPROCESSABLE_ENTITY,
        "not-a-card",
        "Đây không phải thẻ căn cước: số thẻ có 12 chữ số, ngày sinh ghi như 1950-03-01.",
        "This is no citizen card: its number has 12 digits, a date of birth is written as 1950-03-01.",
    )
}

#[cfg(test)]
mod tests {
    use queue::{GAP_MAX, ROLL_MAX, Refusal};

    use crate::engine::Failure;

    #[test]
    fn a_refused_roll_names_the_limits_that_the_rules_have() {
        let told = |refusal| crate::advice::failure(&Failure::Refused(refusal)).en;
        let roll = told(Refusal::NotARoll);
        assert!(
            roll.contains(&format!("at most {ROLL_MAX} numbers")),
            "{roll}"
        );
        let far = told(Refusal::TooFarAhead).replace(',', "");
        assert!(far.contains(&format!("more than {GAP_MAX} ahead")), "{far}");
    }
}
