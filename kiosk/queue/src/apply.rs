//! Events make the state. Applying cannot fail: an event about something that is no longer
//! there (replay starts at the last `DayOpened`) changes nothing.

use crate::day::is_correction;
use crate::line::Line;
use crate::state::CALLS_KEPT;
use crate::{
    Act, ByHand, Call, CounterState, Day, Event, PaperState, Personal, Scan, ScanState, Stamp,
    State, Ticket, TicketId, TicketState,
};

/// Durations kept per service for the wait estimate: about an hour of a busy counter.
const DURATIONS_KEPT: usize = 30;

impl State {
    /// Makes `event`, of the record at `stamp`, true.
    pub fn apply(&mut self, stamp: Stamp, event: &Event) {
        self.events += 1;
        match event {
            Event::Started { clock, .. } => self.clock = *clock,
            Event::Restored { .. } => {}
            Event::ClockKnown { clock } => self.clock = Some(*clock),
            Event::ClockCorrected { clock, .. } => {
                self.clock = Some(*clock);
                self.corrected_tick = Some(stamp.tick);
            }
            Event::Configured { .. } | Event::OfficePlanned { .. } | Event::OfficeWithdrawn => {
                self.settings.apply(stamp.seq, event);
                self.furnish();
            }
            Event::TimeConfirmed { clock, by_ms } => {
                self.clock = Some(*clock);
                match by_ms.is_some_and(is_correction) {
                    true => self.corrected_tick = Some(stamp.tick),
                    false => self.confirmed_tick = Some(stamp.tick),
                }
            }
            Event::DayOpened { .. }
            | Event::DayDated { .. }
            | Event::DayReopened { .. }
            | Event::DayClosed { .. } => self.apply_day(stamp, event),
            Event::Deferred(deferral) => self.carry_deferral(deferral.clone()),
            Event::DeferralsEnded { tickets } => {
                self.deferrals
                    .retain(|_, deferral| !tickets.contains(&deferral.ticket));
            }
            Event::DayErased { day } => self.erase(*day),
            Event::Issued { .. } => self.apply_issued(stamp, event),
            Event::NumbersSkipped {
                service,
                next,
                date,
            } => self.apply_skipped(*service, *next, *date),
            Event::CounterOpened { counter, actor } => {
                let desk = self.desks.entry(*counter).or_default();
                desk.state = CounterState::Open;
                desk.since_tick = stamp.tick;
                desk.actor = Some(actor.clone());
            }
            Event::CounterPaused { counter } => {
                let desk = self.desks.entry(*counter).or_default();
                desk.state = CounterState::Paused;
                desk.since_tick = stamp.tick;
            }
            Event::CounterClosed { counter } => {
                let desk = self.desks.entry(*counter).or_default();
                desk.state = CounterState::Closed;
                desk.since_tick = stamp.tick;
                desk.actor = None;
                desk.last = None;
            }
            Event::ServicePaused { service } => {
                self.paused.insert(*service);
            }
            Event::ServiceResumed { service } => {
                self.paused.remove(service);
            }
            Event::PaperBegun {
                ticket,
                printer,
                again,
            } => {
                if let Some(ticket) = self.tickets.get_mut(ticket) {
                    ticket.slip.begin(printer.as_deref(), *again);
                }
            }
            Event::PaperReported {
                ticket,
                paper,
                cause,
            } => self.apply_paper(*ticket, *paper, cause.as_deref()),
            Event::SlipAsked { .. } | Event::SlipBegun { .. } | Event::SlipReported { .. } => {
                self.apply_asked(stamp, event);
            }
            Event::ReprintAsked { ticket } => {
                self.apply_paper(*ticket, PaperState::Pending, None);
                if let Some(ticket) = self.tickets.get_mut(ticket) {
                    ticket.slip.asked_tick = stamp.tick;
                }
            }
            Event::Scanned { .. } => self.apply_scanned(stamp, event),
            Event::ScanDelivered { scan, answer } => {
                self.end_scan(*scan, ScanState::Delivered, answer.as_ref());
            }
            Event::ScanRefused { scan, reason } => {
                self.end_scan(*scan, ScanState::Refused, Some(reason));
            }
            Event::ScanUnknown { scan, reason } => {
                self.end_scan(*scan, ScanState::Unknown, Some(reason));
            }
            Event::LetterDrafted { .. }
            | Event::LetterSigned { .. }
            | Event::LetterGiven { .. } => self.apply_letter(stamp, event),
            // People, devices and the way to the intake server are no part of the queue: they are
            // here so that the record tells of them.
            Event::IntakeAway { .. }
            | Event::IntakeBack
            | Event::PersonChanged { .. }
            | Event::DeviceChanged { .. }
            | Event::Rated { .. }
            | Event::ReadAgain { .. }
            | Event::RollEntered { .. } => {}
            Event::Undone { counter, .. } => self.apply_undone(stamp, *counter),
            Event::Cancelled { ticket }
            | Event::Voided { ticket }
            | Event::Called { ticket, .. }
            | Event::Recalled { ticket, .. }
            | Event::Begun { ticket, .. }
            | Event::Finished { ticket, .. }
            | Event::MissedCall { ticket, .. }
            | Event::Held { ticket, .. }
            | Event::Resumed { ticket, .. }
            | Event::Transferred { ticket, .. } => self.apply_ticket(stamp, *ticket, event),
        }
    }

