#![allow(clippy::unwrap_used)]
use super::*;

/// 2026-11-23 in UTC seconds.
const TODAY_S: u64 = 1_795_392_000;

fn at(days_from_today: u64) -> At {
    At {
        utc_s: TODAY_S + days_from_today * DAY_S,
        known: true,
    }
}

fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(|name| (*name).to_owned()).collect()
}

/// An authority of its own, and what it signs.
struct Office {
    _folder: tempfile::TempDir,
    authority: Authority,
}

impl Office {
    fn new(configured: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let authority = Authority::open(folder.path(), &names(configured)).unwrap();
        Self {
            _folder: folder,
            authority,
        }
    }

    fn signed(&self, list: &[&str], made: At) -> CertificateDer<'static> {
        let (from, to) = validity(made);
        let text = self.authority.sign(&names(list), from, to).unwrap();
        CertificateDer::from_pem_slice(text.as_bytes()).unwrap()
    }

    fn stale(&self, leaf: &CertificateDer<'_>, list: &[&str], now: At) -> Option<Stale> {
        stale(leaf, self.authority.certificate(), &names(list), now)
    }
}

#[test]
fn a_certificate_is_made_anew_two_months_before_it_ends() {
    let office = Office::new(&[]);
    let list = ["192.168.1.5", "kiosk.local"];
    let leaf = office.signed(&list, at(0));
    for (day, expected) in [
        (0, None),
        (336, None),
        (338, Some(Stale::EndsSoon)),
        (398, Some(Stale::Refused)),
    ] {
        assert_eq!(office.stale(&leaf, &list, at(day)), expected, "day {day}");
    }
}

#[test]
fn a_new_address_needs_a_new_certificate_and_a_lost_one_does_not() {
    let office = Office::new(&[]);
    let leaf = office.signed(&["192.168.1.5", "192.168.1.6"], at(0));
    let refused = Some(Stale::Refused);
    assert_eq!(office.stale(&leaf, &["192.168.1.5"], at(0)), None);
    assert_eq!(office.stale(&leaf, &["192.168.1.7"], at(0)), refused);
    assert_eq!(office.stale(&leaf, &["kiosk.local"], at(0)), refused);
}

#[test]
fn what_another_authority_signed_is_made_anew() {
    let (here, elsewhere) = (Office::new(&[]), Office::new(&[]));
    let leaf = elsewhere.signed(&["192.168.1.5"], at(0));
    let judged = here.stale(&leaf, &["192.168.1.5"], at(0));
    assert_eq!(judged, Some(Stale::Refused));
}

#[test]
fn a_machine_without_a_clock_makes_a_certificate_that_is_valid_today() {
    let office = Office::new(&[]);
    let list = ["192.168.1.5"];
    // 1970, the moment of the last shutdown, and a battery clock far ahead.
    for utc_s in [0, TODAY_S - 400 * DAY_S, TODAY_S + 9_000 * DAY_S] {
        let lost = At {
            utc_s,
            known: false,
        };
        let leaf = office.signed(&list, lost);
        assert_eq!(office.stale(&leaf, &list, lost), None, "stays, at {utc_s}");
        for years in [0, 5, 20] {
            let unknown = At {
                known: false,
                ..at(years * 365)
            };
            assert_eq!(
                office.stale(&leaf, &list, unknown),
                None,
                "{years} years on"
            );
        }
        // Some systems refuse one that lasts so long: replaced as soon as the time is known.
        let judged = office.stale(&leaf, &list, at(1));
        assert_eq!(judged, Some(Stale::LastsTooLong));
    }
}

#[test]
fn a_known_time_that_was_wrong_is_put_right() {
    let office = Office::new(&[]);
    let list = ["192.168.1.5"];
    let ahead = office.signed(&list, at(4_000));
    assert_eq!(office.stale(&ahead, &list, at(0)), Some(Stale::Refused));
    let behind = At {
        utc_s: 0,
        known: true,
    };
    let leaf = office.signed(&list, behind);
    assert_eq!(office.stale(&leaf, &list, behind), None);
}

