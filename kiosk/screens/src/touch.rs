//! The touch screen: `view` says what to show, `show` copies it into Slint, `connect` turns
//! fingers into [`Press`]es, `run` ties them to one [`Visit`] and sleeps in between.

mod closed;
mod looking;
mod number;
mod staff;
mod tiles;
mod view;

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use slint::{ComponentHandle, SharedString, Timer, TimerMode};

pub(crate) use self::closed::{closed, closed_note};
pub use self::looking::FactView;
pub use self::staff::{connect_corner, show_corner};
use self::view::NOTICE_MS;
pub use self::view::{Moment, Show, StepView, TileView, Tone, TouchView, view};
use crate::corner::{Corner, CornerView};
use crate::enrol::{self, Enrolment};
use crate::frame::Frame;
use crate::inbox::Inbox;
use crate::models::refresh;
use crate::ui::{
    FactData, PaperTone, StepData, Theme, TileData, TouchPage, TouchScreen, TouchWindow,
};
use crate::visit::{Act, Event, Press, Private, Visit};
use crate::{Error, corner, qr};

/// What the role tells the screen.
#[derive(Debug, Clone)]
pub enum Input {
    /// Something the visit hears.
    Event(Event),
    /// The daemon's time now.
    Utc(i64),
    /// The screen is not let in; `None`: it is.
    Enrol(Option<Enrolment>),
    /// A finger in the corner for staff, with a fresh key.
    Corner(corner::Press, String),
    /// What came of a request of staff, by its key.
    Signed(String, corner::Answer),
}

/// What the screen asks for.
#[derive(Debug, Clone)]
pub enum Output {
    /// A citizen's visit.
    Visit(Act),
    /// Staff, in the corner.
    Staff(corner::Request),
}

/// Copies `view` into the window.
pub fn show(window: &TouchWindow, view: &TouchView) {
    enrol::show(window, view.enrol.as_ref());
    let screen = window.global::<TouchScreen>();
    if let Some(plan) = &view.plan {
        let theme = window.global::<Theme>();
        theme.set_scale(plan.scale);
        theme.set_text_scale(plan.text_scale);
        theme.set_touch_min(plan.touch_min);
        theme.set_gap(plan.gap);
        theme.set_tight(plan.tight);
        let (question, more) = plan.question_sizes();
        theme.set_text_question(question);
        theme.set_text_question_more(more);
        screen.set_priority_row(plan.priority_row);
        screen.set_portrait(plan.portrait);
        screen.set_read_size(plan.read);
        screen.set_columns(plan.columns as i32);
        screen.set_tile_height(plan.tile_height);
        screen.set_fixed_height(plan.fixed_height);
        screen.set_rule(plan.detail == crate::frame::Detail::Everything);
        let code = qr::draw(&view.qr, qr_pixels(plan.portrait) * plan.scale);
        let size = code.as_ref().map_or(0, |code| code.size().width);
        screen.set_qr_size(size as f32);
        screen.set_qr(code.unwrap_or_default());
    }
    screen.set_page(match view.show {
        Show::Tiles => TouchPage::Tiles,
        Show::Message => TouchPage::Message,
        Show::Number => TouchPage::Number,
        Show::Digits => TouchPage::Digits,
        Show::Letters => TouchPage::Letters,
        Show::Dossier => TouchPage::Dossier,
    });
    screen.set_parent(text(&view.parent));
    screen.set_office(text(&view.office));
    screen.set_time(text(&view.time));
    screen.set_date(text(&view.date));
    screen.set_clock_small(view.clock_small);
    screen.set_clock_unknown(text(&view.clock_unknown));
    let step = |step: &StepView| StepData {
        text: step.text.into(),
        picture: step.picture,
    };
    screen.set_steps(refresh(
        screen.get_steps(),
        view.steps.iter().map(step).collect(),
    ));
    screen.set_notice(text(&view.notice));
    screen.set_hotline(text(&view.hotline));
    screen.set_question(text(&view.question));
    screen.set_question_more(text(&view.question_more));
    let tiles = |tiles: &[TileView]| tiles.iter().map(tile_data).collect();
    screen.set_services(refresh(screen.get_services(), tiles(&view.services)));
    screen.set_fixed(refresh(screen.get_fixed(), tiles(&view.fixed)));
    screen.set_tiles_enabled(view.tiles_enabled);
    screen.set_class_chosen(text(&view.class_chosen));
    screen.set_class_cancel(text(&view.class_cancel));
    screen.set_priority_title(text(&view.priority_title));
    screen.set_priority_note(text(&view.priority_note));
    screen.set_title(text(&view.title));
    screen.set_body(text(&view.body));
    screen.set_alarm(view.alarm);
    screen.set_yes(text(&view.yes));
    screen.set_no(text(&view.no));
    screen.set_number_label(text(&view.number_label));
    screen.set_number(text(&view.number));
    screen.set_number_service(text(&view.number_service));
    screen.set_number_class(text(&view.number_class));
    screen.set_ahead(text(&view.ahead));
    screen.set_qr_words(text(&view.qr_words));
    screen.set_paper_title(text(&view.paper_title));
    screen.set_paper_body(text(&view.paper_body));
    screen.set_paper_tone(match view.paper_tone {
        Tone::Busy => PaperTone::Busy,
        Tone::Done => PaperTone::Done,
        Tone::Note => PaperTone::Note,
        Tone::Trouble => PaperTone::Trouble,
    });
    screen.set_change(text(&view.change));
    screen.set_remembered(text(&view.remembered));
    show_look_up(&screen, view);
    screen.set_countdown(text(&view.countdown));
    screen.set_countdown_share(view.countdown_share);
    screen.set_back(text(&view.back));
    screen.set_size(text(&view.size));
    screen.set_language(text(&view.language));
}

