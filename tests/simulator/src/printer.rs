//! The printer around the head: its buffer, its sensors, its answers, and its faults.

use std::collections::VecDeque;

use crate::command::{Listener, Parser};
use crate::head::{Ask, Head};
use crate::model::{Model, NEAR_END_MM};
use crate::paper::{Cut, Harm};

/// Keys in one block of a list.
const KEYS_IN_BLOCK: usize = 40;

/// What may go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The roll ends. After repair the printer goes on with what it has, unless it was cleared.
    PaperOut,
    /// The near-end sensor speaks.
    PaperLow,
    /// Somebody opens the cover.
    CoverOpen,
    /// The next cut jams.
    CutterJam,
    /// The head is too hot.
    HeadHot,
    /// It is offline and does not say why: somebody pressed its pause key.
    Offline,
    /// An error that only switching off clears.
    Unrecoverable,
    /// It prints and says nothing.
    Silence,
    /// It says everything later: with the next answer but one.
    LateAnswers,
    /// It says other bytes than it should.
    GarbledAnswers,
    /// It answers one question as if it had been another.
    WrongKindAnswers,
    /// Its line carries so many bytes each time that the line looks, which is 50 times a second:
    /// 19 of them are 9,600 baud.
    SlowLine(usize),
    /// The cable is pulled.
    Unplug,
    /// It is off for as long as so many bytes come.
    PowerCycle(usize),
}

/// How it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    Normal,
    Silent,
    Late,
    Garbled,
    WrongKind,
}

/// Sensors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sensors {
    paper_out: bool,
    paper_low: bool,
    cover_open: bool,
    jammed: bool,
    hot: bool,
    paused: bool,
    fault: bool,
}

impl Sensors {
    fn stop(self) -> bool {
        self.paper_out || self.cover_open || self.jammed || self.hot || self.paused || self.fault
    }
}

/// A printer.
pub struct Printer {
    model: Model,
    /// Where commands begin as they are received, and as they are carried out.
    receiving: Parser,
    carrying_out: Parser,
    listener: Listener,
    buffer: VecDeque<u8>,
    head: Head,
    sensors: Sensors,
    jam_next_cut: bool,
    manner: Manner,
    late: VecDeque<Vec<u8>>,
    garble: u32,
    changes: bool,
    told: Sensors,
    keys: VecDeque<Vec<u8>>,
    answers: Vec<u8>,
    unplugged: bool,
    line_bytes: Option<usize>,
    losing: usize,
    /// Bytes since it was made, and since the last cut.
    received: usize,
    since_cut: usize,
    carried_out: usize,
    scheduled: Vec<(usize, Fault)>,
    roll_mm: Option<f64>,
    cuts: Vec<Cut>,
}

impl Printer {
    /// A printer with paper that does not end.
    pub fn new(model: Model) -> Self {
        Self {
            receiving: Parser::default(),
            carrying_out: Parser::default(),
            listener: Listener::default(),
            buffer: VecDeque::new(),
            head: Head::new(model.clone()),
            sensors: Sensors::default(),
            jam_next_cut: false,
            manner: Manner::Normal,
            late: VecDeque::new(),
            garble: 1,
            changes: false,
            told: Sensors::default(),
            keys: VecDeque::new(),
            answers: Vec::new(),
            unplugged: false,
            line_bytes: None,
            losing: 0,
            received: 0,
            since_cut: 0,
            carried_out: 0,
            scheduled: Vec::new(),
            roll_mm: None,
            cuts: Vec::new(),
            model,
        }
    }

    /// What comes out of a printer that gets these bytes and nothing else; the first byte that no
    /// printer should have been sent is an error, and so is a slip that is not cut.
    pub fn print(model: Model, bytes: &[u8]) -> Result<Vec<Cut>, String> {
        let mut printer = Self::new(model);
        for byte in bytes {
            printer.receive(*byte);
        }
        if !printer.head.cut.is_blank() || !printer.carrying_out.is_between() {
            return Err("the last slip was not cut".to_owned());
        }
        let wrong = printer.cuts.iter().flat_map(|cut| &cut.errors).next();
        match wrong {
            Some(wrong) => Err(wrong.to_string()),
            None => Ok(printer.cuts),
        }
    }

    /// Puts in a roll of this length.
    pub fn load(&mut self, mm: f64) {
        self.roll_mm = Some(mm);
        self.sensors.paper_out = false;
        self.sensors.paper_low = false;
        self.go_on();
    }

    /// All pieces of paper that came out, and keeps them.
    pub fn cuts(&self) -> &[Cut] {
        &self.cuts
    }

    /// Takes all pieces of paper away.
    pub fn take_cuts(&mut self) -> Vec<Cut> {
        std::mem::take(&mut self.cuts)
    }

    /// Bytes it got since it was made.
    pub fn received(&self) -> usize {
        self.received
    }

