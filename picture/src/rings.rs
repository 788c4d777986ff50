//! Things at one place are drawn in rings around the oldest of them, as the map does.

use core::f64::consts::TAU;
use std::collections::BTreeMap;

use domain::place::Place;

use crate::projection::Point;

/// What is so near each other, in degrees of latitude, is at one place: some three metres.
const ONE_PLACE: f64 = 3.0 / 111_320.0;
/// How far out the first ring is, in pixels.
const RING: f64 = 58.0;
/// How far apart rings are, and things in one, in pixels.
const APART: f64 = 46.0;
/// Things in the first ring, above, below, then between.
const FIRST: [usize; 6] = [0, 3, 1, 4, 2, 5];

/// How far beside its place each thing is drawn that shares it, in pixels right and down. Ids begin with the time at which
/// they were made, so the oldest stays in the middle.
pub(crate) fn beside(mut things: Vec<(u128, Place)>) -> BTreeMap<u128, Point> {
    struct Middle {
        lat: f64,
        lon: f64,
        others: usize,
    }
    things.sort_unstable_by_key(|(id, _)| *id);
    let mut beside = BTreeMap::new();
    let mut middles: BTreeMap<(i64, i64), Middle> = BTreeMap::new();
    for (id, place) in things {
        let (lat, lon) = (place.lat_degrees(), place.lon_degrees());
        let narrow = place.narrowing().max(0.01);
        let x = libm::round(lon * narrow / ONE_PLACE) as i64;
        let y = libm::round(lat / ONE_PLACE) as i64;
        let around = (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (x + dx, y + dy)));
        let here = around.into_iter().find(|at| {
            middles.get(at).is_some_and(|middle| {
                libm::hypot((middle.lon - lon) * narrow, middle.lat - lat) <= ONE_PLACE
            })
        });
        match here.and_then(|at| middles.get_mut(&at)) {
            Some(middle) => {
                middle.others += 1;
                beside.insert(id, slot(middle.others));
            }
            None => {
                let others = 0;
                middles.insert((x, y), Middle { lat, lon, others });
            }
        }
    }
    beside
}

/// The `n`th place around a middle, from 1.
fn slot(n: usize) -> Point {
    let (mut radius, mut room, mut before) = (RING, FIRST.len(), 1);
    while n - before >= room {
        before += room;
        radius += APART;
        room = (TAU * radius / APART) as usize;
    }
    let nth = n - before;
    let nth = if room == FIRST.len() { FIRST[nth] } else { nth };
    let turn = nth as f64 / room as f64 * TAU;
    (radius * libm::sin(turn), -radius * libm::cos(turn))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Place = Place {
        lat: 484_100_000,
        lon: 156_100_000,
    };

    #[test]
    fn the_oldest_stays_and_the_others_stand_around_it() {
        let far = Place {
            lon: HERE.lon + 10_000,
            ..HERE
        };
        let beside = beside(vec![(3, HERE), (1, HERE), (9, far), (2, HERE)]);
        assert_eq!(beside.len(), 2, "{beside:?}");
        let (above, below) = (beside[&2], beside[&3]);
        assert!(above.0.abs() < 1e-9 && (above.1 + RING).abs() < 1e-9);
        assert!(below.0.abs() < 1e-9 && (below.1 - RING).abs() < 1e-9);
    }

    #[test]
    fn a_full_ring_is_followed_by_a_wider_one() {
        for (n, radius) in [
            (1, RING),
            (6, RING),
            (7, RING + APART),
            (21, RING + 2.0 * APART),
        ] {
            let (x, y) = slot(n);
            assert!((libm::hypot(x, y) - radius).abs() < 1e-9, "{n}");
        }
    }
}
