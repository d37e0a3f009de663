//! Fields in braces: which there are, and how a text is filled in.

use std::collections::BTreeMap;

use queue::{SlipKind, Text};

/// Fields that every slip has.
const EVERYWHERE: &[&str] = &["parent", "office", "hotline", "date", "time"];

/// Fields of one kind beside those, and its lists with the fields of their entries.
struct Known {
    fields: &'static [&'static str],
    lists: &'static [List],
}

type List = (&'static str, &'static [&'static str]);

const PAPERS: &[List] = &[("papers", &["paper"])];
const FIGURES: &[List] = &[
    (
        "services",
        &[
            "letter",
            "service",
            "issued",
            "done",
            "missed",
            "cancelled",
            "wait",
            "serve",
        ],
    ),
    ("scans", &["state", "count"]),
];

fn known(kind: SlipKind) -> Known {
    let (fields, lists): (&'static [&'static str], _) = match kind {
        SlipKind::Ticket => (
            &[
                "number", "service", "words", "ahead", "wait", "next", "kept", "priority",
            ],
            PAPERS,
        ),
        SlipKind::Checklist => (&["service", "words"], PAPERS),
        SlipKind::ReEntry => (
            &["number", "service", "words", "reason", "priority"],
            PAPERS,
        ),
        SlipKind::Deferred => (&["number", "service", "words", "day", "on", "from"], &[]),
        SlipKind::DayReport => (
            &[
                "day",
                "issued",
                "done",
                "missed",
                "cancelled",
                "scans",
                "record",
                "head",
            ],
            FIGURES,
        ),
        SlipKind::TestPage => (&["printer", "profile", "width", "letters", "number"], &[]),
    };
    Known { fields, lists }
}

/// The fields that a text of this kind may hold; with `each`, also those of that list's entries.
/// Nothing if there is no such list.
pub(super) fn fields(kind: SlipKind, each: Option<&str>) -> Option<Vec<&'static str>> {
    let known = known(kind);
    let mut fields = [EVERYWHERE, known.fields].concat();
    if let Some(each) = each {
        let (_, entry) = known.lists.iter().find(|(name, _)| *name == each)?;
        fields.extend(entry.iter());
    }
    Some(fields)
}

/// The names that `when` may have.
pub(super) fn conditions(kind: SlipKind) -> Vec<&'static str> {
    let lists = known(kind).lists.iter().map(|(name, _)| *name);
    let fields = fields(kind, None).unwrap_or_default();
    fields.into_iter().chain(lists).collect()
}

/// The lists that `each` may name.
pub(super) fn lists(kind: SlipKind) -> Vec<&'static str> {
    known(kind).lists.iter().map(|(name, _)| *name).collect()
}

/// What the fields of one slip say. A field that is not here is empty.
#[derive(Clone, Debug, Default)]
pub struct Values {
    fields: BTreeMap<&'static str, String>,
    lists: BTreeMap<&'static str, Vec<Values>>,
}

impl Values {
    pub(super) fn set(&mut self, field: &'static str, value: impl Into<String>) {
        self.fields.insert(field, value.into());
    }

    pub(super) fn with(mut self, field: &'static str, value: impl Into<String>) -> Self {
        self.set(field, value);
        self
    }

    pub(super) fn add(&mut self, list: &'static str, entry: Self) {
        self.lists.entry(list).or_default().push(entry);
    }

    pub(super) fn clear(&mut self, list: &str) {
        self.lists.remove(list);
    }

    pub(super) fn get(&self, field: &str) -> &str {
        self.fields.get(field).map_or("", String::as_str)
    }

    /// The entries of a list.
    pub(super) fn entries(&self, list: &str) -> &[Self] {
        self.lists.get(list).map_or(&[], Vec::as_slice)
    }

    /// Whether `when` of this name holds.
    pub(super) fn holds(&self, when: Option<&str>) -> bool {
        when.is_none_or(|name| !self.get(name).is_empty() || !self.entries(name).is_empty())
    }

    /// A text filled in; nothing if it has fields and all of them are empty. `entry`: of a list,
    /// looked at first.
    pub(super) fn fill(&self, text: &str, entry: Option<&Self>) -> Option<String> {
        let value = |field: &str| match entry.map(|entry| entry.get(field)) {
            Some(value) if !value.is_empty() => value,
            _ => self.get(field),
        };
        // A text that cannot be taken apart was refused before it came here.
        let parts = parts(text).ok()?;
        let mut filled = String::new();
        let (mut fields, mut said) = (0, 0);
        for part in &parts {
            match part {
                Part::Words(words) => filled.push_str(words),
                Part::Field(field) => {
                    fields += 1;
                    said += usize::from(!value(field).is_empty());
                    filled.push_str(value(field));
                }
                Part::Optional(inner) => {
                    let empty = inner
                        .iter()
                        .all(|part| !matches!(part, Part::Field(f) if !value(f).is_empty()));
                    for part in inner.iter().filter(|_| !empty) {
                        filled.push_str(match part {
                            Part::Field(field) => value(field),
                            Part::Words(words) => words,
                            Part::Optional(_) => "",
                        });
                    }
                }
            }
        }
        (fields == 0 || said > 0).then_some(filled)
    }
}

