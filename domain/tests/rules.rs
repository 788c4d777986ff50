//! One rule a test: given what happened, when this is asked for, then these events or that refusal.

use domain::command::{Act, COMMAND_VERSION, Command};
use domain::decide::decide;
use domain::event::{Body, Draft};
use domain::id::{CommandId, NodeId, RoleId, ThreadId};
use domain::personal::Personal;
use domain::place::{Place, Radius};
use domain::refusal::Refusal;
use domain::spool::{ABOUT_MAX, Placed, Placement, TAG_MAX, TAGS_MAX};
use domain::state::{Facts, States};
use domain::time::{DAY_MS, FADE_MS, Millis};
use domain::weave::{
    NodeKind, Particulars, ParticularsChange, START_AHEAD_MS, TITLE_MAX, ThreadKind,
};
use uuid::Uuid;

const NOW: Millis = Millis(1_795_000_000_000);
const HERE: Place = Place {
    lat: 484_100_000,
    lon: 156_100_000,
};

fn anna() -> RoleId {
    RoleId(Uuid::from_u128(1))
}

fn ben() -> RoleId {
    RoleId(Uuid::from_u128(2))
}

fn node() -> NodeId {
    NodeId(Uuid::from_u128(3))
}

fn thread(of: RoleId, kind: ThreadKind) -> ThreadId {
    ThreadId::derive(of, kind, node())
}

struct Given(States);

fn given(acts: &[(RoleId, Millis, Act)]) -> Given {
    let mut states = States::default();
    for (by, at, act) in acts {
        for draft in decide(&states, &command(*by, act.clone()), *at).expect("what was given") {
            states.evolve_draft(&draft, *at);
        }
    }
    Given(states)
}

impl Given {
    fn when(&self, by: RoleId, at: Millis, act: Act) -> Then {
        Then(decide(&self.0, &command(by, act), at))
    }
}

struct Then(Result<Vec<Draft>, Refusal>);

impl Then {
    fn then(self, names: &[&str]) -> Vec<Draft> {
        let drafts = self.0.expect("accepted");
        assert_eq!(
            drafts
                .iter()
                .map(|draft| draft.body.name())
                .collect::<Vec<_>>(),
            names
        );
        drafts
    }

    fn then_refused(self, refusal: Refusal) {
        assert_eq!(self.0, Err(refusal));
    }
}

fn command(by: RoleId, act: Act) -> Command {
    Command {
        id: CommandId(Uuid::nil()),
        v: COMMAND_VERSION,
        by,
        issued_at: NOW,
        act,
    }
}

fn register(name: &str) -> Act {
    Act::RegisterRole {
        name: name.into(),
        placement: Placement::Hidden,
    }
}

fn knot(kind: NodeKind, title: &str, starts_at: Option<Millis>) -> Act {
    Act::KnotNode {
        node: node(),
        kind,
        title: title.into(),
        text: "Am Brunnen".into(),
        place: HERE,
        starts_at,
        particulars: Particulars::default(),
    }
}

/// Another knot than the one that is woven.
fn another(title: &str) -> Act {
    Act::KnotNode {
        node: NodeId(Uuid::from_u128(5)),
        kind: NodeKind::Idea,
        title: title.into(),
        text: String::new(),
        place: HERE,
        starts_at: None,
        particulars: Particulars::default(),
    }
}

fn woven() -> Given {
    given(&[
        (anna(), NOW, register("Anna")),
        (ben(), NOW, register("Ben")),
        (anna(), NOW, knot(NodeKind::Idea, "Sommerfest", None)),
    ])
}

#[test]
fn a_title_that_nobody_sees_is_none_and_none_turns_the_text_around_it() {
    for unseen in ["\u{200b}", "\u{202e}\u{2066}", "\u{200d} \u{fe0f}"] {
        woven()
            .when(ben(), NOW, another(unseen))
            .then_refused(Refusal::TitleLength {
                max: TITLE_MAX,
                got: 0,
            });
    }
}

#[test]
fn a_role_is_registered_once_and_its_name_is_tidied() {
    let drafts = given(&[])
        .when(anna(), NOW, register("  Anna \t Lind "))
        .then(&["RolleRegistriert"]);
    let Body::RolleRegistriert { name, .. } = &drafts[0].body else {
        panic!("a registration")
    };
    assert_eq!(name.readable(), Some("Anna Lind"));
    woven()
        .when(anna(), NOW, register("Noch eine"))
        .then_refused(Refusal::RoleTaken);
    given(&[])
        .when(anna(), NOW, register(" \n "))
        .then_refused(Refusal::NameLength { max: 60, got: 0 });
    given(&[])
        .when(anna(), NOW, register("An\u{7}na"))
        .then_refused(Refusal::ControlCharacters);
}

