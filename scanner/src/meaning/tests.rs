//! The tables an office relies on: what is read, what is refused, and as what.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;

const TOKEN: &str = "01K9QZ7M3T0V5X8B2C4D6E9FGH";
/// An invented woman's card.
const CARD: &str =
    "079185001234|024123456|Nguyễn Thị Ánh Tuyết|15081985|Nữ|12 Lê Lợi, Phường Mẫu|01072021";

/// Reads each text and compares it with a line such as `dossier …`, `number …`, `bad-date`.
fn check(table: &[(&str, &str)]) {
    check_at(&Reading::default(), table);
}

/// The same at an office that reads as configured.
fn check_at(reading: &Reading, table: &[(&str, &str)]) {
    for (text, expected) in table {
        let seen = match reading.read(text) {
            Ok(Code::Dossier(dossier)) => format!("dossier {dossier}"),
            Ok(Code::Ticket(TicketCode::Token(token))) => format!("token {token}"),
            Ok(Code::Ticket(TicketCode::Number(number))) => format!("number {number}"),
            Ok(Code::Counter(number)) => format!("counter {number}"),
            Ok(Code::Purpose(purpose)) => format!("purpose {purpose:?}"),
            Ok(Code::Card(card)) => format!(
                "card {} {}{}",
                card.number(),
                card.birth().map_or("-".to_owned(), |day| day.to_string()),
                if card.letters_lost() {
                    " letters lost"
                } else {
                    ""
                },
            ),
            Err(rejection) => rejection.kind.code().to_owned(),
        };
        assert_eq!(seen, *expected, "for {text:?}");
    }
}

#[test]
fn every_form_of_dossier_id_in_use_is_read() {
    check(&[
        // Four-part office of the 2018 circular.
        (
            "000.00.12.H62-201105-0004",
            "dossier 000.00.12.H62-201105-0004",
        ),
        // A commune's office since the two-tier reform.
        ("H05.114-250625-0002", "dossier H05.114-250625-0002"),
        // The national portal's six-digit sequence.
        ("G22.99.08-260921-896048", "dossier G22.99.08-260921-896048"),
        ("G22.99.09-240114-0001", "dossier G22.99.09-240114-0001"),
        // A centre's two parts, an authority alone, five digits, three parts.
        ("H01.151.01-260102-0123", "dossier H01.151.01-260102-0123"),
        ("H05-250625-0002", "dossier H05-250625-0002"),
        ("H21.217-251231-12345", "dossier H21.217-251231-12345"),
        (
            "H21.1.22.333-240229-0001",
            "dossier H21.1.22.333-240229-0001",
        ),
    ]);
}

#[test]
fn what_is_nearly_a_dossier_id_is_refused() {
    check(&[
        ("H05.114-250625-002", "unknown"),
        ("H05.114-250625-0000002", "unknown"),
        ("H05.114-25062-0002", "unknown"),
        ("H05.1144-250625-0002", "unknown"),
        ("H05.-250625-0002", "unknown"),
        ("H05.1.2.3.4-250625-0002", "unknown"),
        ("H5.114-250625-0002", "unknown"),
        ("05.114-250625-0002", "unknown"),
        ("HH5.114-250625-0002", "unknown"),
        ("00.00.12.H62-201105-0004", "unknown"),
        ("000.00.12-201105-0004", "unknown"),
        ("H05.114-250625", "unknown"),
        ("H05.114-250625-0002-", "unknown"),
        ("-H05.114-250625-0002", "unknown"),
        ("H05.114--250625-0002", "unknown"),
        ("H05,114-250625-0002", "unknown"),
        ("H05.114'250625'0002", "unknown"),
        ("H05.114 250625 0002", "unknown"),
        ("H05.114-+50625-0002", "unknown"),
        ("H05.114-250625-٠٠٠٢", "unknown"),
        // Two scans glued together.
        ("H05.114-250625-0002H05.114-250625-0003", "unknown"),
        ("H05.114-250625-0002 H05.114-250625-0003", "unknown"),
        // A procedure and a paper have codes too.
        ("1.001193", "unknown"),
        ("2.000815.000.00.00.H55.02", "unknown"),
        ("000.00.00.G03-KQ0249", "unknown"),
    ]);
}