/// What looking up a dossier shows. Once it is over all of it is empty again.
fn show_look_up(screen: &TouchScreen<'_>, view: &TouchView) {
    screen.set_look_up(text(&view.look_up));
    screen.set_look_up_note(text(&view.look_up_note));
    screen.set_typed(text(&view.typed));
    screen.set_trouble(text(&view.trouble));
    screen.set_note(text(&view.note));
    screen.set_erase(text(&view.erase));
    screen.set_letters(text(&view.letters));
    screen.set_send(text(&view.send));
    screen.set_can_send(view.can_send);
    screen.set_state(text(&view.state));
    screen.set_masked(text(&view.masked));
    let fact = |fact: &FactView| FactData {
        label: text(fact.label),
        value: text(&fact.value),
    };
    let facts = view.facts.iter().map(fact).collect();
    screen.set_facts(refresh(screen.get_facts(), facts));
    screen.set_source(text(&view.source));
    screen.set_stay(text(&view.stay));
}

/// The QR code's room at the theme's own size, its white edge included: the code of a link has
/// 24 mm and more on any glass, what telephones like. Lying screens have less height to give.
fn qr_pixels(portrait: bool) -> f32 {
    if portrait { 260.0 } else { 220.0 }
}

fn text(text: &str) -> SharedString {
    text.into()
}

fn tile_data(tile: &TileView) -> TileData {
    TileData {
        letter: text(&tile.letter),
        name: text(&tile.name),
        words: text(&tile.words),
        note: text(&tile.note),
        muted: tile.muted,
        chosen: tile.chosen,
        name_size: tile.name_size,
        name_lines: tile.name_lines as i32,
        word_lines: tile.word_lines as i32,
    }
}

/// Gives every touch to `press`.
pub fn connect(window: &TouchWindow, press: impl Fn(Press) + 'static) {
    let screen = window.global::<TouchScreen>();
    let press = Rc::new(press);
    let to = |what: Press| {
        let press = Rc::clone(&press);
        move || press(what.clone())
    };
    screen.on_ask_priority(to(Press::AskPriority));
    screen.on_drop_priority(to(Press::DropPriority));
    screen.on_answer_yes(to(Press::Yes));
    screen.on_answer_no(to(Press::No));
    screen.on_change_service(to(Press::Change));
    screen.on_number_remembered(to(Press::Remembered));
    screen.on_go_back(to(Press::Back));
    screen.on_switch_size(to(Press::Size));
    screen.on_switch_language(to(Press::Language));
    screen.on_look_up_dossier(to(Press::LookUp));
    screen.on_erase_sign(to(Press::Erase));
    screen.on_other_signs(to(Press::Letters));
    screen.on_send_factor(to(Press::Send));
    screen.on_keep_showing(to(Press::Stay));
    let signed = Rc::clone(&press);
    screen.on_sign(move |sign| signed(Press::Sign(Private(sign.to_string()))));
    screen.on_choose(move |letter| press(Press::Choose(letter.to_string())));
}

/// What the screen is run with.
pub struct Options {
    /// The application id, by which a compositor chooses the output.
    pub app_id: String,
    /// Fills the screen.
    pub fullscreen: bool,
    /// Of the glass, in inches.
    pub diagonal_inches: f32,
    /// A fresh idempotency key: at least 128 random bits.
    pub make_key: Box<dyn Fn() -> String>,
}

struct Screen {
    window: TouchWindow,
    visit: Visit,
    frame: Frame,
    started: Instant,
    /// The daemon's time, and when it was that.
    utc: Option<(i64, Instant)>,
    enrolment: Option<Enrolment>,
    shown: TouchView,
    corner: Corner,
    corner_shown: CornerView,
    timer: Timer,
    ask: Box<dyn Fn(Output)>,
}

