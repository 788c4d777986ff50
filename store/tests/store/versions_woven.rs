//! Read models have a version: a program that weaves otherwise leaves them alone.

use std::time::Duration;

use domain::spool::Placement;
use store::StoreError;
use store::weave::{project, read, rebuild};

use crate::support::{House, Told, place, until};

async fn version(house: &House, sql: &'static str) {
    sqlx::query(sql)
        .execute(&mut house.database.connection().await)
        .await
        .expect("another version");
}

// On one thread, so that what the projection tells is heard.
#[tokio::test]
async fn rows_of_another_version_are_left_alone_which_is_told_once() {
    let house = House::new().await;
    let own = house.count("SELECT version::bigint FROM checkpoints").await;
    assert_eq!(
        own,
        i64::from(project::VERSION),
        "the migrations name this program's"
    );
    let anna = house.role("Anna", Placement::Hidden).await;
    let told = Told::listen();
    version(&house, "UPDATE checkpoints SET version = version + 1").await;
    house.weave();
    until("it is told", async || {
        told.text().contains("woven by another version")
    })
    .await;
    house.node(anna, "Trotzdem", place(0)).await;
    let head = house.store.head().await.expect("a head");
    let waited = read::reached(&house.store, head, Duration::from_millis(1500)).await;
    assert!(!waited.expect("an answer"), "nothing is woven");
    assert_eq!(house.count("SELECT count(*) FROM nodes_read").await, 0);
    let told = told.text();
    assert_eq!(
        told.matches("woven by another version").count(),
        1,
        "{told}"
    );
    let refused = rebuild::run(&house.store).await;
    let of = matches!(refused, Err(StoreError::WovenOtherwise { version }) if version == project::VERSION + 1);
    assert!(of, "{refused:?}");
    version(&house, "UPDATE checkpoints SET version = version - 1").await;
    house.woven().await;
    assert_eq!(house.count("SELECT count(*) FROM nodes_read").await, 1);
}
