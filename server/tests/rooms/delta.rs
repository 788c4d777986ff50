//! Old view + delta = fresh view: for every act, in rooms of every resolution.

use std::collections::BTreeSet;

use domain::command::{Act, Due};
use domain::cursor::Cursor;
use domain::event::Body;
use domain::id::{MessageId, NodeId, PictureId, RoleId, ThreadId};
use domain::place::{FEATURES_FROM, Place, ROOM_RESOLUTIONS, Radius};
use domain::spool::{Placement, Right};
use domain::time::{DAY_MS, FADE_MS};
use domain::weave::{
    Covers, JoinLevel, NodeKind, Particulars, ParticularsChange, Structure, ThreadKind,
};
use sha2::{Digest, Sha256};
use store::door::new_order;
use store::pictures::Sizes;
use store::testing::{TestClock, id};
use store::{Clock, SystemClock, deadlines};

use crate::listener::Listener;
use crate::stage::{HERE, Stage, THERE, around, register};

/// A few streets from [`HERE`], in its room of resolution 7.
const NEAR: Place = Place {
    lat: 484_112_000,
    lon: 156_112_000,
};
/// A step from [`NEAR`].
const BESIDE: Place = Place {
    lat: NEAR.lat + 10,
    ..NEAR
};

/// The kinds of something that is decided: one that is missing here does not compile.
macro_rules! kinds {
    ($name:ident of $decided:ident: $($kind:ident),+) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        enum $name {
            $($kind),+
        }

        impl $name {
            const ALL: &[Self] = &[$(Self::$kind),+];

            const fn of(decided: &$decided) -> Self {
                match decided {
                    $($decided::$kind { .. } => Self::$kind,)+
                }
            }

            /// Fails to compile where a kind has no case.
            const fn assert_all_in(cases: &[Self]) {
                let mut kind = 0;
                while kind < Self::ALL.len() {
                    let mut case = 0;
                    while cases[case] as u8 != Self::ALL[kind] as u8 {
                        case += 1;
                        assert!(case < cases.len(), "a kind has no case");
                    }
                    kind += 1;
                }
            }
        }
    };
}

kinds!(
    ActKind of Act:
    RegisterRole,
    RenameRole,
    PlaceRole,
    DescribeRole,
    PortrayRole,
    KnotNode,
    ChangeNode,
    AddPicture,
    RemovePicture,
    JoinNode,
    SendMessage,
    ChangeMessage,
    WithdrawMessage,
    TwistThread,
    UntwistThread,
    CoverYarn,
    VouchFor,
    WithdrawVouch,
    GrantRight,
    RevokeRight,
    SetVouches,
    DescribeCommunity
);

kinds!(DueKind of Due: FadeThread, DissolveNode);

/// What happens, in this order, each with its kind: a kind to which nothing happens does not compile.
macro_rules! cases {
    ($kinds:ident: fn $name:ident($($given:ident: $type:ty),+) -> $case:ty; $($kind:ident $what:literal: $of:expr;)+) => {
        const _: () = $kinds::assert_all_in(&[$($kinds::$kind),+]);

        fn $name($($given: $type),+) -> Vec<(&'static str, $kinds, $case)> {
            vec![$(($what, $kinds::$kind, $of)),+]
        }
    };
}

