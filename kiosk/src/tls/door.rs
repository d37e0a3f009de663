//! The door for other machines: TLS handshakes, many at a time, none for long.
//!
//! On an address that this machine shares with others (`0.0.0.0`) its own screens come through
//! the same door without TLS: the kernel lets no packet from outside reach a loopback address.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::serve::Listener;
use rustls::ServerConfig;
use rustls::server::ResolvesServerCert;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tracing::{debug, warn};

use crate::crowd::{Crowd, Room};

/// A handshake takes two journeys through the network and a few ms of ours.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);
/// Handshakes under way. An office has some fifty machines; all may come at once after a power cut.
const HANDSHAKES: Room = Room {
    all: 256,
    address: 256,
};
/// Arrived and not yet taken by the server, which takes them at once.
const ARRIVED_MAX: usize = 16;
/// After a failed `accept` (too many open files): some will close.
const ACCEPT_AGAIN: Duration = Duration::from_secs(1);
/// The first byte of a TLS connection: a handshake record (RFC 8446, 5.1).
const HANDSHAKE: u8 = 0x16;
/// What is read of a request without TLS before it is answered.
const PLAIN_BYTES_MAX: u64 = 16 * 1024;

/// No redirect: a program that sends a token without TLS shall fail on its first day, rather than
/// go on telling the token to everybody in the network.
const PLAIN_ANSWER: &str = concat!(
    "HTTP/1.1 400 Bad Request\r\ncontent-type: text/html; charset=utf-8\r\nx-frame-options: DENY\r\nx-content-type-options: nosniff\r\nconnection: close\r\n\r\n",
    "<!doctype html><html lang=\"vi\"><title>https://</title>",
    "<h1>Địa chỉ này cần https://</h1>",
    "<p>Hãy gõ <b>https://</b> trước địa chỉ rồi mở lại.</p>",
    "<p lang=\"en\">This address needs https://. Type <b>https://</b> before the address and open it again.</p></html>\n",
);

/// A connection from another machine.
pub type Secured = TlsStream<TcpStream>;

/// Connections that came through a door, for the server.
pub struct Arrivals<Io> {
    arrived: mpsc::Receiver<(Io, SocketAddr)>,
    address: SocketAddr,
}

impl<Io> Listener for Arrivals<Io>
where
    Io: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    type Io = Io;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Io, SocketAddr) {
        match self.arrived.recv().await {
            Some(arrived) => arrived,
            // The door is closed; the server ends by its own stop.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

/// An open door.
pub struct Door {
    listener: TcpListener,
    inside: Arc<Inside>,
}

/// Where connections go.
struct Inside {
    acceptor: TlsAcceptor,
    secured: mpsc::Sender<(Secured, SocketAddr)>,
    own: mpsc::Sender<(TcpStream, SocketAddr)>,
}

impl Door {
    /// A door at `listener` that shows `certificate`; who comes with TLS, and who comes from this
    /// machine without.
    pub fn new(
        listener: TcpListener,
        certificate: Arc<dyn ResolvesServerCert>,
    ) -> anyhow::Result<(Self, Arrivals<Secured>, Arrivals<TcpStream>)> {
        let address = listener.local_addr()?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(certificate);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let (secured, arrived) = mpsc::channel(ARRIVED_MAX);
        let (own, arrived_own) = mpsc::channel(ARRIVED_MAX);
        let inside = Inside {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            secured,
            own,
        };
        let door = Self {
            listener,
            inside: Arc::new(inside),
        };
        let secured = Arrivals { arrived, address };
        let own = Arrivals {
            arrived: arrived_own,
            address,
        };
        Ok((door, secured, own))
    }

    /// Lets in whoever comes, until the stop.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut greeting = Crowd::new(HANDSHAKES);
        loop {
            let accepted = tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = greeting.left() => continue,
                accepted = self.listener.accept() => accepted,
            };
            let (stream, peer) = match accepted {
                Ok(accepted) => accepted,
                Err(cause) => {
                    warn!(%cause, "a connection could not be taken");
                    tokio::time::sleep(ACCEPT_AGAIN).await;
                    continue;
                }
            };
            let ip = peer.ip().to_canonical();
            greeting.admit(ip, greet(self.inside.clone(), stream, peer));
        }
    }
}

async fn greet(inside: Arc<Inside>, stream: TcpStream, peer: SocketAddr) {
    let greeted = tokio::time::timeout(HANDSHAKE_WITHIN, inside.greet(stream, peer)).await;
    // A browser that does not know the authority ends here too: no reason to fill the log.
    match greeted {
        Ok(Ok(())) => {}
        Ok(Err(cause)) => debug!(%cause, "a handshake failed"),
        Err(_) => debug!("a handshake took too long"),
    }
}

impl Inside {
    async fn greet(&self, stream: TcpStream, peer: SocketAddr) -> io::Result<()> {
        let mut first = [0];
        if stream.peek(&mut first).await? == 0 {
            return Ok(());
        }
        if first[0] == HANDSHAKE {
            // Events are small and must not wait for more.
            stream.set_nodelay(true)?;
            let secured = self.acceptor.accept(stream).await?;
            // Nobody takes it any more: the daemon stops.
            let _ = self.secured.send((secured, peer)).await;
        } else if is_own(stream.local_addr()?.ip()) && is_own(peer.ip()) {
            let _ = self.own.send((stream, peer)).await;
        } else if first[0].is_ascii_uppercase() {
            answer_plainly(stream).await?;
        }
        Ok(())
    }
}

/// Whether an address is this machine's loopback, also as IPv6 sees it.
fn is_own(ip: IpAddr) -> bool {
    ip.to_canonical().is_loopback()
}

/// Tells a browser that spoke without TLS what to do.
async fn answer_plainly(mut stream: TcpStream) -> io::Result<()> {
    stream.write_all(PLAIN_ANSWER.as_bytes()).await?;
    stream.shutdown().await?;
    // Closed with something unread, the line would drop the answer.
    let mut rest = stream.take(PLAIN_BYTES_MAX);
    tokio::io::copy(&mut rest, &mut tokio::io::sink()).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_this_machine_comes_in_without_tls() {
        for (ip, own) in [
            ("127.0.0.1", true),
            ("::1", true),
            ("::ffff:127.0.0.1", true),
            ("192.168.1.5", false),
            ("::ffff:192.168.1.5", false),
        ] {
            assert_eq!(is_own(ip.parse().unwrap()), own, "{ip}");
        }
    }
}
