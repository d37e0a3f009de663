//! What the touch screen shows, as plain data: every text finished, every place computed.

use super::closed::{closed, closed_service};
use super::looking::{self, FactView};
use super::number::number;
use super::tiles::{content, tiles};
use crate::board::{Board, Kind, Printer};
use crate::enrol::EnrolView;
use crate::frame::{Frame, Plan};
use crate::measure::{LINE, lines, whole_items, width};
use crate::visit::{Page, Person, Told, Visit};
use crate::when;
use crate::words::{Language, fill};

/// The moment a view is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Milliseconds of a monotonic clock.
    pub now_ms: u64,
    /// The daemon's time; shown only while the daemon itself knows it.
    pub utc_ms: Option<i64>,
}

/// A notice stays this long before the next one takes its place.
pub(crate) const NOTICE_MS: u64 = 12_000;

/// Which page is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Show {
    /// Services to choose from.
    #[default]
    Tiles,
    /// A question or a message.
    Message,
    /// The number.
    Number,
    /// Digits to type a second factor with.
    Digits,
    /// Letters for the same.
    Letters,
    /// How one's own dossier stands.
    Dossier,
}

/// How the line about the slip is meant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    /// Under way.
    #[default]
    Busy,
    /// Done.
    Done,
    /// Something is asked of the citizen.
    Note,
    /// Something went wrong.
    Trouble,
}

/// One of "how to use it".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepView {
    /// The words.
    pub text: &'static str,
    /// 0 touch, 1 slip, 2 remember the number, 3 wait.
    pub picture: i32,
}

/// One tile.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TileView {
    /// The service's letter.
    pub letter: String,
    /// Its name.
    pub name: String,
    /// Everyday words; empty where there is no room.
    pub words: String,
    /// Who waits, or why not.
    pub note: String,
    /// No number to be had.
    pub muted: bool,
    /// Touched, and the answer is on its way.
    pub chosen: bool,
    /// Of its name, in pixels.
    pub name_size: f32,
    /// Lines its name may take.
    pub name_lines: usize,
    /// Lines its everyday words may take.
    pub word_lines: usize,
}

/// The whole touch screen. Empty words are not shown, and have no button.
#[derive(Debug, Clone, Default, PartialEq)]
#[allow(missing_docs)] // Named as in ui/touch-screen.slint.
pub struct TouchView {
    pub plan: Option<Plan>,
    pub enrol: Option<EnrolView>,
    pub show: Show,
    pub parent: String,
    pub office: String,
    pub time: String,
    pub date: String,
    pub clock_small: bool,
    pub clock_unknown: String,
    pub steps: Vec<StepView>,
    pub notice: String,
    pub hotline: String,
    pub question: String,
    pub question_more: String,
    pub services: Vec<TileView>,
    pub fixed: Vec<TileView>,
    pub tiles_enabled: bool,
    pub class_chosen: String,
    pub class_cancel: String,
    pub priority_title: String,
    pub priority_note: String,
    pub title: String,
    pub body: String,
    pub alarm: bool,
    pub yes: String,
    pub no: String,
    pub number_label: String,
    pub number: String,
    pub number_service: String,
    pub number_class: String,
    pub ahead: String,
    pub qr: String,
    pub qr_words: String,
    pub paper_title: String,
    pub paper_body: String,
    pub paper_tone: Tone,
    pub change: String,
    pub remembered: String,
    pub look_up: String,
    pub look_up_note: String,
    pub typed: String,
    pub trouble: String,
    pub note: String,
    pub erase: String,
    pub letters: String,
    pub send: String,
    pub can_send: bool,
    pub state: String,
    pub masked: String,
    pub facts: Vec<FactView>,
    pub source: String,
    pub stay: String,
    pub countdown: String,
    pub countdown_share: f32,
    pub back: String,
    pub size: String,
    pub language: String,
}

