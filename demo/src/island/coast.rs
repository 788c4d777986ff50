//! The coast, from the western point along the north beach, around the Ostplate and back along the dike.

use super::curve::Curve;
use super::metres::{Metres, metres};
use super::outline::{self, Outline, Stretch};

const BEACH: f64 = 0.055;
const SPIT: f64 = 0.09;
const MARSH: f64 = 0.17;
const DIKE: f64 = 0.05;
const QUAY: f64 = 0.0;
const SEED: u64 = 11;
/// Metres from point to point.
const FINE: f64 = 22.0;

/// Stretches by their first point, from the west point around to the harbour.
const TO_HARBOUR: [(f64, f64, f64); 32] = [
    (-2300.0, 255.0, SPIT),
    (-2275.0, 470.0, SPIT),
    (-2140.0, 700.0, BEACH),
    (-1880.0, 905.0, BEACH),
    (-1450.0, 1010.0, BEACH),
    (-900.0, 1032.0, BEACH),
    (-350.0, 1062.0, BEACH),
    (200.0, 1046.0, BEACH),
    (760.0, 1068.0, BEACH),
    (1300.0, 1050.0, BEACH),
    (1850.0, 1030.0, BEACH),
    (2340.0, 950.0, BEACH),
    (2700.0, 790.0, SPIT),
    (3000.0, 570.0, SPIT),
    (3200.0, 320.0, SPIT),
    (3120.0, 190.0, SPIT),
    (2930.0, 150.0, SPIT),
    (2760.0, 90.0, MARSH),
    (2690.0, -10.0, MARSH),
    (2800.0, -100.0, MARSH),
    (2810.0, -260.0, MARSH),
    (2680.0, -420.0, MARSH),
    (2500.0, -560.0, MARSH),
    (2250.0, -650.0, MARSH),
    (1980.0, -690.0, MARSH),
    (1700.0, -730.0, MARSH),
    (1400.0, -700.0, MARSH),
    (1120.0, -720.0, MARSH),
    (860.0, -690.0, MARSH),
    (620.0, -660.0, MARSH),
    (420.0, -612.0, DIKE),
    (260.0, -628.0, QUAY),
];

/// From the harbour on to the west point.
const FROM_HARBOUR: [(f64, f64, f64); 10] = [
    (-300.0, -612.0, DIKE),
    (-480.0, -582.0, DIKE),
    (-700.0, -545.0, DIKE),
    (-930.0, -505.0, DIKE),
    (-1120.0, -440.0, SPIT),
    (-1380.0, -320.0, SPIT),
    (-1640.0, -170.0, SPIT),
    (-1880.0, -30.0, SPIT),
    (-2080.0, 60.0, SPIT),
    (-2230.0, 130.0, SPIT),
];

/// Where the quay lies, in metres from south to north.
const QUAY_AT: f64 = -660.0;
/// The moles that hold the harbour, along their middle to their heads.
const EAST_MOLE: [(f64, f64); 5] = [
    (128.0, -628.0),
    (147.0, -700.0),
    (142.0, -772.0),
    (108.0, -828.0),
    (52.0, -862.0),
];
const WEST_MOLE: [(f64, f64); 5] = [
    (-182.0, -622.0),
    (-199.0, -700.0),
    (-194.0, -768.0),
    (-164.0, -818.0),
    (-118.0, -850.0),
];
/// Metres from a mole's middle to its side.
const MOLE_HALF: f64 = 7.5;

/// The line between land and water at high tide.
pub(super) fn coast() -> Outline {
    outline::rough(&stretches(), FINE, SEED)
}

/// What it was drawn from: near enough to tell how far it is.
pub(super) fn corners() -> Outline {
    stretches().iter().map(|stretch| stretch.from).collect()
}

fn stretches() -> Vec<Stretch> {
    let stretch = |(x, y, rough): (f64, f64, f64)| Stretch {
        from: Metres::new(x, y),
        rough,
    };
    let built = [mole(&EAST_MOLE), mole(&WEST_MOLE)].concat();
    let built = built.into_iter().map(|from| Stretch { from, rough: QUAY });
    let to = TO_HARBOUR.into_iter().map(stretch);
    to.chain(built)
        .chain(FROM_HARBOUR.into_iter().map(stretch))
        .collect()
}

/// Around a mole: along its eastern side to the head and back along the western one; the harbour's side begins at the quay.
fn mole(middle: &[(f64, f64)]) -> Outline {
    let middle = Curve::through(&metres(middle));
    let head = middle.length();
    let side = |left: f64| {
        let middle = &middle;
        (0..=24).map(move |at| {
            let (point, direction) = middle.at(head * f64::from(at) / 24.0);
            point.moved(direction, 0.0, left)
        })
    };
    let (point, direction) = middle.at(head);
    let round = [45.0_f64, 0.0, -45.0].map(|degrees| {
        let angle = Metres::at_angle(degrees);
        point.moved(direction, MOLE_HALF * angle.x, MOLE_HALF * angle.y)
    });
    let is_west = point.x < (EAST_MOLE[0].0 + WEST_MOLE[0].0) / 2.0;
    let is_inside = |point: &Metres| point.y < QUAY_AT;
    let (east, west): (Vec<Metres>, Vec<Metres>) =
        (side(MOLE_HALF).collect(), side(-MOLE_HALF).collect());
    let west = west.into_iter().rev();
    if is_west {
        let quay = Metres::new(WEST_MOLE[0].0 + 2.0, QUAY_AT);
        let inner = east.into_iter().filter(is_inside);
        std::iter::once(quay)
            .chain(inner)
            .chain(round)
            .chain(west)
            .collect()
    } else {
        let quay = Metres::new(EAST_MOLE[0].0, QUAY_AT);
        let inner = west.filter(is_inside);
        east.into_iter()
            .chain(round)
            .chain(inner)
            .chain([quay])
            .collect()
    }
}
