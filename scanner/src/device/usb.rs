//! Which USB device: vendor and product, and where there are two alike its serial number or the
//! port it is plugged into. Found again wherever the kernel put its device file.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::DeviceError;

/// The identity of a USB scanner, as `0c2e:0200`, `0c2e:0200?serial=19048B0A` or
/// `0c2e:0200?port=1.2`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsbId {
    vendor: u16,
    product: u16,
    one: Option<One>,
}

/// Which of several alike.
#[derive(Clone, Debug, PartialEq, Eq)]
enum One {
    /// Its serial number. Cheap scanners have none, or all the same.
    Serial(String),
    /// The port it is plugged into, as the kernel counts: `1.2` is port 2 of the hub in port 1.
    Port(String),
}

/// What the kernel says of a device.
#[derive(Debug, Default)]
struct Found {
    vendor: String,
    product: String,
    serial: String,
    port: String,
}

impl UsbId {
    fn is(&self, found: &Found) -> bool {
        let number = |text: &str| u16::from_str_radix(text, 16).ok();
        number(&found.vendor) == Some(self.vendor)
            && number(&found.product) == Some(self.product)
            && match &self.one {
                None => true,
                Some(One::Serial(serial)) => *serial == found.serial,
                Some(One::Port(port)) => *port == found.port,
            }
    }

    /// The serial line of this device, such as `/dev/ttyACM0`. `sys` is `/sys`.
    pub(super) fn serial_line(&self, sys: &Path) -> io::Result<PathBuf> {
        let lines = self.matching(&sys.join("class/tty"), |line| {
            // The line's device is an interface of the USB device, one folder below it.
            let interface = fs::canonicalize(line.join("device")).ok()?;
            let device = interface
                .ancestors()
                .find(|a| a.join("idVendor").is_file())?;
            Some(Found {
                vendor: read(device.join("idVendor")),
                product: read(device.join("idProduct")),
                serial: read(device.join("serial")),
                port: port_of(device.file_name()?.to_str()?),
            })
        })?;
        match lines.as_slice() {
            [] => Err(io::ErrorKind::NotFound.into()),
            [(line, _)] => Ok(Path::new("/dev").join(line)),
            several => Err(ambiguous(several)),
        }
    }

    /// The event files of this device, such as `/dev/input/event3`: a scanner may have several.
    pub(super) fn keyboards(&self, sys: &Path) -> io::Result<Vec<PathBuf>> {
        let found = self.matching(&sys.join("class/input"), |event| {
            let device = event.join("device");
            Some(Found {
                vendor: read(device.join("id/vendor")),
                product: read(device.join("id/product")),
                serial: read(device.join("uniq")),
                // "usb-0000:01:00.0-1.2/input0"
                port: port_of(read(device.join("phys")).split('/').next()?),
            })
        })?;
        let ports = found.iter().map(|(_, found)| &found.port);
        match found.first() {
            None => Err(io::ErrorKind::NotFound.into()),
            // Two scanners alike: guessing would send one desk's scans to the other.
            Some((_, first)) if ports.clone().any(|port| *port != first.port) => {
                Err(ambiguous(&found))
            }
            Some(_) => Ok(found
                .into_iter()
                .map(|(name, _)| Path::new("/dev/input").join(name))
                .collect()),
        }
    }

    /// The entries of a class folder that are this device, by name.
    fn matching(
        &self,
        class: &Path,
        found: impl Fn(&Path) -> Option<Found>,
    ) -> io::Result<Vec<(String, Found)>> {
        let mut matching = Vec::new();
        for entry in fs::read_dir(class)? {
            let path = entry?.path();
            let name = path.file_name().and_then(|name| name.to_str());
            let Some(name) = name.filter(|n| n.starts_with("event") || n.starts_with("tty")) else {
                continue;
            };
            if let Some(found) = found(&path).filter(|found| self.is(found)) {
                matching.push((name.to_owned(), found));
            }
        }
        matching.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(matching)
    }
}

/// `1.2` of `1-1.2` or of `usb-0000:01:00.0-1.2`.
fn port_of(name: &str) -> String {
    name.rsplit('-').next().unwrap_or_default().to_owned()
}

/// Empty where the kernel has nothing to say.
fn read(path: PathBuf) -> String {
    fs::read_to_string(path).map_or_else(|_| String::new(), |text| text.trim().to_owned())
}

fn ambiguous(several: &[(String, Found)]) -> io::Error {
    let mut ports: Vec<&str> = several.iter().map(|(_, f)| f.port.as_str()).collect();
    ports.dedup();
    let text = format!(
        "several scanners of this kind are plugged in, at ports {}: name each with ?port=…",
        ports.join(", ")
    );
    io::Error::new(io::ErrorKind::InvalidInput, text)
}

impl fmt::Display for UsbId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04x}:{:04x}", self.vendor, self.product)?;
        match &self.one {
            None => Ok(()),
            Some(One::Serial(serial)) => write!(f, "?serial={serial}"),
            Some(One::Port(port)) => write!(f, "?port={port}"),
        }
    }
}

