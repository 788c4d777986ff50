//! The tail of the log: how far it reaches, told by NOTIFY and asked for every quarter of a second, since a
//! notification is a hint that can get lost.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::cursor::Cursor;
use domain::time::Millis;
use sqlx::postgres::PgListener;
use tokio::sync::{broadcast, watch};

use crate::spool::{SESSIONS_ENDED, SessionKey};
use crate::weave::rebuild::REBUILT;
use crate::{Store, StoreError};

pub(crate) const CHANNEL: &str = "weltgewebe_log";
/// How often the head is read where nothing was told.
pub const POLL_EVERY: Duration = Duration::from_millis(250);
const AGAIN_AFTER: Duration = Duration::from_millis(500);

pub(crate) fn message(at: Millis, id: i64) -> String {
    format!("{}.{id}", at.0)
}

/// Follows the head of the log. One task does it for everyone who uses the same [`Store`].
#[derive(Clone, Debug)]
pub struct Tail {
    head: watch::Receiver<Cursor>,
    ended: broadcast::Sender<SessionKey>,
    rebuilt: watch::Receiver<()>,
    heard: Heard,
}

/// How long nothing may have been heard of the database until it counts as away.
pub const HEARD_WITHIN: Duration = Duration::from_secs(5);

/// When the database was last heard.
#[derive(Clone, Debug)]
struct Heard(Arc<Mutex<Instant>>);

impl Heard {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(Instant::now())))
    }

    fn now(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn is_lately(&self) -> bool {
        let at = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        at.elapsed() < HEARD_WITHIN
    }
}

/// Ended sessions that wait for a listener; a slower one misses some.
const ENDED_WAITING_MAX: usize = 256;

impl Tail {
    /// The tail of `store`; the first call starts the task that follows, until the store is closed.
    #[must_use]
    pub fn start(store: &Store) -> Self {
        store.tail(|| {
            let (sender, head) = watch::channel(store.beginning());
            let (ended, _) = broadcast::channel(ENDED_WAITING_MAX);
            let (rebuilding, rebuilt) = watch::channel(());
            let heard = Heard::new();
            let told = Told {
                head: sender,
                ended: ended.clone(),
                rebuilt: rebuilding,
                heard: heard.clone(),
            };
            tokio::spawn(follow(store.clone(), told));
            Self {
                head,
                ended,
                rebuilt,
                heard,
            }
        })
    }

    /// The newest position, whenever it moves.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Cursor> {
        self.head.clone()
    }

    /// Changes when the read models were made anew, or may have been while nothing was heard: what was read before may differ.
    #[must_use]
    pub fn rebuilt(&self) -> watch::Receiver<()> {
        self.rebuilt.clone()
    }

    /// Whether the database has told anything within [`HEARD_WITHIN`]: else what is newest is not known.
    #[must_use]
    pub fn is_heard(&self) -> bool {
        self.heard.is_lately()
    }

    /// Sessions that end from now on, on any instance. A hint: what is told while the connection is away is lost.
    #[must_use]
    pub fn ended_sessions(&self) -> broadcast::Receiver<SessionKey> {
        self.ended.subscribe()
    }
}

/// Who is told of what.
struct Told {
    head: watch::Sender<Cursor>,
    ended: broadcast::Sender<SessionKey>,
    rebuilt: watch::Sender<()>,
    heard: Heard,
}

impl Told {
    /// What was told meanwhile is lost.
    fn missed_something(&self, store: &Store) {
        store.recent_sessions().forget_all();
        self.rebuilt.send_replace(());
    }
}

async fn follow(store: Store, told: Told) {
    while !store.is_closed() {
        if let Err(error) = listen(&store, &told).await
            && !store.is_closed()
        {
            tracing::warn!(%error, "the tail of the log is lost, and sought again");
            tokio::time::sleep(AGAIN_AFTER).await;
        }
    }
}

async fn listen(store: &Store, told: &Told) -> Result<(), StoreError> {
    let head = &told.head;
    // A pool of its own: a listener keeps its connection.
    let pool = store.address().listening_pool();
    let mut listener = PgListener::connect_with(&pool).await?;
    listener
        .listen_all([CHANNEL, SESSIONS_ENDED, REBUILT])
        .await?;
    told.missed_something(store);
    raise(head, store.head().await?);
    told.heard.now();
    while !store.is_closed() {
        match tokio::time::timeout(POLL_EVERY, listener.try_recv()).await {
            Ok(Ok(Some(news))) if news.channel() == SESSIONS_ENDED => {
                let session = SessionKey::told(news.payload());
                if let Some(token_hash) = session.token_hash() {
                    store.recent_sessions().forget(&token_hash);
                }
                // Nobody may be listening.
                told.ended.send(session).ok();
            }
            Ok(Ok(Some(news))) if news.channel() == REBUILT => {
                told.rebuilt.send_replace(());
            }
            Ok(Ok(Some(news))) => match parse(store, news.payload()) {
                Some(cursor) => raise(head, cursor),
                None => raise(head, store.head().await?),
            },
            // The connection was lost and is back, and with it what was told meanwhile; or nothing was told for a while.
            Ok(Ok(None)) => {
                told.missed_something(store);
                raise(head, store.head().await?);
            }
            Err(_) => raise(head, store.head().await?),
            Ok(Err(error)) => return Err(error.into()),
        }
        told.heard.now();
    }
    Ok(())
}

fn raise(head: &watch::Sender<Cursor>, to: Cursor) {
    head.send_if_modified(|known| {
        let newer = to.id > known.id;
        if newer {
            *known = to;
        }
        newer
    });
}

fn parse(store: &Store, told: &str) -> Option<Cursor> {
    let (at, id) = told.split_once('.')?;
    Some(store.cursor(Millis(at.parse().ok()?), id.parse().ok()?))
}
