//! Who is slow, or comes with many lines, ends by himself and holds up nobody.
#![allow(clippy::unwrap_used)]

use axum::Router;
use axum::body::Bytes;
use axum::routing::{get, post};
use futures_util::StreamExt as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::*;

const SOON: Duration = Duration::from_millis(50);
/// In none of these stories does anything wait for so long.
const LATER: Duration = Duration::from_secs(600);

struct House {
    at: SocketAddr,
    stop: watch::Sender<bool>,
    served: JoinHandle<()>,
}

impl House {
    async fn open(patience: Patience) -> Self {
        let listener = listen(([127, 0, 0, 1], 0).into()).await.unwrap();
        let at = listener.local_addr().unwrap();
        // As a lobby's stream: an answer at once, and then more for as long as it stays open.
        let stream = async || {
            let first = futures_util::stream::iter([Ok::<_, std::io::Error>(Bytes::from("first"))]);
            axum::body::Body::from_stream(first.chain(futures_util::stream::pending()))
        };
        let router = Router::new()
            .route("/", get(async || "here"))
            .route("/body", post(async |body: Bytes| body))
            .route("/stream", get(stream));
        let (stop, stopping) = watch::channel(false);
        let served = serve_on(listener, router, patience, stopping);
        Self { at, stop, served }
    }

    async fn line(&self, sends: &str) -> TcpStream {
        let mut line = TcpStream::connect(self.at).await.unwrap();
        line.write_all(sends.as_bytes()).await.unwrap();
        line
    }

    /// What comes until the other side ends it.
    async fn answer(&self, sends: &str) -> String {
        rest(&mut self.line(sends).await).await
    }
}

async fn rest(line: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let read = tokio::time::timeout(LATER / 10, line.read_to_end(&mut answer)).await;
    // A line that is cut off has said all that it will.
    let _ = read.expect("an end");
    String::from_utf8(answer).unwrap()
}

/// Reads until `wanted` has come.
async fn reads(line: &mut TcpStream, wanted: &str) {
    let mut seen = Vec::new();
    while !String::from_utf8_lossy(&seen).contains(wanted) {
        assert_ne!(line.read_buf(&mut seen).await.unwrap(), 0, "{seen:?}");
    }
}

const ASK: &str = "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
const STREAM: &str = "GET /stream HTTP/1.1\r\nhost: x\r\n\r\n";

#[tokio::test]
async fn a_head_that_does_not_come_ends_the_line() {
    let house = House::open(Patience {
        head_within: SOON,
        ..OTHERS
    })
    .await;
    for nothing in ["", "GET / HTTP/1.1\r\nhos"] {
        assert_eq!(house.answer(nothing).await, "", "{nothing:?}");
    }
    // Also the head of the next request.
    let mut line = house.line("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(rest(&mut line).await.ends_with("here"));
}

#[tokio::test]
async fn a_body_that_does_not_come_is_answered_as_such_and_a_stream_goes_on() {
    let house = House::open(Patience {
        answer_within: SOON,
        ..OTHERS
    })
    .await;
    let mut stream = house.line(STREAM).await;
    reads(&mut stream, "first").await;
    let slow =
        "POST /body HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 9\r\n\r\nslow";
    let answer = house.answer(slow).await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("\"code\":\"too-slow\""), "{answer}");
    assert!(answer.contains("x-frame-options: DENY"), "{answer}");
    // The limit is long over for it, and it is open.
    let mut more = [0];
    let read = tokio::time::timeout(SOON, stream.read(&mut more)).await;
    assert!(read.is_err(), "{read:?}");
}

#[tokio::test]
async fn with_too_many_lines_the_oldest_of_that_machine_ends_and_the_newest_is_answered() {
    let house = House::open(Patience {
        head_within: LATER,
        room: Room { all: 8, address: 8 },
        ..OTHERS
    })
    .await;
    let mut silent = Vec::new();
    for _ in 0..20 {
        silent.push(house.line("GET").await);
    }
    assert!(house.answer(ASK).await.ends_with("here"));
    for line in &mut silent[..10] {
        assert_eq!(rest(line).await, "");
    }
}

#[tokio::test]
async fn a_stop_lets_a_request_under_way_finish_and_ends_idle_lines() {
    let house = House::open(OTHERS).await;
    let mut idle = house.line("").await;
    let mut under_way = house
        .line("POST /body HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\nexpect: 100-continue\r\n\r\n")
        .await;
    // It is being answered: the server has asked for the body.
    reads(&mut under_way, "100 Continue").await;
    house.stop.send(true).unwrap();
    assert_eq!(rest(&mut idle).await, "");
    under_way.write_all(b"done").await.unwrap();
    assert!(rest(&mut under_way).await.ends_with("done"));
    house.served.await.unwrap();
}
