//! Woods, parks and gardens.

use store::basemap::write::Thing;

use super::drawing::area;
use super::metres::metres;
use super::outline::{self, Ellipse, Outline};
use super::village;

const WOOD: [(f64, f64); 12] = [
    (410.0, 420.0),
    (440.0, 520.0),
    (405.0, 600.0),
    (500.0, 640.0),
    (640.0, 625.0),
    (760.0, 650.0),
    (825.0, 560.0),
    (790.0, 440.0),
    (815.0, 345.0),
    (690.0, 300.0),
    (570.0, 322.0),
    (535.0, 400.0),
];

/// The Spulenwäldchen.
fn little_wood() -> Outline {
    outline::around(&little_wood_corners(), 0.13, 41)
}

/// What it was drawn from.
pub(super) fn little_wood_corners() -> Outline {
    metres(&WOOD)
}

/// Smaller ones: where, half axes, degrees.
const COPSES: [Ellipse; 12] = [
    ((-560.0, 320.0), (70.0, 34.0), 20.0),
    ((-395.0, 360.0), (58.0, 30.0), 60.0),
    ((-210.0, 200.0), (34.0, 20.0), 80.0),
    ((-70.0, 200.0), (22.0, 30.0), 10.0),
    ((95.0, 140.0), (26.0, 34.0), 30.0),
    ((300.0, 330.0), (52.0, 30.0), 55.0),
    ((-110.0, -150.0), (26.0, 44.0), 0.0),
    ((110.0, -190.0), (20.0, 46.0), 15.0),
    ((-370.0, 130.0), (18.0, 30.0), 10.0),
    ((990.0, 120.0), (44.0, 16.0), 5.0),
    ((2520.0, 160.0), (40.0, 22.0), 120.0),
    ((-820.0, 20.0), (60.0, 22.0), 12.0),
];

pub(super) fn cover() -> Vec<Thing> {
    let wood = |from: u8, outline: &Outline| {
        area(from, outline, &[("class", "wood"), ("subclass", "forest")])
    };
    let grass = |outline: &Outline, subclass: &str| {
        area(13, outline, &[("class", "grass"), ("subclass", subclass)])
    };
    let mut things = vec![
        wood(10, &little_wood()),
        grass(&village::spa_park(), "park"),
        grass(&village::garden().corners(), "garden"),
    ];
    things.extend(village::gardens().iter().map(|one| grass(one, "garden")));
    for outline in outline::patches(&COPSES, 500) {
        things.push(wood(13, &outline));
    }
    things
}