#[test]
fn a_dossier_of_a_day_that_never_was_is_refused() {
    check(&[
        ("H05.114-250229-0002", "bad-date"),
        ("H05.114-240229-0002", "dossier H05.114-240229-0002"),
        ("H05.114-251325-0002", "bad-date"),
        ("H05.114-250631-0002", "bad-date"),
        ("H05.114-250600-0002", "bad-date"),
        ("H05.114-000000-0002", "bad-date"),
        ("000.00.12.H62-991332-0004", "bad-date"),
        (
            "https://motcua.example/tra-cuu?mahs=H05.114-250229-0002",
            "bad-date",
        ),
    ]);
}

#[test]
fn harmless_damage_to_a_code_is_repaired() {
    let read = "dossier H05.114-250625-0002";
    check(&[
        ("  H05.114-250625-0002\r\n", read),
        ("h05.114-250625-0002", read),
        ("Ｈ０５．１１４－２５０６２５－０００２", read),
        ("H05.114–250625—0002", read),
        ("H05.114\u{2011}250625\u{2212}0002", read),
        ("\u{FEFF}H05.114-\u{200B}250625-0002\u{200B}", read),
        ("\u{00A0}H05.114-250625-0002\u{3000}", read),
        ("]C0H05.114-250625-0002", read),
        ("]C1\u{1D}H05.114-250625-0002", read),
        ("]Q1H05.114-250625-0002", read),
        ("]d2\u{1D}H05.114-250625-0002\u{1D}", read),
        // Only letters of ASCII are letters of a code.
        ("ı05.114-250625-0002", "unknown"),
        ("]C0", "empty"),
        ("]C0]C0H05.114-250625-0002", "unknown"),
    ]);
}

#[test]
fn letters_that_look_like_digits_are_read_as_those_where_only_digits_can_stand() {
    let read = "dossier H05.114-250625-0002";
    check(&[
        ("H05.114-25O625-OOO2", read),
        ("HO5.1l4-250625-0002", read),
        ("ho5.ii4-250625-ooo2", read),
        (
            "OOO.00.12.H62-2011O5-0004",
            "dossier 000.00.12.H62-201105-0004",
        ),
        // An authority of a letter nobody has seen stays one.
        ("L05.114-250625-0002", "dossier L05.114-250625-0002"),
        // Not the other way round, and no other letter.
        ("005.114-250625-0002", "unknown"),
        ("H05.114-2S0625-0002", "unknown"),
        ("H05.114-25O629-OO", "unknown"),
    ]);
}

#[test]
fn a_receipts_web_address_gives_its_dossier() {
    let read = "dossier H05.114-250625-0002";
    check(&[
        (
            "https://motcua.example/tra-cuu?mahs=H05.114-250625-0002",
            read,
        ),
        (
            "HTTPS://MOTCUA.EXAMPLE/TRA-CUU?MAHS=H05.114-250625-0002",
            read,
        ),
        (
            "http://motcua.example/apiqr/qr?id=h05.114-250625-0002&t=1#top",
            read,
        ),
        ("https://motcua.example/ho-so/H05.114-250625-0002", read),
        ("https://motcua.example/ho-so/H05.114-250625-0002/", read),
        ("https://motcua.example/#/ho-so/H05.114-250625-0002", read),
        ("https://motcua.example?id=H05%2E114%2D250625%2d0002", read),
        (
            "https://motcua.example/?id=H05.114%E2%80%93250625-0002",
            read,
        ),
        ("https://motcua.example/?id=+H05.114-250625-0002%20", read),
        ("]Q1https://motcua.example/?id=H05.114-250625-0002", read),
        (
            "https://motcua.example/?ten=Nguyễn&id=H05.114-250625-0002",
            read,
        ),
        (
            "https://m.example/H05.114-250625-0002?id=H05.114-250625-0002",
            read,
        ),
        // Which one? Nobody can tell.
        (
            "https://m.example/H05.114-250625-0002?id=H05.114-250625-0003",
            "unknown",
        ),
        // Not a whole value, not a path or query, not there at all.
        ("https://motcua.example/?id=XH05.114-250625-0002", "unknown"),
        (
            "https://motcua.example/?id=H05.114-250625-0002.html",
            "unknown",
        ),
        ("https://H05.114-250625-0002", "unknown"),
        ("https://motcua.example/apiqr/qr?id=48151", "unknown"),
        (
            "https://motcua.example/?id=H05.114%2-250625-0002",
            "unknown",
        ),
        ("https://motcua.example/?id=%FF%FE%", "unknown"),
        ("https://", "unknown"),
        ("://", "unknown"),
    ]);
}