#[test]
fn only_who_is_shown_has_a_place_that_is_kept() {
    let radius = Some(Radius::M500);
    let kept = Placement::Kept { radius };
    let place = Act::PlaceRole { placement: kept };
    let name = "Anna".to_owned();
    let register = |placement| Act::RegisterRole {
        name: name.clone(),
        placement,
    };
    given(&[])
        .when(anna(), NOW, register(kept))
        .then_refused(Refusal::NoPlaceKept);
    let hidden = given(&[(anna(), NOW, register(Placement::Hidden))]);
    hidden
        .when(anna(), NOW, place.clone())
        .then_refused(Refusal::NoPlaceKept);
    let shown = given(&[(anna(), NOW, register(Placement::Exact { place: HERE }))]);
    shown.when(anna(), NOW, place).then(&["RollePlatziert"]);
}

#[test]
fn no_event_carries_a_roles_point() {
    let placement = Placement::Radius {
        place: HERE,
        radius: Radius::M500,
    };
    let drafts = woven()
        .when(anna(), NOW, Act::PlaceRole { placement })
        .then(&["RollePlatziert"]);
    assert_eq!(
        drafts[0].body,
        Body::RollePlatziert {
            placed: Placed::Radius {
                radius: Radius::M500
            }
        }
    );
    assert_eq!(drafts[0].cell, None);
    assert!(
        !serde_json::to_string(&drafts[0].body)
            .expect("JSON")
            .contains("4841")
    );
}

#[test]
fn who_has_no_role_weaves_nothing() {
    given(&[])
        .when(anna(), NOW, knot(NodeKind::Idea, "x", None))
        .then_refused(Refusal::RoleUnknown);
}

#[test]
fn knotting_draws_the_first_thread() {
    let drafts = given(&[(anna(), NOW, register("Anna"))])
        .when(anna(), NOW, knot(NodeKind::Idea, "Sommerfest", None))
        .then(&["KnotenGeknuepft"]);
    let tie = drafts[0].tie.expect("a tie");
    assert_eq!(tie.thread, thread(anna(), ThreadKind::Create));
    assert_eq!(drafts[0].cell, Some(HERE.cell()));
}

#[test]
fn a_knot_has_a_title_a_kind_and_only_an_event_a_start() {
    let given = given(&[(anna(), NOW, register("Anna"))]);
    let too_long = "ä".repeat(TITLE_MAX as usize + 1);
    for (act, refusal) in [
        (
            knot(NodeKind::Idea, " ", None),
            Refusal::TitleLength {
                max: TITLE_MAX,
                got: 0,
            },
        ),
        (
            knot(NodeKind::Idea, &too_long, None),
            Refusal::TitleLength {
                max: TITLE_MAX,
                got: 121,
            },
        ),
        (
            knot(NodeKind::Structure, "Kasse", None),
            Refusal::StructureByHand,
        ),
        (knot(NodeKind::Event, "Fest", None), Refusal::StartMissing),
        (
            knot(NodeKind::Idea, "Fest", Some(NOW)),
            Refusal::StartWithoutEvent,
        ),
        (
            knot(NodeKind::Event, "Fest", Some(NOW + START_AHEAD_MS + 1)),
            Refusal::StartOutOfRange,
        ),
        (
            knot(NodeKind::Event, "Fest", Some(NOW + (-DAY_MS - 1))),
            Refusal::StartOutOfRange,
        ),
    ] {
        given.when(anna(), NOW, act).then_refused(refusal);
    }
}

#[test]
fn an_event_lives_until_its_date_and_then_fades() {
    let starts_at = NOW + 20 * DAY_MS;
    let given = given(&[
        (anna(), NOW, register("Anna")),
        (anna(), NOW, knot(NodeKind::Event, "Fest", Some(starts_at))),
    ]);
    let join = Act::join(node());
    given
        .when(anna(), starts_at + (FADE_MS - 1), join.clone())
        .then(&["KnotenBeigetreten"]);
    let at = starts_at + FADE_MS;
    given
        .when(anna(), at, join)
        .then_refused(Refusal::NodeDissolved { at });
}

#[test]
fn a_deadline_closes_though_no_timer_ran() {
    let at = NOW + FADE_MS;
    woven()
        .when(ben(), at, Act::join(node()))
        .then_refused(Refusal::NodeDissolved { at });
    let twist = Act::twist(thread(anna(), ThreadKind::Create), node());
    woven()
        .when(anna(), at, twist)
        .then_refused(Refusal::ThreadFaded { at });
}

