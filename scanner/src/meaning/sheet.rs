//! The office's own barcodes, on the sheet beside a scanner: which counter, and what for.
//!
//! `MC-Q3` is the badge of counter 3, `MC-M1` to `MC-M4` say what the next scans are for. The
//! letters M, C and Q and digits behind them come through a keyboard scanner whole: neither Telex
//! nor VNI, the Vietnamese input methods, makes anything else of them.

use super::ScanPurpose;

/// Begins every badge.
const COUNTER: &str = "MC-Q";
/// Counters have up to three digits.
const COUNTER_MAX: u32 = 999;

/// What the badge of this counter holds.
pub fn badge_text(counter: u32) -> String {
    format!("{COUNTER}{counter}")
}

/// What the barcode of this purpose holds.
pub fn purpose_text(purpose: ScanPurpose) -> &'static str {
    match purpose {
        ScanPurpose::Receive => "MC-M1",
        ScanPurpose::Supplement => "MC-M2",
        ScanPurpose::Return => "MC-M3",
        ScanPurpose::LookUp => "MC-M4",
    }
}

/// The counter whose badge a folded text is. `MC-Q03` is none: nobody prints it so.
pub(super) fn counter(text: &str) -> Option<u32> {
    let digits = text.strip_prefix(COUNTER)?;
    let plain = !digits.starts_with('0') && super::digits(digits);
    let number: u32 = digits.parse().ok()?;
    (plain && (1..=COUNTER_MAX).contains(&number)).then_some(number)
}

/// The purpose whose barcode a folded text is.
pub(super) fn purpose(text: &str) -> Option<ScanPurpose> {
    ScanPurpose::ALL
        .into_iter()
        .find(|purpose| purpose_text(*purpose) == text)
}
