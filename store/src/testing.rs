//! A database per test, from one migrated template per server, and a clock that is moved by hand.

pub mod bytes;
mod server;
pub mod town;

use std::future::Future;
use std::num::NonZeroU32;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use domain::command::{Act, COMMAND_VERSION, Command};
use domain::event::Event;
use domain::id::{CommandId, Epoch, RoleId};
use domain::page::Lang;
use domain::time::Millis;
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use tokio::sync::watch;

use crate::clock::{Clock, SystemClock};
use crate::spool::{self, Asker};
use crate::store::MIGRATIONS;
use crate::{Store, log, random};

pub use server::TestServer;

/// A migrated database of one's own; it is dropped with this.
#[derive(Debug)]
pub struct TestDatabase {
    server_url: String,
    name: String,
}

impl TestDatabase {
    /// Makes it on the server of `TEST_DATABASE_URL`, which `tools/with-services` gives.
    ///
    /// # Panics
    /// When there is no such server.
    pub async fn new() -> Self {
        let server_url = std::env::var("TEST_DATABASE_URL")
            .expect("TEST_DATABASE_URL is not set: run it by tools/with-services");
        Self::on(&server_url).await
    }

    /// Makes it on that server.
    ///
    /// # Panics
    /// When there is no such server.
    pub async fn on(server_url: &str) -> Self {
        let server_url = server_url.to_owned();
        let mut server = PgConnection::connect(&server_url).await.expect("a server");
        let template = template(&server_url, &mut server).await;
        let name = format!("wg_test_{}", random::id().expect("randomness").simple());
        let create = format!("CREATE DATABASE {name} TEMPLATE {template}");
        server
            .execute(AssertSqlSafe(create))
            .await
            .expect("a new database");
        server.close().await.expect("an end of the connection");
        Self { server_url, name }
    }

    /// How to reach it.
    #[must_use]
    pub fn url(&self) -> String {
        url_of(&self.server_url, &self.name)
    }

    /// A plain connection of a superuser, to look at tables.
    ///
    /// # Panics
    /// When the server is gone.
    pub async fn connection(&self) -> PgConnection {
        PgConnection::connect(&self.url())
            .await
            .expect("a connection")
    }

    /// Ends every connection and lets nobody in, as if the server were gone.
    ///
    /// # Panics
    /// When the server is gone.
    pub async fn refuse_connections(&self) {
        let name = &self.name;
        self.administer(format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
            .await;
        self.terminate_backends().await;
    }

    /// Ends every connection.
    ///
    /// # Panics
    /// When the server is gone.
    pub async fn terminate_backends(&self) {
        self.administer(format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'",
            self.name
        ))
        .await;
    }

    /// Makes an empty log that belongs to `epoch`, as an older state of another database does that was brought back here. For
    /// before the first store.
    ///
    /// # Panics
    /// When the server is gone, or there is a log.
    pub async fn of_epoch(&self, epoch: Epoch) {
        sqlx::query("INSERT INTO log_head (epoch, id, at) VALUES ($1, 0, 'epoch')")
            .bind(epoch.0)
            .execute(&mut self.connection().await)
            .await
            .expect("a log");
    }

    /// Connections.
    ///
    /// # Panics
    /// When the server is gone.
    pub async fn sessions(&self) -> i64 {
        sqlx::query_scalar(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()",
        )
        .fetch_one(&mut self.connection().await)
        .await
        .expect("a count")
    }

    /// Lets everybody in again.
    ///
    /// # Panics
    /// When the server is gone.
    pub async fn accept_connections(&self) {
        self.administer(format!(
            "ALTER DATABASE {} ALLOW_CONNECTIONS true",
            self.name
        ))
        .await;
    }

    /// Connections that stand in a transaction and do nothing.
    ///
    /// # Panics
    /// When the server is gone.
    pub async fn idle_in_transaction(&self) -> i64 {
        self.sessions_idle_in_transaction().await.len() as i64
    }

