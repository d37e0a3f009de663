//! The roles `kiosk journal backup` and `restore`: a spare machine takes over.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use jiff::civil::Date;
use queue::{Event, ScanState, State};

use super::Common;
use super::journal::mono_at;
use crate::advice;
use crate::clock::{self, Clock as _, SystemClock};
use crate::config::Config;
use crate::copies::{self, Kept, Order};
use crate::engine;
use crate::journal::copy::{self, About, CopyError, Source, Survey};
use crate::journal::sqlite::{self, SqliteJournal, open_reader};
use crate::journal::{Head, Journal as _, Record};
use crate::vault::Vault;

/// What `restore` takes.
#[derive(Args)]
pub(super) struct Restore {
    /// A copy, a folder with copies (the newest good one is taken), or the data folder of a
    /// machine that is out of use.
    from: PathBuf,
    /// The number that every service goes on from today; by default far enough that none is given
    /// out twice.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=99_999))]
    numbers_from: Option<u32>,
}

/// Numbers of a day on which a spare took over begin here: no service gives out as many before
/// noon.
const NUMBERS_FROM: u32 = 501;
/// And so far beyond the last number that the copy knows of that day.
const NUMBERS_AHEAD: u32 = 400;

/// What the machine's clock says, if it can be believed.
fn known_utc(config: &Config, newest_ms: i64) -> Option<i64> {
    let server = &config.server;
    SystemClock::new(server.clock, newest_ms, &server.data)
        .read()
        .utc_ms
}

/// Makes a copy: in `to`, or where the configuration keeps them.
pub(super) fn backup(config: &Config, to: Option<&Path>) -> anyhow::Result<()> {
    let order = match to {
        Some(folder) => {
            fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
            Order {
                // A folder named by hand: whoever named it sees to it.
                keep: usize::MAX,
                keep_days: u32::MAX,
                ..config.order_to(folder, true)
            }
        }
        None => config
            .order()
            .context("name a folder, or set [backup] folder in the configuration")?,
    };
    let kept = copies::make(&order, known_utc(config, newest_at(&order.data)))?;
    let mut out = std::io::stdout();
    let (file, about) = (kept.file.display(), &kept.about);
    writeln!(
        out,
        "copied up to record {}, head {}",
        about.seq, about.head
    )?;
    writeln!(out, "{file}")?;
    Ok(())
}

fn newest_at(data: &Path) -> i64 {
    let newest = open_reader(data).ok().and_then(|connection| {
        let seq = sqlite::newest_seq(&connection).ok()?;
        sqlite::read(&connection, seq).ok()?
    });
    newest.map_or(0, |record| record.at)
}

/// A spare machine takes over.
pub(super) fn restore(common: &Common, wanted: &Restore) -> anyhow::Result<()> {
    let (source, survey) = find(&wanted.from)?;
    let mut out = std::io::stdout();
    if let Some(path) = common.config.as_deref().filter(|path| !path.exists())
        && !survey.config.is_empty()
    {
        survey.put_config(path)?;
        let path = path.display();
        writeln!(out, "Đã đặt lại tệp cấu hình: {path}")?;
        writeln!(out, "The configuration was put back: {path}")?;
    }
    let config = common.load()?;
    let data = config.server.data.as_path();
    let (_lock, unfinished) = copy::prepare(data)?;
    copy::fill(&source, &unfinished)?;
    let done = take_over(&config, &unfinished, &survey, wanted.numbers_from, {
        // The folder of the lost machine has every number that it gave out.
        matches!(source, Source::Copy(_))
    })?;
    copy::put(data)?;
    done.tell(&survey, &mut out)?;
    Ok(())
}

/// The source that `from` means, read to its end and found good.
fn find(from: &Path) -> anyhow::Result<(Source, Survey)> {
    if from.join(sqlite::FILE).exists() {
        let source = Source::Folder(from.to_owned());
        let survey = copy::survey(&source)?;
        return Ok((source, survey));
    }
    if from.is_file() {
        let older = from.parent().map(Path::to_owned).unwrap_or_default();
        return try_copy(from, &older);
    }
    let (kept, broken) = copies_below(from)?;
    let lineages: Vec<&About> = offices(&kept);
    if lineages.len() > 1 {
        let names: Vec<_> = lineages
            .iter()
            .map(|about| format!("{} ({})", about.office, &copies::file_name(about)))
            .collect();
        bail!(
            "{}: có bản sao của nhiều cơ quan; mời ghi rõ tên tệp. · There are copies of several offices; please name one file. {}",
            from.display(),
            names.join("; ")
        );
    }
    match (kept.first(), broken.first()) {
        (Some(newest), _) => try_copy(&newest.file, from),
        (None, Some(broken)) => try_copy(broken, from),
        (None, None) => bail!(
            "{}: không có bản sao nào ở đây. · There is no copy here.",
            from.display()
        ),
    }
}

