//! The readers beside the touch screen: what is held to them goes into the visit.
//!
//! Nothing of it is in a log: neither a text that was read, nor what it means.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;
use std::time::Instant;

use scanner::{Device, Event as Heard, Frame, Listener, Reading, RejectionKind, Stop, TicketCode};
use screens::inbox::Remote;
use screens::touch::Input;
use screens::visit::{Card, Code, Event, Private, Told};
use tokio::sync::watch;
use tracing::{info, warn};

use super::make_key;
use super::report::Watched;

/// Listens on each reader, on a thread of its own, for as long as the screen is there. Also yields
/// how they fare.
pub(super) fn start(
    devices: Vec<Device>,
    reading: &Reading,
    remote: &Remote<Input>,
) -> (Arc<Stop>, Arc<watch::Sender<Vec<Watched>>>) {
    let stop = Arc::new(Stop::new());
    let named = devices
        .iter()
        .map(|device| Watched::new(device.to_string()));
    let marks = RandomState::new();
    let fare = Arc::new(watch::Sender::new(named.collect::<Vec<_>>()));
    for (place, device) in devices.into_iter().enumerate() {
        let (reading, remote) = (reading.clone(), remote.clone());
        let (stop, fare, marks) = (stop.clone(), fare.clone(), marks.clone());
        std::thread::spawn(move || {
            // Told while no other reader changes: what the screen hears last is how they are.
            let change = |change: &dyn Fn(&mut Watched)| {
                fare.send_modify(|readers| {
                    let before = readers.iter().any(Watched::is_there);
                    readers.iter_mut().skip(place).take(1).for_each(change);
                    let there = readers.iter().any(Watched::is_there);
                    if there != before {
                        remote.send(Input::Event(Event::Reader(there)));
                    }
                });
            };
            Listener::new(device).run(&stop, |heard| match heard {
                Heard::Found => {
                    info!("The reader beside this screen is there");
                    change(&Watched::found);
                }
                Heard::Lost(cause) => {
                    warn!(%cause, "The reader beside this screen is not there; it is looked for every second");
                    change(&|reader| reader.lost(Instant::now()));
                }
                Heard::Frame(frame) => {
                    // Only what equal texts have in common while the screen runs: no text is kept.
                    let mark = match &frame {
                        Frame::Text(text) => marks.hash_one(text),
                        Frame::Bad(_) => 0,
                    };
                    if let Some(code) = code(&reading, frame) {
                        let known = code != Code::Other(Told::Unreadable);
                        change(&|reader| reader.read(mark, known, Instant::now()));
                        remote.send(Input::Event(Event::Read(code, make_key())));
                    }
                }
            });
        });
    }
    (stop, fare)
}

/// What a citizen means by what was read.
fn code(reading: &Reading, frame: Frame) -> Option<Code> {
    let read = match frame {
        Frame::Text(text) => reading.read(&text).map_err(|rejection| rejection.kind),
        Frame::Bad(kind) => Err(kind),
    };
    Some(match read {
        Ok(scanner::Code::Dossier(dossier)) => Code::Receipt(Private(dossier.as_str().to_owned())),
        Ok(scanner::Code::Ticket(TicketCode::Token(token))) => Code::Slip(Private(token)),
        Ok(scanner::Code::Card(card)) => Code::Card(Card {
            number: Private(card.number().to_owned()),
            birth: card.birth().map(|birth| Private(birth.to_string())),
        }),
        Ok(scanner::Code::Counter(_) | scanner::Code::Purpose(_)) => Code::Other(Told::ForStaff),
        Err(RejectionKind::Empty) => return None,
        Err(RejectionKind::Vneid) => Code::Other(Told::Vneid),
        // A number alone is no slip: anybody may read it off a screen.
        Ok(scanner::Code::Ticket(TicketCode::Number(_))) | Err(_) => Code::Other(Told::Unreadable),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_citizen_shows_a_receipt_a_slip_or_a_card_and_nothing_else_counts() {
        let reading = Reading::default();
        let read = |text: &str| code(&reading, Frame::Text(text.to_owned()));
        let private = |text: &str| Private(text.to_owned());
        let receipt = Code::Receipt(private("H05.114-250625-0002"));
        assert_eq!(read("h05.114-250625-0002"), Some(receipt));
        let token = "01KB0000000000000000000000";
        let slip = Some(Code::Slip(private(token)));
        assert_eq!(read(token), slip);
        assert_eq!(read(&format!("http://192.0.2.10:8081/t/{token}")), slip);
        let card = Code::Card(Card {
            number: private("001151000017"),
            birth: Some(private("1951-11-23")),
        });
        let text = "001151000017|012345678|Nguyễn Thị Mẫu|23111951|Nữ|Phường Mẫu|01072021";
        assert_eq!(read(text), Some(card));
        for staff in ["MC-Q3", "MC-M1"] {
            assert_eq!(read(staff), Some(Code::Other(Told::ForStaff)), "{staff}");
        }
        for nothing in ["8934563138164", "A012", "xin chào"] {
            assert_eq!(
                read(nothing),
                Some(Code::Other(Told::Unreadable)),
                "{nothing}"
            );
        }
        assert_eq!(read("  "), None);
        let noise = Frame::Bad(RejectionKind::Garbage);
        assert_eq!(code(&reading, noise), Some(Code::Other(Told::Unreadable)));
    }
}