/// What `visit` shows at `moment` on `frame`.
pub fn view(visit: &Visit, moment: Moment, frame: Frame) -> TouchView {
    let language = visit.language();
    let words = language.words();
    let mut view = TouchView {
        size: if visit.large() {
            words.smaller
        } else {
            words.larger
        }
        .to_owned(),
        ..TouchView::default()
    };
    let mut own = Board::default();
    let board = match visit.board() {
        Some(board) if visit.priority() => {
            own = board.with_priority();
            &own
        }
        Some(board) => board,
        None => &own,
    };
    office(&mut view, board, language, moment);
    if board.office.languages.len() > 1 {
        view.language = visit.next_language().own_name().to_owned();
    }
    // On most pages the fixed room of the home page is kept, so that nothing jumps.
    let receipts = receipts(visit, board, language);
    let mut content = content(board, language, visit.large(), receipts);
    content.look_up = looking::room(visit, moment.now_ms, language);
    let mut plan = frame.plan(&content);
    content.large = true;
    if !visit.large() && !frame.plan(&content).enlarged() {
        view.size.clear();
    }
    match visit.page(moment.now_ms) {
        // How to use the machine is told only while it can be used.
        Page::Starting => {
            message(&mut view, words.starting, "");
            view.steps.clear();
            view.size.clear();
        }
        Page::Away => {
            alarm(&mut view, words.away, words.ask_staff);
            view.steps.clear();
        }
        Page::Closed => {
            let (title, body) = closed(board, language);
            message(&mut view, title, &body);
            view.steps.clear();
            // How a dossier stands can be asked at noon as well.
            if visit.looks_up(moment.now_ms) {
                looking::button(&mut view, language);
            }
        }
        Page::Tiles { asked } => {
            tiles(&mut view, board, language, &plan, receipts);
            view.question = words.question.to_owned();
            if !plan.tight {
                view.question_more = words.question_more.to_owned();
            }
            view.tiles_enabled = asked.is_none();
            if let Some(letter) = asked {
                view.question = words.issuing.to_owned();
                if !plan.tight {
                    view.question_more = words.issuing_slow.to_owned();
                }
                for tile in view.services.iter_mut().chain(&mut view.fixed) {
                    tile.chosen = tile.letter == letter;
                }
            }
            if visit.looks_up(moment.now_ms) {
                looking::button(&mut view, language);
            }
            class(&mut view, visit, board, language, &plan);
            if let Some(person) = visit.person() {
                card(&mut view, person, visit.priority(), language, &plan);
            }
        }
        Page::Waiting { again } => {
            let body = if again {
                words.issuing_retry
            } else {
                words.issuing_slow
            };
            message(&mut view, words.issuing, body);
        }
        Page::Priority => {
            let who = board.office.priority.as_ref();
            let who = who.map_or("", |who| who.in_language(language.code()));
            let who = match who.trim_end_matches('.') {
                "" => String::new(),
                who => fill(words.priority_who, who),
            };
            message(&mut view, words.priority_question, &who);
            view.yes = words.priority_yes.to_owned();
            view.no = words.priority_no.to_owned();
            view.back = words.back.to_owned();
        }
        Page::NoNumbers(letter) => {
            let service = board.services.get(letter);
            let issuing = service.map(|service| service.issuing.clone());
            let (title, body) = closed_service(&issuing.unwrap_or_default(), language);
            message(&mut view, &title, &body);
            view.back = words.back.to_owned();
        }
        Page::Number(shown) => {
            number(&mut view, shown, board, language, moment.now_ms);
            plan.read = number_read(&frame);
            let across = if plan.portrait {
                frame.width
            } else {
                plan.read
            };
            if width(&view.ahead) * 36.0 * plan.text_scale > across - 2.0 * plan.margin() {
                view.ahead = view.ahead.replace(" · ", "\n");
            }
        }
        Page::Change(shown) => {
            tiles(&mut view, board, language, &plan, "");
            view.question = fill(words.change_question, &shown.ticket.number);
            view.tiles_enabled = true;
            view.back = words.back.to_owned();
        }
        Page::Refused(why) => {
            message(&mut view, words.refused, why);
            view.back = words.back.to_owned();
        }
        Page::Told(told) => {
            let (title, body) = match told {
                Told::Unreadable => (words.unreadable, words.unreadable_help),
                Told::ForStaff => (words.for_staff, words.for_staff_help),
                Told::Vneid => (words.vneid, words.vneid_help),
                Told::OldSlip => (words.old_slip, words.old_slip_help),
                Told::CardUnchecked => (words.card_unchecked, words.card_unchecked_help),
            };
            message(&mut view, title, body);
            view.back = words.back.to_owned();
        }
        Page::LookUp(page) => {
            looking::look_up(&mut view, page, visit, board, moment);
            if view.show != Show::Message {
                looking::place(&mut plan, view.show, &frame);
            }
        }
        Page::NoAnswer => {
            alarm(&mut view, words.no_answer, words.no_answer_help);
            view.yes = words.try_again.to_owned();
            view.no = words.end.to_owned();
        }
        Page::Still => {
            message(&mut view, words.still_there, "");
            view.yes = words.go_on.to_owned();
            view.no = words.end.to_owned();
        }
    }
    let counted = view.paper_tone != Tone::Busy || view.show != Show::Number;
    if let Some((end, whole)) = visit.home_at().filter(|_| counted) {
        let left = end.saturating_sub(moment.now_ms);
        view.countdown = language.home_in(left.div_ceil(1000));
        view.countdown_share = left.div_ceil(1000) as f32 * 1000.0 / whole as f32;
    }
    make_room(&mut view, &plan, &frame);
    view.plan = Some(plan);
    view
}

