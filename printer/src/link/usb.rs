//! USB printers by their identity: the kernel numbers `/dev/usb/lp*` in the order of plugging in,
//! so that a printer that was unplugged may come back under another name.
//!
//! What the kernel knows of each stands in `/sys/class/usbmisc/lp*`, whose `device` is the
//! printer's interface; the device's own files lie one above.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::device::UsbId;

const CLASS: &str = "/sys/class/usbmisc";
const NODES: &str = "/dev/usb";

/// A printer that is plugged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsbPrinter {
    /// Its identity, with its serial number if it has one.
    pub id: UsbId,
    /// What maker and model call themselves.
    pub title: String,
    /// Its device node, as of now.
    pub node: PathBuf,
}

/// All printers that are plugged in.
pub fn usb_printers() -> Vec<UsbPrinter> {
    listed(Path::new(CLASS))
}

/// The device node of a printer, at this moment.
pub(crate) fn node(wanted: &UsbId) -> io::Result<PathBuf> {
    found(wanted, listed(Path::new(CLASS)))
}

fn listed(class: &Path) -> Vec<UsbPrinter> {
    // No such folder: no printer has been plugged in since the start.
    let entries = fs::read_dir(class).into_iter().flatten().flatten();
    let mut printers: Vec<_> = entries.filter_map(|e| printer(&e.path())).collect();
    printers.sort_by(|a, b| a.node.cmp(&b.node));
    printers
}

fn printer(entry: &Path) -> Option<UsbPrinter> {
    let name = entry.file_name()?.to_str()?;
    if !name.starts_with("lp") {
        return None;
    }
    let device = entry.join("device").canonicalize().ok()?;
    let device = device.parent()?;
    let read = |file: &str| {
        let text = fs::read_to_string(device.join(file)).ok()?;
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    let number = |file: &str| u16::from_str_radix(&read(file)?, 16).ok();
    let title = [read("manufacturer"), read("product")];
    Some(UsbPrinter {
        id: UsbId {
            vendor: number("idVendor")?,
            product: number("idProduct")?,
            serial: read("serial"),
        },
        title: title.into_iter().flatten().collect::<Vec<_>>().join(" "),
        node: Path::new(NODES).join(name),
    })
}

fn found(wanted: &UsbId, printers: Vec<UsbPrinter>) -> io::Result<PathBuf> {
    let mut same = printers.into_iter().filter(|printer| {
        let id = &printer.id;
        id.vendor == wanted.vendor
            && id.product == wanted.product
            && (wanted.serial.is_none() || id.serial == wanted.serial)
    });
    match (same.next(), same.next()) {
        (Some(only), None) => Ok(only.node),
        (None, _) => Err(io::Error::new(
            io::ErrorKind::NotFound,
            format!("no USB printer {wanted} is plugged in"),
        )),
        (Some(_), Some(_)) => Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("several USB printers {wanted} are plugged in: add the serial number"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    /// As the kernel lays it out: class/lpN/device points to the interface below its device.
    fn plugged_in(root: &Path, name: &str, [vendor, product, serial]: [&str; 3]) {
        let device = root.join("devices").join(name);
        let interface = device.join("1-1:1.0");
        fs::create_dir_all(&interface).unwrap();
        for (file, text) in [
            ("idVendor", vendor),
            ("idProduct", product),
            ("serial", serial),
            ("manufacturer", "EPSON"),
            ("product", "TM-T20II"),
        ] {
            fs::write(device.join(file), format!("{text}\n")).unwrap();
        }
        let entry = root.join("class").join(name);
        fs::create_dir_all(&entry).unwrap();
        symlink(interface, entry.join("device")).unwrap();
    }

    fn id(serial: Option<&str>) -> UsbId {
        UsbId {
            vendor: 0x04b8,
            product: 0x0e15,
            serial: serial.map(str::to_owned),
        }
    }

    #[test]
    fn a_printer_is_found_wherever_it_was_plugged_in_again() {
        let root = tempfile::tempdir().unwrap();
        plugged_in(root.path(), "lp3", ["04b8", "0e15", "J8XY"]);
        plugged_in(root.path(), "lp0", ["0fe6", "811e", ""]);
        let class = root.path().join("class");
        assert_eq!(listed(&class).len(), 2);
        assert_eq!(listed(&class)[1].title, "EPSON TM-T20II");
        for wanted in [id(None), id(Some("J8XY"))] {
            let node = found(&wanted, listed(&class)).unwrap();
            assert_eq!(node, Path::new("/dev/usb/lp3"));
        }
    }

    #[test]
    fn a_printer_that_is_not_there_or_not_the_only_one_is_named() {
        let root = tempfile::tempdir().unwrap();
        let class = root.path().join("class");
        let refused = |wanted: &UsbId| found(wanted, listed(&class)).unwrap_err();
        assert_eq!(refused(&id(None)).kind(), io::ErrorKind::NotFound);
        plugged_in(root.path(), "lp0", ["04b8", "0e15", "one"]);
        plugged_in(root.path(), "lp1", ["04b8", "0e15", "two"]);
        assert!(refused(&id(None)).to_string().contains("several"));
        assert!(refused(&id(Some("three"))).to_string().contains("no USB"));
        let second = found(&id(Some("two")), listed(&class)).unwrap();
        assert_eq!(second, Path::new("/dev/usb/lp1"));
    }
}
