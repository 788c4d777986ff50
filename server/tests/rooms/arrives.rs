//! An act arrives where one looks, and nowhere else.

use domain::command::Act;
use domain::place::Cell;
use domain::wire::RoomWish;

use crate::listener::Listener;
use crate::stage::{HERE, Stage, THERE, around};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_knot_arrives_where_one_looks_and_not_in_another_town() {
    let stage = Stage::new().await;
    let instance = stage.instance().await;
    let ada = stage.role("Ada", Some(HERE)).await;
    let (mut here, mut there) = (
        Listener::connect(&instance).await,
        Listener::connect(&instance).await,
    );
    here.listen_to(&around(HERE, 9)).await;
    there.listen_to(&around(THERE, 9)).await;
    there.batches.clear();
    here.batches.clear();

    let (node, done) = stage.knot(ada, HERE).await;
    here.until(done).await;
    there.until(done).await;
    let room = HERE.cell().parent(9);
    assert!(here.rooms[&room].nodes.contains_key(&node));
    assert_eq!(here.rooms[&room].threads.len(), 1);
    // Two rows, one room, one message.
    assert_eq!(here.batches, [[room]]);
    assert!(there.batches.is_empty(), "{:?}", there.batches);
    here.assert_fresh(&stage, "the knot").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_instances_tell_the_same_and_who_changes_between_them_misses_nothing() {
    let stage = Stage::new().await;
    let (one, two) = (stage.instance().await, stage.instance().await);
    let cells = around(HERE, 8);
    let (mut first, mut second) = (Listener::connect(&one).await, Listener::connect(&two).await);
    first.listen_to(&cells).await;
    second.listen_to(&cells).await;
    let ada = stage.role("Ada", Some(HERE)).await;
    let (node, done) = stage.knot(ada, HERE).await;
    first.until(done).await;
    second.until(done).await;
    assert_eq!(first.rooms, second.rooms);
    first.assert_fresh(&stage, "the knot").await;

    // The first one's connection is gone; meanwhile something happens.
    let (cursor, rooms) = (first.cursor, first.rooms.clone());
    drop(first);
    let ben = stage.role("Ben", Some(HERE)).await;
    let done = stage.act(ben, Act::join(node)).await;
    second.until(done).await;
    let mut again = Listener::connect(&two).await;
    again.rooms = rooms;
    let wishes: Vec<RoomWish> = cells
        .iter()
        .map(|cell: &Cell| RoomWish {
            room: (*cell).into(),
            cursor,
        })
        .collect();
    again.wish(wishes).await;
    let answered = |listener: &Listener| listener.batches.iter().flatten().count() >= cells.len();
    while !answered(&again) {
        again.hear().await.expect("an open socket");
    }
    again.until(done).await;
    // The history of the second instance covers the gap.
    assert_eq!((again.fulls, again.patches), (0, 1));
    assert_eq!(again.rooms, second.rooms);
    again.assert_fresh(&stage, "coming back").await;
}
