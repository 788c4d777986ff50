//! The handle on everything.

use std::fmt;
use std::future::Future;
use std::sync::{Arc, OnceLock};

use domain::cursor::Cursor;
use domain::id::Epoch;
use domain::time::Millis;
use sqlx::{Connection, PgConnection, PgPool};
use tokio::sync::watch;

use crate::clock::Clock;
use crate::guard;
use crate::keys::{HouseKeys, RoleKeys};
use crate::moment::millis;
use crate::session::{Address, Purpose};
use crate::spool::RecentSessions;
use crate::tail::Tail;
use crate::{StoreError, partitions, random};

pub(crate) static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../migrations");

/// The database, opened. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    address: Address,
    reads: PgPool,
    writes: PgPool,
    epoch: Epoch,
    clock: Arc<dyn Clock>,
    role_keys: RoleKeys,
    house_keys: HouseKeys,
    recent_sessions: RecentSessions,
    /// The last event that this process knows to be in the read models.
    woven: watch::Sender<i64>,
    /// The head of the log, where someone follows it.
    tail: OnceLock<Tail>,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store")
            .field("epoch", &self.inner.epoch)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Checks the server, brings the schema up to date, makes what a new log needs and opens the pools.
    ///
    /// # Errors
    /// When the database can't be reached, can't be used, or can't be migrated.
    pub async fn connect(url: &str, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let address = Address::parse(url)?;
        let mut connection = address
            .connect_unhurried()
            .await
            .map_err(StoreError::at_first)?;
        guard::check_server(&mut connection).await?;
        MIGRATIONS.run(&mut connection).await?;
        let epoch = begin(&mut connection).await?;
        let house_keys = HouseKeys::load(&mut connection).await?;
        partitions::make_ahead(&mut connection, clock.now()).await?;
        connection.close().await?;
        Ok(Self {
            inner: Arc::new(Inner {
                reads: address.pool(Purpose::Read),
                writes: address.pool(Purpose::Write),
                address,
                epoch,
                clock,
                role_keys: RoleKeys::default(),
                house_keys,
                recent_sessions: RecentSessions::default(),
                woven: watch::Sender::new(0),
                tail: OnceLock::new(),
            }),
        })
    }

    /// This life of the log.
    #[must_use]
    pub fn epoch(&self) -> Epoch {
        self.inner.epoch
    }

    /// The wall clock.
    #[must_use]
    pub fn now(&self) -> Millis {
        self.inner.clock.now()
    }

    /// Before the first event.
    #[must_use]
    pub fn beginning(&self) -> Cursor {
        self.cursor(Millis(0), 0)
    }

    /// The position of the newest event; [`Store::beginning`] when there is none.
    ///
    /// # Errors
    /// When the database can't be reached.
    pub async fn head(&self) -> Result<Cursor, StoreError> {
        let head = sqlx::query!("SELECT id, at FROM log_head")
            .fetch_one(self.reads())
            .await?;
        Ok(self.cursor(millis(head.at), head.id))
    }

    /// Closes the pools and ends every task that works on this store.
    pub async fn close(&self) {
        self.inner.reads.close().await;
        self.inner.writes.close().await;
    }

    /// Whether [`Store::close`] was called: every task of this crate then ends.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.inner.reads.is_closed()
    }

    pub(crate) fn tail(&self, start: impl FnOnce() -> Tail) -> Tail {
        self.inner.tail.get_or_init(start).clone()
    }

    pub(crate) fn cursor(&self, at: Millis, id: i64) -> Cursor {
        Cursor {
            epoch: self.inner.epoch,
            at,
            id,
        }
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.inner.clock
    }

    pub(crate) fn address(&self) -> &Address {
        &self.inner.address
    }

    pub(crate) fn reads(&self) -> &PgPool {
        &self.inner.reads
    }

    pub(crate) fn writes(&self) -> &PgPool {
        &self.inner.writes
    }

    pub(crate) fn role_keys(&self) -> &RoleKeys {
        &self.inner.role_keys
    }

    pub(crate) fn recent_sessions(&self) -> &RecentSessions {
        &self.inner.recent_sessions
    }

    pub(crate) fn house_keys(&self) -> &HouseKeys {
        &self.inner.house_keys
    }

    pub(crate) fn woven(&self) -> &watch::Sender<i64> {
        &self.inner.woven
    }

    /// Runs work that writes in a task of its own: whoever waits for it may go away without cancelling it.
    pub(crate) async fn owned<T, E, W>(&self, work: impl FnOnce(Self) -> W) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        W: Future<Output = Result<T, E>> + Send + 'static,
    {
        tokio::spawn(work(self.clone()))
            .await
            .map_err(|error| E::from(StoreError::from(error)))?
    }
}

/// Makes the epoch of a new log; reads that of an old one.
async fn begin(connection: &mut PgConnection) -> Result<Epoch, StoreError> {
    sqlx::query!(
        "INSERT INTO log_head (epoch, id, at) VALUES ($1, 0, 'epoch') ON CONFLICT DO NOTHING",
        random::id()?
    )
    .execute(&mut *connection)
    .await?;
    let epoch = sqlx::query_scalar!("SELECT epoch FROM log_head")
        .fetch_one(connection)
        .await?;
    Ok(Epoch(epoch))
}
