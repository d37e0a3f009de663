//! A line of a layout as people write it: in `kiosk.toml`, in `built-in.toml` and in the API.

use std::collections::BTreeMap;
use std::fmt;

use queue::{SlipAlign, SlipLine, SlipWeight, Text};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::{OneOfBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// Size of words that do not say one: easily read at arm's length.
const SIZE: u16 = 28;

/// How a text may be written, for the description of the API: in Vietnamese alone, or by language.
pub enum Written {}

impl PartialSchema for Written {
    fn schema() -> RefOr<Schema> {
        OneOfBuilder::new()
            .item(String::schema())
            .item(BTreeMap::<String, String>::schema())
            .into()
    }
}

impl ToSchema for Written {}

/// A line says what it is by the one field of these that it has: `text` to `ruler`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields, remote = "Self")]
pub struct LineDraft {
    /// Words, with fields in braces, by language.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Written>)]
    text: Option<Text>,
    /// White words in a black box, by language.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Written>)]
    mark: Option<Text>,
    /// The number, as large as it must be: `true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<bool>,
    /// The code, with words beside it where it leads somewhere, by language.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Written>)]
    qr: Option<Text>,
    /// A line across the paper: `true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<bool>,
    /// White paper, in dots (8 a millimetre).
    #[serde(skip_serializing_if = "Option::is_none")]
    space: Option<u16>,
    /// The office's logo, as high as so many dots.
    #[serde(skip_serializing_if = "Option::is_none")]
    logo: Option<u16>,
    /// Millimetres: `true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    ruler: Option<bool>,
    /// Of a text: letter size in dots.
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u16>,
    /// Of a text: regular, semibold or bold.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    weight: Option<SlipWeight>,
    /// Of a text: centre or left.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    align: Option<SlipAlign>,
    /// Of a text: once for each entry of this list.
    #[serde(skip_serializing_if = "Option::is_none")]
    each: Option<String>,
    /// Of a text or mark: only where this field or list is not empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    when: Option<String>,
}

impl Serialize for LineDraft {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, to)
    }
}

/// Only from members with names: derived alone, it would also be read from an array of values.
impl<'de> Deserialize<'de> for LineDraft {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Named;

        impl<'de> Visitor<'de> for Named {
            type Value = LineDraft;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a line of a slip")
            }

            fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<LineDraft, M::Error> {
                LineDraft::deserialize(MapAccessDeserializer::new(map))
            }
        }
        from.deserialize_map(Named)
    }
}

impl From<&SlipLine> for LineDraft {
    fn from(line: &SlipLine) -> Self {
        let none = Self::default();
        match line.clone() {
            SlipLine::Text {
                text,
                size,
                weight,
                align,
                each,
                when,
            } => Self {
                text: Some(text),
                size: (size != SIZE).then_some(size),
                weight: (weight != SlipWeight::default()).then_some(weight),
                align: (align != SlipAlign::default()).then_some(align),
                each,
                when,
                ..none
            },
            SlipLine::Mark { text, when } => Self {
                mark: Some(text),
                when,
                ..none
            },
            SlipLine::Number => Self {
                number: Some(true),
                ..none
            },
            SlipLine::Qr { words } => Self {
                qr: Some(words),
                ..none
            },
            SlipLine::Rule => Self {
                rule: Some(true),
                ..none
            },
            SlipLine::Space { height } => Self {
                space: Some(height),
                ..none
            },
            SlipLine::Logo { height } => Self {
                logo: Some(height),
                ..none
            },
            SlipLine::Ruler => Self {
                ruler: Some(true),
                ..none
            },
        }
    }
}

impl LineDraft {
    /// The line, or what is wrong with it: Vietnamese and English.
    pub fn line(self) -> Result<SlipLine, [&'static str; 2]> {
        let style = self.size.is_some() || self.weight.is_some() || self.align.is_some();
        let kinds = [
            self.text.is_some(),
            self.mark.is_some(),
            self.number.is_some(),
            self.qr.is_some(),
            self.rule.is_some(),
            self.space.is_some(),
            self.logo.is_some(),
            self.ruler.is_some(),
        ];
        if kinds.iter().filter(|is| **is).count() != 1 {
            return Err([
                "mỗi dòng là đúng một trong các loại: text, mark, number, qr, rule, space, logo, ruler",
                "a line is exactly one of text, mark, number, qr, rule, space, logo, ruler",
            ]);
        }
        if [self.number, self.rule, self.ruler].contains(&Some(false)) {
            return Err([
                "number, rule và ruler ghi là true, hoặc bỏ đi",
                "number, rule and ruler are written as \"= true\", or left out",
            ]);
        }
        if self.text.is_none() && (style || self.each.is_some()) {
            return Err([
                "chỉ dòng chữ (text) có size, weight, align và each",
                "only a text has size, weight, align and each",
            ]);
        }
        if self.text.is_none() && self.mark.is_none() && self.when.is_some() {
            return Err([
                "chỉ dòng chữ (text) hoặc nhãn (mark) có when",
                "only a text or a mark has when",
            ]);
        }
        Ok(match self {
            Self {
                text: Some(text), ..
            } => SlipLine::Text {
                text,
                size: self.size.unwrap_or(SIZE),
                weight: self.weight.unwrap_or_default(),
                align: self.align.unwrap_or_default(),
                each: self.each,
                when: self.when,
            },
            Self {
                mark: Some(text), ..
            } => SlipLine::Mark {
                text,
                when: self.when,
            },
            Self {
                qr: Some(words), ..
            } => SlipLine::Qr { words },
            Self {
                space: Some(height),
                ..
            } => SlipLine::Space { height },
            Self {
                logo: Some(height), ..
            } => SlipLine::Logo { height },
            Self {
                number: Some(_), ..
            } => SlipLine::Number,
            Self { rule: Some(_), .. } => SlipLine::Rule,
            _ => SlipLine::Ruler,
        })
    }
}
