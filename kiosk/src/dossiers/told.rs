//! What the intake server's answer says of a dossier, under the names that `[intake.dossier]` gives.
//!
//! Pure. What has no name there is not looked at, names of people among it. An answer that speaks
//! of another dossier, or says nothing of what was asked, is one that nobody understands: it is
//! never kept in the place of what is known.

use ::dossiers::{Facts, Step, date, factor};
use scanner::DossierId;
use serde_json::Value;

use super::ask::Away;
use super::taken;
use crate::config::{DossierAnswer, list_at, text_at};

/// Steps of a dossier that are kept, the newest.
const STEPS_MAX: usize = 40;
const TEXT_CHARS_MAX: usize = 300;
const FACTORS_MAX: usize = 8;

/// An answer as kept here.
#[derive(Clone)]
pub(super) struct Told {
    pub(super) facts: Facts,
    /// Last four signs of a telephone or identity paper, or the code for looking up.
    pub(super) factors: Vec<String>,
}

/// Reads the answer about `asked`; `None`: the server does not know it.
pub(super) fn read(
    names: &DossierAnswer,
    asked: &DossierId,
    body: &Value,
) -> Result<Option<Told>, Away> {
    if names.unknown.as_ref().is_some_and(|rule| rule.holds(body)) {
        return Ok(None);
    }
    let about = text_at(body, names.id.as_ref());
    // A number of the other side's own table names no other dossier.
    let about = about.and_then(|text| taken(text.trim()));
    if about.is_some_and(|about| about != *asked) {
        return Err(Away);
    }
    let told = Told {
        facts: facts(names, body),
        factors: factors(names, body),
    };
    match says_something(&told.facts, names, body) {
        true => Ok(Some(told)),
        false => Err(Away),
    }
}

/// Software that answers 200 to everything says "error 99" in the same place.
fn says_something(facts: &Facts, names: &DossierAnswer, body: &Value) -> bool {
    text_at(body, names.state.as_ref()).is_some()
        || facts.procedure.is_some()
        || facts.received_on.is_some()
        || facts.due_on.is_some()
        || facts.finished_on.is_some()
        || !facts.steps.is_empty()
}

fn facts(names: &DossierAnswer, body: &Value) -> Facts {
    let text = |name| text_at(body, Option::as_ref(name));
    let day = |name| text(name).and_then(|text| date(&text, false).ok().flatten());
    Facts {
        procedure: text(&names.procedure).map(short),
        state: names.state_of(&text(&names.state).unwrap_or_default()),
        received_on: day(&names.received_at),
        due_on: day(&names.due_at),
        finished_on: day(&names.finished_at),
        steps: steps(names, body),
    }
}

fn steps(names: &DossierAnswer, body: &Value) -> Vec<Step> {
    let said = list_at(body, names.steps.as_ref());
    let left_out = said.len().saturating_sub(STEPS_MAX);
    let steps = said.iter().skip(left_out).filter_map(|step| {
        let text = |name| text_at(step, Option::as_ref(name));
        let day = |name| text(name).and_then(|text| date(&text, false).ok().flatten());
        Some(Step {
            name: short(text(&names.step.name)?),
            begun_on: day(&names.step.begun_at),
            due_on: day(&names.step.due_at),
            finished_on: day(&names.step.finished_at),
        })
    });
    steps.collect()
}

fn factors(names: &DossierAnswer, body: &Value) -> Vec<String> {
    let said = list_at(body, names.factors.as_ref()).iter();
    // A number has lost the zeros before it: of it nothing is proved.
    let factors = said.filter_map(Value::as_str).filter_map(factor);
    factors.take(FACTORS_MAX).collect()
}

