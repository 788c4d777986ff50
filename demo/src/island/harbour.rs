//! The harbour: the ferry's pier, landing stages, and the ferry's way.

use store::basemap::write::Thing;

use super::curve::Curve;
use super::drawing::{area, line};
use super::metres::metres;

const PIER: [(f64, f64); 8] = [
    (-64.5, -655.0),
    (-55.5, -655.0),
    (-55.5, -838.0),
    (-42.0, -838.0),
    (-42.0, -862.0),
    (-78.0, -862.0),
    (-78.0, -838.0),
    (-64.5, -838.0),
];

/// Narrow stages for boats: from the quay, and side by side.
const STAGES: [[(f64, f64); 4]; 7] = [
    [
        (-150.0, -656.0),
        (-146.8, -656.0),
        (-146.8, -760.0),
        (-150.0, -760.0),
    ],
    [
        (-146.8, -690.0),
        (-122.0, -690.0),
        (-122.0, -692.2),
        (-146.8, -692.2),
    ],
    [
        (-146.8, -716.0),
        (-122.0, -716.0),
        (-122.0, -718.2),
        (-146.8, -718.2),
    ],
    [
        (-146.8, -742.0),
        (-122.0, -742.0),
        (-122.0, -744.2),
        (-146.8, -744.2),
    ],
    [
        (86.0, -656.0),
        (89.0, -656.0),
        (89.0, -730.0),
        (86.0, -730.0),
    ],
    [
        (62.0, -690.0),
        (86.0, -690.0),
        (86.0, -692.2),
        (62.0, -692.2),
    ],
    [
        (62.0, -716.0),
        (86.0, -716.0),
        (86.0, -718.2),
        (62.0, -718.2),
    ],
];

const FERRY: [(f64, f64); 9] = [
    (-38.0, -850.0),
    (-20.0, -960.0),
    (-120.0, -1500.0),
    (-520.0, -2500.0),
    (-560.0, -3600.0),
    (150.0, -5000.0),
    (800.0, -6700.0),
    (1050.0, -8200.0),
    (1180.0, -9180.0),
];

pub(super) fn ways() -> Vec<Thing> {
    let pier =
        |from: u8, corners: &[(f64, f64)]| area(from, &metres(corners), &[("class", "pier")]);
    let mut things = vec![pier(13, &PIER)];
    things.extend(STAGES.iter().map(|stage| pier(14, stage)));
    let course = Curve::through(&metres(&FERRY));
    things.push(line(9, course.points(), &[("class", "ferry")]));
    things
}