cases! {
    ActKind: fn acts(ada: RoleId, ben: RoleId, node: NodeId, thread: ThreadId) -> (RoleId, Act);
    RegisterRole "registering": (ada, register("Ada", Some(HERE)));
    RegisterRole "registering in another town": (ben, register("Ben", Some(THERE)));
    KnotNode "knotting": (ada, begun(node, "Beet", NEAR));
    JoinNode "joining from afar": (ben, Act::JoinNode { node, level: JoinLevel::Interest });
    JoinNode "caring for it": (ben, Act::JoinNode { node, level: JoinLevel::Responsibility });
    SendMessage "saying something from afar": (ben, ask(node, "Darf ich gießen?"));
    SendMessage "answering": (ada, answer(node, "Gern!"));
    ChangeMessage "saying otherwise what is answered": (ben, reword(node, "Darf ich jäten?"));
    GrantRight "a guest who may cover something": (ada, grant(ben, Right::Weaver));
    TwistThread "twisting": (ben, Act::twist(thread, node));
    CoverYarn "covering all but one picture": (ben, Act::CoverYarn { thread, target: node.into(), covers: some() });
    RevokeRight "a guest again": (ada, revoke(ben, Right::Weaver));
    UntwistThread "untwisting": (ben, Act::UntwistThread { thread, target: node.into() });
    VouchFor "vouching from afar": (ada, Act::VouchFor { role: ben });
    WithdrawVouch "taking it back": (ada, Act::WithdrawVouch { role: ben });
    SetVouches "asking for one vouch": (ada, Act::SetVouches { needed: 1 });
    DescribeCommunity "a centre to which the parlour moves": (ada, centre(THERE));
    VouchFor "a vouch that confirms": (ada, Act::VouchFor { role: ben });
    GrantRight "granting a right": (ada, grant(ben, Right::Admin));
    RevokeRight "revoking it": (ben, revoke(ben, Right::Admin));
    ChangeNode "other words": (ada, change(node, 1, Some("Hochbeet"), None));
    ChangeNode "a knot that moves a little": (ada, change(node, 2, None, Some(BESIDE)));
    ChangeNode "a knot that moves to another room": (ada, change(node, 3, None, Some(HERE)));
    ChangeNode "a knot that moves to where only a thread leads from": (ada, change(node, 4, Some("Beet"), Some(THERE)));
    ChangeNode "a knot that comes back": (ada, change(node, 5, None, Some(NEAR)));
    ChangeNode "an event that is over and becomes a place": (ada, becomes(node, 6, NodeKind::Place));
    AddPicture "a picture of the knot": (ada, Act::AddPicture { node, picture: uploaded(ada, node), alt: Some("Ein Beet".to_owned()) });
    RemovePicture "the picture is removed": (ada, Act::RemovePicture { node, picture: uploaded(ada, node) });
    PortrayRole "a role without a picture of itself": (ben, Act::PortrayRole { picture: None });
    RenameRole "a new name of who joined": (ben, rename("Benno"));
    RenameRole "a new name of the knot's owner": (ada, rename("Ada L."));
    WithdrawMessage "taking back what is answered": (ben, Act::WithdrawMessage { message: ASKED, node });
    DescribeRole "what a role says of itself": (ben, describe("Gärtner"));
    PlaceRole "a spool that moves here": (ben, place(Placement::Exact { place: HERE }));
    PlaceRole "a spool that becomes vague": (ben, place(Placement::Radius { place: HERE, radius: Radius::M250 }));
    PlaceRole "a spool that hides": (ben, place(Placement::Hidden));
    SendMessage "saying something while hidden": (ben, say(node, "Gegossen."));
    JoinNode "joining again while hidden": (ben, Act::JoinNode { node, level: JoinLevel::Promise });
    PlaceRole "a spool that shows itself again": (ben, place(Placement::Exact { place: THERE }));
    PlaceRole "the owner's spool that hides": (ada, place(Placement::Hidden));
}

cases! {
    DueKind: fn passing(thread: ThreadId, node: NodeId) -> (i64, Due);
    FadeThread "the knotter's thread fades": (FADE_MS - DAY_MS, Due::FadeThread { thread, target: node.into() });
    DissolveNode "the knot comes undone, with its last thread": (DAY_MS, Due::DissolveNode { node });
}

/// What comes of it, and whether rooms that count show it too.
const fn comes_of(due: &Due) -> (Body, bool) {
    match due {
        Due::FadeThread { .. } => (Body::FadenVerfallen { due: None }, false),
        Due::DissolveNode { .. } => (Body::KnotenAufgeloest { due: None }, true),
    }
}

/// What the picture shows that Ada has uploaded.
const SHOWS: &[u8] = b"a garden bed";

fn uploaded(by: RoleId, node: NodeId) -> PictureId {
    PictureId::derive(by, Some(node), &Sha256::digest(SHOWS))
}

fn centre(centre: Place) -> Act {
    Act::DescribeCommunity {
        name: None,
        centre: Some(centre),
        radius_m: None,
    }
}

fn grant(role: RoleId, right: Right) -> Act {
    let reason = "Von Anfang an dabei".to_owned();
    Act::GrantRight {
        role,
        right,
        reason,
    }
}

fn revoke(role: RoleId, right: Right) -> Act {
    let reason = "Doch nicht".to_owned();
    Act::RevokeRight {
        role,
        right,
        reason,
    }
}