#[test]
fn in_the_last_year_of_the_authority_nothing_is_made_over_and_over() {
    let office = Office::new(&[]);
    let list = ["192.168.1.5"];
    for days_left in [1, 30, 300, 800] {
        let late = At {
            utc_s: LAST_S - days_left * DAY_S,
            known: true,
        };
        let leaf = office.signed(&list, late);
        assert_eq!(office.stale(&leaf, &list, late), None, "{days_left} days");
    }
}

#[test]
fn the_authority_speaks_for_private_names_and_those_of_its_office_only() {
    let office = Office::new(&["mayso.phuongmau.gov.vn", "203.0.113.5"]);
    for (name, speaks) in [
        ("192.168.1.5", true),
        ("10.1.2.3", true),
        ("172.31.0.1", true),
        ("fd00::5", true),
        ("localhost", true),
        ("kiosk.local", true),
        ("mayso.phuongmau.gov.vn", true),
        ("203.0.113.5", true),
        ("203.0.113.6", false),
        ("172.32.0.1", false),
        ("2001:db8::1", false),
        ("gov.vn", false),
        ("bank.example", false),
        ("notlocal", false),
    ] {
        assert_eq!(
            speaks_for(&office.authority, &name.to_owned()),
            speaks,
            "{name}"
        );
    }
}

#[test]
fn a_machine_is_called_by_its_names_and_by_the_addresses_it_listens_on() {
    let machine: Vec<IpAddr> = [
        "127.0.0.1",
        "192.168.1.5",
        "169.254.7.7",
        "fd00::5",
        "fe80::1",
    ]
    .iter()
    .map(|ip| ip.parse().unwrap())
    .collect();
    for (listen, expected) in [
        ("192.168.1.9", vec!["kiosk.lan", "192.168.1.9"]),
        ("0.0.0.0", vec!["kiosk.lan", "192.168.1.5"]),
        ("::", vec!["kiosk.lan", "192.168.1.5", "fd00::5"]),
    ] {
        let wanted = Wanted {
            listen: listen.parse().unwrap(),
            names: names(&["kiosk.lan", "localhost"]),
        };
        let mut expected = names(&expected);
        expected.insert(1, "localhost".to_owned());
        expected.push("127.0.0.1".to_owned());
        assert_eq!(wanted.all(&machine), expected, "{listen}");
    }
}

#[test]
fn a_new_start_shows_the_same_certificate_while_it_is_good() {
    let folder = tempfile::tempdir().unwrap();
    let wanted = Wanted {
        listen: "192.168.1.5".parse().unwrap(),
        names: Vec::new(),
    };
    let shown = |at| {
        let keeper = Keeper::open(folder.path(), None, wanted.clone(), at).unwrap();
        let shown = keeper.shown.0.read().unwrap().clone().unwrap();
        (keeper.authority().unwrap(), shown.cert[0].to_vec())
    };
    let (first, leaf) = shown(at(0));
    assert_eq!(shown(at(100)), (first.clone(), leaf.clone()));
    let (later, renewed) = shown(at(350));
    assert_eq!(later, first);
    assert_ne!(renewed, leaf);
}

#[test]
fn a_running_door_shows_the_new_certificate_and_the_offices_changed_files() {
    let folder = tempfile::tempdir().unwrap();
    let office = Office::new(&[]);
    let own = Own {
        certificate: folder.path().join("office.pem"),
        key: folder.path().join("office.pem"),
    };
    let write = |days| {
        let (from, to) = validity(at(days));
        let text = office.authority.sign(&names(&["192.168.1.5"]), from, to);
        fs::write(&own.certificate, text.unwrap()).unwrap();
    };
    write(0);
    let wanted = Wanted {
        listen: "192.168.1.5".parse().unwrap(),
        names: Vec::new(),
    };
    let mut keeper = Keeper::open(folder.path(), Some(own.clone()), wanted, at(0)).unwrap();
    assert_eq!(keeper.authority(), None, "there is nothing to install");
    let shown = keeper.shown();
    let leaf = || shown.0.read().unwrap().clone().unwrap().cert[0].to_vec();
    let first = leaf();
    fs::write(&own.certificate, "half a fi").unwrap();
    keeper.refresh(at(1)).unwrap();
    assert_eq!(leaf(), first, "a bad file changes nothing");
    write(1);
    keeper.refresh(at(1)).unwrap();
    assert_ne!(leaf(), first);
}
