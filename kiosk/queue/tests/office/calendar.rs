//! Scripts of days: real time goes by, the appliance's clock may be wrong, unknown or off.
//!
//! The left column is the time as it really is: a weekday is the next one, `Mon 23/11/2026`
//! a given one, and without either it is still the same day. Between two lines the program
//! looks at the clock every minute, as it does in life; whatever that brings must stand in
//! the script as `by itself`, at the minute at which it happens. Every script ends with a
//! replay, which must come to the same state.
//!
//! `start [unknown]`            the first start; the time is known or not
//! `power off 2 days [unknown]` off for so long; afterwards the time is known or not
//! `clock is 23/11/2036 09:00`  the wall clock is set (by NTP, a person, a bad battery)
//! `clock is right`             the wall clock shows the real time
//! `confirm [sure] 23/11/2026 09:00`  staff say what time it is
//! `numbers [A]`                whether a kiosk gives out numbers (of a service): `open`, or why
//!                              not and when again
//! `kept A001`, `kept next A`   when calls go on for a ticket that a break finds waiting
//! `show A001 of 1`             a citizen shows the slip of A001 of service day 1 at the kiosk;
//!                              yields the number it has now, and its class
//! `right A001 of 1`            when that slip brings its citizen back, as long as it does
//! `day`                        the service day: its id and date, `open` or `closed`
//! `erase 1`                    erases a day's personal values
//! `configure WHAT`             somebody changes the office: adds `letters` (E), another `name`, goes
//!                              `without 3` (a counter), `unserved B`, without `classes`, makes
//!                              today a `holiday` or not (`workday`): `done`, or it `waits`
//! `file WHAT`                  the same from `kiosk.toml`, as at a start; `nothing`: it gave that before
//! `withdraw`                   what waits does so no more
//! `off [14:00 [16:00]]`, `on`  an unplanned closure today, for the rest of it or a part, or none

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Weekday, date, time};
use queue::{Command, DayOff, Event, Hours, Issuing, Office, Refusal, Text};

use super::script::kebab;
use super::{Desk, clerk};

/// Vietnam is 7 hours ahead of UTC.
const AHEAD_MS: i64 = 7 * 3_600_000;
const MINUTE_MS: i64 = 60_000;
/// The Monday before any script.
const FIRST: Date = date(2026, 11, 23);

/// The small office with hours: Monday to Friday, 07:30-11:30 and 13:30-17:00, not on
/// Tuesday 24/11/2026, a holiday.
pub fn with_hours() -> Office {
    use queue::Weekday::{Fri, Mon, Thu, Tue, Wed};
    let span = |from, to| Hours {
        days: vec![Mon, Tue, Wed, Thu, Fri],
        from,
        to,
    };
    Office {
        hours: vec![
            span(time(7, 30, 0, 0), time(11, 30, 0, 0)),
            span(time(13, 30, 0, 0), time(17, 0, 0, 0)),
        ],
        holidays: vec![date(2026, 11, 24).into()],
        ..super::office()
    }
}

/// Plays a script of days in `office`; every line must come out as it says.
pub fn live(office: Office, script: &str) {
    let mut world = World {
        desk: Desk::new(),
        real: FIRST.at(0, 0, 0, 0),
        off_by_ms: None,
        running: false,
    };
    let office = Box::new(office);
    let system = clerk("system");
    world
        .desk
        .act(&system, Command::Configure { office })
        .unwrap();
    for line in script.lines().map(str::trim).filter(|l| !l.is_empty()) {
        world.line(line);
    }
    let replayed = world.desk.replayed(|_| true);
    assert!(replayed == world.desk.state, "a replay differs");
}

/// An office, the real time, and what its wall clock is off (`None`: nobody knows).
struct World {
    desk: Desk,
    real: DateTime,
    off_by_ms: Option<i64>,
    running: bool,
}

