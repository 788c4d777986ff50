//! The same rows make the same picture, within its bounds, whatever people write.

use std::collections::BTreeMap;

use domain::id::{NodeId, RoleId, ThreadId};
use domain::link::Camera;
use domain::place::{Place, Radius};
use domain::time::{DAY_MS, FADE_MS, Millis};
use domain::view::{NodeRow, ThreadRow};
use domain::weave::{NodeKind, Particulars, ThreadKind};
use expect_test::expect_file;
use picture::card::{Card, HEIGHT, WIDTH};
use picture::{Letters, Woven, svg};
use uuid::Uuid;

static NOBODY: BTreeMap<RoleId, Radius> = BTreeMap::new();
const NOW: Millis = Millis(1_800_000_000_000);
const HERE: Place = Place {
    lat: 540_500_000,
    lon: 73_400_000,
};

fn camera(zoom_centi: u16) -> Camera {
    Camera {
        centre: HERE,
        zoom_centi,
    }
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x0199_aaaa_0000_7000_8000_0000_0000_0000 + number)
}

/// So many ten-thousandths of a degree away.
fn place(east: i32, north: i32) -> Place {
    Place {
        lat: HERE.lat + north * 1000,
        lon: HERE.lon + east * 1000,
    }
}

fn node(number: u128, kind: NodeKind, title: &str, place: Place) -> NodeRow {
    NodeRow {
        id: NodeId(id(number)),
        kind,
        title: title.into(),
        text: String::new(),
        place,
        owner: RoleId(id(900)),
        owner_name: "Anna".into(),
        version: 1,
        created_at: NOW,
        starts_at: None,
        particulars: Particulars::default(),
        holds_until: NOW + FADE_MS,
        yarns: [].into(),
        pictures: Vec::new(),
        covers: Vec::new(),
        dissolved_at: None,
        last: 1,
    }
}

fn thread(
    number: u128,
    kind: ThreadKind,
    of: &NodeRow,
    from: Option<Place>,
    days: i64,
) -> ThreadRow {
    ThreadRow {
        id: ThreadId(id(number)),
        kind,
        role: RoleId(id(900 + number)),
        role_name: format!("Rolle {number}"),
        target: of.id.into(),
        from,
        to: Some(of.place),
        version: 1,
        acts: 1,
        level: None,
        since: None,
        drawn_at: NOW,
        expires_at: Some(NOW + days * DAY_MS),
        faded_at: None,
        last: 1,
    }
}

/// A few of everything.
fn weave() -> (Vec<NodeRow>, Vec<ThreadRow>) {
    let mut gone = node(4, NodeKind::Bed, "Schon fort", place(9, 9));
    gone.dissolved_at = Some(NOW);
    let nodes = vec![
        node(
            1,
            NodeKind::Idea,
            "Apfelbaum hinter dem blauen Tor",
            place(0, 0),
        ),
        node(2, NodeKind::Tool, "Leiter <b>&</b> \"Eimer\"", place(20, 8)),
        node(3, NodeKind::Event, "Fest 🎉 am Hafen", place(0, 0)),
        gone,
    ];
    let mut yarn = thread(14, ThreadKind::Join, &nodes[1], Some(place(-20, -8)), 7);
    yarn.expires_at = None;
    let mut faded = thread(15, ThreadKind::Join, &nodes[1], Some(place(5, 5)), 7);
    faded.faded_at = Some(NOW);
    let threads = vec![
        thread(11, ThreadKind::Create, &nodes[0], Some(place(-15, 4)), 7),
        thread(12, ThreadKind::Talk, &nodes[0], Some(place(12, -9)), 3),
        thread(13, ThreadKind::Change, &nodes[2], None, 1),
        yarn,
        faded,
        thread(16, ThreadKind::Join, &nodes[2], Some(place(8, 12)), 0),
        thread(17, ThreadKind::Join, &nodes[3], Some(place(3, 12)), 7),
    ];
    (nodes, threads)
}

fn woven<'a>(nodes: &'a [NodeRow], threads: &'a [ThreadRow]) -> Woven<'a> {
    Woven {
        nodes: nodes.iter().collect(),
        threads,
        radii: &NOBODY,
        now: NOW,
    }
}

#[test]
fn a_small_weave_is_drawn_as_it_always_was() {
    let (nodes, threads) = weave();
    let drawn = svg::view(&woven(&nodes, &threads), camera(1500));
    expect_file!["small.svg"].assert_eq(&drawn.replace('>', ">\n"));
    assert!(!drawn.contains("style="), "the policy forbids it");
    assert!(
        !drawn.contains("Schon fort"),
        "what came undone is not drawn"
    );
}

#[test]
fn what_has_faded_and_what_is_counted_is_not_drawn() {
    let (nodes, threads) = weave();
    let drawn = svg::view(&woven(&nodes, &threads), camera(1500));
    // One through, one dotted, one yarn of two plies; one tuft.
    assert_eq!(drawn.matches("stroke-width=\"2\"").count(), 1, "{drawn}");
    assert_eq!(drawn.matches("class=\"join\"").count(), 1, "{drawn}");
    assert_eq!(svg::view(&woven(&nodes, &threads), camera(900)), "");
    assert_eq!(svg::view(&woven(&[], &[]), camera(1500)), "");
}

