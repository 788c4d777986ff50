//! Connections and what their sessions are set to.

use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, PgConnection, PgPool};

use crate::StoreError;

/// Connections for reads; one more waits for its turn.
const READERS_MAX: u32 = 8;
/// Connections for accounts, sessions and mails.
const WRITERS_MAX: u32 = 4;
/// How long to wait for one of them.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);
/// How long one statement may take, in milliseconds.
const STATEMENT_TIMEOUT_MS: u32 = 10_000;
/// A stopped process keeps neither `log_head` nor a checkpoint row for longer, in milliseconds.
const IDLE_IN_TRANSACTION_MS: u32 = 2_000;

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The door, and whatever else a person is told has been done.
    Write,
    /// A projection. It waits for the disk too: what others were told to be in the rows must not be gone from them
    /// after a crash.
    Project,
    Read,
}

/// How to reach the database.
#[derive(Clone, Debug)]
pub(crate) struct Address(PgConnectOptions);

impl Address {
    pub(crate) fn parse(url: &str) -> Result<Self, StoreError> {
        let options = PgConnectOptions::from_str(url).map_err(StoreError::Address)?;
        Ok(Self(options.log_slow_statements(
            tracing::log::LevelFilter::Warn,
            Duration::from_secs(1),
        )))
    }

    fn options(&self, purpose: Purpose) -> PgConnectOptions {
        let options = self
            .0
            .clone()
            .options([("statement_timeout", STATEMENT_TIMEOUT_MS)])
            .options([(
                "idle_in_transaction_session_timeout",
                IDLE_IN_TRANSACTION_MS,
            )])
            .options([("TimeZone", "UTC")]);
        // Whoever writes goes by keys, batch after batch: its plans are made once, and no table is read as a whole, also
        // where the plan was made while it was empty.
        let by_keys = [("synchronous_commit", "on"), ("enable_seqscan", "off")];
        match purpose {
            Purpose::Write => options
                .application_name("weltgewebe write")
                .options(by_keys),
            Purpose::Project => options
                .application_name("weltgewebe project")
                .options(by_keys),
            Purpose::Read => options.application_name("weltgewebe read").options([
                ("default_transaction_read_only", "on"),
                // A generic plan for the log would lock every partition.
                ("plan_cache_mode", "force_custom_plan"),
            ]),
        }
    }

    /// A connection of one's own.
    pub(crate) async fn connect(&self, purpose: Purpose) -> Result<PgConnection, sqlx::Error> {
        self.options(purpose).connect().await
    }

    /// A connection for work that may take long, of which nobody needs to be told: migrations, a rebuild.
    pub(crate) async fn connect_unhurried(&self) -> Result<PgConnection, sqlx::Error> {
        self.0
            .clone()
            .log_slow_statements(tracing::log::LevelFilter::Off, Duration::ZERO)
            .application_name("weltgewebe upkeep")
            .options([("TimeZone", "UTC")])
            .connect()
            .await
    }

    /// One connection for LISTEN.
    pub(crate) fn listening_pool(&self) -> PgPool {
        PgPoolOptions::new()
            .max_connections(1)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_lazy_with(self.0.clone().application_name("weltgewebe listen"))
    }

    pub(crate) fn pool(&self, purpose: Purpose) -> PgPool {
        let connections_max = match purpose {
            Purpose::Read => READERS_MAX,
            Purpose::Write | Purpose::Project => WRITERS_MAX,
        };
        PgPoolOptions::new()
            .max_connections(connections_max)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_lazy_with(self.options(purpose))
    }
}
