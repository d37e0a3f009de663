//! A scan as the contract has it: what is accepted, and what is kept of it.
//!
//! Pure. Fields the contract does not name are kept and ignored, so that a newer kiosk can
//! send more. A field that is null counts as absent.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use serde_json::{Map, Value};

use super::problem::Problem;

/// As for every idempotency key of ours.
pub(super) const ID_CHARS_MAX: usize = 128;

/// The longest dossier ID in use has 26 characters; codes of offices and devices are shorter.
const TEXT_CHARS_MAX: usize = 128;

/// Offices have counters up to a hundred; more digits are a mistake.
const COUNTER_MAX: u64 = 9_999;

/// The whole country has this offset, all year.
const VIETNAM: Offset = Offset::constant(7);

const PURPOSES: [&str; 4] = ["receive", "supplement", "return", "look-up"];

/// A scan that may be kept.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct NewScan {
    pub(super) id: String,
    pub(super) dossier: String,
    /// The whole body without its nulls.
    pub(super) body: Value,
}

impl NewScan {
    /// Reads the body of `POST /v1/scans` sent under `key`.
    pub(super) fn read(key: &str, body: &[u8]) -> Result<Self, Problem> {
        let Ok(Value::Object(mut body)) = serde_json::from_slice(body) else {
            return Err(Problem::BAD_REQUEST);
        };
        body.retain(|_, value| !value.is_null());
        if text(&body, "id") != Some(key) {
            return Err(Problem::refused(
                "id-is-not-key",
                "`id` must be the Idempotency-Key.",
                "Mã lượt quét không khớp",
            ));
        }
        let dossier = text(&body, "dossier").ok_or(Problem::refused(
            "bad-dossier",
            "`dossier` must be a dossier ID of 1 to 128 characters without control characters.",
            "Mã hồ sơ không hợp lệ",
        ))?;
        let dossier = dossier.to_owned();
        if !text(&body, "purpose").is_some_and(|purpose| PURPOSES.contains(&purpose)) {
            return Err(Problem::refused(
                "bad-purpose",
                "`purpose` must be receive, supplement, return or look-up.",
                "Không rõ mục đích quét",
            ));
        }
        let said = |field| text(&body, field).is_some();
        let said_or_absent = |field| !body.contains_key(field) || said(field);
        let counter = body.get("counter").is_none_or(|counter| {
            counter
                .as_u64()
                .is_some_and(|counter| (1..=COUNTER_MAX).contains(&counter))
        });
        let scanned_at = body.get("scanned_at").is_none() || instant(&body, "scanned_at").is_some();
        if !(said("office") && said("device") && said_or_absent("ticket") && counter && scanned_at)
        {
            return Err(Problem::refused(
                "bad-field",
                "`office` and `device` must be texts, `counter` a number from 1, `ticket` a text, `scanned_at` RFC 3339 with offset; the last three may be null.",
                "Thông tin lượt quét không hợp lệ",
            ));
        }
        Ok(Self {
            id: key.to_owned(),
            dossier,
            body: Value::Object(body),
        })
    }
}

/// A scan as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct KeptScan {
    /// The order in which they came.
    pub(super) seq: i64,
    pub(super) received_ms: i64,
    pub(super) body: Value,
}

impl KeptScan {
    /// As `GET /v1/scans` shows it.
    pub(super) fn to_json(&self) -> Value {
        let mut json = self.body.clone();
        json["state"] = "received".into();
        json["received_at"] = rfc3339(self.received_ms).into();
        json
    }

    /// One line of a dossier's story.
    pub(super) fn to_step(&self) -> Value {
        let field = |name: &str| self.body.get(name).cloned().unwrap_or(Value::Null);
        serde_json::json!({
            "scan": field("id"),
            "purpose": field("purpose"),
            "at": rfc3339(self.happened_ms()),
            "office": field("office"),
            "counter": field("counter"),
            "ticket": field("ticket"),
        })
    }

    /// When it was scanned, as far as the kiosk knew the time; else when it came here.
    pub(super) fn happened_ms(&self) -> i64 {
        self.scanned_ms().unwrap_or(self.received_ms)
    }

    pub(super) fn scanned_ms(&self) -> Option<i64> {
        instant(self.body.as_object()?, "scanned_at").map(Timestamp::as_millisecond)
    }

    pub(super) fn text(&self, field: &str) -> Option<&str> {
        text(self.body.as_object()?, field)
    }

    pub(super) fn counter(&self) -> Option<u64> {
        self.body.get("counter")?.as_u64()
    }
}

fn text<'a>(body: &'a Map<String, Value>, field: &str) -> Option<&'a str> {
    let text = body.get(field)?.as_str()?;
    let fits = (1..=TEXT_CHARS_MAX).contains(&text.chars().count());
    (fits && !text.trim().is_empty() && !text.chars().any(char::is_control)).then_some(text)
}

fn instant(body: &Map<String, Value>, field: &str) -> Option<Timestamp> {
    text(body, field)?.parse().ok()
}

/// To the second, with Vietnam's offset.
pub(super) fn rfc3339(ms: i64) -> String {
    let at = Timestamp::from_second(ms.div_euclid(1000)).unwrap_or_default();
    at.display_with_offset(VIETNAM).to_string()
}

/// As people write it: `7 giờ 42, 23/11/2026`.
pub(super) fn spoken(ms: i64) -> String {
    let at = Timestamp::from_millisecond(ms).unwrap_or_default();
    let at = at.to_zoned(TimeZone::fixed(VIETNAM));
    format!(
        "{} giờ {:02}, {:02}/{:02}/{}",
        at.hour(),
        at.minute(),
        at.day(),
        at.month(),
        at.year()
    )
}
