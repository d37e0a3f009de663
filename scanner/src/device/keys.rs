//! What a keyboard scanner types: the kernel's key codes to bytes.
//!
//! Pure. A scanner set to a US keyboard names keys by where they are on one; no layout, input
//! method or Caps Lock of the machine has a say, because the codes are read below all of them.
//! Two more ways of scanners are understood:
//! - *ALT mode* types a byte as its decimal number on the keypad with Alt held, which brings the
//!   bytes of UTF-8 through whole (Honeywell "Windows ALT mode", Zebra "Emulate Keypad");
//! - Control with a letter or bracket is a control character, as GS1's separator `Ctrl+]`.

use evdev::KeyCode;

/// What the modifiers and the keypad have said so far.
#[derive(Debug, Default)]
pub(super) struct Keys {
    shift: Held,
    control: Held,
    alt: Held,
    /// The number typed while Alt is held.
    number: Option<u32>,
}

/// Left and right of a modifier.
#[derive(Debug, Default)]
struct Held {
    left: bool,
    right: bool,
}

impl Held {
    fn any(&self) -> bool {
        self.left || self.right
    }
}

/// Stands for keys that were lost or mean nothing: no text holds it, so a frame with one in it is
/// garbage and never somebody's code with a letter missing.
pub(super) const LOST: u8 = 0xFF;

impl Keys {
    /// Takes one key that went down or up; the byte that this types, if any. A key held down
    /// repeats for the kernel's reasons, not the scanner's, and must not be told here.
    pub(super) fn take(&mut self, key: KeyCode, down: bool) -> Option<u8> {
        match key {
            KeyCode::KEY_LEFTSHIFT => self.shift.left = down,
            KeyCode::KEY_RIGHTSHIFT => self.shift.right = down,
            KeyCode::KEY_LEFTCTRL => self.control.left = down,
            KeyCode::KEY_RIGHTCTRL => self.control.right = down,
            KeyCode::KEY_LEFTALT | KeyCode::KEY_RIGHTALT => {
                match key {
                    KeyCode::KEY_LEFTALT => self.alt.left = down,
                    _ => self.alt.right = down,
                }
                if !down && let Some(number) = self.number.take() {
                    return Some(u8::try_from(number).unwrap_or(LOST));
                }
            }
            // Typed for the host's sake: they change nothing that is read here.
            KeyCode::KEY_CAPSLOCK | KeyCode::KEY_NUMLOCK | KeyCode::KEY_SCROLLLOCK => {}
            _ if !down => {}
            key => return self.press(key),
        }
        None
    }

    fn press(&mut self, key: KeyCode) -> Option<u8> {
        if self.alt.any() {
            let Some(digit) = keypad_digit(key) else {
                return Some(LOST);
            };
            let before = self.number.unwrap_or(0);
            self.number = Some(before.saturating_mul(10).saturating_add(digit));
            return None;
        }
        let Some((plain, shifted)) = us_key(key) else {
            return Some(LOST);
        };
        let byte = match self.shift.any() {
            true => shifted,
            false => plain,
        };
        match self.control.any() {
            true if byte.is_ascii_alphabetic() || b"[\\]^_".contains(&byte) => Some(byte & 0x1F),
            true => Some(LOST),
            false => Some(byte),
        }
    }
}

fn keypad_digit(key: KeyCode) -> Option<u32> {
    Some(match key {
        KeyCode::KEY_KP0 => 0,
        KeyCode::KEY_KP1 => 1,
        KeyCode::KEY_KP2 => 2,
        KeyCode::KEY_KP3 => 3,
        KeyCode::KEY_KP4 => 4,
        KeyCode::KEY_KP5 => 5,
        KeyCode::KEY_KP6 => 6,
        KeyCode::KEY_KP7 => 7,
        KeyCode::KEY_KP8 => 8,
        KeyCode::KEY_KP9 => 9,
        _ => return None,
    })
}

