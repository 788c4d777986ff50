//! What the community says of itself, and its permanent knots: one rule a test.

use domain::command::{Act, COMMAND_VERSION, Command};
use domain::decide::{decide, decide_due, decide_found, decide_order};
use domain::event::{Body, Draft};
use domain::id::{CommandId, MessageId, NodeId, RoleId, ThreadId};
use domain::place::Place;
use domain::refusal::Refusal;
use domain::spool::{Placement, Right};
use domain::state::{Facts, State, States, StreamId, deadline};
use domain::time::{DAY_MS, Millis};
use domain::weave::{Covers, NodeKind, Structure, Target, ThreadKind};
use proptest::prelude::*;
use uuid::Uuid;

const NOW: Millis = Millis(1_795_000_000_000);
const HERE: Place = Place {
    lat: 484_100_000,
    lon: 156_100_000,
};
const THERE: Place = Place {
    lat: 484_200_000,
    ..HERE
};

fn parlour() -> NodeId {
    NodeId::of_structure(Structure::Parlour)
}

fn role(n: u128) -> RoleId {
    RoleId(Uuid::from_u128(100 + n))
}

fn taken(states: &mut States, drafts: &[Draft], at: Millis) {
    for draft in drafts {
        states.evolve_draft(draft, at);
    }
}

fn act(states: &mut States, by: RoleId, at: Millis, act: Act) -> Result<Vec<Draft>, Refusal> {
    let command = Command {
        id: CommandId(Uuid::nil()),
        v: COMMAND_VERSION,
        by,
        issued_at: at,
        act,
    };
    let drafts = decide(states, &command, at)?;
    taken(states, &drafts, at);
    Ok(drafts)
}

fn order(states: &mut States, act: &Act) -> Result<Vec<Draft>, Refusal> {
    let drafts = decide_order(states, act)?;
    taken(states, &drafts, NOW);
    Ok(drafts)
}

fn describe(name: Option<&str>, centre: Option<Place>, radius_m: Option<u32>) -> Act {
    Act::DescribeCommunity {
        name: name.map(str::to_owned),
        centre,
        radius_m,
    }
}

/// A founded parlour, a weaver and a guest.
fn house() -> States {
    let mut states = States::default();
    let drafts = decide_found(&states, Structure::Parlour, HERE, false);
    taken(&mut states, &drafts, NOW);
    for n in 0..2 {
        let register = Act::RegisterRole {
            name: "Jemand".into(),
            placement: Placement::Hidden,
        };
        act(&mut states, role(n), NOW, register).expect("a role");
    }
    let grant = Act::GrantRight {
        role: role(0),
        right: Right::Weaver,
        reason: "Von Anfang an dabei".into(),
    };
    order(&mut states, &grant).expect("a weaver");
    states
}

#[test]
fn the_parlour_is_founded_once_and_where_the_community_is() {
    let mut states = States::default();
    let founded = decide_found(&states, Structure::Parlour, HERE, false);
    let [draft] = founded.as_slice() else {
        panic!("one event: {founded:?}")
    };
    assert_eq!(draft.stream, StreamId::Node(parlour()));
    assert_eq!((draft.cell, draft.tie), (Some(HERE.cell()), None));
    taken(&mut states, &founded, NOW);
    assert_eq!(decide_found(&states, Structure::Parlour, THERE, false), []);
    let node = states.node(parlour()).expect("it stands");
    assert_eq!((node.kind, node.version), (NodeKind::Structure, 1));

    // Whoever runs the house says where it is meant to be, until the community does.
    assert_eq!(decide_found(&states, Structure::Parlour, HERE, true), []);
    let moved = decide_found(&states, Structure::Parlour, THERE, true);
    assert_eq!(moved[0].cell, Some(THERE.cell()));
    taken(&mut states, &moved, NOW);
    assert_eq!(
        states.node(parlour()).map(|node| node.cell),
        Some(THERE.cell())
    );
    order(&mut states, &describe(None, Some(HERE), None)).expect("a centre");
    assert_eq!(decide_found(&states, Structure::Parlour, THERE, true), []);

    let mut other = States::default();
    order(&mut other, &describe(None, Some(THERE), None)).expect("a centre");
    let founded = decide_found(&other, Structure::Parlour, HERE, false);
    assert_eq!(
        founded[0].cell,
        Some(THERE.cell()),
        "the community's word counts"
    );
}

#[test]
fn nobody_changes_it_and_all_may_talk_join_and_twist_there() {
    let mut states = house();
    for (by, based_on) in [(role(0), 1), (role(1), 1)] {
        let change = Act::ChangeNode {
            particulars: domain::weave::ParticularsChange::default(),
            node: parlour(),
            based_on,
            kind: None,
            title: Some("Stube".into()),
            text: None,
            place: None,
            starts_at: None,
        };
        let refused = act(&mut states, by, NOW, change);
        assert_eq!(refused, Err(Refusal::StructureStays));
    }
    let say = Act::SendMessage {
        message: MessageId(Uuid::from_u128(7)),
        node: parlour(),
        text: "Guten Morgen".into(),
        reply_to: None,
    };
    let said = act(&mut states, role(1), NOW, say).expect("a message");
    let tie = said[0].tie.expect("a thread");
    assert_eq!(states.thread(tie.thread).expect("a thread").acts, 1);
    act(&mut states, role(1), NOW, Act::join(parlour())).expect("a thread");
}

