//! Sessions: a process that stops in the middle keeps nobody out.

use std::time::{Duration, Instant};

use domain::id::NodeId;
use domain::spool::Placement;
use store::door::Door;
use store::testing;

use crate::support::{House, knot, place, until};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_door_that_stops_inside_its_transaction_keeps_the_lock_two_seconds_at_most() {
    store::fail::arm("after_lock=sleep:20000#2");
    let house = House::new().await;
    let anna = house.role("Anna", Placement::Hidden).await;
    let stalled = house.command(anna, knot(NodeId(testing::id()), "Steht", place(0)));
    let asked = {
        let (door, stalled) = (house.door.clone(), stalled.clone());
        tokio::spawn(async move { door.submit(stalled).await })
    };
    until("it stands inside its transaction", async || {
        house.idle_in_transaction().await == 1
    })
    .await;
    let begun = Instant::now();
    let other = Door::start(house.database.store().await);
    let command = house.command(anna, knot(NodeId(testing::id()), "Geht", place(1)));
    other.submit(command).await.expect("the other one appends");
    assert!(
        begun.elapsed() < Duration::from_secs(7),
        "it took {:?}",
        begun.elapsed()
    );

    // The woken one finds its transaction gone and does it again.
    let receipt = asked.await.expect("a task").expect("a receipt");
    assert_eq!(other.submit(stalled).await, Ok(receipt));
    assert_eq!(house.log().await.len(), 3, "nothing twice");
    assert_eq!(house.database.sessions_cut_off().await, 1);
}

#[tokio::test]
async fn the_door_waits_for_the_disk_and_its_sessions_are_never_idle_for_long() {
    let house = House::new().await;
    house.role("Anna", Placement::Hidden).await;
    // What the door's session is set to is not seen from outside: it is asked of a function in its place.
    let mut connection = house.database.connection().await;
    for sql in [
        "CREATE TABLE seen (setting text, value text)",
        "CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             INSERT INTO seen SELECT s, current_setting(s) FROM unnest(ARRAY[
                 'synchronous_commit', 'idle_in_transaction_session_timeout', 'enable_seqscan']) AS s;
             RETURN NULL;
         END $$",
        "CREATE TRIGGER see AFTER INSERT ON receipts FOR EACH STATEMENT EXECUTE FUNCTION see()",
    ] {
        sqlx::query(sql).execute(&mut connection).await.expect("a look from inside");
    }
    house.role("Bert", Placement::Hidden).await;
    let seen: Vec<(String, String)> =
        sqlx::query_as("SELECT setting, value FROM seen ORDER BY setting")
            .fetch_all(&mut connection)
            .await
            .expect("what was seen");
    let seen: Vec<(&str, &str)> = seen.iter().map(|(s, v)| (s.as_str(), v.as_str())).collect();
    assert_eq!(
        seen,
        [
            ("enable_seqscan", "off"),
            ("idle_in_transaction_session_timeout", "2s"),
            ("synchronous_commit", "on")
        ]
    );
}
