//! Scans: what they are for, and which only repeat another.

use super::*;

impl State {
    pub(super) fn decide_scan(&self, now: Now, command: Command) -> Result<Vec<Event>, Refusal> {
        let Command::Scan {
            scan,
            dossier,
            purpose,
            counter,
            ticket,
            device,
            forward,
        } = command
        else {
            return Ok(Vec::new());
        };
        let reading = JustRead {
            device: &device,
            dossier: &dossier,
            counter,
            purpose,
        };
        if let Some(same) = self.same_scan(now, &reading) {
            return Ok(vec![Event::ReadAgain { scan: same.id }]);
        }
        let office = self.office().ok_or(Refusal::DayClosed)?;
        let desk = match counter {
            Some(number) => {
                office.counter(number).ok_or(Refusal::UnknownCounter)?;
                self.desks.get(&number)
            }
            None => None,
        };
        let ticket = match ticket {
            Some(id) => Some(self.ticket(id).ok_or(Refusal::UnknownTicket)?),
            // What is scanned while a ticket is in hand belongs to it.
            None => desk.and_then(|d| self.ticket(d.ticket?)),
        };
        let by_service = ticket.and_then(|t| office.service(t.service)?.purpose);
        let by_counter = || Some(office.counter(counter?)?.purpose);
        Ok(vec![Event::Scanned {
            scan,
            repeat: self.dossiers.contains(&(self.day_id(), dossier.clone())),
            dossier: Personal::Plain(dossier),
            purpose: purpose
                .or(by_service)
                .or_else(by_counter)
                .unwrap_or_default(),
            counter,
            ticket: ticket.map(|t| t.id),
            device,
            forward,
            day: self.day_id(),
            utc: self.utc(now.tick),
            office: office.code.clone(),
        }])
    }

    /// The scan that a reading only repeats: presentation readers read a label again while it
    /// stays in front of them.
    pub fn same_scan(&self, now: Now, reading: &JustRead<'_>) -> Option<&crate::Scan> {
        self.scans()
            .rev()
            .take_while(|scan| scan.tick.saturating_add(DUPLICATE_SCAN_MS) > now.tick)
            .find(|scan| {
                scan.device == reading.device
                    && scan.dossier.as_deref() == Some(reading.dossier)
                    && scan.counter == reading.counter
                    && reading.purpose.is_none_or(|said| said == scan.purpose)
            })
    }

    /// What goes out again is another scan, with the values of the old one: under the old key the
    /// server might answer for what it never kept.
    pub(super) fn decide_settle(
        &self,
        scan: crate::ScanId,
        settled: Settled,
        words: Personal,
    ) -> Result<Vec<Event>, Refusal> {
        let old = self.scan(scan).ok_or(Refusal::UnknownScan)?;
        if old.state != ScanState::Unknown {
            return Err(Refusal::NothingToSettle);
        }
        let again = match settled {
            Settled::Taken => {
                let answer = Some(words);
                return Ok(vec![Event::ScanDelivered { scan, answer }]);
            }
            Settled::Dropped => None,
            Settled::Again(id) => {
                // Erased while nobody decided: there is nothing left to send.
                let dossier = old.dossier.clone().ok_or(Refusal::NothingToSettle)?;
                Some(Event::Scanned {
                    scan: id,
                    dossier: Personal::Plain(dossier),
                    purpose: old.purpose,
                    counter: old.counter,
                    ticket: old.ticket,
                    device: old.device.clone(),
                    forward: true,
                    repeat: true,
                    day: self.day_id(),
                    utc: old.utc,
                    office: old.office.clone(),
                })
            }
        };
        let ended = Event::ScanRefused {
            scan,
            reason: words,
        };
        Ok(std::iter::once(ended).chain(again).collect())
    }

    /// A scan that has no outcome yet, or one that nobody could tell and a clerk decides.
    pub(super) fn open_scan(&self, scan: crate::ScanId) -> Result<&crate::Scan, Refusal> {
        self.scan(scan)
            .filter(|scan| scan.state.is_open())
            .ok_or(Refusal::UnknownScan)
    }
}
