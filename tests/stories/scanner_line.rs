//! A barcode reader on a serial line: noise is refused in words, codes between the noise
//! count, and pulling the plug out stops nothing.

use crate::NO_PAPER;
use serde_json::Value;
use serialport::{SerialPort, TTYPort};
use std::io::Write;
use std::path::Path;
use tests::chance::Chance;
use tests::office::Office;
use tests::sse::Stream;
use tests::wait;

/// What a faulty cable may send in one go.
const NOISE_BYTES: u64 = 4096;

/// A reader on a cable, plugged in at `socket`.
pub fn plug_in(socket: &Path) -> TTYPort {
    let (reader, kiosk_end) = TTYPort::pair().unwrap();
    let _ = std::fs::remove_file(socket);
    std::os::unix::fs::symlink(kiosk_end.name().unwrap(), socket).unwrap();
    reader
}

fn settings(socket: &Path) -> String {
    let socket = socket.display();
    format!("{NO_PAPER}[[scanner]]\ndevice = \"serial:{socket}\"\ncounter = 1\n")
}

/// Reads the counter's stream until the dossier is among its scans.
async fn seen(stream: &mut Stream, dossier: &str) -> Value {
    loop {
        let event = stream.next().await.expect("an open stream");
        let scans = event.data["scans"].as_array().cloned().unwrap_or_default();
        if let Some(scan) = scans.into_iter().find(|scan| scan["dossier"] == dossier) {
            return scan;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_between_noise_are_taken_and_noise_is_not() {
    let mut chance = Chance::announced("scanner line");
    let mut office = Office::furnished(NO_PAPER);
    let socket = office.folder().join("reader");
    let mut reader = plug_in(&socket);
    office.set(&settings(&socket));
    office.start().await;
    let clerk = office.device("clerk").await;
    let url = format!("{}/api/v1/counters/1/events", office.url());
    let mut stream = Stream::open(&url, Some(clerk.token()), None).await;

    for round in 0..25 {
        let noise = (0..chance.below(NOISE_BYTES)).map(|_| chance.bits() as u8);
        let noise: Vec<u8> = noise.collect();
        reader.write_all(&noise).unwrap();
        let dossier = format!("H05.114-250625-{round:04}");
        reader
            .write_all(format!("\r\n{dossier}\r\n").as_bytes())
            .unwrap();
        let scan = seen(&mut stream, &dossier).await;
        assert_eq!(scan["counter"], 1);
        assert_eq!(scan["state"], "kept");
    }
    let kept = clerk.get("/scans?state=kept").await.expect(200);
    let kept = kept.body["items"].as_array().unwrap().len();
    assert_eq!(kept, 25, "noise is no dossier");
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_pulled_out_and_put_back_reads_on() {
    let mut office = Office::furnished(NO_PAPER);
    let socket = office.folder().join("reader");
    office.set(&settings(&socket));
    office.start().await; // Nothing is plugged in yet.
    let clerk = office.device("clerk").await;
    let url = format!("{}/api/v1/counters/1/events", office.url());
    let mut stream = Stream::open(&url, Some(clerk.token()), None).await;

    for round in 0..2 {
        let mut reader = plug_in(&socket);
        let dossier = format!("H05.114-250625-{round:04}");
        // Nobody tells when the daemon has found the reader, so the clerk scans again.
        wait::until("the reader is found", async || {
            // Until then the line leads nowhere, and says so.
            let _ = reader.write_all(format!("{dossier}\r").as_bytes());
            let kept = clerk.get("/scans?state=kept").await.expect(200);
            kept.body.to_string().contains(&dossier).then_some(())
        })
        .await;
        seen(&mut stream, &dossier).await;
        drop(reader);
    }
    office.device("kiosk").await.issue("A").await;
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_code_is_refused_at_its_counter() {
    let mut office = Office::furnished(NO_PAPER);
    let socket = office.folder().join("reader");
    let mut reader = plug_in(&socket);
    office.set(&settings(&socket));
    office.start().await;
    let clerk = office.device("clerk").await;
    let url = format!("{}/api/v1/counters/1/events", office.url());
    let mut stream = Stream::open(&url, Some(clerk.token()), None).await;
    stream.next().await.expect("a first event");
    reader.write_all(b"8934563138164\r\n").unwrap();
    let mut event = stream.next().await.expect("an event");
    while event.name != "notice" {
        event = stream.next().await.expect("an event");
    }
    assert_eq!(event.data["tone"], "bad");
    assert!(!event.data["text"].as_str().unwrap().is_empty());
    office.stop().await;
}
