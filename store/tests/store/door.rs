//! The door: batches, receipts, refusals.

use std::collections::BTreeSet;

use domain::command::Act;
use domain::id::{AccountId, NodeId, RoleId, ThreadId};
use domain::refusal::Refusal;
use domain::spool::Placement;
use domain::time::{DAY_MS, Millis};
use domain::weave::{NodeKind, Particulars, ParticularsChange, ThreadKind};
use store::door::{BATCH_MAX, Door, DoorError, Unavailable, WAITING_MAX};
use store::testing::{TestClock, TestDatabase};
use store::{spool, testing};

use crate::support::{House, knot, place};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_shares_transactions_up_to_the_bound() {
    let house = House::new().await;
    let anna = house.role("Anna", Placement::Hidden).await;
    let asked: Vec<_> = (0..300)
        .map(|n| {
            let command = house.command(anna, knot(NodeId(testing::id()), "Idee", place(n)));
            let door = house.door.clone();
            tokio::spawn(async move { door.submit(command).await })
        })
        .collect();
    let mut ids = BTreeSet::new();
    for answer in asked {
        ids.insert(answer.await.expect("a task").expect("a receipt").cursor.id);
    }
    assert_eq!(ids, (2..=301).collect(), "gapless, one for each");
    let transactions = house
        .count("SELECT count(DISTINCT xmin::text) FROM events WHERE id > 1")
        .await;
    assert!(
        transactions < 150,
        "{transactions} transactions for 300 commands"
    );
    let largest = house
        .count(
            "SELECT max(n) FROM (SELECT count(*) AS n FROM events GROUP BY xmin::text) AS batches",
        )
        .await;
    assert!(
        largest > 1 && largest <= BATCH_MAX as i64,
        "a batch of {largest}"
    );
}

