#![allow(clippy::unwrap_used)]
use std::collections::BTreeMap;
use std::path::Path;

use super::*;
use crate::config::Player;
use screens::board::{self, Standing};

fn order(counter: u32, standing: Standing) -> board::Announcement {
    let clips = ["vi/call", "vi/letter-a", "vi/1", "vi/to-counter", "vi/3"];
    board::Announcement {
        number: format!("A{counter:03}"),
        counter,
        standing,
        sentences: vec![clips.map(str::to_owned).to_vec()],
        repeat: 2,
        volume: 100,
        ordered_after_ms: 0,
    }
}

fn board(epoch: &str, orders: &[(u64, Standing)]) -> Board {
    let orders = orders.iter();
    Board {
        epoch: epoch.to_owned(),
        announcements: orders
            .map(|(id, standing)| (id.to_string(), order(*id as u32, *standing)))
            .collect(),
        ..Board::default()
    }
}

fn in_line(line: &mut Line) -> Vec<u64> {
    std::iter::from_fn(|| line.next()).map(|w| w.id).collect()
}

use Standing::{New, Old, Undone};

#[test]
fn calls_wait_in_the_order_in_which_they_were_made_each_once() {
    let mut line = Line::default();
    // As text 10 would stand before 9.
    line.take(&board("E", &[(9, New), (10, New)]), 0);
    line.take(&board("E", &[(9, New), (10, New), (11, New)]), 0);
    assert_eq!(in_line(&mut line), [9, 10, 11]);
    // A screen that has lost its line to the daemon hears everything again.
    line.take(&board("E", &[(10, New), (11, Old), (12, New)]), 0);
    assert_eq!(in_line(&mut line), [12]);
}

#[test]
fn a_screen_that_starts_says_only_what_is_news() {
    let mut line = Line::default();
    line.take(&board("E", &[(7, Old), (8, Undone), (9, New)]), 0);
    assert_eq!(in_line(&mut line), [9]);
}

#[test]
fn an_undone_call_leaves_the_line_and_what_got_old_in_it_stays() {
    let mut line = Line::default();
    line.take(&board("E", &[(1, New), (2, New), (3, New)]), 0);
    let undone = line.take(&board("E", &[(1, Old), (2, Undone), (3, New)]), 0);
    assert_eq!(undone.iter().map(|w| w.id).collect::<Vec<_>>(), [2]);
    // Forgotten by the daemon, not by the screen.
    line.take(&board("E", &[(3, New)]), 0);
    assert_eq!(in_line(&mut line), [1, 3]);
}

#[test]
fn another_journal_counts_anew_and_what_waits_is_still_said() {
    let mut line = Line::default();
    line.take(&board("E", &[(500, New)]), 0);
    line.take(&board("F", &[(4, New)]), 0);
    assert_eq!(in_line(&mut line), [500, 4]);
}

#[test]
fn a_call_may_wait_behind_others_but_is_not_said_minutes_after_an_outage() {
    let late = |failed, now_ms| {
        let mut line = Line::default();
        line.take(&board("E", &[(1, New)]), 0);
        !line.drop_late(now_ms, failed).is_empty()
    };
    assert!(!late(false, 600_000) && late(false, 600_001));
    assert!(!late(true, 60_000) && late(true, 60_001));
}

#[test]
fn what_this_program_cannot_say_is_left_out_sentence_by_sentence() {
    let mut newer = board("E", &[(1, New), (2, New)]);
    let newest = newer.announcements.get_mut("1").unwrap();
    newest.sentences.insert(0, vec!["fr/call".to_owned()]);
    let newest = newer.announcements.get_mut("2").unwrap();
    newest.sentences = vec![vec!["vi/yodel".to_owned()]];
    let mut line = Line::default();
    line.take(&newer, 0);
    let waiting = line.next().unwrap();
    assert_eq!((waiting.id, waiting.announcement.sentences.len()), (1, 1));
    assert!(line.next().is_none());
}

fn output(player: &str) -> Output {
    Output::of(&Player::try_from(player.to_owned()).unwrap())
}

#[test]
fn a_file_grows_by_each_sound_and_can_always_be_played() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.wav");
    let mut file = output(&format!("file:{}", path.display()));
    file.probe().unwrap();
    let mut all = Vec::new();
    for piece in [vec![1; 300], vec![], vec![-2; 500]] {
        file.play(&piece).unwrap();
        all.extend(piece);
        let read = std::fs::read(&path).unwrap();
        assert_eq!(voice::wav::read(&read).unwrap(), all);
    }
    // A power cut between the samples and their length.
    let mut torn = std::fs::read(&path).unwrap();
    torn.extend([9; 33]);
    std::fs::write(&path, torn).unwrap();
    file.play(&[3; 100]).unwrap();
    all.extend([3; 100]);
    assert_eq!(
        voice::wav::read(&std::fs::read(&path).unwrap()).unwrap(),
        all
    );
}

