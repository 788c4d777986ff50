//! Old view + delta = fresh view: for every act, in rooms of every resolution.

use std::collections::BTreeSet;

use domain::command::Act;
use domain::cursor::Cursor;
use domain::event::Body;
use domain::id::{MessageId, NodeId, RoleId, ThreadId};
use domain::place::{FEATURES_FROM, Place, ROOM_RESOLUTIONS, Radius};
use domain::spool::Placement;
use domain::time::{DAY_MS, FADE_MS};
use domain::weave::ThreadKind;
use store::testing::{TestClock, id};
use store::{Clock, SystemClock, deadlines};

use crate::listener::Listener;
use crate::stage::{HERE, Stage, THERE, around, knot, register};

/// A few streets from [`HERE`], in its room of resolution 7.
const NEAR: Place = Place {
    lat: 484_112_000,
    lon: 156_112_000,
};

/// The kinds of acts: one that is missing here does not compile, one without a case below fails.
macro_rules! kinds {
    ($($kind:ident),+) => {
        const KINDS: &[&str] = &[$(stringify!($kind)),+];

        fn kind(act: &Act) -> &'static str {
            match act {
                $(Act::$kind { .. } => stringify!($kind),)+
            }
        }
    };
}

kinds!(
    RegisterRole,
    RenameRole,
    PlaceRole,
    KnotNode,
    ChangeNode,
    JoinNode,
    SendMessage,
    TwistThread,
    UntwistThread
);

/// Acts of two roles, each with what it is about.
fn cases(ada: RoleId, ben: RoleId, node: NodeId) -> Vec<(&'static str, RoleId, Act)> {
    let thread = ThreadId::derive(ben, ThreadKind::Join, node);
    let place = |placement| Act::PlaceRole { placement };
    let rename = |name: &str| Act::RenameRole {
        name: name.to_owned(),
    };
    vec![
        ("registering", ada, register("Ada", Some(HERE))),
        (
            "registering in another town",
            ben,
            register("Ben", Some(THERE)),
        ),
        ("knotting", ada, knot(node, "Beet", NEAR)),
        ("joining from afar", ben, Act::JoinNode { node }),
        (
            "saying something from afar",
            ben,
            say(node, "Darf ich gießen?"),
        ),
        ("answering", ada, say(node, "Gern!")),
        ("twisting", ben, Act::TwistThread { thread, node }),
        ("untwisting", ben, Act::UntwistThread { thread, node }),
        ("other words", ada, change(node, 1, Some("Hochbeet"), None)),
        (
            "a knot that moves a little",
            ada,
            change(
                node,
                2,
                None,
                Some(Place {
                    lat: NEAR.lat + 10,
                    ..NEAR
                }),
            ),
        ),
        (
            "a knot that moves to another room",
            ada,
            change(node, 3, None, Some(HERE)),
        ),
        (
            "a knot that moves to where only a thread leads from",
            ada,
            change(node, 4, Some("Beet"), Some(THERE)),
        ),
        (
            "a knot that comes back",
            ada,
            change(node, 5, None, Some(NEAR)),
        ),
        ("a new name of who joined", ben, rename("Benno")),
        ("a new name of the knot's owner", ada, rename("Ada L.")),
        (
            "a spool that moves here",
            ben,
            place(Placement::Exact { place: HERE }),
        ),
        (
            "a spool that becomes vague",
            ben,
            place(Placement::Radius {
                place: HERE,
                radius: Radius::M250,
            }),
        ),
        ("a spool that hides", ben, place(Placement::Hidden)),
        ("saying something while hidden", ben, say(node, "Gegossen.")),
        ("joining again while hidden", ben, Act::JoinNode { node }),
        (
            "a spool that shows itself again",
            ben,
            place(Placement::Exact { place: THERE }),
        ),
        (
            "the owner's spool that hides",
            ada,
            place(Placement::Hidden),
        ),
    ]
}

fn say(node: NodeId, text: &str) -> Act {
    Act::SendMessage {
        message: MessageId(id()),
        node,
        text: text.to_owned(),
    }
}

