//! What one code does: a scan on the disk, a citizen back in line, another counter or purpose, or a
//! refusal that says what was read and why it does not count.

use std::time::Instant;

use queue::{Actor, Command, Event, Id, Now, Purpose, Refusal, Role, State, TicketState};
use scanner::{Code, DossierId, Frame, RejectionKind, ScanPurpose, TicketCode};

use super::binding::{Badge, Binding};
use crate::advice::{self, Pair, Sentence};
use crate::engine::{Done, Failure, View};
use crate::ids;
use crate::web::{App, Notice, NoticeKind, PurposeWord, Shown, TicketRef};

/// A scanner of the daemon, as the office knows it.
pub(super) struct Reader {
    pub(super) app: App,
    /// Its part, which is also its actor in the record.
    pub(super) part: String,
    pub(super) binding: Binding,
}

impl Reader {
    /// Takes what the scanner read at `at_ms` of its own clock.
    pub(super) async fn take(&mut self, frame: Frame, at_ms: u64) {
        let read = match frame {
            Frame::Text(text) => self.app.reading.read(&text),
            Frame::Bad(kind) => Err(kind.into()),
        };
        let at = self.binding.counter(at_ms);
        if let (Ok(_), Some(_)) = (&read, at) {
            self.binding.used(at_ms);
        }
        let notice = match (read, at) {
            // A line end between two codes is nothing that was scanned.
            (Err(rejection), _) if rejection.kind == RejectionKind::Empty => return,
            (Err(rejection), at) => {
                // It says itself what was read, as far as it may be told.
                let (_, why) = advice::rejection(&rejection);
                self.refused(at, None, &why)
            }
            // At a counter nothing of a card is of use, and nothing of it is kept.
            (Ok(code @ Code::Card(_)), at) => {
                let (_, why) = advice::not_this_code(&code);
                self.refused(at, None, &why)
            }
            (Ok(Code::Counter(counter)), _) => self.badge(counter, at_ms),
            (Ok(code), None) => {
                let why = advice::no_badge(self.binding.counters());
                self.refused(None, named(&code).as_deref(), &why)
            }
            (Ok(Code::Dossier(dossier)), Some(counter)) => {
                let masked = dossier.masked();
                let done = self.scan(counter, dossier).await;
                self.told(counter, &masked, done)
            }
            (Ok(Code::Ticket(code)), Some(counter)) => {
                let name = ticket_name(&code);
                let done = self.resume(counter, code).await;
                self.told(counter, &name, done)
            }
            (Ok(Code::Purpose(purpose)), Some(counter)) => {
                let done = self.purpose(counter, purpose).await;
                self.told(counter, scanner::purpose_text(purpose), done)
            }
        };
        self.count(notice.kind != NoticeKind::Refused).await;
        self.say(notice);
    }

    /// A counter's badge.
    fn badge(&mut self, counter: u32, at_ms: u64) -> Notice {
        let own = |says| Notice::new(vec![counter], NoticeKind::Badge, says);
        match self.binding.badge(counter, at_ms) {
            Badge::Own => own(advice::badge_own(counter)),
            Badge::Bound { before } => {
                if let Some(before) = before {
                    let says = advice::badge_gone(counter);
                    self.say(Notice::new(vec![before], NoticeKind::Badge, says));
                }
                own(advice::badge_bound(counter))
            }
            Badge::Stranger => {
                let why = advice::badge_stranger(counter, self.binding.counters());
                self.refused(None, Some(&scanner::badge_text(counter)), &why)
            }
        }
    }