/// A piece of a text.
#[derive(Debug, PartialEq)]
pub(crate) enum Part<'a> {
    /// As it stands.
    Words(&'a str),
    /// `{name}`.
    Field(&'a str),
    /// `[ … {name} … ]`, left out if its fields are empty.
    Optional(Vec<Part<'a>>),
}

/// Takes a text apart. Square brackets without a field in them are words.
pub(super) fn parts(text: &str) -> Result<Vec<Part<'_>>, Text> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('[') {
        let Some(length) = rest[open..].find(']') else {
            break;
        };
        let inner = fields_in(&rest[open + 1..open + length])?;
        let end = open + length + 1;
        if inner.iter().any(|part| matches!(part, Part::Field(_))) {
            parts.extend(fields_in(&rest[..open])?);
            parts.push(Part::Optional(inner));
        } else {
            parts.extend(fields_in(&rest[..end])?);
        }
        rest = &rest[end..];
    }
    parts.extend(fields_in(rest)?);
    Ok(parts)
}

/// Takes a text apart whose square brackets are words.
pub(crate) fn fields_in(text: &str) -> Result<Vec<Part<'_>>, Text> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find(['{', '}']) {
        let field = rest[open..].strip_prefix('{');
        let name = field.and_then(|field| field.split_once('}'));
        let Some((name, after)) = name.filter(|(name, _)| !name.contains('{')) else {
            let near: String = rest[open..].chars().take(20).collect();
            return Err(Text::vi_en(
                &format!("một trường ghi dạng {{office}}; thiếu dấu ngoặc ở \"{near}\""),
                &format!("a field is written as {{office}}; something is missing at \"{near}\""),
            ));
        };
        if open > 0 {
            parts.push(Part::Words(&rest[..open]));
        }
        parts.push(Part::Field(name));
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part::Words(rest));
    }
    Ok(parts)
}

/// Every field of a text taken apart.
pub(super) fn named<'a>(parts: &[Part<'a>]) -> Vec<&'a str> {
    let mut names = Vec::new();
    for part in parts {
        match part {
            Part::Field(name) => names.push(*name),
            Part::Optional(inner) => names.extend(named(inner)),
            Part::Words(_) => {}
        }
    }
    names
}

/// Whether a text taken apart says something in a language, beside its fields.
pub(super) fn has_words(parts: &[Part<'_>]) -> bool {
    parts.iter().any(|part| match part {
        Part::Words(words) => words.chars().any(char::is_alphabetic),
        Part::Optional(inner) => has_words(inner),
        Part::Field(_) => false,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_line_whose_fields_are_all_empty_is_left_out() {
        let mut values = Values::default().with("ahead", "4 người");
        let wait = "Trước Ông/Bà còn {ahead}[ · chờ {wait}]";
        let fill = |values: &Values, text| values.fill(text, None);
        assert_eq!(fill(&values, wait).unwrap(), "Trước Ông/Bà còn 4 người");
        values.set("wait", "10 phút");
        assert_eq!(
            fill(&values, wait).unwrap(),
            "Trước Ông/Bà còn 4 người · chờ 10 phút"
        );
        values.set("ahead", "");
        assert_eq!(fill(&values, wait), None);
        assert_eq!(fill(&values, "Hotline: {hotline}"), None);
        assert_eq!(fill(&values, "trong ngày[ {date}]").unwrap(), "trong ngày");
        assert_eq!(fill(&values, "Quầy [số 3]").unwrap(), "Quầy [số 3]");
        assert_eq!(fill(&values, "").unwrap(), "");
    }

    #[test]
    fn what_a_field_says_is_never_taken_for_a_field() {
        let values = Values::default().with("reason", "{number} [x]");
        assert_eq!(values.fill("{reason}", None).unwrap(), "{number} [x]");
    }

    #[test]
    fn a_brace_without_its_partner_is_no_text() {
        for text in ["{office", "office}", "{{office}", "a [b {c] d"] {
            assert!(parts(text).is_err(), "{text}");
        }
    }
}
