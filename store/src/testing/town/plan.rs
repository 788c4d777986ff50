//! What stands where in Garnau: units of 1/4096 of a tile of zoom 14 (0.35 m), from the north-west corner, 8192 a side.

use super::super::vector_tile::{Feature, Shape};

/// A feature, and the zoom from which it is shown.
pub(super) struct Thing {
    pub(super) zoom_min: u8,
    pub(super) feature: Feature,
}

type Points = Vec<(i32, i32)>;

const HOUSE_NUMBERS: i32 = 2;

/// All of it, layer by layer.
pub(super) fn layers() -> Vec<(&'static str, Vec<Thing>)> {
    let (ways, names) = streets();
    let (houses, numbers) = houses();
    vec![
        (
            "landcover",
            vec![
                area(
                    10,
                    vec![(0, 0), (2400, 0), (1900, 900), (1200, 1300), (0, 1500)],
                    &[("class", "wood"), ("subclass", "forest")],
                ),
                area(
                    12,
                    vec![(5500, 2750), (6700, 2750), (6700, 3600), (5500, 3600)],
                    &[("class", "grass"), ("subclass", "park")],
                ),
                area(
                    11,
                    vec![(0, 6300), (8192, 6250), (8192, 8192), (0, 8192)],
                    &[("class", "farmland"), ("subclass", "farmland")],
                ),
            ],
        ),
        (
            "landuse",
            vec![
                area(
                    10,
                    vec![(2200, 2100), (6900, 2100), (7000, 5000), (2100, 5000)],
                    &[("class", "residential")],
                ),
                area(
                    12,
                    vec![(2400, 2250), (3150, 2250), (3150, 2800), (2400, 2800)],
                    &[("class", "school")],
                ),
                area(
                    13,
                    vec![(6000, 3100), (6500, 3100), (6500, 3450), (6000, 3450)],
                    &[("class", "pitch")],
                ),
            ],
        ),
        (
            "park",
            vec![area(
                11,
                vec![(0, 5000), (1700, 5000), (1700, 8192), (0, 8192)],
                &[("class", "nature_reserve")],
            )],
        ),
        (
            "water",
            vec![
                area(10, river(), &[("class", "river")]),
                area(
                    13,
                    vec![(5700, 2900), (5900, 2850), (6000, 3000), (5850, 3080)],
                    &[("class", "lake")],
                ),
            ],
        ),
        (
            "waterway",
            vec![
                line(
                    12,
                    vec![(3000, 8192), (3300, 7000), (3100, 6200), (3200, 5700)],
                    &[("class", "stream"), ("name", "Spulenbach")],
                ),
                line(
                    11,
                    vec![
                        (0, 5450),
                        (2000, 5560),
                        (4000, 5430),
                        (6000, 5560),
                        (8192, 5450),
                    ],
                    &[("class", "river"), ("name", "Garn")],
                ),
            ],
        ),
        ("building", houses),
        ("transportation", ways),
        ("transportation_name", names),
        (
            "water_name",
            vec![point(
                14,
                (5860, 2960),
                &[("class", "lake"), ("name", "Ententeich")],
            )],
        ),
        (
            "boundary",
            vec![line(
                12,
                vec![(0, 6900), (8192, 6900)],
                &[("admin_level", "8")],
            )],
        ),
        (
            "place",
            vec![
                point(
                    10,
                    (4096, 4096),
                    &[
                        ("class", "town"),
                        ("name", "Garnau"),
                        ("name:en", "Yarnham"),
                    ],
                ),
                point(
                    12,
                    (4600, 7200),
                    &[("class", "hamlet"), ("name", "Kettwerder")],
                ),
                point(
                    13,
                    (2700, 3500),
                    &[("class", "suburb"), ("name", "Webervorstadt")],
                ),
            ],
        ),
        ("housenumber", numbers),
    ]
}

/// The two banks of the Garn.
fn river() -> Points {
    vec![
        (-200, 5200),
        (1000, 5300),
        (2000, 5320),
        (3000, 5230),
        (4000, 5200),
        (5000, 5260),
        (6000, 5330),
        (7200, 5290),
        (8400, 5200),
        (8400, 5700),
        (7200, 5780),
        (6000, 5800),
        (5000, 5740),
        (4000, 5680),
        (3000, 5730),
        (2000, 5800),
        (1000, 5790),
        (-200, 5700),
    ]
}

