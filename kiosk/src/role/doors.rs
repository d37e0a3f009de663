//! Where the daemon listens: this machine's own screens on loopback, without TLS; other machines
//! with it.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use axum::extract::connect_info::Connected;
use axum::extract::{ConnectInfo, Request};
use axum::serve::{IncomingStream, Listener};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tracing::{error, info, warn};

use crate::clock::{Clock as _, SystemClock};
use crate::config::Server;
use crate::tls::{At, Door, Keeper, Peer, Wanted, fingerprint};
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
        return Ok((address, vec![serve_on(listener, web::router(app), stop)]));
    };
    let listener = listen(server.listen).await?;
    own.set_port(listener.local_addr()?.port());
    beyond.tell(own.port());
    let (door, secured, own_arrivals) = Door::new(listener, beyond.keeper.shown())?;
    tokio::spawn(beyond.keep(stop.clone()));
    let mut servers = vec![
        tokio::spawn(door.run(stop.clone())),
        serve_on(secured, web::secured_router(app.clone()), stop.clone()),
    ];
    servers.push(if server.listen.ip().is_unspecified() {
        serve_on(own_arrivals, web::router(app), stop)
    } else {
        serve_on(listen(own).await?, web::router(app), stop)
    });
    Ok((format!("http://{own}"), servers))
}

/// Takes an address, or says which one could not be had.
pub(super) async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    let bound = TcpListener::bind(address).await;
    bound.with_context(|| format!("cannot listen on {address}"))
}

/// Serves what comes through a door until the stop.
pub(super) fn serve_on<L>(
    listener: L,
    router: axum::Router,
    mut stop: watch::Receiver<bool>,
) -> JoinHandle<()>
where
    L: Listener<Addr = SocketAddr>,
    for<'a> Peer: Connected<IncomingStream<'a, L>>,
{
    tokio::spawn(async move {
        let stopping = async move {
            let _ = stop.wait_for(|stop| *stop).await;
        };
        // Wrong PINs count by where they come from.
        let router = router.layer(axum::middleware::map_request(with_address));
        let service = router.into_make_service_with_connect_info::<Peer>();
        let served = axum::serve(listener, service)
            .with_graceful_shutdown(stopping)
            .await;
        if let Err(cause) = served {
            warn!(%cause, "a door closed");
        }
    })
}

/// Handlers ask for an address, not for how it was found.
async fn with_address(mut request: Request) -> Request {
    if let Some(ConnectInfo(Peer(address))) = request.extensions().get().copied() {
        request.extensions_mut().insert(ConnectInfo(address));
    }
    request
}