/// Opens the window and stays until it is closed. `first` comes before everything else: a
/// request kept from before a restart.
pub fn run(
    options: Options,
    first: Vec<Event>,
    inbox: Inbox<Input>,
    ask: impl Fn(Output) + 'static,
) -> Result<(), Error> {
    // The name is kept by the platform, so that must be chosen first.
    slint::BackendSelector::new().select()?;
    slint::set_xdg_app_id(options.app_id.as_str())?;
    let window = TouchWindow::new()?;
    window.window().set_fullscreen(options.fullscreen);
    let screen = Rc::new(RefCell::new(Screen {
        window: window.clone_strong(),
        visit: Visit::new(0),
        frame: Frame {
            width: 1080.0,
            height: 1920.0,
            diagonal_inches: options.diagonal_inches,
        },
        started: Instant::now(),
        utc: None,
        enrolment: None,
        shown: TouchView::default(),
        corner: Corner::default(),
        corner_shown: CornerView::default(),
        timer: Timer::default(),
        ask: Box::new(ask),
    }));

    let make_key = Rc::new(options.make_key);
    let corner_key = Rc::clone(&make_key);
    let corner_pressed = Rc::downgrade(&screen);
    connect_corner(&window, move |press| {
        if let Some(screen) = corner_pressed.upgrade() {
            hear(&screen, [Input::Corner(press, corner_key())]);
        }
    });
    let pressed = Rc::downgrade(&screen);
    connect(&window, move |press| {
        if let Some(screen) = pressed.upgrade() {
            // A finger first of all shows: the key is made where it touched.
            hear(&screen, [Input::Event(Event::Press(press, make_key()))]);
        }
    });
    let resized = Rc::downgrade(&screen);
    window
        .global::<TouchScreen>()
        .on_resized(move |width, height| {
            if let Some(screen) = resized.upgrade() {
                screen.borrow_mut().frame.width = width;
                screen.borrow_mut().frame.height = height;
                hear(&screen, []);
            }
        });
    hear(&screen, first.into_iter().map(Input::Event));
    let heard = Rc::clone(&screen);
    inbox.attach(move |batch| hear(&heard, batch));
    window.run()?;
    Ok(())
}

/// Takes in what has come, shows what changed, and sleeps until the next change.
fn hear(screen: &Rc<RefCell<Screen>>, inputs: impl IntoIterator<Item = Input>) {
    let mut this = screen.borrow_mut();
    let now = this.now();
    let mut todo = this.visit.on(Event::Tick, now);
    this.corner.pass_time(now);
    let mut asked = Vec::new();
    for input in inputs {
        match input {
            Input::Event(event) => todo.extend(this.visit.on(event, now)),
            Input::Utc(utc) => this.utc = Some((utc, Instant::now())),
            Input::Corner(press, key) => asked.extend(this.press_in_corner(&press, key, now)),
            Input::Signed(key, answer) => this.corner.answer(&key, answer, now),
            Input::Enrol(enrolment) => this.enrolment = enrolment,
        }
    }
    let visits = todo.into_iter().map(Output::Visit);
    for output in visits.chain(asked.into_iter().map(Output::Staff)) {
        (this.ask)(output);
    }
    let moment = this.moment(now);
    let mut view = view(&this.visit, moment, this.frame);
    view.enrol = this.enrolment.as_ref().map(enrol::view);
    if view != this.shown {
        show(&this.window, &view);
        this.shown = view;
    }
    let corner_view = this.corner_view(moment);
    if corner_view != this.corner_shown {
        show_corner(&this.window, &corner_view);
        this.corner_shown = corner_view;
    }
    let wake = this.wake_in(moment);
    let again = Rc::downgrade(screen);
    this.timer.start(TimerMode::SingleShot, wake, move || {
        if let Some(screen) = again.upgrade() {
            hear(&screen, []);
        }
    });
}

impl Screen {
    fn now(&self) -> u64 {
        self.started.elapsed().as_millis() as u64
    }

    fn utc(&self) -> Option<i64> {
        self.utc
            .map(|(utc, at)| utc + at.elapsed().as_millis() as i64)
    }

    fn moment(&self, now_ms: u64) -> Moment {
        Moment {
            now_ms,
            utc_ms: self.utc(),
        }
    }

    fn press_in_corner(
        &mut self,
        press: &corner::Press,
        key: String,
        now_ms: u64,
    ) -> Option<corner::Request> {
        let (moment, board) = (self.moment(now_ms), self.visit.board());
        let offset = board.map_or(0, |board| board.clock.offset_minutes);
        let language = self.visit.language().code();
        self.corner.press(press, key, moment, offset, language)
    }

    fn corner_view(&self, moment: Moment) -> CornerView {
        match self.visit.board() {
            Some(board) => corner::view(&self.corner, board, self.visit.language(), moment),
            // A screen that has never heard its daemon has nothing to ask staff.
            None => CornerView::default(),
        }
    }

    /// Until the visit, the corner, the minute or the notice changes, whichever is first.
    fn wake_in(&self, moment: Moment) -> Duration {
        let mut wake = crate::until_minute(moment.utc_ms);
        if let Some(at) = self.visit.wake_at(moment.now_ms) {
            wake = wake.min(at - moment.now_ms);
        }
        if let Some(at) = self.corner.wake_at() {
            wake = wake.min(at.saturating_sub(moment.now_ms));
        }
        let notices = self
            .visit
            .board()
            .map_or(0, |board| board.office.notices.len());
        if notices > 1 {
            wake = wake.min(NOTICE_MS - moment.now_ms % NOTICE_MS);
        }
        Duration::from_millis(wake.max(1))
    }
}
