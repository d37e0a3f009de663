//! Calls are heard in the lobby: the real daemon and the real lobby screen, and an ear that judges
//! the sound itself.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::api::{Device, fresh_key, sent};
use tests::browser::Browser;
use tests::clerk::Clerk;
use tests::ear::{self, Ear};
use tests::office::{Office, program};
use tests::process::Process;
use tests::screen::Screen;
use tests::wait;
use tokio::process::Command;

use crate::one_service_with;

/// Has a machine make its clips, and an ear learn them.
async fn clips(data: &Path, settings: &Path) -> Ear {
    let mut command = Command::new(program());
    command.args(["voice", "make", "--config"]).arg(settings);
    command.arg("--data").arg(data);
    let output = command.output().await.unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let mut ear = Ear::default();
    ear.learn(&data.join("voice/made/vi"));
    ear
}

/// What is said of a call, as clips: three digits, one of the counter, all of it twice.
fn said(number: &str, counter: u32) -> Vec<String> {
    let (letter, digits) = number.split_at(1);
    let mut sentence = vec!["call".to_owned()];
    sentence.push(format!("letter-{}", letter.to_lowercase()));
    sentence.extend(digits.chars().map(|digit| digit.to_string()));
    sentence.push("to-counter".to_owned());
    assert!((1..10).contains(&counter), "a digit, in this story");
    sentence.push(counter.to_string());
    let twice = [sentence.clone(), sentence].concat();
    [vec!["chime".to_owned()], twice].concat()
}

/// Calls and recalls in the order in which the journal has them.
fn called(office: &Office) -> Vec<(String, u32)> {
    let journal = rusqlite::Connection::open(office.data().join("journal.sqlite")).unwrap();
    let mut rows = journal
        .prepare("SELECT bytes FROM record ORDER BY seq")
        .unwrap();
    let bodies = rows.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap();
    let (mut numbers, mut called) = (BTreeMap::new(), Vec::new());
    for body in bodies {
        let record: Value = serde_json::from_slice(&body.unwrap()).unwrap();
        for event in record["events"].as_array().unwrap() {
            let ticket = event["ticket"].as_str().unwrap_or_default().to_owned();
            match event["event"].as_str().unwrap() {
                "issued" => {
                    numbers.insert(ticket, event["number"].as_str().unwrap().to_owned());
                }
                "called" | "recalled" => {
                    let counter = event["counter"].as_u64().unwrap() as u32;
                    called.push((numbers[&ticket].clone(), counter));
                }
                _ => {}
            }
        }
    }
    called
}

/// What is heard in a file, once it has so many announcements; each begins with the chime.
async fn heard(ear: &Ear, file: &Path, announcements: usize) -> Vec<Vec<String>> {
    wait::until(&format!("{announcements} calls to be heard"), async || {
        let file = std::fs::read(file).ok()?;
        // Between samples and their length the head says less than there is.
        let whole = file.len() >= 44
            && u32::from_le_bytes(file[40..44].try_into().unwrap()) as usize == file.len() - 44;
        let heard = ear.hear(&whole.then(|| ear::samples(&file))?);
        for two in heard.windows(2) {
            assert!(two[0].to <= two[1].from, "{two:?} at once");
        }
        let clips: Vec<String> = heard.into_iter().map(|heard| heard.clip).collect();
        let calls = clips.chunk_by(|_, next| next != "chime");
        let calls: Vec<Vec<String>> = calls.map(<[String]>::to_vec).collect();
        (calls.len() >= announcements).then_some(calls)
    })
    .await
}

/// How long it took from each call to its first sound, in ms, as the screen notes it.
fn lags(screen: &Process) -> Vec<u64> {
    let log = screen.log();
    let noted = log.split("lag_ms=").skip(1);
    noted
        .map(|rest| rest.split(' ').next().unwrap().parse().unwrap())
        .collect()
}

