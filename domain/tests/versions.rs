//! What was an event becomes a place or an idea, and the way back to an earlier version.

use domain::command::{Act, COMMAND_VERSION, Command};
use domain::decide::decide;
use domain::event::Body;
use domain::id::{CommandId, NodeId, RoleId};
use domain::place::Place;
use domain::refusal::Refusal;
use domain::spool::Placement;
use domain::state::{Facts, States};
use domain::time::{DAY_MS, FADE_MS, Millis};
use domain::view::{CellView, Me, NodeRow, predict};
use domain::weave::{NodeKind, NodeState, NodeVersion, Particulars, ParticularsChange};
use proptest::prelude::*;
use uuid::Uuid;

const NOW: Millis = Millis(1_795_000_000_000);
const START: Millis = Millis(NOW.0 + 2 * DAY_MS);
const HERE: Place = Place {
    lat: 484_100_000,
    lon: 156_100_000,
};

fn anna() -> RoleId {
    RoleId(Uuid::from_u128(1))
}

fn node() -> NodeId {
    NodeId(Uuid::from_u128(3))
}

/// A weave with one event in it, as streams and as rows.
struct World {
    states: States,
    view: CellView,
    me: Option<Me>,
}

impl World {
    fn with(kind: NodeKind) -> Self {
        let mut world = Self {
            states: States::default(),
            view: CellView::default(),
            me: None,
        };
        let name = "Anna".to_owned();
        let placement = Placement::Hidden;
        let register = Act::RegisterRole { name, placement };
        world.does(register, NOW).expect("a role");
        let knot = Act::KnotNode {
            node: node(),
            kind,
            title: "Straßenfest".into(),
            text: "Mit Musik.".into(),
            place: HERE,
            starts_at: (kind == NodeKind::Event).then_some(START),
            particulars: Particulars::default(),
        };
        world.does(knot, NOW).expect("a knot");
        world
    }

    fn does(&mut self, act: Act, at: Millis) -> Result<Vec<Body>, Refusal> {
        let command = Command {
            id: CommandId(Uuid::nil()),
            v: COMMAND_VERSION,
            by: anna(),
            issued_at: at,
            act,
        };
        let drafts = decide(&self.states, &command, at)?;
        for draft in &drafts {
            self.states.evolve_draft(draft, at);
        }
        predict(&mut self.view, &mut self.me, &mut None, &command, at)
            .expect("the page expects the same");
        for (id, row) in &self.view.nodes {
            assert_eq!(Some(row.facts()), self.states.node(*id));
        }
        Ok(drafts.into_iter().map(|draft| draft.body).collect())
    }

    fn state(&self) -> NodeState {
        self.states.node(node()).expect("a knot")
    }

    fn row(&self) -> NodeRow {
        self.view.nodes[&node()].clone()
    }

    fn becomes(&mut self, kind: NodeKind, at: Millis) -> Result<Vec<Body>, Refusal> {
        let act = change(self.state().version, Some(kind), None);
        self.does(act, at)
    }
}

fn change(based_on: u32, kind: Option<NodeKind>, starts_at: Option<Millis>) -> Act {
    Act::ChangeNode {
        node: node(),
        based_on,
        kind,
        title: None,
        text: None,
        place: None,
        starts_at,
        particulars: ParticularsChange::default(),
    }
}

