//! Redis is replaceable: whatever becomes of it, what happens arrives.

use std::time::Duration;

use server::rooms::Status;

use crate::listener::Listener;
use crate::stage::{HERE, Instance, OwnRedis, PATIENCE, Stage, around};

async fn healthy(instance: &Instance, wanted: bool) -> Status {
    let wait = async {
        while instance.rooms.status().bus_healthy != wanted {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, wait)
        .await
        .expect("the bus changes its state in time");
    instance.rooms.status()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_happens_arrives_without_redis_and_the_bus_heals() {
    let mut redis = OwnRedis::start().await;
    let stage = Stage::with_redis(&redis.url()).await;
    let instance = stage.instance().await;
    let mut listener = Listener::connect(&instance).await;
    listener.listen_to(&around(HERE, 9)).await;
    let ada = stage.role("Ada", Some(HERE)).await;
    let (_, done) = stage.knot(ada, HERE).await;
    listener.until(done).await;
    healthy(&instance, true).await;
    assert_ne!(redis.ask(&["KEYS", "wg:*:events"]).await, "");

    // Nothing on the bus says a name or a text.
    let key = redis.ask(&["KEYS", "wg:*:events"]).await;
    let stream = redis.ask(&["XRANGE", &key, "-", "+"]).await;
    assert!(
        stream.contains("KnotenGeknuepft")
            && !stream.contains("Ada")
            && !stream.contains("Nähtreff")
    );

    redis.kill();
    let (node, done) = stage.knot(ada, HERE).await;
    listener.until(done).await;
    assert!(
        listener.rooms[&HERE.cell().parent(9)]
            .nodes
            .contains_key(&node)
    );
    let status = healthy(&instance, false).await;
    assert!(status.fallbacks > 0);

    // It comes back with nothing in it.
    redis.begin().await;
    let (_, done) = stage.knot(ada, HERE).await;
    listener.until(done).await;
    healthy(&instance, true).await;

    redis.ask(&["FLUSHALL"]).await;
    let (_, done) = stage.knot(ada, HERE).await;
    listener.until(done).await;
    listener.assert_fresh(&stage, "FLUSHALL").await;
    assert_eq!(listener.rooms[&HERE.cell().parent(9)].nodes.len(), 4);
    healthy(&instance, true).await;
}
