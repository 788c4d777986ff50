//! What only knots of one kind say: which kind may say what, within which bounds, and how it is changed and taken away.

use domain::command::{Act, COMMAND_VERSION, Command};
use domain::decide::decide;
use domain::event::Body;
use domain::id::{CommandId, NodeId, RoleId};
use domain::place::Place;
use domain::refusal::Refusal;
use domain::spool::Placement;
use domain::state::{Facts, STATE_VERSION, States};
use domain::time::{DAY_MS, FADE_MS, Millis};
use domain::view::{CellView, Me, predict};
use domain::weave::{
    EVENT_DAYS_MAX, GUESTS_MAX, NIGHTS_MAX, NodeKind, Particulars, ParticularsChange,
    START_AHEAD_MS,
};
use proptest::prelude::*;
use uuid::Uuid;

const NOW: Millis = Millis(1_795_000_000_000);
const START: Millis = Millis(NOW.0 + 2 * DAY_MS);
const HOUR_MS: i64 = 3_600_000;

fn anna() -> RoleId {
    RoleId(Uuid::from_u128(1))
}

fn node() -> NodeId {
    NodeId(Uuid::from_u128(3))
}

/// Streams at the door, and what the page predicts.
#[derive(Default)]
struct World {
    states: States,
    view: CellView,
    me: Option<Me>,
}

impl World {
    fn new() -> Self {
        let mut world = Self::default();
        let register = Act::RegisterRole {
            name: "Anna".to_owned(),
            placement: Placement::Hidden,
        };
        world.does(register, NOW).expect("a role");
        world
    }

    fn with(kind: NodeKind, said: Particulars) -> Self {
        let mut world = Self::new();
        world.does(knot(kind, said), NOW).expect("a knot");
        world
    }

    fn does(&mut self, act: Act, at: Millis) -> Result<Body, Refusal> {
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
        Ok(drafts.into_iter().next().expect("an event").body)
    }

    fn changes(&mut self, change: ParticularsChange, at: Millis) -> Result<Body, Refusal> {
        let based_on = self.states.node(node()).expect("a knot").version;
        self.does(act(based_on, None, change), at)
    }

    fn said(&self) -> &Particulars {
        &self.view.nodes[&node()].particulars
    }

    fn holds_until(&self) -> Millis {
        self.states.node(node()).expect("a knot").holds_until
    }
}

fn knot(kind: NodeKind, particulars: Particulars) -> Act {
    Act::KnotNode {
        node: node(),
        kind,
        title: "Etwas".to_owned(),
        text: String::new(),
        place: Place {
            lat: 484_100_000,
            lon: 156_100_000,
        },
        starts_at: (kind == NodeKind::Event).then_some(START),
        particulars,
    }
}

fn act(based_on: u32, starts_at: Option<Millis>, particulars: ParticularsChange) -> Act {
    Act::ChangeNode {
        node: node(),
        based_on,
        kind: None,
        title: None,
        text: None,
        place: None,
        starts_at,
        particulars,
    }
}

fn ends(at: Millis) -> Particulars {
    Particulars {
        ends_at: Some(at),
        ..Particulars::default()
    }
}

fn zone(name: &str) -> Particulars {
    Particulars {
        zone: Some(name.to_owned()),
        ..Particulars::default()
    }
}

fn bed(guests: u32, nights: u32) -> Particulars {
    Particulars {
        guests: Some(guests),
        nights: Some(nights),
        ..Particulars::default()
    }
}

fn lent(at: Millis) -> Particulars {
    Particulars {
        lent_until: Some(at),
        ..Particulars::default()
    }
}

#[test]
fn each_kind_says_its_own_and_nothing_of_the_others() {
    let said = [
        (NodeKind::Event, ends(START + HOUR_MS)),
        (NodeKind::Event, zone("Europe/Vienna")),
        (NodeKind::Bed, bed(2, 3)),
        (NodeKind::Tool, lent(START)),
    ];
    for (of, said) in said {
        for kind in NodeKind::BY_HAND {
            let expected = if kind == of {
                Ok(())
            } else {
                Err(Refusal::OfAnotherKind)
            };
            let mut world = World::new();
            let got = world.does(knot(kind, said.clone()), NOW).map(|_| ());
            assert_eq!(got, expected, "{kind:?} says {said:?}");
            let mut world = World::with(kind, Particulars::default());
            let change = said.differences(&Particulars::default());
            let got = world.changes(change, NOW).map(|_| ());
            assert_eq!(got, expected, "{kind:?} comes to say {said:?}");
            // To say no more what one could never say is no less foreign.
            let mut world = World::with(kind, Particulars::default());
            let change = Particulars::default().differences(&said);
            assert_eq!(world.changes(change, NOW).map(|_| ()), expected);
        }
    }
}

