//! A deadline that can't be decided, or read at all, waits alone: all that is due behind it is done, in order.

use domain::event::Body;
use domain::id::{NodeId, ThreadId};
use domain::spool::Placement;
use domain::state::StreamId;
use domain::time::{FADE_MS, Millis};
use domain::weave::ThreadKind;
use store::deadlines;
use store::testing::{TestClock, TestDatabase};

use crate::support::{House, place, until};

const NOON: Millis = Millis(1_795_608_000_000);
/// More than are handed in together, with a thread and a knot for each.
const KNOTS: usize = deadlines::TOGETHER_MAX;

/// Something of the log as another version of this program would have left it.
async fn meddle(house: &House, sql: &'static str, stream: StreamId) {
    let mut connection = house.database.connection().await;
    let done = sqlx::query(sql)
        .bind(stream.to_string())
        .execute(&mut connection)
        .await
        .expect("a row");
    assert_eq!(done.rows_affected(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_decided_holds_up_nothing_behind_it() {
    let database = TestDatabase::new().await;
    let clock = TestClock::new(NOON);
    let store = database.store_with(clock.clone()).await;
    let house = House::of(database, store);
    let anna = house.role("Anna", Placement::Hidden).await;
    let thread = |node: NodeId| StreamId::Thread(ThreadId::derive(anna, ThreadKind::Create, node));
    let mut knots = Vec::new();
    for n in 0..KNOTS {
        knots.push(house.node(anna, "Idee", place(n as i32)).await);
        clock.advance(1000);
    }
    // The first two to fall due: the state of one is of a later version, and what the other asks for is not known yet.
    let (stale, unknown) = (thread(knots[0]), thread(knots[1]));
    meddle(
        &house,
        "UPDATE streams SET v = v + 90 WHERE stream = $1",
        stale,
    )
    .await;
    let sql =
        "UPDATE deadlines SET command = jsonb_build_object('later', command) WHERE stream = $1";
    meddle(&house, sql, unknown).await;
    clock.advance(FADE_MS);
    tokio::spawn(deadlines::run(house.store.clone(), house.door.clone()));
    until("all but those two", async || {
        house.count("SELECT count(*) FROM deadlines").await == 2
    })
    .await;
    let faded = async || -> Vec<Millis> {
        let log = house.log().await;
        let due = log.iter().filter_map(|event| match event.payload {
            Body::FadenVerfallen { due } => due,
            _ => None,
        });
        due.collect()
    };
    let behind: Vec<Millis> = (2..KNOTS as i64)
        .map(|n| NOON + n * 1000 + FADE_MS)
        .collect();
    assert_eq!(
        faded().await,
        behind,
        "each once, in the order in which it was due"
    );

    // What comes due later is done too while they wait.
    let late = house.node(anna, "Später", place(99)).await;
    clock.advance(FADE_MS);
    until("what came due later", async || {
        faded().await.len() == KNOTS - 1
    })
    .await;
    let last = faded().await.last().copied();
    assert!(
        last.is_some_and(|last| last > behind[behind.len() - 1]),
        "{late:?}"
    );

    // A program that can decide them does so, without being started anew.
    meddle(
        &house,
        "UPDATE streams SET v = v - 90 WHERE stream = $1",
        stale,
    )
    .await;
    let sql = "UPDATE deadlines SET command = command->'later' WHERE stream = $1";
    meddle(&house, sql, unknown).await;
    until("the two as well", async || {
        house.count("SELECT count(*) FROM deadlines").await == 0
    })
    .await;
    let mut all = faded().await;
    all.sort();
    assert_eq!(
        all[..2],
        [NOON + FADE_MS, NOON + 1000 + FADE_MS],
        "with the true moments"
    );
}
