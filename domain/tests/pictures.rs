//! Pictures of a knot: what the page expects is what the streams say, and the way back through versions.

use domain::command::{Act, COMMAND_VERSION, Command};
use domain::decide::decide;
use domain::event::Body;
use domain::id::{CommandId, MessageId, NodeId, PictureId, RoleId, ThreadId};
use domain::place::Place;
use domain::refusal::Refusal;
use domain::spool::{CommunityState, Placement, RoleState};
use domain::state::{Facts, States};
use domain::talk::MessageState;
use domain::time::{DAY_MS, FADE_MS, Millis};
use domain::view::{CellView, Me, NodeRow, predict};
use domain::weave::{
    ALT_MAX, NodeKind, NodeState, NodeVersion, PICTURES_MAX, ThreadKind, ThreadState, Uploaded,
};
use proptest::prelude::*;
use uuid::Uuid;

const NOW: Millis = Millis(1_795_000_000_000);

fn anna() -> RoleId {
    RoleId(Uuid::from_u128(1))
}

fn node() -> NodeId {
    NodeId(Uuid::from_u128(3))
}

fn picture(n: u8) -> PictureId {
    PictureId(Uuid::from_u128(0x100 + u128::from(n)))
}

fn add(n: u8, alt: Option<&str>) -> Act {
    Act::AddPicture {
        node: node(),
        picture: picture(n),
        alt: alt.map(str::to_owned),
    }
}

fn remove(n: u8) -> Act {
    Act::RemovePicture {
        node: node(),
        picture: picture(n),
    }
}

/// The door's facts: all pictures below 200 are Anna's, for whatever knot.
struct World {
    states: States,
    view: CellView,
    me: Option<Me>,
}

impl Facts for World {
    fn role(&self, id: RoleId) -> Option<RoleState> {
        self.states.role(id)
    }

    fn node(&self, id: NodeId) -> Option<NodeState> {
        self.states.node(id)
    }

    fn thread(&self, id: ThreadId) -> Option<ThreadState> {
        self.states.thread(id)
    }

    fn message(&self, id: MessageId) -> Option<MessageState> {
        self.states.message(id)
    }

    fn picture(&self, id: PictureId) -> Option<Uploaded> {
        let is_annas = id < picture(200);
        is_annas.then_some(Uploaded {
            owner: anna(),
            node: None,
        })
    }

    fn community(&self) -> CommunityState {
        self.states.community()
    }
}

impl World {
    fn new() -> Self {
        let mut world = Self {
            states: States::default(),
            view: CellView::default(),
            me: None,
        };
        let (name, placement) = ("Anna".to_owned(), Placement::Hidden);
        let register = Act::RegisterRole { name, placement };
        world.does(register, NOW).expect("a role");
        let knot = Act::KnotNode {
            particulars: domain::weave::Particulars::default(),
            node: node(),
            kind: NodeKind::Idea,
            title: "Beet".into(),
            text: String::new(),
            place: Place {
                lat: 484_100_000,
                lon: 156_100_000,
            },
            starts_at: None,
        };
        world.does(knot, NOW).expect("a knot");
        world
    }

    /// Decides, and wants the page to expect the same.
    fn does(&mut self, act: Act, at: Millis) -> Result<Vec<Body>, Refusal> {
        let command = Command {
            id: CommandId(Uuid::nil()),
            v: COMMAND_VERSION,
            by: anna(),
            issued_at: at,
            act,
        };
        let drafts = decide(self, &command, at)?;
        for draft in &drafts {
            self.states.evolve_draft(draft, at);
        }
        predict(&mut self.view, &mut self.me, &mut None, &command, at)
            .expect("the page expects the same");
        for (id, row) in &self.view.nodes {
            assert_eq!(Some(row.facts()), self.states.node(*id));
        }
        for (id, row) in &self.view.threads {
            assert_eq!(Some(row.facts()), self.states.thread(*id));
        }
        Ok(drafts.into_iter().map(|draft| draft.body).collect())
    }

    fn row(&self) -> NodeRow {
        self.view.nodes[&node()].clone()
    }

    fn version(&self) -> NodeVersion {
        let row = self.row();
        NodeVersion {
            particulars: domain::weave::Particulars::default(),
            version: row.version,
            role: row.owner,
            role_name: row.owner_name,
            at: row.created_at,
            kind: row.kind,
            title: row.title,
            text: row.text,
            place: row.place,
            starts_at: row.starts_at,
            pictures: row.pictures,
        }
    }
}

