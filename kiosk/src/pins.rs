//! Outputs of a Raspberry Pi's pin header: lamps, and the relay of a printer's power.
//!
//! Elsewhere there are none, which is said once and stops nothing: models that the library does not
//! know yet are such machines too.
//!
//! A pin becomes an input again when the daemon ends in order: lamps go dark, a relay falls back.
//! A daemon that is killed leaves its pins as they were, and the next start sets them anew. So a
//! relay must feed its printer while it is at rest (through its normally closed contact).

use rppal::gpio::{Gpio, OutputPin};
use thiserror::Error;

use crate::config;

/// A pin that is switched.
pub trait Output: Send {
    /// Switches it on or off.
    fn set(&mut self, on: bool);
}

/// Where pins are.
pub trait Board {
    /// Takes a pin, by its BCM number, as an output that is off. `active_low`: on is 0 V.
    fn output(&self, pin: u8, active_low: bool) -> Result<Box<dyn Output>, PinError>;
}

/// Pins that cannot be had.
#[derive(Debug, Error)]
pub enum PinError {
    /// No header that is known.
    #[error("this machine has no pins that are known: {0}")]
    NoBoard(rppal::gpio::Error),
    /// One of them.
    #[error("pin {pin}: {cause}")]
    Pin {
        /// BCM number.
        pin: u8,
        /// What the library said.
        cause: rppal::gpio::Error,
    },
}

/// The header of this machine.
pub struct Header(Gpio);

impl Header {
    /// Opens it; takes no pin yet.
    pub fn open() -> Result<Self, PinError> {
        Gpio::new().map(Self).map_err(PinError::NoBoard)
    }
}

struct HeaderPin {
    pin: OutputPin,
    active_low: bool,
}

impl Output for HeaderPin {
    fn set(&mut self, on: bool) {
        if on == self.active_low {
            self.pin.set_low();
        } else {
            self.pin.set_high();
        }
    }
}

impl Board for Header {
    fn output(&self, pin: u8, active_low: bool) -> Result<Box<dyn Output>, PinError> {
        let free = self.0.get(pin);
        let free = free.map_err(|cause| PinError::Pin { pin, cause })?;
        // At rest from the first moment: a relay must not twitch.
        let pin = match active_low {
            true => free.into_output_high(),
            false => free.into_output_low(),
        };
        Ok(Box::new(HeaderPin { pin, active_low }))
    }
}

/// The pins of `[gpio]`, all of them off.
#[derive(Default)]
pub struct Pins {
    /// Shows that the program runs, and whether somebody is needed.
    pub status_lamp: Option<Box<dyn Output>>,
    /// Shows that a roll ends.
    pub paper_low_lamp: Option<Box<dyn Output>>,
    /// On: a printer has no power.
    pub printer_relay: Option<Box<dyn Output>>,
}

impl Pins {
    /// Takes them from a board; all or none.
    pub fn take(wanted: &config::Gpio, board: &dyn Board) -> Result<Self, PinError> {
        let lamp = |pin: Option<u8>| pin.map(|pin| board.output(pin, false)).transpose();
        let relay = wanted.printer_relay.as_ref();
        Ok(Self {
            status_lamp: lamp(wanted.status_lamp)?,
            paper_low_lamp: lamp(wanted.paper_low_lamp)?,
            printer_relay: relay
                .map(|relay| board.output(relay.pin, relay.active_low))
                .transpose()?,
        })
    }
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeMap;
    use std::sync::{Arc, Mutex};

    use super::*;

    /// A board on paper: what each pin was told, in order. It begins with its rest.
    #[derive(Clone, Default)]
    pub(crate) struct PaperBoard {
        told: Arc<Mutex<BTreeMap<u8, Vec<bool>>>>,
    }

    struct PaperPin(PaperBoard, u8);

    impl Output for PaperPin {
        fn set(&mut self, on: bool) {
            let mut told = self.0.told.lock().unwrap();
            told.entry(self.1).or_default().push(on);
        }
    }

    impl Board for PaperBoard {
        fn output(&self, pin: u8, _active_low: bool) -> Result<Box<dyn Output>, PinError> {
            let mut output = PaperPin(self.clone(), pin);
            output.set(false);
            Ok(Box::new(output))
        }
    }

    impl PaperBoard {
        pub(crate) fn told(&self, pin: u8) -> Vec<bool> {
            let told = self.told.lock().unwrap();
            told.get(&pin).cloned().unwrap_or_default()
        }
    }

    #[test]
    fn only_the_pins_that_are_configured_are_touched() {
        let board = PaperBoard::default();
        let wanted = config::Gpio {
            status_lamp: Some(17),
            ..config::Gpio::default()
        };
        let pins = Pins::take(&wanted, &board).unwrap();
        assert!(pins.status_lamp.is_some());
        assert!(pins.paper_low_lamp.is_none() && pins.printer_relay.is_none());
        assert_eq!(board.told(17), [false]);
        assert_eq!(board.told.lock().unwrap().len(), 1);
    }
}
