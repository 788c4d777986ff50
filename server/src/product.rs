//! The product on a database and a bus: everything that runs between the services and the socket.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;
use std::{env, io};

use axum::serve::{Listener, ListenerExt};
use axum::{Extension, Router};
use domain::link::Camera;
use domain::weave::Structure;
use store::basemap::Basemap;
use store::door::Door;
use store::{Clock, Store, StoreError, SystemClock};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::embedded::Watch;
use crate::http::{self, Letters, Limits, MailboxKey, Pictures, Web};
use crate::rooms::{self, Rooms};
use crate::sender::{ByTls, Proxies};
use crate::signals::Shutdown;
use crate::tls::{self, Certificates};

/// Why the product does not run.
#[derive(Debug, thiserror::Error)]
pub enum ProductError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("REDIS_URL names no Redis: {0}. Fix: write it as redis://:PASSWORD@HOST:PORT")]
    Bus(#[from] rooms::BusError),
    #[error("Serving failed: {0}")]
    Serve(#[from] io::Error),
}

/// What the product stands on.
#[derive(Clone)]
pub struct ProductOptions {
    pub database_url: String,
    pub redis_url: String,
    pub clock: Arc<dyn Clock>,
    /// Every limit on requests times this.
    pub limit_factor: NonZeroU32,
    /// Where the map begins; without it around the newest knot.
    pub centre: Option<Camera>,
    /// Who runs this, for the page that tells about it.
    pub host: Option<String>,
    /// Whose word is taken for who is behind them.
    pub proxies: Proxies,
    /// How long an answer may take before it says that nothing is known yet.
    pub answer_patience: Duration,
    /// How the embedded services are.
    pub services: Watch,
    /// What lies under the weave; plain linen where there is none.
    pub basemap: Option<Basemap>,
    /// How letters reach people.
    pub letters: Letters,
    /// Certificates of an own authority; plain HTTP where there are none.
    pub tls: Option<Arc<Certificates>>,
}

impl std::fmt::Debug for ProductOptions {
    /// Without the URLs, which may carry passwords.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProductOptions")
            .field("limit_factor", &self.limit_factor)
            .finish_non_exhaustive()
    }
}

impl ProductOptions {
    /// On these services, with the machine's clock. `WELTGEWEBE_LIMIT_FACTOR` widens every limit, for tests
    /// and imports that come from one address.
    #[must_use]
    pub fn new(database_url: &str, redis_url: &str) -> Self {
        let limit_factor = env::var("WELTGEWEBE_LIMIT_FACTOR").ok();
        let limit_factor = limit_factor.filter(|factor| !factor.is_empty()).map(|factor| {
            factor.parse().unwrap_or_else(|_| {
                tracing::warn!("WELTGEWEBE_LIMIT_FACTOR is {factor}, which is no whole number from 1 on, and does not count");
                NonZeroU32::MIN
            })
        });
        Self {
            database_url: database_url.to_owned(),
            redis_url: redis_url.to_owned(),
            clock: Arc::new(SystemClock),
            limit_factor: limit_factor.unwrap_or(NonZeroU32::MIN),
            centre: None,
            host: None,
            proxies: Proxies::default(),
            answer_patience: ANSWER_PATIENCE,
            services: Watch::default(),
            basemap: None,
            letters: Letters::default(),
            tls: None,
        }
    }
}

/// Longer than the door lets a command wait, and shorter than the page's own patience.
const ANSWER_PATIENCE: Duration = Duration::from_secs(18);

/// How long requests under way may take to end when the server stops.
const DRAINING: Duration = Duration::from_secs(10);

/// How often it is tried to make a permanent knot, and how long it is waited in between.
const FOUNDING_TRIES: u32 = 10;
const FOUNDING_AGAIN_AFTER: Duration = Duration::from_millis(500);

/// The running product.
#[derive(Debug)]
pub struct Product {
    router: Router,
    rooms: Rooms,
    store: Store,
    mailbox: Option<MailboxKey>,
    tls: Option<Arc<Certificates>>,
    clock: Arc<dyn Clock>,
    web: Web,
    /// What works by itself: projection, deadlines, partitions, letters.
    tasks: JoinSet<()>,
}