#[test]
fn an_event_that_is_over_becomes_a_place_or_an_idea_and_keeps_its_words() {
    for kind in [NodeKind::Place, NodeKind::Idea] {
        let mut world = World::with(NodeKind::Event);
        assert_eq!(
            world.becomes(kind, START + -1),
            Err(Refusal::KindFixed),
            "before it has begun"
        );
        let bodies = world.becomes(kind, START).expect("a change");
        let json = serde_json::to_value(&bodies[0]).expect("JSON");
        assert_eq!(
            json,
            serde_json::json!({"type": "KnotenGeaendert", "kind": kind.code()}),
            "it says nothing else"
        );
        let row = world.row();
        assert_eq!((row.kind, row.start(), row.version), (kind, None, 2));
        assert_eq!(
            (&*row.title, &*row.text, row.place),
            ("Straßenfest", "Mit Musik.", HERE)
        );
        assert_eq!(row.holds_until, START + FADE_MS);
        // What it is now it stays, but for the way back.
        for other in NodeKind::BY_HAND {
            assert_eq!(world.becomes(other, START + 1), Err(Refusal::KindFixed));
        }
        let dated = change(2, None, Some(START + DAY_MS));
        assert_eq!(
            world.does(dated, START + 1),
            Err(Refusal::StartWithoutEvent)
        );
    }
}

#[test]
fn what_was_made_of_an_event_can_be_undone() {
    for kind in [NodeKind::Place, NodeKind::Idea] {
        let mut world = World::with(NodeKind::Event);
        let before = version_of(&world.row());
        let later = START + 6 * DAY_MS;
        world.becomes(kind, later).expect("a change");
        // With another start it would be another event.
        let other = change(2, Some(NodeKind::Event), Some(later + DAY_MS));
        assert_eq!(world.does(other, later), Err(Refusal::KindFixed));
        let back = before.again(&world.row()).expect("a way back");
        assert_eq!(back, change(2, Some(NodeKind::Event), Some(START)));
        world.does(back, later + 1).expect("it is undone");
        let row = world.row();
        assert_eq!((row.kind, row.starts_at), (NodeKind::Event, Some(START)));
        assert_eq!(row.holds_until, later + 1 + FADE_MS);
        assert_eq!(before.again(&row), None, "it is as it was");
    }
}

#[test]
fn a_start_that_is_over_is_brought_back_and_not_made_up() {
    let mut world = World::with(NodeKind::Event);
    let before = version_of(&world.row());
    let later = START + 6 * DAY_MS;
    let moved = change(1, None, Some(later + 3 * DAY_MS));
    world.does(moved, later).expect("a change");
    let back = before.again(&world.row()).expect("a way back");
    world.does(back, later + 1).expect("it is undone");
    assert_eq!(world.row().start(), Some(START));
    let far = change(3, None, Some(START + -3 * 366 * DAY_MS));
    assert_eq!(world.does(far, later), Err(Refusal::StartOutOfRange));
    let mut idea = World::with(NodeKind::Idea);
    let dated = change(1, Some(NodeKind::Event), Some(START));
    assert_eq!(
        idea.does(dated, later + -3 * DAY_MS),
        Err(Refusal::KindFixed)
    );
}

#[test]
fn nothing_else_becomes_something_else() {
    for kind in NodeKind::BY_HAND {
        for other in NodeKind::BY_HAND.into_iter().chain([NodeKind::Structure]) {
            let mut world = World::with(kind);
            let at = START + DAY_MS;
            let may = kind == NodeKind::Event && matches!(other, NodeKind::Place | NodeKind::Idea);
            let said = world.becomes(other, at);
            assert_eq!(said.is_ok(), may, "{kind:?} to {other:?}: {said:?}");
        }
    }
    let mut world = World::with(NodeKind::Event);
    let both = change(1, Some(NodeKind::Idea), Some(START + 5 * DAY_MS));
    assert_eq!(
        world.does(both, START + 1),
        Err(Refusal::StartWithoutEvent),
        "what is no event has no start"
    );
}

#[test]
fn an_event_from_before_starts_were_kept_is_over_when_it_must_be() {
    let mut state = World::with(NodeKind::Event).state();
    let json = serde_json::to_value(&state).expect("JSON");
    assert_eq!(json["starts_at"], START.0);
    state.starts_at = None;
    let old: NodeState =
        serde_json::from_value(serde_json::to_value(&state).expect("JSON")).expect("a state");
    assert_eq!(old, state, "and is read without it");
    assert!(!old.is_over(START + -1) && old.is_over(START));
    let idea = World::with(NodeKind::Idea).state();
    assert!(!idea.is_over(START + 100 * DAY_MS));
}

