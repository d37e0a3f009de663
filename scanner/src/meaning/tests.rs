//! The tables an office relies on: what is read, what is refused, and as what.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;

const TOKEN: &str = "01K9QZ7M3T0V5X8B2C4D6E9FGH";
const CARD: &str =
    "079085001234|024123456|Nguyễn Thị Ánh Tuyết|15081985|Nữ|12 Lê Lợi, Phường Mẫu|01072021";

/// Reads each text and compares it with a line such as `dossier …`, `number …`, `bad-date`.
fn check(table: &[(&str, &str)]) {
    for (text, expected) in table {
        let seen = match read(text) {
            Ok(Code::Dossier(dossier)) => format!("dossier {dossier}"),
            Ok(Code::Ticket(TicketCode::Token(token))) => format!("token {token}"),
            Ok(Code::Ticket(TicketCode::Number(number))) => format!("number {number}"),
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
fn a_citizen_card_is_refused_and_nothing_of_it_is_kept() {
    let newer = format!("{CARD}||||");
    let prefixed = format!("]Q1{CARD}\r\n");
    let no_old_number = CARD.replace("024123456", "");
    // As a keyboard scanner without Vietnamese letters delivers it, and with a line break.
    let ascii = "079085001234|024123456|Nguyn Th nh Tuyt|15081985|Nu|12 L Li|01072021";
    let broken = CARD.replace("12 Lê", "12\nLê");
    // No later rule picks a code out of a card.
    let with_code = format!("{CARD}|https://m.example/H05.114-250625-0002");
    for card in [
        CARD,
        &newer,
        &prefixed,
        &no_old_number,
        ascii,
        &broken,
        &with_code,
    ] {
        check(&[(card, "citizen-card")]);
        let rejection = read(card).unwrap_err();
        let shown = format!("{rejection} {rejection:?}");
        assert!(!shown.contains("0790") && !shown.contains("Tuy"), "{shown}");
    }
    check(&[
        ("07908500123|024123456|N|15081985|Nu|12|01072021", "unknown"),
        ("079085001234|N|15081985", "unknown"),
        ("||||||", "unknown"),
    ]);
}

#[test]
fn an_old_local_serial_is_refused_as_such() {
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
    ] {
        let dossier: DossierId = text.parse().unwrap();
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

#[test]
fn every_kind_has_a_word_of_its_own() {
    let mut words: Vec<_> = RejectionKind::ALL.map(RejectionKind::code).into();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), RejectionKind::ALL.len());
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
