//! The paper tells the truth: printers that fail in every way, a daemon that is killed in the
//! middle of slips, and what the journal says of each ticket in the end.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use simulator::{Cut, Fault, Model, Printer, PtyLine};
use tests::api::Device;
use tests::chance::Chance;
use tests::office::Office;
use tests::wait;

use crate::rounds;

/// Tickets between two blows of fate: most come out in peace, as in an office.
const BETWEEN_FAULTS: usize = 25;

fn settings(line: &PtyLine, profile: &str) -> String {
    let device = line.device();
    format!(
        "[printer]\ndevice = \"{device}\"\nprofile = \"{profile}\"\nfresh_minutes = 600\n\
         [office]\nname = \"Phường Thử\"\n\
         [[service]]\nletter = \"A\"\nname = {{ vi = \"Hộ tịch\", en = \"Civil status\" }}\n\
         [[counter]]\nnumber = 1\nservices = [\"A\"]\n"
    )
}

/// What the journal says of the slips of one ticket.
#[derive(Debug, Default)]
struct Life {
    begun: usize,
    reported: Vec<String>,
    /// A slip was begun after one was known to be out.
    again_after_printed: bool,
}

/// The life of every slip, by number, as the journal has it.
fn lives(data: &Path) -> BTreeMap<String, Life> {
    let journal = rusqlite::Connection::open(data.join("journal.sqlite")).unwrap();
    let mut rows = journal
        .prepare("SELECT bytes FROM record ORDER BY seq")
        .unwrap();
    let bodies = rows.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap();
    let (mut numbers, mut lives) = (BTreeMap::new(), BTreeMap::<String, Life>::new());
    for body in bodies {
        let record: Value = serde_json::from_slice(&body.unwrap()).unwrap();
        for event in record["events"].as_array().unwrap() {
            let ticket = event["ticket"].as_str().unwrap_or_default().to_owned();
            let kind = event["event"].as_str().unwrap();
            if kind == "issued" {
                numbers.insert(ticket.clone(), event["number"].as_str().unwrap().to_owned());
            }
            let Some(number) = numbers.get(&ticket) else {
                continue;
            };
            let life = lives.entry(number.clone()).or_default();
            match kind {
                "paper-begun" => {
                    life.begun += 1;
                    life.again_after_printed |= life.reported.iter().any(|said| said == "printed");
                }
                "paper-reported" => {
                    life.reported
                        .push(event["paper"].as_str().unwrap().to_owned());
                }
                _ => {}
            }
        }
    }
    lives
}

/// Whole slips by their number, which the printer wrote itself.
fn whole(cuts: &[Cut]) -> BTreeMap<String, usize> {
    let mut whole = BTreeMap::new();
    for cut in cuts.iter().filter(|cut| cut.is_whole()) {
        if let [number] = &*cut.texts {
            *whole.entry(number.text.clone()).or_default() += 1;
        }
    }
    whole
}

/// What came out with this number on it, for somebody who wants to know what went wrong.
fn pieces(cuts: &[Cut], number: &str) -> String {
    let with_it = |cut: &&Cut| cut.texts.iter().any(|text| text.text.contains(number));
    let told = cuts.iter().filter(with_it).map(|cut| {
        let (rows, harm, errors) = (cut.rows.len(), &cut.harm, &cut.errors);
        let texts: Vec<&str> = cut.texts.iter().map(|text| &*text.text).collect();
        format!("{rows} rows, {harm:?}, {texts:?}, {errors:?}; ")
    });
    told.collect()
}

async fn all_printed(kiosk: &Device, tickets: &[String]) {
    for ticket in tickets {
        wait::until("every slip comes out", async || {
            let seen = kiosk.get(&format!("/tickets/{ticket}")).await.expect(200);
            (seen.text("paper") == "printed").then_some(())
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_of_a_thousand_slips_is_true() {
    let mut chance = Chance::announced("paper");
    let mut office = Office::furnished("");
    let path = office.folder().join("printer");
    let line = PtyLine::start(Printer::new(Model::epson()), &path);
    office.set(&settings(&line, "tm-t20ii"));
    office.start().await;
    let mut kiosk = office.device("kiosk").await;
    let faults = [
        Fault::PaperOut,
        Fault::CoverOpen,
        Fault::CutterJam,
        Fault::HeadHot,
        Fault::Unrecoverable,
        Fault::Silence,
        Fault::LateAnswers,
        Fault::GarbledAnswers,
        Fault::WrongKindAnswers,
        Fault::Unplug,
        Fault::PowerCycle(3_000),
        Fault::PowerCycle(30_000),
    ];
    let batches = rounds(1_000, 10_000) / BETWEEN_FAULTS;
    let mut blows = 0;
    for batch in 0..batches {
        // A killed daemon in every fifth batch, a fault in the others, somewhere in their slips.
        let kills = batch % 5 == 4;
        if !kills {
            let (byte, fault) = (chance.below(1_500) as usize, *chance.of(&faults));
            println!("batch {batch}: {fault:?} at byte {byte} of a slip");
            line.printer.lock().fail_at(byte, fault);
        }
        blows += 1;
        let mut tickets = Vec::new();
        for _ in 0..BETWEEN_FAULTS {
            let ticket = kiosk.issue("A").await;
            tickets.push(ticket["id"].as_str().unwrap().to_owned());
        }
        if kills {
            let received = line.printer.lock().received() + chance.below(20_000) as usize;
            // The last slip may be out before so many bytes have come.
            line.printer
                .wait(Duration::from_millis(500), |p| p.received() >= received);
            office.kill().await;
            office.start().await;
            kiosk = kiosk.at(office.url());
        } else {
            line.printer
                .wait(Duration::from_secs(2), |p| !p.fails_later());
            line.printer.lock().repair();
        }
        all_printed(&kiosk, &tickets).await;
    }
    office.stop().await;

    let lives = lives(office.data());
    let whole = whole(line.printer.lock().cuts());
    assert_eq!(lives.len(), batches * BETWEEN_FAULTS);
    let mut unknown = 0;
    for (number, life) in &lives {
        let came = whole.get(number).copied().unwrap_or(0);
        let said = |what| life.reported.iter().filter(|said| *said == what).count();
        let doubts = said("unknown");
        unknown += usize::from(doubts > 0);
        let pieces = pieces(line.printer.lock().cuts(), number);
        let told = format!("{number}: {came} came out whole, {life:?}: {pieces}");
        assert!(!life.again_after_printed, "{told}");
        assert_eq!(life.reported.last().unwrap(), "printed", "{told}");
        // Every slip known to be out is whole; one more for each that nobody could be sure of.
        assert!((1..=1 + doubts).contains(&came), "{told}");
        // One that failed before its first byte was begun too, and is no doubt.
        let failed = said("failed");
        assert!(
            (1 + doubts..=1 + doubts + failed).contains(&life.begun),
            "{told}"
        );
    }
    assert!(
        unknown <= 2 * blows,
        "{unknown} slips in doubt, {blows} blows"
    );
    println!(
        "{} slips, {blows} faults and kills, {unknown} in doubt",
        lives.len()
    );
}