async fn open_counters(clerk: &Device, counters: u32) {
    for counter in 1..=counters {
        clerk
            .act(&format!("/counters/{counter}/open"))
            .await
            .expect(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_calls_at_once_are_all_heard_one_after_the_other_in_their_order() {
    const COUNTERS: u32 = 5;
    let office = Office::open(&one_service_with(COUNTERS)).await;
    let screen = Screen::on(1280, 720).await;
    let ear = clips(&screen.data("lobby"), &office.config()).await;
    let file = screen.data("lobby").join("calls.wav");
    let settings = format!(
        "[lobby]\nsound = true\nplayer = \"file:{}\"\n",
        file.display()
    );
    let lobby = screen.window(&office, "lobby", &settings).await;
    screen.find(&["Phường", "Thử", "tịch"]).await;

    let (kiosk, clerk) = (office.device("kiosk").await, office.device("clerk").await);
    for _ in 0..2 * COUNTERS {
        kiosk.issue("A").await;
    }
    open_counters(&clerk, COUNTERS).await;
    // Four rounds in which all counters act at the same moment: each round is one batch or a few.
    for act in ["call", "recall", "next", "recall"] {
        let acts = (1..=COUNTERS).map(|counter| {
            let clerk = clerk.clone();
            async move {
                let path = format!("/counters/{counter}/{act}");
                clerk.act(&path).await.expect(200)
            }
        });
        join_all(acts).await;
    }
    let called = called(&office);
    assert_eq!(called.len(), 20);
    let wanted: Vec<Vec<String>> = called.iter().map(|(n, c)| said(n, *c)).collect();
    assert_eq!(heard(&ear, &file, 20).await, wanted);

    let mut lags = wait::until("every call in the log", async || {
        Some(lags(&lobby)).filter(|lags| lags.len() == 20)
    })
    .await;
    println!("ms from each call to its first sound, in their order: {lags:?}");
    lags.sort_unstable();
    println!("median {} ms, longest {} ms", lags[10], lags[19]);
}

/// A player that keeps what it gets, and ends when it is let go. A second one at the same time
/// leaves a mark.
fn player(folder: &Path) -> PathBuf {
    let script = r#"#!/bin/sh
folder=$(dirname "$0")
[ -e "$folder/broken" ] && { echo "no such device" >&2; exit 1; }
[ "$(stat -L -c %s "$1")" -lt 10000 ] && exit 0
mkdir "$folder/busy" || touch "$folder/overlap"
cat "$1" >"$folder/new"
mv "$folder/new" "$folder/heard/$(ls "$folder/heard" | wc -l).wav"
while [ ! -e "$folder/go" ]; do sleep 0.05; done
rmdir "$folder/busy"
"#;
    std::fs::create_dir_all(folder.join("heard")).unwrap();
    let path = folder.join("player");
    std::fs::write(&path, script).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

/// What a player got, in order, once it has so many.
async fn played(ear: &Ear, folder: &Path, sounds: usize) -> Vec<Vec<String>> {
    let file = |n: usize| folder.join(format!("heard/{n}.wav"));
    wait::until(&format!("{sounds} sounds at the player"), async || {
        file(sounds - 1).exists().then_some(())
    })
    .await;
    let files = (0..).map(file).take_while(|file| file.exists());
    let sounds = files.map(|file| ear.hear(&ear::samples(&std::fs::read(file).unwrap())));
    sounds
        .map(|heard| heard.into_iter().map(|heard| heard.clip).collect())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undone_call_that_waits_is_not_spoken_and_a_recall_jumps_nobody() {
    let office = Office::open(&one_service_with(3)).await;
    let screen = Screen::on(1280, 720).await;
    let ear = clips(&screen.data("lobby"), &office.config()).await;
    let folder = screen.data("lobby").join("loudspeaker");
    let player = player(&folder);
    let settings = format!("[lobby]\nsound = true\nplayer = \"{}\"\n", player.display());
    let lobby = screen.window(&office, "lobby", &settings).await;
    let (kiosk, clerk) = (office.device("kiosk").await, office.device("clerk").await);
    for _ in 0..3 {
        kiosk.issue("A").await;
    }
    open_counters(&clerk, 3).await;
    let act = async |path: &str| clerk.act(path).await.expect(200);
    act("/counters/1/call").await;
    // The first is being said while the others wait for it.
    played(&ear, &folder, 1).await;
    act("/counters/2/call").await;
    act("/counters/3/call").await;
    act("/counters/1/recall").await;
    act("/counters/2/undo").await;
    wait::until("the screen to take the undone call back", async || {
        lobby.log().contains("taken back").then_some(())
    })
    .await;
    std::fs::write(folder.join("go"), "").unwrap();

    let wanted = [("A001", 1), ("A003", 3), ("A001", 1)];
    let wanted: Vec<_> = wanted.iter().map(|(n, c)| said(n, *c)).collect();
    assert_eq!(played(&ear, &folder, 3).await, wanted);
    assert!(!folder.join("overlap").exists(), "one at a time");
}

/// A screen that the office has let in by its code; its token lies where it keeps it.
async fn let_in(office: &Office, screen: &Screen) {
    let passer_by = office.passer_by();
    let request = passer_by.request("POST", "/api/v1/enrolments");
    let asked = sent(request.json(&json!({ "kind": "lobby" }))).await;
    let asked = asked.unwrap().expect(201);
    let admin = office.device("admin").await;
    let body = json!({ "code": asked.text("code"), "name": "Sảnh" });
    admin
        .post("/devices", &fresh_key(), &body)
        .await
        .expect(201);
    let path = format!("/api/v1/enrolments/{}", asked.text("id"));
    let request = passer_by.request("GET", &path);
    let request = request.header("Enrolment-Secret", asked.text("secret"));
    let standing = sent(request).await.unwrap().expect(200);
    std::fs::create_dir_all(screen.data("lobby")).unwrap();
    let token = screen.data("lobby").join("lobby.token");
    std::fs::write(token, standing.text("token")).unwrap();
}

/// Waits until the page of devices says this of the screen in the lobby.
async fn told(supervisor: &Device, state: &str, says: &str) {
    wait::until(&format!("{says:?} about the lobby's sound"), async || {
        let health = supervisor.get("/health").await.expect(200).body;
        let lines = health["items"].as_array().unwrap().iter();
        let mut lines = lines.filter(|l| l["name"]["vi"].as_str().unwrap().contains("Sảnh"));
        let line = lines.next()?;
        let text = line["says"]["en"].as_str().unwrap();
        (line["state"] == state && text.contains(says)).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loudspeaker_that_is_away_is_told_of_and_speaks_again_by_itself() {
    let office = Office::open(&one_service_with(1)).await;
    let screen = Screen::on(1280, 720).await;
    let ear = clips(&screen.data("lobby"), &office.config()).await;
    let folder = screen.data("lobby").join("loudspeaker");
    let player = player(&folder);
    for flag in ["broken", "go"] {
        std::fs::write(folder.join(flag), "").unwrap();
    }
    let_in(&office, &screen).await;
    let settings = format!("[lobby]\nsound = true\nplayer = \"{}\"\n", player.display());
    let lobby = screen.new_window(&office, "lobby", &settings);
    let supervisor = office.device("supervisor").await;
    told(&supervisor, "trouble", "loudspeaker").await;

    // The screen goes on all the while, and the call that nobody heard is the next. In between its
    // device is tried again by itself.
    let (kiosk, clerk) = (office.device("kiosk").await, office.device("clerk").await);
    kiosk.issue("A").await;
    open_counters(&clerk, 1).await;
    clerk.act("/counters/1/call").await.expect(200);
    std::fs::remove_file(folder.join("broken")).unwrap();
    assert_eq!(played(&ear, &folder, 1).await, [said("A001", 1)]);
    screen.find(&["A001", "AO01", "A0O1", "AOO1"]).await;
    told(&supervisor, "good", "calls are spoken").await;
    let log = lobby.log();
    assert_eq!(log.matches("no such device").count(), 1, "said once: {log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_from_elsewhere_replaces_the_first_set_clip_by_clip() {
    let office = Office::open(&one_service_with(1)).await;
    let screen = Screen::on(1280, 720).await;
    let data = screen.data("lobby");
    let mut ear = clips(&data, &office.config()).await;
    let run = async |words: &[&str]| {
        let mut command = Command::new(program());
        command.args(words).arg("--config").arg(office.config());
        let output = command.arg("--data").arg(&data).output().await.unwrap();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{words:?}: {errors}");
        String::from_utf8(output.stdout).unwrap()
    };
    // Somebody else's voice, of two clips: those of the first set said backwards.
    let pack = office.folder().join("pack");
    std::fs::create_dir(&pack).unwrap();
    let manifest = json!({
        "format": 1, "language": "vi", "name": "Cô Lan",
        "clips": { "1": "một", "call": "Mời công dân có số" },
    });
    std::fs::write(pack.join("pack.json"), manifest.to_string()).unwrap();
    for name in ["1.wav", "call.wav"] {
        let mut file = std::fs::read(data.join("voice/made/vi").join(name)).unwrap();
        let samples = ear::samples(&file);
        let backwards = samples.iter().rev().flat_map(|s| s.to_le_bytes());
        file.splice(44.., backwards);
        std::fs::write(pack.join(name), file).unwrap();
    }
    let zip = office.folder().join("pack.zip").display().to_string();
    let mut archive = Command::new("python3");
    archive.args([
        "-m",
        "zipfile",
        "-c",
        &zip,
        "pack.json",
        "1.wav",
        "call.wav",
    ]);
    assert!(archive.current_dir(&pack).status().await.unwrap().success());
    let taken = run(&["voice", "import", &zip]).await;
    assert_eq!(taken, "vi: 2 clips of Cô Lan\n");
    // What goes out is what came in.
    let again = office.folder().join("again.zip").display().to_string();
    run(&["voice", "export", &again]).await;
    assert_eq!(run(&["voice", "import", &again]).await, taken);

    let file = data.join("calls.wav");
    let settings = format!(
        "[lobby]\nsound = true\nplayer = \"file:{}\"\n",
        file.display()
    );
    let _lobby = screen.window(&office, "lobby", &settings).await;
    let (kiosk, clerk) = (office.device("kiosk").await, office.device("clerk").await);
    kiosk.issue("A").await;
    open_counters(&clerk, 1).await;
    clerk.act("/counters/1/call").await.expect(200);
    ear.learn(&data.join("voice/own/vi"));
    assert_eq!(heard(&ear, &file, 1).await, [said("A001", 1)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_any_network_it_still_speaks() {
    let screen = Screen::on(1920, 1080).await;
    let office = Office::furnished(&one_service_with(1));
    let file = office.folder().join("calls.wav");
    let sound = format!(
        "[lobby]\nsound = true\nplayer = \"file:{}\"\n",
        file.display()
    );
    office.set(&(one_service_with(1) + &sound));
    let ear = clips(office.data(), &office.config()).await;
    let said_by_check = office.run(&["check"]).await;
    let said_by_check = String::from_utf8(said_by_check.stdout).unwrap();
    assert!(said_by_check.contains("good  voice: "), "{said_by_check}");

    // A network of its own in which nothing leads anywhere.
    let alone =
        "ip link set lo up && test -z \"$(ip route; ip -6 route show table main)\" && exec \"$@\"";
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--net", "sh", "-c", alone, "sh"]);
    command
        .arg(program())
        .args(["run", "--listen", "127.0.0.1:8080"]);
    command.arg("--config").arg(office.config());
    command.arg("--data").arg(office.data());
    screen.show(&mut command);
    let log = office.folder().join("run.log");
    let (mut machine, url) = Process::start(command, &log, |line| {
        line.starts_with("http://").then(|| line.trim().to_owned())
    })
    .await
    .unwrap();
    let (kiosk, clerk) = (office.token("kiosk").await, office.token("clerk").await);
    let post = async |token: &str, path: &str, body: Value| {
        let mut command = Command::new("nsenter");
        command.args(["--user", "--net", "--preserve-credentials", "--target"]);
        command.arg(machine.id().to_string());
        command.args(["curl", "--silent", "--show-error", "--fail-with-body"]);
        command.args(["-H", &format!("Authorization: Bearer {token}")]);
        command.args(["-H", &format!("Idempotency-Key: {}", fresh_key())]);
        command.args(["--json", &body.to_string()]);
        command.arg(format!("{url}/api/v1{path}"));
        let output = command.output().await.unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{path}: {said}");
    };
    post(&kiosk, "/tickets", json!({ "service": "A" })).await;
    post(&clerk, "/counters/1/open", json!({})).await;
    post(&clerk, "/counters/1/call", json!({})).await;
    assert_eq!(heard(&ear, &file, 1).await, [said("A001", 1)]);
    // Its screens end with it.
    machine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clip_is_recorded_in_the_browser_tried_out_shared_and_taken_away() {
    let office = Office::open(&one_service_with(1)).await;
    let admin = office.device("admin").await;
    admin.act("/voice/make").await.expect(200);
    // Somebody who says "hai" into the microphone, with a pause around it.
    let made = |clip: &str| office.data().join(format!("voice/made/vi/{clip}.wav"));
    let mut spoken = std::fs::read(made("2")).unwrap();
    let word = spoken.split_off(44);
    let pause = vec![0; 44_100];
    let bytes = [&pause[..], &word, &pause].concat();
    spoken[4..8].copy_from_slice(&(36 + bytes.len() as u32).to_le_bytes());
    spoken[40..44].copy_from_slice(&(bytes.len() as u32).to_le_bytes());
    spoken.extend(bytes);
    let hears = office.folder().join("microphone.wav");
    std::fs::write(&hears, spoken).unwrap();

    let browser = Browser::with_microphone(&hears).await;
    let browser = Clerk::signed_in_with(browser, office.url(), admin.token())
        .await
        .browser;
    browser.go(&format!("{}/admin/voice", office.url())).await;
    let row = "#clips li[data-key=\"1\"]";
    browser.push_on(&format!("{row} .choose")).await;
    browser.push("Thu âm").await;
    browser.reads("Đang thu").await;
    // The microphone is heard on the meter; a pause alone would be refused.
    wait::until("a voice on the meter", async || {
        let loud = browser
            .run("return document.getElementById('loud').value")
            .await;
        (loud.as_f64()? > 0.1).then_some(())
    })
    .await;
    wait::until("the pause behind it", async || {
        let loud = browser
            .run("return document.getElementById('loud').value")
            .await;
        (loud.as_f64()? < 0.01).then_some(())
    })
    .await;
    browser.push("Dừng và lưu").await;
    browser.reads("Đã lưu: một").await;
    let origin = browser.find(&format!("{row} .origin")).await;
    assert_eq!(origin.text().await.unwrap(), "giọng của cơ quan");
    let own = office.data().join("voice/own/vi/1.wav");
    let own = ear::samples(&std::fs::read(&own).unwrap());
    // Trimmed to the word: about as long as that, not as the recording.
    let length = (std::fs::metadata(made("2")).unwrap().len() as usize - 44) / 2;
    assert!(
        own.len() > length / 2 && own.len() < length * 4,
        "{} of {length}",
        own.len()
    );

    // A call with it, as the try-out plays it.
    let call = admin.request("GET", "/api/v1/voice/call?number=A011&counter=1");
    let call = call.send().await.unwrap().bytes().await.unwrap();
    let mut ear = Ear::default();
    ear.learn(&office.data().join("voice/made/vi"));
    ear.learn(&office.data().join("voice/own/vi"));
    let heard = ear.hear(&ear::samples(&call));
    let heard: Vec<&str> = heard.iter().map(|heard| heard.clip.as_str()).collect();
    let sentence = ["call", "letter-a", "0", "1", "1", "to-counter", "1"];
    assert_eq!(heard[1..], sentence);
    browser.push("Nghe thử").await;
    wait::until("the call to be played", async || {
        let played = "const p = document.getElementById('player'); return p.src.includes('/voice/call') && p.currentTime > 0";
        browser.run(played).await.as_bool()?.then_some(())
    })
    .await;

    // The pack goes to another office, which has nothing of its own.
    let pack = admin.request("GET", "/api/v1/voice/vi/pack").send().await;
    let pack = pack.unwrap().bytes().await.unwrap();
    let other = Office::open(&one_service_with(1)).await;
    let there = other.device("admin").await;
    let request = there.request("POST", "/api/v1/voice/pack");
    let request = request.header("Idempotency-Key", fresh_key()).body(pack);
    let taken = sent(request).await.unwrap().expect(200);
    assert_eq!(
        taken.body,
        json!({ "language": "vi", "speaker": "", "clips": 1 })
    );

    admin.act("/voice/vi/1/remove").await.expect(200);
    let nothing = admin.request("GET", "/api/v1/voice/vi/pack");
    sent(nothing).await.unwrap().refused(409, "empty-pack");
    let silence = admin.request("POST", "/api/v1/voice/vi/1");
    let silence = silence.header("Idempotency-Key", fresh_key()).body("RIFF");
    sent(silence).await.unwrap().refused(422, "not-a-recording");
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_usual_player_of_a_machine_without_a_desktop_plays_every_sample() {
    let office = Office::open(&one_service_with(1)).await;
    let screen = Screen::on(1280, 720).await;
    let ear = clips(&screen.data("lobby"), &office.config()).await;
    // The real aplay, and instead of a sound card the file that its own library writes: anew each
    // time, and filled up with silence.
    let home = screen.data("lobby").join("home");
    std::fs::create_dir(&home).unwrap();
    let card = home.join("card.wav");
    let device = format!(
        "pcm.!default {{ type file slave.pcm {{ type null }} file \"{}\" format \"wav\" }}\n",
        card.display()
    );
    std::fs::write(home.join(".asoundrc"), device).unwrap();
    let player = format!("env HOME={} aplay -q", home.display());
    let settings = format!("[lobby]\nsound = true\nplayer = \"{player}\"\n");
    let lobby = screen.window(&office, "lobby", &settings).await;
    let (kiosk, clerk) = (office.device("kiosk").await, office.device("clerk").await);
    kiosk.issue("A").await;
    open_counters(&clerk, 1).await;
    clerk.act("/counters/1/call").await.expect(200);
    wait::until("the call to be spoken", async || {
        lobby.log().contains("A call was spoken").then_some(())
    })
    .await;
    assert_eq!(heard(&ear, &card, 1).await, [said("A001", 1)]);
}