/// A key of a US keyboard: what it types alone, and with Shift.
fn us_key(key: KeyCode) -> Option<(u8, u8)> {
    /// The rows of a US keyboard, from the kernel's code of their first key on
    /// (include/uapi/linux/input-event-codes.h).
    const ROWS: [(KeyCode, &[u8], &[u8]); 4] = [
        (KeyCode::KEY_1, b"1234567890-=", b"!@#$%^&*()_+"),
        (KeyCode::KEY_Q, b"qwertyuiop[]", b"QWERTYUIOP{}"),
        (KeyCode::KEY_A, b"asdfghjkl;'`", b"ASDFGHJKL:\"~"),
        (KeyCode::KEY_BACKSLASH, b"\\zxcvbnm,./", b"|ZXCVBNM<>?"),
    ];
    for (first, plain, shifted) in ROWS {
        let place = key.code().checked_sub(first.code()).map(usize::from);
        if let Some(keys) = place.and_then(|at| Some((*plain.get(at)?, *shifted.get(at)?))) {
            return Some(keys);
        }
    }
    let same = match key {
        KeyCode::KEY_ENTER | KeyCode::KEY_KPENTER => b'\r',
        KeyCode::KEY_TAB => b'\t',
        KeyCode::KEY_SPACE => b' ',
        KeyCode::KEY_KPDOT => b'.',
        KeyCode::KEY_KPMINUS => b'-',
        KeyCode::KEY_KPPLUS => b'+',
        KeyCode::KEY_KPSLASH => b'/',
        KeyCode::KEY_KPASTERISK => b'*',
        key => b'0' + u8::try_from(keypad_digit(key)?).ok()?,
    };
    Some((same, same))
}

#[cfg(test)]
mod tests {
    use super::*;
    use KeyCode as K;

    /// Presses and releases keys one after another; `(key, true)` alone holds it.
    fn typed(keys: &[(KeyCode, bool)]) -> Vec<u8> {
        let mut state = Keys::default();
        keys.iter()
            .filter_map(|(key, down)| state.take(*key, *down))
            .collect()
    }

    fn tapped(keys: &[KeyCode]) -> Vec<(KeyCode, bool)> {
        keys.iter()
            .flat_map(|k| [(*k, true), (*k, false)])
            .collect()
    }

    fn with(held: KeyCode, keys: &[KeyCode]) -> Vec<(KeyCode, bool)> {
        let mut all = vec![(held, true)];
        all.extend(tapped(keys));
        all.push((held, false));
        all
    }

    #[test]
    fn a_dossier_id_is_typed_as_on_a_us_keyboard() {
        let mut keys = with(K::KEY_LEFTSHIFT, &[K::KEY_H]);
        keys.extend(tapped(&[
            K::KEY_0,
            K::KEY_5,
            K::KEY_DOT,
            K::KEY_1,
            K::KEY_1,
            K::KEY_4,
            K::KEY_MINUS,
            K::KEY_9,
            K::KEY_ENTER,
        ]));
        assert_eq!(typed(&keys), b"H05.114-9\r");
    }

    #[test]
    fn every_printable_sign_of_ascii_has_its_key() {
        let all: Vec<u8> = (0..=u16::from(u8::MAX))
            .filter_map(|code| us_key(KeyCode::new(code)))
            .flat_map(|(plain, shifted)| [plain, shifted])
            .collect();
        for sign in b' '..=b'~' {
            assert!(all.contains(&sign), "{}", char::from(sign));
        }
    }

    #[test]
    fn caps_lock_changes_nothing() {
        let mut keys = tapped(&[K::KEY_CAPSLOCK, K::KEY_H]);
        keys.extend(with(K::KEY_RIGHTSHIFT, &[K::KEY_H]));
        assert_eq!(typed(&keys), b"hH");
    }

    #[test]
    fn alt_and_a_number_is_a_byte_so_that_utf_8_comes_through() {
        // "ễ" is E1 BB 85: 225, 187, 133, typed with and without a leading zero.
        let mut keys = with(K::KEY_LEFTALT, &[K::KEY_KP2, K::KEY_KP2, K::KEY_KP5]);
        keys.extend(with(
            K::KEY_LEFTALT,
            &[K::KEY_KP0, K::KEY_KP1, K::KEY_KP8, K::KEY_KP7],
        ));
        keys.extend(with(K::KEY_RIGHTALT, &[K::KEY_KP1, K::KEY_KP3, K::KEY_KP3]));
        assert_eq!(typed(&keys), "ễ".as_bytes());
        let far = [K::KEY_KP9, K::KEY_KP9, K::KEY_KP9];
        assert_eq!(typed(&with(K::KEY_LEFTALT, &far)), [LOST]);
    }

    #[test]
    fn control_and_a_bracket_is_the_separator_of_gs1() {
        let keys = with(K::KEY_LEFTCTRL, &[K::KEY_RIGHTBRACE]);
        assert_eq!(typed(&keys), [0x1D]);
    }

    #[test]
    fn a_key_that_types_nothing_spoils_the_scan_instead_of_leaving_a_gap() {
        assert_eq!(typed(&tapped(&[K::KEY_A, K::KEY_F5])), [b'a', LOST]);
    }
}
