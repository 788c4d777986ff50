//! The server stops at once while a door holds the lock, and others keep transactions open: nobody is held up for long.

use std::time::Duration;

use domain::id::NodeId;
use domain::spool::Placement;
use nix::sys::signal::Signal;
use sqlx::Executor;
use store::door::{Door, DoorError};
use store::testing::{self, TestDatabase, TestServer};
use store::{log, weave};

use crate::support::{House, knot, place, until};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_5_an_immediate_shutdown_while_a_door_holds_the_lock() {
    store::fail::arm("before_commit=sleep:3000#2");
    let mut server = TestServer::start().await;
    let database = TestDatabase::on(&server.url()).await;
    let store = database.store().await;
    let house = House::of(database, store);
    let other = Door::start(house.database.store().await);
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
    server.end(Signal::SIGQUIT);
    server.begin().await;

    let command = house.command(anna, knot(NodeId(testing::id()), "Geht", place(1)));
    let receipt = told(&other, command).await;
    // The first one finds its transaction gone; asked again it is written, once.
    asked.await.expect("a task").ok();
    let late = told(&house.door, stalled.clone()).await;
    assert_eq!(told(&other, stalled).await, late);
    let log = house.log().await;
    let ids: Vec<i64> = log.iter().map(|event| event.id).collect();
    assert_eq!(ids, [1, 2, 3], "none is lost, none twice");
    assert!(log.windows(2).all(|pair| pair[0].at <= pair[1].at));
    assert_eq!(receipt.cursor.id + late.cursor.id, 5);
}

/// Asks as an outbox does.
async fn told(door: &Door, command: domain::command::Command) -> domain::wire::Receipt {
    for _ in 0..60 {
        match door.submit(command.clone()).await {
            Ok(receipt) => return receipt,
            Err(DoorError::Unavailable(_)) => {}
            Err(DoorError::Refused(refusal)) => panic!("{refusal}"),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it is never told")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_26_a_long_writing_transaction_holds_up_no_reader() {
    let house = House::new().await;
    house.weave();
    let anna = house.role("Anna", Placement::Hidden).await;
    let elsewhere = TestDatabase::new().await;
    let mut open = Vec::new();
    for database in [&elsewhere, &house.database] {
        let mut connection = database.connection().await;
        for sql in [
            "CREATE TABLE unrelated (n int)",
            "BEGIN",
            "INSERT INTO unrelated VALUES (1)",
        ] {
            connection.execute(sql).await.expect("a transaction");
        }
        open.push(connection);
    }
    let (mut cursor, mut seen) = (house.store.beginning(), 0);
    for n in 0..20 {
        let done = house
            .act(anna, knot(NodeId(testing::id()), "Idee", place(n)))
            .await
            .expect("a receipt")
            .cursor;
        let page = log::after(&house.store, cursor, 100).await.expect("a page");
        cursor = page.last().expect("what was just written").0;
        seen += page.len();
        assert_eq!(cursor, done, "the log is read to its end");
        let reached = weave::read::reached(&house.store, done, Duration::from_secs(60)).await;
        assert!(reached.expect("a database"), "and woven");
    }
    assert_eq!(seen, 21);
    for mut connection in open {
        connection
            .execute("COMMIT")
            .await
            .expect("it was open all the time");
    }
}