#[test]
fn a_picture_is_a_change_of_the_knot_and_rearms_its_thread() {
    let mut world = World::new();
    let bodies = world
        .does(add(1, Some(" Ein   Beet ")), NOW)
        .expect("shown");
    let json = serde_json::to_value(&bodies[0]).expect("JSON");
    let alt = serde_json::json!({"of": anna(), "text": {"open": "Ein Beet"}});
    let wanted = serde_json::json!({"type": "BildHinzugefuegt", "picture": picture(1), "alt": alt});
    assert_eq!(json, wanted);
    let later = NOW + DAY_MS;
    world.does(add(2, None), later).expect("shown");
    world.does(remove(1), later).expect("removed");
    let thread = ThreadId::derive(anna(), ThreadKind::Change, node());
    let thread = world.states.thread(thread).expect("a thread");
    assert_eq!((thread.acts, thread.expires_at), (3, Some(later + FADE_MS)));
    let row = world.row();
    assert_eq!((row.version, row.holds_until), (4, later + FADE_MS));
    let shown: Vec<_> = row.pictures.iter().map(|shown| shown.id).collect();
    assert_eq!(shown, [picture(2)]);
}

#[test]
fn what_is_refused_says_which_rule_says_no() {
    let mut world = World::new();
    assert_eq!(world.does(remove(1), NOW), Err(Refusal::PictureGone));
    assert_eq!(
        world.does(add(200, None), NOW),
        Err(Refusal::PictureUnknown)
    );
    let long = "ä".repeat(ALT_MAX as usize + 1);
    let too_long = Refusal::TextLength {
        max: ALT_MAX,
        got: ALT_MAX + 1,
    };
    assert_eq!(world.does(add(1, Some(&long)), NOW), Err(too_long));
    assert_eq!(
        world.does(add(1, Some("a\u{1}b")), NOW),
        Err(Refusal::ControlCharacters)
    );
    for n in 0..PICTURES_MAX as u8 {
        world.does(add(n, Some("  ")), NOW).expect("room");
    }
    assert_eq!(world.does(add(0, None), NOW), Err(Refusal::PictureShown));
    let full = Refusal::TooManyPictures { max: 6 };
    assert_eq!(world.does(add(100, None), NOW), Err(full));
    assert!(
        world
            .row()
            .pictures
            .iter()
            .all(|shown| shown.alt.is_empty())
    );
    let gone = NOW + FADE_MS;
    assert_eq!(
        world.does(remove(0), gone),
        Err(Refusal::NodeDissolved { at: gone })
    );
}

#[test]
fn a_portrait_is_ones_own_picture_or_none() {
    let mut world = World::new();
    let portray = |picture| Act::PortrayRole { picture };
    let unknown = world.does(portray(Some(picture(200))), NOW);
    assert_eq!(unknown, Err(Refusal::PictureUnknown));
    for wanted in [Some(picture(1)), None] {
        world.does(portray(wanted), NOW).expect("an act");
        assert_eq!(world.me.as_ref().expect("a role").profile.picture, wanted);
    }
}

#[test]
fn states_and_rows_without_pictures_are_as_they_always_were() {
    let world = World::new();
    let row = serde_json::to_value(world.row()).expect("JSON");
    assert!(row.get("pictures").is_none());
    let state = world.states.node(node()).expect("a knot");
    let state = serde_json::to_value(state).expect("JSON");
    assert!(state.get("pictures").is_none());
}

proptest! {
    /// Whatever came and went: step by step the pictures of any version come back, and no step loses another one.
    #[test]
    fn every_version_can_be_had_again(steps in prop::collection::vec((0..8_u8, any::<bool>()), 1..20)) {
        let mut world = World::new();
        let mut versions = vec![world.version()];
        for (n, adds) in steps {
            let act = if adds { add(n, Some("x")) } else { remove(n) };
            if world.does(act, NOW).is_ok() {
                versions.push(world.version());
            }
        }
        for version in versions {
            let mut left = 2 * PICTURES_MAX;
            while let Some(act) = version.picture_again(&world.row()) {
                world.does(act, NOW).expect("the way back is open");
                prop_assert!(left > 0, "it comes to an end");
                left -= 1;
            }
            let ids = |pictures: &[domain::weave::Picture]| {
                let mut ids: Vec<_> = pictures.iter().map(|shown| shown.id).collect();
                ids.sort_unstable();
                ids
            };
            prop_assert_eq!(ids(&world.row().pictures), ids(&version.pictures));
        }
    }
}
