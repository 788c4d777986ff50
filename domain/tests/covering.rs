//! How one joins, and what yarn covers: one rule a test.

use domain::command::{Act, COMMAND_VERSION, Command};
use domain::decide::{decide, decide_order};
use domain::event::{Body, Draft};
use domain::id::{CommandId, MessageId, NodeId, PictureId, RoleId, ThreadId};
use domain::place::Place;
use domain::refusal::Refusal;
use domain::spool::{Placement, Right};
use domain::state::{Facts, States};
use domain::time::{DAY_MS, FADE_MS, Millis};
use domain::weave::{
    COVERED_PICTURES_MAX, Covers, JoinLevel, NodeKind, NodeState, Part, ThreadKind,
};
use uuid::Uuid;

const NOW: Millis = Millis(1_795_000_000_000);
const NODE: NodeId = NodeId(Uuid::from_u128(3));

fn role(n: u128) -> RoleId {
    RoleId(Uuid::from_u128(n))
}

fn anna() -> RoleId {
    role(1)
}

fn ben() -> RoleId {
    role(2)
}

fn picture(n: u128) -> PictureId {
    PictureId(Uuid::from_u128(n))
}

fn created(by: RoleId) -> ThreadId {
    ThreadId::derive(by, ThreadKind::Create, NODE)
}

fn joined(by: RoleId) -> ThreadId {
    ThreadId::derive(by, ThreadKind::Join, NODE)
}

struct World(States);

impl World {
    /// Anna has knotted, Ben belongs.
    fn woven() -> Self {
        Self::of(anna())
    }

    fn of(owner: RoleId) -> Self {
        let mut world = Self(States::default());
        for by in [owner, ben()] {
            let register = Act::RegisterRole {
                name: "Wer".into(),
                placement: Placement::Hidden,
            };
            world.done(by, NOW, register);
        }
        let grant = Act::GrantRight {
            role: ben(),
            right: Right::Weaver,
            reason: "Von Anfang an dabei.".into(),
        };
        for draft in decide_order(&world.0, &grant).expect("a grant") {
            world.0.evolve_draft(&draft, NOW);
        }
        let knot = Act::KnotNode {
            particulars: domain::weave::Particulars::default(),
            node: NODE,
            kind: NodeKind::Idea,
            title: "Sommerfest".into(),
            text: String::new(),
            place: Place {
                lat: 484_100_000,
                lon: 156_100_000,
            },
            starts_at: None,
        };
        world.done(owner, NOW, knot);
        world
    }

    fn asked(&self, by: RoleId, at: Millis, act: Act) -> Result<Vec<Draft>, Refusal> {
        let command = Command {
            id: CommandId(Uuid::nil()),
            v: COMMAND_VERSION,
            by,
            issued_at: at,
            act,
        };
        decide(&self.0, &command, at)
    }

    fn refused(&self, by: RoleId, act: Act) -> Option<Refusal> {
        self.asked(by, NOW, act).err()
    }

    fn done(&mut self, by: RoleId, at: Millis, act: Act) {
        for draft in self.asked(by, at, act).expect("what may be") {
            self.0.evolve_draft(&draft, at);
        }
    }

    fn node(&self) -> NodeState {
        self.0.node(NODE).expect("a knot")
    }
}

fn twist(thread: ThreadId, covers: Option<Covers>) -> Act {
    Act::TwistThread {
        thread,
        target: NODE.into(),
        covers,
    }
}

fn cover(thread: ThreadId, covers: Covers) -> Act {
    Act::CoverYarn {
        thread,
        target: NODE.into(),
        covers,
    }
}

fn change() -> Act {
    Act::ChangeNode {
        particulars: domain::weave::ParticularsChange::default(),
        node: NODE,
        based_on: 1,
        kind: None,
        title: Some("Herbstfest".into()),
        text: None,
        place: None,
        starts_at: None,
    }
}

fn say() -> Act {
    Act::SendMessage {
        message: MessageId(Uuid::from_u128(9)),
        node: NODE,
        text: "Ich bringe Kuchen.".into(),
        reply_to: None,
    }
}

fn join(level: JoinLevel) -> Act {
    Act::JoinNode { node: NODE, level }
}

