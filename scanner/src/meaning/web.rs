//! Dossier IDs inside a web address, as the QR codes on many receipts hold them.
//!
//! A code counts only as a whole path segment or query value. Two different ones in one
//! address are refused: which of them the receipt is about nobody can tell.

use super::{DossierId, RejectionKind, dossier, fold};

/// The host of VNeID, the police's application on a citizen's phone. Only their own service can
/// read what the code on its screen holds, and it holds for a minute.
const VNEID_HOST: &str = "VNEID.GOV.VN";

/// A folded text that is a web address: its host with port, and its path, query and fragment.
pub(super) fn split(text: &str) -> Option<(&str, &str)> {
    let (_, rest) = text.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    Some(rest.split_at(end))
}

/// Whether this host is VNeID's.
pub(super) fn is_vneid(host: &str) -> bool {
    host.strip_suffix(VNEID_HOST)
        .is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

/// The one dossier ID that `rest` names.
pub(super) fn dossier(rest: &str) -> Result<DossierId, RejectionKind> {
    let mut found: Option<DossierId> = None;
    let mut bad_date = false;
    // The fragment too: lookup pages are often one-page programs with `#/dossier/…`.
    for piece in rest.split(['/', '?', '&', '=', '#', ';']) {
        match dossier::parse(&fold(&percent_decoded(piece))) {
            Ok(id) if found.as_ref().is_some_and(|other| *other != id) => {
                return Err(RejectionKind::Unknown);
            }
            Ok(id) => found = Some(id),
            Err(kind) => bad_date |= kind == RejectionKind::BadDate,
        }
    }
    found.ok_or(if bad_date {
        RejectionKind::BadDate
    } else {
        RejectionKind::Unknown
    })
}

/// A malformed escape stays as it is: no code has a percent sign, so it is refused later.
fn percent_decoded(piece: &str) -> String {
    let bytes = piece.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = match &bytes[at..] {
            [b'%', high, low, ..] => hex(*high).zip(hex(*low)),
            _ => None,
        };
        match (escaped, bytes[at]) {
            (Some((high, low)), _) => {
                decoded.push(high * 16 + low);
                at += 3;
            }
            // Forms write a space so.
            (None, b'+') => {
                decoded.push(b' ');
                at += 1;
            }
            (None, byte) => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}
