//! Pages to look at.

use std::collections::BTreeMap;

use app::live::{Stage, State, Waiting};
use app::served;
use app::served::history::{Change, Entry, History, Piece};
use domain::command::{Act, COMMAND_VERSION, Command};
use domain::cursor::Cursor;
use domain::id::{AccountId, CommandId, Epoch, MessageId, NodeId, RoleId, ThreadId};
use domain::lens::Lens;
use domain::link::{Camera, Panel};
use domain::page::{Detail, End, Lang, Near, Page, RoleDetail, RoleThread, SignInStep, Viewer};
use domain::place::{Place, Radius};
use domain::search::{Hit, Order, Search, Subject};
use domain::spool::{Met, Placed, Profile, Standing};
use domain::time::{DAY_MS, FADE_MS, Millis};
use domain::view::{Me, NodeRow, SpoolRow, ThreadRow};
use domain::weave::{NodeKind, NodeVersion, Particulars, ThreadKind};
use uuid::Uuid;

pub(crate) const NOW: Millis = Millis(1_795_630_530_000);
/// Text as someone would write it who wants to get out of it.
pub(crate) const HOSTILE: &str = "</script><img src=x onerror=alert(1)> \"'&";

pub(crate) fn role_id(n: u128) -> RoleId {
    RoleId(Uuid::from_u128(0x1000 + n))
}

pub(crate) fn node_id(n: u128) -> NodeId {
    NodeId(Uuid::from_u128(0x2000 + n))
}

pub(crate) fn place(n: i32) -> Place {
    Place {
        lat: 484_100_000 + n * 9000,
        lon: 156_100_000 - n * 7000,
    }
}

pub(crate) fn node(n: u128, kind: NodeKind, title: &str) -> NodeRow {
    NodeRow {
        id: node_id(n),
        kind,
        title: title.to_owned(),
        text: "Freitags ab vier.\nJede Hand hilft.".to_owned(),
        place: place(n as i32),
        owner: role_id(1),
        owner_name: "Anna".to_owned(),
        version: 1,
        created_at: NOW + -(n as i64) * 5_000_000,
        starts_at: (kind == NodeKind::Event).then_some(NOW + DAY_MS),
        particulars: Particulars::default(),
        holds_until: NOW + FADE_MS,
        yarns: BTreeMap::new(),
        pictures: Vec::new(),
        covers: Vec::new(),
        dissolved_at: None,
        last: 1,
    }
}

pub(crate) fn thread(
    role: u128,
    name: &str,
    kind: ThreadKind,
    node: u128,
    left_days: Option<i64>,
) -> ThreadRow {
    ThreadRow {
        id: ThreadId::derive(role_id(role), kind, node_id(node)),
        kind,
        role: role_id(role),
        role_name: name.to_owned(),
        target: node_id(node).into(),
        from: None,
        to: Some(place(node as i32)),
        version: 1,
        acts: 1,
        level: None,
        since: None,
        drawn_at: NOW + -DAY_MS,
        expires_at: left_days.map(|days| NOW + days * DAY_MS + 1000),
        faded_at: None,
        last: 1,
    }
}

pub(crate) fn me() -> Me {
    Me {
        role: role_id(1),
        name: "Anna".to_owned(),
        version: 1,
        placed: Placed::Radius {
            radius: Radius::M500,
        },
        place: Some(place(3)),
        registered_at: NOW + -30 * DAY_MS,
        profile: profile(),
        standing: Standing::default(),
    }
}

fn profile() -> Profile {
    Profile {
        about: "Gärtnerin.\nWer Setzlinge braucht, <klopft>.".to_owned(),
        goods: vec!["Leiter".to_owned(), "Setzlinge & Saatgut".to_owned()],
        skills: Vec::new(),
        languages: vec!["العربية".to_owned()],
        picture: None,
    }
}

pub(crate) fn account_id() -> AccountId {
    AccountId(Uuid::from_u128(0x3000))
}

pub(crate) fn member() -> Viewer {
    Viewer::Role {
        account: account_id(),
        email: "anna@example.org".to_owned(),
        me: me(),
    }
}

