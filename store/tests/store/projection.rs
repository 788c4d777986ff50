//! The projection when something goes wrong with it: nobody else stands still.

use std::time::{Duration, Instant};

use domain::spool::Placement;
use store::weave::{project, read};

use crate::support::{House, Told, place, until};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_stops_inside_its_transaction_is_replaced() {
    store::fail::arm("projecting=sleep:30000#1");
    let house = House::new().await;
    let anna = house.role("Anna", Placement::Hidden).await;
    house.weave();
    until("it stands inside its transaction", async || {
        house.idle_in_transaction().await == 1
    })
    .await;
    let begun = Instant::now();
    tokio::spawn(project::run(house.database.store().await));
    let head = house.store.head().await.expect("a head");
    let reached = read::reached(&house.store, head, Duration::from_secs(15)).await;
    assert!(reached.expect("an answer"), "the other one does its work");
    assert!(
        begun.elapsed() > Duration::from_millis(500),
        "the first one had the row: {:?}",
        begun.elapsed()
    );
    let node = house.node(anna, "Danach", place(0)).await;
    house.woven().await;
    assert!(
        read::node(&house.store, node)
            .await
            .expect("an answer")
            .is_some()
    );
}

// On one thread, so that what the projection tells is heard.
#[tokio::test]
async fn an_event_that_nobody_understands_stops_the_projection_alone() {
    let house = House::new().await;
    house.weave();
    let anna = house.role("Anna", Placement::Hidden).await;
    house.woven().await;
    let told = Told::listen();
    let mut connection = house.database.connection().await;
    for sql in [
        "INSERT INTO events SELECT 2, at, 'Unbekannt', 1, stream, 2, actor, actor_id, command_id, NULL, 1, NULL,
             NULL, '{\"type\": \"Unbekannt\"}' FROM events WHERE id = 1",
        "UPDATE log_head SET id = 2",
    ] {
        sqlx::query(sql).execute(&mut connection).await.expect("poison");
    }
    // The door is open, and says where it is.
    house.node(anna, "Trotzdem", place(0)).await;
    let health = store::health::health(&house.store).await.expect("figures");
    assert_eq!((health.events, health.weave_lag_events), (3, 2));
    let head = house.store.head().await.expect("a head");
    let waited = read::reached(&house.store, head, Duration::from_millis(600)).await;
    assert!(!waited.expect("an answer"), "nothing is folded past it");
    assert_eq!(
        read::checkpoint(&house.store).await.expect("an answer").id,
        1
    );
    until("it is told", async || {
        told.text().contains("the weave projection stands")
    })
    .await;
    let told = told.text();
    assert!(told.contains("ERROR"), "{told}");
    assert!(told.contains("event 2"), "it says which: {told}");
    // What it was is understood, and everything goes on.
    sqlx::query(
        "UPDATE events SET type = 'RollePlatziert',
             payload = '{\"type\": \"RollePlatziert\", \"placed\": {\"show\": \"hidden\"}}' WHERE id = 2",
    )
    .execute(&mut connection)
    .await
    .expect("an antidote");
    house.woven().await;
}
