//! Which scanner, as the configuration names it: `serial:/dev/ttyACM0?baud=9600`,
//! `serial:0c2e:0aab` or `hid:0c2e:0200?suffix=cr`.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::framing::Framing;

mod keyboard;
mod keys;
mod listener;
mod stop;
mod usb;

pub use listener::{Event, Listener};
pub use stop::Stop;
pub use usb::UsbId;

/// What scanners are set to in the factory. USB ones ignore it.
pub const BAUD_DEFAULT: u32 = 9600;
/// Slowest and fastest line a scanner can be set to; outside of it is a slip of the pen.
pub const BAUD_RANGE: std::ops::RangeInclusive<u32> = 300..=921_600;

/// A scanner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// How it is connected.
    pub connection: Connection,
    /// How its scans end.
    pub framing: Framing,
}

/// How a scanner is connected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Connection {
    /// On a serial line or a USB serial port (USB-COM, CDC).
    Serial {
        /// Which line.
        line: Line,
        /// The line's speed, in bits per second.
        baud: u32,
    },
    /// One that types like a keyboard.
    Hid(UsbId),
}

/// Which serial line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// The device file. `/dev/serial/by-id/…` names one scanner wherever it is plugged in.
    Path(PathBuf),
    /// The line of a USB device.
    Usb(UsbId),
}

impl Line {
    /// The line's device file as of now.
    pub(crate) fn path(&self) -> io::Result<PathBuf> {
        match self {
            Self::Path(path) => Ok(path.clone()),
            Self::Usb(id) => id.serial_line(Path::new("/sys")),
        }
    }
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut name = self.connection.to_string();
        if let Some(word) = word(self.framing) {
            name.push(if name.contains('?') { '&' } else { '?' });
            name.push_str(SUFFIX);
            name.push_str(word);
        }
        f.write_str(&name)
    }
}

impl fmt::Display for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Serial {
                line: Line::Path(path),
                baud,
            } => {
                write!(f, "serial:{}", path.display())?;
                match *baud {
                    BAUD_DEFAULT => Ok(()),
                    baud => write!(f, "?baud={baud}"),
                }
            }
            Self::Serial {
                line: Line::Usb(id),
                ..
            } => write!(f, "serial:{id}"),
            Self::Hid(id) => write!(f, "hid:{id}"),
        }
    }
}

/// Why a device's name was not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeviceError {
    /// Neither `serial:` nor `hid:`.
    #[error(
        "a scanner is named \"serial:/dev/ttyACM0\", \"serial:/dev/ttyUSB0?baud=9600\", \
         \"serial:0c2e:0aab\" (a USB serial port by vendor and product) or \"hid:0c2e:0200\""
    )]
    Kind,
    /// The device file is missing or relative.
    #[error("the scanner's device file must be a full path, such as /dev/ttyACM0")]
    Path,
    /// The speed is no number, or one that no scanner has.
    #[error("the scanner's baud must be a number from 300 to 921600")]
    Baud,
    /// Something other than `baud=` and `suffix=` behind the question mark.
    #[error("a serial scanner's settings are baud and suffix, as in \"?baud=9600&suffix=cr\"")]
    Setting,
    /// No suffix that a scanner sends, or two of them.
    #[error("a scanner's suffix is one of cr, lf, tab and none, as in \"?suffix=cr\"")]
    Suffix,
    /// No vendor and product.
    #[error("a USB scanner is named by vendor and product, as lsusb shows them: \"0c2e:0200\"")]
    Usb,
    /// Something other than a serial number or a port behind the question mark.
    #[error("of several alike, \"?serial=…\" or \"?port=1.2\" tells which")]
    UsbSetting,
}

impl FromStr for Device {
    type Err = DeviceError;

    fn from_str(name: &str) -> Result<Self, DeviceError> {
        let (name, framing) = without_suffix(name)?;
        let connection = match name.split_once(':') {
            Some(("serial", rest)) if is_usb(rest) => Connection::Serial {
                line: Line::Usb(rest.parse()?),
                // A USB serial port has no speed.
                baud: BAUD_DEFAULT,
            },
            Some(("serial", rest)) => serial(rest)?,
            Some(("hid", rest)) => Connection::Hid(rest.parse()?),
            _ => return Err(DeviceError::Kind),
        };
        Ok(Self {
            connection,
            framing,
        })
    }
}

/// The one setting that every kind of scanner has.
const SUFFIX: &str = "suffix=";
/// Its words, and what they mean.
const SUFFIXES: [(&str, Framing); 4] = [
    ("cr", Framing::Suffix(b'\r')),
    ("lf", Framing::Suffix(b'\n')),
    ("tab", Framing::Suffix(b'\t')),
    ("none", Framing::Silence),
];

/// `None`: learnt, which needs no word.
fn word(framing: Framing) -> Option<&'static str> {
    let found = SUFFIXES.iter().find(|(_, meant)| *meant == framing);
    found.map(|(word, _)| *word)
}