#[test]
fn a_slip_is_read_by_its_token_and_a_ticket_by_its_number() {
    let token = format!("token {TOKEN}");
    let bare = TOKEN.to_owned();
    let prefixed = format!("]Q1{TOKEN}\r");
    let web = format!("http://192.0.2.10:8081/t/{TOKEN}");
    let caps_lock = TOKEN.to_ascii_lowercase();
    check(&[
        (&bare, &token),
        (&prefixed, &token),
        (&web, &token),
        (&caps_lock, &token),
        ("A012", "number A012"),
        (" a012 ", "number A012"),
        ("K1000", "number K1000"),
        ("B999999", "number B999999"),
    ]);
}

#[test]
fn what_is_nearly_a_ticket_is_refused() {
    let long = format!("{TOKEN}0");
    let elsewhere = format!("http://192.0.2.10:8081/x/{TOKEN}");
    let deeper = format!("http://192.0.2.10:8081/t/{TOKEN}/cancel");
    let no_address = format!("/t/{TOKEN}");
    check(&[
        (&TOKEN[1..], "unknown"),
        (&long, "unknown"),
        (&elsewhere, "unknown"),
        (&deeper, "unknown"),
        (&no_address, "unknown"),
        // I, L, O and U are not in the alphabet.
        ("0IK9QZ7M3T0V5X8B2C4D6E9FGH", "unknown"),
        ("01K9QZ7M3TOV5X8B2C4D6E9FGH", "unknown"),
        ("01K9QZ7M3T-V5X8B2C4D6E9FGH", "unknown"),
        ("A12", "unknown"),
        ("A1234567", "unknown"),
        ("AB012", "unknown"),
        ("A 012", "unknown"),
        ("012", "unknown"),
    ]);
}

#[test]
fn a_citizen_card_gives_its_number_and_birth_date_and_nothing_else() {
    let card = "card 079185001234 1985-08-15";
    let newer = format!("{CARD}||||");
    let prefixed = format!("]Q1{CARD}\r\n");
    // With the marker of its character set: UTF-8 is 26.
    let marked = format!("]Q2\\000026{CARD}");
    let no_old_number = CARD.replace("024123456", "");
    let broken = CARD.replace("12 Lê", "12\nLê");
    let pasted = format!("\u{FEFF}{CARD} ");
    // No later rule picks a code out of a card.
    let with_code = format!("{CARD}|https://m.example/H05.114-250625-0002");
    let decomposed: String = CARD.nfd().collect();
    for text in [
        CARD,
        &newer,
        &prefixed,
        &marked,
        &no_old_number,
        &broken,
        &pasted,
        &with_code,
        &decomposed,
    ] {
        check(&[(text, card)]);
        let code = read(text).unwrap();
        assert_eq!(format!("{code:?}"), "Card(Card(***))");
        assert_eq!(code.kind(), "citizen-card");
    }
}

