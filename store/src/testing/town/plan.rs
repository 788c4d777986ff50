//! What stands where in Garnau: units of 1/4096 of a tile of zoom 14 (0.35 m), from the north-west corner, 8192 a side.

use super::houses::houses;
use super::streets::streets;
use super::thing::{Points, Thing, area, line, point};

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
        (
            "poi",
            vec![point(
                14,
                (5700, 2700),
                &[("class", "park"), ("name", "Stadtpark")],
            )],
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