impl Product {
    /// Migrates, and starts everything but the listening.
    ///
    /// # Errors
    /// [`ProductError`] says in words why not.
    pub async fn start(options: ProductOptions, shutdown: &Shutdown) -> Result<Self, ProductError> {
        let ProductOptions {
            database_url,
            redis_url,
            clock,
            limit_factor,
            centre,
            host,
            proxies,
            answer_patience,
            services,
            basemap,
            letters,
            tls,
        } = options;
        let store = Store::connect(&database_url, Arc::clone(&clock)).await?;
        let door = Door::start(store.clone());
        let rooms = rooms::start(store.clone(), &redis_url, shutdown.clone()).await?;
        let mut tasks = JoinSet::new();
        tasks.spawn(store::weave::project::run(store.clone()));
        tasks.spawn(store::deadlines::run(store.clone(), door.clone()));
        tasks.spawn(store::partitions::run(store.clone()));
        tasks.spawn(store::sweep::run(store.clone()));
        let is_demo = store::demo::is_one(&store).await?;
        if is_demo {
            let rooms = rooms.clone();
            let is_watched = move || rooms.status().sockets > 0;
            tasks.spawn(demo::neighbours::run(
                store.clone(),
                door.clone(),
                is_watched,
            ));
        }
        let Letters { mailer, public_url } = letters;
        let mailbox = match mailer {
            Some(mailer) => {
                tasks.spawn(mailer.run(store.clone()));
                None
            }
            None => Some(MailboxKey(store::spool::random_token()?)),
        };
        let web = Web {
            store: store.clone(),
            door,
            rooms: rooms.clone(),
            limits: Arc::new(Limits::new(limit_factor)),
            basemap,
            mailbox: mailbox.clone(),
            is_demo,
            centre,
            host,
            proxies,
            answer_patience,
            pictures: Arc::new(Pictures::default()),
            services,
            trust: tls.as_ref().map(|tls| Arc::new(tls.trust())),
            public_url,
        };
        Ok(Self {
            router: http::router(web.clone()),
            web,
            rooms,
            store,
            mailbox,
            tls,
            clock,
            tasks,
        })
    }

    /// Makes the community's permanent knots where they are missing, and waits until pages show them. What keeps from it keeps nobody
    /// from being served: the next start makes them.
    pub async fn found(&self) {
        for structure in Structure::ALL {
            let mut tried = 0;
            while let Err(error) = http::found(&self.web, structure).await {
                tried += 1;
                if tried == FOUNDING_TRIES {
                    tracing::error!(%error, structure = structure.code(), "a structure could not be founded: {error}");
                    break;
                }
                tokio::time::sleep(FOUNDING_AGAIN_AFTER).await;
            }
        }
    }

    /// Where the embedded mailbox is read, below the base URL; none when letters go out by SMTP.
    #[must_use]
    pub fn mailbox_path(&self) -> Option<String> {
        self.mailbox
            .as_ref()
            .map(|key| format!("/postfach?token={}", key.0))
    }

    /// Serves until the stop is asked for, then lets what is under way finish.
    ///
    /// # Errors
    /// When the socket fails.
    pub async fn serve(
        mut self,
        listener: std::net::TcpListener,
        shutdown: &Shutdown,
    ) -> Result<(), ProductError> {
        let listener = TcpListener::from_std(listener)?;
        let serving = async {
            match &self.tls {
                None => {
                    let listener = listener.tap_io(|socket| {
                        // Small frames must not wait for each other.
                        let _ = socket.set_nodelay(true);
                    });
                    serve_on(listener, self.router, shutdown).await
                }
                Some(tls) => {
                    let certificates = Arc::clone(tls);
                    let gate = tls::open(listener, certificates, self.clock, shutdown.clone())?;
                    let trust = http::trust_router(Arc::new(tls.trust()));
                    let encrypted = self.router.clone().layer(Extension(ByTls));
                    tokio::try_join!(
                        serve_on(gate.tls, encrypted, shutdown),
                        serve_on(gate.own, self.router, shutdown),
                        serve_on(gate.plain, trust, shutdown),
                    )
                    .map(drop)
                }
            }
        };
        let patience = async {
            shutdown.stopping().await;
            tokio::time::sleep(DRAINING).await;
        };
        tokio::select! {
            served = serving => served?,
            // Whoever still holds half a request then has to send it again.
            () = patience => tracing::warn!("some requests did not end in time and were left"),
        }
        self.rooms.stopped().await;
        self.tasks.shutdown().await;
        self.store.close().await;
        Ok(())
    }
}

/// Serves what arrives at one listener until the stop is asked for.
async fn serve_on<L>(listener: L, router: Router, shutdown: &Shutdown) -> io::Result<()>
where
    L: Listener<Addr = SocketAddr>,
{
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let asked = shutdown.clone();
    // Tapped, because axum tells the address behind its own listeners and behind tapped ones alone.
    axum::serve(listener.tap_io(|_| {}), service)
        .with_graceful_shutdown(async move { asked.stopping().await })
        .await
}