#[test]
fn a_centre_moves_the_parlour_and_nothing_else_does() {
    let mut states = house();
    let named = order(&mut states, &describe(Some("  Steiner  Tor "), None, None));
    let [name] = named.expect("a name").try_into().expect("one event");
    assert!(
        matches!(name.body, Body::GemeinschaftBeschrieben { name: Some(name), .. } if name == "Steiner Tor")
    );
    let moved = order(&mut states, &describe(None, Some(THERE), Some(800))).expect("a centre");
    let [_, change] = moved.as_slice() else {
        panic!("two events: {moved:?}")
    };
    assert_eq!(change.stream, StreamId::Node(parlour()));
    let Body::KnotenGeaendert { place, left, .. } = change.body else {
        panic!("a change")
    };
    assert_eq!((place, left), (Some(THERE), Some(HERE.cell())));
    let node = states.node(parlour()).expect("it stands");
    assert_eq!((node.cell, node.version), (THERE.cell(), 2));
    let community = states.community();
    assert_eq!(
        (&*community.name, community.centre, community.radius_m),
        ("Steiner Tor", Some(THERE), Some(800))
    );
}

#[test]
fn what_the_community_says_has_rules() {
    let mut states = house();
    let (min, max) = (50, 50_000);
    for (asked, refusal) in [
        (describe(None, None, None), Refusal::NothingChanged),
        (describe(None, None, Some(500)), Refusal::CentreMissing),
        (
            describe(Some(&"ä".repeat(61)), None, None),
            Refusal::NameLength { max: 60, got: 61 },
        ),
        (
            describe(Some("Kr\u{7}ems"), None, None),
            Refusal::ControlCharacters,
        ),
        (
            describe(None, Some(HERE), Some(49)),
            Refusal::RadiusOutOfRange { min, max, got: 49 },
        ),
        (
            describe(None, Some(HERE), Some(50_001)),
            Refusal::RadiusOutOfRange {
                min,
                max,
                got: 50_001,
            },
        ),
        (
            describe(
                None,
                Some(Place {
                    lat: 900_000_001,
                    lon: 0,
                }),
                None,
            ),
            Refusal::PlaceInvalid,
        ),
    ] {
        assert_eq!(order(&mut states, &asked), Err(refusal), "{asked:?}");
    }
    let all = describe(Some("Krems"), Some(HERE), Some(500));
    order(&mut states, &all).expect("it is said");
    assert_eq!(order(&mut states, &all), Err(Refusal::NothingChanged));
    // It may lay its name down again.
    order(&mut states, &describe(Some(" "), None, None)).expect("it is said");
    assert_eq!(states.community().name, "");
    // Vouches are decided beside it.
    order(&mut states, &Act::SetVouches { needed: 3 }).expect("a number");
    assert_eq!(states.community().centre, Some(HERE));
}

#[test]
fn only_an_admin_says_it() {
    let mut states = house();
    let asked = describe(Some("Meins"), None, None);
    for by in [role(0), role(1)] {
        assert_eq!(
            act(&mut states, by, NOW, asked.clone()),
            Err(Refusal::AdminNeeded)
        );
    }
    let grant = Act::GrantRight {
        role: role(1),
        right: Right::Admin,
        reason: "Sie kümmert sich".into(),
    };
    order(&mut states, &grant).expect("an admin");
    act(&mut states, role(1), NOW, asked).expect("it is said");
}

#[test]
fn a_community_of_before_it_had_a_name_is_still_read() {
    let state: State =
        serde_json::from_str(r#"{"state":"community","version":2,"vouches_needed":1}"#)
            .expect("an older state");
    let State::Community(community) = state else {
        panic!("a community")
    };
    assert_eq!((community.vouches_needed, &*community.name), (1, ""));
}

proptest! {
    /// Whatever is done there, and however much time passes: it never fades, and no timer is set for it.
    #[test]
    fn the_parlour_outlives_everything(steps in proptest::collection::vec((0_u8..7, 0_i64..20), 0..20)) {
        let mut states = house();
        let (mut now, mut number) = (NOW, 0);
        for (what, days) in steps {
            now = now + days * DAY_MS;
            number += 1;
            let at = parlour();
            let asked = match what {
                0 => Act::join(at),
                1 => Act::SendMessage {
                    message: MessageId(Uuid::from_u128(1000 + number)),
                    node: at,
                    text: "Hallo".into(),
                    reply_to: None,
                },
                2 => Act::TwistThread {
                    thread: ThreadId::derive(role(1), ThreadKind::Join, at),
                    target: Target::Node(at),
                    covers: (number % 2 == 0).then_some(Covers::ALL),
                },
                3 => Act::CoverYarn {
                    thread: ThreadId::derive(role(1), ThreadKind::Join, at),
                    target: Target::Node(at),
                    covers: Covers::ALL,
                },
                4 => describe(None, Some(Place { lat: HERE.lat + number as i32, ..HERE }), None),
                _ => describe(Some("Krems"), None, None),
            };
            // One weaver, one guest.
            _ = act(&mut states, role(number % 2), now, asked);
            let node = states.node(at).expect("it stands");
            let said = Act::SendMessage {
                message: MessageId(Uuid::from_u128(2000 + number)),
                node: at,
                text: "Bin auch da".into(),
                reply_to: None,
            };
            prop_assert!(act(&mut states.clone(), role(0), now, said).is_ok(), "all may talk there");
            prop_assert_eq!(node.undone_at(now + 1000 * DAY_MS), None);
            let stream = StreamId::Node(at);
            prop_assert_eq!(deadline(stream, &State::Node(node)), None);
            let due = domain::command::Due::DissolveNode { node: at };
            prop_assert_eq!(decide_due(&states, &due, now + 1000 * DAY_MS), vec![]);
        }
    }
}
