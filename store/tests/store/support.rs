//! People who act, and what is looked at afterwards.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::command::{Act, Command};
use domain::cursor::Cursor;
use domain::event::Event;
use domain::id::{MessageId, NodeId, RoleId, ThreadId};
use domain::place::Place;
use domain::spool::{Placement, Right};
use domain::weave::{NodeKind, Particulars, ThreadKind};
use domain::wire::Receipt;
use sqlx::{PgConnection, Row};
use store::door::{self, Door, DoorError};
use store::testing::{self, TestDatabase, command};
use store::{Store, weave};
use tracing::subscriber::DefaultGuard;

/// What the operator is told by this test's thread from now on.
pub(crate) struct Told {
    text: Arc<Mutex<Vec<u8>>>,
    _guard: DefaultGuard,
}

impl Told {
    pub(crate) fn listen() -> Self {
        let text = Arc::new(Mutex::new(Vec::new()));
        let writer = Arc::clone(&text);
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_writer(move || Line(Arc::clone(&writer)))
            .finish();
        Self {
            text,
            _guard: tracing::subscriber::set_default(subscriber),
        }
    }

    pub(crate) fn text(&self) -> String {
        let text = self.text.lock().expect("no writer panicked");
        String::from_utf8_lossy(&text).into_owned()
    }
}

struct Line(Arc<Mutex<Vec<u8>>>);

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no writer panicked").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A database with an open door and nothing else running.
pub(crate) struct House {
    pub(crate) database: TestDatabase,
    pub(crate) store: Store,
    pub(crate) door: Door,
}

impl House {
    pub(crate) async fn new() -> Self {
        let database = TestDatabase::new().await;
        let store = database.store().await;
        Self::of(database, store)
    }

    pub(crate) fn of(database: TestDatabase, store: Store) -> Self {
        let door = Door::start(store.clone());
        Self {
            database,
            store,
            door,
        }
    }

    pub(crate) fn command(&self, by: RoleId, act: Act) -> Command {
        command(by, self.store.now(), act)
    }

    pub(crate) async fn act(&self, by: RoleId, act: Act) -> Result<Receipt, DoorError> {
        self.door.submit(self.command(by, act)).await
    }

    /// What whoever runs the house orders; a rule may say no.
    pub(crate) async fn order(&self, act: Act) -> Result<Receipt, DoorError> {
        let id = door::new_order().expect("randomness");
        self.door.submit_order(id, act, "a test").await
    }

    pub(crate) async fn role(&self, name: &str, placement: Placement) -> RoleId {
        let role = RoleId(testing::id());
        let name = name.to_owned();
        self.act(role, Act::RegisterRole { name, placement })
            .await
            .expect("a role");
        role
    }

    /// One who belongs from the start, by order.
    pub(crate) async fn weaver(&self, name: &str) -> RoleId {
        let role = self.role(name, Placement::Hidden).await;
        let grant = Act::GrantRight {
            role,
            right: Right::Weaver,
            reason: "Von Anfang an dabei".to_owned(),
        };
        self.order(grant).await.expect("a weaver");
        role
    }

    pub(crate) async fn node(&self, by: RoleId, title: &str, place: Place) -> NodeId {
        let node = NodeId(testing::id());
        self.act(by, knot(node, title, place))
            .await
            .expect("a knot");
        node
    }

    pub(crate) async fn join(&self, by: RoleId, node: NodeId) -> ThreadId {
        self.act(by, Act::join(node)).await.expect("a thread");
        ThreadId::derive(by, ThreadKind::Join, node)
    }

    pub(crate) async fn place(&self, by: RoleId, placement: Placement) {
        self.act(by, Act::PlaceRole { placement })
            .await
            .expect("a place");
    }

    /// The whole log, opened.
    pub(crate) async fn log(&self) -> Vec<Event> {
        testing::whole_log(&self.store).await
    }

    /// Lets the projection run in the background.
    pub(crate) fn weave(&self) {
        tokio::spawn(weave::project::run(self.store.clone()));
    }

    /// Waits until the read models include everything.
    pub(crate) async fn woven(&self) -> Cursor {
        let head = self.store.head().await.expect("a head");
        let reached = weave::read::reached(&self.store, head, Duration::from_secs(60)).await;
        assert!(
            reached.expect("a checkpoint"),
            "the projection does not come to {head}"
        );
        head
    }

    /// Sessions of this database that stand inside a transaction and do nothing.
    pub(crate) async fn idle_in_transaction(&self) -> i64 {
        self.database.idle_in_transaction().await
    }

    /// Deadlines that have come and wait.
    pub(crate) async fn deadlines_due(&self) -> i64 {
        let mut connection = self.database.connection().await;
        sqlx::query_scalar("SELECT count(*) FROM deadlines WHERE due <= to_timestamp($1 / 1000.0)")
            .bind(self.store.now().0)
            .fetch_one(&mut connection)
            .await
            .expect("a number")
    }

    /// The one number that a query answers with.
    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        let mut connection = self.database.connection().await;
        sqlx::query_scalar(sql)
            .fetch_one(&mut connection)
            .await
            .expect("a number")
    }
}

pub(crate) fn knot(node: NodeId, title: &str, place: Place) -> Act {
    Act::KnotNode {
        node,
        kind: NodeKind::Idea,
        title: title.to_owned(),
        text: String::new(),
        place,
        starts_at: None,
        particulars: Particulars::default(),
    }
}

pub(crate) fn said(node: NodeId, text: &str) -> Act {
    Act::SendMessage {
        message: MessageId(testing::id()),
        node,
        text: text.to_owned(),
        reply_to: None,
    }
}

/// As [`said`], in answer to a message.
pub(crate) fn answered(node: NodeId, to: MessageId, text: &str) -> Act {
    Act::SendMessage {
        message: MessageId(testing::id()),
        node,
        text: text.to_owned(),
        reply_to: Some(to),
    }
}

/// Somewhere in Krems, a little further each time.
pub(crate) fn place(n: i32) -> Place {
    Place {
        lat: 484_100_000 + n * 1_370,
        lon: 156_100_000 + n * 2_110,
    }
}

/// Tries until it is so; for what other tasks bring about.
pub(crate) async fn until<F: Future<Output = bool>>(what: &str, mut is_so: impl FnMut() -> F) {
    let waiting = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(60), waiting).await;
    assert!(waited.is_ok(), "it never came about: {what}");
}

/// How a statement is done with these values, as text.
pub(crate) async fn plan(connection: &mut PgConnection, sql: &str, values: &[&str]) -> String {
    let mut sql = sql.to_owned();
    for (n, value) in values.iter().enumerate().rev() {
        sql = sql.replace(&format!("${}", n + 1), value);
    }
    let explain = format!("EXPLAIN (ANALYZE, FORMAT TEXT) {sql}");
    let rows = sqlx::query(sqlx::AssertSqlSafe(explain))
        .fetch_all(connection)
        .await
        .expect("a plan");
    let rows: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    rows.join("\n")
}