#[test]
fn a_cards_letters_may_be_lost_without_losing_the_card() {
    let read = "card 079185001234 1985-08-15";
    let lost = "card 079185001234 1985-08-15 letters lost";
    let garbled: String = CARD.bytes().map(char::from).collect();
    let twice: String = garbled.bytes().map(char::from).collect();
    let with = |name: &str, sex: &str, address: &str| {
        format!("079185001234|024123456|{name}|15081985|{sex}|{address}|01072021")
    };
    check(&[
        // UTF-8 taken for Latin-1, once and twice: undone.
        (&garbled, read),
        (&twice, read),
        // A scanner that types drops the marked letters, or their marks.
        (&with("Nguyn Th nh Tuyt", "N", "12 L Li"), lost),
        (&with("Nguyen Thi Anh Tuyet", "Nu", "12 Le Loi"), lost),
        (&with("NGUYEN THI ANH TUYET", "NU", "12 LE LOI"), lost),
        (&with("Nguy?n Th? Ánh Tuy?t", "N?", "12 Lê L?i"), lost),
        (&with("Nguy\u{FFFD}n", "N\u{FFFD}", "12"), lost),
        (&with("Nguyễn Th Ánh", "Nữ", "12 Lê Lợi"), lost),
        // Of a name of plain letters the address tells that all came through.
        (&with("An Na", "Nữ", "12 Lê Lợi"), read),
        // The birth date suffered too: the number alone remains.
        (
            "079185001234|024123456|Nguyn|150819|N|12 L Li|01072021",
            "card 079185001234 - letters lost",
        ),
        (
            "079185001234|024123456|Nguyn|15\u{FFFD}81985|N|12 L Li|01072021",
            "card 079185001234 - letters lost",
        ),
    ]);
}

#[test]
fn a_card_at_odds_with_itself_was_misread_and_is_refused() {
    let with = |number: &str, birth: &str, sex: &str| {
        format!("{number}|024123456|Trần Văn Mẫu|{birth}|{sex}|12 Lê Lợi|01072021")
    };
    check(&[
        // Century and sex: 0 and 1 are men and women of the 1900s, 2 and 3 of the 2000s.
        (
            &with("001060001234", "02091960", "Nam"),
            "card 001060001234 1960-09-02",
        ),
        (&with("096205001234", "29022004", "Nam"), "damaged-card"),
        (
            &with("096204001234", "29022004", "Nam"),
            "card 096204001234 2004-02-29",
        ),
        (
            &with("001305001234", "01012005", "Nữ"),
            "card 001305001234 2005-01-01",
        ),
        // The year of birth, its century, the sex.
        (&with("001061001234", "02091960", "Nam"), "damaged-card"),
        (&with("001260001234", "02091960", "Nam"), "damaged-card"),
        (&with("001160001234", "02091960", "Nam"), "damaged-card"),
        (&with("001060001234", "02091960", "Nữ"), "damaged-card"),
        (&with("001060001234", "02091960", "NU"), "damaged-card"),
        // No such number, no such day.
        (&with("000060001234", "02091960", "Nam"), "damaged-card"),
        (&with("001460001234", "02091960", "Nam"), "damaged-card"),
        (&with("001060001234", "31091960", "Nam"), "damaged-card"),
        (&with("001060001234", "00091960", "Nam"), "damaged-card"),
        (&with("001060001234", "1960-09-02", "Nam"), "damaged-card"),
        (&with("001060001234", "", "Nam"), "damaged-card"),
        // Many of the old know only the year.
        (&with("001035001234", "1935", "Nam"), "card 001035001234 -"),
        (
            &with("001035001234", "00001935", "Nam"),
            "card 001035001234 -",
        ),
        (&with("001035001234", "1936", "Nam"), "damaged-card"),
        // Cut off, and a number with a digit missing or too many.
        ("079185001234|024123456|Nguyễn Thị", "damaged-card"),
        ("079185001234|", "damaged-card"),
        (
            "07918500123|024123456|N|15081985|Nu|12|01072021",
            "damaged-card",
        ),
        (
            "0791850012345|024123456|N|15081985|Nu|12|01072021",
            "damaged-card",
        ),
        (
            "０79185001234|024123456|N|15081985|Nu|12|01072021",
            "damaged-card",
        ),
        ("||||||", "unknown"),
        ("Bàn|ghế|tủ|giường|đèn|gương|rèm", "unknown"),
    ]);
}

