//! The envelope of events, and the order in which they stand.

use domain::command::Act;
use domain::event::{Actor, Body, Tie};
use domain::spool::Placement;
use domain::state::StreamId;
use domain::weave::ThreadKind;
use store::log;

use crate::support::{House, place};

#[tokio::test]
async fn an_event_knows_who_when_where_and_of_which_story_it_is() {
    let house = House::new().await;
    let anna = house.role("Anna", Placement::Hidden).await;
    let bert = house.role("Bert", Placement::Hidden).await;
    let node = house.node(anna, "Apfelfest", place(0)).await;
    let thread = house.join(bert, node).await;
    house
        .act(bert, Act::twist(thread, node))
        .await
        .expect("yarn");

    let log = house.log().await;
    let ids: Vec<i64> = log.iter().map(|event| event.id).collect();
    assert_eq!(ids, [1, 2, 3, 4, 5], "gapless from one");
    assert!(log.windows(2).all(|pair| pair[0].at <= pair[1].at));
    let names: Vec<_> = log.iter().map(|event| event.payload.name()).collect();
    assert_eq!(
        names,
        [
            "RolleRegistriert",
            "RolleRegistriert",
            "KnotenGeknuepft",
            "KnotenBeigetreten",
            "FadenVerzwirnt"
        ]
    );
    let stories: Vec<i64> = log.iter().map(|event| event.correlation_id).collect();
    assert_eq!(
        stories,
        [1, 2, 3, 3, 3],
        "threads belong to their knot's story"
    );

    let (knot, join, twist) = (&log[2], &log[3], &log[4]);
    assert_eq!(knot.stream, StreamId::Node(node));
    assert_eq!(knot.actor, Actor::Role { role: anna });
    assert_eq!(knot.cell, Some(place(0).cell()));
    assert_eq!(knot.tie, Some(Tie::new(anna, ThreadKind::Create, node)));
    assert_eq!(join.stream, StreamId::Thread(thread));
    assert_eq!(join.tie, Some(Tie::new(bert, ThreadKind::Join, node)));
    assert_eq!((join.stream_version, twist.stream_version), (1, 2));
    assert_eq!(knot.stream_version, 1, "a tie does not raise it");
    assert!(
        log.iter()
            .all(|event| event.v == 1 && event.causation_id.is_none())
    );
    assert!(
        matches!(&knot.payload, Body::KnotenGeknuepft { title, .. } if title.readable() == Some("Apfelfest"))
    );
}

#[tokio::test]
async fn columns_say_the_same_as_the_json_they_stand_beside() {
    let house = House::new().await;
    let anna = house.role("Anna", Placement::Hidden).await;
    house.node(anna, "Apfelfest", place(0)).await;
    let odd = house
        .count(
            "SELECT count(*) FROM events WHERE type <> payload->>'type' OR actor_id <> (actor->>'role')::uuid
             OR jsonb_typeof(payload) <> 'object' OR jsonb_typeof(actor) <> 'object' OR actor->>'by' <> 'role'
             OR (type = 'KnotenGeknuepft') <> (h3_index IS NOT NULL) OR (tie IS NOT NULL) <> (h3_index IS NOT NULL)",
        )
        .await;
    assert_eq!(odd, 0);
    assert_eq!(house.count("SELECT count(*) FROM events").await, 2);
}

#[tokio::test]
async fn a_cursor_of_another_log_or_of_the_future_is_found_out() {
    let house = House::new().await;
    house.role("Anna", Placement::Hidden).await;
    let head = house.store.head().await.expect("a head");
    assert!(
        log::after(&house.store, head, 10)
            .await
            .expect("nothing yet")
            .is_empty()
    );
    let mut future = head;
    future.id += 1;
    let mut foreign = head;
    foreign.epoch = domain::id::Epoch(store::testing::id());
    // Made up: a number of this log at a time that it has not reached.
    let mut forged = head;
    forged.at = domain::time::Millis(i64::MAX);
    for cursor in [future, foreign, forged] {
        let answer = log::after(&house.store, cursor, 10).await;
        assert!(
            matches!(answer, Err(store::StoreError::CursorForeign { .. })),
            "{answer:?}"
        );
    }
}

#[tokio::test]
async fn what_a_newer_version_wrote_is_left_out_of_the_display_and_stops_whoever_must_not_miss_it()
{
    let house = House::new().await;
    let anna = house.role("Anna", Placement::Hidden).await;
    let mut connection = house.database.connection().await;
    for sql in [
        "INSERT INTO events (id, at, type, v, stream, stream_version, actor, actor_id, command_id, correlation_id, payload)
         SELECT id + 1, at, 'KuenftigesGeschehen', 1, stream, 2, actor, actor_id, command_id, id + 1,
                '{\"type\": \"KuenftigesGeschehen\"}' FROM events",
        "UPDATE log_head SET id = id + 1",
    ] {
        sqlx::query(sql).execute(&mut connection).await.expect(sql);
    }
    house.node(anna, "Idee", place(0)).await;
    let beginning = house.store.beginning();
    // Also one by one, where the page with it would be empty, and so the end.
    for limit in [1, 100] {
        let mut ids = Vec::new();
        let mut cursor = beginning;
        loop {
            let page = log::after(&house.store, cursor, limit)
                .await
                .expect("a page");
            let Some((last, _)) = page.last() else { break };
            cursor = *last;
            ids.extend(page.iter().map(|(_, event)| event.id));
        }
        assert_eq!(ids, [1, 3], "{limit}");
    }
    let strict = log::raw_after(&house.store, beginning, 100).await;
    assert!(strict.is_err(), "{strict:?}");
}
