//! The read models can be made anew, byte for byte, while the product runs.

use std::time::Duration;

use domain::id::NodeId;
use domain::spool::Placement;
use domain::time::DAY_MS;
use store::testing;
use store::weave::{read, rebuild};

use crate::rooms::{living_house, settled, weave_at_random, weave_in_steps};
use crate::support::{House, knot, place};

/// All rows of the read models as text.
async fn bytes(house: &House) -> Vec<String> {
    let mut connection = house.database.connection().await;
    sqlx::query_scalar(
        "SELECT t FROM (SELECT 'n' || n::text AS t FROM nodes_read n
             UNION ALL SELECT 't' || t::text FROM threads_read t UNION ALL SELECT 'r' || r::text FROM roles_read r
             UNION ALL SELECT 'p' || p::text FROM profiles_read p
             UNION ALL SELECT 'h' || h::text FROM node_versions_read h
             UNION ALL SELECT 'm' || m::text FROM messages_read m
             UNION ALL SELECT 's' || s::text FROM standings_read s UNION ALL SELECT 'v' || v::text FROM vouches_read v
             UNION ALL SELECT 'o' || o::text FROM community_read o
             UNION ALL SELECT 'c' || c::text FROM checkpoints c) AS rows ORDER BY t",
    )
    .fetch_all(&mut connection)
    .await
    .expect("rows")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rebuild_comes_to_the_same_bytes() {
    let (house, clock) = living_house().await;
    weave_at_random(&house, &clock, 11, 120).await;
    settled(&house).await;
    let live = bytes(&house).await;
    assert!(live.len() > 30);
    // What a broken projection might have left.
    let mut connection = house.database.connection().await;
    sqlx::query("UPDATE nodes_read SET title = 'falsch'")
        .execute(&mut connection)
        .await
        .expect("damage");
    for damage in [
        "DELETE FROM threads_read",
        "DELETE FROM standings_read",
        "UPDATE vouches_read SET given = 0",
    ] {
        sqlx::query(damage)
            .execute(&mut connection)
            .await
            .expect("damage");
    }
    assert_ne!(bytes(&house).await, live);
    let cursor = rebuild::run(&house.store).await.expect("a rebuild");
    assert_eq!(cursor, house.store.head().await.expect("a head"));
    assert_eq!(bytes(&house).await, live);
    assert_eq!(
        house
            .count("SELECT count(*) FROM pg_namespace WHERE nspname = 'rebuild'")
            .await,
        0
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_and_writers_go_on_during_a_rebuild() {
    let (house, clock) = living_house().await;
    let roles = weave_at_random(&house, &clock, 13, 60).await;
    settled(&house).await;
    let anna = house.role("Anna", Placement::Hidden).await;
    let room = place(0).cell().parent(9);
    house.node(anna, "Bleibt", place(0)).await;
    house.woven().await;

    let store = house.store.clone();
    let rebuilding = tokio::spawn(async move {
        for _ in 0..5 {
            rebuild::run(&store).await.expect("a rebuild");
        }
    });
    let mut written = 0;
    while !rebuilding.is_finished() {
        house
            .act(
                roles[0],
                knot(NodeId(testing::id()), "Unterdessen", place(written)),
            )
            .await
            .expect("a knot");
        written += 1;
        let (_, views) = read::rooms(&house.store, &[room.into()])
            .await
            .expect("a room");
        let seen = views[0].1.nodes.values().any(|node| node.title == "Bleibt");
        assert!(seen, "a reader saw the rows half-way");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    rebuilding.await.expect("rebuilds");
    settled(&house).await;
    let live = bytes(&house).await;
    rebuild::run(&house.store).await.expect("a rebuild");
    assert_eq!(
        bytes(&house).await,
        live,
        "after {written} knots in between"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_many_commands_and_without_its_tables_it_comes_to_the_same_bytes() {
    let (house, clock) = living_house().await;
    // Some fifty days: everything fades many times over.
    let commands = testing::at_length(1_000, 20_000);
    let step_ms = 50 * DAY_MS / commands as i64;
    let roles = weave_in_steps(&house, &clock, 17, commands, step_ms).await;
    let still = house.command(roles[0], knot(NodeId(testing::id()), "Bleibt", place(0)));
    settled(&house).await;
    let head = house.store.head().await.expect("a head");
    assert!(head.id > commands as i64 / 2, "most were accepted");
    let by_roles = "SELECT count(*) FROM events WHERE actor_id IS NOT NULL";
    let accepted = house.count(by_roles).await;
    assert!(accepted < commands as i64, "and some refused: {accepted}");
    for happened in [
        "SELECT count(*) FROM events WHERE type = 'FadenVerfallen'",
        "SELECT count(*) FROM events WHERE type = 'FadenEntzwirnt'",
        "SELECT count(*) FROM events WHERE type = 'KnotenAufgeloest'",
    ] {
        assert!(house.count(happened).await > 0, "{happened}: 0");
    }
    let projected = bytes(&house).await;
    rebuild::run(&house.store).await.expect("a rebuild");
    let rebuilt = bytes(&house).await;
    assert!(
        rebuilt == projected,
        "what was projected act by act differs"
    );

    let store = house.store.clone();
    let rebuilding = tokio::spawn(async move { rebuild::run(&store).await });
    while !rebuilding.is_finished() {
        let act = knot(NodeId(testing::id()), "Unterdessen", place(1));
        house.act(roles[0], act).await.expect("writes go on");
    }
    rebuilding.await.expect("a task").expect("a rebuild");
    settled(&house).await;
    let live = bytes(&house).await;
    rebuild::run(&house.store).await.expect("a rebuild");
    assert!(bytes(&house).await == live, "the rows differ");

    let mut connection = house.database.connection().await;
    sqlx::query(
        "DROP TABLE checkpoints, nodes_read, threads_read, roles_read, messages_read, profiles_read,
                    standings_read, vouches_read, community_read, node_versions_read",
    )
        .execute(&mut connection)
        .await
        .expect("all of it is thrown away");
    rebuild::run(&house.store).await.expect("a rebuild");
    assert!(bytes(&house).await == live, "the rows differ");
    // One that an older version did not have yet.
    sqlx::query("DROP TABLE profiles_read")
        .execute(&mut connection)
        .await
        .expect("one is missing");
    rebuild::run(&house.store).await.expect("a rebuild");
    assert!(bytes(&house).await == live, "the rows differ");
    house.door.submit(still).await.expect("life goes on");
    settled(&house).await;
    assert_ne!(bytes(&house).await.len(), live.len());
}
