//! The sea: all of the world that is neither the island, nor its sandbanks, nor the coast behind it.

use store::basemap::write::{Point, Shape, Thing};

use super::coast::coast;
use super::drawing::{area, ring, tells};
use super::mainland;
use super::outline::{Ellipse, Outline, patches};

/// Sandbanks that the tide leaves dry: where, half axes, degrees.
const BANKS: [Ellipse; 7] = [
    ((-3450.0, -150.0), (620.0, 130.0), 24.0),
    ((-1900.0, -1900.0), (800.0, 210.0), -8.0),
    ((1500.0, -2100.0), (1050.0, 230.0), 6.0),
    ((3900.0, -650.0), (520.0, 150.0), -18.0),
    ((-3300.0, -4300.0), (1300.0, 420.0), 10.0),
    ((2700.0, -4700.0), (1250.0, 480.0), -12.0),
    ((4750.0, 520.0), (420.0, 110.0), 12.0),
];

/// Ponds: where, half axes, degrees.
const PONDS: [Ellipse; 4] = [
    ((-640.0, -310.0), (62.0, 30.0), 15.0),
    ((-1250.0, 560.0), (54.0, 22.0), -10.0),
    ((1620.0, 560.0), (70.0, 26.0), 12.0),
    ((340.0, -330.0), (40.0, 18.0), 20.0),
];

fn banks() -> Vec<Outline> {
    patches(&BANKS, 80)
}

pub(super) fn cover() -> Vec<Thing> {
    banks()
        .iter()
        .map(|bank| area(8, bank, &[("class", "sand"), ("subclass", "sand")]))
        .collect()
}

pub(super) fn water() -> Vec<Thing> {
    // A little more than the world, so that no side of it is a shore.
    let world = [(-0.1, -0.1), (1.1, -0.1), (1.1, 1.1), (-0.1, 1.1)]
        .map(|(x, y)| Point { x, y })
        .to_vec();
    let land = [vec![coast(), mainland::coast()], banks()].concat();
    let rings = std::iter::once(world)
        .chain(land.iter().map(|land| ring(land)))
        .collect();
    let sea = Thing {
        zooms: 0..=22,
        shape: Shape::Area(rings),
        tells: tells(&[("class", "ocean")]),
    };
    let ponds = patches(&PONDS, 90);
    std::iter::once(sea)
        .chain(
            ponds
                .iter()
                .map(|pond| area(12, pond, &[("class", "lake")])),
        )
        .collect()
}
