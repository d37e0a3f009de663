//! `[intake]`: the other side, in its own words.
//!
//! Without a mapping it is the contract of the README. A mapping names the other side's paths,
//! fields, words and answers; whatever cannot work is refused with its line and field: a
//! placeholder that nobody fills, two values under one name, a key that never leaves.
//!
//! Secrets stand in files beside the configuration. Here they are only named: they change while
//! the daemon runs, and a renewed certificate gone wrong must not keep citizens from their numbers.

mod address;
mod answers;
mod body;
mod dossier;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use reqwest::Url;
use reqwest::header::{AUTHORIZATION, HeaderName};
use serde::Deserialize;

use super::{Problem, problem};
use crate::tls::Own;
pub use address::{Address, Part};
pub use answers::{Answers, Rule};
pub use body::{Body, Field};
pub use dossier::{DossierAnswer, list_at, text_at};

/// `[intake]` as it is written. Every field left out is the contract's.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawIntake {
    url: String,
    token_file: Option<PathBuf>,
    token_header: Option<String>,
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
    authority: Option<PathBuf>,
    honours_key: Option<bool>,
    key_header: Option<String>,
    method: Option<Method>,
    scan_path: Option<String>,
    ask_path: Option<String>,
    dossier_path: Option<String>,
    time_format: Option<String>,
    #[serde(default)]
    fields: BTreeMap<Field, String>,
    #[serde(default)]
    constants: BTreeMap<String, toml::Value>,
    #[serde(default)]
    purposes: BTreeMap<body::PurposeWord, String>,
    #[serde(default)]
    answer: answers::RawAnswer,
    #[serde(default)]
    asked: answers::RawAsked,
    #[serde(default)]
    dossier: dossier::RawDossier,
}

/// How a scan is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum Method {
    /// What most take.
    #[default]
    #[serde(rename = "POST")]
    Post,
    /// Where the scan's id stands in the path.
    #[serde(rename = "PUT")]
    Put,
}

/// `[intake]`, checked.
#[derive(Clone, Debug)]
pub struct Intake {
    /// Base address; paths stand behind its own.
    pub url: Url,
    /// Whether a repeated key has no second effect there.
    pub honours_key: bool,
    /// How a scan is sent.
    pub method: Method,
    /// Header that carries the scan's id; `None`: none does.
    pub key_header: Option<HeaderName>,
    /// Where scans go.
    pub scan_path: Address,
    /// Where it is asked whether it has a scan; `None`: nowhere.
    pub ask_path: Option<Address>,
    /// Where it tells of a dossier; `None`: nowhere.
    pub dossier_path: Option<Address>,
    /// What it is told of a scan.
    pub body: Body,
    /// What its answers mean.
    pub answers: Answers,
    /// How it tells of a dossier.
    pub dossier: DossierAnswer,
    /// Header that carries the token; `Authorization` with `Bearer` before it.
    pub token_header: HeaderName,
    /// File with the token.
    pub token: Option<PathBuf>,
    /// This machine's certificate and key, where the other side wants to see one.
    pub identity: Option<Own>,
    /// The only authority whose word counts for the other side; `None`: those of the system.
    pub authority: Option<PathBuf>,
}

impl RawIntake {
    /// The files that it names, in `folder` unless absolute.
    pub(super) fn files(&self, folder: &Path) -> Vec<PathBuf> {
        let files = [
            &self.token_file,
            &self.certificate,
            &self.key,
            &self.authority,
        ];
        let files = files.into_iter().flatten();
        files.map(|file| folder.join(file)).collect()
    }

