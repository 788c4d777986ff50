//! The coast that the ferry goes to: just enough land for the eye.

use store::basemap::write::Thing;

use super::curve::Curve;
use super::drawing::{area, line, point};
use super::metres::{Metres, metres};
use super::outline::{self, Ellipse, Outline, Stretch};

const COAST: [(f64, f64); 36] = [
    (-34000.0, -13200.0),
    (-26000.0, -11200.0),
    (-18000.0, -10600.0),
    (-11000.0, -9900.0),
    (-5000.0, -9700.0),
    (-700.0, -9500.0),
    (700.0, -9350.0),
    (1150.0, -9480.0),
    (1500.0, -9300.0),
    (6000.0, -9150.0),
    (12000.0, -8800.0),
    (19000.0, -9300.0),
    (27000.0, -10600.0),
    (31000.0, -13500.0),
    (29500.0, -21000.0),
    (32500.0, -24500.0),
    (36500.0, -17500.0),
    (44000.0, -11500.0),
    (57000.0, -9000.0),
    (69000.0, -14000.0),
    (76000.0, -27000.0),
    (73000.0, -44000.0),
    (81000.0, -58000.0),
    (78000.0, -76000.0),
    (62000.0, -88000.0),
    (47000.0, -86000.0),
    (33000.0, -97000.0),
    (8000.0, -102000.0),
    (-14000.0, -94000.0),
    (-36000.0, -99000.0),
    (-58000.0, -90000.0),
    (-66000.0, -71000.0),
    (-59000.0, -55000.0),
    (-68000.0, -38000.0),
    (-60000.0, -23000.0),
    (-46000.0, -18500.0),
];

/// Metres from point to point.
const FINE: f64 = 260.0;

pub(super) fn coast() -> Outline {
    let stretches = COAST.map(|(x, y)| Stretch {
        from: Metres::new(x, y),
        rough: 0.07,
    });
    outline::rough(&stretches, FINE, 101)
}

/// Woods and moors: where, half axes, degrees.
const WOODS: [Ellipse; 16] = [
    ((-9000.0, -17000.0), (1900.0, 900.0), 30.0),
    ((5200.0, -15200.0), (1300.0, 700.0), -20.0),
    ((14000.0, -19500.0), (2300.0, 1100.0), 10.0),
    ((-2200.0, -22500.0), (2600.0, 1300.0), -35.0),
    ((-19000.0, -23000.0), (2400.0, 1500.0), 15.0),
    ((8500.0, -29000.0), (3000.0, 1700.0), 40.0),
    ((22000.0, -27000.0), (2500.0, 1400.0), -10.0),
    ((-11000.0, -34000.0), (3400.0, 1600.0), 20.0),
    ((-3900.0, -13200.0), (700.0, 380.0), 50.0),
    ((-38000.0, -32000.0), (5200.0, 2400.0), -25.0),
    ((-24000.0, -52000.0), (6400.0, 3000.0), 35.0),
    ((4000.0, -60000.0), (5600.0, 3400.0), -15.0),
    ((45000.0, -34000.0), (5000.0, 2600.0), 20.0),
    ((52000.0, -60000.0), (6200.0, 2800.0), -40.0),
    ((24000.0, -78000.0), (7000.0, 3200.0), 10.0),
    ((-40000.0, -76000.0), (6000.0, 3300.0), -30.0),
];

/// Places: name, class, where, metres from the middle to the edge.
const PLACES: [(&str, &str, (f64, f64), f64); 12] = [
    ("Knotensiel", "village", (1500.0, -9950.0), 420.0),
    ("Haspelfehn", "town", (-2500.0, -17800.0), 1100.0),
    ("Webermoor", "village", (7600.0, -12600.0), 480.0),
    ("Garnum", "village", (-7600.0, -12400.0), 460.0),
    ("Spindelhusen", "village", (11800.0, -14700.0), 520.0),
    ("Flachswarf", "village", (-15500.0, -13600.0), 430.0),
    ("Zwirnum", "village", (19500.0, -14000.0), 460.0),
    ("Rocken", "village", (4200.0, -21500.0), 500.0),
    ("Leinenfehn", "village", (-13800.0, -20500.0), 560.0),
    ("Haspelstadt", "city", (17000.0, -56000.0), 3200.0),
    ("Zwirnburg", "town", (-43000.0, -57000.0), 1500.0),
    ("Nadelhaven", "town", (57000.0, -16500.0), 1300.0),
];