    async fn scan(&self, counter: u32, dossier: DossierId) -> Result<Notice, Failure> {
        let (app, device) = (self.app.clone(), self.part.clone());
        let id = dossier.as_str().to_owned();
        let command = move |state: &State, now: Now| {
            Ok(Command::Scan {
                scan: ids::fresh(now),
                dossier: id,
                purpose: app.purposes.of_scan(state, now, counter),
                counter: Some(counter),
                ticket: None,
                device,
                forward: app.forwards,
            })
        };
        let render = |_: View<'_>, done: Done| {
            done.events.iter().find_map(|event| match event {
                Event::Scanned { scan, repeat, .. } => Some((*scan, Some(*repeat))),
                Event::ReadAgain { scan } => Some((*scan, None)),
                _ => None,
            })
        };
        let made = self.app.engine.submit(self.actor(), None, command, render);
        let (scan, repeat) = made.await?.ok_or(Failure::JournalFailed)?;
        let masked = dossier.masked();
        let (kind, says) = match repeat {
            Some(false) => (NoticeKind::Taken, advice::scan_taken(&masked)),
            Some(true) => (NoticeKind::Repeat, advice::scan_repeated(&masked)),
            None => (NoticeKind::Repeat, advice::scan_read_again(&masked)),
        };
        Ok(Notice {
            scan: Some(scan),
            ..Notice::new(vec![counter], kind, says)
        })
    }

    /// The citizen of a missed or held ticket reports with the slip.
    async fn resume(&self, counter: u32, code: TicketCode) -> Result<Notice, Failure> {
        let text = match code {
            TicketCode::Token(text) | TicketCode::Number(text) => text,
        };
        let unknown = || Failure::Refused(Refusal::UnknownTicket);
        let reference = match text.parse() {
            Ok(number) => TicketRef::Number(number),
            Err(_) => TicketRef::IdOrToken(text.parse::<Id>().map_err(|_| unknown())?),
        };
        let slip = Shown {
            reference,
            by_token: false,
            print: self.app.prints,
            printer: None,
        };
        let command = move |state: &State, now: Now| {
            let in_line = |(ticket, _): (&queue::Ticket, bool)| {
                !matches!(ticket.state, TicketState::Parked | TicketState::Held)
            };
            match slip.reference.find(state).is_ok_and(in_line) {
                true => Err(Refusal::WrongState),
                false => slip.asks(state, now),
            }
        };
        let render = |view: View<'_>, done: Done| {
            done.events.iter().find_map(|event| match event {
                Event::Resumed { ticket, .. } => {
                    let number = view.state.number(*ticket)?;
                    Some(advice::back_in_line(&number.to_string()))
                }
                Event::Issued { number, .. } => Some(advice::came_back(&number.to_string())),
                _ => None,
            })
        };
        let resumed = self.app.engine.submit(self.actor(), None, command, render);
        let says = resumed.await?.ok_or(Failure::JournalFailed)?;
        Ok(Notice::new(vec![counter], NoticeKind::Taken, says))
    }

    /// What the next scans at the counter are for.
    async fn purpose(&self, counter: u32, said: ScanPurpose) -> Result<Notice, Failure> {
        let (app, purpose) = (self.app.clone(), meant(said));
        let noted = self.app.engine.read(move |view| {
            app.purposes
                .say(view.state, view.now, counter, Some(purpose));
        });
        noted.await?;
        Ok(Notice {
            purpose: Some(purpose),
            ..Notice::new(
                vec![counter],
                NoticeKind::Purpose,
                advice::purpose_said(said),
            )
        })
    }

    /// What came of a code at its counter; `name`: what was read, as a page may show it.
    fn told(&self, counter: u32, name: &str, done: Result<Notice, Failure>) -> Notice {
        done.unwrap_or_else(|failure| {
            let why = sentence(&advice::failure(&failure));
            self.refused(Some(counter), Some(name), &why)
        })
    }

    /// The refusal of a code at its counter; of a scanner that is nobody's, to all that share it.
    fn refused(&self, at: Option<u32>, name: Option<&str>, why: &Pair) -> Notice {
        let counters = match at {
            Some(counter) => vec![counter],
            None => self.binding.counters().to_vec(),
        };
        let says = advice::scan_refused(name, why);
        Notice::new(counters, NoticeKind::Refused, says)
    }

    /// Counts a code. While the engine stops nobody asks for the count.
    async fn count(&self, taken: bool) {
        if let Ok(day) = self.app.engine.read(|view| view.state.day_id()).await {
            let scanners = &self.app.scanners;
            scanners.count(&self.part, taken, day, Instant::now());
        }
    }

    fn say(&self, notice: Notice) {
        // Nobody at the counter page is no fault.
        let _ = self.app.notices.send(notice);
    }

    fn actor(&self) -> Actor {
        Actor {
            id: self.part.clone(),
            role: Role::Clerk,
        }
    }
}

/// The queue's word for a purpose barcode.
fn meant(purpose: ScanPurpose) -> Purpose {
    PurposeWord::from(purpose).into()
}

/// What a code is called where it is refused, as a page may show it.
fn named(code: &Code) -> Option<String> {
    match code {
        Code::Dossier(dossier) => Some(dossier.masked()),
        Code::Ticket(code) => Some(ticket_name(code)),
        Code::Purpose(purpose) => Some(scanner::purpose_text(*purpose).to_owned()),
        Code::Counter(counter) => Some(scanner::badge_text(*counter)),
        Code::Card(_) => None,
    }
}

/// A number is on every screen; a slip's token is its citizen's.
fn ticket_name(code: &TicketCode) -> String {
    match code {
        TicketCode::Number(number) => number.clone(),
        TicketCode::Token(_) => "QR".to_owned(),
    }
}

fn sentence(sentence: &Sentence) -> Pair {
    [sentence.vi.to_owned(), sentence.en.to_owned()]
}