impl World {
    fn line(&mut self, line: &str) {
        let (act, expected) = line.split_once("->").unwrap();
        let words: Vec<&str> = act.split_whitespace().collect();
        let (at, words) = moment(self.real.date(), &words);
        assert!(at >= self.real, "{line}: time goes on");
        let itself = words == ["by", "itself"];
        self.pass_to(at, itself);
        let came = match words {
            ["by", "itself"] => self.tick(),
            ["start", rest @ ..] => self.start(0, rest.is_empty()),
            ["power", "off", n, unit, rest @ ..] => {
                let hours = match *unit {
                    "days" => 24 * 60,
                    "hours" => 60,
                    _ => 1,
                };
                let ms = n.parse::<i64>().unwrap() * hours * MINUTE_MS;
                self.real = self.real.checked_add(ms.milliseconds()).unwrap();
                self.start(ms, rest.is_empty())
            }
            ["clock", "is", "right"] => self.set_clock(self.real),
            ["clock", "is", shown @ ..] => {
                let (shown, _) = moment(self.real.date(), shown);
                self.set_clock(shown)
            }
            ["confirm", "sure", said @ ..] => self.confirm(said, true),
            ["confirm", said @ ..] => self.confirm(said, false),
            ["numbers"] => numbers(self.desk.state.issuing(self.desk.now())),
            ["numbers", service] => {
                let letter = service.chars().next().unwrap();
                numbers(self.desk.state.issuing_for(self.desk.now(), letter))
            }
            ["kept", "next", service] => {
                let letter = service.chars().next().unwrap();
                let state = &self.desk.state;
                until(state.kept_until_of_newcomer(self.desk.now(), letter))
            }
            ["kept", number] => self.kept(number),
            ["day"] => self.day(),
            ["configure", what @ ..] => {
                let office = Box::new(self.changed(what));
                let base = self.desk.state.settings().version();
                self.put(Command::ChangeOffice { office, base })
            }
            ["file", what @ ..] => {
                let office = Box::new(self.changed(what));
                self.put(Command::Configure { office })
            }
            ["withdraw"] => {
                let base = self.desk.state.settings().version();
                self.put(Command::WithdrawOffice { base })
            }
            ["off", hours @ ..] => {
                let hour = |n: usize| hours.get(n).map(|text| text.parse().unwrap());
                let off = DayOff {
                    date: self.real.date(),
                    from: hour(0),
                    to: hour(1),
                    reason: Text::vi("mất điện"),
                };
                self.put(Command::SetDayOff { off })
            }
            ["on"] => {
                let date = self.real.date();
                self.put(Command::RemoveDayOff { date })
            }
            [act @ ("open-day" | "close-day")] => {
                let command = match *act {
                    "open-day" => Command::OpenDay,
                    _ => Command::CloseDay,
                };
                match self.desk.act(&clerk("binh"), command) {
                    Ok(events) => told(&events),
                    Err(refusal) => kebab(&format!("{refusal:?}")),
                }
            }
            ["erase", day] => {
                let day = day.parse().unwrap();
                match self.desk.act(&clerk("binh"), Command::EraseDay { day }) {
                    Ok(events) => told(&events),
                    Err(refusal) => kebab(&format!("{refusal:?}")),
                }
            }
            words => self.desk.line(words),
        };
        assert_eq!(came, expected.trim(), "{line}");
    }

    /// The program looks at the clock every minute, and nothing happens that no line tells.
    fn pass_to(&mut self, at: DateTime, itself: bool) {
        while self.real < at {
            let full = self
                .real
                .date()
                .at(self.real.hour(), self.real.minute(), 0, 0);
            let next = full.checked_add(1.minute()).unwrap().min(at);
            if self.running {
                self.desk.tick += u64::try_from(ms_of(next) - ms_of(self.real)).unwrap();
            }
            self.real = next;
            self.read_clock();
            if self.running && !(itself && next == at) {
                assert_eq!(self.tick(), "nothing", "by itself at {next}");
            }
        }
    }

    fn read_clock(&mut self) {
        let utc = ms_of(self.real);
        self.desk.utc = self.off_by_ms.map(|off| utc + off);
    }

    fn tick(&mut self) -> String {
        told(&self.desk.act(&clerk("system"), Command::Tick).unwrap())
    }

    /// A start after some time off. Without a battery clock the wall clock stood still.
    fn start(&mut self, off_ms: i64, known: bool) -> String {
        self.running = true;
        self.off_by_ms = known.then_some(0);
        let gap_ms = if known { off_ms.unsigned_abs() } else { 0 };
        self.desk.tick += gap_ms;
        self.read_clock();
        let start = Command::Start { gap_ms };
        told(&self.desk.act(&clerk("system"), start).unwrap())
    }

    fn set_clock(&mut self, shown: DateTime) -> String {
        self.off_by_ms = Some(ms_of(shown) - ms_of(self.real));
        self.read_clock();
        self.tick()
    }

    /// Staff's word counts for the program from then on.
    fn confirm(&mut self, said: &[&str], sure: bool) -> String {
        let (said, _) = moment(self.real.date(), said);
        let utc = ms_of(said);
        match self
            .desk
            .act(&clerk("binh"), Command::ConfirmTime { utc, sure })
        {
            Ok(events) => {
                self.off_by_ms = Some(utc - ms_of(self.real));
                self.read_clock();
                told(&events)
            }
            Err(Refusal::DateBack(last)) => format!("{} was before", dated(Some(last))),
            Err(Refusal::DateFar(last)) => format!("{} is long ago", dated(Some(last))),
            Err(refusal) => kebab(&format!("{refusal:?}")),
        }
    }

    fn kept(&self, number: &str) -> String {
        let ticket = self.desk.state.by_number(number.parse().unwrap()).unwrap();
        until(self.desk.state.kept_until(self.desk.now(), ticket))
    }

    fn day(&self) -> String {
        let Some(day) = self.desk.state.day() else {
            return "none".into();
        };
        let state = if day.open { "open" } else { "closed" };
        format!("{} {} {state}", day.id, dated(day.date))
    }