/// What the tile for results says of the reader; empty where no reader, or no such tile, is.
fn receipts(visit: &Visit, board: &Board, language: Language) -> &'static str {
    let of_results = board.services.values().any(|s| s.kind == Kind::Result);
    match visit.reader() && of_results {
        true => language.words().receipt_hint,
        false => "",
    }
}

/// A card was shown: what came of it, and that nothing of it is kept.
fn card(view: &mut TouchView, person: &Person, priority: bool, language: Language, plan: &Plan) {
    let words = language.words();
    let mut told = match person.held.as_slice() {
        [] => words.card_read.to_owned(),
        held => fill(words.card_holds, held.join(", ")),
    };
    if priority && person.class.is_some() {
        told = format!("{told} {}", words.card_aged);
    }
    // Whoever has shown a card knows how to use the machine.
    view.steps.clear();
    view.notice = words.card_notice.to_owned();
    if plan.tight {
        // One line is all there is; that priority was chosen shows below.
        if !person.held.is_empty() {
            view.question = fill(words.card_holds, person.held.join(", "));
        }
    } else {
        view.question_more = told;
    }
}

/// The number is the largest thing there is, so its half is the larger one.
pub(super) fn number_read(frame: &Frame) -> f32 {
    if frame.portrait() {
        (frame.height * 0.56).round()
    } else {
        (frame.width * 0.52).round()
    }
}

fn office(view: &mut TouchView, board: &Board, language: Language, moment: Moment) {
    let words = language.words();
    let code = language.code();
    view.parent = board.office.parent.in_language(code).to_owned();
    view.office = board.office.name.in_language(code).to_owned();
    if !board.office.hotline.is_empty() {
        view.hotline = fill(words.hotline, &board.office.hotline);
    }
    let now = moment
        .utc_ms
        .filter(|_| board.clock.known)
        .and_then(|utc| when::local(utc, board.clock.offset_minutes));
    if let Some(now) = now {
        view.time = when::hour(now, language);
        view.date = when::date(now, language);
    } else if !view.office.is_empty() {
        view.clock_unknown = words.clock_unknown.to_owned();
    }
    let (text, picture) = match board.printer {
        Printer::None => (words.step_number, 2),
        Printer::Ready | Printer::Trouble => (words.step_slip, 1),
    };
    view.steps = vec![
        StepView {
            text: words.step_touch,
            picture: 0,
        },
        StepView { text, picture },
        StepView {
            text: words.step_wait,
            picture: 3,
        },
    ];
    let notices = &board.office.notices;
    if !notices.is_empty() {
        let turn = (moment.now_ms / NOTICE_MS) as usize % notices.len();
        view.notice = notices[turn].in_language(code).to_owned();
    }
}

