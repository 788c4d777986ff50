//! Others write while an import does.

use std::collections::BTreeSet;

use domain::command::Act;
use domain::id::{AccountId, NodeId, RoleId};
use domain::place::Place;
use domain::refusal::Refusal;
use domain::spool::Placement;
use domain::weave::{NodeKind, Particulars};
use store::door::{Door, DoorError};
use store::spool;
use store::testing::{command, id};

use crate::house::{House, count, features, imported};

fn knot(node: NodeId) -> Act {
    Act::KnotNode {
        node,
        kind: NodeKind::Idea,
        title: "Von Hand".to_owned(),
        text: String::new(),
        place: Place {
            lat: 484_100_000,
            lon: 156_100_000,
        },
        starts_at: None,
        particulars: Particulars::default(),
    }
}

fn register(name: &str) -> Act {
    Act::RegisterRole {
        name: name.to_owned(),
        placement: Placement::Hidden,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_writer_and_an_import_share_the_log_without_a_gap() {
    let house = House::new().await;
    let file = house.places("krems.geojson", &features(1000));
    let door = Door::start(house.store.clone());
    let anna = RoleId(id());
    let now = house.store.now();
    door.submit(command(anna, now, register("Anna")))
        .await
        .expect("a role");
    let mut import = house.begin(&file, &[]);
    let mut by_hand = BTreeSet::new();
    while import.try_wait().expect("its state").is_none() {
        let node = NodeId(id());
        door.submit(command(anna, house.store.now(), knot(node)))
            .await
            .expect("a knot");
        by_hand.insert(node);
    }
    let said = crate::house::Said::of(&import.wait_with_output().expect("its end"));
    assert!(said.is_success, "{said:?}");
    assert_eq!(said.count("knotted"), 1000);
    let log = house.log().await;
    let ids: Vec<i64> = log.iter().map(|event| event.id).collect();
    assert_eq!(ids, (1..=log.len() as i64).collect::<Vec<_>>());
    assert!(log.is_sorted_by_key(|event| event.at));
    assert_eq!(count(&imported(&log), "KnotenGeknuepft"), 1000);
    assert_eq!(log.len(), 1 + by_hand.len() + 1 + 2 * 1000);
    let first = log
        .iter()
        .position(|event| event.actor.role() != Some(anna));
    let last = log
        .iter()
        .rposition(|event| event.actor.role() != Some(anna));
    let between = &log[first.expect("the import's")..last.expect("the import's")];
    let woven = between
        .iter()
        .filter(|event| event.actor.role() == Some(anna))
        .count();
    assert!(woven > 0, "nobody wrote in between");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_imports_of_one_source_at_once_double_nothing() {
    let house = House::new().await;
    let file = house.places("krems.geojson", &features(600));
    let imports = [house.begin(&file, &[]), house.begin(&file, &[])];
    for import in imports {
        let said = crate::house::Said::of(&import.wait_with_output().expect("its end"));
        assert!(said.is_success, "{said:?}");
        assert_eq!(
            said.count("knotted") + said.count("unchanged"),
            600,
            "{said:?}"
        );
    }
    assert_eq!(house.log().await.len(), 1 + 2 * 600);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobodys_role_and_nobodys_knot_is_taken_over() {
    let house = House::new().await;
    let door = Door::start(house.store.clone());
    let now = house.store.now();
    // Whoever knows how ids are made can be first with one.
    let anna = RoleId(id());
    door.submit(command(anna, now, register("Anna")))
        .await
        .expect("a role");
    let node = NodeId::of_source(RoleId::of_source("krems"), "n1");
    door.submit(command(anna, now, knot(node)))
        .await
        .expect("a knot");
    let file = house.places("krems.geojson", &features(3));
    let said = house.import(&file, &[]);
    assert_eq!(
        (said.count("knotted"), said.count("foreign")),
        (2, 1),
        "{said:?}"
    );

    let (account, role) = (account(&house).await, RoleId::of_source("stein"));
    let refused = door
        .submit_registering(account, command(role, now, register("Schlau")))
        .await;
    assert_eq!(refused.err(), Some(DoorError::Refused(Refusal::RoleTaken)));
    let said = house.import(&file, &["--source", "stein"]);
    assert!(said.is_success, "{said:?}");
}

/// Somebody who has signed in.
async fn account(house: &House) -> AccountId {
    let token = store::testing::sign_in(&house.store, "schlau@weben.test").await;
    let session = spool::session(&house.store, &token)
        .await
        .expect("an answer");
    session.expect("a session").account
}
