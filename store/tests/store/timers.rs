//! Deadlines: threads fade and knots come undone once, whoever runs the timer and whenever.

use std::sync::Arc;

use domain::command::{Act, Due};
use domain::event::{Actor, Body};
use domain::id::ThreadId;
use domain::refusal::Refusal;
use domain::spool::Placement;
use domain::state::StreamId;
use domain::time::{FADE_MS, Millis};
use domain::weave::ThreadKind;
use store::deadlines;
use store::door::Door;
use store::testing::{TestClock, TestDatabase};

use crate::support::{House, place, until};

const NOON: Millis = Millis(1_795_608_000_000);

async fn house() -> (House, Arc<TestClock>) {
    let database = TestDatabase::new().await;
    let clock = TestClock::new(NOON);
    let store = database.store_with(clock.clone()).await;
    (House::of(database, store), clock)
}

#[tokio::test]
async fn a_thread_fades_and_its_knot_comes_undone_once_with_two_instances() {
    let (house, clock) = house().await;
    let anna = house.role("Anna", Placement::Hidden).await;
    let node = house.node(anna, "Idee", place(0)).await;
    let second = house.database.store_with(clock.clone()).await;
    tokio::spawn(deadlines::run(house.store.clone(), house.door.clone()));
    tokio::spawn(deadlines::run(second.clone(), Door::start(second)));

    clock.advance(FADE_MS - 1);
    tokio::task::yield_now().await;
    assert_eq!(house.log().await.len(), 2, "not a moment too early");
    clock.advance(1);
    until("both deadlines", async || {
        house.count("SELECT count(*) FROM deadlines").await == 0
    })
    .await;
    // Whatever the second one asked for at the same time has been answered by then.
    let _ = house.act(anna, Act::join(node)).await;
    let log = house.log().await;
    let names: Vec<_> = log
        .iter()
        .skip(2)
        .map(|event| event.payload.name())
        .collect();
    assert_eq!(names, ["FadenVerfallen", "KnotenAufgeloest"]);
    for event in &log[2..] {
        assert_eq!(
            event.actor,
            Actor::System {
                because: "deadline".to_owned()
            }
        );
        assert_eq!(event.causation_id, Some(2), "the act that set it");
        assert_eq!(event.correlation_id, 2);
        assert_eq!(event.at, NOON + FADE_MS);
    }
}

#[tokio::test]
async fn what_fell_due_while_nothing_ran_is_done_at_start_and_counted_as_ended_before() {
    let (house, clock) = house().await;
    let anna = house.role("Anna", Placement::Hidden).await;
    let node = house.node(anna, "Idee", place(0)).await;
    clock.advance(3 * FADE_MS);
    assert_eq!(
        house.act(anna, Act::join(node)).await,
        Err(Refusal::NodeDissolved { at: NOON + FADE_MS }.into()),
        "the rule holds without the timer"
    );
    tokio::spawn(deadlines::run(house.store.clone(), house.door.clone()));
    until("both deadlines", async || {
        house.count("SELECT count(*) FROM deadlines").await == 0
    })
    .await;
    assert_eq!(house.log().await.len(), 4);
}

#[tokio::test]
async fn an_act_moves_the_deadline_and_yarn_ends_it() {
    let (house, clock) = house().await;
    let anna = house.role("Anna", Placement::Hidden).await;
    let node = house.node(anna, "Idee", place(0)).await;
    tokio::spawn(deadlines::run(house.store.clone(), house.door.clone()));
    clock.advance(FADE_MS / 2);
    let thread = house.join(anna, node).await;
    house
        .act(anna, Act::twist(thread, node))
        .await
        .expect("yarn");
    clock.advance(FADE_MS);
    until("the first thread's end", async || {
        house.count("SELECT count(*) FROM deadlines").await == 0
    })
    .await;
    let ended: Vec<_> = house
        .log()
        .await
        .into_iter()
        .filter(|event| {
            matches!(
                event.payload,
                Body::FadenVerfallen { .. } | Body::KnotenAufgeloest { .. }
            )
        })
        .collect();
    assert_eq!(ended.len(), 1, "the yarn holds the knot");
    assert_eq!(ended[0].tie.map(|tie| tie.kind), Some(ThreadKind::Create));

    house
        .act(
            anna,
            Act::UntwistThread {
                thread,
                target: node.into(),
            },
        )
        .await
        .expect("a thread again");
    clock.advance(FADE_MS);
    until("the rest", async || {
        house.count("SELECT count(*) FROM deadlines").await == 0
    })
    .await;
    let names: Vec<_> = house
        .log()
        .await
        .iter()
        .rev()
        .take(2)
        .map(|event| event.payload.name())
        .collect();
    assert_eq!(names, ["KnotenAufgeloest", "FadenVerfallen"]);
}

#[tokio::test]
async fn an_overtaken_deadline_leaves_nothing_behind() {
    let (house, clock) = house().await;
    let anna = house.role("Anna", Placement::Hidden).await;
    let node = house.node(anna, "Idee", place(0)).await;
    let due = NOON + FADE_MS;
    clock.advance(FADE_MS - 1000);
    // The same act again re-arms the thread; whoever read the old deadline before hands it in all the same.
    house.act(anna, Act::join(node)).await.expect("an act");
    let receipts = house.count("SELECT count(*) FROM receipts").await;
    let thread = ThreadId::derive(anna, ThreadKind::Join, node);
    let overtaken = Due::FadeThread {
        thread,
        target: node.into(),
    };
    let answer = house
        .door
        .submit_due(StreamId::Thread(thread), due, overtaken, 2)
        .await;
    answer.expect("an answer");
    assert_eq!(house.count("SELECT count(*) FROM receipts").await, receipts);
    assert_eq!(house.log().await.len(), 3);
}