/// One copy of each office, its newest.
fn offices(kept: &[Kept]) -> Vec<&About> {
    let mut offices: Vec<&About> = Vec::new();
    for kept in kept {
        if offices.iter().all(|o| o.lineage != kept.about.lineage) {
            offices.push(&kept.about);
        }
    }
    offices
}

/// The copies in a folder and in the folders in it: who plugs in a stick need not know where on it
/// they lie.
fn copies_below(folder: &Path) -> anyhow::Result<(Vec<Kept>, Vec<PathBuf>)> {
    let at = || folder.display().to_string();
    let (mut kept, mut broken) = copies::copies(folder).with_context(at)?;
    for entry in fs::read_dir(folder).with_context(at)? {
        let path = entry?.path();
        // One that may not be entered (`lost+found`) has none for us.
        if let Ok((more, torn)) = copies::copies(&path) {
            kept.extend(more);
            broken.extend(torn);
        }
    }
    kept.sort_by_key(|kept| std::cmp::Reverse(kept.about.age()));
    Ok((kept, broken))
}

/// A copy, or why it cannot be used and which older one can.
fn try_copy(file: &Path, folder: &Path) -> anyhow::Result<(Source, Survey)> {
    let read = |file: &Path| -> Result<(Source, Survey), CopyError> {
        let source = Source::Copy(file.to_owned());
        let survey = copy::survey(&source)?;
        Ok((source, survey))
    };
    let why = match read(file) {
        Ok(found) => return Ok(found),
        Err(why) => why,
    };
    let (kept, _) = copies_below(folder).unwrap_or_default();
    let own = copy::about(file).ok();
    let older = kept.iter().filter(|kept| {
        kept.file != file
            && own
                .as_ref()
                .is_none_or(|own| kept.about.lineage == own.lineage && kept.about.age() < own.age())
    });
    let mut good = older.filter(|kept| read(&kept.file).is_ok());
    let name = file.display();
    let Some(next) = good.next() else {
        bail!(
            "{name}: {why}. Không dùng bản này, và không có bản cũ hơn nào còn tốt. · It is not used, and no older copy is good."
        );
    };
    let made = |language| {
        let made = next.about.made.as_deref();
        made.and_then(|made| advice::moment(made, language))
            .unwrap_or_else(|| format!("{}", next.about.seq))
    };
    let older = next.file.display();
    bail!(
        "{name}: {why}.\nBản sao này bị hỏng nên không dùng. Bản cũ hơn còn tốt lập lúc {}. Để dùng bản đó: kiosk journal restore {older}\nThis copy is damaged and not used. An older good one was made at {}. To use it: kiosk journal restore {older}",
        made("vi"),
        made("en"),
    );
}

/// What was restored.
struct Done {
    head: Head,
    old: Head,
    /// Scans that wait to be sent.
    undelivered: usize,
    /// The number that every service goes on from, and on which date; none: no jump.
    numbers: Option<(u32, Option<Date>)>,
}

