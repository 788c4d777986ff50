//! The community and its permanent knots, on a real database.

use domain::command::Act;
use domain::event::{Actor, Body};
use domain::id::NodeId;
use domain::place::Place;
use domain::spool::Placement;
use domain::weave::{NodeKind, Structure};
use store::door::Door;
use store::spool::community;
use store::weave::{read, rebuild};

use crate::support::{House, place};

fn describe(name: Option<&str>, centre: Option<Place>, radius_m: Option<u32>) -> Act {
    Act::DescribeCommunity {
        name: name.map(str::to_owned),
        centre,
        radius_m,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_instances_that_start_at_once_found_one_parlour() {
    let house = House::new().await;
    house.weave();
    let other = Door::start(house.database.store().await);
    let (here, there) = (place(0), place(9));
    let (one, two) = tokio::join!(
        house.door.found(Structure::Parlour, here, false),
        other.found(Structure::Parlour, there, false)
    );
    one.expect("it is there");
    two.expect("it is there");
    // A start that comes much later has nothing to do either.
    house
        .door
        .found(Structure::Parlour, there, false)
        .await
        .expect("it is there");
    let log = house.log().await;
    let [founded] = log.as_slice() else {
        panic!("one event: {log:?}")
    };
    assert!(matches!(founded.actor, Actor::System { .. }));
    let Body::StrukturGegruendet {
        structure,
        place: founded_at,
    } = founded.payload
    else {
        panic!("a structure")
    };
    assert_eq!(structure, Structure::Parlour);

    house.woven().await;
    let (row, threads) = read::node(&house.store, NodeId::of_structure(Structure::Parlour))
        .await
        .expect("an answer")
        .expect("a knot");
    assert_eq!(
        (row.kind, &*row.title, row.place),
        (NodeKind::Structure, "Nähstübchen", founded_at)
    );
    assert!(threads.is_empty() && row.owner_name.is_empty());
    // What is there by itself is not where the map begins.
    assert_eq!(
        read::newest_place(&house.store).await.expect("an answer"),
        None
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_parlour_and_all_threads_to_it_move_with_the_centre() {
    let house = House::new().await;
    house.weave();
    let anna = house
        .role("Anna", Placement::Exact { place: place(3) })
        .await;
    house
        .door
        .found(Structure::Parlour, place(0), false)
        .await
        .expect("a parlour");
    let parlour = NodeId::of_structure(Structure::Parlour);
    let thread = house.join(anna, parlour).await;
    // Whoever runs the house says where, at two starts.
    for _ in 0..2 {
        (house.door.found(Structure::Parlour, place(12), true).await).expect("a place");
    }
    house.woven().await;
    let row = read::node(&house.store, parlour).await.expect("an answer");
    let (row, _) = row.expect("a knot");
    assert_eq!((row.place, row.version), (place(12), 2));

    let to = place(30);
    house
        .order(describe(Some("Steiner Tor"), Some(to), Some(700)))
        .await
        .expect("a centre");
    house.woven().await;
    let (row, threads) = read::node(&house.store, parlour)
        .await
        .expect("an answer")
        .expect("a knot");
    assert_eq!((row.place, row.version), (to, 3));
    assert_eq!((threads[0].id, threads[0].to), (thread, Some(to)));

    house
        .order(Act::SetVouches { needed: 1 })
        .await
        .expect("a number");
    house
        .order(describe(None, None, Some(900)))
        .await
        .expect("a radius");
    house.woven().await;
    let live = community(&house.store).await.expect("an answer");
    assert_eq!(
        (&*live.name, live.centre, live.radius_m, live.vouches_needed),
        ("Steiner Tor", Some(to), Some(900), 1)
    );
    rebuild::run(&house.store).await.expect("a rebuild");
    assert_eq!(community(&house.store).await.expect("an answer"), live);
}