#[test]
fn what_is_out_of_bounds_is_refused_with_the_bounds() {
    let (max, days) = (START_AHEAD_MS, i64::from(EVENT_DAYS_MAX));
    let refused = [
        (NodeKind::Event, ends(START), Refusal::EndBeforeStart),
        (NodeKind::Event, ends(START + -1), Refusal::EndBeforeStart),
        (
            NodeKind::Event,
            ends(START + (days * DAY_MS + 1)),
            Refusal::EndOutOfRange {
                days: EVENT_DAYS_MAX,
            },
        ),
        (
            NodeKind::Bed,
            bed(1, 0),
            Refusal::NightsOutOfRange {
                max: NIGHTS_MAX,
                got: 0,
            },
        ),
        (
            NodeKind::Bed,
            bed(1, NIGHTS_MAX + 1),
            Refusal::NightsOutOfRange {
                max: NIGHTS_MAX,
                got: NIGHTS_MAX + 1,
            },
        ),
        (
            NodeKind::Bed,
            bed(0, 1),
            Refusal::GuestsOutOfRange {
                max: GUESTS_MAX,
                got: 0,
            },
        ),
        (
            NodeKind::Bed,
            bed(u32::MAX, 1),
            Refusal::GuestsOutOfRange {
                max: GUESTS_MAX,
                got: u32::MAX,
            },
        ),
        (
            NodeKind::Tool,
            lent(NOW + (max + 1)),
            Refusal::LentOutOfRange,
        ),
    ];
    for (kind, said, refusal) in refused {
        let got = World::new().does(knot(kind, said.clone()), NOW);
        assert_eq!(got, Err(refusal), "{said:?}");
        let mut world = World::with(kind, Particulars::default());
        let change = said.differences(&Particulars::default());
        assert_eq!(world.changes(change, NOW), Err(refusal), "{said:?}");
    }
    for (kind, said) in [
        (NodeKind::Event, ends(START + 1)),
        (NodeKind::Event, ends(START + days * DAY_MS)),
        (NodeKind::Bed, bed(1, NIGHTS_MAX)),
        (NodeKind::Bed, bed(GUESTS_MAX, 1)),
        (NodeKind::Tool, lent(NOW + max)),
    ] {
        assert!(World::new().does(knot(kind, said), NOW).is_ok());
    }
}

#[test]
fn nobody_lends_in_the_past_but_what_was_lent_then_may_be_said_again() {
    let past = lent(NOW + (-DAY_MS - 1));
    let new = World::new().does(knot(NodeKind::Tool, past.clone()), NOW);
    assert_eq!(new, Err(Refusal::LentOutOfRange));
    let mut world = World::with(NodeKind::Tool, Particulars::default());
    let again = past.differences(&Particulars::default());
    assert!(world.changes(again, NOW).is_ok());
}

#[test]
fn a_time_zone_has_the_form_of_a_name() {
    for name in [
        "Europe/Vienna",
        "America/Argentina/Buenos_Aires",
        "Etc/GMT+1",
        "UTC",
        "America/Port-au-Prince",
    ] {
        let got = World::new().does(knot(NodeKind::Event, zone(name)), NOW);
        assert!(got.is_ok(), "{name}");
    }
    for name in [
        "",
        "/",
        "Europe/",
        "Europe//Vienna",
        "Europe/Wien\r\nDESCRIPTION:x",
        "+01:00",
        "../../etc/passwd",
        "Wien Mitte",
        "Österreich",
        &"Z".repeat(65),
    ] {
        let got = World::new().does(knot(NodeKind::Event, zone(name)), NOW);
        assert_eq!(got, Err(Refusal::ZoneInvalid), "{name:?}");
    }
}

#[test]
fn an_event_holds_until_its_end_and_then_fades() {
    let end = START + 20 * DAY_MS;
    let mut world = World::with(NodeKind::Event, ends(end));
    assert_eq!(world.holds_until(), end + FADE_MS);
    let state = world.states.node(node()).expect("a knot");
    assert!(
        !state.is_over(end + -1) && state.is_over(end),
        "not before its end"
    );
    let later = ends(end + DAY_MS).differences(world.said());
    world.changes(later, NOW).expect("a longer one");
    assert_eq!(world.holds_until(), end + DAY_MS + FADE_MS);
    let open = Particulars::default().differences(world.said());
    let body = world.changes(open, NOW).expect("one without an end");
    assert_eq!(
        serde_json::to_value(body).expect("JSON"),
        serde_json::json!({"type": "KnotenGeaendert", "particulars": {"ends_at": null}}),
        "what is taken away is named as nothing"
    );
    assert_eq!(world.holds_until(), START + FADE_MS);
    assert!(world.said().is_empty());
}

