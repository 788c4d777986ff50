//! A room that is asked for again and again: told without reading it, and still never older than asked for.

use std::time::Duration;

use domain::command::Act;
use domain::cursor::Cursor;
use domain::id::{NodeId, ThreadId};
use domain::place::{Cell, ROOM_RESOLUTIONS};
use domain::spool::Placement;
use domain::time::{DAY_MS, FADE_MS};
use domain::view::CellView;
use domain::weave::{NodeKind, ThreadKind};
use reqwest::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use store::Store;

use crate::instance::{HERE, Instance, Person, knot};

const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Debug, PartialEq, Deserialize)]
struct CellState {
    cursor: Cursor,
    view: CellView,
}

async fn state(person: &Person<'_>, room: Cell, min: Option<Cursor>) -> CellState {
    let min = min.map_or(String::new(), |min| format!("?min={min}"));
    let answer = person.get(&format!("/api/cells/{room}{min}")).await;
    assert_eq!(answer.status(), StatusCode::OK);
    answer.json().await.expect("a state")
}

/// The position of an act's effect.
async fn acted(person: &Person<'_>, act: Act) -> Cursor {
    let receipt: Value = person.act(act).await.json().await.expect("a receipt");
    let cursor = receipt["cursor"].as_str().expect("a cursor");
    cursor.parse().expect("a cursor")
}

/// All rooms here, asked for several times, are as the database has them; that of resolution 9 is returned.
async fn assert_fresh(person: &Person<'_>, store: &Store, min: Cursor, what: &str) -> CellView {
    for resolution in ROOM_RESOLUTIONS {
        let room = HERE.cell().parent(resolution);
        for time in ["first", "second", "third"] {
            let told = state(person, room, Some(min)).await;
            assert!(told.cursor.reaches(&min), "{what}: {} {min}", told.cursor);
            let read = store::weave::read::rooms(store, &[room.into()]).await;
            let (_, read) = read.expect("a room");
            assert_eq!(told.view, read[0].1, "{what}: {room}, the {time} time");
        }
    }
    state(person, HERE.cell().parent(9), Some(min)).await.view
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_every_act_and_whatever_else_happens_rooms_are_told_as_they_are() {
    let instance = Instance::start().await;
    let store = instance.database.store().await;
    let (anna, ben) = (instance.role("Anna").await, instance.role("Ben").await);
    let node = NodeId(store::testing::id());
    let thread = ThreadId::derive(ben.role, ThreadKind::Join, node);
    let place = |placement| Act::PlaceRole { placement };
    let name = |name: &str| Act::RenameRole { name: name.into() };
    let mut shown = CellView::default();
    for (what, who, act) in [
        ("a knot", &anna, knot(node, NodeKind::Idea, "Beet")),
        ("a spool", &ben, place(Placement::Exact { place: HERE })),
        ("a thread", &ben, Act::join(node)),
        ("an owner's name", &anna, name("Anna B.")),
        ("a spool's name", &ben, name("Ben B.")),
        ("yarn", &ben, Act::twist(thread, node)),
        (
            "a thread again",
            &ben,
            Act::UntwistThread {
                thread,
                target: node.into(),
            },
        ),
        ("no spool", &ben, place(Placement::Hidden)),
    ] {
        let cursor = acted(who, act).await;
        let now = assert_fresh(&anna, &store, cursor, what).await;
        assert_ne!(now, shown, "{what}");
        shown = now;
    }

    instance.clock.advance(FADE_MS + DAY_MS);
    let room = HERE.cell().parent(9);
    let faded = async {
        // Asked for all the time without saying how new it has to be.
        while state(&anna, room, None).await.view != CellView::default() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, faded)
        .await
        .expect("it fades");
    let head = store.head().await.expect("a head");
    assert_fresh(&anna, &store, head, "all faded").await;

    let cursor = acted(
        &anna,
        knot(NodeId(store::testing::id()), NodeKind::Idea, "Fest"),
    )
    .await;
    let before = assert_fresh(&anna, &store, cursor, "before it is made anew").await;
    store::weave::rebuild::run(&store).await.expect("a rebuild");
    let after = assert_fresh(&anna, &store, cursor, "made anew").await;
    assert_eq!(before, after);
    let cursor = acted(&ben, name("Ben C.")).await;
    assert_fresh(&anna, &store, cursor, "after that").await;
    instance.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_holds_is_told_without_the_database_and_nothing_else_is() {
    let instance = Instance::start().await;
    let anna = instance.role("Anna").await;
    let cursor = acted(&anna, anna.knot_command("Beet").act).await;
    let (room, other) = (HERE.cell().parent(9), HERE.cell().parent(8));
    let known = state(&anna, room, Some(cursor)).await;
    let path = format!("/api/cells/{room}?min={}", known.cursor);
    let tag = anna.get(&path).await.headers()["etag"].clone();
    instance.database.refuse_connections().await;
    assert_eq!(state(&anna, room, Some(cursor)).await, known);
    let again = anna.get(&path).await;
    assert_eq!(again.headers()["content-type"], "application/json");
    assert_eq!(again.headers()["etag"], tag);
    let request = anna.request(reqwest::Method::GET, &path);
    let unchanged = request.header("if-none-match", &tag).send().await;
    let unchanged = unchanged.expect("an answer");
    assert_eq!(unchanged.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(unchanged.headers()["etag"], tag);
    let unknown = anna.get(&format!("/api/cells/{other}")).await;
    assert_eq!(unknown.status(), StatusCode::SERVICE_UNAVAILABLE);
    instance.database.accept_connections().await;
    instance.stop().await;
}