/// Roads: class, course.
const ROADS: [(&str, &[(f64, f64)]); 6] = [
    (
        "secondary",
        &[
            (1250.0, -9560.0),
            (1500.0, -9950.0),
            (900.0, -12600.0),
            (-1200.0, -15600.0),
            (-2500.0, -17800.0),
        ],
    ),
    (
        "secondary",
        &[
            (-15500.0, -13600.0),
            (-7600.0, -12400.0),
            (-3000.0, -11600.0),
            (1500.0, -9950.0),
            (4600.0, -11500.0),
            (7600.0, -12600.0),
            (11800.0, -14700.0),
            (19500.0, -14000.0),
        ],
    ),
    (
        "primary",
        &[
            (-30000.0, -27000.0),
            (-13800.0, -20500.0),
            (-2500.0, -17800.0),
            (4200.0, -21500.0),
            (15000.0, -36000.0),
            (17000.0, -56000.0),
        ],
    ),
    (
        "tertiary",
        &[(4200.0, -21500.0), (8600.0, -18000.0), (11800.0, -14700.0)],
    ),
    (
        "tertiary",
        &[
            (-7600.0, -12400.0),
            (-5600.0, -15400.0),
            (-2500.0, -17800.0),
        ],
    ),
    (
        "primary",
        &[
            (-43000.0, -57000.0),
            (-20000.0, -44000.0),
            (-2000.0, -47000.0),
            (17000.0, -56000.0),
            (36000.0, -44000.0),
            (47000.0, -24000.0),
            (57000.0, -16500.0),
        ],
    ),
];

pub(super) fn cover() -> Vec<Thing> {
    let mut things = vec![area(
        4,
        &coast(),
        &[("class", "farmland"), ("subclass", "farmland")],
    )];
    for outline in outline::patches(&WOODS, 110) {
        things.push(area(
            7,
            &outline,
            &[("class", "wood"), ("subclass", "forest")],
        ));
    }
    things
}

pub(super) fn uses() -> Vec<Thing> {
    PLACES
        .iter()
        .enumerate()
        .map(|(at, (_, _, (x, y), half))| {
            let outline = outline::patch(
                Metres::new(*x, *y),
                (*half, half * 0.75),
                20.0,
                130 + at as u64,
            );
            area(9, &outline, &[("class", "residential")])
        })
        .collect()
}

pub(super) fn ways() -> Vec<Thing> {
    ROADS
        .iter()
        .map(|(class, points)| {
            let from = if *class == "primary" { 7 } else { 9 };
            let course = Curve::coarse(&metres(points), 120.0);
            line(from, course.points(), &[("class", class)])
        })
        .collect()
}

const RIVER: [(f64, f64); 7] = [
    (-6000.0, -76000.0),
    (8000.0, -63000.0),
    (19000.0, -54000.0),
    (15000.0, -40000.0),
    (22500.0, -31000.0),
    (26000.0, -22500.0),
    (29600.0, -20500.0),
];

pub(super) fn waterways() -> Vec<Thing> {
    let course = outline::wandering(&metres(&RIVER), 0.09, 151, FINE * 2.5);
    vec![line(8, &course, &[("class", "river"), ("name", "Flachs")])]
}

pub(super) fn places() -> Vec<Thing> {
    PLACES
        .iter()
        .map(|(name, class, (x, y), _)| {
            let from = if *class == "village" { 10 } else { 7 };
            point(
                from..=22,
                Metres::new(*x, *y),
                &[("class", class), ("name", name)],
            )
        })
        .collect()
}