#[tokio::test]
async fn commands_of_one_batch_see_the_ones_before_them() {
    let house = House::new().await;
    let anna = house.role("Anna", Placement::Hidden).await;
    let node = NodeId(testing::id());
    let (first, second) = (
        house.command(anna, knot(node, "Idee", place(0))),
        house.command(anna, Act::join(node)),
    );
    let third = house.command(anna, knot(node, "Noch eine", place(1)));
    let (first, second, third) = tokio::join!(
        house.door.submit(first),
        house.door.submit(second),
        house.door.submit(third)
    );
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(third, Err(DoorError::Refused(Refusal::NodeTaken)));
    let batches = house
        .count("SELECT count(DISTINCT xmin::text) FROM events WHERE id > 1")
        .await;
    assert_eq!(batches, 1, "they were one batch");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_parallel_sends_of_one_command_have_one_effect() {
    let house = House::new().await;
    let anna = house.role("Anna", Placement::Hidden).await;
    let command = house.command(anna, knot(NodeId(testing::id()), "Idee", place(0)));
    // Two doors, as two instances have.
    let doors = [
        house.door.clone(),
        Door::start(house.database.store().await),
    ];
    let asked: Vec<_> = (0..50)
        .map(|n| {
            let (door, command) = (doors[n % 2].clone(), command.clone());
            tokio::spawn(async move { door.submit(command).await })
        })
        .collect();
    let mut receipts = Vec::new();
    for answer in asked {
        receipts.push(answer.await.expect("a task").expect("a receipt"));
    }
    receipts.dedup();
    assert_eq!(receipts.len(), 1, "all hear the same");
    assert_eq!(
        house
            .count("SELECT count(*) FROM events WHERE id > 1")
            .await,
        1
    );
}

#[tokio::test]
async fn a_command_id_with_another_content_or_role_is_refused() {
    let house = House::new().await;
    let anna = house.role("Anna", Placement::Hidden).await;
    let bert = house.role("Bert", Placement::Hidden).await;
    let command = house.command(anna, knot(NodeId(testing::id()), "Idee", place(0)));
    let receipt = house.door.submit(command.clone()).await.expect("a receipt");
    let mut other_content = command.clone();
    other_content.act = knot(NodeId(testing::id()), "Idee", place(1));
    let mut other_role = command.clone();
    other_role.by = bert;
    for reused in [other_content, other_role] {
        assert_eq!(
            house.door.submit(reused).await,
            Err(Refusal::CommandReused.into())
        );
    }
    assert_eq!(
        house.door.submit(command).await,
        Ok(receipt),
        "the first stands"
    );
}

#[tokio::test]
async fn a_refusal_stands_also_when_its_reason_has_gone() {
    let house = House::new().await;
    let anna = house.role("Anna", Placement::Hidden).await;
    let node = NodeId(testing::id());
    let join = house.command(anna, Act::join(node));
    assert_eq!(
        house.door.submit(join.clone()).await,
        Err(Refusal::NodeUnknown.into())
    );
    house
        .act(anna, knot(node, "Idee", place(0)))
        .await
        .expect("now there is one");
    assert_eq!(
        house.door.submit(join.clone()).await,
        Err(Refusal::NodeUnknown.into())
    );
    let nobody = RoleId(testing::id());
    let kept = "SELECT count(*) FROM receipts WHERE refusal IS NOT NULL";
    assert_eq!(house.count(kept).await, 1);
    assert_eq!(
        house.act(nobody, Act::join(node)).await,
        Err(Refusal::RoleUnknown.into())
    );
    assert_eq!(house.count(kept).await, 1, "who has no role fills no table");
}

#[tokio::test]
async fn everything_is_there_after_a_restart() {
    let house = House::new().await;
    let anna = house.role("Anna", Placement::Hidden).await;
    let command = house.command(anna, knot(NodeId(testing::id()), "Idee", place(0)));
    let receipt = house.door.submit(command.clone()).await.expect("a receipt");
    let (epoch, log) = (house.store.epoch(), house.log().await);
    house.store.close().await;
    let again = house.database.store().await;
    assert_eq!(again.epoch(), epoch);
    let house = House::of(house.database, again);
    assert_eq!(house.log().await, log);
    assert_eq!(house.door.submit(command).await, Ok(receipt));
}

#[tokio::test]
async fn an_account_gets_one_role_however_often_it_asks() {
    let house = House::new().await;
    let account = account(&house, "anna@example.org").await;
    let act = |name: &str| Act::RegisterRole {
        name: name.to_owned(),
        placement: Placement::Hidden,
    };
    let first = house.command(RoleId(testing::id()), act("Anna"));
    let second = house.command(RoleId(testing::id()), act("Anna zwei"));
    let (once, twice, other) = tokio::join!(
        house.door.submit_registering(account, first.clone()),
        house.door.submit_registering(account, first.clone()),
        house.door.submit_registering(account, second),
    );
    assert!(once.is_ok());
    assert_eq!(once, twice);
    assert_eq!(other, Err(Refusal::RoleTaken.into()));
    let bound = house
        .count("SELECT count(*) FROM accounts WHERE role IS NOT NULL")
        .await;
    assert_eq!(bound, 1);
    assert_eq!(house.log().await.len(), 1);
}

async fn account(house: &House, email: &str) -> AccountId {
    let token = testing::sign_in(&house.store, email).await;
    let session = spool::session(&house.store, &token).await;
    session.expect("a database").expect("a session").account
}

#[tokio::test]
async fn a_command_older_than_receipts_are_kept_is_refused() {
    let house = House::new().await;
    let anna = house.role("Anna", Placement::Hidden).await;
    let mut command = house.command(anna, knot(NodeId(testing::id()), "Idee", place(0)));
    let issued_at = command.issued_at;
    for off in [-1, 1] {
        command.issued_at = issued_at + off * (store::door::RECEIPTS_KEPT_MS + 60_000);
        assert_eq!(
            house.door.submit(command.clone()).await,
            Err(Refusal::CommandExpired.into())
        );
    }
}

#[tokio::test]
async fn a_command_from_the_future_has_a_receipt_for_as_long_as_it_may_come_again() {
    let database = TestDatabase::new().await;
    let clock = TestClock::new(Millis(1_795_608_000_000));
    let store = database.store_with(clock.clone()).await;
    let house = House::of(database, store);
    let anna = house.role("Anna", Placement::Hidden).await;
    let mut command = house.command(anna, knot(NodeId(testing::id()), "Idee", place(0)));
    let ahead = 80 * DAY_MS;
    command.issued_at = command.issued_at + ahead;
    let receipt = house.door.submit(command.clone()).await.expect("a receipt");
    // Days pass for the door as well, so that its clock guard sees no jump.
    clock.advance(store::door::RECEIPTS_KEPT_MS + ahead - 1);
    store::sweep::once(&house.store).await.expect("a sweep");
    assert_eq!(house.door.submit(command.clone()).await, Ok(receipt));
    clock.advance(60_000);
    store::sweep::once(&house.store).await.expect("a sweep");
    assert_eq!(
        house.door.submit(command).await,
        Err(Refusal::CommandExpired.into())
    );
}

#[tokio::test]
async fn a_full_door_says_so_at_once() {
    let house = House::new().await;
    let anna = house.role("Anna", Placement::Hidden).await;
    // Nobody appends while this thread does not yield: the door fills up.
    let mut asked: Vec<_> = (0..WAITING_MAX + 300)
        .map(|n| Box::pin(house.act(anna, knot(NodeId(testing::id()), "Idee", place(n as i32)))))
        .collect();
    let mut full = 0;
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    for future in &mut asked {
        if let std::task::Poll::Ready(Err(DoorError::Unavailable(Unavailable::Full))) =
            future.as_mut().poll(&mut context)
        {
            full += 1;
        }
    }
    assert_eq!(full, 300);
}

#[tokio::test]
async fn what_no_rule_allows_is_refused_by_its_name_and_leaves_nothing() {
    let house = House::new().await;
    let anna = house.weaver("Anna").await;
    let ben = house.role("Ben", Placement::Hidden).await;
    let node = house.node(anna, "Idee", place(0)).await;
    house.act(ben, Act::join(node)).await.expect("a thread");
    let thread = ThreadId::derive(ben, ThreadKind::Join, node);
    house
        .act(ben, Act::twist(thread, node))
        .await
        .expect("yarn");
    let covered = house.node(ben, "Werkstatt", place(0)).await;
    let create = ThreadId::derive(ben, ThreadKind::Create, covered);
    house
        .act(ben, Act::twist(create, covered))
        .await
        .expect("yarn that covers");
    let new = |kind, starts_at| Act::KnotNode {
        node: NodeId(testing::id()),
        kind,
        title: "Fest".to_owned(),
        text: String::new(),
        place: place(1),
        starts_at,
        particulars: Particulars::default(),
    };
    let now = house.store.now();
    let own = ThreadId::derive(anna, ThreadKind::Create, node);
    let unknown = ThreadId::derive(anna, ThreadKind::Talk, node);
    let cases = [
        (
            Act::RenameRole {
                name: " ".to_owned(),
            },
            Refusal::NameLength { max: 60, got: 0 },
        ),
        (
            new(NodeKind::Idea, Some(now + DAY_MS)),
            Refusal::StartWithoutEvent,
        ),
        (new(NodeKind::Event, None), Refusal::StartMissing),
        (
            new(NodeKind::Event, Some(now + -DAY_MS)),
            Refusal::StartOutOfRange,
        ),
        (new(NodeKind::Structure, None), Refusal::StructureByHand),
        (Act::twist(unknown, node), Refusal::ThreadUnknown),
        (
            Act::UntwistThread {
                thread: own,
                target: node.into(),
            },
            Refusal::NotTwisted,
        ),
        (Act::twist(thread, node), Refusal::NotYours),
        (
            Act::ChangeNode {
                node: covered,
                based_on: 1,
                kind: None,
                title: Some("Anders".to_owned()),
                text: None,
                place: None,
                starts_at: None,
                particulars: ParticularsChange::default(),
            },
            Refusal::NodeCovered,
        ),
    ];
    let before = house.log().await.len();
    for (act, refusal) in cases {
        assert_eq!(house.act(anna, act).await, Err(refusal.into()));
    }
    assert_eq!(house.log().await.len(), before);
}