fn some() -> Covers {
    Covers {
        pictures: Some(vec![PictureId(id())]),
        ..Covers::ALL
    }
}

fn rename(name: &str) -> Act {
    Act::RenameRole {
        name: name.to_owned(),
    }
}

fn describe(about: &str) -> Act {
    Act::DescribeRole {
        about: Some(about.to_owned()),
        goods: None,
        skills: None,
        languages: None,
    }
}

fn place(placement: Placement) -> Act {
    Act::PlaceRole { placement }
}

/// What is said first, and answered.
const ASKED: MessageId = MessageId(uuid::Uuid::from_u128(0xa5_ced));

fn ask(node: NodeId, text: &str) -> Act {
    Act::SendMessage {
        message: ASKED,
        node,
        text: text.to_owned(),
        reply_to: None,
    }
}

fn answer(node: NodeId, text: &str) -> Act {
    Act::SendMessage {
        message: MessageId(id()),
        node,
        text: text.to_owned(),
        reply_to: Some(ASKED),
    }
}

fn reword(node: NodeId, text: &str) -> Act {
    Act::ChangeMessage {
        message: ASKED,
        node,
        text: text.to_owned(),
    }
}

fn say(node: NodeId, text: &str) -> Act {
    Act::SendMessage {
        message: MessageId(id()),
        node,
        text: text.to_owned(),
        reply_to: None,
    }
}

fn change(node: NodeId, based_on: u32, title: Option<&str>, place: Option<Place>) -> Act {
    Act::ChangeNode {
        node,
        based_on,
        kind: None,
        title: title.map(str::to_owned),
        text: None,
        place,
        starts_at: None,
        particulars: ParticularsChange::default(),
    }
}

/// An event that began an hour ago.
fn begun(node: NodeId, title: &str, place: Place) -> Act {
    Act::KnotNode {
        node,
        kind: NodeKind::Event,
        title: title.to_owned(),
        text: String::new(),
        place,
        starts_at: Some(SystemClock.now() + -3_600_000),
        particulars: Particulars::default(),
    }
}

fn becomes(node: NodeId, based_on: u32, kind: NodeKind) -> Act {
    Act::ChangeNode {
        node,
        based_on,
        kind: Some(kind),
        title: None,
        text: None,
        place: None,
        starts_at: None,
        particulars: ParticularsChange::default(),
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
    let (ada, ben) = (RoleId(id()), RoleId(id()));
    let thread = ThreadId::derive(ben, ThreadKind::Join, node);
    // Who has the knot open listens to its conversation, and so may who listens to nothing else.
    let mut open = Listener::connect(&instance).await;
    open.listen(&[], &[node]).await;
    for (what, kind, (by, act)) in acts(ada, ben, node, thread) {
        assert_eq!(ActKind::of(&act), kind, "{what}");
        let says = matches!(
            act,
            Act::SendMessage { .. } | Act::ChangeMessage { .. } | Act::WithdrawMessage { .. }
        );
        let renames = matches!(act, Act::RenameRole { .. });
        let done: Cursor = stage.act(by, act).await;
        if what == "registering" {
            let sizes = Sizes {
                large: SHOWS.to_vec(),
                small: SHOWS.to_vec(),
            };
            let kept = store::pictures::keep_for(&stage.store, by, Some(node), sizes).await;
            assert_eq!(kept.expect("room"), uploaded(by, node));
            // Who is the first to come is named.
            for right in [Right::Weaver, Right::Admin] {
                let id = new_order().expect("randomness");
                let order = stage.door.submit_order(id, grant(ada, right), "a test");
                order.await.expect("a right");
            }
            let founded = stage.door.found(Structure::Parlour, NEAR, false).await;
            founded.expect("a parlour");
        }
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
    let joined = stage.act(ben, Act::join(node)).await;
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
    let thread = ThreadId::derive(ada, ThreadKind::Create, node);
    for (what, kind, (waited, due)) in passing(thread, node) {
        assert_eq!(DueKind::of(&due), kind, "{what}");
        let (event, counts) = comes_of(&due);
        clock.advance(waited + 1);
        let done = stage.written(&event).await;
        for (resolution, listener) in &mut listeners {
            let (fulls, patches) = (listener.fulls, listener.patches);
            listener.until(done).await;
            assert_eq!(listener.fulls, fulls, "{what}: a full state");
            let changed = *resolution >= FEATURES_FROM || counts;
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
