//! Where a role truly is: no byte that leaves the house tells it, whichever way it is asked for. Every route is walked; one that is new
//! fails this test until it is listed with how it is asked.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use domain::command::Act;
use domain::cursor::Cursor;
use domain::id::{AreaId, MessageId, NodeId, RoleId, ThreadId};
use domain::link::{Camera, Panel};
use domain::place::{Cell, Place, Radius};
use domain::spool::Placement;
use domain::time::DAY_MS;
use domain::weave::{NodeKind, ThreadKind};
use domain::wire::{ClientMessage, RoomId, RoomWish, SUBPROTOCOL};
use futures::{SinkExt, StreamExt};
use reqwest::StatusCode;
use serde_json::Value;
use store::Clock as _;
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::instance::{HERE, Instance, Person};

/// Where one lives who is shown within [`RADIUS`]; some kilometres from all else.
const NEARBY: Place = Place {
    lat: 485_273_641,
    lon: 157_381_923,
};
/// Where one lives who is hidden, and was shown exactly before.
const HIDDEN: Place = Place {
    lat: 482_946_157,
    lon: 154_718_293,
};
const RADIUS: Radius = Radius::M500;
/// A number with so many decimals or more is a place within some ten metres.
const DECIMALS: std::ops::RangeInclusive<usize> = 4..=7;
/// Cells whose edge is shorter than [`RADIUS`]: one of resolution 9 has 201 m.
const CELLS: std::ops::RangeInclusive<u8> = 9..=15;
/// Longer than anything takes; nothing waits for it to pass.
const PATIENCE: Duration = Duration::from_secs(30);

/// Something by which a point could be told, and what it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Trace {
    what: String,
    bytes: Vec<u8>,
}

/// All that tells this point: as numbers, as text rounded or cut, as cells, as bytes.
fn traces(point: Place) -> BTreeSet<Trace> {
    let mut traces = BTreeSet::new();
    let mut add = |what: String, bytes: Vec<u8>| traces.insert(Trace { what, bytes });
    for (name, units, degrees) in [
        ("latitude", point.lat, point.lat_degrees()),
        ("longitude", point.lon, point.lon_degrees()),
    ] {
        // Also with one or two digits less: ten centimetres, a metre.
        for digits in 0..3_u32 {
            let (rounded, cut) = (10_i32.pow(digits), units / 10_i32.pow(digits));
            let nearest = (f64::from(units) / f64::from(rounded)).round();
            add(format!("{name} / 10^{digits}"), cut.to_string().into());
            add(format!("{name} / 10^{digits}"), format!("{nearest}").into());
        }
        let whole = format!("{degrees:.7}");
        for decimals in DECIMALS {
            let rounded = format!("{degrees:.decimals$}");
            let cut = whole[..whole.len() - (7 - decimals)].to_owned();
            for text in [rounded, cut] {
                add(
                    format!("{name} with a comma"),
                    text.replace('.', ",").into(),
                );
                add(format!("{name} with {decimals} decimals"), text.into());
            }
        }
        let radians = degrees.to_radians();
        add(format!("{name} in radians"), format!("{radians:.7}").into());
        for (form, bytes) in [
            ("i32", units.to_be_bytes().to_vec()),
            ("i64", i64::from(units).to_be_bytes().to_vec()),
            ("f64", degrees.to_be_bytes().to_vec()),
            ("f32", (degrees as f32).to_be_bytes().to_vec()),
        ] {
            let turned: Vec<u8> = bytes.iter().rev().copied().collect();
            for (order, bytes) in [("big-endian", bytes), ("little-endian", turned)] {
                let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                add(
                    format!("{name}, {form}, {order}, in hex"),
                    hex.clone().into(),
                );
                let what = format!("{name}, {form}, {order}, in HEX");
                add(what, hex.to_uppercase().into());
                add(format!("{name}, {form}, {order}"), bytes);
            }
        }
    }
    for resolution in CELLS {
        // As it is at that resolution, and as the room that a thing there would lie in: they need not be the same.
        for cell in [cell(point, resolution), point.cell().parent(resolution)] {
            let (number, text) = (cell.to_i64(), cell.to_string());
            let what = format!("cell of {resolution}");
            add(what.clone(), text.to_uppercase().into());
            add(what.clone(), text.into());
            add(what.clone(), number.to_string().into());
            add(what.clone(), number.to_be_bytes().to_vec());
            add(what, number.to_le_bytes().to_vec());
        }
    }
    traces
}