#[test]
fn twelve_digits_alone_are_no_card() {
    check(&[
        ("079185001234", "citizen-number"),
        (" 079185001234\r", "citizen-number"),
        // A product says that it is one; and these are no citizen's.
        ("]E0079185001234", "unknown"),
        ("079985001234", "unknown"),
        ("000185001234", "unknown"),
        ("0791850012345", "unknown"),
        ("07918500123", "unknown"),
    ]);
}

#[test]
fn a_citizens_age_is_counted_in_full_years() {
    let day = |text: &str| text.parse().unwrap();
    let card = |birth: &str| Card::of("001252001234", Some(day(birth))).unwrap();
    for (birth, on, age) in [
        ("2052-03-01", "2126-11-27", Some(74)),
        ("2052-11-27", "2126-11-27", Some(74)),
        ("2052-11-28", "2126-11-27", Some(73)),
        ("2052-02-29", "2125-02-28", Some(72)),
        ("2052-02-29", "2125-03-01", Some(73)),
        ("2052-03-01", "2052-03-01", Some(0)),
        // A clock that is wrong makes nobody young.
        ("2052-03-01", "2052-02-28", None),
    ] {
        assert_eq!(card(birth).age_on(day(on)), age, "{birth} on {on}");
    }
    let year_only = Card::of("001252001234", None).unwrap();
    assert_eq!(year_only.age_on(day("2126-11-27")), None);
    assert_eq!(Card::of("001252001234", Some(day("2053-01-01"))), None);
    assert_eq!(Card::of("00125200123", None), None);
}

#[test]
fn the_code_of_vneid_is_told_as_what_only_the_police_can_read() {
    check(&[
        ("https://vneid.gov.vn/qr/3f9a", "vneid"),
        ("]Q1https://app.vneid.gov.vn?x=1", "vneid"),
        ("https://vneid.gov.vn/?id=H05.114-250625-0002", "vneid"),
        ("https://notvneid.gov.vn/qr/3f9a", "unknown"),
        ("https://vneid.gov.vn.example/qr/3f9a", "unknown"),
    ]);
}

#[test]
fn the_offices_own_barcodes_name_a_counter_or_a_purpose() {
    check(&[
        ("MC-Q3", "counter 3"),
        ("mc-q12\r", "counter 12"),
        ("]C0MC-Q999", "counter 999"),
        ("MC–Q1", "counter 1"),
        ("MC-M1", "purpose Receive"),
        ("MC-M2", "purpose Supplement"),
        ("MC-M3", "purpose Return"),
        ("mc-m4", "purpose LookUp"),
        ("MC-Q0", "unknown"),
        ("MC-Q03", "unknown"),
        ("MC-Q1000", "unknown"),
        ("MC-Q", "unknown"),
        ("MC-Q+1", "unknown"),
        ("MC-M0", "unknown"),
        ("MC-M5", "unknown"),
        ("MC-M11", "unknown"),
        ("MC-Q3MC-Q4", "unknown"),
    ]);
    for counter in 1..=999 {
        assert_eq!(read(&badge_text(counter)), Ok(Code::Counter(counter)));
    }
    for purpose in ScanPurpose::ALL {
        assert_eq!(read(purpose_text(purpose)), Ok(Code::Purpose(purpose)));
    }
}

#[test]
fn what_a_sheet_holds_survives_a_vietnamese_keyboard() {
    // Telex makes marks of a doubled or following A, E, O, D, W, S, F, R, X, J and Z; VNI of a
    // digit behind a vowel or a D.
    let harmed = |sign: char| "AEIOUYDWSFRXJZ".contains(sign);
    let purposes = ScanPurpose::ALL.map(|purpose| purpose_text(purpose).to_owned());
    for text in (1..=999).map(badge_text).chain(purposes) {
        assert!(!text.contains(harmed), "{text}");
    }
}

