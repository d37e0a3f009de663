//! Texts of official forms (A4 and A5 drafts), by version and the date from which each counts.
//!
//! Promises:
//! - the text that counts on a date is the one with the latest `from` that is not after it; the
//!   office's own before a built-in one of the same date;
//! - a text that names a field nobody fills, or leaves out what the form is for, is refused whole
//!   before it is used, with the place to blame;
//! - what was drafted names form and version, so that it can be printed again as it was.
//!
//! Deliberately not here: paper sizes, and who may draft.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use jiff::civil::Date;
use serde::Deserialize;
use toml::Spanned;

use crate::slips::{Part, fields_in};

/// The letter for a late dossier: the only form that is drafted here yet.
pub const APOLOGY: &str = "apology";

/// Fields of a letter. The last three nobody tells this machine: they are written in by hand.
pub const FIELDS: [&str; 12] = [
    "office",
    "parent",
    "hotline",
    "dossier",
    "procedure",
    "received",
    "due",
    "new_due",
    "reason",
    "name",
    "address",
    "phone",
];

/// Without these a letter does not say what it is for.
const NEEDED: [&str; 4] = ["dossier", "due", "new_due", "reason"];

/// A letter is one sheet: more is no letter but a mistake in the file.
const PARAGRAPHS_MAX: usize = 30;
/// Signs of a paragraph, a title, a reason.
const CHARS_MAX: usize = 1_000;
/// Reasons among which a clerk can find one at a glance.
const REASONS_MAX: usize = 12;
/// Bytes of a form's version as a record keeps it.
const VERSION_BYTES_MAX: usize = 60;

/// `[[form]]` as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawForm {
    id: Spanned<String>,
    name: Spanned<String>,
    version: Spanned<String>,
    from: Spanned<String>,
    #[serde(default)]
    basis: Option<Spanned<String>>,
    title: Spanned<String>,
    paragraphs: Spanned<Vec<Spanned<String>>>,
    #[serde(default)]
    signature: Option<Spanned<String>>,
    #[serde(default)]
    reasons: Vec<Spanned<String>>,
}

/// A text that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// What it is for.
    pub id: String,
    /// As officials call it.
    pub name: String,
    /// Tells the texts of one id apart.
    pub version: String,
    /// The first date on which it counts.
    pub from: Date,
    /// What it rests on.
    pub basis: String,
    /// Its heading.
    pub title: String,
    /// Its text, paragraph by paragraph.
    pub paragraphs: Vec<Vec<Piece>>,
    /// Under which somebody signs.
    pub signature: String,
    /// Ready reasons for a clerk to choose from.
    pub reasons: Vec<String>,
}

/// A piece of a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// As it stands.
    Words(String),
    /// To be filled in.
    Field(&'static str),
}

/// Something wrong with a form, and where.
#[derive(Debug)]
pub struct BadForm {
    /// Where in the file.
    pub at: Range<usize>,
    /// Field and what is wrong with it.
    pub text: String,
}

fn bad(at: Range<usize>, field: &str, what: impl std::fmt::Display) -> BadForm {
    let text = format!("form.{field}: {what}");
    BadForm { at, text }
}

/// A text that somebody can read: not empty, not endless.
fn words(field: &str, text: &Spanned<String>) -> Result<String, BadForm> {
    let (at, text) = (text.span(), text.get_ref().trim());
    match text.chars().count() {
        0 => Err(bad(at, field, "is empty")),
        1..=CHARS_MAX => Ok(text.to_owned()),
        _ => Err(bad(at, field, format!("at most {CHARS_MAX} signs"))),
    }
}

fn paragraph(text: &Spanned<String>) -> Result<Vec<Piece>, BadForm> {
    let written = words("paragraphs", text)?;
    let wrong = |what: &str| bad(text.span(), "paragraphs", what);
    let parts = fields_in(&written).map_err(|said| wrong(said.get("en")))?;
    let pieces = parts.into_iter().map(|part| match part {
        Part::Field(name) => {
            let known = FIELDS.into_iter().find(|field| *field == name);
            known.map(Piece::Field).ok_or_else(|| {
                let all = FIELDS.join(", ");
                wrong(&format!(
                    "there is no field {{{name}}} here; known are {all}"
                ))
            })
        }
        Part::Words(words) => Ok(Piece::Words(words.to_owned())),
        // Square brackets are words here.
        Part::Optional(_) => Ok(Piece::Words(String::new())),
    });
    pieces.collect()
}