/// The cell of a point, also at resolutions that nothing is stored at.
fn cell(point: Place, resolution: u8) -> Cell {
    let point = h3o::LatLng::new(point.lat_degrees(), point.lon_degrees()).expect("a point");
    let resolution = h3o::Resolution::try_from(resolution).expect("a resolution");
    Cell::from_i64(u64::from(point.to_cell(resolution)).cast_signed()).expect("a cell")
}

/// What of the traces is in there.
fn found<'a>(traces: &'a BTreeSet<Trace>, bytes: &[u8]) -> BTreeSet<&'a Trace> {
    // Looked up by their first two bytes: there are a hundred of them, and megabytes to look through.
    let mut starting: BTreeMap<[u8; 2], Vec<&Trace>> = BTreeMap::new();
    let mut starts = vec![false; 1 << 16];
    for trace in traces {
        let start = [trace.bytes[0], trace.bytes[1]];
        starting.entry(start).or_default().push(trace);
        starts[usize::from(u16::from_be_bytes(start))] = true;
    }
    let mut found = BTreeSet::new();
    for (at, pair) in bytes.windows(2).enumerate() {
        let start = [pair[0], pair[1]];
        if starts[usize::from(u16::from_be_bytes(start))] {
            let here = starting[&start].iter();
            found.extend(here.filter(|trace| bytes[at..].starts_with(&trace.bytes)));
        }
    }
    found
}

/// One answer, or what a socket was told, and where it came from.
struct Told {
    from: String,
    bytes: Vec<u8>,
}

/// What was told without the rooms that were asked for by their names: whoever asks knows these already.
fn unasked(told: &Told) -> Vec<u8> {
    let Told { from, bytes } = told;
    let mut text = match std::str::from_utf8(bytes) {
        Ok(text) if from == "/ws" || from.starts_with("/api/cells/") => text.to_owned(),
        _ => return bytes.clone(),
    };
    for place in [NEARBY, HIDDEN] {
        for room in place.cell().rooms() {
            text = text.replace(&format!("\"cell\":\"{room}\""), "");
        }
    }
    text.into_bytes()
}

/// What is known of the house from outside.
struct Known {
    node: NodeId,
    event: NodeId,
    thread: ThreadId,
    roles: [RoleId; 2],
}

