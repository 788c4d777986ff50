//! Redis is replaceable: whatever becomes of it, what happens arrives.

use std::time::{Duration, Instant};

use domain::id::RoleId;
use nix::sys::signal::Signal;
use server::rooms::Status;
use store::testing::TestDatabase;

use crate::listener::Listener;
use crate::redis::OwnRedis;
use crate::stage::{HERE, Instance, PATIENCE, Stage, around};

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

/// Somebody who listens while somebody acts, over a Redis to be broken.
struct Scene {
    redis: OwnRedis,
    stage: Stage,
    instance: Instance,
    listener: Listener,
    ada: RoleId,
    knots: usize,
}

impl Scene {
    async fn new() -> Self {
        let redis = OwnRedis::start().await;
        let stage = Stage::with_redis(&redis.url()).await;
        let instance = stage.instance().await;
        let mut listener = Listener::connect(&instance).await;
        listener.listen_to(&around(HERE, 9)).await;
        let ada = stage.role("Ada", Some(HERE)).await;
        let mut scene = Self {
            redis,
            stage,
            instance,
            listener,
            ada,
            knots: 0,
        };
        scene.goes_on().await;
        healthy(&scene.instance, true).await;
        scene
    }

    /// An act has its answer and arrives, whatever the bus does meanwhile.
    async fn goes_on(&mut self) {
        let (node, done) = self.stage.knot(self.ada, HERE).await;
        self.knots += 1;
        self.listener.until(done).await;
        let room = &self.listener.rooms[&HERE.cell().parent(9)];
        assert!(room.nodes.contains_key(&node));
        assert_eq!(room.nodes.len(), self.knots, "each once");
    }

    async fn heals(mut self, after: &str) {
        self.goes_on().await;
        healthy(&self.instance, true).await;
        self.goes_on().await;
        self.listener.assert_fresh(&self.stage, after).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_8_flushed_in_a_loop() {
    let mut scene = Scene::new().await;
    for _ in 0..5 {
        scene.redis.ask(&["FLUSHALL"]).await;
        scene.goes_on().await;
    }
    scene.heals("a flood of FLUSHALL").await;
}

/// Frozen for five seconds: nobody who acts or listens waits for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_9_frozen() {
    let mut scene = Scene::new().await;
    scene.redis.signal(Signal::SIGSTOP);
    let since = Instant::now();
    // Longer than anyone waits for it.
    while since.elapsed() < Duration::from_secs(5) {
        scene.goes_on().await;
    }
    healthy(&scene.instance, false).await;
    scene.redis.signal(Signal::SIGCONT);
    scene.heals("a frozen Redis").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_10_out_of_memory_and_evicting() {
    for policy in ["noeviction", "allkeys-lru"] {
        let mut scene = Scene::new().await;
        scene
            .redis
            .ask(&["CONFIG", "SET", "maxmemory-policy", policy])
            .await;
        let full = scene.redis.ask(&["CONFIG", "SET", "maxmemory", "1"]).await;
        assert_eq!(full, "OK");
        for _ in 0..3 {
            scene.goes_on().await;
        }
        scene.redis.ask(&["CONFIG", "SET", "maxmemory", "0"]).await;
        scene.heals(policy).await;
    }
}

/// Two relays feed one bus: whoever is second finds each event there, and nothing comes twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_12_two_relays_at_once() {
    let mut scene = Scene::new().await;
    let other = scene.stage.instance().await;
    let mut second = Listener::connect(&other).await;
    second.listen_to(&around(HERE, 9)).await;
    for _ in 0..3 {
        scene.goes_on().await;
    }
    let at = scene.listener.cursor.expect("a cursor");
    second.until(at).await;
    assert_eq!(second.rooms, scene.listener.rooms);
    let key = scene.redis.ask(&["KEYS", "wg:*:events"]).await;
    let length = scene.redis.ask(&["XLEN", &key]).await;
    assert_eq!(length, at.id.to_string(), "each event once");
    scene.heals("two relays").await;
}

/// The database is brought back to an older state, with or without a new epoch; Redis has seen more than that.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_11_the_bus_is_ahead_of_a_database_that_was_brought_back() {
    let mut scene = Scene::new().await;
    for _ in 0..5 {
        scene.goes_on().await;
    }
    let epoch = scene.stage.store.epoch();
    scene.instance.shutdown.request();
    scene.instance.rooms.stopped().await;
    let redis = scene.redis;
    let older = TestDatabase::new().await;
    older.of_epoch(epoch).await;
    for database in [older, TestDatabase::new().await] {
        let stage = Stage::on(database, &redis.url()).await;
        let instance = stage.instance().await;
        let mut listener = Listener::connect(&instance).await;
        listener.listen_to(&around(HERE, 9)).await;
        let ada = stage.role("Ada", Some(HERE)).await;
        for _ in 0..3 {
            let (_, done) = stage.knot(ada, HERE).await;
            listener.until(done).await;
        }
        healthy(&instance, true).await;
        let (_, done) = stage.knot(ada, HERE).await;
        listener.until(done).await;
        listener.assert_fresh(&stage, "an older database").await;
        assert_eq!(listener.rooms[&HERE.cell().parent(9)].nodes.len(), 4);
        instance.shutdown.request();
        instance.rooms.stopped().await;
    }
}