/// Ways, and the names along them.
fn streets() -> (Vec<Thing>, Vec<Thing>) {
    let streets: [(u8, &str, &str, Points); 12] = [
        (
            10,
            "primary",
            "Hauptstraße",
            vec![
                (-100, 4250),
                (2000, 4200),
                (4300, 4250),
                (6500, 4180),
                (8300, 4250),
            ],
        ),
        (
            11,
            "secondary",
            "Brückenstraße",
            vec![(4300, -100), (4280, 2000), (4300, 4250), (4300, 5150)],
        ),
        (
            11,
            "tertiary",
            "Bahnhofstraße",
            vec![(4290, 1700), (6000, 1650), (7000, 1400)],
        ),
        (
            12,
            "minor",
            "Lindengasse",
            vec![(2200, 3600), (4290, 3620), (5400, 3620)],
        ),
        (
            12,
            "minor",
            "Spindelweg",
            vec![(2200, 2900), (3300, 2950), (4285, 2900), (5400, 2880)],
        ),
        (
            12,
            "minor",
            "Schulstraße",
            vec![(3300, 2200), (3310, 2950), (3300, 3610), (3280, 4230)],
        ),
        (
            12,
            "minor",
            "Parkstraße",
            vec![(5400, 2200), (5400, 3620), (5420, 4215), (5400, 4900)],
        ),
        (
            12,
            "minor",
            "Am Garnufer",
            vec![(2300, 4880), (4300, 4850), (5400, 4900), (6800, 4880)],
        ),
        (
            13,
            "service",
            "",
            vec![(3700, 3615), (3720, 3900), (3700, 4235)],
        ),
        (
            13,
            "path",
            "Uferpfad",
            vec![
                (-100, 5080),
                (2000, 5180),
                (4200, 5060),
                (6500, 5180),
                (8300, 5080),
            ],
        ),
        (
            13,
            "track",
            "",
            vec![(4300, 6000), (4400, 6600), (4500, 7300), (4500, 8300)],
        ),
        (
            11,
            "rail",
            "",
            vec![(-100, 1200), (4000, 1300), (8300, 1000)],
        ),
    ];
    let (mut ways, mut names) = (Vec::new(), Vec::new());
    for (zoom, class, name, points) in streets {
        if !name.is_empty() {
            names.push(line(
                zoom.max(13),
                points.clone(),
                &[("class", class), ("name", name)],
            ));
        }
        ways.push(line(zoom, points, &[("class", class)]));
    }
    ways.push(line(
        11,
        vec![(4300, 5150), (4300, 6000)],
        &[("class", "secondary"), ("brunnel", "bridge")],
    ));
    (ways, names)
}

/// Rows of houses along four streets, every second with its number.
fn houses() -> (Vec<Thing>, Vec<Thing>) {
    let (mut houses, mut numbers) = (Vec::new(), Vec::new());
    let rows = [
        (2350, 3440, 16),
        (2350, 3720, 16),
        (2350, 3060, 16),
        (3450, 4390, 10),
        (2500, 4680, 20),
        (4450, 3720, 5),
    ];
    for (x, y, count) in rows {
        for at in 0..count {
            let (west, north) = (x + at * 118, y + (at * 37) % 14);
            // Streets that cross go free.
            if [3300, 4300, 5400, 3710]
                .iter()
                .any(|street: &i32| (street - west - 45).abs() < 95)
            {
                continue;
            }
            let (deep, wide) = (62 + (at * 29) % 34, 80 + (at * 17) % 16);
            let corners = vec![
                (west, north),
                (west + wide, north),
                (west + wide, north + deep),
                (west, north + deep),
            ];
            houses.push(area(13, corners, &[("render_height", "8")]));
            if at % HOUSE_NUMBERS == 0 {
                let number = (at + 1).to_string();
                numbers.push(point(
                    14,
                    (west + wide / 2, north + deep / 2),
                    &[("housenumber", &number)],
                ));
            }
        }
    }
    (houses, numbers)
}

fn area(zoom_min: u8, corners: Points, tells: &[(&'static str, &str)]) -> Thing {
    thing(zoom_min, Shape::Area(corners), tells)
}

fn line(zoom_min: u8, points: Points, tells: &[(&'static str, &str)]) -> Thing {
    thing(zoom_min, Shape::Line(points), tells)
}

fn point(zoom_min: u8, at: (i32, i32), tells: &[(&'static str, &str)]) -> Thing {
    thing(zoom_min, Shape::Point(at), tells)
}

fn thing(zoom_min: u8, shape: Shape, tells: &[(&'static str, &str)]) -> Thing {
    let tells = tells
        .iter()
        .map(|(key, value)| (*key, (*value).to_owned()))
        .collect();
    Thing {
        zoom_min,
        feature: Feature { shape, tells },
    }
}
