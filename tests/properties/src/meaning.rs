//! A text to its meaning: whatever is taken for a dossier is one, and no other.

use jiff::civil::Date;
use scanner::{Code, DossierId, Reading, Rejection, RejectionKind, TicketCode};

/// Bytes as a scanner or a page may send them.
pub fn meaning(data: &[u8]) {
    let text = &String::from_utf8_lossy(data);
    let plain = scanner::read(text);
    let office = Reading {
        serial_offices: vec!["TTPVHCC".into(), "BPTN&TKQ".into(), "HĐHS".into()],
    };
    let read = office.read(text);
    match &read {
        Ok(code) => sound(code, text, &office),
        Err(rejection) => refused(rejection, text),
    }
    // An office's old serials change nothing else.
    match (&plain, &read) {
        (Err(rejection), Ok(Code::Dossier(dossier))) => {
            assert_eq!(rejection.kind, RejectionKind::OldSerial);
            assert!(dossier.as_str().contains('/'));
        }
        (plain, read) => assert_eq!(plain, read),
    }
    if text.split('|').next().is_some_and(is_number) && text.contains('|') {
        let kind = match &plain {
            Ok(code) => code.kind(),
            Err(rejection) => rejection.kind.code(),
        };
        let kinds = ["citizen-card", "damaged-card", "too-long"];
        assert!(kinds.contains(&kind), "a card is taken for {kind}");
    }
}

fn sound(code: &Code, text: &str, office: &Reading) {
    match code {
        Code::Dossier(dossier) => {
            assert_eq!(
                office.read(dossier.as_str()).as_ref(),
                Ok(code),
                "read again"
            );
            assert!(is_dossier(dossier.as_str()), "no dossier has this shape");
            masked(dossier);
            neighbours(code, dossier.as_str(), office);
        }
        Code::Ticket(TicketCode::Number(number)) => {
            assert_eq!(scanner::read(number).as_ref(), Ok(code), "read again");
            neighbours(code, number, office);
        }
        Code::Ticket(TicketCode::Token(token)) => {
            assert_eq!(scanner::read(token).as_ref(), Ok(code), "read again");
            assert!(!format!("{code:?}").contains(token), "a token in a log");
        }
        Code::Counter(number) => {
            assert!((1..=999).contains(number));
            assert_eq!(
                scanner::read(&scanner::badge_text(*number)).as_ref(),
                Ok(code)
            );
        }
        Code::Purpose(purpose) => {
            assert_eq!(
                scanner::read(scanner::purpose_text(*purpose)).as_ref(),
                Ok(code)
            );
        }
        Code::Card(card) => {
            assert!(
                is_number(card.number()) && text.contains(card.number()),
                "its number"
            );
            // Century and sex, then the year: as the law says, not as the code does.
            let digit = |at: usize| i16::from(card.number().as_bytes()[at] - b'0');
            let year = 1900 + 100 * (digit(3) / 2) + 10 * digit(4) + digit(5);
            assert!(
                card.birth().is_none_or(|birth| birth.year() == year),
                "its year"
            );
            assert_eq!(format!("{code:?}"), "Card(Card(***))");
        }
    }
}

/// A code that lost or gained a sign is never still the same one.
fn neighbours(code: &Code, canonical: &str, office: &Reading) {
    assert!(canonical.len() < 64, "longer than any code");
    let same = |text: &str| office.read(text).as_ref() == Ok(code);
    for (at, _) in canonical.char_indices() {
        let without: String = [&canonical[..at], chop(&canonical[at..])].concat();
        assert!(
            !same(&without),
            "without a sign at {at} it is still the same"
        );
        assert!(!same(&canonical[..at]), "cut at {at} it is still the same");
        for sign in ["0", "1", "9", "A", "O", "-", ".", "/"] {
            let with = [&canonical[..at], sign, &canonical[at..]].concat();
            assert!(!same(&with), "with a {sign} at {at} it is still the same");
        }
    }
    for glued in [
        [canonical, canonical].concat(),
        [canonical, " ", canonical].concat(),
        [canonical, "\u{1D}", canonical].concat(),
    ] {
        assert!(office.read(&glued).is_err(), "two in one");
    }
    // And what surrounds it changes nothing.
    for dressed in [
        format!(" {canonical}\r\n"),
        format!("]C1\u{1D}{canonical}"),
        format!("]Q2\\000026{canonical}"),
        canonical.to_lowercase(),
    ] {
        assert!(same(&dressed), "dressed otherwise it is another");
    }
}

fn chop(text: &str) -> &str {
    let mut signs = text.chars();
    signs.next();
    signs.as_str()
}

fn masked(dossier: &DossierId) {
    let hidden = dossier.masked();
    let sequence = dossier.as_str().rsplit('-').next().unwrap_or_default();
    assert!(!hidden.contains(dossier.as_str()), "a dossier in a log");
    assert!(
        sequence.contains('/') || !hidden.contains(sequence),
        "a dossier in a log"
    );
    assert!(
        !format!("{dossier:?}").contains(dossier.as_str()),
        "a dossier in a log"
    );
}

fn refused(rejection: &Rejection, text: &str) {
    use RejectionKind as K;
    let shown = format!("{rejection} {rejection:?}");
    assert!(shown.len() < 100, "a refusal tells what was read");
    let Some(masked) = &rejection.masked else {
        return;
    };
    let told = masked.chars().filter(|sign| *sign != '…').count();
    assert!(told <= 4 && told < rejection.signs, "most of it is told");
    assert!(rejection.signs <= text.chars().count());
    let personal = [
        K::DamagedCard,
        K::CitizenNumber,
        K::Vneid,
        K::TooLong,
        K::Empty,
    ];
    assert!(!personal.contains(&rejection.kind), "a person's is told");
    assert!(!text.contains('|'), "a piece of a card is told");
}

fn is_number(text: &str) -> bool {
    text.len() == 12 && digits(text)
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The shape as the public documents have it, or an old serial.
fn is_dossier(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [office, day, sequence] = parts[..] else {
        return text.split_once('/').is_some_and(|(number, office)| {
            digits(number) && number.len() <= 7 && ["TTPVHCC", "BPTN&TKQ", "HĐHS"].contains(&office)
        });
    };
    let authority = |part: &str| {
        part.len() == 3 && part.starts_with(|c: char| c.is_ascii_uppercase()) && digits(&part[1..])
    };
    let named = match office.split('.').collect::<Vec<_>>()[..] {
        [a, b, c, last] if !authority(a) => {
            [a, b, c].map(str::len) == [3, 2, 2] && digits(&[a, b, c].concat()) && authority(last)
        }
        [first, ref rest @ ..] => {
            authority(first)
                && rest.len() <= 3
                && rest.iter().all(|part| digits(part) && part.len() <= 3)
        }
        [] => false,
    };
    let real =
        day.len() == 6 && digits(day) && Date::strptime("%Y%m%d", format!("20{day}")).is_ok();
    named && real && digits(sequence) && (4..=6).contains(&sequence.len())
}