    /// Has a fault now.
    pub fn fail(&mut self, fault: Fault) {
        match fault {
            Fault::PaperOut => {
                self.sensors.paper_out = true;
                self.tear(Harm::PaperEnded);
            }
            Fault::PaperLow => self.sensors.paper_low = true,
            Fault::CoverOpen => self.sensors.cover_open = true,
            Fault::CutterJam => self.jam_next_cut = true,
            Fault::HeadHot => self.sensors.hot = true,
            Fault::Offline => self.sensors.paused = true,
            Fault::Unrecoverable => self.sensors.fault = true,
            Fault::Silence => self.manner = Manner::Silent,
            Fault::LateAnswers => self.manner = Manner::Late,
            Fault::GarbledAnswers => self.manner = Manner::Garbled,
            Fault::WrongKindAnswers => self.manner = Manner::WrongKind,
            Fault::SlowLine(bytes) => self.line_bytes = Some(bytes),
            Fault::Unplug => self.unplugged = true,
            Fault::PowerCycle(bytes) => {
                self.power_cut();
                self.losing = bytes;
            }
        }
        self.tell_changes();
    }

    /// Has a fault when so many bytes have come since the last cut.
    pub fn fail_at(&mut self, byte: usize, fault: Fault) {
        self.scheduled.push((byte, fault));
    }

    /// Whether a fault is still to come.
    pub fn fails_later(&self) -> bool {
        !self.scheduled.is_empty()
    }

    /// A person puts everything right: paper in, cover closed, cutter freed, cable plugged in.
    pub fn repair(&mut self) {
        let (fault, jammed) = (self.sensors.fault, self.sensors.jammed);
        self.sensors = Sensors::default();
        self.manner = Manner::Normal;
        self.unplugged = false;
        self.line_bytes = None;
        self.jam_next_cut = false;
        self.losing = 0;
        self.scheduled.clear();
        while let Some(answer) = self.late.pop_front() {
            self.answers.extend(answer);
        }
        if fault {
            self.power_cut();
        } else if jammed {
            self.tear(Harm::TornOff);
        }
        self.tell_changes();
        self.go_on();
    }

    /// Whether the cable is out.
    pub fn is_unplugged(&self) -> bool {
        self.unplugged
    }

    /// The most bytes that its line carries at a time; none: all that there are.
    pub(crate) fn line_bytes(&self) -> Option<usize> {
        self.line_bytes
    }

    /// Whether it takes another byte.
    pub fn takes(&self) -> bool {
        self.buffer.len() < self.model.receive_buffer
    }