/// How a route is asked; nothing for one that only takes.
fn asked(route: &str, known: &Known) -> Option<Vec<String>> {
    let Known {
        node, event, roles, ..
    } = known;
    let views = ["@48.41,15.61,12.00", "@48.4,15.6,6.00"];
    Some(match route {
        "/api/cells/{cell}" => [HERE, NEARBY, HIDDEN]
            .into_iter()
            .flat_map(|place| place.cell().rooms())
            .map(|room| format!("/api/cells/{room}"))
            .collect(),
        "/api/events" => vec!["/api/events?limit=1000".to_owned()],
        "/api/nodes/{node}/messages" => vec![format!("/api/nodes/{node}/messages?limit=200")],
        "/api/page" => panels(known)
            .iter()
            .flat_map(|path| views.map(|view| format!("/api/page?path={path}&q=Weber&view={view}")))
            .collect(),
        "/api/search" => ["Hilde", "Rahel", "Brot", "Weber", "Hild", "Geheim"]
            .into_iter()
            .flat_map(|asked| {
                ["relevance", "distance"].map(|order| {
                    format!("/api/search?q={asked}&order={order}&view=@48.41,15.61,12.00")
                })
            })
            .collect(),
        "/api/openapi.json" => vec![route.to_owned()],
        "/basemap.json" | "/health/live" | "/health/ready" | "/ueber" | "/_style" | "/bild.png" => {
            vec![route.to_owned()]
        }
        "/basemap/{z}/{x}/{y}" => vec!["/basemap/0/0/0".to_owned()],
        // Of pages: by their panels, and as the map's views have them.
        "fallback" => panels(known)
            .into_iter()
            .flat_map(|path| {
                let query = if path == "/suche" { "&q=Hilde" } else { "" };
                let paths = views.map(|view| format!("{path}?{view}{query}"));
                paths.into_iter().chain([path])
            })
            .collect(),
        "/teilen" | "/teilen/blatt.svg" => roles
            .iter()
            .map(|role| format!("{route}?zu=/rolle/{role}"))
            .chain([format!("{route}?zu=/knoten/{node}")])
            .collect(),
        "/rolle/{id}/rechte" => roles
            .iter()
            .map(|role| format!("/rolle/{role}/rechte"))
            .collect(),
        "/knoten/{id}/bild.png" => vec![format!("/knoten/{node}/bild.png")],
        "/knoten/{id}/termin.ics" => vec![format!("/knoten/{event}/termin.ics")],
        "/vertrauen"
        | "/anmelden"
        | "/gemeinschaft"
        | "/manifest.webmanifest"
        | "/gebiete"
        | "/ich/bild"
        | "/api/marks/read" => vec![route.to_owned()],
        "/knoten/{id}/bilder" => vec![format!("/knoten/{node}/bilder")],
        "/bilder/{id}" | "/bilder/{id}/klein" => vec![route.replace("{id}", &node.to_string())],
        "/gebiete/{id}" => vec![format!("/gebiete/{node}")],
        "/ich/vorschau" => vec![route.to_owned()],
        "/feed.atom" | "/feed.ics" => vec![format!("{route}?box=15.4,48.2,15.9,48.6")],
        "/feed/{secret}/neues.atom" | "/feed/{secret}/termine.ics" => {
            vec![route.replace("{secret}", "unsinn")]
        }
        "/anmelden/{token}" => vec!["/anmelden/unsinn".to_owned()],
        "/postfach" => vec!["/postfach".to_owned()],
        "trust::CERTIFICATE" => vec!["/vertrauen.crt".to_owned()],
        // They take and tell nothing but how it went; what a command tells is looked at where it is given.
        "/api/commands"
        | "/api/session/mail"
        | "/api/session/code"
        | "/api/session/end"
        | "/anmelden/code"
        | "/abmelden"
        | "/api/{*rest}"
        | "/gemeinschaft/buergschaften"
        | "/ich/bild/entfernen"
        | "/knoten/{id}/bilder/{picture}/entfernen"
        | "/gebiete/{id}/entfernen"
        | "/gebiete/{id}/adresse" => Vec::new(),
        _ => return None,
    })
}

/// The address of every panel. The compiler asks for a new one here.
fn panels(known: &Known) -> Vec<String> {
    let Known {
        node,
        event,
        thread,
        roles: [first, second],
    } = *known;
    let all = [
        Panel::Home,
        Panel::Node(node),
        Panel::Node(event),
        Panel::Change(node),
        Panel::History(node, None),
        Panel::History(node, Some(2)),
        Panel::Role(first),
        Panel::Role(second),
        Panel::Thread(thread),
        Panel::Yarn(thread),
        Panel::Pictures(node),
        Panel::Portrait,
        Panel::News(0),
        Panel::Areas,
        Panel::Area(AreaId(node.0)),
        Panel::Search,
        Panel::Weave,
        Panel::Me,
        Panel::SignIn,
        Panel::Unknown,
    ];
    for panel in all {
        match panel {
            Panel::Home
            | Panel::Node(_)
            | Panel::Change(_)
            | Panel::History(..)
            | Panel::Role(_)
            | Panel::Thread(_)
            | Panel::Yarn(_)
            | Panel::Pictures(_)
            | Panel::Portrait
            | Panel::News(_)
            | Panel::Areas
            | Panel::Area(_)
            | Panel::Search
            | Panel::Weave
            | Panel::Me
            | Panel::SignIn
            | Panel::Unknown => {}
        }
    }
    all.iter().map(Panel::path).collect()
}

/// Every route: what the API describes of itself, and what stands on the page of routes.
async fn routes(instance: &Instance) -> BTreeSet<String> {
    let described = instance.visitor().get("/api/openapi.json").await;
    let described: Value = described.json().await.expect("JSON");
    let paths = described["paths"].as_object().expect("paths");
    let mut routes: BTreeSet<String> = paths.keys().cloned().collect();
    let page = include_str!("../../src/http/router.rs");
    for rest in page.split(".route(").skip(1) {
        let name = rest.split(',').next().expect("an address").trim();
        routes.insert(name.trim_matches('"').to_owned());
    }
    routes.insert("fallback".to_owned());
    routes
}

