//! What the lobby shows, as plain data: every text finished, every place counted.

use super::strip::{MARGIN, SERVICES_MAX, StripView, strip};
use crate::board::Board;
use crate::calls::Calls;
use crate::enrol::EnrolView;
use crate::measure::{lines, width};
use crate::touch::Moment;
use crate::when;
use crate::words::{Language, fill};

/// Silence for longer than this is a lost connection: the stream says something every 15 s.
pub const SILENT_MS: u64 = 20_000;
/// A connection that comes back this soon was never missed.
pub const LOST_MS: u64 = 3_000;
/// A notice stays this long, then the next is cut in.
pub(super) const NOTICE_MS: u64 = 12_000;
/// What a notice is set in: one line of the first that takes it, else two lines of what the
/// foot of a lying or a standing screen has room for.
const NOTICE_SIZES: [f32; 3] = [56.0, 48.0, 44.0];
const NOTICE_OF_TWO_LINES: [f32; 2] = [32.0, 44.0];
/// More calls than this no list has room for.
const CALLS_MAX: usize = 7;

/// The window in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Size {
    /// Pixels across.
    pub width: f32,
    /// Pixels down.
    pub height: f32,
}

/// What a lobby screen knows.
#[derive(Debug)]
pub struct Lobby {
    board: Option<Board>,
    calls: Calls,
    alive_at: u64,
    lost_at: Option<u64>,
}

impl Lobby {
    /// A screen that has just started, and heard nothing yet.
    pub fn new(now: u64) -> Self {
        Self {
            board: None,
            calls: Calls::default(),
            alive_at: now,
            lost_at: None,
        }
    }

    /// A new state.
    pub fn update(&mut self, board: Board, now: u64) {
        self.alive(now);
        self.calls.update(&board.calls, now);
        self.board = Some(board);
    }

    /// The stream lives.
    pub fn alive(&mut self, now: u64) {
        self.alive_at = now;
        self.lost_at = None;
    }

    /// The connection broke or was refused.
    pub fn lost(&mut self, now: u64) {
        self.lost_at.get_or_insert(now);
    }

    /// What the passing of time alone brings about.
    pub fn pass_time(&mut self, now: u64) {
        self.calls.pass_time(now);
    }

    fn stale_at(&self) -> u64 {
        let silent = self.alive_at + SILENT_MS;
        self.lost_at
            .map_or(silent, |lost| silent.min(lost + LOST_MS))
    }

    fn notices(&self) -> usize {
        self.board.as_ref().map_or(0, |b| b.office.notices.len())
    }

    /// Something is shown in turns.
    fn turns(&self) -> bool {
        let services = self.board.as_ref().map_or(0, |b| b.services.len());
        self.notices() > 1 || services > SERVICES_MAX
    }

    /// Until something changes by itself.
    pub(crate) fn wake_in(&self, now: u64) -> u64 {
        let mut wakes = vec![self.stale_at()];
        wakes.extend(self.calls.ends_at());
        if self.turns() {
            wakes.push((now / NOTICE_MS + 1) * NOTICE_MS);
        }
        let next = wakes.into_iter().filter(|at| *at > now).min();
        next.map_or(u64::MAX, |at| at - now)
    }
}

/// One of the last calls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallView {
    /// The number.
    pub number: String,
    /// *Quầy 3*.
    pub counter: String,
}

/// The whole lobby screen. Empty words are not shown.
#[derive(Debug, Clone, Default, PartialEq)]
#[allow(missing_docs)] // Named as in ui/lobby-screen.slint.
pub struct LobbyView {
    pub enrol: Option<EnrolView>,
    pub scale: f32,
    pub portrait: bool,
    pub parent: String,
    pub office: String,
    pub office_long: bool,
    pub time: String,
    pub date: String,
    pub clock_unknown: String,
    pub stale: String,
    pub lead: String,
    pub number: String,
    pub counter: String,
    pub also: String,
    pub again: String,
    pub gold: bool,
    pub title: String,
    pub body: String,
    pub calls: Vec<CallView>,
    pub services: Vec<StripView>,
    pub service_columns: usize,
    pub service_rows: usize,
    pub service_height: f32,
    pub note_size: f32,
    pub notice: String,
    pub notice_size: f32,
}