#[test]
fn only_the_owner_twists() {
    let thread = thread(anna(), ThreadKind::Create);
    let twist = Act::twist(thread, node());
    woven()
        .when(ben(), NOW, twist.clone())
        .then_refused(Refusal::NotYours);
    let drafts = woven().when(anna(), NOW, twist).then(&["FadenVerzwirnt"]);
    assert_eq!(drafts[0].tie.map(|tie| tie.to), Some(node().into()));
    let untwist = Act::UntwistThread {
        thread,
        target: node().into(),
    };
    woven()
        .when(anna(), NOW, untwist)
        .then_refused(Refusal::NotTwisted);
}

fn change(based_on: u32, title: Option<&str>) -> Act {
    Act::ChangeNode {
        node: node(),
        based_on,
        kind: None,
        title: title.map(str::to_owned),
        text: None,
        place: None,
        starts_at: None,
        particulars: ParticularsChange::default(),
    }
}

#[test]
fn a_change_says_what_changed_draws_a_thread_and_raises_the_version() {
    let there = Place {
        lat: HERE.lat + 100_000,
        ..HERE
    };
    let act = Act::ChangeNode {
        node: node(),
        based_on: 1,
        kind: None,
        title: Some("  Herbstfest ".into()),
        text: None,
        place: Some(there),
        starts_at: None,
        particulars: ParticularsChange::default(),
    };
    let woven = woven();
    let drafts = woven
        .when(anna(), NOW + DAY_MS, act.clone())
        .then(&["KnotenGeaendert"]);
    assert_eq!(
        drafts[0].body,
        Body::KnotenGeaendert {
            kind: None,
            title: Some(Personal::open(anna(), "Herbstfest")),
            text: None,
            place: Some(there),
            starts_at: None,
            particulars: ParticularsChange::default(),
            left: Some(HERE.cell()),
        }
    );
    assert_eq!(drafts[0].cell, Some(there.cell()));
    let tie = drafts[0].tie.expect("a tie");
    assert_eq!(tie.thread, thread(anna(), ThreadKind::Change));
    let mut states = woven.0;
    states.evolve_draft(&drafts[0], NOW + DAY_MS);
    let state = states.node(node()).expect("a knot");
    assert_eq!((state.version, state.cell), (2, there.cell()));
    assert_eq!(state.holds_until, NOW + DAY_MS + FADE_MS);
    // The other browser has not seen it.
    Given(states)
        .when(anna(), NOW + DAY_MS, act)
        .then_refused(Refusal::NodeChanged { version: 2 });
}

#[test]
fn a_guest_changes_only_their_own_and_no_other_guests_yarn_keeps_them_from_it() {
    let title = Some("Herbstfest");
    woven()
        .when(ben(), NOW, change(1, title))
        .then_refused(Refusal::NodeNotYours {
            vouches: 0,
            needed: 2,
        });
    let twist = |by, kind| {
        let thread = thread(by, kind);
        Act::twist(thread, node())
    };
    let mut acts = vec![
        (anna(), NOW, register("Anna")),
        (ben(), NOW, register("Ben")),
        (anna(), NOW, knot(NodeKind::Idea, "Sommerfest", None)),
        (ben(), NOW, Act::join(node())),
        (ben(), NOW, twist(ben(), ThreadKind::Join)),
    ];
    given(&acts)
        .when(anna(), NOW, change(1, title))
        .then(&["KnotenGeaendert"]);
    acts.push((anna(), NOW, twist(anna(), ThreadKind::Create)));
    given(&acts)
        .when(anna(), NOW, change(1, title))
        .then(&["KnotenGeaendert"]);
}

#[test]
fn a_change_keeps_the_rules_of_what_it_changes() {
    let at = NOW + FADE_MS;
    woven()
        .when(anna(), at, change(1, Some("x")))
        .then_refused(Refusal::NodeDissolved { at });
    given(&[(anna(), NOW, register("Anna"))])
        .when(anna(), NOW, change(1, Some("x")))
        .then_refused(Refusal::NodeUnknown);
    woven()
        .when(anna(), NOW, change(2, Some("x")))
        .then_refused(Refusal::NodeChanged { version: 1 });
    woven()
        .when(anna(), NOW, change(1, None))
        .then_refused(Refusal::NothingChanged);
    woven()
        .when(anna(), NOW, change(1, Some(" ")))
        .then_refused(Refusal::TitleLength {
            max: TITLE_MAX,
            got: 0,
        });
    let with = |place, starts_at| Act::ChangeNode {
        node: node(),
        based_on: 1,
        kind: None,
        title: None,
        text: None,
        place,
        starts_at,
        particulars: ParticularsChange::default(),
    };
    let nowhere = Place {
        lat: 900_000_001,
        lon: 0,
    };
    woven()
        .when(anna(), NOW, with(Some(nowhere), None))
        .then_refused(Refusal::PlaceInvalid);
    woven()
        .when(anna(), NOW, with(None, Some(NOW)))
        .then_refused(Refusal::StartWithoutEvent);
}

