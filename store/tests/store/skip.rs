//! No reader skips an event: eight writers in two processes, one of them stalled inside its transaction. The
//! control reads `id > last` from a table numbered by a sequence, on the same schedule, and loses some.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use domain::command::Act;
use domain::id::{NodeId, RoleId};
use domain::spool::Placement;
use sqlx::{Connection, PgConnection};
use store::door::Door;
use store::{log, testing};

use crate::child;
use crate::support::{House, knot, place};

const WRITERS_PER_PROCESS: usize = 4;
/// Together at least 100,000 events.
const COMMANDS_PER_WRITER: usize = 12_500;
const TOGETHER: usize = 125;
const STALL: Duration = Duration::from_millis(500);
/// Which transaction of its process.
const STALLED: usize = 150;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_hundred_thousand_events_the_reader_loses_none_where_a_naive_one_does() {
    let house = House::new().await;
    let mut connection = house.database.connection().await;
    sqlx::query("CREATE TABLE control (id bigserial PRIMARY KEY)")
        .execute(&mut connection)
        .await
        .expect("a numbered table");
    let url = house.database.url();
    let stalls = format!("after_insert=sleep:{}#{STALLED}", STALL.as_millis());
    let others = [
        child::start(
            "writes",
            &url,
            &[("WELTGEWEBE_FAIL", &stalls), ("STORE_CHILD_STALLS", "1")],
        ),
        child::start("writes", &url, &[("STORE_CHILD_STALLS", "0")]),
    ];
    let over = Arc::new(AtomicBool::new(false));
    let naive = tokio::spawn(naive(house.database.connection().await, Arc::clone(&over)));
    let mut ended = Vec::new();
    for other in others {
        ended.push(tokio::spawn(child::ended(other)));
    }

    let (mut cursor, mut pages) = (house.store.beginning(), 0);
    loop {
        let all_ended = ended.iter().all(tokio::task::JoinHandle::is_finished);
        let page = log::raw_after(&house.store, cursor, log::PAGE_MAX)
            .await
            .expect("a page");
        for (position, event) in &page {
            assert_eq!(event.id, cursor.id + 1, "an event was skipped");
            assert!(event.at >= cursor.at);
            cursor = *position;
        }
        pages += usize::from(!page.is_empty());
        if all_ended && page.is_empty() {
            break;
        }
        if page.is_empty() {
            // The writers need both cores; what they write is read at once all the same.
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
    for other in ended {
        assert!(other.await.expect("a task").success(), "a writer failed");
    }
    over.store(true, Relaxed);
    let written = house.count("SELECT count(*) FROM events").await;
    assert_eq!(cursor.id, written, "all of it was read");
    assert!(written >= 100_000, "only {written} events");
    assert!(pages > 200, "it was read as it was written: {pages} pages");

    let seen = naive.await.expect("the naive reader");
    let numbered = house.count("SELECT count(*) FROM control").await;
    assert!(
        seen < numbered,
        "the naive reader lost nothing of {numbered}: this test could not fail"
    );
}

/// Reads on from the highest number seen, until all writers have ended.
async fn naive(mut connection: PgConnection, ended: Arc<AtomicBool>) -> i64 {
    let (mut last, mut seen) = (0_i64, 0_i64);
    loop {
        let all_ended = ended.load(Relaxed);
        let ids: Vec<i64> = sqlx::query_scalar("SELECT id FROM control WHERE id > $1 ORDER BY id")
            .bind(last)
            .fetch_all(&mut connection)
            .await
            .expect("numbers");
        if all_ended && ids.is_empty() {
            return seen;
        }
        seen += ids.len() as i64;
        last = ids.last().copied().unwrap_or(last);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Four writers, each with a door and a connection of its own to the numbered table.
pub(crate) async fn write_all(stalls: bool) {
    let mut tasks = Vec::new();
    for n in 0..WRITERS_PER_PROCESS {
        let url = child::order("STORE_CHILD_DATABASE");
        let connection = PgConnection::connect(&url).await.expect("a connection");
        let door = Door::start(child::store().await);
        tasks.push(tokio::spawn(write(door, connection, n as i32, stalls)));
    }
    for task in tasks {
        task.await.expect("a writer");
    }
}

/// Round by round the same for both: so many events into the log, so many rows into the numbered table.
async fn write(door: Door, mut control: PgConnection, n: i32, stalls: bool) {
    let now = store::Clock::now(&store::SystemClock);
    let (role, node) = (RoleId(testing::id()), NodeId(testing::id()));
    let register = Act::RegisterRole {
        name: format!("Rolle {n}"),
        placement: Placement::Hidden,
    };
    door.submit(testing::command(role, now, register))
        .await
        .expect("a role");
    door.submit(testing::command(role, now, knot(node, "Idee", place(n))))
        .await
        .expect("a knot");
    for _ in 0..COMMANDS_PER_WRITER / TOGETHER {
        let asked: Vec<_> = (0..TOGETHER)
            .map(|_| {
                let (door, join) = (door.clone(), testing::command(role, now, Act::join(node)));
                tokio::spawn(async move { door.submit(join).await })
            })
            .collect();
        for answer in asked {
            answer.await.expect("a task").expect("a receipt");
        }
        number(&mut control, stalls).await;
    }
}

/// One transaction on the numbered table. That one of a process which the fail-point stalls in the log is stalled here
/// as well, at the same point: inserted and not committed.
async fn number(control: &mut PgConnection, stalls: bool) {
    static TRANSACTIONS: AtomicUsize = AtomicUsize::new(0);
    let mut transaction = control.begin().await.expect("a transaction");
    sqlx::query("INSERT INTO control SELECT FROM generate_series(1, $1)")
        .bind(TOGETHER as i32)
        .execute(&mut *transaction)
        .await
        .expect("numbers");
    if TRANSACTIONS.fetch_add(1, Relaxed) + 1 == STALLED && stalls {
        tokio::time::sleep(STALL).await;
    }
    transaction.commit().await.expect("a commit");
}
