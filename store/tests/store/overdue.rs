//! Catching up: what fell due while nothing ran is written once, in the order in which it was due, with the moments at which it was.

use std::sync::Arc;
use std::time::Duration;

use domain::event::{Body, Event};
use domain::id::NodeId;
use domain::spool::Placement;
use domain::state::StreamId;
use domain::time::{FADE_MS, Millis};
use sqlx::Row;
use store::door::Door;
use store::testing::{TestClock, TestDatabase};
use store::{deadlines, weave};

use crate::support::{House, place, until};

const NOON: Millis = Millis(1_795_608_000_000);
const MINUTE_MS: i64 = 60 * 1000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
/// More than are handed in together, twice over.
const KNOTS: i64 = 130;

async fn house() -> (House, Arc<TestClock>) {
    let database = TestDatabase::new().await;
    let clock = TestClock::new(NOON);
    let store = database.store_with(clock.clone()).await;
    (House::of(database, store), clock)
}

/// The moment that an event of the timer names, and whether it is a knot's.
fn due(event: &Event) -> Option<(Millis, bool)> {
    match event.payload {
        Body::FadenVerfallen { due } => Some((due?, false)),
        Body::KnotenAufgeloest { due } => Some((due?, true)),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_an_hour_of_downtime_two_loops_catch_up_once_and_in_order() {
    let (house, clock) = house().await;
    let anna = house.role("Anna", Placement::Hidden).await;
    let (mut knots, mut wanted) = (Vec::new(), Vec::new());
    for n in 0..KNOTS {
        let node = house.node(anna, "Idee", place(n as i32)).await;
        knots.push(node);
        // Of one moment the thread comes first: a knot has nothing left to hold it then.
        let end = NOON + n * MINUTE_MS / 4 + FADE_MS;
        wanted.extend([(end, false), (end, true)]);
        clock.advance(MINUTE_MS / 4);
    }
    let written = house.log().await.len();
    // All of it fell due within half an hour, the last an hour before anything runs again.
    clock.advance(FADE_MS + HOUR_MS);
    let back_at = house.store.now();
    let second = house.database.store_with(clock.clone()).await;
    house.weave();
    tokio::spawn(deadlines::run(house.store.clone(), house.door.clone()));
    tokio::spawn(deadlines::run(second.clone(), Door::start(second)));
    until("all that is due", async || {
        house.count("SELECT count(*) FROM deadlines").await == 0
    })
    .await;
    house.woven().await;

    let log = house.log().await;
    let told: Vec<_> = log[written..].iter().filter_map(due).collect();
    assert_eq!(told, wanted, "each once, by the moment at which it was due");
    assert_eq!(log.len(), written + wanted.len(), "and nothing else");
    for event in &log[written..] {
        assert!(event.at >= back_at, "it is written when it is written");
    }
    for (n, node) in knots.iter().enumerate() {
        let end = NOON + n as i64 * MINUTE_MS / 4 + FADE_MS;
        let (row, threads) = weave::read::node(&house.store, *node)
            .await
            .expect("an answer")
            .expect("its row stays");
        assert_eq!(
            row.dissolved_at,
            Some(end),
            "as it was, not as it was found out"
        );
        assert_eq!(threads[0].faded_at, Some(end));
    }
}

#[tokio::test]
async fn the_log_of_before_says_no_moment_and_is_read_by_its_own() {
    use domain::state::{Facts as _, States};

    let (house, clock) = house().await;
    let anna = house.role("Anna", Placement::Hidden).await;
    let node: NodeId = house.node(anna, "Idee", place(0)).await;
    clock.advance(FADE_MS + HOUR_MS);
    deadlines::hand_in(&house.store, &house.door)
        .await
        .expect("what is due");
    let (mut now, mut before) = (States::default(), States::default());
    for mut event in house.log().await {
        now.evolve(&event);
        let mut json = serde_json::to_value(&event.payload).expect("JSON");
        json.as_object_mut().expect("an object").remove("due");
        event.payload = serde_json::from_value(json).expect("an old event");
        before.evolve(&event);
    }
    let undone = |states: &States| states.node(node).expect("a knot").dissolved_at;
    assert_eq!(undone(&now), Some(NOON + FADE_MS));
    assert_eq!(undone(&before), Some(NOON + FADE_MS + HOUR_MS));
    assert!(now.0.contains_key(&StreamId::Node(node)));
}

#[tokio::test]
async fn what_is_due_is_found_by_its_index_however_much_is_not() {
    let (house, _) = house().await;
    let mut connection = house.database.connection().await;
    // Straight rows: only their number and times matter here. One in a hundred is due.
    sqlx::query(
        "INSERT INTO deadlines (stream, due, command, cause)
         SELECT 'thread/' || n, to_timestamp($1 / 1000.0) + (n - 500) * interval '1 second', '{}', n
         FROM generate_series(1, 50000) AS n",
    )
    .bind(NOON.0)
    .execute(&mut connection)
    .await
    .expect("rows");
    sqlx::query("ANALYZE deadlines")
        .execute(&mut connection)
        .await
        .expect("statistics");
    for sql in [
        include_str!("../../src/sql/deadlines_due.sql"),
        "SELECT min(due) FROM deadlines WHERE due > $1",
    ] {
        let sql = sql
            .replace("$1", &format!("to_timestamp({} / 1000.0)", NOON.0))
            .replace("$2", &deadlines::FOUND_MAX.to_string());
        let explain = format!("EXPLAIN (ANALYZE, FORMAT TEXT) {sql}");
        let plan: Vec<String> = sqlx::query(sqlx::AssertSqlSafe(explain))
            .fetch_all(&mut connection)
            .await
            .expect("a plan")
            .iter()
            .map(|row| row.get(0))
            .collect();
        let plan = plan.join("\n");
        assert!(plan.contains("deadlines_due"), "{plan}");
        assert!(!plan.contains("Seq Scan"), "{plan}");
    }
    // What is far away is no work: all that is told of it is when it comes.
    sqlx::query("DELETE FROM deadlines WHERE due <= to_timestamp($1 / 1000.0)")
        .bind(NOON.0)
        .execute(&mut connection)
        .await
        .expect("rows");
    let next = tokio::time::timeout(
        Duration::from_secs(10),
        deadlines::hand_in(&house.store, &house.door),
    );
    let next = next.await.expect("at once").expect("an answer");
    assert_eq!(next, Some(NOON + 1000));
}