/// What `lobby` shows at `moment` on a window of `size`.
pub fn view(lobby: &Lobby, moment: Moment, size: Size) -> LobbyView {
    let portrait = size.height > size.width;
    let (long, short) = if portrait {
        (size.height, size.width)
    } else {
        (size.width, size.height)
    };
    let mut view = LobbyView {
        scale: (long / 1920.0).min(short / 1080.0),
        portrait,
        ..LobbyView::default()
    };
    let Some(board) = &lobby.board else {
        let words = Language::default().words();
        let away = moment.now_ms >= lobby.stale_at();
        view.title = if away {
            words.lobby_away
        } else {
            words.starting
        }
        .to_owned();
        view.body = if away { words.ask_staff } else { "" }.to_owned();
        return view;
    };
    let language = Language::from_code(board.first_language());
    let words = language.words();
    let code = language.code();
    let time_at = |now_ms: u64| {
        let utc = moment.utc_ms.filter(|_| board.clock.known)?;
        let back = moment.now_ms.saturating_sub(now_ms) as i64;
        when::local(utc - back, board.clock.offset_minutes)
    };
    view.parent = board.office.parent.in_language(code).to_owned();
    view.office = board.office.name.in_language(code).to_owned();
    match time_at(moment.now_ms) {
        Some(now) => {
            view.time = when::hour(now, language);
            view.date = when::date(now, language);
        }
        None => view.clock_unknown = words.clock_unknown.to_owned(),
    }
    if portrait {
        // Standing, the name needs the room.
        view.date.clear();
    }
    let room = size.width * if portrait { 0.58 } else { 0.6 };
    view.office_long = width(&view.office) * 40.0 * view.scale > room;
    if view.office_long {
        view.parent.clear();
    }
    if moment.now_ms >= lobby.stale_at() {
        view.stale = match time_at(lobby.alive_at) {
            Some(at) => fill(words.stale_since, when::hour(at, language)),
            None => words.stale.to_owned(),
        };
    }
    calls(&mut view, lobby, board, language);
    let turn = (moment.now_ms / NOTICE_MS) as usize;
    strip(&mut view, board, language, size, turn);
    if let Some(last) = lobby.notices().checked_sub(1) {
        view.notice = board.office.notices[turn % (last + 1)]
            .in_language(code)
            .to_owned();
    } else if !board.office.hotline.is_empty() {
        view.notice = fill(words.hotline, &board.office.hotline);
    }
    let room = size.width / view.scale - 2.0 * MARGIN;
    let one = NOTICE_SIZES
        .into_iter()
        .find(|size| lines(&view.notice, *size, room) == 1);
    view.notice_size = one.unwrap_or(NOTICE_OF_TWO_LINES[usize::from(portrait)]) * view.scale;
    view
}

fn calls(view: &mut LobbyView, lobby: &Lobby, board: &Board, language: Language) {
    let words = language.words();
    match lobby.calls.large() {
        // A closed day keeps no old calls on the wall.
        Some((call, gold)) if board.day.open || gold => {
            view.lead = words.call_lead.to_owned();
            view.number = call.number.clone();
            view.counter = fill(words.call_counter, call.counter);
            view.gold = gold;
            if call.times > 1 {
                view.again = fill(words.call_again, call.times);
            }
            if let Some(other) = board.office.languages.get(1) {
                let whole = Language::from_code(other).words().call_whole;
                view.also = fill(&fill(whole, &call.number), call.counter);
            }
        }
        _ => {
            let (title, body) = if board.issuing.open {
                (words.no_calls, words.no_calls_help.to_owned())
            } else {
                crate::touch::closed(board, language)
            };
            view.title = title.to_owned();
            view.body = body;
        }
    }
    if !view.number.is_empty() {
        view.calls = lobby
            .calls
            .list()
            .into_iter()
            .take(CALLS_MAX)
            .map(|call| CallView {
                number: call.number.clone(),
                counter: fill(words.call_counter_short, call.counter),
            })
            .collect();
    }
}