fn change(node: NodeId, based_on: u32, title: Option<&str>, place: Option<Place>) -> Act {
    Act::ChangeNode {
        node,
        based_on,
        title: title.map(str::to_owned),
        text: None,
        place,
        starts_at: None,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn old_view_and_delta_are_the_fresh_view_for_every_act_and_resolution() {
    let stage = Stage::new().await;
    let instance = stage.instance().await;
    let mut listeners = Vec::new();
    for resolution in ROOM_RESOLUTIONS {
        let mut listener = Listener::connect(&instance).await;
        let cells: BTreeSet<_> = [HERE, NEAR, THERE]
            .into_iter()
            .flat_map(|place| around(place, resolution))
            .collect();
        listener
            .listen_to(&cells.into_iter().collect::<Vec<_>>())
            .await;
        listeners.push((resolution, listener));
    }
    let node = NodeId(id());
    let cases = cases(RoleId(id()), RoleId(id()), node);
    // Who has the knot open listens to its conversation, and so may who listens to nothing else.
    let mut open = Listener::connect(&instance).await;
    open.listen(&[], &[node]).await;
    let kinds: BTreeSet<&str> = cases.iter().map(|(_, _, act)| kind(act)).collect();
    assert_eq!(
        kinds,
        KINDS.iter().copied().collect(),
        "a kind of act has no case"
    );
    for (what, by, act) in cases {
        let says = matches!(act, Act::SendMessage { .. });
        let renames = matches!(act, Act::RenameRole { .. });
        let done: Cursor = stage.act(by, act).await;
        let (fulls, patches) = (open.fulls, open.patches);
        open.until(done).await;
        assert_eq!(open.fulls, fulls, "{what} came as a full state");
        assert_eq!(open.patches > patches, says || renames, "{what}");
        open.assert_fresh(&stage, what).await;
        for (resolution, listener) in &mut listeners {
            let (fulls, patches) = (listener.fulls, listener.patches);
            let before = listener.rooms.clone();
            listener.until(done).await;
            assert_eq!(
                listener.fulls, fulls,
                "{what} at {resolution} came as a full state"
            );
            // Rooms that count show the number of knots alone: not every act changes it.
            let changed = *resolution >= FEATURES_FROM || before != listener.rooms;
            assert_eq!(
                listener.patches > patches,
                changed,
                "{what} at {resolution}"
            );
            listener.assert_fresh(&stage, what).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_time_takes_goes_by_a_delta_too() {
    let clock = TestClock::new(SystemClock.now());
    let stage = Stage::by_clock(clock.clone()).await;
    let instance = stage.instance().await;
    let ada = stage.role("Ada", Some(HERE)).await;
    let ben = stage.role("Ben", Some(THERE)).await;
    let (node, _) = stage.knot(ada, NEAR).await;
    clock.advance(DAY_MS);
    let joined = stage.act(ben, Act::JoinNode { node }).await;
    let mut listeners = Vec::new();
    for resolution in ROOM_RESOLUTIONS {
        let mut listener = Listener::connect(&instance).await;
        let cells: BTreeSet<_> = [HERE, NEAR, THERE]
            .into_iter()
            .flat_map(|place| around(place, resolution))
            .collect();
        listener
            .listen_to(&cells.into_iter().collect::<Vec<_>>())
            .await;
        listener.until(joined).await;
        listeners.push((resolution, listener));
    }
    tokio::spawn(deadlines::run(stage.store.clone(), stage.door.clone()));
    for (what, waited, event, features_alone) in [
        (
            "the knotter's thread fades",
            FADE_MS - DAY_MS,
            Body::FadenVerfallen,
            true,
        ),
        (
            "the knot comes undone, with its last thread",
            DAY_MS,
            Body::KnotenAufgeloest,
            false,
        ),
    ] {
        clock.advance(waited + 1);
        let done = stage.written(&event).await;
        for (resolution, listener) in &mut listeners {
            let (fulls, patches) = (listener.fulls, listener.patches);
            listener.until(done).await;
            assert_eq!(listener.fulls, fulls, "{what}: a full state");
            let changed = *resolution >= FEATURES_FROM || !features_alone;
            assert_eq!(
                listener.patches > patches,
                changed,
                "{what} at {resolution}"
            );
            listener.assert_fresh(&stage, what).await;
        }
    }
    for (resolution, listener) in &listeners {
        let nodes: usize = listener
            .rooms
            .values()
            .map(|view| view.nodes.len() + view.counts.len())
            .sum();
        assert_eq!(nodes, 0, "at {resolution} the knot is gone");
    }
}
