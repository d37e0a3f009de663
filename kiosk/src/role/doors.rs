//! Where the daemon listens: this machine's own screens on loopback, without TLS; other machines
//! with it.

use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use anyhow::Context as _;
use axum::extract::{ConnectInfo, Request};
use axum::middleware::Next;
use axum::response::Response;
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tracing::{debug, error, info, warn};

use crate::clock::{Clock as _, SystemClock};
use crate::config::Server;
use crate::crowd::{Crowd, Room};
use crate::tls::{At, Door, Keeper, Wanted, fingerprint};
use crate::web::{self, App};

/// How often addresses, files and the time are looked at: a machine that has just got its
/// address is reachable this much later.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// Certificates for other machines, and the clock that says how long they last.
pub(super) struct Beyond {
    keeper: Keeper,
    clock: SystemClock,
}

impl Beyond {
    /// `None` where nobody comes from elsewhere, and where there is no certificate to show them:
    /// the office's own screens go on.
    pub(super) fn prepare(server: &Server, clock: SystemClock) -> Option<Self> {
        if server.listen.ip().is_loopback() {
            return None;
        }
        let wanted = Wanted {
            listen: server.listen.ip(),
            names: server.names(),
        };
        let folder = server.data.join("tls");
        let opened = Keeper::open(&folder, server.own_certificate(), wanted, now(&clock));
        match opened {
            Ok(keeper) => Some(Self { keeper, clock }),
            Err(cause) => {
                let folder = folder.display();
                error!(
                    "{folder}: {cause}. Other machines cannot come in; the screens of this one go on."
                );
                None
            }
        }
    }

    /// What other machines install, in DER.
    pub(super) fn authority(&self) -> Option<Vec<u8>> {
        self.keeper.authority()
    }

    fn tell(&self, port: u16) {
        let own = |name: &String| !matches!(name.as_str(), "localhost" | "127.0.0.1");
        for name in self.keeper.names().iter().filter(|name| own(name)) {
            let at = match name.contains(':') {
                true => format!("https://[{name}]:{port}"),
                false => format!("https://{name}:{port}"),
            };
            info!("Staff pages from other machines: {at}");
        }
        if let Some(authority) = self.authority() {
            info!(
                "A PC trusts them once the page /install-certificate was followed there. Fingerprint (SHA-256): {}",
                fingerprint(&authority)
            );
        }
    }

    /// Keeps the certificate fresh until the stop.
    async fn keep(mut self, mut stop: watch::Receiver<bool>) {
        loop {
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
            // A card may take its time to sync.
            let looked = tokio::task::spawn_blocking(move || {
                let at = now(&self.clock);
                if let Err(cause) = self.keeper.refresh(at) {
                    warn!(%cause, "the certificate for other machines could not be made anew");
                }
                self
            });
            match looked.await {
                Ok(again) => self = again,
                Err(_) => return,
            }
        }
    }
}

fn now(clock: &SystemClock) -> At {
    let reading = clock.read();
    At {
        utc_s: u64::try_from(reading.utc_ms.unwrap_or(reading.at_ms) / 1_000).unwrap_or_default(),
        known: reading.utc_ms.is_some(),
    }
}

/// Opens the doors of staff pages and API; the first word is where this machine's own screens
/// reach them.
pub(super) async fn open(
    server: &Server,
    beyond: Option<Beyond>,
    app: App,
    stop: watch::Receiver<bool>,
) -> anyhow::Result<(String, Vec<JoinHandle<()>>)> {
    let mut own = server.own_address();
    let Some(beyond) = beyond else {
        let listener = listen(own).await?;
        let address = format!("http://{}", listener.local_addr()?);
        return Ok((
            address,
            vec![serve_on(listener, web::router(app), OWN, stop)],
        ));
    };
    let listener = listen(server.listen).await?;
    own.set_port(listener.local_addr()?.port());
    beyond.tell(own.port());
    let (door, secured, own_arrivals) = Door::new(listener, beyond.keeper.shown())?;
    tokio::spawn(beyond.keep(stop.clone()));
    let mut servers = vec![
        tokio::spawn(door.run(stop.clone())),
        serve_on(
            secured,
            web::secured_router(app.clone()),
            OTHERS,
            stop.clone(),
        ),
    ];
    servers.push(if server.listen.ip().is_unspecified() {
        serve_on(own_arrivals, web::router(app), OWN, stop)
    } else {
        serve_on(listen(own).await?, web::router(app), OWN, stop)
    });
    Ok((format!("http://{own}"), servers))
}

/// Takes an address, or says which one could not be had.
pub(super) async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    let bound = TcpListener::bind(address).await;
    bound.with_context(|| format!("cannot listen on {address}"))
}

/// How long, and how many at once, a door bears with whoever comes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// Until the head of a request is there; also how long a line stays open for the next one.
    head_within: Duration,
    /// Until a request has its answer, the time of sending it included. Streams answer at once.
    answer_within: Duration,
    room: Room,
}

/// With other machines. A counter PC has some ten lines, a television two; behind one address there
/// may be a whole lobby of phones, which ask and go.
pub(super) const OTHERS: Patience = Patience {
    head_within: Duration::from_secs(30),
    answer_within: Duration::from_secs(60),
    room: Room {
        all: 512,
        address: 256,
    },
};

/// With this machine's own screens, which nobody else must be able to cut off.
const OWN: Patience = Patience {
    room: Room {
        all: 1_024,
        address: 1_024,
    },
    ..OTHERS
};

/// Serves what comes through a door until the stop.
pub(super) fn serve_on<L>(
    mut listener: L,
    router: axum::Router,
    patience: Patience,
    mut stop: watch::Receiver<bool>,
) -> JoinHandle<()>
where
    L: Listener<Addr = SocketAddr>,
{
    let within = patience.answer_within;
    let timed = move |request, next| in_time(within, request, next);
    let router = router.layer(axum::middleware::from_fn(timed));
    tokio::spawn(async move {
        let mut inside = Crowd::new(patience.room);
        loop {
            let (line, peer) = tokio::select! {
                _ = stop.wait_for(|stop| *stop) => break,
                () = inside.left() => continue,
                accepted = listener.accept() => accepted,
            };
            // One machine has one address, also where IPv6 wraps it.
            let peer = SocketAddr::new(peer.ip().to_canonical(), peer.port());
            let visit = visit(line, peer, router.clone(), patience, stop.clone());
            inside.admit(peer.ip(), visit);
        }
        // Requests under way get their answer.
        inside.empty().await;
    })
}

/// One connection, until either side ends it.
async fn visit<Io>(
    line: Io,
    peer: SocketAddr,
    router: axum::Router,
    patience: Patience,
    mut stop: watch::Receiver<bool>,
) where
    Io: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        // Wrong PINs count by where they come from.
        request.extensions_mut().insert(ConnectInfo(peer));
        router.call(request)
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(patience.head_within);
    let mut connection = pin!(http.serve_connection(TokioIo::new(line), service));
    let stopped = async move {
        let _ = stop.wait_for(|stop| *stop).await;
    };
    let served = tokio::select! {
        served = connection.as_mut() => served,
        () = stopped => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(cause) = served {
        // Phones leave, and strangers send noise: no reason to fill the log.
        debug!(%cause, "a connection ended early");
    }
}

/// A request that comes byte by byte gets no answer but this.
async fn in_time(within: Duration, request: Request, next: Next) -> Response {
    match tokio::time::timeout(within, next.run(request)).await {
        Ok(answer) => answer,
        Err(_) => web::too_slow(),
    }
}

#[cfg(test)]
mod tests;
