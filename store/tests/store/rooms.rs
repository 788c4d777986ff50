//! Rooms: what SQL reads is what the log says, at every resolution.

use std::collections::BTreeSet;

use domain::command::Act;
use domain::id::{MessageId, NodeId, PictureId, RoleId, ThreadId};
use domain::lens::Lens;
use domain::place::{Cell, Radius};
use domain::spool::{Placement, Right};
use domain::state::StreamId;
use domain::time::{DAY_MS, FADE_MS, Millis};
use domain::view::CellView;
use domain::weave::{
    Covers, JoinLevel, NodeKind, Particulars, ParticularsChange, Structure, ThreadKind,
};
use domain::wire::RoomId;
use sqlx::PgConnection;
use store::testing::{self, TestClock, TestDatabase};
use store::weave::read;
use store::{deadlines, weave};

use crate::naive::{Naive, published};
use crate::support::{House, answered, knot, place, said, until};

/// A small generator: the same weave at every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }
}

/// Acts at random, refusals included.
pub(crate) async fn weave_at_random(
    house: &House,
    clock: &TestClock,
    seed: u64,
    acts: usize,
) -> Vec<RoleId> {
    weave_in_steps(house, clock, seed, acts, FADE_MS / 40).await
}

/// As [`weave_at_random`], with so many milliseconds between two acts.
pub(crate) async fn weave_in_steps(
    house: &House,
    clock: &TestClock,
    seed: u64,
    acts: usize,
    step_ms: i64,
) -> Vec<RoleId> {
    let mut dice = Dice(seed);
    // Of its own, so that how somebody joins and what yarn covers decides about nothing else.
    let mut parts = Dice(seed);
    let mut connection = house.database.connection().await;
    let (mut roles, mut nodes): (Vec<RoleId>, Vec<(NodeId, RoleId)>) = (Vec::new(), Vec::new());
    let mut yarns = Vec::new();
    let mut messages: Vec<(MessageId, NodeId, RoleId)> = Vec::new();
    for n in 0..5 {
        roles.push(
            house
                .role(&format!("Rolle {n}"), placement(&mut dice))
                .await,
        );
    }
    // Two belong; the others come to it, or not.
    for role in &roles[..2] {
        let _ = house.order(grant(*role, Right::Weaver)).await;
    }
    // All talk in the parlour, wherever that is.
    let founded = house.door.found(Structure::Parlour, place(0), false).await;
    founded.expect("a parlour");
    let parlour = NodeId::of_structure(Structure::Parlour);
    for role in &roles {
        let _ = house.act(*role, said(parlour, "Guten Morgen")).await;
    }
    for n in 0..acts {
        let by = roles[dice.below(roles.len())];
        let known = nodes.get(dice.below(nodes.len().max(1))).copied();
        let node = known.map(|(node, _)| node);
        let kind = [
            ThreadKind::Create,
            ThreadKind::Join,
            ThreadKind::Change,
            ThreadKind::Talk,
        ][dice.below(4)];
        let message = messages.get(dice.below(messages.len().max(1))).copied();
        if let (0..3, Some((message, node, owner))) = (dice.below(15), message) {
            // Mostly by who may; of long ones an answer shows the beginning.
            let by = if dice.below(4) == 0 { by } else { owner };
            let act = match dice.below(4) {
                0 => Act::WithdrawMessage { message, node },
                1 => answered(node, message, &format!("Darauf {n}")),
                _ => Act::ChangeMessage {
                    message,
                    node,
                    text: format!("Anders {n}\n{}", "ü".repeat(n)),
                },
            };
            let _ = house.act(by, act).await;
            clock.advance(step_ms);
            continue;
        }
        let act = match (dice.below(18), node) {
            (0, _) if n % 2 == 0 => Act::DescribeRole {
                about: Some(format!("Seit {n}")),
                goods: (n % 4 == 0).then(|| vec!["Leiter".to_owned(), format!("Ding {n}")]),
                skills: None,
                languages: None,
            },
            (0, _) => Act::RenameRole {
                name: format!("Name {n}"),
            },
            (1, _) => Act::PlaceRole {
                placement: placement(&mut dice),
            },
            (2 | 3, Some(node)) => Act::JoinNode {
                node,
                level: JoinLevel::ALL[parts.below(3)],
            },
            (12..=14, Some(node)) => said(node, &format!("Wort {n}")),
            (15..=16, _) => belonging(&roles, n, &mut dice),
            (17, _) if n.is_multiple_of(3) => {
                let role = roles[dice.below(roles.len())];
                let _ = house.order(revoke_or_grant(role, &mut dice)).await;
                let elsewhere = Act::DescribeCommunity {
                    name: Some(format!("Gegend {n}")),
                    centre: Some(place(n as i32 % 40)),
                    radius_m: None,
                };
                let _ = house.order(elsewhere).await;
                clock.advance(step_ms);
                continue;
            }
            (9..=11, Some(node)) => {
                let version = version(&mut connection, node).await;
                change(version, node, house.store.now(), &mut dice)
            }
            (4 | 5, Some(node)) => {
                // Half of them are of who knotted it, who has that thread for certain.
                let (by, kind) = match known {
                    Some((_, owner)) if dice.below(2) == 0 => (owner, ThreadKind::Create),
                    _ => (by, kind),
                };
                let thread = ThreadId::derive(by, kind, node);
                yarns.push((
                    by,
                    Act::UntwistThread {
                        thread,
                        target: node.into(),
                    },
                ));
                let twist = Act::TwistThread {
                    thread,
                    target: node.into(),
                    covers: covers(&mut parts),
                };
                let _ = house.act(by, twist).await;
                let last = covers(&mut parts);
                for covers in [Covers::ALL, Covers::NOTHING].into_iter().chain(last) {
                    let target = node.into();
                    let act = Act::CoverYarn {
                        thread,
                        target,
                        covers,
                    };
                    let _ = house.act(by, act).await;
                }
                clock.advance(step_ms);
                continue;
            }
            (6, Some(_)) if !yarns.is_empty() => {
                let (by, untwist) = yarns.swap_remove(dice.below(yarns.len()));
                let _ = house.act(by, untwist).await;
                continue;
            }
            _ => {
                let node = NodeId(testing::id());
                nodes.push((node, by));
                something(node, n, house.store.now(), &mut dice)
            }
        };
        if let (Some((node, owner)), true) = (known, n % 5 == 1) {
            picture(house, owner, node, n).await;
        }
        // Mostly by who may.
        let by = match (&act, known, dice.below(4)) {
            (Act::ChangeNode { .. }, Some((_, owner)), 1..) => owner,
            _ => by,
        };
        let of = match act {
            Act::SendMessage { message, node, .. } => Some((message, node, by)),
            _ => None,
        };
        if house.act(by, act).await.is_ok() {
            messages.extend(of);
        }
        clock.advance(step_ms);
    }
    roles
}