    /// What it says.
    pub fn answers(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.answers)
    }

    /// One byte comes in.
    pub fn receive(&mut self, byte: u8) {
        self.received += 1;
        if self.losing > 0 {
            self.losing -= 1;
            return;
        }
        self.since_cut += 1;
        let between = self.receiving.is_between();
        self.receiving.push(byte);
        // A clone looks for real-time commands between other commands only.
        let listens = self.model.real_time_in_data || between || !self.listener.is_idle();
        let heard = listens.then(|| self.listener.push(byte)).flatten();
        self.buffer.push_back(byte);
        if let Some(command) = heard {
            self.at_once(&command);
        }
        let due = self
            .scheduled
            .iter()
            .position(|(at, _)| self.since_cut >= *at);
        if let Some(index) = due {
            let (_, fault) = self.scheduled.remove(index);
            self.fail(fault);
        }
        self.go_on();
    }

    /// The acknowledgement of a block of keys is no byte of the stream.
    fn is_acknowledgement(&mut self, byte: u8) -> bool {
        let waits = byte == 6 && !self.keys.is_empty() && self.carrying_out.is_between();
        if waits && let Some(block) = self.keys.pop_front() {
            self.say(block);
        }
        waits
    }

    fn go_on(&mut self) {
        while !self.sensors.stop() && self.losing == 0 {
            let Some(byte) = self.buffer.pop_front() else {
                return;
            };
            if self.is_acknowledgement(byte) {
                continue;
            }
            self.carried_out += 1;
            let Some(piece) = self.carrying_out.push(byte) else {
                continue;
            };
            let before = self.head.cut.rows.len();
            let asked = self.head.carry_out(piece, self.carried_out);
            self.roll(self.head.cut.rows.len().saturating_sub(before));
            match asked {
                Some(asked) => self.asked(asked),
                None => continue,
            }
        }
    }

    fn asked(&mut self, asked: Ask) {
        match asked {
            Ask::Cut { .. } if self.jam_next_cut => {
                self.jam_next_cut = false;
                self.sensors.jammed = true;
                self.tell_changes();
            }
            Ask::Cut { here } => {
                self.head.cut.cut_here = here;
                self.cuts.push(std::mem::take(&mut self.head.cut));
                self.since_cut = 0;
            }
            Ask::Done(id) if self.model.process_id => {
                let [a, b, c, d] = id;
                self.say(vec![0x37, 0x22, a, b, c, d, 0]);
            }
            Ask::Done(_) => self.head.cut.ignored.push("GS ( H"),
            Ask::InTurn if self.model.gs_r => {
                let low = if self.sensors.paper_low { 3 } else { 0 };
                self.say(vec![low]);
            }
            Ask::InTurn => {}
            Ask::Changes(what) => {
                self.changes = self.model.asb && what != 0;
                if self.changes {
                    self.say(self.status().to_vec());
                }
            }
            Ask::Keys(keys) => {
                let blocks = keys.len().div_ceil(KEYS_IN_BLOCK).max(1);
                for index in 0..blocks {
                    let rest = keys.iter().skip(index * KEYS_IN_BLOCK).take(KEYS_IN_BLOCK);
                    let more = if index + 1 < blocks { 0x41 } else { 0x40 };
                    let mut block = vec![0x37, 0x73, more];
                    block.extend(rest.flatten());
                    block.push(0);
                    self.keys.push_back(block);
                }
                if let Some(first) = self.keys.pop_front() {
                    self.say(first);
                }
            }
        }
    }

    /// A command in real time.
    fn at_once(&mut self, command: &[u8]) {
        match command {
            [0x10, 4, 0] if self.model.constant.is_none() => {}
            [0x10, 4, what @ 0..=4] if self.model.dle_eot => {
                let answer = self.model.constant.unwrap_or_else(|| self.real_time(*what));
                self.say(vec![answer]);
            }
            [0x10, 5, 2] => {
                self.sensors.jammed = false;
                self.clear(Harm::Cleared);
                self.tell_changes();
            }
            [0x10, 0x14, 8, 1, 3, 0x14, 1, 6, 2, 8] if self.model.clears => {
                self.clear(Harm::Cleared);
            }
            _ => {}
        }
    }

    fn clear(&mut self, harm: Harm) {
        self.buffer.clear();
        self.receiving = Parser::default();
        self.carrying_out = Parser::default();
        self.head.clear_line();
        self.tear(harm);
    }

    fn power_cut(&mut self) {
        self.clear(Harm::PowerLost);
        self.head.forget();
        self.changes = false;
        self.keys.clear();
        self.answers.clear();
        self.late.clear();
        self.sensors.fault = false;
        self.sensors.jammed = false;
    }

    /// What is printed so far is a piece of paper of its own, and no whole slip.
    fn tear(&mut self, harm: Harm) {
        let mut cut = std::mem::take(&mut self.head.cut);
        if !cut.rows.is_empty() {
            cut.harm.push(harm);
            self.cuts.push(cut);
            // What follows of the same slip is none either.
            self.head
                .cut
                .harm
                .extend((harm == Harm::PaperEnded).then_some(Harm::PaperBegan));
        }
        self.since_cut = 0;
    }

    fn roll(&mut self, rows: usize) {
        let Some(left) = &mut self.roll_mm else {
            return;
        };
        *left -= rows as f64 * 25.4 / self.model.dpi as f64;
        let left = *left;
        if self.model.near_end_sensor && left < NEAR_END_MM && !self.sensors.paper_low {
            self.fail(Fault::PaperLow);
        }
        if left <= 0.0 && !self.sensors.paper_out {
            self.fail(Fault::PaperOut);
        }
    }

    fn say(&mut self, answer: Vec<u8>) {
        match self.manner {
            Manner::Silent => {}
            Manner::Normal => self.answers.extend(answer),
            Manner::Late => {
                self.late.push_back(answer);
                if self.late.len() > 2
                    && let Some(first) = self.late.pop_front()
                {
                    self.answers.extend(first);
                }
            }
            Manner::Garbled => {
                for byte in answer {
                    // A generator of its own, so that every run garbles alike.
                    self.garble = self
                        .garble
                        .wrapping_mul(1_664_525)
                        .wrapping_add(1_013_904_223);
                    self.answers.push(byte ^ (self.garble >> 24) as u8 | 0x80);
                }
            }
            Manner::WrongKind => {
                let other = match answer.len() {
                    1 => self.status().to_vec(),
                    _ => vec![0x12],
                };
                self.answers.extend(other);
            }
        }
    }

    fn tell_changes(&mut self) {
        if self.changes && self.told != self.sensors && !self.unplugged {
            self.told = self.sensors;
            self.say(self.status().to_vec());
        }
    }

    fn real_time(&self, what: u8) -> u8 {
        let s = self.sensors;
        let bit = |on: bool, bit: u8| u8::from(on) << bit;
        let error = s.jammed || s.hot || s.fault;
        0x12 | match what {
            1 => bit(s.stop(), 3),
            2 => bit(s.cover_open, 2) | bit(s.paper_out, 5) | bit(error, 6),
            3 => bit(s.jammed, 3) | bit(s.fault, 5) | bit(s.hot, 6),
            _ => {
                bit(s.paper_low, 2)
                    | bit(s.paper_low, 3)
                    | bit(s.paper_out, 5)
                    | bit(s.paper_out, 6)
            }
        }
    }

    fn status(&self) -> [u8; 4] {
        let s = self.sensors;
        let bit = |on: bool, bit: u8| u8::from(on) << bit;
        [
            0x10 | bit(s.stop(), 3) | bit(s.cover_open, 5),
            bit(s.jammed, 3) | bit(s.fault, 5) | bit(s.hot, 6),
            bit(s.paper_low, 0) | bit(s.paper_low, 1) | bit(s.paper_out, 2) | bit(s.paper_out, 3),
            0,
        ]
    }
}