    /// The same by their process ids.
    ///
    /// # Panics
    /// When the server is gone.
    pub async fn sessions_idle_in_transaction(&self) -> Vec<i32> {
        sqlx::query_scalar(
            "SELECT pid FROM pg_stat_activity
             WHERE datname = current_database() AND state LIKE 'idle in transaction%'",
        )
        .fetch_all(&mut self.connection().await)
        .await
        .expect("process ids")
    }

    /// Whether a session of that process id is still there.
    ///
    /// # Panics
    /// When the server is gone.
    pub async fn has_session(&self, pid: i32) -> bool {
        sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = $1)")
            .bind(pid)
            .fetch_one(&mut self.connection().await)
            .await
            .expect("an answer")
    }

    /// Sessions that ended with an error: those that stood idle in a transaction too long, say.
    ///
    /// # Panics
    /// When the server is gone.
    pub async fn sessions_cut_off(&self) -> i64 {
        sqlx::query_scalar(
            "SELECT sessions_fatal FROM pg_stat_database WHERE datname = current_database()",
        )
        .fetch_one(&mut self.connection().await)
        .await
        .expect("a count")
    }

    /// Pictures that are kept.
    ///
    /// # Panics
    /// When the server is gone.
    pub async fn pictures_kept(&self) -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM blobs")
            .fetch_one(&mut self.connection().await)
            .await
            .expect("a count")
    }

    /// Loses the areas that members follow, so that what asks for them fails.
    ///
    /// # Panics
    /// When the server is gone.
    pub async fn lose_areas(&self) {
        sqlx::query("ALTER TABLE marks_areas RENAME TO lost")
            .execute(&mut self.connection().await)
            .await
            .expect("it is lost");
    }

    async fn administer(&self, statement: String) {
        let mut server = PgConnection::connect(&self.server_url)
            .await
            .expect("a server");
        server
            .execute(AssertSqlSafe(statement))
            .await
            .expect("an administrator's statement");
    }

    /// A store by the machine's clock.
    ///
    /// # Panics
    /// When the server is gone.
    pub async fn store(&self) -> Store {
        self.store_with(Arc::new(SystemClock)).await
    }

    /// A store by that clock.
    ///
    /// # Panics
    /// When the server is gone.
    pub async fn store_with(&self, clock: Arc<dyn Clock>) -> Store {
        Store::connect(&self.url(), clock).await.expect("a store")
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let (url, name) = (self.server_url.clone(), self.name.clone());
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.map(|runtime| runtime.block_on(drop_database(&url, &name)))
        });
        // Whatever went wrong, the whole server goes with the run.
        dropping.join().ok();
    }
}

async fn drop_database(url: &str, name: &str) {
    if let Ok(mut server) = PgConnection::connect(url).await {
        let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        server.execute(AssertSqlSafe(drop)).await.ok();
    }
}

/// The name of the migrated template; the first test makes it, the others wait.
async fn template(server_url: &str, server: &mut PgConnection) -> String {
    let mut hash = Sha256::new();
    for migration in MIGRATIONS.iter() {
        hash.update(&migration.checksum);
    }
    let hash: String = hash
        .finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let name = format!("wg_template_{hash}");
    server
        .execute("SELECT pg_advisory_lock(7318349394477056)")
        .await
        .expect("the lock of the template");
    let exists: bool =
        sqlx::query_scalar("SELECT count(*) > 0 FROM pg_database WHERE datname = $1")
            .bind(&name)
            .fetch_one(&mut *server)
            .await
            .expect("a list of databases");
    if !exists {
        // Renamed when it is whole: one that was left half-way is no template.
        let making = format!("{name}_making");
        for sql in [
            format!("DROP DATABASE IF EXISTS {making} WITH (FORCE)"),
            format!("CREATE DATABASE {making}"),
        ] {
            server
                .execute(AssertSqlSafe(sql))
                .await
                .expect("an empty database");
        }
        let mut connection = PgConnection::connect(&url_of(server_url, &making))
            .await
            .expect("a connection");
        MIGRATIONS.run(&mut connection).await.expect("migrations");
        connection.close().await.expect("an end of the connection");
        let rename = format!("ALTER DATABASE {making} RENAME TO {name}");
        server
            .execute(AssertSqlSafe(rename))
            .await
            .expect("a template");
    }
    server
        .execute("SELECT pg_advisory_unlock(7318349394477056)")
        .await
        .expect("the lock of the template");
    name
}

