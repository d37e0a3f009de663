//! Layouts of slips, as an office writes them. Plain data: what a field means, and whether a layout
//! can be printed, is the kiosk's business.

use serde::{Deserialize, Serialize};

use crate::Text;

/// What a slip is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SlipKind {
    /// A place in the queue.
    Ticket,
    /// Papers to bring for a service (*Giấy tờ cần có*).
    Checklist,
    /// A held ticket comes back with it (*Phiếu quay lại*).
    ReEntry,
    /// A ticket that was not reached comes back with it on another day (*Phiếu hẹn trở lại*).
    Deferred,
    /// The day in figures (*Báo cáo ngày*).
    DayReport,
    /// What the printer can do.
    TestPage,
}

/// One line of a layout. Texts hold fields in braces, such as `{office}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "kebab-case")]
pub enum SlipLine {
    /// Words.
    Text {
        /// By language.
        text: Text,
        /// Letter size in dots at 203 dpi.
        size: u16,
        /// How heavy.
        weight: SlipWeight,
        /// Where on the paper.
        align: SlipAlign,
        /// Once for each entry of this list.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        each: Option<String>,
        /// Only where this field or list is not empty.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        when: Option<String>,
    },
    /// White words in a black box.
    Mark {
        /// By language.
        text: Text,
        /// As for words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        when: Option<String>,
    },
    /// The number, as large as it must be.
    Number,
    /// The code, with words beside it where it leads somewhere.
    Qr {
        /// By language.
        words: Text,
    },
    /// A line across the paper.
    Rule,
    /// White paper.
    Space {
        /// In dots at 203 dpi.
        height: u16,
    },
    /// The office's logo, if it has one.
    Logo {
        /// In dots at 203 dpi.
        height: u16,
    },
    /// Millimetres, to lay a ruler against.
    Ruler,
}

/// Weights of the type family.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)] // The names say all there is.
pub enum SlipWeight {
    #[default]
    Regular,
    Semibold,
    Bold,
}

/// Where words stand on the paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)] // The names say all there is.
pub enum SlipAlign {
    #[default]
    Centre,
    Left,
}
