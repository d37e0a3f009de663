//! Copies of a real data folder, and what becomes of damaged ones.
#![allow(clippy::unwrap_used)]

use std::io::Read as _;

use super::*;
use crate::engine::tests::House;
use crate::journal::copy::{Line, Place, Sink, Source, check, fill, survey};
use crate::journal::sqlite::open_reader;
use crate::journal::verify::verify;

fn order(data: &Path, folder: &Path) -> Order {
    Order {
        data: data.to_owned(),
        named: None,
        folder: folder.to_owned(),
        same_disk: true,
        keep: 3,
        keep_days: 90,
    }
}

async fn lived(tickets: usize) -> House {
    let house = House::new();
    for n in 0..tickets {
        house.issue(&n.to_string()).await.unwrap();
    }
    house
}

#[tokio::test]
async fn a_copy_holds_every_record_and_leads_to_the_head() {
    let house = lived(600).await;
    let stick = tempfile::tempdir().unwrap();
    let kept = make(&order(house.folder.path(), stick.path()), None).unwrap();
    let head = verify(&open_reader(house.folder.path()).unwrap(), None)
        .unwrap()
        .head;
    assert_eq!((kept.about.seq, kept.about.head), (head.seq, head.hash));
    assert!(kept.about.seq > 600, "more than one piece is read");

    let spare = tempfile::tempdir().unwrap();
    fill(&Source::Copy(kept.file), spare.path()).unwrap();
    let verified = verify(&open_reader(spare.path()).unwrap(), Some(head.hash)).unwrap();
    assert_eq!(verified.head, head);
}

/// Everything that a copy holds.
#[derive(Default, PartialEq)]
struct Content(Vec<(PathBuf, Vec<u8>)>);

impl Sink for Content {
    fn file(&mut self, place: &Place, bytes: &[u8]) -> Result<(), CopyError> {
        self.0.push((place.name(), bytes.to_vec()));
        Ok(())
    }
    fn record(&mut self, line: Line<'_>) -> Result<(), CopyError> {
        self.0.push((PathBuf::new(), line.bytes.to_vec()));
        Ok(())
    }
}

#[tokio::test]
async fn any_damage_to_a_copy_is_found() {
    let house = lived(20).await;
    let stick = tempfile::tempdir().unwrap();
    let kept = make(&order(house.folder.path(), stick.path()), None).unwrap();
    let mut whole = Vec::new();
    File::open(&kept.file)
        .unwrap()
        .read_to_end(&mut whole)
        .unwrap();
    let harmed = stick.path().join("harmed");
    let content = |bytes: &[u8]| {
        fs::write(&harmed, bytes).unwrap();
        let mut content = Content::default();
        let poured = Source::Copy(harmed.clone()).pour(&mut content);
        assert_eq!(poured.is_ok(), check(&harmed).is_ok());
        poured.ok().map(|about| (about, content.0))
    };
    let meant = content(&whole).unwrap();
    // Two ways to pack the same are no damage.
    let found = |bytes: &[u8]| content(bytes).is_none_or(|read| read == meant);
    for length in (0..whole.len()).step_by(7) {
        assert!(
            content(&whole[..length]).is_none(),
            "cut off after {length} bytes"
        );
    }
    // What says when and where a gzip was made (RFC 1952, 2.3.1) is nobody's content.
    const HEADER: usize = 10;
    for place in (0..3).chain(HEADER..whole.len()).step_by(5) {
        let mut flipped = whole.clone();
        flipped[place] ^= 0x10;
        assert!(found(&flipped), "byte {place} of {}", whole.len());
    }
}

#[tokio::test]
async fn only_whole_copies_have_a_name_and_the_oldest_go() {
    let house = lived(1).await;
    let stick = tempfile::tempdir().unwrap();
    let order = order(house.folder.path(), stick.path());
    let mut seqs = Vec::new();
    for n in 0..5 {
        house.issue(&format!("later-{n}")).await.unwrap();
        seqs.push(make(&order, None).unwrap().about.seq);
    }
    // What a power cut left, and what is somebody else's.
    let (kept, _) = copies(stick.path()).unwrap();
    let torn = format!("{}{UNFINISHED}", file_name(&kept[0].about));
    for name in [
        torn.as_str(),
        "kiosk-ffffffff-2026-01-01-2200-1.tar.gz",
        "photos",
    ] {
        fs::write(stick.path().join(name), "x").unwrap();
    }
    house.issue("last").await.unwrap();
    seqs.push(make(&order, None).unwrap().about.seq);
    let (kept, broken) = copies(stick.path()).unwrap();
    let left: Vec<u64> = kept.iter().map(|kept| kept.about.seq).collect();
    assert_eq!(left, seqs.iter().rev().take(3).copied().collect::<Vec<_>>());
    assert_eq!(
        broken.len(),
        1,
        "another machine's file is not ours to judge"
    );
    assert!(!stick.path().join(torn).exists());
    assert!(stick.path().join("photos").exists());
}

#[tokio::test]
async fn nothing_is_written_where_no_stick_is_mounted() {
    let house = lived(1).await;
    let bare = tempfile::tempdir().unwrap();
    let own_disk = Order {
        same_disk: false,
        ..order(house.folder.path(), bare.path())
    };
    let why = make(&own_disk, None).unwrap_err();
    assert!(matches!(why, NoCopy::Away(Away::NotMounted(_))), "{why}");
    assert_eq!(fs::read_dir(bare.path()).unwrap().count(), 0);

    let gone = order(house.folder.path(), &bare.path().join("stick"));
    let why = make(&gone, None).unwrap_err();
    assert!(matches!(why, NoCopy::Away(Away::Missing(_))), "{why}");
    assert!(!gone.folder.exists());
}

#[tokio::test]
async fn a_damaged_journal_gives_no_copy_and_leaves_the_older_ones() {
    let house = lived(3).await;
    let stick = tempfile::tempdir().unwrap();
    let order = order(house.folder.path(), stick.path());
    make(&order, None).unwrap();
    house.issue("more").await.unwrap();
    let writer = rusqlite::Connection::open(order.data.join("journal.sqlite")).unwrap();
    let flip =
        "update record set bytes = cast(replace(cast(bytes as text), 'A002', 'A003') as blob)";
    writer.execute(flip, []).unwrap();
    let why = make(&order, None).unwrap_err();
    assert!(matches!(why, NoCopy::Source(_)), "{why}");
    assert_eq!(fs::read_dir(stick.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn the_configuration_goes_along_with_the_files_that_it_names() {
    let house = lived(1).await;
    let (office, stick) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let at = |name: &str| office.path().join(name);
    fs::write(at("office.toml"), "[office]").unwrap();
    fs::write(at("intake.token"), "secret").unwrap();
    let named = Named {
        config: at("office.toml"),
        files: vec![at("intake.token"), at("not-there.pem"), "/etc/hosts".into()],
    };
    let order = Order {
        named: Some(named),
        ..order(house.folder.path(), stick.path())
    };
    let kept = make(&order, None).unwrap();
    let survey = survey(&Source::Copy(kept.file)).unwrap();
    let spare = tempfile::tempdir().unwrap();
    survey.put_config(&spare.path().join("kiosk.toml")).unwrap();
    let read = |name: &str| fs::read_to_string(spare.path().join(name)).unwrap();
    assert_eq!(read("kiosk.toml"), "[office]");
    assert_eq!(read("intake.token"), "secret");
    assert_eq!(fs::read_dir(spare.path()).unwrap().count(), 2);
}
