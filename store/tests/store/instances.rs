//! Two instances on one database: both append; one that is killed leaves its work to the other.

use std::time::Duration;

use domain::command::Act;
use domain::event::Body;
use domain::spool::Placement;
use domain::time::{DAY_MS, FADE_MS};
use store::door::Door;
use store::testing::{TestClock, TestDatabase};
use store::{Clock, SystemClock, deadlines, weave};

use crate::child;
use crate::support::{House, place, until};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_killed_instance_leaves_the_other_does() {
    let database = TestDatabase::new().await;
    let clock = TestClock::new(SystemClock.now());
    let store = database.store_with(clock.clone()).await;
    let house = House::of(database, store);
    let anna = house.role("Anna", Placement::Hidden).await;
    let node = house.node(anna, "Idee", place(0)).await;

    // The other instance projects first, and writes all the time.
    let mut other = child::start("lives", &house.database.url(), &[]);
    until("the other instance has projected", async || {
        house.count("SELECT count(*) FROM nodes_read").await > 0
            && house.count("SELECT count(*) FROM events").await > 20
    })
    .await;
    house.weave();
    tokio::spawn(deadlines::run(house.store.clone(), house.door.clone()));
    for _ in 0..20 {
        house.act(anna, Act::join(node)).await.expect("both append");
    }
    other.kill().expect("it lives");
    other.wait().expect("it has ended");

    let done = house
        .act(anna, Act::join(node))
        .await
        .expect("this one appends")
        .cursor;
    let reached = weave::read::reached(&house.store, done, Duration::from_secs(30)).await;
    assert!(reached.expect("a database"), "this one projects");
    clock.advance(FADE_MS + DAY_MS);
    until("this one deals with what is due", async || {
        house.deadlines_due().await == 0
    })
    .await;
    let log = house.log().await;
    for pair in log.windows(2) {
        assert_eq!(pair[1].id, pair[0].id + 1, "ids have no gap");
        assert!(pair[1].at >= pair[0].at, "time does not go back");
    }
    let ends = |body: fn(&Body) -> bool| log.iter().filter(|event| body(&event.payload)).count();
    let knots = ends(|body| matches!(body, Body::KnotenGeknuepft { .. }));
    let undone = ends(|body| matches!(body, Body::KnotenAufgeloest { .. }));
    assert_eq!(undone, knots, "every knot came undone, once");
}

/// Lives as an instance does, and acts, until it is killed.
pub(crate) async fn live() {
    let store = child::store().await;
    let door = Door::start(store.clone());
    tokio::spawn(weave::project::run(store.clone()));
    tokio::spawn(deadlines::run(store.clone(), door.clone()));
    let role = domain::id::RoleId(store::testing::id());
    let register = Act::RegisterRole {
        name: "Bert".into(),
        placement: Placement::Hidden,
    };
    let command = |act| store::testing::command(role, SystemClock.now(), act);
    door.submit(command(register)).await.expect("a role");
    for n in 0.. {
        let node = domain::id::NodeId(store::testing::id());
        door.submit(command(crate::support::knot(
            node,
            "Nebenan",
            place(n % 50),
        )))
        .await
        .expect("a knot");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