/// Begins a new epoch in a folder that was filled: its first record names the old one's end, so
/// that a reader of both journals sees where they part.
fn take_over(
    config: &Config,
    folder: &Path,
    survey: &Survey,
    numbers_from: Option<u32>,
    may_be_behind: bool,
) -> anyhow::Result<Done> {
    let mut journal = SqliteJournal::open(folder, "")?;
    let (state, _) = engine::replay(&journal, &mut Vault::open(folder))?;
    let utc = known_utc(config, survey.last_at);
    let today = utc
        .zip(state.office())
        .map(|(utc, office)| office.local(utc).date());
    let numbers = numbers_from.or_else(|| may_be_behind.then(|| go_on_from(&state, today)));
    let old = journal.head();
    let mut events = vec![Event::Restored {
        epoch: old.epoch.clone(),
        seq: old.seq,
        head: old.hash.to_string(),
    }];
    events.extend(numbers.map(|next| Event::NumbersSkipped {
        service: None,
        next,
        date: today,
    }));
    let at = clock::wall_ms();
    let record = Record {
        epoch: crate::ids::secret().to_string(),
        seq: old.seq + 1,
        command: None,
        at,
        boot: "restore".into(),
        mono: mono_at(folder, old.seq, at),
        actor: "system".into(),
        events,
    };
    let head = journal.append(old.seq, &[record])?;
    let open = |scan: &&queue::Scan| matches!(scan.state, ScanState::Pending | ScanState::Unknown);
    Ok(Done {
        head,
        old,
        undelivered: state.scans().filter(open).count(),
        numbers: numbers.map(|next| (next, today)),
    })
}

/// Where numbers go on on the date of the restore: beyond what the lost machine can have given
/// out after the copy.
fn go_on_from(state: &State, today: Option<Date>) -> u32 {
    let day = state.day().filter(|day| {
        // An open day goes on; so may one whose date nobody can compare.
        day.open || day.date.is_none() || today.is_none() || day.date == today
    });
    let letters = state.office().into_iter().flat_map(|o| &o.services);
    let last = letters.filter_map(|s| state.newest_number(s.letter));
    let last = last.map(|number| number.n).max().filter(|_| day.is_some());
    let last = last.unwrap_or(0);
    let hundreds = last.saturating_add(NUMBERS_AHEAD).div_ceil(100) * 100 + 1;
    hundreds.max(NUMBERS_FROM)
}

impl Done {
    /// What is known here, and what is not.
    fn tell(&self, survey: &Survey, out: &mut impl std::io::Write) -> anyhow::Result<()> {
        let about = &survey.about;
        let at = |language: &str| {
            let made = about.made.as_deref();
            made.and_then(|made| advice::moment(made, language))
        };
        let (vi, en) = match (at("vi"), at("en")) {
            (Some(vi), Some(en)) => (format!("lúc {vi}"), format!("of {en}")),
            _ => (
                format!("đến bản ghi {}", self.old.seq),
                format!("up to record {}", self.old.seq),
            ),
        };
        let Self { head, old, .. } = self;
        writeln!(out, "\n{}: bản sao {vi}.", about.office)?;
        writeln!(
            out,
            "Có ở đây: mọi số và lượt quét máy cũ đã ghi nhận đến lúc đó; cán bộ, thiết bị, chứng thư."
        )?;
        if self.undelivered > 0 {
            writeln!(
                out,
                "{} lượt quét chưa gửi sẽ tự gửi, dưới khóa cũ nên không trùng.",
                self.undelivered
            )?;
        }
        if self.numbers.is_some() {
            writeln!(
                out,
                "Số phát và hồ sơ quét sau lúc đó không có ở đây: mời quét lại các hồ sơ ấy."
            )?;
        }
        if let Some((next, date)) = self.numbers {
            let day = date.map_or_else(
                || "Ngày làm việc này".into(),
                |date| date.strftime("Ngày %d/%m/%Y").to_string(),
            );
            writeln!(
                out,
                "{day} mỗi lĩnh vực phát tiếp từ số {next} để không trùng số máy cũ đã phát."
            )?;
        }
        writeln!(out, "\n{}: a copy {en}.", about.office)?;
        writeln!(
            out,
            "Known here: every number and scan that the old machine had acknowledged by then; people, devices, certificates."
        )?;
        if self.undelivered > 0 {
            writeln!(
                out,
                "{} scans not yet delivered are sent by themselves, under their old keys.",
                self.undelivered
            )?;
        }
        if self.numbers.is_some() {
            writeln!(
                out,
                "Numbers given out and dossiers scanned after that are not known here: scan those dossiers again."
            )?;
        }
        if let Some((next, date)) = self.numbers {
            let day = date.map_or_else(|| "This service day".into(), |date| format!("On {date}"));
            writeln!(
                out,
                "{day} every service goes on from number {next}, so that none is given out twice."
            )?;
        }
        writeln!(
            out,
            "\nrestored: epoch {} begins at record {}, after {} with head {}",
            head.epoch, head.seq, old.seq, old.hash
        )?;
        Ok(())
    }
}
