//! Whoever asks may go away at any moment.

use std::time::Duration;

use domain::id::NodeId;
use domain::spool::Placement;
use store::testing;

use crate::support::{House, knot, place, until};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_disconnecting_clients_leave_no_open_transaction_and_nothing_half() {
    let house = House::new().await;
    let anna = house.role("Anna", Placement::Hidden).await;
    let mut commands = Vec::new();
    let mut gone = 0;
    for n in 0..1000_i32 {
        let command = house.command(anna, knot(NodeId(testing::id()), "Idee", place(n)));
        commands.push(command.clone());
        let patience = Duration::from_micros(u64::from(n.unsigned_abs() % 40) * 100);
        if tokio::time::timeout(patience, house.door.submit(command))
            .await
            .is_err()
        {
            gone += 1;
        }
    }
    assert!(gone > 100, "only {gone} went away before the answer");
    until("no transaction is left open", async || {
        house.idle_in_transaction().await == 0
    })
    .await;
    // Nor was one cut off meanwhile because nobody went on with it.
    assert_eq!(house.database.sessions_cut_off().await, 0);
    for command in commands {
        house
            .door
            .submit(command)
            .await
            .expect("the same receipt, or now");
    }
    assert_eq!(
        house
            .count("SELECT count(*) FROM events WHERE id > 1")
            .await,
        1000
    );
    assert_eq!(
        house
            .count("SELECT count(DISTINCT command_id) FROM events WHERE id > 1")
            .await,
        1000
    );
}