#[test]
fn a_file_of_something_else_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("minutes.txt");
    let text = "Biên bản họp, không phải âm thanh, và dài hơn phần đầu của một tệp âm thanh";
    std::fs::write(&path, text).unwrap();
    assert!(
        output(&format!("file:{}", path.display()))
            .play(&[1; 9])
            .is_err()
    );
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

/// A program that plays: a script in this folder.
fn script(folder: &Path, name: &str, text: &str) -> String {
    use std::os::unix::fs::PermissionsExt as _;
    let path = folder.join(name);
    std::fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path.display().to_string()
}

#[test]
fn a_program_gets_the_whole_sound_as_a_file_behind_its_arguments() {
    let folder = tempfile::tempdir().unwrap();
    let heard = folder.path().join("heard.wav");
    let player = script(
        folder.path(),
        "player",
        "test \"$1\" = -q && cat \"$2\" > \"$0.wav\"",
    );
    std::fs::rename(&player, folder.path().join("heard")).unwrap();
    let mut program = output(&format!("{} -q", folder.path().join("heard").display()));
    for sound in [vec![5; 4_000], vec![-6; 100]] {
        program.play(&sound).unwrap();
        let read = std::fs::read(&heard).unwrap();
        assert_eq!(voice::wav::read(&read).unwrap(), sound);
    }
}

#[test]
fn a_program_that_is_missing_or_fails_is_told_with_its_own_words() {
    let folder = tempfile::tempdir().unwrap();
    let missing = output("/nowhere/aplay").play(&[0; 10]).unwrap_err();
    assert!(matches!(missing, Trouble::NoPlayer), "{missing}");
    // More than a pipe holds, so that one that nobody listens to would stand still.
    let loud = "echo 'audio open error: No such device' >&2; head -c 200000 /dev/zero >&2; exit 1";
    let player = script(folder.path(), "loud", loud);
    let failed = output(&player).play(&[0; 10]).unwrap_err().to_string();
    assert_eq!(
        failed,
        format!("{player}: audio open error: No such device")
    );
    let silent = script(folder.path(), "silent", "exit 3");
    let failed = output(&silent).play(&[0; 10]).unwrap_err().to_string();
    assert!(failed.contains("exit status: 3"), "{failed}");
}

fn talk(packs: Packs, output: Output) -> (Talk, watch::Receiver<Sound>) {
    let (tell, sound) = watch::channel(Sound::Ready);
    let talk = Talk {
        desk: Arc::default(),
        started: Instant::now(),
        packs,
        output,
        tell,
        failed: false,
    };
    (talk, sound)
}

#[test]
fn a_call_that_nobody_could_hear_is_the_first_once_the_device_is_back() {
    let folder = tempfile::tempdir().unwrap();
    let player = script(folder.path(), "player", "test -e \"$0.there\"");
    let (mut talk, sound) = talk(Packs::of(folder.path()), output(&player));
    let desk = talk.desk.clone();
    desk.held().take(&board("E", &[(1, New), (2, New)]), 0);
    let first = talk.next().unwrap();
    talk.speak(first);
    assert_eq!(*sound.borrow(), Sound::NoDevice);
    assert!(talk.failed);
    std::fs::write(format!("{player}.there"), "").unwrap();
    let again = desk.held().next().unwrap();
    assert_eq!(again.id, 1);
    talk.speak(again);
    // It can be heard; there are no clips but the chime.
    assert_eq!(*sound.borrow(), Sound::NoClips);
    assert_eq!(in_line(&mut desk.held()), [2]);
}

#[test]
fn without_its_clips_a_language_is_left_out_and_without_any_the_chime_is_heard() {
    let folder = tempfile::tempdir().unwrap();
    let packs = Packs::of(folder.path());
    let mut waiting = {
        let mut line = Line::default();
        line.take(&board("E", &[(1, New)]), 0);
        line.next().unwrap()
    };
    let english = vec!["en/call".parse().unwrap()];
    waiting.announcement.sentences.push(english);
    let (talk, _sound) = talk(packs.clone(), output("true"));
    let (chime, complete) = talk.assembled(&waiting);
    assert!(!complete && chime.iter().any(|sample| *sample != 0));

    let tone: Vec<i16> = (0..8_000)
        .map(|n| if n % 50 < 25 { 6_000 } else { -6_000 })
        .collect();
    for clip in waiting.announcement.sentences[0].clone() {
        packs.record(clip, &voice::wav::write(&tone)).unwrap();
    }
    let (vietnamese, complete) = talk.assembled(&waiting);
    assert!(!complete && vietnamese.len() > chime.len() + 10 * 7_000);
    packs
        .record("en/call".parse().unwrap(), &voice::wav::write(&tone))
        .unwrap();
    let (both, complete) = talk.assembled(&waiting);
    assert!(complete && both.len() > vietnamese.len());
}

#[test]
fn a_state_is_told_in_a_word_that_the_daemon_knows() {
    let words: BTreeMap<&str, Sound> = Sound::ALL.map(|s| (s.word(), s)).into();
    assert_eq!(words.len(), Sound::ALL.len());
    for (word, sound) in words {
        assert_eq!(Sound::of(word), Some(sound));
    }
    assert_eq!(Sound::of("loud"), None);
}
