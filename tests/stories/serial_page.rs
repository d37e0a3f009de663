//! A scanner on a serial port of the clerk's own PC, opened by the counter page.

use crate::NO_PAPER;
use scanner::{Frame, Framer, Framing};
use serde_json::{Value, json};
use tests::browser::Browser;
use tests::chance::Chance;
use tests::clerk::Clerk;
use tests::office::Office;
use tests::wait;

/// A serial port for a browser that has none.
const FAKE: &str = include_str!("../src/fake_serial.js");

async fn send(page: &Clerk, text: &str) {
    let script = format!("scanner.send({})", json!(text));
    page.browser.run(&script).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_com_scanner_once_chosen_opens_by_itself_and_says_how_it_is() {
    let mut office = Office::open(NO_PAPER).await;
    let clerk = office.device("clerk").await;
    let page = Clerk::signed_in(office.url(), clerk.token()).await;
    page.browser.prepare(FAKE).await;
    page.sit_at(1).await;
    page.browser.push("Máy quét và âm thanh").await;
    page.browser.push("19200").await;
    page.browser.push("Máy quét và âm thanh").await;
    page.browser.push("Mở máy quét qua cổng COM").await;
    page.browser.reads("Máy quét COM: sẵn sàng").await;
    assert_eq!(
        page.browser.run("return scanner.port.bauds").await,
        json!([19200])
    );

    send(&page, "H05.114-250625-0001\r\n").await;
    page.browser
        .reads("H05.114-250625-0001 · Đã lưu tại máy")
        .await;
    // Bytes broken on the way end what they were in, and nothing else.
    send(&page, "H05.114-2506").await;
    page.browser.run("scanner.noise()").await;
    page.browser.reads("Máy quét gửi mã không trọn vẹn").await;
    send(&page, "H05.114-250625-0002\r\n").await;
    page.browser
        .reads("H05.114-250625-0002 · Đã lưu tại máy")
        .await;
    send(
        &page,
        "001099012345||Nguyễn Văn An|01021999|Nam|Thôn Đoài|01012022\r\n",
    )
    .await;
    page.browser.reads("Đây là thẻ căn cước").await;
    assert!(!page.browser.text().await.contains("Nguyễn"));

    // Pulled out in the middle of a code, and plugged in again.
    send(&page, "H05.114-250625").await;
    page.browser.run("scanner.unplug()").await;
    page.browser.reads("Máy quét COM: không thấy").await;
    page.browser.run("scanner.plug()").await;
    page.browser.reads("Máy quét COM: sẵn sàng").await;
    send(&page, "-0003\r\n").await;
    page.browser.reads("-0003 · Máy chủ chưa nhận").await;

    // The next morning nobody has to choose anything, and another program may have been first.
    page.browser.page.refresh().await.unwrap();
    page.browser.reads("Máy quét COM: sẵn sàng").await;
    page.browser.run("scanner.busy(true)").await;
    page.browser.page.refresh().await.unwrap();
    page.browser.reads("Máy quét COM: chưa mở được").await;
    page.browser.run("scanner.busy(false)").await;
    page.browser.reads("Máy quét COM: sẵn sàng").await;
    send(&page, "H05.114-250625-0004\r").await;
    page.browser
        .reads("H05.114-250625-0004 · Đã lưu tại máy")
        .await;

    page.browser.push("Máy quét và âm thanh").await;
    page.browser.push("Ngừng dùng máy quét qua cổng COM").await;
    wait::until("silence about the port", async || {
        (!page.browser.text().await.contains("Máy quét COM")).then_some(())
    })
    .await;
    page.browser.close().await;
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_com_scanner_is_read_while_another_window_has_the_focus() {
    let mut office = Office::open(NO_PAPER).await;
    let clerk = office.device("clerk").await;
    let page = Clerk::signed_in(office.url(), clerk.token()).await;
    page.browser.prepare(FAKE).await;
    page.sit_at(1).await;
    page.browser.push("Máy quét và âm thanh").await;
    page.browser.push("Mở máy quét qua cổng COM").await;
    page.browser.reads("Máy quét COM: sẵn sàng").await;

    let browser = &page.browser.page;
    let other = browser.new_window(true).await.unwrap();
    browser.switch_to_window(other.handle).await.unwrap();
    page.browser.go(&format!("{}/lobby", office.url())).await;
    // One scanner ends its codes, and one does not.
    page.browser
        .run("new BroadcastChannel('scanner').postMessage('H05.114-250625-0001')")
        .await;
    let kept = async |wanted: usize| {
        wait::until("the scan", async || {
            let scans = clerk.get("/scans").await.expect(200).body;
            (scans["items"].as_array()?.len() == wanted).then_some(scans)
        })
        .await
    };
    kept(1).await;
    page.browser
        .run("new BroadcastChannel('scanner').postMessage('H05.114-250625-0002\\r\\n')")
        .await;
    let scans = kept(2).await;
    assert_eq!(scans["items"][1]["dossier"], "H05.114-250625-0002");
    assert_eq!(scans["items"][1]["counter"], 1);
    page.browser.close().await;
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_without_serial_ports_offers_none() {
    let mut office = Office::open(NO_PAPER).await;
    let clerk = office.device("clerk").await;
    let page = Clerk::signed_in(office.url(), clerk.token()).await;
    let without = "Object.defineProperty(Navigator.prototype, 'serial', { get: () => undefined })";
    page.browser.prepare(without).await;
    page.sit_at(1).await;
    page.browser.push("Máy quét và âm thanh").await;
    page.browser.reads("Tắt âm thanh").await;
    assert!(!page.browser.text().await.contains("cổng COM"));
    page.browser.close().await;
    office.stop().await;
}

/// Feeds steps to the page's framer and hands over the frames of each.
const FRAMES: &str = "const done = arguments[arguments.length - 1]; const steps = arguments[0]; \
    import('/static/framing.js').then(({ openFramer }) => { \
      const framer = openFramer(); \
      done(steps.map(({ bytes, at }) => (bytes ? framer.push(bytes, at) : [framer.poll(at)].filter(Boolean)) \
        .map((frame) => (frame.text === undefined ? null : frame.text)))); \
    }).catch((cause) => done(String(cause)));";

/// Steps of one round.
const STEPS: usize = 4_000;

#[tokio::test(flavor = "multi_thread")]
async fn the_page_parts_scans_as_the_daemon_does() {
    let mut chance = Chance::announced("framing of the page");
    let mut office = Office::open(NO_PAPER).await;
    let browser = Browser::open().await;
    browser.go(&format!("{}/lobby", office.url())).await;

    let mut framer = Framer::new(Framing::Learned);
    let (mut now, mut last, mut steps, mut wanted) = (0, 0, Vec::new(), Vec::new());
    for _ in 0..STEPS {
        // Since the last byte, silences that both sides agree about: none, the end of a scan, the
        // end of patience.
        let silence = *chance.of(&[0, 5, 30, 400, 2_500]);
        now = now.max(last + silence);
        let (step, frames) = match chance.below(3) {
            0 => (json!({ "at": now }), framer.poll(now).into_iter().collect()),
            _ => {
                let bytes = piece(&mut chance);
                let frames = framer.push(&bytes, now);
                if !bytes.is_empty() {
                    last = now;
                }
                (json!({ "bytes": bytes, "at": now }), frames)
            }
        };
        steps.push(step);
        wanted.push(frames.into_iter().map(text).collect::<Vec<Value>>());
    }
    let found = browser.page.execute_async(FRAMES, vec![json!(steps)]);
    let found = found.await.unwrap();
    let found = found.as_array().unwrap_or_else(|| panic!("{found}"));
    for (place, (found, wanted)) in found.iter().zip(&wanted).enumerate() {
        assert_eq!(found, &json!(wanted), "step {place}: {}", steps[place]);
    }
    assert_eq!(found.len(), STEPS);
    browser.close().await;
    office.stop().await;
}

fn text(frame: Frame) -> Value {
    match frame {
        Frame::Text(text) => json!(text),
        Frame::Bad(_) => Value::Null,
    }
}

/// What a scanner, a bad cable or somebody's QR code sends in one go.
fn piece(chance: &mut Chance) -> Vec<u8> {
    let id = format!("H05.114-250625-{:04}", chance.below(10_000));
    match chance.below(8) {
        0 => id.into_bytes(),
        1 => format!("{id}\r\n").into_bytes(),
        2 => format!("\u{2}{id}\u{3}\t").into_bytes(),
        3 => id.as_bytes()[..chance.below(id.len() as u64) as usize].to_vec(),
        4 => "Thôn Đoài\n".as_bytes()[..chance.below(13) as usize].to_vec(),
        5 => (0..chance.below(20)).map(|_| chance.bits() as u8).collect(),
        6 => vec![b'x'; chance.below(3_000) as usize],
        _ => vec![0, b'\r', b'\n'],
    }
}
