//! One scan to the intake server and the answer back.
//!
//! - One request a scan over kept connections.
//! - Every attempt ends within `Timeouts`, and of an answer at most `ANSWER_BYTES_MAX` are read.
//! - Once the status is there it counts, also when the rest of the answer never comes.
//!
//! Nothing is logged here; errors carry no URL.

use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{RequestBuilder, Response, Url};
use serde_json::Value;

use super::line::Line;
use super::verdict::{Verdict, classify, classify_ask};
use super::{AwayCause, Scan};
use crate::advice;
use crate::config::{Address, Field, Method, Part};

/// An answer is a few lines. More is an error page, and nobody reads its end.
pub(crate) const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// A value of a scan for the body. A counter or a time that is not known is told as such.
fn value(scan: &Scan, field: Field) -> Option<Value> {
    Some(match field {
        Field::Id => Value::from(scan.id.as_str()),
        Field::Dossier => Value::from(scan.dossier.as_str()),
        Field::Purpose => Value::from(scan.purpose.as_str()),
        Field::Office => Value::from(scan.office.as_str()),
        Field::Counter => scan.counter.map_or(Value::Null, Value::from),
        Field::Ticket => Value::from(scan.ticket.as_deref()?),
        Field::ScannedAt => scan.scanned_at.as_deref().map_or(Value::Null, Value::from),
        Field::Device => Value::from(scan.device.as_str()),
    })
}

impl Line {
    fn address(&self, of: &Address, scan: &Scan) -> Option<Url> {
        of.at(&self.intake.url, |part| match part {
            Part::Id => &scan.id,
            Part::Dossier => &scan.dossier,
            Part::Office => &scan.office,
        })
    }
}

/// No request can be made of it: such a scan must not hold others, and a clerk will decide.
fn objected(what: &str) -> Verdict {
    Verdict::Objected {
        reason: what.to_owned(),
    }
}

/// Sends one scan.
pub(crate) async fn deliver(line: &Line, scan: &Scan) -> Verdict {
    let intake = &line.intake;
    let Some(url) = line.address(&intake.scan_path, scan) else {
        return objected("scan_path");
    };
    let body = intake.body.filled(|field| value(scan, field));
    let mut request = match intake.method {
        Method::Post => line.client.post(url),
        Method::Put => line.client.put(url),
    };
    if let Some(name) = &intake.key_header {
        let Ok(key) = HeaderValue::from_str(&scan.id) else {
            return objected("id");
        };
        request = request.header(name, key);
    }
    let request = request
        .header(CONTENT_TYPE, "application/json")
        .body(body.to_string());
    match attempt(line.signed(request)).await {
        Ok(response) => {
            let (status, headers) = (response.status(), response.headers().clone());
            classify(status, &headers, &read(response).await, &intake.answers)
        }
        Err(verdict) => verdict,
    }
}

/// Asks whether the server has a scan.
pub(crate) async fn ask(line: &Line, scan: &Scan) -> Verdict {
    let intake = &line.intake;
    let Some(path) = &intake.ask_path else {
        return Verdict::CannotTell {
            reason: advice::CANNOT_BE_ASKED.to_owned(),
        };
    };
    let Some(url) = line.address(path, scan) else {
        return objected("ask_path");
    };
    match attempt(line.signed(line.client.get(url))).await {
        Ok(response) => {
            let (status, headers) = (response.status(), response.headers().clone());
            classify_ask(status, &headers, &read(response).await, &intake.answers)
        }
        Err(verdict) => verdict,
    }
}

async fn attempt(request: RequestBuilder) -> Result<Response, Verdict> {
    request.send().await.map_err(|error| {
        let cause = AwayCause::of(&error);
        match error.is_connect() {
            true => Verdict::NoConnection { cause },
            false => Verdict::Unclear {
                retry_after_ms: None,
                cause,
            },
        }
    })
}

/// The answer's body as far as it came and as far as it matters.
async fn read(mut response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        let room = ANSWER_BYTES_MAX - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if body.len() == ANSWER_BYTES_MAX {
            break;
        }
    }
    body
}
