//! Lamps beside the kiosk: they show what the pages show.
//!
//! The status lamp is lit while the program runs and blinks while somebody is needed; the paper
//! lamp is lit while a roll is nearly used up and blinks where one has ended.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use printer::Condition;
use tokio::sync::watch;

use crate::pins::Output;
use crate::status::{Health, Parts};

/// Half of a blink: seen from across a hall, and no flicker.
const HALF_BLINK: Duration = Duration::from_millis(500);

/// How a lamp shines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Light {
    /// Dark.
    Off,
    /// Lit.
    On,
    /// Lit and dark by turns.
    Blinking,
}

impl Light {
    /// Whether it is lit so long after the start.
    pub fn is_lit(self, after: Duration) -> bool {
        let half = after.as_millis() / HALF_BLINK.as_millis();
        match self {
            Self::Off => false,
            Self::On => true,
            Self::Blinking => half.is_multiple_of(2),
        }
    }
}

/// The status lamp. A printer that does not print needs somebody, also where another stands in for
/// it; an intake server that is away does not: scans wait.
pub fn status_light(parts: &BTreeMap<String, Health>, printers: &[Condition]) -> Light {
    let troubled = parts.values().any(|health| *health == Health::Trouble);
    match troubled || printers.iter().any(|printer| !printer.prints()) {
        true => Light::Blinking,
        false => Light::On,
    }
}

/// The paper lamp.
pub fn paper_light(printers: &[Condition]) -> Light {
    if printers.contains(&Condition::PaperOut) {
        Light::Blinking
    } else if printers.contains(&Condition::PaperLow) {
        Light::On
    } else {
        Light::Off
    }
}

/// A lamp on a pin, which is told only what is new.
pub struct Lamp {
    output: Box<dyn Output>,
    lit: bool,
}

impl Lamp {
    /// A lamp that is dark.
    pub fn new(output: Box<dyn Output>) -> Self {
        Self { output, lit: false }
    }

    fn shine(&mut self, lit: bool) {
        if lit != self.lit {
            self.lit = lit;
            self.output.set(lit);
        }
    }
}

/// Both lamps, as far as they are there.
pub struct Lamps {
    /// Whether somebody is needed.
    pub status: Option<Lamp>,
    /// Whether a roll ends.
    pub paper: Option<Lamp>,
}

impl Lamps {
    /// Shows how the parts fare until the daemon stops; then the lamps go dark with their pins.
    pub async fn run(mut self, parts: Parts, mut stop: watch::Receiver<bool>) {
        let started = Instant::now();
        let mut every = tokio::time::interval(HALF_BLINK);
        loop {
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                _ = every.tick() => {}
            }
            self.show(&parts, started.elapsed());
        }
    }

    fn show(&mut self, parts: &Parts, after: Duration) {
        let printers = parts.printers();
        let printers: Vec<Condition> = printers.iter().map(|p| p.condition).collect();
        if let Some(lamp) = &mut self.status {
            lamp.shine(status_light(&parts.all(), &printers).is_lit(after));
        }
        if let Some(lamp) = &mut self.paper {
            lamp.shine(paper_light(&printers).is_lit(after));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::pins::Board as _;
    use crate::pins::tests::PaperBoard;
    use crate::status::PrinterReport;

    #[test]
    fn lamps_tell_from_afar_whether_somebody_is_needed_and_what_for() {
        use Condition as C;
        use Light::{Blinking, Off, On};
        for (printers, status, paper) in [
            (&[][..], On, Off),
            (&[C::Ready], On, Off),
            (&[C::PaperLow], On, On),
            (&[C::PaperOut], Blinking, Blinking),
            (&[C::CoverOpen], Blinking, Off),
            (&[C::Silent], Blinking, Off),
            (&[C::Unplugged], Blinking, Off),
            (&[C::Ready, C::PaperLow], On, On),
            (&[C::PaperLow, C::PaperOut], Blinking, Blinking),
            (&[C::Ready, C::HeadHot], Blinking, Off),
        ] {
            let parts = BTreeMap::new();
            assert_eq!(status_light(&parts, printers), status, "{printers:?}");
            assert_eq!(paper_light(printers), paper, "{printers:?}");
        }
    }

    #[test]
    fn a_network_that_is_down_needs_nobody_and_a_wrong_password_does() {
        for (health, light) in [
            (Health::Ready, Light::On),
            (Health::Away, Light::On),
            (Health::Trouble, Light::Blinking),
        ] {
            let parts = BTreeMap::from([("intake".to_owned(), health)]);
            assert_eq!(status_light(&parts, &[]), light, "{health:?}");
        }
    }

    fn report(condition: Condition) -> PrinterReport {
        PrinterReport {
            name: "printer".to_owned(),
            place: BTreeMap::new(),
            condition,
            confirms: true,
            slips_left: None,
            resets: 0,
            advice: None,
        }
    }

    #[test]
    fn a_lamp_blinks_once_a_second_and_is_told_only_what_is_new() {
        let board = PaperBoard::default();
        let lamp = |pin| Some(Lamp::new(board.output(pin, false).unwrap()));
        let mut lamps = Lamps {
            status: lamp(17),
            paper: lamp(27),
        };
        let parts = Parts::default();
        let mut show = |condition, ms| {
            parts.set_printer(report(condition));
            lamps.show(&parts, Duration::from_millis(ms));
        };
        show(Condition::Ready, 0);
        show(Condition::Ready, 500);
        show(Condition::PaperLow, 1_000);
        for ms in [2_000, 2_500, 3_000, 3_500] {
            show(Condition::PaperOut, ms);
        }
        show(Condition::Ready, 4_500);
        assert_eq!(board.told(17), [false, true, false, true, false, true]);
        assert_eq!(board.told(27), [false, true, false, true, false]);
    }
}