#[test]
fn neither_end_of_an_event_is_moved_past_the_other() {
    let end = START + HOUR_MS;
    let mut world = World::with(NodeKind::Event, ends(end));
    let later = |at| act(1, Some(at), ParticularsChange::default());
    assert_eq!(world.does(later(end), NOW), Err(Refusal::EndBeforeStart));
    assert!(world.does(later(end + -1), NOW).is_ok());
    let both = ends(end + DAY_MS).differences(&ends(end));
    assert!(world.does(act(2, Some(end), both), NOW).is_ok());
}

#[test]
fn what_an_event_said_of_itself_goes_with_what_it_was() {
    let end = START + HOUR_MS;
    let said = Particulars {
        zone: Some("Europe/Vienna".to_owned()),
        ..ends(end)
    };
    let mut world = World::with(NodeKind::Event, said);
    let becomes = |kind, particulars| Act::ChangeNode {
        node: node(),
        based_on: 1,
        kind: Some(kind),
        title: None,
        text: None,
        place: None,
        starts_at: None,
        particulars,
    };
    let place = becomes(NodeKind::Place, ParticularsChange::default());
    assert_eq!(
        world.does(place.clone(), end + -1),
        Err(Refusal::KindFixed),
        "it runs"
    );
    let foreign = Particulars::default().differences(&ends(end));
    let refused = world.does(becomes(NodeKind::Place, foreign), end);
    assert_eq!(refused, Err(Refusal::OfAnotherKind));
    world.does(place, end).expect("it is over");
    assert!(world.said().is_empty());
    assert_eq!(world.states.node(node()).expect("a knot").ends_at, None);
}

#[test]
fn acts_events_and_rows_of_before_are_read_and_written_as_they_were() {
    let before = r#"{"act":"knot-node","node":"00000000-0000-0000-0000-000000000003","kind":"bed","title":"Etwas","text":"","place":{"lat":484100000,"lon":156100000},"starts_at":null}"#;
    let act: Act = serde_json::from_str(before).expect("an old act");
    assert_eq!(act, knot(NodeKind::Bed, Particulars::default()));
    assert_eq!(serde_json::to_string(&act).expect("JSON"), before);
    let before =
        r#"{"act":"change-node","node":"00000000-0000-0000-0000-000000000003","based_on":1}"#;
    let act: Act = serde_json::from_str(before).expect("an old act");
    assert_eq!(serde_json::to_string(&act).expect("JSON"), before);
    let before = r#"{"type":"KnotenGeaendert"}"#;
    let body: Body = serde_json::from_str(before).expect("an old event");
    assert_eq!(serde_json::to_string(&body).expect("JSON"), before);
    assert_eq!(STATE_VERSION, 3, "states have an end since");
}

fn some() -> impl Strategy<Value = Particulars> {
    let number = || prop::option::of(1..5_u32);
    let moment = || prop::option::of((1..5_i64).prop_map(|hours| START + hours * HOUR_MS));
    let zone = prop::option::of(prop::sample::select(vec!["UTC", "Europe/Vienna"]));
    (moment(), zone, number(), number(), moment()).prop_map(
        |(ends_at, zone, nights, guests, lent_until)| Particulars {
            ends_at,
            zone: zone.map(str::to_owned),
            nights,
            guests,
            lent_until,
        },
    )
}

proptest! {
    /// A change names what differs, leads there also over the wire, and touches nothing that it does not name.
    #[test]
    fn a_change_leads_where_it_was_made_for(before in some(), after in some(), other in some()) {
        let change = after.differences(&before);
        let wire = serde_json::to_string(&change).expect("JSON");
        prop_assert_eq!(&serde_json::from_str::<ParticularsChange>(&wire).expect("a change"), &change);
        prop_assert_eq!(change.is_empty(), before == after);
        let mut now = before.clone();
        now.change(&change);
        prop_assert_eq!(&now, &after);
        let mut elsewhere = other.clone();
        elsewhere.change(&change);
        if before.guests == after.guests {
            prop_assert_eq!(elsewhere.guests, other.guests);
        }
        if before.ends_at == after.ends_at {
            prop_assert_eq!(elsewhere.ends_at, other.ends_at);
        }
    }
}
