//! Sentences about numbers of the day.

use queue::Number;

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
