//! The low land behind the dike, its fields and ditches, and the salt meadows before it.

use store::basemap::write::Thing;

use super::chance::Chance;
use super::curve::Curve;
use super::drawing::{area, line};
use super::metres::{Metres, metres};
use super::outline::{self, Outline};
use super::rectangle::Rectangle;
use super::streets::{self, Street};
use super::{green, village};

const POLDER: [(f64, f64); 25] = [
    (-1090.0, -425.0),
    (-930.0, -470.0),
    (-400.0, -546.0),
    (-40.0, -588.0),
    (500.0, -528.0),
    (1100.0, -408.0),
    (1500.0, -300.0),
    (2000.0, -240.0),
    (2380.0, -130.0),
    (2580.0, 40.0),
    (2540.0, 230.0),
    (2220.0, 320.0),
    (1800.0, 350.0),
    (1400.0, 430.0),
    (1100.0, 410.0),
    (900.0, 300.0),
    (700.0, 270.0),
    (480.0, 460.0),
    (200.0, 480.0),
    (-60.0, 500.0),
    (-360.0, 440.0),
    (-640.0, 400.0),
    (-870.0, 250.0),
    (-1080.0, 60.0),
    (-1170.0, -220.0),
];

/// The low land.
fn polder() -> Outline {
    outline::around(&polder_corners(), 0.09, 51)
}

/// What it was drawn from: good enough to tell what lies in it, and quick.
pub(super) fn polder_corners() -> Outline {
    metres(&POLDER)
}

/// Its northern side lies under the low land.
const SALT_MEADOWS: [(f64, f64); 13] = [
    (380.0, -590.0),
    (560.0, -500.0),
    (1100.0, -370.0),
    (1500.0, -250.0),
    (2000.0, -180.0),
    (2380.0, -60.0),
    (2500.0, 60.0),
    (2700.0, 110.0),
    (2840.0, -20.0),
    (2960.0, -160.0),
    (2900.0, -800.0),
    (1200.0, -860.0),
    (300.0, -760.0),
];

/// Creeks of the salt meadows, from their mouths.
const CREEKS: [&[(f64, f64)]; 8] = [
    &[
        (860.0, -700.0),
        (880.0, -640.0),
        (830.0, -580.0),
        (880.0, -520.0),
    ],
    &[
        (1120.0, -730.0),
        (1130.0, -640.0),
        (1210.0, -560.0),
        (1190.0, -470.0),
        (1260.0, -400.0),
    ],
    &[(1210.0, -560.0), (1300.0, -530.0), (1360.0, -450.0)],
    &[
        (1700.0, -740.0),
        (1720.0, -640.0),
        (1640.0, -540.0),
        (1700.0, -430.0),
        (1650.0, -340.0),
    ],
    &[
        (1720.0, -640.0),
        (1830.0, -560.0),
        (1880.0, -450.0),
        (1850.0, -370.0),
    ],
    &[
        (2250.0, -660.0),
        (2210.0, -560.0),
        (2260.0, -430.0),
        (2200.0, -300.0),
        (2240.0, -220.0),
    ],
    &[(2260.0, -430.0), (2360.0, -370.0), (2420.0, -260.0)],
    &[
        (2690.0, -430.0),
        (2610.0, -330.0),
        (2640.0, -200.0),
        (2580.0, -100.0),
    ],
];

/// The rows of fields run with the land.
const ROWS_DEGREES: f64 = 5.0;
/// Metres between a field and whatever it borders on.
const RIM: f64 = 7.0;
/// Metres by which nature strays from the corners it was drawn from.
const STRAY: f64 = 16.0;

pub(super) fn cover(streets: &[Street], fields: &[Rectangle]) -> Vec<Thing> {
    let salt_meadows = outline::around(&metres(&SALT_MEADOWS), 0.05, 52);
    let told = |class, subclass| [("class", class), ("subclass", subclass)];
    let mut things = vec![
        area(8, &salt_meadows, &told("wetland", "saltmarsh")),
        area(8, &polder(), &told("farmland", "farmland")),
    ];
    for field in fields {
        things.push(area(
            12,
            &field.corners(),
            &[("class", "grass"), ("subclass", "meadow")],
        ));
    }
    things.push(area(
        12,
        &dike(streets),
        &[("class", "grass"), ("subclass", "grassland")],
    ));
    things
}

/// The dike: a broad strip of grass on the sea's side of its way.
fn dike(streets: &[Street]) -> Outline {
    let Some(way) = streets.iter().find(|street| street.name == "Deichweg") else {
        return Vec::new();
    };
    let rim = |left: f64| {
        let count = 60;
        (0..=count).map(move |at| {
            let (point, direction) = way
                .curve
                .at(way.curve.length() * f64::from(at) / f64::from(count));
            point.moved(direction, 0.0, left)
        })
    };
    rim(2.5)
        .chain(rim(-22.0).collect::<Vec<_>>().into_iter().rev())
        .collect()
}

/// Meadows in the low land, wherever there is room; what lies between them is tilled.
pub(super) fn fields(streets: &[Street]) -> Vec<Rectangle> {
    let (polder, village, wood) = (
        polder_corners(),
        village::corners(),
        green::little_wood_corners(),
    );
    let ways: Vec<Curve> = streets
        .iter()
        .map(|street| street.curve.clone())
        .chain(streets::byways().into_iter().map(|(_, curve)| curve))
        .collect();
    let mut chance = Chance::new(53);
    let mut fields = Vec::new();
    let middle = Metres::new(700.0, -80.0);
    let direction = Metres::at_angle(ROWS_DEGREES);
    let mut left = -520.0;
    while left < 560.0 {
        let wide = chance.between(52.0, 92.0);
        let mut ahead = -1950.0;
        while ahead < 2000.0 {
            let long = chance.between(90.0, 210.0);
            let field = Rectangle {
                middle: middle.moved(direction, ahead + long / 2.0, left + wide / 2.0),
                direction,
                size: (long - RIM, wide - RIM),
            };
            let is_meadow = chance.in_hundred(62.0);
            let is_free = field.wider(STRAY).rim().iter().all(|point| {
                outline::is_in(*point, &polder)
                    && !outline::is_in(*point, &village)
                    && !outline::is_in(*point, &wood)
            }) && ways.iter().all(|way| !crosses(way, &field.wider(RIM)))
                && !field.overlaps(&village::pitch().wider(RIM));
            if is_meadow && is_free {
                fields.push(field);
            }
            ahead += long;
        }
        left += wide;
    }
    fields
}

fn crosses(way: &Curve, field: &Rectangle) -> bool {
    let corners = field.corners();
    way.points()
        .iter()
        .any(|point| outline::is_in(*point, &corners))
}

pub(super) fn waterways(fields: &[Rectangle]) -> Vec<Thing> {
    let mut things: Vec<Thing> = CREEKS
        .iter()
        .enumerate()
        .map(|(at, points)| {
            let course = outline::wandering(&metres(points), 0.16, 70 + at as u64, outline::FINE);
            line(12, &course, &[("class", "stream")])
        })
        .collect();
    // Along the long sides of meadows, towards the dike.
    for field in fields.iter().step_by(2) {
        let (long, wide) = (field.size.0 / 2.0, field.size.1 / 2.0 + RIM / 2.0);
        let ditch = [field.at(-long, -wide), field.at(long, -wide)];
        things.push(line(13, &ditch, &[("class", "ditch")]));
    }
    things
}