impl RawForm {
    fn check(&self) -> Result<Form, BadForm> {
        let id = words("id", &self.id)?;
        if id != APOLOGY {
            let what = format!("there is no form {id} here; known is {APOLOGY}");
            return Err(bad(self.id.span(), "id", what));
        }
        let version = words("version", &self.version)?;
        if version.len() > VERSION_BYTES_MAX {
            let what = format!("at most {VERSION_BYTES_MAX} bytes");
            return Err(bad(self.version.span(), "version", what));
        }
        let from = self.from.get_ref().parse();
        let from = from.map_err(|_| bad(self.from.span(), "from", "a date such as 2025-09-15"))?;
        let paragraphs = self.paragraphs.get_ref();
        if paragraphs.len() > PARAGRAPHS_MAX {
            let what = format!("at most {PARAGRAPHS_MAX}");
            return Err(bad(self.paragraphs.span(), "paragraphs", what));
        }
        let paragraphs = paragraphs.iter().map(paragraph);
        let paragraphs: Vec<Vec<Piece>> = paragraphs.collect::<Result<_, _>>()?;
        for needed in NEEDED {
            if !paragraphs
                .iter()
                .flatten()
                .any(|p| *p == Piece::Field(needed))
            {
                let what = format!("{{{needed}}} stands in none of them");
                return Err(bad(self.paragraphs.span(), "paragraphs", what));
            }
        }
        if let Some(more) = self.reasons.get(REASONS_MAX) {
            let what = format!("at most {REASONS_MAX}");
            return Err(bad(more.span(), "reasons", what));
        }
        let reasons = self.reasons.iter().map(|reason| words("reasons", reason));
        let optional = |field: &str, text: &Option<Spanned<String>>| {
            let text = text.as_ref().map(|text| words(field, text));
            text.transpose().map(Option::unwrap_or_default)
        };
        Ok(Form {
            id,
            name: words("name", &self.name)?,
            version,
            from,
            basis: optional("basis", &self.basis)?,
            title: words("title", &self.title)?,
            paragraphs,
            signature: optional("signature", &self.signature)?,
            reasons: reasons.collect::<Result<_, _>>()?,
        })
    }
}

impl Form {
    /// As a person tells one text from another: name, basis and the date from which it counts.
    pub fn told(&self) -> String {
        let from = self.from.strftime("%d/%m/%Y");
        let basis = match self.basis.is_empty() {
            true => String::new(),
            false => format!(", {}", self.basis),
        };
        format!(
            "{}{basis}, version {}, from {from}",
            self.name, self.version
        )
    }
}

/// The texts that the program brings along.
static BUILT_IN: LazyLock<Vec<Form>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct File {
        form: Vec<RawForm>,
    }
    let file: File =
        toml::from_str(include_str!("built-in.toml")).expect("a test has read this very file");
    let forms = file.form.iter().map(RawForm::check);
    let forms: Result<_, _> = forms.collect();
    forms.expect("a test has read this very file")
});

/// Every text there is, the office's own behind the built-in ones.
#[derive(Clone, Debug)]
pub struct Forms(Vec<Form>);

impl Forms {
    /// The built-in texts and an office's own, which replace built-in ones of the same version.
    pub fn with(own: &[RawForm]) -> Result<Self, BadForm> {
        let (mut versions, mut dates) = (BTreeSet::new(), BTreeSet::new());
        let mut forms = BUILT_IN.clone();
        let mut checked = Vec::new();
        for raw in own {
            let form = raw.check()?;
            let version = (form.id.clone(), form.version.clone());
            if !versions.insert(version) {
                let what = format!("{} is used twice", form.version);
                return Err(bad(raw.version.span(), "version", what));
            }
            if !dates.insert((form.id.clone(), form.from)) {
                let what = "two forms cannot count from the same date";
                return Err(bad(raw.from.span(), "from", what));
            }
            forms.retain(|old| (&old.id, &old.version) != (&form.id, &form.version));
            checked.push(form);
        }
        forms.append(&mut checked);
        Ok(Self(forms))
    }

