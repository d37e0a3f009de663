//! What the other side's answers mean, where the HTTP status does not say it.
//!
//! Many systems answer 200 to everything and say in the body what became of it. A rule names a
//! field of the body and the values that count; an answer that no rule knows counts as unclear
//! and never as taken.

use serde::Deserialize;
use serde_json::Value;

use super::body::{Name, name};

/// `[intake.answer]`: to a scan that was sent.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RawAnswer {
    taken_when: Option<RawRule>,
    refused_when: Option<RawRule>,
    words: Option<Vec<String>>,
    reasons: Option<Vec<String>>,
}

/// `[intake.asked]`: to "do you have this scan?".
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RawAsked {
    taken_when: Option<RawRule>,
    absent_when: Option<RawRule>,
}

#[derive(PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRule {
    field: String,
    equals: OneOrMany,
}

/// Values by which something counts.
#[derive(PartialEq, Deserialize)]
#[serde(untagged)]
pub(super) enum OneOrMany {
    Many(Vec<toml::Value>),
    One(toml::Value),
}

/// A field of a body and the values by which it counts.
#[derive(Clone, Debug)]
pub struct Rule {
    field: Name,
    /// As text: 200 and "200" are one. The empty one stands for nothing: null, "", [] and {}.
    equals: Vec<String>,
}

impl Rule {
    /// Whether a body says so. A field that is not there says nothing.
    pub fn holds(&self, body: &Value) -> bool {
        let found = at(body, &self.field).and_then(as_text);
        found.is_some_and(|found| self.equals.contains(&found))
    }
}

/// What answers mean. A rule that is not given leaves it to the HTTP status.
#[derive(Clone, Debug)]
pub struct Answers {
    /// A scan counts as taken.
    pub taken: Option<Rule>,
    /// A scan is refused for good.
    pub refused: Option<Rule>,
    /// Asked: it has the scan.
    pub asked_taken: Option<Rule>,
    /// Asked: it does not.
    pub asked_absent: Option<Rule>,
    words: Vec<Name>,
    reasons: Vec<Name>,
}

/// The error is the field of the section and a sentence.
pub(super) fn check(answer: RawAnswer, asked: RawAsked) -> Result<Answers, (String, String)> {
    let names = |place: &str, written: Option<Vec<String>>, usual: &[&str]| {
        let texts = written.unwrap_or_else(|| usual.iter().map(|&t| t.to_owned()).collect());
        let names = texts.iter().map(|text| name(text));
        let names: Result<Vec<Name>, String> = names.collect();
        names.map_err(|wrong| (place.to_owned(), wrong))
    };
    let answers = Answers {
        taken: rule("answer.taken_when", answer.taken_when)?,
        refused: rule("answer.refused_when", answer.refused_when)?,
        asked_taken: rule("asked.taken_when", asked.taken_when)?,
        asked_absent: rule("asked.absent_when", asked.absent_when)?,
        words: names("answer.words", answer.words, &["answer", "message"])?,
        reasons: names(
            "answer.reasons",
            answer.reasons,
            &["reason", "detail", "message", "title"],
        )?,
    };
    // Without it a 200 counts as taken before anybody looks for a refusal in it.
    if answers.refused.is_some() && answers.taken.is_none() {
        let wrong = "needs answer.taken_when beside it".to_owned();
        return Err(("answer.refused_when".to_owned(), wrong));
    }
    if answers.asked_absent.is_some() && answers.asked_taken.is_none() {
        let wrong = "needs asked.taken_when beside it".to_owned();
        return Err(("asked.absent_when".to_owned(), wrong));
    }
    for (place, one, other) in [
        ("answer.refused_when", &answers.taken, &answers.refused),
        (
            "asked.absent_when",
            &answers.asked_taken,
            &answers.asked_absent,
        ),
    ] {
        if let (Some(one), Some(other)) = (one, other)
            && one.field == other.field
            && let Some(both) = one.equals.iter().find(|value| other.equals.contains(value))
        {
            return Err((place.to_owned(), format!("{both:?} means taken already")));
        }
    }
    Ok(answers)
}

pub(super) fn rule(place: &str, raw: Option<RawRule>) -> Result<Option<Rule>, (String, String)> {
    let Some(raw) = raw else { return Ok(None) };
    let wrong = |text: String| (place.to_owned(), text);
    match texts(raw.equals) {
        Some(equals) => Ok(Some(Rule {
            field: name(&raw.field).map_err(wrong)?,
            equals,
        })),
        None => Err(wrong(
            "equals is a text, a number, true or false, or a list of them".to_owned(),
        )),
    }
}

/// Values as text. None: there is none, or one that a body cannot say in a word.
pub(super) fn texts(values: OneOrMany) -> Option<Vec<String>> {
    let values = match values {
        OneOrMany::One(value) => vec![value],
        OneOrMany::Many(values) => values,
    };
    let texts = values.into_iter().map(|value| match value {
        toml::Value::String(text) => Some(text),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(value) => Some(value.to_string()),
        _ => None,
    });
    let texts: Option<Vec<String>> = texts.collect();
    texts.filter(|texts| !texts.is_empty())
}

impl Answers {
    /// The first words for the clerk in an answer that took a scan.
    pub fn words<'b>(&'b self, body: &'b Value) -> impl Iterator<Item = &'b str> {
        self.words
            .iter()
            .filter_map(|name| at(body, name)?.as_str())
    }

    /// The same in one that did not.
    pub fn reasons<'b>(&'b self, body: &'b Value) -> impl Iterator<Item = &'b str> {
        self.reasons
            .iter()
            .filter_map(|name| at(body, name)?.as_str())
    }
}

pub(super) fn at<'b>(body: &'b Value, name: &[String]) -> Option<&'b Value> {
    let mut steps = name.iter();
    steps.try_fold(body, |value, step| value.get(step))
}

pub(super) fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => items.is_empty().then(String::new),
        Value::Object(fields) => fields.is_empty().then(String::new),
    }
}
