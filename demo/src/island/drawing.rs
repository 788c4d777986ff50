//! Everything that is drawn, layer by layer, in the OpenMapTiles schema.

use std::ops::RangeInclusive;

use store::basemap::write::{Drawing, Point, Ring, Shape, Thing, Value};

use super::metres::Metres;
use super::streets::{Street, StreetKind};
use super::{
    Island, dunes, fields, green, harbour, mainland, metres, names, sea, special, streets, village,
};

/// The deepest zoom: the map draws closer ones from it.
const ZOOM_MAX: u8 = 14;
/// The deepest zoom that there is.
const ZOOM_END: u8 = 22;
/// West, south, east, north in degrees: the sea goes around the world.
const WORLD: [f64; 4] = [-180.0, -85.05, 180.0, 85.05];

pub(super) fn of(island: &Island) -> Drawing {
    let streets = island.streets();
    let buildings = special::all(streets);
    let fields = fields::fields(streets);
    Drawing {
        name: Island::NAME.to_owned(),
        attribution: Island::ATTRIBUTION.to_owned(),
        bounds: WORLD,
        centre: metres::ORIGIN,
        zooms: 0..=ZOOM_MAX,
        layers: vec![
            (
                "landcover",
                [
                    mainland::cover(),
                    sea::cover(),
                    dunes::cover(),
                    fields::cover(streets, &fields),
                    green::cover(),
                ]
                .concat(),
            ),
            ("landuse", [mainland::uses(), village::uses()].concat()),
            ("park", vec![reserve()]),
            (
                "waterway",
                [mainland::waterways(), fields::waterways(&fields)].concat(),
            ),
            ("water", sea::water()),
            ("building", built(island, &buildings)),
            (
                "transportation",
                [squares(), mainland::ways(), harbour::ways(), ways(streets)].concat(),
            ),
            ("transportation_name", street_names(streets)),
            ("boundary", vec![border()]),
            ("water_name", names::waters()),
            ("place", [mainland::places(), names::places()].concat()),
            ("poi", buildings.iter().map(spot).collect()),
            ("housenumber", numbers(island)),
        ],
    }
}

/// The east end is left to the birds.
fn reserve() -> Thing {
    let around = metres::metres(&[
        (1330.0, -850.0),
        (1345.0, -345.0),
        (2000.0, -238.0),
        (2380.0, -125.0),
        (2600.0, 60.0),
        (2560.0, 420.0),
        (2500.0, 1060.0),
        (3000.0, 960.0),
        (3420.0, 500.0),
        (3380.0, 0.0),
        (2950.0, -600.0),
        (2300.0, -820.0),
    ]);
    area(
        11,
        &around,
        &[("class", "nature_reserve"), ("name", "Nationalpark")],
    )
}

/// The municipality ends in the sea.
fn border() -> Thing {
    let mut around = metres::metres(&[
        (-4800.0, -2900.0),
        (4600.0, -2900.0),
        (5600.0, 2600.0),
        (-4400.0, 2600.0),
    ]);
    around.push(around[0]);
    Thing {
        tells: vec![
            ("admin_level", 8.into()),
            ("maritime", 1.into()),
            ("disputed", 0.into()),
        ],
        ..line(8, &around, &[])
    }
}

fn built(island: &Island, buildings: &[special::Special]) -> Vec<Thing> {
    let building = |outline: &[Metres], height: u32| Thing {
        tells: vec![
            ("render_height", height.into()),
            ("render_min_height", 0.into()),
        ],
        ..area(13, outline, &[])
    };
    let houses = island
        .houses()
        .iter()
        .map(|house| building(&house.outline, house.height));
    let special = buildings.iter().flat_map(|one| {
        one.outlines
            .iter()
            .map(|outline| building(outline, one.height))
    });
    houses.chain(special).collect()
}

fn squares() -> Vec<Thing> {
    [village::church_square(), village::bandstand_square()]
        .iter()
        .map(|square| area(13, square, &[("class", "path"), ("subclass", "pedestrian")]))
        .collect()
}

/// From which zoom a way is shown.
fn from(kind: StreetKind) -> u8 {
    match kind {
        StreetKind::Lane => 12,
        StreetKind::Track | StreetKind::Path => 13,
    }
}

fn ways(streets: &[Street]) -> Vec<Thing> {
    let way = |kind: StreetKind, points: &[Metres]| {
        let class = [
            ("class", kind.class()),
            (
                "surface",
                if kind == StreetKind::Lane {
                    "paved"
                } else {
                    "unpaved"
                },
            ),
        ];
        line(from(kind), points, &class)
    };
    let byways = streets::byways();
    let byways = byways
        .iter()
        .map(|(kind, curve)| way(*kind, curve.points()));
    let named = streets
        .iter()
        .map(|street| way(street.kind, street.points()));
    byways.chain(named).collect()
}

fn street_names(streets: &[Street]) -> Vec<Thing> {
    streets
        .iter()
        .map(|street| {
            let tells = [("class", street.kind.class()), ("name", street.name)];
            line(from(street.kind).max(13), street.points(), &tells)
        })
        .collect()
}

fn spot(special: &special::Special) -> Thing {
    let (class, subclass) = special.class;
    let mut spot = point(
        14..=ZOOM_END,
        special.at,
        &[
            ("class", class),
            ("subclass", subclass),
            ("name", special.name),
        ],
    );
    spot.tells.push(("rank", 1.into()));
    spot
}

fn numbers(island: &Island) -> Vec<Thing> {
    island
        .houses()
        .iter()
        .map(|house| {
            let number = house.number.to_string();
            point(14..=ZOOM_END, house.at, &[("housenumber", &number)])
        })
        .collect()
}

/// An area from a zoom on.
pub(super) fn area(from: u8, outline: &[Metres], told: &[(&'static str, &str)]) -> Thing {
    thing(from..=ZOOM_END, Shape::Area(vec![ring(outline)]), told)
}

/// An area with holes.
pub(super) fn areas(from: u8, outlines: &[Vec<Metres>], told: &[(&'static str, &str)]) -> Thing {
    let rings = outlines.iter().map(|outline| ring(outline)).collect();
    thing(from..=ZOOM_END, Shape::Area(rings), told)
}

/// A line from a zoom on.
pub(super) fn line(from: u8, points: &[Metres], told: &[(&'static str, &str)]) -> Thing {
    thing(from..=ZOOM_END, Shape::Line(ring(points)), told)
}

/// A point in those zooms.
pub(super) fn point(zooms: RangeInclusive<u8>, at: Metres, told: &[(&'static str, &str)]) -> Thing {
    thing(zooms, Shape::Point(at.point()), told)
}

fn thing(zooms: RangeInclusive<u8>, shape: Shape, told: &[(&'static str, &str)]) -> Thing {
    Thing {
        zooms,
        shape,
        tells: tells(told),
    }
}

pub(super) fn tells(told: &[(&'static str, &str)]) -> Vec<(&'static str, Value)> {
    told.iter()
        .map(|(key, value)| (*key, (*value).into()))
        .collect()
}

pub(super) fn ring(points: &[Metres]) -> Ring {
    points.iter().map(|at| -> Point { at.point() }).collect()
}