#[test]
fn an_old_local_serial_counts_only_where_its_office_is_configured() {
    check(&[
        ("00092/TTPVHCC", "old-serial"),
        ("00092/ttpvhcc", "old-serial"),
        ("]C000092/TTPVHCC", "old-serial"),
        ("15/BPTN&TKQ", "old-serial"),
        ("7/HDHS", "old-serial"),
        ("00092/", "unknown"),
        ("/TTPVHCC", "unknown"),
        ("00092/2019", "unknown"),
        ("00000092/TTPVHCC", "unknown"),
    ]);
    let reading = Reading {
        serial_offices: vec!["TTPVHCC".into(), " bptn&tkq ".into(), "Hđhs".into()],
    };
    check_at(
        &reading,
        &[
            ("00092/TTPVHCC", "dossier 00092/TTPVHCC"),
            ("]C000092/ttpvhcc", "dossier 00092/TTPVHCC"),
            ("OOO92/TTPVHCC", "dossier 00092/TTPVHCC"),
            ("IO/TTPVHCC", "unknown"),
            ("15/BPTN&TKQ", "dossier 15/BPTN&TKQ"),
            ("7/HĐHS", "dossier 7/HĐHS"),
            // Leading zeros are part of it: whether 92 is the same nobody has told.
            ("92/TTPVHCC", "dossier 92/TTPVHCC"),
            ("00092/TTPVHC", "old-serial"),
            ("00092/TTPVHCC/1", "unknown"),
            ("00000092/TTPVHCC", "unknown"),
            ("H05.114-250625-0002", "dossier H05.114-250625-0002"),
        ],
    );
}

#[test]
fn what_the_scanner_says_of_a_barcode_goes_with_a_refusal() {
    use Symbology as S;
    for (text, symbology) in [
        ("]E08934563138165", Some(S::Product)),
        ("]C0KHO-12", Some(S::Code128)),
        ("]C1\u{1D}KHO-12", Some(S::Code128)),
        ("]A0KHO-12", Some(S::Code39)),
        ("]Q1KHO-12", Some(S::Qr)),
        ("]Q3\u{1D}KHO-12", Some(S::Qr)),
        ("]d2\u{1D}KHO-12", Some(S::DataMatrix)),
        ("]L0KHO-12", Some(S::Pdf417)),
        ("]z0KHO-12", Some(S::Aztec)),
        ("]e0KHO-12", Some(S::Other)),
        ("KHO-12", None),
        ("]", None),
        ("]Q", None),
        ("]Q-KHO-12", None),
    ] {
        let rejection = read(text).unwrap_err();
        assert_eq!(rejection.symbology, symbology, "for {text:?}");
    }
    // The prefix is not what was read.
    let rejection = read("]E08934563138165").unwrap_err();
    assert_eq!(rejection.masked.as_deref(), Some("89…65"));
    assert_eq!(rejection.signs, 13);
}

#[test]
fn what_gs1_and_character_sets_put_around_a_code_is_taken_off() {
    let read = "dossier H05.114-250625-0002";
    check(&[
        ("]C1H05.114-250625-0002", read),
        ("]C1\u{1D}H05.114-250625-0002\u{1D}", read),
        ("]Q3\u{1D}H05.114-250625-0002", read),
        ("]d2\u{1D}H05.114-250625-0002", read),
        ("\u{1D}H05.114-250625-0002", read),
        ("]Q2\\000026H05.114-250625-0002", read),
        ("]Q4\\000026\u{1D}H05.114-250625-0002", read),
        ("]d5\\000003H05.114-250625-0002", read),
        // Without the modifier that announces it a marker is data; and cut off it is none.
        ("]Q1\\000026H05.114-250625-0002", "unknown"),
        ("]Q2\\00002", "unknown"),
        // A separator inside: two elements, of which neither may be guessed to be meant.
        ("]C1H05.114-250625-0002\u{1D}H05.114-250625-0003", "garbage"),
        ("]C1H05.114-250625\u{1D}-0002", "garbage"),
    ]);
}

