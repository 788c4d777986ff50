//! Who does not take what is sent gets less, and delays nobody.

use std::time::Duration;

use domain::command::Act;
use domain::id::{NodeId, RoleId};
use domain::place::Place;
use domain::weave::NodeKind;
use domain::wire::CloseCode;
use server::rooms::Patience;
use store::testing::{command, id};

use crate::listener::{Closed, Listener, request};
use crate::stage::{HERE, PATIENCE, Stage, around};

/// So many knots with so long texts that a few rounds fill every buffer on the way.
async fn much(stage: &Stage, by: RoleId) -> domain::cursor::Cursor {
    let mut last = None;
    let knots: Vec<_> = (0..120)
        .map(|i| {
            let act = Act::KnotNode {
                node: NodeId(id()),
                kind: NodeKind::Idea,
                title: format!("Knoten {i}"),
                text: "x".repeat(4000),
                place: Place {
                    lat: HERE.lat + i,
                    ..HERE
                },
                starts_at: None,
                particulars: domain::weave::Particulars::default(),
            };
            let (door, command) = (stage.door.clone(), command(by, stage.store.now(), act));
            tokio::spawn(async move { door.submit(command).await.expect("an accepted act").cursor })
        })
        .collect();
    for knot in knots {
        let cursor = knot.await.expect("an answer");
        if last.is_none_or(|last: domain::cursor::Cursor| cursor.id > last.id) {
            last = Some(cursor);
        }
    }
    last.expect("knots")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_takes_nothing_at_all_is_closed_and_told_why() {
    let stage = Stage::new().await;
    let instance = stage
        .patient_instance(Patience {
            sending: Duration::from_millis(300),
            closing: PATIENCE,
            ..Patience::default()
        })
        .await;
    let ada = stage.role("Ada", Some(HERE)).await;
    let cells = around(HERE, 9);
    let mut stuck = Listener::with(&instance, request(instance.address), Some(4096))
        .await
        .expect("a handshake");
    stuck.listen_to(&cells).await;
    let mut quick = Listener::connect(&instance).await;
    quick.listen_to(&cells).await;
    // Until the hub has let go of it: it sits in its close by then.
    let mut rounds = 0;
    while instance.rooms.status().listening > 1 {
        let cursor = much(&stage, ada).await;
        quick.until(cursor).await;
        rounds += 1;
        assert!(rounds < 60, "every buffer takes more than that");
    }
    assert_eq!(stuck.end().await, Closed(Some(CloseCode::TooSlow.code())));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_client_comes_back_to_full_states_and_delays_nobody() {
    let stage = Stage::new().await;
    // A machine that is busy otherwise takes a while for the rounds, in which nothing is taken.
    let instance = stage
        .patient_instance(Patience {
            sending: PATIENCE,
            ..Patience::default()
        })
        .await;
    let ada = stage.role("Ada", Some(HERE)).await;
    let cells = around(HERE, 9);
    let mut slow = Listener::with(&instance, request(instance.address), Some(4096))
        .await
        .expect("a handshake");
    slow.listen_to(&cells).await;
    let mut quick = Listener::connect(&instance).await;
    quick.listen_to(&cells).await;
    let fulls = slow.fulls;

    // Until what the slow one, which reads nothing, has not taken waits for it; then once more.
    let mut rounds = 0;
    let mut is_stuck = false;
    let done = loop {
        let cursor = much(&stage, ada).await;
        quick.until(cursor).await;
        rounds += 1;
        let room = HERE.cell().parent(9);
        assert_eq!(quick.rooms[&room].nodes.len(), rounds * 120);
        if is_stuck {
            break cursor;
        }
        is_stuck = instance.rooms.status().queued_bytes > 0;
        assert!(rounds < 12, "every buffer takes more than that");
    };

    slow.until(done).await;
    assert!(slow.fulls > fulls, "nothing was left out");
    // On a busy machine the quick one may be late for a moment, too, but not in each round, in which one room changes.
    assert!(
        quick.fulls - cells.len() < rounds,
        "{} for who reads",
        quick.fulls
    );
    assert_eq!(slow.rooms, quick.rooms);
}
