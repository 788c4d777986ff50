//! How one joined, since when, and what yarn covers: as the door decides it, the rows tell it and a rebuild finds it again.

use domain::command::Act;
use domain::id::{NodeId, ThreadId};
use domain::refusal::Refusal;
use domain::spool::Placement;
use domain::time::{DAY_MS, FADE_MS, Millis};
use domain::weave::{Covers, JoinLevel, NodeKind, ThreadKind};
use store::door::ImportDoor;
use store::testing;
use store::weave::{read, rebuild};

use crate::rooms::{living_house, settled};
use crate::support::{House, place};

fn change(node: NodeId, based_on: u32) -> Act {
    Act::ChangeNode {
        particulars: domain::weave::ParticularsChange::default(),
        node,
        based_on,
        kind: None,
        title: Some("Herbstfest".to_owned()),
        text: None,
        place: None,
        starts_at: None,
    }
}

/// When the knot's last hold ends.
async fn row_end(house: &House, node: NodeId) -> Millis {
    let found = read::nodes(&house.store, &[node]).await.expect("a read");
    found[&node].holds_until
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_newest_level_is_told_and_when_it_began() {
    let (house, clock) = living_house().await;
    let anna = house.role("Anna", Placement::Hidden).await;
    let ben = house.role("Ben", Placement::Hidden).await;
    let node = house.node(anna, "Sommerfest", place(0)).await;
    let thread = ThreadId::derive(ben, ThreadKind::Join, node);
    let began = house.store.now();
    for (nth, level) in [
        JoinLevel::Interest,
        JoinLevel::Responsibility,
        JoinLevel::Promise,
    ]
    .into_iter()
    .enumerate()
    {
        house
            .act(ben, Act::JoinNode { node, level })
            .await
            .expect("a thread");
        settled(&house).await;
        let found = read::thread(&house.store, thread).await.expect("a read");
        let (row, _) = found.expect("a thread");
        assert_eq!((row.level, row.acts), (Some(level), nth as u32 + 1));
        assert_eq!(row.since, (nth > 0).then_some(began));
        assert_eq!(row.drawn_at, began + nth as i64 * DAY_MS);
        clock.advance(DAY_MS);
    }
    let before = read::node(&house.store, node).await.expect("a read");
    rebuild::run(&house.store).await.expect("a rebuild");
    assert_eq!(
        read::node(&house.store, node).await.expect("a read"),
        before
    );
    // At whatever level, it held for seven days.
    let at = row_end(&house, node).await;
    clock.advance(7 * DAY_MS);
    assert_eq!(
        house.act(anna, Act::join(node)).await,
        Err(Refusal::NodeDissolved { at }.into())
    );
    assert_eq!(at, began + 2 * DAY_MS + FADE_MS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_yarn_covers_is_told_and_closed_to_others_until_it_is_opened() {
    let (house, _clock) = living_house().await;
    let anna = house.role("Anna", Placement::Hidden).await;
    let ben = house.weaver("Ben").await;
    let node = house.node(anna, "Sommerfest", place(0)).await;
    let thread = ThreadId::derive(anna, ThreadKind::Create, node);
    let target = node.into();
    let twist = Act::TwistThread {
        thread,
        target,
        covers: Some(Covers::ALL),
    };
    house.act(anna, twist).await.expect("yarn");
    assert_eq!(
        house.act(ben, change(node, 1)).await,
        Err(Refusal::NodeCovered.into())
    );
    let say = || Act::SendMessage {
        message: domain::id::MessageId(testing::id()),
        node,
        text: "Ich bringe Kuchen.".to_owned(),
        reply_to: None,
    };
    assert_eq!(
        house.act(ben, say()).await,
        Err(Refusal::TalkCovered.into())
    );
    settled(&house).await;
    let told = async || {
        let found = read::nodes(&house.store, &[node]).await.expect("a read");
        found[&node].facts().covers_of(thread)
    };
    assert_eq!(told().await, Some(Covers::ALL));
    let cover = Act::CoverYarn {
        thread,
        target,
        covers: Covers::NOTHING,
    };
    house.act(anna, cover).await.expect("another cover");
    house.act(ben, change(node, 1)).await.expect("a change");
    house.act(ben, say()).await.expect("a message");
    settled(&house).await;
    assert_eq!(told().await, Some(Covers::NOTHING));
    rebuild::run(&house.store).await.expect("a rebuild");
    assert_eq!(told().await, Some(Covers::NOTHING));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn imported_yarn_holds_and_leaves_all_open() {
    let (house, clock) = living_house().await;
    let ben = house.weaver("Ben").await;
    let mut door = ImportDoor::new(house.store.clone(), "krems");
    let source = door.role();
    let node = NodeId::of_source(source, "n1");
    let thread = ThreadId::derive(source, ThreadKind::Create, node);
    let acts = vec![
        Act::RegisterRole {
            name: "Krems".to_owned(),
            placement: Placement::Hidden,
        },
        Act::KnotNode {
            particulars: domain::weave::Particulars::default(),
            node,
            kind: NodeKind::Place,
            title: "Brunnen".to_owned(),
            text: String::new(),
            place: place(0),
            starts_at: None,
        },
        Act::twist(thread, node),
    ];
    for done in door.submit(acts).await {
        done.expect("an import");
    }
    clock.advance(30 * DAY_MS);
    house.act(ben, change(node, 1)).await.expect("a change");
    settled(&house).await;
    let found = read::nodes(&house.store, &[node]).await.expect("a read");
    let row = &found[&node];
    assert_eq!((&*row.title, row.dissolved_at), ("Herbstfest", None));
    assert_eq!(row.facts().covers_of(thread), Some(Covers::NOTHING));
}