#[test]
fn a_vietnamese_keyboards_damage_is_named_so_that_the_clerk_switches_it_off() {
    check(&[
        // VNI: A112.
        ("Á12", "input-method"),
        // VNI: D9 in a token; Telex: DD, AA and W in one.
        ("01K9QZ7M3T0V5X8B2C4Đ6E9FGH", "input-method"),
        ("01K9QZ7M3T0V5X8B2CĐÂƯ9", "input-method"),
        // The same letter as base and combining mark.
        ("A\u{301}12", "input-method"),
        ("https://192.0.2.10:8081/tra-cưu?id=5", "input-method"),
        // A sentence is no damaged code, neither is another script.
        ("Xin mời số 12", "unknown"),
        ("Phường", "unknown"),
        ("東京12", "unknown"),
    ]);
}

#[test]
fn strangers_emptiness_and_noise_have_their_own_kinds() {
    let longest = "9".repeat(TEXT_BYTES_MAX);
    let too_long = "9".repeat(TEXT_BYTES_MAX + 1);
    check(&[
        ("", "empty"),
        (" \t\r\n\0", "empty"),
        ("\u{200B}\u{FEFF}", "empty"),
        ("8934563138165", "unknown"),
        ("BEGIN:VCARD", "unknown"),
        ("WIFI:S:Phong;T:WPA;P:12345678;;", "unknown"),
        ("H05.114\u{0}250625-0002", "garbage"),
        ("H05.114-250625-0002\nH05.114-250625-0003", "garbage"),
        ("H05\u{FFFD}114-250625-0002", "garbage"),
        (&longest, "unknown"),
        (&too_long, "too-long"),
    ]);
}

#[test]
fn a_dossier_is_masked_for_logs_and_public_places() {
    for (text, masked) in [
        ("H05.114-250625-0002", "H05.***-****02"),
        ("000.00.12.H62-201105-0004", "H62.***-****04"),
        ("G22.99.08-260921-896048", "G22.***-****48"),
        ("H05-250625-0002", "H05.***-****02"),
        ("00092/TTPVHCC", "***92/TTPVHCC"),
        ("7/HĐHS", "***/HĐHS"),
    ] {
        let reading = Reading {
            serial_offices: vec!["TTPVHCC".into(), "HĐHS".into()],
        };
        let Ok(Code::Dossier(dossier)) = reading.read(text) else {
            panic!("{text} is a dossier");
        };
        assert_eq!(dossier.masked(), masked);
        assert_eq!(format!("{dossier:?}"), format!("DossierId({masked})"));
        assert_eq!(dossier.to_string(), text);
        assert_eq!(dossier.as_str(), text);
    }
}

#[test]
fn a_slips_token_stays_out_of_logs() {
    let code = read(TOKEN).unwrap();
    assert_eq!(format!("{code:?}"), "Ticket(Token(***))");
}

#[test]
fn a_ticket_is_no_dossier() {
    let rejection = "A012".parse::<DossierId>().unwrap_err();
    assert_eq!(rejection.kind, RejectionKind::Unknown);
}

proptest! {
    #[test]
    fn no_text_breaks_the_reader(text in any::<String>()) {
        let _ = read(&text);
    }

    #[test]
    fn a_dossier_id_reads_as_itself(
        text in "([0-9]{3}\\.[0-9]{2}\\.[0-9]{2}\\.[A-Z][0-9]{2}|[A-Z][0-9]{2}(\\.[0-9]{1,3}){0,3})-[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])-[0-9]{4,6}",
    ) {
        let dossier: DossierId = text.parse().unwrap();
        prop_assert_eq!(dossier.as_str(), &text);
        let shown = format!("{dossier:?}");
        prop_assert!(!shown.contains(&text));
    }
}
