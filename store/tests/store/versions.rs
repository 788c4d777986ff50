//! Every version of a knot is there to be read, as the log made it.

use std::collections::BTreeMap;

use domain::command::Act;
use domain::event::{Body, Event};
use domain::id::{NodeId, RoleId};
use domain::personal::Personal;
use domain::place::Place;
use domain::spool::Placement;
use domain::state::StreamId;
use domain::time::DAY_MS;
use domain::weave::{NodeKind, NodeVersion, Particulars, ParticularsChange, Picture};
use store::testing;
use store::weave::{read, rebuild, versions};

use crate::rooms::{living_house, settled, weave_at_random};
use crate::support::{House, place};

/// The histories of all knots as the log has them, the newest version first.
fn naive(log: &[Event]) -> BTreeMap<NodeId, Vec<NodeVersion>> {
    let text = |text: &Personal| text.readable().expect("opened").to_owned();
    let mut names: BTreeMap<RoleId, String> = BTreeMap::new();
    let mut histories: BTreeMap<NodeId, Vec<NodeVersion>> = BTreeMap::new();
    for event in log {
        match (&event.payload, event.stream) {
            (Body::RolleRegistriert { name, .. } | Body::RolleUmbenannt { name }, _) => {
                names.insert(name.of, text(name));
            }
            (
                Body::KnotenGeknuepft {
                    kind,
                    title,
                    text: words,
                    place,
                    starts_at,
                    particulars,
                },
                StreamId::Node(node),
            ) => {
                let version = NodeVersion {
                    version: 1,
                    role: title.of,
                    role_name: String::new(),
                    at: event.at,
                    kind: *kind,
                    title: text(title),
                    text: text(words),
                    place: *place,
                    starts_at: *starts_at,
                    particulars: particulars.clone(),
                    pictures: Vec::new(),
                };
                histories.insert(node, vec![version]);
            }
            (Body::BildHinzugefuegt { .. } | Body::BildEntfernt { .. }, StreamId::Node(node)) => {
                let history = histories.get_mut(&node).expect("it was knotted");
                let mut version = history[0].clone();
                version.version += 1;
                version.role = event.actor.role().expect("somebody");
                version.at = event.at;
                match &event.payload {
                    Body::BildHinzugefuegt { picture, alt } => version.pictures.push(Picture {
                        id: *picture,
                        alt: alt.as_ref().map(text).unwrap_or_default(),
                    }),
                    Body::BildEntfernt { picture } => {
                        version.pictures.retain(|shown| shown.id != *picture);
                    }
                    _ => {}
                }
                history.insert(0, version);
            }
            (
                Body::KnotenGeaendert {
                    kind,
                    title,
                    text: words,
                    place,
                    starts_at,
                    particulars,
                    ..
                },
                StreamId::Node(node),
                // What the system moves by itself is no version that somebody wrote.
            ) if event.tie.is_some() => {
                let history = histories.get_mut(&node).expect("it was knotted");
                let mut version = history[0].clone();
                version.version += 1;
                version.role = event.actor.role().expect("somebody");
                version.at = event.at;
                if let Some(kind) = kind {
                    version.kind = *kind;
                    version.starts_at = None;
                    version.particulars = Particulars::default();
                }
                if let Some(title) = title {
                    version.title = text(title);
                }
                if let Some(words) = words {
                    version.text = text(words);
                }
                version.place = place.unwrap_or(version.place);
                version.starts_at = starts_at.or(version.starts_at);
                version.particulars.change(particulars);
                history.insert(0, version);
            }
            _ => {}
        }
    }
    // Who is called otherwise today was so yesterday.
    for version in histories.values_mut().flatten() {
        version.role_name.clone_from(&names[&version.role]);
    }
    histories
}

async fn page(house: &House, node: NodeId, before: Option<u32>, limit: u16) -> Vec<NodeVersion> {
    let read = versions::page(&house.store, node, before, limit).await;
    read.expect("an answer")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_history_is_what_the_log_says() {
    let (house, clock) = living_house().await;
    weave_at_random(&house, &clock, 19, 200).await;
    settled(&house).await;
    let histories = naive(&house.log().await);
    let longest = histories.values().map(Vec::len).max();
    assert!(longest > Some(2), "some were changed: {longest:?}");
    for (node, history) in &histories {
        assert_eq!(&page(&house, *node, None, 1000).await, history, "{node}");
    }
    let rows = house.count("SELECT count(*) FROM node_versions_read").await;
    let told: usize = histories.values().map(Vec::len).sum();
    assert_eq!(rows, told as i64, "and nothing beside");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_history_is_read_in_pages_and_outlives_its_knot() {
    let (house, clock) = living_house().await;
    let anna = house.role("Anna", Placement::Hidden).await;
    let node = NodeId(testing::id());
    let start = house.store.now() + DAY_MS;
    let knot = Act::KnotNode {
        node,
        kind: NodeKind::Event,
        title: "Straßenfest".to_owned(),
        text: String::new(),
        place: place(0),
        starts_at: Some(start),
        particulars: Particulars::default(),
    };
    house.act(anna, knot).await.expect("a knot");
    let change = |based_on, kind, title: Option<String>, place: Option<Place>| Act::ChangeNode {
        node,
        based_on,
        kind,
        title,
        text: None,
        place,
        starts_at: None,
        particulars: ParticularsChange::default(),
    };
    for n in 1..6 {
        let title = Some(format!("Straßenfest {n}"));
        house
            .act(anna, change(n, None, title, None))
            .await
            .expect("a change");
    }
    clock.advance(DAY_MS);
    let over = change(6, Some(NodeKind::Place), None, Some(place(1)));
    house.act(anna, over).await.expect("it is over");
    house.woven().await;

    let all = page(&house, node, None, 20).await;
    let numbers: Vec<u32> = all.iter().map(|version| version.version).collect();
    assert_eq!(numbers, [7, 6, 5, 4, 3, 2, 1]);
    assert_eq!((all[0].kind, all[0].starts_at), (NodeKind::Place, None));
    assert_eq!(
        (all[1].kind, all[1].starts_at),
        (NodeKind::Event, Some(start))
    );
    assert_eq!((all[0].place, all[1].place), (place(1), place(0)));
    assert_eq!(page(&house, node, None, 3).await, all[..3]);
    assert_eq!(page(&house, node, Some(5), 3).await, all[3..6]);
    assert_eq!(page(&house, node, Some(2), 3).await, all[6..]);
    assert_eq!(page(&house, node, Some(u32::MAX), 1).await, all[..1]);
    for (node, before) in [(node, Some(1)), (node, Some(0)), (NodeId(anna.0), None)] {
        assert_eq!(page(&house, node, before, 3).await, []);
    }

    clock.advance(30 * DAY_MS);
    settled(&house).await;
    let row = read::nodes(&house.store, &[node]).await.expect("an answer");
    assert!(row[&node].dissolved_at.is_some() && row[&node].kind == NodeKind::Place);
    assert_eq!(page(&house, node, None, 20).await, all);
    rebuild::run(&house.store).await.expect("a rebuild");
    assert_eq!(page(&house, node, None, 20).await, all);
}
