//! Which scanner, as the configuration names it: `serial:/dev/ttyACM0?baud=9600`.

use std::fmt;
use std::str::FromStr;

mod listener;
mod stop;

pub use listener::{Event, Listener};
pub use stop::Stop;

/// What scanners are set to in the factory. USB ones ignore it.
pub const BAUD_DEFAULT: u32 = 9600;
/// Slowest and fastest line a scanner can be set to; outside of it is a slip of the pen.
pub const BAUD_RANGE: std::ops::RangeInclusive<u32> = 300..=921_600;

/// A scanner on a serial line or a USB serial port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    path: String,
    baud: u32,
}

impl Device {
    /// The device file. `/dev/serial/by-id/…` names one scanner wherever it is plugged in.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The line's speed, in bits per second.
    pub fn baud(&self) -> u32 {
        self.baud
    }
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "serial:{}", self.path)?;
        if self.baud != BAUD_DEFAULT {
            write!(f, "?baud={}", self.baud)?;
        }
        Ok(())
    }
}

/// Why a device's name was not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeviceError {
    /// A keyboard scanner.
    #[error(
        "keyboard scanners (\"hid:\") are not supported yet: set the scanner to USB serial \
         (USB-COM, CDC) and name it \"serial:/dev/ttyACM0\""
    )]
    Hid,
    /// Neither `serial:` nor `hid:`.
    #[error("a scanner is named \"serial:/dev/ttyACM0\" or \"serial:/dev/ttyUSB0?baud=9600\"")]
    Kind,
    /// The device file is missing or relative.
    #[error("the scanner's device file must be a full path, such as /dev/ttyACM0")]
    Path,
    /// The speed is no number, or one that no scanner has.
    #[error("the scanner's baud must be a number from 300 to 921600")]
    Baud,
    /// Something other than `baud=` behind the question mark.
    #[error("a scanner's only setting is baud, as in \"?baud=9600\"")]
    Setting,
}

impl FromStr for Device {
    type Err = DeviceError;

    fn from_str(name: &str) -> Result<Self, DeviceError> {
        let rest = match name.split_once(':') {
            Some(("serial", rest)) => rest,
            Some(("hid", _)) => return Err(DeviceError::Hid),
            _ => return Err(DeviceError::Kind),
        };
        let (path, setting) = match rest.split_once('?') {
            Some((path, setting)) => (path, Some(setting)),
            None => (rest, None),
        };
        if !path.starts_with('/') || path.contains('\0') {
            return Err(DeviceError::Path);
        }
        let baud = match setting.map(|setting| setting.strip_prefix("baud=")) {
            None => BAUD_DEFAULT,
            Some(None) => return Err(DeviceError::Setting),
            Some(Some(baud)) => baud
                .parse()
                .ok()
                .filter(|baud| BAUD_RANGE.contains(baud))
                .ok_or(DeviceError::Baud)?,
        };
        Ok(Self {
            path: path.to_owned(),
            baud,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_scanner_is_named_by_its_device_file_and_speed() {
        let table = [
            ("serial:/dev/ttyACM0", Ok(("/dev/ttyACM0", 9600))),
            (
                "serial:/dev/ttyUSB0?baud=115200",
                Ok(("/dev/ttyUSB0", 115_200)),
            ),
            (
                "serial:/dev/serial/by-id/usb-Honeywell_1470g-if00",
                Ok(("/dev/serial/by-id/usb-Honeywell_1470g-if00", 9600)),
            ),
            ("hid:0c2e:0200", Err(DeviceError::Hid)),
            ("/dev/ttyACM0", Err(DeviceError::Kind)),
            ("tcp:192.0.2.7:9100", Err(DeviceError::Kind)),
            ("", Err(DeviceError::Kind)),
            ("serial:", Err(DeviceError::Path)),
            ("serial:ttyACM0", Err(DeviceError::Path)),
            ("serial:/dev/ttyACM0?baud=", Err(DeviceError::Baud)),
            ("serial:/dev/ttyACM0?baud=0", Err(DeviceError::Baud)),
            ("serial:/dev/ttyACM0?baud=fast", Err(DeviceError::Baud)),
            (
                "serial:/dev/ttyACM0?baud=99999999999",
                Err(DeviceError::Baud),
            ),
            ("serial:/dev/ttyACM0?parity=even", Err(DeviceError::Setting)),
        ];
        for (name, expected) in table {
            let device: Result<Device, _> = name.parse();
            let seen = device.as_ref().map(|device| (device.path(), device.baud()));
            assert_eq!(seen, expected.as_ref().copied(), "{name}");
        }
    }

    #[test]
    fn a_scanner_is_shown_as_the_configuration_names_it() {
        for name in ["serial:/dev/ttyACM0", "serial:/dev/ttyUSB0?baud=115200"] {
            assert_eq!(name.parse::<Device>().unwrap().to_string(), name);
        }
    }
}
