//! Rings: which way they run, and what lies in them.

use super::drawing::{Point, Ring};

/// The area in a ring by the surveyor's formula, doubled: positive where it runs from east to south.
pub(super) fn area(ring: &[Point]) -> f64 {
    sides(ring).map(|(a, b)| a.x * b.y - b.x * a.y).sum()
}

/// Whether a point lies in an odd number of the rings.
pub(super) fn is_in<'a>(point: Point, rings: impl IntoIterator<Item = &'a Ring>) -> bool {
    let mut is_in = false;
    for ring in rings {
        let Some(mut a) = ring.last().copied() else {
            continue;
        };
        for &b in ring {
            if (a.y > point.y) != (b.y > point.y)
                && point.x < (b.x - a.x) * (point.y - a.y) / (b.y - a.y) + a.x
            {
                is_in = !is_in;
            }
            a = b;
        }
    }
    is_in
}

/// From each corner to the next, and from the last to the first.
pub(super) fn sides(ring: &[Point]) -> impl Iterator<Item = (Point, Point)> + Clone {
    let next = ring.iter().cycle().skip(1);
    ring.iter().copied().zip(next.copied())
}

/// Outer rings with their holes, all running as the format wants them: outer ones from east to south, holes the other way.
pub(super) fn directed(mut rings: Vec<Ring>) -> Vec<Ring> {
    for (at, ring) in rings.iter_mut().enumerate() {
        if (area(ring) > 0.0) != (at == 0) {
            ring.reverse();
        }
    }
    rings
}

/// Sorts directed rings into polygons: each outer ring, then the holes in it.
pub(super) fn polygons(rings: Vec<Ring>) -> Vec<Vec<Ring>> {
    let (outer, holes): (Vec<Ring>, Vec<Ring>) =
        rings.into_iter().partition(|ring| area(ring) > 0.0);
    let mut polygons: Vec<Vec<Ring>> = outer.into_iter().map(|ring| vec![ring]).collect();
    for hole in holes {
        let around = polygons.iter_mut().find(|polygon| {
            hole.first()
                .is_some_and(|point| is_in(*point, &polygon[..1]))
        });
        if let Some(polygon) = around {
            polygon.push(hole);
        }
    }
    polygons
}
