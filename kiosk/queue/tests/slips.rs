//! Slips beside a ticket's own: who may ask for which, and what is known of their paper.
#![allow(clippy::unwrap_used)]

mod office;

use office::{Desk, clerk, kiosk};
use queue::{
    Actor, Command, Event, Id, PaperState, Refusal, Role, SlipKind, TicketId, TicketState,
};

fn actor(role: Role) -> Actor {
    Actor {
        id: "somebody".into(),
        role,
    }
}

fn ask(
    desk: &mut Desk,
    actor: &Actor,
    kind: SlipKind,
    about: (Option<char>, Option<TicketId>),
) -> Result<Id, Refusal> {
    let slip = Id::from_bits(u128::from(desk.seq) + 1_000);
    let asked = Command::AskSlip {
        slip,
        kind,
        service: about.0,
        ticket: about.1,
        language: "vi".into(),
        printer: None,
    };
    desk.act(actor, asked).map(|_| slip)
}

/// A ticket that a clerk put aside.
fn held(desk: &mut Desk) -> TicketId {
    desk.issue('A', "normal").unwrap();
    let ticket = desk.id("A001");
    let hold = Command::Hold {
        ticket,
        reason: Some("chờ bổ sung giấy tờ".into()),
        minutes: None,
    };
    desk.act(&clerk("an"), hold).unwrap();
    ticket
}

fn report(desk: &mut Desk, slip: Id, paper: PaperState) -> Vec<Event> {
    let report = Command::ReportPaper {
        slip,
        paper,
        cause: None,
    };
    desk.act(&actor(Role::System), report).unwrap()
}

fn begin(desk: &mut Desk, slip: Id) -> Result<Vec<Event>, Refusal> {
    let begin = Command::BeginPaper {
        slip,
        printer: None,
        again: false,
    };
    desk.act(&actor(Role::System), begin)
}

#[test]
fn each_slip_is_for_those_who_need_it() {
    use SlipKind::{Checklist, DayReport, ReEntry, TestPage, Ticket};
    let mut desk = Desk::open();
    let ticket = held(&mut desk);
    let rights = [
        (Checklist, (Some('A'), None), "kcsa"),
        (ReEntry, (None, Some(ticket)), "csa"),
        (TestPage, (None, None), "csa"),
        (DayReport, (None, None), "sa"),
        (Ticket, (None, None), ""),
    ];
    for (kind, about, may) in rights {
        for (letter, role) in [
            ('k', Role::Kiosk),
            ('c', Role::Clerk),
            ('s', Role::Supervisor),
            ('a', Role::Admin),
        ] {
            let asked = ask(&mut desk, &actor(role), kind, about);
            assert_eq!(asked.is_ok(), may.contains(letter), "{kind:?} {role:?}");
        }
    }
}

#[test]
fn a_checklist_is_of_a_service_that_lists_papers() {
    let mut desk = Desk::open();
    let mut of = |service| ask(&mut desk, &kiosk(), SlipKind::Checklist, (service, None));
    assert!(of(Some('A')).is_ok());
    assert_eq!(of(Some('B')), Err(Refusal::NoPapers));
    assert_eq!(of(Some('Z')), Err(Refusal::UnknownService));
    assert_eq!(of(None), Err(Refusal::OutOfRange));
}

#[test]
fn a_return_slip_is_of_a_held_ticket_and_changes_nothing_about_its_place() {
    let mut desk = Desk::open();
    let ticket = held(&mut desk);
    let before = desk.state.ticket(ticket).unwrap().clone();
    let about = (None, Some(ticket));
    ask(&mut desk, &clerk("an"), SlipKind::ReEntry, about).unwrap();
    assert_eq!(desk.state.ticket(ticket).unwrap(), &before);
    desk.act(&clerk("an"), Command::Resume { ticket }).unwrap();
    let again = ask(&mut desk, &clerk("an"), SlipKind::ReEntry, about);
    assert_eq!(again, Err(Refusal::NotHeld));
    assert_eq!(
        desk.state.ticket(ticket).unwrap().state,
        TicketState::Waiting
    );
}

#[test]
fn a_slip_known_to_be_out_never_comes_out_twice() {
    let mut desk = Desk::open();
    let slip = ask(&mut desk, &kiosk(), SlipKind::Checklist, (Some('A'), None)).unwrap();
    begin(&mut desk, slip).unwrap();
    report(&mut desk, slip, PaperState::Unknown);
    let life = |desk: &Desk| desk.state.asked(slip).unwrap().slip.clone();
    assert!(life(&desk).begun, "the next one is marked");
    begin(&mut desk, slip).unwrap();
    assert!(life(&desk).under_way);
    report(&mut desk, slip, PaperState::Printed);
    assert_eq!(desk.state.unprinted().count(), 0);
    assert_eq!(begin(&mut desk, slip), Err(Refusal::WrongState));
    assert!(report(&mut desk, slip, PaperState::Printed).is_empty());
}

#[test]
fn what_was_asked_for_is_known_after_a_restart_and_gone_with_its_day() {
    let mut desk = Desk::open();
    let slip = ask(&mut desk, &clerk("an"), SlipKind::TestPage, (None, None)).unwrap();
    begin(&mut desk, slip).unwrap();
    let replayed = desk.replayed(|_| true);
    assert!(replayed == desk.state && replayed.asked(slip).unwrap().slip.under_way);
    desk.act(&actor(Role::Supervisor), Command::CloseDay)
        .unwrap();
    let report = ask(
        &mut desk,
        &actor(Role::Supervisor),
        SlipKind::DayReport,
        (None, None),
    );
    assert!(report.is_ok(), "the day in figures is wanted after it");
    desk.act(&actor(Role::Supervisor), Command::OpenDay)
        .unwrap();
    assert_eq!(desk.state.unprinted().count(), 0);
}
