//! The lobby screen: `view` says what to show, `show` copies it into Slint, `run` keeps it
//! true as time passes. Nobody touches it, so there is no `connect`.

mod strip;
mod view;

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use slint::{ComponentHandle, SharedString, Timer, TimerMode};

pub use self::strip::StripView;
pub use self::view::{CallView, LOST_MS, Lobby, LobbyView, SILENT_MS, Size, view};
use crate::Error;
use crate::board::Board;
use crate::enrol::{self, Enrolment};
use crate::inbox::Inbox;
use crate::models::refresh;
use crate::touch::Moment;
use crate::ui::{CallData, LobbyScreen, LobbyWindow, ServiceData, Theme};

/// What the role tells the screen.
#[derive(Debug, Clone)]
pub enum Input {
    /// The public state, whole.
    Board(Box<Board>),
    /// The stream said something, if only that it lives.
    Alive,
    /// The connection broke or was refused.
    Lost,
    /// The daemon's time now.
    Utc(i64),
    /// The screen is not let in; `None`: it is.
    Enrol(Option<Enrolment>),
}

/// What the screen is run with.
pub struct Options {
    /// The application id, by which a compositor chooses the output.
    pub app_id: String,
    /// Fills the screen.
    pub fullscreen: bool,
}

/// Copies `view` into the window.
pub fn show(window: &LobbyWindow, view: &LobbyView) {
    enrol::show(window, view.enrol.as_ref());
    let screen = window.global::<LobbyScreen>();
    let theme = window.global::<Theme>();
    theme.set_scale(view.scale);
    theme.set_text_scale(view.scale);
    theme.set_gap(16.0 * view.scale);
    screen.set_portrait(view.portrait);
    screen.set_parent(text(&view.parent));
    screen.set_office(text(&view.office));
    screen.set_office_long(view.office_long);
    screen.set_time(text(&view.time));
    screen.set_date(text(&view.date));
    screen.set_clock_unknown(text(&view.clock_unknown));
    screen.set_stale(text(&view.stale));
    screen.set_lead(text(&view.lead));
    screen.set_number(text(&view.number));
    screen.set_counter(text(&view.counter));
    screen.set_also(text(&view.also));
    screen.set_again(text(&view.again));
    screen.set_gold(view.gold);
    screen.set_title(text(&view.title));
    screen.set_body(text(&view.body));
    let call = |call: &CallView| CallData {
        number: text(&call.number),
        counter: text(&call.counter),
    };
    screen.set_calls(refresh(
        screen.get_calls(),
        view.calls.iter().map(call).collect(),
    ));
    let service = |strip: &StripView| ServiceData {
        name: text(&strip.name),
        note: text(&strip.note),
        muted: strip.muted,
        name_size: strip.name_size,
        name_lines: strip.name_lines as i32,
    };
    screen.set_services(refresh(
        screen.get_services(),
        view.services.iter().map(service).collect(),
    ));
    screen.set_service_columns(view.service_columns as i32);
    screen.set_service_rows(view.service_rows as i32);
    screen.set_service_height(view.service_height);
    screen.set_note_size(view.note_size);
    screen.set_notice(text(&view.notice));
    screen.set_notice_size(view.notice_size);
}

fn text(text: &str) -> SharedString {
    text.into()
}

struct Screen {
    window: LobbyWindow,
    lobby: Lobby,
    size: Size,
    started: Instant,
    utc: Option<(i64, Instant)>,
    enrolment: Option<Enrolment>,
    shown: LobbyView,
    timer: Timer,
}

/// Opens the window and stays until it is closed.
pub fn run(options: Options, inbox: Inbox<Input>) -> Result<(), Error> {
    // The name is kept by the platform, so that must be chosen first.
    slint::BackendSelector::new().select()?;
    slint::set_xdg_app_id(options.app_id.as_str())?;
    let window = LobbyWindow::new()?;
    window.window().set_fullscreen(options.fullscreen);
    let screen = Rc::new(RefCell::new(Screen {
        window: window.clone_strong(),
        lobby: Lobby::new(0),
        size: Size {
            width: 1920.0,
            height: 1080.0,
        },
        started: Instant::now(),
        utc: None,
        enrolment: None,
        shown: LobbyView::default(),
        timer: Timer::default(),
    }));
    let resized = Rc::downgrade(&screen);
    window
        .global::<LobbyScreen>()
        .on_resized(move |width, height| {
            if let Some(screen) = resized.upgrade() {
                screen.borrow_mut().size = Size { width, height };
                hear(&screen, Vec::new());
            }
        });
    hear(&screen, Vec::new());
    let heard = Rc::clone(&screen);
    inbox.attach(move |batch| hear(&heard, batch));
    window.run()?;
    Ok(())
}

/// Takes in what has come, shows what changed, and sleeps until the next change.
fn hear(screen: &Rc<RefCell<Screen>>, inputs: Vec<Input>) {
    let mut this = screen.borrow_mut();
    let now = this.started.elapsed().as_millis() as u64;
    for input in inputs {
        match input {
            Input::Utc(utc) => this.utc = Some((utc, Instant::now())),
            Input::Enrol(enrolment) => this.enrolment = enrolment,
            Input::Board(board) => this.lobby.update(*board, now),
            Input::Alive => this.lobby.alive(now),
            Input::Lost => this.lobby.lost(now),
        }
    }
    this.lobby.pass_time(now);
    let utc_ms = this
        .utc
        .map(|(utc, at)| utc + at.elapsed().as_millis() as i64);
    let moment = Moment {
        now_ms: now,
        utc_ms,
    };
    let mut view = view(&this.lobby, moment, this.size);
    view.enrol = this.enrolment.as_ref().map(enrol::view);
    if view != this.shown {
        show(&this.window, &view);
        this.shown = view;
    }
    let wake = crate::until_minute(utc_ms)
        .min(this.lobby.wake_in(now))
        .max(1);
    let again = Rc::downgrade(screen);
    this.timer.start(
        TimerMode::SingleShot,
        Duration::from_millis(wake),
        move || {
            if let Some(screen) = again.upgrade() {
                hear(&screen, Vec::new());
            }
        },
    );
}
