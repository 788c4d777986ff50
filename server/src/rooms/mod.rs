//! The live channel: `/ws`, the bus between instances, and the rooms that this instance serves.
//!
//! ```text
//! log ──relay──► Redis Stream wg:{epoch}:events ──bus──────────┐
//!  └────────── read instead, while the bus is silent ──────────┤ follow: waits for the projection
//!                                                              ▼
//!            sockets ◄── frames ── hub task (owns live::Hub) ◄─┤── reads touched rooms each tick
//!            GET /api/cells ◄── kept answers (live::Kept) ◄────┘
//! ```
//! PostgreSQL is the truth and Redis is replaceable: nothing here waits for Redis before it goes on.

mod bus;
mod connections;
mod follow;
mod frames;
mod handshake;
mod hub;
mod kept;
mod messages;
mod relay;
mod socket;
mod status;
mod told;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use domain::cursor::Cursor;
use domain::place::Cell;
use domain::view::CellView;
use store::Store;
use store::spool::SessionKey;
use store::tail::Tail;
use tokio::sync::{broadcast, mpsc};

use self::bus::Bus;
use self::connections::Connections;
use self::kept::Answers;
use self::messages::Ask;
use self::status::Figures;
use crate::signals::Shutdown;

pub use self::bus::BusError;
pub use self::connections::{PER_ADDRESS_MAX, TOTAL_MAX};
pub use self::handshake::route;
pub(crate) use self::kept::Answer;
pub use self::socket::Patience;
pub use self::status::Status;

/// What waits for the hub task; whoever asks more waits until it has caught up.
const INBOX: usize = 4096;
/// How long sockets may take to close when the server stops.
const CLOSING: Duration = Duration::from_secs(3);

/// The running live channel of this instance. Cheap to clone; its tasks end with the server.
#[derive(Clone)]
pub struct Rooms {
    store: Store,
    inbox: mpsc::Sender<Ask>,
    connections: Connections,
    figures: Arc<Figures>,
    answers: Answers,
    patience: Patience,
}

impl std::fmt::Debug for Rooms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rooms").finish_non_exhaustive()
    }
}

/// Starts following, relaying and serving rooms; goes on until `shutdown`.
///
/// # Errors
/// [`BusError`] when the URL is no Redis URL. A Redis that does not answer is no error: rooms follow the log.
pub async fn start(store: Store, redis_url: &str, shutdown: Shutdown) -> Result<Rooms, BusError> {
    let bus = Bus::new(redis_url, store.epoch())?;
    let tail = Tail::start(&store);
    let figures = Arc::new(Figures::default());
    let answers = Answers::new();
    let (inbox, asks) = mpsc::channel(INBOX);
    let rooms = Rooms {
        store: store.clone(),
        inbox: inbox.clone(),
        connections: Connections::new(),
        figures: Arc::clone(&figures),
        answers: answers.clone(),
        patience: Patience::default(),
    };
    let relay = relay::run(
        store.clone(),
        bus.publisher(),
        tail.watch(),
        Arc::clone(&figures),
    );
    tokio::spawn(until_stopped(shutdown.clone(), relay));
    let signing_out = sign_out(tail.ended_sessions(), inbox.clone());
    tokio::spawn(until_stopped(shutdown.clone(), signing_out));
    let forgetting = answers.clone().forget_when(tail.rebuilt());
    tokio::spawn(until_stopped(shutdown.clone(), forgetting));
    let followed = (bus, tail, answers);
    tokio::spawn(hub::run(store, followed, (inbox, asks), shutdown, figures));
    Ok(rooms)
}

/// Follows `work` until the stop is asked for.
async fn until_stopped(shutdown: Shutdown, work: impl Future<Output = ()>) {
    tokio::select! {
        () = work => {}
        () = shutdown.stopping() => {}
    }
}

/// The sockets of sessions that end, on whichever instance, are closed with `4006`.
async fn sign_out(mut ended: broadcast::Receiver<SessionKey>, inbox: mpsc::Sender<Ask>) {
    loop {
        match ended.recv().await {
            Ok(session) => {
                if inbox.send(Ask::SignOut { session }).await.is_err() {
                    return;
                }
            }
            Err(broadcast::error::RecvError::Lagged(missed)) => {
                tracing::warn!(missed, "sockets of ended sessions stay until they close");
            }
            Err(broadcast::error::RecvError::Closed) => return,
        }
    }
}

impl Rooms {
    /// With another patience for those who connect from now on.
    #[must_use]
    pub fn with_patience(self, patience: Patience) -> Self {
        Self { patience, ..self }
    }

    /// How far the parts are.
    #[must_use]
    pub fn status(&self) -> Status {
        self.figures.status(self.connections.total())
    }

    /// Waits until the sockets have been closed after the stop was asked for, or a few seconds are over.
    pub async fn stopped(&self) {
        let _ = tokio::time::timeout(CLOSING, self.connections.none_left()).await;
    }

    /// What a room shows, and up to which position that holds, without reading it; none where that is not known, or not
    /// known to hold at `min`. Where `min` is none it may lack what came in the last quarter of a second.
    pub(crate) fn kept(&self, cell: Cell, min: Option<Cursor>) -> Option<(Cursor, Answer)> {
        self.answers.get(cell, min)
    }

    /// Keeps what a room showed when it was read at `at`, for as long as nothing touches it.
    pub(crate) fn keep(&self, cell: Cell, at: Cursor, view: &CellView, answer: Answer) {
        self.answers.keep(cell, at, view, answer);
    }

    /// Counts a connection from `address`, as long as there may be another one.
    fn admit(&self, address: IpAddr) -> Option<connections::Place> {
        self.connections.admit(address)
    }
}