    /// The text of a form that counts on a date; none: none counts yet.
    pub fn in_force(&self, id: &str, on: Date) -> Option<&Form> {
        let known = self
            .0
            .iter()
            .filter(|form| form.id == id && form.from <= on);
        // Of equal dates the last: the office's own.
        known.max_by_key(|form| form.from)
    }

    /// One version of a form.
    pub fn find(&self, id: &str, version: &str) -> Option<&Form> {
        let mut known = self.0.iter();
        known.find(|form| form.id == id && form.version == version)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use jiff::civil::date;

    const TEXT: &str = "paragraphs = [\"{dossier} {due} {new_due} {reason}\"]\n";

    fn forms(text: &str) -> Result<Forms, String> {
        #[derive(Deserialize)]
        struct File {
            #[serde(default)]
            form: Vec<RawForm>,
        }
        let file: File = toml::from_str(text).map_err(|e| e.to_string())?;
        Forms::with(&file.form).map_err(|bad| bad.text)
    }

    fn own(version: &str, from: &str) -> String {
        format!(
            "[[form]]\nid = \"apology\"\nname = \"M\"\nversion = \"{version}\"\nfrom = \"{from}\"\ntitle = \"T\"\n{TEXT}"
        )
    }

    #[test]
    fn the_text_with_the_latest_date_not_after_today_counts() {
        let built_in = forms("").unwrap();
        let in_force = |forms: &Forms, on| forms.in_force(APOLOGY, on).map(|f| f.version.clone());
        assert_eq!(in_force(&built_in, date(2025, 9, 14)), None);
        let first = Some("2025-09-15".to_owned());
        assert_eq!(in_force(&built_in, date(2025, 9, 15)), first);
        let forms = forms(&(own("b", "2027-03-01") + &own("a", "2026-12-01"))).unwrap();
        for (on, expected) in [
            (date(2026, 11, 30), "2025-09-15"),
            (date(2026, 12, 1), "a"),
            (date(2027, 2, 28), "a"),
            (date(2027, 3, 1), "b"),
        ] {
            assert_eq!(in_force(&forms, on).as_deref(), Some(expected), "{on}");
        }
        // What was drafted by an older text can still be printed.
        assert!(forms.find(APOLOGY, "2025-09-15").is_some());
        assert!(forms.find(APOLOGY, "c").is_none());
    }

    #[test]
    fn an_offices_own_text_stands_before_a_built_in_one() {
        for version in ["2025-09-15", "own"] {
            let forms = forms(&own(version, "2025-09-15")).unwrap();
            let counts = forms.in_force(APOLOGY, date(2026, 1, 1)).unwrap();
            assert_eq!(
                (counts.name.as_str(), counts.version.as_str()),
                ("M", version)
            );
        }
    }

    #[test]
    fn a_text_that_cannot_be_used_is_refused_with_the_reason() {
        let form = own("a", "2026-12-01");
        let cases = [
            (
                form.replace("{reason}", "{why}"),
                "form.paragraphs: there is no field {why} here; known are office,",
            ),
            (
                form.replace("{new_due}", ""),
                "form.paragraphs: {new_due} stands in none of them",
            ),
            (
                form.replace("{reason}", "{reason"),
                "form.paragraphs: a field is written as {office}",
            ),
            (
                form.replace("apology", "sorry"),
                "form.id: there is no form sorry here; known is apology",
            ),
            (
                form.replace("2026-12-01", "1/12/2026"),
                "form.from: a date such as 2025-09-15",
            ),
            (form.replace("\"T\"", "\" \""), "form.title: is empty"),
            (
                format!("{form}{}", own("a", "2027-01-01")),
                "form.version: a is used twice",
            ),
            (
                format!("{form}{}", own("b", "2026-12-01")),
                "form.from: two forms cannot count from the same date",
            ),
            (form.replace("title", "titel"), "TOML parse error"),
        ];
        for (text, expected) in cases {
            let told = forms(&text).unwrap_err();
            assert!(told.starts_with(expected), "{told}");
        }
    }
}