fn class(view: &mut TouchView, visit: &Visit, board: &Board, language: Language, plan: &Plan) {
    let words = language.words();
    if visit.priority() {
        // Among the buttons of the bottom row there is room for one word.
        let roomy = plan.priority_row;
        view.class_chosen = if roomy {
            words.priority_chosen
        } else {
            words.priority
        }
        .to_owned();
        view.class_cancel = words.priority_drop.to_owned();
        if !roomy {
            // A fifth button has no room among them; dropping the class brings it back.
            view.look_up.clear();
        }
    } else if let Some(who) = &board.office.priority {
        view.priority_title = words.priority.to_owned();
        let who = who.in_language(language.code());
        view.priority_note = if plan.priority_row {
            who.to_owned()
        } else if !view.look_up.is_empty() {
            // One of four buttons has room for one word.
            String::new()
        } else {
            // Three shares of the bottom row; the question that follows says all of it.
            let others = [&view.size, &view.language].map(|word| !word.is_empty());
            let others = others.into_iter().filter(|there| *there).count() as f32;
            let room = (plan.inner - others * plan.gap) * 3.0 / (3.0 + others);
            whole_items(who, 28.0 * plan.text_scale, room - 2.0 * plan.pad())
        };
    }
}

pub(super) fn message(view: &mut TouchView, title: &str, body: &str) {
    view.show = Show::Message;
    view.title = title.to_owned();
    view.body = body.to_owned();
}

fn alarm(view: &mut TouchView, title: &str, body: &str) {
    message(view, title, body);
    view.alarm = true;
}

/// Leaves out of the half that is read what it has no room for: the notice, then the steps.
fn make_room(view: &mut TouchView, plan: &Plan, frame: &Frame) {
    let scale = plan.scale;
    let (across, down) = if plan.portrait {
        (frame.width, plan.read)
    } else {
        (plan.read, frame.height)
    };
    let inner = across - 2.0 * plan.margin();
    let text = |text: &str, size: f32, most: usize| match text {
        "" => 0.0,
        text => {
            lines(text, size * scale, inner).min(most) as f32 * LINE * size * scale + 12.0 * scale
        }
    };
    let mut used = 2.0 * plan.margin() + (LINE * 28.0 + 24.0) * scale;
    let clock = |size: f32| match view.time.as_str() {
        "" => 0.0,
        _ => (LINE * size + 12.0) * scale,
    };
    let (step, steps) = if plan.portrait {
        used += text(&view.parent, 32.0, 2) + text(&view.office, 44.0, 2);
        view.clock_small = used + clock(92.0) > down;
        used += clock(if view.clock_small { 56.0 } else { 92.0 });
        ((64.0 + 58.0) * scale + 2.0 * 1.4 * 28.0 * scale, 1.0)
    } else {
        used += text(&view.parent, 32.0, 4) + text(&view.office, 34.0, 7);
        used += clock(74.0 + 32.0);
        used += text(&view.clock_unknown, 28.0, 1);
        ((2.0 * 1.4 * 28.0 + 36.0) * scale, 3.0)
    };
    let steps = match plan.steps && !view.steps.is_empty() {
        true => step * steps,
        false => 0.0,
    };
    let notice = text(&view.notice, 28.0, 3);
    if used + steps + notice > down {
        view.notice.clear();
    }
    if !plan.steps || used + steps > down {
        view.steps.clear();
    }
}
