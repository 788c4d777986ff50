//! The days of the log.

use domain::spool::Placement;
use domain::time::{DAY_MS, Millis};
use store::partitions::DAYS_AHEAD;
use store::testing::{TestClock, TestDatabase};

use crate::support::{House, Told, place, until};

const NOON: Millis = Millis(1_795_608_000_000);
const DAYS: &str = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'events'::regclass";

#[tokio::test]
async fn days_are_made_ahead_at_start_and_by_the_hour() {
    let database = TestDatabase::new().await;
    let clock = TestClock::new(NOON);
    let store = database.store_with(clock.clone()).await;
    let house = House::of(database, store);
    assert_eq!(house.count(DAYS).await, DAYS_AHEAD + 1);
    tokio::spawn(store::partitions::run(house.store.clone()));
    clock.advance(3 * DAY_MS);
    until("three more days", async || {
        house.count(DAYS).await == DAYS_AHEAD + 4
    })
    .await;
    let default = house
        .count("SELECT count(*) FROM pg_class WHERE relispartition AND pg_get_expr(relpartbound, oid) = 'DEFAULT'")
        .await;
    assert_eq!(default, 0, "a default partition forbids detaching");
}

#[tokio::test]
async fn a_missing_day_is_made_on_the_spot_and_midnight_parts_the_days() {
    let database = TestDatabase::new().await;
    let clock = TestClock::new(NOON);
    let store = database.store_with(clock.clone()).await;
    let house = House::of(database, store);
    let anna = house.role("Anna", Placement::Hidden).await;
    let told = Told::listen();
    house.node(anna, "Am alten Tag", place(0)).await;
    assert!(!told.text().contains("partition"), "{}", told.text());
    clock.advance(30 * DAY_MS);
    house.node(anna, "Am neuen Tag", place(0)).await;
    let told = told.text();
    assert!(
        told.contains("WARN") && told.contains("the log's partition was missing"),
        "{told}"
    );
    assert_eq!(house.count(DAYS).await, DAYS_AHEAD + 2);
    assert_eq!(house.count("SELECT count(*) FROM events_20261125").await, 2);
    assert_eq!(house.count("SELECT count(*) FROM events_20261225").await, 1);
    assert_eq!(house.log().await.len(), 3, "one log over all days");
}

#[tokio::test]
async fn a_page_of_the_log_touches_recent_days_only() {
    let house = House::new().await;
    let mut connection = house.database.connection().await;
    let plan: Vec<String> = sqlx::query_scalar(
        "EXPLAIN SELECT id FROM events WHERE id > 5 AND at >= now() + interval '5 days' ORDER BY id LIMIT 10",
    )
    .fetch_all(&mut connection)
    .await
    .expect("a plan");
    let touched = plan
        .iter()
        .filter(|line| line.contains("on events_2"))
        .count();
    assert!((1..=3).contains(&touched), "{plan:#?}");
}
