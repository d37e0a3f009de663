//! When each device was last heard of, and from where. Time comes in from outside.
//!
//! Kept in memory; now and then, and at the stop, it goes to the disk, never at a request.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::speaker::Sound;

/// The last that was heard of a device.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Contact {
    address: String,
    /// UTC in ms as far as it was known when this was written.
    utc_ms: Option<i64>,
    /// Of this run of the daemon; absent: heard of before it.
    #[serde(skip)]
    mono_ms: Option<u64>,
    /// How its sound fares, if it is a screen with sound.
    #[serde(skip)]
    sound: Option<Sound>,
}

/// The last that was heard of a device, as told to people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// Where from.
    pub address: String,
    /// UTC in ms, if known.
    pub utc_ms: Option<i64>,
    /// How long ago. One heard of before this run of the daemon has been silent since its start.
    pub silent_ms: u64,
    /// How its sound fares, if it is a screen with sound.
    pub sound: Option<Sound>,
}

/// All devices' contacts.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Contacts {
    #[serde(flatten)]
    by_device: BTreeMap<String, Contact>,
    /// When this run began.
    #[serde(skip)]
    started_ms: u64,
    #[serde(skip)]
    changed: bool,
}

impl Contacts {
    /// As read from the disk at the start.
    pub fn restarted(self, now_ms: u64) -> Self {
        Self {
            started_ms: now_ms,
            ..self
        }
    }

    /// A device is there.
    pub fn hear(&mut self, now_ms: u64, device: &str, address: &str) {
        self.changed = true;
        let contact = match self.by_device.get_mut(device) {
            Some(contact) => contact,
            None => self.by_device.entry(device.to_owned()).or_default(),
        };
        contact.mono_ms = Some(now_ms);
        if contact.address != address {
            address.clone_into(&mut contact.address);
        }
    }

    /// How the sound of a device that is there fares.
    pub fn hear_sound(&mut self, device: &str, sound: Option<Sound>) {
        if let Some(contact) = self.by_device.get_mut(device) {
            contact.sound = sound;
        }
    }

    /// The last that was heard of a device; `None`: never. `utc_ms`: now, if known.
    pub fn of(&self, device: &str, now_ms: u64, utc_ms: Option<i64>) -> Option<Heard> {
        let contact = self.by_device.get(device)?;
        let since = contact.mono_ms.unwrap_or(self.started_ms);
        let silent_ms = now_ms.saturating_sub(since);
        Some(Heard {
            address: contact.address.clone(),
            utc_ms: match contact.mono_ms {
                Some(_) => utc_ms.map(|utc| utc - i64::try_from(silent_ms).unwrap_or(i64::MAX)),
                None => contact.utc_ms,
            },
            silent_ms,
            sound: contact.sound,
        })
    }

    /// What is to be written, if there is news since the last time. Devices that are not `known`
    /// any more are forgotten.
    pub fn news(
        &mut self,
        now_ms: u64,
        utc_ms: Option<i64>,
        known: impl Fn(&str) -> bool,
    ) -> Option<Vec<u8>> {
        self.by_device.retain(|device, _| known(device));
        if !std::mem::take(&mut self.changed) {
            return None;
        }
        let times: Vec<Option<i64>> = self
            .by_device
            .keys()
            .map(|device| self.of(device, now_ms, utc_ms)?.utc_ms)
            .collect();
        for (contact, utc_ms) in self.by_device.values_mut().zip(times) {
            contact.utc_ms = utc_ms;
        }
        serde_json::to_vec(self).ok()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const MINUTE: u64 = 60_000;
    const UTC: i64 = 1_795_394_520_000;

    #[test]
    fn the_last_contact_is_told_with_its_time_and_address_also_after_a_restart() {
        let mut contacts = Contacts::default().restarted(0);
        assert_eq!(contacts.of("touch-1", 0, Some(UTC)), None);
        contacts.hear(MINUTE, "touch-1", "192.0.2.7");
        let heard = contacts.of("touch-1", 3 * MINUTE, Some(UTC)).unwrap();
        assert_eq!(
            (heard.address.as_str(), heard.silent_ms),
            ("192.0.2.7", 2 * MINUTE)
        );
        assert_eq!(heard.utc_ms, Some(UTC - 120_000));

        let bytes = contacts.news(3 * MINUTE, Some(UTC), |_| true).unwrap();
        let again: Contacts = serde_json::from_slice(&bytes).unwrap();
        // The daemon started half a minute ago: nobody has been away for longer than that.
        let again = again.restarted(10 * MINUTE);
        let heard = again.of("touch-1", 10 * MINUTE + 30_000, None).unwrap();
        assert_eq!(heard.utc_ms, Some(UTC - 120_000));
        assert_eq!(heard.silent_ms, 30_000);
    }

    #[test]
    fn the_disk_is_written_only_when_there_is_news() {
        let mut contacts = Contacts::default().restarted(0);
        assert_eq!(contacts.news(0, None, |_| true), None);
        contacts.hear(1, "touch-1", "192.0.2.7");
        contacts.hear(1, "gone", "192.0.2.8");
        let bytes = contacts.news(2, None, |device| device != "gone").unwrap();
        assert!(!String::from_utf8(bytes).unwrap().contains("gone"));
        assert_eq!(contacts.news(3, None, |_| true), None);
    }

    #[test]
    fn while_the_time_is_unknown_none_is_told() {
        let mut contacts = Contacts::default().restarted(0);
        contacts.hear(1, "touch-1", "192.0.2.7");
        assert_eq!(contacts.of("touch-1", 2, None).unwrap().utc_ms, None);
        // Learnt meanwhile: what was heard in this run has a time after all.
        assert!(
            contacts
                .of("touch-1", 2, Some(UTC))
                .unwrap()
                .utc_ms
                .is_some()
        );
    }
}