/// The same server, another database.
fn url_of(server_url: &str, database: &str) -> String {
    let (address, options) = server_url.split_once('?').unwrap_or((server_url, ""));
    let (server, _) = address.rsplit_once('/').unwrap_or((address, ""));
    format!("{server}/{database}?{options}")
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct TestClock {
    /// Wall clock and time since boot.
    at: watch::Sender<(Millis, Millis)>,
}

impl TestClock {
    /// Stands at `now`.
    #[must_use]
    pub fn new(now: Millis) -> Arc<Self> {
        Arc::new(Self {
            at: watch::Sender::new((now, Millis(1000))),
        })
    }

    /// Time passes: both clocks move.
    pub fn advance(&self, ms: i64) {
        self.at
            .send_modify(|(now, boot)| (*now, *boot) = (*now + ms, *boot + ms));
    }

    /// Someone sets the wall clock.
    pub fn jump(&self, ms: i64) {
        self.at.send_modify(|(now, _)| *now = *now + ms);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Millis {
        self.at.borrow().0
    }

    fn boot(&self) -> Millis {
        self.at.borrow().1
    }

    /// Real time does not pass here: only moving the clock ends it.
    fn sleep_until<'a>(
        &'a self,
        at: Millis,
        _at_most: Duration,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
        let mut moved = self.at.subscribe();
        Box::pin(async move {
            moved.wait_for(|(now, _)| *now >= at).await.ok();
        })
    }
}

/// A command with an id of its own.
///
/// # Panics
/// Without randomness.
#[must_use]
pub fn command(by: RoleId, issued_at: Millis, act: Act) -> Command {
    Command {
        id: CommandId(random::id().expect("randomness")),
        v: COMMAND_VERSION,
        by,
        issued_at,
        act,
    }
}

/// The log from its beginning to its end, opened.
///
/// # Panics
/// Without a database.
pub async fn whole_log(store: &Store) -> Vec<Event> {
    let (mut events, mut cursor) = (Vec::new(), store.beginning());
    loop {
        let page = log::after(store, cursor, log::PAGE_MAX).await;
        let page = page.expect("a page");
        let Some((last, _)) = page.last() else {
            return events;
        };
        cursor = *last;
        events.extend(page.into_iter().map(|(_, event)| event));
    }
}

/// Signs `email` in by a letter; the session's token.
///
/// # Panics
/// Without a database.
pub async fn sign_in(store: &Store, email: &str) -> String {
    let asker = Asker {
        address: "::1",
        letters_max: NonZeroU32::MAX,
    };
    spool::ask(store, email, Lang::De, "http://weben.test", asker)
        .await
        .expect("a letter");
    let letters = spool::mailbox(store, 50).await.expect("a mailbox");
    let mut letters = letters.into_iter();
    let letter = letters
        .find(|letter| letter.to == email)
        .expect("the letter");
    let token = spool::consume_code(store, email, &letter.code).await;
    token.expect("a database").expect("a session")
}

/// How much of something a test tries: `long` where `WELTGEWEBE_LONG` is set, as `make faults` does.
#[must_use]
pub fn at_length(short: usize, long: usize) -> usize {
    if std::env::var_os("WELTGEWEBE_LONG").is_some() {
        long
    } else {
        short
    }
}

/// A random id, to be wrapped in what it names.
///
/// # Panics
/// Without randomness.
#[must_use]
pub fn id() -> uuid::Uuid {
    random::id().expect("randomness")
}