/// A picture that comes, or the first one that goes; a knot that is covered or full says no.
async fn picture(house: &House, by: RoleId, node: NodeId, n: usize) {
    let mut connection = house.database.connection().await;
    let shown: Option<uuid::Uuid> = sqlx::query_scalar(
        "SELECT (state -> 'pictures' ->> 0)::uuid FROM streams WHERE stream = $1",
    )
    .bind(StreamId::Node(node).to_string())
    .fetch_one(&mut connection)
    .await
    .expect("a knot");
    let act = match shown {
        Some(picture) if n.is_multiple_of(2) => Act::RemovePicture {
            node,
            picture: PictureId(picture),
        },
        _ => Act::AddPicture {
            node,
            picture: crate::pictures::upload(&house.store, by, Some(node), n).await,
            alt: n.is_multiple_of(3).then(|| format!("Bild {n}")),
        },
    };
    let _ = house.act(by, act).await;
}

/// What a yarn is to cover; none: what it does unsaid.
fn covers(dice: &mut Dice) -> Option<Covers> {
    let one = Covers {
        pictures: Some(vec![PictureId(testing::id())]),
        ..Covers::NOTHING
    };
    let of = [Covers::ALL, Covers::NOTHING, one];
    of.get(dice.below(4)).cloned()
}