fn short(text: String) -> String {
    text.chars().take(TEXT_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use ::dossiers::DossierState;
    use jiff::civil::Date;
    use serde_json::json;

    use super::*;
    use crate::config::Intake;

    const ASKED: &str = "H05.114-261118-0001";

    fn told(section: &str, body: &Value) -> Result<Option<Told>, Away> {
        let intake = Intake::from_toml(&format!("url = \"https://mc.example.vn\"\n{section}"));
        read(&intake.unwrap().dossier, &ASKED.parse().unwrap(), body)
    }

    fn day(day: i8) -> Option<Date> {
        Some(Date::constant(2026, 11, day))
    }

    #[test]
    fn what_the_server_says_is_taken_as_the_contract_has_it() {
        let said = json!({
            "id": ASKED, "procedure": "Khai sinh", "state": "Đang xử lý",
            "received_at": "2026-11-18T08:00:00+07:00", "due_at": "20/11/2026",
            "owner": "never kept",
            "steps": [
                { "name": "Tư pháp", "begun_at": "2026-11-18", "by": "never kept" },
                { "name": " " },
            ],
            "factors": ["5678", "x"],
        });
        let told = told("", &said).unwrap().unwrap();
        assert_eq!(told.facts.state, DossierState::InProgress);
        assert_eq!(
            (told.facts.received_on, told.facts.due_on),
            (day(18), day(20))
        );
        assert_eq!(told.facts.steps.len(), 1);
        assert_eq!(told.facts.steps[0].begun_on, day(18));
        assert_eq!(told.factors, ["5678"]);
        let kept = serde_json::to_string(&told.facts).unwrap();
        assert!(!kept.contains("never kept"));
    }

    const MAPPING: &str = r#"
        [dossier]
        id = "HoSo.Ma"
        procedure = "HoSo.ThuTuc.Ten"
        state = "HoSo.TrangThai"
        received_at = "HoSo.NgayNhan"
        due_at = "HoSo.HenTra"
        finished_at = ""
        steps = "QuaTrinh"
        factors = "HoSo.BonSoCuoi"
        unknown_when = { field = "ma", equals = "17" }
        [dossier.step]
        name = "Phong.Ten"
        begun_at = "Tu"
        due_at = ""
        finished_at = "Den"
        [dossier.states]
        in-progress = ["CT", 31]
        returned = "XONG"
    "#;

    #[test]
    fn another_system_tells_under_its_own_names_and_in_its_own_words() {
        let says = |state: Value| {
            json!({
                "ma": "00", "finished_at": "2026-11-25", "due_at": "2026-11-01",
                "HoSo": {
                    "Ma": "h05.114-261118-0001", "ThuTuc": { "Ten": "Khai sinh" },
                    "TrangThai": state, "NgayNhan": "18/11/2026 08:05", "HenTra": "20/11/2026",
                    "BonSoCuoi": "5678",
                },
                "QuaTrinh": [{ "Phong": { "Ten": "Tư pháp" }, "Tu": "18/11/2026", "Den": 20261119 }],
            })
        };
        let told_of = |state| told(MAPPING, &says(state)).unwrap().unwrap();
        let first = told_of(json!("CT"));
        assert_eq!(first.facts.procedure.as_deref(), Some("Khai sinh"));
        assert_eq!(
            (first.facts.received_on, first.facts.due_on),
            (day(18), day(20))
        );
        assert_eq!(
            first.facts.finished_on, None,
            "a name left empty is not read"
        );
        let step = &first.facts.steps[0];
        assert_eq!(step.name, "Tư pháp");
        assert_eq!((step.begun_on, step.finished_on), (day(18), day(19)));
        assert_eq!(first.factors, ["5678"]);
        for (state, expected) in [
            (json!("CT"), DossierState::InProgress),
            (json!(31), DossierState::InProgress),
            (json!("XONG"), DossierState::Returned),
            // Without a word of its own, as an import would read it.
            (json!("Yêu cầu bổ sung"), DossierState::SupplementAsked),
            (json!("ZZ"), DossierState::Other("ZZ".into())),
        ] {
            assert_eq!(told_of(state).facts.state, expected);
        }
    }

    #[test]
    fn an_answer_that_speaks_of_something_else_is_never_believed() {
        let other = json!({ "HoSo": { "Ma": "H05.114-261118-0002", "TrangThai": "CT" } });
        assert!(told(MAPPING, &other).is_err(), "another dossier");
        let fault = json!({ "ma": "99", "loi": "cơ sở dữ liệu" });
        assert!(told(MAPPING, &fault).is_err(), "nothing of the dossier");
        let unknown = json!({ "ma": "17", "HoSo": { "TrangThai": "CT" } });
        assert!(told(MAPPING, &unknown).unwrap().is_none());
        let own_number = json!({ "HoSo": { "Ma": 48213, "TrangThai": "CT" } });
        assert!(told(MAPPING, &own_number).unwrap().is_some());
    }
}