/// Asks every route, as somebody would.
async fn ask_all(person: &Person<'_>, known: &Known) -> Vec<Told> {
    let mut told = Vec::new();
    for route in routes(person.instance).await {
        let paths = asked(&route, known).unwrap_or_else(|| {
            panic!("{route} is new: say in `asked` how it is asked, so that it is looked at too")
        });
        for path in paths {
            let answer = person.get(&path).await;
            // Without the built site there is no typeface, and so no picture on pixels.
            let is_drawn = path.ends_with(".png");
            assert!(
                !answer.status().is_server_error() || is_drawn,
                "{path}: {}",
                answer.status()
            );
            let mut bytes = format!("{:?}", answer.headers()).into_bytes();
            bytes.extend(answer.bytes().await.expect("a body"));
            told.push(Told { from: path, bytes });
        }
    }
    told
}

/// Who listens to everything all the time, and keeps each frame as it came.
struct Ear {
    socket: WebSocketStream<TcpStream>,
    told: Vec<u8>,
}

impl Ear {
    async fn open(instance: &Instance, node: NodeId) -> Self {
        let mut request = format!("ws://{}/ws", instance.address)
            .into_client_request()
            .expect("a request");
        let protocol = SUBPROTOCOL.parse().expect("a header");
        request
            .headers_mut()
            .insert("sec-websocket-protocol", protocol);
        let stream = TcpStream::connect(instance.address).await.expect("a line");
        let (mut socket, _) = tokio_tungstenite::client_async(request, stream)
            .await
            .expect("a handshake");
        let places = [HERE, NEARBY, HIDDEN].into_iter();
        let cells = places.flat_map(|place| place.cell().rooms().map(RoomId::Cell));
        let rooms: BTreeSet<RoomId> = cells.chain([RoomId::Talk(node)]).collect();
        let rooms = rooms
            .into_iter()
            .map(|room| RoomWish { room, cursor: None })
            .collect();
        let wish = serde_json::to_string(&ClientMessage::Rooms { n: 1, rooms }).expect("JSON");
        socket.send(Message::text(wish)).await.expect("it is sent");
        let told = Vec::new();
        Self { socket, told }
    }

    /// Hears until what it is told includes `cursor`.
    async fn until(&mut self, cursor: &str) {
        let wanted: Cursor = cursor.parse().expect("a cursor");
        let hearing = async {
            loop {
                let frame = self.socket.next().await.expect("a frame").expect("whole");
                let bytes = frame.into_data();
                self.told.extend_from_slice(&bytes);
                self.told.push(b'\n');
                let frame: Value = serde_json::from_slice(&bytes).unwrap_or_default();
                let at = frame["cursor"].as_str().and_then(|at| at.parse().ok());
                if frame["t"] == "rooms" && at.is_some_and(|at: Cursor| at.id >= wanted.id) {
                    return;
                }
            }
        };
        let heard = tokio::time::timeout(PATIENCE, hearing).await;
        let told = String::from_utf8_lossy(&self.told);
        assert!(heard.is_ok(), "{cursor} is not told in time: {told}");
    }

    /// What was heard since it was asked last.
    fn told(&mut self, from: &str) -> Told {
        Told {
            from: from.to_owned(),
            bytes: std::mem::take(&mut self.told),
        }
    }
}

/// Does it, waits until it can be read, and says what was answered.
async fn does(person: &Person<'_>, act: Act) -> (String, Told) {
    let answer = person.act(act).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let bytes = answer.bytes().await.expect("a receipt").to_vec();
    let receipt: Value = serde_json::from_slice(&bytes).expect("JSON");
    let cursor = receipt["cursor"].as_str().expect("a cursor").to_owned();
    person.shown(&cursor).await;
    let from = "/api/commands".to_owned();
    (cursor, Told { from, bytes })
}

fn knot(node: NodeId, title: &str, place: Place, starts_at: Option<domain::time::Millis>) -> Act {
    Act::KnotNode {
        node,
        kind: if starts_at.is_some() {
            NodeKind::Event
        } else {
            NodeKind::Idea
        },
        title: title.to_owned(),
        text: "Brot und Wolle".to_owned(),
        place,
        starts_at,
        particulars: domain::weave::Particulars::default(),
    }
}