    fn apply_day(&mut self, stamp: Stamp, event: &Event) {
        match event {
            Event::DayOpened {
                day,
                date,
                by_staff,
                clock,
                after,
            } => {
                self.begin_day(Day {
                    id: *day,
                    date: *date,
                    after: *after,
                    open: true,
                    by_staff: *by_staff,
                    opened_tick: stamp.tick,
                    active_tick: stamp.tick,
                });
                self.clock = *clock;
            }
            Event::DayDated { day, date } => {
                if let Some(d) = self.day.as_mut().filter(|d| d.id == *day) {
                    d.date = Some(*date);
                }
            }
            Event::DayReopened { day } => {
                if let Some(d) = self.day.as_mut().filter(|d| d.id == *day) {
                    d.open = true;
                    // Only staff reopen: the hours must not close it again at once.
                    d.by_staff = true;
                    d.active_tick = stamp.tick;
                }
                // They wait again.
                self.deferrals.retain(|_, deferral| deferral.day != *day);
            }
            _ => self.end_day(stamp),
        }
    }

    /// A new day: numbers begin at 1, yesterday is history.
    fn begin_day(&mut self, day: Day) {
        let (id, settings) = (day.id, std::mem::take(&mut self.settings));
        let scans = std::mem::take(&mut self.scans);
        let deferrals = std::mem::take(&mut self.deferrals);
        let letters = std::mem::take(&mut self.letters);
        *self = Self {
            day: Some(day),
            deferrals,
            ..Self::default()
        };
        self.carry_settings(settings);
        for letter in letters.into_values().filter(|l| l.state.is_open()) {
            self.carry_letter(letter);
        }
        for scan in scans.into_values().filter(|s| s.state.is_open()) {
            // Read before the opening, but for this day.
            if let Some(dossier) = scan.dossier.clone().filter(|_| scan.day == id) {
                self.dossiers.insert((id, dossier));
            }
            self.carry_scan(scan);
        }
    }

    /// A scan of an old day that was delivered only today is still known.
    fn erase(&mut self, day: u64) {
        for scan in self.scans.values_mut().filter(|scan| scan.day == day) {
            scan.dossier = None;
            scan.answer = None;
        }
        self.dossiers.retain(|(of, _)| *of != day);
        self.erase_letters(day);
    }

    fn end_day(&mut self, stamp: Stamp) {
        if let Some(day) = &mut self.day {
            day.open = false;
        }
        // What is in hand at closing counts as served: its clerk has gone home. Newer records
        // say so themselves.
        let in_hand: Vec<TicketId> = self.desks.values().filter_map(|d| d.ticket).collect();
        for id in in_hand {
            self.change_ticket(id, |t| t.state = TicketState::Done);
        }
        for desk in self.desks.values_mut() {
            *desk = crate::Desk {
                row: desk.row,
                since_tick: stamp.tick,
                ..crate::Desk::default()
            };
        }
    }