pub(crate) fn page(panel: Panel, lang: Lang, viewer: Viewer) -> Page {
    let titles = [
        (NodeKind::Idea, "Gemeinsam Brot backen"),
        (NodeKind::Event, "Straßenfest am Steiner Tor"),
        (NodeKind::Place, "Nachbarschaftsgarten"),
        (
            NodeKind::Tool,
            "Lastenrad zum Ausleihen, auch für einen ganzen Umzug quer durch die Stadt",
        ),
        (NodeKind::Bed, "Gästebett in der Hafnergasse"),
        (NodeKind::Structure, "Webrat"),
    ];
    let nodes: Vec<NodeRow> = titles
        .iter()
        .enumerate()
        .map(|(n, (kind, title))| node(n as u128 + 1, *kind, title))
        .collect();
    let detail = match panel {
        Panel::Node(id) | Panel::Change(id) => {
            nodes
                .iter()
                .find(|node| node.id == id)
                .map_or(Detail::Missing, |node| Detail::Node {
                    node: node.clone(),
                    threads: vec![
                        thread(1, "Anna", ThreadKind::Create, 1, Some(6)),
                        thread(2, "Birgit", ThreadKind::Join, 1, Some(3)),
                        thread(3, "Çelik & Söhne", ThreadKind::Join, 1, None),
                    ],
                    prose: String::new(),
                    talk: None,
                })
        }
        Panel::Thread(_) => nodes
            .first()
            .map_or(Detail::Missing, |node| Detail::Thread {
                thread: thread(2, "Birgit", ThreadKind::Join, 1, Some(3)),
                end: End::Node(Box::new(node.clone())),
            }),
        Panel::Role(role) => Detail::Role {
            role: RoleDetail {
                role,
                name: "Birgit".to_owned(),
                placed: Placed::Radius {
                    radius: Radius::Km1,
                },
                place: Some(place(5)),
                registered_at: NOW + -90 * DAY_MS,
                profile: profile(),
                spool: Some(SpoolRow {
                    role,
                    name: "Birgit".to_owned(),
                    place: place(5),
                    radius: Some(Radius::Km1),
                    acted_at: NOW,
                    last: 1,
                }),
                standing: Standing {
                    vouched_by: vec![Met {
                        role: role_id(3),
                        name: "Çelik & Söhne".to_owned(),
                    }],
                    ..Standing::default()
                },
                vouches_for: Vec::new(),
            },
            threads: vec![RoleThread {
                thread: thread(2, "Birgit", ThreadKind::Join, 1, Some(3)),
                title: "Gemeinsam Brot backen".to_owned(),
            }],
        },
        Panel::Search => Detail::Search {
            search: Search::new("Brot", Order::Distance),
            hits: hits(),
            is_failed: false,
        },
        _ => Detail::None,
    };
    let history = match panel {
        Panel::History(id, _) => nodes.iter().find(|node| node.id == id).cloned(),
        _ => None,
    };
    let pictured = match panel {
        Panel::Pictures(id) => nodes.iter().find(|node| node.id == id).cloned(),
        _ => None,
    };
    let mut page = Page {
        now: NOW,
        lang,
        offset_min: 0,
        cursor: Cursor {
            epoch: Epoch(Uuid::from_u128(9)),
            at: NOW,
            id: 7,
        },
        viewer,
        panel,
        camera: Camera {
            centre: place(0),
            zoom_centi: 1500,
        },
        lens: Lens::default(),
        near: nodes
            .into_iter()
            .map(|node| Near {
                distance_m: place(0).distance_m(node.place) as u32,
                threads: 2,
                node,
            })
            .collect(),
        nearest: Some(place(1)),
        detail,
        sign_in: SignInStep::Email,
        is_unprotected: false,
        has_mailbox: false,
        news: 0,
        is_demo: false,
        community: String::new(),
        unread: Vec::new(),
    };
    if let Some(node) = pictured {
        served::pictures::draw(&mut page, &node, &served::pictures::Back::default());
    }
    if panel == Panel::Portrait {
        served::pictures::draw_portrait(&mut page, &served::pictures::Back::default());
    }
    if let Some(node) = history {
        let (node, history) = changed_twice(&node);
        served::history::draw(&mut page, &node, &history);
    }
    super::marks::drawn(&mut page);
    page
}

