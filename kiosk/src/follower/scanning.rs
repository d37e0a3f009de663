//! Scanners at counters: codes become scans, and a ticket's slip brings its citizen back.

use std::sync::Arc;

use queue::{Actor, Command, Id, Refusal, Role, TicketState};
use scanner::{Code, Device, Event, Frame, Listener, RejectionKind, Stop, TicketCode};
use tokio::sync::mpsc;
use tracing::{info, warn};

use crate::advice::{self, Sentence};
use crate::engine::Failure;
use crate::ids;
use crate::status::Health;
use crate::web::{App, Notice, Shown, TicketRef};

/// Codes that may wait for the engine: a person scans at most a few a second.
const WAITING_MAX: usize = 256;

/// Listens on a scanner's own thread and hands its codes to the engine, until `stop`.
pub fn start(app: App, device: Device, counter: u32, stop: Arc<Stop>) {
    let (send, mut codes) = mpsc::channel(WAITING_MAX);
    let part = format!("scanner-{counter}");
    let parts = app.parts.clone();
    tokio::spawn(async move {
        while let Some(frame) = codes.recv().await {
            take(&app, counter, frame).await;
        }
    });
    std::thread::spawn(move || {
        Listener::new(device).run(&stop, |event| match event {
            Event::Found => {
                parts.set(&part, Health::Ready);
                info!(counter, "The scanner is there");
            }
            Event::Lost(cause) => {
                if parts.set(&part, Health::Away) {
                    warn!(counter, %cause, "The scanner is not there; it is looked for every second");
                }
            }
            Event::Frame(frame) => {
                // A full channel holds the scanner back; the device keeps its bytes meanwhile.
                let _ = send.blocking_send(frame);
            }
        });
    });
}

async fn take(app: &App, counter: u32, frame: Frame) {
    let read = match frame {
        Frame::Text(text) => scanner::read(&text),
        Frame::Bad(kind) => Err(kind.into()),
    };
    let in_vietnamese = |sentence: Sentence| sentence.vi.to_owned();
    let said = match read {
        Ok(Code::Dossier(dossier)) => scan(app, counter, dossier.as_str().to_owned())
            .await
            .map_err(in_vietnamese),
        Ok(Code::Ticket(code)) => resume(app, counter, code).await.map_err(in_vietnamese),
        Ok(code) => Err(advice::not_this_code(&code).1[0].clone()),
        Err(rejection) if rejection.kind == RejectionKind::Empty => return,
        Err(rejection) => Err(advice::rejection(&rejection).1[0].clone()),
    };
    let (text, bad) = match said {
        Ok(Some(text)) => (text, false),
        Ok(None) => return,
        Err(text) => (text, true),
    };
    // Nobody at the counter page is no fault.
    let _ = app.notices.send(Notice { counter, text, bad });
}

fn device(counter: u32) -> Actor {
    Actor {
        id: format!("scanner-{counter}"),
        role: Role::Clerk,
    }
}

async fn scan(app: &App, counter: u32, dossier: String) -> Result<Option<String>, Sentence> {
    let actor = device(counter);
    let (name, forward) = (actor.id.clone(), app.forwards);
    let command = move |_: &queue::State, now: queue::Now| {
        Ok(Command::Scan {
            scan: ids::fresh(now),
            dossier,
            purpose: None,
            counter: Some(counter),
            ticket: None,
            device: name,
            forward,
        })
    };
    let done = app.engine.submit(actor, None, command, |_, _| ()).await;
    // The page shows the scan itself.
    done.map(|()| None)
        .map_err(|failure| advice::failure(&failure))
}

/// The citizen of a missed or held ticket reports with the slip.
async fn resume(app: &App, counter: u32, code: TicketCode) -> Result<Option<String>, Sentence> {
    let text = match code {
        TicketCode::Token(text) | TicketCode::Number(text) => text,
    };
    let unknown = || advice::failure(&Failure::Refused(Refusal::UnknownTicket));
    let reference = match text.parse() {
        Ok(number) => TicketRef::Number(number),
        Err(_) => TicketRef::IdOrToken(text.parse::<Id>().map_err(|_| unknown())?),
    };
    let slip = Shown {
        reference,
        by_token: false,
        print: app.prints,
        printer: None,
    };
    let command = move |state: &queue::State, now: queue::Now| {
        let in_line = |(ticket, _): (&queue::Ticket, bool)| {
            !matches!(ticket.state, TicketState::Parked | TicketState::Held)
        };
        match slip.reference.find(state).is_ok_and(in_line) {
            true => Err(Refusal::WrongState),
            false => slip.asks(state, now),
        }
    };
    let resumed = app
        .engine
        .submit(device(counter), None, command, |view, done| {
            done.events.iter().find_map(|event| match event {
                queue::Event::Resumed { ticket, .. } => {
                    let number = view.state.number(*ticket)?;
                    Some(format!("{number} đã trở lại hàng chờ."))
                }
                queue::Event::Issued { number, .. } => Some(format!(
                    "Phiếu hẹn trở lại: số mới {number}, được gọi theo diện ưu tiên."
                )),
                _ => None,
            })
        });
    resumed.await.map_err(|failure| advice::failure(&failure))
}
