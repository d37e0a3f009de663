//! `[intake.dossier]`: the other side's answer about a dossier, under its names and in its words.
//!
//! What is not named is the contract's, and an empty name is not looked at. A state that no word
//! here stands for is read as an import reads it, and so is every date.

use std::collections::BTreeMap;

use ::dossiers::DossierState;
use serde::Deserialize;
use serde_json::Value;

use super::answers::{OneOrMany, RawRule, Rule, as_text, at, rule, texts};
use super::body::{Name, apart, name};

/// As it is written.
#[derive(Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RawDossier {
    id: Option<String>,
    procedure: Option<String>,
    state: Option<String>,
    received_at: Option<String>,
    due_at: Option<String>,
    finished_at: Option<String>,
    steps: Option<String>,
    factors: Option<String>,
    step: RawStep,
    states: BTreeMap<StateWord, OneOrMany>,
    unknown_when: Option<RawRule>,
}

/// `[intake.dossier.step]`: names within each of the steps.
#[derive(Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct RawStep {
    name: Option<String>,
    begun_at: Option<String>,
    due_at: Option<String>,
    finished_at: Option<String>,
}

/// A state as the contract calls it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum StateWord {
    Received,
    InProgress,
    SupplementAsked,
    Done,
    Returned,
    Refused,
}

impl StateWord {
    fn state(self) -> DossierState {
        match self {
            Self::Received => DossierState::Received,
            Self::InProgress => DossierState::InProgress,
            Self::SupplementAsked => DossierState::SupplementAsked,
            Self::Done => DossierState::Done,
            Self::Returned => DossierState::Returned,
            Self::Refused => DossierState::Refused,
        }
    }
}

/// Where each value stands; `None`: it is not looked at.
#[derive(Clone, Debug)]
pub struct DossierAnswer {
    /// The dossier that is told of.
    pub id: Option<Name>,
    /// What it is about.
    pub procedure: Option<Name>,
    /// How far it is.
    pub state: Option<Name>,
    /// Taken in.
    pub received_at: Option<Name>,
    /// Promised for.
    pub due_at: Option<Name>,
    /// Done.
    pub finished_at: Option<Name>,
    /// The list of its steps.
    pub steps: Option<Name>,
    /// What proves that somebody has its receipt: one text, or a list.
    pub factors: Option<Name>,
    /// Within each of the steps.
    pub step: StepAnswer,
    /// The body by which the other side says that it does not know the dossier.
    pub unknown: Option<Rule>,
    /// Words of the other side.
    states: BTreeMap<String, DossierState>,
}

/// The same within a step.
#[derive(Clone, Debug)]
pub struct StepAnswer {
    /// Office or act.
    pub name: Option<Name>,
    /// Since when it is there.
    pub begun_at: Option<Name>,
    /// Until when it should be.
    pub due_at: Option<Name>,
    /// When it left.
    pub finished_at: Option<Name>,
}

impl RawDossier {
    /// Whether anything is written.
    pub(super) fn is_written(&self) -> bool {
        *self != Self::default()
    }
}

/// The names of one level, each with its field.
struct Names {
    /// What stands before each field.
    section: &'static str,
    taken: Vec<(String, Name)>,
}

impl Names {
    fn of(section: &'static str) -> Self {
        let taken = Vec::new();
        Self { section, taken }
    }

    /// A field's name as it is written, else the contract's, which is the field's own.
    fn take(
        &mut self,
        field: &str,
        written: Option<String>,
    ) -> Result<Option<Name>, (String, String)> {
        let text = written.as_deref().unwrap_or(field);
        if text.is_empty() {
            return Ok(None);
        }
        let place = format!("{}.{field}", self.section);
        let name = name(text).map_err(|wrong| (place.clone(), wrong))?;
        self.taken.push((place, name.clone()));
        Ok(Some(name))
    }

    /// A name read twice is a slip of the pen: the date of receipt would be shown as the promise.
    fn apart(&self) -> Result<(), (String, String)> {
        apart(self.taken.iter().map(|(place, name)| (place, name)))
    }
}

/// The error is the field of the section and a sentence.
pub(super) fn check(raw: RawDossier) -> Result<DossierAnswer, (String, String)> {
    let mut names = Names::of("dossier");
    let mut inner = Names::of("dossier.step");
    let answer = DossierAnswer {
        id: names.take("id", raw.id)?,
        procedure: names.take("procedure", raw.procedure)?,
        state: names.take("state", raw.state)?,
        received_at: names.take("received_at", raw.received_at)?,
        due_at: names.take("due_at", raw.due_at)?,
        finished_at: names.take("finished_at", raw.finished_at)?,
        steps: names.take("steps", raw.steps)?,
        factors: names.take("factors", raw.factors)?,
        step: StepAnswer {
            name: inner.take("name", raw.step.name)?,
            begun_at: inner.take("begun_at", raw.step.begun_at)?,
            due_at: inner.take("due_at", raw.step.due_at)?,
            finished_at: inner.take("finished_at", raw.step.finished_at)?,
        },
        unknown: rule("dossier.unknown_when", raw.unknown_when)?,
        states: states(raw.states)?,
    };
    names.apart()?;
    inner.apart()?;
    if answer.state.is_none() {
        let wrong = "without it nobody can say how far a dossier is".to_owned();
        return Err(("dossier.state".to_owned(), wrong));
    }
    Ok(answer)
}

fn states(
    written: BTreeMap<StateWord, OneOrMany>,
) -> Result<BTreeMap<String, DossierState>, (String, String)> {
    let mut states = BTreeMap::new();
    for (word, theirs) in written {
        let state = word.state();
        let wrong = |text: String| (format!("dossier.states.{}", state.word()), text);
        let theirs = texts(theirs).ok_or_else(|| {
            wrong("a text, a number, true or false, or a list of them".to_owned())
        })?;
        for text in theirs {
            let text = text.trim().to_owned();
            if let Some(other) = states.insert(text.clone(), state.clone()) {
                let text = format!(
                    "{text:?} is taken by intake.dossier.states.{}",
                    other.word()
                );
                return Err(wrong(text));
            }
        }
    }
    Ok(states)
}

impl DossierAnswer {
    /// What a state of the other side says.
    pub fn state_of(&self, text: &str) -> DossierState {
        let named = self.states.get(text.trim()).cloned();
        named.unwrap_or_else(|| DossierState::of_text(text))
    }
}

/// The text under a name; a number is one as well. None: nothing is there.
pub fn text_at(body: &Value, name: Option<&Name>) -> Option<String> {
    let text = as_text(at(body, name?)?)?;
    (!text.trim().is_empty()).then_some(text)
}

/// The values of the list under a name; one alone is a list of one.
pub fn list_at<'b>(body: &'b Value, name: Option<&Name>) -> &'b [Value] {
    match name.and_then(|name| at(body, name)) {
        None | Some(Value::Null) => &[],
        Some(Value::Array(items)) => items,
        Some(one) => std::slice::from_ref(one),
    }
}