    /// `place`: where a field of the file stands.
    pub(super) fn check(
        self,
        place: &dyn Fn(&str) -> Range<usize>,
        folder: &Path,
    ) -> Result<Intake, Problem> {
        let wrong = |field: &str, text: String| {
            let field = format!("intake.{field}");
            problem(place(&field), format!("{field}: {text}"))
        };
        let url = base(&self.url).map_err(|text| wrong("url", text))?;
        let address = |field: &str, written: &Option<String>, usual: &str, parts: &[Part]| {
            let text = written.as_deref().unwrap_or(usual);
            let address = (!text.is_empty()).then(|| Address::parse(text, parts));
            address.transpose().map_err(|text| wrong(field, text))
        };
        let of_scan = [Part::Id, Part::Dossier, Part::Office];
        let scan_path = address("scan_path", &self.scan_path, "/v1/scans", &of_scan)?
            .ok_or_else(|| wrong("scan_path", "must not be empty".to_owned()))?;
        let ask_path = address("ask_path", &self.ask_path, "/v1/scans/{id}", &of_scan)?;
        let of_dossier = [Part::Id];
        let usual = "/v1/dossiers/{id}";
        let dossier_path = address("dossier_path", &self.dossier_path, usual, &of_dossier)?;
        let unnamed =
            |path: &Option<Address>, field| match path.as_ref().is_some_and(|p| !p.has(Part::Id)) {
                true => Err(wrong(field, "{id} must stand in it".to_owned())),
                false => Ok(()),
            };
        unnamed(&ask_path, "ask_path")?;
        unnamed(&dossier_path, "dossier_path")?;

        let header = |field: &str, written: &Option<String>| {
            let name = written.as_deref().filter(|name| !name.is_empty());
            let name = name.map(|name| name.parse::<HeaderName>());
            let name = name.transpose();
            name.map_err(|_| wrong(field, "the name of a header such as X-Api-Key".to_owned()))
        };
        let key_header = match self.key_header {
            None => Some(HeaderName::from_static("idempotency-key")),
            written => header("key_header", &written)?,
        };
        let token_header = header("token_header", &self.token_header)?;
        if token_header.is_some() && self.token_file.is_none() {
            let text = "there is no intake.token_file".to_owned();
            return Err(wrong("token_header", text));
        }

        let body = body::check(
            self.fields,
            self.constants,
            self.purposes,
            self.time_format.clone(),
        );
        let body = body.map_err(|(field, text)| wrong(&field, text))?;
        if !body.has(Field::Dossier) && !scan_path.has(Part::Dossier) {
            let text = "the dossier must stand in the body or in the path".to_owned();
            return Err(wrong("fields.dossier", text));
        }
        let honours_key = self.honours_key.unwrap_or(true);
        let told = key_header.is_some() || body.has(Field::Id) || scan_path.has(Part::Id);
        if !told && (honours_key || ask_path.is_some()) {
            let text = match honours_key {
                true => "the other side never gets the key that it should honour",
                false => "the other side never gets the id that it is asked about",
            };
            return Err(wrong("key_header", text.to_owned()));
        }
        let answers = answers::check(self.answer, self.asked);
        let answers = answers.map_err(|(field, text)| wrong(&field, text))?;

        if dossier_path.is_none() && self.dossier.is_written() {
            let text = "of no use while intake.dossier_path is empty".to_owned();
            return Err(wrong("dossier", text));
        }
        let dossier = dossier::check(self.dossier);
        let dossier = dossier.map_err(|(field, text)| wrong(&field, text))?;

        let identity = match (self.certificate, self.key) {
            (None, None) => None,
            (Some(certificate), Some(key)) => Some(Own {
                certificate: folder.join(certificate),
                key: folder.join(key),
            }),
            (Some(_), None) => {
                return Err(wrong("certificate", "its intake.key is missing".to_owned()));
            }
            (None, Some(_)) => {
                return Err(wrong("key", "its intake.certificate is missing".to_owned()));
            }
        };
        if url.scheme() == "http" {
            for (field, written) in [
                ("certificate", identity.is_some()),
                ("authority", self.authority.is_some()),
            ] {
                if written {
                    let text = "of no use while intake.url begins with http://".to_owned();
                    return Err(wrong(field, text));
                }
            }
        }
        Ok(Intake {
            url,
            honours_key,
            method: self.method.unwrap_or_default(),
            key_header,
            scan_path,
            ask_path,
            dossier_path,
            body,
            answers,
            dossier,
            token_header: token_header.unwrap_or(AUTHORIZATION),
            token: self.token_file.map(|file| folder.join(file)),
            identity,
            authority: self.authority.map(|file| folder.join(file)),
        })
    }
}

/// The address that all paths begin with.
fn base(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|e| e.to_string())?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err("begins with http:// or https:// and names a server".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("secrets belong in intake.token_file, not in the address".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("ends before ? and #; a query belongs in a path".to_owned());
    }
    Ok(url)
}

#[cfg(test)]
impl Intake {
    /// A section on its own.
    pub(crate) fn from_toml(section: &str) -> Result<Self, String> {
        let raw: RawIntake = toml::from_str(section).map_err(|e| e.message().to_owned())?;
        let checked = raw.check(&|_| 0..0, Path::new("."));
        checked.map_err(|problem| problem.text)
    }
}

#[cfg(test)]
mod tests;