/// A vouch for somebody, or one withdrawn, or twisted.
fn belonging(roles: &[RoleId], n: usize, dice: &mut Dice) -> Act {
    let (by, role) = (
        roles[dice.below(roles.len())],
        roles[dice.below(roles.len())],
    );
    match dice.below(5) {
        0 => Act::WithdrawVouch { role },
        1 if n.is_multiple_of(2) => Act::twist(ThreadId::derive(by, ThreadKind::Vouch, role), role),
        _ => Act::VouchFor { role },
    }
}

fn grant(role: RoleId, right: Right) -> Act {
    let reason = "Weil es so ist".to_owned();
    Act::GrantRight {
        role,
        right,
        reason,
    }
}

/// An order of the house.
fn revoke_or_grant(role: RoleId, dice: &mut Dice) -> Act {
    let reason = "Doch nicht".to_owned();
    match dice.below(6) {
        0 => grant(role, Right::Admin),
        1 => Act::SetVouches {
            needed: 1 + dice.below(3) as u32,
        },
        2 => Act::RevokeRight {
            role,
            right: Right::Admin,
            reason,
        },
        n => Act::RevokeRight {
            role,
            right: if n == 3 { Right::Weaver } else { Right::Admin },
            reason,
        },
    }
}

/// A knot of some kind; an event is in some days.
fn something(node: NodeId, n: usize, now: Millis, dice: &mut Dice) -> Act {
    let kinds = [
        NodeKind::Idea,
        NodeKind::Place,
        NodeKind::Tool,
        NodeKind::Event,
        NodeKind::Bed,
    ];
    let kind = kinds[dice.below(kinds.len())];
    let starts_at = (kind == NodeKind::Event).then(|| some_day(now, dice));
    Act::KnotNode {
        node,
        kind,
        title: format!("Knoten {n}"),
        text: String::new(),
        place: place(dice.below(40) as i32),
        starts_at,
        particulars: of_its_kind(kind, starts_at, now, dice),
    }
}

/// Something of its kind, or nothing.
fn of_its_kind(
    kind: NodeKind,
    starts_at: Option<Millis>,
    now: Millis,
    dice: &mut Dice,
) -> Particulars {
    let is = |of, dice: &mut Dice| kind == of && dice.below(2) == 0;
    let number = |dice: &mut Dice| Some(1 + dice.below(9) as u32);
    Particulars {
        ends_at: starts_at
            .filter(|_| is(NodeKind::Event, dice))
            .map(|start| start + DAY_MS / 4),
        zone: is(NodeKind::Event, dice).then(|| "Europe/Vienna".to_owned()),
        nights: is(NodeKind::Bed, dice).then(|| number(dice)).flatten(),
        guests: is(NodeKind::Bed, dice).then(|| number(dice)).flatten(),
        lent_until: is(NodeKind::Tool, dice).then(|| some_day(now, dice)),
    }
}

fn some_day(now: Millis, dice: &mut Dice) -> Millis {
    now + (1 + dice.below(9)) as i64 * DAY_MS
}

/// A change of a knot by who knotted it, mostly made on the version that holds. Only events are moved to another day.
fn change(version: u32, node: NodeId, now: Millis, dice: &mut Dice) -> Act {
    let n = dice.below(40);
    let words = |some: &str| Some(format!("{some} {n}"));
    Act::ChangeNode {
        node,
        based_on: version - u32::from(dice.below(5) == 0),
        kind: n
            .is_multiple_of(8)
            .then_some([NodeKind::Idea, NodeKind::Place][n / 8 % 2]),
        title: words("Anders").filter(|_| dice.below(2) == 0),
        text: words("Weil es so ist:").filter(|_| dice.below(2) == 0),
        place: (dice.below(2) == 0).then(|| place(n as i32)),
        starts_at: (dice.below(6) == 0).then(|| some_day(now, dice)),
        particulars: match dice.below(12) {
            // Refused where it is of another kind.
            0 => ParticularsChange {
                ends_at: Some((n > 9).then(|| some_day(now, dice))),
                ..ParticularsChange::default()
            },
            1..4 => ParticularsChange {
                nights: Some(Some(n as u32 + 1)),
                guests: Some(None),
                ..ParticularsChange::default()
            },
            4..6 => ParticularsChange {
                lent_until: Some((n > 9).then(|| some_day(now, dice))),
                ..ParticularsChange::default()
            },
            _ => ParticularsChange::default(),
        },
    }
}