    /// The office in force, changed.
    fn changed(&self, what: &[&str]) -> Office {
        let mut office = self.desk.state.office().unwrap().clone();
        let today = self.real.date();
        match what {
            ["letters"] => {
                let mut service = office.services[0].clone();
                service.letter = 'E';
                office.services.push(service);
            }
            ["without", counter] => {
                let number: u32 = counter.parse().unwrap();
                office.counters.retain(|c| c.number != number);
            }
            ["unserved", letter] => {
                for counter in &mut office.counters {
                    counter.services.retain(|l| l.to_string() != **letter);
                }
            }
            ["classes"] => office.classes.clear(),
            ["holiday"] => office.holidays.push(today.into()),
            ["workday"] => office.holidays.retain(|h| h.date != today),
            ["nothing"] => {}
            _ => office.name = Text::vi("Phường Mới"),
        }
        office
    }

    fn put(&mut self, command: Command) -> String {
        match self.desk.act(&clerk("binh"), command) {
            Ok(events) => match events.first() {
                None => "nothing".into(),
                Some(Event::OfficePlanned { .. }) => "waits".into(),
                Some(_) => "done".into(),
            },
            Err(refusal) => kebab(&format!("{refusal:?}")),
        }
    }
}

fn until(calls_go_on: Option<DateTime>) -> String {
    match calls_go_on {
        Some(at) => at.strftime("until %H:%M").to_string(),
        None => "no".into(),
    }
}

fn numbers(issuing: Issuing) -> String {
    match issuing {
        Issuing::Open => "open".into(),
        Issuing::Closed { reason, opens_at } => {
            let reason = kebab(&format!("{reason:?}"));
            let when = opens_at.map(|at| at.strftime(", opens %a %H:%M").to_string());
            reason + &when.unwrap_or_default()
        }
    }
}

/// The days and clocks of some events, in words.
fn told(events: &[Event]) -> String {
    let count = |wanted: fn(&Event) -> bool| events.iter().filter(|e| wanted(e)).count();
    let finished = count(|e| {
        matches!(
            e,
            Event::Finished {
                at_closing: true,
                ..
            }
        )
    });
    let deferred = count(|e| matches!(e, Event::Deferred(_)));
    let slips = count(|e| matches!(e, Event::SlipAsked { .. }));
    let words: Vec<String> = events
        .iter()
        .filter_map(|event| match event {
            Event::ClockKnown { .. } => Some("clock known".into()),
            Event::ClockCorrected { .. } => Some("clock corrected".into()),
            Event::TimeConfirmed { .. } => Some("time confirmed".into()),
            Event::DayOpened { day, date, .. } => Some(format!("{day} opened {}", dated(*date))),
            Event::DayDated { day, date } => Some(format!("{day} dated {}", dated(Some(*date)))),
            Event::DayReopened { day } => Some(format!("{day} reopened")),
            Event::DayClosed { day } => {
                let counts = [
                    (finished, "finished"),
                    (deferred, "to come back"),
                    (slips, "slips"),
                ];
                let counts = counts.iter().filter(|(n, _)| *n > 0);
                let counts: String = counts.map(|(n, what)| format!(", {n} {what}")).collect();
                Some(format!("{day} closed{counts}"))
            }
            Event::DeferralsEnded { tickets } => Some(format!("{} too late", tickets.len())),
            Event::DayErased { day } => Some(format!("{day} erased")),
            _ => None,
        })
        .collect();
    match words.is_empty() {
        true => "nothing".into(),
        false => words.join(", "),
    }
}

fn dated(date: Option<Date>) -> String {
    date.map_or("undated".into(), |d| d.strftime("%a %d/%m/%Y").to_string())
}

fn ms_of(local: DateTime) -> i64 {
    jiff::tz::Offset::UTC
        .to_timestamp(local)
        .unwrap()
        .as_millisecond()
        - AHEAD_MS
}

/// The moment a line begins with, and the rest of it. A weekday alone is the next one.
fn moment<'a, 'w>(today: Date, words: &'a [&'w str]) -> (DateTime, &'a [&'w str]) {
    let (mut date, mut rest) = (today, words);
    if let Some(weekday) = weekday(rest[0]) {
        while date.weekday() != weekday {
            date = date.tomorrow().unwrap();
        }
        rest = &rest[1..];
    }
    if rest[0].contains('/') {
        date = Date::strptime("%d/%m/%Y", rest[0]).unwrap();
        rest = &rest[1..];
    }
    let format = if rest[0].len() > 5 {
        "%H:%M:%S"
    } else {
        "%H:%M"
    };
    let clock = jiff::civil::Time::strptime(format, rest[0]).unwrap();
    (date.to_datetime(clock), &rest[1..])
}

fn weekday(word: &str) -> Option<Weekday> {
    let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let offset = names.iter().position(|name| *name == word)?;
    Weekday::from_monday_zero_offset(i8::try_from(offset).ok()?).ok()
}