    fn apply_issued(&mut self, stamp: Stamp, event: &Event) {
        let Event::Issued {
            ticket: id,
            token,
            number,
            service,
            class,
            language,
            print,
            dossier,
            printer,
            by_hand,
            earlier,
            person,
            ..
        } = event
        else {
            return;
        };
        let ticket = Ticket {
            id: *id,
            token: *token,
            number: *number,
            service: *service,
            class: class.clone(),
            language: language.as_str().into(),
            state: match by_hand {
                Some(ByHand::Served) => TicketState::Done,
                Some(ByHand::Waiting) | None => TicketState::Waiting,
            },
            counter: None,
            place: self.next_place,
            due: None,
            only: None,
            issued_tick: stamp.tick,
            issued_utc: self.utc(stamp.tick),
            called_tick: None,
            away_tick: None,
            calls: 0,
            why: None,
            note: None,
            paper: if *print {
                PaperState::Pending
            } else {
                PaperState::None
            },
            slip: crate::Slip {
                asked_tick: stamp.tick,
                wanted: printer.as_deref().map(Into::into),
                ..crate::Slip::default()
            },
            by_hand: by_hand.is_some(),
            dossier: dossier
                .as_ref()
                .and_then(Personal::plain)
                .map(str::to_owned),
            person: person.as_ref().and_then(Personal::plain).map(Into::into),
            touched: self.events,
        };
        self.note_holder(&ticket);
        self.next_place += 1;
        let series = self.series.entry(number.letter).or_default();
        series.take(number.n, *id);
        self.tokens.insert(*token, *id);
        if let Some(earlier) = earlier {
            self.come_back(earlier.ticket, *id);
        }
        if *print {
            self.slips.insert(ticket.place, *id);
        }
        if ticket.state == TicketState::Waiting {
            self.line_of(&ticket).insert(&ticket);
        }
        self.tickets.insert(*id, ticket);
        self.mark_active(stamp);
    }

    fn mark_active(&mut self, stamp: Stamp) {
        if let Some(day) = &mut self.day {
            day.active_tick = stamp.tick;
        }
    }

    /// Changes a ticket and keeps the lines in step with it.
    pub(crate) fn change_ticket(
        &mut self,
        id: TicketId,
        change: impl FnOnce(&mut Ticket),
    ) -> Option<Ticket> {
        let mut ticket = self.tickets.get(&id)?.clone();
        let before = ticket.clone();
        if ticket.state == TicketState::Waiting {
            self.line_of(&ticket).remove(&ticket);
        }
        change(&mut ticket);
        ticket.touched = self.events;
        if ticket.state == TicketState::Waiting {
            self.line_of(&ticket).insert(&ticket);
        }
        self.tickets.insert(id, ticket);
        Some(before)
    }

    fn apply_ticket(&mut self, stamp: Stamp, id: TicketId, event: &Event) {
        let before = self.change_ticket(id, |t| match event {
            Event::Cancelled { .. } => t.state = TicketState::Cancelled,
            Event::Voided { .. } => t.state = TicketState::Void,
            Event::Called { counter, why, .. } => {
                t.state = TicketState::Called;
                t.counter = Some(*counter);
                t.called_tick = Some(stamp.tick);
                t.calls += 1;
                t.why = Some(why.clone());
                t.due = None;
                t.only = None;
            }
            Event::Recalled { .. } => t.calls += 1,
            Event::Begun { .. } => t.state = TicketState::Serving,
            Event::Finished { .. } => t.state = TicketState::Done,
            Event::MissedCall { .. } => {
                t.state = TicketState::Parked;
                t.away_tick = Some(stamp.tick);
            }
            Event::Held { reason, .. } => {
                t.state = TicketState::Held;
                t.away_tick = Some(stamp.tick);
                t.note = reason.as_ref().and_then(Personal::plain).map(str::to_owned);
            }
            Event::Resumed { .. } => {
                t.state = TicketState::Waiting;
                t.away_tick = None;
                t.note = None;
            }
            Event::Transferred { service, only, .. } => {
                t.state = TicketState::Waiting;
                t.service = *service;
                t.only = *only;
                t.due = None;
                t.away_tick = None;
            }
            _ => {}
        });
        let Some(before) = before else {
            return;
        };
        if let Event::Resumed { after_calls, .. } = event
            && *after_calls > 0
        {
            let calls = self.lines.get(&before.service).map_or(0, |l| l.calls);
            self.change_ticket(id, |t| t.due = Some(calls + u64::from(*after_calls)));
        }
        self.apply_at_counter(stamp, before, event);
    }