#[test]
fn only_what_is_covered_is_closed_to_others() {
    for (covers, text, talk) in [
        (None, true, false),
        (Some(Covers::USUAL), true, false),
        (Some(Covers::ALL), true, true),
        (Some(Covers::NOTHING), false, false),
        (
            Some(Covers {
                talk: true,
                ..Covers::NOTHING
            }),
            false,
            true,
        ),
    ] {
        let mut world = World::woven();
        world.done(anna(), NOW, twist(created(anna()), covers.clone()));
        let refusal = text.then_some(Refusal::NodeCovered);
        assert_eq!(world.refused(ben(), change()), refusal, "{covers:?}");
        let refusal = talk.then_some(Refusal::TalkCovered);
        assert_eq!(world.refused(ben(), say()), refusal, "{covers:?}");
        // It is Anna's, and holds the whole knot in any case.
        assert_eq!(world.refused(anna(), change()), None);
        assert_eq!(world.refused(anna(), say()), None);
        let late = NOW + 100 * DAY_MS;
        assert_eq!(world.node().undone_at(late), None);
        assert_eq!(world.refused(ben(), join(JoinLevel::Promise)), None);
    }
}

#[test]
fn who_may_is_who_has_yarn_that_covers_that_part() {
    let mut world = World::woven();
    world.done(anna(), NOW, twist(created(anna()), Some(Covers::ALL)));
    world.done(ben(), NOW, join(JoinLevel::Interest));
    world.done(ben(), NOW, twist(joined(ben()), Some(Covers::NOTHING)));
    assert_eq!(world.refused(ben(), change()), Some(Refusal::NodeCovered));
    let text = Covers {
        text: true,
        ..Covers::NOTHING
    };
    world.done(ben(), NOW, cover(joined(ben()), text));
    assert_eq!(world.refused(ben(), change()), None);
    assert_eq!(world.refused(ben(), say()), Some(Refusal::TalkCovered));
    let keepers = |part| world.node().keepers(part).collect::<Vec<_>>();
    assert_eq!(keepers(Part::Talk), [anna()]);
    assert_eq!(keepers(Part::Text).len(), 2);
}

#[test]
fn single_pictures_are_covered_and_those_to_come_only_with_all() {
    let mut world = World::woven();
    let one = Covers {
        pictures: Some(vec![picture(1)]),
        ..Covers::NOTHING
    };
    world.done(anna(), NOW, twist(created(anna()), Some(one)));
    let closed = |world: &World, n| world.node().is_closed_to(ben(), Part::Picture(picture(n)));
    assert!(closed(&world, 1) && !closed(&world, 2));
    assert!(!world.node().is_closed_to(anna(), Part::Picture(picture(1))));
    world.done(anna(), NOW, cover(created(anna()), Covers::USUAL));
    assert!(closed(&world, 1) && closed(&world, 2));
    let got = COVERED_PICTURES_MAX + 1;
    let many = Covers {
        pictures: Some((0..u128::from(got)).map(picture).collect()),
        ..Covers::NOTHING
    };
    let max = COVERED_PICTURES_MAX;
    assert_eq!(
        world.refused(anna(), cover(created(anna()), many)),
        Some(Refusal::CoversTooMany { max, got })
    );
}

#[test]
fn only_its_owner_says_what_a_yarn_covers_and_only_yarn_covers() {
    let mut world = World::woven();
    let all = || cover(created(anna()), Covers::ALL);
    assert_eq!(world.refused(anna(), all()), Some(Refusal::NotTwisted));
    world.done(anna(), NOW, twist(created(anna()), None));
    assert_eq!(world.refused(ben(), all()), Some(Refusal::NotYours));
    world.done(anna(), NOW, all());
    assert_eq!(world.refused(anna(), all()), Some(Refusal::NothingChanged));
    assert_eq!(world.refused(ben(), say()), Some(Refusal::TalkCovered));
    // Untwisted it covers nothing, and twisted again what is said then.
    let thread = created(anna());
    let untwist = Act::UntwistThread {
        thread,
        target: NODE.into(),
    };
    world.done(anna(), NOW, untwist);
    assert_eq!(world.node().covers, []);
    assert_eq!(world.refused(ben(), say()), None);
    assert_eq!(world.refused(ben(), change()), None);
    world.done(anna(), NOW, twist(thread, None));
    assert_eq!(world.refused(ben(), say()), None);
    assert_eq!(world.refused(ben(), change()), Some(Refusal::NodeCovered));
}

