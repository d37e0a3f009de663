//! States as dossier software words or numbers them.

use crate::{DossierState, fold};

/// Longest state that is shown as it stands.
const STATE_CHARS_MAX: usize = 60;

impl DossierState {
    /// What a text of the dossier software says.
    pub fn of_text(text: &str) -> Self {
        let text = text.trim();
        let folded = fold(text);
        if let Some(state) = numbered(&folded) {
            return state;
        }
        let says = |words: &[&str]| words.iter().any(|word| folded.contains(word));
        // Not yet handed over, however much else the sentence says of handing over.
        let yet_to_hand_over = says(&["chuatra", "chotra", "chonhanketqua", "chuanhanketqua"]);
        let rules: [(&[&str], Self); 6] = [
            (
                &[
                    "tuchoi",
                    "khongtiepnhan",
                    "khongdudieukien",
                    "ruthoso",
                    "xinrut",
                    "darut",
                    "dunggiaiquyet",
                    "dungxuly",
                    "dahuy",
                    "huyhoso",
                    "refused",
                    "rejected",
                ],
                Self::Refused,
            ),
            (
                &[
                    "yeucaubosung",
                    "chobosung",
                    "canbosung",
                    "bosunghoso",
                    "choboxung",
                    "supplement",
                ],
                Self::SupplementAsked,
            ),
            (&["datra", "traketqua", "returned"], Self::Returned),
            (
                &[
                    "xulyxong",
                    "daxuly",
                    "dagiaiquyet",
                    "hoanthanh",
                    "coketqua",
                    "ketthuc",
                    "dahoantat",
                    "done",
                    "completed",
                ],
                Self::Done,
            ),
            (
                &[
                    "dangxuly",
                    "danggiaiquyet",
                    "dangthuly",
                    "thuly",
                    "choxuly",
                    "choketqua",
                    "chuyen",
                    "dangtrinh",
                    "choky",
                    "thamdinh",
                    "inprogress",
                    "processing",
                ],
                Self::InProgress,
            ),
            (
                &["tiepnhan", "moinhan", "danhan", "received"],
                Self::Received,
            ),
        ];
        let not_yet = [
            "dabosung",
            "chuaco",
            "chuaxong",
            "chuaxuly",
            "chuagiaiquyet",
            "supplemented",
        ];
        if says(&not_yet) {
            return Self::InProgress;
        }
        let found = rules
            .into_iter()
            .find(|(words, state)| says(words) && !(yet_to_hand_over && *state == Self::Returned));
        match found {
            Some((_, state)) => state,
            None if yet_to_hand_over => Self::Done,
            None => Self::Other(text.chars().take(STATE_CHARS_MAX).collect()),
        }
    }
}

/// The numbers that the national portal's interface uses.
fn numbered(text: &str) -> Option<DossierState> {
    Some(match text {
        "1" | "2" => DossierState::Received,
        "3" => DossierState::Refused,
        "4" => DossierState::InProgress,
        "5" => DossierState::SupplementAsked,
        "9" => DossierState::Done,
        "10" => DossierState::Returned,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_understood_as_the_software_words_them() {
        use DossierState::{Done, InProgress, Received, Refused, Returned, SupplementAsked};
        for (text, expected) in [
            ("Chờ tiếp nhận", Received),
            ("Mới tiếp nhận", Received),
            ("Đã tiếp nhận", Received),
            ("Đang xử lý", InProgress),
            ("ĐANG GIẢI QUYẾT", InProgress),
            ("Chờ ký duyệt", InProgress),
            ("Yêu cầu bổ sung hồ sơ", SupplementAsked),
            ("Đã bổ sung", InProgress),
            ("Chuyển xử lý", InProgress),
            ("Chưa có kết quả", InProgress),
            ("Đã xử lý xong", Done),
            ("Đã có kết quả, chờ trả", Done),
            ("Chưa trả kết quả", Done),
            ("Đã trả kết quả", Returned),
            ("Không đủ điều kiện tiếp nhận", Refused),
            ("Công dân rút hồ sơ", Refused),
            ("Dừng xử lý", Refused),
            ("4", InProgress),
            ("9", Done),
            ("10", Returned),
            ("in_progress", InProgress),
            ("", DossierState::Other(String::new())),
            ("Liên thông", DossierState::Other("Liên thông".into())),
        ] {
            assert_eq!(DossierState::of_text(text), expected, "{text}");
        }
        let long = "z".repeat(500);
        let DossierState::Other(kept) = DossierState::of_text(&long) else {
            panic!("unknown");
        };
        assert_eq!(kept.len(), STATE_CHARS_MAX);
    }
}
