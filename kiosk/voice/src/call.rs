//! A call as clips: *Mời công dân có số A, không một hai, đến quầy số ba*.

use crate::clips::{CALL, PRIORITY, TO_COUNTER, letter};
use crate::{Clip, Language, Reading};

/// A ticket called to a counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// The service's letter.
    pub letter: char,
    /// The ticket's number.
    pub n: u32,
    /// Where to.
    pub counter: u32,
    /// Whether it is called with priority; why is nobody's business.
    pub priority: bool,
}

impl Call {
    /// What is said, without the chime.
    pub fn sentence(&self, language: Language, reading: Reading) -> Vec<Clip> {
        let before: &[&'static str] = match (language, self.priority) {
            (_, false) => &[CALL],
            (Language::Vietnamese, true) => &[CALL, PRIORITY],
            (Language::English, true) => &[PRIORITY, CALL],
        };
        let number = reading.number(language, self.n);
        let counter = reading.cardinal(language, self.counter);
        let names = before.iter().copied();
        let names = names.chain(letter(self.letter)).chain(number);
        let names = names.chain([TO_COUNTER]).chain(counter);
        names.map(|name| Clip { language, name }).collect()
    }
}
