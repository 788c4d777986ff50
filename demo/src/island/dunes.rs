//! Sand and what grows on it.

use store::basemap::write::Thing;

use super::chance::Chance;
use super::coast::coast;
use super::drawing::area;
use super::fields::polder_corners;
use super::metres::{Metres, metres};
use super::outline::{self, Outline};

const BELT: [(f64, f64); 25] = [
    (-2190.0, 380.0),
    (-2060.0, 600.0),
    (-1820.0, 790.0),
    (-1420.0, 885.0),
    (-920.0, 915.0),
    (-420.0, 940.0),
    (180.0, 930.0),
    (780.0, 950.0),
    (1300.0, 935.0),
    (1800.0, 905.0),
    (2250.0, 815.0),
    (2600.0, 660.0),
    (2830.0, 500.0),
    (2900.0, 360.0),
    (2780.0, 250.0),
    (2600.0, 180.0),
    (2400.0, 0.0),
    (1500.0, -100.0),
    (300.0, 0.0),
    (-900.0, -300.0),
    (-1130.0, -370.0),
    (-1400.0, -220.0),
    (-1650.0, -80.0),
    (-1880.0, 60.0),
    (-2090.0, 190.0),
];

fn belt() -> Outline {
    outline::around(&metres(&BELT), 0.11, 21)
}

pub(super) fn cover() -> Vec<Thing> {
    let (coast, belt) = (coast(), belt());
    let sand = |from: u8, outline: &Outline, subclass: &str| {
        area(from, outline, &[("class", "sand"), ("subclass", subclass)])
    };
    let grass = |from: u8, outline: &Outline| {
        area(
            from,
            outline,
            &[("class", "grass"), ("subclass", "grassland")],
        )
    };
    let mut things = vec![sand(4, &coast, "beach"), grass(8, &belt)];
    // Where the wind has opened the ground.
    for spot in scattered(210, (34.0, 100.0), (14.0, 40.0), 61) {
        if is_dune(spot.at, 60.0) {
            things.push(sand(12, &spot.patch(), "dune"));
        }
    }
    // Sea buckthorn and creeping willow in the hollows.
    for spot in scattered(70, (20.0, 62.0), (12.0, 30.0), 62) {
        if is_dune(spot.at, 60.0) && outline::nearest(spot.at, &belt) > 70.0 {
            let told = [("class", "wood"), ("subclass", "scrub")];
            things.push(area(13, &spot.patch(), &told));
        }
    }
    // Young dunes on the open sand.
    for spot in scattered(260, (14.0, 52.0), (8.0, 20.0), 63) {
        let is_sand = outline::is_in(spot.at, &coast) && !outline::is_in(spot.at, &belt);
        if is_sand && outline::nearest(spot.at, &coast) > 42.0 && spot.at.y > -60.0 {
            things.push(grass(13, &spot.patch()));
        }
    }
    things
}

/// Whether a spot lies in the dunes, so far from the low land.
fn is_dune(at: Metres, away: f64) -> bool {
    let polder = polder_corners();
    outline::is_in(at, &metres(&BELT))
        && !outline::is_in(at, &polder)
        && outline::nearest(at, &polder) > away
}

/// A patch to be.
struct Spot {
    at: Metres,
    /// Half its length and width.
    axes: (f64, f64),
    degrees: f64,
    seed: u64,
}

impl Spot {
    fn patch(&self) -> Outline {
        outline::patch(self.at, self.axes, self.degrees, self.seed)
    }
}

/// Spots over all of the island, some of which lie where they are wanted.
fn scattered(count: u64, long: (f64, f64), wide: (f64, f64), seed: u64) -> Vec<Spot> {
    let mut chance = Chance::new(seed);
    (0..count)
        .map(|number| Spot {
            at: Metres::new(
                chance.between(-2250.0, 3150.0),
                chance.between(-350.0, 1000.0),
            ),
            axes: (
                chance.between(long.0, long.1),
                chance.between(wide.0, wide.1),
            ),
            // The west wind lays them along.
            degrees: chance.between(-28.0, 22.0),
            seed: seed * 1000 + number,
        })
        .collect()
}