#[test]
fn an_event_that_is_moved_in_time_lives_until_its_new_date() {
    let at = |days| NOW + days * DAY_MS;
    let moved = |starts_at| Act::ChangeNode {
        node: node(),
        based_on: 1,
        kind: None,
        title: None,
        text: None,
        place: None,
        starts_at: Some(starts_at),
        particulars: ParticularsChange::default(),
    };
    let holds_until = |start: i64, new: i64| {
        let given = given(&[
            (anna(), NOW, register("Anna")),
            (anna(), NOW, knot(NodeKind::Event, "Fest", Some(at(start)))),
            (anna(), at(1), moved(at(new))),
        ]);
        given.0.node(node()).expect("a knot").holds_until
    };
    assert_eq!(holds_until(20, 30), at(30) + FADE_MS);
    assert_eq!(holds_until(20, 10), at(10) + FADE_MS);
    // Changing it holds it too.
    assert_eq!(holds_until(20, 0), at(1) + FADE_MS);
    given(&[
        (anna(), NOW, register("Anna")),
        (anna(), NOW, knot(NodeKind::Event, "Fest", Some(at(2)))),
    ])
    .when(anna(), NOW, moved(NOW + START_AHEAD_MS + 1))
    .then_refused(Refusal::StartOutOfRange);
}

#[test]
fn a_command_of_another_version_is_refused_not_guessed() {
    let mut command = command(anna(), register("Anna"));
    command.v = 2;
    assert_eq!(
        decide(&States::default(), &command, NOW),
        Err(Refusal::CommandVersion { v: 2 })
    );
}

fn describe(about: Option<&str>, goods: Option<&[&str]>) -> Act {
    Act::DescribeRole {
        about: about.map(str::to_owned),
        goods: goods.map(|tags| tags.iter().map(|&tag| tag.to_owned()).collect()),
        skills: None,
        languages: None,
    }
}

#[test]
fn a_role_says_of_itself_what_it_names_and_the_rest_stays() {
    let drafts = woven()
        .when(
            anna(),
            NOW,
            describe(
                Some(" Gärtnerin.\r\nKlopf einfach. "),
                Some(&["  Leiter ", "", "LEITER; Topf, leiter", "Saat\tgut"]),
            ),
        )
        .then(&["RolleBeschrieben"]);
    let Body::RolleBeschrieben {
        about,
        goods,
        skills,
        languages,
    } = &drafts[0].body
    else {
        panic!("{drafts:?}");
    };
    let text = |of: &Option<Personal>| of.as_ref().and_then(Personal::readable).map(str::to_owned);
    assert_eq!(text(about).as_deref(), Some("Gärtnerin.\nKlopf einfach."));
    assert_eq!(text(goods).as_deref(), Some("Leiter\nTopf\nSaat gut"));
    assert_eq!((skills, languages), (&None, &None));
    assert_eq!(
        (drafts[0].cell, drafts[0].tie),
        (None, None),
        "it is nowhere and ties nothing"
    );
    // An empty list is one, too.
    woven()
        .when(anna(), NOW, describe(None, Some(&[])))
        .then(&["RolleBeschrieben"]);
}

#[test]
fn a_description_has_bounds() {
    let refused = |about: Option<&str>, goods: Option<&[&str]>, refusal| {
        woven()
            .when(anna(), NOW, describe(about, goods))
            .then_refused(refusal);
    };
    let got = ABOUT_MAX + 1;
    refused(
        Some(&"ä".repeat(got as usize)),
        None,
        Refusal::TextLength {
            max: ABOUT_MAX,
            got,
        },
    );
    let (max, got) = (TAG_MAX, TAG_MAX + 1);
    refused(
        None,
        Some(&["gut", &"ä".repeat(got as usize)]),
        Refusal::TagLength { max, got },
    );
    let many: Vec<String> = (0..=TAGS_MAX).map(|n| format!("Ding {n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    refused(
        None,
        Some(&many),
        Refusal::TooManyTags {
            max: TAGS_MAX as u32,
            got: TAGS_MAX as u32 + 1,
        },
    );
    // A command has room for thousands: they are not compared with each other.
    let crowd: Vec<String> = (0..10_000).map(|n| n.to_string()).collect();
    let crowd: Vec<&str> = crowd.iter().map(String::as_str).collect();
    refused(
        None,
        Some(&crowd),
        Refusal::TooManyTags {
            max: TAGS_MAX as u32,
            got: 10_000,
        },
    );
    refused(Some("\u{7}"), None, Refusal::ControlCharacters);
    refused(None, None, Refusal::NothingChanged);
    let stranger = RoleId(Uuid::from_u128(99));
    woven()
        .when(stranger, NOW, describe(Some("Wer?"), None))
        .then_refused(Refusal::RoleUnknown);
}