/// A knot as Birgit and then Anna changed it.
pub(crate) fn changed_twice(knotted: &NodeRow) -> (NodeRow, History) {
    let version = |version, role, name: &str, title: &str, place| NodeVersion {
        version,
        role: role_id(role),
        role_name: name.to_owned(),
        at: NOW + -DAY_MS * i64::from(4 - version),
        kind: knotted.kind,
        title: title.to_owned(),
        text: knotted.text.clone(),
        place,
        starts_at: knotted.starts_at,
        particulars: Particulars::default(),
        pictures: Vec::new(),
    };
    let first = version(1, 1, "Anna", "Brot backen", knotted.place);
    let second = version(2, 2, "Birgit", "Kuchen backen", knotted.place);
    let third = version(3, 1, "Anna", "Kuchen backen", place(9));
    let now = NodeRow {
        version: 3,
        title: third.title.clone(),
        place: third.place,
        ..knotted.clone()
    };
    let title = vec![
        Piece::Removed("Brot".to_owned()),
        Piece::Added("Kuchen".to_owned()),
        Piece::Same(" backen".to_owned()),
    ];
    let entry = |version: &NodeVersion, before: Option<&NodeVersion>, title| Entry {
        version: version.clone(),
        change: before.map(|before| Change {
            before: before.clone(),
            title,
            text: Vec::new(),
        }),
    };
    let entries = vec![
        entry(&third, Some(&second), Vec::new()),
        entry(&second, Some(&first), title),
        entry(&first, None, Vec::new()),
    ];
    let history = History {
        entries,
        has_older: false,
        is_newest: true,
    };
    (now, history)
}

/// A knot, a role that is not on the map, and something said.
pub(crate) fn hits() -> Vec<Hit> {
    let hit = |of, title: &str, place: Option<Place>| Hit {
        of,
        title: title.to_owned(),
        excerpt: format!("… warum {title} …"),
        place,
        distance_m: place.map(|_| 1240),
    };
    let kind = NodeKind::Event;
    vec![
        hit(
            Subject::Node {
                node: node_id(2),
                kind,
            },
            "Brot backen",
            Some(place(2)),
        ),
        hit(Subject::Role { role: role_id(2) }, "Birgit", None),
        hit(
            Subject::Message {
                message: MessageId(Uuid::from_u128(0x4001)),
                node: node_id(2),
                kind,
                by: "Birgit".to_owned(),
            },
            "Brot und Salz",
            Some(place(2)),
        ),
    ]
}

/// Every panel that can be open.
pub(crate) fn panels() -> [Panel; 16] {
    [
        Panel::Home,
        Panel::Node(node_id(1)),
        Panel::Change(node_id(1)),
        Panel::History(node_id(1), None),
        Panel::Pictures(node_id(1)),
        Panel::Portrait,
        Panel::Role(role_id(2)),
        Panel::Thread(ThreadId::derive(role_id(2), ThreadKind::Join, node_id(1))),
        Panel::Search,
        Panel::Weave,
        Panel::Me,
        Panel::News(0),
        Panel::Areas,
        Panel::Area(domain::id::AreaId(Uuid::from_u128(5))),
        Panel::SignIn,
        Panel::Unknown,
    ]
}

pub(crate) fn waiting(n: u128, act: Act, stage: Stage) -> Waiting {
    Waiting {
        command: Command {
            id: CommandId(Uuid::from_u128(0x3000 + n)),
            v: COMMAND_VERSION,
            by: role_id(1),
            issued_at: NOW,
            act,
        },
        stage,
    }
}

pub(crate) fn knot(title: &str) -> Act {
    Act::KnotNode {
        node: node_id(77),
        kind: NodeKind::Tool,
        title: title.to_owned(),
        text: "Mit Anhänger.".to_owned(),
        place: place(1),
        starts_at: None,
        particulars: Particulars::default(),
    }
}

/// The state as it is in a browser that is awake.
pub(crate) fn awake(page: Page) -> State {
    let mut state = State::new(page);
    state.awake = true;
    state
}
