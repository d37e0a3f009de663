//! Paths of the other side, with places for values: `/v1/scans/{id}`, `/hoso?ma={id}`.

use reqwest::Url;

/// A value that a path may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The id of what is sent or asked about.
    Id,
    /// The dossier ID of a scan.
    Dossier,
    /// The office's code.
    Office,
}

impl Part {
    fn placeholder(self) -> &'static str {
        match self {
            Self::Id => "{id}",
            Self::Dossier => "{dossier}",
            Self::Office => "{office}",
        }
    }
}

#[derive(Clone, Debug)]
enum Piece {
    Text(String),
    Value(Part),
}

/// A path and perhaps a query, to be put behind the base address.
#[derive(Clone, Debug)]
pub struct Address {
    pieces: Vec<Piece>,
}

impl Address {
    /// Reads a path in which only `parts` may stand; the error is a sentence.
    pub(super) fn parse(text: &str, parts: &[Part]) -> Result<Self, String> {
        if !text.starts_with('/') || text.starts_with("//") {
            return Err("begins with one /; the server is intake.url's".to_owned());
        }
        let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '#' | '\\');
        if let Some(odd) = text.chars().find(|c| odd(*c)) {
            return Err(format!("{odd:?} cannot stand in a path"));
        }
        let (path, _) = text.split_once('?').unwrap_or((text, ""));
        if path.split('/').any(|step| matches!(step, "." | "..")) {
            return Err("a path without . and .. as steps".to_owned());
        }
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('{') {
            let Some((name, behind)) = behind.split_once('}') else {
                return Err("a { without its }".to_owned());
            };
            let written = format!("{{{name}}}");
            let part = parts.iter().find(|part| part.placeholder() == written);
            let Some(part) = part else {
                let known: Vec<_> = parts.iter().map(|part| part.placeholder()).collect();
                let known = known.join(", ");
                return Err(format!("there is no {written} here; known are {known}"));
            };
            pieces.push(Piece::Text(before.to_owned()));
            pieces.push(Piece::Value(*part));
            rest = behind;
        }
        pieces.push(Piece::Text(rest.to_owned()));
        let stray = |piece: &Piece| matches!(piece, Piece::Text(text) if text.contains('}'));
        match pieces.iter().any(stray) {
            true => Err("a } without its {".to_owned()),
            false => Ok(Self { pieces }),
        }
    }

    /// Whether a value stands in it.
    pub fn has(&self, part: Part) -> bool {
        let is = |piece: &Piece| matches!(piece, Piece::Value(value) if *value == part);
        self.pieces.iter().any(is)
    }

    /// The whole address. `None`: a value is empty or dots alone, which would be another path.
    pub fn at<'v>(&self, base: &Url, value: impl Fn(Part) -> &'v str) -> Option<Url> {
        let mut filled = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Value(part) => {
                    let value = value(*part);
                    if value.bytes().all(|byte| byte == b'.') {
                        return None;
                    }
                    encode(value, &mut filled);
                }
            }
        }
        let (path, query) = match filled.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (filled.as_str(), None),
        };
        let mut url = base.clone();
        url.set_path(&format!("{}{path}", base.path().trim_end_matches('/')));
        url.set_query(query);
        Some(url)
    }
}

/// All but the characters that mean themselves wherever they stand in an address (RFC 3986, 2.3).
fn encode(value: &str, into: &mut String) {
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                into.push(char::from(byte));
            }
            _ => into.push_str(&format!("%{byte:02X}")),
        }
    }
}