impl FromStr for UsbId {
    type Err = DeviceError;

    fn from_str(name: &str) -> Result<Self, DeviceError> {
        let (ids, setting) = match name.split_once('?') {
            Some((ids, setting)) => (ids, Some(setting)),
            None => (name, None),
        };
        let id = |text: &str| match text.len() {
            4 => u16::from_str_radix(text, 16).ok(),
            _ => None,
        };
        let (vendor, product) = ids
            .split_once(':')
            .and_then(|(vendor, product)| Some((id(vendor)?, id(product)?)))
            .ok_or(DeviceError::Usb)?;
        let one = match setting.map(|setting| setting.split_once('=')) {
            None => None,
            // One of the two is enough, and neither has an ampersand.
            Some(Some((_, one))) if one.contains('&') => return Err(DeviceError::UsbSetting),
            Some(Some(("serial", serial))) if !serial.is_empty() => {
                Some(One::Serial(serial.to_owned()))
            }
            Some(Some(("port", port))) if !port.is_empty() => Some(One::Port(port.to_owned())),
            Some(_) => return Err(DeviceError::UsbSetting),
        };
        Ok(Self {
            vendor,
            product,
            one,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    /// A `/sys` with devices in it.
    struct Sys(tempfile::TempDir);

    impl Sys {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            for class in ["class/tty", "class/input"] {
                fs::create_dir_all(folder.path().join(class)).unwrap();
            }
            Self(folder)
        }

        fn write(&self, path: &str, text: &str) {
            let path = self.0.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, format!("{text}\n")).unwrap();
        }

        fn serial_line(&self, name: &str, usb: &str, serial: &str) {
            let device = format!("devices/usb1/{usb}");
            self.write(&format!("{device}/idVendor"), "0c2e");
            self.write(&format!("{device}/idProduct"), "0aab");
            self.write(&format!("{device}/serial"), serial);
            let interface = self.0.path().join(format!("{device}/{usb}:1.0"));
            fs::create_dir_all(&interface).unwrap();
            let line = self.0.path().join(format!("class/tty/{name}"));
            fs::create_dir_all(&line).unwrap();
            symlink(interface, line.join("device")).unwrap();
        }

        fn keyboard(&self, event: u32, port: &str, input: u32, serial: &str) {
            let device = format!("class/input/event{event}/device");
            self.write(&format!("{device}/id/vendor"), "0c2e");
            self.write(&format!("{device}/id/product"), "0200");
            self.write(&format!("{device}/uniq"), serial);
            let phys = format!("usb-0000:01:00.0-{port}/input{input}");
            self.write(&format!("{device}/phys"), &phys);
        }

        fn lines(&self, name: &str) -> io::Result<PathBuf> {
            name.parse::<UsbId>().unwrap().serial_line(self.0.path())
        }

        fn keyboards(&self, name: &str) -> io::Result<Vec<PathBuf>> {
            name.parse::<UsbId>().unwrap().keyboards(self.0.path())
        }
    }

    #[test]
    fn a_serial_scanner_is_found_by_what_it_is_wherever_it_is_plugged_in() {
        let sys = Sys::new();
        let away = sys.lines("0c2e:0aab").unwrap_err();
        assert_eq!(away.kind(), io::ErrorKind::NotFound);
        sys.write("class/tty/ttyS0/type", "4");
        sys.serial_line("ttyACM3", "1-1.2", "AB1");
        assert_eq!(sys.lines("0c2e:0aab").unwrap(), Path::new("/dev/ttyACM3"));
        assert!(sys.lines("0c2e:0aac").is_err());
    }

    #[test]
    fn of_two_alike_the_serial_number_or_the_port_tells_which() {
        let sys = Sys::new();
        sys.serial_line("ttyACM0", "1-1.2", "AB1");
        sys.serial_line("ttyACM1", "1-1.3", "AB2");
        let both = sys.lines("0c2e:0aab").unwrap_err().to_string();
        assert!(both.contains("1.2, 1.3"), "{both}");
        let one = |name| sys.lines(name).unwrap();
        assert_eq!(one("0c2e:0aab?serial=AB2"), Path::new("/dev/ttyACM1"));
        assert_eq!(one("0c2e:0aab?port=1.2"), Path::new("/dev/ttyACM0"));
    }

    #[test]
    fn a_keyboard_scanner_has_all_its_event_files_and_two_alike_are_not_mixed_up() {
        let sys = Sys::new();
        sys.keyboard(3, "1.2", 0, "");
        sys.keyboard(4, "1.2", 1, "");
        let both = ["/dev/input/event3", "/dev/input/event4"].map(PathBuf::from);
        assert_eq!(sys.keyboards("0c2e:0200").unwrap(), both);
        sys.keyboard(5, "1.3", 0, "");
        assert!(sys.keyboards("0c2e:0200").is_err());
        let second = sys.keyboards("0c2e:0200?port=1.3").unwrap();
        assert_eq!(second, [PathBuf::from("/dev/input/event5")]);
    }
}
