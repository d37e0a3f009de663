//! `[gpio]`: lamps and the relay of a printer's power, on a Raspberry Pi's pins.

use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;

use super::{Printer, Problem, problem};

/// Pins of the header that are not kept for its own memory (0 and 1), by BCM number.
const PINS: std::ops::RangeInclusive<u8> = 2..=27;
/// A slip takes so long at most; silence for less is none.
const SILENT_SECONDS_MIN: u32 = printer::PRINT_SECONDS_MAX as u32;
/// Long enough for a printer's capacitors, short enough for a queue.
const OFF_SECONDS: std::ops::RangeInclusive<u32> = 2..=120;
/// A printer that needs this more often needs a person.
const MINUTES_BETWEEN_MIN: u32 = 5;

/// `[gpio]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gpio {
    /// BCM number.
    pub status_lamp: Option<u8>,
    /// BCM number.
    pub paper_low_lamp: Option<u8>,
    /// `[gpio.printer_relay]`.
    pub printer_relay: Option<PrinterRelay>,
}

/// `[gpio.printer_relay]`: takes the power from a printer that stays silent, for a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct PrinterRelay {
    /// BCM number.
    pub pin: u8,
    /// Whether 0 V energises the relay, as on most boards with an optocoupler.
    pub active_low: bool,
    /// Whose power it switches.
    pub printer: String,
    /// So long it must have been silent.
    pub silent: Duration,
    /// So long it is without power.
    pub off: Duration,
    /// So long at least between two of these.
    pub between: Duration,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawGpio {
    status_lamp: Option<Spanned<u8>>,
    paper_low_lamp: Option<Spanned<u8>>,
    printer_relay: Option<RawRelay>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRelay {
    pin: Spanned<u8>,
    #[serde(default)]
    active_low: bool,
    printer: Option<Spanned<String>>,
    #[serde(default = "silent")]
    silent_seconds: Spanned<u32>,
    #[serde(default = "off")]
    off_seconds: Spanned<u32>,
    #[serde(default = "between")]
    minutes_between: Spanned<u32>,
}

fn silent() -> Spanned<u32> {
    Spanned::new(0..0, 60)
}

fn off() -> Spanned<u32> {
    Spanned::new(0..0, 10)
}

fn between() -> Spanned<u32> {
    Spanned::new(0..0, 30)
}

/// The pins as they can be used, for these printers.
pub(super) fn check(raw: RawGpio, printers: &[Printer]) -> Result<Gpio, Problem> {
    let relay = raw.printer_relay.as_ref().map(|relay| &relay.pin);
    let named = [
        ("status_lamp", raw.status_lamp.as_ref()),
        ("paper_low_lamp", raw.paper_low_lamp.as_ref()),
        ("printer_relay.pin", relay),
    ];
    let mut taken = Vec::new();
    for (field, pin) in named {
        let Some(pin) = pin else { continue };
        let number = *pin.get_ref();
        let wrong = if !PINS.contains(&number) {
            "a BCM number from 2 to 27"
        } else if taken.contains(&number) {
            "another lamp or relay has this pin"
        } else {
            taken.push(number);
            continue;
        };
        return Err(problem(pin.span(), format!("gpio.{field}: {wrong}")));
    }
    Ok(Gpio {
        status_lamp: raw.status_lamp.map(Spanned::into_inner),
        paper_low_lamp: raw.paper_low_lamp.map(Spanned::into_inner),
        printer_relay: raw
            .printer_relay
            .map(|raw| check_relay(raw, printers))
            .transpose()?,
    })
}

fn check_relay(raw: RawRelay, printers: &[Printer]) -> Result<PrinterRelay, Problem> {
    let wrong = |at, text: String| problem(at, format!("gpio.printer_relay.{text}"));
    let printer = match &raw.printer {
        Some(name) if !printers.iter().any(|p| p.name == *name.get_ref()) => {
            let text = format!("printer: there is no printer {}", name.get_ref());
            return Err(wrong(name.span(), text));
        }
        Some(name) => name.get_ref().clone(),
        None => match printers {
            [only] => only.name.clone(),
            _ => {
                let text = "printer: needed where there is not exactly one";
                return Err(wrong(raw.pin.span(), text.to_owned()));
            }
        },
    };
    let seconds = |field: &Spanned<u32>| Duration::from_secs(u64::from(*field.get_ref()));
    if *raw.silent_seconds.get_ref() < SILENT_SECONDS_MIN {
        let text = format!("silent_seconds: at least {SILENT_SECONDS_MIN}, which a slip may take");
        return Err(wrong(raw.silent_seconds.span(), text));
    }
    if !OFF_SECONDS.contains(raw.off_seconds.get_ref()) {
        let text = "off_seconds: from 2 to 120".to_owned();
        return Err(wrong(raw.off_seconds.span(), text));
    }
    if *raw.minutes_between.get_ref() < MINUTES_BETWEEN_MIN {
        let text = format!("minutes_between: at least {MINUTES_BETWEEN_MIN}");
        return Err(wrong(raw.minutes_between.span(), text));
    }
    Ok(PrinterRelay {
        pin: raw.pin.into_inner(),
        active_low: raw.active_low,
        printer,
        silent: seconds(&raw.silent_seconds),
        off: seconds(&raw.off_seconds),
        between: seconds(&raw.minutes_between) * 60,
    })
}