/// The version of a knot that holds; 1 where there is none any more.
async fn version(connection: &mut PgConnection, node: NodeId) -> u32 {
    let version: Option<i32> = sqlx::query_scalar("SELECT version FROM streams WHERE stream = $1")
        .bind(StreamId::Node(node).to_string())
        .fetch_optional(connection)
        .await
        .expect("a version");
    version.map_or(1, i32::unsigned_abs)
}

fn placement(dice: &mut Dice) -> Placement {
    let place = place(40 + dice.below(10) as i32);
    match dice.below(4) {
        0 => Placement::Hidden,
        1 => Placement::Exact { place },
        n => Placement::Radius {
            place,
            radius: [Radius::M100, Radius::Km1][n - 2],
        },
    }
}

/// A house whose clock moves, whose deadlines are met and whose log is woven.
pub(crate) async fn living_house() -> (House, std::sync::Arc<TestClock>) {
    let database = TestDatabase::new().await;
    let clock = TestClock::new(Millis(1_795_608_000_000));
    let store = database.store_with(clock.clone()).await;
    let house = House::of(database, store);
    tokio::spawn(deadlines::run(house.store.clone(), house.door.clone()));
    // Two instances weave in turns, as it happens.
    let other = house.database.store_with(clock.clone()).await;
    tokio::spawn(weave::project::run(other));
    house.weave();
    (house, clock)
}