fn version_of(row: &NodeRow) -> NodeVersion {
    NodeVersion {
        version: row.version,
        role: row.owner,
        role_name: row.owner_name.clone(),
        at: row.created_at,
        kind: row.kind,
        title: row.title.clone(),
        text: row.text.clone(),
        place: row.place,
        starts_at: row.start(),
        particulars: row.particulars.clone(),
        pictures: row.pictures.clone(),
    }
}

/// A step of a life: what is changed, and how many hours later.
#[derive(Clone, Debug)]
struct Step {
    words: Option<u8>,
    place: Option<i32>,
    start: Option<i64>,
    /// None in it: it is said no more.
    end: Option<Option<i64>>,
    kind: Option<NodeKind>,
    hours: i64,
}

fn step() -> impl Strategy<Value = Step> {
    let kind = prop::sample::select(vec![NodeKind::Place, NodeKind::Idea]);
    (
        prop::option::of(any::<u8>()),
        prop::option::of(0..9_i32),
        prop::option::weighted(0.3, 0..200_i64),
        prop::option::weighted(0.3, prop::option::weighted(0.8, 0..300_i64)),
        prop::option::weighted(0.2, kind),
        0..60_i64,
    )
        .prop_map(|(words, place, start, end, kind, hours)| Step {
            words,
            place,
            start: start.filter(|_| kind.is_none()),
            end: end.filter(|_| kind.is_none()),
            kind,
            hours,
        })
}

proptest! {
    /// Whatever is done to a knot: what rows predict is what streams say, no change of kind makes it hold longer than its own
    /// thread does, and the way back to a version names what differs and leads there, or a rule says no.
    #[test]
    fn every_version_can_be_come_back_to_or_a_rule_says_why_not(
        steps in prop::collection::vec(step(), 1..12),
        back in any::<prop::sample::Index>(),
    ) {
        let mut world = World::with(NodeKind::Event);
        let mut versions = vec![version_of(&world.row())];
        let mut now = NOW;
        for step in steps {
            now = now + step.hours * 3_600_000;
            let before = world.state();
            let act = Act::ChangeNode {
                node: node(),
                based_on: before.version,
                kind: step.kind,
                title: step.words.map(|n| format!("Titel {}", n % 3)),
                text: step.words.map(|n| format!("Text {}", n % 5)),
                place: step.place.map(|n| Place { lat: HERE.lat + n * 1000, ..HERE }),
                starts_at: step.start.map(|hours| now + hours * 3_600_000),
                particulars: ParticularsChange {
                    ends_at: step.end.map(|hours| hours.map(|hours| now + hours * 3_600_000)),
                    ..ParticularsChange::default()
                },
            };
            if world.does(act, now).is_err() {
                continue;
            }
            if step.kind.is_some() {
                prop_assert_eq!(world.state().holds_until, now + FADE_MS);
                prop_assert!(before.holds_until <= now + FADE_MS);
            }
            versions.push(version_of(&world.row()));
        }
        let version = back.get(&versions);
        let row = world.row();
        match version.again(&row) {
            None => prop_assert_eq!(
                (&version.title, &version.text, version.place, version.kind, version.starts_at, &version.particulars),
                (&row.title, &row.text, row.place, row.kind, row.start(), &row.particulars)
            ),
            Some(act) => match world.does(act, now) {
                Ok(_) => {
                    prop_assert_eq!(version.again(&world.row()), None, "it is as it was");
                    prop_assert_eq!(world.row().version, row.version + 1);
                }
                Err(refusal) => prop_assert!(matches!(
                    refusal,
                    Refusal::KindFixed | Refusal::StartOutOfRange | Refusal::StartWithoutEvent | Refusal::EndBeforeStart | Refusal::NodeDissolved { .. }
                ), "{refusal:?}"),
            },
        }
    }
}