/// Takes `suffix=` out of the settings behind the question mark; the others stay as they were.
fn without_suffix(name: &str) -> Result<(String, Framing), DeviceError> {
    let Some((before, settings)) = name.split_once('?') else {
        return Ok((name.to_owned(), Framing::Learned));
    };
    let (named, others): (Vec<&str>, Vec<&str>) = settings
        .split('&')
        .partition(|setting| setting.starts_with(SUFFIX));
    let framing = match named[..] {
        [] => return Ok((name.to_owned(), Framing::Learned)),
        [setting] => SUFFIXES
            .iter()
            .find(|(word, _)| setting.strip_prefix(SUFFIX) == Some(word))
            .map(|(_, framing)| *framing)
            .ok_or(DeviceError::Suffix)?,
        _ => return Err(DeviceError::Suffix),
    };
    let name = match others.is_empty() {
        true => before.to_owned(),
        false => format!("{before}?{}", others.join("&")),
    };
    Ok((name, framing))
}

/// Vendor and product rather than a path.
fn is_usb(rest: &str) -> bool {
    !rest.starts_with('/') && rest.contains(':')
}

fn serial(rest: &str) -> Result<Connection, DeviceError> {
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
    Ok(Connection::Serial {
        line: Line::Path(path.into()),
        baud,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_scanner_is_named_by_its_device_file_and_speed_or_by_what_it_is() {
        for name in [
            "serial:/dev/ttyACM0",
            "serial:/dev/ttyUSB0?baud=115200",
            "serial:/dev/serial/by-id/usb-Honeywell_1470g-if00",
            "serial:0c2e:0aab",
            "serial:0c2e:0aab?port=1.2",
            "hid:0c2e:0200",
            "hid:0c2e:0200?serial=19048B0A",
            "serial:/dev/ttyACM0?suffix=cr",
            "serial:/dev/ttyUSB0?baud=115200&suffix=none",
            "serial:0c2e:0aab?suffix=lf",
            "hid:0c2e:0200?port=1.2&suffix=tab",
        ] {
            let device: Device = name.parse().unwrap();
            assert_eq!(device.to_string(), name, "shown as it was named");
        }
    }

    #[test]
    fn a_scanners_suffix_is_configured_or_learnt() {
        for (setting, framing) in [
            ("", Framing::Learned),
            ("?suffix=cr", Framing::Suffix(b'\r')),
            ("?suffix=lf", Framing::Suffix(b'\n')),
            ("?suffix=tab", Framing::Suffix(b'\t')),
            ("?suffix=none", Framing::Silence),
        ] {
            for name in ["serial:/dev/ttyACM0", "serial:0c2e:0aab", "hid:0c2e:0200"] {
                let device: Device = format!("{name}{setting}").parse().unwrap();
                assert_eq!(device.framing, framing, "{device}");
            }
        }
        // Before the other settings as well as behind them.
        let device: Device = "hid:0c2e:0200?suffix=cr&port=1.2".parse().unwrap();
        assert_eq!(device.to_string(), "hid:0c2e:0200?port=1.2&suffix=cr");
    }

    #[test]
    fn a_name_that_is_none_is_refused_with_what_is_wrong() {
        let table = [
            ("/dev/ttyACM0", DeviceError::Kind),
            ("tcp:192.0.2.7:9100", DeviceError::Kind),
            ("", DeviceError::Kind),
            ("serial:", DeviceError::Path),
            ("serial:ttyACM0", DeviceError::Path),
            ("serial:/dev/ttyACM0?baud=", DeviceError::Baud),
            ("serial:/dev/ttyACM0?baud=0", DeviceError::Baud),
            ("serial:/dev/ttyACM0?baud=fast", DeviceError::Baud),
            ("serial:/dev/ttyACM0?baud=99999999999", DeviceError::Baud),
            ("serial:/dev/ttyACM0?parity=even", DeviceError::Setting),
            ("serial:/dev/ttyACM0?suffix=", DeviceError::Suffix),
            ("serial:/dev/ttyACM0?suffix=etx", DeviceError::Suffix),
            ("hid:0c2e:0200?suffix=CR", DeviceError::Suffix),
            ("hid:0c2e:0200?suffix=cr&suffix=cr", DeviceError::Suffix),
            ("serial:/dev/ttyACM0?suffix=cr&", DeviceError::Setting),
            ("hid:0c2e:0200?suffix=cr&baud=9600", DeviceError::UsbSetting),
            ("hid:0c2e:0200?port=1.2&baud=9600", DeviceError::UsbSetting),
            ("?suffix=cr", DeviceError::Kind),
            ("serial:0c2e:0aab?baud=9600", DeviceError::UsbSetting),
            ("serial:c2e:0aab", DeviceError::Usb),
            ("hid:", DeviceError::Usb),
            ("hid:0c2e", DeviceError::Usb),
            ("hid:0c2e:020g", DeviceError::Usb),
            ("hid:/dev/input/event3", DeviceError::Usb),
            ("hid:0c2e:0200?serial=", DeviceError::UsbSetting),
        ];
        for (name, expected) in table {
            assert_eq!(name.parse::<Device>(), Err(expected), "{name}");
        }
    }
}