#[test]
fn the_yarn_of_a_guest_keeps_nobody_from_what_is_not_the_guests() {
    let mut world = World::woven();
    let cem = role(3);
    let register = Act::RegisterRole {
        name: "Cem".into(),
        placement: Placement::Hidden,
    };
    world.done(cem, NOW, register);
    world.done(cem, NOW, join(JoinLevel::Promise));
    let refused = world.refused(cem, twist(joined(cem), Some(Covers::ALL)));
    assert!(
        matches!(refused, Some(Refusal::NodeNotYours { .. })),
        "{refused:?}"
    );
    world.done(cem, NOW, twist(joined(cem), None));
    assert_eq!(world.node().covers_of(joined(cem)), Some(Covers::NOTHING));
    assert_eq!(world.refused(anna(), change()), None);
    let refused = world.refused(cem, cover(joined(cem), Covers::ALL));
    assert!(
        matches!(refused, Some(Refusal::NodeNotYours { .. })),
        "{refused:?}"
    );
}

#[test]
fn yarn_to_a_role_covers_nothing() {
    let mut world = World::woven();
    world.done(ben(), NOW, Act::VouchFor { role: anna() });
    let thread = ThreadId::derive(ben(), ThreadKind::Vouch, anna());
    world.done(ben(), NOW, Act::twist(thread, anna()));
    let act = Act::CoverYarn {
        thread,
        target: anna().into(),
        covers: Covers::ALL,
    };
    assert_eq!(world.refused(ben(), act), Some(Refusal::NothingToCover));
}

/// Also in states that were stored before it could be said, and in events that are in logs.
#[test]
fn imported_yarn_covers_nothing() {
    let source = RoleId::of_source("krems");
    let mut world = World::of(source);
    world.done(source, NOW, twist(created(source), None));
    assert_eq!(world.refused(ben(), change()), None);
    assert_eq!(world.refused(ben(), say()), None);
    assert_eq!(
        world.node().covers_of(created(source)),
        Some(Covers::NOTHING)
    );
    assert_eq!(world.node().undone_at(NOW + 100 * DAY_MS), None);
}

#[test]
fn the_newest_level_counts_and_any_of_them_arms_the_thread_again() {
    let mut world = World::woven();
    let thread = |world: &World| world.0.thread(joined(ben())).expect("a thread");
    for (nth, level) in (1..).zip([
        JoinLevel::Interest,
        JoinLevel::Responsibility,
        JoinLevel::Responsibility,
        JoinLevel::Promise,
    ]) {
        let at = NOW + i64::from(nth) * DAY_MS;
        world.done(ben(), at, join(level));
        let state = thread(&world);
        assert_eq!((state.level, state.acts), (Some(level), nth));
        assert_eq!(state.expires_at, Some(at + FADE_MS));
        assert_eq!(world.node().holds_until, at + FADE_MS);
    }
    assert_eq!(
        world.0.thread(created(anna())).expect("a thread").level,
        None
    );
    // Yarn stays yarn.
    world.done(ben(), NOW + 5 * DAY_MS, twist(joined(ben()), None));
    world.done(ben(), NOW + 6 * DAY_MS, join(JoinLevel::Interest));
    let state = thread(&world);
    assert_eq!(
        (state.level, state.expires_at),
        (Some(JoinLevel::Interest), None)
    );
}

#[test]
fn what_was_written_before_is_read_as_it_was_meant() {
    let node = "0199aaaa-0000-7000-8000-000000000011";
    let text = format!(r#"{{"act":"join-node","node":"{node}"}}"#);
    let act: Act = serde_json::from_str(&text).expect("an old act");
    assert_eq!(act, Act::join(node.parse().expect("an id")));
    assert_eq!(serde_json::to_string(&act).expect("JSON"), text);
    for (text, body) in [
        (
            r#"{"type":"KnotenBeigetreten"}"#,
            Body::KnotenBeigetreten {
                level: JoinLevel::Interest,
            },
        ),
        (
            r#"{"type":"FadenVerzwirnt"}"#,
            Body::FadenVerzwirnt { covers: None },
        ),
    ] {
        assert_eq!(
            serde_json::from_str::<Body>(text).expect("an old body"),
            body
        );
        assert_eq!(serde_json::to_string(&body).expect("JSON"), text);
    }
    let state = r#"{"version":1,"kind":"idea","owner":"0199aaaa-0000-7000-8000-000000000001","cell":"8a1e15b60b2ffff","holds_until":1796235332000,"yarns":{"0199aaaa-0000-8000-8000-000000000021":"0199aaaa-0000-7000-8000-000000000001"},"dissolved_at":null}"#;
    let state: NodeState = serde_json::from_str(state).expect("an old state");
    let yarn = "0199aaaa-0000-8000-8000-000000000021"
        .parse()
        .expect("an id");
    assert_eq!(state.covers_of(yarn), Some(Covers::USUAL));
    assert!(state.is_closed_to(ben(), Part::Text) && !state.is_closed_to(ben(), Part::Talk));
}