/// Waits until no deadline is due and everything is woven.
pub(crate) async fn settled(house: &House) {
    let due = async || house.deadlines_due().await == 0;
    until("the deadlines that have come are dealt with", due).await;
    house.woven().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_room_at_every_resolution_shows_what_the_log_says() {
    let (house, clock) = living_house().await;
    weave_at_random(&house, &clock, 7, 150).await;
    settled(&house).await;
    let log = house.log().await;
    for kind in [
        "RolleRegistriert",
        "RolleUmbenannt",
        "RollePlatziert",
        "KnotenGeknuepft",
        "KnotenGeaendert",
        "KnotenBeigetreten",
        "NachrichtGesendet",
        "NachrichtGeaendert",
        "NachrichtZurueckgezogen",
        "BildHinzugefuegt",
        "BildEntfernt",
        "FadenVerzwirnt",
        "FadenEntzwirnt",
        "GarnDeckungGeaendert",
        "FadenVerfallen",
        "KnotenAufgeloest",
        "BuergschaftGegeben",
        "WeberBestaetigt",
        "StrukturGegruendet",
        "GemeinschaftBeschrieben",
    ] {
        assert!(
            log.iter().any(|event| event.payload.name() == kind),
            "nothing was tried with {kind}"
        );
    }
    let naive = Naive::of(&log);
    let published = published(&mut house.database.connection().await).await;
    let cells: BTreeSet<Cell> = (0..50)
        .map(place)
        .chain(published.values().map(|(_, place)| *place))
        .flat_map(|place| place.cell().rooms().collect::<Vec<_>>())
        .collect();
    let cells: Vec<Cell> = cells.into_iter().collect();
    let rooms: Vec<RoomId> = cells
        .into_iter()
        .map(RoomId::Cell)
        .chain(naive.conversations())
        .collect();
    let (cursor, views) = read::rooms(&house.store, &rooms).await.expect("rooms");
    assert_eq!(cursor, house.store.head().await.expect("a head"));
    let mut rows = 0;
    for (room, view) in views {
        assert_eq!(view, naive.room(room, &published), "{room:?}");
        rows += view.nodes.len() + view.threads.len() + view.spools.len() + view.messages.len();
    }
    assert!(rows > 100, "only {rows} rows were compared");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_read_what_rooms_show() {
    let (house, _clock) = living_house().await;
    let here = place(3);
    let anna = house
        .role("Anna", Placement::Exact { place: place(2) })
        .await;
    let bert = house.role("Bert", Placement::Hidden).await;
    assert_eq!(
        read::newest_place(&house.store).await.expect("an answer"),
        None
    );
    let node = house.node(anna, "Apfelfest", here).await;
    let far = house.node(bert, "Weit weg", place(4000)).await;
    let thread = house.join(bert, node).await;
    house.woven().await;

    let (row, threads) = read::node(&house.store, node)
        .await
        .expect("an answer")
        .expect("a node");
    assert_eq!(
        (row.title.as_str(), row.owner_name.as_str()),
        ("Apfelfest", "Anna")
    );
    assert_eq!(threads.len(), 2);
    let joined = threads
        .iter()
        .find(|row| row.id == thread)
        .expect("Bert's thread");
    assert_eq!((joined.from, joined.role_name.as_str()), (None, "Bert"));

    let near = read::near(&house.store, here, everything(), 10)
        .await
        .expect("an answer");
    let order: Vec<_> = near
        .iter()
        .map(|near| (near.node.id, near.threads))
        .collect();
    assert_eq!(order, [(node, 2), (far, 1)]);
    assert_eq!(near[0].distance_m, 0);
    assert!(near[1].distance_m > 1000);
    assert_eq!(
        read::newest_place(&house.store).await.expect("an answer"),
        Some(place(4000))
    );

    let me = read::me(&house.store, anna)
        .await
        .expect("an answer")
        .expect("Anna");
    assert_eq!(
        (me.name.as_str(), me.place, me.version),
        ("Anna", Some(place(2)), 1)
    );
    let (detail, threads) = read::role(&house.store, bert)
        .await
        .expect("an answer")
        .expect("Bert");
    assert_eq!((detail.spool, threads.len()), (None, 2));
    let cells = read::spool_cells(&house.store, &[anna, bert])
        .await
        .expect("an answer");
    assert_eq!(
        cells.into_iter().collect::<Vec<_>>(),
        [(anna, place(2).cell())]
    );
    let nobody = RoleId(testing::id());
    assert_eq!(
        read::role(&house.store, nobody).await.expect("an answer"),
        None
    );
    assert_eq!(
        read::node(&house.store, NodeId(nobody.0))
            .await
            .expect("an answer"),
        None
    );
}

/// Through no lens, as nobody in particular.
fn everything() -> (Lens, Option<RoleId>) {
    (Lens::default(), None)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn through_a_lens_a_page_shows_what_the_map_shows() {
    let (house, clock) = living_house().await;
    let roles = weave_at_random(&house, &clock, 11, 150).await;
    settled(&house).await;
    let cells: BTreeSet<Cell> = (0..50).map(|n| place(n).cell().parent(7)).collect();
    let rooms: Vec<RoomId> = cells.into_iter().map(RoomId::Cell).collect();
    let (_, views) = read::rooms(&house.store, &rooms).await.expect("rooms");
    let mut view = CellView::default();
    for (_, room) in views {
        view.nodes.extend(room.nodes);
        view.threads.extend(room.threads);
    }
    let kinds = ["", "idea", "event.tool.bed"];
    let ages = ["", "tag", "drei-tage"];
    let (mut compared, mut partly) = (0, 0);
    for me in [None, Some(roles[0]), Some(roles[1])] {
        for (kind, age) in kinds.iter().flat_map(|kind| ages.map(|age| (kind, age))) {
            for (yarn, mine) in [("", ""), ("garn", ""), ("", "meine"), ("garn", "meine")] {
                let words = [*kind, age, yarn, mine].map(str::to_owned);
                let words: Vec<String> =
                    words.into_iter().filter(|word| !word.is_empty()).collect();
                let lens: Lens = words.join(".").parse().expect("a lens");
                let near = read::near(&house.store, place(0), (lens, me), 1000).await;
                let found: BTreeSet<NodeId> = near
                    .expect("an answer")
                    .into_iter()
                    .map(|near| near.node.id)
                    .filter(|id| view.nodes.contains_key(id))
                    .collect();
                let seen = lens.through(&view, me, house.store.now());
                assert_eq!(found, seen.nodes.keys().copied().collect(), "{lens} {me:?}");
                compared += 1;
                partly += usize::from(!found.is_empty() && found.len() < view.nodes.len());
            }
        }
    }
    assert!(
        partly >= 10,
        "only {partly} of {compared} lenses showed a part"
    );
}

#[tokio::test]
async fn what_is_near_is_found_across_the_antimeridian() {
    let house = House::new().await;
    let anna = house.role("Anna", Placement::Hidden).await;
    let at = |lat: i32, lon: i32| domain::place::Place { lat, lon };
    let (east, west) = (1_800_000_000, -1_800_000_000);
    house.weave();
    for lat in [0, 450_000_000] {
        for lon in [east, west, east - 1, west + 1, 0] {
            let act = knot(NodeId(testing::id()), "Idee", at(lat, lon));
            house.act(anna, act).await.expect("a receipt");
        }
    }
    house.woven().await;
    for lat in [0, 450_000_000] {
        for lon in [east, west, east - 1, west + 1] {
            let near = read::near(&house.store, at(lat, lon), everything(), 4).await;
            let near = near.expect("an answer");
            assert!(near.iter().all(|near| near.distance_m == 0), "{lat} {lon}");
            assert_eq!(near.len(), 4, "{lat} {lon}");
        }
    }
}

#[tokio::test]
async fn what_is_near_is_found_across_a_pole() {
    let house = House::new().await;
    let anna = house.role("Anna", Placement::Hidden).await;
    house.weave();
    // 11 m from it, on all sides.
    let sides = [0, 900_000_000, 1_800_000_000, -900_000_000];
    for lat in [899_999_000, -899_999_000] {
        for lon in sides {
            let act = knot(
                NodeId(testing::id()),
                "Idee",
                domain::place::Place { lat, lon },
            );
            house.act(anna, act).await.expect("a receipt");
        }
    }
    house.woven().await;
    for lat in [899_999_000, -899_999_000] {
        for lon in sides {
            let here = domain::place::Place { lat, lon };
            let near = read::near(&house.store, here, everything(), 4).await;
            let near = near.expect("an answer");
            let metres: Vec<u32> = near.iter().map(|near| near.distance_m).collect();
            assert_eq!(near.len(), 4, "{lat} {lon}");
            assert!(metres[0] == 0 && metres[3] <= 23, "{lat} {lon}: {metres:?}");
            assert!(near.iter().all(|near| near.node.place.lat == lat));
        }
    }
}

#[tokio::test]
async fn whoever_waits_for_their_own_act_reads_it() {
    let house = House::new().await;
    let anna = house.role("Anna", Placement::Hidden).await;
    let cursor = house
        .act(anna, knot(NodeId(testing::id()), "Idee", place(0)))
        .await
        .expect("a receipt")
        .cursor;
    let short = std::time::Duration::from_millis(50);
    assert!(
        !read::reached(&house.store, cursor, short)
            .await
            .expect("an answer"),
        "nothing weaves yet"
    );
    tokio::spawn(weave::project::run(house.store.clone()));
    let long = std::time::Duration::from_secs(10);
    assert!(
        read::reached(&house.store, cursor, long)
            .await
            .expect("an answer")
    );
    // Another instance sees it too.
    let other = house.database.store().await;
    assert!(
        read::reached(&other, cursor, long)
            .await
            .expect("an answer")
    );
    let mut foreign = cursor;
    foreign.epoch = domain::id::Epoch(testing::id());
    assert!(
        !read::reached(&house.store, foreign, long)
            .await
            .expect("an answer"),
        "never, so at once"
    );
}