/// All that a role does whose spool should stay where nobody knows: it knots, joins, talks, says what it can.
async fn lives(person: &Person<'_>, node: NodeId) -> Vec<Told> {
    let own = NodeId(store::testing::id());
    let mut told = Vec::new();
    for act in [
        knot(own, "Nähstube der Weber", HERE, None),
        Act::join(node),
        Act::SendMessage {
            message: MessageId(store::testing::id()),
            node,
            text: "Ich bringe Brot.".to_owned(),
            reply_to: None,
        },
        Act::DescribeRole {
            about: Some("Seit Jahren hier.".to_owned()),
            goods: Some(vec!["Leiter".to_owned()]),
            skills: Some(vec!["Brot backen".to_owned()]),
            languages: None,
        },
    ] {
        told.push(does(person, act).await.1);
    }
    told
}

/// Where one's published spool is, as everyone is told.
async fn shown_at(instance: &Instance, role: RoleId) -> Option<Place> {
    let page = instance
        .visitor()
        .get(&format!("/api/page?path=/rolle/{role}"))
        .await;
    let page: Value = page.json().await.expect("a page");
    serde_json::from_value(page["detail"]["role"]["place"].clone()).expect("a place or none")
}

/// The still picture on a page that looks at `place`, and how far from its middle the nearest spool in it is, in pixels.
async fn drawn(instance: &Instance, place: Place) -> Option<f64> {
    let camera = Camera {
        centre: place,
        zoom_centi: 1600,
    };
    let page = instance.visitor().get(&format!("/?{camera}")).await;
    let page = page.text().await.expect("a page");
    let (_, svg) = page.split_once("<svg width=\"1\" height=\"1\"")?;
    let (svg, _) = svg.split_once("</g></svg>").or(svg.split_once("</svg>"))?;
    let number = |text: &str, name: &str| {
        let (_, rest) = text.split_once(name)?;
        rest.split_once('"')?.0.parse::<f64>().ok()
    };
    svg.split("<use href=\"#wv-spool\"")
        .skip(1)
        .map(|spool| {
            let x = number(spool, "x=\"").expect("its x");
            let y = number(spool, "y=\"").expect("its y");
            x.hypot(y)
        })
        .min_by(f64::total_cmp)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_byte_that_leaves_the_house_tells_where_who_hides_or_is_shown_roughly_lives() {
    let instance = Instance::start().await;
    let ada = instance.role("Ada").await;
    let node = ada.knot("Werkstatt").await;
    let event = NodeId(store::testing::id());
    let starts_at = instance.clock.now() + DAY_MS;
    does(&ada, knot(event, "Fest der Weber", HERE, Some(starts_at))).await;
    does(
        &ada,
        knot(NodeId(store::testing::id()), "Am Hang", NEARBY_KNOT, None),
    )
    .await;
    let rahel = instance.role("Rahel").await;
    let hilde = instance.role("Hilde").await;
    // Shown to everyone at first; what was told then was no secret.
    does(&hilde, place(Placement::Exact { place: HIDDEN })).await;
    does(&hilde, place(Placement::Hidden)).await;

    let known = Known {
        node,
        event,
        thread: ThreadId::derive(hilde.role, ThreadKind::Join, node),
        roles: [rahel.role, hilde.role],
    };
    let mut ear = Ear::open(&instance, node).await;
    // Of what was so already when a room was read nothing is told any more: something has to follow.
    let (cursor, _) = does(&ada, Act::join(node)).await;
    ear.until(&cursor).await;
    let mut told = lives(&hilde, node).await;
    // Exactly for no moment: from its first word on it is shown roughly.
    let (_, answer) = does(&rahel, place(within(NEARBY))).await;
    told.push(answer);
    told.extend(lives(&rahel, node).await);
    for placement in [
        Placement::Hidden,
        Placement::Radius {
            place: NEARBY,
            radius: Radius::Km2,
        },
        within(NEARBY),
    ] {
        let (cursor, answer) = does(&rahel, place(placement)).await;
        told.push(answer);
        ear.until(&cursor).await;
    }
    told.push(ear.told("/ws"));
    // As everyone, as somebody else, and as the two themselves.
    for person in [&instance.visitor(), &ada, &rahel, &hilde] {
        told.extend(ask_all(person, &known).await);
    }

    let published = shown_at(&instance, rahel.role).await.expect("a point");
    assert!(published.distance_m(NEARBY) <= 501.0 && published != NEARBY);
    assert_eq!(shown_at(&instance, hilde.role).await, None);
    // What the published point says as well tells nothing.
    let both: BTreeSet<Trace> = (traces(NEARBY).into_iter())
        .filter(|trace| !traces(published).iter().any(|it| it.bytes == trace.bytes))
        .chain(traces(HIDDEN))
        .collect();
    for told in &told {
        let found = found(&both, &unasked(told));
        let Told { from, bytes } = told;
        assert!(
            found.is_empty(),
            "{from} tells {found:?}:\n{}",
            String::from_utf8_lossy(bytes)
        );
    }
    assert_eq!(
        drawn(&instance, HIDDEN).await,
        None,
        "no spool is drawn there"
    );
    let from_centre = drawn(&instance, NEARBY).await;
    let roughly = published.distance_m(NEARBY);
    // A pixel is 1.6 m there; where the two points nearly meet, a picture tells nothing of either.
    assert!(
        roughly < 30.0 || from_centre.is_none_or(|pixels| pixels > 8.0),
        "{from_centre:?} pixels for {roughly} m"
    );

    // The proof that all of it is looked at: something that really stands there is told everywhere.
    let mut ear = Ear::open(&instance, node).await;
    let planted = NodeId(store::testing::id());
    let planting = knot(planted, "Geheim", HIDDEN, Some(starts_at));
    let (cursor, _) = does(&ada, planting).await;
    ear.until(&cursor).await;
    let leaking = Known {
        event: planted,
        node: planted,
        ..known
    };
    let mut leaks = vec![ear.told("/ws")];
    leaks.extend(ask_all(&instance.visitor(), &leaking).await);
    let leaking: BTreeSet<&str> = (leaks.iter())
        .filter(|told| !found(&both, &unasked(told)).is_empty())
        .map(|told| told.from.split(['?']).next().unwrap_or_default())
        .collect();
    for way in [
        "/ws",
        "/api/events",
        "/api/search",
        "/api/page",
        &format!("/api/cells/{}", HIDDEN.cell().parent(9)),
        &format!("/knoten/{planted}"),
        &format!("/knoten/{planted}/termin.ics"),
    ] {
        assert!(leaking.contains(way), "{way} is not among {leaking:?}");
    }
    instance.stop().await;
}

/// A knot in the middle of the rooms of [`NEARBY`], so that there is a picture of them.
const NEARBY_KNOT: Place = Place {
    lat: NEARBY.lat + 60_000,
    lon: NEARBY.lon + 80_000,
};

const fn place(placement: Placement) -> Act {
    Act::PlaceRole { placement }
}

const fn within(place: Place) -> Placement {
    Placement::Radius {
        place,
        radius: RADIUS,
    }
}

#[test]
fn every_trace_is_found_wherever_it_stands() {
    let all = traces(HIDDEN);
    assert!(all.len() > 80, "{}", all.len());
    for trace in &all {
        for (before, after) in [("", ""), ("{\"x\":", "}"), ("4848", "48")] {
            let planted = [before.as_bytes(), &trace.bytes, after.as_bytes()].concat();
            assert!(found(&all, &planted).contains(&trace), "{trace:?}");
        }
    }
    let elsewhere = [HERE, NEARBY].map(|place| {
        let texts = traces(place).into_iter().map(|trace| trace.bytes);
        texts.collect::<Vec<_>>().concat()
    });
    for text in elsewhere {
        assert!(found(&all, &text).is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_changes_of_how_it_is_shown_tell_one_point_for_each_radius() {
    let instance = Instance::start().await;
    let rahel = instance.role("Rahel").await;
    let mut points: BTreeMap<Radius, BTreeSet<Place>> = BTreeMap::new();
    for n in 0..200 {
        let radius = Radius::ALL[n / 2 % Radius::ALL.len()];
        let placement = match n % 2 {
            0 => Placement::Radius {
                place: NEARBY,
                radius,
            },
            _ => Placement::Hidden,
        };
        does(&rahel, place(placement)).await;
        match shown_at(&instance, rahel.role).await {
            Some(point) => {
                assert_eq!(n % 2, 0, "nothing is told of who hides");
                points.entry(radius).or_default().insert(point);
            }
            None => assert_eq!(n % 2, 1, "a point is told of who shows it"),
        }
    }
    assert_eq!(points.len(), Radius::ALL.len());
    for (radius, points) in points {
        assert_eq!(points.len(), 1, "{radius:?}: {points:?}");
        let distance = points.first().expect("one").distance_m(NEARBY);
        assert!(distance > 0.0 && distance <= f64::from(radius.metres()) + 1.0);
    }
    instance.stop().await;
}