#[test]
fn who_is_shown_within_a_radius_is_not_drawn_as_exact_and_yarns_ring_their_knot() {
    let (mut nodes, threads) = weave();
    let radii = BTreeMap::from([(threads[0].role, Radius::M250)]);
    nodes[1].yarns = [(ThreadId(id(14)), RoleId(id(914)))].into();
    let woven = Woven {
        radii: &radii,
        ..woven(&nodes, &threads)
    };
    let drawn = svg::view(&woven, camera(1500));
    // 250 m at 54.05° north and zoom 15: 512 · 2^15 / (40,075,017 · cos 54.05°) pixels a metre.
    assert_eq!(drawn.matches("class=\"around\"").count(), 1, "{drawn}");
    assert!(drawn.contains("r=\"178\""), "{drawn}");
    assert_eq!(drawn.matches("href=\"#wv-rings-1\"").count(), 1, "{drawn}");
    // Nearer than its edge there is nothing of it to be seen.
    let near = svg::view(&woven, camera(2200));
    assert!(!near.contains("class=\"around\""), "{near}");
}

#[test]
fn a_crowd_stays_within_its_bounds() {
    let title = "Ein Titel, der auf zwei Zeilen steht";
    let nodes: Vec<NodeRow> = (0..200)
        .map(|n| {
            let at = n as i32;
            let kind = NodeKind::BY_HAND[n as usize % 5];
            node(n, kind, title, place(at * 37 % 120 - 60, at * 53 % 90 - 45))
        })
        .collect();
    let kinds = [
        ThreadKind::Create,
        ThreadKind::Change,
        ThreadKind::Talk,
        ThreadKind::Join,
    ];
    let threads: Vec<ThreadRow> = (0..2000)
        .map(|n| {
            let from = place(n * 29 % 150 - 75, n * 31 % 90 - 45);
            let from = (n % 3 > 0).then_some(from);
            let of = &nodes[n as usize % 200];
            let mut thread = thread(1000 + n as u128, kinds[n as usize % 4], of, from, 7);
            thread.expires_at = (n % 5 > 0).then_some(NOW + i64::from(n % 70 + 1) * DAY_MS / 10);
            thread
        })
        .collect();
    for zoom in [1200, 1500, 1800, 2200] {
        let drawn = svg::view(&woven(&nodes, &threads), camera(zoom));
        assert!(
            !drawn.is_empty() && drawn.len() <= svg::BYTES_MAX,
            "{zoom}: {}",
            drawn.len()
        );
    }
}

fn letters() -> Letters {
    let assets = std::env::var("WELTGEWEBE_ASSETS").expect("tools/env.sh names them");
    let files = ["latin", "latin-ext"].map(|part| {
        let name = format!("source-sans-3-{part}-wght-normal.woff2");
        let folder = format!("{assets}/node_modules/@fontsource-variable/source-sans-3/files");
        std::fs::read(format!("{folder}/{name}")).expect("tools/setup has fetched it")
    });
    Letters::from_woff2(&[&files[0], &files[1]]).expect("it is a font")
}

#[test]
fn a_card_is_a_picture_whatever_its_title_is() {
    let letters = letters();
    let (mut nodes, threads) = weave();
    let long = "Donaudampfschifffahrtsgesellschaft".repeat(10);
    let words = "Wort für Wort ".repeat(40);
    for title in [
        "Apfelbaum hinter dem blauen Tor",
        &long,
        &words,
        "🎉🎉🎉",
        "مرحبا بالعالم",
        "שלום \u{202e}abc",
        "漢字かな",
        "\u{0}\u{7}\u{1b}",
        "",
        "Ž̈ůž́ ąćęłńóśźż ŐŰ",
        "W\u{300}\u{301}\u{302}",
    ] {
        nodes[0].title = title.into();
        let card = Card {
            title,
            foot: "Weltgewebe",
            woven: woven(&nodes, &threads),
            centre: nodes[0].place,
            middle: Some(nodes[0].id),
        };
        let png = card.png(&letters).expect("it is drawn");
        let read = tiny_skia::Pixmap::decode_png(&png).expect("it is a picture");
        assert_eq!((read.width(), read.height()), (WIDTH, HEIGHT));
        assert!(png.len() < 400 * 1024, "{title}: {}", png.len());
        assert_eq!(png, card.png(&letters).expect("again"), "{title}");
        let colours = |x: std::ops::Range<u32>| {
            let pixels = x.flat_map(|x| (60..500).map(move |y| (x, y)));
            let found = pixels.filter_map(|(x, y)| read.pixel(x, y));
            found.filter(|pixel| pixel.red() < 0x60).count()
        };
        assert!(
            colours(780..880) > 500,
            "{title}: the knot is in the middle"
        );
        assert_eq!(colours(0..66), 0, "{title}: nothing runs over the edge");
    }
}

#[test]
fn a_card_without_a_weave_has_its_title() {
    let card = Card {
        title: "Weltgewebe",
        foot: "weben.example.org",
        woven: woven(&[], &[]),
        centre: HERE,
        middle: None,
    };
    assert!(card.png(&letters()).is_ok());
    assert!(Letters::from_woff2(&[b"no font"]).is_err());
}
