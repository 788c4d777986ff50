//! The same source's thing again, and it is not what it was.

use domain::event::Body;
use domain::id::{NodeId, RoleId};
use domain::place::Place;
use domain::view::NodeRow;
use serde_json::json;

use crate::house::{House, features};

/// The knot that the source "krems" has of the feature with that number.
async fn knot(house: &House, n: u32) -> NodeRow {
    let node = NodeId::of_source(RoleId::of_source("krems"), &format!("n{n}"));
    let known = store::import::known(&house.store, &[node]).await;
    known.expect("rows").remove(&node).expect("the knot")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_differs_is_changed_once_and_nothing_else() {
    let house = House::new().await;
    tokio::spawn(store::weave::project::run(house.store.clone()));
    let mut features = features(100);
    let file = house.places("krems.geojson", &features);
    assert!(house.import(&file, &[]).is_success);
    let before = house.log().await.len();

    features[7]["properties"]["name"] = json!("Haus zum Siebten");
    features[8]["geometry"]["coordinates"] = json!([15.7, 48.42]);
    features[9]["properties"] = json!({ "name": "Haus 9" });
    let file = house.places("krems.geojson", &features);
    let said = house.import(&file, &[]);
    assert_eq!(
        (said.count("changed"), said.count("unchanged")),
        (3, 97),
        "{said:?}"
    );
    let log = house.log().await;
    let changes: Vec<&Body> = log[before..].iter().map(|event| &event.payload).collect();
    assert_eq!(changes.len(), 3, "{changes:?}");
    assert!(changes.iter().all(|body| body.name() == "KnotenGeaendert"));
    assert!(matches!(
        changes[0],
        Body::KnotenGeaendert {
            title: Some(_),
            text: None,
            place: None,
            left: None,
            ..
        }
    ));
    assert!(matches!(
        changes[1],
        Body::KnotenGeaendert {
            title: None,
            text: None,
            place: Some(_),
            left: Some(_),
            ..
        }
    ));
    assert!(matches!(
        changes[2],
        Body::KnotenGeaendert {
            title: None,
            text: Some(_),
            place: None,
            ..
        }
    ));

    let seventh = knot(&house, 7).await;
    assert_eq!(
        (seventh.title.as_str(), seventh.version),
        ("Haus zum Siebten", 2)
    );
    assert_eq!(
        knot(&house, 8).await.place,
        Place {
            lat: 484_200_000,
            lon: 157_000_000
        }
    );
    assert_eq!(knot(&house, 9).await.text, "");
    assert_eq!(house.import(&file, &[]).count("unchanged"), 100);
    assert_eq!(house.log().await.len(), log.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_changes_back_is_changed_back() {
    let house = House::new().await;
    tokio::spawn(store::weave::project::run(house.store.clone()));
    let first = features(2);
    let mut second = first.clone();
    second[1]["properties"]["name"] = json!("Ein anderes Haus");
    for (round, (features, title)) in [(&first, "Haus 1"), (&second, "Ein anderes Haus")]
        .iter()
        .cycle()
        .take(5)
        .enumerate()
    {
        let said = house.import(&house.places("krems.geojson", features), &[]);
        assert!(said.is_success, "{said:?}");
        assert_eq!(
            said.count("changed"),
            u64::from(round > 0),
            "round {round}: {said:?}"
        );
        let row = knot(&house, 1).await;
        assert_eq!(
            (row.title.as_str(), row.version as usize),
            (*title, round + 1)
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_that_somebody_else_was_quicker_with_is_looked_at_again() {
    let house = House::new().await;
    let mut features = features(400);
    let file = house.places("krems.geojson", &features);
    assert!(house.import(&file, &[]).is_success);
    for (n, feature) in features.iter_mut().enumerate() {
        feature["properties"]["name"] = json!(format!("Neues Haus {n}"));
    }
    let file = house.places("krems.geojson", &features);
    let imports = [house.begin(&file, &[]), house.begin(&file, &[])];
    for import in imports {
        let said = crate::house::Said::of(&import.wait_with_output().expect("its end"));
        assert!(said.is_success, "{said:?}");
        assert_eq!(
            said.count("changed") + said.count("unchanged"),
            400,
            "{said:?}"
        );
    }
    let log = house.log().await;
    let changes = log
        .iter()
        .filter(|event| event.payload.name() == "KnotenGeaendert");
    assert_eq!(changes.count(), 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kind_never_changes() {
    let house = House::new().await;
    let mut features = features(1);
    assert!(
        house
            .import(&house.places("krems.geojson", &features), &[])
            .is_success
    );
    features[0]["properties"]["weltgewebe:kind"] = json!("tool");
    let said = house.import(&house.places("krems.geojson", &features), &[]);
    assert_eq!(said.count("other-kind"), 1, "{said:?}");
}
