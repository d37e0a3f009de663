//! Which printer: a line of the configuration as a value, and back.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use thiserror::Error;

/// What most serial receipt printers are set to today.
const BAUD: u32 = 115_200;

/// Where slips go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Device {
    /// `preview`: pictures in a folder.
    Preview,
    /// `none`: this office has no printer.
    None,
    /// `file:/dev/usb/lp0`: a device node, or a plain file that grows.
    File(PathBuf),
    /// `usb:04b8:0e15` or `usb:04b8:0e15:J8XY001234`: a printer on USB, wherever it is plugged in.
    Usb(UsbId),
    /// `tcp:192.0.2.7:9100`: a printer on the network.
    Tcp(String),
    /// `serial:/dev/ttyUSB0?baud=115200&flow=hardware`: a printer on a serial line.
    Serial {
        /// The line's device node.
        path: PathBuf,
        /// Bits per second.
        baud: u32,
        /// How the printer says "wait".
        flow: Flow,
    },
}

/// By what a USB printer is known: its maker, its model, and its serial number where several of
/// one model are plugged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsbId {
    /// `idVendor`.
    pub vendor: u16,
    /// `idProduct`.
    pub product: u16,
    /// `serial`, if it matters.
    pub serial: Option<String>,
}

/// How a serial printer says "wait".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Flow {
    /// Not at all; slips beyond its memory lose rows.
    #[default]
    None,
    /// By the RTS and CTS wires.
    Hardware,
    /// By XON and XOFF.
    Software,
}

/// A device that the configuration names wrongly.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DeviceError {
    /// Not one of the kinds.
    #[error(
        "\"{0}\" is no printer: write \"preview\", \"none\", \"usb:04b8:0e15\", \"file:/dev/usb/lp0\", \
         \"tcp:192.0.2.7:9100\" or \"serial:/dev/ttyUSB0?baud=115200\""
    )]
    Kind(String),
    /// Nothing behind the colon.
    #[error("\"{0}\" names no path, as in \"file:/dev/usb/lp0\"")]
    Path(String),
    /// A USB identity that is none.
    #[error(
        "\"{0}\" is no USB identity: four hexadecimal digits each for maker and model, as in \
         \"usb:04b8:0e15\", and the serial number behind them if there are several"
    )]
    Usb(String),
    /// A network printer without host or port.
    #[error("\"{0}\" needs a host and a port, as in \"tcp:192.0.2.7:9100\"")]
    Address(String),
    /// A serial line with something after the question mark that is not known.
    #[error(
        "\"{0}\" is no serial setting: write \"baud=115200\", \"flow=none\", \"flow=hardware\" or \"flow=software\""
    )]
    Setting(String),
}

impl FromStr for Device {
    type Err = DeviceError;

    fn from_str(text: &str) -> Result<Self, DeviceError> {
        let (kind, rest) = text.split_once(':').unwrap_or((text, ""));
        match (kind, rest) {
            ("preview", "") if text == kind => Ok(Self::Preview),
            ("none", "") if text == kind => Ok(Self::None),
            ("file" | "serial", "") => Err(DeviceError::Path(text.to_owned())),
            ("file", path) => Ok(Self::File(path.into())),
            ("usb", id) => usb(id).ok_or_else(|| DeviceError::Usb(text.to_owned())),
            ("tcp", address) => tcp(text, address),
            ("serial", line) => serial(text, line),
            _ => Err(DeviceError::Kind(text.to_owned())),
        }
    }
}

fn usb(id: &str) -> Option<Device> {
    let mut parts = id.splitn(3, ':');
    let mut number = || {
        let digits = parts.next()?;
        let plain = digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_hexdigit());
        plain
            .then(|| u16::from_str_radix(digits, 16).ok())
            .flatten()
    };
    let (vendor, product) = (number()?, number()?);
    let serial = parts.next().map(str::to_owned);
    if serial.as_ref().is_some_and(String::is_empty) {
        return None;
    }
    Some(Device::Usb(UsbId {
        vendor,
        product,
        serial,
    }))
}