    /// The counter's side of what happened to a ticket.
    fn apply_at_counter(&mut self, stamp: Stamp, before: Ticket, event: &Event) {
        let id = before.id;
        // A held or cancelled ticket may be in some counter's hand.
        let hand = before.counter.filter(|_| before.state.in_hand());
        match event {
            Event::Called { counter, .. } => {
                self.remember(stamp, *counter, Act::Call, before.clone());
                let priority = before.class.is_priority() && before.due.is_none();
                let desk = self.desks.entry(*counter).or_default();
                desk.ticket = Some(id);
                desk.since_tick = stamp.tick;
                if before.only.is_none() && before.due.is_none() {
                    desk.row.called(priority);
                }
                self.count_call(*counter, 1);
                self.call_serial += 1;
                self.show_call(Call {
                    ticket: id,
                    counter: *counter,
                    times: before.calls + 1,
                    id: self.call_serial,
                });
                self.mark_active(stamp);
            }
            Event::Recalled { counter, .. } => {
                self.call_serial += 1;
                self.show_call(Call {
                    ticket: id,
                    counter: *counter,
                    times: before.calls + 1,
                    id: self.call_serial,
                });
            }
            Event::Begun { counter, .. } => self.remember(stamp, *counter, Act::Start, before),
            Event::Finished {
                counter,
                at_closing: false,
                ..
            } => {
                let called = before.called_tick.unwrap_or(stamp.tick);
                let seconds = (stamp.tick.saturating_sub(called) / 1_000).min(u64::from(u32::MAX));
                let kept = self.taken_seconds.entry(before.service).or_default();
                kept.push_back(seconds as u32);
                if kept.len() > DURATIONS_KEPT {
                    kept.pop_front();
                }
                self.remember(stamp, *counter, Act::Finish, before);
            }
            Event::MissedCall { counter, .. } => {
                self.remember(stamp, *counter, Act::NoShow, before);
            }
            Event::Held {
                counter: Some(counter),
                ..
            } => self.remember(stamp, *counter, Act::Hold, before),
            Event::Transferred {
                from: Some(counter),
                ..
            } => self.remember(stamp, *counter, Act::Transfer, before),
            _ => {}
        }
        let still = self.tickets.get(&id).is_some_and(|t| t.state.in_hand());
        if let Some(counter) = hand
            && !still
            && let Some(desk) = self.desks.get_mut(&counter)
        {
            desk.ticket = None;
            desk.since_tick = stamp.tick;
        }
    }

    /// Counts a call (or takes one back) for everybody who waits out a missed call there.
    pub(crate) fn count_call(&mut self, counter: u32, by: i64) {
        let services = self
            .office()
            .and_then(|o| o.counter(counter))
            .map_or_else(Vec::new, |c| c.services.clone());
        for letter in services {
            let line: &mut Line = self.lines.entry(letter).or_default();
            line.calls = line.calls.saturating_add_signed(by);
        }
    }

    fn show_call(&mut self, call: Call) {
        self.calls.retain(|c| c.ticket != call.ticket);
        self.calls.push_front(call);
        self.calls.truncate(CALLS_KEPT);
    }

    fn apply_paper(&mut self, id: TicketId, paper: PaperState, cause: Option<&str>) {
        let Some(ticket) = self.tickets.get_mut(&id) else {
            return;
        };
        ticket.slip.end(paper, cause);
        ticket.paper = paper;
        let place = ticket.place;
        if paper.is_wanted() {
            self.slips.insert(place, id);
        } else {
            self.slips.remove(&place);
        }
    }

    fn apply_scanned(&mut self, stamp: Stamp, event: &Event) {
        let Event::Scanned {
            scan,
            dossier,
            purpose,
            counter,
            ticket,
            device,
            forward,
            repeat,
            day,
            utc,
            office,
        } = event
        else {
            return;
        };
        let dossier = dossier.plain().map(str::to_owned);
        if let Some(dossier) = &dossier {
            self.dossiers.insert((*day, dossier.clone()));
        }
        self.carry_scan(Scan {
            id: *scan,
            seq: stamp.seq,
            dossier,
            purpose: *purpose,
            counter: *counter,
            ticket: *ticket,
            device: device.clone(),
            state: if *forward {
                ScanState::Pending
            } else {
                ScanState::Kept
            },
            answer: None,
            repeat: *repeat,
            tick: stamp.tick,
            utc: *utc,
            day: *day,
            office: office.clone(),
        });
    }

    fn end_scan(&mut self, scan: crate::ScanId, state: ScanState, answer: Option<&Personal>) {
        let seq = self.scan_seq.get(&scan);
        if let Some(scan) = seq.and_then(|seq| self.scans.get_mut(seq)) {
            scan.state = state;
            scan.answer = answer.and_then(Personal::plain).map(str::to_owned);
        }
    }
}