fn tcp(text: &str, address: &str) -> Result<Device, DeviceError> {
    match address.rsplit_once(':') {
        Some((host, port))
            if !host.is_empty() && port.parse::<u16>().is_ok_and(|port| port > 0) =>
        {
            Ok(Device::Tcp(address.to_owned()))
        }
        _ => Err(DeviceError::Address(text.to_owned())),
    }
}

fn serial(text: &str, line: &str) -> Result<Device, DeviceError> {
    let (path, settings) = line.split_once('?').unwrap_or((line, ""));
    if path.is_empty() {
        return Err(DeviceError::Path(text.to_owned()));
    }
    let (mut baud, mut flow) = (BAUD, Flow::None);
    for setting in settings.split('&').filter(|setting| !setting.is_empty()) {
        let wrong = || DeviceError::Setting(setting.to_owned());
        match setting.split_once('=') {
            Some(("baud", rate)) => {
                baud = rate
                    .parse()
                    .ok()
                    .filter(|rate| *rate > 0)
                    .ok_or_else(wrong)?;
            }
            Some(("flow", "none")) => flow = Flow::None,
            Some(("flow", "hardware")) => flow = Flow::Hardware,
            Some(("flow", "software")) => flow = Flow::Software,
            _ => return Err(wrong()),
        }
    }
    Ok(Device::Serial {
        path: path.into(),
        baud,
        flow,
    })
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Preview => f.write_str("preview"),
            Self::None => f.write_str("none"),
            Self::File(path) => write!(f, "file:{}", path.display()),
            Self::Usb(id) => write!(f, "usb:{id}"),
            Self::Tcp(address) => write!(f, "tcp:{address}"),
            Self::Serial { path, baud, flow } => {
                write!(f, "serial:{}?baud={baud}", path.display())?;
                match flow {
                    Flow::None => Ok(()),
                    Flow::Hardware => f.write_str("&flow=hardware"),
                    Flow::Software => f.write_str("&flow=software"),
                }
            }
        }
    }
}

impl fmt::Display for UsbId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04x}:{:04x}", self.vendor, self.product)?;
        match &self.serial {
            Some(serial) => write!(f, ":{serial}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_printer_of_the_manual_is_understood_and_written_back() {
        for text in [
            "preview",
            "none",
            "file:/dev/usb/lp0",
            "usb:04b8:0e15",
            "usb:04b8:0e15:J8XY:01",
            "tcp:192.0.2.7:9100",
            "tcp:[2001:db8::7]:9100",
            "serial:/dev/ttyUSB0?baud=115200",
            "serial:/dev/ttyUSB0?baud=19200&flow=hardware",
            "serial:/dev/ttyUSB0?baud=9600&flow=software",
        ] {
            assert_eq!(text.parse::<Device>().unwrap().to_string(), text);
        }
        let short: Device = "serial:/dev/ttyS0".parse().unwrap();
        assert_eq!(short.to_string(), "serial:/dev/ttyS0?baud=115200");
    }

    #[test]
    fn a_wrong_printer_is_refused_with_what_to_write_instead() {
        for (text, hint) in [
            ("", "is no printer"),
            ("usb", "is no USB identity"),
            ("usb:4b8:e15", "is no USB identity"),
            ("usb:04b8", "is no USB identity"),
            ("usb:04b8:0e1g", "is no USB identity"),
            ("usb:04b8:0e15:", "is no USB identity"),
            ("preview:", "is no printer"),
            ("none:x", "is no printer"),
            ("file:", "names no path"),
            ("serial:?baud=9600", "names no path"),
            ("tcp:192.0.2.7", "needs a host and a port"),
            ("tcp::9100", "needs a host and a port"),
            ("tcp:printer:0", "needs a host and a port"),
            ("tcp:printer:99999", "needs a host and a port"),
            (
                "serial:/dev/ttyS0?baud=fast",
                "\"baud=fast\" is no serial setting",
            ),
            ("serial:/dev/ttyS0?baud=0", "is no serial setting"),
            ("serial:/dev/ttyS0?parity=even", "is no serial setting"),
        ] {
            let error = text.parse::<Device>().unwrap_err().to_string();
            assert!(error.contains(hint), "{text}: {error}");
        }
    }
}
